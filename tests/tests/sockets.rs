//! The WebSockets, as screens and agents use them.

use protocol::{CALL_FRESH_MS, PROTOCOL_VERSION};
use serde_json::{Value, json};
use station_tests::{Screen, Station, until};
use tokio_tungstenite::tungstenite::Message;

async fn call_next(station: &Station, counter: &str) -> Value {
    station
        .counter()
        .act(counter, "call-next", json!({}))
        .await
        .expect(200)["current"]
        .clone()
}

/// How many people wait for a service, according to a board.
fn waiting(board: &Value, service: &str) -> u64 {
    let services = board["services"].as_array().map_or(&[][..], Vec::as_slice);
    let found = services.iter().find(|s| s["id"] == service);
    found
        .and_then(|s| s["waiting"].as_u64())
        .unwrap_or_default()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_board_gets_the_whole_picture_and_then_every_call() {
    let station = Station::demo().await;
    let mut board = station.screen("display", Some("hall"), None).await;
    let sync = board.wait_for_kind("calls", "sync").await;
    let info = board.wait_for_kind("station", "state").await;
    assert_eq!(info.data["counters"].as_array().map(Vec::len), Some(6));
    let state = board.wait_for_kind("board", "state").await;
    assert_eq!(state.data["services"].as_array().map(Vec::len), Some(6));

    let issued = station.issue("pick-up").await;
    board
        .wait_for("the waiting visitor on the board", |f| {
            f.topic == "board" && waiting(&f.data, "pick-up") == 1
        })
        .await;
    call_next(&station, "5").await;
    let call = board.wait_for_kind("calls", "call").await;
    assert_eq!(call.data["number"], issued["number"]);
    assert_eq!(call.data["counter"], "5");
    assert_eq!(call.data["calls"], 1);
    assert_eq!(call.prev, sync.seq, "nothing was missed in between");
    station
        .counter()
        .act("5", "recall", json!({}))
        .await
        .expect(200);
    let again = board.wait_for_kind("calls", "call").await;
    assert_eq!(
        (&again.data["number"], &again.data["calls"]),
        (&issued["number"], &json!(2))
    );
    assert_eq!(again.prev, call.seq);
    board
        .wait_for("the call on the board", |f| {
            f.topic == "board" && f.data["calls"][0]["counter"] == "5"
        })
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn one_call_reaches_every_board_once() {
    let station = Station::demo().await;
    let mut boards = Vec::new();
    for i in 0..20 {
        let mut board = station
            .screen("display", Some(&format!("hall {i}")), None)
            .await;
        board.wait_for_kind("calls", "sync").await;
        boards.push(board);
    }
    station.issue("pick-up").await;
    station.issue("pick-up").await;
    let first = call_next(&station, "5").await;
    let second = call_next(&station, "6").await;
    for board in &mut boards {
        // Two calls, two frames, in order: the first was not sent twice.
        for called in [&first, &second] {
            assert_eq!(
                board.wait_for_kind("calls", "call").await.data["number"],
                called["number"]
            );
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_returning_board_hears_fresh_calls_it_missed() {
    let station = Station::demo().await;
    let mut board = station.screen("display", Some("hall"), None).await;
    let epoch = station.health().await["epoch"]
        .as_str()
        .expect("an epoch")
        .to_owned();
    let seen = board.wait_for_kind("calls", "sync").await.seq;
    drop(board);
    let mut witness = station.screen("display", Some("hall"), None).await;
    let issued = station.issue("pick-up").await;
    call_next(&station, "5").await;
    // An answer to the counter comes with the commit; boards are told a moment later.
    witness.wait_for_kind("calls", "call").await;

    let hello = |epoch: &str, resume: u64| {
        let mut hello = Screen::hello("display", Some("hall"));
        hello["epoch"] = json!(epoch);
        hello["resume"] = json!(resume);
        hello
    };
    let mut back = station.socket("display", None).await;
    back.send(&hello(&epoch, seen)).await;
    let missed = back.wait_for_kind("calls", "call").await;
    assert_eq!(missed.data["number"], issued["number"]);
    let now = back.wait_for_kind("calls", "sync").await.seq;

    // One that has missed nothing, one that knows another database, and a new one hear nothing old.
    let unknown = "00000000-0000-0000-0000-000000000000";
    for quiet in [
        hello(&epoch, now),
        hello(unknown, 0),
        Screen::hello("display", Some("hall")),
    ] {
        let mut quiet_board = station.socket("display", None).await;
        quiet_board.send(&quiet).await;
        loop {
            let frame = quiet_board
                .next("the first state")
                .await
                .expect("the board stays connected");
            assert_ne!(frame.kind, "call", "an old call was sent to {quiet}");
            if frame.topic == "board" {
                break;
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_board_that_comes_back_late_hears_no_old_call() {
    let station = Station::demo().await;
    let mut board = station.screen("display", Some("hall"), None).await;
    let seen = board.wait_for_kind("calls", "sync").await.seq;
    station.issue("pick-up").await;
    call_next(&station, "5").await;
    let at = board.wait_for_kind("calls", "call").await.data["at"]
        .as_i64()
        .expect("a moment");
    // The call is old once the station's own clock says so: its pings carry the time.
    board
        .wait_for("a ping after the call has gone stale", |f| {
            f.kind == "ping" && f.data.as_i64().is_some_and(|now| now - at > CALL_FRESH_MS)
        })
        .await;
    let mut late = station.socket("display", None).await;
    let mut hello = Screen::hello("display", Some("hall"));
    hello["resume"] = json!(seen);
    late.send(&hello).await;
    loop {
        let frame = late
            .next("the first state")
            .await
            .expect("the board stays connected");
        assert_ne!(frame.kind, "call", "a call from long ago was sent again");
        if frame.topic == "board" {
            // The call itself still stands there to be read.
            assert_eq!(frame.data["calls"][0]["counter"], "5");
            break;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nonsense_is_answered_and_forgiven() {
    let station = Station::demo().await;
    let mut board = station.socket("display", None).await;
    for text in [
        "",
        "{",
        "[]",
        "null",
        "{\"kind\":\"juggle\"}",
        "{\"kind\":\"hello\"}",
        "\u{0}",
    ] {
        board.send_message(Message::text(text)).await;
        assert_eq!(board.problem_code().await, "malformed_frame", "{text:?}");
    }
    board.send_message(Message::binary(vec![0_u8, 255])).await;
    assert_eq!(board.problem_code().await, "malformed_frame");
    board.send(&json!({"kind": "health", "devices": []})).await;
    assert_eq!(board.problem_code().await, "hello_first");
    // And then it finds its words.
    board.send(&Screen::hello("display", Some("hall"))).await;
    board.wait_for_kind("board", "state").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_but_nonsense_is_let_go() {
    let station = Station::demo().await;
    let mut board = station.socket("display", None).await;
    for _ in 0..50 {
        // The server may hang up at any of these.
        board.send_if_open(Message::text("{")).await;
    }
    let said = board.farewell("it sends nothing but nonsense").await;
    assert_eq!(said, (1008, "malformed_frame".to_owned()));

    let mut shouting = station.socket("display", None).await;
    shouting
        .send_if_open(Message::text("x".repeat(1_000_000)))
        .await;
    let said = shouting.farewell("its frame is a megabyte").await;
    assert_eq!(said, (1009, "frame_too_large".to_owned()));
    // Nobody else noticed.
    station.issue("pick-up").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn clients_of_another_version_or_at_the_wrong_door_are_told() {
    let station = Station::demo().await;
    let mut other = station.socket("display", None).await;
    let mut hello = Screen::hello("display", None);
    hello["protocol"] = json!(PROTOCOL_VERSION + 1);
    other.send(&hello).await;
    assert_eq!(other.problem_code().await, "protocol_mismatch");
    let said = other.farewell("it speaks another version").await;
    assert_eq!(said, (1008, "protocol_mismatch".to_owned()));

    let mut astray = station.socket("display", None).await;
    astray.send(&Screen::hello("kiosk", Some("K1"))).await;
    assert_eq!(astray.problem_code().await, "invalid_request");
    let said = astray.farewell("it is at the wrong door").await;
    assert_eq!(said, (1008, "invalid_request".to_owned()));

    let mut nobody = station.socket("ticket", None).await;
    nobody
        .send(&Screen::hello("ticket", Some(&"0".repeat(32))))
        .await;
    assert_eq!(nobody.problem_code().await, "not_found");
    let said = nobody.farewell("there is no such ticket").await;
    assert_eq!(said, (1008, "not_found".to_owned()));

    let mut stranger = station.socket("admin", None).await;
    stranger.send(&Screen::hello("admin", None)).await;
    assert_eq!(stranger.problem_code().await, "unauthorized");
    let said = stranger.farewell("the figures are not for everybody").await;
    assert_eq!(said, (1008, "unauthorized".to_owned()));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_that_never_says_hello_is_told_why_it_goes() {
    let station = Station::demo().await;
    let mut mute = station.socket("display", None).await;
    let said = mute.farewell("it says no hello").await;
    assert_eq!(said, (1008, "hello_late".to_owned()));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_station_that_stops_tells_its_screens() {
    let station = Station::demo().await;
    let mut greeted = station.screen("display", Some("hall"), None).await;
    let mut coming = station.socket("ticket", None).await;
    // One that never reads keeps nobody waiting for long.
    let _deaf = station.screen("display", Some("deaf"), None).await;
    let told = async {
        for screen in [&mut greeted, &mut coming] {
            let said = screen.farewell("the station stops").await;
            assert_eq!(said, (1001, "server_stopping".to_owned()));
        }
    };
    let (_ended, ()) = tokio::join!(station.stop(), told);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_phone_follows_its_own_ticket() {
    let station = Station::demo().await;
    let issued = station.issue("pick-up").await;
    let id = issued["id"].as_str().expect("an id");
    let mut phone = station.screen("ticket", Some(id), None).await;
    let topic = format!("ticket/{id}");
    let first = phone.wait_for_kind(&topic, "state").await;
    assert_eq!(first.data["ticket"]["number"], issued["number"]);
    call_next(&station, "5").await;
    phone
        .wait_for("the call on the phone", |f| {
            f.topic == topic && f.data["ticket"]["counter"] == "5"
        })
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_console_and_the_chief_follow_the_hall() {
    let station = Station::demo().await;
    let mut console = station
        .screen("counter", Some("5"), Some("demo-counter"))
        .await;
    let mut chief = station.screen("admin", None, Some("demo-chief")).await;
    let issued = station.issue("pick-up").await;
    console
        .wait_for("the visitor in the console's queue", |f| {
            f.topic == "counter/5" && f.data["waiting"][0]["number"] == issued["number"]
        })
        .await;
    chief
        .wait_for("the visitor in the day's figures", |f| {
            f.topic == "chief" && f.data["today"]["issued"] == 1
        })
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_chief_sees_a_visit_under_the_service_it_belongs_to() {
    let station = Station::demo().await;
    let mut chief = station.screen("admin", None, Some("demo-chief")).await;
    let body = json!({"service": "stay-extension", "then": ["pick-up"]});
    let answer = station.kiosk().post("/api/v1/tickets", body).await;
    let issued = answer.expect(201);
    let clerk = station.counter();
    for action in ["call-next", "start", "finish"] {
        clerk.act("1", action, json!({})).await.expect(200);
    }
    // The visitor waits for the second matter, for which nobody has called anybody.
    let address = format!("/api/v1/tickets/{}", issued["id"].as_str().expect("an id"));
    let ticket = station.anybody().get(&address).await.expect(200);
    assert_eq!(ticket["service"], "pick-up");
    let frame = chief
        .wait_for("the call in the day of the services", |f| {
            f.topic == "chief" && f.data["today"]["called"] == 1 && f.data["today"]["waiting"] == 1
        })
        .await;
    let called = |id: &str| {
        let mut services = frame.data["services"].as_array().into_iter().flatten();
        let of = services.find(|service| service["service"] == id);
        of.map(|service| service["called"].clone())
    };
    assert_eq!(called("stay-extension"), Some(json!(1)));
    assert_eq!(called("pick-up"), Some(json!(0)));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_kiosk_asks_over_its_socket_and_asks_again() {
    let station = Station::demo().await;
    let mut kiosk = station
        .screen("kiosk", Some("K1"), Some("demo-kiosk"))
        .await;
    let command_id = uuid::Uuid::new_v4().simple().to_string();
    let command = json!({
        "kind": "command", "command_id": command_id,
        "command": {"do": "issue", "service": "pick-up", "language": "id"},
    });
    let mut ids = Vec::new();
    for _ in 0..2 {
        kiosk.send(&command).await;
        let result = kiosk.wait_for_kind("commands", "result").await;
        assert_eq!(result.data["command_id"], command_id.as_str());
        ids.push(result.data["issued"]["id"].clone());
    }
    assert_eq!(ids[0], ids[1], "asking again gives the same ticket");
    let id = ids[0].as_str().expect("an id").to_owned();

    // Its paper came out.
    kiosk
        .send(&json!({
            "kind": "command", "command_id": uuid::Uuid::new_v4().simple().to_string(),
            "command": {"do": "report_print", "ticket": id, "job": "1", "outcome": {"result": "printed"}},
        }))
        .await;
    kiosk.wait_for_kind("commands", "result").await;
    let ticket = station
        .anybody()
        .get(&format!("/api/v1/tickets/{id}"))
        .await
        .expect(200);
    assert_eq!(ticket["print"], "printed");

    // A language nobody speaks here is refused as over HTTP.
    kiosk
        .send(&json!({
            "kind": "command", "command_id": uuid::Uuid::new_v4().simple().to_string(),
            "command": {"do": "issue", "service": "pick-up", "language": "tlh"},
        }))
        .await;
    let refused = kiosk.wait_for_kind("commands", "result").await;
    assert_eq!(refused.data["problem"]["code"], "unknown_language");

    // It may not do a display's work.
    kiosk
        .send(&json!({
            "kind": "command", "command_id": uuid::Uuid::new_v4().simple().to_string(),
            "command": {"do": "key", "counter": "5", "key": "call_next"},
        }))
        .await;
    let refused = kiosk.wait_for_kind("commands", "result").await;
    assert_eq!(refused.data["problem"]["code"], "forbidden");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_agent_that_the_station_file_does_not_have_is_turned_away() {
    let station = Station::demo().await;
    for (role, device, token) in [
        ("kiosk", "K9", "demo-kiosk"),
        ("display", "D9", "demo-display"),
    ] {
        let mut socket = station.socket(role, Some(token)).await;
        socket.send(&Screen::hello(role, Some(device))).await;
        assert_eq!(socket.problem_code().await, "unknown_device");
        let said = socket.farewell("the station has no such agent").await;
        assert_eq!(said, (1008, "unknown_device".to_owned()));
    }
    let devices = station.chief().get("/api/v1/devices").await.expect(200);
    assert_eq!(devices["devices"], json!([]));
    // A page is nobody's agent.
    station
        .screen("display", Some("rating/5"), Some("demo-display"))
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_agent_is_seen_and_missed() {
    let station = Station::demo().await;
    let mut display = station
        .screen("display", Some("D1"), Some("demo-display"))
        .await;
    let trouble = json!({"device": "LED 3", "ok": false, "status": "silent", "detail": ""});
    display
        .send(&json!({"kind": "health", "devices": [trouble]}))
        .await;
    let chief = station.chief();
    let agent = async || {
        let devices = chief.get("/api/v1/devices").await.expect(200);
        devices["devices"]
            .as_array()
            .and_then(|d| d.iter().find(|d| d["agent"] == "D1").cloned())
    };
    until("the silent panel in the list of devices", async || {
        agent()
            .await
            .filter(|d| d["connected"] == true && d["devices"][0]["status"] == "silent")
    })
    .await;
    // Every frame from it counts, also the answer to a ping.
    let seen = agent().await.expect("the display")["last_seen"].clone();
    until("the display to be heard again", async || {
        display.send(&json!({"kind": "pong"})).await;
        agent().await.filter(|d| d["last_seen"] != seen)
    })
    .await;
    drop(display);
    until("the display to be missed", async || {
        agent().await.filter(|d| d["connected"] == false)
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn screens_that_do_not_read_hold_nobody_up_and_are_let_go() {
    const HELLOS: usize = 2_000;
    let station = Station::demo().await;
    // Each asks for the whole picture again and again and reads nothing of it, until the line is full.
    let mut deaf = Vec::new();
    for i in 0..4 {
        let mut socket = Screen::open_narrow(station.address(), "display").await;
        let mut hello = Screen::hello("display", Some(&format!("deaf {i}")));
        hello["token"] = json!("demo-display");
        for _ in 0..HELLOS {
            socket.send(&hello).await;
        }
        deaf.push(socket);
    }
    let mut board = station.screen("display", Some("hall"), None).await;
    for _ in 0..100 {
        let issued = station.issue("pick-up").await;
        call_next(&station, "5").await;
        let call = board.wait_for_kind("calls", "call").await;
        assert_eq!(call.data["number"], issued["number"]);
        station
            .counter()
            .act("5", "finish", json!({}))
            .await
            .expect(200);
    }
    let chief = station.chief();
    until("the server to let them go", async || {
        let agents = chief.get("/api/v1/devices").await.expect(200);
        let agents = agents["devices"].as_array().cloned().unwrap_or_default();
        // Agents without pages and devices are forgotten when they go.
        let deaf =
            |a: &serde_json::Value| a["agent"].as_str().is_some_and(|n| n.starts_with("deaf"));
        (!agents.iter().any(deaf)).then_some(())
    })
    .await;
    for socket in &mut deaf {
        let heard = socket.closed("it did not read for a long time").await;
        // Each hello is answered by four frames; that many would mean that the line was never full.
        assert!(heard < 4 * HELLOS, "{heard} frames fitted into the line");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_restored_database_has_another_epoch() {
    let station = Station::demo().await;
    let before = station.health().await["epoch"].clone();
    let data = station.data().clone();
    station.stop().await;
    let same = Station::on(&data).await;
    assert_eq!(
        same.health().await["epoch"],
        before,
        "a restart is not a restoration"
    );
    let copy = data.beside("backup.db");
    let ended = station_tests::Program::run([
        "backup".into(),
        "--data".into(),
        data.path().into_os_string(),
        "--to".into(),
        copy.clone().into_os_string(),
    ])
    .await;
    let _ = ended.succeeded();
    let restored = station_tests::DataDir::new();
    std::fs::create_dir_all(restored.path()).expect("a data directory");
    std::fs::copy(
        &copy,
        restored.path().join(station_server::journal::FILE_NAME),
    )
    .expect("a backup can be put back");
    let restored = Station::on(&restored).await;
    assert_ne!(restored.health().await["epoch"], before);
}
