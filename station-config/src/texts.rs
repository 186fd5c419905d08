//! Texts in the product's languages.

use schemars::JsonSchema;

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
