//! Faults of devices over a range of time.

use queue_core::{DeviceId, StationTime};
use rusqlite::types::Type;

use super::{ReportError, Reports};

/// A fault of a device, from its first entry in the log to its last.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeviceFault {
    /// Whose.
    pub device: DeviceId,
    /// The stable word for it.
    pub fault: String,
    /// When it began.
    pub from: StationTime,
    /// When it ended; none: it has not.
    pub to: Option<StationTime>,
}

impl Reports {
    /// The faults that stood at some moment from `since` on and before `until`, in the order in which they began.
    ///
    /// # Errors
    /// [`ReportError`].
    pub fn device_faults(
        &self,
        since: StationTime,
        until: StationTime,
    ) -> Result<Vec<DeviceFault>, ReportError> {
        Ok(self.read(|db| {
            let mut statement = db.prepare_cached(
                "SELECT device, fault, from_ms, to_ms FROM device_fault
                 WHERE (to_ms IS NULL OR to_ms > ?1) AND from_ms < ?2 ORDER BY seq",
            )?;
            let faults = statement.query_map([since.0, until.0], |row| {
                let device: String = row.get(0)?;
                let device = DeviceId::new(&device).map_err(|bad| {
                    rusqlite::Error::FromSqlConversionFailure(0, Type::Text, bad.into())
                })?;
                Ok(DeviceFault {
                    device,
                    fault: row.get(1)?,
                    from: StationTime(row.get(2)?),
                    to: row.get::<_, Option<i64>>(3)?.map(StationTime),
                })
            })?;
            faults.collect()
        })?)
    }
}
