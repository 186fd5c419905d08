//! Which lines a counter may call: its own, and those it helps out with.

use queue_core::{Command, Estimate, HelpsOut, PlanError, Rejected, StationPlan};

use crate::common::*;

/// Counter 2 (cards and enquiries) helps out with stays after `delay_s`.
fn helping(delay_s: u32) -> StationPlan {
    let mut plan = plan();
    let two = plan.counters.get_mut(&counter("2")).expect("a counter");
    two.overflow_skills = [service("stay")].into();
    two.overflow_delay_s = delay_s;
    plan
}

/// Counters 2 and 3 are open; 2 helps out with the stays of 3 after `delay_s`.
fn station(delay_s: u32) -> Station {
    let mut s = Station::open(&["2", "3"]);
    s.must(Command::Configure(helping(delay_s).into()));
    s
}

fn helps_out(s: &Station, ticket: queue_core::TicketId) -> Option<HelpsOut> {
    let reason = s.ticket(ticket).called_because.as_ref();
    reason.expect("it was called").helps_out()
}

#[test]
fn a_counter_helps_out_when_nobody_waits_for_its_own() {
    let mut s = station(300);
    let stay = s.issue("stay");
    assert_eq!(s.call("2"), stay);
    assert_eq!(helps_out(&s, stay), Some(HelpsOut::NobodyOfItsOwn));
}

#[test]
fn its_own_visitors_come_first_until_the_delay_has_passed() {
    let mut s = station(300);
    let stay = s.issue("stay");
    let (card, later) = (s.issue("card"), s.issue("card"));
    // The stay came first, and would be called first if it were the counter's own.
    s.now = s.ticket(stay).issued_at.plus_ms(299_998 - SECOND_MS);
    assert_eq!(s.call("2"), card);
    assert_eq!(helps_out(&s, card), None);
    s.send(finish("2")).expect("finished");
    s.now = s.ticket(stay).issued_at.plus_ms(299_999);
    let next = |s: &Station| {
        s.engine
            .next_for(&counter("2"), s.now)
            .map(|n| n.called.place.ticket)
    };
    assert_eq!(next(&s), Some(later));
    s.wait_ms(1);
    assert_eq!(next(&s), Some(stay));
    s.send(call_next("2")).expect("called");
    assert_eq!(helps_out(&s, stay), Some(HelpsOut::WaitedLong));
}

#[test]
fn the_line_opens_as_a_whole_and_closes_again() {
    let mut s = station(300);
    let old = s.issue("stay");
    s.wait_ms(299_000);
    let fresh = s.issue_as("stay", Some("priority"));
    let card = s.issue("card");
    // The first come has waited long enough: its line is open, and in it the priority goes first.
    assert_eq!(s.call("2"), fresh);
    s.must(finish("2"));
    assert_eq!(s.call("2"), old);
    s.must(finish("2"));
    s.issue("stay");
    // Nobody there has waited long any more.
    assert_eq!(s.call("2"), card);
}

#[test]
fn those_directed_to_a_counter_are_its_own() {
    let mut s = station(300);
    let stay = s.issue("stay");
    let card = s.issue("card");
    assert_eq!(s.serve("3"), stay);
    s.must(transfer("3", Some("stay"), Some("2")));
    let other = s.issue("stay");
    // The stay directed to counter 2 came before the card; the other one has to wait.
    assert_eq!(s.call("2"), stay);
    assert_eq!(helps_out(&s, stay), None);
    s.must(finish("2"));
    assert_eq!(s.call("2"), card);
    s.must(finish("2"));
    assert_eq!(s.call("2"), other);
}

#[test]
fn staff_may_call_a_number_of_either_kind() {
    let mut s = station(300);
    let stay = s.issue("stay");
    s.issue("card");
    s.must(call_ticket("2", stay));
    assert_eq!(helps_out(&s, stay), None);
    s.must(hold("2"));
    s.must(resume("2", Some(stay)));
    s.must(finish("2"));
    let enquiry = s.issue("enquiry");
    assert_eq!(s.refused(call_ticket("3", enquiry)), "skill_missing");
}

#[test]
fn the_console_lists_those_whom_the_counter_will_come_to() {
    let mut s = station(300);
    let stay = s.issue("stay");
    let cards = [s.issue("card"), s.issue("card")];
    let listed = |s: &Station| {
        let two = counter("2");
        let tickets = s.engine.callable_by(&two, s.now);
        tickets.map(|t| t.id).collect::<Vec<_>>()
    };
    assert_eq!(listed(&s), [cards[0], cards[1], stay]);
    s.wait_ms(300_000);
    assert_eq!(listed(&s), [stay, cards[0], cards[1]]);
    assert_eq!(s.engine.callable_count(&counter("2")), 3);
    assert_eq!(s.engine.callable_count(&counter("3")), 1);
}

