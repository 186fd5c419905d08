//! From command to events: reads the state, changes nothing. The rules stand by subject in the modules below; what they
//! ask of a counter or the day stands here.

mod appointments;
mod calls;
mod corrections;
mod counters;
mod devices;
mod identity;
mod limits;
mod matters;
mod offline;
mod places;
mod ratings;
mod sessions;
mod station;
mod surge;
mod tickets;
mod visits;
mod zones;

use alloc::vec;
use alloc::vec::Vec;

use crate::command::{Command, Envelope, NumberOrTicket};
use crate::counter::{Counter, CounterState};
use crate::engine::{Day, Decision, Engine};
use crate::event::Event;
use crate::ids::{CounterId, ServiceId};
use crate::reject::Rejected;
use crate::ticket::{Ticket, TicketState};
use crate::time::StationTime;

const REASON_BYTES_MAX: usize = 200;

type Events = Result<Vec<Event>, Rejected>;

impl Engine {
    /// Decides a command at `now` (never before [`Engine::now`]).
    ///
    /// # Errors
    /// [`Rejected`] when a rule forbids it; nothing is to be recorded then.
    pub fn decide(&self, now: StationTime, envelope: &Envelope) -> Result<Decision, Rejected> {
        if let (Some(command), Some(day)) = (envelope.command_ref, &self.day)
            && let Some((digest, reply)) = day.replies.get(&command.id)
        {
            return if *digest == command.digest {
                Ok(Decision::Repeat(reply.clone()))
            } else {
                Err(Rejected::IdempotencyKeyReused)
            };
        }
        self.events_for(now, &envelope.command)
            .map(Decision::Events)
    }

    fn events_for(&self, now: StationTime, command: &Command) -> Events {
        match command {
            Command::Configure(plan) => self.configure(plan),
            Command::OpenDay { day, hours } => self.begin_day(*day, hours.as_deref()),
            Command::CloseDay => {
                let day = self.running_day()?.date;
                let mut events = self.clear(|_| true);
                events.push(Event::DayClosed { day });
                Ok(events)
            }
            Command::SetHours { hours } => self.set_hours(hours.as_deref()),
            Command::SetDiscipline { zone, discipline } => {
                self.set_discipline(zone.as_ref(), *discipline)
            }
            Command::LeaseNumbers(wish) => self.lease_numbers(*wish),
            Command::TakeIn(told) => self.take_in(now, told),
            Command::Watch => self.watch(now),
            Command::IssueTicket(wanted) => self.enrol(now, wanted, None),
            Command::Enrol { wanted, session } => self.enrol(now, wanted, *session),
            Command::SetSessions { sessions } => self.set_sessions(sessions),
            Command::CheckInToSession { target } => self.check_in_to_session(now, target),
            Command::StepSession { session, step } => self.step_session(now, session, *step),
            Command::MissSession { target } => self.miss_session(target),
            Command::BookAppointment(wanted) => self.book(now, wanted),
            Command::CancelAppointment { appointment } => self.cancel_appointment(*appointment),
            Command::CheckIn(wanted) => self.check_in(now, wanted),
            Command::CancelTicket { ticket } => self.cancel(*ticket),
            Command::VerifyIdentity { target, document } => {
                self.verify_identity(now, target, *document)
            }
            Command::RefuseIdentity { target, reason } => self.refuse_identity(target, *reason),
            Command::Reroute { target, to_service } => self.reroute(target, to_service),
            Command::OpenCounter { counter, staff } => self.open_counter(counter, staff.as_ref()),
            Command::PauseCounter {
                counter,
                reason,
                until,
            } => self.pause(counter, reason, *until),
            Command::CloseCounter { counter } => self.close_counter(counter),
            Command::SetProfile { counter, profile } => self.set_profile(counter, profile.as_ref()),
            Command::SetAutoCall { counter, on } => self.set_auto_call(counter, *on),
            Command::StoreNext { counter, on } => self.store_next(counter, *on),
            Command::CallDue => self.call_due(now),
            Command::CallNext { counter } => self.call_next(now, counter),
            Command::CallTicket {
                counter,
                target,
                reason,
            } => self.call_ticket(counter, target, reason.as_ref()),
            Command::Precall { counter, count } => self.precall(now, counter, *count),
            Command::Recall { counter } => self.recall(counter),
            Command::RecallDue => self.recall_due(now),
            Command::Start { counter } => self.start(counter),
            Command::Finish { counter } => Ok(vec![self.finish(counter)?]),
            Command::FinishAndCallNext { counter } => {
                let finished = self.finish(counter)?;
                let stays = matches!(finished, Event::LegFinished { stays: true, .. });
                let next = (!stays).then(|| self.call_of_next(now, counter));
                Ok(core::iter::once(finished).chain(next.flatten()).collect())
            }
            Command::AmendTicket {
                ticket,
                then,
                persons,
            } => self.amend(now, *ticket, then, *persons),
            Command::ChangeMatters { counter, then } => self.change_matters(counter, then),
            Command::MarkNoShow { counter } => self.mark_no_show(counter),
            Command::Hold {
                counter,
                reason,
                room,
            } => self.hold(counter, reason, room.as_deref()),
            Command::Resume { counter, target } => self.resume(counter, target.as_ref()),
            Command::Transfer {
                counter,
                to_service,
                to_counter,
            } => self.transfer(counter, to_service.as_ref(), to_counter.as_ref()),
            Command::SendBack { counter } => self.send_back(counter),
            Command::HandOver {
                counter,
                to_counter,
            } => self.hand_over(counter, to_counter),
            Command::ReturnTicket { target } => self.return_ticket(now, target),
            Command::Defer { ticket, count } => self.defer(now, *ticket, *count),
            Command::Prioritise { target, reason } => self.prioritise(target, reason),
            Command::Correct {
                target,
                correction,
                reason,
            } => self.correct(target, correction, reason),
            Command::Undo { counter } => self.undo(now, counter),
            Command::IfCurrent {
                counter,
                ticket,
                command,
            } => {
                if self.known_counter(counter)?.current == Some(*ticket) {
                    self.events_for(now, command)
                } else {
                    Err(Rejected::StaleView)
                }
            }
            Command::InviteRating { counter } => self.invite_rating(counter),
            Command::Rate {
                ticket,
                score,
                reasons,
                comment,
            } => self.rate(*ticket, *score, reasons, comment.as_ref()),
            Command::CompleteRating {
                ticket,
                reasons,
                comment,
            } => self.complete_rating(now, *ticket, reasons, comment.as_ref()),
            Command::ReportPrint {
                ticket,
                job,
                outcome,
            } => {
                short(job)?;
                let ticket = self.find(&NumberOrTicket::Ticket(*ticket))?.id;
                Ok(vec![Event::PrintReported {
                    ticket,
                    job: job.clone(),
                    outcome: outcome.clone(),
                }])
            }
            Command::ReportAnnounced { call, display } => {
                short(display)?;
                Ok(vec![Event::CallAnnounced {
                    call: *call,
                    display: display.clone(),
                }])
            }
            Command::ReportDevice { device, fault } => {
                Ok(self.report_device(device, fault.as_ref()))
            }
            Command::RecordClockStep { step_ms } => {
                Ok(vec![Event::ClockStepped { step_ms: *step_ms }])
            }
            Command::ImportTicket(ticket) => Ok(vec![Event::TicketImported(ticket.clone())]),
            Command::BeginImport {
                file,
                sha256,
                tickets,
                rejected,
            } => Ok(vec![Event::ImportBegan {
                file: file.clone(),
                sha256: sha256.clone(),
                tickets: *tickets,
                rejected: *rejected,
            }]),
        }
    }

