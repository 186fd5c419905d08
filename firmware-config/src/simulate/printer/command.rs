//! Cutting the host's bytes into ESC/POS commands.
//!
//! Lengths are from the Epson ESC/POS command reference. Commands that change nothing a ticket
//! shows are known by their length only.

use crate::escpos_wire::ProcessId;

/// One command, without the data of images: those are streamed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Op {
    /// A printable character of a text line.
    Character(u8),
    /// LF: print the text line.
    LineFeed,
    /// `ESC @`.
    Initialize,
    /// `ESC J n`: print and feed dots.
    FeedDots(u8),
    /// `ESC d n`: print and feed lines.
    FeedLines(u8),
    /// `ESC 3 n`, or `ESC 2` with `None`.
    LineSpacing(Option<u8>),
    /// `ESC a n`.
    Align(u8),
    /// `ESC E n`: emphasised or not.
    Emphasis(bool),
    /// `GS ! n`: how many times as wide and as high letters are.
    Size(u8),
    /// `FS &` and `FS .`: whether bytes from 81h on begin a character of two bytes.
    TwoByte(bool),
    /// `ESC $`: position from the left, in dots.
    MoveTo(u16),
    /// `GS v 0`: an image follows, row by row.
    Image {
        /// Every dot is two dots wide.
        double_width: bool,
        /// Every row is printed twice.
        double_height: bool,
        /// Bytes of a row.
        row_bytes: usize,
        /// Rows.
        rows: usize,
    },
    /// `GS ( k` function 67: dots of a QR code's module.
    QrModule(u8),
    /// `GS ( k` function 69: error correction of a QR code.
    QrLevel(u8),
    /// `GS ( k` function 80: what a QR code says follows.
    QrStore(usize),
    /// `GS ( k` function 81: print the QR code.
    QrPrint,
    /// Data of a command that prints something which is not drawn here follows.
    NotDrawn(usize),
    /// Data of a command that prints nothing follows.
    Skip(usize),
    /// A cut, after feeding so many dots.
    Cut(u8),
    /// `GS a n`.
    Asb(u8),
    /// `GS r n`.
    SendStatus(u8),
    /// `GS I n`.
    SendIdentity(u8),
    /// `GS ( H` function 48.
    ReportWhenPrinted(ProcessId),
    /// `GS ( E` with its parameters.
    UserSetting(Vec<u8>),
    /// A known command without effect on what is shown, or a real-time command already obeyed.
    Nothing,
    /// A command that is not known.
    Unknown,
}

const DLE: u8 = 0x10;
const ESC: u8 = 0x1b;
const FS: u8 = 0x1c;
const GS: u8 = 0x1d;

/// The first command and its length in bytes, or `None` when more bytes are needed.
pub(super) fn parse(bytes: &[u8]) -> Option<(usize, Op)> {
    let first = *bytes.first()?;
    match first {
        b'\n' => Some((1, Op::LineFeed)),
        ESC => parse_esc(bytes),
        GS => parse_gs(bytes),
        FS => parse_fs(bytes),
        DLE => parse_dle(bytes),
        0x00..=0x1f => Some((1, Op::Nothing)),
        character => Some((1, Op::Character(character))),
    }
}

/// A command of `length` bytes in all, read by `op` once it is whole.
fn whole(bytes: &[u8], length: usize, op: impl FnOnce(&[u8]) -> Op) -> Option<(usize, Op)> {
    bytes.get(..length).map(|command| (length, op(command)))
}

fn word(low: u8, high: u8) -> usize {
    usize::from(u16::from_le_bytes([low, high]))
}

fn parse_esc(bytes: &[u8]) -> Option<(usize, Op)> {
    match *bytes.get(1)? {
        b'@' => Some((2, Op::Initialize)),
        b'2' => Some((2, Op::LineSpacing(None))),
        b'i' | b'm' => Some((2, Op::Cut(0))),
        b'<' | b'L' | b'S' | 0x0c => Some((2, Op::Nothing)),
        b'3' => whole(bytes, 3, |c| Op::LineSpacing(Some(c[2]))),
        b'J' => whole(bytes, 3, |c| Op::FeedDots(c[2])),
        b'd' => whole(bytes, 3, |c| Op::FeedLines(c[2])),
        b'a' => whole(bytes, 3, |c| Op::Align(c[2])),
        b'E' => whole(bytes, 3, |c| Op::Emphasis(c[2] & 1 != 0)),
        b' ' | b'!' | b'-' | b'=' | b'?' | b'G' | b'K' | b'M' | b'R' | b'T' | b'U' | b'V'
        | b'e' | b'r' | b't' | b'u' | b'v' | b'{' | b'%' => whole(bytes, 3, |_| Op::Nothing),
        b'$' => whole(bytes, 4, |c| Op::MoveTo(u16::from_le_bytes([c[2], c[3]]))),
        b'\\' | b'c' => whole(bytes, 4, |_| Op::Nothing),
        b'p' => whole(bytes, 5, |_| Op::Nothing),
        b'W' => whole(bytes, 10, |_| Op::Nothing),
        b'*' => whole(bytes, 5, |c| {
            let column_bytes = if c[2] >= 32 { 3 } else { 1 };
            Op::NotDrawn(word(c[3], c[4]) * column_bytes)
        }),
        b'D' => until_nul(bytes, 2, Op::Nothing),
        _ => Some((2, Op::Unknown)),
    }
}

