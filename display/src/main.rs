//! The `display` command.

fn main() -> anyhow::Result<()> {
    display::main()
}
