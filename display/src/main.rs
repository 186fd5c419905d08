//! The `display` command.

fn main() -> std::process::ExitCode {
    display::main_with_args(std::env::args_os())
}
