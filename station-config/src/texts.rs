//! Texts in the product's languages.

use std::fmt;

use protocol::Names;
use schemars::JsonSchema;
use serde::de::value::MapAccessDeserializer;
use serde::de::{Deserialize as _, Deserializer, Error, MapAccess, Visitor};

/// Tags of the languages a text may be given in, in the order in which visitors are offered them.
pub const LANGUAGES: [&str; 10] = [
    "zh-Hant-TW",
    "en",
    "vi",
    "id",
    "th",
    "fil",
    "my",
    "km",
    "ja",
    "ko",
];

/// The language every text must have.
pub(crate) const REQUIRED: &str = "zh-Hant-TW";

/// A text in several languages. Chinese is required; a language left out is shown in English, else in Chinese.
#[derive(JsonSchema)]
#[schemars(rename = "Texts", deny_unknown_fields)]
#[allow(
    dead_code,
    reason = "only describes the keys of a text in the JSON Schema"
)]
pub(crate) struct TextsSchema {
    /// Chinese as written in Taiwan.
    #[schemars(rename = "zh-Hant-TW")]
    zh_hant_tw: String,
    /// English.
    en: Option<String>,
    /// Vietnamese.
    vi: Option<String>,
    /// Indonesian.
    id: Option<String>,
    /// Thai.
    th: Option<String>,
    /// Filipino.
    fil: Option<String>,
    /// Burmese.
    my: Option<String>,
    /// Khmer.
    km: Option<String>,
    /// Japanese.
    ja: Option<String>,
    /// Korean.
    ko: Option<String>,
}

/// A name for staff: in several languages, or one text for all.
#[derive(JsonSchema)]
#[schemars(rename = "Name", untagged)]
#[allow(dead_code, reason = "only describes a name in the JSON Schema")]
pub(crate) enum NameSchema {
    /// In several languages.
    Texts(Box<TextsSchema>),
    /// The same in all.
    One(#[schemars(length(min = 1, max = 60))] String),
}

/// Reads a name; one text stands for every language.
///
/// # Errors
/// It is neither a text nor a table of texts.
pub(crate) fn one_or_many<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Names>, D::Error> {
    from.deserialize_any(NameVisitor).map(Some)
}

struct NameVisitor;

impl<'de> Visitor<'de> for NameVisitor {
    type Value = Names;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a text, or a table of texts by language")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Names, E> {
        Ok(Names([(REQUIRED.to_owned(), text.to_owned())].into()))
    }

    fn visit_map<A: MapAccess<'de>>(self, texts: A) -> Result<Names, A::Error> {
        Names::deserialize(MapAccessDeserializer::new(texts))
    }
}
