//! The ports of the machine on which an agent runs.

use serde::{Deserialize, Serialize};

/// All of them, whole, on every change.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct MachinePorts {
    /// What tells the machine from others until it starts again: agents of one machine have the same ports. None: the
    /// system does not say, and the agent is taken for the only one there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub machine: Option<String>,
    /// Serial ports first.
    pub ports: Vec<PortView>,
}

/// One port.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PortView {
    /// Its device path, which may be another one after replugging: `/dev/ttyUSB0`.
    pub path: String,
    /// Its name for the station file, which stays where there is one that does: `/dev/serial/by-id/...`.
    pub stable_path: String,
    /// What it is.
    pub kind: PortKind,
    /// What is plugged in, where it is on USB.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub usb: Option<UsbView>,
    /// What a printer says of itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub printer: Option<PrinterView>,
    /// Profiles of the model that a printer says it is: a suggestion, as clones give the name of another.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub profiles: Vec<String>,
    /// The agent's devices that are reached through it; empty: none of this agent's.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub used_by: Vec<String>,
}

/// What kind of port it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PortKind {
    /// A serial port, on the board or of a USB adapter.
    Serial,
    /// A printer on USB.
    UsbPrinter,
}

/// A device on USB, as it describes itself.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct UsbView {
    /// Number of its maker, four hexadecimal digits.
    pub vendor_id: String,
    /// The maker's number for it, four hexadecimal digits.
    pub product_id: String,
    /// Its maker.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub maker: Option<String>,
    /// What it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub product: Option<String>,
    /// Its serial number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub serial: Option<String>,
}

/// A printer in its own words, IEEE 1284.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PrinterView {
    /// Its maker.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub maker: Option<String>,
    /// Its model.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub model: Option<String>,
    /// What it understands: `ESC/POS`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub commands: Vec<String>,
    /// Its serial number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub serial: Option<String>,
}
