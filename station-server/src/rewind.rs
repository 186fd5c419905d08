//! Taking back what was written under a wrong date: a day opened years ahead, or a clock that was far ahead while tickets
//! were given out. Station time never goes back by itself, so such a log would stay in the future for ever.
//!
//! The log is cut at the first entry after a day, and the whole of it is kept beside as an ordinary backup: nothing is
//! lost, it only no longer counts. The epoch is a new one, as after a restored backup.

use std::path::{Path, PathBuf};

use queue_core::BusinessDay;
use thiserror::Error;

use crate::backup::{BackupError, backup};
use crate::journal::{Access, FILE_NAME, Journal, JournalError};
use crate::projection;
use crate::writer::{Clock, SystemClock, stored_zone};

/// What was taken back.
#[derive(Debug, PartialEq, Eq)]
pub struct Rewound {
    /// The last day that still counts.
    pub to: BusinessDay,
    /// Entries taken back.
    pub entries: u64,
    /// The whole log as it was.
    pub kept: PathBuf,
}

/// Why nothing was taken back.
#[derive(Debug, PartialEq, Eq, Error)]
pub enum RewindError {
    /// The database.
    #[error(transparent)]
    Journal(#[from] JournalError),
    /// The log as it was cannot be kept.
    #[error("the log could not be kept as it was, so nothing was taken back: {0}")]
    Keep(#[from] BackupError),
    /// There is nothing after that day.
    #[error("nothing to take back: no entry of the log is later than {0}")]
    Nothing(BusinessDay),
}

/// Takes back every entry that was made after `to`, or for a business day after it; without a day, after today by this
/// machine's clock. The station must stand.
///
/// # Errors
/// [`RewindError`]; the log is then as it was.
pub fn rewind(data_dir: &Path, to: Option<BusinessDay>) -> Result<Rewound, RewindError> {
    let path = data_dir.join(FILE_NAME);
    if !path.exists() {
        return Err(JournalError::NotFound { path }.into());
    }
    let mut journal = Journal::open(data_dir, Access::ReadWrite)?;
    let zone = stored_zone(&journal)?;
    let today = || zone.date(queue_core::StationTime(SystemClock::new().now_ms()));
    let to = to.unwrap_or_else(today);
    let from = journal
        .first_after(to, zone.end_of(to))?
        .ok_or(RewindError::Nothing(to))?;
    // Every rewind mints an epoch, so no two keep their copy under one name.
    let epoch = journal.meta().epoch.simple().to_string();
    let kept = data_dir.join(format!("before-rewind-{from}-{}.db", &epoch[..8]));
    backup(data_dir, &kept)?;
    let entries = journal.cut_from(from)?;
    projection::rebuild(&journal, &zone)?;
    Ok(Rewound { to, entries, kept })
}
