//! A kiosk between a played server and a simulated printer: pages, presses, faults.

#![allow(clippy::unwrap_used, reason = "a test may stop where it stands")]

#[allow(dead_code, unreachable_pub)]
mod played;

use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::http::{Method, Request, StatusCode, header};
use axum::response::Response;
use firmware_config::port::Link as PortLink;
use firmware_config::profile::PrinterHead;
use firmware_config::simulate::{PrinterConfig, PrinterHandle, Switch, VirtualPrinter};
use futures_util::StreamExt;
use kiosk::agent::Kiosk;
use kiosk::book::Book;
use kiosk::link::spawn;
use kiosk::page::router;
use kiosk::printer::{PrinterHealth, PrinterSettings, Spool};
use kiosk::shelf::Paper;
use kiosk::{KioskSettings, printer};
use played::Server;
use protocol::{AgentCommand, Names, SheetLine, SheetOrder, SheetSize};
use queue_core::{ClassId, Estimate, PrintOutcome, StationTime, TicketId};
use screens::Language;
use station_config::PaperSupply;
use tokio::sync::mpsc::unbounded_channel;
use tower::ServiceExt;

const LONG: Duration = Duration::from_secs(30);
const FIRST_TICKET: &str = "/ticket/00000000000000000000000000000001";

struct Hall {
    server: Server,
    kiosk: Arc<Kiosk>,
    simulated: Vec<PrinterHandle>,
    _folder: tempfile::TempDir,
}

fn settings(server: &Server, printers: Vec<PrinterSettings>) -> KioskSettings {
    KioskSettings {
        id: "K1".to_owned(),
        listen: "127.0.0.1:0".parse().unwrap(),
        server: format!("http://{}", server.address),
        token: "secret".to_owned(),
        data: "never-used".into(),
        printers,
        ticket: Default::default(),
        px_per_mm: 4.03,
        languages: Language::ALL.to_vec(),
        priority_class: Some(ClassId::new("priority").unwrap()),
        default_class: Some(ClassId::new("regular").unwrap()),
        station: Arc::new(played::station()),
    }
}

const HEAD: PrinterHead = PrinterHead {
    width_dots: 576,
    dots_per_mm: 8,
};

fn at(path: &str) -> PrinterSettings {
    PrinterSettings {
        link: PortLink::serial(path, 115_200),
        head: HEAD,
        cutter: true,
        text_mode: None,
        one_way: false,
        supply: PaperSupply::default(),
        place: Names::default(),
        copies: 1,
        not_taken_after: Duration::from_secs(30),
    }
}

async fn hall(with_printer: bool) -> Hall {
    hall_with(usize::from(with_printer), |_, _| {}).await
}

/// A kiosk with so many printers.
async fn hall_with(count: usize, set: impl Fn(usize, &mut PrinterSettings)) -> Hall {
    let server = Server::start().await;
    let folder = tempfile::tempdir().unwrap();
    let mut printers = Vec::new();
    let mut simulated = Vec::new();
    for nth in 0..count {
        let path = folder.path().join(format!("printer-{nth}"));
        let printer = VirtualPrinter::new(PrinterConfig::default());
        simulated.push(printer.start(&path).unwrap());
        let mut settings = at(path.to_str().unwrap());
        set(nth, &mut settings);
        printers.push(settings);
    }
    hall_of(server, printers, simulated, folder).await
}

async fn hall_of(
    server: Server,
    printers: Vec<PrinterSettings>,
    simulated: Vec<PrinterHandle>,
    folder: tempfile::TempDir,
) -> Hall {
    let settings = settings(&server, printers);
    let book = Book::in_memory().unwrap();
    let (link, orders) = spawn(&settings, "127.0.0.1:8081".parse().unwrap(), &book).unwrap();
    let spool = Spool::of(&book).unwrap();
    let mut printers = Vec::new();
    let mut told = Vec::new();
    for (nth, printer) in settings.printers.iter().enumerate() {
        let (events, of_printer) = unbounded_channel();
        let spool = spool.at_printer(nth).unwrap();
        printers.push(printer::spawn(printer.clone(), spool, events).unwrap());
        told.push(of_printer);
    }
    let kiosk = Kiosk::new(settings, link, printers);
    for (nth, told) in told.into_iter().enumerate() {
        tokio::spawn(kiosk.clone().follow_printer(nth, told));
    }
    tokio::spawn(kiosk.clone().follow_orders(orders));
    tokio::spawn(kiosk.clone().follow_server());
    let hall = Hall {
        server,
        kiosk,
        simulated,
        _folder: folder,
    };
    hall.until_printers(|healths| {
        healths
            .iter()
            .all(|health| health.can_print() && *health != PrinterHealth::Starting)
    })
    .await;
    hall.until_station(|view| view.connected && view.board.is_some())
        .await;
    hall
}

