//! Places in line that somebody asks to have changed, and corrections of ended visits.

use axum::extract::{Path, State};
use axum::{Extension, Json};
use queue_core::{ClassId, Command, Correction, NumberOrTicket, Outcome, ServiceId, TicketId};
use serde::Deserialize;

use super::tickets::{TicketJson, parse_id, ticket_json};
use super::{Body, IdempotencyKey};
use crate::access::Principal;
use crate::app::{App, RequestKey};
use crate::problem::ApiProblem;
use queue_core::{Rejected, TicketNumber};

/// `POST /api/v1/returns`: a missed visitor is back, named by staff or by a kiosk.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ReturnRequest {
    number: TicketNumber,
}

/// `POST /api/v1/tickets/{id}/defer`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct DeferRequest {
    count: u8,
}

/// `POST /api/v1/tickets/{id}/prioritise`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct PrioritiseRequest {
    reason: String,
}

/// `POST /api/v1/tickets/{id}/correct`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct CorrectRequest {
    reason: String,
    #[serde(default)]
    outcome: Option<Outcome>,
    #[serde(default)]
    service: Option<ServiceId>,
    #[serde(default)]
    class: Option<ClassId>,
}

pub(crate) async fn return_by_number(
    State(app): State<App>,
    Extension(principal): Extension<Principal>,
    IdempotencyKey(key): IdempotencyKey,
    Body { value, bytes }: Body<ReturnRequest>,
) -> Result<Json<TicketJson>, ApiProblem> {
    let key = RequestKey::new(&principal, key.as_deref(), &[b"return", &bytes]);
    let found = {
        let engine = app.live.engine();
        engine.ticket_by_number(&value.number).map(|t| t.id)
    };
    let ticket = found.ok_or(Rejected::UnknownTicket)?;
    let target = NumberOrTicket::Number(value.number);
    app.submit(&principal, &key, Command::ReturnTicket { target })
        .await?;
    seen(&app, ticket)
}

pub(crate) async fn come_back(
    State(app): State<App>,
    Extension(principal): Extension<Principal>,
    Path(id): Path<String>,
    IdempotencyKey(key): IdempotencyKey,
) -> Result<Json<TicketJson>, ApiProblem> {
    let ticket = parse_id(&id)?;
    let key = RequestKey::new(&principal, key.as_deref(), &[b"return", id.as_bytes()]);
    let target = NumberOrTicket::Ticket(ticket);
    app.submit(&principal, &key, Command::ReturnTicket { target })
        .await?;
    seen(&app, ticket)
}

pub(crate) async fn defer(
    State(app): State<App>,
    Extension(principal): Extension<Principal>,
    Path(id): Path<String>,
    IdempotencyKey(key): IdempotencyKey,
    Body { value, bytes }: Body<DeferRequest>,
) -> Result<Json<TicketJson>, ApiProblem> {
    let ticket = parse_id(&id)?;
    let request: [&[u8]; 3] = [b"defer", id.as_bytes(), &bytes];
    let key = RequestKey::new(&principal, key.as_deref(), &request);
    let count = value.count;
    app.submit(&principal, &key, Command::Defer { ticket, count })
        .await?;
    seen(&app, ticket)
}

pub(crate) async fn prioritise(
    State(app): State<App>,
    Extension(principal): Extension<Principal>,
    Path(id): Path<String>,
    IdempotencyKey(key): IdempotencyKey,
    Body { value, bytes }: Body<PrioritiseRequest>,
) -> Result<Json<TicketJson>, ApiProblem> {
    let ticket = parse_id(&id)?;
    let request: [&[u8]; 3] = [b"prioritise", id.as_bytes(), &bytes];
    let key = RequestKey::new(&principal, key.as_deref(), &request);
    let command = Command::Prioritise {
        target: NumberOrTicket::Ticket(ticket),
        reason: value.reason,
    };
    app.submit(&principal, &key, command).await?;
    seen(&app, ticket)
}

pub(crate) async fn correct(
    State(app): State<App>,
    Extension(principal): Extension<Principal>,
    Path(id): Path<String>,
    IdempotencyKey(key): IdempotencyKey,
    Body { value, bytes }: Body<CorrectRequest>,
) -> Result<Json<TicketJson>, ApiProblem> {
    let ticket = parse_id(&id)?;
    let request: [&[u8]; 3] = [b"correct", id.as_bytes(), &bytes];
    let key = RequestKey::new(&principal, key.as_deref(), &request);
    let command = Command::Correct {
        target: NumberOrTicket::Ticket(ticket),
        correction: Correction {
            outcome: value.outcome,
            service: value.service,
            class: value.class,
        },
        reason: value.reason,
    };
    app.submit(&principal, &key, command).await?;
    seen(&app, ticket)
}

fn seen(app: &App, ticket: TicketId) -> Result<Json<TicketJson>, ApiProblem> {
    let view = app.ticket_view(ticket).ok_or(Rejected::UnknownTicket)?;
    Ok(Json(ticket_json(app, view)))
}
