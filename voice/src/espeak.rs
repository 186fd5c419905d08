//! `espeak-ng`, the program: found, run with a time limit, and its output kept.

use std::collections::BTreeSet;
use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use sha2::{Digest, Sha256};

use crate::language::VoiceLanguage;
use crate::pack::hex;
use crate::sound::Sound;

/// A run that takes longer is ended: a clip takes some ten milliseconds.
const RUN_WITHIN: Duration = Duration::from_secs(2);
/// How often a run is looked at.
const LOOK_EVERY: Duration = Duration::from_millis(2);
/// Words a minute: slower than people speak, as halls echo.
const WORDS_PER_MINUTE: &str = "150";

/// The program, and what it can say.
#[derive(Debug, Clone)]
pub(crate) struct Espeak {
    program: PathBuf,
    /// As it says it: part of what its output is kept under.
    version: String,
    languages: BTreeSet<VoiceLanguage>,
    cache: PathBuf,
}

impl Espeak {
    /// Looks for the program; none where it cannot be run. What it says is kept in the folder `cache`.
    pub(crate) fn find(program: &Path, cache: &Path) -> Option<Self> {
        let version = said(Command::new(program).arg("--version"))?;
        let voices = said(Command::new(program).arg("--voices"))?;
        Some(Self {
            program: program.to_owned(),
            version: version.lines().next().unwrap_or_default().trim().to_owned(),
            languages: languages(&voices),
            cache: cache.to_owned(),
        })
    }

    /// The languages it has voices for.
    pub(crate) fn languages(&self) -> &BTreeSet<VoiceLanguage> {
        &self.languages
    }

    /// What it says for a text, without the silence around it; from the folder where it has said it before. None where it
    /// cannot, or not until `deadline`.
    pub(crate) fn say(
        &self,
        language: VoiceLanguage,
        text: &str,
        deadline: Instant,
    ) -> Option<Sound> {
        let voice = language.espeak_voice()?;
        let key = format!("{}\n{voice}\n{WORDS_PER_MINUTE}\n{text}", self.version);
        let kept = self
            .cache
            .join(format!("{}.wav", hex(&Sha256::digest(key))));
        if let Some(sound) = read(&kept) {
            return Some(sound);
        }
        let left = deadline.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return None;
        }
        fs::create_dir_all(&self.cache).ok()?;
        // Another name until it is whole: the power may go.
        let fresh = kept.with_extension(format!("{}.part", std::process::id()));
        let mut command = Command::new(&self.program);
        command.args(["-v", voice, "-s", WORDS_PER_MINUTE, "-w"]);
        command.arg(&fresh).arg("--").arg(text);
        let sound = ended_well(silent(&mut command).spawn().ok()?, left.min(RUN_WITHIN))
            .then(|| read(&fresh))
            .flatten();
        match &sound {
            Some(sound) => keep(sound, &fresh, &kept),
            None => {
                tracing::warn!(%language, text, "espeak-ng said nothing");
                // It is of no use to anybody.
                drop(fs::remove_file(&fresh));
            }
        }
        sound
    }
}

/// A sound that cannot be kept is made again.
fn keep(sound: &Sound, fresh: &Path, kept: &Path) {
    let written = sound
        .wav()
        .map_err(std::io::Error::other)
        .and_then(|wav| fs::write(fresh, wav))
        .and_then(|()| fs::rename(fresh, kept));
    if let Err(error) = written {
        tracing::warn!(%error, "a clip cannot be kept");
    }
}

fn read(path: &Path) -> Option<Sound> {
    let bytes = fs::read(path).ok()?;
    Some(Sound::read(&bytes[..], None).ok()?.trimmed())
}

fn silent(command: &mut Command) -> &mut Command {
    command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
}

/// What a short run writes; none where it fails or takes too long.
fn said(command: &mut Command) -> Option<String> {
    let mut child = silent(command).stdout(Stdio::piped()).spawn().ok()?;
    let mut out = child.stdout.take()?;
    // Read beside the run, which would wait for a reader otherwise.
    let reader = thread::spawn(move || {
        let mut text = String::new();
        out.read_to_string(&mut text).map(|_| text)
    });
    let is_good = ended_well(child, RUN_WITHIN);
    let text = reader.join().ok()?.ok()?;
    is_good.then_some(text)
}

