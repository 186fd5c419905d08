//! The identity check where it meets appointments, quotas, alarms and the count of who waits.

use queue_core::{
    Alarm, AppointmentCode, AppointmentId, AppointmentRef, CheckIn, Command, DayHours,
    IdentityDocument, IdentityRefusal, NewAppointment, NumberOrTicket, Quota, ServiceHours,
    StationPlan, StationTime, TicketId, TicketState, Window,
};

use crate::common::*;

/// 09:00, an hour after the stations of these tests open.
const NINE: StationTime = StationTime(MORNING.0 + 60 * MINUTE_MS);

/// Cards want the check first.
fn gated() -> StationPlan {
    let mut plan = plan();
    let card = plan.services.get_mut(&service("card")).expect("a service");
    card.identity_check = true;
    plan.limits.0.alarm_after_s = Some(300);
    plan
}

fn station() -> Station {
    let mut s = Station::new();
    s.must(Command::Configure(gated().into()));
    s.must(open_day("2026-11-16"));
    s.open_counter("1");
    s
}

fn verify(ticket: TicketId) -> Command {
    Command::VerifyIdentity {
        target: NumberOrTicket::Ticket(ticket),
        document: IdentityDocument::NationalId,
    }
}

fn refuse(ticket: TicketId) -> Command {
    Command::RefuseIdentity {
        target: NumberOrTicket::Ticket(ticket),
        reason: IdentityRefusal::DocumentMissing,
    }
}

fn reroute(ticket: TicketId, to: &str) -> Command {
    Command::Reroute {
        target: NumberOrTicket::Ticket(ticket),
        to_service: service(to),
    }
}

fn book(s: &mut Station, n: u128, slot: StationTime) {
    s.must(Command::BookAppointment(NewAppointment {
        appointment: AppointmentId(n),
        code: AppointmentCode::new(42).expect("a code"),
        service: service("card"),
        day: "2026-11-16".parse().expect("a date"),
        slot,
        class: None,
        language: None,
        channel: service("web"),
    }));
}

fn comes(s: &mut Station, n: u128, at: StationTime) -> TicketId {
    s.now = at;
    let ticket = s.next_ticket_id();
    s.send(Command::CheckIn(CheckIn {
        appointment: AppointmentRef::Id(AppointmentId(n)),
        ticket,
        language: None,
        channel: service("kiosk"),
    }))
    .expect("checked in");
    ticket
}

#[test]
fn who_checks_in_for_a_service_with_the_check_is_checked_first_and_then_counts_from_the_slot() {
    let mut s = station();
    book(&mut s, 1, NINE);
    let walk_in = s.issue("enquiry");
    let visitor = comes(&mut s, 1, NINE.plus_ms(5 * MINUTE_MS));
    assert_eq!(s.state(visitor), TicketState::Unverified);
    let newcomer = s.issue("card");
    s.must(verify(newcomer));
    assert_eq!(s.refused(call_ticket("1", visitor)), "wrong_state");
    s.must(verify(visitor));
    assert_eq!(s.ticket(visitor).key.base_ms, NINE.0);
    assert_eq!(
        s.ticket(visitor).check_wait_ms(),
        Some(3 * SECOND_MS),
        "from the check-in"
    );
    let one = counter("1");
    let called = s.engine.callable_by(&one, s.now).map(|t| t.id);
    let of_cards: Vec<_> = called.filter(|id| *id != walk_in).collect();
    assert_eq!(of_cards, [visitor, newcomer]);
    assert_eq!(replay(&s.log).fingerprint(), s.engine.fingerprint());
}

#[test]
fn who_is_early_for_the_slot_and_checked_stands_aside_like_everybody_who_is_early() {
    let mut s = station();
    book(&mut s, 1, NINE);
    let early = comes(&mut s, 1, NINE.plus_ms(-25 * MINUTE_MS));
    s.must(verify(early));
    let walk_in = s.issue("card");
    // Nobody is kept from the counter by who stands before the gate.
    assert_eq!(s.call("1"), early, "nobody else can be called");
    s.must(undo("1"));
    s.must(verify(walk_in));
    assert_eq!(s.call("1"), walk_in);
}

