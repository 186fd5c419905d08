//! How keys are told apart: by bytes on a line, or by the kernel's key codes.

use std::fmt;
use std::str::FromStr;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::template::HexBytes;

/// Most bytes of one key. Real pads send one to three.
const SEQUENCE_MAX: usize = 8;
/// The kernel's largest key code, `KEY_MAX` in `input-event-codes.h`.
const KEY_CODE_MAX: u16 = 0x2ff;

/// The bytes of one key, 1 to 8, written in hexadecimal: `41` or `1B 4F 50`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(try_from = "String", into = "String")]
#[schemars(with = "String")]
pub struct ByteSequence(Vec<u8>);

impl ByteSequence {
    /// The bytes; never empty.
    pub fn bytes(&self) -> &[u8] {
        &self.0
    }
}

impl FromStr for ByteSequence {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let HexBytes(bytes) = HexBytes::try_from(text.to_owned())?;
        match bytes.len() {
            ..=SEQUENCE_MAX => Ok(Self(bytes)),
            count => Err(format!(
                "{count} bytes for one key, expected 1 to {SEQUENCE_MAX}"
            )),
        }
    }
}

impl fmt::Display for ByteSequence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex(&self.0))
    }
}

/// Bytes as they are written in a map.
pub(super) fn hex(bytes: &[u8]) -> String {
    let pairs: Vec<String> = bytes.iter().map(|byte| format!("{byte:02X}")).collect();
    pairs.join(" ")
}

impl TryFrom<String> for ByteSequence {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}

impl From<ByteSequence> for String {
    fn from(sequence: ByteSequence) -> Self {
        sequence.to_string()
    }
}

/// A key code of the Linux kernel, written by its name in `input-event-codes.h`, as `evtest` prints it (`KEY_KP1`), or as a
/// number from 1 to 767.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(try_from = "String", into = "String")]
#[schemars(with = "String")]
pub struct KeyCode(u16);

impl KeyCode {
    /// The code, or `None` outside 1 to 767.
    pub fn new(code: u16) -> Option<Self> {
        (1..=KEY_CODE_MAX).contains(&code).then_some(Self(code))
    }

    /// The code as a number.
    pub fn get(self) -> u16 {
        self.0
    }
}

impl FromStr for KeyCode {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let named = NAMES.iter().find(|(_, name)| *name == text);
        let code = named.map(|(code, _)| *code).or_else(|| text.parse().ok());
        code.and_then(Self::new).ok_or_else(|| {
            format!(
                "invalid key code `{text}`, expected a name such as `KEY_KP1` or `KEY_ENTER`, or a number from 1 to {KEY_CODE_MAX}"
            )
        })
    }
}

impl fmt::Display for KeyCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match NAMES.iter().find(|(code, _)| *code == self.0) {
            Some((_, name)) => f.write_str(name),
            None => write!(f, "{}", self.0),
        }
    }
}

impl TryFrom<String> for KeyCode {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}

impl From<KeyCode> for String {
    fn from(code: KeyCode) -> Self {
        code.to_string()
    }
}

/// What a pad sends for a key.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Code {
    /// Bytes of a serial pad.
    Bytes(ByteSequence),
    /// A key code of the kernel.
    Key(KeyCode),
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Bytes(sequence) => sequence.fmt(f),
            Self::Key(code) => code.fmt(f),
        }
    }
}

/// Codes that can stand in a map together.
pub trait Distinct: FromStr + fmt::Display {
    /// Whether a pad that sends one of the two may have meant the other.
    fn is_like(&self, other: &Self) -> bool;
}

impl Distinct for ByteSequence {
    fn is_like(&self, other: &Self) -> bool {
        self.0.starts_with(&other.0) || other.0.starts_with(&self.0)
    }
}

impl Distinct for KeyCode {
    fn is_like(&self, other: &Self) -> bool {
        self == other
    }
}

/// A code that cannot stand in a map beside one before it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Clash {
    /// Byte offset of the code in its file.
    pub offset: usize,
    /// What is wrong.
    pub message: String,
}

/// The codes of a map that cannot be told from one written before them, in the order of the file. `written` is each code as
/// it stands in the file, with its byte offset; what is no code is somebody else's to tell.
pub fn clashes<C: Distinct>(written: impl IntoIterator<Item = (usize, String)>) -> Vec<Clash> {
    let mut written: Vec<_> = written.into_iter().collect();
    written.sort();
    let mut before: Vec<C> = Vec::new();
    let mut clashes = Vec::new();
    for (offset, text) in written {
        let Ok(code) = text.parse::<C>() else {
            continue;
        };
        if let Some(first) = before.iter().find(|first| first.is_like(&code)) {
            let (first, code) = (first.to_string(), code.to_string());
            let message = match first == code {
                true => format!("`{code}` is in the map twice"),
                false => format!("`{code}` and `{first}` begin alike"),
            };
            clashes.push(Clash { offset, message });
        }
        before.push(code);
    }
    clashes
}

