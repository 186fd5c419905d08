//! Keypads and rating pads: what a press asks for, and what their displays show.

use firmware_config::caller_pad::{Key, KeyFrame, PadAction, PadEvent, Score};
use firmware_config::key_pad::{Function, KeyPress};
use protocol::{AgentCommand, CounterKey, StationInfo};
use queue_core::{Board, CounterId};

/// What a press means.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Press {
    /// Ask the server.
    Ask(AgentCommand),
    /// The key is for a voice announcement that the display does not make.
    Nothing,
    /// Digits that mean nothing with this key: the pad beeps.
    Mistake,
}

/// Reads a press at a counter's pad.
///
/// Confirm alone finishes; with `6` before it the visitor did not come, with `0` the visitor is
/// put aside.
pub(crate) fn read(counter: &CounterId, event: &PadEvent) -> Press {
    let KeyFrame { digits, key } = match event {
        PadEvent::Key(frame) => frame,
        PadEvent::Rating(score) => {
            return rated(counter, *score);
        }
    };
    let (key, digits) = match (key, digits.as_slice()) {
        (Key::CallNext, digits) => (CounterKey::CallNext, digits),
        (Key::Transfer, digits) => (CounterKey::Transfer, digits),
        (Key::Recall, digits) => (CounterKey::Recall, digits),
        (Key::AskRating, digits) => (CounterKey::AskRating, digits),
        (Key::Cancel, []) => (CounterKey::Undo, &[][..]),
        // Cancel clears what was typed so far.
        (Key::Cancel, _) | (Key::OneMetreLine, _) => return Press::Nothing,
        (Key::Pause, digits) => (CounterKey::Pause, digits),
        (Key::Confirm, []) => (CounterKey::Finish, &[][..]),
        (Key::Confirm, [6]) => (CounterKey::NoShow, &[][..]),
        (Key::Confirm, [0]) => (CounterKey::Hold, &[][..]),
        (Key::Confirm, _) => return Press::Mistake,
    };
    pressed(counter, key, digits)
}

/// Reads a press at a counter's pad without a protocol, which has a key for everything.
pub(crate) fn read_key(counter: &CounterId, press: &KeyPress) -> Press {
    let (key, digits) = match press {
        KeyPress::Function { key, digits } => (key, digits),
        KeyPress::Rating(score) => return rated(counter, *score),
    };
    let key = match key {
        Function::CallNext => CounterKey::CallNext,
        Function::Recall => CounterKey::Recall,
        Function::Transfer => CounterKey::Transfer,
        Function::Finish => CounterKey::Finish,
        Function::NoShow => CounterKey::NoShow,
        Function::Hold => CounterKey::Hold,
        Function::Pause => CounterKey::Pause,
        Function::Undo => CounterKey::Undo,
        Function::AskRating => CounterKey::AskRating,
    };
    pressed(counter, key, digits)
}

/// Digits name a visitor or a counter; before any other key they are a slip.
fn pressed(counter: &CounterId, key: CounterKey, digits: &[u8]) -> Press {
    let takes_digits = matches!(key, CounterKey::CallNext | CounterKey::Transfer);
    if !takes_digits && !digits.is_empty() {
        return Press::Mistake;
    }
    let digits: String = digits.iter().map(|d| char::from(b'0' + d % 10)).collect();
    Press::Ask(AgentCommand::Key {
        counter: counter.clone(),
        key,
        digits: (!digits.is_empty()).then_some(digits),
    })
}

fn rated(counter: &CounterId, score: Score) -> Press {
    Press::Ask(AgentCommand::PadRating {
        counter: counter.clone(),
        score: score.get(),
    })
}

/// What a pad's display shows.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct PadDisplay {
    /// People whom this counter may call; 999 at most.
    pub waiting: u16,
    /// Running number of the present ticket without its letter; 0 for none.
    pub ticket: u16,
}

impl PadDisplay {
    /// What the pad of a counter should show.
    pub(crate) fn of(station: &StationInfo, board: &Board, counter: &CounterId) -> Self {
        let skills = station.counters.iter().find(|c| c.id == *counter);
        let waiting: usize = board
            .services
            .iter()
            .filter(|s| skills.is_some_and(|c| c.skills.contains(&s.id)))
            .map(|s| s.waiting)
            .sum();
        let number = board
            .counters
            .iter()
            .find(|c| c.id == *counter)
            .and_then(|c| c.number.as_ref())
            .map_or(0, |n| n.number % 1_000);
        Self {
            waiting: u16::try_from(waiting.min(999)).unwrap_or(999),
            ticket: u16::try_from(number).unwrap_or(0),
        }
    }

