//! Identifiers: short text ids from the station file, random 128-bit ids of tickets and commands, ticket numbers.

use alloc::string::{String, ToString};
use alloc::sync::Arc;
use core::fmt;
use core::hash::{Hash, Hasher};
use core::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use thiserror::Error;

/// Why a text is not an identifier.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("`{text}` is not a valid {what}: expected {expected}")]
pub struct BadId {
    /// What was read, cut to 40 characters.
    pub text: String,
    /// Kind of identifier.
    pub what: &'static str,
    /// What would have been valid.
    pub expected: &'static str,
}

fn bad(text: &str, what: &'static str, expected: &'static str) -> BadId {
    BadId {
        text: text.chars().take(40).collect(),
        what,
        expected,
    }
}

macro_rules! text_id {
    ($(#[$doc:meta])* $name:ident, $what:literal, $valid:expr, $expected:literal) => {
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(Arc<str>);

        impl $name {
            #[doc = concat!("Checks a text and makes it a ", $what, ".\n\n# Errors\n[`BadId`] when it is not ", $expected, ".")]
            pub fn new(text: &str) -> Result<Self, BadId> {
                let valid: fn(&str) -> bool = $valid;
                if valid(text) { Ok(Self(Arc::from(text))) } else { Err(bad(text, $what, $expected)) }
            }
            /// The text itself.
            #[must_use]
            pub fn as_str(&self) -> &str { &self.0 }
        }
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result { f.write_str(&self.0) }
        }
        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result { f.write_str(&self.0) }
        }
        impl FromStr for $name {
            type Err = BadId;
            fn from_str(text: &str) -> Result<Self, BadId> { Self::new(text) }
        }
        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> { s.serialize_str(&self.0) }
        }
        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
                let text = String::deserialize(d)?;
                Self::new(&text).map_err(serde::de::Error::custom)
            }
        }
    };
}

/// Between an agent's id and the name of one of its devices.
const DEVICE_SEPARATOR: char = '/';

fn is_slug(text: &str) -> bool {
    (1..=32).contains(&text.len())
        && text
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
}

fn is_name(text: &str) -> bool {
    (1..=64).contains(&text.len()) && !text.chars().any(char::is_control) && text.trim() == text
}

fn is_device(text: &str) -> bool {
    (1..=128).contains(&text.len())
        && !text.chars().any(char::is_control)
        && text.trim() == text
        && text.trim_matches(DEVICE_SEPARATOR) == text
}

text_id!(
    /// A service (業務) a visitor can take a ticket for.
    ServiceId, "service id", is_slug, "1 to 32 letters, digits, `-` or `_`"
);
text_id!(
    /// A counter (櫃台). Its text is what visitors read: `3`.
    CounterId, "counter id", is_slug, "1 to 32 letters, digits, `-` or `_`"
);
text_id!(
    /// A class of ticket in the discipline: `regular`, `priority`.
    ClassId, "class id", is_slug, "1 to 32 letters, digits, `-` or `_`"
);
text_id!(
    /// A member of staff, pseudonymous.
    StaffId, "staff id", is_name, "1 to 64 bytes without control characters or outer blanks"
);
text_id!(
    /// A set of services that counters switch to during the day: `afternoon`.
    ProfileId, "profile id", is_slug, "1 to 32 letters, digits, `-` or `_`"
);
text_id!(
    /// A waiting area: `2f`.
    ZoneId, "zone id", is_slug, "1 to 32 letters, digits, `-` or `_`"
);
text_id!(
    /// A BCP 47 language tag such as `zh-Hant-TW`, `en`, `vi`.
    LanguageTag, "language tag", is_slug, "a BCP 47 tag such as `vi`"
);
text_id!(
    /// Letter that starts the numbers of one series: `A` gives `A001`. One to three upper-case letters.
    Series, "series", |t| (1..=3).contains(&t.len()) && t.bytes().all(|b| b.is_ascii_uppercase()), "1 to 3 letters A-Z"
);

