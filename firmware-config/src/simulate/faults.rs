//! What can be wrong on the way between a device and its host, whatever the device.

use std::collections::VecDeque;

/// Noise comes in so many bytes every so many milliseconds.
const NOISE_BYTES: usize = 12;
const NOISE_MS: u64 = 500;

/// What is wrong with the way between a device and its host.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LineFaults {
    /// The device hears, and nothing of what it says arrives.
    pub is_mute: bool,
    /// The byte so many from the end, from 1, of everything it says is wrong.
    pub spoilt_from_end: Option<usize>,
    /// The adapter gives back what the host sends.
    pub echoes: bool,
    /// The device speaks at this speed only, in bits per second.
    pub baud_bps: Option<u32>,
    /// What the device says comes so much later, in milliseconds.
    pub late_ms: u64,
    /// Bytes of every value come from time to time.
    pub is_noisy: bool,
    /// No power: nothing is heard and nothing said.
    pub has_no_power: bool,
}

/// The way between a device and its host.
#[derive(Debug)]
pub(super) struct Way {
    faults: LineFaults,
    /// What the adapter gives back.
    echo: Vec<u8>,
    /// What arrives when, in the order of time.
    late: VecDeque<(u64, Vec<u8>)>,
    noise_ms: u64,
    chance: Chance,
}

impl Default for Way {
    fn default() -> Self {
        Self {
            faults: LineFaults::default(),
            echo: Vec::new(),
            late: VecDeque::new(),
            noise_ms: 0,
            chance: Chance(1),
        }
    }
}

impl Way {
    pub(super) fn set_faults(&mut self, faults: LineFaults) {
        self.faults = faults;
    }

    /// Bytes from the host; whether the device hears them.
    pub(super) fn carry_in(&mut self, bytes: &[u8]) -> bool {
        if self.faults.echoes {
            self.echo.extend_from_slice(bytes);
        }
        !self.faults.has_no_power
    }

    /// What the adapter has given back.
    pub(super) fn take_echo(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.echo)
    }

    /// What arrives now when the device says this.
    pub(super) fn carry_out(&mut self, now_ms: u64, mut said: Vec<u8>) -> Vec<u8> {
        let faults = &self.faults;
        if faults.is_mute || faults.has_no_power {
            said.clear();
        }
        if let Some(back) = faults.spoilt_from_end
            && let Some(byte) = said.iter_mut().nth_back(back.saturating_sub(1))
        {
            *byte ^= 0x55;
        }
        if !said.is_empty() {
            self.late.push_back((now_ms + faults.late_ms, said));
        }
        let due = self.late.iter().take_while(|(at_ms, _)| *at_ms <= now_ms);
        let count = due.count();
        let mut arrived: Vec<u8> = self
            .late
            .drain(..count)
            .flat_map(|(_, said)| said)
            .collect();
        if self.faults.is_noisy && self.noise_ms <= now_ms {
            arrived.extend(self.chance.bytes(NOISE_BYTES));
            self.noise_ms = now_ms + NOISE_MS;
        }
        arrived
    }

    /// When something arrives by itself.
    pub(super) fn deadline_ms(&self) -> Option<u64> {
        let late = self.late.front().map(|(at_ms, _)| *at_ms);
        let noise = self.faults.is_noisy.then_some(self.noise_ms);
        late.into_iter().chain(noise).min()
    }

    /// The only speed the device speaks at, where that is wrong.
    pub(super) fn baud_bps(&self) -> Option<u32> {
        self.faults.baud_bps
    }
}

/// Bytes of every value, the same in every run.
#[derive(Debug)]
pub(super) struct Chance(pub(super) u32);

impl Chance {
    pub(super) fn bytes(&mut self, count: usize) -> Vec<u8> {
        let mut byte = || {
            // The generator of Numerical Recipes: a spread of values is all that is needed.
            self.0 = self.0.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            self.0.to_be_bytes()[0]
        };
        (0..count).map(|_| byte()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn way(faults: LineFaults) -> Way {
        Way {
            faults,
            ..Way::default()
        }
    }

    #[test]
    fn what_is_late_arrives_in_its_time() {
        let mut way = way(LineFaults {
            late_ms: 400,
            ..LineFaults::default()
        });
        assert!(way.carry_out(100, vec![1, 2]).is_empty());
        assert!(way.carry_out(200, vec![3]).is_empty());
        assert_eq!(way.deadline_ms(), Some(500));
        assert_eq!(way.carry_out(500, vec![]), [1, 2]);
        assert_eq!(way.carry_out(700, vec![]), [3]);
        assert_eq!(way.deadline_ms(), None);
    }

    #[test]
    fn one_byte_of_an_answer_is_spoilt() {
        let mut way = way(LineFaults {
            spoilt_from_end: Some(2),
            ..LineFaults::default()
        });
        assert_eq!(way.carry_out(0, vec![1, 2, 3]), [1, 2 ^ 0x55, 3]);
        assert_eq!(way.carry_out(0, vec![1]), [1]);
    }

    #[test]
    fn an_adapter_echoes_also_without_a_device() {
        let mut way = way(LineFaults {
            echoes: true,
            has_no_power: true,
            ..LineFaults::default()
        });
        assert!(!way.carry_in(&[7]));
        assert_eq!((way.take_echo(), way.take_echo()), (vec![7], vec![]));
        assert!(way.carry_out(0, vec![1]).is_empty());
    }
}
