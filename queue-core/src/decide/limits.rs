//! Whether a ticket may be given out now, and what to say if not.

use alloc::boxed::Box;
use alloc::vec;

use super::Events;
use crate::appointments::Attendance;
use crate::calendar::DayHours;
use crate::command::NewTicket;
use crate::engine::{Day, Engine};
use crate::event::Event;
use crate::ids::{ClassId, PersonKey, ServiceId, TicketId};
use crate::limits::{CutOff, Limit, OnePerPerson, ServiceLimits};
use crate::policy::{LineId, Place, SortKey, Standing, Waiter};
use crate::ticket::Ticket;
use crate::time::StationTime;

impl Engine {
    pub(super) fn set_hours(&self, hours: Option<&DayHours>) -> Events {
        match &self.day {
            Some(day) if day.limits.hours.as_deref() != hours => Ok(vec![Event::HoursChanged {
                hours: hours.cloned().map(Box::new),
            }]),
            _ => Ok(vec![]),
        }
    }

    /// The hours of the business day in memory; none: no limits.
    #[must_use]
    pub fn hours(&self) -> Option<&DayHours> {
        self.day.as_ref()?.limits.hours.as_deref()
    }

    /// Why somebody of whom nothing is known may not take a ticket of a service now; the same rules as for a ticket that is
    /// asked for.
    #[must_use]
    pub fn limit_on(
        &self,
        now: StationTime,
        service: &ServiceId,
        class: Option<&ClassId>,
    ) -> Option<Limit> {
        let day = self.day.as_ref()?;
        self.closed_for(now, day, service, 1)
            .or_else(|| self.person_limit(day, service, None, None))
            .or_else(|| self.cut_off(now, service, class))
    }

    /// When the handling of a visitor who takes a ticket now will have ended with 80 % probability; of a service with
    /// several stations, at the first of them. None where no open
    /// counter serves it.
    #[must_use]
    pub fn expected_end(
        &self,
        now: StationTime,
        service: &ServiceId,
        class: Option<&ClassId>,
    ) -> Option<StationTime> {
        let place = Place {
            key: SortKey {
                base_ms: now.0,
                seq: u64::MAX,
            },
            ticket: TicketId(u128::MAX),
        };
        let class = class.or(self.plan.default_class());
        let service = self.plan.first_station(service);
        let newcomer = Waiter {
            line: LineId::Service(service),
            standing: Standing::new(&self.plan, LineId::Service(service), class, place),
        };
        let visit_s = self.expected_visit_s(now, service, &newcomer)?;
        // A float cast saturates and takes NaN as 0.
        Some(now.plus_ms(libm::round(visit_s * 1_000.0) as i64))
    }

    /// The expected end, where the station looks at it and it lies after closing time.
    #[must_use]
    pub fn late_end(
        &self,
        now: StationTime,
        service: &ServiceId,
        class: Option<&ClassId>,
    ) -> Option<StationTime> {
        if self.limits_of(service).cut_off == CutOff::Off {
            return None;
        }
        let closing = self.hours()?.closing()?;
        self.expected_end(now, service, class)
            .filter(|end| *end > closing)
    }

    /// The limit that stands against a ticket that is asked for.
    pub(super) fn limit_for(
        &self,
        now: StationTime,
        day: &Day,
        wanted: &NewTicket,
    ) -> Option<Limit> {
        let matters = core::iter::once(&wanted.service).chain(&wanted.then);
        let mut limits = matters.filter_map(|matter| {
            self.closed_for(now, day, matter, wanted.persons)
                .or_else(|| self.person_limit(day, matter, wanted.terms.person, None))
        });
        // Only the end of the first matter can be foreseen.
        limits
            .next()
            .or_else(|| self.cut_off(now, &wanted.service, wanted.class.as_ref()))
    }

    /// The limit that stands against checking in. The hours of a slot and its places were looked at as it was booked, so
    /// that neither hours nor quotas nor the cut-off hold for who comes in time; who is late comes like everybody else, and
    /// not after closing time. Whom an appointment is for is not known.
    pub(super) fn limit_on_check_in(
        now: StationTime,
        day: &Day,
        attends: &Attendance,
    ) -> Option<Limit> {
        let hours = day.limits.hours.as_deref()?;
        let is_over = hours.closing().is_none_or(|closing| closing <= now);
        (attends.is_late() && is_over).then(|| Limit::StationClosedNow {
            opens: hours.opens(now),
        })
    }

