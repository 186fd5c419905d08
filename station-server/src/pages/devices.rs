//! The administrator's page of devices: how each is, what is wrong and was today, tests, replacement, and codes with which
//! new ones join ([`super::enrol`]).

use std::borrow::Cow;

use axum::extract::{Query, State};
use axum::response::{IntoResponse, Response};
use maud::{Markup, html};
use protocol::{DeviceHealth, DeviceView};
use queue_core::StationTime;
use screens::{Icon, Texts, icon, t};
use serde::Deserialize;
use station_config::is_printer_device;

use super::device_faults::FaultsToday;
use super::device_list::DeviceList;
use super::device_ports::FreePorts;
use super::device_words::{called, name_of, status_of};
use super::fields::{Fields, hh_mm, refusal, see_other};
use super::frame::Frame;
use super::login::role_name;
use super::look::Look;
use crate::access::{EnrolledDevice, Permission, Role, encode};
use crate::app::{App, Station};
use crate::http::Route;
use crate::hub::OrderKind;
use crate::problem::ApiProblem;

/// What can be enrolled.
const ROLES: [Role; 4] = [Role::Kiosk, Role::Display, Role::Counter, Role::Greeter];

/// States of a device in trouble in which a test is what shows whether it is well again.
const TESTABLE: [&str; 1] = ["unconfirmed"];

/// Its routes.
pub(super) fn routes() -> Vec<Route> {
    vec![
        Route::get("/admin/devices", Permission::Administer, show),
        Route::post("/admin/devices", Permission::Administer, mint),
        Route::post("/admin/devices/revoke", Permission::Administer, revoke),
        Route::post("/admin/devices/test", Permission::Administer, test),
        Route::post("/admin/devices/replace", Permission::Administer, replace),
    ]
}

/// What came of what was asked for before.
#[derive(Deserialize)]
struct Came {
    agent: Option<String>,
    tested: Option<String>,
    replacing: Option<String>,
    missing: Option<String>,
}

async fn show(
    State(app): State<App>,
    look: Look,
    Query(came): Query<Came>,
) -> Result<Markup, ApiProblem> {
    let agent = came.agent.as_deref().unwrap_or_default();
    let outcome = match (&came.tested, &came.replacing, &came.missing) {
        (Some(device), ..) => Minted::Tested { agent, device },
        (None, Some(device), _) => Minted::Replacing { device },
        (None, None, Some(device)) => Minted::Missing { device },
        (None, None, None) => Minted::NotAsked,
    };
    Ok(Devices::now(&app, look).await?.page(&outcome))
}

/// Has a device show that it works: whoever stands before it sees it, and the page says what there is to see. Coming
/// back to the page tests nothing again.
async fn test(State(app): State<App>, look: Look, fields: Fields) -> Response {
    order(&app, look, &fields, OrderKind::Test, "tested")
}

/// Has a new panel looked for in the place of a broken one. How it goes is told as the panel's state.
async fn replace(State(app): State<App>, look: Look, fields: Fields) -> Response {
    order(&app, look, &fields, OrderKind::Replace, "replacing")
}

fn order(app: &Station, look: Look, fields: &Fields, kind: OrderKind, done: &str) -> Response {
    let agent = fields.get("agent").unwrap_or_default();
    let device = fields.get("device").unwrap_or_default();
    let outcome = match app.hub.order(agent, device, kind) {
        true => done,
        false => "missing",
    };
    let there = format!(
        "/admin/devices?{outcome}={}&agent={}",
        encode(device),
        encode(agent)
    );
    see_other(&look.href(&there))
}

/// A device that is gone already is as the administrator wants it.
async fn revoke(
    State(app): State<App>,
    look: Look,
    fields: Fields,
) -> Result<Response, ApiProblem> {
    app.access.withdraw(fields.get("id").unwrap_or_default())?;
    Ok(see_other(&look.href("/admin/devices")))
}

async fn mint(State(app): State<App>, look: Look, fields: Fields) -> Result<Response, ApiProblem> {
    let role: Option<Role> = fields.get("role").and_then(Role::parse);
    let device = fields.get("device").unwrap_or_default();
    let devices = Devices::now(&app, look).await?;
    Ok(match app.mint_code(role, device) {
        Ok(code) => devices.page(&Minted::Code { device, code }).into_response(),
        Err(problem) => {
            let page = devices.page(&Minted::Refused {
                role,
                device,
                why: problem.code,
            });
            (problem.status, page).into_response()
        }
    })
}

