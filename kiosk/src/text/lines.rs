//! Cutting a text into lines of so many columns.

use unicode_linebreak::{BreakOpportunity, linebreaks};

use super::big5::columns;

/// A text in lines of at most so many columns, at about the least width that takes no more lines and ends none within
/// words that have blanks around them; nothing where a word, a number or a character with its punctuation is wider.
pub(super) fn wrapped(text: &str, most: usize) -> Option<Vec<String>> {
    let pieces = pieces(text);
    let widest = pieces
        .iter()
        .map(|piece| columns(piece.trim_end_matches(' ')))
        .max()?;
    if widest > most {
        return None;
    }
    let wide = Filled::new(&pieces, most);
    let narrower = (widest..most).map(|most| Filled::new(&pieces, most));
    let mut as_good = narrower.filter(|tried| {
        tried.lines.len() == wide.lines.len() && tried.ends_at_blanks >= wide.ends_at_blanks
    });
    Some(as_good.next().unwrap_or(wide).lines)
}

/// A text in lines of at most so many columns, cut wherever one is full.
pub(super) fn broken(text: &str, most: usize) -> Vec<String> {
    let characters = text.char_indices();
    let pieces: Vec<&str> = characters
        .map(|(at, c)| &text[at..at + c.len_utf8()])
        .collect();
    Filled::new(&pieces, most.max(2)).lines
}

/// Lines with as many pieces as they have room for; blanks at their ends need none.
struct Filled {
    lines: Vec<String>,
    /// Every line but the last ends before a blank.
    ends_at_blanks: bool,
}

impl Filled {
    fn new(pieces: &[&str], most: usize) -> Self {
        let mut lines = Vec::new();
        let mut ends_at_blanks = true;
        let mut line = String::new();
        for piece in pieces {
            if columns(&line) + columns(piece.trim_end_matches(' ')) > most {
                ends_at_blanks &= line.ends_with(' ');
                lines.push(std::mem::take(&mut line));
            }
            line.push_str(piece);
        }
        lines.push(line);
        let lines = lines.iter().map(|line| line.trim_end_matches(' '));
        let lines = lines.filter(|line| !line.is_empty());
        Self {
            lines: lines.map(str::to_owned).collect(),
            ends_at_blanks,
        }
    }
}

/// What stands on one line: a line may end after each.
fn pieces(text: &str) -> Vec<&str> {
    let mut pieces = Vec::new();
    let mut start = 0;
    for (end, kind) in linebreaks(text) {
        if kind == BreakOpportunity::Mandatory || !is_within_a_word(text, end) {
            pieces.push(&text[start..end]);
            start = end;
        }
    }
    pieces
}

/// Unicode lets a line end after the dash of `10–15` and after the strokes of an address.
fn is_within_a_word(text: &str, at: usize) -> bool {
    let (before, after) = (text[..at].chars().next_back(), text[at..].chars().next());
    before.is_some_and(|c| matches!(c, '!'..='~' | '–'))
        && after.is_some_and(|c| matches!(c, '!'..='~'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn of(text: &str, most: usize) -> Vec<String> {
        wrapped(text, most).unwrap()
    }

    #[test]
    fn lines_end_where_readers_expect_it() {
        assert_eq!(of("take your ticket", 16), ["take your ticket"]);
        assert_eq!(of("take your ticket", 15), ["take your", "ticket"]);
        // Not alone: as long as the others.
        assert_eq!(of("請由下方取出號碼牌", 16), ["請由下方取", "出號碼牌"]);
        let wait = "大約等候 10–15 分鐘 · 最晚約 10:18";
        assert_eq!(of(wait, 34), ["大約等候 10–15 分鐘", "· 最晚約 10:18"]);
        // No mark begins a line and no opening one ends it.
        assert_eq!(
            of("居留證，展延「領件」。", 6),
            ["居留", "證，展", "延「領", "件」。"]
        );
        assert_eq!(of("大約等候 10–15 分鐘", 9), ["大約等候", "10–15", "分鐘"]);
        assert_eq!(of("電話 02-2389-9983", 12), ["電話", "02-2389-9983"]);
        assert_eq!(of("10:18/10:30 (A047)", 12), ["10:18/10:30", "(A047)"]);
        assert_eq!(wrapped("居留證 A047", 3), None);
        assert_eq!(wrapped("", 10), None);
        assert_eq!(wrapped("   ", 10), Some(vec![]));
    }

    #[test]
    fn what_has_no_place_to_end_is_cut() {
        assert_eq!(broken("0123456789", 4), ["0123", "4567", "89"]);
        assert_eq!(broken("號碼牌A1", 5), ["號碼", "牌A1"]);
    }

    proptest! {
        #[test]
        fn nothing_is_lost_and_no_line_too_wide(text in "[ a-z0-9.,:–「」，。號碼牌請]{1,60}", most in 2..50_usize) {
            let without_blanks = |text: &str| text.replace(' ', "");
            let lines = wrapped(&text, most);
            for lines in [lines, Some(broken(&text, most))].into_iter().flatten() {
                prop_assert!(lines.iter().all(|line| columns(line) <= most), "{:?}", lines);
                prop_assert_eq!(without_blanks(&lines.concat()), without_blanks(&text));
            }
        }

        #[test]
        fn a_word_is_whole_where_there_are_lines(text in "([a-z0-9:–-]{1,9}[ 號，]{1,2}){1,8}", most in 2..30_usize) {
            if let Some(lines) = wrapped(&text, most) {
                for word in text.split([' ', '號', '，']).filter(|word| !word.is_empty()) {
                    prop_assert!(lines.iter().any(|line| line.contains(word)), "{word} in {lines:?}");
                }
            }
        }
    }
}
