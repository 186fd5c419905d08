//! Checking in with an appointment: a pad of digits for the code, or a scanner that types what it has read.
//!
//! Every digit is a press of its own form, so that the pad needs no script; the page comes from this machine.

use axum::response::Response;
use maud::{Markup, html};
use screens::{Icon, Texts, icon, t};

use super::modes::Modes;
use super::parts::{Frame, both, whole};
use crate::agent::Kiosk;
use crate::link::fresh_id;

/// An untouched page goes back to the greeting after so many seconds.
const IDLE_S: u32 = 45;
/// Digits of a code.
const DIGITS: std::ops::RangeInclusive<usize> = 4..=6;
/// What has been typed.
pub(super) const TYPED: &str = "typed";
/// The digit just pressed.
pub(super) const DIGIT: &str = "digit";
/// Why the last code was refused.
pub(super) const REFUSED: &str = "refused";
/// What is sent to the server.
pub(super) const CODE: &str = "appointment";

/// The digits typed so far, after a press.
pub(super) fn typed(before: &str, pressed: &str) -> String {
    let digits = before.chars().chain(pressed.chars());
    digits
        .filter(char::is_ascii_digit)
        .take(*DIGITS.end())
        .collect()
}

/// What a form sends of a scanned address, its signs put back.
pub(super) fn scanned(sent: &str) -> String {
    [
        ("%3A", ":"),
        ("%2F", "/"),
        ("%3F", "?"),
        ("%3D", "="),
        ("+", " "),
    ]
    .iter()
    .fold(sent.to_owned(), |text, (code, sign)| {
        text.replace(code, sign)
    })
}

/// The page.
pub(super) fn page(kiosk: &Kiosk, modes: Modes, typed: &str, refused: &str) -> Response {
    let language = modes.language;
    let texts = Texts::of(language);
    let title = t!(texts, "kiosk-code-title");
    let content = html! {
        main class="k-code" {
            div class="k-code-head" {
                h1 class="fs-h1" { (both!(language, "kiosk-code-title")) }
                @match refusal(modes, refused) {
                    Some(words) => p class="k-code-no" role="alert" { (icon(Icon::Warning)) span { (words) } },
                    None => p class="k-code-hint" { (both!(language, "kiosk-code-hint")) },
                }
            }
            form class="k-code-in" method="post" action="/appointment" {
                (modes.fields(""))
                input type="hidden" name="key" value=(fresh_id());
                // A scanner types into it; no keyboard is to open on the screen.
                input id="code" name=(CODE) value=(typed) inputmode="none" autocomplete="off" autofocus
                    maxlength="200" aria-label=(title);
                button class="fb pri" type="submit" disabled[!typed.is_empty() && !DIGITS.contains(&typed.len())] {
                    (icon(Icon::Check)) span { (both!(language, "kiosk-code-go")) }
                }
            }
            form class="k-pad" method="get" action="/appointment" aria-label=(title) {
                (modes.fields(""))
                input type="hidden" name=(TYPED) value=(typed);
                @for digit in 1..=9_u8 { (key(digit)) }
                a class="ab" href={ "/appointment" (modes.query()) } {
                    (icon(Icon::Cross)) span { (both!(language, "kiosk-code-delete")) }
                }
                (key(0))
                a class="ab" href={ "/" (modes.query()) } {
                    (icon(Icon::Back)) span { (both!(language, "kiosk-back")) }
                }
            }
        }
    };
    let frame = Frame {
        title: &title,
        modes,
        state: "appointment".to_owned(),
        live: String::new(),
        idle_s: IDLE_S,
        refresh_s: IDLE_S,
    };
    whole(kiosk, &kiosk.station(), &frame, content)
}

fn key(digit: u8) -> Markup {
    html! { button class="k-key" type="submit" name=(DIGIT) value=(digit) { (digit) } }
}

/// The words for a refusal; none where there was none. An address cannot put others on the screen.
fn refusal(modes: Modes, code: &str) -> Option<Markup> {
    let language = modes.language;
    Some(match code {
        "" => return None,
        "check_in_too_early" => both!(language, "appointment-early"),
        "appointment_missed" => both!(language, "appointment-missed"),
        "already_checked_in" => both!(language, "appointment-done"),
        "appointment_cancelled" => both!(language, "appointment-cancelled"),
        "too_many_tries" => both!(language, "appointment-tries"),
        "day_closed" => both!(language, "station-closed"),
        _ => both!(language, "appointment-unknown"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn digits_are_gathered_up_to_six() {
        assert_eq!(typed("", "4"), "4");
        assert_eq!(typed("12345", "6"), "123456");
        assert_eq!(typed("123456", "7"), "123456");
        assert_eq!(typed("<b>1", "x"), "1");
    }

    #[test]
    fn a_scanned_address_is_put_together_again() {
        let sent = "http%3A%2F%2Fs.example%2Fa%2F00ff";
        assert_eq!(scanned(sent), "http://s.example/a/00ff");
    }

    proptest! {
        #[test]
        fn whatever_an_address_says_only_digits_are_typed(before in "\\PC{0,20}", pressed in "\\PC{0,3}") {
            let typed = typed(&before, &pressed);
            prop_assert!(typed.len() <= 6 && typed.bytes().all(|b| b.is_ascii_digit()));
        }
    }
}
