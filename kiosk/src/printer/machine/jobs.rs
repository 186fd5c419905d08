//! The job under way: from the preflight to its result.

use firmware_config::escpos_wire::{Answer, PAPER_FENCE, ProcessId};
use queue_core::PrintOutcome;

use super::{
    ANSWER_MS, CONFIRM_MS, Confirmation, GRACE_MS, HOLD_MS, MISSES_MAX, Machine, POLL_MS, STALL_MS,
    Stage, Stub,
};
use crate::printer::{JobResult, JobStart, PrintJob, PrinterEvent, PrinterHealth};

#[derive(Debug)]
pub(super) struct Active {
    pub(super) job: PrintJob,
    pub(super) phase: ActivePhase,
    /// Since when the status forbids printing.
    pub(super) blocked_since_ms: Option<u64>,
}

#[derive(Debug)]
pub(super) enum ActivePhase {
    Preflight {
        /// The ticket before it is still in the output; it waits so long for it to be taken.
        held_until_ms: Option<u64>,
    },
    Sending {
        sent: usize,
        id: ProcessId,
        until_ms: u64,
    },
    AwaitConfirm {
        id: ProcessId,
        /// The fence has been answered; only a good status is still wanted.
        fenced: bool,
        until_ms: u64,
    },
}

impl Machine {
    pub(super) fn settle_active(&mut self, now_ms: u64) {
        let trouble =
            self.known && !self.status.can_print() && self.health() != PrinterHealth::Offline;
        let cause = self.health().word();
        let Some(active) = &mut self.active else {
            return;
        };
        active.blocked_since_ms = match trouble {
            true => active.blocked_since_ms.or(Some(now_ms)),
            false => None,
        };
        let blocked = active
            .blocked_since_ms
            .is_some_and(|since_ms| now_ms >= since_ms + GRACE_MS);
        match active.phase {
            _ if blocked => self.end_active(now_ms, cause),
            ActivePhase::Preflight { .. } if self.misses >= MISSES_MAX => {
                self.end_active(now_ms, "silent")
            }
            ActivePhase::Preflight {
                held_until_ms: Some(until_ms),
            } if now_ms >= until_ms => {
                self.end_active(now_ms, PrinterHealth::TicketNotTaken.word());
            }
            ActivePhase::Preflight { .. } => {}
            ActivePhase::Sending { sent, id, .. } if sent == active.job.stream.len() => {
                self.await_confirmation(now_ms, id);
            }
            ActivePhase::Sending { until_ms, .. } if now_ms >= until_ms => {
                self.unconfirmed_since_ms = Some(now_ms);
                self.end_active(now_ms, "stalled");
            }
            ActivePhase::AwaitConfirm { until_ms, .. } if now_ms >= until_ms => {
                self.unconfirmed_since_ms = Some(now_ms);
                self.end_active(now_ms, "no_answer");
            }
            ActivePhase::Sending { .. } | ActivePhase::AwaitConfirm { .. } => {}
        }
    }

    pub(super) fn start_next(&mut self, now_ms: u64) {
        match self.stage {
            // The visitor stands before the kiosk: what cannot be printed now is shown, not printed later.
            Stage::Closed => {
                while let Some(job) = self.queue.pop_front() {
                    self.fail(job, "port_missing");
                }
            }
            Stage::Asking
                if self.misses >= MISSES_MAX || self.known && !self.status.can_print() =>
            {
                let cause = self.health().word();
                while let Some(job) = self.queue.pop_front() {
                    self.fail(job, cause);
                }
            }
            Stage::Ready if self.active.is_none() => {
                if let Some(job) = self.queue.pop_front() {
                    self.active = Some(Active {
                        job,
                        phase: ActivePhase::Preflight {
                            held_until_ms: None,
                        },
                        blocked_since_ms: None,
                    });
                    match self.config.one_way {
                        true => self.start_sending(now_ms),
                        false => self.ask(now_ms),
                    }
                }
            }
            _ => {}
        }
    }

    /// Has the job wait until the ticket before it is taken from the output.
    pub(super) fn hold(&mut self, now_ms: u64) {
        if let Some(Active {
            job,
            phase: ActivePhase::Preflight { held_until_ms },
            ..
        }) = &mut self.active
            && held_until_ms.is_none()
        {
            *held_until_ms = Some(now_ms + HOLD_MS);
            let held = job.ticket.map(|ticket| PrinterEvent::Held(ticket, true));
            self.events.extend(held);
        }
    }

