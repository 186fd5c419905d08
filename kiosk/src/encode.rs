//! From a paper to the printer's bytes: as a picture, or as text where the printer has the letters ([`crate::text`]).
//!
//! The `escpos` crate writes the head of the stream (`ESC @`, `GS P`) through a driver that only collects bytes. Its
//! other parts are not used, and why: its partial cut is a full cut (`1D 56 41 01`), its reset is another maker's
//! command, its pictures are shrunk to 512 x 512 dots and preceded by a CAN, it has no raw raster, its drivers block
//! and send a job again after an error, and its status requests carry a stray NUL.
//!
//! A printer obeys real-time commands (`DLE EOT`, `DLE ENQ`, `DLE DC4`) wherever their bytes stand, also in the middle
//! of a picture (Epson TM-U220A specification, p. 55), and some of them switch it off or empty its buffer. So no byte
//! 10h is followed by 04h, 05h or 14h anywhere in the stream: where a picture would say so, one dot is set. Text has no
//! byte below 20h.

use std::cell::RefCell;
use std::rc::Rc;

use escpos::driver::Driver;
use escpos::errors::PrinterError;
use escpos::printer::Printer;
use escpos::utils::Protocol;
use firmware_config::profile::{PrinterHead, RomText};

use crate::raster::{Bitmap, Rasteriser};
use crate::text;
use crate::ticket::Document;

/// Rows of one picture command. A printer that loses the link inside of one waits for the rest of it.
pub const BAND_ROWS: usize = 128;
/// Blank rows from which feeding is shorter than printing them, in bytes: the feed and another picture's head.
const SKIP_COST_BYTES: usize = 3 + 4 + 8;
/// Paper that follows the cut position, tenths of a millimetre.
const CUT_FEED_TENTHS_MM: usize = 30;

/// From the print head to the cutter, past which every cut feeds: 12 to 18 mm at desktop receipt printers.
const HEAD_TO_CUTTER_MM: u32 = 15;

/// Lines that bring the last row past the edge on which paper is torn, as far as a cut would: 1/6 inch each after `ESC @`.
/// A printer without a cutter leaves `GS V` out together with its feed.
const TEAR_FEED_LINES: u8 = 4;

const DLE: u8 = 0x10;
/// Second bytes of the real-time commands.
const REAL_TIME: [u8; 3] = [0x04, 0x05, 0x14];

/// How a printer's paper is addressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Encoding {
    /// Motion units per inch that make one unit one dot; `None` where no such unit exists and blank rows are printed.
    dots_per_inch: Option<u8>,
    dots_per_mm: u8,
    has_cutter: bool,
    text_mode: Option<RomText>,
}

/// A paper for one printer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Printable {
    /// The whole job up to and with the cut, or the feed to where it is torn off; what asks for a confirmation comes after
    /// it and belongs to the printer's machine.
    pub stream: Vec<u8>,
    /// Paper that it takes until it is cut or torn off, millimetres.
    pub paper_mm: u32,
}

impl Encoding {
    /// For a print head before a cutter. `GS P` takes units up to 255 per inch, so finer heads print their blank rows.
    pub fn for_head(head: PrinterHead) -> Self {
        // The nominal densities; 8 dots/mm are sold as 203 dpi, 7 as 180.
        let dots_per_inch = match head.dots_per_mm {
            7 => Some(180),
            8 => Some(203),
            other => u8::try_from((u32::from(other) * 254 + 5) / 10).ok(),
        };
        Self {
            dots_per_inch,
            dots_per_mm: head.dots_per_mm,
            has_cutter: true,
            text_mode: None,
        }
    }

    /// The same with a cutter or without one.
    #[must_use]
    pub fn with_cutter(self, has_cutter: bool) -> Self {
        Self { has_cutter, ..self }
    }

