use super::*;
use crate::board::tests::{board, call, pulse};
use crate::settings::{PadSettings, PanelSettings};
use crate::speaker::Made;
use firmware_config::bus::{
    self, Echo, PanelCommand, PanelConfig, PanelHealth, Reception, ReplacementOutcome,
};
use firmware_config::caller_pad::{Key, KeyFrame, PadEvent, Score};
use firmware_config::panel::PanelProtocol;
use firmware_config::port::Link;
use proptest::prelude::*;
use protocol::{CounterInfo, Names, Problem};
use queue_core::CounterState;
use serde_json::json;
use voice::{Clip, Plan, Token, VoiceLanguage};

const WALL_MS: i64 = 1_000_000;

fn at(mono_ms: u64) -> Moment {
    Moment {
        mono_ms,
        wall_ms: WALL_MS + mono_ms as i64,
    }
}

fn mint() -> CommandId {
    use std::sync::atomic::{AtomicU64, Ordering};
    static NEXT: AtomicU64 = AtomicU64::new(1);
    CommandId(NEXT.fetch_add(1, Ordering::Relaxed).into())
}

fn settings() -> Vec<LineSettings> {
    let counter: CounterId = "1".parse().unwrap();
    vec![LineSettings {
        link: Link::serial("/dev/none", 9_600),
        echo: Echo::Learnt,
        panels: vec![PanelSettings {
            address: 1,
            device: PanelProtocol::Led485.into(),
            counter: counter.clone(),
            digits: 4,
        }],
        pads: vec![PadSettings {
            address: 7,
            counter,
        }],
    }]
}

fn station() -> StationInfo {
    let counter = |id: &str| CounterInfo {
        zone: None,
        id: id.parse().unwrap(),
        skills: vec!["card".parse().unwrap()],
        direction: "left".into(),
    };
    StationInfo {
        identity_desk: None,
        guide: None,
        zones: vec![],
        name: Names::default(),
        timezone: "Asia/Taipei".into(),
        hours: ("08:00".into(), "17:00".into()),
        phone: String::new(),
        public_url: String::new(),
        services: vec![],
        counters: vec![counter("1"), counter("2")],
        announcements: vec![],
        appointments: None,
        classes: vec![],
    }
}

fn frame(topic: &str, kind: &str, data: impl serde::Serialize) -> LinkEvent {
    LinkEvent::Frame(Envelope {
        v: 1,
        topic: topic.into(),
        prev: 0,
        seq: 0,
        kind: kind.into(),
        data: serde_json::to_value(data).unwrap(),
    })
}

fn welcome() -> LinkEvent {
    LinkEvent::Welcome {
        at: None,
        epoch: Some("e1".to_owned()),
        is_other_history: false,
    }
}

fn down() -> LinkEvent {
    let why = "cut".to_owned();
    LinkEvent::Down { why }
}

/// The server's answer to a command of [`asks`].
fn answer(asked: &(CommandId, AgentCommand), problem: Option<Problem>) -> LinkEvent {
    LinkEvent::Answered {
        command: asked.1.clone(),
        result: Box::new(CommandResult {
            lease: None,
            command_id: asked.0,
            issued: None,
            problem,
        }),
    }
}

/// An agent connected at 0 with an empty board.
fn agent() -> Agent {
    let mut agent = Agent::new(at(0), &settings(), mint);
    agent.handle_link(at(0), welcome());
    agent.handle_link(at(0), frame("station", "state", station()));
    agent.handle_link(at(0), frame("board", "state", board(1, &[])));
    agent.handle_line(at(0), 0, LineEvent::LineUp);
    agent.take_outputs();
    agent
}

fn shows(agent: &mut Agent) -> Vec<(String, bool)> {
    let panels = agent.take_outputs().into_iter().filter_map(|o| match o {
        Output::Line(0, Command::Panel(PanelCommand { text, urgent, .. })) => Some((text, urgent)),
        _ => None,
    });
    panels.collect()
}

fn asks(agent: &mut Agent) -> Vec<(CommandId, AgentCommand)> {
    let asked = agent.take_outputs().into_iter().filter_map(|o| match o {
        Output::Ask { id, command, .. } => Some((id, command)),
        _ => None,
    });
    asked.collect()
}

fn pad_actions(agent: &mut Agent) -> Vec<PadAction> {
    let told = agent.take_outputs().into_iter().filter_map(|o| match o {
        Output::Line(0, Command::Pad { address: 7, action }) => Some(action),
        _ => None,
    });
    told.collect()
}

fn press(agent: &mut Agent, ms: u64, key: Key) {
    let event = PadEvent::Key(KeyFrame {
        digits: vec![],
        key,
    });
    agent.handle_line(at(ms), 0, LineEvent::Pad { address: 7, event });
}

