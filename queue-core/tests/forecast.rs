//! The closed-form forecast against reference values, and what visitors are shown of it.

use queue_core::forecast::{
    Announced, CycleStatistics, DisplayRange, Forecast, ForecastInput, Raised, Shown, WaitForecast,
    beta_prime_quantile, forecast, revise,
};

const MINUTE_MS: i64 = 60_000;

/// Six tickets of eight minutes ahead of two counters that have worked at that pace for half an hour.
const TYPICAL: ForecastInput = ForecastInput {
    work_ahead_s: 6.0 * 480.0,
    mean_cycle_s: Some(480.0),
    observations: 100,
    eligible_open_counters: 2,
    idle_eligible_counter: false,
    calls_recent: 8,
    open_counter_s_recent: 3_600.0,
};

fn wait_of(input: &ForecastInput) -> WaitForecast {
    *forecast(input)
        .wait()
        .unwrap_or_else(|| panic!("{input:?} has no wait"))
}

fn close(actual: f64, expected: f64, relative: f64) {
    assert!(
        ((actual - expected) / expected).abs() < relative,
        "{actual} is not {expected}"
    );
}

#[test]
fn beta_prime_quantiles_match_reference_values() {
    // x / (1 - x) with I_x(p, a) = q at q = 0.1, 0.5, 0.8, 0.9; mpmath betainc(regularized=True) solved with 30 digits.
    #[rustfmt::skip]
    let cases = [
        (1.0, 30.0, [0.003518191546995701, 0.02337389199677491, 0.05511306353622757, 0.07977516232770966]),
        (4.0, 30.0, [0.05700205217796024, 0.123783310663055, 0.1916194036865322, 0.2366438504523698]),
        (8.0, 45.5, [0.0998578581497298, 0.1698006796504067, 0.2328359610653754, 0.2723065336879867]),
        (16.0, 60.0, [0.1801112245354184, 0.2625911631485613, 0.331577397020283, 0.3731599034969099]),
        (31.0, 24.25, [0.9058759602612455, 1.282210454650274, 1.614699497008467, 1.824007509908907]),
        (3.7, 41.2, [0.03702529433542314, 0.08252944264076776, 0.1286934383066961, 0.1591262794664121]),
        (201.0, 12.0, [11.94390723714078, 17.19744299280377, 22.36416211813762, 25.87239513146162]),
        (1.0, 0.5, [0.2345679012345679, 3.0, 24.0, 99.0]),
        (0.3, 2.0, [0.0001936440971153719, 0.04467828580249377, 0.3151097208178574, 0.6898277088116604]),
        (500.0, 900.0, [0.5169385819393041, 0.5553909193909577, 0.582030500803067, 0.596412981291421]),
    ];
    for (p, a, quantiles) in cases {
        for (q, expected) in [0.1, 0.5, 0.8, 0.9].into_iter().zip(quantiles) {
            let actual = beta_prime_quantile(q, p, a).expect("valid shapes");
            close(actual, expected, 1e-11);
        }
    }
}

#[test]
fn beta_prime_quantiles_refuse_what_has_none() {
    for (q, p, a) in [
        (0.0, 1.0, 1.0),
        (1.0, 1.0, 1.0),
        (0.5, 0.0, 1.0),
        (0.5, 1.0, -1.0),
        (f64::NAN, 1.0, 1.0),
        (0.5, f64::NAN, 1.0),
        (0.5, 1.0, f64::INFINITY),
    ] {
        assert_eq!(beta_prime_quantile(q, p, a), None, "{q} {p} {a}");
    }
}

#[test]
fn the_wait_is_the_beta_prime_of_the_posterior_rate() {
    // n + 1 = 7, a = 14400 / 480 + 8 = 38, b = 14400 + 3600 s, k = 2: W = 9000 s BetaPrime(7, 38).
    let wait = wait_of(&TYPICAL);
    let quantile_s = |q| 9_000.0 * beta_prime_quantile(q, 7.0, 38.0).expect("valid shapes");
    close(wait.p10_s, quantile_s(0.1), 1e-12);
    close(wait.p50_s, quantile_s(0.5), 1e-12);
    close(wait.p80_s, quantile_s(0.8), 1e-12);
    close(wait.p90_s, quantile_s(0.9), 1e-12);
    close(wait.mean_s.expect("a mean"), 9_000.0 * 7.0 / 37.0, 1e-12);
}

