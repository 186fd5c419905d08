//! The paper as a bitmap: text shaped with the system's Noto fonts, a QR code, one bit per dot.
//!
//! Where a font is missing, the embedded bitmap font writes instead, so that a bare machine still prints Chinese. The
//! same document, fonts and head give the same bitmap.

mod bitmap;
mod fonts;
mod plain;

pub use bitmap::Bitmap;

use cosmic_text::{Attrs, Buffer, Family, Metrics, Shaping, SwashContent, Weight};
use firmware_config::profile::PrinterHead;
use qrcodegen::{QrCode, QrCodeEcc};
use screens::Language;
use station_config::ticket::{
    Align, CAP_HEIGHT_EM, Millimetres, NUMBER_MARGIN, NUMBER_NARROWEST, Picture,
    QUIET_ZONE_MODULES, SIDE_MARGIN, TextStyle,
};

use crate::ticket::{Block, Document};
use fonts::{FontSet, Fonts, Script};

/// Coverage from which a dot is black, of 255. Lower thickens strokes, higher breaks thin ones.
const THRESHOLD: u8 = 110;
/// Rows from the top of a capital to its foot in the bitmap font's 16.
const PLAIN_CAP_ROWS: f32 = 10.0;
/// Empty paper above the first piece, and below a logo.
const GAP: Millimetres = Millimetres::tenths(10);
/// Longest paper; no ticket that anybody wants comes near it.
const LONGEST: Millimetres = Millimetres::tenths(10_000);
/// Empty paper below the number.
const BELOW_NUMBER: Millimetres = Millimetres::tenths(15);
/// Empty paper above and below a rule.
const AROUND_RULE: Millimetres = Millimetres::tenths(20);

/// Draws papers for one printer head.
pub struct Rasteriser {
    head: PrinterHead,
    fonts: Fonts,
}

impl Rasteriser {
    /// A rasteriser with the fonts of this machine.
    pub fn new(head: PrinterHead) -> Self {
        Self::with_fonts(head, Fonts::of_system())
    }

    /// A rasteriser that has only the embedded bitmap font.
    pub fn without_fonts(head: PrinterHead) -> Self {
        Self::with_fonts(head, Fonts::of_files(Vec::new()))
    }

    fn with_fonts(head: PrinterHead, fonts: Fonts) -> Self {
        Self { head, fonts }
    }

    /// Loads what nearly every ticket needs, so that the first one is as fast as the rest.
    pub fn warm_up(&mut self) {
        let words = |language: Language, text: &str| Block::Text {
            language,
            text: text.to_owned(),
            style: TextStyle {
                size_mm: Millimetres::tenths(38),
                bold: true,
            },
            align: Align::Centre,
        };
        self.draw_blocks(&[
            Block::Number {
                text: "A0123456789".to_owned(),
                height: Millimetres::tenths(150),
                align: Align::Centre,
            },
            words(Language::ZhHantTw, "您的號碼"),
            words(Language::En, "Your number"),
        ]);
    }

    /// Whether this machine can write a language. Khmer and Burmese need their Noto font.
    pub fn can_write(&mut self, language: Language) -> bool {
        let script = Script::of(language);
        script.needs_no_shaping() || self.fonts.set(script).is_some()
    }

    /// The head for which it draws.
    pub fn head(&self) -> PrinterHead {
        self.head
    }

    /// The paper in dots.
    pub fn draw(&mut self, paper: &Document) -> Bitmap {
        let blocks = self.blocks(paper);
        self.draw_blocks(&blocks)
    }

    /// The pieces of a paper. A visitor's language that cannot be written here gives way to English.
    pub(crate) fn blocks(&mut self, paper: &Document) -> Vec<Block> {
        if self.can_write(paper.language()) {
            return paper.blocks();
        }
        // English comes with Chinese, as the unwritten language would.
        paper.clone().in_language(Language::En).blocks()
    }

    fn draw_blocks(&mut self, blocks: &[Block]) -> Bitmap {
        self.draw_below(GAP.dots(self.head), blocks)
    }

