//! The pads without a protocol, each on a port of its own: whose they are, and how they are.

use firmware_config::key_pad::{Event, Oddness};
use protocol::DeviceHealth;
use queue_core::CounterId;
use station_config::key_pad_device;

use crate::settings::KeyPadSettings;

/// All of them, in the order of the settings.
#[derive(Debug, Default)]
pub(crate) struct KeyPads(Vec<KeyPad>);

#[derive(Debug)]
struct KeyPad {
    counter: CounterId,
    only_rates: bool,
    /// None: not known yet. The reason why it is down, where it is.
    port: Option<Result<(), String>>,
    oddness: Oddness,
}

impl KeyPads {
    pub(crate) fn new(pads: &[KeyPadSettings]) -> Self {
        let pad = |pad: &KeyPadSettings| KeyPad {
            counter: pad.counter.clone(),
            only_rates: pad.device.only_rates(),
            port: None,
            oddness: Oddness::default(),
        };
        Self(pads.iter().map(pad).collect())
    }

    /// Counters with such a pad.
    pub(crate) fn counters(&self) -> impl Iterator<Item = &CounterId> {
        self.0.iter().map(|pad| &pad.counter)
    }

    /// The counter of a pad.
    pub(crate) fn counter(&self, pad: usize) -> Option<CounterId> {
        Some(self.0.get(pad)?.counter.clone())
    }

    /// Takes what a pad's driver reports about it.
    pub(crate) fn handle(&mut self, pad: usize, event: Event) {
        let Some(pad) = self.0.get_mut(pad) else {
            return;
        };
        match event {
            Event::Up => pad.set_port(Ok(())),
            Event::Down { reason } => pad.set_port(Err(reason)),
            Event::Oddness(oddness) => pad.oddness = oddness,
            Event::Press(_) => {}
        }
    }

    /// How every pad is.
    pub(crate) fn health(&self) -> impl Iterator<Item = DeviceHealth> {
        self.0.iter().map(KeyPad::health)
    }
}

impl KeyPad {
    fn set_port(&mut self, port: Result<(), String>) {
        self.port = Some(port);
        self.oddness = Oddness::default();
    }

    fn health(&self) -> DeviceHealth {
        let (ok, status, detail) = self.finding();
        DeviceHealth {
            device: key_pad_device(&self.counter, self.only_rates),
            ok,
            status: status.to_owned(),
            detail,
            ..DeviceHealth::default()
        }
    }

    /// Whether it works, a stable word, and what a technician should read besides.
    fn finding(&self) -> (bool, &'static str, String) {
        match &self.port {
            None => return (false, DeviceHealth::STARTING, String::new()),
            Some(Err(reason)) => return (false, "port_missing", reason.clone()),
            Some(Ok(())) => {}
        }
        match (&self.oddness.stuck, &self.oddness.unknown) {
            (Some(code), _) => (false, "stuck_key", format!("the key that sends {code}")),
            (None, Some(codes)) => {
                let detail = format!("{} not obeyed, the last one {}", codes.count, codes.last);
                (true, "unknown_keys", detail)
            }
            (None, None) => (true, "ok", String::new()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use firmware_config::key_pad::{KeyPadConfig, UnknownCodes};
    use firmware_config::port::Link;
    use firmware_config::profile::DeviceProfile;

    fn pads(profiles: &[&str]) -> KeyPads {
        let pad = |profile: &&str| KeyPadSettings {
            link: Link::serial("/dev/none", 9_600),
            device: KeyPadConfig::of_profile(&DeviceProfile::built_in(profile).unwrap()).unwrap(),
            counter: "3".parse().unwrap(),
        };
        let pads: Vec<KeyPadSettings> = profiles.iter().map(pad).collect();
        KeyPads::new(&pads)
    }

    fn words(pads: &KeyPads) -> Vec<(bool, String, String)> {
        let health = pads.health();
        health.map(|d| (d.ok, d.status, d.detail)).collect()
    }

    #[test]
    fn a_pad_that_can_only_rate_is_a_rating_pad() {
        let names: Vec<String> = pads(&["byte-keypad", "usb-rating"])
            .health()
            .map(|d| d.device)
            .collect();
        assert_eq!(names, ["keypad 3", "rating pad 3"]);
    }

    #[test]
    fn what_is_odd_is_told_until_the_port_is_opened_anew() {
        let mut pads = pads(&["byte-keypad"]);
        let mut told = |event| {
            pads.handle(0, event);
            words(&pads).remove(0)
        };
        let finding = |ok, status: &str, detail: &str| (ok, status.to_owned(), detail.to_owned());
        assert_eq!(told(Event::Up), finding(true, "ok", ""));
        let unknown = Some(UnknownCodes {
            count: 7,
            last: "5A".into(),
        });
        let odd = |stuck: Option<&str>| {
            Event::Oddness(Oddness {
                stuck: stuck.map(str::to_owned),
                unknown: unknown.clone(),
            })
        };
        assert_eq!(
            told(odd(None)),
            finding(true, "unknown_keys", "7 not obeyed, the last one 5A")
        );
        assert_eq!(
            told(odd(Some("41"))),
            finding(false, "stuck_key", "the key that sends 41")
        );
        let down = Event::Down {
            reason: "cannot open /dev/none: no such device".into(),
        };
        let missing = "cannot open /dev/none: no such device";
        assert_eq!(told(down), finding(false, "port_missing", missing));
        assert_eq!(told(Event::Up), finding(true, "ok", ""));
    }
}
