//! The rules one by one, on lines small enough to follow by eye, and what the stored reason says.

use std::num::NonZeroU8;

use queue_core::{Command, Discipline, Explanation, StationPlan, TicketId};

use crate::common::*;

fn under(discipline: Discipline) -> StationPlan {
    let mut plan = plan();
    plan.rules.discipline = discipline;
    plan
}

fn ratio(priority: u8, regular: u8) -> Discipline {
    Discipline::Ratio {
        priority: NonZeroU8::new(priority).expect("a call"),
        regular: NonZeroU8::new(regular).expect("a call"),
    }
}

/// Counter 1 is open, and these classes have taken a card each, so many seconds apart.
fn line(discipline: Discipline, classes: &[&str], apart_s: i64) -> (Station, Vec<TicketId>) {
    let mut s = Station::open(&["1"]);
    if discipline != Discipline::HeadStart {
        s.must(Command::Configure(under(discipline).into()));
    }
    let issue = |class: &&str| {
        let ticket = s.issue_as("card", Some(class));
        s.wait_ms((apart_s - 1) * SECOND_MS);
        ticket
    };
    let tickets = classes.iter().map(issue).collect();
    (s, tickets)
}

/// Calls and finishes until nobody waits: the positions in the order of issue.
fn called(s: &mut Station, tickets: &[TicketId]) -> Vec<usize> {
    let mut order = vec![];
    while let Ok((_, 1)) = s.send(call_next("1")) {
        let current = s.counter("1").current.expect("called");
        let at = tickets.iter().position(|t| *t == current);
        order.push(at.expect("one of the line"));
        s.must(finish("1"));
    }
    order
}

fn reason(s: &Station, ticket: TicketId) -> Explanation {
    let reason = s.ticket(ticket).called_because.as_ref();
    reason.expect("it was called").explain()
}

const MIXED: [&str; 6] = [
    "regular",
    "regular",
    "appointment",
    "regular",
    "priority",
    "priority",
];

#[test]
fn the_head_start_is_said_in_times() {
    let (mut s, tickets) = line(Discipline::HeadStart, &["regular", "priority"], 60);
    assert_eq!(s.call("1"), tickets[1]);
    let issued = |i: usize| s.ticket(tickets[i]).issued_at;
    assert_eq!(
        reason(&s, tickets[1]),
        Explanation::HeadStart {
            class: class("priority"),
            credit_s: 1_200,
            counts_from: issued(1).plus_ms(-20 * MINUTE_MS),
            passed_counts_from: issued(0),
        }
    );
    s.must(finish("1"));
    assert_eq!(s.call("1"), tickets[0]);
    assert_eq!(reason(&s, tickets[0]), Explanation::CameFirst);
}

#[test]
fn first_come_first_served_knows_no_class() {
    let (mut s, tickets) = line(Discipline::Fcfs, &MIXED, 60);
    assert_eq!(called(&mut s, &tickets), [0, 1, 2, 3, 4, 5]);
    assert_eq!(reason(&s, tickets[5]), Explanation::CameFirst);
}

#[test]
fn the_lowest_rank_is_called_first_however_late_it_came() {
    let (mut s, tickets) = line(Discipline::Strict, &MIXED, 3_600);
    assert_eq!(called(&mut s, &tickets), [4, 5, 2, 0, 1, 3]);
    assert_eq!(
        reason(&s, tickets[4]),
        Explanation::Rank {
            class: class("priority"),
            passed_class: class("regular"),
        }
    );
    assert_eq!(reason(&s, tickets[0]), Explanation::CameFirst);
}

#[test]
fn points_grow_with_the_rate_of_the_class() {
    // Priority gathers twice as fast: it passes once it has waited half as long.
    let (mut s, tickets) = line(Discipline::Accumulating, &["regular", "priority"], 60);
    s.wait_ms(-SECOND_MS);
    let first = |s: &Station| {
        let selected = s.engine.next_for(&counter("1"), s.now);
        selected.expect("somebody waits").called.place.ticket
    };
    // 120 s at 1 against 60 s at 2: equal, and the earlier is called.
    s.now = s.ticket(tickets[0]).issued_at.plus_ms(120 * SECOND_MS);
    assert_eq!(first(&s), tickets[0]);
    s.wait_ms(1);
    assert_eq!(first(&s), tickets[1]);
    s.wait_ms(60 * SECOND_MS);
    s.send(call_next("1")).expect("called");
    assert_eq!(
        reason(&s, tickets[1]),
        Explanation::Points {
            class: class("priority"),
            points: 240,
            passed_points: 180,
        }
    );
}

