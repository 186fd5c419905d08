//! The pace of the station, learned from the log: how long a counter is taken up by a visitor, how many calls and how
//! much open counter time the last half hour had. It feeds the forecast and decides nothing.

use alloc::collections::{BTreeMap, VecDeque};

use serde::{Deserialize, Serialize};

use crate::counter::{Counter, CounterState, UndoRecord};
use crate::engine::Day;
use crate::event::{Event, Recorded};
use crate::forecast::CycleStatistics;
use crate::ids::{CounterId, ServiceId};
use crate::ticket::TicketState;
use crate::time::StationTime;

/// What counts as recent.
const RECENT_MS: i64 = 30 * 60 * 1000;

/// The learned pace.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub(crate) struct Pace {
    cycles: CycleStatistics<ServiceId>,
    /// Calls of the last half hour, oldest first.
    calls: VecDeque<(StationTime, CounterId)>,
    /// Ended open intervals of the last half hour: counter, from, to.
    opened: VecDeque<(CounterId, StationTime, StationTime)>,
}

impl Pace {
    /// Looks at an event before it is applied: `counters` and `day` are still as they were.
    pub(crate) fn observe(
        &mut self,
        recorded: &Recorded,
        counters: &BTreeMap<CounterId, Counter>,
        day: Option<&Day>,
    ) {
        let at = recorded.at;
        match &recorded.event {
            Event::TicketCalled { counter, .. } => self.calls.push_back((at, counter.clone())),
            Event::ServiceFinished {
                ticket, counter, ..
            }
            | Event::LegFinished {
                ticket, counter, ..
            }
            | Event::TicketTransferred {
                ticket, counter, ..
            } => {
                let service = day
                    .and_then(|d| d.tickets.get(ticket))
                    .map(|t| t.service.clone());
                let since = counters.get(counter).map(|c| c.busy_since);
                if let (Some(service), Some(since)) = (service, since) {
                    let cycle_ms = u32::try_from(at.since_ms(since)).unwrap_or(u32::MAX);
                    self.cycles.observe(service, cycle_ms);
                }
            }
            // An open counter opens again when a colleague takes it over.
            Event::CounterPaused { counter, .. }
            | Event::CounterClosed { counter }
            | Event::CounterOpened { counter, .. } => {
                self.end_open(counters.get(counter), at);
            }
            Event::Undone { counter, .. } => {
                if let (Some(record), Some(day)) =
                    (counters.get(counter).and_then(|c| c.undo.as_ref()), day)
                {
                    self.unlearn(counter, record, day);
                }
            }
            Event::DayClosed { .. } => counters.values().for_each(|c| self.end_open(Some(c), at)),
            _ => {}
        }
        let horizon = at.plus_ms(-RECENT_MS);
        while self.calls.front().is_some_and(|(t, _)| *t < horizon) {
            self.calls.pop_front();
        }
        while self.opened.front().is_some_and(|(_, _, to)| *to < horizon) {
            self.opened.pop_front();
        }
    }

    /// Forgets what was learned from an action that is taken back: repeated, it would count twice.
    fn unlearn(&mut self, counter: &CounterId, record: &UndoRecord, day: &Day) {
        for before in &record.tickets {
            let Some(now) = day.tickets.get(&before.id) else {
                continue;
            };
            match now.state {
                TicketState::Called if before.state != TicketState::Called => {
                    let call = (record.at, counter.clone());
                    if let Some(at) = self.calls.iter().rposition(|known| *known == call) {
                        self.calls.remove(at);
                    }
                }
                // Finished, or sent on, or the next matter begun.
                state
                    if matches!(state, TicketState::Done | TicketState::Waiting)
                        || now.legs.len() > before.legs.len() =>
                {
                    let cycle_ms = record.at.since_ms(record.busy_since);
                    let cycle_ms = u32::try_from(cycle_ms).unwrap_or(u32::MAX);
                    self.cycles.forget(&before.service, cycle_ms);
                }
                _ => {}
            }
        }
    }

    fn end_open(&mut self, counter: Option<&Counter>, at: StationTime) {
        if let Some(c) = counter.filter(|c| c.state == CounterState::Open) {
            self.opened.push_back((c.id.clone(), c.since, at));
        }
    }

    pub(crate) fn cycles(&self) -> &CycleStatistics<ServiceId> {
        &self.cycles
    }

    /// Calls by these counters in the half hour before `now`.
    pub(crate) fn recent_calls(&self, now: StationTime, counters: &[&Counter]) -> u32 {
        let horizon = now.plus_ms(-RECENT_MS);
        let recent = self
            .calls
            .iter()
            .filter(|(t, id)| *t >= horizon && counters.iter().any(|c| c.id == *id));
        u32::try_from(recent.count()).unwrap_or(u32::MAX)
    }

    /// Time these counters were open in the half hour before `now`, seconds.
    pub(crate) fn recent_open_s(&self, now: StationTime, counters: &[&Counter]) -> f64 {
        let horizon = now.plus_ms(-RECENT_MS);
        let overlap = |from: StationTime, to: StationTime| to.since_ms(from.max(horizon));
        let ended = self
            .opened
            .iter()
            .filter(|(id, ..)| counters.iter().any(|c| c.id == *id));
        let ended_ms: i64 = ended.map(|(_, from, to)| overlap(*from, *to)).sum();
        let open = counters.iter().filter(|c| c.state == CounterState::Open);
        let open_ms: i64 = open.map(|c| overlap(c.since, now)).sum();
        (ended_ms + open_ms) as f64 / 1000.0
    }
}
