//! When the sessions of a day are held, and what the engine is told of their rooms.

use jiff::tz::TimeZone;
use queue_core::{ServiceId, StationTime, Timetable};
use station_config::{DemoProfile, StationFile};

fn room(changes: &[(&str, &str)], more: &str) -> StationFile {
    let text = DemoProfile::VisitingRoom.station().to_owned() + more;
    let text = changes.iter().fold(text, |text, (from, to)| {
        assert!(text.contains(from), "`{from}` is not in the file");
        text.replacen(from, to, 1)
    });
    StationFile::parse("v.toml", &text).unwrap_or_else(|errors| panic!("{errors}"))
}

fn taipei() -> TimeZone {
    TimeZone::get("Asia/Taipei").expect("a zone")
}

/// The begins of a day's sessions as the clock on the wall shows them.
fn begins(file: &StationFile) -> Vec<String> {
    let day = "2026-11-23".parse().expect("a date");
    let hours = file
        .schedule()
        .map(|schedule| schedule.hours(day, &taipei()));
    let timetable: Timetable = file.session_times().of(day, hours.as_ref(), &taipei());
    let visit = ServiceId::new("visit").expect("an id");
    let shown = |at: StationTime| {
        let instant = jiff::Timestamp::from_millisecond(at.0).expect("an instant");
        taipei().to_datetime(instant).strftime("%H:%M").to_string()
    };
    let sessions = timetable.get(&visit).into_iter().flatten();
    sessions.map(|session| shown(session.from)).collect()
}

const LIFE: [(&str, &str); 2] = [
    (
        "hours = [\"00:00-23:55\"]",
        "hours = [\"09:00-10:30\", \"13:30-14:20\"]",
    ),
    ("every_min = 5\nlasts_min = 4", "every_min = 30"),
];

#[test]
fn sessions_lie_one_after_the_other_and_wholly_within_their_spans() {
    assert_eq!(
        begins(&room(&LIFE, "")),
        ["09:00", "09:30", "10:00", "13:30"]
    );
}

#[test]
fn only_those_within_the_hours_of_the_calendar_are_held() {
    let mondays =
        "\n[calendar]\n[[calendar.weekly]]\ndays = [\"mon\"]\nhours = [\"09:30-12:00\"]\n";
    assert_eq!(begins(&room(&LIFE, mondays)), ["09:30", "10:00"]);
    let tuesdays = mondays.replace("mon", "tue");
    assert!(begins(&room(&LIFE, &tuesdays)).is_empty());
}

#[test]
fn the_windows_of_the_rooms_are_the_seats() {
    let plan = room(&LIFE, "").plan();
    assert_eq!(plan.check(), Ok(()));
    let visits = plan.sessions.values().next().expect("visits");
    assert_eq!((visits.seats(), visits.reserved), (6, 2));
    assert_eq!(
        (visits.check_in_before_s, visits.release_before_s),
        (60, 120)
    );
    assert_eq!(visits.persons_max, 3);
}
