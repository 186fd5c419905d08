//! One way to drive any panel: what to send so that it shows a text, and what its answer means.
//!
//! A line master asks a [`PanelProtocol`] for an [`Outgoing`] message, sends its chunks, and gives
//! what it then hears to a [`Listener`] for the message's answer.

mod answer;

use std::num::NonZeroU8;

use crate::dm36::{self, Digits};
use crate::led485::{self, TextError};
use crate::modbus::{Address, Request};
use crate::profile::{DeviceProfile, Protocol};
use crate::template::Template;
use crate::{alpha, am03127, cd5220};

pub use answer::{AnswerPattern, Expected, Heard, Listener, PatternByte, Refusal};

/// A message to a panel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outgoing {
    /// What to send, in order.
    pub chunks: Vec<Chunk>,
    /// What the panel answers.
    pub answer: Expected,
}

/// Bytes that go out without a pause among them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chunk {
    /// The bytes.
    pub bytes: Vec<u8>,
    /// Silence after them, in milliseconds, before anything else is sent to any panel.
    pub pause_ms: u64,
}

impl Outgoing {
    /// A message without pauses.
    pub fn at_once(bytes: Vec<u8>, answer: Expected) -> Self {
        let chunks = vec![Chunk { bytes, pause_ms: 0 }];
        Self { chunks, answer }
    }

    /// A write to a Modbus slave.
    pub(crate) fn write(request: Request) -> Self {
        Self::at_once(request.encode(), Expected::Written(request))
    }

    /// All bytes, without the pauses.
    pub fn bytes(&self) -> Vec<u8> {
        let chunks = self.chunks.iter();
        chunks.flat_map(|chunk| chunk.bytes.clone()).collect()
    }

    /// All pauses together, in milliseconds.
    pub fn pauses_ms(&self) -> u64 {
        self.chunks.iter().map(|chunk| chunk.pause_ms).sum()
    }
}

/// Why a panel cannot be told something.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ShowError {
    /// Too many characters.
    #[error("`{text}` is too long, expected at most {max} characters")]
    TooLong {
        /// The text.
        text: String,
        /// Most characters the panel takes.
        max: usize,
    },
    /// A character the panel does not have.
    #[error("`{text}` has the character {character:?}, expected {expected}")]
    Character {
        /// The text.
        text: String,
        /// The first character that does not fit.
        character: char,
        /// Which characters fit, in words.
        expected: &'static str,
    },
    /// A number the panel has no room for.
    #[error("`{text}` is no number from 0 to {max}")]
    Number {
        /// The text.
        text: String,
        /// The largest number.
        max: u64,
    },
    /// An address no such panel has.
    #[error("invalid address {address}, expected {min} to {max}")]
    Address {
        /// The address.
        address: u8,
        /// Smallest address.
        min: u8,
        /// Largest address.
        max: u8,
    },
    /// The panel's language has no way to show nothing.
    #[error("the panel cannot be blanked, expected a frame with `use = \"blank\"` in its profile")]
    NoBlank,
}

impl From<TextError> for ShowError {
    fn from(error: TextError) -> Self {
        match error {
            TextError::TooLong(text) => Self::TooLong {
                text,
                max: led485::TEXT_MAX,
            },
            TextError::NotAscii { text, character } => Self::Character {
                text,
                character,
                expected: PRINTABLE,
            },
        }
    }
}

/// The characters of most panels, in words.
pub(crate) const PRINTABLE: &str = "printable ASCII";

/// Checks a text for a panel that knows printable ASCII.
pub(crate) fn check_printable(text: &str, max: usize) -> Result<(), ShowError> {
    check_characters(text, max, PRINTABLE, |c| (' '..='~').contains(&c))
}

/// Checks a text's characters first and then its length in characters.
pub(crate) fn check_characters(
    text: &str,
    max: usize,
    expected: &'static str,
    fits: impl Fn(char) -> bool,
) -> Result<(), ShowError> {
    let text = text.to_owned();
    if let Some(character) = text.chars().find(|c| !fits(*c)) {
        return Err(ShowError::Character {
            text,
            character,
            expected,
        });
    }
    if text.chars().count() > max {
        return Err(ShowError::TooLong { text, max });
    }
    Ok(())
}

/// The language of a panel, with what its profile says about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PanelProtocol {
    /// Modbus RTU, two characters per register: [`crate::led485`].
    Led485,
    /// Modbus RTU, one character per register: [`crate::dm36`].
    Dm36(Digits),
    /// Alpha signs: [`crate::alpha`].
    Alpha {
        /// Characters seen at once, 1 to [`alpha::STRING_MAX`].
        columns: u8,
    },
    /// AM03127 boards: [`crate::am03127`].
    Am03127 {
        /// Characters seen at once, 1 to [`am03127::TEXT_MAX`].
        columns: u8,
    },
    /// Two-line customer displays: [`crate::cd5220`]. The text stands in the upper line.
    Cd5220,
    /// Frames described in the profile: [`crate::template`].
    Template(Template),
}

