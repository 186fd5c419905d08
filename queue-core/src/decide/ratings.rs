//! Ratings, and the question for them.

use alloc::string::String;
use alloc::vec;

use super::{Events, short};
use crate::command::NumberOrTicket;
use crate::engine::Engine;
use crate::event::Event;
use crate::ids::{CounterId, TicketId};
use crate::reject::Rejected;
use crate::ticket::TicketState;
use crate::time::StationTime;

const COMMENT_CHARS_MAX: usize = 500;
const RATING_REASONS_MAX: usize = 8;
/// How long after the score reasons are taken.
const COMPLETION_MS: i64 = 120_000;

impl Engine {
    pub(super) fn invite_rating(&self, counter: &CounterId) -> Events {
        let ticket = self.visitor_at(counter)?;
        if ticket.state != TicketState::Serving {
            return Err(Rejected::WrongState(ticket.state));
        }
        Ok(vec![Event::RatingInvited {
            ticket: ticket.id,
            counter: counter.clone(),
        }])
    }

    pub(super) fn rate(
        &self,
        ticket: TicketId,
        score: u8,
        reasons: &[String],
        comment: Option<&String>,
    ) -> Events {
        if !(1..=5).contains(&score) {
            return Err(Rejected::BadScore);
        }
        fits(reasons, comment)?;
        let rated = self.find(&NumberOrTicket::Ticket(ticket))?;
        if rated.rating.is_some() {
            return Err(Rejected::AlreadyRated);
        }
        if !matches!(rated.state, TicketState::Serving | TicketState::Done) {
            return Err(Rejected::TicketNotRateable);
        }
        Ok(vec![Event::RatingGiven {
            ticket,
            score,
            reasons: reasons.to_vec(),
            comment: comment.cloned(),
        }])
    }

    /// The score counts from the touch on; what is behind it may follow while the visitor is still there.
    pub(super) fn complete_rating(
        &self,
        now: StationTime,
        ticket: TicketId,
        reasons: &[String],
        comment: Option<&String>,
    ) -> Events {
        fits(reasons, comment)?;
        let rated = self.find(&NumberOrTicket::Ticket(ticket))?;
        let rating = rated.rating.as_ref().ok_or(Rejected::NotRated)?;
        if !rating.reasons.is_empty() || rating.comment.is_some() {
            return Err(Rejected::AlreadyRated);
        }
        if now.since_ms(rating.at) > COMPLETION_MS {
            return Err(Rejected::RatingClosed);
        }
        if reasons.is_empty() && comment.is_none() {
            return Ok(vec![]);
        }
        Ok(vec![Event::RatingCompleted {
            ticket,
            reasons: reasons.to_vec(),
            comment: comment.cloned(),
        }])
    }
}

fn fits(reasons: &[String], comment: Option<&String>) -> Result<(), Rejected> {
    let too_many = reasons.len() > RATING_REASONS_MAX;
    let too_long = comment.is_some_and(|c| c.chars().count() > COMMENT_CHARS_MAX);
    if too_many || too_long {
        return Err(Rejected::TextTooLong);
    }
    reasons.iter().try_for_each(|r| short(r))
}
