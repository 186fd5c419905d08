//! A simulated pad without a protocol: the pad's side of [`crate::key_pad`].

use std::collections::VecDeque;
use std::io;
use std::path::PathBuf;
use std::time::{SystemTime, UNIX_EPOCH};

use clap::ValueEnum;
use tokio::sync::watch;

use super::faults::{Chance, LineFaults};
use super::shell::{Running, WireDevice};
use crate::key_pad::{Code, InputRecord, KeyMap, Meaning};

/// A person presses a key at most every so many milliseconds.
const PRESS_EVERY_MS: u64 = 100;
/// A key that is down comes again every so many milliseconds.
const REPEAT_MS: u64 = 30;
/// A contact that bounces closes so often, and every so many milliseconds.
const BOUNCES: u64 = 3;
const BOUNCE_MS: u64 = 4;
/// Noise comes in so many bytes every so many milliseconds.
const NOISE_BYTES: usize = 12;
const NOISE_MS: u64 = 500;
/// Most presses that wait; a person cannot be faster.
const QUEUE_MAX: usize = 64;

/// What can be wrong with a pad. Written `stuck-key` and so on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum KeyPadFault {
    /// The key that was pressed last is down without end; the map's first function, where none was.
    StuckKey,
    /// Every contact closes several times within a few milliseconds.
    Bounce,
    /// Bytes of every value come from time to time.
    Noise,
}

/// A pad. Build it, then start it.
#[derive(Debug)]
pub struct VirtualKeyPad {
    keys: KeyMap,
    fault: Option<KeyPadFault>,
    /// What goes out when, in the order of time.
    to_send: VecDeque<(u64, Vec<u8>)>,
    /// The next press is not before this time.
    free_ms: u64,
    last: Option<Code>,
    fault_ms: u64,
    chance: Chance,
    output: Vec<u8>,
    view: watch::Sender<KeyPadView>,
    sent: u64,
}

/// What a pad has done.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct KeyPadView {
    /// Presses that are on the wire; a contact that bounces sends one several times.
    pub sent: u64,
    /// Presses that wait.
    pub waiting: usize,
}

impl VirtualKeyPad {
    /// A pad whose keys send what the map says.
    pub fn new(keys: KeyMap) -> Self {
        Self {
            keys,
            fault: None,
            to_send: VecDeque::new(),
            free_ms: 0,
            last: None,
            fault_ms: 0,
            chance: Chance(1),
            output: Vec::new(),
            view: watch::Sender::default(),
            sent: 0,
        }
    }

    /// The same with something wrong.
    pub fn with_fault(self, fault: Option<KeyPadFault>) -> Self {
        Self { fault, ..self }
    }

    /// Starts the pad on a pseudo-terminal; `link` names the host's end. Needs a tokio runtime.
    ///
    /// # Errors
    /// No terminal can be had, or the link cannot be written.
    pub fn start(self, link: impl Into<PathBuf>) -> io::Result<KeyPadHandle> {
        let view = self.view.subscribe();
        let pad = Running::on_pty(self, link.into())?;
        Ok(KeyPadHandle { pad, view })
    }

    /// Somebody presses the key that means this; whether the pad has one, and room for one more press.
    fn press(&mut self, now_ms: u64, meaning: Meaning) -> bool {
        let Some(code) = self.keys.code_of(meaning) else {
            return false;
        };
        if self.to_send.len() >= QUEUE_MAX {
            return false;
        }
        let at_ms = self.free_ms.max(now_ms);
        self.free_ms = at_ms + PRESS_EVERY_MS;
        let times = match self.fault {
            Some(KeyPadFault::Bounce) => BOUNCES,
            _ => 1,
        };
        for nth in 0..times {
            let bytes = pressed(&code);
            self.to_send.push_back((at_ms + nth * BOUNCE_MS, bytes));
        }
        self.last = Some(code);
        true
    }

