//! Why this visitor was called, and how the list is ordered: shown at a touch.

use maud::{Markup, html};
use protocol::CurrentVisitor;
use screens::{Icon, icon, t};

use super::render::Desk;
use crate::why::reason_for_staff;

impl Desk<'_> {
    /// Why the visitor at the counter was called.
    pub(super) fn why(&self, visitor: &CurrentVisitor) -> Markup {
        html! {
            @if let Some(said) = self.why_in_words(visitor) {
                details id="why" class="why" {
                    summary { (icon(Icon::Ask)) (t!(self.texts(), "console-why")) }
                    p { (said) }
                }
            }
        }
    }

    /// The same for the menu, where there is no room for the visitor's notes.
    pub(super) fn why_in_menu(&self) -> Markup {
        let visitor = self.view.current.as_ref();
        html! {
            @if let Some(said) = visitor.and_then(|visitor| self.why_in_words(visitor)) {
                p class="why-line" { (said) }
            }
        }
    }

    fn why_in_words(&self, visitor: &CurrentVisitor) -> Option<String> {
        let why = visitor.why.as_ref()?;
        let number = &visitor.number;
        Some(reason_for_staff(
            self.texts(),
            self.info,
            self.zone,
            number,
            why,
        ))
    }

    /// The rule that orders the list of those who wait.
    pub(super) fn order_hint(&self) -> Markup {
        let words = t!(self.texts(), "console-rule");
        html! {
            details id="order" class="pop order" {
                summary aria-label=(words) title=(words) { (icon(Icon::Ask)) }
                div class="panel" { p { (self.rule.say(self.look.language())) } }
            }
        }
    }
}
