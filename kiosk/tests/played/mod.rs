//! A station server played for tests: it keeps tickets and nothing else, and does as it is told.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use futures_util::{SinkExt, StreamExt};
use protocol::{
    AgentCommand, ClientFrame, CommandResult, DeviceHealth, Envelope, Hello, Names, Problem,
    ServiceInfo, SheetOrder, StationInfo, TicketIssued,
};
use queue_core::{
    Board, BoardService, BusinessDay, ClassId, CommandId, Estimate, Lease, Series, ServiceId,
    StationTime, TicketId, TicketNumber,
};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{broadcast, watch};
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::handshake::server::{Request, Response};

/// What the server holds and what it has been asked.
#[derive(Default)]
pub struct State {
    /// Answers to commands by id.
    pub answered: BTreeMap<u128, Option<TicketIssued>>,
    /// Commands in order of arrival, repeats included.
    pub commands: Vec<(CommandId, AgentCommand)>,
    pub hellos: Vec<Hello>,
    pub tokens: Vec<String>,
    pub health: Vec<Vec<DeviceHealth>>,
    /// Commands are taken and acted on, but the answer is lost.
    pub mute: bool,
    /// Refuses to issue with this code.
    pub refuse: Option<String>,
    /// When the appointments begin with which tickets are taken.
    pub slot: Option<StationTime>,
    issued: u32,
    /// The numbers the kiosk may give out by itself.
    pub lease: Option<Lease>,
    /// The server can do nothing.
    pub sick: bool,
    /// The kiosk has asked for numbers and was given some.
    pub lease_told: bool,
    /// Nobody takes connections.
    pub gone: bool,
}

/// A running server.
#[derive(Clone)]
pub struct Server {
    pub address: SocketAddr,
    state: Arc<Mutex<State>>,
    /// Each change of this is looked at by whoever waits.
    changed: watch::Sender<u64>,
    board: watch::Sender<Board>,
    /// Frames that are sent to whoever is connected.
    sent: broadcast::Sender<String>,
    /// Connections end when it changes.
    cut: watch::Sender<u64>,
    station: Arc<StationInfo>,
}

pub fn names(zh: &str, en: &str) -> Names {
    let pairs = [("zh-Hant-TW", zh), ("en", en)];
    Names(BTreeMap::from(
        pairs.map(|(tag, text)| (tag.to_owned(), text.to_owned())),
    ))
}

pub fn station() -> StationInfo {
    let service = |id: &str, icon: &str, zh: &str, en: &str| ServiceInfo {
        identity_check: false,
        sessions: false,
        zone: None,
        id: ServiceId::new(id).unwrap(),
        series: Series::new(id).unwrap(),
        name: names(zh, en),
        short_name: names(zh, en),
        icon: icon.to_owned(),
        max_persons: 1,
        only_step: false,
        together: false,
        wait_standard_s: 1_800,
        documents: vec![
            names("護照", "Passport"),
            names("原居留證", "Present certificate"),
            names("2 吋照片 1 張", "One 2-inch photo"),
        ],
    };
    StationInfo {
        identity_desk: None,
        guide: None,
        zones: vec![],
        name: names("示範服務站", "Demo Service Station"),
        timezone: "Asia/Taipei".to_owned(),
        hours: ("08:00".to_owned(), "17:00".to_owned()),
        phone: "02-2388-9393".to_owned(),
        public_url: "http://127.0.0.1:8080".to_owned(),
        services: vec![
            service("A", "licence", "居留證", "Resident certificate"),
            service("C", "extend", "停留延期", "Stay extension"),
            service("F", "plane", "入出境許可證", "Entry and exit permit"),
            service(
                "H",
                "passport",
                "大陸、港澳事務",
                "Mainland, Hong Kong, Macao",
            ),
            service("P", "pickup", "領取證件", "Document pick-up"),
            service("L", "ask", "其他業務、諮詢", "Something else, questions"),
        ],
        counters: Vec::new(),
        announcements: Vec::new(),
        appointments: None,
        classes: vec![],
    }
}

