//! Booking: choose a service, a day, a time.

use axum::Extension;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use maud::{Markup, html};
use protocol::SlotsInfo;
use queue_core::{BusinessDay, LanguageTag, ServiceId, StationTime};
use screens::format::{self, hh_mm};
use screens::{Icon, Language, Texts, bt, icon, t};
use serde::Deserialize;

use super::{Ask, visitors_page};
use crate::access::{Principal, Role};
use crate::app::{App, Station};
use crate::appointments::{UNKNOWN_SLOT, WantedSlot};
use crate::pages::fields::{Fields, fresh_key, see_other};
use crate::pages::phone::render::names;
use crate::problem::ApiProblem;
use crate::zone::day_to_date;

/// What has been chosen so far.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Chosen {
    service: String,
    day: String,
}

pub(super) async fn show(
    State(app): State<App>,
    Extension(principal): Extension<Principal>,
    Query(ask): Query<Ask>,
    Query(chosen): Query<Chosen>,
    headers: HeaderMap,
) -> Markup {
    let language = ask.language(&headers);
    let service = ServiceId::new(&chosen.service).ok();
    let slots = service.and_then(|service| app.slots_info(&service));
    let day = chosen.day.parse::<BusinessDay>().ok();
    let step = Step {
        app: &app,
        language,
    };
    let offered = app.info.appointments.as_ref();
    let may = offered.is_some_and(|o| o.book_on_the_web || principal.role != Role::Public);
    let (here, content) = match (slots, day) {
        _ if !may => (
            "/book".to_owned(),
            html! { section class="pc end" { (icon(Icon::Calendar)) h1 { (bt!(language, "booking-off")) } } },
        ),
        (None, _) => ("/book".to_owned(), step.services()),
        (Some(slots), None) => (format!("/book?service={}", slots.service), step.days(slots)),
        (Some(slots), Some(day)) => (
            format!("/book?service={}&day={day}", slots.service),
            step.times(slots, day),
        ),
    };
    let title = t!(Texts::of(language), "booking-title");
    let content = html! {
        @if !ask.refused.is_empty() {
            section class="pc note" role="alert" { (icon(Icon::Warning)) p { (bt!(language, "booking-refused")) } }
        }
        (content)
    };
    visitors_page(&app.info, language, &title, &here, &content)
}

struct Step<'a> {
    app: &'a Station,
    language: Language,
}

