//! Random days: from small numbers to commands, run by engine and model side by side.

use std::collections::{BTreeMap, BTreeSet};
use std::num::NonZeroU8;

use queue_core::policy::{Place, SortKey, Standing};
use queue_core::{
    CallReason, Command, CommandRef, Discipline, Estimate, Explanation, NumberOrTicket, Rejected,
    Reply, Side, StationPlan, StationTime, TicketId, TicketState,
};

use crate::checks::{conserved, listed, no_negative_time, one_to_one, same};
use crate::common::*;
use crate::model::{Did, Model, Paper};

/// One step of a trace: small numbers, so that a failing trace shrinks well.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Step {
    /// 0 to 99: what to do.
    pub(crate) what: u8,
    /// At which counter.
    pub(crate) counter: u8,
    /// To which ticket, service, day or plan.
    pub(crate) to: u8,
    /// With which other detail.
    pub(crate) detail: u8,
    /// After which pause.
    pub(crate) pause: u8,
}

/// Time before a step, milliseconds; the edges of undo and of the head start are among them.
const PAUSES_MS: [i64; 10] = [
    0, 0, 1, 700, 4_000, 8_000, 8_001, 40_000, 300_000, 1_200_000,
];

/// The largest head start of any plan here: nobody issued later than this may pass.
const LARGEST_CREDIT_MS: i64 = 1_200_000;

/// Engine and model side by side.
pub(crate) struct Race {
    pub(crate) station: Station,
    model: Model,
    /// Carried out today: identity, command, reply.
    done: Vec<(CommandRef, Command, Reply)>,
    states: BTreeMap<TicketId, TicketState>,
    keys: BTreeMap<TicketId, queue_core::SortKey>,
    numbers: BTreeSet<String>,
    /// Per ticket, who was called before it although issued after it.
    overtaken_by: BTreeMap<TicketId, BTreeSet<TicketId>>,
    days: u32,
    /// The rule that is mostly in force.
    rule: Discipline,
}

impl Race {
    /// A station with an open day and open counters.
    pub(crate) fn new(rule: Discipline) -> Self {
        let mut race = Self {
            station: Station::new(),
            model: Model::default(),
            done: vec![],
            states: BTreeMap::new(),
            keys: BTreeMap::new(),
            numbers: BTreeSet::new(),
            overtaken_by: BTreeMap::new(),
            days: 0,
            rule,
        };
        race.run(Command::Configure(under(rule).into()));
        race.run(Command::OpenDay { day: day(0) });
        race.open_counters();
        race
    }

    pub(crate) fn open_counters(&mut self) {
        for id in ["1", "2", "3"] {
            self.run(Command::OpenCounter {
                counter: counter(id),
                staff: None,
            });
        }
    }

    /// Ends the day and begins the next.
    pub(crate) fn next_day(&mut self) {
        self.run(Command::CloseDay);
        self.days += 1;
        self.run(Command::OpenDay {
            day: day(self.days),
        });
        self.open_counters();
    }

    pub(crate) fn step(&mut self, step: Step) {
        self.station
            .wait_ms(PAUSES_MS[usize::from(step.pause) % PAUSES_MS.len()]);
        match step.what {
            90..=91 => self.repeat(step.to),
            92 => self.reuse(step.to),
            _ => {
                let command = self.command(step);
                self.run(command);
            }
        }
    }

    fn some_ticket(&mut self, step: Step) -> TicketId {
        let papers = &self.model.papers;
        // The later half, where life is.
        let back = usize::from(step.to) % (papers.len() / 2 + 2);
        match papers.len().checked_sub(back + 1) {
            Some(at) => papers[at].id,
            None => self.station.next_ticket_id(),
        }
    }

