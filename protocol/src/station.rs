//! The part of the station file that screens need: names, services, counters. Topic `station`.

use std::collections::BTreeMap;

use queue_core::{
    Board, ClassId, CounterId, CounterState, ProfileId, Series, ServiceId, StationTime, ZoneId,
};
use serde::{Deserialize, Serialize};

use crate::GuideInfo;

/// A text in several languages, by BCP 47 tag. `zh-Hant-TW` is always there.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Names(pub BTreeMap<String, String>);

impl Names {
    /// The text in `tag`; else in English, else in Chinese, else empty.
    #[must_use]
    pub fn get(&self, tag: &str) -> &str {
        [tag, "en", "zh-Hant-TW"]
            .iter()
            .find_map(|t| self.0.get(*t))
            .map_or("", String::as_str)
    }

    /// Whether it says nothing in any language.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The Chinese text.
    #[must_use]
    pub fn zh(&self) -> &str {
        self.get("zh-Hant-TW")
    }
}

/// What every screen of a station knows of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StationInfo {
    /// Name of the station.
    pub name: Names,
    /// IANA time zone, `Asia/Taipei`.
    pub timezone: String,
    /// Opening hours as shown: `08:00`, `17:00`.
    pub hours: (String, String),
    /// Telephone number, printed on tickets.
    pub phone: String,
    /// Address under which visitors reach the station's pages; the QR codes start with it.
    pub public_url: String,
    /// Services in the station's order.
    pub services: Vec<ServiceInfo>,
    /// Counters in the station's order.
    pub counters: Vec<CounterInfo>,
    /// Announcements for the foot of the board.
    pub announcements: Vec<Names>,
    /// Classes of tickets in the station's order.
    #[serde(default)]
    pub classes: Vec<ClassInfo>,
    /// Waiting areas in the station's order; empty: the station is one.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub zones: Vec<ZoneInfo>,
    /// Where identities are checked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub identity_desk: Option<Names>,
    /// Appointments, where the station offers them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub appointments: Option<AppointmentsInfo>,
    /// The questions for those who do not know which service they need.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub guide: Option<GuideInfo>,
}

/// What visitors may do about appointments.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AppointmentsInfo {
    /// Book on the station's web page.
    pub book_on_the_web: bool,
    /// Check in on their own telephone.
    pub check_in_by_phone: bool,
    /// The services, in the station's order.
    pub services: Vec<SlotsInfo>,
}

/// The times of one service that can be booked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SlotsInfo {
    /// The service.
    pub service: ServiceId,
    /// Length of a slot, minutes.
    pub slot_min: u32,
    /// Hours in which slots lie, each day: `("09:00", "12:00")`.
    pub hours: Vec<(String, String)>,
    /// How many days ahead one can book.
    pub days_ahead: u32,
}

impl StationInfo {
    /// A service by id.
    #[must_use]
    pub fn service(&self, id: &ServiceId) -> Option<&ServiceInfo> {
        self.services.iter().find(|s| s.id == *id)
    }

    /// The name of a class in `tag`; its id where the station does not know it.
    #[must_use]
    pub fn class_name<'a>(&'a self, id: &'a ClassId, tag: &str) -> &'a str {
        let class = self.classes.iter().find(|class| class.id == *id);
        class.map_or(id.as_str(), |class| class.name.get(tag))
    }
    /// The zone in which visitors of a service wait; none where the station is one.
    #[must_use]
    pub fn waiting_zone(&self, service: &ServiceId) -> Option<&ZoneInfo> {
        self.zone(self.service(service)?.zone.as_ref()?)
    }

    /// The zone in which a counter stands; none where the station is one.
    #[must_use]
    pub fn counter_zone(&self, counter: &CounterId) -> Option<&ZoneInfo> {
        let info = self.counters.iter().find(|c| c.id == *counter)?;
        self.zone(info.zone.as_ref()?)
    }

    /// The zone to which somebody of a service has to go for a counter; none where it is the one in which he waits.
    #[must_use]
    pub fn other_zone(&self, service: &ServiceId, counter: &CounterId) -> Option<&ZoneInfo> {
        let there = self.counter_zone(counter)?;
        let here = self.waiting_zone(service);
        (here != Some(there)).then_some(there)
    }

