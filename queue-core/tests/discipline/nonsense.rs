//! `apply` is total: whatever stands in a log, in order and with times that do not fall, is read without a panic.

use proptest::prelude::*;
use queue_core::{
    Actor, Alarm, AppointmentCode, AppointmentId, AppointmentRef, Attendance, BookedAppointment,
    BusinessDay, CallId, CallReason, CheckIn, Choice, Command, CommandId, CommandRef, Contender,
    Correction, CounterId, DeviceId, Discipline, Engine, Enrolled, Envelope, Event, FaultWord,
    GivenSeat, HeadStartKey, HelpsOut, IdentityDocument, IdentityRefusal, ImportedTicket,
    IssuedTicket, KioskNumber, Moved, NewAppointment, NewTicket, NumberOrTicket, Outcome,
    PersonKey, Precedence, PrintOutcome, Raised, Recorded, SeatWindow, ServiceId, SessionRef,
    SessionStep, Side, SortKey, StationTime, TakenOffline, TicketId, TicketNumber, Weight, Window,
};

use crate::common::*;
use crate::plans::{apart, hours, ratio};

fn session(service: ServiceId, n: u32) -> SessionRef {
    SessionRef {
        service,
        begins: StationTime(i64::from(n % 4)),
    }
}

fn taken(n: u32) -> TakenOffline {
    TakenOffline {
        lease: u64::from(n % 3),
        at: StationTime(i64::from(n)),
        key: SortKey {
            base_ms: i64::from(n),
            seq: u64::from(n % 5),
        },
    }
}

fn enrolled(n: u32) -> Enrolled {
    Enrolled {
        begins: StationTime(i64::from(n % 4)),
        entitled: n.is_multiple_of(3),
        waits: n.is_multiple_of(2),
        present: n.is_multiple_of(7),
    }
}

