//! Who may do what: the whole table, and that the running station keeps to it.

use std::fmt::Write as _;

use reqwest::Method;
use serde_json::json;
use station_server::access::Role;
use station_tests::{Screen, Station};
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
        let code = socket.problem_code().await;
        assert!(
            ["unauthorized", "forbidden"].contains(&code.as_str()),
            "{role} as {token:?}: {code}"
        );
        socket.closed("it may not see this").await;
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
