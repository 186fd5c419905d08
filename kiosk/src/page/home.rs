//! The first page: what do you need today?

use axum::response::Response;
use maud::{Markup, html};
use protocol::{ServiceInfo, StationInfo};
use queue_core::Board;
use screens::{Icon, Language, Texts, icon, t};

use super::modes::Modes;
use super::parts::{Frame, both, name, whole};
use super::waits::{limit, low_wait, note, of, wait};
use super::ways::{accessibility, languages, other_ways};
use super::{closed, guide, sessions, work_list};
use crate::agent::Kiosk;
use crate::link::{StationView, fresh_id};
use crate::printer::PrinterHealth;

/// An untouched page goes back to the greeting after so many seconds.
const IDLE_S: u32 = 30;

/// Services on one page. Where there are more, the last row leads to the others, so that rows keep their size and
/// nothing is scrolled.
const ROWS: usize = 6;

/// The services of one page of the list.
struct Part<'a, T> {
    services: &'a [T],
    /// Number of the part, from 0.
    index: u8,
    /// Others follow.
    has_more: bool,
}

impl<'a, T> Part<'a, T> {
    /// The wanted part, or the last one.
    fn of(services: &'a [T], wanted: u8) -> Self {
        let step = ROWS - 1;
        let parts = services.len().saturating_sub(ROWS).div_ceil(step) + 1;
        let index = usize::from(wanted).min(parts - 1);
        let rest = services.get(index * step..).unwrap_or_default();
        let has_more = index + 1 < parts;
        Self {
            services: if has_more { &rest[..step] } else { rest },
            // No larger than what was wanted.
            index: u8::try_from(index).unwrap_or(wanted),
            has_more,
        }
    }
}

/// What the first page can be.
#[derive(Clone, Copy)]
pub(super) enum Home<'a> {
    /// The server was never or is not reached.
    Unreachable,
    /// No business day is open, or the station is outside its hours.
    Closed(&'a StationInfo, &'a Board),
    /// Tickets are given out.
    Open(&'a StationInfo, &'a Board),
    /// The server is away, and the kiosk gives out numbers of its own; how long people wait nobody knows.
    Alone(&'a StationInfo),
}

impl<'a> Home<'a> {
    pub(super) fn of(kiosk: &Kiosk, view: &'a StationView) -> Self {
        match (&view.station, &view.board) {
            (Some(station), Some(board)) if !view.away => match board.day {
                Some(_) if !board.is_outside_hours() => Self::Open(station, board),
                _ => Self::Closed(station, board),
            },
            (Some(station), _) if kiosk.goes_on_alone(view) => Self::Alone(station),
            _ => Self::Unreachable,
        }
    }

    /// Name of the state; another one means another page. Changed services are another page too.
    pub(super) fn state(self) -> String {
        match self {
            Self::Unreachable => "unreachable".to_owned(),
            Self::Alone(_) => "alone".to_owned(),
            Self::Closed(_, board) => {
                let opens = board.hours.as_ref().and_then(|hours| hours.opens);
                format!("closed:{}", opens.map_or(0, |opens| opens.0))
            }
            Self::Open(station, board) => {
                // A service that gives out no tickets has another button.
                let ids: Vec<_> = station
                    .offered()
                    .map(|service| {
                        let shut = limit(of(board, service)).is_some();
                        format!("{}{}", service.id, if shut { "-" } else { "" })
                    })
                    .collect();
                format!("open:{}", ids.join(","))
            }
        }
    }
}

/// The page. `removed` is a number just taken back.
pub(super) fn page(
    kiosk: &Kiosk,
    view: &StationView,
    modes: Modes,
    removed: Option<&str>,
) -> Response {
    let home = Home::of(kiosk, view);
    let language = modes.language;
    let texts = Texts::of(language);
    let content = match home {
        Home::Unreachable => notice(
            Icon::NoNetwork,
            &both!(language, "system-fault"),
            &html! { p { (both!(language, "kiosk-use-another")) } },
        ),
        Home::Closed(station, board) => closed::notice(station, board, language),
        Home::Open(station, board) => open(kiosk, station, Some(board), modes, removed),
        Home::Alone(station) => open(kiosk, station, None, modes, removed),
    };
    let content = html! {
        (content)
        @if matches!(home, Home::Closed(..) | Home::Unreachable) { (meanwhile(view, modes)) }
    };
    let is_greeting = modes == Modes::greeting(kiosk.settings().greeting());
    let title = match home {
        Home::Unreachable => t!(texts, "kiosk-out-of-order"),
        Home::Closed(..) => t!(texts, "station-closed"),
        Home::Open(..) | Home::Alone(_) => t!(texts, "kiosk-title"),
    };
    let frame = Frame {
        title: &title,
        modes,
        state: home.state(),
        live: format!("/live{}", modes.query()),
        idle_s: if is_greeting { 0 } else { IDLE_S },
        refresh_s: 20,
    };
    whole(kiosk, view, &frame, content)
}

