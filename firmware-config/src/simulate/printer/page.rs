//! What has been put on paper.

/// Height of the resident font and width of its cells, in dots.
const FONT: (usize, usize) = (24, 12);
/// Feed of a text line after power-on, in dots.
const LINE_SPACING: u8 = 30;
/// Longest paper, in dot rows: over 3 m. A longer one is torn off.
const ROWS_MAX: usize = 24_000;
/// Most bytes remembered with a paper.
const RAW_MAX: usize = 1024 * 1024;

/// A paper that came out of the printer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Paper {
    /// Number of this paper since the printer was made, from 1.
    pub seq: u64,
    /// Dots across.
    pub width_dots: u16,
    /// Dot rows from the top, 8 dots in a byte, leftmost in the highest bit, 1 is black.
    pub rows: Vec<Vec<u8>>,
    /// Text lines printed with the resident font; their characters stand as boxes in `rows`.
    pub text: Vec<String>,
    /// The bytes it was printed from.
    pub raw: Vec<u8>,
    /// It was cut. Otherwise the printer lost power, or the paper became too long.
    pub complete: bool,
}

impl Paper {
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
    rows: Vec<Vec<u8>>,
    text: Vec<String>,
    raw: Vec<u8>,
    line: String,
    align: Align,
    line_spacing: u8,
    x_dots: usize,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Align {
    #[default]
    Left,
    Centre,
    Right,
}

impl Page {
    pub(super) fn new(width_dots: u16) -> Self {
        Self {
            row_bytes: usize::from(width_dots).div_ceil(8),
            rows: Vec::new(),
            text: Vec::new(),
            raw: Vec::new(),
            line: String::new(),
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
        self.rows.is_empty() && self.text.is_empty()
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

    pub(super) fn put_character(&mut self, byte: u8) {
        // The printer's code table is unknown here; what is not ASCII shows as a mark.
        self.line.push(if byte.is_ascii() {
            char::from(byte)
        } else {
            '\u{fffd}'
        });
    }

    /// Whether the next character of the text line would stand beyond the paper: it begins a new line.
    pub(super) fn is_line_full(&self) -> bool {
        let (_, cell) = FONT;
        (self.line.chars().count() + 1) * cell > self.width_dots()
    }

    pub(super) fn line_feed_dots(&self) -> usize {
        usize::from(self.line_spacing)
    }

    /// Takes the unfinished text line as dot rows.
    pub(super) fn take_line(&mut self) -> Vec<Vec<u8>> {
        if self.line.is_empty() {
            return Vec::new();
        }
        let line = std::mem::take(&mut self.line);
        let (height, cell) = FONT;
        let left = self.left(line.chars().count() * cell, self.x_dots);
        let mut rows = vec![vec![0; self.row_bytes]; height];
        for (index, character) in line.chars().enumerate().filter(|(_, c)| *c != ' ') {
            let x = left + index * cell;
            let filled = u32::from(character) % 7;
            for (y, row) in rows.iter_mut().enumerate().take(height - 2).skip(2) {
                for dx in 1..cell - 1 {
                    let on_edge = y == 2 || y == height - 3 || dx == 1 || dx == cell - 2;
                    if on_edge || u32::try_from(y / 3).is_ok_and(|band| band == filled) {
                        set_dot(row, x + dx);
                    }
                }
            }
        }
        self.text.push(line);
        self.x_dots = 0;
        rows
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
            text: std::mem::take(&mut self.text),
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

fn set_dot(row: &mut [u8], x: usize) {
    if let Some(byte) = row.get_mut(x / 8) {
        *byte |= 0x80 >> (x % 8);
    }
}
