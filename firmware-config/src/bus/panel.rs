//! One panel of a line: what it should show, what it was told, and what it is told next.

use std::collections::VecDeque;

use super::{PanelConfig, PanelHealth};
use crate::panel::{Expected, Outgoing, PanelProtocol, ShowError};

/// Every panel is told again what it shows, in case it lost power: after this many milliseconds. One that keeps its text
/// without power, in a memory that wears, is asked instead, where it can be.
const REFRESH_MS: u64 = 30_000;
/// A panel that does not answer what it is told, but can be asked, is asked so long after it was told.
pub(super) const CHECK_MS: u64 = 1_000;

#[derive(Clone, Debug)]
pub(super) struct Panel {
    pub(super) address: u8,
    pub(super) protocol: PanelProtocol,
    pub(super) reply_timeout_ms: u64,
    pub(super) retries: u32,
    pub(super) address_register: Option<u16>,
    /// What it must be told before its first text.
    pub(super) to_prepare: VecDeque<Outgoing>,
    pub(super) text: String,
    pub(super) wanted: Outgoing,
    /// It has taken what is wanted.
    pub(super) has_taken: bool,
    pub(super) turn: Turn,
    /// When it is told next; `u64::MAX`: when something else is wanted.
    pub(super) due_ms: u64,
    pub(super) health: Option<PanelHealth>,
    /// Exchanges in a row in which two answered.
    pub(super) doubles: u32,
    /// Exchanges in a row in which nothing but bytes that make no answer came.
    pub(super) garbles: u32,
}

impl Panel {
    pub(super) fn new(address: u8, config: PanelConfig) -> Self {
        let mut panel = Self {
            address,
            protocol: config.protocol,
            reply_timeout_ms: config.reply_timeout_ms,
            retries: config.retries,
            address_register: config.address_register,
            to_prepare: VecDeque::new(),
            text: String::new(),
            wanted: Outgoing::at_once(Vec::new(), Expected::Nothing),
            has_taken: false,
            turn: Turn::Refresh,
            due_ms: 0,
            health: None,
            doubles: 0,
            garbles: 0,
        };
        panel.prepare();
        // An address that no such panel has is told with the first text.
        drop(panel.want(String::new()));
        panel
    }

    /// It may have lost power: what it needs before its first text is due again.
    pub(super) fn prepare(&mut self) {
        let messages = self.protocol.prepare(self.address);
        self.to_prepare = messages.unwrap_or_default().into();
    }

    fn message(&self, text: &str) -> Result<Outgoing, ShowError> {
        match text {
            "" => match self.protocol.blank(self.address) {
                Err(ShowError::NoBlank) => self.protocol.show(self.address, "0"),
                dark => dark,
            },
            text => self.protocol.show(self.address, text),
        }
    }

    pub(super) fn want(&mut self, text: String) -> Result<(), ShowError> {
        match self.message(&text) {
            Ok(message) => {
                self.has_taken &= self.wanted == message;
                self.wanted = message;
                self.text = text;
                Ok(())
            }
            Err(error) if text.is_empty() => Err(error),
            // It goes dark, and is asked whether it is.
            Err(error) => {
                drop(self.want(String::new()));
                Err(error)
            }
        }
    }

    /// What it is told next; none where it keeps what it has taken and cannot be asked.
    pub(super) fn next_message(&self) -> Option<(Purpose, Outgoing)> {
        if let Some(message) = self.to_prepare.front() {
            return Some((Purpose::Prepare, message.clone()));
        }
        if self.has_taken && self.protocol.remembers_text() {
            return Some((Purpose::Check, self.question()?));
        }
        Some((Purpose::Show, self.wanted.clone()))
    }

    /// What asks it whether it shows what it should, where it can be asked.
    fn question(&self) -> Option<Outgoing> {
        let question = self.protocol.read_back(self.address, &self.text);
        question.ok().flatten()
    }

    /// Whether its answers come through. One that is not reached is told at its pace: each try costs the others a reply
    /// timeout.
    pub(super) fn is_reached(&self) -> bool {
        match self.health {
            Some(PanelHealth::Silent | PanelHealth::Garbled) => false,
            Some(PanelHealth::Contested) => self.garbles == 0,
            Some(PanelHealth::Answers | PanelHealth::Unheard) | None => true,
        }
    }

    /// How it is known to be after a message that no answer was to come to: what asks it will tell.
    pub(super) fn unheard(&self) -> Option<PanelHealth> {
        match self.question() {
            Some(_) => self.health,
            None => Some(PanelHealth::Unheard),
        }
    }

    /// It has taken what is wanted.
    pub(super) fn taken(&mut self, now_ms: u64, was_heard: bool) {
        self.has_taken = true;
        self.turn = Turn::Refresh;
        let is_asked_soon = !was_heard && self.question().is_some();
        self.due_ms = now_ms + if is_asked_soon { CHECK_MS } else { REFRESH_MS };
    }
}

/// Why a panel is told something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Purpose {
    /// It needs it before its first text.
    Prepare,
    /// It is to show what is wanted.
    Show,
    /// Whether it still shows that.
    Check,
    /// Whether it is there at all.
    Seek(Sought),
}

/// Where a panel is looked for that does not answer where it belongs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sought {
    /// At another speed, in bits per second.
    AtSpeed(u32),
    /// Here, though it belongs to this line.
    OfLine(usize),
    /// At an address of nobody, to take the place of a broken one.
    New,
}

/// What shows whether a panel is there, and leaves it dark; none where only writing to memory that wears would tell.
pub(super) fn seek_message(protocol: &PanelProtocol, address: u8) -> Option<Outgoing> {
    let message = match protocol.remembers_text() {
        true => protocol.read_back(address, "").ok().flatten(),
        false => match protocol.blank(address) {
            Err(ShowError::NoBlank) => protocol.show(address, "0").ok(),
            dark => dark.ok(),
        },
    };
    message.filter(|message| message.answer != Expected::Nothing)
}

/// Order of sending: urgent before ordinary, older before newer, and refreshing last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Turn {
    Urgent(u64),
    Ordinary(u64),
    Refresh,
}
