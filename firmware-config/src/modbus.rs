//! Modbus RTU frames: function 03 (read registers), 06 (write one), 10h (write several), both the
//! master's requests and a slave's replies.
//!
//! A frame is the slave's address, a function, data and a CRC-16, low byte first (Modbus over
//! serial line V1.02, 2.5.1). On the wire frames are told apart by silence; a program behind a
//! USB adapter does not see the silence, so both directions here are found by length and CRC,
//! which also survives noise before a frame.

use std::fmt;
use std::ops::Range;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Longest frame, in bytes (V1.02, 2.5.1).
pub const FRAME_MAX: usize = 256;
/// Shortest frame, in bytes: address, function, one byte and the CRC.
const FRAME_MIN: usize = 5;
/// Most registers a single write carries (Application Protocol V1.1b3, 6.12).
const REGISTERS_MAX: usize = 123;

const READ: u8 = 0x03;
const WRITE_ONE: u8 = 0x06;
const WRITE_MANY: u8 = 0x10;
const EXCEPTION: u8 = 0x80;

/// CRC-16 with the reversed polynomial A001h, starting at FFFFh (V1.02, 2.5.1.2).
pub fn crc16(bytes: &[u8]) -> u16 {
    bytes.iter().fold(0xffff_u16, |crc, byte| {
        (0..8).fold(crc ^ u16::from(*byte), |crc, _| {
            if crc & 1 == 1 {
                (crc >> 1) ^ 0xa001
            } else {
                crc >> 1
            }
        })
    })
}

