//! What the types cannot say: references, duplicates, ranges, languages.

mod devices;
mod people;
mod queue;

use std::collections::BTreeMap;
use std::fmt::Display;
use std::ops::RangeInclusive;

use firmware_config::profile::{TomlError, toml_error_position};
use protocol::Names;
use toml::Spanned;
use toml::de::DeTable;

use crate::errors::{did_you_mean, listed};
use crate::model::StationFile;
use crate::places::{self, Step};
use crate::texts::{LANGUAGES, REQUIRED};

/// What was found: mistakes make the file unusable, warnings do not.
#[derive(Default)]
pub(crate) struct Findings {
    pub(crate) mistakes: Vec<TomlError>,
    pub(crate) warnings: Vec<TomlError>,
}

/// Checks a whole file. `document` is the text it was read from, parsed.
pub(crate) fn check(
    file: &str,
    text: &str,
    document: &Spanned<DeTable<'_>>,
    station: &StationFile,
) -> Findings {
    let mut checker = Checker {
        file,
        text,
        document,
        found: Findings::default(),
    };
    queue::check(&mut checker, station);
    people::check(&mut checker, station);
    devices::check(&mut checker, station);
    checker.found
}

/// The way from the top of the file to a value: `way!["service", 2, "letter"]`.
macro_rules! way {
    ($($step:expr),+ $(,)?) => {
        [$($crate::places::Step::from($step)),+]
    };
}
use way;

/// Collects what is wrong, with its place.
struct Checker<'a> {
    file: &'a str,
    text: &'a str,
    document: &'a Spanned<DeTable<'a>>,
    found: Findings,
}

impl Checker<'_> {
    fn at(&self, path: &[Step<'_>]) -> usize {
        places::offset(self.document, path)
    }

    fn finding(&self, path: &[Step<'_>], message: String, expected: Option<String>) -> TomlError {
        TomlError::at_offset(self.file, self.text, self.at(path), message, expected)
    }

    fn wrong(
        &mut self,
        path: &[Step<'_>],
        message: impl Into<String>,
        expected: impl Into<String>,
    ) {
        let finding = self.finding(path, message.into(), Some(expected.into()));
        self.found.mistakes.push(finding);
    }

    fn unwise(&mut self, path: &[Step<'_>], message: impl Into<String>) {
        let finding = self.finding(path, message.into(), None);
        self.found.warnings.push(finding);
    }

    /// A number outside its range.
    fn in_range<T: PartialOrd + Display>(
        &mut self,
        path: &[Step<'_>],
        value: T,
        range: RangeInclusive<T>,
    ) {
        if !range.contains(&value) {
            let key = match path.last() {
                Some(Step::Key(key)) => *key,
                _ => "number",
            };
            let (least, most) = (range.start(), range.end());
            self.wrong(
                path,
                format!("invalid {key} {value}"),
                format!("{least} to {most}"),
            );
        }
    }

    /// A name that is not among those known.
    fn known(&mut self, path: &[Step<'_>], what: &str, name: &str, known: &[&str]) {
        if known.contains(&name) {
            return;
        }
        let hint = did_you_mean(name, known.iter().copied());
        // Ids that are used twice are told elsewhere.
        let mut distinct: Vec<&str> = Vec::new();
        for name in known {
            if !distinct.contains(name) {
                distinct.push(name);
            }
        }
        let expected = match distinct.as_slice() {
            [] => format!("none: the file has no {what}"),
            [only] => format!("`{only}`"),
            _ => format!("one of {}", listed(distinct)),
        };
        self.wrong(path, format!("unknown {what} `{name}`{hint}"), expected);
    }

    /// Blank texts, unknown languages, no Chinese; English left out is unwise.
    fn texts(&mut self, path: &[Step<'_>], texts: &Names) {
        for (tag, text) in &texts.0 {
            let path = [path, &way![tag.as_str()]].concat();
            self.known(&path, "language tag", tag, &LANGUAGES);
            self.not_blank(&path, text);
        }
        if !texts.0.contains_key(REQUIRED) {
            self.wrong(
                path,
                "the Chinese text is missing",
                format!("the key `{REQUIRED}`"),
            );
        }
        if !texts.0.contains_key("en") {
            self.unwise(
                path,
                "the English text is missing: visitors will see Chinese",
            );
        }
    }

    fn not_blank(&mut self, path: &[Step<'_>], text: &str) {
        if text.trim().is_empty() {
            self.wrong(path, "empty text", "something to read");
        }
    }

    /// An id that is used twice. `place` gives the way to the entry with an index.
    fn unique<'s, const N: usize>(
        &mut self,
        what: &str,
        ids: impl IntoIterator<Item = String>,
        place: impl Fn(usize) -> [Step<'s>; N],
    ) {
        let mut first_line = BTreeMap::new();
        for (index, id) in ids.into_iter().enumerate() {
            let path = place(index);
            let (line, _) = toml_error_position(self.text, self.at(&path));
            match first_line.get(&id) {
                Some(first) => {
                    self.wrong(
                        &path,
                        format!("{what} `{id}` is used twice"),
                        format!("another one than in line {first}"),
                    );
                }
                None => {
                    first_line.insert(id, line);
                }
            }
        }
    }
}
