//! Who may speak on the line, and when. Time is an input, in milliseconds from any start.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use super::echo::EchoFilter;
use super::panel::{Panel, Purpose, Turn};
use super::{BusConfig, Command, CommandError, Event, PanelCommand, PanelHealth};
use crate::caller_pad::{Decoder, Frame, PadAction, PadEvent, ack_for};
use crate::panel::{Chunk, Expected, Heard, Listener, Outgoing, Refusal};

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
    panels: BTreeMap<u8, Panel>,
    delivered: BTreeMap<u8, (Frame, u64)>,
    unknown_pads: BTreeSet<u8>,
    to_pads: VecDeque<Frame>,
    acks: VecDeque<Frame>,
    asking: Option<Asking>,
    decoder: Decoder,
    echo: EchoFilter,
    last_heard_ms: u64,
    unread_bytes: usize,
    free_from_ms: u64,
    commands_taken: u64,
    outputs: VecDeque<Output>,
}

/// The message on the line.
#[derive(Clone, Debug)]
struct Asking {
    address: u8,
    purpose: Purpose,
    message: Outgoing,
    /// What has not been sent of it.
    to_send: VecDeque<Chunk>,
    listener: Listener,
    reply_timeout_ms: u64,
    /// When the answer is late, once all is sent.
    deadline_ms: u64,
    tries_left: u32,
}

/// How a message ended.
enum Ending {
    Acknowledged,
    Refused(Refusal),
    /// No answer came.
    Silent,
    /// None was to come.
    Unheard,
}

