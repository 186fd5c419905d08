//! What the station is, is what its log says: replayed, rebuilt, restarted or restored, it is the same.

use std::ffi::OsString;
use std::path::Path;

use queue_core::Engine;
use serde_json::{Value, json};
use station_server::journal::{Access, FILE_NAME, Journal};
use station_tests::{DataDir, Database, Program, Station};

/// A morning over HTTP in which everything happens that can.
async fn a_morning(station: &Station) {
    let clerk = station.counter();
    for service in [
        "resident-certificate",
        "stay-extension",
        "pick-up",
        "enquiries",
        "mainland-hk-macao",
    ] {
        for class in ["regular", "priority", "regular"] {
            let body = json!({"service": service, "class": class, "language": "th"});
            station
                .kiosk()
                .post("/api/v1/tickets", body)
                .await
                .expect(201);
        }
    }
    let given_up = station.issue("entry-exit-certificate").await;
    let cancel = given_up["links"]["cancel"]
        .as_str()
        .expect("a link")
        .to_owned();
    station.anybody().post(&cancel, json!({})).await.expect(200);

    clerk
        .act("1", "open", json!({"staff": "lin"}))
        .await
        .expect(200);
    let mut served = Vec::new();
    for counter in ["1", "5", "6", "4"] {
        let called = clerk.act(counter, "call-next", json!({})).await.expect(200);
        clerk.act(counter, "recall", json!({})).await.expect(200);
        clerk.act(counter, "start", json!({})).await.expect(200);
        served.push(called["current"]["id"].clone());
    }
    clerk.act("1", "ask-rating", json!({})).await.expect(200);
    clerk
        .act("1", "finish-and-next", json!({}))
        .await
        .expect(200);
    clerk.act("1", "no-show", json!({})).await.expect(200);
    clerk
        .act("5", "hold", json!({"reason": "photograph"}))
        .await
        .expect(200);
    clerk.act("5", "resume", json!({})).await.expect(200);
    clerk.act("5", "finish", json!({})).await.expect(200);
    clerk.act("5", "undo", json!({})).await.expect(200);
    clerk.act("5", "finish", json!({})).await.expect(200);
    clerk
        .act(
            "6",
            "transfer",
            json!({"service": "enquiries", "counter": "5"}),
        )
        .await
        .expect(200);
    clerk.act("4", "finish", json!({})).await.expect(200);
    clerk
        .act("4", "pause", json!({"reason": "break"}))
        .await
        .expect(200);
    clerk.act("2", "close", json!({})).await.expect(200);
    for (ticket, score) in served.iter().zip([5, 3]) {
        let rating =
            json!({"ticket": ticket, "score": score, "reasons": ["waiting"], "comment": "好"});
        station
            .anybody()
            .post("/api/v1/ratings", rating)
            .await
            .expect(201);
    }
}

async fn stats(station: &Station, by: &str) -> Value {
    station
        .chief()
        .get(&format!("/api/v1/stats?by={by}"))
        .await
        .expect(200)["rows"]
        .clone()
}

/// The figures without those that grow with the time a counter stays open.
fn settled(mut rows: Value) -> Value {
    for row in rows.as_array_mut().into_iter().flatten() {
        if let Some(row) = row.as_object_mut() {
            for growing in ["counter_open_s", "throughput_per_open_hour", "occupancy"] {
                row.remove(growing);
            }
        }
    }
    rows
}

