//! Finds the keys of a map in a stream of bytes.

use std::collections::{BTreeMap, VecDeque};

use super::codes::{Code, hex};
use super::records::RecordReader;
use super::{ByteSequence, KeyMap, Meaning};

/// What was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Heard {
    /// A key of the map.
    Key {
        /// Its code.
        code: Code,
        /// What it means.
        meaning: Meaning,
        /// The pad itself says that the key is still down.
        is_repeat: bool,
    },
    /// Something that the map does not have, as it would be written there.
    Unknown(String),
}

/// Reads what pads of either kind send. What it holds is bounded.
#[derive(Clone, Debug)]
pub(super) enum Reader {
    Bytes(ByteReader),
    Records(RecordReader),
}

impl Reader {
    pub(super) fn new(keys: &KeyMap) -> Self {
        match keys {
            KeyMap::Bytes(map) => Self::Bytes(ByteReader::new(map.clone())),
            KeyMap::Codes(map) => Self::Records(RecordReader::new(map.clone())),
        }
    }

    pub(super) fn feed(&mut self, bytes: &[u8]) -> Vec<Heard> {
        match self {
            Self::Bytes(reader) => reader.feed(bytes),
            Self::Records(reader) => reader.feed(bytes),
        }
    }

    /// Nothing more came: what is held will never be whole.
    pub(super) fn silence(&mut self) -> Vec<Heard> {
        match self {
            Self::Bytes(reader) => reader.silence(),
            Self::Records(reader) => reader.silence(),
        }
    }

    /// Whether the beginning of something is held.
    pub(super) fn is_waiting(&self) -> bool {
        match self {
            Self::Bytes(reader) => !reader.held.is_empty(),
            Self::Records(reader) => reader.is_waiting(),
        }
    }
}

/// Finds byte sequences of which none begins like another one. It holds less than the longest.
#[derive(Clone, Debug)]
pub(super) struct ByteReader {
    map: BTreeMap<ByteSequence, Meaning>,
    held: VecDeque<u8>,
}

impl ByteReader {
    fn new(map: BTreeMap<ByteSequence, Meaning>) -> Self {
        Self {
            map,
            held: VecDeque::new(),
        }
    }

    fn feed(&mut self, bytes: &[u8]) -> Vec<Heard> {
        let mut heard = Vec::new();
        for byte in bytes {
            self.held.push_back(*byte);
            self.settle(&mut heard);
        }
        heard
    }

    fn silence(&mut self) -> Vec<Heard> {
        let mut heard = Vec::new();
        while let Some(byte) = self.held.pop_front() {
            heard.push(Heard::Unknown(hex(&[byte])));
            self.settle(&mut heard);
        }
        heard
    }

    /// Takes from the front what is whole, and what can become nothing.
    fn settle(&mut self, heard: &mut Vec<Heard>) {
        while !self.held.is_empty() {
            let held: &[u8] = self.held.make_contiguous();
            let mut whole = self.map.iter();
            if let Some((code, meaning)) = whole.find(|(code, _)| held.starts_with(code.bytes())) {
                heard.push(Heard::Key {
                    code: Code::Bytes(code.clone()),
                    meaning: *meaning,
                    is_repeat: false,
                });
                self.held.drain(..code.bytes().len());
                continue;
            }
            if self.map.keys().any(|code| code.bytes().starts_with(held)) {
                return;
            }
            if let Some(byte) = self.held.pop_front() {
                heard.push(Heard::Unknown(hex(&[byte])));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn reader(map: &[(&str, &str)]) -> ByteReader {
        let entry =
            |(code, meaning): &(&str, &str)| (code.parse().unwrap(), meaning.parse().unwrap());
        ByteReader::new(map.iter().map(entry).collect())
    }

    fn words(heard: &[Heard]) -> Vec<String> {
        let word = |heard: &Heard| match heard {
            Heard::Key { meaning, .. } => meaning.to_string(),
            Heard::Unknown(code) => format!("?{code}"),
        };
        heard.iter().map(word).collect()
    }

    #[test]
    fn keys_of_one_byte_and_of_several_are_found_among_others() {
        let mut reader = reader(&[("41", "call-next"), ("1B 42 43", "recall"), ("42", "pause")]);
        assert_eq!(
            words(&reader.feed(b"AZ\x1bBC")),
            ["call-next", "?5A", "recall"]
        );
        // A key that was broken off hides none that follows.
        assert_eq!(
            words(&reader.feed(b"\x1bBA")),
            ["?1B", "pause", "call-next"]
        );
        assert_eq!(words(&reader.feed(b"\x1b")), [""; 0]);
        assert_eq!(words(&reader.silence()), ["?1B"]);
        assert_eq!(words(&reader.silence()), [""; 0]);
    }

    proptest! {
        /// Every byte is part of a key or told as unknown, whatever the pieces.
        #[test]
        fn no_byte_is_lost(bytes in prop::collection::vec(prop_oneof![Just(0x1b), Just(b'B'), any::<u8>()], 0..60), piece in 1..9_usize) {
            let mut reader = reader(&[("41", "call-next"), ("1B 42 43", "recall"), ("1B 42 44", "pause")]);
            let mut heard = Vec::new();
            for piece in bytes.chunks(piece) {
                heard.extend(reader.feed(piece));
                prop_assert!(reader.held.len() < 3);
            }
            heard.extend(reader.silence());
            let written = |heard: &Heard| match heard {
                Heard::Key { code, .. } => code.to_string(),
                Heard::Unknown(code) => code.clone(),
            };
            let all: Vec<String> = heard.iter().map(written).collect();
            prop_assert_eq!(all.join(" "), hex(&bytes));
        }
    }
}
