//! The console of a counter, its rating tablet, and a visitor's page.

use protocol::{
    CounterRouting, CounterView, CurrentVisitor, PlaceChange, QueueItem, RatingView, TicketPage,
    TrailLeg, TrailStep, UndoView,
};
use queue_core::policy::Tier;
use queue_core::{
    Counter, CounterId, CounterState, Engine, Estimate, Precedence, StationTime, Ticket, TicketId,
    TicketState,
};

use crate::app::Station;

/// Waiting people listed on a console; the count says how many there are.
const WAITING_SHOWN: usize = 60;
/// How long a tablet thanks, seconds.
pub const THANKS_S: u32 = 5;
/// A rating so long after the end of the visit, milliseconds, was given elsewhere.
const RATED_THERE_MS: i64 = 60_000;

/// The console of `counter` now; none for an unknown counter.
pub fn counter_view(app: &Station, counter: &CounterId) -> Option<CounterView> {
    let now = app.live.now();
    let engine = app.live.engine();
    let at = engine.counter(counter)?;
    let callable = engine.callable_by(counter, now).take(WAITING_SHOWN);
    let item = |t: &Ticket| queue_item(&engine, counter, t, now);
    let waiting: Vec<QueueItem> = callable.map(item).collect();
    let in_state = |state: TicketState| {
        let mut found: Vec<&Ticket> = engine.tickets().filter(|t| t.state == state).collect();
        found.sort_by_key(|t| std::cmp::Reverse(t.changed_seq));
        found.into_iter().map(item).collect::<Vec<_>>()
    };
    let in_line = engine.tickets().filter(|t| t.state == TicketState::Waiting);
    let (mut station_waiting, mut oldest) = (0, None::<StationTime>);
    for ticket in in_line {
        station_waiting += 1;
        let since = ticket.waits_from();
        oldest = Some(oldest.map_or(since, |o| o.min(since)));
    }
    let served: Vec<&Ticket> = engine
        .tickets()
        .filter(|t| {
            t.state == TicketState::Done
                && !t.closed_by_day_end
                && t.counter.as_ref() == Some(counter)
        })
        .collect();
    let handled_ms: i64 = served.iter().map(|t| t.handling_ms).sum();
    let asking = engine.asked_at(counter, now);
    Some(CounterView {
        seq: engine.seq(),
        at: now,
        counter: counter.clone(),
        day: engine.open_day(),
        state: at.state.clone(),
        since: at.since,
        staff: at.staff.clone(),
        current: at
            .current
            .and_then(|id| engine.ticket(id))
            .map(|t| current_visitor(app, &engine, t)),
        next: waiting.first().cloned(),
        waiting_count: engine.callable_count(counter),
        waiting,
        unverified: unverified_for(&engine, counter),
        held: in_state(TicketState::Held),
        no_show: in_state(TicketState::NoShow),
        station_waiting,
        oldest_waiting_since: oldest,
        undo: undo_view(&engine, at, now),
        asking: asking.map(|t| t.id),
        asking_number: asking.map(|t| t.number.clone()),
        asking_language: asking.and_then(|t| t.language.clone()),
        served_today: u32::try_from(served.len()).unwrap_or(u32::MAX),
        mean_handling_s: mean_s(handled_ms, served.len()),
        troubles: app.hub.troubles(),
        routing: CounterRouting {
            profile: at.profile.clone(),
            auto_call: engine.calls_by_itself(at),
            auto_call_at: engine.auto_call_at(at),
            next_stored: *at.next_stored,
        },
        refused_press: app.hub.refused_press(counter, now).map(str::to_owned),
    })
}

/// How many wait for the identity check of those whom the counter may call afterwards; none where it has no service that
/// asks for it and nobody of an earlier plan is left.
fn unverified_for(engine: &Engine, counter: &CounterId) -> Option<usize> {
    let duties = engine.duties(counter)?;
    let services = duties.skills.iter().chain(duties.overflow_skills);
    let asks = services
        .filter(|service| engine.needs_identity_check(service))
        .count();
    let outside = engine.unverified();
    let theirs = outside
        .iter()
        .filter(|ticket| duties.tier(&ticket.service).is_some())
        .count();
    (asks > 0 || theirs > 0).then_some(theirs)
}

