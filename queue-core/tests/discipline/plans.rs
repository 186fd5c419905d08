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
    plan
}

/// Plans to change to and back from: other numbers of the classes, a counter less, a service less, other skills, a
/// class less, another rule, other appointments or none.
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
            if let Some(offered) = &mut changed.appointments {
                offered.services.remove(&service("stay"));
            }
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
            if let Some(offered) = &mut changed.appointments {
                offered.class = None;
            }
        }
        5 => {
            changed.rules.discipline = rules()[usize::from(which / 8) % 5];
        }
        6 if which.is_multiple_of(16) => changed.appointments = None,
        6 => {
            if let Some(offered) = &mut changed.appointments {
                offered.callable_before_s = 60 * u32::from(which / 8);
                offered.grace_s /= 2;
            }
        }
        _ => {}
    }
    changed
}
