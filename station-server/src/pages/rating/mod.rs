//! The rating tablet of a counter: asks the visitor just served, in the visitor's language and Chinese. Without script
//! it is links and forms; `rating.js` adds the live connection and the times after which a page moves on.

mod render;
#[cfg(test)]
mod tests;

use axum::Extension;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use protocol::RatingView;
use queue_core::{Command, CounterId, TicketId};
use screens::Language;
use screens::shell::Theme;
use serde::Deserialize;

pub(super) use self::render::{face, score_words};
use self::render::{render, unknown_counter};
use super::fields::{Fields, fresh_key, see_other};
use crate::access::{Permission, Principal, encode};
use crate::app::App;
use crate::http::Route;
use crate::problem::ApiProblem;
use crate::views::rating_view;

/// Scores up to this one are asked for reasons, once they are stored.
const WHY_UP_TO: u8 = 2;
/// The reasons offered, and taken over the interface for programs; the last asks for a talk and is marked.
pub(crate) const REASONS: [&str; 6] = [
    "waiting",
    "explanation",
    "attitude",
    "place",
    "process",
    "manager",
];

/// Its routes.
pub(super) fn routes() -> Vec<Route> {
    vec![
        Route::get("/rating/{counter}", Permission::See, show),
        Route::post("/rating/{counter}", Permission::Visit, rate),
    ]
}

/// What the address says beside the counter.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
struct Ask {
    /// A language chosen on the tablet.
    lang: String,
    /// The visitor who does not want to answer.
    skipped: String,
    /// The visitor who is giving reasons, and the score.
    why: String,
    score: String,
    /// An answer has just been given.
    thanks: String,
    theme: String,
}

/// What the tablet shows.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Stage {
    /// Nobody to ask.
    Idle,
    /// The question.
    Question { ticket: TicketId, number: String },
    /// The reasons behind a low score.
    Why { ticket: TicketId, score: u8 },
    /// Thanks.
    Thanks,
}

fn stage(view: &RatingView, ask: &Ask) -> Stage {
    if let (Ok(ticket), Some(score)) = (ask.why.parse(), low_score(&ask.score)) {
        return Stage::Why { ticket, score };
    }
    if !ask.thanks.is_empty() {
        return Stage::Thanks;
    }
    match view.asking {
        Some(ticket) if ask.skipped != ticket.to_string() => Stage::Question {
            ticket,
            number: view
                .number
                .as_ref()
                .map(ToString::to_string)
                .unwrap_or_default(),
        },
        _ if view.thanked => Stage::Thanks,
        _ => Stage::Idle,
    }
}

fn low_score(text: &str) -> Option<u8> {
    text.parse()
        .ok()
        .filter(|score| (1..=WHY_UP_TO).contains(score))
}

async fn show(
    State(app): State<App>,
    Path(counter): Path<String>,
    Query(ask): Query<Ask>,
) -> Response {
    let view = CounterId::new(&counter)
        .ok()
        .and_then(|id| rating_view(&app, &id));
    match view {
        Some(view) => render(&app.info, &view, &ask, &fresh_key()).into_response(),
        None => (StatusCode::NOT_FOUND, unknown_counter()).into_response(),
    }
}

async fn rate(
    State(app): State<App>,
    Extension(principal): Extension<Principal>,
    Path(counter): Path<String>,
    Query(ask): Query<Ask>,
    fields: Fields,
) -> Result<Response, ApiProblem> {
    let ticket: TicketId = fields
        .parse("ticket")?
        .ok_or(queue_core::Rejected::UnknownTicket)?;
    let score: u8 = fields
        .parse("score")?
        .ok_or(queue_core::Rejected::BadScore)?;
    let ask = Ask {
        lang: language_of(&app, &ask, ticket),
        ..ask
    };
    let given = fields.get("given").is_some();
    let command = if given {
        Command::CompleteRating {
            ticket,
            reasons: fields
                .all("reason")
                .filter(|code| REASONS.contains(code))
                .map(str::to_owned)
                .collect(),
            comment: None,
        }
    } else {
        Command::Rate {
            ticket,
            score,
            reasons: Vec::new(),
            comment: None,
        }
    };
    let key = fields.request_key(&principal, &format!("/rating/{counter}"));
    // The first answer counts. Whoever gives a second one, or one too late, is thanked as well: nothing is to be done.
    match app.submit(&principal, &key, command).await {
        Ok(_) if !given && score <= WHY_UP_TO => {
            let what = [("why", ticket.to_string()), ("score", score.to_string())];
            return Ok(see_other(&address(&counter, &ask, &what)));
        }
        Ok(_) => {}
        Err(problem) if problem.status.is_client_error() => {
            tracing::info!(code = problem.code, %ticket, "rating not taken");
        }
        Err(problem) => return Err(problem),
    }
    Ok(see_other(&address(
        &counter,
        &ask,
        &[("thanks", "1".to_owned())],
    )))
}

/// The language chosen on the tablet, else the visitor's: the counter may be asking somebody else by now.
fn language_of(app: &App, ask: &Ask, ticket: TicketId) -> String {
    let visitors = || {
        app.ticket_view(ticket)
            .and_then(|t| t.language)
            .map(|tag| tag.to_string())
    };
    Some(ask.lang.clone())
        .filter(|lang| !lang.is_empty())
        .or_else(visitors)
        .unwrap_or_default()
}

/// The tablet's address with what lasts (language, colours) and what is next.
fn address(counter: &str, ask: &Ask, next: &[(&str, String)]) -> String {
    let lang = Language::parse(&ask.lang).map(|l| ("lang", l.tag().to_owned()));
    let theme = Theme::parse(&ask.theme).map(|t| ("theme", t.name().to_owned()));
    let parts = lang.into_iter().chain(theme).chain(next.iter().cloned());
    let query: Vec<String> = parts
        .map(|(name, value)| format!("{name}={}", encode(&value)))
        .collect();
    let mark = if query.is_empty() { "" } else { "?" };
    format!("/rating/{}{mark}{}", encode(counter), query.join("&"))
}
