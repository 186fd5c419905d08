//! Several matters on one visit, and services of several stations.

use queue_core::{Command, LegState, NewTicket, NumberOrTicket, Outcome, TicketId, TicketState};

use crate::common::*;

fn issue(s: &mut Station, first: &str, then: &[&str]) -> TicketId {
    let ticket = s.next_ticket_id();
    s.must(wanted(ticket, first, then));
    ticket
}

fn wanted(ticket: TicketId, first: &str, then: &[&str]) -> Command {
    Command::IssueTicket(NewTicket {
        ticket,
        service: service(first),
        then: then.iter().map(|id| service(id)).collect(),
        class: None,
        language: None,
        channel: service("kiosk"),
        persons: 1,
        terms: Default::default(),
    })
}

fn change(id: &str, then: &[&str]) -> Command {
    Command::ChangeMatters {
        counter: counter(id),
        then: then.iter().map(|id| service(id)).collect(),
    }
}

fn to_come(s: &Station, ticket: TicketId) -> Vec<&str> {
    s.ticket(ticket).then.iter().map(|id| id.as_str()).collect()
}

/// A station where `permit` is an enquiry, then a stay.
fn with_steps() -> Station {
    let mut s = Station::open(&["1", "2", "3"]);
    let mut plan = plan();
    let card = plan.services[&service("card")].clone();
    let permit = queue_core::ServicePlan {
        steps: vec![service("enquiry"), service("stay")],
        ..card
    };
    plan.services.insert(service("permit"), permit);
    s.must(Command::Configure(plan.into()));
    s
}

#[test]
fn a_counter_that_does_the_next_matter_keeps_the_visitor() {
    let mut s = Station::open(&["1"]);
    let visitor = issue(&mut s, "card", &["stay"]);
    let other = s.issue("card");
    assert_eq!(s.serve("1"), visitor);
    s.must(finish_and_next("1"));
    let t = s.ticket(visitor);
    assert_eq!(
        (t.state, t.service.as_str()),
        (TicketState::Serving, "stay")
    );
    assert_eq!(s.ticket(other).state, TicketState::Waiting);
    let [card] = &t.legs[..] else { panic!("{t:?}") };
    assert_eq!(card.service, service("card"));
    assert_eq!(card.progress.handling_ms, SECOND_MS);
    assert_eq!(
        (t.leg.first_called_at, t.leg.started_at),
        (None, card.finished_at)
    );
    s.must(finish("1"));
    let t = s.ticket(visitor);
    assert_eq!((t.state, t.handling_ms), (TicketState::Done, 2 * SECOND_MS));
    assert_eq!(*t.visit_service(), service("card"));
}

#[test]
fn elsewhere_the_visitor_waits_with_the_seniority_of_the_visit() {
    let mut s = Station::open(&["2", "3"]);
    let first = issue(&mut s, "card", &["stay"]);
    let later = s.issue("stay");
    let next = s.issue("card");
    assert_eq!(s.serve("2"), first);
    s.must(finish_and_next("2"));
    assert_eq!(s.ticket(next).state, TicketState::Called);
    let t = s.ticket(first);
    assert_eq!(
        (t.state, t.service.as_str()),
        (TicketState::Waiting, "stay")
    );
    assert_eq!(s.call("3"), first, "came first");
    assert_eq!(s.ticket(later).state, TicketState::Waiting);
    let t = s.ticket(first);
    let waited = t
        .leg
        .first_called_at
        .map(|at| at.since_ms(t.leg.entered_at));
    assert_eq!(waited, Some(SECOND_MS));
}

