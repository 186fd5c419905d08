//! Which alarms are to be raised and cleared.

use alloc::vec::Vec;

use super::Events;
use crate::engine::{Day, Engine};
use crate::event::Event;
use crate::ids::ServiceId;
use crate::plan::ServicePlan;
use crate::policy::LineId;
use crate::surge::{Alarm, Raised};
use crate::time::StationTime;

impl Engine {
    /// Alarms that have been raised and not cleared.
    #[must_use]
    pub fn alarms(&self) -> &[Raised] {
        self.day.as_ref().map_or(&[], |day| &day.limits.alarms)
    }

    /// What has begun and what has ended since the station last looked.
    pub(super) fn watch(&self, now: StationTime) -> Events {
        let day = self.running_day()?;
        let due: Vec<Raised> = match self.plan.limits.alarm_after_s {
            Some(alarm_after_s) => {
                let services = self.plan.services.iter();
                services
                    .flat_map(|(id, plan)| {
                        let over = wait_over_standard(self, now, day, id, plan);
                        let alone = nobody_open(self, now, day, id, alarm_after_s);
                        let unchecked = unchecked(self, now, day, id, alarm_after_s);
                        over.into_iter().chain(alone).chain(unchecked)
                    })
                    .collect()
            }
            None => Vec::new(),
        };
        let raised = |alarm: &Alarm| self.alarms().iter().any(|r| r.alarm == *alarm);
        let mut events = self.clear(|raised| due.iter().all(|d| d.alarm != raised.alarm));
        let new = due.into_iter().filter(|due| !raised(&due.alarm));
        events.extend(new.map(Event::AlarmRaised));
        Ok(events)
    }

    /// Clears raised alarms.
    pub(super) fn clear(&self, is_over: impl Fn(&Raised) -> bool) -> Vec<Event> {
        let over = self.alarms().iter().filter(|raised| is_over(raised));
        over.map(|raised| Event::AlarmCleared(raised.alarm.clone()))
            .collect()
    }
}

fn wait_over_standard(
    engine: &Engine,
    now: StationTime,
    day: &Day,
    service: &ServiceId,
    plan: &ServicePlan,
) -> Option<Raised> {
    let oldest = engine.ticket(day.lines.oldest(service)?.ticket)?;
    let since = oldest
        .waits_from()
        .plus_ms(i64::from(plan.wait_standard_s?) * 1_000);
    (now > since).then(|| Raised {
        alarm: Alarm::WaitOverStandard {
            service: service.clone(),
        },
        since,
        ticket: oldest.id,
    })
}

fn nobody_open(
    engine: &Engine,
    now: StationTime,
    day: &Day,
    service: &ServiceId,
    after_s: u32,
) -> Option<Raised> {
    let oldest = engine.ticket(day.lines.oldest(service)?.ticket)?;
    let mut since = oldest.waits_from();
    for counter in engine.counters_of(LineId::Service(service)) {
        if counter.is_open() {
            return None;
        }
        since = since.max(counter.since);
    }
    (now.since_ms(since) > i64::from(after_s) * 1_000).then(|| Raised {
        alarm: Alarm::NobodyOpen {
            service: service.clone(),
        },
        since,
        ticket: oldest.id,
    })
}

fn unchecked(
    engine: &Engine,
    now: StationTime,
    day: &Day,
    service: &ServiceId,
    after_s: u32,
) -> Option<Raised> {
    let unchecked = day.unverified.of(service);
    let unchecked = unchecked.filter_map(|place| engine.ticket(place.ticket));
    // Not the first place: who counts from the slot of an appointment need not have come first.
    let oldest = unchecked.min_by_key(|ticket| ticket.issued_seq)?;
    let since = oldest.issued_at.plus_ms(i64::from(after_s) * 1_000);
    (now > since).then(|| Raised {
        alarm: Alarm::IdentityUnchecked {
            service: service.clone(),
        },
        since,
        ticket: oldest.id,
    })
}
