//! The command line of an agent program: `--config FILE`, `--id ID`, `--token TOKEN`, `--data DIR`.

use std::ffi::OsString;
use std::future::Future;
use std::io::IsTerminal as _;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context;
use clap::{CommandFactory, FromArgMatches, Parser};
use station_config::StationFile;
use tracing_subscriber::EnvFilter;

use crate::TOKEN_VARIABLE;

#[derive(Debug, Parser)]
#[command(version)]
struct Args {
    /// The station file.
    #[arg(long, value_name = "FILE")]
    config: PathBuf,
    /// Which agent of the file; may be left out where there is only one of its kind.
    #[arg(long, value_name = "ID")]
    id: Option<String>,
    /// Bearer token of the device; better in the environment as STATION_TOKEN.
    #[arg(long, value_name = "TOKEN")]
    token: Option<String>,
    /// Where the agent keeps what must survive a power cut.
    #[arg(long, value_name = "DIR", default_value = "agent-data")]
    data: PathBuf,
}

/// What an agent is told beside the station file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Given {
    /// Which agent of the file; none where there is only one of its kind.
    pub id: Option<String>,
    /// Bearer token of the device.
    pub token: String,
    /// Directory for what must survive a power cut. It need not exist.
    pub data: PathBuf,
}

/// Runs the agent `name` of a command line, the program's name first, until the process is told to end.
///
/// `settings` takes from the station file what the agent that is meant needs; `run` is the agent.
///
/// A file that cannot be read or has mistakes, a missing token, a failure of `settings` or of `run` is said on the
/// standard error stream. A command line that cannot be read, or asks for help, ends the process with the usual words.
pub fn run<S, F>(
    name: &'static str,
    about: &'static str,
    arguments: impl IntoIterator<Item = OsString>,
    settings: impl FnOnce(&StationFile, Given) -> anyhow::Result<S>,
    run: impl FnOnce(S) -> F,
) -> ExitCode
where
    F: Future<Output = anyhow::Result<()>>,
{
    let command = Args::command().name(name).about(about);
    let matches = command.get_matches_from(arguments);
    let args = Args::from_arg_matches(&matches).unwrap_or_else(|error| error.exit());
    match run_with(args, settings, run) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{name}: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run_with<S, F>(
    args: Args,
    settings: impl FnOnce(&StationFile, Given) -> anyhow::Result<S>,
    run: impl FnOnce(S) -> F,
) -> anyhow::Result<()>
where
    F: Future<Output = anyhow::Result<()>>,
{
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info"));
    // A program that runs several agents in one process has its own log already.
    drop(
        tracing_subscriber::fmt()
            .with_env_filter(filter)
            .with_ansi(std::io::stderr().is_terminal())
            .with_writer(std::io::stderr)
            .try_init(),
    );
    // Its message has all there is to say; the causes would say it twice.
    let file = StationFile::load(&args.config).map_err(|errors| anyhow::anyhow!("{errors}"))?;
    let token = match args.token {
        Some(token) => token,
        None => std::env::var(TOKEN_VARIABLE)
            .ok()
            .with_context(|| format!("no token: give --token or set {TOKEN_VARIABLE}"))?,
    };
    let given = Given {
        id: args.id,
        token,
        data: args.data,
    };
    let settings = settings(&file, given)?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()?;
    runtime.block_on(async {
        tokio::select! {
            ended = run(settings) => ended,
            told = told_to_end() => told,
        }
    })
}

async fn told_to_end() -> anyhow::Result<()> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut terminate = signal(SignalKind::terminate())?;
    tokio::select! {
        told = tokio::signal::ctrl_c() => told?,
        _ = terminate.recv() => {}
    }
    Ok(())
}
