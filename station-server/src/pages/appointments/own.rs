//! A visitor's appointment: when, the code and its picture, checking in, giving it up.

use axum::Extension;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use maud::{Markup, html};
use queue_core::{
    Appointment, AppointmentId, AppointmentRef, AppointmentState, Command, LanguageTag, Rejected,
    ServiceId, StationTime,
};
use screens::format::{self, hh_mm};
use screens::qr::qr_svg;
use screens::{Icon, Language, Texts, bt, icon, t};

use super::{Ask, visitors_page};
use crate::access::Principal;
use crate::app::{App, Station};
use crate::appointments::WantedCheckIn;
use crate::pages::fields::{Fields, fresh_key, see_other};
use crate::pages::phone::render::names;
use crate::problem::ApiProblem;

pub(super) async fn show(
    State(app): State<App>,
    Path(id): Path<String>,
    Query(ask): Query<Ask>,
    headers: HeaderMap,
) -> Response {
    let found = id.parse().ok().and_then(|id| app.appointment(id));
    let Some((appointment, state)) = found else {
        let language = ask.language(&headers);
        let title = t!(Texts::of(language), "appointment-title");
        let content = over(Icon::Ask, bt!(language, "appointment-unknown"));
        let page = visitors_page(&app.info, language, &title, "/book", &content);
        return (StatusCode::NOT_FOUND, page).into_response();
    };
    let booked_in = appointment.language.as_ref();
    let booked_in = booked_in.and_then(|tag| Language::parse(tag.as_str()));
    let language = Language::parse(&ask.lang)
        .or(booked_in)
        .unwrap_or_else(|| ask.language(&headers));
    let own = Own {
        app: &app,
        appointment: &appointment,
        language,
    };
    let title = t!(Texts::of(language), "appointment-title");
    let here = format!("/a/{id}");
    let content = html! {
        @if !ask.refused.is_empty() { (own.refusal(&ask.refused)) }
        (own.when())
        @if app.is_expected_in_vain(&appointment) {
            section class="pc note" role="alert" { (icon(Icon::Warning)) p { (bt!(language, "appointment-closed-day")) } }
        }
        @match state {
            "booked" => (own.expected()),
            "missed" => (over(Icon::Clock, bt!(language, "appointment-missed"))),
            "cancelled" => (over(Icon::Cross, bt!(language, "appointment-cancelled"))),
            _ => (own.here()),
        }
    };
    visitors_page(&app.info, language, &title, &here, &content).into_response()
}

fn over(sign: Icon, words: Markup) -> Markup {
    html! { section class="pc end" { (icon(sign)) h2 { (words) } } }
}

struct Own<'a> {
    app: &'a Station,
    appointment: &'a Appointment,
    language: Language,
}