#[test]
fn with_the_rate_known_the_wait_is_gamma() {
    // All c counters busy, n ahead, exponential cycles of mean m: the wait is Gamma(n + 1, c / m), in minutes here.
    // So much recent work at exactly that pace pins the rate; what is left is under a thousandth.
    for (ahead, counters, mean_min, p10, p50, p80, p90) in [
        (
            0.0,
            1,
            8.0,
            0.842_884_125_3,
            5.545_177_444,
            12.875_503_3,
            18.420_680_74,
        ),
        (
            3.0,
            2,
            8.0,
            6.979_078_251,
            14.688_243,
            22.060_182_86,
            26.723_132_27,
        ),
        (
            7.0,
            3,
            6.0,
            9.312_236_354,
            15.338_498_89,
            20.465_079_29,
            23.541_828_92,
        ),
        (
            15.0,
            4,
            5.0,
            13.919_121_55,
            19.584_911_93,
            24.041_445_5,
            26.615_465_68,
        ),
        (
            30.0,
            5,
            10.0,
            48.225_706,
            61.334_622_78,
            71.125_318_09,
            76.630_208,
        ),
    ] {
        let mean_cycle_s = mean_min * 60.0;
        let calls_recent = 1_000_000;
        let wait = wait_of(&ForecastInput {
            work_ahead_s: ahead * mean_cycle_s,
            mean_cycle_s: Some(mean_cycle_s),
            eligible_open_counters: counters,
            calls_recent,
            open_counter_s_recent: f64::from(calls_recent) * mean_cycle_s,
            ..TYPICAL
        });
        close(wait.p10_s, p10 * 60.0, 1e-3);
        close(wait.p50_s, p50 * 60.0, 1e-3);
        close(wait.p80_s, p80 * 60.0, 1e-3);
        close(wait.p90_s, p90 * 60.0, 1e-3);
        close(
            wait.mean_s.expect("a mean"),
            (ahead + 1.0) * mean_cycle_s / f64::from(counters),
            1e-3,
        );
    }
}

#[test]
fn mixed_work_ahead_counts_by_its_length() {
    let two_short_one_long = ForecastInput {
        work_ahead_s: 120.0 + 120.0 + 960.0,
        ..TYPICAL
    };
    let average = ForecastInput {
        work_ahead_s: 2.5 * 480.0,
        ..TYPICAL
    };
    assert_eq!(forecast(&two_short_one_long), forecast(&average));
}

#[test]
fn slow_counters_lengthen_the_wait_and_more_counters_shorten_it() {
    let usual = wait_of(&TYPICAL);
    assert!(
        wait_of(&ForecastInput {
            calls_recent: 2,
            ..TYPICAL
        })
        .p50_s
            > usual.p50_s
    );
    assert!(
        wait_of(&ForecastInput {
            eligible_open_counters: 3,
            ..TYPICAL
        })
        .p80_s
            < usual.p80_s
    );
}

#[test]
fn where_nothing_is_known_there_is_no_number() {
    for (input, expected) in [
        (
            ForecastInput {
                eligible_open_counters: 0,
                ..TYPICAL
            },
            Forecast::NoCounterOpen,
        ),
        (
            ForecastInput {
                mean_cycle_s: None,
                ..TYPICAL
            },
            Forecast::CountOnly,
        ),
        (
            ForecastInput {
                mean_cycle_s: Some(0.0),
                ..TYPICAL
            },
            Forecast::CountOnly,
        ),
        (
            ForecastInput {
                mean_cycle_s: Some(f64::NAN),
                ..TYPICAL
            },
            Forecast::CountOnly,
        ),
        (
            ForecastInput {
                work_ahead_s: f64::INFINITY,
                ..TYPICAL
            },
            Forecast::CountOnly,
        ),
        (
            ForecastInput {
                work_ahead_s: -1.0,
                ..TYPICAL
            },
            Forecast::CountOnly,
        ),
        (
            ForecastInput {
                work_ahead_s: -1.0,
                idle_eligible_counter: true,
                ..TYPICAL
            },
            Forecast::CountOnly,
        ),
        (
            ForecastInput {
                open_counter_s_recent: f64::NAN,
                ..TYPICAL
            },
            Forecast::CountOnly,
        ),
        // 80 % within 90 minutes is told, beyond it is not.
        (
            ForecastInput {
                work_ahead_s: 40.0 * 480.0,
                ..TYPICAL
            },
            Forecast::CountOnly,
        ),
    ] {
        assert_eq!(forecast(&input), expected, "{input:?}");
    }
}

