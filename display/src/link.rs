//! The connection to the station server: one WebSocket that is made again for ever.

use std::net::SocketAddr;
use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use protocol::{ClientFrame, Envelope, Hello, PROTOCOL_VERSION, Role};
use serde_json::Value;
use tokio::sync::mpsc;
use tokio::time::{Instant, MissedTickBehavior, interval, sleep, timeout};
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::http::HeaderValue;
use tokio_tungstenite::tungstenite::http::header::AUTHORIZATION;
use tokio_tungstenite::tungstenite::{Error as WsError, Message};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

/// A server that has not answered by then is tried again.
const CONNECT: Duration = Duration::from_secs(5);
/// How often the server is asked for a sign of life; boards are stale after 10 s without one.
const PING_EVERY: Duration = Duration::from_secs(3);
/// Silence after which the connection is open in name only.
const SILENT: Duration = Duration::from_secs(10);
/// A frame that does not leave within this time means the same.
const SEND: Duration = Duration::from_secs(5);
/// Waits between attempts double from the first to the last.
const RETRY_FIRST_MS: u64 = 250;
const RETRY_LAST_MS: u64 = 4_000;

/// What happened to the connection.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum LinkEvent {
    /// Connected; the hello is out.
    Up,
    /// The server said something.
    Frame(Envelope<Value>),
    /// The server answered a ping.
    Alive,
    /// The connection is gone.
    Down,
}

/// Whom to connect to, and as whom.
#[derive(Clone)]
pub(crate) struct Server {
    /// `ws://host:port/ws/v1/display`
    pub endpoint: String,
    /// Bearer token.
    pub token: String,
    /// Name of the device.
    pub device: String,
    /// Where the agent's own pages are.
    pub pages: SocketAddr,
}

type Socket = WebSocketStream<MaybeTlsStream<tokio::net::TcpStream>>;

/// The agent has gone.
struct Stop;

/// Keeps the connection until the agent is gone. Frames that were meant for an older connection
/// are dropped: the agent says again what still matters after [`LinkEvent::Up`].
pub(crate) async fn run(
    server: Server,
    mut outgoing: mpsc::Receiver<ClientFrame>,
    events: mpsc::Sender<LinkEvent>,
) {
    let mut epoch = None;
    let mut told = String::new();
    let mut failures = 0_u32;
    loop {
        let reason = match open(&server).await {
            Err(reason) => reason,
            Ok(socket) => {
                tracing::info!(server = server.endpoint, "connected");
                told.clear();
                let before = Instant::now();
                while outgoing.try_recv().is_ok() {}
                let talked = talk(&server, socket, &mut epoch, &mut outgoing, &events).await;
                if before.elapsed() >= SILENT {
                    failures = 0;
                }
                match talked {
                    Err(Stop) => return,
                    Ok(reason) => reason,
                }
            }
        };
        if told != reason {
            tracing::warn!(server = server.endpoint, %reason, "no connection to the server");
            told.clone_from(&reason);
        }
        if events.send(LinkEvent::Down).await.is_err() {
            return;
        }
        sleep(retry_delay(failures)).await;
        failures = failures.saturating_add(1);
    }
}

/// Half to the whole of a wait that doubles; the split is the clock's, so that boards that lost
/// their server together do not all come back in the same instant.
fn retry_delay(failures: u32) -> Duration {
    let step_ms = (RETRY_FIRST_MS << failures.min(10)).min(RETRY_LAST_MS);
    let spread = u64::from(jiff::Timestamp::now().subsec_nanosecond().unsigned_abs() / 1_000);
    Duration::from_millis(step_ms / 2 + spread % (step_ms / 2))
}

