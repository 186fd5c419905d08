//! The calendar: weekly hours, dates that differ from them, and the instants that come of them on one day.

use std::fmt;
use std::str::FromStr;

use jiff::ToSpan;
use jiff::civil::{Date, Weekday};
use jiff::tz::TimeZone;
use queue_core::{BusinessDay, DayHours, Quota, ServiceHours, ServiceId, StationTime, Window};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::model::StationFile;
use crate::time_of_day::TimeOfDay;

/// How far ahead the next opening is looked for.
const DAYS_AHEAD: i32 = 400;

/// When the station is open. Outside these hours visitors get no tickets.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Calendar {
    /// Hours by day of the week. A day that is not named is closed.
    pub weekly: Vec<WeekHours>,
    /// Dates that differ: holidays (no hours), make-up working days, other hours.
    #[serde(rename = "date", default, skip_serializing_if = "Vec::is_empty")]
    pub dates: Vec<DateHours>,
    /// The business day begins so many minutes before the first hour, so that staff can open their counters, 0 to 240.
    #[serde(default = "open_before_min")]
    #[schemars(range(max = 240))]
    pub open_before_min: u32,
    /// After the last hour the business day ends by itself with the last visitor; at the latest so many minutes later,
    /// and whoever still waits then is noted as not served, 0 to 480.
    #[serde(default = "close_after_min")]
    #[schemars(range(max = 480))]
    pub close_after_min: u32,
}

/// Hours on days of the week.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct WeekHours {
    /// The days: `["mon", "tue"]`.
    #[schemars(length(min = 1))]
    pub days: Vec<DayName>,
    /// Spans in the station's time zone: `["08:00-12:00", "13:00-17:00"]`.
    #[schemars(with = "Vec<SpanText>", length(min = 1))]
    pub hours: Vec<TimeSpan>,
}

/// A date, or several in a row, with hours of its own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DateHours {
    /// The date: `"2026-10-10"`.
    #[schemars(with = "String", extend("pattern" = "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"))]
    pub date: BusinessDay,
    /// The last date of several in a row. Left out: one date.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>")]
    pub until: Option<BusinessDay>,
    /// Spans; none: closed.
    #[serde(default)]
    #[schemars(with = "Vec<SpanText>")]
    pub hours: Vec<TimeSpan>,
    /// Why: `國慶日`.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
}

/// A day of the week.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "lowercase")]
pub enum DayName {
    /// Monday.
    Mon,
    /// Tuesday.
    Tue,
    /// Wednesday.
    Wed,
    /// Thursday.
    Thu,
    /// Friday.
    Fri,
    /// Saturday.
    Sat,
    /// Sunday.
    Sun,
}

impl From<Weekday> for DayName {
    fn from(day: Weekday) -> Self {
        match day {
            Weekday::Monday => Self::Mon,
            Weekday::Tuesday => Self::Tue,
            Weekday::Wednesday => Self::Wed,
            Weekday::Thursday => Self::Thu,
            Weekday::Friday => Self::Fri,
            Weekday::Saturday => Self::Sat,
            Weekday::Sunday => Self::Sun,
        }
    }
}

/// So many tickets of a service in a span of every day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct QuotaRule {
    /// The span: `08:00-12:00`.
    #[schemars(with = "SpanText")]
    pub hours: TimeSpan,
    /// Most tickets in it, 1 to 10,000.
    #[schemars(range(min = 1, max = 10_000))]
    pub tickets: u32,
}

/// A span of a day, written `08:00-12:00`; its end is after its beginning.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct TimeSpan {
    from: TimeOfDay,
    until: TimeOfDay,
}

/// A text that is no span.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{0}` is not a span of a day, expected HH:MM-HH:MM such as 08:00-12:00, 23:59 at the latest"
)]
pub struct BadTimeSpan(String);

/// How a span is written.
#[derive(JsonSchema)]
#[schemars(transparent)]
pub(crate) struct SpanText(
    #[schemars(extend("pattern" = "^([01][0-9]|2[0-3]):[0-5][0-9]-([01][0-9]|2[0-3]):[0-5][0-9]$"))]
    #[allow(dead_code, reason = "only its schema is used")]
    String,
);

impl TimeSpan {
    /// First minute.
    #[must_use]
    pub fn from(self) -> TimeOfDay {
        self.from
    }

    /// First minute after it.
    #[must_use]
    pub fn until(self) -> TimeOfDay {
        self.until
    }

    pub(crate) fn on(self, date: Date, zone: &TimeZone) -> Option<Window> {
        Some(Window {
            from: instant(date, self.from, zone)?,
            until: instant(date, self.until, zone)?,
        })
    }
}

impl fmt::Display for TimeSpan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.from, self.until)
    }
}

impl FromStr for TimeSpan {
    type Err = BadTimeSpan;

    fn from_str(text: &str) -> Result<Self, BadTimeSpan> {
        let span = text.split_once('-').and_then(|(from, until)| {
            let (from, until) = (from.parse().ok()?, until.parse().ok()?);
            (from < until).then_some(Self { from, until })
        });
        span.ok_or_else(|| BadTimeSpan(text.to_owned()))
    }
}

impl TryFrom<String> for TimeSpan {
    type Error = BadTimeSpan;

    fn try_from(text: String) -> Result<Self, BadTimeSpan> {
        text.parse()
    }
}

impl From<TimeSpan> for String {
    fn from(span: TimeSpan) -> String {
        span.to_string()
    }
}

