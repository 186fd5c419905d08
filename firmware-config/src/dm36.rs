//! Seven-segment panels DM36B06 (6 digits) and DM56A04 (4 digits) on Modbus RTU, 9600 8N1 and
//! address 1 when new.
//!
//! Register map from lamaplc.com, "DM56A04 / DM36B06 digital tube display", Modbus features: 0 to
//! 5 one ASCII character each, 6 and 7 together a number, 7 alone a number up to 65535. Brightness
//! 9 and address 253 from two hobby drivers that agree (MM8D's `dm36b06.py` and an ESP32 tutorial
//! for the DM56A04), so these two are known only at second hand.

use crate::modbus::{Action, Address, Request};
use crate::panel::{Expected, Outgoing, ShowError, check_printable};

/// The leftmost digit; one ASCII character per register from here on.
pub const REGISTER_TEXT: u16 = 0;
/// Sign (high nibble) and decimals (low nibble) in the high byte, bits 16 to 23 of the number in
/// the low byte. Only written together with the next register.
pub const REGISTER_NUMBER_HIGH: u16 = 6;
/// The lower 16 bits of a number.
pub const REGISTER_NUMBER: u16 = 7;
/// Brightness 1 to 8.
pub const REGISTER_BRIGHTNESS: u16 = 9;
/// The panel's own address, 1 to 247.
pub const REGISTER_ADDRESS: u16 = 253;
/// Most decimals of a number.
pub const DECIMALS_MAX: u8 = 5;

/// How many digits a panel has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Digits {
    /// DM56A04.
    Four,
    /// DM36B06.
    Six,
}

impl Digits {
    /// The number of digits.
    pub fn count(self) -> usize {
        match self {
            Self::Four => 4,
            Self::Six => 6,
        }
    }
}

/// Shows a text at the left of the panel, the rest blank.
///
/// # Errors
/// The text is too long or has other characters than printable ASCII.
pub fn show(address: Address, digits: Digits, text: &str) -> Result<Outgoing, ShowError> {
    let values = cells(digits, text)?;
    Ok(Outgoing::write(Request {
        address,
        action: Action::WriteMany {
            register: REGISTER_TEXT,
            values,
        },
    }))
}

/// Shows nothing.
pub fn blank(address: Address, digits: Digits) -> Outgoing {
    Outgoing::write(Request {
        address,
        action: Action::WriteMany {
            register: REGISTER_TEXT,
            values: vec![u16::from(b' '); digits.count()],
        },
    })
}

/// Asks whether the panel still has a text.
///
/// # Errors
/// As [`show`].
pub fn read_back(address: Address, digits: Digits, text: &str) -> Result<Outgoing, ShowError> {
    let values = cells(digits, text)?;
    let request = Request {
        address,
        action: Action::Read {
            register: REGISTER_TEXT,
            // At most 6.
            count: values.len() as u16,
        },
    };
    let bytes = request.encode();
    Ok(Outgoing::at_once(
        bytes,
        Expected::Registers { request, values },
    ))
}

/// Shows a number of hundredths, tenths and so on: -1234 with 2 decimals is `-12.34`. A minus sign
/// takes a digit of its own.
///
/// # Errors
/// The number has more digits than the panel, or there are more than [`DECIMALS_MAX`] decimals.
pub fn show_number(
    address: Address,
    digits: Digits,
    number: i32,
    decimals: u8,
) -> Result<Outgoing, ShowError> {
    let text = number.to_string();
    if text.len() > digits.count() || decimals > DECIMALS_MAX {
        let max = digits.count();
        return Err(ShowError::TooLong { text, max });
    }
    let [_, high, middle, low] = number.unsigned_abs().to_be_bytes();
    let sign_and_decimals = (u8::from(number < 0) << 4) | decimals;
    Ok(Outgoing::write(Request {
        address,
        action: Action::WriteMany {
            register: REGISTER_NUMBER_HIGH,
            values: vec![
                u16::from_be_bytes([sign_and_decimals, high]),
                u16::from_be_bytes([middle, low]),
            ],
        },
    }))
}

/// Sets the brightness; less than 1 is 1, more than 8 is 8.
pub fn set_brightness(address: Address, brightness: u8) -> Outgoing {
    Outgoing::write(Request {
        address,
        action: Action::WriteOne {
            register: REGISTER_BRIGHTNESS,
            value: u16::from(brightness.clamp(1, 8)),
        },
    })
}

/// Gives a panel another address. It answers at the old one and is then heard at the new one.
pub fn set_address(address: Address, new: Address) -> Outgoing {
    Outgoing::write(Request {
        address,
        action: Action::WriteOne {
            register: REGISTER_ADDRESS,
            value: u16::from(new.get()),
        },
    })
}

fn cells(digits: Digits, text: &str) -> Result<Vec<u16>, ShowError> {
    let count = digits.count();
    check_printable(text, count)?;
    let cells = text.bytes().chain(std::iter::repeat(b' ')).take(count);
    Ok(cells.map(u16::from).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::modbus::crc16;

    fn one() -> Address {
        Address::new(1).unwrap()
    }

    fn frame(body: &[u8]) -> Vec<u8> {
        let mut frame = body.to_vec();
        frame.extend(crc16(body).to_le_bytes());
        frame
    }

    #[test]
    fn one_character_per_register() {
        let shown = show(one(), Digits::Six, "A012").unwrap();
        let body = b"\x01\x10\0\0\0\x06\x0c\0A\x000\x001\x002\0 \0 ";
        assert_eq!(shown.bytes(), frame(body));
        let short = show(one(), Digits::Four, "12").unwrap();
        assert_eq!(
            short.bytes(),
            frame(b"\x01\x10\0\0\0\x04\x08\x001\x002\0 \0 ")
        );
        assert_eq!(
            show(one(), Digits::Four, ""),
            Ok(blank(one(), Digits::Four))
        );
    }

    #[test]
    fn numbers_take_three_bytes_and_a_sign() {
        let number = |number, decimals| show_number(one(), Digits::Six, number, decimals);
        let bytes = number(123_456, 2).unwrap().bytes();
        assert_eq!(bytes, frame(b"\x01\x10\0\x06\0\x02\x04\x02\x01\xe2\x40"));
        assert_eq!(number(-7, 0).unwrap().bytes()[7..11], [0x10, 0, 0, 7]);
        assert!(number(-123_456, 0).is_err(), "the sign takes a digit");
        assert!(number(1, 6).is_err());
        assert!(show_number(one(), Digits::Four, 12_345, 0).is_err());
    }

    #[test]
    fn settings_are_single_registers() {
        let two = Address::new(2).unwrap();
        assert_eq!(
            set_address(one(), two).bytes(),
            frame(&[1, 6, 0, 253, 0, 2])
        );
        assert_eq!(
            set_brightness(one(), 99).bytes(),
            frame(&[1, 6, 0, 9, 0, 8])
        );
    }

    #[test]
    fn what_does_not_fit_is_refused() {
        let error = show(one(), Digits::Four, "A0123").unwrap_err();
        assert_eq!(
            error.to_string(),
            "`A0123` is too long, expected at most 4 characters"
        );
        assert!(show(one(), Digits::Six, "號").is_err());
    }
}
