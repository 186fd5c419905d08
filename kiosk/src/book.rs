//! The kiosk's book on disk: print jobs, and the tickets that visitors were given.

use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::Context;
use rusqlite::Connection;

/// Hand-written steps of the layout; `user_version` counts those done.
pub(crate) const MIGRATIONS: [&str; 4] = ["
    CREATE TABLE print_job (
        nth            INTEGER PRIMARY KEY,
        id             BLOB NOT NULL UNIQUE CHECK (length(id) = 16),
        ticket         BLOB CHECK (length(ticket) = 16),
        job            TEXT NOT NULL,
        phase          TEXT NOT NULL CHECK (phase IN ('reserved', 'sending', 'printed', 'failed', 'unknown')),
        bytes          INTEGER,
        process_id     INTEGER,
        cause          TEXT,
        reported       INTEGER NOT NULL DEFAULT 0 CHECK (reported IN (0, 1)),
        reserved_at_ms INTEGER NOT NULL,
        sending_at_ms  INTEGER,
        ended_at_ms    INTEGER
    ) STRICT;
    CREATE TABLE printer (
        one      INTEGER PRIMARY KEY CHECK (one = 1),
        has_rest INTEGER NOT NULL CHECK (has_rest IN (0, 1))
    ) STRICT;
    INSERT INTO printer VALUES (1, 0);
    CREATE INDEX print_job_unreported ON print_job (nth) WHERE reported = 0;
", "
    CREATE TABLE roll (
        one       INTEGER PRIMARY KEY CHECK (one = 1),
        used_mm   INTEGER NOT NULL,
        low_at_mm INTEGER,
        seen      TEXT NOT NULL CHECK (seen IN ('paper', 'low', 'low_opened', 'out')),
        ticket_mm INTEGER NOT NULL
    ) STRICT;
    INSERT INTO roll VALUES (1, 0, NULL, 'paper', 0);
", "
    ALTER TABLE print_job ADD COLUMN printer INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE printer RENAME TO one_printer;
    CREATE TABLE printer (
        nth       INTEGER PRIMARY KEY,
        has_rest  INTEGER NOT NULL DEFAULT 0 CHECK (has_rest IN (0, 1)),
        used_mm   INTEGER NOT NULL DEFAULT 0,
        low_at_mm INTEGER,
        seen      TEXT NOT NULL DEFAULT 'paper' CHECK (seen IN ('paper', 'low', 'low_opened', 'out')),
        ticket_mm INTEGER NOT NULL DEFAULT 0
    ) STRICT;
    INSERT INTO printer SELECT 0, has_rest, used_mm, low_at_mm, seen, ticket_mm FROM one_printer, roll;
    DROP TABLE one_printer;
    DROP TABLE roll;
", "
    CREATE TABLE press (
        nth           INTEGER PRIMARY KEY,
        key           BLOB NOT NULL UNIQUE CHECK (length(key) = 16),
        ticket        BLOB NOT NULL UNIQUE CHECK (length(ticket) = 16),
        ask           TEXT NOT NULL,
        phase         TEXT NOT NULL CHECK (phase IN ('asked', 'given', 'refused', 'void', 'offline', 'told')),
        pressed_at_ms INTEGER NOT NULL,
        series        TEXT,
        kiosk         INTEGER,
        number        INTEGER,
        lease         INTEGER,
        day           TEXT,
        taken_back    INTEGER NOT NULL DEFAULT 0 CHECK (taken_back IN (0, 1))
    ) STRICT;
    CREATE INDEX press_to_tell ON press (nth) WHERE phase IN ('asked', 'void', 'offline');
    CREATE INDEX press_own_number ON press (series, day, number) WHERE number IS NOT NULL;
    CREATE TABLE lease (
        one     INTEGER PRIMARY KEY CHECK (one = 1),
        granted TEXT NOT NULL,
        epoch   TEXT
    ) STRICT;
    CREATE TABLE clock (
        one       INTEGER PRIMARY KEY CHECK (one = 1),
        offset_ms INTEGER NOT NULL
    ) STRICT;
"];

/// An open book. Clones are the same one.
#[derive(Clone, Debug)]
pub struct Book {
    connection: Arc<Mutex<Connection>>,
    is_kept: bool,
}

impl Book {
    /// Opens the book in a file, or begins it.
    ///
    /// # Errors
    /// The file cannot be opened or is of a newer program.
    pub fn open(path: &Path) -> anyhow::Result<Self> {
        let connection =
            Connection::open(path).with_context(|| format!("cannot open {}", path.display()))?;
        Self::over(connection, true).with_context(|| format!("cannot use {}", path.display()))
    }

    /// A book that lasts as long as the program.
    ///
    /// # Errors
    /// There is no memory for it.
    pub fn in_memory() -> anyhow::Result<Self> {
        Self::over(Connection::open_in_memory()?, false)
    }

    fn over(mut connection: Connection, is_kept: bool) -> anyhow::Result<Self> {
        connection.execute_batch("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;")?;
        let done: i64 = connection.pragma_query_value(None, "user_version", |row| row.get(0))?;
        anyhow::ensure!(
            done <= MIGRATIONS.len() as i64,
            "it was written by a newer program"
        );
        for (version, step) in (1_i64..).zip(MIGRATIONS).filter(|(to, _)| *to > done) {
            let change = connection.transaction()?;
            change.execute_batch(step)?;
            change.pragma_update(None, "user_version", version)?;
            change.commit()?;
        }
        Ok(Self {
            connection: Arc::new(Mutex::new(connection)),
            is_kept,
        })
    }

    /// Whether it outlasts the program.
    pub(crate) fn is_kept(&self) -> bool {
        self.is_kept
    }

    pub(crate) fn db(&self) -> MutexGuard<'_, Connection> {
        // Every write is a transaction of its own: a thread that panicked in between has left nothing half done.
        self.connection
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

pub(crate) fn blob(id: u128) -> [u8; 16] {
    id.to_be_bytes()
}

/// For people who read the book; nothing is decided by it.
pub(crate) fn now_ms() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    since.map_or(0, |since| since.as_millis() as i64)
}
