//! A paper as text in the letters of the printer's ROM, for slow lines: a second or two at 9,600 bit/s instead of half a
//! minute.
//!
//! Each piece of the paper is text, a rule, a feed or a QR code of the printer's own where these can say it, and else a
//! picture, so that nothing is missing and nothing is another character. The printer's letters are 24 dots high, Chinese
//! ones 24 and others 12 dots wide, and up to 8 times as wide and as high (Epson ESC/POS reference, `GS !`).

mod big5;
mod lines;

use escpos::errors::PrinterError;
use firmware_config::profile::PrinterHead;
use qrcodegen::{QrCode, QrCodeEcc, QrSegment, Version};
use screens::Language;
use station_config::ticket::{Align, Millimetres, NUMBER_NARROWEST, QUIET_ZONE_MODULES, TextStyle};

use crate::encode::{Encoding, begin, end, feed, picture, real_time_at};
use crate::raster::Rasteriser;
use crate::ticket::{Block, Document};

/// Height of the ROM's letters, and width of the Chinese ones, in dots.
const LETTER_DOTS: usize = 24;
/// Width of a column, in dots: a letter of ASCII.
const COLUMN_DOTS: usize = 12;
/// From line to line, in dots, for letters of 24.
const LINE_DOTS: usize = 30;
/// Dots of a capital's height in the ROM's letters, about.
const CAP_DOTS: f32 = 18.0;
/// Most that letters are enlarged.
const TIMES_MAX: usize = 8;
/// Dots of the largest module of a QR code.
const MODULE_DOTS_MAX: usize = 16;
/// Empty paper below the number.
const BELOW_NUMBER: Millimetres = Millimetres::tenths(15);

/// The whole job of a paper, and its height in dots.
///
/// # Errors
/// Only if the `escpos` crate refuses its two commands.
pub(crate) fn encode(
    rasteriser: &mut Rasteriser,
    paper: &Document,
    encoding: Encoding,
) -> Result<(Vec<u8>, usize), PrinterError> {
    let head = rasteriser.head();
    let mut press = Press::new(encoding)?;
    // Neighbours that are pictures are drawn as one.
    let mut pictured = Vec::new();
    for block in rasteriser.blocks(paper) {
        match Piece::of(&block, head) {
            Some(piece) => {
                press.draw(rasteriser, &std::mem::take(&mut pictured));
                press.put(piece);
            }
            None => pictured.push(block),
        }
    }
    press.draw(rasteriser, &pictured);
    Ok(press.end())
}

/// What a printer can make itself of a block.
enum Piece {
    Lines {
        lines: Vec<Vec<u8>>,
        /// How many times as wide and as high as in the ROM.
        times: (usize, usize),
        bold: bool,
        align: Align,
        /// From line to line, in dots.
        pitch: usize,
    },
    Code {
        commands: Vec<u8>,
        side: usize,
        /// Empty dots above and below: the printer adds none.
        quiet: usize,
    },
    Feed(usize),
}

impl Piece {
    /// Nothing where only a picture will do.
    fn of(block: &Block, head: PrinterHead) -> Option<Self> {
        let columns = (usize::from(head.width_dots) / COLUMN_DOTS).max(2);
        match block {
            Block::Text { text, .. } if text.is_empty() => Some(Self::Feed(0)),
            Block::Text {
                language,
                text,
                style,
                align,
            } => Self::text(*language, text, *style, *align, columns, head),
            Block::Number {
                text,
                height,
                align,
            } => Self::number(text, *height, *align, columns, head),
            Block::Qr {
                text,
                width,
                align: Align::Centre,
            } => Self::code(text, *width, head),
            // At the side the printer leaves no quiet zone.
            Block::Qr { .. } | Block::Logo { .. } => None,
            Block::Rule(_) => Some(Self::Lines {
                lines: vec![big5::encode(&"─".repeat(columns / 2))?],
                times: (1, 1),
                bold: false,
                align: Align::Centre,
                pitch: LINE_DOTS,
            }),
            Block::Space(height) => Some(Self::Feed(height.dots(head))),
        }
    }

    fn text(
        language: Language,
        text: &str,
        style: TextStyle,
        align: Align,
        columns: usize,
        head: PrinterHead,
    ) -> Option<Self> {
        // Japanese and Korean have the same characters in other forms.
        if matches!(language, Language::Ja | Language::Ko) && !text.is_ascii() {
            return None;
        }
        big5::encode(text)?;
        let em = style.size_mm.exact_dots(head) / LETTER_DOTS as f32;
        let high = (em.round() as usize).clamp(1, TIMES_MAX);
        // As wide as a whole word lets it be.
        let fitting = (1..=high)
            .rev()
            .find_map(|wide| Some((wide, lines::wrapped(text, columns / wide)?)));
        let (wide, lines) = fitting.unwrap_or_else(|| (1, lines::broken(text, columns)));
        Some(Self::Lines {
            lines: lines.iter().filter_map(|line| big5::encode(line)).collect(),
            times: (wide, high),
            bold: style.bold,
            align,
            pitch: LINE_DOTS * high,
        })
    }

