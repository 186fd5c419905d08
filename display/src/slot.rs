//! The amber slot: which call is announced now, for how long, and which one is next.

use std::collections::VecDeque;

use queue_core::{Board, BoardCall, CallId, StationTime, TicketNumber};

/// A call keeps the slot for at least this many milliseconds.
const HOLD_MS: u64 = 6_000;

/// The amber slot and the calls that wait for it.
#[derive(Debug, Clone, Default)]
pub(crate) struct Slot {
    amber: Option<Amber>,
    queue: VecDeque<BoardCall>,
    /// The newest call ever seen.
    last: Option<CallId>,
}

/// The call in the slot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Amber {
    /// The call.
    pub call: BoardCall,
    /// It is being announced: chime and voice. Otherwise it is just the newest one there is.
    pub is_announced: bool,
    until_ms: u64,
}

impl Slot {
    /// Takes the calls of a board made or overlaid at `station_now`, and gives the calls that are
    /// new and fresh. Calls older than 20 s are shown and not announced.
    pub(crate) fn board(
        &mut self,
        now_ms: u64,
        station_now: StationTime,
        board: &Board,
    ) -> Vec<BoardCall> {
        // Withdrawn, finished, or called again: nothing left to announce.
        self.queue
            .retain(|queued| board.calls.iter().any(|c| c.call == queued.call));
        let mut new: Vec<BoardCall> = board
            .calls
            .iter()
            .filter(|c| self.last.is_none_or(|last| c.call > last))
            .cloned()
            .collect();
        new.sort_by_key(|c| c.call);
        self.last = self.last.max(new.last().map(|c| c.call));
        new.retain(|c| station_now.since_ms(c.at) <= protocol::CALL_FRESH_MS);
        for call in &new {
            self.give_way(now_ms, call);
            let recalled = |amber: &Amber| amber.call.number == call.number;
            if self.queue.is_empty() && self.amber.as_ref().is_some_and(recalled) {
                self.announce(now_ms, call.clone());
            } else {
                self.queue.push_back(call.clone());
            }
        }
        self.advance(now_ms, board);
        new
    }

    /// A counter has one number at a time: what it called before leaves the slot, and the queue before it.
    fn give_way(&mut self, now_ms: u64, to: &BoardCall) {
        let is_older = |call: &BoardCall| call.counter == to.counter && call.number != to.number;
        self.queue.retain(|queued| !is_older(queued));
        if let Some(amber) = self.amber.as_mut().filter(|a| is_older(&a.call)) {
            amber.until_ms = now_ms;
        }
    }

    /// Time has passed.
    pub(crate) fn advance(&mut self, now_ms: u64, board: &Board) {
        if self.amber.as_ref().is_some_and(|a| now_ms < a.until_ms) {
            return;
        }
        if let Some(next) = self.queue.pop_front() {
            self.announce(now_ms, next);
            return;
        }
        match board.calls.first() {
            Some(newest) => {
                self.amber = Some(Amber {
                    call: newest.clone(),
                    is_announced: false,
                    until_ms: 0,
                });
            }
            // The hall is empty: the last call stays, unless it was taken back.
            None => {
                self.amber = self.amber.take().filter(|a| was_called(board, &a.call));
                if let Some(amber) = &mut self.amber {
                    amber.is_announced = false;
                }
            }
        }
    }

    fn announce(&mut self, now_ms: u64, call: BoardCall) {
        self.amber = Some(Amber {
            call,
            is_announced: true,
            until_ms: now_ms.saturating_add(HOLD_MS),
        });
    }

    /// A call is being said until then: what is heard stays what is seen.
    pub(crate) fn hold(&mut self, call: CallId, until_ms: u64) {
        if let Some(amber) = self.amber.as_mut()
            && amber.is_announced
            && amber.call.call == call
        {
            amber.until_ms = amber.until_ms.max(until_ms);
        }
    }

    /// The call in the slot.
    pub(crate) fn amber(&self) -> Option<&Amber> {
        self.amber.as_ref()
    }

    /// When [`Slot::advance`] is due.
    pub(crate) fn deadline_ms(&self) -> Option<u64> {
        self.amber
            .as_ref()
            .filter(|amber| amber.is_announced)
            .map(|amber| amber.until_ms)
    }
}

/// A service still names the number as called last.
fn was_called(board: &Board, call: &BoardCall) -> bool {
    let number: &TicketNumber = &call.number;
    board.day.is_some()
        && board
            .services
            .iter()
            .any(|s| s.now_at.as_ref() == Some(number))
}

#[cfg(test)]
#[path = "slot_tests.rs"]
mod tests;
