//! Tickets: issue, look, cancel.

use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use queue_core::{
    ClassId, Command, CounterId, LanguageTag, LegView, NewTicket, Reply, SeatPlace, SeatView,
    SeatWindow, ServiceId, SessionPhase, StationTime, Terms, TicketId, TicketNumber, TicketState,
    TicketView,
};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::life::passed_by;
use super::words::{known_channel, known_language};
use super::{Body, IdempotencyKey, Replayed};
use crate::access::{Principal, Role};
use crate::app::{App, EstimateJson, RequestKey, Station, new_ticket_id};
use crate::problem::ApiProblem;

/// `POST /api/v1/tickets`.
// Not to be printed: `person` must not reach a trace.
#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct IssueRequest {
    service: ServiceId,
    /// Further matters of the same visit, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    then: Vec<ServiceId>,
    #[serde(default)]
    class: Option<ClassId>,
    #[serde(default)]
    language: Option<LanguageTag>,
    #[serde(default)]
    channel: Option<ServiceId>,
    #[serde(default)]
    #[serde(skip_serializing_if = "Option::is_none")]
    persons: Option<u16>,
    /// What identifies the person it is for: the number of a document.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    person: Option<String>,
    /// When the session begins that is wanted, as `begins_ms` of `GET /api/v1/sessions`; left out: the next with a seat.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    session: Option<i64>,
    /// Give it out although a limit stands against it; staff only.
    #[serde(default, skip_serializing_if = "is_false")]
    overrule: bool,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "as serde calls it")]
fn is_false(flag: &bool) -> bool {
    !flag
}

impl IssueRequest {
    /// Whom it is for and whether limits hold. What identifies the person is taken out of the request.
    fn take_terms(&mut self, app: &Station, who: &Principal) -> Result<Terms, ApiProblem> {
        if self.overrule && !is_staff(who) {
            return Err(ApiProblem::forbidden(
                "only staff may overrule hours and other limits",
            ));
        }
        let number = self.person.take();
        let person = number.map(|number| {
            let key = app.persons.key(&number);
            key.ok_or_else(|| ApiProblem::invalid("`person` is a number of 1 to 64 characters"))
        });
        Ok(Terms {
            person: person.transpose()?,
            overrule: self.overrule,
        })
    }
}

/// Whether people of the station look on, who may give out what no visitor takes alone.
fn is_staff(who: &Principal) -> bool {
    matches!(
        who.role,
        Role::Counter | Role::Greeter | Role::Chief | Role::Administrator
    )
}

pub(crate) async fn issue(
    State(app): State<App>,
    Extension(principal): Extension<Principal>,
    IdempotencyKey(key): IdempotencyKey,
    Body { mut value, bytes }: Body<IssueRequest>,
) -> Result<Response, ApiProblem> {
    let terms = value.take_terms(&app, &principal)?;
    let persons = value.persons.unwrap_or(1);
    if !is_staff(&principal) {
        app.may_ask_for(&value.service, &value.then, persons)?;
    }
    // The digest of a request is stored: a number must not be in it, but whom it is for must.
    let bytes = match terms.person {
        Some(person) => [
            serde_json::to_vec(&value).unwrap_or_default(),
            person.to_string().into(),
        ]
        .concat()
        .into(),
        None => bytes,
    };
    let key = RequestKey::new(
        &principal,
        key.as_deref(),
        &[b"POST /api/v1/tickets", &bytes],
    );
    let session = value.session.map(StationTime);
    let wanted = NewTicket {
        ticket: new_ticket_id(),
        service: value.service,
        then: value.then,
        class: value.class,
        language: known_language(value.language)?,
        channel: known_channel(value.channel, principal.role)?,
        persons,
        terms,
    };
    let command = match session {
        Some(_) => Command::Enrol { wanted, session },
        None => Command::IssueTicket(wanted),
    };
    let answer = app.submit(&principal, &key, command).await?;
    let Reply::Issued { ticket } = answer.reply else {
        return Err(ApiProblem::from(queue_core::Rejected::IdempotencyKeyReused));
    };
    let view = app
        .ticket_view(ticket)
        .ok_or(queue_core::Rejected::UnknownTicket)?;
    let mut headers = HeaderMap::new();
    if let Ok(place) = HeaderValue::from_str(&format!("/api/v1/tickets/{ticket}")) {
        headers.insert(axum::http::header::LOCATION, place);
    }
    let replayed = Replayed(answer.repeated);
    Ok((
        StatusCode::CREATED,
        headers,
        replayed,
        Json(ticket_json(&app, view)),
    )
        .into_response())
}

/// Days after which a ticket is as unknown as one that never was.
const REMEMBERED_DAYS: i64 = 7;

impl Station {
    /// Why there is no such ticket today: of a day that is over, or never given out. Visitors keep their papers and links
    /// beyond midnight.
    pub(crate) async fn missing_ticket(&self, ticket: TicketId) -> ApiProblem {
        let unknown = ApiProblem::from(queue_core::Rejected::UnknownTicket);
        let earliest = self.live.now().plus_ms(-REMEMBERED_DAYS * 24 * 3_600_000);
        let since = self.live.zone().date(earliest);
        match self
            .report(move |reports| reports.day_of(ticket, since))
            .await
        {
            Ok(Some(day)) => ApiProblem::new(
                StatusCode::GONE,
                "ticket_ended",
                format!(
                    "this ticket was of {day}, which is over: it can be neither called, cancelled nor rated any more"
                ),
            ),
            // Whatever keeps the reports from answering is told where it matters.
            Ok(None) | Err(_) => unknown,
        }
    }

