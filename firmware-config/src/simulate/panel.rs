//! A simulated LED-485 panel: the slave's side of [`crate::led485`].

use serde::Serialize;

use crate::led485::{REGISTER_DECIMAL_POINT, REGISTER_NUMBER, REGISTER_TEXT, TEXT_MAX};
use crate::modbus::{Action, Address, Exception, Request};

/// One panel.
#[derive(Clone, Debug)]
pub struct VirtualPanel {
    view: PanelView,
}

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
        Self { view }
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

    /// Hears a request on the line and gives its answer, if it is for this panel.
    pub fn handle_request(&mut self, request: &Request) -> Option<Vec<u8>> {
        if self.view.silent || request.address != self.view.address {
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
            Action::WriteMany {
                register: REGISTER_TEXT,
                values,
            } => self.show(values),
            Action::Read { .. } => Err(Exception(1)),
            Action::WriteOne { .. } | Action::WriteMany { .. } => Err(Exception::ILLEGAL_ADDRESS),
        };
        Some(match done {
            Ok(()) => request.reply(&[]),
            Err(exception) => request.refuse(exception),
        })
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
