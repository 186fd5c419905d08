//! How one device is reached, and how it is reached after a setting was changed.

use crate::modbus::Address;
use crate::port::{DataBits, Flow, Link, Parity};
use crate::tool::catalog::LinkPart;
use crate::tool::targets::Target;
use crate::tool::value::SettingValue;

/// A link and an address on it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reach {
    /// The line and its speed.
    pub link: Link,
    /// The address, for devices that share a line.
    pub address: Option<Address>,
}

impl Reach {
    /// As the targets file says.
    pub fn of(target: &Target) -> Self {
        Self {
            link: target.link.clone(),
            address: target.address,
        }
    }

    /// The value of a setting that is proved by an answer when reached in this way.
    pub fn proves(&self, part: LinkPart) -> Option<SettingValue> {
        match (part, &self.link) {
            (LinkPart::Address, _) => Some(SettingValue::Number(self.address?.get().into())),
            (LinkPart::Baud, Link::Serial { baud_bps, .. }) => {
                Some(SettingValue::Number(i64::from(*baud_bps)))
            }
            _ => None,
        }
    }

    /// How the device is reached after a setting was changed.
    ///
    /// # Errors
    /// The value does not fit the link.
    pub fn after(&self, part: LinkPart, value: &SettingValue) -> Result<Self, String> {
        let mut reach = self.clone();
        let wrong = || format!("a link cannot have the value {value}");
        match (part, value, &mut reach.link) {
            (LinkPart::Address, SettingValue::Number(number), _) => {
                let address = u8::try_from(*number).ok().and_then(Address::new);
                reach.address = Some(address.ok_or_else(wrong)?);
            }
            (LinkPart::Baud, SettingValue::Number(number), Link::Serial { baud_bps, .. }) => {
                *baud_bps = u32::try_from(*number).map_err(|_| wrong())?;
            }
            (LinkPart::DataBits, SettingValue::Number(number), Link::Serial { data_bits, .. }) => {
                *data_bits = u8::try_from(*number)
                    .ok()
                    .and_then(|bits| DataBits::try_from(bits).ok())
                    .ok_or_else(wrong)?;
            }
            (LinkPart::Parity, SettingValue::Word(word), Link::Serial { parity, .. }) => {
                *parity = match word.as_str() {
                    "none" => Parity::None,
                    "odd" => Parity::Odd,
                    "even" => Parity::Even,
                    _ => return Err(wrong()),
                };
            }
            (LinkPart::Flow, SettingValue::Word(word), Link::Serial { flow, .. }) => {
                *flow = match (word.as_str(), *flow) {
                    ("xon-xoff", _) => Flow::XonXoff,
                    // DTR/DSR: none, or a cable that makes RTS/CTS of it.
                    (_, Flow::XonXoff) => Flow::None,
                    (_, other) => other,
                };
            }
            _ => return Err(wrong()),
        }
        Ok(reach)
    }
}
