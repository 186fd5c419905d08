//! The page of a visitor's ticket, behind an address nobody can guess: in the visitor's language and Chinese, complete
//! without script, at most 60 kB in all at the first visit.

pub(super) mod render;
mod session;
#[cfg(test)]
mod tests;
mod why;

use axum::Extension;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use queue_core::policy::LineId;
use queue_core::{Command, NumberOrTicket, Rejected, Ticket, TicketId};
use screens::Language;
use screens::shell::Theme;
use serde::Deserialize;

use self::render::{Phone, not_found};
use super::fields::{Fields, fresh_key, see_other};
use crate::access::{Permission, Principal};
use crate::app::App;
use crate::http::Route;
use crate::problem::ApiProblem;
use crate::views::ticket_page;
use crate::why::Rule;

/// Its routes.
pub(super) fn routes() -> Vec<Route> {
    vec![
        Route::get("/t/{id}", Permission::Visit, show),
        Route::post("/t/{id}/cancel", Permission::Visit, cancel),
        Route::post("/t/{id}/return", Permission::Visit, come_back),
        Route::post("/t/{id}/defer", Permission::Visit, defer),
        Route::post("/t/{id}/rate", Permission::Visit, rate),
    ]
}

/// `?lang=&theme=&text=&refused=&deferred=`.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
struct Look {
    lang: String,
    theme: String,
    text: String,
    refused: String,
    /// How many others have just been let go first.
    deferred: String,
}

impl Look {
    /// The language chosen on the page, if one was.
    fn language(&self) -> Option<Language> {
        Language::parse(&self.lang)
    }

    fn theme(&self) -> Theme {
        Theme::parse(&self.theme).unwrap_or(Theme::Auto)
    }

    fn big_text(&self) -> bool {
        self.text == "big"
    }

    /// The look alone, as [`Look::query`].
    fn alone(&self) -> String {
        self.query(None, None)
    }

    /// The look as a query, with its question mark where there is one, and with what came of an action.
    fn query(&self, refused: Option<&str>, deferred: Option<&str>) -> String {
        let parts = [
            ("lang", self.language().map(Language::tag)),
            ("theme", Theme::parse(&self.theme).map(Theme::name)),
            ("text", self.big_text().then_some("big")),
            ("refused", refused),
            ("deferred", deferred),
        ];
        let query: Vec<String> = parts
            .iter()
            .filter_map(|(name, value)| Some(format!("{name}={}", (*value)?)))
            .collect();
        if query.is_empty() {
            String::new()
        } else {
            format!("?{}", query.join("&"))
        }
    }
}

async fn show(
    State(app): State<App>,
    Path(id): Path<String>,
    Query(look): Query<Look>,
    headers: HeaderMap,
) -> Response {
    let seq = app.live.engine().seq();
    let page = id
        .parse::<TicketId>()
        .ok()
        .and_then(|id| ticket_page(&app, id));
    let Some(page) = page else {
        let wanted = headers
            .get(header::ACCEPT_LANGUAGE)
            .and_then(|v| v.to_str().ok());
        let language = look
            .language()
            .or_else(|| wanted.and_then(Language::from_accept_language));
        return (
            StatusCode::NOT_FOUND,
            not_found(&app.info, &look, language.unwrap_or_default()),
        )
            .into_response();
    };
    let tag = page.ticket.language.as_ref();
    let language = look
        .language()
        .or_else(|| tag.and_then(|tag| Language::parse(tag.as_str())));
    let (rule, returns) = {
        let engine = app.live.engine();
        let ticket = engine.ticket(page.ticket.id);
        let returns = ticket.map_or(0, |ticket| ticket.returns);
        let line = ticket.map(Ticket::line);
        let line = line.unwrap_or(LineId::Service(&page.ticket.service));
        let rule = Rule::of_line(engine.plan(), &app.info, line);
        (rule, returns)
    };
    let phone = Phone {
        info: &app.info,
        page: &page,
        seq,
        zone: &app.timezone,
        look: &look,
        language: language.unwrap_or_default(),
        key: &fresh_key(),
        rule: &rule,
        returns,
    };
    phone.page().into_response()
}

async fn cancel(
    State(app): State<App>,
    Extension(principal): Extension<Principal>,
    Path(id): Path<String>,
    Query(look): Query<Look>,
    fields: Fields,
) -> Result<Response, ApiProblem> {
    let ticket: TicketId = id.parse().map_err(|_| Rejected::UnknownTicket)?;
    let command = Command::CancelTicket { ticket };
    submit(&app, &principal, &look, &fields, ticket, "cancel", command).await
}

async fn come_back(
    State(app): State<App>,
    Extension(principal): Extension<Principal>,
    Path(id): Path<String>,
    Query(look): Query<Look>,
    fields: Fields,
) -> Result<Response, ApiProblem> {
    let ticket: TicketId = id.parse().map_err(|_| Rejected::UnknownTicket)?;
    let target = NumberOrTicket::Ticket(ticket);
    let command = Command::ReturnTicket { target };
    submit(&app, &principal, &look, &fields, ticket, "return", command).await
}

async fn defer(
    State(app): State<App>,
    Extension(principal): Extension<Principal>,
    Path(id): Path<String>,
    Query(look): Query<Look>,
    fields: Fields,
) -> Result<Response, ApiProblem> {
    let ticket: TicketId = id.parse().map_err(|_| Rejected::UnknownTicket)?;
    let count = fields.parse("count")?.ok_or(Rejected::BadCount)?;
    let command = Command::Defer { ticket, count };
    let key = fields.request_key(&principal, &format!("/t/{ticket}/defer"));
    let query = match app.submit(&principal, &key, command).await {
        Ok(_) => look.query(None, Some(&count.to_string())),
        Err(problem) => look.query(Some(refusal_of(problem)?), None),
    };
    Ok(see_other(&format!("/t/{ticket}{query}")))
}

async fn rate(
    State(app): State<App>,
    Extension(principal): Extension<Principal>,
    Path(id): Path<String>,
    Query(look): Query<Look>,
    fields: Fields,
) -> Result<Response, ApiProblem> {
    let ticket: TicketId = id.parse().map_err(|_| Rejected::UnknownTicket)?;
    let score = fields.parse("score")?.ok_or(Rejected::BadScore)?;
    let command = Command::Rate {
        ticket,
        score,
        reasons: Vec::new(),
        comment: None,
    };
    submit(&app, &principal, &look, &fields, ticket, "rate", command).await
}

/// Sends a command about the ticket and goes back to its page, which says why where it was refused.
async fn submit(
    app: &App,
    principal: &Principal,
    look: &Look,
    fields: &Fields,
    ticket: TicketId,
    act: &str,
    command: Command,
) -> Result<Response, ApiProblem> {
    let key = fields.request_key(principal, &format!("/t/{ticket}/{act}"));
    let refused = match app.submit(principal, &key, command).await {
        Ok(_) => None,
        Err(problem) => Some(refusal_of(problem)?),
    };
    let query = look.query(refused, None);
    Ok(see_other(&format!("/t/{ticket}{query}")))
}

/// Why a rule forbids it, for the page to say; anything else is no matter of the visitor's.
fn refusal_of(problem: ApiProblem) -> Result<&'static str, ApiProblem> {
    match problem.status {
        StatusCode::CONFLICT => Ok(problem.code),
        _ => Err(problem),
    }
}