fn parse_gs(bytes: &[u8]) -> Option<(usize, Op)> {
    match *bytes.get(1)? {
        b':' => Some((2, Op::Nothing)),
        b'a' => whole(bytes, 3, |c| Op::Asb(c[2])),
        b'r' => whole(bytes, 3, |c| Op::SendStatus(c[2])),
        b'I' => whole(bytes, 3, |c| Op::SendIdentity(c[2])),
        b'!' => whole(bytes, 3, |c| Op::Size(c[2])),
        b'B' | b'H' | b'b' | b'f' | b'h' | b'w' | b'T' | b'/' | b'j' => {
            whole(bytes, 3, |_| Op::Nothing)
        }
        b'L' | b'W' | b'$' | b'\\' | b'P' => whole(bytes, 4, |_| Op::Nothing),
        b'^' => whole(bytes, 5, |_| Op::Nothing),
        b'g' => whole(bytes, 6, |_| Op::Nothing),
        b'V' => match *bytes.get(2)? {
            0 | 1 | b'0' | b'1' => Some((3, Op::Cut(0))),
            65 | 66 | 97 | 98 | 103 | 104 => whole(bytes, 4, |c| Op::Cut(c[3])),
            _ => Some((3, Op::Unknown)),
        },
        b'k' => match *bytes.get(2)? {
            0..=6 => until_nul(bytes, 3, Op::NotDrawn(0)),
            _ => whole(bytes, 4, |c| Op::NotDrawn(usize::from(c[3]))),
        },
        b'v' => whole(bytes, 8, |c| {
            let (row_bytes, rows) = (word(c[4], c[5]), word(c[6], c[7]));
            let (double_width, double_height) = (c[3] & 1 != 0, c[3] & 2 != 0);
            Op::Image {
                double_width,
                double_height,
                row_bytes,
                rows,
            }
        }),
        b'*' => whole(bytes, 4, |c| {
            Op::Skip(usize::from(c[2]) * usize::from(c[3]) * 8)
        }),
        b'(' => parse_gs_function(bytes),
        b'8' => whole(bytes, 7, |c| {
            let length = u32::from_le_bytes([c[3], c[4], c[5], c[6]]);
            Op::NotDrawn(usize::try_from(length).unwrap_or(usize::MAX))
        }),
        _ => Some((2, Op::Unknown)),
    }
}

/// Longest settings command that is obeyed, in bytes after its length: eight memory switches at
/// once are 73.
const USER_SETTING_MAX: usize = 128;

/// `GS ( x pL pH ...`.
fn parse_gs_function(bytes: &[u8]) -> Option<(usize, Op)> {
    let (function, length) = (*bytes.get(2)?, word(*bytes.get(3)?, *bytes.get(4)?));
    if function == b'H' && length == 6 {
        return whole(bytes, 11, |c| match c[5..] {
            [0x30, 0x30, a, b, c, d] => {
                ProcessId::new([a, b, c, d]).map_or(Op::Unknown, Op::ReportWhenPrinted)
            }
            _ => Op::Unknown,
        });
    }
    if function == b'E' && length <= USER_SETTING_MAX {
        return whole(bytes, 5 + length, |c| Op::UserSetting(c[5..].to_vec()));
    }
    if function == b'k' && length >= 3 {
        return whole(bytes, 8, |c| symbol(c[5], c[6], c[7], length - 3));
    }
    let op = match function {
        b'k' | b'L' => Op::NotDrawn(length),
        _ => Op::Skip(length),
    };
    Some((5, op))
}

/// `GS ( k`: a two-dimensional code of the kind `symbol`; so many bytes follow.
fn symbol(symbol: u8, function: u8, parameter: u8, follow: usize) -> Op {
    match (symbol, function, follow) {
        (b'1', b'C', 0) => Op::QrModule(parameter),
        (b'1', b'E', 0) => Op::QrLevel(parameter),
        (b'1', b'P', _) => Op::QrStore(follow),
        (b'1', b'Q', 0) => Op::QrPrint,
        (_, b'Q', _) => Op::NotDrawn(follow),
        _ => Op::Skip(follow),
    }
}

