//! The rules of sessions written once more, as plainly as possible: seats that are given and taken one by one.
//!
//! It shares the ids with the engine, and none of its code. Where the engine reckons who has a seat from the order of
//! asking, this one hands seats out and takes them back.

use std::collections::BTreeMap;

use queue_core::{ServiceId, SessionPlan, SessionStep, TicketId, TicketState};

use TicketState::{Abandoned, Called, Cancelled, Done, Enrolled, NoShow, Serving, Unverified};

pub(crate) type Refused = &'static str;

/// Which seat somebody has.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Seat {
    Kept,
    Common,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Visitor {
    pub(crate) id: TicketId,
    pub(crate) service: ServiceId,
    pub(crate) begins: i64,
    pub(crate) order: (u64, u64),
    pub(crate) class: &'static str,
    pub(crate) channel: &'static str,
    pub(crate) entitled: bool,
    pub(crate) here: bool,
    pub(crate) state: TicketState,
    pub(crate) window: Option<(String, u16)>,
    pub(crate) has: Option<Seat>,
    /// Goes up whenever it changes.
    pub(crate) touched: u64,
}

impl Visitor {
    pub(crate) fn is_open(&self) -> bool {
        matches!(self.state, Enrolled | Unverified | Called | Serving)
    }

    fn is_uncalled(&self) -> bool {
        matches!(self.state, Enrolled | Unverified)
    }
}

#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(crate) struct Phase {
    pub(crate) called: bool,
    pub(crate) started: bool,
    pub(crate) ended: bool,
}

#[derive(Debug, Clone)]
struct Before {
    at: i64,
    begins: i64,
    phase: Phase,
    /// As they were, and how often they had been touched afterwards.
    visitors: Vec<(Visitor, u64)>,
}

#[derive(Debug, Default)]
pub(crate) struct Model {
    pub(crate) plans: BTreeMap<ServiceId, SessionPlan>,
    pub(crate) sessions: BTreeMap<(ServiceId, i64), Phase>,
    pub(crate) visitors: Vec<Visitor>,
    undo: BTreeMap<ServiceId, Before>,
    asked: u64,
    touches: u64,
    /// What happened, for the test of the test.
    pub(crate) happened: Vec<&'static str>,
}

/// What is asked for.
pub(crate) struct Wanted {
    pub(crate) id: TicketId,
    pub(crate) service: ServiceId,
    pub(crate) session: Option<i64>,
    pub(crate) class: &'static str,
    pub(crate) channel: &'static str,
    pub(crate) persons: u16,
    pub(crate) checks_identity: bool,
}

impl Model {
    pub(crate) fn under(plans: BTreeMap<ServiceId, SessionPlan>) -> Self {
        Self {
            plans,
            ..Self::default()
        }
    }

    fn deadline(&self, service: &ServiceId, begins: i64) -> i64 {
        begins - i64::from(self.plans[service].check_in_before_s) * 1_000
    }

    fn released(&self, service: &ServiceId, begins: i64) -> i64 {
        begins - i64::from(self.plans[service].release_before_s) * 1_000
    }

    fn entitled(&self, w: (&ServiceId, &str, &str), begins: i64, now: i64) -> bool {
        let (service, class, channel) = w;
        let plan = &self.plans[service];
        let named = plan.reserved_classes.iter().any(|c| c.as_str() == class)
            || plan.reserved_channels.iter().any(|c| c.as_str() == channel);
        named && now < self.released(service, begins)
    }

    fn touch(&mut self, at: usize) {
        self.touches += 1;
        self.visitors[at].touched = self.touches;
    }

    fn at(&self, id: TicketId) -> Option<usize> {
        self.visitors.iter().position(|v| v.id == id)
    }

    /// Places in `visitors` of who is open in a session, in the order of asking.
    pub(crate) fn of(&self, service: &ServiceId, begins: i64) -> Vec<usize> {
        let mut of: Vec<_> = (0..self.visitors.len())
            .filter(|at| {
                let v = &self.visitors[*at];
                v.is_open() && v.service == *service && v.begins == begins
            })
            .collect();
        of.sort_by_key(|at| self.visitors[*at].order);
        of
    }

