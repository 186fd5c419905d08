//! The frames on the WebSocket.

use queue_core::{
    BusinessDay, CallId, ClassId, CommandId, CounterId, LanguageTag, Lease, Limit, PrintOutcome,
    ServiceId, StationTime, TicketId, TicketNumber,
};
use serde::{Deserialize, Serialize};

use crate::ports::MachinePorts;
use crate::views::{DeviceHealth, TicketIssued};

/// Version of this protocol; a client with another one is refused with `protocol_mismatch`.
pub const PROTOCOL_VERSION: u32 = 1;

/// What a client is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Ticket kiosk agent.
    Kiosk,
    /// Display agent or board page.
    Display,
    /// Counter console or rating tablet.
    Counter,
    /// A visitor's phone page.
    Ticket,
    /// Chief and administrator pages.
    Admin,
}

/// First frame of a client.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hello {
    /// [`PROTOCOL_VERSION`].
    pub protocol: u32,
    /// What the client is; must fit the endpoint.
    pub role: Role,
    /// Name of the device: `K1`, `D1`, a counter id, a ticket id. It chooses the topic.
    #[serde(default)]
    pub device: Option<String>,
    /// Epoch of the data the client holds; another epoch than the server's means: forget everything.
    #[serde(default)]
    pub epoch: Option<String>,
    /// Last log position up to which the client has missed nothing.
    #[serde(default)]
    pub resume: Option<u64>,
    /// Bearer token, where neither header nor cookie can carry it.
    #[serde(default)]
    pub token: Option<String>,
    /// Address of the agent's own pages, shown on the station's front page.
    #[serde(default)]
    pub page_url: Option<String>,
}

/// What a client sends.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum ClientFrame {
    /// Always first; again when a gap was seen.
    Hello(Hello),
    /// An agent asks for something to be done; answered by one `result` envelope with the same command id.
    Command {
        /// Minted and kept by the agent over its retries.
        command_id: CommandId,
        /// What.
        command: AgentCommand,
    },
    /// Health of the agent's devices, whole, on every change.
    Health {
        /// All devices of the agent.
        devices: Vec<DeviceHealth>,
    },
    /// The ports of the agent's machine, whole, on every change.
    Ports(MachinePorts),
    /// Answer to a `ping`, where the client cannot answer WebSocket pings itself.
    Pong,
}

/// What an agent may ask.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "do", rename_all = "snake_case")]
pub enum AgentCommand {
    /// Which numbers it may give out by itself (kiosk); answered with [`CommandResult::lease`].
    LeaseNumbers {
        /// The lease it has.
        #[serde(default)]
        holds: Option<u64>,
        /// Highest number it has given out by itself in any of its series today.
        #[serde(default)]
        used: u32,
    },
    /// A ticket that it has given out by itself (kiosk).
    TakeIn(TakenTicket),
    /// Give out a ticket (kiosk).
    Issue {
        /// Its id, which the kiosk has minted for the press; none: the server mints one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        ticket: Option<TicketId>,
        /// Service.
        service: ServiceId,
        /// Class.
        #[serde(default)]
        class: Option<ClassId>,
        /// Language.
        #[serde(default)]
        language: Option<LanguageTag>,
        /// Further matters of the same visit, in order.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        then: Vec<ServiceId>,
        /// Persons it stands for.
        #[serde(default = "one", skip_serializing_if = "is_one")]
        persons: u16,
        /// When the session begins that is wanted, where the service has sessions; none: the next with a free seat.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        session: Option<StationTime>,
    },
    /// Give out the ticket of an appointment (kiosk).
    CheckIn {
        /// Its id, which the kiosk has minted for the press; none: the server mints one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        ticket: Option<TicketId>,
        /// The code typed, or what a scanner read.
        appointment: String,
        /// Language.
        #[serde(default)]
        language: Option<LanguageTag>,
    },
    /// What else the visitor of a ticket comes for, and for how many people (kiosk).
    Amend {
        /// Whose.
        ticket: TicketId,
        /// Further matters, in order: the whole list.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        then: Vec<ServiceId>,
        /// Persons it stands for.
        #[serde(default = "one", skip_serializing_if = "is_one")]
        persons: u16,
    },
    /// What became of a print job (kiosk).
    ReportPrint {
        /// Whose.
        ticket: TicketId,
        /// Job.
        job: String,
        /// Result.
        outcome: PrintOutcome,
    },
    /// What became of a sheet that was ordered (kiosk).
    ReportSheet {
        /// Which.
        sheet: CommandId,
        /// Result.
        outcome: PrintOutcome,
    },
    /// The visitor took the ticket back at the kiosk at once (wrong service).
    Cancel {
        /// Which.
        ticket: TicketId,
    },
    /// A call was shown or spoken (display).
    ReportAnnounced {
        /// Which.
        call: CallId,
    },
    /// A key of a counter's keypad (display).
    Key {
        /// Which counter.
        counter: CounterId,
        /// Which key.
        key: CounterKey,
        /// Digits typed before it, as a number.
        #[serde(default)]
        digits: Option<String>,
    },
    /// A press on a counter's rating pad (display): rates the visitor the counter is asking.
    PadRating {
        /// Which counter.
        counter: CounterId,
        /// 1 to 5.
        score: u8,
    },
}

