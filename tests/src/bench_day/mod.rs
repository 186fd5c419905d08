//! A day on the device bench: a station with a device of each kind, visitors, clerks, and faults at random moments, and at
//! the end an account of every ticket, call, key press and fault.
//!
//! Server and agents are the real programs and the devices simulators on pseudo-terminals. What the event log, the kiosk's
//! book of print jobs and the health reports say is held against what the simulators did. A seed gives the same visitors,
//! clerks and faults again, though not to the millisecond: the programs run on the machine's own time.

mod account;
mod clerks;
mod faults;
mod hall;
mod health;
mod papers;
mod report;
mod visitors;

use std::time::{SystemTime, UNIX_EPOCH};

use fastrand::Rng;

pub use report::{FaultTold, Report};

use account::Diary;
use clerks::Clerks;
use faults::Faults;
use hall::Hall;
use papers::Papers;
use visitors::Visitors;

use crate::Database;

/// What the day shall be like.
#[derive(Debug, Clone, Copy)]
pub struct BenchDay {
    /// Chooses visitors, clerks' acts and faults.
    pub seed: u64,
    /// Tickets given out at the kiosk, at least; visitors come as long as there are faults.
    pub tickets: usize,
    /// How often each fault happens.
    pub rounds: usize,
}

impl BenchDay {
    /// Lives through the day and accounts for it.
    ///
    /// # Panics
    /// When something is not accounted for, saying what.
    pub async fn run(self) -> Report {
        let mut chance = Rng::with_seed(self.seed);
        let hall = Hall::open().await;
        let papers = Papers::collect(&hall.printer);
        let clerks = Clerks::start(&hall, &mut chance);
        let visitors = Visitors::start(&hall, self.tickets, &mut chance);
        let faults = Faults::run(&hall, self.rounds, &mut chance).await;
        let issued = visitors.end().await;
        hall.until_nobody_waits(&issued).await;
        let presses = clerks.end().await;
        hall.until_all_is_told(&issued).await;
        hall.until_no_fault_is_open().await;
        let papers = papers.end();
        let panels = hall.panels.iter().map(hall::Panel::told).collect();
        let (data, frames) = hall.close().await;
        let diary = Diary {
            issued,
            presses,
            faults,
            papers,
            panels,
            events: Database::at(&data.path()).events(),
            book: account::book(&data.path()),
        };
        diary.account(self.seed, frames)
    }
}

/// The machine's clock, as the station's log has it, in milliseconds since 1970.
fn now_ms() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    since.map_or(0, |since| {
        i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
    })
}
