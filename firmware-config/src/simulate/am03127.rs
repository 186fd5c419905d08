//! A simulated AM03127 board: the board's side of [`crate::am03127`], read from the datasheet by
//! hand.

/// Longest packet that is taken, in bytes.
const HELD_MAX: usize = 512;

/// One board.
#[derive(Clone, Debug)]
pub struct VirtualAm03127 {
    id: u8,
    shown: String,
    clock: Option<String>,
    brightness: char,
    held: Vec<u8>,
}

impl VirtualAm03127 {
    /// A board that shows nothing.
    pub fn new(id: u8) -> Self {
        Self {
            id,
            shown: String::new(),
            clock: None,
            brightness: 'A',
            held: Vec::new(),
        }
    }

    /// Text of the page it runs, without trailing blanks.
    pub fn shown(&self) -> &str {
        self.shown.trim_end()
    }

    /// The digits its clock was last set to.
    pub fn clock(&self) -> Option<&str> {
        self.clock.as_deref()
    }

    /// `A` full to `D` a quarter.
    pub fn brightness(&self) -> char {
        self.brightness
    }

    /// Hears bytes on the line and gives its answers to those that are for it.
    pub fn hear(&mut self, bytes: &[u8]) -> Vec<u8> {
        let mut answer = Vec::new();
        for byte in bytes {
            self.held.push(*byte);
            if self.held.ends_with(b"<ID") {
                self.held = b"<ID".to_vec();
            }
            if self.held.ends_with(b"<E>") {
                let whole = std::mem::take(&mut self.held);
                answer.extend(self.packet(&whole).unwrap_or_default());
            }
            if self.held.len() > HELD_MAX {
                self.held.clear();
            }
        }
        answer
    }

    fn packet(&mut self, bytes: &[u8]) -> Option<Vec<u8>> {
        let packet = std::str::from_utf8(bytes).ok()?.strip_prefix("<ID")?;
        let packet = packet.strip_suffix("<E>")?;
        let number = |digits: &str| u8::from_str_radix(digits, 16).ok();
        if let Some(new) = packet.strip_prefix("><") {
            let new = new.strip_suffix('>')?;
            self.id = number(new).filter(|id| *id > 0)?;
            return Some(new.as_bytes().to_vec());
        }
        let (id, rest) = packet.split_once('>')?;
        let id = number(id).filter(|_| id.len() == 2)?;
        if id != 0 && id != self.id {
            return None;
        }
        let (data, sum) = rest.split_at_checked(rest.len().checked_sub(2)?)?;
        let is_right = number(sum) == Some(data.bytes().fold(0, |xor, byte| xor ^ byte));
        if is_right {
            self.take(data);
        }
        match (id, is_right) {
            (0, _) => None,
            (_, true) => Some(b"ACK".to_vec()),
            (_, false) => Some(b"NACK".to_vec()),
        }
    }

    fn take(&mut self, data: &str) {
        if let Some(digits) = data.strip_prefix("<SC>") {
            self.clock = Some(digits.to_owned());
            return;
        }
        if let Some(level @ ('A'..='D')) = data
            .strip_prefix("<B")
            .and_then(|rest| rest.strip_suffix('>'))
            .and_then(|level| level.parse().ok())
        {
            self.brightness = level;
            return;
        }
        // Page A is the one that runs.
        let Some(mut rest) = data.strip_prefix("<L1><PA>") else {
            return;
        };
        while let Some((_, behind)) = rest.strip_prefix('<').and_then(|tag| tag.split_once('>')) {
            rest = behind;
        }
        rest.clone_into(&mut self.shown);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::am03127::{self, ClockTime, Target};
    use std::num::NonZeroU8;

    #[test]
    fn answers_are_as_in_the_datasheet() {
        let mut board = VirtualAm03127::new(1);
        let page = b"<ID01><L1><PA><FE><MA><WC><FE><CA><AA>A01204<E>";
        assert_eq!(board.hear(page), b"ACK");
        assert_eq!(board.shown(), "A012");
        assert_eq!(
            board.hear(b"<ID01><L1><PA><FE><MA><WC><FE>A01308<E>"),
            b"NACK"
        );
        assert_eq!(board.hear(b"<ID02><L1><PA><FE><MA><WC><FE>A01206<E>"), b"");
        assert_eq!(board.hear(b"<ID00><L1><PA><FE><MA><WC><FE>A01206<E>"), b"");
        assert_eq!(board.shown(), "A012");
    }

    #[test]
    fn settings() {
        let mut board = VirtualAm03127::new(1);
        let nine = NonZeroU8::new(9).unwrap();
        assert_eq!(board.hear(&am03127::set_address(nine).bytes()), b"09");
        let target = Target::One(nine);
        let time = ClockTime {
            year: 26,
            weekday: 1,
            month: 11,
            day: 23,
            hour: 8,
            minute: 0,
            second: 0,
        };
        assert_eq!(
            board.hear(&am03127::set_clock(target, time).bytes()),
            b"ACK"
        );
        assert_eq!(board.clock(), Some("26011123080000"));
        board.hear(&am03127::set_brightness(target, 'C').bytes());
        assert_eq!(board.brightness(), 'C');
    }
}
