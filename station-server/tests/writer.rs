//! The writer: answers come after the commit, repeat themselves, and outlive the process.
#![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]

mod storage;

use std::sync::Arc;
use std::sync::mpsc;

use queue_core::{
    Command, Event, NumberOrTicket, Recorded, Rejected, Reply, StationTime, TicketId,
};
use station_server::journal::{Access, Journal, JournalError};
use station_server::writer::{Clock, Lane, StartError, SubmitError};
use storage::{HOUR, HandClock, MINUTE, NINE, Station, config, counter, fresh, identified, issue};
use tempfile::tempdir;

fn events(dir: &std::path::Path) -> Vec<(String, String)> {
    let db = rusqlite::Connection::open(dir.join("station.db")).unwrap();
    let mut statement = db
        .prepare("SELECT kind, body FROM event ORDER BY seq")
        .unwrap();
    let rows = statement
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))
        .unwrap();
    rows.collect::<Result<_, _>>().unwrap()
}

fn kinds(dir: &std::path::Path) -> Vec<String> {
    events(dir).into_iter().map(|(kind, _)| kind).collect()
}

#[test]
fn an_answered_ticket_is_published_and_durable() {
    let dir = tempdir().unwrap();
    let station = Station::start(dir.path(), &HandClock::at(NINE)).unwrap();
    let ticket = station.issue("permit");
    let shown = station
        .live
        .engine()
        .ticket(ticket)
        .unwrap()
        .number
        .to_string();
    assert_eq!(shown, "A001");
    // Another connection sees it although the writer is still running.
    assert_eq!(
        kinds(dir.path()),
        ["configured", "day_opened", "ticket_issued"]
    );
    let fingerprint = station.live.engine().fingerprint();
    station.stop();
    let journal = Journal::open(dir.path(), Access::ReadOnly).unwrap();
    assert_eq!(journal.load().unwrap().fingerprint(), fingerprint);
    assert_eq!(journal.replay().unwrap().fingerprint(), fingerprint);
    assert_eq!(journal.verify_all().unwrap(), 3);
}

#[test]
fn a_repeat_gets_the_same_answer_and_no_event_also_after_a_restart() {
    let dir = tempdir().unwrap();
    let clock = HandClock::at(NINE);
    let station = Station::start(dir.path(), &clock).unwrap();
    let once = identified(7, 70, issue(TicketId(1), "permit"));
    let first = station.send(once.clone()).unwrap();
    assert!(!first.repeated);
    station.stop();
    let station = Station::start(dir.path(), &clock).unwrap();
    let again = station.send(once).unwrap();
    assert!(again.repeated);
    assert_eq!(again.reply, first.reply);
    let other = station.send(identified(7, 71, issue(TicketId(2), "permit")));
    assert_eq!(
        other,
        Err(SubmitError::Rejected(Rejected::IdempotencyKeyReused))
    );
    station.stop();
    assert_eq!(kinds(dir.path()).len(), 3);
}

#[test]
fn a_refused_command_leaves_no_trace() {
    let dir = tempdir().unwrap();
    let station = Station::start(dir.path(), &HandClock::at(NINE)).unwrap();
    let before = station.live.engine().fingerprint();
    let refused = station.run(Command::CallNext {
        counter: counter("1"),
    });
    assert_eq!(refused, Err(SubmitError::Rejected(Rejected::CounterClosed)));
    assert_eq!(station.live.engine().fingerprint(), before);
    assert_eq!(refused.unwrap_err().code(), "counter_closed");
    station.stop();
}

