//! A screen's eyes: follows one topic on the station's WebSocket and keeps its newest state.

use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use protocol::{ClientFrame, Envelope, Hello, PROTOCOL_VERSION, Role};
use serde::de::DeserializeOwned;
use serde_json::Value;
use tokio::sync::watch;
use tokio::time::timeout;
use tokio_tungstenite::connect_async;
use tokio_tungstenite::tungstenite::Message;

/// Longest silence of a server, which says something every four seconds.
const SILENCE: Duration = Duration::from_secs(12);
/// Waits between attempts double from the first to the last.
const RETRY_MS: (u64, u64) = (250, 8_000);

/// What to follow, and as whom.
pub(super) struct Following {
    /// `http://host:port` of the station.
    pub(super) server: String,
    /// The client's role.
    pub(super) role: Role,
    /// The client's name, where the role needs one.
    pub(super) device: Option<String>,
    /// Bearer token, where the role needs one.
    pub(super) token: Option<String>,
    /// The topic.
    pub(super) topic: String,
}

impl Following {
    /// Keeps `latest` as the topic's state, none while the station cannot be heard. Runs until nobody looks any more.
    pub(super) async fn run<T: DeserializeOwned>(self, latest: watch::Sender<Option<T>>) {
        let mut failures = 0_u32;
        while !latest.is_closed() {
            if self.listen(&latest).await {
                failures = 0;
            }
            latest.send_replace(None);
            let wait_ms = (RETRY_MS.0 << failures.min(8)).min(RETRY_MS.1);
            failures = failures.saturating_add(1);
            tokio::time::sleep(Duration::from_millis(wait_ms)).await;
        }
    }

    /// One connection to its end; whether it told anything.
    async fn listen<T: DeserializeOwned>(&self, latest: &watch::Sender<Option<T>>) -> bool {
        let role = match self.role {
            Role::Kiosk => "kiosk",
            Role::Display => "display",
            Role::Counter => "counter",
            Role::Ticket => "ticket",
            Role::Admin => "admin",
        };
        let endpoint = format!("{}/ws/v1/{role}", self.server.replacen("http", "ws", 1));
        let Ok(Ok((mut socket, _))) = timeout(SILENCE, connect_async(endpoint)).await else {
            return false;
        };
        let hello = ClientFrame::Hello(Hello {
            protocol: PROTOCOL_VERSION,
            role: self.role,
            device: self.device.clone(),
            epoch: None,
            resume: None,
            token: self.token.clone(),
            page_url: None,
        });
        let mut told = false;
        let mut answer = Some(hello);
        loop {
            if let Some(frame) = answer.take() {
                // Our own types: they have a JSON form.
                let text = serde_json::to_string(&frame).unwrap_or_default();
                if !matches!(
                    timeout(SILENCE, socket.send(Message::text(text))).await,
                    Ok(Ok(()))
                ) {
                    return told;
                }
            }
            let Ok(Some(Ok(message))) = timeout(SILENCE, socket.next()).await else {
                return told;
            };
            let Message::Text(text) = message else {
                continue;
            };
            let Ok(envelope) = serde_json::from_str::<Envelope<Value>>(&text) else {
                tracing::debug!(topic = self.topic, "a frame that is none");
                return told;
            };
            if envelope.kind == "ping" {
                answer = Some(ClientFrame::Pong);
            } else if envelope.topic == self.topic && envelope.kind == "state" {
                match serde_json::from_value(envelope.data) {
                    Ok(state) => {
                        latest.send_replace(Some(state));
                        told = true;
                    }
                    Err(error) => {
                        tracing::debug!(topic = self.topic, %error, "a state that is none");
                        return told;
                    }
                }
            }
            if latest.is_closed() {
                return told;
            }
        }
    }
}
