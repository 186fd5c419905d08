//! The engine in simulated halls: its waits against queueing theory, against an exact trace and against an independent
//! simulation. Seeds are fixed, so that every run is the same.

mod dice;
mod hall;
mod station_day;
mod theory;

use std::num::NonZeroU8;

use queue_core::{ClassId, ClassPlan, Discipline, StationPlan};

use dice::Dice;
use hall::{Hall, UNIT_MS};

/// How long handling takes.
#[derive(Debug, Clone, Copy)]
enum Handling {
    Always(f64),
    Exponential(f64),
    /// Sum of four exponential steps: variance a quarter of the squared mean.
    Erlang4(f64),
}

impl Handling {
    fn draw(self, dice: &mut Dice) -> f64 {
        match self {
            Self::Always(mean) => mean,
            Self::Exponential(mean) => dice.exponential(mean),
            Self::Erlang4(mean) => (0..4).map(|_| dice.exponential(mean / 4.0)).sum(),
        }
    }
}

/// Visitors of one class: how many come per minute, how long they are handled, what the class counts for.
#[derive(Debug, Clone)]
struct Stream {
    per_min: f64,
    handling: Handling,
    plan: ClassPlan,
}

/// A hall in which everything is random but the rule.
struct Case<'a> {
    rule: Discipline,
    counters: usize,
    streams: &'a [Stream],
}

/// A mean over independent runs, and its standard error.
#[derive(Debug, Clone, Copy)]
struct Mean {
    of: f64,
    error: f64,
}

/// What is measured of a class: its waits in minutes, and the share of them that is at most [`SHORT_MIN`].
#[derive(Debug, Clone, Copy)]
struct Waits<T> {
    mean: T,
    short: T,
}

/// A short wait, minutes.
const SHORT_MIN: f64 = 10.0;

const RUNS: u64 = 24;
/// Visitors of a run before anything is measured: the hall begins empty.
const WARM_UP: usize = 1_000;
const MEASURED: usize = 5_000;

impl Case<'_> {
    fn plan(&self) -> (StationPlan, Vec<ClassId>) {
        let ids: Vec<_> = (0..self.streams.len())
            .map(|n| ClassId::new(&format!("class-{n}")).expect("an id"))
            .collect();
        let mut plan = StationPlan {
            classes: ids
                .iter()
                .cloned()
                .zip(self.streams.iter().map(|s| s.plan.clone()))
                .collect(),
            // The last stream has the least advantage.
            default_class: ids.last().cloned(),
            ..StationPlan::default()
        };
        plan.rules.discipline = self.rule;
        (plan, ids)
    }

    /// One run, class by class.
    fn run(&self, seed: u64) -> Vec<Waits<f64>> {
        let (plan, ids) = self.plan();
        let mut dice = Dice::new(seed);
        let all: f64 = self.streams.iter().map(|s| s.per_min).sum();
        let mut at = 0.0;
        let mut classes = Vec::with_capacity(WARM_UP + MEASURED);
        let mut arrivals = Vec::with_capacity(WARM_UP + MEASURED);
        for _ in 0..WARM_UP + MEASURED {
            at += dice.exponential(1.0 / all);
            let mut which = dice.uniform() * all;
            let class = self.streams.iter().position(|s| {
                which -= s.per_min;
                which < 0.0
            });
            let class = class.unwrap_or(self.streams.len() - 1);
            classes.push(class);
            arrivals.push(((at * UNIT_MS) as i64, ids[class].clone()));
        }
        let calls = Hall::open(plan, self.counters).run(arrivals, |visitor| {
            let handling = self.streams[classes[visitor]].handling;
            (handling.draw(&mut dice) * UNIT_MS) as i64
        });
        let mut waits_min = vec![vec![]; self.streams.len()];
        for call in calls.iter().filter(|call| call.visitor >= WARM_UP) {
            waits_min[classes[call.visitor]].push(call.wait_ms as f64 / UNIT_MS);
        }
        let measured = waits_min.iter().map(|waits| {
            let n = waits.len() as f64;
            Waits {
                mean: waits.iter().sum::<f64>() / n,
                short: waits.iter().filter(|w| **w <= SHORT_MIN).count() as f64 / n,
            }
        });
        measured.collect()
    }

    /// Independent runs, class by class.
    fn measure(&self) -> Vec<Waits<Mean>> {
        let runs: Vec<_> = (0..RUNS).map(|n| self.run(1 + n)).collect();
        let mean = |figure: &dyn Fn(&[Waits<f64>]) -> f64| {
            let n = RUNS as f64;
            let of = runs.iter().map(|run| figure(run)).sum::<f64>() / n;
            let squares: f64 = runs.iter().map(|run| (figure(run) - of).powi(2)).sum();
            let error = (squares / (n - 1.0) / n).sqrt();
            Mean { of, error }
        };
        (0..self.streams.len())
            .map(|class| Waits {
                mean: mean(&|run| run[class].mean),
                short: mean(&|run| run[class].short),
            })
            .collect()
    }

    /// Every class waits as long as it should: within three standard errors, or one part in a hundred.
    #[track_caller]
    fn waits(&self, expected: &[f64]) {
        let known: Vec<_> = expected.iter().map(|of| (*of, 0.0)).collect();
        self.waits_about(&known);
    }

    /// The same where what is expected has a standard error of its own.
    #[track_caller]
    fn waits_about(&self, expected: &[(f64, f64)]) {
        for (class, (waits, (of, error))) in self.measure().iter().zip(expected).enumerate() {
            waits
                .mean
                .is(*of, *error, &format!("mean wait of class {class}"));
        }
    }
}

