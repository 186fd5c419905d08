//! Figures of a small history worked by hand, and the lists behind them.
#![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]

mod storage;

use queue_core::{Command, StaffId};
use serde_json::{Value, json};
use station_server::reports::{
    By, Format, Page, Reports, StatsQuery, StatsRow, TicketFilter, run_stats,
};
use station_server::writer::Clock;
use storage::{HandClock, MINUTE, NINE, Station, counter};
use tempfile::{TempDir, tempdir};

fn query(by: Option<By>) -> StatsQuery {
    let day = "2026-11-23".parse().unwrap();
    StatsQuery {
        from: day,
        to: day,
        by,
    }
}

/// Monday morning, times after nine:
/// 0 counter 1 opens (lin), A001 and A002 are issued; 5 A001 called, 6 started, 16 finished, rated 5 at 17;
/// 16 A002 called, 18 no-show; 20 counter 2 opens (chen), B001 issued; 21 B001 called, 25 finished without a start, taken
/// back after 5 s, finished again at 26; 59 counter 1 pauses; 70 it goes on; 90 A003 issued, 91 cancelled; 100 A004 issued;
/// 120 the day is closed.
fn monday(close: bool) -> (TempDir, Station) {
    let dir = tempdir().unwrap();
    let clock = HandClock::at(NINE);
    let station = Station::start(dir.path(), &clock).unwrap();
    let at = |minute: i64| clock.pass(NINE + minute * MINUTE - clock.now_ms());
    let run = |command| drop(station.run(command).unwrap());
    let (one, two) = (counter("1"), counter("2"));
    let open = |counter, staff| Command::OpenCounter {
        counter,
        staff: Some(StaffId::new(staff).unwrap()),
    };
    run(open(one.clone(), "lin"));
    let first = station.issue("permit");
    station.issue("permit");
    at(5);
    run(Command::CallNext {
        counter: one.clone(),
    });
    at(6);
    run(Command::Start {
        counter: one.clone(),
    });
    at(16);
    run(Command::FinishAndCallNext {
        counter: one.clone(),
    });
    at(17);
    run(Command::Rate {
        ticket: first,
        score: 5,
        reasons: vec!["kind".into()],
        comment: Some("謝謝".into()),
    });
    at(18);
    run(Command::MarkNoShow {
        counter: one.clone(),
    });
    at(20);
    run(open(two.clone(), "chen"));
    station.issue("pickup");
    at(21);
    run(Command::CallNext {
        counter: two.clone(),
    });
    at(25);
    run(Command::Finish {
        counter: two.clone(),
    });
    clock.pass(5_000);
    run(Command::Undo {
        counter: two.clone(),
    });
    at(26);
    run(Command::Finish { counter: two });
    at(59);
    run(Command::PauseCounter {
        counter: one.clone(),
        reason: "lunch".into(),
        until: None,
    });
    at(70);
    run(open(one, "lin"));
    at(90);
    let given_up = station.issue("permit");
    at(91);
    run(Command::CancelTicket { ticket: given_up });
    at(100);
    station.issue("permit");
    at(120);
    if close {
        run(Command::CloseDay);
    }
    (dir, station)
}

fn rows(dir: &TempDir, by: Option<By>) -> Vec<StatsRow> {
    Reports::open(dir.path())
        .unwrap()
        .stats(&query(by))
        .unwrap()
        .rows
}

fn keys(rows: &[StatsRow]) -> Vec<&str> {
    rows.iter().map(|r| r.key.as_deref().unwrap()).collect()
}

