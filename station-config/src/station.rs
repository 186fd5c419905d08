//! What others take from a station file: the engine's plan, the screens' information, an agent's devices.

use std::net::Ipv4Addr;
use std::num::NonZeroU8;

use protocol::{ClassInfo, CounterInfo, ProfileInfo, ServiceInfo, StationInfo, ZoneInfo};
use queue_core::{
    ClassPlan, CounterPlan, CutOff, Discipline, KioskNumber, NoShowRule, OnePerPerson, PlanLimits,
    PlanZones, ProfilePlan, Rules, ServiceLimits, ServicePlan, StationPlan, ZonePlan,
};

use crate::appointments::Appointments;
use crate::devices::kiosk_number;
use crate::model::{
    self, CutOffRule, Direction, DisciplineRule, Display, Kiosk, OneOpenTicket, StationFile,
};
use crate::ticket::{Paper, Papers};

impl StationFile {
    /// The part that the engine decides by.
    #[must_use]
    pub fn plan(&self) -> StationPlan {
        StationPlan {
            services: self
                .services
                .iter()
                .map(|service| {
                    let plan = ServicePlan {
                        series: service.letter.clone(),
                        wait_standard_s: Some(service.wait_standard_min.saturating_mul(60)),
                        expected_handling_s: service.expected_handling_min.saturating_mul(60),
                        steps: service.steps.clone(),
                        identity_check: service.identity_check,
                    };
                    (service.id.clone(), plan)
                })
                .collect(),
            classes: self
                .classes
                .iter()
                .map(|class| {
                    let plan = ClassPlan {
                        credit_s: class.credit_min.saturating_mul(60),
                        rank: class.rank.unwrap_or_default(),
                        // At most 100, so the cast loses nothing; from here on there are whole numbers only.
                        rate_permille: (class.rate * 1_000.0).round() as u32,
                    };
                    (class.id.clone(), plan)
                })
                .collect(),
            default_class: self
                .classes
                .iter()
                .find(|class| class.default)
                .map(|class| class.id.clone()),
            counters: self
                .counters
                .iter()
                .map(|counter| {
                    let plan = CounterPlan {
                        skills: counter.skills.iter().cloned().collect(),
                        overflow_skills: counter.overflow_skills.iter().cloned().collect(),
                        overflow_delay_s: counter.overflow_delay_s,
                        asks_rating: counter.asks_rating,
                        auto_call: counter.auto_call,
                        auto_after_s: counter.auto_after_s,
                    };
                    (counter.id.clone(), plan)
                })
                .collect(),
            profiles: self
                .profiles
                .iter()
                .map(|profile| {
                    let plan = ProfilePlan {
                        skills: profile.skills.iter().cloned().collect(),
                        overflow_skills: profile.overflow_skills.iter().cloned().collect(),
                    };
                    (profile.id.clone(), plan)
                })
                .collect(),
            rules: Rules {
                undo_window_ms: i64::from(self.rules.undo_window_s) * 1_000,
                discipline: self.discipline.into(),
                no_show: NoShowRule {
                    recall_after_s: self.no_show.recall_after_s,
                    recalls: self.no_show.recalls,
                    automatic_recalls: self.no_show.automatic_recalls,
                    return_within_s: self.no_show.return_within_min.saturating_mul(60),
                    returns: self.no_show.returns,
                    return_behind: self.no_show.return_behind,
                },
            },
            appointments: self.appointments.as_ref().map(Appointments::plan),
            limits: self.limits().into(),
            zones: self.plan_zones().into(),
            sessions: self.plan_sessions().into(),
        }
    }

    fn plan_zones(&self) -> PlanZones {
        let zones = self.zones.iter().map(|zone| {
            let discipline = zone.discipline.map(Into::into);
            (zone.id.clone(), ZonePlan { discipline })
        });
        let services = self.services.iter();
        let counters = self.counters.iter();
        PlanZones {
            zones: zones.collect(),
            services: services
                .filter_map(|s| Some((s.id.clone(), s.zone.clone()?)))
                .collect(),
            counters: counters
                .filter_map(|c| Some((c.id.clone(), c.zone.clone()?)))
                .collect(),
        }
    }

    fn limits(&self) -> PlanLimits {
        let services = self.services.iter().map(|service| {
            let limits = ServiceLimits {
                cut_off: match service.cut_off.unwrap_or(self.rules.cut_off) {
                    CutOffRule::Off => CutOff::Off,
                    CutOffRule::Warn => CutOff::Warn,
                    CutOffRule::Refuse => CutOff::Refuse,
                },
                one_per_person: match service.one_open_ticket {
                    OneOpenTicket::Off => OnePerPerson::Off,
                    OneOpenTicket::WhenKnown => OnePerPerson::WhenKnown,
                    OneOpenTicket::Always => OnePerPerson::Always,
                },
                quota_counts_persons: service.quotas_count_persons,
            };
            (service.id.clone(), limits)
        });
        PlanLimits {
            services: services
                .filter(|(_, limits)| *limits != ServiceLimits::default())
                .collect(),
            alarm_after_s: Some(self.rules.alarm_after_s),
        }
    }

