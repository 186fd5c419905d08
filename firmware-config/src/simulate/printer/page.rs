//! What has been put on paper.

use encoding_rs::BIG5;

use crate::profile::RomText;

/// Height of the resident font and width of its cells, in dots.
const FONT: (usize, usize) = (24, 12);
/// Feed of a text line after power-on, in dots.
const LINE_SPACING: u8 = 30;
/// Longest paper, in dot rows: over 3 m. A longer one is torn off.
const ROWS_MAX: usize = 24_000;
/// Most bytes remembered with a paper.
const RAW_MAX: usize = 1024 * 1024;

/// What stands where the ROM has no such character.
const NO_LETTER: char = '\u{fffd}';

/// A text line printed with the resident font.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TextLine {
    /// Its characters.
    pub text: String,
    /// How many times as wide and as high as in the font its largest letters are.
    pub size: (u8, u8),
    /// It has emphasised letters.
    pub bold: bool,
    /// First dot across the paper, and the one after the last.
    pub dots: (usize, usize),
}

/// A paper that came out of the printer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Paper {
    /// Number of this paper since the printer was made, from 1.
    pub seq: u64,
    /// Dots across.
    pub width_dots: u16,
    /// Dot rows from the top, 8 dots in a byte, leftmost in the highest bit, 1 is black.
    pub rows: Vec<Vec<u8>>,
    /// Text lines printed with the resident font; their characters stand as boxes in `rows`.
    pub lines: Vec<TextLine>,
    /// What the QR codes say that the printer made itself.
    pub codes: Vec<String>,
    /// The bytes it was printed from.
    pub raw: Vec<u8>,
    /// It was cut. Otherwise the printer lost power, or the paper became too long.
    pub complete: bool,
}

impl Paper {
    /// The text of its lines.
    pub fn text(&self) -> Vec<&str> {
        self.lines.iter().map(|line| line.text.as_str()).collect()
    }

    /// The paper as a portable bitmap (PBM, kind P4), which picture viewers and programs read.
    pub fn to_pbm(&self) -> Vec<u8> {
        let mut picture = format!("P4\n{} {}\n", self.width_dots, self.rows.len()).into_bytes();
        picture.extend(self.rows.iter().flatten());
        picture
    }
}

/// The paper being printed.
#[derive(Debug)]
pub(super) struct Page {
    row_bytes: usize,
    rom_text: Option<RomText>,
    rows: Vec<Vec<u8>>,
    lines: Vec<TextLine>,
    codes: Vec<String>,
    raw: Vec<u8>,
    line: Vec<Letter>,
    /// First byte of a character whose second has not come yet.
    lead: Option<u8>,
    two_byte: bool,
    size: (u8, u8),
    bold: bool,
    align: Align,
    line_spacing: u8,
    x_dots: usize,
}

/// A letter of the unfinished line.
#[derive(Clone, Copy, Debug)]
pub(super) struct Letter {
    character: char,
    /// Width in the font, in dots.
    cell: usize,
    /// How many times as wide and as high it is.
    size: (u8, u8),
    bold: bool,
}

impl Letter {
    fn width(&self) -> usize {
        self.cell * usize::from(self.size.0)
    }
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Align {
    #[default]
    Left,
    Centre,
    Right,
}

impl Page {
    pub(super) fn new(width_dots: u16, rom_text: Option<RomText>) -> Self {
        Self {
            row_bytes: usize::from(width_dots).div_ceil(8),
            rom_text,
            rows: Vec::new(),
            lines: Vec::new(),
            codes: Vec::new(),
            raw: Vec::new(),
            line: Vec::new(),
            lead: None,
            two_byte: false,
            size: (1, 1),
            bold: false,
            align: Align::default(),
            line_spacing: LINE_SPACING,
            x_dots: 0,
        }
    }

    pub(super) fn width_dots(&self) -> usize {
        self.row_bytes * 8
    }

    pub(super) fn height_dots(&self) -> usize {
        self.rows.len()
    }

    pub(super) fn is_blank(&self) -> bool {
        self.rows.is_empty() && self.lines.is_empty()
    }

    pub(super) fn is_too_long(&self) -> bool {
        self.rows.len() >= ROWS_MAX
    }

