//! The guide of the kiosk: questions, what they lead to, a ticket for it and the list of papers.

#![allow(clippy::unwrap_used, reason = "a test may stop where it stands")]

#[allow(dead_code, unreachable_pub)]
mod played;

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use axum::response::Response;
use firmware_config::port::Link as PortLink;
use firmware_config::profile::PrinterHead;
use firmware_config::simulate::{PrinterConfig, PrinterHandle, Switch, VirtualPrinter};
use kiosk::agent::Kiosk;
use kiosk::book::Book;
use kiosk::link::spawn;
use kiosk::page::router;
use kiosk::printer::{PrinterHealth, PrinterSettings, Spool};
use kiosk::{KioskSettings, printer};
use played::Server;
use protocol::{AgentCommand, Names, StationInfo};
use queue_core::{Board, ClassId, CommandId, PrintOutcome};
use screens::Language;
use station_config::{PaperSupply, StationFile, demo};
use tokio::sync::mpsc::unbounded_channel;
use tower::ServiceExt;

const LONG: Duration = Duration::from_secs(30);
/// The way to a lost resident certificate in the demo's guide.
const LOST: &str = "13";

struct Hall {
    server: Server,
    kiosk: Arc<Kiosk>,
    simulated: Option<PrinterHandle>,
    _folder: tempfile::TempDir,
}

fn station() -> StationInfo {
    let file = StationFile::parse("demo.toml", demo()).unwrap_or_else(|errors| panic!("{errors}"));
    file.info()
}

/// The waits of a busy morning at the demo's services.
fn board(station: &StationInfo) -> Board {
    let mut board = played::board();
    for (state, service) in board.services.iter_mut().zip(&station.services) {
        state.id = service.id.clone();
        state.series = service.series.clone();
    }
    board
}

async fn hall(with_printer: bool) -> Hall {
    hall_of(station(), with_printer).await
}

async fn hall_of(station: StationInfo, with_printer: bool) -> Hall {
    let board = board(&station);
    let server = Server::of(station, board).await;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("printer");
    let simulated = with_printer.then(|| {
        let printer = VirtualPrinter::new(PrinterConfig::default());
        printer.start(&path).unwrap()
    });
    let of_printer = PrinterSettings {
        link: PortLink::serial(path.to_str().unwrap(), 115_200),
        head: PrinterHead {
            width_dots: 576,
            dots_per_mm: 8,
        },
        cutter: true,
        text_mode: None,
        one_way: false,
        supply: PaperSupply::default(),
        place: Names::default(),
        copies: 1,
        not_taken_after: Duration::from_secs(30),
    };
    let settings = KioskSettings {
        id: "K1".to_owned(),
        listen: "127.0.0.1:0".parse().unwrap(),
        server: format!("http://{}", server.address),
        token: "secret".to_owned(),
        data: "never-used".into(),
        printers: simulated.iter().map(|_| of_printer.clone()).collect(),
        ticket: Default::default(),
        px_per_mm: 4.03,
        languages: Language::ALL.to_vec(),
        priority_class: Some(ClassId::new("priority").unwrap()),
        default_class: Some(ClassId::new("regular").unwrap()),
        station: Arc::new(played::station()),
    };
    let book = Book::in_memory().unwrap();
    let pages = "127.0.0.1:8081".parse().unwrap();
    let (link, orders) = spawn(&settings, pages, &book).unwrap();
    let spool = Spool::of(&book).unwrap();
    let (events, told) = unbounded_channel();
    let printers = settings.printers.iter().map(|settings| {
        let spool = spool.at_printer(0).unwrap();
        printer::spawn(settings.clone(), spool, events.clone()).unwrap()
    });
    let printers = printers.collect();
    let kiosk = Kiosk::new(settings, link, printers);
    tokio::spawn(kiosk.clone().follow_printer(0, told));
    tokio::spawn(kiosk.clone().follow_orders(orders));
    let hall = Hall {
        server,
        kiosk,
        simulated,
        _folder: folder,
    };
    hall.until_printer(|health| health.is_none_or(PrinterHealth::can_print))
        .await;
    hall.until_connected(true).await;
    hall
}

