//! Which settings a device has, where they are stored in it, and which values they take.

mod printer;

use std::collections::BTreeMap;

use crate::escpos_settings::{SerialItem, Switch};
use crate::port::Link;
use crate::profile::{DeviceProfile, Setting, ValueKind, WITHOUT_QUOTES};

use super::value::SettingValue;

/// The settings of one kind of device, those that change how it is reached last.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Catalog {
    specs: Vec<SettingSpec>,
}

/// One setting.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SettingSpec {
    /// Its name in files.
    pub name: String,
    /// Where the device keeps it.
    pub place: Place,
    /// What it can be set to.
    pub values: Values,
    /// What about the link is different after a change.
    pub changes: Option<LinkPart>,
}

/// Where a device keeps a setting.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// Modbus registers.
    Register {
        /// Register that is written.
        write: u16,
        /// Write it with function 10h in place of 06.
        write_many: bool,
        /// Register that is read with function 03; `None`: the device cannot tell.
        read: Option<u16>,
    },
    /// The address of a sign, which tells it by answering.
    SignAddress,
    /// A printer's memory switch.
    MemorySwitch(u8),
    /// A printer's customised value.
    Customized(u8),
    /// A condition of a printer's serial interface.
    Serial(SerialItem),
}

/// What a setting can be set to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Values {
    /// Numbers from a smallest to a largest, stored as they are.
    Range(u32, u32),
    /// The code stored for each value.
    Codes(Vec<(u32, SettingValue)>),
    /// Eight switches, number 8 first: `0` off, `1` on, and when writing `x` for as it is.
    Switches,
}

/// A part of how a device is reached, in the order in which changes are made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum LinkPart {
    /// Its address.
    Address,
    /// Flow control.
    Flow,
    /// Parity.
    Parity,
    /// Bits per character.
    DataBits,
    /// Speed in bits per second.
    Baud,
}

/// Word for a stored code that has no value known here; such a value can be written back.
const CODE: &str = "code ";

impl Catalog {
    /// The settings of a device of this kind on this link.
    ///
    /// # Errors
    /// The profile describes a setting that cannot be handled.
    pub fn of(profile: &DeviceProfile, link: &Link) -> Result<Self, String> {
        let mut specs = if profile.printer.is_some() {
            printer::settings(matches!(link, Link::Serial { .. }))
        } else if profile.is_sign() {
            vec![SettingSpec {
                name: "address".to_owned(),
                place: Place::SignAddress,
                values: Values::Range(1, 247),
                changes: Some(LinkPart::Address),
            }]
        } else {
            let registers = profile.settings.iter();
            registers
                .map(|(name, setting)| register_setting(name, setting))
                .collect::<Result<_, _>>()?
        };
        specs.sort_by_key(|spec| (spec.changes, spec.name.clone()));
        Ok(Self { specs })
    }

    /// All settings, those that change the link last.
    pub fn specs(&self) -> &[SettingSpec] {
        &self.specs
    }

    /// The setting of a name.
    pub fn get(&self, name: &str) -> Option<&SettingSpec> {
        self.specs.iter().find(|spec| spec.name == name)
    }

    /// The setting that changes a part of the link.
    pub fn changing(&self, part: LinkPart) -> Option<&SettingSpec> {
        self.specs.iter().find(|spec| spec.changes == Some(part))
    }

    /// All names, for messages.
    pub fn names(&self) -> String {
        let names: Vec<&str> = self.specs.iter().map(|spec| spec.name.as_str()).collect();
        if names.is_empty() {
            "no settings: this device has none that are known".to_owned()
        } else {
            format!("one of {}", names.join(", "))
        }
    }
}

impl SettingSpec {
    /// Whether the device can be asked for it.
    pub fn is_readable(&self) -> bool {
        !matches!(
            self.place,
            Place::Register { read: None, .. } | Place::SignAddress
        )
    }

