//! The published state: what is durable and may be shown.
//!
//! The writer applies events here only after their commit, so that nothing on a screen can vanish in a power cut.

use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard};

use queue_core::{Engine, Recorded, StationTime};
use tokio::sync::{broadcast, watch};
use uuid::Uuid;

use crate::writer::StationClock;
use crate::zone::Zone;

/// Events a slow reader may be behind before it must start from the state again.
const EVENTS_KEPT: usize = 4096;

/// The station as everybody may see it, shared between the writer and its readers.
pub struct Live {
    engine: RwLock<Engine>,
    seq: watch::Sender<u64>,
    events: broadcast::Sender<Arc<Recorded>>,
    epoch: Uuid,
    zone: Zone,
    clock: Arc<StationClock>,
    storage_fault: RwLock<Option<String>>,
}

impl Live {
    pub(crate) fn new(engine: Engine, epoch: Uuid, zone: Zone, clock: Arc<StationClock>) -> Self {
        Self {
            seq: watch::Sender::new(engine.seq()),
            events: broadcast::Sender::new(EVENTS_KEPT),
            engine: RwLock::new(engine),
            epoch,
            zone,
            clock,
            storage_fault: RwLock::new(None),
        }
    }

    /// The engine after the last durable event. Hold the guard briefly, never across an `await`, and take no second one
    /// while holding the first: the writer waits for it, and the second would wait for the writer.
    pub fn engine(&self) -> RwLockReadGuard<'_, Engine> {
        // `apply` is total; a reader that panicked with the guard in hand has changed nothing.
        self.engine.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// The sequence number of the last durable event; changes when the state does.
    pub fn subscribe(&self) -> watch::Receiver<u64> {
        self.seq.subscribe()
    }

    /// Every durable event from now on, in order. A receiver that lags behind 4,096 events is told so and goes on from
    /// [`Live::engine`].
    pub fn events(&self) -> broadcast::Receiver<Arc<Recorded>> {
        self.events.subscribe()
    }

    /// Identity of the database; another one means that everything known before is void.
    #[must_use]
    pub fn epoch(&self) -> Uuid {
        self.epoch
    }

    /// The station's time zone.
    #[must_use]
    pub fn zone(&self) -> &Zone {
        &self.zone
    }

    /// The present station time, never before the last durable event.
    #[must_use]
    pub fn now(&self) -> StationTime {
        self.clock.now()
    }

    /// What is wrong with the disk, in one sentence for staff. Stays until the process ends.
    #[must_use]
    pub fn storage_fault(&self) -> Option<String> {
        self.storage_fault
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// Tells everybody that the disk has failed; the first report stays.
    pub fn set_storage_fault(&self, fault: &str) {
        self.storage_fault
            .write()
            .unwrap_or_else(PoisonError::into_inner)
            .get_or_insert_with(|| fault.to_owned());
        // Wakes the screens although no event happened.
        self.seq.send_modify(|_| {});
    }

    /// Takes over durable events and tells the readers.
    pub(crate) fn publish(&self, events: &[Arc<Recorded>]) {
        let Some(last) = events.last() else { return };
        {
            let mut engine = self.engine.write().unwrap_or_else(PoisonError::into_inner);
            for event in events {
                engine.apply(event);
            }
        }
        for event in events {
            // An error only says that nobody listens.
            let _ = self.events.send(Arc::clone(event));
        }
        self.seq.send_replace(last.seq);
    }
}

impl std::fmt::Debug for Live {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Live")
            .field("epoch", &self.epoch)
            .field("seq", &*self.seq.borrow())
            .finish_non_exhaustive()
    }
}
