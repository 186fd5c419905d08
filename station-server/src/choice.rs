//! What visitors may choose by themselves, at a kiosk and on their phones, when no staff look on.

use axum::http::StatusCode;
use queue_core::{Command, Rejected, ServiceId, TicketId};

use crate::app::Station;
use crate::problem::ApiProblem;

impl Station {
    /// Whether a visitor, without staff, may take one ticket for this: services that visitors choose, together only where
    /// the station file says so of each, and no more persons than the first of them takes.
    ///
    /// # Errors
    /// `unknown_service`, `bad_matters` or `bad_persons`, with what exactly does not go.
    pub(crate) fn may_ask_for(
        &self,
        first: &ServiceId,
        then: &[ServiceId],
        persons: u16,
    ) -> Result<(), ApiProblem> {
        let info = &self.info;
        let service = info.service(first).ok_or(Rejected::UnknownService)?;
        if service.only_step {
            return Err(refused(
                &Rejected::BadMatters,
                format!("`{first}` is a step of other services: no visitor takes a ticket of it"),
            ));
        }
        for other in then {
            info.service(other).ok_or(Rejected::UnknownService)?;
            if !info.together_with(first).any(|s| s.id == *other) {
                return Err(refused(
                    &Rejected::BadMatters,
                    format!("`{other}` does not share a ticket with `{first}`"),
                ));
            }
        }
        let most = service.max_persons.max(1);
        // How large a party a session takes is said with its seats.
        if !service.sessions && !(1..=most).contains(&persons) {
            return Err(refused(
                &Rejected::BadPersons,
                format!("a ticket of `{first}` stands for 1 to {most} persons"),
            ));
        }
        Ok(())
    }

    /// What the visitor of a ticket says behind the issue.
    ///
    /// # Errors
    /// As [`Station::may_ask_for`], and `unknown_ticket`.
    pub(crate) fn amendment(
        &self,
        ticket: TicketId,
        then: Vec<ServiceId>,
        persons: u16,
    ) -> Result<Command, ApiProblem> {
        let first = self
            .live
            .engine()
            .ticket(ticket)
            .map(|t| t.visit_service().clone());
        self.may_ask_for(&first.ok_or(Rejected::UnknownTicket)?, &then, persons)?;
        Ok(Command::AmendTicket {
            ticket,
            then,
            persons,
        })
    }
}

fn refused(rejected: &Rejected, detail: String) -> ApiProblem {
    ApiProblem::new(StatusCode::UNPROCESSABLE_ENTITY, rejected.code(), detail)
}
