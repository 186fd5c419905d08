//! What a day keeps for its limits.

use alloc::boxed::Box;
use alloc::vec::Vec;

use crate::calendar::DayHours;
use crate::engine::{Day, Engine};
use crate::event::IssuedTicket;
use crate::ids::{ServiceId, TicketId};
use crate::surge::{Alarm, Raised};
use crate::ticket::TicketState;
use crate::time::StationTime;

impl Engine {
    pub(super) fn take_hours(&mut self, hours: Option<&DayHours>) {
        let Some(day) = &mut self.day else { return };
        // Tickets taken while there were no hours were not noted: they count where they stand now.
        if hours.is_some() && day.limits.hours.is_none() {
            day.limits.taken.clear();
            let mut earlier: Vec<_> = day
                .tickets
                .values()
                .filter(|t| t.attends.is_none())
                .filter(|t| t.state != TicketState::Cancelled || t.first_called_at.is_some())
                .map(|t| (t.issued_at, t.service.clone()))
                .collect();
            earlier.sort();
            for (at, service) in earlier {
                day.limits.taken.entry(service).or_default().push(at);
            }
        }
        if hours.is_none() {
            day.limits.taken.clear();
        }
        day.limits.hours = hours.cloned().map(Box::new);
    }

    pub(super) fn raise(&mut self, raised: &Raised) {
        let Some(day) = &mut self.day else { return };
        if day.limits.alarms.iter().all(|r| r.alarm != raised.alarm) {
            day.limits.alarms.push(raised.clone());
        }
    }

    pub(super) fn clear_alarm(&mut self, alarm: &Alarm) {
        if let Some(day) = &mut self.day {
            day.limits.alarms.retain(|raised| raised.alarm != *alarm);
        }
    }
}

impl Day {
    /// Notes a ticket that was given out. One for an appointment takes none of the quota: the slot had its own places.
    pub(super) fn note_taken(&mut self, issued: &IssuedTicket, at: StationTime) {
        if self.limits.hours.is_some() && issued.attends.is_none() {
            let service = issued.service.clone();
            self.limits.taken.entry(service).or_default().push(at);
        }
        if let Some(person) = issued.person {
            let theirs = self.limits.persons.entry(person).or_default();
            theirs.push(issued.ticket);
        }
    }

    /// A ticket is about to be given up: before its first call it gives its place in a quota back.
    pub(super) fn note_given_up(&mut self, id: TicketId) {
        self.give_back(id);
    }

    /// A ticket is about to be for another service: before its first call it counts there from now on.
    pub(super) fn note_rerouted(&mut self, id: TicketId, to: &ServiceId) {
        if let Some(at) = self.give_back(id) {
            let taken = self.limits.0.taken.entry(to.clone()).or_default();
            let place = taken.partition_point(|other| *other <= at);
            taken.insert(place, at);
        }
    }

    /// Takes a ticket out of what counts for quotas; when it was taken, if it counted.
    fn give_back(&mut self, id: TicketId) -> Option<StationTime> {
        let ticket = self.tickets.get(&id)?;
        if ticket.first_called_at.is_some() || ticket.attends.is_some() {
            return None;
        }
        let taken = self.limits.0.taken.get_mut(&ticket.service)?;
        let place = taken.binary_search(&ticket.issued_at).ok()?;
        Some(taken.remove(place))
    }
}
