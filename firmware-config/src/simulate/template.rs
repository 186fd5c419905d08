//! A simulated panel whose frames stand in a profile. It reads frames from their layout, and knows
//! nothing of how they are written.

use crate::template::{
    AddressForm, AnswerMeaning, ChecksumKind, Layout, Piece, Template, TextForm, TextPart, segments,
};

/// One panel.
#[derive(Clone, Debug)]
pub struct VirtualTemplate {
    template: Template,
    address: u8,
    shown: String,
    held: Vec<u8>,
}

impl VirtualTemplate {
    /// A dark panel.
    pub fn new(template: Template, address: u8) -> Self {
        Self {
            template,
            address,
            shown: String::new(),
            held: Vec::new(),
        }
    }

    /// What it shows, without blanks around it. Numbers have no zeros before them; of characters
    /// that seven segments draw alike, the digit is given.
    pub fn shown(&self) -> &str {
        &self.shown
    }

    /// Hears bytes on the line and gives its answers to those that are for it.
    pub fn hear(&mut self, bytes: &[u8]) -> Vec<u8> {
        let mut answer = Vec::new();
        for byte in bytes {
            self.held.push(*byte);
            let lengths = self.template.frames().map(|frame| frame.layout.length());
            let longest = lengths.max().unwrap_or(0);
            let excess = self.held.len().saturating_sub(longest);
            self.held.drain(..excess);
            let heard = self.template.frames().find_map(|frame| {
                let start = self.held.len().checked_sub(frame.layout.length())?;
                let shown = read(&frame.layout, &self.held[start..], self.address)?;
                let mut answers = frame.answers.iter();
                let answer = answers.find(|(means, _)| *means == AnswerMeaning::Acknowledged);
                let answer = answer.map(|(_, layout)| write(layout, self.address));
                Some((shown, answer.unwrap_or_default()))
            });
            if let Some((shown, said)) = heard {
                self.shown = shown;
                self.held.clear();
                answer.extend(said);
            }
        }
        answer
    }
}

/// The text of a frame, empty where it has none, or `None` where the bytes are not this frame.
fn read(layout: &Layout, bytes: &[u8], address: u8) -> Option<String> {
    let mut shown = String::new();
    let mut at = 0;
    for piece in layout.pieces() {
        let field = bytes.get(at..at + piece.length())?;
        at += piece.length();
        let fits = match piece {
            Piece::Constant(constant) => constant == field,
            Piece::Address(form) => read_address(*form, field) == Some(u16::from(address)),
            Piece::Text(part) => {
                shown = read_text(part, field)?;
                true
            }
            Piece::Checksum(kind, over) => sum(*kind, bytes.get(over.clone())?) == field,
            Piece::Any => true,
        };
        if !fits {
            return None;
        }
    }
    Some(shown)
}

fn read_address(form: AddressForm, field: &[u8]) -> Option<u16> {
    let digits = |radix| {
        let digits = std::str::from_utf8(field).ok()?;
        u16::from_str_radix(digits, radix).ok()
    };
    match (form, field) {
        (AddressForm::U8, [one]) => Some(u16::from(*one)),
        (AddressForm::U16Be, [high, low]) | (AddressForm::U16Le, [low, high]) => {
            Some(u16::from(*high) * 256 + u16::from(*low))
        }
        (AddressForm::Hex2, _) => digits(16),
        (AddressForm::Dec2, _) => digits(10),
        (AddressForm::Bcd, [both]) => Some(u16::from(both >> 4) * 10 + u16::from(both & 15)),
        _ => None,
    }
}

fn read_text(part: &TextPart, field: &[u8]) -> Option<String> {
    let number = |bytes: &[u8]| {
        let number = bytes
            .iter()
            .fold(0_u32, |n, byte| n * 256 + u32::from(*byte));
        let most = u32::from(part.max.unwrap_or(u16::MAX));
        (number <= most).then(|| number.to_string())
    };
    match part.form {
        TextForm::U8 | TextForm::U16Be => number(field),
        TextForm::U16Le => number(&[*field.get(1)?, *field.first()?]),
        TextForm::Ascii => {
            let text = std::str::from_utf8(field).ok()?;
            Some(text.trim().to_owned())
        }
        TextForm::Bcd => {
            let nibbles = field.iter().flat_map(|byte| [byte >> 4, byte & 15]);
            let digits: String = nibbles
                .filter_map(|nibble| char::from_digit(u32::from(nibble), 10))
                .collect();
            Some(digits)
        }
        TextForm::Segments => {
            let cells = field.iter().map(|bits| {
                ('0'..='9')
                    .chain(" -_=\"?'".chars())
                    .chain('A'..='Z')
                    .find(|character| segments(*character) == Some(*bits))
            });
            let text: Option<String> = cells.collect();
            Some(text?.trim().to_owned())
        }
    }
}