/// What came of the form.
enum Minted<'a> {
    NotAsked,
    /// A device was told to show that it works.
    Tested {
        agent: &'a str,
        device: &'a str,
    },
    /// A new panel is looked for in the place of one.
    Replacing {
        device: &'a str,
    },
    /// It is not there to do anything.
    Missing {
        device: &'a str,
    },
    Code {
        device: &'a str,
        code: String,
    },
    Refused {
        role: Option<Role>,
        device: &'a str,
        why: &'a str,
    },
}

/// The page of the administrator.
struct Devices<'a> {
    station: &'a str,
    public_url: &'a str,
    look: Look,
    /// Each agent with the time of its last frame.
    agents: Vec<(DeviceView, String)>,
    /// Each enrolled device with the day it joined, where that is known.
    enrolled: Vec<(EnrolledDevice, Option<String>)>,
    faults: FaultsToday,
    ports: FreePorts,
}

impl<'a> Devices<'a> {
    async fn now(app: &'a Station, look: Look) -> Result<Self, ApiProblem> {
        let enrolled = app.access.enrolled_devices()?.into_iter().map(|device| {
            let at = device.enrolled_ms.map(StationTime);
            let day = at.map(|at| app.civil(at).date().to_string());
            (device, day)
        });
        let agents = app.hub.devices().into_iter().map(|agent| {
            let seen = hh_mm(&app.timezone, agent.last_seen);
            (agent, seen)
        });
        let counter = app.info.counters.first();
        let counter = counter.map_or_else(|| "1".to_owned(), |one| one.id.to_string());
        let now = app.live.now();
        let since = app.start_of_day(now);
        let faults = FaultsToday {
            timezone: app.timezone.clone(),
            since,
            now,
            faults: app
                .report(move |reports| reports.device_faults(since, StationTime(i64::MAX)))
                .await?,
            names: app.device_names.clone(),
        };
        Ok(Self {
            station: app.info.name.get(look.language.tag()),
            public_url: app.info.public_url.trim_end_matches('/'),
            look,
            agents: agents.collect(),
            enrolled: enrolled.collect(),
            faults,
            ports: FreePorts::of(app.hub.ports(), counter),
        })
    }

    fn page(&self, minted: &Minted<'_>) -> Markup {
        let texts = self.look.texts();
        let frame = Frame {
            station: self.station,
            look: self.look,
            title: &t!(texts, "admin-devices"),
            here: "/admin/devices",
            class: "lg wide",
            js: &[super::asset("devices.js")],
        };
        frame.around(&html! {
            div class="lg-two" {
                div class="lg-side" {
                    section id="agents" data-part class="lg-card" aria-labelledby="connected" {
                        h2 id="connected" { (t!(texts, "admin-connected")) }
                        (DeviceList {
                            look: self.look,
                            agents: &self.agents,
                        }
                        .markup())
                    }
                    section id="ports" data-part class="lg-card" aria-labelledby="ports-title" {
                        h2 id="ports-title" { (t!(texts, "admin-ports")) }
                        (self.ports.list(texts))
                    }
                    section id="faults" data-part class="lg-card" aria-labelledby="faults-title" {
                        h2 id="faults-title" { (t!(texts, "admin-faults")) }
                        (self.faults.list(texts))
                    }
                    section class="lg-card" aria-labelledby="enrolled" {
                        h2 id="enrolled" { (t!(texts, "admin-enrolled")) }
                        (self.enrolled())
                    }
                }
                div class="lg-side" {
                    (self.answer(minted))
                    (self.form(minted))
                    p { a class="lg-go" href=(self.look.href("/admin/ticket")) { (t!(texts, "admin-ticket")) } }
                }
            }
        })
    }