    /// The limit that stands against what a visitor adds to a ticket: for another matter all that holds for a new ticket,
    /// for more persons the quotas that count them.
    pub(super) fn limit_on_amendment(
        &self,
        now: StationTime,
        day: &Day,
        ticket: &Ticket,
        then: &[ServiceId],
        persons: u16,
    ) -> Option<Limit> {
        let mut holders = day.limits.persons.iter();
        let holder = holders.find(|(_, theirs)| theirs.contains(&ticket.id));
        let person = holder.map(|(person, _)| *person);
        let mut added = then
            .iter()
            .filter(|matter| ticket.asked().all(|had| had != *matter));
        let limit = added.find_map(|matter| {
            self.closed_for(now, day, matter, persons)
                .or_else(|| self.person_limit(day, matter, person, Some(ticket.id)))
        });
        let more = persons.saturating_sub(ticket.persons);
        // The first matter of an appointment has its place; what is dropped needs none.
        let slots = usize::from(ticket.attends.is_some());
        let kept = ticket.asked().enumerate().skip(slots);
        let mut kept = kept
            .filter(|(nth, matter)| *nth == 0 || then.contains(matter))
            .filter(|(_, matter)| more > 0 && self.limits_of(matter).quota_counts_persons);
        limit.or_else(|| kept.find_map(|(_, matter)| self.closed_for(now, day, matter, more)))
    }

    fn limits_of(&self, service: &ServiceId) -> ServiceLimits {
        let limits = self.plan.limits.services.get(service);
        limits.copied().unwrap_or_default()
    }

    /// Hours and quotas, for a ticket of so many persons.
    fn closed_for(
        &self,
        now: StationTime,
        day: &Day,
        service: &ServiceId,
        persons: u16,
    ) -> Option<Limit> {
        let hours = day.limits.hours.as_deref()?;
        if !hours.is_open(now) {
            let opens = hours.opens(now);
            return Some(Limit::StationClosedNow { opens });
        }
        if !hours.is_service_open(service, now) {
            let opens = hours.service_opens(service, now);
            return Some(Limit::ServiceClosedNow { opens });
        }
        let taken = day.limits.taken.get(service);
        let taken = taken.map_or(&[][..], |taken| taken.as_slice());
        let counts_persons = self.limits_of(service).quota_counts_persons;
        let places = |persons: u16| {
            if counts_persons {
                usize::from(persons)
            } else {
                1
            }
        };
        let is_full = hours.quotas_at(service, now).any(|quota| {
            // They stand in the order of time.
            let before = taken.partition_point(|taken| taken.at < quota.window.from);
            let used: usize = taken[before..]
                .iter()
                .map(|taken| places(taken.persons))
                .sum();
            used + places(persons) > quota.tickets as usize
        });
        is_full.then(|| Limit::QuotaFull {
            opens: hours.quota_opens(service, now),
        })
    }

    fn person_limit(
        &self,
        day: &Day,
        service: &ServiceId,
        person: Option<PersonKey>,
        amended: Option<TicketId>,
    ) -> Option<Limit> {
        let rule = self.limits_of(service).one_per_person;
        let Some(person) = person else {
            return (rule == OnePerPerson::Always).then_some(Limit::PersonUnknown);
        };
        if rule == OnePerPerson::Off {
            return None;
        }
        let theirs = day.limits.persons.get(&person)?.iter();
        let theirs = theirs.filter(|id| Some(**id) != amended);
        let open = theirs
            .filter_map(|id| day.tickets.get(id))
            .find(|t| t.state.is_open() && t.is_for(service))?;
        Some(Limit::OpenTicketAlready {
            number: open.number.clone(),
        })
    }

    fn cut_off(
        &self,
        now: StationTime,
        service: &ServiceId,
        class: Option<&ClassId>,
    ) -> Option<Limit> {
        let refuses = self.limits_of(service).cut_off == CutOff::Refuse;
        let end = self.late_end(now, service, class).filter(|_| refuses)?;
        Some(Limit::PastCutOff { end })
    }
}
