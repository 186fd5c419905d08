//! Figures over HTTP.

use serde_json::json;
use station_tests::Station;

use super::rate;

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
        (
            &json!(day),
            &json!(day),
            &json!(station_tests::zone_at_noon())
        )
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
