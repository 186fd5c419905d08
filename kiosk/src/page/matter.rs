//! What somebody comes for, found with the guide: its papers, fee and time, the wait, a ticket for it, and the list on paper.

use axum::response::Response;
use maud::{Markup, html};
use protocol::{GuideWay, Matter, Names, ServiceInfo, StationInfo};
use queue_core::{CommandId, PrintOutcome};
use screens::{Icon, Language, Texts, format, icon, qr_svg, t};

use super::guide::{HERE, SHEET, WAY, foot, title};
use super::home::Home;
use super::modes::Modes;
use super::parts::{Frame, both, both_names, in_both, with_sheets};
use super::ticket::UNCONFIRMED;
use super::{closed, waits};
use crate::agent::Kiosk;
use crate::link::{StationView, fresh_id};
use crate::lists::List;

/// There is much to read: an untouched page goes back to the greeting after so many seconds.
const IDLE_S: u32 = 90;
/// Without script the page comes anew after so many seconds while a list is being printed.
const PRINTING_S: u32 = 2;
/// Name of a list in addresses.
pub(super) const LIST: &str = "list";

/// What is shown.
pub(super) struct Shown<'a> {
    /// How the visitor came here.
    pub(super) way: &'a GuideWay,
    /// What for.
    pub(super) matter: &'a Matter,
    /// A list that was printed here.
    pub(super) list: Option<CommandId>,
}

/// The page; none where the station no longer has the service.
pub(super) fn page(
    kiosk: &Kiosk,
    view: &StationView,
    modes: Modes,
    shown: &Shown<'_>,
) -> Option<Response> {
    let station = view.station.as_deref()?;
    let service = station.service(&shown.matter.service)?;
    let language = modes.language;
    let matter = shown.matter;
    let list = shown.list.and_then(|key| kiosk.list(key));
    let what: &Names = matter.case.as_ref().unwrap_or(&service.name);
    let content = html! {
        main class="k-matter" {
            div class="head" {
                p class="of" { (icon(Icon::Check)) span { (both!(language, "guide-found")) } }
                h1 class="fs-h1" { (both_names(what, language)) }
                @if matter.case.is_some() {
                    p class="at" { (both!(language, "service")) span class="nm" { (both_names(&service.name, language)) } }
                }
            }
            (facts(kiosk, view, service, matter, language))
            (papers(matter, language))
            @if !matter.remarks.is_empty() {
                section class="notes" {
                    h2 { (both!(language, "guide-remarks")) }
                    ul { @for remark in &matter.remarks { li { (both_names(remark, language)) } } }
                }
            }
            (on_paper(kiosk, station, modes, shown, list.as_ref()))
            (ticket(kiosk, view, service, modes))
        }
        (foot(modes, shown.way))
    };
    let is_printing = list.as_ref().is_some_and(|list| list.outcome.is_none());
    let of_list = shown.list.map(|key| format!("&{LIST}={key}"));
    let title = title(modes);
    let frame = Frame {
        title: &title,
        modes,
        state: state(kiosk, view, service, list.as_ref()),
        live: format!(
            "/live{}&{WAY}={}{}",
            modes.query(),
            shown.way,
            of_list.unwrap_or_default()
        ),
        idle_s: IDLE_S,
        refresh_s: if is_printing { PRINTING_S } else { IDLE_S },
    };
    Some(with_sheets(kiosk, view, &frame, &[SHEET], content))
}

/// Name of the page's state: another one offers other buttons.
pub(super) fn state(
    kiosk: &Kiosk,
    view: &StationView,
    service: &ServiceInfo,
    list: Option<&List>,
) -> String {
    let ticket = match Home::of(kiosk, view) {
        Home::Open(_, board) if waits::limit(waits::of(board, service)).is_some() => "shut",
        Home::Open(..) => "open",
        Home::Closed(..) => "closed",
        Home::Alone(_) if !service.sessions => "alone",
        Home::Alone(_) | Home::Unreachable => "unreachable",
    };
    let list = list.map(|list| (&list.outcome, list.printer));
    format!("matter:{ticket}:{}:{list:?}", can_print(kiosk))
}

fn can_print(kiosk: &Kiosk) -> bool {
    kiosk
        .printer_health()
        .is_some_and(|health| health.can_print())
}

/// Fee, time and wait, as far as they are known.
fn facts(
    kiosk: &Kiosk,
    view: &StationView,
    service: &ServiceInfo,
    matter: &Matter,
    language: Language,
) -> Markup {
    html! {
        div class="facts" {
            @if let Some(ntd) = matter.fee_ntd {
                div {
                    p class="k" { (both!(language, "guide-fee")) }
                    p class="v" lang=(language.tag()) { (format::fee(Texts::of(language), ntd)) }
                }
            }
            @if let Some(days) = matter.working_days {
                div {
                    p class="k" { (both!(language, "guide-time")) }
                    p class="v" lang=(language.tag()) { (format::working_days(Texts::of(language), days)) }
                }
            }
            @if let Some(wait) = wait(kiosk, view, service, language) { (wait) }
        }
    }
}

/// Id of the wait, which stays fresh on an open page.
pub(super) const NOW: &str = "now";