    /// Takes seats from those who are late and gives free ones away, one after the other, until nothing moves.
    pub(crate) fn settle(&mut self, now: i64, service: &ServiceId, begins: i64) {
        let plan = self.plans[service].clone();
        let seats: u32 = plan.rooms.iter().map(|r| u32::from(r.windows)).sum();
        let kept = usize::from(plan.reserved);
        let common = seats as usize - kept;
        let late = now > self.deadline(service, begins);
        let released = now >= self.released(service, begins);
        loop {
            let of = self.of(service, begins);
            let held = |m: &Self, seat| {
                of.iter()
                    .filter(|at| m.visitors[**at].has == Some(seat))
                    .count()
            };
            if let Some(at) = of
                .iter()
                .find(|at| late && !self.visitors[**at].here && self.visitors[**at].has.is_some())
            {
                self.visitors[*at].has = None;
                self.happened.push("late");
                continue;
            }
            let unseated: Vec<_> = of
                .iter()
                .copied()
                .filter(|at| self.visitors[*at].has.is_none())
                .filter(|at| !late || self.visitors[*at].here)
                .collect();
            let entitled = |at: &&usize| self.visitors[**at].entitled;
            if held(self, Seat::Kept) < kept {
                let shifts = of.iter().filter(entitled);
                let mut shifts = shifts.filter(|at| self.visitors[**at].has == Some(Seat::Common));
                if let Some(at) = shifts.next() {
                    self.visitors[*at].has = Some(Seat::Kept);
                    continue;
                }
                if let Some(at) = unseated.iter().find(entitled) {
                    self.visitors[*at].has = Some(Seat::Kept);
                    self.happened.push("kept_seat");
                    continue;
                }
            }
            let Some(first) = unseated.first() else { break };
            if held(self, Seat::Common) < common {
                self.visitors[*first].has = Some(Seat::Common);
            } else if released && held(self, Seat::Kept) < kept {
                self.visitors[*first].has = Some(Seat::Kept);
                self.happened.push("released_seat");
            } else {
                break;
            }
        }
    }

    pub(crate) fn settle_all(&mut self, now: i64) {
        let keys: Vec<_> = self.sessions.keys().cloned().collect();
        for (service, begins) in keys {
            self.settle(now, &service, begins);
        }
    }

    pub(crate) fn on_list(&self, now: i64, service: &ServiceId, begins: i64) -> Vec<TicketId> {
        let late = now > self.deadline(service, begins);
        self.of(service, begins)
            .into_iter()
            .map(|at| &self.visitors[at])
            .filter(|v| v.has.is_none() && (!late || v.here))
            .map(|v| v.id)
            .collect()
    }

    fn open_to_ask(&self, now: i64, service: &ServiceId) -> Vec<i64> {
        let of = self.sessions.iter().filter(|((s, _), _)| s == service);
        of.filter(|((_, begins), phase)| !phase.started && now <= self.deadline(service, *begins))
            .map(|((_, begins), _)| *begins)
            .collect()
    }

    /// Puts somebody into the first of these sessions with a seat, else on the first list with a place.
    fn put(&mut self, now: i64, mut v: Visitor, sessions: &[i64]) -> bool {
        for wants_seat in [true, false] {
            for begins in sessions {
                v.begins = *begins;
                v.entitled = self.entitled((&v.service, v.class, v.channel), *begins, now);
                v.has = None;
                self.visitors.push(v.clone());
                self.settle(now, &v.service, *begins);
                let has = self.visitors.last().expect("just put").has;
                let list = self.on_list(now, &v.service, *begins).len();
                let fits = list <= usize::from(self.plans[&v.service].waiting_max);
                if has.is_some() || !wants_seat && fits {
                    return true;
                }
                self.visitors.pop();
            }
        }
        false
    }

