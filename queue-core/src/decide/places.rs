//! Places in line that somebody asks to have changed: a missed visitor who is back, one who lets others go first, one whom
//! a supervisor has called before all.

use alloc::string::ToString;
use alloc::vec;

use super::{Events, reason_given};
use crate::command::NumberOrTicket;
use crate::engine::Engine;
use crate::event::Event;
use crate::ids::TicketId;
use crate::policy::Standing;
use crate::reject::Rejected;
use crate::ticket::{Precedence, Ticket, TicketState};
use crate::time::StationTime;

const DEFERRED_MAX: u8 = 10;

/// What a missed visitor may still do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Return {
    /// Until when.
    pub(crate) until: StationTime,
    /// How often, this time included.
    pub(crate) left: u8,
    /// Since when the ticket's seniority would count.
    pub(crate) base: StationTime,
}

impl Engine {
    pub(super) fn return_ticket(&self, now: StationTime, target: &NumberOrTicket) -> Events {
        self.running_day()?;
        let ticket = self.find(target)?;
        if ticket.state == TicketState::Waiting && ticket.returns > 0 {
            return Ok(vec![]);
        }
        let back = self.return_of(now, ticket)?;
        Ok(vec![Event::TicketReturned {
            ticket: ticket.id,
            base: back.base,
        }])
    }

    /// Whether the ticket's visitor was missed and may still come back.
    #[must_use]
    pub fn may_return(&self, now: StationTime, ticket: &Ticket) -> bool {
        self.return_of(now, ticket).is_ok()
    }

    /// Whether a missed visitor may come back now, and to where: behind so many who wait for the service, but never before
    /// the place the visitor had. Where a class has a head start it counts for them and for the visitor alike, so the base
    /// may lie ahead.
    pub(crate) fn return_of(&self, now: StationTime, ticket: &Ticket) -> Result<Return, Rejected> {
        if ticket.state != TicketState::NoShow {
            return Err(Rejected::WrongState(ticket.state));
        }
        self.is_of_lines(ticket, &[])?;
        let rule = &self.plan.rules.no_show;
        let missed_at = ticket.finished_at.unwrap_or(ticket.issued_at);
        let until = missed_at.plus_ms(i64::from(rule.return_within_s) * 1_000);
        if now > until {
            return Err(Rejected::ReturnTooLate);
        }
        let left = rule.returns.saturating_sub(ticket.returns);
        if left == 0 {
            return Err(Rejected::ReturnsUsedUp);
        }
        let lines = &self.running_day()?.lines;
        let behind = usize::from(rule.return_behind);
        let base_ms = lines
            .base_behind(&self.plan, ticket, 0, behind, now)
            .map_or(ticket.key.base_ms, |base_ms| {
                base_ms.max(ticket.key.base_ms)
            });
        Ok(Return {
            until,
            left,
            base: StationTime(base_ms),
        })
    }

    pub(super) fn defer(&self, now: StationTime, ticket: TicketId, count: u8) -> Events {
        if !(1..=DEFERRED_MAX).contains(&count) {
            return Err(Rejected::BadCount);
        }
        let lines = &self.running_day()?.lines;
        let ticket = self.find(&NumberOrTicket::Ticket(ticket))?;
        if ticket.state != TicketState::Waiting {
            return Err(Rejected::WrongState(ticket.state));
        }
        let standing = Standing::of(&self.plan, ticket);
        // All others go first already.
        if standing.is_before_its_time(&self.plan, now) {
            return Err(Rejected::NobodyBehind);
        }
        let ahead = lines.ahead_of(&self.plan, ticket.line(), &standing, now);
        let base_ms = lines
            .base_behind(&self.plan, ticket, ahead, usize::from(count), now)
            .ok_or(Rejected::NobodyBehind)?;
        Ok(vec![Event::TicketDeferred {
            ticket: ticket.id,
            count,
            base: StationTime(base_ms),
        }])
    }

    pub(super) fn prioritise(&self, target: &NumberOrTicket, reason: &str) -> Events {
        self.running_day()?;
        reason_given(reason)?;
        let ticket = self.find(target)?;
        match (ticket.state, &ticket.precedence) {
            (TicketState::Waiting, Some(Precedence::Urgent { .. })) => Ok(vec![]),
            (TicketState::Waiting, _) => Ok(vec![Event::TicketPrioritised {
                ticket: ticket.id,
                reason: reason.to_string(),
            }]),
            (state, _) => Err(Rejected::WrongState(state)),
        }
    }
}
