//! Finding out what a printer is from several of its answers. What it says about itself is told,
//! but only what it does is believed: printers are sold that give another maker's name.

use std::collections::BTreeMap;
use std::io;

use serde::Serialize;

use super::device::conversation::Conversation;
use super::device::{Device, Reach, Search};
use super::snapshot::hex;
use super::targets::Target;
use crate::escpos_wire::{
    Answer, DleEot, PAPER_FENCE, PaperStatus, PrinterStatus, ProcessId, Return, ReturnDemux,
};
use crate::plugged::profiles_named;

/// How sure it is that the device is an ESC/POS printer that behaves as the manuals say.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Confidence {
    /// It answers nothing.
    None,
    /// It answers some status requests.
    Low,
    /// It answers all status requests.
    Medium,
    /// It tells what has been printed, too.
    High,
}

/// One question and its answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Signal {
    /// The command as manuals call it.
    pub command: String,
    /// Its bytes.
    pub asked: String,
    /// The answer's bytes; `None`: none came.
    pub answered: Option<String>,
}

/// What a printer says of its state.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct StatusSaid {
    /// The question as manuals call it: `DLE EOT 3`.
    pub command: String,
    /// The answer's byte, hexadecimal; `None`: none came.
    pub answered: Option<String>,
    /// What it means; empty without an answer.
    pub means: Vec<&'static str>,
}

/// What a device is.
#[derive(Clone, Debug, Serialize)]
pub struct Identity {
    /// The device.
    pub target: String,
    /// How sure it is.
    pub confidence: Confidence,
    /// What it says of itself, by `GS I`: firmware, maker, model, serial number, fonts.
    pub claims: BTreeMap<&'static str, String>,
    /// How it is: off line, open, without paper, in error.
    pub status: Vec<StatusSaid>,
    /// Whether its behaviour is that of the model it says it is.
    pub claims_fit: bool,
    /// Profiles of the model that it says it is, if its claims fit. Several where the model is built in several ways.
    pub profiles: Vec<String>,
    /// Why, for a person.
    pub notes: Vec<String>,
    /// All questions and answers.
    pub signals: Vec<Signal>,
}

/// What a printer did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Behaviour {
    /// How many of four status requests it answered (`DLE EOT` 1 to 4).
    pub statuses: usize,
    /// It said that it is off line: what waits for its turn is not answered then.
    pub offline: bool,
    /// It answered the status request that waits for its turn (`GS r 1`).
    pub answers_in_turn: bool,
    /// It told that a named job was dealt with (`GS ( H`).
    pub confirms: bool,
    /// What it says of itself.
    pub claims: BTreeMap<&'static str, String>,
}

/// Judges a printer by what it did: the confidence, whether its claims fit, and why.
pub fn judge(behaviour: &Behaviour) -> (Confidence, bool, Vec<String>) {
    let confidence = match (behaviour.statuses, behaviour.answers_in_turn) {
        (4, true) if behaviour.confirms => Confidence::High,
        (4, true) => Confidence::Medium,
        (0, false) => Confidence::None,
        _ => Confidence::Low,
    };
    let claim = |name| behaviour.claims.get(name).map_or("", String::as_str);
    let (maker, model) = (claim("maker"), claim("model"));
    let mut notes = Vec::new();
    let is_maker = maker.eq_ignore_ascii_case("epson");
    if model.starts_with("TM-") && !is_maker {
        notes.push(format!(
            "it says that it is an Epson {model} made by `{maker}`: not believed"
        ));
    } else if is_maker && !behaviour.confirms {
        notes.push(format!(
            "it says that it is an Epson {model}, but does not confirm printing as Epson's do: not believed"
        ));
    } else if !is_maker && (!maker.is_empty() || !model.is_empty()) {
        notes.push(format!(
            "it says that it is a {maker} {model}; no behaviour is known by which to tell"
        ));
    }
    if behaviour.offline && !behaviour.confirms {
        notes.push("it is off line and answers little else: mend it and ask again".into());
    } else if !behaviour.confirms && confidence > Confidence::None {
        notes
            .push("it does not tell when a ticket is printed; paper status is all there is".into());
    }
    let claims_fit = is_maker && model.starts_with("TM-") && confidence == Confidence::High;
    (confidence, claims_fit, notes)
}

/// Profiles of the maker and model that a printer says it is.
fn profiles_of(claims: &BTreeMap<&'static str, String>) -> Vec<String> {
    match (claims.get("maker"), claims.get("model")) {
        (Some(maker), Some(model)) => profiles_named(maker, model),
        _ => Vec::new(),
    }
}

