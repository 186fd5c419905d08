//! Who may speak on the line, and when. Time is an input, in milliseconds from any start.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use super::echo::EchoFilter;
use super::{BusConfig, Command, CommandError, Event, PanelCommand};
use crate::caller_pad::{Decoder, Frame, PadAction, PadEvent, ack_for};
use crate::led485;
use crate::modbus::{self, Address, Reply, Request};

/// Every panel is told again what it shows, in case it lost power: after this many milliseconds.
const REFRESH_MS: u64 = 30_000;
/// A silent panel is tried again after this many milliseconds.
const SILENT_RETRY_MS: u64 = 3_000;
/// An identical frame of one pad within this many milliseconds is the same press, sent again.
const RESEND_WINDOW_MS: u64 = 2_000;
/// A frame whose bytes stop for this many milliseconds will not be completed. Adapters deliver in
/// bursts of up to 16 ms, so this is far above the gap inside a frame.
const STALLED_MS: u64 = 50;
/// Adapters give an echo back at most this many milliseconds after the last bit.
const ECHO_SLACK_MS: u64 = 30;
/// So many bytes without a frame among them are more than a disturbance: a pad that is not
/// understood sends this much for one press.
const UNREADABLE_BYTES: usize = 24;
/// Most frames waiting for pads; beyond it the oldest is dropped, as pads show only the newest.
const PAD_QUEUE_MAX: usize = 64;

/// What the shell should do next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Output {
    /// Send these bytes at once.
    Write(Vec<u8>),
    /// Tell the application.
    Event(Event),
    /// Nothing until bytes or a command arrive, or until the time.
    Wait {
        /// When to call [`BusMachine::handle_timeout`]; `None`: no need to.
        until_ms: Option<u64>,
        /// What is awaited, for logs.
        reason: &'static str,
    },
}

/// The line master. Call one `handle_*`, then [`BusMachine::poll_output`] until it says `Wait`.
#[derive(Clone, Debug)]
pub struct BusMachine {
    config: BusConfig,
    now_ms: u64,
    line_is_up: bool,
    panels: BTreeMap<Address, Panel>,
    delivered: BTreeMap<u8, (Frame, u64)>,
    unknown_pads: BTreeSet<u8>,
    to_pads: VecDeque<Frame>,
    acks: VecDeque<Frame>,
    asking: Option<Asking>,
    heard: Vec<u8>,
    decoder: Decoder,
    echo: EchoFilter,
    last_heard_ms: u64,
    unread_bytes: usize,
    free_from_ms: u64,
    commands_taken: u64,
    outputs: VecDeque<Output>,
}

#[derive(Clone, Debug)]
struct Panel {
    wanted: Request,
    turn: Turn,
    due_ms: u64,
    health: Health,
}

/// Order of sending: urgent before ordinary, older before newer, and refreshing last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Turn {
    Urgent(u64),
    Ordinary(u64),
    Refresh,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Health {
    Unknown,
    Ok,
    Silent,
}

/// The request on the line.
#[derive(Clone, Debug)]
struct Asking {
    request: Request,
    deadline_ms: u64,
    tries_left: u32,
}

impl BusMachine {
    /// A master for a line that is not up yet. Panels start blank.
    pub fn new(config: BusConfig) -> Self {
        let panels = config
            .panels
            .iter()
            .map(|address| {
                let panel = Panel {
                    wanted: led485::blank(*address),
                    turn: Turn::Refresh,
                    due_ms: 0,
                    health: Health::Unknown,
                };
                (*address, panel)
            })
            .collect();
        Self {
            config,
            now_ms: 0,
            line_is_up: false,
            panels,
            delivered: BTreeMap::new(),
            unknown_pads: BTreeSet::new(),
            to_pads: VecDeque::new(),
            acks: VecDeque::new(),
            asking: None,
            heard: Vec::new(),
            decoder: Decoder::default(),
            echo: EchoFilter::default(),
            last_heard_ms: 0,
            unread_bytes: 0,
            free_from_ms: 0,
            commands_taken: 0,
            outputs: VecDeque::new(),
        }
    }

