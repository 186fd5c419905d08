//! The facts of one ticket that the figures need, small enough to hold a year of them in memory.

use core::fmt;
use core::num::{NonZeroU8, NonZeroU64};

/// An instant in milliseconds since 1970-01-01T00:00Z.
///
/// `Option<Moment>` takes eight bytes like `Moment` itself, which is why it is a type of its own.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Moment(NonZeroU64);

/// The representation of the epoch: order is kept, and the one value that does not exist is `i64::MIN`.
const EPOCH: u64 = 1 << 63;

impl Moment {
    /// The instant `ms` milliseconds after the epoch. `i64::MIN` itself is not representable and becomes the
    /// instant one millisecond later.
    pub const fn from_ms(ms: i64) -> Self {
        match NonZeroU64::new(ms as u64 ^ EPOCH) {
            Some(since_minimum) => Self(since_minimum),
            None => Self(NonZeroU64::MIN),
        }
    }

    /// Milliseconds since the epoch.
    pub const fn as_ms(self) -> i64 {
        (self.0.get() ^ EPOCH) as i64
    }
}

impl fmt::Debug for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ms", self.as_ms())
    }
}

/// A visitor's rating, 1 (worst) to 5 (best).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Score(NonZeroU8);

impl Score {
    /// The score, or `None` outside 1 to 5.
    pub const fn new(score: u8) -> Option<Self> {
        match NonZeroU8::new(score) {
            Some(score) if score.get() <= 5 => Some(Self(score)),
            _ => None,
        }
    }

    /// 1 to 5.
    pub const fn get(self) -> u8 {
        self.0.get()
    }
}

/// How a ticket ended, or that it has not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Waiting, called, being served or on hold.
    Open,
    /// Handled to the end.
    Served,
    /// Called, did not come, given up.
    NoShow,
    /// Given back by the visitor or withdrawn by staff.
    Cancelled,
    /// Left, or was closed, without being served.
    Abandoned,
}

/// What the figures need to know about one ticket, or about one leg of its visit, which then counts from where that leg
/// began. 64 bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TicketFacts {
    /// When the ticket was issued, with an appointment not before its slot; waiting and stay count from here.
    pub issued: Moment,
    /// The first call ever; a recall does not move it.
    pub first_called: Option<Moment>,
    /// The last call before the service first started; the last call of all where it never started.
    pub last_called: Option<Moment>,
    /// When the service first started.
    pub started: Option<Moment>,
    /// When the ticket ended, in whatever way.
    pub finished: Option<Moment>,
    /// Time at counters, summed over all sessions and services of the ticket, holds excluded. `None` where no
    /// session is known, `Some(0)` for a session of no length. A session recorded as ending before it began counts
    /// as 0; see `session_clamped`.
    pub handling_ms: Option<u32>,
    /// The waiting standard of the ticket's service, where it has one.
    pub standard_ms: Option<u32>,
    /// How it ended.
    pub outcome: Outcome,
    /// A counter served it, if it was served; the visits of a session take place elsewhere, and are no counter's work.
    pub at_counter: bool,
    /// Nobody pressed start: `started` was filled in from another moment.
    pub started_inferred: bool,
    /// Ended only because the business day was closed, so `finished` says nothing about the visitor.
    pub closed_by_day_end: bool,
    /// A session in `handling_ms` was recorded as ending before it began; counted as an anomaly.
    pub session_clamped: bool,
    /// The visitor was asked for a rating.
    pub rating_invited: bool,
    /// The rating, if one was given.
    pub rating: Option<Score>,
    /// Persons the ticket stands for.
    pub persons: u8,
}

impl TicketFacts {
    /// The wait from the issue to the first call, in milliseconds: 0 where the record says less, the longest that fits
    /// where it says more; `None` for a ticket never called.
    pub fn wait_ms(&self) -> Option<u32> {
        let elapsed_ms = i128::from(self.first_called?.as_ms()) - i128::from(self.issued.as_ms());
        Some(u32::try_from(elapsed_ms.max(0)).unwrap_or(u32::MAX))
    }

    /// A ticket of which only the issue is known: open, never called.
    pub const fn issued_at(issued: Moment) -> Self {
        Self {
            issued,
            first_called: None,
            last_called: None,
            started: None,
            finished: None,
            handling_ms: None,
            standard_ms: None,
            outcome: Outcome::Open,
            at_counter: true,
            started_inferred: false,
            closed_by_day_end: false,
            session_clamped: false,
            rating_invited: false,
            rating: None,
            persons: 1,
        }
    }
}

const _: () = assert!(
    size_of::<TicketFacts>() <= 64,
    "a year of tickets is held at once"
);
