//! The printer: one job at a time, and the truth about each.
//!
//! [`Machine`] is the printer's protocol without line and clock: bytes and the time go in, bytes and events come out.
//! [`spawn`] drives it over a [`Port`](firmware_config::port::Port) and reconnects for ever. [`Spool`] keeps on disk how
//! far every job came.

mod actor;
mod machine;
mod paper;
mod several;
mod spool;

pub use actor::{Printer, PrinterSettings, spawn};
pub use machine::{Machine, MachineConfig, Phase};
pub(crate) use several::Printers;
pub use several::{Post, PrinterState};
pub use spool::Spool;

use protocol::DeviceHealth;
use queue_core::{CommandId, PrintOutcome, TicketId};

/// One paper's bytes, from `ESC @` to the cut.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PrintJob {
    /// Names the job, and the command that reports its result to the server.
    pub id: CommandId,
    /// Whose; none: a page that nobody waits for.
    pub ticket: Option<TicketId>,
    /// Name of the job, in the records.
    pub job: String,
    /// What is sent, without the request for a confirmation.
    pub stream: Vec<u8>,
    /// Paper it takes, millimetres.
    pub paper_mm: u32,
}

/// A job whose first byte may leave now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JobStart {
    /// Which.
    pub id: CommandId,
    /// Bytes of the job.
    pub bytes: usize,
    /// Number of the process id that will confirm it, where the printer answers those.
    pub process_id: u32,
    /// Paper it takes, millimetres.
    pub paper_mm: u32,
    /// It is somebody's ticket, and not a page that nobody waits for.
    pub is_ticket: bool,
}

/// What became of a job. Told once for each job submitted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JobResult {
    /// Which.
    pub id: CommandId,
    /// Whose; none: a page that nobody waits for.
    pub ticket: Option<TicketId>,
    /// Name of the job.
    pub job: String,
    /// `Failed` only when no paper can have come out; nothing is ever sent again by itself.
    pub outcome: PrintOutcome,
}

/// What a printer tells the rest of the kiosk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PrinterEvent {
    /// Its health has changed.
    Health(PrinterHealth),
    /// A job begins; to be noted before the next byte is taken.
    Started(JobStart),
    /// Whether the printer may have the rest of a job that was given up; to be noted likewise.
    Rest(bool),
    /// A job is over.
    Done(JobResult),
    /// Whether the job of a ticket waits for another ticket to be taken from the output first.
    Held(TicketId, bool),
    /// A printed ticket has been taken from the output.
    Taken(TicketId),
    /// About how many tickets the paper is enough for has changed; none: it is not known.
    TicketsLeft(Option<u32>),
}

/// How a printer is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum PrinterHealth {
    /// Not asked yet.
    #[default]
    Starting,
    /// Prints.
    Ok,
    /// Prints, but the paper will end soon.
    NearEnd,
    /// No paper.
    PaperOut,
    /// The cover is open.
    CoverOpen,
    /// The cutter is jammed.
    Cutter,
    /// Another error.
    Error,
    /// It says that it is off line and does not say why.
    Offline,
    /// Prints as soon as somebody takes the ticket that was left in its output.
    TicketNotTaken,
    /// It says that all is well, and the last job was not confirmed: it may be stuck.
    Unconfirmed,
    /// What it answers cannot be read: the wrong speed, or a bad line.
    Garbled,
    /// It is reached but does not answer: no power, or the wrong speed.
    Silent,
    /// It is reached and says nothing by design: what becomes of a ticket cannot be known.
    OneWay,
    /// It is not reached; why, for technicians.
    PortMissing(String),
}

impl PrinterHealth {
    /// Whether a ticket can be printed now.
    pub fn can_print(&self) -> bool {
        matches!(
            self,
            Self::Starting
                | Self::Ok
                | Self::NearEnd
                | Self::TicketNotTaken
                | Self::Unconfirmed
                | Self::OneWay
        )
    }

    /// Whether the printer has said that it can print.
    pub fn is_proven(&self) -> bool {
        matches!(self, Self::Ok | Self::NearEnd)
    }

    /// The stable word for it.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Starting => DeviceHealth::STARTING,
            Self::Ok => "ok",
            Self::NearEnd => "paper_near_end",
            Self::PaperOut => "paper_out",
            Self::CoverOpen => "cover_open",
            Self::Cutter => "cutter",
            Self::Error => "error",
            Self::Offline => "offline",
            Self::TicketNotTaken => "ticket_not_taken",
            Self::Unconfirmed => "unconfirmed",
            Self::Garbled => "garbled",
            Self::Silent => "silent",
            Self::OneWay => DeviceHealth::ONE_WAY,
            Self::PortMissing(_) => "port_missing",
        }
    }
}
