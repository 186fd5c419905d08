//! Where the time comes from, and noticing when it jumps.

use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

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
