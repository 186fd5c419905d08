//! Two kiosks in processes of their own, a station that is killed and a network that breaks or loses answers: in the end
//! every number that a kiosk has shown is one ticket that waits, and no other ticket does.

use std::collections::{BTreeMap, BTreeSet};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use reqwest::redirect::Policy;
use station_tests::{
    DataDir, Database, LoggedEvent, Program, StartOptions, Station, free_address, server_program,
    station_file, until,
};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

const KIOSKS: [&str; 2] = ["K1", "K2"];
const STEPS: usize = 120;
/// What a number on a kiosk's ticket page stands behind.
const NUMBER: &str = "<h1 class=\"n\">";

/// What becomes of the bytes between a kiosk and the station.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Wire {
    Whole,
    /// Connections break, and none can be made.
    Cut,
    /// The station hears the kiosk, and the kiosk nothing.
    Deaf,
}

/// A network of one wire.
struct Network {
    address: SocketAddr,
    wire: watch::Sender<Wire>,
}

impl Network {
    async fn to(station: SocketAddr) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let wire = watch::Sender::new(Wire::Whole);
        let seen = wire.clone();
        tokio::spawn(async move {
            while let Ok((kiosk, _)) = listener.accept().await {
                tokio::spawn(join(kiosk, station, seen.subscribe()));
            }
        });
        Self { address, wire }
    }
}

async fn join(kiosk: TcpStream, station: SocketAddr, mut wire: watch::Receiver<Wire>) {
    if *wire.borrow() == Wire::Cut {
        return;
    }
    let Ok(station) = TcpStream::connect(station).await else {
        return;
    };
    let (kiosk_says, kiosk_hears) = kiosk.into_split();
    let (station_says, station_hears) = station.into_split();
    let heard = wire.clone();
    tokio::select! {
        () = carry(kiosk_says, station_hears, None) => {}
        () = carry(station_says, kiosk_hears, Some(heard)) => {}
        _ = wire.wait_for(|wire| *wire == Wire::Cut) => {}
    }
}

/// Carries bytes to the end; while the wire is deaf they are lost, and with them all that follows.
async fn carry(
    mut from: impl AsyncRead + Unpin,
    mut to: impl AsyncWrite + Unpin,
    wire: Option<watch::Receiver<Wire>>,
) {
    let mut bytes = [0; 4_096];
    let mut is_deaf = false;
    while let Ok(count) = from.read(&mut bytes).await {
        is_deaf |= wire
            .as_ref()
            .is_some_and(|wire| *wire.borrow() == Wire::Deaf);
        if count == 0 || !is_deaf && to.write_all(&bytes[..count]).await.is_err() {
            return;
        }
    }
}

struct Kiosk {
    id: &'static str,
    config: PathBuf,
    data: PathBuf,
    pages: SocketAddr,
    network: Network,
    program: Program,
}

impl Kiosk {
    async fn new(id: &'static str, station: SocketAddr, data: &DataDir) -> Self {
        let network = Network::to(station).await;
        let mut pages = None;
        let text = station_file(|file| {
            file.station.listen = station;
            file.station.server_url = Some(format!("http://{}", network.address));
            two_kiosks(file);
            for kiosk in file.kiosks.iter_mut().filter(|kiosk| kiosk.id == id) {
                kiosk.listen = free_address();
                pages = Some(kiosk.listen);
            }
        });
        let config = data.beside(&format!("{id}.toml"));
        std::fs::write(&config, text).expect("a station file");
        let data = data.beside(&format!("{id}-data"));
        let program = start(id, &config, &data);
        Self {
            id,
            config,
            data,
            pages: pages.expect("the kiosk has pages"),
            network,
            program,
        }
    }

    async fn until_up(&self) {
        until("the kiosk's pages", async || {
            let answer = reqwest::get(format!("http://{}/healthz", self.pages)).await;
            answer.ok().filter(|answer| answer.status() == 200)
        })
        .await;
    }

    /// As a pulled plug would, and switched on again.
    async fn power_cut(&mut self) {
        self.program.kill();
        self.program = start(self.id, &self.config, &self.data);
        self.until_up().await;
    }

