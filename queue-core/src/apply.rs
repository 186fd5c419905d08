//! From event to state: total, infallible, the only way the state changes.

mod devices;
mod identity;
mod limits;
mod matters;
mod offline;
mod sessions;
mod undo;

use alloc::boxed::Box;
use alloc::vec;

use self::matters::Entry;
use self::sessions::At;
use crate::appointments::{Appointment, AppointmentState};
use crate::counter::{Counter, CounterState};
use crate::engine::{Day, Engine, Reply};
use crate::event::{Event, Recorded};
use crate::identity::IdentityResult;
use crate::ids::{CallId, CounterId, ProfileId, StaffId, TicketId};
use crate::later::Later;
use crate::plan::StationPlan;
use crate::policy::SortKey;
use crate::ticket::{Precedence, Rating, Sender, Ticket, TicketState};
use crate::time::StationTime;

impl Day {
    /// Changes a ticket and keeps the lines right; unknown ids are left alone, because `apply` is total.
    fn change(&mut self, id: TicketId, seq: u64, change: impl FnOnce(&mut Ticket)) {
        let Some(ticket) = self.tickets.get_mut(&id) else {
            return;
        };
        match ticket.state {
            TicketState::Waiting => self.lines.remove(ticket),
            TicketState::Unverified => self.unverified.remove(ticket),
            _ => {}
        }
        if ticket.session.is_some() {
            self.sessions.leave(ticket);
        }
        change(ticket);
        ticket.changed_seq = seq;
        match ticket.state {
            TicketState::Waiting => self.lines.insert(ticket),
            TicketState::Unverified => self.unverified.insert(ticket),
            _ => {}
        }
        if ticket.session.is_some() {
            self.sessions.join(ticket);
        }
    }
}

impl Engine {
    /// Applies a recorded event. Events come in the order of their sequence numbers.
    pub fn apply(&mut self, recorded: &Recorded) {
        debug_assert_eq!(
            recorded.seq,
            self.seq + 1,
            "events are applied in order, without gaps"
        );
        debug_assert!(recorded.at >= self.now, "station time never decreases");
        self.seq = recorded.seq;
        let before = core::mem::replace(&mut self.now, recorded.at);
        if let Some(day) = &mut self.day {
            day.crowd.note(before, recorded.at, day.lines.len());
        }
        self.pace
            .observe(recorded, &self.counters, self.day.as_ref());
        self.apply_event(recorded);
        if let (Some(command), Some(day)) = (recorded.command, &mut self.day) {
            day.replies
                .insert(command.id, (command.digest, reply_of(recorded)));
        }
    }