#[test]
fn a_call_goes_to_the_panel_at_once_and_stays_while_served() {
    let mut agent = agent();
    let mut a = call(5, "A047", "1", WALL_MS);
    agent.handle_link(at(100), frame("calls", "call", pulse(&a)));
    assert_eq!(shows(&mut agent), [("A047".into(), true)]);
    agent.handle_link(
        at(110),
        frame("board", "state", board(5, std::slice::from_ref(&a))),
    );
    assert_eq!(shows(&mut agent), [], "told already");
    a.serving = true;
    agent.handle_link(
        at(200),
        frame("board", "state", board(6, std::slice::from_ref(&a))),
    );
    assert_eq!(shows(&mut agent), []);
    let mut again = call(8, "A047", "1", WALL_MS);
    again.calls = 2;
    agent.handle_link(at(300), frame("board", "state", board(8, &[again])));
    assert_eq!(
        shows(&mut agent),
        [("A047".into(), true)],
        "a recall is urgent too"
    );
    agent.handle_link(at(400), frame("board", "state", board(9, &[])));
    assert_eq!(shows(&mut agent), [(String::new(), false)]);
    let mut paused = board(10, &[]);
    paused.counters[0].state = CounterState::Paused {
        reason: String::new(),
        until: None,
    };
    agent.handle_link(at(500), frame("board", "state", paused));
    assert_eq!(shows(&mut agent), [("---".into(), false)]);
}

#[test]
fn a_minute_without_the_server_takes_every_number_away() {
    let mut agent = agent();
    let now = board(5, &[call(5, "A047", "1", WALL_MS)]);
    agent.handle_link(at(0), frame("board", "state", &now));
    agent.handle_link(at(1_000), down());
    agent.take_outputs();
    agent.handle_timeout(at(59_999));
    assert_eq!(shows(&mut agent), []);
    assert!(
        agent.screens(at(59_999)).hall.regions["view"]
            .0
            .contains("A047")
    );
    assert_eq!(agent.deadline_ms(at(59_999)), 60_000);
    agent.handle_timeout(at(60_000));
    assert_eq!(shows(&mut agent), [(String::new(), false)]);
    let lost = agent.screens(at(60_000));
    assert_eq!(lost.hall.freshness, Freshness::Lost);
    assert_eq!(lost.hall.regions["view"].0, "");
    agent.handle_link(at(70_000), welcome());
    agent.handle_link(at(70_000), LinkEvent::Alive);
    assert_eq!(
        agent.screens(at(70_000)).hall.regions["view"].0,
        "",
        "no board yet"
    );
    agent.handle_link(at(70_100), frame("board", "state", &now));
    assert_eq!(
        shows(&mut agent),
        [("A047".into(), false)],
        "not called anew"
    );
    let back = agent.screens(at(70_100));
    assert!(back.hall.regions["view"].0.contains("A047") && back.hall.announce.is_none());
}

#[test]
fn a_call_shown_by_many_is_reported_once() {
    let mut agent = agent();
    let a = call(5, "A047", "2", WALL_MS);
    agent.handle_link(at(100), frame("calls", "call", pulse(&a)));
    assert_eq!(
        asks(&mut agent),
        [],
        "counter 2 has no panel, and no page has shown it"
    );
    for _ in 0..3 {
        agent.handle_page(at(200), PageEvent::Shown { call: a.call });
    }
    let asked = asks(&mut agent);
    assert_eq!(asked.len(), 1);
    assert_eq!(asked[0].1, AgentCommand::ReportAnnounced { call: a.call });
    agent.handle_page(at(300), PageEvent::Shown { call: CallId(77) });
    assert_eq!(asks(&mut agent), [], "a call that nobody made");
}

#[test]
fn a_panel_that_answers_counts_as_shown_and_others_do_not() {
    for (health, reported) in [
        (PanelHealth::Answers, 1),
        (PanelHealth::Silent, 0),
        (PanelHealth::Unheard, 0),
    ] {
        let mut agent = agent();
        let health = LineEvent::PanelHealth { address: 1, health };
        agent.handle_line(at(10), 0, health);
        let a = call(5, "A047", "1", WALL_MS);
        agent.handle_link(at(100), frame("calls", "call", pulse(&a)));
        assert_eq!(asks(&mut agent).len(), reported);
    }
}

#[test]
fn a_report_is_asked_once_and_has_all_the_time_there_is() {
    let mut agent = agent();
    let a = call(5, "A047", "2", WALL_MS);
    agent.handle_link(at(100), frame("calls", "call", pulse(&a)));
    agent.handle_link(at(150), down());
    agent.handle_page(at(200), PageEvent::Shown { call: a.call });
    let asked = agent.take_outputs();
    assert!(
        matches!(
            &asked[..],
            [Output::Ask {
                patience_ms: None,
                ..
            }]
        ),
        "{asked:?}"
    );
    agent.handle_link(at(9_000), welcome());
    agent.handle_page(at(9_100), PageEvent::Shown { call: a.call });
    assert_eq!(asks(&mut agent), [], "the connection says it again");
}

