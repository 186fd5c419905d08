//! The commands that look after settings inside devices.

mod arguments;

use std::io::Write as _;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use anyhow::Context as _;
use clap::Subcommand;
use serde::Serialize;

use self::arguments::{Common, Limits, ScanArgs, Writing, parse_address};
use super::say;
use crate::modbus::Address;
use crate::plugged::{Machine, PluggedPort, PortKind, UsbDevice};
use crate::tool::desired::{self, Desired};
use crate::tool::device::ConnectError;
use crate::tool::identify::Identity;
use crate::tool::plan::Settings;
use crate::tool::report::{Outcome, Report};
use crate::tool::scan::{Scan, ScanReport, scan};
use crate::tool::snapshot::Snapshot;
use crate::tool::value::SettingValue;
use crate::tool::workshop::Workshop;

/// Exit code of a command that somebody ended with Ctrl-C, as shells have it of one that the signal ended.
const INTERRUPTED: u8 = 130;

#[derive(Debug, Subcommand)]
pub(super) enum SettingsTask {
    /// List serial ports and USB printers, and look for panels and printers on some of them, without changing anything.
    Scan(ScanArgs),
    /// Find out what a printer is, without printing or changing anything.
    Identify {
        /// Its name in the targets file.
        #[arg(long)]
        target: String,
        #[command(flatten)]
        common: Common,
    },
    /// Read every setting of a device.
    Read {
        /// Its name in the targets file.
        #[arg(long)]
        target: String,
        /// Put a snapshot into this file.
        #[arg(short, long)]
        output: Option<PathBuf>,
        #[command(flatten)]
        common: Common,
    },
    /// Compare devices, or a snapshot of them, with what is desired.
    Diff {
        /// The station's desired settings.
        desired: PathBuf,
        /// A snapshot in place of the devices.
        snapshot: Option<PathBuf>,
        #[command(flatten)]
        common: Common,
    },
    /// Change devices to what is desired: backup, then only what differs, then read back.
    Apply {
        /// The station's desired settings.
        desired: PathBuf,
        #[command(flatten)]
        writing: Writing,
        #[command(flatten)]
        common: Common,
    },
    /// Read devices back and compare them with what is desired.
    Verify {
        /// The station's desired settings.
        desired: PathBuf,
        #[command(flatten)]
        common: Common,
    },
    /// Change devices back to what a snapshot says.
    Restore {
        /// The snapshot.
        snapshot: PathBuf,
        #[command(flatten)]
        writing: Writing,
        #[command(flatten)]
        common: Common,
    },
    /// Give a device another address, if nobody answers there.
    Readdress {
        /// Its name in the targets file.
        #[arg(long)]
        target: String,
        /// The new address.
        #[arg(long, value_parser = parse_address)]
        to: Address,
        #[command(flatten)]
        limits: Limits,
        #[command(flatten)]
        common: Common,
    },
}

/// Runs one of the commands.
///
/// # Errors
/// What went wrong before a device was reached, for a person to read.
pub(super) fn run(task: SettingsTask) -> anyhow::Result<ExitCode> {
    let done = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?
        .block_on(run_task(task));
    match done {
        Err(error) if is_silent(&error) => {
            eprintln!("error: {error:#}");
            Ok(ExitCode::from(Outcome::Unreadable.exit_code()))
        }
        done => done,
    }
}

/// Whether a device was asked and did not answer.
fn is_silent(error: &anyhow::Error) -> bool {
    matches!(
        error.downcast_ref::<ConnectError>(),
        Some(ConnectError::Silent(_))
    )
}