    fn command(&mut self, step: Step) -> Command {
        let at = match step.counter % 16 {
            0 => "9",
            n => ["1", "2", "3"][usize::from(n % 3)],
        };
        let counter = counter(at);
        let services = ["card", "enquiry", "stay", "card", "dance"];
        match step.what {
            0..=17 => Command::IssueTicket {
                ticket: if step.detail == 255 {
                    self.some_ticket(step)
                } else {
                    self.station.next_ticket_id()
                },
                service: service(services[usize::from(step.to) % (4 + usize::from(step.to == 4))]),
                class: [None, Some("regular"), Some("priority"), Some("appointment")]
                    [usize::from(step.detail % 4)]
                .map(class),
                language: None,
                channel: service("kiosk"),
            },
            18..=30 => Command::CallNext { counter },
            31..=36 => Command::CallTicket {
                counter,
                target: self.target(step),
            },
            37..=39 => Command::Recall { counter },
            40..=48 => Command::Start { counter },
            49..=54 => Command::Finish { counter },
            55..=61 => Command::FinishAndCallNext { counter },
            62..=64 => Command::MarkNoShow { counter },
            65..=67 => hold(at),
            68..=71 => Command::Resume {
                counter,
                target: (step.detail.is_multiple_of(2)).then(|| self.target(step)),
            },
            72..=76 => Command::Transfer {
                counter,
                to_service: [None, Some("card"), Some("enquiry"), Some("stay")]
                    [usize::from(step.to % 4)]
                .map(service),
                to_counter: [None, None, Some("1"), Some("2"), Some("3")]
                    [usize::from(step.detail % 5)]
                .map(crate::common::counter),
            },
            77..=82 => Command::Undo { counter },
            83..=84 => cancel(self.some_ticket(step)),
            85..=86 => rate(self.some_ticket(step), step.detail % 7),
            87..=89 => Command::OpenCounter {
                counter,
                staff: None,
            },
            93 => pause(at),
            94 => close(at),
            95 => Command::Configure(variant(self.rule, step.to).into()),
            96 => Command::IfCurrent {
                ticket: match self
                    .station
                    .engine
                    .counter(&counter)
                    .and_then(|c| c.current)
                {
                    Some(current) if step.detail.is_multiple_of(2) => current,
                    _ => self.some_ticket(step),
                },
                command: Command::Finish {
                    counter: counter.clone(),
                }
                .into(),
                counter,
            },
            97 if step.to < 64 => Command::CloseDay,
            _ => {
                self.days += u32::from(step.to.is_multiple_of(3));
                let yesterday = u32::from(step.detail.is_multiple_of(8));
                Command::OpenDay {
                    day: day(self.days.saturating_sub(yesterday)),
                }
            }
        }
    }

    fn target(&mut self, step: Step) -> NumberOrTicket {
        let id = self.some_ticket(step);
        match self.model.paper(id) {
            Some(paper) if step.detail.is_multiple_of(3) => {
                NumberOrTicket::Number(paper.number.parse().expect("a number"))
            }
            _ => NumberOrTicket::Ticket(id),
        }
    }

    /// The same command under the same identity: the same reply, and nothing happens.
    fn repeat(&mut self, which: u8) {
        let Some((command_ref, command, reply)) = self.earlier(which) else {
            return;
        };
        let seq = self.station.engine.seq();
        let again = self.station.send_as(Some(command_ref), command);
        assert_eq!(again, Ok((reply, 0)));
        assert_eq!(self.station.engine.seq(), seq);
    }

    /// Another request under a used identity.
    fn reuse(&mut self, which: u8) {
        let Some((command_ref, command, _)) = self.earlier(which) else {
            return;
        };
        let other = CommandRef {
            digest: command_ref.digest ^ 1,
            ..command_ref
        };
        let refused = self.station.send_as(Some(other), command);
        assert_eq!(refused, Err(Rejected::IdempotencyKeyReused));
    }

    fn earlier(&self, which: u8) -> Option<(CommandRef, Command, Reply)> {
        let at = usize::from(which) % self.done.len().max(1);
        self.done.iter().rev().nth(at).cloned()
    }

    /// Sends a command to both and compares what they say.
    pub(crate) fn run(&mut self, command: Command) {
        let command_ref = self.station.next_ref();
        let seq = self.station.engine.seq();
        let expected = self.model.run(self.station.now.0, &command);
        let got = self.station.send_as(Some(command_ref), command.clone());
        let (reply, did) = match (got, expected) {
            (Ok((reply, events)), Ok(did)) => {
                assert_eq!(events, did.events, "{command:?}");
                (reply, did)
            }
            (Err(rejected), Err(code)) => {
                assert_eq!(rejected.code(), code, "{command:?}");
                assert_eq!(self.station.engine.seq(), seq);
                return;
            }
            (got, expected) => panic!("{command:?}: {got:?}, but the model says {expected:?}"),
        };
        if matches!(command, Command::OpenDay { .. }) && self.model.papers.is_empty() {
            self.done.clear();
            self.states.clear();
            self.keys.clear();
            self.numbers.clear();
            self.overtaken_by.clear();
        }
        if did.events > 0 && self.station.engine.reply_to(command_ref).is_some() {
            self.done
                .push((command_ref, command.clone(), reply.clone()));
        }
        self.check_touched(&command, &did);
        self.check_desks();
        if let Some(chosen) = did.chosen {
            self.check_order(chosen);
            self.check_reason(chosen);
        }
    }

