//! Days that begin and end by the calendar, hours that hold, and alarms.
#![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]

mod storage;

use queue_core::{Command, Limit, NewTicket, Rejected, Terms, TicketId};
use station_config::{Schedule, StationFile, demo};
use station_server::journal::{Access, Journal};
use station_server::writer::{SubmitError, WriterConfig};
use storage::{HOUR, HandClock, MINUTE, NINE, Station, config, counter, issue, service};
use tempfile::tempdir;

/// Nine in the morning of Monday 2026-11-23; the next day is a holiday, and Saturday a make-up working day.
const CALENDAR: &str = r#"
[calendar]
open_before_min = 30
close_after_min = 60
[[calendar.weekly]]
days = ["mon", "tue", "wed", "thu", "fri"]
hours = ["08:00-12:00", "13:00-17:00"]
[[calendar.date]]
date = "2026-11-24"
[[calendar.date]]
date = "2026-11-28"
hours = ["09:00-12:00"]
"#;

fn schedule(calendar: &str) -> Option<Schedule> {
    let text = format!("{}\n{calendar}", demo());
    let file = StationFile::parse("s.toml", &text).unwrap_or_else(|errors| panic!("{errors}"));
    file.schedule()
}

fn by(calendar: &str, dir: &tempfile::TempDir, clock: &std::sync::Arc<HandClock>) -> WriterConfig {
    WriterConfig {
        schedule: schedule(calendar),
        ..config(dir.path(), clock)
    }
}

fn start(calendar: &str, dir: &tempfile::TempDir, clock: &std::sync::Arc<HandClock>) -> Station {
    Station::with(by(calendar, dir, clock), clock).unwrap()
}

fn limit(station: &Station) -> Option<&'static str> {
    let ticket = TicketId(uuid::Uuid::new_v4().as_u128());
    match station.run(issue(ticket, "permit")) {
        Ok(_) => None,
        Err(SubmitError::Rejected(rejected)) => Some(rejected.code()),
        Err(other) => panic!("{other}"),
    }
}

fn kinds(dir: &tempfile::TempDir) -> Vec<String> {
    stored(dir, "kind")
}

/// A column of the log.
fn stored(dir: &tempfile::TempDir, column: &str) -> Vec<String> {
    let db = rusqlite::Connection::open(dir.path().join("station.db")).unwrap();
    let sql = format!("SELECT {column} FROM event ORDER BY seq");
    let mut found = db.prepare(&sql).unwrap();
    let texts = found.query_map([], |row| row.get::<_, String>(0)).unwrap();
    texts.map(|text| text.unwrap()).collect()
}

#[test]
fn a_working_day_from_its_first_hour_to_its_last_visitor() {
    let dir = tempdir().unwrap();
    // Seven: half an hour too early for the day.
    let clock = HandClock::at(NINE - 2 * HOUR);
    let station = start(CALENDAR, &dir, &clock);
    assert_eq!(limit(&station), Some("day_closed"));
    clock.pass(30 * MINUTE);
    // The day has begun, so that counters can open; visitors have to wait.
    assert_eq!(limit(&station), Some("station_closed_now"));
    station
        .run(Command::OpenCounter {
            counter: counter("1"),
            staff: None,
        })
        .unwrap();
    clock.pass(30 * MINUTE);
    assert_eq!(limit(&station), None);
    clock.pass(4 * HOUR);
    assert_eq!(limit(&station), Some("station_closed_now"), "noon");
    let at_noon = station
        .live
        .engine()
        .hours()
        .unwrap()
        .opens(station.live.now());
    assert_eq!(at_noon.unwrap().0, NINE + 4 * HOUR);
    clock.pass(HOUR);
    let last = station.issue("permit");
    clock.pass(4 * HOUR);
    assert_eq!(limit(&station), Some("station_closed_now"), "five");
    assert!(station.live.engine().open_day().is_some(), "two still wait");
    for _ in 0..2 {
        station
            .run(Command::CallNext {
                counter: counter("1"),
            })
            .unwrap();
        station
            .run(Command::Finish {
                counter: counter("1"),
            })
            .unwrap();
    }
    // The last visitor has gone: so has the day, at the next look.
    clock.pass(2_000);
    assert_eq!(limit(&station), Some("day_closed"));
    let engine = station.live.engine();
    assert!(!engine.ticket(last).unwrap().closed_by_day_end);
    drop(engine);
    station.stop();
    let before = kinds(&dir);
    assert_eq!(before.iter().filter(|k| *k == "day_closed").count(), 1);
    assert_eq!(before.last().unwrap(), "day_closed");
    let by = stored(&dir, "actor");
    assert_eq!(by.last().unwrap(), "system/calendar");
    assert_eq!(by[1], "system/calendar", "the opening");
    // A start in the evening opens nothing again.
    let station = start(CALENDAR, &dir, &clock);
    assert_eq!(limit(&station), Some("day_closed"));
    station.stop();
    assert_eq!(kinds(&dir), before);
    Journal::open(dir.path(), Access::ReadOnly)
        .unwrap()
        .verify_all()
        .unwrap();
}

