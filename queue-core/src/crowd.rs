//! How many people waited at once, quarter of an hour by quarter of an hour.

use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use crate::time::StationTime;

/// Time zones differ by whole quarters, so that these begin at full quarters on every wall clock.
const QUARTER_MS: i64 = 15 * 60 * 1000;
/// The longest that nothing happened and somebody waited all the same, in quarters; a longer silence is a station that
/// was switched off.
const SILENCE_MAX: i64 = 96;

/// The most that waited in each quarter of an hour of a day. It is taken down as the day goes on, because the tickets
/// keep only their first wait: who is transferred, or comes back, waits again.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub(crate) struct Crowd {
    /// Quarters since 1970 in which somebody waited, ascending, with the most that did.
    most: Vec<(i64, u32)>,
}

impl Crowd {
    /// `waiting` people waited from `from` to `to`. Who came and went at the same moment has not waited.
    pub(crate) fn note(&mut self, from: StationTime, to: StationTime, waiting: usize) {
        if waiting == 0 || to <= from {
            return;
        }
        let waiting = u32::try_from(waiting).unwrap_or(u32::MAX);
        // The end belongs to what comes next.
        let last = (to.0 - 1).div_euclid(QUARTER_MS);
        let first = from.0.div_euclid(QUARTER_MS).max(last - SILENCE_MAX);
        for quarter in first..=last {
            match self.most.last_mut() {
                Some((known, most)) if *known == quarter => *most = (*most).max(waiting),
                _ => self.most.push((quarter, waiting)),
            }
        }
    }

    /// Start of each of these quarters, and the most that waited in it.
    pub(crate) fn quarters(&self) -> impl Iterator<Item = (StationTime, u32)> + '_ {
        let quarters = self.most.iter();
        quarters.map(|(quarter, most)| (StationTime(quarter * QUARTER_MS), *most))
    }
}
