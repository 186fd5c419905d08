//! Commands that the server has not answered yet.

use std::collections::BTreeMap;

use protocol::{AgentCommand, CommandResult, Problem, TicketIssued};
use queue_core::CommandId;

/// Reports that may wait for the server; beyond it the oldest report is dropped. Nobody waits for their answers.
const REPORTS_MAX: usize = 1_000;

/// What the server said to a command.
#[derive(Clone, Debug, PartialEq)]
pub enum Answer {
    /// Done; the ticket where one was given out.
    Done(Option<Box<TicketIssued>>),
    /// Refused.
    Refused(Box<Problem>),
}

/// Commands in the order in which they were given, each until it is answered.
///
/// A command is sent once per connection under the same id, so the server, which answers a repeated id without acting
/// again, acts exactly once.
#[derive(Debug, Default)]
pub struct Outbox {
    next: u64,
    waiting: BTreeMap<u64, Waiting>,
}

#[derive(Debug)]
struct Waiting {
    id: CommandId,
    command: AgentCommand,
    /// Sent on the present connection.
    sent: bool,
    /// May have reached the server on some connection.
    known_to_server: bool,
    /// The visitor has been told that no number can be had; what is given out after all is taken back.
    given_up: bool,
}

impl Outbox {
    /// Keeps a command until it is answered. One that is waiting already is taken up again.
    pub fn push(&mut self, id: CommandId, command: AgentCommand) {
        if let Some(waiting) = self.waiting.values_mut().find(|waiting| waiting.id == id) {
            waiting.given_up = false;
            return;
        }
        self.waiting.insert(
            self.next,
            Waiting {
                id,
                command,
                sent: false,
                known_to_server: false,
                given_up: false,
            },
        );
        self.next += 1;
        if self.waiting.len() > REPORTS_MAX {
            let oldest_report = self
                .waiting
                .iter()
                .find(|(_, waiting)| matches!(waiting.command, AgentCommand::ReportPrint { .. }))
                .map(|(key, _)| *key);
            if let Some(key) = oldest_report {
                tracing::warn!("too many print reports wait for the server: the oldest is dropped");
                self.waiting.remove(&key);
            }
        }
    }

    /// Nobody waits for this ticket any more. If the server never heard of it, it is forgotten; else it is asked for
    /// to the end and then taken back, so that no ticket waits that nobody holds.
    pub fn give_up(&mut self, id: CommandId) {
        self.waiting
            .retain(|_, waiting| waiting.id != id || waiting.known_to_server);
        if let Some(waiting) = self.waiting.values_mut().find(|waiting| waiting.id == id) {
            waiting.given_up = true;
        }
    }

    /// The next command to send on this connection.
    pub fn next_to_send(&mut self) -> Option<(CommandId, AgentCommand)> {
        let waiting = self.waiting.values_mut().find(|waiting| !waiting.sent)?;
        waiting.sent = true;
        waiting.known_to_server = true;
        Some((waiting.id, waiting.command.clone()))
    }

    /// A new connection: everything unanswered is sent again.
    pub fn reconnected(&mut self) {
        for waiting in self.waiting.values_mut() {
            waiting.sent = false;
        }
    }

    /// Takes an answer. Gives what to tell whoever waits; nothing for an unknown id or a ticket that was given up,
    /// which `cancel_id` then takes back.
    pub fn answered(
        &mut self,
        result: CommandResult,
        cancel_id: CommandId,
    ) -> Option<(CommandId, Answer)> {
        let key = *self
            .waiting
            .iter()
            .find(|(_, waiting)| waiting.id == result.command_id)?
            .0;
        let waiting = self.waiting.remove(&key)?;
        let answer = match result.problem {
            Some(problem) => Answer::Refused(Box::new(problem)),
            None => Answer::Done(result.issued.map(Box::new)),
        };
        if !waiting.given_up {
            return Some((waiting.id, answer));
        }
        if let Answer::Done(Some(issued)) = &answer {
            tracing::warn!(number = %issued.number, "a number came too late and is taken back");
            self.push(cancel_id, AgentCommand::Cancel { ticket: issued.id });
        }
        None
    }

