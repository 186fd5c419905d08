//! Tickets: numbers, order, the head start of a class, giving up, requests sent twice.

use std::sync::Arc;

use queue_core::{Actor, Command, Envelope, NewTicket, ServiceId, TicketId};
use reqwest::Method;
use serde_json::json;
use station_config::StationFile;
use station_server::writer::{Clock, Lane, SystemClock, Writer, WriterConfig};
use station_tests::{DataDir, StartOptions, Station, new_key, station_file};

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
async fn a_visit_goes_on_to_its_next_matter() {
    let station = Station::demo().await;
    let kiosk = station.kiosk();
    let body = json!({
        "service": "pick-up", "then": ["enquiries", "resident-certificate"], "persons": 2
    });
    // No visitor takes these together; staff do.
    let greeter = station.client("demo-greeter");
    let issued = greeter.post("/api/v1/tickets", body).await.expect(201);
    let legs = |first: &str, second: &str, third: &str| {
        json!([
            {"service": "pick-up", "state": first},
            {"service": "enquiries", "state": second},
            {"service": "resident-certificate", "state": third},
        ])
    };
    assert_eq!(issued["legs"], legs("now", "to_come", "to_come"));
    let twice = json!({"service": "pick-up", "then": ["pick-up"]});
    let twice = kiosk.post("/api/v1/tickets", twice).await;
    twice.problem(422, "bad_matters");

    // Counter 5 hands out and answers questions, but makes no certificates.
    let clerk = station.counter();
    clerk.act("5", "call-next", json!({})).await.expect(200);
    clerk.act("5", "start", json!({})).await.expect(200);
    let kept = clerk.act("5", "finish-and-next", json!({})).await;
    let kept = kept.expect(200);
    assert_eq!(kept["current"]["number"], issued["number"]);
    assert_eq!(kept["current"]["legs"], legs("done", "now", "to_come"));
    let then = json!({"then": ["pick-up", "resident-certificate"]});
    clerk.act("5", "matters", then).await.expect(200);
    let then = json!({"then": ["resident-certificate"]});
    clerk.act("5", "matters", then).await.expect(200);
    clerk
        .act("5", "matters", json!({"service": "pick-up"}))
        .await
        .problem(400, "invalid_request");
    clerk.act("5", "finish", json!({})).await.expect(200);
    let waits = ticket(&station, &issued).await;
    assert_eq!(waits["state"], "waiting");
    assert_eq!(waits["legs"], legs("done", "done", "now"));
    let called = clerk.act("1", "call-next", json!({})).await.expect(200);
    assert_eq!(called["current"]["id"], issued["id"]);
    clerk.act("1", "finish", json!({})).await.expect(200);
    assert_eq!(ticket(&station, &issued).await["state"], "done");

    let figures = |level: &'static str| {
        let chief = station.chief();
        async move {
            let address = format!("/api/v1/stats?level={level}");
            chief.get(&address).await.expect(200)
        }
    };
    let visits = figures("visit").await;
    assert_eq!(visits["rows"][0]["issued"], 1);
    assert_eq!(visits["rows"][0]["served_persons"], 2);
    let legs = figures("leg").await;
    assert_eq!(
        (&legs["level"], &legs["rows"][0]["served"]),
        (&json!("leg"), &json!(3))
    );
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

/// The system's clocks, a day ago.
struct Yesterday(SystemClock);

