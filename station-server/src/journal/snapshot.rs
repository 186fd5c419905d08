//! Snapshots of the engine, so that a start does not read the whole log again.

use std::io::{self, Write};

use flate2::Compression;
use flate2::read::DeflateDecoder;
use flate2::write::DeflateEncoder;
use queue_core::Engine;
use rusqlite::{Connection, OptionalExtension};

/// Layout of a snapshot's body. A snapshot of another layout is passed over: the log has everything.
const FORMAT: i64 = 4;

/// Snapshots kept; the older one stands in for a newer one that cannot be read.
const KEPT: i64 = 2;

/// Stores the engine as it is now.
pub(super) fn store(db: &Connection, engine: &Engine) -> rusqlite::Result<()> {
    let unwritable = |e: io::Error| rusqlite::Error::ToSqlConversionFailure(e.into());
    let mut body = DeflateEncoder::new(Vec::new(), Compression::fast());
    let mut buffered = io::BufWriter::new(&mut body);
    serde_json::to_writer(&mut buffered, engine)
        .map_err(|e| rusqlite::Error::ToSqlConversionFailure(e.into()))?;
    buffered.flush().map_err(unwritable)?;
    drop(buffered);
    let body = body.finish().map_err(unwritable)?;
    db.execute(
        "INSERT INTO snapshot (seq, format, fingerprint, body) VALUES (?1, ?2, ?3, ?4)
         ON CONFLICT (seq) DO UPDATE SET format = ?2, fingerprint = ?3, body = ?4",
        (
            engine.seq() as i64,
            FORMAT,
            engine.fingerprint().0 as i64,
            body,
        ),
    )?;
    db.execute(
        "DELETE FROM snapshot WHERE seq NOT IN (SELECT seq FROM snapshot ORDER BY seq DESC LIMIT ?1)",
        [KEPT],
    )?;
    Ok(())
}

/// The newest snapshot that can be read and has the fingerprint it was stored with.
pub(super) fn newest(db: &Connection) -> rusqlite::Result<Option<Engine>> {
    let mut statement = db.prepare(
        "SELECT seq, fingerprint, body FROM snapshot WHERE format = ?1 ORDER BY seq DESC",
    )?;
    let mut rows = statement.query([FORMAT])?;
    while let Some(row) = rows.next()? {
        let (seq, fingerprint): (i64, i64) = (row.get(0)?, row.get(1)?);
        let body = io::BufReader::new(DeflateDecoder::new(row.get_ref(2)?.as_blob()?));
        let engine = serde_json::from_reader::<_, Engine>(body).ok();
        let intact = engine.filter(|engine| {
            engine.seq() == seq as u64 && engine.fingerprint().0 == fingerprint as u64
        });
        match intact {
            Some(engine) => return Ok(Some(engine)),
            None => tracing::warn!(seq, "a snapshot cannot be used; the log is read instead"),
        }
    }
    Ok(None)
}

/// Sequence number of the newest snapshot.
pub(super) fn newest_seq(db: &Connection) -> rusqlite::Result<u64> {
    let seq: Option<i64> = db
        .query_row("SELECT max(seq) FROM snapshot", [], |row| row.get(0))
        .optional()?
        .flatten();
    Ok(seq.unwrap_or(0) as u64)
}