async fn run_task(task: SettingsTask) -> anyhow::Result<ExitCode> {
    match task {
        SettingsTask::Scan(args) => run_scan(args).await,
        SettingsTask::Identify { target, common } => {
            let identity = common.look_only()?.identify(&target).await?;
            show(common.json, &identity, || identity_in_words(&identity))?;
            Ok(ExitCode::SUCCESS)
        }
        SettingsTask::Read {
            target,
            output,
            common,
        } => run_read(&target, output, &common).await,
        SettingsTask::Diff {
            desired,
            snapshot,
            common,
        } => {
            let snapshot = snapshot.map(|path| Snapshot::load(&path)).transpose()?;
            run_compare("diff", &desired, snapshot.as_ref(), &common).await
        }
        SettingsTask::Verify { desired, common } => {
            run_compare("verify", &desired, None, &common).await
        }
        SettingsTask::Apply {
            desired,
            writing,
            common,
        } => {
            let mut workshop = writing.workshop(&common)?;
            let desired = desired::load(&desired, workshop.targets())?;
            let report = apply(&mut workshop, "apply", &desired).await;
            end(&common, &report)
        }
        SettingsTask::Restore {
            snapshot,
            writing,
            common,
        } => {
            let mut workshop = writing.workshop(&common)?;
            let snapshot = Snapshot::load(&snapshot)?;
            let mut devices = Vec::new();
            for device in &snapshot.device {
                devices.push(workshop.restore(device).await);
            }
            end(&common, &Report::new("restore", devices))
        }
        SettingsTask::Readdress {
            target,
            to,
            limits,
            common,
        } => {
            let mut workshop = common.workshop(true, limits)?;
            let address = SettingValue::Number(to.get().into());
            let settings = Settings::from([("address".to_owned(), address)]);
            let desired = Desired::from([(target, settings)]);
            let report = apply(&mut workshop, "readdress", &desired).await;
            end(&common, &report)
        }
    }
}

async fn apply(workshop: &mut Workshop, command: &'static str, desired: &Desired) -> Report {
    let mut devices = Vec::new();
    for (target, settings) in desired {
        devices.push(workshop.apply(target, settings).await);
    }
    Report::new(command, devices)
}

async fn run_compare(
    command: &'static str,
    desired: &std::path::Path,
    snapshot: Option<&Snapshot>,
    common: &Common,
) -> anyhow::Result<ExitCode> {
    let workshop = common.look_only()?;
    let desired = desired::load(desired, workshop.targets())?;
    let mut devices = Vec::new();
    for (target, settings) in &desired {
        devices.push(workshop.compare(target, settings, snapshot).await);
    }
    end(common, &Report::new(command, devices))
}

async fn run_read(
    target: &str,
    output: Option<PathBuf>,
    common: &Common,
) -> anyhow::Result<ExitCode> {
    let (snapshot, outcome) = common.look_only()?.read(target).await?;
    if let Some(path) = &output {
        snapshot.save(path)?;
    }
    if output.is_none() || common.json {
        let text = toml::to_string(&snapshot).context("a snapshot becomes TOML")?;
        show(common.json, &snapshot, || text)?;
    }
    if outcome == Outcome::Unreadable {
        eprintln!("some settings could not be read");
    }
    Ok(ExitCode::from(outcome.exit_code()))
}

