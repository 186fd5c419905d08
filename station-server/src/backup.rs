//! Copies of the database, and computing the report tables again.
//!
//! A backup is one ordinary database file, and a second one beside it with the enrolled devices, where there are any. To
//! restore, stop the station, move its `station.db` and `access.db` (with their `-wal` and `-shm`, if there are any) out
//! of the data directory and put the two files there under those names. The backup has
//! no epoch: the first start from it mints a new one, so that no screen and no consumer goes on from a state this database
//! has never had.

use std::ffi::OsString;
use std::fs::{self, File, OpenOptions};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use queue_core::Engine;
use rusqlite::backup::Backup;
use rusqlite::{Connection, ErrorCode, OpenFlags};
use thiserror::Error;

use crate::access;
use crate::journal::{Access, FILE_NAME, Journal, JournalError, open_reader};
use crate::projection;
use crate::writer::stored_zone;

/// Why there is no backup.
#[derive(Debug, PartialEq, Eq, Error)]
pub enum BackupError {
    /// The database, or the place of the copy.
    #[error(transparent)]
    Journal(#[from] JournalError),
    /// Something is there already.
    #[error("{} exists already: a backup never overwrites; choose another name", .0.display())]
    Exists(PathBuf),
    /// There is no folder to put it in.
    #[error("there is no folder {} to put the backup in: make it, or choose another place with --to", .0.display())]
    NoFolder(PathBuf),
}

impl BackupError {
    /// The stable code.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Journal(error) => error.code(),
            Self::Exists(_) => "backup_exists",
            Self::NoFolder(_) => "backup_no_folder",
        }
    }
}

/// Copies the database of a data directory to `to`, also while the station works: the copy is the state of one moment.
/// It is checked before it gets its name.
///
/// # Errors
/// [`BackupError`]; no file is left behind then.
pub fn backup(data_dir: &Path, to: &Path) -> Result<Copied, BackupError> {
    let path = data_dir.join(FILE_NAME);
    let source = open_reader(&path)?;
    let devices_to = beside(to, ".access.db");
    for place in [to, &devices_to] {
        if place.exists() {
            return Err(BackupError::Exists(place.to_owned()));
        }
    }
    let folder = to.parent().filter(|p| !p.as_os_str().is_empty());
    if let Some(folder) = folder.filter(|folder| !folder.is_dir()) {
        return Err(BackupError::NoFolder(folder.to_owned()));
    }
    // The devices first: whoever finds the backup finds all of it.
    let access = data_dir.join(access::FILE_NAME);
    let devices = access.exists().then_some(devices_to);
    if let Some(devices_to) = &devices {
        place(devices_to, |partial| copy_devices(&access, partial))?;
    }
    let copied = place(to, |partial| copy(&source, partial));
    if let (Err(_), Some(devices)) = (&copied, &devices) {
        // Whatever went wrong is already being reported.
        let _ = fs::remove_file(devices);
    }
    Ok(Copied {
        entries: copied?,
        devices,
    })
}

/// What a backup has copied.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Copied {
    /// Entries of the log.
    pub entries: u64,
    /// The second file, with the enrolled devices; none where the station has never had access data.
    pub devices: Option<PathBuf>,
}

/// The path with `suffix` at its end.
fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name = OsString::from(path);
    name.push(suffix);
    name.into()
}

/// Makes a file under another name, and gives it its own when it is whole and on the disk.
fn place<T>(
    to: &Path,
    make: impl FnOnce(&Path) -> Result<T, JournalError>,
) -> Result<T, JournalError> {
    let partial = beside(to, ".partial");
    let made = make(&partial).and_then(|made| {
        let io = |e: std::io::Error| JournalError::from_io(to, &e);
        File::open(&partial)
            .and_then(|f| f.sync_all())
            .map_err(io)?;
        fs::rename(&partial, to).map_err(io)?;
        Ok(made)
    });
    if made.is_err() {
        // Whatever went wrong is already being reported.
        let _ = fs::remove_file(&partial);
    }
    made
}

