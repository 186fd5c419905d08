//! A station server that says what a test tells it to say.

use std::net::SocketAddr;

use futures_util::{SinkExt, StreamExt};
use protocol::{ClientFrame, Envelope, Hello};
use serde::Serialize;
use tokio::net::{TcpListener, TcpStream};
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::handshake::server::{Request, Response};
use tokio_tungstenite::{WebSocketStream, accept_hdr_async};

/// The listening side.
pub(crate) struct FakeServer {
    listener: TcpListener,
    pub(crate) address: SocketAddr,
}

/// One connection of an agent.
pub(crate) struct Connection {
    socket: WebSocketStream<TcpStream>,
    pub(crate) path: String,
    pub(crate) authorization: String,
    pub(crate) hello: Hello,
}

impl FakeServer {
    pub(crate) async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        Self { listener, address }
    }

    /// Waits for an agent and its hello.
    pub(crate) async fn accept(&self) -> Connection {
        let (stream, _) = self.listener.accept().await.unwrap();
        let (mut path, mut authorization) = (String::new(), String::new());
        #[allow(clippy::result_large_err, reason = "the library's signature")]
        let note = |request: &Request, response: Response| {
            path = request.uri().path().to_owned();
            if let Some(value) = request.headers().get("authorization") {
                authorization = value.to_str().unwrap().to_owned();
            }
            Ok(response)
        };
        let mut socket = accept_hdr_async(stream, note).await.unwrap();
        let ClientFrame::Hello(hello) = receive(&mut socket).await else {
            panic!("the first frame is no hello");
        };
        Connection {
            socket,
            path,
            authorization,
            hello,
        }
    }
}

impl Connection {
    pub(crate) async fn send(&mut self, topic: &str, kind: &str, data: impl Serialize) {
        let envelope = Envelope {
            v: 1,
            topic: topic.to_owned(),
            prev: 0,
            seq: 0,
            kind: kind.to_owned(),
            data,
        };
        let text = serde_json::to_string(&envelope).unwrap();
        self.socket.send(Message::Text(text.into())).await.unwrap();
    }

    /// The next frame of the agent.
    pub(crate) async fn receive(&mut self) -> ClientFrame {
        receive(&mut self.socket).await
    }

    /// Waits until the agent says this of a device.
    pub(crate) async fn until_device(&mut self, device: &str, status: &str) {
        loop {
            if let ClientFrame::Health { devices } = self.receive().await
                && devices
                    .iter()
                    .any(|d| d.device == device && d.status == status)
            {
                return;
            }
        }
    }

    /// The next command of the agent; health is passed over.
    pub(crate) async fn command(&mut self) -> (queue_core::CommandId, protocol::AgentCommand) {
        loop {
            if let ClientFrame::Command {
                command_id,
                command,
            } = self.receive().await
            {
                return (command_id, command);
            }
        }
    }
}

async fn receive(socket: &mut WebSocketStream<TcpStream>) -> ClientFrame {
    loop {
        if let Message::Text(text) = socket.next().await.unwrap().unwrap() {
            return serde_json::from_str(&text).unwrap();
        }
    }
}
