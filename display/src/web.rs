//! The agent's own web server: the pages, and the socket that keeps them right.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use axum::Router;
use axum::extract::ws::{Message, Utf8Bytes, WebSocket, WebSocketUpgrade};
use axum::extract::{Path, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, HOST, ORIGIN};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use protocol::Envelope;
use queue_core::{CallId, CounterId};
use serde::Serialize;
use serde_json::{Value, json};
use tokio::sync::{mpsc, watch};
use tokio::time::{interval, timeout};

use crate::agent::{PageEvent, Screens};
use crate::pages::{View, frame};
use crate::studio::Sounds;

/// A page hears the time this often; it takes itself for cut off after 10 s without.
const TIME_EVERY: Duration = Duration::from_secs(3);
/// A page that takes no frame for so long is gone.
const SEND: Duration = Duration::from_secs(5);
/// A page that says no hello for so long is none.
const HELLO: Duration = Duration::from_secs(5);

/// What pages see at one moment. The newest replaces all before it, so a slow page misses
/// pictures and never falls behind.
#[derive(Default)]
pub(crate) struct Published {
    hall: Option<Arc<Shown>>,
    counters: BTreeMap<CounterId, Arc<Shown>>,
    /// How far the station's clock is ahead of this PC's, milliseconds.
    ahead_ms: i64,
}

struct Shown {
    view: View,
    /// The envelope that brings the view, written once for all pages.
    text: Utf8Bytes,
}

impl Published {
    /// The next picture; what has not changed stays the same object.
    pub(crate) fn next(&self, seq: u64, screens: Screens, ahead_ms: i64) -> Self {
        let keep = |old: Option<&Arc<Shown>>, view: View, topic: String| match old {
            Some(old) if old.view == view => Arc::clone(old),
            _ => Arc::new(Shown {
                text: envelope(&topic, "state", seq, &view),
                view,
            }),
        };
        Self {
            hall: Some(keep(self.hall.as_ref(), screens.hall, "hall".to_owned())),
            counters: screens
                .counters
                .into_iter()
                .map(|(id, view)| {
                    let topic = format!("counter/{id}");
                    let shown = keep(self.counters.get(&id), view, topic);
                    (id, shown)
                })
                .collect(),
            ahead_ms,
        }
    }

    fn of(&self, device: &Device) -> Option<&Arc<Shown>> {
        match device {
            Device::Hall => self.hall.as_ref(),
            Device::Counter(id) => self.counters.get(id),
        }
    }
}

fn envelope<T: Serialize>(topic: &str, kind: &str, seq: u64, data: T) -> Utf8Bytes {
    let envelope = Envelope {
        v: 1,
        topic: topic.to_owned(),
        prev: 0,
        seq,
        kind: kind.to_owned(),
        data,
    };
    serde_json::to_string(&envelope).unwrap_or_default().into()
}

/// Which page of the agent.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Device {
    Hall,
    Counter(CounterId),
}

impl Device {
    fn parse(text: &str) -> Option<Self> {
        match text.strip_prefix("counter/") {
            Some(id) => id.parse().ok().map(Self::Counter),
            None => (text == "hall").then_some(Self::Hall),
        }
    }
}

/// What the handlers share.
#[derive(Clone)]
pub(crate) struct Web {
    /// The newest picture.
    pub published: watch::Receiver<Arc<Published>>,
    /// To the agent.
    pub events: mpsc::Sender<PageEvent>,
    /// Minted at start: a page of an older agent loads itself again.
    pub epoch: Arc<str>,
    /// Numbers for pages.
    pub pages: Arc<AtomicU64>,
    /// What the board says.
    pub sounds: Sounds,
}

/// The agent's pages.
pub(crate) fn router(web: Web) -> Router {
    let router = Router::new()
        .route("/", get(hall))
        .route("/counter/{id}", get(counter))
        .route("/live", get(live))
        .route("/voice/{file}", get(sound))
        .route("/healthz", get(|| async { "ok" }))
        .with_state(web)
        .merge(screens::assets::router())
        .merge(screens::assets::embedded_router::<frame::Assets>(
            frame::ASSETS,
        ));
    screens::shell::security_headers(screens::shell::compressed(router))
}

async fn hall(State(web): State<Web>) -> Response {
    let now = web.published.borrow().clone();
    match &now.hall {
        Some(shown) => frame::hall(&shown.view).into_response(),
        None => StatusCode::SERVICE_UNAVAILABLE.into_response(),
    }
}

