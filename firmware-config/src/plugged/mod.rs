//! What is plugged into this machine: serial ports and USB printers, with what the kernel knows of them. No byte goes to a
//! device for it.
//!
//! Sources: Linux `Documentation/ABI` (`sysfs-class-tty`, `sysfs-bus-usb`, `sysfs-platform-usblp`) and udev's
//! `60-serial.rules` for the names below `/dev/serial`.

mod printer_id;

use std::fs::{self, File};
use std::io::Read as _;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

pub use printer_id::PrinterId;

use self::printer_id::{BYTES_MAX, said};
use crate::profile::DeviceProfile;

/// Most ports that are told, so that the frame stays far below what a server takes.
const PORTS_MAX: usize = 64;

/// A machine's `/sys` and `/dev`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Machine {
    root: PathBuf,
}

/// What kind of port it is, and so of link.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PortKind {
    /// A serial port, on the board or of a USB adapter.
    Serial,
    /// A printer on USB, a character device.
    UsbPrinter,
}

/// A port.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PluggedPort {
    /// Its device path, which may be another one after replugging: `/dev/ttyUSB0`.
    pub path: String,
    /// What it is.
    pub kind: PortKind,
    /// Its name by what is plugged in: `/dev/serial/by-id/...`. Adapters without a serial number share one name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by_id: Option<String>,
    /// Its name by the socket it is plugged into: `/dev/serial/by-path/...`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by_path: Option<String>,
    /// What is plugged in, where it is on USB.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub usb: Option<UsbDevice>,
    /// What a printer says of itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub printer: Option<PrinterId>,
    /// Profiles of the model that a printer says it is. A suggestion: clones give the name of another.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub profiles: Vec<String>,
}

/// A device on USB, as it describes itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UsbDevice {
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
    /// Its serial number; cheap adapters have none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub serial: Option<String>,
}

impl PluggedPort {
    /// The name for a station file: the one that stays when plugs are pulled. By what is plugged in where that has a serial
    /// number; else by the socket, as two adapters without one have the same name.
    #[must_use]
    pub fn stable_path(&self) -> &str {
        let has_serial = self.usb.as_ref().is_some_and(|usb| usb.serial.is_some());
        let (first, second) = match has_serial {
            true => (&self.by_id, &self.by_path),
            false => (&self.by_path, &self.by_id),
        };
        first.as_ref().or(second.as_ref()).unwrap_or(&self.path)
    }

    /// How it is reached, as an inline table of a TOML file: `{ serial = "/dev/serial/by-id/..." }`.
    #[must_use]
    pub fn link_toml(&self) -> String {
        link_toml(self.kind, self.stable_path(), None)
    }
}

/// A link to a port of a kind as an inline table of a TOML file, with the speed of a serial one.
#[must_use]
pub fn link_toml(kind: PortKind, path: &str, baud_bps: Option<u32>) -> String {
    let key = match kind {
        PortKind::Serial => "serial",
        PortKind::UsbPrinter => "char_device",
    };
    let speed = baud_bps.map_or_else(String::new, |bps| format!(", baud_bps = {bps}"));
    format!("{{ {key} = {}{speed} }}", toml::Value::from(path))
}

impl Default for Machine {
    fn default() -> Self {
        Self::below("/")
    }
}

impl Machine {
    /// The machine whose `/sys` and `/dev` stand in a directory.
    pub fn below(root: impl Into<PathBuf>) -> Self {
        Self { root: root.into() }
    }

    /// All ports, serial ones first. What cannot be read is left out: a machine without `/sys` has none.
    #[must_use]
    pub fn ports(&self) -> Vec<PluggedPort> {
        let mut ports = self.serial_ports();
        ports.extend(self.usb_printers());
        ports.sort_by(|a, b| (a.kind, in_order(&a.path)).cmp(&(b.kind, in_order(&b.path))));
        ports.truncate(PORTS_MAX);
        ports
    }

    /// What tells this machine from others for as long as it runs; none where the system does not say. Disks are copied
    /// with everything on them, so nothing that is stored would do.
    #[must_use]
    pub fn boot_id(&self) -> Option<String> {
        self.attribute(&self.at("/proc/sys/kernel/random/boot_id"))
    }

    /// Whether two paths name the same device.
    #[must_use]
    pub fn is_same(&self, one: &str, other: &str) -> bool {
        let real = |path| fs::canonicalize(self.at(path)).ok();
        one == other || real(one).is_some_and(|one| real(other) == Some(one))
    }

