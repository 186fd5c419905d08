//! The kiosk goes on when the server does not: one press is one ticket, whatever is lost between the two.

#![allow(clippy::unwrap_used, reason = "a test may stop where it stands")]

#[allow(dead_code, unreachable_pub)]
mod played;

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::http::{Method, Request, StatusCode, header};
use futures_util::StreamExt;
use kiosk::KioskSettings;
use kiosk::agent::Kiosk;
use kiosk::book::Book;
use kiosk::link::spawn;
use kiosk::page::router;
use played::Server;
use protocol::{AgentCommand, TakenTicket};
use queue_core::{ClassId, KioskNumber, Lease, StationTime, TicketId};
use screens::Language;
use tower::ServiceExt;

const LONG: Duration = Duration::from_secs(30);

struct Hall {
    server: Server,
    kiosk: Arc<Kiosk>,
}

fn lease() -> Lease {
    Lease {
        id: 5,
        kiosk: KioskNumber::new(2).unwrap(),
        day: "2026-11-20".parse().unwrap(),
        first: 1,
        last: 999,
    }
}

/// A kiosk with its book in a file.
fn kiosk_of(server: &Server, book: &Path) -> Arc<Kiosk> {
    let settings = KioskSettings {
        id: "K2".to_owned(),
        listen: "127.0.0.1:0".parse().unwrap(),
        server: format!("http://{}", server.address),
        token: "secret".to_owned(),
        data: "never-used".into(),
        printers: vec![],
        ticket: Default::default(),
        px_per_mm: 4.03,
        languages: Language::ALL.to_vec(),
        priority_class: Some(ClassId::new("priority").unwrap()),
        default_class: Some(ClassId::new("regular").unwrap()),
        station: Arc::new(played::station()),
    };
    let book = Book::open(book).unwrap();
    let (link, _orders) = spawn(&settings, "127.0.0.1:8081".parse().unwrap(), &book).unwrap();
    let kiosk = Kiosk::new(settings, link, vec![]);
    tokio::spawn(kiosk.clone().follow_server());
    kiosk
}

/// A kiosk that has a lease.
async fn hall(book: &Path, lease: Lease) -> Hall {
    let server = Server::start().await;
    server.with(|state| state.lease = Some(lease));
    let hall = Hall {
        kiosk: kiosk_of(&server, book),
        server,
    };
    hall.until_leased().await;
    hall
}

fn taken(state: &played::State) -> Vec<TakenTicket> {
    let told = state
        .commands
        .iter()
        .filter_map(|(_, command)| match command {
            AgentCommand::TakeIn(taken) => Some(taken.clone()),
            _ => None,
        });
    told.collect()
}

/// The ids of the tickets that were asked for.
fn asked(state: &played::State) -> Vec<TicketId> {
    let asked = state
        .commands
        .iter()
        .filter_map(|(_, command)| match command {
            AgentCommand::Issue { ticket, .. } => *ticket,
            _ => None,
        });
    asked.collect()
}

impl Hall {
    async fn until_leased(&self) {
        self.server.until(|state| state.lease_told).await;
        // The answer is on its way; the first page says so once the server is gone.
        let mut station = self.kiosk.watch_station();
        let seen = station.wait_for(|view| view.board.is_some());
        tokio::time::timeout(LONG, seen).await.unwrap().unwrap();
        let leased = async {
            while !self.kiosk.goes_on_alone(&self.kiosk.station()) {
                tokio::task::yield_now().await;
            }
        };
        tokio::time::timeout(LONG, leased).await.unwrap();
    }

    async fn until_connected(&self, wanted: bool) {
        let mut station = self.kiosk.watch_station();
        let seen = station.wait_for(|view| view.connected == wanted);
        tokio::time::timeout(LONG, seen).await.unwrap().unwrap();
    }

    /// The server is gone, and the kiosk knows.
    async fn lose_server(&self) {
        self.server.with(|state| state.gone = true);
        self.server.cut();
        self.until_connected(false).await;
    }

    fn server_back(&self) {
        self.server.with(|state| state.gone = false);
    }

    async fn get(&self, path: &str) -> (StatusCode, String) {
        let request = Request::get(path).body(Body::empty()).unwrap();
        let response = router(self.kiosk.clone()).oneshot(request).await.unwrap();
        let status = response.status();
        let chunks: Vec<_> = response.into_body().into_data_stream().collect().await;
        let bytes: Vec<u8> = chunks.into_iter().flat_map(Result::unwrap).collect();
        (status, String::from_utf8(bytes).unwrap())
    }

    /// Presses; where the page leads.
    async fn press(&self, service: &str, key: u128) -> String {
        let form = format!("service={service}&key={key:032x}&lang=en");
        self.post("/ticket", &form).await
    }

