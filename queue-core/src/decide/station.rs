//! The station's plan and its days.

use alloc::boxed::Box;
use alloc::vec;

use super::Events;
use crate::calendar::DayHours;
use crate::engine::Engine;
use crate::event::Event;
use crate::ids::{CounterId, ServiceId};
use crate::plan::StationPlan;
use crate::reject::Rejected;
use crate::ticket::Ticket;
use crate::time::BusinessDay;

impl Engine {
    pub(super) fn begin_day(&self, day: BusinessDay, hours: Option<&DayHours>) -> Events {
        match &self.day {
            Some(open) if !open.closed => Err(Rejected::DayAlreadyOpen),
            Some(last) if last.date > day => Err(Rejected::DayInPast),
            _ => Ok(vec![Event::DayOpened {
                day,
                hours: hours.cloned().map(Box::new),
            }]),
        }
    }

    fn open_tickets(&self) -> impl Iterator<Item = &Ticket> {
        self.tickets().filter(|t| t.state.is_open())
    }

    pub(super) fn configure(&self, plan: &StationPlan) -> Events {
        plan.check().map_err(Rejected::BadPlan)?;
        if *plan == self.stored_plan() {
            return Ok(vec![]);
        }
        let vanishes = |id: &&CounterId| !plan.counters.contains_key(*id);
        let busy = self.counters.values().filter(|c| c.current.is_some());
        let directed = self.open_tickets().filter_map(|t| t.directed_to.as_ref());
        if let Some(counter) = busy.map(|c| &c.id).chain(directed).find(vanishes) {
            return Err(Rejected::CounterInUse(counter.clone()));
        }
        let mut waited_for = self
            .open_tickets()
            .flat_map(|t| core::iter::once(&t.service).chain(&t.then));
        // A service of several steps is nobody's: what waits, waits for one of the steps.
        let is_served = |id: &ServiceId| plan.services.get(id).is_some_and(|s| s.steps.is_empty());
        if let Some(service) = waited_for.find(|id| !is_served(id)) {
            return Err(Rejected::ServiceInUse(service.clone()));
        }
        self.sessions_in_use(plan)?;
        Ok(vec![Event::Configured {
            plan: plan.clone().into(),
        }])
    }
}
