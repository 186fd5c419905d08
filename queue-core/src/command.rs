//! What people and devices ask of the engine.

use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use crate::calendar::DayHours;
use crate::event::{Correction, ImportedTicket, PrintOutcome};
use crate::identity::{IdentityDocument, IdentityRefusal};
use crate::ids::{
    AppointmentCode, AppointmentId, CallId, ClassId, CommandId, CounterId, DeviceId, FaultWord,
    LanguageTag, ProfileId, ServiceId, StaffId, TicketId, TicketNumber, ZoneId,
};
use crate::limits::Terms;
use crate::offline::{LeaseWish, OfflineTicket};
use crate::plan::StationPlan;
use crate::policy::Discipline;
use crate::sessions::{SessionRef, SessionStep, Timetable};
use crate::time::{BusinessDay, StationTime};

/// Who acts, as `role/name`: `counter/3`, `kiosk/K1`, `staff/lin`, `system/writer`. Written into every event.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Actor(pub String);

/// Identity of a command over its retries.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct CommandRef {
    /// Minted by the sender before the first try.
    pub id: CommandId,
    /// Hash of what was asked, so that the same id with another request is refused.
    pub digest: u64,
}

/// A command with its sender and identity.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Envelope {
    /// None for the station's own housekeeping, which is never retried.
    pub command_ref: Option<CommandRef>,
    /// Who asks.
    pub actor: Actor,
    /// What is asked.
    pub command: Command,
}

/// A ticket named by staff: by the number on the paper or by its id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NumberOrTicket {
    /// The number on the paper, valid within the open business day.
    Number(TicketNumber),
    /// The id.
    Ticket(TicketId),
}

/// A ticket that is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewTicket {
    /// Fresh random id.
    pub ticket: TicketId,
    /// Service wanted.
    pub service: ServiceId,
    /// Further services wanted on the same visit, in order; at most 7, each once.
    pub then: Vec<ServiceId>,
    /// Class; the default class when none is named.
    pub class: Option<ClassId>,
    /// The visitor's language.
    pub language: Option<LanguageTag>,
    /// Where it was taken: `kiosk`, `greeter`, `phone`, `web`; lower-case slug.
    pub channel: ServiceId,
    /// Persons it stands for, 1 to 99.
    pub persons: u16,
    /// Whom it is for, and whether limits hold.
    pub terms: Terms,
}

/// An appointment that is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewAppointment {
    /// Fresh random id.
    pub appointment: AppointmentId,
    /// Random code; the engine takes the next free one where somebody of that day has it.
    pub code: AppointmentCode,
    /// Service wanted.
    pub service: ServiceId,
    /// Business day of the slot.
    pub day: BusinessDay,
    /// When the slot begins. That it is one of the station's slots is the sender's word; the engine knows no calendar.
    pub slot: StationTime,
    /// Class of the ticket to come; the one of appointments when none is named.
    pub class: Option<ClassId>,
    /// The visitor's language.
    pub language: Option<LanguageTag>,
    /// Where it is booked: `web`, `greeter`; lower-case slug.
    pub channel: ServiceId,
}

/// An appointment as the visitor or staff names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AppointmentRef {
    /// The id behind the QR code.
    Id(AppointmentId),
    /// The code, valid on the day of the appointment.
    Code(AppointmentCode),
}

/// A visitor with an appointment has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckIn {
    /// Which.
    pub appointment: AppointmentRef,
    /// Fresh random id of the ticket to be given out.
    pub ticket: TicketId,
    /// The visitor's language; the one of the booking when none is named.
    pub language: Option<LanguageTag>,
    /// Where: `kiosk`, `phone`, `greeter`; lower-case slug.
    pub channel: ServiceId,
}