    /// Presses a service; the number on the page that comes.
    async fn press(&self, browser: &reqwest::Client, service: &str, key: &str) -> Pressed {
        let form = format!("service={service}&key={key}&lang=en");
        let pressed = browser
            .post(format!("http://{}/ticket", self.pages))
            .header("content-type", "application/x-www-form-urlencoded")
            .body(form)
            .send()
            .await;
        let Ok(answer) = pressed.and_then(reqwest::Response::error_for_status) else {
            return Pressed::NobodyKnows;
        };
        let to = answer
            .headers()
            .get("location")
            .and_then(|to| to.to_str().ok());
        let Some(to) = to.filter(|to| to.starts_with("/ticket/")) else {
            return Pressed::NoTicket;
        };
        let page = browser
            .get(format!("http://{}{to}", self.pages))
            .send()
            .await;
        let Ok(page) = page else {
            return Pressed::NobodyKnows;
        };
        let page = page.text().await.unwrap_or_default();
        let number = page
            .split_once(NUMBER)
            .and_then(|(_, rest)| rest.split_once('<'));
        match number {
            Some((number, _)) => Pressed::Shown(number.to_owned()),
            None => Pressed::NobodyKnows,
        }
    }
}

/// A press of its own.
fn key(chance: &mut fastrand::Rng) -> String {
    format!("{:032x}", chance.u128(..))
}

/// What a visitor saw.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Pressed {
    Shown(String),
    /// The kiosk said that there is none.
    NoTicket,
    /// It went dark.
    NobodyKnows,
}

fn two_kiosks(file: &mut station_config::StationFile) {
    let mut second = file.kiosks[0].clone();
    second.id = KIOSKS[1].to_owned();
    second.listen = free_address();
    file.kiosks.push(second);
    for kiosk in &mut file.kiosks {
        kiosk.printer = None;
    }
}

fn start(id: &str, config: &std::path::Path, data: &std::path::Path) -> Program {
    let server = server_program();
    let arguments = [
        "STATION_TOKEN=demo-kiosk".into(),
        format!("STATION_PARENT_PID={}", std::process::id()).into(),
        server.into_os_string(),
        "agent-kiosk".into(),
        "--config".into(),
        config.as_os_str().to_owned(),
        "--id".into(),
        id.into(),
        "--data".into(),
        data.as_os_str().to_owned(),
    ];
    Program::start("env".as_ref(), arguments)
}

