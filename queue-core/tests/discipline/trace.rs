//! Random days: from small numbers to commands, run by engine and model side by side.

use std::collections::{BTreeMap, BTreeSet};

use queue_core::{
    AppointmentCode, AppointmentId, AppointmentRef, CheckIn, Command, CommandRef, DayHours,
    Discipline, IdentityDocument, IdentityRefusal, NewAppointment, NewTicket, NumberOrTicket,
    PersonKey, Rejected, Reply, ServiceId, SortKey, StaffId, StationPlan, StationTime, Terms,
    TicketId, TicketState,
};

use crate::common::*;
use crate::model::Model;
use crate::plans::{hours, limited, rules, under, variant};

/// One step of a trace: small numbers, so that a failing trace shrinks well.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Step {
    /// 0 to 127: what to do.
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

/// Engine and model side by side.
pub(crate) struct Race {
    pub(crate) station: Station,
    pub(crate) model: Model,
    /// Carried out today: identity, command, reply.
    done: Vec<(CommandRef, Command, Reply)>,
    pub(crate) states: BTreeMap<TicketId, TicketState>,
    pub(crate) keys: BTreeMap<TicketId, SortKey>,
    pub(crate) numbers: BTreeSet<String>,
    /// Per ticket, who was called before it although issued after it.
    pub(crate) overtaken_by: BTreeMap<TicketId, BTreeSet<TicketId>>,
    days: u32,
    /// The plan that is mostly in force.
    base: StationPlan,
    /// Tickets before the gate.
    pub(crate) outside: BTreeSet<TicketId>,
}

impl Race {
    /// A station with an open day and open counters.
    pub(crate) fn new(rule: Discipline) -> Self {
        Self::with(limited(under(rule)))
    }

