//! The whole agent with a server that a test plays, simulated panels and pads on a
//! pseudo-terminal, and pages as a browser would be.
#![allow(clippy::unwrap_used, reason = "in a test the panic is the message")]

mod fake;

use std::path::Path;
use std::time::Duration;

use display::{
    Display, DisplaySettings, KeyPadSettings, LineSettings, PadSettings, PanelSettings,
    VoiceSettings,
};
use fake::{Connection, FakeServer};
use firmware_config::bus::Echo;
use firmware_config::caller_pad::{Key, Score};
use firmware_config::key_pad::KeyPadConfig;
use firmware_config::modbus::Address;
use firmware_config::panel::PanelProtocol;
use firmware_config::port::Link;
use firmware_config::profile::DeviceProfile;
use firmware_config::simulate::{KeyPadHandle, LineHandle, VirtualKeyPad, VirtualLine};
use futures_util::{SinkExt, StreamExt};
use protocol::{
    AgentCommand, CallPulse, ClientFrame, CommandResult, CounterInfo, CounterKey, Names, Problem,
    Role, StationInfo,
};
use queue_core::{
    Board, BoardCall, BoardCounter, BoardService, CallId, CounterState, Estimate, StationTime,
    TicketState,
};
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio::sync::watch;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};
use voice::{RATE, Sound, StudioSettings, VoiceRules};

/// Longer than anything should take; a test that waits so long has failed.
const PATIENCE: Duration = Duration::from_secs(20);

fn now_ms() -> i64 {
    jiff::Timestamp::now().as_millisecond()
}

fn station() -> StationInfo {
    StationInfo {
        identity_desk: None,
        guide: None,
        zones: vec![],
        name: Names([("zh-Hant-TW".to_owned(), "示範服務站".to_owned())].into()),
        timezone: "Asia/Taipei".into(),
        hours: ("08:00".into(), "17:00".into()),
        phone: String::new(),
        public_url: "http://127.0.0.1:8080".into(),
        services: vec![],
        counters: vec![CounterInfo {
            zone: None,
            id: "1".parse().unwrap(),
            skills: vec!["card".parse().unwrap()],
            direction: "left".into(),
        }],
        announcements: vec![],
        appointments: None,
        classes: vec![],
    }
}

/// A board with counter 1, which has this visitor.
fn board(seq: u64, call: Option<&BoardCall>) -> Board {
    Board {
        waiting: 0,
        sessions: vec![],
        seq,
        at: StationTime(now_ms()),
        day: "2026-11-20".parse().ok(),
        ended: None,
        services: vec![BoardService {
            unverified: 0,
            first_step: None,
            enrolled: 0,
            id: "card".parse().unwrap(),
            series: "A".parse().unwrap(),
            waiting: 7,
            now_at: None,
            open_counters: 1,
            oldest_waiting_since: None,
            estimate: Estimate::CountOnly,
            limit: None,
            late_end: None,
        }],
        counters: vec![BoardCounter {
            id: "1".parse().unwrap(),
            state: CounterState::Open,
            since: StationTime(0),
            number: call.map(|c| c.number.clone()),
            ticket_state: call.map(|_| TicketState::Called),
            language: None,
            busy_since: None,
        }],
        calls: call.cloned().into_iter().collect(),
        hours: None,
    }
}

fn call(id: u64, number: &str) -> BoardCall {
    BoardCall {
        call: CallId(id),
        number: number.parse().unwrap(),
        counter: "1".parse().unwrap(),
        at: StationTime(now_ms()),
        calls: 1,
        language: "vi".parse().ok(),
        serving: false,
    }
}

fn pulse(call: &BoardCall) -> CallPulse {
    CallPulse {
        call_id: call.call,
        number: call.number.clone(),
        counter: call.counter.clone(),
        at: call.at,
        calls: call.calls,
        language: call.language.clone(),
    }
}

struct Hall {
    server: FakeServer,
    line: LineHandle,
    pages: String,
    _agent: tokio::task::JoinHandle<()>,
    _folder: tempfile::TempDir,
}