    fn check_touched(&mut self, command: &Command, did: &Did) {
        let undone = matches!(command, Command::Undo { .. });
        let day_closed = matches!(command, Command::CloseDay);
        for id in &did.touched {
            let ticket = self.station.ticket(*id);
            let paper = self.model.paper(*id).expect("the model has it");
            same(ticket, paper);
            no_negative_time(ticket);
            match self.states.insert(*id, ticket.state) {
                None => {
                    assert_eq!(
                        ticket.state,
                        TicketState::Waiting,
                        "a ticket begins in line"
                    );
                    let number = ticket.number.to_string();
                    assert!(self.numbers.insert(number), "a number is given out once");
                }
                Some(was) if was != ticket.state => assert!(
                    listed(was, ticket.state, day_closed)
                        || undone && listed(ticket.state, was, false),
                    "{was:?} to {:?} by {command:?}",
                    ticket.state
                ),
                Some(_) => {}
            }
            // The place in line is fixed at issue: transfer, hold, no-show and undo keep it.
            let key = self.keys.entry(*id).or_insert(ticket.key);
            assert_eq!(*key, ticket.key);
        }
    }

    fn check_desks(&self) {
        for (id, desk) in &self.model.desks {
            let c = self.station.engine.counter(id).expect("the engine has it");
            assert_eq!(
                (&c.state, c.current),
                (&desk.state, desk.current),
                "counter {id}"
            );
        }
    }

    /// Who was called was not called past somebody with a better right.
    fn check_order(&mut self, chosen: TicketId) {
        let winner = self.model.paper(chosen).expect("the model has it");
        let counter = winner.counter.clone().expect("it was called");
        let rule = self.model.plan.rules.discipline;
        for other in self.model.line_of(&counter) {
            if other.service == winner.service && other.class == winner.class {
                let earlier =
                    self.station.ticket(other.id).key.seq < self.station.ticket(chosen).key.seq;
                assert!(
                    !earlier,
                    "first come, first served within class and service"
                );
            }
            if matches!(rule, Discipline::Ratio { .. }) && !self.model.has_priority(winner) {
                assert!(
                    !self.model.has_priority(other) || self.came_first(winner, other),
                    "regular before a priority ticket that came earlier"
                );
            }
            if rule == Discipline::HeadStart && other.issued < winner.issued {
                assert!(
                    self.model.counts_from(winner) < self.model.counts_from(other),
                    "overtaken without a head start"
                );
                assert!(winner.issued <= other.issued + LARGEST_CREDIT_MS);
                self.overtaken_by
                    .entry(other.id)
                    .or_default()
                    .insert(chosen);
            }
        }
    }

    fn came_first(&self, paper: &Paper, than: &Paper) -> bool {
        let key = |p: &Paper| self.station.ticket(p.id).key;
        key(paper) < key(than)
    }

