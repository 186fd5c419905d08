//! Noise that looks like frames.

use proptest::prelude::*;
use proptest::sample::Index;

/// What happens to a frame on a bad wire.
#[derive(Clone, Debug)]
enum Damage {
    Flip(Index, u8),
    Insert(Index, u8),
    Lose(Index),
    Stutter(Index, usize),
    BreakOff(Index),
}

fn damage() -> impl Strategy<Value = Damage> {
    prop_oneof![
        (any::<Index>(), 0..8_u8).prop_map(|(at, bit)| Damage::Flip(at, bit)),
        (any::<Index>(), any::<u8>()).prop_map(|(at, byte)| Damage::Insert(at, byte)),
        any::<Index>().prop_map(Damage::Lose),
        (any::<Index>(), 1..40_usize).prop_map(|(at, times)| Damage::Stutter(at, times)),
        any::<Index>().prop_map(Damage::BreakOff),
    ]
}

fn hurt(mut frame: Vec<u8>, damages: Vec<Damage>) -> Vec<u8> {
    for damage in damages {
        if frame.is_empty() {
            break;
        }
        let length = frame.len();
        match damage {
            Damage::Flip(at, bit) => frame[at.index(length)] ^= 1 << bit,
            Damage::Insert(at, byte) => frame.insert(at.index(length), byte),
            Damage::Lose(at) => {
                frame.remove(at.index(length));
            }
            Damage::Stutter(at, times) => {
                let at = at.index(length);
                frame.splice(
                    at..at,
                    std::iter::repeat_n(frame[at], times).collect::<Vec<_>>(),
                );
            }
            Damage::BreakOff(at) => frame.truncate(at.index(length)),
        }
    }
    frame
}

/// Frames, damaged or not, with chance bytes among them, and perhaps the start of one at the end: a parser that waits for
/// the rest of it must not wait over what comes then.
pub(super) fn noise(frames: Vec<Vec<u8>>) -> impl Strategy<Value = Vec<u8>> {
    let frame = proptest::sample::select(frames);
    let start = (frame.clone(), any::<Index>()).prop_map(|(mut frame, at)| {
        frame.truncate(at.index(frame.len()));
        frame
    });
    let end = prop_oneof![start, Just(Vec::new())];
    let hurt = (frame, prop::collection::vec(damage(), 0..4)).prop_map(|(f, d)| hurt(f, d));
    let chance = prop::collection::vec(any::<u8>(), 0..40);
    let piece = prop_oneof![3 => hurt, 1 => chance];
    let pieces = prop::collection::vec(piece, 0..12);
    (pieces, end).prop_map(|(pieces, end)| [pieces.concat(), end].concat())
}
