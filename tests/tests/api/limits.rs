//! Hours, quotas and persons: what is refused, with what, and who may overrule it.

use std::path::Path;

use queue_core::ServiceId;
use serde_json::{Value, json};
use station_config::{OneOpenTicket, StationFile};
use station_tests::{DataDir, StartOptions, Station, station_file};

/// A station where it is noon, with a calendar and limits on three services: `pick-up` opens at nine in the evening,
/// `stay-extension` has one ticket, `resident-certificate` one open ticket per person.
fn limited(file: &mut StationFile) {
    file.kiosks.clear();
    file.displays.clear();
    let days = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
    let calendar = json!({
        "weekly": [{"days": days, "hours": ["00:00-22:00"]}],
    });
    file.calendar = serde_json::from_value(calendar).expect("a calendar");
    for service in &mut file.services {
        match service.id.as_str() {
            "pick-up" => service.hours = vec!["21:00-22:00".parse().expect("a span")],
            "stay-extension" => {
                let quota = json!({"hours": "00:00-22:00", "tickets": 1});
                service.quotas = vec![serde_json::from_value(quota).expect("a quota")];
            }
            "resident-certificate" => service.one_open_ticket = OneOpenTicket::Always,
            _ => {}
        }
    }
}

async fn start() -> Station {
    let data = DataDir::new();
    let config = data.beside("station.toml");
    std::fs::write(&config, station_file(limited)).expect("a station file");
    let options = StartOptions {
        config: Some(config),
        ..StartOptions::on(&data)
    };
    Station::start(options).await
}

