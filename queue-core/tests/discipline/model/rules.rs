//! What each command does, and when it is refused.

use queue_core::TicketState::{
    Abandoned, Called, Cancelled, Done, Held, NoShow, Serving, Unverified, Waiting,
};
use queue_core::{
    Command, CounterId, CounterState, NewTicket, NumberOrTicket, ServiceId, StationPlan, TicketId,
};

use super::{Desk, Did, First, Model, Paper, Refused, SHUT, Stage};

impl Model {
    /// Carries a command out, or says why not.
    pub(crate) fn run(&mut self, now: i64, command: &Command) -> Result<Did, Refused> {
        self.action += 1;
        match command {
            Command::Configure(plan) => self.configure(plan),
            Command::OpenDay { day, hours } => {
                let date = day.as_yyyymmdd();
                match self.day {
                    Some((_, true)) => return Err("day_already_open"),
                    Some((last, _)) if last > date => return Err("day_in_past"),
                    Some((last, _)) if last == date => {}
                    _ => {
                        self.papers.clear();
                        self.bookings.retain(|b| b.day >= date);
                        self.counted.clear();
                        self.numbers.clear();
                        self.hours = None;
                    }
                }
                self.day = Some((date, true));
                self.set_hours(hours.as_deref());
                Ok(Did::event())
            }
            Command::SetHours { hours } => {
                if self.day.is_none() || self.hours.as_ref() == hours.as_deref() {
                    return Ok(Did::default());
                }
                self.set_hours(hours.as_deref());
                Ok(Did::event())
            }
            Command::Watch => self.watch(now),
            Command::CloseDay => {
                self.day_runs()?;
                self.day = self.day.map(|(date, _)| (date, false));
                let mut did = Did::event();
                did.events += std::mem::take(&mut self.alarms).len();
                let is_open = |p: &&mut Paper| {
                    matches!(p.state, Waiting | Called | Serving | Held | Unverified)
                };
                for p in self.papers.iter_mut().filter(is_open) {
                    p.state = match p.state {
                        Serving if p.then.is_empty() => Done,
                        _ => Abandoned,
                    };
                    p.stand_up(now);
                    p.finished = Some(now);
                    p.by_day_end = true;
                    p.touched = self.action;
                    did.touched.push(p.id);
                }
                for desk in self.desks.values_mut() {
                    let was_shut = desk.state == CounterState::Closed;
                    let since = if was_shut { desk.since } else { now };
                    *desk = Desk { since, ..SHUT };
                }
                let stored = self.stored.clone();
                self.put_in_force(stored);
                Ok(did)
            }
            Command::IssueTicket(wanted) => self.issue(now, wanted, None),
            Command::BookAppointment(wanted) => self.book(now, wanted),
            Command::CancelAppointment { appointment } => self.give_up(*appointment),
            Command::CheckIn(wanted) => self.check_in(now, wanted),
            Command::CancelTicket { ticket } => {
                self.day_runs()?;
                match self.paper(*ticket).ok_or("unknown_ticket")?.state {
                    Cancelled => return Ok(Did::default()),
                    Waiting | Held | Unverified => {}
                    _ => return Err("wrong_state"),
                }
                self.edit(*ticket, |p| {
                    p.state = Cancelled;
                    p.finished = Some(now);
                });
                Ok(Did::to(*ticket))
            }
            Command::VerifyIdentity { target, .. } => self.verify(target),
            Command::RefuseIdentity { target, .. } => self.refuse(now, target),
            Command::Reroute { target, to_service } => self.reroute(target, to_service),
            Command::SetDiscipline { zone, discipline } => {
                self.set_discipline(zone.as_ref(), *discipline)
            }
            Command::OpenCounter { counter, staff } => {
                self.day_runs()?;
                let desk = self.desk(counter)?;
                let who = staff.clone().or(desk.staff.clone());
                if desk.state == CounterState::Open && who == desk.staff {
                    return Ok(Did::default());
                }
                let taken = |(id, desk): (&CounterId, &Desk)| id != counter && desk.staff == who;
                if who.is_some() && self.desks.iter().any(taken) {
                    return Err("staff_elsewhere");
                }
                self.set_desk(now, counter, CounterState::Open);
                if let Some(desk) = self.desks.get_mut(counter) {
                    desk.staff = who;
                }
                Ok(Did::event())
            }
            Command::PauseCounter {
                counter,
                reason,
                until,
            } => {
                self.idle(counter)?;
                let (reason, until) = (reason.clone(), *until);
                self.set_desk(now, counter, CounterState::Paused { reason, until });
                Ok(Did::event())
            }
            Command::CloseCounter { counter } => {
                let desk = self.desk(counter)?;
                if desk.state == CounterState::Closed {
                    return Ok(Did::default());
                }
                if desk.current.is_some() {
                    return Err("counter_busy");
                }
                self.set_desk(now, counter, CounterState::Closed);
                if let Some(desk) = self.desks.get_mut(counter) {
                    desk.staff = None;
                }
                Ok(Did::event())
            }
            Command::SetProfile { counter, profile } => {
                let is = self.desk(counter)?.profile.clone();
                self.day_runs()?;
                match profile {
                    Some(id) if !self.plan.profiles.contains_key(id) => {
                        return Err("unknown_profile");
                    }
                    Some(id) if !self.fits(counter, id) => return Err("profile_elsewhere"),
                    _ if is == *profile => return Ok(Did::default()),
                    _ => {}
                }
                if let Some(desk) = self.desks.get_mut(counter) {
                    desk.profile = profile.clone();
                }
                Ok(Did::event())
            }
            Command::SetAutoCall { counter, on } => {
                self.desk(counter)?;
                self.day_runs()?;
                if self.calls_by_itself(counter) == *on {
                    return Ok(Did::default());
                }
                if let Some(desk) = self.desks.get_mut(counter) {
                    desk.auto = Some(*on);
                    desk.auto_held = false;
                }
                Ok(Did::event())
            }
            Command::StoreNext { counter, on } => {
                if *on {
                    self.idle(counter)?;
                } else {
                    self.desk(counter)?;
                }
                self.day_runs()?;
                let desk = self.desks.get_mut(counter).ok_or("unknown_counter")?;
                if desk.next_stored == *on {
                    return Ok(Did::default());
                }
                desk.next_stored = *on;
                Ok(Did::event())
            }
            Command::CallDue => {
                let counter = self.due(now).ok_or("nobody_waiting")?;
                self.run(now, &Command::CallNext { counter })
            }
            Command::CallNext { counter } => {
                self.idle(counter)?;
                let id = self.call_next(now, counter).ok_or("nobody_waiting")?;
                Ok(Did {
                    chosen: Some(id),
                    ..Did::to(id)
                })
            }
            Command::CallTicket {
                counter, target, ..
            } => {
                self.idle(counter)?;
                let paper = self.named(target)?;
                self.may_have(counter, paper)?;
                if !matches!(paper.state, Waiting | Held | NoShow) {
                    return Err("wrong_state");
                }
                let id = paper.id;
                self.call(now, counter, id);
                Ok(Did::to(id))
            }
            Command::Recall { counter } => {
                let id = self.called_visitor(counter)?;
                self.again(now, counter, id);
                Ok(Did::to(id))
            }
            Command::Start { counter } => {
                let id = self.called_visitor(counter)?;
                self.act(now, counter, id, Some(id), |p| p.sit_down(now, true));
                Ok(Did::to(id))
            }
            Command::Finish { .. } | Command::FinishAndCallNext { .. } => {
                self.finish_command(now, command)
            }
            Command::AmendTicket {
                ticket,
                then,
                persons,
            } => self.amend(now, *ticket, then, *persons),
            Command::ChangeMatters { counter, then } => self.change_matters(now, counter, then),
            Command::MarkNoShow { counter } => {
                let id = self.called_visitor(counter)?;
                self.act(now, counter, id, None, |p| {
                    p.state = NoShow;
                    p.finished = Some(now);
                });
                Ok(Did::to(id))
            }
            Command::Hold { counter, .. } => {
                let id = self.visitor(counter)?.id;
                self.act(now, counter, id, None, |p| {
                    if p.state == Called {
                        p.sit_down(p.last_called.unwrap_or(now), false);
                    }
                    p.stand_up(now);
                    p.state = Held;
                });
                Ok(Did::to(id))
            }
            Command::Resume { counter, target } => self.resume(now, counter, target.as_ref()),
            Command::Transfer {
                counter,
                to_service,
                to_counter,
            } => {
                let visitor = self.visitor(counter)?;
                let id = visitor.id;
                let service = to_service.clone().unwrap_or(visitor.service.clone());
                if !self.plan.services.contains_key(&service) {
                    return Err("unknown_service");
                }
                let mut way = self.way(&service);
                let service = way.remove(0);
                let elsewhere = to_counter.as_ref().is_some_and(|to| to != counter);
                if service == visitor.service && !elsewhere {
                    return Err("transfer_nowhere");
                }
                if let Some(to) = to_counter {
                    self.desk(to)?;
                    self.skilled(to, &service)?;
                }
                self.act(now, counter, id, None, |p| {
                    p.stand_up(now);
                    p.state = Waiting;
                    p.sent_from = Some((counter.clone(), p.service.clone()));
                    p.precalled = false;
                    p.move_on(now, service);
                    p.then.splice(0..0, way);
                    p.directed_to = to_counter.clone();
                    p.calls = 0;
                });
                Ok(Did::to(id))
            }
            Command::SendBack { counter } => {
                let visitor = self.visitor(counter)?;
                let id = visitor.id;
                let (to, service) = visitor.sent_from.clone().ok_or("not_sent")?;
                if !self.plan.services.contains_key(&service) {
                    return Err("unknown_service");
                }
                let there = self.desks.get(&to);
                let works = there.is_some_and(|d| d.state != CounterState::Closed);
                let works = works && self.skilled(&to, &service).is_ok();
                self.act(now, counter, id, None, |p| {
                    p.stand_up(now);
                    p.state = Waiting;
                    p.sent_from = None;
                    p.precalled = false;
                    p.first = Some(First::SentBack);
                    p.move_on(now, service);
                    p.directed_to = works.then_some(to);
                    p.calls = 0;
                });
                Ok(Did::to(id))
            }
            Command::HandOver {
                counter,
                to_counter,
            } => {
                let visitor = self.visitor(counter)?;
                if visitor.state != Serving {
                    return Err("wrong_state");
                }
                let (id, service) = (visitor.id, visitor.service.clone());
                self.idle(to_counter)?;
                self.skilled(to_counter, &service)?;
                self.act(now, counter, id, None, |p| {
                    p.stand_up(now);
                    p.counter = Some(to_counter.clone());
                    p.sit_down(now, true);
                });
                if let Some(desk) = self.desks.get_mut(to_counter) {
                    desk.current = Some(id);
                    desk.auto_held = false;
                    desk.next_stored = false;
                    desk.undo = None;
                }
                Ok(Did::to(id))
            }
            Command::ReturnTicket { target } => self.come_back(now, target),
            Command::Defer { ticket, count } => self.defer(now, *ticket, *count),
            Command::Prioritise { target, reason } => {
                self.day_runs()?;
                if reason.is_empty() {
                    return Err("reason_missing");
                }
                self.put_first(target)
            }
            Command::Precall { counter, count } => self.tell(now, counter, *count),
            Command::RecallDue => {
                let rule = self.plan.rules.no_show.clone();
                let mut did = Did::default();
                if !rule.automatic_recalls || self.day_runs().is_err() {
                    return Ok(did);
                }
                let due = |p: &Paper| {
                    p.state == Called
                        && p.calls <= rule.recalls
                        && p.last_called.expect("called") + i64::from(rule.recall_after_s) * 1000
                            <= now
                };
                let desks: Vec<_> = self.desks.keys().cloned().collect();
                for desk in desks {
                    let current = self.desks[&desk].current.and_then(|id| self.paper(id));
                    if let Some(id) = current.filter(|p| due(p)).map(|p| p.id) {
                        self.again(now, &desk, id);
                        did.events += 1;
                        did.touched.push(id);
                    }
                }
                Ok(did)
            }
            Command::Undo { counter } => self.undo(now, counter),
            Command::IfCurrent {
                counter,
                ticket,
                command,
            } => {
                if self.desk(counter)?.current != Some(*ticket) {
                    return Err("stale_view");
                }
                self.run(now, command)
            }
            Command::Rate { ticket, score, .. } => {
                if *score == 0 || *score > 5 {
                    return Err("bad_score");
                }
                let paper = self.paper(*ticket).ok_or("unknown_ticket")?;
                if paper.score.is_some() {
                    return Err("already_rated");
                }
                if !matches!(paper.state, Serving | Done) {
                    return Err("ticket_not_rateable");
                }
                // A rating is not an action of a counter: it does not stand in the way of an undo.
                if let Some(p) = self.papers.iter_mut().find(|p| p.id == *ticket) {
                    p.score = Some((*score, now, vec![]));
                }
                Ok(Did::to(*ticket))
            }
            Command::CompleteRating {
                ticket, reasons, ..
            } => {
                let paper = self.papers.iter_mut().find(|p| p.id == *ticket);
                let paper = paper.ok_or("unknown_ticket")?;
                let (_, given, said) = paper.score.as_mut().ok_or("not_rated")?;
                if !said.is_empty() {
                    return Err("already_rated");
                }
                if now > *given + 120_000 {
                    return Err("rating_closed");
                }
                said.clone_from(reasons);
                Ok(Did::to(*ticket))
            }
            other => panic!("the traces do not contain {other:?}"),
        }
    }

