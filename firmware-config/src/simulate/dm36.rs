//! A simulated DM36B06 or DM56A04 panel: the slave's side of [`crate::dm36`].

use crate::dm36::{
    Digits, REGISTER_ADDRESS, REGISTER_BRIGHTNESS, REGISTER_NUMBER, REGISTER_NUMBER_HIGH,
};
use crate::modbus::{Action, Address, Exception, Request};

/// One panel.
#[derive(Clone, Debug)]
pub struct VirtualDm36 {
    address: Address,
    cells: Vec<u16>,
    number: Option<String>,
    brightness: u16,
}

impl VirtualDm36 {
    /// A dark panel.
    pub fn new(address: Address, digits: Digits) -> Self {
        Self {
            address,
            cells: vec![u16::from(b' '); digits.count()],
            number: None,
            brightness: 8,
        }
    }

    /// Text or number as lit, without trailing blanks.
    pub fn shown(&self) -> String {
        if let Some(number) = &self.number {
            return number.clone();
        }
        let text: String = self
            .cells
            .iter()
            .filter_map(|cell| cell_char(*cell))
            .collect();
        text.trim_end().to_owned()
    }

    /// Its address.
    pub fn address(&self) -> Address {
        self.address
    }

    /// Brightness, 1 to 8.
    pub fn brightness(&self) -> u16 {
        self.brightness
    }

    /// Hears a request on the line and gives its answer, if it is for this panel.
    pub fn handle_request(&mut self, request: &Request) -> Option<Vec<u8>> {
        if request.address != self.address {
            return None;
        }
        let done = match &request.action {
            Action::Read { register, count } => {
                if (*register, *count) == (REGISTER_BRIGHTNESS, 1) {
                    return Some(request.reply(&[self.brightness]));
                }
                let first = usize::from(*register);
                let cells = self.cells.get(first..first + usize::from(*count));
                return Some(match cells {
                    Some(cells) if !cells.is_empty() => request.reply(cells),
                    _ => request.refuse(Exception::ILLEGAL_ADDRESS),
                });
            }
            Action::WriteOne { register, value } => self.write(*register, &[*value]),
            Action::WriteMany { register, values } => self.write(*register, values),
        };
        Some(match done {
            Ok(()) => request.reply(&[]),
            Err(exception) => request.refuse(exception),
        })
    }

    fn write(&mut self, register: u16, values: &[u16]) -> Result<(), Exception> {
        let refused = Exception(3);
        match (register, values) {
            (REGISTER_NUMBER_HIGH, [high, low]) => {
                let [sign_and_decimals, top] = high.to_be_bytes();
                let number = u32::from(top) << 16 | u32::from(*low);
                let sign = if sign_and_decimals >> 4 == 1 { "-" } else { "" };
                let decimals = usize::from(sign_and_decimals & 0x0f);
                let mut digits = format!("{number:0width$}", width = decimals + 1);
                if decimals > 0 {
                    digits.insert(digits.len() - decimals, '.');
                }
                self.number = Some(format!("{sign}{digits}"));
            }
            (REGISTER_NUMBER, [number]) => self.number = Some(number.to_string()),
            (REGISTER_BRIGHTNESS, [value @ 1..=8]) => self.brightness = *value,
            (REGISTER_ADDRESS, [value]) => {
                let new = u8::try_from(*value).ok().and_then(Address::new);
                self.address = new.ok_or(refused)?;
            }
            (REGISTER_BRIGHTNESS, _) => return Err(refused),
            (first, values) => {
                let first = usize::from(first);
                let cells = self.cells.get_mut(first..first + values.len());
                let cells = cells.ok_or(Exception::ILLEGAL_ADDRESS)?;
                if !values.iter().all(|value| cell_char(*value).is_some()) {
                    return Err(refused);
                }
                cells.copy_from_slice(values);
                self.number = None;
            }
        }
        Ok(())
    }
}

fn cell_char(cell: u16) -> Option<char> {
    let character = char::from_u32(u32::from(cell))?;
    (' '..='~').contains(&character).then_some(character)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dm36;

    fn tell(panel: &mut VirtualDm36, outgoing: &crate::panel::Outgoing) -> Option<Vec<u8>> {
        let (_, request) = Request::find(&outgoing.bytes()).unwrap();
        panel.handle_request(&request)
    }

    #[test]
    fn numbers_settings_and_a_new_address() {
        let (one, two) = (Address::new(1).unwrap(), Address::new(2).unwrap());
        let mut panel = VirtualDm36::new(one, Digits::Six);
        let number = |number, decimals| dm36::show_number(one, Digits::Six, number, decimals);
        tell(&mut panel, &number(123_456, 0).unwrap());
        assert_eq!(panel.shown(), "123456");
        tell(&mut panel, &number(-705, 2).unwrap());
        assert_eq!(panel.shown(), "-7.05");
        tell(&mut panel, &dm36::set_brightness(one, 3));
        assert_eq!(panel.brightness(), 3);
        let asked = Request {
            address: one,
            action: Action::Read {
                register: REGISTER_BRIGHTNESS,
                count: 1,
            },
        };
        assert_eq!(panel.handle_request(&asked), Some(asked.reply(&[3])));
        tell(&mut panel, &dm36::set_address(one, two));
        assert_eq!(tell(&mut panel, &dm36::blank(one, Digits::Six)), None);
        assert!(tell(&mut panel, &dm36::blank(two, Digits::Six)).is_some());
        assert_eq!(panel.shown(), "");
    }

    #[test]
    fn a_small_panel_has_no_fifth_digit() {
        let one = Address::new(1).unwrap();
        let mut panel = VirtualDm36::new(one, Digits::Four);
        let wide = dm36::show(one, Digits::Six, "A01234").unwrap();
        let answer = tell(&mut panel, &wide).unwrap();
        assert_eq!(answer[1], 0x90);
        assert_eq!(panel.shown(), "");
    }
}
