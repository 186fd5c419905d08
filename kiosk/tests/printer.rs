//! The printer actor against a simulated printer on a real pseudo-terminal.

#![allow(clippy::unwrap_used, reason = "a test may stop where it stands")]

use std::path::PathBuf;
use std::time::Duration;

use firmware_config::port::Link;
use firmware_config::profile::{PrinterHead, RomText};
use firmware_config::simulate::{
    PrinterConfig, PrinterHandle, PrinterView, Switch, VirtualPrinter,
};
use kiosk::book::Book;
use kiosk::encode::{Encoding, encode};
use kiosk::printer::{Printer, PrinterEvent, PrinterHealth, PrinterSettings, Spool, spawn};
use kiosk::raster::Rasteriser;
use kiosk::ticket::TicketPaper;
use protocol::Names;
use queue_core::{Estimate, PrintOutcome, TicketId};
use screens::Language;
use station_config::PaperSupply;
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

const HEAD: PrinterHead = PrinterHead {
    width_dots: 576,
    dots_per_mm: 8,
};
/// Nothing waits this long unless something is broken.
const LONG: Duration = Duration::from_secs(30);

struct Bench {
    _folder: tempfile::TempDir,
    simulated: PrinterHandle,
    printer: Printer,
    events: UnboundedReceiver<PrinterEvent>,
}

fn paper() -> TicketPaper {
    let name = |text: &str| Names([("zh-Hant-TW".to_owned(), text.to_owned())].into());
    TicketPaper {
        appointment: None,
        seat: None,
        identity_desk: None,
        zone: Default::default(),
        language: Language::ZhHantTw,
        station: name("示範服務站"),
        number: "A047".to_owned(),
        service: name("居留證"),
        others: vec![],
        persons: 1,
        priority: false,
        issued_at: jiff::civil::date(2026, 11, 20).at(10, 3, 0, 0),
        ahead: 6,
        estimate: Estimate::CountOnly,
        page_url: "http://127.0.0.1:8080/t/0123456789abcdef0123456789abcdef".to_owned(),
        rule: Names::default(),
        missed: Names::default(),
        phone: String::new(),
        copy: 1,
        offline: false,
    }
}

fn bench() -> Bench {
    bench_of(PrinterConfig::default(), true)
}

/// A printer with a cutter or without one.
fn bench_of(config: PrinterConfig, cutter: bool) -> Bench {
    let folder = tempfile::tempdir().unwrap();
    let path: PathBuf = folder.path().join("printer");
    let simulated = VirtualPrinter::new(config).start(&path).unwrap();
    let (sender, events) = unbounded_channel();
    let settings = PrinterSettings {
        link: Link::serial(path.to_str().unwrap(), 115_200),
        head: HEAD,
        cutter,
        text_mode: config.rom_text,
        one_way: false,
        supply: PaperSupply::default(),
        place: Names::default(),
        copies: 1,
        not_taken_after: Duration::from_secs(1),
    };
    let printer = spawn(
        settings,
        Spool::of(&Book::in_memory().unwrap()).unwrap(),
        sender,
    )
    .unwrap();
    Bench {
        _folder: folder,
        simulated,
        printer,
        events,
    }
}

impl Bench {
    async fn next(&mut self) -> PrinterEvent {
        tokio::time::timeout(LONG, self.events.recv())
            .await
            .expect("an event comes")
            .expect("the printer lives")
    }

    async fn health(&mut self, wanted: PrinterHealth) {
        while self.next().await != PrinterEvent::Health(wanted.clone()) {}
    }

    async fn outcome(&mut self) -> PrintOutcome {
        loop {
            if let PrinterEvent::Done(result) = self.next().await {
                return result.outcome;
            }
        }
    }

    fn print(&self) {
        self.printer
            .print(Some(TicketId(1)), "K1-1".to_owned(), paper());
    }

    async fn view(&self, wanted: impl FnMut(&PrinterView) -> bool) -> PrinterView {
        let mut view = self.simulated.watch();
        let seen = tokio::time::timeout(LONG, view.wait_for(wanted));
        seen.await.expect("it is seen").unwrap().clone()
    }
}

