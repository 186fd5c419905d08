//! Looking for devices on lines about which nothing is known, with questions that change nothing. What is plugged in is told
//! without any question.
//!
//! Printers are looked for first at every speed, as a Modbus question would make them print a
//! character or two; only where none answers are addresses asked. A panel that answers writes only
//! stays silent and is not found; nothing is ever written to find it.

use std::io;
use std::time::Duration;

use serde::Serialize;
use tokio::time::{Instant, sleep};

use super::device::conversation::Conversation;
use super::device::printer::Printer;
use super::device::registers::Registers;
use super::device::{Contact, LOST_MAX, PAUSE, is_final};
use crate::modbus::Address;
use crate::plugged::{Machine, PluggedPort, PortKind};
use crate::port::{DataBits, Link, Parity, StopBits};
use crate::profile::Line;

/// How long a device may think before it answers, in milliseconds.
const THINKING_MS: u64 = 150;
/// A device that may have answered late is given so many times that.
const PATIENCE: u32 = 4;
/// How often a device that answered is asked to do so again.
const CONFIRMS: usize = 2;
/// Longest answer with the question before it, in bits on the wire.
const BITS: u64 = 200;

/// Where and how to look.
#[derive(Clone, Debug)]
pub struct Scan {
    /// The machine whose ports they are.
    pub machine: Machine,
    /// Device paths of serial ports and USB printers on which to ask. Empty: nobody is asked.
    pub ports: Vec<String>,
    /// Speeds to try, in bits per second.
    pub speeds_bps: Vec<u32>,
    /// Modbus addresses to ask.
    pub addresses: Vec<Address>,
    /// When to stop at the latest.
    pub time_limit: Duration,
}

/// What was found.
#[derive(Clone, Debug, Serialize)]
pub struct ScanReport {
    /// Program and version.
    pub tool: &'static str,
    /// What is plugged into the machine, asked or not.
    pub ports: Vec<PluggedPort>,
    /// Devices.
    pub found: Vec<Found>,
    /// Lines and speeds at which something is heard that cannot be understood: another speed, two devices at one address, or a
    /// disturbance.
    pub unintelligible: Vec<Unintelligible>,
    /// Ports that could not be looked at.
    pub failed: Vec<FailedPort>,
    /// Questions to which nobody answered.
    pub silent: usize,
    /// Whether everything was asked before the time was over.
    pub complete: bool,
    /// Somebody ended it before.
    pub interrupted: bool,
    /// What silence does not mean, where there was any.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<&'static str>,
}

/// A device.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Found {
    /// Its port.
    pub port: String,
    /// Its speed, in bits per second; none: the port has none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub baud_bps: Option<u32>,
    /// What it speaks.
    pub protocol: &'static str,
    /// Its address, for devices that share a line.
    pub address: Option<Address>,
    /// How it showed that it is there.
    pub contact: Contact,
}

/// Something is heard that cannot be understood.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Unintelligible {
    /// The port.
    pub port: String,
    /// The speed, in bits per second; none: the port has none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub baud_bps: Option<u32>,
}

/// A port that could not be looked at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FailedPort {
    /// The port.
    pub port: String,
    /// Why.
    pub why: String,
}

/// Looks for devices until `end`, telling `progress` what is being done.
pub async fn scan(
    scan: &Scan,
    mut progress: impl FnMut(String),
    end: impl Future<Output = ()>,
) -> ScanReport {
    let mut report = ScanReport {
        tool: concat!("firmware-config ", env!("CARGO_PKG_VERSION")),
        ports: scan.machine.ports(),
        found: Vec::new(),
        unintelligible: Vec::new(),
        failed: Vec::new(),
        silent: 0,
        complete: true,
        interrupted: false,
        note: None,
    };
    report.interrupted = tokio::select! {
        () = look_at_all(scan, &mut progress, &mut report) => false,
        () = end => true,
    };
    report.complete &= !report.interrupted;
    if report.silent > 0 {
        report.note = Some("a panel that answers writes only stays silent, and is not found");
    }
    report
}

async fn look_at_all(scan: &Scan, progress: &mut impl FnMut(String), report: &mut ScanReport) {
    let deadline = Instant::now() + scan.time_limit;
    for port in &scan.ports {
        let mut looked = Look {
            scan,
            port,
            deadline,
            report: &mut *report,
        };
        if let Err(error) = looked.look(progress).await {
            report.failed.push(FailedPort {
                port: port.clone(),
                why: error.to_string(),
            });
        }
    }
}

struct Look<'a> {
    scan: &'a Scan,
    port: &'a str,
    deadline: Instant,
    report: &'a mut ScanReport,
}

