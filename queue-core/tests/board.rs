//! What public screens and a visitor's phone are told.

mod common;

use common::*;
use queue_core::{BoardService, Command, Estimate, StaffId, TicketId, TicketState, TicketView};

fn view(s: &Station, ticket: TicketId) -> TicketView {
    s.engine
        .ticket_view(s.now, ticket)
        .expect("the ticket is known")
}

fn row(s: &Station, id: &str) -> BoardService {
    let board = s.engine.board(s.now);
    let found = board.services.into_iter().find(|b| b.id == service(id));
    found.expect("the service is on the board")
}

/// Counter 1 has worked off `n` cards of ten minutes each.
fn with_history(n: usize) -> Station {
    let mut s = Station::open(&["1"]);
    for _ in 0..n {
        s.issue("card");
        s.serve("1");
        s.wait_ms(10 * MINUTE_MS);
        s.must(finish("1"));
    }
    s
}

#[test]
fn ahead_counts_the_tickets_called_before_this_one() {
    let mut s = Station::with_open_day();
    let tickets: Vec<_> = (0..12).map(|_| s.issue("card")).collect();
    s.issue("stay");
    for (i, ticket) in tickets.iter().enumerate() {
        let v = view(&s, *ticket);
        assert_eq!(v.ahead, i, "the other service does not count");
        let front: Vec<_> = tickets[..i.min(8)].iter().map(|t| s.number(*t)).collect();
        let shown: Vec<_> = v.in_front.iter().map(ToString::to_string).collect();
        assert_eq!(shown, front);
    }
    let priority = s.issue_as("card", Some("priority"));
    assert_eq!(view(&s, priority).ahead, 0);
    assert_eq!(view(&s, tickets[0]).ahead, 1);
    assert_eq!(row(&s, "card").waiting, 13);
    assert_eq!(row(&s, "stay").waiting, 1);
}

#[test]
fn a_free_counter_is_there_at_once_whatever_waits_for_others() {
    let mut s = Station::open(&["1", "3"]);
    let card = s.issue("card");
    // Counter 1 would call the card first, counter 3 knows only `stay`.
    let stay = s.issue("stay");
    assert_eq!(view(&s, stay).ahead, 0, "the other line is not counted");
    assert_eq!(view(&s, stay).estimate, Some(Estimate::NoWait));
    assert_eq!(view(&s, card).estimate, Some(Estimate::NoWait));
    s.call("3");
    let next = s.issue("stay");
    assert_ne!(view(&s, next).estimate, Some(Estimate::NoWait));
}

#[test]
fn ahead_shrinks_with_every_call_and_is_nothing_once_called() {
    let mut s = Station::open(&["1"]);
    let (first, second) = (s.issue("card"), s.issue("card"));
    s.call("1");
    assert_eq!(view(&s, second).ahead, 0);
    assert_eq!(view(&s, first).ahead, 0);
    assert_eq!(view(&s, first).estimate, None);
    assert_eq!(view(&s, first).counter, Some(counter("1")));
    s.must(undo("1"));
    assert_eq!(view(&s, second).ahead, 1);
    assert_eq!(view(&s, first).counter, None);
    assert_eq!(view(&s, first).call, None);
}

#[test]
fn where_no_counter_is_open_there_is_no_number() {
    let mut s = with_history(6);
    let stay = s.issue("stay");
    s.must(close("1"));
    assert_eq!(view(&s, stay).estimate, Some(Estimate::NoCounterOpen));
    s.open_counter("2");
    assert_eq!(row(&s, "stay").estimate, Estimate::NoCounterOpen);
    assert_eq!(row(&s, "card").estimate, Estimate::NoWait);
    assert_eq!(row(&s, "stay").open_counters, 0);
    assert_eq!(row(&s, "card").open_counters, 1);
    s.must(pause("2"));
    assert_eq!(row(&s, "card").estimate, Estimate::NoCounterOpen);
    s.must(Command::CloseDay);
    assert_eq!(row(&s, "card").estimate, Estimate::NoCounterOpen);
}

#[test]
fn the_first_visitors_of_a_station_get_a_range_from_the_guess() {
    let mut s = Station::open(&["1"]);
    s.issue("card");
    s.call("1");
    let high_min = |s: &Station, ticket| match view(s, ticket).estimate {
        Some(Estimate::Range { high_min, .. }) => high_min,
        other => panic!("no range: {other:?}"),
    };
    let next = s.issue("card");
    let after = s.issue("card");
    assert!(high_min(&s, next) < high_min(&s, after));
    for _ in 0..30 {
        s.issue("card");
    }
    let last = s.issue("card");
    assert_eq!(view(&s, last).estimate, Some(Estimate::CountOnly));
}

