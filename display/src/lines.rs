//! The panels and pads on the agent's lines: what each should show, what it was told, how it is.

use std::collections::BTreeMap;

use firmware_config::bus::{BusConfig, Command, Event, PanelCommand, PanelHealth};
use firmware_config::caller_pad::PadAction;
use protocol::{DeviceHealth, StationInfo};
use queue_core::{Board, CounterId};

use crate::pads::PadDisplay;
use crate::panels;
use crate::settings::{LineSettings, PanelSettings};

/// All lines, in the order of the settings.
#[derive(Debug)]
pub(crate) struct Lines(Vec<Line>);

#[derive(Debug)]
struct Line {
    /// None: not known yet. The reason why it is down, where it is.
    state: Option<Result<(), String>>,
    /// Bytes come that make no frame.
    is_unreadable: bool,
    panels: Vec<Panel>,
    pads: BTreeMap<u8, Pad>,
}

#[derive(Debug)]
struct Panel {
    settings: PanelSettings,
    told: Option<String>,
    /// It shows eights until the test ends or its counter calls.
    is_tested: bool,
    health: Option<PanelHealth>,
}

#[derive(Debug)]
struct Pad {
    counter: CounterId,
    told: Option<PadDisplay>,
}

/// Who is on a line, for its master.
pub(crate) fn bus_config(line: &LineSettings) -> BusConfig {
    BusConfig::new(
        line.panels.iter().map(|p| (p.address, p.device.clone())),
        line.pads.iter().map(|p| p.address),
    )
}

impl Lines {
    pub(crate) fn new(lines: &[LineSettings]) -> Self {
        let line = |line: &LineSettings| Line {
            state: None,
            is_unreadable: false,
            panels: line
                .panels
                .iter()
                .map(|settings| Panel {
                    settings: settings.clone(),
                    told: None,
                    is_tested: false,
                    health: None,
                })
                .collect(),
            pads: line
                .pads
                .iter()
                .map(|pad| {
                    let counter = pad.counter.clone();
                    (
                        pad.address,
                        Pad {
                            counter,
                            told: None,
                        },
                    )
                })
                .collect(),
        };
        Self(lines.iter().map(line).collect())
    }

    /// Counters with a panel or a pad.
    pub(crate) fn counters(&self) -> impl Iterator<Item = &CounterId> {
        self.0.iter().flat_map(|line| {
            let panels = line.panels.iter().map(|p| &p.settings.counter);
            panels.chain(line.pads.values().map(|p| &p.counter))
        })
    }

    /// The counter of a pad.
    pub(crate) fn pad_counter(&self, line: usize, address: u8) -> Option<CounterId> {
        let pad = self.0.get(line)?.pads.get(&address)?;
        Some(pad.counter.clone())
    }

    /// Takes what a line reports about itself.
    pub(crate) fn handle(&mut self, line: usize, event: Event) {
        let Some(place) = self.0.get_mut(line) else {
            return;
        };
        match event {
            Event::LineUp => {
                place.state = Some(Ok(()));
                place.is_unreadable = false;
                // The line's master shows panels again by itself; pads have forgotten nothing
                // that it knows of.
                for pad in place.pads.values_mut() {
                    pad.told = None;
                }
            }
            Event::LineDown { reason } => {
                place.state = Some(Err(reason));
                for panel in &mut place.panels {
                    panel.health = None;
                }
            }
            Event::PanelHealth { address, health } => {
                place.is_unreadable &= health != PanelHealth::Answers;
                for panel in place
                    .panels
                    .iter_mut()
                    .filter(|p| p.settings.address == address)
                {
                    panel.health = Some(health);
                }
            }
            Event::PanelRefused { address, refusal } => {
                tracing::warn!(line, address, %refusal, "a panel refused a text");
            }
            Event::UnknownPad { address } => {
                tracing::warn!(line, address, "a pad that is not in the settings");
            }
            Event::CommandRefused { command, reason } => {
                tracing::error!(line, ?command, %reason, "the line refused a command");
            }
            Event::Unreadable => place.is_unreadable = true,
            Event::Pad { .. } => place.is_unreadable = false,
        }
    }

    /// What was told to a line may not have arrived.
    pub(crate) fn forget(&mut self, line: usize) {
        let Some(line) = self.0.get_mut(line) else {
            return;
        };
        for panel in &mut line.panels {
            panel.told = None;
        }
        for pad in line.pads.values_mut() {
            pad.told = None;
        }
    }

    /// Commands for the panels of a counter that calls, and whether each panel is known to answer.
    pub(crate) fn call(
        &mut self,
        board: &Board,
        counter: &CounterId,
    ) -> Vec<(usize, Command, bool)> {
        let mut commands = Vec::new();
        for (index, line) in self.0.iter_mut().enumerate() {
            for panel in line
                .panels
                .iter_mut()
                .filter(|p| p.settings.counter == *counter)
            {
                let text = panels::text(board, counter, panel.settings.digits);
                panel.told = Some(text.clone());
                panel.is_tested = false;
                let answers = panel.health == Some(PanelHealth::Answers);
                commands.push((index, show(panel.settings.address, text, true), answers));
            }
        }
        commands
    }

