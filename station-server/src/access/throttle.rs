//! So many of something a minute, for each name.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// A minute, milliseconds.
const WINDOW_MS: i64 = 60_000;
/// Names remembered; the first is forgotten beyond.
const NAMES_MAX: usize = 1_000;

/// Counts by name and minute.
#[derive(Debug)]
pub struct Throttle {
    most: u32,
    counts: Mutex<BTreeMap<String, (i64, u32)>>,
}

impl Throttle {
    /// At most so many in a minute that begins with the first.
    pub fn new(most: u32) -> Self {
        Self {
            most,
            counts: Mutex::default(),
        }
    }

    /// Whether the name has used its minute up.
    pub fn is_spent(&self, name: &str, now_ms: i64) -> bool {
        let counts = self.lock();
        let running = counts
            .get(name)
            .filter(|(since, _)| now_ms - since < WINDOW_MS);
        running.is_some_and(|(_, count)| *count >= self.most)
    }

    /// Takes note of one.
    pub fn note(&self, name: &str, now_ms: i64) {
        let mut counts = self.lock();
        if counts.len() >= NAMES_MAX && !counts.contains_key(name) {
            counts.pop_first();
        }
        let entry = counts.entry(name.to_owned()).or_insert((now_ms, 0));
        if now_ms - entry.0 >= WINDOW_MS {
            *entry = (now_ms, 0);
        }
        entry.1 += 1;
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<String, (i64, u32)>> {
        self.counts.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_has_used_its_minute_up_waits_for_the_next() {
        let throttle = Throttle::new(2);
        throttle.note("K1", 0);
        assert!(!throttle.is_spent("K1", 1));
        throttle.note("K1", 2);
        assert!(throttle.is_spent("K1", 59_999));
        assert!(!throttle.is_spent("K2", 59_999), "others are not stopped");
        assert!(!throttle.is_spent("K1", 60_000));
        throttle.note("K1", 60_000);
        assert!(!throttle.is_spent("K1", 60_001));
    }
}
