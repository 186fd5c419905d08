//! The WebSocket client: connects, says hello, keeps the outbox going, reconnects for ever.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use protocol::{
    AgentCommand, ClientFrame, CommandResult, DeviceHealth, Envelope, Hello, PING_EVERY_MS,
    PROTOCOL_VERSION, Problem, Role,
};
use queue_core::CommandId;
use tokio::net::TcpStream;
use tokio::sync::{mpsc, oneshot, watch};
use tokio::time::{Instant, sleep, timeout};
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::http::HeaderValue;
use tokio_tungstenite::tungstenite::{Error as WsError, Message};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

use super::{Answer, Outbox, StationView};

/// First wait between attempts to connect.
const BACKOFF_FIRST_MS: u64 = 300;
/// Longest wait between attempts to connect.
const BACKOFF_LAST_MS: u64 = 5_000;
/// How long connecting may take.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
/// A server silent for so long is gone: it pings three times in this time.
const SILENCE: Duration = Duration::from_millis(3 * PING_EVERY_MS);

type Socket = WebSocketStream<MaybeTlsStream<TcpStream>>;

/// Where the server is and who asks.
#[derive(Clone, Debug)]
pub struct LinkSettings {
    /// `ws://host:port`, or `http://host:port` for the same.
    pub server: String,
    /// Bearer token.
    pub token: String,
    /// Name of this kiosk: `K1`.
    pub device: String,
    /// Address of the kiosk's own pages, for the station's front page.
    pub page_url: String,
}

enum Request {
    Command {
        id: CommandId,
        command: AgentCommand,
        answer: Option<oneshot::Sender<Answer>>,
    },
    GiveUp(CommandId),
    Health(Vec<DeviceHealth>),
}

/// Takes commands for the server and shows what is known of the station.
#[derive(Clone)]
pub struct Link {
    requests: mpsc::UnboundedSender<Request>,
    view: watch::Receiver<StationView>,
}

impl Link {
    /// What is known of the station now.
    pub fn view(&self) -> StationView {
        self.view.borrow().clone()
    }

    /// What is known of the station, as it changes.
    pub fn watch(&self) -> watch::Receiver<StationView> {
        self.view.clone()
    }

    /// Asks and waits for the answer at most so long; none means that the visitor is told so and whatever the server
    /// does after all is taken back.
    pub async fn ask(
        &self,
        id: CommandId,
        command: AgentCommand,
        patience: Duration,
    ) -> Option<Answer> {
        let (sender, receiver) = oneshot::channel();
        self.request(Request::Command {
            id,
            command,
            answer: Some(sender),
        });
        match timeout(patience, receiver).await {
            Ok(Ok(answer)) => Some(answer),
            // Either time is up, or the same command was asked again elsewhere and is answered there.
            Ok(Err(_)) => None,
            Err(_) => {
                self.request(Request::GiveUp(id));
                None
            }
        }
    }

    /// Tells the server something under a fresh id, however long that takes.
    pub fn tell(&self, command: AgentCommand) {
        self.request(Request::Command {
            id: fresh_id(),
            command,
            answer: None,
        });
    }

    /// Tells the server how the kiosk's devices are, now and after each reconnection.
    pub fn set_health(&self, devices: Vec<DeviceHealth>) {
        self.request(Request::Health(devices));
    }

    fn request(&self, request: Request) {
        // The task ends only after the last `Link`.
        drop(self.requests.send(request));
    }
}

/// A command id that nobody else has.
pub(crate) fn fresh_id() -> CommandId {
    CommandId(uuid::Uuid::now_v7().as_u128())
}

/// Starts the connection. It ends when the last [`Link`] is dropped. Needs a tokio runtime.
pub fn spawn(settings: LinkSettings) -> Link {
    let (requests, received) = mpsc::unbounded_channel();
    let (shown, view) = watch::channel(StationView::default());
    let client = Client {
        settings,
        requests: received,
        shown,
        outbox: Outbox::default(),
        waiting: BTreeMap::new(),
        health: Vec::new(),
        epoch: None,
    };
    tokio::spawn(client.run());
    Link { requests, view }
}

/// Why a connection is left.
enum End {
    Closed,
    Lost(String),
}

struct Client {
    settings: LinkSettings,
    requests: mpsc::UnboundedReceiver<Request>,
    shown: watch::Sender<StationView>,
    outbox: Outbox,
    waiting: BTreeMap<u128, oneshot::Sender<Answer>>,
    health: Vec<DeviceHealth>,
    epoch: Option<String>,
}

