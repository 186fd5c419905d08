//! What stands on the tickets: the layout as text, and pictures of what becomes of it. Nothing is kept; the layout in use
//! is that of the station file.

use std::borrow::Cow;
use std::sync::Arc;

use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use firmware_config::profile::PrinterHead;
use maud::{Markup, html};
use screens::{Icon, Language, Texts, icon, t};
use serde::Deserialize;
use station_config::TomlError;
use station_config::ticket::{BUILT_IN, TicketLayout};

use super::fields::Fields;
use super::frame::Frame;
use super::look::Look;
use crate::access::Permission;
use crate::app::{App, Station};
use crate::http::Route;
use crate::paper::{Picture, Sample, TicketPapers, Wanted, pictures};
use crate::problem::ApiProblem;

const PATH: &str = "/admin/ticket";
/// Pixels of a screen for a millimetre of paper: a little more than life-size.
const PX_PER_MM: f64 = 4.5;

/// Its routes.
pub(super) fn routes() -> Vec<Route> {
    vec![
        Route::get(PATH, Permission::Administer, show),
        Route::post(PATH, Permission::Administer, attempt),
    ]
}

/// What of a ticket is looked at, by name; what is not known is the first there is.
#[derive(Deserialize)]
struct Asked {
    paper: Option<String>,
    sample: Option<String>,
}

async fn show(
    State(app): State<App>,
    look: Look,
    Query(asked): Query<Asked>,
) -> Result<Markup, ApiProblem> {
    let (paper, sample) = (asked.paper.as_deref(), asked.sample.as_deref());
    let view = View::of(&app, look, paper, sample, in_use(&app.tickets));
    let layout = Ok(app.tickets.layout.clone());
    view.page(&app, layout).await
}

/// Shows what would become of another layout.
async fn attempt(
    State(app): State<App>,
    look: Look,
    fields: Fields,
) -> Result<Response, ApiProblem> {
    let (paper, sample) = (fields.get("paper"), fields.get("sample"));
    // Browsers send both characters of a line's end.
    let text = fields
        .get("layout")
        .unwrap_or_default()
        .replace("\r\n", "\n");
    // Logos are read from the disk.
    let (station, written) = (app.clone(), text.clone());
    let read = tokio::task::spawn_blocking(move || {
        let tickets = &station.tickets;
        TicketLayout::parse(&tickets.file_name, &written, &tickets.papers)
    });
    let read = read.await.map_err(internal)?;
    let layout = read.map_err(|mistakes| mistakes.mistakes().to_vec());
    let view = View::of(&app, look, paper, sample, text.into());
    Ok(view.page(&app, layout).await?.into_response())
}

fn internal(error: impl std::fmt::Display) -> ApiProblem {
    let status = StatusCode::INTERNAL_SERVER_ERROR;
    ApiProblem::new(status, "internal", error.to_string())
}

/// The layout in use as text.
fn in_use(tickets: &TicketPapers) -> Cow<'static, str> {
    if tickets.layout == TicketLayout::default() {
        return BUILT_IN.into();
    }
    // It was read from such a text.
    tickets.layout.to_toml().unwrap_or_default().into()
}

/// One view of the page.
struct View<'a> {
    station: &'a Station,
    look: Look,
    papers: Vec<(String, PrinterHead)>,
    /// Which of them.
    paper: usize,
    samples: Vec<Sample>,
    sample: Sample,
    /// The layout as it was written.
    text: Cow<'static, str>,
}

impl<'a> View<'a> {
    fn of(
        station: &'a Station,
        look: Look,
        paper: Option<&str>,
        sample: Option<&str>,
        text: Cow<'static, str>,
    ) -> Self {
        let papers = station.tickets.heads();
        let is_asked = |(name, _): &(String, PrinterHead)| Some(name.as_str()) == paper;
        Self {
            station,
            look,
            paper: papers.iter().position(is_asked).unwrap_or(0),
            papers,
            samples: Sample::of(&station.info).collect(),
            sample: sample.and_then(Sample::parse).unwrap_or(Sample::Usual),
            text,
        }
    }

