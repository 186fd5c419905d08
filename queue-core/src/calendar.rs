//! The hours of one business day as instants. The station computes them from its calendar, and they enter the log with the
//! day: the engine knows neither dates nor time zones.

use alloc::collections::BTreeMap;
use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use crate::ids::ServiceId;
use crate::time::StationTime;

/// A span of time: `from` is in it, `until` is not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Window {
    /// First instant.
    pub from: StationTime,
    /// First instant after it.
    pub until: StationTime,
}

impl Window {
    /// Whether an instant is in it.
    #[must_use]
    pub fn contains(&self, at: StationTime) -> bool {
        self.from <= at && at < self.until
    }
}

/// So many tickets of a service may be taken in a span.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Quota {
    /// When it counts.
    pub window: Window,
    /// Most tickets in it. A ticket given up before its first call gives its place back.
    pub tickets: u32,
}

/// What holds for one service beside the hours of the station.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub struct ServiceHours {
    /// When its tickets are given out; none: as long as the station gives out tickets.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub windows: Option<Vec<Window>>,
    /// Quotas; where they overlap, each holds.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub quotas: Vec<Quota>,
    /// When its tickets are given out again after this day, where that is not the station's next opening.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_opening: Option<StationTime>,
}

/// When tickets are given out on one business day.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub struct DayHours {
    /// Spans in which the station is open; none: closed all day.
    pub station: Vec<Window>,
    /// Services with something of their own.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub services: BTreeMap<ServiceId, ServiceHours>,
    /// First opening after this day, where the calendar knows one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_opening: Option<StationTime>,
}

fn next_of(windows: &[Window], at: StationTime) -> Option<StationTime> {
    windows
        .iter()
        .map(|w| w.from)
        .filter(|from| *from > at)
        .min()
}

impl DayHours {
    /// Whether the station is open at an instant.
    #[must_use]
    pub fn is_open(&self, at: StationTime) -> bool {
        self.station.iter().any(|w| w.contains(at))
    }

    /// Whether a span lies within opening hours of the station, and of a service that has some of its own.
    #[must_use]
    pub fn covers(&self, service: &ServiceId, span: Window) -> bool {
        let lies_in = |windows: &[Window]| {
            let around = |w: &Window| w.from <= span.from && span.until <= w.until;
            windows.iter().any(around)
        };
        let own = self.services.get(service).and_then(|s| s.windows.as_ref());
        lies_in(&self.station) && own.is_none_or(|windows| lies_in(windows))
    }

    /// When the station opens next, after an instant.
    #[must_use]
    pub fn opens(&self, at: StationTime) -> Option<StationTime> {
        next_of(&self.station, at).or(self.next_opening)
    }

    /// End of the last span of the day; none where the station is closed all day.
    #[must_use]
    pub fn closing(&self) -> Option<StationTime> {
        self.station.iter().map(|w| w.until).max()
    }

    /// Whether tickets of a service are given out at an instant at which the station is open.
    #[must_use]
    pub fn is_service_open(&self, service: &ServiceId, at: StationTime) -> bool {
        let own = self.services.get(service).and_then(|s| s.windows.as_ref());
        own.is_none_or(|windows| windows.iter().any(|w| w.contains(at)))
    }

    /// When tickets of a service are given out next, after an instant.
    #[must_use]
    pub fn service_opens(&self, service: &ServiceId, at: StationTime) -> Option<StationTime> {
        let own = self.services.get(service);
        let today = match own.and_then(|s| s.windows.as_ref()) {
            Some(windows) => next_of(windows, at),
            None => next_of(&self.station, at),
        };
        today.or_else(|| own.and_then(|s| s.next_opening).or(self.next_opening))
    }

    /// The quotas of a service that count at an instant.
    pub fn quotas_at<'a>(
        &'a self,
        service: &ServiceId,
        at: StationTime,
    ) -> impl Iterator<Item = &'a Quota> + 'a {
        let quotas = self.services.get(service).map(|s| s.quotas.as_slice());
        quotas
            .unwrap_or_default()
            .iter()
            .filter(move |quota| quota.window.contains(at))
    }

    /// When tickets of a service whose quota is used up are given out again: once the quota's time is over, as outside it
    /// there is no limit and the next quota counts anew; else when the service opens after that.
    #[must_use]
    pub fn quota_opens(&self, service: &ServiceId, at: StationTime) -> Option<StationTime> {
        let ends = self.quotas_at(service, at).map(|q| q.window.until).max();
        let ends = ends.unwrap_or(at);
        if self.is_open(ends) && self.is_service_open(service, ends) {
            return Some(ends);
        }
        self.service_opens(service, ends)
    }
}
