//! What can be done at the bench, read from a form.

use axum::http::StatusCode;
use firmware_config::caller_pad::{DATA_MAX, Key, Score};
use firmware_config::simulate::Switch;
use queue_core::CounterId;
use serde::de::DeserializeOwned;

use crate::demo::{Bench, BenchCounter};
use crate::pages::fields::Fields;
use crate::problem::ApiProblem;

/// Digits that a frame has room for beside its key.
pub(super) const DIGITS_MAX: usize = 6;
/// What a bad contact may put on the line: the start of a frame that never ends, and other bytes.
const NOISE: [u8; 12] = [
    0xff, 0x68, 0x02, 0x02, 0x68, 0x00, 0x55, 0xaa, 0x16, 0xfe, 0x01, 0x7f,
];

const _: () = assert!(DIGITS_MAX < DATA_MAX);

/// One act of a person at the bench.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Act {
    /// A switch of the printer.
    Printer(Switch, bool),
    /// The network cable between station and agents.
    PlugNetwork(bool),
    /// The printer's cable.
    PlugPrinter(bool),
    /// The adapter of the panels.
    PlugPanels(bool),
    /// The adapter of the keypads.
    PlugPads(bool),
    /// Noise on both lines.
    Noise,
    /// A panel's power.
    Silence(CounterId, bool),
    /// A key with the digits typed before it.
    Press(CounterId, Vec<u8>, Key),
    /// A visitor's rating.
    Rate(CounterId, Score),
}

impl Act {
    /// From a form: `do`, and what belongs to it.
    ///
    /// # Errors
    /// 400 for anything else.
    pub(super) fn read(fields: &Fields) -> Result<Self, ApiProblem> {
        let on = || match fields.get("on") {
            Some("true") => Ok(true),
            Some("false") => Ok(false),
            _ => Err(ApiProblem::invalid("`on` is true or false")),
        };
        let counter = || {
            fields
                .parse::<CounterId>("counter")?
                .ok_or_else(|| ApiProblem::invalid("`counter` is missing"))
        };
        match fields.get("do").unwrap_or_default() {
            "printer" => Ok(Act::Printer(named(fields, "switch")?, on()?)),
            "plug-network" => Ok(Act::PlugNetwork(on()?)),
            "plug-printer" => Ok(Act::PlugPrinter(on()?)),
            "plug-panels" => Ok(Act::PlugPanels(on()?)),
            "plug-pads" => Ok(Act::PlugPads(on()?)),
            "noise" => Ok(Act::Noise),
            "silence" => Ok(Act::Silence(counter()?, on()?)),
            "press" => Ok(Act::Press(
                counter()?,
                digits(fields)?,
                named(fields, "key")?,
            )),
            "rate" => {
                let score = fields.parse::<u8>("score")?.and_then(Score::new);
                Ok(Act::Rate(
                    counter()?,
                    score.ok_or_else(|| ApiProblem::invalid("`score` is 1 to 5"))?,
                ))
            }
            _ => Err(ApiProblem::invalid(
                "`do` names nothing that can be done here",
            )),
        }
    }

    /// Does it.
    ///
    /// # Errors
    /// 404 for a counter without devices.
    pub(super) fn carry_out(self, bench: &Bench) -> Result<(), ApiProblem> {
        match self {
            Act::Printer(switch, on) => bench.printer.set(switch, on),
            Act::PlugNetwork(plugged) => bench.cable.set_plugged(plugged),
            Act::PlugPrinter(true) => bench.printer.plug_in(),
            Act::PlugPrinter(false) => bench.printer.unplug(),
            Act::PlugPanels(true) => bench.line.plug_in(),
            Act::PlugPanels(false) => bench.line.unplug(),
            Act::PlugPads(true) => bench.pads_line.plug_in(),
            Act::PlugPads(false) => bench.pads_line.unplug(),
            Act::Noise => {
                bench.line.make_noise(&NOISE);
                bench.pads_line.make_noise(&NOISE);
            }
            Act::Silence(counter, silent) => at(bench, &counter)?.panel.set_silent(silent),
            Act::Press(counter, digits, key) => at(bench, &counter)?.pad.press(&digits, key),
            Act::Rate(counter, score) => at(bench, &counter)?.pad.rate(score),
        }
        Ok(())
    }
}