    /// Checks a value.
    ///
    /// # Errors
    /// What was expected.
    pub fn check(&self, value: &SettingValue) -> Result<(), String> {
        let is_good = match (&self.values, value) {
            (Values::Switches, SettingValue::Word(word)) => switches(word).is_some(),
            (Values::Switches, SettingValue::Number(_)) => false,
            _ => self.code(value).is_some(),
        };
        if is_good {
            return Ok(());
        }
        let quoted = match value {
            SettingValue::Word(word) => word.parse().ok().map(SettingValue::Number),
            SettingValue::Number(_) => None,
        };
        Err(match quoted {
            Some(number) if self.code(&number).is_some() => WITHOUT_QUOTES.to_owned(),
            _ => self.expected(),
        })
    }

    fn expected(&self) -> String {
        match &self.values {
            Values::Range(least, most) => format!("{least} to {most}"),
            Values::Codes(codes) => {
                let values: Vec<String> = codes.iter().map(|(_, v)| v.to_string()).collect();
                format!("one of {}", values.join(", "))
            }
            Values::Switches => {
                "8 of the characters 0, 1 and x (as it is), switch 8 first".to_owned()
            }
        }
    }

    /// The code stored for a value; `None` for a wrong value and for switches.
    pub fn code(&self, value: &SettingValue) -> Option<u32> {
        match (&self.values, value) {
            (Values::Range(least, most), SettingValue::Number(number)) => u32::try_from(*number)
                .ok()
                .filter(|number| (*least..=*most).contains(number)),
            (Values::Codes(codes), value) => {
                let known = codes.iter().find(|(_, known)| known == value);
                known.map(|(code, _)| *code).or_else(|| {
                    match value {
                        SettingValue::Word(word) => word.strip_prefix(CODE)?.parse::<u16>().ok(),
                        SettingValue::Number(_) => None,
                    }
                    .map(u32::from)
                })
            }
            _ => None,
        }
    }

    /// The value of a stored code.
    pub fn value_of_code(&self, code: u32) -> SettingValue {
        let known = match &self.values {
            Values::Codes(codes) => codes.iter().find(|(known, _)| *known == code),
            Values::Range(..) | Values::Switches => {
                return SettingValue::Number(i64::from(code));
            }
        };
        known.map_or_else(
            || SettingValue::Word(format!("{CODE}{code}")),
            |(_, value)| value.clone(),
        )
    }

    /// Whether a value that was read is what is desired.
    pub fn agrees(&self, current: &SettingValue, desired: &SettingValue) -> bool {
        match (&self.values, current, desired) {
            (Values::Switches, SettingValue::Word(current), SettingValue::Word(desired)) => {
                let pairs = current.chars().zip(desired.chars());
                current.len() == desired.len()
                    && pairs
                        .into_iter()
                        .all(|(is, should)| should == 'x' || is == should)
            }
            _ => current == desired,
        }
    }
}

/// The eight switches of a word, or `None` when it is none.
pub fn switches(word: &str) -> Option<[Switch; 8]> {
    let switches = word.chars().map(|c| match c {
        '0' => Some(Switch::Off),
        '1' => Some(Switch::On),
        'x' => Some(Switch::Keep),
        _ => None,
    });
    let switches: Option<Vec<Switch>> = switches.collect();
    switches?.try_into().ok()
}