text_id!(
    /// An agent, `D1`, or one of its devices, `D1/LED 3`.
    DeviceId, "device id", is_device, "an agent's id, or that with `/` and a device's name, up to 128 bytes without control characters"
);
text_id!(
    /// The stable word for what is wrong with a device: `silent`, `paper_out`.
    FaultWord, "fault word", is_slug, "1 to 32 letters, digits, `-` or `_`"
);

impl DeviceId {
    /// The id of a device as its agent names it; of the agent itself without one.
    ///
    /// # Errors
    /// [`BadId`] when the two make no [`DeviceId`], or one that would be read as that of another device.
    pub fn of(agent: &str, device: Option<&str>) -> Result<Self, BadId> {
        let id = match device {
            Some(device) => Self::new(&alloc::format!("{agent}{DEVICE_SEPARATOR}{device}"))?,
            None => Self::new(agent)?,
        };
        if id.parts() == (agent, device) {
            Ok(id)
        } else {
            Err(bad(agent, "agent id", "an id without `/`"))
        }
    }

    /// The agent.
    #[must_use]
    pub fn agent(&self) -> &str {
        self.parts().0
    }

    /// The device as its agent names it; none: the agent itself.
    #[must_use]
    pub fn device(&self) -> Option<&str> {
        self.parts().1
    }

    fn parts(&self) -> (&str, Option<&str>) {
        match self.0.split_once(DEVICE_SEPARATOR) {
            Some((agent, device)) => (agent, Some(device)),
            None => (&self.0, None),
        }
    }
}

impl FaultWord {
    /// An agent's link to the server is down.
    #[must_use]
    pub fn disconnected() -> Self {
        Self(Arc::from("disconnected"))
    }

    /// The word an agent reports; `error` in the place of what is no word.
    #[must_use]
    pub fn reported(status: &str) -> Self {
        Self::new(status).unwrap_or_else(|_| Self(Arc::from("error")))
    }
}

macro_rules! random_id {
    ($(#[$doc:meta])* $name:ident, $what:literal) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub u128);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result { write!(f, "{:032x}", self.0) }
        }
        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result { write!(f, "{:032x}", self.0) }
        }
        impl FromStr for $name {
            type Err = BadId;
            fn from_str(text: &str) -> Result<Self, BadId> {
                let hex = text.len() == 32 && text.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b));
                match u128::from_str_radix(text, 16) {
                    Ok(value) if hex => Ok(Self(value)),
                    _ => Err(bad(text, $what, "32 hexadecimal digits")),
                }
            }
        }
        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> { s.collect_str(self) }
        }
        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
                String::deserialize(d)?.parse().map_err(serde::de::Error::custom)
            }
        }
    };
}

random_id!(
    /// A ticket. Random, so that the visitor's link cannot be guessed; written as 32 hexadecimal digits.
    TicketId, "ticket id"
);
random_id!(
    /// A command, minted by whoever sends it and kept over every retry; the engine answers a repeat without acting again.
    CommandId, "command id"
);
random_id!(
    /// A person, as a keyed hash of what identifies him; whoever knows no key learns nothing from it.
    PersonKey, "person key"
);

random_id!(
    /// An appointment. Random, so that its link cannot be guessed; written as 32 hexadecimal digits.
    AppointmentId, "appointment id"
);

/// What a visitor types at the kiosk: 4 to 6 digits, unique among the appointments of a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AppointmentCode(u32);

impl AppointmentCode {
    /// The last code.
    pub const LAST: u32 = 999_999;

    /// The code of a number; none beyond six digits. Numbers below 10,000 have four digits, `0042`.
    #[must_use]
    pub fn new(number: u32) -> Option<Self> {
        (number <= Self::LAST).then_some(Self(number))
    }

    /// Its number.
    #[must_use]
    pub fn get(self) -> u32 {
        self.0
    }
}

impl fmt::Display for AppointmentCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}", self.0)
    }
}

impl FromStr for AppointmentCode {
    type Err = BadId;
    fn from_str(text: &str) -> Result<Self, BadId> {
        let refuse = || bad(text, "appointment code", "4 to 6 digits");
        let digits = (4..=6).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
        let code = text.parse().ok().and_then(Self::new).filter(|_| digits);
        // One code has one spelling: `00042` is none.
        code.filter(|code| code.to_string() == text)
            .ok_or_else(refuse)
    }
}

