//! What the devices of a station shall be set to.
//!
//! ```toml
//! [counter-3]
//! address = 3
//! baud = 9600
//!
//! [kiosk-printer]
//! density = 100
//! memory-switch-8 = "xxxx1xxx"
//! ```

use std::collections::BTreeMap;
use std::path::Path;

use toml::Spanned;

use super::plan::{PlanError, Settings, check};
use super::targets::Targets;
use super::value::SettingValue;
use crate::profile::{TomlError, parse_toml};

/// The desired settings of each device, by target.
pub type Desired = BTreeMap<String, Settings>;

type DesiredText = BTreeMap<Spanned<String>, BTreeMap<Spanned<String>, Spanned<SettingValue>>>;

/// Reads the file and checks it against the devices there are.
///
/// # Errors
/// Names the file, line, column and what was expected.
pub fn load(path: &Path, targets: &Targets) -> anyhow::Result<Desired> {
    let name = path.display().to_string();
    let text = std::fs::read_to_string(path)
        .map_err(|error| anyhow::anyhow!("cannot read {name}: {error}"))?;
    Ok(parse(&name, &text, targets)?)
}

fn parse(file: &str, text: &str, targets: &Targets) -> Result<Desired, TomlError> {
    let read: DesiredText = parse_toml(file, text)?;
    let at = |offset: usize, message: String, expected: String| {
        TomlError::at_offset(file, text, offset, message, Some(expected))
    };
    let mut desired = Desired::new();
    for (name, settings) in read {
        let target = targets.get(name.get_ref()).ok_or_else(|| {
            let message = format!("unknown target `{}`", name.get_ref());
            at(name.span().start, message, targets.names())
        })?;
        let mut checked = Settings::new();
        for (setting, value) in settings {
            match check(&target.catalog, setting.get_ref(), value.get_ref()) {
                Ok(()) => {}
                Err(PlanError::Unknown {
                    setting: unknown,
                    expected,
                }) => {
                    let message = format!("unknown setting `{unknown}`");
                    return Err(at(setting.span().start, message, expected));
                }
                Err(PlanError::Value {
                    setting,
                    value: wrong,
                    expected,
                }) => {
                    let message = format!("invalid {setting} {wrong}");
                    return Err(at(value.span().start, message, expected));
                }
                Err(PlanError::Unread {
                    setting: unread,
                    why,
                }) => {
                    return Err(at(setting.span().start, unread, why));
                }
            }
            checked.insert(setting.into_inner(), value.into_inner());
        }
        desired.insert(name.into_inner(), checked);
    }
    Ok(desired)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mistakes_name_their_place() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("targets.toml");
        let text = "[[target]]\nname = \"led\"\nlink = { serial = \"/dev/a\" }\n\
            profile = \"led-485\"\naddress = 1\n";
        std::fs::write(&path, text).unwrap();
        let targets = Targets::load(&path).unwrap();
        let good = "[led]\naddress = 3\nbaud = 9600\n";
        let desired = parse("a.toml", good, &targets).unwrap();
        assert_eq!(desired["led"]["baud"], SettingValue::Number(9_600));
        for (text, expected) in [
            (
                "[lde]\naddress = 3\n",
                "a.toml:1:2: unknown target `lde`, expected one of led",
            ),
            (
                "[led]\n addres = 3\n",
                "a.toml:2:2: unknown setting `addres`, expected one of address, baud",
            ),
            (
                "[led]\naddress = 0\n",
                "a.toml:2:11: invalid address 0, expected 1 to 247",
            ),
            (
                "[led]\nbaud = true\n",
                "a.toml:2:8: invalid type: boolean `true`, expected a number or a word",
            ),
        ] {
            let error = parse("a.toml", text, &targets).unwrap_err();
            assert_eq!(error.to_string(), expected);
        }
    }
}
