//! The station as a whole: health, services, counters, board, business day.

use axum::extract::State;
use axum::http::StatusCode;
use axum::{Extension, Json};
use queue_core::{BoardHours, BusinessDay, Command, CounterState, Rejected};
use serde::Deserialize;
use serde_json::{Value, json};

use super::times::with_times;
use super::{Body, IdempotencyKey, Replayed};
use crate::access::Principal;
use crate::app::{App, EstimateJson, RequestKey};
use crate::problem::ApiProblem;

pub(crate) async fn healthz(State(app): State<App>) -> Result<Json<Value>, ApiProblem> {
    if let Some(fault) = app.live.storage_fault() {
        let status = StatusCode::SERVICE_UNAVAILABLE;
        return Err(ApiProblem::new(status, "storage_fault", fault));
    }
    let engine = app.live.engine();
    Ok(Json(json!({
        "status": "ok",
        "epoch": app.live.epoch(),
        "seq": engine.seq(),
        "day": engine.open_day(),
        "fingerprint": engine.fingerprint().to_string(),
        "time": app.local_time(app.live.now()),
        "version": env!("CARGO_PKG_VERSION"),
    })))
}

pub(crate) async fn station(State(app): State<App>) -> Json<protocol::StationInfo> {
    Json(app.info.clone())
}

pub(crate) async fn services(State(app): State<App>) -> Json<Value> {
    let board = app.board();
    let services: Vec<Value> = app
        .info
        .services
        .iter()
        .map(|info| {
            let live = board.services.iter().find(|s| s.id == info.id);
            json!({
                "id": info.id,
                "letter": info.series,
                "name": info.name,
                "short_name": info.short_name,
                "wait_standard_s": info.wait_standard_s,
                "documents": info.documents,
                "waiting": live.map_or(0, |s| s.waiting),
                "first_step": live.and_then(|s| s.first_step.clone()),
                "enrolled": live.map_or(0, |s| s.enrolled),
                "now_at": live.and_then(|s| s.now_at.clone()),
                "open_counters": live.map_or(0, |s| s.open_counters),
                "estimate": EstimateJson::of(live.map(|s| s.estimate)),
            })
        })
        .collect();
    Json(json!({"day": board.day, "services": services}))
}

pub(crate) async fn counters(State(app): State<App>) -> Json<Value> {
    let board = app.board();
    let engine = app.live.engine();
    let counters: Vec<Value> = app
        .info
        .counters
        .iter()
        .filter_map(|info| {
            let live = board.counters.iter().find(|c| c.id == info.id)?;
            let (state, until) = match &live.state {
                CounterState::Closed => ("closed", None),
                CounterState::Open => ("open", None),
                CounterState::Paused { until, .. } => ("paused", *until),
            };
            Some(json!({
                "id": info.id,
                "state": state,
                "since": (live.since.0 > 0).then(|| app.local_time(live.since)),
                "until": until.map(|t| app.local_time(t)),
                "skills": engine.duties(&info.id).map(|duties| duties.skills),
                "overflow_skills": engine.duties(&info.id).map(|duties| duties.overflow_skills),
                "profile": engine.counter(&info.id).and_then(|c| c.profile.as_ref()),
                "auto_call": engine.counter(&info.id).map(|c| engine.calls_by_itself(c)),
                "number": live.number,
                "ticket_state": live.ticket_state,
            }))
        })
        .collect();
    Json(json!({"counters": counters, "profiles": app.profiles}))
}

pub(crate) async fn board(State(app): State<App>) -> Result<Json<Value>, ApiProblem> {
    Ok(Json(with_times(&app, &app.board())?))
}

pub(crate) async fn devices(State(app): State<App>) -> Result<Json<Value>, ApiProblem> {
    let devices = with_times(&app, &app.hub.devices())?;
    Ok(Json(json!({"devices": devices, "ports": app.hub.ports()})))
}

/// `POST /api/v1/day/open`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct OpenDay {
    #[serde(default)]
    day: Option<BusinessDay>,
}

pub(crate) async fn open_day(
    State(app): State<App>,
    Extension(principal): Extension<Principal>,
    IdempotencyKey(key): IdempotencyKey,
    Body { value, bytes }: Body<OpenDay>,
) -> Result<(Replayed, Json<Value>), ApiProblem> {
    let day = app.day_to_open(value.day)?;
    let key = RequestKey::new(&principal, key.as_deref(), &[b"open day", &bytes]);
    let answer = app.submit(&principal, &key, app.opening(day)).await?;
    let body = json!({"day": app.live.engine().open_day()});
    Ok((Replayed(answer.repeated), Json(body)))
}

pub(crate) async fn close_day(
    State(app): State<App>,
    Extension(principal): Extension<Principal>,
    IdempotencyKey(key): IdempotencyKey,
) -> Result<(Replayed, Json<Value>), ApiProblem> {
    let key = RequestKey::new(&principal, key.as_deref(), &[b"close day"]);
    let answer = app.submit(&principal, &key, Command::CloseDay).await?;
    let body = json!({"day": app.live.engine().open_day()});
    Ok((Replayed(answer.repeated), Json(body)))
}

impl crate::app::Station {
    /// The business day that may be opened now: today's, by the clock in the hall. A later one, opened by a slip of the
    /// pen, could never be followed by today's.
    ///
    /// # Errors
    /// 409 where another day was asked for.
    pub fn day_to_open(&self, wanted: Option<BusinessDay>) -> Result<BusinessDay, ApiProblem> {
        let today = self.live.zone().date(self.live.now());
        match wanted {
            Some(day) if day < today => Err(Rejected::DayInPast.into()),
            Some(day) if day > today => Err(ApiProblem::new(
                StatusCode::CONFLICT,
                "day_in_future",
                format!("{day} has not come yet: today is {today}, and no other day can be opened"),
            )),
            _ => Ok(today),
        }
    }

    /// The board now. Between two business days it has the hours of the date, which no day has brought with it.
    pub fn board(&self) -> queue_core::Board {
        let now = self.live.now();
        let engine = self.live.engine();
        let mut board = engine.board(now);
        if let (None, Some(schedule)) = (board.day, &self.schedule) {
            let today = self.live.zone().date(now);
            let hours = schedule.hours(today, &self.timezone);
            // A day that has ended does not begin again.
            let opens = match engine.day() == Some(today) {
                true => hours.next_opening,
                false => hours.opens(now),
            };
            board.hours = Some(BoardHours {
                open_now: false,
                opens,
                today: hours.station,
            });
        }
        board
    }
}
