//! Appointments: slots, booking, checking in, who may, and what happens to guessers.

use serde_json::{Value, json};
use station_config::{Calendar, Hours, StationFile};
use station_tests::{Client, DataDir, StartOptions, Station, station_file};

use super::id;

const SERVICE: &str = "resident-certificate";

/// A station at noon whose slots are a quarter of an hour long all day.
async fn station(edit: impl FnOnce(&mut StationFile)) -> Station {
    station_on(&DataDir::new(), edit).await
}

async fn station_on(data: &DataDir, edit: impl FnOnce(&mut StationFile)) -> Station {
    let config = data.beside("station.toml");
    let text = station_file(|file| {
        file.kiosks.clear();
        file.displays.clear();
        let offered = file.appointments.as_mut().expect("the demo offers them");
        for slots in &mut offered.services {
            let at = |time: &str| time.parse().expect("a time");
            slots.hours = vec![Hours {
                open: at("00:00"),
                close: at("23:59"),
            }];
            slots.book_until_min = 0;
        }
        edit(file);
    });
    std::fs::write(&config, text).expect("a station file");
    Station::start(StartOptions {
        config: Some(config),
        ..StartOptions::on(data)
    })
    .await
}

async fn open_slots(station: &Station) -> Vec<Value> {
    let path = format!("/api/v1/slots?service={SERVICE}");
    let answer = station.anybody().get(&path).await.expect(200);
    let slots = answer["slots"].as_array().expect("slots").clone();
    slots.into_iter().filter(|s| s["open"] == true).collect()
}

async fn book(client: &Client, slot: &Value) -> Value {
    let body = json!({"service": SERVICE, "start": slot["start"], "language": "vi"});
    client.post("/api/v1/appointments", body).await.expect(201)
}

fn code(appointment: &Value) -> String {
    appointment["code"].as_str().expect("a code").to_owned()
}

async fn check_in(client: &Client, appointment: &str) -> station_tests::Answer {
    let body = json!({"appointment": appointment});
    client.post("/api/v1/appointments/check-in", body).await
}

#[tokio::test(flavor = "multi_thread")]
async fn one_books_checks_in_and_is_called() {
    let station = station(|_| {}).await;
    let slot = open_slots(&station).await.remove(0);
    let appointment = book(&station.anybody(), &slot).await;
    assert_eq!(appointment["start"], slot["start"]);
    assert_eq!(appointment["state"], "booked");
    assert_eq!(open_slots(&station).await[0]["left"], 1);
    let ticket = check_in(&station.kiosk(), &code(&appointment))
        .await
        .expect(201);
    assert_eq!(ticket["class"], "appointment");
    assert_eq!(ticket["language"], "vi");
    let path = appointment["links"]["self"].as_str().expect("a link");
    let now = station.anybody().get(path).await.expect(200);
    assert_eq!(
        (&now["state"], &now["ticket"]),
        (&json!("checked_in"), &ticket["id"])
    );
    check_in(&station.kiosk(), &id(&appointment))
        .await
        .problem(409, "already_checked_in");
    let clerk = station.counter();
    clerk.act("1", "open", json!({})).await.expect(200);
    let called = clerk.act("1", "call-next", json!({})).await.expect(200);
    assert_eq!(called["current"]["id"], ticket["id"]);
    let figures = station
        .chief()
        .get("/api/v1/stats/appointments?by=service")
        .await
        .expect(200);
    let row = &figures["rows"][0];
    assert_eq!(row["key"], SERVICE);
    assert_eq!((&row["booked"], &row["checked_in"]), (&json!(1), &json!(1)));
    assert_eq!(row["show_up_rate"], 1.0);
}

