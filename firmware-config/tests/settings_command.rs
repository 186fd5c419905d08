//! The commands for settings inside devices, as a user runs them.
#![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use firmware_config::modbus::Address;
use firmware_config::panel::PanelProtocol;
use firmware_config::profile::DeviceProfile;
use firmware_config::simulate::{
    DisplayFault, LineHandle, PrinterConfig, Switch, VirtualDisplay, VirtualLine, VirtualPrinter,
};
use serde_json::Value;

struct Hall {
    directory: tempfile::TempDir,
    line: LineHandle,
}

impl Hall {
    /// A panel with address 3 and a targets file.
    fn new() -> Self {
        let directory = tempfile::tempdir().unwrap();
        let line = VirtualLine::new(Address::new(3), [])
            .with_baud_bps(9_600)
            .start(directory.path().join("line"))
            .unwrap();
        let hall = Self { directory, line };
        let text = format!(
            "[[target]]\nname = \"led\"\nprofile = \"led-485\"\naddress = 3\n\
             link = {{ serial = \"{}\" }}\n",
            hall.path("line").display()
        );
        hall.write("targets.toml", &text);
        hall
    }

    fn path(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }

    fn write(&self, name: &str, text: &str) {
        std::fs::write(self.path(name), text).unwrap();
    }

    /// Runs a command in the directory while the simulator runs on.
    async fn run(&self, args: &[&str]) -> Output {
        run_in(self.directory.path(), args).await
    }

    async fn json(&self, args: &[&str]) -> (Option<i32>, Value) {
        let output = self.run(&[args, &["--json"]].concat()).await;
        let json = serde_json::from_slice(&output.stdout);
        (
            output.status.code(),
            json.unwrap_or_else(|e| panic!("{e}: {output:?}")),
        )
    }
}

async fn run_in(directory: &Path, args: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_firmware-config"));
    command.current_dir(directory).args(args);
    tokio::task::spawn_blocking(move || command.output().unwrap())
        .await
        .unwrap()
}

#[tokio::test]
async fn diff_plan_apply_verify_and_restore_tell_by_their_exit_codes() {
    let hall = Hall::new();
    let panel = hall.line.panel(Address::new(3).unwrap()).unwrap();
    hall.write("a.toml", "[led]\naddress = 9\n");
    let (code, report) = hall.json(&["diff", "a.toml"]).await;
    assert_eq!(
        (code, &report["devices"][0]["outcome"]),
        (Some(2), &"differs".into())
    );

    // Without --yes nothing is written.
    let (code, report) = hall.json(&["apply", "a.toml"]).await;
    let device = &report["devices"][0];
    assert_eq!((code, &device["outcome"]), (Some(2), &"planned".into()));
    assert_eq!(
        (&device["steps"][0]["from"], &device["steps"][0]["to"]),
        (&3.into(), &9.into())
    );
    assert_eq!(panel.settings_written(), 0);

    let (code, report) = hall.json(&["apply", "a.toml", "--yes"]).await;
    let device = &report["devices"][0];
    assert_eq!(
        (code, &device["outcome"]),
        (Some(0), &"done".into()),
        "{report}"
    );
    assert_eq!(device["steps"][0]["result"], "confirmed");
    let backup = device["backup"].as_str().unwrap().to_owned();
    assert_eq!(hall.json(&["verify", "a.toml"]).await.0, Some(0));

    let (code, report) = hall.json(&["restore", &backup, "--yes"]).await;
    assert_eq!((code, panel.view().address.get()), (Some(0), 3), "{report}");

    let (code, _) = hall
        .json(&["readdress", "--target", "led", "--to", "7"])
        .await;
    assert_eq!((code, panel.view().address.get()), (Some(0), 7));
}

