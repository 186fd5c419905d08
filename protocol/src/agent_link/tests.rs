#![allow(clippy::unwrap_used, reason = "in a test the panic is the message")]

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use queue_core::{CallId, ClassId, Estimate, PrintOutcome, ServiceId, TicketId};
use serde_json::json;

use super::outbox::Outbox;
use super::*;
use crate::{CounterKey, TicketIssued};

fn issue() -> AgentCommand {
    AgentCommand::Issue {
        ticket: None,
        session: None,
        service: ServiceId::new("A").unwrap(),
        class: None,
        language: None,
        then: vec![],
        persons: 1,
    }
}

fn key() -> AgentCommand {
    AgentCommand::Key {
        counter: "1".parse().unwrap(),
        key: CounterKey::CallNext,
        digits: None,
    }
}

fn report() -> AgentCommand {
    AgentCommand::ReportPrint {
        ticket: TicketId(1),
        job: String::new(),
        outcome: PrintOutcome::Printed,
    }
}

fn result(id: u128, ticket: Option<u128>) -> CommandResult {
    CommandResult {
        command_id: CommandId(id),
        issued: ticket.map(|ticket| TicketIssued {
            slot: None,
            seat: None,
            id: TicketId(ticket),
            number: "A001".parse().unwrap(),
            service: ServiceId::new("A").unwrap(),
            class: ClassId::new("regular").unwrap(),
            language: None,
            issued_at: StationTime(0),
            ahead: 0,
            estimate: Estimate::NoWait,
            page_url: String::new(),
            rule: Default::default(),
            missed: Default::default(),
            matters: vec![],
            persons: 1,
            unverified: false,
        }),
        lease: None,
        problem: None,
    }
}

mod outbox_alone {
    use super::*;

    fn sent(outbox: &mut Outbox) -> Vec<u128> {
        std::iter::from_fn(|| outbox.next_to_send())
            .map(|(id, _)| id.0)
            .collect()
    }

    #[test]
    fn a_command_keeps_its_id_over_connections_until_it_is_answered() {
        let mut outbox = Outbox::default();
        outbox.push(CommandId(1), issue(), None);
        outbox.push(CommandId(2), key(), None);
        assert_eq!(sent(&mut outbox), [1, 2]);
        assert_eq!(sent(&mut outbox), [] as [u128; 0]);
        let first = outbox.answered(&result(1, Some(7)));
        assert_eq!(first, Some(issue()));
        assert_eq!(outbox.answered(&result(1, Some(7))), None, "once");
        outbox.reconnected();
        assert_eq!(sent(&mut outbox), [2]);
    }

    #[test]
    fn what_the_server_never_heard_of_is_forgotten() {
        let mut outbox = Outbox::default();
        outbox.push(CommandId(1), issue(), Some(10));
        assert_eq!(outbox.deadline_ms(), Some(10));
        assert_eq!(outbox.expire(9), []);
        assert_eq!(outbox.expire(10), [(CommandId(1), issue(), false)]);
        assert_eq!(sent(&mut outbox), [] as [u128; 0]);
    }

    #[test]
    fn a_press_is_repeated_under_its_id_until_it_is_too_old() {
        let mut outbox = Outbox::default();
        outbox.push(CommandId(7), key(), Some(6_000));
        assert_eq!(sent(&mut outbox), [7]);
        outbox.reconnected();
        assert_eq!(sent(&mut outbox), [7]);
        assert_eq!(outbox.expire(5_999), []);
        assert_eq!(outbox.expire(6_000), [(CommandId(7), key(), true)]);
        outbox.reconnected();
        assert_eq!(sent(&mut outbox), [] as [u128; 0], "it calls nobody later");
    }

    #[test]
    fn an_answer_that_comes_too_late_is_nobodys() {
        let mut outbox = Outbox::default();
        outbox.push(CommandId(1), issue(), Some(10));
        sent(&mut outbox);
        assert_eq!(outbox.expire(10).len(), 1);
        assert_eq!(outbox.expire(20), [], "told once");
        outbox.reconnected();
        assert_eq!(sent(&mut outbox), [] as [u128; 0]);
        assert_eq!(outbox.answered(&result(1, Some(7))), None);
    }

