//! What is known of every print job, on disk: how far it came, what became of it, and whether the server knows.
//!
//! A kiosk may lose its power between any two bytes. Three moments are made durable, each before what follows it: that
//! there is a job, that its first byte may leave, and its result. From them the truth can be told after a restart: a job
//! whose bytes had not begun has failed, one that had begun is unknown, and a result is reported until the server has it.

use std::sync::MutexGuard;

use queue_core::{CommandId, PrintOutcome, TicketId};
use rusqlite::{Connection, OptionalExtension, params};

use super::paper::{Roll, Seen};
use super::{JobResult, JobStart};
use crate::book::{Book, blob, now_ms};

/// Jobs that the server knows of are kept for so many later ones.
const KEPT: i64 = 20_000;
/// Why a job has no other result: the program or the power ended.
const RESTARTED: &str = "restarted";

/// What an earlier run left.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Earlier {
    /// What the server has not been told, in the order of the jobs.
    pub(super) results: Vec<JobResult>,
    /// It ended in the middle of a job: the printer may still have the rest.
    pub(super) has_rest: bool,
}

/// The book of the print jobs of one kiosk, open at the pages of one of its printers. Clones are the same book.
///
/// A kiosk whose disk fails goes on printing: what cannot be noted is said in the log.
#[derive(Clone, Debug)]
pub struct Spool {
    book: Book,
    /// Place of the printer among those of the kiosk, from 0.
    printer: usize,
}

impl Spool {
    /// The pages of the first printer.
    ///
    /// # Errors
    /// The book cannot be written.
    pub fn of(book: &Book) -> anyhow::Result<Self> {
        let spool = Self {
            book: book.clone(),
            printer: 0,
        };
        spool.at_printer(0)
    }

    /// The same book at another printer of the kiosk, counted from 0.
    ///
    /// # Errors
    /// The book cannot be written.
    pub fn at_printer(&self, printer: usize) -> anyhow::Result<Self> {
        self.db().execute(
            "INSERT OR IGNORE INTO printer (nth) VALUES (?1)",
            [printer as i64],
        )?;
        Ok(Self {
            book: self.book.clone(),
            printer,
        })
    }

    /// There is a job. The server wants to know what becomes of tickets only.
    pub(super) fn reserve(&self, id: CommandId, ticket: Option<TicketId>, job: &str) {
        self.note("reserve", |db| self.insert(db, id, ticket, job));
    }

    /// There is a job in the place of one that failed at another printer, of which the server need not know then.
    pub(super) fn take_over(&self, failed: CommandId, id: CommandId, ticket: TicketId, job: &str) {
        self.note("take over", |db| {
            let change = db.unchecked_transaction()?;
            let changed = self.insert(&change, id, Some(ticket), job)?;
            tick_off(&change, failed)?;
            change.commit()?;
            Ok(changed)
        });
    }

    fn insert(
        &self,
        db: &Connection,
        id: CommandId,
        ticket: Option<TicketId>,
        job: &str,
    ) -> rusqlite::Result<usize> {
        db.prepare_cached(
            "INSERT INTO print_job (id, ticket, job, phase, reserved_at_ms, reported, printer)
             VALUES (?1, ?2, ?3, 'reserved', ?4, ?2 IS NULL, ?5)",
        )?
        .execute(params![
            blob(id.0),
            ticket.map(|t| blob(t.0)),
            job,
            now_ms(),
            self.printer as i64
        ])
    }

    /// Its first byte may leave; the roll as it will be.
    pub(super) fn sending(&self, start: &JobStart, roll: &Roll) {
        self.note("note the start of", |db| {
            let change = db.unchecked_transaction()?;
            let changed = change
                .prepare_cached(
                    "UPDATE print_job SET phase = 'sending', bytes = ?2, process_id = ?3, sending_at_ms = ?4 WHERE id = ?1",
                )?
                .execute(params![
                    blob(start.id.0),
                    start.bytes as i64,
                    start.process_id,
                    now_ms()
                ])?;
            self.put(&change, roll)?;
            change.commit()?;
            Ok(changed)
        });
    }

    /// The roll as it is now.
    pub(super) fn keep(&self, roll: &Roll) {
        self.note("note the paper of", |db| self.put(db, roll));
    }

