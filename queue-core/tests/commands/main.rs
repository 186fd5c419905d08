//! The rules of the counter, one readable test each.

#[path = "../common/mod.rs"]
mod common;

mod appointments;
mod auto;
mod calling;
mod devices;
mod disciplines;
mod handling;
mod identity;
mod legs;
mod limits;
mod meeting;
mod passing;
mod places;
mod routing;
mod station;
mod surge;
mod tickets;
mod undo;
