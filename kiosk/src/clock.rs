//! The server's time, also while it is away: places in line follow from when people pressed, at whichever kiosk.

use std::sync::{Mutex, PoisonError};
use std::time::Instant;

use queue_core::StationTime;

use crate::book::now_ms;
use crate::presses::Presses;

/// A comparison of the clocks is written down where it differs by more from the one in the book, milliseconds.
const WORTH_NOTING_MS: i64 = 500;

/// The longest sleep of a kiosk that is believed, a long weekend, milliseconds.
const SLEEPS_AT_MOST_MS: i64 = 4 * 24 * 3_600 * 1_000;

/// A clock that is set by every welcome of the server and runs on by itself.
#[derive(Debug)]
pub(crate) struct Clock {
    presses: Presses,
    /// What the server said last in this run, and when.
    heard: Mutex<Option<(StationTime, Instant)>>,
    /// What was told last.
    last: Mutex<Option<StationTime>>,
}

impl Clock {
    pub(crate) fn new(presses: Presses) -> Self {
        Self {
            presses,
            heard: Mutex::default(),
            last: Mutex::default(),
        }
    }

    /// The server said what time it is.
    pub(crate) fn heard(&self, at: StationTime) {
        *self.heard.lock().unwrap_or_else(PoisonError::into_inner) = Some((at, Instant::now()));
        // It may say that this machine was ahead.
        *self.last.lock().unwrap_or_else(PoisonError::into_inner) = None;
        let offset_ms = at.0 - now_ms();
        let noted = self
            .presses
            .clock_offset_ms()
            .map(Option::unwrap_or_default);
        let differs = noted.map_or(true, |noted| (noted - offset_ms).abs() > WORTH_NOTING_MS);
        if differs && let Err(error) = self.presses.set_clock_offset_ms(offset_ms) {
            tracing::error!("the comparison of the clocks is not kept: {error:#}");
        }
    }

    /// The server's time, later at each call.
    ///
    /// Of the two clocks of this machine the later one is right: one stands while the machine sleeps, the other may have
    /// been wrong before it was compared. But one that is days ahead was set by somebody.
    pub(crate) fn now(&self) -> StationTime {
        let offset_ms = self.presses.clock_offset_ms().ok().flatten();
        let by_machine = StationTime(now_ms().saturating_add(offset_ms.unwrap_or(0)));
        let heard = *self.heard.lock().unwrap_or_else(PoisonError::into_inner);
        let by_server = heard.map(|(at, then)| at.plus_ms(then.elapsed().as_millis() as i64));
        let now = match by_server {
            Some(at) if by_machine.since_ms(at) < SLEEPS_AT_MOST_MS => at.max(by_machine),
            Some(at) => at,
            None => by_machine,
        };
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        let before = match (*last, heard) {
            (Some(last), _) => Some(last),
            // What an earlier run wrote down, unless the server has said better.
            (None, None) => self.presses.last_at().ok().flatten(),
            (None, Some(_)) => None,
        };
        let now = before.map_or(now, |before| now.max(before.plus_ms(1)));
        *last = Some(now);
        now
    }
}
