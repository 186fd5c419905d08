//! Alarms about the lines: raised once, cleared once.

use queue_core::{Alarm, Command, Event};

use crate::common::*;

/// The station with alarms, a service without an open counter after one minute.
fn watched(counters: &[&str]) -> Station {
    let mut s = Station::new();
    let mut plan = plan();
    plan.limits.0.alarm_after_s = Some(60);
    s.must(Command::Configure(plan.into()));
    s.must(open_day("2026-11-16"));
    for id in counters {
        s.open_counter(id);
    }
    s
}

/// What the station's look at the lines does.
fn look(s: &mut Station) -> Vec<String> {
    let before = s.log.len();
    s.send(Command::Watch).expect("accepted");
    let new = &s.log[before..];
    new.iter()
        .map(|recorded| match &recorded.event {
            Event::AlarmRaised(raised) => format!("+{}", name(&raised.alarm)),
            Event::AlarmCleared(alarm) => format!("-{}", name(alarm)),
            other => panic!("{other:?}"),
        })
        .collect()
}

fn name(alarm: &Alarm) -> String {
    format!("{} {}", alarm.code(), alarm.service())
}

#[test]
fn a_wait_over_the_standard_is_raised_once_and_cleared_once() {
    let mut s = watched(&["1", "2", "3"]);
    let ticket = s.issue("stay");
    s.wait_ms(1_200 * SECOND_MS);
    assert!(look(&mut s).is_empty(), "just the standard is within it");
    s.wait_ms(1);
    assert_eq!(look(&mut s), ["+wait_over_standard stay"]);
    let raised = &s.engine.alarms()[0];
    assert_eq!(raised.ticket, ticket);
    let promised = s.ticket(ticket).issued_at.plus_ms(1_200 * SECOND_MS);
    assert_eq!(raised.since, promised);
    s.issue("stay");
    s.wait_ms(300 * SECOND_MS);
    assert!(look(&mut s).is_empty(), "once");
    s.call("3");
    assert_eq!(look(&mut s), ["-wait_over_standard stay"]);
    assert!(look(&mut s).is_empty(), "once");
    // The call is taken back: he waits again.
    s.must(undo("3"));
    assert_eq!(look(&mut s), ["+wait_over_standard stay"]);
}

#[test]
fn a_service_without_an_open_counter_is_raised_after_its_time() {
    let mut s = watched(&["3"]);
    s.wait_ms(3_600 * SECOND_MS);
    assert!(look(&mut s).is_empty(), "nobody waits");
    s.issue("card");
    s.issue("stay");
    s.wait_ms(61 * SECOND_MS);
    assert_eq!(look(&mut s), ["+nobody_open card"]);
    s.open_counter("2");
    assert_eq!(look(&mut s), ["-nobody_open card"]);
    // From the moment the last one goes.
    s.must(pause("2"));
    s.wait_ms(60 * SECOND_MS);
    assert!(look(&mut s).is_empty());
    s.wait_ms(1);
    assert_eq!(look(&mut s), ["+nobody_open card"]);
    assert_eq!(s.engine.alarms()[0].since, s.counter("2").since);
}

#[test]
fn the_end_of_the_day_clears_what_is_raised() {
    let mut s = watched(&[]);
    s.issue("card");
    s.wait_ms(7_200 * SECOND_MS);
    assert_eq!(look(&mut s).len(), 2);
    s.must(Command::CloseDay);
    assert_eq!(
        s.last_kinds(3),
        ["alarm_cleared", "alarm_cleared", "day_closed"]
    );
    assert!(s.engine.alarms().is_empty());
    assert_eq!(s.refused(Command::Watch), "day_closed");
}

#[test]
fn without_alarms_in_the_plan_nothing_is_raised() {
    let mut s = watched(&[]);
    s.issue("card");
    s.wait_ms(7_200 * SECOND_MS);
    look(&mut s);
    s.must(Command::Configure(plan().into()));
    assert_eq!(
        look(&mut s),
        ["-wait_over_standard card", "-nobody_open card"]
    );
    assert!(look(&mut s).is_empty());
}