    /// The cut, or the feed to where the paper is torn off.
    pub(crate) fn cut(self) -> Vec<u8> {
        if self.has_cutter {
            let cut_feed = CUT_FEED_TENTHS_MM * usize::from(self.dots_per_mm) / 10;
            // GS V 66 n: feed to the cutter and n units on, cut partially.
            vec![0x1d, b'V', 66, cut_feed.min(255) as u8]
        } else {
            // ESC d n: feed n lines. Lines are as high on every head, so this needs no unit.
            vec![0x1b, b'd', TEAR_FEED_LINES]
        }
    }

    /// The same with text in the letters of the printer's ROM, or as pictures. A head without a motion unit prints pictures:
    /// its ROM's letters would be too small.
    #[must_use]
    pub fn with_text_mode(self, text_mode: Option<RomText>) -> Self {
        Self {
            text_mode: text_mode.filter(|_| self.dots_per_inch.is_some()),
            ..self
        }
    }

    /// Bytes of the longest picture command for a paper `row_bytes` wide: after so many NULs no printer still waits
    /// for the rest of one.
    pub fn longest_band_bytes(row_bytes: usize) -> usize {
        BAND_ROWS * row_bytes + 8
    }
}

/// A paper as the printer is to print it.
///
/// # Errors
/// Only if the `escpos` crate refuses its two commands.
pub fn print(
    rasteriser: &mut Rasteriser,
    paper: &Document,
    encoding: Encoding,
) -> Result<Printable, PrinterError> {
    let head = rasteriser.head();
    let (stream, height_dots) = match encoding.text_mode {
        Some(RomText::Big5) => text::encode(rasteriser, paper, encoding)?,
        None => {
            let bitmap = rasteriser.draw(paper);
            (encode(&bitmap, encoding)?, bitmap.height_dots())
        }
    };
    Ok(Printable {
        stream,
        paper_mm: paper_mm(height_dots, head),
    })
}

/// The whole job of a paper that is one picture.
///
/// # Errors
/// Only if the `escpos` crate refuses its two commands.
pub fn encode(bitmap: &Bitmap, encoding: Encoding) -> Result<Vec<u8>, PrinterError> {
    let mut stream = begin(encoding)?;
    // FS .: a printer sold for Chinese wakes up in its two-byte mode.
    stream.extend([0x1c, b'.']);
    picture(&mut stream, bitmap, encoding);
    end(&mut stream, encoding);
    Ok(stream)
}

/// A picture as bands and feeds, from the beginning of a line at the left.
pub(crate) fn picture(stream: &mut Vec<u8>, bitmap: &Bitmap, encoding: Encoding) {
    let mut y = 0;
    while y < bitmap.height_dots() {
        let blank = (y..bitmap.height_dots())
            .take_while(|row| is_blank(bitmap.row(*row)))
            .count();
        if blank > 0 && encoding.dots_per_inch.is_some() {
            feed(stream, blank);
            y += blank;
        } else {
            let rows = band_rows(bitmap, y, encoding);
            band(stream, bitmap, y, rows, encoding);
            y += rows;
        }
    }
}

/// The cut, or the feed to where the paper is torn off, after all that is printed.
pub(crate) fn end(stream: &mut Vec<u8>, encoding: Encoding) {
    stream.extend(encoding.cut());
    debug_assert_eq!(real_time_at(stream), None);
}

/// Paper that so many dots take until it is cut or torn off, millimetres.
fn paper_mm(height_dots: usize, head: PrinterHead) -> u32 {
    let drawn_mm = height_dots.div_ceil(usize::from(head.dots_per_mm).max(1));
    drawn_mm as u32 + HEAD_TO_CUTTER_MM + CUT_FEED_TENTHS_MM as u32 / 10
}

/// Where a real-time command hides, if anywhere.
pub fn real_time_at(stream: &[u8]) -> Option<usize> {
    stream
        .windows(2)
        .position(|pair| pair[0] == DLE && REAL_TIME.contains(&pair[1]))
}

