//! Sheets that staff have printed by a kiosk's printer: what a visitor is to bring, and the figures of the day. They go the
//! same way as tickets, so the page says what became of each.

mod lines;

use axum::Extension;
use axum::extract::{Query, State};
use axum::response::{IntoResponse, Response};
use maud::{Markup, html};
use protocol::{ServiceInfo, SheetLine};
use queue_core::{CommandId, PrintOutcome, ServiceId};
use screens::{Icon, Language, Texts, icon, t};
use serde::Deserialize;

use super::device_words::{name_of, status_of};
use super::fields::{Fields, hh_mm, refusal, see_other};
use super::frame::Frame;
use super::look::Look;
use crate::access::{Permission, Principal};
use crate::app::{App, Station};
use crate::http::Route;
use crate::hub::{Sheet, SheetAbout};
use crate::paper::Notice;
use crate::problem::ApiProblem;
use crate::reports::{By, Level, StatsQuery};

/// Its address.
const HERE: &str = "/sheets";
/// Values of the field that says what is printed.
const PAPERS: &str = "papers";
const DAY: &str = "day";
/// Papers that somebody does not have, by their places in the list.
const MISSING: &str = "missing";

/// Its routes.
pub(super) fn routes() -> Vec<Route> {
    vec![
        Route::get(HERE, Permission::Greet, show),
        Route::post(HERE, Permission::Greet, print),
    ]
}

/// What came of the last form, and what had been chosen in it.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Came {
    /// Why it was refused.
    refused: Option<String>,
    service: String,
    language: String,
    printer: String,
    /// Whether the papers are to be ticked one by one.
    tick: bool,
}

async fn show(
    State(app): State<App>,
    Extension(who): Extension<Principal>,
    look: Look,
    Query(came): Query<Came>,
) -> Markup {
    Page {
        app: &app,
        look,
        sees_figures: who.may(Permission::ReadFigures),
    }
    .whole(&came)
}

async fn print(
    State(app): State<App>,
    Extension(who): Extension<Principal>,
    look: Look,
    fields: Fields,
) -> Response {
    let refused = match carry_out(&app, &who, look, &fields).await {
        Ok(()) => String::new(),
        Err(problem) => format!("&refused={}", problem.code),
    };
    let kept = ["service", "language", "printer"].map(|name| {
        let value = fields.get(name).unwrap_or_default();
        format!("{name}={}", crate::access::encode(value))
    });
    let address = format!("{HERE}?{}{refused}", kept.join("&"));
    see_other(&look.href(&address)).into_response()
}

async fn carry_out(
    app: &Station,
    who: &Principal,
    look: Look,
    fields: &Fields,
) -> Result<(), ApiProblem> {
    let (about, lines) = match fields.get("about") {
        Some(PAPERS) => papers(app, fields)?,
        Some(DAY) if who.may(Permission::ReadFigures) => {
            (SheetAbout::Day, day(app, look.language).await?)
        }
        Some(DAY) => return Err(ApiProblem::forbidden("the figures are not for everybody")),
        _ => return Err(ApiProblem::invalid("`about` says what is printed")),
    };
    let sheet = Sheet {
        id: CommandId(uuid::Uuid::new_v4().as_u128()),
        about,
        printer: fields.get("printer").unwrap_or_default().to_owned(),
        at: app.live.now(),
        outcome: None,
    };
    match app.hub.print_sheet(sheet, lines) {
        true => Ok(()),
        false => Err(ApiProblem::not_found(
            "printer_unknown",
            "no kiosk that is connected has this printer",
        )),
    }
}

/// Between a service and its case in the value of a form.
const CASE_OF: char = '/';

/// Between a case and the place of one of its papers.
const NTH_OF: char = '#';

/// What a notice is about: a service, or one of its cases.
fn notice<'a>(app: &'a Station, chosen: &str, language: &str) -> Option<Notice<'a>> {
    let (service, case) = match chosen.split_once(CASE_OF) {
        Some((service, case)) => (service, Some(case)),
        None => (chosen, None),
    };
    let service = app.info.service(&ServiceId::new(service).ok()?)?;
    let matter = match case {
        None => None,
        Some(id) => {
            let guide = app.info.guide.as_ref()?;
            Some(guide.matter(&id.parse().ok()?)?).filter(|m| m.service == service.id)
        }
    };
    (case.is_none() || matter.is_some()).then(|| Notice {
        station: &app.info,
        service,
        matter,
        language: Language::parse(language).unwrap_or_default(),
    })
}

