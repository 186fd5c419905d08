//! The station, its classes, services, counters and rules.

use firmware_config::profile::did_you_mean;
use jiff::tz::TimeZone;
use queue_core::{ClassId, ProfileId, Series, ServiceId};

use super::{Checker, Ids};
use crate::model::DisciplineRule;
use crate::places::Place;
use crate::time_of_day::TimeOfDay;

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

pub(super) fn check(checker: &mut Checker<'_>, file: Place<'_>, services: &Ids) {
    station(checker, file.get("station"));
    classes(checker, file.get("class"));
    discipline(checker, file.get("discipline"), file.get("class"));
    no_show(checker, file.get("no_show"));
    self::services(checker, file.get("service"));
    counters(checker, file, services);
    checker.in_range(file.get("rules").get("undo_window_s"), 0_u32..=60);
    checker.in_range(file.get("rules").get("alarm_after_s"), 30_u32..=3_600);
    for announcement in file.get("announcement").items() {
        checker.texts(announcement.get("text"));
    }
}

fn station(checker: &mut Checker<'_>, station: Place<'_>) {
    checker.texts(station.get("name"));
    let at = station.get("timezone");
    if let Some(zone) = at.read::<String>()
        && TimeZone::get(&zone).is_err()
    {
        let names: Vec<_> = jiff::tz::db().available().collect();
        let hint = did_you_mean(&zone, names.iter().map(|name| name.as_str()));
        checker.wrong(
            at,
            format!("unknown time zone `{zone}`{hint}"),
            "an IANA name such as `Asia/Taipei`",
        );
    }
    let hours = station.get("hours");
    let times = (hours.get("open").read(), hours.get("close").read());
    if let (Some::<TimeOfDay>(open), Some::<TimeOfDay>(close)) = times
        && close <= open
    {
        checker.wrong(
            hours.get("close"),
            format!("the station closes at {close}"),
            format!("a time after {open}"),
        );
    }
    url(checker, station.get("public_url"));
    url(checker, station.get("server_url"));
}

fn url(checker: &mut Checker<'_>, at: Place<'_>) {
    let Some(url) = at.read::<String>() else {
        return;
    };
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
            at,
            format!("`{url}` is not an address of pages"),
            "one such as http://192.168.1.10:8080",
        );
    }
}

fn classes(checker: &mut Checker<'_>, classes: Place<'_>) {
    checker.unique::<ClassId>("class", classes.items().map(|class| class.get("id")));
    for class in classes.items() {
        checker.texts(class.get("name"));
        checker.in_range(class.get("credit_min"), 0_u32..=60);
        checker.in_range(class.get("rank"), 1_u8..=20);
        checker.in_range(class.get("rate"), 0.001_f64..=100.0);
    }
    if classes.count().is_none() {
        return;
    }
    let flags: Vec<_> = classes
        .items()
        .map(|class| (class, class.get("default")))
        .collect();
    let readable = flags
        .iter()
        .all(|(_, flag)| flag.is_absent() || flag.read::<bool>().is_some());
    let mut defaults = flags.iter().filter(|(_, flag)| flag.read() == Some(true));
    match (defaults.next(), defaults.next()) {
        (None, _) if readable => checker.wrong(
            classes.items().next().unwrap_or(classes),
            "no class is the default",
            "`default = true` in one class",
        ),
        (Some((first, _)), Some((_, second))) => {
            let first = first.get("id").read::<String>().unwrap_or_default();
            checker.wrong(
                *second,
                format!("a second default class beside `{first}`"),
                "`default = true` in one class only",
            );
        }
        _ => {}
    }
}

