//! The server's time, also while it is away: places in line follow from when people pressed, at whichever kiosk.

use std::sync::{Mutex, PoisonError};
use std::time::Instant;

use queue_core::StationTime;

use crate::book::now_ms;
use crate::presses::Presses;

/// A comparison of the clocks is written down where it differs by more from the one in the book, milliseconds.
const WORTH_NOTING_MS: i64 = 500;

/// A clock that is set by every welcome of the server and runs on by itself.
#[derive(Debug)]
pub(crate) struct Clock {
    presses: Presses,
    /// What the server said last in this run, and when.
    heard: Mutex<Option<(StationTime, Instant)>>,
}

impl Clock {
    pub(crate) fn new(presses: Presses) -> Self {
        Self {
            presses,
            heard: Mutex::default(),
        }
    }

    /// The server said what time it is.
    pub(crate) fn heard(&self, at: StationTime) {
        *self.heard.lock().unwrap_or_else(PoisonError::into_inner) = Some((at, Instant::now()));
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

    /// The server's time. In a run in which it was never heard: this machine's clock, set right as it was wrong last, and
    /// never before the last press in the book.
    pub(crate) fn now(&self) -> StationTime {
        let heard = *self.heard.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((at, then)) = heard {
            return at.plus_ms(then.elapsed().as_millis() as i64);
        }
        let offset_ms = self.presses.clock_offset_ms().ok().flatten();
        let by_machine = StationTime(now_ms().saturating_add(offset_ms.unwrap_or(0)));
        let last = self.presses.last_at().ok().flatten();
        last.map_or(by_machine, |last| by_machine.max(last))
    }
}