    #[test]
    fn a_visitor_who_tries_again_takes_the_command_up_again() {
        let mut outbox = Outbox::default();
        outbox.push(CommandId(1), issue(), Some(10));
        sent(&mut outbox);
        outbox.expire(10);
        outbox.push(CommandId(1), issue(), Some(30));
        let settled = outbox.answered(&result(1, Some(7)));
        assert_eq!(settled, Some(issue()));
        assert_eq!(outbox.answered(&result(1, Some(7))), None);
    }

    #[test]
    fn reports_do_not_grow_without_end() {
        let mut outbox = Outbox::default();
        outbox.push(CommandId(1), issue(), None);
        let dropped = (10..2_000)
            .filter(|id| outbox.push(CommandId(*id), report(), None))
            .count();
        assert_eq!(dropped, 1_990 + 1 - 1_000);
        let left = sent(&mut outbox);
        assert_eq!(left.len(), 1_000);
        assert_eq!(left[0], 1, "no visitor's command is dropped");
    }
}

fn text(topic: &str, kind: &str, seq: u64, data: impl serde::Serialize) -> String {
    json!({"v": 1, "topic": topic, "prev": 0, "seq": seq, "kind": kind, "data": data}).to_string()
}

fn welcome(epoch: &str) -> String {
    text("link", "welcome", 0, json!({ "epoch": epoch, "at": 17 }))
}

fn new_link() -> AgentLink {
    AgentLink::new(Role::Display, "D1".to_owned())
}

/// A link that was welcomed at 0; its hello and first health are taken.
fn welcomed() -> AgentLink {
    let mut link = new_link();
    link.handle_connected(0, None);
    link.handle_text(0, &welcome("e1"));
    drain(&mut link);
    events(&mut link);
    link
}

fn drain(link: &mut AgentLink) -> Vec<Transmit> {
    std::iter::from_fn(|| link.poll_transmit()).collect()
}

fn events(link: &mut AgentLink) -> Vec<LinkEvent> {
    std::iter::from_fn(|| link.poll_event()).collect()
}

fn commands(link: &mut AgentLink) -> Vec<u128> {
    let id = |transmit| match transmit {
        Transmit::Frame(ClientFrame::Command { command_id, .. }) => Some(command_id.0),
        _ => None,
    };
    drain(link).into_iter().filter_map(id).collect()
}

fn hello(link: &mut AgentLink) -> Hello {
    match link.poll_transmit() {
        Some(Transmit::Frame(ClientFrame::Hello(hello))) => hello,
        other => panic!("no hello but {other:?}"),
    }
}

#[test]
fn nothing_but_the_hello_goes_out_before_the_welcome() {
    let mut link = new_link();
    link.submit(0, CommandId(1), key(), None);
    link.set_health(vec![]);
    assert_eq!(drain(&mut link), [], "not connected");
    link.handle_connected(0, Some("http://127.0.0.1:1/".to_owned()));
    let hello = hello(&mut link);
    assert_eq!(
        (hello.role, hello.device.as_deref(), hello.resume),
        (Role::Display, Some("D1"), None)
    );
    assert_eq!(hello.page_url.as_deref(), Some("http://127.0.0.1:1/"));
    assert_eq!(drain(&mut link), []);
    link.handle_text(5, &welcome("e1"));
    assert_eq!(
        events(&mut link),
        [LinkEvent::Welcome {
            at: Some(StationTime(17)),
            epoch: Some("e1".to_owned()),
            is_other_history: false
        }]
    );
    let sent = drain(&mut link);
    assert!(matches!(
        sent[..],
        [
            Transmit::Frame(ClientFrame::Health { .. }),
            Transmit::Frame(ClientFrame::Command { .. })
        ]
    ));
}

