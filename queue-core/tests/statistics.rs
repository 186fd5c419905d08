//! The published shape of the figures, their values on small cases worked by hand, and reference values.

use std::collections::BTreeSet;

use queue_core::statistics::{
    Accumulator, Definition, Figure, Figures, Moment, Outcome, Proportion, Score, TicketFacts, Xmr,
    XmrSignal, definition, ecdf, type7_quantiles_us,
};
use serde_json::{Value, json};

/// 2026-11-23 09:00 in Taipei.
const NINE: i64 = 1_795_395_600_000;
const MINUTE: i64 = 60_000;

fn at(minutes: f64) -> Moment {
    Moment::from_ms(NINE + (minutes * MINUTE as f64) as i64)
}

/// Issued at nine, called, started and finished so many minutes later.
fn served(called: f64, started: f64, finished: f64) -> TicketFacts {
    TicketFacts {
        first_called: Some(at(called)),
        last_called: Some(at(called)),
        started: Some(at(started)),
        finished: Some(at(finished)),
        handling_ms: Some(((finished - started) * MINUTE as f64) as u32),
        outcome: Outcome::Served,
        ..TicketFacts::issued_at(at(0.0))
    }
}

fn figures(tickets: &[TicketFacts], counter_open_ms: Option<i64>) -> Figures {
    let mut group = Accumulator::new();
    for ticket in tickets {
        group.add(ticket);
    }
    group.finish(counter_open_ms)
}

fn close(actual: Option<f64>, expected: f64) {
    let actual = actual.expect("a figure");
    assert!(
        (actual - expected).abs() < 1e-9,
        "{actual} is not {expected}"
    );
}

#[test]
fn a_small_group_has_the_published_json() {
    let rated = TicketFacts {
        rating: Score::new(4),
        rating_invited: true,
        standard_ms: Some(5 * MINUTE as u32),
        ..served(5.0, 6.0, 16.0)
    };
    let tickets = [
        rated,
        TicketFacts {
            standard_ms: Some(5 * MINUTE as u32),
            ..served(10.0, 11.0, 13.0)
        },
        TicketFacts::issued_at(at(0.0)),
    ];
    assert_eq!(
        serde_json::to_value(figures(&tickets, Some(120 * MINUTE)))
            .expect("figures are plain data"),
        json!({
            "issued": 3, "called": 2, "served": 2, "issued_persons": 3, "served_persons": 2, "no_show": 0, "abandoned": 0, "cancelled": 0,
            "open": 1, "closed_by_day_end": 0,
            "wait": {
                "n": 2, "mean_s": 450.0, "median_s": 450.0, "p80_s": 540.0, "p90_s": 570.0, "p95_s": 585.0,
                "max_s": 600.0, "with_standard": 2, "within_standard": 0.5,
            },
            "wait_last": {
                "n": 2, "mean_s": 450.0, "median_s": 450.0, "p80_s": 540.0, "p90_s": 570.0, "p95_s": 585.0,
                "max_s": 600.0,
            },
            "wait_including_abandoned": {"n": 2, "censored": 0, "mean_s": 450.0, "median_s": 450.0},
            "walk": {
                "n": 2, "mean_s": 60.0, "median_s": 60.0, "p80_s": 60.0, "p90_s": 60.0, "p95_s": 60.0, "max_s": 60.0,
            },
            "started_inferred": 0,
            "handling": {
                "n": 2, "mean_s": 360.0, "median_s": 360.0, "p80_s": 504.0, "p90_s": 552.0, "p95_s": 576.0,
                "max_s": 600.0,
            },
            "stay": {
                "n": 2, "mean_s": 870.0, "median_s": 870.0, "p80_s": 924.0, "p90_s": 942.0, "p95_s": 951.0,
                "max_s": 960.0,
            },
            "counter_open_s": 7200.0, "throughput_per_open_hour": 1.0, "persons_per_open_hour": 1.0, "occupancy": 0.1,
            "no_show_rate": 0.0, "abandoned_rate": 0.0,
            "rating": {
                "n": 1, "invited": 1, "uninvited": 0, "response_rate": 1.0, "mean": 4.0,
                "top2": {"share": 1.0, "low": Proportion::wilson(1, 1).low, "high": 1.0}, "counts": [0, 0, 0, 1, 0],
            },
            "anomalies": 0,
        })
    );
}

