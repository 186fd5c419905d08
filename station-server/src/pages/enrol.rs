//! A device joins: it trades the administrator's one-time code for a token of its own.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use maud::{Markup, html};
use screens::{Icon, icon, t};

use super::fields::{Fields, refusal};
use super::frame::Frame;
use super::login::with_cookie;
use super::look::Look;
use crate::access::{Peer, Permission, device_cookie};
use crate::app::{App, Station};
use crate::http::Route;
use crate::problem::ApiProblem;

/// Its routes.
pub(super) fn routes() -> Vec<Route> {
    vec![
        Route::get("/enrol", Permission::LogIn, ask),
        Route::post("/enrol", Permission::LogIn, enrol),
    ]
}

async fn ask(State(app): State<App>, look: Look) -> Markup {
    enrol_page(&app, look, &enrol_form(look, None))
}

async fn enrol(
    State(app): State<App>,
    peer: Peer,
    look: Look,
    fields: Fields,
) -> Result<Response, ApiProblem> {
    let texts = look.texts();
    let code = fields.get("code").unwrap_or_default();
    match app.enrol(code, peer) {
        Ok((_, device, token)) => {
            let done = html! {
                section class="lg-code" role="status" {
                    p { (icon(Icon::Check)) (t!(texts, "enrol-done", device = device)) }
                }
                p { a class="lg-go" href=(look.href("/login")) { (t!(texts, "login-title")) } }
            };
            let page = enrol_page(&app, look, &done).into_response();
            with_cookie(page, &device_cookie(&token))
        }
        Err(problem) => {
            let again = enrol_page(&app, look, &enrol_form(look, Some(problem.code)));
            Ok((problem.status, again).into_response())
        }
    }
}

fn enrol_form(look: Look, refused: Option<&str>) -> Markup {
    let texts = look.texts();
    html! {
        @if let Some(code) = refused {
            p class="lg-no" role="alert" { (icon(Icon::Warning)) (refusal(texts, code)) }
        }
        form method="post" action=(look.href("/enrol")) class="lg-form" {
            label for="code" { (t!(texts, "enrol-code")) }
            input id="code" name="code" class="code" inputmode="numeric" autocomplete="one-time-code" maxlength="8"
                required autofocus aria-describedby="code-help";
            p class="hint" id="code-help" { (t!(texts, "enrol-help")) }
            button type="submit" class="lg-go" { (t!(texts, "enrol-button")) }
        }
    }
}

fn enrol_page(app: &Station, look: Look, content: &Markup) -> Markup {
    let frame = Frame {
        station: app.info.name.get(look.language.tag()),
        look,
        title: &t!(look.texts(), "enrol-title"),
        here: "/enrol",
        class: "lg",
        js: &[],
    };
    frame.around(content)
}
