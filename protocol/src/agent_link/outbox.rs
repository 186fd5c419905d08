//! Commands that the server has not answered yet.

use std::collections::BTreeMap;

use queue_core::{CommandId, TicketId};

use crate::{AgentCommand, CommandResult};

/// Reports that may wait for the server; beyond it the oldest report is dropped. Nobody waits for their answers.
const REPORTS_MAX: usize = 1_000;

/// What became of a command.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Settled {
    /// Somebody still wants the answer.
    Wanted(AgentCommand),
    /// A ticket for somebody who was told that there is none: it must be taken back.
    TooLate(TicketId),
}

/// Commands in the order in which they were given, each until it is answered.
///
/// A command is sent once per connection under the same id, so the server, which answers a repeated id without acting
/// again, acts exactly once.
#[derive(Debug, Default)]
pub(super) struct Outbox {
    next: u64,
    waiting: BTreeMap<u64, Waiting>,
}

#[derive(Debug)]
struct Waiting {
    id: CommandId,
    command: AgentCommand,
    /// Until when somebody wants the answer; none: for ever.
    until_ms: Option<u64>,
    /// Sent on the present connection.
    sent: bool,
    /// May have reached the server on some connection.
    known_to_server: bool,
    /// The visitor has been told that no number can be had; what is given out after all is taken back.
    given_up: bool,
}

impl Outbox {
    /// Keeps a command until it is answered. One that is waiting already is taken up again. `true`: a report had to go
    /// for it.
    pub(super) fn push(
        &mut self,
        id: CommandId,
        command: AgentCommand,
        until_ms: Option<u64>,
    ) -> bool {
        if let Some(waiting) = self.waiting.values_mut().find(|waiting| waiting.id == id) {
            waiting.given_up = false;
            waiting.until_ms = until_ms;
            return false;
        }
        self.waiting.insert(
            self.next,
            Waiting {
                id,
                command,
                until_ms,
                sent: false,
                known_to_server: false,
                given_up: false,
            },
        );
        self.next += 1;
        if self.waiting.len() <= REPORTS_MAX {
            return false;
        }
        let oldest = self.waiting.iter().find(|(_, w)| is_report(&w.command));
        match oldest.map(|(key, _)| *key) {
            Some(key) => self.waiting.remove(&key).is_some(),
            None => false,
        }
    }

    /// Gives up what nobody wants any more, and says what that is.
    ///
    /// What the server never heard of is forgotten, and so is what it may have heard of, unless it gives out a ticket:
    /// that is asked for to the end.
    pub(super) fn expire(&mut self, now_ms: u64) -> Vec<(CommandId, AgentCommand)> {
        let mut expired = Vec::new();
        self.waiting.retain(|_, waiting| {
            if waiting.until_ms.is_none_or(|until_ms| now_ms < until_ms) {
                return true;
            }
            waiting.until_ms = None;
            expired.push((waiting.id, waiting.command.clone()));
            let may_give_ticket = matches!(waiting.command, AgentCommand::Issue { .. });
            waiting.given_up = true;
            may_give_ticket && waiting.known_to_server
        });
        expired
    }

    /// When [`Outbox::expire`] is due.
    pub(super) fn deadline_ms(&self) -> Option<u64> {
        self.waiting.values().filter_map(|w| w.until_ms).min()
    }

    /// The next command to send on this connection.
    pub(super) fn next_to_send(&mut self) -> Option<(CommandId, AgentCommand)> {
        let waiting = self.waiting.values_mut().find(|waiting| !waiting.sent)?;
        waiting.sent = true;
        waiting.known_to_server = true;
        Some((waiting.id, waiting.command.clone()))
    }

    /// A new connection: everything unanswered is sent again.
    pub(super) fn reconnected(&mut self) {
        for waiting in self.waiting.values_mut() {
            waiting.sent = false;
        }
    }

    /// Reports are about a history that is gone.
    pub(super) fn forget_reports(&mut self) {
        self.waiting
            .retain(|_, waiting| !is_report(&waiting.command));
    }

    /// Takes an answer; nothing for an unknown id, or where nobody cares.
    pub(super) fn answered(&mut self, result: &CommandResult) -> Option<Settled> {
        let mut all = self.waiting.iter();
        let key = *all.find(|(_, w)| w.id == result.command_id)?.0;
        let waiting = self.waiting.remove(&key)?;
        if !waiting.given_up {
            return Some(Settled::Wanted(waiting.command));
        }
        let issued = result.issued.as_ref()?;
        Some(Settled::TooLate(issued.id))
    }
}

fn is_report(command: &AgentCommand) -> bool {
    matches!(
        command,
        AgentCommand::ReportPrint { .. } | AgentCommand::ReportAnnounced { .. }
    )
}
