//! From the touch at the kiosk to the first byte of the ticket at the printer: kiosk and server are the real programs,
//! the printer is a simulator in this process on a pseudo-terminal.

use std::net::SocketAddr;
use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::Context;
use firmware_config::port::Link;
use firmware_config::simulate::{PrinterConfig, PrinterHandle, VirtualPrinter};
use tokio::time::timeout;

use crate::http::{Connection, headers};
use crate::station::Running;
use crate::table::{Table, quantile};

const TOUCHES: usize = 60;
const PATIENCE: Duration = Duration::from_secs(20);

pub(crate) async fn measure(
    program: &Path,
    scratch: &Path,
    table: &mut Table,
) -> anyhow::Result<()> {
    let port = scratch.join("printer");
    let printer = VirtualPrinter::new(PrinterConfig::default()).start(&port)?;
    let (mut server, mut kiosk): (Option<SocketAddr>, Option<SocketAddr>) = (None, None);
    let text = station_tests::station_file(|file| {
        server = Some(file.station.listen);
        file.displays.clear();
        for k in &mut file.kiosks {
            kiosk = Some(k.listen);
            if let Some(Link::Serial { path, .. }) = k.printer.as_mut().map(|p| &mut p.link) {
                *path = port.display().to_string();
            }
        }
    });
    let config = scratch.join("station.toml");
    std::fs::write(&config, text)?;
    let data = scratch.join("kiosk");
    let arguments = vec![
        "serve".into(),
        "--config".into(),
        config.into(),
        "--data".into(),
        data.into(),
        "--with".into(),
        "kiosk".into(),
    ];
    let address = server.context("the demo has a server")?.to_string();
    let running = Running::start(program, arguments, address).await?;
    let kiosk = kiosk.context("the demo has a kiosk")?.to_string();
    let mut page = timeout(PATIENCE, page_of(&kiosk))
        .await
        .context("the kiosk has no pages")?;
    let mut http = running.connect().await?;
    timeout(PATIENCE, until_ready(&mut http))
        .await
        .context("the printer is not found")??;

    let mut took = Vec::with_capacity(TOUCHES);
    for _ in 0..TOUCHES {
        took.push(touch(&mut page, &printer).await?);
    }
    table.section("At the kiosk");
    for (name, q, aim) in [("p50", 0.5, ""), ("p99", 0.99, "<= 60 ms")] {
        table.row(
            &format!("touch to first printer byte, {name}"),
            quantile(&mut took, q),
            "ms",
            None,
            aim,
        );
    }
    Ok(())
}

async fn page_of(kiosk: &str) -> Connection {
    loop {
        if let Ok(mut connection) = Connection::open(kiosk).await
            && connection.expect("/healthz", "", None).await.is_ok()
        {
            return connection;
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

/// The kiosk is connected and its printer has answered.
async fn until_ready(http: &mut Connection) -> anyhow::Result<()> {
    loop {
        let answer = http
            .expect("/api/v1/devices", &headers("demo-chief"), None)
            .await?;
        if answer.text("status") == Some("ok") {
            return Ok(());
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// Milliseconds from the touch to the first change at the printer, which a byte of the ticket makes.
async fn touch(page: &mut Connection, printer: &PrinterHandle) -> anyhow::Result<f64> {
    let mut seen = printer.watch();
    let papers = printer.view().papers.back().map_or(0, |p| p.seq);
    seen.mark_unchanged();
    let form = format!("service=pick-up&key={}", uuid::Uuid::new_v4().simple());
    let headers = "content-type: application/x-www-form-urlencoded\r\n";
    let started = Instant::now();
    let touched = page.expect("/ticket", headers, Some(&form));
    let first_byte = async {
        loop {
            seen.changed().await.context("the printer is gone")?;
            let view = seen.borrow_and_update();
            let newest = view.papers.back().map_or(0, |p| p.seq);
            if view.uncut_dots > 0 || view.buffered_bytes > 0 || newest > papers {
                return anyhow::Ok(started.elapsed());
            }
        }
    };
    let (touched, took) = tokio::join!(touched, timeout(PATIENCE, first_byte));
    touched?;
    let took = took.context("no paper")??;
    // The whole paper, before the next visitor.
    let whole = async {
        while printer.view().papers.back().map_or(0, |p| p.seq) == papers {
            if seen.changed().await.is_err() {
                return;
            }
        }
    };
    timeout(PATIENCE, whole)
        .await
        .context("the paper is not cut")?;
    Ok(took.as_secs_f64() * 1_000.0)
}
