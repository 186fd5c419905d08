//! The figures of a range of days, in groups.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use queue_core::statistics::{Accumulator, Figures};
use queue_core::{BusinessDay, StationTime};
use rusqlite::Connection;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::balance::{Balance, balance};
use super::{ReportError, Reports};
use crate::projection::packed::{self, Elsewhere, PackedDay, PackedTicket};
use crate::zone::{Zone, day_from_yyyymmdd};

/// What the rows of a report stand for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum By {
    /// The service a ticket was last in.
    Service,
    /// The class.
    Class,
    /// The counter of the last call.
    Counter,
    /// Who worked at that counter then.
    Staff,
    /// The hour of the issue, `0` to `23`, over all days of the range.
    Hour,
    /// The business day.
    Day,
}

/// Not a [`By`].
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("`{0}` is not a grouping: expected service, class, counter, staff, hour or day")]
pub struct UnknownBy(String);

impl FromStr for By {
    type Err = UnknownBy;
    fn from_str(text: &str) -> Result<Self, UnknownBy> {
        match text {
            "service" => Ok(Self::Service),
            "class" => Ok(Self::Class),
            "counter" => Ok(Self::Counter),
            "staff" => Ok(Self::Staff),
            "hour" => Ok(Self::Hour),
            "day" => Ok(Self::Day),
            other => Err(UnknownBy(other.chars().take(40).collect())),
        }
    }
}

impl fmt::Display for By {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Service => "service",
            Self::Class => "class",
            Self::Counter => "counter",
            Self::Staff => "staff",
            Self::Hour => "hour",
            Self::Day => "day",
        })
    }
}

/// What is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StatsQuery {
    /// First business day.
    pub from: BusinessDay,
    /// Last business day, included.
    pub to: BusinessDay,
    /// The groups; the whole range in one row without.
    pub by: Option<By>,
}

/// The figures of a range. Serialised, it is the JSON of `GET /api/v1/stats` and of the command `stats`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct StatsReport {
    /// First business day.
    pub from: BusinessDay,
    /// Last business day, included.
    pub to: BusinessDay,
    /// IANA name of the zone in which days and hours are counted.
    pub timezone: String,
    /// The groups, `null` for the whole range in one row.
    pub by: Option<By>,
    /// In the order of their keys: whole numbers by value, then texts. Groups without a ticket and without open counter
    /// time have no row.
    pub rows: Vec<StatsRow>,
    /// By counter: how evenly the work was spread.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub balance: Option<Balance>,
}

/// One group.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct StatsRow {
    /// Service, class, counter or staff id (empty: unknown, or never called), hour `0` to `23`, day `YYYY-MM-DD`; `null`
    /// for the whole range.
    pub key: Option<String>,
    /// The figures. Open counter time, throughput and occupancy are absent by service and by class, which have no counters
    /// of their own, occupancy also by hour, and all three where tickets of another system's log are among them, which says nothing of open counters.
    #[serde(flatten)]
    pub figures: Figures,
}

impl Reports {
    /// Computes the figures of a range.
    ///
    /// # Errors
    /// [`ReportError`].
    pub fn stats(&self, query: &StatsQuery) -> Result<StatsReport, ReportError> {
        let (from, to) = (query.from, query.to);
        if from > to {
            return Err(ReportError::BadRange { from, to });
        }
        let mut groups = Groups::new(query.by, self.zone());
        let (rows, balance) = self.read(|db| {
            for_each_day(db, (from, to), |day, packed| groups.add_day(day, packed))?;
            add_open_time(db, query, &mut groups)?;
            let rows = groups.into_rows();
            let balance = match query.by {
                Some(By::Counter) => Some(balance(db, (from, to), &rows)?),
                _ => None,
            };
            Ok((rows, balance))
        })?;
        Ok(StatsReport {
            from,
            to,
            timezone: self.zone().name().to_owned(),
            by: query.by,
            rows,
            balance,
        })
    }
}

