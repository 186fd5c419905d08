//! Booking a slot, checking in, and what an appointment is worth in the line.

use queue_core::{
    AppointmentCode, AppointmentId, AppointmentRef, AppointmentState, CheckIn, Command, CutOff,
    DayHours, Discipline, Estimate, Event, Explanation, HelpsOut, NewAppointment, NewTicket,
    OnePerPerson, Quota, Reply, ServiceHours, ServiceLimits, StationTime, TicketId, TicketState,
    Window,
};

use crate::common::*;

/// 09:00, an hour after the stations of these tests open.
const NINE: StationTime = StationTime(MORNING.0 + 60 * MINUTE_MS);

fn booking(n: u128, id: &str, slot: StationTime) -> NewAppointment {
    NewAppointment {
        appointment: AppointmentId(n),
        code: AppointmentCode::new(42).expect("a code"),
        service: service(id),
        day: "2026-11-16".parse().expect("a date"),
        slot,
        class: None,
        language: None,
        channel: service("web"),
    }
}

fn book(n: u128, id: &str, slot: StationTime) -> Command {
    Command::BookAppointment(booking(n, id, slot))
}

fn give_up(n: u128) -> Command {
    Command::CancelAppointment {
        appointment: AppointmentId(n),
    }
}

fn check_in(s: &mut Station, n: u128) -> Command {
    Command::CheckIn(CheckIn {
        appointment: AppointmentRef::Id(AppointmentId(n)),
        ticket: s.next_ticket_id(),
        language: None,
        channel: service("kiosk"),
    })
}

/// Checks in so many minutes after the slot, or before.
#[track_caller]
fn comes(s: &mut Station, n: u128, after_min: i64) -> TicketId {
    let slot = s.engine.appointment(AppointmentId(n)).expect("booked").slot;
    s.now = slot.plus_ms(after_min * MINUTE_MS);
    let command = check_in(s, n);
    match s.send(command) {
        Ok((Reply::Issued { ticket }, 1)) => ticket,
        other => panic!("not checked in: {other:?}"),
    }
}

fn code(s: &Station, n: u128) -> String {
    let appointment = s.engine.appointment(AppointmentId(n)).expect("booked");
    appointment.code.to_string()
}

#[test]
fn a_slot_has_as_many_places_as_the_plan_says() {
    let mut s = Station::with_open_day();
    s.must(book(1, "card", NINE));
    s.must(book(2, "card", NINE));
    assert_eq!(s.refused(book(3, "card", NINE)), "slot_full");
    assert_eq!(s.engine.places_left(&service("card"), NINE), 0);
    // A time that only overlaps with it is full too, the next slot is not.
    let ten_past = NINE.plus_ms(10 * MINUTE_MS);
    assert_eq!(s.refused(book(3, "card", ten_past)), "slot_full");
    s.must(book(3, "card", NINE.plus_ms(15 * MINUTE_MS)));
    s.must(book(4, "stay", NINE));
    // Who gives an appointment up makes room.
    s.must(give_up(1));
    s.must(book(5, "card", NINE));
    assert_eq!(s.refused(book(6, "card", NINE)), "slot_full");
}

#[test]
fn only_offered_services_and_times_can_be_booked() {
    let mut s = Station::new();
    s.must(Command::Configure(plan().into()));
    assert_eq!(s.refused(book(1, "card", NINE)), "day_closed");
    s.must(open_day("2026-11-16"));
    assert_eq!(s.refused(book(1, "enquiry", NINE)), "no_appointments");
    assert_eq!(s.refused(book(1, "dance", NINE)), "unknown_service");
    let mut royal = booking(1, "card", NINE);
    royal.class = Some(class("royal"));
    assert_eq!(s.refused(Command::BookAppointment(royal)), "unknown_class");
    s.now = NINE.plus_ms(-10 * MINUTE_MS + 1);
    assert_eq!(s.refused(book(1, "card", NINE)), "slot_too_soon");
    let tomorrow = s.now.plus_ms(24 * 60 * MINUTE_MS);
    assert_eq!(
        s.refused(book(1, "card", tomorrow.plus_ms(1))),
        "slot_too_far"
    );
    s.send(book(1, "card", tomorrow)).expect("booked");
    assert_eq!(
        s.refused(book(1, "card", tomorrow)),
        "idempotency_key_reused"
    );
    // One books after hours too.
    s.must(Command::CloseDay);
    let reply = s.must(book(2, "card", tomorrow.plus_ms(-60 * MINUTE_MS)));
    let appointment = AppointmentId(2);
    assert_eq!(reply, Reply::Booked { appointment });
}

