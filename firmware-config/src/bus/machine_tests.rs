use super::*;
use crate::bus::panel::seek_message;
use crate::bus::{FrameCounts, PanelConfig, Reception, ReplacementOutcome, Stranger};
use crate::caller_pad::{Key, KeyFrame, PadEvent, Score, ack_for};
use crate::led485;
use crate::modbus::{Action, Address, Exception, Request};
use crate::panel::{PanelProtocol, ShowError};
use crate::profile::DeviceProfile;
use crate::simulate::VirtualDisplay;
use proptest::prelude::*;

fn led(address: u8) -> (u8, PanelConfig) {
    let panel = PanelConfig {
        address_register: Some(led485::REGISTER_ADDRESS),
        ..PanelProtocol::Led485.into()
    };
    (address, panel)
}

fn show(address: u8, text: &str, urgent: bool) -> Command {
    Command::Panel(PanelCommand {
        address,
        text: text.into(),
        urgent,
    })
}

/// A line under test: drains the machine after every input and keeps what it said.
struct Line {
    machine: BusMachine,
    now_ms: u64,
    writes: Vec<Vec<u8>>,
    events: Vec<Event>,
    speeds: Vec<u32>,
    until_ms: Option<u64>,
}

impl Line {
    /// An open line with panels 1 and 2 and pad 3.
    fn up() -> Self {
        Self::of(BusConfig::new([led(1), led(2)], [3]))
    }

    fn of(config: BusConfig) -> Self {
        let mut line = Self {
            machine: BusMachine::new(config),
            now_ms: 1_000,
            writes: vec![],
            events: vec![],
            speeds: vec![],
            until_ms: None,
        };
        line.machine.handle_line_up(line.now_ms);
        line.drain();
        line
    }

    fn drain(&mut self) {
        for _ in 0..1_000 {
            match self.machine.poll_output() {
                Output::Write(bytes) => self.writes.push(bytes),
                Output::Event(event) => self.events.push(event),
                Output::Speed(baud_bps) => self.speeds.push(baud_bps),
                Output::Wait { until_ms, .. } => {
                    self.until_ms = until_ms;
                    return;
                }
            }
        }
        panic!("the machine never waits");
    }

    fn command(&mut self, command: Command) {
        self.machine.handle_command(self.now_ms, command);
        self.drain();
    }

    fn bytes(&mut self, bytes: &[u8]) {
        self.machine.handle_bytes(self.now_ms, bytes);
        self.drain();
    }

    fn pass(&mut self, ms: u64) {
        let end_ms = self.now_ms + ms;
        while let Some(until_ms) = self.until_ms.filter(|until_ms| *until_ms <= end_ms) {
            self.now_ms = self.now_ms.max(until_ms);
            self.machine.handle_timeout(self.now_ms);
            self.drain();
        }
        self.now_ms = end_ms;
    }

    /// Lets the line run for a while, the panels of `answering` answering each request.
    fn run_with_panels(&mut self, ms: u64, answering: &[u8]) -> Vec<(u8, String)> {
        self.run_with(ms, |request| {
            let answers = answering.contains(&request.address.get());
            answers.then(|| request.reply(&[])).into_iter().collect()
        })
    }

    /// Lets the line run for a while; gives who was told what, of those that said something to it.
    fn run_with(
        &mut self,
        ms: u64,
        said_to: impl Fn(&Request) -> Vec<Vec<u8>>,
    ) -> Vec<(u8, String)> {
        let end_ms = self.now_ms + ms;
        let mut shown = Vec::new();
        while self.now_ms < end_ms {
            for write in std::mem::take(&mut self.writes) {
                let Some((_, request)) = Request::find(&write) else {
                    continue;
                };
                let said = said_to(&request);
                if !said.is_empty() {
                    shown.push((request.address.get(), text_of(&request)));
                    self.now_ms += 20;
                }
                for bytes in said {
                    self.bytes(&bytes);
                    self.now_ms += 2;
                }
            }
            self.pass(5);
        }
        shown
    }

    fn healths(&mut self) -> Vec<(u8, PanelHealth)> {
        let events = self.take_events().into_iter();
        let health = |event| match event {
            Event::PanelHealth { address, health } => Some((address, health)),
            _ => None,
        };
        events.filter_map(health).collect()
    }

    fn take_events(&mut self) -> Vec<Event> {
        std::mem::take(&mut self.events)
    }
}

fn text_of(request: &Request) -> String {
    match &request.action {
        Action::WriteMany { values, .. } => {
            let bytes = values
                .iter()
                .flat_map(|value| value.to_be_bytes())
                .collect();
            String::from_utf8(bytes).unwrap().trim_end().to_owned()
        }
        Action::WriteOne { register, value } => format!("register {register} = {value}"),
        Action::Read { .. } => "asked".to_owned(),
    }
}

fn key(digits: &[u8], key: Key) -> PadEvent {
    PadEvent::Key(KeyFrame {
        digits: digits.to_vec(),
        key,
    })
}

