//! Another rule for the rest of the day.

use alloc::vec;

use super::Events;
use crate::engine::Engine;
use crate::event::Event;
use crate::ids::ZoneId;
use crate::policy::Discipline;
use crate::reject::Rejected;

impl Engine {
    pub(super) fn set_discipline(
        &self,
        zone: Option<&ZoneId>,
        discipline: Option<Discipline>,
    ) -> Events {
        self.running_day()?;
        if zone.is_some_and(|zone| !self.plan.zones.zones.contains_key(zone)) {
            return Err(Rejected::UnknownZone);
        }
        if discipline.is_some_and(|rule| !self.plan.distinguishes(rule)) {
            return Err(Rejected::ClassesAlike);
        }
        let plan = self.plan_under(zone, discipline);
        plan.check().map_err(Rejected::BadPlan)?;
        if plan == *self.plan {
            return Ok(vec![]);
        }
        Ok(vec![Event::DisciplineChanged {
            zone: zone.cloned(),
            discipline,
        }])
    }
}