#[tokio::test]
async fn a_silent_device_is_unreadable() {
    let hall = Hall::new();
    hall.line
        .panel(Address::new(3).unwrap())
        .unwrap()
        .set_silent(true);
    hall.write("a.toml", "[led]\naddress = 3\n");
    let output = hall.run(&["verify", "a.toml"]).await;
    assert_eq!(output.status.code(), Some(3), "{output:?}");
    let words = String::from_utf8(output.stdout).unwrap();
    let read = hall.run(&["read", "--target", "led"]).await;
    assert_eq!(read.status.code(), Some(3), "{read:?}");
    assert!(
        words.contains("led: unreadable\n  no answer from address 3 on "),
        "{words}"
    );
}

#[tokio::test]
async fn a_snapshot_is_written_read_and_compared_without_the_device() {
    let hall = Hall::new();
    let output = hall.run(&["read", "--target", "led", "-o", "s.toml"]).await;
    assert!(
        output.status.success() && output.stdout.is_empty(),
        "{output:?}"
    );
    let snapshot = std::fs::read_to_string(hall.path("s.toml")).unwrap();
    assert!(snapshot.contains("source = \"reached\""), "{snapshot}");
    hall.line.unplug();
    hall.write("a.toml", "[led]\nbaud = 9600\n");
    assert_eq!(
        hall.run(&["diff", "a.toml", "s.toml"]).await.status.code(),
        Some(0)
    );
    hall.write("a.toml", "[led]\nbaud = 19200\n");
    assert_eq!(
        hall.run(&["diff", "a.toml", "s.toml"]).await.status.code(),
        Some(2)
    );
}

#[tokio::test]
async fn mistakes_name_file_line_and_column() {
    let hall = Hall::new();
    hall.write("a.toml", "[led]\nbuad = 9600\n");
    let output = hall.run(&["diff", "a.toml"]).await;
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(
        String::from_utf8(output.stderr).unwrap(),
        "error: a.toml:2:1: unknown setting `buad`, expected one of address, baud\n"
    );
    hall.write("a.toml", "[led]\nbaud = \"9600\"\n");
    let output = hall.run(&["diff", "a.toml"]).await;
    assert_eq!(
        String::from_utf8(output.stderr).unwrap(),
        "error: a.toml:2:8: invalid baud 9600, expected a number without quotes\n"
    );
    let output = hall.run(&["scan", "--port", "line", "--addr", "9-3"]).await;
    let message = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(64));
    assert!(
        message.contains("expected the smaller address first, 3-9"),
        "{message}"
    );
    let output = hall
        .run(&["readdress", "--target", "led", "--to", "300"])
        .await;
    assert_eq!(output.status.code(), Some(64));
    assert_eq!(
        hall.run(&["apply", "a.toml", "--plan", "--yes"])
            .await
            .status
            .code(),
        Some(64)
    );
    assert_eq!(hall.run(&["--help"]).await.status.code(), Some(0));
}

/// So many scans miss a device only where it cannot be found.
const SCANS_MAX: usize = 20;

#[tokio::test]
async fn scan_gives_one_document_and_tells_its_progress_apart() {
    let hall = Hall::new();
    let port = hall.path("line").display().to_string();
    let args = [
        "scan", "--port", &port, "--baud", "9600", "--addr", "2-3", "--json",
    ];
    // A scan asks each address once and goes on: what answers late is found by the next one.
    let mut scans = 0;
    let (output, report) = loop {
        let output = hall.run(&args).await;
        assert!(output.status.success(), "{output:?}");
        let report: Value = serde_json::from_slice(&output.stdout).unwrap();
        scans += 1;
        if report["found"][0] != Value::Null || scans == SCANS_MAX {
            break (output, report);
        }
    };
    assert_eq!(report["found"][0]["address"], 3, "{report}");
    assert_eq!(report["found"][0]["contact"]["refusal"], 1, "{report}");
    let progress = String::from_utf8(output.stderr).unwrap();
    assert!(progress.contains("at 9600: address 3?"), "{progress}");
}

