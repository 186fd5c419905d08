//! Giving out tickets and taking them back.

use alloc::boxed::Box;
use alloc::vec;

use super::Events;
use crate::appointments::Attendance;
use crate::command::{NewTicket, NumberOrTicket};
use crate::engine::{Day, Engine};
use crate::event::{Event, IssuedTicket};
use crate::ids::{Series, TicketId, TicketNumber};
use crate::reject::Rejected;
use crate::ticket::TicketState;
use crate::time::StationTime;

pub(super) const PERSONS_MAX: u16 = 99;

impl Engine {
    pub(super) fn issue_for(
        &self,
        now: StationTime,
        wanted: &NewTicket,
        attends: Option<Attendance>,
    ) -> Events {
        let day = self.running_day()?;
        let mut issued = self.ticket_for(now, day, wanted, attends)?;
        let limit = match &attends {
            Some(attends) => Self::limit_on_check_in(now, day, attends),
            None => self.limit_for(now, day, wanted),
        };
        issued.overruled = match limit {
            Some(limit) if !wanted.terms.overrule => return Err(limit.into()),
            limit => limit.map(Box::new),
        };
        Ok(vec![Event::TicketIssued(issued.into())])
    }

    /// A ticket with the next number, whatever limits there are.
    pub(super) fn ticket_for(
        &self,
        now: StationTime,
        day: &Day,
        wanted: &NewTicket,
        attends: Option<Attendance>,
    ) -> Result<IssuedTicket, Rejected> {
        if day.tickets.contains_key(&wanted.ticket) {
            return Err(Rejected::IdempotencyKeyReused);
        }
        let services = &self.plan.services;
        let plan = services
            .get(&wanted.service)
            .ok_or(Rejected::UnknownService)?;
        self.check_matters(&wanted.service, &wanted.then)?;
        let steps = self.steps_of(wanted)?;
        let class = wanted.class.as_ref().or(self.plan.default_class());
        let class = class.ok_or(Rejected::UnknownClass)?;
        if !self.plan.classes.contains_key(class) {
            return Err(Rejected::UnknownClass);
        }
        if !(1..=PERSONS_MAX).contains(&wanted.persons) {
            return Err(Rejected::BadPersons);
        }
        // Once for the whole visit, before anybody calls it.
        let on_the_way = core::iter::once(&wanted.service).chain(&wanted.then);
        let unverified = self.any_needs_identity_check(on_the_way.chain(&steps));
        Ok(IssuedTicket {
            ticket: wanted.ticket,
            number: next_number(day, &plan.series),
            service: wanted.service.clone(),
            then: wanted.then.clone(),
            steps,
            class: class.clone(),
            language: wanted.language.clone(),
            channel: wanted.channel.clone(),
            late_end: match attends {
                // The time was promised.
                Some(_) => None,
                None => self.late_end(now, &wanted.service, Some(class)),
            },
            attends,
            persons: wanted.persons,
            person: wanted.terms.person,
            overruled: None,
            unverified,
            enrolled: None,
            offline: None,
        })
    }

    pub(super) fn cancel(&self, ticket: TicketId) -> Events {
        self.running_day()?;
        let ticket = self.find(&NumberOrTicket::Ticket(ticket))?;
        match ticket.state {
            TicketState::Cancelled => Ok(vec![]),
            TicketState::Waiting
            | TicketState::Held
            | TicketState::Unverified
            | TicketState::Enrolled => Ok(vec![Event::TicketCancelled { ticket: ticket.id }]),
            state => Err(Rejected::WrongState(state)),
        }
    }
}

fn next_number(day: &Day, series: &Series) -> TicketNumber {
    let last = day.last_number.get(series).copied().unwrap_or(0);
    TicketNumber {
        series: series.clone(),
        kiosk: None,
        number: last + 1,
    }
}
