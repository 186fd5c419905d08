//! Which service? Plain questions, one a page, that lead to what somebody comes for. All of it is in what the kiosk holds of
//! the station, so it is answered while the server is away too.

use axum::response::Response;
use maud::{Markup, html};
use protocol::{GuideInfo, GuideQuestion, GuideStop, GuideWay};
use screens::{Icon, Texts, icon, t};

use super::matter;
use super::modes::Modes;
use super::parts::{Frame, both, both_names, name, with_sheets};
use crate::agent::Kiosk;
use crate::link::StationView;

/// The address of the guide.
pub(super) const HERE: &str = "/guide";
/// Name of the way in addresses and forms.
pub(super) const WAY: &str = "way";
/// Its style sheet.
pub(super) const SHEET: &str = "guide.css";
/// An untouched question goes back to the greeting after so many seconds.
const IDLE_S: u32 = 45;

/// The button on the first page; none where the station has no guide.
pub(super) fn button(guide: Option<&GuideInfo>, modes: Modes) -> Option<Markup> {
    guide?;
    Some(html! {
        div class="trio all" {
            a class="tb" href={ (HERE) (modes.query()) } {
                (icon(Icon::Ask))
                span { (both!(modes.language, "guide-way")) }
            }
        }
    })
}

/// The page of a way, and of a list that was printed there; none where the station has no guide.
pub(super) fn page(
    kiosk: &Kiosk,
    view: &StationView,
    modes: Modes,
    way: &str,
    list: Option<&str>,
) -> Option<Response> {
    let guide = view.station.as_deref()?.guide.as_ref()?;
    // An address that is no way, or one of a guide that has changed, begins at the first question.
    let wanted = way.parse::<GuideWay>().ok();
    let found = wanted.and_then(|way| Some((guide.stop(&way)?, way)));
    let first = || Some((guide.stop(&GuideWay::default())?, GuideWay::default()));
    match found.or_else(first)? {
        (GuideStop::Question(question), way) => Some(ask(kiosk, view, modes, &way, question)),
        (GuideStop::Matter(found), way) => {
            let shown = matter::Shown {
                way: &way,
                matter: found,
                list: list.and_then(|key| key.parse().ok()),
            };
            matter::page(kiosk, view, modes, &shown)
        }
    }
}

fn ask(
    kiosk: &Kiosk,
    view: &StationView,
    modes: Modes,
    way: &GuideWay,
    question: &GuideQuestion,
) -> Response {
    let language = modes.language;
    let (_, title) = name(&question.text, language);
    let content = html! {
        main class="k-guide" {
            p class="of" { (icon(Icon::Ask)) span { (both!(language, "guide-title")) } }
            h1 class="fs-h1" { (both_names(&question.text, language)) }
            nav class="svcs answers" aria-label=(title) {
                @for (nth, answer) in question.answers.iter().enumerate() {
                    a class="svc" href=(address(modes, &way.then(nth))) {
                        span class="nm" { (both_names(&answer.text, language)) }
                        span class="w go" { (icon(Icon::Right)) }
                    }
                }
            }
        }
        (foot(modes, way))
    };
    let frame = Frame {
        title,
        modes,
        state: HERE.to_owned(),
        live: String::new(),
        idle_s: IDLE_S,
        refresh_s: IDLE_S,
    };
    with_sheets(kiosk, view, &frame, &[SHEET], content)
}

/// The address of a way.
pub(super) fn address(modes: Modes, way: &GuideWay) -> String {
    format!("{HERE}{}&{WAY}={way}", modes.query())
}

/// One question back, and the way out: from the first question both are the first page.
pub(super) fn foot(modes: Modes, way: &GuideWay) -> Markup {
    let language = modes.language;
    let back = way.back();
    html! {
        footer class={ "kt-foot two-fb" @if back.is_none() { " one" } } {
            @match &back {
                Some(back) => a class="fb" href=(address(modes, back)) { (icon(Icon::Back)) span { (both!(language, "kiosk-back")) } },
                None => a class="fb" href={ "/" (modes.query()) } { (icon(Icon::Back)) span { (both!(language, "kiosk-back")) } },
            }
            @if back.is_some() {
                a class="fb" href={ (HERE) (modes.query()) } { (icon(Icon::Undo)) span { (both!(language, "guide-start-over")) } }
            }
        }
    }
}

/// The title of the guide, for a page that has none of its own.
pub(super) fn title(modes: Modes) -> std::borrow::Cow<'static, str> {
    t!(Texts::of(modes.language), "guide-title")
}
