//! The printer's protocol as a machine without line and clock.
//!
//! A job goes `Queued -> Preflight -> Sending -> AwaitConfirm` and ends as printed, failed or unknown:
//! - Preflight asks the printer how it is (`DLE EOT` 1 to 4); a printer that cannot print, or does not answer, fails the
//!   job before a byte of it has left.
//! - Sending stops as soon as the printer reports paper, cover or error.
//! - The confirmation is the process id (`GS ( H`) where the printer answers it, else the fence (`GS r 1`) followed by
//!   a good status, else nothing: such a printer's results are unknown. Which it answers is tried once, with nothing to
//!   print.
//! - A printer that is wired one way cannot be asked anything: its jobs are sent at once and end as unknown, `one_way`.
//! - A printer with a presenter says whether a ticket is in its output (`DLE EOT 20`). No job is begun while one is: the
//!   one would be pushed out or the other jam (ADR 27).
//! - Whatever goes wrong after the first byte ends as unknown, and the printer's buffers are cleared, so that the old
//!   ticket does not come out later, when the visitor has long been helped. What of it is on the paper is cut off before
//!   the next ticket, so that nobody gets two numbers on one paper.

mod jobs;
mod presenter;

use std::collections::VecDeque;

use super::{PrintJob, PrinterEvent, PrinterHealth};
use firmware_config::escpos_wire::{
    Answer, CLEAR_BUFFERS, DleEot, ENABLE_ASB, FULL_STATUS, FullStatus, INITIALIZE, PAPER_FENCE,
    PrinterStatus, ProcessId, Return, ReturnDemux,
};
use jobs::{Active, ActivePhase};
use presenter::Presenter;

/// How long an answer may take beside the line's own time.
const ANSWER_MS: u64 = 1_000;
/// How long a ticket may take to be printed beside the line's own time.
const CONFIRM_MS: u64 = 5_000;
/// How long a line may stand still while a job is sent, beside the line's own time.
const STALL_MS: u64 = 10_000;
/// A status that forbids printing ends the job after so long: the confirmation of a ticket that used the last paper
/// may still be on its way.
const GRACE_MS: u64 = 1_500;
/// How often a printer is asked.
const POLL_MS: u64 = 1_000;
/// How often a printer is asked while somebody may take a ticket from its output: the page follows the hand.
const WATCH_POLL_MS: u64 = 300;
/// How long a job waits for the ticket before it to be taken from the output. Its visitor stands before the kiosk and is
/// told, and the page must still be there when the wait is over.
const HOLD_MS: u64 = 15_000;
/// How long an idle printer's answer may take beside the line's own time. The questions are real-time commands, answered
/// within milliseconds by a printer that has nothing else to do; the rest is for adapters and networks. One pause and
/// two such answers missed make less than two seconds from the switch to the word `silent`.
const IDLE_ANSWER_MS: u64 = 450;
/// Unanswered questions after which a printer counts as silent. One may be lost on the line: it is only suspected.
const MISSES_MAX: u32 = 2;
/// So many bytes that are no answer, within so many milliseconds, make what else is heard doubtful: among bytes at random
/// one in sixteen looks like an answer.
const GARBLED_BYTES: u64 = 24;
const GARBLED_MS: u64 = 10_000;
/// A printer that did not confirm a ticket is taken for stuck so long, unless it confirms another one.
const UNCONFIRMED_MS: u64 = 300_000;
/// Jobs that may wait, of tickets and of other papers each.
const QUEUE_MAX: usize = 8;
/// What a healthy printer is asked; it remembers up to eight.
const QUESTIONS: [DleEot; 4] = [
    DleEot::Printer,
    DleEot::OfflineCause,
    DleEot::ErrorCause,
    DleEot::Paper,
];

/// What the machine needs to know of its printer.
#[derive(Clone, Debug)]
pub struct MachineConfig {
    /// How fast the line is, where it sets the pace.
    pub bytes_per_second: Option<u32>,
    /// Longest command the printer may still wait for the end of, in bytes.
    pub flush_bytes: usize,
    /// What feeds the paper to the cutter and cuts it, or to where it is torn off.
    pub cut: Vec<u8>,
    /// Nothing is ever heard from the printer.
    pub one_way: bool,
    /// A ticket that is in the output for so long is left there.
    pub not_taken_ms: u64,
    /// Number of the first process id. Ids of an earlier run must not be taken for ours.
    pub first_id: u32,
    /// An earlier run ended in the middle of a job, whose rest the printer may still have.
    pub has_rest: bool,
}