    /// The roll as it was last.
    pub(super) fn roll(&self) -> Roll {
        let read = self.db().query_row(
            "SELECT used_mm, low_at_mm, seen, ticket_mm FROM printer WHERE nth = ?1",
            [self.printer as i64],
            |row| {
                let seen: String = row.get(2)?;
                Ok(Roll {
                    used_mm: row.get(0)?,
                    low_at_mm: row.get(1)?,
                    seen: SEEN
                        .into_iter()
                        .find_map(|(is, word)| (word == seen).then_some(is))
                        .unwrap_or_default(),
                    ticket_mm: row.get(3)?,
                })
            },
        );
        read.unwrap_or_else(|error| {
            tracing::error!(%error, "what is left of the paper cannot be read");
            Roll::default()
        })
    }

    /// Whether the printer may have the rest of a job that was given up. Kept until it has cleared its buffers, over any
    /// number of restarts.
    pub(super) fn rest(&self, may_have: bool) {
        self.note("note the rest of", |db| {
            db.prepare_cached("UPDATE printer SET has_rest = ?1 WHERE nth = ?2")?
                .execute(params![may_have, self.printer as i64])
        });
    }

    /// What became of it.
    pub(super) fn end(&self, result: &JobResult) {
        let (phase, cause) = words(&result.outcome);
        self.note("note the end of", |db| {
            db.prepare_cached(
                "UPDATE print_job SET phase = ?2, cause = ?3, ended_at_ms = ?4 WHERE id = ?1",
            )?
            .execute(params![blob(result.id.0), phase, cause, now_ms()])
        });
    }

    /// The server knows what became of it.
    pub(crate) fn reported(&self, id: CommandId) {
        self.note("tick off", |db| {
            let change = db.unchecked_transaction()?;
            let changed = tick_off(&change, id)?;
            change
                .prepare_cached(
                    "DELETE FROM print_job WHERE reported = 1 AND nth <= (SELECT max(nth) FROM print_job) - ?1",
                )?
                .execute([KEPT])?;
            change.commit()?;
            Ok(changed)
        });
    }

    /// Settles what an earlier run left open.
    pub(super) fn recover(&self) -> Earlier {
        let settled = self.settle().and_then(|has_rest| {
            let results = self.unreported()?;
            Ok(Earlier { results, has_rest })
        });
        settled.unwrap_or_else(|error| {
            tracing::error!(%error, "the print jobs of an earlier run cannot be read");
            Earlier::default()
        })
    }

    /// Ends the jobs of an earlier run; whether the printer may have the rest of one.
    fn settle(&self) -> rusqlite::Result<bool> {
        let db = self.db();
        let change = db.unchecked_transaction()?;
        let printer = self.printer as i64;
        change.execute(
            "UPDATE printer SET has_rest = 1 WHERE nth = ?1
                AND EXISTS (SELECT 1 FROM print_job WHERE phase = 'sending' AND printer = ?1)",
            [printer],
        )?;
        change.execute(
            "UPDATE print_job SET phase = CASE phase WHEN 'reserved' THEN 'failed' ELSE 'unknown' END,
                cause = ?1, ended_at_ms = ?2 WHERE phase IN ('reserved', 'sending') AND printer = ?3",
            params![RESTARTED, now_ms(), printer],
        )?;
        let has_rest = change.query_row(
            "SELECT has_rest FROM printer WHERE nth = ?1",
            [printer],
            |row| row.get(0),
        )?;
        change.commit()?;
        Ok(has_rest)
    }

    fn unreported(&self) -> rusqlite::Result<Vec<JobResult>> {
        let db = self.db();
        let mut query = db.prepare(
            "SELECT id, ticket, job, phase, cause FROM print_job
             WHERE reported = 0 AND printer = ?1 ORDER BY nth",
        )?;
        let rows = query.query_map([self.printer as i64], |row| {
            let cause = row.get::<_, Option<String>>(4)?.unwrap_or_default();
            let outcome = match row.get::<_, String>(3)?.as_str() {
                "printed" => PrintOutcome::Printed,
                "failed" => PrintOutcome::Failed { cause },
                _ => PrintOutcome::Unknown { cause },
            };
            Ok(JobResult {
                id: CommandId(u128::from_be_bytes(row.get(0)?)),
                ticket: row
                    .get::<_, Option<[u8; 16]>>(1)?
                    .map(|id| TicketId(u128::from_be_bytes(id))),
                job: row.get(2)?,
                outcome,
            })
        })?;
        rows.collect()
    }

