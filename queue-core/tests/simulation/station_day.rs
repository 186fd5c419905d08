//! Days of a station with rushes, lunch breaks, priority and appointments: what the rules make of the waits of each class,
//! beside what an independent simulation found (another program, another generator, 300 days).
//!
//! Of that simulation the waits are known, and that it had 4 counters with staggered lunch, about 197 visitors a day, 30 %
//! of them with priority and 20 % with an appointment. The course of the day and the handling are not. They are fitted
//! here so that first come, first served waits as it does there at three loads; what the other rules give is then
//! compared. Where that simulation let appointments stand in line from their visitor's coming, they do so here.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap};
use std::num::NonZeroU8;

use queue_core::{
    Actor, AppointmentCode, AppointmentId, AppointmentPlan, AppointmentRef, CheckIn, ClassId,
    ClassPlan, Command, CounterId, CounterPlan, Decision, Discipline, Engine, Envelope,
    NewAppointment, NewTicket, Recorded, Series, ServiceId, ServicePlan, SlotPlan, StationPlan,
    StationTime, TicketId,
};

use crate::dice::Dice;

const DAYS: u64 = 300;
const VISITORS_PER_DAY: f64 = 197.1;
const PRIORITY: f64 = 0.3;
const APPOINTMENT: f64 = 0.2;

/// Fitted: the day in half hours, with a rush in the morning and one in the afternoon.
const HALF_HOURS: usize = 18;
const EVENLY: f64 = 0.83;
const RUSHES: [(f64, f64); 2] = [(2.1, 4.0), (1.0, 11.7)];
const RUSH_WIDTH: f64 = 2.35;
/// Fitted: handling, log-normal.
const HANDLING_MEAN_MIN: f64 = 7.5;
const HANDLING_VARIATION: f64 = 1.0;
/// Fitted: who has an appointment comes so long before it, normal, mean and deviation.
const EARLY_MIN: (f64, f64) = (6.0, 6.0);
/// Fitted: lunch of two counters, then of the other two.
const LUNCHES_MIN: [(i64, i64); 2] = [(240, 300), (300, 360)];

const MINUTE_MS: f64 = 60_000.0;

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    Priority,
    Appointment,
    Regular,
}

#[derive(Debug, Clone, Copy)]
struct Visitor {
    kind: Kind,
    comes_ms: i64,
    /// When the wait begins: the slot of who came early.
    waits_from_ms: i64,
    slot_ms: i64,
}

/// A rule as it was measured.
#[derive(Debug)]
struct Rule {
    discipline: Discipline,
    /// An appointment counts from its slot; else it stands in line like everybody, from when the visitor comes.
    by_slot: bool,
    /// Head start of priority; appointments have ten minutes.
    priority_credit_s: u32,
}

/// Mean wait of a class over the days, minutes, and its standard error.
#[derive(Debug, Clone, Copy)]
struct Wait {
    mean: f64,
    error: f64,
}

fn visitors_of_a_day(dice: &mut Dice) -> Vec<Visitor> {
    let rate = |half_hour: usize| {
        let at = half_hour as f64 + 0.5;
        let rush =
            |(height, peak): (f64, f64)| height * (-((at - peak) / RUSH_WIDTH).powi(2)).exp();
        EVENLY + RUSHES.map(rush).iter().sum::<f64>()
    };
    let all: f64 = (0..HALF_HOURS).map(rate).sum();
    let mut visitors = vec![];
    for half_hour in 0..HALF_HOURS {
        let mean_gap = 30.0 * all / (rate(half_hour) * VISITORS_PER_DAY);
        let mut at = dice.exponential(mean_gap);
        while at < 30.0 {
            let slot_ms = ((half_hour as f64 * 30.0 + at) * MINUTE_MS) as i64;
            let which = dice.uniform();
            let kind = if which < PRIORITY {
                Kind::Priority
            } else if which < PRIORITY + APPOINTMENT {
                Kind::Appointment
            } else {
                Kind::Regular
            };
            let early_min = match kind {
                Kind::Appointment => dice.normal(EARLY_MIN.0, EARLY_MIN.1),
                _ => 0.0,
            };
            let comes_ms = slot_ms - (early_min * MINUTE_MS) as i64;
            visitors.push(Visitor {
                kind,
                comes_ms,
                waits_from_ms: comes_ms.max(slot_ms),
                slot_ms,
            });
            at += dice.exponential(mean_gap);
        }
    }
    visitors.sort_by_key(|visitor| visitor.comes_ms);
    visitors
}

fn class(kind: Kind) -> ClassId {
    let name = match kind {
        Kind::Priority => "priority",
        Kind::Appointment => "appointment",
        Kind::Regular => "regular",
    };
    ClassId::new(name).expect("an id")
}

