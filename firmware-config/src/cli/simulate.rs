//! `firmware-config simulate`: devices on a pseudo-terminal, or a printer behind a TCP port.

mod fault;
mod typed;

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use clap::Args;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;
use tokio::task::JoinSet;

use self::fault::Fault;
use super::{profile_of, say};
use crate::key_pad::KeyPadConfig;
use crate::modbus::Address;
use crate::panel::PanelProtocol;
use crate::profile::{DeviceProfile, Protocol};
use crate::simulate::{
    KeyPadFault, LineFaults, PadView, PrinterConfig, PrinterView, VirtualCard, VirtualDisplay,
    VirtualKeyPad, VirtualLine, VirtualPad, VirtualPrinter,
};

#[derive(Debug, Args)]
pub(super) struct SimulateArgs {
    /// What to simulate: the id of a built-in profile, such as led-485, ff68-pad or escpos-80mm, or a profile's file. Panels,
    /// pads and cards may share a line: --profile led-485@1 --profile dm36@2.
    #[arg(long, required = true, value_name = "PROFILE[@ADDRESS]")]
    profile: Vec<String>,
    #[command(flatten)]
    place: PlaceArgs,
    /// Address on the line of panels, pads and cards that are written without one.
    #[arg(long, default_value_t = 1)]
    address: u8,
    /// What is wrong. Panels, pads and cards: no-ack (it does what it is told and never answers; nobody acknowledges a pad),
    /// bad-checksum, echo (the adapter gives back what the host sends), wrong-baud (it speaks at 9600 or 19200, whichever
    /// its profile does not say), slow (it answers later than its profile allows), stuck (it says that all is well and does
    /// nothing), noise, power-off. Printers: these but bad-checksum (slow: it prints 12 mm a second), and paper-out,
    /// paper-out@N% and power-off@N% (N percent into the first ticket), paper-near-end, cover-open, cutter-error, not-taken.
    /// Pads without a protocol: stuck, bounce, noise, wrong-baud, power-off.
    #[arg(long, value_delimiter = ',', value_name = "NAME")]
    fault: Vec<Fault>,
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
        self.paper_left.is_some() || self.taken_after.is_some() || self.papers.is_some()
    }
}

/// Runs the device until Ctrl-C.
///
/// # Errors
/// The arguments do not fit the device, or its line cannot be had.
pub(super) async fn run(args: SimulateArgs) -> anyhow::Result<()> {
    let devices: Vec<(DeviceProfile, u8)> = args
        .profile
        .iter()
        .map(|written| device(written, args.address))
        .collect::<anyhow::Result<_>>()?;
    let is_networked = args.place.tcp.is_some();
    for (profile, _) in &devices {
        let protocol = profile.profile.protocol;
        if devices.len() > 1 && !shares_a_line(protocol) {
            bail!("a {} shares no line with others", profile.profile.id);
        }
        fault::check(&args.fault, profile, is_networked)?;
    }
    let (profile, _) = devices.first().context("no device")?;
    let key_pad = KeyPadConfig::of_profile(profile);
    if args.key_fault.is_some() && key_pad.is_none() {
        bail!("--key-fault is for pads without a protocol");
    }
    if profile.profile.protocol == Protocol::EscPos {
        return simulate_printer(profile, args.place, &args.fault, args.printer).await;
    }
    if args.printer.is_given() {
        bail!("--paper-left, --taken-after and --papers are for printers");
    }
    let pty = args.place.pty.context("--tcp is for printers")?;
    match key_pad {
        Some(key_pad) => {
            let key_fault = args.key_fault.or(fault::of_key_pad(&args.fault));
            let way = fault::on_the_way(&args.fault, profile);
            simulate_key_pad(profile, key_pad, key_fault, way, &pty).await
        }
        None => simulate_line(&devices, &args.fault, &pty).await,
    }
}

/// The profile and address of what is written `led-485@3`, or without an address.
fn device(written: &str, address: u8) -> anyhow::Result<(DeviceProfile, u8)> {
    let Some((id, at)) = written.rsplit_once('@') else {
        return Ok((profile_of(written)?, address));
    };
    match at.parse() {
        Ok(address) => Ok((profile_of(id)?, address)),
        // The name of a file, perhaps.
        Err(_) => Ok((profile_of(written)?, address)),
    }
}

