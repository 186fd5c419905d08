//! The legs of a visit: the services it goes through one after another, each with its own wait, walk and handling.
//!
//! A visit has one leg as long as nobody asks for more. It gets others when the visitor came for several matters, when a
//! matter has several stations, and when somebody who was being handled is sent on.

use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use super::{HandlingShare, Ticket, TicketState, credit};
use crate::event::IssuedTicket;
use crate::ids::{CounterId, ServiceId, StaffId};
use crate::time::StationTime;

/// How far a leg has come.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Progress {
    /// When the visitor came into the line of the leg; where no line was needed, when handling went on.
    pub entered_at: StationTime,
    /// First call of the leg; none also where the counter kept the visitor.
    pub first_called_at: Option<StationTime>,
    /// Last call before its handling started, the last of all where it has not.
    pub last_called_at: Option<StationTime>,
    /// Start of its handling, first session.
    pub started_at: Option<StationTime>,
    /// Nobody pressed start: `started_at` is the call, and the walk is unknown.
    pub start_inferred: bool,
    /// Its ended sessions, milliseconds.
    pub handling_ms: i64,
    /// The same by who handled, in the order of the first session of each.
    pub handled: Vec<HandlingShare>,
}

impl Progress {
    pub(crate) fn entered(at: StationTime) -> Self {
        Self {
            entered_at: at,
            first_called_at: None,
            last_called_at: None,
            started_at: None,
            start_inferred: false,
            handling_ms: 0,
            handled: Vec::new(),
        }
    }

    /// Since when the visitor waits for it: from coming into its line; of a leg with an appointment not before the slot,
    /// unless it was called or the visit ended before.
    fn waits_from(&self, slot: Option<StationTime>, ended: Option<StationTime>) -> StationTime {
        let Some(slot) = slot else {
            return self.entered_at;
        };
        let from = self.entered_at.max(slot);
        let ended = self.first_called_at.or(ended);
        ended.map_or(from, |ended| from.min(ended))
    }

    pub(crate) fn called(&mut self, at: StationTime) {
        self.first_called_at.get_or_insert(at);
        if self.started_at.is_none() {
            self.last_called_at = Some(at);
        }
    }

    pub(super) fn started(&mut self, at: StationTime, inferred: bool) {
        if self.started_at.is_none() {
            self.started_at = Some(at);
            self.start_inferred = inferred;
        }
    }

    /// Handling that has not taken place after all.
    pub(super) fn unhandle(&mut self) {
        self.started_at = None;
        self.start_inferred = false;
        self.handling_ms = 0;
        self.handled.clear();
    }
}

/// One leg.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Leg {
    /// Which service.
    pub service: ServiceId,
    /// Counter that last called it, or kept the visitor.
    pub counter: Option<CounterId>,
    /// Who worked there then.
    pub staff: Option<StaffId>,
    /// How far it has come.
    pub progress: Progress,
    /// Its end.
    pub finished_at: Option<StationTime>,
}

/// How a leg stands on the visitor's list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LegState {
    /// Behind the visitor.
    Done,
    /// Under way: waiting for it, or being handled.
    Now,
    /// After the present one.
    ToCome,
}

impl Ticket {
    /// The service the visit belongs to: of a visit with several matters, or of a matter with several stations, the first
    /// one asked for; of any other the one it was last in.
    #[must_use]
    pub fn visit_service(&self) -> &ServiceId {
        self.matters.first().unwrap_or(&self.service)
    }

    /// Since when the visitor waits in the present line. The slot of an appointment is that of the first leg.
    #[must_use]
    pub fn waits_from(&self) -> StationTime {
        let attends = self.attends.filter(|_| self.legs.is_empty());
        self.leg
            .waits_from(attends.map(|a| a.slot), self.finished_at)
    }

    /// Since when the visitor has waited for the first call of the visit.
    #[must_use]
    pub fn visit_waits_from(&self) -> StationTime {
        let first = self.legs.first().map_or(&self.leg, |leg| &leg.progress);
        first.waits_from(self.attends.map(|a| a.slot), self.finished_at)
    }

    /// The service under way and those to come.
    pub(crate) fn still_to_go(&self) -> impl Iterator<Item = &ServiceId> {
        core::iter::once(&self.service).chain(&self.then)
    }

    /// What was asked for, at least one.
    pub fn asked(&self) -> impl Iterator<Item = &ServiceId> {
        let ordinary = self.matters.is_empty().then_some(&self.service);
        self.matters.iter().chain(ordinary)
    }

    /// Whether a service is part of what the visit is still for.
    #[must_use]
    pub fn is_for(&self, service: &ServiceId) -> bool {
        self.service == *service || self.then.contains(service) || self.matters.contains(service)
    }