/// An event about ids that may or may not exist.
fn event() -> impl Strategy<Value = Event> {
    let pieces = (0_u8..56, 0_u8..5, 0_u8..12, 0_u8..6, any::<u32>());
    pieces.prop_map(|(kind, c, t, s, n)| {
        let ticket = TicketId(u128::from(t));
        let counter: CounterId = counter(["1", "2", "3", "4", "9"][usize::from(c)]);
        let service = service(["card", "enquiry", "stay", "dance", "card", "stay"][usize::from(s)]);
        let day: BusinessDay = format!("2026-11-{:02}", 10 + s).parse().expect("a date");
        match kind {
            0 => {
                let mut plan = plan();
                if n.is_multiple_of(2) {
                    plan.counters.remove(&counter);
                }
                if n.is_multiple_of(3) {
                    plan.services.remove(&service);
                }
                if n.is_multiple_of(5) {
                    plan.zones = apart(ratio()).zones;
                }
                plan.rules.discipline =
                    [Discipline::Accumulating, Discipline::Strict, ratio()][(n % 3) as usize];
                for class in plan.classes.values_mut() {
                    class.rate_permille = n;
                }
                Event::Configured { plan: plan.into() }
            }
            1 => Event::DayOpened {
                day,
                hours: hours(MORNING.0, (n % 256) as u8).map(Box::new),
            },
            2 => Event::DayClosed { day },
            3 | 4 => Event::TicketIssued(Box::new(IssuedTicket {
                ticket,
                number: format!("A{:03}", n % 1_000_000).parse().expect("a number"),
                service,
                then: some_services(n),
                steps: some_services(n / 5),
                class: class(["regular", "priority", "royal"][usize::from(s % 3)]),
                language: None,
                channel: crate::common::service("kiosk"),
                attends: n.is_multiple_of(2).then(|| Attendance {
                    appointment: AppointmentId(u128::from(c)),
                    slot: StationTime(i64::from(n)),
                    base: StationTime(i64::from(n) * 1_000),
                }),
                persons: s.into(),
                person: (n.is_multiple_of(3)).then_some(PersonKey(u128::from(n % 4))),
                overruled: None,
                late_end: None,
                unverified: n.is_multiple_of(4),
                enrolled: n.is_multiple_of(5).then(|| enrolled(n).into()),
                offline: n.is_multiple_of(6).then(|| taken(n).into()),
            })),
            54 => Event::NumbersLeased {
                kiosk: KioskNumber::new(1 + c).expect("a kiosk's number"),
                first: n,
                last: n / 2,
            },
            55 => Event::TicketRenumbered {
                ticket,
                number: TicketNumber {
                    series: series("A"),
                    kiosk: KioskNumber::new(c).ok(),
                    number: n % 9,
                },
                taken: taken(n),
            },
            5 => Event::TicketCancelled { ticket },
            6 => Event::CounterOpened {
                counter,
                staff: None,
            },
            7 => Event::CounterPaused {
                counter,
                reason: String::new(),
                until: None,
            },
            8 => Event::CounterClosed { counter },
            9 | 10 => Event::TicketCalled {
                ticket,
                counter,
                reason: match n % 3 {
                    0 => CallReason::Picked { reason: None },
                    1 => chosen(ticket, n),
                    _ => CallReason::HeadStart {
                        key: HeadStartKey {
                            key_ms: i64::from(n),
                            seq: u64::from(n),
                        },
                    },
                },
            },
            11 => Event::TicketRecalled { ticket, counter },
            12 => Event::ServiceStarted { ticket, counter },
            13 => Event::ServiceFinished {
                ticket,
                counter,
                rating_invited: n.is_multiple_of(2),
            },
            39..=41 => Event::LegFinished {
                ticket,
                counter,
                to_service: service,
                stays: n.is_multiple_of(2),
            },
            43 => Event::TicketAmended {
                ticket,
                then: some_services(n),
                stations: some_services(n / 7),
                persons: s.into(),
                unverified: n.is_multiple_of(4),
            },
            42 => Event::MattersChanged {
                ticket,
                counter,
                then: some_services(n),
            },
            14 => Event::TicketNoShow { ticket, counter },
            15 => Event::TicketHeld {
                ticket,
                counter,
                reason: String::new(),
                room: None,
                start_inferred: n.is_multiple_of(2),
            },
            16 => Event::TicketResumed { ticket, counter },
            17 => Event::TicketTransferred {
                ticket,
                counter,
                to_service: service,
                then: some_services(n),
                to_counter: (n.is_multiple_of(2)).then(|| crate::common::counter("2")),
                sent_back: n.is_multiple_of(3),
            },
            23 => Event::TicketHandedOver {
                ticket,
                counter,
                to_counter: crate::common::counter("2"),
            },
            24 => Event::TicketReturned {
                ticket,
                base: StationTime(i64::from(n)),
            },
            25 => Event::TicketDeferred {
                ticket,
                count: s,
                base: StationTime(i64::from(n)),
            },
            26 => Event::TicketPrioritised {
                ticket,
                reason: String::new(),
            },
            27 => Event::TicketPrecalled { ticket, counter },
            28 => Event::TicketCorrected {
                ticket,
                correction: Correction {
                    outcome: Some([Outcome::Served, Outcome::NoShow][usize::from(s % 2)]),
                    service: Some(service),
                    class: None,
                },
                reason: String::new(),
            },
            18 | 19 => Event::Undone {
                counter,
                undone_seq: u64::from(n),
            },
            31 => Event::CounterProfileChanged {
                counter,
                profile: (n.is_multiple_of(2)).then(|| profile("dance")),
            },
            32 if n.is_multiple_of(3) => Event::CounterNextStored {
                counter,
                on: n.is_multiple_of(2),
            },
            32 => Event::CounterAutoCallSet {
                counter,
                on: n.is_multiple_of(2),
            },
            20 => Event::RatingInvited { ticket, counter },
            21 if n.is_multiple_of(3) => Event::RatingCompleted {
                ticket,
                reasons: vec![],
                comment: None,
            },
            21 => Event::RatingGiven {
                ticket,
                score: (n % 256) as u8,
                reasons: vec![],
                comment: None,
            },
            22 => match n % 4 {
                0 => Event::CallAnnounced {
                    call: CallId(u64::from(n)),
                    display: String::new(),
                },
                1 => Event::ClockStepped {
                    step_ms: i64::from(n) - i64::from(u32::MAX / 2),
                },
                2 => Event::ImportBegan {
                    file: String::new(),
                    sha256: String::new(),
                    tickets: n,
                    rejected: n,
                },
                _ => Event::TicketImported(imported(day).into()),
            },
            34 => Event::IdentityVerified {
                ticket,
                document: IdentityDocument::Passport,
            },
            35 => Event::IdentityRefused {
                ticket,
                reason: IdentityRefusal::Other,
            },
            36 => Event::TicketRerouted {
                ticket,
                to_service: service,
                stations: some_services(n),
                unverified: n.is_multiple_of(2),
            },
            37 => Event::DisciplineChanged {
                zone: (n.is_multiple_of(2)).then(|| zone("2f")),
                discipline: (n.is_multiple_of(3)).then_some(Discipline::Fcfs),
            },
            52 => {
                let device = DeviceId::of("D1", (c != 0).then_some("LED 3")).expect("a device id");
                let fault = FaultWord::reported(if n % 4 < 2 { "silent" } else { "garbled" });
                match n % 2 {
                    0 => Event::DeviceFaultBegan { device, fault },
                    _ => Event::DeviceFaultEnded { device, fault },
                }
            }
            29 => Event::HoursChanged {
                hours: hours(MORNING.0, (n % 256) as u8).map(Box::new),
            },
            30 => {
                let alarm = Alarm::NobodyOpen { service };
                match n % 2 {
                    0 => Event::AlarmCleared(alarm),
                    _ => Event::AlarmRaised(Raised {
                        alarm,
                        since: StationTime(i64::from(n)),
                        ticket,
                    }),
                }
            }
            33 => Event::AppointmentBooked(Box::new(BookedAppointment {
                appointment: AppointmentId(u128::from(c)),
                code: AppointmentCode::new(n % 7).expect("a code"),
                service,
                day,
                slot: StationTime(i64::from(n) * 1_000),
                slot_end: StationTime(0),
                class: n.is_multiple_of(2).then(|| class("royal")),
                language: None,
                channel: crate::common::service("web"),
            })),
            38 => Event::AppointmentCancelled {
                appointment: AppointmentId(u128::from(c)),
            },
            45 => Event::SessionsSet {
                sessions: [(
                    service,
                    vec![Window {
                        from: StationTime(i64::from(n % 4)),
                        until: StationTime(9),
                    }],
                )]
                .into(),
            },
            46 => Event::SessionCheckedIn { ticket },
            47 => Event::SessionCalled {
                session: session(service, n),
                seats: vec![GivenSeat {
                    ticket,
                    at: SeatWindow {
                        room: "A".into(),
                        window: c.into(),
                    },
                }],
            },
            48 => Event::SessionStarted {
                session: session(service, n),
                missed: vec![ticket],
                moved: vec![Moved {
                    ticket: TicketId(u128::from(t / 2)),
                    to: n.is_multiple_of(2).then(|| enrolled(n / 4)),
                }],
            },
            49 => Event::SessionEnded {
                session: session(service, n),
            },
            50 => Event::SessionMissed {
                session: session(service, n),
                ticket,
            },
            51 => Event::SessionUndone {
                session: session(service, n),
                undone_seq: n.into(),
            },
            _ => Event::PrintReported {
                ticket,
                job: String::new(),
                outcome: PrintOutcome::Unknown {
                    cause: String::new(),
                },
            },
        }
    })
}