impl Hall {
    async fn until_station(&self, wanted: impl FnMut(&kiosk::link::StationView) -> bool) {
        let mut station = self.kiosk.watch_station();
        let seen = station.wait_for(wanted);
        tokio::time::timeout(LONG, seen)
            .await
            .expect("it is seen")
            .unwrap();
    }

    async fn until_printers(&self, wanted: impl Fn(&[PrinterHealth]) -> bool) {
        let mut printers = self.kiosk.watch_printers();
        let seen = printers.wait_for(|states| {
            let healths: Vec<_> = states.iter().map(|state| state.health.clone()).collect();
            wanted(&healths)
        });
        tokio::time::timeout(LONG, seen).await.unwrap().unwrap();
    }

    async fn ask(&self, request: Request<Body>) -> Response {
        router(self.kiosk.clone()).oneshot(request).await.unwrap()
    }

    async fn get(&self, url: &str) -> (StatusCode, String) {
        let request = Request::get(url).body(Body::empty()).unwrap();
        let response = self.ask(request).await;
        let status = response.status();
        (status, text(response).await)
    }

    /// Posts a form; gives the status and where it leads.
    async fn post(&self, url: &str, form: &str) -> (StatusCode, String) {
        let request = Request::post(url)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Body::from(form.to_owned()))
            .unwrap();
        let response = self.ask(request).await;
        let to = response.headers().get(header::LOCATION);
        (
            response.status(),
            to.map_or_else(String::new, |to| to.to_str().unwrap().to_owned()),
        )
    }

    /// The key of a fresh page.
    async fn key(&self) -> String {
        let (_, page) = self.get("/").await;
        let (_, rest) = page
            .split_once("name=\"key\" value=\"")
            .expect("the page has a key");
        rest[..32].to_owned()
    }

    async fn until_printed(&self) -> PrintOutcome {
        let mut shelf = self.kiosk.watch_shelf();
        let over = shelf.wait_for(|shelf| {
            let held = shelf.get(TicketId(1));
            held.is_some_and(|held| matches!(held.paper, kiosk::shelf::Paper::Over(_)))
        });
        let shelf = tokio::time::timeout(LONG, over).await.unwrap().unwrap();
        match &shelf.get(TicketId(1)).unwrap().paper {
            kiosk::shelf::Paper::Over(outcome) => outcome.clone(),
            other => panic!("{other:?}"),
        }
    }

    /// What the server was told of papers, with the second ticket's behind all that is told of the first.
    async fn reports_with_another(&self) -> Vec<(String, PrintOutcome)> {
        let form = format!("service=A&key={}&lang=en", self.key().await);
        self.post("/ticket", &form).await;
        let is_second = |(job, _): &(String, PrintOutcome)| job == "K1-A048";
        self.server
            .until(|state| reports(state).iter().any(is_second))
            .await;
        self.server.with(|state| reports(state))
    }

    async fn until_paper(&self, ticket: u128, wanted: Paper) {
        let mut shelf = self.kiosk.watch_shelf();
        let seen = shelf.wait_for(|shelf| {
            let held = shelf.get(TicketId(ticket));
            held.is_some_and(|held| held.paper == wanted)
        });
        tokio::time::timeout(LONG, seen).await.unwrap().unwrap();
    }

    fn issues(&self) -> usize {
        self.server.with(|state| {
            let issues = state.commands.iter();
            issues
                .filter(|(_, command)| matches!(command, AgentCommand::Issue { .. }))
                .count()
        })
    }
}

async fn text(response: Response) -> String {
    let bytes = axum::body::to_bytes(response.into_body(), 1_000_000)
        .await
        .unwrap();
    String::from_utf8(bytes.to_vec()).unwrap()
}