/// Everything that can be asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command {
    /// Take over a new plan; no event when it equals the present one.
    Configure(Box<StationPlan>),
    /// Open a business day. The previous one must be closed; the same date may be opened again, numbers go on.
    OpenDay {
        /// Date in the station's time zone.
        day: BusinessDay,
        /// When tickets are given out; none: at any time.
        hours: Option<Box<DayHours>>,
    },
    /// Take over other hours for the business day in memory; no event when they are the present ones, or there is no
    /// day.
    SetHours {
        /// When tickets are given out; none: at any time.
        hours: Option<Box<DayHours>>,
    },
    /// Which numbers a kiosk may give out by itself; no event while the lease it holds is good. [`Engine::lease`] has the
    /// answer.
    ///
    /// [`Engine::lease`]: crate::Engine::lease
    LeaseNumbers(LeaseWish),
    /// A kiosk tells of a ticket that it gave out by itself; no event when it is known.
    TakeIn(Box<OfflineTicket>),
    /// Another rule for the rest of the day.
    SetDiscipline {
        /// In which zone; none: in the station, where a zone has no rule of its own.
        zone: Option<ZoneId>,
        /// Which; none: the plan's again.
        discipline: Option<Discipline>,
    },
    /// Look at the lines: raise what has begun, clear what has ended. No event when nothing has.
    Watch,
    /// Close the business day: waiting tickets end as abandoned, open services are ended and marked.
    CloseDay,
    /// Give out a ticket.
    IssueTicket(NewTicket),
    /// Give out a ticket of a service with sessions.
    Enrol {
        /// The ticket.
        wanted: NewTicket,
        /// When the session begins that is wanted; none: the next one with a free seat, else the next with a place on its
        /// waiting list.
        session: Option<StationTime>,
    },
    /// Take over the timetable of the sessions of the business day in memory; no event when it is the present one, or
    /// there is no day.
    SetSessions {
        /// By service, in the order of time.
        sessions: Timetable,
    },
    /// A visitor who had a seat reserved, or a place on the list, is there.
    CheckInToSession {
        /// Who.
        target: NumberOrTicket,
    },
    /// Call, begin or end a session, or take that back.
    StepSession {
        /// Which.
        session: SessionRef,
        /// What is done.
        step: SessionStep,
    },
    /// A visitor who was called with a session did not come: the seat is the next one's.
    MissSession {
        /// Who.
        target: NumberOrTicket,
    },
    /// Book a slot.
    BookAppointment(NewAppointment),
    /// Give an appointment up.
    CancelAppointment {
        /// Which.
        appointment: AppointmentId,
    },
    /// Give out the ticket of an appointment.
    CheckIn(CheckIn),
    /// The visitor gives the place up.
    CancelTicket {
        /// Which.
        ticket: TicketId,
    },
    /// Staff have seen who a ticket is for: it becomes callable, at the place of its issue.
    VerifyIdentity {
        /// Whose.
        target: NumberOrTicket,
        /// By which kind of document.
        document: IdentityDocument,
    },
    /// The identity check was not passed: the ticket ends.
    RefuseIdentity {
        /// Whose.
        target: NumberOrTicket,
        /// Why not.
        reason: IdentityRefusal,
    },
    /// A ticket that waits is for another service; seniority kept.
    Reroute {
        /// Which.
        target: NumberOrTicket,
        /// For which.
        to_service: ServiceId,
    },
    /// Open a counter, or end its pause.
    OpenCounter {
        /// Which.
        counter: CounterId,
        /// Who works there.
        staff: Option<StaffId>,
    },
    /// Pause an idle counter.
    PauseCounter {
        /// Which.
        counter: CounterId,
        /// Why: `lunch`, `meeting`, `break`, ...
        reason: String,
        /// When it should go on, shown to visitors.
        until: Option<StationTime>,
    },
    /// Close an idle counter.
    CloseCounter {
        /// Which.
        counter: CounterId,
    },
    /// Switch a counter to another set of services for the rest of the day.
    SetProfile {
        /// Which.
        counter: CounterId,
        /// To which; none: back to the plan's own.
        profile: Option<ProfileId>,
    },
    /// Let a counter call by itself, or not, for the rest of the day.
    SetAutoCall {
        /// Which.
        counter: CounterId,
        /// Whether.
        on: bool,
    },
    /// Let a free counter call the next visitor who may be called there, as soon as there is one; or take that back. Once:
    /// the call, a pause or the end of the counter ends it.
    StoreNext {
        /// Which.
        counter: CounterId,
        /// Whether.
        on: bool,
    },
    /// The station's own: let the counter that is to call by itself now do so.
    CallDue,
    /// Call whoever the discipline chooses.
    CallNext {
        /// Which counter calls.
        counter: CounterId,
    },
    /// Call a given ticket: waiting, held or marked no-show.
    CallTicket {
        /// Which counter calls.
        counter: CounterId,
        /// Whom.
        target: NumberOrTicket,
        /// Why this one, up to 200 bytes.
        reason: Option<String>,
    },
    /// Tell those who are next that they should get ready. The counter may be busy.
    Precall {
        /// Which counter.
        counter: CounterId,
        /// How many of those it would call next, 1 to 9.
        count: u8,
    },
    /// Announce the called ticket again.
    Recall {
        /// Which counter.
        counter: CounterId,
    },
    /// Recall everybody whose recall is due, where the plan wants that done by the station itself.
    RecallDue,
    /// The called visitor has arrived; handling starts.
    Start {
        /// Which counter.
        counter: CounterId,
    },
    /// Handling is over; with another service to come, the visit goes on to it: here where the counter does it too.
    Finish {
        /// Which counter.
        counter: CounterId,
    },
    /// Handling is over; call whoever is next, unless the visitor stays for another service.
    FinishAndCallNext {
        /// Which counter.
        counter: CounterId,
    },
    /// Say what is to come for the visitor after the present service: to add, drop or reorder matters.
    ChangeMatters {
        /// Which counter has the visitor.
        counter: CounterId,
        /// All services to come, in order; at most 16 stations.
        then: Vec<ServiceId>,
    },
    /// The called visitor did not come.
    MarkNoShow {
        /// Which counter.
        counter: CounterId,
    },
    /// Put the visitor aside without losing the place.
    Hold {
        /// Which counter.
        counter: CounterId,
        /// Why, free text up to 200 bytes.
        reason: String,
        /// Where the visitor waits meanwhile, up to 200 bytes.
        room: Option<String>,
    },
    /// Go on with a held visitor who is at the counter; the last one this counter held when none is named.
    Resume {
        /// Which counter.
        counter: CounterId,
        /// Whom.
        target: Option<NumberOrTicket>,
    },
    /// Send the visitor to another service or counter, seniority kept.
    Transfer {
        /// Which counter sends.
        counter: CounterId,
        /// To which service; the present one when none is named.
        to_service: Option<ServiceId>,
        /// Only this counter may call the visitor.
        to_counter: Option<CounterId>,
    },
    /// Send the visitor back to the counter that sent him, to be called there before all others.
    SendBack {
        /// Which counter sends.
        counter: CounterId,
    },
    /// Give the visitor being served to another counter, which is free.
    HandOver {
        /// Which counter gives.
        counter: CounterId,
        /// Which takes.
        to_counter: CounterId,
    },
    /// A missed visitor is back.
    ReturnTicket {
        /// Who.
        target: NumberOrTicket,
    },
    /// Before the first call the visitor says what else it is to be, and for how many people.
    AmendTicket {
        /// Whose.
        ticket: TicketId,
        /// The further matters, in order: the whole list.
        then: Vec<ServiceId>,
        /// Persons it stands for, 1 to 99.
        persons: u16,
    },
    /// A waiting visitor lets others go first.
    Defer {
        /// Who.
        ticket: TicketId,
        /// How many, 1 to 10.
        count: u8,
    },
    /// A supervisor has a waiting ticket called before all others.
    Prioritise {
        /// Whom.
        target: NumberOrTicket,
        /// Why, 1 to 200 bytes.
        reason: String,
    },
    /// Correct what the log says of a visit of the business day that has ended.
    Correct {
        /// Which.
        target: NumberOrTicket,
        /// What is right.
        correction: Correction,
        /// Why, 1 to 200 bytes.
        reason: String,
    },
    /// Take back this counter's last action.
    Undo {
        /// Which counter.
        counter: CounterId,
    },
    /// Only if the counter still has this visitor: a stale screen must not finish somebody else.
    IfCurrent {
        /// Which counter.
        counter: CounterId,
        /// Whom the sender sees there.
        ticket: TicketId,
        /// What to do then.
        command: Box<Command>,
    },
    /// Ask the visitor being served for a rating.
    InviteRating {
        /// Which counter.
        counter: CounterId,
    },
    /// The visitor's rating; one per ticket, the first wins.
    Rate {
        /// Which ticket.
        ticket: TicketId,
        /// 1 (very dissatisfied) to 5 (very satisfied).
        score: u8,
        /// Reason codes chosen, at most 8.
        reasons: Vec<String>,
        /// Free text up to 500 characters.
        comment: Option<String>,
    },
    /// Says what is behind a rating that has just been given, once; no event when nothing is said.
    CompleteRating {
        /// Which ticket.
        ticket: TicketId,
        /// Reason codes chosen, at most 8.
        reasons: Vec<String>,
        /// Free text up to 500 characters.
        comment: Option<String>,
    },
    /// What became of a print job.
    ReportPrint {
        /// Whose ticket.
        ticket: TicketId,
        /// The printer's name for the job.
        job: String,
        /// Result.
        outcome: PrintOutcome,
    },
    /// A display or the voice has announced a call.
    ReportAnnounced {
        /// Which call.
        call: CallId,
        /// Which display.
        display: String,
    },
    /// How a device is now; no event when that is known.
    ReportDevice {
        /// Which.
        device: DeviceId,
        /// What is wrong with it; none: nothing.
        fault: Option<FaultWord>,
    },
    /// The wall clock jumped.
    RecordClockStep {
        /// Milliseconds forward (positive) or back.
        step_ms: i64,
    },
    /// A ticket from another system's log, with its own times.
    ImportTicket(Box<ImportedTicket>),
    /// Head of an import, before its tickets.
    BeginImport {
        /// Name of the file, without its folder.
        file: String,
        /// SHA-256 of the file, hexadecimal.
        sha256: String,
        /// Tickets that follow.
        tickets: u32,
        /// Rows left out.
        rejected: u32,
    },
}
