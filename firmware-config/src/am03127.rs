//! LED boards with an AM03127 or AM03128 controller, 9600 8N1.
//!
//! Source: "AM004-03128/03127 LED Display Board Communication", version 2.2 of August 2005
//! (datasheet of the MC Crypt AM03127-H13), sections 4.1, 4.2, 4.2.1, 4.2.2 and 4.2.7. A packet is
//! `<IDnn>` data, the XOR of the data as two hex digits, `<E>`. A board answers `ACK`, or `NACK`
//! where the XOR is wrong; boards that are not meant, and all boards when meant together, are
//! silent. The attribute letters of firmware differ, and nothing here depends on more than those
//! of the datasheet.

use std::fmt::Write as _;
use std::num::NonZeroU8;

use crate::panel::{AnswerPattern, Expected, Outgoing, ShowError, check_characters};

/// Most characters of a text. The datasheet names no limit; this many are wider than any board.
pub const TEXT_MAX: usize = 60;

/// Whom a packet is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    /// Every board on the line. None of them answers.
    All,
    /// One board, 1 to 255.
    One(NonZeroU8),
}

/// How a page comes and goes; each value is a letter of the datasheet's tables.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Look {
    /// Page that is written, `A` to `Z`; a board runs page `A` unless told otherwise.
    pub page: char,
    /// Effect at the start (4.2.2.3): `A` at once, `E` scroll left.
    pub lead: char,
    /// Speed and blinking (4.2.2.4): `A` fast, steady.
    pub display: char,
    /// Seconds the page stays (4.2.2.5): `A` half a second, `B` 1, `C` 2, up to `Z` 25.
    pub wait: char,
    /// Effect at the end (4.2.2.6), letters as for `lead`.
    pub lag: char,
    /// Tags before the text, such as colour and font `<CA><AA>`; boards differ in which they know.
    pub tags: String,
}

impl Look {
    /// A page that is simply there.
    pub fn steady() -> Self {
        Self {
            page: 'A',
            lead: 'A',
            display: 'A',
            wait: 'Z',
            lag: 'A',
            tags: String::new(),
        }
    }
}

/// A date and a time of day, in the board's own time zone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClockTime {
    /// Last two digits of the year, 0 to 99.
    pub year: u8,
    /// 1 Monday to 7 Sunday.
    pub weekday: u8,
    /// 1 to 12.
    pub month: u8,
    /// 1 to 31.
    pub day: u8,
    /// 0 to 23.
    pub hour: u8,
    /// 0 to 59.
    pub minute: u8,
    /// 0 to 59.
    pub second: u8,
}

/// Shows a text on the page that a board runs by default.
///
/// # Errors
/// The text is too long, or has other characters than printable ASCII without `<` and `>`.
pub fn show(target: Target, text: &str) -> Result<Outgoing, ShowError> {
    show_page(target, &Look::steady(), text)
}

/// Shows a text on a page with effects.
///
/// # Errors
/// As [`show`].
pub fn show_page(target: Target, look: &Look, text: &str) -> Result<Outgoing, ShowError> {
    check_characters(text, TEXT_MAX, "printable ASCII but < and >", |c| {
        (' '..='~').contains(&c) && c != '<' && c != '>'
    })?;
    let Look {
        page,
        lead,
        display,
        wait,
        lag,
        tags,
    } = look;
    let data = format!("<L1><P{page}><F{lead}><M{display}><W{wait}><F{lag}>{tags}{text}");
    Ok(packet(target, &data))
}

/// Shows nothing: a page with one blank, as the datasheet has no page without text.
pub fn blank(target: Target) -> Outgoing {
    packet(target, "<L1><PA><FA><MA><WZ><FA> ")
}