impl Hall {
    async fn start() -> Self {
        Self::with_key_pads(|_| vec![]).await
    }

    /// The same with pads without a protocol, whose ports are in this folder.
    async fn with_key_pads(key_pads: impl FnOnce(&Path) -> Vec<KeyPadSettings>) -> Self {
        Self::with(key_pads, None).await
    }

    /// The same with a hall board that speaks by this program.
    async fn speaking(program: &str) -> Self {
        let chime = include_bytes!("../../screens/assets/chime.wav");
        let folder = tempfile::tempdir().unwrap();
        let voice = VoiceSettings {
            rules: VoiceRules::default(),
            studio: StudioSettings {
                program: program.into(),
                ..StudioSettings::new(None, folder.path(), chime.to_vec())
            },
        };
        Self::with(|_| vec![], Some(voice)).await
    }

    async fn with(
        key_pads: impl FnOnce(&Path) -> Vec<KeyPadSettings>,
        voice: Option<VoiceSettings>,
    ) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("line");
        let line = VirtualLine::new([Address::new(1).unwrap()], [7])
            .start(&path)
            .unwrap();
        let server = FakeServer::start().await;
        let settings = DisplaySettings {
            voice,
            zone: None,
            id: "D1".into(),
            listen: "127.0.0.1:0".parse().unwrap(),
            server: format!("http://{}", server.address),
            token: "secret".into(),
            lines: vec![LineSettings {
                echo: Echo::Learnt,
                link: Link::serial(path.to_str().unwrap(), 115_200),
                panels: vec![PanelSettings {
                    address: 1,
                    device: PanelProtocol::Led485.into(),
                    counter: "1".parse().unwrap(),
                    digits: 4,
                }],
                pads: vec![PadSettings {
                    address: 7,
                    counter: "1".parse().unwrap(),
                }],
            }],
            key_pads: key_pads(folder.path()),
        };
        let agent = Display::bind(settings).await.unwrap();
        let pages = agent.address().to_string();
        let agent = tokio::spawn(async move { agent.run().await.unwrap() });
        Self {
            server,
            line,
            pages,
            _agent: agent,
            _folder: folder,
        }
    }

    /// Accepts the agent and brings it up to date.
    async fn connect(&self, seq: u64, call: Option<&BoardCall>) -> Connection {
        let mut agent = self.server.accept().await;
        agent
            .send("link", "welcome", json!({ "epoch": "e1" }))
            .await;
        agent.send("station", "state", station()).await;
        agent.send("board", "state", board(seq, call)).await;
        agent
    }

    async fn panel_shows(&self, text: &str) {
        let panel = self.line.panel(Address::new(1).unwrap()).unwrap();
        until(panel.watch(), |view| view.text == text).await;
    }

    /// Opens a page's live connection and waits for its welcome.
    async fn page(&self, device: &str) -> Page {
        let (socket, _) = connect_async(format!("ws://{}/live", self.pages))
            .await
            .unwrap();
        let mut page = Page(socket);
        page.send(
            json!({"kind": "hello", "protocol": 1, "role": "display", "device": device,
            "epoch": null, "resume": null}),
        )
        .await;
        page.until("welcome", |_| true).await;
        page
    }
}

struct Page(WebSocketStream<MaybeTlsStream<TcpStream>>);

impl Page {
    async fn send(&mut self, frame: Value) {
        self.0
            .send(Message::Text(frame.to_string().into()))
            .await
            .unwrap();
    }

    /// The next envelope of a kind that fits.
    async fn until(&mut self, kind: &str, fits: impl Fn(&Value) -> bool) -> Value {
        let wait = async {
            loop {
                if let Message::Text(text) = self.0.next().await.unwrap().unwrap() {
                    let envelope: Value = serde_json::from_str(&text).unwrap();
                    if envelope["kind"] == kind && fits(&envelope["data"]) {
                        return envelope["data"].clone();
                    }
                }
            }
        };
        tokio::time::timeout(PATIENCE, wait).await.unwrap()
    }
}

