//! One ticket and its life.

mod legs;

pub use legs::{Leg, LegState, Progress};

use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use crate::appointments::Attendance;
use crate::event::{Correction, IssuedTicket, Outcome, PrintOutcome};
use crate::identity::IdentityCheck;
use crate::ids::{
    CallId, ClassId, CounterId, LanguageTag, ServiceId, StaffId, TicketId, TicketNumber,
};
use crate::later::Later;
use crate::policy::{CallReason, LineId, Place, SortKey};
use crate::sessions::{Enrolment, OfTicket};
use crate::time::StationTime;

/// Where a ticket is in its life. Transitions: Unverified -> Waiting (checked) | Cancelled; Waiting -> Unverified (put to
/// another service that checks); Waiting -> Called -> Serving -> Done; Called -> NoShow -> Called (called
/// again by staff) | Waiting (the visitor came back); Enrolled -> Called -> Serving -> Done with the whole session, Enrolled
/// -> NoShow | Cancelled | Abandoned; Called | Serving -> Held -> Serving | Called; Called | Serving -> Waiting (transfer,
/// or on to the next matter); Called -> Serving (the counter keeps the visitor for the next matter); Waiting | Held ->
/// Cancelled; at day close every open state -> Abandoned, Serving with nothing to come -> Done. Undo goes one step back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TicketState {
    /// In line.
    Waiting,
    /// Announced, not yet at the counter.
    Called,
    /// Being handled.
    Serving,
    /// Put aside, keeps the place.
    Held,
    /// Handled to the end.
    Done,
    /// Called and did not come.
    NoShow,
    /// Given up by the visitor.
    Cancelled,
    /// Unserved when the day closed.
    Abandoned,
    /// Given out, and not callable before its identity check. Last, so that the stored states keep their fingerprints.
    Unverified,
    /// In a session that has not been called, with a seat or on its waiting list; in no line.
    Enrolled,
}

impl TicketState {
    /// How it is said of a ticket: "the ticket is ...".
    #[must_use]
    pub fn in_words(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Called => "being called",
            Self::Serving => "being served",
            Self::Held => "on hold",
            Self::Done => "finished",
            Self::NoShow => "marked as a no-show",
            Self::Cancelled => "cancelled",
            Self::Abandoned => "left over from a closed day",
            Self::Unverified => "waiting for its identity check",
            Self::Enrolled => "waiting for its session",
        }
    }

    /// Whether the ticket can still be served without staff reaching back for it.
    #[must_use]
    pub fn is_open(self) -> bool {
        matches!(
            self,
            Self::Waiting
                | Self::Called
                | Self::Serving
                | Self::Held
                | Self::Unverified
                | Self::Enrolled
        )
    }
}

/// A visitor's rating of one visit.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Rating {
    /// 1 (very dissatisfied) to 5 (very satisfied).
    pub score: u8,
    /// Reason codes.
    pub reasons: Vec<String>,
    /// Free text.
    pub comment: Option<String>,
    /// When.
    pub at: StationTime,
}

/// Why a ticket is called before all others of its line, whatever the discipline.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(tag = "because", rename_all = "snake_case")]
pub enum Precedence {
    /// A supervisor decided so.
    Urgent {
        /// Why, for the audit.
        reason: String,
    },
    /// The visitor was sent to another counter, which sent him back.
    SentBack {
        /// Which one.
        from: CounterId,
    },
}

/// Which counter sent a visitor on, and from which service.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Sender {
    /// Where.
    pub counter: CounterId,
    /// What the visitor was there for.
    pub service: ServiceId,
}

