//! The `appointment` rows: what became of each, kept after the engine has forgotten its day.

use queue_core::{AppointmentState, Engine, Recorded};
use rusqlite::{Connection, named_params};

pub(super) const TABLE: &str = "
    CREATE TABLE appointment (
        day INTEGER NOT NULL,
        seq INTEGER NOT NULL,
        service TEXT NOT NULL,
        slot_ms INTEGER NOT NULL,
        check_in_until_ms INTEGER NOT NULL,
        checked_in_ms INTEGER,
        late INTEGER NOT NULL,
        cancelled_ms INTEGER,
        PRIMARY KEY (day, seq)
    ) STRICT, WITHOUT ROWID;
";

/// Writes the row of the appointment that an event, just applied, is about.
pub(super) fn write(db: &Connection, engine: &Engine, recorded: &Recorded) -> rusqlite::Result<()> {
    let found = recorded.event.appointment();
    let Some(a) = found.and_then(|id| engine.appointment(id)) else {
        return Ok(());
    };
    let plan = engine.plan().appointments.as_ref();
    let until = plan.map_or(a.slot, |plan| plan.check_in_window(a.slot).1);
    let (checked_in, late) = match a.state {
        AppointmentState::CheckedIn { at, late, .. } => (Some(at.0), late),
        _ => (None, false),
    };
    let cancelled = match a.state {
        AppointmentState::Cancelled { at } => Some(at.0),
        _ => None,
    };
    db.prepare_cached(
        "INSERT INTO appointment (day, seq, service, slot_ms, check_in_until_ms, checked_in_ms, late, cancelled_ms)
         VALUES (:day, :seq, :service, :slot, :until, :checked_in, :late, :cancelled)
         ON CONFLICT (day, seq) DO UPDATE SET checked_in_ms = excluded.checked_in_ms, late = excluded.late,
             cancelled_ms = excluded.cancelled_ms",
    )?
    .execute(named_params! {
        ":day": a.day.as_yyyymmdd(),
        ":seq": a.seq as i64,
        ":service": a.service.as_str(),
        ":slot": a.slot.0,
        ":until": until.0,
        ":checked_in": checked_in,
        ":late": late,
        ":cancelled": cancelled,
    })?;
    Ok(())
}