    fn apply_event(&mut self, recorded: &Recorded) {
        let (seq, at, command) = (recorded.seq, recorded.at, recorded.command);
        match &recorded.event {
            Event::Configured { plan } => {
                self.take_plan(plan);
                if let Some(day) = &mut self.day {
                    day.planned = Later::default();
                }
            }
            Event::DisciplineChanged { zone, discipline } => {
                let stored = self.stored_plan();
                let plan = self.plan_under(zone.as_ref(), *discipline);
                self.take_plan(&plan);
                if let Some(day) = &mut self.day {
                    day.planned = Self::planned_beside(&stored, &plan).into();
                }
            }
            Event::DayOpened { day, hours } => {
                self.open(*day);
                self.take_hours(hours.as_deref());
            }
            Event::HoursChanged { hours } => self.take_hours(hours.as_deref()),
            Event::AlarmRaised(raised) => self.raise(raised),
            Event::AlarmCleared(alarm) => self.clear_alarm(alarm),
            Event::DayClosed { .. } => {
                self.close(at, seq);
                self.end_rules_of_day();
            }
            Event::TicketIssued(issued) => {
                let Some(day) = &mut self.day else { return };
                if day.tickets.contains_key(&issued.ticket) {
                    return;
                }
                if let Some(attends) = issued.attends {
                    let state = AppointmentState::CheckedIn {
                        ticket: issued.ticket,
                        at,
                        late: attends.is_late(),
                    };
                    self.appointments.set(attends.appointment, state);
                }
                // Whom a kiosk gave a ticket by itself has waited since then.
                let came = issued.offline.as_ref().map_or(at, |taken| taken.at);
                let ticket = Ticket::new(issued, came, seq);
                let number = &issued.number;
                match ticket.state {
                    TicketState::Unverified => day.unverified.insert(&ticket),
                    TicketState::Enrolled => {}
                    _ => day.lines.insert(&ticket),
                }
                if ticket.session.is_some() {
                    day.sessions.join(&ticket);
                }
                match issued.offline.as_deref() {
                    Some(taken) => day.note_offline(number, *taken),
                    None => {
                        day.last_number.insert(number.series.clone(), number.number);
                    }
                }
                day.numbers.insert(number.clone(), ticket.id);
                day.tickets.insert(ticket.id, Box::new(ticket));
                day.note_taken(issued, came);
            }
            Event::NumbersLeased { kiosk, first, last } => {
                if let Some(day) = &mut self.day {
                    day.grant(seq, at, *kiosk, *first, *last);
                }
            }
            Event::TicketRenumbered {
                ticket,
                number,
                taken,
            } => self.renumber(*ticket, number, *taken, seq),
            Event::TicketCancelled { ticket } => {
                if let Some(day) = &mut self.day {
                    day.note_given_up(*ticket);
                }
                self.change(*ticket, seq, |t| {
                    t.state = TicketState::Cancelled;
                    t.finished_at = Some(at);
                });
            }
            Event::IdentityVerified { ticket, document } => {
                self.take_check(*ticket, IdentityResult::Verified(*document), at, seq);
            }
            Event::IdentityRefused { ticket, reason } => {
                self.take_check(*ticket, IdentityResult::Refused(*reason), at, seq);
            }
            Event::TicketRerouted {
                ticket,
                to_service,
                stations,
                unverified,
            } => self.take_other_service(*ticket, (to_service, stations), *unverified, seq),
            Event::TicketAmended {
                ticket,
                then,
                stations,
                persons,
                unverified,
            } => {
                let plan = (then.as_slice(), stations.as_slice(), *persons);
                self.take_amendment(*ticket, plan, *unverified, seq);
            }
            Event::CounterOpened { counter, staff } => {
                self.set_counter(counter, at, CounterState::Open);
                if let Some(c) = self.counters.get_mut(counter) {
                    c.staff = staff.clone();
                    c.free_since = at;
                }
            }
            Event::CounterPaused {
                counter,
                reason,
                until,
            } => {
                self.set_counter(
                    counter,
                    at,
                    CounterState::Paused {
                        reason: reason.clone(),
                        until: *until,
                    },
                );
            }
            Event::CounterClosed { counter } => {
                self.set_counter(counter, at, CounterState::Closed);
                if let Some(c) = self.counters.get_mut(counter) {
                    c.staff = None;
                }
            }
            Event::CounterProfileChanged { counter, profile } => {
                if let Some(c) = self.counters.get_mut(counter) {
                    c.profile = profile.clone();
                }
            }
            Event::CounterAutoCallSet { counter, on } => {
                if let Some(c) = self.counters.get_mut(counter) {
                    c.auto_call = Some(*on);
                    c.auto_held = false;
                }
            }
            Event::CounterNextStored { counter, on } => {
                if let Some(c) = self.counters.get_mut(counter) {
                    *c.next_stored = *on;
                }
            }
            Event::TicketCalled {
                ticket,
                counter,
                reason,
            } => {
                self.remember(*ticket, counter, at, seq, command);
                if let Some(day) = &mut self.day
                    && let Some(t) = day.tickets.get(ticket)
                {
                    day.passing.note(CallId(seq), t, counter, at, reason);
                }
                let staff = self.staff_of(counter);
                self.change(*ticket, seq, |t| {
                    t.state = TicketState::Called;
                    t.counter = Some(counter.clone());
                    t.staff = staff;
                    t.directed_to = None;
                    t.precedence = None;
                    t.first_called_at.get_or_insert(at);
                    t.leg.called(at);
                    t.last_called_at = Some(at);
                    t.last_call = Some(CallId(seq));
                    t.called_because = Some(reason.clone().into());
                    t.calls = 1;
                    t.finished_at = None;
                    t.hold_reason = None;
                    t.hold_room = None;
                });
                if let Some(day) = &mut self.day
                    && let Some(t) = day.tickets.get(ticket)
                {
                    day.last_called.insert(t.service.clone(), t.number.clone());
                }
                if reason.counts_in_round() {
                    self.count_call(counter);
                }
                self.occupy(counter, *ticket, at);
            }
            Event::TicketRecalled { ticket, counter } => {
                self.forget(counter);
                self.change(*ticket, seq, |t| {
                    t.leg.called(at);
                    t.last_called_at = Some(at);
                    t.last_call = Some(CallId(seq));
                    t.calls += 1;
                });
            }
            Event::ServiceStarted { ticket, counter } => {
                self.remember(*ticket, counter, at, seq, command);
                self.change(*ticket, seq, |t| t.start_session(at, false));
                self.end_question(counter);
            }
            Event::ServiceFinished {
                ticket,
                counter,
                rating_invited,
            } => {
                self.remember(*ticket, counter, at, seq, command);
                self.change(*ticket, seq, |t| {
                    t.end_handling(at);
                    t.then.clear();
                    t.state = TicketState::Done;
                    t.finished_at = Some(at);
                    t.rating_invited |= *rating_invited;
                });
                self.free(counter, at);
                let rated = self.ticket(*ticket).is_some_and(|t| t.rating.is_some());
                if *rating_invited
                    && !rated
                    && let Some(c) = self.counters.get_mut(counter)
                {
                    c.asking = Some(*ticket);
                }
            }
            Event::LegFinished {
                ticket,
                counter,
                to_service,
                stays,
            } => {
                let entry = Entry { at, seq, command };
                self.finish_leg(entry, *ticket, counter, to_service, *stays);
            }
            Event::MattersChanged {
                ticket,
                counter,
                then,
            } => {
                let entry = Entry { at, seq, command };
                self.plan_matters(entry, *ticket, counter, then);
            }
            Event::TicketNoShow { ticket, counter } => {
                self.remember(*ticket, counter, at, seq, command);
                self.change(*ticket, seq, |t| {
                    t.state = TicketState::NoShow;
                    t.finished_at = Some(at);
                });
                self.free(counter, at);
            }
            Event::TicketHeld {
                ticket,
                counter,
                reason,
                room,
                start_inferred,
            } => {
                self.remember(*ticket, counter, at, seq, command);
                self.change(*ticket, seq, |t| {
                    if *start_inferred {
                        t.start_session(t.last_called_at.unwrap_or(at), true);
                    }
                    t.end_session(at);
                    t.state = TicketState::Held;
                    t.hold_reason = Some(reason.clone());
                    t.hold_room = room.clone();
                });
                self.free(counter, at);
            }
            Event::TicketResumed { ticket, counter } => {
                self.remember(*ticket, counter, at, seq, command);
                let staff = self.staff_of(counter);
                self.change(*ticket, seq, |t| {
                    t.counter = Some(counter.clone());
                    t.staff = staff;
                    t.hold_reason = None;
                    t.hold_room = None;
                    t.start_session(at, false);
                });
                self.occupy(counter, *ticket, at);
                self.end_question(counter);
            }
            Event::TicketTransferred {
                ticket,
                counter,
                to_service,
                then,
                to_counter,
                sent_back,
            } => {
                self.remember(*ticket, counter, at, seq, command);
                self.change(*ticket, seq, |t| {
                    t.end_session(at);
                    let sender = Sender {
                        counter: counter.clone(),
                        service: t.service.clone(),
                    };
                    if t.leg.started_at.is_some() {
                        t.end_leg(at, to_service.clone());
                    } else {
                        // Nothing was handled: the visitor waits on, for something else.
                        t.service = to_service.clone();
                    }
                    t.then.splice(0..0, then.iter().cloned());
                    t.sent_from = Some(sender).filter(|_| !sent_back);
                    t.precedence = sent_back.then(|| Precedence::SentBack {
                        from: counter.clone(),
                    });
                    t.precalled_at = None;
                    t.directed_to = to_counter.clone();
                    t.state = TicketState::Waiting;
                    t.calls = 0;
                });
                self.free(counter, at);
            }
            Event::TicketHandedOver {
                ticket,
                counter,
                to_counter,
            } => {
                self.remember(*ticket, counter, at, seq, command);
                self.forget(to_counter);
                let staff = self.staff_of(to_counter);
                self.change(*ticket, seq, |t| {
                    t.end_session(at);
                    t.counter = Some(to_counter.clone());
                    t.staff = staff;
                    t.start_session(at, false);
                });
                self.free(counter, at);
                self.occupy(to_counter, *ticket, at);
                self.end_question(to_counter);
            }
            Event::TicketReturned { ticket, base } => self.change(*ticket, seq, |t| {
                t.state = TicketState::Waiting;
                t.key = SortKey {
                    base_ms: base.0,
                    seq,
                };
                t.returns = t.returns.saturating_add(1);
                t.finished_at = None;
                t.precalled_at = None;
                t.calls = 0;
            }),
            Event::TicketDeferred { ticket, base, .. } => self.change(*ticket, seq, |t| {
                t.key = SortKey {
                    base_ms: base.0,
                    seq,
                };
                t.precalled_at = None;
            }),
            Event::TicketPrioritised { ticket, reason } => self.change(*ticket, seq, |t| {
                t.precedence = Some(Precedence::Urgent {
                    reason: reason.clone(),
                });
            }),
            Event::TicketPrecalled { ticket, counter } => self.change(*ticket, seq, |t| {
                t.precalled_at = Some(at);
                t.precalled_by = Some(counter.clone());
            }),
            Event::TicketCorrected {
                ticket, correction, ..
            } => self.change(*ticket, seq, |t| t.correct(correction)),
            Event::Undone { counter, .. } => self.take_back(counter, seq),
            Event::RatingInvited { ticket, counter } => {
                if let Some(c) = self.counters.get_mut(counter) {
                    c.asking = Some(*ticket);
                }
                if let Some(t) = self.ticket_mut(*ticket) {
                    t.rating_invited = true;
                }
            }
            Event::RatingGiven {
                ticket,
                score,
                reasons,
                comment,
            } => {
                let rating = Rating {
                    score: *score,
                    reasons: reasons.clone(),
                    comment: comment.clone(),
                    at,
                };
                if let Some(t) = self.ticket_mut(*ticket) {
                    t.rating = Some(rating);
                }
                for c in self
                    .counters
                    .values_mut()
                    .filter(|c| c.asking == Some(*ticket))
                {
                    c.asking = None;
                }
            }
            Event::RatingCompleted {
                ticket,
                reasons,
                comment,
            } => {
                if let Some(rating) = self.ticket_mut(*ticket).and_then(|t| t.rating.as_mut()) {
                    rating.reasons = reasons.clone();
                    rating.comment = comment.clone();
                }
            }
            Event::PrintReported {
                ticket, outcome, ..
            } => {
                if let Some(t) = self.ticket_mut(*ticket) {
                    t.print = Some(outcome.clone());
                }
            }
            Event::AppointmentBooked(booked) => {
                self.appointments.book(Appointment::new(booked, at, seq));
            }
            Event::AppointmentCancelled { appointment } => {
                let state = AppointmentState::Cancelled { at };
                self.appointments.set(*appointment, state);
            }
            Event::SessionsSet { sessions } => self.take_timetable(sessions),
            Event::SessionCheckedIn { ticket } => self.take_check_in(*ticket, At { at, seq }),
            Event::SessionCalled { session, seats } => {
                self.take_session_call(session, seats, At { at, seq });
            }
            Event::SessionStarted {
                session,
                missed,
                moved,
            } => self.take_session_start(session, missed, moved, At { at, seq }),
            Event::SessionEnded { session } => self.take_session_end(session, At { at, seq }),
            Event::SessionMissed { session, ticket } => {
                self.take_session_miss(session, *ticket, At { at, seq });
            }
            Event::SessionUndone { session, .. } => self.take_session_back(session, seq),
            Event::DeviceFaultBegan { device, fault } => self.begin_fault(device, fault, at),
            Event::DeviceFaultEnded { device, fault } => self.end_fault(device, fault),
            // Facts for reports; the live state has no use for them.
            Event::CallAnnounced { .. }
            | Event::ClockStepped { .. }
            | Event::ImportBegan { .. }
            | Event::TicketImported(_) => {}
        }
    }