impl Hall {
    async fn until_connected(&self, connected: bool) {
        let mut station = self.kiosk.watch_station();
        let seen = station.wait_for(|view| {
            view.connected == connected && view.board.is_some() && view.station.is_some()
        });
        tokio::time::timeout(LONG, seen)
            .await
            .expect("it is seen")
            .unwrap();
    }

    async fn until_printer(&self, wanted: impl Fn(Option<&PrinterHealth>) -> bool) {
        let mut printers = self.kiosk.watch_printers();
        let seen = printers.wait_for(|states| {
            let health = states.first().map(|state| &state.health);
            health != Some(&PrinterHealth::Starting) && wanted(health)
        });
        tokio::time::timeout(LONG, seen).await.unwrap().unwrap();
    }

    async fn ask(&self, request: Request<Body>) -> Response {
        router(self.kiosk.clone()).oneshot(request).await.unwrap()
    }

    async fn get(&self, url: &str) -> String {
        let response = self
            .ask(Request::get(url).body(Body::empty()).unwrap())
            .await;
        assert_eq!(response.status(), StatusCode::OK, "{url}");
        let bytes = axum::body::to_bytes(response.into_body(), 1_000_000)
            .await
            .unwrap();
        String::from_utf8(bytes.to_vec()).unwrap()
    }

    /// Posts a form; gives where it leads.
    async fn post(&self, url: &str, form: &str) -> String {
        let request = Request::post(url)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Body::from(form.to_owned()))
            .unwrap();
        let response = self.ask(request).await;
        assert_eq!(response.status(), StatusCode::SEE_OTHER, "{form}");
        let to = response.headers().get(header::LOCATION);
        to.unwrap().to_str().unwrap().to_owned()
    }

    /// What became of a list.
    async fn outcome(&self, key: &str) -> PrintOutcome {
        let key: CommandId = key.parse().unwrap();
        let mut lists = self.kiosk.watch_lists();
        let over = lists.wait_for(|lists| {
            let list = lists.iter().find(|list| list.key == key);
            list.is_some_and(|list| list.outcome.is_some())
        });
        tokio::time::timeout(LONG, over).await.unwrap().unwrap();
        self.kiosk.list(key).and_then(|list| list.outcome).unwrap()
    }

    fn papers(&self) -> usize {
        self.simulated.as_ref().unwrap().view().papers.len()
    }
}

/// The value of an attribute or field, the first after `before`.
fn after<'a>(page: &'a str, before: &str) -> &'a str {
    let (_, rest) = page
        .split_once(before)
        .unwrap_or_else(|| panic!("no {before} in {page}"));
    rest.split('"').next().unwrap()
}

/// Where the answers of a question lead.
fn answers(page: &str) -> Vec<String> {
    let links = page.split("<a class=\"svc\" href=\"").skip(1);
    let links = links.map(|rest| rest.split('"').next().unwrap());
    links.map(|link| link.replace("&amp;", "&")).collect()
}

#[tokio::test]
async fn the_first_page_leads_to_a_question_in_two_languages() {
    let hall = hall(false).await;
    let home = hall.get("/?lang=vi&text=big").await;
    assert!(home.contains("Giúp tôi chọn") && home.contains("不知道辦哪一項？"));
    assert!(home.contains("href=\"/guide?lang=vi&amp;text=big\""));
    let page = hall.get("/guide?lang=vi&text=big").await;
    for said in [
        "Hôm nay quý vị cần làm gì?",
        "您今天想辦什麼事？",
        "Thẻ cư trú",
        "data-idle-s=\"45\"",
        "data-text=\"big\"",
        "href=\"/?lang=vi&amp;text=big\"",
    ] {
        assert!(page.contains(said), "no {said}");
    }
    // The modes go with the visitor.
    assert_eq!(answers(&page)[0], "/guide?lang=vi&text=big&way=1");
    let second = hall.get("/guide?lang=vi&text=big&way=1").await;
    assert!(second.contains("Thẻ cư trú của quý vị thế nào?"));
    assert!(second.contains("href=\"/guide?lang=vi&amp;text=big&amp;way=\""));
    assert!(second.contains("Bắt đầu lại"));
}

