//! Words for a station that is closed, and for a service that gives out no tickets now.

use std::borrow::Cow;

use maud::{Markup, html};
use protocol::StationInfo;
use queue_core::{Board, BoardService, Limit, StationTime};
use screens::format::{hh_mm, hours, opening};
use screens::{Icon, Language, Texts, t};

use super::home;
use super::parts::both;
use crate::agent::local;

/// The whole page of a closed station: when it opens, and the hours of the day.
pub(super) fn notice(station: &StationInfo, board: &Board, language: Language) -> Markup {
    let in_both = |words: &dyn Fn(&'static Texts) -> Cow<'static, str>| {
        let second = language.companion();
        html! {
            span lang=(language.tag()) { (words(Texts::of(language))) }
            small lang=(second.tag()) { (words(Texts::of(second))) }
        }
    };
    let now = local(Some(station), board.at);
    let today = now.date();
    let hall = board.hours.as_ref();
    // Without a calendar the hours of every day are the same.
    let later = match hall {
        Some(_) => None,
        None => station.opens_later(board, &today.to_string(), &hh_mm(now.time())),
    };
    let opens = hall
        .and_then(|hours| hours.opens)
        .map(|opens| local(Some(station), opens));
    let opens_words = |texts: &'static Texts| opening(texts, today, opens);
    // A break: the day goes on.
    let goes_on = opens.is_some_and(|opens| opens.date() == today);
    let title = match (goes_on, later) {
        (true, _) => in_both(&opens_words),
        (false, Some(opens)) => both!(language, "service-opens-at", time = opens),
        (false, None) => both!(language, "station-closed"),
    };
    let spans: Vec<_> = hall
        .into_iter()
        .flat_map(|hours| &hours.today)
        .map(|w| [w.from, w.until].map(|at| local(Some(station), at).time()))
        .map(|[from, until]| (from, until))
        .collect();
    home::notice(
        Icon::Clock,
        &title,
        &html! {
            @if opens.is_some() && !goes_on { p { (in_both(&opens_words)) } }
            @if !spans.is_empty() {
                p { (in_both(&|texts| hours(texts, &spans).unwrap_or_default())) }
            } @else if hall.is_none() {
                p {
                    (both!(
                        language,
                        "station-hours",
                        open = station.hours.0.as_str(),
                        close = station.hours.1.as_str()
                    ))
                }
            }
        },
    )
}

/// What stands below the name of a service that gives out no tickets now, or whose visits end late.
pub(super) fn words(
    station: &StationInfo,
    board: &Board,
    state: &BoardService,
    language: Language,
) -> Option<Cow<'static, str>> {
    let texts = Texts::of(language);
    let late = |end: StationTime| {
        let time = hh_mm(local(Some(station), end).time());
        t!(texts, "service-late", time = time)
    };
    let Some(limit) = &state.limit else {
        return state.late_end.map(late);
    };
    let today = local(Some(station), board.at).date();
    let opens = limit.opens().map(|opens| local(Some(station), opens));
    let again = opens.map(|opens| opening(texts, today, Some(opens)));
    let (what, more) = match limit {
        Limit::StationClosedNow { .. } | Limit::ServiceClosedNow { .. } => {
            let goes_on = opens.is_some_and(|opens| opens.date() == today);
            let closed = (!goes_on).then(|| t!(texts, "service-closed"));
            (closed, again)
        }
        Limit::QuotaFull { .. } => (Some(t!(texts, "service-full")), again),
        Limit::PastCutOff { end } => (Some(t!(texts, "service-closed")), Some(late(*end))),
        Limit::PersonUnknown | Limit::OpenTicketAlready { .. } => {
            (Some(t!(texts, "service-ask-staff")), None)
        }
    };
    let words: Vec<_> = what.into_iter().chain(more).collect();
    Some(words.join(" · ").into())
}
