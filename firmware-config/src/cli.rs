//! The command line of `firmware-config`.

mod profiles;
mod settings;
mod show;
mod simulate;

use std::ffi::OsString;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context as _, bail};
use clap::{Parser, Subcommand};
use serde_json::json;

use crate::profile::DeviceProfile;

/// Device profiles, settings inside devices, and simulated devices.
///
/// Exit codes: 0 done, or as desired; 2 not as desired; 3 unreadable, unverifiable, or unknown after
/// a write; 1 any other failure; 64 wrong usage.
#[derive(Debug, Parser)]
#[command(name = "firmware-config", version)]
struct Args {
    #[command(subcommand)]
    command: Task,
}

#[derive(Debug, Subcommand)]
enum Task {
    /// Check a device profile.
    Check {
        /// The profile's TOML file.
        #[arg(long)]
        config: PathBuf,
        /// One JSON document.
        #[arg(long)]
        json: bool,
    },
    /// List the device profiles that come with the program.
    Profiles {
        /// Print them whole, as JSON.
        #[arg(long)]
        json: bool,
    },
    /// Print the JSON Schema of device profiles.
    Schema {
        /// As without it: a schema is JSON.
        #[arg(long)]
        json: bool,
    },
    #[command(flatten)]
    Settings(settings::SettingsTask),
    /// Show a text on a panel, to see that it works.
    Show(show::ShowArgs),
    /// Run a simulated device until Ctrl-C, printing what it shows.
    Simulate(simulate::SimulateArgs),
}

/// Exit code for arguments that make no sense, as `sysexits.h` has it.
const WRONG_USAGE: u8 = 64;

/// Prints a line. A reader that has gone is an error to [`is_closed_pipe`], not a panic.
///
/// # Errors
/// The standard output's own.
pub fn say(line: &str) -> io::Result<()> {
    writeln!(io::stdout().lock(), "{line}")
}

/// Whether the command ended because nobody reads on, as with `| head`: no fault of anybody.
#[must_use]
pub fn is_closed_pipe(error: &anyhow::Error) -> bool {
    let mut causes = error.chain().filter_map(|e| e.downcast_ref::<io::Error>());
    causes.any(|e| e.kind() == io::ErrorKind::BrokenPipe)
}

/// Runs the command with the process's arguments, program name first.
///
/// # Errors
/// What went wrong, for a person to read. Wrong arguments are told by the exit code instead, after
/// their message was printed.
pub fn run(args: impl IntoIterator<Item = OsString>) -> anyhow::Result<ExitCode> {
    let args = match Args::try_parse_from(args) {
        Ok(args) => args,
        Err(error) => {
            error.print().context("cannot print the usage")?;
            return Ok(if error.use_stderr() {
                ExitCode::from(WRONG_USAGE)
            } else {
                ExitCode::SUCCESS
            });
        }
    };
    match args.command {
        Task::Check { config, json } => return check(&config, json),
        Task::Settings(task) => return settings::run(task),
        Task::Profiles { json } => say(&profiles::list(json)?)?,
        Task::Schema { json: _ } => say(&format!("{:#}", DeviceProfile::json_schema()))?,
        Task::Show(args) => return block_on(show::run(args)),
        Task::Simulate(args) => block_on(simulate::run(args))?,
    }
    Ok(ExitCode::SUCCESS)
}

fn check(config: &Path, json: bool) -> anyhow::Result<ExitCode> {
    let name = config.display().to_string();
    let text = std::fs::read_to_string(config).with_context(|| format!("cannot read {name}"))?;
    let checked = DeviceProfile::parse(&name, &text);
    match &checked {
        Ok(profile) if json => {
            let id = &profile.profile.id;
            say(&format!(
                "{:#}",
                json!({ "file": name, "ok": true, "profile": id })
            ))?;
        }
        Ok(profile) => say(&format!(
            "{name}: ok, device profile `{}`",
            profile.profile.id
        ))?,
        Err(error) if json => {
            let mistake = json!({
                "line": error.line,
                "column": error.column,
                "message": error.message,
                "expected": error.expected,
            });
            say(&format!(
                "{:#}",
                json!({ "file": name, "ok": false, "mistake": mistake })
            ))?;
        }
        Err(error) => eprintln!("{error}"),
    }
    Ok(match checked {
        Ok(_) => ExitCode::SUCCESS,
        Err(_) => ExitCode::FAILURE,
    })
}

fn block_on<T>(task: impl Future<Output = anyhow::Result<T>>) -> anyhow::Result<T> {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?
        .block_on(task)
}

/// The built-in profile of an id, or the profile in a file of that name.
fn profile_of(written: &str) -> anyhow::Result<DeviceProfile> {
    if let Some(profile) = DeviceProfile::built_in(written) {
        return Ok(profile);
    }
    let is_path = written.contains('/') || written.ends_with(".toml");
    if is_path || Path::new(written).is_file() {
        let text =
            std::fs::read_to_string(written).with_context(|| format!("cannot read {written}"))?;
        return Ok(DeviceProfile::parse(written, &text)?);
    }
    let hint = DeviceProfile::hint(written);
    bail!(
        "unknown profile `{written}`{hint}, expected a name that `firmware-config profiles` lists, or a profile's file"
    )
}
