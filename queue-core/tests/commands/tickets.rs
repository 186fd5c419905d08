//! Tickets are issued, cancelled and rated; repeats change nothing.

use queue_core::TicketState::{Called, Cancelled};
use queue_core::policy::LineId;
use queue_core::{CallId, Command, CommandRef, NewTicket, PrintOutcome, Rejected};

use crate::common::*;

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
    let issue = |s: &mut Station, id: &str, class_id: Option<&str>| {
        Command::IssueTicket(NewTicket {
            ticket: s.next_ticket_id(),
            service: service(id),
            class: class_id.map(class),
            language: None,
            channel: service("kiosk"),
            persons: 1,
            terms: Default::default(),
        })
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
    let again = Command::IssueTicket(NewTicket {
        ticket,
        service: service("stay"),
        class: None,
        language: None,
        channel: service("kiosk"),
        persons: 1,
        terms: Default::default(),
    });
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
fn a_counter_that_asks_for_ratings_asks_until_the_answer_or_the_next_visitor() {
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
    assert_eq!(
        s.counter("2").asking,
        Some(second),
        "the next one is still on the way"
    );
    s.must(start("2"));
    assert_eq!(s.counter("2").asking, None);
    // Counter 1 does not ask by itself.
    s.issue("card");
    let quiet = s.serve("1");
    s.must(finish("1"));
    assert_eq!(s.counter("1").asking, None);
    assert!(!s.ticket(quiet).rating_invited);
}

#[test]
fn what_is_behind_a_rating_may_follow_once_and_soon() {
    let mut s = Station::open(&["2"]);
    let ticket = s.issue("card");
    s.serve("2");
    s.must(finish("2"));
    assert_eq!(s.refused(complete_rating(ticket)), "not_rated");
    s.must(rate(ticket, 1));
    let nothing = Command::CompleteRating {
        ticket,
        reasons: vec![],
        comment: None,
    };
    let (_, events) = s.send(nothing.clone()).expect("nothing is refused");
    assert_eq!(events, 0, "nothing said, no event");
    s.wait_ms(119_000);
    s.must(complete_rating(ticket));
    let rating = s.ticket(ticket).rating.clone().expect("a rating");
    assert_eq!(
        (rating.score, rating.reasons),
        (1, vec!["waiting".to_owned()])
    );
    assert_eq!(s.refused(complete_rating(ticket)), "already_rated");
    assert_eq!(s.refused(nothing), "already_rated");

    let late = s.issue("card");
    s.serve("2");
    s.must(finish("2"));
    s.must(rate(late, 2));
    s.wait_ms(120_001);
    assert_eq!(s.refused(complete_rating(late)), "rating_closed");
}

#[test]
fn a_question_nobody_answered_is_over_after_a_minute() {
    let mut s = Station::open(&["2"]);
    let ticket = s.issue("card");
    s.issue("card");
    s.serve("2");
    s.must(Command::FinishAndCallNext {
        counter: counter("2"),
    });
    let asked = |s: &Station, later_ms: i64| {
        s.engine
            .asked_at(&counter("2"), s.now.plus_ms(later_ms))
            .map(|t| t.id)
    };
    assert_eq!(
        asked(&s, 59_999),
        Some(ticket),
        "the next one is on the way"
    );
    assert_eq!(asked(&s, 60_000), None);
    s.must(rate(ticket, 5));
    assert_eq!(asked(&s, 0), None);
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
    let other = CommandRef {
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
        .line(s.engine.plan(), LineId::Service(&service("card")), s.now)
        .map(|place| place.ticket)
        .collect();
    assert_eq!(line, [ticket]);
    let before = s.engine.board(s.now).services;
    s.must(Command::RecordClockStep { step_ms: -5_000 });
    s.must(Command::ReportAnnounced {
        call: CallId(1),
        display: "hall".into(),
    });
    assert_eq!(s.engine.board(s.now).services.len(), before.len());
    assert_eq!(s.last_kinds(2), ["clock_stepped", "call_announced"]);
}
