//! What a day keeps for its limits.

use alloc::boxed::Box;
use alloc::vec::Vec;

use crate::calendar::DayHours;
use crate::engine::{Day, Engine};
use crate::event::IssuedTicket;
use crate::ids::TicketId;
use crate::limits::Taken;
use crate::surge::{Alarm, Raised};
use crate::ticket::{Ticket, TicketState};
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
                .filter(|t| t.state != TicketState::Cancelled || t.first_called_at.is_some())
                .flat_map(|t| t.asked().map(|service| (taken_by(t), service.clone())))
                .collect();
            earlier.sort();
            for (taken, service) in earlier {
                day.limits.taken.entry(service).or_default().push(taken);
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

fn taken_by(ticket: &Ticket) -> Taken {
    Taken {
        at: ticket.issued_at,
        persons: ticket.persons,
    }
}

impl Day {
    /// Notes a ticket that was given out.
    pub(super) fn note_taken(&mut self, issued: &IssuedTicket, at: StationTime) {
        if self.limits.hours.is_some() {
            let persons = issued.persons;
            for service in issued.matters() {
                let taken = self.limits.taken.entry(service.clone());
                taken.or_default().push(Taken { at, persons });
            }
        }
        if let Some(person) = issued.person {
            let theirs = self.limits.persons.entry(person).or_default();
            theirs.push(issued.ticket);
        }
    }

    /// A ticket is about to be given up: before its first call it gives its places in quotas back.
    pub(super) fn note_given_up(&mut self, id: TicketId) {
        let Some(ticket) = self.tickets.get(&id) else {
            return;
        };
        if ticket.first_called_at.is_some() {
            return;
        }
        for service in ticket.asked() {
            if let Some(taken) = self.limits.0.taken.get_mut(service)
                && let Some(place) = taken.iter().rposition(|taken| *taken == taken_by(ticket))
            {
                taken.remove(place);
            }
        }
    }
}
