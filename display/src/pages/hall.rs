//! The hall board: the call in amber, the calls before it, waits per service, announcements.

use std::borrow::Cow;
use std::collections::BTreeMap;

use maud::{Markup, html};
use protocol::{Names, StationInfo};
use queue_core::{
    Board, BoardCall, BoardHours, BoardService, Estimate, Limit, Series, TicketNumber,
};
use screens::shell::clock;
use screens::{Icon, Language, Texts, icon, t};

use super::{Announce, State, View, direction, en, fit, second_language, sessions, zh};
use crate::feed::Freshness;
use crate::slot::Amber;
use crate::time::local;

/// The unit behind a range, as short as the column is narrow.
const MINUTES: &str = "分";

/// What the board shows in its middle.
#[derive(Debug, PartialEq)]
pub(crate) enum Middle<'a> {
    /// Numbers may not be shown.
    Lost,
    /// Nothing is known yet.
    Starting,
    /// The station is closed.
    Closed,
    /// Calls.
    Open {
        /// The newest call.
        amber: Option<&'a Amber>,
        /// Calls before it in large rows, newest first.
        list: Vec<&'a BoardCall>,
        /// Older calls in a smaller list.
        small: Vec<&'a BoardCall>,
        /// How the smaller list is set.
        density: Density,
    },
}

/// How closely the smaller list is set. Its size shrinks as it grows: no call is ever dropped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Density {
    /// Large rows whose room it takes, 0 to 3.
    pub rows: usize,
    /// Columns, 2 to 5.
    pub columns: usize,
}

impl<'a> Middle<'a> {
    /// Decides what is shown.
    pub(crate) fn of(state: &State<'a>) -> Self {
        let Some(board) = state.board else {
            return if state.freshness == Freshness::Lost {
                Self::Lost
            } else {
                Self::Starting
            };
        };
        if state.freshness == Freshness::Lost {
            return Self::Lost;
        }
        let is_empty = board.calls.is_empty() && board.present() == 0;
        if board.day.is_none() || board.is_outside_hours() && is_empty {
            return Self::Closed;
        }
        let amber = state.slot.amber();
        let mut list: Vec<&BoardCall> = board
            .calls
            .iter()
            .filter(|c| amber.is_none_or(|a| a.call.number != c.number))
            .collect();
        let (large, density) = density(list.len());
        let small = list.split_off(large);
        Self::Open {
            amber,
            list,
            small,
            density,
        }
    }
}

/// Large rows below the newest call.
const ROWS: usize = 3;

/// How many of so many calls stand in large rows, and how the others are set.
fn density(calls: usize) -> (usize, Density) {
    let set = |large: usize, columns| {
        let rows = ROWS - large;
        (large, Density { rows, columns })
    };
    match calls {
        0..=3 => set(calls, 2),
        4 => set(2, 2),
        5..=7 => set(1, 2),
        8..=10 => set(0, 2),
        11..=21 => set(0, 3),
        22..=40 => set(0, 4),
        _ => set(0, 5),
    }
}

/// The whole board.
pub(crate) fn view(state: &State<'_>) -> View {
    let middle = Middle::of(state);
    let announce = match &middle {
        Middle::Open {
            amber: Some(amber), ..
        } if amber.is_announced => Some(Announce {
            history: state.history.map(str::to_owned),
            call: amber.call.call,
            say: sentence(&amber.call).into(),
            chime: !state.speaks,
        }),
        _ => sessions::announce(state),
    };
    let regions = BTreeMap::from([
        ("top", top(state).into()),
        ("view", middle_markup(state, &middle).into()),
        ("foot", foot(state).into()),
        (
            "last",
            state.last_update().unwrap_or_else(|| html! {}).into(),
        ),
    ]);
    View {
        regions,
        freshness: state.freshness,
        announce,
        speech: None,
    }
}

fn top(state: &State<'_>) -> Markup {
    let (date, time) = local(state.zone(), state.now);
    // Whole minutes, so that a page is not told anew every second; its script keeps the seconds.
    let minute_ms = state.now.0.div_euclid(60_000) * 60_000;
    html! {
        p class="st" {
            @match state.station {
                Some(station) => {
                    span { (station.name.zh()) } " "
                    small lang="en" { (station.name.get("en")) }
                    @if let Some(zone) = state.zone_shown {
                        " " span class="zn" { (zone.name.zh()) } " "
                        small lang="en" { (zone.name.get("en")) }
                    }
                }
                None => (t!(zh(), "hall-title")),
            }
        }
        p class="tm" {
            span { (screens::format::day(zh(), date)) } " "
            b { (clock(&screens::format::hh_mm(time), minute_ms, state.zone())) }
        }
    }
}

