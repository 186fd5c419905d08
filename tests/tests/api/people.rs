//! Who may do what, and how devices and staff come in.

use serde_json::json;
use station_tests::Station;

#[tokio::test(flavor = "multi_thread")]
async fn who_may_not() {
    let station = Station::demo().await;
    let body = json!({"service": "pick-up"});
    station
        .anybody()
        .post("/api/v1/tickets", body.clone())
        .await
        .problem(401, "unauthorized");
    station
        .client("made-up")
        .post("/api/v1/tickets", body.clone())
        .await
        .problem(401, "unauthorized");
    station
        .client("")
        .post("/api/v1/tickets", body.clone())
        .await
        .problem(401, "unauthorized");
    station
        .client("demo-display")
        .post("/api/v1/tickets", body)
        .await
        .problem(403, "forbidden");
    station
        .kiosk()
        .act("5", "call-next", json!({}))
        .await
        .problem(403, "forbidden");
    station
        .counter()
        .get("/api/v1/stats")
        .await
        .problem(403, "forbidden");
    station
        .counter()
        .post("/api/v1/day/close", json!({}))
        .await
        .problem(403, "forbidden");
    let code = json!({"role": "kiosk", "device": "K9"});
    station
        .chief()
        .post("/api/v1/devices/codes", code)
        .await
        .problem(403, "forbidden");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_device_joins_with_a_code_that_works_once() {
    let station = Station::demo().await;
    let wanted = json!({"role": "kiosk", "device": "K1"});
    let code = station
        .client("demo-admin")
        .post("/api/v1/devices/codes", wanted)
        .await
        .expect(201);
    let joined = station
        .anybody()
        .post("/api/v1/enrol", json!({"code": code["code"]}))
        .await
        .expect(201);
    assert_eq!(
        (&joined["role"], &joined["device"]),
        (&json!("kiosk"), &json!("K1"))
    );
    let token = joined["token"].as_str().expect("a token").to_owned();
    let kiosk = station.client(&token);
    kiosk
        .post("/api/v1/tickets", json!({"service": "pick-up"}))
        .await
        .expect(201);
    let again = station
        .anybody()
        .post("/api/v1/enrol", json!({"code": code["code"]}))
        .await;
    again.problem(422, "bad_code");

    // The device stays enrolled over a restart.
    let data = station.data().clone();
    station.stop().await;
    let station = Station::on(&data).await;
    station
        .client(&token)
        .post("/api/v1/tickets", json!({"service": "pick-up"}))
        .await
        .expect(201);
}

#[tokio::test(flavor = "multi_thread")]
async fn staff_log_in_with_a_pin_and_out_again() {
    let station = Station::demo().await;
    let wrong = json!({"staff": "zhou", "pin": "9999"});
    station
        .anybody()
        .post("/api/v1/login", wrong)
        .await
        .problem(401, "wrong_pin");
    let right = json!({"staff": "zhou", "pin": "1234"});
    let session = station
        .anybody()
        .post("/api/v1/login", right)
        .await
        .expect(200);
    let chief = station.client(session["token"].as_str().expect("a session token"));
    chief.get("/api/v1/stats").await.expect(200);
    chief.post("/api/v1/logout", json!({})).await.expect(204);
    chief
        .get("/api/v1/stats")
        .await
        .problem(401, "unauthorized");

    // Guessing is stopped, also for the right PIN.
    let mut locked = false;
    for _ in 0..20 {
        let guess = json!({"staff": "lin", "pin": "0000"});
        let answer = station.anybody().post("/api/v1/login", guess).await;
        if answer.status == 429 {
            let wait: u32 = answer
                .header("retry-after")
                .and_then(|s| s.parse().ok())
                .expect("seconds to wait");
            assert!((1..=30).contains(&wait), "{wait}");
            answer.problem(429, "pin_locked");
            locked = true;
            break;
        }
        answer.problem(401, "wrong_pin");
    }
    assert!(locked, "twenty wrong guesses in a row went unhindered");
    let right = json!({"staff": "lin", "pin": "1234"});
    station
        .anybody()
        .post("/api/v1/login", right)
        .await
        .problem(429, "pin_locked");
}

#[tokio::test(flavor = "multi_thread")]
async fn guessing_locks_nobody_out_at_an_enrolled_device() {
    let station = Station::demo().await;
    let log_in = async |token: Option<&str>, pin: &str| {
        let who = token.map_or_else(|| station.anybody(), |token| station.client(token));
        let body = json!({"staff": "admin", "pin": pin});
        who.post("/api/v1/login", body).await
    };
    for _ in 0..5 {
        log_in(None, "0000").await.problem(401, "wrong_pin");
    }
    log_in(None, "1234").await.problem(429, "pin_locked");
    // The administrator's own device is another matter, and so is every other one.
    log_in(Some("demo-kiosk"), "1234").await.expect(200);
    for _ in 0..5 {
        log_in(Some("demo-kiosk"), "0000")
            .await
            .problem(401, "wrong_pin");
    }
    log_in(Some("demo-kiosk"), "1234")
        .await
        .problem(429, "pin_locked");
    log_in(Some("demo-counter"), "1234").await.expect(200);
}

#[tokio::test(flavor = "multi_thread")]
async fn enrolment_codes_cannot_be_guessed() {
    let station = Station::demo().await;
    let wanted = json!({"role": "kiosk", "device": "K1"});
    let code = station
        .client("demo-admin")
        .post("/api/v1/devices/codes", wanted)
        .await
        .expect(201);
    // All at once, as somebody would who has no time.
    let guesses = (0..300).map(|n| {
        let anybody = station.anybody();
        tokio::spawn(async move {
            let guess = json!({"code": format!("x{n}")});
            let answer = anybody.post("/api/v1/enrol", guess).await;
            let wait = answer.header("retry-after").is_some();
            (answer.status, wait)
        })
    });
    let mut looked_at = 0;
    for guess in guesses.collect::<Vec<_>>() {
        match guess.await.expect("an answer") {
            (422, false) => looked_at += 1,
            (429, true) => {}
            other => panic!("{other:?}"),
        }
    }
    assert_eq!(looked_at, 10);
    station
        .anybody()
        .post("/api/v1/enrol", json!({"code": code["code"]}))
        .await
        .problem(429, "enrol_locked");
    // The page counts the same attempts.
    let form = [("content-type", "application/x-www-form-urlencoded")];
    let page = station
        .anybody()
        .send(
            reqwest::Method::POST,
            "/enrol",
            &form,
            Some("code=1".into()),
        )
        .await;
    assert_eq!(page.status, 429);
    assert!(page.text.contains("登記碼錯誤太多次"), "{}", page.text);
}