/// `ESC @` and the motion units.
pub(crate) fn begin(encoding: Encoding) -> Result<Vec<u8>, PrinterError> {
    let collected = Collect::default();
    let mut printer = Printer::new(collected.clone(), Protocol::default(), None);
    printer.init()?;
    if let Some(dpi) = encoding.dots_per_inch {
        printer.motion_units(dpi, dpi)?;
    }
    printer.print()?;
    Ok(collected.0.take())
}

/// A driver that keeps the bytes.
#[derive(Clone, Default)]
struct Collect(Rc<RefCell<Vec<u8>>>);

impl Driver for Collect {
    fn name(&self) -> String {
        "collect".to_owned()
    }

    fn write(&self, data: &[u8]) -> Result<(), PrinterError> {
        self.0.borrow_mut().extend(data);
        Ok(())
    }

    fn read(&self, _: &mut [u8]) -> Result<usize, PrinterError> {
        Ok(0)
    }

    fn flush(&self) -> Result<(), PrinterError> {
        Ok(())
    }
}

fn is_blank(row: &[u8]) -> bool {
    row.iter().all(|byte| *byte == 0)
}

/// `ESC J n`, as often as needed.
pub(crate) fn feed(stream: &mut Vec<u8>, mut rows: usize) {
    while rows > 0 {
        let step = rows.min(255);
        stream.extend([0x1b, b'J', step as u8]);
        rows -= step;
    }
}

/// Rows of the band that starts at `y`: up to the next gap worth feeding over, at most [`BAND_ROWS`].
fn band_rows(bitmap: &Bitmap, y: usize, encoding: Encoding) -> usize {
    let end = bitmap.height_dots().min(y + BAND_ROWS);
    if encoding.dots_per_inch.is_none() {
        return end - y;
    }
    let mut blank = 0;
    for row in y..end {
        if is_blank(bitmap.row(row)) {
            blank += 1;
            if blank * bitmap.row_bytes() > SKIP_COST_BYTES {
                return row + 1 - blank - y;
            }
        } else {
            blank = 0;
        }
    }
    end - blank - y
}

/// One `GS v 0` picture without its white left and right bytes, at its place by `ESC $`.
fn band(stream: &mut Vec<u8>, bitmap: &Bitmap, y: usize, rows: usize, encoding: Encoding) {
    let rows = y..y + rows;
    let inked = |column: usize| rows.clone().any(|row| bitmap.row(row)[column] != 0);
    let mut left = (0..bitmap.row_bytes()).find(|x| inked(*x)).unwrap_or(0);
    let right = (left..bitmap.row_bytes())
        .rfind(|x| inked(*x))
        .unwrap_or(left)
        + 1;
    if encoding.dots_per_inch.is_none() {
        left = 0;
    }
    // A position of 10h low and 04h, 05h or 14h high would itself be a real-time command: start eight dots earlier.
    if real_time_at(&position(left)).is_some() {
        left -= 1;
    }
    if left > 0 {
        stream.extend([0x1b, b'$']);
        stream.extend(position(left));
    }
    let width = (right - left) as u16;
    stream.extend([0x1d, b'v', b'0', 0]);
    stream.extend(width.to_le_bytes());
    stream.extend((rows.len() as u16).to_le_bytes());
    let start = stream.len();
    for row in rows {
        stream.extend(&bitmap.row(row)[left..right]);
    }
    defuse(&mut stream[start..]);
}

fn position(left_bytes: usize) -> [u8; 2] {
    ((left_bytes * 8) as u16).to_le_bytes()
}

