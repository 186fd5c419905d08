//! What the keys of a counter keypad mean in the state the counter is in.

use protocol::CounterKey;
use queue_core::{
    Command, CounterId, CounterState, Engine, NumberOrTicket, Rejected, TicketId, TicketState,
};

/// The command a key stands for.
///
/// # Errors
/// [`Rejected`] when the digits name nobody.
pub(super) fn command(
    engine: &Engine,
    counter: CounterId,
    key: CounterKey,
    digits: Option<&str>,
) -> Result<Command, Rejected> {
    let at = engine.counter(&counter).ok_or(Rejected::UnknownCounter)?;
    let digits = digits.filter(|d| !d.is_empty());
    Ok(match key {
        CounterKey::CallNext => match (digits, at.current) {
            (Some(digits), _) => {
                let ticket = by_digits(engine, &counter, digits).ok_or(Rejected::UnknownTicket)?;
                Command::CallTicket {
                    counter,
                    target: NumberOrTicket::Ticket(ticket),
                    reason: None,
                }
            }
            (None, Some(_)) => Command::FinishAndCallNext { counter },
            (None, None) => Command::CallNext { counter },
        },
        CounterKey::Recall => Command::Recall { counter },
        CounterKey::AskRating => Command::InviteRating { counter },
        CounterKey::Finish => Command::Finish { counter },
        CounterKey::NoShow => Command::MarkNoShow { counter },
        CounterKey::Hold => Command::Hold {
            counter,
            reason: String::new(),
            room: None,
        },
        CounterKey::Pause => match at.state {
            CounterState::Open => Command::PauseCounter {
                counter,
                reason: "pause".into(),
                until: None,
            },
            CounterState::Paused { .. } | CounterState::Closed => Command::OpenCounter {
                counter,
                staff: at.staff.clone(),
            },
        },
        CounterKey::Transfer => {
            let to = digits
                .and_then(|d| CounterId::new(d).ok())
                .ok_or(Rejected::UnknownCounter)?;
            Command::Transfer {
                counter,
                to_service: None,
                to_counter: Some(to),
            }
        }
        CounterKey::Undo => Command::Undo { counter },
    })
}

/// A keypad has no letters: the first callable ticket with that number, else a held or missed one.
fn by_digits(engine: &Engine, counter: &CounterId, digits: &str) -> Option<TicketId> {
    let number: u32 = digits.parse().ok()?;
    let mut callable = engine.callable_by(counter, engine.now());
    if let Some(ticket) = callable.find(|t| t.number.number == number) {
        return Some(ticket.id);
    }
    let duties = engine.duties(counter)?;
    engine
        .tickets()
        .filter(|t| matches!(t.state, TicketState::Held | TicketState::NoShow))
        .filter(|t| duties.tier(&t.service).is_some() || t.counter.as_ref() == Some(counter))
        .filter(|t| t.number.number == number)
        .max_by_key(|t| t.changed_seq)
        .map(|t| t.id)
}
