//! Places in line that somebody asks to have changed, and corrections of ended visits.

use axum::extract::{Path, State};
use axum::{Extension, Json};
use queue_core::{
    ClassId, Command, Correction, NumberOrTicket, Outcome, Rejected, ServiceId, TicketId,
    TicketNumber,
};
use serde::Deserialize;

use super::tickets::{TicketJson, parse_id, ticket_json};
use super::{Body, IdempotencyKey, Replayed};
use crate::access::Principal;
use crate::app::{App, RequestKey};
use crate::problem::ApiProblem;

/// `POST /api/v1/returns`: a missed visitor is back, named by staff or by a kiosk.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ReturnRequest {
    number: TicketNumber,
}

/// `POST /api/v1/tickets/{id}/matters`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct AmendRequest {
    /// Further matters of the visit, in order: the whole list.
    then: Vec<ServiceId>,
    persons: u16,
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

/// The ticket as it is afterwards.
pub(super) type Changed = Result<(Replayed, Json<TicketJson>), ApiProblem>;

pub(crate) async fn return_by_number(
    State(app): State<App>,
    Extension(principal): Extension<Principal>,
    IdempotencyKey(key): IdempotencyKey,
    Body { value, bytes }: Body<ReturnRequest>,
) -> Changed {
    let found = {
        let engine = app.live.engine();
        engine.ticket_by_number(&value.number).map(|t| t.id)
    };
    let ticket = found.ok_or(Rejected::UnknownTicket)?;
    let target = NumberOrTicket::Number(value.number);
    let key = RequestKey::new(&principal, key.as_deref(), &[b"return", &bytes]);
    change(
        &app,
        &principal,
        &key,
        ticket,
        Command::ReturnTicket { target },
    )
    .await
}

pub(crate) async fn come_back(
    State(app): State<App>,
    Extension(principal): Extension<Principal>,
    Path(id): Path<String>,
    IdempotencyKey(key): IdempotencyKey,
) -> Changed {
    let ticket = parse_id(&id)?;
    let target = NumberOrTicket::Ticket(ticket);
    let key = RequestKey::new(&principal, key.as_deref(), &[b"return", id.as_bytes()]);
    change(
        &app,
        &principal,
        &key,
        ticket,
        Command::ReturnTicket { target },
    )
    .await
}

pub(crate) async fn defer(
    State(app): State<App>,
    Extension(principal): Extension<Principal>,
    Path(id): Path<String>,
    IdempotencyKey(key): IdempotencyKey,
    Body { value, bytes }: Body<DeferRequest>,
) -> Changed {
    let ticket = parse_id(&id)?;
    let count = value.count;
    let request: [&[u8]; 3] = [b"defer", id.as_bytes(), &bytes];
    let key = RequestKey::new(&principal, key.as_deref(), &request);
    change(
        &app,
        &principal,
        &key,
        ticket,
        Command::Defer { ticket, count },
    )
    .await
}

pub(crate) async fn amend(
    State(app): State<App>,
    Extension(principal): Extension<Principal>,
    Path(id): Path<String>,
    IdempotencyKey(key): IdempotencyKey,
    Body { value, bytes }: Body<AmendRequest>,
) -> Changed {
    let ticket = parse_id(&id)?;
    let request: [&[u8]; 3] = [b"matters", id.as_bytes(), &bytes];
    let key = RequestKey::new(&principal, key.as_deref(), &request);
    let AmendRequest { then, persons } = value;
    let command = app.amendment(ticket, then, persons)?;
    change(&app, &principal, &key, ticket, command).await
}

pub(crate) async fn prioritise(
    State(app): State<App>,
    Extension(principal): Extension<Principal>,
    Path(id): Path<String>,
    IdempotencyKey(key): IdempotencyKey,
    Body { value, bytes }: Body<PrioritiseRequest>,
) -> Changed {
    let ticket = parse_id(&id)?;
    let command = Command::Prioritise {
        target: NumberOrTicket::Ticket(ticket),
        reason: value.reason,
    };
    let request: [&[u8]; 3] = [b"prioritise", id.as_bytes(), &bytes];
    let key = RequestKey::new(&principal, key.as_deref(), &request);
    change(&app, &principal, &key, ticket, command).await
}

pub(crate) async fn correct(
    State(app): State<App>,
    Extension(principal): Extension<Principal>,
    Path(id): Path<String>,
    IdempotencyKey(key): IdempotencyKey,
    Body { value, bytes }: Body<CorrectRequest>,
) -> Changed {
    let ticket = parse_id(&id)?;
    let correction = Correction {
        outcome: value.outcome,
        service: value.service,
        class: value.class,
    };
    if correction == Correction::default() {
        return Err(ApiProblem::invalid(
            "say what is right: `outcome`, `service` or `class`",
        ));
    }
    let command = Command::Correct {
        target: NumberOrTicket::Ticket(ticket),
        correction,
        reason: value.reason,
    };
    let request: [&[u8]; 3] = [b"correct", id.as_bytes(), &bytes];
    let key = RequestKey::new(&principal, key.as_deref(), &request);
    change(&app, &principal, &key, ticket, command).await
}

pub(super) async fn change(
    app: &App,
    principal: &Principal,
    key: &RequestKey,
    ticket: TicketId,
    command: Command,
) -> Changed {
    let answer = app.submit(principal, key, command).await?;
    let view = app.ticket_view(ticket).ok_or(Rejected::UnknownTicket)?;
    Ok((Replayed(answer.repeated), Json(ticket_json(app, view))))
}
