//! The way to the writer: three bounded queues, people first.

use std::collections::VecDeque;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use queue_core::Envelope;
use tokio::sync::oneshot;

use super::{Answer, SubmitError};

/// Commands that may wait in one lane.
const LANE_CAPACITY: usize = 4_096;

/// Who is served first when several wait.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Lane {
    /// Somebody has pressed a button and is looking.
    People,
    /// Devices report what they did.
    Devices,
    /// Everything that may wait.
    Housekeeping,
}

/// A command on its way.
pub(super) struct Job {
    pub(super) envelope: Envelope,
    pub(super) reply: oneshot::Sender<Result<Answer, SubmitError>>,
}

#[derive(Default)]
struct Waiting {
    lanes: [VecDeque<Job>; 3],
    closed: bool,
    /// The writer sleeps and has to be woken.
    idle: bool,
}

/// The three lanes.
#[derive(Default)]
pub(super) struct Lanes {
    waiting: Mutex<Waiting>,
    arrived: Condvar,
}

impl Lanes {
    fn waiting(&self) -> MutexGuard<'_, Waiting> {
        // Nothing in here can panic halfway through a change.
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Puts a command in line.
    pub(super) fn push(&self, lane: Lane, job: Job) -> Result<(), SubmitError> {
        let mut waiting = self.waiting();
        if waiting.closed {
            return Err(SubmitError::Stopped);
        }
        let line = &mut waiting.lanes[lane as usize];
        if line.len() >= LANE_CAPACITY {
            return Err(SubmitError::Busy);
        }
        line.push_back(job);
        if waiting.idle {
            waiting.idle = false;
            drop(waiting);
            self.arrived.notify_one();
        }
        Ok(())
    }

    /// Moves up to `limit` waiting commands into `batch`, people first; waits up to `patience` for the first one.
    /// Returns false when no more will ever come.
    pub(super) fn take(&self, batch: &mut Vec<Job>, limit: usize, patience: Duration) -> bool {
        let mut waiting = self.waiting();
        if waiting.lanes.iter().all(VecDeque::is_empty) && !waiting.closed {
            waiting.idle = true;
            waiting = self
                .arrived
                .wait_timeout_while(waiting, patience, |w| w.idle && !w.closed)
                .unwrap_or_else(PoisonError::into_inner)
                .0;
            waiting.idle = false;
        }
        for lane in &mut waiting.lanes {
            let room = limit - batch.len();
            batch.extend(lane.drain(..room.min(lane.len())));
        }
        !(waiting.closed && batch.is_empty())
    }

    /// Refuses new commands; those in line are still carried out.
    pub(super) fn close(&self) {
        self.waiting().closed = true;
        self.arrived.notify_all();
    }

    /// Refuses new commands and takes out those in line.
    pub(super) fn abandon(&self) -> Vec<Job> {
        let mut waiting = self.waiting();
        waiting.closed = true;
        waiting.lanes.iter_mut().flat_map(|l| l.drain(..)).collect()
    }
}