impl Serialize for AppointmentCode {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for AppointmentCode {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        String::deserialize(d)?
            .parse()
            .map_err(|e: BadId| serde::de::Error::custom(e.to_string()))
    }
}

/// One call of one ticket, recalls included. Equal to the sequence number of the event that made it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct CallId(pub u64);

/// The number of a kiosk, 1 to 99, which stands in the ticket numbers that it gives out by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "u8", into = "u8")]
pub struct KioskNumber(u8);

impl KioskNumber {
    /// Largest.
    pub const MAX: u8 = 99;

    /// # Errors
    /// 0, or more than two digits.
    pub fn new(number: u8) -> Result<Self, BadId> {
        match number {
            1..=Self::MAX => Ok(Self(number)),
            _ => Err(bad(&number.to_string(), "kiosk number", "1 to 99")),
        }
    }
}

impl TryFrom<u8> for KioskNumber {
    type Error = BadId;
    fn try_from(number: u8) -> Result<Self, BadId> {
        Self::new(number)
    }
}

impl From<KioskNumber> for u8 {
    fn from(number: KioskNumber) -> u8 {
        number.0
    }
}

impl fmt::Display for KioskNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// What is printed on the paper: series letter and running number, `A047`; four digits after `A999`. `A2-047` is one that
/// kiosk 2 gave out while the server was away: each kiosk has series of its own then, so that no two numbers are alike.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct TicketNumber {
    /// Letter(s) of the series.
    pub series: Series,
    /// The kiosk that gave it out by itself.
    pub kiosk: Option<KioskNumber>,
    /// Running number within the business day, from 1.
    pub number: u32,
}

impl TicketNumber {
    /// What is left of it where there are no letters, on a keypad or a small panel: `047`; `2047` of `A2-047`.
    #[must_use]
    pub fn digits(&self) -> String {
        match self.kiosk {
            None => alloc::format!("{:03}", self.number),
            Some(kiosk) => alloc::format!("{kiosk}{:03}", self.number),
        }
    }

    /// Whether these are its digits, with or without zeros before them.
    #[must_use]
    pub fn has_digits(&self, digits: u32) -> bool {
        self.digits().parse() == Ok(digits)
    }
}

impl Hash for TicketNumber {
    /// As before there were kiosks' own numbers, where it is none: older days keep their fingerprints.
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.series.hash(state);
        if let Some(kiosk) = self.kiosk {
            kiosk.hash(state);
        }
        self.number.hash(state);
    }
}

impl fmt::Display for TicketNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.kiosk {
            None => write!(f, "{}{:03}", self.series, self.number),
            Some(kiosk) => write!(f, "{}{kiosk}-{:03}", self.series, self.number),
        }
    }
}

impl FromStr for TicketNumber {
    type Err = BadId;
    fn from_str(text: &str) -> Result<Self, BadId> {
        let refuse = || {
            bad(
                text,
                "ticket number",
                "letter(s) and digits such as `A047` or `A2-047`",
            )
        };
        let upper = text.trim().to_ascii_uppercase();
        let at = upper
            .find(|c: char| c.is_ascii_digit())
            .ok_or_else(refuse)?;
        let (series, digits) = upper.split_at(at);
        let series = Series::new(series).map_err(|_| refuse())?;
        let (kiosk, digits) = match digits.split_once('-') {
            None => (None, digits),
            Some((kiosk, digits)) => {
                let kiosk = kiosk.parse::<u8>().map_err(|_| refuse())?;
                let kiosk = KioskNumber::new(kiosk).map_err(|_| refuse())?;
                (Some(kiosk), digits)
            }
        };
        if digits.len() > 9 || !digits.bytes().all(|b| b.is_ascii_digit()) {
            return Err(refuse());
        }
        let number = digits.parse().map_err(|_| refuse())?;
        Ok(Self {
            series,
            kiosk,
            number,
        })
    }
}

impl Serialize for TicketNumber {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for TicketNumber {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        String::deserialize(d)?
            .parse()
            .map_err(|e: BadId| serde::de::Error::custom(e.to_string()))
    }
}
