//! Where a device is: the part of a configuration file that names a line.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Default line speed of panels, keypads and most serial printers, in bits per second.
const DEFAULT_BAUD_BPS: u32 = 9_600;

/// How a device is reached.
///
/// In a TOML file one key says which kind it is:
///
/// ```toml
/// link = { serial = "/dev/serial/by-path/...", baud_bps = 9600 }  # 8N1, no flow control
/// link = { tcp = "192.168.1.50:9100" }
/// link = { char_device = "/dev/usb/lp0" }
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(try_from = "LinkText", into = "LinkText")]
#[schemars(with = "LinkText")]
pub enum Link {
    /// A serial port, real or pseudo.
    Serial {
        /// Device path; prefer the stable names below `/dev/serial/by-id` or `by-path`.
        path: String,
        /// Line speed in bits per second.
        baud_bps: u32,
        /// Parity bit.
        parity: Parity,
        /// Bits per character.
        data_bits: DataBits,
        /// Stop bits per character.
        stop_bits: StopBits,
        /// Flow control.
        flow: Flow,
    },
    /// A TCP connection, such as a network printer's port 9100.
    Tcp {
        /// Host name or literal address with port, `host:port`.
        address: String,
    },
    /// A character device that takes bytes as they are, such as `/dev/usb/lp0`.
    CharDevice {
        /// Device path.
        path: String,
    },
}

impl Link {
    /// A serial port with 8 data bits, no parity, one stop bit and no flow control.
    pub fn serial(path: impl Into<String>, baud_bps: u32) -> Self {
        Self::Serial {
            path: path.into(),
            baud_bps,
            parity: Parity::default(),
            data_bits: DataBits::default(),
            stop_bits: StopBits::default(),
            flow: Flow::default(),
        }
    }

    /// A TCP connection to `host:port`.
    pub fn tcp(address: impl Into<String>) -> Self {
        Self::Tcp {
            address: address.into(),
        }
    }

    /// A character device.
    pub fn char_device(path: impl Into<String>) -> Self {
        Self::CharDevice { path: path.into() }
    }

    /// How many bytes the line carries in a second, or `None` where the line sets no pace.
    pub fn bytes_per_second(&self) -> Option<u32> {
        match self {
            Self::Serial { baud_bps, .. } => Some(baud_bps / 10),
            Self::Tcp { .. } | Self::CharDevice { .. } => None,
        }
    }
}

/// Path or address, for messages.
impl fmt::Display for Link {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Serial { path, .. } | Self::CharDevice { path } => f.write_str(path),
            Self::Tcp { address } => f.write_str(address),
        }
    }
}

/// Parity bit of a serial line.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Parity {
    /// No parity bit.
    #[default]
    None,
    /// Odd number of ones.
    Odd,
    /// Even number of ones.
    Even,
}

/// Bits per character of a serial line.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(try_from = "u8", into = "u8")]
#[schemars(with = "u8")]
pub enum DataBits {
    /// Seven bits.
    Seven,
    /// Eight bits.
    #[default]
    Eight,
}

impl TryFrom<u8> for DataBits {
    type Error = String;

    fn try_from(count: u8) -> Result<Self, String> {
        match count {
            7 => Ok(Self::Seven),
            8 => Ok(Self::Eight),
            other => Err(format!("invalid data_bits {other}, expected 7 or 8")),
        }
    }
}

impl From<DataBits> for u8 {
    fn from(bits: DataBits) -> u8 {
        match bits {
            DataBits::Seven => 7,
            DataBits::Eight => 8,
        }
    }
}

/// Stop bits per character of a serial line.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(try_from = "u8", into = "u8")]
#[schemars(with = "u8")]
pub enum StopBits {
    /// One stop bit.
    #[default]
    One,
    /// Two stop bits.
    Two,
}

impl TryFrom<u8> for StopBits {
    type Error = String;

    fn try_from(count: u8) -> Result<Self, String> {
        match count {
            1 => Ok(Self::One),
            2 => Ok(Self::Two),
            other => Err(format!("invalid stop_bits {other}, expected 1 or 2")),
        }
    }
}

impl From<StopBits> for u8 {
    fn from(bits: StopBits) -> u8 {
        match bits {
            StopBits::One => 1,
            StopBits::Two => 2,
        }
    }
}

