//! The pages around the regions.

use maud::{Markup, PreEscaped, html};
use queue_core::CounterId;
use rust_embed::RustEmbed;
use screens::assets::embedded_url;
use screens::shell::Theme;
use screens::{Icon, Language, PageHead, bt, icon, page, t};

use super::counter::sign;
use super::{View, en, zh};
use crate::feed::Freshness;

/// Where the agent's own files are.
pub(crate) const ASSETS: &str = "/display-assets";

/// Styles and script of the agent's pages.
#[derive(RustEmbed)]
#[folder = "assets/"]
pub(crate) struct Assets;

/// Without script a page loads itself again after so many seconds.
const REFRESH_S: u32 = 5;

/// The hall board.
pub(crate) fn hall(view: &View) -> Markup {
    let lost = view.freshness == Freshness::Lost;
    let body = html! {
        div id="app" {
            header class="h-top" {
                div id="top" { (region(view, "top")) }
                (chip(view))
                // Shown by the script where the browser wants to be touched before it plays sound.
                button id="allow-sound" type="button" hidden {
                    (bt!(Language::ZhHantTw, "hall-allow-sound"))
                }
            }
            main class="h-main" {
                h1 class="sr" { (t!(zh(), "hall-title")) " " span lang="en" { (t!(en(), "hall-title")) } }
                div id="view" { (region(view, "view")) }
                div id="lost" class="off-banner" role="alert" hidden[!lost] {
                    div class="ob" {
                        (icon(Icon::NoNetwork))
                        div {
                            p class="o1" { (t!(zh(), "hall-lost")) }
                            p class="o2" lang="en" { (t!(en(), "hall-lost")) }
                        }
                    }
                    p class="o3" { (t!(zh(), "hall-lost-hint")) }
                    p class="o2" lang="en" { (t!(en(), "hall-lost-hint")) }
                    p class="o4" {
                        span id="last" { (region(view, "last")) }
                    }
                }
                p id="say" class="sr" aria-live="assertive" aria-atomic="true" {}
            }
            footer class="tick" id="foot" { (region(view, "foot")) }
        }
    };
    let title = t!(zh(), "hall-title");
    framed(&title, "hall", &[("data-view", "hall".to_owned())], body)
}

/// The display over a counter.
pub(crate) fn counter(view: &View, id: &CounterId) -> Markup {
    let lost = view.freshness == Freshness::Lost;
    let title = t!(zh(), "counter-number", counter = id.to_string());
    let body = html! {
        main class="counter" {
            h1 class="sr" { (title) }
            div id="view" { (region(view, "view")) }
            div id="lost" class="bar dim" role="alert" hidden[!lost] {
                (sign(id))
                div class="m" {
                    p class="big" {
                        (t!(zh(), "hall-lost"))
                        small lang="en" { (t!(en(), "hall-lost")) }
                    }
                }
            }
            (chip(view))
        }
    };
    let data = [("data-view", format!("counter/{id}"))];
    framed(&title, "counter-display", &data, body)
}

/// Says that the numbers may be old: nothing has been heard for a while.
fn chip(view: &View) -> Markup {
    html! {
        p id="chip" role="status" hidden[view.freshness != Freshness::Stale] {
            (bt!(Language::ZhHantTw, "hall-stale"))
        }
    }
}

fn framed(title: &str, body_class: &str, data: &[(&'static str, String)], body: Markup) -> Markup {
    let url = |name| embedded_url::<Assets>(ASSETS, name);
    let css = [url("display.css")];
    let js = [url("display.js")];
    let head = PageHead {
        css: &css,
        js: &js,
        theme: Theme::Dark,
        body_class,
        noscript_refresh_s: Some(REFRESH_S),
        data,
        ..PageHead::new(Language::ZhHantTw, title)
    };
    page(&head, body)
}

fn region(view: &View, id: &str) -> Markup {
    PreEscaped(view.regions.get(id).map_or(String::new(), |h| h.0.clone()))
}