impl Step<'_> {
    fn head(&self) -> Markup {
        html! {
            section class="pc" {
                h1 class="bk-h" { (bt!(self.language, "booking-title")) }
                p class="bk-p" { (bt!(self.language, "booking-hint")) }
            }
        }
    }

    fn services(&self) -> Markup {
        let language = self.language;
        let offered = self.app.info.appointments.iter().flat_map(|o| &o.services);
        html! {
            (self.head())
            section class="pc" aria-labelledby="which" {
                h2 id="which" { (bt!(language, "booking-choose-service")) }
                ul class="bk-list" {
                    @for slots in offered {
                        @if let Some(info) = self.app.info.service(&slots.service) {
                            li { a href={ "/book?service=" (slots.service) "&lang=" (language.tag()) } {
                                (icon(Icon::from_name(&info.icon).unwrap_or(Icon::Document)))
                                (names(&info.name, language))
                                (icon(Icon::Right))
                            } }
                        }
                    }
                }
            }
        }
    }

    /// What is chosen, and the way back.
    fn chosen(&self, slots: &SlotsInfo, day: Option<BusinessDay>) -> Markup {
        let language = self.language;
        let date = day.and_then(day_to_date);
        let service = day.map(|_| format!("service={}&", slots.service));
        let back = format!(
            "/book?{}lang={}",
            service.unwrap_or_default(),
            language.tag()
        );
        html! {
            section class="pc bk-so" {
                div {
                    @if let Some(info) = self.app.info.service(&slots.service) { h1 { (names(&info.name, language)) } }
                    @if let Some(date) = date { p class="day" { (format::day(Texts::of(language), date)) } }
                }
                a class="pb" href=(back) { (bt!(language, "kiosk-back")) }
            }
        }
    }

    fn days(&self, slots: &SlotsInfo) -> Markup {
        let language = self.language;
        let texts = Texts::of(language);
        html! {
            (self.chosen(slots, None))
            section class="pc" aria-labelledby="which" {
                h2 id="which" { (bt!(language, "booking-choose-day")) }
                ul class="bk-list two" {
                    @for day in self.app.bookable_days(slots) {
                        @let all = self.app.slots(slots, day);
                        @let free = all.iter().any(|slot| slot.open && slot.left > 0);
                        @let words = day_to_date(day).map(|date| format::day(texts, date));
                        li {
                            @if free {
                                a href={ "/book?service=" (slots.service) "&day=" (day) "&lang=" (language.tag()) } {
                                    (icon(Icon::Calendar)) span { (words.unwrap_or_default()) } (icon(Icon::Right))
                                }
                            } @else {
                                p class="full" {
                                    (icon(Icon::Cross)) span { (words.unwrap_or_default()) }
                                    small { @if all.is_empty() { (t!(texts, "booking-closed")) } @else { (t!(texts, "booking-full")) } }
                                }
                            }
                        }
                    }
                }
            }
        }
    }

    fn times(&self, slots: &SlotsInfo, day: BusinessDay) -> Markup {
        let language = self.language;
        let texts = Texts::of(language);
        let free = self.app.slots(slots, day);
        let free: Vec<_> = free
            .iter()
            .filter(|slot| slot.open && slot.left > 0)
            .collect();
        html! {
            (self.chosen(slots, Some(day)))
            section class="pc" aria-labelledby="which" {
                h2 id="which" { (bt!(language, "booking-choose-time")) }
                @if free.is_empty() { p { (bt!(language, "booking-none")) } }
                form class="bk-times" method="post" action="/book" {
                    input type="hidden" name="key" value=(fresh_key());
                    input type="hidden" name="lang" value=(language.tag());
                    input type="hidden" name="service" value=(slots.service);
                    @for slot in &free {
                        button type="submit" name="start" value=(slot.start.0) {
                            b { (hh_mm(self.app.civil(slot.start).time())) }
                            small { (t!(texts, "booking-left", count = slot.left)) }
                        }
                    }
                }
            }
            p class="rule" { (bt!(language, "booking-hint")) }
        }
    }
}

pub(super) async fn act(
    State(app): State<App>,
    Extension(principal): Extension<Principal>,
    fields: Fields,
) -> Result<Response, ApiProblem> {
    let key = fields.request_key(&principal, "/book");
    let language = fields.get("lang").and_then(Language::parse);
    let language = language.unwrap_or_default();
    let missing = || ApiProblem::invalid("the form says no service or time");
    let service: ServiceId = fields.parse("service")?.ok_or_else(missing)?;
    let start: i64 = fields.parse("start")?.ok_or_else(missing)?;
    let slot = StationTime(start);
    let channel = if principal.role == Role::Public {
        "web"
    } else {
        "greeter"
    };
    let wanted = WantedSlot {
        service: service.clone(),
        slot,
        language: LanguageTag::new(language.tag()).ok(),
        channel: ServiceId::new(channel)?,
    };
    let lang = language.tag();
    match app.book(&principal, &key, wanted).await {
        Ok(id) => Ok(see_other(&format!("/a/{id}?lang={lang}"))),
        // Somebody was faster, or the hours have changed since the page was made.
        Err(problem) if problem.status == StatusCode::CONFLICT || problem.code == UNKNOWN_SLOT => {
            let day = app.date(slot);
            Ok(see_other(&format!(
                "/book?service={service}&day={day}&lang={lang}&refused={}",
                problem.code
            )))
        }
        Err(problem) => Ok(problem.into_response()),
    }
}