/// Waits for the end of a run, at most so long.
fn ended_well(mut child: Child, within: Duration) -> bool {
    let until = Instant::now() + within;
    loop {
        match child.try_wait() {
            Ok(Some(status)) => return status.success(),
            Ok(None) if Instant::now() < until => thread::sleep(LOOK_EVERY),
            _ => {
                tracing::warn!("espeak-ng took too long");
                // Whatever it answers, it is waited for no longer than a dead process takes.
                drop(child.kill());
                drop(child.wait());
                return false;
            }
        }
    }
}

/// The languages of the table that `--voices` prints: the second column has the voices' names.
fn languages(table: &str) -> BTreeSet<VoiceLanguage> {
    let names: BTreeSet<&str> = table
        .lines()
        .skip(1)
        .filter_map(|line| line.split_whitespace().nth(1))
        .collect();
    VoiceLanguage::ALL
        .into_iter()
        .filter(|language| {
            language
                .espeak_voice()
                .is_some_and(|voice| names.contains(voice))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn the_table_of_voices_says_what_can_be_said() {
        let table = "Pty Language       Age/Gender VoiceName          File                 Other Languages\n \
                     5  cmn             --/M      Chinese            sit/cmn\n \
                     5  cmn-latn-pinyin --/M      Chinese            sit/cmn-Latn-pinyin  (zh-cmn 5)(zh 5)\n \
                     5  th              --/M      Thai               tai/th\n \
                     5  vi              --/M      Vietnamese         aav/vi\n";
        let found: Vec<_> = languages(table).into_iter().collect();
        assert_eq!(found, [VoiceLanguage::ZhTw, VoiceLanguage::Vi]);
        assert!(languages("").is_empty());
    }

    /// A program in the place of espeak-ng.
    fn stand_in(folder: &Path, say: &str) -> PathBuf {
        let path = folder.join("espeak");
        let script = format!(
            "#!/bin/sh\ncase \"$1\" in\n--version) echo 'stand-in 1';;\n--voices) printf 'head\\n 2 en-us x\\n';;\n*) {say};;\nesac\n"
        );
        fs::write(&path, script).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
        path
    }

    #[test]
    fn a_program_that_hangs_or_says_nothing_is_given_up() {
        let folder = tempfile::tempdir().unwrap();
        let cache = folder.path().join("cache");
        assert!(Espeak::find(Path::new("/no/such/program"), &cache).is_none());
        for say in ["exec sleep 60", "exit 1", "true"] {
            let program = stand_in(folder.path(), say);
            let espeak = Espeak::find(&program, &cache).unwrap();
            assert_eq!(espeak.languages().len(), 1);
            let begun = Instant::now();
            let deadline = begun + Duration::from_millis(200);
            assert_eq!(espeak.say(VoiceLanguage::En, "0", deadline), None, "{say}");
            assert!(begun.elapsed() < Duration::from_secs(2), "{say}");
        }
        assert_eq!(fs::read_dir(&cache).unwrap().count(), 0);
    }

    #[test]
    fn what_was_said_once_is_kept() {
        let folder = tempfile::tempdir().unwrap();
        let cache = folder.path().join("cache");
        let clip = folder.path().join("clip.wav");
        fs::write(&clip, crate::sound::tests::tone(150, 100).wav().unwrap()).unwrap();
        let say = format!("cp '{}' \"$6\"", clip.display());
        let program = stand_in(folder.path(), &say);
        let espeak = Espeak::find(&program, &cache).unwrap();
        let deadline = Instant::now() + Duration::from_secs(5);
        let first = espeak.say(VoiceLanguage::En, "0", deadline).unwrap();
        assert!((150..=167).contains(&first.length_ms()));
        fs::remove_file(&clip).unwrap();
        // Also where there is no time to say it again.
        assert_eq!(
            espeak.say(VoiceLanguage::En, "0", Instant::now()),
            Some(first)
        );
        assert_eq!(espeak.say(VoiceLanguage::En, "1", deadline), None);
    }
}
