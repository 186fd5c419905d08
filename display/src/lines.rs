//! The panels and pads on the agent's lines: what each should show, what it was told, how it is.

use std::collections::BTreeMap;

use firmware_config::bus::{
    self, BusConfig, Command, Event, LineCounts, PanelCommand, PanelHealth, ReplacementOutcome,
    Stranger,
};
use firmware_config::caller_pad::PadAction;
use firmware_config::port::Link;
use protocol::{DeviceHealth, FrameCounts, StationInfo};
use queue_core::{Board, CounterId};
use station_config::{pad_device, panel_device};

use crate::line_health::{LineState, Replacement};
use crate::pads::PadDisplay;
use crate::panels;
use crate::settings::{LineSettings, PanelSettings};

/// All lines, in the order of the settings.
#[derive(Debug)]
pub(crate) struct Lines(Vec<Line>);

#[derive(Debug)]
struct Line {
    state: LineState,
    panels: Vec<Panel>,
    pads: BTreeMap<u8, Pad>,
    /// How often its panels were looked for on other lines.
    sought: usize,
}

impl Line {
    /// Whether a device of its own is known to be at its port.
    fn is_in_place(&self) -> bool {
        let answers = |panel: &Panel| panel.health == Some(PanelHealth::Answers);
        self.state.is_vouched() || self.panels.iter().any(answers)
    }
}

#[derive(Debug)]
struct Panel {
    settings: PanelSettings,
    told: Option<String>,
    /// It shows eights until the test ends or its counter calls.
    is_tested: bool,
    health: Option<PanelHealth>,
    /// A new panel is to take its place.
    replacement: Option<Replacement>,
    frames: Option<FrameCounts>,
}

#[derive(Debug)]
struct Pad {
    counter: CounterId,
    told: Option<PadDisplay>,
    frames: Option<FrameCounts>,
}

/// Who is on a line, for its master.
pub(crate) fn bus_config(line: &LineSettings) -> BusConfig {
    BusConfig {
        echo: line.echo,
        ..BusConfig::new(
            line.panels.iter().map(|p| (p.address, p.device.clone())),
            line.pads.iter().map(|p| p.address),
        )
    }
}

