//! The chief's pages: live, history, definitions, opening and closing the business day.

mod advice;
mod attention;
mod balance;
mod bars;
mod day;
mod definitions;
mod distribution;
mod heat;
mod history;
mod life;
mod live;
mod live_chart;
mod live_view;
mod past;
mod period;
mod process;
mod reading;
mod rules;
#[cfg(test)]
mod samples;
mod supervise;
mod svg;
mod table;
mod tickets;
mod tiles;

pub(crate) use reading::EarlierDays;

use maud::{Markup, html};
use screens::shell::page;
use screens::{Icon, PageHead, icon, t};

use super::look::Look;
use crate::access::{Permission, Principal};
use crate::app::Station;
use crate::http::Route;

/// How often a live page comes anew where there is no script, seconds.
const NOSCRIPT_S: u32 = 30;

/// Their routes.
pub(super) fn routes() -> Vec<Route> {
    use Permission::{ReadFigures, RunDay, Supervise};
    vec![
        Route::get("/chief", ReadFigures, live::page),
        Route::get("/chief/day", RunDay, day::ask),
        Route::post("/chief/day", RunDay, day::act),
        Route::get("/chief/rules", Supervise, rules::ask),
        Route::post("/chief/rules", Supervise, rules::act),
        Route::get("/chief/history", ReadFigures, history::page),
        Route::get("/chief/history.csv", ReadFigures, history::csv),
        Route::get("/chief/tickets/{id}", ReadFigures, life::page),
        Route::post("/chief/tickets/{id}", Supervise, supervise::act),
        Route::get("/chief/definitions", ReadFigures, definitions::page),
    ]
}

/// Which of the chief's pages one is on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    Live,
    History,
    Definitions,
}

/// A page with its menu; `here` is its own address without the look. A live one is kept fresh.
struct Chrome<'a> {
    place: Place,
    title: &'a str,
    here: &'a str,
    is_live: bool,
}

impl Chrome<'_> {
    /// The whole document around `content`, which begins with the page's own header.
    fn document(
        &self,
        station: &Station,
        principal: &Principal,
        look: Look,
        content: &Markup,
    ) -> Markup {
        let css = [super::asset("chief.css")];
        let js = self.is_live.then(|| super::asset("chief.js"));
        let head = PageHead {
            css: &css,
            js: js.as_slice(),
            theme: look.theme,
            noscript_refresh_s: self.is_live.then_some(NOSCRIPT_S),
            body_class: "db",
            ..PageHead::new(look.language, self.title)
        };
        page(
            &head,
            html! {
                (self.menu(station, principal, look))
                div class="wrap" id="app" { (content) }
            },
        )
    }

    fn menu(&self, station: &Station, principal: &Principal, look: Look) -> Markup {
        let texts = look.texts();
        let places = [
            (Place::Live, "/chief", Icon::Grid, t!(texts, "chief-live")),
            (
                Place::History,
                "/chief/history",
                Icon::Chart,
                t!(texts, "chief-history"),
            ),
            (
                Place::Definitions,
                "/chief/definitions",
                Icon::Document,
                t!(texts, "chief-definitions"),
            ),
        ];
        let name = principal
            .staff
            .as_ref()
            .and_then(|id| station.access.staff_member(id.as_str()))
            .map_or(principal.name.as_str(), |member| member.name.as_str());
        let role = texts.get(&format!("role-{}", principal.role.word()), &[]);
        html! {
            nav class="nav" aria-label=(t!(texts, "chief-menu")) {
                p class="br" {
                    (station.info.name.get(look.language.tag()))
                    small lang=(look.language.companion().tag()) {
                        (station.info.name.get(look.language.companion().tag()))
                    }
                }
                @for (place, path, symbol, words) in places {
                    a href=(look.href(path)) aria-current=[(place == self.place).then_some("page")] {
                        (icon(symbol)) (words)
                    }
                }
                a href="/" { (icon(Icon::Back)) (t!(texts, "chief-home")) }
                div class="foot" {
                    (look.switches(self.here))
                    p class="me" {
                        i aria-hidden="true" { (name.chars().next().unwrap_or('·')) }
                        span { (name) small { (role) } }
                    }
                }
            }
        }
    }
}