impl Client {
    async fn run(mut self) {
        let mut failures = 0;
        loop {
            let why = match connect(&self.settings).await {
                Ok(socket) => {
                    failures = 0;
                    match self.serve(socket).await {
                        End::Closed => return,
                        End::Lost(why) => why,
                    }
                }
                Err(why) => why,
            };
            tracing::warn!(server = self.settings.server, %why, "the station server is not reached");
            self.shown.send_modify(|view| view.connected = false);
            if !self.wait(backoff(failures)).await {
                return;
            }
            failures += 1;
        }
    }

    /// Lets time pass without a connection. `false`: nobody asks any more.
    async fn wait(&mut self, delay: Duration) -> bool {
        let over = sleep(delay);
        tokio::pin!(over);
        loop {
            tokio::select! {
                () = &mut over => return true,
                request = self.requests.recv() => match request {
                    Some(request) => self.take(request),
                    None => return false,
                },
            }
        }
    }

    async fn serve(&mut self, mut socket: Socket) -> End {
        self.outbox.reconnected();
        let hello = ClientFrame::Hello(Hello {
            protocol: PROTOCOL_VERSION,
            role: Role::Kiosk,
            device: Some(self.settings.device.clone()),
            epoch: self.epoch.clone(),
            resume: None,
            token: None,
            page_url: Some(self.settings.page_url.clone()),
        });
        if let Err(error) = send(&mut socket, &hello).await {
            return End::Lost(error);
        }
        let mut told: Option<Vec<DeviceHealth>> = None;
        let mut heard = Instant::now();
        loop {
            // The server takes commands once it has welcomed the kiosk.
            if self.shown.borrow().connected {
                if told.as_ref() != Some(&self.health) {
                    let devices = self.health.clone();
                    told = Some(devices.clone());
                    if let Err(error) = send(&mut socket, &ClientFrame::Health { devices }).await {
                        return End::Lost(error);
                    }
                }
                while let Some((command_id, command)) = self.outbox.next_to_send() {
                    let frame = ClientFrame::Command {
                        command_id,
                        command,
                    };
                    if let Err(error) = send(&mut socket, &frame).await {
                        return End::Lost(error);
                    }
                }
            }
            tokio::select! {
                request = self.requests.recv() => match request {
                    Some(request) => self.take(request),
                    None => {
                        drop(socket.close(None).await);
                        return End::Closed;
                    }
                },
                message = socket.next() => {
                    heard = Instant::now();
                    match message {
                        Some(Ok(Message::Text(text))) => match self.hear(&text) {
                            Ok(Some(frame)) => if let Err(error) = send(&mut socket, &frame).await {
                                return End::Lost(error);
                            },
                            Ok(None) => {}
                            Err(why) => return End::Lost(why),
                        },
                        Some(Ok(Message::Close(frame))) => {
                            let why = frame.map_or_else(String::new, |frame| frame.reason.to_string());
                            return End::Lost(format!("closed by the server {why}"));
                        }
                        // Pings are answered by the library.
                        Some(Ok(_)) => {}
                        Some(Err(error)) => return End::Lost(error.to_string()),
                        None => return End::Lost("the connection has ended".to_owned()),
                    }
                }
                () = tokio::time::sleep_until(heard + SILENCE) => {
                    return End::Lost("the server is silent".to_owned());
                }
            }
        }
    }

    fn take(&mut self, request: Request) {
        match request {
            Request::Command {
                id,
                command,
                answer,
            } => {
                self.outbox.push(id, command);
                if let Some(answer) = answer {
                    self.waiting.insert(id.0, answer);
                }
            }
            Request::GiveUp(id) => {
                self.waiting.remove(&id.0);
                self.outbox.give_up(id);
            }
            Request::Health(devices) => self.health = devices,
        }
    }