fn papers(app: &Station, fields: &Fields) -> Result<(SheetAbout, Vec<SheetLine>), ApiProblem> {
    let word = |name: &str| fields.get(name).unwrap_or_default();
    let notice = notice(app, word("service"), word("language"));
    let notice = notice.ok_or(queue_core::Rejected::UnknownService)?;
    if notice.papers().is_empty() {
        return Err(ApiProblem::not_found(
            "no_papers_listed",
            "the station file lists no papers for it",
        ));
    }
    // What was ticked in the list of another case is not of this one.
    let of_this = |value: &'_ str| {
        let (of, nth) = value.split_once(NTH_OF)?;
        (of == word("service")).then(|| nth.parse().ok())?
    };
    let missing: Vec<usize> = fields.all(MISSING).filter_map(of_this).collect();
    let at = now_in_words(app);
    let lines = match missing.as_slice() {
        [] => notice.lines(&at),
        missing => notice.lines_of_missing(missing, &at),
    };
    Ok((SheetAbout::Papers(notice.service.id.clone()), lines))
}

async fn day(app: &Station, language: Language) -> Result<Vec<SheetLine>, ApiProblem> {
    let today = app.live.zone().date(app.live.now());
    let of = |by| StatsQuery {
        from: today,
        to: today,
        by,
        level: Level::default(),
    };
    let reports = [
        app.figures(of(None)).await?,
        app.figures(of(Some(By::Service))).await?,
        app.figures(of(Some(By::Counter))).await?,
    ];
    Ok(lines::day(
        &app.info,
        language,
        &now_in_words(app),
        &reports,
    ))
}

fn now_in_words(app: &Station) -> String {
    let (zone, now) = (app.live.zone(), app.live.now());
    format!("{} {}", zone.date(now), hh_mm(zone.time_zone(), now))
}

struct Page<'a> {
    app: &'a Station,
    look: Look,
    sees_figures: bool,
}