    /// The number of the last process id that was given out, if any is known. An id of an earlier run, which the printer
    /// may still tell, must not be taken for one of ours.
    pub(super) fn last_process_id(&self) -> Option<u32> {
        let last = self
            .db()
            .query_row(
                "SELECT process_id FROM print_job WHERE process_id IS NOT NULL AND printer = ?1
                 ORDER BY nth DESC LIMIT 1",
                [self.printer as i64],
                |row| row.get(0),
            )
            .optional();
        last.unwrap_or_else(|error| {
            tracing::error!(%error, "the print jobs of an earlier run cannot be read");
            None
        })
    }

    fn put(&self, db: &Connection, roll: &Roll) -> rusqlite::Result<usize> {
        let word = SEEN.into_iter().find(|(seen, _)| *seen == roll.seen);
        db.prepare_cached(
            "UPDATE printer SET used_mm = ?1, low_at_mm = ?2, seen = ?3, ticket_mm = ?4 WHERE nth = ?5",
        )?
        .execute(params![
            roll.used_mm,
            roll.low_at_mm,
            word.map(|(_, word)| word),
            roll.ticket_mm,
            self.printer as i64
        ])
    }

    fn note(&self, what: &str, write: impl FnOnce(&Connection) -> rusqlite::Result<usize>) {
        match write(&self.db()) {
            Ok(1) => {}
            Ok(_) => tracing::error!("cannot {what} a print job that is not in the book"),
            Err(error) => tracing::error!(%error, "cannot {what} a print job"),
        }
    }

    fn db(&self) -> MutexGuard<'_, Connection> {
        self.book.db()
    }
}

/// What was seen of a roll, as the book says it.
const SEEN: [(Seen, &str); 4] = [
    (Seen::Paper, "paper"),
    (Seen::Low, "low"),
    (Seen::LowOpened, "low_opened"),
    (Seen::Out, "out"),
];

fn tick_off(db: &Connection, id: CommandId) -> rusqlite::Result<usize> {
    db.prepare_cached("UPDATE print_job SET reported = 1 WHERE id = ?1")?
        .execute([blob(id.0)])
}

