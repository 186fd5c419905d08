//! Agents and their devices: who is connected, what is in trouble.

use protocol::{DeviceHealth, DeviceOrder, DeviceView, MachinePorts, Role};
use queue_core::StationTime;
use serde::Serialize;
use tokio::time::Instant;

use super::topics::{Frame, Hub, lock};

/// An agent: its open connections, the oldest first, and what is known of it. A second program with the same id, or the
/// same one before its old connection is known to be broken, makes more than one; the agent is there as long as any is.
pub(super) struct Presence {
    connections: Vec<Connection>,
    view: DeviceView,
    ports: Option<MachinePorts>,
}

/// The ports of an agent's machine, as it told them last.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AgentPorts {
    /// Agent: `K1`, `D1`.
    pub agent: String,
    /// Its role.
    pub role: Role,
    /// Link up. What an agent that is gone used is still its own.
    pub connected: bool,
    /// Machine and ports.
    #[serde(flatten)]
    pub ports: MachinePorts,
}

struct Connection {
    id: u64,
    page_url: Option<String>,
}

impl Presence {
    /// Brings the view up to date with the connections.
    fn settle(&mut self, at: StationTime) {
        self.view.connected = !self.connections.is_empty();
        self.view.last_seen = at;
        // The newest that serves pages; of an agent that is gone the address is kept.
        let mut newest = self.connections.iter().rev();
        if let Some(page_url) = newest.find_map(|c| c.page_url.clone()) {
            self.view.page_url = Some(page_url);
        }
    }
}

/// What an administrator may have done with a device.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OrderKind {
    /// It shows that it works.
    Test,
    /// A new panel is found on its line, and takes its place.
    Replace,
}

impl OrderKind {
    /// The kind of the frame that says so.
    fn word(self) -> &'static str {
        match self {
            Self::Test => "test",
            Self::Replace => "replace",
        }
    }
}

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
        let presence = devices.entry(agent.to_owned()).or_insert_with(|| Presence {
            connections: Vec::new(),
            view: DeviceView {
                agent: agent.to_owned(),
                role,
                connected: true,
                last_seen: at,
                page_url: None,
                devices: Vec::new(),
            },
            ports: None,
        });
        presence.connections.retain(|c| c.id != connection);
        presence.connections.push(Connection {
            id: connection,
            page_url,
        });
        presence.settle(at);
        self.link_reported(agent, true);
        drop(devices);
        self.nudge.notify_one();
    }

    /// The connection ended; other connections of the same agent stay.
    pub(super) fn agent_left(&self, connection: u64, agent: &str, at: StationTime) {
        let mut devices = lock(&self.devices);
        if let Some(presence) = devices.get_mut(agent) {
            presence.connections.retain(|c| c.id != connection);
            presence.settle(at);
            let view = &presence.view;
            // A program that only looked on, without pages and devices of its own, is nothing to miss.
            if !view.connected && view.page_url.is_none() && view.devices.is_empty() {
                devices.remove(agent);
            } else if !view.connected {
                self.sheets_left(&view.devices);
                self.link_reported(agent, false);
            }
        }
        drop(devices);
        self.nudge.notify_one();
    }

    /// An agent has answered: it is there, also when nothing about its devices changes.
    pub(super) fn agent_heard(&self, agent: &str, at: StationTime) {
        if let Some(presence) = lock(&self.devices).get_mut(agent) {
            presence.view.last_seen = at;
        }
    }

    pub(super) fn agent_health(&self, agent: &str, health: Vec<DeviceHealth>, at: StationTime) {
        if let Some(presence) = lock(&self.devices).get_mut(agent) {
            lock(&self.faults).health(agent, &health, Instant::now());
            self.fault_reported.notify_one();
            presence.view.devices = health;
            presence.view.last_seen = at;
        }
        self.nudge.notify_one();
    }

    pub(super) fn agent_ports(&self, agent: &str, ports: MachinePorts, at: StationTime) {
        if let Some(presence) = lock(&self.devices).get_mut(agent) {
            presence.ports = Some(ports);
            presence.view.last_seen = at;
        }
    }

    /// The ports of every agent's machine that has told them.
    pub fn ports(&self) -> Vec<AgentPorts> {
        let devices = lock(&self.devices);
        let told = devices.values().filter_map(|Presence { view, ports, .. }| {
            Some(AgentPorts {
                agent: view.agent.clone(),
                role: view.role,
                connected: view.connected,
                ports: ports.clone()?,
            })
        });
        told.collect()
    }

    fn link_reported(&self, agent: &str, is_up: bool) {
        lock(&self.faults).link(agent, is_up, Instant::now());
        self.fault_reported.notify_one();
    }

    /// Has a connected agent do something with a device of its. `false`: there is no such device now.
    pub fn order(&self, agent: &str, device: &str, kind: OrderKind) -> bool {
        let is_there = lock(&self.devices).get(agent).is_some_and(|presence| {
            let view = &presence.view;
            view.connected && view.devices.iter().any(|d| d.device == device)
        });
        if is_there {
            let order = DeviceOrder {
                device: device.to_owned(),
            };
            let frame = Frame::new("devices", kind.word(), 0, 0, &order);
            // An agent that has left in this moment is missed on the same page.
            let _ = self.device_orders.send((agent.to_owned(), frame));
        }
        is_there
    }

    /// Every agent with its devices.
    pub fn devices(&self) -> Vec<DeviceView> {
        lock(&self.devices)
            .values()
            .map(|presence| presence.view.clone())
            .collect()
    }

    /// Names of what is in trouble.
    pub fn troubles(&self) -> Vec<String> {
        let devices = lock(&self.devices);
        let mut names = Vec::new();
        for Presence { view, .. } in devices.values() {
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

#[cfg(test)]
mod tests {
    use super::*;

    const PAGES: &str = "http://127.0.0.1:8081/";

    fn join(hub: &Hub, connection: u64, page_url: Option<&str>) {
        let page_url = page_url.map(str::to_owned);
        hub.agent_joined(connection, "K1", Role::Kiosk, page_url, StationTime(1));
    }

    #[test]
    fn an_agent_is_there_as_long_as_one_of_its_connections_is() {
        let hub = Hub::default();
        join(&hub, 1, Some(PAGES));
        // Somebody looks in under the same id and goes again, or the other way round.
        for (comes, goes) in [(2, 2), (3, 1)] {
            join(&hub, comes, None);
            hub.agent_left(goes, "K1", StationTime(2));
            let view = hub.devices().remove(0);
            assert!(view.connected);
            assert_eq!(view.page_url.as_deref(), Some(PAGES));
        }
        hub.agent_left(3, "K1", StationTime(3));
        assert!(!hub.devices()[0].connected);
        assert_eq!(hub.troubles(), ["K1"]);
    }

    #[test]
    fn who_only_looked_in_is_not_missed() {
        let hub = Hub::default();
        join(&hub, 1, None);
        hub.agent_left(1, "K1", StationTime(2));
        assert!(hub.devices().is_empty());
    }
}
