//! What stands on a ticket, from top to bottom: the layout of the paper as data.
//!
//! Sizes are in millimetres and not in dots, so one layout is good for every print head of the station.

mod letters;
mod logo;
mod millimetres;
mod papers;

use std::sync::LazyLock;

use firmware_config::profile::PrinterHead;
use protocol::Names;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub(crate) use letters::widest_word;
pub use letters::width_em;
pub(crate) use logo::read_logo;
pub use logo::{LOGO_PIXELS_MAX, Picture};
pub use millimetres::{BadMillimetres, Millimetres};
pub(crate) use papers::Paper;
pub use papers::Papers;

use crate::errors::ConfigErrors;
use crate::texts::TextsSchema;

/// The layout of a station that has none of its own, as it would stand in its file.
pub const BUILT_IN: &str = include_str!("built_in.toml");
/// Most pieces of a paper.
pub const BLOCKS_MAX: usize = 60;
/// Empty paper on both sides of text and rules.
pub const SIDE_MARGIN: Millimetres = Millimetres::tenths(20);
/// Empty paper on both sides of the number.
pub const NUMBER_MARGIN: Millimetres = Millimetres::tenths(5);
/// Capitals of the paper's letters (Noto Sans), per em: its `OS/2` table says 714 of 1000.
pub const CAP_HEIGHT_EM: f32 = 0.714;
/// How far the number is narrowed where the paper is narrow.
pub const NUMBER_NARROWEST: f32 = 0.6;
/// Light modules around a QR code (ISO/IEC 18004).
pub const QUIET_ZONE_MODULES: usize = 4;

static BUILT_IN_LAYOUT: LazyLock<TicketLayout> = LazyLock::new(|| {
    let no_papers = Papers::default();
    TicketLayout::parse("built_in.toml", BUILT_IN, &no_papers).expect("a test reads it")
});

/// What stands on a ticket, from top to bottom.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TicketLayout {
    /// The pieces of the paper from top to bottom, at most 60. One of them is the number.
    #[serde(rename = "block")]
    #[schemars(length(min = 1, max = 60))]
    pub blocks: Vec<LayoutBlock>,
}

/// The layout of a station that has none of its own.
impl Default for TicketLayout {
    fn default() -> Self {
        BUILT_IN_LAYOUT.clone()
    }
}

/// A text that holds a layout and nothing else, as it would stand in a station file.
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct LayoutFile {
    /// The layout.
    pub(crate) ticket: TicketLayout,
}

impl TicketLayout {
    /// Reads a text with `[[ticket.block]]` tables and nothing else, and checks that what it says fits the papers.
    /// `name` is the file's name in messages; a logo is looked for beside it.
    ///
    /// # Errors
    /// [`ConfigErrors::Mistakes`]: all mistakes in it, in the order of their lines.
    pub fn parse(name: &str, text: &str, papers: &Papers) -> Result<Self, ConfigErrors> {
        crate::load::layout(name, text, papers)
    }

    /// The layout as text, which [`TicketLayout::parse`] reads back as the same data.
    ///
    /// # Errors
    /// Where a value cannot be written as TOML; no value of a layout that was read is such.
    pub fn to_toml(&self) -> Result<String, toml::ser::Error> {
        let ticket = self.clone();
        toml::to_string(&LayoutFile { ticket })
    }

    pub(crate) fn is_built_in(&self) -> bool {
        *self == *BUILT_IN_LAYOUT
    }
}

/// A piece of the paper.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum LayoutBlock {
    /// What is known of the ticket, in words.
    Text(TextBlock),
    /// Words of the station's own, the same on every ticket.
    Words(WordsBlock),
    /// The number, on one line.
    Number(NumberBlock),
    /// The code that leads to the visitor's page; left out where there is no page.
    Qr(QrBlock),
    /// A picture in black and white.
    Logo(LogoBlock),
    /// A line across the paper, so many millimetres thick, 0.1 to 3.
    RuleMm(Millimetres),
    /// Empty paper, millimetres, 0 to 50.
    SpaceMm(Millimetres),
}

/// What is known of the ticket, in words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TextBlock {
    /// What it says, line by line. What does not apply to a ticket is left out.
    #[schemars(length(min = 1))]
    pub lines: Vec<TicketField>,
    /// Whether all of it stands on one line, with dots between.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub on_one_line: bool,
    /// How it is written in the visitor's language. Left out: it is not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first: Option<TextStyle>,
    /// How it is written in the second language, Chinese, or English beside Chinese. Left out: it is not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub second: Option<TextStyle>,
    /// Where it stands.
    #[serde(default, skip_serializing_if = "Align::is_centre")]
    pub align: Align,
}

