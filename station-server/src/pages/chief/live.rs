//! The live page and its data.

use std::collections::BTreeMap;

use axum::Extension;
use axum::extract::State;
use maud::{Markup, html};
use queue_core::CounterId;
use screens::{Icon, icon, t};

use super::definitions::popups;
use super::live_view::{FIGURES, Live};
use super::reading::earlier_days;
use super::{Chrome, Place};
use crate::access::{Permission, Principal};
use crate::app::{App, Station};
use crate::demo::Demo;
use crate::pages::look::Look;
use crate::views::chief_view;

/// `GET /chief`.
pub(super) async fn page(
    State(app): State<App>,
    Extension(who): Extension<Principal>,
    look: Look,
) -> Markup {
    let texts = look.texts();
    let live = gather(&app, look).await;
    let title = t!(texts, "chief-live");
    let day = if live.view.board.day.is_some() {
        t!(texts, "admin-close-day")
    } else {
        t!(texts, "admin-open-day")
    };
    let content = html! {
        header class="hd" {
            h1 { (title) }
            (live.updated())
            span class="sp" {}
            a class="btn" href=(look.href("/chief/history")) { (icon(Icon::Chart)) (t!(texts, "chief-history")) }
            @if who.may(Permission::Supervise) {
                a class="btn" id="rules" data-part href=(look.href("/chief/rules")) {
                    (icon(Icon::Swap)) (t!(texts, "chief-rules"))
                    @if rules_changed(&app) { " " small class="today" { (t!(texts, "chief-rules-changed")) } }
                }
            }
            @if who.may(Permission::RunDay) {
                a class="btn" id="day" data-part href=(look.href("/chief/day")) { (icon(Icon::Calendar)) (day) }
            }
        }
        (live.body())
        (popups(&FIGURES, look.language))
    };
    let chrome = Chrome {
        place: Place::Live,
        title: &title,
        here: "/chief",
        is_live: true,
    };
    chrome.document(&app, &who, look, &content)
}

/// Whether any rule of the calls was changed for this day.
fn rules_changed(app: &Station) -> bool {
    let engine = app.live.engine();
    let places = super::rules::places(&engine);
    places
        .iter()
        .any(|zone| engine.rule_is_changed(zone.as_ref()))
}

async fn gather(app: &App, look: Look) -> Live {
    let past = earlier_days(app).await;
    let view = chief_view(app);
    Live {
        expected_handling_s: expected_handling_s(app),
        info: app.info.clone(),
        timezone: app.timezone.clone(),
        view,
        past,
        hurry: app.demo.as_ref().and_then(Demo::hurry),
        look,
    }
}

/// What the visitor at each counter is expected to take, seconds, by the service of the visit.
fn expected_handling_s(app: &Station) -> BTreeMap<CounterId, u32> {
    let engine = app.live.engine();
    engine
        .counters()
        .filter_map(|counter| {
            let ticket = engine.ticket(counter.current?)?;
            let service = engine.plan().services.get(&ticket.service)?;
            Some((counter.id.clone(), service.expected_handling_s))
        })
        .collect()
}
