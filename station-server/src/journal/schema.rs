//! The tables of the log, and how a database is brought up to the present layout.

use std::path::Path;

use rusqlite::{Connection, OpenFlags};

use super::JournalError;
use crate::projection;

/// Marks the file as a station database in its header: `SQue`.
const APPLICATION_ID: i64 = 0x5351_7565;

/// Statements kept ready per connection: every one the writer uses.
const STATEMENTS: usize = 64;

/// One step per layout, forward only. The projections are not listed: every step drops them, and whoever opens the
/// database for writing fills them again from the log.
const MIGRATIONS: &[&str] = &[
    FIRST,
    "-- Only projections: what others than the last counter handled.",
    "-- Only projections: appointments, and waits that begin with their slots.",
    "-- Only projections: legs, persons.",
    "-- Only projections: faults of devices.",
];

const FIRST: &str = "
    CREATE TABLE meta (
        one INTEGER PRIMARY KEY CHECK (one = 1),
        station TEXT NOT NULL,
        timezone TEXT NOT NULL,
        epoch TEXT,
        created_ms INTEGER NOT NULL
    ) STRICT;
    CREATE TABLE event (
        seq INTEGER PRIMARY KEY,
        at_ms INTEGER NOT NULL,
        day INTEGER,
        kind TEXT NOT NULL,
        ver INTEGER NOT NULL,
        command_id BLOB,
        digest INTEGER,
        actor TEXT NOT NULL,
        body TEXT NOT NULL,
        hash BLOB NOT NULL
    ) STRICT;
    CREATE TABLE snapshot (
        seq INTEGER PRIMARY KEY,
        format INTEGER NOT NULL,
        fingerprint INTEGER NOT NULL,
        body BLOB NOT NULL
    ) STRICT;
    CREATE TABLE consumer (
        name TEXT PRIMARY KEY,
        seq INTEGER NOT NULL,
        epoch TEXT NOT NULL
    ) STRICT, WITHOUT ROWID;
";

/// Opens the database for the one writer, creating it or bringing it up to date.
pub(super) fn open_writer(path: &Path) -> Result<Connection, JournalError> {
    let sqlite = |e: &rusqlite::Error| JournalError::from_sqlite(path, e);
    let mut db = Connection::open_with_flags(
        path,
        OpenFlags::SQLITE_OPEN_READ_WRITE
            | OpenFlags::SQLITE_OPEN_CREATE
            | OpenFlags::SQLITE_OPEN_NO_MUTEX,
    )
    .map_err(|e| sqlite(&e))?;
    db.set_prepared_statement_cache_capacity(STATEMENTS);
    let found = check_layout(&db, path)?;
    // The write-ahead log grows to 16 MB before it is copied back (one commit in some hundreds waits for that), and is cut
    // to 64 MB after an import has let it grow further.
    db.execute_batch(
        "PRAGMA journal_mode = WAL;
         PRAGMA synchronous = FULL;
         PRAGMA wal_autocheckpoint = 4000;
         PRAGMA journal_size_limit = 67108864;
         PRAGMA foreign_keys = OFF;
         PRAGMA temp_store = MEMORY;",
    )
    .map_err(|e| sqlite(&e))?;
    migrate(&mut db, found).map_err(|e| sqlite(&e))?;
    Ok(db)
}

/// Opens the database for reading while the writer may be at work.
pub(crate) fn open_reader(path: &Path) -> Result<Connection, JournalError> {
    if !path.exists() {
        return Err(JournalError::NotFound {
            path: path.to_owned(),
        });
    }
    let sqlite = |e: &rusqlite::Error| JournalError::from_sqlite(path, e);
    let db = Connection::open_with_flags(
        path,
        OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX,
    )
    .map_err(|e| sqlite(&e))?;
    db.execute_batch("PRAGMA query_only = ON; PRAGMA temp_store = MEMORY;")
        .map_err(|e| sqlite(&e))?;
    match check_layout(&db, path)? {
        0 => Err(JournalError::Foreign {
            path: path.to_owned(),
        }),
        layout if layout < MIGRATIONS.len() => Err(JournalError::OlderSchema {
            path: path.to_owned(),
        }),
        _ => Ok(db),
    }
}

/// The layout of the file, 0 for an empty one; refuses files of other programs and of newer versions.
fn check_layout(db: &Connection, path: &Path) -> Result<usize, JournalError> {
    let pragma = |name: &str| {
        db.pragma_query_value(None, name, |row| row.get::<_, i64>(0))
            .map_err(|e| JournalError::from_sqlite(path, &e))
    };
    let (found, owner) = (pragma("user_version")?, pragma("application_id")?);
    let tables: i64 = db
        .query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))
        .map_err(|e| JournalError::from_sqlite(path, &e))?;
    if tables > 0 && owner != APPLICATION_ID {
        return Err(JournalError::Foreign {
            path: path.to_owned(),
        });
    }
    match usize::try_from(found) {
        Ok(layout) if layout <= MIGRATIONS.len() => Ok(layout),
        _ => Err(JournalError::NewerSchema {
            path: path.to_owned(),
            found,
            known: MIGRATIONS.len() as i64,
        }),
    }
}

fn migrate(db: &mut Connection, from: usize) -> rusqlite::Result<()> {
    if from == MIGRATIONS.len() {
        return Ok(());
    }
    let transaction = db.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
    for step in &MIGRATIONS[from..] {
        transaction.execute_batch(step)?;
    }
    if from == 0 {
        projection::create_tables(&transaction)?;
    } else {
        projection::drop_tables(&transaction)?;
    }
    transaction.pragma_update(None, "application_id", APPLICATION_ID)?;
    transaction.pragma_update(None, "user_version", MIGRATIONS.len() as i64)?;
    transaction.commit()
}
