//! Panels with short frames of their own, described in a profile instead of in code.
//!
//! A profile lists frames, and a frame lists its parts in the order of the wire: constants, the
//! panel's address, the text, lengths and checksums over named stretches. Every part has a fixed
//! number of bytes, so a frame's layout is known before anything is sent.
//!
//! ```toml
//! [[frame]]
//! use = "show"
//! parts = [
//!     { begin = "summed" },
//!     { address = "u8" },
//!     { text = { as = "u16-be" } },
//!     { end = "summed" },
//!     { checksum = { kind = "sum8", over = "summed" } },
//! ]
//! ```

mod layout;
mod spec;
mod text;

use crate::panel::{AnswerPattern, Expected, Outgoing, PatternByte, ShowError};

pub use layout::{FrameMistake, Place};
pub use spec::{
    AddressForm, AnswerMeaning, AnswerSpec, ChecksumKind, ChecksumPart, FrameSpec, FrameUse,
    HexBytes, LengthPart, Part, TextForm, TextPart,
};

pub(crate) use layout::{Layout, Piece};
pub(crate) use text::segments;

/// The frames of a kind of panel, checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Template {
    show: Frame,
    blank: Option<Frame>,
    prepare: Vec<Frame>,
}

/// A frame with the answers to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Frame {
    pub(crate) layout: Layout,
    pub(crate) answers: Vec<(AnswerMeaning, Layout)>,
}

impl Template {
    /// Checks the frames of a profile.
    ///
    /// # Errors
    /// The first mistake, with the frame and part it is in.
    pub fn new(frames: &[FrameSpec]) -> Result<Self, FrameMistake> {
        let (mut show, mut blank, mut prepare) = (None, None, vec![]);
        for (number, spec) in frames.iter().enumerate() {
            let frame = layout::frame(number, spec)?;
            let is_second = match spec.usage {
                FrameUse::Show => show.replace(frame).is_some(),
                FrameUse::Blank => blank.replace(frame).is_some(),
                FrameUse::Prepare => {
                    prepare.push(frame);
                    false
                }
            };
            if is_second {
                return Err(FrameMistake {
                    place: Place::frame(number),
                    message: "a second frame for the same use".into(),
                    expected: "one frame to show a text and at most one to blank the panel".into(),
                });
            }
        }
        let show = show.ok_or_else(|| FrameMistake {
            place: Place::default(),
            message: "no frame to show a text".into(),
            expected: "a `[[frame]]` with `use = \"show\"`".into(),
        })?;
        Ok(Self {
            show,
            blank,
            prepare,
        })
    }

    /// Most characters of a text. A number that starts with zeros has fewer.
    pub fn text_max(&self) -> usize {
        self.show
            .layout
            .text()
            .map_or(0, |(_, part)| part.capacity())
    }

    /// Frames to send once before the first text.
    ///
    /// # Errors
    /// No such panel has the address.
    pub fn prepare(&self, address: u8) -> Result<Vec<Outgoing>, ShowError> {
        let frames = self.prepare.iter();
        frames.map(|frame| frame.outgoing(address, "")).collect()
    }

    /// Shows a text.
    ///
    /// # Errors
    /// The text does not fit, or no such panel has the address.
    pub fn show(&self, address: u8, text: &str) -> Result<Outgoing, ShowError> {
        self.show.outgoing(address, text)
    }

    /// Shows nothing: by the frame for it, or by a text of blanks where the panel takes one.
    ///
    /// # Errors
    /// No such panel has the address, or the panel shows numbers and has no frame for this.
    pub fn blank(&self, address: u8) -> Result<Outgoing, ShowError> {
        if let Some(frame) = &self.blank {
            return frame.outgoing(address, "");
        }
        match self.show.layout.text() {
            Some((_, part)) if part.can_be_blank() => self.show.outgoing(address, ""),
            _ => Err(ShowError::NoBlank),
        }
    }

    /// All frames a panel knows.
    pub(crate) fn frames(&self) -> impl Iterator<Item = &Frame> {
        let others = self.blank.iter().chain(&self.prepare);
        std::iter::once(&self.show).chain(others)
    }
}

impl Frame {
    fn outgoing(&self, address: u8, text: &str) -> Result<Outgoing, ShowError> {
        let mut bytes = Vec::with_capacity(self.layout.length());
        for piece in self.layout.pieces() {
            match piece {
                Piece::Constant(constant) => bytes.extend(constant),
                Piece::Address(form) => bytes.extend(form.bytes(address)?),
                Piece::Text(part) => bytes.extend(part.bytes(text)?),
                Piece::Checksum(kind, over) => {
                    let sum = kind.bytes(&bytes[over.clone()]);
                    bytes.extend(sum);
                }
                // Only answers have such parts.
                Piece::Any => bytes.push(0),
            }
        }
        let answers: Result<Vec<_>, _> = self
            .answers
            .iter()
            .map(|(meaning, layout)| pattern(*meaning, layout, address))
            .collect();
        let answers = answers?;
        let answer = if answers.is_empty() {
            Expected::Nothing
        } else {
            Expected::Patterns(answers)
        };
        Ok(Outgoing::at_once(bytes, answer))
    }
}

fn pattern(
    meaning: AnswerMeaning,
    layout: &Layout,
    address: u8,
) -> Result<AnswerPattern, ShowError> {
    let mut bytes = Vec::with_capacity(layout.length());
    for piece in layout.pieces() {
        match piece {
            Piece::Constant(constant) => {
                bytes.extend(constant.iter().copied().map(PatternByte::Exactly));
            }
            Piece::Address(form) => {
                bytes.extend(form.bytes(address)?.into_iter().map(PatternByte::Exactly));
            }
            Piece::Checksum(kind, over) => {
                bytes.extend((0..kind.length()).map(|nth| PatternByte::Checksum {
                    kind: *kind,
                    over: over.clone(),
                    nth,
                }));
            }
            Piece::Text(_) | Piece::Any => bytes.push(PatternByte::Any),
        }
    }
    Ok(AnswerPattern {
        bytes,
        is_acknowledgement: meaning == AnswerMeaning::Acknowledged,
    })
}

#[cfg(test)]
#[path = "tests.rs"]
mod tests;