    /// Remembers where the paper comes from.
    pub(super) fn remember(&mut self, bytes: &[u8]) {
        let room = RAW_MAX.saturating_sub(self.raw.len());
        self.raw.extend(&bytes[..bytes.len().min(room)]);
    }

    /// `ESC @`: settings and the unfinished line are forgotten, what is printed stays.
    pub(super) fn initialize(&mut self) {
        self.line.clear();
        self.lead = None;
        self.two_byte = false;
        self.size = (1, 1);
        self.bold = false;
        self.align = Align::default();
        self.line_spacing = LINE_SPACING;
        self.x_dots = 0;
    }

    pub(super) fn set_align(&mut self, n: u8) {
        self.align = match n {
            1 | b'1' => Align::Centre,
            2 | b'2' => Align::Right,
            _ => Align::Left,
        };
    }

    pub(super) fn set_line_spacing(&mut self, dots: Option<u8>) {
        self.line_spacing = dots.unwrap_or(LINE_SPACING);
    }

    pub(super) fn move_to(&mut self, x_dots: u16) {
        self.x_dots = usize::from(x_dots);
    }

    pub(super) fn set_bold(&mut self, on: bool) {
        self.bold = on;
    }

    pub(super) fn set_size(&mut self, n: u8) {
        self.size = ((n >> 4 & 7) + 1, (n & 7) + 1);
    }

    /// Only a printer with such characters knows the mode.
    pub(super) fn set_two_byte(&mut self, on: bool) {
        self.two_byte = on && self.rom_text.is_some();
    }

    /// The letter that is whole with this byte.
    pub(super) fn read(&mut self, byte: u8) -> Option<Letter> {
        let (height, cell) = FONT;
        let letter = |character, cell| Letter {
            character,
            cell,
            size: self.size,
            bold: self.bold,
        };
        if let Some(lead) = self.lead.take() {
            return Some(letter(big5([lead, byte]), height));
        }
        if self.two_byte && byte > 0x80 {
            self.lead = Some(byte);
            return None;
        }
        // The printer's code table is unknown here; what is not ASCII shows as a mark.
        let character = Some(byte)
            .filter(u8::is_ascii)
            .map_or(NO_LETTER, char::from);
        Some(letter(character, cell))
    }

    /// Whether a letter of the text line still stands on the paper; else it begins a new line.
    pub(super) fn has_room(&self, letter: &Letter) -> bool {
        self.line.is_empty() || self.line_width() + letter.width() <= self.width_dots()
    }

    pub(super) fn put(&mut self, letter: Letter) {
        self.line.push(letter);
    }

    pub(super) fn is_line_empty(&self) -> bool {
        self.line.is_empty()
    }

    fn line_width(&self) -> usize {
        self.line.iter().map(Letter::width).sum()
    }

    pub(super) fn line_feed_dots(&self) -> usize {
        usize::from(self.line_spacing)
    }

    /// Takes the unfinished text line as dot rows.
    pub(super) fn take_line(&mut self) -> Vec<Vec<u8>> {
        // Half of a character is lost.
        self.lead = None;
        if self.line.is_empty() {
            return Vec::new();
        }
        let width = self.line_width();
        let left = self.left(width, self.x_dots);
        let line = std::mem::take(&mut self.line);
        let (font_height, _) = FONT;
        let of_all = |size: fn(&Letter) -> u8| line.iter().map(size).max().unwrap_or(1);
        let size = (of_all(|l| l.size.0), of_all(|l| l.size.1));
        let height = font_height * usize::from(size.1);
        let mut rows = vec![vec![0; self.row_bytes]; height];
        let mut x = left;
        for letter in &line {
            // Letters of different heights stand on one foot.
            let top = height - font_height * usize::from(letter.size.1);
            draw(&mut rows[top..], x, letter);
            x += letter.width();
        }
        self.lines.push(TextLine {
            text: line.iter().map(|letter| letter.character).collect(),
            size,
            bold: line.iter().any(|letter| letter.bold),
            dots: (left, left + width),
        });
        self.x_dots = 0;
        rows
    }

