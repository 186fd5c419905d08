//! The page of the staff at the entrance: give out a number, check identities, help with a number.

use axum::Extension;
use axum::extract::{Query, State};
use axum::response::{IntoResponse, Response};
use maud::{Markup, html};
use queue_core::{
    ClassId, Command, IdentityDocument, IdentityRefusal, LanguageTag, NewTicket, NumberOrTicket,
    Rejected, Reply, ServiceId, Terms, TicketId, TicketNumber, TicketState,
};
use screens::{Icon, Language, PageHead, Texts, icon, page, t};
use serde::Deserialize;

use super::fields::{Fields, fresh_key, hh_mm, refusal, see_other};
use super::look::Look;
use crate::access::{Permission, Principal};
use crate::app::{App, Station, new_ticket_id};
use crate::http::Route;
use crate::problem::ApiProblem;

/// Its address.
const HERE: &str = "/greeter";
/// How often the page comes anew where there is no script, seconds.
const NOSCRIPT_S: u32 = 30;

/// Its routes.
pub(super) fn routes() -> Vec<Route> {
    vec![
        Route::get(HERE, Permission::Greet, show),
        Route::post(HERE, Permission::Greet, act),
    ]
}

/// What came of the last form.
#[derive(Debug, Default, Deserialize)]
struct Came {
    /// The ticket it was about.
    ticket: Option<String>,
    /// Why it was refused.
    refused: Option<String>,
}

async fn show(State(app): State<App>, look: Look, Query(came): Query<Came>) -> Markup {
    let key = fresh_key();
    Greeter {
        app: &app,
        look,
        key: &key,
    }
    .page(&came)
}

async fn act(
    State(app): State<App>,
    Extension(who): Extension<Principal>,
    look: Look,
    fields: Fields,
) -> Response {
    let came = match carry_out(&app, &who, &fields).await {
        Ok(ticket) => format!("{HERE}?ticket={ticket}"),
        Err(problem) => format!("{HERE}?refused={}", problem.code),
    };
    see_other(&look.href(&came)).into_response()
}

async fn carry_out(
    app: &Station,
    who: &Principal,
    fields: &Fields,
) -> Result<TicketId, ApiProblem> {
    let target = || -> Result<NumberOrTicket, ApiProblem> {
        if let Some(id) = fields.parse::<TicketId>("ticket")? {
            return Ok(NumberOrTicket::Ticket(id));
        }
        let typed = fields.get("number").unwrap_or_default().to_uppercase();
        let number: TicketNumber = typed.parse().map_err(|_| Rejected::UnknownTicket)?;
        Ok(NumberOrTicket::Number(number))
    };
    let word = |name: &str| fields.get(name).unwrap_or_default().to_owned();
    let command = match fields.get("act") {
        Some("issue") => Command::IssueTicket(wanted(fields)?),
        Some("verify") => Command::VerifyIdentity {
            target: target()?,
            document: coded(&IdentityDocument::ALL, |d| d.code(), &word("document"))?,
        },
        Some("refuse") => Command::RefuseIdentity {
            target: target()?,
            reason: coded(&IdentityRefusal::ALL, |r| r.code(), &word("reason"))?,
        },
        Some("return") => Command::ReturnTicket { target: target()? },
        Some("reroute") => Command::Reroute {
            target: target()?,
            to_service: fields
                .parse::<ServiceId>("service")?
                .ok_or(Rejected::UnknownService)?,
        },
        _ => return Err(ApiProblem::invalid("`act` says what to do")),
    };
    let key = fields.request_key(who, HERE);
    let answer = app.submit(who, &key, command).await?;
    match answer.reply {
        Reply::Issued { ticket } | Reply::Called { ticket, .. } => Ok(ticket),
        Reply::Done {
            ticket: Some(ticket),
        } => Ok(ticket),
        Reply::Done { ticket: None } | Reply::Booked { .. } => named(app, &target()?),
    }
}

/// The ticket of a command that had nothing left to do.
fn named(app: &Station, target: &NumberOrTicket) -> Result<TicketId, ApiProblem> {
    let engine = app.live.engine();
    let id = match target {
        NumberOrTicket::Ticket(id) => Some(*id),
        NumberOrTicket::Number(number) => engine.ticket_by_number(number).map(|t| t.id),
    };
    Ok(id.ok_or(Rejected::UnknownTicket)?)
}

fn coded<T: Copy>(
    all: &[T],
    code: impl Fn(T) -> &'static str,
    word: &str,
) -> Result<T, ApiProblem> {
    let found = all.iter().copied().find(|one| code(*one) == word);
    found.ok_or_else(|| ApiProblem::invalid(format!("`{word}` is not one of the codes")))
}