/// Sets the last dot of a byte 10h that would begin a real-time command: 11h begins and ends none.
fn defuse(picture: &mut [u8]) {
    for at in 1..picture.len() {
        if picture[at - 1] == DLE && REAL_TIME.contains(&picture[at]) {
            picture[at - 1] |= 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const HEAD: PrinterHead = PrinterHead {
        width_dots: 576,
        dots_per_mm: 8,
    };

    /// What a printer makes of the stream: the dots down to the cut. Knows only the commands used here.
    fn print(stream: &[u8], row_bytes: usize) -> Vec<Vec<u8>> {
        let mut paper: Vec<Vec<u8>> = Vec::new();
        let mut left = 0;
        let mut rest = stream;
        loop {
            rest = match rest {
                [] => return paper,
                [0x1b, b'@', rest @ ..] | [0x1c, b'.', rest @ ..] => rest,
                [0x1d, b'P', 203, 203, rest @ ..] => rest,
                [0x1b, b'J', n, rest @ ..] => {
                    paper.extend(std::iter::repeat_n(vec![0; row_bytes], usize::from(*n)));
                    rest
                }
                [0x1b, b'$', low, high, rest @ ..] => {
                    left = usize::from(u16::from_le_bytes([*low, *high]));
                    assert_eq!(left % 8, 0);
                    rest
                }
                [0x1d, b'v', b'0', 0, xl, xh, yl, yh, rest @ ..] => {
                    let width = usize::from(u16::from_le_bytes([*xl, *xh]));
                    let rows = usize::from(u16::from_le_bytes([*yl, *yh]));
                    assert!(width > 0 && (1..=BAND_ROWS).contains(&rows));
                    for row in rest[..width * rows].chunks(width) {
                        let mut line = vec![0; row_bytes];
                        line[left / 8..left / 8 + width].copy_from_slice(row);
                        paper.push(line);
                    }
                    left = 0;
                    &rest[width * rows..]
                }
                [0x1d, b'V', 66, _] => return paper,
                other => panic!("unknown command {:02x?}", &other[..other.len().min(8)]),
            };
        }
    }

    /// Dots that differ, which must all be last dots of a byte 10h.
    fn flipped(bitmap: &Bitmap, paper: &[Vec<u8>]) -> usize {
        assert_eq!(paper.len(), bitmap.height_dots());
        let mut count = 0;
        for (y, row) in paper.iter().enumerate() {
            for (printed, wanted) in row.iter().zip(bitmap.row(y)) {
                if printed != wanted {
                    assert_eq!((*wanted, *printed), (0x10, 0x11));
                    count += 1;
                }
            }
        }
        count
    }

    #[test]
    fn a_small_picture_byte_by_byte() {
        let mut rows = vec![0; 72 * 5];
        rows[72 + 2] = 0xf0;
        rows[2 * 72 + 3] = 0x0f;
        let bitmap = Bitmap::from_rows(72, rows).unwrap();
        let stream = encode(&bitmap, Encoding::for_head(HEAD)).unwrap();
        let expected: &[&[u8]] = &[
            &[0x1b, b'@', 0x1d, b'P', 203, 203, 0x1c, b'.'],
            &[0x1b, b'J', 1, 0x1b, b'$', 16, 0],
            &[0x1d, b'v', b'0', 0, 2, 0, 2, 0, 0xf0, 0, 0, 0x0f],
            &[0x1b, b'J', 2, 0x1d, b'V', 66, 24],
        ];
        assert_eq!(stream, expected.concat());
    }

    #[test]
    fn real_time_commands_are_broken_within_and_across_rows() {
        let bitmap =
            Bitmap::from_rows(2, vec![0x10, 0x14, 0x08, 0x10, 0x04, 0x01, 0x10, 0x05]).unwrap();
        let stream = encode(&bitmap, Encoding::for_head(HEAD)).unwrap();
        assert_eq!(real_time_at(&stream), None);
        assert_eq!(flipped(&bitmap, &print(&stream, 2)), 3);
    }

    /// Far to the right on very wide paper the position itself could be a command.
    #[test]
    fn positions_hide_no_command() {
        for high in [4, 5, 0x14] {
            let left = (high << 8 | 0x10) / 8;
            let mut row = vec![0; left + 4];
            row[left] = 0xff;
            let bitmap = Bitmap::from_rows(left + 4, row).unwrap();
            let stream = encode(&bitmap, Encoding::for_head(HEAD)).unwrap();
            assert_eq!(real_time_at(&stream), None);
            assert_eq!(flipped(&bitmap, &print(&stream, left + 4)), 0);
        }
    }

    #[test]
    fn long_gaps_are_fed_and_heads_without_a_unit_print_them() {
        let mut rows = vec![0; 72 * 700];
        rows[72 * 699] = 1;
        let bitmap = Bitmap::from_rows(72, rows).unwrap();
        let short = encode(&bitmap, Encoding::for_head(HEAD)).unwrap();
        assert!(short.len() < 60, "{}", short.len());
        assert_eq!(flipped(&bitmap, &print(&short, 72)), 0);
        let fine = PrinterHead {
            width_dots: 576,
            dots_per_mm: 12,
        };
        let long = encode(&bitmap, Encoding::for_head(fine)).unwrap();
        assert_eq!(flipped(&bitmap, &print(&long, 72)), 0);
        assert!(!long.windows(2).any(|pair| pair == [0x1b, b'J']));
    }

    #[test]
    fn a_paper_that_is_torn_off_is_fed_and_not_cut() {
        let bitmap = Bitmap::from_rows(2, vec![0xf0, 0x0f]).unwrap();
        let encoding = Encoding::for_head(HEAD);
        let cut = encode(&bitmap, encoding).unwrap();
        let torn = encode(&bitmap, encoding.with_cutter(false)).unwrap();
        let (drawn, cut) = cut.split_last_chunk::<4>().unwrap();
        assert_eq!(cut, &[0x1d, b'V', 66, 24]);
        assert_eq!(torn, [drawn, &[0x1b, b'd', 4]].concat());
    }

    #[test]
    fn nothing_to_print_is_a_cut() {
        let stream = encode(&Bitmap::new(576), Encoding::for_head(HEAD)).unwrap();
        assert!(print(&stream, 72).is_empty());
    }

    /// Bytes that are often parts of real-time commands or blank.
    fn hostile_byte() -> impl Strategy<Value = u8> {
        prop_oneof![
            4 => Just(0x10_u8),
            4 => prop::sample::select(&[0x04_u8, 0x05, 0x14, 1, 2, 3, 7, 8, 18][..]),
            2 => Just(0_u8),
            1 => any::<u8>(),
        ]
    }

    fn hostile_bitmap() -> impl Strategy<Value = Bitmap> {
        let row = |width: usize| {
            prop_oneof![
                2 => Just(vec![0_u8; width]),
                3 => prop::collection::vec(hostile_byte(), width),
            ]
        };
        (1..40_usize, 0..200_usize).prop_flat_map(move |(width, height)| {
            prop::collection::vec(row(width), height)
                .prop_map(move |rows| Bitmap::from_rows(width, rows.concat()).unwrap())
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn any_picture_is_printed_without_a_real_time_command(bitmap in hostile_bitmap()) {
            let stream = encode(&bitmap, Encoding::for_head(HEAD)).unwrap();
            prop_assert_eq!(real_time_at(&stream), None);
            let paper = print(&stream, bitmap.row_bytes());
            let hidden = flipped(&bitmap, &paper);
            let unsafe_pairs = real_time_count(&bitmap);
            prop_assert!(hidden <= unsafe_pairs, "{hidden} dots for {unsafe_pairs} sequences");
        }
    }

    /// Bytes 10h before 04h, 05h or 14h when blank bytes at the sides may be left out: an upper bound, so every 10h.
    fn real_time_count(bitmap: &Bitmap) -> usize {
        (0..bitmap.height_dots())
            .flat_map(|y| bitmap.row(y))
            .filter(|byte| **byte == DLE)
            .count()
    }
}
