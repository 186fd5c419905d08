//! The queue engine of a station, pure: a command goes in, events come out.
//!
//! Nothing here reads a clock, a file, a socket or a random number; the crate is `no_std` so that the compiler refuses
//! them. The caller passes [`StationTime`] in, records the [`Event`]s that [`Engine::decide`] returns, and feeds every
//! recorded event back through [`Engine::apply`], which is the only way the state changes. Replaying the same log gives
//! the same state, and [`Engine::fingerprint`] proves it.
//!
//! Next to the engine stand the definitions that must not differ between a live screen and a report: who is called next
//! ([`policy`]), how long a wait will be ([`forecast`]) and what each figure means ([`statistics`]).
#![no_std]
extern crate alloc;

mod apply;
mod appointments;
mod auto_call;
mod board;
mod calendar;
mod command;
mod counter;
mod crowd;
mod decide;
mod device_faults;
mod engine;
mod event;
mod fingerprint;
pub mod forecast;
mod identity;
mod ids;
mod later;
mod limits;
mod offline;
mod pace;
mod passing;
mod plan;
pub mod policy;
mod reject;
mod sessions;
pub mod statistics;
mod surge;
mod ticket;
mod time;
mod zones;

pub use appointments::{Appointment, AppointmentPlan, AppointmentState, Attendance, SlotPlan};
pub use board::{
    Board, BoardCall, BoardCounter, BoardHours, BoardSeat, BoardService, BoardSession, Comeback,
    Estimate, LegView, NextSession, TicketView,
};
pub use calendar::{DayHours, Quota, ServiceHours, Window};
pub use command::{
    Actor, AppointmentRef, CheckIn, Command, CommandRef, Envelope, NewAppointment, NewTicket,
    NumberOrTicket,
};
pub use counter::{Counter, CounterState, UndoRecord};
pub use device_faults::OpenFault;
pub use engine::{Decision, Engine, Reply};
pub use event::{
    BookedAppointment, Correction, Event, ImportedTicket, IssuedTicket, Outcome, PrintOutcome,
    Recorded,
};
pub use fingerprint::Fingerprint;
pub use identity::{IdentityCheck, IdentityDocument, IdentityRefusal, IdentityResult};
pub use ids::{
    AppointmentCode, AppointmentId, BadId, CallId, ClassId, CommandId, CounterId, DeviceId,
    FaultWord, KioskNumber, LanguageTag, PersonKey, ProfileId, Series, ServiceId, StaffId,
    TicketId, TicketNumber, ZoneId,
};
pub use later::Later;
pub use limits::{CutOff, Limit, OnePerPerson, PlanLimits, ServiceLimits, Terms};
pub use offline::{LEASE_NUMBERS, Lease, LeaseWish, OfflineTicket, TakenOffline};
pub use passing::PassedBy;
pub use plan::{
    ClassPlan, CounterPlan, NoShowRule, PlanError, ProfilePlan, Rules, ServicePlan, StationPlan,
};
pub use policy::{
    CallReason, Choice, Contender, Discipline, Explanation, HeadStartKey, HelpsOut, Side, SortKey,
    Weight,
};
pub use reject::Rejected;
pub use sessions::{
    Asked, Enrolled, Enrolment, GivenSeat, Moved, PlanSessions, Roll, RoomPlan, SeatPlace,
    SeatView, SeatWindow, Session, SessionFigures, SessionPhase, SessionPlan, SessionRef,
    SessionStep, SessionView, Timetable,
};
pub use surge::{Alarm, Raised};
pub use ticket::{
    HandlingShare, Leg, LegState, Precedence, Progress, Rating, Sender, Ticket, TicketState,
};
pub use time::{BusinessDay, StationTime};
pub use zones::{PlanZones, RuleInForce, ZonePlan};
