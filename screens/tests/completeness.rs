//! Every language says everything, with the same slots, in its own punctuation.

use fluent_bundle::FluentResource;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// The slots of every message of a file.
type Messages = BTreeMap<String, BTreeSet<String>>;

fn source(file: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("texts")
        .join(file);
    std::fs::read_to_string(&path).expect(file)
}

/// Reads a file line by line, after Fluent's own parser has accepted it.
fn messages(file: &str) -> Messages {
    let source = source(file);
    if let Err((_, errors)) = FluentResource::try_new(source.clone()) {
        panic!("{file}: {errors:?}");
    }
    let mut messages = Messages::new();
    let mut key = String::new();
    for line in source.lines().filter(|line| !line.starts_with('#')) {
        if let Some((name, _)) = line.split_once(" = ")
            && !line.starts_with(' ')
        {
            key = name.to_owned();
            let twice = messages.insert(key.clone(), BTreeSet::new());
            assert!(twice.is_none(), "{file}: {key} is given twice");
        }
        let slots = line.split('$').skip(1).map(|rest| {
            rest.chars()
                .take_while(char::is_ascii_alphanumeric)
                .collect::<String>()
        });
        if let Some(message) = messages.get_mut(&key) {
            message.extend(slots);
        }
    }
    messages
}

fn assert_same(file: &str, model: &str) {
    let (one, other) = (messages(file), messages(model));
    let missing: Vec<_> = other.keys().filter(|key| !one.contains_key(*key)).collect();
    let extra: Vec<_> = one.keys().filter(|key| !other.contains_key(*key)).collect();
    assert!(
        missing.is_empty() && extra.is_empty(),
        "{file}: missing {missing:?}, extra {extra:?}"
    );
    for (key, slots) in one {
        assert_eq!(slots, other[&key], "{file}: slots of {key}");
    }
}

const VISITOR: [&str; 10] = [
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

#[test]
fn every_language_has_every_visitor_text_with_the_same_slots() {
    for language in VISITOR {
        assert_same(&format!("{language}.ftl"), "zh-Hant-TW.ftl");
    }
}

#[test]
fn staff_texts_are_the_same_in_chinese_and_english() {
    assert_same("staff.en.ftl", "staff.zh-Hant-TW.ftl");
}

#[test]
fn visitor_and_staff_texts_share_no_key() {
    let visitor = messages("en.ftl");
    let both: Vec<_> = messages("staff.en.ftl")
        .into_keys()
        .filter(|key| visitor.contains_key(key))
        .collect();
    assert!(both.is_empty(), "{both:?}");
}

#[test]
fn every_language_is_one_that_the_product_offers() {
    let offered: Vec<_> = screens::Language::ALL.map(screens::Language::tag).to_vec();
    assert_eq!(VISITOR.to_vec(), offered);
}

#[test]
fn each_list_of_days_and_months_is_whole() {
    for language in screens::Language::ALL {
        let texts = screens::Texts::of(language);
        for (key, length) in [("date-weekdays", 7), ("date-months", 12)] {
            let list = texts.find(key, &[]).expect(key);
            assert_eq!(
                list.split('|')
                    .filter(|name| !name.trim().is_empty())
                    .count(),
                length,
                "{language:?} {key}"
            );
        }
    }
}

fn is_cjk(letter: char) -> bool {
    matches!(letter, '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}')
}

#[test]
fn chinese_and_japanese_use_full_width_punctuation() {
    for file in ["zh-Hant-TW.ftl", "staff.zh-Hant-TW.ftl", "ja.ftl"] {
        for line in source(file).lines() {
            let letters: Vec<char> = line.chars().collect();
            for around in letters.windows(2) {
                let half = (is_cjk(around[0]) && ",;:!?".contains(around[1]))
                    || (is_cjk(around[1]) && ",;:!?".contains(around[0]));
                assert!(!half, "{file}: {line}");
            }
        }
    }
}

/// Whether a letter belongs to one of the scripts that are not Latin.
type Script = fn(char) -> bool;

/// Each script with the languages that are written in it.
const SCRIPTS: [(Script, &[&str]); 5] = [
    (is_cjk, &["zh-Hant-TW", "ja"]),
    (|letter| matches!(letter, '\u{e00}'..='\u{e7f}'), &["th"]),
    (|letter| matches!(letter, '\u{1000}'..='\u{109f}'), &["my"]),
    (|letter| matches!(letter, '\u{1780}'..='\u{17ff}'), &["km"]),
    (|letter| matches!(letter, '\u{ac00}'..='\u{d7af}'), &["ko"]),
];

#[test]
fn each_language_is_written_in_its_own_script() {
    for language in VISITOR {
        let text = source(&format!("{language}.ftl"));
        let letters = || {
            text.lines()
                .filter(|line| !line.starts_with('#'))
                .flat_map(str::chars)
        };
        for (is_in, languages) in SCRIPTS {
            let share = letters().filter(|&letter| is_in(letter)).count();
            if languages.contains(&language) {
                assert!(
                    share > 500,
                    "{language}: only {share} letters of its script"
                );
            } else {
                assert_eq!(letters().find(|&letter| is_in(letter)), None, "{language}");
            }
        }
    }
}

#[test]
fn no_two_languages_share_a_whole_sentence() {
    let question = |language| screens::t!(screens::Texts::of(language), "rating-title");
    let questions: BTreeSet<_> = screens::Language::ALL.map(question).into_iter().collect();
    assert_eq!(questions.len(), screens::Language::ALL.len());
}

/// The engine's codes, read from its source, because its rejections carry data and cannot be
/// listed here.
#[test]
fn every_rejection_of_the_engine_has_a_text() {
    let engine = Path::new(env!("CARGO_MANIFEST_DIR")).join("../queue-core/src/reject.rs");
    let engine = std::fs::read_to_string(engine).expect("the engine's rejections");
    let codes: Vec<&str> = engine
        .lines()
        .filter_map(|line| line.split_once("=> \"")?.1.strip_suffix("\","))
        .collect();
    assert!(codes.len() > 10, "{codes:?}");
    let texts = messages("staff.en.ftl");
    for code in codes {
        assert!(
            texts.contains_key(&format!("error-{code}")),
            "no text for {code}"
        );
    }
}
