//! What is reported of devices.

use alloc::vec::Vec;

use crate::engine::Engine;
use crate::event::Event;
use crate::ids::{DeviceId, FaultWord};

impl Engine {
    /// Ends the open fault of a device and begins the one it has now; no event where that is the same.
    pub(super) fn report_device(&self, device: &DeviceId, fault: Option<&FaultWord>) -> Vec<Event> {
        let open = self.device_fault(device).map(|open| &open.fault);
        if open == fault {
            return Vec::new();
        }
        let ended = open.map(|fault| Event::DeviceFaultEnded {
            device: device.clone(),
            fault: fault.clone(),
        });
        let began = fault.map(|fault| Event::DeviceFaultBegan {
            device: device.clone(),
            fault: fault.clone(),
        });
        ended.into_iter().chain(began).collect()
    }
}