#[test]
fn figures_come_back_from_json_unchanged() {
    let figures = figures(&[served(5.0, 6.0, 16.0)], None);
    let text = serde_json::to_string(&figures).expect("figures are plain data");
    assert_eq!(
        serde_json::from_str::<Figures>(&text).expect("own output"),
        figures
    );
}

#[test]
fn every_published_field_has_a_definition_and_every_definition_a_field() {
    let row = serde_json::to_value(Figures::default()).expect("figures are plain data");
    let mut undefined: Vec<String> = Vec::new();
    let mut defined: BTreeSet<&str> = Figure::ALL.map(|figure| definition(figure).key).into();
    assert_eq!(defined.len(), Figure::ALL.len(), "two figures share a key");
    let known = defined.clone();
    let mut meet = |path: &str, bare: &str| match known.get(path).or(known.get(bare)) {
        Some(key) => {
            defined.remove(key);
        }
        None => undefined.push(path.to_owned()),
    };
    for (name, value) in row.as_object().expect("a row") {
        match value {
            // The ratings are a group of figures, not a figure.
            Value::Object(members) => {
                if name != "rating" {
                    meet(name, name);
                }
                for member in members.keys() {
                    meet(&format!("{name}.{member}"), member);
                }
            }
            _ => meet(name, name),
        }
    }
    // Published by counter, beside the rows.
    assert!(defined.remove("balance.expected_s") && defined.remove("balance.gini"));
    assert_eq!(undefined, Vec::<String>::new());
    assert_eq!(defined, BTreeSet::new(), "defined, but not published");
}

#[test]
fn every_definition_is_a_sentence_in_both_languages() {
    for Definition { key, zh, en } in Figure::ALL.map(definition) {
        assert!(
            zh.ends_with('。') && zh.chars().count() >= 10,
            "{key}: {zh}"
        );
        assert!(
            en.ends_with('.') && en.is_ascii() && en.len() >= 15,
            "{key}: {en}"
        );
    }
}

#[test]
fn wilson_intervals_match_reference_values() {
    // statsmodels proportion_confint(x, n, method="wilson"), two-sided 95 %.
    for (hits, trials, low, high) in [
        (0, 5, 0.0, 0.434_482_464_8),
        (5, 5, 0.565_517_535_2, 1.0),
        (8, 10, 0.490_162_471_5, 0.943_317_848_5),
        (45, 50, 0.786_397_685_6, 0.956_524_235_1),
        (180, 200, 0.850_594_187_6, 0.934_329_551_3),
        (921, 1000, 0.902_625_085_1, 0.936_152_784_2),
    ] {
        let wilson = Proportion::wilson(hits, trials);
        close(wilson.share, hits as f64 / trials as f64);
        close(wilson.low, low);
        close(wilson.high, high);
    }
    assert_eq!(Proportion::wilson(0, 0), Proportion::default());
}

#[test]
fn quantiles_match_reference_values() {
    // numpy.quantile(x, q), whose default is type 7.
    let mut values = [45, 1, 2, 3, 30, 4, 5, 6, 7, 8, 9, 10];
    assert_eq!(
        type7_quantiles_us(&mut values, [100, 95, 90, 80, 50, 0]),
        Some([45_000, 36_750, 28_000, 9_800, 6_500, 1_000])
    );
    assert_eq!(type7_quantiles_us(&mut [7], [50, 99]), Some([7_000, 7_000]));
    assert_eq!(type7_quantiles_us(&mut [], [50]), None);
}

