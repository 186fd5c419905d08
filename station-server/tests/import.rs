//! The import: what it takes, what it refuses and with which words, and that it is all or nothing.
#![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]

mod storage;

use std::fs;
use std::io::Write;
use std::path::Path;

use proptest::prelude::*;
use station_server::import::{BadRow, ImportError, ImportOptions, ImportReport, import};
use station_server::journal::{Access, FILE_NAME, Journal};
use station_server::reports::{By, Reports, StatsQuery};
use storage::{HandClock, NINE, Station, config, report_tables};
use tempfile::{TempDir, tempdir};

const HEADER: &str = "number,service,class,language,channel,issued_at,called_at,started_at,finished_at,counter,staff,outcome,score\n";

/// A data directory with the small station's plan, on Monday 2026-11-23.
fn station_directory() -> TempDir {
    let dir = tempdir().unwrap();
    Station::start(dir.path(), &HandClock::at(NINE))
        .unwrap()
        .stop();
    dir
}

fn options(dir: &Path, text: impl AsRef<[u8]>) -> ImportOptions {
    let tickets = dir.join("old.csv");
    fs::write(&tickets, text).unwrap();
    ImportOptions {
        data_dir: dir.to_owned(),
        tickets,
        create_missing: false,
        skip_bad: false,
        timezone: None,
        plan: None,
    }
}

fn run(dir: &Path, text: &str) -> Result<ImportReport, ImportError> {
    import(&options(dir, text))
}

/// `line column: reason` of everything wrong with these rows.
fn complaints(rows: &str) -> Vec<String> {
    let dir = station_directory();
    match run(dir.path(), &format!("{HEADER}{rows}")) {
        Err(ImportError::BadRows { rows, .. }) => rows
            .into_iter()
            .map(
                |BadRow {
                     line,
                     column,
                     reason,
                     ..
                 }| format!("{line} {}: {reason}", column.unwrap_or("-")),
            )
            .collect(),
        other => panic!("expected bad rows, got {other:?}"),
    }
}

const GOOD: &str = "\
    7,permit,regular,vi,kiosk,2026-11-20T09:00:00,2026-11-20T09:05:00,2026-11-20T09:06:00,2026-11-20T09:16:00,1,lin,served,4\n\
    8,pickup,,,,2026-11-20 09:10,2026-11-20T09:11:30.500,,2026-11-20T09:15:00,2,,served,\n\
    9,pickup,priority,,phone,2026-11-20T23:59:59,2026-11-21T00:04:00,,,,,no_show,\n\
    10,permit,,,,2026-11-20T10:00:00,,,2026-11-20T10:20:00,,,abandoned,\n\
    11,permit,,,,2026-11-20T10:00:00,,,,,,cancelled,\n";

#[test]
fn good_rows_become_tickets_with_their_own_times() {
    let dir = station_directory();
    let report = run(dir.path(), &format!("{HEADER}{GOOD}")).unwrap();
    assert_eq!((report.tickets, report.rejected), (5, 0));
    assert_eq!(report.days.0.to_string(), "2026-11-20");
    assert_eq!(report.rejected_file, None);
    let day = report.days.0;
    let reports = Reports::open(dir.path()).unwrap();
    let stats = reports
        .stats(&StatsQuery {
            from: day,
            to: day,
            by: None,
        })
        .unwrap();
    let figures = &stats.rows[0].figures;
    assert_eq!((figures.issued, figures.called, figures.served), (5, 3, 2));
    assert_eq!(
        (figures.no_show, figures.abandoned, figures.cancelled),
        (1, 1, 1)
    );
    assert_eq!(
        figures.wait.waits.mean_s,
        Some((300.0 + 90.5 + 241.0) / 3.0)
    );
    assert_eq!(
        figures.handling.n, 1,
        "without a start the handling time is unknown"
    );
    assert_eq!(figures.stay.mean_s, Some((960.0 + 300.0) / 2.0));
    assert_eq!(figures.rating.counts, [0, 0, 0, 1, 0]);
    assert_eq!(
        figures.counter_open_s, None,
        "the file says nothing of open counters"
    );
    let hours = reports
        .stats(&StatsQuery {
            from: day,
            to: day,
            by: Some(By::Hour),
        })
        .unwrap();
    let keys: Vec<_> = hours.rows.iter().filter_map(|r| r.key.as_deref()).collect();
    assert_eq!(keys, ["9", "10", "23"]);
    let journal = Journal::open(dir.path(), Access::ReadOnly).unwrap();
    journal.verify_all().unwrap();
    // The station goes on afterwards.
    let station = Station::start(dir.path(), &HandClock::at(NINE)).unwrap();
    station.issue("permit");
    station.stop();
}

