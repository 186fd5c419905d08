//! The tickets given out here lately, so that their pages can be shown and a press repeated gives the same ticket.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use jiff::civil::DateTime;
use protocol::TicketIssued;
use queue_core::{CommandId, PrintOutcome, ServiceId, TicketId};
use screens::Language;

/// Tickets remembered.
const TICKETS_KEPT: usize = 100;
/// Papers of one ticket that are tried before the visitor is only asked to note the number.
const COPIES_MAX: u32 = 3;
/// How long a press repeated gives the same ticket. Later the page is another visitor's.
const REPEAT: Duration = Duration::from_secs(30);

/// What is known of a ticket's paper.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Paper {
    /// This kiosk has no printer.
    None,
    /// On its way, at this printer of the kiosk.
    Printing(usize),
    /// It waits until somebody takes the ticket before it from the output of this printer.
    Held(usize),
    /// The printer's last word.
    Over(PrintOutcome),
    /// The printer says that it was taken from its output.
    Taken,
    /// The printer did not know, and the visitor says that the paper is there.
    Seen,
}

/// One ticket given out here.
#[derive(Clone, Debug, PartialEq)]
pub struct Held {
    /// The press that gave it.
    pub key: CommandId,
    /// The ticket.
    pub issued: TicketIssued,
    /// The visitor's language.
    pub language: Language,
    /// Of the priority class.
    pub priority: bool,
    /// When, in the station's time zone.
    pub issued_at: DateTime,
    /// Its paper.
    pub paper: Paper,
    /// How many papers were tried.
    pub copies: u32,
    /// The printer that has its last paper, counted from 0.
    pub printer: usize,
    /// The printers that could not print it.
    failed_at: Vec<usize>,
    given: Instant,
}

/// The last tickets, newest last.
#[derive(Clone, Debug, Default)]
pub struct Shelf(VecDeque<Held>);

impl Shelf {
    /// Keeps a ticket just given out. The oldest makes place.
    pub fn put(
        &mut self,
        key: CommandId,
        issued: TicketIssued,
        language: Language,
        priority: bool,
        issued_at: DateTime,
        paper: Paper,
    ) {
        self.0.push_back(Held {
            key,
            issued,
            language,
            priority,
            issued_at,
            copies: u32::from(paper.printer().is_some()),
            printer: paper.printer().unwrap_or_default(),
            failed_at: vec![],
            paper,
            given: Instant::now(),
        });
        while self.0.len() > TICKETS_KEPT {
            self.0.pop_front();
        }
    }

    /// A ticket by id.
    pub fn get(&self, ticket: TicketId) -> Option<&Held> {
        self.0.iter().rev().find(|held| held.issued.id == ticket)
    }

    /// The ticket that a press gave.
    pub fn by_key(&self, key: CommandId) -> Option<&Held> {
        self.0.iter().rev().find(|held| held.key == key)
    }

    /// Notes what the visitor said behind the issue; `false` for a ticket that is not here.
    pub fn amended(
        &mut self,
        ticket: TicketId,
        then: Vec<ServiceId>,
        persons: u16,
        unverified: bool,
    ) -> bool {
        let Some(held) = self.0.iter_mut().find(|held| held.issued.id == ticket) else {
            return false;
        };
        let first = held.issued.asked_first().clone();
        held.issued.matters = core::iter::once(first).chain(then).collect();
        held.issued.persons = persons;
        held.issued.unverified |= unverified;
        true
    }

    /// Notes a printer's result; `false` for a ticket that is not here.
    pub fn printed(&mut self, ticket: TicketId, outcome: PrintOutcome) -> bool {
        match self.0.iter_mut().find(|held| held.issued.id == ticket) {
            Some(held) => {
                held.paper = Paper::Over(outcome);
                true
            }
            None => false,
        }
    }

    /// Notes whether a paper waits for the one before it to be taken; `false` where nothing has changed.
    pub fn held(&mut self, ticket: TicketId, is_held: bool) -> bool {
        let mut all = self.0.iter_mut();
        let Some(held) = all.find(|held| held.issued.id == ticket) else {
            return false;
        };
        held.paper = match (&held.paper, is_held) {
            (Paper::Printing(at), true) => Paper::Held(*at),
            (Paper::Held(at), false) => Paper::Printing(*at),
            _ => return false,
        };
        true
    }

    /// Has a ticket printed by another printer than the one that could not. Gives the ticket where that may be done: each
    /// printer is tried once for each paper.
    pub fn moved(&mut self, ticket: TicketId, from: usize, to: usize) -> Option<Held> {
        let mut all = self.0.iter_mut();
        let held = all.find(|held| held.issued.id == ticket)?;
        if held.paper.printer() != Some(from) || held.failed_at.contains(&to) {
            return None;
        }
        held.failed_at.push(from);
        held.printer = to;
        held.paper = Paper::Printing(to);
        Some(held.clone())
    }

    /// Notes that a printed paper was taken. Gives the ticket as it was before; `None` where its paper is not out.
    pub fn taken(&mut self, ticket: TicketId) -> Option<Held> {
        let mut all = self.0.iter_mut();
        let held = all.find(|held| held.issued.id == ticket && held.is_out())?;
        let before = held.clone();
        held.paper = Paper::Taken;
        Some(before)
    }

    /// The visitor says that the paper is there. `false` where nobody has asked.
    pub fn seen(&mut self, ticket: TicketId) -> bool {
        self.asked_about(ticket)
            .map(|held| held.paper = Paper::Seen)
            .is_some()
    }

    /// The visitor says that there is no paper after `copies` were tried: another is printed at `printer`. Gives the ticket
    /// where that may be done; a press repeated finds it done.
    pub fn again(&mut self, ticket: TicketId, copies: u32, printer: usize) -> Option<Held> {
        let held = self.asked_about(ticket)?;
        if held.copies != copies || !held.may_reprint() {
            return None;
        }
        held.copies += 1;
        held.printer = printer;
        held.failed_at.clear();
        held.paper = Paper::Printing(printer);
        Some(held.clone())
    }

    /// A ticket whose visitor is asked what became of its paper.
    fn asked_about(&mut self, ticket: TicketId) -> Option<&mut Held> {
        let mut all = self.0.iter_mut();
        all.find(|held| held.issued.id == ticket && held.is_unknown())
    }

    /// Forgets a ticket that was taken back.
    pub fn remove(&mut self, ticket: TicketId) {
        self.0.retain(|held| held.issued.id != ticket);
    }
}

impl Paper {
    /// The printer that is at it; none: none is.
    pub fn printer(&self) -> Option<usize> {
        match self {
            Self::Printing(at) | Self::Held(at) => Some(*at),
            Self::None | Self::Over(_) | Self::Taken | Self::Seen => None,
        }
    }
}

impl Held {
    /// Nothing more is printed of it for now.
    fn is_out(&self) -> bool {
        self.paper == Paper::Over(PrintOutcome::Printed) || self.is_unknown()
    }

    /// Nobody but the visitor can tell what became of the paper.
    pub fn is_unknown(&self) -> bool {
        matches!(self.paper, Paper::Over(PrintOutcome::Unknown { .. }))
    }

    /// Another paper of the same number may be tried.
    pub fn may_reprint(&self) -> bool {
        self.is_unknown() && self.copies < COPIES_MAX
    }

    /// Whether a repeated press still means this ticket.
    pub fn may_repeat(&self) -> bool {
        self.given.elapsed() < REPEAT
    }
}