async fn run_scan(args: ScanArgs) -> anyhow::Result<ExitCode> {
    let request = Scan {
        machine: Machine::below(args.root),
        ports: args.port,
        speeds_bps: args.baud,
        addresses: args.addr.0,
        time_limit: Duration::from_secs(args.seconds),
    };
    let progress = |line| {
        // Who has closed the other end does not want to know.
        let _ = writeln!(std::io::stderr().lock(), "{line}");
    };
    let end = async {
        if tokio::signal::ctrl_c().await.is_err() {
            // Nobody can interrupt it then.
            std::future::pending::<()>().await;
        }
    };
    let report = scan(&request, progress, end).await;
    show(args.json, &report, || match request.ports.as_slice() {
        [] => ports_in_words(&report.ports),
        _ => scan_in_words(&report),
    })?;
    Ok(if report.interrupted {
        ExitCode::from(INTERRUPTED)
    } else if report.complete && report.failed.is_empty() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

fn end(common: &Common, report: &Report) -> anyhow::Result<ExitCode> {
    show(common.json, report, || {
        let devices: Vec<String> = report.devices.iter().map(ToString::to_string).collect();
        devices.join("\n")
    })?;
    Ok(ExitCode::from(report.exit_code()))
}

fn show<T: Serialize>(
    json: bool,
    report: &T,
    words: impl FnOnce() -> String,
) -> anyhow::Result<()> {
    let text = if json {
        serde_json::to_string_pretty(report).context("a report becomes JSON")?
    } else {
        words()
    };
    Ok(say(text.trim_end())?)
}

/// What is plugged in, with what to write into a station file or a targets file.
fn ports_in_words(ports: &[PluggedPort]) -> String {
    if ports.is_empty() {
        return "no serial port and no USB printer".to_owned();
    }
    let mut lines = Vec::new();
    for port in ports {
        let kind = match port.kind {
            PortKind::Serial => "serial port",
            PortKind::UsbPrinter => "USB printer",
        };
        let usb = port.usb.as_ref().map(usb_in_words);
        lines.push(format!("{}: {kind}{}", port.path, usb.unwrap_or_default()));
        if let Some(id) = &port.printer {
            let said = [&id.maker, &id.model, &id.description, &id.serial];
            let mut said: Vec<&str> = said.into_iter().flatten().map(String::as_str).collect();
            said.extend(id.commands.iter().map(String::as_str));
            lines.push(format!("  says: {}", said.join(", ")));
        }
        lines.push(format!("  link = {}", port.link_toml()));
        let profiles = port.profiles.iter();
        lines.extend(profiles.map(|id| {
            format!("  profile of the model it says it is, which a clone says too: {id}")
        }));
    }
    lines.join("\n")
}

fn usb_in_words(usb: &UsbDevice) -> String {
    let mut words = format!(", {}:{}", usb.vendor_id, usb.product_id);
    for said in [&usb.maker, &usb.product].into_iter().flatten() {
        words.push(' ');
        words.push_str(said);
    }
    match &usb.serial {
        Some(serial) => words + ", serial number " + serial,
        None => words + ", no serial number",
    }
}

fn scan_in_words(report: &ScanReport) -> String {
    let found = report.found.iter().map(|found| {
        let address = found
            .address
            .map_or_else(String::new, |address| format!(" address {address}"));
        let speed = found
            .baud_bps
            .map_or_else(String::new, |speed| format!(" at {speed}"));
        let (port, contact) = (&found.port, found.contact);
        format!("{port}{speed}:{address} {} ({contact})", found.protocol)
    });
    let unintelligible = report.unintelligible.iter().map(|heard| {
        let speed = heard
            .baud_bps
            .map_or_else(String::new, |speed| format!(" at {speed}"));
        let port = &heard.port;
        format!("{port}: something is on the line that cannot be understood{speed}")
    });
    let failed = report.failed.iter().map(|failed| failed.why.clone());
    let mut lines: Vec<String> = found.chain(unintelligible).chain(failed).collect();
    if let Some(note) = report.note {
        lines.push(format!("{} silent; {note}", report.silent));
    }
    if report.interrupted {
        lines.push("interrupted before everything was asked".to_owned());
    } else if !report.complete {
        lines.push("the time was over before everything was asked".to_owned());
    }
    lines.join("\n")
}

fn identity_in_words(identity: &Identity) -> String {
    let mut lines = vec![format!(
        "{}: ESC/POS printer, confidence {:?}",
        identity.target, identity.confidence
    )];
    let claims = identity.claims.iter();
    lines.extend(claims.map(|(name, claim)| format!("  says {name}: {claim}")));
    for said in &identity.status {
        let words = match said.means.as_slice() {
            [] => "no answer".to_owned(),
            means => means.join(", "),
        };
        let raw = said.answered.as_deref().unwrap_or("-");
        lines.push(format!("  {}: {raw}, {words}", said.command));
    }
    let profiles = identity.profiles.iter();
    lines.extend(profiles.map(|id| format!("  profile that fits: {id}")));
    lines.extend(identity.notes.iter().map(|note| format!("  {note}")));
    lines.join("\n")
}
