//! The log on disk: what it survives, what it notices, and that everything computed from it can be computed again.
#![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]

mod storage;

use std::collections::BTreeMap;
use std::fs::{self, OpenOptions};
use std::path::Path;

use proptest::prelude::*;
use queue_core::{
    Command, Correction, DeviceId, FaultWord, NumberOrTicket, Outcome, PrintOutcome, StationTime,
    Ticket, TicketId,
};
use rusqlite::Connection;
use station_server::backup::{BackupError, backup, rebuild};
use station_server::import::{ImportOptions, import};
use station_server::journal::{Access, Journal, JournalError};
use station_server::reports::{Page, Reports, TicketFilter, TicketLine};
use storage::{HOUR, HandClock, MINUTE, NINE, Station, counter, issue, report_tables, service};
use tempfile::{TempDir, tempdir};

/// A stopped station with a few tickets, one of them called, finished and rated.
fn small_history() -> TempDir {
    let dir = tempdir().unwrap();
    let station = Station::start(dir.path(), &HandClock::at(NINE)).unwrap();
    let first = station.issue("permit");
    station.issue("pickup");
    let at = counter("1");
    for command in [
        Command::OpenCounter {
            counter: at.clone(),
            staff: "lin".parse().ok(),
        },
        Command::CallNext {
            counter: at.clone(),
        },
        Command::Start {
            counter: at.clone(),
        },
        Command::Finish { counter: at },
        Command::Rate {
            ticket: first,
            score: 5,
            reasons: vec!["fast".into()],
            comment: None,
        },
    ] {
        station.run(command).unwrap();
    }
    station.stop();
    dir
}

fn edit(dir: &Path, sql: &str) {
    let db = Connection::open(dir.join("station.db")).unwrap();
    db.execute_batch(sql).unwrap();
}

fn open(dir: &Path) -> Result<Journal, JournalError> {
    Journal::open(dir, Access::ReadWrite)
}

/// What a hand, a visitor or a device may do next. Most of it is refused somewhere, which is part of the point.
fn any_step() -> impl Strategy<Value = Step> {
    let at = prop_oneof![Just("1"), Just("2")];
    let to = prop_oneof![Just("permit"), Just("pickup")];
    let ticket = 0_usize..12;
    prop_oneof![
        6 => to.clone().prop_map(Step::Issue),
        6 => at.clone().prop_map(|c| Step::Do(Command::CallNext { counter: counter(c) })),
        4 => at.clone().prop_map(|c| Step::Do(Command::Start { counter: counter(c) })),
        4 => at.clone().prop_map(|c| Step::Do(Command::FinishAndCallNext { counter: counter(c) })),
        3 => at.clone().prop_map(|c| Step::Do(Command::OpenCounter { counter: counter(c), staff: "lin".parse().ok() })),
        3 => at.clone().prop_map(|c| Step::Do(Command::Undo { counter: counter(c) })),
        2 => at.clone().prop_map(|c| Step::Do(Command::MarkNoShow { counter: counter(c) })),
        2 => at.clone().prop_map(|c| Step::Do(Command::Hold { counter: counter(c), reason: "form".into(), room: None })),
        2 => at.clone().prop_map(|c| Step::Do(Command::Resume { counter: counter(c), target: None })),
        2 => at.clone().prop_map(|c| Step::Do(Command::Recall { counter: counter(c) })),
        2 => (at.clone(), to.clone()).prop_map(|(c, s)| Step::Do(Command::Transfer {
            counter: counter(c), to_service: Some(service(s)), to_counter: None })),
        3 => (at.clone(), to.clone(), any::<bool>()).prop_map(|(c, s, more)| Step::Do(Command::ChangeMatters {
            counter: counter(c), then: if more { vec![service(s)] } else { vec![] } })),
        2 => at.clone().prop_map(|c| Step::Do(Command::SendBack { counter: counter(c) })),
        2 => (at.clone(), at.clone()).prop_map(|(c, to)| Step::Do(Command::HandOver {
            counter: counter(c), to_counter: counter(to) })),
        1 => at.clone().prop_map(|c| Step::Do(Command::Precall { counter: counter(c), count: 2 })),
        4 => ticket.clone().prop_map(|n| Step::With(n, Deed::ComeBack)),
        2 => ticket.clone().prop_map(|n| Step::With(n, Deed::Defer)),
        1 => ticket.clone().prop_map(|n| Step::With(n, Deed::Prioritise)),
        2 => (ticket.clone(), to.clone()).prop_map(|(n, s)| Step::With(n, Deed::Correct(s))),
        1 => at.clone().prop_map(|c| Step::Do(Command::PauseCounter {
            counter: counter(c), reason: "lunch".into(), until: None })),
        1 => at.clone().prop_map(|c| Step::Do(Command::CloseCounter { counter: counter(c) })),
        2 => (ticket.clone(), 1_u8..6).prop_map(|(n, score)| Step::With(n, Deed::Rate(score))),
        2 => ticket.clone().prop_map(|n| Step::With(n, Deed::Cancel)),
        2 => ticket.clone().prop_map(|n| Step::With(n, Deed::Print)),
        2 => (ticket, at).prop_map(|(n, c)| Step::With(n, Deed::Call(c))),
        4 => (0_u8..2, 0_usize..3).prop_map(|(led, word)| Step::Do(Command::ReportDevice {
            device: DeviceId::of("D1", Some(&format!("LED {led}"))).unwrap(),
            fault: [None, Some("silent"), Some("garbled")][word].map(FaultWord::reported) })),
        1 => Just(Step::Do(Command::CloseDay)),
        1 => Just(Step::Restart),
        1 => Just(Step::Import),
        8 => (0_i64..20 * MINUTE).prop_map(Step::Pass),
        1 => Just(Step::Pass(9 * HOUR)),
        1 => (-HOUR..HOUR).prop_map(Step::SetClock),
    ]
}

