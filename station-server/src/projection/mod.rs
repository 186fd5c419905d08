//! Tables for reports, computed from the log and written in the same transaction as the events.
//!
//! A `ticket` row is a copy of the engine's record of that ticket after its last event, so a correction such as undo
//! repairs the figures by itself. `counter_interval` holds when a counter was open or paused, `business_day` the days
//! that exist and, once a day can no longer change, its tickets packed for reports ([`packed`]); `device_fault` the faults
//! of devices, of whatever day. [`rebuild`] drops everything and computes it again from the log; the result is the same, byte for byte.

mod appointments;
mod counters;
mod legs;
pub(crate) mod packed;
mod tickets;

use queue_core::{Engine, Event, Recorded, TicketId, TicketState};
use rusqlite::Connection;

use crate::journal::{Head, Journal, JournalError};
use crate::zone::Zone;

/// Everything this module owns. `ticket.seq` is the entry that issued or imported the ticket; `handled_elsewhere` what of
/// `handling_ms` others than `counter` and `staff` did, as a JSON list of `[counter, staff or null, milliseconds]`;
/// `legs` how many rows of `leg` it has, where it is not its own only leg.
const TABLES: &str = "
    CREATE TABLE business_day (
        day INTEGER PRIMARY KEY,
        packed BLOB,
        packed_legs BLOB
    ) STRICT;
    CREATE TABLE ticket (
        day INTEGER NOT NULL,
        seq INTEGER NOT NULL,
        id BLOB,
        number TEXT NOT NULL,
        service TEXT NOT NULL,
        class TEXT NOT NULL,
        language TEXT,
        channel TEXT,
        state TEXT NOT NULL,
        counter TEXT,
        staff TEXT,
        hour INTEGER NOT NULL,
        issued_ms INTEGER NOT NULL,
        first_called_ms INTEGER,
        last_called_ms INTEGER,
        started_ms INTEGER,
        start_inferred INTEGER NOT NULL,
        finished_ms INTEGER,
        handling_ms INTEGER,
        handled_elsewhere TEXT,
        standard_ms INTEGER,
        closed_by_day_end INTEGER NOT NULL,
        rating_invited INTEGER NOT NULL,
        score INTEGER,
        reasons TEXT,
        comment TEXT,
        rated_ms INTEGER,
        print TEXT,
        print_cause TEXT,
        imported INTEGER NOT NULL,
        persons INTEGER NOT NULL,
        legs INTEGER NOT NULL,
        PRIMARY KEY (day, seq)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE leg (
        day INTEGER NOT NULL,
        seq INTEGER NOT NULL,
        nth INTEGER NOT NULL,
        service TEXT NOT NULL,
        state TEXT NOT NULL,
        counter TEXT,
        staff TEXT,
        hour INTEGER NOT NULL,
        entered_ms INTEGER NOT NULL,
        first_called_ms INTEGER,
        last_called_ms INTEGER,
        started_ms INTEGER,
        start_inferred INTEGER NOT NULL,
        finished_ms INTEGER,
        handling_ms INTEGER,
        handled_elsewhere TEXT,
        standard_ms INTEGER,
        closed_by_day_end INTEGER NOT NULL,
        PRIMARY KEY (day, seq, nth)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX ticket_rated ON ticket (day, rated_ms) WHERE score IS NOT NULL;
    CREATE TABLE counter_interval (
        day INTEGER NOT NULL,
        seq INTEGER NOT NULL,
        counter TEXT NOT NULL,
        staff TEXT,
        state TEXT NOT NULL,
        reason TEXT,
        from_ms INTEGER NOT NULL,
        to_ms INTEGER,
        PRIMARY KEY (day, seq)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX counter_interval_running ON counter_interval (counter) WHERE to_ms IS NULL;
    CREATE TABLE import (
        seq INTEGER PRIMARY KEY,
        sha256 TEXT NOT NULL,
        file TEXT NOT NULL,
        tickets INTEGER NOT NULL,
        rejected INTEGER NOT NULL,
        at_ms INTEGER NOT NULL
    ) STRICT;
    CREATE TABLE clock_step (
        seq INTEGER PRIMARY KEY,
        at_ms INTEGER NOT NULL,
        step_ms INTEGER NOT NULL
    ) STRICT;
    CREATE TABLE device_fault (
        seq INTEGER PRIMARY KEY,
        device TEXT NOT NULL,
        fault TEXT NOT NULL,
        from_ms INTEGER NOT NULL,
        to_ms INTEGER
    ) STRICT;
    CREATE INDEX device_fault_until ON device_fault (to_ms);
";

/// Names of the tables, for comparing and dropping.
pub const TABLE_NAMES: [&str; 8] = [
    "appointment",
    "business_day",
    "ticket",
    "leg",
    "counter_interval",
    "import",
    "clock_step",
    "device_fault",
];

/// Creates the empty tables.
pub(crate) fn create_tables(db: &Connection) -> rusqlite::Result<()> {
    db.execute_batch(TABLES)?;
    db.execute_batch(appointments::TABLE)
}

/// Drops the tables; they are there again after [`rebuild`].
pub(crate) fn drop_tables(db: &Connection) -> rusqlite::Result<()> {
    for table in TABLE_NAMES {
        db.execute_batch(&format!("DROP TABLE IF EXISTS {table}"))?;
    }
    Ok(())
}

/// Whether the tables have been dropped since they were last filled.
pub(crate) fn are_dropped(db: &Connection) -> rusqlite::Result<bool> {
    db.query_row(
        "SELECT count(*) = 0 FROM sqlite_schema WHERE name = 'ticket'",
        [],
        |row| row.get(0),
    )
}

/// What an event is going to touch; found before the event is applied, written after.
pub(crate) enum Touched {
    /// No ticket.
    Nothing,
    /// One ticket.
    One(TicketId),
    /// Several: an undo, the close of a day.
    Many(Vec<TicketId>),
}

impl Touched {
    /// Looks at the engine before `event` is applied to it.
    pub(crate) fn by(event: &Event, engine: &Engine) -> Self {
        match event {
            Event::Undone { counter, .. } => {
                let record = engine.counter(counter).and_then(|c| c.undo.as_ref());
                Self::Many(
                    record
                        .into_iter()
                        .flat_map(|r| &r.tickets)
                        .map(|t| t.id)
                        .collect(),
                )
            }
            Event::SessionCalled { session, .. }
            | Event::SessionStarted { session, .. }
            | Event::SessionEnded { session }
            | Event::SessionUndone { session, .. } => Self::Many(engine.touched_by_step(session)),
            Event::DayClosed { .. } => Self::Many(
                engine
                    .tickets()
                    .filter(|t| t.state.is_open())
                    .map(|t| t.id)
                    .collect(),
            ),
            other => other.ticket().map_or(Self::Nothing, Self::One),
        }
    }
}

/// Writes the tables as the log grows.
#[derive(Debug)]
pub(crate) struct Projection {
    zone: Zone,
    /// Tickets of the running import still to come. An import is one transaction, so this never outlives it.
    import_left: u32,
}

impl Projection {
    pub(crate) fn new(zone: Zone) -> Self {
        Self {
            zone,
            import_left: 0,
        }
    }

    pub(crate) fn zone(&self) -> &Zone {
        &self.zone
    }

    /// Writes what `recorded`, just applied to `engine`, has changed.
    pub(crate) fn write(
        &mut self,
        db: &Connection,
        engine: &Engine,
        recorded: &Recorded,
        touched: &Touched,
    ) -> rusqlite::Result<()> {
        match touched {
            Touched::Nothing => {}
            Touched::One(id) => self.write_ticket(db, engine, *id, &recorded.event)?,
            Touched::Many(ids) => {
                for id in ids {
                    self.write_ticket(db, engine, *id, &recorded.event)?;
                }
            }
        }
        appointments::write(db, engine, recorded)?;
        match &recorded.event {
            Event::DayOpened { day, .. } => {
                db.execute(
                    "INSERT INTO business_day (day) VALUES (?1) ON CONFLICT DO UPDATE SET packed = NULL, packed_legs = NULL",
                    [day.as_yyyymmdd()],
                )?;
                // The day that was in memory until now can no longer change.
                pack_days(db, engine)
            }
            Event::ImportBegan {
                file,
                sha256,
                tickets,
                rejected,
            } => {
                self.import_left = *tickets;
                db.execute(
                    "INSERT INTO import (seq, sha256, file, tickets, rejected, at_ms) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
                    (
                        recorded.seq as i64,
                        sha256,
                        file,
                        tickets,
                        rejected,
                        recorded.at.0,
                    ),
                )
                .map(drop)
            }
            Event::TicketImported(ticket) => {
                db.prepare_cached(
                    "INSERT INTO business_day (day) VALUES (?1)
                     ON CONFLICT DO UPDATE SET packed = NULL, packed_legs = NULL WHERE packed IS NOT NULL",
                )?
                .execute([ticket.day.as_yyyymmdd()])?;
                tickets::write_imported(db, engine.plan(), ticket, recorded.seq, &self.zone)?;
                self.import_left = self.import_left.saturating_sub(1);
                if self.import_left == 0 {
                    pack_days(db, engine)?;
                }
                Ok(())
            }
            Event::ClockStepped { step_ms } => db
                .execute(
                    "INSERT INTO clock_step (seq, at_ms, step_ms) VALUES (?1, ?2, ?3)",
                    (recorded.seq as i64, recorded.at.0, step_ms),
                )
                .map(drop),
            Event::DeviceFaultBegan { device, fault } => db
                .prepare_cached(
                    "INSERT INTO device_fault (seq, device, fault, from_ms) VALUES (?1, ?2, ?3, ?4)",
                )?
                .execute((
                    recorded.seq as i64,
                    device.as_str(),
                    fault.as_str(),
                    recorded.at.0,
                ))
                .map(drop),
            Event::DeviceFaultEnded { device, .. } => db
                .prepare_cached(
                    "UPDATE device_fault SET to_ms = ?2 WHERE device = ?1 AND to_ms IS NULL",
                )?
                .execute((device.as_str(), recorded.at.0))
                .map(drop),
            _ => counters::write(db, engine, recorded),
        }
    }

    fn write_ticket(
        &self,
        db: &Connection,
        engine: &Engine,
        id: TicketId,
        event: &Event,
    ) -> rusqlite::Result<()> {
        let (Some(day), Some(ticket)) = (engine.day(), engine.ticket(id)) else {
            return Ok(());
        };
        tickets::write(db, engine.plan(), day, ticket, &self.zone)?;
        match event {
            // What is said of a visit afterwards is not said of a leg.
            Event::RatingInvited { .. }
            | Event::RatingGiven { .. }
            | Event::RatingCompleted { .. }
            | Event::PrintReported { .. } => return Ok(()),
            Event::Undone { .. } | Event::SessionUndone { .. } => legs::clear(db, day, ticket)?,
            _ => {}
        }
        legs::write(db, engine.plan(), day, ticket, &self.zone)
    }
}

/// Packs every day that is not packed, except the one in the engine's memory, which may still change.
fn pack_days(db: &Connection, engine: &Engine) -> rusqlite::Result<()> {
    let in_memory = engine.day().map(queue_core::BusinessDay::as_yyyymmdd);
    let days: Vec<i64> = db
        .prepare_cached(
            "SELECT day FROM business_day WHERE packed IS NULL AND day IS NOT ?1 ORDER BY day",
        )?
        .query_map([in_memory], |row| row.get(0))?
        .collect::<Result<_, _>>()?;
    for day in days {
        let packed = packed::pack(db, day)?;
        let packed_legs = packed::pack_legs(db, day)?;
        db.prepare_cached("UPDATE business_day SET packed = ?2, packed_legs = ?3 WHERE day = ?1")?
            .execute((day, packed, packed_legs))?;
    }
    Ok(())
}

/// Drops the tables and computes them again from the whole log, in one transaction. Returns the engine after the last
/// entry.
///
/// # Errors
/// [`JournalError`]; the tables are then as they were.
pub(crate) fn rebuild(journal: &Journal, zone: &Zone) -> Result<Engine, JournalError> {
    let mut engine = Engine::new();
    let mut projection = Projection::new(zone.clone());
    journal.begin()?;
    let refilled = journal
        .sql(|db| {
            drop_tables(db)?;
            create_tables(db)
        })
        .and_then(|()| {
            journal.for_each_after(Head::default(), |db, recorded| {
                let touched = Touched::by(&recorded.event, &engine);
                engine.apply(recorded);
                projection.write(db, &engine, recorded, &touched)
            })
        })
        .and_then(|_| journal.commit());
    match refilled {
        Ok(()) => Ok(engine),
        Err(error) => {
            journal.roll_back();
            Err(error)
        }
    }
}

/// The state a ticket of another system's log ends in.
pub(crate) fn imported_state(outcome: queue_core::Outcome) -> TicketState {
    match outcome {
        queue_core::Outcome::Served => TicketState::Done,
        queue_core::Outcome::NoShow => TicketState::NoShow,
        queue_core::Outcome::Cancelled => TicketState::Cancelled,
        queue_core::Outcome::Abandoned => TicketState::Abandoned,
    }
}