    fn serial_ports(&self) -> Vec<PluggedPort> {
        // The kernel's own messages go there.
        let consoles = self.attribute(&self.at("/sys/class/tty/console/active"));
        let consoles = consoles.unwrap_or_default();
        let is_console = |name: &str| consoles.split(' ').any(|console| console == name);
        let names = self.names("/sys/class/tty");
        let names = names.into_iter().filter(|name| !is_console(name));
        let ports = names.filter_map(|name| {
            let class = self.at("/sys/class/tty").join(&name);
            // Terminals without hardware have no device; of the board's own ports the kernel lists also those for which
            // it found no chip (`PORT_UNKNOWN`).
            let device = fs::canonicalize(class.join("device")).ok()?;
            if self.attribute(&class.join("type")).as_deref() == Some("0") {
                return None;
            }
            let path = format!("/dev/{name}");
            self.at(&path).exists().then(|| PluggedPort {
                by_id: self.link_to(&path, "/dev/serial/by-id"),
                by_path: self.link_to(&path, "/dev/serial/by-path"),
                usb: self.usb_device(&device),
                path,
                kind: PortKind::Serial,
                printer: None,
                profiles: Vec::new(),
            })
        });
        ports.collect()
    }

    fn usb_printers(&self) -> Vec<PluggedPort> {
        let names = self.names("/sys/class/usbmisc");
        let printers = names.into_iter().filter(|name| {
            let number = name.strip_prefix("lp");
            number.is_some_and(|n| !n.is_empty() && n.bytes().all(|b| b.is_ascii_digit()))
        });
        let ports = printers.filter_map(|name| {
            let class = self.at("/sys/class/usbmisc").join(&name);
            let device = fs::canonicalize(class.join("device")).ok()?;
            let path = format!("/dev/usb/{name}");
            let printer = read(&device.join("ieee1284_id")).and_then(|id| PrinterId::parse(&id));
            self.at(&path).exists().then(|| PluggedPort {
                by_id: self.link_to(&path, "/dev/usb/by-id"),
                by_path: self.link_to(&path, "/dev/usb/by-path"),
                usb: self.usb_device(&device),
                profiles: printer.as_ref().map(suggested).unwrap_or_default(),
                path,
                kind: PortKind::UsbPrinter,
                printer,
            })
        });
        ports.collect()
    }

    /// The device above an interface in the tree of devices.
    fn usb_device(&self, interface: &Path) -> Option<UsbDevice> {
        let sys = fs::canonicalize(self.at("/sys")).ok()?;
        let mut above = interface
            .ancestors()
            .take_while(|place| place.starts_with(&sys));
        let device = above.find(|place| place.join("idVendor").is_file())?;
        let told = |name| self.attribute(&device.join(name));
        Some(UsbDevice {
            vendor_id: told("idVendor")?,
            product_id: told("idProduct")?,
            maker: told("manufacturer"),
            product: told("product"),
            serial: told("serial"),
        })
    }

    /// The name in a directory of links that stands for a device.
    fn link_to(&self, path: &str, directory: &str) -> Option<String> {
        let names = self.names(directory).into_iter();
        let mut links = names.map(|name| format!("{directory}/{name}"));
        links.find(|link| self.is_same(link, path))
    }

    fn attribute(&self, file: &Path) -> Option<String> {
        said(&String::from_utf8_lossy(&read(file)?))
    }

    /// What a directory has, in order.
    fn names(&self, directory: &str) -> Vec<String> {
        let entries = fs::read_dir(self.at(directory)).into_iter().flatten();
        let names = entries.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
        let mut names: Vec<String> = names.collect();
        names.sort();
        names
    }

    /// Where a device path of this machine is.
    pub(crate) fn at(&self, path: &str) -> PathBuf {
        match path.strip_prefix('/') {
            Some(below) => self.root.join(below),
            None => path.into(),
        }
    }
}

/// Profiles of the maker and model that a printer gives as its own.
pub(crate) fn profiles_named(maker: &str, model: &str) -> Vec<String> {
    let says = |said: &str, name: &Option<String>| {
        let name = name.as_deref();
        name.is_some_and(|name| said.trim().eq_ignore_ascii_case(name))
    };
    let profiles = DeviceProfile::all_built_in().into_iter();
    let identities = profiles.map(|profile| profile.profile);
    identities
        .filter(|identity| says(maker, &identity.maker) && says(model, &identity.model))
        .map(|identity| identity.id)
        .collect()
}

/// Some say their maker again before the model: `EPSON TM-T88V`.
fn suggested(id: &PrinterId) -> Vec<String> {
    let maker = id.maker.as_deref().unwrap_or_default();
    let model = id.model.as_deref().unwrap_or_default();
    let again = model
        .get(..maker.len())
        .is_some_and(|start| start.eq_ignore_ascii_case(maker));
    profiles_named(maker, if again { &model[maker.len()..] } else { model })
}

/// `ttyUSB10` stands after `ttyUSB9`.
fn in_order(path: &str) -> (&str, u64) {
    let name = path.trim_end_matches(|c: char| c.is_ascii_digit());
    (name, path[name.len()..].parse().unwrap_or(u64::MAX))
}

fn read(file: &Path) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    let most = u64::try_from(BYTES_MAX).unwrap_or(u64::MAX);
    File::open(file)
        .ok()?
        .take(most)
        .read_to_end(&mut bytes)
        .ok()?;
    Some(bytes)
}

#[cfg(test)]
mod tests;
