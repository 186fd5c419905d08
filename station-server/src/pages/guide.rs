//! The guide on a visitor's phone: the same questions in the same order as at the kiosk, and what each matter needs. Public,
//! links only; nothing of what is answered is kept.

use axum::extract::{Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use maud::{Markup, html};
use protocol::{GuideInfo, GuideQuestion, GuideStop, GuideWay, Matter, ServiceInfo};
use queue_core::ServiceId;
use screens::{Icon, Language, Texts, bt, format, icon, t};
use serde::Deserialize;

use super::appointments::{Ask, visitors_page};
use super::papers::checklist;
use super::phone::render::{names, wait_of};
use crate::access::Permission;
use crate::app::{App, Station};
use crate::http::Route;

/// Its address.
pub(super) const HERE: &str = "/guide";

/// Its routes.
pub(super) fn routes() -> Vec<Route> {
    vec![Route::get(HERE, Permission::See, show)]
}

/// Where in the guide: the answers so far, or a matter, or all cases of a service.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
struct At {
    way: String,
    matter: String,
    service: String,
}

/// What an address leads to.
enum Stop<'a> {
    Question(&'a GuideQuestion, GuideWay),
    Matter(&'a Matter, Option<GuideWay>),
    Cases(&'a ServiceInfo, Vec<&'a Matter>),
}

async fn show(
    State(app): State<App>,
    Query(ask): Query<Ask>,
    Query(at): Query<At>,
    headers: HeaderMap,
) -> Response {
    let language = ask.language(&headers);
    let view = View {
        app: &app,
        language,
    };
    let stop = app.info.guide.as_ref().and_then(|guide| {
        let stop = view.asked(guide, &at);
        stop.or_else(|| view.walked(guide, &GuideWay::default()))
    });
    let title = t!(Texts::of(language), "guide-title");
    let (status, here, content) = match stop {
        None => (StatusCode::NOT_FOUND, HERE.to_owned(), view.none()),
        Some(stop) => (StatusCode::OK, address(&stop), view.content(&stop)),
    };
    let page = visitors_page(&app.info, language, &title, &here, &content);
    (status, page).into_response()
}

/// The address of what is shown, to which the language is added.
fn address(stop: &Stop<'_>) -> String {
    match stop {
        Stop::Question(_, way) | Stop::Matter(_, Some(way)) => format!("{HERE}?way={way}"),
        Stop::Matter(matter, None) => format!("{HERE}?matter={}", matter.id),
        Stop::Cases(service, _) => format!("{HERE}?service={}", service.id),
    }
}

struct View<'a> {
    app: &'a Station,
    language: Language,
}

impl<'a> View<'a> {
    /// What the address asks for; none where the guide has no such thing.
    fn asked(&self, guide: &'a GuideInfo, at: &At) -> Option<Stop<'a>> {
        if !at.matter.is_empty() {
            let matter = guide.matter(&at.matter.parse().ok()?)?;
            return Some(Stop::Matter(matter, None));
        }
        if !at.service.is_empty() {
            let service = self.app.info.service(&ServiceId::new(&at.service).ok()?)?;
            let cases: Vec<_> = guide.cases(&service.id).collect();
            return match cases.as_slice() {
                [] => None,
                [only] => Some(Stop::Matter(only, None)),
                _ => Some(Stop::Cases(service, cases)),
            };
        }
        self.walked(guide, &at.way.parse().ok()?)
    }

    fn walked(&self, guide: &'a GuideInfo, way: &GuideWay) -> Option<Stop<'a>> {
        Some(match guide.stop(way)? {
            GuideStop::Question(question) => Stop::Question(question, way.clone()),
            GuideStop::Matter(matter) => Stop::Matter(matter, Some(way.clone())),
        })
    }

    fn content(&self, stop: &Stop<'_>) -> Markup {
        match stop {
            Stop::Question(question, way) => self.question(question, way),
            Stop::Matter(matter, way) => self.matter(matter, way.as_ref()),
            Stop::Cases(service, cases) => self.cases(service, cases),
        }
    }

    fn none(&self) -> Markup {
        html! {
            section class="pc end" {
                (icon(Icon::Ask))
                h1 { (bt!(self.language, "page-unavailable")) }
            }
        }
    }

    fn href(&self, way: &GuideWay) -> String {
        format!("{HERE}?way={way}&lang={}", self.language.tag())
    }

    fn question(&self, question: &GuideQuestion, way: &GuideWay) -> Markup {
        let language = self.language;
        html! {
            section class="pc gd-q" {
                p class="gd-of" { (icon(Icon::Ask)) span { (bt!(language, "guide-title")) } }
                h1 class="bk-h" id="question" { (names(&question.text, language)) }
                ul class="bk-list gd" aria-labelledby="question" {
                    @for (nth, answer) in question.answers.iter().enumerate() {
                        li { a href=(self.href(&way.then(nth))) { span { (names(&answer.text, language)) } (icon(Icon::Right)) } }
                    }
                }
            }
            (self.back(Some(way)))
        }
    }

    /// All cases of a service, for who has a ticket of it already.
    fn cases(&self, service: &ServiceInfo, cases: &[&Matter]) -> Markup {
        let language = self.language;
        html! {
            section class="pc gd-q" {
                p class="gd-of" { (icon(Icon::Document)) span { (bt!(language, "guide-papers")) } }
                h1 class="bk-h" { (names(&service.name, language)) }
                ul class="bk-list gd" {
                    @for matter in cases {
                        @let name = matter.case.as_ref().unwrap_or(&service.name);
                        li { a href={ (HERE) "?matter=" (matter.id) "&lang=" (language.tag()) } { span { (names(name, language)) } (icon(Icon::Right)) } }
                    }
                }
            }
            (self.back(None))
        }
    }

    /// One question back, and to the first one.
    fn back(&self, way: Option<&GuideWay>) -> Markup {
        let before = way.and_then(GuideWay::back);
        let is_first = way.is_some() && before.is_none();
        html! {
            @if !is_first {
                nav class="gd-back" {
                    @if let Some(before) = before {
                        a class="pb" href=(self.href(&before)) { (bt!(self.language, "kiosk-back")) }
                    }
                    a class="pb" href=(self.href(&GuideWay::default())) { (bt!(self.language, "guide-start-over")) }
                }
            }
        }
    }

    fn matter(&self, matter: &Matter, way: Option<&GuideWay>) -> Markup {
        let language = self.language;
        let service = self.app.info.service(&matter.service);
        let what = matter
            .case
            .as_ref()
            .or(service.map(|service| &service.name));
        html! {
            section class="pc gd-m" {
                p class="gd-of" { (icon(Icon::Check)) span { (bt!(language, "guide-found")) } }
                @if let Some(what) = what { h1 class="bk-h" { (names(what, language)) } }
                @if let Some(service) = service.filter(|_| matter.case.is_some()) {
                    p class="bk-p" { (names(&service.name, language)) }
                }
                dl class="gd-facts" {
                    @if let Some(ntd) = matter.fee_ntd {
                        div { dt { (bt!(language, "guide-fee")) } dd { (format::fee(Texts::of(language), ntd)) } }
                    }
                    @if let Some(days) = matter.working_days {
                        div { dt { (bt!(language, "guide-time")) } dd { (format::working_days(Texts::of(language), days)) } }
                    }
                    @if let Some(wait) = self.wait(&matter.service) {
                        div { dt { (bt!(language, "kiosk-waits")) } dd { (wait) } }
                    }
                }
            }
            section class="pc" aria-labelledby="papers" {
                h2 id="papers" { (bt!(language, "guide-papers")) }
                @if matter.papers.is_empty() {
                    p { (bt!(language, "guide-no-papers")) }
                } @else {
                    p class="bk-p" { (bt!(language, "guide-tick")) }
                    (checklist(&matter.papers, language))
                }
            }
            @if !matter.remarks.is_empty() {
                section class="pc gd-notes" aria-labelledby="remarks" {
                    h2 id="remarks" { (bt!(language, "guide-remarks")) }
                    ul { @for remark in &matter.remarks { li { (names(remark, language)) } } }
                }
            }
            (self.book(&matter.service))
            (self.back(way))
        }
    }

    /// How many wait and how long, while tickets are given out.
    fn wait(&self, service: &ServiceId) -> Option<String> {
        let board = self.app.board();
        let open = board.day.is_some() && !board.is_outside_hours();
        let state = board.services.iter().find(|state| state.id == *service);
        let state = state.filter(|state| open && state.limit.is_none())?;
        Some(
            wait_of(Some(&state.estimate))
                .text(Texts::of(self.language))
                .into_owned(),
        )
    }

    /// An appointment for it, where visitors may book one.
    fn book(&self, service: &ServiceId) -> Markup {
        let offered = self.app.info.appointments.as_ref();
        let offered = offered.filter(|offered| offered.book_on_the_web);
        let bookable =
            offered.is_some_and(|offered| offered.services.iter().any(|s| s.service == *service));
        html! {
            @if bookable {
                a class="pb bk-go" href={ "/book?service=" (service) "&lang=" (self.language.tag()) } {
                    (bt!(self.language, "booking-title"))
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_keeps_the_place_when_the_language_changes() {
        let file = station_config::StationFile::parse("demo.toml", station_config::demo());
        let info = file.expect("the demo").info();
        let guide = info.guide.as_ref().expect("a guide");
        let way: GuideWay = "13".parse().expect("a way");
        let Some(GuideStop::Matter(matter)) = guide.stop(&way) else {
            panic!("13 is no matter");
        };
        let service = info.service(&matter.service).expect("a service");
        for (stop, expected) in [
            (Stop::Matter(matter, Some(way.clone())), "/guide?way=13"),
            (Stop::Matter(matter, None), "/guide?matter=card-lost"),
            (
                Stop::Cases(service, vec![matter]),
                "/guide?service=resident-certificate",
            ),
        ] {
            assert_eq!(address(&stop), expected);
        }
    }
}
