//! What happened. Events are stored for ever: fields are added with a serde default, never renamed or reused.

use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use crate::appointments::Attendance;
use crate::calendar::DayHours;
use crate::command::{Actor, CommandRef};
use crate::identity::{IdentityDocument, IdentityRefusal};
use crate::ids::{
    AppointmentCode, AppointmentId, CallId, ClassId, CounterId, DeviceId, FaultWord, LanguageTag,
    PersonKey, ProfileId, ServiceId, StaffId, TicketId, TicketNumber, ZoneId,
};
use crate::limits::Limit;
use crate::plan::StationPlan;
use crate::policy::{CallReason, Discipline};
use crate::sessions::{Enrolled, GivenSeat, Moved, SessionRef, Timetable};
use crate::surge::{Alarm, Raised};
use crate::time::{BusinessDay, StationTime};

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

/// Result of a print job.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(tag = "result", rename_all = "snake_case")]
pub enum PrintOutcome {
    /// The printer confirmed the paper.
    Printed,
    /// No paper came out.
    Failed {
        /// `paper_out`, `cover_open`, `offline`, `cutter`, ...
        cause: String,
    },
    /// Nobody can tell; never sent again by itself.
    Unknown {
        /// What is known.
        cause: String,
    },
}

impl PrintOutcome {
    /// The result as one word.
    #[must_use]
    pub fn word(&self) -> &'static str {
        match self {
            Self::Printed => "printed",
            Self::Failed { .. } => "failed",
            Self::Unknown { .. } => "unknown",
        }
    }
}

/// How a visit ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// Handled to the end.
    Served,
    /// Called and did not come.
    NoShow,
    /// Given up by the visitor through the system.
    Cancelled,
    /// Left or was left unserved.
    Abandoned,
}

/// A ticket of another system's log.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct ImportedTicket {
    /// Business day in the station's time zone.
    pub day: BusinessDay,
    /// The number as that system printed it.
    pub number: String,
    /// Service.
    pub service: ServiceId,
    /// Class.
    pub class: ClassId,
    /// Language of the visitor.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<LanguageTag>,
    /// Channel.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub channel: Option<ServiceId>,
    /// Issue.
    pub issued_at: StationTime,
    /// First and only known call.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub called_at: Option<StationTime>,
    /// Start of handling.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub started_at: Option<StationTime>,
    /// End of handling, or the moment the visitor left.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub finished_at: Option<StationTime>,
    /// Counter.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub counter: Option<CounterId>,
    /// Staff.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub staff: Option<StaffId>,
    /// End.
    pub outcome: Outcome,
    /// Rating 1 to 5.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub score: Option<u8>,
}

/// A ticket as it was given out.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct IssuedTicket {
    /// Id.
    pub ticket: TicketId,
    /// Number on the paper.
    pub number: TicketNumber,
    /// Service asked for.
    pub service: ServiceId,
    /// Further services asked for, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub then: Vec<ServiceId>,
    /// The stations the visit goes through, where one of these services has several; empty: the services themselves.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub steps: Vec<ServiceId>,
    /// Class.
    pub class: ClassId,
    /// Language.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<LanguageTag>,
    /// Channel.
    pub channel: ServiceId,
    /// The appointment it was given out for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attends: Option<Attendance>,
    /// Persons it stands for, 1 to 99.
    #[serde(default = "one", skip_serializing_if = "is_one")]
    pub persons: u16,
    /// Whom it is for, where that is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub person: Option<PersonKey>,
    /// The limit that staff overruled.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub overruled: Option<Box<Limit>>,
    /// When its handling was expected to end, where that was after closing time and the station looks at it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub late_end: Option<StationTime>,
    /// It waits for the identity check first.
    #[serde(default, skip_serializing_if = "core::ops::Not::not")]
    pub unverified: bool,
    /// The session it is for, where its service has sessions.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub enrolled: Option<Box<Enrolled>>,
}

