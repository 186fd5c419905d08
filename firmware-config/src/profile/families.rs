//! Ticket printers that differ in little more than their width: one file for all of them.

use serde::Deserialize;

use super::{
    DeviceProfile, Identity, Line, PrinterBuild, Protocol, RomText, TomlError, has_cutter,
    parse_toml,
};

/// The file with all of them. It says where the facts are from.
const FILE: (&str, &str) = (
    "ticket-printers.toml",
    include_str!("../../profiles/ticket-printers.toml"),
);

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Families {
    provenance: String,
    source: String,
    line: Line,
    family: Vec<Family>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Family {
    id: String,
    maker: String,
    model: String,
    variant: Option<String>,
    width_dots: u16,
    dots_per_mm: u8,
    #[serde(default = "has_cutter")]
    cutter: bool,
    rom_text: Option<RomText>,
}

/// The profile of every family.
///
/// # Errors
/// The first mistake in the file.
pub(super) fn all() -> Result<Vec<DeviceProfile>, TomlError> {
    let (name, text) = FILE;
    parse(name, text)
}

/// The profiles of such a file.
///
/// # Errors
/// The first mistake in it.
pub(super) fn parse(name: &str, text: &str) -> Result<Vec<DeviceProfile>, TomlError> {
    let families: Families = parse_toml(name, text)?;
    let of = |family: Family| DeviceProfile {
        profile: Identity {
            id: family.id,
            protocol: Protocol::EscPos,
            provenance: families.provenance.clone(),
            source: Some(families.source.clone()),
            maker: Some(family.maker),
            model: Some(family.model),
            variant: family.variant,
        },
        line: families.line.clone(),
        settings: Default::default(),
        display: None,
        frame: Vec::new(),
        keys: None,
        printer: Some(PrinterBuild {
            width_dots: family.width_dots,
            dots_per_mm: family.dots_per_mm,
            cutter: family.cutter,
            rom_text: family.rom_text,
        }),
        verify: None,
        save: None,
    };
    families
        .family
        .into_iter()
        .map(|family| {
            let profile = of(family);
            profile.check(name, text).map(|()| profile)
        })
        .collect()
}