#[test]
fn a_refused_press_beeps_and_an_accepted_one_does_not() {
    for (refused, beeps) in [(true, vec![PadAction::Beep]), (false, vec![])] {
        let mut agent = agent();
        press(&mut agent, 100, Key::CallNext);
        let asked = asks(&mut agent);
        assert_eq!(asked.len(), 1);
        let problem = Problem {
            kind: "about:blank".into(),
            title: String::new(),
            status: 409,
            detail: String::new(),
            code: "nobody_waiting".into(),
            limit: None,
        };
        agent.handle_link(at(150), answer(&asked[0], refused.then_some(problem)));
        assert_eq!(pad_actions(&mut agent), beeps);
    }
}

#[test]
fn a_press_that_nobody_answers_beeps_and_is_not_carried_out_later() {
    let mut agent = agent();
    agent.handle_link(at(50), down());
    press(&mut agent, 100, Key::CallNext);
    let asked = agent.take_outputs();
    let [
        Output::Ask {
            id,
            command,
            patience_ms: Some(PRESS_MS),
        },
    ] = &asked[..]
    else {
        panic!("{asked:?}");
    };
    let expired = LinkEvent::Expired {
        sent: true,
        id: *id,
        command: command.clone(),
    };
    agent.handle_link(at(5_100), expired);
    assert_eq!(pad_actions(&mut agent), [PadAction::Beep]);
    agent.handle_link(at(6_000), welcome());
    assert_eq!(asks(&mut agent), []);
}

#[test]
fn a_rating_names_its_counter_and_a_granted_question_lights_the_pad() {
    let mut agent = agent();
    let event = PadEvent::Rating(Score::new(4).unwrap());
    agent.handle_line(at(10), 0, LineEvent::Pad { address: 7, event });
    let expected = AgentCommand::PadRating {
        counter: "1".parse().unwrap(),
        score: 4,
    };
    assert_eq!(asks(&mut agent)[0].1, expected);
    press(&mut agent, 20, Key::AskRating);
    let asked = asks(&mut agent);
    agent.handle_link(at(30), answer(&asked[0], None));
    assert_eq!(pad_actions(&mut agent), [PadAction::AskRating]);
}

#[test]
fn a_pad_shows_the_waiting_people_it_may_call_and_its_number() {
    let mut agent = Agent::new(at(0), &settings(), mint);
    agent.handle_link(at(0), frame("station", "state", station()));
    let now = board(5, &[call(5, "A047", "1", WALL_MS)]);
    agent.handle_link(at(0), frame("board", "state", now));
    assert_eq!(pad_actions(&mut agent), [], "its line is not up");
    agent.handle_line(at(10), 0, LineEvent::LineUp);
    let both = [PadAction::ShowWaiting(3), PadAction::ShowTicket(47)];
    assert_eq!(
        pad_actions(&mut agent),
        both,
        "3 wait for `card`, which it serves"
    );
    agent.handle_line(
        at(20),
        0,
        LineEvent::LineDown {
            reason: "gone".into(),
        },
    );
    agent.handle_line(at(30), 0, LineEvent::LineUp);
    assert_eq!(
        pad_actions(&mut agent),
        both,
        "all of it again after a break"
    );
}

/// Two lines: a panel of counter 1 on the first, a panel and a pad of counter 2 on the second.
fn two_lines() -> Agent {
    let counter: CounterId = "2".parse().unwrap();
    let mut lines = settings();
    lines[0].pads.clear();
    lines.push(LineSettings {
        link: Link::serial("/dev/other", 9_600),
        echo: Echo::Learnt,
        panels: vec![PanelSettings {
            address: 2,
            device: PanelProtocol::Led485.into(),
            counter: counter.clone(),
            digits: 4,
        }],
        pads: vec![PadSettings {
            address: 7,
            counter,
        }],
    });
    let mut agent = Agent::new(at(0), &lines, mint);
    agent.handle_line(at(0), 0, LineEvent::LineUp);
    agent.handle_line(at(0), 1, LineEvent::LineUp);
    agent
}

fn panel_is(agent: &mut Agent, line: usize, health: PanelHealth) {
    let address = if line == 0 { 1 } else { 2 };
    agent.handle_line(at(1), line, LineEvent::PanelHealth { address, health });
}

fn statuses(agent: &Agent) -> Vec<String> {
    agent.health().into_iter().map(|d| d.status).collect()
}

