//! Counters that call by themselves: a free one takes the next visitor without a key press. Either every time, or once,
//! where the key was pressed before anybody was there to be called ("store next").
//!
//! The engine only says who is due; the station asks it after every command and once a second, and has the call made as a
//! command of its own ([`Command::CallDue`](crate::Command::CallDue)), so that it stands in the log like any other.

use crate::counter::Counter;
use crate::engine::Engine;
use crate::ids::CounterId;
use crate::policy::{FreeCounter, route};
use crate::time::StationTime;

impl Engine {
    /// Whether a counter calls by itself: as staff switched it today, else as the plan says.
    #[must_use]
    pub fn calls_by_itself(&self, counter: &Counter) -> bool {
        let planned = || self.plan.counters.get(&counter.id).map(|p| p.auto_call);
        counter.auto_call.or_else(planned).unwrap_or(false)
    }

    /// From when on a counter calls by itself, somebody waiting; none: not before a person has done something there. A
    /// call that was taken back is not made again. Who asked for the next one needs no pause before.
    #[must_use]
    pub fn auto_call_at(&self, counter: &Counter) -> Option<StationTime> {
        let plan = self.plan.counters.get(&counter.id)?;
        if !counter.is_free() {
            None
        } else if *counter.next_stored {
            Some(counter.free_since)
        } else if !counter.auto_held && self.calls_by_itself(counter) {
            let pause_ms = 1_000 * i64::from(plan.auto_after_s);
            Some(counter.free_since.plus_ms(pause_ms))
        } else {
            None
        }
    }

    /// The counter that is to call by itself now.
    #[must_use]
    pub fn due_counter(&self, now: StationTime) -> Option<&CounterId> {
        self.open_day()?;
        let due = self.counters().filter(|counter| {
            self.auto_call_at(counter).is_some_and(|at| at <= now)
                && self.next_for(&counter.id, now).is_some()
        });
        route(due.filter_map(|counter| {
            Some(FreeCounter {
                duties: self.duties(&counter.id)?,
                free_since: counter.free_since,
            })
        }))
    }
}