/// The waits of a busy morning.
pub fn board() -> Board {
    let range = |low_min, high_min| Estimate::Range {
        p50_s: low_min * 60,
        p80_s: high_min * 60,
        low_min,
        high_min,
    };
    let service = |id: &str, waiting, estimate| BoardService {
        unverified: 0,
        first_step: None,
        enrolled: 0,
        id: ServiceId::new(id).unwrap(),
        series: Series::new(id).unwrap(),
        waiting,
        now_at: None,
        open_counters: 1,
        oldest_waiting_since: None,
        estimate,
        limit: None,
        late_end: None,
    };
    Board {
        waiting: 0,
        seq: 1,
        at: StationTime(1_700_000_000_000),
        day: Some(BusinessDay {
            year: 2026,
            month: 11,
            day: 20,
        }),
        ended: None,
        services: vec![
            service("A", 7, range(10, 15)),
            service("C", 12, range(35, 50)),
            service("F", 3, range(0, 5)),
            service("H", 2, Estimate::NoCounterOpen),
            service("P", 0, Estimate::NoWait),
            service("L", 4, Estimate::CountOnly),
        ],
        counters: Vec::new(),
        sessions: Vec::new(),
        calls: Vec::new(),
        hours: None,
    }
}

impl Server {
    pub async fn start() -> Self {
        Self::of(station(), board()).await
    }

    /// A server of another station.
    pub async fn of(station: StationInfo, board: Board) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let server = Self {
            address: listener.local_addr().unwrap(),
            state: Arc::default(),
            changed: watch::Sender::new(0),
            board: watch::Sender::new(board),
            sent: broadcast::Sender::new(16),
            cut: watch::Sender::new(0),
            station: Arc::new(station),
        };
        let one = server.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                if one.with(|state| state.gone) {
                    continue;
                }
                tokio::spawn(one.clone().serve(stream));
            }
        });
        server
    }

    /// Looks at the state, or changes it.
    pub fn with<T>(&self, act: impl FnOnce(&mut State) -> T) -> T {
        act(&mut self.state.lock().unwrap())
    }

    /// Waits until the state is as wanted.
    pub async fn until(&self, wanted: impl Fn(&State) -> bool) {
        let mut changed = self.changed.subscribe();
        let seen = changed.wait_for(|_| wanted(&self.state.lock().unwrap()));
        tokio::time::timeout(std::time::Duration::from_secs(30), seen)
            .await
            .expect("the server sees it")
            .unwrap();
    }

    pub fn set_board(&self, board: Board) {
        self.board.send_replace(board);
    }

    /// Has a sheet printed.
    pub fn order(&self, order: &SheetOrder) {
        self.sent.send(envelope("devices", "sheet", order)).unwrap();
    }

    /// Breaks all connections.
    pub fn cut(&self) {
        self.cut.send_modify(|count| *count += 1);
    }

    async fn serve(self, stream: TcpStream) {
        let tokens = self.state.clone();
        #[allow(clippy::result_large_err)]
        let note_token = move |request: &Request, response: Response| {
            let token = request
                .headers()
                .get("authorization")
                .and_then(|t| t.to_str().ok());
            tokens
                .lock()
                .unwrap()
                .tokens
                .push(token.unwrap_or_default().to_owned());
            assert_eq!(request.uri().path(), "/ws/v1/kiosk");
            Ok(response)
        };
        let Ok(mut socket) = tokio_tungstenite::accept_hdr_async(stream, note_token).await else {
            return;
        };
        let mut board = self.board.subscribe();
        let mut sent = self.sent.subscribe();
        let mut cut = self.cut.subscribe();
        loop {
            let send = tokio::select! {
                _ = cut.changed() => return,
                frame = sent.recv() => vec![frame.unwrap()],
                changed = board.changed() => match changed {
                    Ok(()) => vec![envelope("board", "state", &board.borrow_and_update().clone())],
                    Err(_) => return,
                },
                message = socket.next() => match message {
                    Some(Ok(Message::Text(text))) => self.hear(&text),
                    Some(Ok(_)) => Vec::new(),
                    _ => return,
                },
            };
            for text in send {
                if socket.send(Message::text(text)).await.is_err() {
                    return;
                }
            }
        }
    }

    fn hear(&self, text: &str) -> Vec<String> {
        let frame: ClientFrame = serde_json::from_str(text).unwrap();
        let answers = match frame {
            ClientFrame::Hello(hello) => {
                self.with(|state| state.hellos.push(hello));
                let welcome =
                    serde_json::json!({"epoch": "e1", "at": 1_700_000_000_000_i64, "protocol": 1});
                vec![
                    envelope("link", "welcome", &welcome),
                    envelope("station", "state", &*self.station),
                    envelope("board", "state", &*self.board.borrow()),
                ]
            }
            ClientFrame::Command {
                command_id,
                command,
            } => {
                let (result, mute) = self.with(|state| {
                    // Nobody pressed for it.
                    if !matches!(command, AgentCommand::LeaseNumbers { .. }) {
                        state.commands.push((command_id, command.clone()));
                    }
                    (state.act(command_id, &command, &self.station), state.mute)
                });
                match mute {
                    true => Vec::new(),
                    false => vec![envelope("commands", "result", &result)],
                }
            }
            ClientFrame::Health { devices } => {
                self.with(|state| state.health.push(devices));
                Vec::new()
            }
            ClientFrame::Ports(_) | ClientFrame::Pong => Vec::new(),
        };
        self.changed.send_modify(|count| *count += 1);
        answers
    }
}

