//! The calendar, and what the services say about hours.

use queue_core::BusinessDay;

use super::Checker;
use crate::calendar::{DayName, TimeSpan};
use crate::places::Place;

pub(super) fn check(checker: &mut Checker<'_>, file: Place<'_>) {
    let calendar = file.get("calendar");
    checker.in_range(calendar.get("open_before_min"), 0_u32..=240);
    checker.in_range(calendar.get("close_after_min"), 0_u32..=480);
    let weekly = calendar.get("weekly");
    if weekly.count() == Some(0) {
        checker.wrong(
            weekly,
            "the calendar has no hours",
            "at least one `[[calendar.weekly]]`",
        );
    }
    for week in weekly.items() {
        checker.unique::<String>("day", week.get("days").items());
        for list in ["days", "hours"].map(|key| week.get(key)) {
            if list.count() == Some(0) {
                checker.wrong(list, format!("no {}", list.key), "at least one");
            }
        }
        spans(checker, week.get("hours"));
    }
    twice(checker, weekly);
    for date in calendar.get("date").items() {
        spans(checker, date.get("hours"));
        let last = date.get("until");
        if let (Some::<BusinessDay>(first), Some::<BusinessDay>(until)) =
            (date.get("date").read(), last.read())
            && until < first
        {
            checker.wrong(
                last,
                format!("the last date is {until}"),
                format!("{first} or later"),
            );
        }
    }
    let dates = calendar.get("date").items().map(|date| date.get("date"));
    checker.unique::<BusinessDay>("date", dates);
    for service in file.get("service").items() {
        spans(checker, service.get("hours"));
        for quota in service.get("quotas").items() {
            checker.in_range(quota.get("tickets"), 1_u32..=10_000);
        }
        if calendar.is_absent() {
            for key in ["hours", "quotas"].map(|key| service.get(key)) {
                needs_calendar(checker, key);
            }
        }
    }
    if calendar.is_absent() {
        let services = file.get("service").items();
        let cut_offs = services.map(|service| service.get("cut_off"));
        for key in cut_offs.chain([file.get("rules").get("cut_off")]) {
            if key.read::<String>().is_some_and(|rule| rule != "off") {
                needs_calendar(checker, key);
            }
        }
    }
}

fn needs_calendar(checker: &mut Checker<'_>, key: Place<'_>) {
    if !key.is_absent() {
        checker.wrong(
            key,
            format!("`{}` says nothing without a calendar", key.key),
            "a section `[calendar]`",
        );
    }
}

/// A day of the week in two sections whose hours overlap.
fn twice(checker: &mut Checker<'_>, weekly: Place<'_>) {
    let mut before: Vec<(DayName, TimeSpan)> = Vec::new();
    for week in weekly.items() {
        let mut here = Vec::new();
        for day in week.get("days").items() {
            let Some(name) = day.read::<DayName>() else {
                continue;
            };
            let spans = week.get("hours").items().filter_map(|span| span.read());
            let spans: Vec<TimeSpan> = spans.collect();
            let overlaps = |span: &TimeSpan| {
                let same_day = before.iter().filter(|(other, _)| *other == name);
                same_day
                    .map(|(_, other)| other)
                    .any(|other| span.from() < other.until() && other.from() < span.until())
            };
            if spans.iter().any(overlaps) {
                checker.wrong(
                    day,
                    "the hours of this day overlap those given before",
                    "every hour once",
                );
            }
            here.extend(spans.into_iter().map(|span| (name, span)));
        }
        before.extend(here);
    }
}

/// Spans in their order, apart from each other.
fn spans(checker: &mut Checker<'_>, list: Place<'_>) {
    let mut before: Option<TimeSpan> = None;
    for at in list.items() {
        let Some(span) = at.read::<TimeSpan>() else {
            continue;
        };
        if let Some(before) = before.filter(|before| span.from() < before.until()) {
            checker.wrong(
                at,
                format!("`{span}` begins before `{before}` ends"),
                "spans in their order, apart from each other",
            );
        }
        before = Some(span);
    }
}
