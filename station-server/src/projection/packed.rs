//! The tickets of one business day, or their legs, packed for reports.
//!
//! Reading a year ticket by ticket through SQL takes several times as long as computing its figures. A day that can no
//! longer change is therefore kept a second time as one value: the names that occur, then one record of
//! [`RECORD`] bytes per ticket. The day that can still change is packed when it is asked for.
//!
//! Layout, numbers little-endian: version (1 byte); count of names (2); each name as length (1) and UTF-8 text, the
//! first one empty, for unknown; then the records: issue in epoch milliseconds (8), first call, last call, start, finish
//! as milliseconds after the issue plus one, 0 for unknown (4 each), handling plus one (4), standard plus one (4), service,
//! class, counter, staff as places in the names (2 each), hour (1), flags (1), outcome (1), score or 0 (1), persons (1). Between names
//! and records stands what others than the last counter and staff handled: a count (4), then the place of the ticket among
//! the records (4), counter and staff as places in the names (2 each), milliseconds (4).

use std::collections::BTreeMap;

use queue_core::HandlingShare;
use queue_core::statistics::{Moment, Outcome, Score, TicketFacts};
use rusqlite::types::Type;
use rusqlite::{Connection, Row};

const VERSION: u8 = 3;
/// Bytes of a record.
const RECORD: usize = 45;
/// Bytes of a handling elsewhere.
const ELSEWHERE: usize = 12;

const START_INFERRED: u8 = 1;
const CLOSED_BY_DAY_END: u8 = 2;
const RATING_INVITED: u8 = 4;
const IMPORTED: u8 = 8;

/// One ticket of a packed day. The numbers are places in [`PackedDay::names`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct PackedTicket {
    pub(crate) facts: TicketFacts,
    pub(crate) service: u16,
    pub(crate) class: u16,
    /// Of the last call.
    pub(crate) counter: u16,
    /// Of the last call.
    pub(crate) staff: u16,
    /// Hour of the issue.
    pub(crate) hour: u8,
    /// Came from another system's log, which says nothing of open counters.
    pub(crate) imported: bool,
}

/// Handling of a ticket by another counter or member of staff than its last; part of the ticket's own handling.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Elsewhere {
    /// Place of the ticket in [`PackedDay::tickets`].
    pub(crate) ticket: usize,
    pub(crate) counter: u16,
    pub(crate) staff: u16,
    pub(crate) handling_ms: u32,
}

/// The stored form of what others handled: counter, staff, milliseconds.
type ElsewhereJson = (String, Option<String>, i64);

/// The column `handled_elsewhere`; none where nobody else handled.
pub(super) fn elsewhere_json<'a>(
    shares: impl Iterator<Item = &'a HandlingShare>,
) -> Option<String> {
    let shares: Vec<ElsewhereJson> = shares
        .map(|share| {
            let staff = share.staff.as_ref().map(|s| s.as_str().to_owned());
            (share.counter.as_str().to_owned(), staff, share.handling_ms)
        })
        .collect();
    // Texts and numbers always serialise.
    (!shares.is_empty())
        .then(|| serde_json::to_string(&shares).ok())
        .flatten()
}

const TICKETS: &str = "
    SELECT service, class, counter, staff, hour, imported, state, issued_ms, first_called_ms, last_called_ms,
        started_ms, start_inferred, finished_ms, handling_ms, standard_ms, closed_by_day_end, rating_invited, score,
        handled_elsewhere, persons
    FROM ticket WHERE day = ?1 ORDER BY seq";

/// A ticket without legs of its own is one. Nobody is asked for a rating of a leg.
const LEGS: &str = "
    SELECT service, class, counter, staff, hour, imported, state, issued_ms, first_called_ms, last_called_ms,
        started_ms, start_inferred, finished_ms, handling_ms, standard_ms, closed_by_day_end, 0, NULL,
        handled_elsewhere, persons, seq, 0 AS nth
    FROM ticket WHERE day = ?1 AND legs = 0
    UNION ALL
    SELECT leg.service, ticket.class, leg.counter, leg.staff, leg.hour, 0, leg.state, leg.entered_ms,
        leg.first_called_ms, leg.last_called_ms, leg.started_ms, leg.start_inferred, leg.finished_ms, leg.handling_ms,
        leg.standard_ms, leg.closed_by_day_end, 0, NULL, leg.handled_elsewhere, ticket.persons, leg.seq, leg.nth
    FROM leg JOIN ticket USING (day, seq) WHERE day = ?1
    ORDER BY seq, nth";

/// Packs the tickets of a day, in the order of their entries.
pub(crate) fn pack(db: &Connection, day: i64) -> rusqlite::Result<Vec<u8>> {
    pack_rows(db, day, TICKETS)
}

/// Packs the legs of a day's tickets in the same way, where there are others than the tickets themselves.
pub(crate) fn pack_legs(db: &Connection, day: i64) -> rusqlite::Result<Option<Vec<u8>>> {
    let any: bool = db
        .prepare_cached("SELECT EXISTS (SELECT 1 FROM leg WHERE day = ?1)")?
        .query_row([day], |row| row.get(0))?;
    any.then(|| pack_rows(db, day, LEGS)).transpose()
}

