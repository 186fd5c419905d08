//! Sessions: visits that begin together, at fixed times of the day, each with so many seats.
//!
//! A ticket of a service with sessions stands in no line: it is enrolled in one session, and holds a seat there or a
//! place on its waiting list. Which of the two is not stored. It follows from the order of asking, who has checked in,
//! and the time ([`Engine::roll`]), so that a seat that becomes free is the next one's at that very instant, and nobody
//! can stand on the list while a seat he may have is free. A session is called, begins and ends as a whole.

mod day;
mod figures;
mod roll;

use alloc::boxed::Box;
use alloc::collections::{BTreeMap, BTreeSet};
use alloc::string::String;
use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

pub(crate) use day::{DaySessions, SessionUndo};
pub use day::{Session, Timetable};
pub use figures::SessionFigures;
pub(crate) use roll::{Claim, Moment};
pub use roll::{Roll, SeatPlace};

use crate::engine::Engine;
use crate::ids::{ClassId, ServiceId, TicketId};
use crate::plan::{PlanError, StationPlan};
use crate::ticket::{Ticket, TicketState};
use crate::time::StationTime;

const SEATS_MAX: u32 = 500;
const BEFORE_MAX_S: u32 = 86_400;

/// The sessions of one service. Times in seconds before a session begins.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SessionPlan {
    /// Where the visits are. Their windows are the seats of a session, 1 to 500 together; a party has one.
    pub rooms: Vec<RoomPlan>,
    /// So many of the seats are kept for those who are entitled to them.
    pub reserved: u16,
    /// Classes that are entitled.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub reserved_classes: BTreeSet<ClassId>,
    /// Channels whose visitors are entitled.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub reserved_channels: BTreeSet<ServiceId>,
    /// Channels whose visitors are not there yet when they ask, and check in later.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub remote_channels: BTreeSet<ServiceId>,
    /// Until then one can ask for a seat, and has to have checked in; at most a day.
    pub check_in_before_s: u32,
    /// From then on what is left of the kept seats is anybody's; at most a day.
    pub release_before_s: u32,
    /// Persons of a party, 1 to 99.
    pub persons_max: u16,
    /// So many of the sessions that can still be asked for are offered, at least 1.
    pub ahead: u16,
    /// Places on the waiting list of a session; 0: there is none.
    pub waiting_max: u16,
}

/// One room.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RoomPlan {
    /// As visitors read it, 1 to 40 bytes.
    pub name: String,
    /// Windows in it, at least 1.
    pub windows: u16,
}

/// One session of the day.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct SessionRef {
    /// Of which service.
    pub service: ServiceId,
    /// When it begins by the timetable.
    pub begins: StationTime,
}

/// What is done with a session as a whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SessionStep {
    /// Call everybody who has a seat, has checked in, and was not called.
    Call,
    /// The visits begin; who did not check in has missed it, who is left on the waiting list goes on to a later one.
    Start,
    /// The visits are over.
    End,
    /// Take back the last of these, or the last no-show.
    Undo,
}

/// In which order two have asked: by the entry of the log, and where one entry moved several, by their order in it.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize,
)]
pub struct Asked(pub u64, pub u16);

/// As a ticket is enrolled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Enrolled {
    /// When the session begins by the timetable.
    pub begins: StationTime,
    /// It may have one of the kept seats.
    #[serde(default, skip_serializing_if = "core::ops::Not::not")]
    pub entitled: bool,
    /// No seat was free: it stands on the waiting list.
    #[serde(default, skip_serializing_if = "core::ops::Not::not")]
    pub waits: bool,
    /// The visitor is there: taking the ticket was the check-in.
    #[serde(default, skip_serializing_if = "core::ops::Not::not")]
    pub present: bool,
}

/// The window a party is called to.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct SeatWindow {
    /// In which room.
    pub room: String,
    /// Which, from 1.
    pub window: u16,
}

/// Somebody who is called to a window.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct GivenSeat {
    /// Who.
    pub ticket: TicketId,
    /// Where to.
    #[serde(flatten)]
    pub at: SeatWindow,
}

