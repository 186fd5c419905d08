//! Opening and closing the business day, each after a page that says what it means.

use axum::Extension;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use maud::{Markup, html};
use queue_core::{Command, Engine, StationTime};
use screens::format::{self, hh_mm};
use screens::{Icon, Texts, icon, t};

use super::rules::{place_name, places, sentence};
use super::{Chrome, Place};
use crate::access::Principal;
use crate::app::{App, RequestKey, Station};
use crate::pages::fields::{Fields, refusal, see_other};
use crate::pages::look::Look;
use crate::problem::ApiProblem;

/// `GET /chief/day`.
pub(super) async fn ask(
    State(app): State<App>,
    Extension(who): Extension<Principal>,
    look: Look,
) -> Markup {
    confirmation(&app, &who, look, None)
}

/// `POST /chief/day`.
pub(super) async fn act(
    State(app): State<App>,
    Extension(who): Extension<Principal>,
    look: Look,
    fields: Fields,
) -> Response {
    match carry_out(&app, &who, fields.get("act")).await {
        Ok(()) => see_other(&look.href("/chief")),
        Err(problem) => (
            problem.status,
            confirmation(&app, &who, look, Some(&problem)),
        )
            .into_response(),
    }
}

/// The form names the act, so that a page left open overnight cannot do the opposite.
async fn carry_out(app: &Station, who: &Principal, act: Option<&str>) -> Result<(), ApiProblem> {
    let command = match act {
        Some("open") => app.opening(app.day_to_open(None)?),
        Some("close") => Command::CloseDay,
        _ => return Err(ApiProblem::invalid("`act` is open or close")),
    };
    let key = RequestKey::new(who, None, &[b"chief page"]);
    app.submit(who, &key, command).await.map(|_| ())
}

fn confirmation(
    app: &Station,
    who: &Principal,
    look: Look,
    problem: Option<&ApiProblem>,
) -> Markup {
    let texts = look.texts();
    let engine = app.live.engine();
    let open_day = engine.open_day();
    let unfinished = engine
        .tickets()
        .filter(|ticket| ticket.state.is_open())
        .count();
    let (title, act, button) = match open_day {
        Some(_) => (
            t!(texts, "chief-close-ask"),
            "close",
            t!(texts, "admin-close-day"),
        ),
        None => (
            t!(texts, "chief-open-ask"),
            "open",
            t!(texts, "admin-open-day"),
        ),
    };
    let content = html! {
        header class="hd" { h1 { (title) } }
        main class="body" {
            section class="cardd blk ask" {
                @if let Some(problem) = problem {
                    p class="adv" role="alert" { (icon(Icon::Warning)) (refusal(texts, problem.code)) }
                }
                @match open_day {
                    Some(day) => {
                        p { (t!(texts, "chief-day-open", day = day.to_string())) }
                        (hours(app, &engine, texts))
                        p { (t!(texts, "chief-close-means")) }
                        p {
                            @if unfinished > 0 {
                                b { (t!(texts, "chief-close-open-tickets", count = unfinished)) }
                            } @else {
                                (t!(texts, "chief-close-none"))
                            }
                        }
                    }
                    // Today's numbers are never given twice.
                    None if app.day_to_open(None).is_ok_and(|today| engine.day() == Some(today)) => {
                        p { (t!(texts, "chief-open-again-means")) }
                    }
                    None => p { (t!(texts, "chief-open-means")) }
                }
                div id="calling-rule" {
                    @for zone in places(&engine) {
                        p class="sub" {
                            @if zone.is_some() { (place_name(app, look, zone.as_ref())) "：" }
                            (sentence(app, &engine, look, zone.as_ref()))
                        }
                    }
                }
                form class="row" method="post" action=(look.href("/chief/day")) {
                    button class="btn pri" name="act" value=(act) { (button) }
                    a class="btn" href=(look.href("/chief")) { (t!(texts, "chief-back")) }
                }
            }
        }
    };
    let chrome = Chrome {
        place: Place::Live,
        title: &title,
        here: "/chief/day",
        is_live: false,
    };
    chrome.document(app, who, look, &content)
}

/// The hours of the day, and when it ends by itself.
fn hours(app: &Station, engine: &Engine, texts: &'static Texts) -> Markup {
    let (Some(schedule), Some(hours)) = (&app.schedule, engine.hours()) else {
        return html! {};
    };
    let time = |at: StationTime| app.civil(at).time();
    let spans: Vec<_> = hours
        .station
        .iter()
        .map(|span| (time(span.from), time(span.until)))
        .collect();
    let midnight = engine.day().map(|day| app.live.zone().end_of(day));
    let latest = hours.closing().map(|closing| {
        let latest = closing.plus_ms(schedule.close_after_ms());
        hh_mm(time(
            midnight.map_or(latest, |midnight| latest.min(midnight)),
        ))
    });
    html! {
        p {
            @match format::hours(texts, &spans) {
                Some(hours) => (t!(texts, "chief-hours-today", hours = hours)),
                None => (t!(texts, "chief-hours-none")),
            }
            @if let Some(latest) = latest { " " (t!(texts, "chief-hours-rule", time = latest)) }
        }
    }
}
