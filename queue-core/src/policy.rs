//! Who is next: head-start first-in-first-out (提早取號).
//!
//! Every ticket gets a static key when it becomes callable, `issue time - head start of its class`; a counter calls the
//! smallest key among the tickets it may serve. One number, explainable at the counter, O(log n), and nobody starves:
//! a ticket issued more than the largest head start later never passes.

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use crate::ids::{ClassId, CounterId, ServiceId, TicketId};
use crate::plan::StationPlan;
use crate::ticket::Ticket;
use crate::time::StationTime;

/// Place in the line; smaller is earlier.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct SortKey {
    /// Issue time less head start, station milliseconds.
    pub key_ms: i64,
    /// Sequence number of the issuing event: first come, first served among equals.
    pub seq: u64,
}

impl SortKey {
    /// The key of a ticket issued at `at` by event `seq`.
    #[must_use]
    pub fn head_start(plan: &StationPlan, class: &ClassId, at: StationTime, seq: u64) -> Self {
        Self {
            key_ms: at.0 - plan.credit_ms(class),
            seq,
        }
    }
}

/// Why a ticket was called.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(tag = "rule", rename_all = "snake_case")]
pub enum CallReason {
    /// Smallest key among the tickets the counter may serve.
    HeadStart {
        /// The key that won.
        key: SortKey,
    },
    /// Staff named the ticket.
    Picked,
}

/// The tickets in line, ordered; an index over the tickets in state Waiting.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub struct Lines {
    services: BTreeMap<ServiceId, BTreeSet<(SortKey, TicketId)>>,
    directed: BTreeMap<CounterId, BTreeSet<(SortKey, TicketId)>>,
}

impl Lines {
    fn line_of(&mut self, ticket: &Ticket) -> &mut BTreeSet<(SortKey, TicketId)> {
        match &ticket.directed_to {
            Some(counter) => self.directed.entry(counter.clone()).or_default(),
            None => self.services.entry(ticket.service.clone()).or_default(),
        }
    }

    pub(crate) fn insert(&mut self, ticket: &Ticket) {
        let entry = (ticket.key, ticket.id);
        self.line_of(ticket).insert(entry);
    }

    pub(crate) fn remove(&mut self, ticket: &Ticket) {
        let entry = (ticket.key, ticket.id);
        self.line_of(ticket).remove(&entry);
    }

    /// The ticket `counter` calls next, if any: the same routine for the counter, the forecast and the screens.
    #[must_use]
    pub fn select(&self, plan: &StationPlan, counter: &CounterId) -> Option<(SortKey, TicketId)> {
        let firsts = self.lines_of(plan, counter).filter_map(BTreeSet::first);
        firsts.min().copied()
    }

    /// Tickets in line for a service, those directed to one counter left out.
    #[must_use]
    pub fn waiting(&self, service: &ServiceId) -> usize {
        self.services.get(service).map_or(0, BTreeSet::len)
    }

    /// Tickets of a service in front of a key.
    #[must_use]
    pub fn ahead_of(&self, service: &ServiceId, key: (SortKey, TicketId)) -> usize {
        self.services
            .get(service)
            .map_or(0, |line| before(line, key))
    }

    /// Tickets that wait for one counter only and stand in front of a key.
    #[must_use]
    pub fn directed_ahead_of(&self, counter: &CounterId, key: (SortKey, TicketId)) -> usize {
        self.directed
            .get(counter)
            .map_or(0, |line| before(line, key))
    }

    /// Those of a service in front of a key, in calling order.
    pub fn first_before(
        &self,
        service: &ServiceId,
        key: (SortKey, TicketId),
    ) -> impl Iterator<Item = (SortKey, TicketId)> + '_ {
        self.services
            .get(service)
            .into_iter()
            .flat_map(move |line| line.range(..key))
            .copied()
    }

    /// The line of a service in calling order.
    pub fn line(&self, service: &ServiceId) -> impl Iterator<Item = TicketId> + '_ {
        self.services
            .get(service)
            .into_iter()
            .flatten()
            .map(|(_, id)| *id)
    }

    /// The first `limit` whom `counter` may call, in calling order.
    #[must_use]
    pub fn callable_by(
        &self,
        plan: &StationPlan,
        counter: &CounterId,
        limit: usize,
    ) -> Vec<(SortKey, TicketId)> {
        let lines = self.lines_of(plan, counter);
        let mut first: Vec<_> = lines
            .flat_map(|line| line.iter().take(limit))
            .copied()
            .collect();
        first.sort_unstable();
        first.truncate(limit);
        first
    }

    /// How many `counter` may call.
    #[must_use]
    pub fn callable_count(&self, plan: &StationPlan, counter: &CounterId) -> usize {
        self.lines_of(plan, counter).map(BTreeSet::len).sum()
    }

    /// Whether `counter` may call nobody before `key`.
    #[must_use]
    pub fn none_before(
        &self,
        plan: &StationPlan,
        counter: &CounterId,
        key: (SortKey, TicketId),
    ) -> bool {
        let mut firsts = self.lines_of(plan, counter).filter_map(BTreeSet::first);
        firsts.all(|first| *first >= key)
    }

    fn lines_of<'a>(
        &'a self,
        plan: &'a StationPlan,
        counter: &'a CounterId,
    ) -> impl Iterator<Item = &'a BTreeSet<(SortKey, TicketId)>> {
        let skills = plan.counters.get(counter).map(|c| &c.skills);
        let of_services = skills
            .into_iter()
            .flatten()
            .filter_map(|s| self.services.get(s));
        of_services.chain(self.directed.get(counter))
    }
}

/// How many stand before `key`. Walks from both ends at once, so that it costs as much as the shorter side: nothing for
/// the newest ticket of a long line.
fn before(line: &BTreeSet<(SortKey, TicketId)>, key: (SortKey, TicketId)) -> usize {
    let (mut front, mut rest) = (line.range(..key), line.range(key..));
    let mut steps = 0;
    loop {
        match (front.next(), rest.next()) {
            (None, _) => return steps,
            (Some(_), None) => return line.len() - steps,
            (Some(_), Some(_)) => steps += 1,
        }
    }
}
