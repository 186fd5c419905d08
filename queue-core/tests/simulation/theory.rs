//! Mean waits that are known exactly. Rates are per minute, means in minutes. The tests at the end hold the formulas to
//! numbers computed with other programs.

/// M/M/c, Erlang's second formula by the recursion of the first (Erlang 1917).
pub(crate) fn erlang_c_wait(per_min: f64, mean: f64, counters: usize) -> f64 {
    let c = counters as f64;
    erlang_c(per_min, mean, counters) / (c / mean - per_min)
}

/// M/M/c: share of waits that are at most `within`.
pub(crate) fn erlang_c_share(per_min: f64, mean: f64, counters: usize, within: f64) -> f64 {
    let c = counters as f64;
    1.0 - erlang_c(per_min, mean, counters) * (-(c / mean - per_min) * within).exp()
}

/// M/M/c: share of visitors who have to wait at all.
fn erlang_c(per_min: f64, mean: f64, counters: usize) -> f64 {
    let load = per_min * mean;
    let blocked = (1..=counters).fold(1.0, |b, n| load * b / (n as f64 + load * b));
    blocked / (1.0 - load / counters as f64 * (1.0 - blocked))
}

/// M/G/1 (Pollaczek 1930, Khinchine 1932); `variance` of the handling time in squared means.
pub(crate) fn pollaczek_khinchine_wait(per_min: f64, mean: f64, variance: f64) -> f64 {
    let load = per_min * mean;
    load * mean * (1.0 + variance) / (2.0 * (1.0 - load))
}

/// M/M/c with ranks, nobody interrupted, the first class first (Cobham 1954): `W_k = W_0 / ((1 - s_(k-1)) (1 - s_k))`.
pub(crate) fn priority_waits(per_min: &[f64], mean: f64, counters: usize) -> Vec<f64> {
    let c = counters as f64;
    let all: f64 = per_min.iter().sum();
    let residual = erlang_c_wait(all, mean, counters) * (1.0 - all * mean / c);
    let mut before = 0.0;
    per_min
        .iter()
        .map(|rate| {
            let with = before + rate * mean / c;
            let wait = residual / ((1.0 - before) * (1.0 - with));
            before = with;
            wait
        })
        .collect()
}

/// M/G/1 with ranks (Cobham 1954) where the handling times of every class are exponential with a mean of their own.
pub(crate) fn priority_waits_of_one(per_min: &[f64], mean: &[f64]) -> Vec<f64> {
    let classes = || per_min.iter().zip(mean);
    // Half the second moments: an exponential time has twice its squared mean.
    let residual: f64 = classes().map(|(rate, mean)| rate * mean * mean).sum();
    let mut before = 0.0;
    classes()
        .map(|(rate, mean)| {
            let with = before + rate * mean;
            let wait = residual / ((1.0 - before) * (1.0 - with));
            before = with;
            wait
        })
        .collect()
}

/// M/M/c with points gathered at `rates` (Kleinrock 1964, equation for the mean waits; with c servers by the same
/// conservation law). The fastest class stands first; solved from the slowest on.
pub(crate) fn accumulating_waits(
    per_min: &[f64],
    mean: f64,
    counters: usize,
    rates: &[u32],
) -> Vec<f64> {
    let load = |k: usize| per_min[k] * mean / counters as f64;
    let fcfs = erlang_c_wait(per_min.iter().sum(), mean, counters);
    let ratio = |of: usize, to: usize| f64::from(rates[of]) / f64::from(rates[to]);
    let mut waits = vec![0.0; per_min.len()];
    for p in (0..per_min.len()).rev() {
        let slower = p + 1..per_min.len();
        let lent: f64 = slower
            .map(|i| load(i) * waits[i] * (1.0 - ratio(i, p)))
            .sum();
        let owed: f64 = (0..p).map(|i| load(i) * (1.0 - ratio(p, i))).sum();
        waits[p] = (fcfs - lent) / (1.0 - owed);
    }
    waits
}

#[track_caller]
fn close(got: &[f64], expected: &[f64]) {
    assert_eq!(got.len(), expected.len());
    for (got, expected) in got.iter().zip(expected) {
        assert!(
            (got - expected).abs() < 1e-6 * expected,
            "{got} instead of {expected}"
        );
    }
}

#[test]
fn the_formulas_give_the_known_numbers() {
    close(&[erlang_c_wait(0.2, 8.0, 2)], &[14.222_222_22]);
    close(&[erlang_c_wait(0.5, 5.0, 3)], &[7.022_471_91]);
    close(&[erlang_c_wait(0.3, 10.0, 4)], &[5.094_339_623]);
    close(&[erlang_c_share(0.2, 8.0, 2, 10.0)], &[0.568_689_308_6]);
    close(&[erlang_c_share(0.5, 5.0, 3, 10.0)], &[0.741_657_695_8]);
    close(&[pollaczek_khinchine_wait(0.1, 8.0, 0.0)], &[16.0]);
    close(&[pollaczek_khinchine_wait(0.1, 8.0, 0.25)], &[20.0]);
    close(
        &priority_waits(&[0.1, 0.4], 5.0, 3),
        &[1.404_494_382, 8.426_966_292],
    );
    close(
        &priority_waits(&[0.05, 0.15, 0.35], 5.0, 3),
        &[1.539_440_204, 2.309_160_305, 25.400_763_36],
    );
    close(
        &priority_waits(&[0.2, 0.5], 5.0, 4),
        &[1.229_768_49, 9.838_147_921],
    );
    close(
        &priority_waits_of_one(&[0.03, 0.08], &[6.0, 8.0]),
        &[7.560_975_61, 42.005_420_05],
    );
    close(
        &accumulating_waits(&[0.1, 0.4], 5.0, 3, &[4_000, 1_000]),
        &[3.009_630_819, 8.025_682_183],
    );
    close(
        &accumulating_waits(&[0.05, 0.15, 0.35], 5.0, 3, &[4_000, 2_000, 1_000]),
        &[6.399_746_398, 11.326_984_78, 20.841_651_99],
    );
    close(
        &accumulating_waits(&[0.2, 0.5], 5.0, 4, &[3_000, 1_000]),
        &[3.689_305_47, 8.854_333_128],
    );
    close(
        &accumulating_waits(&[0.02, 0.06], 10.0, 1, &[2_000, 1_000]),
        &[26.666_666_67, 44.444_444_44],
    );
}
