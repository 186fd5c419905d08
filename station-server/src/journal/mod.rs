//! The log of a station on disk: one SQLite file, one writer, every entry chained to the one before.
//!
//! `<data>/station.db` holds the events, snapshots of the engine, and tables computed from the events (see
//! [`crate::projection`]). Whatever [`Journal::commit`] has returned from survives a power cut: the write-ahead log is
//! synced on every commit (`synchronous = FULL`).

mod chain;
mod error;
mod lock;
mod schema;
mod snapshot;

use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use queue_core::{BusinessDay, Engine, Recorded, StationTime};
use rusqlite::{Connection, OptionalExtension};
use uuid::Uuid;

pub use chain::Head;
pub use error::JournalError;
use lock::DirLock;
pub(crate) use lock::LOCK_NAME;
pub(crate) use schema::open_reader;

use crate::projection;

/// Name of the database inside the data directory.
pub const FILE_NAME: &str = "station.db";

/// The time zone of a database that was never told one.
pub const DEFAULT_TIMEZONE: &str = "Asia/Taipei";

/// What a journal is opened for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// To write: one process at a time; creates what is missing.
    ReadWrite,
    /// To look: any number of processes, also beside a writer.
    ReadOnly,
}

/// What a database says of itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Meta {
    /// Name of the station, empty when never told.
    pub station: String,
    /// IANA name of the station's time zone.
    pub timezone: String,
    /// Minted when the database was created or taken over from a backup; a consumer that knows another one starts anew.
    pub epoch: Uuid,
}

/// An open log.
#[derive(Debug)]
pub struct Journal {
    db: Connection,
    path: PathBuf,
    meta: Meta,
    head: Head,
    body: Vec<u8>,
    _lock: Option<DirLock>,
}

impl Journal {
    /// Opens the log of a data directory.
    ///
    /// # Errors
    /// [`JournalError`].
    pub fn open(dir: &Path, access: Access) -> Result<Self, JournalError> {
        let path = dir.join(FILE_NAME);
        let (lock, db) = match access {
            Access::ReadWrite => {
                let lock = DirLock::take(dir)?;
                look_at_empty(&path, dir)?;
                (Some(lock), schema::open_writer(&path)?)
            }
            Access::ReadOnly => (None, open_reader(&path)?),
        };
        let sqlite = |e: rusqlite::Error| JournalError::from_sqlite(&path, &e);
        if access == Access::ReadWrite {
            mint_epoch(&db).map_err(sqlite)?;
        }
        let meta = read_meta(&db).map_err(sqlite)?;
        let head = last_entry(&db).map_err(sqlite)?;
        Ok(Self {
            db,
            path,
            meta,
            head,
            body: Vec::new(),
            _lock: lock,
        })
    }

    /// The database file.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// What the database says of itself.
    #[must_use]
    pub fn meta(&self) -> &Meta {
        &self.meta
    }

    /// The last entry.
    #[must_use]
    pub fn head(&self) -> Head {
        self.head
    }

    /// The engine after the last entry: the newest snapshot and what came after it, whose chain is checked.
    ///
    /// # Errors
    /// [`JournalError`].
    pub fn load(&self) -> Result<Engine, JournalError> {
        let Some(mut engine) = self.sql(snapshot::newest)? else {
            return self.replay();
        };
        let from = self.reaching(engine.seq())?;
        self.for_each_after(from, |_, recorded| {
            engine.apply(recorded);
            Ok(())
        })?;
        Ok(engine)
    }

    /// The log up to an entry that it once had.
    ///
    /// # Errors
    /// [`JournalError::ChainBroken`] where it ends before.
    fn reaching(&self, seq: u64) -> Result<Head, JournalError> {
        let head = self.sql(|db| entry_head(db, seq))?;
        head.ok_or_else(|| self.broken_at(seq))
    }

    /// Checks that no entries are missing at the end: the newest snapshot knows how far the log went.
    ///
    /// # Errors
    /// [`JournalError::ChainBroken`].
    pub(crate) fn check_end(&self) -> Result<(), JournalError> {
        match self.snapshot_seq()? {
            0 => Ok(()),
            seq => self.reaching(seq).map(|_| ()),
        }
    }

    /// The engine after the last entry, computed from the whole log; checks the whole chain.
    ///
    /// # Errors
    /// [`JournalError`].
    pub fn replay(&self) -> Result<Engine, JournalError> {
        let mut engine = Engine::new();
        self.for_each_after(Head::default(), |_, recorded| {
            engine.apply(recorded);
            Ok(())
        })?;
        Ok(engine)
    }

