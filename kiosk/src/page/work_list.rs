//! What staff work from while the server stays away: the numbers that this kiosk has given out by itself, on the screen in
//! short and on paper whole. Nobody's name is among them, so whoever stands there may look.

use std::collections::BTreeMap;

use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};
use protocol::{ServiceInfo, SheetLine, SheetSize, StationInfo, TakenTicket};
use queue_core::{CommandId, LanguageTag, ServiceId};
use screens::format::{day, hh_mm};
use screens::{Icon, Language, Texts, icon, t};

use super::guide::SHEET;
use super::modes::Modes;
use super::parts::{Frame, both, both_names, with_sheets};
use crate::agent::{Kiosk, local};
use crate::link::{StationView, fresh_id};

/// The address of the list.
pub(super) const HERE: &str = "/work-list";
/// An untouched page goes back to the greeting after so many seconds.
const IDLE_S: u32 = 45;

/// The page; the first page where there is nothing on it.
pub(super) fn page(kiosk: &Kiosk, view: &StationView, modes: Modes) -> Response {
    let tickets = kiosk.given_out_alone();
    let home = || Redirect::to(&format!("/{}", modes.query())).into_response();
    let Some(station) = view.station.as_deref().filter(|_| !tickets.is_empty()) else {
        return home();
    };
    let language = modes.language;
    let can_print = kiosk
        .printer_health()
        .is_some_and(|health| health.can_print());
    let content = html! {
        main class="k-guide" {
            p class="of" { (icon(Icon::NoNetwork)) span { (both!(language, "kiosk-offline")) } }
            h1 class="fs-h1" { (both!(language, "work-list-title")) }
            section class="bring" {
                ol {
                    @for (service, of_service) in by_service(station, &tickets) {
                        li { (row(service, &of_service, modes)) }
                    }
                }
            }
        }
        footer class={ "kt-foot two-fb" @if !can_print { " one" } } {
            a class="fb" href={ "/" (modes.query()) } { (icon(Icon::Back)) span { (both!(language, "kiosk-back")) } }
            @if can_print {
                form method="post" action=(HERE) {
                    (modes.fields(""))
                    input type="hidden" name="key" value=(fresh_id());
                    button class="fb pri" type="submit" { (icon(Icon::Printer)) span { (both!(language, "work-list-print")) } }
                }
            }
        }
    };
    let frame = Frame {
        title: &t!(Texts::of(language), "work-list-title"),
        modes,
        state: HERE.to_owned(),
        live: String::new(),
        idle_s: IDLE_S,
        refresh_s: IDLE_S,
    };
    with_sheets(kiosk, view, &frame, &[SHEET], content)
}

/// Prints the list, once for a press.
pub(super) fn print(kiosk: &Kiosk, view: &StationView, modes: Modes, key: CommandId) -> Response {
    let tickets = kiosk.given_out_alone();
    if let Some(station) = view.station.as_deref().filter(|_| !tickets.is_empty()) {
        kiosk.print_list(key, lines(station, &kiosk.settings().id, &tickets));
    }
    Redirect::to(&format!("/{}", modes.query())).into_response()
}

fn row(service: &ServiceInfo, tickets: &[&TakenTicket], modes: Modes) -> Markup {
    let numbers = [tickets.first(), tickets.last()].map(|t| t.map(|t| t.number.to_string()));
    html! {
        span class="no" { (tickets.len()) }
        span {
            (both_names(&service.name, modes.language))
            @if let [Some(first), Some(last)] = numbers {
                small { (first) @if first != last { " – " (last) } }
            }
        }
    }
}

/// The tickets of each service, in the station's order and each in the order of the presses.
fn by_service<'a>(
    station: &'a StationInfo,
    tickets: &'a [TakenTicket],
) -> Vec<(&'a ServiceInfo, Vec<&'a TakenTicket>)> {
    let mut of: BTreeMap<&ServiceId, Vec<&TakenTicket>> = BTreeMap::new();
    for ticket in tickets {
        of.entry(&ticket.service).or_default().push(ticket);
    }
    let services = station.services.iter();
    services
        .filter_map(|service| Some((service, of.remove(&service.id)?)))
        .collect()
}

/// What is on the paper: per service a box to tick, the number, the time, the class and the language.
fn lines(station: &StationInfo, kiosk: &str, tickets: &[TakenTicket]) -> Vec<SheetLine> {
    let zh = Texts::of(Language::ZhHantTw);
    let Ok(tag) = LanguageTag::new(Language::ZhHantTw.tag()) else {
        return vec![];
    };
    let say = |size, text: String| SheetLine::Text {
        language: tag.clone(),
        text,
        size,
    };
    let mut lines = vec![
        say(SheetSize::Title, t!(zh, "work-list-title").into_owned()),
        say(SheetSize::Body, format!("{} · {kiosk}", station.name.zh())),
    ];
    if let Some(first) = tickets.first() {
        let date = local(Some(station), first.taken_at).date();
        lines.push(say(SheetSize::Body, day(zh, date).into_owned()));
    }
    for (service, of_service) in by_service(station, tickets) {
        lines.push(SheetLine::Rule);
        lines.push(say(SheetSize::Body, service.name.zh().to_owned()));
        for ticket in of_service {
            let time = hh_mm(local(Some(station), ticket.taken_at).time());
            let class = ticket.class.as_ref();
            let class = class.map(|class| station.class_name(class, Language::ZhHantTw.tag()));
            let language = ticket.language.as_ref().map(LanguageTag::as_str);
            let more: Vec<_> = class.into_iter().chain(language).collect();
            lines.push(say(
                SheetSize::Body,
                format!("□ {}  {time}  {}", ticket.number, more.join(" · ")),
            ));
        }
    }
    lines.push(SheetLine::Rule);
    lines.push(say(SheetSize::Small, t!(zh, "work-list-hint").into_owned()));
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ticket(number: &str, service: &str, class: Option<&str>) -> TakenTicket {
        TakenTicket {
            ticket: queue_core::TicketId(1),
            number: number.parse().unwrap(),
            service: service.parse().unwrap(),
            class: class.map(|class| class.parse().unwrap()),
            language: Some("vi".parse().unwrap()),
            lease: 1,
            day: "2026-11-20".parse().unwrap(),
            taken_at: queue_core::StationTime(1_795_136_400_000),
            taken_back: false,
        }
    }

    #[test]
    fn the_paper_has_every_number_by_service_with_its_time() {
        let file = station_config::StationFile::parse("demo.toml", station_config::demo()).unwrap();
        let station = file.info();
        let tickets = [
            ticket("P1-001", "pick-up", None),
            ticket("C1-001", "stay-extension", Some("priority")),
            ticket("P1-002", "pick-up", None),
        ];
        let said: Vec<String> = lines(&station, "K1", &tickets)
            .into_iter()
            .map(|line| match line {
                SheetLine::Text { text, .. } => text,
                SheetLine::Rule => "--".to_owned(),
            })
            .collect();
        let of = |text: &str| said.iter().position(|line| line.starts_with(text)).unwrap();
        assert!(of("停留延期") < of("□ C1-001") && of("□ C1-001") < of("領件"));
        assert!(of("領件") < of("□ P1-001") && of("□ P1-001") < of("□ P1-002"));
        assert!(said[of("□ C1-001")].contains("優先") && said[of("□ C1-001")].contains("vi"));
        assert!(said[of("□ P1-001")].contains(':'), "{said:?}");
    }
}