    /// The part that screens show; services and counters in the order of the file.
    #[must_use]
    pub fn info(&self) -> StationInfo {
        let station = &self.station;
        StationInfo {
            name: station.name.clone(),
            timezone: station.timezone.clone(),
            hours: (
                station.hours.open.to_string(),
                station.hours.close.to_string(),
            ),
            phone: station.phone.clone(),
            public_url: station.public_url.trim_end_matches('/').to_owned(),
            services: self
                .services
                .iter()
                .map(|service| ServiceInfo {
                    id: service.id.clone(),
                    series: service.letter.clone(),
                    name: service.name.clone(),
                    short_name: service
                        .short_name
                        .clone()
                        .unwrap_or_else(|| service.name.clone()),
                    icon: service.icon.clone(),
                    wait_standard_s: service.wait_standard_min.saturating_mul(60),
                    max_persons: service.max_persons,
                    only_step: service.only_step,
                    together: service.together,
                    documents: service.documents.clone(),
                    identity_check: service.identity_check,
                    zone: service.zone.clone(),
                    sessions: service.sessions.is_some(),
                })
                .collect(),
            counters: self
                .counters
                .iter()
                .map(|counter| CounterInfo {
                    id: counter.id.clone(),
                    skills: counter.skills.clone(),
                    direction: counter.direction.map_or("", Direction::name).to_owned(),
                    zone: counter.zone.clone(),
                })
                .collect(),
            announcements: self
                .announcements
                .iter()
                .map(|announcement| announcement.text.clone())
                .collect(),
            classes: self
                .classes
                .iter()
                .map(|class| ClassInfo {
                    id: class.id.clone(),
                    name: class.name.clone(),
                })
                .collect(),
            appointments: self.appointments.as_ref().map(|a| a.info(self)),
            zones: self
                .zones
                .iter()
                .map(|zone| ZoneInfo {
                    id: zone.id.clone(),
                    name: zone.name.clone(),
                })
                .collect(),
            identity_desk: self.identity_desk.as_ref().map(|desk| desk.place.clone()),
            guide: self.guide.as_ref().map(|guide| guide.info(&self.services)),
        }
    }

    /// The sets of services that counters may be switched to, in the order of the file.
    #[must_use]
    pub fn profile_names(&self) -> Vec<ProfileInfo> {
        let info = |profile: &model::Profile| ProfileInfo {
            id: profile.id.clone(),
            name: profile.name.clone(),
        };
        self.profiles.iter().map(info).collect()
    }

    /// The papers of its kiosks, and what is certain to stand on them.
    #[must_use]
    pub fn papers(&self) -> Papers {
        let papers = self.kiosks.iter().flat_map(|kiosk| {
            let [first, spare] = [&kiosk.printer, &kiosk.spare_printer]
                .map(|printer| printer.as_ref().map(|printer| printer.head));
            Paper::of_kiosk(&kiosk.id, first, spare)
        });
        let letters = self
            .services
            .iter()
            .map(|service| service.letter.to_string());
        Papers::new(papers.collect(), letters, Some(&self.station.public_url))
    }

    /// A kiosk by id.
    #[must_use]
    pub fn kiosk(&self, id: &str) -> Option<&Kiosk> {
        self.kiosks.iter().find(|kiosk| kiosk.id == id)
    }

    /// The number of a kiosk, which stands in the ticket numbers that it gives out by itself.
    #[must_use]
    pub fn kiosk_number(&self, id: &str) -> Option<KioskNumber> {
        let place = self.kiosks.iter().position(|kiosk| kiosk.id == id)?;
        KioskNumber::new(kiosk_number(self.kiosks[place].number, id, place)?).ok()
    }

    /// A display agent by id.
    #[must_use]
    pub fn display(&self, id: &str) -> Option<&Display> {
        self.displays.iter().find(|display| display.id == id)
    }

    /// Address under which kiosks and displays reach the server, without a slash at the end.
    #[must_use]
    pub fn server_url(&self) -> String {
        match &self.station.server_url {
            Some(url) => url.trim_end_matches('/').to_owned(),
            None => {
                let mut listen = self.station.listen;
                // A server that listens everywhere is reached here.
                if listen.ip().is_unspecified() {
                    listen.set_ip(Ipv4Addr::LOCALHOST.into());
                }
                format!("http://{listen}")
            }
        }
    }
}

impl From<model::Discipline> for Discipline {
    fn from(section: model::Discipline) -> Self {
        let calls = |n: Option<u8>| n.and_then(NonZeroU8::new).unwrap_or(NonZeroU8::MIN);
        match section.rule {
            DisciplineRule::HeadStart => Self::HeadStart,
            DisciplineRule::Fcfs => Self::Fcfs,
            DisciplineRule::Strict => Self::Strict,
            DisciplineRule::Accumulating => Self::Accumulating,
            DisciplineRule::Ratio => Self::Ratio {
                priority: calls(section.priority),
                regular: calls(section.regular),
            },
        }
    }
}

impl Direction {
    /// The name on the wire and in files.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Left => "left",
            Self::Right => "right",
            Self::Up => "up",
        }
    }
}