/// The rating tablet of `counter` now.
pub fn rating_view(app: &Station, counter: &CounterId) -> Option<RatingView> {
    let engine = app.live.engine();
    let at = engine.counter(counter)?;
    let now = app.live.now();
    let asking = engine.asked_at(counter, now);
    let thanked = just_rated(&engine, counter, now);
    Some(RatingView {
        at: now,
        counter: counter.clone(),
        state: at.state.clone(),
        asking: asking.map(|t| t.id),
        number: asking.map(|t| t.number.clone()),
        thanked: thanked.is_some(),
        language: asking.or(thanked).and_then(|t| t.language.clone()),
    })
}

/// The visitor of a counter who has just answered while there, or only just gone.
fn just_rated<'a>(engine: &'a Engine, counter: &CounterId, now: StationTime) -> Option<&'a Ticket> {
    let of_counter = engine
        .tickets()
        .filter(|t| t.counter.as_ref() == Some(counter));
    of_counter
        .filter_map(|ticket| Some((ticket, ticket.rating.as_ref()?.at)))
        .filter(|(_, at)| now.since_ms(*at) < i64::from(THANKS_S) * 1000)
        .filter(|(ticket, at)| {
            let gone = ticket.finished_at;
            gone.is_none_or(|gone| at.since_ms(gone) < RATED_THERE_MS)
        })
        .max_by_key(|(_, at)| *at)
        .map(|(ticket, _)| ticket)
}

/// A visitor's page now.
pub fn ticket_page(app: &Station, id: TicketId) -> Option<TicketPage> {
    let now = app.live.now();
    let engine = app.live.engine();
    let mut ticket = engine.ticket_view(now, id)?;
    let open = engine.open_day().is_some();
    drop(engine);
    if let Some(back) = &mut ticket.comeback {
        back.until = app.within_today(back.until);
    }
    let pause = (ticket.estimate == Some(Estimate::NoCounterOpen))
        .then(|| app.info.pause_of(&app.board(), &ticket.service))
        .flatten();
    Some(TicketPage {
        at: now,
        ticket,
        open,
        pause,
    })
}

fn mean_s(total_ms: i64, n: usize) -> Option<u32> {
    let n = i64::try_from(n).ok().filter(|n| *n > 0)?;
    u32::try_from(total_ms / n / 1000).ok()
}

fn queue_item(engine: &Engine, counter: &CounterId, t: &Ticket, now: StationTime) -> QueueItem {
    let duties = engine.duties(counter);
    QueueItem {
        ticket: t.id,
        number: t.number.clone(),
        service: t.service.clone(),
        class: t.class.clone(),
        language: t.language.clone(),
        issued_at: t.waits_from(),
        slot: t.attends.map(|attends| attends.slot),
        directed: t.directed_to.is_some(),
        helping: duties.and_then(|duties| duties.tier_of(t.line())) == Some(Tier::Overflow),
        get_ready: t.precalled_at.is_some(),
        may_return: engine.may_return(now, t),
        wait_standard_s: engine
            .plan()
            .services
            .get(&t.service)
            .and_then(|s| s.wait_standard_s),
        note: t.hold_reason.clone().unwrap_or_default(),
        room: t.hold_room.clone(),
        place: place_change(t),
        persons: t.persons,
    }
}

fn place_change(t: &Ticket) -> Option<PlaceChange> {
    let came = t.attends.map_or(t.issued_at, |attends| attends.base);
    match &t.precedence {
        Some(Precedence::Urgent { .. }) => Some(PlaceChange::Urgent),
        Some(Precedence::SentBack { .. }) => Some(PlaceChange::SentBack),
        None if t.returns > 0 => Some(PlaceChange::CameBack),
        None => (t.key.base_ms > came.0).then_some(PlaceChange::GaveWay),
    }
}

/// Legs behind a visitor that are told one by one.
const LEGS_TOLD: usize = 4;

/// The way of a visitor who is at a counter: the legs behind, and what the present one has come to.
fn trail(t: &Ticket) -> Vec<TrailStep> {
    let step = |at: Option<StationTime>, what: &str, count: u32| {
        at.map(|at| TrailStep {
            at,
            what: what.into(),
            count,
            leg: None,
        })
    };
    let behind = t.legs.iter().rev().take(LEGS_TOLD).rev().map(|leg| {
        let progress = &leg.progress;
        let reached = progress.started_at.or(progress.first_called_at);
        Some(TrailStep {
            at: reached.unwrap_or(progress.entered_at),
            what: "leg".into(),
            count: 1,
            leg: Some(TrailLeg {
                counter: leg.counter.clone(),
                service: leg.service.clone(),
            }),
        })
    });
    let verified = t.identity.filter(|_| t.is_verified());
    let first_call = t.leg.first_called_at;
    let last_call = t.last_called_at.filter(|_| first_call.is_some());
    let resumed = t.session_started_at.filter(|_| t.leg.started_at.is_some());
    let present = [
        step(first_call.filter(|_| first_call != last_call), "called", 1),
        match t.calls {
            0 | 1 => step(last_call, "called", 1),
            calls => step(last_call, "recalled", calls),
        },
        step(t.leg.started_at, "started", 1),
        step(
            resumed.filter(|_| resumed != t.leg.started_at),
            "resumed",
            1,
        ),
    ];
    let came = [
        step(Some(t.issued_at), "issued", 1),
        step(verified.map(|check| check.at), "verified", 1),
    ];
    let steps = came.into_iter().chain(behind).chain(present);
    let mut steps: Vec<TrailStep> = steps.flatten().collect();
    steps.sort_by_key(|step| step.at);
    steps
}

