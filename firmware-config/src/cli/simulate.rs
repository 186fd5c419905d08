//! `firmware-config simulate`: one device on a pseudo-terminal or behind a TCP port.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use clap::Args;
use tokio::sync::watch;

use super::{built_in, say};
use crate::key_pad::KeyPadConfig;
use crate::modbus::Address;
use crate::panel::PanelProtocol;
use crate::profile::{DeviceProfile, Protocol};
use crate::simulate::{
    KeyPadFault, KeyPadHandle, PadView, PrinterConfig, PrinterView, Switch, VirtualCard,
    VirtualDisplay, VirtualKeyPad, VirtualLine, VirtualPrinter,
};

#[derive(Debug, Args)]
pub(super) struct SimulateArgs {
    /// Id of a built-in profile, such as led-485, ff68-pad or escpos-80mm.
    #[arg(long)]
    profile: String,
    #[command(flatten)]
    place: PlaceArgs,
    /// Address on the line, for panels and pads.
    #[arg(long, default_value_t = 1)]
    address: u8,
    #[command(flatten)]
    printer: PrinterArgs,
    /// What is wrong with a pad without a protocol.
    #[arg(long, value_enum)]
    key_fault: Option<KeyPadFault>,
}

#[derive(Debug, Args)]
#[group(required = true, multiple = false)]
struct PlaceArgs {
    /// Name to give the host's end of a pseudo-terminal.
    #[arg(long)]
    pty: Option<PathBuf>,
    /// Address on which a printer listens, such as 127.0.0.1:9100.
    #[arg(long)]
    tcp: Option<SocketAddr>,
}

/// What only printers have.
#[derive(Debug, Args)]
struct PrinterArgs {
    /// What is wrong with the printer.
    #[arg(long, value_enum, value_delimiter = ',')]
    fault: Vec<Switch>,
    /// Paper left, in dot rows; without it the paper never ends.
    #[arg(long)]
    paper_left: Option<usize>,
    /// The printer has a presenter, from which a visitor takes each ticket after so many seconds; with the fault
    /// `not-taken` never.
    #[arg(long, value_name = "SECONDS")]
    taken_after: Option<u16>,
    /// Put every paper into this directory, as a picture (.pbm) and as the bytes it was printed from (.escpos).
    #[arg(long)]
    papers: Option<PathBuf>,
}

impl PrinterArgs {
    fn is_given(&self) -> bool {
        !self.fault.is_empty()
            || self.paper_left.is_some()
            || self.taken_after.is_some()
            || self.papers.is_some()
    }
}

/// Runs the device until Ctrl-C.
///
/// # Errors
/// The arguments do not fit the device, or its line cannot be had.
pub(super) async fn run(args: SimulateArgs) -> anyhow::Result<()> {
    let profile = built_in(&args.profile)?;
    let key_pad = KeyPadConfig::of_profile(&profile);
    if args.key_fault.is_some() && key_pad.is_none() {
        bail!("--key-fault is for pads without a protocol");
    }
    if profile.profile.protocol == Protocol::EscPos {
        return simulate_printer(&profile, args.place, args.printer).await;
    }
    if args.printer.is_given() {
        bail!("--fault, --paper-left, --taken-after and --papers are for printers");
    }
    let pty = args.place.pty.context("--tcp is for printers")?;
    match key_pad {
        Some(key_pad) => simulate_key_pad(&profile, key_pad, args.key_fault, &pty).await,
        None => simulate(&profile, &pty, args.address).await,
    }
}

fn say_started(profile: &DeviceProfile, place: impl std::fmt::Display) -> std::io::Result<()> {
    say(&format!(
        "{} on {place}, Ctrl-C ends it",
        profile.profile.id
    ))
}