#[test]
fn a_line_that_comes_up_refreshes_every_panel() {
    let mut line = Line::up();
    let shown = line.run_with_panels(500, &[1, 2]);
    assert_eq!(shown, [(1, String::new()), (2, String::new())]);
    assert_eq!(
        line.take_events(),
        [
            Event::LineUp,
            Event::PanelHealth {
                address: 1,
                health: PanelHealth::Answers
            },
            Event::PanelHealth {
                address: 2,
                health: PanelHealth::Answers
            },
        ]
    );
    assert_eq!(line.run_with_panels(29_000, &[1, 2]), []);
    assert_eq!(
        line.run_with_panels(2_000, &[1, 2]).len(),
        2,
        "a refresh every 30 s"
    );
}

#[test]
fn the_called_panel_goes_first_and_the_newest_text_wins() {
    let mut line = Line::up();
    line.run_with_panels(500, &[1, 2]);
    line.command(show(2, "A001", false));
    line.command(show(2, "A002", false));
    line.command(show(1, "A003", true));
    // The first text is already on its way; of the rest the urgent one is next.
    let shown = line.run_with_panels(500, &[1, 2]);
    let expected = [(2, "A001"), (1, "A003"), (2, "A002")].map(|(a, t)| (a, t.to_owned()));
    assert_eq!(shown, expected);
}

#[test]
fn a_silent_panel_is_said_once_and_does_not_hold_up_the_others() {
    let mut line = Line::up();
    line.run_with_panels(500, &[1, 2]);
    line.take_events();
    line.command(show(1, "A001", true));
    line.command(show(2, "A002", true));
    let shown = line.run_with_panels(1_000, &[2]);
    assert_eq!(shown, [(2, "A002".to_owned())]);
    line.run_with_panels(20_000, &[2]);
    assert_eq!(
        line.take_events(),
        [Event::PanelHealth {
            address: 1,
            health: PanelHealth::Silent
        }]
    );
    // Back again: it shows what it missed.
    let shown = line.run_with_panels(4_000, &[1, 2]);
    assert!(shown.contains(&(1, "A001".to_owned())), "{shown:?}");
    assert_eq!(
        line.take_events(),
        [Event::PanelHealth {
            address: 1,
            health: PanelHealth::Answers
        }]
    );
}

#[test]
fn a_request_is_sent_three_times() {
    let mut line = Line::up();
    line.run_with_panels(500, &[1, 2]);
    line.command(show(1, "A001", true));
    line.pass(1_000);
    assert_eq!(line.writes.len(), 3);
    assert!(line.writes.iter().all(|write| *write == line.writes[0]));
}

#[test]
fn a_reply_in_pieces_with_noise_counts() {
    let mut line = Line::up();
    line.run_with_panels(500, &[1, 2]);
    line.command(show(1, "A001", true));
    let write = line.writes.pop().unwrap();
    let reply = Request::find(&write).unwrap().1.reply(&[]);
    line.bytes(&[0x00, 0xff, 0x68, 0x01]);
    for byte in reply {
        line.bytes(&[byte]);
    }
    line.take_events();
    line.pass(1_000);
    assert_eq!(
        line.writes,
        Vec::<Vec<u8>>::new(),
        "no retry after the reply"
    );
    assert_eq!(line.take_events(), []);
}

#[test]
fn an_adapter_s_echo_is_not_a_reply_and_not_a_pad() {
    let mut line = Line::up();
    line.run_with_panels(500, &[1, 2]);
    line.take_events();
    line.command(show(1, "A001", true));
    let write = line.writes.pop().unwrap();
    line.bytes(&write);
    line.bytes(&Request::find(&write).unwrap().1.reply(&[]));
    line.pass(100);
    let press = key(&[], Key::CallNext).to_frame(3);
    line.bytes(&press.encode());
    line.pass(20);
    assert_eq!(line.writes, [press.encode()]);
    line.bytes(&press.encode());
    line.pass(200);
    assert_eq!(
        line.writes.len(),
        1,
        "the echo of an acknowledgement is not acknowledged"
    );
    assert_eq!(
        line.take_events(),
        [Event::Pad {
            address: 3,
            event: key(&[], Key::CallNext)
        }]
    );
}

#[test]
fn a_press_is_delivered_once_and_every_repeat_acknowledged() {
    let mut line = Line::up();
    line.run_with_panels(500, &[1, 2]);
    line.take_events();
    let rating = PadEvent::Rating(Score::new(5).unwrap());
    for _ in 0..3 {
        line.bytes(&rating.to_frame(3).encode());
        line.pass(300);
    }
    assert_eq!(line.writes, vec![ack_for(&rating.to_frame(3)).encode(); 3]);
    line.pass(2_000);
    line.bytes(&rating.to_frame(3).encode());
    let pad = Event::Pad {
        address: 3,
        event: rating,
    };
    assert_eq!(line.take_events(), [pad.clone(), pad]);
}

