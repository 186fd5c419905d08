//! The zones: who is in which, and those with a rule of their own.

use queue_core::{ServiceId, ZoneId};

use super::{Checker, queue};
use crate::places::Place;

pub(super) fn check(checker: &mut Checker<'_>, file: Place<'_>) {
    let zones = file.get("zone");
    let known = checker.ids::<ZoneId>(file, "zone");
    for zone in zones.items() {
        checker.texts(zone.get("name"));
        queue::discipline(checker, zone.get("discipline"), file.get("class"));
    }
    let of_places = file
        .get("service")
        .items()
        .chain(file.get("counter").items());
    for owner in of_places {
        let at = owner.get("zone");
        match at.read::<ZoneId>() {
            Some(zone) => checker.known(at, "zone", zone.as_str(), &known),
            None if zones.count().is_some_and(|n| n > 0) && at.is_absent() && owner.is_table() => {
                checker.wrong(
                    owner,
                    "no zone, where the station has zones",
                    "`zone` with the id of one",
                );
            }
            None => {}
        }
    }
    for display in file.get("display").items() {
        let at = display.get("zone");
        if let Some(zone) = at.read::<ZoneId>() {
            checker.known(at, "zone", zone.as_str(), &known);
        }
    }
    checker.texts(file.get("identity_desk").get("place"));
    identity_desk(checker, file);
    apart(checker, file);
}

/// Visitors have to know where to go for the check.
fn identity_desk(checker: &mut Checker<'_>, file: Place<'_>) {
    if !file.get("identity_desk").is_absent() {
        return;
    }
    let services = file.get("service").items();
    let checks = services.map(|service| service.get("identity_check"));
    for at in checks.filter(|at| at.read::<bool>() == Some(true)) {
        checker.wrong(
            at,
            "nobody is told where identities are checked",
            "`[identity_desk]` with its `place`",
        );
    }
}

/// A zone with a rule of its own stands by itself.
fn apart(checker: &mut Checker<'_>, file: Place<'_>) {
    let own_rule = |zone: Option<ZoneId>| {
        let zone = zone?;
        let mut zones = file.get("zone").items();
        let ruled = zones.any(|entry| {
            entry.get("id").read().as_ref() == Some(&zone) && entry.get("discipline").is_table()
        });
        ruled.then_some(zone)
    };
    let zone_of_service = |id: &ServiceId| {
        let mut services = file.get("service").items();
        let service = services.find(|entry| entry.get("id").read().as_ref() == Some(id));
        service.and_then(|entry| own_rule(entry.get("zone").read()))
    };
    for counter in file.get("counter").items() {
        let here = own_rule(counter.get("zone").read());
        let lists = [counter.get("skills"), counter.get("overflow_skills")];
        for at in lists.into_iter().flat_map(Place::items) {
            let Some(skill) = at.read::<ServiceId>() else {
                continue;
            };
            let there = zone_of_service(&skill);
            if here != there {
                let zone = here.as_ref().or(there.as_ref());
                let zone = zone.map(ToString::to_string).unwrap_or_default();
                checker.wrong(
                    at,
                    format!("`{skill}` and this counter are under different rules"),
                    format!("services of one rule only: the zone `{zone}` has a rule of its own"),
                );
            }
        }
    }
}
