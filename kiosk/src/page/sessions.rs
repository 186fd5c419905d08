//! Which session? The next one with a seat is one touch away, the others stand below it.

use std::borrow::Cow;

use axum::response::Response;
use maud::{Markup, html};
use protocol::{ServiceInfo, StationInfo};
use queue_core::{Board, BoardSession, SeatPlace, SeatView, ServiceId, StationTime};
use screens::format::hh_mm;
use screens::{Icon, Language, Texts, icon, t};

use super::modes::Modes;
use super::parts::{Frame, both, both_names, name, whole};
use crate::agent::{Kiosk, Party, local};
use crate::link::{StationView, fresh_id};
use crate::shelf::Held;

/// An untouched page goes back to the greeting after so many seconds.
const IDLE_S: u32 = 30;
/// Without script the page comes anew after so many seconds.
const REFRESH_S: u32 = 20;
/// Sessions on the page, the next one included.
const SHOWN: usize = 6;
/// Names of the form's values.
pub(super) const SESSION: &str = "session";
pub(super) const PERSONS: &str = "persons";

/// Who comes to which session, by the values of the form.
pub(super) fn party(session: Option<&str>, persons: Option<&str>) -> Option<Party> {
    let session = session.and_then(|text| text.parse().ok()).map(StationTime);
    let persons = persons.and_then(|text| text.parse().ok());
    (session.is_some() || persons.is_some()).then(|| Party {
        session,
        persons: persons.unwrap_or(1),
    })
}

fn offered<'a>(board: &'a Board, service: &'a ServiceId) -> impl Iterator<Item = &'a BoardSession> {
    let sessions = board.sessions.iter();
    sessions.filter(move |s| s.session.service == *service && s.session.offered)
}

fn time(station: &StationInfo, at: StationTime) -> String {
    hh_mm(local(Some(station), at).time())
}

/// Seats that a visitor sees as free. Who goes first may have a kept one.
fn free(session: &BoardSession, modes: Modes) -> usize {
    let kept = if modes.priority {
        session.session.kept
    } else {
        0
    };
    session.session.free + kept
}

fn seats(session: &BoardSession, modes: Modes, language: Language) -> Cow<'static, str> {
    let texts = Texts::of(language);
    match (free(session, modes), session.session.waiting_left) {
        (0, 0) => t!(texts, "session-full"),
        (0, _) => t!(texts, "session-list"),
        (count, _) => t!(texts, "session-free", count = count),
    }
}

/// When the next session with a seat begins, for the row of the service.
pub(super) fn next_words(
    station: &StationInfo,
    board: &Board,
    service: &ServiceInfo,
    language: Language,
) -> Cow<'static, str> {
    let texts = Texts::of(language);
    let modes = Modes::greeting(language);
    let mut sessions = offered(board, &service.id);
    let next = sessions.find(|session| free(session, modes) > 0);
    match next.or_else(|| offered(board, &service.id).next()) {
        None => t!(texts, "session-none"),
        Some(session) => format!(
            "{} · {}",
            time(station, session.session.begins),
            seats(session, modes, language)
        )
        .into(),
    }
}

/// The row of a service with sessions on the first page.
pub(super) fn button(
    station: &StationInfo,
    board: &Board,
    service: &ServiceInfo,
    modes: Modes,
) -> Markup {
    let language = modes.language;
    let (first, text) = name(&service.name, language);
    html! {
        a class="svc" href={ "/session/" (service.id) (modes.query()) } {
            span class="ic" { (icon(Icon::from_name(&service.icon).unwrap_or(Icon::Seat))) }
            span {
                span class="a" lang=(first.tag()) { (text) }
                (super::waits::note(station, board, service, language))
            }
            span class="w go" { (icon(Icon::Right)) }
        }
    }
}