#[tokio::test]
async fn the_first_page_has_every_service_with_its_wait() {
    let hall = hall(true).await;
    let (status, page) = hall.get("/").await;
    assert_eq!(status, StatusCode::OK);
    for part in [
        "請選擇要辦理的業務",
        "示範服務站",
        "居留證",
        "Resident certificate",
        "等候 <b>7</b> 人",
        "約 10–15 分",
        "幾乎不用等",
        "目前沒有櫃台辦理，仍可取號",
        "Tiếng Việt",
        "優先服務",
        "輕觸一下，就會印出號碼牌",
    ] {
        assert!(page.contains(part), "{part} is missing");
    }
    // What does not work yet is not offered.
    for part in ["預約報到", "請人幫忙", "語音"] {
        assert!(!page.contains(part), "{part} is a dead button");
    }
    assert!(
        !page.contains(" style="),
        "the policy forbids inline styles"
    );
    let (_, english) = hall.get("/?lang=en&theme=hc&text=big&reach=low").await;
    for part in [
        "<html lang=\"en\" data-theme=\"hc\" data-text=\"big\" data-reach=\"low\"",
        "What do you need today?",
        "<b>7</b>",
        "Use the buttons below",
    ] {
        assert!(english.contains(part), "{part} is missing");
    }
    let hello = hall.server.with(|state| state.hellos[0].clone());
    assert_eq!(hello.device.as_deref(), Some("K1"));
    assert_eq!(hello.page_url.as_deref(), Some("http://127.0.0.1:8081/"));
    assert_eq!(
        hall.server.with(|state| state.tokens[0].clone()),
        "Bearer secret"
    );
    hall.server
        .until(|state| {
            let told = state.health.last();
            told.is_some_and(|devices| devices[0].ok && devices[0].device == "K1 printer")
        })
        .await;
}

/// Everything that the first page makes a browser load, against the limit of 100 kB.
#[tokio::test]
async fn the_first_load_is_small() {
    let hall = hall(false).await;
    let (_, page) = hall.get("/").await;
    let mut bytes = page.len();
    let mut files: Vec<String> = ["href=\"", "src=\""]
        .iter()
        .flat_map(|name| page.split(name).skip(1))
        .filter_map(|rest| rest.split('"').next())
        .filter(|url| url.contains("assets/"))
        .map(str::to_owned)
        .collect();
    files.push("/assets/live.js".to_owned());
    assert!(files.len() >= 6);
    for url in files {
        let (status, file) = hall.get(&url).await;
        assert_eq!(status, StatusCode::OK, "{url}");
        bytes += file.len();
    }
    println!("first load: {bytes} bytes");
    assert!(bytes <= 100_000, "{bytes} bytes");
}

#[tokio::test]
async fn one_press_gives_one_ticket_on_paper_and_the_server_is_told() {
    let hall = hall(true).await;
    let form = format!("service=A&key={}&lang=vi&class=priority", hall.key().await);
    let first = hall.post("/ticket", &form).await;
    assert_eq!(
        first,
        (StatusCode::SEE_OTHER, format!("{FIRST_TICKET}?lang=vi"))
    );
    assert_eq!(hall.post("/ticket", &form).await, first, "a press repeated");
    assert_eq!(hall.issues(), 1);
    assert_eq!(hall.until_printed().await, PrintOutcome::Printed);
    let (_, page) = hall.get(&first.1).await;
    for part in [
        "A047",
        "Lấy phiếu ở bên dưới",
        "請由下方取出號碼牌",
        "10–15",
        "護照",
    ] {
        assert!(page.contains(part), "{part} is missing");
    }
    hall.server
        .until(|state| {
            state.commands.iter().any(|(_, command)| {
                matches!(command, AgentCommand::ReportPrint { ticket, outcome: PrintOutcome::Printed, .. } if ticket.0 == 1)
            })
        })
        .await;
    hall.server.with(|state| {
        let AgentCommand::Issue {
            class, language, ..
        } = &state.commands[0].1
        else {
            panic!("{:?}", state.commands[0]);
        };
        assert_eq!(class.as_ref().unwrap().as_str(), "priority");
        assert_eq!(language.as_ref().unwrap().as_str(), "vi");
    });
    let papers = hall.simulated[0].view().papers.len();
    assert_eq!(papers, 1);
}

#[tokio::test]
async fn the_ticket_of_an_appointment_says_so_with_its_time() {
    let hall = hall(false).await;
    // 10:30 in Taipei.
    let slot = StationTime(1_700_015_400_000);
    hall.server.with(|state| state.slot = Some(slot));
    let form = format!("service=A&key={}&lang=zh-Hant-TW", hall.key().await);
    let (_, to) = hall.post("/ticket", &form).await;
    let (_, page) = hall.get(&to).await;
    for part in ["您的預約 10:30", "Your appointment 10:30"] {
        assert!(page.contains(part), "{part} is missing");
    }
}

