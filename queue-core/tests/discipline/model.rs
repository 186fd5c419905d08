//! The same rules written once more, as plainly as possible: a list of tickets, looked through from end to end.
//!
//! It shares the ids and the commands with the engine, and none of its code.

mod appointments;
mod identity;
mod limits;
mod matters;
mod order;
mod places;
mod rules;
mod zones;

use std::collections::{BTreeMap, BTreeSet};

use queue_core::{
    ClassId, CounterId, CounterState, DayHours, HelpsOut, NumberOrTicket, PersonKey, ProfileId,
    ServiceId, StaffId, StationPlan, TicketId, TicketState, ZoneId,
};

pub(crate) use matters::{Ended, Stage};

use TicketState::{Called, Serving};

pub(crate) use appointments::Booking;

/// The code of a refusal.
pub(crate) type Refused = &'static str;

/// Why somebody comes before all others.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum First {
    Urgent,
    SentBack,
}

/// A ticket, times in station milliseconds.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Paper {
    pub(crate) id: TicketId,
    pub(crate) number: String,
    pub(crate) service: ServiceId,
    /// The services whose quota it counts in.
    pub(crate) asked: Vec<ServiceId>,
    /// What was asked for, where that is several.
    pub(crate) matters: Vec<ServiceId>,
    pub(crate) then: Vec<ServiceId>,
    pub(crate) ended: Vec<Ended>,
    /// The leg under way.
    pub(crate) stage: Stage,
    pub(crate) person: Option<PersonKey>,
    pub(crate) persons: u16,
    pub(crate) class: ClassId,
    pub(crate) state: TicketState,
    pub(crate) directed_to: Option<CounterId>,
    pub(crate) counter: Option<CounterId>,
    pub(crate) issued: i64,
    /// The appointment's, if it has one.
    pub(crate) slot: Option<i64>,
    /// Since when its seniority counts, and the action that said so.
    pub(crate) since: i64,
    pub(crate) stamp: u64,
    /// Before all others.
    pub(crate) first: Option<First>,
    pub(crate) returns: u8,
    pub(crate) sent_from: Option<(CounterId, ServiceId)>,
    pub(crate) precalled: bool,
    /// Staff have seen who it is for.
    pub(crate) verified: bool,
    pub(crate) first_called: Option<i64>,
    pub(crate) last_called: Option<i64>,
    pub(crate) calls: u32,
    pub(crate) started: Option<i64>,
    pub(crate) inferred: bool,
    pub(crate) walk_ms: Option<i64>,
    pub(crate) session: Option<i64>,
    pub(crate) handling_ms: i64,
    pub(crate) finished: Option<i64>,
    pub(crate) by_day_end: bool,
    /// The score, when it was given, and the reasons said afterwards.
    pub(crate) score: Option<(u8, i64, Vec<String>)>,
    /// The action that touched it last.
    pub(crate) touched: u64,
}

impl Paper {
    /// Nobody waits before the slot, which is that of the first leg; who is called or leaves before it has not waited.
    pub(crate) fn waits_from(&self) -> i64 {
        let entered = self.stage.entered;
        match self.slot {
            Some(slot) if slot > entered && self.ended.is_empty() => {
                let end = self.stage.first_called.or(self.finished);
                end.map_or(slot, |end| end.min(slot))
            }
            _ => entered,
        }
    }

    /// The order of coming.
    pub(crate) fn coming(&self) -> (i64, u64) {
        (self.since, self.stamp)
    }

    fn sit_down(&mut self, now: i64, pressed: bool) {
        self.state = Serving;
        self.session = Some(now);
        if self.stage.started.is_none() {
            self.stage.started = Some(now);
            self.stage.inferred = !pressed;
        }
        if self.started.is_none() {
            self.started = Some(now);
            self.inferred = !pressed;
            self.walk_ms = self.last_called.filter(|_| pressed).map(|c| now - c);
        }
    }

    fn stand_up(&mut self, now: i64) {
        if let Some(since) = self.session.take() {
            self.handling_ms += now - since;
            self.stage.handling_ms += now - since;
        }
    }
}

/// A counter.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Desk {
    pub(crate) state: CounterState,
    since: i64,
    pub(crate) current: Option<TicketId>,
    /// Since when it has had nobody.
    free_since: i64,
    pub(crate) profile: Option<ProfileId>,
    /// Calls by itself, as switched today.
    auto: Option<bool>,
    /// Not after a call that was taken back.
    auto_held: bool,
    /// Calls whoever comes next, once.
    next_stored: bool,
    pub(crate) staff: Option<StaffId>,
    undo: Option<Before>,
}

const SHUT: Desk = Desk {
    state: CounterState::Closed,
    since: 0,
    current: None,
    free_since: 0,
    profile: None,
    auto: None,
    auto_held: false,
    next_stored: false,
    staff: None,
    undo: None,
};

