//! JSON objects from outside, and what is wrong with them in the words of whoever sent them: the fields and values of
//! JSON, not the types of this program.

use serde::de::{DeserializeOwned, IgnoredAny};
use serde_json::error::Category;

/// Reads one JSON object.
///
/// # Errors
/// What is wrong, in words: `` `score`: expected a whole number ``.
pub(crate) fn read_json<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, String> {
    let first = bytes.iter().find(|b| !b.is_ascii_whitespace());
    if first != Some(&b'{') {
        // A list would be taken for the fields in their order.
        return Err(match serde_json::from_slice::<IgnoredAny>(bytes) {
            Ok(_) => "expected a JSON object".to_owned(),
            Err(error) => not_json(&error),
        });
    }
    // Keeping track of the path costs time that only a mistake is worth.
    if let Ok(value) = serde_json::from_slice(bytes) {
        return Ok(value);
    }
    let mut reader = serde_json::Deserializer::from_slice(bytes);
    let value = serde_path_to_error::deserialize(&mut reader).map_err(|error| {
        let path = error.path().to_string();
        let error = error.into_inner();
        match error.classify() {
            Category::Data => in_words(&path, &error.to_string()),
            Category::Io | Category::Syntax | Category::Eof => not_json(&error),
        }
    })?;
    reader.end().map_err(|error| not_json(&error))?;
    Ok(value)
}

fn not_json(error: &serde_json::Error) -> String {
    format!("not valid JSON: {error}")
}

/// A field of another kind than expected, by its path (`.` for the whole) and what the reader said.
fn in_words(path: &str, said: &str) -> String {
    let said = said.rsplit_once(" at line ").map_or(said, |(what, _)| what);
    let is_mismatch = ["invalid type: ", "invalid value: ", "invalid length "]
        .iter()
        .any(|kind| said.starts_with(kind));
    let said = match said.rsplit_once(", expected ") {
        Some((_, expected)) if is_mismatch => format!("expected {}", kind_in_words(expected)),
        _ if said.starts_with("data did not match") => "is not understood".to_owned(),
        _ => said.replacen("unknown variant", "unknown value", 1),
    };
    if path == "." || path == "?" {
        said
    } else {
        format!("`{path}`: {said}")
    }
}

/// What the reader calls a kind of value, in the words of JSON.
fn kind_in_words(expected: &str) -> String {
    let whole = |most: u64| format!("a whole number from 0 to {most}");
    match expected {
        "u8" => whole(u8::MAX.into()),
        "u16" => whole(u16::MAX.into()),
        "u32" => whole(u32::MAX.into()),
        "u64" | "usize" | "i8" | "i16" | "i32" | "i64" | "isize" => "a whole number".into(),
        "f32" | "f64" => "a number".into(),
        "a boolean" => "true or false".into(),
        "a sequence" => "a list".into(),
        "a map" => "a JSON object".into(),
        "variant identifier" | "string or map" => "a string".into(),
        named
            if [
                "struct ",
                "internally tagged ",
                "adjacently tagged ",
                "enum ",
            ]
            .iter()
            .any(|kind| named.starts_with(kind)) =>
        {
            "a JSON object".into()
        }
        // `a string`, or words of our own.
        plain => plain.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::super::counters::ActionRequest;
    use proptest::prelude::*;
    use protocol::ClientFrame;
    use serde::Deserialize;

    use super::*;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    #[expect(dead_code, reason = "only how it is read is looked at")]
    struct Sample {
        score: i64,
        #[serde(default)]
        reasons: Vec<String>,
        #[serde(default)]
        minutes: Option<u32>,
    }

    fn said(text: &str) -> String {
        match read_json::<Sample>(text.as_bytes()) {
            Ok(_) => "taken".into(),
            Err(why) => why,
        }
    }

    #[test]
    fn a_word_of_another_kind_is_expected_as_a_string() {
        let said = read_json::<ClientFrame>(br#"{"kind": null}"#).unwrap_err();
        assert_eq!(said, "`kind`: expected a string");
    }

    #[test]
    fn mistakes_are_told_in_the_words_of_json() {
        assert_eq!(said(r#" {"score": 4}"#), "taken");
        assert_eq!(said("[4]"), "expected a JSON object");
        assert_eq!(said("null"), "expected a JSON object");
        assert_eq!(
            said(r#"{"score": "four"}"#),
            "`score`: expected a whole number"
        );
        assert_eq!(
            said(r#"{"score": 4.5}"#),
            "`score`: expected a whole number"
        );
        assert_eq!(
            said(r#"{"score": 4, "minutes": -1}"#),
            "`minutes`: expected a whole number from 0 to 4294967295"
        );
        assert_eq!(
            said(r#"{"score": 4, "reasons": "waiting"}"#),
            "`reasons`: expected a list"
        );
        assert_eq!(
            said(r#"{"score": 4, "reasons": ["waiting", 7]}"#),
            "`reasons[1]`: expected a string"
        );
        assert_eq!(said("{}"), "missing field `score`");
        assert!(said(r#"{"score": 4, "colour": 1}"#).starts_with("`colour`: unknown field"));
        assert!(said(r#"{"score": 4"#).starts_with("not valid JSON: "));
        assert!(said(r#"{"score": 4} x"#).starts_with("not valid JSON: "));
        assert!(said("").starts_with("not valid JSON: "));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2_000))]
        #[test]
        fn no_type_of_this_program_is_named(text in r#"[\[{]?("(score|ticket|kind|role|hello)"[:,]|[0-9]{1,3}|[\[\]{},:]|"hello"|"command"|null|-1|1e9|x){0,8}[\]}]?"#) {
            let answers = [
                read_json::<Sample>(text.as_bytes()).err(),
                read_json::<ActionRequest>(text.as_bytes()).err(),
                read_json::<ClientFrame>(text.as_bytes()).err(),
            ];
            for why in answers.into_iter().flatten() {
                for leak in ["struct", "enum", "u32", "u64", "i64", "variant", "Sample", "ClientFrame"] {
                    prop_assert!(!why.contains(leak), "{text}: {why}");
                }
            }
        }
    }
}
