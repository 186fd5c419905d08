//! A visit of several legs: each as a record of its own, and what comes after it.

use queue_core::TicketState::{Done, Serving, Unverified, Waiting};
use queue_core::{Command, CounterId, NewTicket, ServiceId, TicketId};

use super::{Did, Model, Paper, Refused};

/// One leg, times in station milliseconds.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Stage {
    pub(crate) entered: i64,
    pub(crate) first_called: Option<i64>,
    pub(crate) last_called: Option<i64>,
    pub(crate) started: Option<i64>,
    pub(crate) inferred: bool,
    pub(crate) handling_ms: i64,
}

/// One that has ended: service, where, how it went, when.
pub(crate) type Ended = (ServiceId, Option<CounterId>, Stage, i64);

impl Paper {
    pub(crate) fn ring(&mut self, now: i64) {
        self.stage.first_called = self.stage.first_called.or(Some(now));
        if self.stage.started.is_none() {
            self.stage.last_called = Some(now);
        }
    }

    /// What it is for, as far as a second ticket of the same person is concerned.
    pub(super) fn concerns(&self, service: &ServiceId) -> bool {
        let mut all = [&self.matters[..], &self.then[..]].concat();
        all.push(self.service.clone());
        all.contains(service)
    }

    /// Whether it takes of the quota of a service. The slot of an appointment is for what was asked for first.
    pub(super) fn counts_for(&self, service: &ServiceId) -> bool {
        let free = usize::from(self.slot.is_some());
        self.asked[free..].contains(service)
    }

    /// Sent on: what was handled is a leg of its own.
    pub(super) fn move_on(&mut self, now: i64, to: ServiceId) {
        if self.stage.started.is_some() {
            self.turn_page(now, to);
        } else {
            self.service = to;
        }
    }

    pub(super) fn turn_page(&mut self, now: i64, to: ServiceId) {
        let rang = self.stage.first_called.is_some() || self.stage.started.is_some();
        let stage = Stage {
            entered: now,
            ..Stage::default()
        };
        self.ended.push((
            std::mem::replace(&mut self.service, to),
            self.counter.clone().filter(|_| rang),
            std::mem::replace(&mut self.stage, stage),
            now,
        ));
    }
}

impl Model {
    /// The services visitors of one go through.
    pub(crate) fn way(&self, service: &ServiceId) -> Vec<ServiceId> {
        match self.plan.services.get(service) {
            Some(plan) if !plan.steps.is_empty() => plan.steps.clone(),
            _ => vec![service.clone()],
        }
    }

    pub(super) fn ways(&self, services: &[ServiceId]) -> Result<Vec<ServiceId>, Refused> {
        let ways: Vec<_> = services.iter().flat_map(|s| self.way(s)).collect();
        if ways.len() > 16 {
            return Err("bad_matters");
        }
        Ok(ways)
    }

    /// All that is asked for, and where it leads.
    pub(super) fn wishes(
        &self,
        wanted: &NewTicket,
    ) -> Result<(Vec<ServiceId>, Vec<ServiceId>), Refused> {
        let mut matters = vec![wanted.service.clone()];
        for service in &wanted.then {
            if matters.contains(service) || matters.len() == 8 {
                return Err("bad_matters");
            }
            matters.push(service.clone());
        }
        if matters.iter().any(|s| !self.plan.services.contains_key(s)) {
            return Err("unknown_service");
        }
        let way = self.ways(&matters)?;
        Ok((matters, way))
    }

