//! Where in the file something stands.

use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// One step from a table or list to something in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Step<'a> {
    /// Into a table.
    Key(&'a str),
    /// Into a list.
    Index(usize),
}

impl<'a> From<&'a str> for Step<'a> {
    fn from(key: &'a str) -> Self {
        Self::Key(key)
    }
}

impl From<usize> for Step<'_> {
    fn from(index: usize) -> Self {
        Self::Index(index)
    }
}

/// Byte offset of what the steps lead to. Where a step leads nowhere, of the last thing on the way.
pub(crate) fn offset(root: &Spanned<DeTable<'_>>, path: &[Step<'_>]) -> usize {
    let Some((first, rest)) = path.split_first() else {
        return root.span().start;
    };
    let Step::Key(key) = first else {
        return root.span().start;
    };
    root.get_ref()
        .get(*key)
        .map_or(root.span().start, |value| value_offset(value, rest))
}

fn value_offset(value: &Spanned<DeValue<'_>>, path: &[Step<'_>]) -> usize {
    let next = path.split_first().and_then(|(step, rest)| {
        let inner = match step {
            Step::Key(key) => value.get_ref().get(*key),
            Step::Index(index) => value.get_ref().get(*index),
        };
        inner.map(|inner| (inner, rest))
    });
    match next {
        Some((inner, rest)) => value_offset(inner, rest),
        None => value.span().start,
    }
}
