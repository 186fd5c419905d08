//! A small station for tests: decides, records and applies commands in rising time, and keeps the log.

// Every test binary compiles this file for itself and uses a part of it.
#![allow(dead_code)]

use queue_core::{
    Actor, AppointmentPlan, ClassId, ClassPlan, Command, CommandId, CommandRef, Counter, CounterId,
    CounterPlan, Decision, Engine, Envelope, Event, NewTicket, NumberOrTicket, ProfileId, Recorded,
    Rejected, Reply, Rules, Series, ServiceId, ServicePlan, SlotPlan, StationPlan, StationTime,
    Ticket, TicketId, TicketState, ZoneId,
};

/// 2026-11-16 08:00:00 in Taipei.
pub(crate) const MORNING: StationTime = StationTime(1_794_787_200_000);
pub(crate) const SECOND_MS: i64 = 1_000;
pub(crate) const MINUTE_MS: i64 = 60 * SECOND_MS;

pub(crate) fn service(id: &str) -> ServiceId {
    ServiceId::new(id).expect("a service id")
}

pub(crate) fn counter(id: &str) -> CounterId {
    CounterId::new(id).expect("a counter id")
}

pub(crate) fn profile(id: &str) -> ProfileId {
    ProfileId::new(id).expect("a profile id")
}

pub(crate) fn zone(id: &str) -> ZoneId {
    ZoneId::new(id).expect("a zone id")
}

pub(crate) fn class(id: &str) -> ClassId {
    ClassId::new(id).expect("a class id")
}

pub(crate) fn series(letters: &str) -> Series {
    Series::new(letters).expect("a series")
}

/// Services `card` and `enquiry` share series A, `stay` has B; counter 1 does everything, 2 cards and enquiries (and
/// asks for ratings), 3 stays only. Priority has a head start of 20 minutes, appointments of 10. One can make an
/// appointment for cards (two at a time, a quarter of an hour) and stays (one, half an hour).
pub(crate) fn plan() -> StationPlan {
    let services = [("card", "A"), ("enquiry", "A"), ("stay", "B")].map(|(id, letters)| {
        let plan = ServicePlan {
            series: series(letters),
            wait_standard_s: Some(1_200),
            expected_handling_s: 300,
            steps: vec![],
            identity_check: false,
        };
        (service(id), plan)
    });
    let classes = [
        ("regular", 0, 3, 1_000),
        ("appointment", 600, 2, 1_500),
        ("priority", 1_200, 1, 2_000),
    ]
    .map(|(id, credit_s, rank, rate_permille)| {
        let plan = ClassPlan {
            credit_s,
            rank,
            rate_permille,
        };
        (class(id), plan)
    });
    let counters: [(&str, &[&str], bool); 3] = [
        ("1", &["card", "enquiry", "stay"], false),
        ("2", &["card", "enquiry"], true),
        ("3", &["stay"], false),
    ];
    StationPlan {
        services: services.into(),
        classes: classes.into(),
        default_class: Some(class("regular")),
        counters: counters
            .map(|(id, skills, asks_rating)| {
                let skills = skills.iter().map(|s| service(s)).collect();
                let plan = CounterPlan {
                    skills,
                    asks_rating,
                    ..CounterPlan::default()
                };
                (counter(id), plan)
            })
            .into(),
        profiles: Default::default(),
        rules: Rules::default(),
        limits: Default::default(),
        zones: Default::default(),
        sessions: Default::default(),
        appointments: Some(appointments()),
    }
}

fn appointments() -> AppointmentPlan {
    let services = [("card", 900, 2), ("stay", 1_800, 1)].map(|(id, slot_s, capacity)| {
        let slots = SlotPlan {
            slot_s,
            capacity,
            book_until_s: 600,
            book_from_s: 86_400,
        };
        (service(id), slots)
    });
    AppointmentPlan {
        class: Some(class("appointment")),
        grace_s: 600,
        check_in_before_s: 1_800,
        missed_after_s: 3_600,
        callable_before_s: 600,
        services: services.into(),
    }
}

/// An engine with its log and its clock.
#[derive(Clone, Default)]
pub(crate) struct Station {
    pub(crate) engine: Engine,
    pub(crate) log: Vec<Recorded>,
    pub(crate) now: StationTime,
    commands: u128,
    tickets: u128,
}

impl Station {
    /// Before the first event.
    pub(crate) fn new() -> Self {
        Self {
            now: MORNING,
            ..Self::default()
        }
    }

    /// The station of [`plan`] with an open day; its counters are still closed.
    pub(crate) fn with_open_day() -> Self {
        let mut station = Self::new();
        station.must(Command::Configure(plan().into()));
        station.must(open_day("2026-11-16"));
        station
    }

