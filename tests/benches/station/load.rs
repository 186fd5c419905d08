//! Requests per second that are durable when they are answered.

use std::cell::RefCell;
use std::path::Path;
use std::rc::Rc;
use std::time::{Duration, Instant};

use tokio::task::LocalSet;

use crate::http::{Connection, headers};
use crate::limit;
use crate::station::{Running, database_bytes};
use crate::table::{Table, quantile};

const WARM_UP: Duration = Duration::from_millis(500);
const MEASURED: Duration = Duration::from_secs(4);

/// Counters for the full visits, each with a service of its own so that nobody waits for another.
const DESKS: [(&str, &str); 6] = [
    ("1", "resident-certificate"),
    ("2", "resident-certificate"),
    ("3", "stay-extension"),
    ("4", "mainland-hk-macao"),
    ("5", "pick-up"),
    ("6", "enquiries"),
];

/// What each client repeats.
#[derive(Clone, Copy)]
enum Work {
    Issue,
    /// Issue, call, start, finish.
    Visit,
    /// The same request under the same key.
    Repeat,
    LimitIssue,
    /// No database at all.
    LimitEcho,
}

/// What came of it.
struct Rate {
    /// Asked for while it was measured; some more came before, to warm up.
    tickets: usize,
    per_s: f64,
    p50_ms: f64,
    p99_ms: f64,
}

pub(crate) async fn measure(
    program: &Path,
    scratch: &Path,
    table: &mut Table,
) -> anyhow::Result<()> {
    let limit = limit::start(&scratch.join("limit")).await?;
    let data = scratch.join("load");
    let station = Running::demo(program, &data).await?;
    let idle_mb = station.memory_mb("VmRSS")?;
    let mut limits = [0.0; 3];
    // Several times what the busiest offices have in a day.
    let mut busy = (0, 0.0);

    table.section("Durable tickets over HTTP (limit: bare axum + SQLite)");
    for (clients, aim, last) in [(1, ">= 0.60", 0), (8, ">= 0.50", 1), (32, ">= 0.50", 2)] {
        let bare = drive(&limit, clients, Work::LimitIssue).await?;
        let ours = drive(&station, clients, Work::Issue).await?;
        limits[last] = bare.per_s;
        if clients == 1 {
            busy = (ours.tickets, station.memory_mb("VmHWM")?);
        }
        table.row(
            &format!("issue, {clients} clients"),
            ours.per_s,
            "/s",
            Some(bare.per_s),
            aim,
        );
        table.row(
            &format!("issue, {clients} clients, p50"),
            ours.p50_ms,
            "ms",
            Some(bare.p50_ms),
            "",
        );
        table.row(
            &format!("issue, {clients} clients, p99"),
            ours.p99_ms,
            "ms",
            Some(bare.p99_ms),
            "",
        );
    }
    for clients in [1, 8] {
        let bare = drive(&limit, clients, Work::LimitEcho).await?;
        let ours = drive(&station, clients, Work::Repeat).await?;
        let what = format!("idempotent repeat, {clients} clients (limit: no database)");
        table.row(&what, ours.per_s, "/s", Some(bare.per_s), "");
    }

    table.section("Memory and disk");
    table.row("resident memory, idle", idle_mb, "MB", None, "<= 50 MB");
    table.row(
        &format!("resident memory, most, {} tickets in one day", busy.0),
        busy.1,
        "MB",
        None,
        "<= 50 MB",
    );
    table.row(
        "resident memory, most, all tickets of this load in one day",
        station.memory_mb("VmHWM")?,
        "MB",
        None,
        "",
    );
    station.stop()?;
    let db = rusqlite::Connection::open(data.join(station_server::journal::FILE_NAME))?;
    let tickets: u32 = db.query_row(
        "SELECT count(*) FROM event WHERE kind = 'ticket_issued'",
        [],
        |row| row.get(0),
    )?;
    drop(db);
    let bytes = database_bytes(&data)? as f64 / f64::from(tickets);
    table.row(
        &format!("database, {tickets} tickets of this load"),
        bytes,
        "B/ticket",
        None,
        "",
    );

    // A day as it is: every ticket is called, served and finished.
    let data = scratch.join("visits");
    let station = Running::demo(program, &data).await?;
    table.section("Whole visits, nobody else waiting (limit: a quarter of bare issues)");
    for (clients, bare) in [(1, limits[0]), (6, limits[1])] {
        let ours = drive(&station, clients, Work::Visit).await?;
        // Four commits each; the limit for six is the one of eight.
        let what = format!("issue-call-start-finish, {clients} clients");
        table.row(&what, ours.per_s, "/s", Some(bare / 4.0), "");
    }
    station.stop()?;
    let db = rusqlite::Connection::open(data.join(station_server::journal::FILE_NAME))?;
    let tickets: u32 = db.query_row(
        "SELECT count(*) FROM event WHERE kind = 'ticket_issued'",
        [],
        |row| row.get(0),
    )?;
    drop(db);
    let bytes = database_bytes(&data)? as f64 / f64::from(tickets);
    table.row(
        &format!("database, {tickets} whole visits"),
        bytes,
        "B/ticket",
        None,
        "",
    );
    Ok(())
}

