//! Customer displays with two lines of 20 characters and the CD5220 command set, 9600 8N1, one
//! display per line.
//!
//! Commands from the CD5220 user's manual, section 6.1 "Standard mode command list", and the table
//! in the Epson-compatible manuals (section 7.2). The displays never answer.

use crate::panel::{Expected, Outgoing, ShowError, check_printable};

/// Characters of a line.
pub const COLUMNS: usize = 20;

const ESC: u8 = 0x1b;
const CLEAR: u8 = 0x0c;
const CARRIAGE_RETURN: u8 = 0x0d;

/// Puts the display into the state it has after power-on.
pub fn init() -> Outgoing {
    send(vec![ESC, b'@'])
}

/// Shows two lines, from the left. The string mode this uses rewrites a line without clearing it
/// first, so nothing flickers; while it lasts, only it and clearing are understood.
///
/// # Errors
/// A line is too long or has other characters than printable ASCII.
pub fn show(upper: &str, lower: &str) -> Result<Outgoing, ShowError> {
    let mut bytes = Vec::new();
    for (line, name) in [(upper, b'A'), (lower, b'B')] {
        check_printable(line, COLUMNS)?;
        bytes.extend([ESC, b'Q', name]);
        bytes.extend(format!("{line:COLUMNS$}").bytes());
        bytes.push(CARRIAGE_RETURN);
    }
    Ok(send(bytes))
}

/// Shows nothing, and ends the string mode.
pub fn clear() -> Outgoing {
    send(vec![CLEAR])
}

/// Sets the brightness; less than 1 is 1, more than 4 is 4. The display is cleared, because it
/// takes no such command while it shows lines.
pub fn set_brightness(brightness: u8) -> Outgoing {
    send(vec![CLEAR, ESC, b'*', brightness.clamp(1, 4)])
}

fn send(bytes: Vec<u8>) -> Outgoing {
    Outgoing::at_once(bytes, Expected::Nothing)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_as_in_the_manual() {
        assert_eq!(init().bytes(), [0x1b, 0x40]);
        assert_eq!(clear().bytes(), [0x0c]);
        assert_eq!(set_brightness(9).bytes(), [0x0c, 0x1b, 0x2a, 4]);
        let shown = show("A012", "Counter 3").unwrap();
        let expected = b"\x1bQAA012                \x0d\x1bQBCounter 3           \x0d";
        assert_eq!(shown.bytes(), expected);
        assert_eq!(shown.answer, Expected::Nothing);
    }

    #[test]
    fn what_does_not_fit_is_refused() {
        assert!(show("", "123456789012345678901").is_err());
        assert!(show("\r", "").is_err(), "a control character is a command");
    }
}
