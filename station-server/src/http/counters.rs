//! What a counter can do.

use std::ops::RangeInclusive;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::{Extension, Json};
use queue_core::{
    Command, CounterId, NumberOrTicket, ProfileId, Rejected, Reply, ServiceId, StaffId, TicketId,
    TicketNumber,
};
use serde::Deserialize;
use serde_json::{Value, json};

use super::tickets::ticket_json;
use super::times::with_times;
use super::words::known_staff;
use super::{Body, IdempotencyKey, Replayed};
use crate::access::Principal;
use crate::app::{App, RequestKey};
use crate::problem::ApiProblem;
use crate::views;

/// Body of every counter action; each action reads what it needs.
#[derive(Debug, Default, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ActionRequest {
    /// Whom the sender sees at the counter, or whom to call or resume.
    pub ticket: Option<TicketId>,
    /// Whom to call or resume, by number.
    pub number: Option<TicketNumber>,
    /// Who works there (open).
    pub staff: Option<StaffId>,
    /// Why (pause, hold, call).
    pub reason: Option<String>,
    /// Where the visitor waits meanwhile (hold).
    pub room: Option<String>,
    /// How many (precall).
    pub count: Option<u8>,
    /// Minutes the pause will last.
    pub minutes: Option<u32>,
    /// To which service (transfer).
    pub service: Option<ServiceId>,
    /// To which counter (transfer, hand-over).
    pub counter: Option<CounterId>,
    /// To which set of services (profile); none: back to the counter's own.
    pub profile: Option<ProfileId>,
    /// Whether it calls by itself (auto-call), or once whoever comes next (store-next).
    pub on: Option<bool>,
    /// All services to come after the present one, in order (matters).
    pub then: Option<Vec<ServiceId>>,
}

/// How long a pause may be announced to last, minutes.
const PAUSE_MIN: RangeInclusive<u32> = 1..=24 * 60;

impl ActionRequest {
    /// The fields that are there.
    fn sent(&self) -> impl Iterator<Item = &'static str> {
        let Self {
            ticket,
            number,
            staff,
            reason,
            room,
            count,
            minutes,
            service,
            counter,
            profile,
            on,
            then,
        } = self;
        [
            ("ticket", ticket.is_some()),
            ("number", number.is_some()),
            ("staff", staff.is_some()),
            ("reason", reason.is_some()),
            ("room", room.is_some()),
            ("count", count.is_some()),
            ("minutes", minutes.is_some()),
            ("service", service.is_some()),
            ("counter", counter.is_some()),
            ("profile", profile.is_some()),
            ("on", on.is_some()),
            ("then", then.is_some()),
        ]
        .into_iter()
        .filter_map(|(name, sent)| sent.then_some(name))
    }

    /// Whether the action reads every field that was sent: who sends another one means something else.
    ///
    /// # Errors
    /// 422, naming the field.
    fn check(&self, action: &str) -> Result<(), ApiProblem> {
        let taken: &[&str] = match action {
            "open" => &["staff"],
            "pause" => &["reason", "minutes"],
            "call" => &["number", "ticket", "reason"],
            "resume" | "return" => &["number", "ticket"],
            "precall" => &["count"],
            "recall" | "send-back" | "start" | "finish" | "finish-and-next" | "no-show"
            | "ask-rating" => &["ticket"],
            "hold" => &["ticket", "reason", "room"],
            "hand-over" => &["ticket", "counter"],
            "profile" => &["profile"],
            "auto-call" | "store-next" => &["on"],
            "transfer" => &["ticket", "service", "counter"],
            "matters" => &["ticket", "then"],
            _ => &[],
        };
        let unprocessable =
            |code, detail: String| ApiProblem::new(StatusCode::UNPROCESSABLE_ENTITY, code, detail);
        if let Some(field) = self.sent().find(|field| !taken.contains(field)) {
            let detail = format!("`{action}` does not take `{field}`");
            return Err(unprocessable("unexpected_field", detail));
        }
        if self.number.is_some() && self.ticket.is_some() {
            let detail = "name whom you mean once: by `number` or by `ticket`";
            return Err(unprocessable("ambiguous_ticket", detail.to_owned()));
        }
        if self.minutes.is_some_and(|m| !PAUSE_MIN.contains(&m)) {
            return Err(ApiProblem::invalid("`minutes` of a pause: 1 to 1440"));
        }
        Ok(())
    }
}

pub(crate) async fn view(
    State(app): State<App>,
    Path(counter): Path<String>,
) -> Result<Json<Value>, ApiProblem> {
    let counter = CounterId::new(&counter).map_err(|_| Rejected::UnknownCounter)?;
    let view = views::counter_view(&app, &counter).ok_or(Rejected::UnknownCounter)?;
    Ok(Json(with_times(&app, &view)?))
}

