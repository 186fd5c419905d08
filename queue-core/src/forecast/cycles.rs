//! How long a counter is taken up by one visitor, learned per service.

use alloc::collections::{BTreeMap, VecDeque};
use alloc::vec::Vec;
use core::borrow::Borrow;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::statistics::type7_quantiles_us;

/// Cycles remembered per service; older ones are forgotten.
const WINDOW: usize = 200;
/// Weight, in observations, of what is known of all services (or guessed) against a service's own observations.
const PRIOR_OBSERVATIONS: f64 = 30.0;
/// A cycle counts for at most this many times its service's 90th percentile: staff forget to press finish.
const WINSOR_FACTOR: u64 = 3;

/// Learns the handling cycle of each service from the last 200 cycles of each.
///
/// A cycle runs from the call of a ticket until its counter is ready for the next one: walk-up, service and wrap-up.
/// Cycles beyond three times the 90th percentile (type 7) of their service count as that. The mean of a service is
/// drawn towards the mean of all services, `(n mean + 30 all) / (n + 30)`, and that mean in the same way towards the
/// configured guess where there is one, so that the guess rules on the first day and fades.
///
/// An observation costs a pass over the 200 remembered cycles, whatever the station's history; a question costs a
/// lookup.
///
/// Stored, it is the remembered cycles of each service, oldest first; the rest is computed from them again.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct CycleStatistics<K> {
    services: BTreeMap<K, ServiceCycles>,
    all: Tally,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
struct ServiceCycles {
    /// Oldest first.
    recent_ms: VecDeque<u32>,
    tally: Tally,
}

/// Winsorised cycles in whole milliseconds, so that taking out what was put in leaves nothing behind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
struct Tally {
    n: u64,
    total_ms: u64,
}

impl<K: Ord> CycleStatistics<K> {
    /// Nothing learned yet.
    pub const fn new() -> Self {
        Self {
            services: BTreeMap::new(),
            all: Tally { n: 0, total_ms: 0 },
        }
    }

    /// Learns one cycle of `service`.
    pub fn observe(&mut self, service: K, cycle_ms: u32) {
        let cycles = self.services.entry(service).or_default();
        let before = cycles.tally;
        if cycles.recent_ms.len() == WINDOW {
            cycles.recent_ms.pop_front();
        }
        cycles.recent_ms.push_back(cycle_ms);
        cycles.tally = winsorised(&cycles.recent_ms);
        self.all.replace(before, cycles.tally);
    }

    /// Takes the latest cycle of this length back, if it is still remembered. One that it pushed out stays forgotten.
    pub fn forget<Q>(&mut self, service: &Q, cycle_ms: u32)
    where
        K: Borrow<Q>,
        Q: Ord + ?Sized,
    {
        let Some(cycles) = self.services.get_mut(service) else {
            return;
        };
        let Some(at) = cycles.recent_ms.iter().rposition(|ms| *ms == cycle_ms) else {
            return;
        };
        cycles.recent_ms.remove(at);
        let before = cycles.tally;
        cycles.tally = winsorised(&cycles.recent_ms);
        self.all.replace(before, cycles.tally);
        if cycles.recent_ms.is_empty() {
            self.services.remove(service);
        }
    }

    /// Cycles now remembered, over all services: how much the means rest on.
    pub fn observations(&self) -> u64 {
        self.all.n
    }

    /// The mean cycle of all services together in seconds, drawn towards `guess_s`. `None` where there is neither an
    /// observation nor a guess, or the mean is 0. A guess that is not a positive finite number is no guess.
    pub fn overall_mean_s(&self, guess_s: Option<f64>) -> Option<f64> {
        let guess_s = guess_s.filter(|guess_s| guess_s.is_finite() && *guess_s > 0.0);
        self.all
            .drawn_towards(guess_s)
            .filter(|mean_s| *mean_s > 0.0)
    }

    /// The mean cycle of `service` in seconds, drawn towards [`Self::overall_mean_s`] with this service's `guess_s`,
    /// which is also the answer for a service never seen.
    pub fn mean_s<Q>(&self, service: &Q, guess_s: Option<f64>) -> Option<f64>
    where
        K: Borrow<Q>,
        Q: Ord + ?Sized,
    {
        let overall_s = self.overall_mean_s(guess_s)?;
        let own = self.services.get(service).map(|cycles| cycles.tally);
        own.unwrap_or_default().drawn_towards(Some(overall_s))
    }
}

impl<K: Ord> Default for CycleStatistics<K> {
    fn default() -> Self {
        Self::new()
    }
}

impl<K: Serialize> Serialize for CycleStatistics<K> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let windows = self.services.iter();
        serializer.collect_map(windows.map(|(service, cycles)| (service, &cycles.recent_ms)))
    }
}

impl<'de, K: Ord + Deserialize<'de>> Deserialize<'de> for CycleStatistics<K> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let windows = BTreeMap::<K, VecDeque<u32>>::deserialize(deserializer)?;
        let mut learned = Self::new();
        for (service, mut recent_ms) in windows {
            recent_ms.drain(..recent_ms.len().saturating_sub(WINDOW));
            let tally = winsorised(&recent_ms);
            learned.all.n += tally.n;
            learned.all.total_ms += tally.total_ms;
            learned
                .services
                .insert(service, ServiceCycles { recent_ms, tally });
        }
        Ok(learned)
    }
}

impl Tally {
    /// Puts one part of the sum in the place of another.
    fn replace(&mut self, before: Self, after: Self) {
        self.n = self.n - before.n + after.n;
        self.total_ms = self.total_ms - before.total_ms + after.total_ms;
    }

    /// The mean in seconds with `prior_s` counted as 30 further observations.
    fn drawn_towards(self, prior_s: Option<f64>) -> Option<f64> {
        let (prior_s, prior_n) = match prior_s {
            Some(prior_s) => (prior_s, PRIOR_OBSERVATIONS),
            None if self.n == 0 => return None,
            None => (0.0, 0.0),
        };
        let total_s = self.total_ms as f64 / 1000.0;
        Some((total_s + prior_n * prior_s) / (self.n as f64 + prior_n))
    }
}

fn winsorised(recent_ms: &VecDeque<u32>) -> Tally {
    let mut reordered_ms: Vec<u32> = recent_ms.iter().copied().collect();
    let ceiling_ms = match type7_quantiles_us(&mut reordered_ms, [90]) {
        Some([p90_us]) => WINSOR_FACTOR * p90_us / 1_000,
        None => 0,
    };
    Tally {
        n: recent_ms.len() as u64,
        total_ms: recent_ms
            .iter()
            .map(|cycle_ms| u64::from(*cycle_ms).min(ceiling_ms))
            .sum(),
    }
}
