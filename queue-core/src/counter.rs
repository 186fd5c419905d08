//! One counter.

use alloc::string::String;
use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use crate::command::CommandRef;
use crate::ids::{CounterId, ProfileId, StaffId, TicketId};
use crate::later::Later;
use crate::ticket::Ticket;
use crate::time::StationTime;

/// Whether a counter works.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum CounterState {
    /// Not staffed.
    Closed,
    /// Staffed: serving or free.
    Open,
    /// Staffed and away.
    Paused {
        /// Why.
        reason: String,
        /// Until when.
        until: Option<StationTime>,
    },
}

/// What a counter's undo would put back.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct UndoRecord {
    /// When the action was taken.
    pub at: StationTime,
    /// The command that took it; its events are undone together.
    pub command: Option<CommandRef>,
    /// First event of the action.
    pub first_seq: u64,
    /// The tickets as they were before.
    pub tickets: Vec<Ticket>,
    /// How many of its calls count in the round of a ratio.
    pub counted_calls: u32,
    /// The visitor the counter had before.
    pub current: Option<TicketId>,
    /// Since when it had that visitor.
    pub busy_since: StationTime,
    /// Since when it had none.
    pub free_since: StationTime,
}

/// One counter.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Counter {
    /// Id, as visitors read it.
    pub id: CounterId,
    /// Whether it works.
    pub state: CounterState,
    /// Since when it is in that state.
    pub since: StationTime,
    /// Who works there.
    pub staff: Option<StaffId>,
    /// The visitor called or being served.
    pub current: Option<TicketId>,
    /// When it called or resumed the visitor it has.
    pub busy_since: StationTime,
    /// Since when it has had no visitor.
    pub free_since: StationTime,
    /// The visitor to ask for a rating. The answer ends the question, or the next visitor's arrival or finish;
    /// [`crate::Engine::asked_at`] ends it earlier where nobody is there to answer.
    pub asking: Option<TicketId>,
    /// The set of services staff switched it to today; none: the plan's own.
    #[serde(default)]
    pub profile: Option<ProfileId>,
    /// Whether it calls by itself, as staff switched it today; none: as the plan says.
    #[serde(default)]
    pub auto_call: Option<bool>,
    /// A call was taken back: it does not call by itself before somebody has done something there.
    #[serde(default)]
    pub auto_held: bool,
    /// It calls whoever comes next, once, however it calls otherwise.
    #[serde(default, skip_serializing_if = "Later::is_default")]
    pub next_stored: Later<bool>,
    /// Last action, for undo.
    pub undo: Option<UndoRecord>,
}

impl Counter {
    pub(crate) fn new(id: CounterId) -> Self {
        Self {
            id,
            state: CounterState::Closed,
            since: StationTime::default(),
            staff: None,
            current: None,
            busy_since: StationTime::default(),
            free_since: StationTime::default(),
            asking: None,
            profile: None,
            auto_call: None,
            auto_held: false,
            next_stored: Later(false),
            undo: None,
        }
    }

    /// Open, with or without a visitor.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.state == CounterState::Open
    }

    /// Open and without a visitor.
    #[must_use]
    pub fn is_free(&self) -> bool {
        self.is_open() && self.current.is_none()
    }
}
