//! Which lines a counter may call right now.
//!
//! A counter has services of its own and services it helps out with. Its own lines, and the line of those directed to
//! it, are always open to it. A line it helps out with opens when nobody waits in its own whose turn may come (who is too
//! early for an appointment does not count), when the first come of that line has waited for the counter's overflow delay,
//! or when somebody in it goes before all. So nobody stays in a line
//! while a counter that could take him is idle, and a counter is not drawn from its own visitors for somebody who has
//! hardly waited.
//!
//! Everybody asks [`Gate::admits`]: the call, the console's list, the forecast.

use alloc::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::ids::{CounterId, ServiceId};
use crate::plan::StationPlan;
use crate::policy::lines::{Calls, Front, Line, Lines, Selected, before, firsts, heads};
use crate::policy::order::{Order, Standing};
use crate::time::StationTime;

/// What a counter handles at present.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Duties<'a> {
    /// Whose.
    pub counter: &'a CounterId,
    /// Services of its own.
    pub skills: &'a BTreeSet<ServiceId>,
    /// Services it helps out with; none of its own is among them.
    pub overflow_skills: &'a BTreeSet<ServiceId>,
    /// Wait of a first come from which on it helps out although somebody waits in its own lines, seconds.
    pub overflow_delay_s: u32,
}

/// How a counter handles a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Tier {
    /// As its own.
    Own,
    /// It helps out.
    Overflow,
}

/// Why a counter was open to a line that it only helps out with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HelpsOut {
    /// Nobody whose turn might come waited in its own lines.
    NobodyOfItsOwn,
    /// The first come of that line had waited for the overflow delay.
    WaitedLong,
    /// Somebody of that line went before all.
    WentFirst,
}

/// The name of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum LineId<'a> {
    /// Of a service.
    Service(&'a ServiceId),
    /// Of those directed to one counter.
    Directed(&'a CounterId),
}

/// Somebody who stands in a line, or would.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Waiter<'a> {
    /// In which line.
    pub line: LineId<'a>,
    /// With which standing.
    pub standing: Standing,
}

impl<'a> Duties<'a> {
    /// How the counter handles a service; none: not at all.
    #[must_use]
    pub fn tier(&self, service: &ServiceId) -> Option<Tier> {
        if self.skills.contains(service) {
            Some(Tier::Own)
        } else if self.overflow_skills.contains(service) {
            Some(Tier::Overflow)
        } else {
            None
        }
    }

    /// How the counter handles a line; none: not at all.
    #[must_use]
    pub fn tier_of(&self, line: LineId<'_>) -> Option<Tier> {
        match line {
            LineId::Service(service) => self.tier(service),
            LineId::Directed(to) => (to == self.counter).then_some(Tier::Own),
        }
    }

    /// How many services the counter handles in one way or the other.
    #[must_use]
    pub fn breadth(&self) -> usize {
        self.skills.len() + self.overflow_skills.len()
    }

    fn lines(self) -> impl Iterator<Item = (Tier, LineId<'a>)> {
        let named = |tier| move |service| (tier, LineId::Service(service));
        let own = self.skills.iter().map(named(Tier::Own));
        let directed = core::iter::once((Tier::Own, LineId::Directed(self.counter)));
        let overflow = self.overflow_skills.iter().map(named(Tier::Overflow));
        own.chain(directed).chain(overflow)
    }
}

/// What decides at a moment whether a counter may call a line.
#[derive(Debug, Clone, Copy)]
pub(super) struct Gate {
    /// Whether anybody waits in the counter's own lines whose turn may come.
    pub(super) own_waits: bool,
    /// A first come of this moment or before has waited for the overflow delay.
    overdue_since: StationTime,
}

impl Gate {
    /// Of one line, which is open.
    pub(super) fn open() -> Self {
        Self {
            own_waits: false,
            overdue_since: StationTime::default(),
        }
    }

    fn new(duties: &Duties<'_>, now: StationTime, own_waits: bool) -> Self {
        let delay_ms = 1_000 * i64::from(duties.overflow_delay_s);
        Self {
            own_waits,
            overdue_since: now.plus_ms(-delay_ms),
        }
    }

    /// Whether a line of this tier is open, given its front.
    pub(super) fn admits(&self, tier: Tier, front: Option<Front>) -> bool {
        let since = self.overdue_since.0;
        let is_due = |front: Front| front.goes_first || front.came_first.key.base_ms <= since;
        match tier {
            Tier::Own => true,
            Tier::Overflow => !self.own_waits || front.is_some_and(is_due),
        }
    }
}

impl Lines {
    /// The ticket a counter with these duties calls next, if any: the same routine for the counter, the forecast and the
    /// screens.
    #[must_use]
    pub fn select(
        &self,
        plan: &StationPlan,
        duties: Duties<'_>,
        now: StationTime,
    ) -> Option<Selected> {
        let order = self.order(plan, LineId::Directed(duties.counter), now);
        let open = || self.open_to(order, duties, None);
        let firsts = || firsts(order, open().map(|(_, line)| line));
        let (_, called) = order.choose(firsts())?;
        let passed = firsts()
            .filter(|standing| !order.is_before_its_time(standing))
            .min_by_key(|standing| standing.place);
        Some(Selected {
            turn: order.side(),
            called,
            passed: passed.filter(|first| first.place != called.place),
        })
    }