#[test]
fn a_service_of_several_stations_is_a_visit_of_as_many_legs() {
    let mut s = with_steps();
    let visitor = issue(&mut s, "permit", &["card"]);
    let t = s.ticket(visitor);
    assert_eq!(t.service, service("enquiry"));
    assert_eq!(to_come(&s, visitor), ["stay", "card"]);
    let asked: Vec<_> = t.asked().map(|id| id.as_str()).collect();
    assert_eq!(asked, ["permit", "card"]);
    let view = s.engine.ticket_view(s.now, visitor).expect("known");
    let states: Vec<_> = view.legs.iter().map(|leg| leg.state).collect();
    assert_eq!(states, [LegState::Now, LegState::ToCome, LegState::ToCome]);
    // Who asks for the permit waits at the enquiry.
    let board = s.engine.board(s.now);
    let permit = board.services.iter().find(|b| b.id == service("permit"));
    assert_eq!(permit.expect("a service").waiting, 1);
    for at in ["2", "3", "2"] {
        assert_eq!(s.serve(at), visitor);
        s.must(finish(at));
    }
    assert_eq!(s.ticket(visitor).state, TicketState::Done);
    assert_eq!(s.ticket(visitor).legs.len(), 2);
}

#[test]
fn whoever_is_sent_to_such_a_service_goes_through_its_stations() {
    let mut s = with_steps();
    let visitor = issue(&mut s, "card", &[]);
    assert_eq!(s.serve("2"), visitor);
    s.must(transfer("2", Some("permit"), None));
    assert_eq!(s.ticket(visitor).service, service("enquiry"));
    assert_eq!(to_come(&s, visitor), ["stay"]);
}

#[test]
fn staff_add_drop_and_reorder_what_is_to_come() {
    let mut s = Station::open(&["1"]);
    let visitor = issue(&mut s, "card", &[]);
    assert_eq!(s.serve("1"), visitor);
    s.must(change("1", &["stay", "enquiry"]));
    s.must(change("1", &["enquiry", "stay"]));
    assert_eq!(to_come(&s, visitor), ["enquiry", "stay"]);
    s.must(undo("1"));
    assert_eq!(to_come(&s, visitor), ["stay", "enquiry"]);
    s.must(change("1", &[]));
    s.must(finish("1"));
    assert_eq!(s.ticket(visitor).state, TicketState::Done);
    assert_eq!(s.refused(change("1", &["stay"])), "counter_idle");
}

#[test]
fn what_is_asked_for_is_known_and_asked_for_once() {
    let mut s = with_steps();
    let ticket = s.next_ticket_id();
    for (first, then, code) in [
        ("card", &["card"][..], "bad_matters"),
        ("card", &["stay", "stay"], "bad_matters"),
        ("card", &["dance"], "unknown_service"),
    ] {
        assert_eq!(s.refused(wanted(ticket, first, then)), code);
    }
    issue(&mut s, "card", &[]);
    s.serve("1");
    assert_eq!(s.refused(change("1", &["permit"; 9])), "bad_matters");
    assert_eq!(s.refused(change("1", &["dance"])), "unknown_service");
    s.must(change("1", &["permit"; 8]));
}

#[test]
fn an_undo_brings_the_leg_back() {
    let mut s = Station::open(&["1", "2"]);
    let stayer = issue(&mut s, "card", &["stay"]);
    assert_eq!(s.serve("1"), stayer);
    let before = s.ticket(stayer).clone();
    s.must(finish("1"));
    s.must(undo("1"));
    let t = s.ticket(stayer);
    assert_eq!(
        (&t.legs, &t.leg, &t.then),
        (&before.legs, &before.leg, &before.then)
    );
    assert_eq!(t.session_started_at, before.session_started_at);

    let goer = issue(&mut s, "enquiry", &["stay"]);
    let next = s.issue("enquiry");
    assert_eq!(s.serve("2"), goer);
    s.must(finish_and_next("2"));
    s.must(undo("2"));
    assert_eq!(s.ticket(goer).state, TicketState::Serving);
    assert_eq!(s.ticket(next).state, TicketState::Waiting);
    assert_eq!(to_come(&s, goer), ["stay"]);
    // Once another counter has called the visitor, it is too late.
    s.must(finish("1"));
    s.must(finish("1"));
    s.must(finish("2"));
    assert_eq!(s.call("1"), goer);
    assert_eq!(s.refused(undo("2")), "undo_overtaken");
}

