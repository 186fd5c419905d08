//! When business days begin and end: by the station's calendar, or at midnight where it has none; and its look at the
//! lines, once a second.

use queue_core::{Actor, Command, Envelope, StationTime};

use super::round::Rounds;
use crate::journal::JournalError;

/// How often the station looks at hours and lines, milliseconds.
pub(super) const LOOK_MS: i64 = 1_000;

impl Rounds {
    /// The station file may say other hours than the day began with.
    pub(super) fn take_hours(&mut self, now: StationTime) -> Result<(), JournalError> {
        let Some(day) = self.engine().day() else {
            return Ok(());
        };
        let hours = self.schedule_hours(day);
        let is_over = |hours: &queue_core::DayHours| hours.closing().is_none_or(|end| end <= now);
        // Opened by hand outside all hours, and left so.
        let extra = self.engine().open_day().is_some() && self.engine().hours().is_none();
        if extra && hours.as_ref().is_some_and(is_over) {
            return Ok(());
        }
        let hours = hours.map(Box::new);
        self.by_calendar(now, Command::SetHours { hours })
    }

    /// Brings the business day up to the calendar. A day that staff closed stays closed.
    pub(super) fn keep_day(&mut self, now: StationTime) -> Result<(), JournalError> {
        let today = self.zone().date(now);
        self.midnight = self.zone().end_of(today);
        self.end_past_day(now)?;
        if !self.auto_day {
            return Ok(());
        }
        let is_new = self.engine().day().is_none_or(|day| day < today);
        match self.schedule_hours(today) {
            None if is_new => {
                let open = Command::OpenDay {
                    day: today,
                    hours: None,
                };
                self.keep_house(now, open)
            }
            Some(hours) if is_new => {
                let first = hours.station.iter().map(|w| w.from).min();
                let begin = first.map(|first| first.plus_ms(-self.open_before_ms()));
                let has_begun = begin.is_some_and(|begin| begin <= now);
                if !has_begun || hours.closing().is_none_or(|closing| closing <= now) {
                    return Ok(());
                }
                let open = Command::OpenDay {
                    day: today,
                    hours: Some(hours.into()),
                };
                self.by_calendar(now, open)
            }
            _ => self.end_by_calendar(now),
        }
    }

    /// After the last hour the day ends with the last visitor, at the latest when its time has run out.
    fn end_by_calendar(&mut self, now: StationTime) -> Result<(), JournalError> {
        let engine = self.engine();
        let (Some(_), Some(hours)) = (engine.open_day(), engine.hours()) else {
            return Ok(());
        };
        // Closed all day since the file changed: as if closing time had passed.
        let closing = hours.closing().unwrap_or(now);
        let latest = closing.plus_ms(self.close_after_ms());
        let is_over = now >= closing
            && (now >= latest || engine.tickets().all(|ticket| !ticket.state.is_open()));
        if is_over {
            self.by_calendar(now, Command::CloseDay)?;
        }
        Ok(())
    }

    /// Ends a business day whose date is over, as of the end it would have had.
    pub(super) fn end_past_day(&mut self, now: StationTime) -> Result<(), JournalError> {
        let today = self.zone().date(now);
        match self.engine().open_day() {
            Some(day) if self.auto_day && day < today => {
                let midnight = self.zone().end_of(day);
                let closing = self.engine().hours().and_then(|hours| hours.closing());
                let latest = closing.map(|closing| closing.plus_ms(self.close_after_ms()));
                let end = latest.map_or(midnight, |latest| latest.min(midnight));
                self.keep_house(end.min(now), Command::CloseDay)
            }
            _ => Ok(()),
        }
    }

    /// Raises and clears alarms, and makes the recalls that are due.
    pub(super) fn look_at_lines(&mut self, now: StationTime) -> Result<(), JournalError> {
        let engine = self.engine();
        let watches = engine.plan().limits.alarm_after_s.is_some() || !engine.alarms().is_empty();
        if engine.open_day().is_some() && watches {
            self.keep_house(now, Command::Watch)?;
        }
        if self.engine().plan().rules.no_show.automatic_recalls {
            self.keep_house(now, Command::RecallDue)?;
        }
        Ok(())
    }

    fn by_calendar(&mut self, now: StationTime, command: Command) -> Result<(), JournalError> {
        self.keep_house_as(
            now,
            &Envelope {
                command_ref: None,
                actor: Actor("system/calendar".to_owned()),
                command,
            },
        )
    }
}
