//! The command as a user runs it.
#![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Output, Stdio};

fn command(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_station-server"));
    command.args(arguments).stderr(Stdio::piped());
    command
}

fn run(arguments: &[&str]) -> (Option<i32>, String, String) {
    in_words(&command(arguments).output().unwrap())
}

fn in_words(output: &Output) -> (Option<i32>, String, String) {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (
        output.status.code(),
        text(&output.stdout),
        text(&output.stderr),
    )
}

/// Two tickets in a data directory.
fn with_data(dir: &Path) -> String {
    let data = dir.join("data").display().to_string();
    let tickets = dir.join("old.csv");
    let header = "number,service,issued_at,outcome";
    let rows = "1,permit,2026-07-01T09:00:00,cancelled\n2,permit,2026-07-01T09:00:00,cancelled\n";
    std::fs::write(&tickets, format!("{header}\n{rows}")).unwrap();
    let tickets = tickets.display().to_string();
    let arguments = ["import", "--data", &data, "--tickets", &tickets];
    let (code, said, errors) = run(&[&arguments[..], &["--create-missing"]].concat());
    assert_eq!((code, errors.as_str()), (Some(0), ""));
    let expected = "imported 2 tickets, 2026-07-01 to 2026-07-01\nadded service: permit\nadded class: regular\n";
    assert_eq!(said, expected);
    data
}

#[test]
fn a_reader_that_has_read_enough_is_no_error() {
    let dir = tempfile::tempdir().unwrap();
    let data = with_data(dir.path());
    let days = ["--from", "2026-07-01", "--to", "2026-07-01"];
    let stats = [&["stats", "--data", &data][..], &days].concat();
    let csv = [&stats[..], &["--format", "csv"]].concat();
    for arguments in [&["schema"][..], &["--help"], &stats, &csv] {
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let child = command(arguments).stdout(writer).spawn().unwrap();
        let (code, _, errors) = in_words(&child.wait_with_output().unwrap());
        assert_eq!((code, errors.as_str()), (Some(0), ""), "{arguments:?}");
    }
}

#[test]
fn a_backup_names_the_folder_that_is_not_there() {
    let dir = tempfile::tempdir().unwrap();
    let data = with_data(dir.path());
    let folder = dir.path().join("nowhere");
    let to = folder.join("copy.db").display().to_string();
    let (code, _, errors) = run(&["backup", "--data", &data, "--to", &to]);
    assert_eq!(code, Some(1));
    let expected = format!("error: there is no folder {} to put", folder.display());
    assert!(errors.starts_with(&expected), "{errors}");
}

#[test]
fn a_pin_of_three_digits_has_no_hash() {
    for (pin, taken) in [("123\n", false), ("", false), ("1234\n", true)] {
        let mut child = command(&["hash-pin"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        child
            .stdin
            .take()
            .unwrap()
            .write_all(pin.as_bytes())
            .unwrap();
        let (code, said, errors) = in_words(&child.wait_with_output().unwrap());
        assert_eq!(code == Some(0), taken, "{errors}");
        assert_eq!(said.starts_with("$argon2id$"), taken, "{said}");
        assert_eq!(errors.contains("at least 4 digits"), !taken, "{errors}");
    }
}

#[test]
fn an_import_in_vain_begins_with_error() {
    let dir = tempfile::tempdir().unwrap();
    let tickets = dir.path().join("old.csv.gz");
    std::fs::write(&tickets, "not compressed at all").unwrap();
    let data = dir.path().join("data");
    let arguments = ["--data", data.to_str().unwrap(), "--tickets"];
    let (code, said, errors) =
        run(&[&["import"][..], &arguments, &[tickets.to_str().unwrap()]].concat());
    assert_eq!((code, said.as_str()), (Some(1), ""));
    let expected = format!("error: {}:1 it is neither gzip nor CSV", tickets.display());
    assert!(errors.starts_with(&expected), "{errors}");
    assert!(!data.exists());
}