#[test]
fn the_whole_day_has_the_figures_worked_by_hand() {
    let (dir, station) = monday(true);
    station.stop();
    let mut json = Vec::new();
    run_stats(dir.path(), &query(None), Format::Json, &mut json).unwrap();
    let report: Value = serde_json::from_slice(&json).unwrap();
    for (key, value) in [
        ("from", json!("2026-11-23")),
        ("to", json!("2026-11-23")),
        ("timezone", json!("Asia/Taipei")),
        ("by", Value::Null),
    ] {
        assert_eq!(report[key], value);
    }
    let [row] = report["rows"].as_array().unwrap().as_slice() else {
        panic!("one row");
    };
    assert_eq!(row["key"], Value::Null);
    let expected = json!({
        "issued": 5, "called": 3, "served": 2, "no_show": 1, "abandoned": 1, "cancelled": 1, "open": 0,
        "closed_by_day_end": 1, "started_inferred": 1, "anomalies": 0,
        "counter_open_s": 12_540.0, "throughput_per_open_hour": 2.0 / (12_540.0 / 3_600.0),
    });
    for (key, value) in expected.as_object().unwrap() {
        assert_eq!(&row[key], value, "{key}");
    }
    let summary = |of: &str| {
        let s = &row[of];
        (
            s["n"].as_u64().unwrap(),
            s["mean_s"].as_f64().unwrap(),
            s["median_s"].as_f64().unwrap(),
            s["max_s"].as_f64().unwrap(),
        )
    };
    assert_eq!(summary("wait"), (3, 440.0, 300.0, 960.0));
    assert_eq!(row["wait"]["within_standard"], json!(2.0 / 3.0));
    assert_eq!(summary("walk"), (1, 60.0, 60.0, 60.0));
    assert_eq!(
        summary("handling"),
        (2, 450.0, 450.0, 600.0),
        "the undone finish leaves no trace"
    );
    assert_eq!(summary("stay"), (2, 660.0, 660.0, 960.0));
    assert_eq!(row["rating"]["n"], 1);
    assert_eq!(row["rating"]["invited"], 1);
    assert_eq!(row["rating"]["counts"], json!([0, 0, 0, 0, 1]));
}

#[test]
fn each_grouping_has_its_rows_in_key_order() {
    let (dir, station) = monday(true);
    station.stop();
    let issued = |rows: &[StatsRow]| rows.iter().map(|r| r.figures.issued).collect::<Vec<_>>();
    let open_s = |rows: &[StatsRow]| {
        rows.iter()
            .map(|r| r.figures.counter_open_s)
            .collect::<Vec<_>>()
    };

    let by_hour = rows(&dir, Some(By::Hour));
    assert_eq!(keys(&by_hour), ["9", "10"]);
    assert_eq!(issued(&by_hour), [3, 2]);
    assert_eq!(open_s(&by_hour), [Some(5_940.0), Some(6_600.0)]);

    let by_counter = rows(&dir, Some(By::Counter));
    assert_eq!(keys(&by_counter), ["1", "2", ""]);
    assert_eq!(issued(&by_counter), [2, 1, 2]);
    assert_eq!(
        open_s(&by_counter),
        [Some(6_540.0), Some(6_000.0), Some(0.0)]
    );
    assert_eq!(by_counter[2].figures.throughput_per_open_hour, None);

    let by_staff = rows(&dir, Some(By::Staff));
    assert_eq!(keys(&by_staff), ["", "chen", "lin"]);
    assert_eq!(open_s(&by_staff), [Some(0.0), Some(6_000.0), Some(6_540.0)]);

    let by_service = rows(&dir, Some(By::Service));
    assert_eq!(keys(&by_service), ["permit", "pickup"]);
    assert_eq!(issued(&by_service), [4, 1]);
    assert_eq!(
        open_s(&by_service),
        [None, None],
        "no service has counters of its own"
    );

    assert_eq!(keys(&rows(&dir, Some(By::Class))), ["regular"]);
    assert_eq!(keys(&rows(&dir, Some(By::Day))), ["2026-11-23"]);
}

#[test]
fn a_running_day_is_reported_up_to_its_last_event() {
    let (dir, station) = monday(false);
    let [row] = rows(&dir, None).try_into().unwrap();
    assert_eq!((row.figures.issued, row.figures.open), (5, 1));
    // The last event is the issue at 10:40.
    assert_eq!(
        row.figures.counter_open_s,
        Some((59 + 30 + 80) as f64 * 60.0)
    );
    let reports = Reports::open(dir.path()).unwrap();
    let before = reports.stats(&query(None)).unwrap();
    station.issue("permit");
    let after = reports.stats(&query(None)).unwrap();
    assert_eq!(
        after.rows[0].figures.issued,
        before.rows[0].figures.issued + 1
    );
    station.stop();
}