impl Look<'_> {
    async fn look(&mut self, progress: &mut impl FnMut(String)) -> io::Result<()> {
        if self.is_usb_printer() {
            progress(format!("{}: printer?", self.port));
            if self.is_late() {
                return Ok(());
            }
            let contact = self.ask_printer(None).await?;
            self.note(None, "esc-pos", None, contact);
            return Ok(());
        }
        for baud_bps in &self.scan.speeds_bps {
            progress(format!("{} at {baud_bps}: printer?", self.port));
            if self.is_late() {
                return Ok(());
            }
            let contact = self.ask_printer(Some(*baud_bps)).await?;
            self.note(Some(*baud_bps), "esc-pos", None, contact);
            if contact == Some(Contact::Status) {
                return Ok(());
            }
        }
        for baud_bps in &self.scan.speeds_bps {
            let mut line = None;
            let mut silent_before = None;
            for address in &self.scan.addresses {
                progress(format!("{} at {baud_bps}: address {address}?", self.port));
                if self.is_late() {
                    return Ok(());
                }
                let mut contact = self.ask_address(&mut line, *baud_bps, *address).await?;
                if contact == Some(Contact::Noise) {
                    // Perhaps the one asked before answered late.
                    if let Some(before) = silent_before
                        && let late = self.ask_again(&mut line, *baud_bps, before).await?
                        && late.is_some_and(|contact| contact != Contact::Noise)
                    {
                        self.report.silent -= 1;
                        self.note(Some(*baud_bps), "modbus-rtu", Some(before), late);
                    }
                    contact = self.ask_again(&mut line, *baud_bps, *address).await?;
                } else if contact.is_some()
                    && !self.confirms(&mut line, *baud_bps, *address).await?
                {
                    contact = Some(Contact::Noise);
                }
                silent_before = contact.is_none().then_some(*address);
                self.note(Some(*baud_bps), "modbus-rtu", Some(*address), contact);
            }
        }
        Ok(())
    }

    fn is_usb_printer(&self) -> bool {
        let mut ports = self.report.ports.iter();
        ports.any(|port| {
            port.kind == PortKind::UsbPrinter && self.scan.machine.is_same(&port.path, self.port)
        })
    }

    fn is_late(&mut self) -> bool {
        let is_late = Instant::now() >= self.deadline;
        self.report.complete &= !is_late;
        is_late
    }

    /// Notes what came of a question. What cannot be understood is told once, and is nobody's answer.
    fn note(
        &mut self,
        baud_bps: Option<u32>,
        protocol: &'static str,
        address: Option<Address>,
        contact: Option<Contact>,
    ) {
        let port = self.port.to_owned();
        match contact {
            None => self.report.silent += 1,
            Some(Contact::Noise) => {
                let heard = Unintelligible { port, baud_bps };
                if !self.report.unintelligible.contains(&heard) {
                    self.report.unintelligible.push(heard);
                }
            }
            Some(contact) => self.report.found.push(Found {
                port,
                baud_bps,
                protocol,
                address,
                contact,
            }),
        }
    }

    /// Whether an address answers a second time: what was heard first may have been said at the speed before.
    async fn confirms(
        &self,
        line: &mut Option<Registers>,
        baud_bps: u32,
        address: Address,
    ) -> io::Result<bool> {
        for _ in 0..CONFIRMS {
            let contact = self.ask_again(line, baud_bps, address).await?;
            if contact.is_some_and(|contact| contact != Contact::Noise) {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Asks an address again on a line that has become quiet, and gives it more time.
    async fn ask_again(
        &self,
        line: &mut Option<Registers>,
        baud_bps: u32,
        address: Address,
    ) -> io::Result<Option<Contact>> {
        let usual = time_to_answer(Some(baud_bps));
        if let Some(registers) = line {
            let talk = registers.talk();
            talk.wait_until_quiet().await?;
            talk.set_timeout(usual * PATIENCE);
        }
        let contact = self.ask_address(line, baud_bps, address).await;
        if let Some(registers) = line {
            registers.talk().set_timeout(usual);
        }
        contact
    }

    async fn ask_printer(&self, baud_bps: Option<u32>) -> io::Result<Option<Contact>> {
        let mut lost = 0;
        loop {
            let answered = match self.open(baud_bps).await {
                Ok(talk) => Printer::new(talk).contact().await,
                Err(error) => Err(error),
            };
            match answered {
                Err(error) => again(error, &mut lost).await?,
                answered => return answered,
            }
        }
    }

    /// Asks an address, opening the line where it is not open.
    async fn ask_address(
        &self,
        line: &mut Option<Registers>,
        baud_bps: u32,
        address: Address,
    ) -> io::Result<Option<Contact>> {
        let mut lost = 0;
        loop {
            let asked = async {
                let mut registers = match line.take() {
                    Some(registers) => registers,
                    None => Registers::new(self.open(Some(baud_bps)).await?, address, 0),
                };
                registers.address(address);
                let contact = registers.contact().await?;
                *line = Some(registers);
                Ok(contact)
            };
            match asked.await {
                Err(error) => again(error, &mut lost).await?,
                answered => return answered,
            }
        }
    }

    /// Opens the port; without a speed it is no serial one.
    async fn open(&self, baud_bps: Option<u32>) -> io::Result<Conversation> {
        let path = self.scan.machine.at(self.port).display().to_string();
        let line = Line {
            baud: baud_bps.unwrap_or_default(),
            data: DataBits::default(),
            parity: Parity::default(),
            stop: StopBits::default(),
            half_duplex: true,
            one_way: false,
            gap_ms: 4,
            timeout_ms: u64::try_from(time_to_answer(baud_bps).as_millis()).unwrap_or(u64::MAX),
            retries: 0,
        };
        let link = match baud_bps {
            Some(baud_bps) => Link::serial(path, baud_bps),
            None => Link::char_device(path),
        };
        Conversation::open(&link, &line).await
    }
}

/// How long an answer may take at a speed.
fn time_to_answer(baud_bps: Option<u32>) -> Duration {
    let on_the_wire_ms = baud_bps.map_or(0, |baud| BITS * 1_000 / u64::from(baud.max(1)));
    Duration::from_millis(THINKING_MS + on_the_wire_ms)
}

/// Waits before another attempt, or gives the error back.
async fn again(error: io::Error, lost: &mut usize) -> io::Result<()> {
    *lost += 1;
    if is_final(&error) || error.kind() == io::ErrorKind::NotFound || *lost > LOST_MAX {
        return Err(error);
    }
    sleep(PAUSE).await;
    Ok(())
}