    pub(crate) fn enrol(&mut self, now: i64, w: Wanted) -> Result<usize, Refused> {
        let plan = &self.plans[&w.service];
        if w.persons > plan.persons_max {
            return Err("party_too_large");
        }
        let remote = plan.remote_channels.iter().any(|c| c.as_str() == w.channel);
        let mut offered = self.open_to_ask(now, &w.service);
        offered.truncate(usize::from(plan.ahead));
        if let Some(begins) = w.session {
            if !self.sessions.contains_key(&(w.service.clone(), begins)) {
                return Err("unknown_session");
            }
            if !offered.contains(&begins) {
                let far = offered.last().is_some_and(|last| begins > *last);
                return Err(if far {
                    "session_too_far"
                } else {
                    "session_closed"
                });
            }
            offered = vec![begins];
        }
        self.asked += 1;
        self.touches += 1;
        let v = Visitor {
            id: w.id,
            service: w.service,
            begins: 0,
            order: (self.asked, 0),
            class: w.class,
            channel: w.channel,
            entitled: false,
            here: !remote && !w.checks_identity,
            state: if w.checks_identity {
                Unverified
            } else {
                Enrolled
            },
            window: None,
            has: None,
            touched: self.touches,
        };
        if self.put(now, v, &offered) {
            Ok(1)
        } else {
            Err("session_full")
        }
    }

    pub(crate) fn check_in(&mut self, now: i64, id: TicketId) -> Result<usize, Refused> {
        let at = self.at(id).ok_or("unknown_ticket")?;
        let v = &self.visitors[at];
        if v.is_open() && v.here {
            return Ok(0);
        }
        if v.state != Enrolled {
            return Err("wrong_state");
        }
        if now > self.deadline(&v.service, v.begins) {
            return Err("session_closed");
        }
        self.visitors[at].here = true;
        self.touch(at);
        Ok(1)
    }

    pub(crate) fn verify(&mut self, now: i64, id: TicketId) -> Result<usize, Refused> {
        let at = self.at(id).ok_or("unknown_ticket")?;
        let v = &self.visitors[at];
        match v.state {
            Unverified if now > self.deadline(&v.service, v.begins) => Err("session_closed"),
            Unverified => {
                self.visitors[at].state = Enrolled;
                self.visitors[at].here = true;
                self.touch(at);
                self.happened.push("verified");
                Ok(1)
            }
            // Those of the checked service are verified once they are enrolled.
            Enrolled if v.service.as_str() == "interview" => Ok(0),
            _ => Err("wrong_state"),
        }
    }

    pub(crate) fn cancel(&mut self, id: TicketId) -> Result<usize, Refused> {
        let at = self.at(id).ok_or("unknown_ticket")?;
        match self.visitors[at].state {
            Cancelled => Ok(0),
            Enrolled | Unverified => {
                self.visitors[at].state = Cancelled;
                self.touch(at);
                Ok(1)
            }
            _ => Err("wrong_state"),
        }
    }

    fn remember(&mut self, now: i64, service: &ServiceId, begins: i64, changed: &[usize]) {
        let visitors = changed.iter().map(|at| (self.visitors[*at].clone(), 0));
        let before = Before {
            at: now,
            begins,
            phase: self.sessions[&(service.clone(), begins)],
            visitors: visitors.collect(),
        };
        self.undo.insert(service.clone(), before);
    }

    fn remembered(&mut self, service: &ServiceId) {
        let undo = self.undo.get_mut(service).expect("just remembered");
        for (before, after) in &mut undo.visitors {
            let now = self.visitors.iter().find(|v| v.id == before.id);
            *after = now.expect("nobody vanishes").touched;
        }
    }

    pub(crate) fn miss(&mut self, now: i64, id: TicketId) -> Result<usize, Refused> {
        let at = self.at(id).ok_or("unknown_ticket")?;
        if self.visitors[at].state != Called {
            return Err("wrong_state");
        }
        let (service, begins) = (self.visitors[at].service.clone(), self.visitors[at].begins);
        self.remember(now, &service, begins, &[at]);
        self.visitors[at].state = NoShow;
        self.touch(at);
        self.remembered(&service);
        self.happened.push("missed");
        Ok(1)
    }