async fn until<V: Clone + std::fmt::Debug>(
    mut watch: watch::Receiver<V>,
    fits: impl Fn(&V) -> bool,
) -> V {
    let found = tokio::time::timeout(PATIENCE, watch.wait_for(|v| fits(v)))
        .await
        .ok()
        .map(|found| found.unwrap().clone());
    found.unwrap_or_else(|| panic!("it stayed {:?}", watch.borrow().clone()))
}

#[tokio::test]
async fn the_agent_says_who_it_is_and_where_its_pages_are() {
    let hall = Hall::start().await;
    let agent = hall.server.accept().await;
    assert_eq!(agent.path, "/ws/v1/display");
    assert_eq!(agent.authorization, "Bearer secret");
    assert_eq!(agent.hello.role, Role::Display);
    assert_eq!(agent.hello.device.as_deref(), Some("D1"));
    let page = format!("http://{}/", hall.pages);
    assert_eq!(agent.hello.page_url, Some(page));
}

#[tokio::test]
async fn pages_that_listen_everywhere_are_named_by_an_address_that_works() {
    let server = FakeServer::start().await;
    let settings = DisplaySettings {
        voice: None,
        zone: None,
        id: "D2".into(),
        listen: "0.0.0.0:0".parse().unwrap(),
        server: format!("http://{}", server.address),
        token: "secret".into(),
        lines: vec![],
        key_pads: vec![],
    };
    let display = Display::bind(settings).await.unwrap();
    let port = display.address().port();
    let agent = tokio::spawn(display.run());
    let hello = server.accept().await.hello;
    assert_eq!(hello.page_url, Some(format!("http://127.0.0.1:{port}/")));
    agent.abort();
}

#[tokio::test]
async fn a_call_is_on_panel_pad_and_pages_and_reported_once() {
    let hall = Hall::start().await;
    let mut agent = hall.connect(1, None).await;
    let pad = hall.line.pad(7).unwrap();
    until(pad.watch(), |view| view.waiting == Some(7)).await;
    let mut board_page = hall.page("hall").await;
    let mut counter_page = hall.page("counter/1").await;

    let a = call(5, "A047");
    agent.send("calls", "call", pulse(&a)).await;
    hall.panel_shows("A047").await;
    until(pad.watch(), |view| view.ticket == Some(47)).await;
    let shown = board_page
        .until("state", |data| data["announce"]["call"] == 5)
        .await;
    let html = shown["regions"]["view"].as_str().unwrap();
    assert!(html.contains("A047 請到 1 號櫃台") && html.contains("lang=\"vi\""));
    counter_page
        .until("state", |data| {
            data["regions"]["view"].as_str().unwrap().contains("A047")
        })
        .await;
    board_page.send(json!({"kind": "shown", "call": 5})).await;
    let (_, command) = agent.command().await;
    assert_eq!(command, AgentCommand::ReportAnnounced { call: CallId(5) });

    // Another page shows it too; the next command is the next press, so nothing was told twice.
    board_page.send(json!({"kind": "shown", "call": 5})).await;
    board_page
        .send(json!({"kind": "sound", "state": "refused"}))
        .await;
    pad.rate(Score::new(5).unwrap());
    let (_, command) = agent.command().await;
    let counter = "1".parse().unwrap();
    assert_eq!(command, AgentCommand::PadRating { counter, score: 5 });
}

#[tokio::test]
async fn a_page_alone_is_enough_to_report_a_call_and_a_mute_one_is_told() {
    let hall = Hall::start().await;
    hall.line
        .panel(Address::new(1).unwrap())
        .unwrap()
        .set_silent(true);
    let mut agent = hall.connect(1, None).await;
    let mut page = hall.page("hall").await;
    let a = call(5, "A047");
    agent.send("calls", "call", pulse(&a)).await;
    page.until("state", |data| data["announce"]["call"] == 5)
        .await;
    page.send(json!({"kind": "sound", "state": "refused"}))
        .await;
    loop {
        if let ClientFrame::Health { devices } = agent.receive().await
            && devices.iter().any(|d| d.status == "muted")
        {
            break;
        }
    }
    page.send(json!({"kind": "shown", "call": 5})).await;
    let (_, command) = agent.command().await;
    assert_eq!(command, AgentCommand::ReportAnnounced { call: CallId(5) });
}

