//! From what a pad sends to what a person pressed. Time is an input, in milliseconds from any start.

use std::collections::{BTreeMap, VecDeque};

use super::codes::Code;
use super::reader::{Heard, Reader};
use super::{Event, Function, KeyMap, KeyPadConfig, KeyPress, Meaning, Oddness, UnknownCodes};

/// A key whose bytes stop for this many milliseconds will not be completed. Adapters deliver in bursts of up to 16 ms.
const STALLED_MS: u64 = 50;
/// On a serial line a key is obeyed when so many milliseconds passed without a byte that no key has: noise is bytes of
/// every value in a row.
const SETTLE_MS: u64 = 20;
/// After a byte that no key has nothing is obeyed on a serial line for this many milliseconds.
const DEAF_MS: u64 = 100;
/// Digits that were typed longer ago than this many milliseconds belong to no function any more: somebody was interrupted.
const DIGITS_MS: u64 = 10_000;
/// Most digits that are remembered; no ticket and no counter has so many.
const DIGITS_MAX: usize = 6;
/// A key that has been down for so many milliseconds is stuck.
const STUCK_MS: u64 = 10_000;
/// A key is down as long as its code comes again within this many milliseconds.
const DOWN_MS: u64 = 1_000;
/// Codes that no key has are told for so many milliseconds after the last of them.
const UNKNOWN_MS: u64 = 600_000;
/// What is odd is told at most every so many milliseconds.
const TELL_MS: u64 = 1_000;
/// Most keys that wait to be obeyed; beyond it they are noise.
const PENDING_MAX: usize = 16;

/// Reads one pad. Call a `handle_*`, then [`KeyPadMachine::poll_event`] until it gives none.
#[derive(Clone, Debug)]
pub struct KeyPadMachine {
    config: KeyPadConfig,
    now_ms: u64,
    is_up: bool,
    reader: Reader,
    heard_ms: u64,
    /// When each code came last.
    came_ms: BTreeMap<Code, u64>,
    /// Keys to be obeyed, and when.
    pending: Vec<(Code, Meaning)>,
    settles_ms: u64,
    deaf_until_ms: u64,
    digits: Vec<u8>,
    typed_ms: u64,
    down: Option<Down>,
    unknown: Option<(UnknownCodes, u64)>,
    told: Oddness,
    told_ms: u64,
    events: VecDeque<Event>,
}

/// The key that is down, as far as can be known.
#[derive(Clone, Debug)]
struct Down {
    code: Code,
    since_ms: u64,
    last_ms: u64,
}

impl Down {
    fn is_stuck(&self) -> bool {
        self.last_ms.saturating_sub(self.since_ms) >= STUCK_MS
    }
}

impl KeyPadMachine {
    /// A pad whose port is not open yet.
    pub fn new(config: KeyPadConfig) -> Self {
        Self {
            reader: Reader::new(&config.keys),
            config,
            now_ms: 0,
            is_up: false,
            heard_ms: 0,
            came_ms: BTreeMap::new(),
            pending: Vec::new(),
            settles_ms: 0,
            deaf_until_ms: 0,
            digits: Vec::new(),
            typed_ms: 0,
            down: None,
            unknown: None,
            told: Oddness::default(),
            told_ms: 0,
            events: VecDeque::new(),
        }
    }

    /// The port is open. What was typed before belongs to nothing any more.
    pub fn handle_up(&mut self, now_ms: u64) {
        self.begin_anew(now_ms, true);
        self.events.push_back(Event::Up);
    }

    /// The port is gone.
    pub fn handle_down(&mut self, now_ms: u64, reason: String) {
        self.begin_anew(now_ms, false);
        self.events.push_back(Event::Down { reason });
    }

    fn begin_anew(&mut self, now_ms: u64, is_up: bool) {
        let fresh = Self::new(self.config.clone());
        let events = std::mem::take(&mut self.events);
        *self = Self {
            now_ms: self.now_ms.max(now_ms),
            is_up,
            events,
            ..fresh
        };
    }

    /// Bytes from the port.
    pub fn handle_bytes(&mut self, now_ms: u64, bytes: &[u8]) {
        self.now_ms = self.now_ms.max(now_ms);
        if !self.is_up {
            return;
        }
        self.advance();
        if !bytes.is_empty() {
            self.heard_ms = self.now_ms;
        }
        // One by one: a flood takes no room.
        for byte in bytes {
            for heard in self.reader.feed(&[*byte]) {
                self.hear(heard);
            }
        }
        self.advance();
    }

    /// The time of [`KeyPadMachine::deadline_ms`] has come.
    pub fn handle_timeout(&mut self, now_ms: u64) {
        self.now_ms = self.now_ms.max(now_ms);
        if self.is_up {
            self.advance();
        }
    }

    /// What happened, oldest first.
    pub fn poll_event(&mut self) -> Option<Event> {
        self.events.pop_front()
    }

    /// When [`KeyPadMachine::handle_timeout`] wants to be called; `None`: no need to.
    pub fn deadline_ms(&self) -> Option<u64> {
        if !self.is_up {
            return None;
        }
        let is_told = self.oddness() == self.told;
        let stuck = self.down.as_ref().filter(|down| down.is_stuck());
        [
            self.reader
                .is_waiting()
                .then_some(self.heard_ms + STALLED_MS),
            (!self.pending.is_empty()).then_some(self.settles_ms),
            (!is_told).then_some(self.told_ms + TELL_MS),
            stuck.map(|down| down.last_ms + DOWN_MS),
            self.unknown.as_ref().map(|(_, at_ms)| at_ms + UNKNOWN_MS),
        ]
        .into_iter()
        .flatten()
        .min()
    }

