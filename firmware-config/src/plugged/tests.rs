use std::fs;
use std::os::unix::fs::symlink;

use tempfile::TempDir;

use super::*;

/// A tree of files as the kernel and udev show it.
struct Tree(TempDir);

impl Tree {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn machine(&self) -> Machine {
        Machine::below(self.0.path())
    }

    fn file(&self, path: &str, text: &str) {
        let path = self.0.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    fn link(&self, path: &str, to: &str) {
        let path = self.0.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        symlink(to, path).unwrap();
    }

    /// A USB device at a socket, with what it says of itself.
    fn usb(&self, socket: &str, told: &[(&str, &str)]) {
        for (name, value) in told {
            self.file(
                &format!("sys/devices/usb1/{socket}/{name}"),
                &format!("{value}\n"),
            );
        }
    }

    /// The serial port of a USB adapter.
    fn adapter(&self, socket: &str, name: &str) {
        let interface = format!("sys/devices/usb1/{socket}/{socket}:1.0/{name}");
        self.file(&format!("{interface}/tty/{name}/uevent"), "");
        self.link(&format!("{interface}/tty/{name}/device"), "../..");
        self.link(
            &format!("sys/class/tty/{name}"),
            &format!("../../../{interface}/tty/{name}"),
        );
        self.file(&format!("dev/{name}"), "");
    }

    fn printer(&self, socket: &str, name: &str, id: &str) {
        let interface = format!("sys/devices/usb1/{socket}/{socket}:1.0");
        self.file(&format!("{interface}/ieee1284_id"), id);
        self.link(&format!("{interface}/usbmisc/{name}/device"), "../..");
        self.link(
            &format!("sys/class/usbmisc/{name}"),
            &format!("../../../{interface}/usbmisc/{name}"),
        );
        self.file(&format!("dev/usb/{name}"), "");
    }

    /// A port of the board, with the kernel's number for its chip.
    fn on_board(&self, name: &str, chip: &str) {
        let tty = format!("sys/devices/pnp0/{name}/tty/{name}");
        self.file(&format!("{tty}/type"), chip);
        self.link(&format!("{tty}/device"), "../..");
        self.link(&format!("sys/class/tty/{name}"), &format!("../../../{tty}"));
        self.file(&format!("dev/{name}"), "");
    }
}

const FTDI: [(&str, &str); 5] = [
    ("idVendor", "0403"),
    ("idProduct", "6001"),
    ("manufacturer", "FTDI"),
    ("product", "FT232R USB UART"),
    ("serial", "A50285BI"),
];
const CH340: [(&str, &str); 3] = [
    ("idVendor", "1a86"),
    ("idProduct", "7523"),
    ("product", "USB Serial"),
];

#[test]
fn an_adapter_is_told_with_the_name_that_stays() {
    let tree = Tree::new();
    tree.usb("1-1", &FTDI);
    tree.adapter("1-1", "ttyUSB0");
    let by_id = "/dev/serial/by-id/usb-FTDI_FT232R_USB_UART_A50285BI-if00-port0";
    let by_path = "/dev/serial/by-path/pci-0000:00:14.0-usb-0:1:1.0-port0";
    for link in [by_id, by_path] {
        tree.link(&link[1..], "../../ttyUSB0");
    }
    let ports = tree.machine().ports();
    let port = PluggedPort {
        path: "/dev/ttyUSB0".into(),
        kind: PortKind::Serial,
        by_id: Some(by_id.into()),
        by_path: Some(by_path.into()),
        usb: Some(UsbDevice {
            vendor_id: "0403".into(),
            product_id: "6001".into(),
            maker: Some("FTDI".into()),
            product: Some("FT232R USB UART".into()),
            serial: Some("A50285BI".into()),
        }),
        printer: None,
        profiles: vec![],
    };
    assert_eq!(ports, [port]);
    assert_eq!(ports[0].stable_path(), by_id);
    assert_eq!(ports[0].link_toml(), format!("{{ serial = \"{by_id}\" }}"));
    assert!(tree.machine().is_same(by_id, "/dev/ttyUSB0"));
    assert!(!tree.machine().is_same("/dev/none", "/dev/neither"));
}

#[test]
fn adapters_without_a_serial_number_are_told_apart_by_their_sockets() {
    let tree = Tree::new();
    for (socket, name) in [("1-1", "ttyUSB0"), ("1-2", "ttyUSB1")] {
        tree.usb(socket, &CH340);
        tree.adapter(socket, name);
        tree.link(
            &format!("dev/serial/by-path/usb-{socket}"),
            &format!("../../{name}"),
        );
    }
    // Both have this name, and who was plugged in last has got it.
    tree.link("dev/serial/by-id/usb-1a86", "../../ttyUSB1");
    let ports = tree.machine().ports();
    let stable: Vec<&str> = ports.iter().map(PluggedPort::stable_path).collect();
    assert_eq!(
        stable,
        ["/dev/serial/by-path/usb-1-1", "/dev/serial/by-path/usb-1-2"]
    );
}

#[test]
fn a_printer_says_what_it_is_and_gets_a_suggestion() {
    let tree = Tree::new();
    tree.usb("1-3", &[("idVendor", "04b8"), ("idProduct", "0202")]);
    tree.printer(
        "1-3",
        "lp0",
        "MFG:EPSON;CMD:ESC/POS;MDL:TM-T88V;CLS:PRINTER;",
    );
    tree.usb("1-4", &[("idVendor", "0416"), ("idProduct", "5011")]);
    tree.printer("1-4", "lp1", "MFG:;MDL:POS Printer;");
    tree.usb("1-5", &[("idVendor", "04b8"), ("idProduct", "0e15")]);
    tree.printer("1-5", "lp2", "MFG:Epson;MDL:EPSON TM-T20II;");
    // Other things of that class are none.
    tree.printer("1-6", "hiddev0", "");
    let ports = tree.machine().ports();
    let told: Vec<_> = ports
        .iter()
        .map(|port| (port.path.as_str(), port.kind, port.profiles.as_slice()))
        .collect();
    let kind = PortKind::UsbPrinter;
    assert_eq!(
        told,
        [
            ("/dev/usb/lp0", kind, &["epson-tm-t88v".to_owned()][..]),
            ("/dev/usb/lp1", kind, &[]),
            ("/dev/usb/lp2", kind, &["epson-tm-t20ii".to_owned()][..]),
        ]
    );
    let id = ports[0].printer.as_ref().unwrap();
    assert_eq!(id.commands, ["ESC/POS"]);
    let usb = ports[0].usb.as_ref().unwrap();
    assert_eq!((usb.vendor_id.as_str(), &usb.serial), ("04b8", &None));
}

#[test]
fn only_ports_with_hardware_that_nobody_else_has_are_told() {
    let tree = Tree::new();
    tree.on_board("ttyS10", "4\n");
    tree.on_board("ttyS2", "4\n");
    tree.on_board("ttyS3", "0\n");
    tree.on_board("ttyS4", "4\n");
    tree.file("sys/class/tty/console/active", "tty0 ttyS4\n");
    // A terminal without hardware, and a port whose device file somebody took away.
    tree.file("sys/class/tty/tty1/uevent", "");
    tree.file("dev/tty1", "");
    tree.on_board("ttyS5", "4\n");
    fs::remove_file(tree.0.path().join("dev/ttyS5")).unwrap();
    let ports = tree.machine().ports();
    let told: Vec<_> = ports
        .iter()
        .map(|port| (port.path.as_str(), &port.usb))
        .collect();
    assert_eq!(told, [("/dev/ttyS2", &None), ("/dev/ttyS10", &None)]);
}

#[test]
fn a_machine_that_says_nothing_has_no_ports() {
    let tree = Tree::new();
    assert_eq!(tree.machine().ports(), []);
    assert_eq!(tree.machine().boot_id(), None);
    tree.file("proc/sys/kernel/random/boot_id", "5ef1\n");
    assert_eq!(tree.machine().boot_id().as_deref(), Some("5ef1"));
}