/// How long one waits for the service now; none while nobody takes tickets for it.
pub(super) fn wait(
    kiosk: &Kiosk,
    view: &StationView,
    service: &ServiceInfo,
    language: Language,
) -> Option<Markup> {
    let Home::Open(_, board) = Home::of(kiosk, view) else {
        return None;
    };
    let state = waits::of(board, service).filter(|_| !service.sessions)?;
    if waits::limit(Some(state)).is_some() {
        return None;
    }
    Some(html! {
        div id=(NOW) {
            p class="k" { (both!(language, "kiosk-waits")) }
            p class="v" { (waits::wait(service, Some(state), language)) }
        }
    })
}

fn papers(matter: &Matter, language: Language) -> Markup {
    html! {
        section class="bring" {
            h2 { (both!(language, "guide-papers")) }
            @if matter.papers.is_empty() {
                p class="none" { (both!(language, "guide-no-papers")) }
            } @else {
                ol class=[(matter.papers.len() > 6).then_some("many")] {
                    @for (nth, paper) in matter.papers.iter().enumerate() {
                        li { span class="no" { (nth + 1) } span { (both_names(paper, language)) } }
                    }
                }
            }
        }
    }
}

/// A ticket for it, or why there is none now. The same form as on the first page.
fn ticket(kiosk: &Kiosk, view: &StationView, service: &ServiceInfo, modes: Modes) -> Markup {
    let language = modes.language;
    match Home::of(kiosk, view) {
        Home::Alone(_) if !service.sessions => take(service, modes),
        Home::Alone(_) | Home::Unreachable => {
            html! { p class="no" id="no-ticket" { (both!(language, "system-fault")) } }
        }
        Home::Closed(..) => {
            html! { p class="no" id="no-ticket" { (both!(language, "station-closed")) } }
        }
        Home::Open(station, board) => {
            let state = waits::of(board, service);
            let why = state
                .filter(|_| waits::limit(state).is_some())
                .map(|state| {
                    in_both(language, |texts, tag| {
                        let words = Language::parse(tag)
                            .and_then(|language| closed::words(station, board, state, language));
                        words.unwrap_or_else(|| t!(texts, "service-closed"))
                    })
                });
            match why {
                Some(why) => html! { p class="no" id="no-ticket" { (why) } },
                None => take(service, modes),
            }
        }
    }
}

fn take(service: &ServiceInfo, modes: Modes) -> Markup {
    let words = html! {
        (icon(Icon::Receipt)) span { (both!(modes.language, "guide-take")) }
    };
    html! {
        @if service.sessions {
            a class="fb pri take-one" href={ "/session/" (service.id) (modes.query()) } { (words) }
        } @else {
            div class="take-one" {
                form method="post" action="/ticket" {
                    (modes.fields(""))
                    input type="hidden" name="key" value=(fresh_id());
                    button class="fb pri" type="submit" name="service" value=(service.id) { (words) }
                }
            }
        }
    }
}

/// The list on paper; where no printer can print, on the visitor's phone.
fn on_paper(
    kiosk: &Kiosk,
    station: &StationInfo,
    modes: Modes,
    shown: &Shown<'_>,
    list: Option<&List>,
) -> Markup {
    let language = modes.language;
    let can_print = can_print(kiosk);
    let outcome = list.map(|list| list.outcome.as_ref());
    let failed = match outcome {
        Some(Some(PrintOutcome::Failed { .. })) => true,
        Some(Some(PrintOutcome::Unknown { cause })) => !UNCONFIRMED.contains(&cause.as_str()),
        _ => false,
    };
    let came_out = matches!(outcome, Some(Some(_))) && !failed;
    html! {
        div class="on-paper" id="list" {
            @match outcome {
                Some(None) => p class="said" role="status" { (icon(Icon::Printer)) span { (both!(language, "issued-printing")) } },
                Some(Some(_)) if failed => p class="said bad" role="status" { (icon(Icon::Warning)) span { (both!(language, "guide-not-printed")) } },
                Some(Some(_)) => p class="said ok" role="status" { (icon(Icon::Check)) span { (taken_from(kiosk, list, language)) } },
                None => {}
            }
            @if !can_print && !came_out {
                p class="said bad" role="status" { (icon(Icon::Printer)) span { (both!(language, "guide-cannot-print")) } }
            } @else if can_print && outcome != Some(None) {
                form method="post" action={ (HERE) "/print" } {
                    (modes.fields(""))
                    input type="hidden" name=(WAY) value=(shown.way);
                    input type="hidden" name="key" value=(fresh_id());
                    button class="fb" type="submit" {
                        (icon(Icon::Printer))
                        @if outcome.is_some() { span { (both!(language, "guide-print-again")) } }
                        @else { span { (both!(language, "guide-print")) } }
                    }
                }
            }
            @if !can_print && !came_out || failed {
                (on_phone(station, shown.matter, language))
            }
        }
    }
}

/// Where the list comes out.
fn taken_from(kiosk: &Kiosk, list: Option<&List>, language: Language) -> Markup {
    let place = list
        .map(|list| kiosk.place(list.printer))
        .unwrap_or_default();
    html! {
        @if place.is_empty() { (both!(language, "guide-printed")) }
        @else { (in_both(language, |texts, tag| t!(texts, "guide-printed-at", place = place.get(tag)))) }
    }
}

fn on_phone(station: &StationInfo, matter: &Matter, language: Language) -> Markup {
    let url = format!(
        "{}/guide?matter={}&lang={}",
        station.public_url,
        matter.id,
        language.tag()
    );
    html! {
        div class="phone" {
            (qr_svg(&url, &t!(Texts::of(language), "guide-scan")))
            p { (both!(language, "guide-scan")) }
        }
    }
}
