//! Faults of simulated devices, as a host sees them over a real pseudo-terminal.
#![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]

mod simulated;

use std::fs::{File, OpenOptions};
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::time::{Duration, Instant};

use firmware_config::caller_pad::{Key, KeyFrame, PadAction, PadEvent, ack_for};
use firmware_config::led485;
use firmware_config::modbus::Address;
use firmware_config::profile::DeviceProfile;
use simulated::Simulated;
use tempfile::TempDir;

/// A device on a pseudo-terminal.
struct Rig {
    device: Simulated,
    pty: PathBuf,
    directory: TempDir,
}

impl Rig {
    fn start(args: &[&str]) -> Self {
        let directory = tempfile::tempdir().unwrap();
        let pty = directory.path().join("device");
        let mut device = Simulated::start(args, &pty);
        assert!(device.line().contains(" on "));
        Self {
            device,
            pty,
            directory,
        }
    }

    fn with_fault(profile: &str, fault: &str) -> Self {
        Self::start(&["--profile", profile, "--fault", fault])
    }

    fn host(&self) -> File {
        let mut options = OpenOptions::new();
        options.read(true).write(true).open(&self.pty).unwrap()
    }

    /// Passes over lines until one contains the words.
    fn expect(&mut self, words: &str) {
        while !self.device.line().contains(words) {}
    }

    fn run(&self, args: &[&str]) -> Output {
        run_in(self.directory.path(), args)
    }

    /// The exit code of `show` on an LED-485 panel.
    fn show(&self, args: &[&str]) -> Option<i32> {
        let port = self.pty.to_str().unwrap();
        let always = ["show", "--profile", "led-485", "--port", port];
        self.run(&[&always, args, &["A012"]].concat()).status.code()
    }

    /// The exit code of `identify` on a printer.
    fn identify(&self, baud_bps: u32) -> Option<i32> {
        let targets = format!(
            "[[target]]\nname = \"p\"\nprofile = \"escpos-58mm\"\n\
             link = {{ serial = \"{}\", baud_bps = {baud_bps} }}\n",
            self.pty.display()
        );
        std::fs::write(self.directory.path().join("targets.toml"), targets).unwrap();
        self.run(&["identify", "--target", "p"]).status.code()
    }
}

fn run_in(directory: &Path, args: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_firmware-config"));
    command.current_dir(directory).args(args).output().unwrap()
}

fn read(host: &mut File, count: usize) -> Vec<u8> {
    let mut bytes = vec![0; count];
    host.read_exact(&mut bytes).unwrap();
    bytes
}

/// A question to the LED-485 panel at address 1, and its answer.
fn question() -> (Vec<u8>, Vec<u8>) {
    let request = led485::show_text(Address::new(1).unwrap(), "A012").unwrap();
    (request.encode(), request.reply(&[]))
}

#[test]
fn a_panel_without_an_answer_shows_all_the_same() {
    for fault in ["no-ack", "bad-checksum"] {
        let mut rig = Rig::with_fault("led-485", fault);
        assert_eq!(rig.show(&[]), Some(3), "{fault}");
        rig.expect("shows \"A012\"");
    }
    let rig = Rig::with_fault("led-485", "bad-checksum");
    let (asked, answer) = question();
    let mut host = rig.host();
    host.write_all(&asked).unwrap();
    let heard = read(&mut host, answer.len());
    let (body, wrong) = heard.split_at(answer.len() - 1);
    assert!(answer.starts_with(body) && !answer.ends_with(wrong));
}

#[test]
fn an_adapter_gives_the_question_back_before_the_answer() {
    let rig = Rig::with_fault("led-485", "echo");
    let (asked, answer) = question();
    let mut host = rig.host();
    host.write_all(&asked).unwrap();
    let heard = read(&mut host, asked.len() + answer.len());
    assert_eq!(heard, [asked, answer].concat());
}

#[test]
fn a_panel_at_another_speed_answers_there_alone() {
    let rig = Rig::with_fault("led-485", "wrong-baud");
    assert_eq!(rig.show(&[]), Some(3));
    assert_eq!(rig.show(&["--baud", "19200"]), Some(0));
}

#[test]
fn a_slow_panel_answers_after_the_time_its_profile_allows() {
    let rig = Rig::with_fault("led-485", "slow");
    let profile = DeviceProfile::built_in("led-485").unwrap();
    let (asked, answer) = question();
    let mut host = rig.host();
    let since = Instant::now();
    host.write_all(&asked).unwrap();
    assert_eq!(read(&mut host, answer.len()), answer);
    assert!(since.elapsed() > Duration::from_millis(profile.line.timeout_ms));
}

