//! The waiting time of one ticket from the state of its queue, in closed form.
//!
//! The rate `mu` at which one open counter takes visitors is unknown; a gamma prior worth 240 counter-minutes at the
//! learned mean cycle meets the calls and open counter time of the last half hour: `mu ~ Gamma(a, b)` with
//! `a = b0 / cycle + calls`, `b = b0 + open time`. Given `mu`, a ticket with `n` cycles of work ahead at `k` counters
//! waits for `n + 1` completions: `W ~ Gamma(n + 1, k mu)`. Together `W = (b / k) BetaPrime(n + 1, a)`, whose spread
//! holds both the randomness of the service and the ignorance of the rate.
//!
//! On a station's first days the mean cycle is the configuration's guess. It counts as five observed cycles: `a` and `b`
//! are scaled down, together, to what so many cycles and those observed since can tell. The first visitors get a wide
//! range instead of none, and it narrows with every visit.

use super::beta_prime::beta_prime_quantile;

/// Weight of the learned mean cycle against the last half hour: 240 counter-minutes.
const PRIOR_COUNTER_S: f64 = 240.0 * 60.0;
/// What the configuration's guess of a cycle is worth, in observed cycles.
const GUESS_CYCLES: f64 = 5.0;
/// A wait that may well exceed this is not told in minutes.
const MAX_TOLD_S: f64 = 90.0 * 60.0;

/// The state of the queue as one ticket sees it. Times in seconds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ForecastInput {
    /// Sum of the mean cycles of the tickets that will be called before this one, each by its own service.
    pub work_ahead_s: f64,
    /// Mean cycle over the mix of services; `None` where it is neither learned nor guessed.
    pub mean_cycle_s: Option<f64>,
    /// Cycles observed so far behind these means.
    pub observations: u64,
    /// Counters open now that may call this ticket.
    pub eligible_open_counters: u32,
    /// One of them is free.
    pub idle_eligible_counter: bool,
    /// Calls by eligible counters in the last 30 minutes.
    pub calls_recent: u32,
    /// Time those counters were open in the last 30 minutes, summed over counters.
    pub open_counter_s_recent: f64,
}

/// What can be said about the time to a ticket's first call.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Forecast {
    /// A counter is free and nobody is ahead.
    NoWait,
    /// No open counter may call this ticket: say when one opens, not minutes.
    NoCounterOpen,
    /// Too little is known, or the wait is too long for minutes to be honest: say how many are ahead.
    CountOnly,
    /// The wait.
    Wait(WaitForecast),
}

/// A distribution of the time to the first call, in seconds. `0 < p10_s <= p50_s <= p80_s <= p90_s`, and `p80_s` is
/// at most 90 minutes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct WaitForecast {
    /// One in ten waits less.
    pub p10_s: f64,
    /// Half wait less.
    pub p50_s: f64,
    /// Eight in ten wait less.
    pub p80_s: f64,
    /// Nine in ten wait less.
    pub p90_s: f64,
    /// The mean, absent where the rate is so uncertain that there is none.
    pub mean_s: Option<f64>,
}

impl Forecast {
    /// The same for somebody whose turn comes no earlier than `floor_s` from now: an appointment made for later. A free
    /// counter calls such a visitor nevertheless, so that no wait stays no wait.
    #[must_use]
    pub fn not_before(self, floor_s: f64) -> Self {
        let Self::Wait(wait) = self else { return self };
        let floor_s = floor_s.clamp(0.0, MAX_TOLD_S);
        Self::Wait(WaitForecast {
            p10_s: wait.p10_s.max(floor_s),
            p50_s: wait.p50_s.max(floor_s),
            p80_s: wait.p80_s.max(floor_s),
            p90_s: wait.p90_s.max(floor_s),
            mean_s: wait.mean_s.map(|mean_s| mean_s.max(floor_s)),
        })
    }

    /// The wait, where there is one to tell.
    pub const fn wait(&self) -> Option<&WaitForecast> {
        match self {
            Self::Wait(wait) => Some(wait),
            Self::NoWait | Self::NoCounterOpen | Self::CountOnly => None,
        }
    }
}

/// Forecasts one ticket's wait. Total: numbers that make no sense (negative, not finite) count as nothing known.
pub fn forecast(input: &ForecastInput) -> Forecast {
    if input.eligible_open_counters == 0 {
        return Forecast::NoCounterOpen;
    }
    // A counter that is free although others wait is between two visitors, not waiting for this one.
    if input.idle_eligible_counter && input.work_ahead_s == 0.0 {
        return Forecast::NoWait;
    }
    told(input).map_or(Forecast::CountOnly, Forecast::Wait)
}

/// The 80 % point of the wait in seconds, for decisions that need some number: also where the wait is too long or too
/// little is known to tell it to visitors. None where not even a guess of the handling is there.
pub fn wait_p80_s(input: &ForecastInput) -> Option<f64> {
    if input.idle_eligible_counter && input.work_ahead_s == 0.0 {
        return Some(0.0);
    }
    Law::of(input)?.quantile_s(0.8)
}

/// The wait in figures, where they are few enough minutes to tell.
fn told(input: &ForecastInput) -> Option<WaitForecast> {
    let law = Law::of(input)?;
    // First, as most of a long line ends here.
    let p80_s = law.quantile_s(0.8).filter(|p80_s| *p80_s <= MAX_TOLD_S)?;
    Some(WaitForecast {
        p10_s: law.quantile_s(0.1)?,
        p50_s: law.quantile_s(0.5)?,
        p80_s,
        p90_s: law.quantile_s(0.9)?,
        mean_s: (law.a > 1.0).then(|| law.scale_s * law.completions / (law.a - 1.0)),
    })
}

/// `W = scale BetaPrime(completions, a)`.
struct Law {
    completions: f64,
    a: f64,
    scale_s: f64,
}

impl Law {
    /// None where a number makes no sense, or no mean cycle is known.
    fn of(input: &ForecastInput) -> Option<Self> {
        let known = |value: f64| (value.is_finite() && value >= 0.0).then_some(value);
        let mean_cycle_s = known(input.mean_cycle_s?).filter(|mean_cycle_s| *mean_cycle_s > 0.0)?;
        let certainty =
            (mean_cycle_s * (GUESS_CYCLES + input.observations as f64) / PRIOR_COUNTER_S).min(1.0);
        let b_s = certainty * (PRIOR_COUNTER_S + known(input.open_counter_s_recent)?);
        Some(Self {
            completions: known(input.work_ahead_s)? / mean_cycle_s + 1.0,
            a: certainty * (PRIOR_COUNTER_S / mean_cycle_s + f64::from(input.calls_recent)),
            scale_s: b_s / f64::from(input.eligible_open_counters),
        })
    }

    fn quantile_s(&self, q: f64) -> Option<f64> {
        Some(self.scale_s * beta_prime_quantile(q, self.completions, self.a)?)
    }
}