#[tokio::test]
async fn every_way_of_answers_ends_at_a_ticket_that_can_be_taken() {
    let hall = hall(false).await;
    let mut open = vec!["/guide?lang=en".to_owned()];
    let mut services = BTreeSet::new();
    while let Some(url) = open.pop() {
        let page = hall.get(&url).await;
        let further = answers(&page);
        if further.is_empty() {
            assert!(page.contains("action=\"/ticket\""), "{url}");
            services.insert(after(&page, "name=\"service\" value=\"").to_owned());
        }
        open.extend(further);
    }
    assert_eq!(
        services.len(),
        hall.kiosk.station().station.unwrap().services.len()
    );
}

#[tokio::test]
async fn the_result_says_papers_fee_time_and_wait_and_gives_the_ticket() {
    let hall = hall(true).await;
    let page = hall
        .get(&format!("/guide?lang=en&class=priority&way={LOST}"))
        .await;
    for said in [
        "Resident certificate: replacement of a lost one",
        "居留證：遺失補發",
        "Passport",
        "護照正本",
        "NT$500",
        "10 working days",
        "If it was stolen, report it to the police first.",
        // The wait of the service, and the address where it stays fresh.
        "id=\"wait-resident-certificate\"",
        "10–15",
        "data-live=\"/live?lang=en&amp;class=priority&amp;way=13\"",
        "Print this list",
    ] {
        assert!(page.contains(said), "no {said}");
    }
    let (_, form) = page.split_once("action=\"/ticket\"").unwrap();
    let key = after(form, "name=\"key\" value=\"");
    let form = format!("lang=en&class=priority&key={key}&service=resident-certificate");
    let to = hall.post("/ticket", &form).await;
    assert!(to.starts_with("/ticket/"), "{to}");
    // The same press again is the same ticket.
    assert_eq!(hall.post("/ticket", &form).await, to);
    hall.server.with(|state| {
        let issued = state
            .commands
            .iter()
            .filter_map(|(_, command)| match command {
                AgentCommand::Issue { service, class, .. } => {
                    Some((service.to_string(), class.clone()))
                }
                _ => None,
            });
        let issued: Vec<_> = issued.collect();
        let priority = ClassId::new("priority").ok();
        assert_eq!(issued, [("resident-certificate".to_owned(), priority)]);
    });
}

#[tokio::test]
async fn the_list_is_printed_once_for_each_press_and_again_when_asked() {
    let hall = hall(true).await;
    let here = format!("/guide?lang=vi&way={LOST}");
    let print = async |from: &str| {
        let page = hall.get(from).await;
        let (_, form) = page.split_once("action=\"/guide/print\"").unwrap();
        after(form, "name=\"key\" value=\"").to_owned()
    };
    let key = print(&here).await;
    let form = format!("lang=vi&way={LOST}&key={key}");
    let to = hall.post("/guide/print", &form).await;
    assert_eq!(to, format!("{here}&list={key}"));
    assert_eq!(hall.post("/guide/print", &form).await, to);
    assert_eq!(hall.outcome(&key).await, PrintOutcome::Printed);
    assert_eq!(hall.papers(), 1);
    let page = hall.get(&to).await;
    assert!(page.contains("Lấy danh sách ở phía dưới") && page.contains("In lại"));

    let again = print(&to).await;
    assert_ne!(again, key);
    let form = format!("lang=vi&way={LOST}&key={again}");
    hall.post("/guide/print", &form).await;
    assert_eq!(hall.outcome(&again).await, PrintOutcome::Printed);
    assert_eq!(hall.papers(), 2);
    // It is nobody's ticket and no order of the staff: the server hears nothing of it.
    hall.server.with(|state| assert_eq!(state.commands, []));
}