#[test]
fn a_press_during_a_conversation_is_acknowledged_right_after() {
    let mut line = Line::up();
    line.run_with_panels(500, &[1, 2]);
    line.command(show(1, "A001", true));
    let write = line.writes.pop().unwrap();
    let press = key(&[0, 1, 2], Key::CallNext).to_frame(3).encode();
    line.bytes(&press);
    assert_eq!(line.writes, Vec::<Vec<u8>>::new());
    line.bytes(&Request::find(&write).unwrap().1.reply(&[]));
    line.pass(30);
    assert_eq!(line.writes, [press]);
}

#[test]
fn frames_keep_their_distance() {
    let mut line = Line::up();
    line.run_with_panels(500, &[1, 2]);
    let sent_ms = line.now_ms;
    line.command(Command::Pad {
        address: 3,
        action: PadAction::Beep,
    });
    line.command(Command::Pad {
        address: 3,
        action: PadAction::ShowTicket(12),
    });
    assert_eq!(line.writes.len(), 1);
    // 9 characters of 10 bits at 9600 bit/s, then 3.5 characters of silence.
    assert_eq!(line.until_ms, Some(sent_ms + 10 + 4));
    line.pass(14);
    assert_eq!(line.writes.len(), 2);
}

#[test]
fn what_cannot_be_done_is_said() {
    let mut line = Line::up();
    line.run_with_panels(500, &[1, 2]);
    line.take_events();
    line.command(show(9, "A001", false));
    line.command(show(1, "A0000001", false));
    line.command(Command::Pad {
        address: 9,
        action: PadAction::Beep,
    });
    line.bytes(&key(&[], Key::Recall).to_frame(8).encode());
    line.bytes(&key(&[], Key::Recall).to_frame(8).encode());
    let events = line.take_events();
    let refused = |event: &Event| matches!(event, Event::CommandRefused { .. });
    assert_eq!(
        events.iter().filter(|event| refused(event)).count(),
        3,
        "{events:?}"
    );
    assert_eq!(events[3..], [Event::UnknownPad { address: 8 }]);
    // What cannot be shown leaves the panel dark: the number before it must not stay.
    let one = Address::new(1).unwrap();
    assert_eq!(line.writes, [led485::blank(one).encode()]);
}

/// An open line with panels 1 and 2 of a kind, of which 2 is broken, and what hangs on it: 1, and perhaps a new one.
struct Halved {
    line: Line,
    hung: Vec<VirtualDisplay>,
}

impl Halved {
    fn new(profile: &str, new_at: Option<u8>) -> Self {
        let profile = DeviceProfile::built_in(profile).unwrap();
        let panel = PanelConfig::of_profile(&profile).unwrap();
        let hung = [Some(1), new_at].into_iter().flatten();
        let hung = hung.map(|address| VirtualDisplay::new(&panel.protocol, address).unwrap());
        let config = BusConfig::new([(1, panel.clone()), (2, panel.clone())], []);
        let mut halved = Self {
            hung: hung.collect(),
            line: Line::of(config),
        };
        halved.run(1_000);
        halved.line.take_events();
        halved
    }

    fn run(&mut self, ms: u64) {
        let end_ms = self.line.now_ms + ms;
        while self.line.now_ms < end_ms {
            for write in std::mem::take(&mut self.line.writes) {
                for display in &mut self.hung {
                    let answer = display.hear(&write);
                    if !answer.is_empty() {
                        self.line.now_ms += 20;
                        self.line.bytes(&answer);
                    }
                }
            }
            self.line.pass(5);
        }
    }

    fn outcome(&mut self) -> Vec<ReplacementOutcome> {
        let events = self.line.take_events().into_iter();
        let outcome = |event| match event {
            Event::Replaced {
                address: 2,
                outcome,
            } => Some(outcome),
            _ => None,
        };
        events.filter_map(outcome).collect()
    }
}

#[test]
fn a_new_panel_takes_the_place_of_a_broken_one_while_others_are_called() {
    for profile in ["led-485", "dm36"] {
        let mut halved = Halved::new(profile, Some(100));
        let fresh = halved.hung.pop().unwrap();
        halved.line.command(show(2, "B002", true));
        halved.line.command(Command::Replace { address: 2 });
        halved.run(90_000);
        assert_eq!(halved.outcome(), [], "it is not hung up yet");
        halved.hung.push(fresh);
        halved.line.command(show(1, "A001", true));
        halved.run(300);
        assert_eq!(halved.hung[0].shown().trim(), "A001", "{profile}");
        halved.run(30_000);
        let moved = ReplacementOutcome::Moved { from: 100 };
        assert_eq!(halved.outcome(), [moved], "{profile}");
        assert_eq!(halved.hung[1].view().address, 2);
        assert_eq!(halved.hung[1].shown().trim(), "B002", "{profile}");
        assert_eq!(halved.hung[0].view().address, 1, "nobody else was moved");
    }
}