/// Where a job is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// Asked how the printer is.
    Preflight,
    /// Handing over bytes.
    Sending {
        /// Bytes of the job handed over so far.
        sent: usize,
        /// Bytes of the job.
        of: usize,
    },
    /// All is handed over.
    AwaitConfirm,
}

/// How the printer says that a ticket is out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Confirmation {
    ProcessId,
    Fence,
    None,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stage {
    /// No line.
    Closed,
    /// Only real-time questions are sent until the printer can print.
    Asking,
    /// Tried what it answers.
    Probing {
        until_ms: u64,
        id: ProcessId,
        fence: bool,
    },
    /// Jobs may start.
    Ready,
    /// The buffers are being cleared.
    Clearing { until_ms: u64 },
}

/// The beginning of a ticket that was given up, to be cut off before the next one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stub {
    /// There is none.
    None,
    /// It is to be cut off.
    Wanted,
    /// The cut is among what leaves first.
    Leaving,
}

/// Questions under way.
#[derive(Clone, Copy, Debug)]
struct Asked {
    answers_left: usize,
    until_ms: u64,
}

/// One printer. Times are milliseconds on any clock that does not go back.
#[derive(Debug)]
pub struct Machine {
    config: MachineConfig,
    stage: Stage,
    port_missing: String,
    status: PrinterStatus,
    known: bool,
    misses: u32,
    asked: Option<Asked>,
    ask_at_ms: u64,
    /// Until then the last ticket may still be on the line or on the paper, and answers take longer.
    busy_until_ms: u64,
    demux: ReturnDemux,
    confirmation: Option<Confirmation>,
    presenter: Presenter,
    /// A ticket is left in the output.
    is_ticket_left: bool,
    next_id: u32,
    /// The printer may be in the middle of a picture.
    must_flush: bool,
    /// The printer may have the rest of a job that was given up; it is never to come out later.
    must_clear: bool,
    /// Its beginning, which may be on the paper.
    stub: Stub,
    /// Since when a printer that confirms what it has printed did not confirm the last job.
    unconfirmed_since_ms: Option<u64>,
    /// Bytes that were no answer until then, and when they were counted.
    no_answers: (u64, u64),
    /// Most of what is heard is no answer.
    is_garbled: bool,
    /// Commands outside of jobs, to be sent first.
    out: Vec<u8>,
    queue: VecDeque<PrintJob>,
    active: Option<Active>,
    events: VecDeque<PrinterEvent>,
    shown: PrinterHealth,
}

impl Machine {
    /// A machine without a line.
    pub fn new(config: MachineConfig) -> Self {
        Self {
            stage: Stage::Closed,
            port_missing: String::new(),
            status: PrinterStatus::default(),
            known: false,
            misses: 0,
            asked: None,
            ask_at_ms: 0,
            busy_until_ms: 0,
            demux: ReturnDemux::default(),
            confirmation: None,
            presenter: Presenter::default(),
            is_ticket_left: false,
            next_id: config.first_id,
            must_flush: true,
            must_clear: config.has_rest,
            stub: match config.has_rest {
                true => Stub::Wanted,
                false => Stub::None,
            },
            unconfirmed_since_ms: None,
            no_answers: (0, 0),
            is_garbled: false,
            out: Vec::new(),
            queue: VecDeque::new(),
            active: None,
            events: VecDeque::new(),
            shown: PrinterHealth::Starting,
            config,
        }
    }

    /// The line is open.
    pub fn handle_connected(&mut self, now_ms: u64) {
        self.forget_line();
        if self.config.one_way {
            self.stage = Stage::Ready;
            self.push_flush();
        } else {
            self.stage = match self.clear_rest() {
                true => Stage::Clearing {
                    until_ms: now_ms + ANSWER_MS,
                },
                false => Stage::Asking,
            };
            self.ask(now_ms);
        }
        self.settle(now_ms);
    }

