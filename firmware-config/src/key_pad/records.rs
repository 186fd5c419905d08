//! Key events as the Linux kernel hands them out: `struct input_event` of `linux/input.h`, in packets that end with
//! `SYN_REPORT` (kernel documentation, "Linux Input Subsystem userspace API", event codes).
//!
//! ```text
//! time    two machine words: seconds and microseconds
//! type    u16
//! code    u16
//! value   i32; of a key 1: pressed, 0: let go, 2: still down
//! ```
//!
//! A record has the byte order and the word of the machine whose kernel wrote it: 24 bytes where words have 64 bits, 16
//! where they have 32. The device hands out whole records only, so bytes that are none mean that it is no input device.

use std::collections::BTreeMap;

use super::codes::Code;
use super::reader::Heard;
use super::{KeyCode, Meaning};

const WORD_BYTES: usize = size_of::<usize>();
/// Bytes of a record on this machine.
pub const RECORD_BYTES: usize = 2 * WORD_BYTES + 8;

const EV_SYN: u16 = 0x00;
const EV_KEY: u16 = 0x01;
/// The kernel's largest event type.
const EV_MAX: u16 = 0x1f;
const SYN_REPORT: u16 = 0;
/// The kernel had no room for some events: what is left of the packet is worth nothing.
const SYN_DROPPED: u16 = 3;
const PRESSED: i32 = 1;
const STILL_DOWN: i32 = 2;
/// Most keys of one packet; beyond it the rest is left out. A person has ten fingers.
const PACKET_MAX: usize = 16;

/// One `struct input_event`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InputRecord {
    /// Time of the event in microseconds since 1970.
    pub at_us: u64,
    /// Event type.
    pub kind: u16,
    /// Event code.
    pub code: u16,
    /// Value.
    pub value: i32,
}

impl InputRecord {
    /// The end of a packet.
    pub fn report(at_us: u64) -> Self {
        Self {
            at_us,
            kind: EV_SYN,
            code: SYN_REPORT,
            value: 0,
        }
    }

    /// A key was pressed.
    pub fn pressed(at_us: u64, key: KeyCode) -> Self {
        Self::of_key(at_us, key, PRESSED)
    }

    /// A key is still down.
    pub fn still_down(at_us: u64, key: KeyCode) -> Self {
        Self::of_key(at_us, key, STILL_DOWN)
    }

    /// A key was let go.
    pub fn let_go(at_us: u64, key: KeyCode) -> Self {
        Self::of_key(at_us, key, 0)
    }

    fn of_key(at_us: u64, key: KeyCode, value: i32) -> Self {
        Self {
            at_us,
            kind: EV_KEY,
            code: key.get(),
            value,
        }
    }

    /// The record's bytes on this machine.
    pub fn encode(&self) -> [u8; RECORD_BYTES] {
        let words = [self.at_us / 1_000_000, self.at_us % 1_000_000];
        let mut bytes = [0; RECORD_BYTES];
        for (place, word) in bytes.chunks_mut(WORD_BYTES).zip(words) {
            // On a machine with 32-bit words the kernel leaves the upper half out, too.
            place.copy_from_slice(&(word as usize).to_ne_bytes());
        }
        let rest = &mut bytes[2 * WORD_BYTES..];
        rest[..2].copy_from_slice(&self.kind.to_ne_bytes());
        rest[2..4].copy_from_slice(&self.code.to_ne_bytes());
        rest[4..].copy_from_slice(&self.value.to_ne_bytes());
        bytes
    }

    /// Reads a record of this machine, or `None` where the bytes are none.
    pub fn decode(bytes: &[u8; RECORD_BYTES]) -> Option<Self> {
        let (time, rest) = bytes.split_at(2 * WORD_BYTES);
        let (seconds, micros) = time.split_at(WORD_BYTES);
        let word = |bytes: &[u8]| bytes.try_into().map(usize::from_ne_bytes).ok();
        let half = |bytes: &[u8]| bytes.try_into().map(u16::from_ne_bytes).ok();
        let (seconds, micros) = (word(seconds)?, word(micros)?);
        let kind = half(&rest[..2])?;
        let is_one = micros < 1_000_000 && kind <= EV_MAX;
        is_one.then_some(())?;
        Some(Self {
            at_us: u64::try_from(seconds)
                .ok()?
                .checked_mul(1_000_000)?
                .checked_add(u64::try_from(micros).ok()?)?,
            kind,
            code: half(&rest[2..4])?,
            value: rest[4..].try_into().map(i32::from_ne_bytes).ok()?,
        })
    }
}