async fn simulate_printer(
    profile: &DeviceProfile,
    place: PlaceArgs,
    args: PrinterArgs,
) -> anyhow::Result<()> {
    let mut config = PrinterConfig::default();
    if let Some(head) = &profile.printer {
        config.rom_text = head.rom_text;
        config.width_dots = head.width_dots;
    }
    if args.taken_after.is_none() && args.fault.contains(&Switch::NotTaken) {
        bail!("--fault not-taken is for a printer with a presenter, give it --taken-after");
    }
    config.taken_after_ms = args.taken_after.map(|after_s| u64::from(after_s) * 1_000);
    let mut printer = VirtualPrinter::new(config);
    for fault in args.fault {
        printer.set(fault, true);
    }
    printer.set_paper_left_dots(args.paper_left);
    if let Some(directory) = &args.papers {
        std::fs::create_dir_all(directory)
            .with_context(|| format!("cannot make {}", directory.display()))?;
    }
    let cannot = |place: String| format!("cannot simulate on {place}");
    let printer = match (place.pty, place.tcp) {
        (Some(pty), _) => {
            let name = pty.display().to_string();
            let printer = printer.start(&pty).with_context(|| cannot(name.clone()))?;
            say_started(profile, name)?;
            printer
        }
        (None, Some(address)) => {
            let started = printer.start_tcp(address).await;
            let (printer, address) = started.with_context(|| cannot(address.to_string()))?;
            say_started(profile, address)?;
            printer
        }
        (None, None) => bail!("neither --pty nor --tcp"),
    };
    let mut kept = 0;
    print_changes(printer.watch(), |view| {
        if let Some(directory) = &args.papers {
            kept = keep_papers(directory, view, kept)?;
        }
        Ok(printer_in_words(view))
    })
    .await
}

/// Writes the papers after the one numbered `kept`, and gives the last one's number.
fn keep_papers(directory: &Path, view: &PrinterView, kept: u64) -> anyhow::Result<u64> {
    let mut last = kept;
    for paper in view.papers.iter().filter(|paper| paper.seq > kept) {
        let name = format!("paper-{:04}", paper.seq);
        for (ending, bytes) in [("pbm", &paper.to_pbm()), ("escpos", &paper.raw)] {
            let file = directory.join(&name).with_extension(ending);
            std::fs::write(&file, bytes)
                .with_context(|| format!("cannot write {}", file.display()))?;
        }
        last = paper.seq;
    }
    Ok(last)
}

/// Runs a pad without a protocol: words on standard input, such as `digit-4 call-next`, press its keys.
async fn simulate_key_pad(
    profile: &DeviceProfile,
    config: KeyPadConfig,
    fault: Option<KeyPadFault>,
    pty: &Path,
) -> anyhow::Result<()> {
    let pad = VirtualKeyPad::new(config.keys).with_fault(fault);
    let pad = pad
        .start(pty)
        .with_context(|| format!("cannot simulate on {}", pty.display()))?;
    say_started(profile, pty.display())?;
    let hand = pad.clone();
    // A thread of its own: reading a terminal cannot be given up, and the program ends without it.
    std::thread::spawn(move || press_what_is_typed(&hand));
    print_changes(pad.watch(), |view| {
        Ok(format!("{} presses sent, {} wait", view.sent, view.waiting))
    })
    .await
}

fn press_what_is_typed(pad: &KeyPadHandle) {
    for line in std::io::stdin().lines().map_while(Result::ok) {
        for word in line.split_whitespace() {
            match word.parse().map(|meaning| pad.press(meaning)) {
                Ok(true) => {}
                Ok(false) => eprintln!("this pad has no key `{word}`"),
                Err(why) => eprintln!("{why}"),
            }
        }
    }
}

