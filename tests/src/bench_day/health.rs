//! What the station says about its devices, all day long.

use std::collections::BTreeMap;
use std::time::Duration;

use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::{Client, PATIENCE};

/// How often it is asked.
const EVERY: Duration = Duration::from_millis(100);

/// What it says at a moment.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Now {
    /// Whether each agent is connected.
    pub(super) agents: BTreeMap<String, bool>,
    /// Whether each device works, and its state; only of connected agents.
    pub(super) devices: BTreeMap<String, (bool, String)>,
}

impl Now {
    /// The state of a device.
    pub(super) fn status(&self, device: &str) -> Option<&str> {
        let (_, status) = self.devices.get(device)?;
        Some(status)
    }
}

/// Asks the station again and again.
pub(super) struct Health {
    now: watch::Receiver<Now>,
    asking: JoinHandle<()>,
}

impl Health {
    pub(super) fn watch(chief: Client) -> Self {
        let (told, now) = watch::channel(Now::default());
        let asking = tokio::spawn(async move {
            loop {
                let answer = chief.get("/api/v1/devices").await.expect(200);
                let mut now = Now::default();
                for agent in answer["devices"].as_array().into_iter().flatten() {
                    let name = agent["agent"].as_str().unwrap_or_default();
                    let connected = agent["connected"] == true;
                    now.agents.insert(name.to_owned(), connected);
                    let devices = agent["devices"].as_array().into_iter().flatten();
                    for device in devices.filter(|_| connected) {
                        let text = |name| device[name].as_str().unwrap_or_default().to_owned();
                        let state = (device["ok"] == true, text("status"));
                        now.devices.insert(text("device"), state);
                    }
                }
                told.send_if_modified(|old| {
                    let changed = *old != now;
                    *old = now;
                    changed
                });
                tokio::time::sleep(EVERY).await;
            }
        });
        Self { now, asking }
    }

    /// Waits until it says something.
    ///
    /// # Panics
    /// When it never does.
    pub(super) async fn until(&self, what: &str, holds: impl Fn(&Now) -> bool) {
        let mut now = self.now.clone();
        let heard = tokio::time::timeout(PATIENCE, now.wait_for(|now| holds(now))).await;
        assert!(
            matches!(heard, Ok(Ok(_))),
            "waited {PATIENCE:?} in vain for {what}; the station says {:?}",
            self.now.borrow()
        );
    }

    pub(super) fn end(self) {
        self.asking.abort();
    }
}
