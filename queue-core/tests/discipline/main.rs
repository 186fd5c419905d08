//! The discipline of the station and the promises of its log, over random days, against a second, naive engine.

#[path = "../common/mod.rs"]
mod common;

mod checks;
mod coupling;
mod model;
mod nonsense;
mod plans;
mod promises;
mod trace;

use common::*;
use plans::{apart, limited, ratio, rules, under};
use proptest::prelude::*;
use queue_core::{Discipline, Engine, Recorded, TicketNumber};
use trace::{Race, Step};

fn step() -> impl Strategy<Value = Step> {
    (
        0_u8..128,
        any::<u8>(),
        any::<u8>(),
        any::<u8>(),
        any::<u8>(),
    )
        .prop_map(|(what, counter, to, detail, pause)| Step {
            what,
            counter,
            to,
            detail,
            pause,
        })
}

fn rule() -> impl Strategy<Value = Discipline> {
    prop::sample::select(rules().to_vec())
}

/// Replay, replay of the stored text, and a stored snapshot with the rest of the log all give the live state.
fn the_log_is_the_state(station: &Station, snapshot: Option<(usize, String)>) {
    let live = station.engine.fingerprint();
    let replayed = replay(&station.log);
    assert_eq!(replayed.fingerprint(), live);
    assert!(replayed == station.engine);
    let stored = station.log.iter().map(|recorded| {
        let text = serde_json::to_string(recorded).expect("an event is stored");
        let back: Recorded = serde_json::from_str(&text).expect("a stored event is read");
        assert_eq!(back, *recorded);
        back
    });
    let stored: Vec<Recorded> = stored.collect();
    assert_eq!(replay(&stored).fingerprint(), live);
    if let Some((at, text)) = snapshot {
        let mut engine: Engine = serde_json::from_str(&text).expect("a snapshot is read");
        stored[at..]
            .iter()
            .for_each(|recorded| engine.apply(recorded));
        assert_eq!(engine.fingerprint(), live);
        assert!(engine == station.engine);
    }
}

fn snapshot(station: &Station) -> (usize, String) {
    let text = serde_json::to_string(&station.engine).expect("a snapshot is stored");
    (station.log.len(), text)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn engine_and_model_agree_on_random_days(
        rule in rule(),
        steps in prop::collection::vec(step(), 1..160),
        cut in any::<prop::sample::Index>(),
        zones_apart in any::<bool>(),
    ) {
        let plan = if zones_apart { apart(rule) } else { under(rule) };
        let mut race = Race::with(limited(plan));
        let cut = cut.index(steps.len());
        let mut stored = None;
        for (i, step) in steps.into_iter().enumerate() {
            race.step(step);
            if i.is_multiple_of(8) {
                race.check_whole();
            }
            if i == cut {
                stored = Some(snapshot(&race.station));
            }
        }
        race.check_whole();
        race.check_crowd();
        the_log_is_the_state(&race.station, stored);
    }

    #[test]
    fn deciding_and_looking_change_nothing(
        rule in rule(),
        steps in prop::collection::vec(step(), 1..60),
    ) {
        let mut race = Race::new(rule);
        for step in steps {
            race.step(step);
        }
        let before = race.station.engine.clone();
        let now = race.station.now;
        for command in nonsense::commands() {
            let envelope = queue_core::Envelope {
                command_ref: None,
                actor: queue_core::Actor("system/test".into()),
                command,
            };
            let first = before.decide(now, &envelope);
            prop_assert_eq!(before.decide(now, &envelope), first);
        }
        let _ = before.board(now);
        prop_assert!(before == race.station.engine);
        prop_assert_eq!(before.fingerprint(), race.station.engine.fingerprint());
    }
}

/// Numbers from a fixed start (xorshift), so that the long trace is the same every time.
struct Dice(u64);

impl Dice {
    fn step(&mut self) -> Step {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        let [a, b, counter, to, detail, pause, ..] = self.0.to_le_bytes();
        // Days are ended by the trace itself, so that they become long.
        // Fewer arrivals than in the short traces, so that the counters keep up with them.
        let what = match 9 + (u16::from_le_bytes([a, b]) % 116) as u8 {
            what @ 97.. => what + 3,
            what => what,
        };
        Step {
            what,
            counter,
            to,
            detail,
            pause: pause % 9,
        }
    }
}

fn a_hundred_thousand_events_keep_every_promise(rule: Discipline) {
    a_long_trace_keeps_every_promise(Race::new(rule));
}

fn a_long_trace_keeps_every_promise(mut race: Race) {
    let mut dice = Dice(0x9e37_79b9_7f4a_7c15);
    let mut stored = None;
    let mut day_began = 0;
    for round in 0_u32.. {
        if race.station.log.len() >= 100_000 {
            break;
        }
        for _ in 0..200 {
            race.step(dice.step());
        }
        if round.is_multiple_of(5) {
            race.check_whole();
        }
        // Somebody closes counters now and then; the house opens them again.
        race.open_counters();
        if race.station.log.len() - day_began > 2_500 {
            race.next_day();
            day_began = race.station.log.len();
        }
        if stored.is_none() && race.station.log.len() > 60_000 {
            stored = Some(snapshot(&race.station));
        }
    }
    race.check_whole();
    assert!(stored.is_some());
    the_log_is_the_state(&race.station, stored);
}

#[test]
fn head_start_keeps_every_promise() {
    a_hundred_thousand_events_keep_every_promise(Discipline::HeadStart);
}

#[test]
fn first_come_first_served_keeps_every_promise() {
    a_hundred_thousand_events_keep_every_promise(Discipline::Fcfs);
}

#[test]
fn strict_rank_keeps_every_promise() {
    a_hundred_thousand_events_keep_every_promise(Discipline::Strict);
}

#[test]
fn accumulating_points_keep_every_promise() {
    a_hundred_thousand_events_keep_every_promise(Discipline::Accumulating);
}

#[test]
fn a_ratio_keeps_every_promise() {
    a_hundred_thousand_events_keep_every_promise(ratio());
}

#[test]
fn zones_with_a_rule_of_their_own_keep_every_promise() {
    for rule in [Discipline::HeadStart, ratio()] {
        a_long_trace_keeps_every_promise(Race::with(limited(apart(rule))));
    }
}

#[test]
fn numbers_grow_to_four_digits_and_are_never_given_twice() {
    let mut s = Station::with_open_day();
    let mut seen = std::collections::BTreeSet::new();
    for n in 1..=1_005_u32 {
        let ticket = s.issue(if n.is_multiple_of(2) {
            "card"
        } else {
            "enquiry"
        });
        let number = s.ticket(ticket).number.clone();
        assert_eq!(number.number, n);
        let text = number.to_string();
        assert_eq!(text.parse::<TicketNumber>(), Ok(number));
        assert!(seen.insert(text));
    }
    for text in ["A001", "A099", "A999", "A1000", "A1005"] {
        assert!(seen.contains(text), "{text}");
    }
    s.must(queue_core::Command::CloseDay);
    s.must(open_day("2026-11-16"));
    let ticket = s.issue("card");
    assert_eq!(s.number(ticket), "A1006");
}

#[test]
fn equal_inputs_give_equal_logs() {
    let run = |rule| {
        let mut race = Race::new(rule);
        let mut dice = Dice(42);
        (0..500).for_each(|_| race.step(dice.step()));
        race.station.log
    };
    for rule in rules() {
        assert_eq!(run(rule), run(rule));
    }
}
