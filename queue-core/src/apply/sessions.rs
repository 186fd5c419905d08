//! What a session's call, begin and end make of its tickets.

use alloc::vec::Vec;

use crate::engine::{Day, Engine};
use crate::ids::{CallId, TicketId};
use crate::sessions::{
    Asked, Enrolment, GivenSeat, Moved, Session, SessionRef, SessionUndo, Timetable,
};
use crate::ticket::{Ticket, TicketState};
use crate::time::StationTime;

/// When and by which entry of the log.
#[derive(Clone, Copy)]
pub(super) struct At {
    pub(super) at: StationTime,
    pub(super) seq: u64,
}

impl Day {
    /// Keeps a session and those of its tickets that are about to change, for undo.
    fn keep_for_undo(&mut self, of: &SessionRef, At { at, seq }: At, ids: &[TicketId]) {
        let Some(session) = self.sessions.get(of) else {
            return;
        };
        let tickets = ids.iter().filter_map(|id| self.tickets.get(id));
        let undo = SessionUndo {
            at,
            seq,
            begins: of.begins,
            phase: [session.called_at, session.started_at, session.ended_at],
            tickets: tickets.map(|ticket| (**ticket).clone()).collect(),
        };
        self.sessions.keep_undo(&of.service, undo);
    }

    fn members_in(&self, of: &SessionRef, state: TicketState) -> Vec<TicketId> {
        let members = self.sessions.get(of).into_iter().flat_map(Session::members);
        let in_state = |id: &TicketId| self.tickets.get(id).is_some_and(|t| t.state == state);
        members.filter(in_state).collect()
    }
}

impl Engine {
    pub(super) fn take_timetable(&mut self, timetable: &Timetable) {
        if let Some(day) = &mut self.day {
            day.sessions.set(timetable);
        }
    }

    pub(super) fn take_check_in(&mut self, ticket: TicketId, At { at, seq }: At) {
        self.change(ticket, seq, |t| t.check_in(at));
    }

    pub(super) fn take_session_call(&mut self, of: &SessionRef, seats: &[GivenSeat], entry: At) {
        let At { at, seq } = entry;
        let Some(day) = &mut self.day else { return };
        let ids: Vec<_> = seats.iter().map(|seat| seat.ticket).collect();
        day.keep_for_undo(of, entry, &ids);
        for seat in seats {
            day.change(seat.ticket, seq, |t| {
                t.state = TicketState::Called;
                t.first_called_at.get_or_insert(at);
                t.leg.called(at);
                t.last_called_at = Some(at);
                t.last_call = Some(CallId(seq));
                t.calls = 1;
                if let Some(enrolment) = t.enrolment_mut() {
                    enrolment.window = Some(seat.at.clone());
                }
            });
        }
        if let Some(session) = day.sessions.get_mut(of) {
            session.called_at.get_or_insert(at);
        }
    }

    pub(super) fn take_session_start(
        &mut self,
        of: &SessionRef,
        missed: &[TicketId],
        moved: &[Moved],
        entry: At,
    ) {
        let At { at, seq } = entry;
        let Some(day) = &mut self.day else { return };
        let called = day.members_in(of, TicketState::Called);
        let moving = moved.iter().map(|moved| moved.ticket);
        let changed: Vec<_> = called.iter().chain(missed).copied().chain(moving).collect();
        day.keep_for_undo(of, entry, &changed);
        for id in called {
            day.change(id, seq, |t| t.start_session(at, false));
        }
        for id in missed {
            day.change(*id, seq, |t| t.end_as(TicketState::NoShow, at));
        }
        for (nth, moved) in (0..).zip(moved) {
            day.change(moved.ticket, seq, |t| {
                t.take_move(moved, Asked(seq, nth), at)
            });
        }
        if let Some(session) = day.sessions.get_mut(of) {
            session.started_at = Some(at);
        }
    }

    pub(super) fn take_session_end(&mut self, of: &SessionRef, entry: At) {
        let At { at, seq } = entry;
        let Some(day) = &mut self.day else { return };
        let there = day.members_in(of, TicketState::Serving);
        day.keep_for_undo(of, entry, &there);
        for id in there {
            day.change(id, seq, |t| {
                t.end_session(at);
                t.end_as(TicketState::Done, at);
            });
        }
        if let Some(session) = day.sessions.get_mut(of) {
            session.ended_at = Some(at);
        }
    }

    pub(super) fn take_session_miss(&mut self, of: &SessionRef, ticket: TicketId, entry: At) {
        let Some(day) = &mut self.day else { return };
        day.keep_for_undo(of, entry, &[ticket]);
        day.change(ticket, entry.seq, |t| {
            t.end_as(TicketState::NoShow, entry.at)
        });
    }

    pub(super) fn take_session_back(&mut self, of: &SessionRef, seq: u64) {
        let Some(day) = &mut self.day else { return };
        let Some(undo) = day.sessions.take_undo(&of.service) else {
            return;
        };
        let of = SessionRef {
            service: of.service.clone(),
            begins: undo.begins,
        };
        for before in undo.tickets {
            day.restore(before, seq);
        }
        if let Some(session) = day.sessions.get_mut(&of) {
            [session.called_at, session.started_at, session.ended_at] = undo.phase;
        }
    }
}

impl Ticket {
    pub(super) fn check_in(&mut self, at: StationTime) {
        if let Some(enrolment) = self.enrolment_mut() {
            enrolment.checked_in_at.get_or_insert(at);
        }
    }

    fn end_as(&mut self, state: TicketState, at: StationTime) {
        self.state = state;
        self.finished_at = Some(at);
    }

    fn take_move(&mut self, moved: &Moved, asked: Asked, at: StationTime) {
        let Some(to) = &moved.to else {
            self.end_as(TicketState::Abandoned, at);
            return;
        };
        if let Some(enrolment) = self.enrolment_mut() {
            *enrolment = Enrolment {
                begins: to.begins,
                asked,
                entitled: to.entitled,
                waited: true,
                checked_in_at: enrolment.checked_in_at,
                window: None,
            };
        }
    }
}
