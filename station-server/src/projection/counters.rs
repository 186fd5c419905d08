//! The `counter_interval` rows: when a counter was open or paused, and who worked there.

use queue_core::{CounterId, Engine, Event, Recorded, StaffId};
use rusqlite::Connection;

/// Writes what an event, just applied, means for the counters.
pub(super) fn write(db: &Connection, engine: &Engine, recorded: &Recorded) -> rusqlite::Result<()> {
    match &recorded.event {
        Event::CounterOpened { counter, staff } => {
            end(db, counter, recorded)?;
            begin(db, engine, counter, staff.as_ref(), None, recorded)
        }
        Event::CounterPaused {
            counter, reason, ..
        } => {
            end(db, counter, recorded)?;
            let staff = engine.counter(counter).and_then(|c| c.staff.as_ref());
            begin(db, engine, counter, staff, Some(reason), recorded)
        }
        Event::CounterClosed { counter } => end(db, counter, recorded),
        Event::DayClosed { .. } => db
            .execute(
                "UPDATE counter_interval SET to_ms = ?1 WHERE to_ms IS NULL",
                [recorded.at.0],
            )
            .map(drop),
        Event::Configured { plan } => {
            let running: Vec<String> = db
                .prepare_cached("SELECT counter FROM counter_interval WHERE to_ms IS NULL")?
                .query_map([], |row| row.get(0))?
                .collect::<Result<_, _>>()?;
            for counter in running.iter().filter_map(|id| CounterId::new(id).ok()) {
                if !plan.counters.contains_key(&counter) {
                    end(db, &counter, recorded)?;
                }
            }
            Ok(())
        }
        _ => Ok(()),
    }
}

fn end(db: &Connection, counter: &CounterId, recorded: &Recorded) -> rusqlite::Result<()> {
    db.prepare_cached(
        "UPDATE counter_interval SET to_ms = ?2 WHERE counter = ?1 AND to_ms IS NULL",
    )?
    .execute((counter.as_str(), recorded.at.0))
    .map(drop)
}

fn begin(
    db: &Connection,
    engine: &Engine,
    counter: &CounterId,
    staff: Option<&StaffId>,
    pause_reason: Option<&str>,
    recorded: &Recorded,
) -> rusqlite::Result<()> {
    let Some(day) = engine.day() else {
        return Ok(());
    };
    db.prepare_cached(
        "INSERT INTO counter_interval (day, seq, counter, staff, state, reason, from_ms)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
    )?
    .execute((
        day.as_yyyymmdd(),
        recorded.seq as i64,
        counter.as_str(),
        staff.map(StaffId::as_str),
        if pause_reason.is_some() {
            "paused"
        } else {
            "open"
        },
        pause_reason,
        recorded.at.0,
    ))
    .map(drop)
}
