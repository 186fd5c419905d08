//! Voice packs: recordings of a person, with a manifest.

use std::collections::BTreeMap;
use std::fmt;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use sha2::{Digest, Sha256};
use station_config::TomlError;
use toml::Spanned;

use crate::language::VoiceLanguage;
use crate::plan::Clip;
use crate::sound::Sound;

/// The file that says what is in a pack.
const MANIFEST: &str = "manifest.toml";
/// Largest file of a clip, in bytes: 20 seconds at 48 000 samples.
const CLIP_BYTES_MAX: u64 = 2_000_000;

/// A voice pack: every clip of a language, spoken by a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pack {
    /// Its language.
    pub language: VoiceLanguage,
    /// Who speaks.
    pub speaker: String,
    /// Under which terms it may be used.
    pub licence: String,
    /// Where it is.
    pub folder: PathBuf,
    clips: BTreeMap<Clip, Sound>,
}

/// Everything that is wrong with a pack.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PackMistakes(pub Vec<TomlError>);

impl std::error::Error for PackMistakes {}

impl fmt::Display for PackMistakes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let lines: Vec<String> = self.0.iter().map(ToString::to_string).collect();
        f.write_str(&lines.join("\n"))
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Manifest {
    language: Spanned<String>,
    speaker: Spanned<String>,
    licence: Spanned<String>,
    sample_rate: Spanned<u32>,
    clips: Spanned<BTreeMap<String, Spanned<Entry>>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    file: Spanned<String>,
    sha256: Spanned<String>,
}

/// What is wrong, with its place in the manifest.
struct Findings<'a> {
    file: &'a str,
    text: &'a str,
    found: Vec<TomlError>,
}

impl Findings<'_> {
    fn tell(&mut self, offset: usize, message: impl Into<String>, expected: impl Into<String>) {
        let expected = Some(expected.into());
        let error = TomlError::at_offset(self.file, self.text, offset, message, expected);
        self.found.push(error);
    }
}

impl Pack {
    /// Reads the pack of a folder, and every clip in it.
    ///
    /// # Errors
    /// All mistakes, each with file and line.
    pub fn read(folder: &Path) -> Result<Self, PackMistakes> {
        let path = folder.join(MANIFEST);
        let file = path.display().to_string();
        let text = std::fs::read_to_string(&path).map_err(|error| {
            let expected = Some("a manifest".to_owned());
            PackMistakes(vec![TomlError::at_offset(
                &file,
                "",
                0,
                format!("cannot be read: {error}"),
                expected,
            )])
        })?;
        let mut findings = Findings {
            file: &file,
            text: &text,
            found: Vec::new(),
        };
        let manifest: Manifest = toml::from_str(&text).map_err(|error| {
            let offset = error.span().map_or(0, |span| span.start);
            let error = TomlError::at_offset(&file, &text, offset, error.message(), None);
            PackMistakes(vec![error])
        })?;
        let pack = manifest.check(folder, &mut findings);
        match pack {
            Some(pack) if findings.found.is_empty() => Ok(pack),
            _ => {
                findings
                    .found
                    .sort_by_key(|mistake| (mistake.line, mistake.column));
                Err(PackMistakes(findings.found))
            }
        }
    }

    /// The packs in the folders of a folder, one for each language, and the mistakes in the others.
    #[must_use]
    pub fn all_in(folder: &Path) -> (Vec<Self>, Vec<PackMistakes>) {
        let (mut packs, mut mistakes): (Vec<Self>, Vec<PackMistakes>) = Default::default();
        let mut folders: Vec<PathBuf> = match std::fs::read_dir(folder) {
            Ok(entries) => entries
                .filter_map(|entry| Some(entry.ok()?.path()))
                .filter(|path| path.is_dir())
                .collect(),
            Err(error) => {
                let file = folder.display().to_string();
                let error = TomlError::at_offset(
                    &file,
                    "",
                    0,
                    format!("cannot be read: {error}"),
                    Some("a folder with voice packs".to_owned()),
                );
                return (packs, vec![PackMistakes(vec![error])]);
            }
        };
        folders.sort();
        for folder in folders {
            match Self::read(&folder) {
                Ok(pack) => match packs.iter().find(|other| other.language == pack.language) {
                    None => packs.push(pack),
                    Some(other) => {
                        let file = folder.join(MANIFEST).display().to_string();
                        let message = format!("a second pack for `{}`", pack.language);
                        let expected = format!("one only: the other is {}", other.folder.display());
                        let error = TomlError::at_offset(&file, "", 0, message, Some(expected));
                        mistakes.push(PackMistakes(vec![error]));
                    }
                },
                Err(wrong) => mistakes.push(wrong),
            }
        }
        (packs, mistakes)
    }

