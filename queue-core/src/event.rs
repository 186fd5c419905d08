//! What happened. Events are stored for ever: fields are added with a serde default, never renamed or reused.

mod about;
mod content;

use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use crate::calendar::DayHours;
use crate::command::{Actor, CommandRef};
use crate::identity::{IdentityDocument, IdentityRefusal};
use crate::ids::{
    AppointmentId, CallId, CounterId, DeviceId, FaultWord, KioskNumber, ProfileId, ServiceId,
    StaffId, TicketId, TicketNumber, ZoneId,
};
use crate::offline::TakenOffline;
use crate::plan::StationPlan;
use crate::policy::{CallReason, Discipline};
use crate::sessions::{GivenSeat, Moved, SessionRef, Timetable};
use crate::surge::{Alarm, Raised};
use crate::time::{BusinessDay, StationTime};
pub use content::{
    BookedAppointment, Correction, ImportedTicket, IssuedTicket, Outcome, PrintOutcome,
};
use content::{is_one, one};

/// An event with its place in the log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recorded {
    /// Position in the log, from 1, without gaps.
    pub seq: u64,
    /// When, never before the event in front of it.
    pub at: StationTime,
    /// Who.
    pub actor: Actor,
    /// The command that caused it.
    pub command: Option<CommandRef>,
    /// What.
    pub event: Event,
}

