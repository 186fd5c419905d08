//! A pause after repeated failures, so that guessing does not pay.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Somebodies remembered; the one who failed longest ago is forgotten beyond.
const REMEMBERED_MAX: usize = 1_000;

/// Too many failures in a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Paused {
    /// When the next attempt is looked at, seconds from now, at least 1.
    pub retry_after_s: u32,
}

/// Counts what failed, by whoever tried.
#[derive(Debug)]
pub struct Attempts {
    most: u32,
    pause_ms: i64,
    failures: Mutex<BTreeMap<String, Failures>>,
}

#[derive(Debug, Clone, Copy)]
struct Failures {
    count: u32,
    last_ms: i64,
}

impl Attempts {
    /// After `most` failures in a row whoever tries has to wait `pause_ms` milliseconds.
    #[must_use]
    pub fn new(most: u32, pause_ms: i64) -> Self {
        Self {
            most,
            pause_ms,
            failures: Mutex::default(),
        }
    }

    /// Lets `who` try, or not. The attempt counts as a failure until [`Attempts::succeeded`]: many at once are no way
    /// around the limit.
    ///
    /// # Errors
    /// [`Paused`].
    pub fn begin(&self, who: &str, now_ms: i64) -> Result<(), Paused> {
        let mut failures = self.lock();
        let before = failures.get(who).copied();
        let before = before.filter(|f| f.count < self.most || now_ms - f.last_ms < self.pause_ms);
        let count = before.map_or(0, |f| f.count);
        if let Some(f) = before.filter(|f| f.count >= self.most) {
            let left_ms = self.pause_ms - (now_ms - f.last_ms);
            let retry_after_s = u32::try_from((left_ms + 999) / 1_000).unwrap_or(1);
            return Err(Paused { retry_after_s });
        }
        if before.is_none() && failures.len() >= REMEMBERED_MAX {
            let oldest = failures.iter().min_by_key(|(_, f)| f.last_ms);
            if let Some(oldest) = oldest.map(|(who, _)| who.clone()) {
                failures.remove(&oldest);
            }
        }
        let failed = Failures {
            count: count + 1,
            last_ms: now_ms,
        };
        failures.insert(who.to_owned(), failed);
        Ok(())
    }

    /// The attempt was no failure: `who` begins anew.
    pub fn succeeded(&self, who: &str) {
        self.lock().remove(who);
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<String, Failures>> {
        // Nothing in here can panic halfway through a change.
        self.failures.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn too_many_failures_pause_only_who_failed_and_only_for_a_while() {
        let attempts = Attempts::new(2, 30_000);
        assert_eq!(attempts.begin("a", 0), Ok(()));
        assert_eq!(attempts.begin("a", 1_000), Ok(()));
        let wait = |retry_after_s| Err(Paused { retry_after_s });
        assert_eq!(attempts.begin("a", 1_000), wait(30));
        assert_eq!(attempts.begin("b", 1_000), Ok(()));
        // Whoever goes on trying does not make it longer.
        assert_eq!(attempts.begin("a", 30_999), wait(1));
        assert_eq!(attempts.begin("a", 31_000), Ok(()));
        attempts.succeeded("a");
        assert_eq!(attempts.begin("a", 31_000), Ok(()));
        assert_eq!(attempts.begin("a", 31_000), Ok(()));
    }

    #[test]
    fn strangers_without_end_take_no_memory_and_forget_the_oldest_first() {
        let attempts = Attempts::new(1, 1_000_000);
        attempts.begin("z", 1).unwrap();
        for n in 0..REMEMBERED_MAX {
            attempts.begin(&format!("a{n}"), 2).unwrap();
        }
        assert_eq!(attempts.lock().len(), REMEMBERED_MAX);
        assert_eq!(attempts.begin("z", 3), Ok(()), "the oldest");
        assert!(attempts.begin("a999", 3).is_err());
    }
}