/// A choice that fits no plan in particular.
fn chosen(ticket: TicketId, n: u32) -> CallReason {
    let contender = Contender {
        ticket,
        class: class("royal"),
        base: StationTime(i64::from(n)),
        weight: match n % 4 {
            0 => Weight::Equal,
            1 => Weight::RatePermille(n),
            _ => Weight::Side(Side::Priority),
        },
    };
    let choice = Choice {
        discipline: [Discipline::Strict, Discipline::HeadStart, ratio()][(n % 3) as usize],
        turn: [None, Some(Side::Priority), Some(Side::Regular)][(n / 4 % 3) as usize],
        at: StationTime(0),
        called: contender.clone(),
        passed: n.is_multiple_of(5).then_some(contender),
        helps_out: n.is_multiple_of(7).then_some(HelpsOut::WaitedLong),
        precedence: (n.is_multiple_of(5)).then(|| Precedence::Urgent {
            reason: String::new(),
        }),
    };
    let reason = CallReason::Chosen(choice.into());
    let _ = reason.explain();
    reason
}

fn imported(day: BusinessDay) -> ImportedTicket {
    ImportedTicket {
        day,
        number: "7".into(),
        service: service("dance"),
        class: class("royal"),
        language: None,
        channel: None,
        issued_at: MORNING,
        called_at: None,
        started_at: None,
        finished_at: None,
        counter: None,
        staff: None,
        outcome: Outcome::Abandoned,
        score: None,
    }
}

fn some_services(n: u32) -> Vec<queue_core::ServiceId> {
    let services = ["card", "enquiry", "stay", "dance"].map(service);
    services
        .into_iter()
        .cycle()
        .skip(n as usize % 4)
        .take(n as usize % 3)
        .collect()
}

