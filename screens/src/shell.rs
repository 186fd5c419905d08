//! The page around every page: document head, modes on the root element, security headers.
//!
//! Nothing is inline: [`CONTENT_SECURITY_POLICY`] refuses inline scripts and styles.

use crate::assets::asset_url;
use crate::language::Language;
use axum::Router;
use axum::http::header::{
    CONTENT_SECURITY_POLICY as CSP, HeaderName, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{HeaderValue, Response};
use axum::middleware::map_response;
use maud::{DOCTYPE, Markup, PreEscaped, html};
use tower_http::CompressionLevel;
use tower_http::compression::CompressionLayer;

/// What a page may load: only the station's own files. `'self'` covers WebSocket connections to
/// the same host and port (CSP Level 3, 6.7.2.8).
pub const CONTENT_SECURITY_POLICY: &str = "default-src 'self'; img-src 'self' data:; \
    object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

/// Colours of a page.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Theme {
    /// Dark text on light.
    #[default]
    Light,
    /// Light text on dark.
    Dark,
    /// Black, white and yellow.
    HighContrast,
    /// Light or dark, as the device is set that shows the page.
    Auto,
}

impl Theme {
    /// The themes that can be asked for by name; the others are a page's own choice.
    pub const ALL: [Theme; 3] = [Theme::Light, Theme::Dark, Theme::HighContrast];

    /// The value of `data-theme`.
    pub const fn name(self) -> &'static str {
        match self {
            Theme::Light => "light",
            Theme::Dark => "dark",
            Theme::HighContrast => "hc",
            Theme::Auto => "auto",
        }
    }

    /// The theme of a name, as in `?theme=hc`.
    pub fn parse(name: &str) -> Option<Theme> {
        Theme::ALL.into_iter().find(|theme| theme.name() == name)
    }
}

/// What the head and the root element of a page say. Start from [`PageHead::new`].
#[derive(Clone, Debug)]
pub struct PageHead<'a> {
    /// Main language of the page.
    pub lang: Language,
    /// Title of the page.
    pub title: &'a str,
    /// URLs of the page's own style sheets; tokens and base styles come before them.
    pub css: &'a [String],
    /// URLs of the page's modules.
    pub js: &'a [String],
    /// Colours.
    pub theme: Theme,
    /// Whether text is enlarged (`data-text="big"`).
    pub big_text: bool,
    /// Whether controls sit low, for people in a wheelchair (`data-reach="low"`).
    pub low_reach: bool,
    /// Classes of `<body>`.
    pub body_class: &'a str,
    /// Without script, load the page again after so many seconds.
    pub noscript_refresh_s: Option<u32>,
    /// Attributes of the root element beyond those above, such as `("data-role", "hall")`, for
    /// the page's modules to read. Names must be plain attribute names.
    pub data: &'a [(&'static str, String)],
    /// Anything else in the head.
    pub extra: Markup,
}

