//! The command as a user runs it.
#![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]

mod simulated;

use std::io::{Read, Write};
use std::process::{Command, Output, Stdio};

use firmware_config::key_pad::RECORD_BYTES;
use firmware_config::led485;
use firmware_config::modbus::Address;
use simulated::Simulated;

fn firmware_config(args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_firmware-config"))
        .args(args)
        .output()
        .unwrap()
}

#[test]
fn check_names_the_place_of_a_mistake() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("panel.toml");
    let good = include_str!("../profiles/led-485.toml");
    std::fs::write(&file, good).unwrap();
    let name = file.to_str().unwrap();
    let output = firmware_config(&["check", "--config", name]);
    assert!(output.status.success());
    assert!(String::from_utf8_lossy(&output.stdout).contains("ok, device profile `led-485`"));

    std::fs::write(&file, good.replace("retries = 2", "retires = 2")).unwrap();
    let output = firmware_config(&["check", "--config", name]);
    assert_eq!(output.status.code(), Some(1));
    let message = String::from_utf8_lossy(&output.stderr).into_owned();
    let expected = format!("{name}:13:1: unknown field `retires`, expected one of");
    assert!(message.starts_with(&expected), "{message}");
    let output = firmware_config(&["check", "--config", name, "--json"]);
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let (mistake, code) = (&report["mistake"], output.status.code());
    assert_eq!((code, &mistake["line"]), (Some(1), &13.into()), "{report}");

    for (right, wrong, words) in [
        (
            "range = [1, 247]",
            "range = [247, 1]",
            "invalid range [247, 1] of `address`, expected the smallest value, then the largest",
        ),
        (
            "baud = 9600",
            "baud = \"9600\"",
            "expected a number without quotes",
        ),
    ] {
        assert!(good.contains(right));
        std::fs::write(&file, good.replace(right, wrong)).unwrap();
        let output = firmware_config(&["check", "--config", name]);
        let message = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(
            !output.status.success() && message.contains(words),
            "{message}"
        );
    }
}

#[test]
fn schema_is_json() {
    let output = firmware_config(&["schema", "--json"]);
    let schema: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(schema["title"], "DeviceProfile");
}

#[test]
fn a_reader_that_has_read_enough_is_no_error() {
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    let output = Command::new(env!("CARGO_BIN_EXE_firmware-config"))
        .arg("schema")
        .stdout(writer)
        .stderr(Stdio::piped())
        .spawn()
        .unwrap()
        .wait_with_output()
        .unwrap();
    assert!(output.status.success(), "{output:?}");
    assert!(output.stderr.is_empty(), "{output:?}");
}

#[test]
fn wrong_arguments_are_told() {
    let output = firmware_config(&["simulate", "--profile", "none", "--pty", "/nowhere/x"]);
    assert_eq!(output.status.code(), Some(1));
    let message = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(
        message.starts_with("error: ")
            && message.contains("unknown profile `none`, expected a name that"),
        "{message}"
    );
    assert_eq!(firmware_config(&["chek"]).status.code(), Some(64));
}

#[test]
fn profiles_are_listed_and_a_misspelt_one_is_known() {
    let output = firmware_config(&["profiles"]);
    let list = String::from_utf8_lossy(&output.stdout).into_owned();
    let line = |id: &str| {
        let mut lines = list.lines();
        let is_it = |line: &&str| line.split_whitespace().next() == Some(id);
        lines.find(is_it).unwrap_or_default().to_owned()
    };
    assert!(line("epson-tm-t88v").contains("Epson TM-T88V, 512 dots, 7 per mm"));
    assert!(line("seiko-rp-f10-58mm").contains("Seiko RP-F10 58 mm paper, 432 dots"));
    assert!(line("zjiang-pos-5890").ends_with("384 dots, 8 per mm, no cutter"));
    assert!(line("epson-tm-t70ii-tc").ends_with("576 dots, 8 per mm, Big5 in its ROM"));
    assert!(line("led-485").ends_with("modbus-rtu"), "{list}");

    let output = firmware_config(&["profiles", "--json"]);
    let listed: Vec<serde_json::Value> = serde_json::from_slice(&output.stdout).unwrap();
    let ids = listed
        .iter()
        .map(|profile| profile["profile"]["id"].as_str());
    let of_lines = list.lines().map(|line| line.split_whitespace().next());
    assert!(ids.eq(of_lines), "{list}");

    let output = firmware_config(&["show", "--profile", "epson-t88v", "--port", "x", "1"]);
    let message = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(
        message.contains("(did you mean `epson-tm-t88v`?)"),
        "{message}"
    );
}

