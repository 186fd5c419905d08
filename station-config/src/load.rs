//! Reading and writing station files.

use std::path::Path;

use firmware_config::profile::TomlError;

use crate::check::{Findings, Logos, check, check_layout};
use crate::errors::ConfigErrors;
use crate::model::StationFile;
use crate::read::{parse, read};
use crate::ticket::{LayoutBlock, LayoutFile, Papers, TicketLayout};

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

    /// Reads a text and checks it. `name` is the file's name in messages; files that it names itself are looked for
    /// beside it.
    ///
    /// # Errors
    /// [`ConfigErrors::Mistakes`]: all mistakes in it and in the profiles beside it, in the order of their lines. Only mistakes of syntax hide all others:
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
        let document = parse(name, text).map_err(in_order)?;
        let found = check(name, text, folder_of(name), &document);
        let (mut file, found) = whole(read::<Self>(name, text, &document), found)?;
        put(&mut file.ticket, found.logos);
        file.device_profiles = found.profiles;
        if let Some(packs) = file.voice.as_mut().and_then(|voice| voice.packs.as_mut()) {
            // Named from the root on: the file may be written to another folder.
            let folder = std::path::absolute(folder_of(name).join(&*packs));
            *packs = folder.map_or_else(|_| packs.clone(), |folder| folder.display().to_string());
        }
        Ok((file, sorted(found.warnings)))
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

/// A layout alone, for the papers on which it is printed.
pub(crate) fn layout(
    name: &str,
    text: &str,
    papers: &Papers,
) -> Result<TicketLayout, ConfigErrors> {
    let document = parse(name, text).map_err(in_order)?;
    let found = check_layout(name, text, folder_of(name), papers, &document);
    let (file, found) = whole(read::<LayoutFile>(name, text, &document), found)?;
    let mut layout = file.ticket;
    put(&mut layout, found.logos);
    Ok(layout)
}

/// What was read, if nothing is wrong with it; else all mistakes.
fn whole<T>(
    read: Result<T, Vec<TomlError>>,
    mut found: Findings,
) -> Result<(T, Findings), ConfigErrors> {
    match read {
        Ok(file) if found.mistakes.is_empty() => return Ok((file, found)),
        Ok(_) => {}
        Err(mistakes) => found.mistakes.extend(mistakes),
    }
    Err(in_order(found.mistakes))
}

fn in_order(mistakes: Vec<TomlError>) -> ConfigErrors {
    ConfigErrors::Mistakes(sorted(mistakes))
}

fn sorted(mut found: Vec<TomlError>) -> Vec<TomlError> {
    found.sort_by(|a, b| (&a.file, a.line, a.column).cmp(&(&b.file, b.line, b.column)));
    found
}

/// Where files are looked for that a file names.
fn folder_of(name: &str) -> &Path {
    Path::new(name).parent().unwrap_or(Path::new(""))
}

/// Puts the pictures of the logos into a layout. Their files are named from the root on: the layout may be written to
/// another folder.
fn put(layout: &mut TicketLayout, mut logos: Logos) {
    for (at, block) in layout.blocks.iter_mut().enumerate() {
        if let (LayoutBlock::Logo(logo), Some((path, picture))) = (block, logos.remove(&at)) {
            logo.file = path.display().to_string();
            logo.picture = picture;
        }
    }
}
