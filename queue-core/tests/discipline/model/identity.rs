//! The gate before a ticket becomes callable, and another service for one who waits.

use queue_core::TicketState::{Cancelled, Unverified, Waiting};
use queue_core::{NumberOrTicket, ServiceId};

use super::{Did, Model, Refused};

impl Model {
    pub(super) fn verify(&mut self, target: &NumberOrTicket) -> Result<Did, Refused> {
        self.day_runs()?;
        let paper = self.named(target)?;
        let id = paper.id;
        match paper.state {
            Unverified => {}
            Waiting if paper.verified => return Ok(Did::default()),
            _ => return Err("wrong_state"),
        }
        self.edit(id, |p| {
            p.state = Waiting;
            p.verified = true;
        });
        Ok(Did::to(id))
    }

    pub(super) fn refuse(&mut self, now: i64, target: &NumberOrTicket) -> Result<Did, Refused> {
        self.day_runs()?;
        let paper = self.named(target)?;
        let id = paper.id;
        if paper.state != Unverified {
            return Err("wrong_state");
        }
        self.edit(id, |p| {
            p.state = Cancelled;
            p.finished = Some(now);
        });
        Ok(Did::to(id))
    }

    /// Whether one of them is behind the gate.
    pub(super) fn is_gated(&self, services: &[ServiceId]) -> bool {
        let mut gates = services.iter().filter_map(|s| self.plan.services.get(s));
        gates.any(|s| s.identity_check)
    }

    pub(super) fn reroute(
        &mut self,
        target: &NumberOrTicket,
        to: &ServiceId,
    ) -> Result<Did, Refused> {
        self.day_runs()?;
        let paper = self.named(target)?;
        if paper.state != Waiting && paper.state != Unverified {
            return Err("wrong_state");
        }
        if !self.plan.services.contains_key(to) {
            return Err("unknown_service");
        }
        let fresh = paper.ended.is_empty();
        let mut rest = paper.then.clone();
        if fresh {
            if paper.matters.len() > 1 && paper.matters[1..].contains(to) {
                return Err("bad_matters");
            }
            // What is left of the first matter goes with it.
            let was = paper.matters.first().unwrap_or(&paper.service);
            let own = self.way(was)[1..].to_vec();
            if rest.starts_with(&own) {
                rest.drain(..own.len());
            }
        }
        let mut way = self.way(to);
        way.extend(rest);
        if way.len() > 16 {
            return Err("bad_matters");
        }
        if way[0] == paper.service && way[1..] == paper.then {
            return Err("transfer_nowhere");
        }
        let gated = self.is_gated(std::slice::from_ref(to)) || self.is_gated(&way);
        let stays_outside = gated && !paper.verified;
        let id = paper.id;
        let alone = way == [to.clone()];
        self.edit(id, |p| {
            p.service = way.remove(0);
            p.then = way;
            if fresh && alone {
                p.matters.clear();
            } else if fresh {
                p.matters = match &p.matters[..] {
                    [_, others @ ..] => [std::slice::from_ref(to), others].concat(),
                    [] => vec![to.clone()],
                };
            }
            if p.first_called.is_none() {
                p.asked = match &p.matters[..] {
                    [] => vec![to.clone()],
                    matters => matters.to_vec(),
                };
            }
            p.directed_to = None;
            p.precalled = false;
            p.state = if stays_outside { Unverified } else { Waiting };
        });
        Ok(Did::to(id))
    }
}
