//! From the clerk's request to the last of many boards.

use std::cell::{Cell, RefCell};
use std::path::Path;
use std::rc::Rc;
use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::Notify;
use tokio::task::LocalSet;

use crate::http::{Connection, headers};
use crate::limit;
use crate::station::Running;
use crate::table::{Table, quantile};

/// No frame for so long: everybody has the present picture.
const QUIET: Duration = Duration::from_millis(40);
/// Longest wait for the last board.
const LOST: Duration = Duration::from_secs(20);

/// What the boards of one run have seen.
#[derive(Default)]
struct Seen {
    /// Boards that have not had the call yet.
    left: Cell<usize>,
    last_call: Cell<Option<Instant>>,
    last_frame: Cell<Option<Instant>>,
    complete: Notify,
    greeted: Cell<usize>,
    failed: RefCell<Option<String>>,
}

impl Seen {
    fn frame(&self, payload: &[u8]) {
        let now = Instant::now();
        self.last_frame.set(Some(now));
        let head = &payload[..payload.len().min(120)];
        let has = |word: &[u8]| head.windows(word.len()).any(|w| w == word);
        if has(b"\"kind\":\"call\"") {
            self.left.set(self.left.get().saturating_sub(1));
            if self.left.get() == 0 {
                self.last_call.set(Some(now));
                self.complete.notify_one();
            }
        } else if has(b"\"topic\":\"board\"") {
            self.greeted.set(self.greeted.get() + 1);
        }
    }

