use super::*;
use proptest::prelude::*;

fn bytes(hex: &str) -> Vec<u8> {
    hex.split(' ')
        .map(|byte| u8::from_str_radix(byte, 16).unwrap())
        .collect()
}

#[test]
fn published_vectors() {
    for (frame, hex) in [
        (
            PadAction::ShowTicket(12).to_frame(1),
            "ff 68 08 08 68 01 02 0a 0a 0a 00 01 02 24 16",
        ),
        (
            PadAction::ShowWaiting(5).to_frame(1),
            "ff 68 08 08 68 01 02 00 00 05 0a 0a 0a 26 16",
        ),
        (PadAction::Beep.to_frame(1), "ff 68 02 02 68 01 03 04 16"),
        (
            PadEvent::Rating(Score::new(1).unwrap()).to_frame(1),
            "ff 68 03 03 68 01 11 01 13 16",
        ),
        (
            ack_for(&PadEvent::Rating(Score::new(1).unwrap()).to_frame(1)),
            "ff 68 03 03 68 01 01 01 03 16",
        ),
    ] {
        assert_eq!(frame.encode(), bytes(hex));
        assert_eq!(Decoder::default().feed(&bytes(hex)), [frame]);
    }
}

#[test]
fn keys_with_digits() {
    for (data, digits, key) in [
        (vec![0x0c], vec![], Key::CallNext),
        (vec![0x06, 0x0f], vec![6], Key::Confirm),
        (vec![0, 1, 2, 0x0c], vec![0, 1, 2], Key::CallNext),
        (vec![0x13], vec![], Key::Transfer),
    ] {
        let frame = Frame {
            address: 3,
            command: 0x05,
            data,
        };
        assert_eq!(
            PadEvent::from_frame(&frame),
            Some(PadEvent::Key(KeyFrame { digits, key }))
        );
        assert_eq!(
            ack_for(&frame),
            frame,
            "a key is acknowledged by the same frame"
        );
    }
}

#[test]
fn frames_no_pad_sends_mean_nothing() {
    for (command, data) in [
        (0x11, vec![0]),
        (0x11, vec![6]),
        (0x01, vec![]),
        (0x01, vec![0x2a, 0x0c]),
        (0x03, vec![]),
    ] {
        assert_eq!(
            PadEvent::from_frame(&Frame {
                address: 1,
                command,
                data
            }),
            None
        );
    }
}

#[test]
fn names_in_json() {
    for (key, name) in [
        (Key::CallNext, "call-next"),
        (Key::OneMetreLine, "one-metre-line"),
    ] {
        assert_eq!(serde_json::to_value(key).unwrap(), name);
        assert_eq!(serde_json::from_value::<Key>(name.into()).unwrap(), key);
    }
    let error = serde_json::from_str::<Score>("6").unwrap_err().to_string();
    assert!(
        error.contains("invalid score 6, expected 1 to 5"),
        "{error}"
    );
}

#[test]
fn a_wrong_checksum_is_noise_and_the_next_frame_is_read() {
    let mut decoder = Decoder::default();
    let mut stream = bytes("ff 68 02 02 68 01 03 05 16");
    let good = PadAction::Beep.to_frame(1);
    stream.extend(good.encode());
    assert_eq!(decoder.feed(&stream), [good]);
    assert_eq!(decoder.noise_bytes(), 9);
}

#[test]
fn silence_frees_a_frame_behind_a_false_start() {
    let mut decoder = Decoder::default();
    let beep = PadAction::Beep.to_frame(1);
    let mut stream = bytes("ff 68 20 20 68");
    stream.extend(beep.encode());
    assert_eq!(decoder.feed(&stream), []);
    assert!(decoder.is_mid_frame());
    assert_eq!(decoder.silence(), [beep]);
    assert!(!decoder.is_mid_frame());
    assert_eq!(decoder.noise_bytes(), 5);
}

fn any_frame() -> impl Strategy<Value = Frame> {
    (
        any::<u8>(),
        any::<u8>(),
        prop::collection::vec(any::<u8>(), 0..=DATA_MAX),
    )
        .prop_map(|(address, command, data)| Frame {
            address,
            command,
            data,
        })
}

proptest! {
    #[test]
    fn chunks_do_not_matter(
        frames in prop::collection::vec(any_frame(), 1..5),
        noise in prop::collection::vec(any::<u8>(), 0..20),
        cuts in prop::collection::vec(1..9_usize, 1..40),
    ) {
        let mut stream = noise;
        stream.extend(frames.iter().flat_map(Frame::encode));
        let mut whole = Decoder::default();
        let at_once = whole.feed(&stream);
        let mut parts = Decoder::default();
        let mut in_parts = Vec::new();
        let mut rest = stream.as_slice();
        for cut in cuts.iter().cycle() {
            if rest.is_empty() { break; }
            let (head, tail) = rest.split_at((*cut).min(rest.len()));
            in_parts.extend(parts.feed(head));
            rest = tail;
        }
        prop_assert_eq!(&at_once, &in_parts);
        prop_assert_eq!(whole.noise_bytes(), parts.noise_bytes());
    }

    #[test]
    fn every_frame_is_found_after_harmless_noise(
        frames in prop::collection::vec(any_frame(), 1..5),
        noise in prop::collection::vec(0..=0xfe_u8, 0..20),
    ) {
        let mut stream = noise.clone();
        stream.extend(frames.iter().flat_map(Frame::encode));
        let mut decoder = Decoder::default();
        prop_assert_eq!(decoder.feed(&stream), frames);
        prop_assert_eq!(decoder.noise_bytes(), noise.len() as u64);
    }

    #[test]
    fn memory_is_bounded(stream in prop::collection::vec(prop_oneof![Just(0xff), Just(0x68), any::<u8>()], 0..2000)) {
        let mut decoder = Decoder::default();
        for byte in stream {
            decoder.feed(&[byte]);
            prop_assert!(decoder.held.len() <= DATA_MAX + 2 + OVERHEAD);
        }
    }

    #[test]
    fn events_and_actions_survive_the_wire(address: u8, digits in prop::collection::vec(0..=9_u8, 0..4), key in 0..8_usize, number in 0..1000_u16) {
        let event = PadEvent::Key(KeyFrame { digits, key: Key::ALL[key].1 });
        prop_assert_eq!(PadEvent::from_frame(&event.to_frame(address)), Some(event));
        for action in [PadAction::ShowTicket(number), PadAction::ShowWaiting(number), PadAction::Beep] {
            prop_assert_eq!(PadAction::from_frame(&action.to_frame(address)), Some(action));
        }
    }
}