    fn take_plan(&mut self, plan: &StationPlan) {
        if let Some(day) = &mut self.day {
            day.lines.begin_rounds(&self.plan, plan);
        }
        self.plan = plan.clone().into();
        let counters = core::mem::take(&mut self.counters);
        self.counters = counters
            .into_iter()
            .filter(|(id, _)| plan.counters.contains_key(id))
            .collect();
        for id in plan.counters.keys() {
            self.counters
                .entry(id.clone())
                .or_insert_with(|| Counter::new(id.clone()));
        }
        // What an undo puts back must fit the plan in force.
        for counter in self.counters.values_mut() {
            counter.undo = None;
            let known = |id: &ProfileId| {
                let profile = plan.profiles.get(id);
                profile.is_some_and(|profile| plan.fits(&counter.id, profile))
            };
            counter.profile = counter.profile.take().filter(known);
        }
    }

    /// What was changed for a day ends with it.
    fn end_rules_of_day(&mut self) {
        let stored = self.stored_plan();
        if stored != *self.plan {
            self.take_plan(&stored);
        }
        if let Some(day) = &mut self.day {
            day.planned = Later::default();
        }
    }

    fn open(&mut self, date: crate::time::BusinessDay) {
        match &mut self.day {
            // The same date again: numbers go on, so that none is given twice.
            Some(day) if day.date == date => day.closed = false,
            _ => {
                self.day = Some(Day::new(date));
                self.appointments.forget_before(date);
            }
        }
    }

