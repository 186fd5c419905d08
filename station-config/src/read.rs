//! From text to data, telling every mistake and not only the first.
//!
//! Serde stops at the first mistake. So each mistake is cut out of the document and the rest is read again, until
//! nothing is left to complain about. What is missing only because it was cut out is not told.

use std::collections::BTreeSet;
use std::ops::Range;

use firmware_config::profile::{DID_YOU_MEAN, TomlError, did_you_mean};
use schemars::JsonSchema;
use serde::de::DeserializeOwned;
use toml::Spanned;
use toml::de::{DeArray, DeTable, DeValue, Deserializer, Error};

use crate::required::missing_keys;

/// More mistakes than this are not looked for.
const MOST: usize = 50;

/// From text to a document of values with their places.
pub(crate) fn parse<'t>(file: &str, text: &'t str) -> Result<Spanned<DeTable<'t>>, Vec<TomlError>> {
    let (document, syntax) = DeTable::parse_recoverable(text);
    if syntax.is_empty() {
        Ok(document)
    } else {
        Err(syntax_mistakes(file, text, &syntax))
    }
}

/// From a document to data: unknown keys, missing keys and wrong types are told.
pub(crate) fn read<T: DeserializeOwned + JsonSchema>(
    file: &str,
    text: &str,
    document: &Spanned<DeTable<'_>>,
) -> Result<T, Vec<TomlError>> {
    let schema = schemars::schema_for!(T).to_value();
    let mut rest = document.clone();
    let mut cut = Cut::default();
    let mut mistakes = Vec::new();
    while mistakes.len() < MOST {
        let error = match T::deserialize(Deserializer::from(rest.clone())) {
            Ok(value) if mistakes.is_empty() => return Ok(value),
            Ok(_) => break,
            Err(error) => error,
        };
        let span = error.span().unwrap_or(0..0);
        match missing_field(&error) {
            Some(first) => {
                let mut keys = missing_keys(&schema, document, place(&span));
                if !keys.iter().any(|key| key == first) {
                    keys.push(first.to_owned());
                }
                keys.retain(|key| !cut.has(&span, key));
                mistakes.extend(keys.iter().map(|key| {
                    let message = format!("missing field `{key}`");
                    TomlError::at_offset(file, text, span.start, message, None)
                }));
            }
            None if cut.has_some_of(&span) => {}
            None => mistakes.push(mistake(file, text, &error)),
        }
        let root = place(&rest.span());
        match cut_out(rest.get_mut(), root, &span) {
            Some((table, key)) => cut.note(table, key, &mistake(file, text, &error)),
            None => break,
        }
    }
    Err(mistakes)
}

/// A span that can be put in order.
type Place = (usize, usize);

fn place(span: &Range<usize>) -> Place {
    (span.start, span.end)
}

/// What was cut out: the place of the table it was in, and its key or the key that was meant.
#[derive(Default)]
struct Cut(BTreeSet<(Place, String)>);

impl Cut {
    fn note(&mut self, table: Place, key: String, mistake: &TomlError) {
        if let Some((_, meant)) = mistake.message.split_once(DID_YOU_MEAN) {
            self.0
                .extend(in_backticks(meant).map(|meant| (table, meant.to_owned())));
        }
        self.0.insert((table, key));
    }

    /// Whether this key of this table was cut out, or one that was written instead of it.
    fn has(&self, table: &Range<usize>, key: &str) -> bool {
        self.0.contains(&(place(table), key.to_owned()))
    }

    /// Whether this is a table that lost a key, and so may make no sense as a whole.
    fn has_some_of(&self, table: &Range<usize>) -> bool {
        self.0.iter().any(|(cut_from, _)| *cut_from == place(table))
    }
}

/// Syntax mistakes, one for each line: a parser that goes on after a mistake sees more in the same line.
fn syntax_mistakes(file: &str, text: &str, errors: &[Error]) -> Vec<TomlError> {
    let mut mistakes: Vec<TomlError> = Vec::new();
    for error in errors.iter().take(MOST) {
        let mistake = mistake(file, text, error);
        if mistakes.iter().all(|m| m.line != mistake.line) {
            mistakes.push(mistake);
        }
    }
    mistakes
}

/// The field that a message says is missing.
fn missing_field(error: &Error) -> Option<&str> {
    error
        .message()
        .strip_prefix("missing field `")?
        .strip_suffix('`')
}

