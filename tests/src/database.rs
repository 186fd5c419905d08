//! The database of a stopped or running station, read as an auditor would.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use rusqlite::types::Value as Cell;
use rusqlite::{Connection, OpenFlags};
use serde_json::Value;
use station_server::journal::{Access, FILE_NAME, Journal};

/// One entry of the log.
#[derive(Debug, Clone, PartialEq)]
pub struct LoggedEvent {
    /// Position.
    pub seq: i64,
    /// Business day as `20260731`, where one was open.
    pub day: Option<i64>,
    /// `ticket_issued` ...
    pub kind: String,
    /// When, in milliseconds since 1970.
    pub at_ms: i64,
    /// Who: `counter/...`, `display/D1` ...
    pub actor: String,
    /// The command it came from, in hexadecimal digits; none where it came from none.
    pub command: Option<String>,
    /// What it says.
    pub body: Value,
}

impl LoggedEvent {
    /// A text of the body.
    ///
    /// # Panics
    /// When it has none of that name.
    #[must_use]
    #[track_caller]
    pub fn text(&self, name: &str) -> &str {
        self.body[name]
            .as_str()
            .unwrap_or_else(|| panic!("no text `{name}` in {}", self.body))
    }
}

/// A data directory.
#[derive(Debug)]
pub struct Database {
    dir: PathBuf,
}

impl Database {
    /// The database in `dir`.
    #[must_use]
    pub fn at(dir: &Path) -> Self {
        Self {
            dir: dir.to_owned(),
        }
    }

    /// The whole log.
    ///
    /// # Panics
    /// When it cannot be read.
    #[must_use]
    pub fn events(&self) -> Vec<LoggedEvent> {
        let db = self.connection();
        let mut statement = db
            .prepare("SELECT seq, day, kind, body, at_ms, actor, hex(command_id) FROM event ORDER BY seq")
            .expect("there is a log");
        let rows = statement.query_map([], |row| {
            let body: String = row.get(3)?;
            Ok(LoggedEvent {
                seq: row.get(0)?,
                day: row.get(1)?,
                kind: row.get(2)?,
                body: serde_json::from_str(&body).unwrap_or(Value::Null),
                at_ms: row.get(4)?,
                actor: row.get(5)?,
                command: row.get::<_, Option<String>>(6)?.filter(|id| !id.is_empty()),
            })
        });
        rows.and_then(Iterator::collect)
            .expect("the log can be read")
    }

    /// The fingerprint of the state that the whole log leads to, replayed from its first entry.
    ///
    /// # Panics
    /// When the log is broken.
    #[must_use]
    pub fn replayed_fingerprint(&self) -> String {
        let journal = Journal::open(&self.dir, Access::ReadOnly).expect("the log opens");
        journal.verify_all().expect("the log hangs together");
        journal
            .replay()
            .expect("the log replays")
            .fingerprint()
            .to_string()
    }

    /// Every row of every table that is computed from the log, by table.
    ///
    /// # Panics
    /// When it cannot be read.
    #[must_use]
    pub fn projections(&self) -> BTreeMap<String, Vec<String>> {
        const LOG: [&str; 4] = ["meta", "event", "snapshot", "consumer"];
        let db = self.connection();
        let mut names = db
            .prepare(
                "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'",
            )
            .expect("a database has a schema");
        let names: Vec<String> = names
            .query_map([], |row| row.get(0))
            .and_then(Iterator::collect)
            .expect("tables have names");
        let mut all = BTreeMap::new();
        for name in names.into_iter().filter(|n| !LOG.contains(&n.as_str())) {
            let mut statement = db
                .prepare(&format!("SELECT * FROM \"{name}\""))
                .expect("a table can be read");
            let columns = statement.column_count();
            let rows = statement.query_map([], |row| {
                let cells: Vec<Cell> =
                    (0..columns).map(|i| row.get(i)).collect::<Result<_, _>>()?;
                Ok(format!("{cells:?}"))
            });
            let mut rows: Vec<String> = rows.and_then(Iterator::collect).expect("rows can be read");
            rows.sort();
            all.insert(name, rows);
        }
        all
    }

    fn connection(&self) -> Connection {
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let path = self.dir.join(FILE_NAME);
        Connection::open_with_flags(&path, flags)
            .unwrap_or_else(|e| panic!("{}: {e}", path.display()))
    }
}

/// Copies the database files of a data directory whose station is not running.
///
/// # Panics
/// When that cannot be done.
pub fn copy_data(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).expect("the copy's directory");
    for suffix in ["", "-wal"] {
        let name = format!("{FILE_NAME}{suffix}");
        let source = from.join(&name);
        if source.exists() {
            std::fs::copy(&source, to.join(&name)).expect("the database can be copied");
        }
    }
}