impl BusMachine {
    /// A master for a line that is not up yet. Panels start blank.
    pub fn new(config: BusConfig) -> Self {
        let panels = config
            .panels
            .iter()
            .map(|(address, protocol)| (*address, Panel::new(*address, protocol.clone())))
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
            if !panel.protocol.remembers_text() {
                panel.prepare();
            }
        }
        self.outputs.push_back(Output::Event(Event::LineUp));
        self.advance();
    }

    /// The port is gone. Commands are still taken; of each panel's texts the newest is kept.
    pub fn handle_line_down(&mut self, now_ms: u64, reason: String) {
        self.now_ms = self.now_ms.max(now_ms);
        self.line_is_up = false;
        self.asking = None;
        self.acks.clear();
        self.to_pads.clear();
        self.decoder = Decoder::default();
        self.unread_bytes = 0;
        self.echo = EchoFilter::default();
        self.outputs
            .retain(|output| !matches!(output, Output::Write(_)));
        for panel in self.panels.values_mut() {
            panel.health = None;
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
                let wanted = panel.want(text.clone());
                panel.turn = match panel.turn {
                    Turn::Urgent(earlier) => Turn::Urgent(earlier),
                    _ if *urgent => Turn::Urgent(order),
                    Turn::Ordinary(earlier) => Turn::Ordinary(earlier),
                    Turn::Refresh => Turn::Ordinary(order),
                };
                // A silent panel keeps its pace for ordinary texts: each try costs the others a
                // reply timeout.
                if panel.health != Some(PanelHealth::Silent) || *urgent {
                    panel.due_ms = self.now_ms;
                }
                self.commands_taken += 1;
                wanted?;
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
        let Some(asking) = &mut self.asking else {
            return;
        };
        // What comes before the message has left is an answer to nothing.
        if !asking.to_send.is_empty() {
            return;
        }
        let ending = match asking.listener.feed(bytes) {
            Heard::Nothing | Heard::Noise => return,
            Heard::Acknowledged => Ending::Acknowledged,
            Heard::Refused(refusal) => Ending::Refused(refusal),
        };
        self.unread_bytes = 0;
        self.finish(ending);
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

    /// The message on the line is over.
    fn finish(&mut self, ending: Ending) {
        let Some(asking) = self.asking.take() else {
            return;
        };
        let address = asking.address;
        let Some(panel) = self.panels.get_mut(&address) else {
            return;
        };
        let was_heard = !matches!(ending, Ending::Unheard);
        let health = match ending {
            Ending::Acknowledged | Ending::Refused(_) => Some(PanelHealth::Answers),
            Ending::Silent => Some(PanelHealth::Silent),
            Ending::Unheard => panel.unheard(),
        };
        if let Some(health) = health
            && panel.health.replace(health) != Some(health)
        {
            self.outputs
                .push_back(Output::Event(Event::PanelHealth { address, health }));
        }
        match (asking.purpose, ending) {
            (_, Ending::Silent) => {
                // What is wanted stays wanted, behind what others want.
                panel.turn = Turn::Refresh;
                panel.due_ms = self.now_ms + SILENT_RETRY_MS;
            }
            // It shows something else, and is told at once.
            (Purpose::Check, Ending::Refused(Refusal::HoldsOther(_))) => panel.has_taken = false,
            (purpose, ending) => {
                if let Ending::Refused(refusal) = ending {
                    let event = Event::PanelRefused { address, refusal };
                    self.outputs.push_back(Output::Event(event));
                }
                if purpose == Purpose::Prepare {
                    panel.to_prepare.pop_front();
                } else if purpose == Purpose::Check && panel.has_taken
                    || panel.wanted == asking.message
                {
                    panel.taken(self.now_ms, was_heard);
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
        let is_late =
            |asking: &Asking| asking.to_send.is_empty() && self.now_ms >= asking.deadline_ms;
        if self.asking.as_ref().is_some_and(is_late) {
            self.repeat_or_give_up();
        }
        if self.now_ms >= self.free_from_ms {
            self.send_chunk();
        }
        if self.asking.is_none() && self.now_ms >= self.next_send_ms() {
            self.send_next();
        }
    }

    fn repeat_or_give_up(&mut self) {
        match self.asking.take() {
            // A newer text makes repeating the old one pointless.
            Some(asking) if asking.tries_left > 0 => {
                self.ask(asking.address, asking.tries_left - 1)
            }
            silent => {
                self.asking = silent;
                self.finish(Ending::Silent);
            }
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
            .map(|(address, panel)| (panel.turn, *address));
        match (next, self.to_pads.is_empty()) {
            (Some((turn, address)), pads_wait_not) if pads_wait_not || turn < Turn::Refresh => {
                let panel = self.panels.get(&address);
                let is_worth_it = |panel: &&Panel| panel.health != Some(PanelHealth::Silent);
                let tries_left = panel.filter(is_worth_it).map_or(0, |panel| panel.retries);
                self.ask(address, tries_left);
            }
            _ => {
                if let Some(frame) = self.to_pads.pop_front() {
                    self.send(&frame.encode());
                }
            }
        }
    }

    /// Begins with what a panel is told next.
    fn ask(&mut self, address: u8, tries_left: u32) {
        let Some(panel) = self.panels.get_mut(&address) else {
            return;
        };
        let Some((purpose, message)) = panel.next_message() else {
            // Nothing more is known of it from now on.
            panel.due_ms = u64::MAX;
            let health = PanelHealth::Unheard;
            if panel.health.replace(health) != Some(health) {
                self.outputs
                    .push_back(Output::Event(Event::PanelHealth { address, health }));
            }
            return;
        };
        self.asking = Some(Asking {
            address,
            purpose,
            to_send: message.chunks.clone().into(),
            listener: Listener::new(message.answer.clone()),
            message,
            reply_timeout_ms: panel.reply_timeout_ms,
            deadline_ms: 0,
            tries_left,
        });
        self.send_chunk();
    }

    /// Sends what comes next of the message on the line.
    fn send_chunk(&mut self) {
        let Some(asking) = &mut self.asking else {
            return;
        };
        let Some(chunk) = asking.to_send.pop_front() else {
            return;
        };
        let is_last = asking.to_send.is_empty();
        let is_answered = asking.message.answer != Expected::Nothing;
        let left_ms = self.now_ms + self.config.transmit_ms(chunk.bytes.len());
        asking.deadline_ms = left_ms + chunk.pause_ms + asking.reply_timeout_ms;
        self.send(&chunk.bytes);
        self.free_from_ms += chunk.pause_ms;
        if is_last && !is_answered {
            self.finish(Ending::Unheard);
        }
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
        let asking_ms = |asking: &Asking| match asking.to_send.is_empty() {
            true => asking.deadline_ms,
            false => self.free_from_ms,
        };
        let stalled_ms = self
            .decoder
            .is_mid_frame()
            .then_some(self.last_heard_ms + STALLED_MS);
        let next = [
            (self.asking.as_ref().map(asking_ms), "panel reply"),
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
