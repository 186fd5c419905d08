//! Alpha signs (BetaBrite, Adaptive) with the M-Protocol; 9600 bit/s, 7E1 or 8N1 as the sign is
//! set.
//!
//! Source: "Alpha Sign Communications Protocol", part number 9708-8061, sections 5 (transmission
//! packets), 6.1 (TEXT files), 6.2 (special functions), 6.3 (STRING files) and the checksum example
//! on page 60. A transmission is five zeros, 01h, type code, address, then commands between 02h
//! and 03h with a checksum each, and 04h. Where a transmission has several commands, the sign needs
//! 100 ms after each 02h.
//!
//! A TEXT file that is rewritten makes the whole sign start anew, so the number stands in a STRING
//! file that the TEXT file calls: it changes in place. Signs answer reads; writes only the newer
//! ones, and those only when told to, which nothing here does.

use std::num::NonZeroU8;

use crate::panel::{Chunk, Expected, Outgoing, ShowError, check_printable};

/// Most characters of a STRING file.
pub const STRING_MAX: usize = 125;
/// Label of the TEXT file that calls the STRING file.
pub const TEXT_LABEL: u8 = b'A';
/// Label of the STRING file that holds what is shown. Not `1` to `5`, which some signs keep for
/// the TEXT files of their counters.
pub const STRING_LABEL: u8 = b'B';
/// Silence a sign needs after the start of each of several commands, in milliseconds.
pub const NESTED_PAUSE_MS: u64 = 100;
/// How long a sign works on its memory layout, in milliseconds. The manual names no time; this is
/// what the `alphasign` library waits.
pub const LAYOUT_PAUSE_MS: u64 = 1_000;

const WAKE: [u8; 5] = [0; 5];
const START_HEADER: u8 = 0x01;
const START_TEXT: u8 = 0x02;
const END_TEXT: u8 = 0x03;
const END: u8 = 0x04;
/// Signs of every type.
const TYPE_ALL: u8 = b'Z';

/// Whom a transmission is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    /// Every sign on the line. Nothing may be read this way, as all would answer at once.
    All,
    /// One sign, 1 to 255.
    One(NonZeroU8),
}

impl Target {
    fn digits(self) -> String {
        match self {
            Self::All => "00".into(),
            Self::One(address) => format!("{address:02X}"),
        }
    }
}

/// Lays out a sign's memory, once: a TEXT file that holds still and calls a STRING file with room
/// for `characters` (1 to [`STRING_MAX`]). Whatever the sign held before is gone.
pub fn prepare(target: Target, characters: u8) -> Outgoing {
    let size = usize::from(characters).clamp(1, STRING_MAX);
    let (text, string) = (char::from(TEXT_LABEL), char::from(STRING_LABEL));
    // TEXT: unlocked, 100h bytes, always on. STRING: locked, as it must be.
    let layout = format!("E${text}AU0100FF00{string}BL{size:04X}0000");
    let run_only_that = format!("E.SU{text}");
    // Middle line, hold, then the call.
    let page = format!("A{text}\x1b b\x10{string}");
    let mut whole = transmission(target, &[layout.into_bytes()], Expected::Nothing);
    if let Some(last) = whole.chunks.last_mut() {
        last.pause_ms = LAYOUT_PAUSE_MS;
    }
    let files = [run_only_that.into_bytes(), page.into_bytes()];
    let rest = transmission(target, &files, Expected::Nothing);
    whole.chunks.extend(rest.chunks);
    whole
}

/// Shows a text on a prepared sign.
///
/// # Errors
/// The text is too long or has other characters than printable ASCII.
pub fn show(target: Target, text: &str) -> Result<Outgoing, ShowError> {
    check_printable(text, STRING_MAX)?;
    Ok(write_string(target, text))
}

/// Shows nothing on a prepared sign.
pub fn blank(target: Target) -> Outgoing {
    write_string(target, "")
}

/// Asks a sign whether it still has a text. All signs together cannot be asked, and then no answer
/// is expected.
///
/// # Errors
/// As [`show`].
pub fn read_back(target: Target, text: &str) -> Result<Outgoing, ShowError> {
    check_printable(text, STRING_MAX)?;
    let answer = match target {
        Target::All => Expected::Nothing,
        Target::One(_) => Expected::StringFile {
            label: STRING_LABEL,
            text: text.as_bytes().to_vec(),
        },
    };
    Ok(transmission(target, &[vec![b'H', STRING_LABEL]], answer))
}

