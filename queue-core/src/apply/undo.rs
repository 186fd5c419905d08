//! What a counter's undo puts back: kept when it acts, and put back when it takes the action back.

use alloc::vec;

use crate::command::CommandRef;
use crate::counter::{Counter, UndoRecord};
use crate::engine::{Day, Engine};
use crate::ids::{CounterId, ServiceId, TicketId};
use crate::policy::LineId;
use crate::ticket::Ticket;
use crate::time::StationTime;

impl Day {
    /// Puts an earlier copy of a ticket back. What the visitor or the printer has said since stays said.
    pub(super) fn restore(&mut self, mut before: Ticket, seq: u64) {
        if let Some(now) = self.tickets.get_mut(&before.id) {
            before.rating = now.rating.take();
            before.print = now.print.take();
        }
        let service = before.service.clone();
        let number = before.number.clone();
        self.change(before.id, seq, |ticket| *ticket = before);
        if self.last_called.get(&service) == Some(&number) {
            self.find_last_called(service);
        }
    }

    /// Looks up the number called last of a service, after the last call may have been taken back.
    fn find_last_called(&mut self, service: ServiceId) {
        let called = self
            .tickets
            .values()
            .filter(|t| t.service == service && t.calls > 0);
        match called.max_by_key(|t| t.last_call) {
            Some(last) => self.last_called.insert(service, last.number.clone()),
            None => self.last_called.remove(&service),
        };
    }
}

impl Engine {
    pub(super) fn take_back(&mut self, counter: &CounterId, seq: u64) {
        let Some(record) = self.counters.get_mut(counter).and_then(|c| c.undo.take()) else {
            return;
        };
        let Some(day) = &mut self.day else { return };
        day.passing.take_back(counter, record.first_seq);
        if let Some(c) = self.counters.get_mut(counter) {
            c.current = record.current;
            c.busy_since = record.busy_since;
            c.free_since = record.free_since;
            c.auto_held = record.current.is_none();
            *c.next_stored = false;
            // A visit taken up again is not to be rated yet.
            c.asking = c
                .asking
                .filter(|id| record.tickets.iter().all(|t| t.id != *id));
        }
        // Another counter that was given the visitor has none again.
        let given = |c: &&mut Counter| {
            let restored = |id| record.tickets.iter().any(|t| t.id == id);
            c.id != *counter && c.current.is_some_and(restored)
        };
        for taker in self.counters.values_mut().filter(given) {
            taker.current = None;
            taker.undo = None;
        }
        for _ in 0..record.counted_calls {
            day.lines
                .uncount_call(self.plan.rule_of(LineId::Directed(counter)));
        }
        for before in record.tickets {
            day.restore(before, seq);
        }
    }

    /// Takes note of a call of the round of a ratio, so that an undo takes the note back.
    pub(super) fn count_call(&mut self, id: &CounterId) {
        if let Some(day) = &mut self.day {
            day.lines
                .count_call(self.plan.rule_of(LineId::Directed(id)));
        }
        if let Some(record) = self.counters.get_mut(id).and_then(|c| c.undo.as_mut()) {
            record.counted_calls += 1;
        }
    }

    pub(super) fn forget(&mut self, id: &CounterId) {
        if let Some(c) = self.counters.get_mut(id) {
            c.undo = None;
        }
    }

    /// Keeps the ticket and the counter as they are now, for undo. Events of one command are kept together.
    pub(super) fn remember(
        &mut self,
        ticket: TicketId,
        counter: &CounterId,
        at: StationTime,
        seq: u64,
        by: Option<CommandRef>,
    ) {
        let Some(before) = self.ticket(ticket).cloned() else {
            return;
        };
        let Some(c) = self.counters.get_mut(counter) else {
            return;
        };
        match &mut c.undo {
            Some(record) if by.is_some() && record.command == by => record.tickets.push(before),
            _ => {
                c.undo = Some(UndoRecord {
                    at,
                    command: by,
                    first_seq: seq,
                    tickets: vec![before],
                    counted_calls: 0,
                    current: c.current,
                    busy_since: c.busy_since,
                    free_since: c.free_since,
                });
            }
        }
    }
}