#[test]
fn a_returning_agent_says_what_it_has_heard() {
    let mut link = welcomed();
    link.handle_text(1, &text("calls", "sync", 40, ()));
    link.handle_text(2, &text("calls", "call", 43, json!({})));
    link.handle_text(3, &text("board", "state", 99, json!({})));
    link.handle_disconnected(4, Failure::Lost("cut".into()), 0);
    link.handle_connected(5, None);
    let again = hello(&mut link);
    assert_eq!(
        (again.epoch.as_deref(), again.resume),
        (Some("e1"), Some(43))
    );
    link.handle_text(6, &welcome("e2"));
    assert!(events(&mut link).contains(&LinkEvent::Welcome {
        at: Some(StationTime(17)),
        epoch: Some("e2".to_owned()),
        is_other_history: true
    }));
    link.handle_disconnected(7, Failure::Lost("cut".into()), 0);
    link.handle_connected(8, None);
    let other = hello(&mut link);
    assert_eq!((other.epoch.as_deref(), other.resume), (Some("e2"), None));
}

#[test]
fn reports_about_another_history_are_dropped_and_tickets_are_not() {
    let mut link = welcomed();
    link.handle_disconnected(1, Failure::Lost("cut".into()), 0);
    let announced = AgentCommand::ReportAnnounced { call: CallId(4) };
    link.submit(2, CommandId(1), announced, None);
    link.submit(2, CommandId(2), issue(), None);
    link.handle_connected(3, None);
    link.handle_text(4, &welcome("e2"));
    assert_eq!(commands(&mut link), [2]);
}

#[test]
fn an_unanswered_report_is_said_again_under_its_id() {
    let mut link = welcomed();
    link.submit(1, CommandId(1), report(), None);
    for _ in 0..3 {
        assert_eq!(commands(&mut link), [1]);
        link.handle_disconnected(2, Failure::Lost("cut".into()), 0);
        assert_eq!(commands(&mut link), [] as [u128; 0]);
        link.handle_connected(3, None);
        link.handle_text(4, &welcome("e1"));
    }
    link.handle_text(5, &text("commands", "result", 0, result(1, None)));
    link.handle_disconnected(6, Failure::Lost("cut".into()), 0);
    link.handle_connected(7, None);
    link.handle_text(8, &welcome("e1"));
    assert_eq!(commands(&mut link), [] as [u128; 0]);
}

#[test]
fn ports_are_told_on_change_and_on_every_connection() {
    let told = |link: &mut AgentLink| {
        let sent = drain(link).into_iter();
        let ports = sent.filter_map(|transmit| match transmit {
            Transmit::Frame(ClientFrame::Ports(ports)) => ports.machine,
            _ => None,
        });
        ports.collect::<Vec<_>>()
    };
    let of = |machine: &str| MachinePorts {
        machine: Some(machine.to_owned()),
        ports: vec![],
    };
    let mut link = welcomed();
    link.set_ports(of("a"));
    assert_eq!(told(&mut link), ["a"]);
    link.set_ports(of("a"));
    assert!(told(&mut link).is_empty());
    link.handle_disconnected(1, Failure::Lost("cut".into()), 0);
    link.set_ports(of("b"));
    link.handle_connected(2, None);
    link.handle_text(3, &welcome("e1"));
    assert_eq!(told(&mut link), ["b"]);
}

#[test]
fn health_is_told_on_change_and_on_every_connection() {
    let health = |link: &mut AgentLink| {
        let is_health = |t: &Transmit| matches!(t, Transmit::Frame(ClientFrame::Health { .. }));
        drain(link).iter().filter(|t| is_health(t)).count()
    };
    let device = DeviceHealth {
        device: "LED 1".into(),
        ok: true,
        status: "ok".into(),
        ..DeviceHealth::default()
    };
    let mut link = welcomed();
    link.set_health(vec![device.clone()]);
    assert_eq!(health(&mut link), 1);
    link.set_health(vec![device]);
    assert_eq!(health(&mut link), 0);
    link.handle_disconnected(1, Failure::Lost("cut".into()), 0);
    link.handle_connected(2, None);
    link.handle_text(3, &welcome("e1"));
    assert_eq!(
        health(&mut link),
        1,
        "again to a server that may be another"
    );
}

#[test]
fn a_silent_server_is_asked_and_then_left() {
    let mut link = welcomed();
    let mut now_ms = 0;
    let mut pings = 0;
    while link.leaving().is_none() {
        now_ms = link.deadline_ms().unwrap();
        link.handle_timeout(now_ms);
        pings += drain(&mut link).len();
    }
    assert_eq!((now_ms, pings), (SILENT_MS, 3));
    let mut link = welcomed();
    for now_ms in [3_000, 6_000, 9_000, 12_000, 15_000] {
        link.handle_timeout(now_ms);
        assert_eq!(drain(&mut link), [Transmit::Ping]);
        link.handle_alive(now_ms + 10);
        assert_eq!(link.leaving(), None);
    }
}

