//! What the types cannot say: references, duplicates, ranges, languages.
//!
//! The checks walk the document and not the data read from it, so that one run tells of them also where other values
//! have the wrong type, which [`crate::read`] tells.

mod appointments;
mod calendar;
mod devices;
mod guide;
mod people;
mod queue;
mod sessions;
mod ticket;
mod voice;
mod zones;

use std::collections::BTreeMap;
use std::fmt::Display;
use std::ops::RangeInclusive;
use std::path::Path;

use firmware_config::profile::{TomlError, did_you_mean, toml_error_position};
use queue_core::{ClassId, CounterId, ServiceId};
use serde::de::DeserializeOwned;
use toml::Spanned;
use toml::de::DeTable;

use crate::device_profiles::DeviceProfiles;
use crate::errors::listed;
use crate::places::Place;
use crate::texts::{LANGUAGES, REQUIRED};
use crate::ticket::Papers;
pub(crate) use ticket::Logos;

/// What was found: mistakes make the file unusable, warnings do not.
#[derive(Default)]
pub(crate) struct Findings {
    pub(crate) mistakes: Vec<TomlError>,
    pub(crate) warnings: Vec<TomlError>,
    /// The logos of the ticket's layout.
    pub(crate) logos: Logos,
    /// The profiles that devices may have.
    pub(crate) profiles: DeviceProfiles,
}

/// Checks the layout of a ticket alone, for the papers on which it is printed. `document` is the text, parsed.
pub(crate) fn check_layout(
    file: &str,
    text: &str,
    folder: &Path,
    papers: &Papers,
    document: &Spanned<DeTable<'_>>,
) -> Findings {
    let mut checker = Checker::new(file, text);
    let ticket = Place::file(document).get("ticket");
    checker.found.logos = ticket::layout(&mut checker, ticket, folder, papers);
    checker.found
}

/// Checks a whole file. `document` is the text, parsed; files that it names are looked for in `folder`.
pub(crate) fn check(
    file: &str,
    text: &str,
    folder: &Path,
    document: &Spanned<DeTable<'_>>,
) -> Findings {
    let mut checker = Checker::new(file, text);
    let whole = Place::file(document);
    let services = checker.ids::<ServiceId>(whole, "service");
    let counters = checker.ids::<CounterId>(whole, "counter");
    let kiosks = checker.ids::<String>(whole, "kiosk");
    let displays = checker.ids::<String>(whole, "display");
    calendar::check(&mut checker, whole);
    queue::check(&mut checker, whole, &services);
    zones::check(&mut checker, whole);
    let classes = Checker::known_ids::<ClassId>(whole, "class");
    sessions::check(&mut checker, whole, &classes);
    let offered = (whole.get("service"), &services);
    appointments::check(&mut checker, whole.get("appointments"), offered, &classes);
    guide::check(&mut checker, whole, &services);
    checker.found.profiles = devices::check(&mut checker, whole, &counters, folder);
    checker.found.logos = ticket::check(&mut checker, whole, folder);
    voice::check(&mut checker, whole.get("voice"), folder);
    people::check(
        &mut checker,
        whole,
        &people::Devices {
            kiosks,
            displays,
            counters,
        },
    );
    checker.found
}

/// The ids that other places of the file may name; none where not all of them can be read.
struct Ids(Option<Vec<String>>);

impl Ids {
    fn fixed(names: impl IntoIterator<Item = impl Into<String>>) -> Self {
        Self(Some(names.into_iter().map(Into::into).collect()))
    }
}

/// Collects what is wrong, with its place.
struct Checker<'a> {
    file: &'a str,
    text: &'a str,
    found: Findings,
}

impl<'a> Checker<'a> {
    fn new(file: &'a str, text: &'a str) -> Self {
        Self {
            file,
            text,
            found: Findings::default(),
        }
    }
}

