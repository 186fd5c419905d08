//! Booking, giving up and checking in.

use alloc::vec;

use super::Events;
use crate::appointments::{AppointmentPlan, AppointmentState, Attendance};
use crate::command::{AppointmentRef, CheckIn, NewAppointment, NewTicket};
use crate::engine::Engine;
use crate::event::{BookedAppointment, Event};
use crate::ids::{AppointmentCode, AppointmentId};
use crate::limits::Terms;
use crate::reject::Rejected;
use crate::time::{BusinessDay, StationTime};
use crate::{Appointment, SlotPlan};

impl Engine {
    pub(super) fn book(&self, now: StationTime, wanted: &NewAppointment) -> Events {
        // Answers are kept with the business day in memory; a station that has never opened has none.
        if self.day.is_none() {
            return Err(Rejected::DayClosed);
        }
        if self.appointments.get(wanted.appointment).is_some() {
            return Err(Rejected::IdempotencyKeyReused);
        }
        if !self.plan.services.contains_key(&wanted.service) {
            return Err(Rejected::UnknownService);
        }
        let class = wanted.class.as_ref();
        if class.is_some_and(|class| !self.plan.classes.contains_key(class)) {
            return Err(Rejected::UnknownClass);
        }
        let slots = self.slots_of(wanted)?;
        let ahead_ms = wanted.slot.0.saturating_sub(now.0);
        if ahead_ms < i64::from(slots.book_until_s) * 1_000 {
            return Err(Rejected::SlotTooSoon);
        }
        if ahead_ms > i64::from(slots.book_from_s) * 1_000 {
            return Err(Rejected::SlotTooFar);
        }
        let slot_end = wanted.slot.plus_ms(i64::from(slots.slot_s) * 1_000);
        let taken = self
            .appointments
            .taken(&wanted.service, wanted.slot, slot_end);
        if taken >= slots.capacity as usize {
            return Err(Rejected::SlotFull);
        }
        let booked = BookedAppointment {
            appointment: wanted.appointment,
            code: self.free_code(wanted.day, wanted.code)?,
            service: wanted.service.clone(),
            day: wanted.day,
            slot: wanted.slot,
            slot_end,
            class: wanted.class.clone(),
            language: wanted.language.clone(),
            channel: wanted.channel.clone(),
        };
        Ok(vec![Event::AppointmentBooked(booked.into())])
    }

    fn slots_of(&self, wanted: &NewAppointment) -> Result<&SlotPlan, Rejected> {
        let plan = self.plan.appointments.as_ref();
        plan.and_then(|plan| plan.services.get(&wanted.service))
            .ok_or(Rejected::NoAppointments)
    }

    /// The code asked for, or the next one up that nobody of that day has; four digits become five when they run out.
    fn free_code(
        &self,
        day: BusinessDay,
        wanted: AppointmentCode,
    ) -> Result<AppointmentCode, Rejected> {
        let taken: alloc::collections::BTreeSet<_> =
            self.appointments.of_day(day).map(|a| a.code).collect();
        let up = (wanted.get()..=AppointmentCode::LAST).chain(0..wanted.get());
        up.filter_map(AppointmentCode::new)
            .find(|code| !taken.contains(code))
            .ok_or(Rejected::SlotFull)
    }

    pub(super) fn cancel_appointment(&self, appointment: AppointmentId) -> Events {
        let known = self.appointments.get(appointment);
        match known.ok_or(Rejected::UnknownAppointment)?.state {
            AppointmentState::Booked => Ok(vec![Event::AppointmentCancelled { appointment }]),
            AppointmentState::Cancelled { .. } => Ok(vec![]),
            AppointmentState::CheckedIn { .. } => Err(Rejected::AlreadyCheckedIn),
        }
    }

    pub(super) fn check_in(&self, now: StationTime, wanted: &CheckIn) -> Events {
        let day = self.running_day()?.date;
        let appointment = self
            .appointment_named(day, &wanted.appointment)
            .ok_or(Rejected::UnknownAppointment)?;
        match appointment.state {
            AppointmentState::Booked => {}
            AppointmentState::CheckedIn { .. } => return Err(Rejected::AlreadyCheckedIn),
            AppointmentState::Cancelled { .. } => return Err(Rejected::AppointmentCancelled),
        }
        let plan = self.plan.appointments.as_ref();
        let plan = plan.ok_or(Rejected::NoAppointments)?;
        let (from, until) = plan.check_in_window(appointment.slot);
        if now < from {
            return Err(Rejected::CheckInTooEarly);
        }
        if now > until {
            return Err(Rejected::AppointmentMissed);
        }
        let attends = Attendance {
            appointment: appointment.id,
            slot: appointment.slot,
            base: plan.base(appointment.slot, now),
        };
        let ticket = NewTicket {
            ticket: wanted.ticket,
            service: appointment.service.clone(),
            then: vec![],
            class: self.class_of(plan, appointment),
            language: wanted.language.clone().or(appointment.language.clone()),
            channel: wanted.channel.clone(),
            persons: 1,
            terms: Terms::default(),
        };
        self.issue_for(now, &ticket, Some(attends))
    }

    /// The class of its ticket: the one booked, unless the station has given it up since.
    fn class_of(
        &self,
        plan: &AppointmentPlan,
        appointment: &Appointment,
    ) -> Option<crate::ClassId> {
        let booked = appointment.class.as_ref();
        let known = booked.filter(|class| self.plan.classes.contains_key(*class));
        known.or(plan.class.as_ref()).cloned()
    }

    /// An appointment by its id, or by the code it has on that day: the one that holds its slot, otherwise the last
    /// cancelled one, so that its visitor is told so.
    #[must_use]
    pub fn appointment_named(
        &self,
        day: BusinessDay,
        name: &AppointmentRef,
    ) -> Option<&Appointment> {
        match name {
            AppointmentRef::Id(id) => self.appointments.get(*id),
            AppointmentRef::Code(code) => {
                let same = |a: &&Appointment| a.day == day && a.code == *code;
                let named = self.appointments.iter().filter(same);
                named.max_by_key(|a| (a.holds_its_slot(), a.seq))
            }
        }
    }
}