/// The calendar with what the services have of their own: enough to tell the hours of any day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Schedule {
    calendar: Calendar,
    services: Vec<ServiceSchedule>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct ServiceSchedule {
    id: ServiceId,
    hours: Vec<TimeSpan>,
    quotas: Vec<QuotaRule>,
}

impl StationFile {
    /// The hours of the station; none where the file has no calendar.
    #[must_use]
    pub fn schedule(&self) -> Option<Schedule> {
        let with_own = self
            .services
            .iter()
            .filter(|s| !s.hours.is_empty() || !s.quotas.is_empty());
        Some(Schedule {
            calendar: self.calendar.clone()?,
            services: with_own
                .map(|s| ServiceSchedule {
                    id: s.id.clone(),
                    hours: s.hours.clone(),
                    quotas: s.quotas.clone(),
                })
                .collect(),
        })
    }
}

impl Schedule {
    /// How long before the first hour a business day begins, milliseconds.
    #[must_use]
    pub fn open_before_ms(&self) -> i64 {
        i64::from(self.calendar.open_before_min) * 60_000
    }

    /// How long after the last hour a business day ends at the latest, milliseconds.
    #[must_use]
    pub fn close_after_ms(&self) -> i64 {
        i64::from(self.calendar.close_after_min) * 60_000
    }

    /// The hours of a day.
    #[must_use]
    pub fn hours(&self, day: BusinessDay, zone: &TimeZone) -> DayHours {
        let Some(date) = date_of(day) else {
            return DayHours::default();
        };
        let own = self.services.iter().map(|service| {
            let has_hours = !service.hours.is_empty();
            let hours = ServiceHours {
                windows: has_hours.then(|| self.windows(date, Some(service), zone)),
                quotas: service
                    .quotas
                    .iter()
                    .filter_map(|quota| {
                        Some(Quota {
                            window: quota.hours.on(date, zone)?,
                            tickets: quota.tickets,
                        })
                    })
                    .collect(),
                next_opening: self
                    .next_opening(date, Some(service), zone)
                    .filter(|_| has_hours),
            };
            (service.id.clone(), hours)
        });
        DayHours {
            station: self.windows(date, None, zone),
            services: own.collect(),
            next_opening: self.next_opening(date, None, zone),
        }
    }

    /// The spans of a date: its own, where it is named; of several that name it the last; else those of its day of the
    /// week.
    fn spans(&self, date: Date) -> Vec<TimeSpan> {
        let day = day_of(date);
        let named = |d: &&DateHours| d.date <= day && day <= d.until.unwrap_or(d.date);
        let mut spans: Vec<TimeSpan> = match self.calendar.dates.iter().rev().find(named) {
            Some(date) => date.hours.clone(),
            None => {
                let name = DayName::from(date.weekday());
                let weekly = self.calendar.weekly.iter();
                weekly
                    .filter(|week| week.days.contains(&name))
                    .flat_map(|week| week.hours.iter().copied())
                    .collect()
            }
        };
        spans.sort();
        spans
    }

    /// The spans of a date as instants; those of a service lie within those of the station.
    fn windows(
        &self,
        date: Date,
        service: Option<&ServiceSchedule>,
        zone: &TimeZone,
    ) -> Vec<Window> {
        let on = |spans: &[TimeSpan]| -> Vec<Window> {
            spans
                .iter()
                .filter_map(|span| span.on(date, zone))
                .collect()
        };
        let station = on(&self.spans(date));
        let Some(service) = service.filter(|s| !s.hours.is_empty()) else {
            return station;
        };
        let own = on(&service.hours);
        let mut both: Vec<Window> = station
            .iter()
            .flat_map(|theirs| {
                own.iter().map(|own| Window {
                    from: theirs.from.max(own.from),
                    until: theirs.until.min(own.until),
                })
            })
            .filter(|window| window.from < window.until)
            .collect();
        both.sort();
        both
    }

    fn next_opening(
        &self,
        date: Date,
        service: Option<&ServiceSchedule>,
        zone: &TimeZone,
    ) -> Option<StationTime> {
        (1..=DAYS_AHEAD)
            .map_while(|days| date.checked_add(days.days()).ok())
            .find_map(|day| self.windows(day, service, zone).first().map(|w| w.from))
    }
}

/// Where the clocks are put forward over it, the instant after; where they are put back, the first of the two.
fn instant(date: Date, time: TimeOfDay, zone: &TimeZone) -> Option<StationTime> {
    let (hour, minute) = (
        i8::try_from(time.hour()).ok()?,
        i8::try_from(time.minute()).ok()?,
    );
    let local = date.at(hour, minute, 0, 0).to_zoned(zone.clone()).ok()?;
    Some(StationTime(local.timestamp().as_millisecond()))
}

pub(crate) fn date_of(day: BusinessDay) -> Option<Date> {
    Date::new(
        i16::try_from(day.year).ok()?,
        i8::try_from(day.month).ok()?,
        i8::try_from(day.day).ok()?,
    )
    .ok()
}

fn day_of(date: Date) -> BusinessDay {
    // Within 1 to 12 and 1 to 31; years before 1 do not come from a business day.
    BusinessDay {
        year: date.year().max(1) as u16,
        month: date.month() as u8,
        day: date.day() as u8,
    }
}

fn open_before_min() -> u32 {
    60
}

fn close_after_min() -> u32 {
    120
}
