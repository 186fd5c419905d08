//! Every reader of texts from a WebSocket, fed with anything: frames of both directions, broken in every way, and what
//! `corpus/` keeps. Nothing panics, the next good frame is understood, and what is read is the same when it is written
//! and read again.
#![allow(clippy::unwrap_used, reason = "in a test the panic is the message")]

use std::path::Path;

use proptest::prelude::*;
use proptest::sample::Index;
use protocol::agent_link::{AgentLink, LinkEvent, Transmit};
use protocol::{
    AgentCommand, ClientFrame, CounterKey, DeviceOrder, Envelope, Hello, MachinePorts, Problem,
    Role, SheetLine, SheetOrder, SheetSize,
};
use queue_core::{CallId, CommandId, LanguageTag, PrintOutcome, ServiceId, StationTime, TicketId};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

fn envelope(topic: &str, kind: &str, data: Value) -> String {
    let (v, prev, seq) = (1, 0, 7);
    let (topic, kind) = (topic.to_owned(), kind.to_owned());
    serde_json::to_string(&Envelope {
        v,
        topic,
        prev,
        seq,
        kind,
        data,
    })
    .unwrap()
}

fn problem() -> Problem {
    Problem {
        kind: "about:blank".into(),
        title: "refused".into(),
        status: 409,
        detail: "號碼已叫".into(),
        code: "already_called".into(),
        limit: None,
    }
}

fn client_frames() -> Vec<String> {
    let command = |command| ClientFrame::Command {
        command_id: CommandId(u128::MAX),
        command,
    };
    let issue = AgentCommand::Issue {
        ticket: None,
        service: ServiceId::new("pick-up").unwrap(),
        class: None,
        language: None,
        then: vec![ServiceId::new("photo").unwrap()],
        persons: 3,
        session: Some(StationTime(i64::MAX)),
    };
    let report = AgentCommand::ReportPrint {
        ticket: TicketId(1),
        job: "K1-\"7\"\n".into(),
        outcome: PrintOutcome::Printed,
    };
    let key = AgentCommand::Key {
        counter: "5".parse().unwrap(),
        key: CounterKey::Transfer,
        digits: Some("047".into()),
    };
    let hello = Hello {
        protocol: 1,
        role: Role::Kiosk,
        device: Some("K1".into()),
        epoch: None,
        resume: Some(u64::MAX),
        token: None,
        page_url: None,
    };
    let announced = AgentCommand::ReportAnnounced { call: CallId(9) };
    let frames = [
        ClientFrame::Hello(hello),
        ClientFrame::Pong,
        ClientFrame::Health { devices: vec![] },
        ClientFrame::Ports(MachinePorts::default()),
        command(issue),
        command(report),
        command(key),
        command(announced),
    ];
    frames
        .map(|frame| serde_json::to_string(&frame).unwrap())
        .to_vec()
}

fn server_frames() -> Vec<String> {
    let problem = serde_json::to_value(problem()).unwrap();
    let test = DeviceOrder {
        device: "panel 5".into(),
    };
    let line = SheetLine::Text {
        language: LanguageTag::new("vi").unwrap(),
        text: "Hộ chiếu".into(),
        size: SheetSize::Body,
    };
    let sheet = SheetOrder {
        device: "K1 printer".into(),
        sheet: CommandId(4),
        lines: vec![line, SheetLine::Rule],
    };
    vec![
        envelope("link", "welcome", json!({ "epoch": "e1", "at": 17 })),
        envelope("link", "problem", problem.clone()),
        envelope("link", "ping", Value::Null),
        envelope(
            "commands",
            "result",
            json!({ "command_id": CommandId(3), "problem": problem }),
        ),
        envelope("calls", "call", json!({ "number": "A047", "counter": "5" })),
        envelope("devices", "test", serde_json::to_value(test).unwrap()),
        envelope("devices", "sheet", serde_json::to_value(sheet).unwrap()),
    ]
}