    /// One of its clips.
    pub(crate) fn clip(&self, clip: Clip) -> Option<&Sound> {
        self.clips.get(&clip)
    }
}

impl Manifest {
    fn check(self, folder: &Path, findings: &mut Findings<'_>) -> Option<Pack> {
        let tag = self.language.get_ref();
        let exact = |language: &VoiceLanguage| language.tag() == tag;
        let language = VoiceLanguage::ALL.into_iter().find(exact);
        if language.is_none() {
            let tags: Vec<_> = VoiceLanguage::ALL.map(|l| format!("`{l}`")).into();
            findings.tell(
                self.language.span().start,
                format!("unknown language `{tag}`"),
                format!("one of {}", tags.join(", ")),
            );
        }
        for (text, what) in [
            (&self.speaker, "who speaks"),
            (&self.licence, "its licence"),
        ] {
            if text.get_ref().trim().is_empty() {
                findings.tell(text.span().start, "empty text", what);
            }
        }
        let rate = *self.sample_rate.get_ref();
        if !(8_000..=48_000).contains(&rate) {
            let at = self.sample_rate.span().start;
            findings.tell(at, format!("invalid sample_rate {rate}"), "8000 to 48000");
        }
        let language = language?;
        let needed = Clip::all_of(language);
        let entries = self.clips.get_ref();
        for (name, entry) in entries {
            if !needed.iter().any(|clip| clip.name() == *name) {
                findings.tell(
                    entry.span().start,
                    format!("unknown clip `{name}`"),
                    "`digit-0` to `digit-9`, `letter-a` to `letter-z`, `before`, `between`, `after` as the language needs",
                );
            }
        }
        let mut clips = BTreeMap::new();
        let mut missing = Vec::new();
        for clip in needed {
            match entries.get(&clip.name()) {
                Some(entry) => {
                    if let Some(sound) = entry.get_ref().read(folder, rate, findings) {
                        clips.insert(clip, sound.trimmed());
                    }
                }
                None => missing.push(format!("`{}`", clip.name())),
            }
        }
        if !missing.is_empty() {
            let at = self.clips.span().start;
            findings.tell(at, "clips are missing", missing.join(", "));
        }
        Some(Pack {
            language,
            speaker: self.speaker.into_inner(),
            licence: self.licence.into_inner(),
            folder: folder.to_owned(),
            clips,
        })
    }
}

impl Entry {
    fn read(&self, folder: &Path, rate: u32, findings: &mut Findings<'_>) -> Option<Sound> {
        let (name, at) = (self.file.get_ref(), self.file.span().start);
        if name.is_empty() || name.contains(['/', '\\']) || name.starts_with('.') {
            findings.tell(
                at,
                format!("invalid file name `{name}`"),
                "a file of this folder",
            );
            return None;
        }
        let path = folder.join(name);
        let wav = "a mono WAV file of 16 bits at the manifest's rate";
        let is_small = std::fs::metadata(&path).map(|m| m.len() <= CLIP_BYTES_MAX);
        let bytes = match is_small {
            Ok(true) => std::fs::read(&path),
            Ok(false) => {
                let message = format!("`{name}` is too large");
                findings.tell(at, message, format!("at most {CLIP_BYTES_MAX} bytes"));
                return None;
            }
            Err(error) => Err(error),
        };
        let bytes = match bytes {
            Ok(bytes) => bytes,
            Err(error) => {
                findings.tell(at, format!("`{name}` cannot be read: {error}"), wav);
                return None;
            }
        };
        let found = hex(&Sha256::digest(&bytes));
        if found != *self.sha256.get_ref() {
            findings.tell(
                self.sha256.span().start,
                format!("`{name}` is not the file that was recorded: its sha256 is {found}"),
                "the file as it was, or a new checksum",
            );
            return None;
        }
        match Sound::read(&bytes[..], Some(rate)) {
            Ok(sound) => Some(sound),
            Err(error) => {
                findings.tell(at, format!("`{name}`: {error}"), wav);
                None
            }
        }
    }
}

