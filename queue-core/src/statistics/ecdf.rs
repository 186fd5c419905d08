//! The empirical distribution of waiting times.

use alloc::vec::Vec;

/// The share, 0 to 1, of `values_ms` that are at most each of `at_ms`; `None` over no values. Reorders the values.
///
/// This is the empirical cumulative distribution function, `F(x) = #{values <= x} / n`: van der Vaart, "Asymptotic
/// Statistics" (1998) 19. A value that equals a bound is within it, as a wait that equals the standard keeps it.
pub fn ecdf(values_ms: &mut [u32], at_ms: &[u32]) -> Option<Vec<f64>> {
    if values_ms.is_empty() {
        return None;
    }
    values_ms.sort_unstable();
    let n = values_ms.len() as f64;
    let within = |bound: &u32| values_ms.partition_point(|value| value <= bound) as f64 / n;
    Some(at_ms.iter().map(within).collect())
}
