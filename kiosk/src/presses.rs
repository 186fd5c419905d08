//! What became of every press, on disk, so that one press is one ticket whatever breaks in between.
//!
//! Three moments are made durable, each before what follows it: that somebody pressed, with the ids of the press and of its
//! ticket, before the server is asked; that the ticket is given, before its number is shown or printed; and that the
//! server knows of it. A press whose number nobody has seen when the program ends is void: the visitor presses
//! again, and what the server may have given out for it is taken back.

use std::sync::MutexGuard;

use anyhow::Context;
use protocol::{AgentCommand, TakenTicket};
use queue_core::{
    BusinessDay, CommandId, KioskNumber, Lease, Series, StationTime, TicketId, TicketNumber,
};
use rusqlite::types::Type;
use rusqlite::{Connection, OptionalExtension, Row, params};

use crate::book::{Book, blob};

/// Presses that need nothing more are kept for so many later ones.
const KEPT: i64 = 20_000;

/// A press, as it is written down before the server is asked.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Press {
    /// One press, however often it arrives; also the id of the command.
    pub(crate) key: CommandId,
    /// The ticket it is to be.
    pub(crate) ticket: TicketId,
    /// What the server is asked.
    pub(crate) ask: AgentCommand,
    /// When, by the server's clock as far as it is known.
    pub(crate) at: StationTime,
}

/// What the server is still to be told.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum ToTell {
    /// A ticket that was given out without it, by the press's key.
    Taken(CommandId, TakenTicket),
    /// Nobody has the ticket of this press, and the server may have given one out: it is asked to the end, and the ticket
    /// taken back.
    Void(Press),
}

/// A number from the lease.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct OwnNumber {
    pub(crate) number: TicketNumber,
    pub(crate) lease: u64,
    pub(crate) day: BusinessDay,
}

/// The presses of one kiosk. Clones are the same.
#[derive(Clone, Debug)]
pub(crate) struct Presses(Book);

impl Presses {
    /// The presses of a book. Those of an earlier run that were neither given nor refused are void from now on.
    ///
    /// # Errors
    /// The book cannot be written.
    pub(crate) fn of(book: &Book) -> anyhow::Result<Self> {
        let settle = "UPDATE press SET phase = 'void' WHERE phase = 'asked'";
        book.db().execute(settle, [])?;
        Ok(Self(book.clone()))
    }

    /// Somebody has pressed. `false`: this press is in the book already.
    pub(crate) fn begin(&self, press: &Press) -> anyhow::Result<bool> {
        let ask = serde_json::to_string(&press.ask)?;
        let done = self
            .db()
            .prepare_cached(
                "INSERT OR IGNORE INTO press (key, ticket, ask, phase, pressed_at_ms) VALUES (?1, ?2, ?3, 'asked', ?4)",
            )?
            .execute(params![blob(press.key.0), blob(press.ticket.0), ask, press.at.0])?;
        Ok(done == 1)
    }

    /// The server's number may be shown and printed.
    pub(crate) fn given(&self, key: CommandId) -> anyhow::Result<()> {
        self.end(key, "given")
    }

    /// The server gives no ticket.
    pub(crate) fn refused(&self, key: CommandId) -> anyhow::Result<()> {
        self.end(key, "refused")
    }

    /// There is no number for this press; what the server may have given out for it is to be taken back.
    pub(crate) fn void(&self, key: CommandId) -> anyhow::Result<()> {
        self.end(key, "void")
    }

    /// The server knows what there is to know of this press.
    pub(crate) fn told(&self, key: CommandId) -> anyhow::Result<()> {
        self.end(key, "told")
    }

    /// The server has taken a ticket in as it was told. One that was taken back meanwhile is to be told again.
    pub(crate) fn taken_in(&self, key: CommandId, taken_back: bool) -> anyhow::Result<()> {
        self.db()
            .prepare_cached("UPDATE press SET phase = 'told' WHERE key = ?1 AND taken_back = ?2")?
            .execute(params![blob(key.0), taken_back])?;
        Ok(())
    }

    /// Whether a ticket was given out here and the server does not know of it.
    pub(crate) fn is_unknown_to_server(&self, ticket: TicketId) -> anyhow::Result<bool> {
        let found = self.db().query_row(
            "SELECT EXISTS (SELECT 1 FROM press WHERE ticket = ?1 AND phase = 'offline')",
            [blob(ticket.0)],
            |row| row.get(0),
        );
        Ok(found?)
    }

