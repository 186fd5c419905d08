//! Properties of the forecast and of what is shown of it, over random inputs.

use std::collections::BTreeMap;

use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use queue_core::forecast::{
    Announced, CycleStatistics, DisplayRange, Forecast, ForecastInput, Shown, WaitForecast,
    beta_prime_quantile, forecast, revise,
};

fn input() -> impl Strategy<Value = ForecastInput> {
    let counters = (0_u32..12, any::<bool>(), 0_u32..60);
    (
        0.0..40_000.0,
        option::of(1.0..8_000.0),
        0_u64..20,
        counters,
        0.0..21_600.0,
    )
        .prop_map(
            |(work_ahead_s, mean_cycle_s, observations, counters, open_counter_s_recent)| {
                ForecastInput {
                    work_ahead_s,
                    mean_cycle_s,
                    observations,
                    eligible_open_counters: counters.0,
                    idle_eligible_counter: counters.1,
                    calls_recent: counters.2,
                    open_counter_s_recent,
                }
            },
        )
}

fn wait_forecast() -> impl Strategy<Value = Forecast> {
    (0.0..4_000.0, 0.0..1_400.0).prop_map(|(p50_s, more_s)| {
        Forecast::Wait(WaitForecast {
            p10_s: p50_s / 2.0,
            p50_s,
            p80_s: p50_s + more_s,
            p90_s: p50_s + 2.0 * more_s,
            mean_s: None,
        })
    })
}

fn upper_end(shown: Shown, now_ms: i64) -> Option<u32> {
    match shown {
        Shown::Range(promise) => Some(promise.range(now_ms).high_min()),
        _ => None,
    }
}

