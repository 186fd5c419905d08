//! Finding a printer's answers about its settings in what it sends.

use super::SerialItem;

const HEADER: u8 = 0x37;
const SEPARATOR: u8 = 0x1f;
const XON: u8 = 0x11;
const XOFF: u8 = 0x13;

/// Longest answer, in bytes: header, identifier, 3 digits, separator, 6 digits and NUL.
const ANSWER_MAX: usize = 13;

/// What a printer answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// Settings can be changed now.
    Entered,
    /// The eight switches that were asked for, number 8 first.
    Switches([bool; 8]),
    /// A customised value.
    Value {
        /// Its number.
        number: u8,
        /// The value.
        value: u16,
    },
    /// A condition of the serial interface.
    Serial {
        /// The condition.
        item: SerialItem,
        /// Its value.
        value: u32,
    },
}

impl Answer {
    /// The answer's bytes.
    pub fn encode(&self) -> Vec<u8> {
        let body = match *self {
            Self::Entered => vec![0x20],
            Self::Switches(on) => {
                let mut body = vec![0x21];
                body.extend(on.map(|on| if on { b'1' } else { b'0' }));
                body
            }
            Self::Value { number, value } => {
                let mut body = vec![0x27];
                body.extend(number.to_string().bytes());
                body.push(SEPARATOR);
                body.extend(value.to_string().bytes());
                body
            }
            Self::Serial { item, value } => {
                let mut body = vec![0x33, b'0' + item.number(), SEPARATOR];
                body.extend((value % 1_000_000).to_string().bytes());
                body
            }
        };
        let mut bytes = vec![HEADER];
        bytes.extend(body);
        bytes.push(0);
        bytes
    }

    /// Reads a whole answer without its header and NUL.
    fn decode(body: &[u8]) -> Option<Self> {
        let (identifier, rest) = body.split_first()?;
        match identifier {
            0x20 if rest.is_empty() => Some(Self::Entered),
            0x21 => {
                let digits = <[u8; 8]>::try_from(rest).ok()?;
                let are_switches = digits.iter().all(|digit| matches!(digit, b'0' | b'1'));
                are_switches.then(|| Self::Switches(digits.map(|digit| digit == b'1')))
            }
            0x27 => {
                let (number, value) = pair(rest)?;
                Some(Self::Value {
                    number: u8::try_from(number).ok()?,
                    value: u16::try_from(value).ok()?,
                })
            }
            0x33 => {
                let (number, value) = pair(rest)?;
                let item = SerialItem::from_number(u8::try_from(number).ok()?)?;
                Some(Self::Serial { item, value })
            }
            _ => None,
        }
    }
}

/// Two decimal numbers with a separator between them.
fn pair(bytes: &[u8]) -> Option<(u32, u32)> {
    let at = bytes.iter().position(|byte| *byte == SEPARATOR)?;
    Some((decimal(&bytes[..at])?, decimal(&bytes[at + 1..])?))
}

fn decimal(digits: &[u8]) -> Option<u32> {
    let are_digits = (1..=6).contains(&digits.len()) && digits.iter().all(u8::is_ascii_digit);
    if !are_digits {
        return None;
    }
    Some(
        digits
            .iter()
            .fold(0, |number, digit| number * 10 + u32::from(digit - b'0')),
    )
}

/// Finds answers in a printer's stream. Chunks do not matter; bytes of other answers, such as
/// automatic status, are passed over.
#[derive(Clone, Debug, Default)]
pub struct Decoder {
    held: Vec<u8>,
}

impl Decoder {
    /// Takes bytes and gives the answers that are complete.
    pub fn feed(&mut self, bytes: &[u8]) -> Vec<Answer> {
        let mut answers = Vec::new();
        for byte in bytes {
            // Pauses the host may be asked for stand anywhere and belong to no answer.
            if matches!(*byte, XON | XOFF) {
                continue;
            }
            self.held.push(*byte);
            self.settle(&mut answers);
        }
        answers
    }

    /// Takes complete answers off the front, and bytes that can begin none.
    fn settle(&mut self, answers: &mut Vec<Answer>) {
        while let Some(first) = self.held.first() {
            let nul = self.held.iter().position(|byte| *byte == 0);
            match (*first == HEADER, nul) {
                (true, Some(nul)) => match Answer::decode(&self.held[1..nul]) {
                    Some(answer) => {
                        answers.push(answer);
                        self.held.drain(..=nul);
                    }
                    None => {
                        self.held.remove(0);
                    }
                },
                (true, None) if self.held.len() < ANSWER_MAX => return,
                _ => {
                    self.held.remove(0);
                }
            }
        }
    }
}