    /// Commands that bring every panel and pad to what it should show. Without a board that can
    /// be trusted panels are dark and pads are left as they are.
    pub(crate) fn update(
        &mut self,
        station: Option<&StationInfo>,
        board: Option<&Board>,
    ) -> Vec<(usize, Command)> {
        let mut commands = Vec::new();
        for (index, line) in self.0.iter_mut().enumerate() {
            for panel in line.panels.iter_mut().filter(|panel| !panel.is_tested) {
                let PanelSettings {
                    address,
                    counter,
                    digits,
                    ..
                } = &panel.settings;
                let text = board.map_or(String::new(), |b| panels::text(b, counter, *digits));
                if panel.told.as_ref() != Some(&text) {
                    panel.told = Some(text.clone());
                    commands.push((index, show(*address, text, false)));
                }
            }
            let (Some(station), Some(board)) = (station, board) else {
                continue;
            };
            if line.state != Some(Ok(())) {
                continue;
            }
            for (address, pad) in &mut line.pads {
                let display = PadDisplay::of(station, board, &pad.counter);
                let actions = display.changes(pad.told.replace(display));
                commands.extend(actions.into_iter().map(|action| {
                    let address = *address;
                    (index, Command::Pad { address, action })
                }));
            }
        }
        commands
    }

    /// Commands with which a device shows that it works: a panel lights every segment, a pad beeps.
    pub(crate) fn test(&mut self, device: &str) -> Vec<(usize, Command)> {
        let mut commands = Vec::new();
        for (index, line) in self.0.iter_mut().enumerate() {
            for panel in &mut line.panels {
                if panel_name(&panel.settings.counter) == device {
                    panel.is_tested = true;
                    panel.told = None;
                    let eights = "8".repeat(usize::from(panel.settings.digits));
                    commands.push((index, show(panel.settings.address, eights, true)));
                }
            }
            for (address, pad) in &line.pads {
                if pad_name(&pad.counter) == device {
                    let (address, action) = (*address, PadAction::Beep);
                    commands.push((index, Command::Pad { address, action }));
                }
            }
        }
        commands
    }

    /// Panels show again what they should.
    pub(crate) fn end_tests(&mut self) {
        for panel in self.0.iter_mut().flat_map(|line| &mut line.panels) {
            panel.is_tested = false;
        }
    }

    /// Commands that tell the pads of a counter something.
    pub(crate) fn to_pads(&self, counter: &CounterId, action: PadAction) -> Vec<(usize, Command)> {
        let mut commands = Vec::new();
        for (index, line) in self.0.iter().enumerate() {
            for (address, _) in line.pads.iter().filter(|(_, p)| p.counter == *counter) {
                let address = *address;
                commands.push((index, Command::Pad { address, action }));
            }
        }
        commands
    }

    /// How every panel and pad is.
    pub(crate) fn health(&self) -> Vec<DeviceHealth> {
        let mut health = Vec::new();
        for line in &self.0 {
            for panel in &line.panels {
                let (ok, status, detail) = match (&line.state, panel.health) {
                    (Some(Err(reason)), _) => (false, "port_missing", reason.as_str()),
                    (Some(Ok(())), Some(PanelHealth::Answers)) => (true, "ok", ""),
                    (Some(Ok(())), Some(PanelHealth::Silent)) => {
                        (false, "silent", "the panel does not answer")
                    }
                    (Some(Ok(())), Some(PanelHealth::Unheard)) => {
                        (false, DeviceHealth::ONE_WAY, "")
                    }
                    (None, _) | (_, None) => (false, DeviceHealth::STARTING, ""),
                };
                let device = panel_name(&panel.settings.counter);
                health.push(device_health(device, ok, status, detail));
            }
            for pad in line.pads.values() {
                let (ok, status, detail) = match &line.state {
                    Some(Err(reason)) => (false, "port_missing", reason.as_str()),
                    Some(Ok(())) if line.is_unreadable => (
                        false,
                        "unreadable",
                        "bytes arrive that make no frame: check speed, parity and the two wires",
                    ),
                    // A pad says nothing of itself; its line is all that is known.
                    Some(Ok(())) => (true, "ok", ""),
                    None => (false, DeviceHealth::STARTING, ""),
                };
                let device = pad_name(&pad.counter);
                health.push(device_health(device, ok, status, detail));
            }
        }
        health
    }
}

fn panel_name(counter: &CounterId) -> String {
    format!("LED {counter}")
}

fn pad_name(counter: &CounterId) -> String {
    format!("pad {counter}")
}

fn show(address: u8, text: String, urgent: bool) -> Command {
    PanelCommand {
        address,
        text,
        urgent,
    }
    .into()
}

fn device_health(device: String, ok: bool, status: &str, detail: &str) -> DeviceHealth {
    DeviceHealth {
        device,
        ok,
        status: status.to_owned(),
        detail: detail.to_owned(),
    }
}
