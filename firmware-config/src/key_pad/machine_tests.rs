use super::*;
use crate::caller_pad::Score;
use crate::key_pad::{InputRecord, KeyCode};
use proptest::prelude::*;

fn bytes_config() -> KeyPadConfig {
    let map = [
        ("30", "digit-0"),
        ("31", "digit-1"),
        ("32", "digit-2"),
        ("41", "call-next"),
        ("42", "recall"),
        ("55", "undo"),
        ("35", "score-5"),
        ("0D", "nothing"),
    ];
    let entry = |(code, meaning): (&str, &str)| (code.parse().unwrap(), meaning.parse().unwrap());
    KeyPadConfig {
        keys: KeyMap::Bytes(map.into_iter().map(entry).collect()),
        debounce_ms: 80,
        function_debounce_ms: 700,
    }
}

fn codes_config() -> KeyPadConfig {
    let map = [("KEY_KP1", "digit-1"), ("KEY_KPENTER", "call-next")];
    let entry = |(code, meaning): (&str, &str)| (code.parse().unwrap(), meaning.parse().unwrap());
    KeyPadConfig {
        keys: KeyMap::Codes(map.into_iter().map(entry).collect()),
        ..bytes_config()
    }
}

struct Pad {
    machine: KeyPadMachine,
    now_ms: u64,
}

impl Pad {
    fn of(config: KeyPadConfig) -> Self {
        let mut machine = KeyPadMachine::new(config);
        machine.handle_up(1_000);
        assert_eq!(machine.poll_event(), Some(Event::Up));
        Self {
            machine,
            now_ms: 1_000,
        }
    }

    fn sends(&mut self, bytes: &[u8]) {
        self.machine.handle_bytes(self.now_ms, bytes);
    }

    fn pass(&mut self, ms: u64) {
        let end_ms = self.now_ms + ms;
        while let Some(at_ms) = self.machine.deadline_ms().filter(|at_ms| *at_ms <= end_ms) {
            assert!(at_ms >= self.now_ms, "it wants to be called in the past");
            self.now_ms = at_ms;
            self.machine.handle_timeout(at_ms);
            let next_ms = self.machine.deadline_ms();
            assert_ne!(next_ms, Some(at_ms), "it does nothing when it is called");
        }
        self.now_ms = end_ms;
    }

    fn events(&mut self) -> Vec<Event> {
        std::iter::from_fn(|| self.machine.poll_event()).collect()
    }

    /// What was pressed since the last look, in words; what is odd is left out.
    fn presses(&mut self) -> Vec<String> {
        let press = |event| match event {
            Event::Press(KeyPress::Function { key, digits }) => {
                let digits: String = digits.iter().map(u8::to_string).collect();
                Some(format!("{digits}{}", Meaning::Function(key)))
            }
            Event::Press(KeyPress::Rating(score)) => Some(format!("rated {}", score.get())),
            _ => None,
        };
        self.events().into_iter().filter_map(press).collect()
    }
}

fn unknown(count: u64, last: &str) -> Oddness {
    let last = last.to_owned();
    Oddness {
        unknown: Some(UnknownCodes { count, last }),
        ..Oddness::default()
    }
}

#[test]
fn digits_go_with_the_function_after_them() {
    let mut pad = Pad::of(bytes_config());
    for byte in b"012A" {
        pad.sends(&[*byte]);
        pad.pass(150);
    }
    pad.sends(b"5");
    pad.pass(1_000);
    pad.sends(b"A\r");
    pad.pass(1_000);
    assert_eq!(pad.presses(), ["012call-next", "rated 5", "call-next"]);
}

#[test]
fn undo_clears_digits_before_it_takes_anything_back() {
    let mut pad = Pad::of(bytes_config());
    for byte in b"1UA" {
        pad.sends(&[*byte]);
        pad.pass(1_000);
    }
    pad.sends(b"U");
    pad.pass(1_000);
    assert_eq!(pad.presses(), ["call-next", "undo"]);
}

#[test]
fn digits_that_were_typed_long_ago_name_nobody() {
    let mut pad = Pad::of(bytes_config());
    pad.sends(b"1");
    pad.pass(9_000);
    pad.sends(b"2");
    pad.pass(9_000);
    pad.sends(b"A");
    pad.pass(1_000);
    pad.sends(b"1");
    pad.pass(10_001);
    pad.sends(b"B");
    pad.pass(1_000);
    assert_eq!(pad.presses(), ["12call-next", "recall"]);
}

#[test]
fn a_key_that_bounces_or_is_held_is_one_press() {
    let mut pad = Pad::of(bytes_config());
    // A contact that bounces.
    for _ in 0..4 {
        pad.sends(b"A");
        pad.pass(3);
    }
    pad.pass(1_000);
    assert_eq!(pad.presses(), ["call-next"]);
    // A key held for five seconds: the first repetition comes late.
    pad.sends(b"A");
    pad.pass(500);
    for _ in 0..135 {
        pad.sends(b"A");
        pad.pass(33);
    }
    assert_eq!(pad.presses(), ["call-next"]);
    pad.pass(700);
    pad.sends(b"A");
    pad.pass(30);
    assert_eq!(pad.presses(), ["call-next"]);
    // Digits are typed faster than functions.
    for byte in b"1122" {
        pad.sends(&[*byte]);
        pad.pass(80);
    }
    pad.sends(b"B");
    pad.pass(30);
    assert_eq!(pad.presses(), ["1122recall"]);
}