    /// Checks the database file and every entry of the log; returns the number of entries.
    ///
    /// # Errors
    /// The first [`JournalError`] found.
    pub fn verify_all(&self) -> Result<u64, JournalError> {
        let verdict: String =
            self.sql(|db| db.query_row("PRAGMA integrity_check(1)", [], |row| row.get(0)))?;
        if verdict != "ok" {
            return Err(JournalError::Corrupt {
                path: self.path.clone(),
                detail: verdict,
            });
        }
        self.for_each_after(Head::default(), |_, _| Ok(()))
            .map(|head| head.seq)
    }

    /// Reads the entries after `from` in order, checking the chain, and hands each to `each`.
    pub(crate) fn for_each_after(
        &self,
        from: Head,
        mut each: impl FnMut(&Connection, &Recorded) -> rusqlite::Result<()>,
    ) -> Result<Head, JournalError> {
        let mut head = from;
        let bad = self.sql(|db| {
            let mut statement = db.prepare(&format!(
                "SELECT {} FROM event WHERE seq > ?1 ORDER BY seq",
                chain::COLUMNS
            ))?;
            let mut rows = statement.query([from.seq as i64])?;
            while let Some(row) = rows.next()? {
                match chain::read(row, head)? {
                    Ok((recorded, next)) => {
                        each(db, &recorded)?;
                        head = next;
                    }
                    Err(bad) => return Ok(Some(bad)),
                }
            }
            Ok(None)
        })?;
        match bad {
            None => Ok(head),
            Some(chain::BadEntry::Broken) => Err(self.broken_at(head.seq + 1)),
            Some(chain::BadEntry::Unreadable(detail)) => Err(JournalError::Unreadable {
                path: self.path.clone(),
                seq: head.seq + 1,
                detail,
            }),
        }
    }

    /// Writes the station's name and time zone down.
    pub(crate) fn set_identity(
        &mut self,
        station: &str,
        timezone: &str,
    ) -> Result<(), JournalError> {
        self.sql(|db| {
            db.execute(
                "UPDATE meta SET station = ?1, timezone = ?2",
                (station, timezone),
            )
        })?;
        self.meta.station = station.to_owned();
        self.meta.timezone = timezone.to_owned();
        Ok(())
    }

    /// The first entry made at `end` or later, or under a business day after `day`.
    pub(crate) fn first_after(
        &self,
        day: BusinessDay,
        end: StationTime,
    ) -> Result<Option<u64>, JournalError> {
        let first: Option<i64> = self.sql(|db| {
            db.query_row(
                "SELECT min(seq) FROM event WHERE at_ms >= ?1 OR day > ?2",
                (end.0, day.as_yyyymmdd()),
                |row| row.get(0),
            )
        })?;
        Ok(first.map(|seq| seq as u64))
    }

    /// Cuts the log off before entry `seq`, under a new epoch; returns how many entries that were. The computed tables
    /// are dropped with them: whoever opens the database for writing fills them again.
    pub(crate) fn cut_from(&mut self, seq: u64) -> Result<u64, JournalError> {
        let (seq, epoch) = (seq as i64, Uuid::new_v4());
        self.begin()?;
        let cut = self.sql(|db| {
            let entries = db.execute("DELETE FROM event WHERE seq >= ?1", [seq])?;
            db.execute("DELETE FROM snapshot WHERE seq >= ?1", [seq])?;
            db.execute("DELETE FROM consumer", [])?;
            db.execute("UPDATE meta SET epoch = ?1", [epoch.to_string()])?;
            projection::drop_tables(db)?;
            Ok(entries as u64)
        });
        let cut = cut.and_then(|entries| self.commit().map(|()| entries));
        if cut.is_err() {
            self.roll_back();
            return cut;
        }
        self.meta.epoch = epoch;
        self.head = self.sql(last_entry)?;
        cut
    }

    pub(crate) fn begin(&self) -> Result<(), JournalError> {
        self.sql(|db| db.prepare_cached("BEGIN IMMEDIATE")?.execute([]).map(drop))
    }

    /// Makes everything since [`Journal::begin`] durable.
    pub(crate) fn commit(&self) -> Result<(), JournalError> {
        self.sql(|db| db.prepare_cached("COMMIT")?.execute([]).map(drop))
    }

