//! A simulated Alpha sign: the sign's side of [`crate::alpha`], read from the manual by hand.

use std::collections::BTreeMap;

/// Longest transmission that is taken, in bytes.
const HELD_MAX: usize = 2_048;

/// One sign.
#[derive(Clone, Debug, Default)]
pub struct VirtualAlpha {
    address: u8,
    texts: BTreeMap<u8, Vec<u8>>,
    strings: BTreeMap<u8, StringFile>,
    speaker_is_off: bool,
    beeps: u64,
    layouts: u64,
    /// The transmission so far, from its 01h on.
    held: Vec<u8>,
}

#[derive(Clone, Debug)]
struct StringFile {
    room: usize,
    holds: Vec<u8>,
}

impl VirtualAlpha {
    /// A sign whose memory is not laid out.
    pub fn new(address: u8) -> Self {
        Self {
            address,
            ..Self::default()
        }
    }

    /// What it shows: its TEXT file with the STRING files that this calls.
    pub fn shown(&self) -> String {
        let mut shown = Vec::new();
        let mut bytes = self.texts.values().flatten();
        while let Some(byte) = bytes.next() {
            match byte {
                // Position and mode.
                0x1b => {
                    bytes.nth(1);
                }
                0x10 => {
                    let file = bytes.next().and_then(|label| self.strings.get(label));
                    shown.extend(file.into_iter().flat_map(|file| &file.holds));
                }
                other => shown.push(*other),
            }
        }
        String::from_utf8_lossy(&shown).into_owned()
    }

    /// Beeps so far.
    pub fn beeps(&self) -> u64 {
        self.beeps
    }

    /// How often its memory was laid out.
    pub fn layouts(&self) -> u64 {
        self.layouts
    }

    /// Hears bytes on the line and gives its answers to those that are for it.
    pub fn hear(&mut self, bytes: &[u8]) -> Vec<u8> {
        let mut answer = Vec::new();
        for byte in bytes {
            match byte {
                // A start is a start wherever it is: what went before was cut off.
                0x01 => self.held = vec![0x01],
                0x04 if !self.held.is_empty() => {
                    let whole = std::mem::take(&mut self.held);
                    answer.extend(self.transmission(&whole[1..]).unwrap_or_default());
                }
                other if !self.held.is_empty() => self.held.push(*other),
                _ => {}
            }
            if self.held.len() > HELD_MAX {
                self.held.clear();
            }
        }
        answer
    }

    fn transmission(&mut self, bytes: &[u8]) -> Option<Vec<u8>> {
        let [kind, high, low, commands @ ..] = bytes else {
            return None;
        };
        let is_for_all = [*high, *low] == *b"00";
        let digits = std::str::from_utf8(&bytes[1..3]).ok()?;
        let address = u8::from_str_radix(digits, 16).ok()?;
        if *kind != b'Z' || !(is_for_all || address == self.address) {
            return None;
        }
        let mut answer = Vec::new();
        for command in commands.split(|byte| *byte == 0x02).skip(1) {
            let end = command.iter().position(|byte| *byte == 0x03)?;
            let (said, sum) = (&command[..end], &command[end + 1..]);
            let total: u32 = 5 + said.iter().map(|byte| u32::from(*byte)).sum::<u32>();
            if sum != format!("{:04X}", total & 0xffff).as_bytes() {
                continue;
            }
            let read = self.command(said).unwrap_or_default();
            if !is_for_all {
                answer.extend(read);
            }
        }
        Some(answer)
    }

