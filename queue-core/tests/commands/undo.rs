//! The last action is taken back whole, for eight seconds, once.

use queue_core::TicketState::{Called, Serving, Waiting};
use queue_core::{Command, PrintOutcome, Rejected};

use crate::common::*;

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
        let ids = |c| s.engine.callable_by(c, MORNING).map(|t| t.id);
        let counters = s.engine.plan().counters.keys();
        counters
            .map(|c| ids(c).collect::<Vec<_>>())
            .collect::<Vec<_>>()
    };
    assert_eq!(lines(&station), lines(&before));
    let (shown, was_shown) = (station.engine.board(MORNING), before.engine.board(MORNING));
    assert_eq!(shown.calls, was_shown.calls);
    // Also the estimates: what was learned from the action is unlearned.
    assert_eq!(shown.services, was_shown.services);
}

#[test]
fn a_finish_taken_back_and_repeated_teaches_once() {
    let mut s = Station::open(&["1"]);
    for _ in 0..12 {
        s.issue("card");
    }
    s.must(call_next("1"));
    s.wait_ms(3_600_000);
    let mut corrected = s.clone();
    s.must(finish("1"));
    corrected.must(finish("1"));
    undo_after(&mut corrected, "1", 0).expect("in time");
    corrected.must(finish("1"));
    let at = MORNING.plus_ms(3_600_000);
    assert_eq!(
        corrected.engine.board(at).services,
        s.engine.board(at).services
    );
    // It did teach something.
    let fresh = Station::open(&["1"]).engine.board(at).services;
    assert_ne!(s.engine.board(at).services[0].estimate, fresh[0].estimate);
}

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
    assert_eq!(s.refused(undo("1")), "undo_overtaken");
    s.must(no_show("2"));
    s.must(call_ticket("1", ticket));
    s.must(no_show("1"));
    s.must(call_ticket("2", ticket));
    assert_eq!(s.refused(undo("1")), "undo_overtaken");
}

#[test]
fn a_visitor_who_has_cancelled_since_is_not_pulled_back() {
    let mut s = Station::open(&["1"]);
    let held = s.issue("card");
    s.serve("1");
    s.must(hold("1"));
    s.must(cancel(held));
    assert_eq!(s.refused(undo("1")), "undo_overtaken");
    let moved = s.issue("card");
    s.serve("1");
    s.must(transfer("1", Some("stay"), None));
    s.must(cancel(moved));
    assert_eq!(s.refused(undo("1")), "undo_overtaken");
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