/// One ticket with everything its figures are computed from. The stored row of a ticket is a copy of this record, so a
/// correction such as undo repairs the figures by restoring the record.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Ticket {
    /// Random id.
    pub id: TicketId,
    /// Number on the paper.
    pub number: TicketNumber,
    /// Service it waits for or is served in now.
    pub service: ServiceId,
    /// What was asked for, where that is more than one service; empty: only `service`.
    pub matters: Vec<ServiceId>,
    /// Services still to come, in order.
    pub then: Vec<ServiceId>,
    /// Legs that have ended, in order.
    pub legs: Vec<Leg>,
    /// The leg under way.
    pub leg: Progress,
    /// Class.
    pub class: ClassId,
    /// The visitor's language.
    pub language: Option<LanguageTag>,
    /// Where it was taken.
    pub channel: ServiceId,
    /// The appointment it was given out for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attends: Option<Attendance>,
    /// State.
    pub state: TicketState,
    /// Persons it stands for.
    pub persons: u16,
    /// Since when its seniority counts: its issue, kept over transfers. A visitor who comes back after having been missed,
    /// or lets others go first, gets a later one.
    pub key: SortKey,
    /// Called before all others of its line.
    pub precedence: Option<Precedence>,
    /// Only this counter may call it.
    pub directed_to: Option<CounterId>,
    /// Who sent the visitor here.
    pub sent_from: Option<Sender>,
    /// When the visitor was told to get ready; forgotten when the line changes.
    pub precalled_at: Option<StationTime>,
    /// By which counter.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub precalled_by: Option<CounterId>,
    /// Counter that last called it.
    pub counter: Option<CounterId>,
    /// Who worked there then.
    pub staff: Option<StaffId>,
    /// Issue.
    pub issued_at: StationTime,
    /// The event that issued it.
    pub issued_seq: u64,
    /// First call ever.
    pub first_called_at: Option<StationTime>,
    /// Last call or recall.
    pub last_called_at: Option<StationTime>,
    /// Id of that call.
    pub last_call: Option<CallId>,
    /// Why it was called last.
    pub called_because: Option<Box<CallReason>>,
    /// Calls and recalls at the present counter.
    pub calls: u32,
    /// Start of handling, first session.
    pub started_at: Option<StationTime>,
    /// Nobody pressed start: `started_at` is the call, and the walk is unknown.
    pub start_inferred: bool,
    /// From the last call before the first start to that start, milliseconds.
    pub walk_ms: Option<i64>,
    /// Start of the session under way.
    pub session_started_at: Option<StationTime>,
    /// Ended sessions, milliseconds.
    pub handling_ms: i64,
    /// The same by who handled, in the order of the first session of each.
    pub handled: Vec<HandlingShare>,
    /// The identity check, once it was made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub identity: Option<IdentityCheck>,
    /// What is about its session, where its service has sessions.
    #[serde(default, skip_serializing_if = "Later::is_default")]
    pub(crate) session: Later<OfTicket>,
    /// The event since which it has stood in its line, where that is neither its issue nor a call.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line_since_seq: Option<u64>,
    /// Why it is held.
    pub hold_reason: Option<String>,
    /// Where the visitor waits meanwhile, if told.
    pub hold_room: Option<String>,
    /// How often the visitor came back after having been missed.
    pub returns: u8,
    /// Terminal state reached.
    pub finished_at: Option<StationTime>,
    /// Ended by the close of the day, not by a person.
    pub closed_by_day_end: bool,
    /// Asked for a rating.
    pub rating_invited: bool,
    /// The rating.
    pub rating: Option<Rating>,
    /// Result of the last print job.
    pub print: Option<PrintOutcome>,
    /// Last event that changed the ticket's place in its life (ratings and print reports do not count).
    pub changed_seq: u64,
}

/// The part of a ticket's handling that one counter, with one member of staff, did.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct HandlingShare {
    /// Where.
    pub counter: CounterId,
    /// Who worked there, if known.
    pub staff: Option<StaffId>,
    /// Ended sessions, milliseconds.
    pub handling_ms: i64,
}

impl Ticket {
    /// As it is given out: in line.
    pub(crate) fn new(issued: &IssuedTicket, at: StationTime, seq: u64) -> Self {
        let mut ticket = Self {
            id: issued.ticket,
            number: issued.number.clone(),
            service: issued.service.clone(),
            matters: Vec::new(),
            then: Vec::new(),
            legs: Vec::new(),
            leg: Progress::entered(at),
            class: issued.class.clone(),
            language: issued.language.clone(),
            channel: issued.channel.clone(),
            attends: issued.attends,
            state: match (issued.unverified, &issued.enrolled) {
                (true, _) => TicketState::Unverified,
                (false, Some(_)) => TicketState::Enrolled,
                (false, None) => TicketState::Waiting,
            },
            persons: issued.persons,
            key: match &issued.offline {
                Some(taken) => taken.key,
                None => SortKey {
                    base_ms: issued.attends.map_or(at, |a| a.base).0,
                    seq,
                },
            },
            precedence: None,
            directed_to: None,
            sent_from: None,
            precalled_at: None,
            precalled_by: None,
            counter: None,
            staff: None,
            issued_at: at,
            issued_seq: seq,
            first_called_at: None,
            last_called_at: None,
            last_call: None,
            called_because: None,
            calls: 0,
            started_at: None,
            start_inferred: false,
            walk_ms: None,
            session_started_at: None,
            handling_ms: 0,
            handled: Vec::new(),
            identity: None,
            session: Later(
                issued
                    .enrolled
                    .as_ref()
                    .map(|enrolled| Enrolment::new(enrolled, at, seq).into()),
            ),
            line_since_seq: None,
            hold_reason: None,
            hold_room: None,
            returns: 0,
            finished_at: None,
            closed_by_day_end: false,
            rating_invited: false,
            rating: None,
            print: None,
            changed_seq: seq,
        };
        ticket.plan_course(issued);
        ticket
    }