    pub(super) fn amend(
        &mut self,
        now: i64,
        id: TicketId,
        then: &[ServiceId],
        persons: u16,
    ) -> Result<Did, Refused> {
        self.day_runs()?;
        let paper = self.paper(id).ok_or("unknown_ticket")?;
        if !matches!(paper.state, Waiting | Unverified) || paper.first_called.is_some() {
            return Err("wrong_state");
        }
        if persons == 0 || persons > 99 {
            return Err("bad_persons");
        }
        let had = match &paper.matters[..] {
            [] => vec![paper.service.clone()],
            matters => matters.to_vec(),
        };
        let mut matters = vec![had[0].clone()];
        for service in then {
            if matters.contains(service) || matters.len() == 8 {
                return Err("bad_matters");
            }
            matters.push(service.clone());
        }
        if then.iter().any(|s| !self.plan.services.contains_key(s)) {
            return Err("unknown_service");
        }
        if matters == had && persons == paper.persons {
            return Ok(Did::default());
        }
        // The stations of the first matter that are still to come stay.
        let others = self.ways(&had[1..])?;
        let mut way = paper.then.clone();
        if way.ends_with(&others) {
            way.truncate(way.len() - others.len());
        }
        way.extend(self.ways(then)?);
        if way.len() >= 16 {
            return Err("bad_matters");
        }
        for matter in then.iter().filter(|s| !had.contains(s)) {
            let shut = self.closed_for(now, matter, persons);
            let limit = shut.or_else(|| self.person_limit(matter, paper.person, Some(id)));
            if let Some(limit) = limit {
                return Err(limit);
            }
        }
        let free = usize::from(paper.slot.is_some());
        let more = persons.saturating_sub(paper.persons);
        for matter in had.iter().skip(free).filter(|s| matters.contains(s)) {
            let limits = self.plan.limits.services.get(matter);
            let counted = more > 0 && limits.is_some_and(|l| l.quota_counts_persons);
            // Nothing of the person: that was looked at as it was asked for.
            if counted && let Some(limit) = self.closed_for(now, matter, more) {
                return Err(limit);
            }
        }
        let gated = self.is_gated(&matters)
            || self.is_gated(&way)
            || self.is_gated(std::slice::from_ref(&paper.service));
        let stays_outside = gated && !paper.verified;
        self.edit(id, |p| {
            let several = !way.is_empty() || matters != [p.service.clone()];
            p.asked.clone_from(&matters);
            p.matters = if several { matters } else { vec![] };
            p.then = way;
            p.persons = persons;
            let state = if stays_outside { Unverified } else { Waiting };
            p.precalled &= state == p.state;
            p.state = state;
        });
        Ok(Did::to(id))
    }

    pub(super) fn change_matters(
        &mut self,
        now: i64,
        counter: &CounterId,
        then: &[ServiceId],
    ) -> Result<Did, Refused> {
        let visitor = self.visitor(counter)?;
        let (id, had) = (visitor.id, visitor.then.clone());
        if then.iter().any(|s| !self.plan.services.contains_key(s)) {
            return Err("unknown_service");
        }
        let then = self.ways(then)?;
        if then == had {
            return Ok(Did::default());
        }
        self.act(now, counter, id, Some(id), |p| {
            if p.matters.is_empty() {
                p.matters = vec![p.service.clone()];
            }
            p.then = then;
        });
        Ok(Did::to(id))
    }

    /// Ends what the counter does for its visitor. Whether the visitor has gone from it.
    pub(super) fn finish(&mut self, now: i64, desk: &CounterId, id: TicketId) -> bool {
        let next = self.paper(id).and_then(|p| p.then.first().cloned());
        let stays = next
            .as_ref()
            .is_some_and(|next| self.skilled(desk, next).is_ok());
        self.act(now, desk, id, stays.then_some(id), |p| {
            if p.state == queue_core::TicketState::Called {
                p.sit_down(p.last_called.unwrap_or(now), false);
            }
            p.stand_up(now);
            let Some(next) = next else {
                p.state = Done;
                p.finished = Some(now);
                return;
            };
            p.then.remove(0);
            p.turn_page(now, next);
            p.calls = 0;
            if stays {
                p.sit_down(now, true);
                assert_eq!(p.state, Serving);
            } else {
                p.state = Waiting;
                p.sent_from = None;
                p.precalled = false;
                p.directed_to = None;
                p.first = None;
            }
        });
        !stays
    }

    pub(super) fn finish_command(&mut self, now: i64, command: &Command) -> Result<Did, Refused> {
        let (Command::Finish { counter } | Command::FinishAndCallNext { counter }) = command else {
            panic!("{command:?} does not end anything");
        };
        let id = self.visitor(counter)?.id;
        let waiting = self.waiting_ids();
        let has_gone = self.finish(now, counter, id);
        let mut did = Did::to(id);
        // Who has just been sent on is not called in the same breath.
        if has_gone
            && matches!(command, Command::FinishAndCallNext { .. })
            && let Some(next) = self.call_next(now, counter)
        {
            assert!(waiting.contains(&next));
            did.events = 2;
            did.chosen = Some(next);
            did.touched.push(next);
        }
        Ok(did)
    }

    fn waiting_ids(&self) -> Vec<TicketId> {
        let waiting = self.papers.iter().filter(|p| p.state == Waiting);
        waiting.map(|p| p.id).collect()
    }
}