#[test]
fn a_ratio_deals_in_turn_and_guards_who_came_earlier() {
    let classes = [
        "regular", "regular", "regular", "regular", "priority", "priority", "priority",
    ];
    let (mut s, tickets) = line(ratio(2, 1), &classes, 60);
    assert_eq!(called(&mut s, &tickets), [4, 5, 0, 6, 1, 2, 3]);
    assert_eq!(
        reason(&s, tickets[4]),
        Explanation::Turn {
            class: class("priority"),
            priority: 2,
            regular: 1,
        }
    );
    // It is the regular one's turn, but the priority ticket came earlier.
    let (mut s, tickets) = line(ratio(1, 1), &["priority", "priority", "regular"], 60);
    assert_eq!(called(&mut s, &tickets), [0, 1, 2]);
    assert_eq!(reason(&s, tickets[1]), Explanation::CameFirst);
}

#[test]
fn a_turn_waits_for_its_side() {
    let (mut s, tickets) = line(ratio(1, 1), &["regular", "regular", "regular"], 60);
    assert_eq!(called(&mut s, &tickets[..]), [0, 1, 2]);
    // Nobody has used up the turn of priority meanwhile.
    let regular = s.issue("card");
    let priority = s.issue_as("card", Some("priority"));
    assert_eq!(s.call("1"), priority);
    s.must(finish("1"));
    assert_eq!(s.call("1"), regular);
}

#[test]
fn an_undone_call_gives_its_turn_back_and_a_picked_one_takes_none() {
    let classes = ["regular", "priority", "priority", "priority"];
    let (mut s, tickets) = line(ratio(1, 1), &classes, 60);
    s.open_counter("2");
    assert_eq!(s.call("1"), tickets[1]);
    // Meanwhile the other counter goes on with the round.
    assert_eq!(s.call("2"), tickets[0]);
    s.must(undo("1"));
    // One call of this round counts, the regular one: it is priority's turn after a round, and regular's in this one.
    s.must(call_ticket("1", tickets[1]));
    s.must(finish("1"));
    let newcomer = s.issue("card");
    s.must(finish("2"));
    assert_eq!(s.call("2"), tickets[2], "the guard");
    s.must(finish("2"));
    s.must(cancel(tickets[3]));
    let late = s.issue_as("card", Some("priority"));
    assert_eq!(s.call("2"), newcomer, "it is regular's turn");
    s.must(finish("2"));
    assert_eq!(s.call("2"), late);
}

#[test]
fn another_rule_takes_the_same_line_over_and_ends_the_undo() {
    let (mut s, tickets) = line(Discipline::HeadStart, &MIXED, 60);
    assert_eq!(s.call("1"), tickets[4]);
    s.must(Command::Configure(under(Discipline::Fcfs).into()));
    assert_eq!(s.refused(undo("1")), "undo_nothing");
    s.must(finish("1"));
    assert_eq!(called(&mut s, &tickets), [0, 1, 2, 3, 5]);
}

#[test]
fn a_new_ratio_begins_with_its_first_turn() {
    let (mut s, tickets) = line(ratio(1, 1), &["regular", "priority", "priority"], 60);
    assert_eq!(s.call("1"), tickets[1]);
    s.must(finish("1"));
    s.must(Command::Configure(under(ratio(1, 2)).into()));
    assert_eq!(called(&mut s, &tickets), [2, 0]);
}

#[test]
fn a_rate_of_nothing_is_no_plan() {
    let mut s = Station::with_open_day();
    for rate_permille in [0, 100_001] {
        let mut bad = plan();
        for c in bad.classes.values_mut() {
            c.rate_permille = rate_permille;
        }
        assert_eq!(s.refused(Command::Configure(bad.into())), "bad_plan");
    }
}

#[test]
fn a_rule_by_ranks_or_rates_needs_classes_that_differ() {
    let mut s = Station::open(&[]);
    let to = |rule| Command::SetDiscipline {
        zone: None,
        discipline: Some(rule),
    };
    s.must(to(Discipline::Strict));
    let mut alike = plan();
    for class in alike.classes.values_mut() {
        class.rank = class.rank.min(2);
        class.rate_permille = 1_000;
    }
    s.must(Command::Configure(alike.into()));
    assert_eq!(s.refused(to(Discipline::Strict)), "classes_alike");
    assert_eq!(s.refused(to(Discipline::Accumulating)), "classes_alike");
    s.must(to(Discipline::Fcfs));
}
