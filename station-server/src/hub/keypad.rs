//! What the keys of a counter keypad mean in the state the counter is in.

use axum::http::StatusCode;
use protocol::CounterKey;
use queue_core::{
    Command, Counter, CounterId, CounterState, Engine, NumberOrTicket, Rejected, StationTime,
    TicketId, TicketState,
};

use crate::problem::ApiProblem;

/// The refusal of a key that would finish a visitor who has not come yet.
fn still_on_the_way() -> ApiProblem {
    let detail =
        "the visitor has just been called and is on the way: call again, or mark a no-show";
    ApiProblem::new(StatusCode::CONFLICT, "visitor_on_the_way", detail)
}

/// The command a key stands for.
///
/// # Errors
/// The refusal, when the digits name nobody, or when the key would finish a visitor who is still on the way.
pub(super) fn command(
    engine: &Engine,
    now: StationTime,
    counter: CounterId,
    key: CounterKey,
    digits: Option<&str>,
) -> Result<Command, ApiProblem> {
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
            (None, Some(_)) if is_on_the_way(engine, at, now) => return Err(still_on_the_way()),
            (None, Some(_)) => Command::FinishAndCallNext { counter },
            (None, None) => Command::CallNext { counter },
        },
        CounterKey::Recall => Command::Recall { counter },
        CounterKey::AskRating => Command::InviteRating { counter },
        CounterKey::Finish if is_on_the_way(engine, at, now) => return Err(still_on_the_way()),
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

/// A keypad has no key for "the visitor is here": finishing says that he was served. Until the visitor could be called
/// again nobody has come, let alone been served, and a press is a slip or means that nobody came; it would count somebody
/// as served who was not.
fn is_on_the_way(engine: &Engine, counter: &Counter, now: StationTime) -> bool {
    let expected_ms = i64::from(engine.plan().rules.no_show.recall_after_s) * 1000;
    let visitor = counter.current.and_then(|id| engine.ticket(id));
    let called = visitor.filter(|ticket| ticket.state == TicketState::Called);
    let called_at = called.and_then(|ticket| ticket.last_called_at);
    called_at.is_some_and(|at| now.since_ms(at) < expected_ms)
}

/// A keypad has no letters: the first callable ticket with that number, else a held or missed one.
fn by_digits(engine: &Engine, counter: &CounterId, digits: &str) -> Option<TicketId> {
    let number: u32 = digits.parse().ok()?;
    let mut callable = engine.callable_by(counter, engine.now());
    if let Some(ticket) = callable.find(|t| t.number.has_digits(number)) {
        return Some(ticket.id);
    }
    let duties = engine.duties(counter)?;
    engine
        .tickets()
        .filter(|t| matches!(t.state, TicketState::Held | TicketState::NoShow))
        .filter(|t| duties.tier(&t.service).is_some() || t.counter.as_ref() == Some(counter))
        .filter(|t| t.number.has_digits(number))
        .max_by_key(|t| t.changed_seq)
        .map(|t| t.id)
}

#[cfg(test)]
mod tests {
    use queue_core::{Actor, Decision, Envelope, Event, Recorded, Series, ServiceId, StationPlan};

    use super::*;

    const MORNING: StationTime = StationTime(1_794_787_200_000);

    fn one() -> CounterId {
        CounterId::new("1").unwrap()
    }

    /// A ticket has just been called to counter 1 at [`MORNING`].
    fn called() -> Engine {
        let service = ServiceId::new("card").unwrap();
        let file = station_config::StationFile::parse("demo.toml", station_config::demo()).unwrap();
        let mut plan: StationPlan = file.plan();
        let series = Series::new("A").unwrap();
        let first = plan.services.values().next().unwrap().clone();
        plan.services = [(service.clone(), queue_core::ServicePlan { series, ..first })].into();
        let at = plan.counters.values().next().unwrap().clone();
        let skills = [service.clone()].into_iter().collect();
        plan.counters = [(
            one(),
            queue_core::CounterPlan {
                skills,
                overflow_skills: Default::default(),
                ..at
            },
        )]
        .into();
        plan.profiles.clear();
        plan.limits = Default::default();
        plan.appointments = Default::default();
        let mut engine = Engine::new();
        let issue = queue_core::NewTicket {
            ticket: TicketId(7),
            service,
            then: vec![],
            class: None,
            language: None,
            channel: ServiceId::new("kiosk").unwrap(),
            persons: 1,
            terms: Default::default(),
        };
        for command in [
            Command::Configure(plan.into()),
            Command::OpenDay {
                day: "2026-11-16".parse().unwrap(),
                hours: None,
            },
            Command::OpenCounter {
                counter: one(),
                staff: None,
            },
            Command::IssueTicket(issue),
            Command::CallNext { counter: one() },
        ] {
            carry_out(&mut engine, command);
        }
        engine
    }

    fn carry_out(engine: &mut Engine, command: Command) {
        let actor = Actor("counter/1".into());
        let envelope = Envelope {
            command_ref: None,
            actor: actor.clone(),
            command,
        };
        let Decision::Events(events) = engine.decide(MORNING, &envelope).unwrap() else {
            panic!("no repeat");
        };
        for event in events {
            record(engine, &actor, event);
        }
    }

    fn record(engine: &mut Engine, actor: &Actor, event: Event) {
        let seq = engine.seq() + 1;
        let (actor, command) = (actor.clone(), None);
        engine.apply(&Recorded {
            seq,
            at: MORNING,
            actor,
            command,
            event,
        });
    }

    #[test]
    fn nobody_is_counted_as_served_while_still_on_the_way() {
        let mut engine = called();
        let press = |engine: &Engine, key, after_s: i64| {
            command(engine, MORNING.plus_ms(after_s * 1000), one(), key, None)
        };
        for key in [CounterKey::CallNext, CounterKey::Finish] {
            assert_eq!(press(&engine, key, 29), Err(still_on_the_way()), "{key:?}");
            assert!(press(&engine, key, 30).is_ok(), "{key:?}");
        }
        // Nobody came: that can be said at once, and so can that the visitor is here.
        assert!(matches!(
            press(&engine, CounterKey::NoShow, 1),
            Ok(Command::MarkNoShow { .. })
        ));
        carry_out(&mut engine, Command::Start { counter: one() });
        assert!(matches!(
            press(&engine, CounterKey::CallNext, 1),
            Ok(Command::FinishAndCallNext { .. })
        ));
    }
}
