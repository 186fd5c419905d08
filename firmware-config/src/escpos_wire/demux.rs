//! Telling a printer's answers apart.

use std::collections::VecDeque;

use super::full_status::{self, HEAD};
use super::status::{is_asb_first, is_asb_rest, is_dle_eot};
use super::{DleEot, FullStatus, PaperStatus, PrinterStatus, ProcessId};

/// First bytes of answers that run to a NUL.
const HEADERS: [u8; 5] = [0x35, 0x37, 0x3b, 0x3d, 0x5f];
/// Longest such answer that is still believed, in bytes. Printers name themselves in up to 80.
const BLOCK_MAX: usize = 128;
/// Most requests that may be outstanding; beyond it the oldest is forgotten. Printers promise to
/// remember eight.
const REQUESTS_MAX: usize = 8;

const XON: u8 = 0x11;
const XOFF: u8 = 0x13;

/// One thing a printer said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Return {
    /// Automatic status.
    Asb(PrinterStatus),
    /// The answer to `DLE EOT 20`.
    FullStatus(FullStatus),
    /// The answer to the oldest outstanding `DLE EOT`; `None` when none was noted.
    DleEot(Option<DleEot>, u8),
    /// The answer to the oldest outstanding `GS r 1`.
    Paper(PaperStatus),
    /// A single byte that nobody asked for, or the answer to another single-byte request.
    Single(u8),
    /// A job has been printed, and with it all jobs named before.
    Printed(ProcessId),
    /// The printer has thrown away what was not printed.
    BufferCleared,
    /// Another answer that runs to a NUL, without the NUL.
    Block(Vec<u8>),
    /// The printer asks for a pause (`false`) or to go on (`true`).
    Flow(bool),
    /// A byte that fits nowhere.
    Unknown(u8),
}

/// Requests whose single-byte answers cannot be told apart by their bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// `DLE EOT n` was sent.
    DleEot(DleEot),
    /// `GS r 1` was sent.
    Paper,
}

/// Splits the printer-to-host stream. Chunks do not matter, and no byte is dropped silently.
#[derive(Clone, Debug, Default)]
pub struct ReturnDemux {
    held: Vec<u8>,
    dle_eot_asked: VecDeque<DleEot>,
    paper_asked: usize,
    unknown_bytes: u64,
}

impl ReturnDemux {
    /// Notes a request just sent, so that its answer can be told.
    pub fn expect(&mut self, answer: Answer) {
        match answer {
            Answer::DleEot(kind) => {
                if self.dle_eot_asked.len() == REQUESTS_MAX {
                    self.dle_eot_asked.pop_front();
                }
                self.dle_eot_asked.push_back(kind);
            }
            Answer::Paper => self.paper_asked = (self.paper_asked + 1).min(REQUESTS_MAX),
        }
    }

    /// Forgets half answers and outstanding requests: the line was lost, or nobody answered.
    pub fn reset(&mut self) {
        self.held.clear();
        self.dle_eot_asked.clear();
        self.paper_asked = 0;
    }

    /// Takes bytes and gives what they mean.
    pub fn feed(&mut self, bytes: &[u8]) -> Vec<Return> {
        let mut returns = Vec::new();
        for byte in bytes {
            self.take(*byte, &mut returns);
        }
        returns
    }

    /// Bytes that fitted nowhere, so far.
    pub fn unknown_bytes(&self) -> u64 {
        self.unknown_bytes
    }

    fn take(&mut self, byte: u8, returns: &mut Vec<Return>) {
        // No answer contains these two, so they may stand anywhere.
        if byte == XON || byte == XOFF {
            returns.push(Return::Flow(byte == XON));
            return;
        }
        match self.held.first() {
            None => self.begin(byte, returns),
            Some(_) if self.held.starts_with(&HEAD) => self.continue_full_status(byte, returns),
            Some(first) if is_asb_first(*first) => self.continue_asb(byte, returns),
            Some(_) => self.continue_block(byte, returns),
        }
    }

    fn begin(&mut self, byte: u8, returns: &mut Vec<Return>) {
        if HEADERS.contains(&byte) || is_asb_first(byte) {
            self.held.push(byte);
        } else if is_dle_eot(byte) {
            returns.push(Return::DleEot(self.dle_eot_asked.pop_front(), byte));
        } else if !is_asb_rest(byte) {
            self.unknown(byte, returns);
        } else if self.paper_asked > 0 {
            self.paper_asked -= 1;
            returns.push(Return::Paper(PaperStatus::from_byte(byte)));
        } else {
            returns.push(Return::Single(byte));
        }
    }

    fn continue_asb(&mut self, byte: u8, returns: &mut Vec<Return>) {
        if !is_asb_rest(byte) {
            self.give_up(returns);
            self.begin(byte, returns);
            return;
        }
        self.held.push(byte);
        // The other answer that begins like automatic status.
        if self.held == HEAD {
            return;
        }
        let asb = <[u8; 4]>::try_from(self.held.as_slice()).ok();
        if let Some(status) = asb.and_then(PrinterStatus::from_asb) {
            self.held.clear();
            returns.push(Return::Asb(status));
        }
    }

    fn continue_full_status(&mut self, byte: u8, returns: &mut Vec<Return>) {
        if !full_status::is_rest(byte) {
            self.give_up(returns);
            self.begin(byte, returns);
            return;
        }
        self.held.push(byte);
        let response = <[u8; 6]>::try_from(self.held.as_slice()).ok();
        if let Some(status) = response.and_then(FullStatus::from_response) {
            self.held.clear();
            returns.push(Return::FullStatus(status));
        }
    }