/// Removes the entry whose key or value has this span. Gives the place of the table it was in, and its key.
fn cut_out(
    table: &mut DeTable<'_>,
    table_place: Place,
    span: &Range<usize>,
) -> Option<(Place, String)> {
    // Inside first: a table made by a header such as `[a.b]` may have the span of what is in it.
    for (_, value) in table.iter_mut() {
        let found = cut_out_of_value(value, span);
        if found.is_some() {
            return found;
        }
    }
    let key = table
        .iter()
        .find(|(key, value)| key.span() == *span || value.span() == *span)
        .map(|(key, _)| key.get_ref().to_string())?;
    table.remove(key.as_str());
    Some((table_place, key))
}

fn cut_out_of_value(
    value: &mut Spanned<DeValue<'_>>,
    span: &Range<usize>,
) -> Option<(Place, String)> {
    let own = place(&value.span());
    match value.get_mut() {
        DeValue::Table(table) => cut_out(table, own, span),
        DeValue::Array(array) => {
            for item in array.iter_mut() {
                let found = cut_out_of_value(item, span);
                if found.is_some() {
                    return found;
                }
            }
            let at = array.iter().position(|item| item.span() == *span)?;
            let others = std::mem::replace(array, DeArray::new())
                .into_iter()
                .enumerate();
            *array = others
                .filter(|(index, _)| *index != at)
                .map(|(_, item)| item)
                .collect();
            Some((own, at.to_string()))
        }
        _ => None,
    }
}

/// A mistake in the words of people who write station files.
fn mistake(file: &str, text: &str, error: &Error) -> TomlError {
    let offset = error.span().map_or(0, |span| span.start);
    let message = error.message().lines().collect::<Vec<_>>().join("; ");
    let message = match message.as_str() {
        "invalid socket address syntax" => "invalid address, expected socket address".to_owned(),
        "wanted exactly 1 element, found 0 elements" => {
            "nothing in it, expected one key".to_owned()
        }
        "wanted exactly 1 element, more than 1 element" => {
            "more than one key, expected only one".to_owned()
        }
        _ => message,
    };
    let (message, expected) = [", expected ", ": expected "]
        .iter()
        .find_map(|sign| message.split_once(sign))
        .map_or((message.as_str(), None), |(message, expected)| {
            let words = match expected {
                "a map" if ["bytes", "codes"].contains(&key_before(text, offset)) => {
                    "meanings by code, such as { \"41\" = \"call-next\" }".to_owned()
                }
                expected => in_plain_words(expected),
            };
            (message, Some(words))
        });
    let message = match (message, error.span().and_then(|span| text.get(span))) {
        ("duplicate key", Some(key)) => format!("duplicate key `{key}`"),
        _ => message.replacen("unknown variant", "unknown value", 1),
    };
    let hint = match &expected {
        Some(expected) if message.starts_with("unknown ") => did_you_mean(
            in_backticks(&message).next().unwrap_or(""),
            in_backticks(expected),
        ),
        _ => String::new(),
    };
    TomlError::at_offset(file, text, offset, message + &hint, expected)
}

/// The key of the value that begins here; empty where none stands before it.
fn key_before(text: &str, offset: usize) -> &str {
    let before = text.get(..offset).unwrap_or("").trim_end();
    let key = before.strip_suffix('=').unwrap_or("").trim_end();
    let is_of_key = |c: char| c.is_alphanumeric() || c == '_' || c == '-';
    key.rsplit(|c| !is_of_key(c)).next().unwrap_or("")
}

/// Names between backticks.
fn in_backticks(text: &str) -> impl Iterator<Item = &str> {
    text.split('`').skip(1).step_by(2)
}

/// What serde calls its types, in the words of a station file.
fn in_plain_words(expected: &str) -> String {
    match expected {
        "u8" => "a whole number from 0 to 255",
        "u16" => "a whole number from 0 to 65535",
        "u32" | "u64" => "a whole number, not negative",
        "f64" => "a number",
        "a boolean" => "true or false",
        "a string" | "string" | "literal string" => "a text in quotes",
        "a sequence" => "a list",
        "a map" => "texts by language, such as { zh-Hant-TW = \"...\", en = \"...\" }",
        "1 to 3 letters A-Z" => "one letter A-Z",
        "socket address" => "address and port such as 127.0.0.1:8080",
        other if other.starts_with("struct ") => "a table",
        other => other,
    }
    .to_owned()
}