/// How it was before a counter's last action.
#[derive(Debug, Clone, PartialEq)]
struct Before {
    at: i64,
    action: u64,
    papers: Vec<Paper>,
    current: Option<TicketId>,
    free_since: i64,
}

/// What an accepted command did.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Did {
    /// How many events the engine should make.
    pub(crate) events: usize,
    /// Whom the discipline chose.
    pub(crate) chosen: Option<TicketId>,
    /// The tickets it touched.
    pub(crate) touched: Vec<TicketId>,
}

impl Did {
    fn to(id: TicketId) -> Self {
        Self {
            events: 1,
            chosen: None,
            touched: vec![id],
        }
    }

    fn event() -> Self {
        Self {
            events: 1,
            ..Self::default()
        }
    }
}

/// The station.
#[derive(Debug, Clone, Default)]
pub(crate) struct Model {
    /// In force.
    pub(crate) plan: StationPlan,
    /// Without what was changed for the day.
    stored: StationPlan,
    /// Date as `yyyymmdd`, and whether the day is open.
    day: Option<(i64, bool)>,
    /// In the order of issue.
    pub(crate) papers: Vec<Paper>,
    pub(crate) desks: BTreeMap<CounterId, Desk>,
    numbers: BTreeMap<String, u32>,
    /// Of today and later days, in the order of booking.
    pub(crate) bookings: Vec<Booking>,
    /// The actions whose call counted in a ratio, since its rule took effect today; by the zone that has the rule.
    counted: BTreeMap<Option<ZoneId>, Vec<u64>>,
    action: u64,
    pub(crate) choice: LastChoice,
    hours: Option<DayHours>,
    /// When the visit of whoever is about to take a ticket would end, as the engine foresees it.
    pub(crate) foreseen: Option<i64>,
    /// Code and service of each.
    pub(crate) alarms: BTreeSet<(&'static str, ServiceId)>,
}

/// What the last choice was made from.
#[derive(Debug, Clone, Default)]
pub(crate) struct LastChoice {
    /// Who else could have been called.
    pub(crate) others: Vec<TicketId>,
    /// Why the counter called somebody it only helps out with.
    pub(crate) helped: Option<HelpsOut>,
}

impl Model {
    pub(crate) fn paper(&self, id: TicketId) -> Option<&Paper> {
        self.papers.iter().find(|p| p.id == id)
    }

    /// Who else could have been called when the last one was chosen.
    pub(crate) fn others(&self) -> impl Iterator<Item = &Paper> {
        let others = self.choice.others.iter();
        others.filter_map(|id| self.paper(*id))
    }

    fn named(&self, target: &NumberOrTicket) -> Result<&Paper, Refused> {
        let hit = |p: &&Paper| match target {
            NumberOrTicket::Ticket(id) => p.id == *id,
            NumberOrTicket::Number(number) => p.number == number.to_string(),
        };
        self.papers.iter().find(hit).ok_or("unknown_ticket")
    }

    fn day_runs(&self) -> Result<(), Refused> {
        match self.day {
            Some((_, true)) => Ok(()),
            _ => Err("day_closed"),
        }
    }

    fn desk(&self, id: &CounterId) -> Result<&Desk, Refused> {
        self.desks.get(id).ok_or("unknown_counter")
    }

    fn staffed(&self, id: &CounterId) -> Result<&Desk, Refused> {
        let desk = self.desk(id)?;
        self.day_runs()?;
        match desk.state {
            CounterState::Open => Ok(desk),
            CounterState::Paused { .. } => Err("counter_paused"),
            CounterState::Closed => Err("counter_closed"),
        }
    }

    fn idle(&self, id: &CounterId) -> Result<(), Refused> {
        match self.staffed(id)?.current {
            Some(_) => Err("counter_busy"),
            None => Ok(()),
        }
    }

    fn visitor(&self, id: &CounterId) -> Result<&Paper, Refused> {
        let current = self.staffed(id)?.current.ok_or("counter_idle")?;
        self.paper(current).ok_or("counter_idle")
    }

    fn called_visitor(&self, id: &CounterId) -> Result<TicketId, Refused> {
        let visitor = self.visitor(id)?;
        match visitor.state {
            Called => Ok(visitor.id),
            _ => Err("not_called"),
        }
    }

    fn skilled(&self, id: &CounterId, service: &ServiceId) -> Result<(), Refused> {
        let (own, others) = self.services_of(id);
        match own.contains(service) || others.contains(service) {
            true => Ok(()),
            false => Err("skill_missing"),
        }
    }

    /// What a counter does itself, and what it helps out with.
    pub(crate) fn services_of(&self, id: &CounterId) -> (BTreeSet<ServiceId>, BTreeSet<ServiceId>) {
        let profile = self.desks.get(id).and_then(|desk| desk.profile.as_ref());
        if let Some(profile) = profile {
            let profile = &self.plan.profiles[profile];
            return (profile.skills.clone(), profile.overflow_skills.clone());
        }
        match self.plan.counters.get(id) {
            Some(desk) => (desk.skills.clone(), desk.overflow_skills.clone()),
            None => Default::default(),
        }
    }

