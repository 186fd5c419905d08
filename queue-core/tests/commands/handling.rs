//! Start, finish, no-show, hold and resume, transfer.

use queue_core::Reply;
use queue_core::TicketState::{Called, Done, Held, NoShow, Serving, Waiting};

use crate::common::*;

#[test]
fn start_and_finish_measure_wait_walk_and_handling() {
    let mut s = Station::open(&["1"]);
    let ticket = s.issue("card");
    s.wait_ms(299 * SECOND_MS);
    s.call("1");
    s.wait_ms(19 * SECOND_MS);
    s.must(start("1"));
    s.wait_ms(179 * SECOND_MS);
    s.must(finish("1"));
    let t = s.ticket(ticket);
    assert_eq!(t.state, Done);
    let called_at = t.first_called_at.expect("called");
    assert_eq!(called_at.since_ms(t.issued_at), 300_000);
    assert_eq!(t.walk_ms, Some(20_000));
    assert_eq!(t.handling_ms, 180_000);
    assert!(!t.start_inferred);
    assert_eq!(t.finished_at, Some(s.now));
    assert_eq!(s.counter("1").current, None);
}

#[test]
fn finish_without_start_counts_from_the_last_call_and_leaves_the_walk_unknown() {
    let mut s = Station::open(&["1"]);
    let ticket = s.issue("card");
    s.call("1");
    s.wait_ms(29 * SECOND_MS);
    s.must(recall("1"));
    s.wait_ms(59 * SECOND_MS);
    s.must(finish("1"));
    let t = s.ticket(ticket);
    assert_eq!(t.state, Done);
    assert!(t.start_inferred);
    assert_eq!(t.started_at, t.last_called_at);
    assert_eq!(t.handling_ms, 60_000);
    assert_eq!(t.walk_ms, None);
}

#[test]
fn finish_needs_a_visitor() {
    let mut s = Station::open(&["1"]);
    assert_eq!(s.refused(finish("1")), "counter_idle");
    assert_eq!(s.refused(finish_and_next("1")), "counter_idle");
    assert_eq!(s.refused(finish("3")), "counter_closed");
}

#[test]
fn finish_and_next_is_one_command_with_two_events() {
    let mut s = Station::open(&["1"]);
    let (first, second) = (s.issue("card"), s.issue("card"));
    s.serve("1");
    let reply = s.must(finish_and_next("1"));
    assert!(matches!(reply, Reply::Called { ticket, .. } if ticket == second));
    assert_eq!(s.last_kinds(2), ["service_finished", "ticket_called"]);
    assert_eq!((s.state(first), s.state(second)), (Done, Called));
    let [finished, called] = &s.log[s.log.len() - 2..] else {
        panic!("two events");
    };
    assert_eq!(finished.command, called.command);
}

#[test]
fn finish_and_next_only_finishes_where_nobody_waits() {
    let mut s = Station::open(&["1"]);
    let only = s.issue("card");
    s.serve("1");
    let ticket = Some(only);
    assert_eq!(s.must(finish_and_next("1")), Reply::Done { ticket });
    assert_eq!(s.last_kinds(1), ["service_finished"]);
    assert_eq!(s.counter("1").current, None);
}

#[test]
fn a_no_show_frees_the_counter_and_is_not_called_again_by_itself() {
    let mut s = Station::open(&["1"]);
    let ticket = s.issue("card");
    s.call("1");
    s.must(no_show("1"));
    assert_eq!(s.state(ticket), NoShow);
    assert_eq!(s.counter("1").current, None);
    assert_eq!(s.refused(call_next("1")), "nobody_waiting");
}

#[test]
fn a_held_visitor_goes_on_where_the_handling_stopped() {
    let mut s = Station::open(&["1"]);
    let ticket = s.issue("card");
    s.serve("1");
    s.wait_ms(59 * SECOND_MS);
    s.must(hold("1"));
    assert_eq!(s.state(ticket), Held);
    assert_eq!(s.counter("1").current, None);
    // The counter is free for others, and a held visitor is not called by itself.
    let other = s.issue("card");
    assert_eq!(s.call("1"), other);
    s.must(finish("1"));
    s.wait_ms(10 * MINUTE_MS);
    s.must(resume("1", None));
    assert_eq!(s.state(ticket), Serving);
    s.wait_ms(29 * SECOND_MS);
    s.must(finish("1"));
    // 60 s before the hold and 30 s after; the time on hold is not handling.
    assert_eq!(s.ticket(ticket).handling_ms, 90_000);
}

#[test]
fn a_called_visitor_can_be_held_too() {
    let mut s = Station::open(&["1"]);
    let ticket = s.issue("card");
    s.call("1");
    s.wait_ms(14 * SECOND_MS);
    s.must(hold("1"));
    assert_eq!(s.state(ticket), Held);
    s.wait_ms(10 * MINUTE_MS);
    s.must(resume("1", None));
    s.wait_ms(4 * SECOND_MS);
    s.must(finish("1"));
    // Nobody pressed start: the work counts from the call, and how long the walk was is not known; the hold is neither.
    // (Every command takes a second here.)
    let ticket = s.ticket(ticket);
    assert_eq!(ticket.handling_ms, 20_000);
    assert_eq!(ticket.walk_ms, None);
    assert!(ticket.start_inferred);
}

