//! `kill -9` under load, a hundred times on the same data: whatever was acknowledged is there, once.
//!
//! Six counters and three kiosks work as fast as they can. At a random acknowledgement the station is killed. Whoever was
//! left without an answer asks again under the same idempotency key after the restart, as a kiosk does, and then goes on.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use reqwest::Method;
use serde_json::{Value, json};
use station_tests::{
    Client, DataDir, Database, LoggedEvent, PATIENCE, StartOptions, Station, new_key, station_file,
};
use tokio::sync::Notify;

const ROUNDS: u64 = 100;
/// The station is killed after at most so many acknowledgements.
const ACKNOWLEDGED_MAX: u64 = 60;

const COUNTERS: [&str; 6] = ["1", "2", "3", "4", "5", "6"];

/// A request that is sent until it is answered.
#[derive(Debug, Clone)]
struct Request {
    path: String,
    key: String,
    body: Value,
}

impl Request {
    fn new(path: impl Into<String>, body: Value) -> Self {
        Self {
            path: path.into(),
            key: new_key(),
            body,
        }
    }
}

/// What somebody has been told; it has to be true for ever.
#[derive(Debug, Default)]
struct Promises {
    /// Number by ticket.
    issued: BTreeMap<String, String>,
    called: BTreeSet<String>,
    finished: BTreeSet<String>,
    /// Score by ticket.
    rated: BTreeMap<String, u64>,
}

impl Promises {
    fn merge(&mut self, other: Self) {
        self.issued.extend(other.issued);
        self.called.extend(other.called);
        self.finished.extend(other.finished);
        self.rated.extend(other.rated);
    }
}

/// The blow of one round.
struct Blow {
    left: AtomicU64,
    due: Notify,
    struck: AtomicBool,
}

impl Blow {
    fn after(acknowledged: u64) -> Arc<Self> {
        Arc::new(Self {
            left: AtomicU64::new(acknowledged),
            due: Notify::new(),
            struck: AtomicBool::new(false),
        })
    }

    fn acknowledged(&self) {
        if self.left.fetch_sub(1, Ordering::Relaxed) == 1 {
            self.struck.store(true, Ordering::Relaxed);
            self.due.notify_one();
        }
    }
}

/// Somebody at work. What is under way when the station dies is kept and taken up again.
#[derive(Debug)]
enum Worker {
    Kiosk {
        service: &'static str,
        waiting_for: Option<Request>,
    },
    Counter {
        id: &'static str,
        step: Step,
    },
}

#[derive(Debug, Clone)]
enum Step {
    Call(Request),
    Start(Request, String),
    Finish(Request, String),
    Rate(Request, String, u64),
}

impl Step {
    fn call(counter: &str) -> Self {
        Self::Call(Request::new(
            format!("/api/v1/counters/{counter}/call-next"),
            json!({}),
        ))
    }
}

/// The station died before it answered.
struct Dead;

async fn ask(client: &Client, request: &Request, blow: &Blow) -> Result<(u16, Value), Dead> {
    let headers = [
        ("content-type", "application/json"),
        ("idempotency-key", request.key.as_str()),
    ];
    let sent = client
        .try_send(
            Method::POST,
            &request.path,
            &headers,
            Some(request.body.to_string()),
        )
        .await;
    let answer = sent.map_err(|_| Dead)?;
    let status = answer.status;
    assert!(status < 500, "{}: {}", answer.request, answer.text);
    blow.acknowledged();
    Ok((status, serde_json::from_str(&answer.text).expect("JSON")))
}

impl Worker {
    /// Works until the station is dead.
    async fn work(&mut self, station: &[Client; 3], blow: &Blow) -> Promises {
        let mut promises = Promises::default();
        loop {
            let worked = match self {
                Self::Kiosk {
                    service,
                    waiting_for,
                } => Self::issue(service, waiting_for, &station[0], blow, &mut promises).await,
                Self::Counter { id, step } => {
                    Self::serve(id, step, station, blow, &mut promises).await
                }
            };
            if worked.is_err() {
                return promises;
            }
        }
    }

    async fn issue(
        service: &str,
        waiting_for: &mut Option<Request>,
        client: &Client,
        blow: &Blow,
        promises: &mut Promises,
    ) -> Result<(), Dead> {
        let request = waiting_for
            .get_or_insert_with(|| Request::new("/api/v1/tickets", json!({"service": service})));
        let (status, ticket) = ask(client, request, blow).await?;
        assert_eq!(status, 201, "{ticket}");
        *waiting_for = None;
        let before = promises
            .issued
            .insert(text(&ticket["id"]), text(&ticket["number"]));
        assert_eq!(before, None, "one ticket was given out for two requests");
        Ok(())
    }

    async fn serve(
        id: &str,
        step: &mut Step,
        station: &[Client; 3],
        blow: &Blow,
        promises: &mut Promises,
    ) -> Result<(), Dead> {
        let act = |action: &str, ticket: &str| {
            Request::new(
                format!("/api/v1/counters/{id}/{action}"),
                json!({"ticket": ticket}),
            )
        };
        let next = match step {
            Step::Call(request) => {
                let (status, answer) = ask(&station[1], request, blow).await?;
                match status {
                    200 => {
                        let ticket = text(&answer["ticket"]["id"]);
                        promises.called.insert(ticket.clone());
                        Step::Start(act("start", &ticket), ticket)
                    }
                    409 => {
                        assert_eq!(answer["code"], "nobody_waiting", "{answer}");
                        Step::call(id)
                    }
                    other => panic!("call-next: {other} {answer}"),
                }
            }
            Step::Start(request, ticket) => {
                let (status, answer) = ask(&station[1], request, blow).await?;
                assert_eq!(status, 200, "start: {answer}");
                Step::Finish(act("finish", ticket), ticket.clone())
            }
            Step::Finish(request, ticket) => {
                let (status, answer) = ask(&station[1], request, blow).await?;
                assert_eq!(status, 200, "finish: {answer}");
                promises.finished.insert(ticket.clone());
                let score = 1 + u64::from(ticket.as_bytes()[0] % 5);
                Step::Rate(
                    Request::new("/api/v1/ratings", json!({"ticket": ticket, "score": score})),
                    ticket.clone(),
                    score,
                )
            }
            Step::Rate(request, ticket, score) => {
                let (status, answer) = ask(&station[2], request, blow).await?;
                assert_eq!(status, 201, "rating: {answer}");
                promises.rated.insert(ticket.clone(), *score);
                Step::call(id)
            }
        };
        *step = next;
        Ok(())
    }
}