#[tokio::test]
async fn without_paper_the_page_says_that_the_number_is_valid() {
    let hall = hall(true).await;
    hall.simulated[0].set(Switch::PaperOut, true);
    let form = format!("service=A&key={}&lang=en", hall.key().await);
    let (_, to) = hall.post("/ticket", &form).await;
    let outcome = hall.until_printed().await;
    assert_eq!(
        outcome,
        PrintOutcome::Failed {
            cause: "paper_out".to_owned()
        }
    );
    let (_, page) = hall.get(&to).await;
    assert!(page.contains("Out of paper. Your number is still valid"));
    assert!(!page.contains("Take your ticket below"));
    assert!(page.contains("class=\"qr\""));
    hall.server
        .until(|state| {
            let told = state.health.last();
            told.is_some_and(|devices| !devices[0].ok && devices[0].status == "paper_out")
        })
        .await;
}

/// What the server was told of papers: the job and its outcome.
fn reports(state: &played::State) -> Vec<(String, PrintOutcome)> {
    let report = |(_, command): &(_, AgentCommand)| match command {
        AgentCommand::ReportPrint { job, outcome, .. } => Some((job.clone(), outcome.clone())),
        _ => None,
    };
    state.commands.iter().filter_map(report).collect()
}

/// A kiosk with a second printer at its right.
async fn two_printers() -> Hall {
    hall_with(2, |nth, printer| {
        if nth == 1 {
            printer.place = played::names("右邊的出票口", "the slot on the right");
        }
    })
    .await
}

#[tokio::test]
async fn a_second_printer_prints_while_the_first_cannot() {
    let hall = two_printers().await;
    hall.simulated[0].set(Switch::PaperOut, true);
    hall.until_printers(|healths| healths[0] == PrinterHealth::PaperOut)
        .await;
    let (_, home) = hall.get("/?lang=en").await;
    assert!(!home.contains("Out of paper"), "a paper will come");
    let form = format!("service=A&key={}&lang=en", hall.key().await);
    let (_, to) = hall.post("/ticket", &form).await;
    assert_eq!(hall.until_printed().await, PrintOutcome::Printed);
    let (_, page) = hall.get(&to).await;
    assert!(page.contains("Take your ticket: the slot on the right"));
    assert!(page.contains("請取出號碼牌：右邊的出票口"));
    let papers = |nth: usize| hall.simulated[nth].view().papers.len();
    assert_eq!((papers(0), papers(1)), (0, 1));
    hall.server
        .until(|state| {
            let told = state.health.last().into_iter().flatten();
            let told: Vec<_> = told
                .map(|one| (one.device.as_str(), one.status.as_str()))
                .collect();
            told == [("K1 printer", "paper_out"), ("K1 spare printer", "ok")]
        })
        .await;

    // The first one is used again as soon as it can print.
    hall.simulated[0].set(Switch::PaperOut, false);
    hall.until_printers(|healths| healths[0].is_proven()).await;
    let form = format!("service=A&key={}&lang=en", hall.key().await);
    hall.post("/ticket", &form).await;
    hall.until_paper(2, Paper::Over(PrintOutcome::Printed))
        .await;
    assert_eq!((papers(0), papers(1)), (1, 1));
}

#[tokio::test]
async fn a_ticket_that_cannot_be_printed_goes_to_the_second_printer_and_only_that_is_told() {
    let hall = two_printers().await;
    // Nobody knows yet that the paper is out when the ticket is given out.
    hall.simulated[0].set(Switch::PaperOut, true);
    let form = format!("service=A&key={}&lang=en", hall.key().await);
    let (_, to) = hall.post("/ticket", &form).await;
    assert_eq!(hall.until_printed().await, PrintOutcome::Printed);
    let (_, page) = hall.get(&to).await;
    assert!(page.contains("the slot on the right"));
    let printed = PrintOutcome::Printed;
    assert_eq!(
        hall.reports_with_another().await,
        [
            ("K1-A047".to_owned(), printed.clone()),
            ("K1-A048".to_owned(), printed)
        ]
    );
    let papers = hall.simulated.iter().map(|one| one.view().papers.len());
    assert_eq!(papers.collect::<Vec<_>>(), [0, 2]);
}

