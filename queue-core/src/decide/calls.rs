//! Who is called, by the discipline or by staff.

use alloc::string::String;
use alloc::vec;
use alloc::vec::Vec;

use super::{Events, short};
use crate::command::NumberOrTicket;
use crate::engine::Engine;
use crate::event::Event;
use crate::ids::{CounterId, TicketId};
use crate::policy::{CallReason, Choice, Contender, HelpsOut, LineId, Selected, Standing};
use crate::reject::Rejected;
use crate::ticket::{Ticket, TicketState};
use crate::time::StationTime;

const PRECALLED_MAX: u8 = 9;

impl Engine {
    pub(super) fn call_next(&self, now: StationTime, counter: &CounterId) -> Events {
        self.free_counter(counter)?;
        Ok(vec![
            self.call_of_next(now, counter)
                .ok_or(Rejected::NobodyWaiting)?,
        ])
    }

    pub(super) fn call_due(&self, now: StationTime) -> Events {
        let counter = self.due_counter(now).ok_or(Rejected::NobodyWaiting)?;
        self.call_next(now, counter)
    }

    pub(super) fn call_ticket(
        &self,
        counter: &CounterId,
        target: &NumberOrTicket,
        reason: Option<&String>,
    ) -> Events {
        reason.map_or(Ok(()), |reason| short(reason))?;
        self.free_counter(counter)?;
        let ticket = self.find(target)?;
        self.check_may_have(counter, ticket)?;
        match ticket.state {
            TicketState::Waiting | TicketState::Held | TicketState::NoShow => {
                Ok(vec![Event::TicketCalled {
                    ticket: ticket.id,
                    counter: counter.clone(),
                    reason: CallReason::Picked {
                        reason: reason.cloned(),
                    },
                }])
            }
            state => Err(Rejected::WrongState(state)),
        }
    }

    pub(super) fn precall(&self, now: StationTime, counter: &CounterId, count: u8) -> Events {
        if !(1..=PRECALLED_MAX).contains(&count) {
            return Err(Rejected::BadCount);
        }
        self.working_counter(counter)?;
        self.running_day()?;
        let told: Vec<_> = self
            .callable_by(counter, now)
            .take(usize::from(count))
            .filter(|ticket| ticket.precalled_at.is_none())
            .map(|ticket| Event::TicketPrecalled {
                ticket: ticket.id,
                counter: counter.clone(),
            })
            .collect();
        if told.is_empty() {
            return Err(Rejected::NobodyWaiting);
        }
        Ok(told)
    }

    pub(super) fn recall_due(&self, now: StationTime) -> Events {
        let rule = &self.plan.rules.no_show;
        if !rule.automatic_recalls || self.running_day().is_err() {
            return Ok(vec![]);
        }
        let due_ms = i64::from(rule.recall_after_s) * 1_000;
        let due = |t: &&Ticket| {
            t.state == TicketState::Called
                && t.calls <= rule.recalls
                && t.last_called_at
                    .is_some_and(|at| now.since_ms(at) >= due_ms)
        };
        let called = self.counters.values().filter_map(|counter| {
            let ticket = self.ticket(counter.current?).filter(due)?;
            Some(Event::TicketRecalled {
                ticket: ticket.id,
                counter: counter.id.clone(),
            })
        });
        Ok(called.collect())
    }

    pub(super) fn recall(&self, counter: &CounterId) -> Events {
        let ticket = self.called_at(counter)?;
        Ok(vec![Event::TicketRecalled {
            ticket: ticket.id,
            counter: counter.clone(),
        }])
    }

    pub(super) fn call_of_next(&self, now: StationTime, counter: &CounterId) -> Option<Event> {
        let Selected {
            turn,
            called,
            passed,
        } = self.next_for(counter, now)?;
        let choice = Choice {
            discipline: self.plan.rule_of(LineId::Directed(counter)).discipline,
            turn,
            at: now,
            called: self.contender(&called)?,
            precedence: self.ticket(called.place.ticket)?.precedence.clone(),
            passed: passed.and_then(|passed| self.contender(&passed)),
            helps_out: self.helps_out(counter, called.place.ticket, now),
        };
        Some(Event::TicketCalled {
            ticket: called.place.ticket,
            counter: counter.clone(),
            reason: CallReason::Chosen(choice.into()),
        })
    }

    fn helps_out(
        &self,
        counter: &CounterId,
        ticket: TicketId,
        now: StationTime,
    ) -> Option<HelpsOut> {
        let line = self.ticket(ticket)?.line();
        self.lines()?
            .helps_out(&self.plan, self.duties(counter)?, line, now)
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
}
