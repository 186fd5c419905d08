//! Parts of the state that came after the first stored days.

use core::hash::{Hash, Hasher};
use core::ops::{Deref, DerefMut};

use serde::{Deserialize, Serialize};

/// A part of the state that older logs know nothing of. As long as it is as it was born it is neither stored nor part of
/// the fingerprint, so that a day of an older log keeps the fingerprint it had.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Later<T>(pub T);

impl<T: Default + PartialEq> Later<T> {
    /// As it was born.
    #[must_use]
    pub fn is_default(&self) -> bool {
        self.0 == T::default()
    }
}

impl<T: Default + PartialEq + Hash> Hash for Later<T> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        if !self.is_default() {
            self.0.hash(state);
        }
    }
}

impl<T> Deref for Later<T> {
    type Target = T;
    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T> DerefMut for Later<T> {
    fn deref_mut(&mut self) -> &mut T {
        &mut self.0
    }
}

impl<T> From<T> for Later<T> {
    fn from(part: T) -> Self {
        Self(part)
    }
}
