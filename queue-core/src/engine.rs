//! The state of a station and the questions one may ask of it.

use alloc::boxed::Box;
use alloc::collections::BTreeMap;
use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use crate::appointments::{Appointment, Appointments};
use crate::command::{CommandRef, NumberOrTicket};
use crate::counter::Counter;
use crate::crowd::Crowd;
use crate::device_faults::DeviceFaults;
use crate::event::Event;
use crate::fingerprint::Fingerprint;
use crate::identity::Unverified;
use crate::ids::{AppointmentId, CallId, CommandId, CounterId, Series, TicketId, TicketNumber};
use crate::later::Later;
use crate::limits::DayLimits;
use crate::offline::Leases;
use crate::passing::Passing;
use crate::plan::StationPlan;
use crate::policy::{Duties, LineId, Lines, Selected};
use crate::reject::Rejected;
use crate::sessions::DaySessions;
use crate::ticket::Ticket;
use crate::time::{BusinessDay, StationTime};
use crate::zones::PlannedRules;

/// How long a visitor who has gone is asked for a rating.
const QUESTION_MS: i64 = 60_000;

/// What a command leads to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Decision {
    /// Record and apply these, in order; then [`Engine::reply_to`] has the answer. Empty: already as asked.
    Events(Vec<Event>),
    /// The command was carried out before; here is its answer again.
    Repeat(Reply),
}

/// The answer to a command that was carried out.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(tag = "reply", rename_all = "snake_case")]
pub enum Reply {
    /// A ticket was given out.
    Issued {
        /// Its id.
        ticket: TicketId,
    },
    /// A slot was booked.
    Booked {
        /// The appointment.
        appointment: AppointmentId,
    },
    /// A ticket was called or recalled.
    Called {
        /// Whom.
        ticket: TicketId,
        /// Where.
        counter: CounterId,
        /// The call.
        call: CallId,
    },
    /// Done; `ticket` is the one it was done to.
    Done {
        /// Which.
        ticket: Option<TicketId>,
    },
}

/// One business day: its tickets stay until the next one opens.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub(crate) struct Day {
    pub(crate) date: BusinessDay,
    pub(crate) closed: bool,
    /// Boxed, so that a new ticket among many moves pointers and not whole tickets.
    pub(crate) tickets: BTreeMap<TicketId, Box<Ticket>>,
    pub(crate) numbers: BTreeMap<TicketNumber, TicketId>,
    pub(crate) lines: Lines,
    pub(crate) last_number: BTreeMap<Series, u32>,
    /// Number called last, per service.
    pub(crate) last_called: BTreeMap<crate::ids::ServiceId, TicketNumber>,
    pub(crate) replies: BTreeMap<CommandId, (u64, Reply)>,
    /// Calls that passed somebody who had come earlier.
    #[serde(default)]
    pub(crate) passing: Passing,
    /// Its hours, and what is counted for them.
    #[serde(default, skip_serializing_if = "Later::is_default")]
    pub(crate) limits: Later<DayLimits>,
    /// Who waits for the identity check: an index over the tickets in that state.
    #[serde(default, skip_serializing_if = "Later::is_default")]
    pub(crate) unverified: Later<Unverified>,
    /// What the stored plan says of rules that were changed for this day.
    #[serde(default, skip_serializing_if = "Later::is_default")]
    pub(crate) planned: Later<PlannedRules>,
    /// How many waited when.
    #[serde(default, skip_serializing_if = "Later::is_default")]
    pub(crate) crowd: Later<Crowd>,
    /// Its sessions, and who is in each.
    #[serde(default, skip_serializing_if = "Later::is_default")]
    pub(crate) sessions: Later<DaySessions>,
    /// What kiosks may give out by themselves.
    #[serde(default, skip_serializing_if = "Later::is_default")]
    pub(crate) leases: Later<Leases>,
}

