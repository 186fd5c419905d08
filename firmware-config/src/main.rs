//! The `firmware-config` command.
use std::process::ExitCode;

fn main() -> ExitCode {
    match firmware_config::run(std::env::args_os()) {
        Ok(code) => code,
        Err(error) if firmware_config::is_closed_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}
