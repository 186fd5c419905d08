//! How a staff page is shown: its language and colours. Both stand in the address, so that a link or a bookmark keeps
//! them and nothing has to be remembered for anybody.

use std::convert::Infallible;

use axum::extract::{FromRequestParts, Query};
use axum::http::Uri;
use axum::http::request::Parts;
use maud::{Markup, html};
use screens::shell::Theme;
use screens::{Language, Texts, t};
use serde::Deserialize;

/// Language and colours of one view of a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Look {
    /// Chinese or English.
    pub(super) language: Language,
    /// Colours.
    pub(super) theme: Theme,
}

#[derive(Deserialize)]
struct LookQuery {
    lang: Option<String>,
    theme: Option<String>,
}

impl Look {
    /// From what the address says; what it does not say or says wrongly is the default.
    pub(super) fn from_words(language: Option<&str>, theme: Option<&str>) -> Self {
        let offered = |language: &Language| Language::STAFF.contains(language);
        Self {
            language: language
                .and_then(Language::parse)
                .filter(offered)
                .unwrap_or_default(),
            theme: theme.and_then(Theme::parse).unwrap_or_default(),
        }
    }

    /// What an address says.
    pub(super) fn of(address: &Uri) -> Self {
        match Query::<LookQuery>::try_from_uri(address) {
            Ok(Query(query)) => Self::from_words(query.lang.as_deref(), query.theme.as_deref()),
            Err(_) => Self::default(),
        }
    }

    /// `path` without a look; the rest of its query stays.
    pub(super) fn without(path: &str) -> String {
        let Some((page, query)) = path.split_once('?') else {
            return path.to_owned();
        };
        let looks = |part: &str| part.starts_with("lang=") || part.starts_with("theme=");
        let rest: Vec<&str> = query.split('&').filter(|part| !looks(part)).collect();
        if rest.is_empty() {
            page.to_owned()
        } else {
            format!("{page}?{}", rest.join("&"))
        }
    }

    /// The texts of its language.
    pub(super) fn texts(self) -> &'static Texts {
        Texts::of(self.language)
    }

    /// `path` with this look; `path` may have a query already.
    pub(super) fn href(self, path: &str) -> String {
        let mut href = path.to_owned();
        let mut add = |name: &str, value: &str| {
            href.push(if href.contains('?') { '&' } else { '?' });
            href.push_str(name);
            href.push('=');
            href.push_str(value);
        };
        if self.language != Language::default() {
            add("lang", self.language.tag());
        }
        if self.theme != Theme::default() {
            add("theme", self.theme.name());
        }
        href
    }

    /// As [`Look::href`], with the language also where it is the default.
    fn href_saying_language(self, path: &str) -> String {
        let href = self.href(path);
        if self.language != Language::default() {
            return href;
        }
        let mark = if href.contains('?') { '&' } else { '?' };
        format!("{href}{mark}lang={}", self.language.tag())
    }

    /// Whether an address says a language.
    pub(super) fn names_language(address: &Uri) -> bool {
        Query::<LookQuery>::try_from_uri(address).is_ok_and(|Query(query)| query.lang.is_some())
    }

    /// The other languages and colours of the page at `path`, as links.
    pub(super) fn switches(self, path: &str) -> Markup {
        let texts = self.texts();
        let themes = [
            (Theme::Light, t!(texts, "theme-light")),
            (Theme::Dark, t!(texts, "theme-dark")),
            (Theme::HighContrast, t!(texts, "theme-hc")),
        ];
        html! {
            ul class="look" {
                @for language in Language::STAFF.into_iter().filter(|l| *l != self.language) {
                    li {
                        // Said also where it is the default: a browser may ask for another one.
                        a href=(Look { language, ..self }.href_saying_language(path)) hreflang=(language.tag()) lang=(language.tag()) {
                            (language.own_name())
                        }
                    }
                }
                @for (theme, name) in themes.into_iter().filter(|(theme, _)| *theme != self.theme) {
                    li { a href=(Look { theme, ..self }.href(path)) { (name) } }
                }
            }
        }
    }

    /// Hidden fields that carry the look through a GET form.
    pub(super) fn fields(self) -> Markup {
        html! {
            @if self.language != Language::default() {
                input type="hidden" name="lang" value=(self.language.tag());
            }
            @if self.theme != Theme::default() {
                input type="hidden" name="theme" value=(self.theme.name());
            }
        }
    }
}

impl<S: Sync> FromRequestParts<S> for Look {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Self::of(&parts.uri))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_keeps_the_look() {
        let look = Look::from_words(Some("en-GB"), Some("dark"));
        assert_eq!(look.href("/chief"), "/chief?lang=en&theme=dark");
        assert_eq!(
            look.href("/chief/history?by=day"),
            "/chief/history?by=day&lang=en&theme=dark"
        );
        assert_eq!(Look::default().href("/chief"), "/chief");
    }

    #[test]
    fn a_path_loses_its_look_and_nothing_else() {
        for (path, bare) in [
            (
                "/console/3?tab=held&lang=en&theme=hc",
                "/console/3?tab=held",
            ),
            ("/chief?lang=en", "/chief"),
            ("/chief?language=en", "/chief?language=en"),
            ("/", "/"),
        ] {
            assert_eq!(Look::without(path), bare);
        }
    }

    #[test]
    fn what_is_not_offered_to_staff_is_the_default() {
        for (language, theme) in [(Some("vi"), Some("pink")), (Some("<"), None), (None, None)] {
            assert_eq!(Look::from_words(language, theme), Look::default());
        }
    }
}