pub(crate) async fn act(
    State(app): State<App>,
    Extension(principal): Extension<Principal>,
    Path((counter, action)): Path<(String, String)>,
    IdempotencyKey(key): IdempotencyKey,
    Body { value, bytes }: Body<ActionRequest>,
) -> Result<(Replayed, Json<Value>), ApiProblem> {
    let counter = CounterId::new(&counter).map_err(|_| Rejected::UnknownCounter)?;
    let request: [&[u8]; 3] = [counter.as_str().as_bytes(), action.as_bytes(), &bytes];
    let key = RequestKey::new(&principal, key.as_deref(), &request);
    let command = counter_command(&app, &principal, &counter, &action, &value)?;
    value.check(&action)?;
    let answer = app.submit(&principal, &key, command).await?;
    let ticket = match answer.reply {
        Reply::Issued { ticket } | Reply::Called { ticket, .. } => Some(ticket),
        Reply::Done { ticket } => ticket,
        Reply::Booked { .. } => None,
    };
    let ticket = ticket
        .and_then(|id| app.ticket_view(id))
        .map(|v| ticket_json(&app, v));
    let (state, staff, current) = {
        let engine = app.live.engine();
        let at = engine.counter(&counter).ok_or(Rejected::UnknownCounter)?;
        (at.state.clone(), at.staff.clone(), at.current)
    };
    let current = current
        .and_then(|id| app.ticket_view(id))
        .map(|v| ticket_json(&app, v));
    let body = json!({
        "counter": counter,
        "state": with_times(&app, &state)?,
        "staff": staff,
        "ticket": ticket,
        "current": current,
        "seq": answer.seq,
    });
    Ok((Replayed(answer.repeated), Json(body)))
}

/// The command an action of a counter stands for.
///
/// # Errors
/// 404 for an action that does not exist, 400 where something needed is missing, 422 for staff nobody knows.
pub fn counter_command(
    app: &App,
    principal: &Principal,
    counter: &CounterId,
    action: &str,
    request: &ActionRequest,
) -> Result<Command, ApiProblem> {
    let counter = counter.clone();
    let target = || match (&request.number, request.ticket) {
        (Some(number), _) => Some(NumberOrTicket::Number(number.clone())),
        (None, Some(ticket)) => Some(NumberOrTicket::Ticket(ticket)),
        (None, None) => None,
    };
    let reason = || request.reason.clone().unwrap_or_default();
    let command = match action {
        "open" => {
            let named = request.staff.clone();
            let named = named.map(|staff| known_staff(&app.access, staff));
            let staff = named.transpose()?.or_else(|| principal.staff.clone());
            return Ok(Command::OpenCounter { counter, staff });
        }
        "pause" => {
            let until = request
                .minutes
                .map(|m| app.live.now().plus_ms(i64::from(m) * 60_000));
            return Ok(Command::PauseCounter {
                counter,
                reason: reason(),
                until,
            });
        }
        "close" => return Ok(Command::CloseCounter { counter }),
        "profile" => {
            return Ok(Command::SetProfile {
                counter,
                profile: request.profile.clone(),
            });
        }
        "auto-call" | "store-next" => {
            let on = request.on.ok_or_else(|| {
                ApiProblem::invalid("say whether: {\"on\": true} or {\"on\": false}")
            })?;
            return Ok(if action == "auto-call" {
                Command::SetAutoCall { counter, on }
            } else {
                Command::StoreNext { counter, on }
            });
        }
        "call-next" => return Ok(Command::CallNext { counter }),
        "call" => {
            let target = target().ok_or_else(|| {
                ApiProblem::invalid("name whom to call: {\"number\": \"A047\"} or {\"ticket\": id}")
            })?;
            return Ok(Command::CallTicket {
                counter,
                target,
                reason: request.reason.clone(),
            });
        }
        "resume" => {
            return Ok(Command::Resume {
                counter,
                target: target(),
            });
        }
        "return" => {
            let target = target().ok_or_else(|| {
                ApiProblem::invalid("name who is back: {\"number\": \"A047\"} or {\"ticket\": id}")
            })?;
            return Ok(Command::ReturnTicket { target });
        }
        "precall" => {
            return Ok(Command::Precall {
                counter,
                count: request.count.unwrap_or(1),
            });
        }
        "undo" => return Ok(Command::Undo { counter }),
        "recall" => Command::Recall {
            counter: counter.clone(),
        },
        "start" => Command::Start {
            counter: counter.clone(),
        },
        "finish" => Command::Finish {
            counter: counter.clone(),
        },
        "finish-and-next" => Command::FinishAndCallNext {
            counter: counter.clone(),
        },
        "no-show" => Command::MarkNoShow {
            counter: counter.clone(),
        },
        "hold" => Command::Hold {
            counter: counter.clone(),
            reason: reason(),
            room: request.room.clone().filter(|room| !room.trim().is_empty()),
        },
        "send-back" => Command::SendBack {
            counter: counter.clone(),
        },
        "hand-over" => Command::HandOver {
            counter: counter.clone(),
            to_counter: request.counter.clone().ok_or_else(|| {
                ApiProblem::invalid("name the counter that takes the visitor: {\"counter\": \"2\"}")
            })?,
        },
        "matters" => Command::ChangeMatters {
            counter: counter.clone(),
            then: request.then.clone().ok_or_else(|| {
                ApiProblem::invalid(
                    "name all services to come, in order: {\"then\": [\"photo\"]} or {\"then\": []}",
                )
            })?,
        },
        "ask-rating" => Command::InviteRating {
            counter: counter.clone(),
        },
        "transfer" => Command::Transfer {
            counter: counter.clone(),
            to_service: request.service.clone(),
            to_counter: request.counter.clone(),
        },
        _ => {
            return Err(ApiProblem::not_found(
                "unknown_action",
                format!("a counter cannot `{action}`"),
            ));
        }
    };
    // The actions left act on the visitor at the counter; a stale screen names another one.
    Ok(match request.ticket {
        Some(ticket) => Command::IfCurrent {
            counter,
            ticket,
            command: Box::new(command),
        },
        None => command,
    })
}
