//! The `ticket` rows.

use queue_core::{
    BusinessDay, ImportedTicket, Outcome, PrintOutcome, ServiceId, StationPlan, StationTime,
    Ticket, TicketState,
};
use rusqlite::{Connection, named_params};

use super::{imported_state, legs, packed};
use crate::zone::Zone;

/// The stored word of a state; the same as in JSON.
pub(crate) fn state_word(state: TicketState) -> &'static str {
    match state {
        TicketState::Waiting => "waiting",
        TicketState::Called => "called",
        TicketState::Serving => "serving",
        TicketState::Held => "held",
        TicketState::Done => "done",
        TicketState::NoShow => "no_show",
        TicketState::Cancelled => "cancelled",
        TicketState::Abandoned => "abandoned",
        TicketState::Unverified => "unverified",
        TicketState::Enrolled => "enrolled",
    }
}

/// The moments of a ticket as reports want them.
struct Course {
    issued: StationTime,
    first_called: Option<StationTime>,
    /// Last call before the first start; the last call of all where there was no start.
    last_called: Option<StationTime>,
    started: Option<StationTime>,
    finished: Option<StationTime>,
    /// Known only once the ticket has ended: a session under way has no length yet.
    handling_ms: Option<i64>,
}

impl Course {
    fn of(ticket: &Ticket) -> Self {
        let called_before_start = |start: StationTime| start.plus_ms(-ticket.walk_ms.unwrap_or(0));
        Self {
            // Waiting and stay count from here: with an appointment, not before the slot.
            issued: ticket.visit_waits_from(),
            first_called: ticket.first_called_at,
            last_called: ticket
                .started_at
                .map(called_before_start)
                .or(ticket.last_called_at),
            started: ticket.started_at,
            finished: ticket.finished_at,
            handling_ms: (ticket.started_at.is_some() && !ticket.state.is_open())
                .then_some(ticket.handling_ms),
        }
    }

    fn of_imported(ticket: &ImportedTicket) -> Self {
        let served = ticket.outcome == Outcome::Served;
        Self {
            issued: ticket.issued_at,
            first_called: ticket.called_at,
            last_called: ticket.called_at,
            started: ticket.started_at,
            finished: ticket.finished_at,
            handling_ms: ticket
                .started_at
                .zip(ticket.finished_at)
                .filter(|_| served)
                .map(|(start, finish)| finish.since_ms(start)),
        }
    }
}

/// The waiting standard of a service in `plan`; none for a service that is gone.
pub(super) fn standard_ms(plan: &StationPlan, service: &ServiceId) -> Option<i64> {
    let service = plan.services.get(service)?;
    Some(i64::from(service.wait_standard_s?) * 1_000)
}

// A standard once known stays when its service has left the plan by the time of a late rating.
const UPSERT: &str = "
    INSERT INTO ticket (day, seq, id, number, service, class, language, channel, state, counter, staff, hour,
        issued_ms, first_called_ms, last_called_ms, started_ms, start_inferred, finished_ms, handling_ms,
        handled_elsewhere, standard_ms, closed_by_day_end, rating_invited, score, reasons, comment, rated_ms, print,
        print_cause, imported, persons, legs)
    VALUES (:day, :seq, :id, :number, :service, :class, :language, :channel, :state, :counter, :staff, :hour,
        :issued, :first_called, :last_called, :started, :start_inferred, :finished, :handling,
        :handled_elsewhere, :standard, :closed_by_day_end, :rating_invited, :score, :reasons, :comment, :rated, :print,
        :print_cause, 0, :persons, :legs)
    ON CONFLICT (day, seq) DO UPDATE SET
        number = excluded.number, service = excluded.service, class = excluded.class, state = excluded.state, counter = excluded.counter, staff = excluded.staff,
        issued_ms = excluded.issued_ms, hour = excluded.hour,
        first_called_ms = excluded.first_called_ms, last_called_ms = excluded.last_called_ms,
        started_ms = excluded.started_ms, start_inferred = excluded.start_inferred,
        finished_ms = excluded.finished_ms, handling_ms = excluded.handling_ms,
        handled_elsewhere = excluded.handled_elsewhere,
        standard_ms = coalesce(excluded.standard_ms, standard_ms),
        closed_by_day_end = excluded.closed_by_day_end, rating_invited = excluded.rating_invited,
        score = excluded.score, reasons = excluded.reasons, comment = excluded.comment, rated_ms = excluded.rated_ms,
        persons = excluded.persons, legs = excluded.legs, print = excluded.print, print_cause = excluded.print_cause";