    /// Some pieces of a paper, below so many empty rows.
    pub(crate) fn draw_below(&mut self, mut y: usize, blocks: &[Block]) -> Bitmap {
        let mut canvas = Bitmap::new(usize::from(self.head.width_dots));
        let longest = LONGEST.dots(self.head);
        for block in blocks {
            if y > longest {
                tracing::error!("the ticket is longer than {LONGEST} mm: the rest is left out");
                break;
            }
            y = match block {
                Block::Text {
                    language,
                    text,
                    style,
                    align,
                } => self.draw_text(&mut canvas, y, Script::of(*language), text, *style, *align),
                Block::Number {
                    text,
                    height,
                    align,
                } => self.draw_number(&mut canvas, y, text, *height, *align),
                Block::Qr { text, width, align } => {
                    self.draw_qr(&mut canvas, y, text, *width, *align)
                }
                Block::Logo {
                    picture,
                    width,
                    align,
                } => self.draw_logo(&mut canvas, y, picture, *width, *align),
                Block::Rule(thickness) => self.draw_rule(&mut canvas, y, *thickness),
                Block::Space(height) => y + height.dots(self.head),
            };
        }
        canvas.grow(y);
        canvas
    }

    fn draw_text(
        &mut self,
        canvas: &mut Bitmap,
        mut y: usize,
        script: Script,
        text: &str,
        style: TextStyle,
        align: Align,
    ) -> usize {
        if text.is_empty() {
            return y;
        }
        let em = style.size_mm.dots(self.head);
        let margin = SIDE_MARGIN.dots(self.head);
        let width = canvas.width_dots().saturating_sub(2 * margin);
        if let Some(set) = self.fonts.set(script) {
            let line_height = (em as f32 * script.line_height()).round();
            let shape = |set: &mut FontSet, width| {
                Shaped::new(set, text, em as f32, line_height, width, style.bold, align)
            };
            let shaped = shape(set, width);
            if shaped.is_complete() {
                let (shaped, narrower) = balanced(shaped, width, |width| shape(set, width));
                let height = shaped.height();
                canvas.grow(y + height);
                let side = align.left(canvas.width_dots(), narrower, margin);
                shaped.draw(set, canvas, side as i32, y as i32);
                return y + height;
            }
        }
        let scale = plain::scale(em);
        for line in plain::lines(text, width, scale) {
            canvas.grow(y + plain::line_height(scale));
            let left = align.left(canvas.width_dots(), line.width(scale), margin);
            line.draw(canvas, left as i32, y as i32, scale, style.bold);
            y += plain::line_height(scale);
        }
        y
    }

    /// The number on one line, as high as it may be, and narrowed where the paper is narrow.
    ///
    /// 58 mm paper has 48 mm of dots, 47 mm without the edges. In bold Noto Sans, capitals of 15 mm need an em of
    /// 15.1 / 0.714 = 21.1 mm, and a digit is 0.572 em, an `A` 0.69 em wide: `A047` is 51 mm, `A1234` 63 mm. Narrowed to
    /// 0.93 and 0.75 of its width either has its 15 mm; without narrowing they would be 14 and 11 mm high.
    fn draw_number(
        &mut self,
        canvas: &mut Bitmap,
        y: usize,
        number: &str,
        height: Millimetres,
        align: Align,
    ) -> usize {
        let margin = NUMBER_MARGIN.dots(self.head);
        let room = canvas.width_dots().saturating_sub(2 * margin).max(1);
        let widest = room as f32 / NUMBER_NARROWEST;
        let cap = height.exact_dots(self.head);
        let mut picture = self.number_alone(number, cap);
        let mut ink = picture.ink_columns();
        if ink.len() as f32 > widest {
            picture = self.number_alone(number, cap * widest / ink.len() as f32);
            ink = picture.ink_columns();
        }
        let width = ink.len().min(room);
        canvas.grow(y + picture.height_dots());
        let left = align.left(canvas.width_dots(), width, margin);
        for x in 0..width {
            let from = ink.start + x * ink.len() / width;
            for row in (0..picture.height_dots()).filter(|row| picture.get(from, *row)) {
                canvas.fill((left + x) as i32, (y + row) as i32, 1, 1);
            }
        }
        let below = y + picture.height_dots() + BELOW_NUMBER.dots(self.head);
        canvas.grow(below);
        below
    }