/// Somebody who was left on the waiting list when the session began.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Moved {
    /// Who.
    pub ticket: TicketId,
    /// To which later session; none: no later one takes anybody, and the visit ends.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<Enrolled>,
}

/// The part of a ticket that is about its session.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Enrolment {
    /// When the session begins by the timetable.
    pub begins: StationTime,
    /// Its place in the order of asking.
    pub asked: Asked,
    /// It may have one of the kept seats.
    pub entitled: bool,
    /// It has stood on a waiting list.
    pub waited: bool,
    /// Check-in.
    pub checked_in_at: Option<StationTime>,
    /// Where it was called to.
    pub window: Option<SeatWindow>,
}

impl Enrolment {
    pub(crate) fn new(enrolled: &Enrolled, at: StationTime, seq: u64) -> Self {
        Self {
            begins: enrolled.begins,
            asked: Asked(seq, 0),
            entitled: enrolled.entitled,
            waited: enrolled.waits,
            checked_in_at: enrolled.present.then_some(at),
            window: None,
        }
    }
}

impl SessionPlan {
    /// Seats of a session: the windows of its rooms.
    #[must_use]
    pub fn seats(&self) -> u32 {
        self.rooms.iter().map(|room| u32::from(room.windows)).sum()
    }

    /// All windows, in the order in which they are given out.
    pub fn windows(&self) -> impl Iterator<Item = SeatWindow> + '_ {
        self.rooms.iter().flat_map(|room| {
            (1..=room.windows).map(|window| SeatWindow {
                room: room.name.clone(),
                window,
            })
        })
    }

    /// The last moment of asking for a session and of checking in to it.
    #[must_use]
    pub fn check_in_until(&self, begins: StationTime) -> StationTime {
        begins.plus_ms(-i64::from(self.check_in_before_s) * 1_000)
    }

    /// From when on the kept seats of a session are anybody's.
    #[must_use]
    pub fn released_from(&self, begins: StationTime) -> StationTime {
        begins.plus_ms(-i64::from(self.release_before_s) * 1_000)
    }

    /// Whether somebody who asks at `now` may have a kept seat.
    #[must_use]
    pub fn is_entitled(
        &self,
        class: &ClassId,
        channel: &ServiceId,
        begins: StationTime,
        now: StationTime,
    ) -> bool {
        now < self.released_from(begins)
            && (self.reserved_classes.contains(class) || self.reserved_channels.contains(channel))
    }

    fn is_usable(&self) -> bool {
        let named = |room: &RoomPlan| {
            (1..=40).contains(&room.name.len()) && !room.name.trim().is_empty() && room.windows > 0
        };
        let names: BTreeSet<_> = self.rooms.iter().map(|room| &room.name).collect();
        (1..=SEATS_MAX).contains(&self.seats())
            && u32::from(self.reserved) <= self.seats()
            && self.rooms.iter().all(named)
            && names.len() == self.rooms.len()
            && (1..=99).contains(&self.persons_max)
            && self.ahead > 0
            && self.check_in_before_s.max(self.release_before_s) <= BEFORE_MAX_S
    }
}

/// The services of a plan that have sessions.
pub type PlanSessions = BTreeMap<ServiceId, SessionPlan>;

impl StationPlan {
    /// Services with sessions are handled by no counter, at no appointment, and are no station of another service: who
    /// visits is seated, not called one after the other.
    pub(crate) fn check_sessions(&self) -> Result<(), PlanError> {
        for (service, sessions) in self.sessions.iter() {
            let stands_alone = |plan: &crate::plan::ServicePlan| plan.steps.is_empty();
            let is_step = self.services.values().any(|s| s.steps.contains(service));
            let duties = self
                .counters
                .values()
                .map(|c| (&c.skills, &c.overflow_skills));
            let profiles = self.profiles.values();
            let mut duties = duties.chain(profiles.map(|p| (&p.skills, &p.overflow_skills)));
            let slots = self.appointments.as_ref();
            let usable = self.services.get(service).is_some_and(stands_alone)
                && !is_step
                && !duties.any(|(own, helps)| own.contains(service) || helps.contains(service))
                && !slots.is_some_and(|plan| plan.services.contains_key(service))
                && sessions
                    .reserved_classes
                    .iter()
                    .all(|c| self.classes.contains_key(c))
                && sessions.is_usable();
            if !usable {
                return Err(PlanError::UnusableSessions(service.clone()));
            }
        }
        Ok(())
    }
}

