//! An agent's end of the connection, without socket and clock: both agents have the same.
//!
//! Whoever owns the socket tells the machine what happened and does what it asks: [`AgentLink::poll_transmit`] gives what
//! to send, [`AgentLink::poll_event`] what the agent should know, [`AgentLink::retry_at_ms`] when to connect again and
//! [`AgentLink::leaving`] that a connection is to be left. Times are milliseconds on any clock that does not go back.
//!
//! Every command keeps the id it was given until it is answered, over any number of connections, and is sent once on
//! each, so that the server carries it out exactly once. Nothing but the hello is sent before the server's welcome.

mod outbox;
#[cfg(test)]
mod tests;

use std::collections::VecDeque;

use queue_core::{CommandId, StationTime};
use serde_json::Value;

use self::outbox::Outbox;
use crate::{
    AgentCommand, ClientFrame, CommandResult, DeviceHealth, Envelope, Hello, MachinePorts,
    PROTOCOL_VERSION, Problem, Role,
};

/// How often the server is asked for a sign of life; pages are stale after 10 s without one.
pub const ASK_ALIVE_EVERY_MS: u64 = 3_000;
/// Silence after which a connection is open in name only. The server also pings by itself.
pub const SILENT_MS: u64 = 10_000;
/// The first wait between attempts to connect; each is twice the one before ...
pub const RETRY_FIRST_MS: u64 = 250;
/// ... up to this. A server that refuses the agent is tried no more often.
pub const RETRY_LAST_MS: u64 = 4_000;

/// What an agent should know.
#[derive(Debug, Clone, PartialEq)]
pub enum LinkEvent {
    /// The server has welcomed the agent.
    Welcome {
        /// The server's clock, where it says so.
        at: Option<StationTime>,
        /// Name of the history that its data are.
        epoch: Option<String>,
        /// Its data are not those of the connection before: what it said then may never have been.
        is_other_history: bool,
    },
    /// The server said something about the station.
    Frame(Envelope<Value>),
    /// The server answered a question for a sign of life.
    Alive,
    /// The server answered a command.
    Answered {
        /// The command.
        command: AgentCommand,
        /// The answer, with the command's id.
        result: Box<CommandResult>,
    },
    /// A command was not answered while it was worth anything.
    Expired {
        /// Its id.
        id: CommandId,
        /// The command.
        command: AgentCommand,
        /// It was sent: the server may have carried it out, or do so yet.
        sent: bool,
    },
    /// The connection is gone, or could not be made.
    Down {
        /// Why, for technicians.
        why: String,
    },
    /// Something for the log only.
    Remark(String),
}

/// What to send.
#[derive(Debug, Clone, PartialEq)]
pub enum Transmit {
    /// A frame, as text.
    Frame(ClientFrame),
    /// A WebSocket ping.
    Ping,
}

/// Why there is no connection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Failure {
    /// It broke, or could not be made.
    Lost(String),
    /// The server does not want this agent: a token it does not know, another protocol. Only people can mend that.
    Refused(String),
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Stage {
    /// No connection; from then on one is wanted.
    Closed { retry_at_ms: u64 },
    /// The hello is on its way.
    Greeting,
    /// The server takes commands.
    Welcomed,
    /// The connection is to be left.
    Leaving(Failure),
}

/// One agent's end.
#[derive(Debug)]
pub struct AgentLink {
    role: Role,
    device: String,
    stage: Stage,
    epoch: Option<String>,
    /// The last call the server has told of: it need not tell again.
    last_call: Option<u64>,
    outbox: Outbox,
    /// None: it has not said yet.
    health: Option<Vec<DeviceHealth>>,
    health_told: bool,
    /// None: it has not said yet.
    ports: Option<MachinePorts>,
    ports_told: bool,
    failures: u32,
    heard_ms: u64,
    ping_at_ms: u64,
    out: VecDeque<Transmit>,
    events: VecDeque<LinkEvent>,
}

impl AgentLink {
    /// An agent that wants a connection at once. `device` is its name, `K1`.
    #[must_use]
    pub fn new(role: Role, device: String) -> Self {
        Self {
            role,
            device,
            stage: Stage::Closed { retry_at_ms: 0 },
            epoch: None,
            last_call: None,
            outbox: Outbox::default(),
            health: None,
            health_told: false,
            ports: None,
            ports_told: false,
            failures: 0,
            heard_ms: 0,
            ping_at_ms: 0,
            out: VecDeque::new(),
            events: VecDeque::new(),
        }
    }

