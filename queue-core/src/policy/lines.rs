//! The lines: who waits where, in the order of coming, and the walks over them in the order of the calls.

use alloc::collections::{BTreeMap, BTreeSet, btree_set};
use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use crate::ids::{ClassId, CounterId, ServiceId, TicketId};
use crate::plan::StationPlan;
use crate::policy::discipline::{Discipline, Side, Turn};
use crate::policy::eligible::{Gate, LineId, Tier};
use crate::policy::order::{Order, Standing, Weight};
use crate::ticket::Ticket;
use crate::time::StationTime;

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
pub(super) type Line = BTreeMap<ClassId, BTreeSet<Place>>;

/// Whom a counter calls next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Selected {
    /// Whose turn it is, under a ratio.
    pub turn: Option<Side>,
    /// Who is called.
    pub called: Standing,
    /// Who came first of all whom the counter may call, when that is somebody else.
    pub passed: Option<Standing>,
}

/// The tickets in line, ordered: an index over the tickets in state Waiting; and how far a ratio is.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub struct Lines {
    services: BTreeMap<ServiceId, Line>,
    directed: BTreeMap<CounterId, Line>,
    turn: Turn,
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

    /// The line of a service in calling order, those directed to one counter left out.
    #[must_use]
    pub fn line<'a>(
        &'a self,
        plan: &'a StationPlan,
        service: &ServiceId,
        now: StationTime,
    ) -> Calls<'a> {
        let order = self.order(plan, now);
        let line = self.services.get(service).map(|line| (Tier::Own, line));
        Calls {
            order,
            heads: heads(order, line.into_iter()),
            gate: Gate::open(),
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
        first_come(self.services.get(service)?)
    }

    /// Tickets of a service that are called before this standing.
    #[must_use]
    pub fn ahead_of(
        &self,
        plan: &StationPlan,
        service: &ServiceId,
        standing: &Standing,
        now: StationTime,
    ) -> usize {
        let line = self.services.get(service);
        line.map_or(0, |line| before(self.order(plan, now), line, standing))
    }

    /// Tickets that wait for one counter only and are called before this standing.
    #[must_use]
    pub fn directed_ahead_of(
        &self,
        plan: &StationPlan,
        counter: &CounterId,
        standing: &Standing,
        now: StationTime,
    ) -> usize {
        let line = self.directed.get(counter);
        line.map_or(0, |line| before(self.order(plan, now), line, standing))
    }

    /// Takes note of a call that counts in the round of a ratio.
    pub(crate) fn count_call(&mut self, rule: Discipline) {
        if let Some(side) = self.turn.side(rule) {
            self.turn = self.turn.after(rule, side);
        }
    }

    /// Takes such a note back.
    pub(crate) fn uncount_call(&mut self, rule: Discipline) {
        self.turn = self.turn.before(rule);
    }

    /// Begins with the first round of another rule.
    pub(crate) fn begin_round(&mut self) {
        self.turn = Turn::default();
    }

    pub(super) fn order<'a>(&self, plan: &'a StationPlan, now: StationTime) -> Order<'a> {
        Order {
            plan,
            now,
            turn: self.turn,
        }
    }

    pub(super) fn named(&self, line: LineId<'_>) -> Option<&Line> {
        match line {
            LineId::Service(service) => self.services.get(service),
            LineId::Directed(counter) => self.directed.get(counter),
        }
    }
}

/// The first of a class in a line, and those behind.
#[derive(Debug, Clone)]
pub(super) struct Head<'a> {
    /// How the counter handles the line, and which of its lines this is.
    line: (Tier, usize),
    standing: Standing,
    rest: btree_set::Iter<'a, Place>,
}

/// The first of every class in these lines.
pub(super) fn firsts<'a>(
    order: Order<'a>,
    lines: impl Iterator<Item = &'a Line>,
) -> impl Iterator<Item = Standing> {
    lines.flatten().filter_map(move |(class, row)| {
        let first = *row.first()?;
        Some(Standing::new(order.plan, Some(class), first))
    })
}

