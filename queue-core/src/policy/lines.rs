//! The lines: who waits where, in the order of coming, and the walks over them in the order of the calls.

use alloc::collections::{BTreeMap, BTreeSet, btree_set};
use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use crate::ids::{ClassId, CounterId, ServiceId, TicketId, ZoneId};
use crate::later::Later;
use crate::plan::StationPlan;
use crate::policy::discipline::{Side, Turn};
use crate::policy::eligible::{Gate, LineId, Tier};
use crate::policy::order::{Order, Standing, Weight};
use crate::ticket::Ticket;
use crate::time::StationTime;
use crate::zones::RuleInForce;

/// When a ticket came; smaller is earlier.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct SortKey {
    /// Since when its seniority counts, station milliseconds: its issue or the slot of its appointment, kept over
    /// transfers, or what another place on request made of it.
    pub base_ms: i64,
    /// Sequence number of the event that said so: first come, first served among equals.
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

/// One line: who goes before all, and the others by class. Those who count from the slot of an appointment stand apart:
/// only they can be before their time, and of a class of them the first is the first whose time comes.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub(super) struct Line {
    first: BTreeSet<Place>,
    classes: BTreeMap<ClassId, BTreeSet<Place>>,
    by_slot: BTreeMap<ClassId, BTreeSet<Place>>,
}

impl Line {
    /// Those who count alike, in the order of coming.
    fn rows(&self) -> impl Iterator<Item = &BTreeSet<Place>> {
        core::iter::once(&self.first)
            .chain(self.classes.values())
            .chain(self.by_slot.values())
    }

    /// The same, not empty, with the first of each as it stands.
    fn fronts<'a>(
        &'a self,
        order: Order<'a>,
    ) -> impl Iterator<Item = (Standing, &'a BTreeSet<Place>)> {
        let weight_of = move |class| Weight::of(order.plan, order.rule, Some(class));
        let classes = self.classes.iter().map(|row| (row, false));
        let by_slot = self.by_slot.iter().map(|row| (row, true));
        let weighted = classes
            .chain(by_slot)
            .map(move |((class, row), by_slot)| (weight_of(class), by_slot, row));
        core::iter::once((Weight::First, false, &self.first))
            .chain(weighted)
            .filter_map(|(weight, by_slot, row)| {
                let place = *row.first()?;
                let standing = Standing {
                    place,
                    weight,
                    by_slot,
                };
                Some((standing, row))
            })
    }

    pub(super) fn len(&self) -> usize {
        self.rows().map(BTreeSet::len).sum()
    }

    /// None: nobody is in it.
    pub(super) fn front(&self) -> Option<Front> {
        let came_first = *self.rows().filter_map(BTreeSet::first).min()?;
        Some(Front {
            came_first,
            goes_first: !self.first.is_empty(),
        })
    }
}

/// What of the people in a line decides who may call it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Front {
    /// Who came first of all.
    pub(super) came_first: Place,
    /// Whether somebody goes before all.
    pub(super) goes_first: bool,
}

impl Front {
    /// Of a line with one in it.
    pub(super) fn of(standing: &Standing) -> Self {
        Self {
            came_first: standing.place,
            goes_first: standing.weight == Weight::First,
        }
    }

    /// Of the people of both.
    pub(super) fn with(self, other: Self) -> Self {
        Self {
            came_first: self.came_first.min(other.came_first),
            goes_first: self.goes_first || other.goes_first,
        }
    }
}

/// Whom a counter calls next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Selected {
    /// Whose turn it is, under a ratio.
    pub turn: Option<Side>,
    /// Who is called.
    pub called: Standing,
    /// Who came first of all whose turn may come and whom the counter may call, when that is somebody else.
    pub passed: Option<Standing>,
}

/// The tickets in line, ordered: an index over the tickets in state Waiting; and how far a ratio is.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub struct Lines {
    services: BTreeMap<ServiceId, Line>,
    directed: BTreeMap<CounterId, Line>,
    turn: Turn,
    /// The same of zones with a rule of their own.
    #[serde(default, skip_serializing_if = "Later::is_default")]
    turns: Later<BTreeMap<ZoneId, Turn>>,
}

