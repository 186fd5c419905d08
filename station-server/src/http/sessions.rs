//! Sessions: which there are, who is in them, calling, beginning and ending them.

use axum::extract::{Path, State};
use axum::{Extension, Json};
use queue_core::{
    Command, Engine, NumberOrTicket, SeatPlace, SeatWindow, ServiceId, SessionFigures,
    SessionPhase, SessionRef, SessionStep, SessionView, StationTime, Ticket, TicketId,
    TicketNumber, TicketState,
};
use serde::Serialize;

use super::places::{Changed, change};
use super::tickets::parse_id;
use super::{IdempotencyKey, Replayed};
use crate::access::Principal;
use crate::app::{App, RequestKey, Station};
use crate::problem::ApiProblem;

/// A session as everybody may see it.
#[derive(Debug, Serialize)]
pub(crate) struct SessionJson {
    service: ServiceId,
    nth: usize,
    begins: String,
    begins_ms: i64,
    ends: String,
    check_in_until: String,
    phase: SessionPhase,
    offered: bool,
    seats: u32,
    taken: usize,
    checked_in: usize,
    missed: usize,
    free: usize,
    kept: usize,
    waiting: usize,
    waiting_left: usize,
}

/// A session with its visitors, for staff.
#[derive(Debug, Serialize)]
pub(crate) struct RosterJson {
    #[serde(flatten)]
    session: SessionJson,
    to_call: usize,
    may_undo: bool,
    visitors: Vec<VisitorJson>,
}

/// Somebody in a session.
#[derive(Debug, Serialize)]
struct VisitorJson {
    id: TicketId,
    number: TicketNumber,
    persons: u16,
    state: TicketState,
    #[serde(flatten)]
    place: SeatPlace,
    checked_in: bool,
    window: Option<SeatWindow>,
}

/// What became of a session's visitors.
#[derive(Debug, Serialize)]
pub(crate) struct FiguresJson {
    #[serde(flatten)]
    session: SessionJson,
    #[serde(flatten)]
    figures: SessionFigures,
}

fn session_json(app: &Station, view: SessionView) -> SessionJson {
    SessionJson {
        begins: app.local_time(view.begins),
        begins_ms: view.begins.0,
        ends: app.local_time(view.ends),
        check_in_until: app.local_time(view.check_in_until),
        service: view.service,
        nth: view.nth,
        phase: view.phase,
        offered: view.offered,
        seats: view.seats,
        taken: view.taken,
        checked_in: view.checked_in,
        missed: view.missed,
        free: view.free,
        kept: view.kept,
        waiting: view.waiting,
        waiting_left: view.waiting_left,
    }
}

fn visitor_json(engine: &Engine, now: StationTime, ticket: &Ticket) -> Option<VisitorJson> {
    let seat = engine.seat(ticket, now)?;
    Some(VisitorJson {
        id: ticket.id,
        number: ticket.number.clone(),
        persons: ticket.persons,
        state: ticket.state,
        place: seat.place,
        checked_in: seat.checked_in,
        window: seat.window,
    })
}

fn roster(app: &Station, of: &SessionRef) -> Result<RosterJson, ApiProblem> {
    let now = app.live.now();
    let engine = app.live.engine();
    let views = engine.sessions_of(now, &of.service).into_iter();
    let view = views.into_iter().find(|view| view.begins == of.begins);
    let view = view.ok_or(queue_core::Rejected::UnknownSession)?;
    let visitors = engine.roster(of).into_iter();
    Ok(RosterJson {
        to_call: engine.to_call(now, of).len(),
        may_undo: engine.may_undo_session(now, of),
        visitors: visitors
            .filter_map(|ticket| visitor_json(&engine, now, ticket))
            .collect(),
        session: session_json(app, view),
    })
}

fn reference(service: &str, begins_ms: &str) -> Result<SessionRef, ApiProblem> {
    let begins = begins_ms.parse().ok().map(StationTime);
    let service = ServiceId::new(service).ok();
    let named = service.zip(begins);
    let (service, begins) = named.ok_or(queue_core::Rejected::UnknownSession)?;
    Ok(SessionRef { service, begins })
}

/// The step that an address names.
pub(crate) fn step_of(word: &str) -> Option<SessionStep> {
    Some(match word {
        "call" => SessionStep::Call,
        "start" => SessionStep::Start,
        "end" => SessionStep::End,
        "undo" => SessionStep::Undo,
        _ => return None,
    })
}

pub(crate) async fn list(State(app): State<App>) -> Json<Vec<SessionJson>> {
    let views = app.live.engine().sessions(app.live.now());
    Json(views.into_iter().map(|v| session_json(&app, v)).collect())
}

pub(crate) async fn get(
    State(app): State<App>,
    Path((service, begins)): Path<(String, String)>,
) -> Result<Json<RosterJson>, ApiProblem> {
    roster(&app, &reference(&service, &begins)?).map(Json)
}

pub(crate) async fn step(
    State(app): State<App>,
    Extension(principal): Extension<Principal>,
    Path((service, begins, word)): Path<(String, String, String)>,
    IdempotencyKey(key): IdempotencyKey,
) -> Result<(Replayed, Json<RosterJson>), ApiProblem> {
    let session = reference(&service, &begins)?;
    let step = step_of(&word)
        .ok_or_else(|| ApiProblem::not_found("not_found", "there is nothing at this address"))?;
    let request: [&[u8]; 4] = [
        b"session",
        service.as_bytes(),
        begins.as_bytes(),
        word.as_bytes(),
    ];
    let key = RequestKey::new(&principal, key.as_deref(), &request);
    let command = Command::StepSession {
        session: session.clone(),
        step,
    };
    let answer = app.submit(&principal, &key, command).await?;
    Ok((Replayed(answer.repeated), Json(roster(&app, &session)?)))
}

pub(crate) async fn check_in(
    State(app): State<App>,
    Extension(principal): Extension<Principal>,
    Path(id): Path<String>,
    IdempotencyKey(key): IdempotencyKey,
) -> Changed {
    let command = |target| Command::CheckInToSession { target };
    of_visitor(&app, &principal, &id, key, b"session-check-in", command).await
}

pub(crate) async fn no_show(
    State(app): State<App>,
    Extension(principal): Extension<Principal>,
    Path(id): Path<String>,
    IdempotencyKey(key): IdempotencyKey,
) -> Changed {
    let command = |target| Command::MissSession { target };
    of_visitor(&app, &principal, &id, key, b"session-no-show", command).await
}

/// A command about one who is in a session.
async fn of_visitor(
    app: &App,
    principal: &Principal,
    id: &str,
    key: Option<String>,
    request: &[u8],
    command: impl FnOnce(NumberOrTicket) -> Command,
) -> Changed {
    let ticket = parse_id(id)?;
    let key = RequestKey::new(principal, key.as_deref(), &[request, id.as_bytes()]);
    let command = command(NumberOrTicket::Ticket(ticket));
    change(app, principal, &key, ticket, command).await
}

pub(crate) async fn stats(State(app): State<App>) -> Json<Vec<FiguresJson>> {
    let engine = app.live.engine();
    let mut figures = engine.session_figures();
    let views = engine.sessions(app.live.now()).into_iter();
    let rows = views.filter_map(|view| {
        let figures = figures.remove(&view.of())?;
        let session = session_json(&app, view);
        Some(FiguresJson { session, figures })
    });
    Json(rows.collect())
}
