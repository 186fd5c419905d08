//! Ports against simulated printers, over real pseudo-terminals and sockets.
#![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use std::io;
use std::time::Duration;

use firmware_config::escpos_wire::{
    Answer, DleEot, ENABLE_ASB, INITIALIZE, PrinterStatus, ProcessId, Return, ReturnDemux,
};
use firmware_config::port::{Link, Port};
use firmware_config::simulate::{PrinterConfig, PrinterHandle, Switch, VirtualPrinter};
use tempfile::TempDir;
use tokio::time::timeout;

/// Far longer than anything here takes; only a failing test waits for it.
const PATIENCE: Duration = Duration::from_secs(30);

struct Host {
    port: Port,
    demux: ReturnDemux,
    returns: Vec<Return>,
}

impl Host {
    async fn open(link: &Link) -> Self {
        let open = async {
            loop {
                match Port::open(link).await {
                    Ok(port) => return port,
                    Err(error) if error.kind() == io::ErrorKind::NotFound => {
                        tokio::task::yield_now().await;
                    }
                    Err(error) => panic!("{error}"),
                }
            }
        };
        let port = timeout(PATIENCE, open).await.expect("the port opens");
        Self {
            port,
            demux: ReturnDemux::default(),
            returns: Vec::new(),
        }
    }

    async fn send(&self, bytes: &[u8]) {
        timeout(PATIENCE, self.port.write_all(bytes))
            .await
            .expect("room")
            .unwrap();
    }

    /// Reads until the printer has said this.
    async fn expect(&mut self, wanted: &Return) {
        let read = async {
            let mut buffer = [0; 64];
            while !self.returns.contains(wanted) {
                let count = self.port.read(&mut buffer).await.unwrap();
                assert_ne!(count, 0, "the printer is there");
                self.returns.extend(self.demux.feed(&buffer[..count]));
            }
        };
        let found = timeout(PATIENCE, read).await;
        assert!(found.is_ok(), "{wanted:?} not among {:?}", self.returns);
        self.returns.clear();
    }

    async fn expect_gone(&self) {
        let mut buffer = [0; 64];
        let read = async {
            while self
                .port
                .read(&mut buffer)
                .await
                .is_ok_and(|count| count > 0)
            {}
        };
        timeout(PATIENCE, read).await.expect("the loss is noticed");
    }
}

fn on_pty(config: PrinterConfig) -> (PrinterHandle, Link, TempDir) {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("printer");
    let printer = VirtualPrinter::new(config).start(&path).unwrap();
    (
        printer,
        Link::serial(path.to_str().unwrap(), 115_200),
        directory,
    )
}

fn job(number: u32, rows: u16) -> Vec<u8> {
    let mut bytes = INITIALIZE.to_vec();
    bytes.extend([0x1d, b'v', b'0', 0, 72, 0]);
    bytes.extend(rows.to_le_bytes());
    bytes.extend(vec![0x55; usize::from(rows) * 72]);
    bytes.extend([0x1d, b'V', 66, 0]);
    bytes.extend(ProcessId::from_number(number).request());
    bytes
}

fn printed(number: u32) -> Return {
    Return::Printed(ProcessId::from_number(number))
}

fn offline(change: impl FnOnce(&mut PrinterStatus)) -> Return {
    let mut status = PrinterStatus {
        offline: true,
        ..PrinterStatus::default()
    };
    change(&mut status);
    Return::Asb(status)
}

#[tokio::test]
async fn a_ticket_is_printed_and_confirmed() {
    let (printer, link, _directory) = on_pty(PrinterConfig::default());
    let mut host = Host::open(&link).await;
    host.send(&ENABLE_ASB).await;
    host.expect(&Return::Asb(PrinterStatus::default())).await;
    host.send(&job(1, 500)).await;
    host.expect(&printed(1)).await;
    let view = printer.view();
    assert_eq!(view.papers.len(), 1);
    assert_eq!(view.papers[0].rows.len(), 500);
    assert!(view.papers[0].rows.iter().all(|row| *row == [0x55; 72]));
}

#[tokio::test]
async fn paper_that_ends_in_a_job_is_told_and_the_job_is_not_confirmed() {
    let (printer, link, _directory) = on_pty(PrinterConfig::default());
    let mut host = Host::open(&link).await;
    host.send(&ENABLE_ASB).await;
    printer.set_paper_left_dots(Some(100));
    host.send(&job(1, 500)).await;
    host.expect(&offline(|status| status.paper.out = true))
        .await;
    host.demux.expect(Answer::DleEot(DleEot::Paper));
    host.send(&DleEot::Paper.request()).await;
    host.expect(&Return::DleEot(Some(DleEot::Paper), 0x72))
        .await;
    assert_eq!(
        (printer.view().papers.len(), printer.view().uncut_dots),
        (0, 100)
    );
    printer.set(Switch::PaperOut, false);
    host.expect(&printed(1)).await;
    assert_eq!(printer.view().papers[0].rows.len(), 500);
}

