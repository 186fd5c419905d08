//! Appointments: slots, booking, giving up, checking in.

use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use jiff::Timestamp;
use queue_core::{
    Appointment, AppointmentId, AppointmentState, BusinessDay, Command, LanguageTag, Rejected,
    ServiceId, StationTime,
};
use serde::Deserialize;
use serde_json::{Value, json};

use super::tickets::ticket_json;
use super::words::{known_channel, known_language};
use super::{Body, IdempotencyKey};
use crate::access::Principal;
use crate::app::{App, RequestKey, Station};
use crate::appointments::{WantedCheckIn, WantedSlot, read_reference};
use crate::problem::ApiProblem;

/// `?service=&date=`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct SlotsQuery {
    #[serde(default)]
    service: Option<ServiceId>,
    #[serde(default)]
    date: Option<BusinessDay>,
}

pub(crate) async fn slots(
    State(app): State<App>,
    query: Result<Query<SlotsQuery>, axum::extract::rejection::QueryRejection>,
) -> Result<Json<Value>, ApiProblem> {
    let Query(query) = query.map_err(|e| ApiProblem::invalid(e.body_text()))?;
    let info = match &query.service {
        Some(service) if app.info.service(service).is_none() => {
            return Err(Rejected::UnknownService.into());
        }
        Some(service) => app.slots_info(service),
        None => {
            let offered = app.info.appointments.as_ref();
            offered.and_then(|offered| offered.services.first())
        }
    };
    let info = info.ok_or(Rejected::NoAppointments)?;
    let day = query.date.unwrap_or_else(|| app.today());
    let slots: Vec<Value> = app
        .slots(info, day)
        .into_iter()
        .map(|slot| {
            json!({
                "start": app.local_time(slot.start),
                "end": app.local_time(slot.end),
                "left": slot.left,
                "open": slot.open && slot.left > 0,
            })
        })
        .collect();
    Ok(Json(json!({
        "service": info.service,
        "date": day,
        "days": app.bookable_days(info),
        "slots": slots,
    })))
}

/// `POST /api/v1/appointments`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct BookRequest {
    service: ServiceId,
    /// RFC 3339, as `GET /api/v1/slots` writes it.
    start: Timestamp,
    #[serde(default)]
    language: Option<LanguageTag>,
    #[serde(default)]
    channel: Option<ServiceId>,
}

pub(crate) async fn book(
    State(app): State<App>,
    Extension(principal): Extension<Principal>,
    IdempotencyKey(key): IdempotencyKey,
    Body { value, bytes }: Body<BookRequest>,
) -> Result<Response, ApiProblem> {
    let key = RequestKey::new(&principal, key.as_deref(), &[b"book", &bytes]);
    let wanted = WantedSlot {
        service: value.service,
        slot: StationTime(value.start.as_millisecond()),
        language: known_language(value.language)?,
        channel: known_channel(value.channel, principal.role)?,
    };
    let id = app.book(&principal, &key, wanted).await?;
    let mut headers = HeaderMap::new();
    if let Ok(place) = HeaderValue::from_str(&format!("/api/v1/appointments/{id}")) {
        headers.insert(header::LOCATION, place);
    }
    Ok((StatusCode::CREATED, headers, Json(found(&app, id)?)).into_response())
}

pub(crate) async fn get(
    State(app): State<App>,
    Path(id): Path<String>,
) -> Result<Json<Value>, ApiProblem> {
    found(&app, parse_id(&id)?).map(Json)
}

/// `?date=`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ListQuery {
    #[serde(default)]
    date: Option<BusinessDay>,
}

pub(crate) async fn list(
    State(app): State<App>,
    query: Result<Query<ListQuery>, axum::extract::rejection::QueryRejection>,
) -> Result<Json<Value>, ApiProblem> {
    let Query(query) = query.map_err(|e| ApiProblem::invalid(e.body_text()))?;
    let day = query.date.unwrap_or_else(|| app.today());
    let all: Vec<Value> = app
        .appointments_of(day)
        .iter()
        .map(|(appointment, state)| appointment_json(&app, appointment, state))
        .collect();
    Ok(Json(json!({"date": day, "appointments": all})))
}

pub(crate) async fn cancel(
    State(app): State<App>,
    Extension(principal): Extension<Principal>,
    Path(id): Path<String>,
    IdempotencyKey(key): IdempotencyKey,
) -> Result<Json<Value>, ApiProblem> {
    let appointment = parse_id(&id)?;
    let request: [&[u8]; 2] = [b"cancel appointment", id.as_bytes()];
    let key = RequestKey::new(&principal, key.as_deref(), &request);
    let command = Command::CancelAppointment { appointment };
    app.submit(&principal, &key, command).await?;
    found(&app, appointment).map(Json)
}

/// `POST /api/v1/appointments/check-in`: the code, the id, or what a scanner read.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct CheckInRequest {
    appointment: String,
    #[serde(default)]
    language: Option<LanguageTag>,
    #[serde(default)]
    channel: Option<ServiceId>,
}

pub(crate) async fn check_in(
    State(app): State<App>,
    Extension(principal): Extension<Principal>,
    IdempotencyKey(key): IdempotencyKey,
    Body { value, bytes }: Body<CheckInRequest>,
) -> Result<Response, ApiProblem> {
    let key = RequestKey::new(&principal, key.as_deref(), &[b"check in", &bytes]);
    let appointment = read_reference(&value.appointment);
    let wanted = WantedCheckIn {
        ticket: crate::app::new_ticket_id(),
        appointment: appointment.ok_or(Rejected::UnknownAppointment)?,
        language: known_language(value.language)?,
        channel: known_channel(value.channel, principal.role)?,
    };
    let ticket = app.check_in(&principal, &key, wanted).await?;
    let view = app.ticket_view(ticket).ok_or(Rejected::UnknownTicket)?;
    Ok((StatusCode::CREATED, Json(ticket_json(&app, view))).into_response())
}

fn parse_id(id: &str) -> Result<AppointmentId, ApiProblem> {
    id.parse().map_err(|_| Rejected::UnknownAppointment.into())
}

fn found(app: &Station, id: AppointmentId) -> Result<Value, ApiProblem> {
    let (appointment, state) = app.appointment(id).ok_or(Rejected::UnknownAppointment)?;
    Ok(appointment_json(app, &appointment, state))
}

fn appointment_json(app: &Station, a: &Appointment, state: &str) -> Value {
    let plan = app.live.engine().plan().appointments.clone();
    let window = plan.as_ref().map(|plan| plan.check_in_window(a.slot));
    let on_time_until = plan.as_ref().map(|plan| plan.on_time_until(a.slot));
    let ticket = match a.state {
        AppointmentState::CheckedIn { ticket, .. } => Some(ticket),
        _ => None,
    };
    let this = format!("/api/v1/appointments/{}", a.id);
    json!({
        "id": a.id,
        "code": a.code,
        "service": a.service,
        "date": a.day,
        "start": app.local_time(a.slot),
        "end": app.local_time(a.slot_end),
        "language": a.language,
        "state": state,
        "in_vain": app.is_expected_in_vain(a),
        "ticket": ticket,
        "check_in_from": window.map(|(from, _)| app.local_time(from)),
        "on_time_until": on_time_until.map(|at| app.local_time(at)),
        "check_in_until": window.map(|(_, until)| app.local_time(until)),
        "links": {
            "self": this,
            "cancel": format!("{this}/cancel"),
            "page": app.appointment_url(a.id),
        },
    })
}
