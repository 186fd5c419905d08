//! The `station-server` command as the tests start it: a package's tests get the paths of its own programs only.

use std::process::ExitCode;

fn main() -> ExitCode {
    match station_server::cli::run(std::env::args_os()) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}
