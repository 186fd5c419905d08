//! The interface for programs, as a stranger with the document in hand uses it: every operation, and every refusal with
//! its stable code.

use reqwest::Method;
use serde_json::{Value, json};
use station_tests::{Answer, Client, Station, new_key};

/// A ticket as the interface tells it now.
async fn ticket(station: &Station, issued: &Value) -> Value {
    let path = issued["links"]["self"]
        .as_str()
        .expect("a ticket links to itself")
        .to_owned();
    station.anybody().get(&path).await.expect(200)
}

fn id(ticket: &Value) -> String {
    ticket["id"]
        .as_str()
        .expect("a ticket has an id")
        .to_owned()
}

async fn rate(client: &Client, body: Value) -> Answer {
    client.post("/api/v1/ratings", body).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_visit_from_ticket_to_rating() {
    let station = Station::demo().await;
    let clerk = station.counter();

    let answer = station
        .kiosk()
        .post(
            "/api/v1/tickets",
            json!({"service": "stay-extension", "class": "regular", "language": "vi", "channel": "kiosk"}),
        )
        .await;
    let place = answer.header("location").map(str::to_owned);
    let issued = answer.expect(201);
    assert_eq!(issued["number"], "C001");
    assert_eq!(issued["service"], "stay-extension");
    assert_eq!(issued["class"], "regular");
    assert_eq!(issued["language"], "vi");
    assert_eq!(issued["state"], "waiting");
    assert_eq!(issued["ahead"], 0);
    assert!(
        issued["issued_at"]
            .as_str()
            .is_some_and(|t| t.ends_with("+08:00")),
        "{issued}"
    );
    assert!(
        issued
            .as_object()
            .is_some_and(|o| o.contains_key("estimate")),
        "{issued}"
    );
    assert_eq!(place.as_deref(), issued["links"]["self"].as_str());

    let called = clerk.act("3", "call-next", json!({})).await.expect(200);
    assert_eq!(called["current"]["id"], issued["id"]);
    assert_eq!(called["current"]["state"], "called");
    let now = ticket(&station, &issued).await;
    assert_eq!(
        (&now["state"], &now["counter"], &now["calls"]),
        (&json!("called"), &json!("3"), &json!(1))
    );

    let again = clerk.act("3", "recall", json!({})).await.expect(200);
    assert_eq!(again["current"]["calls"], 2);
    clerk.act("3", "start", json!({})).await.expect(200);
    assert_eq!(ticket(&station, &issued).await["state"], "serving");
    clerk
        .act("3", "finish", json!({"ticket": issued["id"]}))
        .await
        .expect(200);
    assert_eq!(ticket(&station, &issued).await["state"], "done");

    let rating =
        json!({"ticket": issued["id"], "score": 5, "reasons": ["staff"], "comment": "謝謝"});
    assert_eq!(
        rate(&station.anybody(), rating).await.expect(201)["score"],
        5
    );
    assert_eq!(ticket(&station, &issued).await["rated"], true);
    // The first wins.
    let second = rate(
        &station.anybody(),
        json!({"ticket": issued["id"], "score": 1}),
    )
    .await;
    second.problem(409, "already_rated");
}

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
async fn a_counter_does_everything_with_a_visitor() {
    let station = Station::demo().await;
    let clerk = station.counter();
    let a = station.issue("pick-up").await;
    let b = station.issue("pick-up").await;
    let c = station.issue("enquiries").await;

    // A number out of turn, by number and by ticket.
    let called = clerk
        .act("5", "call", json!({"number": "L001"}))
        .await
        .expect(200);
    assert_eq!(called["current"]["id"], c["id"]);
    clerk
        .act("5", "hold", json!({"reason": "fetches a form"}))
        .await
        .expect(200);
    assert_eq!(ticket(&station, &c).await["state"], "held");
    clerk
        .act("5", "call", json!({"ticket": b["id"]}))
        .await
        .expect(200);
    clerk.act("5", "no-show", json!({})).await.expect(200);
    assert_eq!(ticket(&station, &b).await["state"], "no_show");

    // Back from hold: the visitor stands at the counter.
    let resumed = clerk
        .act("5", "resume", json!({"ticket": c["id"]}))
        .await
        .expect(200);
    assert_eq!(resumed["current"]["id"], c["id"]);

    // On to counter 6 with another service, keeping its seniority.
    clerk
        .act(
            "5",
            "transfer",
            json!({"service": "stay-extension", "counter": "6"}),
        )
        .await
        .expect(200);
    let sent_on = ticket(&station, &c).await;
    assert_eq!(
        (&sent_on["state"], &sent_on["service"]),
        (&json!("waiting"), &json!("stay-extension"))
    );
    let at_six = clerk.act("6", "call-next", json!({})).await.expect(200);
    assert_eq!(
        at_six["current"]["id"], a["id"],
        "the one who waits longest comes first"
    );
    clerk.act("6", "start", json!({})).await.expect(200);
    let next = clerk
        .act("6", "finish-and-next", json!({}))
        .await
        .expect(200);
    assert_eq!(next["current"]["id"], c["id"]);

    // Undone: the visitor before is back in service, the one called waits again.
    let undone = clerk.act("6", "undo", json!({})).await.expect(200);
    assert_eq!(undone["current"]["id"], a["id"]);
    assert_eq!(ticket(&station, &a).await["state"], "serving");
    assert_eq!(ticket(&station, &c).await["state"], "waiting");

    // The counter itself.
    clerk
        .act("5", "pause", json!({"reason": "break", "minutes": 10}))
        .await
        .expect(200);
    clerk
        .act("5", "call-next", json!({}))
        .await
        .problem(409, "counter_paused");
    clerk.act("5", "resume", json!({})).await.expect(200);
    clerk.act("5", "close", json!({})).await.expect(200);
    clerk
        .act("5", "call-next", json!({}))
        .await
        .problem(409, "counter_closed");
    let open = clerk
        .act("5", "open", json!({"staff": "lin"}))
        .await
        .expect(200);
    assert_eq!(open["staff"], "lin");
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
    late.problem(409, "wrong_state");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_hangs_on_the_wall_is_for_everybody() {
    let station = Station::demo().await;
    let waiting = station.issue("mainland-hk-macao").await;
    station.issue("pick-up").await;
    station
        .counter()
        .act("5", "call-next", json!({}))
        .await
        .expect(200);

    let services = station.anybody().get("/api/v1/services").await.expect(200);
    let services = services["services"].as_array().expect("a list").clone();
    assert_eq!(services.len(), 6);
    let busy = services
        .iter()
        .find(|s| s["id"] == waiting["service"])
        .expect("every service is listed");
    assert_eq!(
        (&busy["waiting"], &busy["letter"]),
        (&json!(1), &json!("H"))
    );

    let counters = station.anybody().get("/api/v1/counters").await.expect(200);
    let states: Vec<_> = counters["counters"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|c| &c["state"])
        .collect();
    assert_eq!(states, vec!["open"; 6]);

    let board = station.anybody().get("/api/v1/board").await.expect(200);
    assert_eq!(board["calls"][0]["number"], "P001");
    assert_eq!(board["calls"][0]["counter"], "5");

    let health = station.health().await;
    assert_eq!(health["status"], "ok");
    assert_eq!(
        health["fingerprint"].as_str().map(str::len),
        Some(16),
        "{health}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn the_document_describes_what_is_there() {
    let station = Station::demo().await;
    let document = station
        .anybody()
        .get("/api/v1/openapi.json")
        .await
        .expect(200);
    assert!(
        document["openapi"]
            .as_str()
            .is_some_and(|v| v.starts_with("3.")),
        "{document}"
    );
    let paths = document["paths"].as_object().expect("paths");
    for path in [
        "/healthz",
        "/api/v1/tickets",
        "/api/v1/tickets/{id}",
        "/api/v1/ratings",
        "/api/v1/stats",
    ] {
        assert!(paths.contains_key(path), "{path} is not described");
    }
    // Every GET without a parameter answers, for whoever may everything.
    let admin = station.client("demo-admin");
    for (path, methods) in paths
        .iter()
        .filter(|(p, m)| !p.contains('{') && m.get("get").is_some())
    {
        let answer = admin.get(path).await;
        assert_eq!(answer.status, 200, "{path}: {} ({methods})", answer.text);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_business_day_ends_and_does_not_begin_twice() {
    let station = Station::demo().await;
    let left = station.issue("pick-up").await;
    let chief = station.chief();
    chief
        .post("/api/v1/day/open", json!({}))
        .await
        .problem(409, "day_already_open");
    chief.post("/api/v1/day/close", json!({})).await.expect(200);
    assert_eq!(ticket(&station, &left).await["state"], "abandoned");
    let closed = station
        .kiosk()
        .post("/api/v1/tickets", json!({"service": "pick-up"}))
        .await;
    closed.problem(409, "day_closed");
    chief
        .post("/api/v1/day/open", json!({"day": "2001-01-01"}))
        .await
        .problem(409, "day_in_past");
    // Numbers of a day are never given twice, also when its end was a mistake.
    chief.post("/api/v1/day/open", json!({})).await.expect(200);
    let next = station.issue("pick-up").await;
    assert_ne!(next["number"], left["number"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_figures_of_a_day() {
    let station = Station::demo().await;
    let clerk = station.counter();
    for _ in 0..3 {
        station.issue("pick-up").await;
    }
    let served = clerk.act("5", "call-next", json!({})).await.expect(200)["current"].clone();
    clerk.act("5", "start", json!({})).await.expect(200);
    clerk.act("5", "finish", json!({})).await.expect(200);
    rate(
        &station.anybody(),
        json!({"ticket": served["id"], "score": 4}),
    )
    .await
    .expect(201);
    clerk.act("5", "call-next", json!({})).await.expect(200);
    clerk.act("5", "no-show", json!({})).await.expect(200);

    let day = served["issued_at"]
        .as_str()
        .and_then(|t| t.get(..10))
        .expect("a date")
        .to_owned();
    let whole = station
        .chief()
        .get(&format!("/api/v1/stats?from={day}&to={day}"))
        .await
        .expect(200);
    assert_eq!(
        (&whole["from"], &whole["to"], &whole["timezone"]),
        (&json!(day), &json!(day), &json!("Asia/Taipei"))
    );
    let rows = whole["rows"].as_array().expect("rows");
    assert_eq!(rows.len(), 1, "the whole range in one row");
    let row = &rows[0];
    assert_eq!(row["issued"], 3);
    assert_eq!(row["called"], 2);
    assert_eq!(row["served"], 1);
    assert_eq!(row["no_show"], 1);
    assert_eq!(row["wait"]["n"], 2);
    assert_eq!(row["wait"]["within_standard"], 1.0);
    assert_eq!(row["handling"]["n"], 1);
    assert_eq!(row["rating"]["n"], 1);
    assert_eq!(row["rating"]["mean"], 4.0);
    assert_eq!(row["rating"]["counts"], json!([0, 0, 0, 1, 0]));
    assert!(row["rating"]["top2"]["low"].as_f64() < row["rating"]["top2"]["share"].as_f64());

    for by in ["service", "class", "counter", "staff", "hour", "day"] {
        let path = format!("/api/v1/stats?from={day}&to={day}&by={by}");
        let split = station.chief().get(&path).await.expect(200);
        assert_eq!(split["by"], by);
        let rows = split["rows"].as_array().expect("rows");
        let called: u64 = rows.iter().filter_map(|r| r["called"].as_u64()).sum();
        assert_eq!(called, 2, "{by}: {split}");
        assert!(rows.iter().all(|r| r["key"].is_string()), "{by}: {split}");
    }
    for bad in [
        "from=yesterday",
        "from=2026-02-30",
        "by=colour",
        "from=2026-02-02&to=2026-02-01",
        "colour=red",
    ] {
        station
            .chief()
            .get(&format!("/api/v1/stats?{bad}"))
            .await
            .problem(400, "invalid_request");
    }
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
async fn things_that_are_not_there() {
    let station = Station::demo().await;
    let (kiosk, clerk, anybody) = (station.kiosk(), station.counter(), station.anybody());
    kiosk
        .post("/api/v1/tickets", json!({"service": "passports"}))
        .await
        .problem(404, "unknown_service");
    let class = json!({"service": "pick-up", "class": "royal"});
    kiosk
        .post("/api/v1/tickets", class)
        .await
        .problem(404, "unknown_class");
    clerk
        .act("99", "call-next", json!({}))
        .await
        .problem(404, "unknown_counter");
    clerk
        .act("5", "juggle", json!({}))
        .await
        .problem(404, "unknown_action");
    clerk
        .act("5", "call", json!({"number": "P999"}))
        .await
        .problem(404, "unknown_ticket");
    let nobody = "0".repeat(32);
    anybody
        .get(&format!("/api/v1/tickets/{nobody}"))
        .await
        .problem(404, "unknown_ticket");
    anybody
        .get("/api/v1/tickets/nonsense")
        .await
        .problem(404, "unknown_ticket");
    rate(&anybody, json!({"ticket": nobody, "score": 5}))
        .await
        .problem(404, "unknown_ticket");
    anybody
        .get("/api/v1/nothing")
        .await
        .problem(404, "not_found");
    anybody
        .send(Method::DELETE, "/api/v1/tickets", &[], None)
        .await
        .problem(405, "method_not_allowed");
    anybody
        .send(Method::PUT, "/healthz", &[], None)
        .await
        .problem(405, "method_not_allowed");
}

#[tokio::test(flavor = "multi_thread")]
async fn things_that_do_not_fit_the_state() {
    let station = Station::demo().await;
    let (clerk, anybody) = (station.counter(), station.anybody());
    clerk
        .act("5", "call-next", json!({}))
        .await
        .problem(409, "nobody_waiting");
    clerk
        .act("5", "finish", json!({}))
        .await
        .problem(409, "counter_idle");
    clerk
        .act("5", "undo", json!({}))
        .await
        .problem(409, "undo_nothing");
    let issued = station.issue("pick-up").await;
    rate(&anybody, json!({"ticket": issued["id"], "score": 5}))
        .await
        .problem(409, "ticket_not_rateable");
    clerk
        .act("1", "call", json!({"ticket": issued["id"]}))
        .await
        .problem(409, "skill_missing");

    clerk.act("5", "call-next", json!({})).await.expect(200);
    clerk
        .act("5", "call-next", json!({}))
        .await
        .problem(409, "counter_busy");
    clerk
        .act("5", "pause", json!({}))
        .await
        .problem(409, "counter_busy");
    clerk
        .act("5", "close", json!({}))
        .await
        .problem(409, "counter_busy");
    clerk
        .act("5", "transfer", json!({}))
        .await
        .problem(422, "transfer_nowhere");
    clerk
        .act("6", "call", json!({"ticket": issued["id"]}))
        .await
        .problem(409, "wrong_state");
    clerk.act("5", "start", json!({})).await.expect(200);
    clerk
        .act("5", "start", json!({}))
        .await
        .problem(409, "not_called");
    clerk
        .act("5", "recall", json!({}))
        .await
        .problem(409, "not_called");
    for score in [json!(0), json!(6), json!(-1), json!(1_000_000)] {
        rate(&anybody, json!({"ticket": issued["id"], "score": score}))
            .await
            .problem(422, "bad_score");
    }
    let essay = "字".repeat(5_000);
    let long = rate(
        &anybody,
        json!({"ticket": issued["id"], "score": 5, "comment": essay}),
    )
    .await;
    long.problem(422, "text_too_long");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_tab_left_open_cannot_act_on_the_wrong_visitor() {
    let station = Station::demo().await;
    let clerk = station.counter();
    let first = station.issue("pick-up").await;
    let second = station.issue("pick-up").await;
    clerk.act("5", "call-next", json!({})).await.expect(200);
    // The other tab has moved on.
    clerk
        .act("5", "finish-and-next", json!({"ticket": first["id"]}))
        .await
        .expect(200);
    for action in [
        "start",
        "finish",
        "finish-and-next",
        "no-show",
        "hold",
        "recall",
    ] {
        clerk
            .act("5", action, json!({"ticket": first["id"]}))
            .await
            .problem(409, "stale_view");
    }
    let now = ticket(&station, &second).await;
    assert_eq!(
        (&now["state"], &now["counter"]),
        (&json!("called"), &json!("5"))
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn bodies_that_cannot_be_read() {
    let station = Station::demo().await;
    let kiosk = station.kiosk();
    let json_type = [("content-type", "application/json")];
    let bodies = [
        "{\"service\": \"pick-up\"",
        "{\"service\": 7}",
        "[]",
        "\"pick-up\"",
        "{}",
        "{\"service\": \"pick-up\", \"colour\": \"red\"}",
        "{\"service\": \"no such\\u0000slug\"}",
        "\u{0}",
        "null",
    ];
    for body in bodies {
        let answer = kiosk
            .send(
                Method::POST,
                "/api/v1/tickets",
                &json_type,
                Some(body.to_owned()),
            )
            .await;
        answer.problem(400, "invalid_request");
    }
    let deep = "[".repeat(20_000);
    kiosk
        .send(Method::POST, "/api/v1/tickets", &json_type, Some(deep))
        .await
        .problem(400, "invalid_request");
    // Every counter action and the ratings read their bodies alike.
    for path in [
        "/api/v1/ratings",
        "/api/v1/counters/5/call-next",
        "/api/v1/day/open",
    ] {
        let answer = station
            .client("demo-admin")
            .send(Method::POST, path, &json_type, Some("{".to_owned()))
            .await;
        answer.problem(400, "invalid_request");
    }
    let megabyte = format!("{{\"service\": \"{}\"}}", "x".repeat(1_000_000));
    for path in [
        "/api/v1/tickets",
        "/api/v1/ratings",
        "/api/v1/counters/5/hold",
    ] {
        let client = station.client("demo-admin");
        let answer = client
            .send(Method::POST, path, &json_type, Some(megabyte.clone()))
            .await;
        answer.problem(413, "body_too_large");
    }
    for key in ["", &"k".repeat(201), "schlüssel"] {
        let answer = kiosk
            .post_with_key("/api/v1/tickets", key, json!({"service": "pick-up"}))
            .await;
        answer.problem(400, "invalid_request");
    }
    // None of it left a trace.
    assert_eq!(station.issue("pick-up").await["number"], "P001");
}

#[tokio::test(flavor = "multi_thread")]
async fn who_may_not() {
    let station = Station::demo().await;
    let body = json!({"service": "pick-up"});
    station
        .anybody()
        .post("/api/v1/tickets", body.clone())
        .await
        .problem(401, "unauthorized");
    station
        .client("made-up")
        .post("/api/v1/tickets", body.clone())
        .await
        .problem(401, "unauthorized");
    station
        .client("")
        .post("/api/v1/tickets", body.clone())
        .await
        .problem(401, "unauthorized");
    station
        .client("demo-display")
        .post("/api/v1/tickets", body)
        .await
        .problem(403, "forbidden");
    station
        .kiosk()
        .act("5", "call-next", json!({}))
        .await
        .problem(403, "forbidden");
    station
        .counter()
        .get("/api/v1/stats")
        .await
        .problem(403, "forbidden");
    station
        .counter()
        .post("/api/v1/day/close", json!({}))
        .await
        .problem(403, "forbidden");
    let code = json!({"role": "kiosk", "device": "K9"});
    station
        .chief()
        .post("/api/v1/devices/codes", code)
        .await
        .problem(403, "forbidden");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_device_joins_with_a_code_that_works_once() {
    let station = Station::demo().await;
    let wanted = json!({"role": "kiosk", "device": "K9"});
    let code = station
        .client("demo-admin")
        .post("/api/v1/devices/codes", wanted)
        .await
        .expect(201);
    let joined = station
        .anybody()
        .post("/api/v1/enrol", json!({"code": code["code"]}))
        .await
        .expect(201);
    assert_eq!(
        (&joined["role"], &joined["device"]),
        (&json!("kiosk"), &json!("K9"))
    );
    let token = joined["token"].as_str().expect("a token").to_owned();
    let kiosk = station.client(&token);
    kiosk
        .post("/api/v1/tickets", json!({"service": "pick-up"}))
        .await
        .expect(201);
    let again = station
        .anybody()
        .post("/api/v1/enrol", json!({"code": code["code"]}))
        .await;
    again.problem(422, "bad_code");

    // The device stays enrolled over a restart.
    let data = station.data().clone();
    station.stop().await;
    let station = Station::on(&data).await;
    station
        .client(&token)
        .post("/api/v1/tickets", json!({"service": "pick-up"}))
        .await
        .expect(201);
}

#[tokio::test(flavor = "multi_thread")]
async fn staff_log_in_with_a_pin_and_out_again() {
    let station = Station::demo().await;
    let wrong = json!({"staff": "zhou", "pin": "9999"});
    station
        .anybody()
        .post("/api/v1/login", wrong)
        .await
        .problem(401, "wrong_pin");
    let right = json!({"staff": "zhou", "pin": "1234"});
    let session = station
        .anybody()
        .post("/api/v1/login", right)
        .await
        .expect(200);
    let chief = station.client(session["token"].as_str().expect("a session token"));
    chief.get("/api/v1/stats").await.expect(200);
    chief.post("/api/v1/logout", json!({})).await.expect(204);
    chief
        .get("/api/v1/stats")
        .await
        .problem(401, "unauthorized");

    // Guessing is stopped, also for the right PIN.
    let mut locked = false;
    for _ in 0..20 {
        let guess = json!({"staff": "lin", "pin": "0000"});
        let answer = station.anybody().post("/api/v1/login", guess).await;
        if answer.status == 429 {
            answer.problem(429, "pin_locked");
            locked = true;
            break;
        }
        answer.problem(401, "wrong_pin");
    }
    assert!(locked, "twenty wrong guesses in a row went unhindered");
    let right = json!({"staff": "lin", "pin": "1234"});
    station
        .anybody()
        .post("/api/v1/login", right)
        .await
        .problem(429, "pin_locked");
}
