//! The console of a counter: the visitor, six fixed actions, the queue. Every action is a form, so the page works
//! without script; the module `console.js` adds keys, the live connection and the clocks.

mod actions;
mod look;
mod matters;
mod pick;
mod queue;
mod render;
#[cfg(test)]
mod tests;
mod visitor;
mod why;

use axum::Extension;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use protocol::CounterView;
use queue_core::policy::LineId;
use queue_core::{
    Command, CounterId, CounterState, Rejected, ServiceId, TicketId, TicketNumber, TicketState,
};

use self::look::Look;
use self::pick::Picked;
use self::render::{Desk, unknown_counter};
use super::device_words::{Audience, troubles_of};
use super::fields::{Fields, fresh_key, see_other};
use crate::access::{Permission, Principal};
use crate::app::{App, RequestKey};
use crate::http::{ActionRequest, Route, counter_command};
use crate::problem::ApiProblem;
use crate::views::counter_view;
use crate::why::Rule;

/// Its routes.
pub(super) fn routes() -> Vec<Route> {
    vec![
        Route::get("/console/{counter}", Permission::ServeAtCounter, show),
        Route::post(
            "/console/{counter}/{action}",
            Permission::ServeAtCounter,
            act,
        ),
    ]
}

async fn show(
    State(app): State<App>,
    Extension(principal): Extension<Principal>,
    Path(counter): Path<String>,
    Query(look): Query<Look>,
) -> Response {
    let view = CounterId::new(&counter)
        .ok()
        .and_then(|id| counter_view(&app, &id));
    let Some(view) = view else {
        return (StatusCode::NOT_FOUND, unknown_counter(look.page())).into_response();
    };
    let name_of = |id: &str| {
        app.access
            .staff_member(id)
            .map(|member| member.name.as_str())
    };
    let line = LineId::Directed(&view.counter);
    let engine = app.live.engine();
    let rule = Rule::of_line(engine.plan(), &app.info, line);
    let picked = Picked::waiting(&engine, &look.pick);
    drop(engine);
    let desk = Desk {
        info: &app.info,
        profiles: &app.profiles,
        board: &app.board(),
        zone: &app.timezone,
        look: &look,
        picked: picked.as_ref(),
        key: &fresh_key(),
        staff_name: view
            .staff
            .as_ref()
            .map(|id| name_of(id.as_str()).unwrap_or(id.as_str())),
        own_name: principal
            .staff
            .as_ref()
            .map(|id| name_of(id.as_str()).unwrap_or(id.as_str())),
        may_take_over: principal.staff.is_some() && principal.staff != view.staff,
        troubles: &troubles_of(&app.hub.devices(), Audience::Counter),
        storage_fault: app.live.storage_fault().is_some(),
        view: &view,
        rule: &rule,
    };
    desk.page().into_response()
}

async fn act(
    State(app): State<App>,
    Extension(principal): Extension<Principal>,
    Path((counter, action)): Path<(String, String)>,
    Query(look): Query<Look>,
    fields: Fields,
) -> Response {
    let look = look.without_pick();
    let address = match perform(&app, &principal, &counter, &action, &fields).await {
        Ok(Performed::Done) => look.address(&counter, None),
        Ok(Performed::AsksWhy(ticket)) => look.with_pick(ticket).address(&counter, None),
        Err(problem) => look.address(&counter, Some(problem.code)),
    };
    see_other(&address)
}

/// What became of a form.
enum Performed {
    /// It is done.
    Done,
    /// Nothing is done yet: why is this visitor called out of turn?
    AsksWhy(TicketId),
}