/// Sets the clock. Values out of range go out as they are, and the board decides.
pub fn set_clock(target: Target, time: ClockTime) -> Outgoing {
    let parts = [
        time.year,
        time.weekday,
        time.month,
        time.day,
        time.hour,
        time.minute,
        time.second,
    ];
    let mut data = "<SC>".to_owned();
    for part in parts {
        // Writing to a string cannot fail.
        let _ = write!(data, "{:02}", part % 100);
    }
    packet(target, &data)
}

/// Sets the brightness, `A` 100 %, `B` 75 %, `C` 50 %, `D` 25 %.
pub fn set_brightness(target: Target, level: char) -> Outgoing {
    packet(target, &format!("<B{level}>"))
}

/// A packet whose sum is wrong, so that the board refuses it: whether it is there is known, and nothing changes.
pub fn refused(target: Target) -> Outgoing {
    let mut packet = packet(target, "<SC>");
    for chunk in &mut packet.chunks {
        // The last digit of the sum stands before `<E>`.
        if let Some(at) = chunk.bytes.len().checked_sub(4)
            && let Some(digit) = chunk.bytes.get_mut(at)
        {
            *digit = if *digit == b'0' { b'1' } else { b'0' };
        }
    }
    packet
}

/// Gives the board on the line another address; it answers with the address. Every board that
/// hears this takes it, so only one may be connected. It has no checksum.
pub fn set_address(new: NonZeroU8) -> Outgoing {
    let answer = AnswerPattern::exactly(format!("{new:02X}").as_bytes(), true);
    Outgoing::at_once(
        format!("<ID><{new:02X}><E>").into_bytes(),
        Expected::Patterns(vec![answer]),
    )
}

fn packet(target: Target, data: &str) -> Outgoing {
    let xor = data.bytes().fold(0, |xor, byte| xor ^ byte);
    let id = match target {
        Target::All => 0,
        Target::One(id) => id.get(),
    };
    let answer = match target {
        Target::All => Expected::Nothing,
        // An `NACK` that lost its first letter is taken for an `ACK`: the language has no way to
        // tell them apart, and the next refresh repeats the text.
        Target::One(_) => Expected::Patterns(vec![
            AnswerPattern::exactly(b"ACK", true),
            AnswerPattern::exactly(b"NACK", false),
        ]),
    };
    Outgoing::at_once(
        format!("<ID{id:02X}>{data}{xor:02X}<E>").into_bytes(),
        answer,
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one() -> Target {
        Target::One(NonZeroU8::MIN)
    }

    fn as_text(outgoing: &Outgoing) -> String {
        String::from_utf8(outgoing.bytes()).unwrap()
    }

    #[test]
    fn published_vectors() {
        let look = Look {
            lead: 'E',
            wait: 'C',
            lag: 'E',
            tags: "<CA><AA>".into(),
            ..Look::steady()
        };
        let page = show_page(one(), &look, "A012").unwrap();
        assert_eq!(
            as_text(&page),
            "<ID01><L1><PA><FE><MA><WC><FE><CA><AA>A01204<E>"
        );
        assert_eq!(as_text(&set_address(NonZeroU8::MIN)), "<ID><01><E>");
    }

    #[test]
    fn addresses_are_hexadecimal() {
        let target = Target::One(NonZeroU8::new(0xab).unwrap());
        assert!(as_text(&blank(target)).starts_with("<IDAB><L1>"));
    }

    #[test]
    fn the_clock_has_year_and_weekday_first() {
        let time = ClockTime {
            year: 26,
            weekday: 7,
            month: 3,
            day: 1,
            hour: 8,
            minute: 5,
            second: 9,
        };
        assert!(as_text(&set_clock(one(), time)).starts_with("<ID01><SC>26070301080509"));
        assert!(as_text(&set_brightness(one(), 'B')).starts_with("<ID01><BB>"));
    }

    #[test]
    fn all_boards_together_are_silent() {
        assert_eq!(blank(Target::All).answer, Expected::Nothing);
    }

    #[test]
    fn a_tag_in_a_text_is_refused() {
        assert!(show(one(), "<E>").is_err());
    }
}
