//! Who may speak on the line, and when. Time is an input, in milliseconds from any start.

mod hearing;
mod searches;

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use super::echo::EchoFilter;
use super::panel::{Panel, Purpose, Turn};
use super::reception::Ear;
use super::replacement::Replacement;
use super::{
    BusConfig, Command, CommandError, Event, LineCounts, PanelCommand, PanelHealth, Reception,
    Stranger,
};
use crate::caller_pad::{Decoder, Frame, PadAction};
use crate::panel::{Chunk, Expected, Listener, Outgoing, Refusal};

/// A silent panel is tried again after this many milliseconds.
const SILENT_RETRY_MS: u64 = 3_000;
/// An identical frame of one pad within this many milliseconds is the same press, sent again.
const RESEND_WINDOW_MS: u64 = 2_000;
/// A frame whose bytes stop for this many milliseconds will not be completed. Adapters deliver in
/// bursts of up to 16 ms, so this is far above the gap inside a frame.
const STALLED_MS: u64 = 50;
/// Adapters give an echo back at most this many milliseconds after the last bit.
const ECHO_SLACK_MS: u64 = 30;
/// While no panel answers, they are looked for at another speed every so many milliseconds.
const SEARCH_MS: u64 = 2_000;
/// A pad that was understood vouches for the line's speed for so many milliseconds.
const PAD_VOUCHES_MS: u64 = 60_000;
/// So many bytes in the place of an answer are somebody's answer that was spoilt, and not a spark.
const GARBLED_BYTES: usize = 2;
/// Exchanges in a row that show two devices at one address: a late answer can look like one of them.
const CONTESTED_TIMES: u32 = 2;
/// Most frames waiting for pads; beyond it the oldest is dropped, as pads show only the newest.
const PAD_QUEUE_MAX: usize = 64;
/// Most panels of other lines waiting to be looked for; beyond it none is taken.
const STRANGERS_MAX: usize = 16;

/// What the shell should do next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Output {
    /// Send these bytes at once.
    Write(Vec<u8>),
    /// Go on at this speed, in bits per second.
    Speed(u32),
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
    /// The line's own speed, in bits per second.
    own_bps: u32,
    now_ms: u64,
    line_is_up: bool,
    panels: BTreeMap<u8, Panel>,
    delivered: BTreeMap<u8, (Frame, u64)>,
    unknown_pads: BTreeSet<u8>,
    to_pads: VecDeque<Frame>,
    acks: VecDeque<Frame>,
    strangers: VecDeque<Stranger>,
    replacement: Option<Replacement>,
    asking: Option<Asking>,
    /// Listens whether another device answers what was answered already.
    second: Option<Second>,
    decoder: Decoder,
    echo: EchoFilter,
    ear: Ear,
    reception: Reception,
    /// When a pad was understood last: it speaks at the line's speed.
    pad_understood_ms: Option<u64>,
    last_heard_ms: u64,
    /// When panels that do not answer are looked for at another speed.
    search_ms: u64,
    searches: usize,
    other_speed_is_known: bool,
    free_from_ms: u64,
    commands_taken: u64,
    counts: LineCounts,
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
    tries: Tries,
    /// Bytes heard in the place of an answer in this try.
    stray: usize,
}

impl Asking {
    /// Whether it is a message to a device of the line of which an answer is due, and so has to end as something.
    fn is_counted(&self) -> bool {
        !matches!(self.purpose, Purpose::Seek(_)) && self.message.answer != Expected::Nothing
    }
}

/// How often a message was and will be sent.
#[derive(Clone, Copy, Debug, Default)]
struct Tries {
    left: u32,
    /// Before this one.
    made: u32,
    /// Of those, how many were answered by bytes that make no answer.
    garbled: u32,
    /// Those bytes.
    stray: usize,
}

/// Listens after an answer.
#[derive(Clone, Debug)]
struct Second {
    address: u8,
    listener: Listener,
    until_ms: u64,
    heard: usize,
}

