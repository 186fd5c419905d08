//! Appointments, as a list looked through from end to end.

use queue_core::{
    AppointmentId, AppointmentRef, CheckIn, ClassId, NewAppointment, NewTicket, ServiceId, Terms,
    TicketId,
};

use super::{Did, Model, Refused};

/// An appointment, times in station milliseconds.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Booking {
    pub(crate) id: AppointmentId,
    pub(crate) code: u32,
    pub(crate) service: ServiceId,
    /// `yyyymmdd`.
    pub(crate) day: i64,
    pub(crate) slot: i64,
    pub(crate) class: Option<ClassId>,
    pub(crate) cancelled: bool,
    pub(crate) ticket: Option<TicketId>,
}

impl Model {
    pub(super) fn book(&mut self, now: i64, wanted: &NewAppointment) -> Result<Did, Refused> {
        if self.day.is_none() {
            return Err("day_closed");
        }
        if self.bookings.iter().any(|b| b.id == wanted.appointment) {
            return Err("idempotency_key_reused");
        }
        if !self.plan.services.contains_key(&wanted.service) {
            return Err("unknown_service");
        }
        if let Some(class) = &wanted.class
            && !self.plan.classes.contains_key(class)
        {
            return Err("unknown_class");
        }
        let offered = self.plan.appointments.as_ref().ok_or("no_appointments")?;
        let slots = offered.services.get(&wanted.service);
        let slots = slots.ok_or("no_appointments")?;
        let ahead_s = (wanted.slot.0 - now).div_euclid(1000);
        let exactly = (wanted.slot.0 - now) % 1000 == 0;
        if ahead_s < i64::from(slots.book_until_s) {
            return Err("slot_too_soon");
        }
        let most_s = i64::from(slots.book_from_s);
        if ahead_s > most_s || ahead_s == most_s && !exactly {
            return Err("slot_too_far");
        }
        let length_ms = i64::from(slots.slot_s) * 1000;
        let together = self.bookings.iter().filter(|b| {
            !b.cancelled
                && b.service == wanted.service
                && (b.slot - wanted.slot.0).abs() < length_ms
        });
        if together.count() as u32 >= slots.capacity {
            return Err("slot_full");
        }
        let day = wanted.day.as_yyyymmdd();
        let mut code = wanted.code.get();
        let has = |b: &Booking, code| !b.cancelled && b.day == day && b.code == code;
        while self.bookings.iter().any(|b| has(b, code)) {
            code = (code + 1) % 1_000_000;
        }
        self.bookings.push(Booking {
            id: wanted.appointment,
            code,
            service: wanted.service.clone(),
            day,
            slot: wanted.slot.0,
            class: wanted.class.clone(),
            cancelled: false,
            ticket: None,
        });
        Ok(Did::event())
    }

    pub(super) fn give_up(&mut self, id: AppointmentId) -> Result<Did, Refused> {
        let booking = self.bookings.iter_mut().find(|b| b.id == id);
        let booking = booking.ok_or("unknown_appointment")?;
        if booking.ticket.is_some() {
            return Err("already_checked_in");
        }
        if booking.cancelled {
            return Ok(Did::default());
        }
        booking.cancelled = true;
        Ok(Did::event())
    }

    fn place_of(&self, named: &AppointmentRef) -> Option<usize> {
        let today = self.day.map(|(date, _)| date);
        let named_so = |b: &Booking| match named {
            AppointmentRef::Id(id) => b.id == *id,
            AppointmentRef::Code(code) => Some(b.day) == today && b.code == code.get(),
        };
        let all = || self.bookings.iter();
        // Who has the code now, otherwise who had it last.
        let now = all().position(|b| named_so(b) && !b.cancelled);
        now.or_else(|| all().rposition(named_so))
    }

    fn class_of(&self, booking: &Booking) -> Option<ClassId> {
        let still_there = |c: &ClassId| self.plan.classes.contains_key(c);
        let booked = booking.class.clone().filter(still_there);
        booked.or(self.plan.appointments.as_ref()?.class.clone())
    }

    pub(super) fn check_in(&mut self, now: i64, wanted: &CheckIn) -> Result<Did, Refused> {
        self.day_runs()?;
        let at = self.place_of(&wanted.appointment);
        let booking = self.bookings[at.ok_or("unknown_appointment")?].clone();
        if booking.ticket.is_some() {
            return Err("already_checked_in");
        }
        if booking.cancelled {
            return Err("appointment_cancelled");
        }
        let rules = self.plan.appointments.as_ref().ok_or("no_appointments")?;
        let late_ms = now - booking.slot;
        if late_ms < -1000 * i64::from(rules.check_in_before_s) {
            return Err("check_in_too_early");
        }
        if late_ms > 1000 * i64::from(rules.missed_after_s) {
            return Err("appointment_missed");
        }
        let base = if late_ms <= 1000 * i64::from(rules.grace_s) {
            booking.slot
        } else {
            now
        };
        let class = self.class_of(&booking);
        let did = self.issue(
            now,
            &NewTicket {
                ticket: wanted.ticket,
                service: booking.service,
                then: vec![],
                class,
                language: None,
                channel: wanted.channel.clone(),
                persons: 1,
                terms: Terms::default(),
            },
            Some((booking.slot, base)),
        )?;
        self.bookings[at.expect("found above")].ticket = Some(wanted.ticket);
        Ok(did)
    }
}
