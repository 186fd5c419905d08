//! Several matters where they meet appointments, the identity check, quotas and zones.

use queue_core::policy::Discipline;
use queue_core::{
    AppointmentCode, AppointmentId, AppointmentRef, CheckIn, Command, DayHours, IdentityDocument,
    LegState, NewAppointment, NewTicket, NumberOrTicket, PlanZones, Quota, ServiceHours,
    ServicePlan, StationPlan, StationTime, TicketId, TicketState, Window, ZonePlan,
};

use crate::common::*;

/// An hour after the stations of these tests open.
const NINE: StationTime = StationTime(MORNING.0 + 60 * MINUTE_MS);

fn wanted(ticket: TicketId, first: &str, then: &[&str], persons: u16) -> Command {
    Command::IssueTicket(NewTicket {
        ticket,
        service: service(first),
        then: then.iter().map(|id| service(id)).collect(),
        class: None,
        language: None,
        channel: service("kiosk"),
        persons,
        terms: Default::default(),
    })
}

fn issue(s: &mut Station, first: &str, then: &[&str]) -> TicketId {
    let ticket = s.next_ticket_id();
    s.must(wanted(ticket, first, then, 1));
    ticket
}

fn verify(ticket: TicketId) -> Command {
    Command::VerifyIdentity {
        target: NumberOrTicket::Ticket(ticket),
        document: IdentityDocument::Passport,
    }
}

fn reroute(ticket: TicketId, to: &str) -> Command {
    Command::Reroute {
        target: NumberOrTicket::Ticket(ticket),
        to_service: service(to),
    }
}

/// Stays want the check; `permit` is an enquiry, then a stay.
fn gated() -> StationPlan {
    let mut plan = plan();
    let stay = plan.services.get_mut(&service("stay")).expect("a service");
    stay.identity_check = true;
    let permit = ServicePlan {
        steps: vec![service("enquiry"), service("stay")],
        identity_check: false,
        ..stay.clone()
    };
    plan.services.insert(service("permit"), permit);
    let offered = plan.appointments.as_mut().expect("offered");
    let slots = offered.services[&service("card")];
    offered.services.insert(service("permit"), slots);
    plan
}

fn station(plan: StationPlan, counters: &[&str]) -> Station {
    let mut s = Station::new();
    s.must(Command::Configure(plan.into()));
    s.must(open_day("2026-11-16"));
    for id in counters {
        s.open_counter(id);
    }
    s
}

/// Somebody with an appointment at nine, who checks in at an instant.
fn comes(s: &mut Station, id: &str, at: StationTime) -> TicketId {
    s.must(Command::BookAppointment(NewAppointment {
        appointment: AppointmentId(1),
        code: AppointmentCode::new(42).expect("a code"),
        service: service(id),
        day: "2026-11-16".parse().expect("a date"),
        slot: NINE,
        class: None,
        language: None,
        channel: service("web"),
    }));
    s.now = at;
    let ticket = s.next_ticket_id();
    s.must(Command::CheckIn(CheckIn {
        appointment: AppointmentRef::Id(AppointmentId(1)),
        ticket,
        language: None,
        channel: service("kiosk"),
    }));
    ticket
}

#[test]
fn the_identity_is_checked_once_for_all_matters_and_before_the_first() {
    let mut s = station(gated(), &["2", "3"]);
    let visitor = issue(&mut s, "card", &["stay"]);
    assert_eq!(s.state(visitor), TicketState::Unverified);
    let of_stations = issue(&mut s, "permit", &[]);
    assert_eq!(s.state(of_stations), TicketState::Unverified);
    let without = issue(&mut s, "card", &["enquiry"]);
    assert_eq!(s.state(without), TicketState::Waiting);
    s.must(verify(visitor));
    assert_eq!(s.serve("2"), visitor);
    s.must(finish("2"));
    assert_eq!(s.state(visitor), TicketState::Waiting, "not checked again");
    assert_eq!(s.call("3"), visitor);
    // Staff who add a matter have seen the visitor.
    assert_eq!(s.serve("2"), without);
    s.must(Command::ChangeMatters {
        counter: counter("2"),
        then: vec![service("stay")],
    });
    s.must(finish("2"));
    assert_eq!(s.state(without), TicketState::Waiting);
    assert_eq!(replay(&s.log).fingerprint(), s.engine.fingerprint());
}

