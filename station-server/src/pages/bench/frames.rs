//! The frames that went over a line: when, from whom, their bytes and what they say.

use std::borrow::Cow;

use firmware_config::caller_pad::{Key, PadAction, PadEvent};
use firmware_config::led485::{REGISTER_DECIMAL_POINT, REGISTER_NUMBER, REGISTER_TEXT};
use firmware_config::modbus::{Action, Request};
use firmware_config::simulate::{LineFrame, Meaning};
use maud::{Markup, html};
use screens::{Icon, Texts, icon, t};

use super::view::hexadecimal;

/// A frame with the time of day at which it went.
pub(super) struct Seen {
    pub(super) at: String,
    pub(super) frame: LineFrame,
}

/// The frames of one line, newest first, in a panel that scrolls by itself.
pub(super) fn log(id: &str, name: &str, seen: &[Seen], texts: &'static Texts) -> Markup {
    let title = t!(texts, "bench-frames-of", line = name);
    html! {
        section class="cardd log" id=(id) data-part aria-label=(title) {
            h2 { (title) }
            @if seen.is_empty() {
                p class="sub" { (t!(texts, "bench-frames-none")) }
            } @else {
                ol id={ (id) "-list" } tabindex="0" {
                    @for seen in seen.iter().rev() {
                        @let from_host = seen.frame.meaning.is_from_host();
                        li class=[(seen.frame.meaning == Meaning::Noise).then_some("noise")] {
                            span class="when" { (seen.at) }
                            span class="way" {
                                (icon(if from_host { Icon::Right } else { Icon::Left }))
                                @if from_host { (t!(texts, "bench-from-host")) } @else { (t!(texts, "bench-from-device")) }
                            }
                            span class="says" { (say(&seen.frame.meaning, texts)) }
                            code { (hexadecimal(&seen.frame.bytes)) }
                        }
                    }
                }
            }
        }
    }
}