#[test]
fn columns_come_in_any_order_compressed_with_a_byte_order_mark_and_windows_line_ends() {
    let text =
        "\u{feff}outcome,issued_at,number,service\r\ncancelled,2026-11-20T10:00,5,permit\r\n";
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    gzip.write_all(text.as_bytes()).unwrap();
    let dir = station_directory();
    let report = import(&options(dir.path(), gzip.finish().unwrap())).unwrap();
    assert_eq!(report.tickets, 1);
}

#[test]
fn everything_wrong_with_every_row_is_named() {
    let wrong = complaints(
        "\
        ,permit,,,,2026-11-20T09:00:00,,,,,,cancelled,\n\
        2,per mit,,,,20.11.2026 9:00,,,,,,gone,6\n\
        3,permit,,,,2026-11-20T09:00:00,2026-11-20T08:59:59,2026-11-20T08:59:58,2026-11-20T08:00:00,,,served,\n\
        4,permit,,,,2026-11-20T09:00:00,,,,,,served,\n\
        5,permit,,,,2026-11-20T09:00:00,,2026-11-20T09:10:00,,,,abandoned,3\n\
        6,permit,,,,2026-11-20T09:00:00,,,,,,no_show,\n\
        7,permit,,,,,,,,,,cancelled,\n\
        8,visa,vip,,,2026-11-20T09:00:00,,,,9,,cancelled,\n\
        9,permit\n\
        10,permit,,,,2026-11-23T08:00:00,,,,,,cancelled,\n\
        11,permit,,,,2999-01-01T08:00:00,,,,,,cancelled,\n\
        12,permit,,,,2026-09-20T09:00:00,,,2026-11-20T09:00:00,,,abandoned,\n\
        13,permit,,,,2026-11-20T09:00:00Z,,,,,,cancelled,\n\
        14,permit,,,,2026-11-20T09:00:00,,,,,,cancelled,\n\
        14,permit,,,,2026-11-20T15:00:00,,,,,,cancelled,\n\
        14,permit,,,,2026-11-19T09:00:00,,,,,,cancelled,\n",
    );
    let local = "expected a local date-time such as 2026-11-22T09:05:00";
    let expected = [
        "2 number: must not be empty".to_owned(),
        "3 service: `per mit` is not a valid service id: expected 1 to 32 letters, digits, `-` or `_`".to_owned(),
        "3 outcome: expected served, no_show, cancelled or abandoned".to_owned(),
        format!("3 issued_at: {local}"),
        "3 score: expected a whole number from 1 to 5, or nothing".to_owned(),
        "4 called_at: is before issued_at".to_owned(),
        "4 started_at: is before called_at".to_owned(),
        "4 finished_at: is before started_at".to_owned(),
        "5 called_at: must not be empty when the outcome is served".to_owned(),
        "5 finished_at: must not be empty when the outcome is served".to_owned(),
        "6 started_at: must be empty when the outcome is abandoned".to_owned(),
        "6 score: must be empty when the outcome is abandoned".to_owned(),
        "7 called_at: must not be empty when the outcome is no_show".to_owned(),
        "8 issued_at: must not be empty".to_owned(),
        "9 service: unknown service `visa`".to_owned(),
        "9 class: unknown class `vip`".to_owned(),
        "9 counter: unknown counter `9`".to_owned(),
        "10 -: expected 13 fields, found 2".to_owned(),
        "11 issued_at: 2026-11-23 is not before the station's present business day 2026-11-23, whose numbers it gives itself"
            .to_owned(),
        "12 issued_at: lies in the future".to_owned(),
        "13 finished_at: is over 30 days after issued_at".to_owned(),
        format!("14 issued_at: {local}"),
        "16 number: `14` was given on 2026-11-20 on line 15 already".to_owned(),
    ];
    for (found, expected) in wrong.iter().zip(&expected) {
        assert_eq!(found, expected);
    }
    assert_eq!(wrong.len(), expected.len());
}

#[test]
fn a_time_that_the_clocks_jumped_over_is_refused() {
    let dir = tempdir().unwrap();
    let clock = HandClock::at(NINE);
    let mut berlin = config(dir.path(), &clock);
    berlin.timezone = "Europe/Berlin".to_owned();
    Station::with(berlin, &clock).unwrap().stop();
    let row = "1,permit,,,,2026-03-29T02:30:00,,,,,,cancelled,\n";
    let error = run(dir.path(), &format!("{HEADER}{row}")).unwrap_err();
    assert!(
        error
            .to_string()
            .contains(":2 column issued_at: this time does not exist"),
        "{error}"
    );
}