#[test]
fn a_range_grows_with_the_line_and_shrinks_with_the_counters() {
    let mut s = with_history(10);
    s.issue("card");
    s.serve("1");
    let tickets: Vec<_> = (0..4).map(|_| s.issue("card")).collect();
    let p50_s = |s: &Station, ticket| match view(s, ticket).estimate {
        Some(Estimate::Range {
            p50_s,
            p80_s,
            low_min,
            high_min,
        }) => {
            assert!(p50_s <= p80_s && low_min * 60 <= p50_s && p80_s <= high_min * 60);
            p50_s
        }
        other => panic!("no range: {other:?}"),
    };
    let waits: Vec<_> = tickets.iter().map(|t| p50_s(&s, *t)).collect();
    assert!(waits.is_sorted_by(|a, b| a < b), "{waits:?}");
    // One completion at a pace between the guess of five minutes and the ten seen; the median is below the mean.
    assert!((200..420).contains(&waits[0]), "{waits:?}");
    s.open_counter("2");
    s.issue("enquiry");
    s.must(Command::CallTicket {
        counter: counter("2"),
        target: queue_core::NumberOrTicket::Ticket(tickets[0]),
        reason: None,
    });
    assert!(p50_s(&s, tickets[3]) < waits[3] * 2 / 3);
}

#[test]
fn a_ticket_directed_to_a_counter_waits_for_that_counter() {
    let mut s = with_history(6);
    let directed = s.issue("card");
    s.serve("1");
    s.must(transfer("1", None, Some("2")));
    assert_eq!(view(&s, directed).ahead, 0);
    assert!(view(&s, directed).in_front.is_empty());
    // Counter 1 is free, but it may not call this ticket; counter 2 is closed.
    assert_eq!(view(&s, directed).estimate, Some(Estimate::NoCounterOpen));
    s.open_counter("2");
    assert_eq!(view(&s, directed).estimate, Some(Estimate::NoWait));
    assert_eq!(row(&s, "card").waiting, 0);
}

#[test]
fn more_free_counters_than_people_ahead_are_no_wait() {
    let mut s = Station::open(&["1", "2"]);
    assert_eq!(row(&s, "card").estimate, Estimate::NoWait);
    let first = s.issue("card");
    assert_eq!(
        row(&s, "card").estimate,
        Estimate::NoWait,
        "one ahead, two free counters"
    );
    let second = s.issue("card");
    assert_eq!(view(&s, first).estimate, Some(Estimate::NoWait));
    assert_eq!(view(&s, second).estimate, Some(Estimate::NoWait));
    assert_ne!(row(&s, "card").estimate, Estimate::NoWait);
    s.call("1");
    assert_ne!(
        row(&s, "card").estimate,
        Estimate::NoWait,
        "one ahead, one free counter"
    );
    s.call("2");
    assert_ne!(row(&s, "card").estimate, Estimate::NoWait);
}

#[test]
fn a_long_line_of_others_does_not_delay_a_counter_of_its_own() {
    let told = |cards: usize| {
        // Counter 1 serves both, counter 3 knows only `stay`; both are busy.
        let mut s = Station::open(&["1", "3"]);
        for id in ["1", "3"] {
            s.issue("stay");
            s.call(id);
        }
        for _ in 0..cards {
            s.issue("card");
        }
        let stay = s.issue("stay");
        match view(&s, stay).estimate {
            Some(Estimate::Range {
                low_min, high_min, ..
            }) => (low_min, high_min),
            other => panic!("no range: {other:?}"),
        }
    };
    assert_eq!(told(4), told(30));
    assert!(told(0) <= told(4));
}

#[test]
fn a_free_counter_for_others_only_does_not_help() {
    // Counter 3 knows only `stay`: both cards are for counter 1 alone.
    let mut s = Station::open(&["1", "3"]);
    s.issue("card");
    let second = s.issue("card");
    assert_ne!(view(&s, second).estimate, Some(Estimate::NoWait));
}

#[test]
fn the_board_shows_calls_newest_first_and_one_row_per_counter() {
    let mut s = Station::open(&["1", "2"]);
    let (first, second) = (s.issue("card"), s.issue("card"));
    s.call("2");
    s.call("1");
    let numbers = |s: &Station| -> Vec<_> {
        let board = s.engine.board(s.now);
        board
            .calls
            .iter()
            .map(|c| (c.number.to_string(), c.calls))
            .collect()
    };
    assert_eq!(numbers(&s), [("A002".into(), 1), ("A001".into(), 1)]);
    s.must(recall("2"));
    assert_eq!(numbers(&s), [("A001".into(), 2), ("A002".into(), 1)]);
    s.must(start("2"));
    let board = s.engine.board(s.now);
    assert!(board.calls[0].serving && !board.calls[1].serving);
    let at: Vec<_> = board.counters.iter().map(|c| c.number.clone()).collect();
    assert_eq!(
        at,
        [
            Some(s.ticket(second).number.clone()),
            Some(s.ticket(first).number.clone()),
            None
        ]
    );
    assert_eq!(board.counters[1].ticket_state, Some(TicketState::Serving));
    assert_eq!(board.counters[2].busy_since, None);
    s.must(finish("2"));
    assert_eq!(numbers(&s), [("A002".into(), 1)]);
}