fn cause(outcome: &PrintOutcome) -> (&str, &str) {
    match outcome {
        PrintOutcome::Printed => ("printed", ""),
        PrintOutcome::Failed { cause } => ("failed", cause),
        PrintOutcome::Unknown { cause } => ("unknown", cause),
    }
}

#[tokio::test]
async fn a_ticket_comes_out_dot_by_dot_and_is_confirmed() {
    let mut bench = bench();
    bench.health(PrinterHealth::Ok).await;
    bench.print();
    assert_eq!(bench.outcome().await, PrintOutcome::Printed);
    let view = bench.view(|view| !view.papers.is_empty()).await;
    let printed = &view.papers[0];
    assert!(printed.complete);
    assert_eq!((view.unknown_commands, view.real_time_in_images), (0, 0));
    let wanted = Rasteriser::new(HEAD).draw(&paper().into());
    let stream = encode(&wanted, Encoding::for_head(HEAD)).unwrap();
    assert!(stream.len() < 40_000);
    assert!(printed.rows.len() >= wanted.height_dots());
    let differing: u32 = printed
        .rows
        .iter()
        .enumerate()
        .flat_map(|(y, row)| {
            let wanted = wanted.row(y);
            row.iter()
                .enumerate()
                .map(move |(x, byte)| byte ^ wanted.get(x).unwrap_or(&0))
        })
        .map(u8::count_ones)
        .sum();
    // No more than the dots that break up real-time commands.
    assert!(differing <= 4, "{differing} dots differ");
}

#[tokio::test]
async fn a_ticket_in_the_letters_of_the_printer_is_confirmed_too() {
    let config = PrinterConfig {
        rom_text: Some(RomText::Big5),
        ..PrinterConfig::default()
    };
    let mut bench = bench_of(config, true);
    bench.health(PrinterHealth::Ok).await;
    bench.print();
    assert_eq!(bench.outcome().await, PrintOutcome::Printed);
    let view = bench.view(|view| !view.papers.is_empty()).await;
    let printed = &view.papers[0];
    assert!(printed.complete && view.unknown_commands == 0);
    for said in ["A047", "居留證"] {
        assert!(printed.text().contains(&said), "{said}");
    }
    assert_eq!(printed.codes, [paper().page_url]);
}

#[tokio::test]
async fn a_ticket_of_a_printer_without_a_cutter_hangs_out_of_it_whole() {
    let mut bench = bench_of(PrinterConfig::default(), false);
    bench.health(PrinterHealth::Ok).await;
    bench.print();
    assert_eq!(bench.outcome().await, PrintOutcome::Printed);
    let drawn_dots = Rasteriser::new(HEAD).draw(&paper().into()).height_dots();
    // At least 10 mm past the head, where the edges of such printers are.
    let fed_dots = 10 * usize::from(HEAD.dots_per_mm);
    let view = bench
        .view(|view| view.uncut_dots >= drawn_dots + fed_dots)
        .await;
    assert!(view.papers.is_empty(), "it was cut");
    assert_eq!(view.unknown_commands, 0);
}

#[tokio::test]
async fn a_presenter_tells_what_was_taken_and_no_ticket_is_pushed_out() {
    let presenter = PrinterConfig {
        taken_after_ms: Some(3_000),
        ..PrinterConfig::default()
    };
    let mut bench = bench_of(presenter, true);
    bench.health(PrinterHealth::Ok).await;
    bench.print();
    assert_eq!(bench.outcome().await, PrintOutcome::Printed);
    while bench.next().await != PrinterEvent::Taken(TicketId(1)) {}

    bench.simulated.set(Switch::NotTaken, true);
    bench.print();
    assert_eq!(bench.outcome().await, PrintOutcome::Printed);
    bench.health(PrinterHealth::TicketNotTaken).await;
    bench.print();
    while bench.next().await != PrinterEvent::Held(TicketId(1), true) {}
    let view = bench.simulated.view();
    assert!(view.holds_ticket && view.papers.len() == 2);
    bench.simulated.set(Switch::NotTaken, false);
    while bench.next().await != PrinterEvent::Held(TicketId(1), false) {}
    assert_eq!(bench.outcome().await, PrintOutcome::Printed);
    while bench.next().await != PrinterEvent::Taken(TicketId(1)) {}
    let view = bench.simulated.view();
    assert_eq!((view.tickets_taken, view.tickets_pushed_out), (3, 0));
}

