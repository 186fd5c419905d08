//! The command as a user runs it.
#![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use std::io::{BufRead, BufReader, Write};
use std::process::{Command, Output, Stdio};

use firmware_config::led485;
use firmware_config::modbus::Address;

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
}

#[test]
fn schema_is_json() {
    let output = firmware_config(&["schema"]);
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
        message.starts_with("error: ") && message.contains("expected one of led-485, ff68-pad"),
        "{message}"
    );
    assert_eq!(firmware_config(&["chek"]).status.code(), Some(64));
}

#[test]
fn a_simulated_panel_prints_what_it_shows() {
    let directory = tempfile::tempdir().unwrap();
    let pty = directory.path().join("panel");
    let mut child = Command::new(env!("CARGO_BIN_EXE_firmware-config"))
        .args([
            "simulate",
            "--profile",
            "led-485",
            "--address",
            "7",
            "--pty",
        ])
        .arg(&pty)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let mut line = || lines.next().unwrap().unwrap();
    assert!(line().starts_with("led-485 on "));
    assert!(line().contains("panel 7 shows \"\""));
    let request = led485::show_text(Address::new(7).unwrap(), "A012").unwrap();
    std::fs::OpenOptions::new()
        .write(true)
        .open(&pty)
        .unwrap()
        .write_all(&request.encode())
        .unwrap();
    assert!(line().contains("panel 7 shows \"A012\""));
    child.kill().unwrap();
    child.wait().unwrap();
}
