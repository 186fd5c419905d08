//! The staff's list of a day's appointments: who is expected, who is here; checking a visitor in.

use axum::Extension;
use axum::extract::{Query, State};
use axum::response::Response;
use maud::{Markup, html};
use queue_core::{Appointment, AppointmentState, BusinessDay, ServiceId};
use screens::format::{self, hh_mm};
use screens::{Icon, PageHead, Texts, icon, page, t};
use serde::Deserialize;

use crate::access::{Principal, Role};
use crate::app::{App, Station};
use crate::appointments::{WantedCheckIn, read_reference};
use crate::pages::asset;
use crate::pages::fields::{Fields, fresh_key, refusal, see_other};
use crate::pages::look::Look;
use crate::problem::ApiProblem;
use crate::zone::day_to_date;

/// Without script the list comes anew after so many seconds.
const REFRESH_S: u32 = 30;

/// Which day, and what the last press led to.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct After {
    day: String,
    refused: String,
    number: String,
}

pub(super) async fn show(State(app): State<App>, look: Look, Query(after): Query<After>) -> Markup {
    let texts = look.texts();
    let title = t!(texts, "appointments-title");
    let days = app.booked_days();
    let day = after.day.parse().ok();
    let day = day.filter(|day| days.contains(day)).unwrap_or(app.today());
    let all = app.appointments_of(day);
    let in_vain = all
        .iter()
        .filter(|(a, _)| app.is_expected_in_vain(a))
        .count();
    let count = |states: &[&str]| all.iter().filter(|(_, s)| states.contains(s)).count();
    let booked = all.len() - count(&["cancelled"]);
    let css = [asset("phone.css"), asset("booking.css")];
    let head = PageHead {
        css: &css,
        theme: look.theme,
        body_class: "ph",
        noscript_refresh_s: Some(REFRESH_S),
        ..PageHead::new(look.language, &title)
    };
    page(
        &head,
        html! {
            header class="p-top" {
                h1 class="st" { (title) "　" (day_words(texts, day)) }
                span class="b" { a href="/" { (t!(texts, "chief-home")) } }
            }
            main class="p-main bk-wide" {
                @if !after.refused.is_empty() {
                    section class="pc note" role="alert" { (icon(Icon::Warning)) p { (refusal(texts, &after.refused)) } }
                }
                // Shown only if it is a number: an address must not be able to put words on the screen.
                @if let Ok(number) = after.number.parse::<queue_core::TicketNumber>() {
                    section class="pc note" role="status" { (icon(Icon::Check)) p { (t!(texts, "appointment-state-checked_in")) " " b { (number) } } }
                }
                @if days.len() > 1 {
                    nav class="bk-days" aria-label=(t!(texts, "booking-choose-day")) {
                        @for other in &days {
                            a class="pb" href=(look.href(&format!("/appointments?day={other}")))
                                aria-current=[(*other == day).then_some("date")] { (day_words(texts, *other)) }
                        }
                    }
                }
                @if in_vain > 0 {
                    section class="pc note" role="alert" { (icon(Icon::Warning)) p { (t!(texts, "appointments-in-vain", count = in_vain)) } }
                }
                section class="pc" {
                    p { (t!(texts, "appointments-count", booked = booked, here = count(&["checked_in", "late"]), missed = count(&["missed"]))) }
                    form class="bk-in" method="post" action=(look.href("/appointments")) {
                        input type="hidden" name="key" value=(fresh_key());
                        label for="code" { (t!(texts, "appointments-code")) }
                        input id="code" name="appointment" inputmode="numeric" autocomplete="off" required maxlength="200";
                        button type="submit" class="pb" { (t!(texts, "appointments-here")) }
                        a class="pb" href="/book" { (t!(texts, "appointments-book")) }
                    }
                }
                section class="pc" {
                    @if all.is_empty() { p { (t!(texts, "appointments-none")) } } @else { (table(&app, &all, look)) }
                }
                (look.switches(&format!("/appointments?day={day}")))
            }
        },
    )
}

fn day_words(texts: &'static Texts, day: BusinessDay) -> String {
    let date = day_to_date(day);
    date.map_or_else(
        || day.to_string(),
        |date| format::day(texts, date).into_owned(),
    )
}

fn table(app: &Station, all: &[(Appointment, &'static str)], look: Look) -> Markup {
    let texts = look.texts();
    html! {
        div class="bk-scroll" tabindex="0" role="region" aria-label=(t!(texts, "appointments-title")) {
            table class="bk-table" {
                thead { tr {
                    th scope="col" { (t!(texts, "appointments-time")) }
                    th scope="col" { (t!(texts, "appointments-code")) }
                    th scope="col" { (t!(texts, "service")) }
                    th scope="col" { (t!(texts, "appointments-state")) }
                    th scope="col" { (t!(texts, "number")) }
                } }
                tbody { @for (a, state) in all { (row(app, a, state, look)) } }
            }
        }
    }
}

fn row(app: &Station, a: &Appointment, state: &str, look: Look) -> Markup {
    let texts = look.texts();
    let ticket = match a.state {
        AppointmentState::CheckedIn { ticket, .. } => app.ticket_view(ticket),
        _ => None,
    };
    let service = app.info.service(&a.service);
    let in_vain = app.is_expected_in_vain(a);
    html! {
        tr class=(if in_vain { "in-vain" } else { state }) {
            th scope="row" { (hh_mm(app.civil(a.slot).time())) }
            td class="num" { (a.code) }
            td { (service.map_or(a.service.as_str(), |s| s.short_name.get(look.language.tag()))) }
            td { @if in_vain { (icon(Icon::Warning)) " " (t!(texts, "appointment-in-vain")) } @else { (texts.get(&format!("appointment-state-{state}"), &[])) } }
            td {
                @if let Some(view) = ticket { b { (view.number) } }
                @else if state == "booked" && a.day == app.today() {
                    form method="post" action=(look.href("/appointments")) {
                        input type="hidden" name="key" value=(fresh_key());
                        input type="hidden" name="appointment" value=(a.id);
                        button type="submit" class="pb" { (t!(texts, "appointments-here")) }
                    }
                }
            }
        }
    }
}

/// Checks a visitor in by the row pressed, by the code told, or by what a scanner read.
pub(super) async fn act(
    State(app): State<App>,
    Extension(principal): Extension<Principal>,
    look: Look,
    fields: Fields,
) -> Result<Response, ApiProblem> {
    let key = fields.request_key(&principal, "/appointments");
    let typed = fields.get("appointment").unwrap_or_default();
    let channel = match principal.role {
        Role::Greeter => "greeter",
        _ => "counter",
    };
    let Some(appointment) = read_reference(typed) else {
        return Ok(see_other(
            &look.href("/appointments?refused=unknown_appointment"),
        ));
    };
    let wanted = WantedCheckIn {
        ticket: crate::app::new_ticket_id(),
        appointment,
        language: None,
        channel: ServiceId::new(channel)?,
    };
    let after = match app.check_in(&principal, &key, wanted).await {
        Ok(ticket) => {
            let number = app.ticket_view(ticket).map(|view| view.number.to_string());
            format!("number={}", number.unwrap_or_default())
        }
        Err(problem) => format!("refused={}", problem.code),
    };
    Ok(see_other(&look.href(&format!("/appointments?{after}"))))
}
