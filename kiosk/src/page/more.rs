//! What else somebody comes for who has just taken a ticket, and for how many people. It comes behind the ticket, so that
//! who has one matter is as fast as before.

use axum::response::Response;
use maud::{Markup, html};
use protocol::{ServiceInfo, StationInfo};
use queue_core::ServiceId;
use screens::{Icon, Texts, icon, t};

use super::modes::Modes;
use super::parts::{Frame, both, both_names, in_both, whole};
use crate::agent::{Amendment, Kiosk};
use crate::link::StationView;
use crate::shelf::Held;

/// An untouched page goes back to the greeting after so many seconds.
const IDLE_S: u32 = 30;
/// Further services that are offered.
const OTHERS_MAX: usize = 8;
/// Most people a visitor says at the kiosk; larger groups ask the staff.
const PERSONS_MAX: u16 = 9;
/// Names of the form's values.
pub(super) const ADD: &str = "add";
pub(super) const DROP: &str = "drop";
pub(super) const PERSONS: &str = "persons";
/// In the address where the station has refused what was wanted.
pub(super) const REFUSED: &str = "refused";

/// What the station leaves open to the visitor of a ticket.
struct Choice<'a> {
    services: Vec<&'a ServiceInfo>,
    persons_max: u16,
}

impl<'a> Choice<'a> {
    fn of(station: &'a StationInfo, held: &Held) -> Option<Self> {
        let first = held.issued.asked_first();
        let max_persons = station
            .service(first)
            .map_or(1, |service| service.max_persons);
        let choice = Self {
            services: station.together_with(first).take(OTHERS_MAX).collect(),
            persons_max: max_persons.min(PERSONS_MAX),
        };
        (!choice.services.is_empty() || choice.persons_max > 1).then_some(choice)
    }
}

/// As long as the ticket waits: nobody has called it.
fn waits(view: &StationView, held: &Held) -> bool {
    let board = view.board.as_deref().filter(|_| view.connected);
    board.is_some_and(|board| {
        board
            .calls
            .iter()
            .all(|call| call.number != held.issued.number)
    })
}

/// The way to this page from that of the ticket; nothing where the station leaves nothing open.
pub(super) fn way(view: &StationView, modes: Modes, held: &Held) -> Markup {
    let station = view.station.as_deref().filter(|_| waits(view, held));
    let Some(choice) = station.and_then(|station| Choice::of(station, held)) else {
        return html! {};
    };
    let language = modes.language;
    html! {
        a class="more" href=(format!("/ticket/{}/more{}", held.issued.id, modes.query())) {
            @if choice.services.is_empty() {
                (icon(Icon::Users)) span { (both!(language, "issued-persons")) }
            } @else {
                (icon(Icon::Grid)) span { (both!(language, "issued-more")) }
            }
            (icon(Icon::Right))
        }
    }
}

/// What else was said, on the paper that the ticket's page shows.
pub(super) fn said(view: &StationView, modes: Modes, held: &Held) -> Markup {
    let language = modes.language;
    let others = held.issued.others().iter();
    let station = view.station.as_deref();
    let names = others.filter_map(|id| Some(&station?.service(id)?.name));
    html! {
        @for other in names {
            p class="s also" { "+ " (both_names(other, language)) }
        }
        @if held.issued.persons > 1 {
            p class="s also" {
                (held.issued.persons) " "
                (in_both(language, |texts, _| t!(texts, "label-people", count = held.issued.persons)))
            }
        }
    }
}

/// The page; none where nothing may be said any more.
pub(super) fn page(
    kiosk: &Kiosk,
    view: &StationView,
    modes: Modes,
    held: &Held,
    is_refused: bool,
) -> Option<Response> {
    let station = view.station.as_deref().filter(|_| waits(view, held))?;
    let choice = Choice::of(station, held)?;
    let language = modes.language;
    let texts = Texts::of(language);
    let issued = &held.issued;
    let persons = issued.persons;
    let title = t!(texts, "issued-more");
    let people = |n: u16, words: &str| {
        let out = n < 1 || n > choice.persons_max;
        let label = format!("{} {n}", t!(texts, "issued-persons"));
        html! {
            button class="fb" type="submit" name=(PERSONS) value=(n) aria-label=(label) disabled[out] { (words) }
        }
    };
    let content = html! {
        main class="k-more" {
            p class="of" { b { (issued.number) } @if let Some(first) = station.service(issued.asked_first()) { span { (both_names(&first.name, language)) } } }
            form method="post" action=(format!("/ticket/{}/more", issued.id)) {
                (modes.fields(""))
                @if !choice.services.is_empty() {
                    h1 class="fs-h1" { (both!(language, "issued-more")) }
                    div class="others" {
                        @for service in &choice.services {
                            @let is_in = issued.others().contains(&service.id);
                            button class={ "svc" @if is_in { " in" } } type="submit" aria-pressed=(is_in)
                                name=(if is_in { DROP } else { ADD }) value=(service.id) {
                                span class="ic" { (icon(Icon::from_name(&service.icon).unwrap_or(Icon::Document))) }
                                span class="nm" { (both_names(&service.name, language)) }
                                span class="tick" { @if is_in { (icon(Icon::Check)) } }
                            }
                        }
                    }
                }
                @if choice.persons_max > 1 {
                    div class="people" role="group" {
                        h2 { (both!(language, "issued-persons")) }
                        (people(persons.saturating_sub(1), "−"))
                        output class="num" { (persons) }
                        (people(persons.saturating_add(1), "+"))
                    }
                }
            }
            p class="no" role="alert" { @if is_refused { (both!(language, "issued-more-refused")) } }
        }
        footer class="kt-foot one" {
            form method="get" action=(format!("/ticket/{}", issued.id)) {
                (modes.fields(""))
                button class="fb pri" type="submit" { (icon(Icon::Check)) span { (both!(language, "issued-done")) } }
            }
        }
    };
    let frame = Frame {
        title: &title,
        modes,
        state: "more".to_owned(),
        live: String::new(),
        idle_s: IDLE_S,
        refresh_s: IDLE_S,
    };
    Some(whole(kiosk, view, &frame, content))
}

/// What the ticket is for after a press.
pub(super) fn pressed(
    held: &Held,
    add: Option<ServiceId>,
    drop: Option<ServiceId>,
    persons: Option<u16>,
) -> Amendment {
    let issued = &held.issued;
    let mut then = issued.others().to_vec();
    if let Some(add) = add.filter(|add| !then.contains(add)) {
        then.push(add);
    }
    if let Some(drop) = drop {
        then.retain(|service| *service != drop);
    }
    Amendment {
        then,
        persons: persons.unwrap_or(issued.persons).clamp(1, PERSONS_MAX),
    }
}
