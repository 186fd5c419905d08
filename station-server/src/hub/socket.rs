//! One WebSocket connection, from hello to good-bye.

use std::sync::atomic::Ordering;
use std::time::Duration;

use axum::Extension;
use axum::extract::ws::rejection::WebSocketUpgradeRejection;
use axum::extract::ws::{Message, WebSocket, WebSocketUpgrade};
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use protocol::{
    CALL_FRESH_MS, ClientFrame, Hello, PING_EVERY_MS, PROTOCOL_VERSION, READ_BUFFER_BYTES, Role,
    SILENCE_MAX_MS,
};
use queue_core::{CounterId, DeviceId, TicketId};
use tokio::sync::{broadcast, watch};
use tokio::time::{Instant, MissedTickBehavior, sleep_until};

use super::agents;
use super::ending::Ending;
use super::publish::state_frame;
use super::topics::{Frame, Topic, lock};
use crate::access::{self, Permission, Principal};
use crate::app::App;
use crate::http::{known_device, read_json};
use crate::problem::ApiProblem;

/// Largest frame a client may send, bytes.
const FRAME_BYTES_MAX: usize = 64 * 1024;
/// How long the first frame may take.
const HELLO_WITHIN: Duration = Duration::from_secs(10);
/// How long one frame may take to leave; a client that slow is let go and comes back for a snapshot.
const SEND_WITHIN: Duration = Duration::from_secs(10);
/// How long a client has to hear why the connection ends.
const FAREWELL_WITHIN: Duration = Duration::from_secs(1);
/// Malformed frames after which a client is let go.
const MALFORMED_MAX: u32 = 10;

/// `GET /ws/v1/{role}`.
pub async fn upgrade(
    State(app): State<App>,
    Extension(principal): Extension<Principal>,
    Path(role): Path<String>,
    headers: HeaderMap,
    socket: Result<WebSocketUpgrade, WebSocketUpgradeRejection>,
) -> Result<Response, ApiProblem> {
    let socket = socket.map_err(|e| {
        ApiProblem::new(
            StatusCode::UPGRADE_REQUIRED,
            "upgrade_required",
            e.body_text(),
        )
    })?;
    let role = match role.as_str() {
        "kiosk" => Role::Kiosk,
        "display" => Role::Display,
        "counter" => Role::Counter,
        "ticket" => Role::Ticket,
        "admin" => Role::Admin,
        _ => return Err(ApiProblem::not_found("not_found", "no such WebSocket role")),
    };
    if !crate::access::same_origin(&headers) {
        return Err(ApiProblem::forbidden("the request comes from another site"));
    }
    let socket = socket
        .read_buffer_size(READ_BUFFER_BYTES)
        .max_message_size(FRAME_BYTES_MAX)
        .max_frame_size(FRAME_BYTES_MAX);
    Ok(socket.on_upgrade(move |socket| async move {
        let mut connection = Connection::new(app, principal, role, socket);
        let ending = connection.run().await;
        connection.leave();
        connection.close(ending).await;
    }))
}

type Step = Result<(), Ending>;

/// When a connection ends if nothing more is heard on it, and why then.
fn deadline(started: Instant, heard: Instant, greeted: bool) -> (Instant, Ending) {
    if greeted {
        let silence = Duration::from_millis(SILENCE_MAX_MS);
        (heard + silence, Ending::Silent)
    } else {
        (started + HELLO_WITHIN, Ending::HelloLate)
    }
}

struct Connection {
    app: App,
    principal: Principal,
    agent: Option<String>,
    role: Role,
    id: u64,
    socket: WebSocket,
    states: Vec<watch::Receiver<Option<Frame>>>,
    calls: Option<broadcast::Receiver<Frame>>,
    orders: Option<broadcast::Receiver<(String, Frame)>>,
    stopping: watch::Receiver<bool>,
    withdrawals: watch::Receiver<()>,
    last_call: u64,
    greeted: bool,
    malformed: u32,
}