    /// The port is open: every panel is told what it should show.
    pub fn handle_line_up(&mut self, now_ms: u64) {
        self.now_ms = self.now_ms.max(now_ms);
        self.line_is_up = true;
        self.free_from_ms = self.now_ms;
        for panel in self.panels.values_mut() {
            panel.due_ms = 0;
        }
        self.outputs.push_back(Output::Event(Event::LineUp));
        self.advance();
    }

    /// The port is gone. Commands are still taken; of each panel's texts the newest is kept.
    pub fn handle_line_down(&mut self, now_ms: u64, reason: String) {
        self.now_ms = self.now_ms.max(now_ms);
        self.line_is_up = false;
        self.asking = None;
        self.heard.clear();
        self.acks.clear();
        self.to_pads.clear();
        self.decoder = Decoder::default();
        self.unread_bytes = 0;
        self.echo = EchoFilter::default();
        self.outputs
            .retain(|output| !matches!(output, Output::Write(_)));
        for panel in self.panels.values_mut() {
            panel.health = Health::Unknown;
        }
        self.outputs
            .push_back(Output::Event(Event::LineDown { reason }));
    }

    /// Bytes from the line.
    pub fn handle_bytes(&mut self, now_ms: u64, bytes: &[u8]) {
        self.now_ms = self.now_ms.max(now_ms);
        if !self.line_is_up {
            return;
        }
        if !bytes.is_empty() {
            self.last_heard_ms = self.now_ms;
        }
        let bytes = self.echo.hear(bytes, self.now_ms);
        self.hear(&bytes);
        self.advance();
    }

    /// A command from the application.
    pub fn handle_command(&mut self, now_ms: u64, command: Command) {
        self.now_ms = self.now_ms.max(now_ms);
        if let Err(reason) = self.take(&command) {
            self.outputs
                .push_back(Output::Event(Event::CommandRefused { command, reason }));
        }
        self.advance();
    }

    /// The time of a `Wait` has come.
    pub fn handle_timeout(&mut self, now_ms: u64) {
        self.now_ms = self.now_ms.max(now_ms);
        self.advance();
    }

    /// What to do next.
    pub fn poll_output(&mut self) -> Output {
        self.outputs.pop_front().unwrap_or_else(|| self.wait())
    }

    /// How many outputs wait to be polled.
    pub fn outputs_waiting(&self) -> usize {
        self.outputs.len()
    }

    fn take(&mut self, command: &Command) -> Result<(), CommandError> {
        match command {
            Command::Panel(PanelCommand {
                address,
                text,
                urgent,
            }) => {
                let panel = self
                    .panels
                    .get_mut(address)
                    .ok_or(CommandError::UnknownAddress)?;
                let order = self.commands_taken;
                panel.wanted = led485::show_text(*address, text)?;
                panel.turn = match panel.turn {
                    Turn::Urgent(earlier) => Turn::Urgent(earlier),
                    _ if *urgent => Turn::Urgent(order),
                    Turn::Ordinary(earlier) => Turn::Ordinary(earlier),
                    Turn::Refresh => Turn::Ordinary(order),
                };
                // A silent panel keeps its pace for ordinary texts: each try costs the others a
                // reply timeout.
                if panel.health != Health::Silent || *urgent {
                    panel.due_ms = self.now_ms;
                }
                self.commands_taken += 1;
            }
            Command::Pad { address, action } => {
                if !self.config.pads.contains(address) {
                    return Err(CommandError::UnknownAddress);
                }
                self.queue_for_pad(*address, *action);
            }
        }
        Ok(())
    }

