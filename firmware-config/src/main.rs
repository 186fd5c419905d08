//! The `firmware-config` command.
use std::process::ExitCode;

fn main() -> anyhow::Result<ExitCode> {
    firmware_config::run(std::env::args_os())
}
