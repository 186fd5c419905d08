//! From rows to tickets; everything that is wrong is found, not only the first thing.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::fmt::Display;
use std::str::FromStr;

use jiff::civil::DateTime;
use queue_core::{
    BusinessDay, ClassId, CounterId, ImportedTicket, Outcome, ServiceId, StationTime,
};

use super::read::{COLUMNS, Row, Table};
use super::{BadRow, ImportError};
use crate::writer::Ledger;
use crate::zone::Zone;

/// A visit is over within this many days; anything longer is a wrong date.
const VISIT_DAYS: i64 = 30;

/// Longest number, bytes.
const NUMBER_BYTES: usize = 64;

/// The class of a row that names none, where the plan has no default either.
const CLASS: &str = "regular";

/// Good and bad rows.
pub(super) struct Checked {
    pub(super) tickets: Vec<ImportedTicket>,
    /// In the order of the lines.
    pub(super) bad: Vec<BadRow>,
}

/// Checks every row against the format, the plan, the other rows and the tickets already there.
pub(super) fn check(
    table: &Table,
    ledger: &Ledger,
    now: StationTime,
    create_missing: bool,
) -> Result<Checked, ImportError> {
    let mut checked = Checked {
        tickets: Vec::with_capacity(table.rows.len()),
        bad: Vec::new(),
    };
    let mut taken = BTreeMap::new();
    for row in &table.rows {
        let mut reader = RowReader {
            table,
            row,
            ledger,
            now,
            create_missing,
            bad: &mut checked.bad,
        };
        let Some(ticket) = reader.ticket() else {
            continue;
        };
        if let Entry::Vacant(day) = taken.entry(ticket.day) {
            day.insert(numbers_of(ledger, ticket.day)?);
        }
        let numbers = taken.entry(ticket.day).or_default();
        match numbers.entry(ticket.number.clone()) {
            Entry::Occupied(other) => {
                let reason = match other.get() {
                    Some(line) => format!(
                        "`{}` was given on {} on line {line} already",
                        ticket.number, ticket.day
                    ),
                    None => format!(
                        "the station has a ticket `{}` of {} already",
                        ticket.number, ticket.day
                    ),
                };
                reader.refuse(Some("number"), reason);
            }
            Entry::Vacant(free) => {
                free.insert(Some(row.line));
                checked.tickets.push(ticket);
            }
        }
    }
    Ok(checked)
}

/// The numbers a day has already, from no line of the file.
fn numbers_of(
    ledger: &Ledger,
    day: BusinessDay,
) -> Result<BTreeMap<String, Option<u64>>, ImportError> {
    Ok(ledger.journal().sql(|db| {
        db.prepare_cached("SELECT number FROM ticket WHERE day = ?1")?
            .query_map([day.as_yyyymmdd()], |row| Ok((row.get(0)?, None)))?
            .collect()
    })?)
}

struct RowReader<'a> {
    table: &'a Table,
    row: &'a Row,
    ledger: &'a Ledger,
    now: StationTime,
    create_missing: bool,
    bad: &'a mut Vec<BadRow>,
}

