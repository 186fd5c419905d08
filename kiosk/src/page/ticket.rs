//! The page of a ticket just given out: the number, and the truth about its paper.

use axum::response::Response;
use maud::{Markup, html};
use protocol::StationInfo;
use queue_core::{Estimate, PrintOutcome, StationTime};
use screens::format::hh_mm;
use screens::{Icon, Language, Texts, icon, qr_svg, t};

use super::modes::Modes;
use super::parts::{Frame, both, both_names, in_both, whole};
use super::{more, sessions};
use crate::agent::{Kiosk, local};
use crate::link::StationView;
use crate::shelf::{Held, Paper};

/// The page stays so long after the last touch, seconds.
const STAY_S: u32 = 20;
/// It stays so long after the paper was taken, unless it is touched, seconds.
const LEAVE_S: u32 = 4;
/// Papers to have ready that are shown.
const DOCUMENTS_MAX: usize = 3;
/// Causes of unknown results with which nothing is known to have gone wrong: the printer does not say.
pub(super) const UNCONFIRMED: [&str; 2] = ["one_way", "no_confirmation"];
/// Nothing can be printed again then, unless another printer can or there is paper again.
const PAPER_OUT: &str = "paper_out";
/// Names and values of the form that asks about the paper.
pub(super) const PAPER: &str = "paper";
pub(super) const SEEN: &str = "yes";
pub(super) const AGAIN: &str = "again";
/// How many papers had been tried when the visitor was asked.
pub(super) const COPIES: &str = "copies";
/// Name of the page's state: nothing makes it another page.
pub(super) const STATE: &str = "ticket";

pub(super) fn page(kiosk: &Kiosk, view: &StationView, modes: Modes, held: &Held) -> Response {
    let language = modes.language;
    let texts = Texts::of(language);
    let issued = &held.issued;
    let number = issued.number.to_string();
    let service = view
        .station
        .as_deref()
        .and_then(|station| station.service(issued.asked_first()));
    let qr_label = t!(texts, "issued-qr", number = number.as_str());
    let content = html! {
        main class="kt" {
            div class="kt-ok" role="status" {
                span class="dot" { (icon(Icon::Check)) }
                span { (both!(language, "issued-title")) }
            }
            section class="paper" aria-label={ (t!(texts, "issued-number")) " " (number) } {
                p class="l" { (both!(language, "issued-number")) }
                h1 class="n" { (number) }
                @if let Some(service) = service {
                    p class="s" { (both_names(&service.name, language)) }
                }
                @if issued.seat.is_none() { (more::said(view, modes, held)) }
                @if held.priority {
                    p class="s pr" { (both!(language, "ticket-priority")) }
                }
                @if let Some(slot) = issued.slot {
                    p class="s pr" id="booked" { (booked(view.station.as_deref(), slot, language)) }
                }
                hr class="perf";
                @match &issued.seat {
                    Some(seat) => (sessions::seat(view.station.as_deref(), held, seat, language)),
                    // How long depends on when the identity is checked: nobody is called before.
                    None if issued.unverified => {},
                    // Nobody knows who else waits.
                    None if issued.number.kiosk.is_some() => {
                        p class="s pr" id="offline" { (both!(language, "ticket-offline")) }
                    }
                    None => (ahead_and_wait(held, language)),
                }
                @if let Some(station) = view.station.as_deref() { (places(station, held, language)) }
            }
            (paper_state(kiosk, held, modes))
            @if issued.seat.is_none() { (more::way(view, modes, held)) }
            @if !issued.page_url.is_empty() {
                section class="follow" {
                    (qr_svg(&issued.page_url, &qr_label))
                    div {
                        h2 lang=(language.tag()) { (t!(texts, "issued-follow")) }
                        p class="no-app" { (both!(language, "issued-no-app")) }
                        ul {
                            @for (sign, words) in [
                                (Icon::Bell, t!(texts, "issued-remind")),
                                (Icon::Users, t!(texts, "issued-see-ahead")),
                                (Icon::Globe, t!(texts, "issued-languages")),
                            ] {
                                li lang=(language.tag()) { (icon(sign)) span { (words) } }
                            }
                        }
                    }
                }
            }
            @if let Some(service) = service && !service.documents.is_empty() {
                section class="prep" {
                    h2 { (both!(language, "issued-prepare")) }
                    ul {
                        @for document in service.documents.iter().take(DOCUMENTS_MAX) {
                            li { (icon(Icon::Check)) span { (both_names(document, language)) } }
                        }
                    }
                }
            }
        }
        (foot(held, modes))
    };
    let frame = Frame {
        title: &number,
        modes,
        state: STATE.to_owned(),
        live: format!("/live{}&ticket={}", modes.query(), issued.id),
        idle_s: 0,
        refresh_s: if held.paper.printer().is_some() {
            2
        } else {
            STAY_S
        },
    };
    whole(kiosk, view, &frame, content)
}

