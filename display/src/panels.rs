//! What an LED panel over a counter shows.
//!
//! | counter | panel |
//! |---|---|
//! | has a visitor, called or being served | the number |
//! | open and free | dark |
//! | paused | `---` |
//! | closed, or the day is closed | dark |
//! | nothing heard from the server for a minute | dark |

use queue_core::{Board, CounterId, CounterState, TicketNumber};

const PAUSED: &str = "---";

/// The text for a counter's panel of so many digits.
pub(crate) fn text(board: &Board, counter: &CounterId, digits: u8) -> String {
    let Some(counter) = board.counters.iter().find(|c| c.id == *counter) else {
        return String::new();
    };
    match (&counter.state, &counter.number) {
        (_, Some(number)) => fit(number, digits),
        (CounterState::Paused { .. }, None) => PAUSED.to_owned(),
        (CounterState::Open | CounterState::Closed, None) => String::new(),
    }
}

/// A number too long for the panel loses its letter; the counter's other signs carry it whole.
fn fit(number: &TicketNumber, digits: u8) -> String {
    let whole = number.to_string();
    if whole.len() <= usize::from(digits) {
        return whole;
    }
    let bare = number.digits();
    let from = bare.len().saturating_sub(usize::from(digits));
    bare[from..].to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::board::tests::{board, call};

    #[test]
    fn a_number_stays_while_its_visitor_is_there() {
        let counter = "1".parse().unwrap();
        let mut now = board(1, &[call(1, "A012", "1", 0)]);
        assert_eq!(text(&now, &counter, 4), "A012");
        now.counters[0].ticket_state = Some(queue_core::TicketState::Serving);
        assert_eq!(text(&now, &counter, 4), "A012");
        now.counters[0].number = None;
        assert_eq!(text(&now, &counter, 4), "");
        now.counters[0].state = CounterState::Paused {
            reason: "lunch".into(),
            until: None,
        };
        assert_eq!(text(&now, &counter, 4), "---");
        assert_eq!(text(&now, &"9".parse().unwrap(), 4), "");
    }

    #[test]
    fn a_long_number_loses_its_letter_and_never_a_low_digit() {
        for (number, digits, shown) in [
            ("A012", 4, "A012"),
            ("A1000", 4, "1000"),
            ("A1000", 5, "A1000"),
            ("A012", 3, "012"),
            ("AB012", 4, "012"),
            ("A12345", 4, "2345"),
            ("A2-012", 6, "A2-012"),
            ("A2-012", 4, "2012"),
            ("A2-012", 3, "012"),
        ] {
            assert_eq!(fit(&number.parse().unwrap(), digits), shown);
        }
    }
}