/// Finds pressed keys in records. It holds less than a record, and the keys of one packet.
#[derive(Clone, Debug)]
pub(super) struct RecordReader {
    map: BTreeMap<KeyCode, Meaning>,
    held: Vec<u8>,
    packet: Vec<Heard>,
    /// The packet is not whole: nothing in it counts.
    is_spoilt: bool,
}

impl RecordReader {
    pub(super) fn new(map: BTreeMap<KeyCode, Meaning>) -> Self {
        Self {
            map,
            held: Vec::with_capacity(RECORD_BYTES),
            packet: Vec::new(),
            is_spoilt: false,
        }
    }

    pub(super) fn feed(&mut self, bytes: &[u8]) -> Vec<Heard> {
        let mut heard = Vec::new();
        for byte in bytes {
            self.held.push(*byte);
            if let Ok(record) = self.held.as_slice().try_into() {
                self.take(InputRecord::decode(record), &mut heard);
                self.held.clear();
            }
        }
        heard
    }

    /// A packet and its records come at once; the rest of one never comes later.
    pub(super) fn silence(&mut self) -> Vec<Heard> {
        let is_waiting = self.is_waiting();
        self.held.clear();
        self.packet.clear();
        self.is_spoilt = false;
        let odd = is_waiting.then(no_record);
        odd.into_iter().collect()
    }

    pub(super) fn is_waiting(&self) -> bool {
        !self.held.is_empty() || !self.packet.is_empty() || self.is_spoilt
    }

    fn take(&mut self, record: Option<InputRecord>, heard: &mut Vec<Heard>) {
        match record {
            Some(InputRecord {
                kind: EV_SYN,
                code: SYN_REPORT,
                ..
            }) => {
                let packet = std::mem::take(&mut self.packet);
                match std::mem::take(&mut self.is_spoilt) {
                    true => heard.push(no_record()),
                    false => heard.extend(packet),
                }
            }
            Some(InputRecord {
                kind: EV_SYN,
                code: SYN_DROPPED,
                ..
            })
            | None => self.is_spoilt = true,
            Some(InputRecord {
                kind: EV_KEY,
                code,
                value: value @ (PRESSED | STILL_DOWN),
                ..
            }) if self.packet.len() < PACKET_MAX => {
                self.packet.push(self.key(code, value == STILL_DOWN));
            }
            // Letting go, lamps, scan codes, times.
            Some(_) => {}
        }
    }

    fn key(&self, code: u16, is_repeat: bool) -> Heard {
        let key = KeyCode::new(code);
        match key.and_then(|key| self.map.get_key_value(&key)) {
            Some((key, meaning)) => Heard::Key {
                code: Code::Key(*key),
                meaning: *meaning,
                is_repeat,
            },
            None => Heard::Unknown(key.map_or_else(|| code.to_string(), |key| key.to_string())),
        }
    }
}