impl Own<'_> {
    fn time(&self, at: StationTime) -> String {
        hh_mm(self.app.civil(at).time())
    }

    fn refusal(&self, code: &str) -> Markup {
        let language = self.language;
        let words = match code {
            "check_in_too_early" => bt!(language, "appointment-early"),
            "appointment_missed" => bt!(language, "appointment-missed"),
            "already_checked_in" => bt!(language, "appointment-done"),
            "appointment_cancelled" => bt!(language, "appointment-cancelled"),
            "day_closed" => bt!(language, "station-closed"),
            _ => bt!(language, "page-unavailable"),
        };
        html! { section class="pc note" role="alert" { (icon(Icon::Warning)) p { (words) } } }
    }

    fn when(&self) -> Markup {
        let texts = Texts::of(self.language);
        let a = self.appointment;
        html! {
            section class="pc bk-when" {
                h1 { (bt!(self.language, "appointment-title")) }
                p class="day" { (format::day(texts, self.app.date(a.slot))) }
                p class="at" { (self.time(a.slot)) }
                @if let Some(info) = self.app.info.service(&a.service) { p { (names(&info.name, self.language)) } }
            }
        }
    }

    fn expected(&self) -> Markup {
        let (a, language) = (self.appointment, self.language);
        let texts = Texts::of(language);
        let now = self.app.live.now();
        let plan = self.app.live.engine().plan().appointments.clone();
        let window = plan.as_ref().map(|plan| plan.check_in_window(a.slot));
        let on_time = plan.as_ref().map(|plan| plan.on_time_until(a.slot));
        let by_phone = self.app.info.appointments.as_ref();
        let by_phone = by_phone.is_some_and(|o| o.check_in_by_phone);
        let open = window.is_some_and(|(from, until)| from <= now && now <= until);
        html! {
            section class="pc bk-code" {
                p { (bt!(language, "appointment-code")) }
                p class="code" { (a.code) }
                (qr_svg(&self.app.appointment_url(a.id), &t!(texts, "appointment-code")))
                p class="keep" { (bt!(language, "appointment-keep")) }
            }
            @if by_phone && open {
                form method="post" action={ "/a/" (a.id) "/check-in?lang=" (language.tag()) } class="pc" {
                    input type="hidden" name="key" value=(fresh_key());
                    button type="submit" class="pb bk-go" { (bt!(language, "appointment-check-in")) }
                }
            }
            section class="pc" {
                ul class="docs" {
                    @if let Some((from, until)) = window {
                        li { (icon(Icon::Clock)) p { (bt!(language, "appointment-window", from = self.time(from), until = self.time(until))) } }
                    }
                    @if let Some(time) = on_time {
                        li { (icon(Icon::Check)) p { (bt!(language, "appointment-on-time", time = self.time(time))) } }
                    }
                    li { (icon(Icon::Printer)) p { (bt!(language, "appointment-where")) } }
                }
            }
            details id="cancel" class="cancel" {
                summary class="pl" { (bt!(language, "appointment-cancel")) }
                form method="post" action={ "/a/" (a.id) "/cancel?lang=" (language.tag()) } class="pc" {
                    p { (bt!(language, "appointment-cancel-sure")) }
                    input type="hidden" name="key" value=(fresh_key());
                    button type="submit" class="pb" { (bt!(language, "appointment-cancel")) }
                }
            }
        }
    }

    fn here(&self) -> Markup {
        let AppointmentState::CheckedIn { ticket, .. } = self.appointment.state else {
            return html! {};
        };
        let number = self
            .app
            .ticket_view(ticket)
            .map(|view| view.number.to_string());
        html! {
            section class="pc end" {
                (icon(Icon::Check))
                h2 { (bt!(self.language, "appointment-done")) }
                a class="pb bk-go" href={ "/t/" (ticket) "?lang=" (self.language.tag()) } {
                    (bt!(self.language, "number")) " " (number.unwrap_or_default())
                }
            }
        }
    }
}

pub(super) async fn cancel(
    State(app): State<App>,
    Extension(principal): Extension<Principal>,
    Path(id): Path<String>,
    Query(ask): Query<Ask>,
    fields: Fields,
) -> Result<Response, ApiProblem> {
    let appointment: AppointmentId = id.parse().map_err(|_| Rejected::UnknownAppointment)?;
    let key = fields.request_key(&principal, &format!("/a/{id}/cancel"));
    let command = Command::CancelAppointment { appointment };
    let refused = match app.submit(&principal, &key, command).await {
        Ok(_) => None,
        Err(problem) if problem.status == StatusCode::CONFLICT => Some(problem.code),
        Err(problem) => return Err(problem),
    };
    Ok(back(&id, &ask, refused))
}

pub(super) async fn check_in(
    State(app): State<App>,
    Extension(principal): Extension<Principal>,
    Path(id): Path<String>,
    Query(ask): Query<Ask>,
    fields: Fields,
) -> Result<Response, ApiProblem> {
    let appointment: AppointmentId = id.parse().map_err(|_| Rejected::UnknownAppointment)?;
    let offered = app.info.appointments.as_ref();
    if !offered.is_some_and(|o| o.check_in_by_phone) {
        return Err(ApiProblem::forbidden("check in at the station, please"));
    }
    let key = fields.request_key(&principal, &format!("/a/{id}/check-in"));
    let language = Language::parse(&ask.lang);
    let wanted = WantedCheckIn {
        ticket: crate::app::new_ticket_id(),
        appointment: AppointmentRef::Id(appointment),
        language: language.and_then(|l| LanguageTag::new(l.tag()).ok()),
        channel: ServiceId::new("phone")?,
    };
    match app.check_in(&principal, &key, wanted).await {
        Ok(ticket) => {
            let language = language.unwrap_or_default();
            Ok(see_other(&format!("/t/{ticket}?lang={}", language.tag())))
        }
        Err(problem) if problem.status == StatusCode::CONFLICT => {
            Ok(back(&id, &ask, Some(problem.code)))
        }
        Err(problem) => Err(problem),
    }
}

fn back(id: &str, ask: &Ask, refused: Option<&str>) -> Response {
    let language = Language::parse(&ask.lang).unwrap_or_default();
    let refused = refused.map(|code| format!("&refused={code}"));
    see_other(&format!(
        "/a/{id}?lang={}{}",
        language.tag(),
        refused.unwrap_or_default()
    ))
}