    /// Its legs in order: those behind, the one under way, those to come.
    pub fn course(&self) -> impl Iterator<Item = (&ServiceId, LegState)> {
        let now = match self.state {
            TicketState::Done => LegState::Done,
            _ => LegState::Now,
        };
        let behind = self.legs.iter().map(|leg| (&leg.service, LegState::Done));
        let to_come = self.then.iter().map(|service| (service, LegState::ToCome));
        behind
            .chain(core::iter::once((&self.service, now)))
            .chain(to_come)
    }

    /// The course as a visitor reads it: each service once, where it stands last, and of those behind only what was handled.
    /// Who was only sent on was not served there.
    pub fn course_told(&self) -> Vec<(&ServiceId, LegState)> {
        let legs: Vec<_> = self.course().collect();
        let was_handled = |at: usize| {
            let leg = self.legs.get(at);
            leg.is_none_or(|leg| leg.progress.started_at.is_some())
        };
        let told = legs.iter().enumerate().filter(|(at, (service, _))| {
            let comes_again = legs[at + 1..].iter().any(|(later, _)| later == service);
            !comes_again && was_handled(*at)
        });
        told.map(|(_, leg)| *leg).collect()
    }

    /// The leg under way; of a visit that has ended, its last one.
    #[must_use]
    pub fn present_leg(&self) -> Leg {
        let has_counter = self.leg.first_called_at.is_some() || self.leg.started_at.is_some();
        Leg {
            service: self.service.clone(),
            counter: self.counter.clone().filter(|_| has_counter),
            staff: self.staff.clone().filter(|_| has_counter),
            progress: self.leg.clone(),
            finished_at: self.finished_at,
        }
    }

    /// Takes over what was asked for.
    pub(super) fn plan_course(&mut self, issued: &IssuedTicket) {
        let mut stations = issued.stations();
        if let Some(first) = stations.next() {
            self.service = first.clone();
        }
        self.then = stations.cloned().collect();
        if !issued.then.is_empty() || !issued.steps.is_empty() {
            self.matters.push(issued.service.clone());
            self.matters.extend(issued.then.iter().cloned());
        }
    }

    /// Staff say what is to come.
    pub(crate) fn change_course(&mut self, then: &[ServiceId]) {
        if self.matters.is_empty() {
            self.matters.push(self.service.clone());
        }
        self.then = then.to_vec();
    }

    /// The visitor says what comes after the first matter, and where that leads.
    pub(crate) fn amend(&mut self, then: &[ServiceId], stations: &[ServiceId]) {
        let first = self.visit_service().clone();
        self.then = stations.to_vec();
        self.matters.clear();
        if !stations.is_empty() || first != self.service {
            self.matters.push(first);
            self.matters.extend_from_slice(then);
        }
    }

    /// The matter under way becomes another one; the stations are all there is to go to then, none: only itself.
    pub(crate) fn exchange(&mut self, to: &ServiceId, stations: &[ServiceId]) {
        let (first, rest) = stations.split_first().unwrap_or((to, &[]));
        self.service = first.clone();
        self.then = rest.to_vec();
        if !self.legs.is_empty() {
            return;
        }
        if stations.is_empty() {
            self.matters.clear();
        } else if let Some(matter) = self.matters.first_mut() {
            *matter = to.clone();
        } else {
            self.matters.push(to.clone());
        }
    }

    /// Ends the leg under way and goes on to another service.
    pub(crate) fn end_leg(&mut self, at: StationTime, next: ServiceId) {
        let leg = self.present_leg();
        self.legs.push(Leg {
            finished_at: Some(at),
            ..leg
        });
        self.service = next;
        self.leg = Progress::entered(at);
    }

    /// Goes on to what is next to come. Staying at the counter its handling starts at once; otherwise the visitor waits
    /// for it with the seniority of the visit.
    pub(crate) fn go_on(&mut self, at: StationTime, next: ServiceId, stays: bool) {
        if self.then.first() == Some(&next) {
            self.then.remove(0);
        }
        self.end_leg(at, next);
        self.calls = 0;
        if stays {
            self.start_session(at, false);
            return;
        }
        self.state = TicketState::Waiting;
        self.sent_from = None;
        self.precedence = None;
        self.precalled_at = None;
        self.directed_to = None;
    }

    /// The last leg was not handled after all; what was handled before it stays.
    pub(super) fn unhandle(&mut self) {
        self.leg.unhandle();
        self.handling_ms = self.legs.iter().map(|leg| leg.progress.handling_ms).sum();
        self.handled.clear();
        let shares = self.legs.iter().flat_map(|leg| &leg.progress.handled);
        for share in shares {
            credit(
                &mut self.handled,
                &share.counter,
                share.staff.as_ref(),
                share.handling_ms,
            );
        }
        if self
            .legs
            .iter()
            .all(|leg| leg.progress.started_at.is_none())
        {
            self.started_at = None;
            self.start_inferred = false;
            self.walk_ms = None;
        }
    }
}