/// Asks a printer several questions that print and change nothing.
///
/// # Errors
/// The line cannot be opened, nobody answers, or the device is no printer.
pub(crate) async fn identify(target: &Target, search: Search<'_>) -> anyhow::Result<Identity> {
    let (device, _) = search.connect(&Reach::of(target)).await?;
    let Device::Printer(printer) = device else {
        anyhow::bail!("{} is no printer; `read` tells its settings", target.name);
    };
    let mut signals = Vec::new();
    let mut behaviour = Behaviour::default();
    let mut status = Vec::new();
    let mut told = PrinterStatus::default();
    for kind in DleEot::ALL {
        let answer = printer.status(kind).await?;
        behaviour.statuses += usize::from(answer.is_some());
        if let Some(byte) = answer {
            told.learn_dle_eot(kind, byte);
        }
        let command = format!("DLE EOT {}", kind.number());
        let asked = signal(&command, &kind.request(), answer.map(|byte| vec![byte]));
        status.push(StatusSaid {
            command,
            answered: asked.answered.clone(),
            means: answer.map(|byte| kind.meaning(byte)).unwrap_or_default(),
        });
        signals.push(asked);
    }
    behaviour.offline = told.offline;
    let mut ask = Questions {
        talk: printer.talk(),
        signals: &mut signals,
    };
    let paper = |said: Return| match said {
        Return::Paper(PaperStatus { .. }) => Some(Vec::new()),
        _ => None,
    };
    let in_turn = ask.ask("GS r 1", &PAPER_FENCE, Some(Answer::Paper), paper);
    behaviour.answers_in_turn = in_turn.await?.is_some();
    for n in [1, 2, 3_u8] {
        let single = |said: Return| match said {
            Return::Single(byte) => Some(vec![byte]),
            _ => None,
        };
        ask.ask(&format!("GS I {n}"), &[0x1d, b'I', n], None, single)
            .await?;
    }
    for (n, claim) in [
        (65_u8, "firmware"),
        (66, "maker"),
        (67, "model"),
        (68, "serial"),
        (69, "fonts"),
    ] {
        let block = |said: Return| match said {
            Return::Block(block) if block.first() == Some(&0x5f) => Some(block[1..].to_vec()),
            _ => None,
        };
        let name = format!("GS I {n}");
        let said = ask.ask(&name, &[0x1d, b'I', n], None, block).await?;
        if let Some(said) = said {
            let text = String::from_utf8_lossy(&said).trim().to_owned();
            behaviour.claims.insert(claim, text);
        }
    }
    let id = ProcessId::from_number(0);
    let printed = |said: Return| (said == Return::Printed(id)).then(Vec::new);
    let confirmed = ask.ask("GS ( H 48", &id.request(), None, printed).await?;
    behaviour.confirms = confirmed.is_some();
    let (confidence, claims_fit, notes) = judge(&behaviour);
    let profiles = match claims_fit {
        true => profiles_of(&behaviour.claims),
        false => Vec::new(),
    };
    Ok(Identity {
        target: target.name.clone(),
        confidence,
        claims: behaviour.claims,
        status,
        claims_fit,
        profiles,
        notes,
        signals,
    })
}

struct Questions<'a> {
    talk: &'a Conversation,
    signals: &'a mut Vec<Signal>,
}

impl Questions<'_> {
    async fn ask(
        &mut self,
        command: &str,
        question: &[u8],
        expected: Option<Answer>,
        mut wanted: impl FnMut(Return) -> Option<Vec<u8>>,
    ) -> io::Result<Option<Vec<u8>>> {
        let heard = self
            .talk
            .ask(question, |heard| {
                let mut demux = ReturnDemux::default();
                if let Some(expected) = expected {
                    demux.expect(expected);
                }
                demux.feed(heard).into_iter().find_map(&mut wanted)
            })
            .await?;
        let answered = heard.found.is_some().then_some(heard.bytes);
        self.signals.push(signal(command, question, answered));
        Ok(heard.found)
    }
}

fn signal(command: &str, asked: &[u8], answered: Option<Vec<u8>>) -> Signal {
    Signal {
        command: command.to_owned(),
        asked: hex(asked),
        answered: answered.map(|bytes| hex(&bytes)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn printer(maker: &str, model: &str, confirms: bool) -> Behaviour {
        Behaviour {
            statuses: 4,
            offline: false,
            answers_in_turn: true,
            confirms,
            claims: [("maker", maker.to_owned()), ("model", model.to_owned())].into(),
        }
    }

    #[test]
    fn a_model_has_the_profiles_of_all_ways_it_is_built() {
        for (maker, model, expected) in [
            ("EPSON", "TM-T88V", &["epson-tm-t88v"][..]),
            (
                "EPSON",
                "TM-T70II",
                &[
                    "epson-tm-t70ii",
                    "epson-tm-t70ii-ch",
                    "epson-tm-t70ii-tc",
                    "epson-tm-t70ii-ch-58mm",
                    "epson-tm-t70ii-sa",
                ],
            ),
            ("EPOSN", "TM-T88V", &[]),
            ("EPSON", "TM-T99", &[]),
            ("", "", &[]),
        ] {
            let profiles = profiles_of(&printer(maker, model, true).claims);
            assert_eq!(profiles, expected, "{maker} {model}");
        }
        assert!(profiles_of(&BTreeMap::new()).is_empty());
    }

    #[test]
    fn a_name_is_believed_only_with_the_behaviour_that_goes_with_it() {
        for (behaviour, confidence, fits, note) in [
            (
                printer("EPSON", "TM-T88V", true),
                Confidence::High,
                true,
                "",
            ),
            (
                printer("EPSON", "TM-T88V", false),
                Confidence::Medium,
                false,
                "does not confirm printing",
            ),
            (
                printer("EPOSN", "TM-T88V", true),
                Confidence::High,
                false,
                "made by `EPOSN`: not believed",
            ),
            (
                printer("XP", "XP-S260M", true),
                Confidence::High,
                false,
                "no behaviour is known",
            ),
            (Behaviour::default(), Confidence::None, false, ""),
        ] {
            let (judged, claims_fit, notes) = judge(&behaviour);
            assert_eq!((judged, claims_fit), (confidence, fits), "{behaviour:?}");
            assert!(notes.join("; ").contains(note), "{notes:?}");
        }
        let open = Behaviour {
            offline: true,
            answers_in_turn: false,
            ..printer("EPSON", "TM-T88V", false)
        };
        let (_, claims_fit, notes) = judge(&open);
        assert!(!claims_fit && notes.join("; ").contains("mend it and ask again"));
        let half = Behaviour {
            statuses: 1,
            ..Behaviour::default()
        };
        assert_eq!(judge(&half).0, Confidence::Low);
    }
}
