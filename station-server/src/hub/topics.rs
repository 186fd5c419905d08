//! Topics, their last frames and the ring of recent calls.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Mutex, MutexGuard, PoisonError};

use axum::extract::ws::Utf8Bytes;
use protocol::{Envelope, OUTBOX_FRAMES};
use queue_core::{CallId, CounterId, StationTime, TicketId};
use serde::Serialize;
use tokio::sync::{Notify, broadcast, watch};

use super::devices::Presence;
use super::faults::FaultReports;
use super::sheets::Sheets;

/// Calls remembered for clients that come back.
const CALLS_KEPT: usize = 64;
/// What is to be done with devices, on its way; older ones are forgotten, somebody stands there and presses again.
const DEVICE_ORDERS_KEPT: usize = 16;
/// Calls whose announcements are remembered.
const ANNOUNCED_KEPT: usize = 64;
/// How long a console says why a press on its pad did nothing.
const REFUSED_PRESS_MS: i64 = 8_000;

/// Something to follow.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Topic {
    /// Names and texts.
    Station,
    /// The public board.
    Board,
    /// A console.
    Counter(CounterId),
    /// A rating tablet.
    Rating(CounterId),
    /// A visitor's page.
    Ticket(TicketId),
    /// The chief's page.
    Chief,
    /// The device bench of the demo: something changed.
    Bench,
}

impl Topic {
    /// The name on the wire.
    pub fn name(&self) -> String {
        match self {
            Topic::Station => "station".into(),
            Topic::Board => "board".into(),
            Topic::Counter(id) => format!("counter/{id}"),
            Topic::Rating(id) => format!("rating/{id}"),
            Topic::Ticket(id) => format!("ticket/{id}"),
            Topic::Chief => "chief".into(),
            Topic::Bench => "bench".into(),
        }
    }
}

/// One serialised envelope, shared by everybody it is sent to.
#[derive(Debug, Clone)]
pub struct Frame {
    /// Log position.
    pub seq: u64,
    /// JSON text.
    pub text: Utf8Bytes,
}

impl Frame {
    /// Serialises an envelope.
    pub fn new<T: Serialize>(topic: &str, kind: &str, prev: u64, seq: u64, data: &T) -> Self {
        let envelope = Envelope {
            v: 1,
            topic: topic.to_owned(),
            prev,
            seq,
            kind: kind.to_owned(),
            data,
        };
        // Our own types: strings as keys, no numbers JSON lacks.
        let text = serde_json::to_string(&envelope).unwrap_or_default();
        Self {
            seq,
            text: text.into(),
        }
    }
}

/// A call in the ring.
#[derive(Debug, Clone)]
pub(super) struct RecentCall {
    pub(super) at: StationTime,
    pub(super) pulse: protocol::CallPulse,
}

/// The meeting point of publisher and connections.
pub struct Hub {
    pub(super) topics: Mutex<BTreeMap<Topic, watch::Sender<Option<Frame>>>>,
    pub(super) calls: broadcast::Sender<Frame>,
    /// What is to be done with devices, each for the agent named.
    pub(super) device_orders: broadcast::Sender<(String, Frame)>,
    pub(super) recent: Mutex<VecDeque<RecentCall>>,
    pub(super) devices: Mutex<BTreeMap<String, Presence>>,
    pub(super) faults: Mutex<FaultReports>,
    pub(super) sheets: Mutex<Sheets>,
    /// Wakes who writes faults.
    pub(super) fault_reported: Notify,
    pub(super) announced: Mutex<BTreeMap<CallId, Vec<String>>>,
    /// The last press on each counter's pad, where it did nothing: when and why.
    pub(super) refused_presses: Mutex<BTreeMap<CounterId, (StationTime, &'static str)>>,
    /// Wakes the publisher when something outside the log changed.
    pub(super) nudge: Notify,
    pub(super) connections: std::sync::atomic::AtomicU64,
    /// True when the server stops; every connection holds a receiver.
    pub(super) stopping: watch::Sender<bool>,
}

impl Default for Hub {
    fn default() -> Self {
        Self {
            topics: Mutex::default(),
            calls: broadcast::channel(OUTBOX_FRAMES).0,
            device_orders: broadcast::channel(DEVICE_ORDERS_KEPT).0,
            recent: Mutex::default(),
            devices: Mutex::default(),
            faults: Mutex::default(),
            sheets: Mutex::default(),
            fault_reported: Notify::new(),
            announced: Mutex::default(),
            refused_presses: Mutex::default(),
            nudge: Notify::new(),
            connections: std::sync::atomic::AtomicU64::new(1),
            stopping: watch::Sender::new(false),
        }
    }
}

impl Hub {
    /// Follows a topic from now on.
    pub fn follow(&self, topic: Topic) -> watch::Receiver<Option<Frame>> {
        let mut topics = lock(&self.topics);
        let sender = topics
            .entry(topic)
            .or_insert_with(|| watch::channel(None).0);
        let mut receiver = sender.subscribe();
        receiver.mark_unchanged();
        receiver
    }

    /// Topics somebody follows; forgets the others.
    pub(super) fn followed(&self) -> Vec<Topic> {
        let mut topics = lock(&self.topics);
        topics.retain(|_, sender| sender.receiver_count() > 0);
        topics.keys().cloned().collect()
    }

    pub(super) fn publish(&self, topic: &Topic, frame: Frame) {
        if let Some(sender) = lock(&self.topics).get(topic) {
            sender.send_replace(Some(frame));
        }
    }

    pub(super) fn remember_call(&self, call: RecentCall) {
        let mut recent = lock(&self.recent);
        recent.push_back(call);
        if recent.len() > CALLS_KEPT {
            recent.pop_front();
        }
    }

    /// Position of the last call, 0 before the first.
    pub(super) fn last_call(&self) -> u64 {
        lock(&self.recent).back().map_or(0, |c| c.pulse.call_id.0)
    }

    pub(super) fn note_announced(&self, call: CallId, display: &str) {
        let mut announced = lock(&self.announced);
        let by = announced.entry(call).or_default();
        if !by.iter().any(|d| d == display) {
            by.push(display.to_owned());
        }
        if announced.len() > ANNOUNCED_KEPT {
            announced.pop_first();
        }
    }

    /// What became of a press on a counter's pad: done, or refused with a code.
    pub(super) fn note_press(
        &self,
        counter: CounterId,
        at: StationTime,
        code: Option<&'static str>,
    ) {
        let mut refused = lock(&self.refused_presses);
        let before = refused.remove(&counter);
        if let Some(code) = code {
            refused.insert(counter, (at, code));
        }
        drop(refused);
        if before.is_some() || code.is_some() {
            self.nudge.notify_one();
        }
    }

    /// Why the press just made on a counter's pad did nothing.
    pub fn refused_press(&self, counter: &CounterId, now: StationTime) -> Option<&'static str> {
        let refused = lock(&self.refused_presses);
        let (at, code) = refused.get(counter)?;
        (now.since_ms(*at) < REFUSED_PRESS_MS).then_some(*code)
    }

    /// Displays that announced a call.
    pub fn announced(&self, call: CallId) -> Vec<String> {
        lock(&self.announced)
            .get(&call)
            .cloned()
            .unwrap_or_default()
    }

    /// Says that the demo's simulated devices changed.
    pub fn pulse_bench(&self) {
        self.publish(&Topic::Bench, Frame::new("bench", "state", 0, 0, &()));
    }
}

pub(super) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