#[test]
fn who_is_put_to_another_matter_keeps_what_comes_after_it() {
    let mut s = station(gated(), &["1"]);
    let visitor = issue(&mut s, "permit", &["card"]);
    s.must(verify(visitor));
    assert_eq!(s.refused(reroute(visitor, "card")), "bad_matters");
    assert_eq!(s.refused(reroute(visitor, "permit")), "transfer_nowhere");
    s.must(reroute(visitor, "enquiry"));
    let t = s.ticket(visitor);
    let way: Vec<_> = t.course().map(|(service, _)| service.as_str()).collect();
    assert_eq!(
        way,
        ["enquiry", "card"],
        "the stay was a part of the permit"
    );
    let asked: Vec<_> = t.asked().map(|id| id.as_str()).collect();
    assert_eq!(asked, ["enquiry", "card"]);
    s.must(reroute(visitor, "permit"));
    let t = s.ticket(visitor);
    assert_eq!(t.course().count(), 3);
    assert_eq!(t.visit_service().as_str(), "permit");
    // Between two legs it is only the one under way.
    assert_eq!(s.serve("1"), visitor);
    s.must(transfer("1", Some("card"), None));
    s.must(reroute(visitor, "enquiry"));
    let t = s.ticket(visitor);
    let way: Vec<_> = t.course().map(|(service, _)| service.as_str()).collect();
    assert_eq!(way, ["enquiry", "enquiry", "stay", "card"]);
    // The visitor reads each service once.
    let told = t.course_told();
    let told: Vec<_> = told.iter().map(|(id, leg)| (id.as_str(), *leg)).collect();
    let to_come = [("stay", LegState::ToCome), ("card", LegState::ToCome)];
    assert_eq!(told, [&[("enquiry", LegState::Now)], &to_come[..]].concat());
    assert_eq!(t.visit_service().as_str(), "permit");
    let plain = issue(&mut s, "card", &[]);
    s.must(reroute(plain, "enquiry"));
    assert!(s.ticket(plain).matters.is_empty());
    assert_eq!(replay(&s.log).fingerprint(), s.engine.fingerprint());
}

#[test]
fn an_appointment_is_for_the_first_matter() {
    let mut s = station(gated(), &["2"]);
    let early = comes(&mut s, "card", NINE.plus_ms(-20 * MINUTE_MS));
    assert_eq!(s.serve("2"), early, "nobody else is here");
    assert_eq!(
        s.ticket(early).waits_from(),
        s.ticket(early).first_called_at.expect("called")
    );
    s.must(Command::ChangeMatters {
        counter: counter("2"),
        then: vec![service("stay")],
    });
    s.must(finish("2"));
    let t = s.ticket(early);
    let goes_on = t.waits_from();
    assert_eq!(Some(goes_on), t.legs[0].finished_at, "not from the slot");
    assert!(goes_on < NINE);
    assert!(!t.counts_from_slot(), "it has had its turn");
    assert_eq!(t.key.base_ms, NINE.0, "the seniority is that of the visit");
    assert_eq!(Some(t.visit_waits_from()), t.first_called_at);
    let board = s.engine.board(s.now);
    let row = board.services.iter().find(|row| row.id == service("stay"));
    assert_eq!(row.and_then(|row| row.oldest_waiting_since), Some(goes_on));
}

