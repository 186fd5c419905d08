//! What the first page says of the wait for a service, and why nobody may take a ticket for it.

use std::borrow::Cow;

use maud::{Markup, html};
use protocol::{Pause, ServiceInfo, StationInfo};
use queue_core::{Board, BoardService, Estimate, Limit};
use screens::format::hh_mm;
use screens::{Icon, Language, Texts, icon, t};

use super::parts::name;
use super::{closed, sessions};
use crate::agent::local;

/// A wait whose upper end is beyond this is marked as long, minutes.
const LONG_MIN: u32 = 30;

/// What the board says of a service.
pub(super) fn of<'a>(board: &'a Board, service: &ServiceInfo) -> Option<&'a BoardService> {
    board.services.iter().find(|one| one.id == service.id)
}

/// Why nobody may take a ticket of a service here and now.
pub(super) fn limit(state: Option<&BoardService>) -> Option<&Limit> {
    state.and_then(|state| state.limit.as_ref())
}

/// The second line of a service: its name in the second language; below it why nobody is called for it, or why it gives
/// out no tickets.
pub(super) fn note(
    station: &StationInfo,
    board: &Board,
    service: &ServiceInfo,
    language: Language,
) -> Markup {
    let id = format!("note-{}", service.id);
    let (tag, text) = name(&service.name, language.companion());
    let state = of(board, service);
    let shut = state.and_then(|state| closed::words(station, board, state, language));
    let nobody =
        !service.sessions && state.is_some_and(|state| state.estimate == Estimate::NoCounterOpen);
    let why = match shut {
        Some(words) => Some(words),
        None if service.sessions => Some(sessions::next_words(station, board, service, language)),
        None if nobody => Some(nobody_calls(station, board, service, language)),
        None => None,
    };
    html! {
        span id=(id) {
            span class="b" lang=(tag.tag()) { (text) }
            @if let Some(why) = why {
                span class="b note" lang=(language.tag()) { (why) }
            }
        }
    }
}

/// That nobody is called for a service now, and until when where that is known.
fn nobody_calls(
    station: &StationInfo,
    board: &Board,
    service: &ServiceInfo,
    language: Language,
) -> Cow<'static, str> {
    let texts = Texts::of(language);
    match station.pause_of(board, &service.id) {
        None => t!(texts, "no-counter-open"),
        Some(Pause { until: None }) => t!(texts, "counters-paused"),
        Some(Pause { until: Some(at) }) => {
            let time = hh_mm(local(Some(station), at).time());
            t!(texts, "counters-paused-until", time = time)
        }
    }
}

/// People waiting and range, at the right of a service.
pub(super) fn wait(
    service: &ServiceInfo,
    state: Option<&BoardService>,
    language: Language,
) -> Markup {
    let id = format!("wait-{}", service.id);
    let texts = Texts::of(language);
    let Some(state) = state.filter(|_| !service.sessions) else {
        return html! { span class="w" id=(id) {} };
    };
    if state.limit.is_some() {
        return html! { span class="w" id=(id) {} };
    }
    if state.estimate == Estimate::NoWait {
        return html! {
            span class="w ok" id=(id) lang=(language.tag()) { (t!(texts, "wait-none")) }
        };
    }
    html! {
        span class="w" id=(id) lang=(language.tag()) {
            span { (people(state.waiting, language)) }
            @match state.estimate {
                Estimate::Range { low_min, high_min, .. } => span class="e" { (range(low_min, high_min, language)) },
                // The row says below its name that no counter is open; in other languages there is no room for more.
                Estimate::NoCounterOpen if language == Language::ZhHantTw => {
                    span class="e" { (t!(texts, "wait-unknown")) }
                }
                Estimate::NoCounterOpen | Estimate::CountOnly | Estimate::NoWait => {}
            }
        }
    }
}

/// The same as a row of the table above the low controls.
pub(super) fn low_wait(
    service: &ServiceInfo,
    state: Option<&BoardService>,
    language: Language,
) -> Markup {
    let id = format!("low-{}", service.id);
    let texts = Texts::of(language);
    html! {
        @match state {
            None => span id=(id) {},
            Some(_) if service.sessions => span id=(id) class="one" {},
            Some(BoardService { limit: Some(_), .. }) => span id=(id) class="one" {},
            Some(state) if state.estimate == Estimate::NoWait => {
                span id=(id) class="one" lang=(language.tag()) { (t!(texts, "wait-none")) }
            }
            Some(state) => {
                span id=(id) lang=(language.tag()) {
                    span { (people(state.waiting, language)) }
                    span {
                        @match state.estimate {
                            Estimate::Range { low_min, high_min, .. } => (range(low_min, high_min, language)),
                            Estimate::NoCounterOpen if language == Language::ZhHantTw => (t!(texts, "wait-unknown")),
                            Estimate::NoCounterOpen | Estimate::CountOnly | Estimate::NoWait => {}
                        }
                    }
                }
            }
        }
    }
}

/// In Chinese a sentence; in other languages, whose sentences are too long for the row, a sign and the bare number.
fn people(waiting: usize, language: Language) -> Markup {
    let texts = Texts::of(language);
    match language {
        Language::ZhHantTw => strong(&t!(texts, "wait-count", count = waiting), waiting),
        _ => {
            html! { (icon(Icon::Users)) b { (waiting) } " " span class="lb" { (t!(texts, "label-people", count = waiting)) } }
        }
    }
}

fn range(low_min: u32, high_min: u32, language: Language) -> Markup {
    let texts = Texts::of(language);
    match language {
        Language::ZhHantTw => html! {
            @if high_min > LONG_MIN { (icon(Icon::Clock)) }
            (range_text(low_min, high_min, language))
        },
        _ => {
            html! { (icon(Icon::Clock)) (low_min) "–" (high_min) " " (t!(texts, "label-minutes")) }
        }
    }
}

fn range_text(low_min: u32, high_min: u32, language: Language) -> Cow<'static, str> {
    let texts = Texts::of(language);
    match low_min {
        0 => t!(texts, "wait-within", high = high_min),
        _ => t!(texts, "wait-range", low = low_min, high = high_min),
    }
}

/// A sentence with its number in bold.
fn strong(sentence: &str, number: usize) -> Markup {
    let digits = number.to_string();
    match sentence.split_once(digits.as_str()) {
        Some((before, after)) => html! { (before) b { (digits) } (after) },
        None => html! { (sentence) },
    }
}
