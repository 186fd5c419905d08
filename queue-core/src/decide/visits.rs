//! What a counter does with the visitor it has called.

use alloc::string::ToString;
use alloc::vec;

use super::{Events, short};
use crate::command::NumberOrTicket;
use crate::counter::{CounterState, UndoRecord};
use crate::engine::Engine;
use crate::event::Event;
use crate::ids::{CounterId, ServiceId};
use crate::reject::Rejected;
use crate::ticket::TicketState;
use crate::time::StationTime;

impl Engine {
    pub(super) fn start(&self, counter: &CounterId) -> Events {
        let ticket = self.called_at(counter)?;
        Ok(vec![Event::ServiceStarted {
            ticket: ticket.id,
            counter: counter.clone(),
        }])
    }

    pub(super) fn finish(&self, counter: &CounterId) -> Result<Event, Rejected> {
        let ticket = self.visitor_at(counter)?;
        if let Some(goes_on) = self.leg_finished(counter, ticket) {
            return Ok(goes_on);
        }
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

    pub(super) fn mark_no_show(&self, counter: &CounterId) -> Events {
        let ticket = self.called_at(counter)?;
        Ok(vec![Event::TicketNoShow {
            ticket: ticket.id,
            counter: counter.clone(),
        }])
    }

    pub(super) fn hold(&self, counter: &CounterId, reason: &str, room: Option<&str>) -> Events {
        short(reason)?;
        room.map_or(Ok(()), short)?;
        let ticket = self.visitor_at(counter)?;
        Ok(vec![Event::TicketHeld {
            ticket: ticket.id,
            counter: counter.clone(),
            reason: reason.to_string(),
            room: room.map(ToString::to_string),
            start_inferred: ticket.state == TicketState::Called,
        }])
    }

    pub(super) fn resume(&self, counter: &CounterId, target: Option<&NumberOrTicket>) -> Events {
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
                .ok_or(Rejected::NobodyHeld)?,
        };
        if ticket.state != TicketState::Held {
            return Err(Rejected::WrongState(ticket.state));
        }
        self.check_may_have(counter, ticket)?;
        Ok(vec![Event::TicketResumed {
            ticket: ticket.id,
            counter: counter.clone(),
        }])
    }

    pub(super) fn transfer(
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
        self.is_of_lines(ticket, core::slice::from_ref(service))?;
        let mut stations = self.plan.stations(service);
        let service = stations.next().unwrap_or(service);
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
            then: stations.cloned().collect(),
            to_counter: to.cloned(),
            sent_back: false,
        }])
    }

    /// Back to the counter that sent the visitor; where that one has closed, to whoever serves what he came for there.
    pub(super) fn send_back(&self, counter: &CounterId) -> Events {
        let ticket = self.visitor_at(counter)?;
        let sender = ticket.sent_from.as_ref().ok_or(Rejected::NotSent)?;
        if !self.plan.services.contains_key(&sender.service) {
            return Err(Rejected::UnknownService);
        }
        let there = self.counters.get(&sender.counter);
        let skilled = self.check_skill(&sender.counter, &sender.service).is_ok();
        let works = there.is_some_and(|c| c.state != CounterState::Closed) && skilled;
        Ok(vec![Event::TicketTransferred {
            ticket: ticket.id,
            counter: counter.clone(),
            to_service: sender.service.clone(),
            then: vec![],
            to_counter: works.then(|| sender.counter.clone()),
            sent_back: true,
        }])
    }

    pub(super) fn hand_over(&self, counter: &CounterId, to: &CounterId) -> Events {
        let ticket = self.visitor_at(counter)?;
        if ticket.state != TicketState::Serving {
            return Err(Rejected::WrongState(ticket.state));
        }
        self.free_counter(to)?;
        self.check_skill(to, &ticket.service)?;
        Ok(vec![Event::TicketHandedOver {
            ticket: ticket.id,
            counter: counter.clone(),
            to_counter: to.clone(),
        }])
    }

    pub(super) fn undo(&self, now: StationTime, counter: &CounterId) -> Events {
        Ok(vec![Event::Undone {
            counter: counter.clone(),
            undone_seq: self.undoable(now, counter)?.first_seq,
        }])
    }

    /// What an undo at a counter would take back now.
    ///
    /// # Errors
    /// Why nothing can be taken back.
    pub fn undoable(&self, now: StationTime, counter: &CounterId) -> Result<&UndoRecord, Rejected> {
        self.running_day()?;
        let record = self
            .known_counter(counter)?
            .undo
            .as_ref()
            .ok_or(Rejected::UndoNothing)?;
        if now.since_ms(record.at) > self.plan.rules.undo_window_ms {
            return Err(Rejected::UndoExpired);
        }
        // A ticket somebody else has acted on since must not be pulled out of their hands: each event of the action
        // is still the last that changed its ticket.
        let untouched = (record.first_seq..)
            .zip(&record.tickets)
            .all(|(seq, before)| self.ticket(before.id).is_some_and(|t| t.changed_seq == seq));
        if untouched {
            Ok(record)
        } else {
            Err(Rejected::UndoOvertaken)
        }
    }
}