fn current_visitor(app: &Station, engine: &Engine, t: &Ticket) -> CurrentVisitor {
    CurrentVisitor {
        ticket: t.id,
        number: t.number.clone(),
        service: t.service.clone(),
        class: t.class.clone(),
        language: t.language.clone(),
        state: t.state,
        channel: t.channel.clone(),
        issued_at: t.issued_at,
        slot: t.attends.map(|attends| attends.slot),
        first_called_at: t.first_called_at,
        called_at: t.last_called_at,
        call: t.last_call,
        started_at: t.session_started_at,
        calls: t.calls,
        announced_by: t
            .last_call
            .map(|c| app.hub.announced(c))
            .unwrap_or_default(),
        trail: trail(t),
        why: t.called_because.as_ref().map(|reason| reason.explain()),
        sent_from: t.sent_from.as_ref().map(|from| from.counter.clone()),
        rating_invited: t.rating_invited,
        then: t.then.clone(),
        stays: t
            .counter
            .as_ref()
            .is_some_and(|counter| engine.keeps(counter, t) == Some(true)),
        persons: t.persons,
        usual_handling_s: usual_handling_s(engine, t),
    }
}

/// First and third quartile of today's handling in this service, from five legs on.
fn usual_handling_s(engine: &Engine, t: &Ticket) -> Option<(u32, u32)> {
    let behind = |o: &Ticket| -> Vec<i64> {
        let done = o.state == TicketState::Done && !o.closed_by_day_end && o.service == t.service;
        let last = done.then_some(o.leg.handling_ms);
        let legs = o.legs.iter().filter(|leg| leg.service == t.service);
        legs.map(|leg| leg.progress.handling_ms)
            .chain(last)
            .collect()
    };
    let mut handled_ms: Vec<u32> = engine
        .tickets()
        .flat_map(behind)
        .filter_map(|handling_ms| u32::try_from(handling_ms).ok())
        .collect();
    if handled_ms.len() < 5 {
        return None;
    }
    let [low_us, high_us] = queue_core::statistics::type7_quantiles_us(&mut handled_ms, [25, 75])?;
    let seconds = |us: u64| u32::try_from(us / 1_000_000).ok();
    Some((seconds(low_us)?, seconds(high_us)?))
}

fn undo_view(engine: &Engine, counter: &Counter, now: StationTime) -> Option<UndoView> {
    // Offered only while it would be done: a visitor may have come back, or another counter have called him, since.
    let record = engine.undoable(now, &counter.id).ok()?;
    let until = record.at.plus_ms(engine.plan().rules.undo_window_ms);
    let before = record.tickets.first()?;
    let after = engine.ticket(before.id)?;
    let what = match (before.state, after.state) {
        (_, TicketState::Done) => "finished",
        _ if after.then != before.then && after.legs.len() == before.legs.len() => {
            "matters_changed"
        }
        _ if after.then.len() < before.then.len() => "leg_finished",
        (_, TicketState::NoShow) => "no_show",
        (TicketState::Held, TicketState::Serving) => "resumed",
        (_, TicketState::Held) => "held",
        (_, TicketState::Waiting) => "transferred",
        (_, TicketState::Called) => "called",
        (TicketState::Serving, TicketState::Serving) if after.counter != before.counter => {
            "handed_over"
        }
        (_, TicketState::Serving) => "started",
        (
            _,
            TicketState::Cancelled
            | TicketState::Abandoned
            | TicketState::Unverified
            | TicketState::Enrolled,
        ) => {
            return None;
        }
    };
    let working = counter.state == CounterState::Open;
    working.then(|| UndoView {
        what: what.into(),
        number: before.number.clone(),
        until,
    })
}
