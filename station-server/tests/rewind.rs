//! A station whose log has run into the future comes back to today.
#![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]

mod storage;

use queue_core::{BusinessDay, Command};
use station_server::journal::{Access, Journal};
use station_server::rewind::{RewindError, rewind};
use storage::{HOUR, HandClock, NINE, Station, report_tables};
use tempfile::tempdir;

const DAY: i64 = 24 * HOUR;

fn today() -> BusinessDay {
    "2026-11-23".parse().unwrap()
}

#[test]
fn a_day_opened_in_the_far_future_is_taken_back() {
    let dir = tempdir().unwrap();
    let clock = HandClock::at(NINE);
    let station = Station::start(dir.path(), &clock).unwrap();
    let ticket = station.issue("permit");
    station.run(Command::CloseDay).unwrap();
    let (state, epoch) = (station.live.engine().fingerprint(), station.live.epoch());
    let future = "2062-11-22".parse().unwrap();
    station
        .run(Command::OpenDay {
            day: future,
            hours: None,
        })
        .unwrap();
    station.issue("permit");
    station.stop();

    let rewound = rewind(dir.path(), Some(today())).unwrap();
    assert_eq!((rewound.entries, rewound.to), (2, today()));
    // The log as it was is a database of its own.
    let kept = tempdir().unwrap();
    std::fs::copy(&rewound.kept, kept.path().join("station.db")).unwrap();
    let whole = Journal::open(kept.path(), Access::ReadWrite).unwrap();
    assert_eq!(whole.load().unwrap().day(), Some(future));

    let journal = Journal::open(dir.path(), Access::ReadOnly).unwrap();
    journal.verify_all().unwrap();
    assert_eq!(journal.load().unwrap().fingerprint(), state);
    assert_ne!(journal.meta().epoch, epoch);
    let before = report_tables(dir.path());
    station_server::backup::rebuild(dir.path()).unwrap();
    assert_eq!(report_tables(dir.path()), before, "the tables fit the log");

    clock.pass(HOUR);
    let station = Station::start(dir.path(), &clock).unwrap();
    assert!(station.live.engine().ticket(ticket).is_some());
    station
        .run(Command::OpenDay {
            day: today(),
            hours: None,
        })
        .unwrap();
    station.issue("permit");
    assert_eq!(station.live.engine().open_day(), Some(today()));
    station.stop();
    assert_eq!(
        rewind(dir.path(), Some(today())),
        Err(RewindError::Nothing(today()))
    );
}

#[test]
fn tickets_given_out_under_a_clock_that_was_ahead_are_taken_back() {
    let dir = tempdir().unwrap();
    let clock = HandClock::at(NINE);
    let station = Station::start(dir.path(), &clock).unwrap();
    station.issue("permit");
    clock.step(400 * DAY);
    station.issue("permit");
    station.stop();
    clock.step(-400 * DAY);
    clock.pass(HOUR);
    let station = Station::start(dir.path(), &clock).unwrap();
    assert!(station.live.engine().open_day() > Some(today()), "stuck");
    station.stop();

    rewind(dir.path(), Some(today())).unwrap();
    let station = Station::start(dir.path(), &clock).unwrap();
    assert_eq!(station.live.engine().open_day(), Some(today()));
    assert_eq!(station.live.now().0, NINE + HOUR);
    assert_eq!(station.live.engine().tickets().count(), 1);
    station.stop();
}
