//! Ratings: one per ticket, the first wins; what is behind it may follow.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::{Extension, Json};
use queue_core::{Command, Rejected, TicketId};
use serde::Deserialize;
use serde_json::{Value, json};

use super::words::known_reasons;
use super::{Body, IdempotencyKey, Replayed};
use crate::access::Principal;
use crate::app::{App, RequestKey};
use crate::problem::ApiProblem;

/// `POST /api/v1/ratings`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RatingRequest {
    ticket: TicketId,
    score: i64,
    #[serde(default)]
    reasons: Vec<String>,
    #[serde(default)]
    comment: Option<String>,
}

pub(crate) async fn rate(
    State(app): State<App>,
    Extension(principal): Extension<Principal>,
    IdempotencyKey(key): IdempotencyKey,
    Body { value, bytes }: Body<RatingRequest>,
) -> Result<(StatusCode, Replayed, Json<Value>), ApiProblem> {
    let key = RequestKey::new(
        &principal,
        key.as_deref(),
        &[b"POST /api/v1/ratings", &bytes],
    );
    let command = Command::Rate {
        ticket: value.ticket,
        score: u8::try_from(value.score).unwrap_or(0),
        reasons: known_reasons(value.reasons)?,
        comment: value.comment.filter(|c| !c.trim().is_empty()),
    };
    let answer = match app.submit(&principal, &key, command).await {
        Ok(answer) => answer,
        Err(problem) => return Err(app.about_ticket(value.ticket, problem).await),
    };
    let body = json!({"ticket": value.ticket, "score": value.score});
    Ok((StatusCode::CREATED, Replayed(answer.repeated), Json(body)))
}

/// `POST /api/v1/ratings/{ticket}/reasons`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ReasonsRequest {
    #[serde(default)]
    reasons: Vec<String>,
    #[serde(default)]
    comment: Option<String>,
}

pub(crate) async fn complete(
    State(app): State<App>,
    Extension(principal): Extension<Principal>,
    Path(ticket): Path<String>,
    IdempotencyKey(key): IdempotencyKey,
    Body { value, bytes }: Body<ReasonsRequest>,
) -> Result<Json<Value>, ApiProblem> {
    let ticket: TicketId = ticket.parse().map_err(|_| Rejected::UnknownTicket)?;
    let place = format!("POST /api/v1/ratings/{ticket}/reasons");
    let key = RequestKey::new(&principal, key.as_deref(), &[place.as_bytes(), &bytes]);
    let reasons = known_reasons(value.reasons)?;
    let command = Command::CompleteRating {
        ticket,
        reasons: reasons.clone(),
        comment: value.comment.filter(|c| !c.trim().is_empty()),
    };
    app.submit(&principal, &key, command).await?;
    Ok(Json(json!({"ticket": ticket, "reasons": reasons})))
}
