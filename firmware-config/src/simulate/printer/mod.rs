//! A simulated ESC/POS receipt printer: raster and text become papers that can be looked at.

mod command;
mod machine;
mod midway;
mod page;
mod qr;
mod user_settings;

use std::collections::{BTreeSet, VecDeque};
use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;

use clap::ValueEnum;
use serde::{Deserialize, Serialize};
use tokio::net::TcpListener;
use tokio::sync::watch;

pub use machine::VirtualPrinter;
pub use midway::Mishap;
pub use page::{Paper, TextLine};
pub use user_settings::PrinterMemory;

use super::faults::LineFaults;
use super::shell::{Running, WireDevice as _};
use crate::escpos_wire::PrinterStatus;
use crate::profile::RomText;

/// The printer's build.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PrinterConfig {
    /// Printable dots across the paper, rounded up to a multiple of 8.
    pub width_dots: u16,
    /// Bytes it takes while it cannot print. When they are full it takes no more, and the host's
    /// line jams.
    pub buffer_bytes: usize,
    /// How many papers are kept to be looked at.
    pub papers_kept: usize,
    /// It has a presenter: an output that holds every ticket until somebody takes it, a visitor after so many milliseconds.
    /// `None`: tickets fall.
    pub taken_after_ms: Option<u64>,
    /// Characters that its ROM has beside ASCII.
    pub rom_text: Option<RomText>,
}

impl Default for PrinterConfig {
    fn default() -> Self {
        Self {
            width_dots: 576,
            buffer_bytes: 64 * 1024,
            papers_kept: 20,
            taken_after_ms: None,
            rom_text: None,
        }
    }
}

/// What can be wrong with a printer. Written `paper-out` and so on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ValueEnum)]
#[serde(rename_all = "kebab-case")]
pub enum Switch {
    /// No paper. Switching it off puts a new roll in.
    PaperOut,
    /// Little paper.
    PaperNearEnd,
    /// The cover is open.
    CoverOpen,
    /// The cutter is jammed.
    CutterError,
    /// The visitor leaves the ticket in the output of a presenter.
    NotTaken,
    /// Its mechanism stands still: it takes bytes and says that all is well.
    Stuck,
    /// No power: it drops everything and answers nothing.
    PowerOff,
}

impl Switch {
    /// Every switch, in the order a person would look for them.
    pub const ALL: [Self; 7] = [
        Self::PaperOut,
        Self::PaperNearEnd,
        Self::CoverOpen,
        Self::CutterError,
        Self::NotTaken,
        Self::Stuck,
        Self::PowerOff,
    ];
}

/// What can be seen of a printer.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PrinterView {
    /// What is wrong with it.
    pub switches: BTreeSet<Switch>,
    /// What it says about itself.
    pub status: PrinterStatus,
    /// The last papers, oldest first.
    pub papers: VecDeque<Arc<Paper>>,
    /// Dot rows printed since the last cut.
    pub uncut_dots: usize,
    /// A ticket is in the output of its presenter.
    pub holds_ticket: bool,
    /// Tickets taken from the output.
    pub tickets_taken: u64,
    /// Tickets that the next one pushed out of the output before they were taken.
    pub tickets_pushed_out: u64,
    /// Bytes that wait to be printed.
    pub buffered_bytes: usize,
    /// Images, codes and bar codes that it can skip but not draw.
    pub not_drawn: u64,
    /// Commands it does not know.
    pub unknown_commands: u64,
    /// Real-time commands hidden in image data. A real printer would have obeyed them.
    pub real_time_in_images: u64,
    /// What it keeps without power.
    pub memory: PrinterMemory,
}

/// A printer in operation.
#[derive(Clone)]
pub struct PrinterHandle {
    printer: Running<VirtualPrinter>,
    view: watch::Receiver<PrinterView>,
}

impl VirtualPrinter {
    /// Takes bytes from the host and gives its answers to them. Unlike its shells it takes them also while it cannot
    /// print and its buffer is full.
    pub fn hear(&mut self, bytes: &[u8]) -> Vec<u8> {
        self.handle_bytes(0, bytes);
        self.publish();
        self.take_output()
    }

    /// Starts the printer on a pseudo-terminal; `link` names the host's end. Needs a tokio runtime.
    ///
    /// # Errors
    /// No terminal can be had, or the link cannot be written.
    pub fn start(self, link: impl Into<PathBuf>) -> io::Result<PrinterHandle> {
        let view = self.watch();
        Ok(PrinterHandle {
            printer: Running::on_pty(self, link.into())?,
            view,
        })
    }

    /// Starts the printer as a network device that listens on `address`; port 0 takes a free one.
    ///
    /// # Errors
    /// The address cannot be listened on.
    pub async fn start_tcp(self, address: SocketAddr) -> io::Result<(PrinterHandle, SocketAddr)> {
        let listener = TcpListener::bind(address).await?;
        let address = listener.local_addr()?;
        let view = self.watch();
        Ok((
            PrinterHandle {
                printer: Running::on_tcp(self, listener),
                view,
            },
            address,
        ))
    }
}

impl PrinterHandle {
    /// Makes something wrong, or right again.
    pub fn set(&self, switch: Switch, on: bool) {
        self.printer.act(|printer, _| printer.set(switch, on));
    }

    /// Sets how much paper is left, in dot rows; at the end the printer is out of paper. `None`:
    /// it never ends.
    pub fn set_paper_left_dots(&self, dots: Option<usize>) {
        self.printer
            .act(|printer, _| printer.set_paper_left_dots(dots));
    }

    /// Takes its power away after so many more changes of its settings, before it has kept them.
    pub fn set_power_cut_after_settings(&self, changes: u32) {
        self.printer
            .act(|printer, _| printer.set_power_cut_after_settings(changes));
    }

    /// What can be seen now.
    pub fn view(&self) -> PrinterView {
        self.view.borrow().clone()
    }

    /// What can be seen, as it changes.
    pub fn watch(&self) -> watch::Receiver<PrinterView> {
        self.view.clone()
    }

    /// Makes something wrong on the way to the host, or right again.
    pub fn set_line_faults(&self, faults: LineFaults) {
        self.printer.set_faults(faults);
    }

    /// Pulls the cable: its name is gone, or its connection closed.
    pub fn unplug(&self) {
        self.printer.set_plugged(false);
    }

    /// Puts the cable back.
    pub fn plug_in(&self) {
        self.printer.set_plugged(true);
    }

    /// Whether the cable is in.
    pub fn is_plugged(&self) -> bool {
        self.printer.is_plugged()
    }
}