#[test]
fn a_code_is_given_once_a_day_and_grows_to_five_digits() {
    let mut s = Station::with_open_day();
    let mut wanted = |n, number, day: &str| {
        let slot = NINE.plus_ms(n as i64 * 15 * MINUTE_MS);
        s.must(Command::BookAppointment(NewAppointment {
            code: AppointmentCode::new(number).expect("a code"),
            day: day.parse().expect("a date"),
            ..booking(n, "card", slot)
        }));
        code(&s, n)
    };
    assert_eq!(wanted(1, 42, "2026-11-16"), "0042");
    assert_eq!(wanted(2, 42, "2026-11-16"), "0043");
    assert_eq!(wanted(3, 42, "2026-11-17"), "0042");
    assert_eq!(wanted(4, 9_999, "2026-11-16"), "9999");
    assert_eq!(wanted(5, 9_999, "2026-11-16"), "10000");
    assert_eq!(wanted(6, 999_999, "2026-11-16"), "999999");
    assert_eq!(wanted(7, 999_999, "2026-11-16"), "0000");
}

#[test]
fn a_code_is_read_as_it_is_written() {
    for good in ["0000", "0042", "9999", "10000", "999999"] {
        let code: AppointmentCode = good.parse().expect("a code");
        assert_eq!(code.to_string(), good);
    }
    for bad in ["", "42", "00042", "1000000", "12a4", "+123", "１２３４"] {
        assert!(bad.parse::<AppointmentCode>().is_err(), "{bad}");
    }
}

#[test]
fn on_time_counts_from_the_slot_and_late_from_the_check_in() {
    let mut s = Station::open(&["1"]);
    let nine_fifteen = NINE.plus_ms(15 * MINUTE_MS);
    s.must(book(1, "card", NINE));
    s.must(book(2, "card", NINE));
    s.must(book(3, "card", nine_fifteen));
    let early = comes(&mut s, 1, -10);
    assert_eq!(s.ticket(early).key.base_ms, NINE.0);
    let on_time = comes(&mut s, 2, 10);
    assert_eq!(s.ticket(on_time).key.base_ms, NINE.0);
    assert_eq!(s.ticket(on_time).waits_from(), NINE.plus_ms(10 * MINUTE_MS));
    assert_eq!(s.ticket(on_time).class, class("appointment"));
    let late = comes(&mut s, 3, 11);
    assert_eq!(
        s.ticket(late).key.base_ms,
        nine_fifteen.plus_ms(11 * MINUTE_MS).0
    );
    let state = |n| {
        s.engine
            .appointment(AppointmentId(n))
            .expect("booked")
            .state
    };
    assert!(matches!(
        state(2),
        AppointmentState::CheckedIn { ticket, late: false, .. } if ticket == on_time
    ));
    assert!(matches!(
        state(3),
        AppointmentState::CheckedIn { late: true, .. }
    ));
    assert_eq!([s.call("1")], [early]);
}

#[test]
fn one_checks_in_within_the_window_once() {
    let mut s = Station::with_open_day();
    s.must(book(1, "card", NINE));
    s.must(book(2, "card", NINE));
    s.now = NINE.plus_ms(-30 * MINUTE_MS - 1);
    let too_early = check_in(&mut s, 1);
    assert_eq!(s.refused(too_early), "check_in_too_early");
    s.wait_ms(1);
    let in_time = check_in(&mut s, 1);
    s.send(in_time).expect("checked in");
    let again = check_in(&mut s, 1);
    assert_eq!(s.refused(again), "already_checked_in");
    assert_eq!(s.refused(give_up(1)), "already_checked_in");
    s.now = NINE.plus_ms(60 * MINUTE_MS + 1);
    let missed = check_in(&mut s, 2);
    assert_eq!(s.refused(missed), "appointment_missed");
    s.must(give_up(2));
    let given_up = check_in(&mut s, 2);
    assert_eq!(s.refused(given_up), "appointment_cancelled");
    assert_eq!(s.send(give_up(2)).expect("nothing more to do").1, 0);
    assert_eq!(s.refused(give_up(3)), "unknown_appointment");
    s.must(Command::CloseDay);
    let closed = check_in(&mut s, 1);
    assert_eq!(s.refused(closed), "day_closed");
}

