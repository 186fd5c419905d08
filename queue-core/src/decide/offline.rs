//! Kiosks that give out tickets by themselves: the numbers they may use, and what they tell afterwards.

use alloc::boxed::Box;
use alloc::string::ToString;
use alloc::vec;

use super::Events;
use crate::engine::{Day, Engine};
use crate::event::{Event, ImportedTicket, Outcome};
use crate::offline::{LeaseWish, OfflineTicket, TakenOffline};
use crate::reject::Rejected;
use crate::ticket::{Ticket, TicketState};
use crate::time::StationTime;

impl Engine {
    pub(super) fn lease_numbers(&self, wish: LeaseWish) -> Events {
        let day = self.running_day()?;
        let lease = day.lease_for(wish);
        Ok(lease
            .map(|(first, last)| Event::NumbersLeased {
                kiosk: wish.kiosk,
                first,
                last,
            })
            .into_iter()
            .collect())
    }

    /// A ticket that a visitor has in the hand is never refused for a limit, nor for a class that has gone.
    pub(super) fn take_in(&self, now: StationTime, told: &OfflineTicket) -> Events {
        let Some(kiosk) = told.number.kiosk else {
            return Err(Rejected::NotAKiosksNumber);
        };
        let day = self.day.as_ref().ok_or(Rejected::DayClosed)?;
        let id = told.wanted.ticket;
        if let Some(known) = day.tickets.get(&id) {
            return Self::settle(day, known, told, day.arrival(now, kiosk, told));
        }
        if told.day < day.date {
            return Ok(vec![Event::TicketImported(Box::new(
                self.of_a_day_gone(told)?,
            ))]);
        }
        // Whoever has the paper still stands there: it is told again when the day goes on, or when the next one begins.
        if day.closed {
            return Err(Rejected::DayClosed);
        }
        if day.numbers.contains_key(&told.number) {
            return Err(Rejected::NumberTaken);
        }
        let mut wanted = told.wanted.clone();
        wanted
            .then
            .retain(|service| self.plan.services.contains_key(service));
        wanted.class = wanted
            .class
            .filter(|class| self.plan.classes.contains_key(class));
        wanted.persons = wanted.persons.clamp(1, super::tickets::PERSONS_MAX);
        if self.any_has_sessions(core::slice::from_ref(&wanted.service)) {
            return Err(Rejected::SessionTicket);
        }
        let mut issued = self.ticket_for(now, day, &wanted, None)?;
        issued.number = told.number.clone();
        issued.offline = Some(Box::new(day.arrival(now, kiosk, told)));
        let mut events = vec![Event::TicketIssued(issued.into())];
        if told.taken_back {
            events.push(Event::TicketCancelled { ticket: id });
        }
        Ok(events)
    }

    /// The server had given this ticket out when its answer was lost.
    fn settle(day: &Day, known: &Ticket, told: &OfflineTicket, taken: TakenOffline) -> Events {
        if known.channel != told.wanted.channel {
            return Err(Rejected::IdempotencyKeyReused);
        }
        if told.taken_back && known.state == TicketState::NoShow {
            return Ok(vec![]);
        }
        let mut events = vec![];
        if known.number != told.number {
            if day.numbers.contains_key(&told.number) {
                return Err(Rejected::NumberTaken);
            }
            events.push(Event::TicketRenumbered {
                ticket: known.id,
                number: told.number.clone(),
                // The server heard of it no earlier than it was pressed.
                taken: taken.not_after(known),
            });
            // The visitor hears the number on the paper for the first time.
            if let (TicketState::Called, Some(counter), false) =
                (known.state, &known.counter, day.closed)
            {
                events.push(Event::TicketRecalled {
                    ticket: known.id,
                    counter: counter.clone(),
                });
            }
        }
        if told.taken_back && known.state.is_open() && known.first_called_at.is_none() {
            events.push(Event::TicketCancelled { ticket: known.id });
        }
        Ok(events)
    }

    /// Nobody can be called on a day that is over: the ticket only counts in its figures.
    fn of_a_day_gone(&self, told: &OfflineTicket) -> Result<ImportedTicket, Rejected> {
        let wanted = &told.wanted;
        let class = wanted.class.as_ref().or(self.plan.default_class());
        Ok(ImportedTicket {
            day: told.day,
            number: told.number.to_string(),
            service: wanted.service.clone(),
            class: class.ok_or(Rejected::UnknownClass)?.clone(),
            language: wanted.language.clone(),
            channel: Some(wanted.channel.clone()),
            issued_at: told.taken_at,
            called_at: None,
            started_at: None,
            finished_at: None,
            counter: None,
            staff: None,
            outcome: match told.taken_back {
                true => Outcome::Cancelled,
                false => Outcome::Abandoned,
            },
            score: None,
        })
    }
}
