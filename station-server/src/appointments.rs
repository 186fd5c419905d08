//! The calendar's side of appointments: which slots a day has, what somebody typed or scanned, who may book and check in.
//! What an appointment is worth is the engine's (`queue_core`).

use std::collections::BTreeSet;

use jiff::ToSpan;
use jiff::civil::Time;
use protocol::SlotsInfo;
use queue_core::{
    Appointment, AppointmentCode, AppointmentId, AppointmentPlan, AppointmentRef, AppointmentState,
    BusinessDay, CheckIn, Command, DayHours, LanguageTag, NewAppointment, Rejected, Reply,
    ServiceId, StationTime, TicketId, Window,
};

use axum::http::StatusCode;

use crate::access::{Principal, Role, Throttle};
use crate::app::{RequestKey, Station};
use crate::problem::ApiProblem;
use crate::zone::{date_to_day, day_to_date};

/// Wrong codes a minute, per device or member of staff.
const WRONG_CODES_MAX: u32 = 10;
/// Bookings a minute from the web, all visitors together: nobody can empty the book with a program in a moment.
const WEB_BOOKINGS_MAX: u32 = 30;
/// The problem's code where no slot begins then.
pub const UNKNOWN_SLOT: &str = "unknown_slot";
/// Codes begin with four digits.
const FIRST_CODES: u128 = 10_000;

/// What keeps appointments from being guessed or hoarded.
#[derive(Debug)]
pub struct AppointmentGuard {
    wrong_codes: Throttle,
    web_bookings: Throttle,
}

impl Default for AppointmentGuard {
    fn default() -> Self {
        Self {
            wrong_codes: Throttle::new(WRONG_CODES_MAX),
            web_bookings: Throttle::new(WEB_BOOKINGS_MAX),
        }
    }
}

/// One slot of a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Slot {
    /// When it begins.
    pub start: StationTime,
    /// When it ends.
    pub end: StationTime,
    /// Places left.
    pub left: u32,
    /// Whether it can be booked now, if there is a place.
    pub open: bool,
}

/// What became of an appointment, in one word, as lists and programs want it.
#[must_use]
pub fn state_word(
    appointment: &Appointment,
    plan: Option<&AppointmentPlan>,
    now: StationTime,
) -> &'static str {
    match appointment.state {
        AppointmentState::CheckedIn { late: true, .. } => "late",
        AppointmentState::CheckedIn { .. } => "checked_in",
        AppointmentState::Cancelled { .. } => "cancelled",
        AppointmentState::Booked => {
            let missed = plan.is_some_and(|p| now > p.check_in_window(appointment.slot).1);
            if missed { "missed" } else { "booked" }
        }
    }
}

/// What somebody typed or a scanner read: a code of 4 to 6 digits, an id, or the address of an appointment's page.
#[must_use]
pub fn read_reference(text: &str) -> Option<AppointmentRef> {
    let text = text.trim();
    let address = text.split(['?', '#']).next().unwrap_or(text);
    let last = address.rsplit('/').next().unwrap_or(address);
    if let Ok(id) = last.parse::<AppointmentId>() {
        return Some(AppointmentRef::Id(id));
    }
    text.parse::<AppointmentCode>()
        .ok()
        .map(AppointmentRef::Code)
}

impl Station {
    /// The slots of a service, if it takes appointments.
    #[must_use]
    pub fn slots_info(&self, service: &ServiceId) -> Option<&SlotsInfo> {
        let offered = self.info.appointments.as_ref()?;
        offered.services.iter().find(|s| s.service == *service)
    }

    /// Days on which a service can be booked now, today first.
    #[must_use]
    pub fn bookable_days(&self, slots: &SlotsInfo) -> Vec<BusinessDay> {
        let today = self.civil(self.live.now()).date();
        let days = (0..=i64::from(slots.days_ahead)).filter_map(|ahead| {
            let date = today.checked_add(ahead.days()).ok()?;
            Some(date_to_day(date))
        });
        days.collect()
    }

    /// The slots of a day, with the places left.
    #[must_use]
    pub fn slots(&self, info: &SlotsInfo, day: BusinessDay) -> Vec<Slot> {
        let now = self.live.now();
        let bookable_day = self.bookable_days(info).contains(&day);
        let length_ms = i64::from(info.slot_min) * 60_000;
        let starts = self.slot_starts(info, day);
        let engine = self.live.engine();
        let plan = engine.plan().appointments.as_ref();
        let rules = plan.and_then(|plan| plan.services.get(&info.service));
        let until_ms = rules.map_or(0, |r| i64::from(r.book_until_s) * 1_000);
        let slot = |start: StationTime| Slot {
            start,
            end: start.plus_ms(length_ms),
            left: engine.places_left(&info.service, start),
            open: bookable_day && start.0 - now.0 >= until_ms,
        };
        starts.into_iter().map(slot).collect()
    }

