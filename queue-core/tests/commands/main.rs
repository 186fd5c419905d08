//! The rules of the counter, one readable test each.

#[path = "../common/mod.rs"]
mod common;

mod auto;
mod calling;
mod disciplines;
mod handling;
mod routing;
mod station;
mod tickets;
mod undo;
