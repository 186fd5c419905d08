//! Every single wait of a range of days, by service: what a distribution is drawn from.

use std::collections::BTreeMap;

use queue_core::BusinessDay;

use super::stats::{Level, for_each_day};
use super::{ReportError, Reports};

/// The waits of one service.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ServiceWaits {
    /// Its waiting standard on the latest day that has one, milliseconds.
    pub standard_ms: Option<u32>,
    /// The wait of each ticket ever called, from its issue to the first call, milliseconds.
    pub waits_ms: Vec<u32>,
}

impl Reports {
    /// The waits of the visits, or of their legs, of the tickets issued from `from` to `to`, both included, by service id; a service nobody of which was
    /// called is not there.
    ///
    /// # Errors
    /// [`ReportError`].
    pub fn waits(
        &self,
        from: BusinessDay,
        to: BusinessDay,
        level: Level,
    ) -> Result<BTreeMap<String, ServiceWaits>, ReportError> {
        if from > to {
            return Err(ReportError::BadRange { from, to });
        }
        let mut services: BTreeMap<String, ServiceWaits> = BTreeMap::new();
        self.read(|db| {
            for_each_day(db, (from, to), level, |_, day| {
                let mut of_day: Vec<ServiceWaits> = Vec::new();
                of_day.resize_with(day.names.len(), ServiceWaits::default);
                for ticket in day.tickets() {
                    let service = &mut of_day[usize::from(ticket.service)];
                    service.standard_ms = ticket.facts.standard_ms.or(service.standard_ms);
                    service.waits_ms.extend(ticket.facts.wait_ms());
                }
                for (name, found) in day.names.iter().zip(of_day) {
                    if found.waits_ms.is_empty() {
                        continue;
                    }
                    let service = services.entry((*name).to_owned()).or_default();
                    service.standard_ms = found.standard_ms.or(service.standard_ms);
                    service.waits_ms.extend(found.waits_ms);
                }
            })
        })?;
        Ok(services)
    }
}
