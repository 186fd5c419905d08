//! Why a ticket is not given out: hours, quotas, the last-ticket cut-off, one open ticket per person.

use alloc::boxed::Box;
use alloc::collections::BTreeMap;
use alloc::vec::Vec;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::calendar::DayHours;
use crate::ids::{PersonKey, ServiceId, TicketId, TicketNumber};
use crate::surge::Raised;
use crate::time::StationTime;

/// A rule that stands against giving out a ticket. Staff may overrule each of them.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Error, Serialize, Deserialize)]
#[serde(tag = "limit", rename_all = "snake_case")]
pub enum Limit {
    /// The station is not open now.
    #[error("the station gives out no tickets at this hour")]
    StationClosedNow {
        /// When it opens next, if known.
        opens: Option<StationTime>,
    },
    /// The station is open, and this service takes no visitors now.
    #[error("no tickets of this service are given out at this hour")]
    ServiceClosedNow {
        /// When it opens next, if known.
        opens: Option<StationTime>,
    },
    /// All tickets of this span are taken.
    #[error("all tickets of this service for these hours are taken")]
    QuotaFull {
        /// When there are tickets again, if known.
        opens: Option<StationTime>,
    },
    /// Handling would probably end after the station closes.
    #[error("the visit would probably end after closing time")]
    PastCutOff {
        /// When it would end with 80 % probability.
        end: StationTime,
    },
    /// The person has an open ticket of this service.
    #[error("this person has the open ticket {number} of this service")]
    OpenTicketAlready {
        /// Its number.
        number: TicketNumber,
    },
    /// The service asks who it is for, and the request does not say.
    #[error("a ticket of this service needs to know who it is for")]
    PersonUnknown,
}

impl Limit {
    /// The stable code, as it stands in error answers.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::StationClosedNow { .. } => "station_closed_now",
            Self::ServiceClosedNow { .. } => "service_closed_now",
            Self::QuotaFull { .. } => "quota_full",
            Self::PastCutOff { .. } => "past_cut_off",
            Self::OpenTicketAlready { .. } => "open_ticket_already",
            Self::PersonUnknown => "person_unknown",
        }
    }

    /// When it ends, where that is known.
    #[must_use]
    pub fn opens(&self) -> Option<StationTime> {
        match self {
            Self::StationClosedNow { opens }
            | Self::ServiceClosedNow { opens }
            | Self::QuotaFull { opens } => *opens,
            Self::PastCutOff { .. } | Self::OpenTicketAlready { .. } | Self::PersonUnknown => None,
        }
    }
}

/// On what terms a ticket is asked for.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Terms {
    /// Whom it is for.
    pub person: Option<PersonKey>,
    /// Staff take it upon themselves: no [`Limit`] holds, and the one that would have is stored with the ticket.
    pub overrule: bool,
}

/// What happens to a ticket whose handling would probably end after closing time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CutOff {
    /// Nothing.
    #[default]
    Off,
    /// It is given out, and the expected end is shown.
    Warn,
    /// It is not given out.
    Refuse,
}

/// Whether somebody may have several open tickets of a service.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OnePerPerson {
    /// Nobody asks.
    #[default]
    Off,
    /// One only, where it is known whom the ticket is for.
    WhenKnown,
    /// One only, and it has to be known.
    Always,
}

/// What limits the tickets of a service, beside the hours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ServiceLimits {
    /// Last-ticket cut-off.
    #[serde(default)]
    pub cut_off: CutOff,
    /// One open ticket per person.
    #[serde(default)]
    pub one_per_person: OnePerPerson,
}

/// The part of a plan that limits tickets and watches the lines.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PlanLimits {
    /// Services with limits of their own.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub services: BTreeMap<ServiceId, ServiceLimits>,
    /// Alarms are raised, the one about a service without an open counter after so many seconds; none: no alarms.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub alarm_after_s: Option<u32>,
}

/// What a day keeps for its limits.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub(crate) struct DayLimits {
    /// Its hours; none: no limits.
    pub(crate) hours: Option<Box<DayHours>>,
    /// When the tickets that count in quotas were taken, per service, in order. Kept while there are hours.
    pub(crate) taken: BTreeMap<ServiceId, Vec<StationTime>>,
    /// The tickets of each person who is known.
    pub(crate) persons: BTreeMap<PersonKey, Vec<TicketId>>,
    /// Alarms that have been raised and not cleared.
    pub(crate) alarms: Vec<Raised>,
}