/// Bytes that are no record, or a packet that the kernel did not hand out whole.
fn no_record() -> Heard {
    Heard::Unknown("a broken record".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn key(name: &str) -> KeyCode {
        name.parse().unwrap()
    }

    fn reader() -> RecordReader {
        let map = [("KEY_KPENTER", "call-next"), ("KEY_KP5", "digit-5")];
        let entry = |(code, meaning): (&str, &str)| (key(code), meaning.parse().unwrap());
        RecordReader::new(map.into_iter().map(entry).collect())
    }

    fn bytes(records: &[InputRecord]) -> Vec<u8> {
        records.iter().flat_map(InputRecord::encode).collect()
    }

    fn words(heard: &[Heard]) -> Vec<String> {
        let word = |heard: &Heard| match heard {
            Heard::Key {
                meaning, is_repeat, ..
            } => format!("{meaning}{}", if *is_repeat { " again" } else { "" }),
            Heard::Unknown(code) => format!("?{code}"),
        };
        heard.iter().map(word).collect()
    }

    const AT_US: u64 = 1_700_000_000_999_999;

    #[test]
    fn a_record_has_the_size_of_this_machine_s_kernel() {
        let expected = if cfg!(target_pointer_width = "64") {
            24
        } else {
            16
        };
        assert_eq!(RECORD_BYTES, expected);
    }

    #[cfg(all(target_pointer_width = "64", target_endian = "little"))]
    #[test]
    fn the_bytes_of_a_press_are_those_of_the_kernel() {
        let record = InputRecord::pressed(AT_US, key("KEY_KPENTER"));
        assert_eq!(
            record.encode(),
            [
                0x00, 0xf1, 0x53, 0x65, 0, 0, 0, 0, // 1700000000 s
                0x3f, 0x42, 0x0f, 0x00, 0, 0, 0, 0, // 999999 us
                0x01, 0x00, 0x60, 0x00, 1, 0, 0, 0,
            ]
        );
    }

    #[test]
    fn a_press_counts_once_however_long_the_key_is_down() {
        let (enter, end) = (key("KEY_KPENTER"), InputRecord::report(AT_US));
        let scan = InputRecord {
            at_us: AT_US,
            kind: 4,
            code: 4,
            value: 0x7_0058,
        };
        let pressed = [scan, InputRecord::pressed(AT_US, enter), end];
        let mut reader = reader();
        assert_eq!(words(&reader.feed(&bytes(&pressed))), ["call-next"]);
        let held = [InputRecord::still_down(AT_US, enter), end];
        assert_eq!(words(&reader.feed(&bytes(&held))), ["call-next again"]);
        let let_go = [InputRecord::let_go(AT_US, enter), end];
        assert_eq!(words(&reader.feed(&bytes(&let_go))), [""; 0]);
        assert!(!reader.is_waiting());
    }

    #[test]
    fn what_the_kernel_lost_makes_its_packet_worthless() {
        let dropped = InputRecord {
            code: SYN_DROPPED,
            ..InputRecord::report(AT_US)
        };
        let (enter, end) = (key("KEY_KPENTER"), InputRecord::report(AT_US));
        let press = InputRecord::pressed(AT_US, enter);
        let mut reader = reader();
        let heard = reader.feed(&bytes(&[press, dropped, press, end, press, end]));
        assert_eq!(words(&heard), ["?a broken record", "call-next"]);
    }

    #[test]
    fn a_key_without_a_meaning_is_named() {
        let odd = InputRecord::pressed(AT_US, key("KEY_F12"));
        let heard = reader().feed(&bytes(&[odd, InputRecord::report(AT_US)]));
        assert_eq!(words(&heard), ["?KEY_F12"]);
    }

    proptest! {
        #[test]
        fn a_record_is_read_as_it_was_written(at_us in 0..4_000_000_000_000_000_u64, kind in 0..=EV_MAX, code: u16, value: i32) {
            let record = InputRecord { at_us, kind, code, value };
            prop_assert_eq!(InputRecord::decode(&record.encode()), Some(record));
        }

        /// Whatever came before, a press after a silence is understood, in whatever pieces.
        #[test]
        fn a_press_after_a_silence_is_understood(before in prop::collection::vec(any::<u8>(), 0..200), piece in 1..60_usize) {
            let mut reader = reader();
            reader.feed(&before);
            prop_assert!(reader.held.len() < RECORD_BYTES && reader.packet.len() <= PACKET_MAX);
            reader.silence();
            let press = InputRecord::pressed(AT_US, key("KEY_KP5"));
            let mut heard = Vec::new();
            for piece in bytes(&[press, InputRecord::report(AT_US)]).chunks(piece) {
                heard.extend(reader.feed(piece));
            }
            prop_assert_eq!(words(&heard), ["digit-5"]);
        }
    }
}
