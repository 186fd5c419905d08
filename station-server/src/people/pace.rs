//! Life at the demo's speed: how long things take in front of the screen, and what time of day the people think it is.

/// Their day begins at this minute of the day, and again when it has ended.
const OPENS_MIN: f64 = 8.0 * 60.0;
/// Their day ends.
const CLOSES_MIN: f64 = 17.0 * 60.0;
/// The demo starts in the middle of their morning.
const STARTS_MIN: f64 = 9.5 * 60.0;
/// The first counter goes to lunch.
const LUNCH_MIN: f64 = 11.5 * 60.0;
/// Lunch of one counter, minutes; the next counter's begins where it ends.
const LUNCH_LASTS_MIN: f64 = 20.0;
/// What is left of a lunch must be worth going, minutes.
const LUNCH_LEAST_MIN: f64 = 5.0;
/// Nobody's hand is faster, milliseconds.
const HAND_MS: u64 = 40;

/// Speed of life.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Pace {
    speed: u32,
}

impl Pace {
    /// Life `speed` times as fast as real, at least once.
    pub(super) fn new(speed: u32) -> Self {
        Self {
            speed: speed.max(1),
        }
    }

    /// How long something that takes `life_s` seconds in life takes here, milliseconds.
    pub(super) fn real_ms(self, life_s: f64) -> u64 {
        ((life_s * 1000.0 / f64::from(self.speed)) as u64).max(HAND_MS)
    }

    /// How long something that took `real_ms` here takes in life, seconds.
    pub(super) fn life_s(self, real_ms: f64) -> f64 {
        real_ms / 1000.0 * f64::from(self.speed)
    }

    /// Minute of the people's day, `real_ms` after the start.
    pub(super) fn minute(self, real_ms: u64) -> f64 {
        let since_opening = STARTS_MIN - OPENS_MIN + self.life_s(real_ms as f64) / 60.0;
        OPENS_MIN + since_opening % (CLOSES_MIN - OPENS_MIN)
    }

    /// The lunch of the counter in this place that is on now: its end, in milliseconds after the start.
    pub(super) fn lunch_until(self, place: usize, real_ms: u64) -> Option<u64> {
        let into = self.minute(real_ms) - LUNCH_MIN - LUNCH_LASTS_MIN * place as f64;
        let left = LUNCH_LASTS_MIN - into;
        (into >= 0.0 && left >= LUNCH_LEAST_MIN).then(|| real_ms + self.real_ms(left * 60.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn lunches_come_in_turn() {
        let pace = Pace::new(1);
        let mut seen = Vec::new();
        for minute in 0..540_u64 {
            let at = minute * 60_000;
            let away: Vec<usize> = (0..6)
                .filter(|p| pace.lunch_until(*p, at).is_some())
                .collect();
            assert!(away.len() <= 1, "{away:?}");
            if let Some(place) = away.first()
                && seen.last() != Some(place)
            {
                seen.push(*place);
            }
        }
        assert_eq!(seen, [0, 1, 2, 3, 4, 5]);
    }

    proptest! {
        #[test]
        fn the_day_has_no_night(speed in 1_u32..=1000, at in 0_u64..100_000_000_000) {
            let minute = Pace::new(speed).minute(at);
            prop_assert!((OPENS_MIN..CLOSES_MIN).contains(&minute));
        }

        #[test]
        fn a_lunch_ends(speed in 1_u32..=1000, place in 0_usize..6, at in 0_u64..10_000_000_000) {
            let pace = Pace::new(speed);
            if let Some(end) = pace.lunch_until(place, at) {
                prop_assert!(end > at);
                let longest = pace.real_ms(LUNCH_LASTS_MIN * 60.0);
                prop_assert!(end - at <= longest);
                prop_assert_eq!(pace.lunch_until(place, end + longest / 100 + 1), None);
            }
        }
    }
}
