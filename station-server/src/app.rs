//! The long-lived parts of a running station, shared by every handler.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use jiff::tz::TimeZone;
use protocol::{Names, ProfileInfo, StationInfo};
use queue_core::{
    BusinessDay, Command, CommandId, CommandRef, DayHours, DeviceId, Envelope, Estimate,
    KioskNumber, StationTime, TicketId, TicketView, ZoneId,
};
use serde::Serialize;
use sha2::{Digest, Sha256};
use station_config::Schedule;

use crate::access::{AccessStore, Attempts, PinGuard, Principal};
use crate::appointments::AppointmentGuard;
use crate::hub::Hub;
use crate::live::Live;
use crate::paper::TicketPapers;
use crate::person::PersonKeys;
use crate::problem::ApiProblem;
use crate::reports::{ReportError, Reports, StatsQuery, StatsReport};
use crate::writer::{Answer, Lane, SubmitError, WriterHandle};

/// Everything a handler needs; cheap to clone.
pub type App = Arc<Station>;

/// A running station.
pub struct Station {
    /// The way to change anything.
    pub writer: WriterHandle,
    /// The published state.
    pub live: Arc<Live>,
    /// Names and texts.
    pub info: StationInfo,
    /// Sets of services that counters may be switched to.
    pub profiles: Vec<ProfileInfo>,
    /// Its kiosks by id, with the number that each puts into the ticket numbers it gives out by itself.
    pub kiosks: BTreeMap<String, Option<KioskNumber>>,
    /// Ids of its displays.
    pub displays: Vec<String>,
    /// The zone of each display that shows one zone only.
    pub display_zones: BTreeMap<String, ZoneId>,
    /// What people call devices, where the station file says so.
    pub device_names: BTreeMap<DeviceId, Names>,
    /// The station's time zone.
    pub timezone: TimeZone,
    /// Who is who.
    pub access: AccessStore,
    /// What keeps appointments from being guessed or hoarded.
    pub appointments: AppointmentGuard,
    /// PIN checks.
    pub pins: PinGuard,
    /// Wrong enrolment codes, by address.
    pub enrolments: Attempts,
    /// Fan-out to screens and agents.
    pub hub: Hub,
    /// Figures over any range.
    pub reports: Arc<Reports>,
    /// What stands on the tickets, and on which papers.
    pub tickets: TicketPapers,
    /// What the chief's live page compares today with.
    pub(crate) earlier_days: crate::pages::EarlierDays,
    /// What hides who a ticket is for.
    pub persons: PersonKeys,
    /// The hours of the station, where it has a calendar.
    pub schedule: Option<Schedule>,
    /// Where the journal is.
    pub data_dir: PathBuf,
    /// Present when this is the demo.
    pub demo: Option<crate::demo::Demo>,
}

/// Identity of a request over its retries.
#[derive(Debug, Clone)]
pub struct RequestKey(CommandRef);

impl RequestKey {
    /// From the client's idempotency key, kept apart per client; a fresh one where the client sent none. `request` is
    /// what was asked, in a form that is equal for equal requests.
    pub fn new(principal: &Principal, key: Option<&str>, request: &[&[u8]]) -> Self {
        let id = match key {
            Some(key) => {
                let mut hash = Sha256::new();
                hash.update(principal.role.word());
                hash.update([0]);
                hash.update(&principal.name);
                hash.update([0]);
                hash.update(key);
                CommandId(first_u128(&hash.finalize()))
            }
            None => CommandId(uuid::Uuid::new_v4().as_u128()),
        };
        Self(CommandRef {
            id,
            digest: digest_of(request),
        })
    }

    /// From a command id that the client minted itself.
    pub fn of_command(id: CommandId, request: &[&[u8]]) -> Self {
        Self(CommandRef {
            id,
            digest: digest_of(request),
        })
    }

    /// For the engine.
    pub fn command_ref(&self) -> CommandRef {
        self.0
    }
}

fn digest_of(request: &[&[u8]]) -> u64 {
    let mut hash = Sha256::new();
    for part in request {
        hash.update((part.len() as u64).to_le_bytes());
        hash.update(part);
    }
    let bytes = hash.finalize();
    let mut first = [0_u8; 8];
    first.copy_from_slice(&bytes[..8]);
    u64::from_le_bytes(first)
}

fn first_u128(bytes: &[u8]) -> u128 {
    let mut first = [0_u8; 16];
    first.copy_from_slice(&bytes[..16]);
    u128::from_be_bytes(first)
}

/// A fresh ticket id; random, so that the visitor's link cannot be guessed.
pub fn new_ticket_id() -> TicketId {
    TicketId(uuid::Uuid::new_v4().as_u128())
}

