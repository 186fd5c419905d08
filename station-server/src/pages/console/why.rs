//! Why this visitor was called, and how the list is ordered: shown at a touch.

use maud::{Markup, html};
use protocol::CurrentVisitor;
use screens::{Icon, icon, t};

use super::render::Desk;
use crate::why::reason;

impl Desk<'_> {
    /// Why the visitor at the counter was called.
    pub(super) fn why(&self, visitor: &CurrentVisitor) -> Markup {
        let Some(why) = &visitor.why else {
            return html! {};
        };
        let texts = self.texts();
        html! {
            details id="why" class="why" {
                summary { (icon(Icon::Ask)) (t!(texts, "console-why")) }
                p { (reason(texts, self.info, self.zone, &visitor.number, why)) }
            }
        }
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
