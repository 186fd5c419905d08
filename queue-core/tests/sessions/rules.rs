//! The rules one by one.

use queue_core::{
    Command, IdentityDocument, NewTicket, NumberOrTicket, PlanError, Rejected, Reply, SeatPlace,
    SessionPhase, SessionRef, SessionStep, StationTime, TicketId, TicketState,
};

use crate::common::*;
use crate::trace::{plan_of_visits, timetable};

const HOUR_MS: i64 = 60 * MINUTE_MS;

/// A day with sessions from 09:00 on, at 08:00.
fn visits() -> Station {
    let mut s = Station::new();
    s.must(Command::Configure(plan_of_visits().into()));
    s.must(open_day("2026-11-16"));
    s.must(Command::SetSessions {
        sessions: timetable(first(), 8),
    });
    s
}

fn first() -> StationTime {
    MORNING.plus_ms(HOUR_MS)
}

fn nth(n: i64) -> SessionRef {
    SessionRef {
        service: service("visit"),
        begins: first().plus_ms((n - 1) * 30 * MINUTE_MS),
    }
}

fn ask(s: &mut Station, session: Option<i64>, channel: &str) -> Result<TicketId, Rejected> {
    let ticket = s.next_ticket_id();
    let wanted = NewTicket {
        ticket,
        service: service("visit"),
        then: vec![],
        class: None,
        language: None,
        channel: service(channel),
        persons: 2,
        terms: Default::default(),
    };
    let session = session.map(|n| nth(n).begins);
    s.send(Command::Enrol { wanted, session }).map(|_| ticket)
}

fn step(n: i64, step: SessionStep) -> Command {
    Command::StepSession {
        session: nth(n),
        step,
    }
}

fn place(s: &Station, ticket: TicketId) -> SeatPlace {
    let ticket = s.ticket(ticket);
    s.engine.seat(ticket, s.now).expect("it is enrolled").place
}

fn until(s: &mut Station, begins: StationTime, before_min: i64) {
    s.now = begins.plus_ms(-before_min * MINUTE_MS);
}

#[test]
fn a_visitor_without_a_wish_gets_the_next_session_with_a_seat() {
    let mut s = visits();
    for _ in 0..3 {
        let ticket = s.issue("visit");
        assert_eq!(s.ticket(ticket).session(), Some(nth(1)));
    }
    // The fourth seat is kept.
    let fourth = s.issue("visit");
    assert_eq!(s.ticket(fourth).session(), Some(nth(2)));
    let entitled = s.issue_as("visit", Some("priority"));
    assert_eq!(s.ticket(entitled).session(), Some(nth(1)));
    assert_eq!(s.engine.waiting(), 0, "they stand in no line");
    assert_eq!(s.engine.sessions_of(s.now, &service("visit"))[0].taken, 4);
}

#[test]
fn the_board_counts_who_is_enrolled_and_not_called() {
    let mut s = visits();
    for session in [1, 1, 2] {
        ask(&mut s, Some(session), "kiosk").expect("a seat");
    }
    let waiting = |s: &Station| {
        let board = s.engine.board(s.now);
        let board_waiting = board.waiting;
        let row = board
            .services
            .into_iter()
            .find(|r| r.id == service("visit"));
        let row = row.expect("its row");
        assert_eq!(
            (row.waiting, board_waiting),
            (0, 0),
            "they stand in no line"
        );
        row.enrolled
    };
    assert_eq!(waiting(&s), 3);
    s.must(step(1, SessionStep::Call));
    assert_eq!(waiting(&s), 1);
    let roster = s.engine.roster(&nth(1));
    assert_eq!(roster.len(), 2, "who was called is still in the session");
    ask(&mut s, Some(2), "web").expect("a kept seat");
    assert_eq!(waiting(&s), 2);
    let plan = s.engine.session_plan(&service("visit")).expect("its plan");
    s.now = plan.check_in_until(nth(2).begins).plus_ms(1);
    assert_eq!(waiting(&s), 1, "who has not checked in lost the seat");
}

