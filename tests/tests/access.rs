//! Who may do what: the whole table, and that the running station keeps to it.

use std::fmt::Write as _;
use std::os::unix::fs::PermissionsExt as _;

use reqwest::Method;
use serde_json::json;
use station_config::{AccessRole, AccessToken, StationFile};
use station_server::access::Role;
use station_tests::{
    Client, DataDir, Program, Screen, StartOptions, Station, station_file, token_hash,
};
use tokio_tungstenite::tungstenite::Error;

/// The demo's token of a role; nobody has none.
fn token(role: Role) -> Option<&'static str> {
    match role {
        Role::Public => None,
        Role::Kiosk => Some("demo-kiosk"),
        Role::Display => Some("demo-display"),
        Role::Counter => Some("demo-counter"),
        Role::Greeter => Some("demo-greeter"),
        Role::Chief => Some("demo-chief"),
        Role::Administrator => Some("demo-admin"),
    }
}

/// A path of the table with something in place of its parameters.
fn example(path: &str) -> String {
    let mut example = String::new();
    let mut rest = path;
    while let Some((before, parameter)) = rest.split_once('{') {
        let (name, after) = parameter.split_once('}').expect("a parameter ends");
        example.push_str(before);
        example.push_str(match name {
            "counter" => "5",
            "action" => "call-next",
            "role" => "kiosk",
            // Nobody has this one; who may not must not learn even that.
            _ => "00000000000000000000000000000000",
        });
        rest = after;
    }
    example + rest
}