/// Gives a sign another address. Sent to all signs it gives them all the same, so do that only
/// with one sign connected.
pub fn set_address(target: Target, new: NonZeroU8) -> Outgoing {
    command(target, format!("E7{new:02X}").into_bytes())
}

/// Asks whether the speaker is on (6.2, read of the special function `!`), which any sign can tell and which changes
/// nothing; [`parse_speaker`] reads the answer.
pub fn ask_speaker(target: Target) -> Outgoing {
    command(target, b"F!".to_vec())
}

/// Whether a sign's speaker is on, where that stands in what was heard.
pub fn parse_speaker(heard: &[u8]) -> Option<bool> {
    let answer = |is_on: bool| {
        let said: &[u8] = if is_on { b"E!00" } else { b"E!FF" };
        let mut bytes = vec![START_TEXT];
        bytes.extend(said);
        bytes.push(END_TEXT);
        bytes.extend(checksum(said).bytes());
        bytes.push(END);
        bytes
    };
    [true, false].into_iter().find(|is_on| {
        let answer = answer(*is_on);
        heard.windows(answer.len()).any(|part| part == answer)
    })
}

/// Turns the speaker on or off.
pub fn set_speaker(target: Target, is_on: bool) -> Outgoing {
    command(target, if is_on { b"E!00" } else { b"E!FF" }.to_vec())
}

/// The short beeps that a sign has built in.
pub fn beep(target: Target) -> Outgoing {
    command(target, b"E(1".to_vec())
}

/// Starts a sign anew; its memory stays.
pub fn soft_reset(target: Target) -> Outgoing {
    command(target, b"E,".to_vec())
}

fn write_string(target: Target, text: &str) -> Outgoing {
    let mut bytes = vec![b'G', STRING_LABEL];
    bytes.extend(text.bytes());
    command(target, bytes)
}

fn command(target: Target, command: Vec<u8>) -> Outgoing {
    transmission(target, &[command], Expected::Nothing)
}

/// A transmission of commands with their checksums: the sum of all bytes from 02h to 03h.
pub fn transmission(target: Target, commands: &[Vec<u8>], answer: Expected) -> Outgoing {
    let pause_ms = if commands.len() > 1 {
        NESTED_PAUSE_MS
    } else {
        0
    };
    let mut chunks = Vec::new();
    let mut bytes = WAKE.to_vec();
    bytes.extend([START_HEADER, TYPE_ALL]);
    bytes.extend(target.digits().bytes());
    for command in commands {
        bytes.push(START_TEXT);
        if pause_ms > 0 {
            chunks.push(Chunk {
                bytes: std::mem::take(&mut bytes),
                pause_ms,
            });
        }
        bytes.extend(command);
        bytes.push(END_TEXT);
        bytes.extend(checksum(command).bytes());
    }
    bytes.push(END);
    chunks.push(Chunk { bytes, pause_ms: 0 });
    Outgoing { chunks, answer }
}

fn checksum(command: &[u8]) -> String {
    let around = u16::from(START_TEXT) + u16::from(END_TEXT);
    let sum = command
        .iter()
        .fold(around, |sum, byte| sum.wrapping_add(u16::from(*byte)));
    format!("{sum:04X}")
}

/// What bytes are when read as a sign's answer about a STRING file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StringFile<'a> {
    /// No such answer begins so.
    No,
    /// The start of one.
    Unfinished,
    /// The file's contents.
    Holds(&'a [u8]),
}