/// Copies the hashes of enrolled devices' tokens; sessions and codes end within a day and stay where they are. Only its
/// owner may read the copy.
fn copy_devices(access: &Path, partial: &Path) -> Result<(), JournalError> {
    let sqlite = |e: rusqlite::Error| JournalError::from_sqlite(partial, &e);
    let source = read(access).map_err(|e| JournalError::from_sqlite(access, &e))?;
    OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o600)
        .open(partial)
        .map_err(|e| JournalError::from_io(partial, &e))?;
    let mut copy = Connection::open(partial).map_err(sqlite)?;
    Backup::new(&source, &mut copy)
        .and_then(|backup| backup.step(-1))
        .map_err(sqlite)?;
    copy.execute_batch(
        "PRAGMA journal_mode = DELETE; PRAGMA secure_delete = ON;
         DELETE FROM token WHERE staff IS NOT NULL; DELETE FROM code;",
    )
    .map_err(sqlite)?;
    copy.close().map_err(|(_, e)| sqlite(e))
}

/// Opens a database of SQLite for reading. On a disk that cannot be written SQLite cannot share it with a writer, and
/// need not.
fn read(path: &Path) -> rusqlite::Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let open = |name: &Path| -> rusqlite::Result<Connection> {
        let db = Connection::open_with_flags(name, flags | OpenFlags::SQLITE_OPEN_URI)?;
        db.query_row("SELECT count(*) FROM sqlite_schema", [], |_| Ok(()))?;
        Ok(db)
    };
    match open(path) {
        Err(e) if e.sqlite_error_code() == Some(ErrorCode::CannotOpen) => {
            let mut name = OsString::from("file:");
            name.push(path);
            name.push("?immutable=1");
            open(Path::new(&name))
        }
        opened => opened,
    }
}

fn copy(source: &Connection, partial: &Path) -> Result<u64, JournalError> {
    let sqlite = |e: rusqlite::Error| JournalError::from_sqlite(partial, &e);
    match fs::remove_file(partial) {
        Err(e) if e.kind() != std::io::ErrorKind::NotFound => {
            return Err(JournalError::from_io(partial, &e));
        }
        _ => {}
    }
    let mut copy = Connection::open(partial).map_err(sqlite)?;
    // All pages in one step: one moment of the station, without holding its writer up.
    Backup::new(source, &mut copy)
        .and_then(|backup| backup.step(-1))
        .map_err(sqlite)?;
    copy.execute_batch("PRAGMA journal_mode = DELETE; UPDATE meta SET epoch = NULL;")
        .map_err(sqlite)?;
    let verdict: String = copy
        .query_row("PRAGMA integrity_check(1)", [], |row| row.get(0))
        .map_err(sqlite)?;
    if verdict != "ok" {
        return Err(JournalError::Corrupt {
            path: partial.to_owned(),
            detail: verdict,
        });
    }
    let entries: i64 = copy
        .query_row("SELECT count(*) FROM event", [], |row| row.get(0))
        .map_err(sqlite)?;
    copy.close().map_err(|(_, e)| sqlite(e))?;
    Ok(entries as u64)
}

/// Computes the report tables of a data directory again from its log, checking the whole chain. The station must stand.
/// Returns the engine that the whole log leads to, and the time zone whose days and hours the tables have.
///
/// # Errors
/// [`JournalError`]; the tables are then as they were.
pub fn rebuild(data_dir: &Path) -> Result<(Engine, String), JournalError> {
    if !data_dir.join(FILE_NAME).exists() {
        return Err(JournalError::NotFound {
            path: data_dir.join(FILE_NAME),
        });
    }
    let journal = Journal::open(data_dir, Access::ReadWrite)?;
    let zone = stored_zone(&journal)?;
    journal.check_end()?;
    let engine = projection::rebuild(&journal, &zone)?;
    Ok((engine, zone.name().to_owned()))
}
