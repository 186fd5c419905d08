//! A kiosk's printer: where it is and how fine it prints.

use firmware_config::port::Link;
use firmware_config::profile::{DeviceProfile, PrinterBuild, PrinterHead, RomText, did_you_mean};
use protocol::Names;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::texts::{NameSchema, TextsSchema, one_or_many};

/// A ticket printer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "PrinterText", into = "PrinterText")]
pub struct Printer {
    /// How it is reached.
    pub link: Link,
    /// What people call it.
    pub name: Option<Names>,
    /// Its print head.
    pub head: PrinterHead,
    /// Whether it cuts the paper; at one that does not, the visitor tears the ticket off.
    pub cutter: bool,
    /// Letters of its ROM in which its tickets are printed; none: they are pictures.
    pub text_mode: Option<RomText>,
    /// Nothing is ever heard from it: tickets are sent, and what became of them cannot be known.
    pub one_way: bool,
    /// Its paper.
    pub supply: PaperSupply,
    /// Where its papers come out, for visitors of a kiosk with two; empty: not said.
    pub place: Names,
    /// How many papers each ticket is printed on.
    pub copies: u8,
    /// A ticket that is in its output for so long is left there, seconds. Only printers with a presenter tell.
    pub not_taken_after_s: u16,
}

/// What is known of a printer's paper, from which the tickets left are foretold.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PaperSupply {
    /// Length of a new roll, metres.
    pub roll_m: Option<u16>,
    /// What is left of it when the printer says that the end is near, metres.
    pub low_left_m: Option<u16>,
}

/// Shortest roll, metres.
const ROLL_M_MIN: u16 = 2;
/// Longest roll, metres.
const ROLL_M_MAX: u16 = 500;
/// Most papers of one ticket.
const COPIES_MAX: u8 = 3;
/// How long most visitors need at most to take a ticket, seconds.
const NOT_TAKEN_AFTER_S: u16 = 30;
/// Shortest and longest time that may be set for it, seconds.
const NOT_TAKEN_AFTER_S_MIN: u16 = 5;
const NOT_TAKEN_AFTER_S_MAX: u16 = 600;
/// Finest head on which the ROM's letters of 24 dots can be read, dots per millimetre.
const TEXT_DOTS_PER_MM_MAX: u8 = 10;

/// A ticket printer as written in a file: where it is, and either the name of its profile or its print head.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Printer")]
pub(crate) struct PrinterText {
    /// How it is reached.
    link: Link,
    /// What people call it: `"3號櫃台上方字幕機"`. It stands on staff's pages beside the id, which stays as it is.
    #[serde(
        default,
        deserialize_with = "one_or_many",
        skip_serializing_if = "Option::is_none"
    )]
    #[schemars(with = "Option<NameSchema>")]
    name: Option<Names>,
    /// Name of its profile: `escpos-80mm`, `escpos-58mm`, `escpos-80mm-180dpi`, `escpos-58mm-180dpi`, or a model's, as
    /// `firmware-config profiles` lists them. Left out where the print head is given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    profile: Option<String>,
    /// Printable dots across the paper, a multiple of 8.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    width_dots: Option<u16>,
    /// Dots per millimetre, both ways: 8 for 203 dpi.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    dots_per_mm: Option<u8>,
    /// Whether the printer cuts the paper. Left out: as its profile says; without a profile it does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    cutter: Option<bool>,
    /// Characters that the printer's ROM has beside ASCII, as its self-test page tells: `big5` for Traditional Chinese.
    /// Left out: as its profile says; few say it, because it depends on the country a unit was sold to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    rom_text: Option<RomText>,
    /// Whether tickets are printed as text in the ROM's characters, which takes a second or two also at 9,600 bit/s; what
    /// they cannot say is a picture on the same ticket. Left out: they are not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    text_mode: Option<bool>,
    /// The printer says nothing back, such as one behind a one-way cable or a print server. Left out: as its profile says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    one_way: Option<bool>,
    /// Length of a new paper roll in metres, 2 to 500, as its wrapping says: 80 mm rolls of 80 mm diameter have about 75.
    /// From it the tickets left are foretold.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    paper_roll_m: Option<u16>,
    /// Metres left when the printer says that the paper's end is near: 3 to 6 for most, set by a screw on some.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    paper_low_left_m: Option<u16>,
    /// Where its papers come out, such as `在右邊` and `on the right`: a visitor of a kiosk with two printers looks there.
    #[serde(default, skip_serializing_if = "Names::is_empty")]
    #[schemars(with = "TextsSchema")]
    place: Names,
    /// How many papers each ticket is printed on, 1 to 3: a second one for the file of the office. Left out: 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1, max = 3))]
    copies: Option<u8>,
    /// Seconds, 5 to 600, after which a ticket that is still in the printer's output is told to the chief; only a printer
    /// with a presenter knows. Left out: 30.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    not_taken_after_s: Option<u16>,
}