#[test]
fn a_day_that_is_over_says_the_same_packed_as_before() {
    let (dir, station) = monday(true);
    let groupings = [
        None,
        Some(By::Service),
        Some(By::Counter),
        Some(By::Hour),
        Some(By::Staff),
    ];
    let figures = |dir: &TempDir| groupings.map(|by| rows(dir, by));
    let before = figures(&dir);
    station.clock.pass(24 * 60 * MINUTE);
    station.issue("permit");
    station.stop();
    let db = rusqlite::Connection::open(dir.path().join("station.db")).unwrap();
    let packed: i64 = db
        .query_row(
            "SELECT count(*) FROM business_day WHERE day = 20261123 AND packed IS NOT NULL",
            [],
            |r| r.get(0),
        )
        .unwrap();
    assert_eq!(packed, 1);
    assert_eq!(figures(&dir), before);
    let days = Reports::open(dir.path()).unwrap().days().unwrap();
    assert_eq!(
        days.iter().map(ToString::to_string).collect::<Vec<_>>(),
        ["2026-11-23", "2026-11-24"]
    );
}

#[test]
fn nothing_is_one_empty_row_or_none_and_a_range_has_an_order() {
    let (dir, station) = monday(true);
    station.stop();
    let reports = Reports::open(dir.path()).unwrap();
    let long_ago = "2001-01-01".parse().unwrap();
    let empty = reports
        .stats(&StatsQuery {
            from: long_ago,
            to: long_ago,
            by: None,
        })
        .unwrap();
    assert_eq!(empty.rows.len(), 1);
    assert_eq!(empty.rows[0].figures.issued, 0);
    assert_eq!(empty.rows[0].figures.wait.waits.mean_s, None);
    let none = reports
        .stats(&StatsQuery {
            from: long_ago,
            to: long_ago,
            by: Some(By::Day),
        })
        .unwrap();
    assert!(none.rows.is_empty());
    let wrong = StatsQuery {
        to: long_ago,
        ..query(None)
    };
    assert_eq!(reports.stats(&wrong).unwrap_err().code(), "bad_range");
    assert!(
        "weekday"
            .parse::<By>()
            .unwrap_err()
            .to_string()
            .contains("expected service, class")
    );
    let nowhere = tempdir().unwrap();
    let missing = run_stats(nowhere.path(), &query(None), Format::Csv, Vec::new()).unwrap_err();
    assert_eq!(missing.code(), "data_not_found");
}

#[test]
fn csv_has_a_column_per_figure() {
    let (dir, station) = monday(true);
    station.stop();
    let mut csv = Vec::new();
    run_stats(dir.path(), &query(Some(By::Service)), Format::Csv, &mut csv).unwrap();
    let mut reader = csv::Reader::from_reader(csv.as_slice());
    let header = reader.headers().unwrap().clone();
    let column = |name: &str| header.iter().position(|h| h == name).unwrap();
    let lines: Vec<_> = reader.records().map(Result::unwrap).collect();
    assert_eq!(lines.len(), 2);
    assert_eq!(&lines[0][column("key")], "permit");
    assert_eq!(&lines[0][column("issued")], "4");
    assert_eq!(&lines[0][column("wait.mean_s")], "630");
    assert_eq!(&lines[0][column("counter_open_s")], "");
    assert_eq!(&lines[1][column("rating.counts.5")], "0");
    // Every leaf of the JSON has its column.
    let row = serde_json::to_value(&rows(&dir, Some(By::Service))[0]).unwrap();
    assert_eq!(leaves(&row), header.len());
}

fn leaves(value: &Value) -> usize {
    match value {
        Value::Object(map) => map.values().map(leaves).sum(),
        Value::Array(list) => list.len(),
        _ => 1,
    }
}