proptest! {
    #[test]
    fn a_quantile_is_where_simulated_values_divide(p in 1_u32..30, a in 1_u32..30, q in 0.05..0.95) {
        // For whole shapes the distribution function is a binomial tail: I_x(p, a) = P(Bin(p + a - 1, x) >= p).
        let odds = beta_prime_quantile(q, f64::from(p), f64::from(a)).expect("valid shapes");
        let (x, rest, trials) = (odds / (1.0 + odds), 1.0 / (1.0 + odds), p + a - 1);
        let mut choices = 1.0;
        let mut tail = 0.0;
        for hits in 0..=trials {
            if hits >= p {
                tail += choices * x.powi(hits as i32) * rest.powi((trials - hits) as i32);
            }
            choices *= f64::from(trials - hits) / f64::from(hits + 1);
        }
        prop_assert!((tail - q).abs() < 1e-11, "{tail} is not {q}");
    }

    #[test]
    fn quantiles_rise_with_probability_for_any_shapes(
        p in 1e-3..1e5, a in 1e-3..1e5, q in 0.001..0.998,
    ) {
        let low = beta_prime_quantile(q, p, a).expect("valid shapes");
        let high = beta_prime_quantile(q + 0.001, p, a).expect("valid shapes");
        prop_assert!(low.is_finite() && high.is_finite() && low >= 0.0 && low <= high, "{low} {high}");
    }

    #[test]
    fn a_forecast_is_ordered_and_never_over_ninety_minutes(input in input()) {
        match forecast(&input) {
            Forecast::Wait(wait) => {
                prop_assert!(0.0 < wait.p10_s && wait.p10_s <= wait.p50_s && wait.p50_s <= wait.p80_s);
                prop_assert!(wait.p80_s <= wait.p90_s && wait.p80_s <= 5_400.0);
                prop_assert!(input.eligible_open_counters > 0);
                let range = DisplayRange::outward(wait.p50_s, wait.p80_s);
                prop_assert!(f64::from(range.low_min()) * 60.0 <= wait.p50_s + 0.001);
                prop_assert!(f64::from(range.high_min()) * 60.0 >= wait.p80_s - 0.001);
            }
            Forecast::NoWait => prop_assert!(input.idle_eligible_counter && input.work_ahead_s == 0.0),
            Forecast::NoCounterOpen => prop_assert_eq!(input.eligible_open_counters, 0),
            Forecast::CountOnly => {}
        }
    }

    #[test]
    fn every_visit_makes_the_range_narrower_or_leaves_it(input in input(), more in 1..200_u64) {
        let later = ForecastInput { observations: input.observations + more, ..input };
        if let (Some(before), Some(after)) = (forecast(&input).wait(), forecast(&later).wait()) {
            prop_assert!(after.p90_s / after.p10_s <= before.p90_s / before.p10_s * (1.0 + 1e-9));
        }
    }

    #[test]
    fn more_people_ahead_never_shorten_the_wait(input in input(), more_s in 0.0..5_000.0) {
        let longer = ForecastInput { work_ahead_s: input.work_ahead_s + more_s, ..input };
        if let (Some(before), Some(after)) = (forecast(&input).wait(), forecast(&longer).wait()) {
            prop_assert!(before.p50_s <= after.p50_s * (1.0 + 1e-12));
            prop_assert!(before.p80_s <= after.p80_s * (1.0 + 1e-12));
        }
    }

    #[test]
    fn a_shown_range_is_a_range(p50_s in any::<f64>(), p80_s in any::<f64>()) {
        let range = DisplayRange::outward(p50_s, p80_s);
        prop_assert!(range.low_min() < range.high_min() && range.high_min() <= 90);
        prop_assert_eq!((range.low_min() % 5, range.high_min() % 5), (0, 0));
    }

    #[test]
    fn a_range_is_raised_only_with_a_reason(
        first in wait_forecast(),
        revisions in vec((wait_forecast(), 0_i64..600_000, proptest::bool::weighted(0.1)), 0..30),
    ) {
        let mut now_ms = 0;
        let mut shown = Shown::first(&first, now_ms);
        for (new, later_ms, closed) in revisions {
            now_ms += later_ms;
            let announced = closed.then_some(Announced::CounterClosed);
            let revised = revise(shown, &new, now_ms, announced);
            let (before, after) = (upper_end(shown, now_ms), upper_end(revised, now_ms));
            if after > before {
                let plainly_wrong = new.wait().zip(before).is_some_and(|(wait, high_min)| {
                    wait.p50_s > f64::from(high_min) * 60.0 - 0.001
                });
                prop_assert!(announced.is_some() || plainly_wrong);
                prop_assert!(matches!(revised, Shown::Range(promise) if promise.raised.is_some()));
            }
            shown = revised;
        }
    }

    #[test]
    fn means_are_those_of_the_last_two_hundred_winsorised(
        observed in vec((0_u8..3, 1_u32..4_000_000), 1..700),
    ) {
        let mut learned = CycleStatistics::new();
        let mut all: BTreeMap<u8, Vec<u32>> = BTreeMap::new();
        for (service, cycle_ms) in &observed {
            learned.observe(*service, *cycle_ms);
            all.entry(*service).or_default().push(*cycle_ms);
        }
        let stored = serde_json::to_string(&learned).expect("plain data");
        let restored: CycleStatistics<u8> = serde_json::from_str(&stored).expect("own output");
        prop_assert_eq!(&restored, &learned);
        let mut sum_s = 0.0;
        let mut count = 0;
        for cycles in all.values() {
            let last = &cycles[cycles.len().saturating_sub(200)..];
            let mut sorted = last.to_vec();
            sorted.sort_unstable();
            let position = (sorted.len() - 1) as f64 * 0.9;
            let low = f64::from(sorted[position.floor() as usize]);
            let high = f64::from(sorted[position.ceil() as usize]);
            let ceiling = 3.0 * (low + (position - position.floor()) * (high - low));
            sum_s += last.iter().map(|ms| f64::from(*ms).min(ceiling) / 1000.0).sum::<f64>();
            count += last.len();
        }
        let mean_s = learned.overall_mean_s(None).expect("something was observed");
        prop_assert_eq!(learned.observations(), count as u64);
        // Ceilings are cut to whole milliseconds.
        prop_assert!((mean_s - sum_s / count as f64).abs() < 0.001, "{mean_s}");
    }

    /// What is forgotten was never learned.
    #[test]
    fn forgetting_takes_learning_back(
        known in vec((0_u8..3, 1_000_u32..4_000_000), 0..60),
        service in 0_u8..3,
        cycle_ms in 1_000_u32..4_000_000,
    ) {
        let mut learned = CycleStatistics::new();
        for (service, cycle_ms) in known {
            learned.observe(service, cycle_ms);
        }
        let before = learned.clone();
        learned.observe(service, cycle_ms);
        learned.forget(&service, cycle_ms);
        prop_assert_eq!(learned, before);
    }
}
