//! How much room a text takes, so that a long name gets a smaller size instead of losing its end.

/// Width of a text in units of its font size, estimated generously: full-width characters count
/// one, capitals and wide Latin letters more than narrow ones, combining marks nothing.
pub(crate) fn width_em(text: &str) -> f64 {
    text.chars().map(char_em).sum()
}

fn char_em(c: char) -> f64 {
    match c {
        'i' | 'j' | 'l' | '.' | ',' | ':' | ';' | '\'' | '|' | ' ' => 0.32,
        'm' | 'w' | 'M' | 'W' => 0.92,
        'A'..='Z' => 0.68,
        ' '..='~' => 0.6,
        '\u{300}'..='\u{36f}' => 0.0,
        // Thai vowel and tone marks stand above and below.
        '\u{e31}' | '\u{e34}'..='\u{e3a}' | '\u{e47}'..='\u{e4e}' => 0.0,
        '\u{0}'..='\u{10ff}' | '\u{1780}'..='\u{17ff}' | '\u{1e00}'..='\u{1fff}' => 0.66,
        _ => 1.0,
    }
}

/// The first class whose room the text fits, else the last: `[("", 5.5), ("fit-1", 8.0), ("fit-2", 0.0)]`.
pub(crate) fn class(text: &str, steps: &[(&'static str, f64)]) -> &'static str {
    let width = width_em(text);
    steps
        .iter()
        .find(|(_, room_em)| width <= *room_em)
        .or(steps.last())
        .map_or("", |(class, _)| class)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scripts_take_the_room_they_take() {
        assert!((width_em("過戶登記") - 4.0).abs() < 1e-9);
        assert!(width_em("Transfer") < 5.0);
        assert!(width_em("WWWW") > width_em("iiii") * 2.0);
        assert_eq!(width_em(""), 0.0);
    }

    #[test]
    fn the_first_class_with_room_is_taken_and_the_last_takes_the_rest() {
        let steps = [("", 4.0), ("fit-1", 6.0), ("fit-2", 8.0)];
        for (text, expected) in [
            ("居留證", ""),
            ("居留證延期", "fit-1"),
            ("一二三四五六七八九", "fit-2"),
        ] {
            assert_eq!(class(text, &steps), expected);
        }
    }
}