/// Runs `each` over the tickets of every day from `from` to `to`.
pub(super) fn for_each_day(
    db: &Connection,
    (from, to): (BusinessDay, BusinessDay),
    mut each: impl FnMut(i64, &PackedDay<'_>),
) -> rusqlite::Result<()> {
    let mut statement = db.prepare_cached(
        "SELECT day, packed FROM business_day WHERE day BETWEEN ?1 AND ?2 ORDER BY day",
    )?;
    let mut rows = statement.query([from.as_yyyymmdd(), to.as_yyyymmdd()])?;
    while let Some(row) = rows.next()? {
        let day: i64 = row.get(0)?;
        let unreadable = || rusqlite::Error::IntegralValueOutOfRange(1, day);
        match row.get_ref(1)?.as_blob_or_null()? {
            Some(bytes) => {
                each(day, &PackedDay::parse(bytes).ok_or_else(unreadable)?);
            }
            None => {
                let bytes = packed::pack(db, day)?;
                each(day, &PackedDay::parse(&bytes).ok_or_else(unreadable)?);
            }
        }
    }
    Ok(())
}

fn add_open_time(
    db: &Connection,
    query: &StatsQuery,
    groups: &mut Groups<'_>,
) -> rusqlite::Result<()> {
    let last_ms: Option<i64> = db
        .prepare_cached("SELECT at_ms FROM event ORDER BY seq DESC LIMIT 1")?
        .query_map([], |row| row.get(0))?
        .next()
        .transpose()?;
    let mut statement = db.prepare_cached(
        "SELECT day, counter, staff, from_ms, coalesce(to_ms, ?3) FROM counter_interval
         WHERE state = 'open' AND day BETWEEN ?1 AND ?2",
    )?;
    let mut rows = statement.query((
        query.from.as_yyyymmdd(),
        query.to.as_yyyymmdd(),
        last_ms.unwrap_or(0),
    ))?;
    while let Some(row) = rows.next()? {
        groups.add_open(&OpenInterval {
            day: row.get(0)?,
            counter: row.get_ref(1)?.as_str()?,
            staff: row.get_ref(2)?.as_str_or_null()?.unwrap_or(""),
            from_ms: row.get(3)?,
            to_ms: row.get(4)?,
        });
    }
    Ok(())
}

struct OpenInterval<'a> {
    day: i64,
    counter: &'a str,
    staff: &'a str,
    from_ms: i64,
    to_ms: i64,
}

/// Orders `9` before `10` and numbers before texts.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Key(u64, String);

impl Key {
    fn new(text: &str) -> Self {
        Self(text.parse().unwrap_or(u64::MAX), text.to_owned())
    }
}

#[derive(Default)]
struct Group {
    tickets: Accumulator,
    open_ms: i64,
    imported: bool,
}

struct Groups<'z> {
    by: Option<By>,
    zone: &'z Zone,
    places: BTreeMap<Key, usize>,
    groups: Vec<Group>,
}

impl<'z> Groups<'z> {
    fn new(by: Option<By>, zone: &'z Zone) -> Self {
        let mut groups = Self {
            by,
            zone,
            places: BTreeMap::new(),
            groups: Vec::new(),
        };
        if by.is_none() {
            // The whole range has its row even when nothing happened in it.
            groups.place("");
        }
        groups
    }

    fn place(&mut self, key: &str) -> usize {
        let next = self.groups.len();
        let place = *self.places.entry(Key::new(key)).or_insert(next);
        if place == next {
            self.groups.push(Group::default());
        }
        place
    }

    fn add_day(&mut self, day: i64, packed: &PackedDay<'_>) {
        // The group of each name or hour of this day, found once instead of once per ticket.
        let mut found = vec![None; packed.names.len().max(24)];
        let by = self.by;
        let elsewhere = self.by_who_handled(packed);
        for (nth, mut ticket) in packed.tickets().enumerate() {
            if let Some(others) = elsewhere.get(&nth) {
                self.credit_others(packed, &mut ticket, others);
            }
            let at = match by {
                None | Some(By::Day) => 0,
                Some(By::Service) => usize::from(ticket.service),
                Some(By::Class) => usize::from(ticket.class),
                Some(By::Counter) => usize::from(ticket.counter),
                Some(By::Staff) => usize::from(ticket.staff),
                Some(By::Hour) => usize::from(ticket.hour),
            };
            let place = match found[at] {
                Some(place) => place,
                None => {
                    let place = match by {
                        None => self.place(""),
                        Some(By::Day) => self.place(&day_key(day)),
                        Some(By::Hour) => self.place(&at.to_string()),
                        Some(_) => self.place(packed.names[at]),
                    };
                    found[at] = Some(place);
                    place
                }
            };
            self.groups[place].add(&ticket);
        }
    }

