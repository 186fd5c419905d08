//! The `station-server` command.
fn main() {}
