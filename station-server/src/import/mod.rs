//! Tickets of another system's log, from a CSV file into this station's log.
//!
//! An import is all or nothing: one transaction, and not one row when one is bad. `skip_bad` leaves the bad rows out and
//! writes them to `FILE.rejected.csv` with their reasons; corrected, that file can be imported as it is. The rows of the
//! file become events with their original times, so that every report knows them like its own.

mod check;
mod error;
mod plan;
mod read;

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};

use queue_core::{BusinessDay, Command, ImportedTicket, StationPlan, StationTime};
use rusqlite::OptionalExtension;
use sha2::{Digest, Sha256};

pub(crate) use error::counted;
pub use error::{BadRow, ImportError};
pub use plan::Created;
pub use read::COLUMNS;

use crate::journal::{FILE_NAME, JournalError, LOCK_NAME};
use crate::writer::{Clock, Ledger, SystemClock, housekeeping};
use crate::zone::Zone;

/// What is to be imported.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportOptions {
    /// The data directory; created when missing. The station must stand.
    pub data_dir: PathBuf,
    /// The CSV file, gzip-compressed or not.
    pub tickets: PathBuf,
    /// Add services, classes and counters that the plan does not have.
    pub create_missing: bool,
    /// Leave bad rows out instead of importing nothing.
    pub skip_bad: bool,
    /// IANA name of the time zone of the file's local times. Left out: the database's own, `Asia/Taipei` in a new one.
    pub timezone: Option<String>,
    /// The plan to take over first, so that the services of the station file are known. Left out: the database's own.
    pub plan: Option<StationPlan>,
}

/// What was imported.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportReport {
    /// Tickets imported.
    pub tickets: u32,
    /// IANA name of the time zone their times were read in.
    pub timezone: String,
    /// Their first and last business day.
    pub days: (BusinessDay, BusinessDay),
    /// What was added to the plan.
    pub created: Created,
    /// Rows left out.
    pub rejected: u32,
    /// Where they are, when there are any.
    pub rejected_file: Option<PathBuf>,
}

/// Imports a file.
///
/// # Errors
/// [`ImportError`]; nothing has been imported then.
pub fn import(options: &ImportOptions) -> Result<ImportReport, ImportError> {
    import_at(options, StationTime(SystemClock::new().now_ms()))
}

/// Imports a file at the time of `wall`.
fn import_at(options: &ImportOptions, wall: StationTime) -> Result<ImportReport, ImportError> {
    let file = &options.tickets;
    let unreadable = |e: &dyn std::fmt::Display| ImportError::Unreadable {
        file: file.clone(),
        detail: e.to_string(),
    };
    let bytes = fs::read(file).map_err(|e| unreadable(&e))?;
    let zone = options.timezone.as_deref().map(Zone::named).transpose()?;
    let missing = Missing::of(&options.data_dir);
    let mut ledger = match Ledger::open(&options.data_dir, None, None) {
        Ok(ledger) => ledger,
        Err(error) => {
            missing.remove_directories();
            return Err(error.into());
        }
    };
    // A log with entries is somebody's, even if it came only just now.
    let is_new = ledger.engine().seq() == 0;
    let imported = settle_zone(&mut ledger, zone)
        .and_then(|()| import_bytes(options, &bytes, &mut ledger, wall));
    if imported.is_err() {
        // While the directory is still locked: nobody else can have begun to use it.
        if is_new {
            missing.remove_database();
        }
        drop(ledger);
        missing.remove_directories();
    }
    imported
}

/// Local times are read in the zone of the database, which a new one takes over. One with entries has shown its hours and
/// days in its own zone already.
fn settle_zone(ledger: &mut Ledger, wanted: Option<Zone>) -> Result<(), ImportError> {
    match wanted {
        Some(zone) if zone.name() == ledger.zone().name() => Ok(()),
        Some(zone) if ledger.engine().seq() > 0 => Err(ImportError::OtherZone {
            wanted: zone.name().to_owned(),
            stored: ledger.zone().name().to_owned(),
        }),
        Some(zone) => Ok(ledger.set_zone(zone)?),
        None => Ok(()),
    }
}

/// What of a data directory is not there before an import makes it; taken away again when the import fails.
struct Missing {
    data_dir: PathBuf,
    database: bool,
    /// Innermost first.
    directories: Vec<PathBuf>,
}

impl Missing {
    fn of(data_dir: &Path) -> Self {
        let above = data_dir.ancestors();
        let directories = above.take_while(|dir| !dir.as_os_str().is_empty() && !dir.exists());
        Self {
            data_dir: data_dir.to_owned(),
            database: !data_dir.join(FILE_NAME).exists(),
            directories: directories.map(Path::to_owned).collect(),
        }
    }

    /// Why there is nothing to be imported is being told already; what cannot be removed stays.
    fn remove_database(&self) {
        if self.database {
            for suffix in ["", "-wal", "-shm"] {
                let _ = fs::remove_file(self.data_dir.join(format!("{FILE_NAME}{suffix}")));
            }
            let _ = fs::remove_file(self.data_dir.join(LOCK_NAME));
        }
    }