#[test]
fn a_counter_calls_by_itself_on_issue_and_after_its_pause() {
    let dir = tempdir().unwrap();
    let clock = HandClock::at(NINE);
    let mut config = storage::config(dir.path(), &clock);
    for desk in config.plan.counters.values_mut() {
        desk.auto_call = true;
    }
    let station = Station::with(config, &clock).unwrap();
    let two = || counter("2");
    station
        .run(Command::OpenCounter {
            counter: two(),
            staff: None,
        })
        .unwrap();
    clock.pass(10_000);
    let first = station.issue("pickup");
    let current = || {
        station
            .live
            .engine()
            .counter(&two())
            .and_then(|c| c.current)
    };
    // With the ticket, not a second later: the answer to the issue came after both.
    assert_eq!(current(), Some(first));
    let second = station.issue("pickup");
    station.run(Command::Finish { counter: two() }).unwrap();
    assert_eq!(current(), None);
    let mut events = station.live.events();
    clock.pass(10_000);
    // Nobody presses anything.
    let called = events.blocking_recv().unwrap();
    assert_eq!(called.event.ticket(), Some(second));
    assert_eq!(called.actor.0, "system/writer");
    station.stop();
    let journal = kinds(dir.path());
    assert_eq!(
        journal[journal.len() - 6..],
        [
            "counter_opened",
            "ticket_issued",
            "ticket_called",
            "ticket_issued",
            "service_finished",
            "ticket_called",
        ]
    );
}

#[test]
fn readers_hear_of_every_event_in_order() {
    let dir = tempdir().unwrap();
    let station = Station::start(dir.path(), &HandClock::at(NINE)).unwrap();
    let (mut events, mut seq) = (station.live.events(), station.live.subscribe());
    let start = *seq.borrow_and_update();
    for _ in 0..200 {
        station.issue("pickup");
    }
    assert!(seq.has_changed().unwrap());
    assert_eq!(*seq.borrow_and_update(), start + 200);
    for expected in start + 1..=start + 200 {
        let recorded: Arc<Recorded> = events.try_recv().unwrap();
        assert_eq!(recorded.seq, expected);
        assert!(matches!(recorded.event, Event::TicketIssued(_)));
    }
    station.stop();
}

#[test]
fn many_senders_at_once_lose_and_double_nothing() {
    let dir = tempdir().unwrap();
    let station = Station::start(dir.path(), &HandClock::at(NINE)).unwrap();
    let senders: Vec<_> = (0..16)
        .map(|sender: u128| {
            let handle = station.handle.clone();
            std::thread::spawn(move || {
                for n in 0..25 {
                    let id = sender * 1_000 + n + 1;
                    let envelope = identified(id, 1, issue(TicketId(id), "permit"));
                    handle
                        .submit_blocking(Lane::People, envelope.clone())
                        .unwrap();
                    assert!(
                        handle
                            .submit_blocking(Lane::Devices, envelope)
                            .unwrap()
                            .repeated
                    );
                }
            })
        })
        .collect();
    for sender in senders {
        sender.join().unwrap();
    }
    let mut numbers: Vec<u32> = station
        .live
        .engine()
        .tickets()
        .map(|t| t.number.number)
        .collect();
    numbers.sort_unstable();
    assert_eq!(numbers, (1..=400).collect::<Vec<_>>());
    station.stop();
    let journal = Journal::open(dir.path(), Access::ReadOnly).unwrap();
    assert_eq!(journal.verify_all().unwrap(), 402);
}

#[test]
fn the_day_turns_at_the_stations_midnight() {
    let dir = tempdir().unwrap();
    let clock = HandClock::at(NINE + 14 * HOUR + 59 * MINUTE);
    let station = Station::start(dir.path(), &clock).unwrap();
    let left = station.issue("permit");
    clock.pass(2 * MINUTE);
    let next = station.issue("permit");
    {
        let engine = station.live.engine();
        assert_eq!(engine.open_day().unwrap().to_string(), "2026-11-24");
        assert_eq!(engine.ticket(next).unwrap().number.to_string(), "A001");
        assert!(
            engine.ticket(left).is_none(),
            "yesterday's ticket has ended"
        );
    }
    station.stop();
    let journal = Journal::open(dir.path(), Access::ReadOnly).unwrap();
    journal.verify_all().unwrap();
    assert_eq!(
        kinds(dir.path())[2..],
        ["ticket_issued", "day_closed", "day_opened", "ticket_issued"]
    );
}

#[test]
fn a_day_left_open_by_a_crash_ends_at_its_own_midnight() {
    let dir = tempdir().unwrap();
    let clock = HandClock::at(NINE);
    let station = Station::start(dir.path(), &clock).unwrap();
    station
        .run(Command::OpenCounter {
            counter: counter("1"),
            staff: None,
        })
        .unwrap();
    station.stop();
    clock.pass(22 * HOUR);
    Station::start(dir.path(), &clock).unwrap().stop();
    let db = rusqlite::Connection::open(dir.path().join("station.db")).unwrap();
    let open_ms: i64 = db
        .query_row("SELECT to_ms - from_ms FROM counter_interval", [], |row| {
            row.get(0)
        })
        .unwrap();
    assert_eq!(open_ms, 15 * HOUR);
}