    fn end(&self, key: CommandId, phase: &str) -> anyhow::Result<()> {
        let db = self.db();
        let change = db.unchecked_transaction()?;
        let changed = change
            .prepare_cached("UPDATE press SET phase = ?2 WHERE key = ?1")?
            .execute(params![blob(key.0), phase])?;
        anyhow::ensure!(changed == 1, "there is no such press in the book");
        change
            .prepare_cached(
                "DELETE FROM press WHERE phase IN ('given', 'refused', 'told')
                    AND nth <= (SELECT max(nth) FROM press) - ?1",
            )?
            .execute([KEPT])?;
        change.commit()?;
        Ok(())
    }

    /// Takes the next number of the lease for a press: from then on it may be shown and printed. `None`: there is no lease,
    /// or it is used up.
    pub(crate) fn take_number(
        &self,
        key: CommandId,
        series: &Series,
        day: BusinessDay,
    ) -> anyhow::Result<Option<OwnNumber>> {
        let db = self.db();
        let change = db.unchecked_transaction()?;
        let Some(lease) = granted(&change)? else {
            return Ok(None);
        };
        let last: Option<u32> = change
            .prepare_cached(
                "SELECT max(number) FROM press WHERE series = ?1 AND (lease = ?2 OR day = ?3)",
            )?
            .query_row(
                params![series.as_str(), lease.id as i64, day.to_string()],
                |row| row.get(0),
            )?;
        let number = last.map_or(lease.first, |last| lease.first.max(last + 1));
        if number > lease.last {
            return Ok(None);
        }
        let changed = change
            .prepare_cached(
                "UPDATE press SET phase = 'offline', series = ?2, number = ?3, lease = ?4, day = ?5, kiosk = ?6
                 WHERE key = ?1",
            )?
            .execute(params![
                blob(key.0),
                series.as_str(),
                number,
                lease.id as i64,
                day.to_string(),
                u8::from(lease.kiosk)
            ])?;
        anyhow::ensure!(changed == 1, "there is no such press in the book");
        change.commit()?;
        let number = TicketNumber {
            series: series.clone(),
            kiosk: Some(lease.kiosk),
            number,
        };
        Ok(Some(OwnNumber {
            number,
            lease: lease.id,
            day,
        }))
    }

    /// The visitor takes the ticket back. `true`: the server does not know it yet, and is told of both at once.
    pub(crate) fn take_back(&self, ticket: TicketId) -> anyhow::Result<bool> {
        let done = self
            .db()
            .prepare_cached(
                "UPDATE press SET taken_back = 1 WHERE ticket = ?1 AND phase = 'offline'",
            )?
            .execute([blob(ticket.0)])?;
        Ok(done == 1)
    }

    /// The first press of which the server is still to be told something.
    pub(crate) fn next_to_tell(&self) -> anyhow::Result<Option<ToTell>> {
        let db = self.db();
        let mut query = db.prepare_cached(
            "SELECT key, ticket, ask, pressed_at_ms, phase, series, number, lease, day, taken_back, kiosk FROM press
             WHERE phase IN ('void', 'offline') ORDER BY nth LIMIT 1",
        )?;
        let found = query.query_row([], |row| {
            let press = read(row)?;
            if row.get::<_, String>(4)? == "void" {
                return Ok(ToTell::Void(press));
            }
            let told = taken(row, &press)?;
            Ok(ToTell::Taken(press.key, told))
        });
        Ok(found.optional()?)
    }

