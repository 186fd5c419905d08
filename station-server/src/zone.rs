//! The station's time zone: which day and hour an instant belongs to on the clock in the hall.

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::tz::{AmbiguousOffset, TimeZone};
use queue_core::statistics::hour_bin;
use queue_core::{BusinessDay, StationTime};
use thiserror::Error;

/// Milliseconds of a second.
const MS: i64 = 1_000;

/// A name that is not in the time zone database.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("`{0}` is not a known time zone: expected a name such as `Asia/Taipei`")]
pub struct UnknownZone(pub String);

/// Why a local date-time names no single instant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum NoInstant {
    /// The clocks were put forward over it.
    #[error("this time does not exist: the clocks were put forward over it")]
    Gap,
    /// Outside the years the station can handle.
    #[error("the date is outside the years 1 to 9999")]
    OutOfRange,
}

/// A time zone of the IANA database.
#[derive(Debug, Clone)]
pub struct Zone {
    name: String,
    zone: TimeZone,
}

impl Zone {
    /// Looks a zone up by name, `Asia/Taipei`.
    ///
    /// # Errors
    /// [`UnknownZone`] when neither the system nor the built-in database has it.
    pub fn named(name: &str) -> Result<Self, UnknownZone> {
        let zone = TimeZone::get(name).map_err(|_| UnknownZone(name.to_owned()))?;
        Ok(Self {
            name: name.to_owned(),
            zone,
        })
    }

    /// The name it was looked up by.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The zone itself.
    #[must_use]
    pub fn time_zone(&self) -> &TimeZone {
        &self.zone
    }

    /// Seconds since 1970-01-01T00:00 on the station's own calendar.
    pub(crate) fn local_s(&self, at: StationTime) -> i64 {
        let utc_s = at.0.div_euclid(MS);
        // Instants outside the years 1 to 9999 are read as UTC; nothing real is out there.
        let offset_s = Timestamp::from_second(utc_s)
            .map_or(0, |instant| self.zone.to_offset(instant).seconds());
        utc_s + i64::from(offset_s)
    }

    /// The hour of the day, 0 to 23.
    #[must_use]
    pub fn hour(&self, at: StationTime) -> u8 {
        hour_bin(self.local_s(at))
    }

    /// The calendar date.
    #[must_use]
    pub fn date(&self, at: StationTime) -> BusinessDay {
        let instant = Timestamp::from_millisecond(at.0).unwrap_or(Timestamp::UNIX_EPOCH);
        date_to_day(self.zone.to_datetime(instant).date())
    }

    /// The first instant of `day`.
    #[must_use]
    pub fn start_of(&self, day: BusinessDay) -> StationTime {
        day_to_date(day)
            .and_then(|date| date.to_zoned(self.zone.clone()).ok())
            .map_or(StationTime(i64::MIN), |midnight| {
                StationTime(midnight.timestamp().as_millisecond())
            })
    }

    /// The first instant after `day`.
    #[must_use]
    pub fn end_of(&self, day: BusinessDay) -> StationTime {
        day_to_date(day)
            .and_then(|date| date.tomorrow().ok())
            .and_then(|next| next.to_zoned(self.zone.clone()).ok())
            .map_or(StationTime(i64::MAX), |midnight| {
                StationTime(midnight.timestamp().as_millisecond())
            })
    }

    /// The instant a local date-time names; where the clocks were put back, the first of the two.
    ///
    /// # Errors
    /// [`NoInstant`].
    pub fn instant(&self, local: DateTime) -> Result<StationTime, NoInstant> {
        let ambiguous = self.zone.to_ambiguous_timestamp(local);
        if matches!(ambiguous.offset(), AmbiguousOffset::Gap { .. }) {
            return Err(NoInstant::Gap);
        }
        ambiguous
            .earlier()
            .map(|instant| StationTime(instant.as_millisecond()))
            .map_err(|_| NoInstant::OutOfRange)
    }
}

/// A calendar date as the engine writes it. Dates before the year 1 become the year 1.
pub(crate) fn date_to_day(date: Date) -> BusinessDay {
    // Within 1 to 9999, 1 to 12 and 1 to 31, so nothing is lost.
    BusinessDay {
        year: date.year().max(1) as u16,
        month: date.month() as u8,
        day: date.day() as u8,
    }
}

/// A calendar date as the calendar library has it.
pub(crate) fn day_to_date(day: BusinessDay) -> Option<Date> {
    Date::new(
        i16::try_from(day.year).ok()?,
        i8::try_from(day.month).ok()?,
        i8::try_from(day.day).ok()?,
    )
    .ok()
}

/// The day of the integer `yyyymmdd`, as it is stored.
pub(crate) fn day_from_yyyymmdd(stored: i64) -> Option<BusinessDay> {
    format!(
        "{:04}-{:02}-{:02}",
        stored / 10_000,
        stored / 100 % 100,
        stored % 100
    )
    .parse()
    .ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn taipei() -> Zone {
        Zone::named("Asia/Taipei").unwrap()
    }

    #[test]
    fn the_hall_clock_decides_day_and_hour() {
        // 2026-11-22T16:30Z is half past midnight of the 23rd in Taipei.
        let at = StationTime(1_795_365_000_000);
        assert_eq!(taipei().date(at).to_string(), "2026-11-23");
        assert_eq!(taipei().hour(at), 0);
        let midnight = taipei().end_of("2026-11-22".parse().unwrap());
        assert_eq!(at.since_ms(midnight), 30 * 60 * 1000);
        assert_eq!(taipei().hour(midnight.plus_ms(-1)), 23);
    }

    #[test]
    fn a_time_the_clocks_jumped_over_is_refused() {
        let berlin = Zone::named("Europe/Berlin").unwrap();
        assert_eq!(
            berlin.instant("2026-03-29T02:30:00".parse().unwrap()),
            Err(NoInstant::Gap)
        );
        let twice = berlin.instant("2026-10-25T02:30:00".parse().unwrap());
        assert_eq!(twice, Ok(StationTime(1_792_888_200_000)));
    }

    #[test]
    fn a_stored_day_is_read_back() {
        let day = "2026-02-03".parse::<BusinessDay>().unwrap();
        assert_eq!(day_from_yyyymmdd(day.as_yyyymmdd()), Some(day));
        assert_eq!(day_from_yyyymmdd(20_260_230), None);
    }
}
