//! All words of all pages, in Fluent files: one file per language for what visitors read, and
//! one more in Chinese and in English for staff.
//!
//! Use [`t!`](crate::t) for a key known when compiling (an unknown key does not compile) and
//! [`Texts::get`] for a computed one, such as `error-<code>`.

use crate::language::Language;
pub use fluent_bundle::FluentValue;
use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource};
use std::borrow::Cow;
use std::sync::OnceLock;
use unic_langid::LanguageIdentifier;

mod keys;

pub use keys::is_key;

/// The Fluent files of a language.
const fn sources(language: Language) -> &'static [&'static str] {
    match language {
        Language::ZhHantTw => &[
            include_str!("../texts/zh-Hant-TW.ftl"),
            include_str!("../texts/staff.zh-Hant-TW.ftl"),
        ],
        Language::En => &[
            include_str!("../texts/en.ftl"),
            include_str!("../texts/staff.en.ftl"),
        ],
        Language::Vi => &[include_str!("../texts/vi.ftl")],
        Language::Id => &[include_str!("../texts/id.ftl")],
        Language::Th => &[include_str!("../texts/th.ftl")],
        Language::Fil => &[include_str!("../texts/fil.ftl")],
        Language::My => &[include_str!("../texts/my.ftl")],
        Language::Km => &[include_str!("../texts/km.ftl")],
        Language::Ja => &[include_str!("../texts/ja.ftl")],
        Language::Ko => &[include_str!("../texts/ko.ftl")],
    }
}

/// The texts of one language.
pub struct Texts {
    language: Language,
    bundle: FluentBundle<FluentResource>,
}

impl Texts {
    /// The texts of `language`, parsed at the first use.
    pub fn of(language: Language) -> &'static Texts {
        static ALL: [OnceLock<Texts>; Language::ALL.len()] =
            [const { OnceLock::new() }; Language::ALL.len()];
        ALL[language as usize].get_or_init(|| Texts::load(language))
    }

    /// Parses the files of a language. They are compiled in and tested, so a fault in them is
    /// logged and the rest is used.
    fn load(language: Language) -> Texts {
        let locale: LanguageIdentifier = language.tag().parse().unwrap_or_default();
        let mut bundle = FluentBundle::new_concurrent(vec![locale]);
        // The isolation marks would end up on paper and in attributes; no script here needs them.
        bundle.set_use_isolating(false);
        for source in sources(language) {
            let resource =
                FluentResource::try_new((*source).to_owned()).unwrap_or_else(|(rest, errors)| {
                    tracing::error!(language = language.tag(), ?errors, "text file has faults");
                    rest
                });
            if let Err(errors) = bundle.add_resource(resource) {
                tracing::error!(language = language.tag(), ?errors, "text given twice");
            }
        }
        Texts { language, bundle }
    }

    /// The language of these texts.
    pub fn language(&self) -> Language {
        self.language
    }

    /// The text of `key` with its slots filled. Where this language has no such text, it is the
    /// Chinese and the English one, and where there is none at all, the key; both are logged.
    pub fn get(&'static self, key: &str, args: &[(&str, FluentValue<'_>)]) -> Cow<'static, str> {
        if let Some(text) = self.find(key, args) {
            return text;
        }
        tracing::error!(language = self.language.tag(), key, "text missing");
        let both: Vec<_> = Language::STAFF
            .into_iter()
            .filter_map(|language| Texts::of(language).find(key, args))
            .collect();
        if both.is_empty() {
            Cow::Owned(key.to_owned())
        } else {
            Cow::Owned(both.join(" "))
        }
    }

    /// The text of `key` in this language only.
    pub fn find(
        &'static self,
        key: &str,
        args: &[(&str, FluentValue<'_>)],
    ) -> Option<Cow<'static, str>> {
        let pattern = self.bundle.get_message(key)?.value()?;
        let mut errors = Vec::new();
        let text = if args.is_empty() {
            self.bundle.format_pattern(pattern, None, &mut errors)
        } else {
            let args: FluentArgs<'_> = args
                .iter()
                .map(|(name, value)| (*name, value.clone()))
                .collect();
            let text = self
                .bundle
                .format_pattern(pattern, Some(&args), &mut errors);
            Cow::Owned(text.into_owned())
        };
        if !errors.is_empty() {
            tracing::error!(
                language = self.language.tag(),
                key,
                ?errors,
                "text not filled"
            );
        }
        Some(text)
    }
}

/// The text of a key: `t!(texts, "kiosk-title")`, `t!(texts, "wait-people", count = 7)`.
///
/// Gives a `Cow<'static, str>`. A key that is in no text file does not compile.
///
/// ```
/// use screens::{Language, Texts, t};
/// let texts = Texts::of(Language::En);
/// assert_eq!(t!(texts, "wait-count", count = 7), "7 waiting");
/// ```
///
/// ```compile_fail
/// use screens::{Language, Texts, t};
/// t!(Texts::of(Language::En), "wait-cuont", count = 7);
/// ```
#[macro_export]
macro_rules! t {
    ($texts:expr, $key:literal $(, $name:ident = $value:expr)* $(,)?) => {{
        const { assert!($crate::texts::is_key($key), concat!("no such text: ", $key)) };
        $crate::texts::Texts::get(
            $texts,
            $key,
            &[$((stringify!($name), $crate::texts::FluentValue::from($value))),*],
        )
    }};
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slots_are_filled_without_isolation_marks() {
        let zh = Texts::of(Language::ZhHantTw);
        let call = t!(zh, "hall-call", number = "A047", counter = 3);
        assert_eq!(call, "A047 請到 3 號櫃台");
    }

    #[test]
    fn english_counts_one_person_and_two_people() {
        let en = Texts::of(Language::En);
        assert_eq!(t!(en, "unit-people", count = 1), "1 person");
        assert_eq!(t!(en, "unit-people", count = 0), "0 people");
        assert_eq!(t!(en, "unit-people", count = 2_u64), "2 people");
    }

    #[test]
    fn a_text_missing_in_a_language_is_given_in_chinese_and_english() {
        let vi = Texts::of(Language::Vi);
        assert_eq!(vi.find("action-finish", &[]), None);
        assert_eq!(vi.get("action-finish", &[]), "完成 Finish");
        assert_eq!(vi.get("no-such-key", &[]), "no-such-key");
    }

    #[test]
    fn an_empty_slot_shows_its_name_and_nothing_breaks() {
        let en = Texts::of(Language::En);
        assert_eq!(en.get("counter-number", &[]), "Counter {$counter}");
    }

    #[test]
    fn threads_share_the_texts() {
        let ask = || t!(Texts::of(Language::Ko), "unit-people", count = 3).into_owned();
        let threads: Vec<_> = (0..4).map(|_| std::thread::spawn(ask)).collect();
        for thread in threads {
            assert_eq!(thread.join().unwrap(), "3명");
        }
    }
}
