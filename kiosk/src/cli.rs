//! The `kiosk` command line.

use std::ffi::OsString;
use std::process::ExitCode;

use crate::settings::KioskSettings;

/// Runs the kiosk of a command line, the program's name first, until the process is told to end.
///
/// A failure is said on the standard error stream.
pub fn main_with_args(args: impl IntoIterator<Item = OsString>) -> ExitCode {
    agent::command_line::run(
        "kiosk",
        "Ticket kiosk: touch pages and ticket printer",
        args,
        KioskSettings::from_station,
        crate::run,
    )
}
