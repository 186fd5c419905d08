use proptest::prelude::*;

use super::*;
use crate::modbus::{Action, Address};

fn write() -> Request {
    Request {
        address: Address::new(1).unwrap(),
        action: Action::WriteMany {
            register: 0x70,
            values: vec![0x4130, 0x3132, 0x2020],
        },
    }
}

fn board() -> Expected {
    Expected::Patterns(vec![
        AnswerPattern::exactly(b"ACK", true),
        AnswerPattern::exactly(b"NACK", false),
    ])
}

fn summed() -> Expected {
    let mut bytes = vec![PatternByte::Exactly(0xfe), PatternByte::Any];
    bytes.push(PatternByte::Checksum {
        kind: ChecksumKind::Sum8,
        over: 0..2,
        nth: 0,
    });
    Expected::Patterns(vec![AnswerPattern {
        bytes,
        is_acknowledgement: true,
    }])
}

#[test]
fn an_answer_comes_in_pieces_behind_noise() {
    let mut listener = Listener::new(Expected::Written(write()));
    assert_eq!(listener.feed(&[0x55, 0x01]), Heard::Noise);
    assert_eq!(listener.feed(&[0x01, 0x10, 0x00, 0x70]), Heard::Noise);
    assert_eq!(listener.feed(&[]), Heard::Nothing);
    assert_eq!(
        listener.feed(&[0x00, 0x03, 0x81, 0xd3]),
        Heard::Acknowledged
    );
    assert_eq!(listener.held_bytes(), 0);
}

#[test]
fn a_slave_refuses() {
    let mut listener = Listener::new(Expected::Written(write()));
    let refusal = write().refuse(Exception::ILLEGAL_ADDRESS);
    // The first two bytes look like the start of a longer answer.
    listener.feed(&[0x01, 0x10]);
    let heard = listener.feed(&refusal);
    let why = Refusal::Exception(Exception::ILLEGAL_ADDRESS);
    assert_eq!(heard, Heard::Refused(why.clone()));
    assert_eq!(why.to_string(), "exception 02: no such register");
}

#[test]
fn registers_may_hold_something_else() {
    let request = Request {
        address: Address::new(1).unwrap(),
        action: Action::Read {
            register: 0,
            count: 2,
        },
    };
    let values = vec![u16::from(b'A'), u16::from(b'1')];
    let reply = request.reply(&values);
    let expect = |values| {
        Listener::new(Expected::Registers {
            request: request.clone(),
            values,
        })
    };
    assert_eq!(expect(values).feed(&reply), Heard::Acknowledged);
    let other = Heard::Refused(Refusal::HoldsOther("A1".into()));
    assert_eq!(expect(vec![0, 0]).feed(&reply), other);
}

#[test]
fn a_refusal_is_not_taken_for_the_acknowledgement_inside_it() {
    for pieces in [&[&b"NACK"[..]][..], &[b"N", b"ACK"], &[b"xNAC", b"K"]] {
        let mut listener = Listener::new(board());
        let heard: Vec<Heard> = pieces.iter().map(|piece| listener.feed(piece)).collect();
        assert_eq!(heard.last(), Some(&Heard::Refused(Refusal::Nack)));
    }
    assert_eq!(Listener::new(board()).feed(b"?ACK"), Heard::Acknowledged);
}

#[test]
fn a_wrong_checksum_is_noise() {
    let mut listener = Listener::new(summed());
    assert_eq!(listener.feed(&[0xfe, 0x01, 0xfe]), Heard::Noise);
    assert_eq!(listener.feed(&[0x01, 0xff]), Heard::Acknowledged);
}

#[test]
fn a_string_file_is_compared() {
    let expect = |text: &[u8]| {
        Listener::new(Expected::StringFile {
            label: b'1',
            text: text.to_vec(),
        })
    };
    let answer = b"\0\0\0\x01000\x02G1A012\x030151\x04";
    assert_eq!(expect(b"A012").feed(&answer[..12]), Heard::Nothing);
    assert_eq!(expect(b"A012").feed(answer), Heard::Acknowledged);
    let other = Refusal::HoldsOther("A012".into());
    assert_eq!(expect(b"A013").feed(answer), Heard::Refused(other.clone()));
    assert_eq!(other.to_string(), "holds `A012`");
    let wrong = b"\x01000\x02G1A012\x030152\x04";
    assert_eq!(expect(b"A012").feed(wrong), Heard::Noise);
}

#[test]
fn a_silent_panel_makes_only_noise() {
    assert_eq!(Listener::new(Expected::Nothing).feed(b"ACK"), Heard::Noise);
    assert_eq!(Listener::new(Expected::Nothing).feed(b""), Heard::Nothing);
}

fn any_expected() -> impl Strategy<Value = Expected> {
    let string = Expected::StringFile {
        label: b'1',
        text: vec![],
    };
    let registers = Expected::Registers {
        request: Request {
            address: Address::new(1).unwrap(),
            action: Action::Read {
                register: 0,
                count: 6,
            },
        },
        values: vec![0; 6],
    };
    prop::sample::select(vec![
        Expected::Nothing,
        Expected::Written(write()),
        registers,
        board(),
        summed(),
        string,
    ])
}

proptest! {
    #[test]
    fn noise_never_panics_nor_piles_up(
        expected in any_expected(),
        pieces in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..90), 0..9),
    ) {
        let mut listener = Listener::new(expected);
        for piece in pieces {
            listener.feed(&piece);
            prop_assert!(listener.held_bytes() < 150);
        }
    }

    #[test]
    fn starts_of_answers_do_not_pile_up(expected in any_expected(), start in 1..9_usize) {
        let mut listener = Listener::new(expected);
        for whole in [&b"\x01000\x02G1xxxxxxx"[..], &[1, 16, 0, 112, 0, 3, 0, 0], b"NACACNAC"] {
            for _ in 0..40 {
                listener.feed(&whole[..start.min(whole.len())]);
                prop_assert!(listener.held_bytes() < 150);
            }
        }
    }
}
