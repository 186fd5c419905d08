//! Tickets: numbers, order, the head start of a class, giving up, requests sent twice.

use reqwest::Method;
use serde_json::json;
use station_tests::{Station, new_key};

use super::{id, ticket};

#[tokio::test(flavor = "multi_thread")]
async fn numbers_run_per_service_and_the_longest_wait_is_called_first() {
    let station = Station::demo().await;
    let first = station.issue("resident-certificate").await;
    let other = station.issue("enquiries").await;
    let second = station.issue("resident-certificate").await;
    assert_eq!(
        [&first["number"], &other["number"], &second["number"]],
        ["A001", "L001", "A002"]
    );
    // Those of the same service, the same people whom the kiosk counts as waiting.
    assert_eq!(
        [&first["ahead"], &other["ahead"], &second["ahead"]],
        [0, 0, 1]
    );

    // Counter 1 does not handle enquiries; counter 5 handles nothing else here.
    let clerk = station.counter();
    let at_five = clerk.act("5", "call-next", json!({})).await.expect(200);
    assert_eq!(at_five["current"]["number"], "L001");
    let at_one = clerk.act("1", "call-next", json!({})).await.expect(200);
    assert_eq!(at_one["current"]["number"], "A001");
    assert_eq!(ticket(&station, &second).await["ahead"], 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_priority_ticket_has_its_head_start() {
    let station = Station::demo().await;
    station.issue("pick-up").await;
    let body = json!({"service": "pick-up", "class": "priority"});
    let favoured = station
        .kiosk()
        .post("/api/v1/tickets", body)
        .await
        .expect(201);
    let called = station
        .counter()
        .act("5", "call-next", json!({}))
        .await
        .expect(200);
    assert_eq!(called["current"]["id"], favoured["id"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_visitor_gives_the_ticket_up() {
    let station = Station::demo().await;
    let issued = station.issue("pick-up").await;
    let cancel = format!("/api/v1/tickets/{}/cancel", id(&issued));
    assert_eq!(
        station.anybody().post(&cancel, json!({})).await.expect(200)["state"],
        "cancelled"
    );
    // Wanting it twice is no mistake.
    station.anybody().post(&cancel, json!({})).await.expect(200);
    station
        .counter()
        .act("5", "call-next", json!({}))
        .await
        .problem(409, "nobody_waiting");
    // One who is being called cannot any more.
    let called = station.issue("pick-up").await;
    station
        .counter()
        .act("5", "call-next", json!({}))
        .await
        .expect(200);
    let late = station
        .anybody()
        .post(
            &format!("/api/v1/tickets/{}/cancel", id(&called)),
            json!({}),
        )
        .await;
    let told = late.problem(409, "wrong_state");
    assert_eq!(told, "not possible: the ticket is being called");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_double_click_counts_once() {
    let station = Station::demo().await;
    let (kiosk, key) = (station.kiosk(), new_key());
    let body = json!({"service": "pick-up"});
    let first = kiosk
        .post_with_key("/api/v1/tickets", &key, body.clone())
        .await;
    assert_eq!(first.header("idempotent-replayed"), None);
    let first = first.expect(201);
    let second = kiosk
        .post_with_key("/api/v1/tickets", &key, body.clone())
        .await;
    assert_eq!(second.header("idempotent-replayed"), Some("true"));
    assert_eq!(second.expect(201)["id"], first["id"]);
    let other = kiosk
        .post_with_key("/api/v1/tickets", &key, json!({"service": "enquiries"}))
        .await;
    other.problem(422, "idempotency_key_reused");
    // The same key of somebody else is another key.
    let elsewhere = station
        .client("demo-greeter")
        .post_with_key("/api/v1/tickets", &key, body)
        .await
        .expect(201);
    assert_ne!(elsewhere["id"], first["id"]);

    // Two at the same moment, through two connections.
    let key = new_key();
    let (clerk, path) = (station.counter(), "/api/v1/counters/5/call-next");
    let (one, two) = tokio::join!(
        clerk.post_with_key(path, &key, json!({})),
        clerk.post_with_key(path, &key, json!({}))
    );
    assert_eq!(
        one.expect(200)["current"]["id"],
        two.expect(200)["current"]["id"]
    );
    let board = station.anybody().get("/api/v1/board").await.expect(200);
    assert_eq!(board["calls"].as_array().map(Vec::len), Some(1), "{board}");

    // Without a key every request stands for itself.
    let plain = [("content-type", "application/json")];
    let body = Some(json!({"service": "pick-up"}).to_string());
    let one = kiosk
        .send(Method::POST, "/api/v1/tickets", &plain, body.clone())
        .await
        .expect(201);
    let two = kiosk
        .send(Method::POST, "/api/v1/tickets", &plain, body)
        .await
        .expect(201);
    assert_ne!(one["id"], two["id"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_was_called_before_is_told_with_the_reason() {
    let station = Station::demo().await;
    let first = station.issue("pick-up").await;
    assert_eq!(ticket(&station, &first).await["passed_by"], json!(null));
    let body = json!({"service": "pick-up", "class": "priority"});
    let favoured = station
        .kiosk()
        .post("/api/v1/tickets", body)
        .await
        .expect(201);
    let clerk = station.counter();
    clerk.act("5", "call-next", json!({})).await.expect(200);
    let console = clerk.get("/api/v1/counters/5").await.expect(200);
    assert_eq!(console["current"]["why"]["because"], "head_start");
    let told = ticket(&station, &first).await["passed_by"].clone();
    assert_eq!(told["number"], favoured["number"]);
    assert_eq!(told["counter"], "5");
    assert_eq!(told["why"]["because"], "head_start");
    assert_eq!(told["why"]["class"], "priority");
    assert_eq!(told["why"]["credit_s"], 1_200);
    assert_eq!(told["why"]["passed_counts_from"], first["issued_at"]);
    // What is taken back has passed nobody.
    clerk.act("5", "undo", json!({})).await.expect(200);
    assert_eq!(ticket(&station, &first).await["passed_by"], json!(null));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_chief_reads_the_life_of_a_ticket() {
    let station = Station::demo().await;
    let issued = station.issue("pick-up").await;
    let body = json!({"service": "pick-up", "class": "priority"});
    let favoured = station
        .kiosk()
        .post("/api/v1/tickets", body)
        .await
        .expect(201);
    let clerk = station.counter();
    for (action, body) in [
        ("call-next", json!({})),
        ("undo", json!({})),
        ("call-next", json!({})),
        ("start", json!({})),
        ("finish", json!({})),
    ] {
        clerk.act("5", action, body).await.expect(200);
    }
    let address = format!("/api/v1/tickets/{}/history", id(&favoured));
    let chief = station.client("demo-chief");
    let life = chief.get(&address).await.expect(200);
    assert_eq!(life["number"], favoured["number"]);
    let events = life["events"].as_array().expect("a list");
    let kinds: Vec<_> = events
        .iter()
        .map(|e| (e["kind"].as_str().expect("a word"), e["taken_back"] == true))
        .collect();
    assert_eq!(
        kinds,
        [
            ("ticket_issued", false),
            ("ticket_called", true),
            ("undone", false),
            ("ticket_called", false),
            ("service_started", false),
            ("service_finished", false),
        ]
    );
    assert_eq!(events[3]["why"]["because"], "head_start");
    assert_eq!(events[3]["event"]["counter"], "5");
    assert_eq!(events[0]["why"], json!(null));
    // The close of the day ends those who still wait, and no others.
    station
        .client("demo-chief")
        .post("/api/v1/day/close", json!({}))
        .await
        .expect(200);
    let again = chief.get(&address).await.expect(200);
    assert_eq!(again, life);
    let waited = format!("/api/v1/tickets/{}/history", id(&issued));
    let waited = chief.get(&waited).await.expect(200);
    let last = waited["events"].as_array().and_then(|e| e.last());
    assert_eq!(last.expect("events")["kind"], "day_closed");
    // Nobody else reads it, and an unknown ticket has none.
    station
        .anybody()
        .get(&address)
        .await
        .problem(401, "unauthorized");
    let unknown = format!("/api/v1/tickets/{}/history", "0".repeat(32));
    chief.get(&unknown).await.problem(404, "unknown_ticket");
}