/// That it is the ticket of an appointment, and its time.
fn booked(station: Option<&StationInfo>, slot: StationTime, language: Language) -> Markup {
    let time = hh_mm(local(station, slot).time());
    in_both(language, |texts, _| {
        format!("{} {time}", t!(texts, "appointment-title")).into()
    })
}

/// Where to go first, and where to wait.
fn places(station: &StationInfo, held: &Held, language: Language) -> Markup {
    let desk = station
        .identity_desk
        .as_ref()
        .filter(|_| held.issued.unverified);
    html! {
        @if let Some(desk) = desk {
            p class="first" id="identity" {
                (icon(Icon::Passport))
                span { (in_both(language, |texts, tag| t!(texts, "identity-first", place = desk.get(tag)))) }
            }
        }
        @if let Some(zone) = station.waiting_zone(&held.issued.service) {
            p class="zone" id="zone" {
                (icon(Icon::Pin))
                span { (in_both(language, |texts, tag| t!(texts, "zone-wait-in", zone = zone.name.get(tag)))) }
            }
        }
    }
}

fn ahead_and_wait(held: &Held, language: Language) -> Markup {
    let texts = Texts::of(language);
    let tag = language.tag();
    html! {
        div class="two" {
            div {
                p class="k" { (both!(language, "issued-ahead")) }
                p class="v" lang=(tag) { (held.issued.ahead) small { (t!(texts, "label-people", count = held.issued.ahead)) } }
            }
            div {
                p class="k" { (both!(language, "issued-wait")) }
                @match held.issued.estimate {
                    Estimate::Range { low_min, high_min, .. } => p class="v" lang=(tag) {
                        (low_min) "–" (high_min) small { (t!(texts, "label-minutes")) }
                    },
                    Estimate::NoWait => p class="v words" lang=(tag) { (t!(texts, "wait-none")) },
                    Estimate::NoCounterOpen | Estimate::CountOnly => {
                        p class="v words" lang=(tag) { (t!(texts, "wait-unknown")) }
                    }
                }
            }
        }
    }
}

/// Where the paper is, as far as anybody knows.
pub(super) fn paper_state(kiosk: &Kiosk, held: &Held, modes: Modes) -> Markup {
    let language = modes.language;
    let place = kiosk.place(held.printer);
    let can_print = kiosk
        .printer_health()
        .is_some_and(|health| health.can_print());
    match &held.paper {
        Paper::Printing(_) => html! {
            div class="take" id="paper" role="status" {
                span class="ar still" { (icon(Icon::Printer)) }
                span { (both!(language, "issued-printing")) }
            }
        },
        Paper::Held(_) => alert(
            Icon::Printer,
            &both!(language, "paper-held"),
            &both!(language, "paper-held-hint"),
        ),
        Paper::Over(PrintOutcome::Printed) => html! {
            div class="take" id="paper" role="status" {
                @if place.is_empty() {
                    span class="ar" { (icon(Icon::Down)) }
                    span { (both!(language, "issued-take")) }
                } @else {
                    span class="ar still" { (icon(Icon::Printer)) }
                    span { (in_both(language, |texts, tag| t!(texts, "issued-take-at", place = place.get(tag)))) }
                }
            }
        },
        // Whoever has the paper in hand goes to sit down.
        Paper::Taken => kept(language, Some(LEAVE_S)),
        Paper::Seen => kept(language, None),
        Paper::None => alert(
            Icon::Phone,
            &html! {},
            &both!(language, "paper-unknown-hint"),
        ),
        Paper::Over(PrintOutcome::Unknown { cause })
            if held.may_reprint() && (cause != PAPER_OUT || can_print) =>
        {
            question(held, modes, UNCONFIRMED.contains(&cause.as_str()))
        }
        Paper::Over(PrintOutcome::Failed { cause } | PrintOutcome::Unknown { cause })
            if cause == PAPER_OUT =>
        {
            alert(
                Icon::Printer,
                &both!(language, "paper-out"),
                &both!(language, "paper-out-hint"),
            )
        }
        Paper::Over(PrintOutcome::Failed { .. }) => alert(
            Icon::Printer,
            &both!(language, "printer-fault"),
            &both!(language, "printer-fault-hint"),
        ),
        Paper::Over(PrintOutcome::Unknown { .. }) => alert(
            Icon::Printer,
            &both!(language, "paper-unknown"),
            &both!(language, "paper-unknown-hint"),
        ),
    }
}

