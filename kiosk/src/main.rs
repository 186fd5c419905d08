//! The `kiosk` command.

fn main() -> std::process::ExitCode {
    kiosk::main_with_args(std::env::args_os())
}