#[tokio::test]
async fn signs_take_another_address_and_are_found_at_it() {
    for profile in ["alpha", "am03127"] {
        let directory = tempfile::tempdir().unwrap();
        let built_in = DeviceProfile::built_in(profile).unwrap();
        let kind = PanelProtocol::of_profile(&built_in).unwrap();
        let sign = |address| VirtualDisplay::new(&kind, address).unwrap();
        let line = VirtualLine::default()
            .with_display(sign(3))
            .with_display(sign(5))
            .with_baud_bps(9_600)
            .start(directory.path().join("line"))
            .unwrap();
        let hall = Hall { directory, line };
        let targets = format!(
            "[[target]]\nname = \"sign\"\nprofile = \"{profile}\"\naddress = 3\nlink = {{ serial = \"{}\" }}\n",
            hall.path("line").display()
        );
        hall.write("targets.toml", &targets);
        let readdress = async |to: &str| {
            let arguments = ["readdress", "--target", "sign", "--to", to];
            hall.json(&arguments).await
        };
        let (code, report) = readdress("5").await;
        assert_eq!(code, Some(1), "{report}");
        assert!(
            report.to_string().contains("address 5 is taken"),
            "{report}"
        );
        // An AM03127 board is told without its old address, and so is every board on the line.
        hall.line
            .display(1)
            .unwrap()
            .set_fault(Some(DisplayFault::NoPower));
        for to in ["7", "3"] {
            let (code, report) = readdress(to).await;
            let step = &report["devices"][0]["steps"][0];
            assert_eq!(
                (code, &step["result"]),
                (Some(0), &"confirmed".into()),
                "{report}"
            );
            let is_warned = report.to_string().contains("only one may be connected");
            assert_eq!(is_warned, profile == "am03127", "{report}");
        }
        let moved = std::fs::read_to_string(hall.path("targets.toml")).unwrap();
        assert!(moved.contains("address = 3"), "{moved}");
        hall.line
            .display(0)
            .unwrap()
            .set_fault(Some(DisplayFault::NoPower));
        let (code, report) = readdress("9").await;
        assert_eq!(code, Some(3), "{report}");
    }
}

#[tokio::test]
async fn scan_lists_what_is_plugged_in_and_asks_nobody() {
    let hall = Hall::new();
    for directory in [
        "sys/devices/pnp0/ttyS1/tty/ttyS1",
        "sys/class/tty",
        "dev/serial/by-path",
    ] {
        std::fs::create_dir_all(hall.path(directory)).unwrap();
    }
    for (link, to) in [
        (
            "sys/class/tty/ttyS1",
            "../../../sys/devices/pnp0/ttyS1/tty/ttyS1",
        ),
        ("sys/devices/pnp0/ttyS1/tty/ttyS1/device", "../.."),
        ("dev/serial/by-path/front", "../../ttyS1"),
    ] {
        std::os::unix::fs::symlink(to, hall.path(link)).unwrap();
    }
    hall.write("dev/ttyS1", "");
    let root = hall.path("").display().to_string();
    let output = hall.run(&["scan", "--root", &root]).await;
    assert!(
        output.status.success() && output.stderr.is_empty(),
        "{output:?}"
    );
    assert_eq!(
        String::from_utf8(output.stdout).unwrap(),
        "/dev/ttyS1: serial port\n  link = { serial = \"/dev/serial/by-path/front\" }\n"
    );
    let output = hall.run(&["scan", "--root", &root, "--json"]).await;
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(report["ports"][0]["path"], "/dev/ttyS1", "{report}");
    assert_eq!(report["ports"][0]["kind"], "serial", "{report}");
}