/// Classes as the measured rules had them: ranks in this order, points 2 : 1.5 : 1.
fn plan(rule: &Rule) -> StationPlan {
    let service = service();
    let counts = |credit_s, rank, rate_permille| ClassPlan {
        credit_s,
        rank,
        rate_permille,
    };
    let slots = SlotPlan {
        slot_s: 60,
        capacity: 1_000,
        book_until_s: 0,
        book_from_s: 200_000,
    };
    let mut plan = StationPlan {
        services: [(
            service.clone(),
            ServicePlan {
                series: Series::new("A").expect("a series"),
                wait_standard_s: None,
                expected_handling_s: 450,
                steps: vec![],
                identity_check: false,
            },
        )]
        .into(),
        classes: [
            (
                class(Kind::Priority),
                counts(rule.priority_credit_s, 1, 2_000),
            ),
            (class(Kind::Appointment), counts(600, 2, 1_500)),
            (class(Kind::Regular), counts(0, 3, 1_000)),
        ]
        .into(),
        default_class: Some(class(Kind::Regular)),
        counters: (1..=4)
            .map(|n: u8| {
                let skills = [service.clone()].into();
                let counter = CounterPlan {
                    skills,
                    ..CounterPlan::default()
                };
                (CounterId::new(&n.to_string()).expect("an id"), counter)
            })
            .collect(),
        appointments: Some(AppointmentPlan {
            class: Some(class(Kind::Appointment)),
            grace_s: 600,
            check_in_before_s: 7_200,
            missed_after_s: 7_200,
            callable_before_s: 600,
            services: [(service, slots)].into(),
        }),
        ..StationPlan::default()
    };
    plan.rules.discipline = rule.discipline;
    plan
}

fn service() -> ServiceId {
    ServiceId::new("matter").expect("an id")
}

/// From when until when, milliseconds of the day.
type Lunch = (i64, i64);
/// When, milliseconds of the day; which counter; its lunch.
type FreeAgain = (i64, CounterId, Lunch);

/// A day at the production engine.
struct Day {
    engine: Engine,
    begin: StationTime,
    now_ms: i64,
    ids: u128,
}

impl Day {
    fn send(&mut self, command: Command) {
        let actor = Actor(String::new());
        let now = self.begin.plus_ms(self.now_ms);
        let envelope = Envelope {
            command_ref: None,
            actor: actor.clone(),
            command,
        };
        let decision = self.engine.decide(now, &envelope).expect("accepted");
        let Decision::Events(events) = decision else {
            panic!("nothing is repeated");
        };
        for event in events {
            self.engine.apply(&Recorded {
                seq: self.engine.seq() + 1,
                at: now,
                actor: actor.clone(),
                command: None,
                event,
            });
        }
    }

    fn fresh(&mut self) -> u128 {
        self.ids += 1;
        self.ids.wrapping_mul(0x9e37_79b9_7f4a_7c15)
    }

    /// Before the day, like everybody who has an appointment.
    fn book(&mut self, visitor: &Visitor) -> AppointmentId {
        let appointment = AppointmentId(self.fresh());
        self.send(Command::BookAppointment(NewAppointment {
            appointment,
            code: AppointmentCode::new((self.ids % 10_000) as u32).expect("a code"),
            service: service(),
            day: "2026-11-16".parse().expect("a date"),
            slot: self.begin.plus_ms(visitor.slot_ms),
            class: None,
            language: None,
            channel: service(),
        }));
        appointment
    }

    fn come(&mut self, kind: Kind, booked: Option<AppointmentId>) -> TicketId {
        let ticket = TicketId(self.fresh());
        self.send(match booked {
            Some(appointment) => Command::CheckIn(CheckIn {
                appointment: AppointmentRef::Id(appointment),
                ticket,
                language: None,
                channel: service(),
            }),
            None => Command::IssueTicket(NewTicket {
                ticket,
                service: service(),
                then: vec![],
                class: Some(class(kind)),
                language: None,
                channel: service(),
                persons: 1,
                terms: Default::default(),
            }),
        });
        ticket
    }