    /// The stored reason says what was compared.
    fn check_reason(&self, chosen: TicketId) {
        let ticket = self.station.ticket(chosen);
        let reason = ticket.called_because.as_deref().expect("a reason");
        let CallReason::Chosen(choice) = reason else {
            panic!("{chosen} was not chosen: {reason:?}");
        };
        let winner = self.model.paper(chosen).expect("the model has it");
        let counter = winner.counter.as_ref().expect("it was called");
        let others = self.model.line_of(counter);
        let oldest = others
            .into_iter()
            .min_by_key(|p| self.station.ticket(p.id).key);
        let passed = oldest.filter(|oldest| self.came_first(oldest, winner));
        let named = choice.passed.as_ref();
        assert_eq!(choice.called.ticket, chosen);
        assert_eq!(choice.called.base.0, winner.issued);
        assert_eq!(choice.called.class, winner.class);
        assert_eq!(choice.at, self.station.now);
        assert_eq!(choice.discipline, self.model.plan.rules.discipline);
        assert_eq!(named.map(|p| p.ticket), passed.map(|p| p.id));
        let Some(passed) = passed else {
            assert_eq!(reason.explain(), Explanation::CameFirst);
            return;
        };
        let points =
            |p: &Paper| (self.station.now.0 - p.issued) * i64::from(self.model.rate(p)) / 1_000_000;
        let expected = match choice.discipline {
            Discipline::HeadStart => Explanation::HeadStart {
                class: winner.class.clone(),
                credit_s: u32::try_from((winner.issued - self.model.counts_from(winner)) / 1_000)
                    .expect("small"),
                counts_from: StationTime(self.model.counts_from(winner)),
                passed_counts_from: StationTime(self.model.counts_from(passed)),
            },
            Discipline::Fcfs => panic!("nobody passes"),
            Discipline::Strict => {
                assert!(self.model.rank(winner) < self.model.rank(passed));
                Explanation::Rank {
                    class: winner.class.clone(),
                    passed_class: passed.class.clone(),
                }
            }
            Discipline::Accumulating => Explanation::Points {
                class: winner.class.clone(),
                points: points(winner),
                passed_points: points(passed),
            },
            Discipline::Ratio { priority, regular } => {
                assert_eq!(choice.turn, Some(Side::Priority));
                assert!(self.model.has_priority(winner) && !self.model.has_priority(passed));
                Explanation::Turn {
                    class: winner.class.clone(),
                    priority: priority.get(),
                    regular: regular.get(),
                }
            }
        };
        assert_eq!(reason.explain(), expected);
    }

    /// Everything that holds for the station as a whole.
    pub(crate) fn check_whole(&self) {
        let engine = &self.station.engine;
        assert_eq!(engine.tickets().count(), self.model.papers.len());
        for paper in &self.model.papers {
            same(self.station.ticket(paper.id), paper);
        }
        conserved(engine);
        one_to_one(engine);
        let lines = engine.lines();
        let now = self.station.now;
        for id in self.model.desks.keys() {
            let expected: Vec<_> = self
                .model
                .callable(id, now.0)
                .iter()
                .map(|p| p.id)
                .collect();
            let callable = lines.map(|l| l.callable_by(engine.plan(), id, now));
            let got: Vec<_> = callable.into_iter().flatten().map(|p| p.ticket).collect();
            assert_eq!(got, expected, "the line of counter {id}");
            let next = lines
                .and_then(|l| l.select(engine.plan(), id, now))
                .map(|selected| selected.called.place.ticket);
            assert_eq!(next, expected.first().copied());
        }
        for (id, by) in &self.overtaken_by {
            let issued = self.station.ticket(*id).issued_at;
            let arrivals = engine.tickets().filter(|t| {
                t.issued_at > issued && t.issued_at.since_ms(issued) <= LARGEST_CREDIT_MS
            });
            assert!(by.len() <= arrivals.count());
        }
        self.check_views();
    }

    /// How many of a line the engine puts in front of somebody who need not stand in it.
    fn ahead_of(&self, paper: &Paper, line: &queue_core::ServiceId) -> usize {
        let engine = &self.station.engine;
        let newcomer = SortKey {
            base_ms: paper.issued,
            seq: u64::MAX,
        };
        let place = Place {
            key: engine.ticket(paper.id).map_or(newcomer, |t| t.key),
            ticket: paper.id,
        };
        let standing = Standing::new(engine.plan(), Some(&paper.class), place);
        let lines = engine.lines().expect("a day");
        lines.ahead_of(engine.plan(), line, &standing, self.station.now)
    }

    /// Whether a counter that is free would call this one before all others.
    fn is_next_somewhere(&self, paper: &Paper) -> bool {
        let free = |c: &&queue_core::CounterId| {
            let desk = &self.model.desks[*c];
            desk.state == queue_core::CounterState::Open && desk.current.is_none()
        };
        let able = self.station.engine.plan().counters_for(&paper.service);
        able.filter(free).any(|c| {
            let mut line = self.model.line_of(c);
            if line.iter().all(|p| p.id != paper.id) {
                line.push(paper);
            }
            let first = self.model.in_order(line, self.station.now.0)[0];
            first.id == paper.id
        })
    }

