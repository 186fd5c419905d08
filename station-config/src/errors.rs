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

/// What a hint begins with.
pub(crate) const DID_YOU_MEAN: &str = " (did you mean ";

/// ` (did you mean ...?)` where one of `known` is like `written`; else nothing.
pub(crate) fn did_you_mean<'a>(written: &str, known: impl IntoIterator<Item = &'a str>) -> String {
    // The higher, the more alike; below this people do not see a likeness.
    const ALIKE: f64 = 0.7;
    let folded = written.to_lowercase();
    known
        .into_iter()
        .map(|name| {
            let name_folded = name.to_lowercase();
            let likeness = strsim::normalized_damerau_levenshtein(&folded, &name_folded)
                .max(strsim::jaro_winkler(&folded, &name_folded) - 0.1);
            (likeness, name)
        })
        .filter(|(likeness, _)| *likeness >= ALIKE)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map_or_else(String::new, |(_, name)| format!("{DID_YOU_MEAN}`{name}`?)"))
}
