//! The ten languages that visitors can choose.

use serde::de::{Deserializer, Error, Unexpected};
use serde::{Deserialize, Serialize, Serializer};

/// A language of the product. Chinese and English are complete; the other eight are for visitors.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Language {
    /// Chinese as written in Taiwan.
    #[default]
    ZhHantTw,
    /// English.
    En,
    /// Vietnamese.
    Vi,
    /// Indonesian.
    Id,
    /// Thai.
    Th,
    /// Filipino.
    Fil,
    /// Burmese.
    My,
    /// Khmer.
    Km,
    /// Japanese.
    Ja,
    /// Korean.
    Ko,
}

impl Language {
    /// All ten, in the order in which they are offered.
    pub const ALL: [Language; 10] = [
        Language::ZhHantTw,
        Language::En,
        Language::Vi,
        Language::Id,
        Language::Th,
        Language::Fil,
        Language::My,
        Language::Km,
        Language::Ja,
        Language::Ko,
    ];

    /// The languages that staff pages offer.
    pub const STAFF: [Language; 2] = [Language::ZhHantTw, Language::En];

    /// The BCP 47 tag, as in the `lang` attribute and on the wire.
    pub const fn tag(self) -> &'static str {
        match self {
            Language::ZhHantTw => "zh-Hant-TW",
            Language::En => "en",
            Language::Vi => "vi",
            Language::Id => "id",
            Language::Th => "th",
            Language::Fil => "fil",
            Language::My => "my",
            Language::Km => "km",
            Language::Ja => "ja",
            Language::Ko => "ko",
        }
    }

    /// What stands between the parts of a list.
    pub const fn comma(self) -> &'static str {
        match self {
            Language::ZhHantTw | Language::Ja => "、",
            Language::My => "၊ ",
            _ => ", ",
        }
    }

    /// The language's own name, which is how it is offered (never by a flag).
    pub const fn own_name(self) -> &'static str {
        match self {
            Language::ZhHantTw => "中文",
            Language::En => "English",
            Language::Vi => "Tiếng Việt",
            Language::Id => "Bahasa Indonesia",
            Language::Th => "ไทย",
            Language::Fil => "Filipino",
            Language::My => "မြန်မာ",
            Language::Km => "ខ្មែរ",
            Language::Ja => "日本語",
            Language::Ko => "한국어",
        }
    }

    /// The language named by a BCP 47 tag, whatever its region: `en-GB` is English, any `zh` is
    /// the Chinese there is, `tl` is Filipino. `None` for a language that is not offered.
    pub fn parse(tag: &str) -> Option<Language> {
        let primary = tag.trim().split(['-', '_']).next()?.to_ascii_lowercase();
        match primary.as_str() {
            "zh" => Some(Language::ZhHantTw),
            "tl" => Some(Language::Fil),
            "in" => Some(Language::Id),
            other => Language::ALL.into_iter().find(|one| one.tag() == other),
        }
    }

    /// The first language wanted by an `Accept-Language` header (RFC 9110, 12.5.4) that is
    /// offered, if any.
    pub fn from_accept_language(header: &str) -> Option<Language> {
        let mut best: Option<(f32, Language)> = None;
        for item in header.split(',') {
            let mut parts = item.split(';');
            let language = parts.next().and_then(Language::parse);
            let quality = parts
                .find_map(|part| part.trim().strip_prefix("q=")?.trim().parse::<f32>().ok())
                .unwrap_or(1.0);
            if let Some(language) = language
                && quality > 0.0
                && best.is_none_or(|(highest, _)| quality > highest)
            {
                best = Some((quality, language));
            }
        }
        best.map(|(_, language)| language)
    }

    /// The language shown beside this one: Chinese, and English beside Chinese.
    pub const fn companion(self) -> Language {
        match self {
            Language::ZhHantTw => Language::En,
            _ => Language::ZhHantTw,
        }
    }
}

impl Serialize for Language {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.tag())
    }
}

impl<'de> Deserialize<'de> for Language {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Tag;
        impl serde::de::Visitor<'_> for Tag {
            type Value = Language;

            fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str("a tag of one of the ten languages, such as zh-Hant-TW or vi")
            }

            fn visit_str<E: Error>(self, tag: &str) -> Result<Language, E> {
                Language::parse(tag).ok_or_else(|| E::invalid_value(Unexpected::Str(tag), &self))
            }
        }
        deserializer.deserialize_str(Tag)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn every_tag_is_parsed_back_and_travels_as_json() {
        for language in Language::ALL {
            assert_eq!(Language::parse(language.tag()), Some(language));
            let json = serde_json::to_string(&language).unwrap();
            assert_eq!(json, format!("\"{}\"", language.tag()));
            assert_eq!(serde_json::from_str::<Language>(&json).unwrap(), language);
        }
        assert!(serde_json::from_str::<Language>("\"de\"").is_err());
    }

    #[test]
    fn regions_and_old_tags_find_their_language() {
        for (tag, language) in [
            ("en-GB", Language::En),
            ("zh", Language::ZhHantTw),
            ("zh-TW", Language::ZhHantTw),
            ("ZH_hant", Language::ZhHantTw),
            ("tl-PH", Language::Fil),
            ("in", Language::Id),
        ] {
            assert_eq!(Language::parse(tag), Some(language), "{tag}");
        }
        for tag in ["", "de", "english", "z"] {
            assert_eq!(Language::parse(tag), None, "{tag}");
        }
    }

    #[test]
    fn the_most_wanted_offered_language_wins() {
        for (header, language) in [
            ("vi-VN,vi;q=0.9,en;q=0.8", Some(Language::Vi)),
            ("de, en;q=0.5, th;q=0.7", Some(Language::Th)),
            ("ja;q=0, ko;q=0.1", Some(Language::Ko)),
            ("de", None),
            ("*", None),
            ("", None),
        ] {
            assert_eq!(Language::from_accept_language(header), language, "{header}");
        }
    }

    proptest! {
        #[test]
        fn any_header_is_read_without_fault(header in "\\PC{0,80}") {
            let found = Language::from_accept_language(&header);
            prop_assert!(found.is_none_or(|one| Language::ALL.contains(&one)));
        }
    }
}
