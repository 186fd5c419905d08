//! What the screens show, ready to render.

use std::collections::BTreeMap;

use queue_core::{
    Board, BusinessDay, CallId, ClassId, CounterId, CounterState, DeviceId, Estimate, Explanation,
    LanguageTag, OpenFault, ProfileId, Raised, ServiceId, StaffId, StationTime, TicketId,
    TicketNumber, TicketState, TicketView,
};
use serde::{Deserialize, Serialize};

use crate::station::{Names, Pause};

/// A call, told once. Topic `calls`, kind `call`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CallPulse {
    /// The call.
    pub call_id: CallId,
    /// The number on the paper.
    pub number: TicketNumber,
    /// Where to.
    pub counter: CounterId,
    /// When.
    pub at: StationTime,
    /// 1 for the first call, 2 for the second, ...
    pub calls: u32,
    /// The visitor's language.
    #[serde(default)]
    pub language: Option<LanguageTag>,
}

/// A ticket just given out, as the kiosk prints it and `POST /api/v1/tickets` answers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TicketIssued {
    /// Id.
    pub id: TicketId,
    /// Number.
    pub number: TicketNumber,
    /// Service.
    pub service: ServiceId,
    /// Class.
    pub class: ClassId,
    /// Language.
    pub language: Option<LanguageTag>,
    /// When.
    pub issued_at: StationTime,
    /// Tickets of the service in front.
    pub ahead: usize,
    /// Wait.
    pub estimate: Estimate,
    /// Address of the visitor's page, for the QR code.
    pub page_url: String,
    /// The rule by which tickets are called, in one sentence, in the languages a paper may speak; empty: not told.
    #[serde(default)]
    pub rule: crate::Names,
    /// What a visitor who misses the call may do, in the same languages; empty: not told.
    #[serde(default)]
    pub missed: crate::Names,
    /// What was asked for, in order; empty: the service.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub matters: Vec<ServiceId>,
    /// Persons it stands for.
    #[serde(default = "one", skip_serializing_if = "is_one")]
    pub persons: u16,
    /// When the slot of its appointment begins, if it has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub slot: Option<StationTime>,
    /// Where it stands in its session, if it has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seat: Option<queue_core::SeatView>,
    /// It is not called before its identity check.
    #[serde(default, skip_serializing_if = "core::ops::Not::not")]
    pub unverified: bool,
}

fn one() -> u16 {
    1
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "as serde calls it")]
fn is_one(persons: &u16) -> bool {
    *persons == 1
}

impl TicketIssued {
    /// What was asked for first.
    #[must_use]
    pub fn asked_first(&self) -> &ServiceId {
        self.matters.first().unwrap_or(&self.service)
    }

    /// What was asked for besides.
    #[must_use]
    pub fn others(&self) -> &[ServiceId] {
        self.matters.get(1..).unwrap_or_default()
    }
}

/// The visitor's page. Topic `ticket/<id>`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TicketPage {
    /// Server time.
    pub at: StationTime,
    /// The ticket.
    pub ticket: TicketView,
    /// The station is open.
    pub open: bool,
    /// The counters for the ticket make a pause.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pause: Option<Pause>,
}

/// One line of a queue list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct QueueItem {
    /// Id.
    pub ticket: TicketId,
    /// Number.
    pub number: TicketNumber,
    /// Service.
    pub service: ServiceId,
    /// Class.
    pub class: ClassId,
    /// Language.
    pub language: Option<LanguageTag>,
    /// Since when it waits: the issue; with an appointment, not before the slot.
    pub issued_at: StationTime,
    /// When the slot of its appointment begins, if it has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub slot: Option<StationTime>,
    /// Waits for this counter only.
    pub directed: bool,
    /// Of a service that this counter only helps out with.
    #[serde(default)]
    pub helping: bool,
    /// The visitor was told to get ready.
    #[serde(default)]
    pub get_ready: bool,
    /// A missed visitor who may still come back.
    #[serde(default)]
    pub may_return: bool,
    /// The service's promised longest wait, seconds.
    pub wait_standard_s: Option<u32>,
    /// Why it is held, or empty.
    pub note: String,
    /// Where a held visitor was asked to wait.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub room: Option<String>,
    /// Why it stands elsewhere than it came, if it does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<PlaceChange>,
    /// Persons it stands for.
    pub persons: u16,
}

/// Why a ticket stands elsewhere in its line than when it was taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PlaceChange {
    /// A supervisor put it before all others.
    Urgent,
    /// The counter the visitor was sent to sent the visitor back.
    SentBack,
    /// The visitor came back after having been missed.
    CameBack,
    /// The visitor let others go first.
    GaveWay,
}

/// One step of a visitor's way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TrailStep {
    /// When.
    pub at: StationTime,
    /// `issued`, `verified`, `leg`, `called`, `recalled`, `started`, `resumed`.
    pub what: String,
    /// Number of calls, where that matters.
    pub count: u32,
    /// Of a leg that has ended: where it was, if anywhere, and for what.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub leg: Option<TrailLeg>,
}