#[test]
fn a_session_is_called_begins_and_ends_as_a_whole() {
    let mut s = visits();
    let party: Vec<_> = (0..3)
        .map(|_| ask(&mut s, Some(1), "kiosk").expect("a seat"))
        .collect();
    s.must(step(1, SessionStep::Call));
    let windows: Vec<_> = party
        .iter()
        .map(|id| {
            s.ticket(*id)
                .enrolment()
                .and_then(|e| e.window.clone())
                .expect("a window")
        })
        .map(|at| format!("{}{}", at.room, at.window))
        .collect();
    assert_eq!(windows, ["A1", "A2", "A3"]);
    until(&mut s, first(), 0);
    s.must(step(1, SessionStep::Start));
    assert!(party.iter().all(|id| s.state(*id) == TicketState::Serving));
    s.wait_ms(30 * MINUTE_MS);
    s.must(step(1, SessionStep::End));
    for id in party {
        assert_eq!(s.state(id), TicketState::Done);
        // From the begin to the command that ended it, a second after the half hour.
        assert_eq!(s.ticket(id).handling_ms, 30 * MINUTE_MS + SECOND_MS);
    }
    let view = &s.engine.sessions_of(s.now, &service("visit"))[0];
    assert_eq!(view.phase, SessionPhase::Ended);
}

#[test]
fn who_has_not_checked_in_at_the_deadline_loses_the_seat_to_the_list_in_its_order() {
    let mut s = visits();
    let away = ask(&mut s, Some(1), "web").expect("the kept seat");
    let _seated: Vec<_> = (0..3)
        .map(|_| ask(&mut s, Some(1), "kiosk").expect("a seat"))
        .collect();
    let [a, b] = [0; 2].map(|_| ask(&mut s, Some(1), "kiosk").expect("the list"));
    assert_eq!(ask(&mut s, Some(1), "kiosk"), Err(Rejected::SessionFull));
    assert_eq!(
        [a, b].map(|id| place(&s, id)),
        [1, 2].map(|nth| SeatPlace::List { nth })
    );
    until(&mut s, first(), 15);
    assert_eq!(
        place(&s, a),
        SeatPlace::List { nth: 1 },
        "the last moment of checking in"
    );
    s.wait_ms(1);
    assert_eq!(place(&s, away), SeatPlace::None);
    assert_eq!(
        [a, b].map(|id| place(&s, id)),
        [SeatPlace::Seat, SeatPlace::List { nth: 1 }]
    );
    let check_in = Command::CheckInToSession {
        target: NumberOrTicket::Ticket(away),
    };
    assert_eq!(s.send(check_in), Err(Rejected::SessionClosed));
    s.must(step(1, SessionStep::Call));
    s.must(step(1, SessionStep::Start));
    assert_eq!(s.state(away), TicketState::NoShow);
    let figures = s.engine.session_figures()[&nth(1)];
    assert_eq!(
        (figures.parties, figures.attended, figures.no_show),
        (5, 4, 1)
    );
    assert_eq!((figures.persons, figures.from_list), (8, 1));
    assert_eq!(figures.no_show_share(), Some(0.2));
    assert_eq!(s.ticket(b).session(), Some(nth(2)), "who is left goes on");
    assert_eq!(place(&s, b), SeatPlace::Seat);
}

#[test]
fn giving_up_frees_the_seat_at_once() {
    let mut s = visits();
    let seated: Vec<_> = (0..3)
        .map(|_| ask(&mut s, Some(1), "kiosk").expect("a seat"))
        .collect();
    let waits = ask(&mut s, Some(1), "kiosk").expect("the list");
    assert_eq!(place(&s, waits), SeatPlace::List { nth: 1 });
    s.must(cancel(seated[1]));
    assert_eq!(place(&s, waits), SeatPlace::Seat);
}

#[test]
fn what_is_left_of_the_kept_seats_is_released() {
    let mut s = visits();
    for _ in 0..3 {
        ask(&mut s, Some(1), "kiosk").expect("a seat");
    }
    let waits = ask(&mut s, Some(1), "kiosk").expect("the list");
    until(&mut s, first(), 20);
    assert_eq!(place(&s, waits), SeatPlace::Seat);
    s.now = s.now.plus_ms(-1);
    assert_eq!(place(&s, waits), SeatPlace::List { nth: 1 });
}

#[test]
fn no_session_overtakes_an_earlier_one() {
    let mut s = visits();
    ask(&mut s, Some(1), "kiosk").expect("a seat");
    ask(&mut s, Some(2), "kiosk").expect("a seat");
    assert_eq!(
        s.send(step(2, SessionStep::Call)),
        Err(Rejected::SessionEarlierWaits)
    );
    s.must(step(1, SessionStep::Call));
    s.must(step(2, SessionStep::Call));
    s.must(step(1, SessionStep::Start));
    assert_eq!(
        s.send(step(2, SessionStep::Start)),
        Err(Rejected::SessionRunning)
    );
    s.must(step(1, SessionStep::End));
    s.must(step(2, SessionStep::Start));
}