#[test]
fn a_key_after_another_one_is_a_press_of_its_own() {
    let mut pad = Pad::of(bytes_config());
    for byte in b"ABA" {
        pad.sends(&[*byte]);
        pad.pass(150);
    }
    assert_eq!(pad.presses(), ["call-next", "recall", "call-next"]);
}

#[test]
fn a_key_that_never_comes_up_is_named_until_it_does() {
    let mut pad = Pad::of(bytes_config());
    for _ in 0..600 {
        pad.sends(b"B");
        pad.pass(30);
    }
    let stuck = Oddness {
        stuck: Some("42".to_owned()),
        unknown: None,
    };
    let events = pad.events();
    let press = Event::Press(KeyPress::Function {
        key: Function::Recall,
        digits: vec![],
    });
    assert_eq!(events, [press, Event::Oddness(stuck)]);
    pad.pass(5_000);
    assert_eq!(pad.events(), [Event::Oddness(Oddness::default())]);
}

#[test]
fn unknown_bytes_are_counted_and_named_and_never_obeyed() {
    let mut pad = Pad::of(bytes_config());
    pad.sends(&[0x5a]);
    assert_eq!(pad.events(), [Event::Oddness(unknown(1, "5A"))]);
    for _ in 0..500 {
        pad.sends(&[0x5b]);
        pad.pass(2);
    }
    pad.pass(1_000);
    let told = pad.events();
    assert!(
        (1..=3).contains(&told.len()),
        "a flood is told in a few words"
    );
    assert_eq!(told.last(), Some(&Event::Oddness(unknown(501, "5B"))));
    pad.pass(UNKNOWN_MS);
    assert_eq!(pad.events(), [Event::Oddness(Oddness::default())]);
}

#[test]
fn noise_presses_no_key_and_stops_none() {
    let mut pad = Pad::of(bytes_config());
    // Bytes of every value, among them those of keys, in one piece and in several.
    let noise: Vec<u8> = (0..=255).collect();
    for piece in noise.chunks(7) {
        pad.sends(piece);
        pad.pass(8);
    }
    pad.pass(1_000);
    assert_eq!(pad.presses(), [""; 0]);
    pad.sends(b"A");
    pad.pass(30);
    assert_eq!(pad.presses(), ["call-next"]);
}

#[test]
fn a_keyboard_s_repetitions_are_no_presses_and_show_a_stuck_key() {
    let mut pad = Pad::of(codes_config());
    let enter: KeyCode = "KEY_KPENTER".parse().unwrap();
    let packet = |record: InputRecord| [record.encode(), InputRecord::report(0).encode()].concat();
    pad.sends(&packet(InputRecord::pressed(0, enter)));
    for _ in 0..400 {
        pad.pass(33);
        pad.sends(&packet(InputRecord::still_down(0, enter)));
    }
    let stuck = Oddness {
        stuck: Some("KEY_KPENTER".to_owned()),
        unknown: None,
    };
    let events = pad.events();
    let press = Event::Press(KeyPress::Function {
        key: Function::CallNext,
        digits: vec![],
    });
    assert_eq!(events, [press, Event::Oddness(stuck)]);
    // A key that the map does not have spoils nothing.
    pad.pass(5_000);
    pad.events();
    let lock: KeyCode = "KEY_NUMLOCK".parse().unwrap();
    pad.sends(&packet(InputRecord::pressed(0, lock)));
    pad.sends(&packet(InputRecord::pressed(0, enter)));
    assert_eq!(pad.presses(), ["call-next"]);
}

#[test]
fn a_port_that_comes_back_begins_anew() {
    let mut pad = Pad::of(bytes_config());
    pad.sends(b"1");
    pad.pass(100);
    pad.sends(&[0x5a]);
    pad.machine.handle_down(pad.now_ms, "unplugged".into());
    pad.sends(b"A");
    assert_eq!(pad.machine.deadline_ms(), None);
    let down = Event::Down {
        reason: "unplugged".into(),
    };
    assert_eq!(pad.events().last(), Some(&down));
    pad.machine.handle_up(pad.now_ms);
    pad.sends(b"A");
    pad.pass(100);
    assert_eq!(pad.events().first(), Some(&Event::Up));
    pad.sends(b"B");
    pad.pass(100);
    assert_eq!(pad.presses(), ["recall"], "the digit is forgotten");
}

proptest! {
    /// Whatever a pad sends, a press after a quiet moment is one command.
    #[test]
    fn a_press_after_anything_is_one_command(
        before in prop::collection::vec((prop::collection::vec(any::<u8>(), 0..30), 0..300_u64), 0..20),
        is_keyboard: bool,
    ) {
        let mut pad = Pad::of(if is_keyboard { codes_config() } else { bytes_config() });
        for (bytes, ms) in before {
            pad.sends(&bytes);
            prop_assert!(pad.machine.pending.len() <= PENDING_MAX);
            pad.pass(ms);
        }
        pad.pass(DIGITS_MS + 1);
        pad.presses();
        let enter = "KEY_KPENTER".parse().unwrap();
        let (press, end) = (InputRecord::pressed(0, enter), InputRecord::report(0));
        match is_keyboard {
            true => pad.sends(&[press.encode(), end.encode()].concat()),
            false => pad.sends(b"A"),
        }
        pad.pass(100);
        prop_assert_eq!(pad.presses(), ["call-next"]);
    }
}

#[test]
fn a_score_is_the_score_of_the_map() {
    let mut pad = Pad::of(bytes_config());
    pad.sends(b"5");
    pad.pass(30);
    let expected = Event::Press(KeyPress::Rating(Score::new(5).unwrap()));
    assert_eq!(pad.events(), [expected]);
}
