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
    let expected = "imported 2 tickets, 2026-07-01 to 2026-07-01, times of Asia/Taipei\nadded service: permit\nadded class: regular\n";
    assert_eq!(said, expected);
    data
}

#[test]
fn an_import_reads_its_times_in_the_zone_of_the_station_file() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("data").display().to_string();
    let config = dir.path().join("station.toml").display().to_string();
    let file = station_config::demo().replacen("Asia/Taipei", "Europe/Berlin", 1);
    std::fs::write(&config, file).unwrap();
    let import = |hour: u32, more: &[&str]| {
        let tickets = dir.path().join(format!("{hour}.csv"));
        let row = format!("{hour},pick-up,2026-07-01T0{hour}:00:00,cancelled");
        std::fs::write(
            &tickets,
            format!("number,service,issued_at,outcome\n{row}\n"),
        )
        .unwrap();
        let tickets = tickets.display().to_string();
        run(&[&["import", "--data", &data, "--tickets", &tickets], more].concat())
    };
    let imported = "imported 1 ticket, 2026-07-01 to 2026-07-01, times of Europe/Berlin\n";
    // The services of the station file are known, too: nothing has to be added.
    let (code, said, errors) = import(7, &["--config", &config]);
    assert_eq!((code, said.as_str()), (Some(0), imported), "{errors}");
    // A second file is read in the same zone, or not at all.
    assert_eq!(import(8, &[]).1, imported);
    let (code, _, errors) = import(9, &["--timezone", "Asia/Taipei"]);
    assert_ne!(code, Some(0));
    assert!(
        errors.contains("Asia/Taipei") && errors.contains("Europe/Berlin"),
        "{errors}"
    );
    let days = ["--from", "2026-07-01", "--to", "2026-07-01", "--by", "hour"];
    let (_, stats, _) = run(&[&["stats", "--data", &data][..], &days].concat());
    let stats: serde_json::Value = serde_json::from_str(&stats).unwrap();
    assert_eq!(stats["timezone"], "Europe/Berlin");
    let hours: Vec<_> = stats["rows"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| &row["key"])
        .collect();
    assert_eq!(hours, ["7", "8"]);
    let (_, rebuilt, _) = run(&["rebuild", "--data", &data]);
    assert!(rebuilt.contains("in Europe/Berlin"), "{rebuilt}");
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

#[test]
fn an_address_may_name_this_machine_and_is_explained_where_it_is_none() {
    let dir = tempfile::tempdir().unwrap();
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("localhost:{}", taken.local_addr().unwrap().port());
    let data = dir.path().join("data").display().to_string();
    let demo = |listen: &str| run(&["demo", "--no-agents", "--data", &data, "--listen", listen]);
    let (code, _, said) = demo(&address);
    assert_eq!(code, Some(1), "{said}");
    assert!(said.contains("127.0.0.1"), "{said}");
    let (code, _, said) = demo("8080");
    assert_eq!(code, Some(2));
    let expected = "`8080` is no address with a port, such as 127.0.0.1:8080";
    assert!(said.contains(expected), "{said}");
}

#[test]
fn the_self_test_of_spoken_calls_says_what_is_used_and_writes_a_sentence() {
    let dir = tempfile::tempdir().unwrap();
    let path = |name: &str| dir.path().join(name).display().to_string();
    let (config, output, data) = (path("station.toml"), path("call.wav"), path("data"));
    std::fs::write(&config, station_config::demo()).unwrap();
    let arguments = [
        "voice", "--config", &config, "--output", &output, "--data", &data,
    ];
    let (code, said, errors) = run(&[&arguments[..], &["--language", "km", "--json"]].concat());
    assert_eq!((code, errors.as_str()), (Some(0), ""));
    let report: serde_json::Value = serde_json::from_str(&said).unwrap();
    let languages = report["languages"].as_array().unwrap();
    assert_eq!(
        (languages.len(), &languages[0]["language"]),
        (10, &"zh-TW".into())
    );
    assert_eq!(languages[1]["needs_pack"], true);
    assert_eq!(report["sentence"]["number"], "A047");
    assert_eq!(report["sentence"]["instead"]["wanted"], "km");
    let wav = std::fs::read(&output).unwrap();
    assert!(wav.starts_with(b"RIFF"));
    let said = report["sentence"]["said"].as_array().unwrap();
    if report["espeak_ng"] == true {
        assert_eq!(said[0], "zh-TW: A 0 4 7 號，請到 1 號櫃台");
        assert_eq!(said[1], "en: number A 0 4 7 please go to counter 1");
    } else {
        eprintln!("not all of it was tried: espeak-ng is not installed");
        assert!(said.is_empty());
    }

    // What a speaker has to record.
    let (code, clips, _) = run(&["voice", "--clips", "nan-TW"]);
    assert_eq!((code, clips.lines().count()), (Some(0), 38));
    assert!(clips.contains("between  號，請到\n"), "{clips}");
    assert_eq!(run(&["voice", "--clips", "fr"]).0, Some(2));
    assert_eq!(run(&["voice"]).0, Some(2));

    // A pack with mistakes fails, and says where.
    std::fs::create_dir_all(dir.path().join("packs/nan")).unwrap();
    std::fs::write(dir.path().join("packs/nan/manifest.toml"), "language = 1\n").unwrap();
    let text = station_config::demo().replace("[voice]\n", "[voice]\npacks = \"packs\"\n");
    std::fs::write(&config, text).unwrap();
    let (code, said, _) = run(&arguments);
    assert_eq!(code, Some(1));
    assert!(
        said.contains("packs/nan/manifest.toml:1:12: invalid type"),
        "{said}"
    );
}

#[test]
fn the_layout_of_tickets_is_printed_to_be_changed_and_drawn_before_it_is_printed_on_paper() {
    let dir = tempfile::tempdir().unwrap();
    let (code, layout, errors) = run(&["ticket-layout"]);
    assert_eq!((code, errors.as_str()), (Some(0), ""));
    let config = dir.path().join("station.toml").display().to_string();
    let station = format!("{}\n{layout}", station_config::demo());
    std::fs::write(&config, &station).unwrap();
    let pictures = dir.path().join("pictures").display().to_string();
    let preview = |more: &[&str]| {
        let arguments = ["ticket-preview", "--config", &config, "--to", &pictures];
        run(&[&arguments[..], more].concat())
    };
    let one = ["--language", "vi", "--case", "appointment"];
    let (code, said, errors) = preview(&[&one[..], &["--paper", "escpos-58mm"]].concat());
    assert_eq!((code, errors.as_str()), (Some(0), ""));
    assert!(said.contains("appointment-vi.png: 384 x "), "{said}");
    let file = std::fs::read(dir.path().join("pictures/appointment-vi.png")).unwrap();
    assert!(file.starts_with(b"\x89PNG"));
    // Without a paper it is that of the first kiosk.
    assert!(preview(&one).1.contains("576 x "));

    let (code, _, errors) = preview(&["--paper", "a4"]);
    assert_ne!(code, Some(0));
    assert!(
        errors.contains("no such paper, expected one of K1, escpos-80mm"),
        "{errors}"
    );
    let (code, _, errors) = preview(&["--case", "birthday"]);
    assert_eq!(code, Some(2));
    assert!(
        errors.contains("expected one of usual, priority"),
        "{errors}"
    );

    std::fs::write(&config, station.replace("height_mm = 15", "height_mm = 39")).unwrap();
    let (code, _, errors) = preview(&one);
    assert_ne!(code, Some(0));
    assert!(
        errors.contains("a number such as H9999 is wider than"),
        "{errors}"
    );
}
