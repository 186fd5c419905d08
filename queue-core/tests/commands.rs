//! The rules of the counter, one readable test each.

mod common;

use common::*;
use queue_core::TicketState::{Abandoned, Called, Cancelled, Done, Held, NoShow, Serving, Waiting};
use queue_core::{
    CallReason, Command, CounterState, Event, NumberOrTicket, PrintOutcome, Rejected, Reply,
    StaffId,
};

/// Undoes the last action of a counter `ms` after it.
#[track_caller]
fn undo_after(station: &mut Station, id: &str, ms: i64) -> Result<usize, Rejected> {
    station.wait_ms(ms);
    station.send(undo(id)).map(|(_, events)| events)
}

/// Runs an action that ends in undo, and checks that every ticket and the counter are as before.
#[track_caller]
fn is_undone_whole(mut station: Station, id: &str, action: Command) {
    let before = station.clone();
    station.must(action);
    assert!(station.engine != before.engine);
    undo_after(&mut station, id, 8_000).expect("in time");
    let mut were = before.engine.tickets();
    for ticket in station.engine.tickets() {
        let mut was = were.next().expect("no ticket appeared").clone();
        // When it last changed is a fact of the log, not of the figures.
        was.changed_seq = ticket.changed_seq;
        assert_eq!(*ticket, was);
    }
    assert!(were.next().is_none(), "a ticket vanished");
    let (now, was) = (station.counter(id), before.counter(id));
    assert_eq!(now.current, was.current);
    assert_eq!(now.state, was.state);
    assert_eq!(now.busy_since, was.busy_since);
    assert_eq!(now.free_since, was.free_since);
    let lines = |s: &Station| {
        let lines = s.engine.lines().expect("a day");
        let plan = s.engine.plan();
        let of_counters = plan.counters.keys().map(|c| lines.callable_by(plan, c));
        of_counters.collect::<Vec<_>>()
    };
    assert_eq!(lines(&station), lines(&before));
    let (shown, was_shown) = (station.engine.board(MORNING), before.engine.board(MORNING));
    assert_eq!(shown.calls, was_shown.calls);
    let now_at = |board: &queue_core::Board| -> Vec<_> {
        board.services.iter().map(|s| s.now_at.clone()).collect()
    };
    assert_eq!(now_at(&shown), now_at(&was_shown));
}

// Calling

