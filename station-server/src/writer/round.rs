//! The writer's thread: one round takes what waits, makes it durable, publishes and answers.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::Duration;

use queue_core::{BusinessDay, Command, DayHours, Engine, Envelope, Event, Recorded, StationTime};
use station_config::{Schedule, SessionTimes};

use super::clock::{StationClock, StepWatch};
use super::day::LOOK_MS;
use super::lanes::{Job, Lanes};
use super::{Answer, Clock, Ledger, StartError, SubmitError, housekeeping};
use crate::journal::JournalError;
use crate::live::Live;
use crate::zone::Zone;

/// Commands in one commit.
const BATCH: usize = 64;
/// How often an idle writer looks at the clock.
const IDLE: Duration = Duration::from_secs(1);
/// A snapshot is due after so many events, at the next moment when nothing happens: storing one takes time in proportion
/// to the tickets of the day, which nobody should have to wait for.
const SNAPSHOT_EVENTS: u64 = 5_000;
/// After so many it is taken although there is no such moment. Only a station without one quiet second in all that time
/// gets here; until then a start after a crash replays what came since.
const SNAPSHOT_EVENTS_MAX: u64 = 200_000;

/// The writer at work.
pub(super) struct Rounds {
    ledger: Ledger,
    clock: Arc<dyn Clock>,
    time: Arc<StationClock>,
    steps: StepWatch,
    pub(super) auto_day: bool,
    schedule: Option<Schedule>,
    sessions: SessionTimes,
    /// The day whose sessions are set.
    sessions_of: Option<BusinessDay>,
    /// The first instant after the business day of the present.
    pub(super) midnight: StationTime,
    /// When hours and lines are looked at again.
    next_look: StationTime,
    snapshot_seq: u64,
    committed: Vec<Arc<Recorded>>,
}

impl Rounds {
    pub(super) fn new(
        ledger: Ledger,
        clock: Arc<dyn Clock>,
        auto_day: bool,
        schedule: Option<Schedule>,
    ) -> Result<Self, JournalError> {
        Ok(Self {
            snapshot_seq: ledger.journal().snapshot_seq()?,
            steps: StepWatch::start(clock.as_ref()),
            time: Arc::new(StationClock::new(Arc::clone(&clock), ledger.engine().now())),
            ledger,
            clock,
            auto_day,
            schedule,
            sessions: SessionTimes::default(),
            sessions_of: None,
            midnight: StationTime(i64::MIN),
            next_look: StationTime(i64::MIN),
            committed: Vec::new(),
        })
    }

    pub(super) fn engine(&self) -> &Engine {
        self.ledger.engine()
    }

    /// The clock that writer and readers share.
    pub(super) fn time(&self) -> Arc<StationClock> {
        Arc::clone(&self.time)
    }

    pub(super) fn zone(&self) -> &Zone {
        self.ledger.zone()
    }

    /// Before anybody is let in: ends the day that is over, lets the plan take effect, opens today.
    pub(super) fn prepare(&mut self, configure: Command) -> Result<(), StartError> {
        // The clock may have been put back while nobody was looking.
        let behind_ms = self.clock.now_ms() - self.engine().now().0;
        if behind_ms < -2_000 {
            self.keep_house(self.now(), Command::RecordClockStep { step_ms: behind_ms })?;
        }
        self.warn_of_future();
        let now = self.now();
        self.end_past_day(now)?;
        self.ledger
            .execute(now, &housekeeping(configure))?
            .map_err(StartError::Plan)?;
        self.take_hours(now)?;
        self.keep_day(now)?;
        self.set_sessions(now)?;
        self.ledger.commit(&mut self.committed)?;
        // Nobody can have subscribed yet.
        self.committed.clear();
        self.snapshot_when(SNAPSHOT_EVENTS)?;
        Ok(())
    }

    /// A log that is days ahead of the clock needs a person: either of the two may be wrong.
    fn warn_of_future(&self) {
        let today = self.zone().date(StationTime(self.clock.now_ms()));
        let reached = self.zone().date(self.engine().now());
        let reached = self.engine().day().map_or(reached, |day| day.max(reached));
        if reached > today {
            tracing::error!(
                "the log has come to {reached}, and this machine's clock says {today}. If the clock is wrong, put it \
                 right. If the log is, stop the station and run `station-server rewind --data DIR`: it takes back what \
                 lies in the future and keeps a copy. Until then the station goes on at {reached}"
            );
        }
    }

