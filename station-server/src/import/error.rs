//! Why an import did not happen.

use std::collections::BTreeMap;
use std::fmt;
use std::path::{Path, PathBuf};

use queue_core::{BusinessDay, Rejected};
use thiserror::Error;

use crate::journal::JournalError;
use crate::zone::UnknownZone;

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
    #[error("{}", bad_rows(file, rows, *good))]
    BadRows {
        /// The file.
        file: PathBuf,
        /// Everything that is wrong, in the order of the lines.
        rows: Vec<BadRow>,
        /// How many rows are good.
        good: usize,
    },
    /// Not one good row.
    #[error("{}", no_tickets(file, rows))]
    NoTickets {
        /// The file.
        file: PathBuf,
        /// What is wrong with its rows; empty when it has none.
        rows: Vec<BadRow>,
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
    /// The time zone asked for is not in the database of time zones.
    #[error(transparent)]
    UnknownZone(#[from] UnknownZone),
    /// The data directory is in another time zone than the file is to be read in.
    #[error(
        "the data directory is in the time zone {stored}, and the file was to be read in {wanted}: its tickets would stand \
         under other days and hours than they had. Import it into a data directory of its own, or leave the time zone out \
         to have its times read in {stored}"
    )]
    OtherZone {
        /// Of the file.
        wanted: String,
        /// Of the data directory.
        stored: String,
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
            Self::UnknownZone(_) => "unknown_timezone",
            Self::OtherZone { .. } => "import_other_timezone",
            Self::Refused(rejected) => rejected.code(),
        }
    }
}

/// `1 row`, `2 rows`.
pub(crate) fn counted(count: usize, noun: &str) -> String {
    let plural = if count == 1 { "" } else { "s" };
    format!("{count} {noun}{plural}")
}

fn bad_rows(file: &Path, rows: &[BadRow], good: usize) -> String {
    let shown = file.display();
    let listed = Listed { file, rows };
    let create = if unplanned(rows).is_empty() {
        ""
    } else {
        "With --create-missing the unknown services, classes and counters are added to the plan. "
    };
    let skip = if good == 0 {
        String::new()
    } else {
        let others = counted(good, "good row");
        format!(
            "With --skip-bad the {others} can be imported; the others are then written to {shown}.rejected.csv"
        )
    };
    let bad = counted(lines(rows), "bad row");
    format!("{shown}: {bad}; nothing was imported\n{listed}{create}{skip}")
        .trim_end()
        .to_owned()
}

fn no_tickets(file: &Path, rows: &[BadRow]) -> String {
    let text = format!("{} has no ticket that can be imported", file.display());
    if rows.is_empty() {
        return text;
    }
    let listed = Listed { file, rows }.to_string();
    let bad = counted(lines(rows), "bad row");
    format!("{text}: {bad}\n{}", listed.trim_end())
}

/// How many rows are bad.
fn lines(rows: &[BadRow]) -> usize {
    let mut lines: Vec<u64> = rows.iter().map(|r| r.line).collect();
    lines.dedup();
    lines.len()
}

/// What is wrong, a line for each.
struct Listed<'a> {
    file: &'a Path,
    rows: &'a [BadRow],
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
        let rows = self.rows;
        let file = self.file.display();
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
        let more = others().count().saturating_sub(SHOWN);
        if more > 0 {
            writeln!(f, "... and {more} more")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bad(line: u64, column: &'static str) -> BadRow {
        BadRow {
            line,
            column: Some(column),
            reason: "is no time".into(),
            not_planned: None,
        }
    }

    #[test]
    fn one_is_not_many() {
        let said = |rows: &[BadRow]| bad_rows(Path::new("old.csv"), rows, 7);
        let one = said(&[bad(3, "issued_at"), bad(3, "called_at")]);
        assert!(
            one.starts_with(
                "old.csv: 1 bad row; nothing was imported\nold.csv:3 column issued_at: is no time\n"
            ),
            "{one}"
        );
        assert!(said(&[bad(3, "issued_at"), bad(4, "issued_at")]).contains("2 bad rows;"));
        assert!(
            one.contains("With --skip-bad the 7 good rows can be imported"),
            "{one}"
        );
    }

    #[test]
    fn the_first_reasons_are_enough() {
        let rows: Vec<BadRow> = (2..)
            .take(SHOWN + 7)
            .map(|line| bad(line, "issued_at"))
            .collect();
        let said = no_tickets(Path::new("old.csv"), &rows);
        assert_eq!(said.lines().count(), SHOWN + 2, "{said}");
        assert!(said.contains("57 bad rows\nold.csv:2 column"), "{said}");
        assert!(said.ends_with("... and 7 more"), "{said}");
    }
}