/// Every ticket of the log: its number now, and whether it was not cancelled.
fn tickets(events: &[LoggedEvent]) -> BTreeMap<String, (String, bool)> {
    let mut tickets = BTreeMap::new();
    for event in events {
        match event.kind.as_str() {
            "ticket_issued" => {
                let issued = (event.text("number").to_owned(), true);
                tickets.insert(event.text("ticket").to_owned(), issued);
            }
            "ticket_renumbered" => {
                if let Some(ticket) = tickets.get_mut(event.text("ticket")) {
                    ticket.0 = event.text("number").to_owned();
                }
            }
            "ticket_cancelled" => {
                if let Some(ticket) = tickets.get_mut(event.text("ticket")) {
                    ticket.1 = false;
                }
            }
            _ => {}
        }
    }
    tickets
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_press_is_one_ticket_whatever_breaks() {
    let seed = fastrand::u64(..);
    println!("seed {seed}");
    let mut chance = fastrand::Rng::with_seed(seed);
    let data = DataDir::new();
    let listen = free_address();
    let text = station_file(|file| {
        file.station.listen = listen;
        two_kiosks(file);
    });
    let config = data.beside("station.toml");
    std::fs::write(&config, text).expect("a station file");
    let serve = StartOptions {
        data: data.clone(),
        config: Some(config),
        ..StartOptions::default()
    };
    let mut station = Station::start(serve.clone()).await;
    let mut kiosks = Vec::new();
    for id in KIOSKS {
        let kiosk = Kiosk::new(id, station.address(), &data).await;
        kiosk.until_up().await;
        kiosks.push(kiosk);
    }
    let database = Database::at(&data.path());
    until("each kiosk to have numbers of its own", async || {
        let events = database.events();
        let leased = events.iter().filter(|event| event.kind == "numbers_leased");
        (leased.count() == KIOSKS.len()).then_some(())
    })
    .await;

    let browser = reqwest::Client::builder()
        .redirect(Policy::none())
        .timeout(Duration::from_secs(30))
        .build()
        .expect("a browser");
    let mut shown = Vec::new();
    let (mut dark, mut refused, mut wounds) = (0, 0, BTreeMap::<&str, u32>::new());
    for _ in 0..STEPS {
        let at = chance.usize(..KIOSKS.len());
        match chance.u32(..20) {
            0 => {
                *wounds.entry("station killed").or_default() += 1;
                station.kill();
                station = Station::start(serve.clone()).await;
            }
            1 => {
                *wounds.entry("kiosk without power").or_default() += 1;
                kiosks[at].power_cut().await;
            }
            // While somebody presses.
            2 => {
                *wounds.entry("kiosk without power in a press").or_default() += 1;
                let key = key(&mut chance);
                let after_ms = chance.u64(..30);
                let kiosk = &kiosks[at];
                let pressed = tokio::select! {
                    pressed = kiosk.press(&browser, "stay-extension", &key) => pressed,
                    () = tokio::time::sleep(Duration::from_millis(after_ms)) => Pressed::NobodyKnows,
                };
                match pressed {
                    Pressed::Shown(number) => shown.push(number),
                    Pressed::NoTicket => refused += 1,
                    Pressed::NobodyKnows => dark += 1,
                }
                kiosks[at].power_cut().await;
            }
            3..=6 => {
                let wire = [Wire::Whole, Wire::Cut, Wire::Deaf][chance.usize(..3)];
                *wounds.entry("wire changed").or_default() += 1;
                kiosks[at].network.wire.send_replace(wire);
            }
            _ => {
                let services = ["stay-extension", "pick-up", "resident-certificate"];
                let service = services[chance.usize(..3)];
                match kiosks[at].press(&browser, service, &key(&mut chance)).await {
                    Pressed::Shown(number) => shown.push(number),
                    Pressed::NoTicket => refused += 1,
                    Pressed::NobodyKnows => dark += 1,
                }
            }
        }
    }
    println!(
        "{} numbers shown, {refused} refused, {dark} unknown; {wounds:?}",
        shown.len()
    );

    // All is well again.
    for kiosk in &kiosks {
        kiosk.network.wire.send_replace(Wire::Cut);
        kiosk.network.wire.send_replace(Wire::Whole);
    }
    let all: BTreeSet<String> = shown.iter().cloned().collect();
    assert_eq!(all.len(), shown.len(), "no number was shown twice");
    let last = until("every number shown to be a ticket", async || {
        let tickets = tickets(&database.events());
        let live: BTreeSet<&String> = tickets.values().filter(|t| t.1).map(|t| &t.0).collect();
        all.iter()
            .all(|number| live.contains(number))
            .then_some(tickets)
    })
    .await;
    // Whatever else waits is of presses of which nobody saw what became.
    until(
        "nobody to have a ticket more than he pressed for",
        async || {
            let tickets = tickets(&database.events());
            let live: Vec<&String> = tickets.values().filter(|t| t.1).map(|t| &t.0).collect();
            let numbers: BTreeSet<&&String> = live.iter().collect();
            assert_eq!(numbers.len(), live.len(), "one number, one ticket");
            let more = live.iter().filter(|number| !all.contains(**number)).count();
            (more <= dark).then_some(())
        },
    )
    .await;
    assert!(last.len() >= shown.len());
    assert!(
        shown.iter().any(|number| number.contains('-')),
        "the kiosks went on alone: seed {seed}"
    );
    // What is listed and counted has the numbers on the papers too, and the log replays to what is there.
    let rows = database.projections();
    let listed = |number: &String| rows["ticket"].iter().any(|row| row.contains(number));
    assert!(
        all.iter().all(listed),
        "a ticket is listed under another number"
    );
    let before = station.fingerprint().await;
    station.stop().await;
    assert_eq!(database.replayed_fingerprint(), before);
}