/// The page; none where the service has no sessions or nothing is known of them.
pub(super) fn page(
    kiosk: &Kiosk,
    view: &StationView,
    modes: Modes,
    id: &ServiceId,
    persons: u16,
) -> Option<Response> {
    let station = view.station.as_deref().filter(|_| view.connected)?;
    let board = view.board.as_deref().filter(|board| board.day.is_some())?;
    let service = station.service(id).filter(|service| service.sessions)?;
    let language = modes.language;
    let persons = persons.clamp(1, service.max_persons);
    let open: Vec<_> = offered(board, id).take(SHOWN).collect();
    let with_seat = open.iter().position(|session| free(session, modes) > 0);
    let next = with_seat.unwrap_or(0);
    let title = t!(Texts::of(language), "session-choose");
    let here = |n: u16| format!("/session/{id}{}&{PERSONS}={n}", modes.query());
    let people = |n: u16, words: &str| {
        let label = format!("{} {n}", t!(Texts::of(language), "session-persons"));
        html! {
            @if (1..=service.max_persons).contains(&n) {
                a class="fb" href=(here(n)) aria-label=(label) { (words) }
            } @else {
                span class="fb off" aria-hidden="true" { (words) }
            }
        }
    };
    let content = html! {
        main class="k-more k-sessions" {
            p class="of" { span { (both_names(&service.name, language)) } }
            h1 class="fs-h1" { (both!(language, "session-choose")) }
            @if service.max_persons > 1 {
                div class="people" role="group" {
                    h2 { (both!(language, "session-persons")) }
                    (people(persons.saturating_sub(1), "−"))
                    output class="num" { (persons) }
                    (people(persons.saturating_add(1), "+"))
                }
            }
            form class="ses" method="post" action="/ticket" {
                (modes.fields(""))
                input type="hidden" name="key" value=(fresh_id());
                input type="hidden" name="service" value=(id);
                input type="hidden" name=(PERSONS) value=(persons);
                @for (at, session) in open.iter().enumerate() {
                    (choice(station, session, modes, at == next))
                }
            }
            @if open.is_empty() { p class="no" role="status" { (both!(language, "session-none")) } }
        }
        footer class="kt-foot one" {
            form method="get" action="/" {
                (modes.fields(""))
                button class="fb" type="submit" { (icon(Icon::Back)) span { (both!(language, "kiosk-back")) } }
            }
        }
    };
    let frame = Frame {
        title: &title,
        modes,
        state: "sessions".to_owned(),
        live: String::new(),
        idle_s: IDLE_S,
        refresh_s: REFRESH_S,
    };
    Some(whole(kiosk, view, &frame, content))
}

fn choice(station: &StationInfo, session: &BoardSession, modes: Modes, is_next: bool) -> Markup {
    let language = modes.language;
    let texts = Texts::of(language);
    let of = &session.session;
    let full = free(session, modes) == 0 && of.waiting_left == 0;
    html! {
        button class={ "svc" @if is_next { " next" } @if full { " shut" } } type="submit" name=(SESSION) value=(of.begins.0) disabled[full] {
            span class="tm" { (time(station, of.begins)) }
            span {
                span class="a" lang=(language.tag()) { (t!(texts, "session-nth", nth = of.nth)) }
                span class="b" lang=(language.tag()) {
                    @if is_next { (t!(texts, "session-next")) } @else { (time(station, of.begins)) "–" (time(station, of.ends)) }
                }
            }
            span class={ "w" @if free(session, modes) > 0 { " ok" } } lang=(language.tag()) { (seats(session, modes, language)) }
        }
    }
}

/// Session, time and place, on the page of the ticket, in place of the wait.
pub(super) fn seat(
    station: Option<&StationInfo>,
    held: &Held,
    seat: &SeatView,
    language: Language,
) -> Markup {
    let at = |at: StationTime| hh_mm(local(station, at).time());
    let (begins, until) = (at(seat.begins), at(seat.check_in_until));
    html! {
        div class="two" {
            div {
                p class="k" { (both!(language, "session-nth", nth = seat.nth)) }
                p class="v" { (begins) }
            }
            div {
                p class="k" {
                    @match seat.checked_in {
                        true => (both!(language, "session-checked-in")),
                        false => (both!(language, "session-check-in-until", time = until.as_str())),
                    }
                }
                p class="v words" lang=(language.tag()) { (place(Texts::of(language), seat)) }
            }
        }
        @if held.issued.persons > 1 { p class="s also" { (held.issued.persons) " " (t!(Texts::of(language), "label-people", count = held.issued.persons)) } }
    }
}

/// Seat or place on the list, in words.
pub(crate) fn place(texts: &'static Texts, seat: &SeatView) -> Cow<'static, str> {
    match seat.place {
        SeatPlace::Seat => t!(texts, "session-seat"),
        SeatPlace::List { nth } => t!(texts, "session-on-list", nth = nth),
        SeatPlace::None => t!(texts, "session-lost"),
    }
}