    /// The line is lost or could not be opened.
    pub fn handle_disconnected(&mut self, now_ms: u64, why: &str) {
        self.stage = Stage::Closed;
        self.port_missing = why.to_owned();
        self.forget_line();
        if let Some(active) = self.active.take() {
            let cause = match active.has_started() {
                true => "link_lost",
                false => "port_missing",
            };
            if active.has_started() {
                self.must_clear = true;
                self.events.push_back(PrinterEvent::Rest(true));
            }
            self.finish(active, cause);
        }
        self.settle(now_ms);
    }

    /// A job to print after those before it. With no line, or too many waiting, it fails at once.
    pub fn submit(&mut self, now_ms: u64, job: PrintJob) {
        // Nobody waits for other papers: they stand behind the tickets.
        let tickets = self.queue.partition_point(|other| other.ticket.is_some());
        let (place, before) = match job.ticket {
            Some(_) => (tickets, tickets),
            None => (self.queue.len(), self.queue.len() - tickets),
        };
        if before >= QUEUE_MAX {
            self.fail(job, "busy");
        } else {
            self.queue.insert(place, job);
        }
        self.settle(now_ms);
    }

    /// Bytes from the printer.
    pub fn handle_bytes(&mut self, now_ms: u64, bytes: &[u8]) {
        for answer in self.demux.feed(bytes) {
            self.handle_answer(now_ms, answer);
        }
        self.settle(now_ms);
    }

    /// The time of [`Machine::deadline`] has come.
    pub fn handle_timeout(&mut self, now_ms: u64) {
        if self.asked.is_some_and(|asked| now_ms >= asked.until_ms) {
            self.asked = None;
            self.demux.reset();
            self.misses = self.misses.saturating_add(1);
            if self.misses >= MISSES_MAX {
                self.known = false;
                self.unconfirmed_since_ms = None;
                self.presenter.forget();
                if self.active.is_none() && self.stage != Stage::Closed {
                    self.stage = Stage::Asking;
                }
            }
            self.ask_at_ms = now_ms;
        }
        self.settle(now_ms);
    }

    /// What the line should take now. While the printer reports trouble a job's bytes are held back.
    pub fn pending_write(&self) -> &[u8] {
        if !self.out.is_empty() {
            return &self.out;
        }
        match &self.active {
            Some(Active {
                job,
                phase: ActivePhase::Sending { sent, .. },
                blocked_since_ms: None,
            }) => &job.stream[*sent..],
            _ => &[],
        }
    }

    /// The line has taken so many bytes of [`Machine::pending_write`].
    pub fn handle_written(&mut self, now_ms: u64, count: usize) {
        if !self.out.is_empty() {
            self.out.drain(..count.min(self.out.len()));
            if self.out.is_empty() && self.stub == Stub::Leaving {
                self.stub = Stub::None;
                self.events.push_back(PrinterEvent::Rest(false));
            }
        } else if let Some(Active {
            job,
            phase: ActivePhase::Sending { sent, .. },
            ..
        }) = &mut self.active
        {
            *sent = (*sent + count).min(job.stream.len());
        }
        self.settle(now_ms);
    }

    /// What has happened, oldest first.
    pub fn poll_event(&mut self) -> Option<PrinterEvent> {
        self.events.pop_front()
    }

    /// When [`Machine::handle_timeout`] wants to be called, and why.
    pub fn deadline(&self) -> Option<(u64, &'static str)> {
        if self.stage == Stage::Closed {
            return None;
        }
        let asked = match self.asked {
            Some(asked) => Some((asked.until_ms, "answer")),
            None if self.may_ask() => Some((self.ask_at_ms, "heartbeat")),
            None => None,
        };
        let stage = match self.stage {
            Stage::Probing { until_ms, .. } => Some((until_ms, "probe")),
            Stage::Clearing { until_ms } => Some((until_ms, "clear")),
            Stage::Closed | Stage::Asking | Stage::Ready => None,
        };
        let active = self.active.as_ref();
        let phase = active.and_then(|active| match active.phase {
            ActivePhase::Preflight { held_until_ms } => {
                held_until_ms.map(|at_ms| (at_ms, "output"))
            }
            ActivePhase::Sending { until_ms, .. } => Some((until_ms, "stall")),
            ActivePhase::AwaitConfirm { until_ms, .. } => Some((until_ms, "confirmation")),
        });
        let blocked = active
            .and_then(|active| active.blocked_since_ms)
            .map(|since_ms| (since_ms + GRACE_MS, "trouble"));
        let left = self
            .presenter
            .full_since_ms()
            .filter(|_| !self.is_ticket_left);
        let left = left.map(|since_ms| (since_ms + self.config.not_taken_ms, "not taken"));
        [asked, stage, phase, blocked, left]
            .into_iter()
            .flatten()
            .min_by_key(|(at_ms, _)| *at_ms)
    }