fn words(outcome: &PrintOutcome) -> (&'static str, Option<&str>) {
    match outcome {
        PrintOutcome::Printed => ("printed", None),
        PrintOutcome::Failed { cause } => ("failed", Some(cause)),
        PrintOutcome::Unknown { cause } => ("unknown", Some(cause)),
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    fn open(path: &Path) -> Spool {
        Spool::of(&Book::open(path).unwrap()).unwrap()
    }

    fn start(id: u128) -> JobStart {
        JobStart {
            id: CommandId(id),
            bytes: 100,
            process_id: 41,
            paper_mm: 110,
            is_ticket: true,
        }
    }

    fn result(id: u128, outcome: PrintOutcome) -> JobResult {
        JobResult {
            id: CommandId(id),
            ticket: Some(TicketId(7)),
            job: format!("K1-A{id:03}"),
            outcome,
        }
    }

    fn reserve(spool: &Spool, id: u128) {
        spool.reserve(CommandId(id), Some(TicketId(7)), &format!("K1-A{id:03}"));
    }

    #[test]
    fn after_a_power_cut_the_truth_about_every_job_is_told_until_the_server_has_it() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("kiosk.db");
        let spool = open(&path);
        for id in 1..=5 {
            reserve(&spool, id);
        }
        let mut roll = Roll::default();
        for id in 2..=5 {
            roll.take(start(id).paper_mm, true);
            spool.sending(&start(id), &roll);
        }
        let jam = PrintOutcome::Unknown {
            cause: "cutter".into(),
        };
        spool.end(&result(3, PrintOutcome::Printed));
        spool.end(&result(4, jam.clone()));
        spool.end(&result(5, PrintOutcome::Printed));
        spool.reported(CommandId(5));
        spool.reserve(CommandId(6), None, "K1-test");
        // The file as a power cut leaves it: nobody closes it.
        std::mem::forget(spool);

        let cause = RESTARTED.to_owned();
        let expected = [
            result(
                1,
                PrintOutcome::Failed {
                    cause: cause.clone(),
                },
            ),
            result(2, PrintOutcome::Unknown { cause }),
            result(3, PrintOutcome::Printed),
            result(4, jam),
        ];
        let spool = open(&path);
        let earlier = spool.recover();
        assert_eq!(earlier.results, expected);
        assert!(earlier.has_rest);
        assert_eq!(spool.last_process_id(), Some(41));
        assert_eq!(spool.roll(), roll);
        for seen in SEEN.map(|(seen, _)| seen) {
            roll = Roll {
                seen,
                low_at_mm: Some(3),
                ..roll
            };
            spool.keep(&roll);
            assert_eq!(spool.roll(), roll);
        }
        for id in [1, 3, 4] {
            spool.reported(CommandId(id));
        }
        drop(spool);
        let spool = open(&path);
        let earlier = spool.recover();
        assert_eq!(earlier.results, expected[1..2]);
        assert!(earlier.has_rest, "nobody has cleared it yet");
        spool.rest(false);
        drop(spool);
        assert!(!open(&path).recover().has_rest);
    }

    #[test]
    fn printers_have_pages_of_their_own_and_one_takes_over_what_another_could_not() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("kiosk.db");
        let first = open(&path);
        let spare = first.at_printer(1).unwrap();
        let failed = PrintOutcome::Failed {
            cause: "paper_out".to_owned(),
        };
        for id in [1, 2, 3] {
            reserve(&first, id);
            first.end(&result(id, failed.clone()));
        }
        let ticket = TicketId(7);
        spare.take_over(CommandId(1), CommandId(11), ticket, "K1-A001");
        spare.take_over(CommandId(2), CommandId(12), ticket, "K1-A002");
        let mut roll = Roll::default();
        roll.take(90, true);
        spare.sending(&start(12), &roll);
        first.rest(false);
        std::mem::forget((first, spare));

        let first = open(&path);
        let spare = first.at_printer(1).unwrap();
        let earlier = first.recover();
        assert_eq!(earlier.results, [result(3, failed)], "the others are told");
        assert!(!earlier.has_rest);
        let cause = RESTARTED.to_owned();
        let expected = [
            JobResult {
                job: "K1-A001".to_owned(),
                ..result(
                    11,
                    PrintOutcome::Failed {
                        cause: cause.clone(),
                    },
                )
            },
            JobResult {
                job: "K1-A002".to_owned(),
                ..result(12, PrintOutcome::Unknown { cause })
            },
        ];
        let earlier = spare.recover();
        assert_eq!(earlier.results, expected);
        assert!(earlier.has_rest);
        assert_eq!((first.roll(), spare.roll()), (Roll::default(), roll));
        assert_eq!(
            (first.last_process_id(), spare.last_process_id()),
            (None, Some(41))
        );
    }

    #[test]
    fn the_book_of_one_printer_becomes_that_of_the_first() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("kiosk.db");
        let old = Connection::open(&path).unwrap();
        for step in &crate::book::MIGRATIONS[..2] {
            old.execute_batch(step).unwrap();
        }
        old.execute_batch(
            "PRAGMA user_version = 2;
             UPDATE printer SET has_rest = 1;
             UPDATE roll SET used_mm = 900, low_at_mm = 800, seen = 'low', ticket_mm = 100;
             INSERT INTO print_job (id, job, phase, reserved_at_ms) VALUES (zeroblob(16), 'K1-A001', 'reserved', 0);",
        )
        .unwrap();
        drop(old);
        let spool = open(&path);
        let expected = Roll {
            used_mm: 900,
            low_at_mm: Some(800),
            seen: Seen::Low,
            ticket_mm: 100,
        };
        assert_eq!(spool.roll(), expected);
        let earlier = spool.recover();
        assert!(earlier.has_rest);
        assert_eq!(earlier.results.len(), 1);
        assert_eq!(spool.at_printer(1).unwrap().roll(), Roll::default());
    }

    #[test]
    fn old_jobs_go_and_those_nobody_was_told_of_stay() {
        let spool = Spool::of(&Book::in_memory().unwrap()).unwrap();
        reserve(&spool, 1);
        reserve(&spool, 2);
        spool.reported(CommandId(1));
        reserve(&spool, 3);
        reserve(&spool, 4);
        // As if so many had been printed in between.
        spool
            .db()
            .execute("UPDATE print_job SET nth = nth + ?1 WHERE nth > 2", [KEPT])
            .unwrap();
        spool.reported(CommandId(4));
        let left: Vec<_> = spool
            .recover()
            .results
            .into_iter()
            .map(|job| job.id.0)
            .collect();
        assert_eq!(left, [2, 3]);
        let all: i64 = spool
            .db()
            .query_row("SELECT count(*) FROM print_job", [], |row| row.get(0))
            .unwrap();
        assert_eq!(all, 3, "the first is gone, the last is kept");
    }

    #[test]
    fn a_book_of_a_newer_program_is_refused() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("kiosk.db");
        drop(open(&path));
        let newer = Connection::open(&path).unwrap();
        newer.pragma_update(None, "user_version", 99).unwrap();
        let error = format!("{:#}", Book::open(&path).unwrap_err());
        assert!(error.contains("newer program"), "{error}");
    }
}
