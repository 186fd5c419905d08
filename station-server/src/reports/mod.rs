//! Figures and lists for the chief, read from the report tables while the station works, or while it stands.
//!
//! A ticket belongs to the business day and the hour of its issue, and to the counter and the member of staff of its last
//! call (the empty key stands for tickets never called, and for staff unknown). Time a counter was open belongs to the
//! business day in which it opened, cut at the hours of the hall clock; an interval still running counts up to the last
//! entry of the log, so that the same log always gives the same report.

mod balance;
mod csv;
mod device_faults;
mod life;
mod lists;
mod show_up;
mod stats;
mod waits;

use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use queue_core::BusinessDay;
use rusqlite::Connection;
use thiserror::Error;

pub use self::csv::write_csv;
pub use balance::{Balance, CounterLoad};
pub use device_faults::DeviceFault;
pub use life::{LifeStep, TicketLife};
pub use lists::{Page, RatingLine, TicketFilter, TicketLine, TicketList};
pub use show_up::{ShowUpReport, ShowUpRow};
pub use stats::{By, Level, StatsQuery, StatsReport, StatsRow, UnknownBy, UnknownLevel};
pub use waits::ServiceWaits;

use crate::journal::{FILE_NAME, JournalError, open_reader, read_meta};
use crate::zone::Zone;

/// Connections kept for the next reader.
const POOL: usize = 4;

/// Why there is no report.
#[derive(Debug, Error)]
pub enum ReportError {
    /// The database.
    #[error(transparent)]
    Journal(#[from] JournalError),
    /// The days are the wrong way round.
    #[error("the range ends ({to}) before it begins ({from})")]
    BadRange {
        /// First day asked for.
        from: BusinessDay,
        /// Last day asked for.
        to: BusinessDay,
    },
    /// The report could not be written where it should go.
    #[error("the report cannot be written: {0}")]
    Output(#[from] io::Error),
}

impl ReportError {
    /// The stable code.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Journal(error) => error.code(),
            Self::BadRange { .. } => "bad_range",
            Self::Output(_) => "output",
        }
    }
}

/// Readers of the report tables: a few read-only connections. The calls block; async callers use a blocking thread.
#[derive(Debug)]
pub struct Reports {
    path: PathBuf,
    zone: Zone,
    idle: Mutex<Vec<Connection>>,
}

impl Reports {
    /// Opens the database of a data directory for reading.
    ///
    /// # Errors
    /// [`JournalError`].
    pub fn open(data_dir: &Path) -> Result<Self, JournalError> {
        let path = data_dir.join(FILE_NAME);
        let db = open_reader(&path)?;
        let name = read_meta(&db)
            .map_err(|e| JournalError::from_sqlite(&path, &e))?
            .timezone;
        let zone = Zone::named(&name).map_err(|unknown| JournalError::Corrupt {
            path: path.clone(),
            detail: unknown.to_string(),
        })?;
        Ok(Self {
            path,
            zone,
            idle: Mutex::new(vec![db]),
        })
    }

    /// The station's time zone.
    #[must_use]
    pub fn zone(&self) -> &Zone {
        &self.zone
    }

    /// What SQLite's own check finds wrong with the file, none when it is whole. Reads all of it.
    ///
    /// # Errors
    /// [`ReportError`].
    pub fn damage(&self) -> Result<Option<String>, ReportError> {
        let said = self
            .read(|db| db.query_row("PRAGMA quick_check(1)", [], |row| row.get::<_, String>(0)));
        match said {
            Ok(word) if word == "ok" => Ok(None),
            Ok(word) => Ok(Some(word)),
            Err(JournalError::Corrupt { detail, .. }) => Ok(Some(detail)),
            Err(error) => Err(error.into()),
        }
    }

    /// Runs `work` on one state of the database.
    fn read<T>(
        &self,
        work: impl FnOnce(&Connection) -> rusqlite::Result<T>,
    ) -> Result<T, JournalError> {
        let idle = || self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        let kept = idle().pop();
        let db = match kept {
            Some(db) => db,
            None => open_reader(&self.path)?,
        };
        let result = db.unchecked_transaction().and_then(|transaction| {
            let result = work(&transaction)?;
            transaction.finish()?;
            Ok(result)
        });
        let mut idle = idle();
        if idle.len() < POOL {
            idle.push(db);
        }
        result.map_err(|e| JournalError::from_sqlite(&self.path, &e))
    }
}

/// How a report is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// The JSON of the public interface.
    Json,
    /// One line per row, one column per figure.
    Csv,
}

/// The command `stats`: computes a report and writes it to `out`.
///
/// # Errors
/// [`ReportError`].
pub fn run_stats(
    data_dir: &Path,
    query: &StatsQuery,
    format: Format,
    mut out: impl Write,
) -> Result<(), ReportError> {
    let report = Reports::open(data_dir)?.stats(query)?;
    match format {
        Format::Json => {
            serde_json::to_writer_pretty(&mut out, &report).map_err(io::Error::from)?;
            writeln!(out)?;
        }
        Format::Csv => write_csv(&report, &mut out)?,
    }
    Ok(out.flush()?)
}
