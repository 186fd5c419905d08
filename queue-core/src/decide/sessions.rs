//! Asking for a session, checking in, and calling, beginning and ending it as a whole.

use alloc::boxed::Box;
use alloc::vec;
use alloc::vec::Vec;

use super::Events;
use crate::command::{NewTicket, NumberOrTicket};
use crate::engine::Engine;
use crate::event::Event;
use crate::ids::{ServiceId, TicketId};
use crate::plan::StationPlan;
use crate::reject::Rejected;
use crate::sessions::{
    Claim, Enrolled, GivenSeat, Moment, Moved, Roll, SeatPlace, Session, SessionPlan, SessionRef,
    SessionStep, SessionUndo, Timetable,
};
use crate::ticket::{Ticket, TicketState};
use crate::time::StationTime;

/// The claim of somebody who has no ticket yet.
const NEWCOMER: TicketId = TicketId(u128::MAX);

impl Engine {
    pub(super) fn set_sessions(&self, timetable: &Timetable) -> Events {
        let Some(day) = &self.day else {
            return Ok(vec![]);
        };
        if day.sessions.timetable() == timetable {
            return Ok(vec![]);
        }
        Ok(vec![Event::SessionsSet {
            sessions: timetable.clone(),
        }])
    }

    /// The session of a ticket that is asked for; none where the service has none.
    ///
    /// # Errors
    /// [`Rejected`] where the service has sessions and none that takes this party, or the session that is wanted does not.
    pub(super) fn enrolment_for(
        &self,
        now: StationTime,
        wanted: &NewTicket,
        session: Option<StationTime>,
    ) -> Result<Option<Enrolled>, Rejected> {
        if self.any_has_sessions(&wanted.then) {
            return Err(Rejected::SessionTicket);
        }
        let Some(plan) = self.session_plan(&wanted.service) else {
            return match session {
                Some(_) => Err(Rejected::NoSessions),
                None => Ok(None),
            };
        };
        if !wanted.then.is_empty() {
            return Err(Rejected::SessionTicket);
        }
        if wanted.persons > plan.persons_max {
            return Err(Rejected::PartyTooLarge(plan.persons_max));
        }
        let class = wanted.class.as_ref().or(self.plan.default_class());
        let class = class.ok_or(Rejected::UnknownClass)?;
        let enrolled = |begins| Enrolled {
            begins,
            entitled: plan.is_entitled(class, &wanted.channel, begins, now),
            waits: false,
            present: !plan.remote_channels.contains(&wanted.channel),
        };
        let offered: Vec<_> = self.offered(now, &wanted.service).collect();
        if let Some(begins) = session {
            let of = SessionRef {
                service: wanted.service.clone(),
                begins,
            };
            if self.session(&of).is_none() {
                return Err(Rejected::UnknownSession);
            }
            if !offered.contains(&begins) {
                let too_far = offered.last().is_some_and(|last| *last < begins);
                return Err(match too_far {
                    true => Rejected::SessionTooFar,
                    false => Rejected::SessionClosed,
                });
            }
        }
        let wanted_ones = offered
            .into_iter()
            .filter(|begins| session.is_none_or(|session| session == *begins));
        let claims = |begins| {
            let of = SessionRef {
                service: wanted.service.clone(),
                begins,
            };
            self.claims(&of)
        };
        let tried: Vec<_> = wanted_ones.map(|begins| (begins, claims(begins))).collect();
        let found = first_place(plan, &tried, now, enrolled);
        found.map(Some).ok_or(Rejected::SessionFull)
    }

    pub(super) fn any_has_sessions(&self, services: &[ServiceId]) -> bool {
        let mut services = services.iter();
        services.any(|service| self.session_plan(service).is_some())
    }

    /// Nothing that is for the lines is for a ticket of a session, nor does one get into a session from a line.
    pub(super) fn is_of_lines(&self, ticket: &Ticket, to: &[ServiceId]) -> Result<(), Rejected> {
        if ticket.session.is_some() || self.any_has_sessions(to) {
            Err(Rejected::SessionTicket)
        } else {
            Ok(())
        }
    }

    pub(super) fn check_in_to_session(&self, now: StationTime, target: &NumberOrTicket) -> Events {
        self.running_day()?;
        let ticket = self.find(target)?;
        let enrolment = ticket.enrolment().ok_or(Rejected::NoSessions)?;
        if ticket.state.is_open() && enrolment.checked_in_at.is_some() {
            return Ok(vec![]);
        }
        if ticket.state != TicketState::Enrolled {
            return Err(Rejected::WrongState(ticket.state));
        }
        self.check_in_is_open(now, ticket)?;
        Ok(vec![Event::SessionCheckedIn { ticket: ticket.id }])
    }

    /// Whether a ticket can still be checked in to its session; one of no session always can.
    pub(super) fn check_in_is_open(
        &self,
        now: StationTime,
        ticket: &Ticket,
    ) -> Result<(), Rejected> {
        let Some(of) = ticket.session() else {
            return Ok(());
        };
        let plan = self.session_plan(&of.service).ok_or(Rejected::NoSessions)?;
        if now <= plan.check_in_until(of.begins) {
            Ok(())
        } else {
            Err(Rejected::SessionClosed)
        }
    }

