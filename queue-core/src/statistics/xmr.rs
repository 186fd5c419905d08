//! The XmR chart: whether a series of single values, such as a figure of each day, moves more than it always does.

/// Values needed before limits mean anything.
pub const XMR_LIMITS_MIN: usize = 10;
/// So many values in a row on one side of the mean are a shift.
pub const XMR_RUN: usize = 8;
/// Three standard deviations in mean moving ranges: 3 / d2 for ranges of two values, d2 = 1.128.
const LIMITS: f64 = 2.66;

/// Mean and natural limits of a series of single values.
///
/// Wheeler, "Understanding Variation" (1993): with the moving ranges `|x[i] - x[i-1]|`, the limits stand at the mean
/// of the values plus and minus 2.66 times the mean of the moving ranges. Unlike a standard deviation over all
/// values, that width is not blown up by the very shifts the chart is to show.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Xmr {
    /// Mean of the values, in their unit.
    pub mean: f64,
    /// Lower and upper limit, in the same unit; absent with fewer than [`XMR_LIMITS_MIN`] values. The lower one of
    /// times can be below 0; no time is.
    pub limits: Option<(f64, f64)>,
}

/// What is unusual about a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum XmrSignal {
    /// Beyond a limit.
    Beyond,
    /// At the end of [`XMR_RUN`] or more values in a row on one side of the mean.
    Shift,
}

impl Xmr {
    /// Of finite values in the order of time; `None` over none.
    pub fn of(values: &[f64]) -> Option<Self> {
        if values.is_empty() {
            return None;
        }
        let mean = values.iter().sum::<f64>() / values.len() as f64;
        let limits = (values.len() >= XMR_LIMITS_MIN).then(|| {
            let ranges = values.windows(2).map(|pair| (pair[1] - pair[0]).abs());
            let reach = LIMITS * ranges.sum::<f64>() / (values.len() - 1) as f64;
            (mean - reach, mean + reach)
        });
        Some(Self { mean, limits })
    }

    /// What is unusual about each of `values`, in their order; without limits nothing is.
    pub fn signals(self, values: &[f64]) -> impl Iterator<Item = Option<XmrSignal>> {
        let mut side = core::cmp::Ordering::Equal;
        let mut run = 0;
        values.iter().map(move |value| {
            let (low, high) = self.limits?;
            let here = value.total_cmp(&self.mean);
            run = if here == side { run + 1 } else { 1 };
            side = here;
            if *value < low || *value > high {
                Some(XmrSignal::Beyond)
            } else if run >= XMR_RUN && side.is_ne() {
                Some(XmrSignal::Shift)
            } else {
                None
            }
        })
    }
}
