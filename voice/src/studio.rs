//! The sound of a plan.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use sha2::{Digest, Sha256};

use crate::espeak::Espeak;
use crate::language::VoiceLanguage;
use crate::pack::{Pack, PackMistakes, hex};
use crate::plan::{Clip, Plan, Token};
use crate::sound::{BadSound, GAP_MS, Sound};

/// An announcement is ready after so long, with what could be made by then.
const READY_WITHIN: Duration = Duration::from_secs(4);
/// Where a number has a dash.
const BREATH_MS: u32 = 150;
/// Between sentences.
const PAUSE_MS: u32 = 350;

/// Where voices come from.
#[derive(Debug, Clone)]
pub struct StudioSettings {
    /// The folder with voice packs.
    pub packs: Option<PathBuf>,
    /// The program that speaks where there is no pack.
    pub program: PathBuf,
    /// Where its output is kept.
    pub cache: PathBuf,
    /// The chime, a WAV file.
    pub chime: Vec<u8>,
}

impl StudioSettings {
    /// With `espeak-ng` as it is found on this machine, and its output below an agent's data directory.
    #[must_use]
    pub fn new(packs: Option<PathBuf>, data: &Path, chime: Vec<u8>) -> Self {
        Self {
            packs,
            program: "espeak-ng".into(),
            cache: data.join("voice"),
            chime,
        }
    }
}

/// What says a language.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source<'a> {
    /// Recordings.
    Pack(&'a Pack),
    /// `espeak-ng`.
    Espeak,
}

/// Makes sounds of plans.
#[derive(Debug)]
pub struct Studio {
    packs: BTreeMap<VoiceLanguage, Pack>,
    espeak: Option<Espeak>,
    chime: Option<Sound>,
    mistakes: Vec<PackMistakes>,
}

/// An announcement that can be played.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rendered {
    /// The WAV file.
    pub wav: Vec<u8>,
    /// The first 128 bits of its SHA-256, hexadecimal.
    pub hash: String,
    /// How long it is.
    pub length_ms: u64,
    /// Languages of the plan that could not be said after all.
    pub left_out: Vec<VoiceLanguage>,
}

impl Studio {
    /// Reads the packs and looks for the program. Takes as long as that takes: not for a thread that others wait for.
    #[must_use]
    pub fn open(settings: &StudioSettings) -> Self {
        let (packs, mistakes) = match &settings.packs {
            Some(folder) => Pack::all_in(folder),
            None => Default::default(),
        };
        let chime = Sound::read(&settings.chime[..], None)
            .inspect_err(|error| tracing::error!(%error, "the chime cannot be read"));
        Self {
            packs: packs
                .into_iter()
                .map(|pack| (pack.language, pack))
                .collect(),
            espeak: Espeak::find(&settings.program, &settings.cache),
            chime: chime.ok(),
            mistakes,
        }
    }

    /// What is wrong with packs, each of which is left out.
    #[must_use]
    pub fn mistakes(&self) -> &[PackMistakes] {
        &self.mistakes
    }

    /// Whether `espeak-ng` is there.
    #[must_use]
    pub fn has_espeak(&self) -> bool {
        self.espeak.is_some()
    }

