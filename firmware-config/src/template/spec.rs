//! The frame language as it is written in a profile.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::modbus::crc16;
use crate::panel::ShowError;
use crate::profile::Pad;

/// A frame and the answers to it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FrameSpec {
    /// What it is for.
    #[serde(rename = "use", default)]
    pub usage: FrameUse,
    /// Its parts in the order of the wire.
    pub parts: Vec<Part>,
    /// What the panel may answer; empty where it is silent.
    #[serde(default)]
    pub answers: Vec<AnswerSpec>,
}

/// What a frame is for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum FrameUse {
    /// Show a text.
    #[default]
    Show,
    /// Show nothing.
    Blank,
    /// Once before the first text.
    Prepare,
}

/// A frame that a panel answers with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AnswerSpec {
    /// What it says.
    #[serde(default)]
    pub means: AnswerMeaning,
    /// Its parts in the order of the wire.
    pub parts: Vec<Part>,
}

/// What an answer says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum AnswerMeaning {
    /// The panel has done it.
    #[default]
    Acknowledged,
    /// The panel has not done it.
    Refused,
}

/// A part of a frame.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Part {
    /// Bytes that are always the same, in hexadecimal: `"02 41 41"`.
    Const(HexBytes),
    /// The panel's address.
    Address(AddressForm),
    /// What is shown.
    Text(TextPart),
    /// From here on bytes belong to the stretch of this name.
    Begin(String),
    /// Here the stretch of this name ends.
    End(String),
    /// The number of bytes of a stretch, in one byte.
    Length(LengthPart),
    /// A checksum.
    Checksum(ChecksumPart),
    /// So many bytes of any value, in answers.
    Any(#[schemars(range(min = 1, max = 64))] u8),
}

/// Bytes written in hexadecimal, such as `02 41 41`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(try_from = "String", into = "String")]
#[schemars(with = "String")]
pub struct HexBytes(pub Vec<u8>);

impl TryFrom<String> for HexBytes {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let bytes: Option<Vec<u8>> = text
            .split_ascii_whitespace()
            .map(|pair| {
                let is_pair = pair.len() == 2 && pair.bytes().all(|c| c.is_ascii_hexdigit());
                is_pair.then(|| u8::from_str_radix(pair, 16).ok()).flatten()
            })
            .collect();
        match bytes {
            Some(bytes) if !bytes.is_empty() => Ok(Self(bytes)),
            _ => Err(format!(
                "invalid bytes `{text}`, expected pairs of hexadecimal digits such as `02 41`"
            )),
        }
    }
}

impl From<HexBytes> for String {
    fn from(bytes: HexBytes) -> Self {
        let pairs: Vec<Self> = bytes.0.iter().map(|byte| format!("{byte:02X}")).collect();
        pairs.join(" ")
    }
}

/// How an address is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum AddressForm {
    /// One byte.
    U8,
    /// Two bytes, high byte first.
    U16Be,
    /// Two bytes, low byte first.
    U16Le,
    /// Two hexadecimal digits in ASCII, capitals.
    Hex2,
    /// Two decimal digits in ASCII, 00 to 99.
    Dec2,
    /// Two decimal digits in one byte, 00 to 99.
    Bcd,
}

impl AddressForm {
    /// How many bytes it takes.
    pub fn length(self) -> usize {
        match self {
            Self::U8 | Self::Bcd => 1,
            Self::U16Be | Self::U16Le | Self::Hex2 | Self::Dec2 => 2,
        }
    }

    /// The address in this form.
    ///
    /// # Errors
    /// The form has two decimal digits and the address three.
    pub fn bytes(self, address: u8) -> Result<Vec<u8>, ShowError> {
        if matches!(self, Self::Dec2 | Self::Bcd) && address > 99 {
            let (min, max) = (0, 99);
            return Err(ShowError::Address { address, min, max });
        }
        Ok(match self {
            Self::U8 => vec![address],
            Self::U16Be => vec![0, address],
            Self::U16Le => vec![address, 0],
            Self::Hex2 => format!("{address:02X}").into_bytes(),
            Self::Dec2 => format!("{address:02}").into_bytes(),
            Self::Bcd => vec![((address / 10) << 4) | (address % 10)],
        })
    }
}

/// How what is shown stands in a frame.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TextPart {
    /// How characters or the number are written.
    #[serde(rename = "as")]
    pub form: TextForm,
    /// Bytes of the field, for `ascii`, `bcd` and `segments`.
    #[schemars(range(min = 1, max = 64))]
    pub len: Option<u8>,
    /// Where a shorter text stands; `right` for `bcd` and `left` otherwise when left out.
    pub pad: Option<Pad>,
    /// What fills the rest: a character for `ascii` and `segments` (a blank when left out), a
    /// hexadecimal digit for `bcd` (`0` when left out).
    pub fill: Option<char>,
    /// Largest number, for `u8` and the forms of `u16`.
    pub max: Option<u16>,
    /// Leave out all but digits instead of refusing the text, for panels without letters.
    #[serde(default)]
    pub drop_letters: bool,
}

/// How characters or numbers are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum TextForm {
    /// A byte per character, printable ASCII.
    Ascii,
    /// Two digits per byte.
    Bcd,
    /// A number in one byte.
    U8,
    /// A number in two bytes, high byte first.
    U16Be,
    /// A number in two bytes, low byte first.
    U16Le,
    /// A byte per character with a bit per segment, `a` lowest to `g`, no decimal point.
    Segments,
}

/// A count of bytes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LengthPart {
    /// The stretch that is counted; it may hold this part itself.
    pub over: String,
}

/// A checksum.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ChecksumPart {
    /// How it is computed.
    pub kind: ChecksumKind,
    /// The stretch it covers, which ends before it; everything before it when left out.
    pub over: Option<String>,
}

/// How a checksum is computed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ChecksumKind {
    /// The sum modulo 256, one byte.
    Sum8,
    /// All bytes combined by exclusive or, one byte.
    Xor8,
    /// The CRC of Modbus RTU, low byte first.
    Crc16Modbus,
}

impl ChecksumKind {
    /// How many bytes it takes.
    pub fn length(self) -> usize {
        match self {
            Self::Sum8 | Self::Xor8 => 1,
            Self::Crc16Modbus => 2,
        }
    }

    /// The checksum of these bytes.
    pub fn bytes(self, covered: &[u8]) -> Vec<u8> {
        match self {
            Self::Sum8 => vec![covered.iter().fold(0, |sum, byte| sum.wrapping_add(*byte))],
            Self::Xor8 => vec![covered.iter().fold(0, |xor, byte| xor ^ byte)],
            Self::Crc16Modbus => crc16(covered).to_le_bytes().to_vec(),
        }
    }
}
