//! The demo stations.

use std::fmt;
use std::str::FromStr;

/// How the path of a device begins that only the demo has.
pub const PLACEHOLDER: &str = "demo:";

/// One of the demo stations.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum DemoProfile {
    /// An immigration service station.
    #[default]
    ServiceStation,
    /// A household registration office of two zones.
    Household,
    /// A visiting room with sessions.
    VisitingRoom,
}

/// There is no such demo station.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("unknown demo `{0}`, expected `service-station`, `household` or `visiting-room`")]
pub struct UnknownDemo(String);

impl DemoProfile {
    /// Every one.
    pub const ALL: [Self; 3] = [Self::ServiceStation, Self::Household, Self::VisitingRoom];

    /// Its name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::ServiceStation => "service-station",
            Self::Household => "household",
            Self::VisitingRoom => "visiting-room",
        }
    }

    /// Text of its station file. Its devices have placeholder paths such as `demo:printer`; the demo puts the paths of
    /// its simulators in their place.
    #[must_use]
    pub fn station(self) -> &'static str {
        match self {
            Self::ServiceStation => include_str!("../demo.toml"),
            Self::Household => include_str!("../household.toml"),
            Self::VisitingRoom => include_str!("../visiting-room.toml"),
        }
    }

    /// Text that says who visits it.
    #[must_use]
    pub fn people(self) -> &'static str {
        match self {
            Self::ServiceStation => include_str!("../demo.people.toml"),
            Self::Household => include_str!("../household.people.toml"),
            Self::VisitingRoom => include_str!("../visiting-room.people.toml"),
        }
    }
}

impl fmt::Display for DemoProfile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for DemoProfile {
    type Err = UnknownDemo;

    fn from_str(name: &str) -> Result<Self, UnknownDemo> {
        let found = Self::ALL.into_iter().find(|profile| profile.name() == name);
        found.ok_or_else(|| UnknownDemo(name.to_owned()))
    }
}

/// Text of the station file of the demo that one gets without asking for another.
#[must_use]
pub fn demo() -> &'static str {
    DemoProfile::default().station()
}