/// Everything that can have happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Event {
    /// A plan took effect.
    Configured {
        /// The whole plan.
        plan: Box<StationPlan>,
    },
    /// A business day began.
    DayOpened {
        /// Its date.
        day: BusinessDay,
        /// When tickets are given out; none: at any time.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        hours: Option<Box<DayHours>>,
    },
    /// The hours of the business day changed.
    HoursChanged {
        /// When tickets are given out; none: at any time.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        hours: Option<Box<DayHours>>,
    },
    /// Another rule holds for the rest of the day.
    DisciplineChanged {
        /// In which zone; none: in the station.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        zone: Option<ZoneId>,
        /// Which; none: the plan's again.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        discipline: Option<Discipline>,
    },
    /// Something needs attention.
    AlarmRaised(Raised),
    /// It no longer does.
    AlarmCleared(Alarm),
    /// A business day ended; every open ticket ended with it and every counter closed.
    DayClosed {
        /// Its date.
        day: BusinessDay,
    },
    /// A ticket was given out.
    TicketIssued(Box<IssuedTicket>),
    /// A kiosk may give out numbers of its own from now on; the lease's id is this event's sequence number. Its lease of
    /// before has ended.
    NumbersLeased {
        /// Which kiosk.
        kiosk: KioskNumber,
        /// First number, in each series.
        first: u32,
        /// Last number.
        last: u32,
    },
    /// The kiosk had printed another number on the ticket's paper, because the server's answer did not reach it in time.
    TicketRenumbered {
        /// Which.
        ticket: TicketId,
        /// The number on the paper.
        number: TicketNumber,
        /// When the visitor came, and the place that follows.
        taken: TakenOffline,
    },
    /// A ticket was given up.
    TicketCancelled {
        /// Which.
        ticket: TicketId,
    },
    /// The identity check was passed: the ticket is callable from now on.
    IdentityVerified {
        /// Whose.
        ticket: TicketId,
        /// By which kind of document.
        document: IdentityDocument,
    },
    /// It was not passed, and the ticket ended.
    IdentityRefused {
        /// Whose.
        ticket: TicketId,
        /// Why.
        reason: IdentityRefusal,
    },
    /// A ticket that waits is for another service from now on; seniority kept.
    TicketRerouted {
        /// Which.
        ticket: TicketId,
        /// For which.
        to_service: ServiceId,
        /// Where the visit goes from now on, with whatever else is to come; empty: only to that service.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        stations: Vec<ServiceId>,
        /// It waits for the identity check first.
        #[serde(default, skip_serializing_if = "core::ops::Not::not")]
        unverified: bool,
    },
    /// The visitor said what else it is to be, and for how many people.
    TicketAmended {
        /// Whose.
        ticket: TicketId,
        /// Further matters than the first, in order.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        then: Vec<ServiceId>,
        /// The services still to come, in order.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        stations: Vec<ServiceId>,
        /// Persons it stands for.
        #[serde(default = "one", skip_serializing_if = "is_one")]
        persons: u16,
        /// It waits for the identity check first.
        #[serde(default, skip_serializing_if = "core::ops::Not::not")]
        unverified: bool,
    },
    /// A counter opened or ended its pause.
    CounterOpened {
        /// Which.
        counter: CounterId,
        /// Who.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        staff: Option<StaffId>,
    },
    /// A counter paused.
    CounterPaused {
        /// Which.
        counter: CounterId,
        /// Why.
        reason: String,
        /// Until when.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        until: Option<StationTime>,
    },
    /// A counter closed.
    CounterClosed {
        /// Which.
        counter: CounterId,
    },
    /// A counter switched to another set of services.
    CounterProfileChanged {
        /// Which.
        counter: CounterId,
        /// To which; none: back to the plan's own.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        profile: Option<ProfileId>,
    },
    /// A counter calls by itself from now on, or does not.
    CounterAutoCallSet {
        /// Which.
        counter: CounterId,
        /// Whether.
        on: bool,
    },
    /// A free counter calls whoever comes next, once, or does not any more.
    CounterNextStored {
        /// Which.
        counter: CounterId,
        /// Whether.
        on: bool,
    },
    /// A ticket was called; the call's id is this event's sequence number.
    TicketCalled {
        /// Which.
        ticket: TicketId,
        /// To which counter.
        counter: CounterId,
        /// Why this one.
        reason: CallReason,
    },
    /// The call was repeated.
    TicketRecalled {
        /// Which.
        ticket: TicketId,
        /// To which counter.
        counter: CounterId,
    },
    /// Handling started.
    ServiceStarted {
        /// Which.
        ticket: TicketId,
        /// Where.
        counter: CounterId,
    },
    /// Handling ended.
    ServiceFinished {
        /// Which.
        ticket: TicketId,
        /// Where.
        counter: CounterId,
        /// Whether the visitor is asked for a rating.
        #[serde(default)]
        rating_invited: bool,
    },
    /// A leg of the visit ended and another one is to come.
    LegFinished {
        /// Which.
        ticket: TicketId,
        /// Where.
        counter: CounterId,
        /// What comes now.
        to_service: ServiceId,
        /// The counter keeps the visitor for it; otherwise the visitor waits for it, seniority kept.
        #[serde(default, skip_serializing_if = "core::ops::Not::not")]
        stays: bool,
    },
    /// Staff changed what is to come after the present leg.
    MattersChanged {
        /// Which.
        ticket: TicketId,
        /// Where.
        counter: CounterId,
        /// All services to come, in order.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        then: Vec<ServiceId>,
    },
    /// The visitor did not come.
    TicketNoShow {
        /// Which.
        ticket: TicketId,
        /// Where.
        counter: CounterId,
    },
    /// The visitor was put aside.
    TicketHeld {
        /// Which.
        ticket: TicketId,
        /// Where.
        counter: CounterId,
        /// Why.
        reason: String,
        /// Where the visitor waits meanwhile.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        room: Option<String>,
        /// Nobody had pressed start: who is put aside was at the counter, so handling counts from the call.
        #[serde(default, skip_serializing_if = "core::ops::Not::not")]
        start_inferred: bool,
    },
    /// A held visitor is served again.
    TicketResumed {
        /// Which.
        ticket: TicketId,
        /// Where.
        counter: CounterId,
    },
    /// The visitor was sent on and waits again, seniority kept.
    TicketTransferred {
        /// Which.
        ticket: TicketId,
        /// From which counter.
        counter: CounterId,
        /// To which service.
        to_service: ServiceId,
        /// Further stations of what the visitor was sent to, before whatever else is to come.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        then: Vec<ServiceId>,
        /// Only for this counter.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        to_counter: Option<CounterId>,
        /// Back to where the visitor came from, and called there before all others.
        #[serde(default, skip_serializing_if = "core::ops::Not::not")]
        sent_back: bool,
    },
    /// The visitor being served goes on at another counter.
    TicketHandedOver {
        /// Which.
        ticket: TicketId,
        /// From which counter.
        counter: CounterId,
        /// To which counter.
        to_counter: CounterId,
    },
    /// A missed visitor came back and waits again.
    TicketReturned {
        /// Which.
        ticket: TicketId,
        /// Since when its seniority counts from now on.
        base: StationTime,
    },
    /// The visitor let others go first.
    TicketDeferred {
        /// Which.
        ticket: TicketId,
        /// How many.
        count: u8,
        /// Since when its seniority counts from now on.
        base: StationTime,
    },
    /// A supervisor decided that the ticket is called before all others.
    TicketPrioritised {
        /// Which.
        ticket: TicketId,
        /// Why.
        reason: String,
    },
    /// The visitor was told to get ready.
    TicketPrecalled {
        /// Which.
        ticket: TicketId,
        /// By which counter.
        counter: CounterId,
    },
    /// What the log says of an ended visit was corrected.
    TicketCorrected {
        /// Which.
        ticket: TicketId,
        /// What is right.
        correction: Correction,
        /// Why.
        reason: String,
    },
    /// A counter took back its last action.
    Undone {
        /// Which.
        counter: CounterId,
        /// Sequence number of the first event taken back.
        undone_seq: u64,
    },
    /// The visitor was asked for a rating while being served.
    RatingInvited {
        /// Which.
        ticket: TicketId,
        /// Where.
        counter: CounterId,
    },
    /// The visitor rated.
    RatingGiven {
        /// Which.
        ticket: TicketId,
        /// 1 to 5.
        score: u8,
        /// Reason codes.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        reasons: Vec<String>,
        /// Free text.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        comment: Option<String>,
    },
    /// The visitor said what is behind the rating.
    RatingCompleted {
        /// Which.
        ticket: TicketId,
        /// Reason codes.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        reasons: Vec<String>,
        /// Free text.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        comment: Option<String>,
    },
    /// A print job ended.
    PrintReported {
        /// Whose.
        ticket: TicketId,
        /// Job.
        job: String,
        /// Result.
        outcome: PrintOutcome,
    },
    /// A call was shown or spoken.
    CallAnnounced {
        /// Which call.
        call: CallId,
        /// By whom.
        display: String,
    },
    /// The wall clock jumped here; intervals across it are marked.
    ClockStepped {
        /// Milliseconds.
        step_ms: i64,
    },
    /// An import began.
    ImportBegan {
        /// File.
        file: String,
        /// Its SHA-256.
        sha256: String,
        /// Tickets that follow.
        tickets: u32,
        /// Rows left out.
        rejected: u32,
    },
    /// A ticket of another system.
    TicketImported(Box<ImportedTicket>),
    /// A slot was booked.
    AppointmentBooked(Box<BookedAppointment>),
    /// An appointment was given up.
    AppointmentCancelled {
        /// Which.
        appointment: AppointmentId,
    },
    /// Another timetable of sessions.
    SessionsSet {
        /// By service, in the order of time.
        sessions: Timetable,
    },
    /// A visitor checked in to the session.
    SessionCheckedIn {
        /// Who.
        ticket: TicketId,
    },
    /// A session was called, or those of it who had not been; the call's id is this event's sequence number.
    SessionCalled {
        /// Which.
        session: SessionRef,
        /// Who, and to which windows.
        seats: Vec<GivenSeat>,
    },
    /// The visits of a session began.
    SessionStarted {
        /// Which.
        session: SessionRef,
        /// Who had not checked in in time.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        missed: Vec<TicketId>,
        /// Who was left on the waiting list, in its order.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        moved: Vec<Moved>,
    },
    /// The visits of a session ended.
    SessionEnded {
        /// Which.
        session: SessionRef,
    },
    /// A visitor who was called with a session did not come.
    SessionMissed {
        /// Which.
        session: SessionRef,
        /// Who.
        ticket: TicketId,
    },
    /// The last step of a session was taken back.
    SessionUndone {
        /// Which.
        session: SessionRef,
        /// Sequence number of the event taken back.
        undone_seq: u64,
    },
    /// Something is wrong with a device.
    DeviceFaultBegan {
        /// Which.
        device: DeviceId,
        /// What.
        fault: FaultWord,
    },
    /// It no longer is, or something else is.
    DeviceFaultEnded {
        /// Which.
        device: DeviceId,
        /// What.
        fault: FaultWord,
    },
}
