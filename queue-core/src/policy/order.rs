//! The rule at a moment: which of two standings comes first.

use crate::ids::ClassId;
use crate::plan::StationPlan;
use crate::policy::lines::{Place, SortKey};
use crate::policy::reason::HeadStartKey;

/// A place with what the class of its ticket counts for. It need not be in a line: somebody who would take a ticket now
/// has one too.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    /// The place.
    pub place: Place,
    credit_ms: i64,
}

impl Standing {
    /// What the head start compares.
    pub(crate) fn head_start_key(&self) -> HeadStartKey {
        let SortKey { base_ms, seq } = self.place.key;
        HeadStartKey {
            key_ms: base_ms.saturating_sub(self.credit_ms),
            seq,
        }
    }
}

/// The rule at a moment.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Order<'a> {
    plan: &'a StationPlan,
}

impl<'a> Order<'a> {
    pub(crate) fn new(plan: &'a StationPlan) -> Self {
        Self { plan }
    }

    /// The standing of a ticket of `class` at `place`.
    pub(crate) fn standing(&self, class: Option<&ClassId>, place: Place) -> Standing {
        Standing {
            place,
            credit_ms: class.map_or(0, |class| self.plan.credit_ms(class)),
        }
    }

    /// What is compared: the smaller claim is called first. Within a class it grows with the place.
    pub(crate) fn claim(&self, standing: &Standing) -> (i64, SortKey) {
        let key = standing.place.key;
        (key.base_ms.saturating_sub(standing.credit_ms), key)
    }

    /// The index of the standing that is called first.
    pub(crate) fn choose(&self, first: impl Iterator<Item = Standing>) -> Option<usize> {
        let claims = first.map(|standing| self.claim(&standing)).enumerate();
        claims.min_by_key(|(_, claim)| *claim).map(|(at, _)| at)
    }
}