    pub(super) fn step_session(
        &self,
        now: StationTime,
        of: &SessionRef,
        step: SessionStep,
    ) -> Events {
        self.running_day()?;
        let plan = self.session_plan(&of.service).ok_or(Rejected::NoSessions)?;
        let session = self.session(of).ok_or(Rejected::UnknownSession)?;
        let event = match step {
            SessionStep::Call => self.call_session(now, of, plan, session),
            SessionStep::Start => self.start_session(now, of, plan, session),
            SessionStep::End => end_session(of, session),
            SessionStep::Undo => self.undo_session(now, of),
        };
        Ok(vec![event?])
    }

    fn call_session(
        &self,
        now: StationTime,
        of: &SessionRef,
        plan: &SessionPlan,
        session: &Session,
    ) -> Result<Event, Rejected> {
        is_not_started(session)?;
        self.nobody_earlier(of)?;
        let called = self.to_call(now, of);
        if called.is_empty() {
            return Err(Rejected::SessionNobodyToCall);
        }
        let given: Vec<_> = self
            .members(of)
            .filter_map(|ticket| ticket.enrolment()?.window.as_ref())
            .collect();
        let free = plan.windows().filter(|window| !given.contains(&window));
        let seats = called.into_iter().zip(free);
        Ok(Event::SessionCalled {
            session: of.clone(),
            seats: seats.map(|(ticket, at)| GivenSeat { ticket, at }).collect(),
        })
    }

    /// Whoever has a seat in a session, has checked in, and was not called.
    #[must_use]
    pub fn to_call(&self, now: StationTime, of: &SessionRef) -> Vec<TicketId> {
        let mut seated = self.roll(of, now).seated;
        seated.retain(|id| {
            self.ticket(*id).is_some_and(|ticket| {
                ticket.state == TicketState::Enrolled && ticket.has_checked_in()
            })
        });
        seated
    }

    fn members(&self, of: &SessionRef) -> impl Iterator<Item = &Ticket> {
        let members = self.session(of).into_iter().flat_map(Session::members);
        members.filter_map(|id| self.ticket(id))
    }

    /// No overtaking: nobody is called or let in while an earlier session has somebody who was not called.
    fn nobody_earlier(&self, of: &SessionRef) -> Result<(), Rejected> {
        let sessions = self.day.iter().flat_map(|day| day.sessions.of(&of.service));
        let mut earlier = sessions.take_while(|(begins, _)| *begins < of.begins);
        let waits = |id: TicketId| self.ticket(id).is_some_and(Ticket::is_open_before_session);
        match earlier.any(|(_, session)| session.members().any(waits)) {
            true => Err(Rejected::SessionEarlierWaits),
            false => Ok(()),
        }
    }

    fn start_session(
        &self,
        now: StationTime,
        of: &SessionRef,
        plan: &SessionPlan,
        session: &Session,
    ) -> Result<Event, Rejected> {
        is_not_started(session)?;
        self.nobody_earlier(of)?;
        if !self.to_call(now, of).is_empty() {
            return Err(Rejected::SessionNotCalled);
        }
        let roll = self.roll(of, now);
        let in_time = now <= plan.check_in_until(of.begins);
        let is_called = |t: &Ticket| t.state == TicketState::Called;
        let all_here = self.members(of).all(Ticket::has_checked_in);
        // Before the check-in is over nobody may lose a seat by it, and none may be closed by mistake.
        if in_time && !(all_here && self.members(of).any(is_called)) {
            return Err(Rejected::SessionCheckInOpen);
        }
        let sessions = self.day.iter().flat_map(|day| day.sessions.of(&of.service));
        let is_there = |id| {
            self.ticket(id)
                .is_some_and(|t| t.state == TicketState::Serving)
        };
        for (_, other) in sessions {
            if other.members().any(is_there) {
                return Err(Rejected::SessionRunning);
            }
        }
        Ok(Event::SessionStarted {
            session: of.clone(),
            moved: self.moved(now, of, plan, &roll.waiting),
            missed: roll.missed,
        })
    }

    /// Where those go who are left on the waiting list, in its order: to the next session with a seat for them, else to
    /// the next waiting list.
    fn moved(
        &self,
        now: StationTime,
        of: &SessionRef,
        plan: &SessionPlan,
        waiting: &[TicketId],
    ) -> Vec<Moved> {
        let later = self.open_to_ask(now, &of.service);
        let mut later: Vec<_> = later
            .filter(|begins| *begins > of.begins)
            .map(|begins| {
                let of = SessionRef {
                    service: of.service.clone(),
                    begins,
                };
                (begins, self.claims(&of))
            })
            .collect();
        let tickets = waiting.iter().filter_map(|id| self.ticket(*id));
        let moves = tickets.map(|ticket| {
            let enrolled = |begins| Enrolled {
                begins,
                entitled: plan.is_entitled(&ticket.class, &ticket.channel, begins, now),
                waits: false,
                present: true,
            };
            let to = first_place(plan, &later, now, enrolled);
            if let Some(to) = to
                && let Some((_, claims)) = later.iter_mut().find(|(at, _)| *at == to.begins)
            {
                claims.push(Claim {
                    ticket: ticket.id,
                    entitled: to.entitled,
                    present: to.present,
                });
            }
            Moved {
                ticket: ticket.id,
                to,
            }
        });
        moves.collect()
    }