#[test]
fn a_panel_that_is_to_be_replaced_says_how_far_it_is() {
    let movable = PanelConfig {
        address_register: Some(2),
        ..PanelProtocol::Led485.into()
    };
    let mut lines = settings();
    lines[0].pads.clear();
    lines[0].panels[0].device = movable;
    let mut agent = Agent::new(at(0), &lines, mint);
    agent.handle_line(at(0), 0, LineEvent::LineUp);
    let status = |agent: &Agent| agent.health()[0].status.clone();
    let replace = |agent: &mut Agent| {
        agent.take_outputs();
        agent.handle_link(
            at(2),
            frame("devices", "replace", json!({ "device": "LED 1" })),
        );
        let outputs = agent.take_outputs().into_iter();
        let is_search =
            |output: &Output| matches!(output, Output::Line(0, Command::Replace { address: 1 }));
        outputs.filter(is_search).count()
    };
    panel_is(&mut agent, 0, PanelHealth::Answers);
    assert_eq!((replace(&mut agent), status(&agent)), (0, "ok".to_owned()));
    panel_is(&mut agent, 0, PanelHealth::Silent);
    assert_eq!(replace(&mut agent), 1);
    assert_eq!(status(&agent), "replacing");
    let ended = |agent: &mut Agent, outcome| {
        let event = LineEvent::Replaced {
            address: 1,
            outcome,
        };
        agent.handle_line(at(3), 0, event);
        status(agent)
    };
    let stuck = ReplacementOutcome::NotTaken { from: 9 };
    assert_eq!(
        ended(&mut agent, ReplacementOutcome::NotFound),
        "no_replacement"
    );
    assert_eq!(ended(&mut agent, stuck), "replacement_stuck");
    assert!(agent.health()[0].detail.contains('9'));
    panel_is(&mut agent, 0, PanelHealth::Answers);
    assert_eq!(status(&agent), "ok");
    // A line that is lost has no search any more.
    panel_is(&mut agent, 0, PanelHealth::Silent);
    assert_eq!(replace(&mut agent), 1);
    let reason = "gone".to_owned();
    agent.handle_line(at(4), 0, LineEvent::LineDown { reason });
    agent.handle_line(at(5), 0, LineEvent::LineUp);
    panel_is(&mut agent, 0, PanelHealth::Silent);
    assert_eq!(status(&agent), "silent");

    // Its address cannot be set, or one beside it would show the questions.
    let mut fixed = lines.clone();
    fixed[0].panels[0].device = PanelProtocol::Led485.into();
    let mut beside = lines;
    let first = beside[0].panels[0].clone();
    beside[0].panels.push(PanelSettings {
        address: 4,
        device: PanelProtocol::Cd5220.into(),
        ..first
    });
    for lines in [fixed, beside] {
        let mut agent = Agent::new(at(0), &lines, mint);
        agent.handle_line(at(0), 0, LineEvent::LineUp);
        panel_is(&mut agent, 0, PanelHealth::Silent);
        assert_eq!(replace(&mut agent), 0);
        assert_eq!(status(&agent), "replace_by_hand");
        assert_eq!(agent.health()[0].detail, "address 1");
    }
}

#[test]
fn lines_whose_plugs_were_exchanged_are_found_out_and_named() {
    let mut agent = two_lines();
    panel_is(&mut agent, 0, PanelHealth::Silent);
    panel_is(&mut agent, 1, PanelHealth::Silent);
    assert_eq!(statuses(&agent), ["silent", "silent", "unheard"]);
    agent.take_outputs();
    agent.handle_timeout(at(SEEK_MS));
    let mut sought = agent
        .take_outputs()
        .into_iter()
        .filter_map(|output| match output {
            Output::Line(line, Command::LookFor(stranger)) => {
                Some((line, stranger.address, stranger.of_line))
            }
            _ => None,
        });
    assert_eq!(
        sought.next(),
        Some((1, 1, 0)),
        "the first line's panel on the second"
    );
    assert_eq!(sought.next(), Some((0, 2, 1)));
    assert_eq!(sought.next(), None);
    agent.handle_line(at(5_100), 1, LineEvent::StrangerAnswers { of_line: 0 });
    // The pad of the second line presses on the first.
    agent.handle_line(at(5_200), 0, LineEvent::UnknownPad { address: 7 });
    assert_eq!(statuses(&agent), ["wrong_port"; 3]);
    let details: Vec<_> = agent.health().into_iter().map(|d| d.detail).collect();
    assert!(
        details[0].contains("/dev/other") && details[1].contains("/dev/none"),
        "{details:?}"
    );

    for line in [0, 1] {
        agent.handle_line(at(6_000), line, LineEvent::LineDown { reason: "x".into() });
        agent.handle_line(at(6_100), line, LineEvent::LineUp);
        panel_is(&mut agent, line, PanelHealth::Answers);
    }
    assert_eq!(statuses(&agent), ["ok", "ok", "unheard"]);
    agent.take_outputs();
    agent.handle_timeout(at(2 * SEEK_MS));
    let seeks = |output: &Output| matches!(output, Output::Line(_, Command::LookFor(_)));
    assert!(!agent.take_outputs().iter().any(seeks), "nobody is missed");
    // Where a panel answers, or is of a kind that never does, no other line's is looked for.
    for health in [PanelHealth::Answers, PanelHealth::Unheard] {
        panel_is(&mut agent, 0, PanelHealth::Silent);
        panel_is(&mut agent, 1, health);
        agent.take_outputs();
        agent.seek_ms = 0;
        agent.handle_timeout(at(7_000));
        assert!(!agent.take_outputs().iter().any(seeks), "{health:?}");
    }
}

#[test]
fn a_pad_with_a_wrong_address_does_not_accuse_a_line_that_works() {
    let mut agent = two_lines();
    for line in [0, 1] {
        panel_is(&mut agent, line, PanelHealth::Answers);
    }
    agent.handle_line(at(2), 0, LineEvent::UnknownPad { address: 7 });
    assert_eq!(statuses(&agent), ["ok", "ok", "unheard"]);
}