    /// What a fault sends now.
    fn misbehave(&mut self, now_ms: u64) {
        let (bytes, next_ms) = match self.fault {
            Some(KeyPadFault::StuckKey) => {
                let functions = self
                    .keys
                    .meanings()
                    .filter(|meaning| matches!(meaning, Meaning::Function(_) | Meaning::Score(_)));
                let first = || functions.min().and_then(|first| self.keys.code_of(first));
                let code = self.last.clone().or_else(first);
                (code.map(|code| still_down(&code)), REPEAT_MS)
            }
            Some(KeyPadFault::Noise) => (Some(self.chance.bytes(NOISE_BYTES)), NOISE_MS),
            Some(KeyPadFault::Bounce) | None => return,
        };
        self.output.extend(bytes.unwrap_or_default());
        self.fault_ms = now_ms + next_ms;
    }
}

impl WireDevice for VirtualKeyPad {
    /// Such a pad hears nothing.
    fn handle_bytes(&mut self, _now_ms: u64, _bytes: &[u8]) {}

    fn handle_timeout(&mut self, now_ms: u64) {
        while let Some((at_ms, bytes)) = self.to_send.front()
            && *at_ms <= now_ms
        {
            self.output.extend(bytes);
            self.sent += 1;
            self.to_send.pop_front();
        }
        if self.fault_ms <= now_ms {
            self.misbehave(now_ms);
        }
    }

    fn take_output(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.output)
    }

    fn deadline_ms(&self) -> Option<u64> {
        let fault = matches!(self.fault, Some(KeyPadFault::StuckKey | KeyPadFault::Noise));
        let next = self.to_send.front().map(|(at_ms, _)| *at_ms);
        [next, fault.then_some(self.fault_ms)]
            .into_iter()
            .flatten()
            .min()
    }

    fn wants_input(&self) -> bool {
        true
    }

    fn baud_bps(&self) -> Option<u32> {
        None
    }

    fn publish(&self) {
        let view = KeyPadView {
            sent: self.sent,
            waiting: self.to_send.len(),
        };
        self.view.send_if_modified(|shown| {
            let before = std::mem::replace(shown, view);
            before != view
        });
    }
}

/// The bytes of a key that is pressed and let go.
fn pressed(code: &Code) -> Vec<u8> {
    match code {
        Code::Bytes(sequence) => sequence.bytes().to_vec(),
        Code::Key(key) => {
            let at_us = now_us();
            packets(&[
                InputRecord::pressed(at_us, *key),
                InputRecord::let_go(at_us, *key),
            ])
        }
    }
}

/// The bytes of a key that is down.
fn still_down(code: &Code) -> Vec<u8> {
    match code {
        Code::Bytes(sequence) => sequence.bytes().to_vec(),
        Code::Key(key) => packets(&[InputRecord::still_down(now_us(), *key)]),
    }
}

/// Each record with the end of its packet.
fn packets(records: &[InputRecord]) -> Vec<u8> {
    let packet = |record: &InputRecord| {
        let end = InputRecord::report(record.at_us);
        [record.encode(), end.encode()].concat()
    };
    records.iter().flat_map(packet).collect()
}

/// Time as the kernel writes it into records.
fn now_us() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    since.map_or(0, |since| {
        u64::try_from(since.as_micros()).unwrap_or(u64::MAX)
    })
}

/// A pad in operation.
#[derive(Clone)]
pub struct KeyPadHandle {
    pad: Running<VirtualKeyPad>,
    view: watch::Receiver<KeyPadView>,
}

impl KeyPadHandle {
    /// Somebody presses the key that means this, after those before. Gives whether the pad has such a key.
    pub fn press(&self, meaning: Meaning) -> bool {
        self.pad.act(|pad, now_ms| {
            let is_pressed = pad.press(now_ms, meaning);
            pad.handle_timeout(now_ms);
            is_pressed
        })
    }

    /// Bytes that no key of its map sends.
    pub fn send(&self, bytes: &[u8]) {
        self.pad.act(|pad, _| pad.output.extend(bytes));
    }

