//! Why an import did not happen.

use std::collections::BTreeMap;
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
    /// The service, class or counter that the plan does not have, where that is what is wrong.
    pub not_planned: Option<String>,
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

/// A word that the plan does not have.
struct Unplanned<'a> {
    first_line: u64,
    rows: usize,
    column: &'a str,
    word: &'a str,
}

/// Every word that the plan does not have, once, in the order of their first lines.
fn unplanned(rows: &[BadRow]) -> Vec<Unplanned<'_>> {
    let mut found: BTreeMap<(&str, &str), (u64, usize)> = BTreeMap::new();
    for row in rows {
        if let (Some(column), Some(word)) = (row.column, &row.not_planned) {
            let (_, rows) = found.entry((column, word)).or_insert((row.line, 0));
            *rows += 1;
        }
    }
    let words = found.into_iter();
    let mut words: Vec<_> = words
        .map(|((column, word), (first_line, rows))| Unplanned {
            first_line,
            rows,
            column,
            word,
        })
        .collect();
    words.sort_by_key(|word| word.first_line);
    words
}

impl fmt::Display for Listed<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(file, rows) = self;
        let file = file.display();
        let unplanned = unplanned(rows);
        for word in unplanned.iter().take(SHOWN) {
            let Unplanned { rows, column, .. } = word;
            let rows = match rows {
                1 => "in 1 row".to_owned(),
                many => format!("in {many} rows, first here"),
            };
            let (line, word) = (word.first_line, word.word);
            writeln!(f, "{file}:{line} unknown {column} `{word}` {rows}")?;
        }
        if unplanned.len() > SHOWN {
            writeln!(f, "... and {} more unknown", unplanned.len() - SHOWN)?;
        }
        let others = || rows.iter().filter(|row| row.not_planned.is_none());
        for row in others().take(SHOWN) {
            write!(f, "{file}:{}", row.line)?;
            if let Some(column) = row.column {
                write!(f, " column {column}")?;
            }
            writeln!(f, ": {}", row.reason)?;
        }
        if let Some(more) = others().count().checked_sub(SHOWN).filter(|more| *more > 0) {
            writeln!(f, "... and {more} more")?;
        }
        let mut lines: Vec<u64> = rows.iter().map(|r| r.line).collect();
        lines.dedup();
        write!(f, "{} bad rows; nothing was imported.", lines.len())?;
        if !unplanned.is_empty() {
            write!(
                f,
                " With --create-missing the unknown services, classes and counters are added to the plan."
            )?;
        }
        write!(
            f,
            " With --skip-bad the other rows are imported and these are written to {file}.rejected.csv"
        )
    }
}
