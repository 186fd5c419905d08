//! Properties of the figures over random tickets.

use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use queue_core::statistics::{
    Accumulator, Figures, Moment, Outcome, Proportion, Score, TicketFacts, type7_quantiles_us,
};

/// A moment close enough to others that order and equality both happen.
fn moment() -> impl Strategy<Value = Moment> {
    prop_oneof![
        8 => 0_i64..20_000,
        1 => any::<i64>(),
    ]
    .prop_map(Moment::from_ms)
}

fn ticket() -> impl Strategy<Value = TicketFacts> {
    let outcome = prop_oneof![
        Just(Outcome::Open),
        Just(Outcome::Served),
        Just(Outcome::NoShow),
        Just(Outcome::Cancelled),
        Just(Outcome::Abandoned),
    ];
    let moments = (
        moment(),
        option::of(moment()),
        option::of(moment()),
        option::of(moment()),
        option::of(moment()),
    );
    let durations = (option::of(0_u32..9_000), option::of(0_u32..9_000));
    let flags = (
        any::<bool>(),
        any::<bool>(),
        any::<bool>(),
        option::of(1_u8..=5),
    );
    (moments, durations, outcome, flags).prop_map(|(moments, durations, outcome, flags)| {
        let (issued, first_called, last_called, started, finished) = moments;
        let (handling_ms, standard_ms) = durations;
        let (started_inferred, closed_by_day_end, rating_invited, score) = flags;
        TicketFacts {
            issued,
            first_called,
            last_called,
            started,
            finished,
            handling_ms,
            standard_ms,
            outcome,
            started_inferred,
            closed_by_day_end,
            session_clamped: false,
            rating_invited,
            rating: score.and_then(Score::new),
        }
    })
}

fn group<'a>(tickets: impl IntoIterator<Item = &'a TicketFacts>) -> Accumulator {
    let mut group = Accumulator::new();
    for ticket in tickets {
        group.add(ticket);
    }
    group
}

fn figures(tickets: &[TicketFacts]) -> Figures {
    group(tickets).finish(Some(3_600_000))
}

/// Type 7 as the textbook writes it: sort, then interpolate.
fn textbook_quantile(values: &[u32], percent: u8) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_unstable();
    let position = (sorted.len() - 1) as f64 * f64::from(percent) / 100.0;
    let (below, above) = (position.floor() as usize, position.ceil() as usize);
    let (low, high) = (f64::from(sorted[below]), f64::from(sorted[above]));
    low + (position - position.floor()) * (high - low)
}

proptest! {
    #[test]
    fn quantiles_are_those_of_the_textbook(
        values in vec(prop_oneof![0_u32..50, any::<u32>()], 1..400),
        percents in any::<[u8; 4]>().prop_map(|percents| percents.map(|percent| percent % 101)),
    ) {
        let quantiles_us = type7_quantiles_us(&mut values.clone(), percents).expect("values");
        for (quantile_us, percent) in quantiles_us.into_iter().zip(percents) {
            let quantile_ms = quantile_us as f64 / 1_000.0;
            let expected_ms = textbook_quantile(&values, percent);
            prop_assert!(
                (quantile_ms - expected_ms).abs() <= 1e-12 * expected_ms.max(1.0),
                "{quantile_ms} is not {expected_ms}"
            );
        }
    }

    #[test]
    fn the_order_of_tickets_does_not_matter(
        (tickets, shuffled) in vec(ticket(), 0..60).prop_flat_map(|tickets| {
            let shuffled = Just(tickets.clone()).prop_shuffle();
            (Just(tickets), shuffled)
        }),
    ) {
        prop_assert_eq!(figures(&tickets), figures(&shuffled));
    }

    #[test]
    fn parts_merged_are_the_whole(tickets in vec(ticket(), 0..60), parts in 1_usize..5) {
        let mut merged = Accumulator::new();
        for part in 0..parts {
            merged.merge(group(tickets.iter().skip(part).step_by(parts)));
        }
        prop_assert_eq!(merged.finish(Some(3_600_000)), figures(&tickets));
    }

    #[test]
    fn nobody_is_lost_and_nothing_is_negative(tickets in vec(ticket(), 0..60)) {
        let row = figures(&tickets);
        prop_assert_eq!(row.issued, tickets.len() as u64);
        prop_assert_eq!(row.issued, row.open + row.served + row.no_show + row.cancelled + row.abandoned);
        prop_assert_eq!(row.wait.waits.n, row.called);
        prop_assert_eq!(row.wait_last.n, row.called);
        prop_assert_eq!(row.wait_including_abandoned.n, row.called + row.wait_including_abandoned.censored);
        prop_assert_eq!(row.rating.n, row.rating.counts.iter().sum::<u64>());
        for summary in [&row.wait.waits, &row.wait_last, &row.walk, &row.handling, &row.stay] {
            let ordered = [summary.median_s, summary.p80_s, summary.p90_s, summary.p95_s, summary.max_s];
            prop_assert!(ordered.is_sorted(), "{summary:?}");
            prop_assert!(ordered.iter().all(|figure| figure.is_some() == (summary.n > 0)), "{summary:?}");
            prop_assert!(summary.mean_s <= summary.max_s && summary.median_s.is_none_or(|median| median >= 0.0));
        }
        for share in [row.wait.within_standard, row.no_show_rate, row.abandoned_rate, row.rating.response_rate] {
            prop_assert!(share.is_none_or(|share| (0.0..=1.0).contains(&share)), "{share:?}");
        }
    }

    #[test]
    fn a_wilson_interval_holds_its_share(hits in 0_u64..1_000, misses in 0_u64..1_000) {
        let Proportion { share, low, high } = Proportion::wilson(hits, hits + misses);
        prop_assert!(share.is_some() == (hits + misses > 0));
        prop_assert!(low.is_none_or(|low| low >= 0.0) && high.is_none_or(|high| high <= 1.0));
        prop_assert!(low <= share && share <= high);
    }
}
