//! Caller keypads and rating pads with frames `FF 68 L L 68 A C D... CS 16`.
//!
//! `L` counts from the address `A` to the last data byte, `CS` is the sum of the same bytes
//! modulo 256 (protocol sheet of a 21-key dot-matrix caller; its use in a deployed hall agrees).
//! A pad repeats a frame until the host acknowledges it: a key by the same frame, a rating by the
//! same data under command 01. Which command byte a key frame carries is in neither source, so
//! every command that means nothing else is read as a key frame.

use std::collections::VecDeque;

use serde::{Deserialize, Serialize};

/// Most data bytes in a frame that is still believed. Real frames carry up to 6; a small limit
/// keeps noise that looks like a start from swallowing what follows.
pub const DATA_MAX: usize = 30;

const START: [u8; 2] = [0xff, 0x68];
const SECOND_START: u8 = 0x68;
const END: u8 = 0x16;
/// Bytes around address, command and data.
const OVERHEAD: usize = 7;

const COMMAND_KEY_OR_PROMPT: u8 = 0x01;
const COMMAND_SHOW: u8 = 0x02;
const COMMAND_BEEP: u8 = 0x03;
const COMMAND_RATING: u8 = 0x11;
/// A digit position left as it is.
const KEEP: u8 = 0x0a;

/// One frame, either direction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Frame {
    /// The pad's address.
    pub address: u8,
    /// Command byte.
    pub command: u8,
    /// Up to [`DATA_MAX`] data bytes.
    pub data: Vec<u8>,
}

impl Frame {
    /// The frame's bytes. Data beyond [`DATA_MAX`] is left out.
    pub fn encode(&self) -> Vec<u8> {
        let data = &self.data[..self.data.len().min(DATA_MAX)];
        let length = (data.len() + 2) as u8;
        let mut bytes = vec![START[0], START[1], length, length, SECOND_START];
        bytes.extend([self.address, self.command]);
        bytes.extend(data);
        bytes.push(checksum(&bytes[5..]));
        bytes.push(END);
        bytes
    }

    fn new(address: u8, command: u8, data: &[u8]) -> Self {
        Self {
            address,
            command,
            data: data.to_vec(),
        }
    }
}

fn checksum(bytes: &[u8]) -> u8 {
    bytes.iter().fold(0, |sum, byte| sum.wrapping_add(*byte))
}

/// A function key of the keypad. Written `call-next` and so on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Key {
    /// Ask the visitor for a rating (0Bh).
    AskRating,
    /// Call the next ticket (0Ch), or the one whose digits precede.
    CallNext,
    /// Call the same ticket again (0Dh).
    Recall,
    /// Cancel (0Eh).
    Cancel,
    /// Confirm (0Fh); with digits before it a function of its own: `6` skip, `0` hold, `3` call
    /// back from hold.
    Confirm,
    /// "Wait behind the line" announcement (11h).
    OneMetreLine,
    /// Pause the counter (12h).
    Pause,
    /// Transfer (13h).
    Transfer,
}

impl Key {
    const ALL: [(u8, Self); 8] = [
        (0x0b, Self::AskRating),
        (0x0c, Self::CallNext),
        (0x0d, Self::Recall),
        (0x0e, Self::Cancel),
        (0x0f, Self::Confirm),
        (0x11, Self::OneMetreLine),
        (0x12, Self::Pause),
        (0x13, Self::Transfer),
    ];

    /// The key of a wire byte.
    pub fn from_byte(byte: u8) -> Option<Self> {
        Self::ALL
            .iter()
            .find(|(code, _)| *code == byte)
            .map(|(_, key)| *key)
    }

    /// The key's wire byte.
    pub fn byte(self) -> u8 {
        match self {
            Self::AskRating => 0x0b,
            Self::CallNext => 0x0c,
            Self::Recall => 0x0d,
            Self::Cancel => 0x0e,
            Self::Confirm => 0x0f,
            Self::OneMetreLine => 0x11,
            Self::Pause => 0x12,
            Self::Transfer => 0x13,
        }
    }
}

/// A key with the digits typed before it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyFrame {
    /// Digits 0 to 9 in the order typed.
    pub digits: Vec<u8>,
    /// The function key that sent them.
    pub key: Key,
}

