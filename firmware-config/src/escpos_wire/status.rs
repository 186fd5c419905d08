//! Printer status in its three encodings: automatic status (ASB), `DLE EOT` and `GS r`.

/// What a printer says about itself.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PrinterStatus {
    /// Drawer connector pin 3 is high.
    pub drawer_high: bool,
    /// The printer does not print: cover, paper, error, or fed by its button.
    pub offline: bool,
    /// The cover is open.
    pub cover_open: bool,
    /// Somebody holds the feed button.
    pub feeding: bool,
    /// A mechanical error.
    pub mechanical_error: bool,
    /// The cutter is jammed.
    pub cutter_error: bool,
    /// An error that only service can end.
    pub unrecoverable_error: bool,
    /// An error that ends by itself, such as a hot head.
    pub recoverable_error: bool,
    /// Paper.
    pub paper: PaperStatus,
}

/// Roll paper.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PaperStatus {
    /// Some tickets are left. A printer without this sensor never says so.
    pub near_end: bool,
    /// No paper.
    pub out: bool,
}

/// Which of the four bytes `DLE EOT n` asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DleEot {
    /// n = 1.
    Printer,
    /// n = 2.
    OfflineCause,
    /// n = 3.
    ErrorCause,
    /// n = 4.
    Paper,
}

impl DleEot {
    /// `10 04 n`. Answered at once, even by a printer that is offline; never inside print data.
    pub fn request(self) -> [u8; 3] {
        [0x10, 0x04, self.number()]
    }

    /// The `n` of the request.
    pub fn number(self) -> u8 {
        match self {
            Self::Printer => 1,
            Self::OfflineCause => 2,
            Self::ErrorCause => 3,
            Self::Paper => 4,
        }
    }

    /// The kind of an `n`, or `None` outside 1 to 4.
    pub fn from_number(number: u8) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.number() == number)
    }
}

impl DleEot {
    /// All four, in their order.
    pub const ALL: [Self; 4] = [
        Self::Printer,
        Self::OfflineCause,
        Self::ErrorCause,
        Self::Paper,
    ];

    /// What an answer says, in words; where no bit is set, that all is well as far as it goes. Bits as in Epson's TM-U220A
    /// specification, p. 55, and Bixolon's SRP-350 manual, p. 8.
    #[must_use]
    pub fn meaning(self, byte: u8) -> Vec<&'static str> {
        let (bits, well): (&[(u8, &str)], _) = match self {
            Self::Printer => (
                &[
                    (0x08, "off line"),
                    (0x20, "waits to be put on line again"),
                    (0x40, "the feed button is held"),
                ],
                "on line",
            ),
            Self::OfflineCause => (
                &[
                    (0x04, "cover open"),
                    (0x08, "paper is fed by the button"),
                    (0x20, "stopped because paper is out"),
                    (0x40, "an error"),
                ],
                "nothing keeps it off line",
            ),
            Self::ErrorCause => (
                &[
                    (MECHANICAL, "mechanical error"),
                    (CUTTER, "cutter error"),
                    (UNRECOVERABLE, "an error that only service can end"),
                    (
                        RECOVERABLE,
                        "an error that ends by itself, such as a hot head",
                    ),
                ],
                "no error",
            ),
            Self::Paper => (
                &[(0x60, "paper out"), (0x0c, "paper near its end")],
                "paper is there",
            ),
        };
        let said: Vec<&str> = bits
            .iter()
            .filter(|(bit, _)| byte & bit != 0)
            .map(|(_, words)| *words)
            .collect();
        if said.is_empty() { vec![well] } else { said }
    }
}

const DRAWER: u8 = 0x04;
const OFFLINE: u8 = 0x08;
const COVER: u8 = 0x20;
const FEED_BUTTON: u8 = 0x40;
const MECHANICAL: u8 = 0x04;
const CUTTER: u8 = 0x08;
const UNRECOVERABLE: u8 = 0x20;
const RECOVERABLE: u8 = 0x40;

