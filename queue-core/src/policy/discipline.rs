//! The rules a station may choose from.

use core::num::NonZeroU8;

use serde::{Deserialize, Serialize};

/// The rule that chooses who is called next. What a class counts for under it stands in its
/// [`ClassPlan`](crate::ClassPlan).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(tag = "rule", rename_all = "snake_case", deny_unknown_fields)]
pub enum Discipline {
    /// A ticket counts as taken earlier by the head start of its class; the earliest is called.
    #[default]
    HeadStart,
    /// First come, first served, whatever the class.
    Fcfs,
    /// The class with the lowest rank first; first come, first served within it. The last class may starve.
    Strict,
    /// Every ticket gathers points while it waits, at the rate of its class; the most points are called (Kleinrock 1964;
    /// Stanford, Taylor and Ziedins 2014).
    Accumulating,
    /// In turn: so many calls of the other classes, then so many of the default class. When it is the default class's
    /// turn, its first is called only if it came before the first of the others; so no regular ticket is ever called
    /// before a priority ticket that came earlier. A side whose turn it is keeps the turn while it has nobody waiting.
    Ratio {
        /// Calls of the other classes.
        priority: NonZeroU8,
        /// Then calls of the default class.
        regular: NonZeroU8,
    },
}

impl Discipline {
    pub(crate) fn is_head_start(&self) -> bool {
        *self == Self::HeadStart
    }
}

/// The two sides of a ratio.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Side {
    /// Every class but the default one.
    Priority,
    /// The default class.
    Regular,
}

/// How far a ratio is: calls made of its present round. Only calls of the side whose turn it is count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct Turn(u16);

impl Turn {
    /// Whose turn it is; none where the rule has no turns.
    pub(crate) fn side(self, rule: Discipline) -> Option<Side> {
        match rule {
            Discipline::Ratio { priority, .. } if self.0 < u16::from(priority.get()) => {
                Some(Side::Priority)
            }
            Discipline::Ratio { .. } => Some(Side::Regular),
            _ => None,
        }
    }

    /// After a call of `side`.
    pub(crate) fn after(self, rule: Discipline, side: Side) -> Self {
        match round(rule) {
            Some(round) if self.side(rule) == Some(side) => Self((self.0 + 1) % round),
            _ => self,
        }
    }

    /// Before a call that counted.
    pub(crate) fn before(self, rule: Discipline) -> Self {
        match round(rule) {
            Some(round) => Self((self.0 + round - 1) % round),
            None => self,
        }
    }
}

fn round(rule: Discipline) -> Option<u16> {
    match rule {
        Discipline::Ratio { priority, regular } => {
            Some(u16::from(priority.get()) + u16::from(regular.get()))
        }
        _ => None,
    }
}
