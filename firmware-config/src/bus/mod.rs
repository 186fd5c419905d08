//! The master of one half-duplex RS-485 line with panels of any kind, caller pads, or both.
//!
//! [`BusMachine`] decides who may speak and when; it does no I/O and has no clock. [`run`] owns
//! the port, reconnects for ever and carries bytes between the two.

mod echo;
mod frame_counts;
mod machine;
mod panel;
mod reception;
mod replacement;
mod shell;

use std::collections::{BTreeMap, BTreeSet};

pub use frame_counts::{FrameCounts, LineCounts};
pub use machine::{BusMachine, Output};
pub use shell::run;

use crate::caller_pad::{PadAction, PadEvent};
use crate::panel::{PanelProtocol, Refusal, ShowError};
use crate::profile::DeviceProfile;

/// Who is on the line, and its pace.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BusConfig {
    /// Panels by address.
    pub panels: BTreeMap<u8, PanelConfig>,
    /// Caller pads. A pad keypad and rating pad of one counter share an address.
    pub pads: BTreeSet<u8>,
    /// Line speed in bits per second, for gaps and waiting times.
    pub baud_bps: u32,
    /// Speeds at which panels are looked for while none of them answers, in bits per second.
    pub other_speeds_bps: Vec<u32>,
    /// Whether the adapter gives back what is sent.
    pub echo: Echo,
}

/// Whether an adapter gives back what the host sends, as some two-wire adapters do.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Echo {
    /// Learnt from each message. An answer that is the message itself, byte for byte, is taken for an echo.
    #[default]
    Learnt,
    /// It does: so many bytes after each message are not heard, whatever became of them on the line.
    Always,
    /// It does not.
    Never,
}

/// One panel of a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PanelConfig {
    /// Its language.
    pub protocol: PanelProtocol,
    /// How long it may take to answer after the message has left, in milliseconds.
    pub reply_timeout_ms: u64,
    /// How often a message is repeated to it after it has answered before.
    pub retries: u32,
    /// The Modbus register that holds its address, where it can be told another one.
    pub address_register: Option<u16>,
}

impl PanelConfig {
    /// As a profile says, or `None` where the device is no panel.
    pub fn of_profile(profile: &DeviceProfile) -> Option<Self> {
        Some(Self {
            protocol: PanelProtocol::of_profile(profile)?,
            reply_timeout_ms: profile.line.timeout_ms,
            retries: profile.line.retries,
            address_register: profile
                .settings
                .get("address")
                .map(|setting| setting.write.reg),
        })
    }

    /// Whether it speaks Modbus: it passes over what is said to others.
    pub fn is_modbus(&self) -> bool {
        matches!(
            self.protocol,
            PanelProtocol::Led485 | PanelProtocol::Dm36(_)
        )
    }
}

impl From<PanelProtocol> for PanelConfig {
    /// With the usual timing, 200 ms for an answer and 2 repeats, and an address that cannot be changed.
    fn from(protocol: PanelProtocol) -> Self {
        Self {
            protocol,
            reply_timeout_ms: 200,
            retries: 2,
            address_register: None,
        }
    }
}

impl BusConfig {
    /// A 9600 bit/s line.
    pub fn new(
        panels: impl IntoIterator<Item = (u8, PanelConfig)>,
        pads: impl IntoIterator<Item = u8>,
    ) -> Self {
        Self {
            panels: panels.into_iter().collect(),
            pads: pads.into_iter().collect(),
            baud_bps: 9_600,
            other_speeds_bps: Vec::new(),
            echo: Echo::default(),
        }
    }

    /// How long bytes take on the line, in milliseconds, rounded up.
    fn transmit_ms(&self, bytes: usize) -> u64 {
        (bytes as u64 * 10_000).div_ceil(u64::from(self.baud_bps.max(1)))
    }

    /// Silence between frames, in milliseconds: 3.5 characters, rounded up.
    fn gap_ms(&self) -> u64 {
        35_000_u64.div_ceil(u64::from(self.baud_bps.max(1)))
    }
}

/// What the line should do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    /// Show a text on a panel.
    Panel(PanelCommand),
    /// Tell a pad something. A pad does not answer, so nothing is repeated.
    Pad {
        /// The pad.
        address: u8,
        /// What it should do.
        action: PadAction,
    },
    /// Look once for a panel that belongs to another line; answered with [`Event::StrangerAnswers`] or with nothing. One
    /// that answers is dark from then on: the number on it may be an old one.
    LookFor(Box<Stranger>),
    /// Look for a new panel at the addresses that no panel of the line has, and tell it this one, which must not answer: it
    /// takes the place of a broken one. It is looked for during five minutes. Ends with [`Event::Replaced`]; an outage of
    /// the line ends it without.
    Replace {
        /// The broken panel's address.
        address: u8,
    },
}

