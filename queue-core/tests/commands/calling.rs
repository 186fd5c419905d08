//! Who is called: next, by number, again; and what a stale screen may not do.

use queue_core::TicketState::{Called, Done, NoShow};
use queue_core::{CallReason, Command, Event, NumberOrTicket, Reply};

use crate::common::*;

#[test]
fn call_next_takes_the_first_in_line_and_says_why() {
    let mut s = Station::open(&["1"]);
    let first = s.issue("card");
    s.issue("stay");
    assert_eq!(s.call("1"), first);
    assert_eq!(s.state(first), Called);
    assert_eq!(s.counter("1").current, Some(first));
    let last = s.log.last().expect("an event");
    assert!(matches!(
        &last.event,
        Event::TicketCalled { reason: CallReason::Chosen(choice), .. }
            if choice.called.ticket == first && choice.passed.is_none()
    ));
}

#[test]
fn the_reply_to_a_call_names_the_ticket_the_counter_and_the_call() {
    let mut s = Station::open(&["1"]);
    let ticket = s.issue("card");
    let reply = s.must(call_next("1"));
    let call = s.ticket(ticket).last_call.expect("called");
    assert_eq!(call.0, s.engine.seq());
    let counter = counter("1");
    assert_eq!(
        reply,
        Reply::Called {
            ticket,
            counter,
            call
        }
    );
}

#[test]
fn a_priority_ticket_counts_as_taken_twenty_minutes_earlier() {
    let mut s = Station::open(&["1"]);
    let old = s.issue("card");
    s.wait_ms(MINUTE_MS);
    let young = s.issue("card");
    s.wait_ms(19 * MINUTE_MS);
    let priority = s.issue_as("card", Some("priority"));
    let order: Vec<_> = (0..3)
        .map(|_| {
            let called = s.call("1");
            s.must(finish("1"));
            called
        })
        .collect();
    assert_eq!(order, [old, priority, young]);
}

#[test]
fn of_two_equal_keys_the_ticket_issued_first_is_called_first() {
    let mut s = Station::open(&["1"]);
    let regular = s.issue("card");
    // The `issue` below adds a second of its own.
    s.wait_ms(20 * MINUTE_MS - SECOND_MS);
    let priority = s.issue_as("card", Some("priority"));
    let base_ms = |id| s.ticket(id).key.base_ms;
    assert_eq!(base_ms(regular), base_ms(priority) - 20 * MINUTE_MS);
    assert_eq!(s.call("1"), regular);
}

#[test]
fn a_counter_calls_only_what_it_can_do() {
    let mut s = Station::open(&["3"]);
    let card = s.issue("card");
    assert_eq!(s.refused(call_next("3")), "nobody_waiting");
    assert_eq!(s.refused(call_ticket("3", card)), "skill_missing");
    let stay = s.issue("stay");
    assert_eq!(s.call("3"), stay);
}

#[test]
fn an_unknown_closed_or_busy_counter_calls_nobody() {
    let mut s = Station::open(&["1"]);
    s.issue("card");
    s.issue("card");
    assert_eq!(s.refused(call_next("9")), "unknown_counter");
    assert_eq!(s.refused(call_next("2")), "counter_closed");
    s.call("1");
    assert_eq!(s.refused(call_next("1")), "counter_busy");
    s.must(start("1"));
    assert_eq!(s.refused(call_next("1")), "counter_busy");
}

#[test]
fn a_given_number_is_called_out_of_turn() {
    let mut s = Station::open(&["1"]);
    s.issue("card");
    let second = s.issue("card");
    s.must(Command::CallTicket {
        counter: counter("1"),
        target: NumberOrTicket::Number("a2".parse().expect("a number")),
        reason: None,
    });
    assert_eq!(s.state(second), Called);
    let last = s.log.last().expect("an event");
    assert!(matches!(
        &last.event,
        Event::TicketCalled {
            reason: CallReason::Picked { reason: None },
            ..
        }
    ));
}

#[test]
fn a_held_ticket_and_a_no_show_can_be_called_by_number() {
    let mut s = Station::open(&["1", "2"]);
    let ticket = s.issue("card");
    s.serve("1");
    s.must(hold("1"));
    s.must(call_ticket("2", ticket));
    assert_eq!(s.state(ticket), Called);
    s.must(no_show("2"));
    assert_eq!(s.state(ticket), NoShow);
    assert!(s.ticket(ticket).finished_at.is_some());
    s.must(call_ticket("1", ticket));
    assert_eq!(s.state(ticket), Called);
    assert_eq!(s.ticket(ticket).finished_at, None);
}

#[test]
fn a_ticket_that_is_called_served_or_over_cannot_be_called_by_number() {
    let mut s = Station::open(&["1", "2"]);
    let ticket = s.issue("card");
    s.call("1");
    assert_eq!(s.refused(call_ticket("2", ticket)), "wrong_state");
    s.must(start("1"));
    assert_eq!(s.refused(call_ticket("2", ticket)), "wrong_state");
    s.must(finish("1"));
    assert_eq!(s.refused(call_ticket("2", ticket)), "wrong_state");
    let other = s.issue("card");
    s.must(cancel(other));
    assert_eq!(s.refused(call_ticket("2", other)), "wrong_state");
    let unknown = s.next_ticket_id();
    assert_eq!(s.refused(call_ticket("2", unknown)), "unknown_ticket");
}

#[test]
fn a_recall_is_a_new_call_of_the_same_visitor() {
    let mut s = Station::open(&["1"]);
    let ticket = s.issue("card");
    s.call("1");
    let first = s.ticket(ticket).clone();
    s.wait_ms(30 * SECOND_MS);
    s.must(recall("1"));
    let again = s.ticket(ticket);
    assert_eq!(again.state, Called);
    assert_eq!((first.calls, again.calls), (1, 2));
    assert_eq!(again.first_called_at, first.first_called_at);
    assert_eq!(again.last_called_at, Some(s.now));
    assert!(again.last_call > first.last_call);
}

#[test]
fn only_a_called_visitor_is_recalled_started_or_marked_no_show() {
    let mut s = Station::open(&["1"]);
    s.issue("card");
    for command in [recall("1"), start("1"), no_show("1")] {
        assert_eq!(s.refused(command), "counter_idle");
    }
    s.serve("1");
    for command in [recall("1"), start("1"), no_show("1")] {
        assert_eq!(s.refused(command), "not_called");
    }
}

#[test]
fn a_stale_screen_does_not_finish_somebody_else() {
    let mut s = Station::open(&["1"]);
    let (first, second) = (s.issue("card"), s.issue("card"));
    let finish_if = |ticket| Command::IfCurrent {
        counter: counter("1"),
        ticket,
        command: finish("1").into(),
    };
    assert_eq!(s.refused(finish_if(first)), "stale_view");
    s.serve("1");
    assert_eq!(s.refused(finish_if(second)), "stale_view");
    s.must(finish_if(first));
    assert_eq!(s.state(first), Done);
    s.call("1");
    assert_eq!(s.refused(finish_if(first)), "stale_view");
}
