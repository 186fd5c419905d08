//! The `display` command.

use std::process::ExitCode;

fn main() -> ExitCode {
    match display::main() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("display: {error:#}");
            ExitCode::FAILURE
        }
    }
}