async fn drive(server: &Running, clients: usize, work: Work) -> anyhow::Result<Rate> {
    let latencies = Rc::new(RefCell::new(Vec::new()));
    let begin = Instant::now() + WARM_UP;
    let end = begin + MEASURED;
    let local = LocalSet::new();
    let mut tasks = Vec::new();
    for client in 0..clients {
        let mut connection = server.connect().await?;
        let latencies = Rc::clone(&latencies);
        tasks.push(local.spawn_local(async move {
            let repeated = headers("demo-kiosk");
            loop {
                let started = Instant::now();
                if started >= end {
                    return anyhow::Ok(());
                }
                once(&mut connection, client, work, &repeated).await?;
                if started >= begin {
                    latencies
                        .borrow_mut()
                        .push(started.elapsed().as_secs_f64() * 1_000.0);
                }
            }
        }));
    }
    local.await;
    for task in tasks {
        task.await??;
    }
    let mut latencies = latencies.borrow_mut();
    Ok(Rate {
        tickets: latencies.len(),
        per_s: latencies.len() as f64 / MEASURED.as_secs_f64(),
        p50_ms: quantile(&mut latencies, 0.5),
        p99_ms: quantile(&mut latencies, 0.99),
    })
}

async fn once(
    connection: &mut Connection,
    client: usize,
    work: Work,
    repeated: &str,
) -> anyhow::Result<()> {
    const ISSUE: &str = r#"{"service":"pick-up"}"#;
    const TICKETS: &str = "/api/v1/tickets";
    match work {
        Work::Issue => connection
            .expect(TICKETS, &headers("demo-kiosk"), Some(ISSUE))
            .await
            .map(drop),
        Work::Repeat => connection
            .expect(TICKETS, repeated, Some(ISSUE))
            .await
            .map(drop),
        Work::LimitIssue => connection
            .expect("/issue", &headers("demo-kiosk"), Some(ISSUE))
            .await
            .map(drop),
        Work::LimitEcho => connection
            .expect("/echo", repeated, Some(ISSUE))
            .await
            .map(drop),
        Work::Visit => visit(connection, DESKS[client % DESKS.len()]).await,
    }
}

/// One visitor from the ticket to the end.
async fn visit(
    connection: &mut Connection,
    (counter, service): (&str, &str),
) -> anyhow::Result<()> {
    let body = format!(r#"{{"service":"{service}"}}"#);
    let issued = connection
        .expect("/api/v1/tickets", &headers("demo-kiosk"), Some(&body))
        .await?;
    let id = issued.text("id").unwrap_or_default().to_owned();
    for action in ["call", "start", "finish"] {
        let path = format!("/api/v1/counters/{counter}/{action}");
        let body = format!(r#"{{"ticket":"{id}"}}"#);
        connection
            .expect(&path, &headers("demo-counter"), Some(&body))
            .await?;
    }
    Ok(())
}