fn middle_markup(state: &State<'_>, middle: &Middle<'_>) -> Markup {
    match (middle, state.board) {
        (Middle::Lost, _) => html! {},
        (Middle::Starting, _) | (_, None) => words(
            t!(zh(), "connecting").as_ref(),
            t!(en(), "connecting").as_ref(),
            None,
        ),
        (Middle::Closed, _) => closed(state),
        (
            Middle::Open {
                amber,
                list,
                small,
                density,
            },
            Some(board),
        ) => html! {
            div class="h-body" {
                @match sessions::shown(board) {
                    sessions if !sessions.is_empty() => section class="calls sess" aria-label=(t!(zh(), "hall-title")) {
                        @if amber.is_some() && !board.calls.is_empty() { (hero(state.station, *amber)) }
                        (sessions::panel(&sessions))
                        @if list.len() + small.len() > 0 {
                            div class="small c4" {
                                @for call in list.iter().chain(small) { (row(state.station, call, "cell")) }
                            }
                        }
                    },
                    _ => (calls(state, *amber, list, small, *density)),
                }
                (side(state.station, board))
            }
        },
    }
}

/// The newest call, and the calls before it.
fn calls(
    state: &State<'_>,
    amber: Option<&Amber>,
    list: &[&BoardCall],
    small: &[&BoardCall],
    density: Density,
) -> Markup {
    html! {
        section class="calls" aria-label=(t!(zh(), "hall-title")) {
            div class="cols" {
                span { (t!(zh(), "hall-number")) " " small lang="en" { (t!(en(), "hall-number")) } }
                span { (t!(zh(), "hall-counter")) " " small lang="en" { (t!(en(), "hall-counter")) } }
            }
            (hero(state.station, amber))
            div class="rest" {
                @for call in list { (row(state.station, call, "row")) }
                @if small.is_empty() {
                    // Places of calls to come, so that people see where to look.
                    @for _ in list.len()..ROWS {
                        div class="row none" aria-hidden="true" { span class="n" { "–" } span class="cbox" {} }
                    }
                }
                @if !small.is_empty() {
                    div class=(format!("small r{} c{}", density.rows, density.columns)) {
                        @for call in small { (row(state.station, call, "cell")) }
                    }
                }
            }
        }
    }
}

/// Before opening time the board says when that is, and after it that the day is over.
fn closed(state: &State<'_>) -> Markup {
    if let Some(hall) = state.board.and_then(|board| board.hours.as_ref()) {
        return closed_by_calendar(state, hall);
    }
    let (today, time) = local(state.zone(), state.now);
    let (today, time) = (today.to_string(), screens::format::hh_mm(time));
    let opens = state.station.zip(state.board);
    let opens = opens.and_then(|(station, board)| station.opens_later(board, &today, &time));
    let say = |texts: &'static Texts| match opens {
        Some(opens) => t!(texts, "service-opens-at", time = opens),
        None => t!(texts, "station-closed"),
    };
    let hours = state.station.map(|s| {
        let (open, close) = (s.hours.0.as_str(), s.hours.1.as_str());
        screens::bt!(
            Language::ZhHantTw,
            "station-hours",
            open = open,
            close = close
        )
    });
    words(&say(zh()), &say(en()), hours)
}

/// When it opens next, today or on another day, and the hours of this one.
fn closed_by_calendar(state: &State<'_>, hall: &BoardHours) -> Markup {
    let (today, _) = local(state.zone(), state.now);
    let at = |instant| {
        let (date, time) = local(state.zone(), instant);
        date.to_datetime(time)
    };
    let opens = hall.opens.map(at);
    let goes_on = opens.is_some_and(|opens| opens.date() == today);
    let spans: Vec<_> = hall
        .today
        .iter()
        .map(|span| (at(span.from).time(), at(span.until).time()))
        .collect();
    let next = |texts: &'static Texts| screens::format::opening(texts, today, opens);
    let first = |texts: &'static Texts| match goes_on {
        true => next(texts),
        false => t!(texts, "station-closed"),
    };
    let both = |say: &dyn Fn(&'static Texts) -> Cow<'static, str>| {
        screens::bi((Language::ZhHantTw, &say(zh())), (Language::En, &say(en())))
    };
    let later = (opens.is_some() && !goes_on).then(|| both(&next));
    let spoken = |texts: &'static Texts| screens::format::hours(texts, &spans).unwrap_or_default();
    let hours = (!spans.is_empty()).then(|| both(&spoken));
    words(&first(zh()), &first(en()), later.into_iter().chain(hours))
}

fn words(first: &str, second: &str, more: impl IntoIterator<Item = Markup>) -> Markup {
    html! {
        div class="words" {
            p class="w1" { (first) }
            p class="w2" lang="en" { (second) }
            @for more in more { p class="w3" { (more) } }
        }
    }
}

