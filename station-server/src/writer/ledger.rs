//! Engine, log and report tables, moved forward together.

use std::path::Path;
use std::sync::Arc;

use queue_core::{
    Actor, Command, Decision, Engine, Envelope, Event, Recorded, Rejected, Reply, StationTime,
};

use super::Answer;
use crate::journal::{Access, Journal, JournalError};
use crate::projection::{self, Projection, Touched};
use crate::zone::Zone;

/// The one place where commands become durable events. Between [`Ledger::execute`] and [`Ledger::commit`] the engine is
/// ahead of the disk; after an error the ledger is of no more use and the process has to start again.
pub(crate) struct Ledger {
    journal: Journal,
    engine: Engine,
    projection: Projection,
    in_transaction: bool,
    uncommitted: Vec<Arc<Recorded>>,
}

impl Ledger {
    /// Opens a data directory for writing. With a `zone` other than the one the report tables were computed with,
    /// they are computed again; without one, the database's own is used.
    pub(crate) fn open(
        dir: &Path,
        station: Option<&str>,
        zone: Option<&Zone>,
    ) -> Result<Self, JournalError> {
        let mut journal = Journal::open(dir, Access::ReadWrite)?;
        let stored = journal.meta().clone();
        let zone = match zone {
            Some(zone) => zone.clone(),
            None => stored_zone(&journal)?,
        };
        let station = station.unwrap_or(&stored.station).to_owned();
        if zone.name() != stored.timezone && journal.head().seq > 0 {
            tracing::warn!(
                "the station's time zone was {} and is {} now: the days and hours of all earlier tickets are computed again, \
                 and stand elsewhere in the figures than before. If that was not meant, put the time zone of the station \
                 file right and start again",
                stored.timezone,
                zone.name()
            );
        }
        let outdated = zone.name() != stored.timezone || journal.sql(projection::are_dropped)?;
        let engine = if outdated {
            projection::rebuild(&journal, &zone)?
        } else {
            journal.load()?
        };
        if station != stored.station || zone.name() != stored.timezone {
            journal.set_identity(&station, zone.name())?;
        }
        Ok(Self {
            journal,
            engine,
            projection: Projection::new(zone),
            in_transaction: false,
            uncommitted: Vec::new(),
        })
    }

    /// Takes over the time zone of a station whose log has no entry yet.
    pub(crate) fn set_zone(&mut self, zone: Zone) -> Result<(), JournalError> {
        let station = self.journal.meta().station.clone();
        self.journal.set_identity(&station, zone.name())?;
        self.projection = Projection::new(zone);
        Ok(())
    }

    pub(crate) fn engine(&self) -> &Engine {
        &self.engine
    }

    pub(crate) fn zone(&self) -> &Zone {
        self.projection.zone()
    }

    pub(crate) fn journal(&self) -> &Journal {
        &self.journal
    }

    /// Carries a command out, not yet durably: the answer must not leave before [`Ledger::commit`].
    pub(crate) fn execute(
        &mut self,
        now: StationTime,
        envelope: &Envelope,
    ) -> Result<Result<Answer, Rejected>, JournalError> {
        let at = now.max(self.engine.now());
        let decision = match self.engine.decide(at, envelope) {
            Ok(decision) => decision,
            Err(rejected) => return Ok(Err(rejected)),
        };
        let (reply, repeated) = match decision {
            Decision::Repeat(reply) => (reply, true),
            Decision::Events(events) => {
                for event in events {
                    self.record(at, envelope, event)?;
                }
                let reply = envelope
                    .command_ref
                    .and_then(|command| self.engine.reply_to(command))
                    .cloned();
                (
                    reply.unwrap_or_else(|| plain_reply(&envelope.command)),
                    false,
                )
            }
        };
        Ok(Ok(Answer {
            reply,
            repeated,
            seq: self.engine.seq(),
            at,
        }))
    }

    fn record(
        &mut self,
        at: StationTime,
        envelope: &Envelope,
        event: Event,
    ) -> Result<(), JournalError> {
        if !self.in_transaction {
            self.journal.begin()?;
            self.in_transaction = true;
        }
        let touched = Touched::by(&event, &self.engine);
        let recorded = Recorded {
            seq: self.engine.seq() + 1,
            at,
            actor: envelope.actor.clone(),
            command: envelope.command_ref,
            event,
        };
        self.engine.apply(&recorded);
        self.journal.append(&recorded, self.engine.day())?;
        let (projection, engine) = (&mut self.projection, &self.engine);
        self.journal
            .sql(|db| projection.write(db, engine, &recorded, &touched))?;
        self.uncommitted.push(Arc::new(recorded));
        Ok(())
    }

    /// Makes everything durable and moves the events into `committed`.
    pub(crate) fn commit(
        &mut self,
        committed: &mut Vec<Arc<Recorded>>,
    ) -> Result<(), JournalError> {
        if self.in_transaction {
            self.journal.commit()?;
            self.in_transaction = false;
            committed.append(&mut self.uncommitted);
        }
        Ok(())
    }

    /// Leaves the disk as the last commit left it; the ledger is of no more use.
    pub(crate) fn give_up(self) {
        self.journal.roll_back();
    }

    /// Makes the database file whole by itself, at the end.
    pub(crate) fn checkpoint(&self) -> Result<(), JournalError> {
        self.journal.checkpoint()
    }

    /// Stores a snapshot; nothing may be uncommitted.
    pub(crate) fn store_snapshot(&self) -> Result<(), JournalError> {
        self.journal.store_snapshot(&self.engine)
    }
}

/// The zone a database says it is in.
pub(crate) fn stored_zone(journal: &Journal) -> Result<Zone, JournalError> {
    let name = &journal.meta().timezone;
    Zone::named(name).map_err(|unknown| JournalError::Corrupt {
        path: journal.path().to_owned(),
        detail: unknown.to_string(),
    })
}

/// The answer to a command that left no reply behind: one without identity, or one that was already as asked.
fn plain_reply(command: &Command) -> Reply {
    Reply::Done {
        ticket: match command {
            Command::CancelTicket { ticket } => Some(*ticket),
            _ => None,
        },
    }
}

/// The station's own housekeeping.
pub(crate) fn housekeeping(command: Command) -> Envelope {
    Envelope {
        command_ref: None,
        actor: Actor("system/writer".to_owned()),
        command,
    }
}
