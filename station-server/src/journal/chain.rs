//! Entries of the log as rows, chained by hash so that a later change shows.

use queue_core::{Actor, BusinessDay, CommandId, CommandRef, Event, Recorded, StationTime};
use rusqlite::{Connection, Row};
use sha2::{Digest, Sha256};

/// Version of the event bodies written today.
const BODY_VERSION: i64 = 1;

/// SHA-256 of an entry and everything before it.
pub(crate) type Hash = [u8; 32];

/// The last entry of a log, or of a part of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Head {
    /// Sequence number, 0 for an empty log.
    pub seq: u64,
    /// Hash, zeros for an empty log.
    pub hash: Hash,
}

/// What is hashed of an entry: every column but the hash.
struct Entry<'a> {
    seq: u64,
    at_ms: i64,
    day: Option<i64>,
    kind: &'a str,
    ver: i64,
    command: Option<CommandRef>,
    actor: &'a str,
    body: &'a str,
}

impl Entry<'_> {
    /// `SHA-256(previous hash || seq || at_ms || day or 0 || ver || command id and digest or nothing || kind || actor || body)`:
    /// numbers as 8 bytes little-endian, texts and the optional command behind their length.
    fn hash(&self, previous: &Hash) -> Hash {
        let mut sha = Sha256::new();
        sha.update(previous);
        sha.update(self.seq.to_le_bytes());
        sha.update(self.at_ms.to_le_bytes());
        sha.update(self.day.unwrap_or(0).to_le_bytes());
        sha.update(self.ver.to_le_bytes());
        match self.command {
            Some(command) => {
                sha.update(24_u64.to_le_bytes());
                sha.update(command.id.0.to_le_bytes());
                sha.update(command.digest.to_le_bytes());
            }
            None => sha.update(0_u64.to_le_bytes()),
        }
        for text in [self.kind, self.actor, self.body] {
            sha.update((text.len() as u64).to_le_bytes());
            sha.update(text);
        }
        sha.finalize().into()
    }
}

/// Writes `recorded` behind `head` and returns the new head. `body` is scratch space.
pub(super) fn insert(
    db: &Connection,
    head: Head,
    recorded: &Recorded,
    day: Option<BusinessDay>,
    body: &mut Vec<u8>,
) -> rusqlite::Result<Head> {
    body.clear();
    serde_json::to_writer(&mut *body, &recorded.event)
        .map_err(|e| rusqlite::Error::ToSqlConversionFailure(e.into()))?;
    let body =
        std::str::from_utf8(body).map_err(|e| rusqlite::Error::ToSqlConversionFailure(e.into()))?;
    let entry = Entry {
        seq: recorded.seq,
        at_ms: recorded.at.0,
        day: day.map(BusinessDay::as_yyyymmdd),
        kind: recorded.event.kind(),
        ver: BODY_VERSION,
        command: recorded.command,
        actor: &recorded.actor.0,
        body,
    };
    let hash = entry.hash(&head.hash);
    let command_id = entry.command.map(|c| c.id.0.to_be_bytes());
    db.prepare_cached(
        "INSERT INTO event (seq, at_ms, day, kind, ver, command_id, digest, actor, body, hash)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
    )?
    .execute((
        entry.seq as i64,
        entry.at_ms,
        entry.day,
        entry.kind,
        entry.ver,
        command_id.as_ref().map(<[u8; 16]>::as_slice),
        entry.command.map(|c| c.digest as i64),
        entry.actor,
        entry.body,
        hash.as_slice(),
    ))?;
    Ok(Head {
        seq: entry.seq,
        hash,
    })
}

/// What is wrong with a stored entry.
pub(super) enum BadEntry {
    /// It does not follow its predecessor, or its hash does not fit.
    Broken,
    /// Its body is not an event known here.
    Unreadable(String),
}

/// The columns [`read`] expects.
pub(super) const COLUMNS: &str =
    "seq, at_ms, day, kind, ver, command_id, digest, actor, body, hash";

/// Checks that a row follows `head` and reads it.
pub(super) fn read(
    row: &Row<'_>,
    head: Head,
) -> rusqlite::Result<Result<(Recorded, Head), BadEntry>> {
    let command_id: Option<[u8; 16]> = row.get(5)?;
    let digest: Option<i64> = row.get(6)?;
    let entry = Entry {
        seq: row.get::<_, i64>(0)? as u64,
        at_ms: row.get(1)?,
        day: row.get(2)?,
        kind: row.get_ref(3)?.as_str()?,
        ver: row.get(4)?,
        command: command_id.zip(digest).map(|(id, digest)| CommandRef {
            id: CommandId(u128::from_be_bytes(id)),
            digest: digest as u64,
        }),
        actor: row.get_ref(7)?.as_str()?,
        body: row.get_ref(8)?.as_str()?,
    };
    let stored = row.get_ref(9)?.as_blob()?;
    let hash = entry.hash(&head.hash);
    if entry.seq != head.seq + 1 || stored != hash {
        return Ok(Err(BadEntry::Broken));
    }
    Ok(match serde_json::from_str::<Event>(entry.body) {
        Err(error) => Err(BadEntry::Unreadable(error.to_string())),
        Ok(event) => Ok((
            Recorded {
                seq: entry.seq,
                at: StationTime(entry.at_ms),
                actor: Actor(entry.actor.to_owned()),
                command: entry.command,
                event,
            },
            Head {
                seq: entry.seq,
                hash,
            },
        )),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::journal::{Access, Journal, JournalError};

    #[test]
    fn an_entry_of_a_newer_version_is_named_although_its_hash_is_right() {
        let dir = tempfile::tempdir().unwrap();
        let journal = Journal::open(dir.path(), Access::ReadWrite).unwrap();
        let entry = Entry {
            seq: 1,
            at_ms: 5,
            day: None,
            kind: "teleported",
            ver: 2,
            command: None,
            actor: "test/hand",
            body: "{\"kind\":\"teleported\"}",
        };
        let hash = entry.hash(&Hash::default());
        let stored = journal.sql(|db| {
            db.execute(
                "INSERT INTO event (seq, at_ms, kind, ver, actor, body, hash) VALUES (1, 5, ?1, 2, ?2, ?3, ?4)",
                (entry.kind, entry.actor, entry.body, hash.as_slice()),
            )
        });
        assert_eq!(stored, Ok(1));
        let error = journal.replay().unwrap_err();
        assert!(
            matches!(&error, JournalError::Unreadable { seq: 1, detail, .. } if detail.contains("teleported")),
            "{error}"
        );
    }

    #[test]
    fn the_hash_is_the_documented_one() {
        // Computed outside of this program from the layout in the comment of `Entry::hash`.
        let entry = Entry {
            seq: 1,
            at_ms: 1_795_395_600_000,
            day: Some(20_261_123),
            kind: "day_opened",
            ver: 1,
            command: Some(CommandRef {
                id: CommandId(7),
                digest: 9,
            }),
            actor: "system/writer",
            body: "{}",
        };
        let hex: String = entry
            .hash(&Hash::default())
            .iter()
            .map(|b| format!("{b:02x}"))
            .collect();
        assert_eq!(
            hex,
            "677c91384e79bc1794d7f3a10f192decd439a0ccf035d76548f15846ad34c179"
        );
    }
}
