//! Faults of devices: a device has at most one at a time, and each begins once and ends once, both as events. Who says
//! what a fault is and how long it must stand is the reporter's affair; the engine knows names and words only.

use alloc::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::engine::Engine;
use crate::ids::{DeviceId, FaultWord};
use crate::time::StationTime;

/// A fault that has begun and not ended.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct OpenFault {
    /// What is wrong.
    pub fault: FaultWord,
    /// When it was written down.
    pub since: StationTime,
}

/// The open fault of each device that has one.
pub(crate) type DeviceFaults = BTreeMap<DeviceId, OpenFault>;

impl Engine {
    /// The open fault of a device; none: it has none.
    #[must_use]
    pub fn device_fault(&self, device: &DeviceId) -> Option<&OpenFault> {
        self.device_faults.get(device)
    }

    /// Every device with an open fault. They outlast business days.
    #[must_use]
    pub fn device_faults(&self) -> &BTreeMap<DeviceId, OpenFault> {
        &self.device_faults
    }
}
