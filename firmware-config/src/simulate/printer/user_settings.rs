//! What a printer keeps without power, and how a host changes it: the printer's side of `GS ( E`.
//!
//! Written from the manuals (Epson TM-T88III programming guide 10.01, pages 574 to 613; Citizen
//! CT-S2000 command reference, page 119), apart from what hosts use: bytes are taken and made here
//! by hand, so that a mistake of the one is not repeated by the other.

use std::collections::BTreeMap;

/// Settings that outlive a power cut.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PrinterMemory {
    /// Memory switches by number; each is eight `0` or `1`, switch 8 first.
    pub switches: BTreeMap<u8, [u8; 8]>,
    /// Customised values by number.
    pub values: BTreeMap<u8, u16>,
    /// Conditions of the serial interface by number, as digits: 1 speed, 2 parity, 3 flow control,
    /// 4 bits per character.
    pub serial: BTreeMap<u8, String>,
    /// How often a change was kept.
    pub times_kept: u64,
}

impl Default for PrinterMemory {
    fn default() -> Self {
        let serial = [(1, "115200"), (2, "0"), (3, "0"), (4, "8")];
        Self {
            switches: [1, 2, 8].map(|number| (number, [b'0'; 8])).into(),
            values: [(3, 6), (5, 0), (6, 9)].into(),
            serial: serial
                .map(|(number, text)| (number, text.to_owned()))
                .into(),
            times_kept: 0,
        }
    }
}

impl PrinterMemory {
    /// Its speed in bits per second.
    pub fn baud_bps(&self) -> Option<u32> {
        self.serial.get(&1)?.parse().ok()
    }
}

/// A printer's settings and what is being done to them.
#[derive(Debug, Default)]
pub(super) struct UserSettings {
    memory: PrinterMemory,
    /// Changes not yet in effect, while the host is changing settings.
    pending: Option<PrinterMemory>,
    power_cut_after: Option<u32>,
}

/// What came of a command.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Done {
    /// Bytes for the host.
    pub(super) answer: Vec<u8>,
    /// The printer starts again.
    pub(super) restarts: bool,
    /// The power fails.
    pub(super) cuts_power: bool,
}

impl UserSettings {
    pub(super) fn new(memory: PrinterMemory) -> Self {
        Self {
            memory,
            ..Self::default()
        }
    }

    pub(super) fn memory(&self) -> &PrinterMemory {
        &self.memory
    }

    pub(super) fn set_power_cut_after(&mut self, changes: u32) {
        self.power_cut_after = Some(changes);
    }

    pub(super) fn lose_power(&mut self) {
        self.pending = None;
    }

    /// Obeys the parameters of one `GS ( E`.
    pub(super) fn obey(&mut self, parameters: &[u8]) -> Done {
        let mut done = Done::default();
        match parameters {
            [1, b'I', b'N'] => {
                self.pending = Some(self.memory.clone());
                done.answer = vec![0x37, 0x20, 0];
            }
            [2, b'O', b'U', b'T'] => {
                if let Some(changed) = self.pending.take() {
                    let times_kept = self.memory.times_kept + 1;
                    self.memory = PrinterMemory {
                        times_kept,
                        ..changed
                    };
                    done.restarts = true;
                }
            }
            [3 | 5 | 11, ..] => done.cuts_power = self.change(parameters),
            [4 | 6 | 12, number] => done.answer = self.tell(parameters[0], *number),
            _ => {}
        }
        done
    }

    /// Changes settings while the host may; `true`: the power fails.
    fn change(&mut self, parameters: &[u8]) -> bool {
        let Some(pending) = &mut self.pending else {
            return false;
        };
        match parameters {
            [3, changes @ ..] => {
                for change in changes.chunks_exact(9) {
                    let Some(kept) = pending.switches.get_mut(&change[0]) else {
                        continue;
                    };
                    for (kept, asked) in kept.iter_mut().zip(&change[1..]) {
                        if matches!(asked, b'0' | b'1') {
                            *kept = *asked;
                        }
                    }
                }
            }
            [5, changes @ ..] => {
                for change in changes.chunks_exact(3) {
                    if let Some(kept) = pending.values.get_mut(&change[0]) {
                        *kept = u16::from(change[1]) + 256 * u16::from(change[2]);
                    }
                }
            }
            [11, item, digits @ ..] => {
                if let (Some(kept), Ok(text)) =
                    (pending.serial.get_mut(item), std::str::from_utf8(digits))
                {
                    text.clone_into(kept);
                }
            }
            _ => return false,
        }
        match &mut self.power_cut_after {
            Some(0) | None => false,
            Some(left) => {
                *left -= 1;
                *left == 0
            }
        }
    }

    /// Tells a setting as it will be; numbers the printer does not have are not answered.
    fn tell(&self, function: u8, number: u8) -> Vec<u8> {
        let memory = self.pending.as_ref().unwrap_or(&self.memory);
        let block = match function {
            4 => memory.switches.get(&number).map(|switches| {
                let mut block = vec![0x37, 0x21];
                block.extend(switches);
                block
            }),
            6 => memory
                .values
                .get(&number)
                .map(|value| format!("\x37\x27{number}\x1f{value}").into_bytes()),
            _ => memory
                .serial
                .get(&number)
                .map(|text| format!("\x37\x33{number}\x1f{text}").into_bytes()),
        };
        block.map_or_else(Vec::new, |mut block| {
            block.push(0);
            block
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const IN: &[u8] = &[1, b'I', b'N'];
    const OUT: &[u8] = &[2, b'O', b'U', b'T'];

    #[test]
    fn changes_take_effect_after_leaving() {
        let mut settings = UserSettings::default();
        assert_eq!(settings.obey(&[5, 5, 0xfd, 0xff]), Done::default());
        assert_eq!(settings.obey(IN).answer, [0x37, 0x20, 0]);
        settings.obey(&[5, 5, 0xfd, 0xff]);
        settings.obey(b"\x0b\x0119200");
        settings.obey(&[3, 8, b'2', b'2', b'2', b'2', b'2', b'2', b'1', b'2']);
        assert_eq!(settings.memory(), &PrinterMemory::default());
        assert!(settings.obey(OUT).restarts);
        let memory = settings.memory();
        assert_eq!(
            (memory.values[&5], memory.baud_bps()),
            (65_533, Some(19_200))
        );
        assert_eq!(memory.switches[&8], *b"00000010");
        assert_eq!(settings.obey(&[6, 5]).answer, b"\x37\x275\x1f65533\x00");
        assert_eq!(settings.obey(&[12, 1]).answer, b"\x37\x331\x1f19200\x00");
        assert_eq!(settings.obey(&[4, 8]).answer, b"\x37\x2100000010\x00");
        assert_eq!(settings.obey(&[6, 99]).answer, b"");
    }

    #[test]
    fn a_power_cut_before_leaving_keeps_the_old() {
        let mut settings = UserSettings::default();
        settings.set_power_cut_after(1);
        settings.obey(IN);
        assert!(settings.obey(&[5, 5, 1, 0]).cuts_power);
        settings.lose_power();
        assert_eq!(settings.memory(), &PrinterMemory::default());
        assert_eq!(settings.obey(OUT), Done::default(), "nothing to leave");
    }
}
