//! What the types cannot say: references, duplicates, ranges, languages.

use firmware_config::profile::TomlError;
use toml::Spanned;
use toml::de::DeTable;

use crate::model::StationFile;

/// What was found: mistakes make the file unusable, warnings do not.
#[derive(Default)]
pub(crate) struct Findings {
    pub(crate) mistakes: Vec<TomlError>,
    pub(crate) warnings: Vec<TomlError>,
}

pub(crate) fn check(
    _file: &str,
    _text: &str,
    _document: &Spanned<DeTable<'_>>,
    _station: &StationFile,
) -> Findings {
    Findings::default()
}
