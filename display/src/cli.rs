//! The `display` command line.

use std::path::PathBuf;

use anyhow::Context;
use clap::Parser;
use station_config::StationFile;
use tracing_subscriber::EnvFilter;

use crate::settings::DisplaySettings;

/// Where the token is taken from, so that it need not stand on a command line.
const TOKEN: &str = "STATION_TOKEN";

/// Hall board, counter displays, LED panels, keypads and rating pads.
#[derive(Debug, Parser)]
#[command(name = "display", version)]
struct Args {
    /// The station file.
    #[arg(long, value_name = "FILE")]
    config: PathBuf,
    /// Which display of the file; may be left out where there is only one.
    #[arg(long, value_name = "ID")]
    id: Option<String>,
    /// Bearer token of the device; better in the environment as STATION_TOKEN.
    #[arg(long, value_name = "TOKEN")]
    token: Option<String>,
}

/// Reads the command line and runs until the process is told to end.
///
/// # Errors
/// The file cannot be read or has mistakes, there is no such display or no token, or the address
/// of its pages is taken.
pub fn main() -> anyhow::Result<()> {
    let args = Args::parse();
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info"));
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .init();
    // Its message has all there is to say; the causes would say it twice.
    let file = StationFile::load(&args.config).map_err(|e| anyhow::anyhow!("{e}"))?;
    let token = match args.token {
        Some(token) => token,
        None => std::env::var(TOKEN)
            .ok()
            .with_context(|| format!("no token: give --token or set {TOKEN}"))?,
    };
    let settings = DisplaySettings::from_station(&file, args.id.as_deref(), token)?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()?;
    runtime.block_on(async {
        tokio::select! {
            ended = crate::run(settings) => ended,
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