/// One command of every kind a counter or a visitor may send.
pub(crate) fn commands() -> Vec<Command> {
    let mut all = vec![
        Command::Configure(plan().into()),
        open_day("2026-11-30"),
        Command::CloseDay,
        Command::CallDue,
        Command::RecordClockStep { step_ms: 1 },
        Command::ReportDevice {
            device: DeviceId::of("D1", None).expect("a device id"),
            fault: None,
        },
        Command::Watch,
        Command::SetDiscipline {
            zone: Some(zone("2f")),
            discipline: Some(Discipline::Fcfs),
        },
        Command::SetHours { hours: None },
        Command::SetHours {
            hours: hours(MORNING.0, 3).map(Box::new),
        },
    ];
    for id in ["1", "2", "3", "9"] {
        all.extend([call_next(id), recall(id), start(id), finish(id)]);
        all.extend([finish_and_next(id), no_show(id), hold(id), undo(id)]);
        all.extend([resume(id, None), pause(id), close(id)]);
        all.extend([set_auto(id, true), set_profile(id, Some("stays"))]);
        all.push(store_next(id, true));
        all.push(transfer(id, Some("stay"), None));
        all.push(Command::ChangeMatters {
            counter: counter(id),
            then: vec![service("enquiry")],
        });
        all.push(Command::SendBack {
            counter: counter(id),
        });
        all.push(Command::HandOver {
            counter: counter(id),
            to_counter: counter("2"),
        });
        all.push(Command::Precall {
            counter: counter(id),
            count: 3,
        });
        all.push(Command::OpenCounter {
            counter: counter(id),
            staff: None,
        });
        all.push(Command::InviteRating {
            counter: counter(id),
        });
        for t in 0..12 {
            let ticket = TicketId(t);
            all.push(call_ticket(id, ticket));
            all.push(resume(id, Some(ticket)));
        }
        all.push(Command::CallTicket {
            counter: counter(id),
            target: NumberOrTicket::Number("A007".parse().expect("a number")),
            reason: None,
        });
    }
    for a in 0..5 {
        let appointment = AppointmentId(a);
        let code = AppointmentCode::new(a as u32).expect("a code");
        all.push(Command::CancelAppointment { appointment });
        all.push(Command::BookAppointment(NewAppointment {
            appointment,
            code,
            service: service("card"),
            day: "2026-11-16".parse().expect("a date"),
            slot: MORNING.plus_ms(3_600_000),
            class: None,
            language: None,
            channel: service("web"),
        }));
        for appointment in [AppointmentRef::Id(appointment), AppointmentRef::Code(code)] {
            all.push(Command::CheckIn(CheckIn {
                appointment,
                ticket: TicketId(a + 6),
                language: None,
                channel: service("kiosk"),
            }));
        }
    }
    for t in 0..12 {
        let ticket = TicketId(t);
        all.extend([cancel(ticket), rate(ticket, 3)]);
        all.push(Command::VerifyIdentity {
            target: NumberOrTicket::Ticket(ticket),
            document: IdentityDocument::NationalId,
        });
        all.push(Command::Reroute {
            target: NumberOrTicket::Ticket(ticket),
            to_service: service("stay"),
        });
        all.extend([come_back(ticket), defer(ticket, 2), urgent(ticket)]);
        all.push(Command::Correct {
            target: NumberOrTicket::Ticket(ticket),
            correction: Correction {
                outcome: Some(Outcome::Served),
                ..Correction::default()
            },
            reason: "typing error".into(),
        });
        all.push(Command::CheckInToSession {
            target: NumberOrTicket::Ticket(ticket),
        });
        all.push(Command::StepSession {
            session: session(service("card"), 1),
            step: SessionStep::Call,
        });
        all.push(Command::IssueTicket(NewTicket {
            ticket,
            service: service("card"),
            then: vec![service("stay")],
            class: None,
            language: None,
            channel: service("kiosk"),
            persons: 1,
            terms: Default::default(),
        }));
    }
    all
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn any_log_is_applied_without_a_panic(
        events in prop::collection::vec((event(), 0_i64..2_000_000, 0_u8..4), 1..120),
        prepared in any::<bool>(),
    ) {
        let mut station = if prepared { Station::open(&["1", "2", "3"]) } else { Station::new() };
        let mut at = station.now;
        let mut log = std::mem::take(&mut station.log);
        let mut engine = station.engine;
        for (event, pause_ms, command) in events {
            at = at.plus_ms(pause_ms);
            let recorded = Recorded {
                seq: engine.seq() + 1,
                at,
                actor: Actor(String::new()),
                command: (command > 0).then(|| CommandRef {
                    id: CommandId(u128::from(command)),
                    digest: 0,
                }),
                event,
            };
            engine.apply(&recorded);
            log.push(recorded);
        }
        look_everywhere(&engine);
        prop_assert_eq!(replay(&log).fingerprint(), engine.fingerprint());
        let text = serde_json::to_string(&engine).expect("a snapshot is stored");
        let back: Engine = serde_json::from_str(&text).expect("a snapshot is read");
        prop_assert!(back == engine);
        // Whatever the state, what is decided can be applied.
        for command in commands() {
            let envelope = Envelope { command_ref: None, actor: Actor(String::new()), command };
            if let Ok(queue_core::Decision::Events(events)) = engine.decide(at, &envelope) {
                let mut next = engine.clone();
                for event in events {
                    let actor = Actor(String::new());
                    let seq = next.seq() + 1;
                    next.apply(&Recorded { seq, at, actor, command: None, event });
                }
            }
        }
    }
}

fn look_everywhere(engine: &Engine) {
    let now = engine.now();
    let board = engine.board(now);
    assert_eq!(board.seq, engine.seq());
    for t in engine.tickets() {
        let view = engine
            .ticket_view(now, t.id)
            .expect("a known ticket has a view");
        assert_eq!(view.id, t.id);
    }
}
