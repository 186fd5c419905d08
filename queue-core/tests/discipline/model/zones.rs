//! Zones with a rule of their own, and rules that are changed for a day.

use std::collections::BTreeMap;

use queue_core::{CounterId, Discipline, ProfileId, ServiceId, StationPlan, ZoneId};

use super::{Did, Model, Paper, Refused, SHUT};

/// The zone of a service or a counter, if it has a rule of its own.
fn with_own_rule(plan: &StationPlan, zone: Option<&ZoneId>) -> Option<ZoneId> {
    let zone = zone?;
    plan.zones.zones[zone].discipline.map(|_| zone.clone())
}

fn of_counter(plan: &StationPlan, counter: &CounterId) -> Option<ZoneId> {
    with_own_rule(plan, plan.zones.counters.get(counter))
}

fn of_service(plan: &StationPlan, service: &ServiceId) -> Option<ZoneId> {
    with_own_rule(plan, plan.zones.services.get(service))
}

impl Model {
    /// The zone whose own rule holds for a ticket.
    pub(crate) fn own_rule_of(&self, paper: &Paper) -> Option<ZoneId> {
        match &paper.directed_to {
            Some(counter) => of_counter(&self.plan, counter),
            None => of_service(&self.plan, &paper.service),
        }
    }

    /// The rule under which a ticket is compared with others.
    pub(crate) fn rule_for(&self, paper: &Paper) -> Discipline {
        self.rule_in(self.own_rule_of(paper).as_ref())
    }

    pub(crate) fn rule_in(&self, zone: Option<&ZoneId>) -> Discipline {
        let own = zone.and_then(|zone| self.plan.zones.zones[zone].discipline);
        own.unwrap_or(self.plan.rules.discipline)
    }

    /// The zone whose own rule holds at a counter.
    pub(crate) fn own_rule_at(&self, counter: &CounterId) -> Option<ZoneId> {
        of_counter(&self.plan, counter)
    }

    /// Calls counted in the ratio under which this ticket is called.
    pub(crate) fn counted_for(&self, paper: &Paper) -> usize {
        let counted = self.counted.get(&self.own_rule_of(paper));
        counted.map_or(0, Vec::len)
    }

    pub(super) fn fits(&self, counter: &CounterId, profile: &ProfileId) -> bool {
        fits(&self.plan, counter, profile)
    }

    pub(super) fn set_discipline(
        &mut self,
        zone: Option<&ZoneId>,
        discipline: Option<Discipline>,
    ) -> Result<Did, Refused> {
        self.day_runs()?;
        let mut plan = self.plan.clone();
        if zone.is_some_and(|zone| !plan.zones.zones.contains_key(zone)) {
            return Err("unknown_zone");
        }
        let classes: Vec<_> = plan.classes.values().collect();
        let mut pairs = (0..classes.len()).flat_map(|a| (0..a).map(move |b| (a, b)));
        let alike = match discipline {
            Some(Discipline::Strict) => pairs.any(|(a, b)| classes[a].rank == classes[b].rank),
            Some(Discipline::Accumulating) if classes.len() > 1 => {
                pairs.all(|(a, b)| classes[a].rate_permille == classes[b].rate_permille)
            }
            _ => false,
        };
        if alike {
            return Err("classes_alike");
        }
        match zone {
            None => plan.rules.discipline = discipline.unwrap_or(self.stored.rules.discipline),
            Some(zone) => {
                let own = plan.zones.0.zones.get_mut(zone).ok_or("unknown_zone")?;
                own.discipline = discipline.or(self.stored.zones.zones[zone].discipline);
            }
        }
        for (counter, desk) in &plan.counters {
            for service in desk.skills.union(&desk.overflow_skills) {
                if of_counter(&plan, counter) != of_service(&plan, service) {
                    return Err("bad_plan");
                }
            }
        }
        if plan == self.plan {
            return Ok(Did::default());
        }
        self.put_in_force(plan);
        Ok(Did::event())
    }

    /// Another plan: rounds begin where the rule is another, and nothing can be undone any more.
    pub(super) fn put_in_force(&mut self, plan: StationPlan) {
        self.counted.retain(|zone, _| {
            let rule = |plan: &StationPlan| match zone {
                None => Some(plan.rules.discipline),
                Some(zone) => plan.zones.zones.get(zone).and_then(|z| z.discipline),
            };
            rule(&self.plan) == rule(&plan)
        });
        let mut desks = BTreeMap::new();
        for id in plan.counters.keys() {
            let mut desk = self.desks.get(id).cloned().unwrap_or(SHUT);
            desk.undo = None;
            desk.profile = desk.profile.filter(|p| fits(&plan, id, p));
            desks.insert(id.clone(), desk);
        }
        self.desks = desks;
        self.plan = plan;
    }
}

fn fits(plan: &StationPlan, counter: &CounterId, profile: &ProfileId) -> bool {
    let Some(profile) = plan.profiles.get(profile) else {
        return false;
    };
    let services = profile.skills.union(&profile.overflow_skills);
    services
        .into_iter()
        .all(|service| of_service(plan, service) == of_counter(plan, counter))
}
