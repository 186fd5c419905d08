//! How many visitors come: a Poisson process whose rate follows the time of day, the counters that are open and how
//! full the hall looks.

use std::collections::BTreeMap;

use queue_core::{Board, CounterState, ServiceId};

use super::random::Random;

/// Share of the open counters' capacity that arrivals ask for, by hour from 8:00.
const LOAD: [f64; 9] = [0.87, 0.93, 0.95, 0.93, 0.88, 0.90, 0.95, 0.93, 0.87];
/// Waiting visitors at which the hall neither draws people in nor keeps them away.
const USUAL_WAITING: f64 = 15.0;
/// The pull of the hall changes by its whole when so many more or fewer wait.
const PULL_WAITING: f64 = 20.0;
/// At this many nobody comes in any more.
const FULL_WAITING: usize = 32;
/// People in front of the doors when they open.
const CROWD: usize = 17;
/// Mean gap between two of them, seconds; real, because they stand there at any speed.
const CROWD_GAP_S: f64 = 2.1;
/// Most visitors in one step; whoever is left comes in the next.
const STEP_MAX: u32 = 20;
/// Nobody joins a line that is longer than this for each counter that serves it, and a little more.
const PATIENCE_PER_COUNTER: usize = 5;
const PATIENCE: usize = 3;

/// What a visitor sees who looks in.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Hall {
    /// Everybody in line or before the identity check.
    pub(super) waiting: usize,
    /// Visitors at the counters.
    pub(super) at_counters: usize,
    /// Counters that work.
    pub(super) open_counters: usize,
    /// People in line or before the identity check, and open counters, of each service.
    pub(super) lines: BTreeMap<ServiceId, (usize, usize)>,
}

impl Hall {
    /// The hall that a board shows; none when the station is closed.
    pub(super) fn of(board: &Board) -> Option<Self> {
        board.day.as_ref()?;
        let there = |s: &queue_core::BoardService| s.waiting + s.unverified;
        let line = |s: &queue_core::BoardService| (s.id.clone(), (there(s), s.open_counters));
        let open = |c: &&queue_core::BoardCounter| c.state == CounterState::Open;
        Some(Self {
            waiting: board.services.iter().map(there).sum(),
            at_counters: board.counters.iter().filter(|c| c.number.is_some()).count(),
            open_counters: board.counters.iter().filter(open).count(),
            lines: board.services.iter().map(line).collect(),
        })
    }

    /// Whether somebody who wants this service stays when they see its line.
    pub(super) fn is_bearable(&self, service: &ServiceId) -> bool {
        match self.lines.get(service) {
            Some((waiting, counters)) => *waiting < PATIENCE_PER_COUNTER * counters + PATIENCE,
            None => false,
        }
    }
}

/// The stream of arrivals.
#[derive(Debug)]
pub(super) struct Demand {
    random: Random,
    /// Mean time a visitor keeps a counter, life seconds.
    occupies_s: f64,
    /// Left to go until the next arrival, in expected arrivals.
    until_next: f64,
    /// Who stood in front of the doors and has not come in yet; unknown before the first look.
    crowd: Option<usize>,
    until_next_of_crowd_s: f64,
}

impl Demand {
    /// Arrivals for counters that a visitor keeps for `occupies_s` seconds of life on average.
    pub(super) fn new(mut random: Random, occupies_s: f64) -> Self {
        Self {
            until_next: random.exponential(1.0),
            until_next_of_crowd_s: 0.5,
            random,
            occupies_s: occupies_s.max(1.0),
            crowd: None,
        }
    }

    /// Expected arrivals per second of life.
    fn rate(&self, minute: f64, hall: &Hall) -> f64 {
        if hall.waiting >= FULL_WAITING {
            return 0.0;
        }
        let hour = ((minute / 60.0) as usize)
            .saturating_sub(8)
            .min(LOAD.len() - 1);
        let pull = 1.0 + (USUAL_WAITING - hall.waiting as f64) / PULL_WAITING;
        LOAD[hour] * pull.clamp(0.3, 1.6) * hall.open_counters as f64 / self.occupies_s
    }