/// The rule and the numbers it needs of the classes.
pub(super) fn discipline(checker: &mut Checker<'_>, at: Place<'_>, classes: Place<'_>) {
    let calls = [at.get("priority"), at.get("regular")];
    for calls in calls {
        checker.in_range(calls, 1_u8..=20);
    }
    match at.get("rule").read::<DisciplineRule>() {
        Some(DisciplineRule::Ratio) => {
            for calls in calls.into_iter().filter(|calls| calls.is_absent()) {
                checker.wrong(
                    at,
                    format!("the ratio has no `{}`", calls.key),
                    "a number of calls in a row, 1 to 20",
                );
            }
        }
        Some(rule) => {
            for calls in calls.into_iter().filter(|calls| !calls.is_absent()) {
                checker.wrong(
                    calls,
                    format!("`{}` says nothing under this rule", calls.key),
                    "`rule = \"ratio\"` with it",
                );
            }
            match rule {
                DisciplineRule::Strict => ranks(checker, classes),
                DisciplineRule::Accumulating => rates(checker, at, classes),
                DisciplineRule::HeadStart | DisciplineRule::Fcfs | DisciplineRule::Ratio => {}
            }
        }
        None => {}
    }
}

/// Under points, classes with one rate are all alike.
fn rates(checker: &mut Checker<'_>, at: Place<'_>, classes: Place<'_>) {
    let rates = classes.items().map(|class| match class.get("rate") {
        rate if rate.is_absent() => Some(1.0),
        rate => rate.read::<f64>(),
    });
    let rates: Option<Vec<f64>> = rates.collect();
    let alike = |rates: &Vec<f64>| rates.len() > 1 && rates.iter().all(|rate| *rate == rates[0]);
    if rates.as_ref().is_some_and(alike) {
        checker.unwise(
            at,
            "no class gathers points faster than another, so nobody has priority under `accumulating`: give one a `rate` above 1",
        );
    }
}

fn no_show(checker: &mut Checker<'_>, at: Place<'_>) {
    checker.in_range(at.get("recall_after_s"), 10_u32..=600);
    checker.in_range(at.get("recalls"), 0_u32..=5);
    checker.in_range(at.get("return_within_min"), 0_u32..=480);
    checker.in_range(at.get("returns"), 0_u8..=9);
    checker.in_range(at.get("return_behind"), 0_u8..=20);
}

/// Every class has a rank of its own.
fn ranks(checker: &mut Checker<'_>, classes: Place<'_>) {
    checker.unique::<u8>("rank", classes.items().map(|class| class.get("rank")));
    for class in classes.items().filter(|class| class.is_table()) {
        if class.get("rank").is_absent() {
            checker.wrong(
                class,
                "the class has no rank",
                "`rank` in every class under the rule `strict`",
            );
        }
    }
}

fn services(checker: &mut Checker<'_>, services: Place<'_>) {
    if services.count() == Some(0) {
        checker.wrong(services, "no service", "at least one `[[service]]`");
    }
    let letters = services.items().map(|service| service.get("letter"));
    checker.unique::<Series>("letter", letters);
    for service in services.items() {
        letter(checker, service.get("letter"));
        checker.texts(service.get("name"));
        checker.texts(service.get("short_name"));
        checker.not_blank(service.get("icon"));
        checker.in_range(service.get("wait_standard_min"), 1_u32..=480);
        checker.in_range(service.get("expected_handling_min"), 1_u32..=240);
        checker.in_range(service.get("max_persons"), 1_u16..=99);
        steps(checker, service, services);
        only_step(checker, service, services);
        let documents = service.get("documents");
        if let Some(count) = documents.count()
            && count > 3
        {
            checker.wrong(documents, format!("{count} documents"), "at most 3");
        }
        for document in documents.items() {
            checker.texts(document);
        }
    }
}

/// One that no visitor chooses is a step of another one.
fn only_step(checker: &mut Checker<'_>, service: Place<'_>, services: Place<'_>) {
    let only = service.get("only_step");
    let id = service.get("id").read::<ServiceId>();
    let is_step = |other: Place<'_>| {
        let mut steps = other.get("steps").items();
        steps.any(|step| step.read::<ServiceId>() == id)
    };
    if only.read() == Some(true) && !services.items().any(is_step) {
        checker.wrong(
            only,
            "only a step, and a step of no service",
            "its id among the `steps` of another service",
        );
    }
}

