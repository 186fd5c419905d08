//! A year and more of history: import, start, figures.

use std::ffi::OsString;
use std::fmt::Write as _;
use std::path::Path;
use std::time::Instant;

use jiff::civil::{Date, date};
use jiff::{ToSpan, Unit};

use crate::station::{Running, database_bytes, run};
use crate::table::{Table, quantile};

const IMPORTED: usize = 20_000;
const HISTORY: usize = 250_000;
/// Tickets of one day.
const PER_DAY: usize = 685;
const FIRST_DAY: Date = date(2025, 1, 1);
const STARTS: usize = 7;
const QUESTIONS: usize = 9;

const SERVICES: [(&str, &str, &str); 6] = [
    ("A", "resident-certificate", "1"),
    ("C", "stay-extension", "3"),
    ("F", "entry-exit-certificate", "2"),
    ("H", "mainland-hk-macao", "4"),
    ("P", "pick-up", "5"),
    ("L", "enquiries", "6"),
];

pub(crate) async fn measure(
    program: &Path,
    scratch: &Path,
    table: &mut Table,
) -> anyhow::Result<()> {
    table.section("History");
    let small = scratch.join("small");
    drop(Running::demo(program, &small).await?);
    let took = import(program, scratch, &small, IMPORTED)?;
    table.row(
        &format!("import of {IMPORTED} tickets"),
        took,
        "s",
        None,
        "<= 3 s",
    );

    let data = scratch.join("history");
    let mut empty: Vec<f64> = Vec::new();
    for _ in 0..STARTS {
        empty.push(Running::demo(program, &data).await?.ready_in.as_secs_f64() * 1_000.0);
    }
    let took = import(program, scratch, &data, HISTORY)?;
    table.row(&format!("import of {HISTORY} tickets"), took, "s", None, "");
    let bytes = database_bytes(&data)? as f64 / HISTORY as f64;
    table.row("database, imported", bytes, "B/ticket", None, "");

    let mut starts: Vec<f64> = Vec::new();
    for _ in 0..STARTS {
        starts.push(Running::demo(program, &data).await?.ready_in.as_secs_f64() * 1_000.0);
    }
    let limit = Some(quantile(&mut empty, 0.5));
    let what = format!("cold start with {HISTORY} tickets (limit: none)");
    table.row(&what, quantile(&mut starts, 0.5), "ms", limit, "<= 200 ms");

    let station = Running::demo(program, &data).await?;
    table.row(
        "resident memory with it, idle",
        station.memory_mb("VmRSS")?,
        "MB",
        None,
        "<= 50 MB",
    );
    let (from, to) = (FIRST_DAY, FIRST_DAY.checked_add(364.days())?);
    for by in ["service", "hour"] {
        let mut connection = station.connect().await?;
        let path = format!("/api/v1/stats?from={from}&to={to}&by={by}");
        let mut took = Vec::new();
        for _ in 0..QUESTIONS {
            let started = Instant::now();
            connection
                .expect(&path, "authorization: Bearer demo-chief\r\n", None)
                .await?;
            took.push(started.elapsed().as_secs_f64() * 1_000.0);
        }
        table.row(&format!("a year by {by}, first"), took[0], "ms", None, "");
        table.row(
            &format!("a year by {by}, p50"),
            quantile(&mut took, 0.5),
            "ms",
            None,
            "<= 100 ms",
        );
    }
    table.row(
        "resident memory after the figures",
        station.memory_mb("VmRSS")?,
        "MB",
        None,
        "<= 50 MB",
    );
    Ok(())
}

/// Seconds.
fn import(program: &Path, scratch: &Path, data: &Path, tickets: usize) -> anyhow::Result<f64> {
    let file = scratch.join("tickets.csv");
    std::fs::write(&file, csv(tickets)?)?;
    let arguments: [OsString; 5] = [
        "import".into(),
        "--data".into(),
        data.into(),
        "--tickets".into(),
        file.into(),
    ];
    Ok(run(program, &arguments)?.as_secs_f64())
}

/// Days as they are: two waves of visitors, waits of minutes, some who leave, ratings from a third.
fn csv(tickets: usize) -> anyhow::Result<String> {
    let mut text = String::with_capacity(tickets * 160);
    text.push_str(
        "number,service,class,language,channel,issued_at,called_at,started_at,finished_at,counter,staff,outcome,score\n",
    );
    let mut state = 0x5eed_u64;
    let mut random = |below: u64| {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % below
    };
    let mut day = FIRST_DAY;
    for ticket in 0..tickets {
        let of_day = ticket % PER_DAY;
        if ticket > 0 && of_day == 0 {
            day = day.checked_add(1.day())?;
        }
        let (letter, service, counter) = SERVICES[of_day % SERVICES.len()];
        let number = 1 + of_day / SERVICES.len();
        let second = 8 * 3_600 + of_day * 8 * 3_600 / PER_DAY;
        let issued = day
            .at(0, 0, 0, 0)
            .checked_add(i64::try_from(second)?.seconds())?;
        let called = issued.checked_add(i64::try_from(30 + random(1_500))?.seconds())?;
        let started = called.checked_add(i64::try_from(5 + random(60))?.seconds())?;
        let finished = started.checked_add(i64::try_from(60 + random(900))?.seconds())?;
        let stamp = |t: jiff::civil::DateTime| t.round(Unit::Second).map(|t| t.to_string());
        let (issued, called) = (stamp(issued)?, stamp(called)?);
        let priority = if random(12) == 0 {
            "priority"
        } else {
            "regular"
        };
        if random(20) == 0 {
            writeln!(
                text,
                "{letter}{number:03},{service},{priority},,kiosk,{issued},{called},,,{counter},,no_show,"
            )?;
            continue;
        }
        let score = match random(3) {
            0 => (1 + random(5)).to_string(),
            _ => String::new(),
        };
        writeln!(
            text,
            "{letter}{number:03},{service},{priority},,kiosk,{issued},{called},{},{},{counter},,served,{score}",
            stamp(started)?,
            stamp(finished)?
        )?;
    }
    Ok(text)
}
