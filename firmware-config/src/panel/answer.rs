//! What a panel answers, and how the answer is found in what is heard.

use std::fmt;
use std::ops::Range;

use crate::alpha;
use crate::modbus::{Exception, Reply, Request};
use crate::template::ChecksumKind;

/// The answer that a message asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Expected {
    /// None: the panel is silent, or is not wired to speak.
    Nothing,
    /// A Modbus slave's word that it has written.
    Written(Request),
    /// A Modbus slave's registers, with these values.
    Registers {
        /// What was asked.
        request: Request,
        /// What they should hold.
        values: Vec<u16>,
    },
    /// Any one of these frames.
    Patterns(Vec<AnswerPattern>),
    /// The contents of an Alpha STRING file.
    StringFile {
        /// The file's label.
        label: u8,
        /// What it should hold.
        text: Vec<u8>,
    },
}

/// A frame that means something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AnswerPattern {
    /// The frame, byte by byte.
    pub bytes: Vec<PatternByte>,
    /// Whether the panel has taken or refused the message.
    pub is_acknowledgement: bool,
}

/// One byte of an expected frame.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PatternByte {
    /// This byte.
    Exactly(u8),
    /// Whatever the panel likes.
    Any,
    /// A byte of the checksum over other bytes of the frame.
    Checksum {
        /// How it is computed.
        kind: ChecksumKind,
        /// The bytes it covers, counted in the frame.
        over: Range<usize>,
        /// Which byte of the checksum, from 0.
        nth: usize,
    },
}

/// What was heard.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Heard {
    /// No whole answer yet.
    Nothing,
    /// The panel has done it.
    Acknowledged,
    /// The panel has not done it.
    Refused(Refusal),
    /// Bytes that belong to no answer; the answer may still come.
    Noise,
}

/// Why a panel has not done what it was told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// It says so, as Modbus slaves do.
    Exception(Exception),
    /// It says so, without a cause.
    Nack,
    /// It holds something else than it should.
    HoldsOther(String),
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Exception(exception) => exception.fmt(f),
            Self::Nack => f.write_str("not acknowledged"),
            Self::HoldsOther(text) => write!(f, "holds `{text}`"),
        }
    }
}

/// Waits for one answer, in any pieces and with noise around it.
///
/// It holds at most as many bytes as the longest answer has. Every byte may be the first of the
/// answer, so noise before it costs nothing but itself.
#[derive(Clone, Debug)]
pub struct Listener {
    expected: Expected,
    held: Vec<u8>,
}

/// What bytes may be, read from their first.
enum Judgement {
    /// No answer begins so.
    No,
    /// The start of an answer.
    Unfinished,
    /// A whole answer.
    Whole(Heard),
}

impl Listener {
    /// Waits for this answer.
    pub fn new(expected: Expected) -> Self {
        Self {
            expected,
            held: Vec::new(),
        }
    }

    /// Hears bytes, and tells what they were. After an answer the rest of the bytes is dropped, as
    /// a panel answers once.
    pub fn feed(&mut self, bytes: &[u8]) -> Heard {
        let mut heard = Heard::Nothing;
        for byte in bytes {
            self.held.push(*byte);
            // A false start must not hide an answer that came whole behind it.
            let whole =
                (0..self.held.len()).find_map(|at| match self.expected.judge(&self.held[at..]) {
                    Judgement::Whole(answer) => Some(answer),
                    Judgement::No | Judgement::Unfinished => None,
                });
            if let Some(answer) = whole {
                self.held.clear();
                return answer;
            }
            let mut starts = 0..self.held.len();
            let start = starts.find(|at| {
                let judgement = self.expected.judge(&self.held[*at..]);
                matches!(judgement, Judgement::Unfinished)
            });
            let dropped = self.held.drain(..start.unwrap_or(self.held.len()));
            // Alpha signs send zeros before an answer, for the host to find its speed.
            let is_filler = matches!(self.expected, Expected::StringFile { .. });
            if dropped.filter(|byte| *byte != 0 || !is_filler).count() > 0 {
                heard = Heard::Noise;
            }
        }
        heard
    }

    /// How many bytes it holds of an answer that is not whole yet.
    pub fn held_bytes(&self) -> usize {
        self.held.len()
    }
}

impl Expected {
    fn judge(&self, held: &[u8]) -> Judgement {
        match self {
            Self::Nothing => Judgement::No,
            Self::Written(request) => judge_modbus(request, held, |_| Heard::Acknowledged),
            Self::Registers { request, values } => judge_modbus(request, held, |read| {
                if read == values {
                    Heard::Acknowledged
                } else {
                    Heard::Refused(Refusal::HoldsOther(registers_as_text(read)))
                }
            }),
            Self::Patterns(patterns) => judge_patterns(patterns, held),
            Self::StringFile { label, text } => match alpha::parse_string_file(held, *label) {
                alpha::StringFile::No => Judgement::No,
                alpha::StringFile::Unfinished => Judgement::Unfinished,
                alpha::StringFile::Holds(held) if held == text => {
                    Judgement::Whole(Heard::Acknowledged)
                }
                alpha::StringFile::Holds(held) => {
                    let held = String::from_utf8_lossy(held).into_owned();
                    Judgement::Whole(Heard::Refused(Refusal::HoldsOther(held)))
                }
            },
        }
    }
}

fn judge_modbus(request: &Request, held: &[u8], read: impl Fn(&[u16]) -> Heard) -> Judgement {
    let Some(length) = request.reply_length(held) else {
        return Judgement::No;
    };
    let Some(frame) = held.get(..length) else {
        return Judgement::Unfinished;
    };
    match request.find_reply(frame) {
        Some((range, reply)) if range.start == 0 => Judgement::Whole(match reply {
            Reply::Values(values) => read(&values),
            Reply::Written => read(&[]),
            Reply::Refused(exception) => Heard::Refused(Refusal::Exception(exception)),
        }),
        _ => Judgement::No,
    }
}

/// Registers with one character each, as a person reads them.
fn registers_as_text(values: &[u16]) -> String {
    values
        .iter()
        .map(|value| char::from_u32(u32::from(*value)).unwrap_or('?'))
        .collect()
}

fn judge_patterns(patterns: &[AnswerPattern], held: &[u8]) -> Judgement {
    let mut judgement = Judgement::No;
    for pattern in patterns {
        if !pattern.agrees(held) {
            continue;
        }
        if held.len() < pattern.bytes.len() {
            judgement = Judgement::Unfinished;
            continue;
        }
        return Judgement::Whole(if pattern.is_acknowledgement {
            Heard::Acknowledged
        } else {
            Heard::Refused(Refusal::Nack)
        });
    }
    judgement
}

impl AnswerPattern {
    /// A frame without variable parts.
    pub fn exactly(bytes: &[u8], is_acknowledgement: bool) -> Self {
        Self {
            bytes: bytes.iter().copied().map(PatternByte::Exactly).collect(),
            is_acknowledgement,
        }
    }

    /// Whether the bytes are this frame or its start.
    fn agrees(&self, held: &[u8]) -> bool {
        let pairs = self.bytes.iter().zip(held);
        pairs.into_iter().all(|(expected, byte)| match expected {
            PatternByte::Exactly(exactly) => exactly == byte,
            PatternByte::Any => true,
            PatternByte::Checksum { kind, over, nth } => held
                .get(over.clone())
                .is_some_and(|covered| kind.bytes(covered).get(*nth) == Some(byte)),
        })
    }
}

#[cfg(test)]
#[path = "answer_tests.rs"]
mod tests;