#[test]
fn the_code_is_enough_on_its_day() {
    let mut s = Station::with_open_day();
    s.must(book(1, "card", NINE));
    s.now = NINE;
    let by = |s: &mut Station, code: &str| {
        Command::CheckIn(CheckIn {
            appointment: AppointmentRef::Code(code.parse().expect("a code")),
            ticket: s.next_ticket_id(),
            language: None,
            channel: service("kiosk"),
        })
    };
    let wrong = by(&mut s, "0043");
    assert_eq!(s.refused(wrong), "unknown_appointment");
    s.must(give_up(1));
    let given_up = by(&mut s, "0042");
    assert_eq!(s.refused(given_up), "appointment_cancelled");
    // The code was free again: whoever has it now is meant.
    let next = NINE.plus_ms(15 * MINUTE_MS);
    s.must(book(2, "card", next));
    s.now = next;
    let right = by(&mut s, "0042");
    let reply = s.must(right);
    let Reply::Issued { ticket } = reply else {
        panic!("{reply:?}");
    };
    let attends = s.engine.ticket(ticket).and_then(|ticket| ticket.attends);
    assert_eq!(attends.map(|a| a.appointment), Some(AppointmentId(2)));
}

#[test]
fn who_is_early_stands_aside_until_ten_minutes_before_unless_nobody_else_is_there() {
    let mut s = Station::open(&["1", "2"]);
    s.must(book(1, "card", NINE));
    s.must(book(2, "card", NINE));
    let first = comes(&mut s, 1, -25);
    let second = comes(&mut s, 2, -24);
    let walk_in = s.issue("card");
    let view = |s: &Station, id| s.engine.ticket_view(s.now, id).expect("known");
    assert_eq!(view(&s, first).ahead, 1, "the walk-in has a turn");
    assert_eq!(view(&s, walk_in).ahead, 0);
    assert_eq!(s.call("1"), walk_in);
    // The other counter would idle.
    assert_eq!(s.call("2"), first);
    s.must(undo("2"));
    let another = s.issue("card");
    assert_eq!(s.call("2"), another);
    s.must(finish("2"));
    // Its time has come, and its head start counts.
    s.now = NINE.plus_ms(-10 * MINUTE_MS);
    let just_now = s.issue("card");
    assert_eq!(s.call("2"), first);
    s.must(finish("2"));
    assert_eq!(s.call("2"), second);
    assert_eq!(s.state(just_now), TicketState::Waiting);
}

#[test]
fn the_turn_comes_ten_minutes_before_to_the_millisecond() {
    let mut s = Station::open(&["1"]);
    let mut wanted = book(1, "card", NINE);
    if let Command::BookAppointment(new) = &mut wanted {
        new.class = Some(class("priority"));
    }
    s.must(wanted);
    let early = comes(&mut s, 1, -25);
    s.now = NINE.plus_ms(-15 * MINUTE_MS);
    let walk_in = s.issue("card");
    let next = |now| {
        let next = s.engine.next_for(&counter("1"), now);
        next.map(|next| next.called.place.ticket)
    };
    let turn = NINE.plus_ms(-10 * MINUTE_MS);
    assert_eq!(next(turn.plus_ms(-1)), Some(walk_in));
    assert_eq!(next(turn), Some(early), "the head start is larger");
}

#[test]
fn whose_time_has_not_come_can_not_be_let_go_first() {
    let mut s = Station::open(&["1"]);
    let later = NINE.plus_ms(15 * MINUTE_MS);
    s.must(book(1, "card", NINE));
    s.must(book(2, "card", later));
    s.now = NINE.plus_ms(-9 * MINUTE_MS);
    let walk_in = s.issue("card");
    comes(&mut s, 1, -8);
    comes(&mut s, 2, -22);
    let behind = |now| s.engine.ticket_view(now, walk_in).expect("known").behind;
    assert_eq!(
        behind(s.now),
        0,
        "one is before the walk-in, one not yet in turn"
    );
    assert_eq!(behind(later.plus_ms(-10 * MINUTE_MS)), 1);
}