    /// The tickets of which the server does not know and that nobody took back, in the order of the presses.
    pub(crate) fn unknown_to_server(&self) -> anyhow::Result<Vec<TakenTicket>> {
        let db = self.db();
        let mut query = db.prepare_cached(
            "SELECT key, ticket, ask, pressed_at_ms, phase, series, number, lease, day, taken_back, kiosk FROM press
             WHERE phase = 'offline' AND taken_back = 0 ORDER BY nth",
        )?;
        let rows = query.query_map([], |row| taken(row, &read(row)?))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// The numbers that the kiosk may give out by itself. A book that ends with the program has none: what is given out must
    /// not be forgotten.
    pub(crate) fn lease(&self) -> anyhow::Result<Option<Lease>> {
        if !self.0.is_kept() {
            return Ok(None);
        }
        granted(&self.db())
    }

    /// The server has granted these numbers, in this history of its data.
    pub(crate) fn set_lease(&self, lease: &Lease, epoch: Option<&str>) -> anyhow::Result<()> {
        let granted = serde_json::to_string(lease)?;
        self.db().execute(
            "INSERT OR REPLACE INTO lease VALUES (1, ?1, ?2)",
            params![granted, epoch],
        )?;
        Ok(())
    }

    /// The server's data are those of this history: a lease of another one holds no more, because the server need not
    /// know of it. Nor need it know of the tickets it was told of on the last day: they are told again.
    pub(crate) fn keep_lease_of(&self, epoch: Option<&str>) -> anyhow::Result<()> {
        let db = self.db();
        let change = db.unchecked_transaction()?;
        let ended = change.execute("DELETE FROM lease WHERE epoch IS NOT ?1", [epoch])?;
        if ended > 0 {
            change.execute(
                "UPDATE press SET phase = 'offline' WHERE phase = 'told' AND number IS NOT NULL
                    AND day = (SELECT max(day) FROM press)",
                [],
            )?;
        }
        change.commit()?;
        Ok(())
    }

    /// The highest number that the kiosk gave out by itself on a day.
    pub(crate) fn used(&self, day: BusinessDay) -> anyhow::Result<u32> {
        let used: Option<u32> = self.db().query_row(
            "SELECT max(number) FROM press WHERE day = ?1",
            [day.to_string()],
            |row| row.get(0),
        )?;
        Ok(used.unwrap_or(0))
    }

    /// The latest time of a press in the book.
    pub(crate) fn last_at(&self) -> anyhow::Result<Option<StationTime>> {
        let last: Option<i64> = self
            .db()
            .query_row(
                "SELECT pressed_at_ms FROM press ORDER BY nth DESC LIMIT 1",
                [],
                |row| row.get(0),
            )
            .optional()?;
        Ok(last.map(StationTime))
    }

    /// How far the server's clock was before this machine's, milliseconds, when it was compared last.
    pub(crate) fn clock_offset_ms(&self) -> anyhow::Result<Option<i64>> {
        let found = self
            .db()
            .query_row("SELECT offset_ms FROM clock", [], |row| row.get(0));
        Ok(found.optional()?)
    }

    /// Notes a comparison of the clocks.
    pub(crate) fn set_clock_offset_ms(&self, offset_ms: i64) -> anyhow::Result<()> {
        self.db()
            .execute("INSERT OR REPLACE INTO clock VALUES (1, ?1)", [offset_ms])?;
        Ok(())
    }

    fn db(&self) -> MutexGuard<'_, Connection> {
        self.0.db()
    }
}

fn granted(db: &Connection) -> anyhow::Result<Option<Lease>> {
    let found = db.query_row("SELECT granted FROM lease", [], |row| {
        row.get::<_, String>(0)
    });
    let text = found.optional()?;
    text.map(|text| serde_json::from_str(&text).context("the lease in the book is not understood"))
        .transpose()
}

fn read(row: &Row<'_>) -> rusqlite::Result<Press> {
    let ask: String = row.get(2)?;
    Ok(Press {
        key: CommandId(u128::from_be_bytes(row.get(0)?)),
        ticket: TicketId(u128::from_be_bytes(row.get(1)?)),
        ask: serde_json::from_str(&ask).map_err(|error| wrong(2, error))?,
        at: StationTime(row.get(3)?),
    })
}

fn taken(row: &Row<'_>, press: &Press) -> rusqlite::Result<TakenTicket> {
    let AgentCommand::Issue {
        service,
        class,
        language,
        ..
    } = &press.ask
    else {
        let what = "only a ticket of a service is given out without the server";
        return Err(wrong(2, std::io::Error::other(what)));
    };
    let series: String = row.get(5)?;
    let number: u32 = row.get(6)?;
    let lease: i64 = row.get(7)?;
    let day: String = row.get(8)?;
    let kiosk: u8 = row.get(10)?;
    Ok(TakenTicket {
        ticket: press.ticket,
        number: TicketNumber {
            series: Series::new(&series).map_err(|error| wrong(5, error))?,
            kiosk: Some(KioskNumber::new(kiosk).map_err(|error| wrong(10, error))?),
            number,
        },
        service: service.clone(),
        class: class.clone(),
        language: language.clone(),
        lease: lease as u64,
        day: day.parse().map_err(|error| wrong(8, error))?,
        taken_at: press.at,
        taken_back: row.get(9)?,
    })
}

fn wrong(column: usize, error: impl std::error::Error + Send + Sync + 'static) -> rusqlite::Error {
    rusqlite::Error::FromSqlConversionFailure(column, Type::Text, Box::new(error))
}
