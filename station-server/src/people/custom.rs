//! What visitors want and how a visit goes: every draw about a single person.

use std::collections::BTreeMap;

use firmware_config::profile::parse_toml;
use queue_core::{ClassId, LanguageTag, ServiceId};
use serde::Deserialize;
use station_config::{DemoProfile, StationFile};

use super::random::Random;

/// Weight of a service that the profile says nothing of.
const OTHER_WEIGHT: u32 = 10;
/// Standard deviation of the logarithm of the handling time.
const HANDLING_SIGMA: f64 = 0.5;
/// Handling time of a service the station file does not know, seconds.
const HANDLING_S: f64 = 300.0;
/// What a visit costs beside its handling, on average: the way to the counter and between two visitors, seconds.
const OVERHEAD_S: f64 = 36.0;

/// Who visits a demo station: the profile's own file. Shares are of one.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct People {
    /// Of priority tickets.
    priority: f64,
    /// Of visitors who give up on their phone while they wait.
    gives_up: f64,
    /// Of visitors who do not come when called.
    stays_away: f64,
    /// Of visits in which something is missing and the visitor is put aside.
    held: f64,
    /// Of visits that go on at another counter.
    transferred: f64,
    /// Of visits after which the next visitor is called in the same breath.
    next_at_once: f64,
    /// Of the visitors asked who rate.
    rates: f64,
    /// Of visitors who have another matter, where the service may share a ticket.
    #[serde(default)]
    another_matter: f64,
    /// Of visitors who come as a group, where the service lets them.
    #[serde(default)]
    groups: f64,
    /// How many want which service.
    services: BTreeMap<ServiceId, u32>,
    /// How many speak which language.
    languages: BTreeMap<LanguageTag, u32>,
}

/// What somebody wants who comes in.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Wish {
    /// Service.
    pub(super) service: ServiceId,
    /// Class; none: the usual one.
    pub(super) class: Option<ClassId>,
    /// Language.
    pub(super) language: Option<LanguageTag>,
    /// Gives up after so long, life seconds.
    pub(super) patience_s: Option<f64>,
    /// Another matter.
    pub(super) also: Option<ServiceId>,
    /// People who come together.
    pub(super) persons: u16,
}

impl Wish {
    /// There is something to say behind the ticket.
    pub(super) fn is_for_more(&self) -> bool {
        self.also.is_some() || self.persons > 1
    }
}

/// How a visit at a counter goes. All times are life seconds.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Visit {
    /// Comes when called.
    pub(super) comes: bool,
    /// Way to the counter, or how long the clerk waits before the next step with somebody who does not come.
    pub(super) walk_s: f64,
    /// Handling.
    pub(super) handling_s: f64,
    /// Its end.
    pub(super) ending: Ending,
    /// Gives a rating when asked.
    pub(super) rates: bool,
}

/// How a visit ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ending {
    /// Done; the clerk takes a breath.
    Finish,
    /// Done, and the next is called.
    FinishAndNext,
    /// Something is missing, by the code of the reason.
    Hold(&'static str),
    /// Goes on at another counter.
    Transfer,
}

/// The customs of a station's visitors.
#[derive(Debug, Clone)]
pub(super) struct Customs {
    services: Vec<(ServiceId, u32)>,
    /// Services that may share a ticket.
    together: Vec<ServiceId>,
    /// Most people on one ticket.
    max_persons: BTreeMap<ServiceId, u16>,
    handling_s: BTreeMap<ServiceId, f64>,
    languages: Vec<(LanguageTag, u32)>,
    priority: Option<ClassId>,
    people: People,
}

