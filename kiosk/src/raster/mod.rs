//! The paper as a bitmap: text shaped with the system's Noto fonts, a QR code, one bit per dot.
//!
//! Where a font is missing, the embedded bitmap font writes instead, so that a bare machine still prints Chinese. The
//! same document, fonts and head give the same bitmap.

mod bitmap;
mod fonts;
mod plain;

pub use bitmap::Bitmap;

use cosmic_text::{Align, Attrs, Buffer, Family, Metrics, Shaping, SwashContent, Weight};
use firmware_config::profile::PrinterHead;
use qrcodegen::{QrCode, QrCodeEcc};
use screens::Language;

use crate::ticket::{Block, Document, TextSize};
use fonts::{FontSet, Fonts, Script};

/// Coverage from which a dot is black, of 255. Lower thickens strokes, higher breaks thin ones.
const THRESHOLD: u8 = 110;
/// Capitals of Noto Sans, per em (its `OS/2` table says 714 of 1000).
const CAP_HEIGHT: f32 = 0.714;
/// Rows from the top of a capital to its foot in the bitmap font's 16.
const PLAIN_CAP_ROWS: f32 = 10.0;
/// Empty paper on both sides of text and rules, tenths of a millimetre.
const SIDE_TENTHS_MM: usize = 20;
/// Least height of the number's capitals.
const NUMBER_MM: f32 = 15.0;
/// How far the number is narrowed before it gives up height.
const NARROWEST: f32 = 0.6;
/// Least width of the QR code without its quiet zone.
const QR_MM: usize = 25;
/// Light modules around a QR code (ISO/IEC 18004).
const QUIET_ZONE: i32 = 4;

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
            size: TextSize::Body,
            bold: true,
        };
        self.draw_blocks(&[
            Block::Number("A0123456789".to_owned()),
            words(Language::ZhHantTw, "您的號碼"),
            words(Language::En, "Your number"),
        ]);
    }

    /// Whether this machine can write a language. Khmer and Burmese need their Noto font.
    pub fn can_write(&mut self, language: Language) -> bool {
        let script = Script::of(language);
        script.needs_no_shaping() || self.fonts.set(script).is_some()
    }

    /// The paper in dots. A visitor's language that cannot be written here gives way to English.
    pub fn draw(&mut self, paper: &Document) -> Bitmap {
        if self.can_write(paper.language()) {
            return self.draw_blocks(&paper.blocks());
        }
        // English comes with Chinese, as the unwritten language would.
        let english = paper.clone().in_language(Language::En);
        self.draw_blocks(&english.blocks())
    }

    fn draw_blocks(&mut self, blocks: &[Block]) -> Bitmap {
        let mut canvas = Bitmap::new(usize::from(self.head.width_dots));
        let mut y = self.dots(10);
        for block in blocks {
            y = match block {
                Block::Text {
                    language,
                    text,
                    size,
                    bold,
                } => self.draw_text(&mut canvas, y, Script::of(*language), text, *size, *bold),
                Block::Number(number) => self.draw_number(&mut canvas, y, number),
                Block::Qr(text) => self.draw_qr(&mut canvas, y, text),
                Block::Rule => self.draw_rule(&mut canvas, y),
                Block::Space(tenths_mm) => y + self.dots(usize::from(*tenths_mm)),
            };
        }
        canvas.grow(y);
        canvas
    }

    /// Tenths of a millimetre in dots.
    fn dots(&self, tenths_mm: usize) -> usize {
        tenths_mm * usize::from(self.head.dots_per_mm) / 10
    }

    fn draw_text(
        &mut self,
        canvas: &mut Bitmap,
        y: usize,
        script: Script,
        text: &str,
        size: TextSize,
        bold: bool,
    ) -> usize {
        if text.is_empty() {
            return y;
        }
        let em = self.dots(size.em_tenths_mm() as usize);
        let margin = self.dots(SIDE_TENTHS_MM);
        let width = canvas.width_dots().saturating_sub(2 * margin);
        if let Some(set) = self.fonts.set(script) {
            let line_height = (em as f32 * script.line_height()).round();
            let shape = |set: &mut FontSet, width| {
                Shaped::new(set, text, em as f32, line_height, width, bold)
            };
            let shaped = shape(set, width);
            if shaped.is_complete() {
                let (shaped, narrower) = balanced(shaped, width, |width| shape(set, width));
                let height = shaped.height();
                canvas.grow(y + height);
                let side = margin + (width - narrower) / 2;
                shaped.draw(set, canvas, side as i32, y as i32);
                return y + height;
            }
        }
        draw_plain(canvas, y, text, width, plain::scale(em), bold)
    }

    /// The number on one line, as high as it may be, and narrowed where the paper is narrow.
    ///
    /// 58 mm paper has 48 mm of dots, 47 mm without the edges. In bold Noto Sans, capitals of 15 mm need an em of
    /// 15.1 / 0.714 = 21.1 mm, and a digit is 0.572 em, an `A` 0.69 em wide: `A047` is 51 mm, `A1234` 63 mm. Narrowed to
    /// 0.93 and 0.75 of its width either has its 15 mm; without narrowing they would be 14 and 11 mm high.
    fn draw_number(&mut self, canvas: &mut Bitmap, y: usize, number: &str) -> usize {
        let room = canvas.width_dots().saturating_sub(2 * self.dots(5)).max(1);
        let widest = room as f32 / NARROWEST;
        let cap = NUMBER_MM * f32::from(self.head.dots_per_mm);
        let mut picture = self.number_alone(number, cap);
        let mut ink = picture.ink_columns();
        if ink.len() as f32 > widest {
            picture = self.number_alone(number, cap * widest / ink.len() as f32);
            ink = picture.ink_columns();
        }
        let width = ink.len().min(room);
        canvas.grow(y + picture.height_dots());
        let left = (canvas.width_dots() - width) / 2;
        for x in 0..width {
            let from = ink.start + x * ink.len() / width;
            for row in (0..picture.height_dots()).filter(|row| picture.get(from, *row)) {
                canvas.fill((left + x) as i32, (y + row) as i32, 1, 1);
            }
        }
        let below = y + picture.height_dots() + self.dots(15);
        canvas.grow(below);
        below
    }

    /// The number with capitals `cap` dots high, on a picture as wide as it needs.
    fn number_alone(&mut self, number: &str, cap: f32) -> Bitmap {
        let count = number.chars().count().max(1);
        if let Some(set) = self.fonts.set(Script::Latin) {
            // Rounded up, and a dot more for what the threshold takes from the edge.
            let em = ((cap + 1.0) / CAP_HEIGHT).ceil();
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
        draw_plain(&mut picture, 0, number, width, scale, false);
        picture
    }

    fn draw_qr(&self, canvas: &mut Bitmap, y: usize, text: &str) -> usize {
        // A text too long for any code is left out; the number stands above it.
        let Ok(code) = QrCode::encode_text(text, QrCodeEcc::Medium) else {
            tracing::error!(bytes = text.len(), "the address does not fit a QR code");
            return y;
        };
        let size = code.size();
        let wanted = (QR_MM * usize::from(self.head.dots_per_mm)).div_ceil(size as usize);
        let fits = canvas.width_dots() / (size + 2 * QUIET_ZONE) as usize;
        let module = wanted.min(fits).max(1) as i32;
        let side = (size + 2 * QUIET_ZONE) * module;
        canvas.grow(y + side as usize);
        let left = (canvas.width_dots() as i32 - side) / 2 + QUIET_ZONE * module;
        let top = y as i32 + QUIET_ZONE * module;
        for row in 0..size {
            for column in 0..size {
                if code.get_module(column, row) {
                    canvas.fill(left + column * module, top + row * module, module, module);
                }
            }
        }
        y + side as usize
    }

    fn draw_rule(&self, canvas: &mut Bitmap, y: usize) -> usize {
        let gap = self.dots(20);
        let margin = self.dots(SIDE_TENTHS_MM) as i32;
        let thick = self.dots(3).max(1);
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

/// Centred lines of the bitmap font, at most `width` dots wide.
fn draw_plain(
    canvas: &mut Bitmap,
    mut y: usize,
    text: &str,
    width: usize,
    scale: usize,
    bold: bool,
) -> usize {
    for line in plain::lines(text, width, scale) {
        canvas.grow(y + plain::line_height(scale));
        let left = canvas.width_dots().saturating_sub(line.width(scale)) / 2;
        line.draw(canvas, left as i32, y as i32, scale, bold);
        y += plain::line_height(scale);
    }
    y
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
    ) -> Self {
        let weight = if bold { Weight::BOLD } else { Weight::NORMAL };
        let attrs = Attrs::new().family(Family::Name(set.family)).weight(weight);
        let mut buffer = Buffer::new_empty(Metrics::new(em.max(1.0), line_height.max(1.0)));
        buffer.set_size(Some(width as f32), None);
        buffer.set_text(text, &attrs, Shaping::Advanced, Some(Align::Center));
        buffer.shape_until_scroll(&mut set.system, false);
        Self(buffer)
    }

    /// A bold text on one line, however wide.
    fn unwrapped(set: &mut FontSet, text: &str, em: f32, width: usize) -> Self {
        let mut shaped = Self::new(set, text, em, (em * 0.95).round(), width, true);
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
