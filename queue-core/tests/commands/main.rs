//! The rules of the counter, one readable test each.

#[path = "../common/mod.rs"]
mod common;

mod appointments;
mod calling;
mod disciplines;
mod handling;
mod station;
mod tickets;
mod undo;
