//! The LED-485 family of 3 to 6 digit seven-segment panels on Modbus RTU (9600 8N1, address 1
//! when new).
//!
//! Register map from the MIT-licensed LED-485 set-up tool (tested on hardware by its author) and
//! the vendor's text: `0000` number, `0002` address, `0003` speed code, `0004` decimal point,
//! `0070` ASCII text with two characters per register, `0080` raw segments.

use crate::modbus::{Action, Address, Request};

/// Signed number to show (function 06).
pub const REGISTER_NUMBER: u16 = 0x0000;
/// The panel's own address, 1 to 247.
pub const REGISTER_ADDRESS: u16 = 0x0002;
/// Speed code 1 to 8: 1200, 2400, 4800, 9600, 19200, 38400, 57600, 115200 bit/s.
pub const REGISTER_BAUD: u16 = 0x0003;
/// Decimal point, 0 to 3 digits after it; forgotten at power-off.
pub const REGISTER_DECIMAL_POINT: u16 = 0x0004;
/// Text, two ASCII characters per register (function 10h).
pub const REGISTER_TEXT: u16 = 0x0070;
/// Longest text a panel of the family takes, in characters.
pub const TEXT_MAX: usize = 6;

/// The capital that a capital looks like on seven segments; most look like themselves.
///
/// Seven segments have no diagonals: whoever draws `K` or `X` gets an `H`, `V` and `W` become a `U`, `M` an arch like
/// `N`, and `Q` without its stroke is an `O`, which is what `D` is as a capital. The panels' own table is not published,
/// so this is what panels of the kind can show at best.
#[must_use]
pub fn seven_segment_shape(capital: char) -> char {
    match capital {
        'K' | 'X' => 'H',
        'V' | 'W' => 'U',
        'M' => 'N',
        'D' | 'Q' => 'O',
        other => other,
    }
}

/// Why a text cannot be shown.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TextError {
    /// Too many characters.
    #[error("`{0}` is longer than the {TEXT_MAX} characters of an LED-485 panel")]
    TooLong(String),
    /// A character that is not printable ASCII.
    #[error("`{text}` has the character {character:?}, expected printable ASCII")]
    NotAscii {
        /// The text.
        text: String,
        /// The first character that does not fit.
        character: char,
    },
}

/// Shows a text at the left of the panel, the rest blank.
///
/// # Errors
/// The text is too long or has other characters than printable ASCII.
pub fn show_text(address: Address, text: &str) -> Result<Request, TextError> {
    if let Some(character) = text.chars().find(|c| !(' '..='~').contains(c)) {
        return Err(TextError::NotAscii {
            text: text.to_owned(),
            character,
        });
    }
    if text.len() > TEXT_MAX {
        return Err(TextError::TooLong(text.to_owned()));
    }
    let mut cells = [b' '; TEXT_MAX];
    cells[..text.len()].copy_from_slice(text.as_bytes());
    let values = cells
        .chunks_exact(2)
        .map(|pair| u16::from_be_bytes([pair[0], pair[1]]))
        .collect();
    Ok(Request {
        address,
        action: Action::WriteMany {
            register: REGISTER_TEXT,
            values,
        },
    })
}

/// Shows a number.
pub fn show_number(address: Address, number: i16) -> Request {
    let value = u16::from_be_bytes(number.to_be_bytes());
    Request {
        address,
        action: Action::WriteOne {
            register: REGISTER_NUMBER,
            value,
        },
    }
}

/// Shows nothing.
pub fn blank(address: Address) -> Request {
    let values = vec![u16::from_be_bytes([b' ', b' ']); TEXT_MAX / 2];
    Request {
        address,
        action: Action::WriteMany {
            register: REGISTER_TEXT,
            values,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one() -> Address {
        Address::new(1).unwrap()
    }

    #[test]
    fn published_vectors() {
        assert_eq!(
            show_text(one(), "A012").unwrap().encode(),
            [
                1, 0x10, 0, 0x70, 0, 3, 6, 0x41, 0x30, 0x31, 0x32, 0x20, 0x20, 0x1c, 0x95
            ]
        );
        assert_eq!(
            show_number(one(), 50).encode(),
            [1, 6, 0, 0, 0, 0x32, 0x08, 0x1f]
        );
    }

    #[test]
    fn negative_numbers_are_two_s_complement() {
        assert_eq!(show_number(one(), -1).encode()[4..6], [0xff, 0xff]);
    }

    #[test]
    fn what_does_not_fit_is_refused() {
        assert_eq!(
            show_text(one(), "A012345"),
            Err(TextError::TooLong("A012345".into()))
        );
        assert!(
            show_text(one(), "號")
                .unwrap_err()
                .to_string()
                .contains("expected printable")
        );
        assert_eq!(show_text(one(), ""), Ok(blank(one())));
    }
}
