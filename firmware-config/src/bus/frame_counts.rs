//! Every frame between the master and its devices, counted.

use std::collections::BTreeMap;

/// What went between the master and one device.
///
/// Of a panel whose kind answers, what was sent is what was answered, spoilt and unanswered, and at most one message that is
/// on its way. Questions to devices that are looked for, at other speeds or for other lines, are not counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct FrameCounts {
    /// Messages to it, repeats among them; to a pad, acknowledgements among them.
    pub sent: u64,
    /// Messages that were sent once more because no answer came; of a pad, presses that it sent once more.
    pub repeated: u64,
    /// Answers of a panel that were understood, refusals among them; of a pad, frames.
    pub heard: u64,
    /// Times that bytes came in the place of an answer which made none.
    pub spoilt: u64,
    /// Times that no answer came that was due.
    pub unanswered: u64,
}

/// The counts of all devices of a line, by address. Panels and pads have address spaces of their own.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LineCounts {
    /// Panels.
    pub panels: BTreeMap<u8, FrameCounts>,
    /// Pads that are configured.
    pub pads: BTreeMap<u8, FrameCounts>,
}

impl LineCounts {
    pub(super) fn panel(&mut self, address: u8) -> &mut FrameCounts {
        self.panels.entry(address).or_default()
    }

    pub(super) fn pad(&mut self, address: u8) -> &mut FrameCounts {
        self.pads.entry(address).or_default()
    }
}
