//! The `display` command line.

use std::ffi::OsString;
use std::process::ExitCode;

use crate::settings::DisplaySettings;

/// Runs the display of a command line, the program's name first, until the process is told to end.
///
/// A failure is said on the standard error stream.
pub fn main_with_args(args: impl IntoIterator<Item = OsString>) -> ExitCode {
    agent::command_line::run(
        "display",
        "Hall board, counter displays, LED panels, keypads and rating pads",
        args,
        DisplaySettings::from_station,
        crate::run,
    )
}
