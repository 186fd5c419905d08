//! Lists behind the figures: days, tickets of a day, ratings with their comments.

use queue_core::{BusinessDay, StationTime, TicketId};
use rusqlite::{Row, named_params};
use serde::Serialize;

use super::{ReportError, Reports};
use crate::zone::day_from_yyyymmdd;

/// Which tickets of a day; an absent part chooses all. An empty counter or staff chooses tickets without one.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TicketFilter {
    /// Service id.
    pub service: Option<String>,
    /// Class id.
    pub class: Option<String>,
    /// Counter of the last call.
    pub counter: Option<String>,
    /// Staff of the last call.
    pub staff: Option<String>,
    /// Hour of the issue.
    pub hour: Option<u8>,
    /// State as in JSON: `waiting`, `done`, `no_show`, ...
    pub state: Option<String>,
}

impl Reports {
    /// The business day, `since` or later, that has this ticket.
    ///
    /// # Errors
    /// [`ReportError`].
    pub fn day_of(
        &self,
        ticket: TicketId,
        since: BusinessDay,
    ) -> Result<Option<BusinessDay>, ReportError> {
        let day: Option<i64> = self.read(|db| {
            // By the days, whose tickets stand together: ids have no index, because nothing else asks for them.
            let mut statement =
                db.prepare_cached("SELECT max(day) FROM ticket WHERE day >= ?1 AND id = ?2")?;
            let id = ticket.0.to_be_bytes();
            statement.query_row((since.as_yyyymmdd(), id.as_slice()), |row| row.get(0))
        })?;
        Ok(day.and_then(day_from_yyyymmdd))
    }
}

/// A part of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Page {
    /// Lines to pass over.
    pub offset: u32,
    /// Lines wanted.
    pub limit: u32,
}

/// A part of the tickets of a day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TicketList {
    /// Tickets the filter chooses.
    pub total: u64,
    /// Those of the page, in the order of their entries in the log.
    pub tickets: Vec<TicketLine>,
}

/// One ticket as the reports know it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TicketLine {
    /// Id; absent for tickets of another system's log.
    pub id: Option<TicketId>,
    /// Number on the paper.
    pub number: String,
    /// Service it was last in.
    pub service: String,
    /// Class.
    pub class: String,
    /// The visitor's language.
    pub language: Option<String>,
    /// Where it was taken.
    pub channel: Option<String>,
    /// State.
    pub state: String,
    /// Counter of the last call.
    pub counter: Option<String>,
    /// Staff of the last call.
    pub staff: Option<String>,
    /// Issue.
    pub issued_at: StationTime,
    /// First call.
    pub first_called_at: Option<StationTime>,
    /// Last call before the first start, or of all.
    pub last_called_at: Option<StationTime>,
    /// Start.
    pub started_at: Option<StationTime>,
    /// End.
    pub finished_at: Option<StationTime>,
    /// Time at counters, milliseconds.
    pub handling_ms: Option<i64>,
    /// Rating.
    pub score: Option<u8>,
    /// Result of the last print job: `printed`, `failed`, `unknown`.
    pub print: Option<String>,
    /// From another system's log.
    pub imported: bool,
}

/// One rating.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RatingLine {
    /// Business day of the ticket.
    pub day: BusinessDay,
    /// Number on the paper.
    pub number: String,
    /// Service.
    pub service: String,
    /// Counter.
    pub counter: Option<String>,
    /// Staff.
    pub staff: Option<String>,
    /// 1 to 5.
    pub score: u8,
    /// Reason codes.
    pub reasons: Vec<String>,
    /// Free text.
    pub comment: Option<String>,
    /// When.
    pub at: StationTime,
}

/// What [`ticket_line`] reads, in its order.
pub(super) const LINE_COLUMNS: &str =
    "id, number, service, class, language, channel, state, counter, staff, issued_ms, first_called_ms,
    last_called_ms, started_ms, finished_ms, handling_ms, score, print, imported";

const CHOSEN: &str = "FROM ticket WHERE day = :day
    AND (:service IS NULL OR service = :service) AND (:class IS NULL OR class = :class)
    AND (:counter IS NULL OR coalesce(counter, '') = :counter)
    AND (:staff IS NULL OR coalesce(staff, '') = :staff)
    AND (:hour IS NULL OR hour = :hour) AND (:state IS NULL OR state = :state)";

