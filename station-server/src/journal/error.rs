//! What can be wrong with the data directory, and what to do about it.

use std::io;
use std::path::{Path, PathBuf};

use rusqlite::ErrorCode;
use thiserror::Error;

/// A data directory that cannot be used. The sentence says what to do.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum JournalError {
    /// Another process has it.
    #[error(
        "the data directory {} is in use by process {pid}: stop that process first, or choose another directory with --data",
        dir.display()
    )]
    Locked {
        /// The directory.
        dir: PathBuf,
        /// The other process, as it wrote itself down; `unknown` when it has not yet.
        pid: String,
    },
    /// It may not be written.
    #[error(
        "{} cannot be written: give the account that runs the station write permission, and mount the disk read-write",
        path.display()
    )]
    ReadOnly {
        /// What could not be written.
        path: PathBuf,
    },
    /// A file stands in its place.
    #[error("{} is a file, not a directory: choose another directory with --data", path.display())]
    NoDirectory {
        /// The file.
        path: PathBuf,
    },
    /// There is no database.
    #[error("there is no station database at {}: check --data; `serve` or `import` creates one", path.display())]
    NotFound {
        /// Where it was looked for.
        path: PathBuf,
    },
    /// The file is damaged, or no database at all.
    #[error(
        "the station database {} is damaged ({detail}): keep the file, and put the latest backup in its place",
        path.display()
    )]
    Corrupt {
        /// The file.
        path: PathBuf,
        /// What was found.
        detail: String,
    },
    /// A database of another program.
    #[error("{} is not a station database: check --data", path.display())]
    Foreign {
        /// The file.
        path: PathBuf,
    },
    /// Written by a newer version.
    #[error(
        "the station database {} has layout {found}, this version knows up to {known}: install the newer version again",
        path.display()
    )]
    NewerSchema {
        /// The file.
        path: PathBuf,
        /// Its layout.
        found: i64,
        /// The newest layout known here.
        known: i64,
    },
    /// Written by an older version and not yet opened for writing by this one.
    #[error(
        "the station database {} comes from an older version: start the station, or run `rebuild`, and it is brought up to date",
        path.display()
    )]
    OlderSchema {
        /// The file.
        path: PathBuf,
    },
    /// No room left.
    #[error("the disk that holds {} is full: free some space, then start again; nothing confirmed was lost", path.display())]
    DiskFull {
        /// The file.
        path: PathBuf,
    },
    /// The log does not hang together.
    #[error(
        "the log in {} was changed at entry {seq} after it was written: keep the file, and put the latest backup in its place",
        path.display()
    )]
    ChainBroken {
        /// The file.
        path: PathBuf,
        /// The first entry that does not fit.
        seq: u64,
    },
    /// An entry this version cannot read.
    #[error(
        "entry {seq} of the log in {} cannot be read ({detail}): it comes from a newer version; install that version again",
        path.display()
    )]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// The entry.
        seq: u64,
        /// What the reader said.
        detail: String,
    },
    /// Anything else the disk or the operating system says.
    #[error("{} cannot be used ({detail}): check the disk and the system log", path.display())]
    Io {
        /// What was being used.
        path: PathBuf,
        /// What the system said.
        detail: String,
    },
}

impl JournalError {
    /// The stable code, as it stands in error answers and logs.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Locked { .. } => "data_locked",
            Self::ReadOnly { .. } => "data_read_only",
            Self::NoDirectory { .. } => "data_no_directory",
            Self::NotFound { .. } => "data_not_found",
            Self::Corrupt { .. } => "data_corrupt",
            Self::Foreign { .. } => "data_foreign",
            Self::NewerSchema { .. } => "data_newer",
            Self::OlderSchema { .. } => "data_older",
            Self::DiskFull { .. } => "disk_full",
            Self::ChainBroken { .. } => "log_changed",
            Self::Unreadable { .. } => "log_unreadable",
            Self::Io { .. } => "data_io",
        }
    }

    /// Reads an error of the operating system about `path`.
    pub(crate) fn from_io(path: &Path, error: &io::Error) -> Self {
        let path = path.to_owned();
        match error.kind() {
            io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => {
                Self::ReadOnly { path }
            }
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Self::DiskFull { path },
            io::ErrorKind::NotFound => Self::NotFound { path },
            _ => Self::Io {
                path,
                detail: error.to_string(),
            },
        }
    }

    /// Reads an error of SQLite about the database at `path`.
    pub(crate) fn from_sqlite(path: &Path, error: &rusqlite::Error) -> Self {
        let path = path.to_owned();
        let detail = error.to_string();
        match error.sqlite_error_code() {
            Some(ErrorCode::DiskFull) => Self::DiskFull { path },
            Some(ErrorCode::ReadOnly | ErrorCode::PermissionDenied) => Self::ReadOnly { path },
            Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => {
                Self::Corrupt { path, detail }
            }
            // SQLite says only that a page of its own files could not be had.
            Some(ErrorCode::SystemIoFailure | ErrorCode::CannotOpen) if has_no_room(&path) => {
                Self::DiskFull { path }
            }
            Some(ErrorCode::CannotOpen) if !path.exists() => Self::NotFound { path },
            // A value of another type than the layout says was not written by this program.
            None => Self::Corrupt { path, detail },
            Some(_) => Self::Io { path, detail },
        }
    }
}

/// Whether the disk that holds `path` has no room for the little that SQLite needs beside the database: tried, because
/// quotas and reserved blocks make every count a guess.
fn has_no_room(path: &Path) -> bool {
    let probe = path.with_extension("room");
    let written = std::fs::write(&probe, [0_u8; 64 * 1024]);
    // What is left of it is empty or of no use to anybody.
    let _ = std::fs::remove_file(&probe);
    let full = [io::ErrorKind::StorageFull, io::ErrorKind::QuotaExceeded];
    written.is_err_and(|error| full.contains(&error.kind()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_of_the_system_become_what_the_operator_can_act_on() {
        let path = Path::new("/data/station.db");
        let io = |kind: io::ErrorKind| JournalError::from_io(path, &kind.into()).code();
        assert_eq!(io(io::ErrorKind::PermissionDenied), "data_read_only");
        assert_eq!(io(io::ErrorKind::ReadOnlyFilesystem), "data_read_only");
        assert_eq!(io(io::ErrorKind::StorageFull), "disk_full");
        assert_eq!(io(io::ErrorKind::NotFound), "data_not_found");
        assert_eq!(io(io::ErrorKind::Interrupted), "data_io");
        let sqlite = |code| {
            let error = rusqlite::Error::SqliteFailure(rusqlite::ffi::Error::new(code), None);
            JournalError::from_sqlite(path, &error).code()
        };
        assert_eq!(sqlite(rusqlite::ffi::SQLITE_FULL), "disk_full");
        assert_eq!(sqlite(rusqlite::ffi::SQLITE_READONLY), "data_read_only");
        assert_eq!(sqlite(rusqlite::ffi::SQLITE_NOTADB), "data_corrupt");
        assert_eq!(sqlite(rusqlite::ffi::SQLITE_IOERR_FSYNC), "data_io");
    }
}