    pub(crate) fn step(
        &mut self,
        now: i64,
        service: &ServiceId,
        begins: i64,
        step: SessionStep,
    ) -> Result<usize, Refused> {
        let key = (service.clone(), begins);
        let phase = *self.sessions.get(&key).ok_or("unknown_session")?;
        if step == SessionStep::Undo {
            return self.take_back(now, service, begins);
        }
        if step == SessionStep::End {
            return match phase {
                Phase { started: false, .. } => Err("session_not_started"),
                Phase { ended: true, .. } => Err("session_over"),
                _ => {
                    let there = self.of(service, begins);
                    self.remember(now, service, begins, &there);
                    for at in there {
                        self.visitors[at].state = Done;
                        self.touch(at);
                    }
                    self.remembered(service);
                    self.sessions.get_mut(&key).expect("known").ended = true;
                    self.happened.push("ended");
                    Ok(1)
                }
            };
        }
        if phase.started {
            return Err("session_started");
        }
        let earlier = self.visitors.iter();
        let mut earlier = earlier.filter(|v| v.service == *service && v.begins < begins);
        if earlier.any(Visitor::is_uncalled) {
            return Err("session_earlier_waits");
        }
        let of = self.of(service, begins);
        let to_call: Vec<_> = of
            .iter()
            .copied()
            .filter(|at| {
                let v = &self.visitors[*at];
                v.state == Enrolled && v.here && v.has.is_some()
            })
            .collect();
        if step == SessionStep::Call {
            if to_call.is_empty() {
                return Err("session_nobody_to_call");
            }
            self.remember(now, service, begins, &to_call);
            let mut windows = vec![];
            for room in &self.plans[service].rooms {
                for n in 1..=room.windows {
                    windows.push((room.name.clone(), n));
                }
            }
            for at in to_call {
                let free = windows.iter().find(|w| {
                    let taken = |at: &usize| self.visitors[*at].window.as_ref() == Some(w);
                    !of.iter().any(taken)
                });
                let free = free.expect("a seat is a window").clone();
                let v = &mut self.visitors[at];
                v.window = Some(free);
                v.state = Called;
                self.touch(at);
            }
            self.remembered(service);
            self.sessions.get_mut(&key).expect("known").called = true;
            self.happened.push("called");
            return Ok(1);
        }
        if !to_call.is_empty() {
            return Err("session_not_called");
        }
        let anybody_called = of.iter().any(|at| self.visitors[*at].state == Called);
        let anybody_away = of.iter().any(|at| !self.visitors[*at].here);
        if now <= self.deadline(service, begins) && (anybody_away || !anybody_called) {
            return Err("session_check_in_open");
        }
        if self
            .visitors
            .iter()
            .any(|v| v.service == *service && v.state == Serving)
        {
            return Err("session_running");
        }
        self.remember(now, service, begins, &of);
        let waiting = self.on_list(now, service, begins);
        self.sessions.get_mut(&key).expect("known").started = true;
        for at in &of {
            let v = &mut self.visitors[*at];
            if v.state == Called {
                v.state = Serving;
            } else if !v.here {
                v.state = NoShow;
            }
            self.touch(*at);
        }
        self.asked += 1;
        let later: Vec<_> = self.open_to_ask(now, service);
        let later: Vec<_> = later.into_iter().filter(|b| *b > begins).collect();
        for (nth, id) in (0..).zip(waiting) {
            let at = self.at(id).expect("nobody vanishes");
            let mut v = self.visitors.remove(at);
            v.order = (self.asked, nth);
            if !self.put(now, v.clone(), &later) {
                v.state = Abandoned;
                v.begins = begins;
                self.visitors.push(v);
                self.happened.push("sent_away");
            } else {
                self.happened.push("moved");
            }
        }
        self.remembered(service);
        self.happened.push("started");
        Ok(1)
    }

    fn take_back(&mut self, now: i64, service: &ServiceId, begins: i64) -> Result<usize, Refused> {
        let undo = self.undo.get(service).filter(|undo| undo.begins == begins);
        let undo = undo.ok_or("undo_nothing")?.clone();
        if now - undo.at > 8_000 {
            return Err("undo_expired");
        }
        for (before, after) in &undo.visitors {
            let at = self.at(before.id).expect("nobody vanishes");
            if self.visitors[at].touched != *after {
                return Err("undo_overtaken");
            }
        }
        self.undo.remove(service);
        for (before, _) in undo.visitors {
            let at = self.at(before.id).expect("nobody vanishes");
            self.visitors[at] = before;
            self.touch(at);
        }
        self.sessions.insert((service.clone(), begins), undo.phase);
        // Seats anew: one may have been given on.
        for at in self.of(service, begins) {
            self.visitors[at].has = None;
        }
        self.happened.push("undone");
        Ok(1)
    }

    pub(crate) fn close(&mut self) {
        for v in self.visitors.iter_mut().filter(|v| v.is_open()) {
            v.state = if v.state == Serving { Done } else { Abandoned };
        }
    }
}
