//! Keypads and rating pads without a protocol: serial pads that send a byte or a few for each key, and USB pads that are
//! keyboards to the system.
//!
//! A [`KeyMap`] says what each code means. [`KeyPadMachine`] turns what is read into presses; it does no I/O and has no
//! clock. [`run`] owns the port, and comes back for ever after a pad was unplugged. Such a pad has no address, so there is
//! one on a port, and it has nothing to show.

mod codes;
mod machine;
mod meaning;
mod reader;
mod records;
mod shell;

pub use codes::{ByteSequence, Clash, Code, Distinct, KeyCode, clashes};
pub use machine::KeyPadMachine;
pub use meaning::{Digit, Function, Meaning};
pub use records::{InputRecord, RECORD_BYTES};
pub use shell::run;

use std::collections::BTreeMap;

use crate::caller_pad::Score;
use crate::profile::{DeviceProfile, Protocol};

/// What each code of a pad means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KeyMap {
    /// A serial pad: bytes by key. None begins like another one.
    Bytes(BTreeMap<ByteSequence, Meaning>),
    /// A pad that is a keyboard: key codes of the kernel.
    Codes(BTreeMap<KeyCode, Meaning>),
}

/// A pad without a protocol.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyPadConfig {
    /// What its codes mean.
    pub keys: KeyMap,
    /// A code that comes again within so many milliseconds is the same press: a contact that bounces, a key that is held.
    pub debounce_ms: u64,
    /// The same for functions and scores, which nobody presses twice at once: longer than a held key waits before it
    /// repeats itself.
    pub function_debounce_ms: u64,
}

impl KeyPadConfig {
    /// As a profile says, or `None` where the device is no such pad.
    pub fn of_profile(profile: &DeviceProfile) -> Option<Self> {
        let keys = profile.keys.as_ref()?;
        let map = match profile.profile.protocol {
            Protocol::ByteMap => KeyMap::Bytes(keys.bytes.clone()),
            Protocol::HidKey => KeyMap::Codes(keys.codes.clone()),
            _ => return None,
        };
        Some(Self {
            keys: map,
            debounce_ms: keys.debounce_ms,
            function_debounce_ms: keys.function_debounce_ms,
        })
    }

    /// Whether all it can do is rate.
    pub fn only_rates(&self) -> bool {
        self.keys
            .meanings()
            .all(|meaning| matches!(meaning, Meaning::Score(_) | Meaning::Nothing))
    }

    /// How long after a press the same code is the same press, in milliseconds.
    fn debounce_ms_of(&self, meaning: Meaning) -> u64 {
        match meaning {
            Meaning::Digit(_) | Meaning::Nothing => self.debounce_ms,
            Meaning::Function(_) | Meaning::Score(_) => self.function_debounce_ms,
        }
    }
}

impl KeyMap {
    /// Everything its keys mean, in the order of their codes.
    pub fn meanings(&self) -> Box<dyn Iterator<Item = Meaning> + '_> {
        match self {
            Self::Bytes(map) => Box::new(map.values().copied()),
            Self::Codes(map) => Box::new(map.values().copied()),
        }
    }

    /// The first code that means this.
    pub fn code_of(&self, meaning: Meaning) -> Option<Code> {
        match self {
            Self::Bytes(map) => map
                .iter()
                .find(|(_, means)| **means == meaning)
                .map(|(code, _)| Code::Bytes(code.clone())),
            Self::Codes(map) => map
                .iter()
                .find(|(_, means)| **means == meaning)
                .map(|(code, _)| Code::Key(*code)),
        }
    }
}

/// What a person did at a pad.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KeyPress {
    /// A function key.
    Function {
        /// Which.
        key: Function,
        /// Digits 0 to 9 that were typed before it, in their order.
        digits: Vec<u8>,
    },
    /// A visitor's rating.
    Rating(Score),
}

/// What happened at a pad.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// The port is open.
    Up,
    /// The port is gone or cannot be opened; it is tried again for ever. Said once until it is open again or the reason
    /// changes.
    Down {
        /// What a technician should read.
        reason: String,
    },
    /// Somebody pressed a key that means something.
    Press(KeyPress),
    /// What is odd about it has changed; nothing is at first. Said once a second at most.
    Oddness(Oddness),
}

/// What is odd about a pad.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Oddness {
    /// The code of a key that has been down without end.
    pub stuck: Option<String>,
    /// Codes that its map does not have, where some came within the last ten minutes.
    pub unknown: Option<UnknownCodes>,
}

/// Codes that a map does not have. They are counted, never obeyed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownCodes {
    /// How many since the port was opened, with those that came among them and were not obeyed either.
    pub count: u64,
    /// The last one, as it is written in a map.
    pub last: String,
}