/// The stations of a service: other services, which have none themselves.
fn steps(checker: &mut Checker<'_>, service: Place<'_>, services: Place<'_>) {
    let steps = service.get("steps");
    if let Some(count) = steps.count()
        && count > 8
    {
        checker.wrong(steps, format!("{count} steps"), "at most 8");
    }
    for at in steps.items() {
        let Some(step) = at.read::<ServiceId>() else {
            continue;
        };
        let named = |other: &Place<'_>| other.get("id").read().as_ref() == Some(&step);
        match services.items().find(named) {
            None => checker.wrong(
                at,
                format!("unknown service `{step}`"),
                "the id of another service",
            ),
            Some(other) if other.get("steps").count().is_some_and(|count| count > 0) => checker
                .wrong(
                    at,
                    format!("the step `{step}` has steps itself"),
                    "a service without steps",
                ),
            Some(_) => {}
        }
    }
}

fn letter(checker: &mut Checker<'_>, at: Place<'_>) {
    let Some(letter) = at.read::<Series>() else {
        return;
    };
    let letter = letter.as_str();
    if letter.len() != 1 {
        checker.wrong(at, format!("invalid letter `{letter}`"), "one letter A-Z");
    }
    if let Some((_, other)) = LOOK_ALIKES.iter().find(|(alike, _)| *alike == letter) {
        checker.unwise(
            at,
            format!("the letter `{letter}` is easily read as `{other}`"),
        );
    }
}

fn counters(checker: &mut Checker<'_>, file: Place<'_>, services: &Ids) {
    let counters = file.get("counter");
    if counters.count() == Some(0) {
        checker.wrong(counters, "no counter", "at least one `[[counter]]`");
    }
    for counter in counters.items() {
        skills(checker, "counter", counter, services);
        checker.in_range(counter.get("overflow_delay_s"), 0_u32..=7_200);
        checker.in_range(counter.get("auto_after_s"), 0_u32..=600);
        let delay = counter.get("overflow_delay_s");
        let may_help = |owner: Place<'_>| !owner.get("overflow_skills").is_absent();
        if !delay.is_absent() && !may_help(counter) && !file.get("profile").items().any(may_help) {
            checker.wrong(
                delay,
                "`overflow_delay_s` says nothing without services to help out with",
                "`overflow_skills` with it",
            );
        }
    }
    let profiles = file.get("profile");
    checker.unique::<ProfileId>("profile", profiles.items().map(|profile| profile.get("id")));
    for profile in profiles.items() {
        checker.texts(profile.get("name"));
        skills(checker, "profile", profile, services);
    }
    // Whoever is called for a service of several stations is called for one of those.
    let own_line = |service: &Place<'_>| {
        service.get("steps").count().unwrap_or(0) == 0 && service.get("sessions").is_absent()
    };
    let lines = file.get("service").items().filter(own_line);
    for at in lines.map(|service| service.get("id")) {
        let Some(id) = at.read::<ServiceId>() else {
            continue;
        };
        let has_skill = |counter: Place<'_>| {
            let lists = [counter.get("skills"), counter.get("overflow_skills")];
            let mut skills = lists.into_iter().flat_map(Place::items);
            skills.any(|skill| skill.read().as_ref() == Some(&id))
        };
        if !counters.items().chain(profiles.items()).any(has_skill) {
            checker.unwise(
                at,
                format!("no counter has the skill `{id}`: its visitors are never called"),
            );
        }
    }
}

/// What a counter or a profile handles.
fn skills(checker: &mut Checker<'_>, what: &str, owner: Place<'_>, services: &Ids) {
    let skills = owner.get("skills");
    if skills.count() == Some(0) {
        let id = owner.get("id").read::<String>().unwrap_or_default();
        checker.wrong(
            skills,
            format!("{what} `{id}` has no skills"),
            "at least one service id",
        );
    }
    let overflow = owner.get("overflow_skills");
    for at in skills.items().chain(overflow.items()) {
        if let Some(skill) = at.read::<ServiceId>() {
            checker.known(at, "service", skill.as_str(), services);
        }
    }
    checker.unique::<ServiceId>("skill", skills.items().chain(overflow.items()));
}