    fn close(&mut self, at: StationTime, seq: u64) {
        let Some(day) = &mut self.day else { return };
        let open: vec::Vec<TicketId> = day
            .tickets
            .values()
            .filter(|t| t.state.is_open())
            .map(|t| t.id)
            .collect();
        for id in open {
            day.change(id, seq, |t| {
                t.state = if t.state == TicketState::Serving && t.then.is_empty() {
                    TicketState::Done
                } else {
                    TicketState::Abandoned
                };
                t.end_session(at);
                t.finished_at = Some(at);
                t.closed_by_day_end = true;
            });
        }
        day.closed = true;
        for counter in self.counters.values_mut() {
            if counter.state != CounterState::Closed {
                counter.state = CounterState::Closed;
                counter.since = at;
            }
            counter.staff = None;
            counter.current = None;
            counter.asking = None;
            counter.profile = None;
            counter.auto_call = None;
            counter.auto_held = false;
            *counter.next_stored = false;
            counter.undo = None;
        }
    }

    fn change(&mut self, id: TicketId, seq: u64, change: impl FnOnce(&mut Ticket)) {
        if let Some(day) = &mut self.day {
            day.change(id, seq, change);
        }
    }

    fn ticket_mut(&mut self, id: TicketId) -> Option<&mut Ticket> {
        self.day.as_mut()?.tickets.get_mut(&id).map(Box::as_mut)
    }

