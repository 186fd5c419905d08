//! Random days: from small numbers to commands, run by engine and model side by side.

use std::collections::{BTreeMap, BTreeSet};

use queue_core::{
    Command, Engine, Event, IdentityDocument, NewTicket, NumberOrTicket, Recorded, RoomPlan,
    SeatPlace, ServiceId, SessionPlan, SessionRef, SessionStep, StationPlan, StationTime, Terms,
    TicketId, TicketState, Timetable, Window,
};

use crate::common::*;
use crate::model::{Model, Refused, Wanted};

/// One step of a trace: small numbers, so that a failing trace shrinks well.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Step {
    pub(crate) what: u8,
    pub(crate) to: u8,
    pub(crate) detail: u8,
    pub(crate) pause: u8,
}

const PAUSES_MS: [i64; 12] = [
    0, 0, 0, 1_000, 1_000, 4_000, 8_000, 8_001, 20_000, 60_000, 150_000, 400_000,
];
/// From the begin of one session to the next.
const EVERY_MS: i64 = 30 * MINUTE_MS;
const A_DAY: usize = 12;

fn windows(n: u16, name: &str) -> RoomPlan {
    RoomPlan {
        name: name.into(),
        windows: n,
    }
}

/// A room of three windows and one of one; one seat of the four is kept for priority and for who asked over the web.
pub(crate) fn rules_of_visits() -> SessionPlan {
    SessionPlan {
        rooms: vec![windows(3, "A"), windows(1, "B")],
        reserved: 1,
        reserved_classes: [class("priority")].into(),
        reserved_channels: [service("web")].into(),
        remote_channels: [service("web")].into(),
        check_in_before_s: 900,
        release_before_s: 1_200,
        persons_max: 3,
        ahead: 3,
        waiting_max: 2,
    }
}

/// The plan of the other tests with two services that have sessions, the second behind the identity check.
pub(crate) fn plan_of_visits() -> StationPlan {
    let mut plan = plan();
    for (id, checked) in [("visit", false), ("interview", true)] {
        let mut of = plan.services[&service("card")].clone();
        of.identity_check = checked;
        plan.services.insert(service(id), of);
    }
    let interviews = SessionPlan {
        rooms: vec![windows(2, "C")],
        reserved: 0,
        release_before_s: 0,
        waiting_max: 3,
        ..rules_of_visits()
    };
    plan.sessions = BTreeMap::from([
        (service("visit"), rules_of_visits()),
        (service("interview"), interviews),
    ])
    .into();
    plan
}

/// Sessions one after the other, the first at `from`.
pub(crate) fn timetable(from: StationTime, n: usize) -> Timetable {
    let begins = (0..n as i64).map(|nth| from.plus_ms(nth * EVERY_MS));
    let windows: Vec<_> = begins
        .map(|from| Window {
            from,
            until: from.plus_ms(EVERY_MS),
        })
        .collect();
    [
        (service("visit"), windows.clone()),
        (service("interview"), windows),
    ]
    .into()
}

/// Engine and model side by side.
pub(crate) struct Race {
    pub(crate) station: Station,
    model: Model,
    /// What happened, and how often.
    pub(crate) seen: BTreeMap<&'static str, u32>,
    /// Who had a seat after the last step.
    seated: BTreeSet<TicketId>,
    days: u32,
    stored: Option<(usize, String)>,
}

impl Race {
    pub(crate) fn new() -> Self {
        let mut race = Self {
            station: Station::new(),
            model: Model::default(),
            seen: BTreeMap::new(),
            seated: BTreeSet::new(),
            days: 0,
            stored: None,
        };
        race.station
            .must(Command::Configure(plan_of_visits().into()));
        race.begin_day();
        race
    }

