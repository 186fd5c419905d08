//! Spoken calls in the station file.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::calendar::{SpanText, TimeSpan};

/// Tags of the languages in which a call can be spoken, in the order in which it is. `nan-TW` is Taiwanese, `hak-TW` Hakka.
pub const VOICE_LANGUAGES: [&str; 10] = [
    "zh-TW", "nan-TW", "hak-TW", "en", "vi", "id", "th", "ja", "ko", "my",
];

/// Spoken calls. Every call is said in Chinese first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Voice {
    /// Languages in which visitors are called whose ticket has them. English stands in for one that has no voice. Left out:
    /// all but `nan-TW` and `hak-TW`.
    pub languages: Vec<String>,
    /// Languages in which everybody is called after Chinese: `["nan-TW", "hak-TW"]`. These two need a voice pack.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub always: Vec<String>,
    /// Volume in percent of what the board's loudspeaker is set to, 1 to 100.
    #[schemars(range(min = 1, max = 100))]
    pub volume: u8,
    /// Folder with voice packs, each in a folder of its own with `manifest.toml`; a path without `/` at its beginning starts
    /// beside this file. Left out: none, all languages are spoken by `espeak-ng` where it is installed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub packs: Option<String>,
    /// When it is quieter. Who is called again is heard then too.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub quiet: Vec<QuietTime>,
}

/// A quiet time of every day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct QuietTime {
    /// The span, in the station's time zone: `"12:30-13:30"`.
    #[schemars(with = "SpanText")]
    pub hours: TimeSpan,
    /// Volume in percent then, 0 to 100. 0: no sound.
    #[serde(default = "quiet_volume")]
    #[schemars(range(max = 100))]
    pub volume: u8,
    /// Whether the chime sounds.
    #[serde(default = "yes")]
    pub chime: bool,
    /// Whether calls are spoken.
    #[serde(default = "yes")]
    pub voice: bool,
}

impl Default for Voice {
    fn default() -> Self {
        let from_recordings_only = ["nan-TW", "hak-TW"];
        let languages = VOICE_LANGUAGES
            .into_iter()
            .filter(|tag| !from_recordings_only.contains(tag));
        Self {
            languages: languages.map(str::to_owned).collect(),
            always: Vec::new(),
            volume: 100,
            packs: None,
            quiet: Vec::new(),
        }
    }
}

fn quiet_volume() -> u8 {
    30
}

fn yes() -> bool {
    true
}
