//! The command line of `firmware-config`.

use std::ffi::OsString;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context as _;
use clap::{Parser, Subcommand};

use crate::profile::DeviceProfile;

/// Device profiles and simulated devices.
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
    },
    /// Print the JSON Schema of device profiles.
    Schema,
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
            return Ok(ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2)));
        }
    };
    match args.command {
        Task::Check { config } => {
            let name = config.display().to_string();
            let text =
                std::fs::read_to_string(&config).with_context(|| format!("cannot read {name}"))?;
            match DeviceProfile::parse(&name, &text) {
                Ok(profile) => println!("{name}: ok, device profile `{}`", profile.profile.id),
                Err(error) => {
                    eprintln!("{error}");
                    return Ok(ExitCode::FAILURE);
                }
            }
        }
        Task::Schema => println!("{:#}", DeviceProfile::json_schema()),
    }
    Ok(ExitCode::SUCCESS)
}