    fn staff_of(&self, counter: &CounterId) -> Option<StaffId> {
        self.counters.get(counter)?.staff.clone()
    }

    fn set_counter(&mut self, id: &CounterId, at: StationTime, state: CounterState) {
        if let Some(c) = self.counters.get_mut(id) {
            c.state = state;
            c.since = at;
            c.auto_held = false;
            *c.next_stored = false;
            c.undo = None;
        }
    }

    fn occupy(&mut self, id: &CounterId, ticket: TicketId, at: StationTime) {
        if let Some(c) = self.counters.get_mut(id) {
            c.current = Some(ticket);
            c.busy_since = at;
            c.auto_held = false;
            *c.next_stored = false;
        }
    }

    /// The next visitor stands at the counter: the one before has gone.
    fn end_question(&mut self, id: &CounterId) {
        if let Some(c) = self.counters.get_mut(id) {
            c.asking = None;
        }
    }

    fn free(&mut self, id: &CounterId, at: StationTime) {
        if let Some(c) = self.counters.get_mut(id) {
            c.current = None;
            c.free_since = at;
        }
    }
}

/// What the sender of the command is told, and told again on a repeat. The last event of a command decides.
fn reply_of(recorded: &Recorded) -> Reply {
    match &recorded.event {
        Event::TicketIssued(issued) => Reply::Issued {
            ticket: issued.ticket,
        },
        Event::AppointmentBooked(booked) => Reply::Booked {
            appointment: booked.appointment,
        },
        Event::TicketCalled {
            ticket, counter, ..
        }
        | Event::TicketRecalled { ticket, counter } => Reply::Called {
            ticket: *ticket,
            counter: counter.clone(),
            call: CallId(recorded.seq),
        },
        other => Reply::Done {
            ticket: other.ticket(),
        },
    }
}