async fn perform(
    app: &App,
    principal: &Principal,
    counter: &str,
    action: &str,
    fields: &Fields,
) -> Result<Performed, ApiProblem> {
    let id = CounterId::new(counter).map_err(|_| Rejected::UnknownCounter)?;
    let view = counter_view(app, &id).ok_or(Rejected::UnknownCounter)?;
    let number = fields
        .get("number")
        .map(|text| {
            let engine = app.live.engine();
            let of_the_day = engine.tickets().map(|ticket| &ticket.number);
            find_number(text, &view, of_the_day)
        })
        .transpose()?;
    let request = ActionRequest {
        ticket: fields.parse("ticket")?,
        number,
        staff: None,
        reason: fields.get("reason").map(str::to_owned),
        minutes: fields.parse("minutes")?,
        service: fields.parse("service")?,
        counter: fields.parse("counter")?,
        profile: fields.parse("profile")?,
        on: fields.parse("on")?,
        room: fields.get("room").map(str::to_owned),
        count: fields.parse("count")?,
        then: then_of(fields)?,
    };
    let command = counter_command(app, principal, &id, action, &request)?;
    let next = view.next.as_ref().map(|item| item.ticket);
    let asks = pick::unexplained(&app.live.engine(), app.live.now(), next, &command);
    if let Some(ticket) = asks {
        return Ok(Performed::AsksWhy(ticket));
    }
    name_who_calls(app, principal, &view, &command).await;
    let key = fields.request_key(principal, &format!("/console/{counter}/{action}"));
    match app.submit(principal, &key, command).await {
        Ok(_) => Ok(Performed::Done),
        Err(problem) if problem.code == "wrong_state" => {
            let engine = app.live.engine();
            let named = request.number.as_ref();
            let state = named.and_then(|n| Some(engine.ticket_by_number(n)?.state));
            let code = state.map_or(problem.code, why_not_callable);
            Err(ApiProblem { code, ..problem })
        }
        Err(problem) => Err(problem),
    }
}

/// The services of the field `then`, a comma between two; an empty field: none.
fn then_of(fields: &Fields) -> Result<Option<Vec<ServiceId>>, ApiProblem> {
    let list = |text: &str| {
        let ids = text.split(',').filter(|id| !id.is_empty());
        ids.map(ServiceId::new).collect::<Result<_, _>>()
    };
    Ok(fields.get("then").map(list).transpose()?)
}

/// Whoever calls at an open counter at which nobody is named works there from now on: the visit must have a name in the
/// figures. Somebody who works at another counter is a guest here, and the counter stays without one.
async fn name_who_calls(app: &App, principal: &Principal, view: &CounterView, command: &Command) {
    let calls = matches!(
        command,
        Command::CallNext { .. }
            | Command::CallTicket { .. }
            | Command::Resume { .. }
            | Command::FinishAndCallNext { .. }
    );
    let is_nobodys = view.state == CounterState::Open && view.staff.is_none();
    let Some(staff) = principal.staff.clone().filter(|_| calls && is_nobodys) else {
        return;
    };
    let counter = view.counter.clone();
    let open = Command::OpenCounter {
        counter,
        staff: Some(staff),
    };
    let key = RequestKey::new(principal, None, &[]);
    // A refusal leaves the counter as it was; the call itself is tried all the same.
    let _ = app.submit(principal, &key, open).await;
}

/// What to say of a number that cannot be called, more exactly than that its state forbids it.
fn why_not_callable(state: TicketState) -> &'static str {
    match state {
        TicketState::Done => "wrong_state_done",
        TicketState::Cancelled => "wrong_state_cancelled",
        TicketState::Abandoned => "wrong_state_abandoned",
        TicketState::Called | TicketState::Serving => "wrong_state_busy",
        TicketState::Unverified => "wrong_state_unverified",
        TicketState::Waiting | TicketState::Held | TicketState::NoShow | TicketState::Enrolled => {
            "wrong_state"
        }
    }
}

/// The number staff typed: in full, or its digits alone where only one ticket has them. Tickets in the counter's own
/// lists come before the others of the day, which a rule then refuses with its own words.
fn find_number<'a>(
    text: &str,
    view: &'a CounterView,
    of_the_day: impl Iterator<Item = &'a TicketNumber>,
) -> Result<TicketNumber, ApiProblem> {
    if let Ok(number) = text.parse::<TicketNumber>() {
        return Ok(number);
    }
    let digits: u32 = text.parse().map_err(|_| Rejected::UnknownTicket)?;
    let lists = view.waiting.iter().chain(&view.held).chain(&view.no_show);
    let own = lists.map(|item| &item.number);
    let number = match the_one_with(digits, own)? {
        Some(number) => Some(number),
        None => the_one_with(digits, of_the_day)?,
    };
    Ok(number.ok_or(Rejected::UnknownTicket)?.clone())
}

/// The only one of `numbers` with these digits, if there is one.
fn the_one_with<'a>(
    digits: u32,
    numbers: impl Iterator<Item = &'a TicketNumber>,
) -> Result<Option<&'a TicketNumber>, ApiProblem> {
    let mut found = numbers.filter(|number| number.has_digits(digits));
    let first = found.next();
    if found.any(|other| Some(other) != first) {
        let words = "more than one ticket has these digits";
        return Err(ApiProblem::new(
            StatusCode::UNPROCESSABLE_ENTITY,
            "ambiguous_number",
            words,
        ));
    }
    Ok(first)
}
