//! What has to be written so that a device is as desired: a pure comparison, without a device.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::catalog::{Catalog, LinkPart};
use super::value::SettingValue;

/// What is known about each setting of a device, by name.
pub type Readings = BTreeMap<String, Reading>;

/// The desired settings of a device, by name.
pub type Settings = BTreeMap<String, SettingValue>;

/// What is known about one setting.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reading {
    /// The device told it.
    Read(SettingValue),
    /// The device cannot tell it, but it was reached in this way.
    Reached(SettingValue),
    /// The device cannot tell it.
    Unverifiable,
    /// The device should tell it and did not.
    Unreadable(String),
}

impl Reading {
    /// The value, where it is known.
    pub fn value(&self) -> Option<&SettingValue> {
        match self {
            Self::Read(value) | Self::Reached(value) => Some(value),
            Self::Unverifiable | Self::Unreadable(_) => None,
        }
    }
}

/// How a setting compares to what is desired.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Comparison {
    /// As desired.
    Same,
    /// Something else.
    Differs,
    /// The device should tell and did not.
    Unreadable,
    /// The device cannot tell; somebody has to look.
    Unverifiable,
}

/// One desired setting beside what the device has.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Compared {
    /// Its name.
    pub setting: String,
    /// What the device has, where known.
    pub current: Option<SettingValue>,
    /// What is desired.
    pub desired: SettingValue,
    /// How they compare.
    pub comparison: Comparison,
}

/// One write.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Step {
    /// The setting's name.
    pub setting: String,
    /// Its value before, where known.
    pub from: Option<SettingValue>,
    /// Its value afterwards.
    pub to: SettingValue,
    /// Whether the device is reached differently afterwards.
    #[serde(skip)]
    pub changes: Option<LinkPart>,
}

/// Why nothing can be planned.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PlanError {
    /// No such setting.
    #[error("unknown setting `{setting}`, expected {expected}")]
    Unknown {
        /// The name.
        setting: String,
        /// The names there are.
        expected: String,
    },
    /// A value the setting does not take.
    #[error("invalid {setting} {value}, expected {expected}")]
    Value {
        /// The setting.
        setting: String,
        /// The value.
        value: SettingValue,
        /// What it takes.
        expected: String,
    },
    /// The value the device has is not known, so nobody can tell whether to write.
    #[error("{setting} cannot be read: {why}")]
    Unread {
        /// The setting.
        setting: String,
        /// Why.
        why: String,
    },
}

/// Compares what is desired with what is known, in the order of the catalog. Settings that the
/// catalog does not have are left out.
pub fn compare(catalog: &Catalog, current: &Readings, desired: &Settings) -> Vec<Compared> {
    let wanted = catalog
        .specs()
        .iter()
        .filter_map(|spec| Some((spec, desired.get(&spec.name)?)));
    wanted
        .map(|(spec, desired)| {
            let reading = current.get(&spec.name);
            let comparison = match reading {
                Some(Reading::Read(value) | Reading::Reached(value)) => {
                    if spec.agrees(value, desired) {
                        Comparison::Same
                    } else {
                        Comparison::Differs
                    }
                }
                Some(Reading::Unverifiable) => Comparison::Unverifiable,
                Some(Reading::Unreadable(_)) | None => Comparison::Unreadable,
            };
            Compared {
                setting: spec.name.clone(),
                current: reading.and_then(Reading::value).cloned(),
                desired: desired.clone(),
                comparison,
            }
        })
        .collect()
}

/// The writes that make a device as desired: only what differs, and what changes the link last. A
/// setting the device cannot tell is written each time.
///
/// # Errors
/// Everything that stands in the way.
pub fn plan(
    catalog: &Catalog,
    current: &Readings,
    desired: &Settings,
) -> Result<Vec<Step>, Vec<PlanError>> {
    let mut errors: Vec<PlanError> = desired
        .iter()
        .filter_map(|(name, value)| check(catalog, name, value).err())
        .collect();
    let mut steps = Vec::new();
    for compared in compare(catalog, current, desired) {
        match compared.comparison {
            Comparison::Same => {}
            Comparison::Unreadable => errors.push(PlanError::Unread {
                why: match current.get(&compared.setting) {
                    Some(Reading::Unreadable(why)) => why.clone(),
                    _ => "it was not asked for".to_owned(),
                },
                setting: compared.setting,
            }),
            Comparison::Differs | Comparison::Unverifiable => steps.push(Step {
                changes: catalog.get(&compared.setting).and_then(|s| s.changes),
                setting: compared.setting,
                from: compared.current,
                to: compared.desired,
            }),
        }
    }
    if errors.is_empty() {
        Ok(steps)
    } else {
        Err(errors)
    }
}

/// Checks the name and value of a desired setting.
///
/// # Errors
/// What is wrong with it.
pub fn check(catalog: &Catalog, name: &str, value: &SettingValue) -> Result<(), PlanError> {
    let spec = catalog.get(name).ok_or_else(|| PlanError::Unknown {
        setting: name.to_owned(),
        expected: catalog.names(),
    })?;
    spec.check(value).map_err(|expected| PlanError::Value {
        setting: name.to_owned(),
        value: value.clone(),
        expected,
    })
}

#[cfg(test)]
#[path = "plan_tests.rs"]
mod tests;
