//! Kiosks that go on while the server is away: one press is one ticket, whatever was lost between the two, and the queue is
//! the same in whichever order they tell of it.

mod common;

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use common::*;
use proptest::prelude::*;
use queue_core::{
    BusinessDay, Command, CommandId, CommandRef, Discipline, Event, KioskNumber, LEASE_NUMBERS,
    Lease, LeaseWish, NewTicket, OfflineTicket, Outcome, Rejected, StationTime, TicketId,
    TicketNumber, TicketState,
};

const DAY: &str = "2026-11-16";

fn day(text: &str) -> BusinessDay {
    text.parse().expect("a date")
}

fn kiosk(number: u8) -> KioskNumber {
    KioskNumber::new(number).expect("a kiosk's number")
}

fn own(text: &str) -> TicketNumber {
    text.parse().expect("a number")
}

/// What becomes of a press at a kiosk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fate {
    /// The server answers in time.
    Answered,
    /// The server carries it out, and the answer is lost.
    AnswerLost,
    /// The server hears of it long after the kiosk has given up waiting, before or behind what the kiosk tells.
    HeardLate,
    /// The server never hears of it.
    AskLost,
}

#[derive(Debug, Clone)]
struct Press {
    kiosk: u8,
    service: &'static str,
    class: Option<&'static str>,
    /// Since the press before, whichever kiosk that was at; 0: in the same millisecond.
    after_ms: i64,
    fate: Fate,
    taken_back: bool,
}

fn press() -> impl Strategy<Value = Press> {
    let fate = prop_oneof![
        Just(Fate::Answered),
        Just(Fate::AnswerLost),
        Just(Fate::HeardLate),
        Just(Fate::AskLost)
    ];
    (
        1_u8..=3,
        prop_oneof![Just("card"), Just("enquiry"), Just("stay")],
        prop_oneof![3 => Just(None), 1 => Just(Some("priority"))],
        prop_oneof![1 => Just(0), 3 => 1_i64..90_000],
        fate,
        prop::bool::weighted(0.1),
    )
        .prop_map(
            |(kiosk, service, class, after_ms, fate, taken_back)| Press {
                kiosk,
                service,
                class,
                after_ms,
                fate,
                taken_back,
            },
        )
}

/// What a kiosk knows.
#[derive(Debug, Default)]
struct Kiosk {
    lease: Option<Lease>,
    used: BTreeMap<String, u32>,
    /// What the server is still to be told, in order: what was asked and not answered, or the ticket given out.
    to_tell: VecDeque<Told>,
}

#[derive(Debug, Clone)]
enum Told {
    Ask(CommandRef, NewTicket),
    Ticket(OfflineTicket),
}

impl Kiosk {
    /// The next number of one of its own series.
    fn number(&mut self, letters: &str) -> Option<(TicketNumber, u64)> {
        let lease = self.lease?;
        let used = self.used.entry(letters.to_owned()).or_default();
        let number = (*used + 1).max(lease.first);
        (number <= lease.last).then(|| {
            *used = number;
            let number = TicketNumber {
                series: series(letters),
                kiosk: Some(lease.kiosk),
                number,
            };
            (number, lease.id)
        })
    }

    fn highest(&self) -> u32 {
        self.used.values().copied().max().unwrap_or(0)
    }
}

fn lease(s: &mut Station, wish: LeaseWish) -> Lease {
    s.must(Command::LeaseNumbers(wish));
    s.engine.lease(wish.kiosk).expect("a lease")
}

fn wanted(ticket: TicketId, press: &Press) -> NewTicket {
    NewTicket {
        ticket,
        service: service(press.service),
        then: vec![],
        class: press.class.map(class),
        language: None,
        channel: service("kiosk"),
        persons: 1,
        terms: Default::default(),
    }
}

fn letters(service: &str) -> &'static str {
    if service == "stay" { "B" } else { "A" }
}

/// A morning of presses with a server that hears what it hears, and what the kiosks are still to tell it.
struct Morning {
    station: Station,
    kiosks: BTreeMap<u8, Kiosk>,
    /// By ticket: the number in the visitor's hand and when it was pressed; none: taken back.
    papers: BTreeMap<TicketId, Option<(TicketNumber, StationTime)>>,
}