    /// How many come in during the next `real_s` seconds, which are `life_s` of life, at this minute of the day.
    pub(super) fn step(&mut self, real_s: f64, life_s: f64, minute: f64, hall: &Hall) -> u32 {
        let mut come = 0;
        self.until_next -= self.rate(minute, hall) * life_s;
        while self.until_next <= 0.0 && come < STEP_MAX {
            self.until_next += self.random.exponential(1.0);
            come += 1;
        }
        come + self.step_of_crowd(real_s, hall)
    }

    /// A hall that is already full, as after a restart, draws no crowd.
    fn step_of_crowd(&mut self, real_s: f64, hall: &Hall) -> u32 {
        let inside = hall.waiting + hall.at_counters;
        let crowd = self.crowd.get_or_insert(CROWD.saturating_sub(inside));
        let mut come = 0;
        self.until_next_of_crowd_s -= real_s;
        while self.until_next_of_crowd_s <= 0.0 && *crowd > 0 {
            self.until_next_of_crowd_s += self.random.exponential(CROWD_GAP_S);
            *crowd -= 1;
            come += 1;
        }
        come
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn hall(waiting: usize, open_counters: usize) -> Hall {
        Hall {
            waiting,
            open_counters,
            at_counters: open_counters,
            ..Hall::default()
        }
    }

    #[test]
    fn a_newcomer_sees_a_busy_hall_within_a_minute_at_real_pace() {
        for seed in 0..50 {
            let mut demand = Demand::new(Random::new(seed), 400.0);
            let mut inside = 0;
            for _ in 0..45 * 4 {
                let hall = Hall {
                    waiting: inside,
                    open_counters: 6,
                    ..Hall::default()
                };
                inside += demand.step(0.25, 0.25, 570.0, &hall) as usize;
            }
            assert!((12..=24).contains(&inside), "seed {seed}: {inside}");
        }
    }

    #[test]
    fn a_full_hall_draws_no_crowd_after_a_restart() {
        let mut demand = Demand::new(Random::new(1), 400.0);
        let came: u32 = (0..400)
            .map(|_| demand.step(0.25, 0.0, 570.0, &hall(14, 6)))
            .sum();
        assert_eq!(came, 0);
    }

    #[test]
    fn arrivals_are_as_many_as_the_load_asks_for() {
        let mut demand = Demand::new(Random::new(5), 400.0);
        let usual = hall(15, 6);
        let hours = 500.0;
        let came: u32 = (0..(hours * 3600.0) as u32)
            .map(|_| demand.step(0.0, 1.0, 10.5 * 60.0, &usual))
            .sum();
        let expected = 0.95 * 6.0 / 400.0 * 3600.0 * hours;
        // Three standard deviations of a Poisson count.
        assert!(
            (f64::from(came) - expected).abs() < 3.0 * expected.sqrt(),
            "{came} of {expected}"
        );
    }

    #[test]
    fn the_fuller_the_fewer_come() {
        let demand = Demand::new(Random::new(5), 400.0);
        let rates: Vec<f64> = (0..40).map(|w| demand.rate(600.0, &hall(w, 6))).collect();
        assert!(rates.windows(2).all(|r| r[0] >= r[1]), "{rates:?}");
        assert_eq!(rates[39], 0.0);
        assert_eq!(
            demand.rate(600.0, &hall(0, 0)),
            0.0,
            "all counters are closed"
        );
    }

    #[test]
    fn nobody_joins_an_endless_line() {
        let a = ServiceId::new("a").unwrap();
        let mut hall = hall(0, 1);
        hall.lines.insert(a.clone(), (7, 1));
        assert!(hall.is_bearable(&a));
        hall.lines.insert(a.clone(), (8, 1));
        assert!(!hall.is_bearable(&a));
        hall.lines.insert(a.clone(), (8, 2));
        assert!(hall.is_bearable(&a));
        assert!(!hall.is_bearable(&ServiceId::new("b").unwrap()));
    }

    proptest! {
        #[test]
        fn a_step_is_bounded(seed: u64, life_s in 0.0..1e6_f64, waiting in 0_usize..50, open in 0_usize..20) {
            let mut demand = Demand::new(Random::new(seed), 400.0);
            let come = demand.step(0.25, life_s, 600.0, &hall(waiting, open));
            prop_assert!(come <= STEP_MAX + CROWD as u32);
        }
    }
}
