//! Who was called before me, and why: what somebody who waits is told.

use queue_core::{Command, Discipline, Explanation, PassedBy, TicketId};

use crate::common::*;

fn passed_by(s: &Station, ticket: TicketId) -> Option<PassedBy> {
    let view = s.engine.ticket_view(s.now, ticket);
    view.expect("the ticket is known").passed_by
}

/// Number of the one who passed.
fn passer(s: &Station, ticket: TicketId) -> Option<String> {
    passed_by(s, ticket).map(|by| by.number.to_string())
}

#[test]
fn a_head_start_is_told_to_everybody_it_passed_and_to_nobody_else() {
    let mut s = Station::open(&["1"]);
    let first = s.issue("card");
    let second = s.issue("card");
    let priority = s.issue_as("card", Some("priority"));
    let later = s.issue("card");
    for waiting in [first, second, priority, later] {
        assert_eq!(passed_by(&s, waiting), None, "nobody was called");
    }
    assert_eq!(s.call("1"), priority);
    for passed in [first, second] {
        let by = passed_by(&s, passed).expect("somebody passed");
        assert_eq!(by.number.to_string(), s.number(priority));
        assert_eq!(by.counter, counter("1"));
        assert_eq!(Some(by.at), s.ticket(priority).first_called_at);
        let reason = s.ticket(priority).called_because.as_ref();
        assert_eq!(by.why, reason.expect("it was called").explain());
        assert!(matches!(by.why, Explanation::HeadStart { .. }));
    }
    assert_eq!(passed_by(&s, later), None, "it came after the one called");
    assert_eq!(passed_by(&s, priority), None, "it does not wait");
    // A recall is no other call, and a finished visit has still passed.
    let told = passed_by(&s, first);
    s.must(recall("1"));
    s.must(start("1"));
    s.must(finish("1"));
    assert_eq!(passed_by(&s, first), told);
    // Who is called is told nothing any more; who came first passes nobody.
    assert_eq!(s.call("1"), first);
    assert_eq!(passed_by(&s, first), None);
    assert_eq!(passed_by(&s, second), told);
}

#[test]
fn the_latest_of_several_is_named() {
    let mut s = Station::open(&["1"]);
    let first = s.issue("card");
    let early = s.issue_as("card", Some("priority"));
    let late = s.issue_as("card", Some("priority"));
    s.serve("1");
    assert_eq!(passer(&s, first), Some(s.number(early)));
    s.must(finish_and_next("1"));
    assert_eq!(passer(&s, first), Some(s.number(late)));
}

#[test]
fn what_is_taken_back_has_passed_nobody() {
    let mut s = Station::open(&["1", "2"]);
    let first = s.issue("card");
    let priorities: Vec<_> = (0..3)
        .map(|_| s.issue_as("card", Some("priority")))
        .collect();
    s.serve("1");
    s.must(finish_and_next("1"));
    assert_eq!(passer(&s, first), Some(s.number(priorities[1])));
    s.call("2");
    assert_eq!(passer(&s, first), Some(s.number(priorities[2])));
    s.must(undo("1"));
    assert_eq!(
        passer(&s, first),
        Some(s.number(priorities[2])),
        "another counter's call stays"
    );
    s.must(undo("2"));
    assert_eq!(
        passer(&s, first),
        Some(s.number(priorities[0])),
        "what was before it is told again"
    );
}

#[test]
fn a_picked_number_passes_those_who_came_earlier() {
    let mut s = Station::open(&["1"]);
    s.must(Command::Configure({
        let mut plan = plan();
        plan.rules.discipline = Discipline::Fcfs;
        plan.into()
    }));
    let first = s.issue("card");
    let second = s.issue("card");
    let third = s.issue("card");
    s.must(call_ticket("1", second));
    let by = passed_by(&s, first).expect("somebody passed");
    assert_eq!(
        (by.number.to_string(), by.why),
        (s.number(second), Explanation::Picked { reason: None })
    );
    assert_eq!(passed_by(&s, third), None);
}

#[test]
fn only_counters_that_might_have_called_it_count() {
    // Counter 3 knows only `stay`.
    let mut s = Station::open(&["1", "3"]);
    let card = s.issue("card");
    let stay = s.issue("stay");
    s.issue_as("stay", Some("priority"));
    s.call("3");
    assert_eq!(passed_by(&s, card), None);
    assert!(passed_by(&s, stay).is_some());
}

#[test]
fn who_was_at_a_counter_meanwhile_was_not_passed() {
    let mut s = Station::open(&["1", "2"]);
    let moved = s.issue("card");
    s.serve("1");
    let waits = s.issue("card");
    let favoured = s.issue_as("card", Some("priority"));
    assert_eq!(s.call("2"), favoured);
    s.must(transfer("1", Some("enquiry"), None));
    assert_eq!(passed_by(&s, moved), None, "it was being served");
    assert_eq!(passer(&s, waits), Some(s.number(favoured)));
    // Once it waits again it can be passed like anybody.
    let next = s.issue_as("card", Some("priority"));
    s.must(call_ticket("1", next));
    assert_eq!(passer(&s, moved), Some(s.number(next)));
}

#[test]
fn another_day_begins_without_it() {
    let mut s = Station::open(&["1"]);
    s.issue("card");
    s.issue_as("card", Some("priority"));
    s.call("1");
    s.must(Command::CloseDay);
    s.must(open_day("2026-11-21"));
    let fresh = s.issue("card");
    assert_eq!(passed_by(&s, fresh), None);
}