    /// Where the job under way is.
    pub fn phase(&self) -> Option<Phase> {
        self.active.as_ref().map(|active| match active.phase {
            ActivePhase::Preflight { .. } => Phase::Preflight,
            ActivePhase::Sending { sent, .. } => Phase::Sending {
                sent,
                of: active.job.stream.len(),
            },
            ActivePhase::AwaitConfirm { .. } => Phase::AwaitConfirm,
        })
    }

    /// How the printer is.
    pub fn health(&self) -> PrinterHealth {
        if self.stage == Stage::Closed {
            return match self.port_missing.is_empty() {
                true => PrinterHealth::Starting,
                false => PrinterHealth::PortMissing(self.port_missing.clone()),
            };
        }
        if self.config.one_way {
            return PrinterHealth::OneWay;
        }
        if self.misses >= MISSES_MAX {
            return PrinterHealth::Silent;
        }
        if !self.known {
            return PrinterHealth::Starting;
        }
        let status = &self.status;
        if self.is_garbled {
            PrinterHealth::Garbled
        } else if status.paper.out {
            PrinterHealth::PaperOut
        } else if status.cover_open {
            PrinterHealth::CoverOpen
        } else if status.cutter_error {
            PrinterHealth::Cutter
        } else if status.has_error() {
            PrinterHealth::Error
        } else if status.offline {
            PrinterHealth::Offline
        } else if self.is_ticket_left {
            PrinterHealth::TicketNotTaken
        } else if self.unconfirmed_since_ms.is_some() {
            PrinterHealth::Unconfirmed
        } else if status.paper.near_end {
            PrinterHealth::NearEnd
        } else {
            PrinterHealth::Ok
        }
    }

    /// Nothing that was asked or answered holds on another connection: another printer may be at its other end.
    fn forget_line(&mut self) {
        self.confirmation = None;
        // What did not leave is to be sent again.
        if self.stub == Stub::Leaving {
            self.stub = Stub::Wanted;
            self.must_flush = true;
        }
        self.must_clear |= self.stub == Stub::Wanted;
        self.out.clear();
        self.demux.reset();
        self.asked = None;
        self.known = false;
        self.misses = 0;
        self.unconfirmed_since_ms = None;
        self.presenter.forget_line();
    }

    fn handle_answer(&mut self, now_ms: u64, answer: Return) {
        match answer {
            Return::Asb(status) => {
                self.status = status;
                self.known = true;
                self.misses = 0;
            }
            Return::DleEot(Some(kind), byte) => {
                self.status.learn_dle_eot(kind, byte);
                self.misses = 0;
                if let Some(asked) = &mut self.asked {
                    asked.answers_left -= 1;
                    if asked.answers_left == 0 {
                        self.asked = None;
                        self.known = true;
                        self.presenter.end_of_answers();
                        self.ask_at_ms = now_ms + self.poll_ms(now_ms);
                        self.handle_whole_status(now_ms);
                    }
                }
            }
            Return::FullStatus(status) => self.handle_full_status(now_ms, status),
            Return::Printed(id) => self.handle_printed(now_ms, id),
            Return::Paper(paper) => {
                self.status.paper = paper;
                self.handle_fence(now_ms, !paper.out);
            }
            Return::BufferCleared => {
                if let Stage::Clearing { .. } = self.stage {
                    self.end_clearing(now_ms);
                }
            }
            Return::DleEot(None, _)
            | Return::Single(_)
            | Return::Block(_)
            | Return::Flow(_)
            | Return::Unknown(_) => {}
        }
    }