    /// Where the slots of a day begin: those within the hours of the calendar. A time that the clocks jump over has none.
    fn slot_starts(&self, info: &SlotsInfo, day: BusinessDay) -> Vec<StationTime> {
        let Some(date) = day_to_date(day) else {
            return Vec::new();
        };
        let minute = |text: &str| {
            let time: Time = text.parse().ok()?;
            Some(i64::from(time.hour()) * 60 + i64::from(time.minute()))
        };
        let step = i64::from(info.slot_min.max(1));
        let mut starts = Vec::new();
        for (open, close) in &info.hours {
            let (Some(open), Some(close)) = (minute(open), minute(close)) else {
                continue;
            };
            let mut at = open;
            while at + step <= close {
                let (hour, minute) = ((at / 60) as i8, (at % 60) as i8);
                let local = date.at(hour, minute, 0, 0);
                starts.extend(self.live.zone().instant(local).ok());
                at += step;
            }
        }
        if let Some(hours) = self.hours_of(day) {
            let until = |from: StationTime| from.plus_ms(step * 60_000);
            let slot = |from| Window {
                from,
                until: until(from),
            };
            starts.retain(|start| hours.covers(&info.service, slot(*start)));
        }
        starts
    }

    /// The hours of a day by the calendar; none where the station has none.
    fn hours_of(&self, day: BusinessDay) -> Option<DayHours> {
        let schedule = self.schedule.as_ref()?;
        Some(schedule.hours(day, &self.timezone))
    }

    /// Whether somebody is expected for an appointment that the hours of the calendar, changed since, leave out.
    #[must_use]
    pub fn is_expected_in_vain(&self, appointment: &Appointment) -> bool {
        let slot = Window {
            from: appointment.slot,
            until: appointment.slot_end,
        };
        let hours = || self.hours_of(appointment.day);
        appointment.state == AppointmentState::Booked
            && hours().is_some_and(|hours| !hours.covers(&appointment.service, slot))
    }

    /// Books a slot of the station file.
    ///
    /// # Errors
    /// Who may not book, no such slot, no place, too late.
    pub async fn book(
        &self,
        principal: &Principal,
        key: &RequestKey,
        wanted: WantedSlot,
    ) -> Result<AppointmentId, ApiProblem> {
        let now_ms = self.live.now().0;
        let is_public = principal.role == Role::Public;
        let offered = self.info.appointments.as_ref();
        let offered = offered.ok_or(Rejected::NoAppointments)?;
        if is_public && !offered.book_on_the_web {
            return Err(ApiProblem::forbidden(
                "this station takes no bookings from the web",
            ));
        }
        if is_public && self.appointments.web_bookings.is_spent("web", now_ms) {
            return Err(too_many("too many bookings at once: try again in a minute"));
        }
        let known = self.info.service(&wanted.service).is_some();
        let info = self.slots_info(&wanted.service).ok_or(if known {
            Rejected::NoAppointments
        } else {
            Rejected::UnknownService
        })?;
        let day = date_to_day(self.civil(wanted.slot).date());
        if !self.slot_starts(info, day).contains(&wanted.slot) {
            return Err(ApiProblem::new(
                StatusCode::UNPROCESSABLE_ENTITY,
                UNKNOWN_SLOT,
                "no slot of this service begins then",
            ));
        }
        if !self.bookable_days(info).contains(&day) {
            return Err(Rejected::SlotTooFar.into());
        }
        let random = uuid::Uuid::new_v4().as_u128();
        // At most 9,999, so nothing is lost.
        let number = (random % FIRST_CODES) as u32;
        let command = Command::BookAppointment(NewAppointment {
            appointment: AppointmentId(uuid::Uuid::new_v4().as_u128()),
            code: AppointmentCode::new(number).ok_or(Rejected::SlotFull)?,
            service: wanted.service,
            day,
            slot: wanted.slot,
            class: None,
            language: wanted.language,
            channel: wanted.channel,
        });
        let answer = self.submit(principal, key, command).await?;
        if is_public {
            self.appointments.web_bookings.note("web", now_ms);
        }
        match answer.reply {
            Reply::Booked { appointment } => Ok(appointment),
            _ => Err(Rejected::IdempotencyKeyReused.into()),
        }
    }