#[test]
fn who_lets_appointments_go_first_stands_behind_them_though_they_have_gathered_nothing_yet() {
    let mut s = Station::new();
    let mut plan = plan();
    plan.rules.discipline = Discipline::Accumulating;
    s.must(Command::Configure(plan.into()));
    s.must(open_day("2026-11-16"));
    s.open_counter("1");
    for n in [1, 2] {
        s.must(book(n, "card", NINE));
    }
    s.now = NINE.plus_ms(-20 * MINUTE_MS);
    let patient = s.issue("card");
    let first = comes(&mut s, 1, -8);
    let second = comes(&mut s, 2, -7);
    s.must(defer(patient, 2));
    s.now = NINE.plus_ms(5 * MINUTE_MS);
    for expected in [first, second, patient] {
        assert_eq!(s.call("1"), expected);
        s.must(finish("1"));
    }
}

#[test]
fn a_head_start_lets_an_appointment_pass() {
    let mut s = Station::open(&["1"]);
    s.must(book(1, "card", NINE));
    s.now = NINE.plus_ms(-5 * MINUTE_MS);
    let walk_in = s.issue("card");
    let appointment = comes(&mut s, 1, 0);
    assert_eq!(s.call("1"), appointment);
    let walk_in_came = s.ticket(walk_in).issued_at;
    let reason = s.ticket(appointment).called_because.as_ref();
    assert_eq!(
        reason.expect("called").explain(),
        Explanation::HeadStart {
            class: class("appointment"),
            credit_s: 600,
            counts_from: NINE.plus_ms(-10 * MINUTE_MS),
            passed_counts_from: walk_in_came,
        }
    );
}

#[test]
fn nobody_is_told_a_wait_that_ends_before_the_turn_comes() {
    let mut s = Station::open(&["1"]);
    s.must(book(1, "card", NINE));
    // The counter is busy, and the pace is known.
    for _ in 0..6 {
        s.issue("card");
        s.must(call_next("1"));
        s.wait_ms(60 * SECOND_MS);
        s.must(finish("1"));
    }
    s.now = NINE.plus_ms(-31 * MINUTE_MS);
    s.issue("card");
    s.must(call_next("1"));
    let early = comes(&mut s, 1, -30);
    let view = s.engine.ticket_view(s.now, early).expect("known");
    let Some(Estimate::Range { p50_s, low_min, .. }) = view.estimate else {
        panic!("no range: {view:?}");
    };
    assert!(p50_s >= 20 * 60, "{p50_s}");
    assert_eq!(low_min, 20);
    assert_eq!(view.slot, Some(NINE));
}

#[test]
fn appointments_outlive_the_days_before_them() {
    let mut s = Station::with_open_day();
    let tomorrow = NINE.plus_ms(23 * 60 * MINUTE_MS);
    s.must(book(1, "card", NINE));
    s.must(Command::BookAppointment(NewAppointment {
        day: "2026-11-17".parse().expect("a date"),
        ..booking(2, "card", tomorrow)
    }));
    s.must(Command::CloseDay);
    assert_eq!(s.engine.appointments().count(), 2);
    s.must(open_day("2026-11-17"));
    assert!(s.engine.appointment(AppointmentId(1)).is_none());
    let here = comes(&mut s, 2, 0);
    assert_eq!(s.number(here), "A001");
    assert_eq!(replay(&s.log).fingerprint(), s.engine.fingerprint());
}

#[test]
fn a_plan_offers_appointments_only_for_what_it_has() {
    let mut s = Station::with_open_day();
    let mut bad = |change: fn(&mut queue_core::AppointmentPlan)| {
        let mut other = plan();
        other.appointments.as_mut().map(change);
        assert_eq!(s.refused(Command::Configure(other.into())), "bad_plan");
    };
    bad(|a| a.class = Some(class("royal")));
    bad(|a| a.services.values_mut().for_each(|slots| slots.capacity = 0));
    bad(|a| a.services.values_mut().for_each(|slots| slots.slot_s = 59));
    bad(|a| {
        let slots = a.services[&service("card")];
        a.services.insert(service("dance"), slots);
    });
}

/// A station with an appointment for 09:00 whose day has these hours, tickets of the service limited to none.
fn with_hours(station: Vec<Window>) -> Station {
    let mut s = Station::with_open_day();
    s.must(book(1, "card", NINE));
    let own = ServiceHours {
        windows: Some(vec![Window {
            from: NINE,
            until: NINE.plus_ms(15 * MINUTE_MS),
        }]),
        quotas: vec![Quota {
            window: Window {
                from: MORNING,
                until: NINE.plus_ms(60 * MINUTE_MS),
            },
            tickets: 1,
        }],
        next_opening: None,
    };
    s.must(Command::SetHours {
        hours: Some(Box::new(DayHours {
            station,
            services: [(service("card"), own)].into(),
            next_opening: None,
        })),
    });
    s
}