    async fn post(&self, path: &str, form: &str) -> String {
        let request = Request::builder()
            .method(Method::POST)
            .uri(path)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Body::from(form.to_owned()))
            .unwrap();
        let response = router(self.kiosk.clone()).oneshot(request).await.unwrap();
        assert_eq!(response.status(), StatusCode::SEE_OTHER);
        response.headers()[header::LOCATION]
            .to_str()
            .unwrap()
            .to_owned()
    }
}

#[tokio::test]
async fn without_the_server_numbers_are_the_kiosks_own_and_told_in_order_when_it_is_back() {
    let folder = tempfile::tempdir().unwrap();
    let hall = hall(&folder.path().join("k.db"), lease()).await;
    hall.lose_server().await;
    let mut pages = vec![];
    for (key, service) in [(1, "A"), (2, "C"), (3, "A")] {
        let to = hall.press(service, key).await;
        let (status, page) = hall.get(&to).await;
        assert_eq!(status, StatusCode::OK);
        pages.push(page);
    }
    for (page, number) in pages.iter().zip(["A2-001", "C2-001", "A2-002"]) {
        assert!(
            page.contains(number) && page.contains("Issued offline"),
            "{page}"
        );
        assert!(!page.contains("0 people"), "nobody knows how many wait");
    }
    assert_eq!(hall.server.with(|state| state.commands.len()), 0);

    hall.server_back();
    hall.server.until(|state| taken(state).len() == 3).await;
    let told = hall.server.with(|state| taken(state));
    let numbers: Vec<_> = told.iter().map(|one| one.number.to_string()).collect();
    assert_eq!(numbers, ["A2-001", "C2-001", "A2-002"]);
    assert!(told.iter().all(|one| one.lease == 5 && !one.taken_back));
    assert!(told.is_sorted_by_key(|one| one.taken_at));
    let served = StationTime(1_700_000_000_000);
    assert!(
        told[0].taken_at.since_ms(served) < 60_000,
        "by the server's clock"
    );
    let to = hall.press("A", 4).await;
    let (_, page) = hall.get(&to).await;
    assert!(page.contains("A047"), "the server's numbers again");
}

#[tokio::test]
async fn an_answer_that_does_not_come_leaves_one_ticket_under_one_id() {
    let folder = tempfile::tempdir().unwrap();
    let hall = hall(&folder.path().join("k.db"), lease()).await;
    hall.server.with(|state| state.mute = true);
    let to = hall.press("A", 1).await;
    let (_, page) = hall.get(&to).await;
    assert!(page.contains("A2-001"), "{page}");
    hall.server.with(|state| state.mute = false);
    hall.server.cut();
    hall.server.until(|state| !taken(state).is_empty()).await;
    let (asked, told) = hall.server.with(|state| (asked(state), taken(state)));
    assert_eq!(asked, [told[0].ticket], "one press, one ticket");
    assert!(hall.server.with(|state| {
        let is_cancel = |command: &AgentCommand| matches!(command, AgentCommand::Cancel { .. });
        !state.commands.iter().any(|(_, command)| is_cancel(command))
    }));
}

#[tokio::test]
async fn a_press_repeated_is_the_same_ticket_offline_too() {
    let folder = tempfile::tempdir().unwrap();
    let hall = hall(&folder.path().join("k.db"), lease()).await;
    hall.lose_server().await;
    let (first, second) = tokio::join!(hall.press("A", 1), hall.press("A", 1));
    assert_eq!(first, second);
    assert!(first.starts_with("/ticket/"));
    hall.server_back();
    hall.server.until(|state| !taken(state).is_empty()).await;
    hall.until_connected(true).await;
    let to = hall.press("C", 2).await;
    assert!(to.starts_with("/ticket/"));
    assert_eq!(hall.server.with(|state| taken(state).len()), 1);
}

#[tokio::test]
async fn a_server_that_can_do_nothing_is_as_one_that_is_not_there() {
    let folder = tempfile::tempdir().unwrap();
    let hall = hall(&folder.path().join("k.db"), lease()).await;
    hall.server.with(|state| state.sick = true);
    let to = hall.press("A", 1).await;
    let (_, page) = hall.get(&to).await;
    assert!(page.contains("A2-001"), "{page}");
    hall.server.with(|state| state.sick = false);
    hall.server
        .until(|state| taken(state).iter().any(|one| one.number.number == 1))
        .await;
}

#[tokio::test]
async fn a_refusal_is_no_reason_for_a_number_of_ones_own() {
    let folder = tempfile::tempdir().unwrap();
    let hall = hall(&folder.path().join("k.db"), lease()).await;
    hall.server
        .with(|state| state.refuse = Some("quota_full".to_owned()));
    assert_eq!(hall.press("A", 1).await, "/?lang=en");
    assert_eq!(hall.server.with(|state| taken(state).len()), 0);
}