/// Reads an answer from its 01h on: type code and address of the host, then `G`, the label, the
/// contents and their checksum.
pub fn parse_string_file(heard: &[u8], label: u8) -> StringFile<'_> {
    const HEADER: usize = 5;
    let starts = [(0, START_HEADER), (4, START_TEXT), (5, b'G'), (6, label)];
    if starts
        .iter()
        .any(|(at, byte)| heard.get(*at).is_some_and(|heard| heard != byte))
    {
        return StringFile::No;
    }
    let Some(after_label) = heard.get(HEADER + 2..) else {
        return StringFile::Unfinished;
    };
    let Some(length) = after_label.iter().position(|byte| *byte == END_TEXT) else {
        return if after_label.len() > STRING_MAX {
            StringFile::No
        } else {
            StringFile::Unfinished
        };
    };
    let command = &heard[HEADER..HEADER + 2 + length];
    let mut tail = checksum(command).into_bytes();
    tail.push(END);
    let rest = &after_label[length + 1..];
    if length > STRING_MAX || !tail.starts_with(&rest[..rest.len().min(tail.len())]) {
        StringFile::No
    } else if rest.len() < tail.len() {
        StringFile::Unfinished
    } else {
        StringFile::Holds(&after_label[..length])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(commands: &[&[u8]]) -> Outgoing {
        let commands: Vec<Vec<u8>> = commands.iter().map(|c| c.to_vec()).collect();
        transmission(Target::All, &commands, Expected::Nothing)
    }

    fn one() -> Target {
        Target::One(NonZeroU8::MIN)
    }

    #[test]
    fn published_vectors() {
        assert_eq!(checksum(b"AAHELLO"), "01FB");
        let text = all(&[b"AA\x1b&aHELLO"]);
        let expected = b"\0\0\0\0\0\x01Z00\x02AA\x1b&aHELLO\x03029D\x04";
        assert_eq!(text.bytes(), expected);
        assert_eq!(text.pauses_ms(), 0);
    }

    #[test]
    fn transmissions_as_a_third_party_library_makes_them() {
        // The `alphasignpy` library, for the sign with address 1.
        let address = NonZeroU8::new(0x2a).unwrap();
        for (outgoing, expected) in [
            (show(one(), "A012").unwrap(), &b"\x02GBA012\x030162\x04"[..]),
            (read_back(one(), "A012").unwrap(), b"\x02HB\x03008F\x04"),
            (set_address(one(), address), b"\x02E72A\x0300F4\x04"),
            (set_speaker(one(), true), b"\x02E!00\x0300CB\x04"),
            (soft_reset(one()), b"\x02E,\x030076\x04"),
        ] {
            let bytes = outgoing.bytes();
            assert!(bytes.starts_with(b"\0\0\0\0\0\x01Z01"));
            assert_eq!(&bytes[9..], expected);
        }
    }

    #[test]
    fn several_commands_are_sent_with_pauses() {
        let nested = all(&[b"E,", b"E(1"]);
        let ends: Vec<_> = nested.chunks.iter().map(|c| c.bytes.last()).collect();
        assert_eq!(ends, [Some(&2), Some(&2), Some(&4)]);
        assert_eq!(nested.pauses_ms(), 200);
    }

    #[test]
    fn a_sign_is_laid_out_once_and_then_written_in_place() {
        let bytes = prepare(one(), 12).bytes();
        let text = String::from_utf8(bytes).unwrap();
        assert!(
            text.contains("\x02E$AAU0100FF00BBL000C0000\x03"),
            "{text:?}"
        );
        assert!(text.contains("\x02AA\x1b b\x10B\x03"), "{text:?}");
        let shown = show(one(), "A012").unwrap().bytes();
        assert!(shown.starts_with(b"\0\0\0\0\0\x01Z01\x02GBA012\x03"));
    }

    #[test]
    fn the_speaker() {
        let off = set_speaker(one(), false).bytes();
        assert_eq!(&off[9..14], b"\x02E!FF");
        assert_eq!(&beep(one()).bytes()[9..13], b"\x02E(1");
    }

    #[test]
    fn all_signs_together_cannot_be_read() {
        let answer = |target| read_back(target, "A012").unwrap().answer;
        assert_eq!(answer(Target::All), Expected::Nothing);
        assert_ne!(answer(one()), Expected::Nothing);
    }

    #[test]
    fn a_read_string_is_taken_only_with_its_checksum() {
        let mut answer = b"\x01000\x02G1A012\x03".to_vec();
        answer.extend(checksum(b"G1A012").bytes());
        answer.push(END);
        assert_eq!(parse_string_file(&answer, b'1'), StringFile::Holds(b"A012"));
        for end in 0..answer.len() {
            assert_eq!(
                parse_string_file(&answer[..end], b'1'),
                StringFile::Unfinished
            );
        }
        assert_eq!(parse_string_file(&answer, b'2'), StringFile::No);
        answer[8] ^= 1;
        assert_eq!(parse_string_file(&answer, b'1'), StringFile::No);
    }
}
