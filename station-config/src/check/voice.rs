//! Spoken calls: languages, volumes, quiet times, the folder of the voice packs.

use std::path::Path;

use super::{Checker, Ids};
use crate::calendar::TimeSpan;
use crate::places::Place;
use crate::voice::VOICE_LANGUAGES;

pub(super) fn check(checker: &mut Checker<'_>, voice: Place<'_>, folder: &Path) {
    let known = Ids::fixed(VOICE_LANGUAGES);
    for list in [voice.get("languages"), voice.get("always")] {
        for at in list.items() {
            if let Some(tag) = at.read::<String>() {
                checker.known(at, "voice language", &tag, &known);
            }
        }
        checker.unique::<String>("voice language", list.items());
    }
    let packs = voice.get("packs");
    if packs.is_absent() {
        for at in voice.get("always").items() {
            if let Some(tag @ ("nan-TW" | "hak-TW")) = at.read::<String>().as_deref() {
                checker.unwise(
                    at,
                    format!("`{tag}` needs a voice pack, and there is no `packs`"),
                );
            }
        }
    }
    checker.in_range(voice.get("volume"), 1_u8..=100);
    checker.not_blank(packs);
    if let Some(name) = packs.read::<String>()
        && !name.trim().is_empty()
        && !folder.join(&name).is_dir()
    {
        // Where boards speak on other machines, the packs are there.
        checker.unwise(
            packs,
            format!("there is no folder `{name}` on this machine"),
        );
    }
    let quiet = voice.get("quiet");
    let mut spans: Vec<TimeSpan> = Vec::new();
    for time in quiet.items() {
        checker.in_range(time.get("volume"), 0_u8..=100);
        let at = time.get("hours");
        let Some(span) = at.read::<TimeSpan>() else {
            continue;
        };
        let overlaps =
            |other: &&TimeSpan| span.from() < other.until() && other.from() < span.until();
        if let Some(other) = spans.iter().find(overlaps) {
            let other = other.to_string();
            checker.wrong(
                at,
                format!("overlaps the quiet time {other}"),
                "times apart",
            );
        }
        spans.push(span);
    }
}