    /// With the slot and the time it counts from, if it is for an appointment.
    pub(super) fn issue(
        &mut self,
        now: i64,
        wanted: &NewTicket,
        attends: Option<(i64, i64)>,
    ) -> Result<Did, Refused> {
        self.day_runs()?;
        if self.paper(wanted.ticket).is_some() {
            return Err("idempotency_key_reused");
        }
        let plan = self.plan.services.get(&wanted.service);
        let plan = plan.ok_or("unknown_service")?;
        let (matters, mut way) = self.wishes(wanted)?;
        let class = wanted.class.as_ref().or(self.plan.default_class.as_ref());
        let known = class.filter(|c| self.plan.classes.contains_key(*c));
        let class = known.ok_or("unknown_class")?.clone();
        let limit = match attends {
            // The slot was promised; who is late comes before the last span of the day ends.
            Some((slot, base)) => self.is_over(now).filter(|_| base > slot),
            None => self.limit(now, &matters, wanted.terms.person, wanted.persons),
        };
        if let Some(limit) = limit
            && !wanted.terms.overrule
        {
            return Err(limit);
        }
        let last = self.numbers.entry(plan.series.to_string()).or_default();
        *last += 1;
        let number = format!("{}{last:03}", plan.series);
        let unverified = self.is_gated(&matters) || self.is_gated(&way);
        let several = way.len() > 1 || way != matters;
        let newcomer = self.newcomer(&way.remove(0), now);
        self.papers.push(Paper {
            asked: matters.clone(),
            matters: if several { matters } else { vec![] },
            then: way,
            stamp: self.action,
            id: wanted.ticket,
            number,
            class,
            person: wanted.terms.person,
            persons: wanted.persons,
            slot: attends.map(|(slot, _)| slot),
            since: attends.map_or(now, |(_, base)| base),
            state: if unverified { Unverified } else { Waiting },
            ..newcomer
        });
        Ok(Did::to(wanted.ticket))
    }

