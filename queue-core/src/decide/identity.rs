//! The identity check, and which service a waiting ticket is for.

use alloc::vec;

use super::Events;
use crate::command::NumberOrTicket;
use crate::engine::Engine;
use crate::event::Event;
use crate::identity::{IdentityDocument, IdentityRefusal};
use crate::ids::ServiceId;
use crate::reject::Rejected;
use crate::ticket::TicketState;
use crate::time::StationTime;

impl Engine {
    pub(super) fn verify_identity(
        &self,
        now: StationTime,
        target: &NumberOrTicket,
        document: IdentityDocument,
    ) -> Events {
        self.running_day()?;
        let ticket = self.find(target)?;
        match ticket.state {
            TicketState::Unverified => {
                self.check_in_is_open(now, ticket)?;
                Ok(vec![Event::IdentityVerified {
                    ticket: ticket.id,
                    document,
                }])
            }
            // Two of the staff, one visitor.
            TicketState::Waiting | TicketState::Enrolled if ticket.is_verified() => Ok(vec![]),
            state => Err(Rejected::WrongState(state)),
        }
    }

    pub(super) fn refuse_identity(
        &self,
        target: &NumberOrTicket,
        reason: IdentityRefusal,
    ) -> Events {
        self.running_day()?;
        let ticket = self.find(target)?;
        match ticket.state {
            TicketState::Unverified => Ok(vec![Event::IdentityRefused {
                ticket: ticket.id,
                reason,
            }]),
            state => Err(Rejected::WrongState(state)),
        }
    }

    /// The gate stands before the other service too: who was not checked is checked first. The other service takes the place
    /// of the matter under way; what is to come after that stays.
    pub(super) fn reroute(&self, target: &NumberOrTicket, to_service: &ServiceId) -> Events {
        self.running_day()?;
        let ticket = self.find(target)?;
        if !matches!(ticket.state, TicketState::Waiting | TicketState::Unverified) {
            return Err(Rejected::WrongState(ticket.state));
        }
        if !self.plan.services.contains_key(to_service) {
            return Err(Rejected::UnknownService);
        }
        self.is_of_lines(ticket, core::slice::from_ref(to_service))?;
        let stations = self.stations_instead(ticket, to_service)?;
        if stations.iter().eq(ticket.still_to_go()) {
            return Err(Rejected::TransferNowhere);
        }
        let on_the_way = core::iter::once(to_service).chain(&stations);
        let unverified = !ticket.is_verified() && self.any_needs_identity_check(on_the_way);
        Ok(vec![Event::TicketRerouted {
            ticket: ticket.id,
            to_service: to_service.clone(),
            unverified,
            stations: match &stations[..] {
                [only] if only == to_service => vec![],
                _ => stations,
            },
        }])
    }
}
