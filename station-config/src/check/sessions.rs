//! Services with sessions.

use std::collections::BTreeSet;

use queue_core::{ClassId, ServiceId};

use super::{Checker, Ids};
use crate::calendar::TimeSpan;
use crate::places::Place;

pub(super) fn check(checker: &mut Checker<'_>, file: Place<'_>, classes: &Ids) {
    for service in file.get("service").items() {
        let sessions = service.get("sessions");
        if sessions.is_absent() {
            continue;
        }
        times(checker, sessions);
        rooms(checker, sessions);
        checker.in_range(sessions.get("check_in_before_min"), 0_u32..=240);
        checker.in_range(sessions.get("release_before_min"), 0_u32..=240);
        checker.in_range(sessions.get("ahead"), 1_u16..=48);
        checker.in_range(sessions.get("waiting_max"), 0_u16..=99);
        for class in sessions.get("reserved_for_classes").items() {
            if let Some(id) = class.read::<ClassId>() {
                checker.known(class, "class", id.as_str(), classes);
            }
        }
        let channels = Ids::fixed(CHANNELS);
        for key in ["reserved_for_channels", "check_in_later"] {
            for channel in sessions.get(key).items() {
                if let Some(id) = channel.read::<ServiceId>() {
                    checker.known(channel, "channel", id.as_str(), &channels);
                }
            }
        }
        stands_alone(checker, file, service);
    }
}

/// Where tickets are given out.
const CHANNELS: [&str; 5] = ["kiosk", "greeter", "phone", "web", "counter"];

fn times(checker: &mut Checker<'_>, sessions: Place<'_>) {
    let (every, lasts) = (sessions.get("every_min"), sessions.get("lasts_min"));
    checker.in_range(every, 1_u32..=480);
    checker.in_range(lasts, 1_u32..=480);
    if sessions.get("hours").count() == Some(0) {
        checker.wrong(sessions.get("hours"), "no hours", "at least one span");
    }
    for span in sessions.get("hours").items() {
        span.read::<TimeSpan>();
    }
    if let (Some(every), Some(length)) = (every.read::<u32>(), lasts.read::<u32>())
        && length > every
    {
        checker.wrong(
            lasts,
            format!("a session lasts {length} minutes and the next begins after {every}"),
            format!("at most {every}"),
        );
    }
}

fn rooms(checker: &mut Checker<'_>, sessions: Place<'_>) {
    let rooms = sessions.get("room");
    if rooms.count() == Some(0) {
        checker.wrong(rooms, "no room", "at least one `[[service.sessions.room]]`");
    }
    let mut names = BTreeSet::new();
    let mut seats = 0_u32;
    for room in rooms.items() {
        let name = room.get("name");
        checker.not_blank(name);
        checker.in_range(room.get("windows"), 1_u16..=200);
        seats += room.get("windows").read::<u32>().unwrap_or(0);
        if let Some(text) = name.read::<String>() {
            if text.len() > 40 {
                checker.wrong(
                    name,
                    format!("the name `{text}` is long"),
                    "at most 40 bytes",
                );
            }
            if !names.insert(text.clone()) {
                checker.wrong(name, format!("a second room `{text}`"), "another name");
            }
        }
    }
    let reserved = sessions.get("reserved");
    if let Some(kept) = reserved.read::<u32>()
        && kept > seats
    {
        checker.wrong(
            reserved,
            format!("{kept} seats are kept of {seats}"),
            format!("at most {seats}"),
        );
    }
    if seats > 500 {
        checker.wrong(
            rooms,
            format!("{seats} seats"),
            "at most 500 windows in all",
        );
    }
}

/// Who visits is seated, and never called by a counter.
fn stands_alone(checker: &mut Checker<'_>, file: Place<'_>, service: Place<'_>) {
    let Some(id) = service.get("id").read::<ServiceId>() else {
        return;
    };
    if service.get("steps").count().is_some_and(|steps| steps > 0) {
        let at = service.get("steps");
        checker.wrong(at, "a service with sessions has no steps", "no `steps`");
    }
    for flag in [service.get("together"), service.get("only_step")] {
        if flag.read() == Some(true) {
            let why = "a ticket of a session has no other matters";
            checker.wrong(flag, why, "`false`");
        }
    }
    let owners = file
        .get("counter")
        .items()
        .chain(file.get("profile").items());
    let named = owners.flat_map(|owner| [owner.get("skills"), owner.get("overflow_skills")]);
    let steps = file.get("service").items().map(|other| other.get("steps"));
    let slots = file.get("appointments").get("service").items();
    let places: Vec<_> = named
        .chain(steps)
        .flat_map(Place::items)
        .chain(slots.map(|slots| slots.get("service")))
        .filter(|at| at.read::<ServiceId>().as_ref() == Some(&id))
        .collect();
    for at in places {
        checker.wrong(
            at,
            format!("`{id}` has sessions: its visitors are seated and not called to a counter"),
            "another service",
        );
    }
}
