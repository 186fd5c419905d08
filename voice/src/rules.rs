//! How a station speaks: which languages, how loud, and when it is quieter.

use std::collections::BTreeSet;

use station_config::{QuietTime, TimeOfDay, Voice};

use crate::language::VoiceLanguage;

/// A recall is heard in quiet hours too: at this volume at least, unless the whole hall is quieter.
const RECALL_VOLUME_MIN: u8 = 30;

/// How a station speaks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VoiceRules {
    /// Languages in which visitors are called whose ticket has them.
    pub languages: BTreeSet<VoiceLanguage>,
    /// Languages in which everybody is called, after Chinese.
    pub always: Vec<VoiceLanguage>,
    /// Volume in percent.
    pub volume: u8,
    /// Hours in which it is quieter.
    pub quiet: Vec<QuietTime>,
}

impl Default for VoiceRules {
    fn default() -> Self {
        Self::of(&Voice::default())
    }
}

/// How an announcement sounds now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Loudness {
    /// Volume in percent.
    pub volume: u8,
    /// Whether the chime sounds.
    pub chime: bool,
    /// Whether it is spoken.
    pub voice: bool,
}

impl VoiceRules {
    /// As the station file has them.
    #[must_use]
    pub fn of(voice: &Voice) -> Self {
        let read = |tags: &[String]| -> Vec<VoiceLanguage> {
            let known = tags.iter().filter_map(|tag| VoiceLanguage::parse(tag));
            known.collect()
        };
        Self {
            languages: read(&voice.languages).into_iter().collect(),
            always: read(&voice.always),
            volume: voice.volume,
            quiet: voice.quiet.clone(),
        }
    }

    /// How an announcement sounds at a time of the station's day.
    #[must_use]
    pub fn loudness(&self, (hour, minute): (u8, u8), is_recall: bool) -> Loudness {
        let at = |time: TimeOfDay| (time.hour(), time.minute());
        let is_now = |quiet: &&QuietTime| {
            (at(quiet.hours.from())..at(quiet.hours.until())).contains(&(hour, minute))
        };
        match self.quiet.iter().find(is_now) {
            None => Loudness {
                volume: self.volume,
                chime: true,
                voice: true,
            },
            Some(quiet) if is_recall => Loudness {
                volume: quiet.volume.max(RECALL_VOLUME_MIN.min(self.volume)),
                chime: true,
                voice: true,
            },
            Some(quiet) => Loudness {
                volume: quiet.volume,
                chime: quiet.chime && quiet.volume > 0,
                voice: quiet.voice && quiet.volume > 0,
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn rules(volume: u8, quiet: QuietTime) -> VoiceRules {
        VoiceRules {
            volume,
            quiet: vec![quiet],
            ..VoiceRules::default()
        }
    }

    fn noon(volume: u8, chime: bool, voice: bool) -> QuietTime {
        QuietTime {
            hours: "12:30-13:30".parse().unwrap(),
            volume,
            chime,
            voice,
        }
    }

    #[test]
    fn quiet_hours_begin_and_end() {
        let rules = rules(80, noon(20, false, true));
        let volume = |at| rules.loudness(at, false).volume;
        assert_eq!(
            [(12, 29), (12, 30), (13, 29), (13, 30)].map(volume),
            [80, 20, 20, 80]
        );
        assert!(!rules.loudness((13, 0), false).chime);
        let silent = self::rules(80, noon(0, true, true)).loudness((13, 0), false);
        assert!(!silent.chime && !silent.voice);
    }

    proptest! {
        #[test]
        fn a_recall_is_heard_at_every_hour(
            volume in 1_u8..=100, quiet in 0_u8..=100, chime: bool, voice: bool, hour in 0_u8..24, minute in 0_u8..60,
        ) {
            let recall = rules(volume, noon(quiet, chime, voice)).loudness((hour, minute), true);
            prop_assert!(recall.chime && recall.voice && recall.volume >= volume.min(RECALL_VOLUME_MIN));
        }
    }
}
