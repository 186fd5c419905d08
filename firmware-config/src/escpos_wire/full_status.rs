//! The full status of kiosk printers: `DLE EOT 20`, answered at once by `10 0F` and four bytes.
//!
//! Sources: Custom KPM-210/216 manual p. 36 and KPM300 manual p. 80 for paper, user and error bytes. Printers of the same
//! maker that have no presenter answer as well, and leave the bit of the ticket reserved (KPM150 manual p. 66): what the
//! bit says counts only where it has been seen to change.

use super::PrinterStatus;

/// `DLE EOT 20`: send the full status. Printers that do not know it ignore it.
pub const FULL_STATUS: [u8; 3] = [0x10, 0x04, 20];

/// The first two bytes of the answer. Automatic status never begins so: it would be a printer that is online with
/// every error.
pub(super) const HEAD: [u8; 2] = [0x10, 0x0f];

/// No manual uses this bit in any of the four bytes; answers to `DLE EOT` 1 to 4 always have it.
const NEVER_SET: u8 = 0x10;

const PAPER_OUT: u8 = 0x01;
const NEAR_END: u8 = 0x04;
const TICKET_IN_OUTPUT: u8 = 0x20;
const COVER_OPEN: u8 = 0x02;
const SPOOLING: u8 = 0x04;
const MOTOR_ON: u8 = 0x08;
const CUTTER_ERROR: u8 = 0x01;

/// What a kiosk printer says of itself: paper, user, recoverable and unrecoverable errors.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FullStatus([u8; 4]);

impl FullStatus {
    /// Of a printer in a state, and with or without a ticket in its output.
    pub fn new(status: &PrinterStatus, holds_ticket: bool) -> Self {
        let bit = |set: bool, mask: u8| if set { mask } else { 0 };
        let paper = bit(status.paper.out, PAPER_OUT)
            | bit(status.paper.near_end, NEAR_END)
            | bit(holds_ticket, TICKET_IN_OUTPUT);
        let user = bit(status.cover_open, COVER_OPEN);
        Self([paper, user, 0, bit(status.cutter_error, CUTTER_ERROR)])
    }

    /// A ticket is in the output: nobody has taken it yet.
    pub fn holds_ticket(self) -> bool {
        self.0[0] & TICKET_IN_OUTPUT != 0
    }

    /// Nothing waits to be printed and no paper moves.
    pub fn is_at_rest(self) -> bool {
        self.0[1] & (SPOOLING | MOTOR_ON) == 0
    }

    /// The printer's answer.
    pub fn response(self) -> [u8; 6] {
        let ([head, mark], [paper, user, recoverable, unrecoverable]) = (HEAD, self.0);
        [head, mark, paper, user, recoverable, unrecoverable]
    }

    /// Reads an answer, or `None` when it is another one.
    pub fn from_response(response: [u8; 6]) -> Option<Self> {
        let [head, mark, rest @ ..] = response;
        let is_answer = [head, mark] == HEAD && rest.into_iter().all(is_rest);
        is_answer.then_some(Self(rest))
    }
}

/// A byte that may stand behind the first two.
pub(super) fn is_rest(byte: u8) -> bool {
    byte & NEVER_SET == 0
}

#[cfg(test)]
mod tests {
    use super::super::PaperStatus;
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn published_values() {
        let well = PrinterStatus::default();
        let empty = FullStatus::new(&well, false);
        assert_eq!(empty.response(), [0x10, 0x0f, 0, 0, 0, 0]);
        let held = FullStatus::new(&well, true);
        assert_eq!(held.response(), [0x10, 0x0f, 0x20, 0, 0, 0]);
        assert!(held.holds_ticket() && !empty.holds_ticket());
        let low = PrinterStatus {
            cover_open: true,
            cutter_error: true,
            paper: PaperStatus {
                near_end: true,
                out: true,
            },
            ..well
        };
        assert_eq!(
            FullStatus::new(&low, false).response(),
            [0x10, 0x0f, 5, 2, 0, 1]
        );
        for moving in [0x04, 0x08] {
            let status = FullStatus::from_response([0x10, 0x0f, 0x20, moving, 0, 0]).unwrap();
            assert!(!status.is_at_rest() && status.holds_ticket());
        }
    }

    #[test]
    fn another_answer_is_none() {
        for other in [
            [0x10, 0x00, 0, 0, 0, 0],
            [0x11, 0x0f, 0, 0, 0, 0],
            [0x10, 0x0f, 0, 0, 0, 0x12],
        ] {
            assert_eq!(FullStatus::from_response(other), None);
        }
    }

    proptest! {
        #[test]
        fn every_status_reads_back(bytes: [u8; 4]) {
            let bytes = bytes.map(|byte| byte & !NEVER_SET);
            let [paper, user, recoverable, unrecoverable] = bytes;
            let response = [0x10, 0x0f, paper, user, recoverable, unrecoverable];
            let status = FullStatus::from_response(response).unwrap();
            prop_assert_eq!(status.response(), response);
            prop_assert_eq!(status.holds_ticket(), paper & 0x20 != 0);
        }
    }
}