#[test]
fn a_replacement_that_cannot_be_ends_with_the_reason() {
    let mut halved = Halved::new("led-485", None);
    halved.line.command(Command::Replace { address: 2 });
    halved.run(250_000);
    assert_eq!(halved.outcome(), [], "somebody is on a ladder");
    halved.run(100_000);
    assert_eq!(halved.outcome(), [ReplacementOutcome::NotFound]);

    // The old one was mended, or the new one had its address already.
    let mut halved = Halved::new("led-485", Some(2));
    halved.line.command(Command::Replace { address: 2 });
    halved.run(5_000);
    assert_eq!(halved.outcome(), [ReplacementOutcome::InPlace]);

    // It says that it has taken the address and stays where it was.
    let mut halved = Halved::new("led-485", None);
    halved.line.command(Command::Replace { address: 2 });
    let address = Address::new(9).unwrap();
    halved.line.run_with(60_000, |request| {
        let answers = request.address == address || request.address.get() == 1;
        answers.then(|| request.reply(&[])).into_iter().collect()
    });
    let not_taken = ReplacementOutcome::NotTaken { from: 9 };
    assert_eq!(halved.outcome(), [not_taken]);

    // One at a time; the same order again changes nothing.
    let mut halved = Halved::new("led-485", Some(9));
    halved.hung.remove(0);
    halved.run(40_000);
    halved.line.take_events();
    halved.line.command(Command::Replace { address: 2 });
    halved.line.command(Command::Replace { address: 2 });
    halved.line.command(Command::Replace { address: 1 });
    let one_at_a_time = Event::CommandRefused {
        command: Command::Replace { address: 1 },
        reason: CommandError::OneAtATime,
    };
    assert_eq!(halved.line.take_events(), [one_at_a_time]);
    halved.run(30_000);
    let moved = ReplacementOutcome::Moved { from: 9 };
    assert_eq!(halved.outcome(), [moved]);
    assert_eq!(halved.hung[0].view().address, 2);

    // What refuses to show nothing is no panel, and is not written to.
    let mut halved = Halved::new("led-485", None);
    halved.line.command(Command::Replace { address: 2 });
    let meter = Address::new(9).unwrap();
    let told = halved.line.run_with(40_000, |request| {
        let refusal = || request.refuse(Exception::ILLEGAL_ADDRESS);
        let is_meter = request.address == meter;
        is_meter.then(refusal).into_iter().collect()
    });
    assert!(
        told.iter().any(|(address, _)| *address == 9),
        "it was asked"
    );
    assert!(
        told.iter().all(|(_, text)| !text.starts_with("register")),
        "{told:?}"
    );

    // Without a register for its address, and on a line that is lost, nothing is begun or left.
    let mut line = Line::of(BusConfig::new([(2, PanelProtocol::Cd5220.into())], []));
    line.command(Command::Replace { address: 2 });
    line.command(Command::Replace { address: 9 });
    let refused = |reason, address| Event::CommandRefused {
        command: Command::Replace { address },
        reason,
    };
    let events = line.take_events();
    assert!(events.contains(&refused(CommandError::FixedAddress, 2)));
    assert!(events.contains(&refused(CommandError::UnknownAddress, 9)));
    let mut halved = Halved::new("led-485", Some(9));
    halved.line.command(Command::Replace { address: 2 });
    let now_ms = halved.line.now_ms;
    halved.line.machine.handle_line_down(now_ms, "gone".into());
    halved.line.machine.handle_line_up(now_ms);
    halved.line.drain();
    halved.run(30_000);
    assert_eq!(halved.outcome(), []);
    assert_eq!(halved.hung[1].view().address, 9);
}

/// A line with one panel of a kind, which a simulated device answers for.
struct Alone {
    line: Line,
    display: VirtualDisplay,
    /// Messages that were not noticed, as the wire knows no pauses.
    written: Vec<Vec<u8>>,
}

impl Alone {
    fn new(kind: &PanelProtocol) -> Self {
        let config = BusConfig::new([(3, kind.clone().into())], []);
        Self {
            line: Line::of(config),
            display: VirtualDisplay::new(kind, 3).expect("every kind is simulated"),
            written: vec![],
        }
    }

    fn run(&mut self, ms: u64) {
        let end_ms = self.line.now_ms + ms;
        while self.line.now_ms < end_ms {
            for write in std::mem::take(&mut self.line.writes) {
                let answer = self.display.hear(&write);
                self.written.push(write);
                self.line.now_ms += 20;
                self.line.bytes(&answer);
            }
            self.line.pass(50);
        }
    }
}

#[test]
fn panels_of_every_kind_show_what_they_are_told_and_go_dark() {
    for profile in DeviceProfile::all_built_in() {
        let Some(kind) = PanelProtocol::of_profile(&profile) else {
            continue;
        };
        let id = &profile.profile.id;
        let mut alone = Alone::new(&kind);
        for text in ["107", "", "12"] {
            alone.line.command(show(3, text, true));
            alone.run(10_000);
            let dark = kind.blank(3) == Err(ShowError::NoBlank);
            let expected = if text.is_empty() && dark { "0" } else { text };
            assert_eq!(alone.display.shown().trim(), expected, "{id}");
        }
        let answers = kind.show(3, "12").unwrap().answer != Expected::Nothing
            || kind.read_back(3, "12").unwrap().is_some();
        let health = match answers {
            true => PanelHealth::Answers,
            false => PanelHealth::Unheard,
        };
        let told = Event::PanelHealth { address: 3, health };
        let events = alone.line.take_events();
        assert_eq!(events, [Event::LineUp, told], "{id}");
    }
}