#[test]
fn ratings_count_every_score_and_only_the_asked_respond() {
    // Counts 2, 3, 10, 35, 50 of the scores 1 to 5: mean 4.28, top-2-box 0.85.
    let scores = [(1, 2), (2, 3), (3, 10), (4, 35), (5, 50)];
    let mut group = Accumulator::new();
    for (score, count) in scores {
        for nth in 0..count {
            group.add(&TicketFacts {
                rating: Score::new(score),
                rating_invited: !(score == 5 && nth < 10),
                ..TicketFacts::issued_at(at(0.0))
            });
        }
    }
    for _ in 0..110 {
        group.add(&TicketFacts {
            rating_invited: true,
            ..TicketFacts::issued_at(at(0.0))
        });
    }
    let rating = group.finish(None).rating;
    assert_eq!((rating.n, rating.invited, rating.uninvited), (100, 200, 10));
    assert_eq!(rating.counts, [2, 3, 10, 35, 50]);
    close(rating.mean, 4.28);
    close(rating.top2.share, 0.85);
    close(rating.response_rate, 0.45);
}

#[test]
fn a_score_is_one_to_five() {
    let accepted: Vec<u8> = (0..=u8::MAX)
        .filter(|score| Score::new(*score).is_some())
        .collect();
    assert_eq!(accepted, [1, 2, 3, 4, 5]);
}

#[test]
fn those_who_left_uncalled_are_told_apart_from_the_called() {
    let left = |after| TicketFacts {
        finished: Some(at(after)),
        outcome: Outcome::Abandoned,
        ..TicketFacts::issued_at(at(0.0))
    };
    let tickets = [
        served(5.0, 5.0, 6.0),
        left(30.0),
        // Left after a call: the wait ended with the call.
        TicketFacts {
            first_called: Some(at(7.0)),
            ..left(40.0)
        },
        // When they left is not known.
        TicketFacts {
            finished: None,
            ..left(0.0)
        },
        TicketFacts {
            closed_by_day_end: true,
            ..left(480.0)
        },
    ];
    let figures = figures(&tickets, None);
    assert_eq!(
        (figures.abandoned, figures.called, figures.closed_by_day_end),
        (4, 2, 1)
    );
    assert_eq!(figures.wait.waits.n, 2);
    close(figures.wait.waits.max_s, 7.0 * 60.0);
    let all = figures.wait_including_abandoned;
    assert_eq!((all.n, all.censored), (3, 1));
    close(all.mean_s, 14.0 * 60.0);
    close(all.median_s, 7.0 * 60.0);
    close(figures.abandoned_rate, 0.8);
}

#[test]
fn a_day_end_close_counts_but_its_times_do_not() {
    let forgotten = TicketFacts {
        closed_by_day_end: true,
        ..served(5.0, 6.0, 540.0)
    };
    let figures = figures(&[served(5.0, 6.0, 16.0), forgotten], Some(60 * MINUTE));
    assert_eq!((figures.served, figures.closed_by_day_end), (2, 1));
    assert_eq!(
        (
            figures.handling.n,
            figures.stay.n,
            figures.walk.n,
            figures.wait.waits.n
        ),
        (1, 1, 2, 2)
    );
    close(figures.occupancy, 10.0 / 60.0);
}

#[test]
fn an_inferred_start_is_no_walk() {
    let inferred = TicketFacts {
        started_inferred: true,
        ..served(5.0, 5.0, 16.0)
    };
    let figures = figures(&[inferred, served(5.0, 6.0, 16.0)], None);
    assert_eq!((figures.walk.n, figures.started_inferred), (1, 1));
    close(figures.walk.mean_s, 60.0);
}

#[test]
fn rates_are_of_the_called_and_of_the_issued() {
    let no_show = TicketFacts {
        outcome: Outcome::NoShow,
        ..served(5.0, 6.0, 7.0)
    };
    let uncalled = TicketFacts {
        outcome: Outcome::NoShow,
        first_called: None,
        ..no_show
    };
    let cancelled = TicketFacts {
        outcome: Outcome::Cancelled,
        ..TicketFacts::issued_at(at(0.0))
    };
    let figures = figures(&[served(1.0, 2.0, 3.0), no_show, uncalled, cancelled], None);
    assert_eq!(
        (figures.no_show, figures.cancelled, figures.called),
        (2, 1, 2)
    );
    close(figures.no_show_rate, 0.5);
    close(figures.abandoned_rate, 0.0);
}

