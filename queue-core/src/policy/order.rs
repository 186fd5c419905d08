//! The rule at a moment: which of several standings comes first.

use serde::{Deserialize, Serialize};

use crate::ids::ClassId;
use crate::plan::StationPlan;
use crate::policy::discipline::{Discipline, Side, Turn};
use crate::policy::eligible::LineId;
use crate::policy::lines::{Place, SortKey};
use crate::ticket::Ticket;
use crate::time::StationTime;

/// What the class of a ticket counts for under the rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Weight {
    /// Before all classes: see [`Precedence`](crate::Precedence).
    First,
    /// Head start, seconds.
    CreditS(u32),
    /// Nothing.
    Equal,
    /// Rank; the lowest is first.
    Rank(u8),
    /// Points per waited second, thousandths.
    RatePermille(u32),
    /// Side of the ratio.
    Side(Side),
}

/// A place with what the class of its ticket counts for. It need not be in a line: somebody who would take a ticket now
/// has one too.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    /// The place.
    pub place: Place,
    /// What its class counts for.
    pub weight: Weight,
    /// It counts from the slot of an appointment, so that it may be before its time.
    pub by_slot: bool,
}

impl Weight {
    /// What a class counts for under a rule. An unknown class, or none, counts like one without advantages.
    #[must_use]
    pub fn of(plan: &StationPlan, rule: Discipline, class: Option<&ClassId>) -> Self {
        let known = class.and_then(|class| plan.classes.get(class));
        match rule {
            Discipline::HeadStart => Weight::CreditS(known.map_or(0, |c| c.credit_s)),
            Discipline::Fcfs => Weight::Equal,
            Discipline::Strict => Weight::Rank(known.map_or(u8::MAX, |c| c.rank)),
            Discipline::Accumulating => {
                Weight::RatePermille(known.map_or(1_000, |c| c.rate_permille))
            }
            Discipline::Ratio { .. } if known.is_some() && class != plan.default_class() => {
                Weight::Side(Side::Priority)
            }
            Discipline::Ratio { .. } => Weight::Side(Side::Regular),
        }
    }
}

impl Standing {
    /// The standing of somebody of `class` at a place of a line, who has no appointment.
    #[must_use]
    pub fn new(
        plan: &StationPlan,
        line: LineId<'_>,
        class: Option<&ClassId>,
        place: Place,
    ) -> Self {
        let weight = Weight::of(plan, plan.rule_of(line).discipline, class);
        Self {
            place,
            weight,
            by_slot: false,
        }
    }

    /// The standing of a ticket.
    #[must_use]
    pub fn of(plan: &StationPlan, ticket: &Ticket) -> Self {
        let place = ticket.place();
        match ticket.precedence {
            Some(_) => Self {
                place,
                weight: Weight::First,
                by_slot: false,
            },
            None => Self {
                by_slot: ticket.counts_from_slot(),
                ..Self::new(plan, ticket.line(), Some(&ticket.class), place)
            },
        }
    }

    /// Whether somebody who checked in early for an appointment has no turn yet: called only where nobody else is there.
    pub(crate) fn is_before_its_time(&self, plan: &StationPlan, now: StationTime) -> bool {
        self.by_slot && self.place.key.base_ms > plan.ripe_until(now).0
    }

    /// Whether it is compared with the default class under a ratio, and among all under the other rules.
    fn is_regular(&self) -> bool {
        !matches!(self.weight, Weight::Side(Side::Priority) | Weight::First)
    }
}

/// Whether it is before its time, then what is compared, then who came first.
pub(crate) type Claim = (bool, i128, SortKey);

/// The rule at a moment.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Order<'a> {
    pub(crate) plan: &'a StationPlan,
    pub(crate) rule: Discipline,
    pub(crate) now: StationTime,
    pub(crate) turn: Turn,
}

impl Order<'_> {
    /// Whose turn it is, under a ratio.
    pub(crate) fn side(&self) -> Option<Side> {
        self.turn.side(self.rule)
    }

    /// Whether a standing has no turn yet.
    pub(crate) fn is_before_its_time(&self, standing: &Standing) -> bool {
        standing.is_before_its_time(self.plan, self.now)
    }

    /// What is compared where there are no turns: the smaller claim is called first. Whatever the weight, it grows with
    /// the place, so that the first of each class decide.
    pub(crate) fn claim(&self, standing: &Standing) -> Claim {
        let key = standing.place.key;
        let base_ms = i128::from(key.base_ms);
        let claim = match standing.weight {
            Weight::First => i128::MIN,
            Weight::CreditS(credit_s) => base_ms - i128::from(credit_s) * 1_000,
            Weight::Equal | Weight::Side(_) => base_ms,
            Weight::Rank(rank) => i128::from(rank),
            // Who is here before the slot has gathered nothing yet.
            Weight::RatePermille(rate) => {
                i128::from(rate) * (base_ms - i128::from(self.now.0)).min(0)
            }
        };
        (self.is_before_its_time(standing), claim, key)
    }

    /// The standing that is called first, and how many were looked at before it.
    pub(crate) fn choose(
        &self,
        standings: impl Iterator<Item = Standing>,
    ) -> Option<(usize, Standing)> {
        let mut first: [Option<(usize, Standing, Claim)>; 2] = [None, None];
        for (at, standing) in standings.enumerate() {
            let claim = self.claim(&standing);
            let best = &mut first[usize::from(standing.is_regular())];
            if best.is_none_or(|(.., smallest)| claim < smallest) {
                *best = Some((at, standing, claim));
            }
        }
        let [priority, regular] = first;
        let called = match (priority, regular) {
            (Some(priority), Some(regular)) => {
                let (early, their_early) = (regular.2.0, priority.2.0);
                let in_turn = self.side() == Some(Side::Regular) && regular.2 < priority.2;
                if early == their_early && in_turn || !early && their_early {
                    regular
                } else {
                    priority
                }
            }
            (one, other) => one.or(other)?,
        };
        Some((called.0, called.1))
    }

    /// Takes note of a call.
    pub(crate) fn called(&mut self, standing: &Standing) {
        if let Weight::Side(side) = standing.weight {
            self.turn = self.turn.after(self.rule, side);
        }
    }

    /// The base that puts somebody of a weight right behind a standing, if both have their turn and given that he comes
    /// after it among equals; none where the rule does not compare the two by when they came.
    pub(crate) fn base_behind(&self, standing: &Standing, weight: Weight) -> Option<i64> {
        let (_, claim, key) = self.claim(standing);
        let theirs_ms = i128::from(key.base_ms);
        let base_ms = match (standing.weight, weight) {
            (Weight::First, _) | (_, Weight::First) => return None,
            (_, Weight::CreditS(credit_s)) => {
                let level_ms = claim + i128::from(credit_s) * 1_000;
                // Of equal claims the earlier base goes first.
                level_ms + i128::from(level_ms < theirs_ms)
            }
            // Who has gathered nothing yet is in the order of coming.
            (Weight::RatePermille(_), Weight::RatePermille(_)) if claim == 0 => theirs_ms,
            (_, Weight::RatePermille(rate)) => {
                let rate = i128::from(rate.max(1));
                let level_ms = i128::from(self.now.0) + claim.div_euclid(rate);
                let is_level = claim.rem_euclid(rate) == 0 && level_ms >= theirs_ms;
                level_ms + i128::from(!is_level)
            }
            (theirs, ours) if theirs == ours => theirs_ms,
            _ => return None,
        };
        i64::try_from(base_ms).ok()
    }
}
