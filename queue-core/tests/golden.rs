//! Stored logs are read for ever. The files beside this test are never rewritten: a new kind of event, or a new field
//! with a default, gets new lines.

mod common;

use std::collections::BTreeSet;

use common::*;
use queue_core::{CallReason, Engine, Event, Recorded};

/// At least one event of every kind.
const EVENTS_V1: &str = include_str!("golden/events-v1.jsonl");
/// Events with what came later: the other rules, and what they compared.
const EVENTS_V2: &str = include_str!("golden/events-v2.jsonl");
/// Events of places that were asked to be changed, and of what a counter does beyond one visitor after the other.
const EVENTS_V3: &str = include_str!("golden/events-v3.jsonl");
/// Hours, limits and alarms.
const EVENTS_LIMITS: &str = include_str!("golden/events-limits.jsonl");
/// A rating and what was said behind it afterwards.
const EVENTS_RATINGS: &str = include_str!("golden/events-ratings.jsonl");
/// Services to help out with, profiles, counters that call by themselves.
const EVENTS_ROUTING: &str = include_str!("golden/events-routing.jsonl");
/// Several matters, matters of several stations, persons.
const EVENTS_LEGS: &str = include_str!("golden/events-legs.jsonl");
/// Events of appointments.
const EVENTS_APPOINTMENTS: &str = include_str!("golden/events-appointments.jsonl");
/// Zones with their rules, and the identity check.
const EVENTS_ZONES: &str = include_str!("golden/events-zones.jsonl");
/// Sessions.
const EVENTS_SESSIONS: &str = include_str!("golden/events-sessions.jsonl");
/// Faults of devices.
const EVENTS_DEVICES: &str = include_str!("golden/events-devices.jsonl");
/// Kiosks that give out tickets by themselves.
const EVENTS_OFFLINE: &str = include_str!("golden/events-offline.jsonl");
/// A small day, from the first event of a new station.
const DAY_V1: &str = include_str!("golden/day-v1.jsonl");
/// What became of that day's tickets, a line each; times in milliseconds after the issue.
const DAY_V1_TICKETS: &str = include_str!("golden/day-v1.tickets.txt");

fn read(text: &str) -> Vec<Recorded> {
    let lines = text.lines().map(|line| {
        let read = serde_json::from_str(line);
        read.unwrap_or_else(|e| panic!("a stored event is not read any more: {e}: {line}"))
    });
    lines.collect()
}

/// The place of a kind in [`KINDS`]. The match has no `_`, so that a new kind does not compile without a line here, and
/// no line here passes without a stored event.
fn place(event: &Event) -> usize {
    match event {
        Event::Configured { .. } => 0,
        Event::DayOpened { .. } => 1,
        Event::DayClosed { .. } => 2,
        Event::TicketIssued(_) => 3,
        Event::TicketCancelled { .. } => 4,
        Event::CounterOpened { .. } => 5,
        Event::CounterPaused { .. } => 6,
        Event::CounterClosed { .. } => 7,
        Event::TicketCalled { .. } => 8,
        Event::TicketRecalled { .. } => 9,
        Event::ServiceStarted { .. } => 10,
        Event::ServiceFinished { .. } => 11,
        Event::TicketNoShow { .. } => 12,
        Event::TicketHeld { .. } => 13,
        Event::TicketResumed { .. } => 14,
        Event::TicketTransferred { .. } => 15,
        Event::Undone { .. } => 16,
        Event::RatingInvited { .. } => 17,
        Event::RatingGiven { .. } => 18,
        Event::PrintReported { .. } => 19,
        Event::CallAnnounced { .. } => 20,
        Event::ClockStepped { .. } => 21,
        Event::ImportBegan { .. } => 22,
        Event::TicketImported(_) => 23,
        Event::TicketHandedOver { .. } => 24,
        Event::TicketReturned { .. } => 25,
        Event::TicketDeferred { .. } => 26,
        Event::TicketPrioritised { .. } => 27,
        Event::TicketPrecalled { .. } => 28,
        Event::TicketCorrected { .. } => 29,
        Event::HoursChanged { .. } => 30,
        Event::AlarmRaised(_) => 31,
        Event::AlarmCleared(_) => 32,
        Event::RatingCompleted { .. } => 33,
        Event::CounterProfileChanged { .. } => 34,
        Event::CounterAutoCallSet { .. } => 35,
        Event::AppointmentBooked(_) => 36,
        Event::AppointmentCancelled { .. } => 37,
        Event::IdentityVerified { .. } => 38,
        Event::IdentityRefused { .. } => 39,
        Event::TicketRerouted { .. } => 40,
        Event::DisciplineChanged { .. } => 41,
        Event::LegFinished { .. } => 42,
        Event::MattersChanged { .. } => 43,
        Event::TicketAmended { .. } => 44,
        Event::SessionsSet { .. } => 45,
        Event::SessionCheckedIn { .. } => 46,
        Event::SessionCalled { .. } => 47,
        Event::SessionStarted { .. } => 48,
        Event::SessionEnded { .. } => 49,
        Event::SessionMissed { .. } => 50,
        Event::SessionUndone { .. } => 51,
        Event::CounterNextStored { .. } => 52,
        Event::DeviceFaultBegan { .. } => 53,
        Event::DeviceFaultEnded { .. } => 54,
        Event::NumbersLeased { .. } => 55,
        Event::TicketRenumbered { .. } => 56,
    }
}

