//! Why a command is refused: a closed list with stable codes.

use thiserror::Error;

use crate::ids::{CounterId, ServiceId};
use crate::limits::Limit;
use crate::plan::PlanError;
use crate::ticket::TicketState;

/// A refused command changes nothing.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Rejected {
    /// No such service.
    #[error("there is no such service")]
    UnknownService,
    /// No such class.
    #[error("there is no such ticket class")]
    UnknownClass,
    /// No such counter.
    #[error("there is no such counter")]
    UnknownCounter,
    /// No such set of services.
    #[error("there is no such counter profile")]
    UnknownProfile,
    /// No such zone.
    #[error("there is no such zone")]
    UnknownZone,
    /// The classes do not differ in what the rule goes by.
    #[error("the classes have no `rank` or `rate` of their own that this rule could go by")]
    ClassesAlike,
    /// The profile has services of a zone with another rule than the counter's.
    #[error("this counter profile is for another zone")]
    ProfileElsewhere,
    /// No such ticket in the business day.
    #[error("there is no such ticket today")]
    UnknownTicket,
    /// No open business day.
    #[error("the station is closed: no business day is open")]
    DayClosed,
    /// The business day is already open.
    #[error("a business day is already open")]
    DayAlreadyOpen,
    /// A day before the last one.
    #[error("this business day is over")]
    DayInPast,
    /// The counter is not open.
    #[error("the counter is closed")]
    CounterClosed,
    /// The counter is paused.
    #[error("the counter is paused")]
    CounterPaused,
    /// The counter has a visitor.
    #[error("the counter already has a visitor")]
    CounterBusy,
    /// The counter has no visitor.
    #[error("the counter has no visitor")]
    CounterIdle,
    /// Whoever is to work there is still at another counter.
    #[error("this person is still at counter {0}: close that counter first")]
    StaffElsewhere(CounterId),
    /// Nobody the counter may serve is waiting.
    #[error("nobody is waiting for this counter")]
    NobodyWaiting,
    /// The counter has put nobody on hold.
    #[error("this counter has put nobody on hold")]
    NobodyHeld,
    /// The ticket is in the wrong state for this.
    #[error("not possible: the ticket is {}", .0.in_words())]
    WrongState(TicketState),
    /// The visitor is not in the called state.
    #[error("the visitor is not being called")]
    NotCalled,
    /// The counter has another visitor than the sender believes.
    #[error("the counter has another visitor by now")]
    StaleView,
    /// The counter may not serve that service.
    #[error("this counter does not handle that service")]
    SkillMissing,
    /// A transfer that changes nothing.
    #[error("the transfer names neither another service nor a counter")]
    TransferNowhere,
    /// The grace time of a missed visitor is over.
    #[error("too late to come back with this number: please take a new ticket")]
    ReturnTooLate,
    /// A missed visitor came back as often as the rule allows.
    #[error("this number came back as often as it may: please take a new ticket")]
    ReturnsUsedUp,
    /// Nobody stands behind who could go first.
    #[error("nobody is waiting behind this ticket")]
    NobodyBehind,
    /// The visitor was not sent by a counter.
    #[error("no other counter sent this visitor")]
    NotSent,
    /// A reason is needed and none was given.
    #[error("a reason is needed")]
    ReasonMissing,
    /// How many is out of range.
    #[error("this number of tickets is out of range")]
    BadCount,
    /// The number of persons is out of range.
    #[error("a ticket stands for 1 to 99 persons")]
    BadPersons,
    /// Too many services on one visit, or one of them twice.
    #[error("a visit has at most 8 matters, each once, and 16 stations")]
    BadMatters,
    /// The undo window has passed.
    #[error("too late to undo")]
    UndoExpired,
    /// Somebody else has acted on the visitor since: another counter, or the visitor.
    #[error("cannot be undone: somebody else has acted on this visitor since")]
    UndoOvertaken,
    /// Nothing to undo.
    #[error("there is nothing to undo")]
    UndoNothing,
    /// The ticket has its rating.
    #[error("this visit has already been rated")]
    AlreadyRated,
    /// Reasons for a rating that was not given.
    #[error("this visit has not been rated")]
    NotRated,
    /// Reasons for a rating given a while ago.
    #[error("too late to add to this rating")]
    RatingClosed,
    /// Not served, or not of this business day.
    #[error("this ticket cannot be rated")]
    TicketNotRateable,
    /// The score is not 1 to 5.
    #[error("a score is a whole number from 1 to 5")]
    BadScore,
    /// A text is too long.
    #[error("a text is too long")]
    TextTooLong,
    /// The same command id, or the id of a ticket given out before, came with another request.
    #[error("this idempotency key was used for another request")]
    IdempotencyKeyReused,
    /// A kiosk tells of a ticket with a number of the server's series.
    #[error("only the server gives out numbers without a kiosk's own")]
    NotAKiosksNumber,
    /// Another ticket of the day has this number.
    #[error("another ticket of today has this number")]
    NumberTaken,
    /// No such appointment, or not with this code today.
    #[error("there is no such appointment")]
    UnknownAppointment,
    /// The service takes no appointments.
    #[error("this service takes no appointments")]
    NoAppointments,
    /// Every place of the slot is taken.
    #[error("this time is fully booked")]
    SlotFull,
    /// The slot begins too soon, or has passed.
    #[error("it is too late to book this time")]
    SlotTooSoon,
    /// The slot cannot be booked yet.
    #[error("this time cannot be booked yet")]
    SlotTooFar,
    /// Checking in has not begun.
    #[error("it is too early to check in for this appointment")]
    CheckInTooEarly,
    /// Checking in has ended.
    #[error("this appointment is over: please take a normal ticket")]
    AppointmentMissed,
    /// The visitor has a ticket.
    #[error("this appointment has been checked in")]
    AlreadyCheckedIn,
    /// It was given up.
    #[error("this appointment was cancelled")]
    AppointmentCancelled,
    /// The service has no sessions, or the ticket is of none.
    #[error("this service has no sessions")]
    NoSessions,
    /// No such session today.
    #[error("there is no such session today")]
    UnknownSession,
    /// Asking for the session and checking in to it are over.
    #[error("it is too late for this session")]
    SessionClosed,
    /// The session cannot be asked for yet.
    #[error("this session cannot be asked for yet")]
    SessionTooFar,
    /// No seat and no place on the waiting list.
    #[error("this session is full, and so is its waiting list")]
    SessionFull,
    /// More persons than a party may have.
    #[error("a party has at most {0} persons here")]
    PartyTooLarge(u16),
    /// A ticket of a session is in no line, and has no other matters.
    #[error("not possible for a ticket of a session")]
    SessionTicket,
    /// No overtaking between sessions.
    #[error("an earlier session has visitors who were not called")]
    SessionEarlierWaits,
    /// Nobody of it has checked in who was not called.
    #[error("nobody of this session is left to call")]
    SessionNobodyToCall,
    /// Somebody with a seat was not called.
    #[error("somebody of this session was not called yet")]
    SessionNotCalled,
    /// Somebody may still check in, or nobody was called.
    #[error("checking in to this session is not over")]
    SessionCheckInOpen,
    /// The windows are taken.
    #[error("another session is still under way")]
    SessionRunning,
    /// It has begun.
    #[error("this session has begun")]
    SessionStarted,
    /// It has not begun.
    #[error("this session has not begun")]
    SessionNotStarted,
    /// It has ended.
    #[error("this session is over")]
    SessionOver,
    /// The plan is not usable.
    #[error("the configuration cannot be used: {0}")]
    BadPlan(PlanError),
    /// A counter that would vanish has a visitor or somebody directed to it.
    #[error(
        "counter `{0}` has a visitor today and cannot be left out before the business day is closed"
    )]
    CounterInUse(CounterId),
    /// A service that would vanish has open tickets.
    #[error(
        "service `{0}` has open tickets today and cannot be left out before the business day is closed"
    )]
    ServiceInUse(ServiceId),
    /// A rule stands against giving out the ticket now.
    #[error(transparent)]
    Limited(#[from] Limit),
}