/// Address of one slave, 1 to 247. The broadcast address 0 cannot be made: a broadcast write of
/// an address or speed register would change every device of a line at once.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(try_from = "u8", into = "u8")]
pub struct Address(#[schemars(range(min = 1, max = 247))] u8);

impl Address {
    /// The address, or `None` outside 1 to 247.
    pub fn new(address: u8) -> Option<Self> {
        (1..=247).contains(&address).then_some(Self(address))
    }

    /// The address as a number.
    pub fn get(self) -> u8 {
        self.0
    }
}

impl TryFrom<u8> for Address {
    type Error = String;

    fn try_from(address: u8) -> Result<Self, String> {
        Self::new(address).ok_or_else(|| format!("invalid address {address}, expected 1 to 247"))
    }
}

impl From<Address> for u8 {
    fn from(address: Address) -> u8 {
        address.0
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// What a master asks of one slave.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// The slave.
    pub address: Address,
    /// What to do.
    pub action: Action,
}

/// What to do with a slave's registers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Action {
    /// Function 03: read `count` registers from `register` on.
    Read {
        /// First register.
        register: u16,
        /// How many, 1 to 125.
        count: u16,
    },
    /// Function 06: write one register.
    WriteOne {
        /// The register.
        register: u16,
        /// Its new value.
        value: u16,
    },
    /// Function 10h: write consecutive registers.
    WriteMany {
        /// First register.
        register: u16,
        /// New values, 1 to 123 of them.
        values: Vec<u16>,
    },
}

impl Request {
    /// The request's bytes with CRC. Values beyond the 123rd are left out, as no frame holds them.
    pub fn encode(&self) -> Vec<u8> {
        let mut frame = vec![self.address.get()];
        match &self.action {
            Action::Read { register, count } => {
                frame.push(READ);
                frame.extend(register.to_be_bytes());
                frame.extend(count.to_be_bytes());
            }
            Action::WriteOne { register, value } => {
                frame.push(WRITE_ONE);
                frame.extend(register.to_be_bytes());
                frame.extend(value.to_be_bytes());
            }
            Action::WriteMany { register, values } => {
                let values = &values[..values.len().min(REGISTERS_MAX)];
                // At most 123, so that both casts are exact.
                let count = values.len() as u16;
                frame.push(WRITE_MANY);
                frame.extend(register.to_be_bytes());
                frame.extend(count.to_be_bytes());
                frame.push((count * 2) as u8);
                frame.extend(values.iter().flat_map(|value| value.to_be_bytes()));
            }
        }
        with_crc(frame)
    }

    /// Finds the first whole request in what a slave has heard, skipping noise before it.
    pub fn find(heard: &[u8]) -> Option<(Range<usize>, Self)> {
        (0..heard.len()).find_map(|start| {
            let (length, request) = Self::decode(&heard[start..])?;
            Some((start..start + length, request))
        })
    }

    fn decode(bytes: &[u8]) -> Option<(usize, Self)> {
        let (address, function) = (Address::new(*bytes.first()?)?, *bytes.get(1)?);
        let length = match function {
            READ | WRITE_ONE => 8,
            WRITE_MANY => 9 + usize::from(*bytes.get(6)?),
            _ => return None,
        };
        let frame = checked(bytes, length)?;
        let (register, second) = (word(frame, 2)?, word(frame, 4)?);
        let action = match function {
            READ => Action::Read {
                register,
                count: second,
            },
            WRITE_ONE => Action::WriteOne {
                register,
                value: second,
            },
            _ => {
                let values = words(frame.get(7..length - 2)?);
                if values.is_empty() || values.len() != usize::from(second) {
                    return None;
                }
                Action::WriteMany { register, values }
            }
        };
        Some((length, Self { address, action }))
    }

    /// The reply of a slave that has done what was asked; `read` are the values of a read.
    pub fn reply(&self, read: &[u16]) -> Vec<u8> {
        let mut frame = vec![self.address.get()];
        match &self.action {
            Action::Read { .. } => {
                frame.push(READ);
                frame.push((read.len().min(REGISTERS_MAX) * 2) as u8);
                frame.extend(
                    read.iter()
                        .take(REGISTERS_MAX)
                        .flat_map(|value| value.to_be_bytes()),
                );
            }
            Action::WriteOne { .. } => return self.encode(),
            Action::WriteMany { register, values } => {
                frame.push(WRITE_MANY);
                frame.extend(register.to_be_bytes());
                frame.extend((values.len() as u16).to_be_bytes());
            }
        }
        with_crc(frame)
    }

    /// The reply of a slave that refuses.
    pub fn refuse(&self, exception: Exception) -> Vec<u8> {
        let function = self.function() | EXCEPTION;
        with_crc(vec![self.address.get(), function, exception.0])
    }

    fn function(&self) -> u8 {
        match self.action {
            Action::Read { .. } => READ,
            Action::WriteOne { .. } => WRITE_ONE,
            Action::WriteMany { .. } => WRITE_MANY,
        }
    }

    /// How long the reply that begins with these bytes is, in bytes; `None` where none begins so.
    /// Address and function are looked at as far as they are there.
    pub(crate) fn reply_length(&self, start: &[u8]) -> Option<usize> {
        if start
            .first()
            .is_some_and(|first| *first != self.address.get())
        {
            return None;
        }
        let done = match self.action {
            Action::Read { count, .. } => FRAME_MIN + usize::from(count) * 2,
            Action::WriteOne { .. } | Action::WriteMany { .. } => 8,
        };
        match start.get(1) {
            Some(function) if *function == self.function() | EXCEPTION => Some(FRAME_MIN),
            Some(function) if *function != self.function() => None,
            _ => Some(done),
        }
    }

    /// Finds the reply to this request in what the master has heard, skipping noise before it.
    /// Frames of other slaves and replies to other requests do not match.
    pub fn find_reply(&self, heard: &[u8]) -> Option<(Range<usize>, Reply)> {
        if heard.len() < FRAME_MIN {
            return None;
        }
        (0..=heard.len() - FRAME_MIN).find_map(|start| {
            let (length, reply) = self.decode_reply(&heard[start..])?;
            Some((start..start + length, reply))
        })
    }

    fn decode_reply(&self, bytes: &[u8]) -> Option<(usize, Reply)> {
        if *bytes.first()? != self.address.get() {
            return None;
        }
        let function = *bytes.get(1)?;
        match (&self.action, function) {
            (Action::Read { count, .. }, READ) => {
                let data = usize::from(*bytes.get(2)?);
                if data != usize::from(*count) * 2 {
                    return None;
                }
                let frame = checked(bytes, 5 + data)?;
                Some((frame.len(), Reply::Values(words(frame.get(3..3 + data)?))))
            }
            (Action::WriteOne { register, value }, WRITE_ONE) => {
                let frame = checked(bytes, 8)?;
                let same = word(frame, 2)? == *register && word(frame, 4)? == *value;
                same.then_some((8, Reply::Written))
            }
            (Action::WriteMany { register, values }, WRITE_MANY) => {
                let frame = checked(bytes, 8)?;
                let same =
                    word(frame, 2)? == *register && usize::from(word(frame, 4)?) == values.len();
                same.then_some((8, Reply::Written))
            }
            (_, function) => {
                if function != self.function() | EXCEPTION {
                    return None;
                }
                let frame = checked(bytes, 5)?;
                Some((5, Reply::Refused(Exception(*frame.get(2)?))))
            }
        }
    }
}

/// What a slave answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reply {
    /// The registers read.
    Values(Vec<u16>),
    /// The write was taken.
    Written,
    /// The slave refused.
    Refused(Exception),
}

/// Why a slave refused (Application Protocol V1.1b3, 7).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Exception(pub u8);

impl Exception {
    /// The slave has no such register.
    pub const ILLEGAL_ADDRESS: Self = Self(2);
}

impl fmt::Display for Exception {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let meaning = match self.0 {
            1 => "function not supported",
            2 => "no such register",
            3 => "value not allowed",
            4 => "device failure",
            5 => "accepted, still working",
            6 => "device busy",
            _ => "unknown cause",
        };
        write!(f, "exception {:02}: {meaning}", self.0)
    }
}

fn with_crc(mut frame: Vec<u8>) -> Vec<u8> {
    let crc = crc16(&frame);
    frame.extend(crc.to_le_bytes());
    frame
}

