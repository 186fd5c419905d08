//! The agent's two clocks: one that only measures, and the station's time of day.

use jiff::Timestamp;
use jiff::civil::{Date, Time};
use jiff::tz::TimeZone;
use queue_core::StationTime;

/// This PC's clock, milliseconds since 1970.
pub(crate) fn wall_ms() -> i64 {
    Timestamp::now().as_millisecond()
}

/// One instant on both clocks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Moment {
    /// Milliseconds since the agent started; never jumps. Holds and silences are measured with it.
    pub mono_ms: u64,
    /// The PC's wall clock, milliseconds since 1970.
    pub wall_ms: i64,
}

/// What the agent knows about the server's clock.
///
/// Its welcome and its pings say the time as it is. A picture made at `at` cannot have arrived
/// before `at`, so between them every picture says how far the server is ahead at least.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct StationClock {
    ahead_ms: i64,
}

impl StationClock {
    /// The server said what time it is.
    pub(crate) fn saw_fresh(&mut self, now: Moment, at: StationTime) {
        self.ahead_ms = at.0 - now.wall_ms;
    }

    /// A picture that may have been made any time before.
    pub(crate) fn saw_old(&mut self, now: Moment, at: StationTime) {
        self.ahead_ms = self.ahead_ms.max(at.0 - now.wall_ms);
    }

    /// The station's time.
    pub(crate) fn now(self, now: Moment) -> StationTime {
        StationTime(now.wall_ms.saturating_add(self.ahead_ms))
    }
}

/// Date and time of day in the station's zone; UTC where the zone is unknown.
pub(crate) fn local(zone: &str, at: StationTime) -> (Date, Time) {
    let zone = TimeZone::get(zone).unwrap_or(TimeZone::UTC);
    let at = Timestamp::from_millisecond(at.0).unwrap_or(Timestamp::UNIX_EPOCH);
    let local = at.to_zoned(zone);
    (local.date(), local.time())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(wall_ms: i64) -> Moment {
        Moment {
            mono_ms: 0,
            wall_ms,
        }
    }

    #[test]
    fn a_picture_never_sets_the_clock_back_and_the_server_s_word_does() {
        let mut clock = StationClock::default();
        clock.saw_old(at(1_000_000), StationTime(400_000));
        assert_eq!(clock.now(at(1_000_000)), StationTime(1_000_000));
        clock.saw_old(at(1_000_000), StationTime(1_005_000));
        assert_eq!(clock.now(at(1_000_500)), StationTime(1_005_500));
        clock.saw_fresh(at(1_001_000), StationTime(990_000));
        assert_eq!(clock.now(at(1_002_000)), StationTime(991_000));
    }

    #[test]
    fn local_time_is_the_zone_s_and_nothing_panics() {
        let (date, time) = local("Asia/Taipei", StationTime(0));
        assert_eq!((date.to_string().as_str(), time.hour()), ("1970-01-01", 8));
        assert_eq!(local("No/Where", StationTime(i64::MAX)).1.hour(), 0);
    }
}
