//! What went over a simulated line, frame by frame, for people who look on.

use std::collections::VecDeque;

use tokio::sync::watch;

use crate::caller_pad::{PadAction, PadEvent};
use crate::modbus::{Address, Exception, Request};

/// Frames remembered of a line.
pub const FRAMES_KEPT: usize = 50;

/// One frame as it went over the line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LineFrame {
    /// When, in milliseconds since the line was started.
    pub at_ms: u64,
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// What it says.
    pub meaning: Meaning,
}

/// What a frame says, and with that who sent it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Meaning {
    /// The host asks a panel for something.
    Asks(Request),
    /// A panel has done it.
    Done(Address),
    /// A panel refuses.
    Refuses(Address, Exception),
    /// The host tells the pad at an address to do something.
    Tells(u8, PadAction),
    /// The host has taken what the pad at an address sent.
    Takes(u8),
    /// A person did something at the pad at an address.
    Reports(u8, PadEvent),
    /// Bytes that no device meant to send.
    Noise,
}

impl Meaning {
    /// Whether the host sent it.
    pub fn is_from_host(&self) -> bool {
        matches!(self, Self::Asks(_) | Self::Tells(..) | Self::Takes(_))
    }
}

/// The last frames of a line.
#[derive(Debug)]
pub(super) struct FrameLog {
    kept: VecDeque<LineFrame>,
    count: watch::Sender<u64>,
}

impl Default for FrameLog {
    fn default() -> Self {
        Self {
            kept: VecDeque::with_capacity(FRAMES_KEPT),
            count: watch::Sender::new(0),
        }
    }
}

impl FrameLog {
    pub(super) fn push(&mut self, at_ms: u64, bytes: &[u8], meaning: Meaning) {
        if self.kept.len() == FRAMES_KEPT {
            self.kept.pop_front();
        }
        self.kept.push_back(LineFrame {
            at_ms,
            bytes: bytes.to_vec(),
            meaning,
        });
        self.count.send_modify(|count| *count += 1);
    }

    /// Oldest first.
    pub(super) fn frames(&self) -> Vec<LineFrame> {
        self.kept.iter().cloned().collect()
    }

    /// How many there ever were.
    pub(super) fn watch(&self) -> watch::Receiver<u64> {
        self.count.subscribe()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_last_frames_are_kept() {
        let mut log = FrameLog::default();
        let count = log.watch();
        for at_ms in 0..70 {
            log.push(at_ms, &[1], Meaning::Noise);
        }
        let frames = log.frames();
        assert_eq!(frames.len(), FRAMES_KEPT);
        assert_eq!((frames[0].at_ms, frames[49].at_ms), (20, 69));
        assert_eq!(*count.borrow(), 70);
    }
}
