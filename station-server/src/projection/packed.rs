//! The tickets of one business day, packed for reports.
//!
//! Reading a year ticket by ticket through SQL takes several times as long as computing its figures. A day that can no
//! longer change is therefore kept a second time as one value: the names that occur, then one record of
//! [`RECORD`] bytes per ticket. The day that can still change is packed when it is asked for.
//!
//! Layout, numbers little-endian: version (1 byte); count of names (2); each name as length (1) and UTF-8 text, the
//! first one empty, for unknown; then the records: issue in epoch milliseconds (8), first call, last call, start, finish
//! as milliseconds after the issue plus one, 0 for unknown (4 each), handling plus one (4), standard plus one (4), service,
//! class, counter, staff as places in the names (2 each), hour (1), flags (1), outcome (1), score or 0 (1).

use std::collections::BTreeMap;

use queue_core::statistics::{Moment, Outcome, Score, TicketFacts};
use rusqlite::{Connection, Row};

const VERSION: u8 = 1;
/// Bytes of a record.
const RECORD: usize = 44;

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

/// Packs the rows of a day, in the order of their entries.
pub(crate) fn pack(db: &Connection, day: i64) -> rusqlite::Result<Vec<u8>> {
    let mut statement = db.prepare_cached(
        "SELECT service, class, counter, staff, hour, imported, state, issued_ms, first_called_ms, last_called_ms,
            started_ms, start_inferred, finished_ms, handling_ms, standard_ms, closed_by_day_end, rating_invited, score
         FROM ticket WHERE day = ?1 ORDER BY seq",
    )?;
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
    records: Vec<u8>,
}

impl Default for Packer {
    fn default() -> Self {
        Self {
            places: BTreeMap::from([(String::new(), 0)]),
            names: vec![0],
            records: Vec::new(),
        }
    }
}

impl Packer {
    fn add(&mut self, row: &Row<'_>) -> rusqlite::Result<()> {
        let places = [
            self.place(row, 0)?,
            self.place(row, 1)?,
            self.place(row, 2)?,
            self.place(row, 3)?,
        ];
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
        self.records
            .extend([row.get(4)?, flags, outcome, score.unwrap_or(0)]);
        Ok(())
    }

    fn place(&mut self, row: &Row<'_>, column: usize) -> rusqlite::Result<u16> {
        let name = row.get_ref(column)?.as_str_or_null()?.unwrap_or("");
        if let Some(place) = self.places.get(name) {
            return Ok(*place);
        }
        // Names are at most 64 bytes (the identifiers' limit) and their number is far below 65,535 in one day; beyond
        // either, the ticket counts under the empty name.
        let (Ok(place), Ok(length)) = (u16::try_from(self.places.len()), u8::try_from(name.len()))
        else {
            return Ok(0);
        };
        self.places.insert(name.to_owned(), place);
        self.names.push(length);
        self.names.extend(name.as_bytes());
        Ok(place)
    }

    fn finish(self) -> Vec<u8> {
        // At most 65,536 names; the count is stored less one.
        let last = (self.places.len() - 1) as u16;
        let mut packed = Vec::with_capacity(3 + self.names.len() + self.records.len());
        packed.push(VERSION);
        packed.extend(last.to_le_bytes());
        packed.extend(self.names);
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
        rest.len().is_multiple_of(RECORD).then_some(Self {
            names,
            records: rest,
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
            started_inferred: flags & START_INFERRED != 0,
            closed_by_day_end: flags & CLOSED_BY_DAY_END != 0,
            session_clamped: false,
            rating_invited: flags & RATING_INVITED != 0,
            rating: Score::new(record[43]),
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
            if real && bytes.len() > 4 {
                bytes[..4].copy_from_slice(&[VERSION, 0, 0, 0]);
                bytes.truncate(4 + (bytes.len() - 4) / RECORD * RECORD);
            }
            if let Some(day) = PackedDay::parse(&bytes) {
                for ticket in day.tickets() {
                    prop_assert!(usize::from(ticket.service) < day.names.len());
                    prop_assert!(ticket.hour < 24);
                }
            }
        }
    }
}