impl Connection {
    fn new(app: App, principal: Principal, role: Role, socket: WebSocket) -> Self {
        let id = app.hub.connections.fetch_add(1, Ordering::Relaxed);
        let stopping = app.hub.stopping.subscribe();
        let withdrawals = app.access.withdrawals();
        Self {
            app,
            principal,
            agent: None,
            role,
            id,
            socket,
            states: Vec::new(),
            calls: None,
            orders: None,
            stopping,
            withdrawals,
            last_call: 0,
            greeted: false,
            malformed: 0,
        }
    }

    async fn run(&mut self) -> Ending {
        let mut ping = tokio::time::interval(Duration::from_millis(PING_EVERY_MS));
        ping.set_missed_tick_behavior(MissedTickBehavior::Delay);
        ping.reset();
        let started = Instant::now();
        let mut heard = Instant::now();
        loop {
            let (deadline, too_late) = deadline(started, heard, self.greeted);
            let step = tokio::select! {
                // Calls first: they are rare, and somebody waits for them.
                biased;
                call = next_call(&mut self.calls) => self.forward_call(call).await,
                () = stopping(&mut self.stopping) => Err(Ending::Stopping),
                () = withdrawal(&mut self.withdrawals) => self.stay_or_go().await,
                message = self.socket.recv() => {
                    heard = Instant::now();
                    match message {
                        Some(Ok(message)) => self.receive(message).await,
                        Some(Err(error)) => Err(Ending::of_failure(&error)),
                        None => Err(Ending::Left),
                    }
                }
                frame = next_order(&mut self.orders, self.agent.as_deref()) => self.send(frame).await,
                index = next_state(&mut self.states) => self.forward_state(index).await,
                () = sleep_until(deadline) => Err(too_late),
                _ = ping.tick() => {
                    self.send(Frame::new("link", "ping", 0, 0, &self.app.live.now())).await
                }
            };
            if let Err(ending) = step {
                return ending;
            }
        }
    }

    /// Says why, and waits a moment for the client to answer: a line that is cut while something on it is unread may
    /// lose the last words.
    async fn close(mut self, ending: Ending) {
        let farewell = async {
            if let Some(frame) = ending.frame()
                && self.socket.send(Message::Close(Some(frame))).await.is_err()
            {
                return;
            }
            while let Some(Ok(_)) = self.socket.recv().await {}
        };
        // A client that does not answer in time is left without.
        let _ = tokio::time::timeout(FAREWELL_WITHIN, farewell).await;
    }

    fn leave(&self) {
        if let Some(agent) = &self.agent {
            self.app.hub.agent_left(self.id, agent, self.app.live.now());
        }
    }

    async fn receive(&mut self, message: Message) -> Step {
        let text = match message {
            Message::Text(text) => text,
            Message::Close(_) => return Err(Ending::Left),
            Message::Ping(_) | Message::Pong(_) => return Ok(()),
            Message::Binary(_) => {
                return self.refuse("malformed_frame", "frames are JSON text").await;
            }
        };
        let frame: ClientFrame = match read_json(text.as_bytes()) {
            Ok(frame) => frame,
            Err(why) => return self.refuse("malformed_frame", &why).await,
        };
        match frame {
            ClientFrame::Hello(hello) => self.hello(hello).await,
            ClientFrame::Pong => {
                if let Some(agent) = &self.agent {
                    self.app.hub.agent_heard(agent, self.app.live.now());
                }
                Ok(())
            }
            _ if !self.greeted => self.refuse("hello_first", "the first frame is hello").await,
            ClientFrame::Command {
                command_id,
                command,
            } => {
                let result = {
                    let agent = self.agent.as_deref();
                    agents::carry_out(&self.app, &self.principal, agent, command_id, command).await
                };
                let seq = self.app.live.engine().seq();
                self.send(Frame::new("commands", "result", 0, seq, &result))
                    .await
            }
            ClientFrame::Health { mut devices } => {
                if let Some(agent) = &self.agent {
                    for device in &mut devices {
                        let id = DeviceId::of(agent, Some(&device.device)).ok();
                        let name = id.and_then(|id| self.app.device_names.get(&id));
                        device.name = name.cloned();
                    }
                    self.app
                        .hub
                        .agent_health(agent, devices, self.app.live.now());
                }
                Ok(())
            }
            ClientFrame::Ports(ports) => {
                if let Some(agent) = &self.agent {
                    self.app.hub.agent_ports(agent, ports, self.app.live.now());
                }
                Ok(())
            }
        }
    }