impl Customs {
    /// The customs at a demo station.
    ///
    /// # Errors
    /// What is wrong with its files.
    pub(super) fn of(profile: DemoProfile) -> anyhow::Result<Self> {
        let file = StationFile::parse(profile.name(), profile.station())?;
        let people: People = parse_toml(profile.name(), profile.people())?;
        let weight = |id: &ServiceId| people.services.get(id).copied().unwrap_or(OTHER_WEIGHT);
        let plan = file.plan();
        let other_class = plan
            .classes
            .keys()
            .filter(|c| plan.default_class.as_ref() != Some(*c))
            // Appointments have a head start too, and are not taken at the kiosk.
            .max_by_key(|c| plan.classes.get(*c).map(|class| class.credit_s));
        let offered = || file.services.iter().filter(|service| !service.only_step);
        let together = offered().filter(|service| service.together);
        let max_persons = offered().map(|service| (service.id.clone(), service.max_persons));
        Ok(Self {
            together: together.map(|service| service.id.clone()).collect(),
            max_persons: max_persons.collect(),
            services: plan
                .services
                .keys()
                .filter(|id| offered().any(|service| service.id == **id))
                .map(|id| (id.clone(), weight(id)))
                .collect(),
            handling_s: plan
                .services
                .iter()
                .map(|(id, s)| (id.clone(), f64::from(s.expected_handling_s)))
                .collect(),
            languages: people.languages.clone().into_iter().collect(),
            priority: other_class.cloned(),
            people,
        })
    }

    /// Mean time a visitor keeps a counter, seconds.
    pub(super) fn mean_occupation_s(&self) -> f64 {
        let weight = |w: &u32| f64::from(*w);
        let total: f64 = self.services.iter().map(|(_, w)| weight(w)).sum();
        let handling: f64 = self
            .services
            .iter()
            .map(|(id, w)| weight(w) * self.mean_handling_s(id))
            .sum();
        OVERHEAD_S + handling / total.max(1.0)
    }

    fn mean_handling_s(&self, service: &ServiceId) -> f64 {
        self.handling_s.get(service).copied().unwrap_or(HANDLING_S)
    }

    /// What the next visitor wants; none at a station without services.
    pub(super) fn wish(&self, random: &mut Random) -> Option<Wish> {
        let service = random.weighted(&self.services)?.clone();
        let also = self.another(random, &service);
        let persons = self.persons(random, &service);
        Some(Wish {
            also,
            persons,
            service,
            class: if random.chance(self.people.priority) {
                self.priority.clone()
            } else {
                None
            },
            language: random.weighted(&self.languages).cloned(),
            patience_s: random
                .chance(self.people.gives_up)
                .then(|| random.between(60.0, 600.0)),
        })
    }

    fn another(&self, random: &mut Random, first: &ServiceId) -> Option<ServiceId> {
        let others: Vec<_> = self.together.iter().filter(|id| *id != first).collect();
        let shares = others.len() < self.together.len() && !others.is_empty();
        if !shares || !random.chance(self.people.another_matter) {
            return None;
        }
        random.one(&others).map(|id| (*id).clone())
    }

    fn persons(&self, random: &mut Random, service: &ServiceId) -> u16 {
        let most = self.max_persons.get(service).copied().unwrap_or(1).min(4);
        if most < 2 || !random.chance(self.people.groups) {
            return 1;
        }
        let sizes: Vec<u16> = (2..=most).collect();
        random.one(&sizes).copied().unwrap_or(1)
    }

    /// How a visit for this service goes.
    pub(super) fn visit(&self, random: &mut Random, service: &ServiceId) -> Visit {
        let reasons = ["documents", "form", "photo", "payment"];
        let handling_s = random.lognormal(self.mean_handling_s(service), HANDLING_SIGMA);
        let People {
            held,
            transferred,
            next_at_once,
            ..
        } = self.people;
        let ending = match random.between(0.0, 1.0) {
            x if x < held => Ending::Hold(random.one(&reasons).copied().unwrap_or("other")),
            x if x < held + transferred => Ending::Transfer,
            x if x < held + transferred + next_at_once => Ending::FinishAndNext,
            _ => Ending::Finish,
        };
        Visit {
            comes: !random.chance(self.people.stays_away),
            walk_s: random.between(10.0, 40.0),
            handling_s: match ending {
                Ending::Hold(_) | Ending::Transfer => handling_s * 0.4,
                Ending::Finish | Ending::FinishAndNext => handling_s,
            },
            ending,
            rates: random.chance(self.people.rates),
        }
    }
}