/// Flow control of a serial line. Linux knows no DTR/DSR flow control: a printer that uses it
/// needs a cable from its DTR to our CTS, or its switch set to XON/XOFF.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Flow {
    /// None.
    #[default]
    None,
    /// Software flow control with the bytes 11h and 13h.
    XonXoff,
    /// Hardware flow control with RTS and CTS.
    RtsCts,
}

/// A link as written in a file: exactly one of `serial`, `tcp` and `char_device`; the other keys
/// belong to `serial` only.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Link")]
pub struct LinkText {
    /// Serial device path.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub serial: Option<String>,
    /// Address of a network device, `host:port`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tcp: Option<String>,
    /// Path of a character device.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub char_device: Option<String>,
    /// Serial speed in bits per second; 9600 when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub baud_bps: Option<u32>,
    /// Serial parity; none when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parity: Option<Parity>,
    /// Serial bits per character, 7 or 8; 8 when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub data_bits: Option<DataBits>,
    /// Serial stop bits, 1 or 2; 1 when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stop_bits: Option<StopBits>,
    /// Serial flow control; none when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub flow: Option<Flow>,
}

impl LinkText {
    fn has_line_settings(&self) -> bool {
        self.baud_bps.is_some()
            || self.parity.is_some()
            || self.data_bits.is_some()
            || self.stop_bits.is_some()
            || self.flow.is_some()
    }
}

/// Speeds that serial ports have, bits per second: those of termios(3), and 14400 and 28800 of older modems and printers.
/// Another one is a slip of the pen, and the device would only ever hear noise.
const BAUD_BPS: [u32; 24] = [
    300, 600, 1_200, 1_800, 2_400, 4_800, 9_600, 14_400, 19_200, 28_800, 38_400, 57_600, 115_200,
    230_400, 460_800, 500_000, 576_000, 921_600, 1_000_000, 1_152_000, 1_500_000, 2_000_000,
    3_000_000, 4_000_000,
];

fn listed(numbers: &[u32]) -> String {
    let numbers: Vec<String> = numbers.iter().map(u32::to_string).collect();
    numbers.join(", ")
}