    pub(super) fn miss_session(&self, target: &NumberOrTicket) -> Events {
        self.running_day()?;
        let ticket = self.find(target)?;
        let session = ticket.session().ok_or(Rejected::NoSessions)?;
        match ticket.state {
            TicketState::Called => Ok(vec![Event::SessionMissed {
                session,
                ticket: ticket.id,
            }]),
            state => Err(Rejected::WrongState(state)),
        }
    }

    fn undo_session(&self, now: StationTime, of: &SessionRef) -> Result<Event, Rejected> {
        Ok(Event::SessionUndone {
            session: of.clone(),
            undone_seq: self.undoable_session(now, of)?.seq,
        })
    }

    /// Whether the last step of a session can be taken back now.
    #[must_use]
    pub fn may_undo_session(&self, now: StationTime, of: &SessionRef) -> bool {
        self.running_day().is_ok() && self.undoable_session(now, of).is_ok()
    }

    fn undoable_session(
        &self,
        now: StationTime,
        of: &SessionRef,
    ) -> Result<&SessionUndo, Rejected> {
        let undo = self.running_day()?.sessions.undo(&of.service);
        let undo = undo.filter(|undo| undo.begins == of.begins);
        let undo = undo.ok_or(Rejected::UndoNothing)?;
        if now.since_ms(undo.at) > self.plan.rules.undo_window_ms {
            return Err(Rejected::UndoExpired);
        }
        let mut tickets = undo.tickets.iter();
        let untouched = |before: &Ticket| {
            self.ticket(before.id)
                .is_some_and(|t| t.changed_seq == undo.seq)
        };
        match tickets.all(untouched) {
            true => Ok(undo),
            false => Err(Rejected::UndoOvertaken),
        }
    }

    /// Seats and rooms stay as they are while somebody has one.
    pub(super) fn sessions_in_use(&self, plan: &StationPlan) -> Result<(), Rejected> {
        let open = self.tickets().filter(|t| t.state.is_open());
        let mut enrolled = open.filter(|t| t.session.is_some());
        let changes = |service| plan.sessions.get(service) != self.session_plan(service);
        match enrolled.find(|t| changes(&t.service)) {
            Some(ticket) => Err(Rejected::ServiceInUse(ticket.service.clone())),
            None => Ok(()),
        }
    }

    pub(super) fn enrol(
        &self,
        now: StationTime,
        wanted: &NewTicket,
        session: Option<StationTime>,
    ) -> Events {
        let mut events = self.issue_for(now, wanted, None)?;
        let enrolled = self.enrolment_for(now, wanted, session)?;
        if let Some(Event::TicketIssued(issued)) = events.first_mut() {
            // Where the identity is checked, that is the check-in.
            let present = |enrolled: Enrolled| Enrolled {
                present: enrolled.present && !issued.unverified,
                ..enrolled
            };
            issued.enrolled = enrolled.map(present).map(Box::new);
        }
        Ok(events)
    }
}

fn is_not_started(session: &Session) -> Result<(), Rejected> {
    match session.started_at {
        Some(_) => Err(Rejected::SessionStarted),
        None => Ok(()),
    }
}

fn end_session(of: &SessionRef, session: &Session) -> Result<Event, Rejected> {
    match (session.started_at, session.ended_at) {
        (Some(_), None) => Ok(Event::SessionEnded {
            session: of.clone(),
        }),
        (None, _) => Err(Rejected::SessionNotStarted),
        (_, Some(_)) => Err(Rejected::SessionOver),
    }
}

/// The first of some sessions with a seat for somebody, else the first with a place on its list.
fn first_place(
    plan: &SessionPlan,
    sessions: &[(StationTime, Vec<Claim>)],
    now: StationTime,
    enrolled: impl Fn(StationTime) -> Enrolled,
) -> Option<Enrolled> {
    let mut on_list = None;
    for (begins, claims) in sessions {
        let enrolled = enrolled(*begins);
        let moment = Moment::of(plan, *begins, now);
        let newcomer = Claim {
            ticket: NEWCOMER,
            entitled: enrolled.entitled,
            present: enrolled.present,
        };
        let roll = Roll::call(plan, &[claims.as_slice(), &[newcomer]].concat(), moment);
        match roll.place_of(NEWCOMER) {
            SeatPlace::Seat => return Some(enrolled),
            SeatPlace::List { nth } if nth <= usize::from(plan.waiting_max) => {
                on_list.get_or_insert(Enrolled {
                    waits: true,
                    ..enrolled
                });
            }
            SeatPlace::List { .. } | SeatPlace::None => {}
        }
    }
    on_list
}