#[test]
fn resume_without_a_name_takes_the_visitor_this_counter_held_last() {
    let mut s = Station::open(&["1", "2"]);
    let (first, second, third) = (s.issue("card"), s.issue("card"), s.issue("card"));
    for id in ["1", "1", "2"] {
        s.serve(id);
        s.must(hold(id));
    }
    s.must(resume("1", None));
    assert_eq!(s.counter("1").current, Some(second));
    s.must(finish("1"));
    s.must(resume("1", None));
    assert_eq!(s.counter("1").current, Some(first));
    s.must(finish("1"));
    assert_eq!(s.refused(resume("1", None)), "nobody_held");
    // By name a colleague may go on with the visitor.
    s.must(resume("1", Some(third)));
    assert_eq!(s.ticket(third).counter, Some(counter("1")));
}

#[test]
fn resume_needs_a_held_visitor_and_the_skill() {
    let mut s = Station::open(&["1", "3"]);
    let ticket = s.issue("card");
    assert_eq!(s.refused(resume("1", Some(ticket))), "wrong_state");
    s.serve("1");
    s.must(hold("1"));
    assert_eq!(s.refused(resume("3", Some(ticket))), "skill_missing");
    s.must(resume("1", Some(ticket)));
    assert_eq!(s.refused(resume("1", None)), "counter_busy");
}

#[test]
fn a_transfer_to_another_service_keeps_the_seniority() {
    let mut s = Station::open(&["1", "3"]);
    let first = s.issue("card");
    s.wait_ms(MINUTE_MS);
    let stay = s.issue("stay");
    s.serve("1");
    let key = s.ticket(first).key;
    s.must(transfer("1", Some("stay"), None));
    assert_eq!(s.state(first), Waiting);
    assert_eq!(s.ticket(first).key, key);
    assert_eq!(s.ticket(first).service, service("stay"));
    assert_eq!(s.counter("1").current, None);
    assert_eq!(s.call("3"), first);
    s.must(finish("3"));
    assert_eq!(s.call("3"), stay);
}

#[test]
fn a_transfer_to_a_counter_waits_for_that_counter_only() {
    let mut s = Station::open(&["1", "2"]);
    let first = s.issue("card");
    let second = s.issue("card");
    s.serve("1");
    s.must(transfer("1", None, Some("2")));
    assert_eq!(s.ticket(first).directed_to, Some(counter("2")));
    assert_eq!(s.call("1"), second);
    s.must(finish("1"));
    assert_eq!(s.refused(call_next("1")), "nobody_waiting");
    assert_eq!(s.call("2"), first);
    assert_eq!(s.ticket(first).directed_to, None);
}

#[test]
fn handling_adds_up_over_a_transfer() {
    let mut s = Station::open(&["1", "3"]);
    let ticket = s.issue("card");
    s.serve("1");
    s.wait_ms(59 * SECOND_MS);
    s.must(transfer("1", Some("stay"), None));
    s.wait_ms(MINUTE_MS);
    s.serve("3");
    s.wait_ms(29 * SECOND_MS);
    s.must(finish("3"));
    assert_eq!(s.ticket(ticket).handling_ms, 90_000);
    let t = s.ticket(ticket);
    assert!(t.first_called_at < t.last_called_at);
}

#[test]
fn a_called_visitor_can_be_transferred() {
    let mut s = Station::open(&["1"]);
    let ticket = s.issue("card");
    s.call("1");
    s.must(transfer("1", Some("stay"), None));
    assert_eq!(s.state(ticket), Waiting);
    assert_eq!(s.ticket(ticket).handling_ms, 0);
}

#[test]
fn a_transfer_has_to_lead_somewhere() {
    let mut s = Station::open(&["1"]);
    s.issue("card");
    assert_eq!(s.refused(transfer("1", Some("stay"), None)), "counter_idle");
    s.serve("1");
    assert_eq!(s.refused(transfer("1", None, None)), "transfer_nowhere");
    assert_eq!(
        s.refused(transfer("1", Some("card"), None)),
        "transfer_nowhere"
    );
    assert_eq!(
        s.refused(transfer("1", None, Some("1"))),
        "transfer_nowhere"
    );
    assert_eq!(
        s.refused(transfer("1", Some("dance"), None)),
        "unknown_service"
    );
    assert_eq!(s.refused(transfer("1", None, Some("9"))), "unknown_counter");
    assert_eq!(s.refused(transfer("1", None, Some("3"))), "skill_missing");
    assert_eq!(
        s.refused(transfer("1", Some("stay"), Some("2"))),
        "skill_missing"
    );
}