#[tokio::test]
async fn a_ticket_broken_off_by_the_end_of_the_paper_may_be_had_from_the_second_printer() {
    let hall = two_printers().await;
    // Less than a ticket.
    hall.simulated[0].set_paper_left_dots(Some(300));
    let form = format!("service=A&key={}&lang=en", hall.key().await);
    let (_, to) = hall.post("/ticket", &form).await;
    let outcome = hall.until_printed().await;
    assert!(
        matches!(outcome, PrintOutcome::Unknown { .. }),
        "{outcome:?}"
    );
    let (_, page) = hall.get(&to).await;
    assert!(page.contains("Did your ticket print?"));
    hall.post(
        &format!("{FIRST_TICKET}/paper"),
        "lang=en&copies=1&paper=again",
    )
    .await;
    hall.until_paper(1, Paper::Over(PrintOutcome::Printed))
        .await;
    assert_eq!(hall.simulated[1].view().papers.len(), 1);
    let (_, page) = hall.get(&to).await;
    assert!(page.contains("the slot on the right"));
}

#[tokio::test]
async fn where_no_printer_can_print_that_is_said_once() {
    let hall = two_printers().await;
    for simulated in &hall.simulated {
        simulated.set(Switch::PaperOut, true);
    }
    let form = format!("service=A&key={}&lang=en", hall.key().await);
    let (_, to) = hall.post("/ticket", &form).await;
    let paper_out = PrintOutcome::Failed {
        cause: "paper_out".to_owned(),
    };
    assert_eq!(hall.until_printed().await, paper_out);
    let (_, page) = hall.get(&to).await;
    assert!(page.contains("Out of paper. Your number is still valid"));
    assert_eq!(
        hall.reports_with_another().await,
        ["K1-A047", "K1-A048"].map(|job| (job.to_owned(), paper_out.clone()))
    );
    hall.until_printers(|healths| healths.iter().all(|one| *one == PrinterHealth::PaperOut))
        .await;
    let (_, home) = hall.get("/?lang=en").await;
    assert!(home.contains("Out of paper"));
}

#[tokio::test]
async fn a_ticket_is_printed_on_as_many_papers_as_the_office_wants() {
    let hall = hall_with(1, |_, printer| printer.copies = 2).await;
    let form = format!("service=A&key={}&lang=en", hall.key().await);
    hall.post("/ticket", &form).await;
    assert_eq!(hall.until_printed().await, PrintOutcome::Printed);
    let mut view = hall.simulated[0].watch();
    let both = view.wait_for(|view| view.papers.len() == 2);
    let papers = tokio::time::timeout(LONG, both).await.unwrap().unwrap();
    assert_eq!(papers.papers[0].rows, papers.papers[1].rows);
    drop(papers);
    let told = hall.reports_with_another().await;
    let jobs: Vec<_> = told.iter().map(|(job, _)| job.as_str()).collect();
    assert_eq!(
        jobs,
        ["K1-A047", "K1-A048"],
        "of the office's papers nothing"
    );
}

#[tokio::test]
async fn a_sheet_that_staff_order_is_printed_and_its_result_told() {
    let hall = two_printers().await;
    let line = SheetLine::Text {
        language: queue_core::LanguageTag::new("vi").unwrap(),
        text: "Hộ chiếu".to_owned(),
        size: SheetSize::Body,
    };
    let order = |id: u128, device: &str| SheetOrder {
        device: device.to_owned(),
        sheet: queue_core::CommandId(id),
        lines: vec![line.clone(), SheetLine::Rule],
    };
    hall.simulated[1].set(Switch::CoverOpen, true);
    hall.until_printers(|healths| healths[1] == PrinterHealth::CoverOpen)
        .await;
    for order in [
        order(1, "K9 printer"),
        order(2, "K1 printer"),
        order(3, "K1 spare printer"),
    ] {
        hall.server.order(&order);
    }
    let cover_open = PrintOutcome::Failed {
        cause: "cover_open".to_owned(),
    };
    hall.server
        .until(|state| {
            let told = state
                .commands
                .iter()
                .filter_map(|(_, command)| match command {
                    AgentCommand::ReportSheet { sheet, outcome } => {
                        Some((sheet.0, outcome.clone()))
                    }
                    _ => None,
                });
            let told: std::collections::BTreeMap<_, _> = told.collect();
            told == [(2, PrintOutcome::Printed), (3, cover_open.clone())].into()
        })
        .await;
    assert_eq!(hall.simulated[0].view().papers.len(), 1);
}

/// A kiosk whose printer says nothing back.
async fn one_way_hall() -> Hall {
    hall_with(1, |_, printer| printer.one_way = true).await
}