/// An appointment as it was booked.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct BookedAppointment {
    /// Id.
    pub appointment: AppointmentId,
    /// Code for the kiosk.
    pub code: AppointmentCode,
    /// Service.
    pub service: ServiceId,
    /// Business day.
    pub day: BusinessDay,
    /// When the slot begins.
    pub slot: StationTime,
    /// When the slot ends.
    pub slot_end: StationTime,
    /// Class asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub class: Option<ClassId>,
    /// Language.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<LanguageTag>,
    /// Channel.
    pub channel: ServiceId,
}

impl IssuedTicket {
    /// What was asked for, in order.
    pub fn matters(&self) -> impl Iterator<Item = &ServiceId> {
        core::iter::once(&self.service).chain(&self.then)
    }

    /// Where the visit goes, in order.
    pub fn stations(&self) -> impl Iterator<Item = &ServiceId> {
        let plain = self.steps.is_empty();
        let matters = self.matters().filter(move |_| plain);
        self.steps.iter().chain(matters)
    }
}

fn one() -> u16 {
    1
}

fn is_one(persons: &u16) -> bool {
    *persons == one()
}

/// What a correction says of a visit.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Correction {
    /// How it ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outcome: Option<Outcome>,
    /// What it was for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub service: Option<ServiceId>,
    /// Its class.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub class: Option<ClassId>,
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

impl Event {
    /// The one ticket this is about; none for events about the station, a counter, several tickets or another log's.
    #[must_use]
    pub fn ticket(&self) -> Option<TicketId> {
        match self {
            Event::TicketIssued(issued) => Some(issued.ticket),
            Event::TicketCancelled { ticket }
            | Event::IdentityVerified { ticket, .. }
            | Event::IdentityRefused { ticket, .. }
            | Event::TicketRerouted { ticket, .. }
            | Event::TicketAmended { ticket, .. }
            | Event::TicketCalled { ticket, .. }
            | Event::TicketRecalled { ticket, .. }
            | Event::ServiceStarted { ticket, .. }
            | Event::ServiceFinished { ticket, .. }
            | Event::LegFinished { ticket, .. }
            | Event::MattersChanged { ticket, .. }
            | Event::TicketNoShow { ticket, .. }
            | Event::TicketHeld { ticket, .. }
            | Event::TicketResumed { ticket, .. }
            | Event::TicketTransferred { ticket, .. }
            | Event::TicketHandedOver { ticket, .. }
            | Event::TicketReturned { ticket, .. }
            | Event::TicketDeferred { ticket, .. }
            | Event::TicketPrioritised { ticket, .. }
            | Event::TicketPrecalled { ticket, .. }
            | Event::TicketCorrected { ticket, .. }
            | Event::RatingInvited { ticket, .. }
            | Event::RatingGiven { ticket, .. }
            | Event::RatingCompleted { ticket, .. }
            | Event::SessionCheckedIn { ticket }
            | Event::SessionMissed { ticket, .. }
            | Event::PrintReported { ticket, .. } => Some(*ticket),
            Event::Configured { .. }
            | Event::DayOpened { .. }
            | Event::HoursChanged { .. }
            | Event::DisciplineChanged { .. }
            | Event::AlarmRaised(_)
            | Event::AlarmCleared(_)
            | Event::DayClosed { .. }
            | Event::CounterOpened { .. }
            | Event::CounterPaused { .. }
            | Event::CounterClosed { .. }
            | Event::CounterProfileChanged { .. }
            | Event::CounterAutoCallSet { .. }
            | Event::CounterNextStored { .. }
            | Event::Undone { .. }
            | Event::CallAnnounced { .. }
            | Event::ClockStepped { .. }
            | Event::ImportBegan { .. }
            | Event::TicketImported(_)
            | Event::AppointmentBooked(_)
            | Event::AppointmentCancelled { .. }
            | Event::SessionsSet { .. }
            | Event::SessionCalled { .. }
            | Event::SessionStarted { .. }
            | Event::SessionEnded { .. }
            | Event::SessionUndone { .. }
            | Event::DeviceFaultBegan { .. }
            | Event::DeviceFaultEnded { .. } => None,
        }
    }