    async fn hello(&mut self, hello: Hello) -> Step {
        if hello.protocol != PROTOCOL_VERSION {
            let detail = format!("this server speaks protocol {PROTOCOL_VERSION}");
            let problem = ApiProblem::new(StatusCode::BAD_REQUEST, "protocol_mismatch", detail);
            return self.turn_away(problem).await;
        }
        if hello.role != self.role {
            let problem = ApiProblem::invalid("the role does not fit the address");
            return self.turn_away(problem).await;
        }
        if let Some(token) = &hello.token {
            match self.app.access.principal(token, self.app.live.now().0) {
                Some(principal) => self.principal = principal,
                None => return self.turn_away(ApiProblem::unauthorized()).await,
            }
        }
        let needed = match self.role {
            Role::Kiosk => Permission::ActAsKiosk,
            Role::Display => Permission::See,
            Role::Counter => Permission::ServeAtCounter,
            Role::Ticket => Permission::Visit,
            Role::Admin => Permission::ReadFigures,
        };
        if let Err(problem) = self.admit(needed, hello.device.as_deref()) {
            return self.turn_away(problem).await;
        }
        let agent = hello.device.clone().filter(|device| self.is_agent(device));
        if let Some(Err(problem)) = agent.as_deref().map(|device| self.known_agent(device)) {
            return self.turn_away(problem).await;
        }
        let Some(topics) = self.topics_for(hello.device.as_deref()) else {
            return self
                .turn_away(ApiProblem::not_found(
                    "not_found",
                    "there is nothing to follow here",
                ))
                .await;
        };
        self.greeted = true;
        self.register(agent, &hello);
        // Follow first, look second: what happens in between is then sent twice rather than missed.
        self.states = topics
            .iter()
            .map(|t| self.app.hub.follow(t.clone()))
            .collect();
        let follows_calls = self.role == Role::Display && topics.contains(&Topic::Board);
        self.calls = follows_calls.then(|| self.app.hub.calls.subscribe());
        let epoch = self.app.live.epoch();
        let welcome = serde_json::json!({
            "epoch": epoch,
            "at": self.app.live.now(),
            "protocol": PROTOCOL_VERSION,
        });
        self.send(Frame::new("link", "welcome", 0, 0, &welcome))
            .await?;
        if follows_calls {
            let same = hello.epoch.is_none_or(|e| e == epoch.to_string());
            self.catch_up(if same { hello.resume } else { None })
                .await?;
        }
        for topic in &topics {
            if let Some(frame) = state_frame(&self.app, topic) {
                self.send(frame).await?;
            }
        }
        Ok(())
    }

    /// Ends the connection of a device whose token was withdrawn, and of a session that is over.
    async fn stay_or_go(&mut self) -> Step {
        match &self.principal.token {
            Some(id) if !self.app.access.is_valid(id) => {
                self.turn_away(ApiProblem::unauthorized()).await
            }
            _ => Ok(()),
        }
    }

