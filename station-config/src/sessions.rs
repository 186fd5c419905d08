//! Sessions in the station file: at which times, in which rooms, and what counts for whom.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use queue_core::{
    BusinessDay, ClassId, DayHours, PlanSessions, RoomPlan, ServiceId, SessionPlan, Timetable,
    Window,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::calendar::{SpanText, TimeSpan};
use crate::model::StationFile;

/// Visits of a service that begin together at fixed times, each in a seat of its own. Nobody is called one after the
/// other: a session is called, begins and ends as a whole.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Sessions {
    /// Spans in which sessions lie, one after the other: `["09:00-11:30", "13:30-16:00"]`. Where there is a calendar,
    /// only those within its hours are held.
    #[schemars(with = "Vec<SpanText>", length(min = 1))]
    pub hours: Vec<TimeSpan>,
    /// From the begin of one session to the begin of the next, in minutes, 1 to 480.
    #[schemars(range(min = 1, max = 480))]
    pub every_min: u32,
    /// How long a session lasts, in minutes, at most `every_min`. Left out: `every_min`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1, max = 480))]
    pub lasts_min: Option<u32>,
    /// The rooms. Their windows are the seats of a session; a party has one.
    #[serde(rename = "room")]
    #[schemars(length(min = 1))]
    pub rooms: Vec<Room>,
    /// So many of the seats are kept for those who are entitled to them.
    #[serde(default)]
    pub reserved: u16,
    /// Ids of the classes that are entitled.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(with = "Vec<String>")]
    pub reserved_for_classes: Vec<ClassId>,
    /// Where those ask who are entitled: `["web"]`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(with = "Vec<String>")]
    pub reserved_for_channels: Vec<ServiceId>,
    /// Whoever asks there is not in the house yet and checks in later; elsewhere taking the ticket is the check-in. Left
    /// out: `["web", "phone"]`.
    #[serde(default = "away")]
    #[schemars(with = "Vec<String>")]
    pub check_in_later: Vec<ServiceId>,
    /// Until so many minutes before it begins one can ask for a session, and has to have checked in, 0 to 240.
    #[serde(default = "fifteen")]
    #[schemars(range(max = 240))]
    pub check_in_before_min: u32,
    /// So many minutes before it begins the seats that are still kept become anybody's, 0 to 240. Left out: a third more
    /// than `check_in_before_min`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(max = 240))]
    pub release_before_min: Option<u32>,
    /// So many of the sessions to come can be asked for, 1 to 48.
    #[serde(default = "four")]
    #[schemars(range(min = 1, max = 48))]
    pub ahead: u16,
    /// Places on the waiting list of a session, 0 to 99.
    #[serde(default = "six")]
    #[schemars(range(max = 99))]
    pub waiting_max: u16,
}

/// A room in which sessions are held.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Room {
    /// Name as it stands on the door, at most 40 bytes: `A`.
    #[schemars(length(min = 1, max = 40))]
    pub name: String,
    /// Windows, 1 to 200.
    #[schemars(range(min = 1, max = 200))]
    pub windows: u16,
}

fn away() -> Vec<ServiceId> {
    let channels = ["web", "phone"].into_iter();
    channels.filter_map(|id| ServiceId::new(id).ok()).collect()
}

fn fifteen() -> u32 {
    15
}

fn four() -> u16 {
    4
}

fn six() -> u16 {
    6
}

impl Sessions {
    fn plan(&self, persons_max: u16) -> SessionPlan {
        let release_min = self.release_before_min;
        let release_min =
            release_min.unwrap_or(self.check_in_before_min + self.check_in_before_min.div_ceil(3));
        SessionPlan {
            rooms: self
                .rooms
                .iter()
                .map(|room| RoomPlan {
                    name: room.name.clone(),
                    windows: room.windows,
                })
                .collect(),
            reserved: self.reserved,
            reserved_classes: self.reserved_for_classes.iter().cloned().collect(),
            reserved_channels: self.reserved_for_channels.iter().cloned().collect(),
            remote_channels: self.check_in_later.iter().cloned().collect(),
            check_in_before_s: self.check_in_before_min.saturating_mul(60),
            release_before_s: release_min.saturating_mul(60),
            persons_max,
            ahead: self.ahead,
            waiting_max: self.waiting_max,
        }
    }

    /// When they begin and end on a date.
    fn on(&self, date: Date, zone: &TimeZone) -> Vec<Window> {
        let step_ms = i64::from(self.every_min.max(1)) * 60_000;
        let lasts_ms = i64::from(self.lasts_min.unwrap_or(self.every_min)) * 60_000;
        let spans = self.hours.iter().filter_map(|span| span.on(date, zone));
        let mut all: Vec<_> = spans
            .flat_map(|span| {
                let begins = (0..).map(move |nth| span.from.plus_ms(nth * step_ms));
                begins
                    .map(move |from| Window {
                        from,
                        until: from.plus_ms(lasts_ms),
                    })
                    .take_while(move |session| session.until <= span.until)
            })
            .collect();
        all.sort();
        all.dedup_by_key(|session| session.from);
        all
    }
}

/// The timetables of a station: enough to tell the sessions of any day.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SessionTimes(Vec<(ServiceId, Sessions)>);

impl SessionTimes {
    /// The sessions of a day, within the hours of the calendar where there is one.
    #[must_use]
    pub fn of(&self, day: BusinessDay, hours: Option<&DayHours>, zone: &TimeZone) -> Timetable {
        let Some(date) = crate::calendar::date_of(day) else {
            return Timetable::new();
        };
        let services = self.0.iter().map(|(service, sessions)| {
            let mut times = sessions.on(date, zone);
            times.retain(|session| hours.is_none_or(|hours| hours.covers(service, *session)));
            (service.clone(), times)
        });
        services.filter(|(_, times)| !times.is_empty()).collect()
    }
}

impl StationFile {
    /// When sessions are held.
    #[must_use]
    pub fn session_times(&self) -> SessionTimes {
        let services = self.services.iter();
        let held = services.filter_map(|s| Some((s.id.clone(), s.sessions.clone()?)));
        SessionTimes(held.collect())
    }

    pub(crate) fn plan_sessions(&self) -> PlanSessions {
        let services = self.services.iter();
        services
            .filter_map(|s| Some((s.id.clone(), s.sessions.as_ref()?.plan(s.max_persons))))
            .collect()
    }
}