impl Mean {
    /// Within three standard errors, or one part in a hundred.
    #[track_caller]
    fn is(&self, expected: f64, error: f64, what: &str) {
        println!(
            "{what}: {:.3} ± {:.3} (standard error), expected {expected:.3}",
            self.of, self.error
        );
        let tolerance = (3.0 * self.error.hypot(error)).max(expected / 100.0);
        let off = (self.of - expected).abs();
        assert!(off <= tolerance, "{what}: {self:?}, expected {expected}");
    }
}

fn stream(per_min: f64, handling: Handling) -> Stream {
    Stream {
        per_min,
        handling,
        plan: ClassPlan::default(),
    }
}

fn ranked(rank: u8, per_min: f64, handling: Handling) -> Stream {
    let plan = ClassPlan {
        rank,
        ..ClassPlan::default()
    };
    Stream {
        plan,
        ..stream(per_min, handling)
    }
}

fn rated(rate_permille: u32, per_min: f64, handling: Handling) -> Stream {
    let plan = ClassPlan {
        rate_permille,
        ..ClassPlan::default()
    };
    Stream {
        plan,
        ..stream(per_min, handling)
    }
}

fn credited(credit_s: u32, per_min: f64, handling: Handling) -> Stream {
    let plan = ClassPlan {
        credit_s,
        ..ClassPlan::default()
    };
    Stream {
        plan,
        ..stream(per_min, handling)
    }
}

#[test]
fn first_come_first_served_waits_as_erlang_c_says() {
    for (per_min, mean, counters) in [(0.2, 8.0, 2), (0.5, 5.0, 3), (0.3, 10.0, 4)] {
        let case = Case {
            rule: Discipline::Fcfs,
            counters,
            streams: &[stream(per_min, Handling::Exponential(mean))],
        };
        let [waits] = case.measure()[..] else {
            panic!("there is one class");
        };
        let expected = theory::erlang_c_wait(per_min, mean, counters);
        waits.mean.is(expected, 0.0, "mean wait");
        let share = theory::erlang_c_share(per_min, mean, counters, SHORT_MIN);
        waits.short.is(share, 0.0, "share of short waits");
    }
}

#[test]
fn one_counter_waits_as_pollaczek_and_khinchine_say() {
    for (handling, variance) in [(Handling::Always(8.0), 0.0), (Handling::Erlang4(8.0), 0.25)] {
        Case {
            rule: Discipline::HeadStart,
            counters: 1,
            streams: &[stream(0.1, handling)],
        }
        .waits(&[theory::pollaczek_khinchine_wait(0.1, 8.0, variance)]);
    }
}

#[test]
fn strict_rank_waits_as_cobham_says() {
    let five = Handling::Exponential(5.0);
    for (per_min, counters) in [([0.1, 0.4], 3), ([0.2, 0.5], 4)] {
        Case {
            rule: Discipline::Strict,
            counters,
            streams: &[ranked(1, per_min[0], five), ranked(2, per_min[1], five)],
        }
        .waits(&theory::priority_waits(&per_min, 5.0, counters));
    }
}

#[test]
fn strict_rank_waits_as_cobham_says_where_handling_differs() {
    let (per_min, mean) = ([0.03, 0.08], [6.0, 8.0]);
    let handling = mean.map(Handling::Exponential);
    Case {
        rule: Discipline::Strict,
        counters: 1,
        streams: &[
            ranked(1, per_min[0], handling[0]),
            ranked(2, per_min[1], handling[1]),
        ],
    }
    .waits(&theory::priority_waits_of_one(&per_min, &mean));
}