/// Runs a panel, a pad or a card.
async fn simulate(profile: &DeviceProfile, pty: &Path, address: u8) -> anyhow::Result<()> {
    let cannot = || format!("cannot simulate on {}", pty.display());
    let slave = || Address::try_from(address).map_err(anyhow::Error::msg);
    match profile.profile.protocol {
        Protocol::ModbusRtu => {
            let address = slave()?;
            let line = VirtualLine::new([address], [])
                .start(pty)
                .with_context(cannot)?;
            say_started(profile, pty.display())?;
            let panel = line.panel(address).context("the panel is on the line")?;
            print_changes(panel.watch(), |view| {
                Ok(format!(
                    "panel {} shows {:?}, {} requests",
                    view.address, view.text, view.answered
                ))
            })
            .await
        }
        Protocol::ModbusSettings => {
            let line = VirtualLine::default()
                .with_card(VirtualCard::new(slave()?))
                .start(pty)
                .with_context(cannot)?;
            say_started(profile, pty.display())?;
            print_changes(line.watch_frames(), |count| {
                Ok(format!("{count} frames on the line"))
            })
            .await
        }
        Protocol::Ff68 => {
            let line = VirtualLine::new([], [address])
                .start(pty)
                .with_context(cannot)?;
            say_started(profile, pty.display())?;
            let pad = line.pad(address).context("the pad is on the line")?;
            print_changes(pad.watch(), |view| Ok(pad_in_words(view))).await
        }
        Protocol::Dm36
        | Protocol::Dm56
        | Protocol::Alpha
        | Protocol::Am03127
        | Protocol::Cd5220
        | Protocol::Template => {
            let protocol = PanelProtocol::of_profile(profile).context("a panel's profile")?;
            let panel = VirtualDisplay::new(&protocol, address)
                .with_context(|| format!("no such panel has the address {address}"))?;
            let line = VirtualLine::default().with_display(panel);
            let line = line.start(pty).with_context(cannot)?;
            say_started(profile, pty.display())?;
            let panel = line.display(0).context("the panel is on the line")?;
            print_changes(panel.watch(), |view| {
                Ok(format!("panel {address} shows {:?}", view.text))
            })
            .await
        }
        Protocol::EscPos | Protocol::ByteMap | Protocol::HidKey => {
            bail!("it is simulated in another way")
        }
    }
}

/// What a simulated pad shows and does, in one line.
fn pad_in_words(view: &PadView) -> String {
    let shown = |value: Option<u16>| value.map_or_else(|| "nothing".to_owned(), |v| v.to_string());
    let asking = match (view.asks_rating, view.is_sending) {
        (true, _) => ", asks for a rating",
        (false, true) => ", a press waits for its answer",
        (false, false) => "",
    };
    format!(
        "pad {} shows ticket {}, waiting {}; {} beeps, {} presses answered, {} lost{asking}",
        view.address,
        shown(view.ticket),
        shown(view.waiting),
        view.beeps,
        view.acknowledged,
        view.lost,
    )
}

/// What a simulated printer has done, in one line.
fn printer_in_words(view: &PrinterView) -> String {
    let last = view.papers.back().map_or_else(
        || "no paper yet".to_owned(),
        |p| {
            format!(
                "last paper {}: {} rows, complete {}",
                p.seq,
                p.rows.len(),
                p.complete
            )
        },
    );
    let unknown = view.unknown_commands;
    let presented = match view.holds_ticket {
        true => ", a ticket is in the output",
        false => "",
    };
    format!(
        "{} rows uncut, {unknown} unknown commands, {last}{presented}",
        view.uncut_dots
    )
}

/// Prints a device's state and each change of it until Ctrl-C.
async fn print_changes<V>(
    mut view: watch::Receiver<V>,
    mut describe: impl FnMut(&V) -> anyhow::Result<String>,
) -> anyhow::Result<()> {
    let ended = tokio::signal::ctrl_c();
    tokio::pin!(ended);
    loop {
        let line = describe(&view.borrow_and_update())?;
        say(&line)?;
        tokio::select! {
            result = &mut ended => return result.context("cannot wait for Ctrl-C"),
            changed = view.changed() => changed.context("the device stopped")?,
        }
    }
}