    async fn page(
        &self,
        app: &App,
        layout: Result<TicketLayout, Vec<TomlError>>,
    ) -> Result<Markup, ApiProblem> {
        let drawn = match (layout, self.papers.get(self.paper)) {
            (Ok(layout), Some((_, head))) => {
                let wanted = Wanted {
                    layout: Arc::new(layout),
                    head: *head,
                    sample: self.sample,
                };
                Ok((*head, draw(app.clone(), wanted).await?))
            }
            (Ok(_), None) => Err(vec![]),
            (Err(mistakes), _) => Err(mistakes),
        };
        let texts = self.look.texts();
        let frame = Frame {
            station: self.station.info.name.get(self.look.language.tag()),
            look: self.look,
            title: &t!(texts, "admin-ticket"),
            here: PATH,
            class: "lg wide",
            js: &[],
        };
        Ok(frame.around(&html! {
            (self.form())
            @match &drawn {
                Ok((head, pictures)) => (self.pictures(*head, pictures)),
                Err(mistakes) => (self.mistakes(mistakes)),
            }
        }))
    }

    fn form(&self) -> Markup {
        let texts = self.look.texts();
        html! {
            form method="post" action=(self.look.href(PATH)) class="lg-form" {
                p class="hint" { (t!(texts, "admin-ticket-hint")) }
                label for="paper" { (t!(texts, "admin-ticket-paper")) }
                select id="paper" name="paper" {
                    @for (at, (name, head)) in self.papers.iter().enumerate() {
                        @let width_mm = head.width_dots / u16::from(head.dots_per_mm.max(1));
                        option value=(name) selected[at == self.paper] {
                            (name) " · " (width_mm) " mm · " (head.dots_per_mm) "/mm"
                        }
                    }
                }
                label for="sample" { (t!(texts, "admin-ticket-case")) }
                select id="sample" name="sample" {
                    @for sample in &self.samples {
                        option value=(sample.word()) selected[*sample == self.sample] { (name_of(texts, *sample)) }
                    }
                }
                label for="layout" { (t!(texts, "admin-ticket-layout")) }
                textarea id="layout" name="layout" class="lg-toml" rows="18" spellcheck="false" autocapitalize="none"
                    autocomplete="off" wrap="off" { (self.text) }
                button type="submit" class="lg-go" { (t!(texts, "admin-ticket-show")) }
            }
        }
    }

    fn mistakes(&self, mistakes: &[TomlError]) -> Markup {
        let texts = self.look.texts();
        html! {
            div class="lg-no" role="alert" {
                (icon(Icon::Warning))
                div {
                    p { (t!(texts, "admin-ticket-wrong")) }
                    ul lang="en" {
                        @for mistake in mistakes {
                            li { (mistake.line) ":" (mistake.column) " " (mistake.message)
                                @if let Some(expected) = &mistake.expected { ", expected " (expected) } }
                        }
                    }
                }
            }
        }
    }

    fn pictures(&self, head: PrinterHead, pictures: &[Picture]) -> Markup {
        let texts = self.look.texts();
        let pixels = |dots: usize| {
            let millimetres = dots as f64 / f64::from(head.dots_per_mm.max(1));
            (millimetres * PX_PER_MM).round()
        };
        html! {
            ul class="lg-papers" {
                @for picture in pictures {
                    @let language = picture.language.own_name();
                    li {
                        h2 lang=(picture.language.tag()) { (language) }
                        img src={ "data:image/png;base64," (STANDARD.encode(&picture.png)) }
                            width=(pixels(picture.width_dots)) height=(pixels(picture.height_dots))
                            alt=(t!(texts, "admin-ticket-in", language = language));
                    }
                }
            }
        }
    }
}

/// Draws in a thread of its own.
async fn draw(app: App, wanted: Wanted) -> Result<Vec<Picture>, ApiProblem> {
    let drawing = tokio::task::spawn_blocking(move || {
        let engine = app.live.engine();
        let plan = engine.plan().clone();
        drop(engine);
        pictures(&plan, &app.info, &wanted, &Language::ALL)
    });
    let drawn = drawing.await.map_err(anyhow::Error::from).flatten();
    drawn.map_err(internal)
}

fn name_of(texts: &'static Texts, sample: Sample) -> Cow<'static, str> {
    match sample {
        Sample::Usual => t!(texts, "admin-ticket-usual"),
        Sample::Priority => t!(texts, "admin-ticket-priority"),
        Sample::Appointment => t!(texts, "admin-ticket-appointment"),
        Sample::Session => t!(texts, "admin-ticket-session"),
        Sample::Matters => t!(texts, "admin-ticket-matters"),
        Sample::Identity => t!(texts, "admin-ticket-identity"),
        Sample::Reprint => t!(texts, "admin-ticket-reprint"),
    }
}