#[tokio::test]
async fn the_page_of_a_ticket_says_that_it_was_taken_and_then_leaves() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("printer");
    let config = PrinterConfig {
        taken_after_ms: Some(3_000),
        ..PrinterConfig::default()
    };
    let simulated = VirtualPrinter::new(config).start(&path).unwrap();
    simulated.set(Switch::NotTaken, true);
    let printer = PrinterSettings {
        not_taken_after: Duration::from_secs(1),
        ..at(path.to_str().unwrap())
    };
    let server = Server::start().await;
    let hall = hall_of(server, vec![printer], vec![simulated], folder).await;
    let form = format!("service=A&key={}&lang=en", hall.key().await);
    let (_, to) = hall.post("/ticket", &form).await;
    assert_eq!(hall.until_printed().await, PrintOutcome::Printed);
    let (_, page) = hall.get(&to).await;
    assert!(page.contains("Take your ticket below") && !page.contains("data-leave-s"));
    hall.server
        .until(|state| {
            let told = state.health.last();
            told.is_some_and(|devices| devices[0].status == "ticket_not_taken")
        })
        .await;

    // Another visitor is asked to clear the output, and has his own ticket then.
    let form = format!("service=A&key={}&lang=en", hall.key().await);
    let (_, second) = hall.post("/ticket", &form).await;
    hall.until_paper(2, Paper::Held(0)).await;
    let (_, page) = hall.get(&second).await;
    assert!(page.contains("First take the ticket that is still in the printer"));
    hall.simulated[0].set(Switch::NotTaken, false);
    for (ticket, url) in [(1, &to), (2, &second)] {
        hall.until_paper(ticket, Paper::Taken).await;
        let (_, page) = hall.get(url).await;
        assert!(page.contains("Keep your ticket") && page.contains("data-leave-s=\"4\""));
    }
}

#[tokio::test]
async fn a_printer_that_says_nothing_is_asked_about_calmly_and_prints_the_same_number_again() {
    let hall = one_way_hall().await;
    let form = format!("service=A&key={}&lang=en", hall.key().await);
    let (_, to) = hall.post("/ticket", &form).await;
    let one_way = PrintOutcome::Unknown {
        cause: "one_way".to_owned(),
    };
    assert_eq!(hall.until_printed().await, one_way);
    let (_, page) = hall.get(&to).await;
    assert!(page.contains("Your ticket was sent to the printer"));
    assert!(page.contains("No, print it again") && !page.contains("role=\"alert\" id=\"paper\""));
    let simulated = &hall.simulated[0];
    let papers = |count: usize| {
        let mut printed = simulated.watch();
        async move {
            let all = printed.wait_for(|view| view.papers.len() >= count);
            let all = tokio::time::timeout(LONG, all).await.unwrap().unwrap();
            all.papers.clone()
        }
    };
    papers(1).await;

    // Twice the same press: one more paper.
    let answer = format!("{FIRST_TICKET}/paper");
    for _ in 0..2 {
        let (status, to) = hall.post(&answer, "lang=en&copies=1&paper=again").await;
        assert_eq!(
            (status, to),
            (StatusCode::SEE_OTHER, format!("{FIRST_TICKET}?lang=en"))
        );
    }
    let both = papers(2).await;
    assert_ne!(both[0].rows, both[1].rows, "the second is marked");
    hall.server
        .until(|state| {
            let jobs: Vec<_> = reports(state).into_iter().map(|(job, _)| job).collect();
            jobs == ["K1-A047", "K1-A047-2"]
        })
        .await;
    assert_eq!(hall.issues(), 1, "never a new ticket");

    hall.until_printed().await;
    hall.post(&answer, "lang=en&copies=2&paper=yes").await;
    let (_, page) = hall.get(&to).await;
    assert!(page.contains("Keep your ticket until you are called"));
    assert!(!page.contains("print it again"));
    hall.post(&answer, "lang=en&copies=2&paper=again").await;
    assert_eq!(
        simulated.view().papers.len(),
        2,
        "nobody asks about it any more"
    );
}

/// A printer on the network that is well and loses its line in the middle of every ticket.
async fn cut_off_printer() -> std::net::SocketAddr {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((mut line, _)) = listener.accept().await {
            let mut heard = Vec::new();
            let mut answered = 0;
            while let Ok(1..) = line.read_buf(&mut heard).await {
                let asked = heard.windows(2).filter(|two| *two == [0x10, 0x04]).count();
                // The flush before a ticket is nothing but NULs.
                let ticket = heard.windows(2).any(|two| two == [0x1d, b'v']);
                if ticket || line.write_all(&vec![0x12; asked - answered]).await.is_err() {
                    break;
                }
                answered = asked;
            }
        }
    });
    address
}

