//! Spoken calls: what is said of a call, in which order calls are said, and the sound of it.
//!
//! [`Plan`] makes clips of a call, [`Queue`] lets one announcement sound at a time, [`VoiceRules`] says how loud it is at
//! which hour: pure, with the time as input. [`Studio`] turns a plan into one WAV, from recorded voice packs ([`Pack`]) or
//! from the program `espeak-ng`, which is run and never linked.

mod espeak;
mod language;
mod pack;
mod plan;
mod queue;
mod rules;
mod sound;
mod studio;

pub use language::VoiceLanguage;
pub use pack::{Pack, PackMistakes};
pub use plan::{Clip, Instead, Plan, Token};
pub use queue::{Announcement, Queue};
pub use rules::{Loudness, VoiceRules};
pub use sound::{BadSound, RATE, Sound};
pub use studio::{Rendered, Source, Studio, StudioSettings};