impl Reports {
    /// The business days that have tickets, oldest first.
    ///
    /// # Errors
    /// [`ReportError`].
    pub fn days(&self) -> Result<Vec<BusinessDay>, ReportError> {
        Ok(self.read(|db| {
            let mut statement = db.prepare_cached(
                "SELECT day FROM business_day b
                 WHERE EXISTS (SELECT 1 FROM ticket t WHERE t.day = b.day) ORDER BY day",
            )?;
            let days = statement.query_map([], |row| read_day(row, 0))?;
            days.collect()
        })?)
    }

    /// Tickets of a day.
    ///
    /// # Errors
    /// [`ReportError`].
    pub fn ticket_list(
        &self,
        day: BusinessDay,
        filter: &TicketFilter,
        page: Page,
    ) -> Result<TicketList, ReportError> {
        Ok(self.read(|db| {
            let chosen = named_params! {
                ":day": day.as_yyyymmdd(),
                ":service": filter.service,
                ":class": filter.class,
                ":counter": filter.counter,
                ":staff": filter.staff,
                ":hour": filter.hour,
                ":state": filter.state,
            };
            let total: i64 = db
                .prepare_cached(&format!("SELECT count(*) {CHOSEN}"))?
                .query_row(chosen, |row| row.get(0))?;
            let mut statement = db.prepare_cached(&format!(
                "SELECT {LINE_COLUMNS}
                 {CHOSEN} ORDER BY seq LIMIT {} OFFSET {}",
                page.limit, page.offset
            ))?;
            let tickets = statement
                .query_map(chosen, ticket_line)?
                .collect::<rusqlite::Result<_>>()?;
            Ok(TicketList {
                total: total as u64,
                tickets,
            })
        })?)
    }

    /// Ratings of the tickets of a range of days, in the order they were given.
    ///
    /// # Errors
    /// [`ReportError`].
    pub fn ratings(
        &self,
        from: BusinessDay,
        to: BusinessDay,
    ) -> Result<Vec<RatingLine>, ReportError> {
        Ok(self.read(|db| {
            let mut statement = db.prepare_cached(
                "SELECT day, number, service, counter, staff, score, reasons, comment, rated_ms FROM ticket
                 WHERE score IS NOT NULL AND day BETWEEN ?1 AND ?2 ORDER BY day, rated_ms, seq",
            )?;
            let ratings =
                statement.query_map([from.as_yyyymmdd(), to.as_yyyymmdd()], rating_line)?;
            ratings.collect()
        })?)
    }
}

pub(super) fn read_day(row: &Row<'_>, column: usize) -> rusqlite::Result<BusinessDay> {
    let stored: i64 = row.get(column)?;
    day_from_yyyymmdd(stored).ok_or(rusqlite::Error::IntegralValueOutOfRange(column, stored))
}

fn time(row: &Row<'_>, column: usize) -> rusqlite::Result<Option<StationTime>> {
    Ok(row.get::<_, Option<i64>>(column)?.map(StationTime))
}

pub(super) fn ticket_line(row: &Row<'_>) -> rusqlite::Result<TicketLine> {
    let id: Option<[u8; 16]> = row.get(0)?;
    Ok(TicketLine {
        id: id.map(|id| TicketId(u128::from_be_bytes(id))),
        number: row.get(1)?,
        service: row.get(2)?,
        class: row.get(3)?,
        language: row.get(4)?,
        channel: row.get(5)?,
        state: row.get(6)?,
        counter: row.get(7)?,
        staff: row.get(8)?,
        issued_at: StationTime(row.get(9)?),
        first_called_at: time(row, 10)?,
        last_called_at: time(row, 11)?,
        started_at: time(row, 12)?,
        finished_at: time(row, 13)?,
        handling_ms: row.get(14)?,
        score: row.get(15)?,
        print: row.get(16)?,
        imported: row.get(17)?,
    })
}

fn rating_line(row: &Row<'_>) -> rusqlite::Result<RatingLine> {
    let reasons: Option<String> = row.get(6)?;
    let reasons = reasons.map(|json| serde_json::from_str(&json)).transpose();
    Ok(RatingLine {
        day: read_day(row, 0)?,
        number: row.get(1)?,
        service: row.get(2)?,
        counter: row.get(3)?,
        staff: row.get(4)?,
        score: row.get(5)?,
        reasons: reasons
            .map_err(|e| {
                rusqlite::Error::FromSqlConversionFailure(6, rusqlite::types::Type::Text, e.into())
            })?
            .unwrap_or_default(),
        comment: row.get(7)?,
        at: StationTime(row.get::<_, Option<i64>>(8)?.unwrap_or_default()),
    })
}
