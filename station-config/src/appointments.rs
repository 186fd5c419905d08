//! Appointments in the station file, and what engine and screens take from them.

use protocol::{AppointmentsInfo, SlotsInfo};
use queue_core::{AppointmentPlan, ClassId, ServiceId, SlotPlan};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::model::{Hours, StationFile};

/// Appointments: for which services, at which times, and what counts when the visitor comes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Appointments {
    /// Class of the tickets of those who have checked in. Left out: the default class.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>", extend("pattern" = "^[A-Za-z0-9_-]{1,32}$"))]
    pub class: Option<ClassId>,
    /// Who checks in no later than so many minutes after the time booked counts from that time; later, from the check-in.
    #[serde(default = "ten")]
    #[schemars(range(max = 60))]
    pub grace_min: u32,
    /// Checking in begins so many minutes before the time booked.
    #[serde(default = "thirty")]
    #[schemars(range(max = 90))]
    pub check_in_before_min: u32,
    /// Checking in ends so many minutes after the time booked; the appointment is missed then.
    #[serde(default = "thirty")]
    #[schemars(range(max = 240))]
    pub missed_after_min: u32,
    /// Who came early is called only from so many minutes before the time booked on, unless a counter has nobody else.
    #[serde(default = "ten")]
    #[schemars(range(max = 60))]
    pub callable_before_min: u32,
    /// Whether visitors may book on the station's web page. Staff may always.
    #[serde(default = "yes")]
    pub book_on_the_web: bool,
    /// Whether visitors may check in on their own telephone. At the kiosk and with staff they always may.
    #[serde(default = "yes")]
    pub check_in_by_phone: bool,
    /// The services.
    #[serde(rename = "service", default)]
    #[schemars(length(min = 1))]
    pub services: Vec<Slots>,
}

/// The times one can book for a service.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Slots {
    /// Id of the service.
    #[schemars(with = "String", extend("pattern" = "^[A-Za-z0-9_-]{1,32}$"))]
    pub service: ServiceId,
    /// Length of a slot in minutes, 1 to 240.
    #[schemars(range(min = 1, max = 240))]
    pub slot_min: u32,
    /// Appointments at the same time, 1 to 50.
    #[schemars(range(min = 1, max = 50))]
    pub capacity: u32,
    /// Hours in which slots lie. Left out: the opening hours. Where there is a calendar, only slots within its hours are
    /// offered.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub hours: Vec<Hours>,
    /// The last moment to book is so many minutes before the slot.
    #[serde(default = "sixty")]
    #[schemars(range(max = 10_080))]
    pub book_until_min: u32,
    /// One can book so many days ahead; 0: for the same day only.
    #[serde(default = "fourteen")]
    #[schemars(range(max = 180))]
    pub book_days_ahead: u32,
}

fn ten() -> u32 {
    10
}

fn thirty() -> u32 {
    30
}

fn sixty() -> u32 {
    60
}

fn fourteen() -> u32 {
    14
}

fn yes() -> bool {
    true
}

fn seconds(minutes: u32) -> u32 {
    minutes.saturating_mul(60)
}

impl Appointments {
    /// The part that the engine decides by.
    pub(crate) fn plan(&self) -> AppointmentPlan {
        let slots = |s: &Slots| {
            let plan = SlotPlan {
                slot_s: seconds(s.slot_min),
                capacity: s.capacity,
                book_until_s: seconds(s.book_until_min),
                // The last bookable day in full; which day that is, the server knows.
                book_from_s: s.book_days_ahead.saturating_add(1).saturating_mul(86_400),
            };
            (s.service.clone(), plan)
        };
        AppointmentPlan {
            class: self.class.clone(),
            grace_s: seconds(self.grace_min),
            check_in_before_s: seconds(self.check_in_before_min),
            missed_after_s: seconds(self.missed_after_min),
            callable_before_s: seconds(self.callable_before_min),
            services: self.services.iter().map(slots).collect(),
        }
    }

    /// The part that screens show.
    pub(crate) fn info(&self, file: &StationFile) -> AppointmentsInfo {
        let slots = |s: &Slots| {
            let opening = [file.station.hours];
            let hours: &[Hours] = if s.hours.is_empty() {
                &opening
            } else {
                &s.hours
            };
            SlotsInfo {
                service: s.service.clone(),
                slot_min: s.slot_min,
                hours: hours
                    .iter()
                    .map(|h| (h.open.to_string(), h.close.to_string()))
                    .collect(),
                days_ahead: s.book_days_ahead,
            }
        };
        AppointmentsInfo {
            book_on_the_web: self.book_on_the_web,
            check_in_by_phone: self.check_in_by_phone,
            services: self.services.iter().map(slots).collect(),
        }
    }
}
