//! Commands that the server has not answered yet.

use std::collections::BTreeMap;

use queue_core::CommandId;

use crate::{AgentCommand, CommandResult};

/// Reports that may wait for the server; beyond it the oldest report is dropped. Nobody waits for their answers.
const REPORTS_MAX: usize = 1_000;

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
    /// Sent on some connection.
    ever_sent: bool,
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
                ever_sent: false,
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

    /// Forgets what nobody wants any more, and says what that is and whether it was sent: then the server may have heard of
    /// it, or hear of it yet.
    pub(super) fn expire(&mut self, now_ms: u64) -> Vec<(CommandId, AgentCommand, bool)> {
        let mut expired = Vec::new();
        self.waiting.retain(|_, waiting| {
            if waiting.until_ms.is_none_or(|until_ms| now_ms < until_ms) {
                return true;
            }
            expired.push((waiting.id, waiting.command.clone(), waiting.ever_sent));
            false
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
        waiting.ever_sent = true;
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

    /// Takes an answer; the command, unless nobody waits for it any more.
    pub(super) fn answered(&mut self, result: &CommandResult) -> Option<AgentCommand> {
        let mut all = self.waiting.iter();
        let key = *all.find(|(_, w)| w.id == result.command_id)?.0;
        self.waiting.remove(&key).map(|waiting| waiting.command)
    }
}

fn is_report(command: &AgentCommand) -> bool {
    matches!(
        command,
        AgentCommand::ReportPrint { .. } | AgentCommand::ReportAnnounced { .. }
    )
}