async fn open(server: &Server) -> Result<Socket, String> {
    let mut request = server
        .endpoint
        .as_str()
        .into_client_request()
        .map_err(|e| e.to_string())?;
    let bearer = HeaderValue::from_str(&format!("Bearer {}", server.token))
        .map_err(|_| "the token has characters that no header can carry".to_owned())?;
    request.headers_mut().insert(AUTHORIZATION, bearer);
    match timeout(CONNECT, connect_async(request)).await {
        Err(_) => Err("the server does not answer".to_owned()),
        Ok(Err(WsError::Http(answer))) => Err(format!(
            "the server refused the connection: HTTP {}",
            answer.status()
        )),
        Ok(Err(error)) => Err(error.to_string()),
        Ok(Ok((socket, _))) => Ok(socket),
    }
}

/// Talks over one connection; gives the reason of its end.
async fn talk(
    server: &Server,
    mut socket: Socket,
    epoch: &mut Option<String>,
    outgoing: &mut mpsc::Receiver<ClientFrame>,
    events: &mpsc::Sender<LinkEvent>,
) -> Result<String, Stop> {
    let hello = ClientFrame::Hello(Hello {
        protocol: PROTOCOL_VERSION,
        role: Role::Display,
        device: Some(server.device.clone()),
        epoch: epoch.clone(),
        resume: None,
        token: None,
        page_url: Some(format!("http://{}/", reachable(server.pages, &socket))),
    });
    if let Err(reason) = send(&mut socket, &hello).await {
        return Ok(reason);
    }
    tell(events, LinkEvent::Up).await?;
    let mut ping = interval(PING_EVERY);
    ping.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut heard = Instant::now();
    loop {
        tokio::select! {
            message = socket.next() => {
                heard = Instant::now();
                let event = match message {
                    None | Some(Ok(Message::Close(_))) => return Ok("the server closed".to_owned()),
                    Some(Err(error)) => return Ok(error.to_string()),
                    Some(Ok(Message::Text(text))) => match read(&text) {
                        None => continue,
                        Some(envelope) => {
                            if envelope.kind == "ping"
                                && let Err(reason) = send(&mut socket, &ClientFrame::Pong).await
                            {
                                return Ok(reason);
                            }
                            if envelope.kind == "welcome" {
                                *epoch = envelope.data["epoch"].as_str().map(str::to_owned);
                            }
                            LinkEvent::Frame(envelope)
                        }
                    },
                    Some(Ok(_)) => LinkEvent::Alive,
                };
                tell(events, event).await?;
            }
            frame = outgoing.recv() => {
                let frame = frame.ok_or(Stop)?;
                if let Err(reason) = send(&mut socket, &frame).await {
                    return Ok(reason);
                }
            }
            _ = ping.tick() => {
                if heard.elapsed() >= SILENT {
                    return Ok("the server is silent".to_owned());
                }
                if let Err(reason) = push(&mut socket, Message::Ping(Vec::new().into())).await {
                    return Ok(reason);
                }
            }
        }
    }
}

/// Pages that listen everywhere are reached where this PC is reached from the server.
fn reachable(mut pages: SocketAddr, socket: &Socket) -> SocketAddr {
    if pages.ip().is_unspecified()
        && let MaybeTlsStream::Plain(stream) = socket.get_ref()
        && let Ok(local) = stream.local_addr()
    {
        pages.set_ip(local.ip());
    }
    pages
}

fn read(text: &str) -> Option<Envelope<Value>> {
    serde_json::from_str(text)
        .inspect_err(|error| tracing::warn!(%error, "a frame of the server makes no sense"))
        .ok()
}

async fn send(socket: &mut Socket, frame: &ClientFrame) -> Result<(), String> {
    let text = serde_json::to_string(frame).map_err(|e| e.to_string())?;
    push(socket, Message::Text(text.into())).await
}

async fn push(socket: &mut Socket, message: Message) -> Result<(), String> {
    match timeout(SEND, socket.send(message)).await {
        Err(_) => Err("the server takes no frames".to_owned()),
        Ok(sent) => sent.map_err(|e| e.to_string()),
    }
}

async fn tell(events: &mpsc::Sender<LinkEvent>, event: LinkEvent) -> Result<(), Stop> {
    events.send(event).await.map_err(|_| Stop)
}