    /// Whether its seniority counts from its appointment, so that it may be before its time. Another place that it was
    /// given since is a turn that it had, and so is a leg behind it.
    #[must_use]
    pub fn counts_from_slot(&self) -> bool {
        let base = self.attends.map(|attends| attends.base.0);
        base == Some(self.key.base_ms) && self.legs.is_empty()
    }

    /// How the visit ended; none while it goes on.
    #[must_use]
    pub fn outcome(&self) -> Option<Outcome> {
        match self.state {
            TicketState::Done => Some(Outcome::Served),
            TicketState::NoShow => Some(Outcome::NoShow),
            TicketState::Cancelled => Some(Outcome::Cancelled),
            TicketState::Abandoned => Some(Outcome::Abandoned),
            TicketState::Waiting
            | TicketState::Called
            | TicketState::Serving
            | TicketState::Held
            | TicketState::Unverified
            | TicketState::Enrolled => None,
        }
    }

    /// What was wrong is put right. A visit that was not served has no handling, but for that of its earlier legs, and
    /// nobody was asked how it was; one that was served has nothing to come.
    pub(crate) fn correct(&mut self, correction: &Correction) {
        if let Some(service) = &correction.service {
            let wrong = self.matters.first_mut().unwrap_or(&mut self.service);
            *wrong = service.clone();
        }
        if let Some(class) = &correction.class {
            self.class = class.clone();
        }
        let Some(outcome) = correction.outcome else {
            return;
        };
        self.state = match outcome {
            Outcome::Served => TicketState::Done,
            Outcome::NoShow => TicketState::NoShow,
            Outcome::Cancelled => TicketState::Cancelled,
            Outcome::Abandoned => TicketState::Abandoned,
        };
        if outcome == Outcome::Served {
            self.then.clear();
        } else {
            self.unhandle();
            self.rating_invited &= self.rating.is_some();
        }
    }

    /// Its place in line.
    #[must_use]
    pub fn place(&self) -> Place {
        Place {
            key: self.key,
            ticket: self.id,
        }
    }

    /// The line it stands in while it waits.
    #[must_use]
    pub fn line(&self) -> LineId<'_> {
        match &self.directed_to {
            Some(counter) => LineId::Directed(counter),
            None => LineId::Service(&self.service),
        }
    }

    /// Ends the session under way, if any.
    pub(crate) fn end_session(&mut self, at: StationTime) {
        let Some(start) = self.session_started_at.take() else {
            return;
        };
        let session_ms = at.since_ms(start);
        self.handling_ms += session_ms;
        self.leg.handling_ms += session_ms;
        // A session has a counter; without one nobody could be credited.
        let Some(counter) = &self.counter else { return };
        for handled in [&mut self.handled, &mut self.leg.handled] {
            credit(handled, counter, self.staff.as_ref(), session_ms);
        }
    }

    /// What others than the counter and the member of staff of the last call did.
    pub fn handled_elsewhere(&self) -> impl Iterator<Item = &HandlingShare> {
        self.handled.iter().filter(|share| {
            Some(&share.counter) != self.counter.as_ref() || share.staff != self.staff
        })
    }

    /// Starts handling; `inferred` when nobody pressed start.
    pub(crate) fn start_session(&mut self, at: StationTime, inferred: bool) {
        self.session_started_at = Some(at);
        self.leg.started(at, inferred);
        if self.started_at.is_none() {
            self.started_at = Some(at);
            self.start_inferred = inferred;
            self.walk_ms = if inferred {
                None
            } else {
                self.last_called_at.map(|c| at.since_ms(c))
            };
        }
        self.state = TicketState::Serving;
    }
}

/// Adds handling to the share of who did it.
fn credit(
    handled: &mut Vec<HandlingShare>,
    counter: &CounterId,
    staff: Option<&StaffId>,
    handling_ms: i64,
) {
    let by =
        |share: &&mut HandlingShare| share.counter == *counter && share.staff.as_ref() == staff;
    match handled.iter_mut().find(by) {
        Some(share) => share.handling_ms += handling_ms,
        None => handled.push(HandlingShare {
            counter: counter.clone(),
            staff: staff.cloned(),
            handling_ms,
        }),
    }
}
