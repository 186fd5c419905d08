//! The `kiosk` command.
fn main() {}
