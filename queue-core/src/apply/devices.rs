//! The open faults of devices.

use crate::device_faults::OpenFault;
use crate::engine::Engine;
use crate::ids::{DeviceId, FaultWord};
use crate::time::StationTime;

impl Engine {
    pub(super) fn begin_fault(&mut self, device: &DeviceId, fault: &FaultWord, at: StationTime) {
        let open = OpenFault {
            fault: fault.clone(),
            since: at,
        };
        self.device_faults.insert(device.clone(), open);
    }

    pub(super) fn end_fault(&mut self, device: &DeviceId, fault: &FaultWord) {
        if self
            .device_fault(device)
            .is_some_and(|open| open.fault == *fault)
        {
            self.device_faults.remove(device);
        }
    }
}