/// Hexadecimal digits in lower case.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::sound::tests::tone;

    /// Writes a pack of tones: each clip has a length of its own.
    pub(crate) fn write_pack(folder: &Path, language: VoiceLanguage) {
        std::fs::create_dir_all(folder).unwrap();
        let mut text = format!(
            "language = \"{language}\"\nspeaker = \"A tone\"\nlicence = \"CC0-1.0\"\nsample_rate = 22050\n\n[clips]\n"
        );
        for (nth, clip) in Clip::all_of(language).into_iter().enumerate() {
            let name = clip.name();
            let wav = tone(100 + nth as u32 * 10, 50).wav().unwrap();
            let sha256 = hex(&Sha256::digest(&wav));
            std::fs::write(folder.join(format!("{name}.wav")), wav).unwrap();
            text += &format!("{name} = {{ file = \"{name}.wav\", sha256 = \"{sha256}\" }}\n");
        }
        std::fs::write(folder.join(MANIFEST), text).unwrap();
    }

    /// What is told of a pack after a change of its manifest.
    fn told(change: impl Fn(&str) -> String) -> Vec<String> {
        let folder = tempfile::tempdir().unwrap();
        write_pack(folder.path(), VoiceLanguage::NanTw);
        let path = folder.path().join(MANIFEST);
        let text = std::fs::read_to_string(&path).unwrap();
        std::fs::write(&path, change(&text)).unwrap();
        std::fs::write(folder.path().join("stereo.wav"), b"RIFF").unwrap();
        let prefix = format!("{}/", folder.path().display());
        let Err(mistakes) = Pack::read(folder.path()) else {
            return vec![];
        };
        let lines = mistakes.0.iter().map(ToString::to_string);
        lines.map(|line| line.replace(&prefix, "")).collect()
    }

    #[test]
    fn a_whole_pack_is_read_and_its_clips_are_trimmed() {
        let folder = tempfile::tempdir().unwrap();
        write_pack(&folder.path().join("taiwanese"), VoiceLanguage::NanTw);
        let (packs, mistakes) = Pack::all_in(folder.path());
        assert_eq!(mistakes, []);
        assert_eq!(packs.len(), 1);
        assert_eq!(packs[0].language, VoiceLanguage::NanTw);
        let zero = packs[0].clip(Clip::Digit(0)).unwrap();
        assert!((100..=117).contains(&zero.length_ms()));
        assert_eq!(packs[0].clip(Clip::Before), None);
        write_pack(&folder.path().join("taiwanese-2"), VoiceLanguage::NanTw);
        let (packs, mistakes) = Pack::all_in(folder.path());
        assert_eq!((packs.len(), mistakes.len()), (1, 1));
        assert!(
            mistakes[0]
                .to_string()
                .contains("a second pack for `nan-TW`")
        );
        let (none, mistakes) = Pack::all_in(&folder.path().join("nowhere"));
        assert_eq!((none.len(), mistakes.len()), (0, 1));
    }

    #[test]
    fn every_mistake_is_told_with_its_line() {
        assert_eq!(told(str::to_owned), Vec::<String>::new());
        let several = told(|text| {
            text.replace("\"nan-TW\"", "\"nan\"")
                .replace("\"CC0-1.0\"", "\" \"")
                .replace("22050", "100")
        });
        assert_eq!(several.len(), 3, "{several:?}");
        assert!(
            several[0]
                .starts_with("manifest.toml:1:12: unknown language `nan`, expected one of `zh-TW`")
        );
        assert_eq!(
            several[1],
            "manifest.toml:3:11: empty text, expected its licence"
        );
        assert_eq!(
            several[2],
            "manifest.toml:4:15: invalid sample_rate 100, expected 8000 to 48000"
        );

        let missing = told(|text| {
            text.lines()
                .filter(|l| !l.starts_with("digit-3"))
                .collect::<Vec<_>>()
                .join("\n")
        });
        assert_eq!(
            missing,
            ["manifest.toml:6:1: clips are missing, expected `digit-3`"]
        );
        let other = told(|text| text.replacen("\"digit-0.wav\"", "\"digit-1.wav\"", 1));
        assert!(
            other[0]
                .starts_with("manifest.toml:7:44: `digit-1.wav` is not the file that was recorded"),
            "{other:?}"
        );
        let outside = told(|text| text.replacen("\"digit-0.wav\"", "\"../digit-0.wav\"", 1));
        assert_eq!(
            outside,
            [
                "manifest.toml:7:20: invalid file name `../digit-0.wav`, expected a file of this folder"
            ]
        );
        let absent = told(|text| text.replacen("\"digit-0.wav\"", "\"nothing.wav\"", 1));
        assert!(
            absent[0].starts_with("manifest.toml:7:20: `nothing.wav` cannot be read"),
            "{absent:?}"
        );
        let unknown =
            told(|text| format!("{text}digit-10 = {{ file = \"digit-0.wav\", sha256 = \"\" }}\n"));
        assert!(
            unknown[0].contains("unknown clip `digit-10`"),
            "{unknown:?}"
        );
        let rate = told(|text| text.replace("22050", "44100"));
        assert!(
            rate[0].contains("`digit-0.wav`: 22050 samples a second"),
            "{rate:?}"
        );
        let syntax = told(|text| text.replace("speaker = ", "speaker "));
        assert!(syntax[0].starts_with("manifest.toml:2:"), "{syntax:?}");
    }
}