    fn begin_day(&mut self) {
        self.station.must(open_day(&format!(
            "20{}-{:02}-{:02}",
            26 + self.days / 336,
            self.days / 28 % 12 + 1,
            self.days % 28 + 1
        )));
        self.days += 1;
        self.model = Model::under(plan_of_visits().sessions.0);
        self.seated.clear();
        let from = self.station.now.plus_ms(20 * MINUTE_MS);
        let sessions = timetable(from, A_DAY);
        for (service, windows) in &sessions {
            let keys = windows.iter().map(|w| (service.clone(), w.from.0));
            self.model
                .sessions
                .extend(keys.map(|key| (key, Default::default())));
        }
        self.station.must(Command::SetSessions { sessions });
    }

    fn some_service(&self, step: Step) -> ServiceId {
        service(if step.detail.is_multiple_of(4) {
            "interview"
        } else {
            "visit"
        })
    }

    /// Mostly a session around now.
    fn some_session(&self, service: &ServiceId, step: Step) -> i64 {
        let of = self.model.sessions.keys().filter(|(s, _)| s == service);
        let begins: Vec<_> = of.map(|(_, begins)| *begins).collect();
        let next = begins.iter().filter(|b| **b < self.station.now.0).count();
        let at = (next + usize::from(step.to % 5)).saturating_sub(1);
        begins[at.min(begins.len() - 1)]
    }

    /// Where work is to be done: the first session with somebody in it, or around now.
    fn busy_session(&self, service: &ServiceId, step: Step) -> i64 {
        let of = self.model.visitors.iter();
        let open = of.filter(|v| v.service == *service && v.is_open());
        match open.map(|v| v.begins).min() {
            Some(begins) if !step.to.is_multiple_of(4) => {
                begins + EVERY_MS * i64::from(step.to % 8 == 1)
            }
            _ => self.some_session(service, step),
        }
    }

    fn somebody(&mut self, step: Step, wanted: TicketState) -> TicketId {
        let of = self.model.visitors.iter();
        let such: Vec<_> = of
            .filter(|v| v.state == wanted || step.detail.is_multiple_of(16))
            .map(|v| v.id)
            .collect();
        match such.len() {
            0 => self.station.next_ticket_id(),
            n => such[usize::from(step.to) % n],
        }
    }

    pub(crate) fn step(&mut self, step: Step) {
        self.station
            .wait_ms(PAUSES_MS[usize::from(step.pause) % PAUSES_MS.len()]);
        let now = self.station.now.0;
        self.model.settle_all(now);
        let service = self.some_service(step);
        let (command, expected, keeps_seats) = self.command(now, &service, step);
        let seq = self.station.engine.seq();
        let got = self.station.send(command.clone());
        match (got, expected) {
            (Ok((_, events)), Ok(did)) => assert_eq!(events, did, "{command:?}"),
            (Err(rejected), Err(code)) => {
                assert_eq!(rejected.code(), code, "{command:?}");
                assert_eq!(self.station.engine.seq(), seq);
                *self.seen.entry(code).or_default() += 1;
            }
            (got, expected) => panic!("{command:?}: {got:?}, but the model says {expected:?}"),
        }
        self.model.settle_all(now);
        for rule in std::mem::take(&mut self.model.happened) {
            *self.seen.entry(rule).or_default() += 1;
        }
        self.check(keeps_seats);
        let last = self.model.sessions.keys().map(|(_, begins)| *begins).max();
        if last.is_some_and(|last| now > last + EVERY_MS) {
            self.end_day();
        }
    }

    fn end_day(&mut self) {
        self.station.must(Command::CloseDay);
        self.model.close();
        self.check(false);
        // Nobody is forgotten.
        assert!(self.station.engine.tickets().all(|t| !t.state.is_open()));
        let issued = self.model.visitors.len();
        assert_eq!(self.station.engine.tickets().count(), issued);
        self.station.wait_ms(10 * 60 * MINUTE_MS);
        self.begin_day();
    }

