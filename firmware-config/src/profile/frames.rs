//! The frames of a profile, and where in the file a mistake in them is.

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::{DeviceProfile, Protocol, TomlError};
use crate::template::{Place, Template};

/// Checks that the frames make a template where the protocol needs one.
pub(super) fn check(file_name: &str, text: &str, profile: &DeviceProfile) -> Result<(), TomlError> {
    if profile.profile.protocol != Protocol::Template {
        return if profile.frame.is_empty() {
            Ok(())
        } else {
            let message = "frames without protocol `template`";
            let expected = "`[[frame]]` only with `template`";
            Err(TomlError::at_key(
                file_name, text, "protocol", message, expected,
            ))
        };
    }
    match Template::new(&profile.frame) {
        Ok(_) => Ok(()),
        Err(mistake) => {
            let offset = offset(text, mistake.place);
            let expected = Some(mistake.expected);
            Err(TomlError::at_offset(
                file_name,
                text,
                offset,
                mistake.message,
                expected,
            ))
        }
    }
}

/// Where in the file a place is; the nearest thing around it where it is not written.
fn offset(text: &str, place: Place) -> usize {
    let Ok(file) = DeTable::parse(text) else {
        return 0;
    };
    let steps = [
        ("frame", place.frame),
        ("answers", place.answer),
        ("parts", place.part),
    ];
    let mut table = file.get_ref();
    let mut offset = 0;
    for (key, number) in steps {
        let Some(number) = number else { continue };
        let Some(item) = item(table, key, number) else {
            return offset;
        };
        offset = item.span().start;
        let DeValue::Table(inner) = item.get_ref() else {
            return offset;
        };
        table = inner;
    }
    offset
}

fn item<'a, 'i>(
    table: &'a DeTable<'i>,
    key: &str,
    number: usize,
) -> Option<&'a Spanned<DeValue<'i>>> {
    match table.get(key)?.get_ref() {
        DeValue::Array(items) => items.get(number),
        _ => None,
    }
}
