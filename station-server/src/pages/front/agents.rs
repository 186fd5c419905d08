//! The pages that agents serve themselves: where they are, and addresses of this station that lead there.

use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};
use protocol::{DeviceView, Role};
use queue_core::CounterId;
use screens::{Icon, Language, PageHead, Texts, bi, icon, page, t};

use crate::access::encode;
use crate::app::App;
use crate::problem::ApiProblem;

/// How soon the browser asks again while an agent is away, seconds.
const RETRY_S: u32 = 10;

/// Where the pages of the connected agents are.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct AgentPages {
    /// The ticket machine.
    pub(super) kiosk: Option<String>,
    /// The display agent: hall board and counter displays.
    pub(super) display: Option<String>,
}

impl AgentPages {
    /// From what the agents announced; the first of each kind that is connected. An address that is no web address
    /// is not followed.
    pub(super) fn of(devices: &[DeviceView]) -> Self {
        let page = |role: Role| {
            devices
                .iter()
                .filter(|agent| agent.connected && agent.role == role)
                .filter_map(|agent| agent.page_url.as_deref())
                .find(|url| url.starts_with("http://") || url.starts_with("https://"))
                .map(|url| url.trim_end_matches('/').to_owned())
        };
        Self {
            kiosk: page(Role::Kiosk),
            display: page(Role::Display),
        }
    }
}

/// `GET /kiosk`.
pub(super) async fn kiosk(State(app): State<App>) -> Response {
    let pages = AgentPages::of(&app.hub.devices());
    lead(&app, pages.kiosk.map(|url| format!("{url}/")), Away::Kiosk)
}

/// `GET /hall`.
pub(super) async fn hall(State(app): State<App>) -> Response {
    let pages = AgentPages::of(&app.hub.devices());
    lead(
        &app,
        pages.display.map(|url| format!("{url}/")),
        Away::Display,
    )
}

/// `GET /counter-display/{counter}`.
pub(super) async fn counter_display(
    State(app): State<App>,
    Path(counter): Path<String>,
) -> Result<Response, ApiProblem> {
    let known = |id: &CounterId| app.info.counters.iter().any(|c| c.id == *id);
    let counter = CounterId::new(&counter).ok().filter(known).ok_or_else(|| {
        ApiProblem::not_found("unknown_counter", "this station has no such counter")
    })?;
    let pages = AgentPages::of(&app.hub.devices());
    let url = pages
        .display
        .map(|url| format!("{url}/counter/{}", encode(counter.as_str())));
    Ok(lead(&app, url, Away::Display))
}

/// Which agent is not there.
#[derive(Debug, Clone, Copy)]
enum Away {
    Kiosk,
    Display,
}

fn lead(app: &App, url: Option<String>, away: Away) -> Response {
    answer(url, missing_key(away, app.demo.is_some()))
}

/// What is wrong and what to do. The demo runs its agents itself: there is no program to start.
fn missing_key(away: Away, is_demo: bool) -> &'static str {
    match (away, is_demo) {
        (Away::Kiosk, false) => "front-kiosk-missing",
        (Away::Display, false) => "front-display-missing",
        (Away::Kiosk, true) => "demo-kiosk-missing",
        (Away::Display, true) => "demo-display-missing",
    }
}

fn answer(url: Option<String>, missing_key: &str) -> Response {
    match url {
        Some(url) => Redirect::temporary(&url).into_response(),
        None => {
            let retry = [(header::RETRY_AFTER, RETRY_S.to_string())];
            (StatusCode::SERVICE_UNAVAILABLE, retry, missing(missing_key)).into_response()
        }
    }
}

/// The page in the place of an agent's page: what is wrong and what to do.
fn missing(key: &str) -> Markup {
    let (zh, en) = (Texts::of(Language::ZhHantTw), Texts::of(Language::En));
    let both = |first: &str, second: &str| bi((Language::ZhHantTw, first), (Language::En, second));
    let title = t!(zh, "agent-missing-title");
    let css = [super::super::asset("front.css")];
    let head = PageHead {
        css: &css,
        body_class: "fr",
        noscript_refresh_s: Some(RETRY_S),
        ..PageHead::new(Language::ZhHantTw, &title)
    };
    let what = both(&zh.get(key, &[]), &en.get(key, &[]));
    page(
        &head,
        html! {
            main class="missing" {
                h1 { (icon(Icon::NoNetwork)) (both(&title, &t!(en, "agent-missing-title"))) }
                p { (what) }
                p { (both(&t!(zh, "agent-missing-again"), &t!(en, "agent-missing-again"))) }
                p { a class="btn" href="/" { (both(&t!(zh, "chief-home"), &t!(en, "chief-home"))) } }
            }
        },
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use queue_core::StationTime;

    fn agent(role: Role, connected: bool, url: &str) -> DeviceView {
        DeviceView {
            agent: "X".into(),
            role,
            connected,
            last_seen: StationTime(0),
            page_url: Some(url.into()),
            devices: vec![],
        }
    }

    #[test]
    fn only_a_connected_agent_with_a_web_address_is_led_to() {
        let devices = [
            agent(Role::Kiosk, false, "http://127.0.0.1:1"),
            agent(Role::Kiosk, true, "javascript:alert(1)"),
            agent(Role::Kiosk, true, "http://127.0.0.1:8081/"),
        ];
        let pages = AgentPages::of(&devices);
        assert_eq!(pages.kiosk.as_deref(), Some("http://127.0.0.1:8081"));
        assert_eq!(pages.display, None);
    }

    #[test]
    fn an_agent_that_is_away_is_said_with_what_to_do() {
        let away = answer(None, missing_key(Away::Kiosk, false));
        assert_eq!(away.status(), StatusCode::SERVICE_UNAVAILABLE);
        let html = |is_demo| missing(missing_key(Away::Kiosk, is_demo)).into_string();
        assert!(html(false).contains("kiosk --config"), "{}", html(false));
        // The demo has no program to start by hand.
        assert!(
            html(true).contains("--no-agents") && !html(true).contains("--config"),
            "{}",
            html(true)
        );
        let there = answer(Some("http://127.0.0.1:8081/".into()), "front-kiosk-missing");
        assert_eq!(there.status(), StatusCode::TEMPORARY_REDIRECT);
        assert_eq!(there.headers()[header::LOCATION], "http://127.0.0.1:8081/");
    }
}
