//! What a printer says of itself to the system when it is plugged in: the device id of IEEE 1284-2000, 7.6.
//!
//! It is a text of `KEY:value;` pairs. A printer may call each key by its short or its long name, and leaves out most.

use serde::{Deserialize, Serialize};

/// Most bytes that are read; what Linux keeps of a device id (`usblp`).
pub(super) const BYTES_MAX: usize = 1_024;
/// Most characters of a value that are kept: all go onto a page.
const VALUE_MAX: usize = 128;
/// Most command sets that are kept.
const COMMANDS_MAX: usize = 16;

/// A printer in its own words. Clones give the words of the model they copy.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PrinterId {
    /// Its maker: `EPSON` (`MFG`, `MANUFACTURER`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub maker: Option<String>,
    /// Its model: `TM-T88V` (`MDL`, `MODEL`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub model: Option<String>,
    /// What it understands: `ESC/POS` (`CMD`, `COMMAND SET`).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub commands: Vec<String>,
    /// Its class: `PRINTER` (`CLS`, `CLASS`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub class: Option<String>,
    /// Maker and model in one, for people (`DES`, `DESCRIPTION`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Its serial number (`SN`, `SERN`, `SERIALNUMBER`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub serial: Option<String>,
}

impl PrinterId {
    /// Reads a device id; none where it has no key that is known. Of a key that comes twice the first value counts.
    #[must_use]
    pub fn parse(bytes: &[u8]) -> Option<Self> {
        let text = String::from_utf8_lossy(&bytes[..bytes.len().min(BYTES_MAX)]);
        let mut id = Self::default();
        for (key, value) in text.split(';').filter_map(|pair| pair.split_once(':')) {
            let place = match key.trim().to_ascii_uppercase().as_str() {
                "MFG" | "MANUFACTURER" => &mut id.maker,
                "MDL" | "MODEL" => &mut id.model,
                "CLS" | "CLASS" => &mut id.class,
                "DES" | "DESCRIPTION" => &mut id.description,
                "SN" | "SERN" | "SERIALNUMBER" => &mut id.serial,
                "CMD" | "COMMAND SET" if id.commands.is_empty() => {
                    let sets = value.split(',').filter_map(said);
                    id.commands = sets.take(COMMANDS_MAX).collect();
                    continue;
                }
                _ => continue,
            };
            if place.is_none() {
                *place = said(value);
            }
        }
        (id != Self::default()).then_some(id)
    }
}

/// A text of a device as it can be shown: without control characters, not too long; none where nothing is left.
pub(super) fn said(text: &str) -> Option<String> {
    let shown = text.chars().filter(|c| !c.is_control());
    let shown: String = shown.collect();
    let shown: String = shown.trim().chars().take(VALUE_MAX).collect();
    (!shown.is_empty()).then_some(shown)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn words(id: &PrinterId) -> [Option<&str>; 5] {
        [&id.maker, &id.model, &id.class, &id.description, &id.serial].map(Option::as_deref)
    }

    #[test]
    fn keys_have_short_and_long_names() {
        for text in [
            "MFG:EPSON;CMD:ESC/POS,EPL;MDL:TM-T88V;CLS:PRINTER;DES:EPSON TM-T88V;SN:J9AF;CID:EpsonTMPrt;",
            "MANUFACTURER: EPSON ;COMMAND SET:ESC/POS, EPL;MODEL:TM-T88V;CLASS:PRINTER;DESCRIPTION:EPSON TM-T88V;SERIALNUMBER:J9AF",
            "mfg:EPSON;mfg:OTHER;cmd:ESC/POS,EPL;cmd:PCL;mdl:TM-T88V;cls:PRINTER;des:EPSON TM-T88V\n;sern:J9AF;;",
        ] {
            let id = PrinterId::parse(text.as_bytes()).unwrap();
            let expected = ["EPSON", "TM-T88V", "PRINTER", "EPSON TM-T88V", "J9AF"];
            assert_eq!(words(&id), expected.map(Some), "{text}");
            assert_eq!(id.commands, ["ESC/POS", "EPL"], "{text}");
        }
    }

    #[test]
    fn what_says_nothing_is_nothing() {
        for text in ["", "\n", ";;;", "MFG:;MDL: ;", "TM-T88V", "VERS:1.0;"] {
            assert_eq!(PrinterId::parse(text.as_bytes()), None, "{text:?}");
        }
    }

    proptest! {
        #[test]
        fn any_bytes_are_read_and_what_is_kept_is_bounded(
            bytes in proptest::collection::vec(any::<u8>(), 0..4_096),
        ) {
            bounded(PrinterId::parse(&bytes).as_ref())?;
        }

        #[test]
        fn any_pairs_are_read_and_what_is_kept_is_bounded(
            pairs in proptest::collection::vec(("(MFG|MDL|CMD|CLS|DES|SN|MODEL|COMMAND SET)", ".{0,300}"), 0..40),
        ) {
            let text: String = pairs.iter().map(|(key, value)| format!("{key}:{value};")).collect();
            bounded(PrinterId::parse(text.as_bytes()).as_ref())?;
        }

        #[test]
        fn a_plain_value_comes_back(maker in "[A-Za-z0-9-]{1,40}", model in "[A-Za-z0-9 -]{0,40}[A-Z]") {
            let text = format!("MDL:{model};MFG:{maker};");
            let id = PrinterId::parse(text.as_bytes()).unwrap();
            prop_assert_eq!(id.maker.as_deref(), Some(maker.as_str()));
            prop_assert_eq!(id.model.as_deref(), Some(model.trim()));
        }
    }

    fn bounded(id: Option<&PrinterId>) -> Result<(), TestCaseError> {
        let Some(id) = id else { return Ok(()) };
        prop_assert!(id.commands.len() <= COMMANDS_MAX);
        let values = words(id).into_iter().flatten();
        for value in values.chain(id.commands.iter().map(String::as_str)) {
            prop_assert!(!value.is_empty() && value.chars().count() <= VALUE_MAX);
            prop_assert!(!value.chars().any(char::is_control));
        }
        Ok(())
    }
}