/// A leg behind a visitor.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TrailLeg {
    /// The counter that called it last; none: nobody did.
    pub counter: Option<CounterId>,
    /// For what.
    pub service: ServiceId,
}

/// The visitor a counter called or serves.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CurrentVisitor {
    /// Id.
    pub ticket: TicketId,
    /// Number.
    pub number: TicketNumber,
    /// Service.
    pub service: ServiceId,
    /// Class.
    pub class: ClassId,
    /// Language.
    pub language: Option<LanguageTag>,
    /// Called or serving.
    pub state: TicketState,
    /// Channel.
    pub channel: ServiceId,
    /// Issue.
    pub issued_at: StationTime,
    /// When the slot of its appointment begins, if it has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub slot: Option<StationTime>,
    /// First call.
    pub first_called_at: Option<StationTime>,
    /// Last call.
    pub called_at: Option<StationTime>,
    /// Last call's id.
    pub call: Option<CallId>,
    /// Start of the session under way.
    pub started_at: Option<StationTime>,
    /// Calls and recalls.
    pub calls: u32,
    /// Displays that announced the last call.
    pub announced_by: Vec<String>,
    /// The way so far.
    pub trail: Vec<TrailStep>,
    /// Why this one was called.
    #[serde(default)]
    pub why: Option<Explanation>,
    /// The counter that sent the visitor here.
    #[serde(default)]
    pub sent_from: Option<CounterId>,
    /// Asked for a rating.
    pub rating_invited: bool,
    /// Services still to come, in order.
    #[serde(default)]
    pub then: Vec<ServiceId>,
    /// Whether this counter keeps the visitor for the first of them.
    #[serde(default)]
    pub stays: bool,
    /// Persons the ticket stands for.
    #[serde(default = "one_person")]
    pub persons: u16,
    /// Usual handling time of the service, first and third quartile of today or the configured guess, seconds.
    pub usual_handling_s: Option<(u32, u32)>,
}

fn one_person() -> u16 {
    1
}

/// What undo would take back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UndoView {
    /// `finished`, `leg_finished`, `matters_changed`, `no_show`, `held`, `transferred`, `called`, `started`.
    pub what: String,
    /// Whom.
    pub number: TicketNumber,
    /// Until when it can be taken back.
    pub until: StationTime,
}

/// The console of one counter. Topic `counter/<id>`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CounterView {
    /// Log position.
    pub seq: u64,
    /// Server time.
    pub at: StationTime,
    /// Which counter.
    pub counter: CounterId,
    /// The station is open.
    pub day: Option<BusinessDay>,
    /// Whether it works.
    pub state: CounterState,
    /// Since when.
    pub since: StationTime,
    /// Who works there.
    pub staff: Option<StaffId>,
    /// The visitor.
    pub current: Option<CurrentVisitor>,
    /// Whom "call next" would call.
    pub next: Option<QueueItem>,
    /// Whom this counter may call, in calling order, at most 60.
    pub waiting: Vec<QueueItem>,
    /// How many that are in all.
    pub waiting_count: usize,
    /// Before the identity check, of those whom this counter may call afterwards; none where no service of its asks for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unverified: Option<usize>,
    /// Held here or elsewhere.
    pub held: Vec<QueueItem>,
    /// Marked no-show today.
    pub no_show: Vec<QueueItem>,
    /// Waiting in the whole station.
    pub station_waiting: usize,
    /// Longest wait in the station since.
    pub oldest_waiting_since: Option<StationTime>,
    /// What can be taken back.
    pub undo: Option<UndoView>,
    /// The visitor the rating tablet asks.
    pub asking: Option<TicketId>,
    /// Number of that visitor.
    pub asking_number: Option<TicketNumber>,
    /// Language of that visitor.
    pub asking_language: Option<LanguageTag>,
    /// Served here today.
    pub served_today: u32,
    /// Mean handling here today, seconds.
    pub mean_handling_s: Option<u32>,
    /// Devices in trouble, names.
    pub troubles: Vec<String>,
    /// How visitors come to it.
    #[serde(default)]
    pub routing: CounterRouting,
    /// Why the press just made on the counter's keypad or rating pad did nothing: a stable code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refused_press: Option<String>,
}

/// How visitors come to a counter today.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct CounterRouting {
    /// The set of services it was switched to; none: its own.
    pub profile: Option<ProfileId>,
    /// It calls by itself when it is free.
    pub auto_call: bool,
    /// From when on it calls by itself, if somebody waits then. None: not before a person has done something there.
    pub auto_call_at: Option<StationTime>,
    /// It calls whoever comes next, once.
    #[serde(default)]
    pub next_stored: bool,
}

/// What the rating tablet of a counter shows. Topic `rating/<counter>`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RatingView {
    /// Server time.
    pub at: StationTime,
    /// Which counter.
    pub counter: CounterId,
    /// Whether it works.
    pub state: CounterState,
    /// The ticket whose visitor is asked.
    pub asking: Option<TicketId>,
    /// Its number.
    pub number: Option<TicketNumber>,
    /// A visitor has just rated, on whatever device, and is thanked.
    #[serde(default)]
    pub thanked: bool,
    /// That visitor's language.
    pub language: Option<LanguageTag>,
}