/// The visitor has the paper.
fn kept(language: Language, leave_s: Option<u32>) -> Markup {
    html! {
        div class="take" id="paper" role="status" data-leave-s=[leave_s] {
            span class="ar still" { (icon(Icon::Check)) }
            span { (both!(language, "paper-kept")) }
        }
    }
}

/// Only the visitor sees whether the paper is there. A printer that never says so is no trouble, and is asked about calmly.
fn question(held: &Held, modes: Modes, is_calm: bool) -> Markup {
    let language = modes.language;
    html! {
        div class={ "alert ask" (if is_calm { " calm" } else { "" }) } id="paper" role=(if is_calm { "status" } else { "alert" }) {
            (icon(Icon::Printer))
            div {
                @if is_calm {
                    p class="h" { (both!(language, "paper-sent")) }
                    p class="hint" { (both!(language, "paper-ask")) }
                } @else {
                    p class="h" { (both!(language, "paper-ask")) }
                    p class="hint" { (both!(language, "paper-unknown")) }
                }
            }
            form method="post" action=(format!("/ticket/{}/paper", held.issued.id)) {
                (modes.fields(""))
                input type="hidden" name=(COPIES) value=(held.copies);
                button class="fb" type="submit" name=(PAPER) value=(AGAIN) { (icon(Icon::Printer)) span { (both!(language, "paper-again")) } }
                button class="fb pri" type="submit" name=(PAPER) value=(SEEN) { (icon(Icon::Check)) span { (both!(language, "paper-yes")) } }
            }
        }
    }
}

fn alert(sign: Icon, title: &Markup, hint: &Markup) -> Markup {
    html! {
        div class="alert" id="paper" role="alert" {
            (icon(sign))
            div {
                @if !title.0.is_empty() { p class="h" { (title) } }
                p class="hint" { (hint) }
            }
        }
    }
}

fn foot(held: &Held, modes: Modes) -> Markup {
    let language = modes.language;
    let again = modes.for_next_ticket();
    html! {
        footer class="kt-foot" {
            form method="post" action=(format!("/ticket/{}/cancel", held.issued.id)) {
                (again.fields(""))
                button class="fb" type="submit" { (icon(Icon::Undo)) span { (both!(language, "issued-change-service")) } }
            }
            form method="get" action=(format!("/ticket/{}", held.issued.id)) {
                (modes.fields(""))
                button class="fb" type="submit" data-more { (icon(Icon::Clock)) span { (both!(language, "issued-more-time")) } }
            }
            form method="get" action="/" {
                button class="fb pri" type="submit" data-done {
                    span class="ring" data-ring-s=(STAY_S) aria-hidden="true" {
                        svg viewBox="0 0 36 36" {
                            circle cx="18" cy="18" r="16" stroke="currentColor" opacity=".3" {}
                            circle class="left" cx="18" cy="18" r="16" stroke="currentColor" pathLength="100"
                                stroke-dasharray="100 100" {}
                        }
                        span class="s" {}
                    }
                    span { (both!(language, "issued-done")) }
                }
            }
        }
    }
}
