//! What the same figures were on earlier business days: the only comparison the live page makes.

use queue_core::statistics::Figures;

/// Days with data that are looked at, at most.
pub(super) const DAYS_MAX: usize = 8;
/// Days needed before a range of them is shown.
const DAYS_MIN: usize = 2;

/// Lowest and highest of a figure over earlier days.
pub(super) type Range = (f64, f64);

/// Earlier business days.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Past {
    /// How many there are.
    pub(super) days: usize,
    /// Share called within the standard.
    pub(super) within_standard: Option<Range>,
    /// Served in the whole day.
    pub(super) served: Option<Range>,
    /// Share of scores 4 and 5.
    pub(super) top2: Option<Range>,
}

impl Past {
    /// Over the figures of whole days, newest last; days on which nobody was called do not count.
    pub(super) fn of_days<'a>(days: impl DoubleEndedIterator<Item = &'a Figures>) -> Self {
        let days: Vec<&Figures> = days
            .rev()
            .filter(|day| day.called > 0)
            .take(DAYS_MAX)
            .collect();
        let range = |figure: &dyn Fn(&Figures) -> Option<f64>| {
            let values: Vec<f64> = days.iter().filter_map(|day| figure(day)).collect();
            let low = values.iter().copied().reduce(f64::min)?;
            let high = values.iter().copied().reduce(f64::max)?;
            (values.len() >= DAYS_MIN).then_some((low, high))
        };
        Self {
            days: days.len(),
            within_standard: range(&|day| day.wait.within_standard),
            served: range(&|day| Some(day.served as f64)),
            top2: range(&|day| day.rating.top2.share),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(called: u64, served: u64) -> Figures {
        Figures {
            called,
            served,
            ..Figures::default()
        }
    }

    #[test]
    fn one_earlier_day_is_no_range() {
        let days = [day(5, 5), day(0, 0)];
        let past = Past::of_days(days.iter());
        assert_eq!((past.days, past.served), (1, None));
    }

    #[test]
    fn the_newest_days_with_calls_give_the_range() {
        let mut days: Vec<Figures> = (0..20).map(|n| day(1, n)).collect();
        days.push(day(0, 1_000));
        let past = Past::of_days(days.iter());
        assert_eq!((past.days, past.served), (8, Some((12.0, 19.0))));
        assert_eq!(past.within_standard, None, "nothing is known of it");
    }
}