#[test]
fn the_oldest_wait_is_that_of_who_came_first() {
    let mut s = Station::with_open_day();
    assert_eq!(row(&s, "card").oldest_waiting_since, None);
    let first = s.issue("card");
    s.issue("card");
    // Called first, and yet not who has waited longest.
    let priority = s.issue_as("card", Some("priority"));
    assert_eq!(view(&s, priority).ahead, 0);
    assert_eq!(
        row(&s, "card").oldest_waiting_since,
        Some(s.ticket(first).issued_at)
    );
}

#[test]
fn a_change_of_staff_does_not_hide_the_time_the_counter_was_open() {
    // Two equal stations; in one the counter is taken over by a colleague. What is known of its pace is the same.
    let mut plain = with_history(10);
    let mut relieved = plain.clone();
    relieved.wait_ms(SECOND_MS);
    plain.wait_ms(SECOND_MS);
    let take_over = Command::OpenCounter {
        counter: counter("1"),
        staff: Some(StaffId::new("chen").expect("a name")),
    };
    relieved.send(take_over).expect("accepted");
    for s in [&mut plain, &mut relieved] {
        s.issue("card");
        s.call("1");
    }
    assert_eq!(
        row(&plain, "card").estimate,
        row(&relieved, "card").estimate
    );
}

#[test]
fn a_finish_and_next_taken_back_leaves_the_cycle_its_whole_length() {
    let mut s = Station::open(&["1"]);
    s.issue("card");
    s.issue("card");
    s.serve("1");
    let busy_since = s.counter("1").busy_since;
    s.wait_ms(10 * MINUTE_MS);
    s.must(finish_and_next("1"));
    s.must(undo("1"));
    assert_eq!(s.counter("1").busy_since, busy_since);
    assert_eq!(
        s.engine.board(s.now).counters[0].busy_since,
        Some(busy_since)
    );
}

const QUARTER_MS: i64 = 15 * MINUTE_MS;

/// The most that waited in each quarter since [`MORNING`], which begins one.
fn crowd(s: &Station) -> Vec<(i64, u32)> {
    let quarters = s.engine.crowd(s.now).into_iter();
    quarters
        .map(|(at, most)| ((at.0 - MORNING.0) / QUARTER_MS, most))
        .collect()
}

#[test]
fn the_most_that_waited_counts_every_wait_and_never_falls() {
    let mut s = Station::open(&["1", "2", "3"]);
    let sent_on = s.issue("enquiry");
    s.serve("2");
    s.wait_ms(MINUTE_MS);
    // Sent on to one counter: waits again, for that counter only.
    s.must(transfer("2", Some("card"), Some("1")));
    let others = [s.issue("card"), s.issue("card")];
    assert_eq!((s.engine.waiting(), crowd(&s)), (3, vec![(0, 3)]));
    s.wait_ms(MINUTE_MS);
    for _ in 0..3 {
        s.serve("1");
        s.must(finish("1"));
    }
    assert_eq!(s.state(sent_on), TicketState::Done);
    assert!(others.iter().all(|t| s.state(*t) == TicketState::Done));
    assert_eq!((s.engine.waiting(), crowd(&s)), (0, vec![(0, 3)]));

    // One is missed, comes back two quarters later and waits over a third.
    let missed = s.issue("card");
    s.wait_ms(1);
    s.must(call_ticket("1", missed));
    s.must(no_show("1"));
    s.now = MORNING.plus_ms(2 * QUARTER_MS);
    s.must(come_back(missed));
    s.wait_ms(QUARTER_MS);
    let expected = vec![(0, 3), (2, 1), (3, 1)];
    assert_eq!(crowd(&s), expected);
    // An action that is taken back was seen all the same.
    s.must(call_ticket("1", missed));
    s.wait_ms(SECOND_MS);
    s.must(undo("1"));
    assert_eq!(crowd(&s), expected);
    s.wait_ms(SECOND_MS);
    s.must(Command::CloseDay);
    s.wait_ms(4 * QUARTER_MS);
    assert_eq!(crowd(&s), expected);
}

#[test]
fn who_is_called_at_the_same_moment_has_not_waited() {
    let mut s = Station::open(&["1"]);
    let ticket = s.issue("card");
    s.send(call_ticket("1", ticket)).expect("called");
    assert_eq!(crowd(&s), []);
}
