//! Sounds: mono, 16 bits, one rate for all, so that they can be put one after the other.

use std::io::{Cursor, Read, Seek};

use hound::{SampleFormat, WavReader, WavSpec, WavWriter};

/// Samples of a second, in every sound that goes out.
pub const RATE: u32 = 22_050;
/// Between two clips.
pub(crate) const GAP_MS: u32 = 30;
/// What is quieter than so much of full scale is no sound.
const SILENCE: u16 = 330;
/// Kept before and after what can be heard, so that no consonant is cut off.
const MARGIN_MS: u32 = 8;
/// Longest sound that is read, in seconds: a clip is a word or a few.
const LONGEST_S: u32 = 20;

/// Mono sound at [`RATE`].
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sound {
    samples: Vec<i16>,
}

/// A file that is no sound for us.
#[derive(Debug, thiserror::Error)]
pub enum BadSound {
    /// It is no WAV file, or is cut off.
    #[error("no WAV file that can be read: {0}")]
    Wav(#[from] hound::Error),
    /// It has another form.
    #[error("{channels} channels of {bits} bits")]
    Form {
        /// Channels.
        channels: u16,
        /// Bits of a sample.
        bits: u16,
    },
    /// It has another rate than its manifest says.
    #[error("{0} samples a second")]
    Rate(u32),
    /// It is longer than a clip can be.
    #[error("longer than {LONGEST_S} seconds")]
    Long,
    /// There is nothing to be heard in it.
    #[error("nothing can be heard in it")]
    Silent,
}

/// Samples of so many milliseconds.
fn samples(ms: u32) -> usize {
    (u64::from(ms) * u64::from(RATE) / 1_000) as usize
}

impl Sound {
    /// Reads a WAV file: mono, 16 bits, at the rate that is expected, or at any.
    ///
    /// # Errors
    /// It is something else, or silent.
    pub fn read(wav: impl Read, rate: Option<u32>) -> Result<Self, BadSound> {
        let reader = WavReader::new(wav)?;
        let WavSpec {
            channels,
            sample_rate,
            bits_per_sample,
            sample_format,
        } = reader.spec();
        if channels != 1 || bits_per_sample != 16 || sample_format != SampleFormat::Int {
            return Err(BadSound::Form {
                channels,
                bits: bits_per_sample,
            });
        }
        if sample_rate == 0 || rate.is_some_and(|rate| rate != sample_rate) {
            return Err(BadSound::Rate(sample_rate));
        }
        if reader.duration() / sample_rate >= LONGEST_S {
            return Err(BadSound::Long);
        }
        let samples: Vec<i16> = reader.into_samples().collect::<Result<_, _>>()?;
        let sound = Self {
            samples: at_our_rate(samples, sample_rate),
        };
        match sound.is_silent() {
            true => Err(BadSound::Silent),
            false => Ok(sound),
        }
    }

    /// Nothing for so many milliseconds.
    #[must_use]
    pub fn silence(ms: u32) -> Self {
        Self {
            samples: vec![0; samples(ms)],
        }
    }

    fn is_silent(&self) -> bool {
        self.samples.iter().all(|s| s.unsigned_abs() < SILENCE)
    }

    /// The same without the silence before and after it.
    #[must_use]
    pub fn trimmed(&self) -> Self {
        let heard = |s: &i16| s.unsigned_abs() >= SILENCE;
        let first = self.samples.iter().position(heard);
        let last = self.samples.iter().rposition(heard);
        let (Some(first), Some(last)) = (first, last) else {
            return Self::default();
        };
        let margin = samples(MARGIN_MS);
        let from = first.saturating_sub(margin);
        let until = (last + 1 + margin).min(self.samples.len());
        Self {
            samples: self.samples.get(from..until).unwrap_or_default().to_vec(),
        }
    }

    /// Puts another one after it.
    pub fn push(&mut self, other: &Self) {
        self.samples.extend_from_slice(&other.samples);
    }

    /// How long it is.
    #[must_use]
    pub fn length_ms(&self) -> u64 {
        self.samples.len() as u64 * 1_000 / u64::from(RATE)
    }

    /// Whether nothing is in it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.samples.is_empty()
    }

    /// As a WAV file.
    ///
    /// # Errors
    /// It is longer than a WAV file can be.
    pub fn wav(&self) -> Result<Vec<u8>, BadSound> {
        let mut bytes = Vec::with_capacity(self.samples.len() * 2 + 44);
        self.write(Cursor::new(&mut bytes))?;
        Ok(bytes)
    }

