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
    lead(pages.kiosk.map(|url| format!("{url}/")), Away::Kiosk)
}

/// `GET /hall`.
pub(super) async fn hall(State(app): State<App>) -> Response {
    let pages = AgentPages::of(&app.hub.devices());
    lead(pages.display.map(|url| format!("{url}/")), Away::Display)
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
    Ok(lead(url, Away::Display))
}

/// Which agent is not there.
#[derive(Debug, Clone, Copy)]
enum Away {
    Kiosk,
    Display,
}

fn lead(url: Option<String>, away: Away) -> Response {
    match url {
        Some(url) => Redirect::temporary(&url).into_response(),
        None => {
            let retry = [(header::RETRY_AFTER, RETRY_S.to_string())];
            (StatusCode::SERVICE_UNAVAILABLE, retry, missing(away)).into_response()
        }
    }
}

/// The page in the place of an agent's page: what is wrong and what to do.
fn missing(away: Away) -> Markup {
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
    let what = match away {
        Away::Kiosk => both(
            &t!(zh, "front-kiosk-missing"),
            &t!(en, "front-kiosk-missing"),
        ),
        Away::Display => both(
            &t!(zh, "front-display-missing"),
            &t!(en, "front-display-missing"),
        ),
    };
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
        let answer = lead(None, Away::Kiosk);
        assert_eq!(answer.status(), StatusCode::SERVICE_UNAVAILABLE);
        let html = missing(Away::Kiosk).into_string();
        assert!(html.contains("kiosk --config"), "{html}");
        let there = lead(Some("http://127.0.0.1:8081/".into()), Away::Kiosk);
        assert_eq!(there.status(), StatusCode::TEMPORARY_REDIRECT);
        assert_eq!(there.headers()[header::LOCATION], "http://127.0.0.1:8081/");
    }
}
