//! Where the time comes from, and noticing when it jumps.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use queue_core::StationTime;

/// A step of the wall clock larger than this is recorded, milliseconds.
const STEP_MS: i64 = 2_000;

/// The two clocks of the machine. Tests and sped-up demonstrations bring their own.
pub trait Clock: Send + Sync + 'static {
    /// The wall clock: milliseconds since 1970-01-01T00:00Z. May jump.
    fn now_ms(&self) -> i64;
    /// Time that only passes, since any moment.
    fn monotonic(&self) -> Duration;
}

/// The clocks of the operating system.
#[derive(Debug)]
pub struct SystemClock {
    started: Instant,
}

impl SystemClock {
    /// A clock whose monotonic time starts now.
    #[must_use]
    pub fn new() -> Self {
        Self {
            started: Instant::now(),
        }
    }
}

impl Default for SystemClock {
    fn default() -> Self {
        Self::new()
    }
}

impl Clock for SystemClock {
    fn now_ms(&self) -> i64 {
        SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .map_or(0, |since| since.as_millis() as i64)
    }

    fn monotonic(&self) -> Duration {
        self.started.elapsed()
    }
}

/// The one clock a station goes by: the wall clock, but never backwards.
///
/// After the wall clock was put back, station time goes on at half speed until the wall clock has caught up, as NTP slews
/// a clock (RFC 5905, 11.3). Standing still would be simpler, and everybody who waits meanwhile would have waited for no
/// time at all. The jump itself is in the log.
pub struct StationClock {
    clock: Arc<dyn Clock>,
    /// When the wall clock was last not behind, or the start.
    led: Mutex<Moment>,
}

/// One look at both clocks.
struct Moment {
    time_ms: i64,
    monotonic: Duration,
}

impl StationClock {
    /// A clock that never goes behind `last`, the time of the last event.
    pub(crate) fn new(clock: Arc<dyn Clock>, last: StationTime) -> Self {
        let led = Moment {
            time_ms: last.0,
            monotonic: clock.monotonic(),
        };
        Self {
            clock,
            led: Mutex::new(led),
        }
    }

    /// The present station time.
    #[must_use]
    pub fn now(&self) -> StationTime {
        let wall_ms = self.clock.now_ms();
        // Nothing in here can panic halfway through a change.
        let mut led = self.led.lock().unwrap_or_else(PoisonError::into_inner);
        let monotonic = self.clock.monotonic();
        let passed_ms = monotonic.saturating_sub(led.monotonic).as_millis() as i64;
        let slowed_ms = led.time_ms + passed_ms / 2;
        if wall_ms < slowed_ms {
            return StationTime(slowed_ms);
        }
        *led = Moment {
            time_ms: wall_ms,
            monotonic,
        };
        StationTime(wall_ms)
    }
}

/// Compares the two clocks from look to look.
#[derive(Debug)]
pub(super) struct StepWatch {
    wall_ms: i64,
    monotonic: Duration,
}

impl StepWatch {
    pub(super) fn start(clock: &dyn Clock) -> Self {
        Self {
            wall_ms: clock.now_ms(),
            monotonic: clock.monotonic(),
        }
    }

    /// How far the wall clock has jumped since the last look, if by more than two seconds.
    pub(super) fn step_ms(&mut self, clock: &dyn Clock) -> Option<i64> {
        let now = Self::start(clock);
        let passed_ms = now.monotonic.saturating_sub(self.monotonic).as_millis() as i64;
        let step_ms = now.wall_ms - self.wall_ms - passed_ms;
        *self = now;
        (step_ms.abs() > STEP_MS).then_some(step_ms)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use std::sync::atomic::{AtomicI64, Ordering};

    use super::*;

    #[derive(Default)]
    struct Hands {
        wall_ms: AtomicI64,
        passed_ms: AtomicI64,
    }

    impl Clock for Hands {
        fn now_ms(&self) -> i64 {
            self.wall_ms.load(Ordering::SeqCst)
        }
        fn monotonic(&self) -> Duration {
            Duration::from_millis(self.passed_ms.load(Ordering::SeqCst) as u64)
        }
    }

    impl Hands {
        fn pass(&self, ms: i64) {
            self.passed_ms.fetch_add(ms, Ordering::SeqCst);
            self.step(ms);
        }
        fn step(&self, ms: i64) {
            self.wall_ms.fetch_add(ms, Ordering::SeqCst);
        }
    }

    proptest! {
        /// Any steps of the wall clock between any pauses.
        #[test]
        fn station_time_passes_at_half_speed_or_more_and_ends_at_the_wall_clock(
            looks in prop::collection::vec((0..600_000_i64, -3_600_000..3_600_000_i64), 1..40),
        ) {
            let hands = Arc::new(Hands::default());
            hands.step(10_000_000);
            let clock = StationClock::new(Arc::clone(&hands) as Arc<dyn Clock>, StationTime(10_000_000));
            let mut before = clock.now();
            for (passed_ms, step_ms) in looks {
                hands.pass(passed_ms);
                hands.step(step_ms);
                let now = clock.now();
                prop_assert!(now.0 >= hands.now_ms());
                // Half of every pause, less the millisecond that two halves lose.
                prop_assert!(now.0 - before.0 >= passed_ms / 2 - 1, "{before:?} {now:?}");
                prop_assert!(now >= before);
                before = now;
            }
            let ahead_ms = before.0 - hands.now_ms();
            hands.pass(2 * ahead_ms);
            prop_assert_eq!(clock.now().0, hands.now_ms());
        }
    }
}