fn hero(station: Option<&StationInfo>, amber: Option<&Amber>) -> Markup {
    let Some(amber) = amber else {
        return html! {
            article class="hero idle" {
                p class="w1" { (t!(zh(), "display-welcome")) }
                p class="w2" lang="en" { (t!(en(), "display-welcome")) }
            }
        };
    };
    let call = &amber.call;
    html! {
        article class="hero" {
            div class="r" { (number_and_counter(station, call)) }
            div class="say" { (sentence(call)) }
        }
    }
}

/// "A047, please go to counter 3" in Chinese and in the visitor's language.
fn sentence(call: &BoardCall) -> Markup {
    let language = second_language(call.language.as_ref());
    let say = |texts: &'static Texts| {
        let (number, counter) = (call.number.to_string(), call.counter.to_string());
        t!(texts, "hall-call", number = number, counter = counter)
    };
    let again = |texts: &'static Texts| match call.calls {
        0 | 1 => None,
        2 => Some(t!(texts, "hall-second-call")),
        n => Some(t!(texts, "hall-again", count = n)),
    };
    let second = say(Texts::of(language));
    let room = if call.calls > 1 {
        [("", 8.5), ("fit-1", 11.0), ("fit-2", 13.5), ("fit-3", 0.0)]
    } else {
        [("", 13.5), ("fit-1", 18.0), ("fit-2", 22.0), ("fit-3", 0.0)]
    };
    html! {
        b { (say(zh())) } " "
        span class={ "v " (fit::class(&second, &room)) } lang=(language.tag()) { (second) }
        @if let Some(again_zh) = again(zh()) {
            " " span class="again" { (again_zh) }
            @if let Some(again_other) = again(Texts::of(language)) {
                " " span class="sr" lang=(language.tag()) { (again_other) }
            }
        }
    }
}

fn row(station: Option<&StationInfo>, call: &BoardCall, class: &str) -> Markup {
    html! { article class=(class) { (number_and_counter(station, call)) } }
}

fn number_and_counter(station: Option<&StationInfo>, call: &BoardCall) -> Markup {
    let number = call.number.to_string();
    let counter = call.counter.as_str();
    let number_class = match number.len() {
        0..=4 => "n",
        5 => "n n5",
        _ => "n n6",
    };
    let counter_class = match counter.chars().count() {
        0 | 1 => "c",
        2 => "c c2",
        3 => "c c3",
        _ => "c c4",
    };
    html! {
        span class=(number_class) { (number) } " "
        span class="cbox" {
            span class=(counter_class) { (counter) }
            @if let Some(arrow) = direction(station, &call.counter) {
                span class="ar" { (icon(arrow)) }
            }
        }
    }
}

fn side(station: Option<&StationInfo>, board: &Board) -> Markup {
    let class = match board.services.len() {
        0..=7 => "wt",
        8..=10 => "wt many",
        _ => "wt most",
    };
    // In the station's order; what the station's description does not name comes last.
    let order = |service: &BoardService| {
        station
            .and_then(|s| s.services.iter().position(|info| info.id == service.id))
            .unwrap_or(usize::MAX)
    };
    let mut services: Vec<&BoardService> = board.services.iter().collect();
    services.sort_by_key(|s| order(s));
    html! {
        section class="side" aria-label=(t!(zh(), "hall-waits")) {
            table class=(class) {
                thead { tr {
                    th scope="col" class="t0" { (head("hall-waits")) }
                    th scope="col" class="r t1" { (head("hall-now-at")) }
                    th scope="col" class="r t2" { (head("hall-waiting")) }
                    th scope="col" class="r t3" { (head("hall-expected")) }
                } }
                tbody { @for service in services { (service_row(station, board, service)) } }
            }
            @if board.services.len() <= 7 {
                div class="media" {
                    p class="m1" { (t!(zh(), "hall-missed-rule")) }
                    p class="m2" lang="en" { (t!(en(), "hall-missed-rule")) }
                }
            }
        }
    }
}

fn head(key: &str) -> Markup {
    html! { (zh().get(key, &[])) small lang="en" { (en().get(key, &[])) } }
}

