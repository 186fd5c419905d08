//! Hours, quotas, the cut-off, one ticket per person, and the alarms: looked up in the list of all tickets.

use std::collections::BTreeSet;

use queue_core::TicketState::{Called, Cancelled, Held, Serving, Unverified, Waiting};
use queue_core::{
    CounterState, CutOff, DayHours, OnePerPerson, PersonKey, ServiceId, TicketId, Window,
};

use super::{Did, Model, Paper, Refused};

fn within(windows: &[Window], at: i64) -> bool {
    windows.iter().any(|w| w.from.0 <= at && at < w.until.0)
}

impl Model {
    /// With the first hours of a day every ticket counts where it stands then.
    pub(super) fn set_hours(&mut self, hours: Option<&DayHours>) {
        if self.hours.is_none() {
            for paper in &mut self.papers {
                paper.asked = match &paper.matters[..] {
                    [] => vec![paper.service.clone()],
                    matters => matters.to_vec(),
                };
            }
        }
        self.hours = hours.cloned();
    }

    pub(super) fn limit(
        &self,
        now: i64,
        matters: &[ServiceId],
        person: Option<PersonKey>,
        persons: u16,
    ) -> Option<Refused> {
        let mut each = matters
            .iter()
            .map(|matter| self.limit_of(now, matter, person, persons));
        if let Some(limit) = each.find_map(|limit| limit) {
            return Some(limit);
        }
        let rule = self.plan.limits.services.get(&matters[0])?;
        let refuses = rule.cut_off == CutOff::Refuse;
        (refuses && self.is_late()).then_some("past_cut_off")
    }

    pub(super) fn limit_of(
        &self,
        now: i64,
        service: &ServiceId,
        person: Option<PersonKey>,
        persons: u16,
    ) -> Option<Refused> {
        let shut = self.closed_for(now, service, persons);
        shut.or_else(|| self.person_limit(service, person, None))
    }

    pub(super) fn closed_for(
        &self,
        now: i64,
        service: &ServiceId,
        persons: u16,
    ) -> Option<Refused> {
        if let Some(hours) = &self.hours {
            if !within(&hours.station, now) {
                return Some("station_closed_now");
            }
            if let Some(own) = hours.services.get(service) {
                if own.windows.as_ref().is_some_and(|own| !within(own, now)) {
                    return Some("service_closed_now");
                }
                for quota in own.quotas.iter().filter(|q| within(&[q.window], now)) {
                    let counts = |p: &&Paper| {
                        let given_up = p.state == Cancelled && p.first_called.is_none();
                        p.counts_for(service) && within(&[quota.window], p.issued) && !given_up
                    };
                    let heads = self.plan.limits.services.get(service);
                    let heads = heads.is_some_and(|l| l.quota_counts_persons);
                    let used = self.papers.iter().filter(counts);
                    let used = used.map(|p| if heads { p.persons } else { 1 });
                    let left = i64::from(quota.tickets) - used.map(i64::from).sum::<i64>();
                    if left < i64::from(if heads { persons } else { 1 }) {
                        return Some("quota_full");
                    }
                }
            }
        }
        None
    }

    /// Not counting a ticket to which something is added.
    pub(super) fn person_limit(
        &self,
        service: &ServiceId,
        person: Option<PersonKey>,
        amended: Option<TicketId>,
    ) -> Option<Refused> {
        let rule = self.plan.limits.services.get(service)?;
        let open = |p: &&Paper| {
            matches!(p.state, Waiting | Called | Serving | Held | Unverified) && p.concerns(service)
        };
        match (rule.one_per_person, person) {
            (OnePerPerson::Off, _) | (OnePerPerson::WhenKnown, None) => {}
            (OnePerPerson::Always, None) => return Some("person_unknown"),
            (_, Some(person)) => {
                let theirs = self.papers.iter().filter(|p| p.person == Some(person));
                let mut theirs = theirs.filter(|p| Some(p.id) != amended);
                if theirs.any(|p| open(&p)) {
                    return Some("open_ticket_already");
                }
            }
        }
        None
    }

    /// The last span of the day is over.
    pub(super) fn is_over(&self, now: i64) -> Option<Refused> {
        let hours = self.hours.as_ref()?;
        let still_to_come = hours.station.iter().any(|w| w.until.0 > now);
        (!still_to_come).then_some("station_closed_now")
    }

    /// The visit would end after the last span of the day.
    pub(crate) fn is_late(&self) -> bool {
        let spans = self.hours.iter().flat_map(|hours| &hours.station);
        let closing = spans.map(|w| w.until.0).max();
        closing.is_some_and(|closing| self.foreseen.is_some_and(|end| end > closing))
    }

    pub(super) fn watch(&mut self, now: i64) -> Result<Did, Refused> {
        self.day_runs()?;
        let mut due = BTreeSet::new();
        for (service, plan) in &self.plan.services {
            let Some(after_s) = self.plan.limits.alarm_after_s else {
                break;
            };
            let outside = |p: &&Paper| p.state == Unverified && p.service == *service;
            // The papers are in the order of issue, whatever they count from.
            let longest = self.papers.iter().find(outside).map(|p| now - p.issued);
            if longest.is_some_and(|ms| ms > i64::from(after_s) * 1_000) {
                due.insert(("identity_unchecked", service.clone()));
            }
            let waits =
                |p: &&Paper| p.state == Waiting && p.service == *service && p.directed_to.is_none();
            let first = self.papers.iter().filter(waits).min_by_key(|p| p.coming());
            let Some(oldest) = first.map(|p| p.waits_from()) else {
                continue;
            };
            let standard_s = plan.wait_standard_s.unwrap_or(u32::MAX);
            if now - oldest > i64::from(standard_s) * 1_000 {
                due.insert(("wait_over_standard", service.clone()));
            }
            let able: Vec<_> = self
                .desks
                .iter()
                .filter(|(id, _)| self.skilled(id, service).is_ok())
                .map(|(_, desk)| desk)
                .collect();
            let left = able.iter().map(|desk| desk.since).max().unwrap_or(i64::MIN);
            let alone_s = (now - oldest.max(left)) / 1_000;
            let ms_too = (now - oldest.max(left)) % 1_000 > 0;
            let long = alone_s > i64::from(after_s) || alone_s == i64::from(after_s) && ms_too;
            if able.iter().all(|desk| desk.state != CounterState::Open) && long {
                due.insert(("nobody_open", service.clone()));
            }
        }
        let changes = due.symmetric_difference(&self.alarms).count();
        self.alarms = due;
        Ok(Did {
            events: changes,
            ..Did::default()
        })
    }
}
