//! Reading TOML so that a mistake is told with its place: `station.toml:12:8: unknown field ...`.

use std::fmt;

use serde::de::DeserializeOwned;

/// A mistake in a TOML file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TomlError {
    /// The file as the user named it.
    pub file: String,
    /// Line, from 1.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
    /// What is wrong.
    pub message: String,
    /// What should be there, where that is known.
    pub expected: Option<String>,
}

impl TomlError {
    /// A mistake found after reading, at the first line that sets `key`, or at the top of the
    /// file.
    pub fn at_key(
        file: &str,
        text: &str,
        key: &str,
        message: impl Into<String>,
        expected: &str,
    ) -> Self {
        Self::at_key_below(file, text, "", key, message, expected)
    }

    /// The same at the first line that sets `key` below a heading such as `[line]`.
    pub(crate) fn at_key_below(
        file: &str,
        text: &str,
        heading: &str,
        key: &str,
        message: impl Into<String>,
        expected: &str,
    ) -> Self {
        let start = text.find(heading).unwrap_or(0);
        let offset = key_offset(&text[start..], key).map_or(start, |offset| start + offset);
        Self::at_offset(file, text, offset, message, Some(expected.to_owned()))
    }

    /// A mistake at a byte offset.
    pub fn at_offset(
        file: &str,
        text: &str,
        offset: usize,
        message: impl Into<String>,
        expected: Option<String>,
    ) -> Self {
        let (line, column) = toml_error_position(text, offset);
        Self {
            file: file.to_owned(),
            line,
            column,
            message: message.into(),
            expected,
        }
    }
}

impl fmt::Display for TomlError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{}:{}:{}: {}",
            self.file, self.line, self.column, self.message
        )?;
        match &self.expected {
            Some(expected) => write!(f, ", expected {expected}"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for TomlError {}

/// Line and column, both from 1, of a byte offset; the column counts characters. An offset beyond
/// the text is its end.
pub fn toml_error_position(text: &str, offset: usize) -> (usize, usize) {
    let before: &str = text.get(..offset).unwrap_or_else(|| {
        // Inside a character or beyond the end: the last whole character before it.
        let end = (0..=offset.min(text.len()))
            .rev()
            .find(|at| text.is_char_boundary(*at));
        &text[..end.unwrap_or(0)]
    });
    let line_start = before.rfind('\n').map_or(0, |at| at + 1);
    let line = before.matches('\n').count() + 1;
    (line, before[line_start..].chars().count() + 1)
}

/// Reads a TOML text.
///
/// # Errors
/// The first mistake, with its place.
pub fn parse_toml<T: DeserializeOwned>(file_name: &str, text: &str) -> Result<T, TomlError> {
    toml::from_str(text).map_err(|error| {
        let offset = error.span().map_or(0, |span| span.start);
        let one_line = error.message().lines().collect::<Vec<_>>().join("; ");
        let (message, expected) = match one_line.split_once(", expected ") {
            Some((message, expected)) => {
                let expected = match is_quoted_number(message, expected) {
                    true => WITHOUT_QUOTES,
                    false => expected,
                };
                (message.to_owned(), Some(expected.to_owned()))
            }
            None => (one_line, None),
        };
        TomlError::at_offset(file_name, text, offset, message, expected)
    })
}

/// What is expected where a number stands as a text.
pub(crate) const WITHOUT_QUOTES: &str = "a number without quotes";

/// Whether somebody wrote `"9600"` where a number of a Rust type was expected.
fn is_quoted_number(message: &str, expected: &str) -> bool {
    let word = message.strip_prefix("invalid type: string \"");
    let number = word.and_then(|word| word.strip_suffix('"')?.parse::<f64>().ok());
    let (kind, bits) = expected.split_at_checked(1).unwrap_or_default();
    number.is_some()
        && matches!(kind, "u" | "i" | "f")
        && (bits == "size" || bits.parse::<u8>().is_ok())
}

/// Where a line begins with `key =`.
fn key_offset(text: &str, key: &str) -> Option<usize> {
    let mut offset = 0;
    for line in text.split_inclusive('\n') {
        let code = line.trim_start();
        if code
            .strip_prefix(key)
            .is_some_and(|rest| rest.trim_start().starts_with('='))
        {
            return Some(offset + line.len() - code.len());
        }
        let inside = line.find(&format!(" {key} ="));
        if let Some(at) = inside.filter(|_| !code.starts_with('#')) {
            return Some(offset + at + 1);
        }
        offset += line.len();
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde::Deserialize;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    #[allow(dead_code, reason = "only read by serde")]
    struct Station {
        name: String,
        counters: Vec<Counter>,
    }

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    #[allow(dead_code, reason = "only read by serde")]
    struct Counter {
        id: u8,
    }

    fn error(text: &str) -> String {
        parse_toml::<Station>("station.toml", text)
            .unwrap_err()
            .to_string()
    }

    #[test]
    fn mistakes_are_told_with_their_place() {
        for (text, expected) in [
            (
                "name = \"a\"\nnamee = \"b\"\ncounters = []\n",
                "station.toml:2:1: unknown field `namee`, expected `name` or `counters`",
            ),
            (
                "name = \"站\"\n[[counters]]\nid = \"x\"\n",
                "station.toml:3:6: invalid type: string \"x\", expected u8",
            ),
            (
                "name = \"a\"\n[[counters]]\nid = \"4\"\n",
                "station.toml:3:6: invalid type: string \"4\", expected a number without quotes",
            ),
            (
                "name = \"站\"\ncounters = [{ id = 1 }, { di = 2 }]\n",
                "station.toml:2:27: unknown field `di`, expected `id`",
            ),
        ] {
            assert_eq!(error(text), expected);
        }
        assert!(
            error("name = \n").starts_with("station.toml:1:"),
            "{}",
            error("name = \n")
        );
        assert!(error("name = \"a\"\n").contains("missing field `counters`"));
    }

    #[test]
    fn a_key_is_found_with_its_place() {
        let text = "[a]\n  # width = 3\nx = { width = 4 }\n";
        let error = TomlError::at_key("f", text, "width", "wrong", "right");
        assert_eq!((error.line, error.column), (3, 7));
    }

    proptest! {
        #[test]
        fn any_text_and_offset(text in "\\PC{0,40}(\n\\PC{0,9}){0,3}", offset in 0..200_usize) {
            let (line, column) = toml_error_position(&text, offset);
            prop_assert!(line >= 1 && line <= text.matches('\n').count() + 1);
            prop_assert!(column >= 1);
            let _ = parse_toml::<Station>("f", &text);
        }
    }
}