/// Why a [`LinkText`] is not a [`Link`].
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LinkError {
    /// None or several of the naming keys.
    #[error("a link has {0} of the keys serial, tcp and char_device, expected exactly one")]
    NotOneKind(usize),
    /// A line setting beside `tcp` or `char_device`.
    #[error(
        "a {0} link has no speed, parity or flow control, expected these keys beside `serial` only"
    )]
    SettingsWithoutSerial(&'static str),
    /// A speed no port knows.
    #[error("invalid baud_bps {0}, expected one of {known}", known = listed(&BAUD_BPS))]
    Baud(u32),
    /// No text where a path or address belongs.
    #[error("`{0}` is empty, expected a path or an address")]
    Empty(&'static str),
    /// An address without a port number.
    #[error("invalid tcp address `{0}`, expected host:port")]
    Address(String),
}

impl TryFrom<LinkText> for Link {
    type Error = LinkError;

    fn try_from(text: LinkText) -> Result<Self, LinkError> {
        let has_line_settings = text.has_line_settings();
        match (text.serial, text.tcp, text.char_device) {
            (Some(path), None, None) => {
                let baud_bps = text.baud_bps.unwrap_or(DEFAULT_BAUD_BPS);
                if !BAUD_BPS.contains(&baud_bps) {
                    return Err(LinkError::Baud(baud_bps));
                }
                Ok(Self::Serial {
                    path: not_empty("serial", path)?,
                    baud_bps,
                    parity: text.parity.unwrap_or_default(),
                    data_bits: text.data_bits.unwrap_or_default(),
                    stop_bits: text.stop_bits.unwrap_or_default(),
                    flow: text.flow.unwrap_or_default(),
                })
            }
            (None, Some(_), None) if has_line_settings => {
                Err(LinkError::SettingsWithoutSerial("tcp"))
            }
            (None, Some(address), None) => {
                let address = not_empty("tcp", address)?;
                match address.rsplit_once(':') {
                    Some((host, port)) if !host.is_empty() && port.parse::<u16>().is_ok() => {
                        Ok(Self::Tcp { address })
                    }
                    _ => Err(LinkError::Address(address)),
                }
            }
            (None, None, Some(_)) if has_line_settings => {
                Err(LinkError::SettingsWithoutSerial("char_device"))
            }
            (None, None, Some(path)) => Ok(Self::CharDevice {
                path: not_empty("char_device", path)?,
            }),
            (serial, tcp, char_device) => Err(LinkError::NotOneKind(
                [serial, tcp, char_device].iter().flatten().count(),
            )),
        }
    }
}

fn not_empty(key: &'static str, value: String) -> Result<String, LinkError> {
    if value.trim().is_empty() {
        Err(LinkError::Empty(key))
    } else {
        Ok(value)
    }
}

impl From<Link> for LinkText {
    fn from(link: Link) -> Self {
        match link {
            Link::Serial {
                path,
                baud_bps,
                parity,
                data_bits,
                stop_bits,
                flow,
            } => Self {
                serial: Some(path),
                baud_bps: Some(baud_bps),
                parity: Some(parity),
                data_bits: Some(data_bits),
                stop_bits: Some(stop_bits),
                flow: Some(flow),
                ..Self::default()
            },
            Link::Tcp { address } => Self {
                tcp: Some(address),
                ..Self::default()
            },
            Link::CharDevice { path } => Self {
                char_device: Some(path),
                ..Self::default()
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct Holder {
        link: Link,
    }

    fn read(text: &str) -> Result<Link, String> {
        toml::from_str::<Holder>(text)
            .map(|h| h.link)
            .map_err(|e| e.message().to_owned())
    }

    #[test]
    fn each_kind_reads_and_writes_back() {
        for (text, link) in [
            (
                r#"link = { serial = "/dev/ttyS0" }"#,
                Link::serial("/dev/ttyS0", 9_600),
            ),
            (
                r#"link = { tcp = "printer:9100" }"#,
                Link::tcp("printer:9100"),
            ),
            (
                r#"link = { char_device = "/dev/usb/lp0" }"#,
                Link::char_device("/dev/usb/lp0"),
            ),
            (
                r#"link = { serial = "/dev/ttyS1", baud_bps = 19200, parity = "even", data_bits = 7, stop_bits = 2, flow = "xon-xoff" }"#,
                Link::Serial {
                    path: "/dev/ttyS1".into(),
                    baud_bps: 19_200,
                    parity: Parity::Even,
                    data_bits: DataBits::Seven,
                    stop_bits: StopBits::Two,
                    flow: Flow::XonXoff,
                },
            ),
        ] {
            assert_eq!(read(text).as_ref(), Ok(&link), "{text}");
            let written = toml::to_string(&Holder { link: link.clone() }).unwrap();
            assert_eq!(read(&written), Ok(link), "{written}");
        }
    }

    #[test]
    fn mistakes_are_told_with_their_place() {
        for (text, place) in [
            (
                "link.serial = \"a\"\nlink.baud = 9\n",
                "f:2:6: unknown field `baud`",
            ),
            (
                "[link]\nserial = \"a\"\nflow = \"dtr\"\n",
                "f:3:8: unknown variant `dtr`",
            ),
            (
                "\nlink = { tcp = \"b\" }\n",
                "f:2:8: invalid tcp address `b`, expected host:port",
            ),
        ] {
            let error = crate::profile::parse_toml::<Holder>("f", text)
                .unwrap_err()
                .to_string();
            assert!(error.starts_with(place), "{error}");
        }
    }

    #[test]
    fn mistakes_say_what_was_expected() {
        for (text, expected) in [
            ("link = {}", "exactly one"),
            (
                r#"link = { serial = "a", tcp = "b:1" }"#,
                "has 2 of the keys",
            ),
            (r#"link = { tcp = "b" }"#, "host:port"),
            (
                r#"link = { tcp = "b:1", baud_bps = 9600 }"#,
                "beside `serial` only",
            ),
            (r#"link = { serial = " " }"#, "expected a path"),
            (
                r#"link = { serial = "a", baud_bps = 9 }"#,
                "one of 300, 600",
            ),
            (
                r#"link = { serial = "a", baud_bps = 9601 }"#,
                "4800, 9600, 14400",
            ),
            (
                r#"link = { serial = "a", data_bits = 9 }"#,
                "expected 7 or 8",
            ),
            (
                r#"link = { serial = "a", baud = 9 }"#,
                "unknown field `baud`, expected one of",
            ),
            (
                r#"link = { serial = "a", flow = "dtr" }"#,
                "expected one of",
            ),
        ] {
            let message = read(text).unwrap_err();
            assert!(message.contains(expected), "{text}: {message}");
        }
    }
}
