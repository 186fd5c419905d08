//! Places in line that are changed on request, and what a counter does beyond one visitor after the other.

use queue_core::TicketState::{Called, NoShow, Serving, Waiting};
use queue_core::{Command, Correction, Explanation, NumberOrTicket, Outcome, TicketId};

use crate::common::*;

fn order(s: &Station, id: &str) -> Vec<TicketId> {
    let counter = counter(id);
    let tickets = s.engine.callable_by(&counter, s.now);
    tickets.map(|ticket| ticket.id).collect()
}

fn why(s: &Station, ticket: TicketId) -> Explanation {
    let reason = s.ticket(ticket).called_because.as_deref();
    reason.expect("it was called").explain()
}

fn hand_over(from: &str, to: &str) -> Command {
    Command::HandOver {
        counter: counter(from),
        to_counter: counter(to),
    }
}

fn send_back(id: &str) -> Command {
    Command::SendBack {
        counter: counter(id),
    }
}

fn precall(id: &str, count: u8) -> Command {
    Command::Precall {
        counter: counter(id),
        count,
    }
}

/// Counter 1 has missed somebody, and five others wait.
fn missed() -> (Station, TicketId, Vec<TicketId>) {
    let mut s = Station::open(&["1"]);
    let missed = s.issue("card");
    s.call("1");
    s.must(no_show("1"));
    let others = (0..5).map(|_| s.issue("card")).collect();
    (s, missed, others)
}

#[test]
fn a_missed_visitor_comes_back_behind_the_third() {
    let (mut s, missed, others) = missed();
    s.must(come_back(missed));
    assert_eq!(s.state(missed), Waiting);
    let expected = [&others[..3], &[missed], &others[3..]].concat();
    assert_eq!(order(&s, "1"), expected);
    let view = s.engine.ticket_view(s.now, missed).expect("known");
    assert_eq!(view.ahead, 3);
    // Said twice is done once.
    s.must(come_back(missed));
    assert_eq!(s.ticket(missed).returns, 1);
}

#[test]
fn a_head_start_does_not_bring_a_missed_visitor_back_to_the_front() {
    let mut s = Station::open(&["1"]);
    let missed = s.issue_as("card", Some("priority"));
    s.call("1");
    s.must(no_show("1"));
    let others: Vec<_> = (0..5).map(|_| s.issue("card")).collect();
    s.must(come_back(missed));
    let expected = [&others[..3], &[missed], &others[3..]].concat();
    assert_eq!(order(&s, "1"), expected);
}

#[test]
fn where_few_wait_a_missed_visitor_is_the_last_of_them() {
    let mut s = Station::open(&["1"]);
    let missed = s.issue("card");
    s.call("1");
    s.must(no_show("1"));
    let other = s.issue("card");
    s.must(come_back(missed));
    assert_eq!(order(&s, "1"), [other, missed]);
    // And whoever comes now stands behind.
    let later = s.issue("card");
    assert_eq!(order(&s, "1"), [other, missed, later]);
}

#[test]
fn what_cannot_be_taken_back_any_more_is_not_offered() {
    let (mut s, missed, _) = missed();
    let undoable = |s: &Station| s.engine.undoable(s.now, &counter("1")).is_ok();
    assert!(undoable(&s));
    s.must(come_back(missed));
    assert!(!undoable(&s), "the visitor has come back since");
    assert_eq!(s.refused(undo("1")), "undo_overtaken");
}

#[test]
fn a_missed_visitor_may_come_back_twice_and_within_half_an_hour() {
    let (mut s, missed, _) = missed();
    for _ in 0..2 {
        s.must(come_back(missed));
        s.must(Command::CallTicket {
            counter: counter("1"),
            target: NumberOrTicket::Ticket(missed),
            reason: None,
        });
        s.must(no_show("1"));
    }
    assert_eq!(s.refused(come_back(missed)), "returns_used_up");
    let (mut s, missed, _) = self::missed();
    s.wait_ms(31 * MINUTE_MS);
    assert_eq!(s.refused(come_back(missed)), "return_too_late");
    assert_eq!(s.state(missed), NoShow);
}

#[test]
fn who_waits_or_is_served_does_not_come_back() {
    let mut s = Station::open(&["1"]);
    let ticket = s.issue("card");
    assert_eq!(s.refused(come_back(ticket)), "wrong_state");
    s.serve("1");
    assert_eq!(s.refused(come_back(ticket)), "wrong_state");
}

#[test]
fn the_figures_of_a_visitor_who_came_back_are_of_one_visit() {
    let (mut s, missed, _) = missed();
    let first_called_at = s.ticket(missed).first_called_at;
    s.must(come_back(missed));
    for _ in 0..4 {
        s.call("1");
        s.must(finish("1"));
    }
    let ticket = s.ticket(missed);
    assert_eq!(ticket.outcome(), Some(Outcome::Served));
    assert_eq!(ticket.first_called_at, first_called_at);
    assert!(ticket.last_called_at > first_called_at);
}