impl PrinterStatus {
    /// Whether the printer can print a ticket now. Little paper is enough paper.
    pub fn can_print(&self) -> bool {
        !self.offline && !self.cover_open && !self.paper.out && !self.has_error()
    }

    /// Whether any error is reported.
    pub fn has_error(&self) -> bool {
        self.mechanical_error
            || self.cutter_error
            || self.unrecoverable_error
            || self.recoverable_error
    }

    /// The four bytes of automatic status (`GS a`).
    pub fn to_asb(&self) -> [u8; 4] {
        let first = 0x10
            | bit(self.drawer_high, DRAWER)
            | bit(self.offline, OFFLINE)
            | bit(self.cover_open, COVER)
            | bit(self.feeding, FEED_BUTTON);
        [first, self.error_bits(), self.paper.to_byte(), 0x0f]
    }

    /// Reads four bytes of automatic status, or `None` when the fixed bits are wrong.
    pub fn from_asb(bytes: [u8; 4]) -> Option<Self> {
        let [first, errors, paper, fourth] = bytes;
        let is_asb = is_asb_first(first) && [errors, paper, fourth].into_iter().all(is_asb_rest);
        is_asb.then(|| Self {
            drawer_high: first & DRAWER != 0,
            offline: first & OFFLINE != 0,
            cover_open: first & COVER != 0,
            feeding: first & FEED_BUTTON != 0,
            mechanical_error: errors & MECHANICAL != 0,
            cutter_error: errors & CUTTER != 0,
            unrecoverable_error: errors & UNRECOVERABLE != 0,
            recoverable_error: errors & RECOVERABLE != 0,
            paper: PaperStatus::from_byte(paper),
        })
    }

    /// The answer to a `DLE EOT`.
    pub fn to_dle_eot(&self, kind: DleEot) -> u8 {
        0x12 | match kind {
            DleEot::Printer => {
                bit(self.drawer_high, 0x04) | bit(self.offline, 0x08) | bit(self.feeding, 0x40)
            }
            DleEot::OfflineCause => {
                bit(self.cover_open, 0x04)
                    | bit(self.feeding, 0x08)
                    | bit(self.paper.out, 0x20)
                    | bit(self.has_error(), 0x40)
            }
            DleEot::ErrorCause => self.error_bits(),
            DleEot::Paper => bit(self.paper.near_end, 0x0c) | bit(self.paper.out, 0x60),
        }
    }

    /// Learns from an answer to a `DLE EOT`; what the answer does not speak of stays.
    pub fn learn_dle_eot(&mut self, kind: DleEot, byte: u8) {
        let has = |mask: u8| byte & mask != 0;
        match kind {
            DleEot::Printer => {
                self.drawer_high = has(0x04);
                self.offline = has(0x08);
                self.feeding = has(0x40);
            }
            DleEot::OfflineCause => {
                self.cover_open = has(0x04);
                self.feeding = has(0x08);
                self.paper.out = has(0x20);
            }
            DleEot::ErrorCause => {
                self.mechanical_error = has(MECHANICAL);
                self.cutter_error = has(CUTTER);
                self.unrecoverable_error = has(UNRECOVERABLE);
                self.recoverable_error = has(RECOVERABLE);
            }
            DleEot::Paper => {
                self.paper = PaperStatus {
                    near_end: has(0x0c),
                    out: has(0x60),
                };
            }
        }
    }

    fn error_bits(&self) -> u8 {
        bit(self.mechanical_error, MECHANICAL)
            | bit(self.cutter_error, CUTTER)
            | bit(self.unrecoverable_error, UNRECOVERABLE)
            | bit(self.recoverable_error, RECOVERABLE)
    }
}

impl PaperStatus {
    /// The byte of `GS r 1`, and the third of automatic status.
    pub fn to_byte(self) -> u8 {
        bit(self.near_end, 0x03) | bit(self.out, 0x0c)
    }

