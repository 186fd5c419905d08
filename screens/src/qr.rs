//! QR codes as inline SVG.

use maud::{Markup, html};
use qrcodegen::{QrCode, QrCodeEcc};
use std::fmt::Write;

/// Light modules around the code that ISO/IEC 18004 asks for.
const QUIET_ZONE: i32 = 4;

/// Draws `text` as a QR code (error correction M), named `label` for people who cannot see it.
///
/// It is dark on white in every theme, because readers need that. A text too long for any QR
/// code (over about 2,300 bytes) is shown as text instead.
pub fn qr_svg(text: &str, label: &str) -> Markup {
    let Ok(code) = QrCode::encode_text(text, QrCodeEcc::Medium) else {
        return html! { code class="qr-text" { (text) } };
    };
    let side = code.size() + 2 * QUIET_ZONE;
    html! {
        svg class="qr" viewBox=(format!("0 0 {side} {side}")) shape-rendering="crispEdges"
            role="img" aria-label=(label) {
            rect width=(side) height=(side) fill="#fff" {}
            path d=(path(&code)) fill="#07161a" {}
        }
    }
}

/// One rectangle per horizontal run of dark modules.
fn path(code: &QrCode) -> String {
    let mut path = String::new();
    for y in 0..code.size() {
        let mut x = 0;
        while x < code.size() {
            let start = x;
            while code.get_module(x, y) {
                x += 1;
            }
            let run = x - start;
            if run > 0 {
                let (left, top) = (start + QUIET_ZONE, y + QUIET_ZONE);
                // Writing to a String cannot fail.
                let _ = write!(path, "M{left} {top}h{run}v1h-{run}z");
            }
            x += 1;
        }
    }
    path
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Reads the path back into the set of dark modules.
    fn modules(path: &str) -> Vec<(i32, i32)> {
        let mut dark = Vec::new();
        for piece in path.split('M').skip(1) {
            let (at, rest) = piece.split_once('h').unwrap();
            let (x, y) = at.split_once(' ').unwrap();
            let run: i32 = rest.split_once('v').unwrap().0.parse().unwrap();
            let x: i32 = x.parse().unwrap();
            dark.extend((x..x + run).map(|x| (x, y.parse().unwrap())));
        }
        dark
    }

    #[test]
    fn the_path_draws_exactly_the_dark_modules_inside_the_quiet_zone() {
        let code = QrCode::encode_text("https://q.example/t/7F3K9QXA", QrCodeEcc::Medium).unwrap();
        let expected: Vec<_> = (0..code.size())
            .flat_map(|y| (0..code.size()).map(move |x| (x, y)))
            .filter(|&(x, y)| code.get_module(x, y))
            .map(|(x, y)| (x + 4, y + 4))
            .collect();
        assert_eq!(modules(&path(&code)), expected);
    }

    #[test]
    fn it_is_an_image_with_a_name_and_escapes_it() {
        let svg = qr_svg("x", "A \"B\" & C").into_string();
        assert!(
            svg.contains(r#"role="img" aria-label="A &quot;B&quot; &amp; C""#),
            "{svg}"
        );
        assert!(svg.contains(r#"viewBox="0 0 29 29""#), "{svg}");
    }

    #[test]
    fn a_text_too_long_is_shown_as_text() {
        let long = "x".repeat(3000);
        assert_eq!(
            qr_svg(&long, "").into_string(),
            format!(r#"<code class="qr-text">{long}</code>"#)
        );
    }
}