/// Health of one device of an agent.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeviceHealth {
    /// Name: `K1 printer`, `LED 3`.
    pub device: String,
    /// What people call it, from the station file; the server puts it in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<Names>,
    /// It has shown that it works. Not so for one in trouble, nor for one of which nothing is known yet.
    pub ok: bool,
    /// Stable word: `ok`, `paper_out`, `paper_near_end`, `cover_open`, `offline`, `silent`, `port_missing`, ...
    pub status: String,
    /// More for people.
    pub detail: String,
    /// About how many tickets a printer's paper is enough for; none: not known, or no printer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tickets_left: Option<u32>,
    /// What went over its line; none: it is on no shared line, or has not told yet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub frames: Option<FrameCounts>,
}

/// Frames between an agent and a device on a shared line, since the agent started.
///
/// Of a panel that answers by design, `sent` is `heard`, `spoilt` and `unanswered` together, and at most one that is on its
/// way.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FrameCounts {
    /// To the device, repeats among them.
    pub sent: u64,
    /// Of a panel, those sent once more because no answer came; of a pad, presses that it sent once more.
    pub repeated: u64,
    /// From the device, and understood.
    pub heard: u64,
    /// Times that an answer came which made no sense.
    pub spoilt: u64,
    /// Times that no answer came that was due.
    pub unanswered: u64,
}

impl DeviceHealth {
    /// The status of a device of which nothing is known yet.
    pub const STARTING: &str = "starting";

    /// The status of a device that says nothing of itself by design.
    pub const ONE_WAY: &str = "one_way";

    /// Neither known to work nor known to be in trouble.
    #[must_use]
    pub fn is_unknown(&self) -> bool {
        !self.ok && [Self::STARTING, Self::ONE_WAY].contains(&self.status.as_str())
    }

    /// The status of a device that works on a line with noise.
    pub const NOISY: &str = "noisy";

    /// The status of a device that does not answer.
    pub const SILENT: &str = "silent";

    /// What is done for a panel that does not answer, and what came of it: a new one is to take its place.
    pub const REPLACEMENT: [&str; 4] = [
        "replacing",
        "no_replacement",
        "replacement_stuck",
        "replace_by_hand",
    ];

    /// What is wrong with it: the status of a device in trouble, and of one whose line is about to fail. Paper that runs
    /// low and keys that nobody configured are no faults.
    #[must_use]
    pub fn fault(&self) -> Option<&str> {
        let is_fault = self.is_trouble() || self.status == Self::NOISY;
        let status = match self.status.as_str() {
            // One and the same outage.
            replaced if Self::REPLACEMENT.contains(&replaced) => Self::SILENT,
            status => status,
        };
        is_fault.then_some(status)
    }

    /// Somebody has to look after it.
    #[must_use]
    pub fn is_trouble(&self) -> bool {
        !self.ok && !self.is_unknown()
    }
}

/// One device with its agent and link.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeviceView {
    /// Agent: `K1`, `D1`.
    pub agent: String,
    /// Its role.
    pub role: crate::Role,
    /// Link up.
    pub connected: bool,
    /// Last frame from it.
    pub last_seen: StationTime,
    /// Its pages.
    pub page_url: Option<String>,
    /// Its devices.
    pub devices: Vec<DeviceHealth>,
}

/// One service in the chief's live view.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ServiceDay {
    /// Which.
    pub service: ServiceId,
    /// Called today.
    pub called: u32,
    /// Median first-call wait today, seconds.
    pub median_wait_s: Option<u32>,
    /// Share called within the standard.
    pub within_standard: Option<f64>,
}

/// The day so far.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DayFigures {
    /// Waiting now, for any counter or for one.
    #[serde(default)]
    pub waiting: u32,
    /// Issued.
    pub issued: u32,
    /// Called.
    pub called: u32,
    /// Served.
    pub served: u32,
    /// No-shows.
    pub no_show: u32,
    /// Median first-call wait, seconds.
    pub median_wait_s: Option<u32>,
    /// 90th percentile, seconds.
    pub p90_wait_s: Option<u32>,
    /// Share called within the standard.
    pub within_standard: Option<f64>,
    /// Ratings.
    pub ratings: u32,
    /// Visitors asked.
    pub invited: u32,
    /// Share of 4 and 5.
    pub top2: Option<f64>,
    /// Per quarter of an hour since the first ticket: start, the most that waited in it, median wait of its calls, seconds.
    pub quarters: Vec<(StationTime, u32, Option<u32>)>,
}

/// The chief's live page. Topic `chief`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ChiefView {
    /// The board.
    pub board: Board,
    /// The day.
    pub today: DayFigures,
    /// By service.
    pub services: Vec<ServiceDay>,
    /// Agents and devices.
    pub devices: Vec<DeviceView>,
    /// The open faults of devices, as the log has them.
    #[serde(default)]
    pub device_faults: BTreeMap<DeviceId, OpenFault>,
    /// What the station raised about its lines and has not cleared.
    #[serde(default)]
    pub alarms: Vec<Raised>,
    /// The disk refused a write; nothing is accepted until it is mended.
    pub storage_fault: Option<String>,
}