impl Lines {
    pub(crate) fn new(lines: &[LineSettings]) -> Self {
        let line = |line: &LineSettings| Line {
            state: LineState::new(line.link.clone()),
            sought: 0,
            panels: line
                .panels
                .iter()
                .map(|settings| Panel {
                    settings: settings.clone(),
                    told: None,
                    is_tested: false,
                    health: None,
                    replacement: None,
                    frames: None,
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
                            frames: None,
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
        if let Some((of_line, port)) = self.elsewhere(line, &event)
            && let Some(missed) = self.0.get_mut(of_line)
        {
            missed.state.set_elsewhere(port);
        }
        let Some(place) = self.0.get_mut(line) else {
            return;
        };
        match event {
            Event::LineUp => {
                place.state.set_port(Ok(()));
                // The line's master shows panels again by itself; pads have forgotten nothing
                // that it knows of.
                for pad in place.pads.values_mut() {
                    pad.told = None;
                }
            }
            Event::LineDown { reason } => {
                place.state.set_port(Err(reason));
                for panel in &mut place.panels {
                    panel.health = None;
                    panel.replacement = None;
                }
            }
            Event::PanelHealth { address, health } => {
                if health == PanelHealth::Answers {
                    place.state.is_right();
                }
                for panel in place.panels_at(address) {
                    panel.health = Some(health);
                    if health == PanelHealth::Answers {
                        panel.replacement = None;
                    }
                }
            }
            Event::PanelRefused { address, refusal } => {
                tracing::warn!(line, address, %refusal, "a panel refused a text");
            }
            Event::UnknownPad { address } => {
                tracing::warn!(line, address, "a pad that is not in the settings");
            }
            Event::CommandRefused { command, reason } => {
                if let Command::Replace { address } = command {
                    for panel in place.panels_at(address) {
                        panel.replacement = None;
                    }
                }
                tracing::error!(line, ?command, %reason, "the line refused a command");
            }
            Event::Reception(reception) => place.state.set_reception(reception),
            Event::OtherSpeed { baud_bps } => place.state.set_other_speed(baud_bps),
            Event::Pad { .. } => place.state.is_right(),
            Event::Frames(counts) => place.count(&counts),
            Event::Replaced { address, outcome } => {
                for panel in place.panels_at(address) {
                    panel.replacement = match outcome {
                        ReplacementOutcome::Moved { .. } | ReplacementOutcome::InPlace => None,
                        ReplacementOutcome::NotFound => Some(Replacement::NotFound),
                        ReplacementOutcome::NotTaken { from } => {
                            Some(Replacement::NotTaken { from })
                        }
                    };
                }
            }
            Event::StrangerAnswers { .. } => {}
        }
    }

    /// The line whose devices were noticed on this one, and where they are.
    fn elsewhere(&self, line: usize, event: &Event) -> Option<(usize, Link)> {
        let here = self.0.get(line)?.state.link().clone();
        let of_line = match event {
            Event::StrangerAnswers { of_line } => *of_line,
            // A pad with a wrong address may say so too: only a line that misses its devices is meant, and only one.
            Event::UnknownPad { address } => {
                let misses = |line: &Line| line.pads.contains_key(address) && !line.is_in_place();
                let mut owners = (0..self.0.len()).filter(|at| misses(&self.0[*at]));
                owners.next().filter(|_| owners.next().is_none())?
            }
            _ => return None,
        };
        (of_line != line).then_some((of_line, here))
    }

    /// Commands that look for the panels of lines on which none answers: two plugs may have been exchanged. One panel of a
    /// line each time, the next one the next time. Not where a line's own devices are: a display without an address would
    /// show the question.
    pub(crate) fn seek(&mut self) -> Vec<(usize, Command)> {
        let mut commands = Vec::new();
        for of_line in 0..self.0.len() {
            let Some(stranger) = self
                .0
                .get_mut(of_line)
                .and_then(|line| line.next_missed(of_line))
            else {
                continue;
            };
            for (index, other) in self.0.iter().enumerate() {
                let has_same = other.panels.iter().any(|panel| {
                    let PanelSettings {
                        address, device, ..
                    } = &panel.settings;
                    (*address, &device.protocol) == (stranger.address, &stranger.panel.protocol)
                });
                let is_silent = |panel: &Panel| panel.health == Some(PanelHealth::Silent);
                let own_are_silent = other.panels.iter().all(is_silent);
                let has_panels = !other.panels.is_empty();
                let may_be_there = other.state.may_have_others(own_are_silent, has_panels);
                if index != of_line && may_be_there && !has_same {
                    commands.push((index, Command::LookFor(Box::new(stranger.clone()))));
                }
            }
        }
        commands
    }

    /// What was told to a line may not have arrived.
    pub(crate) fn forget(&mut self, line: usize) {
        let Some(line) = self.0.get_mut(line) else {
            return;
        };
        for panel in &mut line.panels {
            panel.told = None;
            panel.replacement = None;
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
            if !line.state.is_up() {
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
                if panel_device(&panel.settings.counter) == device {
                    panel.is_tested = true;
                    panel.told = None;
                    let eights = "8".repeat(usize::from(panel.settings.digits));
                    commands.push((index, show(panel.settings.address, eights, true)));
                }
            }
            for (address, pad) in &line.pads {
                if pad_device(&pad.counter) == device {
                    let (address, action) = (*address, PadAction::Beep);
                    commands.push((index, Command::Pad { address, action }));
                }
            }
        }
        commands
    }

    /// Commands that look for a new panel in the place of one that does not answer.
    pub(crate) fn replace(&mut self, device: &str) -> Vec<(usize, Command)> {
        let mut commands = Vec::new();
        for (index, line) in self.0.iter_mut().enumerate() {
            // A display that takes no heed of addresses would show the questions.
            let all_keep_still = line.panels.iter().all(|p| p.settings.device.is_modbus());
            let is_sought = |panel: &Panel| panel.replacement == Some(Replacement::Looking);
            if !line.state.is_up() || line.panels.iter().any(is_sought) {
                continue;
            }
            for panel in &mut line.panels {
                let is_meant = panel_device(&panel.settings.counter) == device;
                if !is_meant || panel.health == Some(PanelHealth::Answers) {
                    continue;
                }
                let address = panel.settings.address;
                let can_move = panel.settings.device.address_register.is_some();
                panel.replacement = Some(if all_keep_still && can_move {
                    commands.push((index, Command::Replace { address }));
                    Replacement::Looking
                } else {
                    Replacement::ByHand { address }
                });
                // One of a line after the other.
                break;
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
                let device = panel_device(&panel.settings.counter);
                let finding = line.state.panel(panel.health, panel.replacement);
                health.push(device_health(device, finding, panel.frames));
            }
            for pad in line.pads.values() {
                let device = pad_device(&pad.counter);
                let has_spoken = pad.frames.is_some_and(|frames| frames.heard > 0);
                let finding = line.state.pad(has_spoken);
                health.push(device_health(device, finding, pad.frames));
            }
        }
        health
    }
}

impl Line {
    fn panels_at(&mut self, address: u8) -> impl Iterator<Item = &mut Panel> {
        let panels = self.panels.iter_mut();
        panels.filter(move |panel| panel.settings.address == address)
    }

    /// What went to and from each of its devices.
    fn count(&mut self, counts: &LineCounts) {
        for panel in &mut self.panels {
            let of_panel = counts.panels.get(&panel.settings.address);
            panel.frames = of_panel.map(frame_counts).or(panel.frames);
        }
        for (address, pad) in &mut self.pads {
            pad.frames = counts.pads.get(address).map(frame_counts).or(pad.frames);
        }
    }

    /// A panel to look for elsewhere, where all that could answer here are silent.
    fn next_missed(&mut self, of_line: usize) -> Option<Stranger> {
        let is_silent = |panel: &Panel| panel.health == Some(PanelHealth::Silent);
        let could_answer = |panel: &&Panel| panel.health != Some(PanelHealth::Unheard);
        let are_missed = self.panels.iter().filter(could_answer).all(is_silent);
        let missed: Vec<&Panel> = self.panels.iter().filter(|p| is_silent(p)).collect();
        if !self.state.is_up() || !are_missed || missed.is_empty() {
            return None;
        }
        self.sought += 1;
        let PanelSettings {
            address, device, ..
        } = &missed[self.sought % missed.len()].settings;
        Some(Stranger {
            address: *address,
            panel: device.clone(),
            of_line,
        })
    }
}

fn show(address: u8, text: String, urgent: bool) -> Command {
    PanelCommand {
        address,
        text,
        urgent,
    }
    .into()
}

fn device_health(
    device: String,
    (ok, status, detail): (bool, &str, String),
    frames: Option<FrameCounts>,
) -> DeviceHealth {
    DeviceHealth {
        device,
        ok,
        status: status.to_owned(),
        detail,
        frames,
        ..DeviceHealth::default()
    }
}

fn frame_counts(counts: &bus::FrameCounts) -> FrameCounts {
    let bus::FrameCounts {
        sent,
        repeated,
        heard,
        spoilt,
        unanswered,
    } = *counts;
    FrameCounts {
        sent,
        repeated,
        heard,
        spoilt,
        unanswered,
    }
}
