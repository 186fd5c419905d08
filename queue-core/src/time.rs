//! Time as the station sees it.

use alloc::string::{String, ToString};
use core::fmt;
use core::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::ids::BadId;

/// Milliseconds since 1970-01-01T00:00:00Z, never decreasing along the log: the writer passes
/// `max(last event time, wall clock)`, so no duration is ever negative.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct StationTime(pub i64);

impl StationTime {
    /// Milliseconds from `earlier` to `self`, 0 when `earlier` is later.
    #[must_use]
    pub fn since_ms(self, earlier: StationTime) -> i64 {
        (self.0 - earlier.0).max(0)
    }

    /// This instant moved by `ms` milliseconds.
    #[must_use]
    pub fn plus_ms(self, ms: i64) -> StationTime {
        StationTime(self.0.saturating_add(ms))
    }
}

/// A business day: the calendar date in the station's time zone, chosen by the command that opens the day and never
/// derived from UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BusinessDay {
    /// Common era year, 1 to 9999.
    pub year: u16,
    /// 1 to 12.
    pub month: u8,
    /// 1 to 31.
    pub day: u8,
}

impl BusinessDay {
    /// The day as the integer `yyyymmdd`, which sorts as the calendar does.
    #[must_use]
    pub fn as_yyyymmdd(self) -> i64 {
        i64::from(self.year) * 10_000 + i64::from(self.month) * 100 + i64::from(self.day)
    }
}

impl fmt::Display for BusinessDay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

impl FromStr for BusinessDay {
    type Err = BadId;
    fn from_str(text: &str) -> Result<Self, BadId> {
        let refuse = || BadId {
            text: text.chars().take(40).collect(),
            what: "date",
            expected: "YYYY-MM-DD",
        };
        let shape = text.len() == 10
            && text.bytes().enumerate().all(|(i, b)| {
                if i == 4 || i == 7 {
                    b == b'-'
                } else {
                    b.is_ascii_digit()
                }
            });
        if !shape {
            return Err(refuse());
        }
        let part = |a: usize, b: usize| text[a..b].parse::<u16>().map_err(|_| refuse());
        let (year, month, day) = (part(0, 4)?, part(5, 7)?, part(8, 10)?);
        let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
        let last = match month {
            1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
            4 | 6 | 9 | 11 => 30,
            2 if leap => 29,
            2 => 28,
            _ => return Err(refuse()),
        };
        if year == 0 || day == 0 || day > last {
            return Err(refuse());
        }
        // Both fit: month <= 12 and day <= 31 were checked.
        Ok(Self {
            year,
            month: month as u8,
            day: day as u8,
        })
    }
}

impl Serialize for BusinessDay {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for BusinessDay {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        String::deserialize(d)?
            .parse()
            .map_err(|e: BadId| serde::de::Error::custom(e.to_string()))
    }
}