impl Station {
    /// Sends a command of somebody and waits until it is durable.
    ///
    /// # Errors
    /// The refusal as a problem.
    pub async fn submit(
        &self,
        principal: &Principal,
        key: &RequestKey,
        command: Command,
    ) -> Result<Answer, ApiProblem> {
        let lane = match principal.role {
            crate::access::Role::Display | crate::access::Role::Kiosk => Lane::Devices,
            _ => Lane::People,
        };
        // A kiosk's press is a person's press.
        let is_press = matches!(command, Command::IssueTicket(_) | Command::CheckIn(_));
        let lane = if is_press { Lane::People } else { lane };
        let envelope = Envelope {
            command_ref: Some(key.command_ref()),
            actor: principal.actor(),
            command,
        };
        Ok(self.writer.submit(lane, envelope).await?)
    }

    /// The command that opens a business day by hand: with the hours of the calendar while any of them are still to come,
    /// and without limits otherwise, because whoever opens it then means to.
    pub fn opening(&self, day: BusinessDay) -> Command {
        let now = self.live.now();
        let hours = self.schedule.as_ref();
        let hours = hours.map(|schedule| schedule.hours(day, &self.timezone));
        let is_to_come = |hours: &DayHours| hours.closing().is_some_and(|end| end > now);
        Command::OpenDay {
            day,
            hours: hours.filter(is_to_come).map(Box::new),
        }
    }

    /// Asks the reports on a thread that may block.
    ///
    /// # Errors
    /// The report's own error as a problem.
    pub async fn report<T: Send + 'static>(
        &self,
        ask: impl FnOnce(&Reports) -> Result<T, ReportError> + Send + 'static,
    ) -> Result<T, ApiProblem> {
        let reports = self.reports.clone();
        match tokio::task::spawn_blocking(move || ask(&reports)).await {
            Ok(answer) => Ok(answer?),
            Err(_) => Err(SubmitError::Stopped.into()),
        }
    }

    /// Figures over a range.
    ///
    /// # Errors
    /// As [`Station::report`].
    pub async fn figures(&self, query: StatsQuery) -> Result<StatsReport, ApiProblem> {
        self.report(move |reports| reports.stats(&query)).await
    }

    /// A ticket as its visitor may see it now.
    pub fn ticket_view(&self, id: TicketId) -> Option<TicketView> {
        let now = self.live.now();
        self.live.engine().ticket_view(now, id)
    }

    /// A promised moment, at the latest the end of the business day: the closing time that is still to come, else
    /// midnight.
    pub fn within_today(&self, promised: StationTime) -> StationTime {
        let now = self.live.now();
        let closing = self.live.engine().hours().and_then(DayHours::closing);
        let end = closing.filter(|closing| *closing > now);
        promised.min(end.unwrap_or_else(|| self.midnight(now)))
    }

    /// The first instant of the civil day of `at`.
    pub fn start_of_day(&self, at: StationTime) -> StationTime {
        let midnight = self.civil(at).date().to_zoned(self.timezone.clone());
        midnight.map_or(at, |midnight| {
            StationTime(midnight.timestamp().as_millisecond())
        })
    }

    /// The first instant of the day after that of `at`.
    fn midnight(&self, at: StationTime) -> StationTime {
        let zoned = self.civil(at).date().tomorrow();
        let midnight = zoned.and_then(|next| next.to_zoned(self.timezone.clone()));
        midnight.map_or(StationTime(i64::MAX), |midnight| {
            StationTime(midnight.timestamp().as_millisecond())
        })
    }

    /// A moment as RFC 3339 in the station's time zone.
    pub fn local_time(&self, at: StationTime) -> String {
        match jiff::Timestamp::from_millisecond(at.0) {
            Ok(stamp) => {
                let zoned = stamp.to_zoned(self.timezone.clone());
                zoned.strftime("%Y-%m-%dT%H:%M:%S%.3f%:z").to_string()
            }
            Err(_) => String::new(),
        }
    }

    /// A moment as civil time in the station's time zone.
    pub fn civil(&self, at: StationTime) -> jiff::civil::DateTime {
        let stamp = jiff::Timestamp::from_millisecond(at.0).unwrap_or(jiff::Timestamp::UNIX_EPOCH);
        stamp.to_zoned(self.timezone.clone()).datetime()
    }

    /// Address of a visitor's page.
    pub fn ticket_url(&self, id: TicketId) -> String {
        format!("{}/t/{id}", self.info.public_url.trim_end_matches('/'))
    }
}

/// A wait still to come, `{p50_s, p80_s}`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct EstimateJson {
    p50_s: u32,
    p80_s: u32,
}

impl EstimateJson {
    /// None where nothing is known, or nobody is there to call.
    pub fn of(estimate: Option<Estimate>) -> Option<Self> {
        match estimate? {
            Estimate::Range { p50_s, p80_s, .. } => Some(Self { p50_s, p80_s }),
            Estimate::NoWait => Some(Self { p50_s: 0, p80_s: 0 }),
            Estimate::NoCounterOpen | Estimate::CountOnly => None,
        }
    }
}
