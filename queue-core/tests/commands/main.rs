//! The rules of the counter, one readable test each.

#[path = "../common/mod.rs"]
mod common;

mod appointments;
mod calling;
mod disciplines;
mod handling;
mod limits;
mod passing;
mod places;
mod station;
mod surge;
mod tickets;
mod undo;
