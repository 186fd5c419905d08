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

use crate::ticket::{Block, TextSize, TicketPaper};
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
    pub fn draw(&mut self, paper: &TicketPaper) -> Bitmap {
        if self.can_write(paper.language) {
            return self.draw_blocks(&paper.blocks());
        }
        let english = TicketPaper {
            language: Language::En,
            ..paper.clone()
        };
        // English comes with Chinese, as the unwritten language would.
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
            let shaped = Shaped::new(set, text, em as f32, line_height, width, bold);
            if shaped.is_complete() {
                let height = shaped.height();
                canvas.grow(y + height);
                shaped.draw(set, canvas, margin as i32, y as i32);
                return y + height;
            }
        }
        draw_plain(canvas, y, text, width, plain::scale(em), bold)
    }

    fn draw_number(&mut self, canvas: &mut Bitmap, y: usize, number: &str) -> usize {
        let cap = NUMBER_MM * f32::from(self.head.dots_per_mm);
        let width = canvas.width_dots();
        let gap = self.dots(15);
        if let Some(set) = self.fonts.set(Script::Latin) {
            // Rounded up, and a dot more for what the threshold takes from the edge.
            let em = ((cap + 1.0) / CAP_HEIGHT).ceil();
            let mut shaped = Shaped::unwrapped(set, number, em, width);
            let wide = shaped.width();
            if wide > width as f32 {
                shaped = Shaped::unwrapped(set, number, em * width as f32 / wide, width);
            }
            if shaped.is_complete() {
                let height = shaped.height();
                canvas.grow(y + height + gap);
                shaped.draw(set, canvas, 0, y as i32);
                return y + height + gap;
            }
        }
        let columns = number.chars().count().max(1) * 8;
        let scale = (cap / PLAIN_CAP_ROWS).ceil() as usize;
        let scale = scale.min(width / columns).max(1);
        draw_plain(canvas, y, number, width, scale, false) + gap
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

    /// Every character has a glyph.
    fn is_complete(&self) -> bool {
        self.0
            .layout_runs()
            .all(|run| run.glyphs.iter().all(|glyph| glyph.glyph_id != 0))
    }

    fn width(&self) -> f32 {
        self.0
            .layout_runs()
            .map(|run| run.line_w)
            .fold(0.0, f32::max)
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
