//! What the tests of the log, the writer, the reports and the import share: a small station and clocks set by hand.
#![allow(dead_code, reason = "every test file uses a part of it")]

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;

use queue_core::{
    Actor, ClassId, ClassPlan, Command, CommandId, CommandRef, CounterId, CounterPlan, Envelope,
    NewTicket, Reply, Rules, Series, ServiceId, ServicePlan, StationPlan, TicketId,
};
use rusqlite::Connection;
use rusqlite::types::Value;
use station_server::live::Live;
use station_server::projection::TABLE_NAMES;
use station_server::writer::{
    Answer, Clock, Lane, StartError, SubmitError, Writer, WriterConfig, WriterHandle,
};

/// 2026-11-23 09:00:00 in Taipei, a Monday.
pub(crate) const NINE: i64 = 1_795_395_600_000;
pub(crate) const MINUTE: i64 = 60_000;
pub(crate) const HOUR: i64 = 60 * MINUTE;

pub(crate) fn service(id: &str) -> ServiceId {
    ServiceId::new(id).unwrap()
}

pub(crate) fn counter(id: &str) -> CounterId {
    CounterId::new(id).unwrap()
}

/// Services `permit` (A, 10 minutes) and `pickup` (B, 5 minutes), classes `regular` and `priority`, counters 1 (both
/// services, asks for ratings) and 2 (`pickup`).
pub(crate) fn plan() -> StationPlan {
    let letter = |s: &str, minutes: u32| ServicePlan {
        identity_check: false,
        series: Series::new(s).unwrap(),
        wait_standard_s: Some(minutes * 60),
        expected_handling_s: 300,
        steps: vec![],
    };
    let class = |credit_s| ClassPlan {
        credit_s,
        ..ClassPlan::default()
    };
    let at = |skills: &[&str], asks_rating| CounterPlan {
        skills: skills.iter().map(|s| service(s)).collect(),
        asks_rating,
        ..CounterPlan::default()
    };
    StationPlan {
        zones: Default::default(),
        sessions: Default::default(),
        services: [
            (service("permit"), letter("A", 10)),
            (service("pickup"), letter("B", 5)),
        ]
        .into(),
        classes: [
            (ClassId::new("regular").unwrap(), class(0)),
            (ClassId::new("priority").unwrap(), class(600)),
        ]
        .into(),
        default_class: ClassId::new("regular").ok(),
        counters: [
            (counter("1"), at(&["permit", "pickup"], true)),
            (counter("2"), at(&["pickup"], false)),
        ]
        .into(),
        profiles: Default::default(),
        rules: Rules::default(),
        appointments: None,
        limits: Default::default(),
    }
}

/// Clocks that stand still until they are moved.
pub(crate) struct HandClock {
    wall_ms: AtomicI64,
    monotonic_ms: AtomicU64,
}

impl HandClock {
    pub(crate) fn at(wall_ms: i64) -> Arc<Self> {
        Arc::new(Self {
            wall_ms: AtomicI64::new(wall_ms),
            monotonic_ms: AtomicU64::new(0),
        })
    }

    /// Lets time pass.
    pub(crate) fn pass(&self, ms: i64) {
        self.monotonic_ms.fetch_add(ms as u64, Ordering::SeqCst);
        self.wall_ms.fetch_add(ms, Ordering::SeqCst);
    }

    /// Sets the wall clock forward or back without time passing.
    pub(crate) fn step(&self, ms: i64) {
        self.wall_ms.fetch_add(ms, Ordering::SeqCst);
    }
}

impl Clock for HandClock {
    fn now_ms(&self) -> i64 {
        self.wall_ms.load(Ordering::SeqCst)
    }
    fn monotonic(&self) -> Duration {
        Duration::from_millis(self.monotonic_ms.load(Ordering::SeqCst))
    }
}

/// A running writer.
pub(crate) struct Station {
    pub(crate) handle: WriterHandle,
    pub(crate) live: Arc<Live>,
    pub(crate) thread: JoinHandle<()>,
    pub(crate) clock: Arc<HandClock>,
}

pub(crate) fn config(dir: &Path, clock: &Arc<HandClock>) -> WriterConfig {
    WriterConfig {
        data_dir: dir.to_owned(),
        station: "test".to_owned(),
        plan: plan(),
        timezone: "Asia/Taipei".to_owned(),
        auto_day: true,
        schedule: None,
        sessions: Default::default(),
        clock: Arc::clone(clock) as Arc<dyn Clock>,
        on_fatal: Box::new(|fault| panic!("the writer failed: {fault}")),
    }
}

impl Station {
    pub(crate) fn start(dir: &Path, clock: &Arc<HandClock>) -> Result<Self, StartError> {
        Self::with(config(dir, clock), clock)
    }

    pub(crate) fn with(config: WriterConfig, clock: &Arc<HandClock>) -> Result<Self, StartError> {
        let (handle, live, thread) = Writer::start(config)?;
        Ok(Self {
            handle,
            live,
            thread,
            clock: Arc::clone(clock),
        })
    }

    /// Carries out a command under a fresh identity.
    pub(crate) fn run(&self, command: Command) -> Result<Answer, SubmitError> {
        self.send(fresh(command))
    }

    pub(crate) fn send(&self, envelope: Envelope) -> Result<Answer, SubmitError> {
        self.handle.submit_blocking(Lane::People, envelope)
    }

    pub(crate) fn issue(&self, to: &str) -> TicketId {
        let ticket = TicketId(uuid::Uuid::new_v4().as_u128());
        let answer = self.run(issue(ticket, to)).unwrap();
        assert_eq!(answer.reply, Reply::Issued { ticket });
        ticket
    }

    /// Ends cleanly.
    pub(crate) fn stop(self) {
        self.handle.stop();
        self.thread.join().unwrap();
    }
}

pub(crate) fn issue(ticket: TicketId, to: &str) -> Command {
    Command::IssueTicket(NewTicket {
        ticket,
        service: service(to),
        class: None,
        language: None,
        channel: service("kiosk"),
        persons: 1,
        then: vec![],
        terms: queue_core::Terms::default(),
    })
}

pub(crate) fn fresh(command: Command) -> Envelope {
    identified(uuid::Uuid::new_v4().as_u128(), 1, command)
}

pub(crate) fn identified(id: u128, digest: u64, command: Command) -> Envelope {
    Envelope {
        command_ref: Some(CommandRef {
            id: CommandId(id),
            digest,
        }),
        actor: Actor("test/hand".to_owned()),
        command,
    }
}

/// Every row of every report table.
pub(crate) fn report_tables(dir: &Path) -> Vec<(&'static str, Vec<Vec<Value>>)> {
    let db = Connection::open(dir.join("station.db")).unwrap();
    TABLE_NAMES
        .into_iter()
        .map(|table| {
            let mut statement = db
                .prepare(&format!("SELECT * FROM {table} ORDER BY 1, 2"))
                .unwrap();
            let columns = statement.column_count();
            let rows = statement
                .query_map([], |row| (0..columns).map(|c| row.get(c)).collect())
                .unwrap();
            (table, rows.collect::<Result<_, _>>().unwrap())
        })
        .collect()
}