    /// Only empty ones can be.
    fn remove_directories(&self) {
        for dir in &self.directories {
            let _ = fs::remove_dir(dir);
        }
    }
}

fn import_bytes(
    options: &ImportOptions,
    bytes: &[u8],
    ledger: &mut Ledger,
    wall: StationTime,
) -> Result<ImportReport, ImportError> {
    let file = &options.tickets;
    let sha256 = hexadecimal(&Sha256::digest(bytes));
    if let Some(at) = imported_before(ledger, &sha256)? {
        return Err(ImportError::ImportedBefore {
            file: file.clone(),
            on: ledger.zone().date(at),
        });
    }
    let now = wall.max(ledger.engine().now());
    if let Some(plan) = &options.plan {
        let configure = Command::Configure(plan.clone().into());
        ledger
            .execute(now, &housekeeping(configure))?
            .map_err(ImportError::Refused)?;
    }
    let table = read::read(file, bytes)?;
    let checked = check::check(&table, ledger, now, options.create_missing)?;
    if !checked.bad.is_empty() && !options.skip_bad {
        return Err(ImportError::BadRows {
            file: file.clone(),
            rows: checked.bad,
            good: checked.tickets.len(),
        });
    }
    let Some(days) = days_of(&checked.tickets) else {
        return Err(ImportError::NoTickets {
            file: file.clone(),
            rows: checked.bad,
        });
    };
    let rejected_rows = write_rejected(file, &table, &checked.bad)?;
    let (plan, created) = plan::completed(ledger.engine().plan(), &checked.tickets);
    // A file has fewer rows than that: it would not fit into memory.
    let tickets = checked.tickets.len() as u32;
    let rejected = table.rows.len() as u32 - tickets;
    let name = file.file_name().unwrap_or_default().to_string_lossy();
    let head = [
        Command::Configure(plan.into()),
        Command::BeginImport {
            file: name.into_owned(),
            sha256,
            tickets,
            rejected,
        },
    ];
    let rows = checked.tickets.into_iter().map(Box::new);
    for command in head.into_iter().chain(rows.map(Command::ImportTicket)) {
        ledger
            .execute(now, &housekeeping(command))?
            .map_err(ImportError::Refused)?;
    }
    ledger.commit(&mut Vec::new())?;
    let rejected_file = rejected_rows.map(RejectedRows::keep);
    ledger.store_snapshot()?;
    Ok(ImportReport {
        tickets,
        timezone: ledger.zone().name().to_owned(),
        days,
        created,
        rejected,
        rejected_file,
    })
}

/// When a file with this hash was imported.
fn imported_before(ledger: &Ledger, sha256: &str) -> Result<Option<StationTime>, JournalError> {
    let at_ms: Option<i64> = ledger.journal().sql(|db| {
        db.query_row(
            "SELECT at_ms FROM import WHERE sha256 = ?1",
            [sha256],
            |row| row.get(0),
        )
        .optional()
    })?;
    Ok(at_ms.map(StationTime))
}

fn days_of(tickets: &[ImportedTicket]) -> Option<(BusinessDay, BusinessDay)> {
    let first = tickets.iter().map(|t| t.day).min()?;
    let last = tickets.iter().map(|t| t.day).max()?;
    Some((first, last))
}

/// The rows left out, on the disk under a name of their own until the import has come about: a failed one leaves the file
/// of an earlier one alone.
struct RejectedRows {
    partial: PathBuf,
    to: PathBuf,
    kept: bool,
}

impl RejectedRows {
    /// Gives the file its name, now that the import has come about; where that cannot be, it keeps the one it has.
    fn keep(mut self) -> PathBuf {
        self.kept = true;
        match fs::rename(&self.partial, &self.to) {
            Ok(()) => self.to.clone(),
            Err(_) => self.partial.clone(),
        }
    }
}

impl Drop for RejectedRows {
    fn drop(&mut self) {
        if !self.kept {
            // The import has failed, and says why.
            let _ = fs::remove_file(&self.partial);
        }
    }
}