#[tokio::test]
async fn a_ticket_of_which_nobody_knows_is_asked_about_three_times_at_most() {
    let printer = PrinterSettings {
        link: PortLink::tcp(cut_off_printer().await.to_string()),
        ..at("")
    };
    let folder = tempfile::tempdir().unwrap();
    let hall = hall_of(Server::start().await, vec![printer], vec![], folder).await;
    let form = format!("service=A&key={}&lang=en", hall.key().await);
    let (_, to) = hall.post("/ticket", &form).await;
    for copies in 1..=3 {
        let outcome = hall.until_printed().await;
        assert!(
            matches!(outcome, PrintOutcome::Unknown { .. }),
            "{outcome:?}"
        );
        let (_, page) = hall.get(&to).await;
        assert!(page.contains("A047"));
        assert_eq!(
            page.contains("Did your ticket print?"),
            copies < 3,
            "{copies}"
        );
        for gone in [true, false] {
            hall.until_printers(|healths| healths[0].is_proven() != gone)
                .await;
        }
        let answer = format!("lang=en&copies={copies}&paper=again");
        hall.post(&format!("{FIRST_TICKET}/paper"), &answer).await;
    }
    let (_, page) = hall.get(&to).await;
    assert!(page.contains("Take a photo of this screen or scan the code"));
    assert_eq!(hall.issues(), 1);
}

#[tokio::test]
async fn a_kiosk_without_a_printer_promises_no_paper() {
    let hall = hall(false).await;
    let (_, home) = hall.get("/").await;
    assert!(!home.contains("輕觸一下，就會印出號碼牌"));
    let form = format!("service=A&key={}&lang=en", hall.key().await);
    let (_, to) = hall.post("/ticket", &form).await;
    let (_, page) = hall.get(&to).await;
    assert!(page.contains("A047") && !page.contains("Take your ticket below"));
}

#[tokio::test]
async fn choosing_again_frees_the_number() {
    let hall = hall(false).await;
    let form = format!("service=A&key={}&lang=en", hall.key().await);
    hall.post("/ticket", &form).await;
    let (status, to) = hall
        .post(&format!("{FIRST_TICKET}/cancel"), "lang=en")
        .await;
    assert_eq!(
        (status, to.as_str()),
        (StatusCode::SEE_OTHER, "/?lang=en&removed=A047")
    );
    let (_, page) = hall.get(&to).await;
    assert!(page.contains("Number A047 is cancelled"));
    hall.server
        .until(|state| {
            let cancel = AgentCommand::Cancel {
                ticket: TicketId(1),
            };
            state.commands.iter().any(|(_, command)| *command == cancel)
        })
        .await;
    let (status, _) = hall.get(FIRST_TICKET).await;
    assert_eq!(status, StatusCode::SEE_OTHER);
    let (_, page) = hall.get("/?removed=%3Cb%3E").await;
    assert!(!page.contains("cancelled") && !page.contains("%3C"));
}

#[tokio::test]
async fn a_closed_station_and_an_unreached_server_say_so() {
    let hall = hall(false).await;
    let mut board = played::board();
    board.day = None;
    hall.server.set_board(board);
    hall.until_station(|view| view.board.as_ref().is_some_and(|board| board.day.is_none()))
        .await;
    let (_, page) = hall.get("/").await;
    assert!(page.contains("今日服務時間已結束") && page.contains("08:00–17:00"));
    assert!(!page.contains("action=\"/ticket\""));

    let elsewhere = Server::start().await;
    let mut settings = settings(&elsewhere, vec![]);
    settings.server = "ws://127.0.0.1:1".to_owned();
    let book = Book::in_memory().unwrap();
    let (link, _orders) = spawn(&settings, "127.0.0.1:8081".parse().unwrap(), &book).unwrap();
    let alone = Hall {
        kiosk: Kiosk::new(settings, link, vec![]),
        ..hall
    };
    let (status, page) = alone.get("/").await;
    assert_eq!(status, StatusCode::OK);
    assert!(page.contains("系統暫時無法取號，請洽服務台"));
    let form = format!("service=A&key={:032x}", 7);
    let (status, to) = alone.post("/ticket", &form).await;
    assert_eq!(status, StatusCode::SEE_OTHER);
    let (status, page) = alone.get(&to).await;
    assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(page.contains("請到另一台取號機，或找服務人員"));
}