    fn running_day(&self) -> Result<&Day, Rejected> {
        self.day
            .as_ref()
            .filter(|d| !d.closed)
            .ok_or(Rejected::DayClosed)
    }

    fn known_counter(&self, id: &CounterId) -> Result<&Counter, Rejected> {
        self.counters.get(id).ok_or(Rejected::UnknownCounter)
    }

    fn working_counter(&self, id: &CounterId) -> Result<&Counter, Rejected> {
        let counter = self.known_counter(id)?;
        self.running_day()?;
        match counter.state {
            CounterState::Open => Ok(counter),
            CounterState::Paused { .. } => Err(Rejected::CounterPaused),
            CounterState::Closed => Err(Rejected::CounterClosed),
        }
    }

    fn free_counter(&self, id: &CounterId) -> Result<&Counter, Rejected> {
        let counter = self.working_counter(id)?;
        if counter.current.is_some() {
            Err(Rejected::CounterBusy)
        } else {
            Ok(counter)
        }
    }

    /// The visitor the counter called or serves.
    fn visitor_at(&self, id: &CounterId) -> Result<&Ticket, Rejected> {
        let current = self
            .working_counter(id)?
            .current
            .ok_or(Rejected::CounterIdle)?;
        self.ticket(current).ok_or(Rejected::CounterIdle)
    }

    fn called_at(&self, id: &CounterId) -> Result<&Ticket, Rejected> {
        let ticket = self.visitor_at(id)?;
        if ticket.state == TicketState::Called {
            Ok(ticket)
        } else {
            Err(Rejected::NotCalled)
        }
    }

    fn check_skill(&self, counter: &CounterId, service: &ServiceId) -> Result<(), Rejected> {
        let able = self
            .duties(counter)
            .is_some_and(|duties| duties.tier(service).is_some());
        if able {
            Ok(())
        } else {
            Err(Rejected::SkillMissing)
        }
    }

    /// Whom the counter may have: somebody of its services, directed to it, or who was there last and has not been sent on.
    fn check_may_have(&self, counter: &CounterId, ticket: &Ticket) -> Result<(), Rejected> {
        self.is_of_lines(ticket, &[])?;
        let its = match ticket.state {
            TicketState::Waiting => &ticket.directed_to,
            _ => &ticket.counter,
        };
        if its.as_ref() == Some(counter) {
            return Ok(());
        }
        self.check_skill(counter, &ticket.service)
    }
}

fn short(text: &str) -> Result<(), Rejected> {
    if text.len() > REASON_BYTES_MAX {
        Err(Rejected::TextTooLong)
    } else {
        Ok(())
    }
}

/// A text that has to say something.
fn reason_given(reason: &str) -> Result<(), Rejected> {
    if reason.trim().is_empty() {
        return Err(Rejected::ReasonMissing);
    }
    short(reason)
}