    /// The same with another plan.
    pub(crate) fn with(base: StationPlan) -> Self {
        let mut race = Self {
            station: Station::new(),
            model: Model::default(),
            done: vec![],
            states: BTreeMap::new(),
            keys: BTreeMap::new(),
            numbers: BTreeSet::new(),
            overtaken_by: BTreeMap::new(),
            days: 0,
            base: base.clone(),
            outside: BTreeSet::new(),
        };
        race.run(Command::Configure(base.into()));
        race.run(Command::OpenDay {
            day: day(0),
            hours: None,
        });
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
            hours: self.hours(17),
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
        // As the station does after every command. A defect that never ends shall fail.
        for _ in 0..4 {
            self.run(Command::CallDue);
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
            11..=17 if step.detail.is_multiple_of(2) => self.appointment(step),
            0..=17 => Command::IssueTicket(NewTicket {
                ticket: if step.detail == 255 {
                    self.some_ticket(step)
                } else {
                    self.station.next_ticket_id()
                },
                service: match step.counter % 16 {
                    3 => service("permit"),
                    _ => service(services[usize::from(step.to) % (4 + usize::from(step.to == 4))]),
                },
                then: then_of(step.counter / 16),
                class: [None, Some("regular"), Some("priority"), Some("appointment")]
                    [usize::from(step.detail % 4)]
                .map(class),
                language: None,
                channel: service("kiosk"),
                persons: [1, 1, 1, 2, 1, 4][usize::from(step.pause % 6)],
                terms: Terms {
                    person: [None, Some(0), Some(1)][usize::from(step.detail / 4 % 3)]
                        .map(PersonKey),
                    overrule: step.detail > 230,
                },
            }),
            18..=30 => Command::CallNext { counter },
            31..=36 => Command::CallTicket {
                counter,
                target: self.target(step),
                reason: None,
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
            85 => rate(self.some_ticket(step), step.detail % 7),
            86 => Command::SetHours {
                hours: self.hours(step.to),
            },
            89 => Command::Watch,
            98..=99 => complete_rating(self.some_ticket(step)),
            87..=88 => Command::OpenCounter {
                counter,
                staff: [None, Some("lin"), Some("chen")][usize::from(step.detail % 3)]
                    .map(|name| StaffId::new(name).expect("a name")),
            },
            93 => pause(at),
            94 => close(at),
            95 => Command::Configure(variant(&self.base, step.to).into()),
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
            100..=103 => Command::ReturnTicket {
                target: self.target(step),
            },
            104..=105 => Command::Defer {
                ticket: self.some_ticket(step),
                count: step.detail % 5,
            },
            106 => Command::Prioritise {
                target: self.target(step),
                reason: ["", "ill"][usize::from(step.detail > 16)].into(),
            },
            107 => Command::SendBack { counter },
            108..=109 => Command::HandOver {
                to_counter: crate::common::counter(["1", "2", "3", "9"][usize::from(step.to % 4)]),
                counter,
            },
            110 => Command::Precall {
                counter,
                count: step.detail % 4,
            },
            111 => Command::RecallDue,
            112 => {
                let profiles = [None, Some("stays"), Some("nothing"), Some("dance")];
                set_profile(at, profiles[usize::from(step.to % 4)])
            }
            113 if step.detail.is_multiple_of(2) => store_next(at, !step.to.is_multiple_of(4)),
            113 => set_auto(at, step.to.is_multiple_of(2)),
            114..=117 => Command::VerifyIdentity {
                target: self.unverified(step),
                document: IdentityDocument::ALL[usize::from(step.to % 6)],
            },
            118 => Command::RefuseIdentity {
                target: self.unverified(step),
                reason: IdentityRefusal::ALL[usize::from(step.to % 5)],
            },
            119..=120 => Command::Reroute {
                target: match step.pause.is_multiple_of(2) {
                    true => self.unverified(step),
                    false => self.target(step),
                },
                to_service: service(services[usize::from(step.to % 5)]),
            },
            121 => Command::SetDiscipline {
                zone: [None, Some("1f"), Some("2f"), Some("3f"), Some("2f")]
                    [usize::from(step.to % 5)]
                .map(zone),
                discipline: (step.detail % 6)
                    .checked_sub(1)
                    .map(|at| rules()[usize::from(at)]),
            },
            125..=127 => Command::AmendTicket {
                ticket: self.some_ticket(step),
                then: then_of(step.counter / 16),
                persons: u16::from(step.detail % 5),
            },
            122..=124 => Command::ChangeMatters {
                counter,
                then: then_of(step.to),
            },
            97 if step.to < 64 => Command::CloseDay,
            _ => {
                self.days += u32::from(step.to.is_multiple_of(3));
                let yesterday = u32::from(step.detail.is_multiple_of(8));
                Command::OpenDay {
                    day: day(self.days.saturating_sub(yesterday)),
                    hours: self.hours(step.detail),
                }
            }
        }
    }

    /// Slots of a quarter of an hour around now, some of them off the grid; codes that run out of four digits.
    fn appointment(&mut self, step: Step) -> Command {
        let bookings = &self.model.bookings;
        let back = usize::from(step.to) % (bookings.len().min(12) + 1);
        let known = bookings.len().checked_sub(back + 1).map(|at| &bookings[at]);
        let id = known.map_or(AppointmentId(1), |b| b.id);
        match step.detail / 2 % 8 {
            0..=3 => {
                let quarter = 900_000;
                let ahead = i64::from(step.to % 8) - 1;
                let off = if step.to > 230 { 60_000 } else { 0 };
                let slot = (self.station.now.0 / quarter + ahead) * quarter + off;
                let fresh = AppointmentId(self.station.next_ticket_id().0);
                Command::BookAppointment(NewAppointment {
                    appointment: if step.to == 229 { id } else { fresh },
                    code: AppointmentCode::new(9_998 + u32::from(step.counter % 3))
                        .expect("a code"),
                    service: service(
                        ["card", "card", "stay", "enquiry"][usize::from(step.counter % 4)],
                    ),
                    day: day(self.days + u32::from(step.to.is_multiple_of(7))),
                    slot: StationTime(slot),
                    class: (step.counter > 200).then(|| class("priority")),
                    language: None,
                    channel: service("web"),
                })
            }
            4 => Command::CancelAppointment { appointment: id },
            _ => Command::CheckIn(CheckIn {
                appointment: match known {
                    Some(b) if step.counter.is_multiple_of(2) => {
                        AppointmentRef::Code(AppointmentCode::new(b.code).expect("a code"))
                    }
                    _ => AppointmentRef::Id(id),
                },
                ticket: self.station.next_ticket_id(),
                language: None,
                channel: service("kiosk"),
            }),
        }
    }

    fn hours(&self, which: u8) -> Option<Box<DayHours>> {
        hours(self.station.now.0, which).map(Box::new)
    }

    /// Mostly somebody who waits for the check.
    fn unverified(&mut self, step: Step) -> NumberOrTicket {
        let papers = self.model.papers.iter();
        let outside: Vec<_> = papers
            .filter(|p| p.state == TicketState::Unverified)
            .map(|p| p.id)
            .collect();
        match outside.get(usize::from(step.detail) % outside.len().max(1)) {
            Some(id) if !step.to.is_multiple_of(5) => NumberOrTicket::Ticket(*id),
            _ => self.target(step),
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
        if let Command::IssueTicket(wanted) = &command {
            self.model.foreseen = self.check_foreseen(&wanted.service, wanted.class.as_ref());
        }
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
            self.outside.clear();
        }
        if did.events > 0 && self.station.engine.reply_to(command_ref).is_some() {
            self.done
                .push((command_ref, command.clone(), reply.clone()));
        }
        self.check_gate(did.events);
        self.check_touched(&command, &did);
        self.check_desks();
        self.check_bookings();
        self.check_alarms();
        self.check_issued(&command);
        if let Some(chosen) = did.chosen {
            self.check_order(chosen);
            self.check_reason(chosen);
        }
    }
}

/// What is to come after a service: mostly nothing.
fn then_of(which: u8) -> Vec<ServiceId> {
    let services: &[&str] = match which % 16 {
        0..=8 => &[],
        9 => &["stay"],
        10 => &["enquiry", "card"],
        11 => &["permit"],
        12 => &["card"],
        13 => &["stay", "enquiry"],
        14 => &["card", "stay", "permit", "enquiry"],
        _ if which > 240 => &["dance"],
        _ => &["enquiry"],
    };
    services.iter().map(|id| service(id)).collect()
}

/// The `n`th business day of a test.
fn day(n: u32) -> queue_core::BusinessDay {
    let date = format!("2026-{:02}-{:02}", n / 28 % 12 + 1, n % 28 + 1);
    date.parse().expect("a date")
}