impl Day {
    pub(crate) fn new(date: BusinessDay) -> Self {
        Self {
            date,
            closed: false,
            tickets: BTreeMap::new(),
            numbers: BTreeMap::new(),
            lines: Lines::default(),
            last_number: BTreeMap::new(),
            last_called: BTreeMap::new(),
            replies: BTreeMap::new(),
            passing: Passing::default(),
            limits: Later::default(),
            unverified: Later::default(),
            planned: Later::default(),
            crowd: Later::default(),
            sessions: Later::default(),
            leases: Later::default(),
        }
    }
}

/// The engine: the whole live state of one station.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub struct Engine {
    pub(crate) plan: Box<StationPlan>,
    pub(crate) seq: u64,
    pub(crate) now: StationTime,
    pub(crate) day: Option<Day>,
    pub(crate) counters: BTreeMap<CounterId, Counter>,
    pub(crate) pace: crate::pace::Pace,
    #[serde(default, skip_serializing_if = "Appointments::is_empty")]
    pub(crate) appointments: Appointments,
    /// Faults of devices that have begun and not ended.
    #[serde(default, skip_serializing_if = "Later::is_default")]
    pub(crate) device_faults: Later<DeviceFaults>,
}

impl Engine {
    /// A station before its first event: no plan, no day.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Sequence number of the last applied event, 0 before the first.
    #[must_use]
    pub fn seq(&self) -> u64 {
        self.seq
    }

    /// Time of the last applied event.
    #[must_use]
    pub fn now(&self) -> StationTime {
        self.now
    }

    /// The plan in force.
    #[must_use]
    pub fn plan(&self) -> &StationPlan {
        &self.plan
    }

    /// The business day in memory, whether open or closed.
    #[must_use]
    pub fn day(&self) -> Option<BusinessDay> {
        self.day.as_ref().map(|d| d.date)
    }

    /// The open business day.
    #[must_use]
    pub fn open_day(&self) -> Option<BusinessDay> {
        self.day.as_ref().filter(|d| !d.closed).map(|d| d.date)
    }

    /// A ticket of the business day in memory.
    #[must_use]
    pub fn ticket(&self, id: TicketId) -> Option<&Ticket> {
        self.day.as_ref()?.tickets.get(&id).map(Box::as_ref)
    }

    /// A ticket by its number.
    #[must_use]
    pub fn ticket_by_number(&self, number: &TicketNumber) -> Option<&Ticket> {
        let day = self.day.as_ref()?;
        day.tickets.get(day.numbers.get(number)?).map(Box::as_ref)
    }

    /// All tickets of the business day in memory.
    pub fn tickets(&self) -> impl Iterator<Item = &Ticket> {
        self.day
            .iter()
            .flat_map(|d| d.tickets.values())
            .map(Box::as_ref)
    }

    /// A counter.
    #[must_use]
    pub fn counter(&self, id: &CounterId) -> Option<&Counter> {
        self.counters.get(id)
    }

    /// All counters.
    pub fn counters(&self) -> impl Iterator<Item = &Counter> {
        self.counters.values()
    }

    /// An appointment of the business day in memory or of a later one.
    #[must_use]
    pub fn appointment(&self, id: AppointmentId) -> Option<&Appointment> {
        self.appointments.get(id)
    }

    /// All appointments of the business day in memory and of later ones.
    pub fn appointments(&self) -> impl Iterator<Item = &Appointment> {
        self.appointments.iter()
    }

    /// How many more appointments of a service a slot takes. Whether it may be booked now is another question.
    #[must_use]
    pub fn places_left(&self, service: &crate::ids::ServiceId, slot: StationTime) -> u32 {
        let plan = self.plan.appointments.as_ref();
        let Some(slots) = plan.and_then(|plan| plan.services.get(service)) else {
            return 0;
        };
        let slot_end = slot.plus_ms(i64::from(slots.slot_s) * 1_000);
        let taken = self.appointments.taken(service, slot, slot_end);
        slots
            .capacity
            .saturating_sub(u32::try_from(taken).unwrap_or(u32::MAX))
    }