#[test]
fn a_visit_that_is_not_served_to_the_end_is_not_done() {
    let mut s = Station::open(&["2"]);
    let missed = issue(&mut s, "card", &["enquiry"]);
    assert_eq!(s.serve("2"), missed);
    s.must(finish("2"));
    s.must(hold("2"));
    s.must(cancel(missed));
    assert_eq!(s.ticket(missed).state, TicketState::Cancelled);

    let late = issue(&mut s, "card", &["stay"]);
    assert_eq!(s.serve("2"), late);
    s.must(Command::CloseDay);
    let t = s.ticket(late);
    assert_eq!(
        (t.state, t.closed_by_day_end),
        (TicketState::Abandoned, true)
    );
    assert_eq!(t.outcome(), Some(Outcome::Abandoned));
}

#[test]
fn a_missed_visitor_comes_back_to_the_leg_that_was_missed() {
    let mut s = Station::open(&["2", "3"]);
    let visitor = issue(&mut s, "card", &["stay"]);
    assert_eq!(s.serve("2"), visitor);
    s.must(finish("2"));
    assert_eq!(s.call("3"), visitor);
    s.must(no_show("3"));
    s.must(come_back(visitor));
    let t = s.ticket(visitor);
    assert_eq!(
        (t.state, t.service.as_str()),
        (TicketState::Waiting, "stay")
    );
    assert_eq!(t.legs.len(), 1);
}

#[test]
fn a_transfer_after_handling_is_a_leg_and_before_it_is_none() {
    let mut s = Station::open(&["2", "3"]);
    let wrong = s.issue("card");
    assert_eq!(s.call("2"), wrong);
    s.must(transfer("2", Some("stay"), None));
    assert!(s.ticket(wrong).legs.is_empty());
    assert_eq!(s.serve("3"), wrong);
    s.must(transfer("3", Some("card"), None));
    let t = s.ticket(wrong);
    assert_eq!(t.legs.len(), 1);
    assert_eq!(
        *t.visit_service(),
        service("card"),
        "one matter: the last service"
    );
}

#[test]
fn a_correction_keeps_what_was_handled_before() {
    let mut s = Station::open(&["1", "2", "3"]);
    let visitor = issue(&mut s, "enquiry", &["stay"]);
    assert_eq!(s.serve("2"), visitor);
    s.must(finish("2"));
    assert_eq!(s.call("3"), visitor);
    s.must(no_show("3"));
    let correct = |outcome| Command::Correct {
        target: NumberOrTicket::Ticket(visitor),
        correction: queue_core::Correction {
            outcome: Some(outcome),
            service: Some(service("card")),
            class: None,
        },
        reason: "typing error".into(),
    };
    s.must(correct(Outcome::Cancelled));
    let t = s.ticket(visitor);
    assert_eq!(*t.visit_service(), service("card"));
    assert_eq!((t.service.as_str(), t.handling_ms), ("stay", SECOND_MS));
    assert_eq!(t.handled.len(), 1);
    s.must(correct(Outcome::Served));
    assert_eq!(s.ticket(visitor).state, TicketState::Done);
}

#[test]
fn a_plan_in_which_a_station_to_come_is_missing_is_refused() {
    let mut s = Station::open(&["2"]);
    issue(&mut s, "card", &["stay"]);
    let mut without = plan();
    without.services.remove(&service("stay"));
    let offered = without.appointments.as_mut().expect("offered");
    offered.services.remove(&service("stay"));
    for desk in without.counters.values_mut() {
        desk.skills.remove(&service("stay"));
    }
    assert_eq!(s.refused(Command::Configure(without.into())), "plan_in_use");
    let mut nested = plan();
    let card = nested
        .services
        .get_mut(&service("card"))
        .expect("a service");
    card.steps = vec![service("card")];
    assert_eq!(s.refused(Command::Configure(nested.into())), "bad_plan");
}
