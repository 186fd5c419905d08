//! Where each part of a frame stands.

use std::collections::BTreeMap;
use std::ops::Range;

use super::Frame;
use super::spec::{
    AddressForm, AnswerSpec, ChecksumKind, FrameSpec, FrameUse, Part, TextForm, TextPart,
};

/// Longest frame, in bytes. Panels of this kind have some ten.
const LENGTH_MAX: usize = 250;
/// Longest text field and longest stretch of bytes of any value.
const FIELD_MAX: u8 = 64;

/// A mistake in the frames of a profile.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}, expected {expected}")]
pub struct FrameMistake {
    /// Where it is.
    pub place: Place,
    /// What is wrong.
    pub message: String,
    /// What should be there.
    pub expected: String,
}

/// A place in the frames of a profile; each number counts from 0 in the file's order.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Place {
    /// The frame.
    pub frame: Option<usize>,
    /// The answer in it.
    pub answer: Option<usize>,
    /// The part in that.
    pub part: Option<usize>,
}

impl Place {
    pub(super) fn frame(frame: usize) -> Self {
        Self {
            frame: Some(frame),
            ..Self::default()
        }
    }
}

/// A part with everything known but what is shown and by whom.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Piece {
    /// These bytes.
    Constant(Vec<u8>),
    /// The panel's address.
    Address(AddressForm),
    /// The text.
    Text(TextPart),
    /// A checksum over bytes before it.
    Checksum(ChecksumKind, Range<usize>),
    /// One byte of any value.
    Any,
}

/// Parts in the order of the wire.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Layout {
    pieces: Vec<Piece>,
    length: usize,
}

impl Layout {
    pub(crate) fn pieces(&self) -> &[Piece] {
        &self.pieces
    }

    /// Bytes of the frame.
    pub(crate) fn length(&self) -> usize {
        self.length
    }

    /// The text with the byte it begins at.
    pub(crate) fn text(&self) -> Option<(usize, &TextPart)> {
        let mut at = 0;
        for piece in &self.pieces {
            if let Piece::Text(part) = piece {
                return Some((at, part));
            }
            at += piece.length();
        }
        None
    }
}

impl Piece {
    /// Bytes it takes.
    pub(crate) fn length(&self) -> usize {
        match self {
            Self::Constant(bytes) => bytes.len(),
            Self::Address(form) => form.length(),
            Self::Text(part) => part.length(),
            Self::Checksum(kind, _) => kind.length(),
            Self::Any => 1,
        }
    }
}

/// What is wrong and what should be there.
type Wrong = (Option<usize>, String, String);

/// Checks a frame and lays it out.
pub(super) fn frame(number: usize, spec: &FrameSpec) -> Result<Frame, FrameMistake> {
    let place = Place::frame(number);
    let mistake = |place: Place, (part, message, expected): Wrong| FrameMistake {
        place: Place { part, ..place },
        message,
        expected,
    };
    let layout = lay_out(&spec.parts, false).map_err(|wrong| mistake(place, wrong))?;
    let texts = spec.parts.iter().filter(|p| matches!(p, Part::Text(_)));
    let (wanted, message) = match spec.usage {
        FrameUse::Show => (1, "one `text` part in a frame that shows a text"),
        FrameUse::Blank | FrameUse::Prepare => (0, "no `text` part in a frame without a text"),
    };
    let found = texts.count();
    if found != wanted {
        let wrong = (None, format!("{found} `text` parts"), message.into());
        return Err(mistake(place, wrong));
    }
    let answers: Result<Vec<_>, _> = spec
        .answers
        .iter()
        .enumerate()
        .map(|(answer, AnswerSpec { means, parts })| {
            let place = Place {
                answer: Some(answer),
                ..place
            };
            let layout = lay_out(parts, true).map_err(|wrong| mistake(place, wrong))?;
            Ok((*means, layout))
        })
        .collect();
    let answers = answers?;
    Ok(Frame { layout, answers })
}