    /// The visitor whom a counter asks for a rating at `now`: unrated, and still there or gone for less than a minute.
    #[must_use]
    pub fn asked_at(&self, counter: &CounterId, now: StationTime) -> Option<&Ticket> {
        let asked = self.ticket(self.counter(counter)?.asking?)?;
        let gone = asked
            .finished_at
            .is_some_and(|at| now.since_ms(at) >= QUESTION_MS);
        (asked.rating.is_none() && !gone).then_some(asked)
    }

    /// The answer that was given to a command of the business day.
    #[must_use]
    pub fn reply_to(&self, command: CommandRef) -> Option<&Reply> {
        self.day
            .as_ref()?
            .replies
            .get(&command.id)
            .map(|(_, reply)| reply)
    }

    /// The order of the lines.
    #[must_use]
    pub fn lines(&self) -> Option<&Lines> {
        self.day.as_ref().map(|d| &d.lines)
    }

    /// How many people wait now, for any counter or for one.
    #[must_use]
    pub fn waiting(&self) -> usize {
        self.lines().map_or(0, Lines::len)
    }

    /// The quarters of an hour of the business day in which somebody waited, up to `now`: start, and the most that
    /// waited at once.
    #[must_use]
    pub fn crowd(&self, now: StationTime) -> Vec<(StationTime, u32)> {
        let Some(day) = &self.day else {
            return Vec::new();
        };
        let mut crowd = day.crowd.clone();
        // Who waits at this very moment is seen waiting.
        crowd.note(self.now, now.plus_ms(1), self.waiting());
        crowd.quarters().collect()
    }

    /// What a counter handles at present.
    #[must_use]
    pub fn duties<'a>(&'a self, counter: &'a CounterId) -> Option<Duties<'a>> {
        let plan = self.plan.counters.get(counter)?;
        let profile = self.counters.get(counter)?.profile.as_ref();
        let (skills, overflow_skills) = match profile.and_then(|id| self.plan.profiles.get(id)) {
            Some(profile) => (&profile.skills, &profile.overflow_skills),
            None => (&plan.skills, &plan.overflow_skills),
        };
        Some(Duties {
            counter,
            skills,
            overflow_skills,
            overflow_delay_s: plan.overflow_delay_s,
        })
    }

    /// The counters that handle a line at present, as their own or to help out.
    pub(crate) fn counters_of<'a>(
        &'a self,
        line: LineId<'a>,
    ) -> impl Iterator<Item = &'a Counter> + 'a {
        self.counters().filter(move |c| {
            self.duties(&c.id)
                .is_some_and(|duties| duties.tier_of(line).is_some())
        })
    }

    /// Whom a counter would call now.
    #[must_use]
    pub fn next_for(&self, counter: &CounterId, now: StationTime) -> Option<Selected> {
        self.lines()?.select(&self.plan, self.duties(counter)?, now)
    }

    /// Those whom a counter calls one after another, if nobody else comes and no time passes.
    pub fn callable_by<'a>(
        &'a self,
        counter: &'a CounterId,
        now: StationTime,
    ) -> impl Iterator<Item = &'a Ticket> {
        let calls = self.lines().zip(self.duties(counter));
        let calls = calls.map(|(lines, duties)| lines.callable_by(&self.plan, duties, now));
        calls
            .into_iter()
            .flatten()
            .filter_map(|place| self.ticket(place.ticket))
    }

    /// How many those are.
    #[must_use]
    pub fn callable_count(&self, counter: &CounterId) -> usize {
        let waiting = self.lines().zip(self.duties(counter));
        waiting.map_or(0, |(lines, duties)| lines.callable_count(duties))
    }

    /// A proof of the whole state: equal after replay of the same log, on every machine.
    #[must_use]
    pub fn fingerprint(&self) -> Fingerprint {
        Fingerprint::of(self)
    }

    pub(crate) fn find(&self, target: &NumberOrTicket) -> Result<&Ticket, Rejected> {
        match target {
            NumberOrTicket::Ticket(id) => self.ticket(*id),
            NumberOrTicket::Number(number) => self.ticket_by_number(number),
        }
        .ok_or(Rejected::UnknownTicket)
    }
}
