//! The `station-server` command.

use std::process::ExitCode;

fn main() -> ExitCode {
    match station_server::cli::run(std::env::args_os()) {
        Ok(code) => code,
        Err(error) if firmware_config::is_closed_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}
