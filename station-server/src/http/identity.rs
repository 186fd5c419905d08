//! The identity check, another service for a ticket that waits, and another rule for the rest of the day.

use axum::extract::{Path, State};
use axum::{Extension, Json};
use queue_core::{
    Command, Discipline, IdentityDocument, IdentityRefusal, NumberOrTicket, ServiceId, TicketId,
    TicketNumber, ZoneId,
};
use serde::{Deserialize, Serialize};

use super::places::{Changed, change};
use super::tickets::parse_id;
use super::{Body, IdempotencyKey, Replayed};
use crate::access::Principal;
use crate::app::{App, RequestKey};
use crate::problem::ApiProblem;

/// `POST /api/v1/tickets/{id}/verify-identity`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct VerifyRequest {
    document: IdentityDocument,
}

/// `POST /api/v1/tickets/{id}/refuse-identity`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RefuseRequest {
    reason: IdentityRefusal,
}

/// `POST /api/v1/tickets/{id}/reroute`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RerouteRequest {
    service: ServiceId,
}

/// `POST /api/v1/discipline`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct DisciplineRequest {
    #[serde(default)]
    zone: Option<ZoneId>,
    #[serde(default)]
    discipline: Option<Discipline>,
}

/// A ticket that waits for its check.
#[derive(Debug, Serialize)]
pub(crate) struct UnverifiedJson {
    id: TicketId,
    number: TicketNumber,
    service: ServiceId,
    issued_at: String,
    persons: u16,
}

/// The rule in force after a change.
#[derive(Debug, Serialize)]
pub(crate) struct DisciplineJson {
    zone: Option<ZoneId>,
    discipline: Discipline,
    changed_today: bool,
}

pub(crate) async fn unverified(State(app): State<App>) -> Json<Vec<UnverifiedJson>> {
    let engine = app.live.engine();
    let waiting = engine.unverified().into_iter().map(|t| UnverifiedJson {
        id: t.id,
        number: t.number.clone(),
        service: t.service.clone(),
        issued_at: app.local_time(t.issued_at),
        persons: t.persons,
    });
    Json(waiting.collect())
}

pub(crate) async fn verify(
    State(app): State<App>,
    Extension(principal): Extension<Principal>,
    Path(id): Path<String>,
    IdempotencyKey(key): IdempotencyKey,
    Body { value, bytes }: Body<VerifyRequest>,
) -> Changed {
    let ticket = parse_id(&id)?;
    let command = Command::VerifyIdentity {
        target: NumberOrTicket::Ticket(ticket),
        document: value.document,
    };
    let request: [&[u8]; 3] = [b"verify-identity", id.as_bytes(), &bytes];
    let key = RequestKey::new(&principal, key.as_deref(), &request);
    change(&app, &principal, &key, ticket, command).await
}

pub(crate) async fn refuse(
    State(app): State<App>,
    Extension(principal): Extension<Principal>,
    Path(id): Path<String>,
    IdempotencyKey(key): IdempotencyKey,
    Body { value, bytes }: Body<RefuseRequest>,
) -> Changed {
    let ticket = parse_id(&id)?;
    let command = Command::RefuseIdentity {
        target: NumberOrTicket::Ticket(ticket),
        reason: value.reason,
    };
    let request: [&[u8]; 3] = [b"refuse-identity", id.as_bytes(), &bytes];
    let key = RequestKey::new(&principal, key.as_deref(), &request);
    change(&app, &principal, &key, ticket, command).await
}

pub(crate) async fn reroute(
    State(app): State<App>,
    Extension(principal): Extension<Principal>,
    Path(id): Path<String>,
    IdempotencyKey(key): IdempotencyKey,
    Body { value, bytes }: Body<RerouteRequest>,
) -> Changed {
    let ticket = parse_id(&id)?;
    let command = Command::Reroute {
        target: NumberOrTicket::Ticket(ticket),
        to_service: value.service,
    };
    let request: [&[u8]; 3] = [b"reroute", id.as_bytes(), &bytes];
    let key = RequestKey::new(&principal, key.as_deref(), &request);
    change(&app, &principal, &key, ticket, command).await
}

pub(crate) async fn set_discipline(
    State(app): State<App>,
    Extension(principal): Extension<Principal>,
    IdempotencyKey(key): IdempotencyKey,
    Body { value, bytes }: Body<DisciplineRequest>,
) -> Result<(Replayed, Json<DisciplineJson>), ApiProblem> {
    let key = RequestKey::new(&principal, key.as_deref(), &[b"discipline", &bytes]);
    let command = Command::SetDiscipline {
        zone: value.zone.clone(),
        discipline: value.discipline,
    };
    let answer = app.submit(&principal, &key, command).await?;
    let engine = app.live.engine();
    let rule = DisciplineJson {
        discipline: engine.plan().rule_in(value.zone.as_ref()).discipline,
        changed_today: engine.rule_is_changed(value.zone.as_ref()),
        zone: value.zone,
    };
    Ok((Replayed(answer.repeated), Json(rule)))
}
