//! What a counter does with its visitors.

use serde_json::json;
use station_tests::Station;

use super::ticket;

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
    // Nobody works at two counters at once.
    let told = clerk
        .act("6", "open", json!({"staff": "lin"}))
        .await
        .problem(409, "staff_elsewhere");
    assert!(told.contains("counter 5"), "{told}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_repeated_press_says_that_it_is_one() {
    let station = Station::demo().await;
    let called = station.issue("pick-up").await;
    station.issue("pick-up").await;
    let path = "/api/v1/counters/5/call-next";
    for replayed in [None, Some("true")] {
        let answer = station
            .counter()
            .post_with_key(path, "once", json!({}))
            .await;
        assert_eq!(answer.header("idempotent-replayed"), replayed);
        assert_eq!(answer.expect(200)["current"]["id"], called["id"]);
    }
    station
        .counter()
        .act("5", "start", json!({}))
        .await
        .expect(200);
    let rating = json!({"ticket": called["id"], "score": 5});
    for replayed in [None, Some("true")] {
        let anybody = station.anybody();
        let answer = anybody
            .post_with_key("/api/v1/ratings", "r", rating.clone())
            .await;
        assert_eq!(answer.header("idempotent-replayed"), replayed);
        answer.expect(201);
    }
    for replayed in [None, Some("true")] {
        let chief = station.chief();
        let answer = chief
            .post_with_key("/api/v1/day/close", "d", json!({}))
            .await;
        assert_eq!(answer.header("idempotent-replayed"), replayed);
        answer.expect(200);
    }
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
async fn visitors_are_sent_back_handed_over_and_told_to_get_ready() {
    let station = Station::demo().await;
    let clerk = station.counter();
    let visitor = station.issue("pick-up").await;
    let next = station.issue("pick-up").await;
    clerk.act("5", "call-next", json!({})).await.expect(200);
    let none = clerk.act("5", "send-back", json!({})).await;
    none.problem(409, "not_sent");
    clerk
        .act("5", "precall", json!({"count": 2}))
        .await
        .expect(200);
    assert_eq!(ticket(&station, &next).await["get_ready"], true);
    clerk
        .act("5", "transfer", json!({"counter": "6"}))
        .await
        .expect(200);
    clerk.act("6", "call-next", json!({})).await.expect(200);
    let sent = clerk.act("6", "send-back", json!({})).await.expect(200);
    assert_eq!(sent["ticket"]["state"], "waiting");
    let again = clerk.act("5", "call-next", json!({})).await.expect(200);
    assert_eq!(again["current"]["id"], visitor["id"], "called before all");

    let to_six = json!({"counter": "6"});
    let early = clerk.act("5", "hand-over", to_six.clone()).await;
    early.problem(409, "wrong_state");
    clerk.act("5", "start", json!({})).await.expect(200);
    let nowhere = clerk.act("5", "hand-over", json!({})).await;
    nowhere.problem(400, "invalid_request");
    clerk.act("5", "hand-over", to_six).await.expect(200);
    let seen = ticket(&station, &visitor).await;
    assert_eq!(
        (&seen["state"], &seen["counter"]),
        (&json!("serving"), &json!("6"))
    );

    let room = json!({"reason": "copies", "room": "B1"});
    clerk.act("6", "hold", room).await.expect(200);
    assert_eq!(ticket(&station, &visitor).await["room"], "B1");
}