/// What a text may be, at either end.
fn read_anything(text: &str) -> Result<(), String> {
    writes_as_read::<ClientFrame>(text)?;
    writes_as_read::<Problem>(text)?;
    let mut link = AgentLink::new(Role::Display, "D1".to_owned());
    for is_welcomed in [false, true] {
        link.handle_connected(0, None);
        if is_welcomed {
            link.handle_text(1, &server_frames()[0]);
        }
        link.handle_text(2, text);
        let sent = std::iter::from_fn(|| link.poll_transmit()).count();
        let told = std::iter::from_fn(|| link.poll_event()).count();
        if sent > 3 || told > 3 {
            return Err(format!("{sent} frames and {told} events for one"));
        }
    }
    if link.leaving().is_some() {
        return Err("one bad frame ends the connection".to_owned());
    }
    link.handle_text(3, &server_frames()[2]);
    let is_answered = std::iter::from_fn(|| link.poll_transmit())
        .any(|sent| sent == Transmit::Frame(ClientFrame::Pong));
    let is_told = std::iter::from_fn(|| link.poll_event())
        .any(|event| matches!(event, LinkEvent::Frame(frame) if frame.kind == "ping"));
    if is_answered && is_told {
        Ok(())
    } else {
        Err("the next frame is not understood".to_owned())
    }
}

fn writes_as_read<T: DeserializeOwned + Serialize + PartialEq>(text: &str) -> Result<(), String> {
    let Ok(read) = serde_json::from_str::<T>(text) else {
        return Ok(());
    };
    let written = serde_json::to_string(&read).map_err(|error| error.to_string())?;
    match serde_json::from_str::<T>(&written) {
        Ok(again) if again == read => Ok(()),
        Ok(_) => Err(format!("read otherwise when written: {written}")),
        Err(error) => Err(format!("not read when written: {error}: {written}")),
    }
}

/// A part of a text is replaced: by nothing, by what JSON is made of, by large numbers, by a part of it.
fn damage() -> impl Strategy<Value = (Index, usize, String)> {
    let words = prop::sample::select(vec![
        "",
        "\"",
        "{",
        "}",
        "[",
        "]",
        ",",
        ":",
        "null",
        "-1",
        "0",
        "1e999",
        "\\u0000",
        "\\ud800",
        "18446744073709551616",
        "340282366920938463463374607431768211456",
        "\"kind\":",
        "號",
    ]);
    let words = prop_oneof![words.prop_map(str::to_owned), "\\PC{0,6}"];
    (any::<Index>(), 0..12_usize, words)
}

fn hurt(text: &str, damages: &[(Index, usize, String)]) -> String {
    let mut letters: Vec<char> = text.chars().collect();
    for (at, count, word) in damages {
        let start = at.index(letters.len() + 1);
        let end = letters.len().min(start + count);
        letters.splice(start..end, word.chars());
    }
    letters.into_iter().collect()
}

proptest! {
    #[test]
    fn anything_costs_one_frame_at_most(
        frame in prop::sample::select([client_frames(), server_frames()].concat()),
        damages in prop::collection::vec(damage(), 0..5),
    ) {
        let text = hurt(&frame, &damages);
        if let Err(why) = read_anything(&text) {
            prop_assert!(false, "{why}: {text}");
        }
    }
}

#[test]
fn what_is_kept_is_read_without_fault() {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus");
    let mut count = 0;
    for file in std::fs::read_dir(corpus).unwrap() {
        let path = file.unwrap().path();
        let text = String::from_utf8_lossy(&std::fs::read(&path).unwrap()).into_owned();
        if let Err(why) = read_anything(&text) {
            panic!("{}: {why}", path.display());
        }
        count += 1;
    }
    assert!(count > 0);
    let deep = ["[", "{\"data\":"].map(|open| open.repeat(100_000));
    for text in deep {
        read_anything(&text).unwrap();
    }
}