#[tokio::test(flavor = "multi_thread")]
async fn whose_service_wants_the_identity_check_is_checked_after_checking_in() {
    let station = station(|file| {
        let mut services = file.services.iter_mut();
        let service = services.find(|s| s.id.as_str() == SERVICE);
        service.expect("a service").identity_check = true;
        let desk = json!({"place": {"zh-Hant-TW": "服務台", "en": "service desk"}});
        file.identity_desk = Some(serde_json::from_value(desk).expect("a desk"));
    })
    .await;
    let slot = open_slots(&station).await.remove(0);
    let appointment = book(&station.anybody(), &slot).await;
    let ticket = check_in(&station.kiosk(), &code(&appointment))
        .await
        .expect(201);
    assert_eq!(ticket["state"], "unverified");
    let clerk = station.counter();
    clerk.act("1", "open", json!({})).await.expect(200);
    let nobody = clerk.act("1", "call-next", json!({})).await;
    nobody.problem(409, "nobody_waiting");
    let view = clerk.get("/api/v1/counters/1").await.expect(200);
    assert_eq!(
        (&view["unverified"], &view["waiting_count"]),
        (&json!(1), &json!(0))
    );
    let verify = format!("/api/v1/tickets/{}/verify-identity", id(&ticket));
    let greeter = station.client("demo-greeter");
    let document = json!({"document": "resident_certificate"});
    greeter.post(&verify, document).await.expect(200);
    let called = clerk.act("1", "call-next", json!({})).await.expect(200);
    assert_eq!(called["current"]["id"], ticket["id"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_slot_has_its_places_and_no_more() {
    let station = station(|_| {}).await;
    let slot = open_slots(&station).await.remove(1);
    let first = book(&station.anybody(), &slot).await;
    let second = book(&station.anybody(), &slot).await;
    assert_ne!(first["code"], second["code"]);
    let body = json!({"service": SERVICE, "start": slot["start"]});
    let anybody = station.anybody();
    let full = anybody.post("/api/v1/appointments", body.clone()).await;
    full.problem(409, "slot_full");
    let cancel = format!("/api/v1/appointments/{}/cancel", id(&first));
    let given_up = station.anybody().post(&cancel, json!({})).await.expect(200);
    assert_eq!(given_up["state"], "cancelled");
    station
        .anybody()
        .post("/api/v1/appointments", body)
        .await
        .expect(201);
    let greeter = station.client("demo-greeter");
    let list = greeter.get("/api/v1/appointments").await.expect(200);
    assert_eq!(list["appointments"].as_array().map(Vec::len), Some(3));
}

#[tokio::test(flavor = "multi_thread")]
async fn only_slots_of_the_station_file_are_booked() {
    let station = station(|_| {}).await;
    let book = |service: &str, start: &str| {
        let body = json!({"service": service, "start": start});
        let client = station.anybody();
        async move { client.post("/api/v1/appointments", body).await }
    };
    let off_the_grid = "2030-01-01T00:07:00Z";
    book(SERVICE, off_the_grid)
        .await
        .problem(422, "unknown_slot");
    let too_far = "2030-01-01T00:15:00Z";
    book(SERVICE, too_far).await.problem(409, "slot_too_far");
    book("enquiries", too_far)
        .await
        .problem(409, "no_appointments");
    book("dance", too_far).await.problem(404, "unknown_service");
    let bad = station.anybody().get("/api/v1/slots?service=dance").await;
    bad.problem(404, "unknown_service");
}

#[tokio::test(flavor = "multi_thread")]
async fn codes_are_not_guessed() {
    let station = station(|_| {}).await;
    let slot = open_slots(&station).await.remove(0);
    let appointment = book(&station.anybody(), &slot).await;
    let wrong = if code(&appointment) == "0000" {
        "0001"
    } else {
        "0000"
    };
    for _ in 0..10 {
        check_in(&station.kiosk(), wrong)
            .await
            .problem(404, "unknown_appointment");
    }
    check_in(&station.kiosk(), &code(&appointment))
        .await
        .problem(429, "too_many_tries");
    // Another device is not stopped, and what cannot be guessed is not counted.
    check_in(&station.client("demo-greeter"), &id(&appointment))
        .await
        .expect(201);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_station_may_keep_booking_to_its_staff() {
    let station = station(|file| {
        if let Some(offered) = &mut file.appointments {
            offered.book_on_the_web = false;
        }
    })
    .await;
    let slot = open_slots(&station).await.remove(0);
    let body = json!({"service": SERVICE, "start": slot["start"]});
    let anybody = station.anybody();
    let refused = anybody.post("/api/v1/appointments", body).await;
    refused.problem(403, "forbidden");
    book(&station.client("demo-greeter"), &slot).await;
}

/// Hours all day, but for one day of which the file says something else.
fn closed_on(day: &Value) -> Option<Calendar> {
    let calendar = json!({
        "weekly": [{"days": ["mon", "tue", "wed", "thu", "fri", "sat", "sun"], "hours": ["00:00-23:59"]}],
        "date": [{"date": day, "hours": []}],
    });
    serde_json::from_value(calendar).expect("a calendar")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_holiday_has_no_slots_and_who_had_booked_before_is_told() {
    let data = DataDir::new();
    let station = station_on(&data, |_| {}).await;
    let path = format!("/api/v1/slots?service={SERVICE}");
    let days = station.anybody().get(&path).await.expect(200)["days"].clone();
    let (today, tomorrow) = (days[0].clone(), days[1].clone());
    let of = |day: &Value| format!("{path}&date={}", day.as_str().expect("a day"));
    let slots = station.anybody().get(&of(&tomorrow)).await.expect(200);
    let slot = slots["slots"][30].clone();
    let appointment = book(&station.anybody(), &slot).await;
    assert_eq!(appointment["in_vain"], false);

    // The calendar makes the day a holiday.
    station.kill();
    let station = station_on(&data, |file| file.calendar = closed_on(&tomorrow)).await;
    let client = station.anybody();
    let open = client.get(&of(&today)).await.expect(200);
    assert_ne!(open["slots"], json!([]));
    let holiday = client.get(&of(&tomorrow)).await.expect(200);
    assert_eq!(holiday["slots"], json!([]));
    let body = json!({"service": SERVICE, "start": slot["start"]});
    let refused = client.post("/api/v1/appointments", body).await;
    refused.problem(422, "unknown_slot");
    let own = appointment["links"]["self"].as_str().expect("a link");
    let now = client.get(own).await.expect(200);
    assert_eq!(
        (&now["state"], &now["in_vain"]),
        (&json!("booked"), &json!(true))
    );
    let page = client
        .get(&format!("/a/{}?lang=en", id(&appointment)))
        .await;
    assert!(page.text.contains("The station is closed at this time"));
    let list = format!(
        "/appointments?day={}&lang=en",
        tomorrow.as_str().expect("a day")
    );
    let list = station.client("demo-greeter").get(&list).await;
    assert!(list.text.contains("station closed"));
}