#[test]
fn a_server_that_does_not_know_the_token_is_left_and_tried_rarely() {
    let mut link = new_link();
    link.handle_connected(0, None);
    let problem = Problem {
        kind: "about:blank".into(),
        title: String::new(),
        status: 401,
        detail: "who is that?".into(),
        code: "unauthorized".into(),
        limit: None,
    };
    link.handle_text(1, &text("link", "problem", 0, &problem));
    let Some(refused @ Failure::Refused(_)) = link.leaving() else {
        panic!("it stays with {:?}", link.leaving());
    };
    link.handle_disconnected(1, refused, 0);
    assert_eq!(link.retry_at_ms(), Some(1 + RETRY_LAST_MS / 2));
    // The same word later is about one frame.
    let mut link = welcomed();
    link.handle_text(1, &text("link", "problem", 0, &problem));
    assert_eq!(link.leaving(), None);
    assert!(matches!(events(&mut link)[..], [LinkEvent::Remark(_)]));
}

#[test]
fn a_ping_of_the_server_is_answered_and_passed_on() {
    let mut link = welcomed();
    link.handle_text(1, &text("link", "ping", 0, 5));
    assert_eq!(drain(&mut link), [Transmit::Frame(ClientFrame::Pong)]);
    assert!(matches!(events(&mut link)[..], [LinkEvent::Frame(_)]));
}

/// What can happen between an agent and its server.
#[derive(Debug, Clone)]
enum Happening {
    Submit {
        what: u8,
        patient: bool,
    },
    Connect,
    Break,
    Pass(u64),
    /// The server reads what was sent, and answers or loses the answers.
    Serve {
        answers: bool,
    },
    Noise(String),
}

fn happening() -> impl Strategy<Value = Happening> {
    prop_oneof![
        3 => (0_u8..3, any::<bool>())
            .prop_map(|(what, patient)| Happening::Submit { what, patient }),
        3 => Just(Happening::Connect),
        2 => Just(Happening::Break),
        2 => (0_u64..8_000).prop_map(Happening::Pass),
        4 => any::<bool>().prop_map(|answers| Happening::Serve { answers }),
        1 => "\\PC{0,30}".prop_map(Happening::Noise),
    ]
}

/// A server that carries every command id out once, and what it did.
#[derive(Default)]
struct Server {
    done: BTreeMap<u128, AgentCommand>,
}

impl Server {
    fn carry_out(&mut self, id: CommandId, command: AgentCommand) -> CommandResult {
        let ticket = matches!(command, AgentCommand::Issue { .. }).then_some(id.0);
        let known = self.done.entry(id.0).or_insert(command.clone());
        assert_eq!(*known, command, "one id, one command");
        result(id.0, ticket)
    }
}