/// The answer is lost with the connection: the command is sent again under its id and the visitor has one ticket.
#[tokio::test]
async fn a_lost_answer_is_asked_for_again_under_the_same_id() {
    let hall = hall(false).await;
    let form = format!("service=A&key={}", hall.key().await);
    hall.server.with(|state| state.mute = true);
    let press = hall.post("/ticket", &form);
    let trouble = async {
        hall.server.until(|state| !state.commands.is_empty()).await;
        hall.server.with(|state| state.mute = false);
        hall.server.cut();
    };
    let ((status, to), ()) = tokio::join!(press, trouble);
    assert_eq!(
        (status, to.as_str()),
        (
            StatusCode::SEE_OTHER,
            &*format!("{FIRST_TICKET}?lang=zh-Hant-TW")
        )
    );
    hall.server.with(|state| {
        let ids: Vec<_> = state.commands.iter().map(|(id, _)| id.0).collect();
        assert_eq!(ids.len(), 2);
        assert_eq!(ids[0], ids[1]);
        assert_eq!(state.answered.len(), 1);
    });
}

/// Nobody holds the ticket of an answer that comes too late, so it must not wait in the queue.
#[tokio::test]
async fn a_number_that_comes_too_late_is_taken_back() {
    let hall = hall(false).await;
    let form = format!("service=A&key={}", hall.key().await);
    hall.server.with(|state| state.mute = true);
    let (_, to) = hall.post("/ticket", &form).await;
    assert!(to.starts_with("/no-ticket"), "{to}");
    hall.server.with(|state| state.mute = false);
    hall.server.cut();
    hall.server
        .until(|state| {
            let cancel = AgentCommand::Cancel {
                ticket: TicketId(1),
            };
            state.commands.iter().any(|(_, command)| *command == cancel)
        })
        .await;
}

#[tokio::test]
async fn a_refusal_leads_to_a_page_that_says_what_to_do() {
    let hall = hall(false).await;
    for (code, to) in [
        ("day_closed", "/?lang=en"),
        ("station_closed_now", "/?lang=en"),
        ("quota_full", "/?lang=en"),
        ("unknown_service", "/no-ticket?lang=en"),
    ] {
        hall.server
            .with(|state| state.refuse = Some(code.to_owned()));
        let form = format!("service=A&key={}&lang=en", hall.key().await);
        assert_eq!(
            hall.post("/ticket", &form).await,
            (StatusCode::SEE_OTHER, to.to_owned())
        );
    }
}

#[tokio::test]
async fn bad_forms_and_foreign_pages_are_refused() {
    let hall = hall(false).await;
    for form in [
        "",
        "service=A",
        "service=%00&key=1",
        "key=zz&service=A",
        &"a".repeat(3_000),
    ] {
        assert_eq!(
            hall.post("/ticket", form).await.0,
            StatusCode::BAD_REQUEST,
            "{form}"
        );
    }
    assert_eq!(
        hall.post("/ticket", &"a".repeat(1_000_000)).await.0,
        StatusCode::PAYLOAD_TOO_LARGE
    );
    for (origin, status) in [
        ("http://evil.example", StatusCode::FORBIDDEN),
        ("null", StatusCode::FORBIDDEN),
        ("http://kiosk:8081", StatusCode::BAD_REQUEST),
    ] {
        let request = Request::builder()
            .method(Method::POST)
            .uri("/ticket")
            .header(header::HOST, "kiosk:8081")
            .header(header::ORIGIN, origin)
            .body(Body::empty())
            .unwrap();
        assert_eq!(hall.ask(request).await.status(), status, "{origin}");
    }
    assert_eq!(hall.issues(), 0);
}

/// An open page is told every change, whole.
#[tokio::test]
async fn an_open_page_follows_the_waits() {
    let server = Server::start().await;
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let mut settings = settings(&server, vec![]);
    settings.data = folder.path().to_owned();
    tokio::spawn(kiosk::serve(settings, listener));
    let url = format!("ws://{address}/live?lang=en");
    let (mut socket, _) = tokio_tungstenite::connect_async(url).await.unwrap();
    let mut changed = false;
    loop {
        let message = tokio::time::timeout(LONG, socket.next())
            .await
            .unwrap()
            .unwrap()
            .unwrap();
        let frame: serde_json::Value = serde_json::from_str(message.to_text().unwrap()).unwrap();
        let wait = &frame["data"]["parts"]["wait-A"];
        match wait.as_str() {
            Some(wait) if wait.contains("<b>7</b>") && !changed => {
                let mut board = played::board();
                board.services[0].waiting = 9;
                board.services[0].estimate = Estimate::CountOnly;
                server.set_board(board);
                changed = true;
            }
            Some(wait) if wait.contains("<b>9</b>") => {
                assert!(changed && !wait.contains("10–15"));
                return;
            }
            _ => {}
        }
    }
}
