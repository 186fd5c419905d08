//! Sessions: the rules one by one, and random days beside a second, naive engine.

#[path = "../common/mod.rs"]
mod common;

mod model;
mod rules;
mod trace;

use proptest::prelude::*;
use trace::{Race, Step};

fn step() -> impl Strategy<Value = Step> {
    (0_u8..64, any::<u8>(), any::<u8>(), any::<u8>()).prop_map(|(what, to, detail, pause)| Step {
        what,
        to,
        detail,
        pause,
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn engine_and_model_agree_on_random_days(steps in prop::collection::vec(step(), 1..200)) {
        let mut race = Race::new();
        for step in steps {
            race.step(step);
        }
        race.check_log();
    }
}

/// Numbers from a fixed start (xorshift), so that the long trace is the same every time.
struct Dice(u64);

impl Dice {
    fn step(&mut self) -> Step {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        let [what, to, detail, pause, ..] = self.0.to_le_bytes();
        Step {
            what: what % 64,
            to,
            detail,
            pause,
        }
    }
}

#[test]
fn a_hundred_thousand_events_keep_every_promise() {
    let mut race = Race::new();
    let mut dice = Dice(0x9e37_79b9_7f4a_7c15);
    while race.station.log.len() < 100_000 {
        race.step(dice.step());
    }
    race.check_log();
    // The trace is only worth something if every rule was needed.
    for (rule, times) in &race.seen {
        assert!(*times > 40, "{rule}: only {times} times");
    }
    let needed = [
        "called",
        "started",
        "ended",
        "missed",
        "moved",
        "sent_away",
        "late",
        "undone",
        "list_served",
        "kept_seat",
        "released_seat",
        "session_full",
        "session_earlier_waits",
        "session_not_called",
        "session_check_in_open",
        "session_running",
        "session_closed",
        "session_too_far",
        "party_too_large",
        "verified",
    ];
    for rule in needed {
        assert!(race.seen.contains_key(rule), "{rule} never happened");
    }
}