    /// Whether who says hello may come in at this door, as that device.
    fn admit(&self, needed: Permission, device: Option<&str>) -> Result<(), ApiProblem> {
        let who = self.principal.role;
        if !self.principal.may(needed) {
            return Err(match who {
                access::Role::Public => ApiProblem::unauthorized(),
                _ => ApiProblem::forbidden(format!("the role {} may not do this", who.word())),
            });
        }
        // A token is bound to what it acts as; whatever else is public, it may look at like anybody.
        let acts = matches!(
            (self.role, who),
            (Role::Kiosk, access::Role::Kiosk)
                | (Role::Display, access::Role::Display)
                | (Role::Counter, access::Role::Counter)
        );
        match device {
            Some(device) if acts => self.principal.may_be(device).map_err(ApiProblem::forbidden),
            _ => Ok(()),
        }
    }

    fn topics_for(&self, device: Option<&str>) -> Option<Vec<Topic>> {
        let engine = self.app.live.engine();
        let counter = |id: &str| {
            let id = CounterId::new(id).ok()?;
            engine.counter(&id).map(|c| c.id.clone())
        };
        match self.role {
            Role::Kiosk => Some(vec![Topic::Station, Topic::Board]),
            Role::Display => match device {
                Some("bench") if self.app.demo.is_some() => Some(vec![Topic::Bench]),
                Some(d) if d.starts_with("rating/") => Some(vec![Topic::Rating(counter(&d[7..])?)]),
                _ => Some(vec![Topic::Station, Topic::Board]),
            },
            Role::Counter => Some(vec![Topic::Counter(counter(device?)?)]),
            Role::Ticket => {
                let id: TicketId = device?.parse().ok()?;
                engine.ticket(id).map(|t| vec![Topic::Ticket(t.id)])
            }
            Role::Admin => Some(vec![Topic::Chief]),
        }
    }

    /// Agents are known by name; pages, also a rating tablet's or the bench's, are not.
    fn is_agent(&self, device: &str) -> bool {
        match self.role {
            Role::Kiosk => true,
            Role::Display => {
                self.principal.may(Permission::ActAsDisplay)
                    && device != "bench"
                    && !device.starts_with("rating/")
            }
            Role::Counter | Role::Ticket | Role::Admin => false,
        }
    }

    /// Whether the station file has this agent: another one would be missed for ever once it has left.
    fn known_agent(&self, device: &str) -> Result<(), ApiProblem> {
        match self.role {
            Role::Kiosk => {
                let kiosks = self.app.kiosks.keys();
                known_device("kiosk", device, kiosks.map(String::as_str))
            }
            _ => {
                let displays = self.app.displays.iter();
                known_device("display", device, displays.map(String::as_str))
            }
        }
    }

    fn register(&mut self, agent: Option<String>, hello: &Hello) {
        let Some(agent) = agent else { return };
        let now = self.app.live.now();
        let hub = &self.app.hub;
        self.orders = Some(hub.device_orders.subscribe());
        hub.agent_joined(self.id, &agent, self.role, hello.page_url.clone(), now);
        self.agent = Some(agent);
    }

    /// Sends the calls a returning client has missed, if they are fresh, and says where the calls stand.
    async fn catch_up(&mut self, resume: Option<u64>) -> Step {
        let now = self.app.live.now();
        let (missed, last) = {
            let recent = lock(&self.app.hub.recent);
            let fresh = |at| now.since_ms(at) <= CALL_FRESH_MS;
            let missed: Vec<_> = match resume {
                Some(seen) => recent
                    .iter()
                    .filter(|c| c.pulse.call_id.0 > seen.max(self.last_call) && fresh(c.at))
                    .map(|c| c.pulse.clone())
                    .collect(),
                None => Vec::new(),
            };
            (missed, recent.back().map_or(0, |c| c.pulse.call_id.0))
        };
        for pulse in missed {
            let seq = pulse.call_id.0;
            self.send(Frame::new("calls", "call", 0, seq, &pulse))
                .await?;
        }
        self.last_call = last;
        self.send(Frame::new("calls", "sync", 0, last, &())).await
    }