#[test]
fn an_appointment_for_a_service_of_stations_begins_at_the_first() {
    let mut s = station(gated(), &["1"]);
    let visitor = comes(&mut s, "permit", NINE.plus_ms(5 * MINUTE_MS));
    assert_eq!(s.state(visitor), TicketState::Unverified, "for the stay");
    s.must(verify(visitor));
    let t = s.ticket(visitor);
    assert_eq!(
        (t.service.as_str(), t.waits_from()),
        ("enquiry", s.ticket(visitor).issued_at)
    );
    assert_eq!(s.serve("1"), visitor);
    s.must(finish("1"));
    s.must(finish("1"));
    let t = s.ticket(visitor);
    assert_eq!((t.state, t.legs.len()), (TicketState::Done, 1));
}

#[test]
fn quotas_follow_every_matter_and_person_to_where_the_ticket_is_put() {
    let mut plan = gated();
    let limits = queue_core::ServiceLimits {
        quota_counts_persons: true,
        ..Default::default()
    };
    plan.limits.0.services.insert(service("enquiry"), limits);
    let mut s = station(plan, &[]);
    let window = Window {
        from: MORNING,
        until: NINE.plus_ms(600 * MINUTE_MS),
    };
    let quotas = |tickets| ServiceHours {
        quotas: vec![Quota { window, tickets }],
        ..ServiceHours::default()
    };
    let hours = DayHours {
        station: vec![window],
        services: [("card", 1), ("enquiry", 3), ("stay", 1)]
            .map(|(id, tickets)| (service(id), quotas(tickets)))
            .into(),
        next_opening: None,
    };
    s.must(Command::SetHours {
        hours: Some(hours.into()),
    });
    let family = s.next_ticket_id();
    s.must(wanted(family, "card", &["stay"], 3));
    let full = |s: &mut Station, id| {
        let ticket = s.next_ticket_id();
        s.refused(wanted(ticket, id, &[], 1)) == "quota_full"
    };
    assert!(full(&mut s, "card") && full(&mut s, "stay"));
    s.must(reroute(family, "enquiry"));
    assert!(full(&mut s, "enquiry") && full(&mut s, "stay"));
    issue(&mut s, "card", &[]);
    s.must(cancel(family));
    issue(&mut s, "stay", &["enquiry"]);
    assert!(full(&mut s, "stay"));
    assert_eq!(replay(&s.log).fingerprint(), s.engine.fingerprint());
}

#[test]
fn a_counter_keeps_the_visitor_only_for_lines_it_serves_in_its_zone() {
    let mut plan = gated();
    plan.zones = PlanZones {
        zones: [
            (zone("1f"), ZonePlan::default()),
            (
                zone("2f"),
                ZonePlan {
                    discipline: Some(Discipline::Strict),
                },
            ),
        ]
        .into(),
        services: [("card", "1f"), ("enquiry", "1f"), ("stay", "2f")]
            .map(|(s, z)| (service(s), zone(z)))
            .into(),
        counters: [("1", "1f"), ("2", "1f"), ("3", "2f")]
            .map(|(c, z)| (counter(c), zone(z)))
            .into(),
    }
    .into();
    let one = plan.counters.get_mut(&counter("1")).expect("a counter");
    one.skills.remove(&service("stay"));
    let mut s = station(plan, &["1", "3"]);
    let visitor = issue(&mut s, "card", &["enquiry", "stay"]);
    s.must(verify(visitor));
    assert_eq!(s.serve("1"), visitor);
    s.must(finish("1"));
    assert_eq!(s.state(visitor), TicketState::Serving, "downstairs as well");
    s.must(finish("1"));
    assert_eq!(s.state(visitor), TicketState::Waiting, "for upstairs");
    assert_eq!(s.call("3"), visitor);
}

