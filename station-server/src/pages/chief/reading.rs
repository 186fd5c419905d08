//! What the chief's pages read from the reports.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use axum::http::StatusCode;
use jiff::civil::Date;
use queue_core::BusinessDay;
use queue_core::statistics::Figures;

use super::heat::{DAYS_MAX, DayRow};
use super::past::{self, Past};
use super::period::Period;
use super::process::DayMedian;
use crate::app::{App, Station};
use crate::problem::ApiProblem;
use crate::reports::{
    Balance, By, Level, Page, ReportError, Reports, ServiceWaits, StatsQuery, StatsReport,
    StatsRow, TicketFilter, TicketList,
};
use crate::zone::date_to_day;

/// Days looked back for a comparison; enough for [`past::DAYS_MAX`] business days with a long holiday between.
const LOOK_BACK_DAYS: i32 = 28;
/// Tickets on one page of the list.
pub(super) const TICKETS_PER_PAGE: u32 = 50;

/// Everything the history page says about one period.
pub(super) struct Found {
    /// The groups.
    pub(super) rows: Vec<StatsRow>,
    /// The whole period.
    pub(super) total: Figures,
    /// By counter: how evenly the work was spread.
    pub(super) balance: Option<Balance>,
    /// Hours of the last days with data.
    pub(super) heat: Vec<DayRow>,
    /// Every single wait, by service.
    pub(super) waits: BTreeMap<String, ServiceWaits>,
    /// The median wait of each day on which anybody was called, oldest first.
    pub(super) medians: Vec<DayMedian>,
    /// For a single day: its tickets, one page of them.
    pub(super) tickets: Option<TicketList>,
}

/// Runs a report on a thread of its own: the database calls block.
///
/// # Errors
/// 503 with the reason.
pub(super) async fn read<T: Send + 'static>(
    app: &App,
    report: impl FnOnce(&Reports) -> Result<T, ReportError> + Send + 'static,
) -> Result<T, ApiProblem> {
    let app = app.clone();
    let unreadable =
        |why: String| ApiProblem::new(StatusCode::SERVICE_UNAVAILABLE, "unavailable", why);
    let read = tokio::task::spawn_blocking(move || report(&app.reports)).await;
    read.map_err(|e| unreadable(e.to_string()))?
        .map_err(|e| unreadable(e.to_string()))
}

/// Today in the hall.
pub(super) fn today(station: &Station) -> Date {
    station.civil(station.live.now()).date()
}

/// The days that have tickets, oldest first.
pub(super) fn days_with_data(reports: &Reports) -> Result<Vec<Date>, ReportError> {
    Ok(reports.days()?.into_iter().filter_map(date_of).collect())
}

/// The groups of a period and the whole of it.
pub(super) fn groups(
    reports: &Reports,
    period: &Period,
) -> Result<(StatsReport, Figures), ReportError> {
    let (days, level) = ((period.from, period.to), period.level);
    let report = report(reports, days, Some(period.by), level)?;
    let total = stats(reports, days, None, level)?.into_iter().next();
    Ok((report, total.map(|row| row.figures).unwrap_or_default()))
}

/// Everything about a period; `days` are the days with data, `page` the page of the ticket list.
pub(super) fn find(
    reports: &Reports,
    period: &Period,
    days: &[Date],
    page: u32,
) -> Result<Found, ReportError> {
    let (StatsReport { rows, balance, .. }, total) = groups(reports, period)?;
    // For a single day the bars by hour say the same.
    let several = if period.from < period.to { DAYS_MAX } else { 0 };
    let inside = days
        .iter()
        .rev()
        .filter(|day| (period.from..=period.to).contains(day));
    let mut heat = Vec::new();
    for day in inside.take(several) {
        let hours = stats(reports, (*day, *day), Some(By::Hour), period.level)?;
        let hours = hours
            .into_iter()
            .filter_map(|row| Some((row.key?.parse().ok()?, row.figures)));
        heat.push(DayRow {
            day: *day,
            hours: hours.collect(),
        });
    }
    heat.reverse();
    let tickets = if period.from == period.to {
        let part = Page {
            offset: page.saturating_mul(TICKETS_PER_PAGE),
            limit: TICKETS_PER_PAGE,
        };
        Some(reports.ticket_list(date_to_day(period.from), &TicketFilter::default(), part)?)
    } else {
        None
    };
    let of_days = match period.by {
        By::Day => rows.clone(),
        _ if period.from == period.to => Vec::new(),
        _ => stats(
            reports,
            (period.from, period.to),
            Some(By::Day),
            period.level,
        )?,
    };
    let medians = of_days.into_iter().filter_map(|row| {
        Some(DayMedian {
            day: row.key?.parse().ok()?,
            n: row.figures.wait.waits.n,
            median_s: row.figures.wait.waits.median_s?,
        })
    });
    Ok(Found {
        waits: reports.waits(
            date_to_day(period.from),
            date_to_day(period.to),
            period.level,
        )?,
        medians: medians.collect(),
        rows,
        total,
        balance,
        heat,
        tickets,
    })
}

