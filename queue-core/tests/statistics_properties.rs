//! Properties of the figures over random tickets.

use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use queue_core::statistics::{
    Accumulator, Figures, Moment, Outcome, Proportion, Score, TicketFacts, XMR_LIMITS_MIN, XMR_RUN,
    Xmr, XmrSignal, ecdf, type7_quantiles_us,
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
        (any::<bool>(), any::<bool>()),
        any::<bool>(),
        any::<bool>(),
        option::of(1_u8..=5),
        1_u8..=99,
    );
    (moments, durations, outcome, flags).prop_map(|(moments, durations, outcome, flags)| {
        let (issued, first_called, last_called, started, finished) = moments;
        let (handling_ms, standard_ms) = durations;
        let ((started_inferred, at_counter), closed_by_day_end, rating_invited, score, persons) =
            flags;
        TicketFacts {
            issued,
            first_called,
            last_called,
            started,
            finished,
            handling_ms,
            standard_ms,
            outcome,
            at_counter,
            started_inferred,
            closed_by_day_end,
            session_clamped: false,
            rating_invited,
            rating: score.and_then(Score::new),
            persons,
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

proptest! {
    #[test]
    fn the_distribution_rises_from_nobody_to_everybody(
        values in vec(prop_oneof![0_u32..50, any::<u32>()], 1..200),
        mut bounds in vec(prop_oneof![0_u32..50, any::<u32>()], 1..20),
    ) {
        bounds.sort_unstable();
        bounds.push(u32::MAX);
        let shares = ecdf(&mut values.clone(), &bounds).expect("values");
        prop_assert!(shares.is_sorted());
        prop_assert_eq!(shares.last(), Some(&1.0));
        for (share, bound) in shares.iter().zip(&bounds) {
            let within = values.iter().filter(|value| *value <= bound).count();
            prop_assert_eq!(*share, within as f64 / values.len() as f64);
        }
    }

    #[test]
    fn limits_move_and_stretch_with_the_values(
        values in vec(0.0_f64..10_000.0, XMR_LIMITS_MIN..60), shift in -500.0_f64..500.0, scale in 0.1_f64..10.0,
    ) {
        let xmr = Xmr::of(&values).expect("values");
        let (low, high) = xmr.limits.expect("enough values");
        prop_assert!(low <= xmr.mean && xmr.mean <= high);
        prop_assert!((high - xmr.mean - (xmr.mean - low)).abs() < 1e-6);
        let moved: Vec<f64> = values.iter().map(|value| value * scale + shift).collect();
        let (moved_low, moved_high) = Xmr::of(&moved).expect("values").limits.expect("enough values");
        prop_assert!((moved_low - (low * scale + shift)).abs() < 1e-6);
        prop_assert!((moved_high - (high * scale + shift)).abs() < 1e-6);
        prop_assert_eq!(xmr.signals(&values).count(), values.len());
    }

    #[test]
    fn few_values_have_a_mean_and_no_limits(values in vec(0.0_f64..10_000.0, 1..XMR_LIMITS_MIN)) {
        let xmr = Xmr::of(&values).expect("values");
        prop_assert_eq!(xmr.limits, None);
        prop_assert!(xmr.signals(&values).all(|signal| signal.is_none()));
    }

    /// A step that lasts is seen at its eighth value at the latest, wherever it begins.
    #[test]
    fn a_lasting_step_is_a_signal(before in XMR_RUN..20, after in XMR_RUN..20, step in 1.0_f64..100.0) {
        let values: Vec<f64> = (0..before).map(|_| 10.0).chain((0..after).map(|_| 10.0 + step)).collect();
        let xmr = Xmr::of(&values).expect("values");
        let signals: Vec<_> = xmr.signals(&values).collect();
        prop_assert!(signals[before + XMR_RUN - 1].is_some(), "{signals:?}");
        prop_assert!(signals[..XMR_RUN - 1].iter().all(|signal| *signal != Some(XmrSignal::Shift)));
    }
}