#[test]
fn the_table_of_routes_and_roles() {
    let mut routes = station_server::http::routes();
    routes.sort_by_key(|r| (r.path, r.method));
    let mut table = String::new();
    for route in routes {
        let roles: Vec<&str> = Role::ALL
            .into_iter()
            .filter(|role| role.may(route.permission))
            .map(Role::word)
            .collect();
        let who = if roles.len() == Role::ALL.len() {
            "everybody".to_owned()
        } else {
            roles.join(" ")
        };
        writeln!(
            table,
            "{:<5}{:<44}{:<16}{who}",
            route.method,
            route.path,
            format!("{:?}", route.permission)
        )
        .expect("a string takes it");
    }
    insta::assert_snapshot!(table);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_running_station_keeps_to_the_table() {
    let station = Station::demo().await;
    let before = station.fingerprint().await;
    let mut refused = 0;
    for route in station_server::http::routes() {
        for role in Role::ALL
            .into_iter()
            .filter(|role| !role.may(route.permission))
        {
            let client = token(role).map_or_else(|| station.anybody(), |t| station.client(t));
            let method: Method = route.method.parse().expect("a method");
            let headers = [("content-type", "application/json")];
            let body = (method == Method::POST).then(|| json!({}).to_string());
            let answer = client
                .send(method, &example(route.path), &headers, body)
                .await;
            if role == Role::Public {
                answer.problem(401, "unauthorized");
            } else {
                answer.problem(403, "forbidden");
            }
            refused += 1;
        }
    }
    assert!(refused > 0, "no route is protected");
    assert_eq!(
        station.fingerprint().await,
        before,
        "a refused request changed something"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_browser_is_led_to_the_login_page() {
    let station = Station::demo().await;
    let protected = station_server::http::routes();
    let pages = protected
        .iter()
        .filter(|r| r.method == "GET" && !Role::Public.may(r.permission));
    for page in pages.filter(|r| !r.path.starts_with("/api/") && !r.path.starts_with("/ws/")) {
        let headers = [("accept", "text/html")];
        let answer = station
            .anybody()
            .send(Method::GET, &example(page.path), &headers, None)
            .await;
        let place = answer.header("location").map(str::to_owned);
        assert!(
            (300..400).contains(&answer.status),
            "{}: {}",
            page.path,
            answer.status
        );
        assert!(
            place
                .as_ref()
                .is_some_and(|p| p.starts_with("/login?next=")),
            "{}: {place:?}",
            page.path
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn another_site_can_neither_write_nor_listen() {
    let station = Station::demo().await;
    let body = Some(json!({"service": "pick-up"}).to_string());
    for origin in ["http://elsewhere.example", "null", "http://127.0.0.1:1"] {
        let headers = [("content-type", "application/json"), ("origin", origin)];
        let answer = station
            .kiosk()
            .send(Method::POST, "/api/v1/tickets", &headers, body.clone())
            .await;
        answer.problem(403, "forbidden");
        for role in ["kiosk", "display", "counter", "ticket", "admin"] {
            let refused = Screen::open(&station.ws_base(), role, None, Some(origin)).await;
            match refused.map_err(|e| *e) {
                Err(Error::Http(response)) => {
                    assert_eq!(response.status(), 403, "{role} from {origin}")
                }
                other => panic!("{role} from {origin}: {other:?}"),
            }
        }
    }
    // Its own pages may.
    let headers = [
        ("content-type", "application/json"),
        ("origin", station.base()),
    ];
    station
        .kiosk()
        .send(Method::POST, "/api/v1/tickets", &headers, body)
        .await
        .expect(201);
    let opened = Screen::open(&station.ws_base(), "display", None, Some(station.base())).await;
    assert!(opened.is_ok(), "{opened:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_websocket_shows_only_what_its_role_may_see() {
    let station = Station::demo().await;
    let refused = [
        ("kiosk", Some("K1"), None),
        ("kiosk", Some("K1"), Some("demo-counter")),
        ("counter", Some("5"), None),
        ("counter", Some("5"), Some("demo-kiosk")),
        ("admin", None, Some("demo-counter")),
        ("admin", None, None),
    ];
    for (role, device, token) in refused {
        let mut socket = station.socket(role, token).await;
        socket.send(&Screen::hello(role, device)).await;
        let code = token.map_or("unauthorized", |_| "forbidden");
        assert_eq!(socket.problem_code().await, code, "{role} as {token:?}");
        let said = socket.farewell("it may not see this").await;
        assert_eq!(said, (1008, code.to_owned()), "{role} as {token:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_demo_stays_on_this_machine() {
    let data = station_tests::DataDir::new();
    let arguments =
        ["demo", "--no-agents", "--listen", "0.0.0.0:0", "--data"].map(std::ffi::OsString::from);
    let arguments = arguments.into_iter().chain([data.path().into()]);
    let said = station_tests::Program::run(arguments).await.failed();
    assert!(said.contains("loopback"), "{said}");
}

/// A station with this station file.
async fn serve(edit: impl FnOnce(&mut StationFile)) -> Station {
    let data = DataDir::new();
    let config = data.beside("station.toml");
    std::fs::write(&config, station_file(edit)).expect("the station file can be written");
    Station::start(StartOptions {
        config: Some(config),
        ..StartOptions::on(&data)
    })
    .await
}

/// The token of a device that joins with a code.
async fn enrol(station: &Station, role: &str, device: &str) -> String {
    let wanted = json!({"role": role, "device": device});
    let admin = station.client("demo-admin");
    let code = admin
        .post("/api/v1/devices/codes", wanted)
        .await
        .expect(201);
    let anybody = station.anybody();
    let joined = anybody
        .post("/api/v1/enrol", json!({"code": code["code"]}))
        .await;
    let cookie = joined.header("set-cookie").map(str::to_owned);
    let token = joined.expect(201)["token"]
        .as_str()
        .expect("a token")
        .to_owned();
    let cookie = cookie.expect("a device cookie");
    assert!(
        cookie.starts_with(&format!(
            "station_device={token}; Path=/; HttpOnly; SameSite=Lax; Max-Age="
        )),
        "{cookie}"
    );
    token
}

fn bound(role: AccessRole, device: &str) -> AccessToken {
    let name = format!("only-{device}");
    AccessToken {
        token_sha256: token_hash(&name),
        name,
        role,
        device: Some(device.to_owned()),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_of_one_device_is_good_for_that_one_only() {
    let station = serve(|file| {
        file.access.tokens.push(bound(AccessRole::Counter, "3"));
        file.access.tokens.push(bound(AccessRole::Kiosk, "K1"));
        file.access.tokens.push(bound(AccessRole::Display, "D1"));
    })
    .await;
    let joined = enrol(&station, "counter", "3").await;
    for token in ["only-3", &joined] {
        let client = station.client(token);
        client.get("/api/v1/counters/3").await.expect(200);
        client.act("3", "open", json!({})).await.expect(200);
        client.act("3", "close", json!({})).await.expect(200);
        client.get("/console/3").await.expect(200);
        let before = station.fingerprint().await;
        let refused = [
            client.get("/api/v1/counters/4").await,
            client.act("4", "open", json!({})).await,
            client.get("/console/4").await,
            client.post("/console/4/open", json!({})).await,
            client.get("/api/v1/counters/%34").await,
        ];
        for answer in refused {
            let told = answer.problem(403, "forbidden");
            assert_eq!(told, "this token is for counter `3` only, not for `4`");
        }
        assert_eq!(station.fingerprint().await, before);
    }
    // A token of no counter is good for all.
    let any = station.client("demo-counter");
    any.get("/api/v1/counters/4").await.expect(200);

    let screens = [
        ("counter", "3", "4", "only-3"),
        ("counter", "3", "4", &joined),
        ("kiosk", "K1", "K2", "only-K1"),
        ("display", "D1", "D2", "only-D1"),
    ];
    for (role, own, other, token) in screens {
        station.screen(role, Some(own), Some(token)).await;
        let mut socket = station.socket(role, Some(token)).await;
        socket.send(&Screen::hello(role, Some(other))).await;
        assert_eq!(socket.problem_code().await, "forbidden", "{role} {other}");
        let said = socket.farewell("it is another device").await;
        assert_eq!(said, (1008, "forbidden".to_owned()), "{role} {other}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lost_device_is_withdrawn_and_cut_off() {
    let station = serve(|_| {}).await;
    let admin = station.client("demo-admin");
    let lost = enrol(&station, "counter", "2").await;
    let other = enrol(&station, "counter", "3").await;
    let open = async |token: &str, counter: &str| {
        let path = format!("/api/v1/counters/{counter}");
        station.client(token).get(&path).await
    };
    open(&lost, "2").await.expect(200);
    // Who joins again under the same name takes the place of who joined before.
    let again = enrol(&station, "counter", "2").await;
    open(&lost, "2").await.problem(401, "unauthorized");
    open(&again, "2").await.expect(200);

    let mut screen = station.screen("counter", Some("2"), Some(&again)).await;
    let listed = admin.get("/api/v1/devices/tokens").await.expect(200);
    let tokens = listed["tokens"].as_array().expect("a list").clone();
    assert_eq!(tokens.len(), 2, "{listed}");
    assert_eq!(
        (&tokens[0]["role"], &tokens[0]["device"]),
        (&json!("counter"), &json!("2"))
    );
    assert!(
        tokens[0]["enrolled_at"]
            .as_str()
            .is_some_and(|t| t.contains('T')),
        "{listed}"
    );
    assert!(
        !listed.to_string().contains(&again),
        "the token itself is told"
    );
    let revoke = format!(
        "/api/v1/devices/tokens/{}/revoke",
        tokens[0]["id"].as_str().expect("an id")
    );
    admin.post(&revoke, json!({})).await.expect(204);
    assert_eq!(
        screen.farewell("its token was withdrawn").await,
        (1008, "unauthorized".to_owned())
    );
    open(&again, "2").await.problem(401, "unauthorized");
    admin
        .post(&revoke, json!({}))
        .await
        .problem(404, "unknown_token");
    open(&other, "3").await.expect(200);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_restored_backup_still_knows_the_enrolled_devices() {
    let station = Station::demo().await;
    let token = enrol(&station, "kiosk", "K1").await;
    let body = json!({"staff": "zhou", "pin": "1234"});
    let session = station
        .anybody()
        .post("/api/v1/login", body)
        .await
        .expect(200);
    let session = session["token"].as_str().expect("a session").to_owned();
    let data = station.data().clone();
    let to = data.beside("monday.db");
    let arguments = [
        "backup".into(),
        "--data".into(),
        data.path().into_os_string(),
    ];
    let arguments = arguments
        .into_iter()
        .chain(["--to".into(), to.clone().into()]);
    let said = Program::run(arguments).await.succeeded();
    let devices = data.beside("monday.db.access.db");
    assert!(said.contains(&devices.display().to_string()), "{said}");
    let mode = std::fs::metadata(&devices)
        .expect("the second file")
        .permissions()
        .mode();
    assert_eq!(mode & 0o077, 0, "only its owner may read it");
    station.stop().await;

    let restored = DataDir::new();
    std::fs::create_dir(restored.path()).expect("a directory");
    std::fs::copy(&to, restored.path().join("station.db")).expect("a copy");
    std::fs::copy(&devices, restored.path().join("access.db")).expect("a copy");
    let station = Station::on(&restored).await;
    let ticket = json!({"service": "pick-up"});
    let kiosk = station.client(&token);
    kiosk.post("/api/v1/tickets", ticket).await.expect(201);
    // Who was logged in logs in again.
    let chief = station.client(&session);
    chief
        .get("/api/v1/stats")
        .await
        .problem(401, "unauthorized");
}

#[tokio::test(flavor = "multi_thread")]
async fn only_devices_of_the_station_file_are_enrolled() {
    let station = Station::demo().await;
    let admin = station.client("demo-admin");
    for (role, known) in [("kiosk", "`K1`"), ("display", "`D1`"), ("counter", "`3`")] {
        let wanted = json!({"role": role, "device": "X9"});
        let told = admin
            .post("/api/v1/devices/codes", wanted)
            .await
            .problem(422, "unknown_device");
        assert!(told.contains("`X9`") && told.contains(known), "{told}");
    }
    // Who walks around carries any device.
    enrol(&station, "greeter", "tablet 7").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pin_is_taken_from_an_enrolled_device_by_cookie_or_bearer() {
    let pin = station_server::access::hash_pin("4711").expect("a hash");
    let password = station_server::access::hash_pin("a long password").expect("a hash");
    let station = serve(|file| {
        let member = &mut file.staff;
        member.push(station_config::Staff {
            id: queue_core::StaffId::new("wu").expect("an id"),
            name: "吳".to_owned(),
            role: AccessRole::Counter,
            pin_hash: Some(pin),
            password_hash: Some(password),
        });
    })
    .await;
    let log_in = async |client: &Client, cookie: Option<&str>, pin: &str| {
        let mut headers = vec![("content-type", "application/json")];
        headers.extend(cookie.map(|cookie| ("cookie", cookie)));
        let body = json!({"staff": "wu", "pin": pin}).to_string();
        let path = "/api/v1/login";
        client.send(Method::POST, path, &headers, Some(body)).await
    };
    let token = enrol(&station, "counter", "3").await;
    let cookie = format!("station_device={token}");
    let (device, anybody) = (station.client(&token), station.anybody());

    let session = log_in(&device, None, "4711").await.expect(200);
    log_in(&anybody, Some(&cookie), "4711").await.expect(200);
    let told = log_in(&device, None, "0815")
        .await
        .problem(401, "wrong_pin");
    assert_eq!(told, "wrong name or PIN");
    // Elsewhere the field takes the password, and a refusal says so.
    let told = log_in(&anybody, None, "4711")
        .await
        .problem(401, "wrong_pin");
    assert!(told.contains("enrolled devices only"), "{told}");
    log_in(&anybody, None, "a long password").await.expect(200);

    // People work at any counter, also when they logged in at that of the device.
    let clerk = station.client(session["token"].as_str().expect("a session"));
    clerk.get("/api/v1/counters/4").await.expect(200);
}