/// The score of somebody who waited so long, 1 to 5: mostly 4 and 5, lower after a long wait.
pub(super) fn score(random: &mut Random, waited_s: f64) -> u8 {
    let scores = match waited_s / 60.0 {
        m if m < 10.0 => [(1, 1), (2, 2), (3, 8), (4, 29), (5, 60)],
        m if m < 25.0 => [(1, 3), (2, 6), (3, 16), (4, 37), (5, 38)],
        _ => [(1, 10), (2, 16), (3, 27), (4, 30), (5, 17)],
    };
    random.weighted(&scores).copied().unwrap_or(4)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn demo() -> Customs {
        Customs::of(DemoProfile::ServiceStation).unwrap()
    }

    #[test]
    fn every_service_of_a_demo_has_a_weight_of_its_own_and_nobody_wants_another() {
        for profile in DemoProfile::ALL {
            let customs = Customs::of(profile).unwrap();
            let weighted = customs.people.services.keys();
            assert!(
                weighted.eq(customs.services.iter().map(|(id, _)| id)),
                "{profile}"
            );
        }
    }

    #[test]
    fn wishes_follow_their_shares() {
        let (customs, mut random) = (demo(), Random::new(11));
        let wishes: Vec<Wish> = (0..20_000)
            .filter_map(|_| customs.wish(&mut random))
            .collect();
        let share = |test: &dyn Fn(&Wish) -> bool| {
            wishes.iter().filter(|w| test(w)).count() as f64 / 20_000.0
        };
        let priority = |w: &Wish| w.class.as_ref().is_some_and(|c| c.as_str() == "priority");
        let chinese = |w: &Wish| {
            w.language
                .as_ref()
                .is_some_and(|l| l.as_str() == "zh-Hant-TW")
        };
        assert!((share(&priority) - 0.25).abs() < 0.01);
        assert!((share(&chinese) - 0.45).abs() < 0.02);
        assert!((share(&|w| w.service.as_str() == "pick-up") - 0.20).abs() < 0.01);
        assert!((share(&|w| w.patience_s.is_some()) - 0.03).abs() < 0.01);
    }

    #[test]
    fn visits_follow_their_shares_and_the_expected_handling() {
        let (customs, mut random) = (demo(), Random::new(12));
        let service = ServiceId::new("mainland-hk-macao").unwrap();
        let visits: Vec<Visit> = (0..40_000)
            .map(|_| customs.visit(&mut random, &service))
            .collect();
        let share = |test: &dyn Fn(&Visit) -> bool| {
            visits.iter().filter(|v| test(v)).count() as f64 / 40_000.0
        };
        assert!((share(&|v| !v.comes) - 0.04).abs() < 0.005);
        assert!((share(&|v| v.rates) - 0.55).abs() < 0.01);
        assert!((share(&|v| v.ending == Ending::Transfer) - 0.03).abs() < 0.005);
        assert!((share(&|v| matches!(v.ending, Ending::Hold(_))) - 0.03).abs() < 0.005);
        let whole: Vec<f64> = visits
            .iter()
            .filter(|v| matches!(v.ending, Ending::Finish | Ending::FinishAndNext))
            .map(|v| v.handling_s)
            .collect();
        let mean = whole.iter().sum::<f64>() / whole.len() as f64;
        assert!((mean / 720.0 - 1.0).abs() < 0.02, "{mean}");
    }

    #[test]
    fn a_long_wait_costs_stars() {
        let mut random = Random::new(13);
        let mut mean = |waited_s: f64| {
            (0..20_000)
                .map(|_| f64::from(score(&mut random, waited_s)))
                .sum::<f64>()
                / 20_000.0
        };
        let (short, middle, long) = (mean(60.0), mean(900.0), mean(3600.0));
        assert!(
            short > middle + 0.2 && middle > long + 0.2,
            "{short} {middle} {long}"
        );
        assert!(short > 4.2);
    }

    proptest! {
        #[test]
        fn every_draw_is_sound(seed: u64, waited_s in -1e6..1e9_f64) {
            static CUSTOMS: std::sync::LazyLock<Customs> = std::sync::LazyLock::new(demo);
            let mut random = Random::new(seed);
            let visit = CUSTOMS.visit(&mut random, &ServiceId::new("nobody-knows-it").unwrap());
            prop_assert!((10.0..=40.0).contains(&visit.walk_s));
            prop_assert!(visit.handling_s > 0.0);
            prop_assert!((1..=5).contains(&score(&mut random, waited_s)));
        }
    }
}
