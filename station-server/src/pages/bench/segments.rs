//! Text as seven-segment digits, drawn as SVG.

use maud::{Markup, html};

/// Cells of a panel.
const CELLS: usize = 6;
/// Width and height of a cell with its gap, drawing units.
const CELL: (f64, f64) = (34.0, 56.0);

/// The lit segments of a character: `abcdefg` from the lowest bit (a top, then clockwise, g middle); none for a
/// character that seven segments cannot show.
fn segments(character: char) -> Option<u8> {
    Some(match character.to_ascii_uppercase() {
        '0' | 'O' => 0x3f,
        '1' | 'I' => 0x06,
        '2' | 'Z' => 0x5b,
        '3' => 0x4f,
        '4' => 0x66,
        '5' | 'S' => 0x6d,
        '6' => 0x7d,
        '7' => 0x07,
        '8' => 0x7f,
        '9' => 0x6f,
        'A' => 0x77,
        'B' => 0x7c,
        'C' => 0x39,
        'D' => 0x5e,
        'E' => 0x79,
        'F' => 0x71,
        'G' => 0x3d,
        'H' => 0x76,
        'K' => 0x75,
        'X' => 0x49,
        'J' => 0x1e,
        'L' => 0x38,
        'N' => 0x54,
        'P' => 0x73,
        'Q' => 0x67,
        'R' => 0x50,
        'T' => 0x78,
        'U' => 0x3e,
        'V' => 0x1c,
        'W' => 0x2a,
        'Y' => 0x6e,
        '-' => 0x40,
        '_' => 0x08,
        '=' => 0x48,
        ' ' => 0x00,
        _ => return None,
    })
}

/// The seven bars of a cell, in the order of the bits.
const BARS: [&str; 7] = [
    "M6 3h16l-3 4h-10z",
    "M24 5v19l-2 2-2-2v-15z",
    "M24 30v19l-4-4v-15l2-2z",
    "M6 51h16l-3-4h-10z",
    "M4 30v19l4-4v-15l-2-2z",
    "M4 5v19l2 2 2-2v-15z",
    "M8 27l2-2h8l2 2-2 2h-8z",
];

/// A panel with `text` lit, right-aligned as such panels are; what does not fit or cannot be drawn stays dark, the
/// picture's name says it all.
pub(super) fn panel(text: &str, label: &str) -> Markup {
    let shown: Vec<char> = text.chars().take(CELLS).collect();
    let blank = CELLS - shown.len();
    let width = CELL.0 * CELLS as f64;
    html! {
        svg class="seg7" viewBox=(format!("0 0 {width} {}", CELL.1)) role="img" aria-label=(label) {
            @for cell in 0..CELLS {
                @let lit = cell.checked_sub(blank).and_then(|i| segments(*shown.get(i)?)).unwrap_or(0);
                g transform=(format!("translate({} 1)", CELL.0 * cell as f64)) {
                    @for (bit, bar) in BARS.iter().enumerate() {
                        path class=(if lit & (1 << bit) != 0 { "on" } else { "off" }) d=(bar) {}
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_character_of_a_ticket_number_is_drawn() {
        for character in ('A'..='Z').filter(|c| *c != 'M').chain('0'..='9') {
            assert!(
                segments(character).is_some_and(|lit| lit != 0),
                "{character}"
            );
        }
    }

    #[test]
    fn the_letters_meant_for_tickets_cannot_be_taken_for_each_other() {
        let mut seen: Vec<_> = "ACFHKLRWXY0123456789".chars().map(segments).collect();
        seen.sort();
        let count = seen.len();
        seen.dedup();
        assert_eq!(seen.len(), count);
    }

    #[test]
    fn a_number_lights_the_segments_of_its_digits_at_the_right() {
        let html = panel("18", "18").into_string();
        assert_eq!(html.matches("class=\"on\"").count(), 2 + 7);
        let last = html.rfind("<g").unwrap();
        assert_eq!(html[last..].matches("class=\"on\"").count(), 7);
    }

    #[test]
    fn a_text_too_long_is_cut_and_the_unknown_stays_dark() {
        let html = panel("8888888", "x").into_string();
        assert_eq!(html.matches("<g").count(), 6);
        assert_eq!(
            panel("*", "x")
                .into_string()
                .matches("class=\"on\"")
                .count(),
            0
        );
    }
}
