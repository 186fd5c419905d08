//! Chance for the simulated people: a small generator, so that a seed tells the same story again.

/// A stream of chance (xorshift64*).
#[derive(Debug, Clone)]
pub(super) struct Random(u64);

impl Random {
    /// The stream of a seed; neighbouring seeds give unlike streams.
    pub(super) fn new(seed: u64) -> Self {
        // One round of SplitMix64; the generator must not start at zero.
        let mut z = seed.wrapping_add(0x9e37_79b9_7f4a_7c15);
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        Self((z ^ (z >> 31)) | 1)
    }

    fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d)
    }

    /// From 0 up to, and without, 1.
    fn unit(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// Whether something with this probability happens.
    pub(super) fn chance(&mut self, probability: f64) -> bool {
        self.unit() < probability
    }

    /// Anything from `low` to `high` alike.
    pub(super) fn between(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.unit()
    }

    /// Exponential with this mean.
    pub(super) fn exponential(&mut self, mean: f64) -> f64 {
        -mean * (1.0 - self.unit()).ln()
    }

    /// Lognormal with this mean; `sigma` is the standard deviation of its logarithm.
    pub(super) fn lognormal(&mut self, mean: f64, sigma: f64) -> f64 {
        // Box and Muller; the logarithm never sees 0.
        let radius = (-2.0 * (1.0 - self.unit()).ln()).sqrt();
        let normal = radius * (std::f64::consts::TAU * self.unit()).cos();
        mean * (sigma * normal - sigma * sigma / 2.0).exp()
    }

    /// One of these by weight; none only of none.
    pub(super) fn weighted<'a, T>(&mut self, of: &'a [(T, u32)]) -> Option<&'a T> {
        let total: u64 = of.iter().map(|(_, weight)| u64::from(*weight)).sum();
        let mut left = (self.unit() * total as f64) as u64;
        for (item, weight) in of {
            match left.checked_sub(u64::from(*weight)) {
                Some(rest) => left = rest,
                None => return Some(item),
            }
        }
        None
    }

    /// One of these; none only of none.
    pub(super) fn one<'a, T>(&mut self, of: &'a [T]) -> Option<&'a T> {
        of.get((self.unit() * of.len() as f64) as usize)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_seed_tells_the_same_story_again() {
        let story = |seed| {
            let mut random = Random::new(seed);
            (0..50)
                .map(|_| random.between(0.0, 9.0))
                .collect::<Vec<_>>()
        };
        assert_eq!(story(7), story(7));
        assert_ne!(story(7), story(8));
    }

    #[test]
    fn means_are_as_asked_for() {
        let mut random = Random::new(1);
        let n = 200_000;
        let mean =
            |draw: &mut dyn FnMut() -> f64| (0..n).map(|_| draw()).sum::<f64>() / f64::from(n);
        let exponential = mean(&mut || random.exponential(5.0));
        assert!((exponential - 5.0).abs() < 0.1, "{exponential}");
        let lognormal = mean(&mut || random.lognormal(540.0, 0.5));
        assert!((lognormal - 540.0).abs() < 5.0, "{lognormal}");
    }

    #[test]
    fn weights_are_kept_and_nothing_without_weight_is_taken() {
        let mut random = Random::new(3);
        let of = [('a', 1), ('b', 0), ('c', 3)];
        let taken: String = (0..40_000).filter_map(|_| random.weighted(&of)).collect();
        let share = |of| taken.matches(of).count() as f64 / 40_000.0;
        assert!((share('a') - 0.25).abs() < 0.01);
        assert!((share('c') - 0.75).abs() < 0.01);
        assert_eq!(random.weighted::<char>(&[]), None);
        assert_eq!(random.one::<char>(&[]), None);
    }

    proptest! {
        #[test]
        fn draws_stay_in_their_ranges(seed: u64) {
            let mut random = Random::new(seed);
            for _ in 0..100 {
                let between = random.between(10.0, 40.0);
                prop_assert!((10.0..=40.0).contains(&between));
                prop_assert!(random.exponential(3.0) >= 0.0);
                let lognormal = random.lognormal(60.0, 0.5);
                prop_assert!(lognormal.is_finite() && lognormal > 0.0);
                prop_assert!(random.one(&[1, 2, 3]).is_some());
            }
        }
    }
}