async fn counter(State(web): State<Web>, Path(id): Path<String>) -> Response {
    let Ok(id) = id.parse::<CounterId>() else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let now = web.published.borrow().clone();
    match now.counters.get(&id) {
        Some(shown) => frame::counter(&shown.view, &id).into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

/// A sound. Its name is that of its content, so that it never changes.
async fn sound(State(web): State<Web>, Path(file): Path<String>) -> Response {
    let wav = file
        .strip_suffix(".wav")
        .and_then(|hash| web.sounds.get(hash));
    match wav {
        Some(wav) => {
            let headers = [
                (CONTENT_TYPE, "audio/wav"),
                (CACHE_CONTROL, "public, max-age=31536000, immutable"),
            ];
            (headers, wav).into_response()
        }
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

async fn live(State(web): State<Web>, headers: HeaderMap, upgrade: WebSocketUpgrade) -> Response {
    if !same_origin(&headers) {
        return StatusCode::FORBIDDEN.into_response();
    }
    upgrade
        .read_buffer_size(protocol::READ_BUFFER_BYTES)
        .max_message_size(4 * 1024)
        .on_upgrade(move |socket| async move {
            let page = web.pages.fetch_add(1, Ordering::Relaxed);
            // Whatever ends a page, all that matters is that it is gone.
            let _ = serve(&web, page, socket).await;
            let _ = web.events.send(PageEvent::Gone { page }).await;
        })
}

/// A page of another site must not speak here. Programs that are no browsers send no origin.
fn same_origin(headers: &HeaderMap) -> bool {
    let text = |name| headers.get(name).map(|value| value.to_str().unwrap_or(""));
    match (text(ORIGIN), text(HOST)) {
        (None, _) => true,
        (Some(origin), Some(host)) => origin
            .split_once("://")
            .is_some_and(|(_, name)| name == host),
        (Some(_), None) => false,
    }
}

/// The page is gone, or says what no page says.
struct Over;

async fn serve(web: &Web, page: u64, mut socket: WebSocket) -> Result<(), Over> {
    let device = match timeout(HELLO, receive(&mut socket)).await {
        Ok(Ok(Some(Frame::Hello(device)))) => device,
        _ => return Err(Over),
    };
    let welcome = json!({ "epoch": &*web.epoch });
    send(&mut socket, envelope("link", "welcome", 0, welcome)).await?;
    let mut published = web.published.clone();
    published.mark_changed();
    let mut sent: Option<Arc<Shown>> = None;
    let mut time = interval(TIME_EVERY);
    loop {
        tokio::select! {
            changed = published.changed() => {
                changed.map_err(|_| Over)?;
                let shown = published.borrow_and_update().of(&device).cloned();
                if let Some(shown) = shown
                    && sent.as_ref().is_none_or(|sent| !Arc::ptr_eq(sent, &shown))
                {
                    send(&mut socket, shown.text.clone()).await?;
                    sent = Some(shown);
                }
            }
            _ = time.tick() => {
                let ahead_ms = published.borrow().ahead_ms;
                let now_ms = crate::time::wall_ms().saturating_add(ahead_ms);
                send(&mut socket, envelope("link", "time", 0, json!({ "now_ms": now_ms }))).await?;
            }
            frame = receive(&mut socket) => {
                let event = match frame? {
                    Some(Frame::Shown(call)) => PageEvent::Shown { call },
                    Some(Frame::Sound { ok }) => PageEvent::Sound { page, ok },
                    Some(Frame::Hello(_)) | None => continue,
                };
                web.events.send(event).await.map_err(|_| Over)?;
            }
        }
    }
}

async fn send(socket: &mut WebSocket, text: Utf8Bytes) -> Result<(), Over> {
    match timeout(SEND, socket.send(Message::Text(text))).await {
        Ok(Ok(())) => Ok(()),
        Ok(Err(_)) | Err(_) => Err(Over),
    }
}

async fn receive(socket: &mut WebSocket) -> Result<Option<Frame>, Over> {
    match socket.recv().await {
        Some(Ok(Message::Text(text))) => Ok(Frame::read(&text)),
        Some(Ok(Message::Close(_)) | Err(_)) | None => Err(Over),
        Some(Ok(_)) => Ok(None),
    }
}

/// What a page says.
#[derive(Debug, PartialEq)]
enum Frame {
    Hello(Device),
    Shown(CallId),
    Sound { ok: bool },
}

impl Frame {
    /// Reads a frame; what makes no sense is nothing.
    fn read(text: &str) -> Option<Self> {
        let frame: Value = serde_json::from_str(text).ok()?;
        match frame["kind"].as_str()? {
            "hello" => Device::parse(frame["device"].as_str()?).map(Self::Hello),
            "shown" => frame["call"].as_u64().map(|id| Self::Shown(CallId(id))),
            "sound" => Some(Self::Sound {
                ok: frame["state"].as_str()? == "ok",
            }),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn frames_of_the_page_script_are_read() {
        for (text, frame) in [
            (
                r#"{"kind":"hello","protocol":1,"role":"display","device":"hall","epoch":null,"resume":null}"#,
                Some(Frame::Hello(Device::Hall)),
            ),
            (
                r#"{"kind":"hello","device":"counter/3"}"#,
                Some(Frame::Hello(Device::Counter("3".parse().unwrap()))),
            ),
            (r#"{"kind":"hello","device":"counter/ 3"}"#, None),
            (
                r#"{"kind":"shown","call":17}"#,
                Some(Frame::Shown(CallId(17))),
            ),
            (
                r#"{"kind":"sound","state":"refused"}"#,
                Some(Frame::Sound { ok: false }),
            ),
            (r#"{"kind":"shown","call":-1}"#, None),
            (r#"{"kind":"pong"}"#, None),
        ] {
            assert_eq!(Frame::read(text), frame, "{text}");
        }
    }

    #[test]
    fn only_the_agent_s_own_pages_may_speak() {
        let headers = |origin: Option<&str>| {
            let mut headers = HeaderMap::new();
            headers.insert(HOST, "127.0.0.1:8091".parse().unwrap());
            if let Some(origin) = origin {
                headers.insert(ORIGIN, origin.parse().unwrap());
            }
            headers
        };
        assert!(same_origin(&headers(Some("http://127.0.0.1:8091"))));
        assert!(same_origin(&headers(None)));
        assert!(!same_origin(&headers(Some("http://evil.example"))));
        assert!(!same_origin(&headers(Some("null"))));
    }

    proptest! {
        #[test]
        fn any_text_is_read_without_fault(text in "\\PC{0,60}") {
            let _ = Frame::read(&text);
            let _ = Frame::read(&format!("{{\"kind\":\"shown\",\"call\":{text}}}"));
        }
    }
}