#[test]
fn a_simulated_panel_prints_what_it_shows() {
    let directory = tempfile::tempdir().unwrap();
    let pty = directory.path().join("panel");
    let mut panel = Simulated::start(&["--profile", "led-485", "--address", "7"], &pty);
    assert!(panel.line().starts_with("led-485 on "));
    assert!(panel.line().contains("panel 7 shows \"\""));
    let request = led485::show_text(Address::new(7).unwrap(), "A012").unwrap();
    std::fs::OpenOptions::new()
        .write(true)
        .open(&pty)
        .unwrap()
        .write_all(&request.encode())
        .unwrap();
    assert!(panel.line().contains("panel 7 shows \"A012\""));
}

/// The key events of `KEY_KPENTER` that is pressed and let go, as a kernel of this machine writes them, without their
/// times.
fn enter_pressed() -> Vec<Vec<u8>> {
    let records = [(1_u16, 96_u16, 1_i32), (0, 0, 0), (1, 96, 0), (0, 0, 0)];
    let bytes = |(kind, code, value): &(u16, u16, i32)| {
        let halves = [kind.to_ne_bytes(), code.to_ne_bytes()].concat();
        [halves, value.to_ne_bytes().to_vec()].concat()
    };
    records.iter().map(bytes).collect()
}

#[test]
fn a_simulated_pad_sends_the_keys_that_are_typed() {
    let directory = tempfile::tempdir().unwrap();
    let pty = directory.path().join("pad");
    for (profile, word) in [
        ("byte-keypad", "digit-4 call-next"),
        ("usb-keypad", "call-next"),
    ] {
        let mut pad = Simulated::start(&["--profile", profile], &pty);
        assert!(pad.line().starts_with(&format!("{profile} on ")));
        assert_eq!(pad.line(), "0 presses sent, 0 wait");
        let mut host = std::fs::File::open(&pty).unwrap();
        let mut keys = pad.child.stdin.take().unwrap();
        writeln!(keys, "{word}").unwrap();
        let mut read = |length: usize| {
            let mut bytes = vec![0; length];
            host.read_exact(&mut bytes).unwrap();
            bytes
        };
        if profile == "byte-keypad" {
            assert_eq!(read(2), b"4A");
        } else {
            for expected in enter_pressed() {
                let record = read(RECORD_BYTES);
                assert_eq!(&record[RECORD_BYTES - 8..], expected);
            }
        }
        while !pad.line().ends_with(" presses sent, 0 wait") {}
    }
}

#[test]
fn show_tells_what_a_panel_says() {
    let directory = tempfile::tempdir().unwrap();
    let pty = directory.path().join("panel");
    let port = pty.to_str().unwrap();
    let show = |profile: &str, args: &[&str]| {
        let always = ["show", "--profile", profile, "--port", port];
        let output = firmware_config(&[&always, args].concat());
        let words =
            String::from_utf8(output.stdout).unwrap() + &String::from_utf8_lossy(&output.stderr);
        (output.status.code(), words)
    };
    for (profile, args, code, words) in [
        (
            "led-485",
            &["--address", "7", "A012"][..],
            0,
            "shown, as the panel says",
        ),
        (
            "led-485",
            &["--address", "7", ""],
            0,
            "shown, as the panel says",
        ),
        ("led-485", &["--address", "8", "A012"], 3, "no answer"),
        (
            "led-485",
            &["--address", "7", "toolong"],
            1,
            "at most 6 characters",
        ),
        // A sign that was not laid out has no file to hold the text, and no answer.
        ("alpha", &["--address", "7", "A012"], 3, "no answer"),
        (
            "alpha",
            &["--address", "7", "--prepare", "A012"],
            0,
            "shown, as the panel says",
        ),
        (
            "kanban",
            &["--address", "7", "12"],
            0,
            "panels of this kind do not answer",
        ),
        ("ff68-pad", &["1"], 1, "a ff68-pad is no panel"),
    ] {
        let mut device = Simulated::start(&["--profile", profile, "--address", "7"], &pty);
        device.line();
        let (ended, said) = show(profile, args);
        assert!(
            ended == Some(code) && said.contains(words),
            "{ended:?} {said}"
        );
    }
}