    /// All questions of a round have been answered.
    fn handle_whole_status(&mut self, now_ms: u64) {
        let can_print = self.status.can_print();
        let cause = self.health().word();
        match &mut self.active {
            Some(active) => match active.phase {
                ActivePhase::Preflight { .. } if !can_print => self.end_active(now_ms, cause),
                ActivePhase::Preflight { .. } if self.presenter.full_since_ms().is_some() => {
                    self.hold(now_ms);
                }
                // It is asked again.
                ActivePhase::Preflight { .. } if self.presenter.is_unsettled(now_ms) => {}
                ActivePhase::Preflight { .. } => self.start_sending(now_ms),
                ActivePhase::AwaitConfirm { fenced: true, .. } if can_print => self.confirm(now_ms),
                _ => {}
            },
            None if self.stage == Stage::Asking && can_print => self.wake(now_ms),
            None => {}
        }
    }

    /// What is in the output while a job is on its way to the paper says nothing of a ticket.
    fn handle_full_status(&mut self, now_ms: u64, status: FullStatus) {
        let is_between_jobs = self
            .active
            .as_ref()
            .is_none_or(|active| matches!(active.phase, ActivePhase::Preflight { .. }));
        match is_between_jobs {
            true => {
                let taken = self.presenter.hear(now_ms, status);
                self.events.extend(taken.map(PrinterEvent::Taken));
            }
            false => self.presenter.note_answer(),
        }
    }

    fn handle_printed(&mut self, now_ms: u64, printed: ProcessId) {
        if let Stage::Probing { id, .. } = self.stage
            && id == printed
        {
            self.confirmation = Some(Confirmation::ProcessId);
            self.stage = Stage::Ready;
            return;
        }
        // Another id belongs to a job that was given up, or to an earlier connection.
        if let Some(Active {
            phase: ActivePhase::AwaitConfirm { id, .. },
            ..
        }) = &self.active
            && *id == printed
        {
            self.confirm(now_ms);
        }
    }

    fn handle_fence(&mut self, now_ms: u64, has_paper: bool) {
        if let Stage::Probing { fence, .. } = &mut self.stage {
            *fence = true;
        } else if let Some(Active {
            phase: ActivePhase::AwaitConfirm { fenced, .. },
            ..
        }) = &mut self.active
            && has_paper
        {
            *fenced = true;
            // The fence says that the ticket was dealt with; a good status now, that nothing stopped it.
            self.ask_at_ms = now_ms;
        }
    }

    /// The printer can print: bring it to a known state, and try what it answers if that is not known.
    fn wake(&mut self, now_ms: u64) {
        self.push_flush();
        self.out.extend(INITIALIZE);
        self.out.extend(ENABLE_ASB);
        self.stage = Stage::Ready;
        if self.confirmation.is_none() {
            let id = ProcessId::from_number(self.mint_number());
            self.out.extend(id.request());
            self.out.extend(PAPER_FENCE);
            self.demux.expect(Answer::Paper);
            self.out.extend(FULL_STATUS);
            self.stage = Stage::Probing {
                until_ms: now_ms + ANSWER_MS + self.line_ms(self.out.len()),
                id,
                fence: false,
            };
        }
    }

    /// Has the printer forget what it may still have of a job that was given up. `false`: there is nothing.
    fn clear_rest(&mut self) -> bool {
        let is_needed = std::mem::take(&mut self.must_clear);
        if is_needed {
            self.events.push_back(PrinterEvent::Rest(true));
            self.out.extend(CLEAR_BUFFERS);
            self.must_flush = true;
        }
        is_needed
    }

    /// The printer has cleared its buffers, or has had the time to.
    fn end_clearing(&mut self, now_ms: u64) {
        if self.config.one_way {
            // It says nothing that could be waited for.
            self.stage = Stage::Ready;
            self.push_flush();
        } else {
            self.stage = Stage::Asking;
            self.ask_at_ms = now_ms;
        }
    }

    /// After so many NULs the printer no longer waits for the rest of a picture, and may be told to cut it off.
    fn push_flush(&mut self) {
        if std::mem::take(&mut self.must_flush) {
            self.out.resize(self.out.len() + self.config.flush_bytes, 0);
        }
        if self.stub == Stub::Wanted {
            self.stub = Stub::Leaving;
            self.out.extend(INITIALIZE);
            self.out.extend(&self.config.cut);
        }
    }