/// A frame's meaning in words.
fn say(meaning: &Meaning, texts: &'static Texts) -> Cow<'static, str> {
    match meaning {
        Meaning::Asks(request) => asked(request, texts),
        Meaning::Done(address) => t!(texts, "bench-says-done", address = address.get()),
        Meaning::Refuses(address, why) => t!(
            texts,
            "bench-says-refused",
            address = address.get(),
            code = why.0
        ),
        Meaning::Tells(address, action) => told(*address, *action, texts),
        Meaning::Takes(address) => t!(texts, "bench-says-taken", address = *address),
        Meaning::Reports(address, event) => reported(*address, event, texts),
        Meaning::Noise => t!(texts, "bench-says-noise"),
    }
}

fn asked(request: &Request, texts: &'static Texts) -> Cow<'static, str> {
    let address = request.address.get();
    match &request.action {
        Action::WriteMany {
            register: REGISTER_TEXT,
            values,
        } => {
            let cells = values.iter().flat_map(|value| value.to_be_bytes());
            let text: String = cells.map(char::from).collect();
            match text.trim_end() {
                "" => t!(texts, "bench-says-blank", address = address),
                text => t!(
                    texts,
                    "bench-says-text",
                    address = address,
                    text = text.to_owned()
                ),
            }
        }
        Action::WriteOne {
            register: REGISTER_NUMBER,
            value,
        } => t!(
            texts,
            "bench-says-text",
            address = address,
            text = i16::from_be_bytes(value.to_be_bytes()).to_string()
        ),
        Action::WriteOne {
            register: REGISTER_DECIMAL_POINT,
            value,
        } => t!(
            texts,
            "bench-says-point",
            address = address,
            digits = *value
        ),
        Action::WriteOne { register, .. } | Action::WriteMany { register, .. } => t!(
            texts,
            "bench-says-write",
            address = address,
            register = *register
        ),
        Action::Read { register, .. } => t!(
            texts,
            "bench-says-read",
            address = address,
            register = *register
        ),
    }
}

fn told(address: u8, action: PadAction, texts: &'static Texts) -> Cow<'static, str> {
    match action {
        PadAction::ShowTicket(number) => t!(
            texts,
            "bench-says-ticket",
            address = address,
            number = format!("{number:03}")
        ),
        PadAction::ShowWaiting(count) => {
            t!(
                texts,
                "bench-says-waiting",
                address = address,
                count = count
            )
        }
        PadAction::ShowStars(stars) => {
            t!(texts, "bench-says-stars", address = address, count = stars)
        }
        PadAction::Beep => t!(texts, "bench-says-beep", address = address),
        PadAction::AskRating => t!(texts, "bench-says-ask", address = address),
    }
}

fn reported(address: u8, event: &PadEvent, texts: &'static Texts) -> Cow<'static, str> {
    match event {
        PadEvent::Rating(score) => {
            t!(
                texts,
                "bench-says-rated",
                address = address,
                score = score.get()
            )
        }
        PadEvent::Key(pressed) => {
            let digits: String = pressed
                .digits
                .iter()
                .map(|d| char::from(b'0' + d % 10))
                .collect();
            t!(
                texts,
                "bench-says-key",
                address = address,
                digits = digits,
                key = name_of(pressed.key, texts)
            )
        }
    }
}

/// What stands on a key.
pub(super) fn name_of(key: Key, texts: &'static Texts) -> Cow<'static, str> {
    match key {
        Key::CallNext => t!(texts, "bench-key-call-next"),
        Key::OneMetreLine => t!(texts, "bench-key-one-metre"),
        Key::Recall => t!(texts, "bench-key-recall"),
        Key::AskRating => t!(texts, "bench-key-ask-rating"),
        Key::Pause => t!(texts, "bench-key-pause"),
        Key::Transfer => t!(texts, "bench-key-transfer"),
        Key::Cancel => t!(texts, "bench-key-cancel"),
        Key::Confirm => t!(texts, "bench-key-confirm"),
    }
}

#[cfg(test)]
mod tests {
    use firmware_config::caller_pad::{KeyFrame, Score};
    use firmware_config::led485;
    use firmware_config::modbus::{Address, Exception};
    use screens::Language;

    use super::*;

    #[test]
    fn every_frame_is_said_in_words() {
        let texts = Texts::of(Language::En);
        let three = Address::new(3).unwrap();
        let key = PadEvent::Key(KeyFrame {
            digits: vec![1, 2],
            key: Key::CallNext,
        });
        let cases = [
            (
                Meaning::Asks(led485::show_text(three, "A047").unwrap()),
                "Panel 3: show A047",
            ),
            (Meaning::Asks(led485::blank(three)), "Panel 3: go dark"),
            (
                Meaning::Asks(led485::show_number(three, -7)),
                "Panel 3: show -7",
            ),
            (Meaning::Done(three), "Panel 3: done"),
            (
                Meaning::Refuses(three, Exception(2)),
                "Panel 3: refused (exception 2)",
            ),
            (
                Meaning::Tells(4, PadAction::ShowTicket(7)),
                "Keypad 4: show ticket 007",
            ),
            (Meaning::Reports(4, key), "Keypad 4: key 12 Next"),
            (
                Meaning::Reports(4, PadEvent::Rating(Score::new(5).unwrap())),
                "Keypad 4: rated 5",
            ),
            (Meaning::Takes(4), "Keypad 4: taken"),
        ];
        for (meaning, words) in cases {
            assert_eq!(say(&meaning, texts), words);
        }
    }

    #[test]
    fn the_newest_frame_is_on_top_with_its_bytes() {
        let frame = |at: &str, bytes: &[u8]| Seen {
            at: at.into(),
            frame: LineFrame {
                at_ms: 0,
                bytes: bytes.to_vec(),
                meaning: Meaning::Noise,
            },
        };
        let seen = [frame("09:00:00", &[0xff, 0x68]), frame("09:00:01", &[0x16])];
        let html = log("log", "LED", &seen, Texts::of(Language::En)).into_string();
        assert!(html.find("09:00:01") < html.find("09:00:00"), "{html}");
        assert!(html.contains("<code>FF 68</code>"), "{html}");
        assert!(
            log("log", "LED", &[], Texts::of(Language::En))
                .into_string()
                .contains("Nothing")
        );
    }
}