fn morning(presses: &[Press]) -> Morning {
    let mut s = Station::open(&["1"]);
    s.must(Command::SetDiscipline {
        zone: None,
        discipline: Some(Discipline::Fcfs),
    });
    let mut kiosks = BTreeMap::new();
    for number in 1..=3 {
        let wish = LeaseWish {
            kiosk: kiosk(number),
            holds: None,
            used: 0,
        };
        let lease = Some(lease(&mut s, wish));
        let known = Kiosk {
            lease,
            ..Kiosk::default()
        };
        kiosks.insert(number, known);
    }
    let mut papers = BTreeMap::new();
    // Nobody of one kiosk presses twice in one millisecond.
    let mut last = BTreeMap::new();
    for press in presses {
        let since = if last.get(&press.kiosk) == Some(&s.now) {
            press.after_ms.max(1)
        } else {
            press.after_ms
        };
        s.wait_ms(since);
        last.insert(press.kiosk, s.now);
        let id = s.next_ticket_id();
        let command = s.next_ref();
        let new = wanted(id, press);
        if matches!(press.fate, Fate::Answered | Fate::AnswerLost) {
            let done = s.send_as(Some(command), Command::IssueTicket(new.clone()));
            done.expect("a ticket");
        }
        let known = kiosks.get_mut(&press.kiosk).expect("a kiosk");
        if press.fate == Fate::Answered {
            let number = s.ticket(id).number.clone();
            if press.taken_back {
                s.send(Command::CancelTicket { ticket: id })
                    .expect("taken back");
            }
            papers.insert(id, (!press.taken_back).then_some((number, s.now)));
            continue;
        }
        if press.fate == Fate::HeardLate {
            known.to_tell.push_back(Told::Ask(command, new.clone()));
        }
        let (number, lease) = known.number(letters(press.service)).expect("a number");
        papers.insert(id, (!press.taken_back).then_some((number.clone(), s.now)));
        known.to_tell.push_back(Told::Ticket(OfflineTicket {
            wanted: new,
            number,
            lease,
            day: day(DAY),
            taken_at: s.now,
            taken_back: press.taken_back,
        }));
    }
    Morning {
        station: s,
        kiosks,
        papers,
    }
}

impl Morning {
    /// The kiosks tell what they know, in an order that `choices` makes up; what was asked long ago may come before or
    /// behind the ticket itself, and everything may be told twice.
    fn merge(mut self, choices: &[(u8, bool, bool)]) -> Self {
        let mut late: Vec<(CommandRef, NewTicket)> = vec![];
        let choices = choices.iter().copied().cycle();
        for (which, postpone, twice) in choices {
            let mut waiting: Vec<_> = self
                .kiosks
                .values_mut()
                .filter(|k| !k.to_tell.is_empty())
                .collect();
            let count = waiting.len();
            if count == 0 {
                break;
            }
            let told = waiting[usize::from(which) % count]
                .to_tell
                .pop_front()
                .expect("something to tell");
            self.station.wait_ms(i64::from(which));
            match told {
                Told::Ask(command, new) if postpone => late.push((command, new)),
                Told::Ask(command, new) => {
                    self.station
                        .send_as(Some(command), Command::IssueTicket(new))
                        .expect("a ticket");
                }
                Told::Ticket(ticket) => {
                    let tell = Command::TakeIn(Box::new(ticket));
                    self.station.send(tell.clone()).expect("taken in");
                    if twice {
                        let again = self.station.send(tell).expect("known");
                        assert_eq!(again.1, 0, "told twice, nothing happens twice");
                    }
                }
            }
        }
        for (command, new) in late {
            let refused = self
                .station
                .send_as(Some(command), Command::IssueTicket(new));
            assert_eq!(refused, Err(Rejected::IdempotencyKeyReused));
        }
        self
    }

