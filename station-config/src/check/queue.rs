//! The station, its classes, services, counters and rules.

use jiff::tz::TimeZone;

use super::{Checker, way};
use crate::errors::did_you_mean;
use crate::model::{Class, Counter, Service, Station, StationFile};

/// Letters that visitors and staff take for a digit or for another letter.
const LOOK_ALIKES: [(&str, &str); 7] = [
    ("B", "8"),
    ("D", "0"),
    ("I", "1"),
    ("O", "0"),
    ("Q", "0"),
    ("S", "5"),
    ("Z", "2"),
];

pub(super) fn check(checker: &mut Checker<'_>, file: &StationFile) {
    station(checker, &file.station);
    classes(checker, &file.classes);
    services(checker, &file.services);
    counters(checker, file);
    checker.in_range(
        &way!["rules", "undo_window_s"],
        file.rules.undo_window_s,
        0..=60,
    );
    for (index, announcement) in file.announcements.iter().enumerate() {
        checker.texts(&way!["announcement", index, "text"], &announcement.text);
    }
}

fn station(checker: &mut Checker<'_>, station: &Station) {
    checker.texts(&way!["station", "name"], &station.name);
    if TimeZone::get(&station.timezone).is_err() {
        let names: Vec<_> = jiff::tz::db().available().collect();
        let hint = did_you_mean(&station.timezone, names.iter().map(|name| name.as_str()));
        checker.wrong(
            &way!["station", "timezone"],
            format!("unknown time zone `{}`{hint}", station.timezone),
            "an IANA name such as `Asia/Taipei`",
        );
    }
    let hours = station.hours;
    if hours.close <= hours.open {
        checker.wrong(
            &way!["station", "hours", "close"],
            format!("the station closes at {}", hours.close),
            format!("a time after {}", hours.open),
        );
    }
    url(checker, "public_url", &station.public_url);
    if let Some(server_url) = &station.server_url {
        url(checker, "server_url", server_url);
    }
}

fn url(checker: &mut Checker<'_>, key: &str, url: &str) {
    let host = ["http://", "https://"]
        .iter()
        .find_map(|scheme| url.strip_prefix(scheme));
    let usable = host.is_some_and(|host| {
        !host.is_empty()
            && !host.starts_with(['/', ':'])
            && !url.contains(|c: char| c.is_whitespace() || c.is_control())
            && !url.contains(['?', '#'])
    });
    if !usable {
        checker.wrong(
            &way!["station", key],
            format!("`{url}` is not an address of pages"),
            "one such as http://192.168.1.10:8080",
        );
    }
}

fn classes(checker: &mut Checker<'_>, classes: &[Class]) {
    let ids = classes.iter().map(|class| class.id.to_string());
    checker.unique("class", ids, |index| way!["class", index, "id"]);
    for (index, class) in classes.iter().enumerate() {
        checker.texts(&way!["class", index, "name"], &class.name);
        checker.in_range(
            &way!["class", index, "credit_min"],
            class.credit_min,
            0..=60,
        );
    }
    let mut defaults = (0..classes.len()).filter(|index| classes[*index].default);
    match (defaults.next(), defaults.next()) {
        (Some(_), None) => {}
        (None, _) => checker.wrong(
            &way!["class", 0],
            "no class is the default",
            "`default = true` in one class",
        ),
        (Some(first), Some(second)) => checker.wrong(
            &way!["class", second, "default"],
            format!("a second default class beside `{}`", classes[first].id),
            "`default = true` in one class only",
        ),
    }
}

fn services(checker: &mut Checker<'_>, services: &[Service]) {
    if services.is_empty() {
        checker.wrong(&way!["service"], "no service", "at least one `[[service]]`");
    }
    let ids = services.iter().map(|service| service.id.to_string());
    checker.unique("service", ids, |index| way!["service", index, "id"]);
    let letters = services.iter().map(|service| service.letter.to_string());
    checker.unique("letter", letters, |index| way!["service", index, "letter"]);
    for (index, service) in services.iter().enumerate() {
        let at = |key| way!["service", index, key];
        let letter = service.letter.as_str();
        if letter.len() != 1 {
            checker.wrong(
                &at("letter"),
                format!("invalid letter `{letter}`"),
                "one letter A-Z",
            );
        }
        if let Some((_, other)) = LOOK_ALIKES.iter().find(|(alike, _)| *alike == letter) {
            checker.unwise(
                &at("letter"),
                format!("the letter `{letter}` is easily read as `{other}`"),
            );
        }
        checker.texts(&at("name"), &service.name);
        if let Some(short_name) = &service.short_name {
            checker.texts(&at("short_name"), short_name);
        }
        checker.not_blank(&at("icon"), &service.icon);
        checker.in_range(&at("wait_standard_min"), service.wait_standard_min, 1..=480);
        checker.in_range(
            &at("expected_handling_min"),
            service.expected_handling_min,
            1..=240,
        );
        if service.documents.len() > 3 {
            checker.wrong(
                &at("documents"),
                format!("{} documents", service.documents.len()),
                "at most 3",
            );
        }
        for (nth, document) in service.documents.iter().enumerate() {
            checker.texts(&way!["service", index, "documents", nth], document);
        }
    }
}

fn counters(checker: &mut Checker<'_>, file: &StationFile) {
    let services: Vec<_> = file.services.iter().map(|s| s.id.as_str()).collect();
    if file.counters.is_empty() {
        checker.wrong(&way!["counter"], "no counter", "at least one `[[counter]]`");
    }
    let ids = file.counters.iter().map(|counter| counter.id.to_string());
    checker.unique("counter", ids, |index| way!["counter", index, "id"]);
    for (index, counter) in file.counters.iter().enumerate() {
        skills(checker, index, counter, &services);
    }
    for (index, service) in file.services.iter().enumerate() {
        if !file.counters.iter().any(|c| c.skills.contains(&service.id)) {
            checker.unwise(
                &way!["service", index, "id"],
                format!(
                    "no counter has the skill `{}`: its visitors are never called",
                    service.id
                ),
            );
        }
    }
}

fn skills(checker: &mut Checker<'_>, index: usize, counter: &Counter, services: &[&str]) {
    if counter.skills.is_empty() {
        checker.wrong(
            &way!["counter", index, "skills"],
            format!("counter `{}` has no skills", counter.id),
            "at least one service id",
        );
    }
    for (nth, skill) in counter.skills.iter().enumerate() {
        let at = way!["counter", index, "skills", nth];
        checker.known(&at, "service", skill.as_str(), services);
    }
    let skills = counter.skills.iter().map(ToString::to_string);
    checker.unique("skill", skills, |nth| way!["counter", index, "skills", nth]);
}
