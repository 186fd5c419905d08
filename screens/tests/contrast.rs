//! Every pair of colours that pages combine is legible in every theme, computed from
//! `tokens.css` by WCAG 2 (relative luminance and contrast ratio).

use std::collections::BTreeMap;

const CSS: &str = include_str!("../assets/tokens.css");
const THEMES: [&str; 3] = ["light", "dark", "hc"];

/// Custom properties by name.
type Tokens = BTreeMap<String, String>;

/// The tokens of a theme: those of `:root`, then those of blocks for the theme.
fn tokens(theme: &str) -> Tokens {
    let mut css = String::new();
    let mut rest = CSS;
    while let Some((before, comment)) = rest.split_once("/*") {
        css.push_str(before);
        rest = comment.split_once("*/").expect("an open comment").1;
    }
    css.push_str(rest);
    let mut tokens = Tokens::new();
    for block in css.split_inclusive('}') {
        let Some((selector, body)) = block.trim_end_matches('}').split_once('{') else {
            continue;
        };
        let applies = selector.split(',').any(|one| {
            let one = one.trim();
            one == ":root" || one == format!("[data-theme=\"{theme}\"]")
        });
        if applies {
            for declaration in body.split(';') {
                if let Some((name, value)) = declaration.split_once(':') {
                    tokens.insert(name.trim().to_owned(), value.trim().to_owned());
                }
            }
        }
    }
    tokens
}

/// A token's colour as red, green and blue from 0 to 1.
fn colour(tokens: &Tokens, name: &str) -> [f64; 3] {
    let mut value = tokens[&format!("--{name}")].as_str();
    while let Some(other) = value.strip_prefix("var(") {
        value = &tokens[other.trim_end_matches(')')];
    }
    let hex = value.strip_prefix('#').expect(value);
    let width = hex.len() / 3;
    [0, 1, 2].map(|part| {
        let digits = &hex[part * width..(part + 1) * width];
        let digits = if width == 1 {
            digits.repeat(2)
        } else {
            digits.to_owned()
        };
        f64::from(u8::from_str_radix(&digits, 16).expect("two hexadecimal digits")) / 255.0
    })
}

fn luminance(colour: [f64; 3]) -> f64 {
    let [red, green, blue] = colour.map(|part| {
        if part <= 0.04045 {
            part / 12.92
        } else {
            ((part + 0.055) / 1.055).powf(2.4)
        }
    });
    0.2126 * red + 0.7152 * green + 0.0722 * blue
}

fn contrast(tokens: &Tokens, front: &str, back: &str) -> f64 {
    let one = luminance(colour(tokens, front));
    let other = luminance(colour(tokens, back));
    (one.max(other) + 0.05) / (one.min(other) + 0.05)
}

/// Asserts the least ratio of pairs in every theme and names all that fall short.
fn assert_at_least(least: f64, pairs: &[(&str, &str)]) {
    let mut short = Vec::new();
    for theme in THEMES {
        let tokens = tokens(theme);
        for (front, back) in pairs {
            let ratio = contrast(&tokens, front, back);
            if ratio < least {
                short.push(format!(
                    "{theme}: {front} on {back} is {ratio:.2}, not {least}"
                ));
            }
        }
    }
    assert!(short.is_empty(), "{short:#?}");
}

#[test]
fn a_device_set_to_dark_gets_the_dark_theme() {
    let block = |head: &str| {
        let body = CSS.split_once(head).expect(head).1;
        let body = body.split_once('}').expect("an end").0;
        body.split_whitespace().collect::<Vec<_>>().join(" ")
    };
    assert_eq!(
        block("\n[data-theme=\"dark\"]{"),
        block("@media (prefers-color-scheme:dark){\n  [data-theme=\"auto\"]{")
    );
}

#[test]
fn text_that_visitors_read_has_at_least_7() {
    assert_at_least(
        7.0,
        &[
            ("text", "bg"),
            ("text", "surface"),
            ("text", "surface-3"),
            ("text-2", "surface"),
            ("text-2", "bg"),
            ("on-primary", "primary"),
            ("on-primary", "primary-hover"),
            ("on-primary-weak", "primary-weak"),
            ("on-primary-weak", "primary-weak-2"),
            ("on-accent", "accent"),
            ("on-accent-weak", "accent-weak"),
            ("ok", "surface"),
            ("danger", "surface"),
            ("on-bar", "bar"),
            ("on-bar-2", "bar"),
        ],
    );
}

#[test]
fn chips_have_at_least_6() {
    assert_at_least(
        6.0,
        &[("on-ok-weak", "ok-weak"), ("on-danger-weak", "danger-weak")],
    );
}

#[test]
fn text_that_staff_read_has_at_least_4_5() {
    assert_at_least(
        4.5,
        &[
            ("text-2", "surface-3"),
            ("text-3", "surface"),
            ("text-3", "surface-3"),
        ],
    );
}

#[test]
fn lines_and_charts_have_at_least_3() {
    assert_at_least(
        3.0,
        &[
            ("line-strong", "surface"),
            ("primary", "bg"),
            ("c-1", "surface"),
            ("c-2", "surface"),
            ("c-3", "surface"),
            ("c-4", "surface"),
            ("c-target", "surface"),
        ],
    );
}

#[test]
fn one_of_the_two_focus_colours_stands_out_everywhere() {
    for theme in THEMES {
        let tokens = tokens(theme);
        for back in ["bg", "surface", "primary", "accent"] {
            let best = contrast(&tokens, "focus", back).max(contrast(&tokens, "focus-edge", back));
            assert!(best >= 3.0, "{theme}: focus on {back} is {best:.2}");
        }
    }
}

#[test]
fn the_ratio_is_that_of_the_standard() {
    let tokens = Tokens::from([
        ("--black".into(), "#000".into()),
        ("--white".into(), "var(--paper)".into()),
        ("--paper".into(), "#FFFFFF".into()),
        ("--grey".into(), "#777777".into()),
    ]);
    assert_eq!(contrast(&tokens, "white", "black"), 21.0);
    assert_eq!((contrast(&tokens, "grey", "paper") * 100.0).round(), 448.0);
}