#[test]
fn a_stuck_panel_says_that_it_shows_and_stays_dark() {
    let mut rig = Rig::with_fault("led-485", "stuck");
    assert_eq!(rig.show(&[]), Some(0));
    rig.expect("shows \"\", 1 answers");
    // A stuck card says that it has another address, and has not.
    let mut rig = Rig::with_fault("led-card", "stuck");
    rig.expect("0 frames");
    let targets = format!(
        "[[target]]\nname = \"c\"\nprofile = \"led-card\"\naddress = 1\nlink = {{ serial = \"{}\" }}\n",
        rig.pty.display()
    );
    std::fs::write(rig.directory.path().join("targets.toml"), targets).unwrap();
    let moved = rig.run(&[
        "readdress",
        "--target",
        "c",
        "--to",
        "9",
        "--restart-s",
        "0",
    ]);
    assert_eq!(moved.status.code(), Some(2), "{moved:?}");
}

#[test]
fn noise_comes_from_every_kind_of_device() {
    for profile in [
        "led-485",
        "ff68-pad",
        "byte-keypad",
        "escpos-58mm",
        "kanban",
    ] {
        let rig = Rig::with_fault(profile, "noise");
        let noise = read(&mut rig.host(), 24);
        assert!(noise.iter().any(|byte| *byte != noise[0]), "{profile}");
    }
}

#[test]
fn a_device_without_power_is_dark_and_silent() {
    let mut rig = Rig::with_fault("led-485", "power-off");
    assert_eq!(rig.show(&[]), Some(3));
    rig.expect("shows \"\", 0 answers");
    assert_eq!(
        Rig::with_fault("escpos-58mm", "power-off").identify(9_600),
        Some(3)
    );
}

fn pressed() -> (Vec<u8>, Vec<u8>) {
    let key = Key::CallNext;
    let frame = PadEvent::Key(KeyFrame {
        digits: vec![4],
        key,
    })
    .to_frame(1);
    (frame.encode(), ack_for(&frame).encode())
}

#[test]
fn a_pad_that_misses_its_acknowledgement_gives_the_press_up() {
    for (fault, ends) in [
        (None, "1 presses answered, 0 lost"),
        (Some("no-ack"), "0 presses answered, 1 lost"),
    ] {
        let faults = fault.map_or(vec![], |fault| vec!["--fault", fault]);
        let mut rig = Rig::start(&[&["--profile", "ff68-pad"], &faults[..]].concat());
        let mut keys = rig.device.child.stdin.take().unwrap();
        let mut host = rig.host();
        writeln!(keys, "digit-4 call-next").unwrap();
        let (press, acknowledged) = pressed();
        assert_eq!(read(&mut host, press.len()), press);
        host.write_all(&acknowledged).unwrap();
        rig.expect(ends);
    }
}

#[test]
fn pads_speak_wrongly_late_and_stand_still() {
    let press_and_hear = |fault: &str| {
        let mut rig = Rig::with_fault("ff68-pad", fault);
        let mut keys = rig.device.child.stdin.take().unwrap();
        let mut host = rig.host();
        let since = Instant::now();
        writeln!(keys, "digit-4 call-next").unwrap();
        let heard = read(&mut host, pressed().0.len());
        (rig, host, heard, since.elapsed())
    };
    let (press, acknowledged) = pressed();
    let (_rig, _host, heard, _) = press_and_hear("bad-checksum");
    let checksum = press.len() - 2;
    assert!(
        heard[..checksum] == press[..checksum] && heard[checksum + 1..] == press[checksum + 1..]
    );
    assert_ne!(heard[checksum], press[checksum]);

    let (_rig, _host, heard, took) = press_and_hear("slow");
    let profile = DeviceProfile::built_in("ff68-pad").unwrap();
    assert_eq!(heard, press);
    assert!(took > Duration::from_millis(profile.line.timeout_ms));

    let (mut rig, mut host, heard, _) = press_and_hear("stuck");
    assert_eq!(heard, press);
    host.write_all(&PadAction::ShowTicket(12).to_frame(1).encode())
        .unwrap();
    host.write_all(&acknowledged).unwrap();
    rig.expect("shows ticket nothing, waiting nothing; 0 beeps, 1 presses answered");

    let (_rig, mut host, _, _) = press_and_hear("echo");
    host.write_all(&acknowledged).unwrap();
    assert_eq!(read(&mut host, acknowledged.len()), acknowledged);
}

