//! Waiting times between attempts to reach a device.

use std::time::Duration;

/// Shortest wait, in milliseconds.
const SHORTEST_MS: u64 = 500;
/// Longest wait, in milliseconds.
const LONGEST_MS: u64 = 10_000;

/// Waits that double from 0.5 s to 10 s, each moved by up to a quarter either way so that many
/// devices behind one hub do not all come back in the same instant.
///
/// The jitter comes from the seed alone: the same seed gives the same waits.
#[derive(Clone, Debug)]
pub struct Backoff {
    attempt: u32,
    state: u64,
}

impl Backoff {
    /// A fresh sequence. Give each device its own seed.
    pub fn new(seed: u64) -> Self {
        Self {
            attempt: 0,
            state: seed,
        }
    }

    /// A sequence seeded from a name, such as a device path.
    pub fn for_name(name: &str) -> Self {
        // FNV-1a: a spread of names is all that is needed.
        let seed = name.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
        });
        Self::new(seed)
    }

    /// How long to wait before the next attempt: 500 to 10 000 ms.
    pub fn next_delay(&mut self) -> Duration {
        let step_ms = SHORTEST_MS
            .saturating_mul(1 << self.attempt.min(10))
            .min(LONGEST_MS);
        self.attempt = self.attempt.saturating_add(1);
        let quarter_ms = step_ms / 4;
        let offset_ms = self.random() % (2 * quarter_ms + 1);
        let delay_ms = (step_ms - quarter_ms + offset_ms).clamp(SHORTEST_MS, LONGEST_MS);
        Duration::from_millis(delay_ms)
    }

    /// The device answered: start again from the shortest wait.
    pub fn reset(&mut self) {
        self.attempt = 0;
    }

    /// `splitmix64`, published by Sebastiano Vigna as public domain.
    fn random(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.state;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn delays_ms(seed: u64) -> Vec<u128> {
        let mut backoff = Backoff::new(seed);
        (0..12).map(|_| backoff.next_delay().as_millis()).collect()
    }

    #[test]
    fn the_same_seed_gives_the_same_waits_and_another_does_not() {
        assert_eq!(delays_ms(7), delays_ms(7));
        assert_ne!(delays_ms(7), delays_ms(8));
        assert_ne!(
            Backoff::for_name("/dev/a").next_delay(),
            Backoff::for_name("/dev/b").next_delay()
        );
    }

    #[test]
    fn a_reset_starts_short_again() {
        let mut backoff = Backoff::new(3);
        for _ in 0..8 {
            backoff.next_delay();
        }
        assert!(backoff.next_delay().as_millis() >= 7_500);
        backoff.reset();
        assert!(backoff.next_delay().as_millis() <= 625);
    }

    proptest! {
        #[test]
        fn waits_stay_in_range_and_reach_the_top(seed: u64) {
            let delays = delays_ms(seed);
            prop_assert!(delays.iter().all(|ms| (500..=10_000).contains(ms)));
            prop_assert!(delays[8..].iter().all(|ms| *ms >= 7_500));
        }
    }
}
