//! What a setting is set to.

use std::fmt;

use serde::de::{self, Deserializer, Visitor};
use serde::{Deserialize, Serialize};

/// The value of a setting as people write it: a number such as `9600`, or a word such as `"even"`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(untagged)]
pub enum SettingValue {
    /// A number; its unit is the setting's.
    Number(i64),
    /// A word.
    Word(String),
}

impl SettingValue {
    /// A word.
    pub fn word(word: &str) -> Self {
        Self::Word(word.to_owned())
    }
}

impl fmt::Display for SettingValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number(number) => number.fmt(f),
            Self::Word(word) => f.write_str(word),
        }
    }
}

impl<'de> Deserialize<'de> for SettingValue {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Value;
        impl Visitor<'_> for Value {
            type Value = SettingValue;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a number or a word")
            }

            fn visit_i64<E: de::Error>(self, number: i64) -> Result<SettingValue, E> {
                Ok(SettingValue::Number(number))
            }

            fn visit_u64<E: de::Error>(self, number: u64) -> Result<SettingValue, E> {
                i64::try_from(number)
                    .map(SettingValue::Number)
                    .map_err(|_| {
                        E::invalid_value(de::Unexpected::Unsigned(number), &"a smaller number")
                    })
            }

            fn visit_str<E: de::Error>(self, word: &str) -> Result<SettingValue, E> {
                Ok(SettingValue::word(word))
            }
        }
        deserializer.deserialize_any(Value)
    }
}
