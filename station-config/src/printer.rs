//! A kiosk's printer: where it is and how fine it prints.

use firmware_config::port::Link;
use firmware_config::profile::{DeviceProfile, PrinterHead};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A ticket printer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "PrinterText", into = "PrinterText")]
pub struct Printer {
    /// How it is reached.
    pub link: Link,
    /// Its print head.
    pub head: PrinterHead,
    /// Nothing is ever heard from it: tickets are sent, and what became of them cannot be known.
    pub one_way: bool,
}

/// A ticket printer as written in a file: where it is, and either the name of its profile or its print head.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Printer")]
pub(crate) struct PrinterText {
    /// How it is reached.
    link: Link,
    /// Name of its profile: `escpos-80mm`, `escpos-58mm`. Left out where the print head is given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    profile: Option<String>,
    /// Printable dots across the paper, a multiple of 8.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    width_dots: Option<u16>,
    /// Dots per millimetre, both ways: 8 for 203 dpi.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    dots_per_mm: Option<u8>,
    /// The printer says nothing back, such as one behind a one-way cable or a print server. Left out: as its profile says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    one_way: Option<bool>,
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
    #[error("unknown printer profile `{name}`, expected one of {known}")]
    UnknownProfile {
        /// What was written.
        name: String,
        /// Names that would be right, in backticks.
        known: String,
    },
    /// A width that raster rows cannot have.
    #[error("invalid width_dots {0}, expected a multiple of 8 from 8 to 2048")]
    Width(u16),
    /// A resolution that no printer has.
    #[error("invalid dots_per_mm {0}, expected 4 to 24")]
    Resolution(u8),
}

impl TryFrom<PrinterText> for Printer {
    type Error = BadPrinter;

    fn try_from(text: PrinterText) -> Result<Self, BadPrinter> {
        let (head, is_one_way) = match (text.profile, text.width_dots, text.dots_per_mm) {
            (Some(name), None, None) => of_profile(name)?,
            (None, Some(width_dots), Some(dots_per_mm)) => {
                if width_dots % 8 != 0 || !(8..=2048).contains(&width_dots) {
                    return Err(BadPrinter::Width(width_dots));
                }
                if !(4..=24).contains(&dots_per_mm) {
                    return Err(BadPrinter::Resolution(dots_per_mm));
                }
                let head = PrinterHead {
                    width_dots,
                    dots_per_mm,
                };
                (head, false)
            }
            _ => return Err(BadPrinter::NotOneHead),
        };
        Ok(Self {
            link: text.link,
            head,
            one_way: text.one_way.unwrap_or(is_one_way),
        })
    }
}

fn of_profile(name: String) -> Result<(PrinterHead, bool), BadPrinter> {
    let heads: Vec<_> = DeviceProfile::all_built_in()
        .into_iter()
        .filter_map(|profile| Some((profile.profile.id, profile.printer?, profile.line.one_way)))
        .collect();
    match heads.iter().find(|(id, ..)| *id == name) {
        Some((_, head, one_way)) => Ok((*head, *one_way)),
        None => Err(BadPrinter::UnknownProfile {
            name,
            known: crate::errors::listed(heads.iter().map(|(id, ..)| id.as_str())),
        }),
    }
}

impl From<Printer> for PrinterText {
    fn from(printer: Printer) -> Self {
        Self {
            link: printer.link,
            profile: None,
            width_dots: Some(printer.head.width_dots),
            dots_per_mm: Some(printer.head.dots_per_mm),
            one_way: printer.one_way.then_some(true),
        }
    }
}