    /// The waits of a day, minutes.
    fn run(rule: &Rule, dice: &mut Dice) -> Vec<(Kind, f64)> {
        let visitors = visitors_of_a_day(dice);
        let mut day = Self {
            engine: Engine::new(),
            begin: StationTime(1_794_787_200_000),
            now_ms: -3_600_000,
            ids: 0,
        };
        let plan = plan(rule);
        let counters: Vec<_> = plan.counters.keys().cloned().collect();
        day.send(Command::Configure(plan.into()));
        day.send(Command::OpenDay {
            day: "2026-11-16".parse().expect("a date"),
            hours: None,
        });
        let mut free: Vec<(CounterId, Lunch)> = vec![];
        for (n, counter) in counters.into_iter().enumerate() {
            day.send(Command::OpenCounter {
                counter: counter.clone(),
                staff: None,
            });
            let (from, until) = LUNCHES_MIN[n / 2];
            free.push((counter, (from * 60_000, until * 60_000)));
        }
        let mut waits = vec![];
        let mut who: BTreeMap<TicketId, Visitor> = BTreeMap::new();
        let mut ends: BinaryHeap<Reverse<FreeAgain>> = BinaryHeap::new();
        let has_slot = |visitor: &Visitor| rule.by_slot && visitor.kind == Kind::Appointment;
        let coming: Vec<_> = visitors
            .into_iter()
            .map(|visitor| (visitor, has_slot(&visitor).then(|| day.book(&visitor))))
            .collect();
        let mut coming = coming.into_iter().peekable();
        loop {
            let next = coming.peek().map(|(visitor, _)| visitor.comes_ms);
            let end = ends.peek().map(|Reverse((at, ..))| *at);
            match (next, end) {
                (None, None) => return waits,
                (Some(at), end) if end.is_none_or(|end| at < end) => {
                    let (visitor, booked) = coming.next().expect("peeked");
                    day.now_ms = at;
                    let ticket = day.come(visitor.kind, booked);
                    who.insert(ticket, visitor);
                }
                _ => {
                    let Reverse((at, counter, lunch)) = ends.pop().expect("peeked");
                    day.now_ms = at;
                    if day
                        .engine
                        .counter(&counter)
                        .is_some_and(|c| c.current.is_some())
                    {
                        day.send(Command::Finish {
                            counter: counter.clone(),
                        });
                    }
                    free.push((counter, lunch));
                }
            }
            // Whoever is free calls, or has lunch.
            for (counter, lunch) in std::mem::take(&mut free) {
                if (lunch.0..lunch.1).contains(&day.now_ms) {
                    ends.push(Reverse((lunch.1, counter, lunch)));
                    continue;
                }
                let now = day.begin.plus_ms(day.now_ms);
                if day.engine.next_for(&counter, now).is_none() {
                    free.push((counter, lunch));
                    continue;
                }
                day.send(Command::CallNext {
                    counter: counter.clone(),
                });
                let called = day.engine.counter(&counter).and_then(|c| c.current);
                let visitor = who[&called.expect("called")];
                let wait_ms = (day.now_ms - visitor.waits_from_ms).max(0);
                waits.push((visitor.kind, wait_ms as f64 / MINUTE_MS));
                let spread = (1.0 + HANDLING_VARIATION.powi(2)).ln();
                let handling_min = dice
                    .normal(HANDLING_MEAN_MIN.ln() - spread / 2.0, spread.sqrt())
                    .exp();
                let end_ms = day.now_ms + (handling_min * MINUTE_MS) as i64;
                ends.push(Reverse((end_ms, counter, lunch)));
            }
        }
    }
}

/// Mean waits of priority, appointment and regular.
fn measure(rule: &Rule) -> [Wait; 3] {
    let days: Vec<_> = (0..DAYS)
        .map(|n| Day::run(rule, &mut Dice::new(1 + n)))
        .collect();
    [Kind::Priority, Kind::Appointment, Kind::Regular].map(|kind| {
        let of_a_day = |day: &Vec<(Kind, f64)>| {
            let waits = day.iter().filter(|(k, _)| *k == kind);
            waits.fold((0.0, 0.0), |(sum, n), (_, wait)| (sum + wait, n + 1.0))
        };
        // Days differ in how many come: the mean is a ratio of sums, and so is its error.
        let days: Vec<(f64, f64)> = days.iter().map(of_a_day).collect();
        let (sum, n) = days
            .iter()
            .fold((0.0, 0.0), |(sum, n), (s, m)| (sum + s, n + m));
        let mean = sum / n;
        let squares: f64 = days.iter().map(|(s, m)| (s - mean * m).powi(2)).sum();
        let error = squares.sqrt() / n;
        Wait { mean, error }
    })
}

/// Mean waits in minutes of priority, appointment and regular visitors at the base load. The other simulation has as many
/// days, so its error is taken to be as large as ours; its numbers are rounded to a tenth.
#[test]
fn a_station_day_waits_as_another_simulation_found() {
    let ratio = |priority, regular| {
        let calls = |n| NonZeroU8::new(n).expect("a call");
        Discipline::Ratio {
            priority: calls(priority),
            regular: calls(regular),
        }
    };
    let rule = |discipline, by_slot, priority_credit_s| Rule {
        discipline,
        by_slot,
        priority_credit_s,
    };
    for (rule, expected) in [
        (rule(Discipline::Fcfs, false, 0), [13.9, 9.5, 13.9]),
        (rule(Discipline::Strict, false, 0), [2.2, 1.9, 24.6]),
        (rule(Discipline::Accumulating, false, 0), [9.4, 7.4, 17.4]),
        (rule(Discipline::HeadStart, true, 900), [8.4, 9.7, 16.8]),
        (rule(Discipline::HeadStart, true, 1_200), [7.1, 10.4, 17.4]),
        (rule(ratio(1, 1), true, 0), [9.7, 8.1, 17.0]),
        (rule(ratio(1, 2), true, 0), [12.1, 10.8, 14.4]),
    ] {
        let found = measure(&rule);
        let kinds = ["priority", "appointment", "regular"];
        for ((kind, wait), expected) in kinds.iter().zip(found).zip(expected) {
            let Wait { mean, error } = wait;
            println!("{rule:?} {kind}: {mean:.2} ± {error:.2} min, expected {expected}");
            let tolerance = 3.0 * error * 2.0_f64.sqrt() + 0.05;
            assert!(
                (mean - expected).abs() <= tolerance,
                "{rule:?} {kind}: {wait:?}"
            );
        }
    }
}