/// How a message ended.
enum Ending {
    Acknowledged,
    Refused(Refusal),
    /// No answer came.
    Silent,
    /// Bytes came that make no answer.
    Garbled,
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
            own_bps: config.baud_bps,
            echo: EchoFilter::new(config.echo),
            ear: Ear::new(!config.panels.is_empty()),
            config,
            now_ms: 0,
            line_is_up: false,
            panels,
            delivered: BTreeMap::new(),
            unknown_pads: BTreeSet::new(),
            to_pads: VecDeque::new(),
            acks: VecDeque::new(),
            strangers: VecDeque::new(),
            replacement: None,
            asking: None,
            second: None,
            decoder: Decoder::default(),
            reception: Reception::default(),
            pad_understood_ms: None,
            last_heard_ms: 0,
            search_ms: 0,
            searches: 0,
            other_speed_is_known: false,
            free_from_ms: 0,
            commands_taken: 0,
            counts: LineCounts::default(),
            outputs: VecDeque::new(),
        }
    }

    /// The port is open: every panel is told what it should show.
    pub fn handle_line_up(&mut self, now_ms: u64) {
        self.now_ms = self.now_ms.max(now_ms);
        self.line_is_up = true;
        self.free_from_ms = self.now_ms;
        // It may be plugged in elsewhere.
        self.unknown_pads.clear();
        self.pad_understood_ms = None;
        self.other_speed_is_known = false;
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
        if let Some(asking) = self.asking.take().filter(Asking::is_counted) {
            self.counts.panel(asking.address).unanswered += 1;
        }
        self.second = None;
        self.acks.clear();
        self.to_pads.clear();
        self.strangers.clear();
        self.replacement = None;
        self.decoder = Decoder::default();
        self.ear = Ear::new(!self.config.panels.is_empty());
        self.reception = Reception::default();
        self.echo = EchoFilter::new(self.config.echo);
        // A port that is opened again has the line's own speed.
        self.config.baud_bps = self.own_bps;
        self.outputs
            .retain(|output| !matches!(output, Output::Write(_) | Output::Speed(_)));
        for panel in self.panels.values_mut() {
            panel.health = None;
            (panel.doubles, panel.garbles) = (0, 0);
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

    /// What went over the line since it was first opened.
    pub fn counts(&self) -> &LineCounts {
        &self.counts
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
                if panel.is_reached() || *urgent {
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
            Command::LookFor(stranger) => {
                if self.line_is_up && self.strangers.len() < STRANGERS_MAX {
                    self.strangers.push_back(stranger.as_ref().clone());
                }
            }
            Command::Replace { address } => {
                let panel = self
                    .panels
                    .get(address)
                    .ok_or(CommandError::UnknownAddress)?;
                if let Some(under_way) = &self.replacement {
                    return match under_way.address == *address {
                        true => Ok(()),
                        false => Err(CommandError::OneAtATime),
                    };
                }
                let replacement =
                    Replacement::new(panel, self.now_ms).ok_or(CommandError::FixedAddress)?;
                self.replacement = Some(replacement);
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

    fn set_health(&mut self, address: u8, health: PanelHealth) {
        if let Some(panel) = self.panels.get_mut(&address)
            && panel.health.replace(health) != Some(health)
        {
            self.outputs
                .push_back(Output::Event(Event::PanelHealth { address, health }));
        }
    }

    /// The message on the line is over.
    fn finish(&mut self, ending: Ending) {
        let Some(asking) = self.asking.take() else {
            return;
        };
        if let Purpose::Seek(sought) = asking.purpose {
            return self.end_search(sought, &ending);
        }
        let address = asking.address;
        let was_answered = matches!(ending, Ending::Acknowledged | Ending::Refused(_));
        self.counts.panel(address).heard += u64::from(was_answered);
        let others_answer = self
            .panels
            .values()
            .any(|panel| panel.address != address && panel.health == Some(PanelHealth::Answers));
        if was_answered {
            self.other_speed_is_known = false;
            self.ear.frame(self.now_ms, 0);
        } else if !others_answer {
            self.ear
                .bytes(self.now_ms, asking.tries.stray + asking.stray);
        }
        let Some(panel) = self.panels.get_mut(&address) else {
            return;
        };
        let was_heard = !matches!(ending, Ending::Unheard);
        panel.garbles = match ending {
            Ending::Garbled => panel.garbles + 1,
            _ => 0,
        };
        let health = match ending {
            // Until it is known whether another one answers, too.
            Ending::Acknowledged | Ending::Refused(_) if panel.doubles >= CONTESTED_TIMES => None,
            Ending::Acknowledged | Ending::Refused(_) => Some(PanelHealth::Answers),
            Ending::Silent => Some(PanelHealth::Silent),
            Ending::Garbled if others_answer && panel.garbles >= CONTESTED_TIMES => {
                Some(PanelHealth::Contested)
            }
            Ending::Garbled => Some(PanelHealth::Garbled),
            Ending::Unheard => panel.unheard(),
        };
        if was_answered && asking.tries.made == 0 {
            self.second = Some(Second {
                address,
                listener: Listener::new(asking.message.answer.clone()),
                until_ms: self.now_ms + asking.reply_timeout_ms,
                heard: 0,
            });
        }
        match (asking.purpose, ending) {
            (_, Ending::Silent | Ending::Garbled) => {
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
        if let Some(health) = health {
            self.set_health(address, health);
        }
        self.tell_reception();
    }

    fn set_speed(&mut self, baud_bps: u32) {
        self.config.baud_bps = baud_bps;
        self.outputs.push_back(Output::Speed(baud_bps));
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
                self.ear.frame(self.now_ms, frame.encode().len());
                self.handle_pad_frame(frame);
            }
        }
        self.ear.expire(self.now_ms);
        self.tell_reception();
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
        let Some(asking) = &self.asking else {
            return;
        };
        let mut tries = asking.tries;
        let is_spoilt = asking.stray >= GARBLED_BYTES;
        if asking.is_counted() {
            let counts = self.counts.panel(asking.address);
            match is_spoilt {
                true => counts.spoilt += 1,
                false => counts.unanswered += 1,
            }
        }
        tries.made += 1;
        tries.garbled += u32::from(is_spoilt);
        if tries.left == 0 {
            let ending = match tries.garbled * 2 > tries.made {
                true => Ending::Garbled,
                false => Ending::Silent,
            };
            return self.finish(ending);
        }
        tries.left -= 1;
        tries.stray += asking.stray;
        let address = asking.address;
        self.asking = None;
        // A newer text makes repeating the old one pointless.
        self.ask(address, tries);
    }

    fn send_next(&mut self) {
        if let Some(frame) = self.acks.pop_front() {
            self.send_to_pad(&frame);
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
                let is_worth_it = |panel: &&Panel| panel.is_reached();
                let left = panel.filter(is_worth_it).map_or(0, |panel| panel.retries);
                let tries = Tries {
                    left,
                    ..Tries::default()
                };
                self.ask(address, tries);
            }
            _ => {
                if let Some(frame) = self.to_pads.pop_front() {
                    self.send_to_pad(&frame);
                } else if let Some(stranger) = self.strangers.pop_front() {
                    self.look_for(stranger);
                } else if self.replacement.is_some() {
                    self.replace();
                } else if self
                    .search_due_ms()
                    .is_some_and(|at_ms| at_ms <= self.now_ms)
                {
                    self.search();
                }
            }
        }
    }

    fn send_to_pad(&mut self, frame: &Frame) {
        self.counts.pad(frame.address).sent += 1;
        self.send(&frame.encode());
    }

    /// Begins with what a panel is told next.
    fn ask(&mut self, address: u8, tries: Tries) {
        let Some(panel) = self.panels.get_mut(&address) else {
            return;
        };
        let Some((purpose, message)) = panel.next_message() else {
            // Nothing more is known of it from now on.
            panel.due_ms = u64::MAX;
            return self.set_health(address, PanelHealth::Unheard);
        };
        let reply_timeout_ms = panel.reply_timeout_ms;
        self.begin(address, purpose, message, reply_timeout_ms, tries);
    }

    fn begin(
        &mut self,
        address: u8,
        purpose: Purpose,
        message: Outgoing,
        reply_timeout_ms: u64,
        tries: Tries,
    ) {
        if !matches!(purpose, Purpose::Seek(_)) {
            let counts = self.counts.panel(address);
            counts.sent += 1;
            counts.repeated += u64::from(tries.made > 0);
        }
        self.asking = Some(Asking {
            address,
            purpose,
            to_send: message.chunks.clone().into(),
            listener: Listener::new(message.answer.clone()),
            message,
            reply_timeout_ms,
            deadline_ms: 0,
            tries,
            stray: 0,
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
        self.end_second();
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
            (self.ear.deadline_ms(), "the end of a noise"),
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
        let has_none = self.acks.is_empty() && self.to_pads.is_empty() && self.strangers.is_empty();
        let waits = !has_none || self.replacement.is_some();
        let panels_ms = self.panels.values().map(|panel| panel.due_ms).min();
        let work_ms = [waits.then_some(0), panels_ms, self.search_due_ms()];
        let work_ms = work_ms.into_iter().flatten().min()?;
        Some(work_ms.max(self.next_send_ms()))
    }
}

#[cfg(test)]
#[path = "machine_tests.rs"]
mod tests;