#[tokio::test]
async fn a_key_asks_the_server_once_and_a_refusal_beeps() {
    let hall = Hall::start().await;
    let mut agent = hall.connect(1, None).await;
    let pad = hall.line.pad(7).unwrap();
    until(pad.watch(), |view| view.waiting == Some(7)).await;
    pad.press(&[0, 4, 7], Key::CallNext);
    let (command_id, command) = agent.command().await;
    let expected = AgentCommand::Key {
        counter: "1".parse().unwrap(),
        key: CounterKey::CallNext,
        digits: Some("047".into()),
    };
    assert_eq!(command, expected);
    let problem = Problem {
        kind: "about:blank".into(),
        title: "No such ticket".into(),
        status: 404,
        detail: String::new(),
        code: "unknown_ticket".into(),
        limit: None,
    };
    let answer = CommandResult {
        command_id,
        lease: None,
        issued: None,
        problem: Some(problem),
    };
    agent.send("commands", "result", answer).await;
    until(pad.watch(), |view| view.beeps == 1).await;
    assert_eq!(pad.view().acknowledged, 1);
}

/// A pad without a protocol at counter 1, and its simulator.
fn key_pad(folder: &Path, profile: &str) -> (KeyPadSettings, KeyPadHandle) {
    let path = folder.join(profile);
    let device = KeyPadConfig::of_profile(&DeviceProfile::built_in(profile).unwrap()).unwrap();
    let pad = VirtualKeyPad::new(device.keys.clone())
        .start(&path)
        .unwrap();
    let path = path.to_str().unwrap();
    let link = match profile.starts_with("usb") {
        true => Link::char_device(path),
        false => Link::serial(path, 9_600),
    };
    let counter = "1".parse().unwrap();
    let settings = KeyPadSettings {
        link,
        device,
        counter,
    };
    (settings, pad)
}

#[tokio::test]
async fn a_press_without_a_protocol_is_one_command_however_often_the_connection_breaks() {
    for profile in ["byte-keypad", "usb-keypad"] {
        let mut pad = None;
        let hall = Hall::with_key_pads(|folder| {
            let (settings, handle) = key_pad(folder, profile);
            pad = Some(handle);
            vec![settings]
        })
        .await;
        let pad = pad.unwrap();
        let mut agent = hall.connect(1, None).await;
        agent.until_device("keypad 1", "ok").await;
        for word in ["digit-4", "digit-7", "call-next"] {
            assert!(pad.press(word.parse().unwrap()));
        }
        let expected = AgentCommand::Key {
            counter: "1".parse().unwrap(),
            key: CounterKey::CallNext,
            digits: Some("47".into()),
        };
        let (asked, command) = agent.command().await;
        assert_eq!(command, expected);
        drop(agent);
        // The answer is lost with the connection: the same question comes under the same id, and no other.
        let mut agent = hall.connect(2, None).await;
        assert_eq!(agent.command().await, (asked, expected));
        agent
            .send(
                "commands",
                "result",
                CommandResult {
                    command_id: asked,
                    lease: None,
                    issued: None,
                    problem: None,
                },
            )
            .await;
        assert!(pad.press("pause".parse().unwrap()));
        let (next, command) = agent.command().await;
        assert_ne!(next, asked);
        assert!(matches!(
            command,
            AgentCommand::Key {
                key: CounterKey::Pause,
                digits: None,
                ..
            }
        ));
    }
}

#[tokio::test]
async fn everything_is_right_again_after_the_server_and_after_the_adapter() {
    let hall = Hall::start().await;
    let a = call(5, "A047");
    let agent = hall.connect(5, Some(&a)).await;
    hall.panel_shows("A047").await;
    drop(agent);

    let mut agent = hall.connect(6, None).await;
    assert_eq!(agent.hello.epoch.as_deref(), Some("e1"));
    hall.panel_shows("").await;

    hall.line.unplug();
    let trouble = loop {
        if let ClientFrame::Health { devices } = agent.receive().await
            && devices.iter().any(|d| d.is_trouble())
        {
            break devices;
        }
    };
    assert!(
        trouble.iter().all(|d| d.status == "port_missing"),
        "{trouble:?}"
    );
    let b = call(9, "C112");
    agent.send("calls", "call", pulse(&b)).await;
    hall.line.plug_in();
    hall.panel_shows("C112").await;
    let pad = hall.line.pad(7).unwrap();
    until(pad.watch(), |view| view.ticket == Some(112)).await;
}