impl PanelProtocol {
    /// The language of a profile, or `None` where the device is no panel.
    pub fn of_profile(profile: &DeviceProfile) -> Option<Self> {
        let columns = profile.display.as_ref().and_then(|display| display.columns);
        // Signs and boards of every size have room for a call.
        let columns = columns.unwrap_or(12);
        Some(match profile.profile.protocol {
            Protocol::ModbusRtu => Self::Led485,
            Protocol::Dm36 => Self::Dm36(Digits::Six),
            Protocol::Dm56 => Self::Dm36(Digits::Four),
            Protocol::Alpha => Self::Alpha { columns },
            Protocol::Am03127 => Self::Am03127 { columns },
            Protocol::Cd5220 => Self::Cd5220,
            Protocol::Template => Self::Template(Template::new(&profile.frame).ok()?),
            Protocol::ModbusSettings
            | Protocol::Ff68
            | Protocol::ByteMap
            | Protocol::HidKey
            | Protocol::EscPos => return None,
        })
    }

    /// Most characters of a text.
    pub fn text_max(&self) -> usize {
        match self {
            Self::Led485 => led485::TEXT_MAX,
            Self::Dm36(digits) => digits.count(),
            Self::Alpha { columns } | Self::Am03127 { columns } => usize::from(*columns),
            Self::Cd5220 => cd5220::COLUMNS,
            Self::Template(template) => template.text_max(),
        }
    }

    /// Whether a panel keeps its text without power, in a memory that wears from being written: it
    /// is not to be told again and again what it shows already.
    pub fn remembers_text(&self) -> bool {
        match self {
            // Both are made to run their messages without a host.
            Self::Alpha { .. } | Self::Am03127 { .. } => true,
            Self::Led485 | Self::Dm36(_) | Self::Cd5220 | Self::Template(_) => false,
        }
    }

    /// What a panel must be told once before its first text; nothing for most. Not to be repeated
    /// with each text: an Alpha sign writes its layout to memory that wears out.
    ///
    /// # Errors
    /// No such panel has the address.
    pub fn prepare(&self, address: u8) -> Result<Vec<Outgoing>, ShowError> {
        Ok(match self {
            Self::Alpha { columns } => vec![alpha::prepare(sign(address)?, *columns)],
            Self::Cd5220 => vec![cd5220::init()],
            Self::Led485 | Self::Dm36(_) => {
                slave(address)?;
                vec![]
            }
            Self::Am03127 { .. } => {
                board(address)?;
                vec![]
            }
            Self::Template(template) => template.prepare(address)?,
        })
    }

    /// Shows a text, and nothing else besides.
    ///
    /// # Errors
    /// The text does not fit, or no such panel has the address.
    pub fn show(&self, address: u8, text: &str) -> Result<Outgoing, ShowError> {
        match self {
            Self::Led485 => Ok(Outgoing::write(led485::show_text(slave(address)?, text)?)),
            Self::Dm36(digits) => dm36::show(slave(address)?, *digits, text),
            Self::Alpha { columns } => {
                check_printable(text, usize::from(*columns))?;
                alpha::show(sign(address)?, text)
            }
            Self::Am03127 { columns } => {
                check_printable(text, usize::from(*columns))?;
                am03127::show(board(address)?, text)
            }
            Self::Cd5220 => cd5220::show(text, ""),
            Self::Template(template) => template.show(address, text),
        }
    }

    /// Shows nothing.
    ///
    /// # Errors
    /// No such panel has the address, or the panel has no way to show nothing.
    pub fn blank(&self, address: u8) -> Result<Outgoing, ShowError> {
        match self {
            Self::Led485 => Ok(Outgoing::write(led485::blank(slave(address)?))),
            Self::Dm36(digits) => Ok(dm36::blank(slave(address)?, *digits)),
            Self::Alpha { .. } => Ok(alpha::blank(sign(address)?)),
            Self::Am03127 { .. } => Ok(am03127::blank(board(address)?)),
            Self::Cd5220 => Ok(cd5220::clear()),
            Self::Template(template) => template.blank(address),
        }
    }

    /// Asks a panel whether it still has a text; `None` where it cannot be asked.
    ///
    /// # Errors
    /// The text does not fit, or no such panel has the address.
    pub fn read_back(&self, address: u8, text: &str) -> Result<Option<Outgoing>, ShowError> {
        Ok(match self {
            Self::Dm36(digits) => Some(dm36::read_back(slave(address)?, *digits, text)?),
            Self::Alpha { columns } => {
                check_printable(text, usize::from(*columns))?;
                Some(alpha::read_back(sign(address)?, text)?)
            }
            Self::Led485 | Self::Am03127 { .. } | Self::Cd5220 | Self::Template(_) => None,
        })
    }
}

fn slave(address: u8) -> Result<Address, ShowError> {
    Address::new(address).ok_or(ShowError::Address {
        address,
        min: 1,
        max: 247,
    })
}

/// An Alpha sign's or board's address; 0 speaks to all of them and is for setting up only.
fn one_of_255(address: u8) -> Result<NonZeroU8, ShowError> {
    NonZeroU8::new(address).ok_or(ShowError::Address {
        address,
        min: 1,
        max: u8::MAX,
    })
}

fn sign(address: u8) -> Result<alpha::Target, ShowError> {
    one_of_255(address).map(alpha::Target::One)
}

fn board(address: u8) -> Result<am03127::Target, ShowError> {
    one_of_255(address).map(am03127::Target::One)
}

#[cfg(test)]
#[path = "tests.rs"]
mod tests;
