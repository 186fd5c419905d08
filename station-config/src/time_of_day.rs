//! A time of day as station files write it.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// A time of day to the minute, written `HH:MM`, from `00:00` to `23:59`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct TimeOfDay {
    minute_of_day: u16,
}

/// A text that is no time of day.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a time of day, expected HH:MM such as 08:00, 23:59 at the latest")]
pub struct BadTimeOfDay(String);

impl TimeOfDay {
    /// Hour, 0 to 23.
    #[must_use]
    pub fn hour(self) -> u8 {
        // Below 24 * 60 by construction.
        (self.minute_of_day / 60) as u8
    }

    /// Minute, 0 to 59.
    #[must_use]
    pub fn minute(self) -> u8 {
        (self.minute_of_day % 60) as u8
    }
}

impl fmt::Display for TimeOfDay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}:{:02}", self.hour(), self.minute())
    }
}

impl FromStr for TimeOfDay {
    type Err = BadTimeOfDay;

    fn from_str(text: &str) -> Result<Self, BadTimeOfDay> {
        let two_digits = |part: &str, below: u16| {
            (part.len() == 2 && part.bytes().all(|b| b.is_ascii_digit()))
                .then(|| part.parse::<u16>().ok())
                .flatten()
                .filter(|value| *value < below)
        };
        text.split_once(':')
            .and_then(|(hour, minute)| Some((two_digits(hour, 24)?, two_digits(minute, 60)?)))
            .map(|(hour, minute)| Self {
                minute_of_day: hour * 60 + minute,
            })
            .ok_or_else(|| BadTimeOfDay(text.to_owned()))
    }
}

impl TryFrom<String> for TimeOfDay {
    type Error = BadTimeOfDay;

    fn try_from(text: String) -> Result<Self, BadTimeOfDay> {
        text.parse()
    }
}

impl From<TimeOfDay> for String {
    fn from(time: TimeOfDay) -> String {
        time.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn only_two_digits_each_make_a_time() {
        for good in ["00:00", "08:05", "23:59"] {
            assert_eq!(good.parse::<TimeOfDay>().unwrap().to_string(), good);
        }
        for bad in [
            "8:00", "24:00", "12:60", "1200", "12:0a", "+1:00", "12:00:00", "",
        ] {
            assert!(bad.parse::<TimeOfDay>().is_err(), "{bad}");
        }
    }

    proptest! {
        #[test]
        fn what_reads_writes_back_the_same(text in "\\PC{0,8}|[0-9]{2}:[0-9]{2}") {
            if let Ok(time) = text.parse::<TimeOfDay>() {
                prop_assert_eq!(time.to_string(), text);
            }
        }
    }
}