#[tokio::test]
async fn pages_come_whole_and_unknown_ones_do_not() {
    let hall = Hall::start().await;
    let a = call(5, "A047");
    let _agent = hall.connect(5, Some(&a)).await;
    hall.page("hall")
        .await
        .until("state", |data| data["announce"]["call"] == 5)
        .await;
    let board = get(&hall.pages, "/").await;
    assert!(board.starts_with("HTTP/1.1 200"));
    for part in [
        "A047 請到 1 號櫃台",
        "示範服務站",
        "content-security-policy",
        "<noscript>",
    ] {
        assert!(board.contains(part), "{part}");
    }
    assert!(get(&hall.pages, "/counter/1").await.contains("請前來"));
    for missing in ["/counter/99", "/counter/%20", "/panel"] {
        assert!(
            get(&hall.pages, missing).await.starts_with("HTTP/1.1 404"),
            "{missing}"
        );
    }
}

/// What the board's page is told to play for a call, and the WAV file behind it.
async fn spoken(hall: &Hall) -> (Value, Sound) {
    let mut agent = hall.connect(1, None).await;
    let mut page = hall.page("hall").await;
    let a = call(5, "A047");
    agent.send("calls", "call", pulse(&a)).await;
    let told = page
        .until("state", |data| data["speech"]["turn"] == 1)
        .await;
    let url = told["speech"]["url"].as_str().unwrap();
    let answer = get_bytes(&hall.pages, url).await;
    let body = answer.windows(4).position(|w| w == b"\r\n\r\n").unwrap() + 4;
    let head = String::from_utf8_lossy(&answer[..body]).to_lowercase();
    assert!(head.starts_with("http/1.1 200"), "{head}");
    for part in [
        "content-type: audio/wav",
        "cache-control: public, max-age=31536000, immutable",
    ] {
        assert!(head.contains(part), "{head}");
    }
    let sound = Sound::read(&answer[body..], Some(RATE)).unwrap();
    (told, sound)
}

#[tokio::test]
async fn a_call_is_served_as_a_sound_and_without_a_voice_it_is_the_chime() {
    let hall = Hall::speaking("/no/such/program").await;
    let (told, sound) = spoken(&hall).await;
    assert_eq!(told["announce"]["chime"], false);
    assert_eq!(told["speech"]["volume"], 100);
    assert!(
        (400..800).contains(&sound.length_ms()),
        "{}",
        sound.length_ms()
    );
    for missing in ["/voice/0011.wav", "/voice/0011", "/voice/..%2Fx.wav"] {
        assert!(
            get(&hall.pages, missing).await.starts_with("HTTP/1.1 404"),
            "{missing}"
        );
    }
}

#[tokio::test]
async fn a_call_is_spoken_where_espeak_ng_is_installed() {
    let is_there = std::process::Command::new("espeak-ng")
        .arg("--version")
        .output();
    if is_there.is_err() {
        eprintln!("skipped: espeak-ng is not installed");
        return;
    }
    let hall = Hall::speaking("espeak-ng").await;
    let (_, sound) = spoken(&hall).await;
    // Chime, Chinese and Vietnamese.
    assert!(
        (5_000..16_000).contains(&sound.length_ms()),
        "{}",
        sound.length_ms()
    );
}

/// A plain request, as a browser without script would make it.
async fn get(host: &str, path: &str) -> String {
    String::from_utf8(get_bytes(host, path).await).unwrap()
}

async fn get_bytes(host: &str, path: &str) -> Vec<u8> {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    let mut stream = TcpStream::connect(host).await.unwrap();
    let request = format!("GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await.unwrap();
    answer
}
