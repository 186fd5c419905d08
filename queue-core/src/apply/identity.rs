//! What an identity check, and another service, make of a ticket.

use crate::engine::Engine;
use crate::identity::{IdentityCheck, IdentityResult};
use crate::ids::{ServiceId, TicketId};
use crate::ticket::TicketState;
use crate::time::StationTime;

impl Engine {
    pub(super) fn take_check(
        &mut self,
        ticket: TicketId,
        result: IdentityResult,
        at: StationTime,
        seq: u64,
    ) {
        if matches!(result, IdentityResult::Refused(_))
            && let Some(day) = &mut self.day
        {
            day.note_given_up(ticket);
        }
        self.change(ticket, seq, |t| {
            t.identity = Some(IdentityCheck { at, result });
            t.line_since_seq = Some(seq);
            match result {
                // Where the identity is checked, that is the check-in.
                IdentityResult::Verified(_) if t.session.is_some() => {
                    t.state = TicketState::Enrolled;
                    t.check_in(at);
                }
                IdentityResult::Verified(_) => t.state = TicketState::Waiting,
                IdentityResult::Refused(_) => {
                    t.state = TicketState::Cancelled;
                    t.finished_at = Some(at);
                }
            }
        });
    }

    pub(super) fn take_other_service(
        &mut self,
        ticket: TicketId,
        (to_service, stations): (&ServiceId, &[ServiceId]),
        unverified: bool,
        seq: u64,
    ) {
        if let Some(day) = &mut self.day {
            day.give_back(ticket);
        }
        self.change(ticket, seq, |t| {
            t.exchange(to_service, stations);
            t.directed_to = None;
            t.precalled_at = None;
            t.line_since_seq = Some(seq);
            t.state = match unverified {
                true => TicketState::Unverified,
                false => TicketState::Waiting,
            };
        });
        if let Some(day) = &mut self.day {
            day.take_again(ticket);
        }
    }
}