#[test]
fn a_panel_that_keeps_its_text_is_written_once_and_asked_afterwards() {
    let kind = PanelProtocol::Alpha { columns: 6 };
    let mut alone = Alone::new(&kind);
    alone.line.command(show(3, "A012", true));
    alone.run(600_000);
    let of = |messages: Vec<Outgoing>| -> Vec<Vec<u8>> {
        let chunks = messages.into_iter().flat_map(|message| message.chunks);
        chunks.map(|chunk| chunk.bytes).collect()
    };
    let count = |wanted: &[Vec<u8>]| {
        let windows = alone.written.windows(wanted.len());
        windows.filter(|window| *window == wanted).count()
    };
    assert_eq!(count(&of(kind.prepare(3).unwrap())), 1, "its layout");
    let shown = of(vec![kind.show(3, "A012").unwrap()]);
    assert_eq!(count(&shown), 1, "its text");
    let asked = of(vec![kind.read_back(3, "A012").unwrap().unwrap()]);
    assert!(count(&asked) >= 15, "asked {} times", count(&asked));

    // Somebody else has written to it: it is told again, once.
    let other = kind.show(3, "HELLO").unwrap();
    let before = alone.written.len();
    alone.display.hear(&other.bytes());
    assert_eq!(alone.display.shown().trim(), "HELLO");
    alone.run(120_000);
    assert_eq!(alone.display.shown().trim(), "A012");
    let after = &alone.written[before..];
    let windows = after.windows(shown.len());
    assert_eq!(windows.filter(|window| *window == shown).count(), 1);
}

#[test]
fn a_call_between_a_question_and_its_answer_is_shown_at_once() {
    let kind = PanelProtocol::Alpha { columns: 6 };
    let mut alone = Alone::new(&kind);
    alone.line.command(show(3, "A012", true));
    alone.run(10_000);
    let question = kind.read_back(3, "A012").unwrap().unwrap().bytes();
    while alone.line.writes.last() != Some(&question) {
        alone.line.writes.clear();
        alone.line.pass(100);
    }
    let answer = alone.display.hear(&question);
    alone.line.command(show(3, "A013", true));
    alone.line.writes.clear();
    alone.line.bytes(&answer);
    alone.run(1_000);
    assert_eq!(alone.display.shown().trim(), "A013");
}

#[test]
fn of_a_panel_that_keeps_its_text_and_cannot_be_asked_nothing_is_known_after_a_while() {
    let kind = PanelProtocol::Am03127 { columns: 6 };
    let mut alone = Alone::new(&kind);
    alone.line.command(show(3, "A012", true));
    alone.run(10_000);
    let told = |health| Event::PanelHealth { address: 3, health };
    assert_eq!(
        alone.line.take_events(),
        [Event::LineUp, told(PanelHealth::Answers)]
    );
    let before = alone.written.len();
    alone.run(120_000);
    assert_eq!(alone.line.take_events(), [told(PanelHealth::Unheard)]);
    assert_eq!(alone.written.len(), before, "its memory is spared");
}

#[test]
fn a_panel_that_went_dark_for_want_of_letters_is_looked_after() {
    let kind = PanelProtocol::Alpha { columns: 6 };
    let mut alone = Alone::new(&kind);
    alone.line.command(show(3, "A012", true));
    alone.run(10_000);
    alone.line.command(show(3, "號", true));
    alone.run(10_000);
    assert_eq!(alone.display.shown().trim(), "");
    alone.display.hear(&kind.show(3, "HELLO").unwrap().bytes());
    alone.run(120_000);
    assert_eq!(alone.display.shown().trim(), "");
}

#[test]
fn pauses_inside_a_message_are_kept() {
    let kind = PanelProtocol::Alpha { columns: 6 };
    let mut line = Alone::new(&kind).line;
    let message = kind.prepare(3).unwrap().remove(0);
    assert!(message.chunks.len() > 1, "it has pauses");
    for chunk in &message.chunks {
        assert_eq!(line.writes, std::slice::from_ref(&chunk.bytes));
        line.writes.clear();
        let left_ms = line.machine.config.transmit_ms(chunk.bytes.len());
        line.pass(left_ms + chunk.pause_ms);
        assert!(line.writes.is_empty(), "too early");
        line.pass(line.machine.config.gap_ms());
    }
}

