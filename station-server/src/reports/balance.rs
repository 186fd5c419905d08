//! How evenly the work of a range of days was spread over the counters.

use std::collections::BTreeMap;

use queue_core::BusinessDay;
use queue_core::statistics::{Outcome, gini};
use rusqlite::Connection;
use serde::{Deserialize, Serialize};

use super::stats::{StatsRow, for_each_day};

/// Counters open for less than this have no load per hour that could be compared, seconds.
const OPEN_S_MIN: f64 = 30.0 * 60.0;

/// The work of one counter.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CounterLoad {
    /// Counter id.
    pub counter: String,
    /// Time spent handling, seconds.
    pub busy_s: f64,
    /// Served tickets, each as long as its service takes on average over all counters in the range, seconds.
    pub expected_s: f64,
    /// Time the counter was open, seconds; absent where it is not known.
    pub open_s: Option<f64>,
}

/// How evenly the work was spread.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Balance {
    /// The counters, in the order of the rows.
    pub counters: Vec<CounterLoad>,
    /// Gini coefficient of the expected time per open time of the counters that were open for half an hour and more; absent
    /// for fewer than two of them.
    pub gini: Option<f64>,
}

/// What the balance needs of the tickets: served ones with a known handling.
#[derive(Default)]
struct Served {
    /// Tickets and handling, milliseconds, by service.
    services: BTreeMap<String, (u64, f64)>,
    /// Tickets by counter and service.
    counters: BTreeMap<(String, String), u64>,
}

/// The balance of a range; `rows` are its figures by counter.
pub(super) fn balance(
    db: &Connection,
    range: (BusinessDay, BusinessDay),
    rows: &[StatsRow],
) -> rusqlite::Result<Balance> {
    let mut served = Served::default();
    for_each_day(db, range, |_, packed| {
        for ticket in packed.tickets() {
            let facts = &ticket.facts;
            let Some(handling_ms) = facts.handling_ms else {
                continue;
            };
            if facts.outcome != Outcome::Served || facts.closed_by_day_end {
                continue;
            }
            let name = |place: u16| packed.names[usize::from(place)].to_owned();
            let service = served.services.entry(name(ticket.service)).or_default();
            service.0 += 1;
            service.1 += f64::from(handling_ms);
            let at = (name(ticket.counter), name(ticket.service));
            *served.counters.entry(at).or_default() += 1;
        }
    })?;
    Ok(served.spread_over(rows))
}

impl Served {
    /// Mean handling of a service, seconds.
    fn mean_s(&self, service: &str) -> f64 {
        let (n, handling_ms) = self.services.get(service).copied().unwrap_or_default();
        handling_ms / 1_000.0 / (n.max(1) as f64)
    }

    fn spread_over(&self, rows: &[StatsRow]) -> Balance {
        // Tickets that were never called have no counter.
        let rows = rows.iter().filter_map(|row| {
            let key = row.key.as_ref().filter(|key| !key.is_empty())?;
            Some((key, &row.figures))
        });
        let counters: Vec<CounterLoad> = rows
            .map(|(counter, figures)| {
                let tickets = self.counters.iter().filter(|((at, _), _)| at == counter);
                CounterLoad {
                    counter: counter.clone(),
                    busy_s: figures.handling.mean_s.unwrap_or(0.0) * figures.handling.n as f64,
                    // Not `sum`, which of nothing is minus zero.
                    expected_s: tickets
                        .map(|((_, service), n)| *n as f64 * self.mean_s(service))
                        .fold(0.0, |sum, expected_s| sum + expected_s),
                    open_s: figures.counter_open_s,
                }
            })
            .collect();
        let per_hour = counters.iter().filter_map(|load| {
            let open_s = load.open_s.filter(|open_s| *open_s >= OPEN_S_MIN)?;
            Some(load.expected_s / open_s)
        });
        let gini = gini(&per_hour.collect::<Vec<_>>());
        Balance { counters, gini }
    }
}

#[cfg(test)]
mod tests {
    use queue_core::statistics::Figures;

    use super::*;

    fn row(key: &str, open_s: f64) -> StatsRow {
        let figures = Figures {
            counter_open_s: Some(open_s),
            ..Figures::default()
        };
        StatsRow {
            key: Some(key.into()),
            figures,
        }
    }

    #[test]
    fn a_ticket_weighs_what_its_service_takes_at_all_counters() {
        let at = |counter: &str, service: &str| (counter.to_owned(), service.to_owned());
        let served = Served {
            // Ten minutes here and twenty there; pick-ups take one.
            services: [
                ("permit".to_owned(), (2, 1_800_000.0)),
                ("pick-up".to_owned(), (5, 300_000.0)),
            ]
            .into(),
            counters: [
                (at("1", "permit"), 1),
                (at("2", "permit"), 1),
                (at("2", "pick-up"), 5),
            ]
            .into(),
        };
        // Never called; open for too short a time to compare.
        let rows = [
            row("", 0.0),
            row("1", 3_600.0),
            row("2", 4_800.0),
            row("3", 1_799.0),
        ];
        let balance = served.spread_over(&rows);
        let expected: Vec<_> = balance
            .counters
            .iter()
            .map(|l| (l.counter.as_str(), l.expected_s))
            .collect();
        assert_eq!(expected, [("1", 900.0), ("2", 1_200.0), ("3", 0.0)]);
        assert!(balance.counters[2].expected_s.is_sign_positive());
        // Both a quarter of their time.
        assert_eq!(balance.gini, Some(0.0));
    }
}