#[test]
fn a_call_is_taken_back_within_eight_seconds() {
    let mut s = visits();
    let ticket = ask(&mut s, Some(1), "kiosk").expect("a seat");
    s.must(step(1, SessionStep::Call));
    let of = nth(1);
    assert!(s.engine.may_undo_session(s.now, &of));
    s.must(step(1, SessionStep::Undo));
    assert_eq!(s.state(ticket), TicketState::Enrolled);
    assert!(
        s.ticket(ticket)
            .enrolment()
            .is_some_and(|e| e.window.is_none())
    );
    assert!(s.ticket(ticket).first_called_at.is_none());
    s.must(step(1, SessionStep::Call));
    s.wait_ms(8_001);
    assert_eq!(
        s.send(step(1, SessionStep::Undo)),
        Err(Rejected::UndoExpired)
    );
}

#[test]
fn a_begin_is_not_taken_back_once_somebody_it_moved_has_left() {
    let mut s = visits();
    for _ in 0..3 {
        ask(&mut s, Some(1), "kiosk").expect("a seat");
    }
    ask(&mut s, Some(1), "web").expect("the kept seat");
    let waits = ask(&mut s, Some(1), "kiosk").expect("the list");
    let other = ask(&mut s, Some(1), "kiosk").expect("the list");
    until(&mut s, first(), 14);
    s.must(step(1, SessionStep::Call));
    s.must(step(1, SessionStep::Start));
    assert_eq!(s.state(waits), TicketState::Serving);
    assert_eq!(s.ticket(other).session(), Some(nth(2)));
    s.must(cancel(other));
    assert_eq!(
        s.send(step(1, SessionStep::Undo)),
        Err(Rejected::UndoOvertaken)
    );
}

#[test]
fn the_window_of_a_no_show_goes_to_the_list_until_the_session_begins() {
    let mut s = visits();
    let seated: Vec<_> = (0..3)
        .map(|_| ask(&mut s, Some(1), "kiosk").expect("a seat"))
        .collect();
    let waits = ask(&mut s, Some(1), "kiosk").expect("the list");
    s.must(step(1, SessionStep::Call));
    s.must(Command::MissSession {
        target: NumberOrTicket::Ticket(seated[1]),
    });
    assert_eq!(place(&s, waits), SeatPlace::Seat);
    assert_eq!(
        s.send(step(1, SessionStep::Start)),
        Err(Rejected::SessionNotCalled)
    );
    s.must(step(1, SessionStep::Call));
    let at = s
        .ticket(waits)
        .enrolment()
        .and_then(|e| e.window.clone())
        .expect("a window");
    assert_eq!((at.room.as_str(), at.window), ("A", 2));
    assert_eq!(s.state(seated[0]), TicketState::Called, "called once");
}

#[test]
fn where_the_identity_is_checked_that_is_the_check_in() {
    let mut s = visits();
    let ticket = s.issue("interview");
    assert_eq!(s.state(ticket), TicketState::Unverified);
    let of = SessionRef {
        service: service("interview"),
        begins: first(),
    };
    let call = Command::StepSession {
        session: of.clone(),
        step: SessionStep::Call,
    };
    assert_eq!(s.send(call.clone()), Err(Rejected::SessionNobodyToCall));
    s.must(Command::VerifyIdentity {
        target: NumberOrTicket::Ticket(ticket),
        document: IdentityDocument::Passport,
    });
    assert_eq!(s.state(ticket), TicketState::Enrolled);
    s.must(call);
    assert_eq!(s.state(ticket), TicketState::Called);
}

