//! The kiosk's pages with a played server and a simulated printer, to be looked at in a browser:
//! `cargo run -p kiosk --example pages -- 127.0.0.1:8081`. A second argument is a switch of the printer to be set
//! (`paper`, `cover`, `power`), `one-way` for a printer that says nothing back, or `none` for a kiosk without
//! printer.

#[path = "../tests/played/mod.rs"]
#[allow(dead_code, clippy::unwrap_used, unreachable_pub)]
mod played;

use firmware_config::port::Link;
use firmware_config::profile::PrinterHead;
use firmware_config::simulate::{PrinterConfig, Switch, VirtualPrinter};
use kiosk::KioskSettings;
use kiosk::printer::PrinterSettings;
use queue_core::ClassId;
use screens::Language;
use station_config::PaperSupply;

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let mut args = std::env::args().skip(1);
    let listen = args
        .next()
        .unwrap_or_else(|| "127.0.0.1:8081".to_owned())
        .parse()?;
    let switch = args.next().unwrap_or_default();
    let server = played::Server::start().await;
    let path = std::env::temp_dir().join(format!("kiosk-pages-{}", std::process::id()));
    let simulated = VirtualPrinter::new(PrinterConfig::default()).start(&path)?;
    match switch.as_str() {
        "paper" => simulated.set(Switch::PaperOut, true),
        "cover" => simulated.set(Switch::CoverOpen, true),
        "power" => simulated.set(Switch::PowerOff, true),
        _ => {}
    }
    let printer = PrinterSettings {
        link: Link::serial(path.to_string_lossy(), 115_200),
        head: PrinterHead {
            width_dots: 576,
            dots_per_mm: 8,
        },
        cutter: true,
        text_mode: None,
        one_way: switch == "one-way",
        supply: PaperSupply::default(),
        place: Default::default(),
        copies: 1,
        not_taken_after: std::time::Duration::from_secs(30),
    };
    let settings = KioskSettings {
        id: "K1".to_owned(),
        listen,
        server: format!("ws://{}", server.address),
        token: "demo-kiosk".to_owned(),
        data: std::env::temp_dir().join("station-kiosk-pages"),
        printers: (switch != "none").then_some(printer).into_iter().collect(),
        ticket: Default::default(),
        px_per_mm: 4.03,
        languages: Language::ALL.to_vec(),
        priority_class: Some(ClassId::new("priority")?),
        default_class: Some(ClassId::new("regular")?),
        station: std::sync::Arc::new(played::station()),
    };
    if switch == "closed" {
        let mut board = played::board();
        board.day = None;
        server.set_board(board);
    }
    println!("http://{listen}/");
    kiosk::run(settings).await
}