#[test]
fn on_the_first_day_the_guess_counts_as_five_visits() {
    let first_day = |observations| ForecastInput {
        work_ahead_s: 0.0,
        observations,
        eligible_open_counters: 1,
        calls_recent: 0,
        open_counter_s_recent: 0.0,
        ..TYPICAL
    };
    // BetaPrime(1, a) at q is (1 - q)^(-1/a) - 1.
    for (observations, cycles) in [(0, 5.0), (5, 10.0), (25, 30.0), (1_000, 30.0)] {
        let wait = wait_of(&first_day(observations));
        for (told_s, q) in [(wait.p50_s, 0.5_f64), (wait.p80_s, 0.8)] {
            let expected_s = cycles * 480.0 * ((1.0 - q).powf(-1.0 / cycles) - 1.0);
            close(told_s, expected_s, 1e-9);
        }
    }
    let unguessed = ForecastInput {
        mean_cycle_s: None,
        ..first_day(0)
    };
    assert_eq!(forecast(&unguessed), Forecast::CountOnly);
}

#[test]
fn a_free_counter_means_no_wait_only_when_nobody_is_ahead() {
    let free = ForecastInput {
        idle_eligible_counter: true,
        ..TYPICAL
    };
    assert!(forecast(&free).wait().is_some());
    // It needs no experience to see that nobody is waiting.
    let alone = ForecastInput {
        work_ahead_s: 0.0,
        observations: 0,
        ..free
    };
    assert_eq!(forecast(&alone), Forecast::NoWait);
    assert_eq!(
        forecast(&ForecastInput {
            eligible_open_counters: 0,
            ..alone
        }),
        Forecast::NoCounterOpen
    );
}

#[test]
fn a_rate_without_a_mean_has_none() {
    // a = 14400 / 14400 = 1: the mean of the wait diverges, its quantiles do not.
    let wait = wait_of(&ForecastInput {
        work_ahead_s: 0.0,
        mean_cycle_s: Some(14_400.0),
        eligible_open_counters: 100,
        calls_recent: 0,
        open_counter_s_recent: 0.0,
        ..TYPICAL
    });
    assert_eq!(wait.mean_s, None);
    // BetaPrime(1, 1) at 0.8 is 4.
    close(wait.p80_s, 4.0 * 144.0, 1e-12);
}

#[test]
fn cycles_are_drawn_towards_all_services_and_the_guess() {
    let mut cycles = CycleStatistics::new();
    assert_eq!(cycles.mean_s("A", None), None);
    assert_eq!(cycles.mean_s("A", Some(600.0)), Some(600.0));
    for _ in 0..10 {
        cycles.observe("A", 300_000);
    }
    for _ in 0..30 {
        cycles.observe("B", 700_000);
    }
    assert_eq!(cycles.observations(), 40);
    // All: (10 * 300 + 30 * 700) / 40 = 600. A: (10 * 300 + 30 * 600) / 40 = 525.
    assert_eq!(cycles.overall_mean_s(None), Some(600.0));
    assert_eq!(cycles.mean_s("A", None), Some(525.0));
    assert_eq!(cycles.mean_s("C", None), Some(600.0));
    // With a guess of 320: all (40 * 600 + 30 * 320) / 70 = 480, A: (10 * 300 + 30 * 480) / 40 = 435.
    assert_eq!(cycles.overall_mean_s(Some(320.0)), Some(480.0));
    assert_eq!(cycles.mean_s("A", Some(320.0)), Some(435.0));
    assert_eq!(cycles.overall_mean_s(Some(f64::NAN)), Some(600.0));
    assert_eq!(cycles.overall_mean_s(Some(-5.0)), Some(600.0));
}

#[test]
fn a_forgotten_finish_does_not_rule_the_mean() {
    let mut cycles = CycleStatistics::new();
    for _ in 0..19 {
        cycles.observe("A", 300_000);
    }
    cycles.observe("A", 351 * 60_000);
    // The 90th percentile is 300 s, so the forgotten one counts for 900 s.
    assert_eq!(
        cycles.overall_mean_s(None),
        Some((19.0 * 300.0 + 900.0) / 20.0)
    );
}

#[test]
fn cycles_of_long_ago_are_forgotten() {
    let mut cycles = CycleStatistics::new();
    for _ in 0..500 {
        cycles.observe("A", 900_000);
    }
    for _ in 0..200 {
        cycles.observe("A", 300_000);
    }
    assert_eq!(cycles.observations(), 200);
    assert_eq!(cycles.overall_mean_s(None), Some(300.0));
}

#[test]
fn stored_cycles_beyond_the_window_are_forgotten_too() {
    let stored = serde_json::json!({ "A": vec![900_000; 300], "B": [] });
    let cycles: CycleStatistics<String> = serde_json::from_value(stored).expect("windows");
    assert_eq!(cycles.observations(), 200);
    assert_eq!(cycles.mean_s("A", None), Some(900.0));
    assert_eq!(cycles.mean_s("B", None), Some(900.0));
}