#[tokio::test]
async fn status_is_read_while_output_is_jammed() {
    let config = PrinterConfig {
        buffer_bytes: 1_000,
        ..PrinterConfig::default()
    };
    let (printer, link, _directory) = on_pty(config);
    let mut host = Host::open(&link).await;
    host.send(&ENABLE_ASB).await;
    host.expect(&Return::Asb(PrinterStatus::default())).await;
    printer.set(Switch::CoverOpen, true);
    host.expect(&offline(|status| status.cover_open = true))
        .await;
    // More than printer and terminal hold: the write stays stuck while status is read.
    let bytes = job(1, 2_000);
    let mut sent = 0;
    let mut buffer = [0; 64];
    let mut opened_again = false;
    let both = async {
        while sent < bytes.len() {
            tokio::select! {
                written = host.port.write(&bytes[sent..]) => sent += written.unwrap(),
                read = host.port.read(&mut buffer) => {
                    let count = read.unwrap();
                    host.returns.extend(host.demux.feed(&buffer[..count]));
                    if host.returns.contains(&offline(|status| status.cutter_error = true)) {
                        opened_again = true;
                        printer.set(Switch::CutterError, false);
                    }
                }
                () = tokio::task::yield_now(), if !opened_again && sent > 1_000 => {
                    printer.set(Switch::CutterError, true);
                    printer.set(Switch::CoverOpen, false);
                }
            }
        }
    };
    timeout(PATIENCE, both).await.expect("the jam ends");
    assert!(opened_again, "status came through the jam");
    host.expect(&printed(1)).await;
}

#[tokio::test]
async fn a_cable_pulled_and_put_back_is_found_under_the_same_name() {
    let (printer, link, _directory) = on_pty(PrinterConfig::default());
    let host = Host::open(&link).await;
    printer.unplug();
    host.expect_gone().await;
    drop(host);
    let error = loop {
        match Port::open(&link).await {
            Ok(_) => tokio::task::yield_now().await,
            Err(error) => break error,
        }
    };
    assert!(error.to_string().contains("no such device"), "{error}");
    printer.plug_in();
    let mut host = Host::open(&link).await;
    host.send(&job(2, 8)).await;
    host.expect(&printed(2)).await;
}

#[tokio::test]
async fn a_printer_without_power_is_silent_and_tears_its_paper() {
    let (printer, link, _directory) = on_pty(PrinterConfig::default());
    let mut host = Host::open(&link).await;
    let bytes = job(1, 100);
    host.send(&bytes[..bytes.len() / 2]).await;
    let mut view = printer.watch();
    timeout(PATIENCE, view.wait_for(|view| view.uncut_dots > 0))
        .await
        .unwrap()
        .unwrap();
    printer.set(Switch::PowerOff, true);
    assert!(!printer.view().papers[0].complete);
    host.send(&DleEot::Printer.request()).await;
    printer.set(Switch::PowerOff, false);
    host.send(&job(2, 8)).await;
    host.expect(&printed(2)).await;
}

#[tokio::test]
async fn a_port_in_use_is_named_as_such() {
    let (_printer, link, _directory) = on_pty(PrinterConfig::default());
    let _first = Port::open(&link).await.unwrap();
    let error = Port::open(&link).await.unwrap_err();
    assert_eq!(error.kind(), io::ErrorKind::ResourceBusy);
    assert!(
        error.to_string().contains("in use by another program"),
        "{error}"
    );
}

#[tokio::test]
async fn what_cannot_be_opened_is_named() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("file");
    std::fs::write(&file, "").unwrap();
    let file = file.to_str().unwrap();
    for (link, expected) in [
        (
            Link::serial("/nowhere/tty", 9_600),
            "cannot open /nowhere/tty: no such device",
        ),
        (Link::char_device("/nowhere/lp0"), "no such device"),
        (Link::serial(file, 9_600), "it is not a device"),
        (Link::serial("/dev/null", 9_600), "it is not a serial port"),
        (Link::char_device(file), "is not a device"),
    ] {
        let error = Port::open(&link).await.unwrap_err().to_string();
        assert!(error.contains(expected), "{error}");
    }
}

#[tokio::test]
async fn a_network_printer_comes_back_after_its_cable() {
    let any_port = "127.0.0.1:0".parse().unwrap();
    let printer = VirtualPrinter::new(PrinterConfig::default());
    let (printer, address) = printer.start_tcp(any_port).await.unwrap();
    let link = Link::tcp(address.to_string());
    let mut host = Host::open(&link).await;
    host.send(&job(1, 50)).await;
    host.expect(&printed(1)).await;
    printer.unplug();
    host.expect_gone().await;
    printer.plug_in();
    let mut host = Host::open(&link).await;
    host.send(&job(2, 50)).await;
    host.expect(&printed(2)).await;
    assert_eq!(printer.view().papers.len(), 2);
}

#[tokio::test]
async fn a_free_network_port_refuses() {
    let free = std::net::TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap();
    let error = Port::open(&Link::tcp(free.to_string())).await.unwrap_err();
    assert!(error.to_string().contains("connection refused"), "{error}");
}

#[tokio::test]
async fn a_character_device_takes_bytes_as_they_are() {
    let (printer, serial, _directory) = on_pty(PrinterConfig::default());
    let mut host = Host::open(&Link::char_device(serial.to_string())).await;
    let every_byte: Vec<u8> = (0..=u8::MAX).cycle().take(8 * 72).collect();
    let mut bytes = vec![0x1d, b'v', b'0', 0, 72, 0, 8, 0];
    bytes.extend(&every_byte);
    bytes.extend([0x1d, b'V', 66, 0]);
    bytes.extend(ProcessId::from_number(1).request());
    host.send(&bytes).await;
    host.expect(&printed(1)).await;
    assert_eq!(printer.view().papers[0].rows.concat(), every_byte);
}