impl Clock for Yesterday {
    fn now_ms(&self) -> i64 {
        self.0.now_ms() - 24 * 3_600_000
    }
    fn monotonic(&self) -> std::time::Duration {
        self.0.monotonic()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_ticket_of_yesterday_is_told_from_one_that_never_was() {
    let data = DataDir::new();
    let file = station_file(|_| {});
    let path = data.beside("station.toml");
    std::fs::write(&path, &file).expect("a file");
    let parsed = StationFile::parse("station.toml", &file).expect("a station file");
    let id = TicketId(uuid::Uuid::new_v4().as_u128());
    let config = WriterConfig {
        schedule: None,
        sessions: Default::default(),
        data_dir: data.path(),
        station: "yesterday".to_owned(),
        plan: parsed.plan(),
        timezone: parsed.station.timezone.clone(),
        auto_day: true,
        clock: Arc::new(Yesterday(SystemClock::new())),
        on_fatal: Box::new(|fault| panic!("the writer failed: {fault}")),
    };
    let (writer, live, thread) = Writer::start(config).expect("a station of yesterday");
    let day = live.engine().open_day().expect("a day").to_string();
    let issue = Envelope {
        command_ref: None,
        actor: Actor("test/yesterday".to_owned()),
        command: Command::IssueTicket(NewTicket {
            terms: queue_core::Terms::default(),
            ticket: id,
            service: ServiceId::new("pick-up").expect("an id"),
            class: None,
            language: None,
            channel: ServiceId::new("kiosk").expect("an id"),
            persons: 1,
            then: vec![],
        }),
    };
    writer.submit(Lane::People, issue).await.expect("a ticket");
    writer.stop();
    thread.join().expect("an orderly end");

    let station = Station::start(StartOptions {
        config: Some(path),
        ..StartOptions::on(&data)
    })
    .await;
    let anybody = station.anybody();
    let told = anybody.get(&format!("/api/v1/tickets/{id}")).await;
    assert!(told.problem(410, "ticket_ended").contains(&day));
    let cancel = format!("/api/v1/tickets/{id}/cancel");
    anybody
        .post(&cancel, json!({}))
        .await
        .problem(410, "ticket_ended");
    let rating = json!({"ticket": id, "score": 5});
    let told = anybody.post("/api/v1/ratings", rating).await;
    let told = told.problem(410, "ticket_ended");
    assert!(told.contains("nor rated"), "{told}");
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

#[tokio::test(flavor = "multi_thread")]
async fn a_missed_visitor_comes_back_and_others_are_let_go_first() {
    let station = Station::demo().await;
    let (anybody, clerk) = (station.anybody(), station.counter());
    let missed = station.issue("pick-up").await;
    let others = [
        station.issue("pick-up").await,
        station.issue("pick-up").await,
    ];
    let address = |action: &str| {
        format!(
            "/api/v1/tickets/{}/{action}",
            missed["id"].as_str().unwrap_or("")
        )
    };
    let early = anybody.post(&address("return"), json!({})).await;
    early.problem(409, "wrong_state");
    clerk.act("5", "call-next", json!({})).await.expect(200);
    clerk.act("5", "no-show", json!({})).await.expect(200);
    let seen = ticket(&station, &missed).await;
    assert_eq!(
        (&seen["comeback"]["left"], &seen["comeback"]["ahead"]),
        (&json!(2), &json!(2))
    );
    let back = anybody
        .post(&address("return"), json!({}))
        .await
        .expect(200);
    assert_eq!(
        (&back["state"], &back["ahead"]),
        (&json!("waiting"), &json!(2))
    );
    let last = anybody.post(&address("defer"), json!({"count": 1})).await;
    last.problem(409, "nobody_behind");
    let first = format!(
        "/api/v1/tickets/{}/defer",
        others[0]["id"].as_str().unwrap_or("")
    );
    let deferred = anybody.post(&first, json!({"count": 1})).await.expect(200);
    // Behind the other, and behind the one who had asked for that very place before.
    assert_eq!(deferred["ahead"], 2);

    let reason = json!({"reason": "unwell"});
    clerk
        .post(&address("prioritise"), reason.clone())
        .await
        .problem(403, "forbidden");
    let chief = station.chief();
    chief
        .post(&address("prioritise"), json!({"reason": " "}))
        .await
        .problem(422, "reason_missing");
    let urgent = chief.post(&address("prioritise"), reason).await.expect(200);
    assert_eq!(urgent["ahead"], 0);
    let wrong = json!({"reason": "typing error", "outcome": "served"});
    chief
        .post(&address("correct"), wrong)
        .await
        .problem(409, "wrong_state");
    let called = clerk.act("5", "call-next", json!({})).await.expect(200);
    assert_eq!(called["current"]["id"], missed["id"]);
    clerk.act("5", "finish", json!({})).await.expect(200);
    let nothing = json!({"reason": "nobody was there"});
    let nothing = chief.post(&address("correct"), nothing).await;
    nothing.problem(400, "invalid_request");
    let wrong = json!({"reason": "nobody was there", "outcome": "no_show"});
    let corrected = chief.post(&address("correct"), wrong).await.expect(200);
    assert_eq!(corrected["state"], "no_show");
}
