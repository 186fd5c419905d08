//! The life of a ticket, and the reasons of calls, as JSON.

use axum::Json;
use axum::extract::{Path, State};
use queue_core::{Event, Explanation, PassedBy};
use serde_json::{Value, json};

use super::tickets::parse_id;
use crate::app::{App, Station};
use crate::problem::ApiProblem;
use crate::reports::LifeStep;

/// `GET /api/v1/tickets/{id}/history`.
pub(crate) async fn history(
    State(app): State<App>,
    Path(id): Path<String>,
) -> Result<Json<Value>, ApiProblem> {
    let id = parse_id(&id)?;
    let life = app.report(move |reports| reports.ticket_life(id)).await?;
    let life = life.ok_or(queue_core::Rejected::UnknownTicket)?;
    let events: Vec<Value> = life
        .steps
        .iter()
        .map(|step| step_json(&app, step))
        .collect();
    Ok(Json(json!({
        "id": id,
        "number": life.ticket.number,
        "day": life.day,
        "events": events,
    })))
}

fn step_json(app: &Station, step: &LifeStep) -> Value {
    let why = match &step.event {
        Event::TicketCalled { reason, .. } => explanation(app, &reason.explain()),
        _ => Value::Null,
    };
    json!({
        "seq": step.seq,
        "at": app.local_time(step.at),
        "actor": step.actor,
        "taken_back": step.taken_back,
        "kind": step.event.kind(),
        "why": why,
        "event": step.event,
    })
}

/// Who was called before.
pub(super) fn passed_by(app: &Station, by: &PassedBy) -> Value {
    json!({
        "number": by.number,
        "counter": by.counter,
        "at": app.local_time(by.at),
        "why": explanation(app, &by.why),
    })
}

/// Why a ticket was called: `because` and what was compared, times as everywhere here.
fn explanation(app: &Station, why: &Explanation) -> Value {
    let mut said = json!(why);
    let (from, passed_from) = match why {
        Explanation::CountedEarliest { counts_from } => (Some(counts_from), None),
        Explanation::HeadStart {
            counts_from,
            passed_counts_from,
            ..
        } => (Some(counts_from), Some(passed_counts_from)),
        _ => (None, None),
    };
    for (key, at) in [("counts_from", from), ("passed_counts_from", passed_from)] {
        if let Some(at) = at {
            said[key] = app.local_time(*at).into();
        }
    }
    said
}
