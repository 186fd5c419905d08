//! The name that somebody may have meant who wrote an unknown one.

/// What a hint begins with.
pub const DID_YOU_MEAN: &str = " (did you mean ";

/// ` (did you mean ...?)` where one of `known` is like `written`; else nothing.
#[must_use]
pub fn did_you_mean<'a>(written: &str, known: impl IntoIterator<Item = &'a str>) -> String {
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