#[tokio::test]
async fn identify_says_in_words_how_a_printer_is() {
    let hall = Hall::new();
    let printer = VirtualPrinter::new(PrinterConfig::default())
        .start(hall.path("printer"))
        .unwrap();
    printer.set(Switch::CoverOpen, true);
    let path = hall.path("printer").display().to_string();
    hall.write(
        "targets.toml",
        &format!(
            "[[target]]\nname = \"kiosk\"\nprofile = \"escpos-80mm\"\nlink = {{ serial = \"{path}\" }}\n"
        ),
    );
    let output = hall.run(&["identify", "--target", "kiosk"]).await;
    assert!(output.status.success(), "{output:?}");
    let words = String::from_utf8(output.stdout).unwrap();
    for said in [
        "DLE EOT 1: 1a, off line",
        "DLE EOT 2: 16, cover open",
        "DLE EOT 3: 12, no error",
        "DLE EOT 4: 12, paper is there",
        "mend it and ask again",
    ] {
        assert!(words.contains(said), "{said}: {words}");
    }
    let (code, report) = hall.json(&["identify", "--target", "kiosk"]).await;
    assert_eq!(code, Some(0));
    let said = &report["status"][1];
    assert_eq!(said["means"][0], "cover open", "{said}");
    assert_eq!(said["answered"], "16", "{said}");
}

#[tokio::test]
async fn a_port_that_cannot_be_opened_is_told_once() {
    let hall = Hall::new();
    hall.line.unplug();
    let output = hall.run(&["scan", "--port", "nothing"]).await;
    let cannot = "cannot open nothing: no such device; is it plugged in?\n";
    assert_eq!(String::from_utf8(output.stdout).unwrap(), cannot);
    hall.write(
        "targets.toml",
        "[[target]]\nname = \"led\"\nprofile = \"led-485\"\naddress = 3\nlink = { serial = \"nothing\" }\n",
    );
    let output = hall.run(&["read", "--target", "led"]).await;
    assert_eq!(
        String::from_utf8(output.stderr).unwrap(),
        format!("error: {cannot}")
    );
}

#[tokio::test]
async fn a_scan_that_is_interrupted_prints_what_it_has_found() {
    let hall = Hall::new();
    let port = hall.path("line").display().to_string();
    let mut command = Command::new(env!("CARGO_BIN_EXE_firmware-config"));
    command
        .args([
            "scan", "--port", &port, "--baud", "9600", "--addr", "3-247", "--json",
        ])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let ended = tokio::task::spawn_blocking(move || {
        let mut scanning = command.spawn().unwrap();
        let mut progress = BufReader::new(scanning.stderr.take().unwrap()).lines();
        assert!(progress.any(|line| line.unwrap().contains("address 4?")));
        let id = scanning.id().to_string();
        let sent = Command::new("kill").args(["-INT", &id]).status().unwrap();
        assert!(sent.success());
        // Who tells its progress to nobody is not disturbed by that, but it is heard out here.
        progress.for_each(|line| drop(line.unwrap()));
        scanning.wait_with_output().unwrap()
    });
    let output = ended.await.unwrap();
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(130), "{report}");
    assert_eq!(
        (&report["interrupted"], &report["complete"]),
        (&true.into(), &false.into())
    );
    assert_eq!(report["unintelligible"], Value::Array(vec![]));
    assert!(report["found"].is_array());
}

#[tokio::test]
async fn every_setting_of_a_digit_panel_is_read() {
    for profile in ["dm36", "dm56"] {
        let directory = tempfile::tempdir().unwrap();
        let built_in = DeviceProfile::built_in(profile).unwrap();
        let kind = PanelProtocol::of_profile(&built_in).unwrap();
        let line = VirtualLine::default()
            .with_display(VirtualDisplay::new(&kind, 3).unwrap())
            .start(directory.path().join("line"))
            .unwrap();
        let hall = Hall { directory, line };
        let targets = format!(
            "[[target]]\nname = \"panel\"\nprofile = \"{profile}\"\naddress = 3\nlink = {{ serial = \"{}\" }}\n",
            hall.path("line").display()
        );
        hall.write("targets.toml", &targets);
        let (code, read) = hall.json(&["read", "--target", "panel"]).await;
        assert_eq!(code, Some(0), "{read}");
    }
}