/// The first `length` bytes if they end in their own CRC.
fn checked(bytes: &[u8], length: usize) -> Option<&[u8]> {
    let frame = bytes.get(..length)?;
    let (body, crc) = frame.split_last_chunk::<2>()?;
    (crc16(body) == u16::from_le_bytes(*crc)).then_some(frame)
}

fn word(frame: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_be_bytes([*frame.get(at)?, *frame.get(at + 1)?]))
}

fn words(data: &[u8]) -> Vec<u16> {
    data.chunks_exact(2)
        .map(|pair| u16::from_be_bytes([pair[0], pair[1]]))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn to(address: u8, action: Action) -> Request {
        Request {
            address: Address::new(address).unwrap(),
            action,
        }
    }

    #[test]
    fn published_vectors() {
        // A panel vendor's own example.
        let fifty = to(
            1,
            Action::WriteOne {
                register: 0,
                value: 50,
            },
        );
        assert_eq!(fifty.encode(), [0x01, 0x06, 0, 0, 0, 0x32, 0x08, 0x1f]);
        // Write and reply as exchanged with a third-party slave.
        let text = to(
            1,
            Action::WriteMany {
                register: 0x70,
                values: vec![0x4130, 0x3132, 0x2020],
            },
        );
        assert_eq!(
            text.encode(),
            [
                1, 0x10, 0, 0x70, 0, 3, 6, 0x41, 0x30, 0x31, 0x32, 0x20, 0x20, 0x1c, 0x95
            ]
        );
        let reply = [1, 0x10, 0, 0x70, 0, 3, 0x81, 0xd3];
        assert_eq!(text.reply(&[]), reply);
        assert_eq!(text.find_reply(&reply), Some((0..8, Reply::Written)));
        // Application Protocol V1.1b3, 6.3, with the CRC worked out by hand tools.
        let read = to(
            0x11,
            Action::Read {
                register: 0x6b,
                count: 3,
            },
        );
        assert_eq!(read.encode(), [0x11, 0x03, 0, 0x6b, 0, 3, 0x76, 0x87]);
    }

    #[test]
    fn a_slave_may_refuse() {
        let read = to(
            9,
            Action::Read {
                register: 5,
                count: 1,
            },
        );
        let refusal = read.refuse(Exception::ILLEGAL_ADDRESS);
        assert_eq!(
            read.find_reply(&refusal),
            Some((0..5, Reply::Refused(Exception::ILLEGAL_ADDRESS)))
        );
        assert_eq!(
            Exception::ILLEGAL_ADDRESS.to_string(),
            "exception 02: no such register"
        );
    }

    #[test]
    fn another_slave_s_reply_is_no_reply() {
        let one = to(
            1,
            Action::WriteOne {
                register: 0,
                value: 7,
            },
        );
        let two = to(
            2,
            Action::WriteOne {
                register: 0,
                value: 7,
            },
        );
        assert_eq!(one.find_reply(&two.reply(&[])), None);
        let other_value = to(
            1,
            Action::WriteOne {
                register: 0,
                value: 8,
            },
        );
        assert_eq!(one.find_reply(&other_value.reply(&[])), None);
    }

    #[test]
    fn broadcast_cannot_be_addressed() {
        assert_eq!(Address::new(0), None);
        assert_eq!(Address::new(248), None);
    }

    fn any_request() -> impl Strategy<Value = Request> {
        let action = prop_oneof![
            (any::<u16>(), 1..=100_u16)
                .prop_map(|(register, count)| Action::Read { register, count }),
            (any::<u16>(), any::<u16>())
                .prop_map(|(register, value)| Action::WriteOne { register, value }),
            (
                any::<u16>(),
                prop::collection::vec(any::<u16>(), 1..=REGISTERS_MAX)
            )
                .prop_map(|(register, values)| Action::WriteMany { register, values }),
        ];
        (1..=247_u8, action).prop_map(|(address, action)| to(address, action))
    }

    proptest! {
        #[test]
        fn requests_survive_the_wire(request in any_request()) {
            let bytes = request.encode();
            prop_assert!(bytes.len() <= FRAME_MAX);
            prop_assert_eq!(Request::find(&bytes), Some((0..bytes.len(), request.clone())));
            let values = match &request.action {
                Action::Read { count, .. } => vec![0xabcd; usize::from(*count)],
                _ => vec![],
            };
            let reply = request.reply(&values);
            let (range, _) = request.find_reply(&reply).unwrap();
            prop_assert_eq!(range, 0..reply.len());
        }

        #[test]
        fn one_flipped_bit_is_noticed(request in any_request(), bit in 0..16_384_usize) {
            let mut bytes = request.encode();
            let bit = bit % (bytes.len() * 8);
            bytes[bit / 8] ^= 1 << (bit % 8);
            let found = Request::find(&bytes).map(|(_, request)| request);
            prop_assert_ne!(found, Some(request));
        }

        #[test]
        fn noise_never_panics(heard in prop::collection::vec(any::<u8>(), 0..600), request in any_request()) {
            let _ = Request::find(&heard);
            let _ = request.find_reply(&heard);
        }
    }
}
