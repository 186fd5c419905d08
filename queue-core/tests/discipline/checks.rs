//! What holds for a ticket and for a station at any time.

use std::collections::BTreeMap;

use queue_core::{
    CounterId, CounterState, Engine, Leg, Precedence, Progress, StationTime, Ticket, TicketState,
};

use crate::model::{Ended, First, Paper, Stage};

/// The ticket is as the model has it.
pub(crate) fn same(ticket: &Ticket, paper: &Paper) {
    let ms = |t: Option<StationTime>| t.map(|t| t.0);
    let is = Paper {
        id: ticket.id,
        number: ticket.number.to_string(),
        service: ticket.service.clone(),
        matters: ticket.matters.clone(),
        then: ticket.then.clone(),
        ended: ticket.legs.iter().map(ended).collect(),
        stage: stage(&ticket.leg),
        class: ticket.class.clone(),
        state: ticket.state,
        directed_to: ticket.directed_to.clone(),
        counter: ticket.counter.clone(),
        issued: ticket.issued_at.0,
        since: ticket.key.base_ms,
        first: ticket.precedence.as_ref().map(|why| match why {
            Precedence::Urgent { .. } => First::Urgent,
            Precedence::SentBack { .. } => First::SentBack,
        }),
        returns: ticket.returns,
        sent_from: ticket.sent_from.clone().map(|s| (s.counter, s.service)),
        verified: ticket.is_verified(),
        precalled: ticket.precalled_at.is_some(),
        first_called: ms(ticket.first_called_at),
        last_called: ms(ticket.last_called_at),
        calls: ticket.calls,
        started: ms(ticket.started_at),
        inferred: ticket.start_inferred,
        walk_ms: ticket.walk_ms,
        session: ms(ticket.session_started_at),
        handling_ms: ticket.handling_ms,
        finished: ms(ticket.finished_at),
        by_day_end: ticket.closed_by_day_end,
        score: ticket
            .rating
            .as_ref()
            .map(|r| (r.score, r.at.0, r.reasons.clone())),
        ..paper.clone()
    };
    assert_eq!(is, *paper);
    assert_eq!(ticket.attends.map(|a| a.slot.0), paper.slot);
    assert_eq!(ticket.waits_from().0, paper.waits_from());
}

fn stage(leg: &Progress) -> Stage {
    let ms = |t: Option<StationTime>| t.map(|t| t.0);
    Stage {
        entered: leg.entered_at.0,
        first_called: ms(leg.first_called_at),
        last_called: ms(leg.last_called_at),
        started: ms(leg.started_at),
        inferred: leg.start_inferred,
        handling_ms: leg.handling_ms,
    }
}

fn ended(leg: &Leg) -> Ended {
    let at = leg.finished_at.expect("it has ended").0;
    (
        leg.service.clone(),
        leg.counter.clone(),
        stage(&leg.progress),
        at,
    )
}

/// The legs are the visit, one behind the other, and nobody is done with something still to come.
pub(crate) fn legs_add_up(t: &Ticket) {
    let mut began = t.issued_at;
    for leg in &t.legs {
        let p = &leg.progress;
        assert_eq!(
            p.entered_at, began,
            "a leg begins where the one before ends"
        );
        let ended = leg.finished_at.expect("it has ended");
        let started = p.started_at.expect("a leg that has ended was handled");
        assert!(p.entered_at <= started && started <= ended);
        assert!(p.handling_ms <= ended.since_ms(started));
        began = ended;
    }
    assert_eq!(t.leg.entered_at, began);
    let handled: i64 = t.legs.iter().map(|leg| leg.progress.handling_ms).sum();
    assert_eq!(handled + t.leg.handling_ms, t.handling_ms);
    let shares: i64 = t.handled.iter().map(|share| share.handling_ms).sum();
    assert_eq!(shares, t.handling_ms);
    assert!(
        t.state != TicketState::Done || t.then.is_empty(),
        "done with something still to come: {t:?}"
    );
    assert_eq!(t.course().count(), t.legs.len() + 1 + t.then.len());
}

/// No duration is negative, whatever the order of things was.
pub(crate) fn no_negative_time(t: &Ticket) {
    assert!(t.handling_ms >= 0 && t.walk_ms.is_none_or(|w| w >= 0));
    let times = [
        t.first_called_at,
        t.last_called_at,
        t.started_at,
        t.finished_at,
    ];
    assert!(times.iter().flatten().all(|at| *at >= t.issued_at));
    if let (Some(first), Some(last)) = (t.first_called_at, t.last_called_at) {
        assert!(first <= last);
    }
    if let (Some(first), Some(start)) = (t.first_called_at, t.started_at) {
        assert!(first <= start);
    }
    if let (Some(start), Some(end)) = (t.started_at, t.finished_at) {
        assert!(start <= end && t.handling_ms <= end.since_ms(start));
    }
}

/// The transitions of the house, and no others.
pub(crate) fn listed(from: TicketState, to: TicketState, day_closes: bool) -> bool {
    use TicketState::{
        Abandoned, Called, Cancelled, Done, Held, NoShow, Serving, Unverified, Waiting,
    };
    match (from, to) {
        (Waiting | Called | Serving | Held | Unverified, Abandoned) => day_closes,
        (Waiting | Held | NoShow, Called)
        | (Called, Serving | Done | NoShow)
        | (Serving, Done)
        | (Called | Serving, Held | Waiting)
        | (NoShow, Waiting)
        | (Held, Serving)
        | (Waiting | Held | Unverified, Cancelled)
        | (Waiting, Unverified)
        | (Unverified, Waiting) => true,
        _ => false,
    }
}

/// Issued = the sum over the states, which is what numbers and lines say too.
pub(crate) fn conserved(engine: &Engine) {
    let mut counts = BTreeMap::new();
    let mut numbers: BTreeMap<_, u32> = BTreeMap::new();
    for t in engine.tickets() {
        *counts.entry(t.state).or_insert(0) += 1;
        let highest = numbers.entry(t.number.series.clone()).or_default();
        *highest = (*highest).max(t.number.number);
    }
    let issued: u32 = numbers.values().sum();
    let tickets: u32 = counts.values().sum();
    assert_eq!(issued, tickets, "numbers without gaps: {counts:?}");
}

/// A counter has at most one visitor, a visitor at most one counter, and they agree.
pub(crate) fn one_to_one(engine: &Engine) {
    let mut at = BTreeMap::new();
    for c in engine.counters() {
        if let Some(id) = c.current {
            assert_eq!(c.state, CounterState::Open);
            assert_eq!(
                at.insert(id, c.id.clone()),
                None::<CounterId>,
                "one counter per visitor"
            );
        }
    }
    for t in engine.tickets() {
        let with_counter = matches!(t.state, TicketState::Called | TicketState::Serving);
        let counter = at.get(&t.id);
        assert_eq!(with_counter, counter.is_some(), "{t:?}");
        if with_counter {
            assert_eq!(t.counter.as_ref(), counter);
        }
        assert_eq!(
            t.session_started_at.is_some(),
            t.state == TicketState::Serving
        );
    }
}
