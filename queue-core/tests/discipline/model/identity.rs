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
        let gate = self.plan.services.get(to).ok_or("unknown_service")?;
        if paper.service == *to {
            return Err("transfer_nowhere");
        }
        let stays_outside = gate.identity_check && !paper.verified;
        let id = paper.id;
        self.edit(id, |p| {
            p.service = to.clone();
            if p.first_called.is_none() {
                p.asked = to.clone();
            }
            p.directed_to = None;
            p.precalled = false;
            p.state = if stays_outside { Unverified } else { Waiting };
        });
        Ok(Did::to(id))
    }
}