    fn continue_block(&mut self, byte: u8, returns: &mut Vec<Return>) {
        if byte != 0 {
            self.held.push(byte);
            if self.held.len() > BLOCK_MAX {
                self.give_up(returns);
            }
            return;
        }
        let block = std::mem::take(&mut self.held);
        let printed = match block.as_slice() {
            [0x37, 0x22, a, b, c, d] => ProcessId::new([*a, *b, *c, *d]),
            _ => None,
        };
        returns.push(match (printed, block.as_slice()) {
            (Some(id), _) => Return::Printed(id),
            (None, [0x37, 0x25]) => Return::BufferCleared,
            (None, _) => Return::Block(block),
        });
    }

    fn give_up(&mut self, returns: &mut Vec<Return>) {
        for byte in std::mem::take(&mut self.held) {
            self.unknown(byte, returns);
        }
    }

    fn unknown(&mut self, byte: u8, returns: &mut Vec<Return>) {
        self.unknown_bytes += 1;
        returns.push(Return::Unknown(byte));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_mixed_stream_is_told_apart() {
        let mut demux = ReturnDemux::default();
        demux.expect(Answer::DleEot(DleEot::Paper));
        demux.expect(Answer::Paper);
        let stream = [
            0x72, 0x1c, 0x00, 0x13, 0x0c, 0x0f, 0x11, 0x00, 0x37, 0x22, b'0', b'0', b'0', b'7', 0,
            0x37, 0x25, 0, 0x5f, b'E', 0, 0x02, 0x16, 0x80, 0x10, 0x0f, 0xa4, 0x13, 0x02, 0x37, 0,
            0x10, 0x00, 0x00, 0x0f,
        ];
        let paper_out = PrinterStatus::from_asb([0x1c, 0, 0x0c, 0x0f]).unwrap();
        assert_eq!(
            demux.feed(&stream),
            [
                Return::DleEot(Some(DleEot::Paper), 0x72),
                Return::Flow(false),
                Return::Asb(paper_out),
                Return::Flow(true),
                Return::Paper(PaperStatus::default()),
                Return::Printed(ProcessId::from_number(7)),
                Return::BufferCleared,
                Return::Block(vec![0x5f, b'E']),
                Return::Single(2),
                Return::DleEot(None, 0x16),
                Return::Unknown(0x80),
                Return::Flow(false),
                Return::Unknown(0x10),
                Return::Unknown(0x0f),
                Return::Unknown(0xa4),
                Return::Unknown(0x02),
                Return::Block(vec![0x37]),
                Return::Asb(PrinterStatus::default()),
            ]
        );
        assert_eq!(demux.unknown_bytes(), 5);
    }

    #[test]
    fn a_full_status_is_told_from_automatic_status_and_from_what_stands_beside_it() {
        let mut demux = ReturnDemux::default();
        demux.expect(Answer::DleEot(DleEot::Printer));
        let held = FullStatus::new(&PrinterStatus::default(), true);
        let id = ProcessId::from_number(3);
        let mut stream = held.response().to_vec();
        stream.push(0x12);
        stream.extend(PrinterStatus::default().to_asb());
        stream.extend(held.response());
        stream.extend(id.response());
        assert_eq!(
            demux.feed(&stream),
            [
                Return::FullStatus(held),
                Return::DleEot(Some(DleEot::Printer), 0x12),
                Return::Asb(PrinterStatus::default()),
                Return::FullStatus(held),
                Return::Printed(id),
            ]
        );
    }

    #[test]
    fn a_broken_off_status_does_not_eat_the_next_answer() {
        let mut demux = ReturnDemux::default();
        let returns = demux.feed(&[0x10, 0x00, 0x12]);
        assert_eq!(
            returns,
            [
                Return::Unknown(0x10),
                Return::Unknown(0),
                Return::DleEot(None, 0x12)
            ]
        );
    }

    proptest! {
        #[test]
        fn chunks_do_not_matter_and_memory_is_bounded(
            stream in prop::collection::vec(any::<u8>(), 0..600),
            cuts in prop::collection::vec(1..9_usize, 1..20),
        ) {
            let mut whole = ReturnDemux::default();
            whole.expect(Answer::Paper);
            let at_once = whole.feed(&stream);
            let mut parts = ReturnDemux::default();
            parts.expect(Answer::Paper);
            let mut in_parts = Vec::new();
            let mut rest = stream.as_slice();
            for cut in cuts.iter().cycle() {
                if rest.is_empty() { break; }
                let (head, tail) = rest.split_at((*cut).min(rest.len()));
                in_parts.extend(parts.feed(head));
                prop_assert!(parts.held.len() <= BLOCK_MAX);
                rest = tail;
            }
            prop_assert_eq!(at_once, in_parts);
        }

        #[test]
        fn no_byte_is_lost(stream in prop::collection::vec(any::<u8>(), 0..300)) {
            let mut demux = ReturnDemux::default();
            let returns = demux.feed(&stream);
            let counted: usize = returns.iter().map(|r| match r {
                Return::Asb(_) => 4,
                Return::FullStatus(_) => 6,
                Return::Printed(_) => 7,
                Return::BufferCleared => 3,
                Return::Block(block) => block.len() + 1,
                _ => 1,
            }).sum();
            prop_assert_eq!(counted + demux.held.len(), stream.len());
        }
    }
}
