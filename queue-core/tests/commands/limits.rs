//! Opening hours, quotas, the last-ticket cut-off, one open ticket per person.

use queue_core::{
    Command, CutOff, DayHours, Event, Limit, NewTicket, OnePerPerson, PersonKey, Quota, Rejected,
    ServiceHours, ServiceLimits, StationTime, Terms, TicketId, Window,
};

use crate::common::*;

/// Minutes after [`MORNING`].
fn at(min: i64) -> StationTime {
    MORNING.plus_ms(min * MINUTE_MS)
}

fn span(from_min: i64, until_min: i64) -> Window {
    Window {
        from: at(from_min),
        until: at(until_min),
    }
}

/// Open from minute 0 to 240 and from 300 to 540, and again the next morning.
fn working_day() -> DayHours {
    DayHours {
        station: vec![span(0, 240), span(300, 540)],
        services: Default::default(),
        next_opening: Some(at(1_440)),
    }
}

fn set(s: &mut Station, hours: DayHours) {
    s.must(Command::SetHours {
        hours: Some(hours.into()),
    });
}

fn wanted(s: &mut Station, id: &str, terms: Terms) -> (TicketId, Command) {
    let ticket = s.next_ticket_id();
    let wanted = NewTicket {
        persons: 1,
        then: vec![],
        ticket,
        service: service(id),
        class: None,
        language: None,
        channel: service("kiosk"),
        terms,
    };
    (ticket, Command::IssueTicket(wanted))
}

/// Asks for a ticket: its id, or the limit that stands against it.
fn ask(s: &mut Station, id: &str, terms: Terms) -> Result<TicketId, Limit> {
    let (ticket, command) = wanted(s, id, terms);
    match s.send(command) {
        Ok(_) => Ok(ticket),
        Err(Rejected::Limited(limit)) => Err(limit),
        Err(other) => panic!("{other}"),
    }
}

fn anybody(s: &mut Station, id: &str) -> Result<TicketId, Limit> {
    ask(s, id, Terms::default())
}

fn person(key: u128) -> Terms {
    Terms {
        person: Some(PersonKey(key)),
        overrule: false,
    }
}

#[test]
fn tickets_are_given_out_within_the_hours_to_the_millisecond() {
    let mut s = Station::with_open_day();
    set(&mut s, working_day());
    for (now, opens) in [
        (at(0).plus_ms(-1), Some(at(0))),
        (at(0), None),
        (at(240).plus_ms(-1), None),
        (at(240), Some(at(300))),
        (at(300).plus_ms(-1), Some(at(300))),
        (at(300), None),
        (at(540).plus_ms(-1), None),
        (at(540), Some(at(1_440))),
    ] {
        // Deciding does not need the time of the log.
        let (_, command) = wanted(&mut s, "card", Terms::default());
        let envelope = queue_core::Envelope {
            command_ref: None,
            actor: queue_core::Actor("kiosk/K1".into()),
            command,
        };
        let limit =
            opens.map(|opens| Rejected::Limited(Limit::StationClosedNow { opens: Some(opens) }));
        assert_eq!(s.engine.decide(now, &envelope).err(), limit, "{now:?}");
        let board = s.engine.board(now);
        assert_eq!(board.is_outside_hours(), limit.is_some());
        assert_eq!(board.services[0].limit.is_some(), limit.is_some());
    }
}

#[test]
fn a_day_without_hours_gives_tickets_at_any_time_and_a_closed_one_at_none() {
    let mut s = Station::with_open_day();
    s.wait_ms(20 * 60 * MINUTE_MS);
    anybody(&mut s, "card").expect("no hours, no limit");
    set(&mut s, DayHours::default());
    let limit = anybody(&mut s, "card").expect_err("closed all day");
    assert_eq!(limit, Limit::StationClosedNow { opens: None });
    assert_eq!(limit.code(), "station_closed_now");
    s.must(Command::SetHours { hours: None });
    anybody(&mut s, "card").expect("no hours any more");
}

#[test]
fn a_service_may_have_narrower_hours_of_its_own() {
    let mut s = Station::with_open_day();
    let mut hours = working_day();
    let own = ServiceHours {
        windows: Some(vec![span(60, 120)]),
        next_opening: Some(at(2_900)),
        ..ServiceHours::default()
    };
    hours.services.insert(service("stay"), own);
    set(&mut s, hours);
    let closed = |opens| Err(Limit::ServiceClosedNow { opens: Some(opens) });
    assert_eq!(anybody(&mut s, "stay"), closed(at(60)));
    anybody(&mut s, "card").expect("others are open");
    s.now = at(60);
    anybody(&mut s, "stay").expect("open");
    s.now = at(120);
    assert_eq!(anybody(&mut s, "stay"), closed(at(2_900)));
    let board = s.engine.board(s.now);
    let limits: Vec<_> = board.services.iter().map(|row| &row.limit).collect();
    assert!(matches!(
        limits[..],
        [None, None, Some(Limit::ServiceClosedNow { .. })]
    ));
    // Who has a ticket is served whatever the hours.
    s.now = at(600);
    s.open_counter("3");
    s.serve("3");
    s.must(finish("3"));
}

