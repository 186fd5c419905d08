//! The device profiles that a station file may name: those that come with the program, and its own in a folder beside it.

use std::ffi::OsStr;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use firmware_config::profile::{DeviceProfile, TomlError};

/// Where a station keeps profiles of its own, beside its file.
const FOLDER: &str = "profiles";

/// Device profiles by their ids.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DeviceProfiles {
    /// The station's own. None has the id of one that comes with the program.
    own: Vec<DeviceProfile>,
    /// What is written in the file of each.
    texts: Vec<String>,
}

impl DeviceProfiles {
    /// A profile by its id.
    #[must_use]
    pub fn get(&self, id: &str) -> Option<DeviceProfile> {
        let own = || self.own.iter().find(|own| own.profile.id == id).cloned();
        DeviceProfile::built_in(id).or_else(own)
    }

    /// All of them, the station's own last.
    #[must_use]
    pub fn all(&self) -> Vec<DeviceProfile> {
        let mut all = DeviceProfile::all_built_in();
        all.extend(self.own.iter().cloned());
        all
    }

    /// Puts the station's own beside a copy of its file in a folder, in the place of what was put there before.
    ///
    /// # Errors
    /// A file cannot be written or removed.
    pub fn put_beside(&self, folder: &Path) -> std::io::Result<()> {
        let folder = folder.join(FOLDER);
        match std::fs::remove_dir_all(&folder) {
            Err(error) if error.kind() != ErrorKind::NotFound => return Err(error),
            _ => std::fs::create_dir_all(&folder)?,
        }
        for (nth, text) in self.texts.iter().enumerate() {
            std::fs::write(folder.join(format!("{nth:03}.toml")), text)?;
        }
        Ok(())
    }

    /// Those of a station whose file is in this folder, and every mistake in them. A station without such profiles has no
    /// folder for them.
    pub(crate) fn beside(folder: &Path) -> (Self, Vec<TomlError>) {
        let folder = folder.join(FOLDER);
        let (mut profiles, mut mistakes) = (Self::default(), Vec::new());
        let files = match toml_files(&folder) {
            Ok(files) => files,
            Err(error) => return (profiles, vec![unreadable(&folder, &error)]),
        };
        // Where an id was first read.
        let mut read: Vec<(String, String)> = Vec::new();
        for path in files {
            let name = path.display().to_string();
            let parsed = std::fs::read_to_string(&path)
                .map_err(|error| unreadable(&path, &error))
                .and_then(|text| {
                    let profile = DeviceProfile::parse(&name, &text)?;
                    let id = &profile.profile.id;
                    match taken(id, &read) {
                        Some(message) => Err(TomlError::at_key(
                            &name,
                            &text,
                            "id",
                            message,
                            "an id of its own",
                        )),
                        None => Ok((profile, text)),
                    }
                });
            match parsed {
                Ok((profile, text)) => {
                    read.push((profile.profile.id.clone(), name));
                    profiles.own.push(profile);
                    profiles.texts.push(text);
                }
                Err(mistake) => mistakes.push(mistake),
            }
        }
        (profiles, mistakes)
    }
}

/// Why a profile cannot have this id.
fn taken(id: &str, read: &[(String, String)]) -> Option<String> {
    if DeviceProfile::built_in(id).is_some() {
        return Some(format!("the profile `{id}` comes with the program"));
    }
    let (_, file) = read.iter().find(|(other, _)| other == id)?;
    Some(format!("the profile `{id}` is also in {file}"))
}

/// The files in their order by name; none where there is no such folder.
fn toml_files(folder: &Path) -> std::io::Result<Vec<PathBuf>> {
    let entries = match std::fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if [ErrorKind::NotFound, ErrorKind::NotADirectory].contains(&error.kind()) => {
            return Ok(Vec::new());
        }
        Err(error) => return Err(error),
    };
    let mut files = Vec::new();
    for entry in entries {
        let path = entry?.path();
        if path.extension() == Some(OsStr::new("toml")) {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

fn unreadable(path: &Path, error: &std::io::Error) -> TomlError {
    let message = format!("cannot be read: {error}");
    TomlError::at_offset(&path.display().to_string(), "", 0, message, None)
}
