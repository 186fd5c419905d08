//! Walking a parsed file: its values with the places where they stand.
//!
//! A walk works on files that are wrong elsewhere too: what is absent or of another type is simply nothing to say about.

use serde::de::DeserializeOwned;
use toml::Spanned;
use toml::de::{DeArray, DeTable, DeValue, ValueDeserializer};

/// A value of the file, or the place where one could stand.
#[derive(Clone, Copy)]
pub(crate) struct Place<'a> {
    /// Byte offset; of what is absent, that of what it is absent from.
    pub(crate) offset: usize,
    /// The key under which it stands or could stand; empty for the whole file and for entries of lists.
    pub(crate) key: &'a str,
    found: Found<'a>,
}

#[derive(Clone, Copy)]
enum Found<'a> {
    Nothing,
    File(&'a DeTable<'a>),
    Value(&'a Spanned<DeValue<'a>>),
}

impl<'a> Place<'a> {
    /// The whole file.
    pub(crate) fn file(document: &'a Spanned<DeTable<'a>>) -> Self {
        Self {
            offset: document.span().start,
            key: "",
            found: Found::File(document.get_ref()),
        }
    }

    fn of(key: &'a str, value: &'a Spanned<DeValue<'a>>) -> Self {
        Self {
            offset: value.span().start,
            key,
            found: Found::Value(value),
        }
    }

    fn table(self) -> Option<&'a DeTable<'a>> {
        match self.found {
            Found::Nothing => None,
            Found::File(table) => Some(table),
            Found::Value(value) => value.get_ref().as_table(),
        }
    }

    fn list(self) -> Option<&'a DeArray<'a>> {
        match self.found {
            Found::Nothing | Found::File(_) => None,
            Found::Value(value) => value.get_ref().as_array(),
        }
    }

    /// Whether nothing stands here.
    pub(crate) fn is_absent(self) -> bool {
        matches!(self.found, Found::Nothing)
    }

    /// Whether something stands here that is no list.
    pub(crate) fn is_other_than_list(self) -> bool {
        !self.is_absent() && self.list().is_none()
    }

    /// Whether a table stands here.
    pub(crate) fn is_table(self) -> bool {
        self.table().is_some()
    }

    /// The value under a key.
    pub(crate) fn get(self, key: &'a str) -> Self {
        match self.table().and_then(|table| table.get(key)) {
            Some(value) => Self::of(key, value),
            None => Self {
                key,
                found: Found::Nothing,
                ..self
            },
        }
    }

    /// The values of a table; none where something else stands here.
    pub(crate) fn entries(self) -> impl Iterator<Item = Self> {
        let entries = self.table().into_iter().flat_map(|table| table.iter());
        entries.map(|(key, value)| Self::of(key.get_ref().as_ref(), value))
    }

    /// The same, to be told of at one of its keys.
    pub(crate) fn at(self, offset: usize) -> Self {
        Self { offset, ..self }
    }

    /// The keys of a table with their places; none where something else stands here.
    pub(crate) fn keys(self) -> impl Iterator<Item = (usize, String)> {
        let keys = self.table().into_iter().flat_map(|table| table.keys());
        keys.map(|key| (key.span().start, key.get_ref().to_string()))
    }

    /// The entries of a list; none where something else stands here.
    pub(crate) fn items(self) -> impl Iterator<Item = Self> {
        let items = self.list().into_iter().flat_map(|list| list.iter());
        items.map(|value| Self::of("", value))
    }

    /// How many entries the list has; none where something else stands here.
    pub(crate) fn count(self) -> Option<usize> {
        self.list().map(|list| list.len())
    }

    /// The value as data; none where it is absent or of another type.
    pub(crate) fn read<T: DeserializeOwned>(self) -> Option<T> {
        match self.found {
            Found::Nothing | Found::File(_) => None,
            Found::Value(value) => T::deserialize(ValueDeserializer::from(value.clone())).ok(),
        }
    }
}
