//! What a display agent has to know before it starts.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use agent::command_line::Given;
use agent::ports::Uses;
use anyhow::{Context, bail};
use firmware_config::bus::{Echo, PanelConfig};
use firmware_config::key_pad::KeyPadConfig;
use firmware_config::port::Link;
use queue_core::{CounterId, ZoneId};
use screens::assets::Shared;
use station_config::{
    DeviceProfiles, DisplayLine, StationFile, Voice, key_pad_device, pad_device, panel_device,
};
use voice::{StudioSettings, VoiceRules};

/// One display agent: its name, its station server and the lines that hang on its PC.
///
/// Services, counters, announcements and the walking direction to each counter come from the
/// server with the station's description.
#[derive(Clone)]
pub struct DisplaySettings {
    /// Name of the device, `D1`.
    pub id: String,
    /// Where the agent serves its own pages. Port 0 takes a free one.
    pub listen: SocketAddr,
    /// Address of the station server, `http://127.0.0.1:8080`.
    pub server: String,
    /// Bearer token of the device. Never logged.
    pub token: String,
    /// The zone whose calls the hall board shows and sounds; none: all.
    pub zone: Option<ZoneId>,
    /// RS-485 lines with panels and pads.
    pub lines: Vec<LineSettings>,
    /// Pads without a protocol, each on a port of its own.
    pub key_pads: Vec<KeyPadSettings>,
    /// How the hall board speaks; none: it has its chime only.
    pub voice: Option<VoiceSettings>,
}

/// How a hall board speaks.
#[derive(Debug, Clone)]
pub struct VoiceSettings {
    /// Which languages, how loud, and when.
    pub rules: VoiceRules,
    /// Where its voices come from.
    pub studio: StudioSettings,
}

/// One line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LineSettings {
    /// The port.
    pub link: Link,
    /// Whether its adapter gives back what is sent.
    pub echo: Echo,
    /// Panels on it.
    pub panels: Vec<PanelSettings>,
    /// Keypads and rating pads on it; those of one counter share an address.
    pub pads: Vec<PadSettings>,
}

/// One LED panel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PanelSettings {
    /// Address on the line.
    pub address: u8,
    /// Its language and pace.
    pub device: PanelConfig,
    /// Counter over which it hangs.
    pub counter: CounterId,
    /// How many characters it has. A number too long for it loses its letter, never a digit.
    pub digits: u8,
}

/// One keypad, rating pad, or both under one address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PadSettings {
    /// Address on the line.
    pub address: u8,
    /// Counter on which it stands.
    pub counter: CounterId,
}

/// One keypad or rating pad without a protocol.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyPadSettings {
    /// Its port.
    pub link: Link,
    /// What its keys mean.
    pub device: KeyPadConfig,
    /// Counter on which it stands.
    pub counter: CounterId,
}

impl DisplaySettings {
    /// The settings of one display of a station file; its id may be left out where it has only one. On
    /// disk a display keeps what it can make anew: the clips of its voice.
    ///
    /// # Errors
    /// No such display, or several where none was named.
    pub fn from_station(file: &StationFile, given: Given) -> anyhow::Result<Self> {
        let Given { id, token, data } = given;
        let known: Vec<&str> = file.displays.iter().map(|d| d.id.as_str()).collect();
        let known = known.join(", ");
        let display = match (id.as_deref(), file.displays.as_slice()) {
            (Some(id), _) => file
                .display(id)
                .with_context(|| format!("no display `{id}`, expected one of: {known}"))?,
            (None, [only]) => only,
            (None, []) => bail!("the station file has no display"),
            (None, _) => bail!("several displays, name one with --id: {known}"),
        };
        let profiles = &file.device_profiles;
        let lines = display.lines.iter();
        let lines = lines.map(|line| LineSettings::of(line, profiles));
        let key_pads = display.key_pads.iter();
        let key_pads = key_pads.map(|pad| KeyPadSettings::of(pad, profiles));
        Ok(Self {
            id: display.id.clone(),
            listen: display.listen,
            server: file.server_url(),
            token,
            zone: display.zone.clone(),
            lines: lines.collect::<anyhow::Result<_>>()?,
            key_pads: key_pads.collect::<anyhow::Result<_>>()?,
            voice: file
                .voice
                .as_ref()
                .filter(|_| display.voice)
                .map(|voice| VoiceSettings::of(voice, &data)),
        })
    }
}