    /// The number with capitals `cap` dots high, on a picture as wide as it needs.
    fn number_alone(&mut self, number: &str, cap: f32) -> Bitmap {
        let count = number.chars().count().max(1);
        if let Some(set) = self.fonts.set(Script::Latin) {
            // Rounded up, and a dot more for what the threshold takes from the edge.
            let em = ((cap + 1.0) / CAP_HEIGHT_EM).ceil();
            // No letter is wider than its height and a quarter.
            let width = (em * 1.25) as usize * count;
            let shaped = Shaped::unwrapped(set, number, em, width);
            if shaped.is_complete() {
                let mut picture = Bitmap::new(width);
                picture.grow(shaped.height());
                shaped.draw(set, &mut picture, 0, 0);
                return picture;
            }
        }
        let scale = (cap / PLAIN_CAP_ROWS).ceil().max(1.0) as usize;
        let width = count * 8 * scale;
        let mut picture = Bitmap::new(width);
        picture.grow(plain::line_height(scale));
        for line in plain::lines(number, width, scale) {
            line.draw(&mut picture, 0, 0, scale, false);
        }
        picture
    }

    fn draw_qr(
        &self,
        canvas: &mut Bitmap,
        y: usize,
        text: &str,
        width: Millimetres,
        align: Align,
    ) -> usize {
        // A text too long for any code is left out; the number stands above it.
        let Ok(code) = QrCode::encode_text(text, QrCodeEcc::Medium) else {
            tracing::error!(bytes = text.len(), "the address does not fit a QR code");
            return y;
        };
        let size = code.size();
        let all = size + 2 * QUIET_ZONE_MODULES as i32;
        let wanted = width.dots(self.head).div_ceil(size as usize);
        let fits = canvas.width_dots() / all as usize;
        let module = wanted.min(fits).max(1) as i32;
        let side = all * module;
        canvas.grow(y + side as usize);
        let edge = QUIET_ZONE_MODULES as i32 * module;
        let left = align.left(canvas.width_dots(), side as usize, 0) as i32 + edge;
        let top = y as i32 + edge;
        for row in 0..size {
            for column in 0..size {
                if code.get_module(column, row) {
                    canvas.fill(left + column * module, top + row * module, module, module);
                }
            }
        }
        y + side as usize
    }

    fn draw_logo(
        &self,
        canvas: &mut Bitmap,
        y: usize,
        picture: &Picture,
        width: Millimetres,
        align: Align,
    ) -> usize {
        let margin = SIDE_MARGIN.dots(self.head);
        let scaled = picture.scaled(width.dots(self.head).min(canvas.width_dots()));
        canvas.grow(y + scaled.height());
        let left = align.left(canvas.width_dots(), scaled.width(), margin);
        for row in 0..scaled.height() {
            for column in (0..scaled.width()).filter(|column| scaled.is_black(*column, row)) {
                canvas.set((left + column) as i32, (y + row) as i32);
            }
        }
        y + scaled.height() + GAP.dots(self.head)
    }

    fn draw_rule(&self, canvas: &mut Bitmap, y: usize, thickness: Millimetres) -> usize {
        let gap = AROUND_RULE.dots(self.head);
        let margin = SIDE_MARGIN.dots(self.head) as i32;
        let thick = thickness.dots(self.head).max(1);
        canvas.grow(y + 2 * gap + thick);
        let width = canvas.width_dots() as i32 - 2 * margin;
        canvas.fill(margin, (y + gap) as i32, width, thick as i32);
        y + 2 * gap + thick
    }
}