#[test]
fn an_unknown_word_is_named_once_with_what_to_do() {
    let dir = station_directory();
    let rows = "1,visa,vip,,,2026-11-20T09:00:00,,,,9,,cancelled,\n\
        2,visa,,,,2026-11-20T09:01:00,,,,,,cancelled,\n\
        3,permit,,,,2026-11-20T09:02:00,,,,9,,cancelled,7\n\
        4,visa,,,,2026-11-20T09:03:00,,,,,,cancelled,\n";
    let message = run(dir.path(), &format!("{HEADER}{rows}"))
        .unwrap_err()
        .to_string();
    let file = dir.path().join("old.csv");
    let file = file.display();
    let expected = [
        format!("{file}: 4 bad rows; nothing was imported"),
        format!("{file}:2 unknown class `vip` in 1 row"),
        format!("{file}:2 unknown counter `9` in 2 rows, first here"),
        format!("{file}:2 unknown service `visa` in 3 rows, first here"),
        format!("{file}:4 column score: expected a whole number from 1 to 5, or nothing"),
        format!("{file}:4 column score: must be empty when the outcome is cancelled"),
        "With --create-missing the unknown services, classes and counters are added to the plan."
            .to_owned(),
    ];
    assert_eq!(message.lines().collect::<Vec<_>>(), expected);
}

#[test]
fn a_bad_row_keeps_everything_out_and_the_message_says_what_to_do() {
    let dir = station_directory();
    let before = report_tables(dir.path());
    let bad = "1,permit,,,,2026-11-20T09:00:00,,,,,,cancelled,9\n".repeat(60);
    let error = run(dir.path(), &format!("{HEADER}{GOOD}{bad}")).unwrap_err();
    assert_eq!(error.code(), "import_bad_rows");
    let message = error.to_string();
    let file = dir.path().join("old.csv");
    assert!(
        message.contains(&format!("imported\n{}:7 column score: ", file.display())),
        "{message}"
    );
    assert_eq!(message.lines().count(), 53);
    assert!(message.contains("\n... and 70 more\n"), "{message}");
    assert!(
        message.contains("60 bad rows; nothing was imported\n")
            && message.contains("\nWith --skip-bad"),
        "{message}"
    );
    assert_eq!(report_tables(dir.path()), before);
    assert_eq!(
        Journal::open(dir.path(), Access::ReadOnly)
            .unwrap()
            .head()
            .seq,
        2
    );
}

#[test]
fn skipped_rows_are_written_down_and_come_in_once_corrected() {
    let dir = station_directory();
    let bad = "12,permit,,,,2026-11-20T09:00:00,,,,,,\"can,celled\",9\n13,permit\n";
    let mut options = options(dir.path(), format!("{HEADER}{GOOD}{bad}"));
    options.skip_bad = true;
    let report = import(&options).unwrap();
    assert_eq!((report.tickets, report.rejected), (5, 2));
    let rejected = report.rejected_file.unwrap();
    assert_eq!(rejected, dir.path().join("old.csv.rejected.csv"));
    let text = fs::read_to_string(&rejected).unwrap();
    assert_eq!(
        text,
        format!(
            "{},rejected_line,rejected_reason\n\
             12,permit,,,,2026-11-20T09:00:00,,,,,,\"can,celled\",9,7,\"outcome: expected served, no_show, cancelled or abandoned; \
             score: expected a whole number from 1 to 5, or nothing\"\n\
             13,permit,,,,,,,,,,,,8,\"expected 13 fields, found 2\"\n",
            HEADER.trim()
        )
    );
    let corrected = text.replace("\"can,celled\",9,7", "cancelled,,7").replace(
        "13,permit,,,,,,,,,,,,8",
        "13,permit,,,,2026-11-20T09:00:00,,,,,,cancelled,,8",
    );
    let report = run(dir.path(), &corrected).unwrap();
    assert_eq!((report.tickets, report.rejected), (2, 0));
}

#[test]
fn the_same_file_and_the_same_numbers_come_in_once() {
    let dir = station_directory();
    let text = format!("{HEADER}{GOOD}");
    run(dir.path(), &text).unwrap();
    let again = run(dir.path(), &text).unwrap_err();
    assert_eq!(again.code(), "import_repeated");
    let others = run(
        dir.path(),
        &format!("{text}12,permit,,,,2026-11-20T09:00:00,,,,,,cancelled,\n"),
    )
    .unwrap_err();
    let ImportError::BadRows { rows, .. } = others else {
        panic!("{others}");
    };
    assert_eq!(rows.len(), 5);
    assert_eq!(
        rows[0].reason,
        "the station has a ticket `7` of 2026-11-20 already"
    );
}