    /// By counter and by staff: what others than a ticket's own group handled, by the ticket's place.
    fn by_who_handled(&self, packed: &PackedDay<'_>) -> BTreeMap<usize, Vec<Elsewhere>> {
        let mut found: BTreeMap<usize, Vec<Elsewhere>> = BTreeMap::new();
        if matches!(self.by, Some(By::Counter | By::Staff)) {
            for entry in packed.elsewhere() {
                found.entry(entry.ticket).or_default().push(entry);
            }
        }
        found
    }

    /// Moves the handling that others did from the ticket to them.
    fn credit_others(
        &mut self,
        packed: &PackedDay<'_>,
        ticket: &mut PackedTicket,
        others: &[Elsewhere],
    ) {
        let Some(whole_ms) = ticket.facts.handling_ms else {
            return;
        };
        let mut by_place: BTreeMap<u16, u32> = BTreeMap::new();
        for other in others {
            let (theirs, own) = match self.by {
                Some(By::Staff) => (other.staff, ticket.staff),
                _ => (other.counter, ticket.counter),
            };
            if theirs != own {
                let sum_ms = by_place.entry(theirs).or_default();
                *sum_ms = sum_ms.saturating_add(other.handling_ms);
            }
        }
        let others_ms = by_place
            .values()
            .fold(0_u32, |sum, ms| sum.saturating_add(*ms));
        let own_ms = whole_ms.saturating_sub(others_ms);
        // Whoever only called has handled nothing.
        ticket.facts.handling_ms = (own_ms > 0 || others_ms == 0).then_some(own_ms);
        if ticket.facts.closed_by_day_end {
            return;
        }
        for (name, handling_ms) in by_place {
            let place = self.place(packed.names[usize::from(name)]);
            self.groups[place].tickets.add_handling(handling_ms);
        }
    }

    fn add_open(&mut self, interval: &OpenInterval<'_>) {
        let whole_ms = (interval.to_ms - interval.from_ms).max(0);
        let key = match self.by {
            // No service and no class has counters of its own.
            Some(By::Service | By::Class) => return,
            Some(By::Hour) => return self.add_open_by_hour(interval),
            None => String::new(),
            Some(By::Day) => day_key(interval.day),
            Some(By::Counter) => interval.counter.to_owned(),
            Some(By::Staff) => interval.staff.to_owned(),
        };
        let place = self.place(&key);
        self.groups[place].open_ms += whole_ms;
    }

    fn add_open_by_hour(&mut self, interval: &OpenInterval<'_>) {
        let mut from_ms = interval.from_ms;
        while from_ms < interval.to_ms {
            let at = StationTime(from_ms);
            let into_hour_ms =
                self.zone.local_s(at).rem_euclid(3_600) * 1_000 + from_ms.rem_euclid(1_000);
            let until_ms = (from_ms + 3_600_000 - into_hour_ms).min(interval.to_ms);
            let place = self.place(&self.zone.hour(at).to_string());
            self.groups[place].open_ms += until_ms - from_ms;
            from_ms = until_ms;
        }
    }

    fn into_rows(mut self) -> Vec<StatsRow> {
        let has_counters = !matches!(self.by, Some(By::Service | By::Class));
        self.places
            .into_iter()
            .map(|(Key(_, key), place)| {
                let group = std::mem::take(&mut self.groups[place]);
                let open_ms = (has_counters && !group.imported).then_some(group.open_ms);
                let mut figures = group.tickets.finish(open_ms);
                if self.by == Some(By::Hour) {
                    // Handling belongs to the hour of issue, open time to its own.
                    figures.occupancy = None;
                }
                StatsRow {
                    key: self.by.map(|_| key),
                    figures,
                }
            })
            .collect()
    }
}

impl Group {
    fn add(&mut self, ticket: &PackedTicket) {
        self.tickets.add(&ticket.facts);
        self.imported |= ticket.imported;
    }
}

fn day_key(day: i64) -> String {
    day_from_yyyymmdd(day).map_or_else(|| day.to_string(), |day| day.to_string())
}
