//! What the end-to-end tests share: starting the real program, talking to it as its screens, devices and programs do,
//! and waiting for what it does.
//!
//! Nothing in here reaches into the server: a test sees what a visitor, a clerk or a supervisor would see. Every wait has
//! a condition, a deadline and a reason that stands in the failure.

mod bench_day;
mod client;
mod database;
mod program;
mod socket;
mod station;
mod station_file;
mod until;

pub use bench_day::{BenchDay, FaultTold, Report};
pub use client::{Answer, Client, new_key};
pub use database::{Database, LoggedEvent, copy_data};
pub use program::{Ended, Program, server_program};
pub use socket::Screen;
pub use station::{DataDir, StartOptions, Station};
pub use station_file::{TOKEN_NAMES, free_address, station_file, token_hash, zone_at_noon};
pub use until::{PATIENCE, until};
