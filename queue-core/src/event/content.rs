//! What larger events carry.

use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use crate::appointments::Attendance;
use crate::ids::{
    AppointmentCode, AppointmentId, ClassId, CounterId, LanguageTag, PersonKey, ServiceId, StaffId,
    TicketId, TicketNumber,
};
use crate::limits::Limit;
use crate::offline::TakenOffline;
use crate::sessions::Enrolled;
use crate::time::{BusinessDay, StationTime};

/// Result of a print job.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(tag = "result", rename_all = "snake_case")]
pub enum PrintOutcome {
    /// The printer confirmed the paper.
    Printed,
    /// No paper came out.
    Failed {
        /// `paper_out`, `cover_open`, `offline`, `cutter`, ...
        cause: String,
    },
    /// Nobody can tell; never sent again by itself.
    Unknown {
        /// What is known.
        cause: String,
    },
}

impl PrintOutcome {
    /// The result as one word.
    #[must_use]
    pub fn word(&self) -> &'static str {
        match self {
            Self::Printed => "printed",
            Self::Failed { .. } => "failed",
            Self::Unknown { .. } => "unknown",
        }
    }
}

/// How a visit ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// Handled to the end.
    Served,
    /// Called and did not come.
    NoShow,
    /// Given up by the visitor through the system.
    Cancelled,
    /// Left or was left unserved.
    Abandoned,
}

/// A ticket of another system's log.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct ImportedTicket {
    /// Business day in the station's time zone.
    pub day: BusinessDay,
    /// The number as that system printed it.
    pub number: String,
    /// Service.
    pub service: ServiceId,
    /// Class.
    pub class: ClassId,
    /// Language of the visitor.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<LanguageTag>,
    /// Channel.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub channel: Option<ServiceId>,
    /// Issue.
    pub issued_at: StationTime,
    /// First and only known call.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub called_at: Option<StationTime>,
    /// Start of handling.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub started_at: Option<StationTime>,
    /// End of handling, or the moment the visitor left.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub finished_at: Option<StationTime>,
    /// Counter.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub counter: Option<CounterId>,
    /// Staff.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub staff: Option<StaffId>,
    /// End.
    pub outcome: Outcome,
    /// Rating 1 to 5.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub score: Option<u8>,
}

/// A ticket as it was given out.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct IssuedTicket {
    /// Id.
    pub ticket: TicketId,
    /// Number on the paper.
    pub number: TicketNumber,
    /// Service asked for.
    pub service: ServiceId,
    /// Further services asked for, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub then: Vec<ServiceId>,
    /// The stations the visit goes through, where one of these services has several; empty: the services themselves.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub steps: Vec<ServiceId>,
    /// Class.
    pub class: ClassId,
    /// Language.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<LanguageTag>,
    /// Channel.
    pub channel: ServiceId,
    /// The appointment it was given out for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attends: Option<Attendance>,
    /// Persons it stands for, 1 to 99.
    #[serde(default = "one", skip_serializing_if = "is_one")]
    pub persons: u16,
    /// Whom it is for, where that is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub person: Option<PersonKey>,
    /// The limit that staff overruled.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub overruled: Option<Box<Limit>>,
    /// When its handling was expected to end, where that was after closing time and the station looks at it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub late_end: Option<StationTime>,
    /// It waits for the identity check first.
    #[serde(default, skip_serializing_if = "core::ops::Not::not")]
    pub unverified: bool,
    /// The session it is for, where its service has sessions.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub enrolled: Option<Box<Enrolled>>,
    /// A kiosk gave it out by itself, and told of it afterwards.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub offline: Option<Box<TakenOffline>>,
}

/// An appointment as it was booked.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct BookedAppointment {
    /// Id.
    pub appointment: AppointmentId,
    /// Code for the kiosk.
    pub code: AppointmentCode,
    /// Service.
    pub service: ServiceId,
    /// Business day.
    pub day: BusinessDay,
    /// When the slot begins.
    pub slot: StationTime,
    /// When the slot ends.
    pub slot_end: StationTime,
    /// Class asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub class: Option<ClassId>,
    /// Language.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<LanguageTag>,
    /// Channel.
    pub channel: ServiceId,
}

impl IssuedTicket {
    /// What was asked for, in order.
    pub fn matters(&self) -> impl Iterator<Item = &ServiceId> {
        core::iter::once(&self.service).chain(&self.then)
    }

    /// Where the visit goes, in order.
    pub fn stations(&self) -> impl Iterator<Item = &ServiceId> {
        let plain = self.steps.is_empty();
        let matters = self.matters().filter(move |_| plain);
        self.steps.iter().chain(matters)
    }
}

pub(super) fn one() -> u16 {
    1
}

pub(super) fn is_one(persons: &u16) -> bool {
    *persons == one()
}

/// What a correction says of a visit.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Correction {
    /// How it ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outcome: Option<Outcome>,
    /// What it was for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub service: Option<ServiceId>,
    /// Its class.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub class: Option<ClassId>,
}