    /// Takes back everything since [`Journal::begin`]. A transaction that SQLite has already taken back is no error.
    pub(crate) fn roll_back(&self) {
        if !self.db.is_autocommit()
            && let Err(error) = self.db.execute_batch("ROLLBACK")
        {
            tracing::warn!(%error, "a failed transaction could not be taken back; the next start does");
        }
    }

    /// Writes one entry; `day` is the business day after it.
    pub(crate) fn append(
        &mut self,
        recorded: &Recorded,
        day: Option<BusinessDay>,
    ) -> Result<(), JournalError> {
        self.head = chain::insert(&self.db, self.head, recorded, day, &mut self.body)
            .map_err(|e| JournalError::from_sqlite(&self.path, &e))?;
        Ok(())
    }

    /// Stores the engine, which must be at the last entry.
    pub(crate) fn store_snapshot(&self, engine: &Engine) -> Result<(), JournalError> {
        self.begin()?;
        self.sql(|db| snapshot::store(db, engine))?;
        self.commit()
    }

    /// Moves the write-ahead log into the database file, so that the file alone is whole. A reader in the way is no
    /// error: the log stays and is read with the file, as always.
    pub(crate) fn checkpoint(&self) -> Result<(), JournalError> {
        self.sql(|db| db.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(())))
    }

    /// Sequence number of the newest snapshot, 0 without one.
    pub(crate) fn snapshot_seq(&self) -> Result<u64, JournalError> {
        self.sql(snapshot::newest_seq)
    }

    /// Runs `work` on the connection and says in the station's words what went wrong.
    pub(crate) fn sql<T>(
        &self,
        work: impl FnOnce(&Connection) -> rusqlite::Result<T>,
    ) -> Result<T, JournalError> {
        work(&self.db).map_err(|e| JournalError::from_sqlite(&self.path, &e))
    }

    fn broken_at(&self, seq: u64) -> JournalError {
        JournalError::ChainBroken {
            path: self.path.clone(),
            seq,
        }
    }
}

/// A database file of no bytes is what a first start leaves that was cut off at once, and then nothing is lost. Where the
/// station has worked before, everything is.
fn look_at_empty(path: &Path, dir: &Path) -> Result<(), JournalError> {
    if !std::fs::metadata(path).is_ok_and(|file| file.len() == 0) {
        return Ok(());
    }
    if dir.join(crate::access::FILE_NAME).exists() {
        return Err(JournalError::Corrupt {
            path: path.to_owned(),
            detail: "it is empty, and the station has worked before".to_owned(),
        });
    }
    tracing::warn!(
        "the station database {} is empty: a new station begins in it. If there was one before, stop this one and put the \
         latest backup in its place",
        path.display()
    );
    Ok(())
}

/// Gives a new database, and one taken over from a backup, an epoch of its own.
fn mint_epoch(db: &Connection) -> rusqlite::Result<()> {
    let created_ms = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0, |since| since.as_millis() as i64);
    db.execute(
        "INSERT INTO meta (one, station, timezone, epoch, created_ms) VALUES (1, '', ?1, ?2, ?3)
         ON CONFLICT (one) DO UPDATE SET epoch = excluded.epoch WHERE epoch IS NULL",
        (DEFAULT_TIMEZONE, Uuid::new_v4().to_string(), created_ms),
    )?;
    Ok(())
}

pub(crate) fn read_meta(db: &Connection) -> rusqlite::Result<Meta> {
    db.query_row("SELECT station, timezone, epoch FROM meta", [], |row| {
        let epoch: Option<String> = row.get(2)?;
        Ok(Meta {
            station: row.get(0)?,
            timezone: row.get(1)?,
            // A backup has none until it is opened for writing.
            epoch: epoch
                .and_then(|text| Uuid::parse_str(&text).ok())
                .unwrap_or(Uuid::nil()),
        })
    })
}

fn entry_head(db: &Connection, seq: u64) -> rusqlite::Result<Option<Head>> {
    if seq == 0 {
        return Ok(Some(Head::default()));
    }
    db.query_row(
        "SELECT hash FROM event WHERE seq = ?1",
        [seq as i64],
        |row| {
            Ok(Head {
                seq,
                hash: row.get(0)?,
            })
        },
    )
    .optional()
}

fn last_entry(db: &Connection) -> rusqlite::Result<Head> {
    let last: Option<i64> = db.query_row("SELECT max(seq) FROM event", [], |row| row.get(0))?;
    Ok(entry_head(db, last.unwrap_or(0) as u64)?.unwrap_or_default())
}
