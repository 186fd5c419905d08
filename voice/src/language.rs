//! The languages in which a call can be said, and the sentence of each.

use std::fmt;

/// A language of spoken calls.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum VoiceLanguage {
    /// Mandarin as spoken in Taiwan: every call is said in it first.
    ZhTw,
    /// Taiwanese, from recordings only.
    NanTw,
    /// Hakka, from recordings only.
    HakTw,
    /// English.
    En,
    /// Vietnamese.
    Vi,
    /// Indonesian.
    Id,
    /// Thai, from recordings only.
    Th,
    /// Japanese.
    Ja,
    /// Korean.
    Ko,
    /// Burmese, from recordings only.
    My,
}

/// The sentence of a call, around the number and the counter.
///
/// The words are what a speaker of a voice pack says. Where `espeak-ng` reads them, they are spelt for its ear.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Sentence {
    /// Before the number.
    pub before: Option<&'static str>,
    /// Between number and counter.
    pub between: &'static str,
    /// After the counter.
    pub after: Option<&'static str>,
}

impl VoiceLanguage {
    /// All of them, in the order in which one call is said in several.
    pub const ALL: [Self; 10] = [
        Self::ZhTw,
        Self::NanTw,
        Self::HakTw,
        Self::En,
        Self::Vi,
        Self::Id,
        Self::Th,
        Self::Ja,
        Self::Ko,
        Self::My,
    ];

    /// The tag, as in the station file and in the manifests of voice packs.
    #[must_use]
    pub const fn tag(self) -> &'static str {
        match self {
            Self::ZhTw => "zh-TW",
            Self::NanTw => "nan-TW",
            Self::HakTw => "hak-TW",
            Self::En => "en",
            Self::Vi => "vi",
            Self::Id => "id",
            Self::Th => "th",
            Self::Ja => "ja",
            Self::Ko => "ko",
            Self::My => "my",
        }
    }

    /// The language of a tag, as tickets and files have it: any `zh` is Mandarin, regions of others do not matter.
    #[must_use]
    pub fn parse(tag: &str) -> Option<Self> {
        let primary = tag.split(['-', '_']).next()?.to_ascii_lowercase();
        Self::ALL
            .into_iter()
            .find(|language| language.tag().split('-').next() == Some(primary.as_str()))
    }

    /// The voice of `espeak-ng` that says it so that people understand. None: its rules read the words as something else
    /// (Thai vowels, Burmese finals, Hakka characters), or it has no rules (Taiwanese).
    pub(crate) const fn espeak_voice(self) -> Option<&'static str> {
        match self {
            // `cmn` spells Chinese characters in English.
            Self::ZhTw => Some("cmn-latn-pinyin"),
            Self::En => Some("en-us"),
            Self::Vi => Some("vi"),
            Self::Id => Some("id"),
            Self::Ja => Some("ja"),
            Self::Ko => Some("ko"),
            Self::NanTw | Self::HakTw | Self::Th | Self::My => None,
        }
    }

    /// Whether it can come from recordings only.
    #[must_use]
    pub const fn is_recorded_only(self) -> bool {
        self.espeak_voice().is_none()
    }

    /// The sentence of a call.
    pub(crate) const fn sentence(self) -> Sentence {
        match self {
            Self::ZhTw => Sentence {
                before: None,
                between: "號，請到",
                after: Some("號櫃台"),
            },
            Self::NanTw => Sentence {
                before: None,
                between: "號，請到",
                after: Some("號櫃台"),
            },
            Self::HakTw => Sentence {
                before: None,
                between: "號，請到",
                after: Some("號櫃台"),
            },
            Self::En => Sentence {
                before: Some("number"),
                between: "please go to counter",
                after: None,
            },
            Self::Vi => Sentence {
                before: Some("số"),
                between: "mời đến quầy",
                after: None,
            },
            Self::Id => Sentence {
                before: Some("nomor"),
                between: "silakan ke loket",
                after: None,
            },
            Self::Th => Sentence {
                before: Some("หมายเลข"),
                between: "เชิญที่ช่อง",
                after: None,
            },
            // Kana only, and the particle as it sounds: characters and a written particle are read wrongly.
            Self::Ja => Sentence {
                before: None,
                between: "ばんの かた",
                after: Some("ばん まどぐちえ おこし ください"),
            },
            Self::Ko => Sentence {
                before: None,
                between: "번 고객님",
                after: Some("번 창구로 오세요"),
            },
            Self::My => Sentence {
                before: Some("နံပါတ်"),
                between: "ကောင်တာ",
                after: Some("သို့ ကြွပါ"),
            },
        }
    }

    /// A digit as its voice is given it.
    pub(crate) fn digit_text(self, digit: u8) -> String {
        // The Japanese names that nobody mishears in a hall.
        const JA: [&str; 10] = [
            "ぜろ",
            "いち",
            "に",
            "さん",
            "よん",
            "ご",
            "ろく",
            "なな",
            "はち",
            "きゅう",
        ];
        match self {
            Self::Ja => JA.get(usize::from(digit)).copied().unwrap_or("").to_owned(),
            _ => digit.to_string(),
        }
    }

    /// A letter as its voice is given it.
    pub(crate) fn letter_text(self, letter: char) -> String {
        match (self, letter) {
            // The first half of the letter's name alone is too short to be heard.
            (Self::Vi, 'X') => "ích xì".to_owned(),
            _ => letter.to_string(),
        }
    }
}

impl fmt::Display for VoiceLanguage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.tag())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_of_tickets_and_files_find_their_language() {
        for language in VoiceLanguage::ALL {
            assert_eq!(VoiceLanguage::parse(language.tag()), Some(language));
        }
        for (tag, language) in [
            ("zh-Hant-TW", Some(VoiceLanguage::ZhTw)),
            ("en-GB", Some(VoiceLanguage::En)),
            ("fil", None),
            ("km", None),
            ("", None),
        ] {
            assert_eq!(VoiceLanguage::parse(tag), language, "{tag}");
        }
    }

    #[test]
    fn the_station_file_names_the_same_languages() {
        let tags = VoiceLanguage::ALL.map(VoiceLanguage::tag);
        assert_eq!(tags, station_config::VOICE_LANGUAGES);
    }
}