    /// Checks somebody in; the ticket.
    ///
    /// # Errors
    /// The refusal; 429 after too many wrong codes.
    pub async fn check_in(
        &self,
        principal: &Principal,
        key: &RequestKey,
        wanted: WantedCheckIn,
    ) -> Result<TicketId, ApiProblem> {
        let now_ms = self.live.now().0;
        let who = principal.actor().0;
        // Ids cannot be guessed; only codes are counted.
        let by_code = matches!(wanted.appointment, AppointmentRef::Code(_));
        if by_code && self.appointments.wrong_codes.is_spent(&who, now_ms) {
            return Err(too_many("too many wrong codes: wait a minute"));
        }
        let command = Command::CheckIn(CheckIn {
            appointment: wanted.appointment,
            ticket: wanted.ticket,
            language: wanted.language,
            channel: wanted.channel,
        });
        match self.submit(principal, key, command).await {
            Ok(answer) => match answer.reply {
                Reply::Issued { ticket } => Ok(ticket),
                _ => Err(Rejected::IdempotencyKeyReused.into()),
            },
            Err(problem) => {
                if by_code && problem.code == Rejected::UnknownAppointment.code() {
                    self.appointments.wrong_codes.note(&who, now_ms);
                }
                Err(problem)
            }
        }
    }

    /// Address of an appointment's page.
    #[must_use]
    pub fn appointment_url(&self, id: AppointmentId) -> String {
        format!("{}/a/{id}", self.info.public_url.trim_end_matches('/'))
    }

    /// An appointment with what became of it by now.
    #[must_use]
    pub fn appointment(&self, id: AppointmentId) -> Option<(Appointment, &'static str)> {
        let now = self.live.now();
        let engine = self.live.engine();
        let appointment = engine.appointment(id)?.clone();
        let word = state_word(&appointment, engine.plan().appointments.as_ref(), now);
        Some((appointment, word))
    }

    /// The appointments of a day that is today or later, in the order of their slots.
    #[must_use]
    pub fn appointments_of(&self, day: BusinessDay) -> Vec<(Appointment, &'static str)> {
        let now = self.live.now();
        let engine = self.live.engine();
        let plan = engine.plan().appointments.as_ref();
        let of_day = engine.appointments().filter(|a| a.day == day);
        let mut all: Vec<_> = of_day
            .map(|a| (a.clone(), state_word(a, plan, now)))
            .collect();
        all.sort_by_key(|(a, _)| (a.slot, a.seq));
        all
    }

    /// Today and the later days that somebody has booked.
    #[must_use]
    pub fn booked_days(&self) -> BTreeSet<BusinessDay> {
        let today = self.today();
        let engine = self.live.engine();
        let booked = engine.appointments().filter(|a| a.holds_its_slot());
        let later = booked.map(|a| a.day).filter(|day| *day > today);
        later.chain([today]).collect()
    }

    /// The day that today's appointments belong to.
    #[must_use]
    pub fn today(&self) -> BusinessDay {
        date_to_day(self.civil(self.live.now()).date())
    }
}

fn too_many(detail: &str) -> ApiProblem {
    ApiProblem::new(StatusCode::TOO_MANY_REQUESTS, "too_many_tries", detail)
}

/// A slot somebody asks for.
#[derive(Debug, Clone)]
pub struct WantedSlot {
    /// Service.
    pub service: ServiceId,
    /// When it begins.
    pub slot: StationTime,
    /// The visitor's language.
    pub language: Option<LanguageTag>,
    /// Where it is booked.
    pub channel: ServiceId,
}

/// Somebody who is here.
#[derive(Debug, Clone)]
pub struct WantedCheckIn {
    /// Fresh random id of the ticket to be given out.
    pub ticket: TicketId,
    /// Which appointment.
    pub appointment: AppointmentRef,
    /// The visitor's language.
    pub language: Option<LanguageTag>,
    /// Where.
    pub channel: ServiceId,
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_code_an_id_and_an_address_are_told_apart() {
        let id = AppointmentId(0x0123_4567_89ab_cdef_0123_4567_89ab_cdef);
        let by_id = Some(AppointmentRef::Id(id));
        assert_eq!(read_reference(&id.to_string()), by_id);
        assert_eq!(read_reference(&format!("http://s.example/a/{id}")), by_id);
        assert_eq!(
            read_reference(&format!(" https://s.example/a/{id}?lang=vi\n")),
            by_id
        );
        let code = AppointmentCode::new(42).map(AppointmentRef::Code);
        assert_eq!(read_reference(" 0042 "), code);
        for bad in [
            "",
            "42",
            "A047",
            "http://s.example/a/0042",
            "0123456789abcdef",
        ] {
            assert_eq!(read_reference(bad), None, "{bad}");
        }
    }

    proptest! {
        #[test]
        fn whatever_is_scanned_is_read_without_a_panic(text in "\\PC{0,60}|[0-9/=?#]{0,12}") {
            if let Some(AppointmentRef::Code(code)) = read_reference(&text) {
                prop_assert_eq!(code.to_string(), text.trim());
            }
        }
    }
}
