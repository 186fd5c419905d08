//! The connection to the station server: one WebSocket that is made again for ever. All its rules are in
//! [`protocol::agent_link`]; here are the socket, the clock and whoever waits for answers.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use futures_util::{SinkExt, StreamExt};
use protocol::agent_link::{AgentLink, Failure, LinkEvent, Transmit};
use protocol::{AgentCommand, CommandResult, DeviceHealth, MachinePorts, Role};
use queue_core::CommandId;
use tokio::net::TcpStream;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::sync::oneshot;
use tokio::task::spawn_blocking;
use tokio::time::{Instant, sleep, sleep_until, timeout};
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::http::header::AUTHORIZATION;
use tokio_tungstenite::tungstenite::http::{HeaderValue, StatusCode};
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;
use tokio_tungstenite::tungstenite::{Error as WsError, Message};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async_with_config};

use crate::ports::{self, Uses};

/// A server that has not answered by then is tried again.
const CONNECT_WITHIN: Duration = Duration::from_secs(5);
/// A frame that does not leave within this time means that the connection is open in name only.
const SEND_WITHIN: Duration = Duration::from_secs(5);

/// Whom to connect to, and as whom.
#[derive(Clone)]
pub struct LinkSettings {
    /// The station server, `http://host:port` or `ws://host:port`.
    pub server: String,
    /// Bearer token. Never logged.
    pub token: String,
    /// What the agent is.
    pub role: Role,
    /// Name of the device: `K1`, `D1`.
    pub device: String,
    /// Where the agent's own pages are. Pages that listen everywhere are named to the server by the address under which
    /// this machine reaches it.
    pub pages: SocketAddr,
}

/// The address of the server's WebSocket for a role.
///
/// # Errors
/// The server's address is not `http://host[:port]` or `ws://host[:port]`.
pub fn endpoint(server: &str, role: Role) -> anyhow::Result<String> {
    let host = ["http://", "ws://"]
        .into_iter()
        .find_map(|scheme| server.strip_prefix(scheme))
        .map(|rest| rest.trim_end_matches('/'))
        .filter(|host| !host.is_empty() && !host.contains(['/', '?', '#', ' ']))
        .with_context(|| format!("server address `{server}`: expected `http://host:port`"))?;
    let role = match role {
        Role::Kiosk => "kiosk",
        Role::Display => "display",
        Role::Counter => "counter",
        Role::Ticket => "ticket",
        Role::Admin => "admin",
    };
    Ok(format!("ws://{host}/ws/v1/{role}"))
}

/// A command id that nobody else has.
#[must_use]
pub fn fresh_id() -> CommandId {
    CommandId(uuid::Uuid::now_v7().as_u128())
}

/// Why there is no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoAnswer {
    /// The command has not left this machine, and will not.
    NeverSent,
    /// Whether anything was done, or will be, is not known.
    Unknown,
}

type Waiting = oneshot::Sender<Result<CommandResult, NoAnswer>>;

enum Request {
    Command {
        id: CommandId,
        command: AgentCommand,
        patience: Option<Duration>,
        answer: Option<Waiting>,
    },
    Health(Vec<DeviceHealth>),
    Ports(MachinePorts),
}

/// Takes commands for the server. The connection ends when the last clone is dropped.
#[derive(Clone)]
pub struct Link(UnboundedSender<Request>);

impl Link {
    /// Asks and waits for the answer at most so long.
    ///
    /// # Errors
    /// There is none.
    pub async fn ask(
        &self,
        id: CommandId,
        command: AgentCommand,
        patience: Duration,
    ) -> Result<CommandResult, NoAnswer> {
        let (answer, answered) = oneshot::channel();
        self.request(Request::Command {
            id,
            command,
            patience: Some(patience),
            answer: Some(answer),
        });
        // An error means that time is up, or that the same command was asked again elsewhere and is answered there.
        answered.await.unwrap_or(Err(NoAnswer::Unknown))
    }

    /// Asks, without a patience for ever; the answer comes as [`LinkEvent::Answered`] or, after `patience`, [`LinkEvent::Expired`].
    pub fn submit(&self, id: CommandId, command: AgentCommand, patience: Option<Duration>) {
        self.request(Request::Command {
            id,
            command,
            patience,
            answer: None,
        });
    }

    /// Tells the server how the agent's devices are, now and after each reconnection.
    pub fn set_health(&self, devices: Vec<DeviceHealth>) {
        self.request(Request::Health(devices));
    }

    /// Tells the server the ports of this machine and which of them the agent's devices use, now and when something is
    /// plugged in or pulled out, for as long as the connection is wanted. Needs a tokio runtime.
    pub fn tell_ports(&self, uses: Uses) {
        let link = self.0.downgrade();
        let (machine, uses) = (ports::machine(), Arc::new(uses));
        tokio::spawn(async move {
            loop {
                let (machine, uses) = (machine.clone(), Arc::clone(&uses));
                let looked = spawn_blocking(move || ports::ports(&machine, &uses)).await;
                let (Ok(ports), Some(link)) = (looked, link.upgrade()) else {
                    return;
                };
                drop(link.send(Request::Ports(ports)));
                drop(link);
                sleep(ports::LOOK_EVERY).await;
            }
        });
    }

