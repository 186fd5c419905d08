//! Who was called before somebody who had come earlier, so that the one who waits can be told why.
//!
//! Only calls that passed somebody are kept: under first come, first served none, under a head start those of its
//! classes. So the answer for one ticket looks at no more than the calls of that kind since it waits, newest first.

use alloc::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::engine::{Day, Engine};
use crate::ids::{CallId, CounterId, TicketId, TicketNumber};
use crate::plan::StationPlan;
use crate::policy::{CallReason, Explanation, SortKey};
use crate::ticket::{Ticket, TicketState};
use crate::time::StationTime;

/// The latest call of somebody who had come later than a ticket that still waits.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PassedBy {
    /// Who was called.
    pub number: TicketNumber,
    /// Where to.
    pub counter: CounterId,
    /// When.
    pub at: StationTime,
    /// Why that one.
    pub why: Explanation,
}

/// One call that passed somebody.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
struct PassingCall {
    ticket: TicketId,
    /// When the one called had come, as it stood at the call.
    key: SortKey,
    counter: CounterId,
    at: StationTime,
    why: Explanation,
}

/// The calls of a day that passed somebody, by their ids. A recall is no call of its own here.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct Passing(BTreeMap<CallId, PassingCall>);

impl Passing {
    /// Takes note of a call of `ticket`, as the ticket is before it.
    pub(crate) fn note(
        &mut self,
        call: CallId,
        ticket: &Ticket,
        counter: &CounterId,
        at: StationTime,
        reason: &CallReason,
    ) {
        let why = reason.explain();
        if why == Explanation::CameFirst {
            return;
        }
        let passing = PassingCall {
            ticket: ticket.id,
            key: ticket.key,
            counter: counter.clone(),
            at,
            why,
        };
        self.0.insert(call, passing);
    }

    /// Forgets the calls of `counter` from the event `first_seq` on: they are taken back.
    pub(crate) fn take_back(&mut self, counter: &CounterId, first_seq: u64) {
        let mut taken_back = self.0.split_off(&CallId(first_seq));
        taken_back.retain(|_, call| call.counter != *counter);
        self.0.append(&mut taken_back);
    }

    /// The latest call that passed a waiting ticket: of one who came later, to a counter that might have called it, while
    /// the ticket was not before its time.
    fn latest(
        &self,
        ticket: &Ticket,
        plan: &StationPlan,
        might_call: impl Fn(&CounterId) -> bool,
    ) -> Option<&PassingCall> {
        let had_a_turn = |at: StationTime| {
            !ticket.counts_from_slot() || ticket.key.base_ms <= plan.ripe_until(at).0
        };
        let since_it_waits = self.0.range(CallId(waits_since_seq(ticket))..);
        since_it_waits
            .map(|(_, call)| call)
            .rev()
            .find(|call| call.key > ticket.key && might_call(&call.counter) && had_a_turn(call.at))
    }
}

/// The event since which a waiting ticket stands in its line: its issue, or what put it back there. While it waits nothing
/// but its place changes.
fn waits_since_seq(ticket: &Ticket) -> u64 {
    let in_line_since = match ticket.first_called_at {
        None => ticket.key.seq,
        Some(_) => ticket.changed_seq,
    };
    // Nobody passed it in a line in which it did not stand yet.
    in_line_since.max(ticket.line_since_seq.unwrap_or_default())
}

impl Engine {
    /// Who, having come later, was called last before this ticket while it has waited.
    pub(crate) fn passed_by(&self, day: &Day, ticket: &Ticket) -> Option<PassedBy> {
        if ticket.state != TicketState::Waiting {
            return None;
        }
        let might_call = |counter: &CounterId| {
            let duties = self.duties(counter);
            duties.is_some_and(|duties| duties.tier_of(ticket.line()).is_some())
        };
        let call = day.passing.latest(ticket, &self.plan, might_call)?;
        Some(PassedBy {
            number: day.tickets.get(&call.ticket)?.number.clone(),
            counter: call.counter.clone(),
            at: call.at,
            why: call.why.clone().for_visitors(),
        })
    }
}