/// A visitor's rating, 1 (very dissatisfied) to 5 (very satisfied).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "u8", into = "u8")]
pub struct Score(u8);

impl TryFrom<u8> for Score {
    type Error = String;

    fn try_from(score: u8) -> Result<Self, String> {
        Self::new(score).ok_or_else(|| format!("invalid score {score}, expected 1 to 5"))
    }
}

impl From<Score> for u8 {
    fn from(score: Score) -> u8 {
        score.0
    }
}

impl Score {
    /// The score, or `None` outside 1 to 5.
    pub fn new(score: u8) -> Option<Self> {
        (1..=5).contains(&score).then_some(Self(score))
    }

    /// The score as a number.
    pub fn get(self) -> u8 {
        self.0
    }
}

/// What a person did at a pad.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PadEvent {
    /// A function key, with the digits before it.
    Key(KeyFrame),
    /// A visitor's rating. The wire value is the number of stars and is taken as the score: 5 is
    /// very satisfied, 1 very dissatisfied.
    Rating(Score),
}

impl PadEvent {
    /// What a frame from a pad means, or `None` for a frame that no pad sends.
    pub fn from_frame(frame: &Frame) -> Option<Self> {
        match (frame.command, frame.data.as_slice()) {
            (COMMAND_SHOW | COMMAND_BEEP, _) => None,
            (COMMAND_RATING, [value]) => Score::new(*value).map(Self::Rating),
            (_, [digits @ .., key]) => {
                let key = Key::from_byte(*key)?;
                let digits = digits.to_vec();
                digits
                    .iter()
                    .all(|d| *d <= 9)
                    .then_some(Self::Key(KeyFrame { digits, key }))
            }
            (_, []) => None,
        }
    }

    /// The frame a pad sends for this event.
    pub fn to_frame(&self, address: u8) -> Frame {
        match self {
            Self::Rating(score) => Frame::new(address, COMMAND_RATING, &[score.get()]),
            Self::Key(KeyFrame { digits, key }) => {
                let mut data = digits.clone();
                data.push(key.byte());
                Frame {
                    address,
                    command: COMMAND_KEY_OR_PROMPT,
                    data,
                }
            }
        }
    }
}

/// The host's acknowledgement of a pad's frame.
pub fn ack_for(frame: &Frame) -> Frame {
    match (frame.command, frame.data.len()) {
        (COMMAND_RATING, 1) => Frame::new(frame.address, COMMAND_KEY_OR_PROMPT, &frame.data),
        _ => frame.clone(),
    }
}

/// What the host can tell a pad to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PadAction {
    /// Show the last three digits of the called ticket, 0 to 999.
    ShowTicket(u16),
    /// Show how many people wait; more than 999 shows 999.
    ShowWaiting(u16),
    /// Show the service's stars, 0 to 5.
    ShowStars(u8),
    /// Beep.
    Beep,
    /// Ask the visitor for a rating.
    AskRating,
}

impl PadAction {
    /// The frame for a pad.
    pub fn to_frame(self, address: u8) -> Frame {
        match self {
            Self::ShowTicket(number) => {
                let [a, b, c] = digits(number % 1_000);
                Frame::new(address, COMMAND_SHOW, &[KEEP, KEEP, KEEP, a, b, c])
            }
            Self::ShowWaiting(count) => {
                let [a, b, c] = digits(count.min(999));
                Frame::new(address, COMMAND_SHOW, &[a, b, c, KEEP, KEEP, KEEP])
            }
            Self::ShowStars(stars) => Frame::new(address, COMMAND_SHOW, &[stars.min(5)]),
            Self::Beep => Frame::new(address, COMMAND_BEEP, &[]),
            Self::AskRating => Frame::new(address, COMMAND_KEY_OR_PROMPT, &[Key::AskRating.byte()]),
        }
    }