    fn request(&self, request: Request) {
        // The task ends only after the last `Link`.
        drop(self.0.send(request));
    }
}

/// Starts the connection. What happens on it comes out of the receiver, answers to [`Link::ask`] excepted. Needs a tokio
/// runtime.
///
/// # Errors
/// The server's address or the token can never work.
pub fn spawn(settings: LinkSettings) -> anyhow::Result<(Link, UnboundedReceiver<LinkEvent>)> {
    let endpoint = endpoint(&settings.server, settings.role)?;
    let bearer = HeaderValue::from_str(&format!("Bearer {}", settings.token))
        .context("the token has characters that no header can carry")?;
    let (requests, received) = unbounded_channel();
    let (events, told) = unbounded_channel();
    let shell = Shell {
        machine: AgentLink::new(settings.role, settings.device),
        requests: received,
        events,
        waiting: BTreeMap::new(),
        started: Instant::now(),
        told: String::new(),
    };
    tokio::spawn(shell.run(endpoint, bearer, settings.pages));
    Ok((Link(requests), told))
}

type Socket = WebSocketStream<MaybeTlsStream<TcpStream>>;

/// Nobody asks any more.
struct Closed;

struct Shell {
    machine: AgentLink,
    requests: UnboundedReceiver<Request>,
    events: UnboundedSender<LinkEvent>,
    waiting: BTreeMap<u128, Waiting>,
    started: Instant,
    /// The reason told last for there being no connection.
    told: String,
}

impl Shell {
    async fn run(mut self, endpoint: String, bearer: HeaderValue, pages: SocketAddr) {
        loop {
            let retry_at = self.instant(self.machine.retry_at_ms().unwrap_or(0));
            if self.meanwhile(sleep_until(retry_at)).await.is_err() {
                return;
            }
            let failure = match self.meanwhile(open(&endpoint, &bearer)).await {
                Err(Closed) => return,
                Ok(Err(failure)) => failure,
                Ok(Ok(socket)) => {
                    tracing::info!(server = endpoint, "connected");
                    let pages = format!("http://{}/", reachable(pages, &socket));
                    self.machine.handle_connected(self.now_ms(), Some(pages));
                    match self.serve(socket).await {
                        Err(Closed) => return,
                        Ok(failure) => failure,
                    }
                }
            };
            let (Failure::Lost(why) | Failure::Refused(why)) = &failure;
            if self.told != *why {
                tracing::warn!(server = endpoint, %why, "no connection to the station server");
                self.told.clone_from(why);
            }
            let jitter = uuid::Uuid::new_v4().as_u128() as u64;
            let now_ms = self.now_ms();
            self.machine.handle_disconnected(now_ms, failure, jitter);
            self.tell();
        }
    }

    /// Talks over one connection; gives the reason of its end.
    async fn serve(&mut self, mut socket: Socket) -> Result<Failure, Closed> {
        loop {
            self.tell();
            while let Some(transmit) = self.machine.poll_transmit() {
                let sent = self.meanwhile(send(&mut socket, transmit)).await;
                match sent {
                    Ok(Ok(())) => {}
                    Ok(Err(why)) => return Ok(Failure::Lost(why)),
                    Err(Closed) => return Err(Closed),
                }
            }
            if let Some(failure) = self.machine.leaving() {
                return Ok(failure);
            }
            let deadline = self.machine.deadline_ms().map(|at_ms| self.instant(at_ms));
            tokio::select! {
                message = socket.next() => {
                    let now_ms = self.now_ms();
                    match message {
                        Some(Ok(Message::Text(text))) => {
                            self.told.clear();
                            self.machine.handle_text(now_ms, &text);
                        }
                        Some(Ok(Message::Close(frame))) => {
                            let why = frame.map_or_else(String::new, |frame| frame.reason.to_string());
                            return Ok(Failure::Lost(format!("closed by the server {why}")));
                        }
                        Some(Ok(_)) => self.machine.handle_alive(now_ms),
                        Some(Err(error)) => return Ok(Failure::Lost(error.to_string())),
                        None => return Ok(Failure::Lost("the connection has ended".to_owned())),
                    }
                }
                request = self.requests.recv() => match request {
                    Some(request) => self.take(request),
                    None => {
                        // It ends either way.
                        drop(socket.close(None).await);
                        return Err(Closed);
                    }
                },
                () = until(deadline), if deadline.is_some() => {
                    self.machine.handle_timeout(self.now_ms());
                }
            }
        }
    }

    /// Takes requests, and gives up what is too old, while something else goes on.
    async fn meanwhile<T>(&mut self, what: impl Future<Output = T>) -> Result<T, Closed> {
        tokio::pin!(what);
        loop {
            // The connection's own deadlines are looked after between its messages.
            let deadline = self.machine.command_deadline_ms();
            let deadline = deadline.map(|at_ms| self.instant(at_ms));
            tokio::select! {
                done = &mut what => return Ok(done),
                request = self.requests.recv() => self.take(request.ok_or(Closed)?),
                () = until(deadline), if deadline.is_some() => {
                    self.machine.handle_timeout(self.now_ms());
                    self.tell();
                }
            }
        }
    }

