//! The part of the station's configuration that changes decisions. It enters the log as an event, so that replaying an
//! old log gives the old answers.

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::appointments::AppointmentPlan;
use crate::ids::{ClassId, CounterId, ProfileId, Series, ServiceId, ZoneId};
use crate::later::Later;
use crate::limits::PlanLimits;
use crate::policy::Discipline;
use crate::sessions::PlanSessions;
use crate::zones::PlanZones;

/// Steps of one service.
const STEPS_MAX: usize = 8;

/// Everything the engine needs to know of a station.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StationPlan {
    /// Services by id.
    pub services: BTreeMap<ServiceId, ServicePlan>,
    /// Ticket classes by id. There is at least one.
    pub classes: BTreeMap<ClassId, ClassPlan>,
    /// The class of a ticket that names none.
    pub default_class: Option<ClassId>,
    /// Counters by id.
    pub counters: BTreeMap<CounterId, CounterPlan>,
    /// Sets of services that counters switch to during the day.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub profiles: BTreeMap<ProfileId, ProfilePlan>,
    /// The rest of the rules.
    pub rules: Rules,
    /// Appointments; none are offered where it is left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub appointments: Option<AppointmentPlan>,
    /// What limits tickets, and when alarms are raised.
    #[serde(default, skip_serializing_if = "Later::is_default")]
    pub limits: Later<PlanLimits>,
    /// Waiting areas.
    #[serde(default, skip_serializing_if = "Later::is_default")]
    pub zones: Later<PlanZones>,
    /// Services with sessions.
    #[serde(default, skip_serializing_if = "Later::is_default")]
    pub sessions: Later<PlanSessions>,
}

/// One service.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ServicePlan {
    /// Letter of its numbers. Two services may share one.
    pub series: Series,
    /// Longest wait the station promises, seconds; none where it has promised nothing.
    pub wait_standard_s: Option<u32>,
    /// Handling time expected before any was measured, seconds (the forecast's first guess).
    pub expected_handling_s: u32,
    /// Services its visitors go through in this order, instead of a line of its own; empty: it has its own.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub steps: Vec<ServiceId>,
    /// Whether staff have to see who a ticket is for before it becomes callable.
    #[serde(default, skip_serializing_if = "core::ops::Not::not")]
    pub identity_check: bool,
}

/// One class.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClassPlan {
    /// Head start in the queue, seconds (0 to 3600): such a ticket counts as taken that much earlier.
    pub credit_s: u32,
    /// Rank under [`Discipline::Strict`]; the lowest is called first.
    #[serde(default, skip_serializing_if = "is_no_rank")]
    pub rank: u8,
    /// Points per waited second under [`Discipline::Accumulating`], thousandths (1 to 100,000).
    #[serde(default = "one_point", skip_serializing_if = "is_one_point")]
    pub rate_permille: u32,
}

impl Default for ClassPlan {
    fn default() -> Self {
        Self {
            credit_s: 0,
            rank: 0,
            rate_permille: one_point(),
        }
    }
}

fn is_no_rank(rank: &u8) -> bool {
    *rank == 0
}

fn one_point() -> u32 {
    1_000
}

fn is_one_point(rate_permille: &u32) -> bool {
    *rate_permille == one_point()
}

/// One counter.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CounterPlan {
    /// Services of its own.
    pub skills: BTreeSet<ServiceId>,
    /// Services it helps out with: when nobody waits for its own, or when the first come of such a service has waited
    /// for the overflow delay.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub overflow_skills: BTreeSet<ServiceId>,
    /// That delay, seconds (0 to 7200).
    #[serde(default = "five_minutes", skip_serializing_if = "is_five_minutes")]
    pub overflow_delay_s: u32,
    /// Whether a finished visitor is asked for a rating there.
    pub asks_rating: bool,
    /// Whether it calls by itself when it is free; staff may switch it for the day.
    #[serde(default, skip_serializing_if = "core::ops::Not::not")]
    pub auto_call: bool,
    /// How long it has to have been free then, seconds.
    #[serde(default = "ten_seconds", skip_serializing_if = "is_ten_seconds")]
    pub auto_after_s: u32,
}

impl Default for CounterPlan {
    fn default() -> Self {
        Self {
            skills: BTreeSet::new(),
            overflow_skills: BTreeSet::new(),
            overflow_delay_s: five_minutes(),
            asks_rating: false,
            auto_call: false,
            auto_after_s: ten_seconds(),
        }
    }
}

/// A set of services that a counter may switch to.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProfilePlan {
    /// Services that are the counter's own then.
    pub skills: BTreeSet<ServiceId>,
    /// Services it helps out with then, after the counter's overflow delay.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub overflow_skills: BTreeSet<ServiceId>,
}