#[test]
fn what_is_wrong_with_a_line_or_a_panel_has_a_name() {
    let mut agent = two_lines();
    panel_is(&mut agent, 0, PanelHealth::Answers);
    panel_is(&mut agent, 1, PanelHealth::Contested);
    assert_eq!(statuses(&agent), ["ok", "same_address", "unheard"]);
    panel_is(&mut agent, 1, PanelHealth::Garbled);
    assert_eq!(statuses(&agent), ["ok", "garbled", "unheard"]);
    let heard = |agent: &mut Agent, reception| {
        agent.handle_line(at(2), 1, LineEvent::Reception(reception));
        statuses(agent)
    };
    panel_is(&mut agent, 1, PanelHealth::Answers);
    assert_eq!(
        heard(&mut agent, Reception::Noisy),
        ["ok", "noisy", "noisy"]
    );
    assert!(agent.health().iter().all(|device| device.ok), "they work");
    panel_is(&mut agent, 1, PanelHealth::Silent);
    let unreadable = heard(&mut agent, Reception::Unreadable);
    assert_eq!(unreadable, ["ok", "unreadable", "unreadable"]);
    agent.handle_line(at(3), 1, LineEvent::OtherSpeed { baud_bps: 19_200 });
    assert_eq!(statuses(&agent), ["ok", "wrong_speed", "wrong_speed"]);
    assert!(agent.health()[1].detail.contains("19200"));
    heard(&mut agent, Reception::Clear);
    panel_is(&mut agent, 1, PanelHealth::Answers);
    assert_eq!(statuses(&agent), ["ok", "ok", "unheard"]);
}

#[test]
fn what_went_over_a_line_is_told_with_its_devices() {
    let mut agent = two_lines();
    let counts = |sent| bus::FrameCounts {
        sent,
        heard: 7,
        ..bus::FrameCounts::default()
    };
    let line_counts = bus::LineCounts {
        panels: [(2, counts(9))].into(),
        pads: [(7, counts(3))].into(),
    };
    agent.handle_line(at(1), 1, LineEvent::Frames(line_counts));
    let told: Vec<_> = agent
        .health()
        .into_iter()
        .map(|d| d.frames.map(|frames| (frames.sent, frames.heard)))
        .collect();
    assert_eq!(told, [None, Some((9, 7)), Some((3, 7))]);
    assert_eq!(statuses(&agent)[2], "ok", "it has been heard");
}

#[test]
fn health_is_told_whole_and_on_change_only() {
    let mut agent = Agent::new(at(0), &settings(), mint);
    agent.handle_link(at(0), welcome());
    let first = agent.take_outputs().into_iter().find_map(|o| match o {
        Output::Health(devices) => Some(devices),
        _ => None,
    });
    let unknown = |d: &DeviceHealth| d.is_unknown() && !d.ok && !d.is_trouble();
    assert!(first.unwrap().iter().all(unknown), "nothing is known yet");
    agent.handle_line(at(0), 0, LineEvent::LineUp);
    agent.take_outputs();
    let told = |agent: &mut Agent| -> Vec<Vec<(String, String)>> {
        let frames = agent.take_outputs().into_iter().filter_map(|o| match o {
            Output::Health(devices) => {
                Some(devices.into_iter().map(|d| (d.device, d.status)).collect())
            }
            _ => None,
        });
        frames.collect()
    };
    let words = |led: &str, pad: &str| {
        vec![
            ("LED 1".to_owned(), led.to_owned()),
            ("pad 1".to_owned(), pad.to_owned()),
        ]
    };
    let ok = LineEvent::PanelHealth {
        address: 1,
        health: PanelHealth::Answers,
    };
    agent.handle_line(at(1), 0, ok.clone());
    assert_eq!(told(&mut agent), [words("ok", "unheard")]);
    agent.handle_line(at(2), 0, ok);
    assert!(told(&mut agent).is_empty());
    let unheard = LineEvent::PanelHealth {
        address: 1,
        health: PanelHealth::Unheard,
    };
    agent.handle_line(at(2), 0, unheard);
    assert_eq!(told(&mut agent), [words("one_way", "unheard")]);
    agent.handle_line(at(3), 0, LineEvent::LineDown { reason: "x".into() });
    assert_eq!(told(&mut agent), [words("port_missing", "port_missing")]);
    agent.handle_page(at(6), PageEvent::Sound { page: 1, ok: false });
    let with_sound = told(&mut agent);
    assert_eq!(
        with_sound[0].last().unwrap(),
        &("hall sound".into(), "muted".into())
    );
    // A board that was there is missed, until one is there again.
    agent.handle_page(at(7), PageEvent::Gone { page: 1 });
    let mut without = words("port_missing", "port_missing");
    without.push(("hall board".into(), "closed".into()));
    assert_eq!(told(&mut agent), [without]);
    agent.handle_page(at(8), PageEvent::Sound { page: 2, ok: true });
    let again = told(&mut agent);
    assert_eq!(
        again[0].last().unwrap(),
        &("hall sound".into(), "ok".into())
    );
}