fn write(layout: &Layout, address: u8) -> Vec<u8> {
    let mut bytes = Vec::new();
    for piece in layout.pieces() {
        match piece {
            Piece::Constant(constant) => bytes.extend(constant),
            Piece::Address(form) => bytes.extend(form.bytes(address).unwrap_or_default()),
            Piece::Checksum(kind, over) => {
                let sum = sum(*kind, bytes.get(over.clone()).unwrap_or_default());
                bytes.extend(sum);
            }
            Piece::Text(_) | Piece::Any => bytes.extend(vec![0; piece.length()]),
        }
    }
    bytes
}

/// The checksum, counted another way than the host does.
fn sum(kind: ChecksumKind, covered: &[u8]) -> Vec<u8> {
    match kind {
        ChecksumKind::Sum8 => {
            let total: usize = covered.iter().map(|byte| usize::from(*byte)).sum();
            vec![(total % 256) as u8]
        }
        ChecksumKind::Xor8 => {
            let mut xor = 0;
            for byte in covered {
                xor ^= byte;
            }
            vec![xor]
        }
        ChecksumKind::Crc16Modbus => {
            // From the generator polynomial x^16 + x^15 + x^2 + 1, bit by bit as they are sent.
            let mut register = 0xffff_u16;
            for byte in covered {
                for bit in 0..8 {
                    let differs = (register ^ u16::from(byte >> bit)) & 1 == 1;
                    register >>= 1;
                    if differs {
                        register ^= 0b1010_0000_0000_0001;
                    }
                }
            }
            vec![(register & 0xff) as u8, (register >> 8) as u8]
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::template::{AnswerSpec, ChecksumPart, FrameSpec, FrameUse, HexBytes, Part};
    use proptest::prelude::*;

    fn number(form: TextForm, len: Option<u8>) -> TextPart {
        TextPart {
            form,
            len,
            pad: None,
            fill: None,
            max: None,
            drop_letters: false,
        }
    }

    /// Constant, address, text and checksum, in every form of each.
    fn any_frame() -> impl Strategy<Value = FrameSpec> {
        let address = prop::sample::select(vec![
            AddressForm::U8,
            AddressForm::U16Be,
            AddressForm::U16Le,
            AddressForm::Hex2,
            AddressForm::Dec2,
            AddressForm::Bcd,
        ]);
        let text = prop::sample::select(vec![
            number(TextForm::Ascii, Some(3)),
            number(TextForm::Bcd, Some(2)),
            number(TextForm::U16Be, None),
            number(TextForm::U16Le, None),
            number(TextForm::Segments, Some(4)),
        ]);
        let kind = prop::sample::select(vec![
            ChecksumKind::Sum8,
            ChecksumKind::Xor8,
            ChecksumKind::Crc16Modbus,
        ]);
        (address, text, kind).prop_map(|(address, text, kind)| {
            let start = Part::Const(HexBytes(vec![0x02, 0x50]));
            let checksum = Part::Checksum(ChecksumPart { kind, over: None });
            let answer = vec![Part::Any(2), Part::Address(address), checksum.clone()];
            FrameSpec {
                usage: FrameUse::Show,
                parts: vec![start, Part::Address(address), Part::Text(text), checksum],
                answers: vec![AnswerSpec {
                    means: AnswerMeaning::Acknowledged,
                    parts: answer,
                }],
            }
        })
    }

    proptest! {
        #[test]
        fn any_frame_is_read_as_it_was_meant(
            frame in any_frame(),
            address in 0..=99_u8,
            shown in 0..=999_u16,
            at in any::<prop::sample::Index>(),
            bit in 0..8_u8,
        ) {
            let template = Template::new(&[frame]).unwrap();
            let outgoing = template.show(address, &shown.to_string()).unwrap();
            let bytes = outgoing.bytes();
            let mut broken = bytes.clone();
            broken[at.index(bytes.len())] ^= 1 << bit;
            let mut panel = VirtualTemplate::new(template.clone(), address);
            prop_assert!(panel.hear(&broken).is_empty());
            prop_assert_eq!(panel.shown(), "");
            let answer = panel.hear(&bytes);
            prop_assert_eq!(panel.shown().parse(), Ok(shown));
            let mut listener = crate::panel::Listener::new(outgoing.answer);
            prop_assert_eq!(listener.feed(&answer), crate::panel::Heard::Acknowledged);
            let mut other = VirtualTemplate::new(template, address + 1);
            prop_assert!(other.hear(&bytes).is_empty());
        }
    }
}
