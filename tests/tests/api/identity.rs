//! The identity check, another service for a number, another rule for the day, and recalls by the station's own clock.

use serde_json::{Value, json};
use station_config::StationFile;
use station_tests::{DataDir, StartOptions, Station, station_file, until};

use super::ticket;

async fn start(edit: impl FnOnce(&mut StationFile)) -> Station {
    let data = DataDir::new();
    let config = data.beside("station.toml");
    let file = station_file(|file| {
        file.kiosks.clear();
        file.displays.clear();
        edit(file);
    });
    std::fs::write(&config, file).expect("a station file");
    let options = StartOptions {
        config: Some(config),
        ..StartOptions::on(&data)
    };
    Station::start(options).await
}

/// A station at which whoever wants a resident certificate is checked first.
fn checked(file: &mut StationFile) {
    let service = file
        .services
        .iter_mut()
        .find(|s| s.id.as_str() == "pick-up");
    service.expect("a service").identity_check = true;
    let desk = json!({"place": {"zh-Hant-TW": "服務台", "en": "service desk"}});
    file.identity_desk = Some(serde_json::from_value(desk).expect("a desk"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_ticket_is_called_only_after_its_identity_check_and_then_before_those_who_came_later() {
    let station = start(checked).await;
    let (greeter, clerk) = (station.client("demo-greeter"), station.counter());
    let first = station.issue("pick-up").await;
    let second = station.issue("enquiries").await;
    assert_eq!(first["state"], "unverified");
    clerk.act("5", "open", json!({})).await.expect(200);
    let call = json!({"ticket": first["id"]});
    clerk
        .act("5", "call", call)
        .await
        .problem(409, "wrong_state");

    let waiting = greeter.get("/api/v1/identity-checks").await.expect(200);
    assert_eq!(waiting[0]["id"], first["id"]);
    let kiosk = station.kiosk().get("/api/v1/identity-checks").await;
    kiosk.problem(403, "forbidden");
    let path = |verb: &str| {
        format!(
            "/api/v1/tickets/{}/{verb}",
            first["id"].as_str().expect("an id")
        )
    };
    let verified = greeter
        .post(&path("verify-identity"), json!({"document": "passport"}))
        .await
        .expect(200);
    assert_eq!(verified["state"], "waiting");
    let left = greeter.get("/api/v1/identity-checks").await.expect(200);
    assert_eq!(left, json!([]));
    let called = clerk.act("5", "call-next", json!({})).await.expect(200);
    assert_eq!(called["current"]["id"], first["id"], "it came first");

    let number = json!({"document": "A123456789"});
    greeter
        .post(&path("verify-identity"), number)
        .await
        .problem(400, "invalid_request");
    let to = format!(
        "/api/v1/tickets/{}/reroute",
        second["id"].as_str().expect("an id")
    );
    let rerouted = greeter
        .post(&to, json!({"service": "pick-up"}))
        .await
        .expect(200);
    assert_eq!(rerouted["state"], "unverified", "the gate stands there too");
    let refuse = to.replace("reroute", "refuse-identity");
    let reason = json!({"reason": "document_missing"});
    let refused = greeter.post(&refuse, reason).await.expect(200);
    assert_eq!(refused["state"], "cancelled");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_demo_s_people_leave_nobody_before_the_gate() {
    let more = ["--profile", "household", "--people", "--speed", "200"];
    let options = StartOptions {
        extra: more.map(Into::into).into(),
        ..StartOptions::default()
    };
    let station = Station::start(options).await;
    let visitor = station.issue("seal").await;
    assert_eq!(visitor["state"], "unverified");
    let state = until("the greeter", async || {
        let state = ticket(&station, &visitor).await["state"].clone();
        (state != "unverified").then_some(state)
    })
    .await;
    // A check may fail, too; a free counter may have called already.
    let state = state.as_str().expect("a state");
    assert!(
        [
            "waiting",
            "cancelled",
            "called",
            "serving",
            "done",
            "no_show",
            "held"
        ]
        .contains(&state),
        "{state}"
    );
    let called = until("a call of somebody who was checked", async || {
        let board = station.anybody().get("/api/v1/board").await.expect(200);
        let services = board["services"].as_array().expect("services").clone();
        let seal = services.into_iter().find(|s| s["id"] == "seal")?;
        seal["now_at"].as_str().map(str::to_owned)
    })
    .await;
    assert!(called.starts_with('E'), "{called}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_supervisor_changes_the_rule_for_the_day() {
    let station = start(|_| {}).await;
    let rule = json!({"discipline": {"rule": "fcfs"}});
    let greeter = station.client("demo-greeter");
    greeter
        .post("/api/v1/discipline", rule.clone())
        .await
        .problem(403, "forbidden");
    let chief = station.client("demo-chief");
    let changed: Value = chief.post("/api/v1/discipline", rule).await.expect(200);
    assert_eq!(changed["changed_today"], true);
    let back = chief
        .post("/api/v1/discipline", json!({}))
        .await
        .expect(200);
    assert_eq!(back["discipline"]["rule"], "head_start");
    let nowhere = json!({"zone": "9f", "discipline": {"rule": "fcfs"}});
    chief
        .post("/api/v1/discipline", nowhere)
        .await
        .problem(404, "unknown_zone");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_station_recalls_by_itself_as_often_as_the_rule_says() {
    let recalls = |file: &mut StationFile| {
        let rule = json!({"recall_after_s": 10, "recalls": 1, "automatic_recalls": true});
        file.no_show = serde_json::from_value(rule).expect("a rule");
    };
    let station = start(recalls).await;
    let clerk = station.counter();
    let visitor = station.issue("enquiries").await;
    clerk.act("5", "open", json!({})).await.expect(200);
    clerk.act("5", "call-next", json!({})).await.expect(200);
    assert_eq!(ticket(&station, &visitor).await["calls"], 1);
    let again = until("a recall that nobody asked for", async || {
        let seen = ticket(&station, &visitor).await;
        (seen["calls"] == 2).then_some(seen)
    })
    .await;
    assert_eq!(again["state"], "called");
}