#[test]
fn another_database_makes_the_agent_forget() {
    let mut agent = agent();
    let now = board(50, &[call(50, "A047", "1", WALL_MS)]);
    agent.handle_link(at(0), frame("board", "state", now));
    agent.handle_link(at(10), down());
    let other = LinkEvent::Welcome {
        at: None,
        epoch: Some("e2".to_owned()),
        is_other_history: true,
    };
    agent.handle_link(at(20), other);
    let restored = board(3, &[call(3, "A001", "2", WALL_MS)]);
    agent.handle_link(at(30), frame("board", "state", restored));
    let hall = agent.screens(at(30)).hall;
    assert!(hall.regions["view"].0.contains("A001") && !hall.regions["view"].0.contains("A047"));
    let announced = hall.announce.map(|a| (a.history, a.call));
    assert_eq!(announced, Some((Some("e2".to_owned()), CallId(3))));
}

#[test]
fn frames_that_make_no_sense_change_nothing() {
    let mut agent = agent();
    let before = agent.screens(at(0));
    for (topic, kind) in [
        ("board", "state"),
        ("station", "state"),
        ("calls", "call"),
        ("else", "where"),
    ] {
        agent.handle_link(
            at(0),
            frame(topic, kind, json!({ "seq": "x", "call_id": -1 })),
        );
    }
    assert_eq!(agent.screens(at(0)), before);
}

#[test]
fn the_station_clock_follows_a_server_that_is_behind() {
    let mut agent = agent();
    let ping = |ms: u64| frame("link", "ping", at(ms).wall_ms - 300_000);
    agent.handle_link(at(5_000), ping(5_000));
    let behind = call(5, "A047", "1", WALL_MS - 299_000);
    agent.handle_link(at(6_000), frame("calls", "call", pulse(&behind)));
    assert!(
        agent.screens(at(6_000)).hall.announce.is_some(),
        "fresh by the station's clock"
    );
}

/// What can happen to an agent, in a hall with two counters.
#[derive(Debug, Clone)]
enum Happening {
    Up,
    Down,
    Pass(u64),
    Called { counter: u8, with_pulse: bool },
    Left(u8),
    Shown(u64),
    Answered,
}

fn happening() -> impl Strategy<Value = Happening> {
    prop_oneof![
        Just(Happening::Up),
        Just(Happening::Down),
        (0_u64..20_000).prop_map(Happening::Pass),
        (1_u8..=2, any::<bool>()).prop_map(|(counter, with_pulse)| Happening::Called {
            counter,
            with_pulse
        }),
        (1_u8..=2).prop_map(Happening::Left),
        (0_u64..40).prop_map(Happening::Shown),
        Just(Happening::Answered),
    ]
}

proptest! {
    /// Whatever happens: a call is reported under one command id only, the panel ends at what the
    /// last board says, and numbers are on the page exactly while they may be believed.
    #[test]
    fn an_agent_keeps_its_promises(happenings in proptest::collection::vec(happening(), 1..60)) {
        let mut agent = agent();
        let (mut now_ms, mut seq, mut up) = (0_u64, 1_u64, true);
        let mut calls: Vec<BoardCall> = Vec::new();
        let mut reports: BTreeMap<CallId, CommandId> = BTreeMap::new();
        let mut last_text = String::new();
        for happening in happenings {
            let send = |agent: &mut Agent, calls: &[BoardCall], seq: u64| {
                let mut now = board(seq, calls);
                now.at = StationTime(at(now_ms).wall_ms);
                agent.handle_link(at(now_ms), frame("board", "state", now));
            };
            match happening {
                Happening::Up => {
                    up = true;
                    agent.handle_link(at(now_ms), welcome());
                    send(&mut agent, &calls, seq);
                }
                Happening::Down => {
                    up = false;
                    agent.handle_link(at(now_ms), down());
                }
                Happening::Pass(ms) => {
                    let until_ms = now_ms + ms;
                    while agent.deadline_ms(at(now_ms)) <= until_ms {
                        let next_ms = agent.deadline_ms(at(now_ms));
                        now_ms = next_ms.max(now_ms);
                        agent.handle_timeout(at(now_ms));
                        prop_assert!(agent.deadline_ms(at(now_ms)) > now_ms, "it spins");
                    }
                    now_ms = until_ms;
                }
                Happening::Called { counter, with_pulse } => {
                    seq += 1;
                    calls.retain(|c| c.counter.as_str() != counter.to_string());
                    let number = format!("A{seq:03}");
                    let new = call(seq, &number, &counter.to_string(), at(now_ms).wall_ms);
                    calls.insert(0, new.clone());
                    if up {
                        if with_pulse {
                            agent.handle_link(at(now_ms), frame("calls", "call", pulse(&new)));
                        }
                        send(&mut agent, &calls, seq);
                    }
                }
                Happening::Left(counter) => {
                    seq += 1;
                    calls.retain(|c| c.counter.as_str() != counter.to_string());
                    if up {
                        send(&mut agent, &calls, seq);
                    }
                }
                Happening::Shown(id) => {
                    agent.handle_page(at(now_ms), PageEvent::Shown { call: CallId(id) });
                }
                Happening::Answered => {
                    if let Some((call, id)) = reports.last_key_value().filter(|_| up) {
                        let asked = (*id, AgentCommand::ReportAnnounced { call: *call });
                        agent.handle_link(at(now_ms), answer(&asked, None));
                    }
                }
            }
            for output in agent.take_outputs() {
                match output {
                    Output::Ask { id, command: AgentCommand::ReportAnnounced { call }, .. } => {
                        prop_assert!(reports.insert(call, id).is_none(), "reported twice");
                    }
                    Output::Line(_, Command::Panel(panel)) => last_text = panel.text,
                    _ => {}
                }
            }
            let screens = agent.screens(at(now_ms));
            let html = &screens.hall.regions["view"].0;
            if screens.hall.freshness == Freshness::Lost {
                prop_assert_eq!(html, "");
                prop_assert_eq!(&last_text, "");
            } else if up && agent.feed.is_settled() {
                for c in &calls {
                    prop_assert!(html.contains(&c.number.to_string()));
                }
                let expected = calls.iter().find(|c| c.counter.as_str() == "1");
                let expected = expected.map_or(String::new(), |c| c.number.to_string());
                prop_assert_eq!(&last_text, &expected);
            }
        }
    }
}