    /// The station of [`plan`] with an open day and these counters open.
    pub(crate) fn open(counters: &[&str]) -> Self {
        let mut station = Self::with_open_day();
        for id in counters {
            station.open_counter(id);
        }
        station
    }

    pub(crate) fn wait_ms(&mut self, ms: i64) {
        self.now = self.now.plus_ms(ms);
    }

    pub(crate) fn next_ref(&mut self) -> CommandRef {
        self.commands += 1;
        CommandRef {
            id: CommandId(self.commands),
            digest: 7,
        }
    }

    pub(crate) fn next_ticket_id(&mut self) -> TicketId {
        self.tickets += 1;
        // Spread over the range, so that the order of ids is not the order of issue.
        TicketId(
            self.tickets
                .wrapping_mul(0x9e37_79b9_7f4a_7c15_f39c_c060_5ced_c835),
        )
    }

    /// Sends a command under a fresh id: the reply, and how many events it made.
    pub(crate) fn send(&mut self, command: Command) -> Result<(Reply, usize), Rejected> {
        let command_ref = self.next_ref();
        self.send_as(Some(command_ref), command)
    }

    /// Sends a command under a given identity, as the writer does.
    pub(crate) fn send_as(
        &mut self,
        command_ref: Option<CommandRef>,
        command: Command,
    ) -> Result<(Reply, usize), Rejected> {
        let actor = Actor("counter/1".into());
        let envelope = Envelope {
            command_ref,
            actor: actor.clone(),
            command,
        };
        let events = match self.engine.decide(self.now, &envelope)? {
            Decision::Repeat(reply) => return Ok((reply, 0)),
            Decision::Events(events) => events,
        };
        let made = events.len();
        for event in events {
            self.record(actor.clone(), command_ref, event);
        }
        let reply = command_ref
            .filter(|_| made > 0)
            .and_then(|r| self.engine.reply_to(r).cloned());
        Ok((reply.unwrap_or(Reply::Done { ticket: None }), made))
    }

    fn record(&mut self, actor: Actor, command: Option<CommandRef>, event: Event) {
        let recorded = Recorded {
            seq: self.engine.seq() + 1,
            at: self.now,
            actor,
            command,
            event,
        };
        self.engine.apply(&recorded);
        self.log.push(recorded);
    }

    /// Sends a command that has to be accepted, one second after the last.
    #[track_caller]
    pub(crate) fn must(&mut self, command: Command) -> Reply {
        self.wait_ms(SECOND_MS);
        let shown = format!("{command:?}");
        match self.send(command) {
            Ok((reply, _)) => reply,
            Err(rejected) => panic!("{shown} was refused: {rejected}"),
        }
    }

    /// Sends a command that has to be refused; the code. Refusing must not change anything.
    #[track_caller]
    pub(crate) fn refused(&mut self, command: Command) -> &'static str {
        let before = self.engine.clone();
        let shown = format!("{command:?}");
        match self.send(command) {
            Ok(_) => panic!("{shown} was accepted"),
            Err(rejected) => {
                assert!(
                    self.engine == before,
                    "{shown} was refused and changed something"
                );
                rejected.code()
            }
        }
    }

    #[track_caller]
    pub(crate) fn open_counter(&mut self, id: &str) {
        self.must(Command::OpenCounter {
            counter: counter(id),
            staff: None,
        });
    }

    #[track_caller]
    pub(crate) fn issue(&mut self, service: &str) -> TicketId {
        self.issue_as(service, None)
    }

    #[track_caller]
    pub(crate) fn issue_as(&mut self, id: &str, class_id: Option<&str>) -> TicketId {
        let ticket = self.next_ticket_id();
        self.must(Command::IssueTicket(NewTicket {
            ticket,
            service: service(id),
            class: class_id.map(class),
            language: None,
            channel: service("kiosk"),
            persons: 1,
            then: vec![],
            terms: Default::default(),
        }));
        ticket
    }

    /// Calls next and says whom.
    #[track_caller]
    pub(crate) fn call(&mut self, id: &str) -> TicketId {
        match self.must(call_next(id)) {
            Reply::Called { ticket, .. } => ticket,
            other => panic!("called nobody: {other:?}"),
        }
    }

    /// Calls next and starts.
    #[track_caller]
    pub(crate) fn serve(&mut self, id: &str) -> TicketId {
        let ticket = self.call(id);
        self.must(Command::Start {
            counter: counter(id),
        });
        ticket
    }

    #[track_caller]
    pub(crate) fn ticket(&self, id: TicketId) -> &Ticket {
        self.engine.ticket(id).expect("the ticket is known")
    }

    #[track_caller]
    pub(crate) fn state(&self, id: TicketId) -> TicketState {
        self.ticket(id).state
    }

    #[track_caller]
    pub(crate) fn counter(&self, id: &str) -> &Counter {
        self.engine
            .counter(&counter(id))
            .expect("the counter is known")
    }

    #[track_caller]
    pub(crate) fn number(&self, id: TicketId) -> String {
        self.ticket(id).number.to_string()
    }

    /// The kinds of the last `n` events.
    pub(crate) fn last_kinds(&self, n: usize) -> Vec<&'static str> {
        let from = self.log.len().saturating_sub(n);
        self.log[from..].iter().map(|r| r.event.kind()).collect()
    }
}

