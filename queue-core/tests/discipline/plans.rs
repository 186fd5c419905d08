//! The stations of the random days.

use std::num::NonZeroU8;

use queue_core::{Discipline, StationPlan};

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

/// The station under another rule.
pub(crate) fn under(rule: Discipline) -> StationPlan {
    let mut plan = plan();
    plan.rules.discipline = rule;
    plan.rules.no_show.automatic_recalls = true;
    plan.rules.no_show.return_within_s = 1_000;
    plan
}

/// Plans to change to and back from: other numbers of the classes, a counter less, a service less, other skills, a
/// class less, another rule.
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
            }
        }
        3 => {
            for desk in changed.counters.values_mut() {
                desk.skills.insert(service("enquiry"));
            }
        }
        4 => {
            changed.classes.remove(&class("appointment"));
            changed.rules.no_show.return_behind = which / 8 % 5;
            changed.rules.no_show.returns = which / 8 % 3;
        }
        5 => {
            changed.rules.discipline = rules()[usize::from(which / 8) % 5];
        }
        _ => {}
    }
    changed
}