    fn command(&mut self, said: &[u8]) -> Option<Vec<u8>> {
        match said {
            [b'E', b'$', files @ ..] => {
                self.texts.clear();
                self.strings.clear();
                self.layouts += 1;
                for file in files.chunks_exact(11) {
                    let size = std::str::from_utf8(&file[3..7]).ok()?;
                    let room = usize::from_str_radix(size, 16).ok()?;
                    match file[1] {
                        b'A' => {
                            self.texts.insert(file[0], Vec::new());
                        }
                        b'B' if file[2] == b'L' => {
                            let holds = Vec::new();
                            self.strings.insert(file[0], StringFile { room, holds });
                        }
                        _ => {}
                    }
                }
            }
            [b'E', b'7', digits @ ..] => {
                let digits = std::str::from_utf8(digits).ok()?;
                self.address = u8::from_str_radix(digits, 16).ok()?;
            }
            b"F!" => {
                let said = if self.speaker_is_off {
                    b"E!FF"
                } else {
                    b"E!00"
                };
                return Some(answer(said));
            }
            b"E!00" => self.speaker_is_off = false,
            b"E!FF" => self.speaker_is_off = true,
            b"E(1" if !self.speaker_is_off => self.beeps += 3,
            [b'A', label, text @ ..] => *self.texts.get_mut(label)? = text.to_vec(),
            [b'G', label, text @ ..] => {
                let file = self.strings.get_mut(label)?;
                file.holds = text[..text.len().min(file.room)].to_vec();
            }
            [b'H', label] => {
                let file = self.strings.get(label)?;
                let mut said = vec![b'G', *label];
                said.extend(&file.holds);
                return Some(answer(&said));
            }
            _ => {}
        }
        None
    }
}

/// An answer to the host, with its sum from 02h to 03h.
fn answer(said: &[u8]) -> Vec<u8> {
    let total: u32 = 5 + said.iter().map(|byte| u32::from(*byte)).sum::<u32>();
    let mut answer = vec![0; 20];
    answer.extend(b"\x01000\x02");
    answer.extend(said);
    answer.push(0x03);
    answer.extend(format!("{:04X}\x04", total & 0xffff).bytes());
    answer
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::alpha::{self, Target};
    use std::num::NonZeroU8;

    fn one() -> Target {
        Target::One(NonZeroU8::MIN)
    }

    #[test]
    fn a_sign_beeps_only_with_its_speaker_on() {
        let mut sign = VirtualAlpha::new(1);
        sign.hear(&alpha::beep(one()).bytes());
        sign.hear(&alpha::set_speaker(one(), false).bytes());
        sign.hear(&alpha::beep(one()).bytes());
        let said = sign.hear(&alpha::ask_speaker(one()).bytes());
        assert_eq!(alpha::parse_speaker(&said), Some(false));
        assert_eq!(alpha::parse_speaker(&said[..said.len() - 1]), None);
        assert_eq!(sign.beeps(), 3);
    }

    #[test]
    fn a_new_address_and_all_signs_together() {
        let mut sign = VirtualAlpha::new(1);
        sign.hear(&alpha::prepare(Target::All, 12).bytes());
        let two = NonZeroU8::new(2).unwrap();
        sign.hear(&alpha::set_address(one(), two).bytes());
        sign.hear(&alpha::show(one(), "A001").unwrap().bytes());
        assert_eq!(sign.shown(), "");
        sign.hear(&alpha::show(Target::One(two), "A002").unwrap().bytes());
        assert_eq!((sign.shown(), sign.layouts()), ("A002".into(), 1));
        let asked = alpha::read_back(Target::All, "A002").unwrap();
        assert!(sign.hear(&asked.bytes()).is_empty(), "all would answer");
        sign.hear(&alpha::soft_reset(Target::One(two)).bytes());
        assert_eq!(sign.shown(), "A002", "memory outlives a reset");
    }

    #[test]
    fn a_sign_that_is_not_laid_out_shows_nothing() {
        let mut sign = VirtualAlpha::new(1);
        sign.hear(&alpha::show(one(), "A001").unwrap().bytes());
        assert_eq!(sign.shown(), "");
    }

    #[test]
    fn memory_is_bounded() {
        let mut sign = VirtualAlpha::new(1);
        sign.hear(&[0x01]);
        for _ in 0..100 {
            sign.hear(&[b'x'; 100]);
        }
        assert!(sign.held.len() <= HELD_MAX);
    }
}