#[test]
fn bytes_without_frames_are_said_once_until_a_frame_comes() {
    let mut line = Line::of(BusConfig::new([], [3]));
    line.take_events();
    let said = |reception| Event::Reception(reception);
    line.bytes(&[0x55; 23]);
    assert_eq!(line.take_events(), []);
    line.bytes(&[0x55; 60]);
    line.bytes(&[0x55; 60]);
    assert_eq!(line.take_events(), [said(Reception::Unreadable)]);
    let press = key(&[], Key::Recall).to_frame(3).encode();
    line.bytes(&press);
    assert_eq!(line.take_events().last(), Some(&said(Reception::Noisy)));
    // Now it is known that frames come through.
    for _ in 0..4 {
        line.pass(50_000);
        line.bytes(&press);
    }
    let events = line.take_events();
    let heard = events
        .iter()
        .filter(|event| matches!(event, Event::Reception(_)));
    assert_eq!(heard.collect::<Vec<_>>(), [&said(Reception::Clear)]);
}

#[test]
fn presses_of_many_pads_read_at_once_are_no_noise() {
    let mut line = Line::of(BusConfig::new([], 1..=6));
    line.take_events();
    let presses: Vec<u8> = (1..=6)
        .flat_map(|pad| key(&[], Key::CallNext).to_frame(pad).encode())
        .collect();
    // All of them in one piece, and then cut somewhere.
    for cut in 0..presses.len() {
        for piece in [&presses[..cut], &presses[cut..]] {
            line.bytes(piece);
        }
        line.pass(5_000);
    }
    let events = line.take_events();
    let pressed = |event: &&Event| matches!(event, Event::Pad { .. });
    assert_eq!(events.iter().filter(pressed).count(), 6 * presses.len());
    let said = |event: &&Event| matches!(event, Event::Reception(_));
    assert_eq!(events.iter().find(said), None);
}

#[test]
fn noise_on_a_line_whose_panels_answer_is_noise() {
    let mut line = Line::up();
    line.run_with_panels(500, &[1, 2]);
    line.take_events();
    for _ in 0..4 {
        line.bytes(&[0x55; 9]);
        line.run_with_panels(1_000, &[1, 2]);
    }
    let said = |reception| Event::Reception(reception);
    assert_eq!(line.take_events(), [said(Reception::Noisy)]);
    line.run_with_panels(130_000, &[1, 2]);
    assert_eq!(line.take_events(), [said(Reception::Clear)]);
}

#[test]
fn every_frame_is_counted_as_what_became_of_it() {
    let mut line = Line::up();
    line.run_with_panels(500, &[1, 2]);
    let before = line.machine.counts().clone();
    assert_eq!((before.panels[&1].sent, before.panels[&1].heard), (1, 1));
    // Nobody answers; then something does that nobody understands.
    line.command(show(1, "A001", true));
    line.run_with(700, |_| vec![]);
    line.command(show(2, "A002", true));
    line.run_with(700, |_| vec![vec![0x55; 9]]);
    let counts = &line.machine.counts().panels;
    let expected = |spoilt, unanswered| FrameCounts {
        sent: 4,
        repeated: 2,
        heard: 1,
        spoilt,
        unanswered,
    };
    assert_eq!((counts[&1], counts[&2]), (expected(0, 3), expected(3, 0)));
    // A press that the pad sends twice is heard twice, acknowledged twice, and one press.
    let press = key(&[], Key::Recall).to_frame(3).encode();
    for _ in 0..2 {
        line.bytes(&press);
        line.pass(300);
    }
    let expected = FrameCounts {
        sent: 2,
        repeated: 1,
        heard: 2,
        ..FrameCounts::default()
    };
    assert_eq!(line.machine.counts().pads[&3], expected);
}

#[test]
fn two_devices_that_answer_at_once_are_told_from_noise_and_from_silence() {
    let mut line = Line::up();
    // What two say at once is the answer of neither.
    let garbled = |request: &Request| {
        let reply = request.reply(&[]);
        vec![match request.address.get() {
            1 => reply,
            _ => reply.iter().flat_map(|byte| [*byte, *byte]).collect(),
        }]
    };
    line.run_with(8_000, garbled);
    let expected = [
        (1, PanelHealth::Answers),
        (2, PanelHealth::Garbled),
        (2, PanelHealth::Contested),
    ];
    assert_eq!(line.healths(), expected);
    // One was taken away: nothing to complain about any more, and the line was never noisy.
    line.command(show(2, "A001", true));
    let shown = line.run_with_panels(5_000, &[1, 2]);
    assert!(shown.contains(&(2, "A001".to_owned())), "{shown:?}");
    assert_eq!(
        line.take_events(),
        [Event::PanelHealth {
            address: 2,
            health: PanelHealth::Answers
        }]
    );
}

#[test]
fn two_devices_that_answer_one_after_the_other_are_noticed() {
    let mut line = Line::up();
    let doubled = |request: &Request| {
        let times = usize::from(request.address.get());
        vec![request.reply(&[]); times]
    };
    line.run_with(3_000, doubled);
    let expected = [
        (1, PanelHealth::Answers),
        (2, PanelHealth::Answers),
        (2, PanelHealth::Contested),
    ];
    assert_eq!(line.healths(), expected);
    line.run_with_panels(70_000, &[1, 2]);
    assert_eq!(line.healths(), [(2, PanelHealth::Answers)]);
}