    /// A code that the printer has made, placed where it is printed, or nothing where it is too wide.
    pub(super) fn place_code(&mut self, rows: &[Vec<bool>], data: &[u8]) -> Option<Vec<Vec<u8>>> {
        let width = rows.first()?.len();
        if width > self.width_dots() {
            return None;
        }
        let left = self.left(width, self.x_dots);
        self.codes.push(String::from_utf8_lossy(data).into_owned());
        self.x_dots = 0;
        let placed = rows.iter().map(|dots| {
            let mut row = self.blank_row();
            for (x, _) in dots.iter().enumerate().filter(|(_, black)| **black) {
                set_dot(&mut row, left + x);
            }
            row
        });
        Some(placed.collect())
    }

    /// One row of an image, placed where it is printed.
    pub(super) fn place(&self, image_row: &[u8], double_width: bool) -> Vec<u8> {
        let scale = if double_width { 2 } else { 1 };
        let left = self.left(image_row.len() * 8 * scale, self.x_dots);
        let mut row = vec![0; self.row_bytes];
        if left.is_multiple_of(8) && scale == 1 {
            for (to, from) in row.iter_mut().skip(left / 8).zip(image_row) {
                *to = *from;
            }
            return row;
        }
        for x in (0..image_row.len() * 8).filter(|x| image_row[x / 8] & (0x80 >> (x % 8)) != 0) {
            for dot in 0..scale {
                set_dot(&mut row, left + x * scale + dot);
            }
        }
        row
    }

    /// The image is over: the next thing starts at the left.
    pub(super) fn end_image(&mut self) {
        self.x_dots = 0;
    }

    /// Puts a dot row on paper.
    pub(super) fn print_row(&mut self, row: Vec<u8>) {
        self.rows.push(row);
    }

    /// An empty dot row.
    pub(super) fn blank_row(&self) -> Vec<u8> {
        vec![0; self.row_bytes]
    }

    /// Tears the paper off; settings stay.
    pub(super) fn tear_off(&mut self, seq: u64, complete: bool) -> Paper {
        Paper {
            seq,
            width_dots: u16::try_from(self.width_dots()).unwrap_or(u16::MAX),
            rows: std::mem::take(&mut self.rows),
            lines: std::mem::take(&mut self.lines),
            codes: std::mem::take(&mut self.codes),
            raw: std::mem::take(&mut self.raw),
            complete,
        }
    }

    fn left(&self, wide_dots: usize, x_dots: usize) -> usize {
        let room = self.width_dots().saturating_sub(wide_dots);
        match self.align {
            _ if x_dots > 0 => x_dots,
            Align::Left => 0,
            Align::Centre => room / 2,
            Align::Right => room,
        }
    }
}

/// The character of two bytes in plain Big5: symbols, frequent and less frequent characters. What was added later is
/// not in every ROM.
fn big5(bytes: [u8; 2]) -> char {
    let is_plain = matches!(
        u16::from_be_bytes(bytes),
        0xa140..=0xa3bf | 0xa440..=0xc67e | 0xc940..=0xf9d5
    );
    let decoded = BIG5.decode_without_bom_handling_and_without_replacement(&bytes);
    let character = decoded.and_then(|text| text.chars().next());
    character.filter(|_| is_plain).unwrap_or(NO_LETTER)
}

/// A letter as a box with its upper left corner at the left of the first row.
fn draw(rows: &mut [Vec<u8>], left: usize, letter: &Letter) {
    if matches!(letter.character, ' ' | '\u{3000}') {
        return;
    }
    let (height, _) = FONT;
    let (wide, high) = (usize::from(letter.size.0), usize::from(letter.size.1));
    let filled = u32::from(letter.character) % 7;
    for y in 2..height - 2 {
        for x in 1..letter.cell - 1 {
            let on_edge = y == 2 || y == height - 3 || x == 1 || x == letter.cell - 2;
            if on_edge || u32::try_from(y / 3).is_ok_and(|band| band == filled) {
                for row in &mut rows[y * high..(y + 1) * high] {
                    (0..wide).for_each(|dot| set_dot(row, left + x * wide + dot));
                }
            }
        }
    }
}

fn set_dot(row: &mut [u8], x: usize) {
    if let Some(byte) = row.get_mut(x / 8) {
        *byte |= 0x80 >> (x % 8);
    }
}