/// Writes the row of a ticket of the business day in memory.
pub(super) fn write(
    db: &Connection,
    plan: &StationPlan,
    day: BusinessDay,
    ticket: &Ticket,
    zone: &Zone,
) -> rusqlite::Result<()> {
    let course = Course::of(ticket);
    let rating = ticket.rating.as_ref();
    let reasons = rating
        .filter(|r| !r.reasons.is_empty())
        .map(|r| serde_json::to_string(&r.reasons))
        .transpose()
        .map_err(|e| rusqlite::Error::ToSqlConversionFailure(e.into()))?;
    let handled_elsewhere = course
        .handling_ms
        .and_then(|_| packed::elsewhere_json(ticket.handled_elsewhere()));
    let print_cause = match &ticket.print {
        Some(PrintOutcome::Failed { cause } | PrintOutcome::Unknown { cause }) => {
            Some(cause.as_str())
        }
        Some(PrintOutcome::Printed) | None => None,
    };
    let number = ticket.number.to_string();
    db.prepare_cached(UPSERT)?.execute(named_params! {
        ":day": day.as_yyyymmdd(),
        ":seq": ticket.issued_seq as i64,
        ":id": ticket.id.0.to_be_bytes().as_slice(),
        ":number": number,
        ":service": ticket.visit_service().as_str(),
        ":class": ticket.class.as_str(),
        ":language": ticket.language.as_ref().map(|l| l.as_str()),
        ":channel": ticket.channel.as_str(),
        ":state": state_word(ticket.state),
        ":counter": ticket.counter.as_ref().map(|c| c.as_str()),
        ":staff": ticket.staff.as_ref().map(|s| s.as_str()),
        ":hour": zone.hour(course.issued),
        ":issued": course.issued.0,
        ":first_called": course.first_called.map(|t| t.0),
        ":last_called": course.last_called.map(|t| t.0),
        ":started": course.started.map(|t| t.0),
        ":start_inferred": ticket.start_inferred,
        ":finished": course.finished.map(|t| t.0),
        ":handling": course.handling_ms,
        ":handled_elsewhere": handled_elsewhere,
        ":standard": standard_ms(plan, ticket.visit_service()),
        ":persons": ticket.persons,
        ":legs": legs::count(ticket) as i64,
        ":closed_by_day_end": ticket.closed_by_day_end,
        ":rating_invited": ticket.rating_invited,
        ":score": rating.map(|r| r.score),
        ":reasons": reasons,
        ":comment": rating.and_then(|r| r.comment.as_deref()),
        ":rated": rating.map(|r| r.at.0),
        ":print": ticket.print.as_ref().map(PrintOutcome::word),
        ":print_cause": print_cause,
    })?;
    Ok(())
}

/// Writes the row of a ticket of another system's log; `seq` is the entry that brought it.
pub(super) fn write_imported(
    db: &Connection,
    plan: &StationPlan,
    ticket: &ImportedTicket,
    seq: u64,
    zone: &Zone,
) -> rusqlite::Result<()> {
    let course = Course::of_imported(ticket);
    db.prepare_cached(
        "INSERT INTO ticket (day, seq, number, service, class, language, channel, state, counter, staff, hour,
            issued_ms, first_called_ms, last_called_ms, started_ms, start_inferred, finished_ms, handling_ms,
            standard_ms, closed_by_day_end, rating_invited, score, rated_ms, imported, persons, legs)
         VALUES (:day, :seq, :number, :service, :class, :language, :channel, :state, :counter, :staff, :hour,
            :issued, :first_called, :last_called, :started, 0, :finished, :handling, :standard, 0, 0, :score, :rated, 1, 1, 0)",
    )?
    .execute(named_params! {
        ":day": ticket.day.as_yyyymmdd(),
        ":seq": seq as i64,
        ":number": ticket.number,
        ":service": ticket.service.as_str(),
        ":class": ticket.class.as_str(),
        ":language": ticket.language.as_ref().map(|l| l.as_str()),
        ":channel": ticket.channel.as_ref().map(|c| c.as_str()),
        ":state": state_word(imported_state(ticket.outcome)),
        ":counter": ticket.counter.as_ref().map(|c| c.as_str()),
        ":staff": ticket.staff.as_ref().map(|s| s.as_str()),
        ":hour": zone.hour(ticket.issued_at),
        ":issued": course.issued.0,
        ":first_called": course.first_called.map(|t| t.0),
        ":last_called": course.last_called.map(|t| t.0),
        ":started": course.started.map(|t| t.0),
        ":finished": course.finished.map(|t| t.0),
        ":handling": course.handling_ms,
        ":standard": standard_ms(plan, &ticket.service),
        ":score": ticket.score,
        // When it was given is not known; the end of the visit is the nearest known moment.
        ":rated": ticket.score.and(ticket.finished_at.or(Some(ticket.issued_at))).map(|t| t.0),
    })?;
    Ok(())
}