    fn queue_for_pad(&mut self, address: u8, action: PadAction) {
        if !self.line_is_up {
            return;
        }
        // A newer number replaces an older one of the same kind.
        self.to_pads.retain(|frame| {
            let same_kind = PadAction::from_frame(frame).is_some_and(|queued| {
                std::mem::discriminant(&queued) == std::mem::discriminant(&action)
            });
            frame.address != address || !same_kind
        });
        if self.to_pads.len() == PAD_QUEUE_MAX {
            self.to_pads.pop_front();
        }
        self.to_pads.push_back(action.to_frame(address));
    }

    fn hear(&mut self, bytes: &[u8]) {
        let was_readable = self.unread_bytes < UNREADABLE_BYTES;
        self.unread_bytes = self.unread_bytes.saturating_add(bytes.len());
        self.find_frames(bytes);
        if was_readable && self.unread_bytes >= UNREADABLE_BYTES {
            self.outputs.push_back(Output::Event(Event::Unreadable));
        }
    }

    fn find_frames(&mut self, bytes: &[u8]) {
        for frame in self.decoder.feed(bytes) {
            self.handle_pad_frame(frame);
        }
        let Some(asking) = &self.asking else { return };
        self.heard.extend_from_slice(bytes);
        let Some((_, reply)) = asking.request.find_reply(&self.heard) else {
            let excess = self.heard.len().saturating_sub(2 * modbus::FRAME_MAX);
            self.heard.drain(..excess);
            return;
        };
        self.unread_bytes = 0;
        self.finish(Some(reply));
    }

    fn handle_pad_frame(&mut self, frame: Frame) {
        self.unread_bytes = 0;
        let address = frame.address;
        let Some(event) = PadEvent::from_frame(&frame) else {
            return;
        };
        if !self.config.pads.contains(&address) {
            if self.unknown_pads.insert(address) {
                self.outputs
                    .push_back(Output::Event(Event::UnknownPad { address }));
            }
            return;
        }
        let is_resent = self.delivered.get(&address).is_some_and(|(last, at_ms)| {
            *last == frame && self.now_ms.saturating_sub(*at_ms) < RESEND_WINDOW_MS
        });
        if !is_resent {
            self.delivered.insert(address, (frame.clone(), self.now_ms));
            self.outputs
                .push_back(Output::Event(Event::Pad { address, event }));
        }
        let ack = ack_for(&frame);
        if !self.acks.contains(&ack) {
            self.acks.push_back(ack);
        }
    }

    /// The transaction is over, with or without a reply.
    fn finish(&mut self, reply: Option<Reply>) {
        let Some(Asking { request, .. }) = self.asking.take() else {
            return;
        };
        self.heard.clear();
        let address = request.address;
        let Some(panel) = self.panels.get_mut(&address) else {
            return;
        };
        let health = if reply.is_some() {
            Health::Ok
        } else {
            Health::Silent
        };
        if panel.health != health {
            panel.health = health;
            let ok = health == Health::Ok;
            self.outputs
                .push_back(Output::Event(Event::PanelHealth { address, ok }));
        }
        match reply {
            None => {
                // What is wanted stays wanted, behind what others want.
                panel.turn = Turn::Refresh;
                panel.due_ms = self.now_ms + SILENT_RETRY_MS;
            }
            Some(reply) => {
                if let Reply::Refused(exception) = reply {
                    let event = Event::PanelRefused { address, exception };
                    self.outputs.push_back(Output::Event(event));
                }
                if panel.wanted == request {
                    panel.turn = Turn::Refresh;
                    panel.due_ms = self.now_ms + REFRESH_MS;
                }
            }
        }
    }

    fn advance(&mut self) {
        if !self.line_is_up {
            return;
        }
        let late = self.echo.expire(self.now_ms);
        if !late.is_empty() {
            self.hear(&late);
        }
        if self.decoder.is_mid_frame() && self.now_ms >= self.last_heard_ms + STALLED_MS {
            for frame in self.decoder.silence() {
                self.handle_pad_frame(frame);
            }
        }
        if self
            .asking
            .as_ref()
            .is_some_and(|asking| self.now_ms >= asking.deadline_ms)
        {
            self.repeat_or_give_up();
        }
        if self.asking.is_none() && self.now_ms >= self.next_send_ms() {
            self.send_next();
        }
    }

