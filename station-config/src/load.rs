//! Reading and writing station files.

use std::path::Path;

use firmware_config::profile::TomlError;

use crate::check::check;
use crate::errors::ConfigErrors;
use crate::model::StationFile;
use crate::read::{parse, read};

impl StationFile {
    /// Reads a file and checks it.
    ///
    /// # Errors
    /// [`ConfigErrors`]: the file cannot be read, or all mistakes in it.
    pub fn load(path: &Path) -> Result<Self, ConfigErrors> {
        Self::load_with_warnings(path).map(|(file, _)| file)
    }

    /// Reads a file and checks it; tells also what is allowed but unwise.
    ///
    /// # Errors
    /// As [`StationFile::load`].
    pub fn load_with_warnings(path: &Path) -> Result<(Self, Vec<TomlError>), ConfigErrors> {
        let name = path.display().to_string();
        match std::fs::read_to_string(path) {
            Ok(text) => Self::parse_with_warnings(&name, &text),
            Err(source) => Err(ConfigErrors::Unreadable { file: name, source }),
        }
    }

    /// Reads a text and checks it. `name` is the file's name in messages.
    ///
    /// # Errors
    /// [`ConfigErrors::Mistakes`]: all mistakes in it, in the order of their lines. Only mistakes of syntax hide all others:
    /// what such a text means is not known.
    pub fn parse(name: &str, text: &str) -> Result<Self, ConfigErrors> {
        Self::parse_with_warnings(name, text).map(|(file, _)| file)
    }

    /// Reads a text and checks it; tells also what is allowed but unwise.
    ///
    /// # Errors
    /// As [`StationFile::parse`].
    pub fn parse_with_warnings(
        name: &str,
        text: &str,
    ) -> Result<(Self, Vec<TomlError>), ConfigErrors> {
        let in_order = |mut found: Vec<TomlError>| {
            found.sort_by_key(|mistake| (mistake.line, mistake.column));
            found
        };
        let document =
            parse(name, text).map_err(|syntax| ConfigErrors::Mistakes(in_order(syntax)))?;
        let mut found = check(name, text, &document);
        match read::<Self>(name, text, &document) {
            Ok(file) if found.mistakes.is_empty() => return Ok((file, in_order(found.warnings))),
            Ok(_) => {}
            Err(mistakes) => found.mistakes.extend(mistakes),
        }
        Err(ConfigErrors::Mistakes(in_order(found.mistakes)))
    }

    /// The file as text, which [`StationFile::parse`] reads back as the same data.
    ///
    /// # Errors
    /// Where a value cannot be written as TOML; no value of a parsed file is such.
    pub fn to_toml(&self) -> Result<String, toml::ser::Error> {
        toml::to_string(self)
    }

    /// JSON Schema of station files, indented, with a line end.
    #[must_use]
    pub fn schema() -> String {
        let schema = schemars::schema_for!(Self).to_value();
        format!("{schema:#}\n")
    }
}
