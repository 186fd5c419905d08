//! Who of a session has a seat, and who waits for one.

use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use super::{SessionPlan, SessionRef};
use crate::engine::Engine;
use crate::ids::{ServiceId, TicketId};
use crate::ticket::Ticket;
use crate::time::StationTime;

/// Somebody who asks for a seat.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Claim {
    pub(crate) ticket: TicketId,
    pub(crate) entitled: bool,
    pub(crate) present: bool,
}

impl Claim {
    pub(crate) fn of(ticket: &Ticket) -> Option<Self> {
        let enrolment = ticket.enrolment()?;
        Some(Self {
            ticket: ticket.id,
            entitled: enrolment.entitled,
            present: enrolment.checked_in_at.is_some(),
        })
    }
}

/// The place of a ticket in its session.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(tag = "place", rename_all = "snake_case")]
pub enum SeatPlace {
    /// It has a seat.
    Seat,
    /// On the waiting list.
    List {
        /// From 1.
        nth: usize,
    },
    /// None: it was not checked in in time, or has ended.
    None,
}

/// A session's visitors at one moment.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Roll {
    /// Who has a seat, in the order of asking.
    pub seated: Vec<TicketId>,
    /// Who waits for one, in the order of asking.
    pub waiting: Vec<TicketId>,
    /// Who has not checked in in time.
    pub missed: Vec<TicketId>,
    /// Of the seats, how many are left: for everybody, and for those who are entitled.
    common_left: u32,
    kept_left: u32,
}

/// What the time makes of a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Moment {
    /// Checking in is over.
    pub(crate) is_late: bool,
    /// What is left of the kept seats is anybody's.
    pub(crate) released: bool,
}

impl Moment {
    pub(crate) fn of(plan: &SessionPlan, begins: StationTime, now: StationTime) -> Self {
        Self {
            is_late: now > plan.check_in_until(begins),
            released: now >= plan.released_from(begins),
        }
    }
}

impl Roll {
    /// Seats in the order of asking: who is entitled has a kept one while there is one, everybody one of the others; what
    /// is left of the kept ones after their release goes to the waiting list in its order. Who leaves never costs anybody
    /// else a seat, and neither does a moment that passes.
    pub(crate) fn call(plan: &SessionPlan, claims: &[Claim], moment: Moment) -> Self {
        let kept = u32::from(plan.reserved).min(plan.seats());
        let mut roll = Self {
            common_left: plan.seats() - kept,
            kept_left: kept,
            ..Self::default()
        };
        let mut seated = Vec::new();
        let mut rest = Vec::new();
        for (nth, claim) in claims.iter().enumerate() {
            if moment.is_late && !claim.present {
                roll.missed.push(claim.ticket);
            } else if claim.entitled && roll.kept_left > 0 {
                roll.kept_left -= 1;
                seated.push(nth);
            } else if roll.common_left > 0 {
                roll.common_left -= 1;
                seated.push(nth);
            } else {
                rest.push(nth);
            }
        }
        if moment.released {
            let released = rest.len().min(roll.kept_left as usize);
            roll.kept_left -= released as u32;
            seated.extend(rest.drain(..released));
            seated.sort_unstable();
            // Whatever is still left is for everybody.
            roll.common_left += core::mem::take(&mut roll.kept_left);
        }
        let tickets = |places: Vec<usize>| places.iter().map(|nth| claims[*nth].ticket).collect();
        roll.seated = tickets(seated);
        roll.waiting = tickets(rest);
        roll
    }

    /// The place of somebody.
    #[must_use]
    pub fn place_of(&self, ticket: TicketId) -> SeatPlace {
        if self.seated.contains(&ticket) {
            return SeatPlace::Seat;
        }
        let nth = self.waiting.iter().position(|id| *id == ticket);
        nth.map_or(SeatPlace::None, |nth| SeatPlace::List { nth: nth + 1 })
    }

    /// Seats that are left for everybody, and those beside them for who is entitled.
    pub(crate) fn free(&self, plan: &SessionPlan) -> (usize, usize) {
        debug_assert!(self.seated.len() <= plan.seats() as usize);
        (self.common_left as usize, self.kept_left as usize)
    }
}

impl Engine {
    pub(crate) fn claims(&self, of: &SessionRef) -> Vec<Claim> {
        let members = self.session(of).into_iter().flat_map(|s| s.members());
        members
            .filter_map(|ticket| Claim::of(self.ticket(ticket)?))
            .collect()
    }

    /// Who of a session has a seat at `now`, who waits for one, and who has not checked in in time.
    #[must_use]
    pub fn roll(&self, of: &SessionRef, now: StationTime) -> Roll {
        let Some(plan) = self.session_plan(&of.service) else {
            return Roll::default();
        };
        Roll::call(plan, &self.claims(of), Moment::of(plan, of.begins, now))
    }

    /// When the sessions begin that can be asked for at `now`: those whose check-in is not over, the next few of them.
    pub(crate) fn offered<'a>(
        &'a self,
        now: StationTime,
        service: &'a ServiceId,
    ) -> impl Iterator<Item = StationTime> + 'a {
        let plan = self.session_plan(service);
        let ahead = plan.map_or(0, |plan| usize::from(plan.ahead));
        self.open_to_ask(now, service).take(ahead)
    }

    /// The same without the limit of how far ahead.
    pub(crate) fn open_to_ask<'a>(
        &'a self,
        now: StationTime,
        service: &'a ServiceId,
    ) -> impl Iterator<Item = StationTime> + 'a {
        let plan = self.session_plan(service);
        let sessions = self.day.iter().flat_map(|day| day.sessions.of(service));
        sessions
            .filter(move |(begins, session)| {
                session.started_at.is_none()
                    && plan.is_some_and(|plan| now <= plan.check_in_until(*begins))
            })
            .map(|(begins, _)| begins)
    }
}
