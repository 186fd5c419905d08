//! Several counters are free, and one of them is to take somebody: which.

use crate::ids::CounterId;
use crate::policy::eligible::Duties;
use crate::time::StationTime;

/// A free counter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FreeCounter<'a> {
    /// What it handles.
    pub duties: Duties<'a>,
    /// Since when it has had no visitor.
    pub free_since: StationTime,
}

/// The counter that takes the next visitor: the one with the fewest services, so that those who can do everything stay
/// free for those whom only they can serve; of these the one that has been free longest, so that work is even; of these
/// the first by id.
#[must_use]
pub fn route<'a>(free: impl IntoIterator<Item = FreeCounter<'a>>) -> Option<&'a CounterId> {
    let first = free.into_iter().min_by_key(|counter| {
        let Duties { counter: id, .. } = counter.duties;
        (counter.duties.breadth(), counter.free_since, id)
    });
    first.map(|counter| counter.duties.counter)
}