#[test]
fn one_who_goes_from_line_to_line_is_one_who_waits() {
    let mut s = station(plan(), &["2", "3"]);
    let family = s.next_ticket_id();
    s.must(wanted(family, "card", &["stay"], 4));
    let most = |s: &Station| -> Vec<u32> {
        let crowd = s.engine.crowd(s.now);
        crowd.into_iter().map(|(_, most)| most).collect()
    };
    s.wait_ms(MINUTE_MS);
    assert_eq!(s.serve("2"), family);
    s.must(finish("2"));
    s.wait_ms(MINUTE_MS);
    assert_eq!(s.engine.waiting(), 1);
    assert_eq!(
        most(&s),
        [1],
        "a ticket once, whatever its matters and persons"
    );
}

#[test]
fn a_visitor_who_waits_says_what_else_and_for_how_many() {
    let amend = |ticket, then: &[&str], persons| Command::AmendTicket {
        ticket,
        then: then.iter().map(|id| service(id)).collect(),
        persons,
    };
    let mut s = station(gated(), &["1"]);
    let visitor = issue(&mut s, "card", &[]);
    s.must(amend(visitor, &["enquiry"], 2));
    let t = s.ticket(visitor);
    assert_eq!((t.persons, t.then.len(), t.matters.len()), (2, 1, 2));
    assert_eq!(t.state, TicketState::Waiting);
    let place = t.place();
    s.must(amend(visitor, &["permit"], 1));
    assert_eq!(
        s.state(visitor),
        TicketState::Unverified,
        "a stay is checked"
    );
    assert_eq!(s.ticket(visitor).course().count(), 3);
    s.must(verify(visitor));
    assert_eq!(s.ticket(visitor).place(), place, "nobody loses the place");
    s.must(amend(visitor, &[], 1));
    assert!(s.ticket(visitor).matters.is_empty());
    assert_eq!(s.refused(amend(visitor, &["card"], 1)), "bad_matters");
    assert_eq!(s.refused(amend(visitor, &["dance"], 1)), "unknown_service");
    assert_eq!(s.refused(amend(visitor, &[], 0)), "bad_persons");
    assert_eq!(s.serve("1"), visitor);
    assert_eq!(s.refused(amend(visitor, &["enquiry"], 1)), "wrong_state");
    assert_eq!(replay(&s.log).fingerprint(), s.engine.fingerprint());
}

#[test]
fn what_a_visitor_adds_is_bound_by_its_limits() {
    let mut plan = gated();
    let limits = queue_core::ServiceLimits {
        quota_counts_persons: true,
        ..Default::default()
    };
    plan.limits.0.services.insert(service("card"), limits);
    let mut s = station(plan, &[]);
    let window = Window {
        from: MORNING,
        until: NINE.plus_ms(600 * MINUTE_MS),
    };
    let quotas = |tickets| ServiceHours {
        quotas: vec![Quota { window, tickets }],
        ..ServiceHours::default()
    };
    let hours = DayHours {
        station: vec![window],
        services: [
            (service("card"), quotas(3)),
            (service("enquiry"), quotas(1)),
        ]
        .into(),
        next_opening: None,
    };
    s.must(Command::SetHours {
        hours: Some(hours.into()),
    });
    let visitor = issue(&mut s, "card", &[]);
    let amend = |then: &[&str], persons| Command::AmendTicket {
        ticket: visitor,
        then: then.iter().map(|id| service(id)).collect(),
        persons,
    };
    assert_eq!(s.refused(amend(&[], 4)), "quota_full");
    s.must(amend(&["enquiry"], 3));
    let other = s.next_ticket_id();
    assert_eq!(s.refused(wanted(other, "enquiry", &[], 1)), "quota_full");
    s.must(amend(&[], 2));
    s.must(wanted(other, "enquiry", &[], 1));
    assert_eq!(s.refused(amend(&["enquiry"], 2)), "quota_full");
    let one_more = s.next_ticket_id();
    s.must(wanted(one_more, "card", &[], 1));
    assert_eq!(s.refused(amend(&[], 3)), "quota_full");
    assert_eq!(replay(&s.log).fingerprint(), s.engine.fingerprint());
}
