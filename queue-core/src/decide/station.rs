//! The station's plan and its days.

use alloc::boxed::Box;
use alloc::vec;

use super::Events;
use crate::calendar::DayHours;
use crate::counter::Counter;
use crate::engine::Engine;
use crate::event::Event;
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

    pub(super) fn configure(&self, plan: &StationPlan) -> Events {
        plan.check().map_err(Rejected::BadPlan)?;
        if *plan == self.stored_plan() {
            return Ok(vec![]);
        }
        let busy = |c: &Counter| c.current.is_some() && !plan.counters.contains_key(&c.id);
        let stranded = |t: &Ticket| {
            let to = t.directed_to.as_ref();
            let mut needed = core::iter::once(&t.service).chain(&t.then);
            needed.any(|service| {
                plan.services
                    .get(service)
                    .is_none_or(|s| !s.steps.is_empty())
            }) || to.is_some_and(|to| !plan.counters.contains_key(to))
        };
        let open = |t: &Ticket| t.state.is_open() && stranded(t);
        if self.counters.values().any(busy) || self.tickets().any(open) {
            return Err(Rejected::PlanInUse);
        }
        Ok(vec![Event::Configured {
            plan: plan.clone().into(),
        }])
    }
}