    /// Announces a called visitor again.
    fn again(&mut self, now: i64, desk: &CounterId, id: TicketId) {
        if let Some(desk) = self.desks.get_mut(desk) {
            desk.undo = None;
        }
        self.edit(id, |p| {
            p.last_called = Some(now);
            p.ring(now);
            p.calls += 1;
        });
    }

    /// A ticket of the default class, taken now.
    pub(crate) fn newcomer(&self, service: &ServiceId, now: i64) -> Paper {
        Paper {
            id: TicketId(u128::MAX),
            number: String::new(),
            service: service.clone(),
            asked: vec![service.clone()],
            matters: vec![],
            then: vec![],
            ended: vec![],
            stage: Stage {
                entered: now,
                ..Stage::default()
            },
            person: None,
            persons: 1,
            class: self.plan.default_class.clone().expect("every plan has one"),
            state: Waiting,
            directed_to: None,
            counter: None,
            issued: now,
            slot: None,
            since: now,
            stamp: u64::MAX,
            first: None,
            returns: 0,
            sent_from: None,
            precalled: false,
            verified: false,
            first_called: None,
            last_called: None,
            calls: 0,
            started: None,
            inferred: false,
            walk_ms: None,
            session: None,
            handling_ms: 0,
            finished: None,
            by_day_end: false,
            score: None,
            touched: self.action,
        }
    }