fn lay_out(parts: &[Part], is_answer: bool) -> Result<Layout, Wrong> {
    let stretches = stretches(parts)?;
    let mut pieces = Vec::new();
    let mut at = 0;
    for (number, part) in parts.iter().enumerate() {
        let wrong = |message: String, expected: &str| (Some(number), message, expected.to_owned());
        let stretch = |name: &str| {
            let range = stretches.get(name).cloned();
            range.ok_or_else(|| {
                let expected = "the name of a `begin` and an `end` in the same frame";
                wrong(format!("no stretch `{name}`"), expected)
            })
        };
        let piece = match part {
            Part::Begin(_) | Part::End(_) => continue,
            Part::Const(bytes) => Piece::Constant(bytes.0.clone()),
            Part::Address(form) => Piece::Address(*form),
            Part::Text(_) if is_answer => {
                return Err(wrong("`text` in an answer".into(), "`any` in its place"));
            }
            Part::Text(text) => {
                check_text(text).map_err(|(message, expected)| wrong(message, expected))?;
                Piece::Text(text.clone())
            }
            Part::Length(length) => {
                let bytes = stretch(&length.over)?.len();
                // The whole frame is shorter, which is checked below.
                Piece::Constant(vec![u8::try_from(bytes).unwrap_or(u8::MAX)])
            }
            Part::Checksum(checksum) => {
                let over = match &checksum.over {
                    Some(name) => stretch(name)?,
                    None => 0..at,
                };
                if over.end > at {
                    let message = "a checksum over bytes that come after it".into();
                    return Err(wrong(message, "a stretch that ends before it"));
                }
                Piece::Checksum(checksum.kind, over)
            }
            Part::Any(_) if !is_answer => {
                return Err(wrong("`any` in a frame that is sent".into(), "`const`"));
            }
            Part::Any(count) if !(1..=FIELD_MAX).contains(count) => {
                return Err(wrong(format!("`any` of {count} bytes"), "1 to 64"));
            }
            Part::Any(count) => {
                pieces.extend(vec![Piece::Any; usize::from(*count - 1)]);
                at += usize::from(*count - 1);
                Piece::Any
            }
        };
        at += piece.length();
        if at > LENGTH_MAX {
            let message = format!("a frame of more than {LENGTH_MAX} bytes");
            return Err(wrong(message, "a shorter one"));
        }
        pieces.push(piece);
    }
    if pieces.is_empty() {
        return Err((None, "a frame without bytes".into(), "parts".into()));
    }
    Ok(Layout { pieces, length: at })
}

/// The bytes of every named stretch.
fn stretches(parts: &[Part]) -> Result<BTreeMap<&str, Range<usize>>, Wrong> {
    let mut begun: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    let mut whole: BTreeMap<&str, Range<usize>> = BTreeMap::new();
    let mut at = 0;
    for (number, part) in parts.iter().enumerate() {
        let wrong = |message, expected: &str| Err((Some(number), message, expected.to_owned()));
        match part {
            Part::Begin(name) => {
                if begun.contains_key(name.as_str()) || whole.contains_key(name.as_str()) {
                    return wrong(format!("a second `begin = \"{name}\"`"), "another name");
                }
                begun.insert(name, (at, number));
            }
            Part::End(name) => {
                let Some((start, _)) = begun.remove(name.as_str()) else {
                    let expected = "one `begin` of the same name before it";
                    return wrong(format!("`end = \"{name}\"` without its `begin`"), expected);
                };
                whole.insert(name, start..at);
            }
            Part::Const(bytes) => at += bytes.0.len(),
            Part::Address(form) => at += form.length(),
            Part::Text(text) => at += text.length(),
            Part::Length(_) => at += 1,
            Part::Checksum(checksum) => at += checksum.kind.length(),
            Part::Any(count) => at += usize::from(*count),
        }
    }
    if let Some((name, (_, number))) = begun.first_key_value() {
        let message = format!("`begin = \"{name}\"` without its `end`");
        let expected = "one `end` of the same name after it";
        return Err((Some(*number), message, expected.into()));
    }
    Ok(whole)
}

fn check_text(text: &TextPart) -> Result<(), (String, &'static str)> {
    let is_field = matches!(
        text.form,
        TextForm::Ascii | TextForm::Bcd | TextForm::Segments
    );
    match text.len {
        Some(len) if is_field && !(1..=FIELD_MAX).contains(&len) => {
            return Err((format!("invalid len {len}"), "1 to 64 bytes"));
        }
        None if is_field => {
            return Err(("a text field without `len`".into(), "its length in bytes"));
        }
        Some(_) if !is_field => {
            let message = "`len` with a number".into();
            return Err((message, "it only with `ascii`, `bcd` and `segments`"));
        }
        _ => {}
    }
    if is_field && text.max.is_some() {
        return Err(("`max` with a text field".into(), "it only with a number"));
    }
    let Some(fill) = text.fill else {
        return Ok(());
    };
    let (fits, expected) = match text.form {
        TextForm::Ascii => ((' '..='~').contains(&fill), "printable ASCII"),
        TextForm::Segments => (
            super::segments(fill).is_some(),
            "what seven segments can draw",
        ),
        TextForm::Bcd => (fill.is_ascii_hexdigit(), "a hexadecimal digit"),
        TextForm::U8 | TextForm::U16Be | TextForm::U16Le => (false, "none with a number"),
    };
    if fits {
        Ok(())
    } else {
        Err((format!("invalid fill {fill:?}"), expected))
    }
}