    /// What a frame tells a pad to do, or `None` for a frame that no host sends. A show frame that
    /// sets both halves is given as its ticket half.
    pub fn from_frame(frame: &Frame) -> Option<Self> {
        match (frame.command, frame.data.as_slice()) {
            (COMMAND_BEEP, []) => Some(Self::Beep),
            (COMMAND_KEY_OR_PROMPT, [key]) if *key == Key::AskRating.byte() => {
                Some(Self::AskRating)
            }
            (COMMAND_SHOW, [stars @ 0..=5]) => Some(Self::ShowStars(*stars)),
            (COMMAND_SHOW, [KEEP, KEEP, KEEP, ticket @ ..]) => number(ticket).map(Self::ShowTicket),
            (COMMAND_SHOW, [a, b, c, KEEP, KEEP, KEEP]) => {
                number(&[*a, *b, *c]).map(Self::ShowWaiting)
            }
            (COMMAND_SHOW, [_, _, _, ticket @ ..]) => number(ticket).map(Self::ShowTicket),
            _ => None,
        }
    }
}

/// Three digits of a number below 1000.
fn digits(number: u16) -> [u8; 3] {
    [
        (number / 100) as u8,
        (number / 10 % 10) as u8,
        (number % 10) as u8,
    ]
}

fn number(digits: &[u8]) -> Option<u16> {
    let [a, b, c] = digits else { return None };
    digits
        .iter()
        .all(|d| *d <= 9)
        .then(|| u16::from(*a) * 100 + u16::from(*b) * 10 + u16::from(*c))
}

/// Finds frames in a stream of bytes, in any chunks, with noise before, between and inside them.
///
/// Memory is bounded by the longest frame. Bytes that belong to no frame are counted.
#[derive(Clone, Debug, Default)]
pub struct Decoder {
    held: VecDeque<u8>,
    noise_bytes: u64,
}

/// What the held bytes are so far.
enum Judgement {
    /// The first byte starts no frame.
    Noise,
    /// They may become a frame.
    Incomplete,
    /// They begin with a frame of this many bytes.
    Whole(usize, Frame),
}

impl Decoder {
    /// Takes bytes and gives the frames that are now complete.
    pub fn feed(&mut self, bytes: &[u8]) -> Vec<Frame> {
        let mut frames = Vec::new();
        for byte in bytes {
            self.held.push_back(*byte);
            self.settle(&mut frames);
        }
        frames
    }

    /// The line fell silent: what is held will never become a frame, but a whole frame may stand
    /// behind a false start.
    pub fn silence(&mut self) -> Vec<Frame> {
        let mut frames = Vec::new();
        while self.held.pop_front().is_some() {
            self.noise_bytes += 1;
            self.settle(&mut frames);
        }
        frames
    }

    /// Whether part of a frame is held.
    pub fn is_mid_frame(&self) -> bool {
        !self.held.is_empty()
    }

    /// Bytes that may become a frame.
    pub fn held_bytes(&self) -> usize {
        self.held.len()
    }

    /// Bytes that belonged to no frame, so far.
    pub fn noise_bytes(&self) -> u64 {
        self.noise_bytes
    }

    fn settle(&mut self, frames: &mut Vec<Frame>) {
        while !self.held.is_empty() {
            match judge(self.held.make_contiguous()) {
                Judgement::Incomplete => return,
                Judgement::Noise => {
                    self.held.pop_front();
                    self.noise_bytes += 1;
                }
                Judgement::Whole(length, frame) => {
                    self.held.drain(..length);
                    frames.push(frame);
                }
            }
        }
    }
}

fn judge(held: &[u8]) -> Judgement {
    let starts = |at: usize, expected: u8| held.get(at).is_none_or(|byte| *byte == expected);
    if !(starts(0, START[0]) && starts(1, START[1]) && starts(4, SECOND_START)) {
        return Judgement::Noise;
    }
    let Some(length) = held.get(2).map(|length| usize::from(*length)) else {
        return Judgement::Incomplete;
    };
    let lengths_agree = held
        .get(3)
        .is_none_or(|second| usize::from(*second) == length);
    if !(2..=DATA_MAX + 2).contains(&length) || !lengths_agree {
        return Judgement::Noise;
    }
    let Some(frame) = held.get(..length + OVERHEAD) else {
        return Judgement::Incomplete;
    };
    match &frame[5..] {
        [body @ .., sum, END] if checksum(body) == *sum => match body {
            [address, command, data @ ..] => {
                Judgement::Whole(frame.len(), Frame::new(*address, *command, data))
            }
            _ => Judgement::Noise,
        },
        _ => Judgement::Noise,
    }
}

#[cfg(test)]
#[path = "caller_pad_tests.rs"]
mod tests;