impl State {
    fn act(
        &mut self,
        id: CommandId,
        command: &AgentCommand,
        station: &StationInfo,
    ) -> CommandResult {
        let problem = |code: &str| Problem {
            kind: "about:blank".to_owned(),
            title: code.to_owned(),
            status: 409,
            detail: code.to_owned(),
            code: code.to_owned(),
            limit: None,
        };
        let asks_for_lease = matches!(command, AgentCommand::LeaseNumbers { .. });
        self.lease_told |= asks_for_lease && self.lease.is_some();
        let refusal = match (&self.refuse, command) {
            (Some(code), AgentCommand::Issue { .. }) => Some(problem(code)),
            (_, AgentCommand::LeaseNumbers { .. }) if self.lease.is_none() => {
                Some(problem("day_closed"))
            }
            _ if self.sick => Some(Problem {
                status: 503,
                ..problem("storage_failed")
            }),
            _ => None,
        };
        if let Some(problem) = refusal {
            return CommandResult {
                command_id: id,
                issued: None,
                lease: None,
                problem: Some(problem),
            };
        }
        if !self.answered.contains_key(&id.0) {
            let issued = match command {
                AgentCommand::Issue {
                    service,
                    class,
                    language,
                    ..
                } => {
                    self.issued += 1;
                    let ticket = TicketId(u128::from(self.issued));
                    Some(TicketIssued {
                        slot: self.slot,
                        seat: None,
                        id: ticket,
                        number: TicketNumber {
                            series: station.service(service).unwrap().series.clone(),
                            kiosk: None,
                            number: 46 + self.issued,
                        },
                        service: service.clone(),
                        class: class.clone().unwrap_or(ClassId::new("regular").unwrap()),
                        language: language.clone(),
                        issued_at: StationTime(1_700_000_000_000),
                        ahead: 6,
                        estimate: Estimate::Range {
                            p50_s: 600,
                            p80_s: 900,
                            low_min: 10,
                            high_min: 15,
                        },
                        page_url: format!("http://127.0.0.1:8080/t/{ticket}"),
                        rule: Default::default(),
                        missed: Default::default(),
                        matters: vec![],
                        persons: 1,
                        unverified: false,
                    })
                }
                _ => None,
            };
            self.answered.insert(id.0, issued);
        }
        CommandResult {
            command_id: id,
            issued: self.answered[&id.0].clone(),
            lease: self.lease.filter(|_| asks_for_lease),
            problem: None,
        }
    }
}

fn envelope<T: serde::Serialize>(topic: &str, kind: &str, data: &T) -> String {
    serde_json::to_string(&Envelope {
        v: 1,
        topic: topic.to_owned(),
        prev: 0,
        seq: 1,
        kind: kind.to_owned(),
        data,
    })
    .unwrap()
}