#[tokio::test]
async fn without_paper_nothing_is_sent_and_a_new_roll_makes_it_right() {
    let mut bench = bench();
    bench.health(PrinterHealth::Ok).await;
    for (switch, health, word) in [
        (Switch::PaperOut, PrinterHealth::PaperOut, "paper_out"),
        (Switch::CoverOpen, PrinterHealth::CoverOpen, "cover_open"),
        (Switch::CutterError, PrinterHealth::Cutter, "cutter"),
    ] {
        bench.simulated.set(switch, true);
        bench.health(health).await;
        bench.print();
        assert_eq!(cause(&bench.outcome().await), ("failed", word));
        bench.simulated.set(switch, false);
        bench.health(PrinterHealth::Ok).await;
    }
    assert!(bench.simulated.view().papers.is_empty());
    bench.print();
    assert_eq!(bench.outcome().await, PrintOutcome::Printed);
}

#[tokio::test]
async fn paper_that_ends_in_the_middle_leaves_no_ghost() {
    let mut bench = bench();
    bench.health(PrinterHealth::Ok).await;
    bench.simulated.set_paper_left_dots(Some(300));
    bench.print();
    assert_eq!(cause(&bench.outcome().await), ("unknown", "paper_out"));
    // Only questions may be left: the rest of the ticket is gone.
    bench.view(|view| view.buffered_bytes < 200).await;
    bench.simulated.set(Switch::PaperOut, false);
    bench.health(PrinterHealth::Ok).await;
    bench.print();
    assert_eq!(bench.outcome().await, PrintOutcome::Printed);
    let view = bench.view(|view| !view.papers.is_empty()).await;
    // The rest of the old ticket never came out: what was printed of it and one whole ticket.
    let whole = Rasteriser::new(HEAD).draw(&paper().into()).height_dots();
    let rows: usize = view.papers.iter().map(|paper| paper.rows.len()).sum();
    assert!(
        rows < whole + 300 + 64,
        "{rows} rows for a ticket of {whole}"
    );
}

#[tokio::test]
async fn power_lost_in_the_middle_is_unknown_and_the_next_ticket_is_whole() {
    let mut bench = bench();
    bench.health(PrinterHealth::Ok).await;
    // Out of paper in the middle, so that the job is certainly under way.
    bench.simulated.set_paper_left_dots(Some(200));
    bench.print();
    bench.view(|view| view.uncut_dots >= 200).await;
    bench.simulated.set(Switch::PowerOff, true);
    assert_eq!(cause(&bench.outcome().await).0, "unknown");
    bench.simulated.set(Switch::PaperOut, false);
    bench.simulated.set(Switch::PowerOff, false);
    bench.health(PrinterHealth::Ok).await;
    bench.print();
    assert_eq!(bench.outcome().await, PrintOutcome::Printed);
    let view = bench
        .view(|view| view.papers.back().is_some_and(|paper| paper.complete))
        .await;
    let whole = Rasteriser::new(HEAD).draw(&paper().into()).height_dots();
    let last = view.papers.back().unwrap().rows.len();
    assert!(
        last.abs_diff(whole) < 64,
        "{last} rows for a ticket of {whole}"
    );
}

#[tokio::test]
async fn a_printer_without_power_is_silent() {
    let mut bench = bench();
    bench.health(PrinterHealth::Ok).await;
    bench.simulated.set(Switch::PowerOff, true);
    bench.print();
    assert_eq!(cause(&bench.outcome().await), ("failed", "silent"));
    bench.simulated.set(Switch::PowerOff, false);
    bench.health(PrinterHealth::Ok).await;
}

#[tokio::test]
async fn an_unplugged_printer_comes_back_by_itself() {
    let mut bench = bench();
    bench.health(PrinterHealth::Ok).await;
    bench.simulated.unplug();
    loop {
        if let PrinterEvent::Health(PrinterHealth::PortMissing(why)) = bench.next().await {
            assert!(!why.is_empty());
            break;
        }
    }
    bench.print();
    assert_eq!(cause(&bench.outcome().await), ("failed", "port_missing"));
    bench.simulated.plug_in();
    bench.health(PrinterHealth::Ok).await;
    bench.print();
    assert_eq!(bench.outcome().await, PrintOutcome::Printed);
}
