//! The output of a printer with a presenter: it holds every ticket until the visitor takes it.
//!
//! Whether there is one is learnt, never taken from a name. A printer that answers the full status has a byte for it; its
//! bit means something only once it has been seen to come: printers of the same family without a presenter leave it as
//! it is (Custom KPM150 manual p. 66).

use firmware_config::escpos_wire::FullStatus;
use queue_core::TicketId;

/// A ticket just printed comes into the output, or has been taken, within so long.
const PRESENTED_MS: u64 = 10_000;

/// A printer that has printed may still rest for so long before it moves the ticket into the output.
const SETTLED_MS: u64 = 1_500;
/// Rounds of questions without an answer after which nothing is known of the output: one may be lost on the line.
const MISSES_MAX: u32 = 2;

/// What is known of the output.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Output {
    /// Nothing yet on this line.
    #[default]
    Unknown,
    Empty,
    Ticket {
        since_ms: u64,
        /// Whose; none: of a page, or of a ticket from before the line was opened.
        ticket: Option<TicketId>,
    },
}

#[derive(Debug, Default)]
pub(super) struct Presenter {
    /// The printer answers the full status.
    answers: bool,
    /// It has answered since it was last asked.
    answered: bool,
    /// Rounds in a row in which it has not.
    misses: u32,
    /// Whether the last ticket has come into the output, or was taken already, is not known yet.
    is_unsettled: bool,
    /// A ticket has been seen to come.
    is_proven: bool,
    output: Output,
    /// The last ticket printed, until it is seen in the output.
    printed: Option<TicketId>,
    printed_at_ms: Option<u64>,
}

impl Presenter {
    /// Whether the printer is to be asked for its full status.
    pub(super) fn is_asked(&self) -> bool {
        self.answers
    }

    /// It is asked now.
    pub(super) fn ask(&mut self) {
        self.answered = false;
    }

    /// What was asked after the full status has been answered. A printer that has stopped telling of its output is not
    /// believed to hold a ticket for ever.
    pub(super) fn end_of_answers(&mut self) {
        self.misses = match self.answered {
            true => 0,
            false => self.misses + 1,
        };
        if self.misses >= MISSES_MAX {
            self.forget();
        }
    }

    /// Another printer may be at the line, whose bit may mean something else.
    pub(super) fn forget_line(&mut self) {
        self.forget();
        self.is_proven = false;
    }

    /// Nothing that was seen holds on another line, or after a silence.
    pub(super) fn forget(&mut self) {
        self.output = Output::Unknown;
        self.printed = None;
        self.printed_at_ms = None;
        self.misses = 0;
        self.is_unsettled = false;
    }

    /// A job begins: what comes into the output next is of no ticket before it.
    pub(super) fn printing(&mut self) {
        self.printed = None;
    }

    /// Something was printed: a ticket, or a page that nobody waits for.
    pub(super) fn printed(&mut self, now_ms: u64, ticket: Option<TicketId>) {
        self.printed = ticket;
        self.printed_at_ms = Some(now_ms);
        self.is_unsettled = self.is_proven;
    }

    /// Whether the last ticket may be on its way into the output still.
    pub(super) fn is_unsettled(&self, now_ms: u64) -> bool {
        let is_new = |at_ms: u64| now_ms < at_ms + PRESENTED_MS;
        self.is_unsettled && self.printed_at_ms.is_some_and(is_new)
    }

    /// The printer has answered.
    pub(super) fn note_answer(&mut self) {
        self.answers = true;
        self.answered = true;
    }

    /// The printer has answered, and no job of ours is under way. Gives the ticket that was taken.
    pub(super) fn hear(&mut self, now_ms: u64, status: FullStatus) -> Option<TicketId> {
        self.note_answer();
        let has_had_time = |at_ms: u64| now_ms >= at_ms + SETTLED_MS;
        if status.is_at_rest()
            && (status.holds_ticket() || self.printed_at_ms.is_none_or(has_had_time))
        {
            self.is_unsettled = false;
        }
        match (status.holds_ticket(), status.is_at_rest(), self.output) {
            (true, true, Output::Empty) => {
                self.is_proven = true;
                self.arrive(now_ms);
            }
            (true, true, Output::Unknown) if self.is_proven => self.arrive(now_ms),
            (false, true, Output::Ticket { ticket, .. }) => {
                self.output = Output::Empty;
                return ticket;
            }
            (false, true, Output::Unknown) => self.output = Output::Empty,
            // Its own motor has moved it: nobody knows into whose hands.
            (false, false, Output::Ticket { .. }) => self.output = Output::Empty,
            _ => {}
        }
        None
    }

    fn arrive(&mut self, now_ms: u64) {
        self.output = Output::Ticket {
            since_ms: now_ms,
            ticket: self.printed.take(),
        };
    }

    /// Since when a ticket has been in the output.
    pub(super) fn full_since_ms(&self) -> Option<u64> {
        match self.output {
            Output::Ticket { since_ms, .. } => Some(since_ms),
            Output::Unknown | Output::Empty => None,
        }
    }

    /// Something may happen to it at any moment.
    pub(super) fn is_watched(&self, now_ms: u64) -> bool {
        let is_new = |at_ms: u64| now_ms < at_ms + PRESENTED_MS;
        self.answers && (self.full_since_ms().is_some() || self.printed_at_ms.is_some_and(is_new))
    }
}
