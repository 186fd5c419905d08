//! Counters, business days and plans.

use queue_core::TicketState::{Abandoned, Done, NoShow};
use queue_core::{Command, CounterState, StaffId, StationPlan};

use crate::common::*;

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
fn nobody_works_at_two_counters_at_once() {
    let mut s = Station::with_open_day();
    let open = |id: &str, name: Option<&str>| Command::OpenCounter {
        counter: counter(id),
        staff: name.map(|name| StaffId::new(name).expect("a name")),
    };
    s.must(open("1", Some("lin")));
    assert_eq!(s.refused(open("2", Some("lin"))), "staff_elsewhere");
    // Away for lunch is not gone.
    s.must(pause("1"));
    assert_eq!(s.refused(open("2", Some("lin"))), "staff_elsewhere");
    // Another takes the place over; who was there is free.
    s.must(open("1", Some("chen")));
    s.must(open("2", Some("lin")));
    assert_eq!(s.refused(open("1", Some("lin"))), "staff_elsewhere");
    s.must(close("2"));
    s.must(open("1", Some("lin")));
    // Counters without names are none of anybody's.
    s.must(open("2", None));
    s.must(open("3", None));
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
        room: None,
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
    let mut refused = |change: fn(&mut StationPlan)| {
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
    let over_an_hour = |p: &mut StationPlan| {
        for c in p.classes.values_mut() {
            c.credit_s = 3_601;
        }
    };
    assert_eq!(refused(over_an_hour), "bad_plan");
    let without_its_service = |p: &mut StationPlan| {
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
    if let Some(offered) = &mut without_service.appointments {
        offered.services.remove(&service("stay"));
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
fn a_new_head_start_is_for_everybody_in_line_at_once() {
    let mut s = Station::with_open_day();
    s.open_counter("1");
    let regular = s.issue("card");
    let priority = s.issue_as("card", Some("priority"));
    let first = |s: &Station| {
        let selected = s.engine.next_for(&counter("1"), s.now);
        selected.expect("somebody waits").called.place.ticket
    };
    assert_eq!(first(&s), priority);
    let mut next = plan();
    for c in next.classes.values_mut() {
        c.credit_s = 0;
    }
    s.must(Command::Configure(next.into()));
    assert_eq!(first(&s), regular);
    assert_eq!(s.call("1"), regular);
}
