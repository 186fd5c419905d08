//! The `leg` rows: one for each leg of a visit that has several, or whose first leg is not what was asked for. Any other
//! ticket is its own leg, and has none.

use queue_core::{BusinessDay, Leg, StationPlan, Ticket};
use rusqlite::{Connection, named_params};

use super::packed;
use super::tickets::{standard_ms, state_word};
use crate::zone::Zone;

/// How many rows a ticket has.
pub(super) fn count(ticket: &Ticket) -> usize {
    if ticket.legs.is_empty() && ticket.matters.is_empty() {
        0
    } else {
        ticket.legs.len() + 1
    }
}

/// Removes the rows of a ticket: an undo may leave it with one leg.
pub(super) fn clear(db: &Connection, day: BusinessDay, ticket: &Ticket) -> rusqlite::Result<()> {
    db.prepare_cached("DELETE FROM leg WHERE day = ?1 AND seq = ?2")?
        .execute((day.as_yyyymmdd(), ticket.issued_seq as i64))
        .map(drop)
}

/// Writes the rows of a ticket of the business day in memory.
pub(super) fn write(
    db: &Connection,
    plan: &StationPlan,
    day: BusinessDay,
    ticket: &Ticket,
    zone: &Zone,
) -> rusqlite::Result<()> {
    if count(ticket) == 0 {
        return Ok(());
    }
    clear(db, day, ticket)?;
    let present = ticket.present_leg();
    let legs = ticket.legs.iter().map(|leg| (leg, "done"));
    let legs = legs.chain([(&present, state_word(ticket.state))]);
    for (nth, (leg, state)) in legs.enumerate() {
        write_leg(db, plan, day, ticket, (nth, leg, state), zone)?;
    }
    Ok(())
}

fn write_leg(
    db: &Connection,
    plan: &StationPlan,
    day: BusinessDay,
    ticket: &Ticket,
    (nth, leg, state): (usize, &Leg, &str),
    zone: &Zone,
) -> rusqlite::Result<()> {
    let progress = &leg.progress;
    // The slot of an appointment is that of the first leg.
    let entered = match nth {
        0 => ticket.visit_waits_from(),
        _ => progress.entered_at,
    };
    let is_last = nth == ticket.legs.len();
    let has_ended = !is_last || !ticket.state.is_open();
    let handling_ms = (has_ended && progress.started_at.is_some()).then_some(progress.handling_ms);
    let elsewhere = progress
        .handled
        .iter()
        .filter(|share| Some(&share.counter) != leg.counter.as_ref() || share.staff != leg.staff);
    let handled_elsewhere = handling_ms.and_then(|_| packed::elsewhere_json(elsewhere));
    db.prepare_cached(
        "INSERT INTO leg (day, seq, nth, service, state, counter, staff, hour, entered_ms, first_called_ms,
            last_called_ms, started_ms, start_inferred, finished_ms, handling_ms, handled_elsewhere, standard_ms,
            closed_by_day_end)
         VALUES (:day, :seq, :nth, :service, :state, :counter, :staff, :hour, :entered, :first_called,
            :last_called, :started, :start_inferred, :finished, :handling, :handled_elsewhere, :standard,
            :closed_by_day_end)",
    )?
    .execute(named_params! {
        ":day": day.as_yyyymmdd(),
        ":seq": ticket.issued_seq as i64,
        ":nth": nth as i64,
        ":service": leg.service.as_str(),
        ":state": state,
        ":counter": leg.counter.as_ref().map(|c| c.as_str()),
        ":staff": leg.staff.as_ref().map(|s| s.as_str()),
        ":hour": zone.hour(entered),
        ":entered": entered.0,
        ":first_called": progress.first_called_at.map(|t| t.0),
        ":last_called": progress.last_called_at.map(|t| t.0),
        ":started": progress.started_at.map(|t| t.0),
        ":start_inferred": progress.start_inferred,
        ":finished": leg.finished_at.map(|t| t.0),
        ":handling": handling_ms,
        ":handled_elsewhere": handled_elsewhere,
        ":standard": standard_ms(plan, &leg.service),
        ":closed_by_day_end": is_last && ticket.closed_by_day_end,
    })
    .map(drop)
}