/// Why a file's printer cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadPrinter {
    /// Both or neither of the two ways to describe the head, or half of one.
    #[error(
        "a printer's print head is not given once, expected `profile`, or `width_dots` and `dots_per_mm`"
    )]
    NotOneHead,
    /// No printer profile has this name.
    #[error(
        "unknown printer profile `{name}`{hint}, expected a printer's name that `firmware-config profiles` lists"
    )]
    UnknownProfile {
        /// What was written.
        name: String,
        /// The name that was meant, perhaps; else nothing.
        hint: String,
    },
    /// A width that raster rows cannot have.
    #[error("invalid width_dots {0}, expected a multiple of 8 from 8 to 2048")]
    Width(u16),
    /// A resolution that no printer has.
    #[error("invalid dots_per_mm {0}, expected 4 to 24")]
    Resolution(u8),
    /// Text mode where nobody says which characters the printer has.
    #[error(
        "text_mode without known characters in the printer's ROM, expected `rom_text = \"big5\"` or a profile that has it, such as `epson-tm-t70ii-tc`"
    )]
    NoRomText,
    /// Text mode on a head on which the ROM's characters are too small.
    #[error("text_mode with dots_per_mm {0}, expected {TEXT_DOTS_PER_MM_MAX} or fewer")]
    TextTooSmall(u8),
    /// No such roll.
    #[error("invalid paper_roll_m {0}, expected {ROLL_M_MIN} to {ROLL_M_MAX}")]
    Roll(u16),
    /// No paper, or too many.
    #[error("invalid copies {0}, expected 1 to {COPIES_MAX}")]
    Copies(u8),
    /// Too soon, or too late to be of use.
    #[error(
        "invalid not_taken_after_s {0}, expected {NOT_TAKEN_AFTER_S_MIN} to {NOT_TAKEN_AFTER_S_MAX}"
    )]
    NotTakenAfter(u16),
    /// No such rest of a roll.
    #[error("invalid paper_low_left_m {left_m}, expected 1 to {most_m}, less than the roll")]
    LowLeft {
        /// What was written.
        left_m: u16,
        /// The most that may be.
        most_m: u16,
    },
}

impl TryFrom<PrinterText> for Printer {
    type Error = BadPrinter;

    fn try_from(text: PrinterText) -> Result<Self, BadPrinter> {
        let (build, is_one_way) = match (text.profile, text.width_dots, text.dots_per_mm) {
            (Some(name), None, None) => of_profile(name)?,
            (None, Some(width_dots), Some(dots_per_mm)) => {
                if width_dots % 8 != 0 || !(8..=2048).contains(&width_dots) {
                    return Err(BadPrinter::Width(width_dots));
                }
                if !(4..=24).contains(&dots_per_mm) {
                    return Err(BadPrinter::Resolution(dots_per_mm));
                }
                let build = PrinterBuild {
                    width_dots,
                    dots_per_mm,
                    cutter: true,
                    rom_text: None,
                };
                (build, false)
            }
            _ => return Err(BadPrinter::NotOneHead),
        };
        let text_mode = match text.text_mode {
            Some(true) => Some(readable(build, text.rom_text)?),
            _ => None,
        };
        let supply = PaperSupply::new(text.paper_roll_m, text.paper_low_left_m)?;
        let not_taken_after_s = text.not_taken_after_s.unwrap_or(NOT_TAKEN_AFTER_S);
        if !(NOT_TAKEN_AFTER_S_MIN..=NOT_TAKEN_AFTER_S_MAX).contains(&not_taken_after_s) {
            return Err(BadPrinter::NotTakenAfter(not_taken_after_s));
        }
        let copies = text.copies.unwrap_or(1);
        if !(1..=COPIES_MAX).contains(&copies) {
            return Err(BadPrinter::Copies(copies));
        }
        Ok(Self {
            link: text.link,
            name: text.name,
            head: build.head(),
            cutter: text.cutter.unwrap_or(build.cutter),
            text_mode,
            one_way: text.one_way.unwrap_or(is_one_way),
            supply,
            place: text.place,
            copies,
            not_taken_after_s,
        })
    }
}

/// The characters in which such a printer prints text, where that can be read.
fn readable(build: PrinterBuild, written: Option<RomText>) -> Result<RomText, BadPrinter> {
    if build.dots_per_mm > TEXT_DOTS_PER_MM_MAX {
        return Err(BadPrinter::TextTooSmall(build.dots_per_mm));
    }
    written.or(build.rom_text).ok_or(BadPrinter::NoRomText)
}

impl PaperSupply {
    fn new(roll_m: Option<u16>, low_left_m: Option<u16>) -> Result<Self, BadPrinter> {
        if let Some(m) = roll_m.filter(|m| !(ROLL_M_MIN..=ROLL_M_MAX).contains(m)) {
            return Err(BadPrinter::Roll(m));
        }
        let most_m = roll_m.map_or(ROLL_M_MAX, |m| m - 1);
        if let Some(left_m) = low_left_m.filter(|m| !(1..=most_m).contains(m)) {
            return Err(BadPrinter::LowLeft { left_m, most_m });
        }
        Ok(Self { roll_m, low_left_m })
    }
}

fn of_profile(name: String) -> Result<(PrinterBuild, bool), BadPrinter> {
    let printers: Vec<_> = DeviceProfile::all_built_in()
        .into_iter()
        .filter_map(|profile| Some((profile.profile.id, profile.printer?, profile.line.one_way)))
        .collect();
    match printers.iter().find(|(id, ..)| *id == name) {
        Some((_, build, one_way)) => Ok((*build, *one_way)),
        None => Err(BadPrinter::UnknownProfile {
            hint: did_you_mean(&name, printers.iter().map(|(id, ..)| id.as_str())),
            name,
        }),
    }
}

impl From<Printer> for PrinterText {
    fn from(printer: Printer) -> Self {
        Self {
            link: printer.link,
            name: printer.name,
            profile: None,
            width_dots: Some(printer.head.width_dots),
            dots_per_mm: Some(printer.head.dots_per_mm),
            cutter: (!printer.cutter).then_some(false),
            rom_text: printer.text_mode,
            text_mode: printer.text_mode.map(|_| true),
            one_way: printer.one_way.then_some(true),
            paper_roll_m: printer.supply.roll_m,
            paper_low_left_m: printer.supply.low_left_m,
            place: printer.place,
            copies: Some(printer.copies).filter(|copies| *copies != 1),
            not_taken_after_s: Some(printer.not_taken_after_s).filter(|s| *s != NOT_TAKEN_AFTER_S),
        }
    }
}