fn pack_rows(db: &Connection, day: i64, select: &str) -> rusqlite::Result<Vec<u8>> {
    let mut statement = db.prepare_cached(select)?;
    let mut rows = statement.query([day])?;
    let mut packer = Packer::default();
    while let Some(row) = rows.next()? {
        packer.add(row)?;
    }
    Ok(packer.finish())
}

struct Packer {
    places: BTreeMap<String, u16>,
    names: Vec<u8>,
    elsewhere: Vec<u8>,
    records: Vec<u8>,
}

impl Default for Packer {
    fn default() -> Self {
        Self {
            places: BTreeMap::from([(String::new(), 0)]),
            names: vec![0],
            elsewhere: Vec::new(),
            records: Vec::new(),
        }
    }
}

impl Packer {
    fn add(&mut self, row: &Row<'_>) -> rusqlite::Result<()> {
        let mut places = [0; 4];
        for (column, place) in places.iter_mut().enumerate() {
            *place = self.place(row.get_ref(column)?.as_str_or_null()?.unwrap_or(""));
        }
        if let Some(json) = row.get_ref(18)?.as_str_or_null()? {
            self.add_elsewhere(json)?;
        }
        let flag = |column: usize, bit: u8| {
            row.get::<_, bool>(column)
                .map(|set| if set { bit } else { 0 })
        };
        let flags = flag(5, IMPORTED)?
            | flag(11, START_INFERRED)?
            | flag(15, CLOSED_BY_DAY_END)?
            | flag(16, RATING_INVITED)?;
        let issued: i64 = row.get(7)?;
        let after_issue = |column: usize| {
            row.get::<_, Option<i64>>(column)
                .map(|at| some_u32(at.map(|at| at.saturating_sub(issued))))
        };
        self.records.extend(issued.to_le_bytes());
        for moment in [
            after_issue(8)?,
            after_issue(9)?,
            after_issue(10)?,
            after_issue(12)?,
            some_u32(row.get(13)?),
            some_u32(row.get(14)?),
        ] {
            self.records.extend(moment.to_le_bytes());
        }
        for place in places {
            self.records.extend(place.to_le_bytes());
        }
        let outcome = outcome_code(row.get_ref(6)?.as_str()?);
        let score: Option<u8> = row.get(17)?;
        let persons: u8 = row.get(19)?;
        self.records
            .extend([row.get(4)?, flags, outcome, score.unwrap_or(0), persons]);
        Ok(())
    }

    /// Before the ticket's own record is added.
    fn add_elsewhere(&mut self, json: &str) -> rusqlite::Result<()> {
        let shares: Vec<ElsewhereJson> = serde_json::from_str(json)
            .map_err(|e| rusqlite::Error::FromSqlConversionFailure(18, Type::Text, e.into()))?;
        let ticket = (self.records.len() / RECORD) as u32;
        for (counter, staff, handling_ms) in shares {
            let (counter, staff) = (
                self.place(&counter),
                self.place(staff.as_deref().unwrap_or("")),
            );
            self.elsewhere.extend(ticket.to_le_bytes());
            self.elsewhere.extend(counter.to_le_bytes());
            self.elsewhere.extend(staff.to_le_bytes());
            let handling_ms = u32::try_from(handling_ms.max(0)).unwrap_or(u32::MAX);
            self.elsewhere.extend(handling_ms.to_le_bytes());
        }
        Ok(())
    }

    fn place(&mut self, name: &str) -> u16 {
        if let Some(place) = self.places.get(name) {
            return *place;
        }
        // Names are at most 64 bytes (the identifiers' limit) and their number is far below 65,535 in one day; beyond
        // either, the ticket counts under the empty name.
        let (Ok(place), Ok(length)) = (u16::try_from(self.places.len()), u8::try_from(name.len()))
        else {
            return 0;
        };
        self.places.insert(name.to_owned(), place);
        self.names.push(length);
        self.names.extend(name.as_bytes());
        place
    }

    fn finish(self) -> Vec<u8> {
        // At most 65,536 names; the count is stored less one.
        let last = (self.places.len() - 1) as u16;
        let length = 7 + self.names.len() + self.elsewhere.len() + self.records.len();
        let mut packed = Vec::with_capacity(length);
        packed.push(VERSION);
        packed.extend(last.to_le_bytes());
        packed.extend(self.names);
        packed.extend(((self.elsewhere.len() / ELSEWHERE) as u32).to_le_bytes());
        packed.extend(self.elsewhere);
        packed.extend(self.records);
        packed
    }
}

/// A duration plus one, 0 for none; 49.7 days is the longest.
fn some_u32(duration_ms: Option<i64>) -> u32 {
    duration_ms.map_or(0, |ms| ms.clamp(0, i64::from(u32::MAX) - 1) as u32 + 1)
}

fn outcome_code(state: &str) -> u8 {
    match state {
        "done" => 1,
        "no_show" => 2,
        "cancelled" => 3,
        "abandoned" => 4,
        _ => 0,
    }
}