    fn mint_number(&mut self) -> u32 {
        self.next_id = self.next_id.wrapping_add(1);
        self.next_id
    }

    /// Asks how the printer is, unless that has been asked.
    fn ask(&mut self, now_ms: u64) {
        if self.asked.is_some() || self.config.one_way {
            return;
        }
        // First, so that all is known when the last of the others is answered.
        if self.presenter.is_asked() {
            self.out.extend(FULL_STATUS);
            self.presenter.ask();
        }
        for question in QUESTIONS {
            self.out.extend(question.request());
            self.demux.expect(Answer::DleEot(question));
        }
        let answer_ms = match self.is_idle(now_ms) {
            true => IDLE_ANSWER_MS,
            false => ANSWER_MS,
        };
        self.asked = Some(Asked {
            answers_left: QUESTIONS.len(),
            until_ms: now_ms + answer_ms + self.line_ms(self.out.len()),
        });
    }

    fn poll_ms(&self, now_ms: u64) -> u64 {
        match self.presenter.is_watched(now_ms) {
            true => WATCH_POLL_MS,
            false => POLL_MS,
        }
    }

    /// Never inside of a job's bytes: there the question would become part of a picture.
    fn may_ask(&self) -> bool {
        self.stage != Stage::Closed
            && !self.config.one_way
            && !matches!(
                self.active.as_ref().map(|active| &active.phase),
                Some(ActivePhase::Sending { .. })
            )
    }

    /// Nothing is on the line or on its way to the paper.
    fn is_idle(&self, now_ms: u64) -> bool {
        self.stage == Stage::Ready && self.active.is_none() && now_ms >= self.busy_until_ms
    }

    fn line_ms(&self, bytes: usize) -> u64 {
        self.config.bytes_per_second.map_or(0, |per_second| {
            bytes as u64 * 1_000 / u64::from(per_second.max(1))
        })
    }

    /// Does all that can be done now, and tells what has changed.
    fn settle(&mut self, now_ms: u64) {
        self.settle_garbled(now_ms);
        self.settle_unconfirmed(now_ms);
        self.settle_stage(now_ms);
        self.settle_active(now_ms);
        self.start_next(now_ms);
        if self.may_ask() && now_ms >= self.ask_at_ms {
            self.ask(now_ms);
        }
        let full_since_ms = self.presenter.full_since_ms();
        self.is_ticket_left =
            full_since_ms.is_some_and(|since_ms| now_ms >= since_ms + self.config.not_taken_ms);
        let health = self.health();
        if health != self.shown {
            self.shown = health.clone();
            self.events.push_back(PrinterEvent::Health(health));
        }
    }

    fn settle_unconfirmed(&mut self, now_ms: u64) {
        let since_ms = self.unconfirmed_since_ms;
        if since_ms.is_some_and(|since_ms| now_ms >= since_ms + UNCONFIRMED_MS) {
            self.unconfirmed_since_ms = None;
        }
    }

    fn settle_garbled(&mut self, now_ms: u64) {
        let (count, since_ms) = self.no_answers;
        let heard = self.demux.unknown_bytes();
        let is_many = heard - count >= GARBLED_BYTES;
        let is_over = now_ms >= since_ms + GARBLED_MS;
        if is_many || is_over {
            self.is_garbled = is_many;
            self.no_answers = (heard, now_ms);
        }
    }

    fn settle_stage(&mut self, now_ms: u64) {
        match self.stage {
            Stage::Probing {
                until_ms, fence, ..
            } if now_ms >= until_ms => {
                self.stage = Stage::Ready;
                // A printer that has fallen silent or stopped is tried again another time.
                if self.known && self.misses == 0 && self.status.can_print() {
                    self.confirmation = Some(match fence {
                        true => Confirmation::Fence,
                        false => Confirmation::None,
                    });
                } else {
                    self.stage = Stage::Asking;
                }
            }
            Stage::Clearing { until_ms } if now_ms >= until_ms => self.end_clearing(now_ms),
            _ => {}
        }
    }
}

#[cfg(test)]
#[path = "machine_tests.rs"]
mod tests;
