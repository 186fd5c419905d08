//! A bag of durations that keeps every value, and exact order statistics over it.

use alloc::vec::Vec;

use super::figures::Summary;

/// Milliseconds in a second.
pub(super) const MS_PER_S: f64 = 1_000.0;
const US_PER_S: f64 = 1_000_000.0;
/// Microseconds in a hundredth of a millisecond.
const US_PER_HUNDREDTH: u64 = 10;

/// Durations of one kind. Nothing is binned or averaged before [`Durations::summary`], so joining two bags loses
/// nothing.
#[derive(Clone, Debug, Default)]
pub(super) struct Durations {
    values_ms: Vec<u32>,
    total_ms: u64,
}

impl Durations {
    pub(super) fn push(&mut self, duration_ms: u32) {
        self.values_ms.push(duration_ms);
        self.total_ms += u64::from(duration_ms);
    }

    pub(super) fn append(&mut self, mut other: Self) {
        self.values_ms.append(&mut other.values_ms);
        self.total_ms += other.total_ms;
    }

    pub(super) fn count(&self) -> u64 {
        self.values_ms.len() as u64
    }

    pub(super) fn total_ms(&self) -> u64 {
        self.total_ms
    }

    /// The mean in seconds, `None` over nothing.
    pub(super) fn mean_s(&self) -> Option<f64> {
        let count = self.values_ms.len();
        (count > 0).then(|| self.total_ms as f64 / (count as f64 * MS_PER_S))
    }

    /// The median in seconds, `None` over nothing. Reorders the values.
    pub(super) fn median_s(&mut self) -> Option<f64> {
        type7_quantiles_us(&mut self.values_ms, [50]).map(|[median_us]| in_seconds(median_us))
    }

    /// The figures over these durations. Reorders the values.
    pub(super) fn summary(&mut self) -> Summary {
        let quantiles = type7_quantiles_us(&mut self.values_ms, [100, 95, 90, 80, 50]);
        let [max_s, p95_s, p90_s, p80_s, median_s] = match quantiles {
            Some(quantiles_us) => quantiles_us.map(|quantile_us| Some(in_seconds(quantile_us))),
            None => [None; 5],
        };
        Summary {
            n: self.count(),
            mean_s: self.mean_s(),
            median_s,
            p80_s,
            p90_s,
            p95_s,
            max_s,
        }
    }
}

/// Quantiles of durations in milliseconds, at `percents` (0 to 100, larger ones are taken as 100), in microseconds;
/// `None` over no values.
///
/// Type 7 of Hyndman and Fan, "Sample quantiles in statistical packages", The American Statistician 50 (1996) 361:
/// with the `n` values in ascending order counted from 0, the quantile at `p` stands at position `(n - 1) p`, between
/// two neighbours on the straight line from one to the other. With whole percents and whole milliseconds that is a
/// whole number of hundredths of a millisecond, so the answer is exact.
///
/// Takes time proportional to `n` by selection (fastest with `percents` falling) and reorders `values_ms`.
pub fn type7_quantiles_us<const N: usize>(
    values_ms: &mut [u32],
    percents: [u8; N],
) -> Option<[u64; N]> {
    let last_rank = values_ms.len().checked_sub(1)? as u64;
    // After a selection at some rank all lower ranks lie before it, so that a lower quantile needs to look only at
    // the first `end` values; `above` is the value that follows them in order.
    let mut end = values_ms.len();
    let mut above = 0;
    Some(percents.map(|percent| {
        let position = last_rank * u64::from(percent.min(100));
        let (rank, hundredths) = ((position / 100) as usize, position % 100);
        if rank >= end {
            end = values_ms.len();
        }
        let (_, &mut value, higher) = values_ms[..end].select_nth_unstable(rank);
        let next = higher.iter().min().copied().unwrap_or(above);
        end = rank + 1;
        above = next;
        (u64::from(value) * (100 - hundredths) + u64::from(next) * hundredths) * US_PER_HUNDREDTH
    }))
}

fn in_seconds(duration_us: u64) -> f64 {
    duration_us as f64 / US_PER_S
}
