//! A ticket whose number on the paper is another than the server's.

use crate::engine::Engine;
use crate::ids::{TicketId, TicketNumber};
use crate::offline::TakenOffline;
use crate::policy::SortKey;
use crate::ticket::{Progress, TicketState};

impl Engine {
    /// The number on the paper holds, and the visitor came when the kiosk says, not when the server heard of it. Who was missed under the other was never called: nobody had that number in the hand.
    pub(super) fn renumber(
        &mut self,
        id: TicketId,
        number: &TicketNumber,
        taken: TakenOffline,
        seq: u64,
    ) {
        let Some(day) = &mut self.day else { return };
        let Some(ticket) = day.tickets.get(&id) else {
            return;
        };
        let before = ticket.number.clone();
        let is_closed = day.closed;
        day.move_taken(id, taken.at);
        day.numbers.remove(&before);
        day.numbers.insert(number.clone(), id);
        for last in day.last_called.values_mut().filter(|last| **last == before) {
            *last = number.clone();
        }
        day.note_offline(number, taken);
        self.change(id, seq, |t| {
            t.number = number.clone();
            let issue = SortKey {
                base_ms: t.issued_at.0,
                seq: t.issued_seq,
            };
            if t.key == issue {
                t.key = taken.key;
            }
            if t.leg.entered_at == t.issued_at {
                t.leg.entered_at = taken.at;
            }
            t.issued_at = taken.at;
            if t.state == TicketState::NoShow && !is_closed {
                t.state = TicketState::Waiting;
                t.leg = Progress::entered(t.leg.entered_at);
                t.first_called_at = None;
                t.last_called_at = None;
                t.last_call = None;
                t.called_because = None;
                t.calls = 0;
                t.counter = None;
                t.staff = None;
                t.finished_at = None;
            }
        });
    }
}