#[test]
fn a_late_answer_is_not_a_second_device() {
    let mut line = Line::up();
    line.run_with_panels(500, &[1, 2]);
    line.take_events();
    for round in 0..5 {
        line.command(show(1, &format!("A{round:03}"), true));
        let write = line.writes.pop().unwrap();
        let reply = Request::find(&write).unwrap().1.reply(&[]);
        line.pass(240);
        assert_eq!(line.writes.len(), 1, "it was asked again");
        line.writes.clear();
        line.bytes(&reply);
        line.pass(3);
        line.bytes(&reply);
        line.run_with_panels(500, &[1, 2]);
    }
    assert_eq!(line.healths(), []);
}

#[test]
fn a_line_where_nobody_answers_is_tried_at_other_speeds() {
    let config = BusConfig {
        other_speeds_bps: vec![19_200, 4_800],
        ..BusConfig::new([led(1), led(2)], [3])
    };
    let mut line = Line::of(config);
    // Panels that were set to 4800 bit/s.
    let mut answered = 0;
    let end_ms = line.now_ms + 30_000;
    while line.now_ms < end_ms {
        let writes = std::mem::take(&mut line.writes);
        if line.speeds.last() == Some(&4_800) {
            for (_, request) in writes.iter().filter_map(|write| Request::find(write)) {
                answered += 1;
                line.bytes(&request.reply(&[]));
            }
        }
        line.pass(5);
    }
    assert_eq!(answered, 1, "what is known is not asked again");
    assert_eq!(line.speeds, [19_200, 9_600, 4_800, 9_600]);
    let found = Event::OtherSpeed { baud_bps: 4_800 };
    let silent = |address| Event::PanelHealth {
        address,
        health: PanelHealth::Silent,
    };
    assert_eq!(
        line.take_events(),
        [Event::LineUp, silent(1), silent(2), found]
    );
    // Somebody has set one right.
    line.run_with_panels(5_000, &[2]);
    assert_eq!(line.healths(), [(2, PanelHealth::Answers)]);
    line.run_with_panels(60_000, &[2]);
    assert_eq!(
        line.speeds.len(),
        4,
        "a line on which one answers has the right speed"
    );
}

#[test]
fn a_line_that_goes_away_while_it_is_searched_comes_back_at_its_own_speed() {
    let config = BusConfig {
        other_speeds_bps: vec![1_200],
        ..BusConfig::new([led(1)], [])
    };
    let mut line = Line::of(config);
    while line.speeds.is_empty() {
        line.pass(10);
    }
    line.machine
        .handle_line_down(line.now_ms, "unplugged".into());
    line.machine.handle_line_up(line.now_ms);
    line.writes.clear();
    line.drain();
    let sent_ms = line.now_ms;
    let write = line.writes.pop().unwrap();
    let until_ms = sent_ms + line.machine.config.transmit_ms(write.len()) + 200;
    assert_eq!(line.until_ms, Some(until_ms));
    assert_eq!(line.machine.config.baud_bps, 9_600);
}

#[test]
fn a_panel_of_another_line_is_found_and_left_dark() {
    let mut line = Line::up();
    line.run_with_panels(500, &[1, 2]);
    line.take_events();
    let look_for = |address| {
        Command::LookFor(Box::new(Stranger {
            address,
            panel: PanelProtocol::Led485.into(),
            of_line: 4,
        }))
    };
    line.command(look_for(9));
    let shown = line.run_with_panels(1_000, &[1, 2]);
    assert_eq!((shown, line.take_events()), (vec![], vec![]));
    line.command(look_for(9));
    line.command(show(1, "A001", true));
    let shown = line.run_with_panels(1_000, &[1, 2, 9]);
    let expected = [(9, ""), (1, "A001")].map(|(a, t)| (a, t.to_owned()));
    assert_eq!(shown, expected, "once");
    assert_eq!(line.take_events(), [Event::StrangerAnswers { of_line: 4 }]);
}

#[test]
fn memory_that_wears_is_not_written_to_find_out_who_is_there() {
    for profile in DeviceProfile::all_built_in() {
        let Some(kind) = PanelProtocol::of_profile(&profile) else {
            continue;
        };
        let message = seek_message(&kind, 3);
        let writes = [kind.blank(3), kind.show(3, "0")];
        let is_write = |message: &Outgoing| writes.contains(&Ok(message.clone()));
        let is_written = message.as_ref().is_some_and(is_write);
        assert!(
            !(kind.remembers_text() && is_written),
            "{}",
            profile.profile.id
        );
        assert!(message.is_none_or(|message| message.answer != Expected::Nothing));
    }
}

