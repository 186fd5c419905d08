//! Opening, pausing and closing counters.

use alloc::string::ToString;
use alloc::vec;

use super::{Events, short};
use crate::counter::CounterState;
use crate::engine::Engine;
use crate::event::Event;
use crate::ids::{CounterId, ProfileId, StaffId};
use crate::reject::Rejected;
use crate::time::StationTime;

impl Engine {
    pub(super) fn open_counter(&self, counter: &CounterId, staff: Option<&StaffId>) -> Events {
        self.running_day()?;
        let at = self.known_counter(counter)?;
        if at.state == CounterState::Open && (staff.is_none() || staff == at.staff.as_ref()) {
            return Ok(vec![]);
        }
        let staff = staff.cloned().or_else(|| at.staff.clone());
        if let Some(staff) = &staff {
            self.works_nowhere_else(staff, counter)?;
        }
        Ok(vec![Event::CounterOpened {
            counter: counter.clone(),
            staff,
        }])
    }

    /// Nobody works at two counters at once: both would be counted.
    fn works_nowhere_else(&self, staff: &StaffId, counter: &CounterId) -> Result<(), Rejected> {
        let elsewhere = self.counters.values().find(|other| {
            other.id != *counter
                && other.state != CounterState::Closed
                && other.staff.as_ref() == Some(staff)
        });
        match elsewhere {
            Some(other) => Err(Rejected::StaffElsewhere(other.id.clone())),
            None => Ok(()),
        }
    }

    pub(super) fn pause(
        &self,
        counter: &CounterId,
        reason: &str,
        until: Option<StationTime>,
    ) -> Events {
        self.free_counter(counter)?;
        short(reason)?;
        Ok(vec![Event::CounterPaused {
            counter: counter.clone(),
            reason: reason.to_string(),
            until,
        }])
    }

    pub(super) fn set_profile(&self, counter: &CounterId, profile: Option<&ProfileId>) -> Events {
        let at = self.known_counter(counter)?;
        self.running_day()?;
        if profile.is_some_and(|id| !self.plan.profiles.contains_key(id)) {
            return Err(Rejected::UnknownProfile);
        }
        let fits = |id: &ProfileId| {
            let profile = self.plan.profiles.get(id);
            profile.is_some_and(|profile| self.plan.fits(counter, profile))
        };
        if profile.is_some_and(|id| !fits(id)) {
            return Err(Rejected::ProfileElsewhere);
        }
        if at.profile.as_ref() == profile {
            return Ok(vec![]);
        }
        Ok(vec![Event::CounterProfileChanged {
            counter: counter.clone(),
            profile: profile.cloned(),
        }])
    }

    pub(super) fn set_auto_call(&self, counter: &CounterId, on: bool) -> Events {
        let at = self.known_counter(counter)?;
        self.running_day()?;
        if self.calls_by_itself(at) == on {
            return Ok(vec![]);
        }
        Ok(vec![Event::CounterAutoCallSet {
            counter: counter.clone(),
            on,
        }])
    }

    pub(super) fn store_next(&self, counter: &CounterId, on: bool) -> Events {
        let at = if on {
            self.free_counter(counter)?
        } else {
            self.known_counter(counter)?
        };
        self.running_day()?;
        if *at.next_stored == on {
            return Ok(vec![]);
        }
        Ok(vec![Event::CounterNextStored {
            counter: counter.clone(),
            on,
        }])
    }

    pub(super) fn close_counter(&self, counter: &CounterId) -> Events {
        let at = self.known_counter(counter)?;
        match (&at.state, at.current) {
            (CounterState::Closed, _) => Ok(vec![]),
            (_, Some(_)) => Err(Rejected::CounterBusy),
            _ => Ok(vec![Event::CounterClosed {
                counter: counter.clone(),
            }]),
        }
    }
}
