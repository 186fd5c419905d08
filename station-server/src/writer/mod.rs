//! The one writer of a station: commands in, durable events out.
//!
//! A thread of its own owns the engine and the only read-write connection. It takes the commands that wait, carries them
//! out, commits them together with `synchronous = FULL`, publishes the events and only then answers. After an error of
//! the disk it answers nobody, says so to everybody and ends: a restart is the normal start path.

mod clock;
mod day;
mod lanes;
mod ledger;
mod round;
#[cfg(test)]
mod tests;

use std::path::PathBuf;
use std::sync::Arc;
use std::thread::{self, JoinHandle};

use queue_core::{Command, Envelope, Rejected, Reply, StationPlan, StationTime};
use station_config::{Schedule, SessionTimes};
use thiserror::Error;
use tokio::sync::oneshot;

pub use clock::{Clock, StationClock, SystemClock};
pub use lanes::Lane;
use lanes::{Job, Lanes};
pub(crate) use ledger::{Ledger, housekeeping, stored_zone};
use round::Rounds;

use crate::journal::JournalError;
use crate::live::Live;
use crate::zone::{UnknownZone, Zone};

/// What a writer is started with.
pub struct WriterConfig {
    /// The data directory; created when missing.
    pub data_dir: PathBuf,
    /// Name of the station, written into the database.
    pub station: String,
    /// The plan that is to be in force.
    pub plan: StationPlan,
    /// IANA name of the station's time zone.
    pub timezone: String,
    /// Close the business day at the station's midnight and open the next one.
    pub auto_day: bool,
    /// The hours of the station; days then begin and end by them instead of at midnight.
    pub schedule: Option<Schedule>,
    /// When the sessions of a day are held.
    pub sessions: SessionTimes,
    /// The clocks.
    pub clock: Arc<dyn Clock>,
    /// Called once, from the writer's thread, when the disk has failed (or the writer has a defect): the process is to
    /// end with code 75.
    pub on_fatal: Box<dyn FnOnce(&str) + Send>,
}

/// Why a writer does not start.
#[derive(Debug, Error)]
pub enum StartError {
    /// The data directory.
    #[error(transparent)]
    Journal(#[from] JournalError),
    /// The time zone.
    #[error(transparent)]
    Zone(#[from] UnknownZone),
    /// The plan.
    #[error("the configuration cannot take effect: {0}")]
    Plan(Rejected),
    /// No thread to be had.
    #[error("the writer's thread cannot be started: {0}")]
    Thread(std::io::Error),
}

impl StartError {
    /// The stable code.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Journal(error) => error.code(),
            Self::Zone(_) => "unknown_timezone",
            Self::Plan(rejected) => rejected.code(),
            Self::Thread(_) => "no_thread",
        }
    }
}

/// The answer to a command that was carried out and is durable.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// What came of it. A command without identity gets `Done`; so does one that was already as asked.
    pub reply: Reply,
    /// It had been carried out before; nothing happened now.
    pub repeated: bool,
    /// The last event when the answer was made: the published state has at least this one.
    pub seq: u64,
    /// Station time of the command.
    pub at: StationTime,
}

/// Why a command has no answer.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum SubmitError {
    /// A rule forbids it; nothing has changed.
    #[error(transparent)]
    Rejected(#[from] Rejected),
    /// The disk has failed. Whether the command took effect will be known after the restart: send it again with the same
    /// identity.
    #[error("{0}")]
    StorageFault(String),
    /// Too many commands wait.
    #[error("the station has too many requests at once: try again in a moment")]
    Busy,
    /// The station is shutting down.
    #[error("the station is shutting down: try again in a moment")]
    Stopped,
}

impl SubmitError {
    /// The stable code.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Rejected(rejected) => rejected.code(),
            Self::StorageFault(_) => "storage_fault",
            Self::Busy => "busy",
            Self::Stopped => "stopped",
        }
    }
}

/// Closes the lanes when the last handle is gone.
struct Door(Arc<Lanes>);

impl Drop for Door {
    fn drop(&mut self) {
        self.0.close();
    }
}

/// The way to the writer. When all handles are gone, or after [`WriterHandle::stop`], the writer finishes what waits,
/// stores a snapshot and ends.
#[derive(Clone)]
pub struct WriterHandle {
    door: Arc<Door>,
    live: Arc<Live>,
}

impl WriterHandle {
    /// Hands a command over and waits for its answer, which comes only after the commit. Dropping the future does not
    /// take the command back.
    ///
    /// # Errors
    /// [`SubmitError`].
    pub async fn submit(&self, lane: Lane, envelope: Envelope) -> Result<Answer, SubmitError> {
        let answer = self.enqueue(lane, envelope)?;
        answer.await.unwrap_or_else(|_| Err(self.gone()))
    }

    /// As [`WriterHandle::submit`], blocking the calling thread, which must not be one of an async runtime.
    ///
    /// # Errors
    /// [`SubmitError`].
    pub fn submit_blocking(&self, lane: Lane, envelope: Envelope) -> Result<Answer, SubmitError> {
        let answer = self.enqueue(lane, envelope)?;
        answer.blocking_recv().unwrap_or_else(|_| Err(self.gone()))
    }

    /// Asks the writer to finish what waits and end.
    pub fn stop(&self) {
        self.door.0.close();
    }

    fn enqueue(
        &self,
        lane: Lane,
        envelope: Envelope,
    ) -> Result<oneshot::Receiver<Result<Answer, SubmitError>>, SubmitError> {
        let (reply, answer) = oneshot::channel();
        let pushed = self.door.0.push(lane, Job { envelope, reply });
        pushed.map(|()| answer).map_err(|error| match error {
            SubmitError::Stopped => self.gone(),
            other => other,
        })
    }

    fn gone(&self) -> SubmitError {
        self.live
            .storage_fault()
            .map_or(SubmitError::Stopped, SubmitError::StorageFault)
    }
}

/// The writer.
pub struct Writer;

impl Writer {
    /// Opens the data directory, brings the engine up to date, lets the plan take effect and starts the thread.
    ///
    /// # Errors
    /// [`StartError`]; nothing is running then.
    pub fn start(
        config: WriterConfig,
    ) -> Result<(WriterHandle, Arc<Live>, JoinHandle<()>), StartError> {
        let zone = Zone::named(&config.timezone)?;
        let ledger = Ledger::open(&config.data_dir, Some(&config.station), Some(&zone))?;
        Self::start_on(ledger, config)
    }

    fn start_on(
        ledger: Ledger,
        config: WriterConfig,
    ) -> Result<(WriterHandle, Arc<Live>, JoinHandle<()>), StartError> {
        let epoch = ledger.journal().meta().epoch;
        let lanes = Arc::new(Lanes::default());
        let mut rounds = Rounds::new(ledger, config.clock, config.auto_day, config.schedule)?;
        rounds.hold_sessions(config.sessions);
        rounds.prepare(Command::Configure(config.plan.into()))?;
        let live = Arc::new(Live::new(
            rounds.engine().clone(),
            epoch,
            rounds.zone().clone(),
            rounds.time(),
        ));
        let handle = WriterHandle {
            door: Arc::new(Door(Arc::clone(&lanes))),
            live: Arc::clone(&live),
        };
        let published = Arc::clone(&live);
        let thread = thread::Builder::new()
            .name("writer".to_owned())
            .spawn(move || rounds.run(&lanes, &published, config.on_fatal))
            .map_err(StartError::Thread)?;
        Ok((handle, live, thread))
    }
}