/// The stored names: they are in every journal.
const KINDS: &[&str] = &[
    "configured",
    "day_opened",
    "day_closed",
    "ticket_issued",
    "ticket_cancelled",
    "counter_opened",
    "counter_paused",
    "counter_closed",
    "ticket_called",
    "ticket_recalled",
    "service_started",
    "service_finished",
    "ticket_no_show",
    "ticket_held",
    "ticket_resumed",
    "ticket_transferred",
    "undone",
    "rating_invited",
    "rating_given",
    "print_reported",
    "call_announced",
    "clock_stepped",
    "import_began",
    "ticket_imported",
    "ticket_handed_over",
    "ticket_returned",
    "ticket_deferred",
    "ticket_prioritised",
    "ticket_precalled",
    "ticket_corrected",
    "hours_changed",
    "alarm_raised",
    "alarm_cleared",
    "rating_completed",
    "counter_profile_changed",
    "counter_auto_call_set",
    "appointment_booked",
    "appointment_cancelled",
    "identity_verified",
    "identity_refused",
    "ticket_rerouted",
    "discipline_changed",
    "leg_finished",
    "matters_changed",
    "ticket_amended",
    "sessions_set",
    "session_checked_in",
    "session_called",
    "session_started",
    "session_ended",
    "session_missed",
    "session_undone",
    "counter_next_stored",
    "device_fault_began",
    "device_fault_ended",
    "numbers_leased",
    "ticket_renumbered",
];

#[test]
fn every_stored_event_is_read_and_written_back_byte_for_byte() {
    let mut seen = BTreeSet::new();
    let files = [
        EVENTS_V1,
        EVENTS_V2,
        EVENTS_V3,
        EVENTS_LIMITS,
        EVENTS_RATINGS,
        EVENTS_ROUTING,
        EVENTS_LEGS,
        EVENTS_APPOINTMENTS,
        EVENTS_ZONES,
        EVENTS_SESSIONS,
        EVENTS_DEVICES,
        EVENTS_OFFLINE,
    ];
    let lines = files.iter().flat_map(|file| file.lines());
    for (line, recorded) in lines.zip(files.iter().flat_map(|file| read(file))) {
        let again = serde_json::to_string(&recorded).expect("an event is stored");
        assert_eq!(again, line);
        let kind = KINDS[place(&recorded.event)];
        assert_eq!(recorded.event.kind(), kind);
        assert!(line.contains(&format!("\"kind\":\"{kind}\"")), "{line}");
        seen.insert(kind);
    }
    assert_eq!(
        seen,
        KINDS.iter().copied().collect(),
        "every kind has a stored event"
    );
}

#[test]
fn the_stored_day_ends_as_it_ended() {
    let log = read(DAY_V1);
    let stored: Vec<_> = log
        .iter()
        .map(|r| serde_json::to_string(r).expect("an event is stored"))
        .collect();
    assert!(DAY_V1.lines().eq(stored), "written back byte for byte");
    let engine = replay(&log);
    let mut tickets: Vec<_> = engine.tickets().collect();
    tickets.sort_by_key(|t| &t.number);
    let mut ends = String::new();
    for t in tickets {
        let ms = |at: Option<queue_core::StationTime>| at.map(|at| at.since_ms(t.issued_at));
        let score = t.rating.as_ref().map(|r| r.score);
        ends += &format!(
            "{} {} {:?} called {:?} started {:?} walk {:?} handling {} finished {:?} score {:?}\n",
            t.number,
            t.service,
            t.state,
            ms(t.first_called_at),
            ms(t.started_at),
            t.walk_ms,
            t.handling_ms,
            ms(t.finished_at),
            score,
        );
    }
    assert_eq!(ends, DAY_V1_TICKETS);
}

/// The calls of the stored day are the ones that the engine makes today at the same points of the log.
#[test]
fn the_stored_day_is_called_today_as_it_was_called() {
    let mut engine = Engine::new();
    let mut chosen = 0;
    for recorded in read(DAY_V1) {
        if let Event::TicketCalled {
            ticket,
            counter,
            reason: CallReason::HeadStart { .. },
        } = &recorded.event
        {
            let selected = engine
                .next_for(counter, recorded.at)
                .expect("somebody waits");
            assert_eq!(selected.called.place.ticket, *ticket);
            chosen += 1;
        }
        engine.apply(&recorded);
    }
    assert_eq!(chosen, 5);
}

/// Another fingerprint of the same day means that the engine keeps another state, or comes to another one. The first is
/// a change of the snapshot format, and this value changes with it; the second breaks every station's history.
#[test]
fn the_stored_day_has_its_fingerprint() {
    let engine = replay(&read(DAY_V1));
    assert_eq!(engine.fingerprint().to_string(), "bf45b9cac2be1d00");
}
