//! What the station server, its agents and its screens say to each other.
//!
//! One WebSocket per client. The client's first frame is [`ClientFrame::Hello`]; then the server sends [`Envelope`]s.
//! Small topics (`station`, `board`, `counter/3`, `ticket/…`, `chief`) carry their whole state: the newest wins, and a
//! client that missed some is right again with the next. Calls are pulses on the topic `calls`: they are announced once
//! and not repeated to a client that connects later than [`CALL_FRESH_MS`].

pub mod agent_link;
mod frames;
mod guide;
mod ports;
mod station;
mod views;

pub use frames::{
    AgentCommand, ClientFrame, CommandResult, CounterKey, DeviceOrder, Envelope, Hello,
    PROTOCOL_VERSION, Problem, Role, SheetLine, SheetOrder, SheetSize, TakenTicket,
};
pub use guide::{
    BadWay, GUIDE_ANSWERS_MAX, GUIDE_QUESTIONS_MAX, GuideAnswer, GuideId, GuideInfo, GuideQuestion,
    GuideStep, GuideStop, GuideWay, Matter,
};
pub use ports::{MachinePorts, PortKind, PortView, PrinterView, UsbView};
pub use station::{
    AppointmentsInfo, ClassInfo, CounterInfo, Names, Pause, ProfileInfo, ServiceInfo, SlotsInfo,
    StationInfo, ZoneInfo,
};
pub use views::{
    CallPulse, ChiefView, CounterRouting, CounterView, CurrentVisitor, DayFigures, DeviceHealth,
    DeviceView, FrameCounts, PlaceChange, QueueItem, RatingView, ServiceDay, TicketIssued,
    TicketPage, TrailLeg, TrailStep, UndoView,
};

/// A display ignores calls older than this, so that a reconnect never reads old numbers aloud. Milliseconds.
pub const CALL_FRESH_MS: i64 = 20_000;
/// The server sends a ping envelope every so often, which a client answers; one silent for [`SILENCE_MAX_MS`] is closed.
/// Milliseconds.
pub const PING_EVERY_MS: u64 = 4_000;
/// Bytes that an end of a WebSocket reads at once. The library clears this much before every look for a frame, also in
/// vain, and a look goes with every frame that is sent: its own 128 KiB would take as long as the sending.
pub const READ_BUFFER_BYTES: usize = 4 * 1024;
/// Longest silence of a client. Milliseconds.
pub const SILENCE_MAX_MS: u64 = 30_000;
/// Frames that may wait for one slow client before it is sent a snapshot instead.
pub const OUTBOX_FRAMES: usize = 64;
