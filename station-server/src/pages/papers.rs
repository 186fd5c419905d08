//! A visitor's checklist of papers: boxes to tick, for nobody but the visitor. They need no script and are sent nowhere.

use maud::{Markup, html};
use protocol::Names;
use screens::Language;

use super::phone::render::names;

/// The papers to have.
pub(super) fn checklist(papers: &[Names], language: Language) -> Markup {
    html! {
        ul class="docs ticks" {
            @for (nth, paper) in papers.iter().enumerate() {
                li { label {
                    input type="checkbox" id=(format!("paper-{nth}")) autocomplete="off";
                    span { (names(paper, language)) }
                } }
            }
        }
    }
}