fn ten_seconds() -> u32 {
    10
}

fn is_ten_seconds(after_s: &u32) -> bool {
    *after_s == ten_seconds()
}

fn five_minutes() -> u32 {
    300
}

fn is_five_minutes(delay_s: &u32) -> bool {
    *delay_s == five_minutes()
}

/// The rules of the station.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rules {
    /// How long staff may take back their last action, milliseconds.
    pub undo_window_ms: i64,
    /// Who is called next.
    #[serde(default, skip_serializing_if = "Discipline::is_head_start")]
    pub discipline: Discipline,
    /// What becomes of a visitor who does not come.
    #[serde(default, skip_serializing_if = "NoShowRule::is_default")]
    pub no_show: NoShowRule,
}

/// What becomes of a called visitor who does not come.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct NoShowRule {
    /// Seconds from a call to the next recall.
    pub recall_after_s: u32,
    /// Recalls before the visitor counts as missed.
    pub recalls: u32,
    /// Whether the station makes them by itself.
    pub automatic_recalls: bool,
    /// How long a missed visitor may come back, seconds from being marked as a no-show.
    pub return_within_s: u32,
    /// How often; 0: never, a new ticket is needed.
    pub returns: u8,
    /// Behind how many waiting tickets of the service a missed visitor then stands.
    pub return_behind: u8,
}

impl Default for NoShowRule {
    fn default() -> Self {
        Self {
            recall_after_s: 30,
            recalls: 2,
            automatic_recalls: false,
            return_within_s: 1_800,
            returns: 2,
            return_behind: 3,
        }
    }
}

impl NoShowRule {
    fn is_default(&self) -> bool {
        *self == Self::default()
    }
}

impl Default for Rules {
    fn default() -> Self {
        Self {
            undo_window_ms: 8_000,
            discipline: Discipline::default(),
            no_show: NoShowRule::default(),
        }
    }
}

/// Why a plan cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum PlanError {
    /// There is no class at all.
    #[error("at least one class is needed")]
    NoClass,
    /// The default class is not among the classes.
    #[error("the default class is not one of the classes")]
    NoDefaultClass,
    /// A credit over the limit of 60 minutes.
    #[error("class `{0}`: the head start is over 60 minutes")]
    CreditTooLarge(ClassId),
    /// A rate that is nothing or over the limit of 100 points per second.
    #[error("class `{0}`: the rate is not between 0.001 and 100")]
    RateOutOfRange(ClassId),
    /// Appointments are of a class, or for a service, that is not there.
    #[error("appointments name the unknown `{0}`")]
    UnknownInAppointments(String),
    /// Slots without length or places.
    #[error(
        "appointments for `{0}`: a slot is at least 60 seconds long and has at least one place"
    )]
    EmptySlots(ServiceId),
    /// A counter names a service that is not there.
    #[error("counter `{counter}` names the unknown service `{service}`")]
    UnknownSkill {
        /// The counter.
        counter: CounterId,
        /// What it names.
        service: String,
    },
    /// A counter helps out with a service of its own.
    #[error("counter `{counter}` helps out with `{service}`, which is its own")]
    OverflowIsOwn {
        /// The counter.
        counter: CounterId,
        /// The service.
        service: ServiceId,
    },
    /// A profile names a service that is not there, or helps out with one of its own.
    #[error("the profile `{profile}` cannot have the service `{service}`")]
    UnusableProfile {
        /// The profile.
        profile: ProfileId,
        /// The service.
        service: ServiceId,
    },
    /// A step that is not there, or has steps itself, or too many of them.
    #[error("service `{service}` cannot have the step `{step}`")]
    UnusableStep {
        /// The service.
        service: ServiceId,
        /// The step.
        step: ServiceId,
    },
    /// An overflow delay over the limit of two hours.
    #[error("counter `{0}`: the overflow delay is over two hours")]
    OverflowDelayTooLong(CounterId),
    /// Sessions that cannot be: of a service that is not there or is handled elsewhere too, without seats, with more kept
    /// seats than seats, or out of range.
    #[error("the sessions of service `{0}` cannot be used")]
    UnusableSessions(ServiceId),
    /// A service or a counter is in a zone that is not there.
    #[error("there is no zone `{0}`")]
    UnknownZone(ZoneId),
    /// A zone has a rule of its own, and one of its counters handles a service of another zone, or the reverse.
    #[error(
        "counter `{counter}` handles `{service}` under another rule: a zone with a rule of its own stands by itself"
    )]
    ZoneNotApart {
        /// The counter.
        counter: CounterId,
        /// The service.
        service: ServiceId,
    },
}

impl StationPlan {
    /// The class of a ticket that names none.
    #[must_use]
    pub fn default_class(&self) -> Option<&ClassId> {
        self.default_class.as_ref()
    }