/// A panel that belongs to another line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stranger {
    /// Its address.
    pub address: u8,
    /// What it is.
    pub panel: PanelConfig,
    /// The line it belongs to, in the application's own numbers.
    pub of_line: usize,
}

/// Show a text on a panel. Of several texts for one panel only the newest is sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PanelCommand {
    /// The panel.
    pub address: u8,
    /// Up to [`PanelProtocol::text_max`] characters; empty: nothing. A panel that cannot be dark shows 0 then, and one that
    /// cannot show a text shows nothing: an old number never stays.
    pub text: String,
    /// Goes before everything that is not urgent: a call that people wait for.
    pub urgent: bool,
}

impl From<PanelCommand> for Command {
    fn from(command: PanelCommand) -> Self {
        Self::Panel(command)
    }
}

/// What happened on the line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// The port is open. Every panel is being refreshed.
    LineUp,
    /// The port is gone or cannot be opened; it is tried again for ever. Said once until the line
    /// is up again or the reason changes.
    LineDown {
        /// What a technician should read.
        reason: String,
    },
    /// It is known, or known again, how a panel is.
    PanelHealth {
        /// The panel.
        address: u8,
        /// How it is.
        health: PanelHealth,
    },
    /// A panel answered that it cannot do what it was told.
    PanelRefused {
        /// The panel.
        address: u8,
        /// Why.
        refusal: Refusal,
    },
    /// Somebody used a pad. The pad gets its acknowledgement right after.
    Pad {
        /// The pad.
        address: u8,
        /// What was done.
        event: PadEvent,
    },
    /// It has changed how well the line is heard; clearly at first.
    Reception(Reception),
    /// No panel answers at the line's speed, and one answers at this one, in bits per second. It is dark now. Said once,
    /// until a panel answers at the line's speed or the line comes up again.
    OtherSpeed {
        /// The speed at which it answers.
        baud_bps: u32,
    },
    /// What went over the line since it was first opened. Told some time after it has changed.
    Frames(LineCounts),
    /// What became of [`Command::Replace`].
    Replaced {
        /// The address to be given.
        address: u8,
        /// What became of it.
        outcome: ReplacementOutcome,
    },
    /// A panel that was looked for answers here.
    StrangerAnswers {
        /// The line it belongs to.
        of_line: usize,
    },
    /// A frame from a pad that is not configured; said once per address. It is not acknowledged.
    UnknownPad {
        /// Its address.
        address: u8,
    },
    /// A command that cannot be carried out.
    CommandRefused {
        /// The command.
        command: Command,
        /// Why.
        reason: CommandError,
    },
}

/// What became of the search for a new panel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReplacementOutcome {
    /// It is in its place, and is told what to show.
    Moved {
        /// The address it came with.
        from: u8,
    },
    /// A panel answers at the address already.
    InPlace,
    /// Nobody answers at another address.
    NotFound,
    /// It was told its new address and does not answer there.
    NotTaken {
        /// The address it came with.
        from: u8,
    },
}

/// How a panel is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PanelHealth {
    /// It answers.
    Answers,
    /// It does not answer.
    Silent,
    /// Something answers in its place that cannot be understood.
    Garbled,
    /// Two devices have its address: twice in a row two answered, or both spoke at once while other panels are understood.
    Contested,
    /// Its kind never answers: it was told, and nobody can know more.
    Unheard,
}

/// How well a line is heard.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Reception {
    /// What comes is understood.
    #[default]
    Clear,
    /// Within a short time many bytes came that belong to nobody, besides frames.
    Noisy,
    /// Many bytes came, and no frame for a minute: usually speed or parity is wrong, or the two wires are swapped. It stays so
    /// until a frame comes.
    Unreadable,
}

/// Why a command cannot be carried out.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CommandError {
    /// No such panel or pad on this line.
    #[error("no device with this address is configured on the line")]
    UnknownAddress,
    /// The place of another panel of the line is being filled.
    #[error("another panel of the line is being replaced")]
    OneAtATime,
    /// Panels of this kind are not told their address over the line.
    #[error("the address of this kind of panel cannot be set over the line")]
    FixedAddress,
    /// The text does not fit.
    #[error(transparent)]
    Text(#[from] ShowError),
}