#[test]
fn a_day_closed_by_staff_stays_closed_until_the_next() {
    let dir = tempdir().unwrap();
    let clock = HandClock::at(NINE);
    let station = Station::start(dir.path(), &clock).unwrap();
    station.run(Command::CloseDay).unwrap();
    clock.pass(HOUR);
    let refused = station.run(issue(TicketId(1), "permit"));
    assert_eq!(refused, Err(SubmitError::Rejected(Rejected::DayClosed)));
    station.stop();
    let station = Station::start(dir.path(), &clock).unwrap();
    assert_eq!(station.live.engine().open_day(), None);
    clock.pass(24 * HOUR);
    station.issue("permit");
    station.stop();
}

#[test]
fn a_stepped_wall_clock_is_recorded_and_time_never_runs_back() {
    let dir = tempdir().unwrap();
    let clock = HandClock::at(NINE);
    let station = Station::start(dir.path(), &clock).unwrap();
    clock.pass(MINUTE);
    let before = station.issue("permit");
    clock.step(-10 * MINUTE);
    let after = station.issue("permit");
    clock.step(1_500);
    station.issue("permit");
    let at = |ticket| station.live.engine().ticket(ticket).unwrap().issued_at;
    assert_eq!(at(before), StationTime(NINE + MINUTE));
    assert_eq!(at(after), StationTime(NINE + MINUTE));
    assert_eq!(station.live.now(), StationTime(NINE + MINUTE));
    // Until the wall clock has caught up, time passes at half speed: nobody waits for no time at all.
    clock.pass(8 * MINUTE);
    assert_eq!(station.live.now(), StationTime(NINE + 5 * MINUTE));
    clock.pass(30 * MINUTE);
    assert_eq!(station.live.now(), StationTime(clock.now_ms()));
    station.stop();
    let steps: Vec<_> = events(dir.path())
        .into_iter()
        .filter(|(kind, _)| kind == "clock_stepped")
        .collect();
    assert_eq!(steps.len(), 1, "a step under two seconds is none");
    assert!(steps[0].1.contains("-600000"));
}

#[test]
fn a_clock_put_back_while_the_station_stood_is_recorded() {
    let dir = tempdir().unwrap();
    Station::start(dir.path(), &HandClock::at(NINE))
        .unwrap()
        .stop();
    Station::start(dir.path(), &HandClock::at(NINE - HOUR))
        .unwrap()
        .stop();
    assert_eq!(kinds(dir.path())[2..], ["clock_stepped"]);
}

#[test]
fn people_are_served_before_devices() {
    // While a reader holds the published state, the writer waits in front of it; what arrives meanwhile is then taken
    // in the order of the lanes.
    let dir = tempdir().unwrap();
    let station = Station::start(dir.path(), &HandClock::at(NINE)).unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap();
    let (order, seen) = mpsc::channel();
    runtime.block_on(async {
        let guard = station.live.engine();
        let first = station.handle.clone();
        let blocked = std::thread::spawn(move || {
            first
                .submit_blocking(Lane::People, fresh(issue(TicketId(1), "permit")))
                .unwrap()
        });
        // The first one is durable, so the writer has taken it and now waits for the guard.
        while kinds(dir.path()).len() < 3 {
            std::thread::yield_now();
        }
        let mut waiting = Vec::new();
        for (lane, id) in [
            (Lane::Housekeeping, 30),
            (Lane::Devices, 20),
            (Lane::People, 10),
        ] {
            let (handle, order) = (station.handle.clone(), order.clone());
            waiting.push(Box::pin(async move {
                let envelope = fresh(issue(TicketId(id), "permit"));
                let answer = handle.submit(lane, envelope).await.unwrap();
                order.send((answer.seq, id)).unwrap();
            }));
        }
        // A first poll puts each into its lane, in this order.
        let mut context = std::task::Context::from_waker(std::task::Waker::noop());
        for future in &mut waiting {
            assert!(future.as_mut().poll(&mut context).is_pending());
        }
        drop(guard);
        for future in waiting {
            future.await;
        }
        blocked.join().unwrap();
    });
    let mut answers: Vec<(u64, u128)> = seen.try_iter().collect();
    answers.sort_unstable();
    assert_eq!(
        answers.iter().map(|(_, id)| *id).collect::<Vec<_>>(),
        [10, 20, 30]
    );
    station.stop();
}

