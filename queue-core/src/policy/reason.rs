//! Why a ticket was called, as it is stored with the call, and as one can say it.

use alloc::boxed::Box;
use alloc::string::String;

use serde::{Deserialize, Serialize};

use crate::ids::{ClassId, CounterId, TicketId};
use crate::policy::discipline::{Discipline, Side};
use crate::policy::eligible::HelpsOut;
use crate::policy::order::Weight;
use crate::ticket::Precedence;
use crate::time::StationTime;

/// What the head start compared, in calls stored before there were other rules.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct HeadStartKey {
    /// Issue time less head start, station milliseconds.
    pub key_ms: i64,
    /// Sequence number of the issuing event: first come, first served among equals.
    pub seq: u64,
}

/// Why a ticket was called.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(tag = "rule", rename_all = "snake_case")]
pub enum CallReason {
    /// The smallest key among the tickets the counter may serve. Written before there were other rules; now it is
    /// [`CallReason::Chosen`].
    HeadStart {
        /// The key that won.
        key: HeadStartKey,
    },
    /// The discipline chose.
    Chosen(Box<Choice>),
    /// Staff named the ticket.
    Picked {
        /// Why, if it was said.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<String>,
    },
}

/// What the discipline compared.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Choice {
    /// The rule in force.
    pub discipline: Discipline,
    /// Whose turn it was, under a ratio.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub turn: Option<Side>,
    /// When.
    pub at: StationTime,
    /// Who was called.
    pub called: Contender,
    /// Why it came before all others.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub precedence: Option<Precedence>,
    /// Who had come before all others whom the counter may call, when that is somebody else than who was called.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub passed: Option<Contender>,
    /// Why the counter called from a line that it only helps out with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub helps_out: Option<HelpsOut>,
}

/// One of two who were compared.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Contender {
    /// Who.
    pub ticket: TicketId,
    /// Of which class.
    pub class: ClassId,
    /// Since when the ticket's seniority counts: its issue.
    pub base: StationTime,
    /// What the class counted for.
    pub weight: Weight,
}

/// A call's reason with everything one sentence needs, in no language.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(tag = "because", rename_all = "snake_case")]
pub enum Explanation {
    /// Staff named the ticket.
    Picked {
        /// Why, if it was said.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<String>,
    },
    /// A supervisor decided so.
    Urgent {
        /// Why; empty where visitors read it.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        reason: String,
    },
    /// Another counter sent the visitor back.
    SentBack {
        /// Which one.
        from: CounterId,
    },
    /// Nobody whom the counter may call had come earlier.
    CameFirst,
    /// It counted as taken earlier than anybody else's; whose is not known any more.
    CountedEarliest {
        /// The time it counted from.
        counts_from: StationTime,
    },
    /// Its class has a head start, which put it before somebody who came earlier.
    HeadStart {
        /// The class called.
        class: ClassId,
        /// Its head start, seconds.
        credit_s: u32,
        /// The time the ticket counted from.
        counts_from: StationTime,
        /// The time the ticket it passed counted from.
        passed_counts_from: StationTime,
    },
    /// Its class goes first.
    Rank {
        /// The class called.
        class: ClassId,
        /// The class it passed.
        passed_class: ClassId,
    },
    /// It had gathered more points than somebody who came earlier.
    Points {
        /// The class called.
        class: ClassId,
        /// Its points: waited seconds times the rate of the class, rounded down.
        points: i64,
        /// Points of the ticket it passed.
        passed_points: i64,
    },
    /// It was its class's turn.
    Turn {
        /// The class called.
        class: ClassId,
        /// Calls in a row of the classes that have priority.
        priority: u8,
        /// Calls in a row of the default class after them.
        regular: u8,
    },
}

impl Explanation {
    /// Without what staff wrote down: that is not for other visitors.
    #[must_use]
    pub fn for_visitors(self) -> Self {
        match self {
            Self::Picked { .. } => Self::Picked { reason: None },
            Self::Urgent { .. } => Self::Urgent {
                reason: String::new(),
            },
            said => said,
        }
    }
}

impl CallReason {
    /// Whether this call was one of the round of a ratio.
    pub(crate) fn counts_in_round(&self) -> bool {
        match self {
            Self::Chosen(choice) => {
                let side = choice.turn.map(Weight::Side);
                side == Some(choice.called.weight)
            }
            _ => false,
        }
    }

    /// Why the counter called from a line that it only helps out with; none where the line is its own, or staff named the
    /// ticket.
    #[must_use]
    pub fn helps_out(&self) -> Option<HelpsOut> {
        match self {
            Self::Chosen(choice) => choice.helps_out,
            Self::HeadStart { .. } | Self::Picked { .. } => None,
        }
    }

    /// The reason as one can say it.
    #[must_use]
    pub fn explain(&self) -> Explanation {
        match self {
            Self::Picked { reason } => Explanation::Picked {
                reason: reason.clone(),
            },
            Self::HeadStart { key } => Explanation::CountedEarliest {
                counts_from: StationTime(key.key_ms),
            },
            Self::Chosen(choice) => choice.explain(),
        }
    }
}

impl Choice {
    fn explain(&self) -> Explanation {
        match self.precedence.clone() {
            Some(Precedence::Urgent { reason }) => return Explanation::Urgent { reason },
            Some(Precedence::SentBack { from }) => return Explanation::SentBack { from },
            None => {}
        }
        let Some(passed) = &self.passed else {
            return Explanation::CameFirst;
        };
        let class = self.called.class.clone();
        match (self.discipline, self.called.weight) {
            (Discipline::HeadStart, Weight::CreditS(credit_s)) => Explanation::HeadStart {
                class,
                credit_s,
                counts_from: self.called.counts_from(),
                passed_counts_from: passed.counts_from(),
            },
            (Discipline::Strict, _) => Explanation::Rank {
                class,
                passed_class: passed.class.clone(),
            },
            (Discipline::Accumulating, _) => Explanation::Points {
                class,
                points: self.called.points(self.at),
                passed_points: passed.points(self.at),
            },
            (Discipline::Ratio { priority, regular }, _) => Explanation::Turn {
                class,
                priority: priority.get(),
                regular: regular.get(),
            },
            // First come, first served passes nobody.
            (Discipline::Fcfs | Discipline::HeadStart, _) => Explanation::CameFirst,
        }
    }
}

impl Contender {
    fn counts_from(&self) -> StationTime {
        match self.weight {
            Weight::CreditS(credit_s) => self.base.plus_ms(-1_000 * i64::from(credit_s)),
            _ => self.base,
        }
    }

    fn points(&self, at: StationTime) -> i64 {
        let rate = match self.weight {
            Weight::RatePermille(rate) => i64::from(rate),
            _ => 1_000,
        };
        // Thousandths of points per millisecond.
        at.since_ms(self.base).saturating_mul(rate) / 1_000_000
    }
}
