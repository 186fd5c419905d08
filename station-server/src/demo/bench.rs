//! The device bench: every simulated device of the demo, by the counter it belongs to.

use std::path::{Path, PathBuf};

use anyhow::Context;
use firmware_config::modbus::Address;
use firmware_config::port::Link;
use firmware_config::simulate::{
    LineHandle, PadHandle, PanelHandle, PrinterConfig, PrinterHandle, VirtualLine, VirtualPrinter,
};
use queue_core::CounterId;
use station_config::StationFile;

use super::cable::Cable;

/// The devices of one counter.
pub struct BenchCounter {
    /// Which counter.
    pub counter: CounterId,
    /// Its LED number panel.
    pub panel: PanelHandle,
    /// Its keypad with rating pad.
    pub pad: PadHandle,
}

/// All simulated devices.
pub struct Bench {
    /// The network cable between station and agents.
    pub cable: Cable,
    /// The kiosk's printer.
    pub printer: PrinterHandle,
    /// The RS-485 line with the panels.
    pub line: LineHandle,
    /// The RS-485 line with the keypads and rating pads.
    pub pads_line: LineHandle,
    /// By counter.
    pub counters: Vec<BenchCounter>,
}

impl Bench {
    /// Starts a simulator for every device of `file` whose path is a placeholder, and puts the simulator's path there.
    ///
    /// The agents find the station at the end of a cable. Needs a tokio runtime.
    ///
    /// # Errors
    /// When a pseudo-terminal cannot be made, or no port is free.
    pub fn start(file: &mut StationFile, data_dir: &Path) -> anyhow::Result<Self> {
        let ports = data_dir.join("ports");
        std::fs::create_dir_all(&ports)
            .with_context(|| format!("cannot make {}", ports.display()))?;
        // An absolute path stands in the file, whatever directory an agent is started in.
        let ports = ports
            .canonicalize()
            .context("the data directory has no path")?;

        let cable = Cable::lay(file.station.listen).context("the network cable")?;
        file.station.server_url = Some(format!("http://{}", cable.address()));
        let mut printer = None;
        for kiosk in &mut file.kiosks {
            if let Some(settings) = &mut kiosk.printer
                && let Some(path) = take_placeholder(&mut settings.link, &ports)
            {
                let config = PrinterConfig {
                    rom_text: settings.text_mode,
                    // It has a presenter, and visitors take their tickets at once unless the bench says otherwise.
                    taken_after_ms: Some(0),
                    ..PrinterConfig::default()
                };
                let simulator = VirtualPrinter::new(config);
                printer = Some(simulator.start(&path).context("the simulated printer")?);
            }
        }
        let (mut panels, mut pads) = (None, None);
        let mut hung: Vec<(CounterId, Option<PanelHandle>, Option<PadHandle>)> = file
            .counters
            .iter()
            .map(|c| (c.id.clone(), None, None))
            .collect();
        for line in file.displays.iter_mut().flat_map(|d| &mut d.lines) {
            let Some(path) = take_placeholder(&mut line.link, &ports) else {
                continue;
            };
            let addresses = line.panels.iter().filter_map(|p| Address::new(p.address));
            let simulator = VirtualLine::new(addresses, line.pads.iter().map(|p| p.address));
            let handle = simulator.start(&path).context("a simulated line")?;
            for (counter, panel, pad) in &mut hung {
                let at = line.panels.iter().find(|p| p.counter == *counter);
                let address = at.and_then(|p| Address::new(p.address));
                *panel = panel.take().or_else(|| handle.panel(address?));
                let at = line.pads.iter().find(|p| p.counter == *counter);
                *pad = pad.take().or_else(|| handle.pad(at?.address));
            }
            if line.pads.is_empty() {
                panels = Some(handle);
            } else {
                pads = Some(handle);
            }
        }
        let counters = hung
            .into_iter()
            .filter_map(|(counter, panel, pad)| {
                Some(BenchCounter {
                    counter,
                    panel: panel?,
                    pad: pad?,
                })
            })
            .collect();
        Ok(Self {
            cable,
            printer: printer.context("the demo station has no printer")?,
            line: panels.context("the demo station has no panels")?,
            pads_line: pads.context("the demo station has no pads")?,
            counters,
        })
    }

    /// The devices of a counter.
    pub fn counter(&self, id: &str) -> Option<&BenchCounter> {
        self.counters.iter().find(|c| c.counter.as_str() == id)
    }
}

fn take_placeholder(link: &mut Link, ports: &Path) -> Option<PathBuf> {
    let Link::Serial { path, .. } = link else {
        return None;
    };
    let name = path.strip_prefix(station_config::PLACEHOLDER)?;
    let place = ports.join(name);
    *path = place.to_string_lossy().into_owned();
    Some(place)
}
