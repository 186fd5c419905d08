//! How evenly work is spread over counters.

use alloc::vec::Vec;

/// The Gini coefficient of loads: 0 where all are equal, towards 1 where one has everything. Absent for fewer than two,
/// where nobody has any, and where one is negative or not finite.
///
/// `sum (2 i - n - 1) x_i / (n sum x_i)` over the loads in rising order (Sen 1973).
#[must_use]
pub fn gini(loads: &[f64]) -> Option<f64> {
    let mut rising: Vec<f64> = loads.to_vec();
    rising.sort_by(f64::total_cmp);
    let sum: f64 = rising.iter().sum();
    let usable = rising.iter().all(|load| load.is_finite() && *load >= 0.0);
    if rising.len() < 2 || !usable || sum <= 0.0 || !sum.is_finite() {
        return None;
    }
    let n = rising.len() as f64;
    let weighted = rising.iter().zip(1_u32..);
    let weighted: f64 = weighted
        .map(|(load, i)| (2.0 * f64::from(i) - n - 1.0) * load)
        .sum();
    Some((weighted / (n * sum)).max(0.0))
}