/// The last comparison with earlier days that was computed, and of what it speaks.
#[derive(Debug, Default)]
pub(crate) struct EarlierDays(Mutex<Option<(AsOf, Past)>>);

/// What earlier days depend on. An import needs the station to stand, so of all days before today only the one still in
/// the engine's memory can change, as long as no newer one was opened; the place in the log stands for its changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct AsOf {
    today: Date,
    seq: Option<u64>,
}

impl AsOf {
    fn now(station: &Station) -> Self {
        let today = today(station);
        let engine = station.live.engine();
        let changing = engine.day().is_some_and(|day| day < date_to_day(today));
        Self {
            today,
            seq: changing.then(|| engine.seq()),
        }
    }
}

impl EarlierDays {
    fn known(&self, as_of: AsOf) -> Option<Past> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.as_ref()
            .filter(|(of, _)| *of == as_of)
            .map(|(_, past)| past.clone())
    }

    fn keep(&self, as_of: AsOf, past: &Past) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *kept = Some((as_of, past.clone()));
    }
}

/// The business days before today, for comparison.
pub(super) async fn earlier_days(app: &App) -> Past {
    let as_of = AsOf::now(app);
    if let Some(past) = app.earlier_days.known(as_of) {
        return past;
    }
    let today = as_of.today;
    let back = |days: i32| {
        today
            .checked_sub(jiff::Span::new().days(days))
            .unwrap_or(today)
    };
    let (from, to) = (back(LOOK_BACK_DAYS), back(1));
    let rows = read(app, move |reports| {
        stats(reports, (from, to), Some(By::Day), Level::Visit)
    })
    .await;
    // Without a comparison the page still says what is now.
    let Ok(rows) = rows else {
        return Past::default();
    };
    let past = Past::of_days(rows.iter().map(|row| &row.figures));
    app.earlier_days.keep(as_of, &past);
    past
}

fn stats(
    reports: &Reports,
    days: (Date, Date),
    by: Option<By>,
    level: Level,
) -> Result<Vec<StatsRow>, ReportError> {
    Ok(report(reports, days, by, level)?.rows)
}

fn report(
    reports: &Reports,
    (from, to): (Date, Date),
    by: Option<By>,
    level: Level,
) -> Result<StatsReport, ReportError> {
    let query = StatsQuery {
        from: date_to_day(from),
        to: date_to_day(to),
        by,
        level,
    };
    reports.stats(&query)
}

fn date_of(day: BusinessDay) -> Option<Date> {
    let (year, month, day) = (
        i16::try_from(day.year).ok()?,
        i8::try_from(day.month).ok()?,
        i8::try_from(day.day).ok()?,
    );
    Date::new(year, month, day).ok()
}

const _: () = assert!(past::DAYS_MAX < LOOK_BACK_DAYS as usize);

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn a_comparison_is_known_until_its_day_or_its_log_moves_on() {
        let kept = EarlierDays::default();
        let quiet = AsOf {
            today: date(2026, 11, 22),
            seq: None,
        };
        assert_eq!(kept.known(quiet), None);
        let past = Past {
            days: 3,
            ..Past::default()
        };
        kept.keep(quiet, &past);
        assert_eq!(kept.known(quiet), Some(past));
        let tomorrow = AsOf {
            today: date(2026, 11, 23),
            ..quiet
        };
        let changed = AsOf {
            seq: Some(7),
            ..quiet
        };
        assert_eq!((kept.known(tomorrow), kept.known(changed)), (None, None));
    }
}
