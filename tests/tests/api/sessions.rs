//! A visiting room: seats, check-in, and a session that is called, begins and ends as a whole.

use serde_json::{Value, json};
use station_config::{DemoProfile, StationFile};
use station_tests::{DataDir, StartOptions, Station, station_file};

use super::document::faults;
use super::{id, ticket};

async fn start() -> Station {
    let data = DataDir::new();
    let config = data.beside("station.toml");
    let room = StationFile::parse("v.toml", DemoProfile::VisitingRoom.station());
    let room = room.expect("the demo's file is right");
    let file = station_file(|file| {
        file.classes = room.classes;
        file.services = room.services;
        file.counters = room.counters;
        file.profiles.clear();
        file.appointments = None;
        file.guide = None;
        file.kiosks.clear();
        file.displays.clear();
    });
    std::fs::write(&config, file).expect("a station file");
    let options = StartOptions {
        config: Some(config),
        ..StartOptions::on(&data)
    };
    Station::start(options).await
}

/// A session that can be asked for, and whose check-in does not end while the test runs.
async fn later(station: &Station) -> Value {
    let sessions = station.anybody().get("/api/v1/sessions").await.expect(200);
    let sessions = sessions.as_array().expect("sessions").iter();
    let mut offered = sessions.filter(|session| session["offered"] == true);
    offered.nth(1).expect("a session").clone()
}

