//! From command to events: reads the state, changes nothing. Each arm is one rule.

use alloc::string::String;
use alloc::vec;
use alloc::vec::Vec;

use crate::command::{Command, Envelope, NumberOrTicket};
use crate::counter::{Counter, CounterState};
use crate::engine::{Day, Decision, Engine};
use crate::event::Event;
use crate::ids::{CounterId, Series, ServiceId, TicketId, TicketNumber};
use crate::plan::StationPlan;
use crate::policy::{CallReason, Choice, Contender, Selected, Standing};
use crate::reject::Rejected;
use crate::ticket::{Ticket, TicketState};
use crate::time::StationTime;

const REASON_BYTES_MAX: usize = 200;
const COMMENT_CHARS_MAX: usize = 500;
const RATING_REASONS_MAX: usize = 8;

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
            Command::OpenDay { day } => match &self.day {
                Some(open) if !open.closed => Err(Rejected::DayAlreadyOpen),
                Some(last) if last.date > *day => Err(Rejected::DayInPast),
                _ => Ok(vec![Event::DayOpened { day: *day }]),
            },
            Command::CloseDay => Ok(vec![Event::DayClosed {
                day: self.running_day()?.date,
            }]),
            Command::IssueTicket {
                ticket,
                service,
                class,
                language,
                channel,
            } => {
                let day = self.running_day()?;
                if day.tickets.contains_key(ticket) {
                    return Err(Rejected::IdempotencyKeyReused);
                }
                let plan = self
                    .plan
                    .services
                    .get(service)
                    .ok_or(Rejected::UnknownService)?;
                let class = class
                    .as_ref()
                    .or(self.plan.default_class())
                    .ok_or(Rejected::UnknownClass)?;
                if !self.plan.classes.contains_key(class) {
                    return Err(Rejected::UnknownClass);
                }
                Ok(vec![Event::TicketIssued {
                    ticket: *ticket,
                    number: next_number(day, &plan.series),
                    service: service.clone(),
                    class: class.clone(),
                    language: language.clone(),
                    channel: channel.clone(),
                }])
            }
            Command::CancelTicket { ticket } => {
                self.running_day()?;
                let ticket = self.find(&NumberOrTicket::Ticket(*ticket))?;
                match ticket.state {
                    TicketState::Cancelled => Ok(vec![]),
                    TicketState::Waiting | TicketState::Held => {
                        Ok(vec![Event::TicketCancelled { ticket: ticket.id }])
                    }
                    state => Err(Rejected::WrongState(state)),
                }
            }
            Command::OpenCounter { counter, staff } => {
                self.running_day()?;
                let at = self.known_counter(counter)?;
                if at.state == CounterState::Open && (staff.is_none() || *staff == at.staff) {
                    return Ok(vec![]);
                }
                let staff = staff.clone().or_else(|| at.staff.clone());
                Ok(vec![Event::CounterOpened {
                    counter: counter.clone(),
                    staff,
                }])
            }
            Command::PauseCounter {
                counter,
                reason,
                until,
            } => {
                self.free_counter(counter)?;
                short(reason)?;
                Ok(vec![Event::CounterPaused {
                    counter: counter.clone(),
                    reason: reason.clone(),
                    until: *until,
                }])
            }
            Command::CloseCounter { counter } => {
                let at = self.known_counter(counter)?;
                match (&at.state, at.current) {
                    (CounterState::Closed, _) => Ok(vec![]),
                    (_, Some(_)) => Err(Rejected::CounterBusy),
                    _ => Ok(vec![Event::CounterClosed {
                        counter: counter.clone(),
                    }]),
                }
            }
            Command::CallNext { counter } => {
                self.free_counter(counter)?;
                Ok(vec![
                    self.call_of_next(now, counter)
                        .ok_or(Rejected::NobodyWaiting)?,
                ])
            }
            Command::CallTicket { counter, target } => {
                self.free_counter(counter)?;
                let ticket = self.find(target)?;
                self.check_skill(counter, &ticket.service)?;
                match ticket.state {
                    TicketState::Waiting | TicketState::Held | TicketState::NoShow => {
                        Ok(vec![Event::TicketCalled {
                            ticket: ticket.id,
                            counter: counter.clone(),
                            reason: CallReason::Picked,
                        }])
                    }
                    state => Err(Rejected::WrongState(state)),
                }
            }
            Command::Recall { counter } => {
                let ticket = self.called_at(counter)?;
                Ok(vec![Event::TicketRecalled {
                    ticket: ticket.id,
                    counter: counter.clone(),
                }])
            }
            Command::Start { counter } => {
                let ticket = self.called_at(counter)?;
                Ok(vec![Event::ServiceStarted {
                    ticket: ticket.id,
                    counter: counter.clone(),
                }])
            }
            Command::Finish { counter } => Ok(vec![self.finish(counter)?]),
            Command::FinishAndCallNext { counter } => {
                let mut events = vec![self.finish(counter)?];
                events.extend(self.call_of_next(now, counter));
                Ok(events)
            }
            Command::MarkNoShow { counter } => {
                let ticket = self.called_at(counter)?;
                Ok(vec![Event::TicketNoShow {
                    ticket: ticket.id,
                    counter: counter.clone(),
                }])
            }
            Command::Hold { counter, reason } => {
                short(reason)?;
                let ticket = self.visitor_at(counter)?;
                Ok(vec![Event::TicketHeld {
                    ticket: ticket.id,
                    counter: counter.clone(),
                    reason: reason.clone(),
                }])
            }
            Command::Resume { counter, target } => self.resume(counter, target.as_ref()),
            Command::Transfer {
                counter,
                to_service,
                to_counter,
            } => self.transfer(counter, to_service.as_ref(), to_counter.as_ref()),
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
            Command::InviteRating { counter } => {
                let ticket = self.visitor_at(counter)?;
                if ticket.state != TicketState::Serving {
                    return Err(Rejected::WrongState(ticket.state));
                }
                Ok(vec![Event::RatingInvited {
                    ticket: ticket.id,
                    counter: counter.clone(),
                }])
            }
            Command::Rate {
                ticket,
                score,
                reasons,
                comment,
            } => self.rate(*ticket, *score, reasons, comment.as_ref()),
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
            .plan
            .counters
            .get(counter)
            .is_some_and(|c| c.skills.contains(service));
        if able {
            Ok(())
        } else {
            Err(Rejected::SkillMissing)
        }
    }

    fn call_of_next(&self, now: StationTime, counter: &CounterId) -> Option<Event> {
        let Selected {
            turn,
            called,
            passed,
        } = self.lines()?.select(&self.plan, counter, now)?;
        let choice = Choice {
            discipline: self.plan.rules.discipline,
            turn,
            at: now,
            called: self.contender(&called)?,
            passed: passed.and_then(|passed| self.contender(&passed)),
        };
        Some(Event::TicketCalled {
            ticket: called.place.ticket,
            counter: counter.clone(),
            reason: CallReason::Chosen(choice.into()),
        })
    }

    fn contender(&self, standing: &Standing) -> Option<Contender> {
        let ticket = self.ticket(standing.place.ticket)?;
        Some(Contender {
            ticket: ticket.id,
            class: ticket.class.clone(),
            base: StationTime(standing.place.key.base_ms),
            weight: standing.weight,
        })
    }

    fn finish(&self, counter: &CounterId) -> Result<Event, Rejected> {
        let ticket = self.visitor_at(counter)?;
        let rating_invited = self
            .plan
            .counters
            .get(counter)
            .is_some_and(|c| c.asks_rating);
        Ok(Event::ServiceFinished {
            ticket: ticket.id,
            counter: counter.clone(),
            rating_invited,
        })
    }

    fn resume(&self, counter: &CounterId, target: Option<&NumberOrTicket>) -> Events {
        let at = self.known_counter(counter)?;
        if target.is_none() && matches!(at.state, CounterState::Paused { .. }) {
            self.running_day()?;
            return Ok(vec![Event::CounterOpened {
                counter: counter.clone(),
                staff: at.staff.clone(),
            }]);
        }
        self.free_counter(counter)?;
        let ticket = match target {
            Some(target) => self.find(target)?,
            None => self
                .tickets()
                .filter(|t| t.state == TicketState::Held && t.counter.as_ref() == Some(counter))
                .max_by_key(|t| t.changed_seq)
                .ok_or(Rejected::NobodyWaiting)?,
        };
        if ticket.state != TicketState::Held {
            return Err(Rejected::WrongState(ticket.state));
        }
        self.check_skill(counter, &ticket.service)?;
        Ok(vec![Event::TicketResumed {
            ticket: ticket.id,
            counter: counter.clone(),
        }])
    }

    fn transfer(
        &self,
        counter: &CounterId,
        to_service: Option<&ServiceId>,
        to: Option<&CounterId>,
    ) -> Events {
        let ticket = self.visitor_at(counter)?;
        let service = to_service.unwrap_or(&ticket.service);
        if !self.plan.services.contains_key(service) {
            return Err(Rejected::UnknownService);
        }
        if *service == ticket.service && to.is_none_or(|to| to == counter) {
            return Err(Rejected::TransferNowhere);
        }
        if let Some(to) = to {
            self.known_counter(to)?;
            self.check_skill(to, service)?;
        }
        Ok(vec![Event::TicketTransferred {
            ticket: ticket.id,
            counter: counter.clone(),
            to_service: service.clone(),
            to_counter: to.cloned(),
        }])
    }

    fn undo(&self, now: StationTime, counter: &CounterId) -> Events {
        self.running_day()?;
        let record = self
            .known_counter(counter)?
            .undo
            .as_ref()
            .ok_or(Rejected::UndoNothing)?;
        let in_time = now.since_ms(record.at) <= self.plan.rules.undo_window_ms;
        // A ticket somebody else has acted on since must not be pulled out of their hands: each event of the action
        // is still the last that changed its ticket.
        let untouched = (record.first_seq..)
            .zip(&record.tickets)
            .all(|(seq, before)| self.ticket(before.id).is_some_and(|t| t.changed_seq == seq));
        if !in_time || !untouched {
            return Err(Rejected::UndoExpired);
        }
        Ok(vec![Event::Undone {
            counter: counter.clone(),
            undone_seq: record.first_seq,
        }])
    }

    fn rate(
        &self,
        ticket: TicketId,
        score: u8,
        reasons: &[String],
        comment: Option<&String>,
    ) -> Events {
        if !(1..=5).contains(&score) {
            return Err(Rejected::BadScore);
        }
        let too_many = reasons.len() > RATING_REASONS_MAX;
        let too_long = comment.is_some_and(|c| c.chars().count() > COMMENT_CHARS_MAX);
        if too_many || too_long {
            return Err(Rejected::TextTooLong);
        }
        reasons.iter().try_for_each(|r| short(r))?;
        let rated = self.find(&NumberOrTicket::Ticket(ticket))?;
        if rated.rating.is_some() {
            return Err(Rejected::AlreadyRated);
        }
        if !matches!(rated.state, TicketState::Serving | TicketState::Done) {
            return Err(Rejected::TicketNotRateable);
        }
        Ok(vec![Event::RatingGiven {
            ticket,
            score,
            reasons: reasons.to_vec(),
            comment: comment.cloned(),
        }])
    }

    fn configure(&self, plan: &StationPlan) -> Events {
        plan.check().map_err(Rejected::BadPlan)?;
        if *plan == *self.plan {
            return Ok(vec![]);
        }
        let busy = |c: &Counter| c.current.is_some() && !plan.counters.contains_key(&c.id);
        let stranded = |t: &Ticket| {
            let to = t.directed_to.as_ref();
            !plan.services.contains_key(&t.service)
                || to.is_some_and(|to| !plan.counters.contains_key(to))
        };
        let open = |t: &Ticket| t.state.is_open() && stranded(t);
        if self.counters.values().any(busy) || self.tickets().any(open) {
            return Err(Rejected::PlanInUse);
        }
        Ok(vec![Event::Configured {
            plan: plan.clone().into(),
        }])
    }
}

fn next_number(day: &Day, series: &Series) -> TicketNumber {
    let last = day.last_number.get(series).copied().unwrap_or(0);
    TicketNumber {
        series: series.clone(),
        number: last + 1,
    }
}

fn short(text: &str) -> Result<(), Rejected> {
    if text.len() > REASON_BYTES_MAX {
        Err(Rejected::TextTooLong)
    } else {
        Ok(())
    }
}
