//! What a display agent has to know before it starts.

use std::net::SocketAddr;

use agent::command_line::Given;
use anyhow::{Context, bail};
use firmware_config::modbus::Address;
use firmware_config::port::Link;
use queue_core::{CounterId, ZoneId};
use serde::Deserialize;
use station_config::{DisplayLine, StationFile};

/// One display agent: its name, its station server and the lines that hang on its PC.
///
/// Services, counters, announcements and the walking direction to each counter come from the
/// server with the station's description.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
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
    #[serde(default)]
    pub zone: Option<ZoneId>,
    /// RS-485 lines with panels and pads.
    #[serde(default)]
    pub lines: Vec<LineSettings>,
}

/// One line.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LineSettings {
    /// The port.
    pub link: Link,
    /// LED-485 panels on it.
    #[serde(default)]
    pub panels: Vec<PanelSettings>,
    /// Keypads and rating pads on it; those of one counter share an address.
    #[serde(default)]
    pub pads: Vec<PadSettings>,
}

/// One LED panel.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PanelSettings {
    /// Modbus address.
    pub address: Address,
    /// Counter over which it hangs.
    pub counter: CounterId,
    /// How many digits it has, 3 to 6. A number too long for it loses its letter, never a digit.
    #[serde(default = "four")]
    pub digits: u8,
}

fn four() -> u8 {
    4
}

/// One keypad, rating pad, or both under one address.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PadSettings {
    /// Address on the line.
    pub address: u8,
    /// Counter on which it stands.
    pub counter: CounterId,
}

impl DisplaySettings {
    /// The settings of one display of a station file; its id may be left out where it has only one. A
    /// display keeps nothing on disk.
    ///
    /// # Errors
    /// No such display, or several where none was named.
    pub fn from_station(file: &StationFile, given: Given) -> anyhow::Result<Self> {
        let Given { id, token, .. } = given;
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
        let lines = display.lines.iter().map(LineSettings::of);
        Ok(Self {
            id: display.id.clone(),
            listen: display.listen,
            server: file.server_url(),
            token,
            zone: display.zone.clone(),
            lines: lines.collect::<anyhow::Result<_>>()?,
        })
    }
}

impl LineSettings {
    fn of(line: &DisplayLine) -> anyhow::Result<Self> {
        let panel = |panel: &station_config::Panel| {
            Ok(PanelSettings {
                address: Address::try_from(panel.address).map_err(anyhow::Error::msg)?,
                counter: panel.counter.clone(),
                digits: four(),
            })
        };
        let pad = |pad: &station_config::Pad| PadSettings {
            address: pad.address,
            counter: pad.counter.clone(),
        };
        Ok(Self {
            link: line.link.clone(),
            panels: line
                .panels
                .iter()
                .map(panel)
                .collect::<anyhow::Result<_>>()?,
            pads: line.pads.iter().map(pad).collect(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use firmware_config::profile::parse_toml;

    const FILE: &str = r#"
        id = "D1"
        listen = "127.0.0.1:8091"
        server = "http://127.0.0.1:8080"
        token = "demo-display"
        [[lines]]
        link = { serial = "/dev/ttyUSB0" }
        panels = [{ address = 1, counter = "1" }, { address = 2, counter = "2", digits = 6 }]
        pads = [{ address = 1, counter = "1" }]
    "#;

    #[test]
    fn a_file_is_read_and_digits_default_to_four() {
        let settings: DisplaySettings = parse_toml("d.toml", FILE).unwrap();
        assert_eq!(settings.server, "http://127.0.0.1:8080");
        let digits: Vec<u8> = settings.lines[0].panels.iter().map(|p| p.digits).collect();
        assert_eq!(digits, [4, 6]);
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
        let Err(unknown) = DisplaySettings::from_station(&file, given("D9")) else {
            panic!("there is no D9");
        };
        assert!(unknown.to_string().contains(&id), "{unknown}");
    }
}
