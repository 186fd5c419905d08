//! What an ESC/POS printer and its host say to each other beside print data: status, fences and
//! confirmations.
//!
//! Sources: Epson ESC/POS reference (`DLE EOT`, `GS a`, `GS r`, `GS ( H`), Epson TM-U220A
//! specification p. 55 and 83, Citizen CT-S310 manual p. 310 for telling the answers apart; for kiosk printers
//! those of [`FullStatus`].
//! Commands here are answered by the printer; print data itself belongs to whoever prints.

mod demux;
mod full_status;
mod status;

pub use demux::{Answer, Return, ReturnDemux};
pub use full_status::{FULL_STATUS, FullStatus};
pub use status::{DleEot, PaperStatus, PrinterStatus};

/// `ESC @`: forget settings and what is left of a line.
pub const INITIALIZE: [u8; 2] = [0x1b, b'@'];

/// `GS a 15`: send four status bytes now and on every change of drawer, online, error or paper.
pub const ENABLE_ASB: [u8; 3] = [0x1d, b'a', 0x0f];

/// `GS r 1`: answer with the paper status once everything before it has been dealt with. A printer
/// that has stopped for paper does not answer.
pub const PAPER_FENCE: [u8; 3] = [0x1d, b'r', 1];

/// `DLE ENQ 2`: recover from an error and throw away what was not printed. Never sent by itself:
/// it loses tickets.
pub const RECOVER_AND_CLEAR: [u8; 3] = [0x10, 0x05, 2];

/// `DLE DC4 8`: throw away what was not printed; answered by [`Return::BufferCleared`].
pub const CLEAR_BUFFERS: [u8; 10] = [0x10, 0x14, 8, 1, 3, 0x14, 1, 6, 2, 8];

/// Four printable characters that name a print job to the printer.
///
/// Use increasing numbers: a printer that has several to report sends only the latest, and that
/// confirms all before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ProcessId([u8; 4]);

impl ProcessId {
    /// The name, or `None` when a byte is outside 20h to 7Eh.
    pub fn new(name: [u8; 4]) -> Option<Self> {
        name.iter()
            .all(|byte| (0x20..=0x7e).contains(byte))
            .then_some(Self(name))
    }

    /// The last four digits of a job number.
    pub fn from_number(number: u32) -> Self {
        let digit = |divisor: u32| b'0' + (number / divisor % 10) as u8;
        Self([digit(1_000), digit(100), digit(10), digit(1)])
    }

    /// The four characters.
    pub fn bytes(self) -> [u8; 4] {
        self.0
    }

    /// `GS ( H` function 48: the printer reports this name when all before it is printed. Send it
    /// after the cut.
    pub fn request(self) -> [u8; 11] {
        let [a, b, c, d] = self.0;
        [0x1d, b'(', b'H', 6, 0, 0x30, 0x30, a, b, c, d]
    }

    /// The printer's report.
    pub fn response(self) -> [u8; 7] {
        let [a, b, c, d] = self.0;
        [0x37, 0x22, a, b, c, d, 0]
    }
}

/// The printer's report that its buffers were cleared.
pub const BUFFER_CLEARED: [u8; 3] = [0x37, 0x25, 0];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn process_ids() {
        let id = ProcessId::from_number(70_012);
        assert_eq!(id.bytes(), *b"0012");
        assert_eq!(id.request()[..7], [0x1d, 0x28, 0x48, 6, 0, 0x30, 0x30]);
        assert_eq!(id.response(), [0x37, 0x22, b'0', b'0', b'1', b'2', 0]);
        assert_eq!(ProcessId::new([0x1f, b'a', b'b', b'c']), None);
    }
}