/// Writes the rows left out, as they stood, with their line and reasons. Written before anything is imported: if it cannot
/// be, nothing is.
fn write_rejected(
    file: &Path,
    table: &read::Table,
    bad: &[BadRow],
) -> Result<Option<RejectedRows>, ImportError> {
    if bad.is_empty() {
        return Ok(None);
    }
    let named = |suffix: &str| {
        let mut name = OsString::from(file);
        name.push(suffix);
        PathBuf::from(name)
    };
    let rows = RejectedRows {
        partial: named(".rejected.csv.partial"),
        to: named(".rejected.csv"),
        kept: false,
    };
    let path = &rows.partial;
    let unwritable = |e: csv::Error| ImportError::RejectedFile {
        file: path.clone(),
        detail: e.to_string(),
    };
    let mut out = csv::WriterBuilder::new()
        .flexible(true)
        .from_path(path)
        .map_err(unwritable)?;
    let extra = read::REJECTED_COLUMNS.map(str::as_bytes);
    out.write_record(table.header.iter().chain(extra))
        .map_err(unwritable)?;
    for row in &table.rows {
        let reasons: Vec<String> = bad
            .iter()
            .skip(bad.partition_point(|b| b.line < row.line))
            .take_while(|b| b.line == row.line)
            .map(|b| match b.column {
                Some(column) => format!("{column}: {}", b.reason),
                None => b.reason.clone(),
            })
            .collect();
        if reasons.is_empty() {
            continue;
        }
        let (line, reasons) = (row.line.to_string(), reasons.join("; "));
        // A row that is too short is filled up, so that the two added columns stand under their names.
        let mut fields: Vec<&[u8]> = row.fields.iter().collect();
        fields.resize(fields.len().max(table.header.len()), b"");
        fields.extend([line.as_bytes(), reasons.as_bytes()]);
        out.write_record(fields).map_err(unwritable)?;
    }
    out.flush().map_err(|e| unwritable(e.into()))?;
    drop(out);
    Ok(Some(rows))
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reports::{Reports, StatsQuery};

    /// 2026-11-23 09:00 in Taipei.
    const NINE: StationTime = StationTime(1_795_395_600_000);

    fn import_rows(dir: &Path, rows: &str) -> Result<ImportReport, ImportError> {
        let tickets = dir.join("old.csv");
        fs::write(
            &tickets,
            format!("number,service,issued_at,outcome\n{rows}"),
        )
        .unwrap();
        let options = ImportOptions {
            data_dir: dir.to_owned(),
            tickets,
            create_missing: true,
            skip_bad: false,
            timezone: None,
            plan: None,
        };
        import_at(&options, NINE)
    }

    #[test]
    fn a_day_begun_by_another_system_goes_on_here() {
        let dir = tempfile::tempdir().unwrap();
        import_rows(dir.path(), "1,permit,2026-11-23T08:30:00,cancelled\n").unwrap();
        let day = "2026-11-23".parse().unwrap();
        let mut ledger = Ledger::open(dir.path(), None, None).unwrap();
        let issue = Command::IssueTicket(queue_core::NewTicket {
            ticket: queue_core::TicketId(1),
            service: queue_core::ServiceId::new("permit").unwrap(),
            class: None,
            language: None,
            channel: queue_core::ServiceId::new("kiosk").unwrap(),
            persons: 1,
            terms: queue_core::Terms::default(),
        });
        for command in [Command::OpenDay { day, hours: None }, issue] {
            ledger
                .execute(NINE, &housekeeping(command))
                .unwrap()
                .unwrap();
        }
        ledger.commit(&mut Vec::new()).unwrap();
        let query = StatsQuery {
            from: day,
            to: day,
            by: None,
        };
        let report = Reports::open(dir.path()).unwrap().stats(&query).unwrap();
        assert_eq!(report.rows[0].figures.issued, 2);
    }

    #[test]
    fn a_failed_import_leaves_nothing_of_a_new_directory() {
        let dir = tempfile::tempdir().unwrap();
        let tickets = dir.path().join("old.csv");
        let rows = "number,service,issued_at,outcome\n1,permit,yesterday,cancelled\n";
        fs::write(&tickets, rows).unwrap();
        let bad = |data_dir: PathBuf, skip_bad: bool| {
            let options = ImportOptions {
                data_dir,
                tickets: tickets.clone(),
                create_missing: true,
                skip_bad,
                timezone: None,
                plan: None,
            };
            import_at(&options, NINE).unwrap_err()
        };
        let entries = || fs::read_dir(dir.path()).unwrap().count();

        bad(dir.path().join("new/data"), false);
        assert_eq!(entries(), 1, "only the file itself");
        fs::create_dir(dir.path().join("empty")).unwrap();
        bad(dir.path().join("empty"), false);
        assert_eq!(fs::read_dir(dir.path().join("empty")).unwrap().count(), 0);

        // With every row bad nothing is left behind either, and an earlier file of rejected rows stays.
        let rejected = dir.path().join("old.csv.rejected.csv");
        fs::write(&rejected, "of an earlier import").unwrap();
        let said = bad(dir.path().join("new"), true).to_string();
        assert_eq!(entries(), 3);
        assert_eq!(
            fs::read_to_string(&rejected).unwrap(),
            "of an earlier import"
        );
        assert!(
            said.contains("1 bad row\n") && said.contains("column issued_at"),
            "{said}"
        );
        // There are no other rows to be imported, so nothing promises that.
        let said = bad(dir.path().join("new"), false).to_string();
        assert!(!said.contains("--skip-bad"), "{said}");

        // A directory in use keeps what it has.
        import_rows(dir.path(), "1,permit,2026-11-23T08:30:00,cancelled\n").unwrap();
        import_rows(dir.path(), "1,permit,yesterday,cancelled\n").unwrap_err();
        assert!(dir.path().join(FILE_NAME).exists());
        assert!(Reports::open(dir.path()).is_ok());
    }

    #[test]
    fn what_has_not_happened_yet_is_refused() {
        let dir = tempfile::tempdir().unwrap();
        let error =
            import_rows(dir.path(), "1,permit,2026-11-23T09:00:01,cancelled\n").unwrap_err();
        assert!(
            error
                .to_string()
                .contains("column issued_at: lies in the future"),
            "{error}"
        );
    }
}
