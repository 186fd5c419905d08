//! A text in the bytes of a frame.

use crate::led485::seven_segment_shape;
use crate::panel::{PRINTABLE, ShowError, check_characters};
use crate::profile::Pad;

use super::spec::{TextForm, TextPart};

/// Shapes on seven segments, a bit per segment with `a` (top) lowest, then clockwise, `g` the
/// middle. Digits come first, so that `O` and `S` are read back as what they look like.
const SHAPES: [(char, u8); 36] = [
    ('0', 0x3f),
    ('1', 0x06),
    ('2', 0x5b),
    ('3', 0x4f),
    ('4', 0x66),
    ('5', 0x6d),
    ('6', 0x7d),
    ('7', 0x07),
    ('8', 0x7f),
    ('9', 0x6f),
    (' ', 0x00),
    ('-', 0x40),
    ('_', 0x08),
    ('A', 0x77),
    ('B', 0x7c),
    ('C', 0x39),
    ('E', 0x79),
    ('F', 0x71),
    ('G', 0x3d),
    ('H', 0x76),
    ('I', 0x30),
    ('J', 0x1e),
    ('L', 0x38),
    ('N', 0x37),
    ('O', 0x3f),
    ('P', 0x73),
    ('R', 0x50),
    ('S', 0x6d),
    ('T', 0x78),
    ('U', 0x3e),
    ('Y', 0x6e),
    ('Z', 0x5b),
    ('=', 0x48),
    ('\'', 0x20),
    ('"', 0x22),
    ('?', 0x53),
];

/// The segments of a character, or `None` where seven cannot draw it. Small letters are drawn as
/// capitals, and letters with diagonals as what they look like at best.
pub(crate) fn segments(character: char) -> Option<u8> {
    let shape = seven_segment_shape(character.to_ascii_uppercase());
    let found = SHAPES.iter().find(|(known, _)| *known == shape);
    found.map(|(_, bits)| *bits)
}

impl TextPart {
    /// Bytes of the field.
    pub(crate) fn length(&self) -> usize {
        match self.form {
            TextForm::Ascii | TextForm::Bcd | TextForm::Segments => {
                usize::from(self.len.unwrap_or(0))
            }
            TextForm::U8 => 1,
            TextForm::U16Be | TextForm::U16Le => 2,
        }
    }

    /// Most characters, or digits of a number.
    pub(crate) fn capacity(&self) -> usize {
        match self.form {
            TextForm::Ascii | TextForm::Segments => self.length(),
            TextForm::Bcd => self.length() * 2,
            TextForm::U8 | TextForm::U16Be | TextForm::U16Le => self.largest().to_string().len(),
        }
    }

    /// Whether a text of blanks leaves the panel dark.
    pub(crate) fn can_be_blank(&self) -> bool {
        match self.form {
            TextForm::Ascii | TextForm::Segments => matches!(self.fill, None | Some(' ')),
            // A digit beyond 9 lights nothing on the usual decoders.
            TextForm::Bcd => matches!(self.fill, Some('f' | 'F')),
            TextForm::U8 | TextForm::U16Be | TextForm::U16Le => false,
        }
    }

    fn largest(&self) -> u16 {
        let fits = match self.form {
            TextForm::U8 => u16::from(u8::MAX),
            _ => u16::MAX,
        };
        self.max.map_or(fits, |max| max.min(fits))
    }

    /// The text in this form.
    ///
    /// # Errors
    /// The text does not fit.
    pub(crate) fn bytes(&self, text: &str) -> Result<Vec<u8>, ShowError> {
        let kept: String;
        let shown = if self.drop_letters {
            kept = text.chars().filter(char::is_ascii_digit).collect();
            kept.as_str()
        } else {
            text
        };
        match self.form {
            TextForm::Ascii => {
                check_characters(shown, self.length(), PRINTABLE, |c| {
                    (' '..='~').contains(&c)
                })?;
                let fill = self.fill.and_then(|fill| u8::try_from(fill).ok());
                Ok(self.padded(shown.bytes(), fill.unwrap_or(b' '), Pad::Left))
            }
            TextForm::Segments => {
                let expected = "what seven segments can draw";
                check_characters(shown, self.length(), expected, |c| segments(c).is_some())?;
                let fill = segments(self.fill.unwrap_or(' ')).unwrap_or(0);
                Ok(self.padded(shown.chars().filter_map(segments), fill, Pad::Left))
            }
            TextForm::Bcd => {
                check_characters(shown, self.capacity(), "digits", |c| c.is_ascii_digit())?;
                let fill = self.fill.and_then(|fill| fill.to_digit(16)).unwrap_or(0);
                let digits = shown.bytes().map(|digit| digit - b'0');
                // A hexadecimal digit, so that the cast is exact.
                let nibbles = self.padded(digits, fill as u8, Pad::Right);
                Ok(nibbles
                    .chunks_exact(2)
                    .map(|pair| pair[0] << 4 | pair[1])
                    .collect())
            }
            TextForm::U8 | TextForm::U16Be | TextForm::U16Le => {
                let max = self.largest();
                let digits_only = shown.bytes().all(|c| c.is_ascii_digit());
                let number = shown.parse().ok().filter(|number| *number <= max);
                let number: u16 = number.filter(|_| digits_only).ok_or(ShowError::Number {
                    text: text.to_owned(),
                    max: u64::from(max),
                })?;
                let [high, low] = number.to_be_bytes();
                Ok(match self.form {
                    TextForm::U8 => vec![low],
                    TextForm::U16Le => vec![low, high],
                    _ => vec![high, low],
                })
            }
        }
    }

    /// Cells filled up to the field's capacity; no text is longer.
    fn padded(&self, cells: impl Iterator<Item = u8>, fill: u8, side: Pad) -> Vec<u8> {
        let mut cells: Vec<u8> = cells.collect();
        let missing = self.capacity().saturating_sub(cells.len());
        let filler = std::iter::repeat_n(fill, missing);
        let at = match self.pad.unwrap_or(side) {
            Pad::Left => cells.len(),
            Pad::Right => 0,
        };
        cells.splice(at..at, filler);
        cells
    }
}