impl VoiceSettings {
    fn of(voice: &Voice, data: &Path) -> Self {
        let chime = Shared::get("chime.wav").map(|file| file.data.into_owned());
        let packs = voice.packs.as_ref().map(PathBuf::from);
        Self {
            rules: VoiceRules::of(voice),
            studio: StudioSettings::new(packs, data, chime.unwrap_or_default()),
        }
    }
}

impl DisplaySettings {
    /// How its devices are reached.
    pub(crate) fn uses(&self) -> Uses {
        let lines = self.lines.iter().map(|line| {
            let panels = line.panels.iter().map(|panel| panel_device(&panel.counter));
            let pads = line.pads.iter().map(|pad| pad_device(&pad.counter));
            (line.link.clone(), panels.chain(pads).collect())
        });
        let key_pads = self.key_pads.iter().map(|pad| {
            let name = key_pad_device(&pad.counter, pad.device.only_rates());
            (pad.link.clone(), vec![name])
        });
        lines.chain(key_pads).collect()
    }
}

/// Characters of a panel whose number is not given: a letter and three digits.
const DIGITS: u8 = 4;

impl LineSettings {
    fn of(line: &DisplayLine, profiles: &DeviceProfiles) -> anyhow::Result<Self> {
        let panel = |panel: &station_config::Panel| {
            let device = profiles
                .get(&panel.profile)
                .and_then(|profile| PanelConfig::of_profile(&profile))
                .with_context(|| format!("`{}` is no profile of a panel", panel.profile))?;
            let most = u8::try_from(device.protocol.text_max()).unwrap_or(u8::MAX);
            Ok(PanelSettings {
                address: panel.address,
                counter: panel.counter.clone(),
                digits: panel.digits.unwrap_or(DIGITS).min(most),
                device,
            })
        };
        let pad = |pad: &station_config::Pad| PadSettings {
            address: pad.address,
            counter: pad.counter.clone(),
        };
        Ok(Self {
            link: line.link.clone(),
            echo: match line.echo {
                None => Echo::Learnt,
                Some(true) => Echo::Always,
                Some(false) => Echo::Never,
            },
            panels: line
                .panels
                .iter()
                .map(panel)
                .collect::<anyhow::Result<_>>()?,
            pads: line.pads.iter().map(pad).collect(),
        })
    }
}

impl KeyPadSettings {
    fn of(pad: &station_config::KeyPad, profiles: &DeviceProfiles) -> anyhow::Result<Self> {
        let device = pad.device(profiles).with_context(|| {
            let profile = &pad.profile;
            format!("`{profile}` is no profile of a pad without a protocol")
        })?;
        Ok(Self {
            link: pad.link.clone(),
            device,
            counter: pad.counter.clone(),
        })
    }
}

#[cfg(test)]
mod tests {
    use firmware_config::key_pad::KeyMap;
    use firmware_config::simulate::VirtualDisplay;

    use super::*;

    #[test]
    fn a_panel_shows_as_much_as_its_kind_and_the_file_allow() {
        let panel = |address, profile: &str, digits| station_config::Panel {
            address,
            counter: "1".parse().unwrap(),
            profile: profile.to_owned(),
            digits,
            name: None,
        };
        let line = DisplayLine {
            link: Link::serial("/dev/ttyUSB0", 9_600),
            echo: None,
            panels: vec![
                panel(1, "led-485", None),
                panel(2, "led-485", Some(6)),
                panel(3, "kanban", Some(6)),
            ],
            pads: vec![],
        };
        let settings = LineSettings::of(&line, &DeviceProfiles::default()).unwrap();
        let digits: Vec<u8> = settings.panels.iter().map(|p| p.digits).collect();
        assert_eq!(digits, [4, 6, 3]);
        let wrong = DisplayLine {
            panels: vec![panel(1, "escpos-80mm", None)],
            ..line
        };
        let error = LineSettings::of(&wrong, &DeviceProfiles::default());
        let error = error.unwrap_err().to_string();
        assert_eq!(error, "`escpos-80mm` is no profile of a panel");
    }