    /// Works until the lanes are closed and empty, or the disk fails.
    pub(super) fn run(
        mut self,
        lanes: &Lanes,
        live: &Live,
        on_fatal: Box<dyn FnOnce(&str) + Send>,
    ) {
        let mut batch = Vec::with_capacity(BATCH);
        // A defect in here must not leave people waiting for ever: it ends the process as a disk failure does.
        let outcome = catch_unwind(AssertUnwindSafe(|| {
            while lanes.take(&mut batch, BATCH, IDLE) {
                let due = if batch.is_empty() {
                    SNAPSHOT_EVENTS
                } else {
                    SNAPSHOT_EVENTS_MAX
                };
                self.round(&mut batch, live)?;
                self.snapshot_when(due)?;
            }
            self.snapshot_when(1)?;
            self.ledger.checkpoint()
        }));
        let fault = match outcome {
            Ok(Ok(())) => return,
            Ok(Err(error)) => error.to_string(),
            Err(_) => "the station has found a defect in itself and starts again".to_owned(),
        };
        tracing::error!(%fault, "the writer stops");
        self.ledger.give_up();
        live.set_storage_fault(&fault);
        for job in batch.into_iter().chain(lanes.abandon()) {
            let _ = job
                .reply
                .send(Err(SubmitError::StorageFault(fault.clone())));
        }
        on_fatal(&fault);
    }

    /// Carries out a batch. On an error the jobs stay in `batch`, unanswered.
    fn round(&mut self, batch: &mut Vec<Job>, live: &Live) -> Result<(), JournalError> {
        if let Some(step_ms) = self.steps.step_ms(self.clock.as_ref()) {
            self.keep_house(self.now(), Command::RecordClockStep { step_ms })?;
        }
        let now = self.now();
        if now >= self.midnight || now >= self.next_look {
            self.next_look = now.plus_ms(LOOK_MS);
            self.keep_day(now)?;
            self.set_sessions(now)?;
            self.look_at_lines(now)?;
        }
        let mut answers: Vec<Result<Answer, SubmitError>> = Vec::with_capacity(batch.len());
        for job in batch.iter() {
            let answer = self.ledger.execute(now, &job.envelope)?;
            answers.push(answer.map_err(SubmitError::Rejected));
        }
        self.call_due(now)?;
        self.ledger.commit(&mut self.committed)?;
        live.publish(&self.committed);
        let day_closed = self
            .committed
            .iter()
            .any(|r| matches!(r.event, Event::DayClosed { .. }));
        self.committed.clear();
        for (job, answer) in batch.drain(..).zip(answers) {
            // Whoever asked may have gone.
            let _ = job.reply.send(answer);
        }
        if day_closed {
            self.snapshot_when(1)?;
        }
        Ok(())
    }

    fn now(&self) -> StationTime {
        self.time.now().max(self.engine().now())
    }

    pub(super) fn keep_house(
        &mut self,
        now: StationTime,
        command: Command,
    ) -> Result<(), JournalError> {
        self.keep_house_as(now, &housekeeping(command))
    }

    pub(super) fn keep_house_as(
        &mut self,
        now: StationTime,
        envelope: &Envelope,
    ) -> Result<(), JournalError> {
        if let Err(rejected) = self.ledger.execute(now, envelope)? {
            tracing::warn!(%rejected, "housekeeping was refused");
        }
        Ok(())
    }

    /// Has the counters call that are to call by themselves now; none is left when it is refused.
    fn call_due(&mut self, now: StationTime) -> Result<(), JournalError> {
        let due = housekeeping(Command::CallDue);
        while self.ledger.execute(now, &due)?.is_ok() {}
        Ok(())
    }

    /// The hours of a day by the station's calendar; none where it has none.
    pub(super) fn schedule_hours(&self, day: BusinessDay) -> Option<DayHours> {
        let schedule = self.schedule.as_ref()?;
        Some(schedule.hours(day, self.zone().time_zone()))
    }

    /// Holds sessions at these times from now on.
    pub(super) fn hold_sessions(&mut self, times: SessionTimes) {
        self.sessions = times;
        self.sessions_of = None;
    }

    /// A business day has the sessions of its date, once it is there.
    fn set_sessions(&mut self, now: StationTime) -> Result<(), JournalError> {
        let Some(day) = self
            .engine()
            .day()
            .filter(|day| self.sessions_of != Some(*day))
        else {
            return Ok(());
        };
        self.sessions_of = Some(day);
        let hours = self.engine().hours();
        let sessions = self.sessions.of(day, hours, self.zone().time_zone());
        self.keep_house(now, Command::SetSessions { sessions })
    }

    pub(super) fn open_before_ms(&self) -> i64 {
        self.schedule.as_ref().map_or(0, Schedule::open_before_ms)
    }

    pub(super) fn close_after_ms(&self) -> i64 {
        self.schedule.as_ref().map_or(0, Schedule::close_after_ms)
    }

    fn events_since_snapshot(&self) -> u64 {
        self.engine().seq().saturating_sub(self.snapshot_seq)
    }

    fn snapshot_when(&mut self, events: u64) -> Result<(), JournalError> {
        if self.events_since_snapshot() >= events {
            self.ledger.store_snapshot()?;
            self.snapshot_seq = self.engine().seq();
        }
        Ok(())
    }
}