    /// Commands without an answer.
    pub fn len(&self) -> usize {
        self.waiting.len()
    }

    /// Whether everything has been answered.
    pub fn is_empty(&self) -> bool {
        self.waiting.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use queue_core::{Estimate, ServiceId, StationTime, TicketId};

    fn issue() -> AgentCommand {
        AgentCommand::Issue {
            service: ServiceId::new("A").unwrap(),
            class: None,
            language: None,
        }
    }

    fn issued(ticket: u128) -> TicketIssued {
        TicketIssued {
            id: TicketId(ticket),
            number: "A001".parse().unwrap(),
            service: ServiceId::new("A").unwrap(),
            class: queue_core::ClassId::new("regular").unwrap(),
            language: None,
            issued_at: StationTime(0),
            ahead: 0,
            estimate: Estimate::NoWait,
            page_url: String::new(),
        }
    }

    fn result(id: u128, ticket: Option<u128>) -> CommandResult {
        CommandResult {
            command_id: CommandId(id),
            issued: ticket.map(issued),
            problem: None,
        }
    }

    fn sent(outbox: &mut Outbox) -> Vec<u128> {
        std::iter::from_fn(|| outbox.next_to_send())
            .map(|(id, _)| id.0)
            .collect()
    }

    const CANCEL: CommandId = CommandId(99);

    #[test]
    fn a_command_keeps_its_id_over_connections_until_it_is_answered() {
        let mut outbox = Outbox::default();
        outbox.push(CommandId(1), issue());
        outbox.push(CommandId(2), issue());
        assert_eq!(sent(&mut outbox), [1, 2]);
        assert_eq!(sent(&mut outbox), [] as [u128; 0]);
        let first = outbox.answered(result(1, Some(7)), CANCEL);
        assert_eq!(
            first,
            Some((CommandId(1), Answer::Done(Some(Box::new(issued(7))))))
        );
        assert_eq!(outbox.answered(result(1, Some(7)), CANCEL), None, "once");
        outbox.reconnected();
        assert_eq!(sent(&mut outbox), [2]);
    }

    #[test]
    fn what_the_server_never_heard_of_is_forgotten() {
        let mut outbox = Outbox::default();
        outbox.push(CommandId(1), issue());
        outbox.give_up(CommandId(1));
        assert!(outbox.is_empty());
    }

    #[test]
    fn a_number_that_comes_too_late_is_taken_back() {
        let mut outbox = Outbox::default();
        outbox.push(CommandId(1), issue());
        sent(&mut outbox);
        outbox.give_up(CommandId(1));
        outbox.reconnected();
        assert_eq!(sent(&mut outbox), [1], "asked to the end");
        assert_eq!(outbox.answered(result(1, Some(7)), CANCEL), None);
        let cancel = outbox.next_to_send();
        assert_eq!(
            cancel,
            Some((
                CANCEL,
                AgentCommand::Cancel {
                    ticket: TicketId(7)
                }
            ))
        );
    }

    #[test]
    fn a_visitor_who_tries_again_takes_the_command_up_again() {
        let mut outbox = Outbox::default();
        outbox.push(CommandId(1), issue());
        sent(&mut outbox);
        outbox.give_up(CommandId(1));
        outbox.push(CommandId(1), issue());
        assert_eq!(outbox.len(), 1);
        assert!(outbox.answered(result(1, Some(7)), CANCEL).is_some());
        assert!(outbox.is_empty());
    }

    #[test]
    fn reports_do_not_grow_without_end() {
        let mut outbox = Outbox::default();
        outbox.push(CommandId(1), issue());
        for id in 10..2_000 {
            let report = AgentCommand::ReportPrint {
                ticket: TicketId(1),
                job: String::new(),
                outcome: queue_core::PrintOutcome::Printed,
            };
            outbox.push(CommandId(id), report);
        }
        assert_eq!(outbox.len(), REPORTS_MAX);
        let (first, _) = outbox.next_to_send().unwrap();
        assert_eq!(first, CommandId(1), "no visitor's command is dropped");
    }
}