#[test]
fn who_still_waits_when_the_time_has_run_out_is_noted_as_not_served() {
    let dir = tempdir().unwrap();
    let clock = HandClock::at(NINE);
    let station = start(CALENDAR, &dir, &clock);
    let left = station.issue("permit");
    clock.pass(9 * HOUR - MINUTE);
    assert_eq!(limit(&station), Some("station_closed_now"));
    clock.pass(MINUTE);
    assert_eq!(limit(&station), Some("day_closed"));
    let engine = station.live.engine();
    assert!(engine.ticket(left).unwrap().closed_by_day_end);
    drop(engine);
    station.stop();
}

#[test]
fn a_machine_that_was_off_ends_the_day_when_it_would_have_ended() {
    let dir = tempdir().unwrap();
    let clock = HandClock::at(NINE);
    let station = start(CALENDAR, &dir, &clock);
    let left = station.issue("permit");
    station.stop();
    // The holiday.
    clock.pass(23 * HOUR);
    let station = start(CALENDAR, &dir, &clock);
    let engine = station.live.engine();
    assert_eq!(engine.open_day(), None);
    let ended = engine.ticket(left).unwrap().finished_at.unwrap();
    assert_eq!(ended.0, NINE + 9 * HOUR, "five and an hour");
    assert_eq!(
        engine.hours().unwrap().opens(station.live.now()).unwrap().0,
        NINE + 47 * HOUR,
        "Wednesday at eight"
    );
    drop(engine);
    assert_eq!(limit(&station), Some("day_closed"));
    station.stop();
}

#[test]
fn other_hours_in_the_file_change_the_day_by_one_event() {
    let dir = tempdir().unwrap();
    let clock = HandClock::at(NINE);
    let station = start("", &dir, &clock);
    assert_eq!(limit(&station), None, "no calendar, no limits");
    station.stop();
    let morning = CALENDAR.replace("08:00-12:00", "08:00-08:30");
    let station = start(&morning, &dir, &clock);
    assert_eq!(limit(&station), Some("station_closed_now"));
    station.stop();
    start(&morning, &dir, &clock).stop();
    let station = start("", &dir, &clock);
    assert_eq!(limit(&station), None);
    station.stop();
    let kinds = kinds(&dir);
    let changes = kinds.iter().filter(|kind| *kind == "hours_changed");
    assert_eq!(changes.count(), 2, "{kinds:?}");
}

#[test]
fn alarms_are_raised_by_the_stations_own_look() {
    let dir = tempdir().unwrap();
    let clock = HandClock::at(NINE);
    let mut config = config(dir.path(), &clock);
    config.plan.limits.0.alarm_after_s = Some(60);
    let station = Station::with(config, &clock).unwrap();
    station.issue("permit");
    clock.pass(2 * MINUTE);
    station.issue("pickup");
    let codes = |station: &Station| -> Vec<_> {
        let engine = station.live.engine();
        engine.alarms().iter().map(|r| r.alarm.code()).collect()
    };
    assert_eq!(codes(&station), ["nobody_open"]);
    station
        .run(Command::OpenCounter {
            counter: counter("1"),
            staff: None,
        })
        .unwrap();
    clock.pass(2_000);
    station.issue("pickup");
    assert!(codes(&station).is_empty());
    station.stop();
}

#[test]
fn an_overruled_limit_is_in_the_log() {
    let dir = tempdir().unwrap();
    let clock = HandClock::at(NINE + 3 * HOUR + MINUTE);
    let station = start(CALENDAR, &dir, &clock);
    let wanted = |overrule| {
        Command::IssueTicket(NewTicket {
            persons: 1,
            ticket: TicketId(uuid::Uuid::new_v4().as_u128()),
            service: service("permit"),
            class: None,
            language: None,
            channel: service("greeter"),
            terms: Terms {
                person: None,
                overrule,
            },
        })
    };
    let refused = station.run(wanted(false));
    assert!(matches!(
        refused,
        Err(SubmitError::Rejected(Rejected::Limited(
            Limit::StationClosedNow { opens: Some(_) }
        )))
    ));
    station.run(wanted(true)).unwrap();
    station.stop();
    assert!(stored(&dir, "body").last().unwrap().contains("overruled"));
}
