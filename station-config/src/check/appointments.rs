//! Appointments: what they name is there, their numbers make sense, their hours hold at least one slot.

use queue_core::{ClassId, ServiceId};

use super::{Checker, Ids};
use crate::places::Place;
use crate::time_of_day::TimeOfDay;

pub(super) fn check(
    checker: &mut Checker<'_>,
    appointments: Place<'_>,
    (all, services): (Place<'_>, &Ids),
    classes: &Ids,
) {
    if appointments.is_absent() {
        return;
    }
    let class = appointments.get("class");
    if let Some(id) = class.read::<ClassId>() {
        checker.known(class, "class", id.as_str(), classes);
    }
    checker.in_range(appointments.get("grace_min"), 0_u32..=60);
    checker.in_range(appointments.get("check_in_before_min"), 0_u32..=90);
    checker.in_range(appointments.get("missed_after_min"), 0_u32..=240);
    checker.in_range(appointments.get("callable_before_min"), 0_u32..=60);
    let offered = appointments.get("service");
    if offered.is_absent() || offered.count() == Some(0) {
        checker.wrong(
            appointments,
            "appointments for no service",
            "at least one `[[appointments.service]]`",
        );
    }
    let names = offered.items().map(|slots| slots.get("service"));
    checker.unique::<ServiceId>("service", names);
    for slots in offered.items() {
        let at = slots.get("service");
        if let Some(id) = at.read::<ServiceId>() {
            checker.known(at, "service", id.as_str(), services);
            let named = |service: &Place<'_>| service.get("id").read().as_ref() == Some(&id);
            let found = all.items().find(named);
            if found.is_some_and(|service| service.get("only_step").read() == Some(true)) {
                checker.wrong(
                    at,
                    format!("appointments for `{id}`, which is only a step"),
                    "a service that visitors choose",
                );
            }
        }
        checker.in_range(slots.get("slot_min"), 1_u32..=240);
        checker.in_range(slots.get("capacity"), 1_u32..=50);
        checker.in_range(slots.get("book_until_min"), 0_u32..=10_080);
        checker.in_range(slots.get("book_days_ahead"), 0_u32..=180);
        hours(checker, slots);
    }
}

fn hours(checker: &mut Checker<'_>, slots: Place<'_>) {
    let minute = |t: TimeOfDay| u32::from(t.hour()) * 60 + u32::from(t.minute());
    let mut until = None;
    for hours in slots.get("hours").items() {
        let times = (hours.get("open").read(), hours.get("close").read());
        let (Some::<TimeOfDay>(open), Some::<TimeOfDay>(close)) = times else {
            continue;
        };
        let slot_min = slots.get("slot_min").read::<u32>().unwrap_or(0);
        if minute(open) + slot_min > minute(close) {
            checker.wrong(
                hours.get("close"),
                format!("no slot of {slot_min} minutes fits between {open} and {close}"),
                "a later time",
            );
        }
        if let Some(until) = until.filter(|until| open < *until) {
            checker.wrong(
                hours.get("open"),
                format!("these hours begin at {open}"),
                format!("{until} or later: the hours before them end then"),
            );
        }
        until = Some(close);
    }
}