/// The state after replaying a log from nothing.
pub(crate) fn replay<'a>(log: impl IntoIterator<Item = &'a Recorded>) -> Engine {
    let mut engine = Engine::new();
    log.into_iter().for_each(|recorded| engine.apply(recorded));
    engine
}

pub(crate) fn open_day(date: &str) -> Command {
    Command::OpenDay {
        day: date.parse().expect("a date"),
        hours: None,
    }
}

pub(crate) fn call_next(id: &str) -> Command {
    Command::CallNext {
        counter: counter(id),
    }
}

pub(crate) fn call_ticket(id: &str, ticket: TicketId) -> Command {
    Command::CallTicket {
        counter: counter(id),
        target: NumberOrTicket::Ticket(ticket),
        reason: None,
    }
}

pub(crate) fn recall(id: &str) -> Command {
    Command::Recall {
        counter: counter(id),
    }
}

pub(crate) fn start(id: &str) -> Command {
    Command::Start {
        counter: counter(id),
    }
}

pub(crate) fn finish(id: &str) -> Command {
    Command::Finish {
        counter: counter(id),
    }
}

pub(crate) fn finish_and_next(id: &str) -> Command {
    Command::FinishAndCallNext {
        counter: counter(id),
    }
}

pub(crate) fn no_show(id: &str) -> Command {
    Command::MarkNoShow {
        counter: counter(id),
    }
}

pub(crate) fn hold(id: &str) -> Command {
    Command::Hold {
        counter: counter(id),
        reason: "form missing".into(),
        room: None,
    }
}

pub(crate) fn resume(id: &str, target: Option<TicketId>) -> Command {
    Command::Resume {
        counter: counter(id),
        target: target.map(NumberOrTicket::Ticket),
    }
}

pub(crate) fn transfer(id: &str, to_service: Option<&str>, to_counter: Option<&str>) -> Command {
    Command::Transfer {
        counter: counter(id),
        to_service: to_service.map(service),
        to_counter: to_counter.map(counter),
    }
}

pub(crate) fn undo(id: &str) -> Command {
    Command::Undo {
        counter: counter(id),
    }
}

pub(crate) fn pause(id: &str) -> Command {
    Command::PauseCounter {
        counter: counter(id),
        reason: "lunch".into(),
        until: None,
    }
}

pub(crate) fn set_auto(id: &str, on: bool) -> Command {
    Command::SetAutoCall {
        counter: counter(id),
        on,
    }
}

pub(crate) fn store_next(id: &str, on: bool) -> Command {
    Command::StoreNext {
        counter: counter(id),
        on,
    }
}

pub(crate) fn set_profile(id: &str, to: Option<&str>) -> Command {
    Command::SetProfile {
        counter: counter(id),
        profile: to.map(profile),
    }
}

pub(crate) fn close(id: &str) -> Command {
    Command::CloseCounter {
        counter: counter(id),
    }
}

pub(crate) fn cancel(ticket: TicketId) -> Command {
    Command::CancelTicket { ticket }
}

pub(crate) fn rate(ticket: TicketId, score: u8) -> Command {
    Command::Rate {
        ticket,
        score,
        reasons: vec![],
        comment: None,
    }
}

pub(crate) fn come_back(ticket: TicketId) -> Command {
    Command::ReturnTicket {
        target: NumberOrTicket::Ticket(ticket),
    }
}

pub(crate) fn defer(ticket: TicketId, count: u8) -> Command {
    Command::Defer { ticket, count }
}

pub(crate) fn urgent(ticket: TicketId) -> Command {
    Command::Prioritise {
        target: NumberOrTicket::Ticket(ticket),
        reason: "medical".into(),
    }
}

pub(crate) fn complete_rating(ticket: TicketId) -> Command {
    Command::CompleteRating {
        ticket,
        reasons: vec!["waiting".into()],
        comment: None,
    }
}