#[test]
fn a_visitor_lets_others_go_first() {
    let mut s = Station::open(&["1"]);
    let all: Vec<_> = (0..5).map(|_| s.issue("card")).collect();
    let behind = |s: &Station, t| s.engine.ticket_view(s.now, t).expect("known").behind;
    assert_eq!(
        all.iter().map(|t| behind(&s, *t)).collect::<Vec<_>>(),
        [4, 3, 2, 1, 0]
    );
    s.must(defer(all[1], 2));
    assert_eq!(order(&s, "1"), [all[0], all[2], all[3], all[1], all[4]]);
    // More than there are: to the end.
    s.must(defer(all[0], 9));
    assert_eq!(order(&s, "1"), [all[2], all[3], all[1], all[4], all[0]]);
    assert_eq!(s.refused(defer(all[0], 1)), "nobody_behind");
    assert_eq!(s.refused(defer(all[2], 0)), "bad_count");
    assert_eq!(s.refused(defer(all[2], 11)), "bad_count");
    s.call("1");
    assert_eq!(s.refused(defer(all[2], 1)), "wrong_state");
}

#[test]
fn a_priority_ticket_lets_regular_ones_go_first_too() {
    let mut s = Station::open(&["1"]);
    let regular = [s.issue("card"), s.issue("card")];
    let priority = s.issue_as("card", Some("priority"));
    assert_eq!(order(&s, "1")[0], priority);
    s.must(defer(priority, 1));
    assert_eq!(order(&s, "1"), [regular[0], priority, regular[1]]);
}

#[test]
fn a_supervisor_puts_somebody_before_all() {
    let mut s = Station::open(&["1"]);
    let first = s.issue("card");
    s.issue_as("card", Some("priority"));
    let ill = s.issue("card");
    let blank = Command::Prioritise {
        target: NumberOrTicket::Ticket(ill),
        reason: "  ".into(),
    };
    assert_eq!(s.refused(blank), "reason_missing");
    s.must(urgent(ill));
    assert_eq!(s.engine.ticket_view(s.now, ill).expect("known").ahead, 0);
    assert_eq!(s.call("1"), ill);
    let reason = "medical".into();
    assert_eq!(why(&s, ill), Explanation::Urgent { reason });
    // Who was passed is told so, and not what the supervisor wrote down.
    let view = s.engine.ticket_view(s.now, first).expect("known");
    let reason = String::new();
    let passed_by = view.passed_by.map(|by| by.why);
    assert_eq!(passed_by, Some(Explanation::Urgent { reason }));
    // An undone call gives the precedence back.
    s.must(undo("1"));
    assert_eq!(s.call("1"), ill);
    // It is used up: held and called again, the visitor has no more right than others.
    assert_eq!(s.ticket(ill).precedence, None);
    assert_eq!(s.refused(urgent(ill)), "wrong_state");
}

#[test]
fn a_visitor_who_was_sent_on_is_sent_back_and_called_first() {
    let mut s = Station::open(&["1", "2"]);
    let visitor = s.issue("stay");
    s.serve("1");
    assert_eq!(s.refused(send_back("1")), "not_sent");
    s.must(transfer("1", Some("card"), Some("2")));
    s.issue_as("stay", Some("priority"));
    assert_eq!(s.call("2"), visitor);
    s.must(start("2"));
    s.must(send_back("2"));
    assert_eq!(s.ticket(visitor).service, service("stay"));
    assert_eq!(s.ticket(visitor).directed_to, Some(counter("1")));
    assert_eq!(s.call("1"), visitor);
    let from = counter("2");
    assert_eq!(why(&s, visitor), Explanation::SentBack { from });
}

#[test]
fn where_the_sender_has_closed_whoever_can_takes_the_visitor_back() {
    let mut s = Station::open(&["1", "2", "3"]);
    let visitor = s.issue("stay");
    s.serve("1");
    s.must(transfer("1", Some("card"), Some("2")));
    s.must(close("1"));
    s.call("2");
    s.must(send_back("2"));
    assert_eq!(s.ticket(visitor).directed_to, None);
    assert_eq!(s.call("3"), visitor);
}