#[test]
fn who_waits_for_the_check_does_not_wait_for_a_counter() {
    let mut s = station();
    s.issue("card");
    let second = s.issue("card");
    s.wait_ms(MINUTE_MS);
    assert_eq!(s.engine.waiting(), 0);
    assert_eq!(s.engine.crowd(s.now), []);
    s.must(verify(second));
    s.wait_ms(MINUTE_MS);
    let most: Vec<_> = s
        .engine
        .crowd(s.now)
        .iter()
        .map(|(_, most)| *most)
        .collect();
    assert_eq!(most, [1]);
    let board = s.engine.board(s.now);
    let row = board.services.iter().find(|row| row.id == service("card"));
    let row = row.expect("a service");
    assert_eq!((row.waiting, row.unverified), (1, 1));
}

#[test]
fn the_alarm_counts_from_whoever_came_first_whatever_place_an_appointment_gives() {
    let mut s = station();
    book(&mut s, 1, NINE);
    s.now = NINE.plus_ms(2 * MINUTE_MS - SECOND_MS);
    let walk_in = s.issue("card");
    // Counts from nine, and came after the other.
    let visitor = comes(&mut s, 1, NINE.plus_ms(6 * MINUTE_MS));
    let waiting = |s: &Station| -> Vec<_> { s.engine.unverified().iter().map(|t| t.id).collect() };
    assert_eq!(waiting(&s), [walk_in, visitor]);
    s.now = NINE.plus_ms(7 * MINUTE_MS + 1);
    s.send(Command::Watch).expect("looked");
    let raised = s.engine.alarms();
    assert_eq!(raised.len(), 1);
    assert_eq!(
        raised[0].alarm,
        Alarm::IdentityUnchecked {
            service: service("card")
        }
    );
    assert_eq!(raised[0].ticket, walk_in);
    s.must(verify(walk_in));
    s.send(Command::Watch).expect("looked");
    assert_eq!(s.engine.alarms(), []);
}

#[test]
fn an_appointment_takes_no_quota_wherever_it_is_sent_and_gives_none_back() {
    let mut s = station();
    book(&mut s, 1, NINE);
    let window = Window {
        from: MORNING,
        until: NINE.plus_ms(600 * MINUTE_MS),
    };
    let quotas = |tickets| ServiceHours {
        quotas: vec![Quota { window, tickets }],
        ..ServiceHours::default()
    };
    let hours = DayHours {
        station: vec![window],
        services: [(service("card"), quotas(1)), (service("stay"), quotas(1))].into(),
        next_opening: None,
    };
    s.must(Command::SetHours {
        hours: Some(hours.into()),
    });
    s.issue("card");
    let walk_in = |s: &mut Station, id| {
        let ticket = s.next_ticket_id();
        Command::IssueTicket(queue_core::NewTicket {
            ticket,
            service: service(id),
            then: vec![],
            class: None,
            language: None,
            channel: service("kiosk"),
            persons: 1,
            terms: Default::default(),
        })
    };
    let visitor = comes(&mut s, 1, NINE);
    s.must(reroute(visitor, "stay"));
    assert_eq!(s.state(visitor), TicketState::Waiting);
    let another = walk_in(&mut s, "card");
    assert_eq!(s.refused(another), "quota_full");
    s.issue("stay");
    // Back before the gate of cards, and refused there: still nobody's place.
    s.must(reroute(visitor, "card"));
    assert_eq!(s.state(visitor), TicketState::Unverified);
    s.must(refuse(visitor));
    let another = walk_in(&mut s, "card");
    assert_eq!(s.refused(another), "quota_full");
    assert_eq!(replay(&s.log).fingerprint(), s.engine.fingerprint());
}

#[test]
fn who_was_checked_keeps_the_check_and_the_place_on_the_way_to_another_service() {
    let mut s = station();
    let first = s.issue("card");
    s.must(verify(first));
    let second = s.issue("enquiry");
    s.must(reroute(first, "enquiry"));
    assert_eq!(s.refused(reroute(first, "enquiry")), "transfer_nowhere");
    s.must(reroute(second, "card"));
    assert_eq!(s.state(second), TicketState::Unverified);
    s.must(reroute(first, "card"));
    assert_eq!(
        s.state(first),
        TicketState::Waiting,
        "checked once is enough"
    );
    assert_eq!(s.call("1"), first);
    assert_eq!(s.refused(reroute(first, "stay")), "wrong_state");
    s.must(refuse(second));
    assert_eq!(s.state(second), TicketState::Cancelled);
    assert_eq!(s.refused(verify(second)), "wrong_state");
}