#[test]
fn pads_without_a_protocol_have_faults_by_the_same_names() {
    let rig = Rig::with_fault("byte-keypad", "stuck");
    let stuck = read(&mut rig.host(), 6);
    assert!(stuck.iter().all(|byte| *byte == stuck[0]), "{stuck:?}");
    let mut rig = Rig::with_fault("byte-keypad", "bounce");
    let mut keys = rig.device.child.stdin.take().unwrap();
    writeln!(keys, "digit-4").unwrap();
    assert_eq!(read(&mut rig.host(), 3), b"444");
}

/// A ticket of so many dot rows, each of one byte, and a cut.
fn ticket(rows: u8) -> Vec<u8> {
    let mut bytes = b"\x1b@\x1dv0\x00\x01\x00".to_vec();
    bytes.extend([rows, 0]);
    bytes.extend(std::iter::repeat_n(0xf0, usize::from(rows)));
    bytes.extend(b"\x1dV\x00");
    bytes
}

#[test]
fn paper_and_power_go_in_the_middle_of_the_first_ticket() {
    for (fault, ends) in [
        (
            "paper-out@40%",
            "8 rows uncut, 0 unknown commands, no paper yet",
        ),
        ("power-off@25%", "last paper 1: 5 rows, complete false"),
    ] {
        let mut rig = Rig::with_fault("escpos-58mm", fault);
        let (first, rest) = (ticket(20)[..12].to_vec(), ticket(20)[12..].to_vec());
        let mut host = rig.host();
        host.write_all(&first).unwrap();
        host.write_all(&rest).unwrap();
        rig.expect(ends);
    }
    // A ticket that nothing cuts ends when nothing more comes.
    let mut rig = Rig::with_fault("escpos-58mm", "paper-out@50%");
    let uncut = ticket(20);
    rig.host().write_all(&uncut[..uncut.len() - 3]).unwrap();
    rig.expect("10 rows uncut");
}

#[test]
fn a_slow_printer_takes_its_time() {
    let mut rig = Rig::with_fault("escpos-58mm", "slow");
    let mut host = rig.host();
    let since = Instant::now();
    host.write_all(&ticket(30)).unwrap();
    rig.expect("last paper 1: 30 rows, complete true");
    assert!(since.elapsed() >= Duration::from_millis(290));
}

#[test]
fn a_printer_is_mute_stuck_or_at_another_speed() {
    let own = DeviceProfile::built_in("escpos-58mm").unwrap().line.baud;
    assert_eq!(
        Rig::with_fault("escpos-58mm", "no-ack").identify(own),
        Some(3)
    );
    let rig = Rig::with_fault("escpos-58mm", "wrong-baud");
    let other = if own == 9_600 { 19_200 } else { 9_600 };
    assert_eq!((rig.identify(own), rig.identify(other)), (Some(3), Some(0)));
    let mut rig = Rig::with_fault("escpos-58mm", "echo");
    let mut host = rig.host();
    host.write_all(&ticket(2)).unwrap();
    assert_eq!(read(&mut host, ticket(2).len()), ticket(2));
    rig.expect("last paper 1: 2 rows, complete true");
    let mut rig = Rig::with_fault("escpos-58mm", "stuck,paper-near-end");
    rig.expect("no paper yet");
    let mut host = rig.host();
    host.write_all(&[&ticket(2)[..], b"\x10\x04\x01"].concat())
        .unwrap();
    assert_eq!(read(&mut host, 1), [0x12], "all is well");
}

#[test]
fn devices_share_a_line_and_a_profile_may_be_one_s_own() {
    let directory = tempfile::tempdir().unwrap();
    let own = directory.path().join("my.toml");
    let text = include_str!("../profiles/led-485.toml");
    std::fs::write(&own, text.replace("id = \"led-485\"", "id = \"my-panel\"")).unwrap();
    let own = own.to_str().unwrap();
    let second = format!("{own}@2");
    let mut rig = Rig::start(&["--profile", "dm36@5", "--profile", &second]);
    assert!(rig.device.line().starts_with("my-panel on "));
    assert_eq!(rig.show(&["--address", "2"]), Some(0));
    rig.expect("panel 2 shows \"A012\"");
    let port = rig.pty.to_str().unwrap().to_owned();
    let args = [
        "show",
        "--profile",
        "dm36",
        "--port",
        &port,
        "--address",
        "5",
        "77",
    ];
    assert!(rig.run(&args).status.success());
    rig.expect("panel 5 shows \"77\"");
    let args = [
        "show",
        "--profile",
        own,
        "--port",
        &port,
        "--address",
        "2",
        "B1",
    ];
    assert!(rig.run(&args).status.success());
    rig.expect("panel 2 shows \"B1\"");
}
