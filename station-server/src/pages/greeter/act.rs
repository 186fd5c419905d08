//! What a form asks the queue for.

use axum::Extension;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use queue_core::{
    ClassId, Command, IdentityDocument, IdentityRefusal, LanguageTag, Limit, NewTicket,
    NumberOrTicket, OnePerPerson, PersonKey, Rejected, Reply, ServiceId, StationTime, Terms,
    TicketId, TicketNumber,
};

use super::form::{Act, BY_PHONE, Came, PERSON, session_field};
use super::{HERE, asks_for_person};
use crate::access::Principal;
use crate::app::{App, Station, new_ticket_id};
use crate::pages::fields::{Fields, see_other};
use crate::pages::look::Look;
use crate::problem::ApiProblem;

pub(super) async fn act(
    State(app): State<App>,
    Extension(who): Extension<Principal>,
    look: Look,
    mut fields: Fields,
) -> Response {
    // Taken out before anything else looks at the form: it is neither kept nor shown again.
    let document_number = fields.take(PERSON);
    let done = match fields.get("act").and_then(Act::parse) {
        Some(act) => carry_out(&app, &who, act, &mut fields, document_number)
            .await
            .map(|ticket| (act, ticket)),
        None => Err(ApiProblem::invalid("`act` says what to do")),
    };
    let came = match done {
        Ok((act, ticket)) => format!("{HERE}?did={}&ticket={ticket}", act.word()),
        Err(problem) => Came::refusal(&fields, problem.code),
    };
    see_other(&look.href(&came)).into_response()
}

async fn carry_out(
    app: &Station,
    who: &Principal,
    act: Act,
    fields: &mut Fields,
    document_number: Option<String>,
) -> Result<TicketId, ApiProblem> {
    let person = match act {
        Act::Issue => person(app, fields, document_number)?,
        _ => None,
    };
    if let Some(person) = person {
        // The digest of the request is stored: whom it is for must be in it, and the number must not.
        fields.put(PERSON, person.to_string());
    }
    let fields = &*fields;
    let target = || -> Result<NumberOrTicket, ApiProblem> {
        if let Some(id) = fields.parse::<TicketId>("ticket")? {
            return Ok(NumberOrTicket::Ticket(id));
        }
        let typed = fields.get("number").unwrap_or_default().to_uppercase();
        let number: TicketNumber = typed.parse().map_err(|_| Rejected::UnknownTicket)?;
        Ok(NumberOrTicket::Number(number))
    };
    let word = |name: &str| fields.get(name).unwrap_or_default().to_owned();
    let command = match act {
        Act::Issue => issue(app, fields, person)?,
        Act::Verify => Command::VerifyIdentity {
            target: target()?,
            document: coded(&IdentityDocument::ALL, |d| d.code(), &word("document"))?,
        },
        Act::Refuse => Command::RefuseIdentity {
            target: target()?,
            reason: coded(&IdentityRefusal::ALL, |r| r.code(), &word("reason"))?,
        },
        Act::Return => Command::ReturnTicket { target: target()? },
        Act::Reroute => Command::Reroute {
            target: target()?,
            to_service: fields
                .parse::<ServiceId>("service")?
                .ok_or(Rejected::UnknownService)?,
        },
    };
    let key = fields.request_key(who, HERE);
    let answer = app.submit(who, &key, command).await?;
    match answer.reply {
        Reply::Issued { ticket } | Reply::Called { ticket, .. } => Ok(ticket),
        Reply::Done {
            ticket: Some(ticket),
        } => Ok(ticket),
        Reply::Done { ticket: None } | Reply::Booked { .. } => named(app, &target()?),
    }
}

/// The ticket of a command that had nothing left to do.
fn named(app: &Station, target: &NumberOrTicket) -> Result<TicketId, ApiProblem> {
    let engine = app.live.engine();
    let id = match target {
        NumberOrTicket::Ticket(id) => Some(*id),
        NumberOrTicket::Number(number) => engine.ticket_by_number(number).map(|t| t.id),
    };
    Ok(id.ok_or(Rejected::UnknownTicket)?)
}

fn coded<T: Copy>(
    all: &[T],
    code: impl Fn(T) -> &'static str,
    word: &str,
) -> Result<T, ApiProblem> {
    let found = all.iter().copied().find(|one| code(*one) == word);
    found.ok_or_else(|| ApiProblem::invalid(format!("`{word}` is not one of the codes")))
}

/// The service that was chosen, and what else of the same visit: ticked boxes that do not go with the service are out of
/// sight, and left from one chosen before.
fn matters(app: &Station, fields: &Fields) -> Result<(ServiceId, Vec<ServiceId>), ApiProblem> {
    let service = fields
        .parse::<ServiceId>("service")?
        .ok_or(Rejected::UnknownService)?;
    let ticked: Vec<_> = fields.all("then").collect();
    let then = app.info.together_with(&service);
    let then = then.filter(|other| ticked.contains(&other.id.as_str()));
    let then = then.map(|other| other.id.clone()).collect();
    Ok((service, then))
}

/// Whom the ticket is for, where one of its services asks for that.
fn person(
    app: &Station,
    fields: &Fields,
    document_number: Option<String>,
) -> Result<Option<PersonKey>, ApiProblem> {
    let (service, then) = matters(app, fields)?;
    let asks = |id: &ServiceId| asks_for_person(app, id) != OnePerPerson::Off;
    let number = document_number.filter(|_| asks(&service) || then.iter().any(asks));
    number
        .map(|number| {
            let key = app.persons.key(&number);
            key.ok_or_else(|| Rejected::Limited(Limit::PersonUnknown).into())
        })
        .transpose()
}

/// A number, or a seat in the chosen session of its service.
fn issue(app: &Station, fields: &Fields, person: Option<PersonKey>) -> Result<Command, ApiProblem> {
    let wanted = wanted(app, fields, person)?;
    let session = fields.parse(&session_field(wanted.service.as_str()))?;
    Ok(match session {
        Some(begins) => Command::Enrol {
            wanted,
            session: Some(StationTime(begins)),
        },
        None => Command::IssueTicket(wanted),
    })
}

/// Who reserves a seat by telephone does not stand at the entrance.
fn channel(app: &Station, fields: &Fields, service: &ServiceId) -> Result<ServiceId, ApiProblem> {
    let has_sessions = app.live.engine().session_plan(service).is_some();
    let reserved = fields.all(BY_PHONE).any(|id| id == service.as_str());
    let channel = if has_sessions && reserved {
        "phone"
    } else {
        "greeter"
    };
    Ok(ServiceId::new(channel)?)
}

fn wanted(
    app: &Station,
    fields: &Fields,
    person: Option<PersonKey>,
) -> Result<NewTicket, ApiProblem> {
    let (service, then) = matters(app, fields)?;
    Ok(NewTicket {
        ticket: new_ticket_id(),
        channel: channel(app, fields, &service)?,
        service,
        then,
        class: fields.parse::<ClassId>("class")?,
        language: fields.parse::<LanguageTag>("language")?,
        persons: fields.parse("persons")?.unwrap_or(1),
        terms: Terms {
            person,
            overrule: fields.get("overrule").is_some(),
        },
    })
}