    fn take(&mut self, request: Request) {
        match request {
            Request::Command {
                id,
                command,
                patience,
                answer,
            } => {
                if let Some(answer) = answer {
                    self.waiting.insert(id.0, answer);
                }
                let patience_ms =
                    patience.map(|p| u64::try_from(p.as_millis()).unwrap_or(u64::MAX));
                let now_ms = self.now_ms();
                self.machine.submit(now_ms, id, command, patience_ms);
            }
            Request::Health(devices) => self.machine.set_health(devices),
            Request::Ports(ports) => self.machine.set_ports(ports),
        }
    }

    /// Passes on what has happened.
    fn tell(&mut self) {
        while let Some(event) = self.machine.poll_event() {
            match event {
                LinkEvent::Remark(remark) => tracing::warn!("{remark}"),
                LinkEvent::Answered { command, result } => {
                    match self.waiting.remove(&result.command_id.0) {
                        // Whoever waited may have gone in the meantime.
                        Some(waiting) => drop(waiting.send(Ok(*result))),
                        None => self.pass_on(LinkEvent::Answered { command, result }),
                    }
                }
                LinkEvent::Expired { id, command, sent } => match self.waiting.remove(&id.0) {
                    Some(waiting) => {
                        let why = if sent {
                            NoAnswer::Unknown
                        } else {
                            NoAnswer::NeverSent
                        };
                        drop(waiting.send(Err(why)));
                    }
                    None => self.pass_on(LinkEvent::Expired { id, command, sent }),
                },
                other => self.pass_on(other),
            }
        }
    }

    fn pass_on(&self, event: LinkEvent) {
        // Nobody listens while the program ends.
        drop(self.events.send(event));
    }

    fn now_ms(&self) -> u64 {
        u64::try_from(self.started.elapsed().as_millis()).unwrap_or(u64::MAX)
    }

    fn instant(&self, at_ms: u64) -> Instant {
        self.started + Duration::from_millis(at_ms)
    }
}

async fn until(deadline: Option<Instant>) {
    match deadline {
        Some(deadline) => sleep_until(deadline).await,
        None => std::future::pending().await,
    }
}

async fn open(endpoint: &str, bearer: &HeaderValue) -> Result<Socket, Failure> {
    let mut request = endpoint
        .into_client_request()
        .map_err(|error| Failure::Lost(error.to_string()))?;
    request.headers_mut().insert(AUTHORIZATION, bearer.clone());
    let config = WebSocketConfig::default().read_buffer_size(protocol::READ_BUFFER_BYTES);
    let connecting = connect_async_with_config(request, Some(config), false);
    match timeout(CONNECT_WITHIN, connecting).await {
        Ok(Ok((socket, _))) => Ok(socket),
        Ok(Err(WsError::Http(answer))) => {
            let status = answer.status();
            let why = format!("the server refused the connection: HTTP {status}");
            Err(match status {
                StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => Failure::Refused(why),
                _ => Failure::Lost(why),
            })
        }
        Ok(Err(error)) => Err(Failure::Lost(error.to_string())),
        Err(_) => Err(Failure::Lost("the server does not answer".to_owned())),
    }
}

async fn send(socket: &mut Socket, transmit: Transmit) -> Result<(), String> {
    let message = match transmit {
        Transmit::Frame(frame) => {
            Message::text(serde_json::to_string(&frame).map_err(|error| error.to_string())?)
        }
        Transmit::Ping => Message::Ping(Vec::new().into()),
    };
    match timeout(SEND_WITHIN, socket.send(message)).await {
        Ok(sent) => sent.map_err(|error| error.to_string()),
        Err(_) => Err("the server takes no frames".to_owned()),
    }
}

/// Pages that listen everywhere are reached where this machine is reached from the server.
fn reachable(mut pages: SocketAddr, socket: &Socket) -> SocketAddr {
    if pages.ip().is_unspecified()
        && let MaybeTlsStream::Plain(stream) = socket.get_ref()
        && let Ok(local) = stream.local_addr()
    {
        pages.set_ip(local.ip());
    }
    pages
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_that_cannot_work_is_named() {
        for (server, wanted) in [
            ("http://10.0.0.1:8080", "ws://10.0.0.1:8080/ws/v1/kiosk"),
            ("ws://station:8080/", "ws://station:8080/ws/v1/kiosk"),
        ] {
            assert_eq!(endpoint(server, Role::Kiosk).unwrap(), wanted);
        }
        for wrong in ["https://a:1", "127.0.0.1:8080", "http://", "http://a/b"] {
            let told = endpoint(wrong, Role::Kiosk).unwrap_err().to_string();
            assert!(
                told.contains(wrong) && told.contains("http://host:port"),
                "{told}"
            );
        }
    }
}