    fn answer(&self, minted: &Minted<'_>) -> Markup {
        let texts = self.look.texts();
        html! {
            @match minted {
                Minted::NotAsked => {},
                Minted::Tested { agent, device } => {
                    @if let Some(trouble) = self.hinders_test(agent, device) {
                        p class="lg-no" role="alert" {
                            (icon(Icon::Warning))
                            (t!(
                                texts,
                                "admin-test-cannot",
                                device = called(texts, device, trouble.name.as_ref()),
                                why = status_of(texts, &trouble.status)
                            ))
                        }
                    } @else {
                        p class="lg-yes" role="status" {
                            (icon(Icon::Check)) (t!(texts, "admin-tested", device = name_of(texts, device))) " "
                            @if let Some(words) = what_to_see(texts, device) { (words) }
                        }
                    }
                }
                Minted::Replacing { device } => {
                    p class="lg-yes" role="status" {
                        (icon(Icon::Check)) (t!(texts, "admin-replacing", device = name_of(texts, device)))
                    }
                }
                Minted::Missing { device } => {
                    p class="lg-no" role="alert" {
                        (icon(Icon::Warning)) (t!(texts, "admin-test-missing", device = name_of(texts, device)))
                    }
                }
                Minted::Code { device, code } => {
                    section class="lg-code" role="status" {
                        p { (icon(Icon::Check)) (t!(texts, "admin-new-code", device = *device)) }
                        p class="code" { (code) }
                        p { (t!(texts, "admin-open-there")) " " b { (self.public_url) "/enrol" } }
                        p class="hint" { (t!(texts, "admin-code-help")) }
                    }
                }
                Minted::Refused { why, .. } => {
                    p class="lg-no" role="alert" {
                        (icon(Icon::Warning))
                        @if *why == "invalid_request" { (t!(texts, "admin-code-refused")) } @else { (refusal(texts, why)) }
                    }
                }
            }
        }
    }

    /// A device that is in trouble now, so that a test of it shows nothing.
    fn hinders_test(&self, agent: &str, device: &str) -> Option<&DeviceHealth> {
        let (agent, _) = self.agents.iter().find(|(one, _)| one.agent == agent)?;
        let hinders = |one: &&DeviceHealth| {
            one.device == device && one.is_trouble() && !TESTABLE.contains(&one.status.as_str())
        };
        agent.devices.iter().find(hinders)
    }

    fn form(&self, minted: &Minted<'_>) -> Markup {
        let texts = self.look.texts();
        let (typed_role, typed) = match minted {
            Minted::Refused { role, device, .. } => (*role, *device),
            _ => (None, ""),
        };
        html! {
            form method="post" action=(self.look.href("/admin/devices")) class="lg-form" {
                h2 { (t!(texts, "admin-new-device")) }
                p class="hint" { (t!(texts, "admin-devices-hint")) }
                label for="role" { (t!(texts, "admin-device-role")) }
                select id="role" name="role" {
                    @for role in ROLES {
                        option value=(role.word()) selected[typed_role == Some(role)] { (role_name(texts, role)) }
                    }
                }
                label for="device" { (t!(texts, "admin-device-name")) }
                input id="device" name="device" value=(typed) maxlength="32" required spellcheck="false"
                    autocapitalize="none" autocomplete="off" aria-describedby="device-help";
                p class="hint" id="device-help" { (t!(texts, "admin-device-name-help")) }
                button type="submit" class="lg-go" { (t!(texts, "admin-make-code")) }
            }
        }
    }

    /// Whose token can be withdrawn.
    fn enrolled(&self) -> Markup {
        let texts = self.look.texts();
        if self.enrolled.is_empty() {
            return html! { p class="hint" { (t!(texts, "admin-enrolled-none")) } };
        }
        html! {
            p class="hint" { (t!(texts, "admin-withdraw-means")) }
            ul class="lg-agents" {
                @for (device, day) in &self.enrolled {
                    @let name = format!("{} {}", role_name(texts, device.role), device.device);
                    li {
                        form class="lg-row" method="post" action=(self.look.href("/admin/devices/revoke")) {
                            b { (device.device) }
                            small {
                                (role_name(texts, device.role))
                                @if let Some(day) = day { " · " (t!(texts, "admin-enrolled-on", day = day.as_str())) }
                            }
                            input type="hidden" name="id" value=(device.id);
                            button type="submit" aria-label=(t!(texts, "admin-withdraw-of", device = name)) {
                                (t!(texts, "admin-withdraw"))
                            }
                        }
                    }
                }
            }
        }
    }
}

