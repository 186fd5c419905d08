//! The stations of the random days.

use std::collections::BTreeMap;
use std::num::NonZeroU8;

use queue_core::{
    CutOff, DayHours, Discipline, OnePerPerson, PlanLimits, PlanZones, ProfilePlan, Quota,
    ServiceHours, ServiceLimits, ServicePlan, StationPlan, StationTime, Window, ZonePlan,
};

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

/// The station under another rule; a permit takes three stations. Counter 2 helps out with stays after five minutes, counter 3 with cards after 40 s.
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
    let steps = ServicePlan {
        series: series("B"),
        wait_standard_s: None,
        expected_handling_s: 300,
        steps: ["enquiry", "card", "stay"].map(service).into(),
        identity_check: false,
    };
    plan.services.insert(service("permit"), steps);
    plan.rules.no_show.automatic_recalls = true;
    plan.rules.no_show.return_within_s = 1_000;
    let enquiry = plan.services.get_mut(&service("enquiry"));
    enquiry.expect("a service").identity_check = true;
    plan.zones = zones(None).into();
    plan
}

/// Cards and enquiries wait on the ground floor, stays upstairs.
fn zones(upstairs: Option<Discipline>) -> PlanZones {
    let of = |discipline| ZonePlan { discipline };
    PlanZones {
        zones: [(zone("1f"), of(None)), (zone("2f"), of(upstairs))].into(),
        services: [("card", "1f"), ("enquiry", "1f"), ("stay", "2f")]
            .map(|(s, z)| (service(s), zone(z)))
            .into(),
        counters: [("1", "1f"), ("2", "1f"), ("3", "2f")]
            .map(|(c, z)| (counter(c), zone(z)))
            .into(),
    }
}

/// The same with a rule of its own upstairs, where nobody else helps out.
pub(crate) fn apart(rule: Discipline) -> StationPlan {
    let mut plan = under(rule);
    let at = rules().iter().position(|r| *r == rule).unwrap_or(0);
    plan.zones = zones(Some(rules()[(at + 2) % 5])).into();
    let mut set = |id: &str, own: &[&str], others: &[&str]| {
        let desk = plan.counters.get_mut(&counter(id)).expect("a counter");
        desk.skills = own.iter().map(|s| service(s)).collect();
        desk.overflow_skills = others.iter().map(|s| service(s)).collect();
    };
    set("1", &["card"], &["enquiry"]);
    set("2", &["card", "enquiry"], &[]);
    set("3", &["stay"], &[]);
    let upstairs = ProfilePlan {
        skills: [service("stay")].into(),
        ..ProfilePlan::default()
    };
    plan.profiles.insert(profile("stays"), upstairs);
    plan
}

/// The plan with limits on its tickets and with alarms.
pub(crate) fn limited(mut plan: StationPlan) -> StationPlan {
    let limits = [
        ("card", CutOff::Refuse, OnePerPerson::Off),
        ("enquiry", CutOff::Off, OnePerPerson::WhenKnown),
        ("stay", CutOff::Warn, OnePerPerson::WhenKnown),
        ("permit", CutOff::Refuse, OnePerPerson::WhenKnown),
    ]
    .map(|(id, cut_off, one_per_person)| {
        let limits = ServiceLimits {
            cut_off,
            one_per_person,
            quota_counts_persons: id == "card",
        };
        (service(id), limits)
    });
    plan.limits = PlanLimits {
        services: limits.into(),
        alarm_after_s: Some(300),
    }
    .into();
    plan
}

/// Hours around an instant: none, open, closed, closing soon, a break, a service with hours of its own, quotas.
pub(crate) fn hours(now_ms: i64, which: u8) -> Option<DayHours> {
    let span = |from_min: i64, until_min: i64| Window {
        from: StationTime(now_ms + from_min * MINUTE_MS),
        until: StationTime(now_ms + until_min * MINUTE_MS),
    };
    let mut hours = DayHours {
        station: vec![span(-60, 600)],
        services: BTreeMap::new(),
        next_opening: (which / 8 % 2 == 1).then(|| StationTime(now_ms + 1_440 * MINUTE_MS)),
    };
    let mut of = |id: &str, own: ServiceHours| {
        hours.services.insert(service(id), own);
    };
    let quota = |from_min, until_min, tickets| Quota {
        window: span(from_min, until_min),
        tickets,
    };
    match which % 8 {
        0 => return None,
        1 => hours.station = vec![span(-60, -20), span(10, 600)],
        2 => hours.station = vec![span(-60, 20)],
        3 => of(
            "stay",
            ServiceHours {
                windows: Some(vec![span(-60, -5), span(30, 200)]),
                ..ServiceHours::default()
            },
        ),
        4 | 5 => {
            of(
                "card",
                ServiceHours {
                    quotas: vec![quota(-30, 60, 4), quota(60, 200, 6), quota(0, 90, 5)],
                    next_opening: Some(StationTime(now_ms + 2_000 * MINUTE_MS)),
                    ..ServiceHours::default()
                },
            );
            of(
                "enquiry",
                ServiceHours {
                    windows: Some(vec![span(-60, 120)]),
                    quotas: vec![quota(-600, 60, 8)],
                    ..ServiceHours::default()
                },
            );
        }
        6 if which > 128 => hours.station = vec![],
        _ => {}
    }
    Some(hours)
}

/// Plans to change to and back from: other numbers of the classes, a counter less, a service less, other skills, a
/// class less, another rule, other appointments or none, nobody who helps out, counters that call by themselves, other
/// limits, other gates.
pub(crate) fn variant(base: &StationPlan, which: u8) -> StationPlan {
    let mut changed = base.clone();
    match which % 10 {
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
            let permit = changed.services.get_mut(&service("permit"));
            permit.expect("a service").steps.pop();
            if let Some(offered) = &mut changed.appointments {
                offered.services.remove(&service("stay"));
            }
            for desk in changed.counters.values_mut() {
                desk.skills.remove(&service("stay"));
                desk.overflow_skills.remove(&service("stay"));
            }
            changed.profiles.remove(&profile("stays"));
        }
        3 => {
            for desk in changed.counters.values_mut() {
                if desk.skills.contains(&service("card")) {
                    desk.overflow_skills.remove(&service("enquiry"));
                    desk.skills.insert(service("enquiry"));
                }
            }
        }
        4 => {
            changed.classes.remove(&class("appointment"));
            if let Some(offered) = &mut changed.appointments {
                offered.class = None;
            }
            changed.rules.no_show.return_behind = which / 10 % 5;
            changed.rules.no_show.returns = which / 10 % 3;
        }
        5 => {
            changed.rules.discipline = rules()[usize::from(which / 10) % 5];
        }
        6 if which.is_multiple_of(16) => changed.appointments = None,
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
        8 => {
            let stay = changed.limits.0.services.entry(service("stay"));
            stay.or_default().one_per_person = OnePerPerson::Always;
            let card = changed.limits.0.services.entry(service("card"));
            card.or_default().quota_counts_persons = false;
            changed.limits.0.alarm_after_s = (which > 128).then_some(30);
            if let Some(offered) = &mut changed.appointments {
                offered.callable_before_s = 60 * u32::from(which / 8);
                offered.grace_s /= 2;
            }
        }
        _ => {
            for plan in changed.services.values_mut() {
                plan.identity_check = !plan.identity_check;
            }
        }
    }
    changed
}
