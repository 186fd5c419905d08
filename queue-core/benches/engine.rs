//! Figures of the engine alone: `cargo bench -p queue-core`. Nothing is asserted; times depend on the machine.
//!
//! Printed: microseconds of decide and apply for the three commands that touch the lines, per discipline and length of the
//! line (6 services, 20 counters, 3 classes); the replay of a day of 5,000 tickets; bytes per waiting ticket.

// A counting allocator has to be `unsafe`; it adds to a counter and hands everything on.
#![allow(unsafe_code)]

use std::alloc::{GlobalAlloc, Layout, System};
use std::hint::black_box;
use std::num::NonZeroU8;
use std::sync::atomic::{AtomicIsize, Ordering};
use std::time::Instant;

use queue_core::{
    Actor, ClassId, ClassPlan, Command, CounterId, CounterPlan, Decision, Discipline, Engine,
    Envelope, NewTicket, Recorded, Series, ServiceId, ServicePlan, StationPlan, StationTime,
    TicketId,
};

struct Counting;

static BYTES: AtomicIsize = AtomicIsize::new(0);

// SAFETY: every call is handed on to the system's allocator unchanged.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        BYTES.fetch_add(layout.size() as isize, Ordering::Relaxed);
        // SAFETY: the caller's promises are the system's.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, at: *mut u8, layout: Layout) {
        BYTES.fetch_sub(layout.size() as isize, Ordering::Relaxed);
        // SAFETY: the caller's promises are the system's.
        unsafe { System.dealloc(at, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

const SERVICES: [&str; 6] = ["card", "enquiry", "stay", "renewal", "pick-up", "visa"];
/// Per class: id, head start, rank, rate, and how many of ten visitors are of it.
const CLASSES: [(&str, u32, u8, u32, usize); 3] = [
    ("priority", 1_200, 1, 2_000, 2),
    ("appointment", 600, 2, 1_500, 2),
    ("regular", 0, 3, 1_000, 6),
];
const COUNTERS: usize = 20;
const SECOND_MS: i64 = 1_000;

fn disciplines() -> [(&'static str, Discipline); 5] {
    let calls = |n| NonZeroU8::new(n).unwrap_or(NonZeroU8::MIN);
    let ratio = Discipline::Ratio {
        priority: calls(2),
        regular: calls(3),
    };
    [
        ("head_start", Discipline::HeadStart),
        ("fcfs", Discipline::Fcfs),
        ("strict", Discipline::Strict),
        ("accumulating", Discipline::Accumulating),
        ("ratio", ratio),
    ]
}

fn service(at: usize) -> ServiceId {
    ServiceId::new(SERVICES[at % SERVICES.len()]).expect("an id")
}

fn counter(at: usize) -> CounterId {
    CounterId::new(&(at % COUNTERS + 1).to_string()).expect("an id")
}

fn class(at: usize) -> ClassId {
    let mut place = at * 7 % 10;
    let class = CLASSES.iter().find(|(.., share)| {
        let hit = place < *share;
        place = place.saturating_sub(*share);
        hit
    });
    ClassId::new(class.map_or("regular", |c| c.0)).expect("an id")
}

fn plan(discipline: Discipline) -> StationPlan {
    let services = (0..SERVICES.len()).map(|at| {
        let plan = ServicePlan {
            identity_check: false,
            series: Series::new(["A", "B", "C", "D", "E", "F"][at]).expect("a series"),
            wait_standard_s: Some(900),
            expected_handling_s: 300,
            steps: vec![],
        };
        (service(at), plan)
    });
    let classes = CLASSES.map(|(id, credit_s, rank, rate_permille, _)| {
        let plan = ClassPlan {
            credit_s,
            rank,
            rate_permille,
        };
        (ClassId::new(id).expect("an id"), plan)
    });
    // Every counter does everything: the most lines to look at.
    let counters = (0..COUNTERS).map(|at| {
        let plan = CounterPlan {
            skills: (0..SERVICES.len()).map(service).collect(),
            ..CounterPlan::default()
        };
        (counter(at), plan)
    });
    let mut plan = StationPlan {
        services: services.collect(),
        classes: classes.into(),
        default_class: ClassId::new("regular").ok(),
        counters: counters.collect(),
        ..StationPlan::default()
    };
    plan.rules.discipline = discipline;
    plan
}

struct Station {
    engine: Engine,
    log: Option<Vec<Recorded>>,
    now: StationTime,
    tickets: u128,
}

impl Station {
    fn open(discipline: Discipline, keeps_log: bool) -> Self {
        let mut station = Self {
            engine: Engine::new(),
            log: keeps_log.then(Vec::new),
            now: StationTime(1_794_787_200_000),
            tickets: 0,
        };
        station.send(Command::Configure(plan(discipline).into()));
        station.send(Command::OpenDay {
            day: "2026-11-16".parse().expect("a date"),
            hours: None,
        });
        for at in 0..COUNTERS {
            station.send(Command::OpenCounter {
                counter: counter(at),
                staff: None,
            });
        }
        station
    }

    fn send(&mut self, command: Command) {
        let actor = Actor(String::new());
        let envelope = Envelope {
            command_ref: None,
            actor: actor.clone(),
            command,
        };
        let Ok(Decision::Events(events)) = self.engine.decide(self.now, &envelope) else {
            panic!("refused: {:?}", envelope.command);
        };
        for event in events {
            let recorded = Recorded {
                seq: self.engine.seq() + 1,
                at: self.now,
                actor: actor.clone(),
                command: None,
                event,
            };
            self.engine.apply(&recorded);
            if let Some(log) = &mut self.log {
                log.push(recorded);
            }
        }
    }

    fn issue(&mut self) {
        self.tickets += 1;
        self.now = self.now.plus_ms(SECOND_MS);
        let at = self.tickets as usize;
        self.send(Command::IssueTicket(NewTicket {
            ticket: TicketId(
                self.tickets
                    .wrapping_mul(0x9e37_79b9_7f4a_7c15_f39c_c060_5ced_c835),
            ),
            service: service(at),
            class: Some(class(at)),
            language: None,
            channel: service(0),
            persons: 1,
            then: vec![],
            terms: Default::default(),
        }));
    }

    /// Sends a command and gives its time, nanoseconds.
    fn timed(&mut self, command: Command) -> u128 {
        let begin = Instant::now();
        self.send(black_box(command));
        begin.elapsed().as_nanos()
    }
}

fn median_us(mut times: Vec<u128>) -> f64 {
    times.sort_unstable();
    times[times.len() / 2] as f64 / 1_000.0
}

/// Medians of issue, call-next and transfer at a line of this length, microseconds.
fn commands(discipline: Discipline, waiting: usize) -> [f64; 3] {
    let mut station = Station::open(discipline, false);
    (0..waiting).for_each(|_| station.issue());
    let mut times: [Vec<u128>; 3] = Default::default();
    for round in 0..2_000 {
        // Called, sent on into the line, called again and finished; one more comes: the line keeps its length.
        let desk = counter(round);
        let call = Command::CallNext {
            counter: desk.clone(),
        };
        times[1].push(station.timed(call));
        let visitor = station.engine.counter(&desk).and_then(|c| c.current);
        let from = visitor.and_then(|id| station.engine.ticket(id));
        let from = from.expect("somebody was called").service.clone();
        let to = (0..SERVICES.len()).map(service).find(|s| *s != from);
        times[2].push(station.timed(Command::Transfer {
            counter: desk.clone(),
            to_service: to,
            to_counter: None,
        }));
        station.send(Command::CallNext {
            counter: desk.clone(),
        });
        station.send(Command::Finish { counter: desk });
        let begin = Instant::now();
        station.issue();
        times[0].push(begin.elapsed().as_nanos());
    }
    times.map(median_us)
}

/// A visitor's view and the board, microseconds, at a line of this length: `[newest ticket, one amid the line, board]`.
fn views(discipline: Discipline, waiting: usize) -> [f64; 3] {
    let mut station = Station::open(discipline, false);
    (0..waiting).for_each(|_| station.issue());
    let mut tickets: Vec<_> = station.engine.tickets().collect();
    tickets.sort_by_key(|t| t.key);
    let (newest, amid) = (tickets[waiting - 1].id, tickets[waiting / 2].id);
    let (engine, now) = (&station.engine, station.now);
    let time = |look: &dyn Fn()| {
        let times = (0..200).map(|_| {
            let begin = Instant::now();
            look();
            begin.elapsed().as_nanos()
        });
        median_us(times.collect())
    };
    [
        time(&|| drop(black_box(engine.ticket_view(now, newest)))),
        time(&|| drop(black_box(engine.ticket_view(now, amid)))),
        time(&|| drop(black_box(engine.board(now)))),
    ]
}

/// Events and milliseconds of replaying a day of 5,000 tickets, all of them called, started and finished.
fn replay(discipline: Discipline) -> (usize, f64) {
    let mut station = Station::open(discipline, true);
    for at in 0..5_000 {
        station.issue();
        if at < COUNTERS * 5 {
            continue;
        }
        let desk = counter(at);
        let one = || desk.clone();
        station.send(Command::CallNext { counter: one() });
        station.send(Command::Start { counter: one() });
        station.send(Command::Finish { counter: one() });
    }
    for at in 0..COUNTERS * 5 {
        let desk = counter(at);
        let one = || desk.clone();
        station.send(Command::CallNext { counter: one() });
        station.send(Command::Start { counter: one() });
        station.send(Command::Finish { counter: one() });
    }
    let log = station.log.take().unwrap_or_default();
    let times = (0..7).map(|_| {
        let begin = Instant::now();
        let mut engine = Engine::new();
        log.iter().for_each(|recorded| engine.apply(recorded));
        let time = begin.elapsed().as_nanos();
        assert_eq!(engine.fingerprint(), station.engine.fingerprint());
        time
    });
    (log.len(), median_us(times.collect()) / 1_000.0)
}

fn main() {
    println!("decide + apply, median, µs       issue   call-next    transfer");
    for (name, discipline) in disciplines() {
        for waiting in [50, 500, 5_000] {
            let [issue, call, transfer] = commands(discipline, waiting);
            println!(
                "{name:<13} {waiting:>5} waiting  {issue:>8.2}    {call:>8.2}    {transfer:>8.2}"
            );
        }
    }
    println!("\nviews, median, µs               newest     amid line       board");
    for (name, discipline) in disciplines() {
        for waiting in [50, 500, 5_000] {
            let [newest, amid, board] = views(discipline, waiting);
            println!(
                "{name:<13} {waiting:>5} waiting  {newest:>8.2}    {amid:>8.2}    {board:>8.2}"
            );
        }
    }
    println!();
    for (name, discipline) in disciplines() {
        let (events, ms) = replay(discipline);
        println!("{name:<13} replay of 5,000 tickets, {events} events: {ms:.1} ms");
    }
    let mut station = Station::open(Discipline::HeadStart, false);
    let before = BYTES.load(Ordering::Relaxed);
    (0..5_000).for_each(|_| station.issue());
    let bytes = BYTES.load(Ordering::Relaxed) - before;
    println!("\n{} bytes per waiting ticket", bytes / 5_000);
}
