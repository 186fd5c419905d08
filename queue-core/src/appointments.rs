//! Appointments: a visitor's claim on a slot of a service, and what the station offers.
//!
//! An appointment carries no name and no address: an id that cannot be guessed for the link, and a short code for the
//! kiosk. It lives from the booking to the end of its day, over the business days in between. Checking in gives out a
//! ticket whose seniority counts from the slot (see [`AppointmentPlan::base`]), and from then on the discipline treats
//! it like every other ticket. The only thing it adds to the order: who came long before the slot is not called before
//! somebody whose turn it is, unless a counter would find nobody else (work conservation wins).

use alloc::boxed::Box;
use alloc::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::event::BookedAppointment;
use crate::ids::{AppointmentCode, AppointmentId, ClassId, LanguageTag, ServiceId, TicketId};
use crate::plan::StationPlan;
use crate::time::{BusinessDay, StationTime};

/// Appointments the station offers, and the rules of checking in. Times in seconds.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AppointmentPlan {
    /// Class of the tickets of those who have checked in; the default class when none is named.
    pub class: Option<ClassId>,
    /// Who checks in no later than this after the slot counts from the slot; later, from the check-in.
    pub grace_s: u32,
    /// Checking in begins so long before the slot.
    pub check_in_before_s: u32,
    /// Checking in ends so long after the slot; after that the appointment is missed.
    pub missed_after_s: u32,
    /// Who checked in early has a turn only from so long before the slot on, unless a counter would idle.
    pub callable_before_s: u32,
    /// The services one can make an appointment for.
    pub services: BTreeMap<ServiceId, SlotPlan>,
}

/// The slots of one service.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SlotPlan {
    /// Length of a slot, seconds, at least 60.
    pub slot_s: u32,
    /// Appointments at the same time, at least 1.
    pub capacity: u32,
    /// A slot can be booked until so long before it begins, seconds.
    pub book_until_s: u32,
    /// A slot can be booked from so long before it begins, seconds.
    pub book_from_s: u32,
}

fn seconds(s: u32) -> i64 {
    i64::from(s) * 1_000
}

impl StationPlan {
    /// A ticket that counts from its slot has its turn once that is no later than this.
    pub(crate) fn ripe_until(&self, now: StationTime) -> StationTime {
        let plan = self.appointments.as_ref();
        now.plus_ms(plan.map_or(0, |plan| seconds(plan.callable_before_s)))
    }
}

impl AppointmentPlan {
    /// When checking in for a slot begins and ends, both included.
    #[must_use]
    pub fn check_in_window(&self, slot: StationTime) -> (StationTime, StationTime) {
        (
            slot.plus_ms(-seconds(self.check_in_before_s)),
            slot.plus_ms(seconds(self.missed_after_s)),
        )
    }

    /// The last moment of checking in that still counts from the slot.
    #[must_use]
    pub fn on_time_until(&self, slot: StationTime) -> StationTime {
        slot.plus_ms(seconds(self.grace_s))
    }

    /// Since when the seniority of somebody counts who checks in at `now` for `slot`.
    #[must_use]
    pub fn base(&self, slot: StationTime, now: StationTime) -> StationTime {
        if now <= self.on_time_until(slot) {
            slot
        } else {
            now
        }
    }
}

/// What became of an appointment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum AppointmentState {
    /// Expected.
    Booked,
    /// The visitor is here and has a ticket.
    CheckedIn {
        /// The ticket.
        ticket: TicketId,
        /// When.
        at: StationTime,
        /// After the slot and the grace time.
        late: bool,
    },
    /// Given up before checking in.
    Cancelled {
        /// When.
        at: StationTime,
    },
}

/// One appointment.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Appointment {
    /// Random id.
    pub id: AppointmentId,
    /// Code for the kiosk, unique within its day.
    pub code: AppointmentCode,
    /// Service.
    pub service: ServiceId,
    /// Business day of the slot.
    pub day: BusinessDay,
    /// When the slot begins.
    pub slot: StationTime,
    /// When the slot ends.
    pub slot_end: StationTime,
    /// Class asked for; the one of appointments when none was.
    pub class: Option<ClassId>,
    /// The visitor's language.
    pub language: Option<LanguageTag>,
    /// Where it was booked.
    pub channel: ServiceId,
    /// When it was booked.
    pub booked_at: StationTime,
    /// Sequence number of the booking.
    pub seq: u64,
    /// What became of it.
    pub state: AppointmentState,
}

impl Appointment {
    /// As it is booked.
    pub(crate) fn new(booked: &BookedAppointment, at: StationTime, seq: u64) -> Self {
        Self {
            id: booked.appointment,
            code: booked.code,
            service: booked.service.clone(),
            day: booked.day,
            slot: booked.slot,
            slot_end: booked.slot_end,
            class: booked.class.clone(),
            language: booked.language.clone(),
            channel: booked.channel.clone(),
            booked_at: at,
            seq,
            state: AppointmentState::Booked,
        }
    }

    /// Whether it takes up a place of its slot and keeps its code.
    #[must_use]
    pub fn holds_its_slot(&self) -> bool {
        !matches!(self.state, AppointmentState::Cancelled { .. })
    }
}

/// What ties a ticket to the appointment it was given out for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Attendance {
    /// The appointment.
    pub appointment: AppointmentId,
    /// When its slot began.
    pub slot: StationTime,
    /// Since when the ticket's seniority counts: the slot; for one who was late, the check-in.
    pub base: StationTime,
}

impl Attendance {
    /// After the slot and the grace time.
    #[must_use]
    pub fn is_late(&self) -> bool {
        self.base > self.slot
    }
}

/// Appointments of this day and later ones, by id.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct Appointments(BTreeMap<AppointmentId, Box<Appointment>>);

impl Appointments {
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(crate) fn get(&self, id: AppointmentId) -> Option<&Appointment> {
        self.0.get(&id).map(Box::as_ref)
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &Appointment> {
        self.0.values().map(Box::as_ref)
    }

    /// Those of a day that hold their slot.
    pub(crate) fn of_day(&self, day: BusinessDay) -> impl Iterator<Item = &Appointment> {
        self.iter()
            .filter(move |a| a.day == day && a.holds_its_slot())
    }

    /// How many of a service take up a place at some time from `slot` to `slot_end`.
    pub(crate) fn taken(
        &self,
        service: &ServiceId,
        slot: StationTime,
        slot_end: StationTime,
    ) -> usize {
        let overlaps = |a: &&Appointment| a.slot < slot_end && slot < a.slot_end;
        let same = self
            .iter()
            .filter(|a| a.service == *service && a.holds_its_slot());
        same.filter(overlaps).count()
    }

    pub(crate) fn book(&mut self, appointment: Appointment) {
        // `apply` is total: an id that is there already stays what it is.
        self.0
            .entry(appointment.id)
            .or_insert_with(|| appointment.into());
    }

    pub(crate) fn set(&mut self, id: AppointmentId, state: AppointmentState) {
        if let Some(appointment) = self.0.get_mut(&id) {
            appointment.state = state;
        }
    }

    /// Forgets the days before `day`.
    pub(crate) fn forget_before(&mut self, day: BusinessDay) {
        self.0.retain(|_, a| a.day >= day);
    }
}