/// What can be read while no tickets are given out: which papers to bring next time.
fn meanwhile(view: &StationView, modes: Modes) -> Markup {
    let station = view.station.as_deref();
    let way = guide::button(station.and_then(|station| station.guide.as_ref()), modes);
    html! { @if let Some(way) = way { footer class="k-meanwhile" { (way) } } }
}

/// The ten languages by their own names, for the modes in which they do not fit the first page.
pub(super) fn languages_page(kiosk: &Kiosk, view: &StationView, modes: Modes) -> Response {
    let texts = Texts::of(modes.language);
    let title = t!(texts, "language");
    let content = html! {
        main class="k-choose" {
            h1 class="fs-h1" { (both!(modes.language, "language")) }
            (languages(kiosk, modes, "langs"))
        }
    };
    let frame = Frame {
        title: &title,
        modes,
        state: "languages".to_owned(),
        live: String::new(),
        idle_s: IDLE_S,
        refresh_s: IDLE_S,
    };
    whole(kiosk, view, &frame, content)
}

/// A large message instead of services.
pub(super) fn notice(sign: Icon, title: &Markup, rest: &Markup) -> Markup {
    html! {
        main class="k-notice" {
            span class="ic" { (icon(sign)) }
            h1 class="fs-h1" { (title) }
            (rest)
        }
    }
}

fn open(
    kiosk: &Kiosk,
    station: &StationInfo,
    board: Option<&Board>,
    modes: Modes,
    removed: Option<&str>,
) -> Markup {
    let language = modes.language;
    let is_alone = board.is_none();
    let second = language.companion();
    let texts = Texts::of(language);
    let title = |language: Language| {
        let texts = Texts::of(language);
        match modes.priority {
            true => t!(texts, "kiosk-priority-choose"),
            false => t!(texts, "kiosk-title"),
        }
    };
    // Seats of sessions only the server can give.
    let can_give = |service: &&ServiceInfo| !(is_alone && service.sessions);
    let offered: Vec<_> = station.offered().filter(can_give).collect();
    let part = Part::of(&offered, modes.part);
    let printer = kiosk.printer_health();
    html! {
        main class="k-body" {
            section class="low-info" aria-label=(t!(texts, "kiosk-waits")) {
                // Only one of the two first headings is ever shown.
                h1 class="big" lang=(language.tag()) {
                    (title(language))
                    small lang=(second.tag()) { (title(second)) }
                }
                ul class="low-tbl" {
                    @for service in part.services {
                        li {
                            span lang=(name(&service.name, language).0.tag()) { (name(&service.name, language).1) }
                            (low_wait(service, board.and_then(|board| of(board, service)), language))
                        }
                    }
                }
                p class="low-ptr" { (icon(Icon::Down)) span { (both!(language, "kiosk-use-below")) } (icon(Icon::Down)) }
            }
            div class="k-head" {
                h1 class="fs-h1" lang=(language.tag()) { (title(language)) }
                div class="row" {
                    p class="sec" { span lang=(second.tag()) { (title(second)) } }
                    @if let Some(number) = removed {
                        p class="k-hint" role="status" lang=(language.tag()) {
                            (icon(Icon::Undo)) span { (t!(texts, "issued-removed", number = number)) }
                        }
                    } @else if printer.is_some() {
                        p class="k-hint" lang=(language.tag()) {
                            (icon(Icon::Printer)) span { (t!(texts, "kiosk-hint")) }
                        }
                    }
                }
            }
            @if is_alone {
                a class="k-paper" href={ (work_list::HERE) (modes.query()) } {
                    (icon(Icon::NoNetwork)) p { (both!(language, "kiosk-offline")) }
                }
            }
            (paper_notice(printer.as_ref(), language))
            div class="k-main" {
                form class=(if part.index > 0 { "svcs rest" } else { "svcs" }) method="post" action="/ticket" {
                    (modes.fields(""))
                    input type="hidden" name="key" value=(fresh_id());
                    @for service in part.services {
                        @match board {
                            Some(board) if service.sessions => (sessions::button(station, board, service, modes)),
                            _ => (service_button(station, board, service, language)),
                        }
                    }
                    @if part.has_more { (others(modes.with_part(part.index + 1))) }
                }
                @if part.index > 0 {
                    (back(modes.with_part(part.index - 1)))
                } @else {
                    (other_ways(kiosk, station, modes, is_alone))
                }
                (languages(kiosk, modes, "langs full"))
            }
        }
        footer { (accessibility(modes)) }
    }
}