#[test]
fn missing_services_classes_and_counters_are_added_on_request() {
    let dir = station_directory();
    let mut options = options(
        dir.path(),
        format!(
            "{HEADER}1,visa,vip,,,2020-11-20T09:00:00,2020-11-20T09:05:00,,2020-11-20T09:09:00,W2,,served,\n"
        ),
    );
    options.create_missing = true;
    let created = import(&options).unwrap().created;
    assert_eq!(created.services[0].0, "visa");
    assert_eq!(
        created.services[0].1.as_str(),
        "C",
        "the first letter no service has"
    );
    assert_eq!(
        (created.classes.as_slice(), created.counters.as_slice()),
        (["vip".to_owned()].as_slice(), ["W2".to_owned()].as_slice())
    );
    let engine = Journal::open(dir.path(), Access::ReadOnly)
        .unwrap()
        .load()
        .unwrap();
    assert_eq!(
        engine.plan().services[&storage::service("visa")].wait_standard_s,
        None
    );
    assert!(
        engine.plan().counters[&storage::counter("W2")]
            .skills
            .contains(&storage::service("visa"))
    );
    assert_eq!(engine.plan().services.len(), 3);

    // Into an empty directory: the plan begins with the file.
    let empty = tempdir().unwrap();
    options.data_dir = empty.path().to_owned();
    import(&options).unwrap();
    let engine = Journal::open(empty.path(), Access::ReadOnly)
        .unwrap()
        .load()
        .unwrap();
    assert_eq!(engine.plan().default_class().unwrap().as_str(), "vip");
}

#[test]
fn a_file_that_is_not_of_the_format_is_refused_with_a_reason() {
    let dir = station_directory();
    let refuse = |text: &str| run(dir.path(), text).unwrap_err();
    let unknown = refuse("number,service,issued_at,outcome,mood\n");
    assert_eq!(unknown.code(), "import_bad_header");
    assert!(
        unknown
            .to_string()
            .contains("old.csv:1 unknown column `mood`: expected number,service"),
        "{unknown}"
    );
    assert!(
        refuse("number,service,outcome\n")
            .to_string()
            .contains("column `issued_at` is missing")
    );
    assert!(
        refuse("number,number,service,issued_at,outcome\n")
            .to_string()
            .contains("`number` is there twice")
    );
    assert_eq!(refuse("").code(), "import_bad_header");
    assert_eq!(refuse(HEADER).code(), "import_no_tickets");
    let gone = import(&ImportOptions {
        tickets: dir.path().join("gone.csv"),
        ..options(dir.path(), "")
    });
    assert_eq!(gone.unwrap_err().code(), "import_unreadable");
    let broken_gzip = import(&options(dir.path(), [0x1f, 0x8b, 8, 0, 0, 0]));
    assert_eq!(broken_gzip.unwrap_err().code(), "import_unreadable");
}

#[test]
fn a_working_station_keeps_its_log_to_itself() {
    let dir = tempdir().unwrap();
    let station = Station::start(dir.path(), &HandClock::at(NINE)).unwrap();
    let error = run(dir.path(), &format!("{HEADER}{GOOD}")).unwrap_err();
    assert_eq!(error.code(), "data_locked");
    station.stop();
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    /// Any bytes are imported or refused; a refusal leaves nothing behind.
    #[test]
    fn any_file_is_imported_or_refused(
        cells in proptest::collection::vec(
            proptest::collection::vec("[0-9T:. -]{0,20}|served|cancelled|permit|\\PC{0,6}|2026-1[01]-[0-3][0-9]T1[0-9]:[0-5][0-9]", 13), 0..6),
        noise in proptest::collection::vec(any::<u8>(), 0..60),
        skip_bad in any::<bool>(),
    ) {
        let dir = tempdir().unwrap();
        let mut text = HEADER.as_bytes().to_vec();
        for row in cells {
            text.extend(row.join(",").as_bytes());
            text.push(b'\n');
        }
        text.extend(noise);
        let mut options = options(dir.path(), text);
        (options.skip_bad, options.create_missing) = (skip_bad, true);
        match import(&options) {
            Ok(report) => {
                let journal = Journal::open(dir.path(), Access::ReadOnly).unwrap();
                prop_assert_eq!(journal.verify_all().unwrap(), 2 + u64::from(report.tickets));
            }
            Err(_) => prop_assert!(!dir.path().join(FILE_NAME).exists()),
        }
    }
}