#[derive(Debug, Clone)]
enum Step {
    Issue(&'static str),
    Do(Command),
    /// Something with the n-th ticket so far.
    With(usize, Deed),
    Pass(i64),
    SetClock(i64),
    Restart,
    Import,
}

#[derive(Debug, Clone)]
enum Deed {
    Rate(u8),
    Cancel,
    Print,
    Call(&'static str),
    ComeBack,
    Defer,
    Prioritise,
    Correct(&'static str),
}

impl Deed {
    fn on(self, ticket: TicketId) -> Command {
        match self {
            Self::Rate(score) => Command::Rate {
                ticket,
                score,
                reasons: vec!["wait".into()],
                comment: Some("太久了".into()),
            },
            Self::Cancel => Command::CancelTicket { ticket },
            Self::Print => Command::ReportPrint {
                ticket,
                job: "1".into(),
                outcome: PrintOutcome::Failed {
                    cause: "paper_out".into(),
                },
            },
            Self::Call(at) => Command::CallTicket {
                counter: counter(at),
                target: NumberOrTicket::Ticket(ticket),
                reason: None,
            },
            Self::ComeBack => Command::ReturnTicket {
                target: NumberOrTicket::Ticket(ticket),
            },
            Self::Defer => Command::Defer { ticket, count: 1 },
            Self::Prioritise => Command::Prioritise {
                target: NumberOrTicket::Ticket(ticket),
                reason: "ill".into(),
            },
            Self::Correct(to) => Command::Correct {
                target: NumberOrTicket::Ticket(ticket),
                correction: Correction {
                    outcome: Some(Outcome::NoShow),
                    service: Some(service(to)),
                    class: None,
                },
                reason: "typing error".into(),
            },
        }
    }
}

fn import_one(dir: &Path, nth: usize) {
    let file = dir.join(format!("old-{nth}.csv"));
    let row = format!(
        "number,service,issued_at,called_at,started_at,finished_at,counter,outcome,score\n\
         X{nth},old,2026-11-20T09:{:02}:00,2026-11-20T10:00:00,,2026-11-20T10:05:00,W9,served,4\n",
        nth % 60
    );
    fs::write(&file, row).unwrap();
    import(&ImportOptions {
        data_dir: dir.to_owned(),
        tickets: file,
        create_missing: true,
        skip_bad: false,
        timezone: None,
        plan: None,
    })
    .unwrap();
}

/// State, counter, moments, rating and print of every ticket of the present day: as the report tables have them, and as
/// the engine has them.
fn rows_of_the_day(station: &Station, dir: &Path) -> Vec<(String, String)> {
    let engine = station.live.engine();
    let Some(day) = engine.day() else {
        return Vec::new();
    };
    let page = Page {
        offset: 0,
        limit: u32::MAX,
    };
    let rows = Reports::open(dir)
        .unwrap()
        .ticket_list(day, &TicketFilter::default(), page)
        .unwrap();
    let mut tickets: Vec<_> = engine.tickets().collect();
    tickets.sort_by_key(|t| t.issued_seq);
    assert_eq!(rows.tickets.len(), tickets.len());
    let row = |r: TicketLine| {
        let moments = (r.issued_at, r.first_called_at, r.started_at, r.finished_at);
        let words = (r.number, r.service, r.state, r.counter, r.staff, r.print);
        format!("{words:?} {moments:?} {:?}", r.score)
    };
    let ticket = |t: &Ticket| {
        let moments = (t.issued_at, t.first_called_at, t.started_at, t.finished_at);
        let state = serde_json::to_value(t.state).unwrap();
        let words = (
            t.number.to_string(),
            t.visit_service().to_string(),
            state.as_str().unwrap().to_owned(),
            t.counter.as_ref().map(ToString::to_string),
            t.staff.as_ref().map(ToString::to_string),
            t.print.as_ref().map(|p| p.word().to_owned()),
        );
        format!(
            "{words:?} {moments:?} {:?}",
            t.rating.as_ref().map(|r| r.score)
        )
    };
    rows.tickets
        .into_iter()
        .map(row)
        .zip(tickets.into_iter().map(ticket))
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    /// Whatever happens: replaying the log, and snapshot plus tail, give the state that was live; the report tables
    /// computed again from the log are those that were kept up to date; the chain holds.
    #[test]
    fn everything_can_be_computed_again_from_the_log(steps in proptest::collection::vec(any_step(), 1..90)) {
        let dir = tempdir().unwrap();
        let clock = HandClock::at(NINE);
        let mut station = Station::start(dir.path(), &clock).unwrap();
        let mut tickets = Vec::new();
        for (nth, step) in steps.into_iter().enumerate() {
            match step {
                Step::Issue(to) => {
                    let ticket = TicketId(nth as u128 + 1);
                    // Refused once the day is closed.
                    if station.run(issue(ticket, to)).is_ok() {
                        tickets.push(ticket);
                    }
                }
                Step::Do(command) => drop(station.run(command)),
                Step::With(n, deed) => if let Some(ticket) = tickets.get(n) {
                    drop(station.run(deed.on(*ticket)));
                },
                Step::Pass(ms) => clock.pass(ms),
                Step::SetClock(ms) => clock.step(ms),
                Step::Restart | Step::Import => {
                    station.stop();
                    if matches!(step, Step::Import) {
                        import_one(dir.path(), nth);
                    }
                    station = Station::start(dir.path(), &clock).unwrap();
                }
            }
        }
        let live = station.live.engine().fingerprint();
        for (row, ticket) in rows_of_the_day(&station, dir.path()) {
            prop_assert_eq!(row, ticket);
        }
        let faults = Reports::open(dir.path()).unwrap().device_faults(station.live.now(), StationTime(i64::MAX)).unwrap();
        let open = faults.into_iter().filter(|fault| fault.to.is_none());
        let open: BTreeMap<_, _> = open.map(|fault| (fault.device, (fault.fault, fault.from))).collect();
        let live_open = station.live.engine().device_faults().clone();
        let live_open: BTreeMap<_, _> = live_open
            .into_iter()
            .map(|(device, open)| (device, (open.fault.to_string(), open.since)))
            .collect();
        prop_assert_eq!(open, live_open);
        station.stop();

        let journal = Journal::open(dir.path(), Access::ReadOnly).unwrap();
        journal.verify_all().unwrap();
        prop_assert_eq!(journal.replay().unwrap().fingerprint(), live);
        prop_assert_eq!(journal.load().unwrap().fingerprint(), live);

        let kept = report_tables(dir.path());
        edit(dir.path(), "DELETE FROM ticket; DELETE FROM business_day; DELETE FROM counter_interval; DELETE FROM device_fault;");
        rebuild(dir.path()).unwrap();
        prop_assert_eq!(report_tables(dir.path()), kept);
    }
}

#[test]
fn a_snapshot_and_the_tail_give_what_the_whole_log_gives() {
    let dir = tempdir().unwrap();
    let clock = HandClock::at(NINE);
    let station = Station::start(dir.path(), &clock).unwrap();
    station.issue("permit");
    station.stop();
    let station = Station::start(dir.path(), &clock).unwrap();
    station.issue("pickup");
    let live = station.live.engine().fingerprint();
    let snapshots = |dir: &Path| -> Vec<i64> {
        let db = Connection::open(dir.join("station.db")).unwrap();
        let mut statement = db.prepare("SELECT seq FROM snapshot").unwrap();
        let seqs = statement.query_map([], |row| row.get(0)).unwrap();
        seqs.collect::<Result<_, _>>().unwrap()
    };
    assert_eq!(
        snapshots(dir.path()),
        [3],
        "the stop stored one, the second ticket is the tail"
    );
    let journal = Journal::open(dir.path(), Access::ReadOnly).unwrap();
    assert_eq!(journal.load().unwrap().fingerprint(), live);
    drop(journal);
    station.stop();
    // A snapshot that does not hold what it says is passed over.
    edit(
        dir.path(),
        "UPDATE snapshot SET fingerprint = fingerprint + 1; UPDATE snapshot SET body = x'00' WHERE seq = 3",
    );
    let journal = Journal::open(dir.path(), Access::ReadOnly).unwrap();
    assert_eq!(journal.load().unwrap().fingerprint(), live);
}

#[test]
fn a_snapshot_of_another_state_is_passed_over() {
    let history = |first: &str, second: &str| {
        let dir = tempdir().unwrap();
        let station = Station::start(dir.path(), &HandClock::at(NINE)).unwrap();
        station.issue(first);
        station.issue(second);
        let fingerprint = station.live.engine().fingerprint();
        station.stop();
        (dir, fingerprint)
    };
    let (dir, live) = history("permit", "pickup");
    let (other, _) = history("pickup", "permit");
    let theirs = other.path().join("station.db");
    edit(
        dir.path(),
        &format!(
            "ATTACH '{}' AS other;
             UPDATE snapshot SET body = (SELECT body FROM other.snapshot)",
            theirs.display()
        ),
    );
    let journal = Journal::open(dir.path(), Access::ReadOnly).unwrap();
    assert_eq!(journal.load().unwrap().fingerprint(), live);
}

#[test]
fn a_change_of_the_log_is_noticed() {
    for (tampering, seq) in [
        (
            "UPDATE event SET body = replace(body, 'permit', 'pickup') WHERE seq = 3",
            3,
        ),
        ("UPDATE event SET at_ms = at_ms + 1 WHERE seq = 4", 4),
        ("UPDATE event SET actor = 'someone/else' WHERE seq = 5", 5),
        ("UPDATE event SET digest = 2 WHERE seq = 3", 3),
        ("DELETE FROM event WHERE seq = 4", 4),
        ("UPDATE event SET hash = zeroblob(32) WHERE seq = 2", 2),
    ] {
        let dir = small_history();
        edit(dir.path(), tampering);
        let journal = Journal::open(dir.path(), Access::ReadOnly).unwrap();
        let path = dir.path().join("station.db");
        assert_eq!(
            journal.verify_all(),
            Err(JournalError::ChainBroken { path, seq }),
            "{tampering}"
        );
        // A start looks at the tail only, which here is everything.
        edit(dir.path(), "DELETE FROM snapshot");
        assert_eq!(
            open(dir.path()).unwrap().load().unwrap_err().code(),
            "log_changed"
        );
        assert_eq!(rebuild(dir.path()).unwrap_err().code(), "log_changed");
    }
}

#[test]
fn a_refused_rebuild_leaves_the_tables_as_they_were() {
    let dir = small_history();
    let kept = report_tables(dir.path());
    edit(
        dir.path(),
        "UPDATE event SET actor = 'someone/else' WHERE seq = 7",
    );
    rebuild(dir.path()).unwrap_err();
    assert_eq!(report_tables(dir.path()), kept);
}

#[test]
fn what_is_no_station_database_is_refused_with_a_reason() {
    let open_with = |bytes: &[u8]| {
        let dir = tempdir().unwrap();
        fs::write(dir.path().join("station.db"), bytes).unwrap();
        open(dir.path()).unwrap_err()
    };
    let noise = open_with(&[0x5a; 8192]);
    assert_eq!(noise.code(), "data_corrupt");
    assert!(
        noise
            .to_string()
            .contains("put the latest backup in its place"),
        "{noise}"
    );

    let other = tempdir().unwrap();
    edit(other.path(), "CREATE TABLE recipe (cake TEXT)");
    assert_eq!(open(other.path()).unwrap_err().code(), "data_foreign");

    let newer = small_history();
    edit(newer.path(), "PRAGMA user_version = 99");
    let error = open(newer.path()).unwrap_err();
    assert_eq!(error.code(), "data_newer");
    assert!(error.to_string().contains("layout 99"), "{error}");

    let nothing = tempdir().unwrap();
    let missing = Journal::open(nothing.path(), Access::ReadOnly).unwrap_err();
    assert_eq!(missing.code(), "data_not_found");
    assert_eq!(
        rebuild(nothing.path()).unwrap_err().code(),
        "data_not_found"
    );
}

#[test]
fn a_database_of_the_first_layout_is_brought_up_to_date() {
    let dir = small_history();
    let now = report_tables(dir.path());
    edit(
        dir.path(),
        "ALTER TABLE ticket DROP COLUMN handled_elsewhere; PRAGMA user_version = 1",
    );
    let older = Journal::open(dir.path(), Access::ReadOnly).unwrap_err();
    assert_eq!(older.code(), "data_older");
    // Power fails between the two halves of it: the layout is new, the tables are not filled yet.
    drop(Journal::open(dir.path(), Access::ReadWrite).unwrap());
    Station::start(dir.path(), &HandClock::at(NINE))
        .unwrap()
        .stop();
    assert_eq!(report_tables(dir.path()), now);
}

#[test]
fn a_damaged_page_is_found() {
    let dir = small_history();
    let file = dir.path().join("station.db");
    let mut bytes = fs::read(&file).unwrap();
    let pages = bytes.len() / 4096;
    assert!(pages > 4);
    for page in 2..pages {
        bytes[page * 4096..page * 4096 + 64].fill(0xa5);
    }
    fs::write(&file, bytes).unwrap();
    let outcome = open(dir.path()).and_then(|journal| {
        journal.verify_all()?;
        journal.load()
    });
    assert_eq!(outcome.unwrap_err().code(), "data_corrupt");
}

#[test]
fn a_directory_that_cannot_be_written_is_named() {
    let dir = tempdir().unwrap();
    let inside = dir.path().join("data");
    fs::create_dir(&inside).unwrap();
    let mut readonly = fs::metadata(&inside).unwrap().permissions();
    readonly.set_readonly(true);
    fs::set_permissions(&inside, readonly).unwrap();
    // The administrator may write everywhere; the kernel's own file system takes nobody's files.
    let refused = if fs::write(inside.join("probe"), "").is_ok() {
        Path::new("/proc/self/station").to_owned()
    } else {
        inside
    };
    let error = open(&refused).unwrap_err();
    assert!(
        ["data_read_only", "data_not_found"].contains(&error.code()),
        "{error}"
    );
}

#[test]
fn a_torn_write_ahead_log_loses_only_what_was_never_confirmed() {
    let dir = tempdir().unwrap();
    let clock = HandClock::at(NINE);
    let station = Station::start(dir.path(), &clock).unwrap();
    let mut ends = Vec::new();
    let wal = dir.path().join("station.db-wal");
    for _ in 0..20 {
        station.issue("permit");
        ends.push((
            fs::metadata(&wal).unwrap().len(),
            station.live.engine().seq(),
        ));
    }
    let whole = fs::read(&wal).unwrap();
    for tear in [
        0,
        31,
        32,
        5_000,
        whole.len() / 2,
        whole.len() - 4_000,
        whole.len() - 1,
        whole.len(),
    ] {
        let torn = tempdir().unwrap();
        fs::copy(
            dir.path().join("station.db"),
            torn.path().join("station.db"),
        )
        .unwrap();
        fs::write(torn.path().join("station.db-wal"), &whole[..tear]).unwrap();
        let confirmed = ends
            .iter()
            .rfind(|(end, _)| *end <= tear as u64)
            .map_or(0, |(_, seq)| *seq);
        let journal = open(torn.path()).unwrap();
        let seq = journal.verify_all().unwrap();
        assert!(
            seq >= confirmed,
            "torn at {tear}: {seq} of {confirmed} confirmed"
        );
        assert_eq!(journal.load().unwrap().seq(), seq);
        drop(journal);
        let kept = report_tables(torn.path());
        rebuild(torn.path()).unwrap();
        assert_eq!(report_tables(torn.path()), kept);
    }
    // Garbage behind the last commit, as after a power cut in the middle of a write.
    let torn = tempdir().unwrap();
    fs::copy(
        dir.path().join("station.db"),
        torn.path().join("station.db"),
    )
    .unwrap();
    let mut noisy = whole.clone();
    noisy.extend([0x5a; 9_000]);
    fs::write(torn.path().join("station.db-wal"), noisy).unwrap();
    assert_eq!(open(torn.path()).unwrap().verify_all().unwrap(), 22);
    station.stop();
}

#[test]
fn a_backup_of_a_working_station_is_the_station_under_a_new_epoch() {
    let dir = tempdir().unwrap();
    let clock = HandClock::at(NINE);
    let station = Station::start(dir.path(), &clock).unwrap();
    let ticket = station.issue("permit");
    let to = dir.path().join("copy.db");
    assert_eq!(backup(dir.path(), &to).map(|copied| copied.entries), Ok(3));
    let state = station.live.engine().fingerprint();
    let epoch = station.live.epoch();
    // The station goes on; the copy does not.
    station.issue("permit");
    assert_eq!(
        backup(dir.path(), &to),
        Err(BackupError::Exists(to.clone()))
    );
    station.stop();

    let restored = tempdir().unwrap();
    fs::rename(&to, restored.path().join("station.db")).unwrap();
    let journal = open(restored.path()).unwrap();
    assert_eq!(journal.verify_all(), Ok(3));
    assert_eq!(journal.load().unwrap().fingerprint(), state);
    let first = journal.meta().epoch;
    assert_ne!(first, epoch);
    assert!(!first.is_nil());
    drop(journal);
    let station = Station::start(restored.path(), &clock).unwrap();
    assert_eq!(station.live.epoch(), first, "an epoch lasts");
    assert!(station.live.engine().ticket(ticket).is_some());
    station.stop();
}

#[test]
fn a_backup_that_fails_leaves_nothing_behind() {
    let dir = small_history();
    let nowhere = dir.path().join("no/such/folder/copy.db");
    assert_eq!(
        backup(dir.path(), &nowhere).unwrap_err().code(),
        "backup_no_folder"
    );
    let damaged = dir.path().join("copy.db");
    edit(dir.path(), "PRAGMA application_id = 7");
    assert_eq!(
        backup(dir.path(), &damaged).unwrap_err().code(),
        "data_foreign"
    );
    assert!(!damaged.exists());
    assert!(!dir.path().join("copy.db.partial").exists());
}

#[test]
fn the_lock_goes_with_the_process_not_with_the_file() {
    let dir = small_history();
    let mut stale = OpenOptions::new()
        .write(true)
        .truncate(true)
        .open(dir.path().join("lock"))
        .unwrap();
    std::io::Write::write_all(&mut stale, b"999999\n").unwrap();
    let journal = open(dir.path()).unwrap();
    assert_eq!(open(dir.path()).unwrap_err().code(), "data_locked");
    // Reading needs no lock.
    let beside = Journal::open(dir.path(), Access::ReadOnly).unwrap();
    assert_eq!(beside.load().unwrap().now(), StationTime(NINE));
    drop(journal);
    open(dir.path()).unwrap();
}