    /// May have this one, who waits, was put aside or did not come.
    fn may_have(&self, id: &CounterId, paper: &Paper) -> Result<(), Refused> {
        let own = if paper.state == TicketState::Waiting {
            paper.directed_to.as_ref() == Some(id)
        } else {
            paper.counter.as_ref() == Some(id)
        };
        if own {
            Ok(())
        } else {
            self.skilled(id, &paper.service)
        }
    }

    fn calls_by_itself(&self, id: &CounterId) -> bool {
        self.desks[id]
            .auto
            .unwrap_or(self.plan.counters[id].auto_call)
    }

    /// The counter that is to call by itself at this moment.
    fn due(&self, now: i64) -> Option<CounterId> {
        let mut best: Option<(usize, i64, &CounterId)> = None;
        for (id, desk) in &self.desks {
            let rests =
                now - desk.free_since < i64::from(self.plan.counters[id].auto_after_s) * 1_000;
            let calls = !desk.auto_held && !rests && self.calls_by_itself(id);
            if desk.state != CounterState::Open
                || desk.current.is_some()
                || !(calls || desk.next_stored)
                || self.callable(id, now).is_empty()
            {
                continue;
            }
            let (own, others) = self.services_of(id);
            let this = (own.len() + others.len(), desk.free_since, id);
            if best.is_none_or(|best| this < best) {
                best = Some(this);
            }
        }
        best.map(|(.., id)| id.clone())
    }

    fn edit(&mut self, id: TicketId, edit: impl FnOnce(&mut Paper)) {
        let action = self.action;
        if let Some(paper) = self.papers.iter_mut().find(|p| p.id == id) {
            edit(paper);
            paper.touched = action;
        }
    }

    /// An action of a counter on a ticket: kept for undo, carried out, and the counter then has `current`.
    fn act(
        &mut self,
        now: i64,
        desk_id: &CounterId,
        id: TicketId,
        current: Option<TicketId>,
        edit: impl FnOnce(&mut Paper),
    ) {
        let before = self.papers.iter().find(|p| p.id == id).cloned();
        let action = self.action;
        if let (Some(desk), Some(before)) = (self.desks.get_mut(desk_id), before) {
            match &mut desk.undo {
                Some(same) if same.action == action => same.papers.push(before),
                other => {
                    *other = Some(Before {
                        at: now,
                        action,
                        papers: vec![before],
                        current: desk.current,
                        free_since: desk.free_since,
                    });
                }
            }
            desk.current = current;
            desk.auto_held &= current.is_none();
            desk.next_stored &= current.is_none();
            if current.is_none() {
                desk.free_since = now;
            }
        }
        self.edit(id, edit);
    }

    fn call(&mut self, now: i64, desk: &CounterId, id: TicketId) {
        self.act(now, desk, id, Some(id), |p| {
            p.state = Called;
            p.counter = Some(desk.clone());
            p.directed_to = None;
            p.first = None;
            p.first_called = p.first_called.or(Some(now));
            p.last_called = Some(now);
            p.ring(now);
            p.calls = 1;
            p.finished = None;
        });
    }

    /// Calls whoever the rule chooses.
    fn call_next(&mut self, now: i64, desk: &CounterId) -> Option<TicketId> {
        let waiting = self.waiting();
        let line = self.line_of(desk, &waiting, now);
        if line.is_empty() {
            return None;
        }
        let rule_of = self.own_rule_of(line[0]);
        let (first, counts) = self.first_of(&line, now, self.counted_for(line[0]));
        let id = line[first].id;
        let is_own = |p: &&Paper| self.is_own(desk, p);
        let helped = (!is_own(&line[first])).then(|| {
            let own_waits = |p: &&Paper| is_own(p) && self.has_a_turn(p, now);
            if !line.iter().any(own_waits) {
                HelpsOut::NobodyOfItsOwn
            } else if line[first].first.is_some() {
                HelpsOut::WentFirst
            } else {
                HelpsOut::WaitedLong
            }
        });
        self.choice = LastChoice {
            others: line.iter().map(|p| p.id).filter(|p| *p != id).collect(),
            helped,
        };
        if counts {
            self.counted.entry(rule_of).or_default().push(self.action);
        }
        self.call(now, desk, id);
        Some(id)
    }

    fn set_desk(&mut self, now: i64, id: &CounterId, state: CounterState) {
        if let Some(desk) = self.desks.get_mut(id) {
            if state == CounterState::Open {
                desk.free_since = now;
            }
            desk.auto_held = false;
            desk.next_stored = false;
            desk.state = state;
            desk.since = now;
            desk.undo = None;
        }
    }
}
