//! What goes wrong in the middle of the first ticket. Where its middle is, is found by printing it on a second printer first.

use super::{PrinterConfig, VirtualPrinter};
use crate::simulate::shell::WireDevice as _;

/// A ticket that no cut ends, ends when nothing comes for so many milliseconds.
const ENDED_MS: u64 = 1_000;

/// What can go wrong in the middle of a ticket.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mishap {
    /// The paper ends.
    PaperOut,
    /// The power goes.
    PowerOff,
}

/// The first ticket, as it is printed elsewhere.
#[derive(Debug)]
pub(super) struct Midway {
    rehearsal: Box<VirtualPrinter>,
    mishaps: Vec<(Mishap, u8)>,
    heard_ms: u64,
}

impl Midway {
    pub(super) fn new(config: PrinterConfig) -> Self {
        Self {
            rehearsal: Box::new(VirtualPrinter::new(config)),
            mishaps: Vec::new(),
            heard_ms: 0,
        }
    }

    pub(super) fn add(&mut self, mishap: Mishap, percent: u8) {
        self.mishaps.push((mishap, percent));
    }

    pub(super) fn hear(&mut self, now_ms: u64, bytes: &[u8]) {
        self.heard_ms = now_ms;
        self.rehearsal.handle_bytes(now_ms, bytes);
        drop(self.rehearsal.take_output());
    }

    /// Whether a ticket has begun: nothing of it is printed before its length is known.
    pub(super) fn has_begun(&self) -> bool {
        self.rehearsal.first_ticket().is_some()
    }

    /// When a ticket without a cut ends.
    pub(super) fn deadline_ms(&self) -> Option<u64> {
        self.has_begun().then_some(self.heard_ms + ENDED_MS)
    }

    /// What goes wrong after how many dot rows, once the whole ticket is there.
    pub(super) fn mishaps(&self, now_ms: u64) -> Option<Vec<(Mishap, usize)>> {
        let (rows, is_whole) = self.rehearsal.first_ticket()?;
        let has_ended = is_whole || self.deadline_ms().is_some_and(|at_ms| at_ms <= now_ms);
        has_ended.then(|| {
            let mishaps = self.mishaps.iter();
            mishaps
                .map(|(mishap, percent)| (*mishap, rows * usize::from(*percent) / 100))
                .collect()
        })
    }
}
