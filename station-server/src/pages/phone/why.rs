//! Why somebody was called before this visitor, and the rule in force.

use maud::{Markup, html};
use screens::{Texts, bi, bt};

use super::render::Phone;
use crate::pages::fields::hh_mm;
use crate::why::reason;

impl Phone<'_> {
    /// Who came later and was called before, behind a quiet line; nothing where nobody was.
    pub(super) fn passed_by(&self) -> Markup {
        let Some(by) = &self.page.ticket.passed_by else {
            return html! {};
        };
        let (first, second) = (self.language, self.language.companion());
        let number = by.number.to_string();
        let said = |language| {
            let texts = Texts::of(language);
            reason(texts, self.info, self.zone, &by.number, &by.why)
        };
        html! {
            details id="passed" class="passed" {
                summary { (bt!(first, "why-title", number = number.as_str())) }
                p { (bi((first, &said(first)), (second, &said(second)))) }
                p class="at" {
                    (hh_mm(self.zone, by.at)) " · "
                    (bt!(first, "counter-number", counter = by.counter.as_str()))
                }
            }
        }
    }

    /// What happens to one who misses the call.
    pub(super) fn missed_rule(&self) -> Markup {
        let (first, second) = (self.language, self.language.companion());
        let say = |language| self.rule.say_missed_again(language, self.returns);
        let (said, again) = (say(first), say(second));
        html! { p id="missed-rule" class="rule" { (bi((first, &said), (second, &again))) } }
    }

    /// The rule by which everybody is called.
    pub(super) fn rule(&self) -> Markup {
        let (first, second) = (self.language, self.language.companion());
        let (said, again) = (self.rule.say(first), self.rule.say(second));
        html! { p id="calling-rule" class="rule" { (bi((first, &said), (second, &again))) } }
    }
}