    fn command(
        &mut self,
        now: i64,
        service: &ServiceId,
        step: Step,
    ) -> (Command, Result<usize, Refused>, bool) {
        let ticket = |id| NumberOrTicket::Ticket(id);
        match step.what {
            0..=21 => {
                let wanted = Wanted {
                    id: self.station.next_ticket_id(),
                    service: service.clone(),
                    session: (step.detail % 8 < 4).then(|| self.some_session(service, step)),
                    class: ["regular", "regular", "priority"][usize::from(step.detail % 3)],
                    channel: ["kiosk", "kiosk", "web", "greeter"][usize::from(step.to % 4)],
                    persons: [1, 2, 3, 1, 1, 1, 4][usize::from(step.detail % 7)],
                    checks_identity: service.as_str() == "interview",
                };
                let new = NewTicket {
                    ticket: wanted.id,
                    service: service.clone(),
                    then: vec![],
                    class: Some(class(wanted.class)),
                    language: None,
                    channel: crate::common::service(wanted.channel),
                    persons: wanted.persons,
                    terms: Terms::default(),
                };
                let command = match wanted.session {
                    None => Command::IssueTicket(new),
                    Some(begins) => Command::Enrol {
                        wanted: new,
                        session: Some(StationTime(begins)),
                    },
                };
                let expected = self.model.enrol(now, wanted);
                (command, expected, true)
            }
            22..=27 => {
                let id = self.somebody(step, TicketState::Enrolled);
                let command = Command::CheckInToSession { target: ticket(id) };
                (command, self.model.check_in(now, id), true)
            }
            28..=33 => {
                let id = self.somebody(step, TicketState::Unverified);
                let command = Command::VerifyIdentity {
                    target: ticket(id),
                    document: IdentityDocument::NationalId,
                };
                (command, self.model.verify(now, id), true)
            }
            34..=36 => {
                let id = self.somebody(step, TicketState::Enrolled);
                (cancel(id), self.model.cancel(id), true)
            }
            37..=39 => {
                let id = self.somebody(step, TicketState::Called);
                let command = Command::MissSession { target: ticket(id) };
                (command, self.model.miss(now, id), true)
            }
            40..=63 => {
                let step_of = match step.what {
                    40..=47 => SessionStep::Call,
                    48..=54 => SessionStep::Start,
                    55..=60 => SessionStep::End,
                    _ => SessionStep::Undo,
                };
                let begins = self.busy_session(service, step);
                let command = Command::StepSession {
                    session: SessionRef {
                        service: service.clone(),
                        begins: StationTime(begins),
                    },
                    step: step_of,
                };
                let expected = self.model.step(now, service, begins, step_of);
                (command, expected, step_of != SessionStep::Undo)
            }
            _ => unreachable!("a step is below 64"),
        }
    }

