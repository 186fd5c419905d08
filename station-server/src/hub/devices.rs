//! Agents and their devices: who is connected, what is in trouble.

use protocol::{DeviceHealth, DeviceView, Role};
use queue_core::StationTime;

use super::topics::{Hub, lock};

impl Hub {
    /// An agent said hello on connection `connection`.
    pub(super) fn agent_joined(
        &self,
        connection: u64,
        agent: &str,
        role: Role,
        page_url: Option<String>,
        at: StationTime,
    ) {
        let mut devices = lock(&self.devices);
        let known = devices
            .get(agent)
            .map(|(_, view)| view.devices.clone())
            .unwrap_or_default();
        let view = DeviceView {
            agent: agent.to_owned(),
            role,
            connected: true,
            last_seen: at,
            page_url,
            devices: known,
        };
        devices.insert(agent.to_owned(), (connection, view));
        drop(devices);
        self.nudge.notify_one();
    }

    /// The connection ended; a newer connection of the same agent stays.
    pub(super) fn agent_left(&self, connection: u64, agent: &str, at: StationTime) {
        let mut devices = lock(&self.devices);
        if let Some((of, view)) = devices.get_mut(agent)
            && *of == connection
        {
            view.connected = false;
            view.last_seen = at;
            // A program that only looked on, without pages and devices of its own, is nothing to miss.
            if view.page_url.is_none() && view.devices.is_empty() {
                devices.remove(agent);
            }
        }
        drop(devices);
        self.nudge.notify_one();
    }

    /// An agent has answered: it is there, also when nothing about its devices changes.
    pub(super) fn agent_heard(&self, agent: &str, at: StationTime) {
        if let Some((_, view)) = lock(&self.devices).get_mut(agent) {
            view.last_seen = at;
        }
    }

    pub(super) fn agent_health(&self, agent: &str, health: Vec<DeviceHealth>, at: StationTime) {
        if let Some((_, view)) = lock(&self.devices).get_mut(agent) {
            view.devices = health;
            view.last_seen = at;
        }
        self.nudge.notify_one();
    }

    /// Every agent with its devices.
    pub fn devices(&self) -> Vec<DeviceView> {
        lock(&self.devices)
            .values()
            .map(|(_, view)| view.clone())
            .collect()
    }

    /// Names of what is in trouble.
    pub fn troubles(&self) -> Vec<String> {
        let devices = lock(&self.devices);
        let mut names = Vec::new();
        for (_, view) in devices.values() {
            if !view.connected {
                names.push(view.agent.clone());
            }
            names.extend(
                view.devices
                    .iter()
                    .filter(|d| d.is_trouble())
                    .map(|d| d.device.clone()),
            );
        }
        names
    }
}
