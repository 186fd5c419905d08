//! The `firmware-config` command.
fn main() {}