impl RowReader<'_> {
    fn refuse(&mut self, column: Option<&'static str>, reason: String) {
        self.bad.push(BadRow {
            line: self.row.line,
            column,
            reason,
            not_planned: None,
        });
    }

    /// The ticket of the row, or none after everything wrong with it was noted.
    fn ticket(&mut self) -> Option<ImportedTicket> {
        let before = self.bad.len();
        let (expected, found) = (self.table.header.len(), self.row.fields.len());
        if expected != found {
            self.refuse(None, format!("expected {expected} fields, found {found}"));
            return None;
        }
        let number = self.number();
        let service = self.required::<ServiceId>("service");
        if let Some(service) = &service {
            let known = self.ledger.engine().plan().services.contains_key(service);
            self.must_be_planned(known, "service", service);
        }
        let class = self.class();
        let counter = self.optional::<CounterId>("counter");
        if let Some(counter) = &counter {
            let known = self.ledger.engine().plan().counters.contains_key(counter);
            self.must_be_planned(known, "counter", counter);
        }
        let (language, channel) = (self.optional("language"), self.optional("channel"));
        let staff = self.optional("staff");
        let outcome = self.outcome();
        let issued_at = self.time("issued_at");
        if issued_at.is_none() && self.text("issued_at").is_some_and(str::is_empty) {
            self.refuse(Some("issued_at"), "must not be empty".to_owned());
        }
        let [called_at, started_at, finished_at] =
            ["called_at", "started_at", "finished_at"].map(|column| self.time(column));
        let score = self.score();
        if let Some(outcome) = outcome {
            self.check_outcome(outcome);
        }
        let zone: &Zone = self.ledger.zone();
        let day = issued_at.map(|at| zone.date(at));
        self.check_order([
            ("issued_at", issued_at),
            ("called_at", called_at),
            ("started_at", started_at),
            ("finished_at", finished_at),
        ]);
        if let (Some(day), Some(present)) = (day, self.ledger.engine().day())
            && day >= present
        {
            self.refuse(
                Some("issued_at"),
                format!("{day} is not before the station's present business day {present}, whose numbers it gives itself"),
            );
        }
        if self.bad.len() > before {
            return None;
        }
        Some(ImportedTicket {
            day: day?,
            number: number?,
            service: service?,
            class: class?,
            language,
            channel,
            issued_at: issued_at?,
            called_at,
            started_at,
            finished_at,
            counter,
            staff,
            outcome: outcome?,
            score,
        })
    }

    /// The field of a column without outer blanks; empty when the file has no such column. None when it is not text.
    fn text(&self, column: &str) -> Option<&str> {
        let place = COLUMNS.iter().zip(self.table.places);
        let place = place
            .filter(|(name, _)| **name == column)
            .find_map(|(_, p)| p);
        let bytes = place.and_then(|place| self.row.fields.get(place));
        std::str::from_utf8(bytes.unwrap_or_default())
            .ok()
            .map(str::trim)
    }

    /// The field of a column, none when it is empty.
    fn filled(&mut self, column: &'static str) -> Option<String> {
        match self.text(column).map(str::to_owned) {
            Some(text) => Some(text).filter(|text| !text.is_empty()),
            None => {
                self.refuse(Some(column), "is not UTF-8 text".to_owned());
                None
            }
        }
    }

    fn optional<T: FromStr<Err: Display>>(&mut self, column: &'static str) -> Option<T> {
        let text = self.filled(column)?;
        match text.parse() {
            Ok(value) => Some(value),
            Err(error) => {
                self.refuse(Some(column), error.to_string());
                None
            }
        }
    }

    fn required<T: FromStr<Err: Display>>(&mut self, column: &'static str) -> Option<T> {
        if self.text(column).is_some_and(str::is_empty) {
            self.refuse(Some(column), "must not be empty".to_owned());
        }
        self.optional(column)
    }

    fn must_be_planned(&mut self, known: bool, column: &'static str, id: &dyn Display) {
        if !known && !self.create_missing {
            self.bad.push(BadRow {
                line: self.row.line,
                column: Some(column),
                reason: format!("unknown {column} `{id}`"),
                not_planned: Some(id.to_string()),
            });
        }
    }

    fn number(&mut self) -> Option<String> {
        let number = self.required::<String>("number")?;
        if number.len() > NUMBER_BYTES || number.chars().any(char::is_control) {
            let reason = format!("is over {NUMBER_BYTES} bytes or has control characters");
            self.refuse(Some("number"), reason);
            return None;
        }
        Some(number)
    }

    fn class(&mut self) -> Option<ClassId> {
        let plan = self.ledger.engine().plan();
        let default = plan.default_class().cloned();
        let class = match (self.text("class"), default) {
            (Some(""), Some(default)) => Some(default),
            (Some(""), None) => ClassId::new(CLASS).ok(),
            _ => self.optional("class"),
        }?;
        let known = self.ledger.engine().plan().classes.contains_key(&class);
        self.must_be_planned(known, "class", &class);
        Some(class)
    }

    fn outcome(&mut self) -> Option<Outcome> {
        let outcome = match self.text("outcome") {
            Some("served") => Some(Outcome::Served),
            Some("no_show") => Some(Outcome::NoShow),
            Some("cancelled") => Some(Outcome::Cancelled),
            Some("abandoned") => Some(Outcome::Abandoned),
            _ => None,
        };
        if outcome.is_none() {
            let reason = "expected served, no_show, cancelled or abandoned";
            self.refuse(Some("outcome"), reason.to_owned());
        }
        outcome
    }

    fn score(&mut self) -> Option<u8> {
        let text = self.filled("score")?;
        match text.parse::<u8>() {
            Ok(score) if (1..=5).contains(&score) => Some(score),
            _ => {
                let reason = "expected a whole number from 1 to 5, or nothing";
                self.refuse(Some("score"), reason.to_owned());
                None
            }
        }
    }

    fn time(&mut self, column: &'static str) -> Option<StationTime> {
        let text = self.filled(column)?;
        let instant = local(&text)
            .ok_or_else(|| "expected a local date-time such as 2026-11-22T09:05:00".to_owned())
            .and_then(|local| {
                let instant = self.ledger.zone().instant(local);
                instant.map_err(|e| e.to_string())
            })
            .and_then(|at| {
                if at > self.now {
                    Err("lies in the future".to_owned())
                } else {
                    Ok(at)
                }
            });
        instant
            .map_err(|reason| self.refuse(Some(column), reason))
            .ok()
    }

    /// What each outcome needs and forbids.
    fn check_outcome(&mut self, outcome: Outcome) {
        let empty = |this: &Self, column: &str| this.text(column).is_some_and(str::is_empty);
        let (needed, word): (&[&'static str], _) = match outcome {
            Outcome::Served => (&["called_at", "finished_at"], "served"),
            Outcome::NoShow => (&["called_at"], "no_show"),
            Outcome::Cancelled => (&[], "cancelled"),
            Outcome::Abandoned => (&[], "abandoned"),
        };
        for column in needed {
            if empty(self, column) {
                let reason = format!("must not be empty when the outcome is {word}");
                self.refuse(Some(column), reason);
            }
        }
        if outcome != Outcome::Served {
            for column in ["started_at", "score"] {
                if !empty(self, column) {
                    let reason = format!("must be empty when the outcome is {word}");
                    self.refuse(Some(column), reason);
                }
            }
        }
    }

    /// Each known moment is not before the known one in front of it, and the visit is over within a month.
    fn check_order(&mut self, moments: [(&'static str, Option<StationTime>); 4]) {
        let mut known = moments
            .into_iter()
            .filter_map(|(column, at)| at.map(|at| (column, at)));
        let Some((mut before, mut earlier)) = known.next() else {
            return;
        };
        let first = earlier;
        for (column, at) in known {
            if at < earlier {
                self.refuse(Some(column), format!("is before {before}"));
            } else if at.since_ms(first) > VISIT_DAYS * 86_400_000 {
                self.refuse(
                    Some(column),
                    format!("is over {VISIT_DAYS} days after {}", moments[0].0),
                );
            }
            (before, earlier) = (column, at);
        }
    }
}

/// Reads `YYYY-MM-DDTHH:MM[:SS[.fraction]]`, with a blank instead of the `T` if need be.
fn local(text: &str) -> Option<DateTime> {
    let plain = text
        .bytes()
        .all(|b| b.is_ascii_digit() || matches!(b, b'-' | b':' | b'T' | b' ' | b'.'));
    if !plain || !text.contains(['T', ' ']) {
        return None;
    }
    text.parse().ok()
}