fn until(closing: StationTime) -> Vec<Window> {
    vec![Window {
        from: NINE.plus_ms(-20 * MINUTE_MS),
        until: closing,
    }]
}

/// Why somebody without an appointment gets no ticket.
fn walk_in_refused(s: &mut Station) -> &'static str {
    let ticket = s.next_ticket_id();
    s.refused(Command::IssueTicket(NewTicket {
        ticket,
        service: service("card"),
        then: vec![],
        class: None,
        language: None,
        channel: service("kiosk"),
        persons: 1,
        terms: Default::default(),
    }))
}

#[test]
fn who_has_a_slot_checks_in_before_the_station_opens_and_takes_nothing_of_the_quota() {
    let mut s = with_hours(until(NINE.plus_ms(60 * MINUTE_MS)));
    s.now = NINE.plus_ms(-25 * MINUTE_MS);
    assert_eq!(walk_in_refused(&mut s), "station_closed_now");
    comes(&mut s, 1, -25);
    // The only ticket of the quota is still there for who walks in.
    s.now = NINE;
    s.issue("card");
    assert_eq!(walk_in_refused(&mut s), "quota_full");
    // And a slot is one's own although the quota is used up.
    let mut s = with_hours(until(NINE.plus_ms(60 * MINUTE_MS)));
    s.now = NINE;
    s.issue("card");
    comes(&mut s, 1, 5);
}

#[test]
fn who_cancels_a_ticket_for_an_appointment_gives_no_walk_in_back() {
    let mut s = with_hours(until(NINE.plus_ms(60 * MINUTE_MS)));
    s.now = NINE;
    s.issue("card");
    let attends = comes(&mut s, 1, 1);
    s.must(cancel(attends));
    assert_eq!(walk_in_refused(&mut s), "quota_full");
}

#[test]
fn who_is_late_comes_before_closing_time_and_who_is_in_time_comes_always() {
    let closing = NINE.plus_ms(5 * MINUTE_MS);
    let mut s = with_hours(until(closing));
    comes(&mut s, 1, 6);
    let closing = NINE.plus_ms(12 * MINUTE_MS);
    let mut s = with_hours(until(closing));
    comes(&mut s, 1, 11);
    let mut s = with_hours(until(closing));
    s.now = closing;
    let late = check_in(&mut s, 1);
    assert_eq!(s.refused(late), "station_closed_now");
}

#[test]
fn neither_the_cut_off_nor_a_person_who_is_not_known_stands_against_an_appointment() {
    let mut changed = plan();
    let limits = ServiceLimits {
        cut_off: CutOff::Refuse,
        one_per_person: OnePerPerson::Always,
        quota_counts_persons: false,
    };
    changed.limits.0.services.insert(service("card"), limits);
    let mut s = with_hours(until(NINE.plus_ms(MINUTE_MS)));
    s.must(Command::Configure(changed.into()));
    s.open_counter("1");
    s.now = NINE;
    assert_eq!(walk_in_refused(&mut s), "person_unknown");
    comes(&mut s, 1, 0);
    let last = s.log.last().map(|recorded| &recorded.event);
    assert!(matches!(last, Some(Event::TicketIssued(issued)) if issued.late_end.is_none()));
}

#[test]
fn a_counter_helps_out_rather_than_call_its_own_visitor_long_before_the_slot() {
    let mut changed = plan();
    let desk = changed.counters.get_mut(&counter("1")).expect("a counter");
    desk.skills = [service("card")].into();
    desk.overflow_skills = [service("enquiry")].into();
    desk.overflow_delay_s = 3_600;
    let mut s = Station::with_open_day();
    s.must(Command::Configure(changed.into()));
    s.must(book(1, "card", NINE));
    let early = comes(&mut s, 1, -30);
    let walks_in = s.issue("enquiry");
    s.open_counter("1");
    assert_eq!(s.call("1"), walks_in);
    let reason = s.ticket(walks_in).called_because.clone().expect("a reason");
    assert_eq!(reason.helps_out(), Some(HelpsOut::NobodyOfItsOwn));
    // Where nobody else waits it calls the early one rather than idle.
    s.must(finish("1"));
    assert_eq!(s.call("1"), early);
}