    /// What to tell a pad that shows `shown`.
    pub(crate) fn changes(self, shown: Option<Self>) -> Vec<PadAction> {
        let mut actions = Vec::new();
        if shown.is_none_or(|s| s.waiting != self.waiting) {
            actions.push(PadAction::ShowWaiting(self.waiting));
        }
        if shown.is_none_or(|s| s.ticket != self.ticket) {
            actions.push(PadAction::ShowTicket(self.ticket));
        }
        actions
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn press(digits: &[u8], key: Key) -> Press {
        let frame = KeyFrame {
            digits: digits.to_vec(),
            key,
        };
        read(&"3".parse().unwrap(), &PadEvent::Key(frame))
    }

    fn asks(key: CounterKey, digits: Option<&str>) -> Press {
        Press::Ask(AgentCommand::Key {
            counter: "3".parse().unwrap(),
            key,
            digits: digits.map(str::to_owned),
        })
    }

    #[test]
    fn keys_ask_for_what_is_printed_on_them() {
        for (digits, key, expected) in [
            (&[][..], Key::CallNext, asks(CounterKey::CallNext, None)),
            (
                &[0, 4, 7],
                Key::CallNext,
                asks(CounterKey::CallNext, Some("047")),
            ),
            (&[], Key::Recall, asks(CounterKey::Recall, None)),
            (&[], Key::AskRating, asks(CounterKey::AskRating, None)),
            (&[], Key::Cancel, asks(CounterKey::Undo, None)),
            (&[], Key::Confirm, asks(CounterKey::Finish, None)),
            (&[6], Key::Confirm, asks(CounterKey::NoShow, None)),
            (&[0], Key::Confirm, asks(CounterKey::Hold, None)),
            (&[], Key::Pause, asks(CounterKey::Pause, None)),
            (&[5], Key::Transfer, asks(CounterKey::Transfer, Some("5"))),
            (&[], Key::OneMetreLine, Press::Nothing),
            (&[1, 2], Key::Cancel, Press::Nothing),
            (&[7], Key::Confirm, Press::Mistake),
            (&[1], Key::Recall, Press::Mistake),
        ] {
            assert_eq!(press(digits, key), expected, "{digits:?} {key:?}");
        }
    }

    #[test]
    fn a_pad_without_a_protocol_asks_for_the_same() {
        let counter: CounterId = "3".parse().unwrap();
        let read = |key, digits: &[u8]| {
            let digits = digits.to_vec();
            read_key(&counter, &KeyPress::Function { key, digits })
        };
        for (key, digits, expected) in [
            (
                Function::CallNext,
                &[0, 4, 7][..],
                asks(CounterKey::CallNext, Some("047")),
            ),
            (Function::Recall, &[], asks(CounterKey::Recall, None)),
            (
                Function::Transfer,
                &[5],
                asks(CounterKey::Transfer, Some("5")),
            ),
            (Function::Finish, &[], asks(CounterKey::Finish, None)),
            (Function::NoShow, &[], asks(CounterKey::NoShow, None)),
            (Function::Hold, &[], asks(CounterKey::Hold, None)),
            (Function::Pause, &[], asks(CounterKey::Pause, None)),
            (Function::Undo, &[], asks(CounterKey::Undo, None)),
            (Function::AskRating, &[], asks(CounterKey::AskRating, None)),
            (Function::Finish, &[3], Press::Mistake),
        ] {
            assert_eq!(read(key, digits), expected, "{digits:?} {key:?}");
        }
        let rating = KeyPress::Rating(Score::new(2).unwrap());
        let expected = AgentCommand::PadRating {
            counter: counter.clone(),
            score: 2,
        };
        assert_eq!(read_key(&counter, &rating), Press::Ask(expected));
    }

    #[test]
    fn a_rating_carries_its_score() {
        let event = PadEvent::Rating(Score::new(4).unwrap());
        let expected = AgentCommand::PadRating {
            counter: "3".parse().unwrap(),
            score: 4,
        };
        assert_eq!(read(&"3".parse().unwrap(), &event), Press::Ask(expected));
    }

    #[test]
    fn only_what_changed_is_told() {
        let display = |waiting, ticket| PadDisplay { waiting, ticket };
        assert_eq!(
            display(5, 12).changes(None),
            [PadAction::ShowWaiting(5), PadAction::ShowTicket(12)]
        );
        assert_eq!(
            display(5, 13).changes(Some(display(5, 12))),
            [PadAction::ShowTicket(13)]
        );
        assert_eq!(display(5, 12).changes(Some(display(5, 12))), []);
    }
}