/// Names of the keys that keyboards and keypads have; others are written as numbers.
#[rustfmt::skip]
const NAMES: [(u16, &str); 104] = [
    (1, "KEY_ESC"), (2, "KEY_1"), (3, "KEY_2"), (4, "KEY_3"), (5, "KEY_4"), (6, "KEY_5"), (7, "KEY_6"), (8, "KEY_7"),
    (9, "KEY_8"), (10, "KEY_9"), (11, "KEY_0"), (12, "KEY_MINUS"), (13, "KEY_EQUAL"), (14, "KEY_BACKSPACE"),
    (15, "KEY_TAB"), (16, "KEY_Q"), (17, "KEY_W"), (18, "KEY_E"), (19, "KEY_R"), (20, "KEY_T"), (21, "KEY_Y"),
    (22, "KEY_U"), (23, "KEY_I"), (24, "KEY_O"), (25, "KEY_P"), (26, "KEY_LEFTBRACE"), (27, "KEY_RIGHTBRACE"),
    (28, "KEY_ENTER"), (29, "KEY_LEFTCTRL"), (30, "KEY_A"), (31, "KEY_S"), (32, "KEY_D"), (33, "KEY_F"), (34, "KEY_G"),
    (35, "KEY_H"), (36, "KEY_J"), (37, "KEY_K"), (38, "KEY_L"), (39, "KEY_SEMICOLON"), (40, "KEY_APOSTROPHE"),
    (41, "KEY_GRAVE"), (42, "KEY_LEFTSHIFT"), (43, "KEY_BACKSLASH"), (44, "KEY_Z"), (45, "KEY_X"), (46, "KEY_C"),
    (47, "KEY_V"), (48, "KEY_B"), (49, "KEY_N"), (50, "KEY_M"), (51, "KEY_COMMA"), (52, "KEY_DOT"), (53, "KEY_SLASH"),
    (54, "KEY_RIGHTSHIFT"), (55, "KEY_KPASTERISK"), (56, "KEY_LEFTALT"), (57, "KEY_SPACE"), (58, "KEY_CAPSLOCK"),
    (59, "KEY_F1"), (60, "KEY_F2"), (61, "KEY_F3"), (62, "KEY_F4"), (63, "KEY_F5"), (64, "KEY_F6"), (65, "KEY_F7"),
    (66, "KEY_F8"), (67, "KEY_F9"), (68, "KEY_F10"), (69, "KEY_NUMLOCK"), (70, "KEY_SCROLLLOCK"), (71, "KEY_KP7"),
    (72, "KEY_KP8"), (73, "KEY_KP9"), (74, "KEY_KPMINUS"), (75, "KEY_KP4"), (76, "KEY_KP5"), (77, "KEY_KP6"),
    (78, "KEY_KPPLUS"), (79, "KEY_KP1"), (80, "KEY_KP2"), (81, "KEY_KP3"), (82, "KEY_KP0"), (83, "KEY_KPDOT"),
    (87, "KEY_F11"), (88, "KEY_F12"), (96, "KEY_KPENTER"), (97, "KEY_RIGHTCTRL"), (98, "KEY_KPSLASH"),
    (100, "KEY_RIGHTALT"), (102, "KEY_HOME"), (103, "KEY_UP"), (104, "KEY_PAGEUP"), (105, "KEY_LEFT"),
    (106, "KEY_RIGHT"), (107, "KEY_END"), (108, "KEY_DOWN"), (109, "KEY_PAGEDOWN"), (110, "KEY_INSERT"),
    (111, "KEY_DELETE"), (117, "KEY_KPEQUAL"), (121, "KEY_KPCOMMA"), (140, "KEY_CALC"), (179, "KEY_KPLEFTPAREN"),
    (180, "KEY_KPRIGHTPAREN"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_read_as_they_are_written() {
        for text in ["41", "1B 4F 50", "00", "FF"] {
            assert_eq!(text.parse::<ByteSequence>().unwrap().to_string(), text);
        }
        for (code, name) in NAMES {
            assert_eq!(name.parse::<KeyCode>().unwrap().get(), code);
            assert_eq!(
                code.to_string().parse::<KeyCode>().unwrap().to_string(),
                name
            );
        }
        assert_eq!("183".parse::<KeyCode>().unwrap().to_string(), "183");
        assert!(
            NAMES.is_sorted_by(|one, next| one.0 < next.0),
            "none is named twice"
        );
    }

    #[test]
    fn what_is_no_code_is_refused() {
        for text in ["", "4", "4G", "1B4F", "00 01 02 03 04 05 06 07 08"] {
            assert!(text.parse::<ByteSequence>().is_err(), "{text}");
        }
        for text in ["", "0", "768", "KEY_KP11", "key_kp1", "-1"] {
            assert!(text.parse::<KeyCode>().is_err(), "{text}");
        }
    }

    #[test]
    fn codes_that_cannot_be_told_apart_are_found() {
        let written = |codes: &[&str]| -> Vec<(usize, String)> {
            let codes = codes.iter().enumerate();
            codes.map(|(at, code)| (at, (*code).to_owned())).collect()
        };
        let told = |clashes: Vec<Clash>| -> Vec<(usize, String)> {
            let clashes = clashes.into_iter();
            clashes.map(|clash| (clash.offset, clash.message)).collect()
        };
        let bytes = written(&["1b 41", "1B 42", "xx", "1b", "43", "43"]);
        assert_eq!(
            told(clashes::<ByteSequence>(bytes)),
            [
                (3, "`1B` and `1B 41` begin alike".to_owned()),
                (5, "`43` is in the map twice".to_owned())
            ]
        );
        let codes = written(&["KEY_1", "3", "2"]);
        assert_eq!(
            told(clashes::<KeyCode>(codes)),
            [(2, "`KEY_1` is in the map twice".to_owned())]
        );
    }
}