async fn run(verb: &str, data: &Path, more: &[OsString]) -> String {
    let arguments = [verb.into(), OsString::from("--data"), data.into()]
        .into_iter()
        .chain(more.iter().cloned());
    Program::run(arguments).await.succeeded()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_replay_of_the_log_is_the_live_state() {
    let station = Station::demo().await;
    a_morning(&station).await;
    let live = station.fingerprint().await;
    let (data, figures) = (
        station.data().clone(),
        settled(stats(&station, "service").await),
    );
    assert_eq!(
        Database::at(&data.path()).replayed_fingerprint(),
        live,
        "a reader beside the running station"
    );
    // Killed, so that nothing is tidied up.
    station.kill();
    assert_eq!(Database::at(&data.path()).replayed_fingerprint(), live);

    let again = Station::on(&data).await;
    assert_eq!(again.fingerprint().await, live, "a restart");
    assert_eq!(settled(stats(&again, "service").await), figures);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_restart_from_a_snapshot_is_a_restart_from_the_whole_log() {
    let station = Station::demo().await;
    a_morning(&station).await;
    let (data, live) = (station.data().clone(), station.fingerprint().await);
    // An orderly end leaves a snapshot behind.
    station.stop().await;
    let journal = Journal::open(&data.path(), Access::ReadOnly).expect("the log opens");
    let (loaded, replayed): (Engine, Engine) = (
        journal.load().expect("a snapshot loads"),
        journal.replay().expect("the log replays"),
    );
    assert_eq!(loaded.fingerprint().to_string(), live);
    assert_eq!(replayed.fingerprint().to_string(), live);
    assert_eq!(loaded, replayed);
}

#[tokio::test(flavor = "multi_thread")]
async fn rebuilt_tables_are_the_live_tables() {
    let station = Station::demo().await;
    a_morning(&station).await;
    station
        .chief()
        .post("/api/v1/day/close", json!({}))
        .await
        .expect(200);
    let (data, live) = (station.data().clone(), station.fingerprint().await);
    let mut figures = Vec::new();
    for by in ["service", "class", "counter", "staff", "hour", "day"] {
        figures.push(stats(&station, by).await);
    }
    station.stop().await;
    let before = Database::at(&data.path()).projections();
    assert!(
        before.values().flatten().count() > 15,
        "the tables are empty: {before:?}"
    );
    let said = run("rebuild", &data.path(), &[]).await;
    assert!(
        said.contains(&live),
        "rebuild does not tell the fingerprint {live}: {said}"
    );
    assert_eq!(Database::at(&data.path()).projections(), before);

    let again = Station::on(&data).await;
    for (by, before) in ["service", "class", "counter", "staff", "hour", "day"]
        .into_iter()
        .zip(figures)
    {
        assert_eq!(stats(&again, by).await, before, "by {by}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn damaged_tables_are_made_right_by_a_rebuild() {
    let station = Station::demo().await;
    a_morning(&station).await;
    let data = station.data().clone();
    station.stop().await;
    let before = Database::at(&data.path()).projections();
    let db = rusqlite::Connection::open(data.path().join(FILE_NAME)).expect("the database opens");
    let victim = before
        .iter()
        .find(|(_, rows)| rows.len() > 5)
        .map(|(name, _)| name.clone());
    db.execute(
        &format!("DELETE FROM \"{}\"", victim.expect("a table with rows")),
        [],
    )
    .expect("rows can be lost");
    drop(db);
    assert_ne!(Database::at(&data.path()).projections(), before);
    run("rebuild", &data.path(), &[]).await;
    assert_eq!(Database::at(&data.path()).projections(), before);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_backup_of_a_running_station_is_a_station() {
    let station = Station::demo().await;
    a_morning(&station).await;
    let copy = station.data().beside("backup.db");
    // Visitors keep coming while it is taken.
    let coming = async {
        for _ in 0..40 {
            station.issue("pick-up").await;
        }
    };
    let to = [OsString::from("--to"), copy.clone().into()];
    let data = station.data().path();
    let ((), _) = tokio::join!(coming, run("backup", &data, &to));
    let live = Database::at(&data).events();

    let restored = DataDir::new();
    std::fs::create_dir_all(restored.path()).expect("a data directory");
    std::fs::copy(&copy, restored.path().join(FILE_NAME)).expect("the backup is a file");
    let backed_up = Database::at(&restored.path()).events();
    assert!(!backed_up.is_empty() && backed_up.len() <= live.len());
    assert_eq!(
        backed_up[..],
        live[..backed_up.len()],
        "the backup is the log up to a moment"
    );
    let replayed = Database::at(&restored.path()).replayed_fingerprint();
    let started = Station::on(&restored).await;
    assert_eq!(started.fingerprint().await, replayed);
    assert_eq!(started.anybody().get("/api/v1/board").await.status, 200);
    // The original does not notice.
    station.issue("pick-up").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_command_and_the_interface_give_the_same_figures() {
    let station = Station::demo().await;
    a_morning(&station).await;
    station
        .chief()
        .post("/api/v1/day/close", json!({}))
        .await
        .expect(200);
    let whole = station.chief().get("/api/v1/stats").await.expect(200);
    let day = whole["from"].as_str().expect("a day").to_owned();
    let range = [
        "--from", &day, "--to", &day, "--by", "service", "--format", "json",
    ]
    .map(OsString::from);
    // Beside the running station.
    let said = run("stats", &station.data().path(), &range).await;
    let by_command: Value = serde_json::from_str(&said).expect("JSON");
    let by_interface = station
        .chief()
        .get(&format!("/api/v1/stats?from={day}&to={day}&by=service"))
        .await
        .expect(200);
    assert_eq!(by_command, by_interface);
    let csv = [
        "--from", &day, "--to", &day, "--by", "service", "--format", "csv",
    ]
    .map(OsString::from);
    let table = run("stats", &station.data().path(), &csv).await;
    let rows = by_interface["rows"].as_array().map_or(0, Vec::len);
    assert_eq!(table.lines().count(), rows + 1, "{table}");
}
