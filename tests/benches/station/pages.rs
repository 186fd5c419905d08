//! What a browser fetches the first time it opens a page.

use std::collections::{BTreeSet, VecDeque};
use std::ffi::OsString;
use std::path::Path;

use anyhow::Context;
use serde_json::Value;

use crate::http::headers;
use crate::station::Running;
use crate::table::Table;

pub(crate) async fn measure(
    program: &Path,
    scratch: &Path,
    table: &mut Table,
) -> anyhow::Result<()> {
    let listen = station_tests::free_address().to_string();
    let data = scratch.join("pages");
    let arguments = ["demo", "--listen", &listen, "--data"].map(OsString::from);
    let station = Running::start(
        program,
        arguments.into_iter().chain([data.into()]).collect(),
        listen,
    )
    .await?;
    let mut http = station.connect().await?;
    let kiosk = loop {
        let answer = http
            .expect("/api/v1/devices", &headers("demo-chief"), None)
            .await?;
        let devices: Value = serde_json::from_slice(answer.body)?;
        let agents = devices["devices"].as_array().cloned().unwrap_or_default();
        let kiosk = agents
            .iter()
            .find(|a| a["role"] == "kiosk" && a["connected"] == true);
        if let Some(page) = kiosk.and_then(|k| k["page_url"].as_str()) {
            break page.to_owned();
        }
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    };
    let body = r#"{"service":"pick-up","language":"vi"}"#;
    let issued = http
        .expect("/api/v1/tickets", &headers("demo-kiosk"), Some(body))
        .await?;
    let id = issued.text("id").context("a ticket has an id")?.to_owned();
    let base = format!("http://{}", station.address);

    table.section("First load of a page (limit: without compression)");
    let pages = [
        ("kiosk", kiosk, "<= 100 kB"),
        ("phone", format!("{base}/t/{id}"), "<= 60 kB"),
        ("hall board", format!("{base}/hall"), ""),
        ("counter console", format!("{base}/console/5"), ""),
        ("chief", format!("{base}/chief"), ""),
        ("front page", format!("{base}/"), ""),
    ];
    for (name, url, aim) in pages {
        let (plain, files) = weigh(&url, false).await?;
        let (sent, _) = weigh(&url, true).await?;
        table.row(
            &format!("{name}, {files} files"),
            sent / 1_000.0,
            "kB",
            Some(plain / 1_000.0),
            aim,
        );
    }
    Ok(())
}

/// Bytes and number of files: the page and everything it and its modules name.
async fn weigh(url: &str, compressed: bool) -> anyhow::Result<(f64, usize)> {
    let client = reqwest::Client::builder().no_proxy().build()?;
    let mut wanted = VecDeque::from([reqwest::Url::parse(url)?]);
    let mut fetched: BTreeSet<String> = BTreeSet::new();
    let (mut bytes, mut files) = (0, 0);
    while let Some(url) = wanted.pop_front() {
        if !fetched.insert(url.path().to_owned()) {
            continue;
        }
        let encoding = if compressed { "gzip" } else { "identity" };
        let request = client
            .get(url.clone())
            .header("accept-encoding", encoding)
            .bearer_auth("demo-chief");
        let response = request.send().await?.error_for_status()?;
        // The station leads to the agents' pages by a redirect.
        let url = response.url().clone();
        bytes += response.bytes().await?.len();
        files += 1;
        // The links inside are read from the plain form.
        let plain = client
            .get(url.clone())
            .header("accept-encoding", "identity")
            .bearer_auth("demo-chief");
        let text = String::from_utf8_lossy(&plain.send().await?.bytes().await?).into_owned();
        let is_page = files == 1;
        for link in links(&text, url.path(), is_page) {
            let found = url.join(&link)?;
            if found.host_str() == url.host_str() && found.port() == url.port() {
                wanted.push_back(found);
            }
        }
    }
    Ok((bytes as f64, files))
}

/// Style sheets, modules, pictures and fonts that a file makes the browser fetch.
fn links(text: &str, path: &str, is_page: bool) -> Vec<String> {
    let quoted = |start: &str, end: char| -> Vec<String> {
        text.match_indices(start)
            .filter_map(|(at, _)| text[at + start.len()..].split(end).next())
            .map(|l| l.split('#').next().unwrap_or(l).to_owned())
            .filter(|l| !l.is_empty() && !l.starts_with("data:"))
            .collect()
    };
    let asset = |l: &String| {
        [".css", ".js", ".svg", ".png", ".woff2", ".webp"]
            .iter()
            .any(|end| l.split('?').next().is_some_and(|l| l.ends_with(end)))
    };
    if is_page {
        let named = [quoted("href=\"", '"'), quoted("src=\"", '"')].concat();
        named.into_iter().filter(asset).collect()
    } else if path.ends_with(".css") {
        [
            quoted("url(\"", '"'),
            quoted("url('", '\''),
            quoted("@import \"", '"'),
        ]
        .concat()
        .into_iter()
        .filter(asset)
        .collect()
    } else if path.ends_with(".js") {
        [
            quoted("from \"", '"'),
            quoted("import \"", '"'),
            quoted("import(\"", '"'),
        ]
        .concat()
    } else {
        Vec::new()
    }
}