    /// Makes something wrong with it, or right again.
    pub fn set_fault(&self, fault: Option<KeyPadFault>) {
        self.pad.act(|pad, _| pad.fault = fault);
    }

    /// Makes something wrong on the way to the host, or right again.
    pub fn set_line_faults(&self, faults: LineFaults) {
        self.pad.set_faults(faults);
    }

    /// What it has done.
    pub fn view(&self) -> KeyPadView {
        *self.view.borrow()
    }

    /// What it has done, as it goes on.
    pub fn watch(&self) -> watch::Receiver<KeyPadView> {
        self.view.clone()
    }

    /// Pulls it out of the PC: its name is gone.
    pub fn unplug(&self) {
        self.pad.set_plugged(false);
    }

    /// Puts it back under the same name.
    pub fn plug_in(&self) {
        self.pad.set_plugged(true);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::key_pad::{Event, KeyPadConfig, KeyPadMachine, KeyPress};
    use crate::profile::DeviceProfile;

    /// What the host makes of a pad of this profile that is pressed so often, in a minute.
    fn host_hears(profile: &str, fault: Option<KeyPadFault>, presses: &[&str]) -> Vec<Event> {
        let profile = DeviceProfile::built_in(profile).unwrap();
        let config = KeyPadConfig::of_profile(&profile).unwrap();
        let mut pad = VirtualKeyPad::new(config.keys.clone()).with_fault(fault);
        let mut host = KeyPadMachine::new(config);
        host.handle_up(0);
        for meaning in presses {
            assert!(pad.press(1_000, meaning.parse().unwrap()), "{meaning}");
        }
        for now_ms in 0..60_000 {
            pad.handle_timeout(now_ms);
            host.handle_bytes(now_ms, &pad.take_output());
        }
        std::iter::from_fn(|| host.poll_event()).skip(1).collect()
    }

    fn presses(events: &[Event]) -> usize {
        let is_press = |event: &&Event| matches!(event, Event::Press(_));
        events.iter().filter(is_press).count()
    }

    #[test]
    fn the_host_understands_every_key_of_every_profile() {
        for (profile, count) in [
            ("byte-keypad", 9),
            ("byte-rating", 5),
            ("usb-keypad", 9),
            ("usb-rating", 5),
        ] {
            let config = DeviceProfile::built_in(profile).unwrap();
            let config = KeyPadConfig::of_profile(&config).unwrap();
            let is_event =
                |meaning: &Meaning| matches!(meaning, Meaning::Function(_) | Meaning::Score(_));
            let mut all: Vec<Meaning> = config.keys.meanings().filter(is_event).collect();
            all.sort();
            all.dedup();
            let words: Vec<String> = all.iter().map(Meaning::to_string).collect();
            let words: Vec<&str> = words.iter().map(String::as_str).collect();
            let heard = host_hears(profile, None, &words);
            assert_eq!((heard.len(), presses(&heard)), (count, count), "{profile}");
            assert_eq!(config.only_rates(), count == 5, "{profile}");
        }
    }

    #[test]
    fn a_pad_out_of_order_gives_one_command_for_a_press() {
        for profile in ["byte-keypad", "usb-keypad"] {
            for fault in [KeyPadFault::StuckKey, KeyPadFault::Bounce] {
                let heard = host_hears(profile, Some(fault), &["recall"]);
                let expected = Event::Press(KeyPress::Function {
                    key: crate::key_pad::Function::Recall,
                    digits: vec![],
                });
                let is_one = presses(&heard) == 1 && heard.contains(&expected);
                assert!(is_one, "{profile} {fault:?} {heard:?}");
                let is_named =
                    |event: &Event| matches!(event, Event::Oddness(odd) if odd.stuck.is_some());
                assert_eq!(heard.iter().any(is_named), fault == KeyPadFault::StuckKey);
            }
            let heard = host_hears(profile, Some(KeyPadFault::Noise), &[]);
            assert_eq!(presses(&heard), 0, "{profile}");
            assert!(!heard.is_empty(), "it is named");
        }
    }
}
