//! Quantiles of the beta-prime distribution.

use libm::{exp, fabs, lgamma, log};

/// Log-odds beyond which a quantile is out of the range of `f64`.
const LOG_ODDS_LIMIT: f64 = 700.0;
/// Bisection alone would halve the bracket to the last bit in fewer steps than this.
const MAX_STEPS: u32 = 100;
const MAX_TERMS: u32 = 10_000;

/// The value that a beta-prime variable of shapes `p` and `a` stays below with probability `q`.
///
/// If `X` is Beta(`p`, `a`) then `X / (1 - X)` is BetaPrime(`p`, `a`), so this is `x / (1 - x)` where
/// `I_x(p, a) = q`, with `I` the regularised incomplete beta function. Solved in log-odds `ln(x / (1 - x))`, in which
/// neither end of the unit interval loses digits, by Newton's method inside a bracket.
///
/// `p` and `a` must be positive and finite and `q` inside (0, 1); otherwise the answer is `None`. A quantile too
/// large or too small for `f64` is given as the nearest end of about 1e±304.
pub fn beta_prime_quantile(q: f64, p: f64, a: f64) -> Option<f64> {
    let is_shape = |shape: f64| shape > 0.0 && shape.is_finite();
    let is_inside = q > 0.0 && q < 1.0;
    if !(is_shape(p) && is_shape(a) && is_inside) {
        return None;
    }
    let ln_beta = lgamma(p) + lgamma(a) - lgamma(p + a);
    let (mut below, mut above) = (-LOG_ODDS_LIMIT, LOG_ODDS_LIMIT);
    // In log-odds the density has one mode, here; the distribution function is convex below it and concave above, so
    // that from here Newton's method approaches every quantile from one side.
    let mut log_odds = log(p / a).clamp(below, above);
    for _ in 0..MAX_STEPS {
        let at = BetaAt::log_odds(log_odds);
        let density = exp(p * at.ln_x + a * at.ln_rest - ln_beta);
        let excess = at.regularised(p, a, density) - q;
        if excess > 0.0 {
            above = log_odds;
        } else {
            below = log_odds;
        }
        let newton = log_odds - excess / density;
        let next = if newton > below && newton < above {
            newton
        } else {
            0.5 * (below + above)
        };
        let step = fabs(next - log_odds);
        log_odds = next;
        if step <= 1e-13 * fabs(log_odds).max(1.0) {
            break;
        }
    }
    Some(exp(log_odds))
}

/// A point of the unit interval with its complement, both to full precision.
struct BetaAt {
    x: f64,
    rest: f64,
    ln_x: f64,
    ln_rest: f64,
}

impl BetaAt {
    fn log_odds(t: f64) -> Self {
        // Of the two logarithms the one near 0 is computed from its small argument.
        let (ln_x, ln_rest) = if t < 0.0 {
            let ln_rest = -libm::log1p(exp(t));
            (t + ln_rest, ln_rest)
        } else {
            let ln_x = -libm::log1p(exp(-t));
            (ln_x, ln_x - t)
        };
        Self {
            x: exp(ln_x),
            rest: exp(ln_rest),
            ln_x,
            ln_rest,
        }
    }

    /// `I_x(p, a)`, given `density = x^p (1-x)^a / B(p, a)`.
    fn regularised(&self, p: f64, a: f64, density: f64) -> f64 {
        // The continued fraction converges fast below the mean; above it the complement does.
        if self.x < (p + 1.0) / (p + a + 2.0) {
            density * continued_fraction(p, a, self.x) / p
        } else {
            1.0 - density * continued_fraction(a, p, self.rest) / a
        }
    }
}

/// The continued fraction of `I_x(p, a)`: NIST Digital Library of Mathematical Functions 8.17.22, evaluated from the
/// front by the modified method of Lentz, for which see Thompson and Barnett, Journal of Computational Physics 64 (1986) 490.
fn continued_fraction(p: f64, a: f64, x: f64) -> f64 {
    let away_from_zero = |value: f64| if fabs(value) < 1e-300 { 1e-300 } else { value };
    let mut c = 1.0;
    let mut d = 1.0 / away_from_zero(1.0 - (p + a) * x / (p + 1.0));
    let mut fraction = d;
    for term in 1..=MAX_TERMS {
        let m = f64::from(term);
        let even = m * (a - m) * x / ((p + 2.0 * m - 1.0) * (p + 2.0 * m));
        let odd = -(p + m) * (p + a + m) * x / ((p + 2.0 * m) * (p + 2.0 * m + 1.0));
        let mut change = 1.0;
        for coefficient in [even, odd] {
            d = 1.0 / away_from_zero(1.0 + coefficient * d);
            c = away_from_zero(1.0 + coefficient / c);
            change = c * d;
            fraction *= change;
        }
        if fabs(change - 1.0) < 1e-16 {
            break;
        }
    }
    fraction
}