impl Lines {
    fn row_of(&mut self, ticket: &Ticket) -> &mut BTreeSet<Place> {
        let line = match &ticket.directed_to {
            Some(counter) => self.directed.entry(counter.clone()).or_default(),
            None => self.services.entry(ticket.service.clone()).or_default(),
        };
        let rows = match &ticket.precedence {
            Some(_) => return &mut line.first,
            None if ticket.counts_from_slot() => &mut line.by_slot,
            None => &mut line.classes,
        };
        rows.entry(ticket.class.clone()).or_default()
    }

    pub(crate) fn insert(&mut self, ticket: &Ticket) {
        self.row_of(ticket).insert(ticket.place());
    }

    pub(crate) fn remove(&mut self, ticket: &Ticket) {
        self.row_of(ticket).remove(&ticket.place());
    }

    /// A line in calling order.
    #[must_use]
    pub fn line<'a>(
        &'a self,
        plan: &'a StationPlan,
        line: LineId<'_>,
        now: StationTime,
    ) -> Calls<'a> {
        let order = self.order(plan, line, now);
        let line = self.named(line).map(|line| (Tier::Own, line));
        Calls {
            order,
            heads: heads(order, line.into_iter()),
            gate: Gate::open(),
        }
    }

    /// Tickets in a line.
    #[must_use]
    pub fn waiting(&self, line: LineId<'_>) -> usize {
        self.named(line).map_or(0, Line::len)
    }

    /// Those of a line who are not before their time.
    pub(crate) fn waiting_in_turn(
        &self,
        plan: &StationPlan,
        line: LineId<'_>,
        now: StationTime,
    ) -> usize {
        let order = self.order(plan, line, now);
        let line = self.named(line).into_iter();
        let in_turn = line
            .flat_map(|line| line.fronts(order))
            .map(|(first, row)| {
                leading(row, |place| {
                    let place = *place;
                    !order.is_before_its_time(&Standing { place, ..first })
                })
            });
        in_turn.sum()
    }

    /// Tickets in all lines.
    pub(crate) fn len(&self) -> usize {
        let lines = self.services.values().chain(self.directed.values());
        lines.map(Line::len).sum()
    }

    /// Who came first of those in line for a service.
    #[must_use]
    pub fn oldest(&self, service: &ServiceId) -> Option<Place> {
        let front = self.named(LineId::Service(service))?.front()?;
        Some(front.came_first)
    }

    /// Tickets of a line that are called before this standing.
    #[must_use]
    pub fn ahead_of(
        &self,
        plan: &StationPlan,
        line: LineId<'_>,
        standing: &Standing,
        now: StationTime,
    ) -> usize {
        let order = self.order(plan, line, now);
        let line = self.named(line);
        line.map_or(0, |line| before(order, line, standing))
    }

    /// The base that puts a ticket right behind `count` others of its line, after the first `skipped`, as far as they can
    /// stand in front of it; none where there are none of them. Who is before the time stands in front of nobody.
    pub(crate) fn base_behind(
        &self,
        plan: &StationPlan,
        ticket: &Ticket,
        skipped: usize,
        count: usize,
        now: StationTime,
    ) -> Option<i64> {
        let mut calls = self.line(plan, ticket.line(), now);
        let order = self.order(plan, ticket.line(), now);
        let weight = Standing::of(plan, ticket).weight;
        core::iter::from_fn(|| calls.next_standing())
            .filter(|other| other.place.ticket != ticket.id)
            .skip(skipped)
            .take(count)
            .take_while(|other| !order.is_before_its_time(other))
            .filter_map(|other| order.base_behind(&other, weight))
            .max()
    }

    /// Takes note of a call that counts in the round of a ratio.
    pub(crate) fn count_call(&mut self, rule: RuleInForce<'_>) {
        let turn = self.turn_of(rule);
        if let Some(side) = turn.side(rule.discipline) {
            self.set_turn(rule, turn.after(rule.discipline, side));
        }
    }

    /// Takes such a note back.
    pub(crate) fn uncount_call(&mut self, rule: RuleInForce<'_>) {
        let turn = self.turn_of(rule).before(rule.discipline);
        self.set_turn(rule, turn);
    }

    /// Where a rule becomes another one, its first round begins.
    pub(crate) fn begin_rounds(&mut self, from: &StationPlan, to: &StationPlan) {
        if from.rules.discipline != to.rules.discipline {
            self.turn = Turn::default();
        }
        let same = |zone: &ZoneId| from.rule_in(Some(zone)) == to.rule_in(Some(zone));
        self.turns.retain(|zone, _| same(zone));
    }

    fn turn_of(&self, rule: RuleInForce<'_>) -> Turn {
        match rule.zone {
            None => self.turn,
            Some(zone) => self.turns.get(zone).copied().unwrap_or_default(),
        }
    }

    fn set_turn(&mut self, rule: RuleInForce<'_>, turn: Turn) {
        match rule.zone {
            None => self.turn = turn,
            Some(zone) => {
                self.turns.insert(zone.clone(), turn);
            }
        }
    }

    /// The rule of a line at a moment.
    pub(super) fn order<'a>(
        &self,
        plan: &'a StationPlan,
        line: LineId<'_>,
        now: StationTime,
    ) -> Order<'a> {
        let rule = plan.rule_of(line);
        Order {
            plan,
            rule: rule.discipline,
            now,
            turn: self.turn_of(rule),
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
    lines
        .flat_map(move |line| line.fronts(order))
        .map(|(first, _)| first)
}