fn parse_fs(bytes: &[u8]) -> Option<(usize, Op)> {
    match *bytes.get(1)? {
        b'&' => Some((2, Op::TwoByte(true))),
        b'.' => Some((2, Op::TwoByte(false))),
        b'!' | b'-' | b'C' | b'W' => whole(bytes, 3, |_| Op::Nothing),
        b'S' | b'p' => whole(bytes, 4, |_| Op::Nothing),
        b'(' => whole(bytes, 5, |c| Op::Skip(word(c[3], c[4]))),
        _ => Some((2, Op::Unknown)),
    }
}

/// Real-time commands stay in the stream after they were obeyed on arrival.
fn parse_dle(bytes: &[u8]) -> Option<(usize, Op)> {
    let length = match *bytes.get(1)? {
        0x04 => match *bytes.get(2)? {
            7 | 8 | 18 => 4,
            _ => 3,
        },
        0x05 => 3,
        0x14 => match *bytes.get(2)? {
            1 | 2 => 5,
            3 => 8,
            8 => 10,
            _ => 4,
        },
        _ => return Some((2, Op::Unknown)),
    };
    whole(bytes, length, |_| Op::Nothing)
}

/// Longest list that ends in a NUL, in bytes; Epson allows 32 tab stops, and bar codes of 255.
const LIST_MAX: usize = 260;

fn until_nul(bytes: &[u8], from: usize, op: Op) -> Option<(usize, Op)> {
    match bytes
        .get(from..)?
        .iter()
        .take(LIST_MAX)
        .position(|byte| *byte == 0)
    {
        Some(at) => Some((from + at + 1, op)),
        None if bytes.len() >= from + LIST_MAX => Some((from, Op::Unknown)),
        None => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn commands_have_their_lengths() {
        let id = ProcessId::from_number(1);
        for (bytes, op) in [
            (&[0x1b, b'@'][..], Op::Initialize),
            (&[0x1b, b'J', 24], Op::FeedDots(24)),
            (&[0x1b, b'$', 0x10, 1], Op::MoveTo(272)),
            (&[0x1d, b'V', 66, 3], Op::Cut(3)),
            (&[0x1d, b'V', 0], Op::Cut(0)),
            (&[0x1d, b'a', 0xff], Op::Asb(0xff)),
            (&[0x1d, b'r', b'1'], Op::SendStatus(b'1')),
            (&id.request(), Op::ReportWhenPrinted(id)),
            (&[0x1c, b'.'], Op::TwoByte(false)),
            (&[0x1d, b'!', 0x21], Op::Size(0x21)),
            (&[0x1b, b'E', 1], Op::Emphasis(true)),
            (&[0x1d, b'(', b'k', 3, 0, b'1', b'C', 5], Op::QrModule(5)),
            (
                &[0x1d, b'(', b'k', 0, 1, b'1', b'P', b'0'],
                Op::QrStore(253),
            ),
            (&[0x1d, b'(', b'k', 3, 0, b'1', b'Q', b'0'], Op::QrPrint),
            (&[0x1d, b'(', b'k', 4, 0, b'0', b'P', b'0'], Op::Skip(1)),
            (&[0x10, 4, 4], Op::Nothing),
            (&[0x10, 0x14, 8, 1, 3, 0x14, 1, 6, 2, 8], Op::Nothing),
            (&[0x1d, b'k', 73, 3], Op::NotDrawn(3)),
            (&[0x1d, b'k', 4, b'1', 0], Op::NotDrawn(0)),
            (&[0x1b, b'D', 8, 16, 0], Op::Nothing),
            (
                &[0x1d, b'v', b'0', 0, 72, 0, 128, 0],
                Op::Image {
                    double_width: false,
                    double_height: false,
                    row_bytes: 72,
                    rows: 128,
                },
            ),
        ] {
            assert_eq!(parse(bytes), Some((bytes.len(), op)), "{bytes:02x?}");
            assert_eq!(
                parse(&bytes[..bytes.len() - 1]),
                None,
                "{bytes:02x?} cut short"
            );
        }
    }

    proptest! {
        #[test]
        fn any_bytes_are_cut_without_panic(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
            let mut rest = bytes.as_slice();
            while let Some((length, _)) = parse(rest) {
                prop_assert!(length > 0 && length <= rest.len());
                rest = &rest[length..];
            }
            prop_assert!(rest.len() < LIST_MAX + 4, "{} bytes never become a command", rest.len());
        }
    }
}