fn register_setting(name: &str, setting: &Setting) -> Result<SettingSpec, String> {
    let wrong = |what: &str| Err(format!("setting `{name}` of the profile: {what}"));
    if setting.write.kind == Some(ValueKind::I16) {
        return wrong("signed settings are not handled");
    }
    if !matches!(setting.write.function, 6 | 16) {
        return wrong("expected function 6 or 16 to write");
    }
    if setting.read.as_ref().is_some_and(|read| read.function != 3) {
        return wrong("expected function 3 to read");
    }
    let values = match (setting.range, setting.codes.is_empty()) {
        (Some((least, most)), true) => match (u16::try_from(least), u16::try_from(most)) {
            (Ok(least), Ok(most)) if least <= most => Values::Range(least.into(), most.into()),
            _ => return wrong("expected a range within 0 to 65535"),
        },
        (None, false) => Values::Codes(codes(&setting.codes).ok_or_else(|| {
            format!("setting `{name}` of the profile: expected codes within 0 to 65535")
        })?),
        _ => return wrong("expected either `range` or `enum`"),
    };
    let changes = match (setting.changes_link, name) {
        (false, _) => None,
        (true, "address") => Some(LinkPart::Address),
        (true, "baud") => Some(LinkPart::Baud),
        (true, _) => return wrong("only `address` and `baud` can change the link"),
    };
    let place = Place::Register {
        write: setting.write.reg,
        write_many: setting.write.function == 16,
        read: setting.read.as_ref().map(|read| read.reg),
    };
    Ok(SettingSpec {
        name: name.to_owned(),
        place,
        values,
        changes,
    })
}

fn codes(by_code: &BTreeMap<String, i64>) -> Option<Vec<(u32, SettingValue)>> {
    let mut codes: Vec<(u32, SettingValue)> = by_code
        .iter()
        .map(|(code, value)| {
            let code = code.parse::<u16>().ok()?;
            Some((u32::from(code), SettingValue::Number(*value)))
        })
        .collect::<Option<_>>()?;
    codes.sort();
    Some(codes)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn catalog(id: &str) -> Catalog {
        let profile = DeviceProfile::built_in(id).unwrap();
        Catalog::of(&profile, &Link::serial("/dev/x", 9_600)).unwrap()
    }

    #[test]
    fn every_built_in_profile_has_a_catalog_with_link_changes_last() {
        for profile in DeviceProfile::all_built_in() {
            let catalog = catalog(&profile.profile.id);
            let changes: Vec<bool> = catalog
                .specs()
                .iter()
                .map(|s| s.changes.is_some())
                .collect();
            assert!(changes.is_sorted(), "{}", profile.profile.id);
        }
    }

    #[test]
    fn codes_and_words() {
        let panel = catalog("led-485");
        let baud = panel.get("baud").unwrap();
        assert_eq!(baud.code(&SettingValue::Number(19_200)), Some(5));
        assert_eq!(baud.value_of_code(8), SettingValue::Number(115_200));
        assert_eq!(
            baud.check(&SettingValue::Number(9_601)).unwrap_err(),
            "one of 1200, 2400, 4800, 9600, 19200, 38400, 57600, 115200"
        );
        let address = panel.get("address").unwrap();
        assert_eq!(
            address.check(&SettingValue::Number(0)).unwrap_err(),
            "1 to 247"
        );

        let printer = catalog("escpos-80mm");
        let density = printer.get("density").unwrap();
        assert_eq!(density.code(&SettingValue::Number(85)), Some(65_533));
        assert_eq!(density.code(&SettingValue::Number(110)), Some(2));
        let odd = density.value_of_code(77);
        assert_eq!(odd, SettingValue::word("code 77"));
        assert_eq!(
            density.code(&odd),
            Some(77),
            "what was read can be restored"
        );
    }

    #[test]
    fn switches_left_as_they_are_agree_with_either() {
        let printer = catalog("escpos-80mm");
        let switch = printer.get("memory-switch-8").unwrap();
        let is = SettingValue::word("00000010");
        for (desired, agrees) in [("xxxxxx1x", true), ("xxxxxx0x", false), ("00000010", true)] {
            assert!(switch.check(&SettingValue::word(desired)).is_ok());
            assert_eq!(switch.agrees(&is, &SettingValue::word(desired)), agrees);
        }
        assert!(switch.check(&SettingValue::word("0000001")).is_err());
        assert!(switch.check(&SettingValue::Number(1)).is_err());
    }

    #[test]
    fn a_network_printer_keeps_its_link() {
        let profile = DeviceProfile::built_in("escpos-80mm").unwrap();
        let catalog = Catalog::of(&profile, &Link::tcp("printer:9100")).unwrap();
        assert!(catalog.specs().iter().all(|spec| spec.changes.is_none()));
    }
}
