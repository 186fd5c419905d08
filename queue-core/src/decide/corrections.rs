//! Corrections of what the log says, later than an undo.

use alloc::string::ToString;
use alloc::vec;

use super::{Events, reason_given};
use crate::command::NumberOrTicket;
use crate::engine::Engine;
use crate::event::{Correction, Event};
use crate::reject::Rejected;

impl Engine {
    pub(super) fn correct(
        &self,
        target: &NumberOrTicket,
        correction: &Correction,
        reason: &str,
    ) -> Events {
        reason_given(reason)?;
        let ticket = self.find(target)?;
        let ended = ticket.outcome().ok_or(Rejected::WrongState(ticket.state))?;
        if let Some(service) = &correction.service
            && !self.plan.services.contains_key(service)
        {
            return Err(Rejected::UnknownService);
        }
        if let Some(class) = &correction.class
            && !self.plan.classes.contains_key(class)
        {
            return Err(Rejected::UnknownClass);
        }
        if let Some(service) = &correction.service {
            self.is_of_lines(ticket, core::slice::from_ref(service))?;
        }
        let same = |c: &Correction| {
            c.outcome.is_none_or(|outcome| outcome == ended)
                && c.service
                    .as_ref()
                    .is_none_or(|s| s == ticket.visit_service())
                && c.class.as_ref().is_none_or(|c| *c == ticket.class)
        };
        if same(correction) {
            return Ok(vec![]);
        }
        Ok(vec![Event::TicketCorrected {
            ticket: ticket.id,
            correction: correction.clone(),
            reason: reason.to_string(),
        }])
    }
}