    async fn forward_call(&mut self, call: Result<Frame, broadcast::error::RecvError>) -> Step {
        match call {
            Ok(frame) if frame.seq > self.last_call => {
                self.last_call = frame.seq;
                self.send(frame).await
            }
            Ok(_) => Ok(()),
            // Too slow for the outbox: the ring has what is still fresh.
            Err(broadcast::error::RecvError::Lagged(_)) => {
                self.catch_up(Some(self.last_call)).await
            }
            Err(broadcast::error::RecvError::Closed) => Err(Ending::Stopping),
        }
    }

    async fn forward_state(&mut self, index: usize) -> Step {
        let frame = self
            .states
            .get_mut(index)
            .and_then(|r| r.borrow_and_update().clone());
        match frame {
            Some(frame) => self.send(frame).await,
            None => Ok(()),
        }
    }

    async fn send(&mut self, frame: Frame) -> Step {
        let sent =
            tokio::time::timeout(SEND_WITHIN, self.socket.send(Message::Text(frame.text))).await;
        match sent {
            Ok(Ok(())) => Ok(()),
            Ok(Err(_)) => Err(Ending::Left),
            Err(_) => Err(Ending::TooSlow),
        }
    }

    async fn refuse(&mut self, code: &'static str, detail: &str) -> Step {
        self.malformed += 1;
        let problem = ApiProblem::new(StatusCode::BAD_REQUEST, code, detail);
        self.send(Frame::new("link", "problem", 0, 0, &problem.to_wire()))
            .await?;
        if self.malformed > MALFORMED_MAX {
            Err(Ending::Malformed)
        } else {
            Ok(())
        }
    }

    async fn turn_away(&mut self, problem: ApiProblem) -> Step {
        self.send(Frame::new("link", "problem", 0, 0, &problem.to_wire()))
            .await?;
        Err(Ending::Refused(problem.code))
    }
}

/// Returns when the server stops.
async fn stopping(stopping: &mut watch::Receiver<bool>) {
    // An error means that the hub is gone, which is the same.
    let _ = stopping.wait_for(|stopping| *stopping).await;
}

/// Returns when the token of a device or session may have been withdrawn.
async fn withdrawal(withdrawals: &mut watch::Receiver<()>) {
    if withdrawals.changed().await.is_err() {
        // Nobody is left who could.
        std::future::pending().await
    }
}

/// What is next to be done with a device of the agent on this connection.
async fn next_order(
    orders: &mut Option<broadcast::Receiver<(String, Frame)>>,
    agent: Option<&str>,
) -> Frame {
    while let Some(receiver) = orders {
        match receiver.recv().await {
            Ok((to, frame)) if Some(to.as_str()) == agent => return frame,
            Ok(_) | Err(broadcast::error::RecvError::Lagged(_)) => {}
            Err(broadcast::error::RecvError::Closed) => *orders = None,
        }
    }
    std::future::pending().await
}

async fn next_call(
    calls: &mut Option<broadcast::Receiver<Frame>>,
) -> Result<Frame, broadcast::error::RecvError> {
    match calls {
        Some(calls) => calls.recv().await,
        None => std::future::pending().await,
    }
}

/// Index of a state that changed. At most two are followed at once.
async fn next_state(states: &mut [watch::Receiver<Option<Frame>>]) -> usize {
    async fn changed(receiver: Option<&mut watch::Receiver<Option<Frame>>>) {
        if let Some(receiver) = receiver
            && receiver.changed().await.is_ok()
        {
            return;
        }
        std::future::pending().await
    }
    let (first, rest) = states.split_at_mut(states.len().min(1));
    tokio::select! {
        () = changed(first.first_mut()) => 0,
        () = changed(rest.first_mut()) => 1,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_connection_ends_when_it_is_documented_to() {
        let started = Instant::now();
        let after = |seconds| started + Duration::from_secs(seconds);
        // Whatever was heard: without hello it is not one of ours.
        assert_eq!(
            deadline(started, after(9), false),
            (after(10), Ending::HelloLate)
        );
        assert_eq!(
            deadline(started, after(9), true),
            (after(39), Ending::Silent)
        );
    }
}
