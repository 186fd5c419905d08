//! A simulated two-line LED control card with Modbus registers: settings last when they are saved,
//! and the speed changes when the card starts again.
//!
//! Register map from its maker's page (docs-embeddedart-in.pages.dev, LED display control card).
//! That a speed waits for the next start is a guess: the page does not say.

use std::collections::BTreeMap;

use crate::modbus::{Action, Address, Exception, Request};

const MODULES: u16 = 29;
const BAUD: u16 = 37;
const ADDRESS: u16 = 41;
const SAVE: u16 = 42;

/// Speeds by their code, in bits per second.
const SPEEDS_BPS: [u32; 15] = [
    300, 600, 1_200, 2_400, 4_800, 9_600, 14_400, 19_200, 28_800, 38_400, 56_000, 57_600, 115_200,
    128_000, 256_000,
];

/// One card.
#[derive(Clone, Debug)]
pub struct VirtualCard {
    now: BTreeMap<u16, u16>,
    kept: BTreeMap<u16, u16>,
    baud_bps: u32,
    is_stuck: bool,
}

impl VirtualCard {
    /// A card as it is when new, but for its address.
    pub fn new(address: Address) -> Self {
        let registers = BTreeMap::from([
            (MODULES, 4),
            (30, 0),
            (31, 1),
            (32, 7),
            (35, 0),
            (36, 5),
            (BAUD, 5),
            (38, 8),
            (39, 0),
            (40, 1),
            (ADDRESS, u16::from(address.get())),
            (43, 1),
            (44, 0),
        ]);
        Self {
            kept: registers.clone(),
            now: registers,
            baud_bps: 9_600,
            is_stuck: false,
        }
    }

    /// Makes it say that it has written and keep what it has.
    pub fn set_stuck(&mut self, is_stuck: bool) {
        self.is_stuck = is_stuck;
    }

    /// What a register holds.
    pub fn register(&self, register: u16) -> Option<u16> {
        self.now.get(&register).copied()
    }

    /// The only speed it understands, in bits per second.
    pub fn baud_bps(&self) -> u32 {
        self.baud_bps
    }

    /// Takes its power away for a moment: what was not saved is forgotten, and the rest takes
    /// effect.
    pub fn switch_off_and_on(&mut self) {
        self.now = self.kept.clone();
        let code = usize::from(self.now.get(&BAUD).copied().unwrap_or(5));
        self.baud_bps = SPEEDS_BPS.get(code).copied().unwrap_or(9_600);
    }

    /// Hears a request on the line and gives its answer, if it is for this card.
    pub fn handle_request(&mut self, request: &Request) -> Option<Vec<u8>> {
        if self.register(ADDRESS) != Some(u16::from(request.address.get())) {
            return None;
        }
        let read = match &request.action {
            Action::Read { register, count: 1 } => match self.register(*register) {
                Some(value) => Ok(vec![value]),
                None => Err(Exception::ILLEGAL_ADDRESS),
            },
            Action::WriteOne { register, value } => self.write(*register, *value).map(|()| vec![]),
            Action::Read { .. } | Action::WriteMany { .. } => Err(Exception::ILLEGAL_ADDRESS),
        };
        Some(match read {
            Ok(values) => request.reply(&values),
            Err(why) => request.refuse(why),
        })
    }

    fn write(&mut self, register: u16, value: u16) -> Result<(), Exception> {
        match register {
            MODULES | ADDRESS | SAVE | 35..=40 if self.is_stuck => {}
            SAVE if value == 1 => self.kept = self.now.clone(),
            // These two last by themselves.
            MODULES | ADDRESS => {
                self.now.insert(register, value);
                self.kept.insert(register, value);
            }
            35..=40 => {
                self.now.insert(register, value);
            }
            _ => return Err(Exception::ILLEGAL_ADDRESS),
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_saved_is_forgotten_and_a_speed_waits_for_the_next_start() {
        let one = Address::new(1).unwrap();
        let mut card = VirtualCard::new(one);
        let write = |card: &mut VirtualCard, register, value| {
            let action = Action::WriteOne { register, value };
            let request = Request {
                address: one,
                action,
            };
            assert_eq!(card.handle_request(&request), Some(request.reply(&[])));
        };
        write(&mut card, 35, 1);
        write(&mut card, BAUD, 7);
        card.switch_off_and_on();
        assert_eq!((card.register(35), card.baud_bps()), (Some(0), 9_600));
        write(&mut card, BAUD, 7);
        write(&mut card, SAVE, 1);
        assert_eq!(card.baud_bps(), 9_600);
        card.switch_off_and_on();
        assert_eq!(card.baud_bps(), 19_200);
    }
}