/// An agent whose hall board speaks Chinese, English and Vietnamese.
fn speaking(voices: &[VoiceLanguage]) -> Agent {
    let mut agent = agent().speaking(Some(VoiceRules::default()), "run".to_owned());
    let voices = voices.iter().copied().collect();
    let mistakes = String::new();
    agent.handle_studio(at(0), StudioEvent::Open { voices, mistakes });
    agent.take_outputs();
    agent
}

fn orders(agent: &mut Agent) -> Vec<StudioOrder> {
    let outputs = agent.take_outputs().into_iter();
    outputs
        .filter_map(|output| match output {
            Output::Studio(order) => Some(order),
            _ => None,
        })
        .collect()
}

/// The sound of an order is ready and lasts so long.
fn made(turn: u64, length_ms: u64) -> StudioEvent {
    let hash = format!("sound-{turn}");
    StudioEvent::Made {
        turn,
        made: Some(Made { hash, length_ms }),
    }
}

/// The number and counter that an order says in Chinese.
fn said(order: &StudioOrder) -> String {
    let tokens = order.plan.tokens.iter();
    tokens
        .filter_map(|token| match token {
            Token::Say(VoiceLanguage::ZhTw, Clip::Digit(digit)) => Some(char::from(b'0' + digit)),
            Token::Say(VoiceLanguage::ZhTw, Clip::Letter(letter)) => Some(*letter),
            Token::Say(VoiceLanguage::ZhTw, Clip::Between) => Some('>'),
            _ => None,
        })
        .collect()
}

const VOICES: [VoiceLanguage; 3] = [VoiceLanguage::ZhTw, VoiceLanguage::En, VoiceLanguage::Vi];

#[test]
fn calls_at_once_are_spoken_one_after_the_other_and_the_pages_told_what_to_play() {
    let mut agent = speaking(&VOICES);
    let mut first = call(5, "A047", "1", WALL_MS);
    first.language = "vi".parse().ok();
    agent.handle_link(at(0), frame("calls", "call", pulse(&first)));
    let second = call(6, "C112", "2", WALL_MS);
    agent.handle_link(at(0), frame("calls", "call", pulse(&second)));
    let asked = orders(&mut agent);
    assert_eq!(asked.iter().map(said).collect::<Vec<_>>(), ["A047>1"]);
    assert_eq!(
        asked[0].plan.languages(),
        [VoiceLanguage::ZhTw, VoiceLanguage::Vi]
    );
    let hall = agent.screens(at(0)).hall;
    assert_eq!(hall.speech, None, "nothing is ready");
    let announce = hall.announce.unwrap();
    assert!(!announce.chime, "the voice brings it");

    agent.handle_studio(at(100), made(1, 9_000));
    let speech = agent.screens(at(100)).hall.speech.unwrap();
    assert_eq!(
        (speech.turn, speech.url.as_str(), speech.volume),
        (1, "/voice/sound-1.wav", 100)
    );
    assert!(
        orders(&mut agent).is_empty(),
        "the first is still being said"
    );
    assert!(agent.deadline_ms(at(100)) <= 9_500);
    agent.handle_timeout(at(8_000));
    let amber = agent.screens(at(8_000)).hall.announce.map(|a| a.call);
    assert_eq!(amber, Some(CallId(5)), "what is heard is what is seen");
    agent.handle_timeout(at(9_500));
    let amber = agent.screens(at(9_500)).hall.announce.map(|a| a.call);
    assert_eq!(amber, Some(CallId(6)));
    assert_eq!(
        orders(&mut agent).iter().map(said).collect::<Vec<_>>(),
        ["C112>2"]
    );
    agent.handle_studio(at(9_600), made(2, 4_000));
    assert_eq!(agent.screens(at(9_600)).hall.speech.unwrap().turn, 2);
    agent.handle_timeout(at(14_001));
    assert_eq!(
        agent.screens(at(14_001)).hall.speech,
        None,
        "a page that is opened now says nothing"
    );
    let counter = agent.screens(at(100)).counters;
    assert!(counter.values().all(|view| view.speech.is_none()));
}