fn address(session: &Value) -> String {
    let service = session["service"].as_str().expect("a service");
    format!("/api/v1/sessions/{service}/{}", session["begins_ms"])
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_is_called_begins_and_ends_as_a_whole() {
    let station = start().await;
    let (greeter, kiosk) = (station.client("demo-greeter"), station.kiosk());
    let session = later(&station).await;
    let begins = session["begins_ms"].clone();
    let wanted = |channel: &str| json!({"service": "visit", "session": begins, "channel": channel, "persons": 2});
    let here = kiosk
        .post("/api/v1/tickets", wanted("kiosk"))
        .await
        .expect(201);
    assert_eq!(here["session"]["place"], "seat");
    assert_eq!(here["session"]["checked_in"], true);
    let away = greeter
        .post("/api/v1/tickets", wanted("phone"))
        .await
        .expect(201);
    assert_eq!(away["session"]["checked_in"], false);
    let this = address(&session);
    let roster = greeter.get(&this).await.expect(200);
    assert_eq!(
        (&roster["to_call"], &roster["taken"]),
        (&json!(1), &json!(2))
    );

    greeter
        .post(&format!("{this}/call"), Value::Null)
        .await
        .expect(200);
    let called = ticket(&station, &here).await;
    assert_eq!(called["state"], "called");
    assert_eq!(
        called["session"]["window"],
        json!({"room": "A", "window": 1})
    );
    let too_early = greeter.post(&format!("{this}/start"), Value::Null).await;
    assert_eq!(too_early.expect(409)["code"], "session_check_in_open");
    let check_in = format!("/api/v1/tickets/{}/session-check-in", id(&away));
    greeter.post(&check_in, Value::Null).await.expect(200);
    let not_called = greeter.post(&format!("{this}/start"), Value::Null).await;
    assert_eq!(not_called.expect(409)["code"], "session_not_called");
    greeter
        .post(&format!("{this}/call"), Value::Null)
        .await
        .expect(200);
    let miss = format!("/api/v1/tickets/{}/session-no-show", id(&away));
    greeter.post(&miss, Value::Null).await.expect(200);
    greeter
        .post(&format!("{this}/start"), Value::Null)
        .await
        .expect(200);
    let ended = greeter
        .post(&format!("{this}/end"), Value::Null)
        .await
        .expect(200);
    assert_eq!(ended["phase"], "ended");
    assert_eq!(ticket(&station, &here).await["state"], "done");
    let figures = station
        .chief()
        .get("/api/v1/stats/sessions")
        .await
        .expect(200);
    assert_eq!(figures[0]["attended"], 1);
    assert_eq!(figures[0]["no_show"], 1);

    // The life of each tells what the session as a whole did to it.
    let kinds = async |issued: &Value| -> Vec<String> {
        let address = format!("/api/v1/tickets/{}/history", id(issued));
        let life = station.chief().get(&address).await.expect(200);
        let events = life["events"].as_array().expect("events").iter();
        let kind = |event: &Value| event["kind"].as_str().unwrap_or_default().to_owned();
        events.map(kind).collect()
    };
    let stayed = [
        "ticket_issued",
        "session_called",
        "session_started",
        "session_ended",
    ];
    assert_eq!(kinds(&here).await, stayed);
    let missed = [
        "ticket_issued",
        "session_checked_in",
        "session_called",
        "session_missed",
    ];
    assert_eq!(kinds(&away).await, missed);
}

#[tokio::test(flavor = "multi_thread")]
async fn refusals_have_their_codes() {
    let station = start().await;
    let (greeter, kiosk) = (station.client("demo-greeter"), station.kiosk());
    let ask = async |body: Value| kiosk.post("/api/v1/tickets", body).await;
    let session = later(&station).await;
    let begins = session["begins_ms"].clone();
    let party = json!({"service": "visit", "session": begins, "persons": 4});
    assert_eq!(ask(party).await.expect(422)["code"], "party_too_large");
    let unknown = json!({"service": "visit", "session": 7});
    assert_eq!(ask(unknown).await.expect(404)["code"], "unknown_session");
    let none = json!({"service": "parcel", "session": begins});
    assert_eq!(ask(none).await.expect(409)["code"], "no_sessions");
    for _ in 0..8 {
        let wanted = json!({"service": "visit", "session": begins});
        ask(wanted).await.expect(201);
    }
    let full = json!({"service": "visit", "session": begins});
    assert_eq!(ask(full).await.expect(409)["code"], "session_full");
    let call = format!("{}/call", address(&session));
    let stranger = station.anybody().post(&call, Value::Null).await;
    assert!([401, 403].contains(&stranger.status));
    let dance = format!("{}/dance", address(&session));
    greeter.post(&dance, Value::Null).await.expect(404);
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_is_answered_about_sessions_is_described() {
    let station = start().await;
    let greeter = station.client("demo-admin");
    let document = greeter.get("/api/v1/openapi.json").await.expect(200);
    let session = later(&station).await;
    let begins = session["begins_ms"].clone();
    let mut issued = Value::Null;
    for _ in 0..5 {
        let wanted =
            json!({"service": "visit", "session": begins, "language": "vi", "channel": "kiosk"});
        issued = greeter.post("/api/v1/tickets", wanted).await.expect(201);
    }
    let this = address(&session);
    let step = "/api/v1/sessions/{service}/{begins}/{step}";
    let described = |path: &str, method: &str, status: &str| {
        let path = path.replace('/', "~1");
        let pointer =
            format!("/paths/{path}/{method}/responses/{status}/content/application~1json/schema");
        document.pointer(&pointer).expect("a description").clone()
    };
    let schema = described("/api/v1/tickets", "post", "201");
    let mut found = faults(&document, &schema, &issued, "ticket");
    let called = greeter
        .post(&format!("{this}/call"), Value::Null)
        .await
        .expect(200);
    let schema = described(step, "post", "200");
    found.extend(faults(&document, &schema, &called, "call"));
    for (path, address) in [
        ("/api/v1/sessions", "/api/v1/sessions"),
        ("/api/v1/sessions/{service}/{begins}", this.as_str()),
        ("/api/v1/stats/sessions", "/api/v1/stats/sessions"),
        ("/api/v1/board", "/api/v1/board"),
        ("/api/v1/station", "/api/v1/station"),
        ("/api/v1/services", "/api/v1/services"),
    ] {
        let answer = greeter.get(address).await.expect(200);
        let schema = described(path, "get", "200");
        found.extend(faults(&document, &schema, &answer, address));
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
}
