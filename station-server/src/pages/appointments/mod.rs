//! Appointments: the public page on which one books, the visitor's page of an appointment, and the staff's list of a day.
//! All of them are links and forms and need no script.

mod book;
mod list;
mod own;

use axum::http::{HeaderMap, header};
use jiff::Timestamp;
use jiff::civil::Date;
use maud::{Markup, html};
use protocol::StationInfo;
use queue_core::StationTime;
use screens::{Icon, Language, PageHead, icon, page, t};
use serde::Deserialize;

use super::asset;
use crate::access::Permission::{Book, SeeAppointments, Visit};
use crate::app::Station;
use crate::http::Route;

/// Their routes.
pub(super) fn routes() -> Vec<Route> {
    vec![
        Route::get("/book", Book, book::show),
        Route::post("/book", Book, book::act),
        Route::get("/a/{id}", Visit, own::show),
        Route::post("/a/{id}/cancel", Visit, own::cancel),
        Route::post("/a/{id}/check-in", Visit, own::check_in),
        Route::get("/appointments", SeeAppointments, list::show),
        Route::post("/appointments", SeeAppointments, list::act),
    ]
}

/// `?lang=&refused=`.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Ask {
    lang: String,
    refused: String,
}

impl Ask {
    /// The language of the address, else the browser's, else Chinese.
    pub(super) fn language(&self, headers: &HeaderMap) -> Language {
        let wanted = headers
            .get(header::ACCEPT_LANGUAGE)
            .and_then(|v| v.to_str().ok());
        Language::parse(&self.lang)
            .or_else(|| wanted.and_then(Language::from_accept_language))
            .unwrap_or_default()
    }
}

/// A visitor's page: the station's name, the languages, and `content`. `here` is the page's address with its query, to
/// which the language is added.
pub(super) fn visitors_page(
    info: &StationInfo,
    language: Language,
    title: &str,
    here: &str,
    content: &Markup,
) -> Markup {
    let texts = screens::Texts::of(language);
    let css = [asset("phone.css"), asset("booking.css")];
    let head = PageHead {
        css: &css,
        body_class: "ph",
        ..PageHead::new(language, title)
    };
    let mark = if here.contains('?') { '&' } else { '?' };
    page(
        &head,
        html! {
            header class="p-top" {
                span class="st" { (info.name.get(language.tag())) }
                span class="b" {
                    details id="languages" {
                        summary aria-label={ (t!(texts, "language")) "：" (language.own_name()) } {
                            (icon(Icon::Globe)) span { (language.own_name()) }
                        }
                        nav aria-label=(t!(texts, "language")) {
                            @for other in Language::ALL {
                                a href={ (here) (mark) "lang=" (other.tag()) } lang=(other.tag())
                                    aria-current=[(other == language).then_some("true")] { (other.own_name()) }
                            }
                        }
                    }
                }
            }
            main class="p-main" { (content) }
        },
    )
}

impl Station {
    /// The calendar date of a moment in the station.
    fn date(&self, at: StationTime) -> Date {
        let stamp = Timestamp::from_millisecond(at.0).unwrap_or(Timestamp::UNIX_EPOCH);
        stamp.to_zoned(self.timezone.clone()).date()
    }
}
