//! The `kiosk` command.

fn main() -> anyhow::Result<()> {
    kiosk::main_with_args(std::env::args_os())
}