impl Rejected {
    /// The stable code, as it stands in error answers.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::UnknownService => "unknown_service",
            Self::UnknownClass => "unknown_class",
            Self::UnknownCounter => "unknown_counter",
            Self::UnknownProfile => "unknown_profile",
            Self::UnknownZone => "unknown_zone",
            Self::ClassesAlike => "classes_alike",
            Self::ProfileElsewhere => "profile_elsewhere",
            Self::UnknownTicket => "unknown_ticket",
            Self::DayClosed => "day_closed",
            Self::DayAlreadyOpen => "day_already_open",
            Self::DayInPast => "day_in_past",
            Self::CounterClosed => "counter_closed",
            Self::CounterPaused => "counter_paused",
            Self::CounterBusy => "counter_busy",
            Self::CounterIdle => "counter_idle",
            Self::StaffElsewhere(_) => "staff_elsewhere",
            Self::NobodyWaiting => "nobody_waiting",
            Self::NobodyHeld => "nobody_held",
            Self::WrongState(_) => "wrong_state",
            Self::NotCalled => "not_called",
            Self::StaleView => "stale_view",
            Self::SkillMissing => "skill_missing",
            Self::TransferNowhere => "transfer_nowhere",
            Self::ReturnTooLate => "return_too_late",
            Self::ReturnsUsedUp => "returns_used_up",
            Self::NobodyBehind => "nobody_behind",
            Self::NotSent => "not_sent",
            Self::ReasonMissing => "reason_missing",
            Self::BadCount => "bad_count",
            Self::BadPersons => "bad_persons",
            Self::BadMatters => "bad_matters",
            Self::UndoExpired => "undo_expired",
            Self::UndoOvertaken => "undo_overtaken",
            Self::UndoNothing => "undo_nothing",
            Self::AlreadyRated => "already_rated",
            Self::NotRated => "not_rated",
            Self::RatingClosed => "rating_closed",
            Self::TicketNotRateable => "ticket_not_rateable",
            Self::BadScore => "bad_score",
            Self::TextTooLong => "text_too_long",
            Self::IdempotencyKeyReused => "idempotency_key_reused",
            Self::NotAKiosksNumber => "not_a_kiosks_number",
            Self::NumberTaken => "number_taken",
            Self::UnknownAppointment => "unknown_appointment",
            Self::NoAppointments => "no_appointments",
            Self::SlotFull => "slot_full",
            Self::SlotTooSoon => "slot_too_soon",
            Self::SlotTooFar => "slot_too_far",
            Self::CheckInTooEarly => "check_in_too_early",
            Self::AppointmentMissed => "appointment_missed",
            Self::AlreadyCheckedIn => "already_checked_in",
            Self::AppointmentCancelled => "appointment_cancelled",
            Self::NoSessions => "no_sessions",
            Self::UnknownSession => "unknown_session",
            Self::SessionClosed => "session_closed",
            Self::SessionTooFar => "session_too_far",
            Self::SessionFull => "session_full",
            Self::PartyTooLarge(_) => "party_too_large",
            Self::SessionTicket => "session_ticket",
            Self::SessionEarlierWaits => "session_earlier_waits",
            Self::SessionNobodyToCall => "session_nobody_to_call",
            Self::SessionNotCalled => "session_not_called",
            Self::SessionCheckInOpen => "session_check_in_open",
            Self::SessionRunning => "session_running",
            Self::SessionStarted => "session_started",
            Self::SessionNotStarted => "session_not_started",
            Self::SessionOver => "session_over",
            Self::BadPlan(_) => "bad_plan",
            Self::CounterInUse(_) | Self::ServiceInUse(_) => "plan_in_use",
            Self::Limited(limit) => limit.code(),
        }
    }
}