#[test]
fn a_recall_is_spoken_next_and_who_has_come_is_not_called_any_more() {
    let mut agent = speaking(&VOICES);
    let calls = [
        call(5, "A047", "1", WALL_MS),
        call(6, "C112", "2", WALL_MS),
        call(7, "A048", "3", WALL_MS),
    ];
    for call in &calls {
        agent.handle_link(at(0), frame("calls", "call", pulse(call)));
    }
    assert_eq!(
        orders(&mut agent).iter().map(said).collect::<Vec<_>>(),
        ["A047>1"]
    );
    let mut again = call(8, "A047", "1", WALL_MS);
    again.calls = 2;
    agent.handle_link(at(100), frame("calls", "call", pulse(&again)));
    // Visitor C112 is being served before the turn of the call.
    let mut served = calls[1].clone();
    served.serving = true;
    let now = board(20, &[again, calls[2].clone(), served]);
    agent.handle_link(at(200), frame("board", "state", now));
    let mut heard = Vec::new();
    for turn in 1..=3 {
        let ms = turn * 4_000;
        agent.handle_studio(at(ms), made(turn, 1_000));
        agent.handle_timeout(at(ms + 2_000));
        heard.extend(orders(&mut agent).iter().map(said));
    }
    assert_eq!(heard, ["A047>1", "A048>3"]);
}

#[test]
fn a_board_of_a_zone_speaks_the_calls_of_its_zone() {
    let mut station = station();
    for (counter, zone) in station.counters.iter_mut().zip(["a", "b"]) {
        counter.zone = zone.parse().ok();
    }
    let zone = |id: &str| protocol::ZoneInfo {
        id: id.parse().unwrap(),
        name: Names::default(),
    };
    station.zones = vec![zone("a"), zone("b")];
    let mut agent = speaking(&VOICES).in_zone("b".parse().ok());
    agent.handle_link(at(0), frame("station", "state", station));
    for call in [call(5, "A047", "1", WALL_MS), call(6, "C112", "2", WALL_MS)] {
        agent.handle_link(at(0), frame("calls", "call", pulse(&call)));
    }
    assert_eq!(
        orders(&mut agent).iter().map(said).collect::<Vec<_>>(),
        ["C112>2"]
    );
}

#[test]
fn without_a_voice_the_chime_sounds_and_the_server_is_told() {
    let mut agent = agent().speaking(Some(VoiceRules::default()), "run".to_owned());
    let a = call(5, "A047", "1", WALL_MS);
    agent.handle_link(at(0), frame("calls", "call", pulse(&a)));
    assert!(orders(&mut agent).is_empty(), "the studio is not open");
    let (voices, mistakes) = (BTreeSet::new(), String::new());
    agent.handle_studio(at(10), StudioEvent::Open { voices, mistakes });
    let outputs = agent.take_outputs();
    let chime = StudioOrder {
        turn: 1,
        plan: Plan {
            tokens: vec![Token::Chime],
            instead: None,
        },
    };
    assert!(outputs.contains(&Output::Studio(chime)));
    let told = outputs.iter().any(|output| match output {
        Output::Health(devices) => devices
            .iter()
            .any(|d| d.device == "hall voice" && d.status == "no_voice" && d.ok),
        _ => false,
    });
    assert!(told);
    // What cannot be made holds up nobody.
    let b = call(6, "C112", "2", WALL_MS);
    agent.handle_link(at(20), frame("calls", "call", pulse(&b)));
    agent.handle_studio(
        at(30),
        StudioEvent::Made {
            turn: 1,
            made: None,
        },
    );
    assert_eq!(orders(&mut agent).len(), 1);
}

#[test]
fn an_administrator_s_test_is_spoken_and_a_mistake_in_a_pack_is_told() {
    let mut agent = speaking(&VOICES);
    let order = DeviceOrder {
        device: "hall voice".to_owned(),
    };
    agent.handle_link(at(0), frame("devices", "test", order));
    let asked = orders(&mut agent);
    assert_eq!(asked.iter().map(said).collect::<Vec<_>>(), ["A000>1"]);
    assert_eq!(
        asked[0].plan.languages(),
        [VoiceLanguage::ZhTw, VoiceLanguage::En]
    );
    let open = StudioEvent::Open {
        voices: VOICES.into(),
        mistakes: "voices/nan/manifest.toml:3:1: empty text".to_owned(),
    };
    agent.handle_studio(at(10), open);
    let told = agent.take_outputs().into_iter().any(|output| match output {
        Output::Health(devices) => devices.iter().any(|d| d.status == "voice_pack" && !d.ok),
        _ => false,
    });
    assert!(told);
}