#[test]
fn hours_come_with_the_day_and_change_by_an_event() {
    let mut s = Station::with_open_day();
    s.must(Command::CloseDay);
    s.must(Command::OpenDay {
        day: "2026-11-17".parse().expect("a date"),
        hours: Some(working_day().into()),
    });
    assert_eq!(s.engine.hours(), Some(&working_day()));
    let before = s.log.len();
    set(&mut s, working_day());
    assert_eq!(s.log.len(), before, "the same hours are no event");
    s.must(Command::SetHours { hours: None });
    assert_eq!(s.last_kinds(1), ["hours_changed"]);
    assert_eq!(s.engine.hours(), None);
}

#[test]
fn a_quota_counts_the_tickets_of_its_span() {
    let mut s = Station::with_open_day();
    let mut hours = working_day();
    let quota = |from_min, until_min| Quota {
        window: span(from_min, until_min),
        tickets: 2,
    };
    let own = ServiceHours {
        quotas: vec![quota(10, 60), quota(300, 360)],
        ..ServiceHours::default()
    };
    hours.services.insert(service("card"), own);
    set(&mut s, hours);
    // Before its span it does not count.
    anybody(&mut s, "card").expect("no quota yet");
    s.now = at(10);
    let first = anybody(&mut s, "card").expect("1 of 2");
    anybody(&mut s, "enquiry").expect("another service");
    let second = anybody(&mut s, "card").expect("2 of 2");
    let full = |opens| Err(Limit::QuotaFull { opens: Some(opens) });
    assert_eq!(anybody(&mut s, "card"), full(at(60)));
    assert!(s.engine.board(s.now).services[0].limit.is_some());
    // Given up before the first call: somebody else may come.
    s.must(cancel(first));
    anybody(&mut s, "card").expect("a place was given back");
    assert_eq!(anybody(&mut s, "card"), full(at(60)));
    // After the first call the place is used.
    s.open_counter("2");
    s.must(call_ticket("2", second));
    s.must(hold("2"));
    s.must(cancel(second));
    assert_eq!(anybody(&mut s, "card"), full(at(60)));
    s.now = at(60);
    anybody(&mut s, "card").expect("the span is over");
    s.now = at(310);
    anybody(&mut s, "card").expect("the next span, 1 of 2");
    anybody(&mut s, "card").expect("2 of 2");
    assert_eq!(anybody(&mut s, "card"), full(at(360)));
    s.now = at(360);
    anybody(&mut s, "card").expect("as was said");
}

#[test]
fn a_quota_that_comes_during_the_day_counts_what_was_taken() {
    let mut s = Station::with_open_day();
    s.issue("card");
    let given_up = s.issue("card");
    s.must(cancel(given_up));
    let mut hours = working_day();
    let own = ServiceHours {
        quotas: vec![Quota {
            window: span(0, 60),
            tickets: 1,
        }],
        ..ServiceHours::default()
    };
    hours.services.insert(service("card"), own);
    set(&mut s, hours);
    let limit = anybody(&mut s, "card").expect_err("taken before");
    assert_eq!(limit.code(), "quota_full");
}

fn limits(s: &mut Station, id: &str, limits: ServiceLimits) {
    let mut plan = plan();
    plan.limits.0.services.insert(service(id), limits);
    s.must(Command::Configure(plan.into()));
}

#[test]
fn no_ticket_whose_visit_would_end_after_closing() {
    let refuse = ServiceLimits {
        cut_off: CutOff::Refuse,
        ..ServiceLimits::default()
    };
    let mut s = Station::open(&["1"]);
    limits(&mut s, "card", refuse);
    set(&mut s, working_day());
    // A free counter and five minutes of handling.
    s.now = at(535);
    anybody(&mut s, "card").expect("ends with the last second");
    s.call("1");
    s.now = at(536);
    let end = s.engine.expected_end(s.now, &service("card"), None);
    let end = end.expect("a counter is open");
    assert!(end > at(540));
    assert_eq!(anybody(&mut s, "card"), Err(Limit::PastCutOff { end }));
    anybody(&mut s, "stay").expect("another service has no cut-off");
    // The more wait, the later.
    let later = s.engine.expected_end(s.now, &service("card"), None);
    assert!(later > Some(end));
    let row = &s.engine.board(s.now).services[0];
    assert!(matches!(row.limit, Some(Limit::PastCutOff { .. })));
    // Nothing can be foreseen where nobody works; closing time is the limit then.
    s.must(finish("1"));
    s.call("1");
    s.must(finish("1"));
    s.must(close("1"));
    s.now = at(539);
    anybody(&mut s, "card").expect("nothing is known");
}