    /// What says a language; none: nothing can.
    #[must_use]
    pub fn source(&self, language: VoiceLanguage) -> Option<Source<'_>> {
        let can = |espeak: &Espeak| espeak.languages().contains(&language);
        let pack = self.packs.get(&language).map(Source::Pack);
        pack.or_else(|| {
            self.espeak
                .as_ref()
                .is_some_and(can)
                .then_some(Source::Espeak)
        })
    }

    /// The languages that have a voice.
    #[must_use]
    pub fn voices(&self) -> BTreeSet<VoiceLanguage> {
        let all = VoiceLanguage::ALL.into_iter();
        all.filter(|language| self.source(*language).is_some())
            .collect()
    }

    /// Makes the sound of a plan within a few seconds: a language that cannot be said whole is left out whole.
    ///
    /// # Errors
    /// Nothing of it can be heard.
    pub fn render(&self, plan: &Plan) -> Result<Rendered, BadSound> {
        let deadline = Instant::now() + READY_WITHIN;
        let mut clips: BTreeMap<(VoiceLanguage, Clip), Sound> = BTreeMap::new();
        let mut left_out: Vec<VoiceLanguage> = Vec::new();
        for token in &plan.tokens {
            if let Token::Say(language, clip) = *token
                && !left_out.contains(&language)
                && !clips.contains_key(&(language, clip))
            {
                match self.clip(language, clip, deadline) {
                    Some(sound) => drop(clips.insert((language, clip), sound)),
                    None => left_out.push(language),
                }
            }
        }
        let mut sound = Sound::default();
        for token in &plan.tokens {
            let (before_ms, next) = match token {
                Token::Chime => (0, self.chime.as_ref()),
                Token::Say(language, _) if left_out.contains(language) => continue,
                Token::Say(language, clip) => (GAP_MS, clips.get(&(*language, *clip))),
                Token::Breath => (BREATH_MS, None),
                Token::Pause => (PAUSE_MS, None),
            };
            // Nothing has to be waited for before the first sound.
            if !sound.is_empty() {
                sound.push(&Sound::silence(before_ms));
            }
            if let Some(next) = next {
                sound.push(next);
            }
        }
        let sound = sound.trimmed();
        if sound.is_empty() {
            return Err(BadSound::Silent);
        }
        let wav = sound.wav()?;
        let hash = hex(Sha256::digest(&wav).get(..16).unwrap_or_default());
        Ok(Rendered {
            wav,
            hash,
            length_ms: sound.length_ms(),
            left_out,
        })
    }

    fn clip(&self, language: VoiceLanguage, clip: Clip, deadline: Instant) -> Option<Sound> {
        match self.source(language)? {
            Source::Pack(pack) => pack.clip(clip).cloned(),
            Source::Espeak => {
                let espeak = self.espeak.as_ref()?;
                espeak.say(language, &clip.text(language), deadline)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pack::tests::write_pack;
    use crate::rules::VoiceRules;
    use crate::sound::tests::tone;

    fn studio(folder: &Path, packs: bool, program: &str) -> Studio {
        Studio::open(&StudioSettings {
            packs: packs.then(|| folder.join("packs")),
            program: program.into(),
            cache: folder.join("cache"),
            chime: tone(600, 0).wav().unwrap(),
        })
    }

    fn plan(studio: &Studio, ticket: &str, always: &[VoiceLanguage]) -> Plan {
        let rules = VoiceRules {
            always: always.to_vec(),
            ..VoiceRules::default()
        };
        let (number, counter) = ("A047".parse().unwrap(), "3".parse().unwrap());
        let ticket = ticket.parse().unwrap();
        Plan::of(&number, &counter, Some(&ticket), &rules, &studio.voices())
    }

    #[test]
    fn clips_of_packs_are_put_one_after_the_other() {
        let folder = tempfile::tempdir().unwrap();
        for language in [VoiceLanguage::ZhTw, VoiceLanguage::NanTw] {
            write_pack(&folder.path().join("packs").join(language.tag()), language);
        }
        let studio = studio(folder.path(), true, "/no/such/program");
        assert!(!studio.has_espeak());
        let plan = plan(&studio, "zh-Hant-TW", &[VoiceLanguage::NanTw]);
        let rendered = studio.render(&plan).unwrap();
        assert_eq!(rendered.left_out, []);
        // Each clip of the test's packs has 100 ms and 10 more for its place among all, up to 16 of margin; 7 clips and
        // as many gaps in each of two languages, two pauses, the chime.
        let clips = [10_u64, 0, 4, 7, 36, 3, 37].map(|nth| 100 + nth * 10);
        let sentence: u64 = clips.iter().sum::<u64>() + 7 * u64::from(GAP_MS);
        let least = 600 + 2 * (u64::from(PAUSE_MS) + sentence);
        let range = least - 20..=least + 14 * 17;
        assert!(
            range.contains(&rendered.length_ms),
            "{} {range:?}",
            rendered.length_ms
        );
        // The same call is the same file.
        assert_eq!(studio.render(&plan).unwrap(), rendered);
        let wav = Sound::read(&rendered.wav[..], Some(crate::sound::RATE)).unwrap();
        assert_eq!(wav.length_ms(), rendered.length_ms);
    }

    #[test]
    fn without_a_voice_there_is_the_chime() {
        let folder = tempfile::tempdir().unwrap();
        let studio = studio(folder.path(), false, "/no/such/program");
        let plan = plan(&studio, "vi", &[]);
        assert_eq!(plan.tokens, [Token::Chime]);
        let rendered = studio.render(&plan).unwrap();
        assert_eq!(rendered.length_ms, 600);
        assert!(studio.render(&plan.reduced(false, true)).is_err());
    }

    #[test]
    fn espeak_ng_says_every_clip_it_is_asked_for() {
        let folder = tempfile::tempdir().unwrap();
        let studio = studio(folder.path(), false, "espeak-ng");
        if !studio.has_espeak() {
            eprintln!("skipped: espeak-ng is not installed");
            return;
        }
        let deadline = Instant::now() + Duration::from_secs(60);
        for language in studio.voices() {
            for clip in Clip::all_of(language) {
                let sound = studio.clip(language, clip, deadline);
                let length_ms = sound.map_or(0, |sound| sound.length_ms());
                // A word in another alphabet would be spelt, and be longer.
                assert!(
                    (60..3_500).contains(&length_ms),
                    "{language} {clip:?}: {length_ms} ms"
                );
            }
        }
        let plan = plan(&studio, "vi", &[]);
        assert_eq!(plan.languages(), [VoiceLanguage::ZhTw, VoiceLanguage::Vi]);
        let rendered = studio.render(&plan).unwrap();
        assert_eq!(rendered.left_out, []);
        assert!(
            (5_000..16_000).contains(&rendered.length_ms),
            "{}",
            rendered.length_ms
        );
    }
}
