//! What became of appointments over a range of days.

use std::collections::BTreeMap;

use queue_core::statistics::{AppointmentFacts, ShowUp};
use queue_core::{BusinessDay, StationTime};
use serde::{Deserialize, Serialize};

use super::{By, ReportError, Reports};
use crate::zone::day_from_yyyymmdd;

/// Show-up figures of a range.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ShowUpReport {
    /// First business day.
    pub from: BusinessDay,
    /// Last business day, included.
    pub to: BusinessDay,
    /// `service` or `day`, `null` for the whole range in one row.
    pub by: Option<By>,
    /// In the order of their keys.
    pub rows: Vec<ShowUpRow>,
}

/// One group.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ShowUpRow {
    /// Service id or day `YYYY-MM-DD`; `null` for the whole range.
    pub key: Option<String>,
    /// The figures.
    #[serde(flatten)]
    pub figures: ShowUp,
    /// Checked in, whenever.
    pub checked_in: u64,
    /// Checked in among those who did or missed.
    pub show_up_rate: Option<f64>,
}

impl Reports {
    /// Computes the show-up figures of a range, as they stand at `now`.
    ///
    /// # Errors
    /// [`ReportError`].
    pub fn show_up(
        &self,
        (from, to): (BusinessDay, BusinessDay),
        by: Option<By>,
        now: StationTime,
    ) -> Result<ShowUpReport, ReportError> {
        if from > to {
            return Err(ReportError::BadRange { from, to });
        }
        let mut groups: BTreeMap<Option<String>, ShowUp> = BTreeMap::new();
        if by.is_none() {
            groups.entry(None).or_default();
        }
        self.read(|db| {
            let mut statement = db.prepare_cached(
                "SELECT day, service, slot_ms, check_in_until_ms, checked_in_ms, late, cancelled_ms IS NOT NULL
                 FROM appointment WHERE day BETWEEN ?1 AND ?2",
            )?;
            let mut rows = statement.query((from.as_yyyymmdd(), to.as_yyyymmdd()))?;
            while let Some(row) = rows.next()? {
                let key = match by {
                    Some(By::Day) => day_from_yyyymmdd(row.get(0)?).map(|day| day.to_string()),
                    Some(_) => Some(row.get(1)?),
                    None => None,
                };
                let facts = AppointmentFacts {
                    slot: StationTime(row.get(2)?),
                    check_in_until: StationTime(row.get(3)?),
                    checked_in: row.get::<_, Option<i64>>(4)?.map(StationTime),
                    late: row.get(5)?,
                    cancelled: row.get(6)?,
                };
                groups.entry(key).or_default().add(&facts, now);
            }
            Ok(())
        })?;
        let row = |(key, figures): (Option<String>, ShowUp)| ShowUpRow {
            key,
            checked_in: figures.checked_in(),
            show_up_rate: figures.show_up_rate(),
            figures,
        };
        Ok(ShowUpReport {
            from,
            to,
            by,
            rows: groups.into_iter().map(row).collect(),
        })
    }
}