    /// The session this is about, if it is about a whole one.
    #[must_use]
    pub fn session(&self) -> Option<&SessionRef> {
        match self {
            Event::SessionCalled { session, .. }
            | Event::SessionStarted { session, .. }
            | Event::SessionEnded { session }
            | Event::SessionMissed { session, .. }
            | Event::SessionUndone { session, .. } => Some(session),
            _ => None,
        }
    }

    /// The appointment this is about, if it is about one.
    #[must_use]
    pub fn appointment(&self) -> Option<AppointmentId> {
        match self {
            Event::AppointmentBooked(booked) => Some(booked.appointment),
            Event::AppointmentCancelled { appointment } => Some(*appointment),
            Event::TicketIssued(issued) => issued.attends.map(|a| a.appointment),
            _ => None,
        }
    }

    /// The stored name of the kind.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Event::Configured { .. } => "configured",
            Event::DayOpened { .. } => "day_opened",
            Event::DayClosed { .. } => "day_closed",
            Event::HoursChanged { .. } => "hours_changed",
            Event::DisciplineChanged { .. } => "discipline_changed",
            Event::AlarmRaised(_) => "alarm_raised",
            Event::AlarmCleared(_) => "alarm_cleared",
            Event::TicketIssued(_) => "ticket_issued",
            Event::TicketCancelled { .. } => "ticket_cancelled",
            Event::IdentityVerified { .. } => "identity_verified",
            Event::IdentityRefused { .. } => "identity_refused",
            Event::TicketRerouted { .. } => "ticket_rerouted",
            Event::TicketAmended { .. } => "ticket_amended",
            Event::CounterOpened { .. } => "counter_opened",
            Event::CounterPaused { .. } => "counter_paused",
            Event::CounterClosed { .. } => "counter_closed",
            Event::CounterProfileChanged { .. } => "counter_profile_changed",
            Event::CounterAutoCallSet { .. } => "counter_auto_call_set",
            Event::CounterNextStored { .. } => "counter_next_stored",
            Event::TicketCalled { .. } => "ticket_called",
            Event::TicketRecalled { .. } => "ticket_recalled",
            Event::ServiceStarted { .. } => "service_started",
            Event::ServiceFinished { .. } => "service_finished",
            Event::LegFinished { .. } => "leg_finished",
            Event::MattersChanged { .. } => "matters_changed",
            Event::TicketNoShow { .. } => "ticket_no_show",
            Event::TicketHeld { .. } => "ticket_held",
            Event::TicketResumed { .. } => "ticket_resumed",
            Event::TicketTransferred { .. } => "ticket_transferred",
            Event::TicketHandedOver { .. } => "ticket_handed_over",
            Event::TicketReturned { .. } => "ticket_returned",
            Event::TicketDeferred { .. } => "ticket_deferred",
            Event::TicketPrioritised { .. } => "ticket_prioritised",
            Event::TicketPrecalled { .. } => "ticket_precalled",
            Event::TicketCorrected { .. } => "ticket_corrected",
            Event::Undone { .. } => "undone",
            Event::RatingInvited { .. } => "rating_invited",
            Event::RatingGiven { .. } => "rating_given",
            Event::RatingCompleted { .. } => "rating_completed",
            Event::PrintReported { .. } => "print_reported",
            Event::CallAnnounced { .. } => "call_announced",
            Event::ClockStepped { .. } => "clock_stepped",
            Event::ImportBegan { .. } => "import_began",
            Event::TicketImported(_) => "ticket_imported",
            Event::AppointmentBooked(_) => "appointment_booked",
            Event::AppointmentCancelled { .. } => "appointment_cancelled",
            Event::SessionsSet { .. } => "sessions_set",
            Event::SessionCheckedIn { .. } => "session_checked_in",
            Event::SessionCalled { .. } => "session_called",
            Event::SessionStarted { .. } => "session_started",
            Event::SessionEnded { .. } => "session_ended",
            Event::SessionMissed { .. } => "session_missed",
            Event::SessionUndone { .. } => "session_undone",
            Event::DeviceFaultBegan { .. } => "device_fault_began",
            Event::DeviceFaultEnded { .. } => "device_fault_ended",
        }
    }
}
