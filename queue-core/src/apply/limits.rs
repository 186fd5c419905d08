//! What a day keeps for its limits.

use alloc::boxed::Box;
use alloc::vec::Vec;

use crate::appointments::Attendance;
use crate::calendar::DayHours;
use crate::engine::{Day, Engine};
use crate::event::IssuedTicket;
use crate::ids::{ServiceId, TicketId};
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
                .flat_map(|t| counted(t).map(|service| (taken_by(t), service.clone())))
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

/// How many of the matters have a place of their own: the slot of an appointment is for the first.
fn promised(attends: Option<&Attendance>) -> usize {
    usize::from(attends.is_some())
}

/// The services in whose quotas a ticket counts.
fn counted(ticket: &Ticket) -> impl Iterator<Item = &ServiceId> {
    ticket.asked().skip(promised(ticket.attends.as_ref()))
}

fn taken_by(ticket: &Ticket) -> Taken {
    Taken {
        at: ticket.issued_at,
        persons: ticket.persons,
    }
}

/// They stand in the order of time.
fn insert_in_time(all: &mut Vec<Taken>, taken: Taken) {
    let place = all.partition_point(|other| other.at <= taken.at);
    all.insert(place, taken);
}

impl Day {
    /// Notes a ticket that was given out. One for an appointment takes none of the quota: the slot had its own places.
    pub(super) fn note_taken(&mut self, issued: &IssuedTicket, at: StationTime) {
        if self.limits.hours.is_some() {
            let persons = issued.persons;
            let matters = issued.matters().skip(promised(issued.attends.as_ref()));
            for service in matters {
                let taken = self.limits.taken.entry(service.clone());
                insert_in_time(taken.or_default(), Taken { at, persons });
            }
        }
        if let Some(person) = issued.person {
            let theirs = self.limits.persons.entry(person).or_default();
            theirs.push(issued.ticket);
        }
    }

    /// A ticket was issued at another time than was thought: what it takes of quotas moves with it.
    pub(super) fn move_taken(&mut self, id: TicketId, at: StationTime) {
        let Some(ticket) = self.tickets.get(&id) else {
            return;
        };
        let (before, after) = (
            taken_by(ticket),
            Taken {
                at,
                ..taken_by(ticket)
            },
        );
        for service in counted(ticket) {
            if let Some(taken) = self.limits.0.taken.get_mut(service)
                && let Some(place) = taken.iter().rposition(|taken| *taken == before)
            {
                taken.remove(place);
                insert_in_time(taken, after);
            }
        }
    }

    /// A ticket is about to be given up: before its first call it gives its places in quotas back.
    pub(super) fn note_given_up(&mut self, id: TicketId) {
        self.give_back(id);
    }

    /// Takes a ticket that was not called yet out of what counts for quotas.
    pub(super) fn give_back(&mut self, id: TicketId) {
        let Some(ticket) = self
            .tickets
            .get(&id)
            .filter(|t| t.first_called_at.is_none())
        else {
            return;
        };
        for service in counted(ticket) {
            if let Some(taken) = self.limits.0.taken.get_mut(service)
                && let Some(place) = taken.iter().rposition(|taken| *taken == taken_by(ticket))
            {
                taken.remove(place);
            }
        }
    }

    /// Has a ticket that was not called yet count in the quotas of what it is for now.
    pub(super) fn take_again(&mut self, id: TicketId) {
        let Some(ticket) = self
            .tickets
            .get(&id)
            .filter(|t| t.first_called_at.is_none())
        else {
            return;
        };
        if self.limits.hours.is_none() {
            return;
        }
        for service in counted(ticket) {
            let taken = self.limits.0.taken.entry(service.clone()).or_default();
            insert_in_time(taken, taken_by(ticket));
        }
    }
}
