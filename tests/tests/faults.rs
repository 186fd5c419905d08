//! What can go wrong around a station: each is told plainly, in the right place, and loses nothing.

use std::ffi::OsString;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::json;
use station_server::journal::FILE_NAME;
use station_tests::{
    DataDir, Database, Ended, PATIENCE, Program, StartOptions, Station, copy_data, server_program,
    station_file, zone_at_noon,
};

/// The code with which the server says: the disk failed me, start me again.
const STORAGE_FAILED: i32 = 75;

async fn start_on(data: &DataDir) -> Ended {
    Program::run(StartOptions::on(data).arguments()).await
}

fn import(data: &Path, file: &Path, more: &[&str]) -> Vec<OsString> {
    let mut arguments: Vec<OsString> = vec!["import".into(), "--data".into(), data.into()];
    arguments.extend(["--tickets".into(), file.into()]);
    arguments.extend(more.iter().map(OsString::from));
    arguments
}

#[tokio::test(flavor = "multi_thread")]
async fn a_port_in_use_is_named() {
    let taken = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = taken.local_addr().expect("an address").to_string();
    let data = DataDir::new();
    let arguments = [
        "demo".into(),
        "--no-agents".into(),
        "--listen".into(),
        address.clone().into(),
    ];
    let arguments = arguments
        .into_iter()
        .chain(["--data".into(), OsString::from(data.path())]);
    let said = Program::run(arguments).await.failed();
    assert!(said.contains(&address), "{said}");
    assert!(said.contains("--listen"), "what to do is missing: {said}");
    assert!(!data.path().exists(), "a directory for nothing");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_station_on_the_same_data_is_refused() {
    let first = Station::demo().await;
    let said = start_on(first.data()).await.failed();
    assert!(
        said.contains(&first.data().path().display().to_string()),
        "{said}"
    );
    assert!(
        said.contains(&first.process_id().to_string()),
        "the other process is not named: {said}"
    );
    // Nor may an import or a rebuild come in between.
    let rows = first.data().beside("rows.csv");
    std::fs::write(
        &rows,
        "number,service,issued_at\nA001,pick-up,2026-07-01T09:00:00\n",
    )
    .expect("a file");
    for arguments in [
        import(&first.data().path(), &rows, &[]),
        vec![
            "rebuild".into(),
            "--data".into(),
            first.data().path().into(),
        ],
    ] {
        let said = Program::run(arguments).await.failed();
        assert!(said.contains(&first.process_id().to_string()), "{said}");
    }
    assert_eq!(
        first.issue("pick-up").await["number"],
        "P001",
        "the first goes on"
    );
    // A dead process holds nothing.
    let data = first.data().clone();
    first.kill();
    assert_eq!(
        Station::on(&data).await.issue("pick-up").await["number"],
        "P002"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_demo_leaves_the_devices_of_the_first_alone() {
    let options = StartOptions {
        agents: true,
        ..StartOptions::default()
    };
    let first = Station::start(options.clone()).await;
    let ports = || -> Vec<(PathBuf, PathBuf)> {
        let entries = std::fs::read_dir(first.data().path().join("ports")).expect("the ports");
        let mut ports: Vec<_> = entries
            .map(|entry| entry.expect("a port").path())
            .map(|path| (std::fs::read_link(&path).expect("a link"), path))
            .collect();
        ports.sort();
        ports
    };
    let before = ports();
    assert!(before.len() >= 3, "{before:?}");
    let said = Program::run(options.arguments()).await.failed();
    assert!(said.contains(&first.process_id().to_string()), "{said}");
    assert_eq!(ports(), before);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stations_data_are_neither_opened_by_the_demo_nor_moved_in_silence() {
    let data = DataDir::new();
    let path = data.beside("station.toml");
    std::fs::write(&path, station_file(|_| {})).expect("a file");
    let serve = StartOptions {
        data: data.clone(),
        config: Some(path),
        ..StartOptions::default()
    };
    let station = Station::start(serve.clone()).await;
    station.issue("pick-up").await;
    let before = station.fingerprint().await;
    station.stop().await;
    let said = start_on(&data).await.failed();
    assert!(said.contains(&data.path().display().to_string()), "{said}");
    assert!(
        said.contains("credentials") && said.contains("--data"),
        "{said}"
    );
    let station = Station::start(serve.clone()).await;
    assert_eq!(station.fingerprint().await, before);
    assert!(!station.log().contains("time zone"), "{}", station.log());
    station.stop().await;

    // Another time zone moves the hours of the past, and that is said.
    let path = serve.config.as_ref().expect("a station file");
    let file = std::fs::read_to_string(path).expect("the file");
    std::fs::write(path, file.replacen(&zone_at_noon(), "Asia/Tokyo", 1)).expect("the file");
    let station = Station::start(serve).await;
    let said = station.log();
    assert!(
        said.contains(&zone_at_noon()) && said.contains("Asia/Tokyo"),
        "{said}"
    );
    station.stop().await;

    // The demo's own data, and what was only imported, it takes, in the time zone the imported days had.
    let demo = DataDir::new();
    let rows = demo.beside("rows.csv");
    let row = "A001,pick-up,2026-07-01T09:00:00,cancelled";
    std::fs::write(&rows, format!("number,service,issued_at,outcome\n{row}\n")).expect("a file");
    let said = Program::run(import(
        &demo.path(),
        &rows,
        &["--create-missing", "--timezone", "Europe/Berlin"],
    ))
    .await
    .succeeded();
    assert!(said.contains("imported 1 ticket"), "{said}");
    for number in ["P001", "P002"] {
        let station = Station::on(&demo).await;
        let issued = station.issue("pick-up").await;
        assert_eq!(issued["number"], number);
        let at = issued["issued_at"].as_str().expect("a time");
        assert!(at.ends_with("+01:00") || at.ends_with("+02:00"), "{at}");
        assert!(!station.log().contains("time zone"), "{}", station.log());
        station.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_data_directory_that_is_a_file_is_named() {
    let data = DataDir::new();
    std::fs::write(data.path(), "somebody's notes").expect("a file");
    let said = start_on(&data).await.failed();
    assert!(said.contains(&data.path().display().to_string()), "{said}");
    assert!(said.contains("is a file"), "{said}");
    assert_eq!(
        std::fs::read_to_string(data.path()).expect("the file"),
        "somebody's notes"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_read_only_disk_is_named() {
    let Some(disk) = SmallDisk::mount("64k") else {
        eprintln!("skipped: no disk may be mounted here");
        return;
    };
    std::fs::create_dir(disk.path()).expect("a directory");
    disk.make_read_only();
    let arguments =
        ["demo", "--no-agents", "--listen", "127.0.0.1:0", "--data"].map(OsString::from);
    let said = Program::run(arguments.into_iter().chain([disk.path().into()]))
        .await
        .failed();
    assert!(said.contains(&disk.path().display().to_string()), "{said}");
    assert!(said.contains("write"), "what to do is missing: {said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_corrupt_database_is_told_and_kept() {
    let station = Station::demo().await;
    for _ in 0..200 {
        station.issue("pick-up").await;
    }
    let data = station.data().clone();
    station.stop().await;
    let file = data.path().join(FILE_NAME);
    // Everything into the one file, as after a long night.
    let db = rusqlite::Connection::open(&file).expect("the database opens");
    db.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))
        .expect("a checkpoint");
    drop(db);
    let whole = std::fs::read(&file).expect("the database");
    assert!(whole.len() > 50_000, "the tickets are not in the file");

    let mut holed = whole.clone();
    let middle = holed.len() / 2;
    holed
        .iter_mut()
        .skip(4096)
        .take(middle)
        .for_each(|b| *b = 0xa5);
    let mut headless = whole.clone();
    headless.iter_mut().take(100).for_each(|b| *b = 0);
    let cut = whole[..whole.len() / 3].to_vec();
    for (what, damaged) in [("holed", holed), ("headless", headless), ("cut short", cut)] {
        std::fs::write(&file, &damaged).expect("the database can be damaged");
        let said = start_on(&data).await.failed();
        assert!(said.contains(&file.display().to_string()), "{what}: {said}");
        assert!(
            said.contains("backup") || said.contains("--data"),
            "{what}: what to do is missing: {said}"
        );
        assert_eq!(
            std::fs::read(&file).expect("the database"),
            damaged,
            "{what}: the file was changed"
        );
    }
    // The backup in its place, and work goes on.
    std::fs::write(&file, &whole).expect("the backup");
    assert_eq!(
        Station::on(&data).await.issue("pick-up").await["number"],
        "P201"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_changed_log_is_noticed() {
    let station = Station::demo().await;
    station.issue("pick-up").await;
    let data = station.data().clone();
    station.kill();
    let db = rusqlite::Connection::open(data.path().join(FILE_NAME)).expect("the database opens");
    let changed = db
        .execute(
            "UPDATE event SET body = replace(body, 'P001', 'P009') WHERE kind = 'ticket_issued'",
            [],
        )
        .expect("somebody with a tool");
    assert_eq!(changed, 1);
    drop(db);
    let said = start_on(&data).await.failed();
    assert!(said.contains("changed"), "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn another_programs_database_is_left_alone() {
    let data = DataDir::new();
    std::fs::create_dir_all(data.path()).expect("a directory");
    let file = data.path().join(FILE_NAME);
    let db = rusqlite::Connection::open(&file).expect("a database");
    db.execute_batch("CREATE TABLE recipe (name TEXT); INSERT INTO recipe VALUES ('dumplings')")
        .expect("a table");
    drop(db);
    let before = std::fs::read(&file).expect("the database");
    let said = start_on(&data).await.failed();
    assert!(said.contains("not a station database"), "{said}");
    assert_eq!(std::fs::read(&file).expect("the database"), before);
}

/// A disk of memory with hardly any room.
struct SmallDisk(tempfile::TempDir);

impl SmallDisk {
    /// None where this process may not mount.
    fn mount(options: &str) -> Option<Self> {
        let at = tempfile::TempDir::with_prefix("small-disk-").expect("a directory");
        let mounted = Command::new("mount")
            .args(["-t", "tmpfs", "-o", &format!("size={options}"), "tmpfs"])
            .arg(at.path())
            .output()
            .is_ok_and(|o| o.status.success());
        mounted.then(|| Self(at))
    }

    fn make_read_only(&self) {
        let done = Command::new("mount")
            .args(["-o", "remount,ro"])
            .arg(self.0.path())
            .status();
        assert!(done.is_ok_and(|s| s.success()), "the disk stays writable");
    }

    fn path(&self) -> PathBuf {
        self.0.path().join("data")
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(self.0.path()).output();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_disk_that_is_full_from_the_first_is_told_as_full() {
    let Some(disk) = SmallDisk::mount("20k") else {
        eprintln!("skipped: no disk may be mounted here");
        return;
    };
    let arguments =
        ["demo", "--no-agents", "--listen", "127.0.0.1:0", "--data"].map(OsString::from);
    let said = Program::run(arguments.into_iter().chain([disk.path().into()]))
        .await
        .failed();
    assert!(said.contains("is full"), "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_emptied_database_is_no_new_station() {
    let station = Station::demo().await;
    station.issue("pick-up").await;
    let data = station.data().clone();
    station.stop().await;
    let file = data.path().join(FILE_NAME);
    for suffix in ["-wal", "-shm"] {
        let _ = std::fs::remove_file(data.path().join(format!("{FILE_NAME}{suffix}")));
    }
    std::fs::write(&file, "").expect("the database can be emptied");
    let said = start_on(&data).await.failed();
    assert!(said.contains(&file.display().to_string()), "{said}");
    assert!(said.contains("empty") && said.contains("backup"), "{said}");

    // Without a trace of earlier work it is a first start that was cut off.
    let fresh = DataDir::new();
    std::fs::create_dir(fresh.path()).expect("a directory");
    std::fs::write(fresh.path().join(FILE_NAME), "").expect("an empty file");
    let station = Station::on(&fresh).await;
    assert!(station.log().contains("is empty"), "{}", station.log());
    assert_eq!(station.issue("pick-up").await["number"], "P001");
}

/// Issues tickets until the station refuses; returns those it acknowledged.
async fn issue_until_refused(station: &Station) -> Vec<(String, String)> {
    let kiosk = station.kiosk();
    let headers = [("content-type", "application/json")];
    let body = json!({"service": "pick-up", "language": "vi"}).to_string();
    let deadline = tokio::time::Instant::now() + PATIENCE;
    let mut acknowledged = Vec::new();
    loop {
        assert!(
            tokio::time::Instant::now() < deadline,
            "{} tickets and still room",
            acknowledged.len()
        );
        let sent = kiosk
            .try_send(
                reqwest::Method::POST,
                "/api/v1/tickets",
                &headers,
                Some(body.clone()),
            )
            .await;
        match sent {
            Ok(answer) if answer.status == 201 => {
                let ticket = answer.expect(201);
                let text = |name: &str| ticket[name].as_str().expect("a text").to_owned();
                acknowledged.push((text("id"), text("number")));
            }
            Ok(answer) => {
                answer.problem(503, "storage_fault");
                return acknowledged;
            }
            // It went down before it could say so.
            Err(_) => return acknowledged,
        }
    }
}

fn check_all_there(acknowledged: &[(String, String)], data: &Path) {
    let events = Database::at(data).events();
    let issued: Vec<_> = events
        .iter()
        .filter(|e| e.kind == "ticket_issued")
        .collect();
    for (id, number) in acknowledged {
        let found = issued
            .iter()
            .filter(|e| e.text("ticket") == id && e.text("number") == number)
            .count();
        assert_eq!(found, 1, "{number} is there {found} times");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_disk_stops_the_station_and_loses_nothing() {
    let data = DataDir::new();
    let (station, disk) = match SmallDisk::mount("1m") {
        Some(disk) => {
            let arguments =
                ["demo", "--no-agents", "--listen", "127.0.0.1:0", "--data"].map(OsString::from);
            let program = Program::server(arguments.into_iter().chain([disk.path().into()]));
            (
                Station::start_program(program, data.clone()).await,
                Some(disk),
            )
        }
        None => {
            // The next best thing: no file may grow any more. The kernel says so with a signal first, which the shell
            // has the station ignore.
            let server = server_program().into_os_string();
            let mut arguments: Vec<OsString> =
                ["-c", "trap '' XFSZ; ulimit -f 1024; exec \"$@\"", "sh"]
                    .map(OsString::from)
                    .into();
            arguments.push(server);
            arguments.extend(StartOptions::on(&data).arguments());
            let program = Program::start("sh".as_ref(), arguments);
            (Station::start_program(program, data.clone()).await, None)
        }
    };
    let acknowledged = issue_until_refused(&station).await;
    assert!(
        acknowledged.len() > 50,
        "only {} tickets fitted",
        acknowledged.len()
    );
    let ended = station.end("the disk is full").await;
    assert_eq!(ended.code(), Some(STORAGE_FAILED), "{}", ended.errors);
    if disk.is_some() {
        assert!(ended.errors.contains("full"), "{}", ended.errors);
    }

    // With room again everything is there, and the next number follows.
    let roomy = DataDir::new();
    copy_data(
        &disk.as_ref().map_or(data.path(), SmallDisk::path),
        &roomy.path(),
    );
    check_all_there(&acknowledged, &roomy.path());
    let again = Station::on(&roomy).await;
    let next = again.issue("pick-up").await;
    let last = acknowledged.last().map(|(_, number)| number.clone());
    assert!(
        next["number"].as_str() > last.as_deref(),
        "{next} after {last:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_typing_mistake_in_the_station_file_is_shown_with_its_place() {
    let data = DataDir::new();
    let right = station_file(|_| {});
    let path = data.beside("station.toml");
    std::fs::write(&path, &right).expect("a file");
    let said = Program::run([
        "check".into(),
        "--config".into(),
        path.clone().into_os_string(),
    ])
    .await
    .succeeded();
    assert!(said.contains("6 services"), "{said}");

    // (what is written wrongly, how, what the message names)
    let mistakes = [
        (
            "wait_standard_min",
            "wait_standrad_min",
            "wait_standrad_min",
        ),
        (
            "timezone = \"Etc/",
            "timezone = \"Asia/Taipeh\" # \"",
            "Asia/Taipeh",
        ),
        ("skills = [", "skills = [\"typewriting\", ", "typewriting"),
        ("letter = \"A\"", "letter = A", "quote"),
    ];
    for (from, to, named) in mistakes {
        let wrong = right.replacen(from, to, 1);
        assert_ne!(wrong, right, "the file has no {from}");
        let line = 1 + wrong
            .lines()
            .position(|l| l.contains(to))
            .expect("the mistake is on a line");
        std::fs::write(&path, &wrong).expect("a file");
        for arguments in [
            vec![
                OsString::from("check"),
                "--config".into(),
                path.clone().into(),
            ],
            vec![
                "serve".into(),
                "--config".into(),
                path.clone().into(),
                "--data".into(),
                data.path().into(),
            ],
        ] {
            let said = Program::run(arguments).await.failed();
            let place = format!("{}:{line}:", path.display());
            assert!(
                said.contains(&place),
                "{place} is missing for `{to}`: {said}"
            );
            assert!(said.contains(named), "`{named}` is missing: {said}");
        }
    }
    let gone = data.beside("nowhere.toml");
    let said = Program::run([
        "check".into(),
        "--config".into(),
        gone.clone().into_os_string(),
    ])
    .await
    .failed();
    assert!(said.contains(&gone.display().to_string()), "{said}");
}

const HEADER: &str = "number,service,class,language,channel,issued_at,called_at,started_at,finished_at,counter,staff,outcome,score";

#[tokio::test(flavor = "multi_thread")]
async fn a_file_with_bad_rows_is_imported_whole_or_not_at_all() {
    let station = Station::demo().await;
    station.issue("pick-up").await;
    let (data, before) = (station.data().clone(), station.fingerprint().await);
    station.stop().await;

    let row = |number: &str, issued: &str, called: &str, score: &str| {
        let end = "2026-07-01T09:20:00";
        format!("{number},pick-up,regular,,,{issued},{called},,{end},5,,served,{score}")
    };
    let good = |n: u32| {
        row(
            &format!("K{n:03}"),
            "2026-07-01T09:00:00",
            "2026-07-01T09:10:00",
            "",
        )
    };
    let file = data.beside("old-system.csv");
    let rows = [
        HEADER.to_owned(),
        good(1),
        row("P002", "yesterday", "2026-07-01T09:10:00", ""),
        good(3),
        row("P004", "2026-07-01T09:00:00", "2026-07-01T08:00:00", ""),
        row("P005", "2026-07-01T09:00:00", "2026-07-01T09:10:00", "7"),
        good(6),
    ];
    std::fs::write(&file, rows.join("\n") + "\n").expect("a file");
    let said = Program::run(import(&data.path(), &file, &[]))
        .await
        .failed();
    // By line, column and reason.
    for (line, column) in [(3, "issued_at"), (5, "called_at"), (6, "score")] {
        let named = said
            .lines()
            .any(|l| l.contains(&line.to_string()) && l.contains(column));
        assert!(named, "line {line}, column {column} is not named: {said}");
    }
    let again = Station::on(&data).await;
    assert_eq!(
        again.fingerprint().await,
        before,
        "a refused import left something behind"
    );
    again.stop().await;

    // Without the bad ones; they are put aside.
    let said = Program::run(import(&data.path(), &file, &["--skip-bad"]))
        .await
        .succeeded();
    let put_aside: Vec<PathBuf> =
        std::fs::read_dir(data.beside("old-system.csv").parent().expect("a directory"))
            .expect("a directory")
            .filter_map(|entry| Some(entry.ok()?.path()))
            .filter(|p| p.is_file() && *p != file)
            .collect();
    assert_eq!(put_aside.len(), 1, "{put_aside:?} {said}");
    let rejected = std::fs::read_to_string(&put_aside[0]).expect("the rejected rows");
    for number in ["P002", "P004", "P005"] {
        assert!(
            rejected.contains(number),
            "{number} is not among the rejected: {rejected}"
        );
    }
    assert!(!rejected.contains("P001"), "{rejected}");
    let station = Station::on(&data).await;
    let stats = station
        .chief()
        .get("/api/v1/stats?from=2026-07-01&to=2026-07-01")
        .await
        .expect(200);
    assert_eq!(
        (&stats["rows"][0]["issued"], &stats["rows"][0]["served"]),
        (&json!(3), &json!(3)),
        "{stats}"
    );
    assert_eq!(stats["rows"][0]["wait"]["median_s"], 600.0, "{stats}");
}

#[tokio::test(flavor = "multi_thread")]
async fn files_that_are_no_import_are_refused() {
    let data = DataDir::new();
    let file = data.beside("rows.csv");
    let cases: [(&str, &[u8]); 4] = [
        ("an empty file", b""),
        ("another table", b"colour,taste\nred,sweet\n"),
        ("no text", &[0xff, 0xfe, 0x00, 0x80]),
        (
            "only a heading without the needed columns",
            b"number,service\n",
        ),
    ];
    for (what, content) in cases {
        std::fs::write(&file, content).expect("a file");
        let said = Program::run(import(&data.path(), &file, &[]))
            .await
            .failed();
        assert!(said.contains(&file.display().to_string()), "{what}: {said}");
    }
    std::fs::write(data.beside("rows.csv.gz"), b"not compressed at all").expect("a file");
    let said = Program::run(import(&data.path(), &data.beside("rows.csv.gz"), &[]))
        .await
        .failed();
    assert!(said.contains("rows.csv.gz"), "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn commands_on_nothing_say_so() {
    let nowhere = DataDir::new();
    for verb in ["rebuild", "backup", "stats"] {
        let mut arguments: Vec<OsString> =
            vec![verb.into(), "--data".into(), nowhere.path().into()];
        match verb {
            "backup" => arguments.extend(["--to".into(), nowhere.beside("copy.db").into()]),
            "stats" => arguments.extend(
                [
                    "--from",
                    "2026-07-01",
                    "--to",
                    "2026-07-01",
                    "--format",
                    "json",
                ]
                .map(OsString::from),
            ),
            _ => {}
        }
        let said = Program::run(arguments).await.failed();
        assert!(
            said.contains(&nowhere.path().display().to_string()),
            "{verb}: {said}"
        );
        assert!(
            !nowhere.path().join(FILE_NAME).exists(),
            "{verb} made an empty database"
        );
    }
    let said = Program::run(["juggle"]).await;
    assert_eq!(said.code(), Some(2), "{}", said.errors);
}