fn all_bytes(dir: &Path, found: &mut Vec<u8>) {
    for entry in std::fs::read_dir(dir).expect("a directory") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            all_bytes(&path, found);
        } else {
            found.extend(std::fs::read(path).unwrap_or_default());
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_limit_is_told_with_its_end_and_staff_may_overrule_it() {
    let station = start().await;
    let (kiosk, greeter) = (station.kiosk(), station.client("demo-greeter"));
    let late = json!({"service": "pick-up"});
    let refused = kiosk.post("/api/v1/tickets", late.clone()).await;
    let told: Value = serde_json::from_str(&refused.text).expect("a problem");
    refused.problem(409, "service_closed_now");
    assert_eq!(told["limit"]["limit"], "service_closed_now");
    assert!(told["limit"]["opens"].as_i64().is_some(), "{told}");
    greeter
        .post("/api/v1/tickets", late)
        .await
        .problem(409, "service_closed_now");
    let overrule = json!({"service": "pick-up", "overrule": true});
    kiosk
        .post("/api/v1/tickets", overrule.clone())
        .await
        .problem(403, "forbidden");
    greeter.post("/api/v1/tickets", overrule).await.expect(201);

    let stay = json!({"service": "stay-extension"});
    let only = kiosk
        .post("/api/v1/tickets", stay.clone())
        .await
        .expect(201);
    kiosk
        .post("/api/v1/tickets", stay.clone())
        .await
        .problem(409, "quota_full");
    let board = station.anybody().get("/api/v1/board").await.expect(200);
    assert_eq!(board["hours"]["open_now"], true);
    let limit = |id: &str| {
        let rows = board["services"].as_array().expect("rows");
        let row = rows.iter().find(|row| row["id"] == id).expect("a row");
        row["limit"]["limit"].clone()
    };
    assert_eq!(limit("pick-up"), "service_closed_now");
    assert_eq!(limit("stay-extension"), "quota_full");
    assert_eq!(limit("resident-certificate"), "person_unknown");
    assert_eq!(limit("entry-exit-certificate"), Value::Null);
    let cancel = only["links"]["cancel"].as_str().expect("a link");
    kiosk.post(cancel, json!({})).await.expect(200);
    kiosk.post("/api/v1/tickets", stay).await.expect(201);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_no_visitor_chooses_is_refused_at_the_issue_and_staff_may_give_it_out() {
    let data = DataDir::new();
    let config = data.beside("station.toml");
    let file = station_file(|file| {
        file.kiosks.clear();
        file.displays.clear();
        file.guide = None;
        for service in &mut file.services {
            match service.id.as_str() {
                "stay-extension" => {
                    service.steps = vec![ServiceId::new("enquiries").expect("an id")]
                }
                "enquiries" => service.only_step = true,
                _ => {}
            }
        }
    });
    std::fs::write(&config, file).expect("a station file");
    let options = StartOptions {
        config: Some(config),
        ..StartOptions::on(&data)
    };
    let station = Station::start(options).await;
    let (kiosk, greeter) = (station.kiosk(), station.client("demo-greeter"));
    let refused = [
        (json!({"service": "enquiries"}), "bad_matters", "is a step"),
        (
            json!({"service": "resident-certificate", "then": ["mainland-hk-macao"]}),
            "bad_matters",
            "does not share",
        ),
        (
            json!({"service": "resident-certificate", "persons": 7}),
            "bad_persons",
            "1 to 6 persons",
        ),
        (
            json!({"service": "pick-up", "persons": 0}),
            "bad_persons",
            "1 to",
        ),
    ];
    for (body, code, words) in refused {
        let told = kiosk.post("/api/v1/tickets", body.clone()).await;
        let told = told.problem(422, code);
        assert!(told.contains(words), "{body}: {told}");
    }
    for (body, code) in [
        (json!({"service": "nothing"}), "unknown_service"),
        (
            json!({"service": "pick-up", "then": ["nothing"]}),
            "unknown_service",
        ),
    ] {
        kiosk.post("/api/v1/tickets", body).await.problem(404, code);
    }
    for body in [
        json!({"service": "enquiries"}),
        json!({"service": "resident-certificate", "persons": 7}),
    ] {
        greeter.post("/api/v1/tickets", body).await.expect(201);
    }
    let most = json!({"service": "resident-certificate", "then": ["pick-up"], "persons": 6});
    kiosk.post("/api/v1/tickets", most).await.expect(201);
}

#[tokio::test(flavor = "multi_thread")]
async fn one_open_ticket_per_person_and_the_number_is_nowhere() {
    let station = start().await;
    let kiosk = station.kiosk();
    let wanted = |person: &str| json!({"service": "resident-certificate", "person": person});
    kiosk
        .post(
            "/api/v1/tickets",
            json!({"service": "resident-certificate"}),
        )
        .await
        .problem(422, "person_unknown");
    kiosk
        .post("/api/v1/tickets", wanted(" - "))
        .await
        .problem(400, "invalid_request");
    let first = kiosk
        .post("/api/v1/tickets", wanted("A123456789"))
        .await
        .expect(201);
    let refused = kiosk.post("/api/v1/tickets", wanted("a1234-56789")).await;
    let told: Value = serde_json::from_str(&refused.text).expect("a problem");
    refused.problem(409, "open_ticket_already");
    assert_eq!(told["limit"]["number"], first["number"]);
    kiosk
        .post("/api/v1/tickets", wanted("F200000006"))
        .await
        .expect(201);
    let data = station.data().clone();
    let log = station.log();
    station.stop().await;
    let mut bytes = log.into_bytes();
    all_bytes(&data.path(), &mut bytes);
    let holds = |text: &str| bytes.windows(text.len()).any(|w| w == text.as_bytes());
    assert!(holds("A002"), "what was given out is there");
    for number in ["A123456789", "a1234-56789", "F200000006"] {
        assert!(!holds(number), "{number}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_retry_is_for_the_same_person() {
    let station = start().await;
    let kiosk = station.kiosk();
    let send = async |person: &str| {
        let body = json!({"service": "resident-certificate", "person": person});
        let path = "/api/v1/tickets";
        kiosk.post_with_key(path, "retry-1", body).await
    };
    let first = send("A123456789").await.expect(201);
    assert_eq!(send("A123456789").await.expect(201)["id"], first["id"]);
    send("B123456789")
        .await
        .problem(422, "idempotency_key_reused");
}