    /// Why the counter may call this line now, where it only helps out with it.
    #[must_use]
    pub fn helps_out(
        &self,
        plan: &StationPlan,
        duties: Duties<'_>,
        line: LineId<'_>,
        now: StationTime,
    ) -> Option<HelpsOut> {
        let order = self.order(plan, LineId::Directed(duties.counter), now);
        let own_waits = || self.own_waits(order, duties);
        let front = self.named(line).and_then(Line::front);
        match duties.tier_of(line)? {
            Tier::Own => None,
            Tier::Overflow if !own_waits() => Some(HelpsOut::NobodyOfItsOwn),
            Tier::Overflow if front.is_some_and(|front| front.goes_first) => {
                Some(HelpsOut::WentFirst)
            }
            Tier::Overflow => Some(HelpsOut::WaitedLong),
        }
    }

    /// Whether a counter with these duties calls nobody before this one.
    #[must_use]
    pub fn is_next(
        &self,
        plan: &StationPlan,
        duties: Duties<'_>,
        waiter: &Waiter<'_>,
        now: StationTime,
    ) -> bool {
        if !self.may_call(plan, duties, waiter.line, Some(waiter), now) {
            return false;
        }
        let order = self.order(plan, waiter.line, now);
        // One that waits here is looked at twice; of equals the first stays.
        let open = self.open_to(order, duties, Some(waiter));
        let firsts = firsts(order, open.map(|(_, line)| line));
        let called = order.choose(core::iter::once(waiter.standing).chain(firsts));
        called.is_some_and(|(at, _)| at == 0)
    }

    /// Whether a counter with these duties may call this line now, if `also` waited too.
    #[must_use]
    pub fn may_call(
        &self,
        plan: &StationPlan,
        duties: Duties<'_>,
        line: LineId<'_>,
        also: Option<&Waiter<'_>>,
        now: StationTime,
    ) -> bool {
        duties.tier_of(line).is_some_and(|tier| {
            let front = self.named(line).and_then(Line::front);
            let order = self.order(plan, LineId::Directed(duties.counter), now);
            self.gate(order, duties, also)
                .admits(tier, front_with(front, line, also))
        })
    }

    /// How many tickets these counters may call before this one, at most, and how many of the counters count: those who
    /// may call this one whatever the others do first.
    #[must_use]
    pub fn called_before<'a>(
        &'a self,
        plan: &StationPlan,
        counters: impl Iterator<Item = Duties<'a>>,
        waiter: &Waiter<'a>,
        now: StationTime,
    ) -> (usize, usize) {
        let order = self.order(plan, waiter.line, now);
        let sure = |duties: &Duties<'_>| {
            let tier = duties.tier_of(waiter.line);
            let gate = self.gate(order, *duties, Some(waiter));
            tier.is_some_and(|tier| gate.admits(tier, Some(Front::of(&waiter.standing))))
        };
        let mut lines = BTreeMap::new();
        let mut count = 0;
        for duties in counters.filter(sure) {
            lines.extend(self.open_to(order, duties, Some(waiter)));
            count += 1;
        }
        let ahead = lines
            .into_values()
            .map(|line| before(order, line, &waiter.standing));
        (ahead.sum(), count)
    }

    /// Those whom a counter with these duties calls one after another, if nobody else comes and no time passes.
    #[must_use]
    pub fn callable_by<'a>(
        &'a self,
        plan: &'a StationPlan,
        duties: Duties<'a>,
        now: StationTime,
    ) -> Calls<'a> {
        let order = self.order(plan, LineId::Directed(duties.counter), now);
        let lines = duties.lines();
        let lines = lines.filter_map(|(tier, id)| Some((tier, self.named(id)?)));
        Calls {
            order,
            heads: heads(order, lines),
            gate: Gate::new(&duties, now, false),
        }
    }

    /// How many those are.
    #[must_use]
    pub fn callable_count(&self, duties: Duties<'_>) -> usize {
        let lines = duties.lines().filter_map(|(_, id)| self.named(id));
        lines.map(Line::len).sum()
    }

    /// The lines a counter may call now, if `also` waited too.
    fn open_to<'a>(
        &'a self,
        order: Order<'_>,
        duties: Duties<'a>,
        also: Option<&Waiter<'_>>,
    ) -> impl Iterator<Item = (LineId<'a>, &'a Line)> {
        let gate = self.gate(order, duties, also);
        duties.lines().filter_map(move |(tier, id)| {
            let line = self.named(id)?;
            let open = tier == Tier::Own || gate.admits(tier, front_with(line.front(), id, also));
            open.then_some((id, line))
        })
    }

    fn gate(&self, order: Order<'_>, duties: Duties<'_>, also: Option<&Waiter<'_>>) -> Gate {
        let in_turn = |waiter: &&Waiter<'_>| !order.is_before_its_time(&waiter.standing);
        let also_own =
            || also.filter(in_turn).and_then(|w| duties.tier_of(w.line)) == Some(Tier::Own);
        // Without lines to help out with nobody asks.
        let own_waits =
            !duties.overflow_skills.is_empty() && (also_own() || self.own_waits(order, duties));
        Gate::new(&duties, order.now, own_waits)
    }

    fn own_waits(&self, order: Order<'_>, duties: Duties<'_>) -> bool {
        let own = duties.lines().filter(|(tier, _)| *tier == Tier::Own);
        let own = own.filter_map(|(_, id)| self.named(id));
        firsts(order, own).any(|standing| !order.is_before_its_time(&standing))
    }
}

/// The front of a line, if `also` stood in it too.
fn front_with(front: Option<Front>, line: LineId<'_>, also: Option<&Waiter<'_>>) -> Option<Front> {
    let also = also.filter(|waiter| waiter.line == line);
    let also = also.map(|waiter| Front::of(&waiter.standing));
    front.into_iter().chain(also).reduce(Front::with)
}