#[test]
fn accumulating_points_wait_as_kleinrock_says() {
    for (per_min, mean, counters, rates) in [
        ([0.02, 0.06], 10.0, 1, [2_000, 1_000]),
        ([0.1, 0.4], 5.0, 3, [4_000, 1_000]),
        ([0.2, 0.5], 5.0, 4, [3_000, 1_000]),
    ] {
        let handling = Handling::Exponential(mean);
        let expected = theory::accumulating_waits(&per_min, mean, counters, &rates);
        Case {
            rule: Discipline::Accumulating,
            counters,
            streams: &[
                rated(rates[0], per_min[0], handling),
                rated(rates[1], per_min[1], handling),
            ],
        }
        .waits(&expected);
    }
}

/// Four counters, eight minutes, load 0.8, 15 % priority; means and 95 % half-widths of an independent simulation of
/// 600,000 visitors (another program, another generator).
#[test]
fn the_head_start_waits_as_another_simulation_found() {
    let eight = Handling::Exponential(8.0);
    for (credit_s, expected) in [
        (900, [(2.47, 0.12), (6.30, 0.24)]),
        (600, [(3.11, 0.15), (6.19, 0.23)]),
    ] {
        Case {
            rule: Discipline::HeadStart,
            counters: 4,
            streams: &[credited(credit_s, 0.06, eight), credited(0, 0.34, eight)],
        }
        .waits_about(&expected.map(|(mean, half_width)| (mean, half_width / 1.96)));
    }
}

/// The guard keeps a ratio from making priority visitors wait longer than first come, first served would.
#[test]
fn a_guarded_ratio_lies_between_first_come_and_strict() {
    let eight = Handling::Exponential(8.0);
    let waits = |rule| {
        let streams = [ranked(1, 0.06, eight), ranked(2, 0.34, eight)];
        let case = Case {
            rule,
            counters: 4,
            streams: &streams,
        };
        case.measure()[0].mean.of
    };
    let ratio = |priority, regular| {
        let calls = |n| NonZeroU8::new(n).expect("a call");
        waits(Discipline::Ratio {
            priority: calls(priority),
            regular: calls(regular),
        })
    };
    let (fcfs, strict) = (waits(Discipline::Fcfs), waits(Discipline::Strict));
    let (one_to_one, one_to_two, one_to_nine) = (ratio(1, 1), ratio(1, 2), ratio(1, 9));
    println!("{strict:.2} {one_to_one:.2} {one_to_two:.2} {one_to_nine:.2} {fcfs:.2}");
    assert!(strict < one_to_one && one_to_one < one_to_two);
    assert!(one_to_two < one_to_nine && one_to_nine <= fcfs);
}

/// 200 visitors in whole seconds from a linear congruential generator (multiplier 1103515245, increment 12345, modulus
/// 2^31, seed 12345): gap 20 + 200 u, then handling 60 + 540 u, both cut. Sums and maxima of the waits by the recursion
/// of Kiefer and Wolfowitz (1955).
#[test]
fn a_known_day_waits_to_the_second_as_kiefer_and_wolfowitz_say() {
    let mut x: u64 = 12_345;
    let mut draw = |least: f64, span: f64| {
        x = (1_103_515_245 * x + 12_345) % (1 << 31);
        (least + x as f64 / f64::from(1_u32 << 31) * span) as i64
    };
    let mut at_s = 0;
    let day: Vec<(i64, i64)> = (0..200)
        .map(|_| {
            at_s += draw(20.0, 200.0);
            (at_s, draw(60.0, 540.0))
        })
        .collect();
    assert_eq!(day[..2], [(151, 224), (305, 117)]);
    assert_eq!(day[199], (23_604, 519));
    for (counters, sum_s, longest_s, waited) in [
        (2, 814_987, 8_643, 195),
        (3, 28_999, 760, 129),
        (4, 3_479, 286, 37),
    ] {
        let case = Case {
            rule: Discipline::HeadStart,
            counters,
            streams: &[stream(1.0, Handling::Always(1.0))],
        };
        let (plan, ids) = case.plan();
        let arrivals: Vec<_> = day
            .iter()
            .map(|(at_s, _)| (at_s * 1_000, ids[0].clone()))
            .collect();
        let calls = Hall::open(plan, counters).run(arrivals, |visitor| day[visitor].1 * 1_000);
        let waits_s: Vec<i64> = calls.iter().map(|call| call.wait_ms / 1_000).collect();
        assert_eq!(waits_s.iter().sum::<i64>(), sum_s);
        assert_eq!(waits_s.iter().max(), Some(&longest_s));
        assert_eq!(waits_s.iter().filter(|wait| **wait > 0).count(), waited);
        assert!(calls.is_sorted_by_key(|call| call.at_ms));
    }
}