    /// Whether any service asks for an identity check, or somebody still waits for one.
    #[must_use]
    pub fn checks_identities(&self, board: &Board) -> bool {
        self.services.iter().any(|service| service.identity_check)
            || board.services.iter().any(|service| service.unverified > 0)
    }

    /// The services among which visitors choose.
    pub fn offered(&self) -> impl Iterator<Item = &ServiceInfo> {
        self.services.iter().filter(|service| !service.only_step)
    }

    /// What may share a ticket with a service.
    pub fn together_with(&self, first: &ServiceId) -> impl Iterator<Item = &ServiceInfo> {
        let shares = self.service(first).is_some_and(|service| service.together);
        self.offered()
            .filter(move |service| shares && service.together && service.id != *first)
    }

    /// A zone by id.
    #[must_use]
    pub fn zone(&self, id: &ZoneId) -> Option<&ZoneInfo> {
        self.zones.iter().find(|zone| zone.id == *id)
    }

    /// When a station without a calendar opens later on the date `today`, at wall clock `time` (`HH:MM`) while no day is
    /// open; none after opening time, or when the day of that date has ended already.
    #[must_use]
    pub fn opens_later(&self, board: &Board, today: &str, time: &str) -> Option<&str> {
        let held = board.ended.is_some_and(|day| day.to_string() == today);
        let opens = self.hours.0.as_str();
        (!held && time < opens).then_some(opens)
    }
    /// The pause of the counters for a service for which none is open, if one of them is only paused.
    #[must_use]
    pub fn pause_of(&self, board: &Board, service: &ServiceId) -> Option<Pause> {
        let able = self.counters.iter().filter(|c| c.skills.contains(service));
        let ends = able.filter_map(|info| {
            let counter = board.counters.iter().find(|c| c.id == info.id)?;
            match &counter.state {
                CounterState::Paused { until, .. } => Some(until.filter(|at| *at > board.at)),
                CounterState::Open | CounterState::Closed => None,
            }
        });
        let ends: Vec<_> = ends.collect();
        let until = ends.iter().flatten().min().copied();
        (!ends.is_empty()).then_some(Pause { until })
    }
}

/// One class of tickets.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClassInfo {
    /// Id.
    pub id: ClassId,
    /// Name.
    pub name: Names,
}

/// Why nobody is called for a service: its counters make a pause.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pause {
    /// When the first of them goes on, where that was said and is still to come.
    pub until: Option<StationTime>,
}

/// One service.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ServiceInfo {
    /// Id.
    pub id: ServiceId,
    /// Letter of its numbers.
    pub series: Series,
    /// Full name.
    pub name: Names,
    /// Short name for boards and tables.
    pub short_name: Names,
    /// Icon name of the design language.
    pub icon: String,
    /// Promised longest wait, seconds.
    pub wait_standard_s: u32,
    /// Papers to have ready, at most three are shown.
    pub documents: Vec<Names>,
    /// Most persons a visitor may take one ticket for.
    #[serde(default = "one_person")]
    pub max_persons: u16,
    /// Only a step of other services: no visitor chooses it.
    #[serde(default, skip_serializing_if = "core::ops::Not::not")]
    pub only_step: bool,
    /// It may share a ticket with other services of which this is said too.
    #[serde(default, skip_serializing_if = "core::ops::Not::not")]
    pub together: bool,
    /// A ticket of it is not called before its identity check.
    #[serde(default, skip_serializing_if = "core::ops::Not::not")]
    pub identity_check: bool,
    /// The zone in which its visitors wait.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub zone: Option<ZoneId>,
    /// Its visits are held in sessions: the board says which.
    #[serde(default, skip_serializing_if = "core::ops::Not::not")]
    pub sessions: bool,
}

fn one_person() -> u16 {
    1
}

/// A set of services that a counter may be switched to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProfileInfo {
    /// Id.
    pub id: ProfileId,
    /// Name, for staff.
    pub name: Names,
}

/// One counter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CounterInfo {
    /// Id, as visitors read it.
    pub id: CounterId,
    /// Services it may serve.
    pub skills: Vec<ServiceId>,
    /// Walking direction from the hall board: `left`, `right`, `up`; empty: no arrow.
    pub direction: String,
    /// The zone in which it stands.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub zone: Option<ZoneId>,
}

/// A waiting area.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ZoneInfo {
    /// Id.
    pub id: ZoneId,
    /// Name, as visitors look for it.
    pub name: Names,
}
