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

const COMMENT_CHARS_MAX: usize = 500;
const RATING_REASONS_MAX: usize = 8;

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
        let too_many = reasons.len() > RATING_REASONS_MAX;
        let too_long = comment.is_some_and(|c| c.chars().count() > COMMENT_CHARS_MAX);
        if too_many || too_long {
            return Err(Rejected::TextTooLong);
        }
        reasons.iter().try_for_each(|r| short(r))?;
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
}
