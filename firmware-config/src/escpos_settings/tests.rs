use super::*;
use proptest::prelude::*;

#[test]
fn commands_as_the_manuals_give_them() {
    use Switch::{Keep, On};
    let switches = [Keep, Keep, Keep, Keep, Keep, Keep, Keep, On];
    for (command, bytes) in [
        (Command::Enter, &[0x1d, 0x28, 0x45, 3, 0, 1, 0x49, 0x4e][..]),
        (
            Command::Leave,
            &[0x1d, 0x28, 0x45, 4, 0, 2, 0x4f, 0x55, 0x54],
        ),
        (
            Command::WriteSwitches {
                switch: 1,
                switches,
            },
            &[
                0x1d, 0x28, 0x45, 0x0a, 0, 3, 1, 0x32, 0x32, 0x32, 0x32, 0x32, 0x32, 0x32, 0x31,
            ],
        ),
        (Command::ReadSwitches(8), &[0x1d, 0x28, 0x45, 2, 0, 4, 8]),
        (
            // Density of 85 %.
            Command::WriteValue {
                number: 5,
                value: 65_533,
            },
            &[0x1d, 0x28, 0x45, 4, 0, 5, 5, 0xfd, 0xff],
        ),
        (Command::ReadValue(116), &[0x1d, 0x28, 0x45, 2, 0, 6, 116]),
        (
            Command::WriteSerial {
                item: SerialItem::Baud,
                value: 115_200,
            },
            &[
                0x1d, 0x28, 0x45, 8, 0, 0x0b, 1, 0x31, 0x31, 0x35, 0x32, 0x30, 0x30,
            ],
        ),
        (
            Command::WriteSerial {
                item: SerialItem::Flow,
                value: 1,
            },
            &[0x1d, 0x28, 0x45, 3, 0, 0x0b, 3, 0x31],
        ),
        (
            Command::ReadSerial(SerialItem::DataBits),
            &[0x1d, 0x28, 0x45, 2, 0, 0x0c, 4],
        ),
    ] {
        assert_eq!(command.encode(), bytes, "{command:?}");
    }
}

#[test]
fn answers_as_the_manuals_give_them() {
    let mut decoder = Decoder::default();
    for (bytes, answer) in [
        (&[0x37, 0x20, 0][..], Answer::Entered),
        (
            b"\x37\x2100000011\x00",
            Answer::Switches([false, false, false, false, false, false, true, true]),
        ),
        // Citizen's table: density of 85 % is sent as 65533.
        (
            b"\x37\x275\x1f65533\x00",
            Answer::Value {
                number: 5,
                value: 65_533,
            },
        ),
        (
            b"\x37\x27116\x1f1\x00",
            Answer::Value {
                number: 116,
                value: 1,
            },
        ),
        (
            b"\x37\x331\x1f115200\x00",
            Answer::Serial {
                item: SerialItem::Baud,
                value: 115_200,
            },
        ),
    ] {
        assert_eq!(decoder.feed(bytes), [answer]);
        assert_eq!(answer.encode(), bytes);
    }
}

#[test]
fn other_answers_of_the_printer_are_passed_over() {
    let mut decoder = Decoder::default();
    let mut stream = vec![0x10, 0, 0, 0x0f, 0x12];
    // A printed job's name, which may itself begin like an answer.
    stream.extend([0x37, 0x22, b'0', b'0', b'0', b'7', 0]);
    stream.extend([0x13, 0x37, 0x11, 0x20, 0]);
    stream.extend(b"\x5fEPSON\x00");
    assert_eq!(decoder.feed(&stream), [Answer::Entered]);
}

fn any_answer() -> impl Strategy<Value = Answer> {
    let item = (1..=4_u8).prop_map(|number| SerialItem::from_number(number).unwrap());
    prop_oneof![
        Just(Answer::Entered),
        any::<[bool; 8]>().prop_map(Answer::Switches),
        (any::<u8>(), any::<u16>()).prop_map(|(number, value)| Answer::Value { number, value }),
        (item, 0..=999_999_u32).prop_map(|(item, value)| Answer::Serial { item, value }),
    ]
}

proptest! {
    #[test]
    fn answers_are_found_after_noise_and_in_any_chunks(
        noise in prop::collection::vec(any::<u8>().prop_filter("no header", |b| *b != 0x37), 0..60),
        answers in prop::collection::vec(any_answer(), 0..6),
        chunk in 1..9_usize,
    ) {
        let mut stream = noise;
        stream.extend(answers.iter().flat_map(Answer::encode));
        let mut decoder = Decoder::default();
        let found: Vec<Answer> = stream.chunks(chunk).flat_map(|part| decoder.feed(part)).collect();
        prop_assert_eq!(found, answers);
    }

    #[test]
    fn a_broken_answer_costs_no_more_than_itself(answer in any_answer(), next in any_answer(), cut in 1..4_usize) {
        let mut stream = answer.encode();
        stream.truncate(stream.len().saturating_sub(cut));
        // Whatever the torn answer looks like now, silence and a NUL end it.
        stream.push(0);
        stream.extend(next.encode());
        let found = Decoder::default().feed(&stream);
        prop_assert_eq!(found.last(), Some(&next));
    }

    #[test]
    fn no_noise_panics_or_is_held_for_ever(noise in prop::collection::vec(any::<u8>(), 0..400), answer in any_answer()) {
        let mut decoder = Decoder::default();
        decoder.feed(&noise);
        // More bytes than any answer has: whatever was held is settled.
        decoder.feed(&[0xff; 16]);
        prop_assert_eq!(decoder.feed(&answer.encode()), [answer]);
    }
}
