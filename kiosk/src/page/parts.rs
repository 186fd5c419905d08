//! What all pages of the kiosk share: the frame, the bar at the top, words in two languages.

use std::borrow::Cow;

use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use maud::{Markup, html};
use rust_embed::RustEmbed;
use screens::assets::embedded_url;
use screens::shell::{PageHead, clock, page};
use screens::{Icon, Language, Texts, format, icon, t};

use super::modes::Modes;
use crate::agent::{Kiosk, local};
use crate::link::StationView;
use queue_core::StationTime;

/// Where the kiosk's own files are served.
pub(super) const PREFIX: &str = "/kiosk-assets";

/// The kiosk's own style sheets and module.
#[derive(RustEmbed)]
#[folder = "assets/"]
pub(super) struct Assets;

/// Words of a key in the page's language, then smaller in its companion.
macro_rules! both {
    ($language:expr, $key:literal $(, $name:ident = $value:expr)* $(,)?) => {{
        let first: screens::Language = $language;
        let second = first.companion();
        maud::html! {
            span lang=(first.tag()) {
                (screens::t!(screens::Texts::of(first), $key $(, $name = $value)*))
            }
            small lang=(second.tag()) {
                (screens::t!(screens::Texts::of(second), $key $(, $name = $value)*))
            }
        }
    }};
}
pub(super) use both;

/// A name of the station file with the language it is in: the wanted one, else English, else Chinese.
pub(super) fn name(names: &protocol::Names, language: Language) -> (Language, &str) {
    [language, Language::En, Language::ZhHantTw]
        .into_iter()
        .find_map(|one| Some((one, names.0.get(one.tag())?.as_str())))
        .unwrap_or((language, ""))
}

/// A name in the page's language, then smaller in its companion; once where both are the same.
pub(super) fn both_names(names: &protocol::Names, language: Language) -> Markup {
    let (first, text) = name(names, language);
    let (second, other) = name(names, language.companion());
    html! {
        span lang=(first.tag()) { (text) }
        @if second != first {
            small lang=(second.tag()) { (other) }
        }
    }
}

/// Words with a name of the station file in them, in the page's language, then smaller in its companion.
pub(super) fn in_both(
    language: Language,
    say: impl Fn(&'static Texts, &str) -> Cow<'static, str>,
) -> Markup {
    let second = language.companion();
    html! {
        span lang=(language.tag()) { (say(Texts::of(language), language.tag())) }
        small lang=(second.tag()) { (say(Texts::of(second), second.tag())) }
    }
}

/// What a page is.
pub(super) struct Frame<'a> {
    pub(super) title: &'a str,
    pub(super) modes: Modes,
    /// Name of the page's state. When the server's side of it changes, the page loads itself again.
    pub(super) state: String,
    /// Address of the page's live connection.
    pub(super) live: String,
    /// Where the page goes when nobody touches it, and after how many seconds; 0: it stays.
    pub(super) idle_s: u32,
    /// Without script: load again after so many seconds.
    pub(super) refresh_s: u32,
}

/// A whole page.
pub(super) fn whole(
    kiosk: &Kiosk,
    view: &StationView,
    frame: &Frame<'_>,
    content: Markup,
) -> Response {
    with_sheets(kiosk, view, frame, &[], content)
}

/// A whole page with style sheets of its own: they are no weight of the first page.
pub(super) fn with_sheets(
    kiosk: &Kiosk,
    view: &StationView,
    frame: &Frame<'_>,
    sheets: &[&str],
    content: Markup,
) -> Response {
    let modes = frame.modes;
    let own = |file: &str| embedded_url::<Assets>(PREFIX, file);
    let sheets = ["kiosk.css", "ticket.css"].iter().chain(sheets);
    let mut css: Vec<_> = sheets.map(|file| own(file)).collect();
    css.push(format!("{PREFIX}/screen.css"));
    let js = [own("kiosk.js"), screens::assets::asset_url("clock.js")];
    let data = [
        ("data-page", frame.state.clone()),
        ("data-live", frame.live.clone()),
        ("data-idle-s", frame.idle_s.to_string()),
        ("data-home", "/".to_owned()),
    ];
    let is_cjk = matches!(
        modes.language,
        Language::ZhHantTw | Language::Ja | Language::Ko
    );
    let head = PageHead {
        css: &css,
        js: &js,
        theme: modes.theme(),
        big_text: modes.big,
        low_reach: modes.low,
        body_class: if is_cjk { "kiosk cjk" } else { "kiosk latn" },
        noscript_refresh_s: Some(frame.refresh_s),
        data: &data,
        ..PageHead::new(modes.language, frame.title)
    };
    let markup = page(
        &head,
        html! {
            div id="app" {
                (top(view, modes.language))
                (content)
            }
            (still_there(kiosk, modes))
            (out_of_service(modes.language))
        },
    );
    (
        [
            (CONTENT_TYPE, "text/html; charset=utf-8"),
            // A page of the visitor before must never come back.
            (CACHE_CONTROL, "no-store"),
        ],
        markup.into_string(),
    )
        .into_response()
}

/// Station, date and clock.
fn top(view: &StationView, language: Language) -> Markup {
    let now_ms = jiff::Timestamp::now().as_millisecond();
    let station = view.station.as_deref();
    let now = local(station, StationTime(now_ms));
    let zone = station.map_or("UTC", |station| &station.timezone);
    let texts = Texts::of(language);
    html! {
        header class="k-top" {
            div class="st" {
                @if let Some(station) = station {
                    span lang="zh-Hant-TW" { (station.name.zh()) }
                    small lang="en" { (name(&station.name, Language::En).1) }
                }
            }
            @if station.is_some() {
                div class="tm" {
                    small lang=(language.tag()) { (format::day(texts, now.date())) }
                    " "
                    (clock(&format::hh_mm(now.time()), now_ms, zone))
                }
            }
        }
    }
}

/// What the module shows in place of everything while the kiosk's program does not answer.
fn out_of_service(language: Language) -> Markup {
    html! {
        div id="down" class="k-down" role="alert" hidden {
            div class="k-notice" {
                span class="ic" { (icon(Icon::NoNetwork)) }
                p class="fs-h1" { (both!(language, "system-fault")) }
                p { (both!(language, "kiosk-use-another")) }
            }
        }
    }
}

/// The warning before a page goes back to the greeting; shown by the module.
fn still_there(kiosk: &Kiosk, modes: Modes) -> Markup {
    let first = Texts::of(modes.language);
    let greeting = kiosk.settings().greeting();
    html! {
        div id="idle" class="idle" role="alert" hidden data-home=(Modes::greeting(greeting).query()) {
            p lang=(modes.language.tag()) data-text=(t!(first, "kiosk-idle", seconds = "{s}")) {}
            button type="button" class="fb pri" { (icon(Icon::Hand)) span { (both!(modes.language, "kiosk-stay")) } }
        }
    }
}
