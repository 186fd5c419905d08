//! The limits, in a process of their own as the station is: what this machine does with nothing but an axum endpoint, one
//! SQLite writer that commits in groups, and a broadcast to WebSockets.

use std::path::Path;
use std::sync::mpsc::{Receiver, Sender, channel};

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::extract::ws::{Message, Utf8Bytes, WebSocket, WebSocketUpgrade};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::serve::ListenerExt;
use tokio::sync::{broadcast, oneshot};

use crate::station::Running;

/// With this argument the benchmark is the limit.
pub(crate) const VERB: &str = "serve-limit";

/// Commands in one commit, as in the station.
const BATCH: usize = 64;
/// As long as the station's call pulse.
const PULSE: &str = r#"{"v":1,"topic":"calls","prev":123456,"seq":123457,"kind":"call","data":{"call_id":123457,"number":"A047","counter":"3","at":1785000000000,"calls":1,"language":"zh-Hant-TW"}}"#;
/// As long as the station's answer to an issue.
const TICKET: &str = r#"{"ahead":12,"called_at":null,"calls":0,"class":"regular","counter":null,"estimate":{"p50_s":300,"p80_s":600},"id":"00112233445566778899aabbccddeeff","issued_at":"2026-07-31T09:14:03.123+08:00","language":null,"links":{"cancel":"/api/v1/tickets/00112233445566778899aabbccddeeff/cancel","page":"http://127.0.0.1:8080/t/00112233445566778899aabbccddeeff","self":"/api/v1/tickets/00112233445566778899aabbccddeeff"},"number":"P047","print":null,"rated":false,"service":"pick-up","state":"waiting"}"#;

struct Row {
    body: Bytes,
    done: oneshot::Sender<i64>,
}

#[derive(Clone)]
struct Limit {
    rows: Sender<Row>,
    calls: broadcast::Sender<Utf8Bytes>,
}

/// Starts the limit as another process of this program.
pub(crate) async fn start(dir: &Path) -> anyhow::Result<Running> {
    std::fs::create_dir_all(dir)?;
    let address = station_tests::free_address().to_string();
    std::fs::write(dir.join("address"), &address)?;
    Running::start(
        &std::env::current_exe()?,
        vec![VERB.into(), dir.into()],
        address,
    )
    .await
}

/// Is the limit.
pub(crate) fn serve(dir: &Path) -> anyhow::Result<()> {
    let address = std::fs::read_to_string(dir.join("address"))?;
    let db = rusqlite::Connection::open(dir.join("limit.db"))?;
    db.execute_batch(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
         CREATE TABLE event (seq INTEGER PRIMARY KEY, body BLOB NOT NULL) STRICT;",
    )?;
    let (rows, waiting) = channel();
    std::thread::spawn(move || write(&db, &waiting));
    let limit = Limit {
        rows,
        calls: broadcast::channel(1_024).0,
    };
    let router = Router::new()
        .route("/healthz", get(|| async { "ok" }))
        .route("/issue", post(issue))
        .route("/echo", post(|_: Bytes| async { ticket() }))
        .route("/call", post(call))
        .route("/call-after-commit", post(call_after_commit))
        .route("/board", get(board))
        .with_state(limit);
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?;
    runtime.block_on(async {
        let listener = tokio::net::TcpListener::bind(address).await?;
        let listener = listener.tap_io(|stream| {
            // Without it only the figures of the limit get worse.
            let _ = stream.set_nodelay(true);
        });
        Ok(axum::serve(listener, router).await?)
    })
}

/// Takes what waits, commits it together, and only then answers.
fn write(db: &rusqlite::Connection, waiting: &Receiver<Row>) -> Option<()> {
    let mut batch = Vec::with_capacity(BATCH);
    loop {
        batch.push(waiting.recv().ok()?);
        batch.extend(waiting.try_iter().take(BATCH - 1));
        db.prepare_cached("BEGIN IMMEDIATE")
            .ok()?
            .execute([])
            .ok()?;
        let mut answers = Vec::with_capacity(batch.len());
        for row in batch.drain(..) {
            let mut insert = db
                .prepare_cached("INSERT INTO event (body) VALUES (?1)")
                .ok()?;
            answers.push((row.done, insert.insert([&row.body[..]]).ok()?));
        }
        db.prepare_cached("COMMIT").ok()?.execute([]).ok()?;
        for (done, seq) in answers {
            // Whoever asked may have gone.
            let _ = done.send(seq);
        }
    }
}

fn ticket() -> Response {
    (
        StatusCode::CREATED,
        [(header::CONTENT_TYPE, "application/json")],
        TICKET,
    )
        .into_response()
}

async fn commit(limit: &Limit, body: Bytes) -> Result<i64, StatusCode> {
    let (done, answer) = oneshot::channel();
    limit
        .rows
        .send(Row { body, done })
        .map_err(|_| StatusCode::SERVICE_UNAVAILABLE)?;
    answer.await.map_err(|_| StatusCode::SERVICE_UNAVAILABLE)
}

async fn issue(State(limit): State<Limit>, body: Bytes) -> Result<Response, StatusCode> {
    commit(&limit, body).await?;
    Ok(ticket())
}

async fn call(State(limit): State<Limit>) -> Response {
    // Nobody may be connected.
    let _ = limit.calls.send(PULSE.into());
    ticket()
}

async fn call_after_commit(
    State(limit): State<Limit>,
    body: Bytes,
) -> Result<Response, StatusCode> {
    commit(&limit, body).await?;
    Ok(call(State(limit)).await)
}

async fn board(State(limit): State<Limit>, socket: WebSocketUpgrade) -> Response {
    let calls = limit.calls.subscribe();
    socket.on_upgrade(move |socket| follow(socket, calls))
}

async fn follow(mut socket: WebSocket, mut calls: broadcast::Receiver<Utf8Bytes>) {
    while let Ok(call) = calls.recv().await {
        if socket.send(Message::Text(call)).await.is_err() {
            return;
        }
    }
}