#[tokio::test]
async fn where_nothing_prints_the_list_is_offered_on_the_phone() {
    let with_cover_open = hall(true).await;
    with_cover_open
        .simulated
        .as_ref()
        .unwrap()
        .set(Switch::CoverOpen, true);
    with_cover_open
        .until_printer(|health| health == Some(&PrinterHealth::CoverOpen))
        .await;
    let key = CommandId(7).to_string();
    for hall in [hall(false).await, with_cover_open] {
        let page = hall.get(&format!("/guide?lang=en&way={LOST}")).await;
        assert!(page.contains("Printing is not possible now. Scan the code"));
        assert!(page.contains("class=\"qr\"") && !page.contains("/guide/print"));
        // Whoever presses on a page from before is told the same.
        let form = format!("lang=en&way={LOST}&key={key}");
        let to = hall.post("/guide/print", &form).await;
        assert_eq!(to, format!("/guide?lang=en&way={LOST}"));
        assert_eq!(hall.kiosk.list(CommandId(7)), None);
    }
}

#[tokio::test]
async fn the_guide_answers_and_prints_while_the_server_is_away() {
    let hall = hall(true).await;
    hall.server.with(|state| state.gone = true);
    hall.server.cut();
    let mut station = hall.kiosk.watch_station();
    let away = station.wait_for(|view| view.away);
    tokio::time::timeout(LONG, away).await.unwrap().unwrap();
    let home = hall.get("/?lang=en").await;
    assert!(home.contains("No tickets at the moment") && home.contains("Help me choose"));
    let page = hall.get(&format!("/guide?lang=en&way={LOST}")).await;
    assert!(page.contains("NT$500") && page.contains("No tickets at the moment"));
    assert!(!page.contains("action=\"/ticket\""));
    let key = CommandId(9).to_string();
    hall.post("/guide/print", &format!("lang=en&way={LOST}&key={key}"))
        .await;
    assert_eq!(hall.outcome(&key).await, PrintOutcome::Printed);
}

#[tokio::test]
async fn a_closed_station_still_says_what_to_bring() {
    let hall = hall(false).await;
    let mut board = board(&station());
    board.day = None;
    hall.server.set_board(board);
    let mut station = hall.kiosk.watch_station();
    let closed =
        station.wait_for(|view| view.board.as_ref().is_some_and(|board| board.day.is_none()));
    tokio::time::timeout(LONG, closed).await.unwrap().unwrap();
    assert!(hall.get("/?lang=en").await.contains("/guide?lang=en"));
    let page = hall.get(&format!("/guide?lang=en&way={LOST}")).await;
    assert!(page.contains("We are closed for today") && !page.contains("action=\"/ticket\""));
}

#[tokio::test]
async fn an_address_that_is_no_way_begins_at_the_first_question() {
    let hall = hall(false).await;
    for way in ["9", "111111", "abc", "1339", "%3Cscript%3E", "6666"] {
        let page = hall.get(&format!("/guide?lang=en&way={way}")).await;
        assert!(page.contains("What is it about today?"), "{way}");
    }
}

#[tokio::test]
async fn a_station_without_a_guide_has_no_way_to_it() {
    let station = StationInfo {
        guide: None,
        ..station()
    };
    let hall = hall_of(station, false).await;
    assert!(!hall.get("/").await.contains("href=\"/guide"));
    let response = hall
        .ask(Request::get("/guide").body(Body::empty()).unwrap())
        .await;
    assert_eq!(response.status(), StatusCode::SEE_OTHER);
}