#[test]
fn a_share_within_the_standard_is_of_those_that_have_one() {
    let with = |called, standard_min: u32| TicketFacts {
        standard_ms: Some(standard_min * 60_000),
        ..served(called, called, called)
    };
    // Exactly on the standard is within it.
    let figures = figures(
        &[
            with(10.0, 10),
            with(10.1, 10),
            with(30.0, 45),
            served(90.0, 90.0, 90.0),
        ],
        None,
    );
    assert_eq!(figures.wait.with_standard, 3);
    close(figures.wait.within_standard, 2.0 / 3.0);
}

#[test]
fn a_time_that_cannot_be_true_is_clamped_and_counted() {
    let backwards = served(-1.0, -2.0, -3.0);
    let endless = TicketFacts {
        first_called: Some(Moment::from_ms(i64::MAX)),
        last_called: None,
        ..TicketFacts::issued_at(Moment::from_ms(i64::MIN))
    };
    let figures = figures(
        &[
            TicketFacts {
                handling_ms: Some(0),
                session_clamped: true,
                ..backwards
            },
            endless,
        ],
        Some(-1),
    );
    // Wait, walk, session and stay of the first ticket, the wait of the second, and the open counter time.
    assert_eq!(figures.anomalies, 6);
    assert_eq!(
        (figures.wait.waits.n, figures.walk.n, figures.stay.n),
        (2, 1, 1)
    );
    close(figures.stay.max_s, 0.0);
    close(figures.wait.waits.max_s, f64::from(u32::MAX) / 1000.0);
    close(figures.counter_open_s, 0.0);
    assert_eq!(figures.throughput_per_open_hour, None);
}

#[test]
fn a_moment_keeps_its_milliseconds() {
    for ms in [0, 1, -1, NINE, i64::MAX, i64::MIN + 1] {
        assert_eq!(Moment::from_ms(ms).as_ms(), ms);
    }
    assert_eq!(Moment::from_ms(i64::MIN).as_ms(), i64::MIN + 1);
    assert!(Moment::from_ms(-1) < Moment::from_ms(0) && Moment::from_ms(0) < Moment::from_ms(1));
    assert_eq!(size_of::<Option<Moment>>(), 8);
}

#[test]
fn the_distribution_of_waits_on_a_small_case() {
    let mut waits_ms = [900_000, 0, 300_000, 600_000, 300_000];
    let at = [0, 299_999, 300_000, 600_000, 900_000, 1_000_000];
    assert_eq!(
        ecdf(&mut waits_ms, &at),
        Some(vec![0.2, 0.2, 0.6, 0.8, 1.0, 1.0])
    );
    assert_eq!(ecdf(&mut [], &at), None);
}

/// Worked by hand: twelve days with a mean of 12 and moving ranges of 22 in eleven steps.
#[test]
fn natural_limits_on_a_small_case() {
    let medians_min = [
        10.0, 12.0, 14.0, 12.0, 10.0, 12.0, 14.0, 12.0, 12.0, 10.0, 14.0, 12.0,
    ];
    let xmr = Xmr::of(&medians_min).expect("values");
    close(Some(xmr.mean), 12.0);
    let (low, high) = xmr.limits.expect("enough values");
    let reach = 2.66 * 22.0 / 11.0;
    close(Some(low), 12.0 - reach);
    close(Some(high), 12.0 + reach);
    assert!(xmr.signals(&medians_min).all(|signal| signal.is_none()));
    let mut late = medians_min.to_vec();
    late.push(40.0);
    let last = xmr.signals(&late).last();
    assert_eq!(last, Some(Some(XmrSignal::Beyond)));
    assert_eq!(Xmr::of(&[]), None);
}

#[test]
fn the_visits_of_a_session_are_no_counter_s_work() {
    let at_counter = served(0.0, 0.0, 10.0);
    let visit = TicketFacts {
        at_counter: false,
        ..served(0.0, 0.0, 30.0)
    };
    let mut group = Accumulator::new();
    group.add(&at_counter);
    group.add(&visit);
    let figures = group.finish(Some(3_600_000));
    assert_eq!((figures.served, figures.handling.n), (2, 1));
    close(figures.occupancy, 10.0 / 60.0);
    close(figures.throughput_per_open_hour, 1.0);
    close(figures.persons_per_open_hour, 1.0);
    assert_eq!(figures.stay.n, 2, "the visitors were there all the same");
}