    /// Reads the byte of `GS r 1`, or the third of automatic status.
    pub fn from_byte(byte: u8) -> Self {
        Self {
            near_end: byte & 0x03 != 0,
            out: byte & 0x0c != 0,
        }
    }
}

fn bit(set: bool, mask: u8) -> u8 {
    if set { mask } else { 0 }
}

/// `0xx1xx00`.
pub(super) fn is_asb_first(byte: u8) -> bool {
    byte & 0x93 == 0x10
}

/// `0xx0xxxx`.
pub(super) fn is_asb_rest(byte: u8) -> bool {
    byte & 0x90 == 0
}

/// `0xx1xx10`.
pub(super) fn is_dle_eot(byte: u8) -> bool {
    byte & 0x93 == 0x12
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn published_values() {
        let good = PrinterStatus::default();
        assert_eq!(good.to_asb(), [0x10, 0, 0, 0x0f]);
        assert_eq!(good.to_dle_eot(DleEot::Printer), 0x12);
        let paper_out = PrinterStatus {
            offline: true,
            drawer_high: true,
            paper: PaperStatus {
                near_end: false,
                out: true,
            },
            ..good
        };
        // A third-party host reads these four bytes as "paper empty".
        assert_eq!(paper_out.to_asb(), [0x1c, 0, 0x0c, 0x0f]);
        assert_eq!(paper_out.to_dle_eot(DleEot::OfflineCause), 0x32);
        assert_eq!(paper_out.to_dle_eot(DleEot::Paper), 0x72);
        assert!(!paper_out.can_print());
        let near_end = PrinterStatus {
            paper: PaperStatus {
                near_end: true,
                out: false,
            },
            ..good
        };
        assert_eq!(near_end.to_dle_eot(DleEot::Paper), 0x1e);
        assert!(near_end.can_print());
        assert_eq!(DleEot::Paper.request(), [0x10, 4, 4]);
        assert_eq!(PrinterStatus::from_asb([0, 0, 0, 0]), None);
    }

    #[test]
    fn answers_have_words() {
        let hot = PrinterStatus {
            offline: true,
            recoverable_error: true,
            ..PrinterStatus::default()
        };
        let open = PrinterStatus {
            offline: true,
            cover_open: true,
            cutter_error: true,
            paper: PaperStatus {
                near_end: true,
                out: true,
            },
            ..PrinterStatus::default()
        };
        for (status, words) in [
            (
                PrinterStatus::default(),
                "on line; nothing keeps it off line; no error; paper is there",
            ),
            (
                hot,
                "off line; an error; an error that ends by itself, such as a hot head; paper is there",
            ),
            (
                open,
                "off line; cover open, stopped because paper is out, an error; cutter error; \
                 paper out, paper near its end",
            ),
        ] {
            let said = DleEot::ALL.map(|kind| kind.meaning(status.to_dle_eot(kind)).join(", "));
            assert_eq!(said.join("; "), words);
        }
    }

    fn any_status() -> impl Strategy<Value = PrinterStatus> {
        any::<[bool; 10]>().prop_map(|b| PrinterStatus {
            drawer_high: b[0],
            offline: b[1],
            cover_open: b[2],
            feeding: b[3],
            mechanical_error: b[4],
            cutter_error: b[5],
            unrecoverable_error: b[6],
            recoverable_error: b[7],
            paper: PaperStatus {
                near_end: b[8],
                out: b[9],
            },
        })
    }

    proptest! {
        #[test]
        fn every_encoding_reads_back(status in any_status()) {
            prop_assert_eq!(PrinterStatus::from_asb(status.to_asb()), Some(status));
            prop_assert_eq!(PaperStatus::from_byte(status.paper.to_byte()), status.paper);
            let mut learnt = PrinterStatus::default();
            for number in 1..=4 {
                let kind = DleEot::from_number(number).unwrap();
                let byte = status.to_dle_eot(kind);
                prop_assert!(is_dle_eot(byte));
                learnt.learn_dle_eot(kind, byte);
            }
            prop_assert_eq!(learnt, status);
        }
    }
}