    /// Keeps a command until it is answered. One that waits already under this id is taken up again.
    ///
    /// After `patience_ms` without an answer the command is worth nothing any more and [`LinkEvent::Expired`] tells so.
    /// It is then forgotten; whether the server has carried it out, whoever asked has to find out.
    pub fn submit(
        &mut self,
        now_ms: u64,
        id: CommandId,
        command: AgentCommand,
        patience_ms: Option<u64>,
    ) {
        let until_ms = patience_ms.map(|patience_ms| now_ms.saturating_add(patience_ms));
        if self.outbox.push(id, command, until_ms) {
            let remark = "too many reports wait for the server: the oldest is dropped";
            self.events.push_back(LinkEvent::Remark(remark.to_owned()));
        }
    }

    /// How the agent's devices are. Told to the server when it changes, and on every connection.
    pub fn set_health(&mut self, devices: Vec<DeviceHealth>) {
        if self.health.as_ref() != Some(&devices) {
            self.health = Some(devices);
            self.health_told = false;
        }
    }

    /// The ports of the agent's machine. Told to the server when they change, and on every connection.
    pub fn set_ports(&mut self, ports: MachinePorts) {
        if self.ports.as_ref() != Some(&ports) {
            self.ports = Some(ports);
            self.ports_told = false;
        }
    }

    /// A connection was made. `page_url` is where the agent's own pages are.
    pub fn handle_connected(&mut self, now_ms: u64, page_url: Option<String>) {
        self.stage = Stage::Greeting;
        self.heard_ms = now_ms;
        self.ping_at_ms = now_ms.saturating_add(ASK_ALIVE_EVERY_MS);
        self.health_told = false;
        self.ports_told = false;
        self.outbox.reconnected();
        self.out.clear();
        let hello = Hello {
            protocol: PROTOCOL_VERSION,
            role: self.role,
            device: Some(self.device.clone()),
            epoch: self.epoch.clone(),
            resume: self.last_call,
            token: None,
            page_url,
        };
        let hello = Transmit::Frame(ClientFrame::Hello(hello));
        self.out.push_back(hello);
    }

    /// The connection is gone, or could not be made. `jitter` is any number: it spreads agents that lost their server
    /// together, so that they do not all come back in the same instant.
    pub fn handle_disconnected(&mut self, now_ms: u64, failure: Failure, jitter: u64) {
        self.out.clear();
        let (why, wait_ms) = match failure {
            Failure::Lost(why) => (why, retry_ms(self.failures, jitter)),
            Failure::Refused(why) => (why, retry_ms(u32::MAX, jitter)),
        };
        self.failures = self.failures.saturating_add(1);
        self.stage = Stage::Closed {
            retry_at_ms: now_ms.saturating_add(wait_ms),
        };
        self.events.push_back(LinkEvent::Down { why });
    }

    /// The server sent a text. What cannot be read is remarked on and changes nothing.
    pub fn handle_text(&mut self, now_ms: u64, text: &str) {
        self.heard_ms = now_ms;
        match serde_json::from_str(text) {
            Ok(envelope) => self.handle_envelope(envelope),
            Err(error) => self.remark(format!("a frame of the server is not understood: {error}")),
        }
    }

    /// The server gave a sign of life that says nothing.
    pub fn handle_alive(&mut self, now_ms: u64) {
        self.heard_ms = now_ms;
        self.events.push_back(LinkEvent::Alive);
    }

    /// The time of [`AgentLink::deadline_ms`] has come.
    pub fn handle_timeout(&mut self, now_ms: u64) {
        for (id, command, sent) in self.outbox.expire(now_ms) {
            self.events
                .push_back(LinkEvent::Expired { id, command, sent });
        }
        if !self.is_connected() {
            return;
        }
        if now_ms >= self.heard_ms.saturating_add(SILENT_MS) {
            let why = "the server is silent".to_owned();
            self.stage = Stage::Leaving(Failure::Lost(why));
        } else if now_ms >= self.ping_at_ms {
            self.ping_at_ms = now_ms.saturating_add(ASK_ALIVE_EVERY_MS);
            self.out.push_back(Transmit::Ping);
        }
    }

    /// The next thing to send on the connection.
    pub fn poll_transmit(&mut self) -> Option<Transmit> {
        if !self.is_connected() {
            return None;
        }
        if let Some(next) = self.out.pop_front() {
            return Some(next);
        }
        if self.stage != Stage::Welcomed {
            return None;
        }
        if let Some(devices) = self.health.clone().filter(|_| !self.health_told) {
            self.health_told = true;
            return Some(Transmit::Frame(ClientFrame::Health { devices }));
        }
        if let Some(ports) = self.ports.clone().filter(|_| !self.ports_told) {
            self.ports_told = true;
            return Some(Transmit::Frame(ClientFrame::Ports(ports)));
        }
        let (command_id, command) = self.outbox.next_to_send()?;
        Some(Transmit::Frame(ClientFrame::Command {
            command_id,
            command,
        }))
    }