    #[test]
    fn a_map_in_the_station_file_stands_for_the_profile_s() {
        let pad = station_config::KeyPad {
            link: Link::serial("/dev/ttyUSB0", 9_600),
            counter: "1".parse().unwrap(),
            profile: "byte-rating".to_owned(),
            bytes: std::collections::BTreeMap::new(),
            codes: std::collections::BTreeMap::new(),
            debounce_ms: None,
            name: None,
        };
        let built_in = DeviceProfiles::default();
        let profiles = KeyPadSettings::of(&pad, &built_in).unwrap().device;
        let own = station_config::KeyPad {
            bytes: [("A5 01".parse().unwrap(), "score-1".parse().unwrap())].into(),
            debounce_ms: Some(5),
            ..pad.clone()
        };
        let expected = KeyPadConfig {
            keys: KeyMap::Bytes(own.bytes.clone()),
            debounce_ms: 5,
            ..profiles
        };
        assert_eq!(
            KeyPadSettings::of(&own, &built_in).unwrap().device,
            expected
        );
        let wrong = station_config::KeyPad {
            profile: "ff68-pad".to_owned(),
            ..pad
        };
        let error = KeyPadSettings::of(&wrong, &built_in);
        let error = error.unwrap_err().to_string();
        assert_eq!(
            error,
            "`ff68-pad` is no profile of a pad without a protocol"
        );
    }

    #[test]
    fn a_panel_with_a_profile_of_the_stations_own_is_driven() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("profiles")).unwrap();
        let kanban = include_str!("../../firmware-config/profiles/kanban.toml");
        let mine = kanban.replacen("id = \"kanban\"", "id = \"mykanban\"", 1);
        std::fs::write(folder.path().join("profiles/mine.toml"), mine).unwrap();
        let text = station_config::demo().replacen(
            "{ address = 3, counter = \"3\" }",
            "{ address = 3, counter = \"3\", profile = \"mykanban\" }",
            1,
        );
        let path = folder.path().join("station.toml");
        std::fs::write(&path, text).unwrap();
        let file = StationFile::load(&path).unwrap();
        let given = Given {
            id: None,
            token: "t".into(),
            data: "agent-data".into(),
        };
        let settings = DisplaySettings::from_station(&file, given).unwrap();
        let panels = settings.lines[0].panels.iter();
        let panel = panels.clone().find(|panel| panel.address == 3).unwrap();
        assert_eq!(panel.digits, 3);
        let protocol = &panel.device.protocol;
        let mut hung = VirtualDisplay::new(protocol, panel.address).unwrap();
        hung.hear(&protocol.show(3, "112").unwrap().bytes());
        assert_eq!(hung.shown(), "112");
    }

    #[test]
    fn the_demo_station_s_display_is_found_by_name_or_alone() {
        let file = StationFile::parse("demo.toml", station_config::demo()).unwrap();
        let id = file.displays[0].id.clone();
        let given = |id: &str| Given {
            id: Some(id.to_owned()),
            token: "t".into(),
            data: "agent-data".into(),
        };
        let settings = DisplaySettings::from_station(&file, given(&id)).unwrap();
        assert_eq!(settings.lines.len(), file.displays[0].lines.len());
        let uses = settings.uses();
        let (link, devices) = &uses[0];
        assert_eq!((link, devices.len()), (&settings.lines[0].link, 6));
        assert_eq!(
            (devices[2].as_str(), uses[1].1[5].as_str()),
            ("LED 3", "pad 6")
        );
        let Err(unknown) = DisplaySettings::from_station(&file, given("D9")) else {
            panic!("there is no D9");
        };
        assert!(unknown.to_string().contains(&id), "{unknown}");
    }
}