fn at<'a>(bench: &'a Bench, counter: &CounterId) -> Result<&'a BenchCounter, ApiProblem> {
    let unknown = || {
        ApiProblem::new(
            StatusCode::NOT_FOUND,
            "unknown_counter",
            "this counter has no devices",
        )
    };
    bench.counter(counter.as_str()).ok_or_else(unknown)
}

/// A field whose value is one of a type's names.
fn named<T: DeserializeOwned>(fields: &Fields, name: &str) -> Result<T, ApiProblem> {
    let value = serde_json::Value::from(fields.get(name).unwrap_or_default());
    serde_json::from_value(value).map_err(|e| ApiProblem::invalid(format!("`{name}`: {e}")))
}

fn digits(fields: &Fields) -> Result<Vec<u8>, ApiProblem> {
    let text = fields.get("digits").unwrap_or_default();
    if text.len() > DIGITS_MAX || !text.bytes().all(|b| b.is_ascii_digit()) {
        return Err(ApiProblem::invalid(format!(
            "`digits` is at most {DIGITS_MAX} digits"
        )));
    }
    Ok(text.bytes().map(|b| b - b'0').collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn read(pairs: &[(&str, &str)]) -> Option<Act> {
        Act::read(&Fields::of(pairs)).ok()
    }

    #[test]
    fn forms_are_read_as_what_a_person_does() {
        let three = CounterId::new("3").unwrap();
        assert_eq!(
            read(&[("do", "printer"), ("switch", "paper-out"), ("on", "true")]),
            Some(Act::Printer(Switch::PaperOut, true))
        );
        assert_eq!(
            read(&[("do", "plug-pads"), ("on", "false")]),
            Some(Act::PlugPads(false))
        );
        assert_eq!(
            read(&[
                ("do", "press"),
                ("counter", "3"),
                ("digits", "047"),
                ("key", "call-next")
            ]),
            Some(Act::Press(three.clone(), vec![0, 4, 7], Key::CallNext))
        );
        assert_eq!(
            read(&[
                ("do", "press"),
                ("counter", "3"),
                ("digits", ""),
                ("key", "recall")
            ]),
            Some(Act::Press(three.clone(), vec![], Key::Recall))
        );
        let five = Score::new(5).unwrap();
        assert_eq!(
            read(&[("do", "rate"), ("counter", "3"), ("score", "5")]),
            Some(Act::Rate(three, five))
        );
    }

    #[test]
    fn what_cannot_be_done_is_refused() {
        for pairs in [
            &[("do", "explode")][..],
            &[("do", "printer"), ("switch", "on-fire"), ("on", "true")],
            &[("do", "printer"), ("switch", "paper-out"), ("on", "maybe")],
            &[
                ("do", "press"),
                ("counter", "3"),
                ("digits", "12a"),
                ("key", "call-next"),
            ],
            &[
                ("do", "press"),
                ("counter", "3"),
                ("digits", "1234567"),
                ("key", "call-next"),
            ],
            &[("do", "press"), ("key", "call-next")],
            &[("do", "rate"), ("counter", "3"), ("score", "6")],
            &[],
        ] {
            assert_eq!(read(pairs), None, "{pairs:?}");
        }
    }

    proptest! {
        #[test]
        fn any_form_is_read_or_refused(
            pairs in proptest::collection::vec(("do|on|switch|counter|digits|key|score", ".{0,12}"), 0..8),
        ) {
            let pairs: Vec<(&str, &str)> = pairs.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
            let _ = read(&pairs);
        }
    }
}
