//! Alarms about the lines: each is raised once when its condition begins and cleared once when it ends, both as events.

use serde::{Deserialize, Serialize};

use crate::ids::{ServiceId, TicketId};
use crate::time::StationTime;

/// What somebody should look at.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(tag = "alarm", rename_all = "snake_case")]
pub enum Alarm {
    /// Somebody has waited longer for this service than the station promises.
    WaitOverStandard {
        /// Which.
        service: ServiceId,
    },
    /// People wait for this service, and no counter that may serve it is open.
    NobodyOpen {
        /// Which.
        service: ServiceId,
    },
    /// Somebody has waited long for the identity check of this service.
    IdentityUnchecked {
        /// Which.
        service: ServiceId,
    },
}

impl Alarm {
    /// The stable reason code.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::WaitOverStandard { .. } => "wait_over_standard",
            Self::NobodyOpen { .. } => "nobody_open",
            Self::IdentityUnchecked { .. } => "identity_unchecked",
        }
    }

    /// The service.
    #[must_use]
    pub fn service(&self) -> &ServiceId {
        match self {
            Self::WaitOverStandard { service }
            | Self::NobodyOpen { service }
            | Self::IdentityUnchecked { service } => service,
        }
    }
}

/// An alarm that is raised.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Raised {
    /// About what.
    #[serde(flatten)]
    pub alarm: Alarm,
    /// Since when it has been so: the end of the promised wait, or the moment the last counter went.
    pub since: StationTime,
    /// The ticket that had waited longest then.
    pub ticket: TicketId,
}