#[test]
fn call_next_takes_the_first_in_line_and_says_why() {
    let mut s = Station::open(&["1"]);
    let first = s.issue("card");
    s.issue("stay");
    assert_eq!(s.call("1"), first);
    assert_eq!(s.state(first), Called);
    assert_eq!(s.counter("1").current, Some(first));
    let key = s.ticket(first).key;
    let last = s.log.last().expect("an event");
    assert!(matches!(
        &last.event,
        Event::TicketCalled { reason: CallReason::HeadStart { key: k }, .. } if *k == key
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
    assert_eq!(s.ticket(regular).key.key_ms, s.ticket(priority).key.key_ms);
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
    });
    assert_eq!(s.state(second), Called);
    let last = s.log.last().expect("an event");
    assert!(matches!(
        &last.event,
        Event::TicketCalled {
            reason: CallReason::Picked,
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

// Handling

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
    s.must(hold("1"));
    assert_eq!(s.state(ticket), Held);
    assert_eq!(s.ticket(ticket).handling_ms, 0);
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
    assert_eq!(s.refused(resume("1", None)), "nobody_waiting");
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

// Transfer

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

// Issue and cancel

#[test]
fn services_of_one_series_share_its_numbers() {
    let mut s = Station::with_open_day();
    let numbers = ["card", "stay", "enquiry", "card"].map(|service| {
        let ticket = s.issue(service);
        s.number(ticket)
    });
    assert_eq!(numbers, ["A001", "B001", "A002", "A003"]);
}

#[test]
fn a_ticket_needs_a_day_a_known_service_and_a_known_class() {
    let mut s = Station::with_open_day();
    let issue = |s: &mut Station, id: &str, class_id: Option<&str>| Command::IssueTicket {
        ticket: s.next_ticket_id(),
        service: service(id),
        class: class_id.map(class),
        language: None,
        channel: service("kiosk"),
    };
    let dance = issue(&mut s, "dance", None);
    assert_eq!(s.refused(dance), "unknown_service");
    let royal = issue(&mut s, "card", Some("royal"));
    assert_eq!(s.refused(royal), "unknown_class");
    s.must(Command::CloseDay);
    let late = issue(&mut s, "card", None);
    assert_eq!(s.refused(late), "day_closed");
}

#[test]
fn a_ticket_without_a_class_is_of_the_default_class() {
    let mut s = Station::with_open_day();
    let ticket = s.issue("card");
    assert_eq!(s.ticket(ticket).class, class("regular"));
}

#[test]
fn a_ticket_id_is_given_out_once() {
    let mut s = Station::open(&["1"]);
    let ticket = s.issue("card");
    let again = Command::IssueTicket {
        ticket,
        service: service("stay"),
        class: None,
        language: None,
        channel: service("kiosk"),
    };
    assert_eq!(s.refused(again), "idempotency_key_reused");
    assert_eq!(s.number(ticket), "A001");
}

#[test]
fn a_waiting_or_held_ticket_can_be_cancelled() {
    let mut s = Station::open(&["1"]);
    let (waiting, held) = (s.issue("card"), s.issue("card"));
    s.must(call_ticket("1", held));
    s.must(hold("1"));
    for ticket in [waiting, held] {
        s.must(cancel(ticket));
        assert_eq!(s.state(ticket), Cancelled);
        assert_eq!(s.ticket(ticket).finished_at, Some(s.now));
    }
    assert_eq!(s.refused(call_next("1")), "nobody_waiting");
    // Once more changes nothing and is not an error: the visitor touched twice.
    s.must(cancel(waiting));
    assert_eq!(s.last_kinds(1), ["ticket_cancelled"]);
    assert_eq!(s.engine.seq(), s.log.len() as u64);
}

#[test]
fn a_visitor_at_a_counter_cannot_cancel() {
    let mut s = Station::open(&["1"]);
    let ticket = s.issue("card");
    s.call("1");
    assert_eq!(s.refused(cancel(ticket)), "wrong_state");
    s.must(start("1"));
    assert_eq!(s.refused(cancel(ticket)), "wrong_state");
    s.must(finish("1"));
    assert_eq!(s.refused(cancel(ticket)), "wrong_state");
    let unknown = s.next_ticket_id();
    assert_eq!(s.refused(cancel(unknown)), "unknown_ticket");
}

// Undo

#[test]
fn a_call_is_undone() {
    let mut s = Station::open(&["1"]);
    s.issue("card");
    is_undone_whole(s, "1", call_next("1"));
}

#[test]
fn a_later_call_is_undone() {
    let mut s = Station::open(&["1", "2"]);
    s.issue("card");
    s.issue("card");
    s.call("2");
    s.must(recall("2"));
    is_undone_whole(s, "1", call_next("1"));
}

#[test]
fn a_call_by_number_is_undone() {
    let mut s = Station::open(&["1"]);
    let ticket = s.issue("card");
    s.issue("card");
    is_undone_whole(s.clone(), "1", call_ticket("1", ticket));
    s.call("1");
    s.must(no_show("1"));
    is_undone_whole(s.clone(), "1", call_ticket("1", ticket));
    s.must(call_ticket("1", ticket));
    s.must(hold("1"));
    is_undone_whole(s, "1", call_ticket("1", ticket));
}

#[test]
fn a_call_of_a_directed_ticket_is_undone() {
    let mut s = Station::open(&["1", "2"]);
    let ticket = s.issue("card");
    s.issue("card");
    s.serve("1");
    s.must(transfer("1", None, Some("2")));
    s.call("1");
    is_undone_whole(s.clone(), "2", call_next("2"));
    s.must(finish("1"));
    is_undone_whole(s, "1", call_ticket("1", ticket));
}

#[test]
fn a_start_is_undone() {
    let mut s = Station::open(&["1"]);
    s.issue("card");
    s.call("1");
    is_undone_whole(s, "1", start("1"));
}

#[test]
fn a_finish_is_undone_with_and_without_start() {
    let mut s = Station::open(&["1"]);
    s.issue("card");
    s.call("1");
    is_undone_whole(s.clone(), "1", finish("1"));
    s.must(start("1"));
    is_undone_whole(s, "1", finish("1"));
}

#[test]
fn a_no_show_is_undone() {
    let mut s = Station::open(&["1"]);
    s.issue("card");
    s.call("1");
    is_undone_whole(s, "1", no_show("1"));
}

#[test]
fn a_hold_and_a_resume_are_undone() {
    let mut s = Station::open(&["1"]);
    s.issue("card");
    s.serve("1");
    is_undone_whole(s.clone(), "1", hold("1"));
    s.must(hold("1"));
    is_undone_whole(s, "1", resume("1", None));
}

#[test]
fn a_transfer_is_undone() {
    let mut s = Station::open(&["1", "2", "3"]);
    s.issue("card");
    s.serve("1");
    is_undone_whole(s.clone(), "1", transfer("1", Some("stay"), None));
    is_undone_whole(s.clone(), "1", transfer("1", None, Some("2")));
    is_undone_whole(s, "1", transfer("1", Some("stay"), Some("3")));
}

#[test]
fn finish_and_next_is_undone_as_a_whole() {
    let mut s = Station::open(&["1"]);
    s.issue("card");
    s.issue("card");
    s.serve("1");
    s.wait_ms(MINUTE_MS);
    is_undone_whole(s.clone(), "1", finish_and_next("1"));
    // Also where nobody came next.
    s.must(finish_and_next("1"));
    s.must(start("1"));
    is_undone_whole(s, "1", finish_and_next("1"));
}

#[test]
fn undo_works_for_eight_seconds() {
    let mut s = Station::open(&["1"]);
    let ticket = s.issue("card");
    s.call("1");
    let mut late = s.clone();
    assert_eq!(undo_after(&mut s, "1", 8_000), Ok(1));
    assert_eq!(s.state(ticket), Waiting);
    assert_eq!(
        undo_after(&mut late, "1", 8_001),
        Err(Rejected::UndoExpired)
    );
    assert_eq!(late.state(ticket), Called);
}

#[test]
fn undo_repairs_the_figures() {
    let mut s = Station::open(&["1"]);
    let ticket = s.issue("card");
    s.serve("1");
    s.wait_ms(59 * SECOND_MS);
    s.must(finish("1"));
    s.must(undo("1"));
    s.wait_ms(58 * SECOND_MS);
    s.must(finish("1"));
    // The finish that was taken back left no mark: one session of two minutes.
    assert_eq!(s.ticket(ticket).handling_ms, 120_000);
    assert_eq!(s.ticket(ticket).finished_at, Some(s.now));
}

#[test]
fn there_is_one_step_of_undo() {
    let mut s = Station::open(&["1", "2"]);
    assert_eq!(s.refused(undo("1")), "undo_nothing");
    assert_eq!(s.refused(undo("9")), "unknown_counter");
    s.issue("card");
    s.serve("1");
    assert_eq!(s.refused(undo("2")), "undo_nothing");
    s.must(undo("1"));
    assert_eq!(s.refused(undo("1")), "undo_nothing");
}

#[test]
fn a_recall_and_a_change_of_the_counter_end_the_undo() {
    let mut s = Station::open(&["1"]);
    s.issue("card");
    s.call("1");
    s.must(recall("1"));
    assert_eq!(s.refused(undo("1")), "undo_nothing");
    s.must(finish("1"));
    s.must(pause("1"));
    assert_eq!(s.refused(undo("1")), "undo_nothing");
}

#[test]
fn a_visitor_somebody_else_has_called_is_not_pulled_back() {
    let mut s = Station::open(&["1", "2"]);
    let ticket = s.issue("card");
    s.serve("1");
    s.must(transfer("1", Some("enquiry"), None));
    assert_eq!(s.call("2"), ticket);
    assert_eq!(s.refused(undo("1")), "undo_expired");
    s.must(no_show("2"));
    s.must(call_ticket("1", ticket));
    s.must(no_show("1"));
    s.must(call_ticket("2", ticket));
    assert_eq!(s.refused(undo("1")), "undo_expired");
}

#[test]
fn a_visitor_who_has_cancelled_since_is_not_pulled_back() {
    let mut s = Station::open(&["1"]);
    let held = s.issue("card");
    s.serve("1");
    s.must(hold("1"));
    s.must(cancel(held));
    assert_eq!(s.refused(undo("1")), "undo_expired");
    let moved = s.issue("card");
    s.serve("1");
    s.must(transfer("1", Some("stay"), None));
    s.must(cancel(moved));
    assert_eq!(s.refused(undo("1")), "undo_expired");
}

#[test]
fn an_undone_number_is_no_longer_the_one_called_last() {
    let mut s = Station::open(&["1", "2"]);
    s.issue("card");
    s.issue("card");
    s.call("2");
    s.call("1");
    let now_at = |s: &Station| {
        let board = s.engine.board(s.now);
        let of_card = board.services.iter().find(|b| b.id == service("card"));
        of_card.and_then(|b| b.now_at.as_ref().map(ToString::to_string))
    };
    assert_eq!(now_at(&s).as_deref(), Some("A002"));
    s.must(undo("2"));
    assert_eq!(now_at(&s).as_deref(), Some("A002"));
    s.must(undo("1"));
    assert_eq!(now_at(&s), None);
}

#[test]
fn undo_leaves_what_visitor_and_printer_have_said() {
    let mut s = Station::open(&["2"]);
    let ticket = s.issue("card");
    s.serve("2");
    s.must(finish("2"));
    s.must(rate(ticket, 4));
    s.must(Command::ReportPrint {
        ticket,
        job: "K1-1".into(),
        outcome: PrintOutcome::Printed,
    });
    s.must(undo("2"));
    let t = s.ticket(ticket);
    assert_eq!(t.state, Serving);
    assert_eq!(t.rating.as_ref().map(|r| r.score), Some(4));
    assert_eq!(t.print, Some(PrintOutcome::Printed));
}

// Rating

#[test]
fn the_first_rating_wins() {
    let mut s = Station::open(&["1"]);
    let ticket = s.issue("card");
    s.serve("1");
    s.must(finish("1"));
    s.must(rate(ticket, 5));
    assert_eq!(s.refused(rate(ticket, 1)), "already_rated");
    let rating = s.ticket(ticket).rating.as_ref();
    assert_eq!(rating.map(|r| r.score), Some(5));
}

#[test]
fn a_score_is_one_to_five() {
    let mut s = Station::open(&["1"]);
    for score in 1..=5 {
        let ticket = s.issue("card");
        s.serve("1");
        assert_eq!(s.refused(rate(ticket, 0)), "bad_score");
        assert_eq!(s.refused(rate(ticket, 6)), "bad_score");
        s.must(rate(ticket, score));
        s.must(finish("1"));
    }
}

#[test]
fn only_a_served_visitor_rates() {
    let mut s = Station::open(&["1"]);
    let ticket = s.issue("card");
    assert_eq!(s.refused(rate(ticket, 3)), "ticket_not_rateable");
    s.call("1");
    assert_eq!(s.refused(rate(ticket, 3)), "ticket_not_rateable");
    s.must(no_show("1"));
    assert_eq!(s.refused(rate(ticket, 3)), "ticket_not_rateable");
    let unknown = s.next_ticket_id();
    assert_eq!(s.refused(rate(unknown, 3)), "unknown_ticket");
}

#[test]
fn a_rating_has_bounds() {
    let mut s = Station::open(&["1"]);
    let ticket = s.issue("card");
    s.serve("1");
    let rate = |reasons: usize, length: usize, comment: usize| Command::Rate {
        ticket,
        score: 3,
        reasons: vec!["x".repeat(length); reasons],
        comment: Some("評".repeat(comment)),
    };
    assert_eq!(s.refused(rate(9, 1, 0)), "text_too_long");
    assert_eq!(s.refused(rate(1, 201, 0)), "text_too_long");
    assert_eq!(s.refused(rate(1, 1, 501)), "text_too_long");
    s.must(rate(8, 200, 500));
}

#[test]
fn a_counter_that_asks_for_ratings_asks_until_the_answer_or_the_next_call() {
    let mut s = Station::open(&["1", "2"]);
    let (first, second) = (s.issue("card"), s.issue("card"));
    s.serve("2");
    s.must(finish("2"));
    assert_eq!(s.counter("2").asking, Some(first));
    assert!(s.ticket(first).rating_invited);
    s.must(rate(first, 5));
    assert_eq!(s.counter("2").asking, None);
    s.serve("2");
    s.must(finish("2"));
    assert_eq!(s.counter("2").asking, Some(second));
    s.issue("card");
    s.call("2");
    assert_eq!(s.counter("2").asking, None);
    // Counter 1 does not ask by itself.
    s.issue("card");
    let quiet = s.serve("1");
    s.must(finish("1"));
    assert_eq!(s.counter("1").asking, None);
    assert!(!s.ticket(quiet).rating_invited);
}

#[test]
fn a_visitor_who_has_rated_is_not_asked_again() {
    let mut s = Station::open(&["2"]);
    let ticket = s.issue("card");
    s.serve("2");
    s.must(rate(ticket, 5));
    s.must(finish("2"));
    assert_eq!(s.counter("2").asking, None);
}

#[test]
fn staff_may_ask_for_a_rating_while_serving() {
    let mut s = Station::open(&["1"]);
    let invite = Command::InviteRating {
        counter: counter("1"),
    };
    let ticket = s.issue("card");
    assert_eq!(s.refused(invite.clone()), "counter_idle");
    s.call("1");
    assert_eq!(s.refused(invite.clone()), "wrong_state");
    s.must(start("1"));
    s.must(invite);
    assert_eq!(s.counter("1").asking, Some(ticket));
    assert!(s.ticket(ticket).rating_invited);
}

// Counters

#[test]
fn a_counter_opens_pauses_goes_on_and_closes() {
    let mut s = Station::with_open_day();
    assert_eq!(s.counter("1").state, CounterState::Closed);
    s.must(Command::OpenCounter {
        counter: counter("1"),
        staff: Some(StaffId::new("lin").expect("a name")),
    });
    assert_eq!(s.counter("1").state, CounterState::Open);
    s.must(pause("1"));
    let reason = "lunch".to_owned();
    assert_eq!(
        s.counter("1").state,
        CounterState::Paused {
            reason,
            until: None
        }
    );
    assert_eq!(s.refused(call_next("1")), "counter_paused");
    assert_eq!(s.refused(pause("1")), "counter_paused");
    s.must(resume("1", None));
    assert_eq!(s.counter("1").state, CounterState::Open);
    s.must(pause("1"));
    s.open_counter("1");
    let staff = s.counter("1").staff.as_ref().map(ToString::to_string);
    assert_eq!(staff.as_deref(), Some("lin"), "a pause keeps the staff");
    s.must(close("1"));
    assert_eq!(s.counter("1").state, CounterState::Closed);
    assert_eq!(s.counter("1").staff, None);
}

#[test]
fn a_counter_with_a_visitor_neither_pauses_nor_closes() {
    let mut s = Station::open(&["1"]);
    s.issue("card");
    s.call("1");
    assert_eq!(s.refused(pause("1")), "counter_busy");
    assert_eq!(s.refused(close("1")), "counter_busy");
    s.must(start("1"));
    assert_eq!(s.refused(pause("1")), "counter_busy");
    assert_eq!(s.refused(close("1")), "counter_busy");
}

#[test]
fn what_is_already_so_makes_no_event() {
    let mut s = Station::open(&["1"]);
    let before = s.log.len();
    s.open_counter("1");
    s.must(close("2"));
    assert_eq!(s.log.len(), before);
    assert_eq!(s.refused(close("9")), "unknown_counter");
    assert_eq!(s.refused(pause("2")), "counter_closed");
}

#[test]
fn a_reason_has_a_limit() {
    let mut s = Station::open(&["1"]);
    s.issue("card");
    let pause = |reason: String| Command::PauseCounter {
        counter: counter("1"),
        reason,
        until: None,
    };
    let hold = |reason: String| Command::Hold {
        counter: counter("1"),
        reason,
    };
    assert_eq!(s.refused(pause("x".repeat(201))), "text_too_long");
    s.serve("1");
    assert_eq!(s.refused(hold("x".repeat(201))), "text_too_long");
    s.must(hold("x".repeat(200)));
    s.must(pause("x".repeat(200)));
}

#[test]
fn a_change_of_staff_at_an_open_counter_counts_from_then_on() {
    let mut s = Station::with_open_day();
    let open = |name: &str| Command::OpenCounter {
        counter: counter("1"),
        staff: Some(StaffId::new(name).expect("a name")),
    };
    s.must(open("lin"));
    let first = s.issue("card");
    s.serve("1");
    s.must(finish("1"));
    s.must(open("chen"));
    let second = s.issue("card");
    s.serve("1");
    let staff = |id| s.ticket(id).staff.as_ref().map(ToString::to_string);
    assert_eq!(staff(first).as_deref(), Some("lin"));
    assert_eq!(staff(second).as_deref(), Some("chen"));
}

// The day

#[test]
fn nothing_goes_on_outside_a_day() {
    let mut s = Station::new();
    assert_eq!(s.refused(Command::CloseDay), "day_closed");
    s.must(Command::Configure(plan().into()));
    let open = Command::OpenCounter {
        counter: counter("1"),
        staff: None,
    };
    assert_eq!(s.refused(open.clone()), "day_closed");
    s.must(open_day("2026-11-16"));
    assert_eq!(s.refused(open_day("2026-11-17")), "day_already_open");
    s.must(open);
    let ticket = s.issue("card");
    s.must(Command::CloseDay);
    assert_eq!(s.refused(Command::CloseDay), "day_closed");
    assert_eq!(s.refused(call_next("1")), "day_closed");
    assert_eq!(s.refused(cancel(ticket)), "day_closed");
    assert_eq!(s.refused(undo("1")), "day_closed");
}

#[test]
fn the_close_of_the_day_ends_every_open_ticket_and_closes_every_counter() {
    let mut s = Station::open(&["1", "2", "3"]);
    let serving = s.issue("card");
    s.serve("1");
    let called = s.issue("card");
    s.call("2");
    let held = s.issue("stay");
    s.serve("3");
    s.must(hold("3"));
    let no_showed = s.issue("stay");
    s.call("3");
    s.must(no_show("3"));
    let waiting = s.issue("stay");
    let finished_at = s.ticket(no_showed).finished_at;
    s.wait_ms(MINUTE_MS);
    s.must(Command::CloseDay);
    let ends = [
        (serving, Done),
        (called, Abandoned),
        (held, Abandoned),
        (waiting, Abandoned),
    ];
    for (ticket, state) in ends {
        let t = s.ticket(ticket);
        assert_eq!(t.state, state);
        assert!(t.closed_by_day_end);
        assert_eq!(t.finished_at, Some(s.now));
        assert_eq!(t.session_started_at, None);
    }
    assert_eq!(s.state(no_showed), NoShow);
    assert!(!s.ticket(no_showed).closed_by_day_end);
    assert_eq!(s.ticket(no_showed).finished_at, finished_at);
    for id in ["1", "2", "3"] {
        assert_eq!(s.counter(id).state, CounterState::Closed);
        assert_eq!(s.counter(id).current, None);
    }
    let board = s.engine.board(s.now);
    assert_eq!(board.day, None);
    assert!(board.calls.is_empty());
    assert!(board.services.iter().all(|b| b.waiting == 0));
}

#[test]
fn a_day_opened_again_goes_on_with_its_numbers() {
    let mut s = Station::open(&["1"]);
    let first = s.issue("card");
    s.must(Command::CloseDay);
    s.must(open_day("2026-11-16"));
    let second = s.issue("card");
    assert_eq!(s.number(second), "A002");
    assert_eq!(s.state(first), Abandoned, "what ended stays ended");
    assert_eq!(s.refused(call_next("1")), "counter_closed");
}

#[test]
fn a_new_day_begins_with_number_one_and_without_the_old_tickets() {
    let mut s = Station::with_open_day();
    let old = s.issue("card");
    s.must(Command::CloseDay);
    assert_eq!(s.refused(open_day("2026-11-15")), "day_in_past");
    s.must(open_day("2026-11-17"));
    let first = s.issue("card");
    assert_eq!(s.number(first), "A001");
    assert_eq!(s.engine.ticket(old), None);
}

#[test]
fn a_visitor_may_rate_after_the_day_has_closed() {
    let mut s = Station::open(&["1"]);
    let ticket = s.issue("card");
    s.serve("1");
    s.must(Command::CloseDay);
    s.must(rate(ticket, 4));
}

// The plan

#[test]
fn the_same_plan_again_makes_no_event() {
    let mut s = Station::with_open_day();
    let before = s.log.len();
    s.must(Command::Configure(plan().into()));
    assert_eq!(s.log.len(), before);
}

#[test]
fn a_plan_that_contradicts_itself_is_refused() {
    let mut s = Station::new();
    let mut refused = |change: fn(&mut queue_core::StationPlan)| {
        let mut bad = plan();
        change(&mut bad);
        s.refused(Command::Configure(bad.into()))
    };
    assert_eq!(refused(|p| p.classes.clear()), "bad_plan");
    assert_eq!(refused(|p| p.default_class = None), "bad_plan");
    assert_eq!(
        refused(|p| p.default_class = Some(class("royal"))),
        "bad_plan"
    );
    let over_an_hour = |p: &mut queue_core::StationPlan| {
        for c in p.classes.values_mut() {
            c.credit_s = 3_601;
        }
    };
    assert_eq!(refused(over_an_hour), "bad_plan");
    let without_its_service = |p: &mut queue_core::StationPlan| {
        p.services.remove(&service("card"));
    };
    assert_eq!(refused(without_its_service), "bad_plan");
}

#[test]
fn a_new_plan_adds_and_removes_counters() {
    let mut s = Station::open(&["1", "3"]);
    let mut next = plan();
    let three = next.counters.remove(&counter("3")).expect("counter 3");
    next.counters.insert(counter("4"), three);
    s.must(Command::Configure(next.into()));
    assert_eq!(s.engine.counter(&counter("3")), None);
    assert_eq!(s.counter("4").state, CounterState::Closed);
    assert_eq!(s.counter("1").state, CounterState::Open, "the others go on");
}

#[test]
fn a_plan_takes_nothing_away_that_is_in_use() {
    let mut s = Station::open(&["1"]);
    s.issue("stay");
    let mut without_service = plan();
    without_service.services.remove(&service("stay"));
    for c in without_service.counters.values_mut() {
        c.skills.remove(&service("stay"));
    }
    let mut without_counter = plan();
    without_counter.counters.remove(&counter("1"));
    assert_eq!(
        s.refused(Command::Configure(without_service.clone().into())),
        "plan_in_use"
    );
    s.call("1");
    assert_eq!(
        s.refused(Command::Configure(without_counter.clone().into())),
        "plan_in_use"
    );
    s.must(finish("1"));
    s.must(Command::Configure(without_service.into()));
    s.must(Command::Configure(without_counter.into()));
}

#[test]
fn a_counter_somebody_is_directed_to_does_not_vanish() {
    let mut s = Station::open(&["1"]);
    let ticket = s.issue("card");
    s.serve("1");
    s.must(transfer("1", None, Some("2")));
    let mut next = plan();
    next.counters.remove(&counter("2"));
    assert_eq!(
        s.refused(Command::Configure(next.clone().into())),
        "plan_in_use"
    );
    s.must(cancel(ticket));
    s.must(Command::Configure(next.into()));
}

#[test]
fn a_new_plan_ends_the_undo() {
    let mut s = Station::open(&["1", "2"]);
    let ticket = s.issue("card");
    s.serve("1");
    s.must(transfer("1", None, Some("2")));
    s.must(call_ticket("1", ticket));
    let mut next = plan();
    next.counters.remove(&counter("2"));
    s.must(Command::Configure(next.into()));
    // Taken back, the ticket would wait for a counter that is gone.
    assert_eq!(s.refused(undo("1")), "undo_nothing");
}

#[test]
fn a_new_head_start_is_for_tickets_issued_from_then_on() {
    let mut s = Station::with_open_day();
    let before = s.issue_as("card", Some("priority"));
    let key = s.ticket(before).key;
    let mut next = plan();
    for c in next.classes.values_mut() {
        c.credit_s = 0;
    }
    s.must(Command::Configure(next.into()));
    assert_eq!(s.ticket(before).key, key);
    let after = s.issue_as("card", Some("priority"));
    assert_eq!(s.ticket(after).key.key_ms, s.now.0);
}

// Stale screens

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

// Repeats

#[test]
fn a_repeated_command_gives_the_same_reply_and_no_event() {
    let mut s = Station::open(&["1"]);
    s.issue("card");
    s.issue("card");
    let command_ref = Some(s.next_ref());
    let first = s.send_as(command_ref, call_next("1")).expect("called");
    s.must(finish("1"));
    let (seq, fingerprint) = (s.engine.seq(), s.engine.fingerprint());
    let (reply, events) = s.send_as(command_ref, call_next("1")).expect("repeated");
    assert_eq!(reply, first.0);
    assert_eq!(events, 0);
    assert_eq!((s.engine.seq(), s.engine.fingerprint()), (seq, fingerprint));
}

#[test]
fn an_id_is_not_used_for_two_requests() {
    let mut s = Station::open(&["1"]);
    s.issue("card");
    let command_ref = s.next_ref();
    s.send_as(Some(command_ref), call_next("1"))
        .expect("called");
    let other = queue_core::CommandRef {
        digest: command_ref.digest + 1,
        ..command_ref
    };
    let refused = s.send_as(Some(other), finish("1"));
    assert_eq!(refused.map(|_| ()), Err(Rejected::IdempotencyKeyReused));
}

#[test]
fn a_refused_command_may_be_tried_again_under_its_id() {
    let mut s = Station::open(&["1"]);
    let command_ref = Some(s.next_ref());
    let refused = s.send_as(command_ref, call_next("1"));
    assert_eq!(refused.map(|_| ()), Err(Rejected::NobodyWaiting));
    let ticket = s.issue("card");
    s.send_as(command_ref, call_next("1"))
        .expect("somebody waits now");
    assert_eq!(s.state(ticket), Called);
}

#[test]
fn reports_change_nothing_but_what_they_tell() {
    let mut s = Station::with_open_day();
    let ticket = s.issue("card");
    let report = |outcome| Command::ReportPrint {
        ticket,
        job: "K1-1".into(),
        outcome,
    };
    let cause = "paper_out".to_owned();
    s.must(report(PrintOutcome::Failed { cause }));
    assert_eq!(
        s.engine
            .ticket_view(s.now, ticket)
            .and_then(|v| v.print)
            .as_deref(),
        Some("failed")
    );
    s.must(report(PrintOutcome::Printed));
    assert_eq!(
        s.engine
            .ticket_view(s.now, ticket)
            .and_then(|v| v.print)
            .as_deref(),
        Some("printed")
    );
    let line: Vec<_> = s
        .engine
        .lines()
        .expect("a day")
        .line(&service("card"))
        .collect();
    assert_eq!(line, [ticket]);
    let before = s.engine.board(s.now).services;
    s.must(Command::RecordClockStep { step_ms: -5_000 });
    s.must(Command::ReportAnnounced {
        call: queue_core::CallId(1),
        display: "hall".into(),
    });
    assert_eq!(s.engine.board(s.now).services.len(), before.len());
    assert_eq!(s.last_kinds(2), ["clock_stepped", "call_announced"]);
}