impl Checker<'_> {
    fn finding(&self, at: Place<'_>, message: String, expected: Option<String>) -> TomlError {
        TomlError::at_offset(self.file, self.text, at.offset, message, expected)
    }

    fn wrong(&mut self, at: Place<'_>, message: impl Into<String>, expected: impl Into<String>) {
        let finding = self.finding(at, message.into(), Some(expected.into()));
        self.found.mistakes.push(finding);
    }

    fn unwise(&mut self, at: Place<'_>, message: impl Into<String>) {
        let finding = self.finding(at, message.into(), None);
        self.found.warnings.push(finding);
    }

    /// A number outside its range.
    fn in_range<T: PartialOrd + Display + DeserializeOwned>(
        &mut self,
        at: Place<'_>,
        range: RangeInclusive<T>,
    ) {
        if let Some(value) = at.read::<T>()
            && !range.contains(&value)
        {
            let (least, most) = (range.start(), range.end());
            self.wrong(
                at,
                format!("invalid {} {value}", at.key),
                format!("{least} to {most}"),
            );
        }
    }

    /// A name that is not among those known.
    fn known(&mut self, at: Place<'_>, what: &str, name: &str, known: &Ids) {
        let Some(known) = &known.0 else {
            return;
        };
        if known.iter().any(|k| k == name) {
            return;
        }
        let hint = did_you_mean(name, known.iter().map(String::as_str));
        // Ids that are used twice are told elsewhere.
        let mut distinct: Vec<&str> = Vec::new();
        for name in known {
            if !distinct.contains(&name.as_str()) {
                distinct.push(name);
            }
        }
        let expected = match distinct.as_slice() {
            [] => format!("none: the file has no {what}"),
            [only] => format!("`{only}`"),
            _ => format!("one of {}", listed(distinct)),
        };
        self.wrong(at, format!("unknown {what} `{name}`{hint}"), expected);
    }

    /// Blank texts, unknown languages, no Chinese; English left out is unwise.
    fn texts(&mut self, at: Place<'_>) {
        self.staff_texts(at);
        if at.is_table() && at.get("en").is_absent() {
            self.unwise(at, "the English text is missing: visitors will see Chinese");
        }
    }

    /// The same for texts that visitors do not see: Chinese alone will do.
    fn staff_texts(&mut self, at: Place<'_>) {
        if !at.is_table() {
            return;
        }
        let languages = Ids::fixed(LANGUAGES);
        for text in at.entries() {
            self.known(text, "language tag", text.key, &languages);
            self.not_blank(text);
        }
        if at.get(REQUIRED).is_absent() {
            self.wrong(
                at,
                "the Chinese text is missing",
                format!("the key `{REQUIRED}`"),
            );
        }
    }

    fn not_blank(&mut self, at: Place<'_>) {
        if at
            .read::<String>()
            .is_some_and(|text| text.trim().is_empty())
        {
            self.wrong(at, "empty text", "something to read");
        }
    }

    /// Something that is used twice. What cannot be read as `T` is not looked at.
    fn unique<'p, T: Display + DeserializeOwned>(
        &mut self,
        what: &str,
        places: impl IntoIterator<Item = Place<'p>>,
    ) {
        let mut first_line = BTreeMap::new();
        for at in places {
            let Some(value) = at.read::<T>().map(|value| value.to_string()) else {
                continue;
            };
            match first_line.get(&value) {
                Some(first) => self.wrong(
                    at,
                    format!("{what} `{value}` is used twice"),
                    format!("another one than in line {first}"),
                ),
                None => {
                    let (line, _) = toml_error_position(self.text, at.offset);
                    first_line.insert(value, line);
                }
            }
        }
    }

    /// The ids of a section's entries; one that is used twice is told.
    fn ids<T: Display + DeserializeOwned>(&mut self, file: Place<'_>, section: &str) -> Ids {
        let list = file.get(section);
        self.unique::<T>(section, list.items().map(|entry| entry.get("id")));
        Self::known_ids::<T>(file, section)
    }

    /// The ids of a section's entries, when somebody else looks for duplicates.
    fn known_ids<T: Display + DeserializeOwned>(file: Place<'_>, section: &str) -> Ids {
        let list = file.get(section);
        let misspelt =
            |other: Place<'_>| list.is_absent() && !did_you_mean(other.key, [section]).is_empty();
        if list.is_other_than_list() || file.entries().any(misspelt) {
            return Ids(None);
        }
        let ids = list.items().map(|entry| entry.get("id").read::<T>());
        Ids(ids.map(|id| id.map(|id| id.to_string())).collect())
    }
}
