//! Devices join: the administrator makes a one-time code, the device trades it for a token of its own.

use axum::extract::State;
use axum::response::IntoResponse;
use axum::response::Response;
use maud::{Markup, html};
use screens::shell::Theme;
use screens::{Icon, Language, PageHead, Texts, icon, page, t};

use super::device_words::{name_of, status_of};
use super::fields::{Fields, refusal};
use super::login::{role_name, with_cookie};
use crate::access::{DEVICE_COOKIE, Permission, Role};
use crate::app::App;
use crate::http::Route;
use crate::problem::ApiProblem;

/// The language of staff pages.
const STAFF: Language = Language::ZhHantTw;
/// How long a device stays enrolled, seconds: a year.
const ENROLLED_S: u32 = 365 * 24 * 3600;

/// Its routes.
pub(super) fn routes() -> Vec<Route> {
    vec![
        Route::get("/admin/devices", Permission::Administer, show),
        Route::post("/admin/devices", Permission::Administer, mint),
        Route::get("/enrol", Permission::LogIn, ask),
        Route::post("/enrol", Permission::LogIn, enrol),
    ]
}

async fn show(State(app): State<App>) -> Markup {
    render_devices(&app, None)
}

async fn mint(State(app): State<App>, fields: Fields) -> Result<Markup, ApiProblem> {
    let role: Option<Role> = fields.get("role").and_then(Role::parse);
    let device = fields.get("device").unwrap_or_default();
    let code = app.mint_code(role, device)?;
    Ok(render_devices(&app, Some((device, &code))))
}

fn render_devices(app: &App, minted: Option<(&str, &str)>) -> Markup {
    let texts = Texts::of(STAFF);
    let roles = [Role::Kiosk, Role::Display, Role::Counter, Role::Greeter];
    frame(
        app,
        &t!(texts, "admin-devices"),
        &html! {
            @if let Some((device, code)) = minted {
                p role="status" { (icon(Icon::Check)) (device) "：" strong { (code) } }
                p { (t!(texts, "admin-code-help")) }
            }
            form method="post" action="/admin/devices" class="lg-form" {
                label for="role" { (t!(texts, "admin-device-role")) }
                select id="role" name="role" {
                    @for role in roles { option value=(role.word()) { (role_name(texts, role)) } }
                }
                label for="device" { (t!(texts, "admin-device-name")) }
                input id="device" name="device" maxlength="32" required spellcheck="false";
                button type="submit" class="lg-go" { (t!(texts, "admin-make-code")) }
            }
            ul {
                @for agent in app.hub.devices() {
                    li {
                        b { (agent.agent) } " "
                        @if !agent.connected { (t!(texts, "front-not-connected")) }
                        @for device in &agent.devices { " · " (name_of(texts, &device.device)) " " (status_of(texts, &device.status)) }
                    }
                }
            }
        },
    )
}

async fn ask(State(app): State<App>) -> Markup {
    render_enrol(&app, None)
}

async fn enrol(State(app): State<App>, fields: Fields) -> Result<Response, ApiProblem> {
    let texts = Texts::of(STAFF);
    let code = fields.get("code").unwrap_or_default();
    match app
        .access
        .enrol(code, app.live.now().0)
        .map_err(ApiProblem::from)
    {
        Ok((_, device, token)) => {
            let done = frame(
                &app,
                &t!(texts, "enrol-title"),
                &html! {
                    p role="status" { (icon(Icon::Check)) (t!(texts, "enrol-done", device = device)) }
                    p { a href="/login" { (t!(texts, "login-title")) } }
                },
            );
            let cookie = format!(
                "{DEVICE_COOKIE}={token}; Path=/; HttpOnly; SameSite=Lax; Max-Age={ENROLLED_S}"
            );
            with_cookie(done.into_response(), &cookie)
        }
        Err(problem) => Ok(render_enrol(&app, Some(problem.code)).into_response()),
    }
}

fn render_enrol(app: &App, refused: Option<&str>) -> Markup {
    let texts = Texts::of(STAFF);
    frame(
        app,
        &t!(texts, "enrol-title"),
        &html! {
            @if let Some(code) = refused {
                p class="lg-no" role="alert" { (icon(Icon::Warning)) (refusal(texts, code)) }
            }
            form method="post" action="/enrol" class="lg-form" {
                label for="code" { (t!(texts, "enrol-code")) }
                input id="code" name="code" inputmode="numeric" autocomplete="one-time-code" maxlength="8" required autofocus;
                button type="submit" class="lg-go" { (t!(texts, "enrol-button")) }
            }
        },
    )
}

fn frame(app: &App, title: &str, content: &Markup) -> Markup {
    let css = [super::asset("login.css")];
    let head = PageHead {
        css: &css,
        theme: Theme::Light,
        body_class: "lg",
        ..PageHead::new(STAFF, title)
    };
    page(
        &head,
        html! {
            header class="lg-top" { (icon(Icon::Desk)) span { (app.info.name.zh()) } }
            main class="lg-main" {
                h1 { (title) }
                (content)
                p { a href="/" { (t!(Texts::of(STAFF), "chief-home")) } }
            }
        },
    )
}