/// A packed day, read in place.
pub(crate) struct PackedDay<'a> {
    /// Service, class, counter and staff ids that occur; the first is empty.
    pub(crate) names: Vec<&'a str>,
    elsewhere: &'a [u8],
    records: &'a [u8],
}

impl<'a> PackedDay<'a> {
    /// Reads the names; `None` when this is not a packed day.
    pub(crate) fn parse(bytes: &'a [u8]) -> Option<Self> {
        let (&[version, low, high], mut rest) = bytes.split_first_chunk::<3>()?;
        if version != VERSION {
            return None;
        }
        let count = usize::from(u16::from_le_bytes([low, high])) + 1;
        let mut names = Vec::with_capacity(count);
        for _ in 0..count {
            let (&length, tail) = rest.split_first()?;
            let (name, tail) = tail.split_at_checked(usize::from(length))?;
            names.push(std::str::from_utf8(name).ok()?);
            rest = tail;
        }
        let (count, rest) = rest.split_first_chunk::<4>()?;
        let length = usize::try_from(u32::from_le_bytes(*count)).ok()?;
        let (elsewhere, records) = rest.split_at_checked(length.checked_mul(ELSEWHERE)?)?;
        records.len().is_multiple_of(RECORD).then_some(Self {
            names,
            elsewhere,
            records,
        })
    }

    /// What others than the last counter and staff handled, in the order of the tickets; only what names something known.
    pub(crate) fn elsewhere(&self) -> impl Iterator<Item = Elsewhere> {
        let (names, tickets) = (self.names.len(), self.records.len() / RECORD);
        let entries = self.elsewhere.as_chunks::<ELSEWHERE>().0.iter();
        entries
            .map(|&[a, b, c, d, e, f, g, h, i, j, k, l]| Elsewhere {
                ticket: u32::from_le_bytes([a, b, c, d]) as usize,
                counter: u16::from_le_bytes([e, f]),
                staff: u16::from_le_bytes([g, h]),
                handling_ms: u32::from_le_bytes([i, j, k, l]),
            })
            .filter(move |entry| {
                let known = |place: u16| usize::from(place) < names;
                entry.ticket < tickets && known(entry.counter) && known(entry.staff)
            })
    }

    /// The tickets, in the order of their entries; a record that names nothing known ends the day early.
    pub(crate) fn tickets(&self) -> impl Iterator<Item = PackedTicket> {
        let names = self.names.len();
        self.records
            .as_chunks::<RECORD>()
            .0
            .iter()
            .map_while(move |record| unpack(record, names))
    }
}

fn unpack(record: &[u8; RECORD], names: usize) -> Option<PackedTicket> {
    let u32_at = |at: usize| {
        u32::from_le_bytes([record[at], record[at + 1], record[at + 2], record[at + 3]])
    };
    let place_at = |at: usize| {
        let place = u16::from_le_bytes([record[at], record[at + 1]]);
        (usize::from(place) < names).then_some(place)
    };
    let issued = i64::from_le_bytes(*record.first_chunk::<8>()?);
    let moment = |at: usize| {
        u32_at(at)
            .checked_sub(1)
            .map(|ms| Moment::from_ms(issued.saturating_add(i64::from(ms))))
    };
    let flags = record[41];
    Some(PackedTicket {
        facts: TicketFacts {
            issued: Moment::from_ms(issued),
            first_called: moment(8),
            last_called: moment(12),
            started: moment(16),
            finished: moment(20),
            handling_ms: u32_at(24).checked_sub(1),
            standard_ms: u32_at(28).checked_sub(1),
            outcome: match record[42] {
                1 => Outcome::Served,
                2 => Outcome::NoShow,
                3 => Outcome::Cancelled,
                4 => Outcome::Abandoned,
                _ => Outcome::Open,
            },
            at_counter: place_at(36)? != 0 || flags & IMPORTED != 0,
            started_inferred: flags & START_INFERRED != 0,
            closed_by_day_end: flags & CLOSED_BY_DAY_END != 0,
            session_clamped: false,
            rating_invited: flags & RATING_INVITED != 0,
            rating: Score::new(record[43]),
            persons: record[44],
        },
        service: place_at(32)?,
        class: place_at(34)?,
        counter: place_at(36)?,
        staff: place_at(38)?,
        hour: record[40].min(23),
        imported: flags & IMPORTED != 0,
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        /// Whatever bytes are stored, reading them neither panics nor names what is not there.
        #[test]
        fn any_bytes_are_read_or_refused(mut bytes in proptest::collection::vec(any::<u8>(), 0..400), real in any::<bool>()) {
            if real && bytes.len() > 20 {
                bytes[..8].copy_from_slice(&[VERSION, 0, 0, 0, 1, 0, 0, 0]);
                bytes.truncate(20 + (bytes.len() - 20) / RECORD * RECORD);
            }
            if let Some(day) = PackedDay::parse(&bytes) {
                for ticket in day.tickets() {
                    prop_assert!(usize::from(ticket.service) < day.names.len());
                    prop_assert!(ticket.hour < 24);
                }
                for entry in day.elsewhere() {
                    prop_assert!(usize::from(entry.counter.max(entry.staff)) < day.names.len());
                }
            }
        }
    }
}