proptest! {
    /// Whatever happens: whoever gave a command in is told exactly once what became of it, nothing but a hello goes out
    /// before the welcome, and one id is one command.
    #[test]
    fn every_command_ends_once(happenings in proptest::collection::vec(happening(), 1..80)) {
        let mut link = new_link();
        let mut server = Server::default();
        let (mut now_ms, mut next, mut connected, mut greeted) = (0_u64, 1_u128, false, false);
        let mut open: BTreeSet<u128> = BTreeSet::new();
        // In the end the server is well and somebody waits long enough.
        let cure = [Happening::Connect, Happening::Pass(20_000), Happening::Connect,
            Happening::Serve { answers: true }, Happening::Serve { answers: true }];
        for happening in happenings.into_iter().chain(cure) {
            match happening {
                Happening::Submit { what, patient } => {
                    let command = [issue(), key(), report()][usize::from(what)].clone();
                    link.submit(now_ms, CommandId(next), command, patient.then_some(5_000));
                    open.insert(next);
                    next += 1;
                }
                Happening::Connect if !connected => {
                    let at_ms = link.retry_at_ms().unwrap();
                    prop_assert!(at_ms <= now_ms + RETRY_LAST_MS, "it does not want to come back");
                    now_ms = now_ms.max(at_ms);
                    link.handle_timeout(now_ms);
                    link.handle_connected(now_ms, None);
                    prop_assert_eq!(hello(&mut link).protocol, PROTOCOL_VERSION);
                    prop_assert_eq!(drain(&mut link), []);
                    link.handle_text(now_ms, &welcome("e1"));
                    (connected, greeted) = (true, true);
                }
                Happening::Break if connected => {
                    link.handle_disconnected(now_ms, Failure::Lost("cut".into()), u64::MAX);
                    connected = false;
                }
                Happening::Connect | Happening::Break => {}
                Happening::Pass(ms) => {
                    let until_ms = now_ms + ms;
                    while let Some(at_ms) = link.deadline_ms().filter(|at_ms| *at_ms <= until_ms) {
                        now_ms = now_ms.max(at_ms);
                        link.handle_timeout(now_ms);
                        if let Some(failure) = link.leaving() {
                            link.handle_disconnected(now_ms, failure, 7);
                            connected = false;
                        }
                        prop_assert!(link.deadline_ms().is_none_or(|at| at > now_ms), "it spins");
                    }
                    now_ms = until_ms;
                }
                Happening::Serve { answers } => {
                    for transmit in drain(&mut link) {
                        prop_assert!(connected && greeted);
                        let Transmit::Frame(ClientFrame::Command { command_id, command }) = transmit
                        else { continue };
                        let answer = server.carry_out(command_id, command);
                        if answers {
                            let answer = text("commands", "result", 0, answer);
                            link.handle_text(now_ms, &answer);
                        }
                    }
                }
                Happening::Noise(noise) => link.handle_text(now_ms, &noise),
            }
            for event in events(&mut link) {
                match event {
                    LinkEvent::Answered { result, .. } => {
                        let id = result.command_id.0;
                        if id < next {
                            prop_assert!(open.remove(&id), "told twice");
                        }
                    }
                    LinkEvent::Expired { id, .. } => {
                        prop_assert!(open.remove(&id.0), "told twice");
                    }
                    _ => {}
                }
            }
        }
        // What was sent before the last cure and not answered is sent again on the next connection only.
        link.handle_disconnected(now_ms, Failure::Lost("cut".into()), 0);
        for _ in 0..2 {
            link.handle_connected(now_ms, None);
            link.handle_text(now_ms, &welcome("e1"));
            for transmit in drain(&mut link) {
                if let Transmit::Frame(ClientFrame::Command { command_id, command }) = transmit {
                    let answer = text("commands", "result", 0, server.carry_out(command_id, command));
                    link.handle_text(now_ms, &answer);
                }
            }
            for event in events(&mut link) {
                if let LinkEvent::Answered { result, .. } = event {
                    open.remove(&result.command_id.0);
                }
            }
        }
        for transmit in drain(&mut link) {
            if let Transmit::Frame(ClientFrame::Command { command_id, command }) = transmit {
                server.carry_out(command_id, command);
            }
        }
        prop_assert!(open.is_empty(), "nobody was told of {:?}", open);
    }

    #[test]
    fn waits_grow_to_four_seconds_and_are_spread(failures in 0_u32..50, jitter in any::<u64>()) {
        let wait_ms = retry_ms(failures, jitter);
        prop_assert!((RETRY_FIRST_MS / 2..=RETRY_LAST_MS).contains(&wait_ms));
        prop_assert!(failures < 4 || wait_ms >= RETRY_LAST_MS / 2);
        prop_assert!(retry_ms(failures, 0) < retry_ms(failures, RETRY_FIRST_MS / 2));
    }

    #[test]
    fn any_text_is_read_without_fault(noise in "\\PC{0,60}", topic in "[a-z]{0,6}") {
        let mut link = welcomed();
        link.handle_text(1, &noise);
        for kind in ["welcome", "result", "problem", "call", "ping"] {
            link.handle_text(2, &text(&topic, kind, u64::MAX, &noise));
        }
        prop_assert_eq!(link.leaving(), None);
    }
}
