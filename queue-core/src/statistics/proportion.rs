//! A share with its uncertainty.

use serde::{Deserialize, Serialize};

/// The 97.5 % point of the standard normal distribution.
const Z_95: f64 = 1.959_963_984_540_054;

/// A share and its two-sided 95 % interval, all absent where there is nothing to take a share of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Proportion {
    /// The share itself, 0 to 1.
    pub share: Option<f64>,
    /// Lower end of the interval, 0 to `share`.
    pub low: Option<f64>,
    /// Upper end of the interval, `share` to 1.
    pub high: Option<f64>,
}

impl Proportion {
    /// The share of `hits` in `trials` with its Wilson interval: Wilson, "Probable inference, the law of succession,
    /// and statistical inference", Journal of the American Statistical Association 22 (1927) 209.
    ///
    /// With `p = hits / trials` the ends are `(p + z²/2n ± z sqrt(p(1-p)/n + z²/4n²)) / (1 + z²/n)`. Hits beyond
    /// `trials` are taken as `trials`.
    pub fn wilson(hits: u64, trials: u64) -> Self {
        if trials == 0 {
            return Self::default();
        }
        let hits = hits.min(trials);
        let n = trials as f64;
        let share = hits as f64 / n;
        let z2 = Z_95 * Z_95;
        let centre = share + z2 / (2.0 * n);
        let reach = Z_95 * libm::sqrt(share * (1.0 - share) / n + z2 / (4.0 * n * n));
        let scale = 1.0 + z2 / n;
        // At no hits and at all hits one end is 0 or 1 exactly; rounding must not push it outside.
        Self {
            share: Some(share),
            low: Some(if hits == 0 {
                0.0
            } else {
                (centre - reach) / scale
            }),
            high: Some(if hits == trials {
                1.0
            } else {
                (centre + reach) / scale
            }),
        }
    }
}
