//! Writing with the embedded GNU Unifont bitmaps, for machines without Noto fonts: 16 dots high, enlarged by whole
//! numbers, one glyph after the other, marks over the glyph before them.

use super::bitmap::Bitmap;

/// Height of a glyph, in dots before enlarging.
const CELL: usize = 16;

/// One line of glyphs that fits the paper.
pub(crate) struct PlainLine(Vec<(char, usize)>);

/// Enlargement for an em of so many dots: the least by which letters have four fifths of it. Rather too large than too
/// small to be read.
pub(crate) fn scale(em_dots: usize) -> usize {
    (em_dots * 4).div_ceil(5 * CELL).max(1)
}

/// Height of a line of text, in dots.
pub(crate) fn line_height(scale: usize) -> usize {
    (CELL + 4) * scale
}

/// Cuts a text into lines of at most `width_dots`: at a blank where there is one, else before the character that does
/// not fit.
pub(crate) fn lines(text: &str, width_dots: usize, scale: usize) -> Vec<PlainLine> {
    let cells = (width_dots / (CELL / 2 * scale)).max(2);
    let mut lines = Vec::new();
    let mut line: Vec<char> = Vec::new();
    for c in text.chars() {
        line.push(c);
        if cells_of(&line) > cells {
            let cut = match line.iter().rposition(|c| *c == ' ') {
                Some(blank) if blank > 0 => blank + 1,
                _ => line.len() - 1,
            };
            let rest = line.split_off(cut);
            lines.push(placed(&line));
            line = rest;
        }
    }
    lines.push(placed(&line));
    lines
}

impl PlainLine {
    /// Width in dots.
    pub(crate) fn width(&self, scale: usize) -> usize {
        self.0
            .iter()
            .map(|(c, cell)| (cell + cells(*c).max(1)) * CELL / 2 * scale)
            .max()
            .unwrap_or(0)
    }

    /// Draws the line with its upper left corner at a dot.
    pub(crate) fn draw(&self, bitmap: &mut Bitmap, x: i32, y: i32, scale: usize, bold: bool) {
        let size = scale as i32;
        for (c, cell) in &self.0 {
            let left = x + (cell * CELL / 2) as i32 * size;
            for row in 0..CELL {
                for column in 0..CELL {
                    if is_dot(*c, column, row) {
                        let (dot_x, dot_y) = (left + column as i32 * size, y + row as i32 * size);
                        // Half a dot of the small grid more makes it bold and keeps counters open.
                        let width = if bold { size + (size + 1) / 2 } else { size };
                        bitmap.fill(dot_x, dot_y, width, size);
                    }
                }
            }
        }
    }
}

/// Puts characters into cells; a mark stands in the cell before it.
fn placed(line: &[char]) -> PlainLine {
    let end = line
        .iter()
        .rposition(|c| *c != ' ')
        .map_or(0, |last| last + 1);
    let mut next = 0;
    let mut before = 0;
    let glyphs = line[..end]
        .iter()
        .map(|c| {
            let width = cells(*c);
            if width == 0 {
                return (*c, before);
            }
            before = next;
            next += width;
            (*c, before)
        })
        .collect();
    PlainLine(glyphs)
}

fn cells_of(line: &[char]) -> usize {
    let trailing = line.iter().rev().take_while(|c| **c == ' ').count();
    line[..line.len() - trailing]
        .iter()
        .map(|c| cells(*c))
        .sum()
}

/// Half-width cells of a character: 0 for a mark, 1 or 2. A character without a glyph is drawn as an empty box.
fn cells(c: char) -> usize {
    if is_mark(c) {
        return 0;
    }
    unifont::get_glyph(c).map_or(2, |glyph| glyph.get_width() * 2 / CELL)
}

fn is_dot(c: char, x: usize, y: usize) -> bool {
    match unifont::get_glyph(c) {
        Some(glyph) => glyph.get_pixel(x, y),
        None => {
            let inside = (1..15).contains(&x) && (1..15).contains(&y);
            inside && (x == 1 || x == 14 || y == 1 || y == 14)
        }
    }
}

/// Latin combining marks and the Thai vowels and tones that stand above or below.
fn is_mark(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}' | '\u{e31}' | '\u{e34}'..='\u{e3a}' | '\u{e47}'..='\u{e4e}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(lines: &[PlainLine]) -> Vec<String> {
        lines
            .iter()
            .map(|line| line.0.iter().map(|(c, _)| *c).collect())
            .collect()
    }

    #[test]
    fn lines_are_cut_at_blanks_or_between_han() {
        let words = lines("take your ticket", 8 * 10, 1);
        assert_eq!(written(&words), ["take your", "ticket"]);
        let han = lines("請由下方取出號碼牌", 16 * 4, 1);
        assert_eq!(written(&han), ["請由下方", "取出號碼", "牌"]);
        assert!(han.iter().all(|line| line.width(1) <= 64));
        assert_eq!(written(&lines("", 100, 1)), [""]);
    }

    #[test]
    fn marks_stand_over_the_letter_before() {
        let line = &lines("กี่ก", 200, 1)[0];
        assert_eq!(
            line.0.iter().map(|(_, cell)| *cell).collect::<Vec<_>>(),
            [0, 0, 0, 1]
        );
    }

    #[test]
    fn a_glyph_is_drawn_enlarged() {
        let mut small = Bitmap::new(16);
        small.grow(16);
        lines("號", 16, 1)[0].draw(&mut small, 0, 0, 1, false);
        let mut large = Bitmap::new(48);
        large.grow(48);
        lines("號", 48, 3)[0].draw(&mut large, 0, 0, 3, false);
        let dots = (0..16).flat_map(|y| (0..16).map(move |x| (x, y)));
        assert!(dots.clone().filter(|(x, y)| small.get(*x, *y)).count() > 40);
        for (x, y) in dots {
            assert_eq!(small.get(x, y), large.get(3 * x + 1, 3 * y + 1));
        }
    }

    #[test]
    fn what_has_no_glyph_is_a_box() {
        let mut bitmap = Bitmap::new(16);
        bitmap.grow(16);
        lines("\u{20bb7}", 16, 1)[0].draw(&mut bitmap, 0, 0, 1, false);
        assert!(bitmap.get(1, 7) && bitmap.get(14, 7) && !bitmap.get(7, 7));
    }
}
