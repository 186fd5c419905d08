//! Why an import did not happen.

use std::fmt;
use std::path::PathBuf;

use queue_core::{BusinessDay, Rejected};
use thiserror::Error;

use crate::journal::JournalError;

/// Bad rows named in a message; the rest is counted.
const SHOWN: usize = 50;

/// One thing wrong with one row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BadRow {
    /// Line in the file, from 1 (the header).
    pub line: u64,
    /// The column, when it is about one.
    pub column: Option<&'static str>,
    /// What is wrong, and what was expected.
    pub reason: String,
}

/// Why nothing was imported.
#[derive(Debug, PartialEq, Eq, Error)]
pub enum ImportError {
    /// The data directory.
    #[error(transparent)]
    Journal(#[from] JournalError),
    /// The file cannot be read.
    #[error("{} cannot be read: {detail}", file.display())]
    Unreadable {
        /// The file.
        file: PathBuf,
        /// What the system said.
        detail: String,
    },
    /// The header is not the one of the format.
    #[error("{}:1 {reason}", file.display())]
    BadHeader {
        /// The file.
        file: PathBuf,
        /// What is wrong, and what was expected.
        reason: String,
    },
    /// Rows are bad and were not to be skipped.
    #[error("{}", bad_rows(file, rows))]
    BadRows {
        /// The file.
        file: PathBuf,
        /// Everything that is wrong, in the order of the lines.
        rows: Vec<BadRow>,
    },
    /// Not one good row.
    #[error("{} has no ticket that can be imported", file.display())]
    NoTickets {
        /// The file.
        file: PathBuf,
    },
    /// The very same file was imported before.
    #[error("{} was imported before, on {on}: nothing to do", file.display())]
    ImportedBefore {
        /// The file.
        file: PathBuf,
        /// The day, in the station's time zone.
        on: BusinessDay,
    },
    /// The rows left out cannot be written down.
    #[error("the rejected rows cannot be written to {}: {detail}", file.display())]
    RejectedFile {
        /// Where they were to go.
        file: PathBuf,
        /// What the system said.
        detail: String,
    },
    /// The plan with the new services, classes and counters cannot take effect.
    #[error("the plan cannot be completed: {0}")]
    Refused(Rejected),
}

impl ImportError {
    /// The stable code.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Journal(error) => error.code(),
            Self::Unreadable { .. } => "import_unreadable",
            Self::BadHeader { .. } => "import_bad_header",
            Self::BadRows { .. } => "import_bad_rows",
            Self::NoTickets { .. } => "import_no_tickets",
            Self::ImportedBefore { .. } => "import_repeated",
            Self::RejectedFile { .. } => "import_rejected_file",
            Self::Refused(rejected) => rejected.code(),
        }
    }
}

struct Listed<'a>(&'a PathBuf, &'a [BadRow]);

fn bad_rows<'a>(file: &'a PathBuf, rows: &'a [BadRow]) -> Listed<'a> {
    Listed(file, rows)
}

impl fmt::Display for Listed<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(file, rows) = self;
        for row in rows.iter().take(SHOWN) {
            write!(f, "{}:{}", file.display(), row.line)?;
            if let Some(column) = row.column {
                write!(f, " column {column}")?;
            }
            writeln!(f, ": {}", row.reason)?;
        }
        if rows.len() > SHOWN {
            writeln!(f, "... and {} more", rows.len() - SHOWN)?;
        }
        let mut lines: Vec<u64> = rows.iter().map(|r| r.line).collect();
        lines.dedup();
        write!(
            f,
            "{} bad rows; nothing was imported. With --skip-bad the other rows are imported and these are written to {}.rejected.csv",
            lines.len(),
            file.display()
        )
    }
}