    fn advance(&mut self) {
        if self.reader.is_waiting() && self.now_ms >= self.heard_ms + STALLED_MS {
            for heard in self.reader.silence() {
                self.hear(heard);
            }
        }
        if self.now_ms >= self.settles_ms {
            for (_, meaning) in std::mem::take(&mut self.pending) {
                self.obey(meaning);
            }
        }
        self.down = self
            .down
            .take()
            .filter(|down| self.now_ms < down.last_ms + DOWN_MS);
        self.unknown = self
            .unknown
            .take()
            .filter(|(_, at_ms)| self.now_ms < at_ms + UNKNOWN_MS);
        let oddness = self.oddness();
        if oddness != self.told && self.now_ms >= self.told_ms + TELL_MS {
            self.told = oddness.clone();
            self.told_ms = self.now_ms;
            self.events.push_back(Event::Oddness(oddness));
        }
    }

    fn oddness(&self) -> Oddness {
        let stuck = self.down.as_ref().filter(|down| down.is_stuck());
        Oddness {
            stuck: stuck.map(|down| down.code.to_string()),
            unknown: self.unknown.as_ref().map(|(codes, _)| codes.clone()),
        }
    }

    fn hear(&mut self, heard: Heard) {
        match heard {
            Heard::Unknown(code) => {
                self.count_unknown(Some(code));
                if self.has_noise() {
                    self.deaf_until_ms = self.now_ms + DEAF_MS;
                    for (code, _) in std::mem::take(&mut self.pending) {
                        // Whoever presses again is not to be taken for a key that bounces.
                        self.came_ms.remove(&code);
                        self.count_unknown(None);
                    }
                }
            }
            Heard::Key { .. } if self.has_noise() && self.now_ms < self.deaf_until_ms => {
                self.count_unknown(None);
            }
            Heard::Key {
                code,
                meaning,
                is_repeat,
            } => {
                let is_press = !is_repeat && self.is_press(&code, meaning);
                self.note_down(code.clone());
                if is_press {
                    self.want(code, meaning);
                }
            }
        }
    }

    /// A serial line may carry noise; a USB device has its own sums.
    fn has_noise(&self) -> bool {
        matches!(self.config.keys, KeyMap::Bytes(_))
    }

    /// One more that was not obeyed; without a name where it only came among such.
    fn count_unknown(&mut self, named: Option<String>) {
        let before = self.unknown.take().map(|(codes, _)| codes);
        let (count, last) = before.map_or((0, String::new()), |codes| (codes.count, codes.last));
        let codes = UnknownCodes {
            count: count + 1,
            last: named.unwrap_or(last),
        };
        self.unknown = Some((codes, self.now_ms));
    }

    /// Whether a code is a new press, and not the same key once more.
    fn is_press(&mut self, code: &Code, meaning: Meaning) -> bool {
        let Some(before_ms) = self.came_ms.insert(code.clone(), self.now_ms) else {
            return true;
        };
        // Whoever pressed another key since has let go of this one.
        let mut came = self.came_ms.iter();
        let is_other = came.any(|(other, at_ms)| other != code && *at_ms > before_ms);
        let debounce_ms = match is_other {
            true => self.config.debounce_ms,
            false => self.config.debounce_ms_of(meaning),
        };
        self.now_ms >= before_ms + debounce_ms.max(1)
    }

    fn note_down(&mut self, code: Code) {
        let now_ms = self.now_ms;
        match &mut self.down {
            Some(down) if down.code == code && now_ms < down.last_ms + DOWN_MS => {
                down.last_ms = now_ms;
            }
            down => {
                *down = Some(Down {
                    code,
                    since_ms: now_ms,
                    last_ms: now_ms,
                });
            }
        }
    }

    fn want(&mut self, code: Code, meaning: Meaning) {
        if !self.has_noise() {
            self.obey(meaning);
        } else if self.pending.len() == PENDING_MAX {
            self.count_unknown(Some(code.to_string()));
        } else {
            self.pending.push((code, meaning));
            self.settles_ms = self.now_ms + SETTLE_MS;
        }
    }

    fn obey(&mut self, meaning: Meaning) {
        if self.now_ms >= self.typed_ms + DIGITS_MS {
            self.digits.clear();
        }
        match meaning {
            Meaning::Nothing => {}
            Meaning::Digit(digit) => {
                self.typed_ms = self.now_ms;
                if self.digits.len() < DIGITS_MAX {
                    self.digits.push(digit.get());
                }
            }
            Meaning::Function(Function::Undo) if !self.digits.is_empty() => self.digits.clear(),
            Meaning::Function(key) => {
                let digits = std::mem::take(&mut self.digits);
                let press = KeyPress::Function { key, digits };
                self.events.push_back(Event::Press(press));
            }
            Meaning::Score(score) => {
                let press = KeyPress::Rating(score);
                self.events.push_back(Event::Press(press));
            }
        }
    }
}

#[cfg(test)]
#[path = "machine_tests.rs"]
mod tests;
