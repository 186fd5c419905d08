//! A simulated LED-485 panel: the slave's side of [`crate::led485`].

use serde::Serialize;

use crate::led485::{
    REGISTER_ADDRESS, REGISTER_BAUD, REGISTER_DECIMAL_POINT, REGISTER_NUMBER, REGISTER_TEXT,
    TEXT_MAX,
};
use crate::modbus::{Action, Address, Exception, Request};

/// One panel.
#[derive(Clone, Debug)]
pub struct VirtualPanel {
    view: PanelView,
    baud_bps: Option<u32>,
    is_mute_to_reads: bool,
    loses_power_at_setting: bool,
    settings_written: u64,
}

/// Speeds by their code, from 1, in bits per second.
const SPEEDS_BPS: [u32; 8] = [1_200, 2_400, 4_800, 9_600, 19_200, 38_400, 57_600, 115_200];

/// What a panel shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PanelView {
    /// Its address.
    pub address: Address,
    /// Text or number as lit, without trailing blanks.
    pub text: String,
    /// Digits after the decimal point of a number.
    pub decimals: u8,
    /// It has no power or a broken wire: it stays dark and answers nothing.
    pub silent: bool,
    /// Requests it has answered.
    pub answered: u64,
}

impl VirtualPanel {
    /// A dark panel.
    pub fn new(address: Address) -> Self {
        let view = PanelView {
            address,
            text: String::new(),
            decimals: 0,
            silent: false,
            answered: 0,
        };
        Self {
            view,
            baud_bps: None,
            is_mute_to_reads: false,
            loses_power_at_setting: false,
            settings_written: 0,
        }
    }

    /// What it shows.
    pub fn view(&self) -> &PanelView {
        &self.view
    }

    /// Takes its power away, or gives it back. What it showed is forgotten.
    pub fn set_silent(&mut self, silent: bool) {
        self.view.silent = silent;
        self.view.text.clear();
        self.view.decimals = 0;
    }

    /// The only speed it understands, in bits per second; `None`: any, until it is told one.
    pub fn baud_bps(&self) -> Option<u32> {
        self.baud_bps
    }

    /// Makes it understand one speed only.
    pub fn set_baud_bps(&mut self, baud_bps: u32) {
        self.baud_bps = Some(baud_bps);
    }

    /// How often its address or speed was written.
    pub fn settings_written(&self) -> u64 {
        self.settings_written
    }

    /// Makes it answer writes only, as panels do whose firmware has no function 03.
    pub fn set_mute_to_reads(&mut self, is_mute: bool) {
        self.is_mute_to_reads = is_mute;
    }

    /// Takes its power away when its address or speed is written next: it has kept the new one, and
    /// answers nothing.
    pub fn set_power_cut_at_setting(&mut self) {
        self.loses_power_at_setting = true;
    }

    /// Hears a request on the line and gives its answer, if it is for this panel.
    pub fn handle_request(&mut self, request: &Request) -> Option<Vec<u8>> {
        if self.view.silent || request.address != self.view.address {
            return None;
        }
        if self.is_mute_to_reads && matches!(request.action, Action::Read { .. }) {
            return None;
        }
        self.view.answered += 1;
        let done = match &request.action {
            Action::WriteOne {
                register: REGISTER_NUMBER,
                value,
            } => {
                self.view.text = i16::from_be_bytes(value.to_be_bytes()).to_string();
                Ok(())
            }
            Action::WriteOne {
                register: REGISTER_DECIMAL_POINT,
                value,
            } => {
                self.view.decimals = u8::try_from(*value).unwrap_or(u8::MAX).min(3);
                Ok(())
            }
            Action::WriteOne {
                register: REGISTER_ADDRESS,
                value,
            } => self.move_to(*value),
            Action::WriteOne {
                register: REGISTER_BAUD,
                value,
            } => self.change_speed(*value),
            Action::WriteMany {
                register: REGISTER_TEXT,
                values,
            } => self.show(values),
            Action::Read { .. } => Err(Exception(1)),
            Action::WriteOne { .. } | Action::WriteMany { .. } => Err(Exception::ILLEGAL_ADDRESS),
        };
        if self.view.silent {
            return None;
        }
        Some(match done {
            Ok(()) => request.reply(&[]),
            Err(exception) => request.refuse(exception),
        })
    }