pub(super) fn heads<'a>(
    order: Order<'a>,
    lines: impl Iterator<Item = (Tier, &'a Line)>,
) -> Vec<Head<'a>> {
    let fronts = lines.enumerate().flat_map(|(at, (tier, line))| {
        let fronts = line.fronts(order);
        fronts.map(move |(standing, row)| ((tier, at), standing, row))
    });
    let heads = fronts.map(|(line, standing, row)| {
        let mut rest = row.iter();
        rest.next();
        Head {
            line,
            standing,
            rest,
        }
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
        let front = in_line
            .map(|head| Front::of(&head.standing))
            .reduce(Front::with);
        self.gate.admits(head.line.0, front)
    }

    fn next_standing(&mut self) -> Option<Standing> {
        let order = &self.order;
        self.gate.own_waits = self
            .heads
            .iter()
            .any(|head| head.line.0 == Tier::Own && !order.is_before_its_time(&head.standing));
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
        Some(called)
    }
}

impl Iterator for Calls<'_> {
    type Item = Place;

    fn next(&mut self) -> Option<Place> {
        self.next_standing().map(|called| called.place)
    }
}

/// How many of a line are called before a standing.
pub(super) fn before(order: Order<'_>, line: &Line, standing: &Standing) -> usize {
    if let Weight::Side(side) = standing.weight {
        return before_in_turn(order, line, standing, side);
    }
    let claim = order.claim(standing);
    let rows = line.fronts(order).map(|(first, row)| {
        leading(row, |place| {
            let theirs = Standing {
                place: *place,
                ..first
            };
            order.claim(&theirs) < claim
        })
    });
    rows.sum()
}

/// The same under a ratio: the line is dealt out until the standing is reached.
fn before_in_turn(order: Order<'_>, line: &Line, standing: &Standing, side: Side) -> usize {
    let place = standing.place;
    // The newest regular ticket is behind everybody: whose turn it is, who came earlier goes first. Nobody whose time has
    // come stands behind somebody whose time has not.
    let mut last = line.rows().filter_map(|row| row.last());
    if side == Side::Regular && last.all(|last| *last <= place) {
        let in_line = line.rows().any(|row| row.contains(&place));
        return line.len() - usize::from(in_line);
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