    /// What visitors are told agrees with the lines.
    fn check_views(&self) {
        let engine = &self.station.engine;
        let board = engine.board(self.station.now);
        for row in &board.services {
            let newcomer = self.model.newcomer(&row.id, self.station.now.0);
            assert_eq!(
                row.estimate == Estimate::NoWait,
                self.is_next_somewhere(&newcomer),
                "a newcomer does not wait: {row:?}"
            );
            let waits = |p: &&Paper| {
                p.state == TicketState::Waiting && p.service == row.id && p.directed_to.is_none()
            };
            // Somebody of another line, or who would come now, put among them.
            let waiting = |p: &&Paper| p.state == TicketState::Waiting && !waits(p);
            let strangers = self.model.papers.iter().filter(waiting).take(5);
            for stranger in strangers.chain(std::iter::once(&newcomer)) {
                let among = |p: &&Paper| waits(p) || p.id == stranger.id;
                let mut line: Vec<&Paper> = self.model.papers.iter().filter(among).collect();
                if stranger.id == newcomer.id {
                    line.push(stranger);
                }
                let line = self.model.in_order(line, self.station.now.0);
                let expected = line.iter().position(|p| p.id == stranger.id);
                assert_eq!(Some(self.ahead_of(stranger, &row.id)), expected);
            }
            let line: Vec<&Paper> = self.model.papers.iter().filter(waits).collect();
            let line = self.model.in_order(line, self.station.now.0);
            assert_eq!(row.waiting, line.len());
            assert_eq!(
                row.oldest_waiting_since.map(|t| t.0),
                line.iter().map(|p| p.issued).min()
            );
            for (ahead, paper) in line.iter().enumerate() {
                let view = engine
                    .ticket_view(self.station.now, paper.id)
                    .expect("known");
                assert_eq!(view.ahead, ahead);
                let shown: Vec<_> = view.in_front.iter().map(ToString::to_string).collect();
                let first = line[..ahead.min(8)].iter().map(|p| p.number.clone());
                assert!(first.eq(shown));
                assert_eq!(
                    view.estimate == Some(Estimate::NoWait),
                    self.is_next_somewhere(paper),
                    "{paper:?} does not wait"
                );
                let closed = view.estimate == Some(Estimate::NoCounterOpen);
                assert_eq!(
                    closed,
                    row.open_counters == 0,
                    "a number needs an open counter"
                );
            }
        }
    }
}

/// The `n`th business day of a test.
fn day(n: u32) -> queue_core::BusinessDay {
    let date = format!("2026-{:02}-{:02}", n / 28 % 12 + 1, n % 28 + 1);
    date.parse().expect("a date")
}

/// Two calls of priority, then three regular ones.
pub(crate) fn ratio() -> Discipline {
    let number = |n| NonZeroU8::new(n).expect("more than nothing");
    Discipline::Ratio {
        priority: number(2),
        regular: number(3),
    }
}

/// The station under another rule.
pub(crate) fn under(rule: Discipline) -> StationPlan {
    let mut plan = plan();
    plan.rules.discipline = rule;
    plan
}

/// Plans to change to and back from: other numbers of the classes, a counter less, a service less, other skills, a
/// class less, another rule.
fn variant(rule: Discipline, which: u8) -> StationPlan {
    let mut changed = under(rule);
    match which % 8 {
        0 => {
            for class in changed.classes.values_mut() {
                class.credit_s /= 2;
                class.rank = class.rank.wrapping_sub(1) % 4;
                class.rate_permille = 3_500 - class.rate_permille;
            }
        }
        1 => {
            changed.counters.remove(&counter("3"));
        }
        2 => {
            changed.services.remove(&service("stay"));
            for desk in changed.counters.values_mut() {
                desk.skills.remove(&service("stay"));
            }
        }
        3 => {
            for desk in changed.counters.values_mut() {
                desk.skills.insert(service("enquiry"));
            }
        }
        4 => {
            changed.classes.remove(&class("appointment"));
        }
        5 => {
            changed.rules.discipline = [
                Discipline::HeadStart,
                Discipline::Fcfs,
                Discipline::Strict,
                Discipline::Accumulating,
                ratio(),
            ][usize::from(which / 8) % 5];
        }
        _ => {}
    }
    changed
}