/// What there is to see or hear at a device that is tested; none: it cannot be tested from here.
pub(super) fn what_to_see(texts: &'static Texts, device: &str) -> Option<Cow<'static, str>> {
    if device.starts_with("LED ") {
        Some(t!(texts, "admin-test-panel"))
    } else if device.starts_with("pad ") {
        Some(t!(texts, "admin-test-pad"))
    } else if device == "hall voice" {
        Some(t!(texts, "admin-test-voice"))
    } else if is_printer_device(device) {
        Some(t!(texts, "admin-test-printer"))
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use queue_core::StationTime;

    use protocol::FrameCounts;

    use super::*;

    fn device(name: &str, ok: bool, status: &str) -> DeviceHealth {
        DeviceHealth {
            device: name.into(),
            ok,
            status: status.into(),
            ..DeviceHealth::default()
        }
    }

    fn agent(name: &str, connected: bool, devices: Vec<DeviceHealth>) -> (DeviceView, String) {
        let view = DeviceView {
            agent: name.into(),
            role: protocol::Role::Display,
            connected,
            last_seen: StationTime(0),
            page_url: None,
            devices,
        };
        (view, "09:05".into())
    }

    fn page(language: &str, agents: Vec<(DeviceView, String)>, minted: &Minted<'_>) -> String {
        let devices = Devices {
            station: "站 & 站",
            public_url: "http://station",
            look: Look::from_words(Some(language), None),
            agents,
            enrolled: vec![(
                EnrolledDevice {
                    id: "0123456789abcdef".into(),
                    role: Role::Counter,
                    device: "2".into(),
                    enrolled_ms: Some(0),
                },
                Some("2026-11-22".into()),
            )],
            faults: FaultsToday {
                timezone: jiff::tz::TimeZone::UTC,
                since: StationTime(0),
                now: StationTime(0),
                faults: vec![],
                names: BTreeMap::new(),
            },
            ports: FreePorts::of(vec![], "1".into()),
        };
        devices.page(minted).into_string()
    }

    #[test]
    fn the_page_speaks_both_languages_of_staff() {
        let agents = || vec![agent("D1", true, vec![device("LED 3", false, "silent")])];
        let zh = page("zh-Hant-TW", agents(), &Minted::NotAsked);
        let en = page("en", agents(), &Minted::NotAsked);
        assert!(zh.contains("LED 面板 3") && zh.contains("沒有回應"), "{zh}");
        assert!(
            en.contains("LED panel 3") && en.contains("Does not answer"),
            "{en}"
        );
        assert!(en.contains("action=\"/admin/devices?lang=en\""), "{en}");
        assert!(zh.contains("href=\"/admin/devices?lang=en\""), "{zh}");
        assert!(
            en.contains("action=\"/admin/devices/revoke?lang=en\"")
                && en.contains("value=\"0123456789abcdef\"")
                && en.contains("Joined on 2026-11-22"),
            "{en}"
        );
        assert!(
            zh.contains("2026-11-22 登記") && zh.contains("取消登記"),
            "{zh}"
        );
    }

    #[test]
    fn every_frame_of_a_line_is_accounted_for() {
        let counted = |name, frames| DeviceHealth {
            frames: Some(frames),
            ..device(name, true, "ok")
        };
        let panel = FrameCounts {
            sent: 1_204,
            repeated: 3,
            heard: 1_200,
            spoilt: 1,
            unanswered: 3,
        };
        let pad = FrameCounts {
            sent: 40,
            repeated: 2,
            heard: 12,
            ..FrameCounts::default()
        };
        let hung = || vec![counted("LED 1", panel), counted("pad 1", pad)];
        let agents = |connected| vec![agent("D1", connected, hung())];
        let en = page("en", agents(true), &Minted::NotAsked);
        for words in [
            "LED panel 1: 1204 sent, 3 of them repeats; 1200 answers, 1 spoilt, 3 missing",
            "Keypad 1: 40 sent; 12 heard, 2 of them repeats",
        ] {
            assert!(en.contains(words), "{words}: {en}");
        }
        let zh = page("zh-Hant-TW", agents(true), &Minted::NotAsked);
        assert!(zh.contains("LED 面板 1：送出 1204 個"), "{zh}");
        let lost = page("en", agents(false), &Minted::NotAsked);
        assert!(
            !lost.contains("1204"),
            "what was counted before it was lost"
        );
        let uncounted = vec![agent("D1", true, vec![device("keypad 1", true, "ok")])];
        let uncounted = page("en", uncounted, &Minted::NotAsked);
        assert!(!uncounted.contains("Frames on"), "{uncounted}");
    }

    #[test]
    fn what_to_do_stands_under_what_is_wrong() {
        let mut elsewhere = device("LED 4", false, "wrong_port");
        elsewhere.detail = "answers at /dev/ttyUSB1".into();
        let mut pulled = device("LED 5", false, "port_missing");
        pulled.detail = "cannot open /dev/ttyUSB0: no such device; is it plugged in?".into();
        let hung = vec![
            device("LED 1", true, "ok"),
            device("LED 2", false, "same_address"),
            device("LED 3", true, "noisy"),
            elsewhere,
            pulled,
        ];
        let en = page(
            "en",
            vec![agent("D1", true, hung.clone())],
            &Minted::NotAsked,
        );
        for words in [
            "Probably two devices",
            "firmware-config readdress",
            "its line is noisy",
            "terminating resistors",
            "Exchange the plugs",
            "answers at /dev/ttyUSB1",
            "Check that it is plugged in",
        ] {
            assert!(en.contains(words), "{words}: {en}");
        }
        let zh = page(
            "zh-Hant-TW",
            vec![agent("D1", true, hung.clone())],
            &Minted::NotAsked,
        );
        assert!(
            zh.contains("請拔掉這一台") && zh.contains("插頭對調"),
            "{zh}"
        );
        let lost = page("en", vec![agent("D1", false, hung)], &Minted::NotAsked);
        assert!(
            !lost.contains("Exchange the plugs"),
            "what was is not what is"
        );
    }

    #[test]
    fn what_is_wrong_with_many_is_said_once() {
        let names = ["LED 1", "pad 1", "LED 2", "pad 2"];
        let pulled = names.map(|name| DeviceHealth {
            detail: "cannot open /dev/ttyUSB0: no such device".into(),
            ..device(name, false, "port_missing")
        });
        let noisy = ["LED 3", "LED 4"].map(|name| device(name, true, "noisy"));
        let hung = pulled.into_iter().chain(noisy).collect();
        let en = page("en", vec![agent("D1", true, hung)], &Minted::NotAsked);
        for once in [
            "no such device",
            "Check that it is plugged in",
            "terminating resistors",
        ] {
            assert_eq!(en.matches(once).count(), 1, "{once}: {en}");
        }
        for id in ["test-D1-LED-2", "test-D1-pad-2", "test-D1-LED-4"] {
            assert!(en.contains(id), "{id}: {en}");
        }
        let of_state = |words: &str| {
            let (before, _) = en.split_once(words).unwrap();
            let (_, class) = before.rsplit_once("<span class=\"").unwrap();
            class.split('"').next().unwrap().to_owned()
        };
        assert_eq!(of_state("Port is missing"), "bad");
        assert_eq!(of_state("Works, but its line is noisy"), "soon");
    }

    #[test]
    fn a_test_that_cannot_work_is_not_promised() {
        let tested = Minted::Tested {
            agent: "K1",
            device: "K1 printer",
        };
        let with = |language, ok, status| {
            let hung = vec![device("K1 printer", ok, status)];
            page(language, vec![agent("K1", true, hung)], &tested)
        };
        let empty = with("zh-Hant-TW", false, "paper_out");
        assert!(
            empty.contains("K1 印表機現在無法測試：沒有紙。") && !empty.contains("應印出"),
            "{empty}"
        );
        assert!(with("en", false, "paper_out").contains("cannot be tested now: Out of paper."));
        for (ok, status) in [(true, "ok"), (false, "one_way"), (false, "unconfirmed")] {
            let well = with("en", ok, status);
            assert!(
                well.contains("It should print a test page"),
                "{status}: {well}"
            );
        }
    }

    #[test]
    fn what_a_lost_agent_said_last_is_not_shown_as_true() {
        let lost = vec![agent("D1", false, vec![device("LED 3", true, "ok")])];
        let en = page("en", lost, &Minted::NotAsked);
        assert!(en.contains("Last seen 09:05"), "{en}");
        assert!(!en.contains("Works"), "{en}");
    }

    #[test]
    fn a_refused_name_stays_in_its_field_and_a_code_comes_with_its_address() {
        let refused = Minted::Refused {
            role: Some(Role::Counter),
            device: "\"><b>",
            why: "invalid_request",
        };
        let html = page("en", vec![], &refused);
        assert!(html.contains("value=\"&quot;&gt;&lt;b&gt;\""), "{html}");
        assert!(html.contains("value=\"counter\" selected"), "{html}");
        assert!(
            html.contains("role=\"alert\"") && html.contains("ever been connected"),
            "{html}"
        );
        let minted = Minted::Code {
            device: "K2",
            code: "01234567".into(),
        };
        let html = page("en", vec![], &minted);
        assert!(
            html.contains("01234567") && html.contains("http://station/enrol"),
            "{html}"
        );
    }
}