impl Ticket {
    /// What is about its session; none where its service has none.
    #[must_use]
    pub fn enrolment(&self) -> Option<&Enrolment> {
        self.session.as_deref()
    }

    /// The session it is enrolled in.
    #[must_use]
    pub fn session(&self) -> Option<SessionRef> {
        Some(SessionRef {
            service: self.service.clone(),
            begins: self.enrolment()?.begins,
        })
    }

    pub(crate) fn enrolment_mut(&mut self) -> Option<&mut Enrolment> {
        self.session.as_deref_mut()
    }

    /// The visitor has checked in to the session.
    #[must_use]
    pub fn has_checked_in(&self) -> bool {
        self.enrolment()
            .is_some_and(|enrolment| enrolment.checked_in_at.is_some())
    }

    /// Before the call of its session.
    #[must_use]
    pub fn is_open_before_session(&self) -> bool {
        self.session.is_some()
            && matches!(self.state, TicketState::Enrolled | TicketState::Unverified)
    }
}

/// A session as everybody may see it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SessionView {
    /// Of which service.
    pub service: ServiceId,
    /// Its place in the timetable of the day, from 1.
    pub nth: usize,
    /// When it begins by the timetable.
    pub begins: StationTime,
    /// When it ends by the timetable.
    pub ends: StationTime,
    /// The last moment of asking for it and of checking in.
    pub check_in_until: StationTime,
    /// How far it has come.
    pub phase: SessionPhase,
    /// It can be asked for now.
    pub offered: bool,
    /// Seats.
    pub seats: u32,
    /// Seats that somebody has.
    pub taken: usize,
    /// Seats that somebody could have who is not entitled to a kept one.
    pub free: usize,
    /// Kept seats that nobody has yet, beside those.
    pub kept: usize,
    /// Of them, how many have checked in.
    pub checked_in: usize,
    /// Who had not checked in in time.
    pub missed: usize,
    /// Places on the waiting list that are taken.
    pub waiting: usize,
    /// Places on the waiting list that are left.
    pub waiting_left: usize,
}

impl SessionView {
    /// Whether visitors wait for its call though it should have begun.
    #[must_use]
    pub fn is_late(&self, now: StationTime) -> bool {
        self.phase == SessionPhase::Planned && now > self.begins && self.checked_in > 0
    }

    /// Which session it is.
    #[must_use]
    pub fn of(&self) -> SessionRef {
        SessionRef {
            service: self.service.clone(),
            begins: self.begins,
        }
    }
}

/// How far a session has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SessionPhase {
    /// To come.
    Planned,
    /// Called, all or some of its visitors.
    Called,
    /// Its visits are under way.
    Running,
    /// Over.
    Ended,
}

/// Where an enrolled ticket stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SeatView {
    /// The place of its session in the timetable of the day, from 1.
    pub nth: usize,
    /// When the session begins by the timetable.
    pub begins: StationTime,
    /// When it ends by the timetable.
    pub ends: StationTime,
    /// The last moment of checking in.
    pub check_in_until: StationTime,
    /// How far the session has come.
    pub phase: SessionPhase,
    /// Its place, as long as the session has not called it; afterwards it has a seat.
    pub place: SeatPlace,
    /// The visitor has checked in.
    pub checked_in: bool,
    /// Where it was called to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub window: Option<SeatWindow>,
}

impl Engine {
    /// The rules of the sessions of a service, where it has any.
    #[must_use]
    pub fn session_plan(&self, service: &ServiceId) -> Option<&SessionPlan> {
        self.plan.sessions.get(service)
    }

    /// A session of the business day in memory.
    #[must_use]
    pub fn session(&self, session: &SessionRef) -> Option<&Session> {
        self.day.as_ref()?.sessions.get(session)
    }

    /// Every ticket that a step of a session may change: those in it, and those that its last step changed.
    #[must_use]
    pub fn touched_by_step(&self, session: &SessionRef) -> Vec<TicketId> {
        let members = self.session(session).into_iter().flat_map(Session::members);
        let undo = self
            .day
            .as_ref()
            .and_then(|day| day.sessions.undo(&session.service));
        let before = undo.into_iter().flat_map(|undo| &undo.tickets);
        let all: BTreeSet<_> = members.chain(before.map(|ticket| ticket.id)).collect();
        all.into_iter().collect()
    }

