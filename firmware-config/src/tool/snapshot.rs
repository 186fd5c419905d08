//! What devices were set to at one time, in a file from which they can be restored.

use std::fmt::Write as _;
use std::path::Path;

use anyhow::{Context as _, bail};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::files::replace_file;
use super::plan::{Reading, Readings, Settings};
use super::value::SettingValue;
use crate::modbus::Address;
use crate::port::Link;
use crate::profile::parse_toml;

/// A snapshot of one or more devices.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Snapshot {
    /// Program and version that took it.
    pub tool: String,
    /// When.
    pub taken_at: Timestamp,
    /// SHA-256 of the devices as written here, in hexadecimal.
    pub sha256: String,
    /// The devices.
    pub device: Vec<DeviceState>,
}

/// What one device was set to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DeviceState {
    /// Its target.
    pub target: String,
    /// Its profile's id.
    pub profile: String,
    /// Its address then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<Address>,
    /// Its link then.
    pub link: Link,
    /// Its settings.
    #[serde(default)]
    pub setting: Vec<SettingState>,
}

/// What one setting was.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SettingState {
    /// Its name.
    pub name: String,
    /// Its value, where known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<SettingValue>,
    /// The answer it was read from, in hexadecimal.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub raw: Option<String>,
    /// How the value is known, or why it is not.
    pub source: Source,
    /// Why it could not be read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub why: Option<String>,
}

/// How a value is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Source {
    /// The device told it.
    Read,
    /// The device answered when reached in this way.
    Reached,
    /// The device cannot tell it.
    Unverifiable,
    /// The device should tell it and did not.
    Unreadable,
}

#[derive(Serialize)]
struct Content<'a> {
    device: &'a [DeviceState],
}

impl Snapshot {
    /// A snapshot of devices, with its checksum.
    ///
    /// # Errors
    /// The devices cannot be written as TOML.
    pub fn new(taken_at: Timestamp, device: Vec<DeviceState>) -> anyhow::Result<Self> {
        Ok(Self {
            tool: concat!("firmware-config ", env!("CARGO_PKG_VERSION")).to_owned(),
            taken_at,
            sha256: checksum(&device)?,
            device,
        })
    }

    /// Writes the file and reads it back.
    ///
    /// # Errors
    /// It cannot be written, or what is there is not what was written.
    pub fn save(&self, path: &Path) -> anyhow::Result<()> {
        let text = toml::to_string(self).context("a snapshot becomes TOML")?;
        replace_file(path, text.as_bytes())
            .with_context(|| format!("cannot write {}", path.display()))?;
        if Self::load(path)? != *self {
            bail!("{} is not what was written to it", path.display());
        }
        Ok(())
    }

    /// Reads a snapshot and checks its checksum.
    ///
    /// # Errors
    /// Names the file, line, column and what was expected, or says that its content was changed.
    pub fn load(path: &Path) -> anyhow::Result<Self> {
        let name = path.display().to_string();
        let text = std::fs::read_to_string(path).with_context(|| format!("cannot read {name}"))?;
        let snapshot: Self = parse_toml(&name, &text)?;
        if checksum(&snapshot.device)? != snapshot.sha256 {
            bail!("{name}: the content is not what its sha256 says; it was changed or damaged");
        }
        Ok(snapshot)
    }

    /// What is known of a device's settings, or `None` when it is not in here.
    pub fn readings(&self, target: &str) -> Option<Readings> {
        let device = self.device.iter().find(|device| device.target == target)?;
        Some(device.readings())
    }
}

impl From<&SettingState> for Reading {
    fn from(setting: &SettingState) -> Self {
        match (setting.source, &setting.value) {
            (Source::Read, Some(value)) => Self::Read(value.clone()),
            (Source::Reached, Some(value)) => Self::Reached(value.clone()),
            (Source::Unverifiable, _) => Self::Unverifiable,
            _ => Self::Unreadable(setting.why.clone().unwrap_or_default()),
        }
    }
}

impl DeviceState {
    /// What is known of each setting.
    pub fn readings(&self) -> Readings {
        let readings = self.setting.iter();
        readings
            .map(|setting| (setting.name.clone(), Reading::from(setting)))
            .collect()
    }

    /// The settings that are known, to be restored.
    pub fn settings(&self) -> Settings {
        self.setting
            .iter()
            .filter_map(|setting| Some((setting.name.clone(), setting.value.clone()?)))
            .collect()
    }
}

/// Bytes as pairs of hexadecimal digits with blanks between them.
pub(super) fn hex(bytes: &[u8]) -> String {
    let pairs: Vec<String> = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    pairs.join(" ")
}

fn checksum(device: &[DeviceState]) -> anyhow::Result<String> {
    let content = toml::to_string(&Content { device }).context("devices become TOML")?;
    let mut digits = String::new();
    for byte in Sha256::digest(content.as_bytes()) {
        write!(digits, "{byte:02x}").context("a checksum becomes text")?;
    }
    Ok(digits)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_snapshot_survives_its_file_and_a_changed_one_is_refused() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("s.toml");
        let device = DeviceState {
            target: "kiosk".into(),
            profile: "escpos-80mm".into(),
            address: None,
            link: Link::serial("/dev/a", 19_200),
            setting: vec![
                SettingState {
                    name: "density".into(),
                    value: Some(SettingValue::Number(100)),
                    raw: Some(hex(&[0x37, 0x27])),
                    source: Source::Read,
                    why: None,
                },
                SettingState {
                    name: "speed".into(),
                    value: None,
                    raw: None,
                    source: Source::Unreadable,
                    why: Some("no answer".into()),
                },
            ],
        };
        let snapshot = Snapshot::new(Timestamp::UNIX_EPOCH, vec![device]).unwrap();
        snapshot.save(&path).unwrap();
        let readings = snapshot.readings("kiosk").unwrap();
        assert_eq!(readings["speed"], Reading::Unreadable("no answer".into()));
        assert_eq!(snapshot.readings("other"), None);

        let text = std::fs::read_to_string(&path).unwrap();
        std::fs::write(&path, text.replace("value = 100", "value = 105")).unwrap();
        let error = Snapshot::load(&path).unwrap_err().to_string();
        assert!(error.contains("its sha256"), "{error}");
    }
}