    fn write(&self, to: impl std::io::Write + Seek) -> Result<(), BadSound> {
        let spec = WavSpec {
            channels: 1,
            sample_rate: RATE,
            bits_per_sample: 16,
            sample_format: SampleFormat::Int,
        };
        let mut writer = WavWriter::new(to, spec)?;
        for sample in &self.samples {
            writer.write_sample(*sample)?;
        }
        writer.finalize()?;
        Ok(())
    }
}

/// The samples of a sound at another rate, on straight lines between those there are.
fn at_our_rate(samples: Vec<i16>, rate: u32) -> Vec<i16> {
    if rate == RATE {
        return samples;
    }
    let (from, to) = (u64::from(rate), u64::from(RATE));
    let count = samples.len() as u64 * to / from;
    let at = |index: u64| {
        let index = usize::try_from(index).unwrap_or(usize::MAX);
        let last = samples.last().copied().unwrap_or(0);
        i64::from(samples.get(index).copied().unwrap_or(last))
    };
    (0..count)
        .map(|n| {
            let place = n * from;
            let (index, part) = (place / to, (place % to) as i64);
            let to = to as i64;
            // Between two samples of 16 bits there are only samples of 16 bits.
            ((at(index) * (to - part) + at(index + 1) * part) / to) as i16
        })
        .collect()
}

#[cfg(test)]
pub(crate) mod tests {
    use proptest::prelude::*;

    use super::*;

    /// A tone at full scale with silence around it.
    pub(crate) fn tone(ms: u32, silence_ms: u32) -> Sound {
        let mut sound = Sound::silence(silence_ms);
        sound.push(&Sound {
            samples: (0..samples(ms))
                .map(|n| if n % 50 < 25 { 12_000 } else { -12_000 })
                .collect(),
        });
        sound.push(&Sound::silence(silence_ms));
        sound
    }

    fn wav(spec: WavSpec, samples: &[i16]) -> Vec<u8> {
        let mut bytes = Vec::new();
        let mut writer = WavWriter::new(Cursor::new(&mut bytes), spec).unwrap();
        for sample in samples {
            writer.write_sample(*sample).unwrap();
        }
        writer.finalize().unwrap();
        bytes
    }

    #[test]
    fn silence_around_a_sound_is_taken_away() {
        let sound = tone(200, 500);
        assert_eq!(sound.length_ms(), 1_200);
        let trimmed = sound.trimmed();
        assert!(
            (200..=217).contains(&trimmed.length_ms()),
            "{}",
            trimmed.length_ms()
        );
        assert_eq!(trimmed.trimmed(), trimmed);
        assert!(Sound::silence(100).trimmed().is_empty());
    }

    #[test]
    fn only_mono_of_16_bits_is_read_and_any_rate_becomes_ours() {
        let spec = WavSpec {
            channels: 1,
            sample_rate: 48_000,
            bits_per_sample: 16,
            sample_format: SampleFormat::Int,
        };
        let loud = vec![5_000_i16; 48_000];
        let sound = Sound::read(&wav(spec, &loud)[..], None).unwrap();
        assert_eq!(sound.length_ms(), 1_000);
        let wrong = |bytes: &[u8], rate| Sound::read(bytes, rate).unwrap_err().to_string();
        assert_eq!(
            wrong(&wav(spec, &loud), Some(22_050)),
            "48000 samples a second"
        );
        let stereo = WavSpec {
            channels: 2,
            ..spec
        };
        assert_eq!(wrong(&wav(stereo, &loud), None), "2 channels of 16 bits");
        assert_eq!(
            wrong(&wav(spec, &[0; 100]), None),
            "nothing can be heard in it"
        );
        assert_eq!(
            wrong(&wav(spec, &vec![9; 48_000 * 20]), None),
            "longer than 20 seconds"
        );
        assert!(wrong(b"RIFF of nothing", None).starts_with("no WAV file"));
    }

    proptest! {
        #[test]
        fn a_sound_is_written_and_read_back(samples in prop::collection::vec(any::<i16>(), 1..500)) {
            let sound = Sound { samples };
            prop_assume!(!sound.is_silent());
            prop_assert_eq!(Sound::read(&sound.wav().unwrap()[..], Some(RATE)).unwrap(), sound);
        }

        #[test]
        fn any_bytes_are_read_without_fault(bytes in prop::collection::vec(any::<u8>(), 0..200), cut in 0_usize..2_000) {
            let _ = Sound::read(&bytes[..], None);
            let whole = tone(20, 2).wav().unwrap();
            let _ = Sound::read(&whole[..cut.min(whole.len())], None);
        }
    }
}