fn service_row(station: Option<&StationInfo>, board: &Board, service: &BoardService) -> Markup {
    let info = station.and_then(|s| s.service(&service.id));
    let (first, second) = info.map_or((service.id.as_str(), ""), |info| {
        (info.short_name.zh(), info.short_name.get("en"))
    });
    let has_sessions = info.is_some_and(|info| info.sessions);
    // 204u of room at the four sizes of the style sheet.
    let names = [("", 5.4), ("fit-1", 6.7), ("fit-2", 8.0), ("fit-3", 0.0)];
    let first_class = fit::class(first, &names);
    let second_class = fit::class(second, &[("", 9.2), ("fit-1", 11.2), ("fit-2", 0.0)]);
    html! {
        tr {
            th scope="row" class="svc" {
                span class="L" { (service.series.as_str()) }
                span class="nm" {
                    span class=(first_class) { (first) }
                    small class=(second_class) lang="en" { (second) }
                }
            }
            td class="r" {
                @if has_sessions { (sessions::now(board, &service.id)) }
                @else { @match &service.now_at {
                    Some(number) => (now_at(number, &service.series)),
                    None => "–",
                } }
            }
            td class="r" { (service.present()) small { (t!(zh(), "label-people", count = service.present())) } }
            td class=(if is_long(service.estimate) { "r e long" } else { "r e" }) {
                @if has_sessions { (sessions::next(station, board, &service.id)) }
                @else { @match &service.limit {
                    Some(limit) => span class="w" { (shut(station, board, limit)) },
                    None => (expected(service.estimate)),
                } }
            }
        }
    }
}

/// The last number called. Beside the row's own letter its digits are enough; one of another letter, which came by a
/// transfer or from an earlier step, is a number of its own and is shown whole.
fn now_at(number: &TicketNumber, row: &Series) -> Markup {
    let shown = match number.series == *row && number.kiosk.is_none() {
        true => number.digits(),
        false => number.to_string(),
    };
    let class = match shown.len() {
        0..=3 => "",
        4 => "n4",
        5 => "n5",
        _ => "n6",
    };
    html! { span class=(class) { (shown) } }
}

/// Since nobody may take a ticket of it now: from when on today, or not today.
fn shut(station: Option<&StationInfo>, board: &Board, limit: &Limit) -> Cow<'static, str> {
    let zone = station.map_or("UTC", |s| s.timezone.as_str());
    let (today, _) = local(zone, board.at);
    let opens = limit.opens().map(|opens| local(zone, opens));
    match (limit, opens) {
        (_, Some((date, time))) if date == today => {
            t!(zh(), "hall-from", time = screens::format::hh_mm(time))
        }
        (Limit::QuotaFull { .. }, _) => t!(zh(), "service-full"),
        (Limit::PersonUnknown, _) => t!(zh(), "wait-unknown"),
        _ => t!(zh(), "service-closed"),
    }
}

/// Hours of waiting take more digits than their column has room for at the usual size.
fn is_long(estimate: Estimate) -> bool {
    matches!(estimate, Estimate::Range { high_min, .. } if high_min > 99)
}

fn expected(estimate: Estimate) -> Markup {
    match estimate {
        Estimate::Range {
            low_min, high_min, ..
        } => html! { (low_min) "–" (high_min) small { (MINUTES) } },
        Estimate::NoWait => html! { span class="w" { (t!(zh(), "wait-none")) } },
        Estimate::NoCounterOpen | Estimate::CountOnly => {
            html! { span class="w" { (t!(zh(), "wait-unknown")) } }
        }
    }
}

/// One announcement, in one language; the next one comes with the next call of this function.
fn foot(state: &State<'_>) -> Markup {
    let notices = notices(state.station.map_or(&[], |s| s.announcements.as_slice()));
    let shown = state.notice % notices.len().max(1);
    let (language, text) = notices
        .get(shown)
        .cloned()
        .unwrap_or((Language::ZhHantTw, String::new()));
    let class = fit::class(&text, &[("m", 20.5), ("m fit-1", 27.0), ("m fit-2", 0.0)]);
    html! {
        p class="tag" { (icon(Icon::Megaphone)) span { (t!(zh(), "announcement")) } }
        p class=(class) lang=(language.tag()) { (text) }
        p class="pg" aria-hidden="true" {
            @if notices.len() > 1 && notices.len() <= 12 {
                @for index in 0..notices.len() {
                    i class=[(index == shown).then_some("on")] {}
                }
            }
        }
    }
}

/// The announcements one by one, each in Chinese and then in English where it says something else.
fn notices(announcements: &[Names]) -> Vec<(Language, String)> {
    let mut notices = Vec::new();
    for names in announcements {
        notices.push((Language::ZhHantTw, names.zh().to_owned()));
        let english = names.get("en");
        if !english.is_empty() && english != names.zh() {
            notices.push((Language::En, english.to_owned()));
        }
    }
    notices.retain(|(_, text)| !text.trim().is_empty());
    if notices.is_empty() {
        for language in Language::STAFF {
            let text = t!(Texts::of(language), "hall-missed-rule").into_owned();
            notices.push((language, text));
        }
    }
    notices
}

#[cfg(test)]
#[path = "hall_tests.rs"]
mod tests;