#[test]
fn a_free_counter_that_only_helps_out_is_told_as_no_wait_only_when_it_calls() {
    let mut s = Station::open(&["2"]);
    s.must(Command::Configure(helping(300).into()));
    let stays = |s: &Station| {
        let board = s.engine.board(s.now);
        let row = board
            .services
            .into_iter()
            .find(|row| row.id == service("stay"));
        row.map(|row| (row.open_counters, row.estimate))
    };
    assert_eq!(stays(&s), Some((1, Estimate::NoWait)));
    s.issue("card");
    let (open, estimate) = stays(&s).expect("a row");
    assert_eq!(open, 1);
    assert!(!matches!(
        estimate,
        Estimate::NoWait | Estimate::NoCounterOpen
    ));
}

#[test]
fn a_plan_that_contradicts_itself_is_refused() {
    let s = Station::with_open_day();
    let refused = |plan: StationPlan| {
        let envelope = queue_core::Envelope {
            command_ref: None,
            actor: queue_core::Actor("system/test".into()),
            command: Command::Configure(plan.into()),
        };
        match s.engine.decide(s.now, &envelope) {
            Err(Rejected::BadPlan(why)) => why,
            other => panic!("taken over: {other:?}"),
        }
    };
    let mut own = helping(300);
    let two = own.counters.get_mut(&counter("2")).expect("a counter");
    two.overflow_skills.insert(service("card"));
    let (id, card) = (counter("2"), service("card"));
    let expected = PlanError::OverflowIsOwn {
        counter: id.clone(),
        service: card,
    };
    assert_eq!(refused(own), expected);
    assert_eq!(
        refused(helping(7_201)),
        PlanError::OverflowDelayTooLong(id.clone())
    );
    let mut unknown = helping(7_200);
    let two = unknown.counters.get_mut(&id).expect("a counter");
    two.overflow_skills.insert(service("dance"));
    let dance = PlanError::UnknownSkill {
        counter: id,
        service: "dance".into(),
    };
    assert_eq!(refused(unknown), dance);
}

#[test]
fn somebody_who_goes_before_all_opens_the_line_to_whoever_helps_out() {
    let mut s = station(300);
    let card = s.issue("card");
    let (stay, ill) = (s.issue("stay"), s.issue("stay"));
    s.must(urgent(ill));
    assert_eq!(s.call("2"), ill);
    assert_eq!(helps_out(&s, ill), Some(HelpsOut::WentFirst));
    s.must(finish("2"));
    // The line is closed again behind it.
    assert_eq!(s.call("2"), card);
    s.must(finish("2"));
    assert_eq!(s.call("2"), stay);
    assert_eq!(helps_out(&s, stay), Some(HelpsOut::NobodyOfItsOwn));
}

#[test]
fn the_console_lists_somebody_who_goes_before_all_first() {
    let mut s = station(300);
    let (card, stay) = (s.issue("card"), s.issue("stay"));
    let ill = s.issue("stay");
    s.must(urgent(ill));
    let two = counter("2");
    let tickets = s.engine.callable_by(&two, s.now);
    assert_eq!(tickets.map(|t| t.id).collect::<Vec<_>>(), [ill, card, stay]);
}

#[test]
fn the_oldest_of_a_line_counts_also_when_it_goes_before_all() {
    let mut s = station(300);
    let old = s.issue("stay");
    s.wait_ms(299_000);
    let (card, fresh) = (s.issue("card"), s.issue("stay"));
    s.must(urgent(old));
    s.wait_ms(2_000);
    assert_eq!(s.call("2"), old);
    assert_eq!(helps_out(&s, old), Some(HelpsOut::WentFirst));
    s.must(finish("2"));
    assert_eq!(s.call("2"), card);
    s.must(finish("2"));
    assert_eq!(s.call("2"), fresh);
}

#[test]
fn a_counter_that_helps_out_is_somebody_for_the_service() {
    let mut s = Station::open(&["2"]);
    let mut plan = helping(300);
    plan.limits.0.alarm_after_s = Some(60);
    s.must(Command::Configure(plan.into()));
    s.issue("stay");
    s.wait_ms(120_000);
    s.must(Command::Watch);
    assert_eq!(s.engine.alarms(), []);
    s.must(close("2"));
    s.wait_ms(120_000);
    s.must(Command::Watch);
    let codes: Vec<_> = s.engine.alarms().iter().map(|r| r.alarm.code()).collect();
    assert_eq!(codes, ["nobody_open"]);
}