fn wanted(fields: &Fields) -> Result<NewTicket, ApiProblem> {
    let channel = ServiceId::new("greeter").map_err(|_| Rejected::UnknownService)?;
    Ok(NewTicket {
        ticket: new_ticket_id(),
        service: fields
            .parse::<ServiceId>("service")?
            .ok_or(Rejected::UnknownService)?,
        then: vec![],
        class: fields.parse::<ClassId>("class")?,
        language: fields.parse::<LanguageTag>("language")?,
        channel,
        persons: fields.parse("persons")?.unwrap_or(1),
        terms: Terms {
            person: None,
            overrule: fields.get("overrule").is_some(),
        },
    })
}

struct Greeter<'a> {
    app: &'a Station,
    look: Look,
    key: &'a str,
}

impl Greeter<'_> {
    fn texts(&self) -> &'static Texts {
        self.look.texts()
    }

    fn page(&self, came: &Came) -> Markup {
        let texts = self.texts();
        let css = [super::asset("login.css"), super::asset("greeter.css")];
        let js = [super::asset("front.js")];
        let title = t!(texts, "greeter-title");
        let head = PageHead {
            css: &css,
            js: &js,
            theme: self.look.theme,
            body_class: "lg gr",
            noscript_refresh_s: Some(NOSCRIPT_S),
            ..PageHead::new(self.look.language, &title)
        };
        page(
            &head,
            html! {
                header class="lg-top" {
                    (icon(Icon::Users)) h1 { (title) }
                    (self.waiting())
                    a href="/" { (icon(Icon::Back)) (t!(texts, "chief-home")) }
                }
                main id="app" class="gr-main" {
                    div class="gr-wide" { (self.came(came)) }
                    (self.issue())
                    div class="gr-side" {
                        (self.unverified())
                        (self.number())
                        (self.look.switches(HERE))
                    }
                }
            },
        )
    }

    fn waiting(&self) -> Markup {
        let waiting: usize = self.app.board().services.iter().map(|s| s.waiting).sum();
        html! { p id="all" class="gr-all" data-part { (t!(self.texts(), "greeter-waiting", count = waiting)) } }
    }

    fn service(&self, id: &ServiceId) -> String {
        let tag = self.look.language.tag();
        let info = self.app.info.service(id);
        info.map_or_else(
            || id.to_string(),
            |info| info.short_name.get(tag).to_owned(),
        )
    }

    /// What the last form did.
    fn came(&self, came: &Came) -> Markup {
        let texts = self.texts();
        if let Some(code) = &came.refused {
            return html! { p class="lg-no" role="alert" { (icon(Icon::Warning)) (refusal(texts, code)) } };
        }
        let id = came.ticket.as_ref().and_then(|id| id.parse().ok());
        let view = id.and_then(|id| self.app.ticket_view(id));
        let Some(ticket) = view else {
            return html! {};
        };
        let number = ticket.number.to_string();
        let place = self.app.info.identity_desk.as_ref();
        let place = place.map_or("", |place| place.get(self.look.language.tag()));
        html! {
            section class="lg-code gr-done" role="status" {
                b class="num" { (number) }
                p {
                    (self.service(&ticket.service)) " · "
                    @match ticket.state {
                        TicketState::Unverified => (t!(texts, "greeter-unverified", place = place)),
                        TicketState::Waiting => (t!(texts, "greeter-in-line", count = ticket.ahead)),
                        TicketState::Cancelled => (t!(texts, "greeter-cancelled")),
                        _ => (t!(texts, "greeter-changed")),
                    }
                }
                a href=(self.app.ticket_url(ticket.id)) { (icon(Icon::Phone)) (t!(texts, "greeter-page")) }
            }
        }
    }

    fn hidden(&self, act: &str) -> Markup {
        html! {
            input type="hidden" name="key" value=(self.key);
            input type="hidden" name="act" value=(act);
        }
    }

    fn issue(&self) -> Markup {
        let texts = self.texts();
        let info = &self.app.info;
        let tag = self.look.language.tag();
        let board = self.app.board();
        let default = self.app.live.engine().plan().default_class().cloned();
        html! {
            form id="issue" class="lg-form" method="post" action=(self.look.href(HERE)) {
                (self.hidden("issue"))
                fieldset class="gr-services" {
                    legend { (t!(texts, "greeter-issue")) }
                    @for (at, service) in info.services.iter().enumerate() {
                        @let live = board.services.iter().find(|s| s.id == service.id);
                        label {
                            input type="radio" name="service" value=(service.id) required checked[at == 0];
                            span class="k" { (service.series) }
                            span {
                                b { (service.short_name.get(tag)) }
                                small {
                                    span { (t!(texts, "greeter-waiting", count = live.map_or(0, |s| s.waiting))) }
                                    @if let Some(zone) = info.waiting_zone(&service.id) { " " span { (zone.name.get(tag)) } }
                                    @if service.identity_check { " " span { (t!(texts, "greeter-checked")) } }
                                }
                            }
                        }
                    }
                }
                fieldset class="gr-classes" {
                    legend { (t!(texts, "greeter-class")) }
                    @for class in &info.classes {
                        label {
                            input type="radio" name="class" value=(class.id) checked[default.as_ref() == Some(&class.id)];
                            (class.name.get(tag))
                        }
                    }
                }
                div class="gr-row" {
                    div {
                        label for="language" { (t!(texts, "greeter-language")) }
                        select id="language" name="language" {
                            @for language in Language::ALL { option value=(language.tag()) lang=(language.tag()) { (language.own_name()) } }
                        }
                    }
                    div {
                        label for="persons" { (t!(texts, "greeter-persons")) }
                        input id="persons" type="number" name="persons" min="1" max="99" value="1" required;
                    }
                }
                label class="gr-tick" { input type="checkbox" name="overrule" value="1"; (t!(texts, "greeter-overrule")) }
                button class="lg-go" { (t!(texts, "greeter-give")) }
            }
        }
    }

    /// Who waits for the identity check, longest first.
    fn unverified(&self) -> Markup {
        let texts = self.texts();
        let engine = self.app.live.engine();
        let waiting = engine.unverified();
        html! {
            section class="lg-card" id="unverified" data-part aria-labelledby="unverified-h" {
                h2 id="unverified-h" { (t!(texts, "greeter-identity", count = waiting.len())) }
                @if waiting.is_empty() { p class="hint" { (t!(texts, "greeter-identity-none")) } }
                ul {
                    @for ticket in waiting {
                        @let number = ticket.number.to_string();
                        li {
                            p { b class="num" { (number) } " " (self.service(&ticket.service)) " " small { (hh_mm(&self.app.timezone, ticket.issued_at)) } }
                            form class="gr-check" method="post" action=(self.look.href(HERE)) {
                                (self.hidden("verify"))
                                input type="hidden" name="ticket" value=(ticket.id);
                                select name="document" aria-label=(t!(texts, "greeter-document", number = number.as_str())) {
                                    @for document in IdentityDocument::ALL { option value=(document.code()) { (said(texts, "document", document.code())) } }
                                }
                                button class="yes" { (icon(Icon::Check)) (t!(texts, "greeter-verify")) }
                            }
                            details {
                                summary { (t!(texts, "greeter-refuse")) span class="sr" { " " (number) } }
                                form class="gr-check" method="post" action=(self.look.href(HERE)) {
                                    (self.hidden("refuse"))
                                    input type="hidden" name="ticket" value=(ticket.id);
                                    select name="reason" aria-label=(t!(texts, "greeter-reason", number = number.as_str())) {
                                        @for reason in IdentityRefusal::ALL { option value=(reason.code()) { (said(texts, "identity", reason.code())) } }
                                    }
                                    button { (icon(Icon::Cross)) (t!(texts, "greeter-refuse")) }
                                }
                            }
                        }
                    }
                }
            }
        }
    }

    /// What is done for somebody who has a number.
    fn number(&self) -> Markup {
        let texts = self.texts();
        html! {
            form id="number-desk" class="lg-form" method="post" action=(self.look.href(HERE)) {
                h2 { (t!(texts, "greeter-number")) }
                input type="hidden" name="key" value=(self.key);
                label for="number" { (t!(texts, "greeter-number-label")) }
                input id="number" name="number" required maxlength="8" autocomplete="off" autocapitalize="characters" spellcheck="false";
                button class="gr-second" name="act" value="return" { (icon(Icon::Undo)) (t!(texts, "greeter-return")) }
                label for="to" { (t!(texts, "greeter-reroute-to")) }
                select id="to" name="service" {
                    @for service in &self.app.info.services { option value=(service.id) { (self.service(&service.id)) } }
                }
                button class="gr-second" name="act" value="reroute" { (icon(Icon::Transfer)) (t!(texts, "greeter-reroute")) }
            }
        }
    }
}

/// A code in words.
fn said(texts: &'static Texts, kind: &str, code: &str) -> String {
    let key = format!("{kind}-{code}");
    texts
        .find(&key, &[])
        .map_or_else(|| code.to_owned(), Into::into)
}