/// Says, before anything is touched, that no paper will come; empty while the printer prints or where there is none.
pub(super) fn paper_notice(printer: Option<&PrinterHealth>, language: Language) -> Markup {
    let trouble = printer.filter(|health| !health.can_print());
    html! {
        div id="printer" class="k-paper" role="status" {
            @match trouble {
                Some(PrinterHealth::PaperOut) => {
                    (icon(Icon::Printer)) p { (both!(language, "paper-out-before")) }
                }
                Some(_) => {
                    (icon(Icon::Printer)) p { (both!(language, "printer-fault-before")) }
                }
                None => {}
            }
        }
    }
}

fn service_button(
    station: &StationInfo,
    board: Option<&Board>,
    service: &ServiceInfo,
    language: Language,
) -> Markup {
    let (first, text) = name(&service.name, language);
    let state = board.and_then(|board| of(board, service));
    let shut = limit(state).is_some();
    html! {
        button class={ "svc" @if shut { " shut" } } type="submit" name="service" value=(service.id) disabled[shut] {
            span class="ic" { (icon(Icon::from_name(&service.icon).unwrap_or(Icon::Document))) }
            span {
                span class="a" lang=(first.tag()) { (text) }
                @match board {
                    Some(board) => (note(station, board, service, language)),
                    None => {
                        @let (second, text) = name(&service.name, language.companion());
                        span class="b" lang=(second.tag()) { (text) }
                    }
                }
            }
            (wait(service, state, language))
        }
    }
}

/// The last row of a long list: it leads to the services after it.
fn others(there: Modes) -> Markup {
    let (first, second) = (there.language, there.language.companion());
    html! {
        a class="svc" href={ "/" (there.query()) } {
            span class="ic" { (icon(Icon::Grid)) }
            span {
                span class="a" lang=(first.tag()) { (t!(Texts::of(first), "kiosk-other-services")) }
                span class="b" lang=(second.tag()) { (t!(Texts::of(second), "kiosk-other-services")) }
            }
            span class="w go" { (icon(Icon::Right)) }
        }
    }
}

/// Back to the services before.
fn back(there: Modes) -> Markup {
    html! {
        div class="trio" {
            a class="tb" href={ "/" (there.query()) } {
                (icon(Icon::Back))
                span { (both!(there.language, "kiosk-back")) }
            }
        }
    }
}

/// All that changes on an open page while it stands, by element id.
pub(super) fn live_parts(
    station: &StationInfo,
    board: &Board,
    language: Language,
) -> Vec<(String, String)> {
    let mut parts = Vec::new();
    for service in station.offered() {
        let state = of(board, service);
        for (kind, markup) in [
            ("wait", wait(service, state, language)),
            ("low", low_wait(service, state, language)),
            ("note", note(station, board, service, language)),
        ] {
            parts.push((format!("{kind}-{}", service.id), markup.into_string()));
        }
    }
    parts
}

#[cfg(test)]
mod tests {
    use protocol::Names;
    use queue_core::{Series, ServiceId};

    use super::*;

    fn services(count: usize) -> Vec<ServiceInfo> {
        (0..count)
            .map(|n| ServiceInfo {
                identity_check: false,
                sessions: false,
                zone: None,
                id: ServiceId::new(&format!("s{n}")).unwrap(),
                series: Series::new("A").unwrap(),
                name: Names(Default::default()),
                short_name: Names(Default::default()),
                icon: String::new(),
                max_persons: 1,
                only_step: false,
                together: false,
                wait_standard_s: 900,
                documents: vec![],
            })
            .collect()
    }

    #[test]
    fn up_to_six_services_are_one_page() {
        for count in 0..=ROWS {
            let all = services(count);
            let part = Part::of(&all, 3);
            assert_eq!(
                (part.services.len(), part.index, part.has_more),
                (count, 0, false)
            );
        }
    }

    #[test]
    fn every_service_is_on_one_page_and_no_page_has_more_than_six_rows() {
        for count in 7..40 {
            let all = services(count);
            let mut seen = Vec::new();
            for wanted in 0.. {
                let part = Part::of(&all, wanted);
                let rows = part.services.len() + usize::from(part.has_more);
                assert!(
                    (1..=ROWS).contains(&rows),
                    "{rows} rows of {count} services"
                );
                seen.extend(part.services.iter().map(|service| service.id.clone()));
                if !part.has_more {
                    break;
                }
            }
            let ids: Vec<_> = all.into_iter().map(|service| service.id).collect();
            assert_eq!(seen, ids);
        }
    }
}
