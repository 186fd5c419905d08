//! What a visit's counter and its visitor do between two legs.

use crate::command::CommandRef;
use crate::engine::Engine;
use crate::ids::{CounterId, ServiceId, TicketId};
use crate::ticket::{Ticket, TicketState};
use crate::time::StationTime;

/// When and by which entry of the log.
#[derive(Clone, Copy)]
pub(super) struct Entry {
    pub(super) at: StationTime,
    pub(super) seq: u64,
    pub(super) command: Option<CommandRef>,
}

impl Ticket {
    /// Ends the session at a counter. Where nobody pressed start, handling is counted from the call, and the walk stays
    /// unknown.
    pub(super) fn end_handling(&mut self, at: StationTime) {
        if self.state == TicketState::Called {
            let called_at = self.last_called_at.unwrap_or(at);
            self.start_session(called_at, true);
        }
        self.end_session(at);
    }
}

impl Engine {
    pub(super) fn finish_leg(
        &mut self,
        entry: Entry,
        ticket: TicketId,
        counter: &CounterId,
        to_service: &ServiceId,
        stays: bool,
    ) {
        let Entry { at, seq, command } = entry;
        self.remember(ticket, counter, at, seq, command);
        self.change(ticket, seq, |t| {
            t.end_handling(at);
            t.go_on(at, to_service.clone(), stays);
        });
        if !stays {
            self.free(counter, at);
        } else if let Some(c) = self.counters.get_mut(counter) {
            c.busy_since = at;
        }
    }

    pub(super) fn take_amendment(
        &mut self,
        ticket: TicketId,
        (then, stations, persons): (&[ServiceId], &[ServiceId], u16),
        unverified: bool,
        seq: u64,
    ) {
        if let Some(day) = &mut self.day {
            day.give_back(ticket);
        }
        self.change(ticket, seq, |t| {
            t.amend(then, stations);
            t.persons = persons;
            let state = match unverified {
                true => TicketState::Unverified,
                false => TicketState::Waiting,
            };
            if state != t.state {
                t.state = state;
                t.precalled_at = None;
                t.line_since_seq = Some(seq);
            }
        });
        if let Some(day) = &mut self.day {
            day.take_again(ticket);
        }
    }

    pub(super) fn plan_matters(
        &mut self,
        entry: Entry,
        ticket: TicketId,
        counter: &CounterId,
        then: &[ServiceId],
    ) {
        self.remember(ticket, counter, entry.at, entry.seq, entry.command);
        self.change(ticket, entry.seq, |t| t.change_course(then));
    }
}
