//! The voice of the hall board: which call is spoken now, how loud, and by which sound. No I/O and no clock in here.

use std::collections::BTreeSet;

use protocol::DeviceHealth;
use queue_core::{BoardCall, CallId, LanguageTag};
use serde::Serialize;
use voice::{Announcement, Plan, Queue, VoiceLanguage, VoiceRules};

/// What the loudspeaker is called as a device.
pub(crate) const HALL_VOICE: &str = "hall voice";
/// Nothing was called; the number that says so is never given out.
const TEST: CallId = CallId(0);
const TEST_NUMBER: &str = "A000";

/// What the studio says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum StudioEvent {
    /// It is open.
    Open {
        /// The languages that have a voice.
        voices: BTreeSet<VoiceLanguage>,
        /// What is wrong with voice packs; empty: nothing.
        mistakes: String,
    },
    /// It has made the sound of an order, or could not.
    Made {
        /// Which order.
        turn: u64,
        /// The sound.
        made: Option<Made>,
    },
}

/// A sound that the agent serves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Made {
    /// Its name.
    pub hash: String,
    /// How long it is.
    pub length_ms: u64,
}

/// What the studio is to make.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct StudioOrder {
    /// Running number.
    pub turn: u64,
    /// What is said.
    pub plan: Plan,
}

/// What the board's pages play now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Speech {
    /// This run of the agent: turns of others mean nothing.
    pub run: String,
    /// Running number: each is played once.
    pub turn: u64,
    /// Where the sound is.
    pub url: String,
    /// Volume in percent.
    pub volume: u8,
}

/// The voice of a hall board.
#[derive(Debug)]
pub(crate) struct Speaker {
    rules: VoiceRules,
    queue: Queue,
    studio: Option<OpenStudio>,
    run: String,
    turn: u64,
    volume: u8,
    speech: Option<Speech>,
}

#[derive(Debug)]
struct OpenStudio {
    voices: BTreeSet<VoiceLanguage>,
    mistakes: String,
}

impl Speaker {
    /// A voice that waits for its studio. `run` is another one at every start of the agent.
    pub(crate) fn new(rules: VoiceRules, run: String) -> Self {
        Self {
            rules,
            queue: Queue::default(),
            studio: None,
            run,
            turn: 0,
            volume: 0,
            speech: None,
        }
    }

    /// Somebody was called.
    pub(crate) fn call(&mut self, call: &BoardCall) {
        self.queue.add(Announcement {
            call: call.call,
            number: call.number.clone(),
            counter: call.counter.clone(),
            language: call.language.clone(),
            is_recall: call.calls > 1,
        });
    }

    /// Of those that wait, only these are still awaited: who is being served has come.
    pub(crate) fn keep(&mut self, calls: &[BoardCall]) {
        let is_awaited = |waiting: &Announcement| {
            let mut calls = calls.iter();
            let is_it = |c: &BoardCall| c.number == waiting.number && c.counter == waiting.counter;
            waiting.call == TEST || calls.any(|c| is_it(c) && !c.serving)
        };
        self.queue.keep(is_awaited);
    }

    /// Speaks a sentence to nobody, in quiet hours too.
    pub(crate) fn test(&mut self) {
        let (Ok(number), Ok(counter)) = (TEST_NUMBER.parse(), "1".parse()) else {
            return;
        };
        self.queue.add(Announcement {
            call: TEST,
            number,
            counter,
            language: "en".parse::<LanguageTag>().ok(),
            is_recall: true,
        });
    }

    /// Calls of another history mean nothing.
    pub(crate) fn forget(&mut self) {
        self.queue.clear();
    }

    /// The studio said something.
    pub(crate) fn handle(&mut self, now_ms: u64, event: StudioEvent) {
        match event {
            StudioEvent::Open { voices, mistakes } => {
                self.studio = Some(OpenStudio { voices, mistakes });
            }
            StudioEvent::Made { turn, made } => {
                if turn != self.turn {
                    return;
                }
                let length_ms = made.as_ref().map_or(0, |made| made.length_ms);
                self.queue.sounds(now_ms, length_ms);
                self.speech = made.map(|made| Speech {
                    run: self.run.clone(),
                    turn,
                    url: format!("/voice/{}.wav", made.hash),
                    volume: self.volume,
                });
            }
        }
    }

    /// Time has passed: the next sound to be made, if one has its turn. `time` is the station's time of day.
    pub(crate) fn advance(&mut self, now_ms: u64, time: (u8, u8)) -> Option<StudioOrder> {
        let studio = self.studio.as_ref()?;
        loop {
            let Some(next) = self.queue.next(now_ms).cloned() else {
                if self.queue.on_air().is_none() {
                    self.speech = None;
                }
                return None;
            };
            self.speech = None;
            let loudness = self.rules.loudness(time, next.is_recall);
            let language = next.language.as_ref();
            let (number, counter) = (&next.number, &next.counter);
            let plan = Plan::of(number, counter, language, &self.rules, &studio.voices);
            if let Some(instead) = &plan.instead {
                let said = instead.said.map_or("nothing", VoiceLanguage::tag);
                tracing::info!(wanted = instead.wanted, said, "a language without a voice");
            }
            let plan = plan.reduced(loudness.chime, loudness.voice);
            if plan.tokens.is_empty() {
                self.queue.sounds(now_ms, 0);
                continue;
            }
            self.turn += 1;
            self.volume = loudness.volume;
            let turn = self.turn;
            return Some(StudioOrder { turn, plan });
        }
    }

    /// When [`Speaker::advance`] is due.
    pub(crate) fn deadline_ms(&self) -> Option<u64> {
        self.queue.deadline_ms()
    }

    /// The call that is being said, and until when.
    pub(crate) fn saying(&self) -> Option<(CallId, u64)> {
        let call = self.queue.on_air()?.call;
        Some((call, self.queue.deadline_ms()?))
    }

    /// What the pages play now.
    pub(crate) fn speech(&self) -> Option<&Speech> {
        self.speech.as_ref()
    }

    /// How it is; none until it is known.
    pub(crate) fn health(&self) -> Option<DeviceHealth> {
        let studio = self.studio.as_ref()?;
        let has_chinese = studio.voices.contains(&VoiceLanguage::ZhTw);
        let (ok, status, detail) = if !studio.mistakes.is_empty() {
            (false, "voice_pack", studio.mistakes.clone())
        } else if has_chinese {
            (true, "ok", String::new())
        } else {
            let detail =
                "neither espeak-ng with a voice for Chinese nor a voice pack for zh-TW is there";
            (true, "no_voice", detail.to_owned())
        };
        Some(DeviceHealth {
            device: HALL_VOICE.to_owned(),
            ok,
            status: status.to_owned(),
            detail,
            ..DeviceHealth::default()
        })
    }
}