fn shares_a_line(protocol: Protocol) -> bool {
    !matches!(
        protocol,
        Protocol::EscPos | Protocol::ByteMap | Protocol::HidKey
    )
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
    faults: &[Fault],
    args: PrinterArgs,
) -> anyhow::Result<()> {
    let mut config = PrinterConfig::default();
    if let Some(head) = &profile.printer {
        config.rom_text = head.rom_text;
        config.width_dots = head.width_dots;
    }
    if args.taken_after.is_none() && faults.contains(&Fault::NotTaken) {
        bail!("--fault not-taken is for a printer with a presenter, give it --taken-after");
    }
    config.taken_after_ms = args.taken_after.map(|after_s| u64::from(after_s) * 1_000);
    let mut printer = VirtualPrinter::new(config);
    fault::set_printer(&mut printer, faults);
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
    printer.set_line_faults(fault::on_the_way(faults, profile));
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
    way: LineFaults,
    pty: &Path,
) -> anyhow::Result<()> {
    let pad = VirtualKeyPad::new(config.keys).with_fault(fault);
    let pad = pad
        .start(pty)
        .with_context(|| format!("cannot simulate on {}", pty.display()))?;
    pad.set_line_faults(way);
    say_started(profile, pty.display())?;
    let hand = pad.clone();
    typed::listen(move |word| {
        let meaning = word.parse()?;
        Ok(hand.press(meaning))
    });
    print_changes(pad.watch(), |view| {
        Ok(format!("{} presses sent, {} wait", view.sent, view.waiting))
    })
    .await
}

/// Runs panels, pads and cards on one line. Words on standard input, such as `digit-4 call-next`, press the keys of pads.
async fn simulate_line(
    devices: &[(DeviceProfile, u8)],
    faults: &[Fault],
    pty: &Path,
) -> anyhow::Result<()> {
    let is_stuck = faults.contains(&Fault::Stuck);
    let mut line = VirtualLine::default();
    let (mut panels, mut pads, mut has_cards) = (0, Vec::new(), false);
    for (profile, address) in devices {
        let slave = || Address::try_from(*address).map_err(anyhow::Error::msg);
        match profile.profile.protocol {
            Protocol::ModbusSettings => {
                let mut card = VirtualCard::new(slave()?);
                card.set_stuck(is_stuck);
                line = line.with_card(card);
                has_cards = true;
            }
            Protocol::Ff68 => {
                let mut pad = VirtualPad::new(*address);
                pad.set_stuck(is_stuck);
                pad.set_hears_no_ack(faults.contains(&Fault::NoAck));
                line = line.with_pad(pad);
                pads.push(*address);
            }
            _ => {
                let protocol = PanelProtocol::of_profile(profile).context("a panel's profile")?;
                let mut panel = VirtualDisplay::new(&protocol, *address)
                    .with_context(|| format!("no such panel has the address {address}"))?;
                panel.set_stuck(is_stuck);
                line = line.with_display(panel);
                panels += 1;
            }
        }
    }
    let line = line
        .start(pty)
        .with_context(|| format!("cannot simulate on {}", pty.display()))?;
    if let [(profile, _), ..] = devices {
        line.set_faults(fault::on_the_way(faults, profile));
    }
    for (profile, _) in devices {
        say_started(profile, pty.display())?;
    }
    let mut watched: JoinSet<anyhow::Result<()>> = JoinSet::new();
    for index in 0..panels {
        let panel = line.display(index).context("the panel is on the line")?;
        watched.spawn(say_changes(panel.watch(), |view| {
            let (address, answered) = (view.address, view.answered);
            Ok(format!(
                "panel {address} shows {:?}, {answered} answers",
                view.text
            ))
        }));
    }
    let mut hands = Vec::new();
    for address in pads {
        let pad = line.pad(address).context("the pad is on the line")?;
        watched.spawn(say_changes(pad.watch(), |view| Ok(pad_in_words(view))));
        hands.push(pad);
    }
    if has_cards {
        watched.spawn(say_changes(line.watch_frames(), |count| {
            Ok(format!("{count} frames on the line"))
        }));
    }
    if !hands.is_empty() {
        let mut digits = Vec::new();
        typed::listen(move |word| typed::press(&hands, &mut digits, word));
    }
    tokio::select! {
        ended = told_to_end() => ended,
        Some(ended) = watched.join_next() => ended?,
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
    view: watch::Receiver<V>,
    describe: impl FnMut(&V) -> anyhow::Result<String>,
) -> anyhow::Result<()> {
    tokio::select! {
        ended = told_to_end() => ended,
        said = say_changes(view, describe) => said,
    }
}

/// Prints a device's state and each change of it.
async fn say_changes<V>(
    mut view: watch::Receiver<V>,
    mut describe: impl FnMut(&V) -> anyhow::Result<String>,
) -> anyhow::Result<()> {
    loop {
        let line = describe(&view.borrow_and_update())?;
        say(&line)?;
        view.changed().await.context("the device stopped")?;
    }
}

/// Waits for Ctrl-C or the end that a service manager asks for: the device is unplugged then, and its name goes.
async fn told_to_end() -> anyhow::Result<()> {
    let mut terminated = signal(SignalKind::terminate()).context("cannot wait for its end")?;
    tokio::select! {
        ended = tokio::signal::ctrl_c() => ended.context("cannot wait for Ctrl-C"),
        _ = terminated.recv() => Ok(()),
    }
}