pub(super) fn heads<'a>(
    order: Order<'a>,
    lines: impl Iterator<Item = (Tier, &'a Line)>,
) -> Vec<Head<'a>> {
    let rows = lines.enumerate().flat_map(|(at, (tier, line))| {
        let rows = line.iter();
        rows.map(move |(class, row)| ((tier, at), class, row))
    });
    let heads = rows.filter_map(|(line, class, row)| {
        let mut rest = row.iter();
        let first = *rest.next()?;
        Some(Head {
            line,
            standing: Standing::new(order.plan, Some(class), first),
            rest,
        })
    });
    heads.collect()
}

/// Waiting tickets in the order in which they are called, if nobody else comes.
#[derive(Debug, Clone)]
pub struct Calls<'a> {
    pub(super) order: Order<'a>,
    pub(super) heads: Vec<Head<'a>>,
    pub(super) gate: Gate,
}

impl Calls<'_> {
    /// Whether the line of this head is open, now that those called before have gone.
    fn is_open(&self, head: &Head<'_>) -> bool {
        let in_line = self.heads.iter().filter(|other| other.line == head.line);
        let first = in_line.map(|head| head.standing.place).min();
        self.gate.admits(head.line.0, first)
    }
}

impl Iterator for Calls<'_> {
    type Item = Place;

    fn next(&mut self) -> Option<Place> {
        self.gate.own_waits = self.heads.iter().any(|head| head.line.0 == Tier::Own);
        let open = self.heads.iter().enumerate();
        let open = open.filter(|(_, head)| head.line.0 == Tier::Own || self.is_open(head));
        let standings = open.clone().map(|(_, head)| head.standing);
        let (nth, called) = self.order.choose(standings)?;
        let (at, _) = open.clone().nth(nth)?;
        let head = self.heads.get_mut(at)?;
        self.order.called(&called);
        match head.rest.next() {
            // Within a class all count alike.
            Some(next) => head.standing.place = *next,
            None => {
                self.heads.swap_remove(at);
            }
        }
        Some(called.place)
    }
}

/// Who came first of a line.
pub(super) fn first_come(line: &Line) -> Option<Place> {
    line.values().filter_map(BTreeSet::first).min().copied()
}

pub(super) fn length(line: &Line) -> usize {
    line.values().map(BTreeSet::len).sum()
}

/// How many of a line are called before a standing.
pub(super) fn before(order: Order<'_>, line: &Line, standing: &Standing) -> usize {
    if let Weight::Side(side) = standing.weight {
        return before_in_turn(order, line, standing, side);
    }
    let claim = order.claim(standing);
    let rows = line.iter().filter_map(|(class, row)| {
        let first = Standing::new(order.plan, Some(class), *row.first()?);
        Some(leading(row, |place| {
            let theirs = Standing {
                place: *place,
                ..first
            };
            order.claim(&theirs) < claim
        }))
    });
    rows.sum()
}

/// The same under a ratio: the line is dealt out until the standing is reached.
fn before_in_turn(order: Order<'_>, line: &Line, standing: &Standing, side: Side) -> usize {
    let place = standing.place;
    // The newest regular ticket is behind everybody: whose turn it is, who came earlier goes first.
    let mut last = line.values().filter_map(BTreeSet::last);
    if side == Side::Regular && last.all(|last| *last <= place) {
        let in_line = line.values().any(|row| row.contains(&place));
        return length(line) - usize::from(in_line);
    }
    let mut heads = heads(order, core::iter::once((Tier::Own, line)));
    // One that waits here stands here twice then, at one place.
    heads.push(Head {
        line: (Tier::Own, 0),
        standing: *standing,
        rest: btree_set::Iter::default(),
    });
    let mut calls = Calls {
        order,
        heads,
        gate: Gate::open(),
    };
    calls.position(|called| called == place).unwrap_or(0)
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
