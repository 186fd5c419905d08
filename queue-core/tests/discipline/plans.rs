//! The stations of the random days.

use std::num::NonZeroU8;

use queue_core::{Discipline, ProfilePlan, StationPlan};

use crate::common::*;

/// Every rule.
pub(crate) fn rules() -> [Discipline; 5] {
    [
        Discipline::HeadStart,
        Discipline::Fcfs,
        Discipline::Strict,
        Discipline::Accumulating,
        ratio(),
    ]
}

/// Two calls of priority, then three regular ones.
pub(crate) fn ratio() -> Discipline {
    let number = |n| NonZeroU8::new(n).expect("more than nothing");
    Discipline::Ratio {
        priority: number(2),
        regular: number(3),
    }
}

/// The station under another rule. Counter 2 helps out with stays after five minutes, counter 3 with cards after 40 s.
pub(crate) fn under(rule: Discipline) -> StationPlan {
    let mut plan = plan();
    plan.rules.discipline = rule;
    for (id, other, delay_s) in [("2", "stay", 300), ("3", "card", 40)] {
        let desk = plan.counters.get_mut(&counter(id)).expect("a counter");
        desk.overflow_skills.insert(service(other));
        desk.overflow_delay_s = delay_s;
    }
    let of = |skills: &[&str], others: &[&str]| ProfilePlan {
        skills: skills.iter().map(|s| service(s)).collect(),
        overflow_skills: others.iter().map(|s| service(s)).collect(),
    };
    plan.profiles = [
        (profile("stays"), of(&["stay"], &["enquiry"])),
        (profile("nothing"), of(&[], &["card"])),
    ]
    .into();
    plan
}

/// Plans to change to and back from: other numbers of the classes, a counter less, a service less, other skills, a
/// class less, another rule, nobody who helps out,
/// counters that call by themselves.
pub(crate) fn variant(rule: Discipline, which: u8) -> StationPlan {
    let mut changed = under(rule);
    match which % 8 {
        0 => {
            for class in changed.classes.values_mut() {
                class.credit_s /= 2;
                class.rank = class.rank.wrapping_sub(1) % 4;
                class.rate_permille = 3_500 - class.rate_permille;
            }
        }
        1 => {
            changed.counters.remove(&counter("3"));
        }
        2 => {
            changed.services.remove(&service("stay"));
            for desk in changed.counters.values_mut() {
                desk.skills.remove(&service("stay"));
                desk.overflow_skills.remove(&service("stay"));
            }
            changed.profiles.remove(&profile("stays"));
        }
        3 => {
            for desk in changed.counters.values_mut() {
                desk.skills.insert(service("enquiry"));
            }
        }
        4 => {
            changed.classes.remove(&class("appointment"));
        }
        5 => {
            changed.rules.discipline = rules()[usize::from(which / 8) % 5];
        }
        6 => {
            for desk in changed.counters.values_mut() {
                desk.overflow_skills.clear();
            }
        }
        7 => {
            for (id, after_s) in [("1", 8), ("2", 0)] {
                let desk = changed.counters.get_mut(&counter(id)).expect("a counter");
                desk.auto_call = true;
                desk.auto_after_s = after_s;
            }
        }
        _ => {}
    }
    changed
}