impl Page<'_> {
    fn texts(&self) -> &'static Texts {
        self.look.texts()
    }

    fn whole(&self, came: &Came) -> Markup {
        let texts = self.texts();
        let printers = self.app.hub.printers();
        let content = html! {
            @if let Some(code) = &came.refused {
                p class="lg-no" role="alert" { (icon(Icon::Warning)) (refusal(texts, code)) }
            }
            div class="lg-two" {
                div class="lg-side" {
                    @if printers.is_empty() {
                        p class="lg-no" role="status" { (icon(Icon::Printer)) (t!(texts, "sheets-no-printer")) }
                    }
                    (self.papers(came, &printers))
                    @if self.sees_figures { (self.day(came, &printers)) }
                }
                (self.last())
            }
        };
        Frame {
            station: self.app.info.name.get(self.look.language.tag()),
            look: self.look,
            title: &t!(texts, "sheets-title"),
            here: HERE,
            class: "lg wide",
            js: &[super::asset("devices.js")],
        }
        .around(&content)
    }

    fn papers(&self, came: &Came, printers: &[(String, String, bool)]) -> Markup {
        let texts = self.texts();
        let listed = self.listed();
        html! {
            form class="lg-form" method="post" action=(self.look.href(HERE)) {
                h2 { (t!(texts, "sheets-papers")) }
                p class="hint" { (t!(texts, "sheets-papers-help")) }
                input type="hidden" name="about" value=(PAPERS);
                label for="service" { (t!(texts, "sheets-service")) }
                select id="service" name="service" {
                    @for (value, name) in &listed {
                        option value=(value) selected[*value == came.service] { (name) }
                    }
                }
                label for="language" { (t!(texts, "greeter-language")) }
                select id="language" name="language" {
                    @for one in Language::ALL {
                        option value=(one.tag()) lang=(one.tag()) selected[one.tag() == came.language] { (one.own_name()) }
                    }
                }
                (self.look.fields())
                (self.to_tick(came))
                (self.printer("papers-printer", came, printers))
            }
        }
    }

    /// The services with papers, each followed by its cases.
    fn listed(&self) -> Vec<(String, String)> {
        let tag = self.look.language.tag();
        let info = &self.app.info;
        let of_service = |service: &ServiceInfo| {
            let name = service.name.get(tag);
            let whole =
                (!service.documents.is_empty()).then(|| (service.id.to_string(), name.to_owned()));
            let cases = info.guide.iter().flat_map(|guide| &guide.matters);
            let cases = cases.filter(|m| m.service == service.id && !m.papers.is_empty());
            let cases = cases.filter_map(|matter| {
                let case = matter.case.as_ref()?.get(tag);
                let value = format!("{}{CASE_OF}{}", service.id, matter.id);
                Some((value, format!("{name} — {case}")))
            });
            whole.into_iter().chain(cases).collect::<Vec<_>>()
        };
        info.services.iter().flat_map(of_service).collect()
    }

    /// The papers one by one, for who has some of them; before that the way to them.
    fn to_tick(&self, came: &Came) -> Markup {
        let texts = self.texts();
        let tag = self.look.language.tag();
        let chosen = notice(self.app, &came.service, &came.language).filter(|_| came.tick);
        html! {
            @if let Some(notice) = chosen {
                fieldset class="lg-ticks" {
                    legend { (t!(texts, "sheets-tick")) }
                    p class="hint" { (t!(texts, "sheets-tick-help")) }
                    @for (nth, paper) in notice.papers().iter().enumerate() {
                        label { input type="checkbox" name=(MISSING) value=(format!("{}{NTH_OF}{nth}", came.service)); span { (paper.get(tag)) } }
                    }
                }
            }
            button class="lg-second" name="tick" value="true" formmethod="get" formaction=(HERE) { (icon(Icon::Check)) (t!(texts, "sheets-tick")) }
        }
    }

    fn day(&self, came: &Came, printers: &[(String, String, bool)]) -> Markup {
        let texts = self.texts();
        html! {
            form class="lg-form" method="post" action=(self.look.href(HERE)) {
                h2 { (t!(texts, "sheets-day")) }
                p class="hint" { (t!(texts, "sheets-day-help")) }
                input type="hidden" name="about" value=(DAY);
                (self.printer("day-printer", came, printers))
            }
        }
    }

    /// Where it is printed, those that can print first, and the button.
    fn printer(&self, id: &str, came: &Came, printers: &[(String, String, bool)]) -> Markup {
        let texts = self.texts();
        let mut printers: Vec<_> = printers.iter().collect();
        printers.sort_by_key(|(.., can_print)| !can_print);
        html! {
            label for=(id) { (t!(texts, "sheets-printer")) }
            select id=(id) name="printer" {
                @for (_, printer, can_print) in &printers {
                    option value=(printer) selected[*printer == came.printer] {
                        (name_of(texts, printer))
                        @if !can_print { " — " (t!(texts, "sheets-out-of-order")) }
                    }
                }
            }
            button class="lg-go" type="submit" disabled[printers.is_empty()] { (t!(texts, "sheets-print")) }
        }
    }

    /// What was ordered lately, and what became of it.
    fn last(&self) -> Markup {
        let texts = self.texts();
        let sheets = self.app.hub.sheets();
        let tag = self.look.language.tag();
        html! {
            section class="lg-card" id="last" data-part {
                h2 { (t!(texts, "sheets-last")) }
                @if sheets.is_empty() { p class="hint" { (t!(texts, "sheets-none")) } }
                ul class="lg-agents" {
                    @for sheet in &sheets {
                        li {
                            h3 {
                                @match &sheet.about {
                                    SheetAbout::Papers(service) => {
                                        (self.app.info.service(service).map_or(service.as_str(), |s| s.name.get(tag)))
                                    }
                                    SheetAbout::Day => (t!(texts, "sheets-day")),
                                }
                                small { (hh_mm(self.app.live.zone().time_zone(), sheet.at)) " · " (name_of(texts, &sheet.printer)) }
                            }
                            (outcome(texts, sheet.outcome.as_ref()))
                        }
                    }
                }
            }
        }
    }
}

fn outcome(texts: &'static Texts, outcome: Option<&PrintOutcome>) -> Markup {
    html! {
        @match outcome {
            None => p { (icon(Icon::Clock)) " " (t!(texts, "sheets-printing")) },
            Some(PrintOutcome::Printed) => p class="ok" { (icon(Icon::Check)) " " (t!(texts, "sheets-printed")) },
            Some(PrintOutcome::Failed { cause }) => p class="bad" {
                (icon(Icon::Warning)) " " (t!(texts, "sheets-failed", why = status_of(texts, cause)))
            },
            Some(PrintOutcome::Unknown { .. }) => p class="bad" { (icon(Icon::Warning)) " " (t!(texts, "sheets-unknown")) },
        }
    }
}