#[test]
fn a_warning_gives_the_ticket_and_says_when_it_ends() {
    let warn = ServiceLimits {
        cut_off: CutOff::Warn,
        ..ServiceLimits::default()
    };
    let mut s = Station::open(&["1"]);
    limits(&mut s, "card", warn);
    set(&mut s, working_day());
    let late_end = |s: &Station| match &s.log.last().expect("an event").event {
        Event::TicketIssued(issued) => issued.late_end,
        other => panic!("{other:?}"),
    };
    anybody(&mut s, "card").expect("early");
    assert_eq!(late_end(&s), None);
    s.now = at(538);
    let row = &s.engine.board(s.now).services[0];
    assert_eq!(row.limit, None);
    let said = row.late_end;
    assert!(said > Some(at(540)));
    anybody(&mut s, "card").expect("only a warning");
    let late = late_end(&s).expect("late");
    // Told in steps of five minutes, never too early.
    let said = said.expect("told");
    assert!(said >= late && said.since_ms(late) < 5 * MINUTE_MS);
    assert_eq!(said.0 % (5 * MINUTE_MS), 0);
}

#[test]
fn one_open_ticket_per_person_and_service() {
    let one = |one_per_person| ServiceLimits {
        one_per_person,
        ..ServiceLimits::default()
    };
    let mut s = Station::open(&["1"]);
    limits(&mut s, "card", one(OnePerPerson::WhenKnown));
    let first = ask(&mut s, "card", person(1)).expect("the first");
    let number = s.ticket(first).number.clone();
    let second = ask(&mut s, "card", person(1));
    assert_eq!(second, Err(Limit::OpenTicketAlready { number }));
    ask(&mut s, "card", person(2)).expect("another person");
    ask(&mut s, "stay", person(1)).expect("another service");
    anybody(&mut s, "card").expect("nobody knows whom it is for");
    // It is open until the visit ends: while it is called, served and held.
    s.serve("1");
    assert!(ask(&mut s, "card", person(1)).is_err());
    s.must(hold("1"));
    assert!(ask(&mut s, "card", person(1)).is_err());
    s.must(resume("1", Some(first)));
    s.must(finish("1"));
    let again = ask(&mut s, "card", person(1)).expect("the first visit is over");
    s.must(cancel(again));
    ask(&mut s, "card", person(1)).expect("given up");
    limits(&mut s, "card", one(OnePerPerson::Always));
    assert_eq!(anybody(&mut s, "card"), Err(Limit::PersonUnknown));
    limits(&mut s, "card", one(OnePerPerson::Off));
    ask(&mut s, "card", person(1)).expect("nobody asks");
}

#[test]
fn staff_overrule_every_limit_and_the_ticket_says_which() {
    let mut s = Station::with_open_day();
    set(&mut s, DayHours::default());
    let overrule = Terms {
        overrule: true,
        ..Terms::default()
    };
    ask(&mut s, "card", overrule.clone()).expect("staff take it upon themselves");
    let overruled = |s: &Station| match &s.log.last().expect("an event").event {
        Event::TicketIssued(issued) => issued.overruled.as_deref().map(Limit::code),
        other => panic!("{other:?}"),
    };
    assert_eq!(overruled(&s), Some("station_closed_now"));
    s.must(Command::SetHours { hours: None });
    ask(&mut s, "card", overrule).expect("nothing to overrule");
    assert_eq!(overruled(&s), None);
    let stored = serde_json::to_string(s.log.last().expect("an event")).expect("stored");
    assert!(!stored.contains("overruled"), "{stored}");
}

#[test]
fn a_quota_may_count_the_persons_of_a_ticket() {
    let mut s = Station::open(&["1"]);
    let by_person = ServiceLimits {
        quota_counts_persons: true,
        ..ServiceLimits::default()
    };
    limits(&mut s, "card", by_person);
    let mut hours = working_day();
    let quota = Quota {
        window: span(0, 240),
        tickets: 4,
    };
    let own = ServiceHours {
        quotas: vec![quota],
        ..ServiceHours::default()
    };
    hours.services.insert(service("card"), own);
    set(&mut s, hours);
    let group = |s: &mut Station, persons: u16, then: &[&str]| {
        let (ticket, command) = wanted(s, "enquiry", Terms::default());
        let Command::IssueTicket(wanted) = command else {
            panic!("it asks for a ticket")
        };
        let then = then.iter().map(|id| service(id)).collect();
        s.send(Command::IssueTicket(NewTicket {
            persons,
            then,
            ..wanted
        }))
        .map(|_| ticket)
        .map_err(|rejected| rejected.code())
    };
    let three = group(&mut s, 3, &["card"]).expect("room for three");
    assert_eq!(group(&mut s, 2, &["card"]), Err("quota_full"));
    group(&mut s, 1, &["card"]).expect("room for one more");
    group(&mut s, 9, &[]).expect("an enquiry is not limited");
    s.must(cancel(three));
    group(&mut s, 3, &["card"]).expect("room again");
}