#[test]
fn nothing_of_the_lines_is_for_a_ticket_of_a_session() {
    let mut s = visits();
    s.open_counter("1");
    let ticket = s.issue("visit");
    let target = NumberOrTicket::Ticket(ticket);
    assert_eq!(s.send(call_next("1")), Err(Rejected::NobodyWaiting));
    assert_eq!(
        s.send(call_ticket("1", ticket)),
        Err(Rejected::SessionTicket)
    );
    let amend = Command::AmendTicket {
        ticket,
        then: vec![service("card")],
        persons: 1,
    };
    assert_eq!(
        s.send(amend),
        Err(Rejected::WrongState(TicketState::Enrolled))
    );
    let reroute = Command::Reroute {
        target: target.clone(),
        to_service: service("card"),
    };
    assert_eq!(
        s.send(reroute),
        Err(Rejected::WrongState(TicketState::Enrolled))
    );
    // And nobody gets into a session from a line.
    let card = s.issue("card");
    let reroute = Command::Reroute {
        target: NumberOrTicket::Ticket(card),
        to_service: service("visit"),
    };
    assert_eq!(s.send(reroute), Err(Rejected::SessionTicket));
    s.call("1");
    let transfer = transfer("1", Some("visit"), None);
    assert_eq!(s.send(transfer), Err(Rejected::SessionTicket));
    // A missed visit does not come back into a line.
    s.must(step(1, SessionStep::Call));
    s.must(Command::MissSession { target });
    assert_eq!(s.send(come_back(ticket)), Err(Rejected::SessionTicket));
}

#[test]
fn a_party_is_as_large_as_the_room_allows() {
    let mut s = visits();
    let wanted = NewTicket {
        ticket: s.next_ticket_id(),
        service: service("visit"),
        then: vec![],
        class: None,
        language: None,
        channel: service("kiosk"),
        persons: 4,
        terms: Default::default(),
    };
    let ask = Command::IssueTicket(wanted);
    assert_eq!(s.send(ask), Err(Rejected::PartyTooLarge(3)));
}

#[test]
fn seats_stay_as_they_are_while_somebody_has_one() {
    let mut s = visits();
    let ticket = s.issue("visit");
    let mut plan = plan_of_visits();
    plan.sessions
        .get_mut(&service("visit"))
        .expect("it has sessions")
        .rooms[0]
        .windows = 1;
    let smaller = Command::Configure(plan.into());
    assert_eq!(
        s.send(smaller.clone()),
        Err(Rejected::ServiceInUse(service("visit")))
    );
    s.must(cancel(ticket));
    s.must(smaller);
}

#[test]
fn a_session_somebody_is_in_outlives_its_timetable() {
    let mut s = visits();
    let ticket = ask(&mut s, Some(2), "kiosk").expect("a seat");
    s.must(Command::SetSessions {
        sessions: timetable(first().plus_ms(10 * MINUTE_MS), 4),
    });
    assert!(s.engine.session(&nth(2)).is_some());
    assert!(s.engine.session(&nth(3)).is_none());
    assert_eq!(place(&s, ticket), SeatPlace::Seat);
    s.must(step(2, SessionStep::Call));
}

#[test]
fn a_plan_with_impossible_sessions_is_refused() {
    let spoil: [fn(&mut queue_core::StationPlan); 5] = [
        |plan| {
            let counter = plan.counters.get_mut(&counter("1")).expect("a counter");
            counter.skills.insert(service("visit"));
        },
        |plan| plan.services.retain(|id, _| id.as_str() != "visit"),
        |plan| of_visits(plan).reserved = 5,
        |plan| of_visits(plan).rooms.clear(),
        |plan| of_visits(plan).rooms[1].name = "A".into(),
    ];
    for spoil in spoil {
        let mut plan = plan_of_visits();
        spoil(&mut plan);
        let unusable = PlanError::UnusableSessions(service("visit"));
        assert_eq!(plan.check(), Err(unusable));
    }
    assert_eq!(plan_of_visits().check(), Ok(()));
}

fn of_visits(plan: &mut queue_core::StationPlan) -> &mut queue_core::SessionPlan {
    plan.sessions
        .get_mut(&service("visit"))
        .expect("it has sessions")
}

#[test]
fn a_repeated_request_gives_the_same_ticket() {
    let mut s = visits();
    let command_ref = s.next_ref();
    let wanted = Command::Enrol {
        wanted: NewTicket {
            ticket: s.next_ticket_id(),
            service: service("visit"),
            then: vec![],
            class: None,
            language: None,
            channel: service("kiosk"),
            persons: 1,
            terms: Default::default(),
        },
        session: None,
    };
    let (first, _) = s
        .send_as(Some(command_ref), wanted.clone())
        .expect("a ticket");
    assert!(matches!(first, Reply::Issued { .. }));
    assert_eq!(s.send_as(Some(command_ref), wanted), Ok((first, 0)));
}