#[test]
fn after_stop_what_waits_is_done_and_what_comes_is_refused() {
    let dir = tempdir().unwrap();
    let station = Station::start(dir.path(), &HandClock::at(NINE)).unwrap();
    let (handle, live) = (station.handle.clone(), Arc::clone(&station.live));
    station.stop();
    let late = handle.submit_blocking(Lane::People, fresh(Command::CloseDay));
    assert_eq!(late, Err(SubmitError::Stopped));
    assert_eq!(live.storage_fault(), None);
}

#[test]
fn a_second_writer_is_told_who_has_the_directory() {
    let dir = tempdir().unwrap();
    let clock = HandClock::at(NINE);
    let station = Station::start(dir.path(), &clock).unwrap();
    let Err(StartError::Journal(error)) = Station::start(dir.path(), &clock) else {
        panic!("two writers in one directory");
    };
    let pid = std::process::id().to_string();
    assert_eq!(
        error,
        JournalError::Locked {
            dir: dir.path().to_owned(),
            pid: pid.clone()
        }
    );
    assert_eq!(error.code(), "data_locked");
    assert!(
        error
            .to_string()
            .contains(&format!("in use by process {pid}"))
    );
    station.stop();
    Station::start(dir.path(), &clock).unwrap().stop();
}

#[test]
fn a_plan_that_cannot_take_effect_stops_the_start() {
    let dir = tempdir().unwrap();
    let clock = HandClock::at(NINE);
    let station = Station::start(dir.path(), &clock).unwrap();
    station.issue("pickup");
    station.stop();
    let mut without = config(dir.path(), &clock);
    without.plan.services.remove(&storage::service("pickup"));
    for counter in without.plan.counters.values_mut() {
        counter.skills.remove(&storage::service("pickup"));
    }
    let refused = Station::with(without, &clock).err().unwrap();
    assert!(matches!(
        refused,
        StartError::Plan(Rejected::CounterInUse(_) | Rejected::ServiceInUse(_))
    ));
    let mut nowhere = config(dir.path(), &clock);
    nowhere.timezone = "Asia/Nowhere".to_owned();
    assert_eq!(
        Station::with(nowhere, &clock).err().unwrap().code(),
        "unknown_timezone"
    );
}

#[test]
fn another_time_zone_moves_the_hours_of_the_past() {
    let dir = tempdir().unwrap();
    let clock = HandClock::at(NINE);
    let station = Station::start(dir.path(), &clock).unwrap();
    station.issue("permit");
    station.stop();
    let mut in_tokyo = config(dir.path(), &clock);
    in_tokyo.timezone = "Asia/Tokyo".to_owned();
    Station::with(in_tokyo, &clock).unwrap().stop();
    let db = rusqlite::Connection::open(dir.path().join("station.db")).unwrap();
    let hour: u8 = db
        .query_row("SELECT hour FROM ticket", [], |row| row.get(0))
        .unwrap();
    assert_eq!(hour, 10);
}

#[test]
fn a_called_visitor_comes_back_to_the_screen_after_a_restart() {
    let dir = tempdir().unwrap();
    let clock = HandClock::at(NINE);
    let station = Station::start(dir.path(), &clock).unwrap();
    let ticket = station.issue("permit");
    station
        .run(Command::OpenCounter {
            counter: counter("1"),
            staff: None,
        })
        .unwrap();
    let called = station
        .run(Command::CallTicket {
            counter: counter("1"),
            target: NumberOrTicket::Ticket(ticket),
            reason: None,
        })
        .unwrap();
    assert!(matches!(called.reply, Reply::Called { .. }));
    let before = station.live.engine().board(StationTime(clock.now_ms()));
    station.stop();
    let station = Station::start(dir.path(), &clock).unwrap();
    assert_eq!(
        station.live.engine().board(StationTime(clock.now_ms())),
        before
    );
    station.stop();
}