#[test]
fn a_simulated_printer_keeps_its_papers_and_has_faults() {
    let directory = tempfile::tempdir().unwrap();
    let pty = directory.path().join("printer");
    let papers = directory.path().join("papers");
    let papers_text = papers.to_str().unwrap();
    let ticket = b"\x1b@\x1dv0\x00\x01\x00\x02\x00\x0f\xf0\x1dV\x00";
    let profile = ["--profile", "escpos-58mm", "--papers", papers_text];
    let mut printer = Simulated::start(&profile, &pty);
    assert!(printer.line().starts_with("escpos-58mm on "));
    assert_eq!(
        printer.line(),
        "0 rows uncut, 0 unknown commands, no paper yet"
    );
    let mut line = std::fs::OpenOptions::new().write(true).open(&pty).unwrap();
    line.write_all(ticket).unwrap();
    while !printer
        .line()
        .contains("last paper 1: 2 rows, complete true")
    {}
    assert_eq!(
        std::fs::read(papers.join("paper-0001.escpos")).unwrap(),
        ticket
    );
    let picture = std::fs::read(papers.join("paper-0001.pbm")).unwrap();
    let (head, rows) = picture.split_at(b"P4\n384 2\n".len());
    assert_eq!(head, b"P4\n384 2\n");
    assert_eq!((rows.len(), rows[0], rows[48]), (96, 0x0f, 0xf0));
    drop((printer, line));

    let mut printer = Simulated::start(&["--profile", "escpos-58mm", "--paper-left", "1"], &pty);
    printer.line();
    std::fs::OpenOptions::new()
        .write(true)
        .open(&pty)
        .unwrap()
        .write_all(ticket)
        .unwrap();
    while !printer.line().starts_with("1 rows uncut") {}
}

#[test]
fn what_a_device_cannot_have_is_refused_with_what_it_can() {
    for (args, words) in [
        (
            &["--pty", "/nowhere/x", "--fault", "cover-open"][..],
            "a led-485 cannot have the fault cover-open, only no-ack, bad-checksum, slow, echo,",
        ),
        (
            &["--pty", "/nowhere/x", "--paper-left", "1"],
            "are for printers",
        ),
        (&["--tcp", "127.0.0.1:0"], "--tcp is for printers"),
        (
            &["--pty", "/nowhere/x", "--key-fault", "noise"],
            "--key-fault is for pads without a protocol",
        ),
        (
            &["--pty", "/nowhere/x", "--profile", "escpos-80mm"],
            "a escpos-80mm shares no line with others",
        ),
    ] {
        let output = firmware_config(&[&["simulate", "--profile", "led-485"], args].concat());
        let message = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(
            output.status.code() == Some(1) && message.contains(words),
            "{message}"
        );
    }
    let always = ["simulate", "--profile", "led-485"];
    let neither = firmware_config(&always);
    assert_eq!(neither.status.code(), Some(64));
    let misspelt = [&always[..], &["--pty", "/nowhere/x", "--fault", "no-akc"]].concat();
    let output = firmware_config(&misspelt);
    let message = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(
        output.status.code() == Some(64) && message.contains("expected one of no-ack, bad-"),
        "{message}"
    );
}
