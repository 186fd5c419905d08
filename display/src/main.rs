//! The `display` command.
fn main() {}
