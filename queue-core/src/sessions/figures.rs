//! What became of the visitors of each session.

use alloc::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::SessionRef;
use crate::engine::Engine;
use crate::ticket::{Ticket, TicketState};

/// Counts of one session. A party counts once, by the session it ended in or stands in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct SessionFigures {
    /// Parties that asked for it and did not give it up.
    pub parties: u32,
    /// Parties that were there when it began, or were served: seats used.
    pub attended: u32,
    /// Persons of those.
    pub persons: u32,
    /// Of those, parties that had stood on a waiting list.
    pub from_list: u32,
    /// Parties that had not checked in in time, or did not come when called.
    pub no_show: u32,
    /// Parties that gave it up themselves.
    pub cancelled: u32,
    /// Parties that no session could take.
    pub sent_away: u32,
}

impl SessionFigures {
    fn count(&mut self, ticket: &Ticket) {
        let Some(enrolment) = ticket.enrolment() else {
            return;
        };
        self.parties += u32::from(ticket.state != TicketState::Cancelled);
        match ticket.state {
            TicketState::Serving | TicketState::Done => {
                self.attended += 1;
                self.persons += u32::from(ticket.persons);
                self.from_list += u32::from(enrolment.waited);
            }
            TicketState::NoShow => self.no_show += 1,
            TicketState::Cancelled => self.cancelled += 1,
            TicketState::Abandoned => self.sent_away += 1,
            TicketState::Waiting
            | TicketState::Called
            | TicketState::Held
            | TicketState::Unverified
            | TicketState::Enrolled => {}
        }
    }

    /// No-shows among those who attended or should have, 0 to 1; none where there was nobody.
    #[must_use]
    pub fn no_show_share(&self) -> Option<f64> {
        let due = self.attended + self.no_show;
        (due > 0).then(|| f64::from(self.no_show) / f64::from(due))
    }
}

impl Engine {
    /// The counts of every session of the business day in memory that somebody asked for.
    #[must_use]
    pub fn session_figures(&self) -> BTreeMap<SessionRef, SessionFigures> {
        let mut figures: BTreeMap<SessionRef, SessionFigures> = BTreeMap::new();
        for ticket in self.tickets() {
            if let Some(of) = ticket.session() {
                figures.entry(of).or_default().count(ticket);
            }
        }
        figures
    }
}