    async fn quiet(&self) {
        while self.last_frame.get().is_some_and(|at| at.elapsed() < QUIET) {
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
    }
}

/// Whom the boards are connected to.
#[derive(Clone, Copy, PartialEq)]
enum To {
    Station,
    Broadcast,
    BroadcastAfterCommit,
}

pub(crate) async fn measure(
    program: &Path,
    scratch: &Path,
    table: &mut Table,
) -> anyhow::Result<()> {
    let limit = limit::start(&scratch.join("broadcast")).await?;
    let station = Running::demo(program, &scratch.join("boards")).await?;
    table.section("A call to the last of many boards (limit: bare broadcast)");
    for (boards, calls, aim) in [
        (10, 300, ""),
        (100, 200, "p99 <= 10 ms"),
        (1_000, 100, "p99 <= 40 ms"),
    ] {
        let mut bare = run(&limit, To::Broadcast, boards, calls).await?;
        let mut committed = run(&limit, To::BroadcastAfterCommit, boards, calls).await?;
        let mut ours = run(&station, To::Station, boards, calls).await?;
        for (name, q, aim) in [("p50", 0.5, "<= 1.5x"), ("p99", 0.99, aim)] {
            let limit = quantile(&mut bare, q);
            table.row(
                &format!("{boards} boards, {name}"),
                quantile(&mut ours, q),
                "ms",
                Some(limit),
                aim,
            );
        }
        let after = quantile(&mut committed, 0.5);
        let what = format!("{boards} boards, p50 (limit: after a commit)");
        table.row(&what, quantile(&mut ours, 0.5), "ms", Some(after), "");
    }
    Ok(())
}

/// Milliseconds of every call.
async fn run(server: &Running, to: To, boards: usize, calls: usize) -> anyhow::Result<Vec<f64>> {
    let seen = Rc::new(Seen::default());
    let local = LocalSet::new();
    local
        .run_until(async {
            for board in 0..boards {
                let stream = connect(&server.address, to)
                    .await
                    .with_context(|| format!("board {board}"))?;
                let seen = Rc::clone(&seen);
                tokio::task::spawn_local(async move {
                    if let Err(e) = listen(stream, &seen).await {
                        seen.failed.replace(Some(e.to_string()));
                        seen.complete.notify_one();
                    }
                });
            }
            while to == To::Station && seen.greeted.get() < boards {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
            let mut connection = server.connect().await?;
            let mut took = Vec::with_capacity(calls);
            for _ in 0..calls {
                if to == To::Station {
                    prepare(&mut connection).await?;
                    // The picture with the new visitor has gone to everybody.
                    tokio::time::sleep(QUIET).await;
                }
                seen.quiet().await;
                took.push(one_call(&mut connection, to, boards, &seen).await?);
            }
            Ok(took)
        })
        .await
}

/// Somebody waits, and the counter is free.
async fn prepare(connection: &mut Connection) -> anyhow::Result<()> {
    // No visitor at the counter before the first call.
    connection
        .send(
            "/api/v1/counters/5/finish",
            &headers("demo-counter"),
            Some("{}"),
        )
        .await?;
    let body = r#"{"service":"pick-up"}"#;
    connection
        .expect("/api/v1/tickets", &headers("demo-kiosk"), Some(body))
        .await
        .map(drop)
}

async fn one_call(
    connection: &mut Connection,
    to: To,
    boards: usize,
    seen: &Seen,
) -> anyhow::Result<f64> {
    let path = match to {
        To::Station => "/api/v1/counters/5/call-next",
        To::Broadcast => "/call",
        To::BroadcastAfterCommit => "/call-after-commit",
    };
    seen.left.set(boards);
    let headers = headers("demo-counter");
    let started = Instant::now();
    connection.expect(path, &headers, Some("{}")).await?;
    tokio::time::timeout(LOST, seen.complete.notified())
        .await
        .context("a board did not hear the call")?;
    if let Some(why) = seen.failed.take() {
        bail!("a board was cut off: {why}");
    }
    let last = seen.last_call.get().context("no call")?;
    Ok(last.duration_since(started).as_secs_f64() * 1_000.0)
}

/// The least a browser does to follow a board.
async fn connect(address: &str, to: To) -> anyhow::Result<TcpStream> {
    let mut stream = TcpStream::connect(address).await?;
    stream.set_nodelay(true)?;
    let path = if to == To::Station {
        "/ws/v1/display"
    } else {
        "/board"
    };
    let request = format!(
        "GET {path} HTTP/1.1\r\nhost: {address}\r\nconnection: Upgrade\r\nupgrade: websocket\r\n\
         sec-websocket-version: 13\r\nsec-websocket-key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n"
    );
    stream.write_all(request.as_bytes()).await?;
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(stream.read_u8().await?);
    }
    if !head.starts_with(b"HTTP/1.1 101") {
        bail!("no WebSocket: {}", String::from_utf8_lossy(&head));
    }
    if to == To::Station {
        send(
            &mut stream,
            br#"{"kind":"hello","protocol":1,"role":"display","device":"bench board"}"#,
        )
        .await?;
    }
    Ok(stream)
}

/// A masked text frame of fewer than 126 bytes; a mask of zeros changes nothing.
async fn send(stream: &mut TcpStream, text: &[u8]) -> anyhow::Result<()> {
    let length = u8::try_from(text.len())
        .ok()
        .filter(|l| *l < 126)
        .context("too long for a short frame")?;
    let mut frame = vec![0x81, 0x80 | length, 0, 0, 0, 0];
    frame.extend_from_slice(text);
    Ok(stream.write_all(&frame).await?)
}

async fn listen(mut stream: TcpStream, seen: &Seen) -> anyhow::Result<()> {
    let mut buffer: Vec<u8> = Vec::with_capacity(16 * 1024);
    loop {
        while let Some((payload, end)) = frame(&buffer) {
            let is_ping = buffer[payload.clone()]
                .windows(13)
                .take(80)
                .any(|w| w == b"\"kind\":\"ping\"");
            seen.frame(&buffer[payload]);
            buffer.drain(..end);
            if is_ping {
                send(&mut stream, br#"{"kind":"pong"}"#).await?;
            }
        }
        if stream.read_buf(&mut buffer).await? == 0 {
            bail!("closed");
        }
    }
}

/// Where the payload of the first whole frame is, and where the frame ends.
fn frame(buffer: &[u8]) -> Option<(std::ops::Range<usize>, usize)> {
    let short = usize::from(*buffer.get(1)? & 0x7f);
    let (start, length) = match short {
        126 => (
            4,
            usize::from(u16::from_be_bytes([*buffer.get(2)?, *buffer.get(3)?])),
        ),
        127 => {
            let long: [u8; 8] = buffer.get(2..10)?.try_into().ok()?;
            (10, usize::try_from(u64::from_be_bytes(long)).ok()?)
        }
        short => (2, short),
    };
    let end = start + length;
    (buffer.len() >= end).then_some((start..end, end))
}