    /// Takes a frame; gives the answer it wants.
    ///
    /// # Errors
    /// The server refuses this kiosk.
    fn hear(&mut self, text: &str) -> Result<Option<ClientFrame>, String> {
        let frame: Envelope<serde_json::Value> = match serde_json::from_str(text) {
            Ok(frame) => frame,
            Err(error) => {
                tracing::error!(%error, "a frame of the server is not understood");
                return Ok(None);
            }
        };
        match (frame.kind.as_str(), frame.topic.as_str()) {
            ("ping", _) => return Ok(Some(ClientFrame::Pong)),
            ("welcome", _) => self.welcomed(&frame.data),
            ("problem", _) => {
                let problem: Option<Problem> = read(frame.data);
                return Err(problem.map_or_else(|| "refused".to_owned(), |problem| problem.detail));
            }
            ("state", "station") => {
                if let Some(station) = read(frame.data) {
                    self.shown
                        .send_modify(|view| view.station = Some(Arc::new(station)));
                }
            }
            ("state", "board") => {
                if let Some(board) = read(frame.data) {
                    self.shown
                        .send_modify(|view| view.board = Some(Arc::new(board)));
                }
            }
            ("result", _) => {
                if let Some(result) = read::<CommandResult>(frame.data)
                    && let Some((id, answer)) = self.outbox.answered(result, fresh_id())
                {
                    match self.waiting.remove(&id.0) {
                        // Whoever waited may have gone this instant: then the give-up is already on its way and finds
                        // nothing, so the ticket is taken back here.
                        Some(waiting) => {
                            if let Err(Answer::Done(Some(issued))) = waiting.send(answer) {
                                let ticket = issued.id;
                                self.outbox
                                    .push(fresh_id(), AgentCommand::Cancel { ticket });
                            }
                        }
                        None => {
                            if let Answer::Refused(problem) = answer {
                                tracing::warn!(code = problem.code, "the server refused a report");
                            }
                        }
                    }
                }
            }
            _ => {}
        }
        Ok(None)
    }

    fn welcomed(&mut self, data: &serde_json::Value) {
        let epoch = data
            .get("epoch")
            .and_then(|epoch| epoch.as_str())
            .map(str::to_owned);
        let is_other = self.epoch.is_some() && self.epoch != epoch;
        self.epoch = epoch;
        self.shown.send_modify(|view| {
            if is_other {
                // The server's data were restored: what it said before may never have been.
                *view = StationView::default();
            }
            view.connected = true;
        });
    }
}

fn read<T: serde::de::DeserializeOwned>(data: serde_json::Value) -> Option<T> {
    serde_json::from_value(data)
        .inspect_err(|error| tracing::error!(%error, "a frame's content is not understood"))
        .ok()
}

async fn connect(settings: &LinkSettings) -> Result<Socket, String> {
    let server = settings.server.trim_end_matches('/');
    let server = match server.strip_prefix("http://") {
        Some(rest) => format!("ws://{rest}"),
        None => server.to_owned(),
    };
    let mut request = format!("{server}/ws/v1/kiosk")
        .into_client_request()
        .map_err(|error| error.to_string())?;
    let token = HeaderValue::from_str(&format!("Bearer {}", settings.token))
        .map_err(|_| "the token has characters that no header can carry".to_owned())?;
    request.headers_mut().insert("authorization", token);
    match timeout(CONNECT_TIMEOUT, connect_async(request)).await {
        Ok(Ok((socket, _))) => Ok(socket),
        Ok(Err(WsError::Http(response))) => {
            Err(format!("refused with status {}", response.status()))
        }
        Ok(Err(error)) => Err(error.to_string()),
        Err(_) => Err("no answer in time".to_owned()),
    }
}

async fn send(socket: &mut Socket, frame: &ClientFrame) -> Result<(), String> {
    let text = serde_json::to_string(frame).map_err(|error| error.to_string())?;
    let sent = timeout(CONNECT_TIMEOUT, socket.send(Message::text(text)));
    match sent.await {
        Ok(Ok(())) => Ok(()),
        Ok(Err(error)) => Err(error.to_string()),
        Err(_) => Err("the server takes nothing".to_owned()),
    }
}

/// A random half of a delay that doubles up to five seconds, so that many kiosks do not come back at once.
fn backoff(failures: u32) -> Duration {
    let full_ms = (BACKOFF_FIRST_MS << failures.min(10)).min(BACKOFF_LAST_MS);
    let random = uuid::Uuid::new_v4().as_u128() as u64;
    Duration::from_millis(full_ms / 2 + random % (full_ms / 2 + 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_grow_to_five_seconds() {
        for failures in 0..40 {
            let delay = backoff(failures);
            assert!(delay >= Duration::from_millis(BACKOFF_FIRST_MS / 2));
            assert!(delay <= Duration::from_millis(BACKOFF_LAST_MS));
        }
        assert!(backoff(20) >= Duration::from_millis(BACKOFF_LAST_MS / 2));
    }
}
