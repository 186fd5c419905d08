//! The keys of a profile, and where in the file a mistake in them is.

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::{DeviceProfile, Protocol, TomlError};
use crate::key_pad::{ByteSequence, Clash, KeyCode, clashes};

/// Longest time in which codes are the same press, in milliseconds.
const DEBOUNCE_MAX_MS: u64 = 2_000;

/// Checks that a pad without a protocol has a map of its own kind whose codes can be told apart, and nothing else has one.
pub(super) fn check(file_name: &str, text: &str, profile: &DeviceProfile) -> Result<(), TomlError> {
    let at = |key: &str, message: String, expected: &str| {
        Err(TomlError::at_key(file_name, text, key, message, expected))
    };
    let protocol = profile.profile.protocol;
    let file = DeTable::parse(text).ok();
    let table = |key: &str| inner(file.as_ref()?.get_ref(), key);
    let (is_bytes, is_codes) = (protocol == Protocol::ByteMap, protocol == Protocol::HidKey);
    if table("line").is_none() != is_codes {
        return match is_codes {
            true => at(
                "protocol",
                "a `[line]` with `hid-key`".into(),
                "none: it has no serial line",
            ),
            false => at(
                "id",
                "missing field `line`".into(),
                "how its line is set up",
            ),
        };
    }
    let Some(keys) = &profile.keys else {
        return match is_bytes || is_codes {
            true => at(
                "protocol",
                "a pad without `[keys]`".into(),
                "what its keys mean",
            ),
            false => Ok(()),
        };
    };
    if !(is_bytes || is_codes) {
        let expected = "`[keys]` with `byte-map` and `hid-key` only";
        return at(
            "protocol",
            "keys of a device with a protocol".into(),
            expected,
        );
    }
    for (key, value) in [
        ("debounce_ms", keys.debounce_ms),
        ("function_debounce_ms", keys.function_debounce_ms),
    ] {
        if value > DEBOUNCE_MAX_MS {
            let expected = format!("0 to {DEBOUNCE_MAX_MS}");
            return at(key, format!("invalid {key} {value}"), &expected);
        }
    }
    if keys.bytes.is_empty() == is_bytes || keys.codes.is_empty() == is_codes {
        let expected = match is_bytes {
            true => "`[keys.bytes]` with `byte-map`, and nothing else",
            false => "`[keys.codes]` with `hid-key`, and nothing else",
        };
        return at(
            "protocol",
            "the wrong map of keys, or none".into(),
            expected,
        );
    }
    let map = |kind: &str| inner(table("keys")?, kind);
    let found = match is_bytes {
        true => clashes::<ByteSequence>(written(map("bytes"))),
        false => clashes::<KeyCode>(written(map("codes"))),
    };
    match found.into_iter().next() {
        None => Ok(()),
        Some(Clash { offset, message }) => {
            let expected = Some("codes that differ".to_owned());
            Err(TomlError::at_offset(
                file_name, text, offset, message, expected,
            ))
        }
    }
}

fn inner<'a, 'i>(table: &'a DeTable<'i>, key: &str) -> Option<&'a DeTable<'i>> {
    let value: &Spanned<DeValue<'i>> = table.get(key)?;
    value.get_ref().as_table()
}

/// The keys of a table with their places.
fn written(table: Option<&DeTable<'_>>) -> Vec<(usize, String)> {
    let entries = table.into_iter().flat_map(|table| table.keys());
    entries
        .map(|key| (key.span().start, key.get_ref().to_string()))
        .collect()
}
