//! The guide as the administrator sees it: all questions and what they lead to, and which texts are not translated. It is
//! changed in the station file.

use std::collections::{BTreeMap, BTreeSet};

use axum::extract::State;
use maud::{Markup, html};
use protocol::{GuideId, GuideInfo, GuideQuestion, GuideStep, Matter, Names, StationInfo};
use screens::{Icon, Language, Texts, format, icon, t};

use super::frame::Frame;
use super::look::Look;
use crate::access::Permission;
use crate::app::App;
use crate::http::Route;

/// Its address.
const HERE: &str = "/admin/guide";

/// Its routes.
pub(super) fn routes() -> Vec<Route> {
    vec![Route::get(HERE, Permission::Administer, show)]
}

async fn show(State(app): State<App>, look: Look) -> Markup {
    let texts = look.texts();
    let content = match &app.info.guide {
        None => {
            html! { p class="lg-no" role="status" { (icon(Icon::Ask)) (t!(texts, "guide-tree-none")) } }
        }
        Some(guide) => Tree {
            info: &app.info,
            guide,
            look,
        }
        .whole(),
    };
    Frame {
        station: app.info.name.get(look.language.tag()),
        look,
        title: &t!(texts, "guide-tree-title"),
        here: HERE,
        class: "lg wide",
        js: &[],
    }
    .around(&content)
}

struct Tree<'a> {
    info: &'a StationInfo,
    guide: &'a GuideInfo,
    look: Look,
}

/// Languages that a text is not written in.
fn missing(names: &Names) -> impl Iterator<Item = Language> {
    let languages = Language::ALL.iter().copied();
    languages.filter(|language| !names.0.contains_key(language.tag()))
}

/// Every text of a guide, each once where several matters say the same.
fn all_texts(guide: &GuideInfo) -> BTreeSet<&BTreeMap<String, String>> {
    let asked = guide.questions.iter().flat_map(|question| {
        let answers = question.answers.iter().map(|answer| &answer.text);
        answers.chain([&question.text])
    });
    let matters = guide.matters.iter().flat_map(|matter| {
        let papers = matter.papers.iter().chain(&matter.remarks);
        papers.chain(&matter.case)
    });
    asked.chain(matters).map(|names| &names.0).collect()
}

impl<'a> Tree<'a> {
    fn texts(&self) -> &'static Texts {
        self.look.texts()
    }

    fn whole(&self) -> Markup {
        let mut shown = BTreeSet::new();
        html! {
            p class="hint" { (t!(self.texts(), "guide-tree-help")) }
            (self.summary())
            section class="lg-card gt" aria-labelledby="tree" {
                h2 id="tree" { (t!(self.texts(), "guide-tree-questions")) }
                @if let Some(first) = self.guide.questions.first() { (self.question(first, &mut shown)) }
            }
        }
    }

    /// How many texts each language lacks.
    fn summary(&self) -> Markup {
        let texts = all_texts(self.guide);
        let mut lacking: BTreeMap<Language, usize> = BTreeMap::new();
        for names in &texts {
            for language in missing(&Names((*names).clone())) {
                *lacking.entry(language).or_default() += 1;
            }
        }
        let all = texts.len();
        html! {
            section class="lg-card" id="missing" aria-labelledby="missing-h" {
                h2 id="missing-h" { (t!(self.texts(), "guide-tree-missing")) }
                @if lacking.is_empty() {
                    p class="ok" { (icon(Icon::Check)) " " (t!(self.texts(), "guide-tree-complete")) }
                }
                ul {
                    @for (language, count) in &lacking {
                        li { b lang=(language.tag()) { (language.own_name()) } " " (t!(self.texts(), "guide-tree-lacks", count = *count, all = all)) }
                    }
                }
            }
        }
    }

    /// A text, and the languages in which it is missing.
    fn text(&self, names: &Names) -> Markup {
        let missing: Vec<_> = missing(names).collect();
        html! {
            span { (names.get(self.look.language.tag())) }
            @if !missing.is_empty() {
                " "
                small class="gt-missing" {
                    (t!(self.texts(), "guide-tree-not-in"))
                    @for language in missing { " " span lang=(language.tag()) { (language.own_name()) } }
                }
            }
        }
    }

    /// A question with all that follows; one that was shown already is only named.
    fn question(&self, question: &'a GuideQuestion, shown: &mut BTreeSet<&'a GuideId>) -> Markup {
        if !shown.insert(&question.id) {
            return html! { p { (icon(Icon::Repeat)) " " (self.text(&question.text)) } };
        }
        html! {
            p class="gt-q" { b { (self.text(&question.text)) } " " code { (question.id) } }
            ul {
                @for answer in &question.answers {
                    li {
                        p { (icon(Icon::Right)) " " (self.text(&answer.text)) }
                        @match &answer.leads_to {
                            GuideStep::Question(id) => @if let Some(next) = self.guide.question(id) { (self.question(next, shown)) },
                            GuideStep::Matter(id) => @if let Some(matter) = self.guide.matter(id) { (self.matter(matter)) },
                        }
                    }
                }
            }
        }
    }

    fn matter(&self, matter: &Matter) -> Markup {
        let texts = self.texts();
        let tag = self.look.language.tag();
        let service = self.info.service(&matter.service);
        let facts = [
            matter.fee_ntd.map(|ntd| format::fee(texts, ntd)),
            matter
                .working_days
                .map(|days| format::working_days(texts, days)),
        ];
        let facts: Vec<_> = facts.into_iter().flatten().collect();
        html! {
            details class="gt-m" {
                summary {
                    b { (service.map_or("", |service| service.name.get(tag))) }
                    @if let Some(case) = &matter.case { " · " (self.text(case)) }
                    " " code { (matter.id) }
                }
                @if !facts.is_empty() { p { (facts.join(" · ")) } }
                ol { @for paper in &matter.papers { li { (self.text(paper)) } } }
                @for remark in &matter.remarks { p { "※ " (self.text(remark)) } }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn demo() -> StationInfo {
        let file = station_config::StationFile::parse("demo.toml", station_config::demo());
        file.expect("the demo").info()
    }

    fn page(info: &StationInfo) -> String {
        let guide = info.guide.as_ref().expect("a guide");
        let look = Look::from_words(Some("en"), None);
        Tree { info, guide, look }.whole().into_string()
    }

    #[test]
    fn every_question_and_matter_is_in_the_tree() {
        let info = demo();
        let page = page(&info);
        let guide = info.guide.as_ref().expect("a guide");
        let questions = guide.questions.iter().map(|question| &question.id);
        for id in questions.chain(guide.matters.iter().map(|matter| &matter.id)) {
            assert!(page.contains(&format!("<code>{id}</code>")), "{id}");
        }
        assert!(page.contains("NT$500 · 10 working days"));
    }

    #[test]
    fn what_is_not_translated_is_named_with_its_languages() {
        let mut info = demo();
        let all = all_texts(info.guide.as_ref().expect("a guide")).len();
        let said = page(&info);
        assert!(said.contains(&format!("{all} of {all}")), "{said}");
        assert!(said.contains("<b lang=\"km\">"));
        assert!(!said.contains("<b lang=\"vi\">"));
        let guide = info.guide.as_mut().expect("a guide");
        guide.questions[0].text.0.remove("vi");
        let said = page(&info);
        assert!(said.contains("<b lang=\"vi\">"));
        assert!(said.contains(&format!("1 of {all}")));
    }
}
