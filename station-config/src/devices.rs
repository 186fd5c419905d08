//! What agents call the devices of a station file. These names stay: they are in the log.

use std::collections::BTreeMap;

use firmware_config::key_pad::{KeyMap, KeyPadConfig};
use protocol::Names;
use queue_core::{CounterId, DeviceId, KioskNumber};

use crate::device_profiles::DeviceProfiles;
use crate::model::{KeyPad, StationFile};

/// The panel over a counter: `LED 3`.
#[must_use]
pub fn panel_device(counter: &CounterId) -> String {
    format!("LED {counter}")
}

/// The keypad or rating pad of a counter on a shared line: `pad 3`.
#[must_use]
pub fn pad_device(counter: &CounterId) -> String {
    format!("pad {counter}")
}

/// The pad of a counter on a port of its own: `keypad 3`, `rating pad 3`.
#[must_use]
pub fn key_pad_device(counter: &CounterId, only_rates: bool) -> String {
    let kind = if only_rates { "rating pad" } else { "keypad" };
    format!("{kind} {counter}")
}

/// A printer of a kiosk, counted from 0: `K1 printer`, `K1 spare printer`.
#[must_use]
pub fn printer_device(kiosk: &str, nth: usize) -> String {
    match nth {
        0 => format!("{kiosk} printer"),
        _ => format!("{kiosk} spare printer"),
    }
}

/// The number of a kiosk: what the file says, else the digits of its id, else its place, counted from 0. `None`: there is
/// none of two digits.
pub(crate) fn kiosk_number(said: Option<u8>, id: &str, place: usize) -> Option<u8> {
    let digits: String = id.chars().filter(char::is_ascii_digit).collect();
    let number = said.or_else(|| match digits.is_empty() {
        true => u8::try_from(place + 1).ok(),
        false => digits.parse().ok(),
    });
    number.filter(|number| (1..=KioskNumber::MAX).contains(number))
}

/// Whether a device is a printer, by what its agent calls it.
#[must_use]
pub fn is_printer_device(device: &str) -> bool {
    device.ends_with(" printer")
}

impl StationFile {
    /// What people call the devices that have a name. Of several with one id, such as two panels of a counter, the first
    /// name counts.
    #[must_use]
    pub fn device_names(&self) -> BTreeMap<DeviceId, Names> {
        let mut named: Vec<(&str, String, &Option<Names>)> = Vec::new();
        for kiosk in &self.kiosks {
            let id = kiosk.id.as_str();
            let printers = kiosk.printer.iter().chain(&kiosk.spare_printer);
            let printers = printers.enumerate();
            named.extend(printers.map(|(nth, p)| (id, printer_device(id, nth), &p.name)));
        }
        for display in &self.displays {
            let id = display.id.as_str();
            for line in &display.lines {
                let panels = line.panels.iter();
                named.extend(panels.map(|p| (id, panel_device(&p.counter), &p.name)));
                let pads = line.pads.iter();
                named.extend(pads.map(|p| (id, pad_device(&p.counter), &p.name)));
            }
            for pad in &display.key_pads {
                let device = pad.device(&self.device_profiles);
                let only_rates = device.is_some_and(|device| device.only_rates());
                named.push((id, key_pad_device(&pad.counter, only_rates), &pad.name));
            }
        }
        let mut names = BTreeMap::new();
        for (agent, device, name) in named {
            if let (Ok(id), Some(name)) = (DeviceId::of(agent, Some(&device)), name) {
                names.entry(id).or_insert_with(|| name.clone());
            }
        }
        names
    }
}

impl KeyPad {
    /// What its keys mean; none where its profile is none of such a pad.
    #[must_use]
    pub fn device(&self, profiles: &DeviceProfiles) -> Option<KeyPadConfig> {
        let profile = profiles.get(&self.profile)?;
        let mut device = KeyPadConfig::of_profile(&profile)?;
        // A map in the station file stands for the profile's as a whole.
        match &mut device.keys {
            KeyMap::Bytes(map) if !self.bytes.is_empty() => map.clone_from(&self.bytes),
            KeyMap::Codes(map) if !self.codes.is_empty() => map.clone_from(&self.codes),
            KeyMap::Bytes(_) | KeyMap::Codes(_) => {}
        }
        device.debounce_ms = self.debounce_ms.unwrap_or(device.debounce_ms);
        Some(device)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DEMO: &str = include_str!("../demo.toml");

    #[test]
    fn a_name_is_one_text_or_several_and_the_id_stays() {
        let text = DEMO
            .replace(
                "{ link = { serial = \"demo:printer\"",
                "{ name = \"大廳取號機\", link = { serial = \"demo:printer\"",
            )
            .replacen(
                "{ address = 3, counter = \"3\" }",
                "{ address = 3, counter = \"3\", name = { zh-Hant-TW = \"3號櫃台上方字幕機\", en = \"Over counter 3\" } }",
                1,
            );
        let file = StationFile::parse("demo.toml", &text).unwrap();
        let names = file.device_names();
        let name = |agent, device, language| {
            let id = DeviceId::of(agent, Some(device)).unwrap();
            names.get(&id).map(|name| name.get(language))
        };
        assert_eq!(name("K1", "K1 printer", "en"), Some("大廳取號機"));
        assert_eq!(name("D1", "LED 3", "en"), Some("Over counter 3"));
        assert_eq!(name("D1", "LED 3", "zh-Hant-TW"), Some("3號櫃台上方字幕機"));
        assert_eq!((names.len(), name("D1", "LED 4", "en")), (2, None));
        let again: StationFile = toml::from_str(&toml::to_string(&file).unwrap()).unwrap();
        assert_eq!(again.device_names(), names);
    }

    #[test]
    fn mistakes_in_names_are_told_at_their_place() {
        for (name, expected) in [
            ("\" \"", "empty text, expected something to read"),
            (
                "3",
                "invalid type: integer `3`, expected a text, or a table",
            ),
            ("{ en = \"Panel\" }", "the Chinese text is missing"),
            ("{ zh-Hant-TW = \"\" }", "empty text"),
            ("{ zh-TW = \"a\" }", "unknown language tag `zh-TW`"),
        ] {
            let text = DEMO.replacen(
                "counter = \"3\" }",
                &format!("counter = \"3\", name = {name} }}"),
                1,
            );
            let errors = StationFile::parse("demo.toml", &text).unwrap_err();
            assert!(errors.to_string().contains(expected), "{name}: {errors}");
        }
        let long = "九".repeat(61);
        let text = DEMO.replacen(
            "counter = \"3\" }",
            &format!("counter = \"3\", name = \"{long}\" }}"),
            1,
        );
        let errors = StationFile::parse("demo.toml", &text).unwrap_err();
        let expected = "a name of 61 characters, expected at most 60";
        assert!(errors.to_string().contains(expected), "{errors}");
    }
}