/// A ticket that a kiosk has given out by itself while the server did not answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TakenTicket {
    /// Its id, minted for the press; the server may have given out a ticket under it without being heard.
    pub ticket: TicketId,
    /// The number on the paper.
    pub number: TicketNumber,
    /// Service.
    pub service: ServiceId,
    /// Class.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub class: Option<ClassId>,
    /// Language.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<LanguageTag>,
    /// The lease its number is of.
    pub lease: u64,
    /// The business day it was given out for.
    pub day: BusinessDay,
    /// When, by the server's clock as the kiosk knew it last.
    pub taken_at: StationTime,
    /// The visitor took it back at once.
    #[serde(default, skip_serializing_if = "core::ops::Not::not")]
    pub taken_back: bool,
}

/// Keys of a counter keypad.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CounterKey {
    /// Finish the present visitor, if any, and call the next; with digits: call that number.
    CallNext,
    /// Call again.
    Recall,
    /// Ask for a rating.
    AskRating,
    /// Finish without calling.
    Finish,
    /// The visitor did not come.
    NoShow,
    /// Put aside.
    Hold,
    /// Pause, or end the pause.
    Pause,
    /// Send on to another counter (digits).
    Transfer,
    /// Take back.
    Undo,
}

/// What went wrong, as in RFC 9457: the same members over HTTP and WebSocket.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// `about:blank` or a page about the problem.
    #[serde(rename = "type")]
    pub kind: String,
    /// Short and always the same for one code.
    pub title: String,
    /// HTTP status.
    pub status: u16,
    /// This case in particular.
    pub detail: String,
    /// Stable code for programs.
    pub code: String,
    /// The limit that stands against a ticket: when it ends, which ticket the person has.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<Box<Limit>>,
}

/// Answer to [`ClientFrame::Command`], in an envelope of kind `result` on the topic `commands`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CommandResult {
    /// Which command.
    pub command_id: CommandId,
    /// The ticket, where one was given out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub issued: Option<TicketIssued>,
    /// The kiosk's numbers, where it asked for them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lease: Option<Lease>,
    /// Why not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub problem: Option<Problem>,
}

/// What an administrator wants of a device; in an envelope on the topic `devices`, to the agent the device is at. Of kind
/// `test` it is to show that it works: a panel shows eights for a few seconds, a pad beeps, a printer prints a page. Of kind
/// `replace` a new panel is to be found on its line, and to take its place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeviceOrder {
    /// Its name, as the agent reports it ([`DeviceHealth::device`]).
    pub device: String,
}

/// A sheet to be printed by a kiosk's printer; in an envelope of kind `sheet` on the topic `devices`. What becomes of it is
/// told with [`AgentCommand::ReportSheet`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SheetOrder {
    /// The printer's name, as the agent reports it ([`DeviceHealth::device`]).
    pub device: String,
    /// Names the sheet.
    pub sheet: CommandId,
    /// What it says, from top to bottom.
    pub lines: Vec<SheetLine>,
}

/// A piece of a sheet of paper that is nobody's ticket: what to bring, a counter's day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "snake_case")]
pub enum SheetLine {
    /// Words, wrapped where the paper ends.
    Text {
        /// Their language, a tag such as `zh-Hant-TW`; decides the font.
        language: LanguageTag,
        /// The words.
        text: String,
        /// How large.
        size: SheetSize,
    },
    /// A line across the paper.
    Rule,
}

/// How large words on a sheet are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SheetSize {
    /// What the sheet is, bold and in the middle.
    Title,
    /// What it says.
    Body,
    /// What only some read: the date, the station.
    Small,
}

/// What the server sends.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Envelope<T> {
    /// Always 1.
    pub v: u32,
    /// `station`, `board`, `calls`, `counter/3`, `ticket/…`, `chief`, `commands`, `devices`, `link`.
    pub topic: String,
    /// Sequence number of the envelope before it on this topic; 0 for one that stands alone, as whole states do. A client
    /// whose last one differs has missed something and says hello again.
    pub prev: u64,
    /// Log position of this content.
    pub seq: u64,
    /// `state` (whole), `call`, `sync` (nothing missed up to `seq`), `result`, `test`, `replace`, `sheet`, `welcome` (carries the epoch), `ping`,
    /// `problem`.
    pub kind: String,
    /// Content.
    pub data: T,
}

fn one() -> u16 {
    1
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "as serde calls it")]
fn is_one(persons: &u16) -> bool {
    *persons == one()
}
