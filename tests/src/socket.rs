//! A screen or agent on its WebSocket.

use std::collections::VecDeque;
use std::net::SocketAddr;

use futures_util::{SinkExt, StreamExt};
use protocol::Envelope;
use serde_json::{Value, json};
use tokio::net::{TcpSocket, TcpStream};
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, client_async, connect_async};

use crate::PATIENCE;

/// A connected screen. It keeps what it has received, in order.
#[derive(Debug)]
pub struct Screen {
    socket: WebSocketStream<MaybeTlsStream<TcpStream>>,
    waiting: VecDeque<Envelope<Value>>,
    farewell: Option<(u16, String)>,
}

impl Screen {
    /// Opens a WebSocket and says nothing yet. `origin`: the page it comes from, for a browser.
    ///
    /// # Errors
    /// When the server refuses; an HTTP answer is [`Error::Http`].
    pub async fn open(
        ws_base: &str,
        role: &str,
        token: Option<&str>,
        origin: Option<&str>,
    ) -> Result<Self, Box<Error>> {
        let mut request = format!("{ws_base}/ws/v1/{role}")
            .into_client_request()
            .map_err(Box::new)?;
        let pairs = [
            ("authorization", token.map(|t| format!("Bearer {t}"))),
            ("origin", origin.map(str::to_owned)),
        ];
        for (name, value) in pairs {
            if let Some(value) = value {
                request
                    .headers_mut()
                    .insert(name, value.parse().expect("a header value"));
            }
        }
        let (socket, _) = connect_async(request).await.map_err(Box::new)?;
        Ok(Self {
            socket,
            waiting: VecDeque::new(),
            farewell: None,
        })
    }

    /// Opens a WebSocket on a line that holds hardly anything, for a screen that is not going to read.
    ///
    /// # Panics
    /// When that cannot be done.
    pub async fn open_narrow(address: SocketAddr, role: &str) -> Self {
        const RECEIVE_BUFFER_BYTES: u32 = 4_096;
        let line = TcpSocket::new_v4().expect("a socket");
        line.set_recv_buffer_size(RECEIVE_BUFFER_BYTES)
            .expect("a small buffer");
        let line = line.connect(address).await.expect("the server listens");
        let url = format!("ws://{address}/ws/v1/{role}");
        let (socket, _) = client_async(url, MaybeTlsStream::Plain(line))
            .await
            .expect("the server takes a WebSocket");
        Self {
            socket,
            waiting: VecDeque::new(),
            farewell: None,
        }
    }

    /// The hello of a client of that role that knows nothing yet.
    #[must_use]
    pub fn hello(role: &str, device: Option<&str>) -> Value {
        json!({"kind": "hello", "protocol": protocol::PROTOCOL_VERSION, "role": role, "device": device})
    }

    /// Sends a frame.
    ///
    /// # Panics
    /// When the connection is gone.
    pub async fn send(&mut self, frame: &Value) {
        self.send_message(Message::text(frame.to_string())).await;
    }

    /// Sends anything.
    ///
    /// # Panics
    /// When the connection is gone.
    pub async fn send_message(&mut self, message: Message) {
        self.socket
            .send(message)
            .await
            .expect("the connection is open");
    }

    /// Sends something to a server that may have hung up.
    pub async fn send_if_open(&mut self, message: Message) {
        // A closed connection is what some tests are about.
        let _ = self.socket.send(message).await;
    }

    /// The next frame; none when the server has closed the connection.
    ///
    /// # Panics
    /// When neither comes, saying that `what` was waited for.
    pub async fn next(&mut self, what: &str) -> Option<Envelope<Value>> {
        if let Some(frame) = self.waiting.pop_front() {
            return Some(frame);
        }
        self.receive(what).await
    }

    /// The first frame that fits, among those already received and those to come. Frames before it stay for later waits.
    ///
    /// # Panics
    /// When it does not come.
    pub async fn wait_for(
        &mut self,
        what: &str,
        fits: impl Fn(&Envelope<Value>) -> bool,
    ) -> Envelope<Value> {
        if let Some(at) = self.waiting.iter().position(&fits)
            && let Some(frame) = self.waiting.remove(at)
        {
            return frame;
        }
        let mut passed = VecDeque::new();
        let deadline = tokio::time::Instant::now() + PATIENCE;
        let found = loop {
            assert!(
                tokio::time::Instant::now() < deadline,
                "waited {PATIENCE:?} in vain for {what}: {passed:?}"
            );
            let frame = self.receive(what).await;
            let frame =
                frame.unwrap_or_else(|| panic!("the server closed the connection before {what}"));
            if fits(&frame) {
                break frame;
            }
            passed.push_back(frame);
        };
        self.waiting.append(&mut passed);
        found
    }

    /// The first frame of a topic and kind.
    ///
    /// # Panics
    /// When it does not come.
    pub async fn wait_for_kind(&mut self, topic: &str, kind: &str) -> Envelope<Value> {
        self.wait_for(&format!("{kind} on {topic}"), |f| {
            f.topic == topic && f.kind == kind
        })
        .await
    }

    /// The code of the next `problem` frame.
    ///
    /// # Panics
    /// When none comes.
    pub async fn problem_code(&mut self) -> String {
        let frame = self.wait_for_kind("link", "problem").await;
        frame.data["code"]
            .as_str()
            .expect("a problem has a code")
            .to_owned()
    }

    /// Waits until the server closes the connection; returns how many frames still came.
    ///
    /// # Panics
    /// When it does not.
    pub async fn closed(&mut self, why: &str) -> usize {
        let mut frames = self.waiting.len();
        self.waiting.clear();
        let what = format!("the server to hang up: {why}");
        while self.receive(&what).await.is_some() {
            frames += 1;
        }
        frames
    }

    /// Waits until the server closes the connection; returns the code and the reason of its close frame.
    ///
    /// # Panics
    /// When it does not, or without a word.
    pub async fn farewell(&mut self, why: &str) -> (u16, String) {
        self.closed(why).await;
        let farewell = self.farewell.take();
        farewell.unwrap_or_else(|| panic!("the server hung up without a word: {why}"))
    }

    async fn receive(&mut self, what: &str) -> Option<Envelope<Value>> {
        loop {
            let message = tokio::time::timeout(PATIENCE, self.socket.next())
                .await
                .unwrap_or_else(|_| panic!("waited {PATIENCE:?} in vain for {what}"));
            match message {
                Some(Ok(Message::Text(text))) => {
                    let frame = serde_json::from_str::<Envelope<Value>>(&text);
                    return Some(
                        frame
                            .unwrap_or_else(|e| panic!("the server sent no envelope: {e}: {text}")),
                    );
                }
                Some(Ok(Message::Close(frame))) => {
                    self.farewell = frame.map(|f| (f.code.into(), f.reason.to_string()));
                    // The answer leaves with the next look.
                    let _ = self.socket.next().await;
                    return None;
                }
                Some(Err(_)) | None => return None,
                Some(Ok(_)) => {}
            }
        }
    }
}
