//! The lines: who waits where, in the order of coming, and the walks over them in the order of the calls.

use alloc::collections::{BTreeMap, BTreeSet, btree_set};
use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use crate::ids::{ClassId, CounterId, ServiceId, TicketId};
use crate::plan::StationPlan;
use crate::policy::order::{Order, Standing};
use crate::ticket::Ticket;

/// When a ticket came; smaller is earlier.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct SortKey {
    /// Since when its seniority counts, station milliseconds: its issue, kept over transfers.
    pub base_ms: i64,
    /// Sequence number of the issuing event: first come, first served among equals.
    pub seq: u64,
}

/// A ticket's place among those of its line and class.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Place {
    /// When it came.
    pub key: SortKey,
    /// Whose it is.
    pub ticket: TicketId,
}

/// One line, by class.
type Line = BTreeMap<ClassId, BTreeSet<Place>>;

/// Whom a counter calls next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Selected {
    /// Who is called.
    pub called: Standing,
    /// Who came first of all whom the counter may call, when that is somebody else.
    pub passed: Option<Standing>,
}

/// The tickets in line, ordered; an index over the tickets in state Waiting.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub struct Lines {
    services: BTreeMap<ServiceId, Line>,
    directed: BTreeMap<CounterId, Line>,
}

impl Lines {
    fn row_of(&mut self, ticket: &Ticket) -> &mut BTreeSet<Place> {
        let line = match &ticket.directed_to {
            Some(counter) => self.directed.entry(counter.clone()).or_default(),
            None => self.services.entry(ticket.service.clone()).or_default(),
        };
        line.entry(ticket.class.clone()).or_default()
    }

    pub(crate) fn insert(&mut self, ticket: &Ticket) {
        self.row_of(ticket).insert(ticket.place());
    }

    pub(crate) fn remove(&mut self, ticket: &Ticket) {
        self.row_of(ticket).remove(&ticket.place());
    }

    /// The ticket `counter` calls next, if any: the same routine for the counter, the forecast and the screens.
    #[must_use]
    pub fn select(&self, plan: &StationPlan, counter: &CounterId) -> Option<Selected> {
        let order = Order::new(plan);
        let heads = heads(order, self.lines_of(plan, counter));
        let first = || heads.iter().map(|head| head.standing);
        let called = heads.get(order.choose(first())?)?.standing;
        let passed = first().min_by_key(|standing| standing.place);
        Some(Selected {
            called,
            passed: passed.filter(|first| first.place != called.place),
        })
    }

    /// Whether `counter` calls nobody of its lines before this standing.
    #[must_use]
    pub fn is_next(&self, plan: &StationPlan, counter: &CounterId, standing: &Standing) -> bool {
        let order = Order::new(plan);
        let heads = heads(order, self.lines_of(plan, counter));
        let others = heads
            .iter()
            .map(|head| head.standing)
            .filter(|first| first.place != standing.place);
        order.choose(core::iter::once(*standing).chain(others)) == Some(0)
    }

    /// Those whom `counter` may call, in calling order.
    #[must_use]
    pub fn callable_by<'a>(&'a self, plan: &'a StationPlan, counter: &'a CounterId) -> Calls<'a> {
        let order = Order::new(plan);
        Calls {
            order,
            heads: heads(order, self.lines_of(plan, counter)),
        }
    }

    /// How many `counter` may call.
    #[must_use]
    pub fn callable_count(&self, plan: &StationPlan, counter: &CounterId) -> usize {
        self.lines_of(plan, counter).map(length).sum()
    }

    /// The line of a service in calling order, those directed to one counter left out.
    #[must_use]
    pub fn line<'a>(&'a self, plan: &'a StationPlan, service: &ServiceId) -> Calls<'a> {
        let order = Order::new(plan);
        Calls {
            order,
            heads: heads(order, self.services.get(service).into_iter()),
        }
    }

    /// Tickets in line for a service, those directed to one counter left out.
    #[must_use]
    pub fn waiting(&self, service: &ServiceId) -> usize {
        self.services.get(service).map_or(0, length)
    }

    /// Who came first of those in line for a service.
    #[must_use]
    pub fn oldest(&self, service: &ServiceId) -> Option<Place> {
        let rows = self.services.get(service)?.values();
        rows.filter_map(BTreeSet::first).min().copied()
    }

    /// Tickets of a service that are called before this standing.
    #[must_use]
    pub fn ahead_of(&self, plan: &StationPlan, service: &ServiceId, standing: &Standing) -> usize {
        let line = self.services.get(service);
        line.map_or(0, |line| before(Order::new(plan), line, standing))
    }

    /// Tickets that wait for one counter only and are called before this standing.
    #[must_use]
    pub fn directed_ahead_of(
        &self,
        plan: &StationPlan,
        counter: &CounterId,
        standing: &Standing,
    ) -> usize {
        let line = self.directed.get(counter);
        line.map_or(0, |line| before(Order::new(plan), line, standing))
    }

    fn lines_of<'a>(
        &'a self,
        plan: &'a StationPlan,
        counter: &'a CounterId,
    ) -> impl Iterator<Item = &'a Line> {
        let skills = plan.counters.get(counter).map(|c| &c.skills);
        let of_services = skills
            .into_iter()
            .flatten()
            .filter_map(|s| self.services.get(s));
        of_services.chain(self.directed.get(counter))
    }
}

/// The first of a class in a line, and those behind.
#[derive(Debug, Clone)]
struct Head<'a> {
    standing: Standing,
    class: &'a ClassId,
    rest: btree_set::Iter<'a, Place>,
}

fn heads<'a>(order: Order<'a>, lines: impl Iterator<Item = &'a Line>) -> Vec<Head<'a>> {
    let rows = lines.flatten().filter_map(|(class, row)| {
        let mut rest = row.iter();
        let first = *rest.next()?;
        Some(Head {
            standing: order.standing(Some(class), first),
            class,
            rest,
        })
    });
    rows.collect()
}

/// Waiting tickets in the order in which they are called, if nobody else comes.
#[derive(Debug, Clone)]
pub struct Calls<'a> {
    order: Order<'a>,
    heads: Vec<Head<'a>>,
}

impl Iterator for Calls<'_> {
    type Item = Place;

    fn next(&mut self) -> Option<Place> {
        let first = self.heads.iter().map(|head| head.standing);
        let at = self.order.choose(first)?;
        let head = self.heads.get_mut(at)?;
        let called = head.standing.place;
        match head.rest.next() {
            Some(next) => head.standing = self.order.standing(Some(head.class), *next),
            None => {
                self.heads.swap_remove(at);
            }
        }
        Some(called)
    }
}

fn length(line: &Line) -> usize {
    line.values().map(BTreeSet::len).sum()
}

/// How many of a line are called before a standing.
fn before(order: Order<'_>, line: &Line, standing: &Standing) -> usize {
    let claim = order.claim(standing);
    let rows = line.iter().map(|(class, row)| {
        leading(row, |place| {
            order.claim(&order.standing(Some(class), *place)) < claim
        })
    });
    rows.sum()
}

/// How many of a row satisfy what holds up to somewhere and not behind. Walks from both ends at once, so that it costs
/// as much as the shorter side: nothing for the newest ticket of a long line.
fn leading(row: &BTreeSet<Place>, holds: impl Fn(&Place) -> bool) -> usize {
    let (mut front, mut back) = (row.iter(), row.iter().rev());
    for steps in 0.. {
        if !front.next().is_some_and(&holds) {
            return steps;
        }
        if back.next().is_some_and(&holds) {
            return row.len() - steps;
        }
    }
    row.len()
}