    /// The stations of a service: its steps, or itself.
    pub fn stations<'a>(
        &'a self,
        service: &'a ServiceId,
    ) -> impl Iterator<Item = &'a ServiceId> + 'a {
        let steps = self.services.get(service).map_or(&[][..], |s| &s.steps);
        let itself = steps.is_empty().then_some(service);
        steps.iter().chain(itself)
    }

    /// Where the visitors of a service wait first.
    #[must_use]
    pub fn first_station<'a>(&'a self, service: &'a ServiceId) -> &'a ServiceId {
        self.stations(service).next().unwrap_or(service)
    }

    fn unusable_step<'a>(&self, plan: &'a ServicePlan) -> Option<&'a ServiceId> {
        let plain = |step: &ServiceId| self.services.get(step).is_some_and(|s| s.steps.is_empty());
        let mut steps = plan.steps.iter().enumerate();
        steps
            .find(|(nth, step)| *nth >= STEPS_MAX || !plain(step))
            .map(|(_, step)| step)
    }

    /// Checks what the types cannot say.
    ///
    /// # Errors
    /// The first [`PlanError`] found.
    pub fn check(&self) -> Result<(), PlanError> {
        if self.classes.is_empty() {
            return Err(PlanError::NoClass);
        }
        if !self
            .default_class
            .as_ref()
            .is_some_and(|c| self.classes.contains_key(c))
        {
            return Err(PlanError::NoDefaultClass);
        }
        if let Some((id, _)) = self.classes.iter().find(|(_, c)| c.credit_s > 3_600) {
            return Err(PlanError::CreditTooLarge(id.clone()));
        }
        let has_rate = |c: &ClassPlan| (1..=100_000).contains(&c.rate_permille);
        if let Some((id, _)) = self.classes.iter().find(|(_, c)| !has_rate(c)) {
            return Err(PlanError::RateOutOfRange(id.clone()));
        }
        for (service, plan) in &self.services {
            if let Some(step) = self.unusable_step(plan) {
                return Err(PlanError::UnusableStep {
                    service: service.clone(),
                    step: step.clone(),
                });
            }
        }
        self.check_appointments()?;
        for (counter, plan) in &self.counters {
            let mut named = plan.skills.iter().chain(&plan.overflow_skills);
            if let Some(service) = named.find(|s| !self.services.contains_key(*s)) {
                return Err(PlanError::UnknownSkill {
                    counter: counter.clone(),
                    service: service.to_string(),
                });
            }
            if let Some(service) = plan.skills.intersection(&plan.overflow_skills).next() {
                return Err(PlanError::OverflowIsOwn {
                    counter: counter.clone(),
                    service: service.clone(),
                });
            }
            if plan.overflow_delay_s > 7_200 {
                return Err(PlanError::OverflowDelayTooLong(counter.clone()));
            }
        }
        for (profile, plan) in &self.profiles {
            let unusable = |s: &&ServiceId| {
                !self.services.contains_key(*s)
                    || plan.skills.contains(*s) && plan.overflow_skills.contains(*s)
            };
            let mut named = plan.skills.iter().chain(&plan.overflow_skills);
            if let Some(service) = named.find(unusable) {
                return Err(PlanError::UnusableProfile {
                    profile: profile.clone(),
                    service: service.clone(),
                });
            }
        }
        self.check_sessions()?;
        self.check_zones()
    }

    /// Whether the classes differ in what a rule goes by: every class has a rank of its own, not all have the same rate.
    /// A rule under which they do not would be first come, first served by another name.
    #[must_use]
    pub fn distinguishes(&self, rule: Discipline) -> bool {
        let differ = |of: fn(&ClassPlan) -> u32| {
            let values = self.classes.values().map(of);
            values.collect::<BTreeSet<_>>().len()
        };
        match rule {
            Discipline::Strict => differ(|class| class.rank.into()) == self.classes.len(),
            Discipline::Accumulating => self.classes.len() == 1 || differ(|c| c.rate_permille) > 1,
            Discipline::HeadStart | Discipline::Fcfs | Discipline::Ratio { .. } => true,
        }
    }

    fn check_appointments(&self) -> Result<(), PlanError> {
        let Some(plan) = &self.appointments else {
            return Ok(());
        };
        let class = plan.class.as_ref();
        if let Some(class) = class.filter(|class| !self.classes.contains_key(*class)) {
            return Err(PlanError::UnknownInAppointments(class.to_string()));
        }
        for (service, slots) in &plan.services {
            if !self.services.contains_key(service) {
                return Err(PlanError::UnknownInAppointments(service.to_string()));
            }
            if slots.slot_s < 60 || slots.capacity == 0 {
                return Err(PlanError::EmptySlots(service.clone()));
            }
        }
        Ok(())
    }
}
