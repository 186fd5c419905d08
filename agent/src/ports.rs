//! The ports of the agent's machine, found without a byte to any device.

use std::path::PathBuf;
use std::time::Duration;

use firmware_config::plugged::{self, Machine, PluggedPort, PrinterId, UsbDevice};
use firmware_config::port::Link as DeviceLink;
use protocol::{MachinePorts, PortKind, PortView, PrinterView, UsbView};

/// The environment variable that says where an agent looks for `/sys`, `/dev` and `/proc` in place of `/`: at a made tree, to
/// see what is told of hardware that is not there.
pub const MACHINE_VARIABLE: &str = "STATION_MACHINE_ROOT";

/// How often the agent looks: who plugs something in still stands there when it is told.
pub(crate) const LOOK_EVERY: Duration = Duration::from_secs(3);

/// How an agent's devices are reached: each link with the names of what hangs on it.
pub type Uses = Vec<(DeviceLink, Vec<String>)>;

/// The machine that the environment names; else this one.
pub(crate) fn machine() -> Machine {
    let root = std::env::var_os(MACHINE_VARIABLE).map(PathBuf::from);
    root.map(Machine::below).unwrap_or_default()
}

/// The ports of a machine, and which of them are used.
pub(crate) fn ports(machine: &Machine, uses: &Uses) -> MachinePorts {
    let ports = machine.ports().into_iter();
    MachinePorts {
        machine: machine.boot_id(),
        ports: ports.map(|port| view(machine, uses, port)).collect(),
    }
}

fn view(machine: &Machine, uses: &Uses, port: PluggedPort) -> PortView {
    let names = [Some(&port.path), port.by_id.as_ref(), port.by_path.as_ref()];
    let is_it = |link: &DeviceLink| match link {
        DeviceLink::Serial { path, .. } | DeviceLink::CharDevice { path } => {
            names.contains(&Some(path)) || machine.is_same(path, &port.path)
        }
        DeviceLink::Tcp { .. } => false,
    };
    let used = uses.iter().filter(|(link, _)| is_it(link));
    let used_by = used.flat_map(|(_, devices)| devices.clone()).collect();
    PortView {
        stable_path: port.stable_path().to_owned(),
        kind: match port.kind {
            plugged::PortKind::Serial => PortKind::Serial,
            plugged::PortKind::UsbPrinter => PortKind::UsbPrinter,
        },
        usb: port.usb.map(usb),
        printer: port.printer.map(printer),
        profiles: port.profiles,
        used_by,
        path: port.path,
    }
}

fn usb(device: UsbDevice) -> UsbView {
    let UsbDevice {
        vendor_id,
        product_id,
        maker,
        product,
        serial,
    } = device;
    UsbView {
        vendor_id,
        product_id,
        maker,
        product,
        serial,
    }
}

fn printer(id: PrinterId) -> PrinterView {
    PrinterView {
        maker: id.maker,
        model: id.model.or(id.description),
        commands: id.commands,
        serial: id.serial,
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::os::unix::fs::symlink;

    use super::*;

    #[test]
    fn a_port_says_which_devices_are_reached_through_it() {
        let root = tempfile::tempdir().unwrap();
        let at = |path: &str| root.path().join(path);
        for name in ["ttyS1", "ttyS2", "ttyS3"] {
            let tty = format!("sys/devices/{name}/tty/{name}");
            fs::create_dir_all(at(&tty)).unwrap();
            fs::create_dir_all(at("sys/class/tty")).unwrap();
            fs::create_dir_all(at("dev/serial/by-path")).unwrap();
            fs::write(at(&format!("dev/{name}")), "").unwrap();
            for (link, to) in [
                (format!("{tty}/device"), "../..".to_owned()),
                (format!("sys/class/tty/{name}"), format!("../../../{tty}")),
                (
                    format!("dev/serial/by-path/{name}"),
                    format!("../../{name}"),
                ),
            ] {
                symlink(to, at(&link)).unwrap();
            }
        }
        // A name that somebody made.
        symlink("ttyS3", at("dev/hall")).unwrap();
        let serial = |path: &str| DeviceLink::serial(path, 9_600);
        let uses = vec![
            (
                serial("/dev/serial/by-path/ttyS1"),
                vec!["LED 1".to_owned(), "LED 2".to_owned()],
            ),
            (serial("/dev/hall"), vec!["pad 1".to_owned()]),
            (serial("/dev/gone"), vec!["LED 9".to_owned()]),
            (
                DeviceLink::tcp("printer:9100"),
                vec!["K1 printer".to_owned()],
            ),
        ];
        let told = ports(&Machine::below(root.path()), &uses);
        let used: Vec<_> = told
            .ports
            .iter()
            .map(|port| (port.path.as_str(), port.used_by.join(", ")))
            .collect();
        assert_eq!(
            used,
            [
                ("/dev/ttyS1", "LED 1, LED 2".to_owned()),
                ("/dev/ttyS2", String::new()),
                ("/dev/ttyS3", "pad 1".to_owned()),
            ]
        );
        assert_eq!(told.ports[1].stable_path, "/dev/serial/by-path/ttyS2");
    }
}
