//! Several matters on one visit, and matters of several stations: where a visit goes, and what follows when a leg ends.

use alloc::vec;
use alloc::vec::Vec;

use super::Events;
use super::tickets::PERSONS_MAX;
use crate::command::{NewTicket, NumberOrTicket};
use crate::engine::Engine;
use crate::event::Event;
use crate::ids::{CounterId, ServiceId, TicketId};
use crate::reject::Rejected;
use crate::ticket::{Ticket, TicketState};
use crate::time::StationTime;

/// Matters on one ticket.
const MATTERS_MAX: usize = 8;
/// Stations a visit may have before it.
const STATIONS_MAX: usize = 16;

impl Engine {
    /// Every service is known and asked for once.
    pub(super) fn check_matters(
        &self,
        first: &ServiceId,
        then: &[ServiceId],
    ) -> Result<(), Rejected> {
        let twice =
            |nth: usize, service: &ServiceId| service == first || then[..nth].contains(service);
        let mut others = then.iter().enumerate();
        if then.len() >= MATTERS_MAX || others.any(|(nth, service)| twice(nth, service)) {
            return Err(Rejected::BadMatters);
        }
        self.known_services(then)
    }

    /// What the visitor says behind the issue: the first matter and its stations stay, the others are those given. Limits
    /// hold for what is added, as for a new ticket.
    pub(super) fn amend(
        &self,
        now: StationTime,
        ticket: TicketId,
        then: &[ServiceId],
        persons: u16,
    ) -> Events {
        let day = self.running_day()?;
        let ticket = self.find(&NumberOrTicket::Ticket(ticket))?;
        let waits = matches!(ticket.state, TicketState::Waiting | TicketState::Unverified);
        // Once it was called, staff say what is to come.
        if !waits || ticket.first_called_at.is_some() {
            return Err(Rejected::WrongState(ticket.state));
        }
        if !(1..=PERSONS_MAX).contains(&persons) {
            return Err(Rejected::BadPersons);
        }
        self.is_of_lines(ticket, then)?;
        self.check_matters(ticket.visit_service(), then)?;
        let had: Vec<_> = ticket.asked().skip(1).collect();
        if then.iter().eq(had.iter().copied()) && persons == ticket.persons {
            return Ok(vec![]);
        }
        let had = self.stations_of(had.into_iter())?;
        let own = ticket.then.strip_suffix(&had[..]).unwrap_or(&ticket.then);
        let mut stations = own.to_vec();
        stations.extend(self.stations_of(then.iter())?);
        if stations.len() >= STATIONS_MAX {
            return Err(Rejected::BadMatters);
        }
        if let Some(limit) = self.limit_on_amendment(now, day, ticket, then, persons) {
            return Err(limit.into());
        }
        let on_the_way = ticket.asked().take(1).chain(then).chain(&stations);
        let on_the_way = on_the_way.chain([&ticket.service]);
        let is_gated = self.any_needs_identity_check(on_the_way);
        Ok(vec![Event::TicketAmended {
            ticket: ticket.id,
            then: then.to_vec(),
            unverified: is_gated && !ticket.is_verified(),
            stations,
            persons,
        }])
    }

    /// The stations of a new visit; none where they are the matters themselves.
    pub(super) fn steps_of(&self, wanted: &NewTicket) -> Result<Vec<ServiceId>, Rejected> {
        let matters = || core::iter::once(&wanted.service).chain(&wanted.then);
        let stations = self.stations_of(matters())?;
        Ok(if stations.iter().eq(matters()) {
            vec![]
        } else {
            stations
        })
    }

    /// Where a visit goes when the matter under way becomes another one. As long as nothing was handled, the further
    /// stations of the matter are dropped with it.
    pub(super) fn stations_instead(
        &self,
        ticket: &Ticket,
        to: &ServiceId,
    ) -> Result<Vec<ServiceId>, Rejected> {
        let mut to_come = &ticket.then[..];
        if ticket.legs.is_empty() {
            if ticket.matters.iter().skip(1).any(|matter| matter == to) {
                return Err(Rejected::BadMatters);
            }
            let own: Vec<_> = self.plan.stations(ticket.visit_service()).skip(1).collect();
            if to_come.len() >= own.len() && own.iter().copied().eq(&to_come[..own.len()]) {
                to_come = &to_come[own.len()..];
            }
        }
        let stations: Vec<_> = self.plan.stations(to).chain(to_come).cloned().collect();
        if stations.len() > STATIONS_MAX {
            return Err(Rejected::BadMatters);
        }
        Ok(stations)
    }

    pub(super) fn change_matters(&self, counter: &CounterId, then: &[ServiceId]) -> Events {
        let ticket = self.visitor_at(counter)?;
        self.known_services(then)?;
        self.is_of_lines(ticket, then)?;
        let then = self.stations_of(then.iter())?;
        if then == ticket.then {
            return Ok(vec![]);
        }
        Ok(vec![Event::MattersChanged {
            ticket: ticket.id,
            counter: counter.clone(),
            then,
        }])
    }

    /// Whether the counter would keep its visitor for the next matter; none: nothing is to come.
    #[must_use]
    pub fn keeps(&self, counter: &CounterId, ticket: &Ticket) -> Option<bool> {
        let next = ticket.then.first()?;
        Some(self.check_skill(counter, next).is_ok())
    }

    /// The end of a leg after which another one comes.
    pub(super) fn leg_finished(&self, counter: &CounterId, ticket: &Ticket) -> Option<Event> {
        Some(Event::LegFinished {
            ticket: ticket.id,
            counter: counter.clone(),
            to_service: ticket.then.first()?.clone(),
            stays: self.keeps(counter, ticket)?,
        })
    }

    fn known_services(&self, services: &[ServiceId]) -> Result<(), Rejected> {
        let known = |service| self.plan.services.contains_key(service);
        if services.iter().all(known) {
            Ok(())
        } else {
            Err(Rejected::UnknownService)
        }
    }

    fn stations_of<'a>(
        &'a self,
        matters: impl Iterator<Item = &'a ServiceId>,
    ) -> Result<Vec<ServiceId>, Rejected> {
        let stations = matters.flat_map(|matter| self.plan.stations(matter));
        let stations: Vec<_> = stations.take(STATIONS_MAX + 1).cloned().collect();
        if stations.len() > STATIONS_MAX {
            return Err(Rejected::BadMatters);
        }
        Ok(stations)
    }
}
