//! Requests with something wrong: each refusal has its stable code and leaves no trace.

use reqwest::Method;
use serde_json::{Value, json};
use station_tests::Station;

use super::rate;

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
async fn fields_that_an_action_does_not_take() {
    let station = Station::demo().await;
    let clerk = station.counter();
    let first = station.issue("pick-up").await;
    let second = station.issue("pick-up").await;
    let both = json!({"number": second["number"], "ticket": first["id"]});
    for action in ["call", "resume"] {
        clerk
            .act("5", action, both.clone())
            .await
            .problem(422, "ambiguous_ticket");
    }
    let cases = [
        ("call-next", json!({"ticket": second["id"]}), "ticket"),
        ("open", json!({"staff": "lin", "minutes": 5}), "minutes"),
        ("close", json!({"reason": "lunch"}), "reason"),
        ("undo", json!({"number": first["number"]}), "number"),
        ("finish", json!({"service": "pick-up"}), "service"),
    ];
    for (action, body, field) in cases {
        let told = clerk.act("5", action, body).await;
        let told = told.problem(422, "unexpected_field");
        assert!(told.contains(action) && told.contains(field), "{told}");
    }
    let view = clerk.get("/api/v1/counters/5").await.expect(200);
    assert_eq!(view["current"], Value::Null);
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
async fn words_nobody_knows() {
    let station = Station::demo().await;
    let kiosk = station.kiosk();
    let issue = async |body: Value| kiosk.post("/api/v1/tickets", body).await;
    let told = issue(json!({"service": "pick-up", "language": "tlh"}))
        .await
        .problem(422, "unknown_language");
    for tag in station_config::LANGUAGES {
        assert!(told.contains(&format!("`{tag}`")), "{told}");
    }
    let told = issue(json!({"service": "pick-up", "channel": "pigeon"}))
        .await
        .problem(422, "unknown_channel");
    assert!(told.contains("`kiosk`, `greeter`"), "{told}");
    let told = station
        .counter()
        .act("5", "open", json!({"staff": "nobody"}))
        .await
        .problem(422, "unknown_staff");
    assert!(told.contains("`nobody`") && !told.contains("lin"), "{told}");
    let rating = json!({"ticket": "0".repeat(32), "score": 1, "reasons": ["waiting", "weather"]});
    let told = station
        .anybody()
        .post("/api/v1/ratings", rating)
        .await
        .problem(422, "unknown_reason");
    assert!(
        told.contains("`weather`") && told.contains("`manager`"),
        "{told}"
    );

    // A region of a spoken language is taken.
    let issued = issue(json!({"service": "pick-up", "language": "en-GB", "channel": "web"})).await;
    let issued = issued.expect(201);
    assert_eq!(
        (&issued["number"], &issued["language"]),
        (&json!("P001"), &json!("en-GB"))
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn bodies_of_another_type() {
    let station = Station::demo().await;
    let admin = station.client("demo-admin");
    let send = async |path: &str, kind: Option<&str>, body: &str| {
        let headers: Vec<_> = kind
            .map(|kind| ("content-type", kind))
            .into_iter()
            .collect();
        admin
            .send(Method::POST, path, &headers, Some(body.to_owned()))
            .await
    };
    let ticket = "{\"service\": \"pick-up\"}";
    for kind in [
        Some("text/plain"),
        Some("application/x-www-form-urlencoded"),
        Some("application/jsonp"),
        None,
    ] {
        for path in [
            "/api/v1/tickets",
            "/api/v1/ratings",
            "/api/v1/counters/5/call-next",
            "/api/v1/day/open",
            "/api/v1/login",
        ] {
            send(path, kind, ticket)
                .await
                .problem(415, "unsupported_media_type");
        }
    }
    for (kind, number) in [
        ("application/json; charset=utf-8", "P001"),
        ("application/vnd.station+json", "P002"),
    ] {
        let issued = send("/api/v1/tickets", Some(kind), ticket)
            .await
            .expect(201);
        assert_eq!(issued["number"], number);
    }
    // Without a body there is nothing to be of a type.
    for kind in [None, Some("text/plain")] {
        send("/api/v1/counters/6/call-next", kind, "")
            .await
            .expect(200);
        send("/api/v1/counters/6/finish", kind, "")
            .await
            .expect(200);
    }
}
