//! How long a visitor will wait: the closed-form forecast, and what of it is shown.
//!
//! [`CycleStatistics`] learns how long a counter takes per visitor of each service. [`forecast`] turns the state of
//! the queue ([`ForecastInput`]) into a distribution of the time to the first call ([`Forecast`]). [`DisplayRange`]
//! is what people read, and [`revise`] keeps what they have read from creeping upwards. A better predictor later
//! replaces [`forecast`] only: it answers with the same [`Forecast`].
//!
//! Two rules stand above accuracy: where nothing is known there is no number, and a range is rounded outward.

mod beta_prime;
mod cycles;
mod shown;
mod wait;

pub use beta_prime::beta_prime_quantile;
pub use cycles::CycleStatistics;
pub use shown::{Announced, DisplayRange, Promise, Raised, Shown, revise};
pub use wait::{Forecast, ForecastInput, WaitForecast, forecast, wait_p80_s};
