//! The station as a whole: what is public, its document, its business day.

use serde_json::json;
use station_tests::Station;

use super::ticket;

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

    // Times are written as on a ticket, everywhere.
    station
        .counter()
        .act("3", "pause", json!({"reason": "lunch", "minutes": 5}))
        .await
        .expect(200);
    let console = station
        .counter()
        .get("/api/v1/counters/3")
        .await
        .expect(200);
    let _agent = station
        .screen("kiosk", Some("K1"), Some("demo-kiosk"))
        .await;
    let devices = station.chief().get("/api/v1/devices").await.expect(200);
    for moment in [
        &waiting["issued_at"],
        &board["at"],
        &board["calls"][0]["at"],
        &console["since"],
        &console["state"]["until"],
        &devices["devices"][0]["last_seen"],
    ] {
        let text = moment
            .as_str()
            .unwrap_or_else(|| panic!("{moment} is no text"));
        text.parse::<jiff::Timestamp>().expect("RFC 3339");
    }

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
    // The page says what opening again means for the numbers.
    let page = chief.get("/chief/day").await.text;
    assert!(
        page.contains("接著最後發出的號碼繼續") && !page.contains("001"),
        "{page}"
    );
    // A slip of the pen must not end the station: after a day to come, today could never be opened.
    for (day, code) in [
        ("2062-11-22", "day_in_future"),
        ("9999-12-31", "day_in_future"),
    ] {
        chief
            .post("/api/v1/day/open", json!({"day": day}))
            .await
            .problem(409, code);
    }
    // Numbers of a day are never given twice, also when its end was a mistake.
    chief.post("/api/v1/day/open", json!({})).await.expect(200);
    let next = station.issue("pick-up").await;
    assert_ne!(next["number"], left["number"]);
}
