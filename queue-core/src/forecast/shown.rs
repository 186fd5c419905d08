//! What a visitor is shown of a forecast, and when that may change.
//!
//! People take the first range they read as a promise: finding it shortened pleases, finding it lengthened costs
//! trust. So a range counts down by itself, is replaced freely by a shorter one, and grows only when it has become
//! plainly wrong or something announced (a counter closing) explains it.

use serde::{Deserialize, Serialize};

use super::wait::{Forecast, WaitForecast};

/// Ranges are rounded outward to multiples of this many minutes.
const STEP_MIN: u32 = 5;
const MS_PER_MIN: i64 = 60_000;
const STEP_MS: i64 = STEP_MIN as i64 * MS_PER_MIN;
/// Longest time shown in minutes: an hour and a half, as in the forecast.
const MAX_SHOWN_MS: i64 = 90 * MS_PER_MIN;

/// A range of whole minutes, multiples of 5, the upper greater than the lower: "about 15–25 minutes".
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct DisplayRange {
    low_min: u32,
    high_min: u32,
}

impl DisplayRange {
    /// The range from the median to the 80th percentile, rounded outward: the lower end down, the upper end up, and
    /// five minutes apart where both would be the same. What is negative or no number counts as 0, what is beyond
    /// 90 minutes as 90; an upper end below the lower one counts as equal to it.
    pub fn outward(p50_s: f64, p80_s: f64) -> Self {
        Self::outward_ms(to_ms(p50_s), to_ms(p80_s))
    }

    /// Lower end in minutes, 0 to 85.
    pub const fn low_min(self) -> u32 {
        self.low_min
    }

    /// Upper end in minutes, 5 to 90.
    pub const fn high_min(self) -> u32 {
        self.high_min
    }

    fn outward_ms(p50_ms: i64, p80_ms: i64) -> Self {
        let p50_ms = p50_ms.clamp(0, MAX_SHOWN_MS);
        let p80_ms = p80_ms.clamp(p50_ms, MAX_SHOWN_MS);
        let last_step = MAX_SHOWN_MS / STEP_MS;
        let low = (p50_ms / STEP_MS).min(last_step - 1);
        let high = ((p80_ms + STEP_MS - 1) / STEP_MS).max(low + 1);
        // Both are between 0 and 18.
        Self {
            low_min: low as u32 * STEP_MIN,
            high_min: high as u32 * STEP_MIN,
        }
    }
}

/// Something that people in the hall were told and that explains a longer wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Announced {
    /// A counter closed.
    CounterClosed,
    /// A counter paused.
    CounterPaused,
}

/// Why a shown range was raised; to be said beside it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Raised {
    /// Something announced.
    Announced(Announced),
    /// Handling takes longer than was foreseen.
    SlowerThanForeseen,
}

/// A range that was shown, fixed to the clock, so that what is left of it counts down by itself. Times are station
/// time in milliseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Promise {
    /// When the median forecast ends.
    pub p50_at_ms: i64,
    /// When the 80 % forecast ends: "10:35 at the latest".
    pub p80_at_ms: i64,
    /// Why it was raised above an earlier promise, if it was.
    pub raised: Option<Raised>,
}

impl Promise {
    fn made(now_ms: i64, wait: &WaitForecast, raised: Option<Raised>) -> Self {
        Self {
            p50_at_ms: now_ms.saturating_add(to_ms(wait.p50_s)),
            p80_at_ms: now_ms.saturating_add(to_ms(wait.p80_s)),
            raised,
        }
    }

    /// What is left of it at `now_ms`.
    pub fn range(&self, now_ms: i64) -> DisplayRange {
        DisplayRange::outward_ms(
            self.p50_at_ms.saturating_sub(now_ms),
            self.p80_at_ms.saturating_sub(now_ms),
        )
    }
}

/// What one visitor is shown about the wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Shown {
    /// "Almost no wait."
    NoWait,
    /// No counter for this is open; when it opens again.
    NoCounterOpen,
    /// Only how many are ahead.
    CountOnly,
    /// A range of minutes.
    Range(Promise),
}

impl Shown {
    /// What is shown to somebody who has been shown nothing yet.
    pub fn first(forecast: &Forecast, now_ms: i64) -> Self {
        Self::of(forecast, now_ms, None)
    }

    fn of(forecast: &Forecast, now_ms: i64, raised: Option<Raised>) -> Self {
        match forecast {
            Forecast::NoWait => Self::NoWait,
            Forecast::NoCounterOpen => Self::NoCounterOpen,
            Forecast::CountOnly => Self::CountOnly,
            Forecast::Wait(wait) => Self::Range(Promise::made(now_ms, wait, raised)),
        }
    }
}

/// What to show at `now_ms` to somebody who is being shown `shown`, given a new forecast and whatever was announced
/// since the last one.
///
/// A shown range gives way to a range that ends no later; to a later one only if its median lies beyond the upper
/// end now shown, or if something was announced, and then the reason goes with it; and to every statement without
/// minutes, because a number that is no longer known must not stay. In all other cases it stands and counts down.
pub fn revise(shown: Shown, new: &Forecast, now_ms: i64, announced: Option<Announced>) -> Shown {
    let (Shown::Range(promise), Forecast::Wait(wait)) = (shown, new) else {
        return Shown::first(new, now_ms);
    };
    let candidate = Promise::made(now_ms, wait, promise.raised);
    let shown_until_ms =
        now_ms.saturating_add(i64::from(promise.range(now_ms).high_min()) * MS_PER_MIN);
    let raised = if candidate.p80_at_ms <= promise.p80_at_ms {
        return Shown::Range(candidate);
    } else if let Some(announced) = announced {
        Raised::Announced(announced)
    } else if candidate.p50_at_ms > shown_until_ms {
        Raised::SlowerThanForeseen
    } else {
        return shown;
    };
    Shown::of(new, now_ms, Some(raised))
}

/// Seconds to whole milliseconds; nothing below 0, and no more than is ever shown.
fn to_ms(seconds: f64) -> i64 {
    // A float cast saturates and takes NaN as 0; rounding first keeps 1500.0000001 s from becoming 30 minutes.
    (libm::round(seconds * 1000.0) as i64).clamp(0, MAX_SHOWN_MS)
}