    fn move_to(&mut self, address: u16) -> Result<(), Exception> {
        let address = u8::try_from(address).ok().and_then(Address::new);
        self.view.address = address.ok_or(Exception(3))?;
        self.keep_setting();
        Ok(())
    }

    fn change_speed(&mut self, code: u16) -> Result<(), Exception> {
        let index = usize::from(code).checked_sub(1).ok_or(Exception(3))?;
        self.baud_bps = Some(*SPEEDS_BPS.get(index).ok_or(Exception(3))?);
        self.keep_setting();
        Ok(())
    }

    fn keep_setting(&mut self) {
        self.settings_written += 1;
        if std::mem::take(&mut self.loses_power_at_setting) {
            self.set_silent(true);
        }
    }

    fn show(&mut self, values: &[u16]) -> Result<(), Exception> {
        let cells: Vec<u8> = values
            .iter()
            .flat_map(|value| value.to_be_bytes())
            .collect();
        if cells.len() > TEXT_MAX || !cells.iter().all(|cell| (b' '..=b'~').contains(cell)) {
            return Err(Exception(3));
        }
        let text: String = cells.iter().map(|cell| char::from(*cell)).collect();
        text.trim_end().clone_into(&mut self.view.text);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::led485;

    #[test]
    fn a_panel_shows_what_it_is_told() {
        let one = Address::new(1).unwrap();
        let mut panel = VirtualPanel::new(one);
        let request = led485::show_text(one, "A012").unwrap();
        let answer = panel.handle_request(&request);
        assert_eq!(answer, Some(vec![1, 0x10, 0, 0x70, 0, 3, 0x81, 0xd3]));
        assert_eq!(panel.view().text, "A012");
        panel.handle_request(&led485::show_number(one, -7));
        assert_eq!(panel.view().text, "-7");
        panel.handle_request(&led485::blank(one));
        assert_eq!(panel.view().text, "");
    }

    #[test]
    fn a_panel_takes_an_address_and_a_speed() {
        let one = Address::new(1).unwrap();
        let mut panel = VirtualPanel::new(one);
        let write = |address: u8, register: u16, value: u16| Request {
            address: Address::new(address).unwrap(),
            action: Action::WriteOne { register, value },
        };
        assert!(panel.handle_request(&write(1, 3, 5)).is_some());
        assert_eq!(panel.baud_bps(), Some(19_200));
        let refused = write(1, 2, 0).refuse(Exception(3));
        assert_eq!(panel.handle_request(&write(1, 2, 0)), Some(refused));
        // The answer still comes from the old address.
        let moved = write(1, 2, 9);
        assert_eq!(panel.handle_request(&moved), Some(moved.reply(&[])));
        assert_eq!(panel.view().address, Address::new(9).unwrap());
        assert_eq!(panel.handle_request(&led485::blank(one)), None);
        assert_eq!(panel.settings_written(), 2);
    }

    #[test]
    fn a_panel_is_silent_for_others_and_without_power() {
        let one = Address::new(1).unwrap();
        let mut panel = VirtualPanel::new(one);
        assert_eq!(
            panel.handle_request(&led485::blank(Address::new(2).unwrap())),
            None
        );
        panel.handle_request(&led485::show_number(one, 5));
        panel.set_silent(true);
        assert_eq!(panel.handle_request(&led485::blank(one)), None);
        panel.set_silent(false);
        assert_eq!(panel.view().text, "", "a panel forgets without power");
    }
}
