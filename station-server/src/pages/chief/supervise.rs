//! What a supervisor decides on one ticket: that it is called before all others, or that its outcome was another one.

use std::borrow::Cow;

use axum::Extension;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use maud::{Markup, html};
use queue_core::{Command, Correction, NumberOrTicket, Outcome, Rejected, TicketId, TicketState};
use screens::{Texts, t};

use super::life;
use crate::access::{Permission, Principal};
use crate::app::{App, RequestKey, Station};
use crate::pages::fields::{Fields, see_other};
use crate::pages::look::Look;
use crate::problem::ApiProblem;

/// `POST /chief/tickets/{id}`.
pub(super) async fn act(
    State(app): State<App>,
    Extension(who): Extension<Principal>,
    look: Look,
    Path(id): Path<String>,
    fields: Fields,
) -> Response {
    match carry_out(&app, &who, &id, &fields).await {
        Ok(ticket) => see_other(&look.href(&life::address(ticket))),
        Err(problem) => problem.into_response(),
    }
}

async fn carry_out(
    app: &Station,
    who: &Principal,
    id: &str,
    fields: &Fields,
) -> Result<TicketId, ApiProblem> {
    let ticket: TicketId = id.parse().map_err(|_| Rejected::UnknownTicket)?;
    let target = NumberOrTicket::Ticket(ticket);
    let reason = fields.get("reason").unwrap_or_default().to_owned();
    let command = match fields.get("act") {
        Some("prioritise") => Command::Prioritise { target, reason },
        Some("correct") => Command::Correct {
            target,
            correction: Correction {
                outcome: Some(outcome(fields.get("outcome"))?),
                ..Correction::default()
            },
            reason,
        },
        _ => return Err(ApiProblem::invalid("`act` is prioritise or correct")),
    };
    let key = RequestKey::new(who, None, &[b"chief page"]);
    app.submit(who, &key, command).await?;
    Ok(ticket)
}

const OUTCOMES: [(Outcome, &str); 4] = [
    (Outcome::Served, "served"),
    (Outcome::NoShow, "no_show"),
    (Outcome::Cancelled, "cancelled"),
    (Outcome::Abandoned, "abandoned"),
];

fn outcome(word: Option<&str>) -> Result<Outcome, ApiProblem> {
    let known = OUTCOMES.iter().find(|(_, known)| Some(*known) == word);
    known
        .map(|(outcome, _)| *outcome)
        .ok_or_else(|| ApiProblem::invalid("`outcome` is served, no_show, cancelled or abandoned"))
}

/// How a visit ended, in words.
pub(super) fn said(texts: &'static Texts, outcome: Outcome) -> Cow<'static, str> {
    match outcome {
        Outcome::Served => t!(texts, "outcome-served"),
        Outcome::NoShow => t!(texts, "outcome-no-show"),
        Outcome::Cancelled => t!(texts, "outcome-cancelled"),
        Outcome::Abandoned => t!(texts, "outcome-abandoned"),
    }
}

/// What may be decided on a ticket of the business day, by who looks at it.
pub(super) fn forms(app: &Station, who: &Principal, look: Look, id: TicketId) -> Markup {
    let texts = look.texts();
    let engine = app.live.engine();
    let ticket = engine
        .ticket(id)
        .filter(|_| who.role.may(Permission::Supervise));
    let Some(ticket) = ticket else {
        return html! {};
    };
    let waiting = ticket.state == TicketState::Waiting && ticket.precedence.is_none();
    let ended = ticket.outcome();
    let address = look.href(&life::address(id));
    let reason = html! {
        label for="reason" { (t!(texts, "chief-reason")) }
        input id="reason" name="reason" required maxlength="60" autocomplete="off";
    };
    html! {
        @if waiting {
            section class="cardd blk ask" id="urgent" {
                h2 { (t!(texts, "chief-urgent")) }
                p class="sub" { (t!(texts, "chief-urgent-sub")) }
                form class="row" method="post" action=(address) {
                    (reason)
                    button class="btn pri" name="act" value="prioritise" { (t!(texts, "action-prioritise")) }
                }
            }
        }
        @if let Some(ended) = ended {
            section class="cardd blk ask" id="correct" {
                h2 { (t!(texts, "chief-correct")) }
                p class="sub" { (t!(texts, "chief-correct-sub")) }
                form class="row" method="post" action=(address) {
                    label for="outcome" { (t!(texts, "chief-outcome")) }
                    select id="outcome" name="outcome" {
                        @for (outcome, word) in OUTCOMES {
                            option value=(word) selected[outcome == ended] { (said(texts, outcome)) }
                        }
                    }
                    (reason)
                    button class="btn pri" name="act" value="correct" { (t!(texts, "action-correct")) }
                }
            }
        }
    }
}
