//! Mistakes in a station file, and how they are told.

use std::fmt;

use firmware_config::profile::TomlError;

/// Why a station file cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ConfigErrors {
    /// The file cannot be read at all.
    #[error("{file}: cannot be read: {source}")]
    Unreadable {
        /// The file as the user named it.
        file: String,
        /// Why.
        source: std::io::Error,
    },
    /// Mistakes in it, in the order of their lines; never empty.
    #[error("{}", Lines(.0))]
    Mistakes(Vec<TomlError>),
}

impl ConfigErrors {
    /// The mistakes with their places; none where the file could not be read.
    #[must_use]
    pub fn mistakes(&self) -> &[TomlError] {
        match self {
            Self::Unreadable { .. } => &[],
            Self::Mistakes(mistakes) => mistakes,
        }
    }
}

struct Lines<'a>(&'a [TomlError]);

impl fmt::Display for Lines<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, mistake) in self.0.iter().enumerate() {
            let line_end = if at == 0 { "" } else { "\n" };
            write!(f, "{line_end}{mistake}")?;
        }
        Ok(())
    }
}

/// Names in backticks with commas between them.
pub(crate) fn listed<'a>(names: impl IntoIterator<Item = &'a str>) -> String {
    let quoted: Vec<_> = names.into_iter().map(|name| format!("`{name}`")).collect();
    quoted.join(", ")
}