#[test]
fn a_figure_opens_into_its_tickets_and_ratings() {
    let (dir, station) = monday(true);
    station.stop();
    let reports = Reports::open(dir.path()).unwrap();
    let day = query(None).from;
    let list = |filter: TicketFilter, offset, limit| {
        reports
            .ticket_list(day, &filter, Page { offset, limit })
            .unwrap()
    };
    let numbers = |l: station_server::reports::TicketList| {
        l.tickets.into_iter().map(|t| t.number).collect::<Vec<_>>()
    };
    let all = list(TicketFilter::default(), 1, 2);
    assert_eq!(all.total, 5);
    assert_eq!(numbers(all), ["A002", "B001"]);
    let of = |change: fn(&mut TicketFilter)| {
        let mut filter = TicketFilter::default();
        change(&mut filter);
        numbers(list(filter, 0, 100))
    };
    assert_eq!(of(|f| f.hour = Some(10)), ["A003", "A004"]);
    assert_eq!(of(|f| f.counter = Some(String::new())), ["A003", "A004"]);
    assert_eq!(of(|f| f.state = Some("no_show".into())), ["A002"]);
    assert_eq!(of(|f| f.staff = Some("chen".into())), ["B001"]);
    assert_eq!(
        of(|f| f.service = Some("permit' OR 1=1 --".into())),
        Vec::<String>::new()
    );

    let [rating] = reports.ratings(day, day).unwrap().try_into().unwrap();
    assert_eq!((rating.number.as_str(), rating.score), ("A001", 5));
    assert_eq!(rating.reasons, ["kind"]);
    assert_eq!(rating.comment.as_deref(), Some("謝謝"));
    assert_eq!(rating.at.0, NINE + 17 * MINUTE);
}

#[test]
fn the_handling_of_a_transferred_visitor_belongs_to_each_who_did_it() {
    let dir = tempdir().unwrap();
    let clock = HandClock::at(NINE);
    let station = Station::start(dir.path(), &clock).unwrap();
    let run = |command| drop(station.run(command).unwrap());
    let (one, two) = (counter("1"), counter("2"));
    for (counter, staff) in [(&one, "lin"), (&two, "chen")] {
        run(Command::OpenCounter {
            counter: counter.clone(),
            staff: StaffId::new(staff).ok(),
        });
    }
    station.issue("pickup");
    let serve = |counter: &queue_core::CounterId, minutes: i64| {
        run(Command::CallNext {
            counter: counter.clone(),
        });
        run(Command::Start {
            counter: counter.clone(),
        });
        clock.pass(minutes * MINUTE);
    };
    serve(&one, 12);
    run(Command::Transfer {
        counter: one.clone(),
        to_service: None,
        to_counter: Some(two.clone()),
    });
    serve(&two, 1);
    run(Command::Finish {
        counter: two.clone(),
    });
    clock.pass(7 * MINUTE);
    let check = || {
        for (by, first, second) in [(By::Counter, "1", "2"), (By::Staff, "lin", "chen")] {
            let rows = rows(&dir, Some(by));
            let of = |key: &str| {
                let row = rows.iter().find(|r| r.key.as_deref() == Some(key)).unwrap();
                let handling = &row.figures.handling;
                (
                    row.figures.issued,
                    handling.n,
                    handling.max_s,
                    row.figures.occupancy,
                )
            };
            assert_eq!(of(first), (0, 1, Some(720.0), Some(0.6)), "{by}");
            assert_eq!(of(second), (1, 1, Some(60.0), Some(0.05)), "{by}");
        }
        let whole = &rows(&dir, None)[0].figures;
        assert_eq!((whole.handling.n, whole.handling.max_s), (1, Some(780.0)));
    };
    run(Command::CloseDay);
    check();
    // Packed, and computed again from the log.
    clock.pass(24 * 60 * MINUTE);
    station.issue("pickup");
    check();
    station.stop();
    station_server::backup::rebuild(dir.path()).unwrap();
    check();
}

#[test]
fn by_counter_the_work_is_weighed_and_its_spread_is_one_number() {
    let (dir, station) = monday(true);
    station.stop();
    let reports = Reports::open(dir.path()).unwrap();
    let balance = |by| reports.stats(&query(by)).unwrap().balance;
    assert_eq!(balance(Some(By::Staff)), None);
    let balance = balance(Some(By::Counter)).unwrap();
    // One permit took ten minutes, one pick-up five; open for 109 and 100 minutes.
    let loads: Vec<_> = balance
        .counters
        .iter()
        .map(|l| (l.counter.as_str(), l.busy_s, l.expected_s, l.open_s))
        .collect();
    assert_eq!(
        loads,
        [
            ("1", 600.0, 600.0, Some(6_540.0)),
            ("2", 300.0, 300.0, Some(6_000.0)),
        ]
    );
    let (one, two) = (600.0 / 6_540.0, 300.0 / 6_000.0);
    let expected = (one - two) / (2.0 * (one + two));
    assert!((balance.gini.unwrap() - expected).abs() < 1e-12);
}