    /// What holds after every step.
    fn check(&mut self, keeps_seats: bool) {
        let engine = &self.station.engine;
        let now = self.station.now;
        let mut seated_now = BTreeSet::new();
        for (service, begins) in self.model.sessions.keys() {
            let of = SessionRef {
                service: service.clone(),
                begins: StationTime(*begins),
            };
            let plan = &self.model.plans[service];
            let roll = engine.roll(&of, now);
            let members = self.model.of(service, *begins);
            let visitors = members.iter().map(|at| &self.model.visitors[*at]);
            let seated: Vec<_> = visitors
                .clone()
                .filter(|v| v.has.is_some())
                .map(|v| v.id)
                .collect();
            assert_eq!(roll.seated, seated, "who has a seat");
            assert_eq!(roll.waiting, self.model.on_list(now.0, service, *begins));
            // No more seats given than there are, and no window twice.
            assert!(seated.len() <= plan.seats() as usize);
            let windows: Vec<_> = visitors.filter_map(|v| v.window.clone()).collect();
            let distinct: BTreeSet<_> = windows.iter().collect();
            assert_eq!(distinct.len(), windows.len(), "a window twice");
            let claims = |id: &TicketId| engine.ticket(*id).and_then(|t| t.enrolment().cloned());
            let unentitled = roll
                .seated
                .iter()
                .filter_map(claims)
                .filter(|e| !e.entitled);
            let kept_until = begins - i64::from(plan.release_before_s) * 1_000;
            if now.0 < kept_until {
                let common = plan.seats() as usize - usize::from(plan.reserved);
                assert!(
                    unentitled.count() <= common,
                    "a kept seat given away too early"
                );
            }
            // Nobody waits while a seat he may have is free.
            let free = plan.seats() as usize - roll.seated.len();
            if free > 0 && !roll.waiting.is_empty() {
                assert!(now.0 < kept_until, "a free seat and a waiting list");
                assert!(free <= usize::from(plan.reserved));
                let mut waiting = roll.waiting.iter().filter_map(claims);
                assert!(waiting.all(|e| !e.entitled));
            }
            assert!(
                roll.waiting.len() <= usize::from(plan.waiting_max) || roll.seated.len() >= free
            );
            seated_now.extend(roll.seated);
        }
        // A seat is lost by nobody who is there.
        if keeps_seats {
            for id in self.seated.difference(&seated_now) {
                let ticket = engine.ticket(*id).expect("nobody vanishes");
                let here = ticket
                    .enrolment()
                    .is_some_and(|e| e.checked_in_at.is_some());
                assert!(!ticket.state.is_open() || !here, "{id:?} lost the seat");
            }
        }
        self.seated = seated_now;
        for v in &self.model.visitors {
            let ticket = engine.ticket(v.id).expect("nobody vanishes");
            assert_eq!(ticket.state, v.state, "{v:?}");
            let enrolment = ticket.enrolment().expect("it is of a session");
            assert_eq!(enrolment.begins.0, v.begins);
            assert_eq!(enrolment.checked_in_at.is_some(), v.here, "{v:?}");
            let window = enrolment
                .window
                .as_ref()
                .map(|w| (w.room.clone(), w.window));
            assert_eq!(window, v.window);
            let seat = engine
                .seat(ticket, self.station.now)
                .expect("it is of a session");
            assert_eq!(
                seat.place == SeatPlace::Seat,
                v.is_open() && v.has.is_some()
            );
            assert!(
                engine.next_for(&counter("1"), self.station.now).is_none(),
                "in no line"
            );
        }
        if self.stored.is_none() && self.station.log.len() > 100 {
            let text = serde_json::to_string(engine).expect("a snapshot is stored");
            self.stored = Some((self.station.log.len(), text));
        }
        self.check_calls();
    }

    /// No overtaking, in the words of the log: when a session is called, nobody of an earlier one waits.
    fn check_calls(&mut self) {
        let Some(Recorded {
            event: Event::SessionCalled { session, seats },
            ..
        }) = self.station.log.last()
        else {
            return;
        };
        for ticket in self.station.engine.tickets() {
            let Some(of) = ticket.session() else { continue };
            if of.service == session.service && of.begins < session.begins {
                assert!(ticket.state != TicketState::Enrolled, "overtaken");
            }
        }
        if seats.len() > 1 {
            let listed = |id: &TicketId| {
                let ticket = self.station.engine.ticket(*id);
                ticket.and_then(|t| t.enrolment()).is_some_and(|e| e.waited)
            };
            if seats.iter().any(|seat| listed(&seat.ticket)) {
                *self.seen.entry("list_served").or_default() += 1;
            }
        }
    }

    /// Replay of the stored text, and a snapshot with the rest of the log, give the live state.
    pub(crate) fn check_log(&self) {
        let stored: Vec<Recorded> = self
            .station
            .log
            .iter()
            .map(|recorded| {
                let text = serde_json::to_string(recorded).expect("an event is stored");
                let back: Recorded = serde_json::from_str(&text).expect("a stored event is read");
                assert_eq!(back, *recorded);
                back
            })
            .collect();
        assert!(replay(&stored) == self.station.engine);
        assert_eq!(
            replay(&stored).fingerprint(),
            self.station.engine.fingerprint()
        );
        if let Some((at, text)) = &self.stored {
            let mut engine: Engine = serde_json::from_str(text).expect("a snapshot is read");
            stored[*at..]
                .iter()
                .for_each(|recorded| engine.apply(recorded));
            assert!(engine == self.station.engine);
        }
    }
}
