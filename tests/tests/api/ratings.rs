//! A visit up to its rating.

use serde_json::json;
use station_tests::Station;

use super::{rate, ticket};

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
            .is_some_and(|t| t.parse::<jiff::Timestamp>().is_ok() && !t.ends_with('Z')),
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
        json!({"ticket": issued["id"], "score": 5, "reasons": ["explanation"], "comment": "謝謝"});
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
async fn reasons_complete_the_rating_once() {
    let station = Station::demo().await;
    let clerk = station.counter();
    let issued = station.issue("pick-up").await;
    let path = format!("/api/v1/ratings/{}/reasons", issued["id"].as_str().unwrap());
    let say = async |reasons| {
        let anybody = station.anybody();
        anybody.post(&path, json!({"reasons": reasons})).await
    };
    for action in ["call-next", "start", "finish"] {
        clerk.act("5", action, json!({})).await.expect(200);
    }
    say(json!(["place"])).await.problem(409, "not_rated");
    let score = json!({"ticket": issued["id"], "score": 1});
    rate(&station.anybody(), score).await.expect(201);
    say(json!(["weather"])).await.problem(422, "unknown_reason");
    assert_eq!(
        say(json!(["place"])).await.expect(200)["reasons"],
        json!(["place"])
    );
    say(json!(["waiting"])).await.problem(409, "already_rated");
}