    /// The refusal of a command about a ticket, in which a ticket of an earlier day is told from an unknown one.
    pub(crate) async fn about_ticket(&self, ticket: TicketId, problem: ApiProblem) -> ApiProblem {
        if problem.code == queue_core::Rejected::UnknownTicket.code() {
            self.missing_ticket(ticket).await
        } else {
            problem
        }
    }
}

pub(crate) async fn get(
    State(app): State<App>,
    Path(id): Path<String>,
) -> Result<Json<TicketJson>, ApiProblem> {
    let id = parse_id(&id)?;
    match app.ticket_view(id) {
        Some(view) => Ok(Json(ticket_json(&app, view))),
        None => Err(app.missing_ticket(id).await),
    }
}

pub(crate) async fn cancel(
    State(app): State<App>,
    Extension(principal): Extension<Principal>,
    Path(id): Path<String>,
    IdempotencyKey(key): IdempotencyKey,
) -> Result<(Replayed, Json<TicketJson>), ApiProblem> {
    let ticket = parse_id(&id)?;
    let key = RequestKey::new(&principal, key.as_deref(), &[b"cancel", id.as_bytes()]);
    let command = Command::CancelTicket { ticket };
    let answer = match app.submit(&principal, &key, command).await {
        Ok(answer) => answer,
        Err(problem) => return Err(app.about_ticket(ticket, problem).await),
    };
    let view = app
        .ticket_view(ticket)
        .ok_or(queue_core::Rejected::UnknownTicket)?;
    Ok((Replayed(answer.repeated), Json(ticket_json(&app, view))))
}

pub(crate) fn parse_id(id: &str) -> Result<TicketId, ApiProblem> {
    id.parse()
        .map_err(|_| queue_core::Rejected::UnknownTicket.into())
}

/// A ticket as the interface shows it.
#[derive(Debug, Serialize)]
pub(crate) struct TicketJson {
    id: TicketId,
    number: TicketNumber,
    service: ServiceId,
    legs: Vec<LegView>,
    class: ClassId,
    language: Option<LanguageTag>,
    state: TicketState,
    persons: u16,
    issued_at: String,
    ahead: usize,
    estimate: Option<EstimateJson>,
    counter: Option<CounterId>,
    called_at: Option<String>,
    calls: u32,
    rated: bool,
    print: Option<String>,
    get_ready: bool,
    room: Option<String>,
    comeback: Option<ComebackJson>,
    #[serde(skip_serializing_if = "Option::is_none")]
    session: Option<SeatJson>,
    passed_by: Option<Value>,
    links: Links,
}

/// Where the ticket stands in its session.
#[derive(Debug, Serialize)]
struct SeatJson {
    nth: usize,
    begins: String,
    ends: String,
    check_in_until: String,
    phase: SessionPhase,
    place: &'static str,
    /// Place on the waiting list, from 1.
    on_list: Option<usize>,
    checked_in: bool,
    window: Option<SeatWindow>,
}

/// What a missed visitor may still do.
#[derive(Debug, Serialize)]
struct ComebackJson {
    until: String,
    left: u8,
    ahead: usize,
}

#[derive(Debug, Serialize)]
struct Links {
    #[serde(rename = "self")]
    this: String,
    cancel: String,
    page: String,
}

impl SeatJson {
    fn of(app: &Station, seat: SeatView) -> Self {
        Self {
            nth: seat.nth,
            begins: app.local_time(seat.begins),
            ends: app.local_time(seat.ends),
            check_in_until: app.local_time(seat.check_in_until),
            phase: seat.phase,
            place: match seat.place {
                SeatPlace::Seat => "seat",
                SeatPlace::List { .. } => "list",
                SeatPlace::None => "none",
            },
            on_list: match seat.place {
                SeatPlace::List { nth } => Some(nth),
                SeatPlace::Seat | SeatPlace::None => None,
            },
            checked_in: seat.checked_in,
            window: seat.window,
        }
    }
}

/// A ticket as the interface shows it.
pub(crate) fn ticket_json(app: &Station, view: TicketView) -> TicketJson {
    let this = format!("/api/v1/tickets/{}", view.id);
    TicketJson {
        id: view.id,
        issued_at: app.local_time(view.issued_at),
        ahead: view.ahead,
        estimate: EstimateJson::of(view.estimate),
        called_at: view.called_at.map(|at| app.local_time(at)),
        calls: view.calls,
        rated: view.rated,
        links: Links {
            cancel: format!("{this}/cancel"),
            page: app.ticket_url(view.id),
            this,
        },
        number: view.number,
        service: view.service,
        legs: view.legs,
        class: view.class,
        language: view.language,
        state: view.state,
        counter: view.counter,
        print: view.print,
        persons: view.persons,
        get_ready: view.get_ready,
        room: view.room,
        comeback: view.comeback.map(|comeback| ComebackJson {
            until: app.local_time(app.within_today(comeback.until)),
            left: comeback.left,
            ahead: comeback.ahead,
        }),
        session: view.seat.map(|seat| SeatJson::of(app, seat)),
        passed_by: view.passed_by.map(|by| passed_by(app, &by)),
    }
}
