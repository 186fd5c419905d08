//! Commands that the server has not answered yet. Each keeps its id over every repetition, so
//! that the server carries it out once.

use std::collections::VecDeque;

use protocol::{AgentCommand, ClientFrame};
use queue_core::{CommandId, CounterId};

/// A key or a rating is worth its moment only: after so many milliseconds without an answer it is
/// given up, so that a reconnect calls nobody whom nobody called.
const PRESS_MS: u64 = 5_000;
/// Most commands that wait; beyond it the oldest goes.
const MOST: usize = 256;

/// Commands without an answer, oldest first.
#[derive(Debug, Default)]
pub(crate) struct Commands(VecDeque<Waiting>);

#[derive(Debug)]
struct Waiting {
    id: CommandId,
    command: AgentCommand,
    until_ms: Option<u64>,
}

impl Commands {
    /// Keeps a command and gives its frame.
    pub(crate) fn add(&mut self, now_ms: u64, id: CommandId, command: AgentCommand) -> ClientFrame {
        let until_ms = pressed_at(&command).map(|_| now_ms.saturating_add(PRESS_MS));
        if self.0.len() == MOST {
            self.0.pop_front();
        }
        self.0.push_back(Waiting {
            id,
            command: command.clone(),
            until_ms,
        });
        ClientFrame::Command {
            command_id: id,
            command,
        }
    }

    /// The server answered.
    pub(crate) fn answered(&mut self, id: CommandId) -> Option<AgentCommand> {
        let at = self.0.iter().position(|waiting| waiting.id == id)?;
        self.0.remove(at).map(|waiting| waiting.command)
    }

    /// Frames to say again on a new connection.
    pub(crate) fn again(&self) -> Vec<ClientFrame> {
        let frame = |waiting: &Waiting| ClientFrame::Command {
            command_id: waiting.id,
            command: waiting.command.clone(),
        };
        self.0.iter().map(frame).collect()
    }

    /// Counters whose presses have become too old; the commands are forgotten.
    pub(crate) fn expire(&mut self, now_ms: u64) -> Vec<CounterId> {
        let mut counters = Vec::new();
        self.0.retain(|waiting| {
            let keep = waiting.until_ms.is_none_or(|until_ms| now_ms < until_ms);
            if !keep && let Some(counter) = pressed_at(&waiting.command) {
                counters.push(counter.clone());
            }
            keep
        });
        counters
    }

    /// When [`Commands::expire`] is due.
    pub(crate) fn deadline_ms(&self) -> Option<u64> {
        self.0.iter().filter_map(|waiting| waiting.until_ms).min()
    }
}

/// The counter on whose pad somebody pressed.
pub(crate) fn pressed_at(command: &AgentCommand) -> Option<&CounterId> {
    match command {
        AgentCommand::Key { counter, .. } | AgentCommand::PadRating { counter, .. } => {
            Some(counter)
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use protocol::CounterKey;
    use queue_core::CallId;

    fn key() -> AgentCommand {
        AgentCommand::Key {
            counter: "1".parse().unwrap(),
            key: CounterKey::CallNext,
            digits: None,
        }
    }

    #[test]
    fn a_press_is_repeated_under_its_id_until_it_is_too_old() {
        let mut commands = Commands::default();
        let first = commands.add(1_000, CommandId(7), key());
        assert_eq!(commands.again(), [first]);
        assert_eq!(commands.expire(5_999), []);
        assert_eq!(commands.deadline_ms(), Some(6_000));
        assert_eq!(commands.expire(6_000), ["1".parse().unwrap()]);
        assert_eq!(commands.again(), []);
    }

    #[test]
    fn an_announcement_waits_for_its_answer_as_long_as_it_takes() {
        let mut commands = Commands::default();
        let command = AgentCommand::ReportAnnounced { call: CallId(3) };
        commands.add(0, CommandId(1), command.clone());
        assert_eq!(commands.expire(u64::MAX), []);
        assert_eq!(commands.answered(CommandId(2)), None);
        assert_eq!(commands.answered(CommandId(1)), Some(command));
        assert_eq!(commands.answered(CommandId(1)), None);
    }
}
