//! How wide letters are on paper, without the font at hand: what does not fit has to be told where a station file is
//! read, on machines without fonts too.
//!
//! The advance widths are those of Noto Sans 2, in thousandths of an em. The kiosk's tests hold them against the
//! font that is installed.

/// From the blank to the tilde, normal weight.
const NORMAL: [u16; 95] = [
    260, 269, 408, 646, 572, 831, 732, 225, 300, 300, 551, 572, 268, 322, 268, 372, 572, 572, 572,
    572, 572, 572, 572, 572, 572, 572, 268, 268, 572, 572, 572, 434, 899, 639, 650, 632, 730, 556,
    519, 728, 741, 339, 273, 619, 524, 907, 760, 781, 605, 781, 622, 549, 556, 731, 600, 930, 586,
    566, 572, 329, 372, 329, 572, 444, 281, 561, 615, 480, 615, 564, 344, 615, 618, 258, 258, 534,
    258, 935, 618, 605, 615, 615, 413, 479, 361, 618, 508, 786, 529, 510, 470, 380, 551, 380, 572,
];
/// The same, bold.
const BOLD: [u16; 95] = [
    260, 286, 472, 646, 572, 901, 750, 266, 339, 339, 545, 572, 285, 322, 285, 413, 572, 572, 572,
    572, 572, 572, 572, 572, 572, 572, 285, 285, 572, 572, 572, 477, 897, 690, 672, 637, 740, 560,
    549, 724, 765, 389, 331, 664, 565, 943, 813, 796, 628, 796, 660, 551, 579, 756, 650, 967, 667,
    624, 579, 331, 413, 331, 572, 411, 362, 604, 633, 514, 633, 591, 387, 633, 657, 305, 305, 620,
    305, 982, 657, 619, 633, 633, 454, 497, 434, 657, 569, 856, 578, 569, 488, 394, 551, 394, 572,
];
/// Letters with marks are about as wide as those without; these are the widest but a few of them.
const MARKED_SMALL: u16 = 680;
const MARKED_CAPITAL: u16 = 885;

/// Width of a text on one line, per em.
pub fn width_em(text: &str, bold: bool) -> f32 {
    let table = if bold { &BOLD } else { &NORMAL };
    let width = |c: char| {
        let at = (c as usize).checked_sub(0x20);
        match at.and_then(|at| table.get(at)) {
            Some(width) => *width,
            None if c.is_uppercase() => MARKED_CAPITAL,
            None if is_of_a_word(c) => MARKED_SMALL,
            None => 1_000,
        }
    };
    text.chars().map(|c| f32::from(width(c))).sum::<f32>() / 1_000.0
}

/// The widest piece of a text that no line may break: a word in Latin letters. Other scripts break anywhere.
pub(crate) fn widest_word(text: &str, bold: bool) -> &str {
    let words = text.split(|c: char| !is_of_a_word(c));
    words
        .max_by(|a, b| width_em(a, bold).total_cmp(&width_em(b, bold)))
        .unwrap_or("")
}

/// Whether no line breaks before or behind a character: Latin letters, digits and the marks among them.
fn is_of_a_word(c: char) -> bool {
    let latin = matches!(c, '!'..='\u{24f}' | '\u{300}'..='\u{36f}' | '\u{1e00}'..='\u{1eff}' | '\u{2018}'..='\u{201d}');
    latin && !matches!(c, '-' | '/')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_widest_word_is_found_and_measured() {
        assert_eq!(
            widest_word("Please wait in a self-service room", false),
            "service"
        );
        assert_eq!(widest_word("請到 2F-B 等候", true), "2F");
        assert_eq!(widest_word("請稍候", true), "");
        assert_eq!(widest_word("Giấy chứng nhận", false), "chứng");
        let number = width_em("W9999", true);
        assert!((number - (0.967 + 4.0 * 0.572)).abs() < 1e-4, "{number}");
        assert!(width_em("A", true) > width_em("A", false));
    }
}
