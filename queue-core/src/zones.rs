//! Zones: waiting areas of a station. A service has the zone in which its visitors wait, a counter the one in which it
//! stands.
//!
//! A zone may have a rule of its own. It stands by itself then: its counters handle its services and no others do, so
//! that two who are compared are always compared by one rule. The rule may be changed for the rest of the day; the plan
//! in force is then the stored one with that change, and the day keeps what the stored one says.

use alloc::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::engine::Engine;
use crate::ids::{CounterId, ServiceId, ZoneId};
use crate::plan::{PlanError, ProfilePlan, StationPlan};
use crate::policy::{Discipline, LineId};

/// One zone.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ZonePlan {
    /// Its own rule; none: the station's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub discipline: Option<Discipline>,
}

/// The zones of a plan.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PlanZones {
    /// By id.
    pub zones: BTreeMap<ZoneId, ZonePlan>,
    /// Where the visitors of a service wait.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub services: BTreeMap<ServiceId, ZoneId>,
    /// Where a counter stands.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub counters: BTreeMap<CounterId, ZoneId>,
}

/// The rule that holds somewhere, and whose it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RuleInForce<'a> {
    /// The zone that has it for itself; none: the station.
    pub zone: Option<&'a ZoneId>,
    /// The rule.
    pub discipline: Discipline,
}

/// What the stored plan says where the day has changed it.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub(crate) struct PlannedRules {
    station: Option<Discipline>,
    zones: BTreeMap<ZoneId, Option<Discipline>>,
}

impl StationPlan {
    /// The zone in which the visitors of a service wait.
    #[must_use]
    pub fn zone_of_service(&self, service: &ServiceId) -> Option<&ZoneId> {
        self.zones.services.get(service)
    }

    /// The zone in which a counter stands.
    #[must_use]
    pub fn zone_of_counter(&self, counter: &CounterId) -> Option<&ZoneId> {
        self.zones.counters.get(counter)
    }

    /// The rule that holds in a zone.
    #[must_use]
    pub fn rule_in<'a>(&self, zone: Option<&'a ZoneId>) -> RuleInForce<'a> {
        let own = zone.and_then(|zone| self.zones.zones.get(zone)?.discipline);
        RuleInForce {
            zone: zone.filter(|_| own.is_some()),
            discipline: own.unwrap_or(self.rules.discipline),
        }
    }

    /// The rule that holds between those of a line.
    #[must_use]
    pub fn rule_of(&self, line: LineId<'_>) -> RuleInForce<'_> {
        self.rule_in(match line {
            LineId::Service(service) => self.zone_of_service(service),
            LineId::Directed(counter) => self.zone_of_counter(counter),
        })
    }

    /// Whether a counter may switch to a profile: one rule holds for all of it.
    #[must_use]
    pub fn fits(&self, counter: &CounterId, profile: &ProfilePlan) -> bool {
        let mut services = profile.skills.iter().chain(&profile.overflow_skills);
        services.all(|service| self.under_one_rule(counter, service))
    }

    fn under_one_rule(&self, counter: &CounterId, service: &ServiceId) -> bool {
        let of_counter = self.rule_of(LineId::Directed(counter)).zone;
        of_counter == self.rule_of(LineId::Service(service)).zone
    }

    pub(crate) fn check_zones(&self) -> Result<(), PlanError> {
        let zones = self.zones.services.values();
        let mut named = zones.chain(self.zones.counters.values());
        if let Some(zone) = named.find(|zone| !self.zones.zones.contains_key(*zone)) {
            return Err(PlanError::UnknownZone(zone.clone()));
        }
        for (counter, plan) in &self.counters {
            let mut services = plan.skills.iter().chain(&plan.overflow_skills);
            if let Some(service) = services.find(|s| !self.under_one_rule(counter, s)) {
                return Err(PlanError::ZoneNotApart {
                    counter: counter.clone(),
                    service: service.clone(),
                });
            }
        }
        Ok(())
    }
}

impl Engine {
    /// The stored plan: the one in force without what was changed for this day.
    #[must_use]
    pub fn stored_plan(&self) -> StationPlan {
        let mut plan = (*self.plan).clone();
        let Some(day) = &self.day else { return plan };
        if let Some(discipline) = day.planned.station {
            plan.rules.discipline = discipline;
        }
        for (zone, discipline) in &day.planned.zones {
            if let Some(zone) = plan.zones.zones.get_mut(zone) {
                zone.discipline = *discipline;
            }
        }
        plan
    }

    /// The plan in force, with another rule in a zone, or in the station where none is named; none: the stored one.
    pub(crate) fn plan_under(
        &self,
        zone: Option<&ZoneId>,
        discipline: Option<Discipline>,
    ) -> StationPlan {
        let stored = self.stored_plan();
        let mut plan = (*self.plan).clone();
        match zone {
            None => plan.rules.discipline = discipline.unwrap_or(stored.rules.discipline),
            Some(zone) => {
                let planned = stored.zones.zones.get(zone).and_then(|z| z.discipline);
                if let Some(of_zone) = plan.zones.zones.get_mut(zone) {
                    of_zone.discipline = discipline.or(planned);
                }
            }
        }
        plan
    }

    /// Whether a zone may have a rule of its own: no counter stands between it and another one.
    ///
    /// # Errors
    /// Why not.
    pub fn may_stand_apart(&self, zone: &ZoneId) -> Result<(), PlanError> {
        let rule = self.plan.rule_in(Some(zone)).discipline;
        self.plan_under(Some(zone), Some(rule)).check()
    }

    /// What the stored plan says where `plan` says something else.
    pub(crate) fn planned_beside(stored: &StationPlan, plan: &StationPlan) -> PlannedRules {
        let station = stored.rules.discipline;
        let zones = stored.zones.zones.iter();
        let changed = zones.filter(|(id, zone)| plan.zones.zones.get(*id) != Some(*zone));
        PlannedRules {
            station: (station != plan.rules.discipline).then_some(station),
            zones: changed
                .map(|(id, zone)| (id.clone(), zone.discipline))
                .collect(),
        }
    }

    /// Whether the rule of a zone, or the station's, was changed for this day.
    #[must_use]
    pub fn rule_is_changed(&self, zone: Option<&ZoneId>) -> bool {
        self.day.as_ref().is_some_and(|day| match zone {
            None => day.planned.station.is_some(),
            Some(zone) => day.planned.zones.contains_key(zone),
        })
    }
}