#[tokio::test]
async fn who_takes_a_ticket_back_before_the_server_knows_it_is_told_of_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let hall = hall(&folder.path().join("k.db"), lease()).await;
    hall.lose_server().await;
    let to = hall.press("A", 1).await;
    let path = to.split('?').next().unwrap();
    let back = hall.post(&format!("{path}/cancel"), "lang=en").await;
    assert!(back.contains("removed=A2-001"), "{back}");
    hall.server_back();
    hall.server.until(|state| !taken(state).is_empty()).await;
    assert!(hall.server.with(|state| taken(state)[0].taken_back));
}

#[tokio::test]
async fn a_lease_that_is_used_up_gives_no_number_and_leaves_no_ticket() {
    let folder = tempfile::tempdir().unwrap();
    let short = Lease {
        first: 7,
        last: 8,
        ..lease()
    };
    let hall = hall(&folder.path().join("k.db"), short).await;
    hall.lose_server().await;
    for (key, number) in [(1, "A2-007"), (2, "A2-008")] {
        let to = hall.press("A", key).await;
        assert!(hall.get(&to).await.1.contains(number));
    }
    let to = hall.press("A", 3).await;
    assert!(to.starts_with("/no-ticket"), "{to}");
    let to = hall.press("C", 4).await;
    assert!(hall.get(&to).await.1.contains("C2-007"));
    hall.server_back();
    hall.server.until(|state| taken(state).len() == 3).await;
    assert_eq!(
        hall.server.with(|state| asked(state).len()),
        0,
        "it never left"
    );
}

/// The third press was sent, and nobody heard what became of it.
#[tokio::test]
async fn a_press_without_a_number_that_was_sent_is_taken_back() {
    let folder = tempfile::tempdir().unwrap();
    let none_left = Lease {
        first: 7,
        last: 6,
        ..lease()
    };
    let hall = hall(&folder.path().join("k.db"), none_left).await;
    hall.server.with(|state| state.mute = true);
    let to = hall.press("A", 3).await;
    assert!(to.starts_with("/no-ticket"), "{to}");
    hall.server.with(|state| state.mute = false);
    hall.server.cut();
    hall.server
        .until(|state| {
            let mut all = state.commands.iter().map(|(_, command)| command);
            all.any(|command| matches!(command, AgentCommand::Cancel { .. }))
        })
        .await;
    assert_eq!(hall.server.with(|state| taken(state).len()), 0);
}

#[tokio::test]
async fn after_a_power_cut_nothing_given_out_is_forgotten_and_no_number_comes_twice() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("k.db");
    let before = hall(&path, lease()).await;
    before.lose_server().await;
    before.press("A", 1).await;
    // The power goes: nothing of the first kiosk is asked any more, its book is all there is.
    let copy = folder.path().join("after.db");
    for end in ["", "-wal"] {
        let name = |path: &Path| format!("{}{end}", path.display());
        std::fs::copy(name(&path), name(&copy)).unwrap();
    }
    let server = before.server.clone();
    let after = Hall {
        kiosk: kiosk_of(&server, &copy),
        server,
    };
    let to = after.press("A", 2).await;
    assert!(after.get(&to).await.1.contains("A2-002"));
    assert_eq!(after.press("A", 1).await, "/", "this press has its ticket");
    after.server_back();
    after
        .server
        .until(|state| {
            let told: std::collections::BTreeSet<_> = taken(state)
                .iter()
                .map(|one| one.number.to_string())
                .collect();
            told.len() == 2
        })
        .await;
}

#[tokio::test]
async fn the_first_page_says_that_numbers_are_the_kiosks_own() {
    let folder = tempfile::tempdir().unwrap();
    let hall = hall(&folder.path().join("k.db"), lease()).await;
    hall.lose_server().await;
    let mut station = hall.kiosk.watch_station();
    let away = station.wait_for(|view| view.away);
    tokio::time::timeout(LONG, away).await.unwrap().unwrap();
    let (_, page) = hall.get("/?lang=en").await;
    assert!(
        page.contains("Offline. Your ticket is still valid"),
        "{page}"
    );
    assert!(page.contains("Resident certificate") && !page.contains("10–15"));
}

#[tokio::test]
async fn staff_see_what_was_given_out_until_the_server_knows_it() {
    let folder = tempfile::tempdir().unwrap();
    let hall = hall(&folder.path().join("k.db"), lease()).await;
    let of_the_server = hall.press("A", 9).await;
    assert!(hall.get(&of_the_server).await.1.contains("A047"));
    hall.lose_server().await;
    for (key, service) in [(1, "A"), (2, "C"), (3, "A")] {
        hall.press(service, key).await;
    }
    let (_, page) = hall.get("/work-list?lang=en").await;
    for said in ["A2-001 – A2-002", "C2-001", "Numbers given out offline"] {
        assert!(page.contains(said), "{said} in {page}");
    }
    assert!(!page.contains("A047"), "the server knows that one");
    hall.server_back();
    hall.server.until(|state| taken(state).len() == 3).await;
    let told = async {
        while hall.get("/work-list").await.0 == StatusCode::OK {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(LONG, told).await.unwrap();
}