    /// What has happened, oldest first.
    pub fn poll_event(&mut self) -> Option<LinkEvent> {
        self.events.pop_front()
    }

    /// The connection is to be left, and this is what to tell [`AgentLink::handle_disconnected`] then.
    #[must_use]
    pub fn leaving(&self) -> Option<Failure> {
        match &self.stage {
            Stage::Leaving(failure) => Some(failure.clone()),
            _ => None,
        }
    }

    /// When to connect, while there is no connection.
    #[must_use]
    pub fn retry_at_ms(&self) -> Option<u64> {
        match self.stage {
            Stage::Closed { retry_at_ms } => Some(retry_at_ms),
            _ => None,
        }
    }

    /// When [`AgentLink::handle_timeout`] wants to be called.
    #[must_use]
    pub fn deadline_ms(&self) -> Option<u64> {
        let alive = self
            .is_connected()
            .then(|| self.ping_at_ms.min(self.heard_ms.saturating_add(SILENT_MS)));
        [alive, self.outbox.deadline_ms()]
            .into_iter()
            .flatten()
            .min()
    }

    /// The part of [`AgentLink::deadline_ms`] that is about commands: a connection that is being made or written to
    /// cannot be looked after, but whoever waits for an answer can.
    #[must_use]
    pub fn command_deadline_ms(&self) -> Option<u64> {
        self.outbox.deadline_ms()
    }

    fn is_connected(&self) -> bool {
        matches!(self.stage, Stage::Greeting | Stage::Welcomed)
    }

    fn handle_envelope(&mut self, envelope: Envelope<Value>) {
        match (envelope.topic.as_str(), envelope.kind.as_str()) {
            (_, "welcome") => self.welcome(&envelope.data),
            (_, "problem") => self.handle_problem(envelope.data),
            (_, "result") => match serde_json::from_value(envelope.data) {
                Ok(result) => self.handle_result(result),
                Err(error) => {
                    self.remark(format!(
                        "an answer of the server is not understood: {error}"
                    ));
                }
            },
            ("calls", "call" | "sync") => {
                self.last_call = self.last_call.max(Some(envelope.seq));
                self.events.push_back(LinkEvent::Frame(envelope));
            }
            (_, "ping") => {
                self.out.push_back(Transmit::Frame(ClientFrame::Pong));
                self.events.push_back(LinkEvent::Frame(envelope));
            }
            _ => self.events.push_back(LinkEvent::Frame(envelope)),
        }
    }

    fn welcome(&mut self, data: &Value) {
        let epoch = data["epoch"].as_str().map(str::to_owned);
        let is_other_history = self.epoch.is_some() && self.epoch != epoch;
        if is_other_history {
            self.last_call = None;
            self.outbox.forget_reports();
        }
        self.epoch.clone_from(&epoch);
        self.failures = 0;
        if self.stage == Stage::Greeting {
            self.stage = Stage::Welcomed;
        }
        self.events.push_back(LinkEvent::Welcome {
            at: data["at"].as_i64().map(StationTime),
            epoch,
            is_other_history,
        });
    }

    /// Before the welcome the server turns the agent away; later it did not understand one frame.
    fn handle_problem(&mut self, data: Value) {
        let detail = serde_json::from_value::<Problem>(data)
            .map_or_else(|_| "no reason given".to_owned(), |problem| problem.detail);
        let why = format!("refused by the server: {detail}");
        if self.stage == Stage::Greeting {
            self.stage = Stage::Leaving(Failure::Refused(why));
        } else {
            self.remark(why);
        }
    }

    fn handle_result(&mut self, result: CommandResult) {
        if let Some(command) = self.outbox.answered(&result) {
            let result = Box::new(result);
            self.events
                .push_back(LinkEvent::Answered { command, result });
        }
    }

    fn remark(&mut self, remark: String) {
        self.events.push_back(LinkEvent::Remark(remark));
    }
}

/// Half to the whole of a wait that doubles.
fn retry_ms(failures: u32, jitter: u64) -> u64 {
    let whole_ms = (RETRY_FIRST_MS << failures.min(10)).min(RETRY_LAST_MS);
    whole_ms / 2 + jitter % (whole_ms / 2 + 1)
}