fn text(value: &Value) -> String {
    value
        .as_str()
        .unwrap_or_else(|| panic!("no text: {value}"))
        .to_owned()
}

/// A small generator: the moment of the kill is random anyway, this only spreads it.
fn spread(state: &mut u64) -> u64 {
    *state = state
        .wrapping_mul(6_364_136_223_846_793_005)
        .wrapping_add(1_442_695_040_888_963_407);
    1 + (*state >> 33) % ACKNOWLEDGED_MAX
}

/// Every event of a kind by ticket; one that is there twice fails.
fn once<'a>(events: &'a [LoggedEvent], kind: &str) -> BTreeMap<&'a str, &'a LoggedEvent> {
    let mut found = BTreeMap::new();
    for event in events.iter().filter(|e| e.kind == kind) {
        let twice = found.insert(event.text("ticket"), event);
        assert!(twice.is_none(), "{kind} twice for {}", event.text("ticket"));
    }
    found
}

fn check(promises: &Promises, events: &[LoggedEvent]) {
    let issued = once(events, "ticket_issued");
    let mut numbers = BTreeSet::new();
    for event in issued.values() {
        assert!(
            numbers.insert((event.day, event.text("number"))),
            "number {} twice",
            event.text("number")
        );
    }
    for (ticket, number) in &promises.issued {
        let event = issued
            .get(ticket.as_str())
            .unwrap_or_else(|| panic!("ticket {number} ({ticket}) is lost"));
        assert_eq!(event.text("number"), number);
    }
    let called = once(events, "ticket_called");
    let lost = promises
        .called
        .iter()
        .find(|t| !called.contains_key(t.as_str()));
    assert_eq!(lost, None, "a call is lost");
    let finished = once(events, "service_finished");
    let lost = promises
        .finished
        .iter()
        .find(|t| !finished.contains_key(t.as_str()));
    assert_eq!(lost, None, "a finished visit is lost");
    let rated = once(events, "rating_given");
    for (ticket, score) in &promises.rated {
        let event = rated
            .get(ticket.as_str())
            .unwrap_or_else(|| panic!("the rating of {ticket} is lost"));
        assert_eq!(event.body["score"], *score);
    }
}

async fn open_counters(clerk: &Client) {
    for counter in COUNTERS {
        clerk.act(counter, "open", json!({})).await.expect(200);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_acknowledged_is_lost_in_a_hundred_kills() {
    let data = DataDir::new();
    let text = station_file(|file| file.station.listen.set_port(0));
    let file = data.beside("station.toml");
    std::fs::write(&file, text).expect("a station file can be written");
    let start = StartOptions {
        config: Some(file),
        ..StartOptions::on(&data)
    };
    let mut promises = Promises::default();
    let mut state = u64::from(std::process::id());
    println!("seed {state}");
    let kiosks = ["resident-certificate", "entry-exit-certificate", "pick-up"].map(|service| {
        Worker::Kiosk {
            service,
            waiting_for: None,
        }
    });
    let counters = COUNTERS.map(|id| Worker::Counter {
        id,
        step: Step::call(id),
    });
    let mut workers: Vec<Worker> = kiosks.into_iter().chain(counters).collect();
    for round in 0..ROUNDS {
        let station = Station::start(start.clone()).await;
        if round == 0 {
            open_counters(&station.counter()).await;
        }
        let replayed = Database::at(&data.path()).replayed_fingerprint();
        assert_eq!(
            station.fingerprint().await,
            replayed,
            "round {round}: the restart differs from a replay"
        );
        let clients = [station.kiosk(), station.counter(), station.anybody()];
        let blow = Blow::after(spread(&mut state));
        let shift: Vec<_> = workers
            .drain(..)
            .map(|mut worker| {
                let (clients, blow) = (clients.clone(), Arc::clone(&blow));
                tokio::spawn(async move {
                    let told = worker.work(&clients, &blow).await;
                    (worker, told)
                })
            })
            .collect();
        tokio::time::timeout(PATIENCE, blow.due.notified())
            .await
            .expect("the work goes on");
        station.kill();
        for worker in shift {
            let (worker, told) = worker.await.expect("nobody was told something wrong");
            promises.merge(told);
            workers.push(worker);
        }
        assert!(
            blow.struck.load(Ordering::Relaxed),
            "round {round}: the station died by itself"
        );
    }
    // Everybody gets the answer that is still owed, and the log is looked through.
    let station = Station::start(start).await;
    let live = station.fingerprint().await;
    station.stop().await;
    let database = Database::at(&data.path());
    check(&promises, &database.events());
    assert_eq!(database.replayed_fingerprint(), live);
    println!(
        "{ROUNDS} kills: {} tickets, {} calls, {} ratings",
        promises.issued.len(),
        promises.called.len(),
        promises.rated.len()
    );
    assert!(
        promises.issued.len() > 100 && promises.rated.len() > 100,
        "too little happened: {promises:?}"
    );
}