    fn resume(
        &mut self,
        now: i64,
        counter: &CounterId,
        target: Option<&NumberOrTicket>,
    ) -> Result<Did, Refused> {
        let paused = matches!(self.desk(counter)?.state, CounterState::Paused { .. });
        if target.is_none() && paused {
            self.day_runs()?;
            self.set_desk(now, counter, CounterState::Open);
            return Ok(Did::event());
        }
        self.idle(counter)?;
        let paper = match target {
            Some(target) => self.named(target)?,
            None => {
                let held = |p: &&Paper| p.state == Held && p.counter.as_ref() == Some(counter);
                let mine = self.papers.iter().filter(held);
                mine.max_by_key(|p| p.touched).ok_or("nobody_held")?
            }
        };
        if paper.state != Held {
            return Err("wrong_state");
        }
        self.may_have(counter, paper)?;
        let id = paper.id;
        self.act(now, counter, id, Some(id), |p| {
            p.counter = Some(counter.clone());
            p.sit_down(now, true);
        });
        Ok(Did::to(id))
    }

    fn undo(&mut self, now: i64, counter: &CounterId) -> Result<Did, Refused> {
        self.day_runs()?;
        let before = self.desk(counter)?.undo.clone().ok_or("undo_nothing")?;
        let ours = |was: &Paper| {
            self.paper(was.id)
                .is_some_and(|p| p.touched == before.action)
        };
        if now - before.at > self.plan.rules.undo_window_ms {
            return Err("undo_expired");
        }
        if !before.papers.iter().all(ours) {
            return Err("undo_overtaken");
        }
        for counted in self.counted.values_mut() {
            counted.retain(|action| *action != before.action);
        }
        let mut did = Did::event();
        for was in before.papers {
            did.touched.push(was.id);
            // A counter that was given the visitor has none again.
            for (id, desk) in &mut self.desks {
                if id != counter && desk.current == Some(was.id) {
                    desk.current = None;
                    desk.undo = None;
                }
            }
            self.edit(was.id, |p| {
                let score = p.score.clone();
                *p = was;
                p.score = score;
            });
        }
        if let Some(desk) = self.desks.get_mut(counter) {
            desk.current = before.current;
            desk.free_since = before.free_since;
            desk.auto_held = before.current.is_none();
            desk.next_stored = false;
            desk.undo = None;
        }
        Ok(did)
    }

    fn configure(&mut self, plan: &StationPlan) -> Result<Did, Refused> {
        if *plan == self.stored {
            return Ok(Did::default());
        }
        let gone = |id: &CounterId| !plan.counters.contains_key(id);
        let busy = self
            .desks
            .iter()
            .any(|(id, d)| gone(id) && d.current.is_some());
        let stranded = self.papers.iter().any(|p| {
            matches!(p.state, Waiting | Called | Serving | Held | Unverified)
                && ([&[p.service.clone()][..], &p.then]
                    .concat()
                    .iter()
                    .any(|s| plan.services.get(s).is_none_or(|s| !s.steps.is_empty()))
                    || p.directed_to.as_ref().is_some_and(gone))
        });
        if busy || stranded {
            return Err("plan_in_use");
        }
        self.stored = plan.clone();
        self.put_in_force(plan.clone());
        Ok(Did::event())
    }
}