    /// Everybody is called; the numbers in that order.
    fn call_all(&mut self) -> Vec<String> {
        let s = &mut self.station;
        let mut called = vec![];
        while let Ok((queue_core::Reply::Called { ticket, .. }, _)) = s.send(Command::CallNext {
            counter: counter("1"),
        }) {
            called.push(s.number(ticket));
            s.must(Command::Start {
                counter: counter("1"),
            });
            s.must(Command::Finish {
                counter: counter("1"),
            });
        }
        called
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn one_press_is_one_ticket_and_the_queue_is_that_of_the_presses(
        presses in prop::collection::vec(press(), 1..24),
        choices in prop::collection::vec((any::<u8>(), any::<bool>(), any::<bool>()), 1..8),
        others in prop::collection::vec((any::<u8>(), any::<bool>(), any::<bool>()), 1..8),
    ) {
        let mut one = morning(&presses).merge(&choices);
        let mut other = morning(&presses).merge(&others);

        // Each press is one ticket with the number on its paper, and no number is there twice.
        prop_assert_eq!(one.station.engine.tickets().count(), presses.len());
        let mut numbers = BTreeSet::new();
        for ticket in one.station.engine.tickets() {
            prop_assert!(numbers.insert(ticket.number.clone()), "{} twice", &ticket.number);
            match &one.papers[&ticket.id] {
                Some((number, pressed_at)) => {
                    prop_assert_eq!(&ticket.number, number);
                    prop_assert_eq!(ticket.state, TicketState::Waiting);
                    prop_assert_eq!(ticket.issued_at, *pressed_at, "the wait begins with the press");
                    prop_assert_eq!(one.station.engine.ticket_by_number(number).map(|t| t.id), Some(ticket.id));
                }
                None => prop_assert_eq!(ticket.state, TicketState::Cancelled),
            }
        }
        // Whoever pressed first is called first, however the kiosks told of it.
        let mut papers: Vec<_> = one.papers.values().flatten().cloned().collect();
        papers.sort_by_key(|(_, at)| *at);
        let same_instant: BTreeMap<StationTime, BTreeSet<String>> =
            papers.iter().fold(BTreeMap::new(), |mut all, (number, at)| {
                all.entry(*at).or_insert_with(BTreeSet::new).insert(number.to_string());
                all
            });
        let called = one.call_all();
        let mut rest = called.iter();
        for group in same_instant.values() {
            let next: BTreeSet<String> = rest.by_ref().take(group.len()).cloned().collect();
            prop_assert_eq!(&next, group);
        }
        prop_assert_eq!(rest.next(), None);
        prop_assert_eq!(called, other.call_all(), "the same queue in another interleaving");

        // A full replay comes to the same state.
        let mut again = queue_core::Engine::new();
        for recorded in &one.station.log {
            again.apply(recorded);
        }
        prop_assert_eq!(again.fingerprint(), one.station.engine.fingerprint());
    }

    /// A kiosk may forget its lease at any time, the server may have heard of none of its numbers: none is on two papers.
    #[test]
    fn no_number_of_a_kiosk_is_given_out_twice(
        steps in prop::collection::vec((0_u8..6, 1_u8..=2, 1_u32..700), 1..60),
    ) {
        let mut s = Station::open(&["1"]);
        let mut kiosks: BTreeMap<u8, Kiosk> = [(1, Kiosk::default()), (2, Kiosk::default())].into();
        let mut given = BTreeSet::new();
        for (step, which, count) in steps {
            let known = kiosks.get_mut(&which).expect("a kiosk");
            match step {
                0 => *known = Kiosk::default(),
                1 | 2 => {
                    let wish = LeaseWish {
                        kiosk: kiosk(which),
                        holds: known.lease.map(|lease| lease.id),
                        used: known.highest(),
                    };
                    let lease = lease(&mut s, wish);
                    let left = lease.last - known.highest().max(lease.first - 1);
                    prop_assert!(left >= LEASE_NUMBERS / 2, "{left} numbers are left");
                    known.lease = Some(lease);
                }
                _ => {
                    for _ in 0..count {
                        let Some((number, lease)) = known.number("A") else { break };
                        prop_assert!(given.insert(number.to_string()), "{} twice", &number);
                        if step == 3 {
                            let ticket = s.next_ticket_id();
                            let press = Press {
                                kiosk: which,
                                service: "card",
                                class: None,
                                after_ms: 1,
                                fate: Fate::AskLost,
                                taken_back: false,
                            };
                            let told = OfflineTicket {
                                wanted: wanted(ticket, &press),
                                number,
                                lease,
                                day: day(DAY),
                                taken_at: s.now,
                                taken_back: false,
                            };
                            s.send(Command::TakeIn(Box::new(told))).expect("taken in");
                        }
                    }
                }
            }
        }
    }
}

fn leased(s: &mut Station, number: u8) -> u64 {
    let wish = LeaseWish {
        kiosk: kiosk(number),
        holds: None,
        used: 0,
    };
    lease(s, wish).id
}

fn told(s: &mut Station, lease: u64, number: &str) -> OfflineTicket {
    let ticket = s.next_ticket_id();
    OfflineTicket {
        wanted: NewTicket {
            ticket,
            service: service("card"),
            then: vec![],
            class: None,
            language: None,
            channel: service("kiosk"),
            persons: 1,
            terms: Default::default(),
        },
        number: own(number),
        lease,
        day: day(DAY),
        taken_at: s.now,
        taken_back: false,
    }
}

/// The server has issued the ticket, its answer is lost, and counter 1 calls the visitor.
fn called(s: &mut Station, paper: &OfflineTicket) -> TicketId {
    s.must(Command::IssueTicket(paper.wanted.clone()));
    s.must(Command::CallNext {
        counter: counter("1"),
    });
    paper.wanted.ticket
}

#[test]
fn a_clock_that_is_wrong_puts_nobody_before_the_lease_nor_behind_now() {
    let mut s = Station::open(&["1"]);
    let lease = leased(&mut s, 2);
    let granted = s.now;
    s.wait_ms(MINUTE_MS);
    let early = OfflineTicket {
        taken_at: StationTime(0),
        ..told(&mut s, lease, "A2-001")
    };
    let late = OfflineTicket {
        taken_at: s.now.plus_ms(60 * MINUTE_MS),
        ..told(&mut s, lease, "A2-002")
    };
    let later = OfflineTicket {
        taken_at: s.now.plus_ms(50 * MINUTE_MS),
        ..told(&mut s, lease, "A2-003")
    };
    for one in [early.clone(), late.clone(), later.clone()] {
        s.send(Command::TakeIn(one.into())).expect("taken in");
    }
    assert_eq!(s.ticket(early.wanted.ticket).issued_at, granted);
    assert_eq!(s.ticket(late.wanted.ticket).issued_at, s.now);
    // Of one kiosk nobody passes anybody, whatever its clock does.
    let keys = [&early, &late, &later].map(|one| s.ticket(one.wanted.ticket).key);
    assert!(keys.is_sorted() && keys[1] != keys[2], "{keys:?}");
}

#[test]
fn of_two_kiosks_in_one_instant_the_one_with_the_older_lease_goes_first() {
    for (ids_swapped, told_swapped) in [(false, false), (false, true), (true, false), (true, true)]
    {
        let mut s = Station::open(&["1"]);
        let leases = [leased(&mut s, 1), leased(&mut s, 2)];
        let mut papers = [
            told(&mut s, leases[0], "A1-001"),
            told(&mut s, leases[1], "A2-001"),
        ];
        if ids_swapped {
            let [first, second] = &mut papers;
            std::mem::swap(&mut first.wanted.ticket, &mut second.wanted.ticket);
        }
        if told_swapped {
            papers.reverse();
        }
        for paper in papers {
            s.must(Command::TakeIn(paper.into()));
        }
        s.must(Command::CallNext {
            counter: counter("1"),
        });
        let first = s.engine.ticket_by_number(&own("A1-001")).map(|t| t.state);
        assert_eq!(
            first,
            Some(TicketState::Called),
            "{ids_swapped} {told_swapped}"
        );
    }
}

#[test]
fn who_was_missed_under_a_number_that_nobody_held_waits_again() {
    let mut s = Station::open(&["1"]);
    let lease = leased(&mut s, 2);
    let paper = told(&mut s, lease, "A2-001");
    let id = called(&mut s, &paper);
    assert_eq!(s.number(id), "A001");
    s.must(Command::MarkNoShow {
        counter: counter("1"),
    });
    s.must(Command::TakeIn(paper.clone().into()));
    let ticket = s.ticket(id);
    assert_eq!(ticket.number, paper.number);
    assert_eq!(ticket.state, TicketState::Waiting);
    assert_eq!(ticket.first_called_at, None);
    assert_eq!(ticket.issued_at, paper.taken_at);
    assert!(s.engine.ticket_by_number(&own("A001")).is_none());
    s.must(Command::CallNext {
        counter: counter("1"),
    });
    assert_eq!(s.ticket(id).state, TicketState::Called);
}

#[test]
fn an_undo_does_not_bring_the_number_back_that_nobody_has() {
    let mut s = Station::open(&["1"]);
    let lease = leased(&mut s, 2);
    let paper = told(&mut s, lease, "A2-001");
    let id = called(&mut s, &paper);
    s.must(Command::TakeIn(paper.into()));
    let undo = Command::Undo {
        counter: counter("1"),
    };
    assert_eq!(s.refused(undo), "undo_nothing");
    assert_eq!(s.number(id), "A2-001");
    assert_eq!(s.ticket(id).state, TicketState::Called);
}

#[test]
fn a_ticket_of_a_day_that_is_over_counts_in_its_figures_only() {
    let mut s = Station::open(&["1"]);
    let lease = leased(&mut s, 2);
    let paper = told(&mut s, lease, "A2-001");
    s.must(Command::CloseDay);
    s.must(open_day("2026-11-17"));
    s.must(Command::TakeIn(paper.into()));
    let Some(Event::TicketImported(imported)) = s.log.last().map(|r| &r.event) else {
        panic!("{:?}", s.log.last());
    };
    assert_eq!(
        (imported.day, imported.number.as_str(), imported.outcome),
        (day(DAY), "A2-001", Outcome::Abandoned)
    );
    assert_eq!(s.engine.tickets().count(), 0);
}

#[test]
fn a_paper_told_while_the_day_is_closed_waits_until_it_goes_on() {
    let mut s = Station::open(&["1"]);
    let lease = leased(&mut s, 2);
    let paper = told(&mut s, lease, "A2-001");
    let id = paper.wanted.ticket;
    s.must(Command::CloseDay);
    let tell = Command::TakeIn(paper.into());
    assert_eq!(s.refused(tell.clone()), "day_closed");
    s.must(open_day(DAY));
    s.must(tell);
    assert_eq!(s.ticket(id).state, TicketState::Waiting);
}

#[test]
fn who_took_the_ticket_back_does_not_wait_again_for_a_number_that_was_missed() {
    let mut s = Station::open(&["1"]);
    let lease = leased(&mut s, 2);
    let paper = OfflineTicket {
        taken_back: true,
        ..told(&mut s, lease, "A2-001")
    };
    let id = called(&mut s, &paper);
    s.must(Command::MarkNoShow {
        counter: counter("1"),
    });
    s.must(Command::TakeIn(paper.into()));
    assert_eq!(s.ticket(id).state, TicketState::NoShow);
}

#[test]
fn who_is_being_called_hears_the_number_on_the_paper() {
    let mut s = Station::open(&["1"]);
    let lease = leased(&mut s, 2);
    let paper = told(&mut s, lease, "A2-001");
    let id = called(&mut s, &paper);
    s.must(Command::TakeIn(paper.into()));
    assert!(matches!(
        s.log.last().map(|r| &r.event),
        Some(Event::TicketRecalled { ticket, .. }) if *ticket == id
    ));
    assert_eq!((s.number(id).as_str(), s.ticket(id).calls), ("A2-001", 2));
}

#[test]
fn no_ticket_of_another_way_is_given_another_number() {
    let mut s = Station::open(&["1"]);
    let lease = leased(&mut s, 2);
    let paper = told(&mut s, lease, "A2-001");
    s.must(Command::IssueTicket(NewTicket {
        channel: service("web"),
        ..paper.wanted.clone()
    }));
    assert_eq!(
        s.refused(Command::TakeIn(paper.into())),
        "idempotency_key_reused"
    );
}

#[test]
fn only_a_kiosks_own_number_that_is_free_is_taken_in() {
    let mut s = Station::open(&["1"]);
    let lease = leased(&mut s, 2);
    let servers = told(&mut s, lease, "A001");
    assert_eq!(
        s.refused(Command::TakeIn(servers.into())),
        "not_a_kiosks_number"
    );
    let first = told(&mut s, lease, "A2-001");
    s.must(Command::TakeIn(first.into()));
    let second = told(&mut s, lease, "A2-001");
    assert_eq!(s.refused(Command::TakeIn(second.into())), "number_taken");
}

#[test]
fn neither_limits_nor_a_class_that_is_gone_keep_a_paper_out() {
    let mut s = Station::open(&["1"]);
    let lease = leased(&mut s, 2);
    let mut paper = told(&mut s, lease, "A2-001");
    paper.wanted.class = Some(class("royal"));
    paper.wanted.then = vec![service("dance")];
    let id = paper.wanted.ticket;
    s.must(Command::TakeIn(paper.into()));
    assert_eq!(s.ticket(id).class, class("regular"));
}

#[test]
fn the_same_command_twice_is_the_same_lease() {
    let mut s = Station::open(&["1"]);
    let wish = LeaseWish {
        kiosk: kiosk(2),
        holds: None,
        used: 0,
    };
    let asked = CommandRef {
        id: CommandId(9_999),
        digest: 1,
    };
    s.send_as(Some(asked), Command::LeaseNumbers(wish))
        .expect("a lease");
    let first = s.engine.lease(kiosk(2));
    s.send_as(Some(asked), Command::LeaseNumbers(wish))
        .expect("the same");
    assert_eq!(s.engine.lease(kiosk(2)), first);
}