/// A wrapped text at about the least width that takes no more lines, so that no word stands alone on the last one; and
/// that width.
fn balanced(wide: Shaped, width: usize, mut shape: impl FnMut(usize) -> Shaped) -> (Shaped, usize) {
    const STEPS: usize = 6;
    let lines = wide.lines();
    let (mut best, mut fits) = (wide, width);
    if lines < 2 {
        return (best, fits);
    }
    let mut too_narrow = width / lines / 2;
    for _ in 0..STEPS {
        let middle = (too_narrow + fits) / 2;
        let tried = shape(middle);
        if tried.lines() > lines || (best.breaks_at_blanks() && !tried.breaks_at_blanks()) {
            too_narrow = middle;
        } else {
            (best, fits) = (tried, middle);
        }
    }
    (best, fits)
}

/// A text laid out with the fonts of one set.
struct Shaped(Buffer);

impl Shaped {
    fn new(
        set: &mut FontSet,
        text: &str,
        em: f32,
        line_height: f32,
        width: usize,
        bold: bool,
        align: Align,
    ) -> Self {
        let align = match align {
            Align::Left => cosmic_text::Align::Left,
            Align::Centre => cosmic_text::Align::Center,
            Align::Right => cosmic_text::Align::Right,
        };
        let weight = if bold { Weight::BOLD } else { Weight::NORMAL };
        let attrs = Attrs::new().family(Family::Name(set.family)).weight(weight);
        let mut buffer = Buffer::new_empty(Metrics::new(em.max(1.0), line_height.max(1.0)));
        buffer.set_size(Some(width as f32), None);
        buffer.set_text(text, &attrs, Shaping::Advanced, Some(align));
        buffer.shape_until_scroll(&mut set.system, false);
        Self(buffer)
    }

    /// A bold text on one line, however wide.
    fn unwrapped(set: &mut FontSet, text: &str, em: f32, width: usize) -> Self {
        let line_height = (em * 0.95).round();
        let mut shaped = Self::new(set, text, em, line_height, width, true, Align::Centre);
        shaped.0.set_wrap(cosmic_text::Wrap::None);
        shaped.0.shape_until_scroll(&mut set.system, false);
        shaped
    }

    fn lines(&self) -> usize {
        self.0.layout_runs().count()
    }

    /// Every line but the first begins with a word.
    fn breaks_at_blanks(&self) -> bool {
        self.0.layout_runs().skip(1).all(|run| {
            let start = run.glyphs.first().map_or(0, |glyph| glyph.start);
            run.text
                .get(..start)
                .is_some_and(|before| before.ends_with(char::is_whitespace))
        })
    }

    /// Every character has a glyph.
    fn is_complete(&self) -> bool {
        self.0
            .layout_runs()
            .all(|run| run.glyphs.iter().all(|glyph| glyph.glyph_id != 0))
    }

    fn height(&self) -> usize {
        self.0
            .layout_runs()
            .map(|run| run.line_height)
            .sum::<f32>()
            .ceil() as usize
    }

    fn draw(&self, set: &mut FontSet, canvas: &mut Bitmap, side: i32, top: i32) {
        for run in self.0.layout_runs() {
            for glyph in run.glyphs {
                let glyph = glyph.physical((0.0, run.line_y), 1.0);
                let Some(image) = set.glyphs.get_image(&mut set.system, glyph.cache_key) else {
                    continue;
                };
                if image.content != SwashContent::Mask || image.placement.width == 0 {
                    continue;
                }
                let left = side + glyph.x + image.placement.left;
                let above = top + glyph.y - image.placement.top;
                let rows = image.data.chunks_exact(image.placement.width as usize);
                for (y, row) in (above..).zip(rows) {
                    for (x, coverage) in (left..).zip(row) {
                        if *coverage >= THRESHOLD {
                            canvas.set(x, y);
                        }
                    }
                }
            }
        }
    }
}

#[cfg(test)]
#[path = "tests.rs"]
mod tests;