    pub(super) fn start_sending(&mut self, now_ms: u64) {
        self.push_flush();
        let flush_ms = self.line_ms(self.out.len());
        let process_id = self.mint_number();
        let Some(active) = &mut self.active else {
            return;
        };
        let bytes = active.job.stream.len();
        let line_ms = self.config.bytes_per_second.map_or(0, |per_second| {
            bytes as u64 * 1_000 / u64::from(per_second.max(1))
        });
        self.events.push_back(PrinterEvent::Started(JobStart {
            id: active.job.id,
            bytes,
            process_id,
            paper_mm: active.job.paper_mm,
            is_ticket: active.job.ticket.is_some(),
        }));
        if let ActivePhase::Preflight {
            held_until_ms: Some(_),
        } = active.phase
        {
            let held = active
                .job
                .ticket
                .map(|ticket| PrinterEvent::Held(ticket, false));
            self.events.extend(held);
        }
        self.presenter.printing();
        active.phase = ActivePhase::Sending {
            sent: 0,
            id: ProcessId::from_number(process_id),
            until_ms: now_ms + flush_ms + 2 * line_ms + STALL_MS,
        };
    }

    pub(super) fn await_confirmation(&mut self, now_ms: u64, id: ProcessId) {
        match self.confirmation {
            Some(Confirmation::ProcessId) => self.out.extend(id.request()),
            Some(Confirmation::Fence) => {
                self.out.extend(PAPER_FENCE);
                self.demux.expect(Answer::Paper);
            }
            // Nothing will be answered: the ticket must be left alone to come out.
            Some(Confirmation::None) | None => {
                if let Some(active) = self.active.take() {
                    let cause = match self.config.one_way {
                        true => "one_way",
                        false => "no_confirmation",
                    };
                    let line_ms = self.line_ms(active.job.stream.len());
                    self.busy_until_ms = now_ms + line_ms + CONFIRM_MS;
                    self.presenter.printed(now_ms + line_ms, active.job.ticket);
                    self.watch(now_ms);
                    self.push_result(active.job, unknown(cause));
                }
                return;
            }
        }
        // All of it may still be in the line's buffers.
        let bytes = self.active.as_ref().map_or(0, |a| a.job.stream.len());
        let until_ms = now_ms + self.line_ms(bytes) + CONFIRM_MS;
        self.ask_at_ms = now_ms + POLL_MS;
        if let Some(active) = &mut self.active {
            active.phase = ActivePhase::AwaitConfirm {
                id,
                fenced: false,
                until_ms,
            };
        }
    }

    pub(super) fn confirm(&mut self, now_ms: u64) {
        if let Some(active) = self.active.take() {
            self.unconfirmed_since_ms = None;
            self.presenter.printed(now_ms, active.job.ticket);
            self.watch(now_ms);
            self.push_result(active.job, PrintOutcome::Printed);
        }
    }

    /// The ticket comes into the output now, and may be taken at once.
    fn watch(&mut self, now_ms: u64) {
        self.ask_at_ms = self.ask_at_ms.min(now_ms + self.poll_ms(now_ms));
    }

    /// Ends the job under way, which cannot go on.
    pub(super) fn end_active(&mut self, now_ms: u64, cause: &str) {
        let Some(active) = self.active.take() else {
            return;
        };
        if active.has_started() {
            self.out.clear();
            self.must_clear = true;
            self.clear_rest();
            self.stage = Stage::Clearing {
                until_ms: now_ms + ANSWER_MS + self.line_ms(active.job.stream.len()),
            };
        } else if self.misses >= MISSES_MAX {
            self.stage = Stage::Asking;
        }
        self.finish(active, cause);
    }

    pub(super) fn finish(&mut self, active: Active, cause: &str) {
        if active.has_started() {
            self.must_flush = true;
            self.stub = Stub::Wanted;
            self.push_result(active.job, unknown(cause));
        } else {
            self.fail(active.job, cause);
        }
    }

    pub(super) fn fail(&mut self, job: PrintJob, cause: &str) {
        let cause = cause.to_owned();
        self.push_result(job, PrintOutcome::Failed { cause });
    }

    pub(super) fn push_result(&mut self, job: PrintJob, outcome: PrintOutcome) {
        self.events.push_back(PrinterEvent::Done(JobResult {
            id: job.id,
            ticket: job.ticket,
            job: job.job,
            outcome,
        }));
    }
}

impl Active {
    /// A byte of the job has left.
    pub(super) fn has_started(&self) -> bool {
        match self.phase {
            ActivePhase::Preflight { .. } => false,
            ActivePhase::Sending { sent, .. } => sent > 0,
            ActivePhase::AwaitConfirm { .. } => true,
        }
    }
}

pub(super) fn unknown(cause: &str) -> PrintOutcome {
    PrintOutcome::Unknown {
        cause: cause.to_owned(),
    }
}
