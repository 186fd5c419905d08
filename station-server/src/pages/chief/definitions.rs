//! What every figure means, and the same as pop-ups on the pages that show them.

use axum::Extension;
use axum::extract::State;
use maud::{Markup, html};
use queue_core::statistics::{ATTRIBUTION, Definition, Figure, LEVEL, definition};
use screens::{Language, t};

use super::{Chrome, Place};
use crate::access::Principal;
use crate::app::App;
use crate::pages::look::Look;

/// `GET /chief/definitions`.
pub(super) async fn page(
    State(app): State<App>,
    Extension(who): Extension<Principal>,
    look: Look,
) -> Markup {
    let texts = look.texts();
    let title = t!(texts, "chief-definitions");
    let content = html! {
        header class="hd" { h1 { (title) } }
        main class="body" {
            section class="cardd blk" {
                dl class="defs" {
                    dt { code { (ATTRIBUTION.key) } }
                    dd { (both(&ATTRIBUTION, look.language)) }
                    dt { code { (LEVEL.key) } }
                    dd { (both(&LEVEL, look.language)) }
                    @for figure in Figure::ALL {
                        @let meaning = definition(figure);
                        dt id=(anchor(figure)) { code { (meaning.key) } }
                        dd { (both(&meaning, look.language)) }
                    }
                }
            }
        }
    };
    let chrome = Chrome {
        place: Place::Definitions,
        title: &title,
        here: "/chief/definitions",
        is_live: false,
    };
    chrome.document(&app, &who, look, &content)
}

/// A figure's name as a button that opens its definition; the pop-up itself comes from [`popups`].
pub(super) fn name_of(figure: Figure, name: &str) -> Markup {
    html! {
        button type="button" class="q" popovertarget=(anchor(figure)) { (name) }
    }
}

/// The definitions that the buttons of a page open.
pub(super) fn popups(figures: &[Figure], language: Language) -> Markup {
    html! {
        @for figure in figures {
            @let meaning = definition(*figure);
            div class="def" popover="auto" id=(anchor(*figure)) {
                code { (meaning.key) }
                (both(&meaning, language))
            }
        }
    }
}

fn both(meaning: &Definition, first: Language) -> Markup {
    let said = |language: Language| match language {
        Language::ZhHantTw => meaning.zh,
        _ => meaning.en,
    };
    let second = first.companion();
    html! {
        p lang=(first.tag()) { (said(first)) }
        p class="second" lang=(second.tag()) { (said(second)) }
    }
}

fn anchor(figure: Figure) -> String {
    format!("def-{}", definition(figure).key.replace('.', "-"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_figure_has_its_own_pop_up_in_both_languages() {
        let html = popups(&Figure::ALL, Language::En).into_string();
        for figure in Figure::ALL {
            assert_eq!(
                html.matches(&format!("id=\"{}\"", anchor(figure))).count(),
                1,
                "{figure:?}"
            );
        }
        assert_eq!(
            html.matches("lang=\"zh-Hant-TW\"").count(),
            Figure::ALL.len()
        );
    }
}