/// Words of the station's own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct WordsBlock {
    /// What it says, at most 400 characters.
    #[schemars(with = "TextsSchema")]
    pub say: Names,
    /// How it is written in the visitor's language. Left out: it is not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first: Option<TextStyle>,
    /// How it is written in the second language, Chinese, or English beside Chinese. Left out: it is not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub second: Option<TextStyle>,
    /// Where it stands.
    #[serde(default, skip_serializing_if = "Align::is_centre")]
    pub align: Align,
}

/// How words are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TextStyle {
    /// Height of the letters' em square, millimetres, 2 to 20. Smaller letters than 3 mm are hard to read.
    #[schemars(range(min = 2, max = 20))]
    pub size_mm: Millimetres,
    /// Whether it is bold.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub bold: bool,
}

/// The number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NumberBlock {
    /// Height of its capitals and digits, millimetres, 5 to 40. Where the paper is narrow they are narrowed first.
    #[serde(default = "number_height")]
    #[schemars(range(min = 5, max = 40))]
    pub height_mm: Millimetres,
    /// Where it stands.
    #[serde(default, skip_serializing_if = "Align::is_centre")]
    pub align: Align,
}

/// The code that leads to the visitor's page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct QrBlock {
    /// Least width without the light edge around it, millimetres, 15 to 60: its modules are whole dots.
    #[serde(default = "qr_width")]
    #[schemars(range(min = 15, max = 60))]
    pub width_mm: Millimetres,
    /// Where it stands.
    #[serde(default, skip_serializing_if = "Align::is_centre")]
    pub align: Align,
}

/// A picture in black and white.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LogoBlock {
    /// The file: a PNG with one bit per pixel, at most 2048 pixels wide and high. A relative path begins where the
    /// station file is.
    pub file: String,
    /// Width on the paper, millimetres, 3 to 100; the height follows.
    #[schemars(range(min = 3, max = 100))]
    pub width_mm: Millimetres,
    /// Where it stands.
    #[serde(default, skip_serializing_if = "Align::is_centre")]
    pub align: Align,
    /// What the file showed when the layout was read.
    #[serde(skip)]
    pub picture: Picture,
}

/// Where something stands across the paper.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Align {
    /// At the left edge.
    Left,
    /// In the middle.
    #[default]
    Centre,
    /// At the right edge.
    Right,
}

impl Align {
    #[expect(clippy::trivially_copy_pass_by_ref, reason = "as serde calls it")]
    fn is_centre(&self) -> bool {
        *self == Self::Centre
    }

    /// The left edge, in dots, of something `width` wide between margins on a paper of `room`. Nothing starts left of
    /// the paper.
    #[must_use]
    pub fn left(self, room: usize, width: usize, margin: usize) -> usize {
        match self {
            Self::Left => margin,
            Self::Centre => room.saturating_sub(width) / 2,
            Self::Right => room.saturating_sub(width + margin),
        }
    }
}

/// Something that is known of a ticket.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum TicketField {
    /// Name of the station.
    Station,
    /// `Your number`.
    NumberLabel,
    /// The number itself, as text.
    Number,
    /// Name of the service, the first one where there are several.
    Service,
    /// Name of another service that the ticket is for. Its block stands once for each and says nothing else.
    Other,
    /// How many persons, where there are several.
    Persons,
    /// That it is of the priority class.
    Priority,
    /// That it is printed again, and how often.
    Reprint,
    /// That it was given out without the server.
    Offline,
    /// That it is for an appointment, and its time.
    Appointment,
    /// Where the identity is checked first.
    IdentityDesk,
    /// In which zone to wait.
    Zone,
    /// Its session: which, when it begins, seat or place on the list, until when to check in.
    Session,
    /// How many wait in front. Not with a session, and not before an identity check.
    Ahead,
    /// How long it will probably take. Left out where `ahead` is, and where it is not known.
    Wait,
    /// That the code can be scanned.
    Scan,
    /// What a visitor who misses the call may do. Not with a session.
    Missed,
    /// The rule by which tickets are called. Not with a session.
    CallingRule,
    /// When it was given out.
    Issued,
    /// The station's telephone number.
    Phone,
}

/// Height of the number where a layout says none.
pub(crate) fn number_height() -> Millimetres {
    Millimetres::tenths(150)
}

/// Width of the code where a layout says none.
pub(crate) fn qr_width() -> Millimetres {
    Millimetres::tenths(250)
}

/// Dots between the edges of a print head, without `margin` on both sides.
pub(crate) fn room_dots(head: PrinterHead, margin: Millimetres) -> usize {
    usize::from(head.width_dots).saturating_sub(2 * margin.dots(head))
}
