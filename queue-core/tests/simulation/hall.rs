//! A hall whose visitors come and are handled at given or random times. Who is called is decided by the engine alone, by
//! the commands that counters and kiosks send.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap};

use queue_core::{
    Actor, ClassId, Command, CounterId, CounterPlan, Decision, Engine, Envelope, NewTicket,
    Recorded, Series, ServiceId, ServicePlan, StationPlan, StationTime, TicketId,
};

/// Milliseconds of the simulated unit of time, one minute.
pub(crate) const UNIT_MS: f64 = 60_000.0;

/// A station with one service and equal counters.
pub(crate) struct Hall {
    engine: Engine,
    service: ServiceId,
    now: StationTime,
    idle: Vec<CounterId>,
    /// Ends of handling to come: when, at which counter.
    ends: BinaryHeap<Reverse<(i64, CounterId)>>,
    issued: u128,
    calls: Vec<Call>,
    visitors: BTreeMap<TicketId, usize>,
}

/// One call.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Call {
    /// The visitor, counted from 0 in the order of coming.
    pub(crate) visitor: usize,
    /// When, milliseconds.
    pub(crate) at_ms: i64,
    /// Wait, milliseconds.
    pub(crate) wait_ms: i64,
}

impl Hall {
    /// Opens the day with `counters` equal counters under the classes and the rule of `plan`.
    pub(crate) fn open(mut plan: StationPlan, counters: usize) -> Self {
        let service = ServiceId::new("matter").expect("an id");
        let service_plan = ServicePlan {
            series: Series::new("A").expect("a series"),
            wait_standard_s: Some(600),
            expected_handling_s: 300,
            steps: vec![],
            identity_check: false,
        };
        plan.services = [(service.clone(), service_plan)].into();
        let ids = (1..=counters).map(|n| CounterId::new(&n.to_string()).expect("an id"));
        let counter_plan = CounterPlan {
            skills: [service.clone()].into(),
            ..CounterPlan::default()
        };
        plan.counters = ids.map(|id| (id, counter_plan.clone())).collect();
        let idle = plan.counters.keys().rev().cloned().collect::<Vec<_>>();
        let mut hall = Self {
            engine: Engine::new(),
            service,
            now: StationTime(1_794_787_200_000),
            idle: idle.clone(),
            ends: BinaryHeap::new(),
            issued: 0,
            calls: vec![],
            visitors: BTreeMap::new(),
        };
        hall.send(Command::Configure(plan.into()));
        let day = "2026-11-16".parse().expect("a date");
        hall.send(Command::OpenDay { day, hours: None });
        for counter in idle {
            hall.send(Command::OpenCounter {
                counter,
                staff: None,
            });
        }
        hall
    }

    fn send(&mut self, command: Command) {
        let actor = Actor(String::new());
        let envelope = Envelope {
            command_ref: None,
            actor: actor.clone(),
            command,
        };
        let decision = self.engine.decide(self.now, &envelope).expect("accepted");
        let Decision::Events(events) = decision else {
            panic!("nothing is repeated");
        };
        for event in events {
            self.engine.apply(&Recorded {
                seq: self.engine.seq() + 1,
                at: self.now,
                actor: actor.clone(),
                command: None,
                event,
            });
        }
    }

    /// Lets visitors come at these times (rising, milliseconds) and handles everybody; `handling_ms` is asked in the
    /// order of the calls.
    pub(crate) fn run(
        mut self,
        arrivals: impl IntoIterator<Item = (i64, ClassId)>,
        mut handling_ms: impl FnMut(usize) -> i64,
    ) -> Vec<Call> {
        let begin = self.now;
        let mut arrivals = arrivals.into_iter().peekable();
        loop {
            let next = arrivals.peek().map(|(at, _)| *at);
            let end = self.ends.peek().map(|Reverse((at, _))| *at);
            match (next, end) {
                (None, None) => return self.calls,
                // Who leaves at the moment somebody comes has left.
                (Some(next), end) if end.is_none_or(|end| next < end) => {
                    let (_, class) = arrivals.next().expect("peeked");
                    self.now = begin.plus_ms(next);
                    self.come(class);
                    if let Some(counter) = self.idle.pop() {
                        let command = Command::CallNext {
                            counter: counter.clone(),
                        };
                        self.call(command, counter, begin, &mut handling_ms);
                    }
                }
                _ => {
                    let Reverse((end, counter)) = self.ends.pop().expect("peeked");
                    self.now = begin.plus_ms(end);
                    let command = Command::FinishAndCallNext {
                        counter: counter.clone(),
                    };
                    self.call(command, counter, begin, &mut handling_ms);
                }
            }
        }
    }

    fn come(&mut self, class: ClassId) {
        self.issued += 1;
        let ticket = TicketId(self.issued.wrapping_mul(0x9e37_79b9_7f4a_7c15));
        self.visitors.insert(ticket, self.visitors.len());
        self.send(Command::IssueTicket(NewTicket {
            ticket,
            service: self.service.clone(),
            class: Some(class),
            language: None,
            channel: self.service.clone(),
            persons: 1,
            then: vec![],
            terms: Default::default(),
        }));
    }

    fn call(
        &mut self,
        command: Command,
        counter: CounterId,
        begin: StationTime,
        handling_ms: &mut impl FnMut(usize) -> i64,
    ) {
        self.send(command);
        let current = self.engine.counter(&counter).and_then(|c| c.current);
        let Some(called) = current.and_then(|id| self.engine.ticket(id)) else {
            self.idle.push(counter);
            return;
        };
        let visitor = self.visitors[&called.id];
        let at_ms = self.now.since_ms(begin);
        self.calls.push(Call {
            visitor,
            at_ms,
            wait_ms: self.now.since_ms(called.issued_at),
        });
        self.ends
            .push(Reverse((at_ms + handling_ms(visitor), counter)));
    }
}