#[test]
fn ranges_are_rounded_outward_to_five_minutes() {
    for (p50_min, p80_min, low, high) in [
        (17.0, 22.0, 15, 25),
        (15.0, 25.0, 15, 25),
        (15.0, 25.000_000_001, 15, 25),
        (14.999, 25.001, 10, 30),
        (10.0, 10.0, 10, 15),
        (0.5, 1.0, 0, 5),
        (0.0, 0.0, 0, 5),
        (89.0, 90.0, 85, 90),
        (90.0, 90.0, 85, 90),
        (20.0, 10.0, 20, 25),
        (500.0, 900.0, 85, 90),
        (-3.0, f64::NAN, 0, 5),
    ] {
        let range = DisplayRange::outward(p50_min * 60.0, p80_min * 60.0);
        assert_eq!(
            (range.low_min(), range.high_min()),
            (low, high),
            "{p50_min} to {p80_min}"
        );
    }
}

fn minutes(p50_min: f64, p80_min: f64) -> Forecast {
    Forecast::Wait(WaitForecast {
        p10_s: p50_min * 30.0,
        p50_s: p50_min * 60.0,
        p80_s: p80_min * 60.0,
        p90_s: p80_min * 90.0,
        mean_s: None,
    })
}

/// The range shown and why it was raised.
fn reading(shown: Shown, now_ms: i64) -> (u32, u32, Option<Raised>) {
    let Shown::Range(promise) = shown else {
        panic!("{shown:?} is no range");
    };
    let range = promise.range(now_ms);
    (range.low_min(), range.high_min(), promise.raised)
}

#[test]
fn a_shown_range_counts_down_by_itself() {
    let shown = Shown::first(&minutes(17.0, 22.0), 0);
    assert_eq!(reading(shown, 0), (15, 25, None));
    assert_eq!(reading(shown, 3 * MINUTE_MS), (10, 20, None));
    assert_eq!(reading(shown, 60 * MINUTE_MS), (0, 5, None));
    let Shown::Range(promise) = shown else {
        panic!("a range")
    };
    assert_eq!(promise.p80_at_ms, 22 * MINUTE_MS);
}

#[test]
fn a_shown_range_grows_only_when_plainly_wrong_or_announced() {
    let now = 5 * MINUTE_MS;
    let shown = Shown::first(&minutes(17.0, 22.0), 0);
    assert_eq!(reading(shown, now), (10, 20, None));
    for (new, announced, expected) in [
        // Shorter is always shown.
        (minutes(6.0, 9.0), None, (5, 10, None)),
        // As foreseen.
        (minutes(12.0, 17.0), None, (10, 20, None)),
        // Longer, but its median is still within what is shown: let it count down.
        (minutes(16.0, 31.0), None, (10, 20, None)),
        (minutes(20.0, 31.0), None, (10, 20, None)),
        (
            minutes(20.1, 31.0),
            None,
            (20, 35, Some(Raised::SlowerThanForeseen)),
        ),
        (
            minutes(16.0, 31.0),
            Some(Announced::CounterClosed),
            (15, 35, Some(Raised::Announced(Announced::CounterClosed))),
        ),
        // An announcement that lengthens nothing raises nothing.
        (
            minutes(6.0, 9.0),
            Some(Announced::CounterPaused),
            (5, 10, None),
        ),
    ] {
        let revised = revise(shown, &new, now, announced);
        assert_eq!(reading(revised, now), expected, "{new:?} {announced:?}");
    }
}

#[test]
fn a_reason_stays_with_the_range_it_explains() {
    let shown = Shown::first(&minutes(10.0, 14.0), 0);
    let raised = revise(shown, &minutes(20.0, 30.0), 0, None);
    let shortened = revise(raised, &minutes(18.0, 26.0), MINUTE_MS, None);
    assert_eq!(
        reading(shortened, MINUTE_MS),
        (15, 30, Some(Raised::SlowerThanForeseen))
    );
}

#[test]
fn a_number_that_is_no_longer_known_goes() {
    let shown = Shown::first(&minutes(17.0, 22.0), 0);
    for (new, expected) in [
        (Forecast::NoWait, Shown::NoWait),
        (Forecast::NoCounterOpen, Shown::NoCounterOpen),
        (Forecast::CountOnly, Shown::CountOnly),
    ] {
        assert_eq!(revise(shown, &new, MINUTE_MS, None), expected);
        assert_eq!(
            reading(revise(expected, &minutes(17.0, 22.0), 0, None), 0),
            (15, 25, None)
        );
    }
}