    /// On one line, as high as it may be, and narrowed where the paper is narrow.
    fn number(
        number: &str,
        height: Millimetres,
        align: Align,
        columns: usize,
        head: PrinterHead,
    ) -> Option<Self> {
        let line = big5::encode(number)?;
        let room = columns / line.len().max(1);
        let high = (height.exact_dots(head) / CAP_DOTS).ceil() as usize;
        let tallest = (room as f32 / NUMBER_NARROWEST) as usize;
        let high = high.min(tallest).min(TIMES_MAX);
        let wide = high.min(room);
        (wide > 0).then(|| Self::Lines {
            lines: vec![line],
            times: (wide, high),
            bold: true,
            align,
            pitch: LETTER_DOTS * high + BELOW_NUMBER.dots(head),
        })
    }

    /// A QR code by `GS ( k`, in modules as large as in the picture.
    fn code(text: &str, width: Millimetres, head: PrinterHead) -> Option<Self> {
        if !text.bytes().all(|byte| matches!(byte, b' '..=b'~')) {
            return None;
        }
        // Which kinds of data the printer packs more closely is its own affair; as bytes the code is the largest.
        let said = [QrSegment::make_bytes(text.as_bytes())];
        let (level, least, most) = (QrCodeEcc::Medium, Version::MIN, Version::MAX);
        let code = QrCode::encode_segments_advanced(&said, level, least, most, None, false).ok()?;
        let size = code.size() as usize;
        let fits = usize::from(head.width_dots) / (size + 2 * QUIET_ZONE_MODULES);
        let module = width
            .dots(head)
            .div_ceil(size)
            .min(fits)
            .min(MODULE_DOTS_MAX);
        if module == 0 {
            return None;
        }
        let mut commands = Vec::new();
        let mut function = |parameters: &[u8]| {
            commands.extend([0x1d, b'(', b'k']);
            commands.extend((parameters.len() as u16).to_le_bytes());
            commands.extend(parameters);
        };
        // Model 2, dots of a module, error correction M, what it says, and print it.
        function(&[b'1', b'A', b'2', 0]);
        function(&[b'1', b'C', module as u8]);
        function(b"1E1");
        function(&[b"1P0", text.as_bytes()].concat());
        function(b"1Q0");
        // The length of what it says can be a real-time command.
        let is_harmless = real_time_at(&commands).is_none();
        is_harmless.then_some(Self::Code {
            commands,
            side: size * module,
            quiet: QUIET_ZONE_MODULES * module,
        })
    }
}

/// The bytes so far, and how the printer is set.
struct Press {
    encoding: Encoding,
    stream: Vec<u8>,
    height_dots: usize,
    align: u8,
    /// As `GS !` has it.
    size: u8,
    bold: bool,
    pitch: Option<usize>,
}

impl Press {
    fn new(encoding: Encoding) -> Result<Self, PrinterError> {
        let mut stream = begin(encoding)?;
        // FS &: two-byte mode; FS S: nothing between Chinese characters; ESC M: the larger font; ESC R: plain ASCII.
        stream.extend(b"\x1c&\x1cS\0\0\x1bM\0\x1bR\0");
        Ok(Self {
            encoding,
            stream,
            height_dots: 0,
            align: 0,
            size: 0,
            bold: false,
            pitch: None,
        })
    }

    fn put(&mut self, piece: Piece) {
        match piece {
            Piece::Lines {
                lines,
                times: (wide, high),
                bold,
                align,
                pitch,
            } => {
                self.align(align);
                self.bold(bold);
                self.size(((wide - 1) << 4 | (high - 1)) as u8);
                self.pitch(pitch);
                for line in lines {
                    self.stream.extend(line);
                    self.stream.push(b'\n');
                    self.height_dots += pitch;
                }
            }
            Piece::Code {
                commands,
                side,
                quiet,
            } => {
                self.align(Align::Centre);
                self.feed(quiet);
                self.stream.extend(commands);
                self.height_dots += side;
                self.feed(quiet);
            }
            Piece::Feed(dots) => self.feed(dots),
        }
    }

    fn draw(&mut self, rasteriser: &mut Rasteriser, blocks: &[Block]) {
        if blocks.is_empty() {
            return;
        }
        let bitmap = rasteriser.draw_below(0, blocks);
        self.align(Align::Left);
        picture(&mut self.stream, &bitmap, self.encoding);
        self.height_dots += bitmap.height_dots();
    }

    fn feed(&mut self, dots: usize) {
        feed(&mut self.stream, dots);
        self.height_dots += dots;
    }

    fn align(&mut self, align: Align) {
        let n = match align {
            Align::Left => 0,
            Align::Centre => 1,
            Align::Right => 2,
        };
        if self.align != n {
            self.stream.extend([0x1b, b'a', n]);
            self.align = n;
        }
    }

    fn bold(&mut self, bold: bool) {
        if self.bold != bold {
            self.stream.extend([0x1b, b'E', u8::from(bold)]);
            self.bold = bold;
        }
    }

    fn size(&mut self, size: u8) {
        if self.size != size {
            self.stream.extend([0x1d, b'!', size]);
            self.size = size;
        }
    }

    /// `ESC 3`. At most 8 times 30 dots.
    fn pitch(&mut self, dots: usize) {
        if self.pitch != Some(dots) {
            self.stream.extend([0x1b, b'3', dots.min(255) as u8]);
            self.pitch = Some(dots);
        }
    }

    fn end(mut self) -> (Vec<u8>, usize) {
        self.stream.extend([0x1c, b'.']);
        end(&mut self.stream, self.encoding);
        (self.stream, self.height_dots)
    }
}