#[test]
fn a_visitor_is_handed_over_without_a_call() {
    let mut s = Station::open(&["1", "2", "3"]);
    let visitor = s.issue("card");
    s.call("1");
    assert_eq!(s.refused(hand_over("1", "2")), "wrong_state");
    s.must(start("1"));
    s.wait_ms(MINUTE_MS);
    assert_eq!(s.refused(hand_over("1", "3")), "skill_missing");
    assert_eq!(s.refused(hand_over("1", "1")), "counter_busy");
    s.must(hand_over("1", "2"));
    assert_eq!(s.state(visitor), Serving);
    assert_eq!(s.counter("1").current, None);
    assert_eq!(s.counter("2").current, Some(visitor));
    s.wait_ms(2 * MINUTE_MS);
    s.must(finish("2"));
    let ticket = s.ticket(visitor);
    let of = |id: &str| {
        let mut shares = ticket.handled.iter();
        let share = shares.find(|share| share.counter == counter(id));
        share.map(|share| share.handling_ms / MINUTE_MS)
    };
    assert_eq!((of("1"), of("2")), (Some(1), Some(2)));
}

#[test]
fn a_hand_over_can_be_taken_back() {
    let mut s = Station::open(&["1", "2"]);
    let before = s.issue("card");
    s.serve("2");
    s.must(finish("2"));
    let visitor = s.issue("card");
    s.serve("1");
    s.must(hand_over("1", "2"));
    // What counter 2 did before cannot be taken back any more: it has somebody else now.
    assert_eq!(s.refused(undo("2")), "undo_nothing");
    s.must(undo("1"));
    assert_eq!(s.counter("1").current, Some(visitor));
    assert_eq!(s.counter("2").current, None);
    assert_eq!(s.ticket(visitor).counter, Some(counter("1")));
    assert_eq!(s.ticket(before).outcome(), Some(Outcome::Served));
}

#[test]
fn those_who_are_next_are_told_to_get_ready() {
    let mut s = Station::open(&["1"]);
    s.issue("card");
    s.serve("1");
    assert_eq!(s.refused(precall("1", 1)), "nobody_waiting");
    let next = [s.issue("card"), s.issue("card"), s.issue("card")];
    assert_eq!(s.refused(precall("1", 0)), "bad_count");
    s.must(precall("1", 2));
    let told = |s: &Station| next.map(|t| s.ticket(t).precalled_at.is_some());
    assert_eq!(told(&s), [true, true, false]);
    assert_eq!(s.refused(precall("1", 2)), "nobody_waiting");
    s.must(precall("1", 3));
    assert_eq!(told(&s), [true, true, true]);
    assert_eq!(s.state(next[0]), Waiting);
}

#[test]
fn recalls_are_made_by_the_station_where_it_is_told_to() {
    let mut s = Station::open(&["1"]);
    let ticket = s.issue("card");
    s.call("1");
    s.wait_ms(MINUTE_MS);
    s.must(Command::RecallDue);
    assert_eq!(s.ticket(ticket).calls, 1, "the plan does not want it");
    let mut plan = plan();
    plan.rules.no_show.automatic_recalls = true;
    s.must(Command::Configure(plan.into()));
    for calls in [2, 3, 3] {
        s.must(Command::RecallDue);
        s.must(Command::RecallDue);
        assert_eq!(
            s.ticket(ticket).calls,
            calls,
            "once each time, at most twice"
        );
        s.wait_ms(30 * SECOND_MS);
    }
    assert_eq!(s.state(ticket), Called);
}

#[test]
fn an_ended_visit_is_corrected() {
    let mut s = Station::open(&["2"]);
    let ticket = s.issue("card");
    let correct = |correction: Correction, reason: &str| Command::Correct {
        target: NumberOrTicket::Ticket(ticket),
        correction,
        reason: reason.into(),
    };
    let missed = || Correction {
        outcome: Some(Outcome::NoShow),
        ..Correction::default()
    };
    assert_eq!(s.refused(correct(missed(), "typo")), "wrong_state");
    s.serve("2");
    s.wait_ms(MINUTE_MS);
    s.must(finish("2"));
    assert!(
        s.ticket(ticket).rating_invited,
        "counter 2 asks for ratings"
    );
    assert_eq!(s.refused(correct(missed(), "")), "reason_missing");
    let unknown = Correction {
        service: Some(service("dance")),
        ..Correction::default()
    };
    assert_eq!(s.refused(correct(unknown, "typo")), "unknown_service");
    let other = Correction {
        service: Some(service("stay")),
        class: Some(class("priority")),
        outcome: None,
    };
    s.must(correct(other, "wrong button"));
    assert_eq!(s.ticket(ticket).service, service("stay"));
    assert_eq!(s.ticket(ticket).class, class("priority"));
    s.must(correct(missed(), "nobody was there"));
    let corrected = s.ticket(ticket);
    assert_eq!(corrected.outcome(), Some(Outcome::NoShow));
    assert_eq!((corrected.handling_ms, corrected.started_at), (0, None));
    assert!(!corrected.rating_invited, "it does not count as asked");
}