impl<'a> PageHead<'a> {
    /// A light page without styles or modules of its own.
    pub fn new(lang: Language, title: &'a str) -> PageHead<'a> {
        PageHead {
            lang,
            title,
            css: &[],
            js: &[],
            theme: Theme::default(),
            big_text: false,
            low_reach: false,
            body_class: "",
            noscript_refresh_s: None,
            data: &[],
            extra: PreEscaped(String::new()),
        }
    }
}

/// A whole page: `body` is the inside of `<body>`.
pub fn page(head: &PageHead<'_>, body: Markup) -> Markup {
    let content = html! {
        head {
            meta charset="utf-8";
            meta name="viewport" content="width=device-width, initial-scale=1";
            title { (head.title) }
            link rel="icon" href=(asset_url("favicon.svg")) type="image/svg+xml";
            link rel="stylesheet" href=(asset_url("tokens.css"));
            link rel="stylesheet" href=(asset_url("base.css"));
            @for url in head.css {
                link rel="stylesheet" href=(url);
            }
            @for url in head.js {
                script type="module" src=(url) {}
            }
            @if let Some(seconds) = head.noscript_refresh_s {
                noscript { meta http-equiv="refresh" content=(seconds); }
            }
            (head.extra)
        }
        body class=[(!head.body_class.is_empty()).then_some(head.body_class)] { (body) }
    };
    html! {
        (DOCTYPE)
        (root(head, &content))
    }
}

/// The root element; written by hand because its attributes' names are data.
fn root(head: &PageHead<'_>, content: &Markup) -> Markup {
    let mut attributes = vec![("lang", head.lang.tag()), ("data-theme", head.theme.name())];
    if head.big_text {
        attributes.push(("data-text", "big"));
    }
    if head.low_reach {
        attributes.push(("data-reach", "low"));
    }
    attributes.extend(
        head.data
            .iter()
            .map(|(name, value)| (*name, value.as_str())),
    );
    let mut open = String::from("<html");
    for (name, value) in attributes {
        open.push(' ');
        open.push_str(name);
        open.push_str("=\"");
        open.push_str(&html! { (value) }.into_string());
        open.push('"');
    }
    open.push('>');
    PreEscaped(format!("{open}{}</html>", content.0))
}

/// The same words in two languages, each marked with its own; the second is set smaller.
pub fn bi(first: (Language, &str), second: (Language, &str)) -> Markup {
    html! {
        span class="bi" {
            span lang=(first.0.tag()) { (first.1) }
            " "
            span class="second" lang=(second.0.tag()) { (second.1) }
        }
    }
}

/// The text of a key in a language and its companion: `bt!(Language::Vi, "kiosk-title")`.
///
/// Gives [`Markup`](maud::Markup) as [`bi`] does. Slots as in [`t!`](crate::t).
#[macro_export]
macro_rules! bt {
    ($language:expr, $key:literal $(, $name:ident = $value:expr)* $(,)?) => {{
        let first: $crate::Language = $language;
        let second = first.companion();
        $crate::bi(
            (first, &$crate::t!($crate::Texts::of(first), $key $(, $name = $value)*)),
            (second, &$crate::t!($crate::Texts::of(second), $key $(, $name = $value)*)),
        )
    }};
}

/// A clock that `clock.js` keeps running: `time` is what it shows until then (`10:03`), `now_ms`
/// the server's time as milliseconds since 1970, `zone` the station's IANA time zone.
pub fn clock(time: &str, now_ms: i64, zone: &str) -> Markup {
    html! {
        time data-clock="hm" data-now-ms=(now_ms) data-zone=(zone) { (time) }
    }
}

/// Compresses what `router` answers, for browsers that take it. Fast rather than small: a page is made for one screen,
/// which waits for it.
pub fn compressed(router: Router) -> Router {
    router.layer(CompressionLayer::new().quality(CompressionLevel::Fastest))
}

/// Puts the security headers on every answer of `router` that does not have its own.
pub fn security_headers(router: Router) -> Router {
    router.layer(map_response(add_security_headers))
}

/// Puts the security headers on one answer; for routers with a state, as
/// `router.layer(axum::middleware::map_response(add_security_headers))`.
pub async fn add_security_headers<B>(mut response: Response<B>) -> Response<B> {
    let headers = [
        (CSP, CONTENT_SECURITY_POLICY),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
        // Not `no-referrer`: that would turn the Origin of forms into `null`.
        (REFERRER_POLICY, "same-origin"),
        (
            HeaderName::from_static("permissions-policy"),
            "camera=(), microphone=(), geolocation=()",
        ),
        (
            HeaderName::from_static("cross-origin-opener-policy"),
            "same-origin",
        ),
    ];
    for (name, value) in headers {
        response
            .headers_mut()
            .entry(name)
            .or_insert(HeaderValue::from_static(value));
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::body::Body;
    use axum::http::Request;
    use axum::routing::get;
    use tower::ServiceExt;

    #[test]
    fn a_page_carries_its_modes_styles_and_modules() {
        let css = ["/k/kiosk.css?v=1".to_owned()];
        let js = ["/k/kiosk.js?v=1".to_owned()];
        let data = [("data-device", "kiosk \"1\"".to_owned())];
        let head = PageHead {
            css: &css,
            js: &js,
            theme: Theme::HighContrast,
            big_text: true,
            low_reach: true,
            body_class: "cjk",
            noscript_refresh_s: Some(20),
            data: &data,
            ..PageHead::new(Language::Vi, "A & B")
        };
        let page = page(&head, html! { main { "x" } }).into_string();
        assert!(
            page.starts_with(
                "<!DOCTYPE html><html lang=\"vi\" data-theme=\"hc\" data-text=\"big\" \
                 data-reach=\"low\" data-device=\"kiosk &quot;1&quot;\"><head>"
            ),
            "{page}"
        );
        let order: Vec<_> = [
            "<title>A &amp; B</title>",
            "tokens.css?v=",
            "base.css?v=",
            "kiosk.css",
        ]
        .map(|part| page.find(part).unwrap())
        .to_vec();
        assert!(order.is_sorted(), "{order:?}");
        assert!(page.contains(r#"<script type="module" src="/k/kiosk.js?v=1"></script>"#));
        assert!(page.contains(r#"<noscript><meta http-equiv="refresh" content="20"></noscript>"#));
        assert!(
            page.ends_with(r#"<body class="cjk"><main>x</main></body></html>"#),
            "{page}"
        );
    }

    #[test]
    fn two_languages_are_each_marked() {
        assert_eq!(
            bi((Language::Ko, "번호"), (Language::ZhHantTw, "號碼")).into_string(),
            "<span class=\"bi\"><span lang=\"ko\">번호</span> \
             <span class=\"second\" lang=\"zh-Hant-TW\">號碼</span></span>"
        );
    }

    #[test]
    fn a_theme_is_found_by_its_name() {
        for theme in Theme::ALL {
            assert_eq!(Theme::parse(theme.name()), Some(theme));
        }
        assert_eq!(Theme::parse("pink"), None);
    }

    #[tokio::test]
    async fn every_answer_has_the_headers_and_may_have_its_own() {
        let router = security_headers(Router::new().route("/", get(|| async { "x" })).route(
            "/own",
            get(|| async { ([(REFERRER_POLICY, "no-referrer")], "x") }),
        ));
        let ask = |url: &str| {
            let request = Request::get(url).body(Body::empty()).unwrap();
            router.clone().oneshot(request)
        };
        let plain = ask("/").await.unwrap();
        assert_eq!(plain.headers()[CSP], CONTENT_SECURITY_POLICY);
        assert_eq!(plain.headers()[REFERRER_POLICY], "same-origin");
        assert_eq!(
            ask("/own").await.unwrap().headers()[REFERRER_POLICY],
            "no-referrer"
        );
        assert_eq!(
            ask("/none").await.unwrap().headers()[X_CONTENT_TYPE_OPTIONS],
            "nosniff"
        );
    }
}