    /// Everybody who is or was in a session, in the order of asking.
    #[must_use]
    pub fn roster(&self, session: &SessionRef) -> Vec<&Ticket> {
        let is_in = |ticket: &&Ticket| ticket.session().as_ref() == Some(session);
        let mut tickets: Vec<_> = self.tickets().filter(is_in).collect();
        tickets.sort_by_key(|t| t.enrolment().map(|enrolment| enrolment.asked));
        tickets
    }

    /// How many are enrolled in the sessions of a service and were not called; not those who have lost their seat.
    pub(crate) fn enrolled_in_service(&self, service: &ServiceId, now: StationTime) -> usize {
        let Some(plan) = self.session_plan(service) else {
            return 0;
        };
        let sessions = self.day.iter().flat_map(|day| day.sessions.of(service));
        let members = sessions.flat_map(|(begins, session)| {
            let is_late = Moment::of(plan, begins, now).is_late;
            session.members().map(move |ticket| (ticket, is_late))
        });
        let is_enrolled = |(id, is_late): &(TicketId, bool)| {
            self.ticket(*id).is_some_and(|ticket| {
                ticket.state == TicketState::Enrolled && (!is_late || ticket.has_checked_in())
            })
        };
        members.filter(is_enrolled).count()
    }

    /// All sessions of the business day in memory, by service and time.
    #[must_use]
    pub fn sessions(&self, now: StationTime) -> Vec<SessionView> {
        let services = self.day.iter().flat_map(|day| day.sessions.services());
        services
            .flat_map(|service| self.sessions_of(now, service))
            .collect()
    }

    /// Those of one service.
    #[must_use]
    pub fn sessions_of(&self, now: StationTime, service: &ServiceId) -> Vec<SessionView> {
        let (Some(plan), Some(day)) = (self.session_plan(service), &self.day) else {
            return Vec::new();
        };
        let offered: BTreeSet<_> = self.offered(now, service).collect();
        let sessions = day.sessions.of(service).enumerate();
        let view = |(at, (begins, session)): (usize, (StationTime, &Session))| {
            let of = SessionRef {
                service: service.clone(),
                begins,
            };
            let roll = self.roll(&of, now);
            let (free, kept) = roll.free(plan);
            SessionView {
                service: service.clone(),
                nth: at + 1,
                begins,
                ends: session.ends,
                check_in_until: plan.check_in_until(begins),
                phase: session.phase(),
                offered: offered.contains(&begins),
                seats: plan.seats(),
                taken: roll.seated.len(),
                checked_in: roll
                    .seated
                    .iter()
                    .filter_map(|id| self.ticket(*id))
                    .filter(|ticket| ticket.has_checked_in())
                    .count(),
                missed: roll.missed.len(),
                free,
                kept,
                waiting: roll.waiting.len(),
                waiting_left: usize::from(plan.waiting_max).saturating_sub(roll.waiting.len()),
            }
        };
        sessions.map(view).collect()
    }

    /// Where a ticket stands in its session at `now`.
    #[must_use]
    pub fn seat(&self, ticket: &Ticket, now: StationTime) -> Option<SeatView> {
        let enrolment = ticket.enrolment()?;
        let of = ticket.session()?;
        let day = self.day.as_ref()?;
        let session = day.sessions.get(&of)?;
        let plan = self.session_plan(&of.service)?;
        let earlier = day.sessions.of(&of.service);
        Some(SeatView {
            nth: earlier.filter(|(begins, _)| *begins <= of.begins).count(),
            begins: of.begins,
            ends: session.ends,
            check_in_until: plan.check_in_until(of.begins),
            phase: session.phase(),
            place: self.roll(&of, now).place_of(ticket.id),
            checked_in: enrolment.checked_in_at.is_some(),
            window: enrolment.window.clone(),
        })
    }
}

/// What a ticket keeps of its session.
pub(crate) type OfTicket = Option<Box<Enrolment>>;