#[test]
fn a_panel_that_refuses_is_alive() {
    let mut line = Line::up();
    line.run_with_panels(500, &[1, 2]);
    line.take_events();
    line.command(show(1, "A001", true));
    let write = line.writes.pop().unwrap();
    line.bytes(
        &Request::find(&write)
            .unwrap()
            .1
            .refuse(Exception::ILLEGAL_ADDRESS),
    );
    let refusal = Refusal::Exception(Exception::ILLEGAL_ADDRESS);
    assert_eq!(
        line.take_events(),
        [Event::PanelRefused {
            address: 1,
            refusal
        }]
    );
    line.pass(1_000);
    assert_eq!(line.writes, Vec::<Vec<u8>>::new());
}

#[test]
fn texts_given_while_the_line_is_down_are_shown_when_it_is_back() {
    let mut line = Line::up();
    line.run_with_panels(500, &[1, 2]);
    line.machine
        .handle_line_down(line.now_ms, "unplugged".into());
    line.drain();
    line.take_events();
    line.command(show(1, "A001", true));
    line.command(show(1, "A002", true));
    line.bytes(&key(&[], Key::Recall).to_frame(3).encode());
    assert_eq!((line.writes.len(), line.until_ms), (0, None));
    line.machine.handle_line_up(line.now_ms);
    line.drain();
    let shown = line.run_with_panels(500, &[1, 2]);
    assert_eq!(shown, [(1, "A002".to_owned()), (2, String::new())]);
}

#[derive(Clone, Debug)]
enum Step {
    Bytes(Vec<u8>),
    Echo,
    Reply,
    Show(u8, bool),
    LookFor(u8),
    Replace(u8),
    Twice,
    Pass(u64),
    Down,
    Up,
}

fn any_step() -> impl Strategy<Value = Step> {
    prop_oneof![
        prop::collection::vec(any::<u8>(), 0..20).prop_map(Step::Bytes),
        Just(Step::Bytes(key(&[], Key::CallNext).to_frame(3).encode())),
        Just(Step::Bytes(vec![0xff, 0x68, 0x05, 0x05])),
        Just(Step::Echo),
        Just(Step::Reply),
        (1..3_u8, any::<bool>()).prop_map(|(address, urgent)| Step::Show(address, urgent)),
        (1..12_u8).prop_map(Step::LookFor),
        (1..4_u8).prop_map(Step::Replace),
        Just(Step::Twice),
        (0..400_u64).prop_map(Step::Pass),
        Just(Step::Down),
        Just(Step::Up),
    ]
}

proptest! {
    /// Whatever the line does, a panel that answers afterwards shows what was asked for last.
    #[test]
    fn the_newest_text_arrives_after_any_disturbance(steps in prop::collection::vec(any_step(), 0..40)) {
        let mut line = Line::of(BusConfig {
            other_speeds_bps: vec![19_200],
            ..BusConfig::new([led(1), led(2)], [3])
        });
        let mut wanted = [String::new(), String::new()];
        let mut last_write = Vec::new();
        for (count, step) in steps.into_iter().enumerate() {
            if let Some(write) = line.writes.pop() {
                last_write = write;
                line.writes.clear();
            }
            match step {
                Step::Bytes(bytes) => line.bytes(&bytes),
                Step::Echo => line.bytes(&last_write.clone()),
                Step::Reply => {
                    if let Some((_, request)) = Request::find(&last_write) {
                        line.bytes(&request.reply(&[]));
                    }
                }
                Step::Show(address, urgent) => {
                    let text = format!("A{count:03}");
                    wanted[usize::from(address) - 1].clone_from(&text);
                    line.command(show(address, &text, urgent));
                }
                Step::Replace(address) => line.command(Command::Replace { address }),
                Step::LookFor(address) => line.command(Command::LookFor(Box::new(Stranger {
                    address,
                    panel: PanelProtocol::Led485.into(),
                    of_line: 1,
                }))),
                Step::Twice => {
                    if let Some((_, request)) = Request::find(&last_write) {
                        line.bytes(&request.reply(&[]).repeat(2));
                    }
                }
                Step::Pass(ms) => line.pass(ms),
                Step::Down => {
                    line.machine.handle_line_down(line.now_ms, "test".into());
                    line.drain();
                }
                Step::Up => {
                    line.machine.handle_line_up(line.now_ms);
                    line.drain();
                }
            }
        }
        line.machine.handle_line_up(line.now_ms);
        line.drain();
        let shown = line.run_with_panels(40_000, &[1, 2]);
        let on_its_way = line.machine.asking.as_ref().filter(|asking| asking.is_counted());
        for (address, counts) in &line.machine.counts().panels {
            let ended = counts.heard + counts.spoilt + counts.unanswered;
            let on_its_way = u64::from(on_its_way.is_some_and(|asking| asking.address == *address));
            prop_assert_eq!(counts.sent, ended + on_its_way, "a frame is not accounted for");
            prop_assert!(counts.repeated <= counts.sent);
        }
        for address in [1, 2] {
            let last = shown.iter().rfind(|(panel, _)| *panel == address);
            prop_assert_eq!(last.map(|(_, text)| text), Some(&wanted[usize::from(address) - 1]));
        }
    }
}
