//! The pages that agents serve themselves: where they are, and addresses of this station that lead there.

use std::collections::BTreeMap;

use axum::extract::{Path, Query, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};
use protocol::{DeviceView, Role};
use queue_core::{CounterId, Rejected, ZoneId};
use screens::{Icon, Language, PageHead, Texts, bi, icon, page, t};
use serde::Deserialize;

use crate::access::encode;
use crate::app::{App, Station};
use crate::problem::ApiProblem;

/// How soon the browser asks again while an agent is away, seconds.
const RETRY_S: u32 = 10;

/// Where the pages of the connected agents are.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct AgentPages {
    /// The ticket machine.
    pub(super) kiosk: Option<String>,
    /// A display agent: hall board and counter displays; one for the whole station before one for a zone.
    pub(super) display: Option<String>,
    /// Whether that one's board is for the whole station.
    pub(super) shows_all: bool,
    /// The display agents whose board is for a zone.
    pub(super) of_zones: BTreeMap<ZoneId, String>,
}

impl AgentPages {
    /// From what the agents announced; the first of each kind that is connected. An address that is no web address
    /// is not followed. `zones` says which display shows one zone only.
    pub(super) fn of(devices: &[DeviceView], zones: &BTreeMap<String, ZoneId>) -> Self {
        let pages = |role: Role| {
            devices
                .iter()
                .filter(move |agent| agent.connected && agent.role == role)
                .filter_map(|agent| Some((agent.agent.as_str(), agent.page_url.as_deref()?)))
                .filter(|(_, url)| url.starts_with("http://") || url.starts_with("https://"))
                .map(|(agent, url)| (agent, url.trim_end_matches('/').to_owned()))
        };
        let whole = pages(Role::Display).find(|(agent, _)| !zones.contains_key(*agent));
        let mut of_zones = BTreeMap::new();
        for (agent, url) in pages(Role::Display) {
            if let Some(zone) = zones.get(agent) {
                of_zones.entry(zone.clone()).or_insert(url);
            }
        }
        Self {
            kiosk: pages(Role::Kiosk).next().map(|(_, url)| url),
            shows_all: whole.is_some(),
            display: whole
                .or_else(|| pages(Role::Display).next())
                .map(|(_, url)| url),
            of_zones,
        }
    }

    /// Where the board of a zone is: on its own display, or on one that shows them all.
    pub(super) fn board_of(&self, zone: &ZoneId) -> Option<&String> {
        let all = self.display.as_ref().filter(|_| self.shows_all);
        self.of_zones.get(zone).or(all)
    }
}

/// Which board.
#[derive(Debug, Deserialize)]
pub(super) struct WantedBoard {
    /// Of this zone; none: the first there is, of the whole station if possible.
    #[serde(default)]
    zone: Option<String>,
}

/// Where the agents' pages are now.
pub(super) fn pages_of(app: &Station) -> AgentPages {
    AgentPages::of(&app.hub.devices(), &app.display_zones)
}

/// `GET /kiosk`.
pub(super) async fn kiosk(State(app): State<App>) -> Response {
    let pages = pages_of(&app);
    lead(&app, pages.kiosk.map(|url| format!("{url}/")), Away::Kiosk)
}

/// `GET /hall`.
pub(super) async fn hall(
    State(app): State<App>,
    Query(wanted): Query<WantedBoard>,
) -> Result<Response, ApiProblem> {
    let pages = pages_of(&app);
    let url = match wanted.zone {
        None => pages.display,
        Some(zone) => {
            let zone = ZoneId::new(&zone).ok();
            let zone = zone.filter(|zone| app.info.zone(zone).is_some());
            pages.board_of(&zone.ok_or(Rejected::UnknownZone)?).cloned()
        }
    };
    Ok(lead(&app, url.map(|url| format!("{url}/")), Away::Display))
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
    let pages = pages_of(&app);
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
        let pages = AgentPages::of(&devices, &BTreeMap::new());
        assert_eq!(pages.kiosk.as_deref(), Some("http://127.0.0.1:8081"));
        assert_eq!(pages.display, None);
    }

    #[test]
    fn a_zone_is_led_to_its_own_display_and_else_to_one_that_shows_all() {
        let (upstairs, downstairs): (ZoneId, ZoneId) =
            ("2f".parse().unwrap(), "1f".parse().unwrap());
        let display = |id: &str, connected| DeviceView {
            agent: id.into(),
            ..agent(Role::Display, connected, &format!("http://{id}"))
        };
        let zones = BTreeMap::from([
            ("D1".to_owned(), downstairs.clone()),
            ("D2".to_owned(), upstairs.clone()),
        ]);
        let both = AgentPages::of(&[display("D1", true), display("D2", true)], &zones);
        assert_eq!(both.board_of(&upstairs).unwrap(), "http://D2");
        assert_eq!(both.display.as_deref(), Some("http://D1"));
        let away = AgentPages::of(&[display("D1", true), display("D2", false)], &zones);
        assert_eq!(
            away.board_of(&upstairs),
            None,
            "not the board of another zone"
        );
        let all = AgentPages::of(&[display("D1", true), display("D3", true)], &zones);
        assert_eq!(all.board_of(&upstairs).unwrap(), "http://D3");
        assert_eq!(all.board_of(&downstairs).unwrap(), "http://D1");
        assert_eq!(all.display.as_deref(), Some("http://D3"));
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