    fn repeat_or_give_up(&mut self) {
        let Some(asking) = self.asking.take() else {
            return;
        };
        self.heard.clear();
        // A newer text makes repeating the old one pointless.
        let newest = self
            .panels
            .get(&asking.request.address)
            .map(|panel| panel.wanted.clone());
        if asking.tries_left == 0 {
            self.asking = Some(asking);
            self.finish(None);
        } else {
            self.ask(newest.unwrap_or(asking.request), asking.tries_left - 1);
        }
    }

    fn send_next(&mut self) {
        if let Some(frame) = self.acks.pop_front() {
            self.send(&frame.encode());
            return;
        }
        let next = self
            .panels
            .iter()
            .filter(|(_, panel)| panel.due_ms <= self.now_ms)
            .min_by_key(|(address, panel)| (panel.turn, panel.due_ms, **address))
            .map(|(_, panel)| (panel.turn, panel.wanted.clone(), panel.health));
        match (next, self.to_pads.is_empty()) {
            (Some((turn, request, health)), pads_wait_not)
                if pads_wait_not || turn < Turn::Refresh =>
            {
                let tries_left = if health == Health::Silent {
                    0
                } else {
                    self.config.retries
                };
                self.ask(request, tries_left);
            }
            _ => {
                if let Some(frame) = self.to_pads.pop_front() {
                    self.send(&frame.encode());
                }
            }
        }
    }

    fn ask(&mut self, request: Request, tries_left: u32) {
        let bytes = request.encode();
        let deadline_ms =
            self.now_ms + self.config.transmit_ms(bytes.len()) + self.config.reply_timeout_ms;
        self.heard.clear();
        self.asking = Some(Asking {
            request,
            deadline_ms,
            tries_left,
        });
        self.send(&bytes);
    }

    fn send(&mut self, bytes: &[u8]) {
        let sent_ms = self.now_ms + self.config.transmit_ms(bytes.len());
        self.free_from_ms = sent_ms + self.config.gap_ms();
        // The echo takes as long to arrive as the frame took to leave.
        self.echo.sent(
            bytes,
            sent_ms + self.config.transmit_ms(bytes.len()) + ECHO_SLACK_MS,
        );
        self.outputs.push_back(Output::Write(bytes.to_vec()));
    }

    /// When the line is free to speak on.
    fn next_send_ms(&self) -> u64 {
        let settled_ms = if self.decoder.is_mid_frame() {
            self.last_heard_ms + STALLED_MS
        } else {
            self.last_heard_ms + self.config.gap_ms()
        };
        self.free_from_ms.max(settled_ms)
    }

    fn wait(&self) -> Output {
        if !self.line_is_up {
            return Output::Wait {
                until_ms: None,
                reason: "line down",
            };
        }
        let stalled_ms = self
            .decoder
            .is_mid_frame()
            .then_some(self.last_heard_ms + STALLED_MS);
        let next = [
            (
                self.asking.as_ref().map(|asking| asking.deadline_ms),
                "panel reply",
            ),
            (stalled_ms, "rest of a frame"),
            (self.echo.deadline_ms(), "own echo"),
            (self.next_work_ms(), "next frame"),
        ]
        .into_iter()
        .filter_map(|(until_ms, reason)| Some((until_ms?, reason)))
        .min();
        let (until_ms, reason) = next.map_or((None, "commands"), |(at, why)| (Some(at), why));
        Output::Wait { until_ms, reason }
    }

    /// When there will be something to send on a free line.
    fn next_work_ms(&self) -> Option<u64> {
        if self.asking.is_some() {
            return None;
        }
        let work_ms = if self.acks.is_empty() && self.to_pads.is_empty() {
            self.panels.values().map(|panel| panel.due_ms).min()?
        } else {
            0
        };
        Some(work_ms.max(self.next_send_ms()))
    }
}

#[cfg(test)]
#[path = "machine_tests.rs"]
mod tests;
