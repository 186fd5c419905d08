//! The station file as data. Comments on fields are the descriptions in its JSON Schema.

use std::collections::BTreeMap;
use std::net::{Ipv4Addr, SocketAddr};

use firmware_config::key_pad::{ByteSequence, KeyCode, Meaning};
use firmware_config::port::Link;
use protocol::Names;
use queue_core::{ClassId, CounterId, ProfileId, Series, ServiceId, StaffId, ZoneId};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::appointments::Appointments;
use crate::calendar::{Calendar, QuotaRule, SpanText, TimeSpan};
use crate::device_profiles::DeviceProfiles;
use crate::guide::Guide;
use crate::printer::{Printer, PrinterText};
use crate::sessions::Sessions;
use crate::texts::{NameSchema, TextsSchema, one_or_many};
use crate::ticket::TicketLayout;
use crate::time_of_day::TimeOfDay;
use crate::voice::Voice;

/// A station: its services, classes, counters, staff, texts, devices and access, in one file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct StationFile {
    /// The station itself.
    pub station: Station,
    /// Ticket classes. Exactly one of them is the default.
    #[serde(rename = "class")]
    pub classes: Vec<Class>,
    /// Services, in the order in which the kiosk offers them.
    #[serde(rename = "service")]
    pub services: Vec<Service>,
    /// Counters, in the order of the hall board.
    #[serde(rename = "counter")]
    pub counters: Vec<Counter>,
    /// Sets of services that staff switch counters to during the day.
    #[serde(rename = "profile", default, skip_serializing_if = "Vec::is_empty")]
    pub profiles: Vec<Profile>,
    /// Waiting areas, each with its own boards and calls. Left out: the whole station is one.
    #[serde(rename = "zone", default, skip_serializing_if = "Vec::is_empty")]
    pub zones: Vec<Zone>,
    /// The identity check that services with `identity_check` ask for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub identity_desk: Option<IdentityDesk>,
    /// Rules with a number in them.
    #[serde(default)]
    pub rules: RuleSet,
    /// Who is called next. Left out: the rule `head_start`.
    #[serde(default)]
    pub discipline: Discipline,
    /// What becomes of a called visitor who does not come.
    #[serde(default)]
    pub no_show: NoShow,
    /// When the station is open. Left out: tickets are given out at any hour.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub calendar: Option<Calendar>,
    /// Appointments. Left out: none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub appointments: Option<Appointments>,
    /// Questions for those who do not know which service they need. Left out: none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub guide: Option<Guide>,
    /// Members of staff.
    #[serde(rename = "staff", default, skip_serializing_if = "Vec::is_empty")]
    pub staff: Vec<Staff>,
    /// Announcements for the foot of the hall board.
    #[serde(
        rename = "announcement",
        default,
        skip_serializing_if = "Vec::is_empty"
    )]
    pub announcements: Vec<Announcement>,
    /// Ticket kiosks.
    #[serde(rename = "kiosk", default, skip_serializing_if = "Vec::is_empty")]
    pub kiosks: Vec<Kiosk>,
    /// Display agents: hall board, counter panels, keypads.
    #[serde(rename = "display", default, skip_serializing_if = "Vec::is_empty")]
    pub displays: Vec<Display>,
    /// Spoken calls. Left out: hall boards have their chime only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub voice: Option<Voice>,
    /// What stands on the tickets. Left out: the built-in layout, which `station-server ticket-layout` prints.
    #[serde(default, skip_serializing_if = "TicketLayout::is_built_in")]
    pub ticket: TicketLayout,
    /// Who may come in without a staff account.
    #[serde(default)]
    pub access: Access,
    /// The device profiles that its devices name, some of them in files beside this one.
    #[serde(skip)]
    pub device_profiles: DeviceProfiles,
}

/// The station itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Station {
    /// Name of the station.
    #[schemars(with = "TextsSchema")]
    pub name: Names,
    /// IANA time zone: `Asia/Taipei`.
    pub timezone: String,
    /// Opening hours.
    pub hours: Hours,
    /// Telephone number, printed on tickets. Empty: none.
    #[serde(default)]
    pub phone: String,
    /// Address under which visitors reach the station's pages, `http://...` or `https://...`; QR codes start with it.
    #[schemars(extend("pattern" = "^https?://[^/]"))]
    pub public_url: String,
    /// Address under which kiosks and displays reach the server. Left out: `http://` and `listen`, on the same machine.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("pattern" = "^https?://[^/]"))]
    pub server_url: Option<String>,
    /// Address and port on which the server listens.
    #[serde(default = "server_listen")]
    pub listen: SocketAddr,
}

/// Opening hours, in the station's time zone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Hours {
    /// First minute of service: `08:00`.
    #[schemars(with = "String", extend("pattern" = "^([01][0-9]|2[0-3]):[0-5][0-9]$"))]
    pub open: TimeOfDay,
    /// End of service: `17:00`.
    #[schemars(with = "String", extend("pattern" = "^([01][0-9]|2[0-3]):[0-5][0-9]$"))]
    pub close: TimeOfDay,
}

/// A class of tickets.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Class {
    /// Id: `regular`, `priority`.
    #[schemars(with = "String", extend("pattern" = "^[A-Za-z0-9_-]{1,32}$"))]
    pub id: ClassId,
    /// Name.
    #[schemars(with = "TextsSchema")]
    pub name: Names,
    /// Head start in the queue, in minutes, 0 to 60: such a ticket counts as taken that much earlier.
    #[serde(default)]
    #[schemars(range(max = 60))]
    pub credit_min: u32,
    /// Rank under the rule `strict`, 1 to 20: the lowest is called first. Every class needs one of its own there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1, max = 20))]
    pub rank: Option<u8>,
    /// How fast it gathers points while it waits, under the rule `accumulating`: 0.001 to 100 points per second.
    #[serde(default = "one_point", skip_serializing_if = "is_one_point")]
    #[schemars(range(min = 0.001, max = 100))]
    pub rate: f64,
    /// Whether a ticket that names no class is of this one.
    #[serde(default)]
    pub default: bool,
}

/// A service that visitors take tickets for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Service {
    /// Id: `resident-certificate`.
    #[schemars(with = "String", extend("pattern" = "^[A-Za-z0-9_-]{1,32}$"))]
    pub id: ServiceId,
    /// Letter of its numbers, `A` to `Z`; letters that look like digits or each other are best avoided.
    #[schemars(with = "String", extend("pattern" = "^[A-Z]$"))]
    pub letter: Series,
    /// Full name.
    #[schemars(with = "TextsSchema")]
    pub name: Names,
    /// Short name for boards and tables. Left out: the full name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<TextsSchema>")]
    pub short_name: Option<Names>,
    /// Icon of the design language: `licence`, `globe`.
    pub icon: String,
    /// Longest wait the station promises, in minutes, 1 to 480.
    #[schemars(range(min = 1, max = 480))]
    pub wait_standard_min: u32,
    /// Handling time expected before any was measured, in minutes, 1 to 240.
    #[schemars(range(min = 1, max = 240))]
    pub expected_handling_min: u32,
    /// When its tickets are given out, on every day on which the station is open, within the station's hours:
    /// `["09:00-11:30"]`. Left out: as long as the station is open.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(with = "Vec<SpanText>")]
    pub hours: Vec<TimeSpan>,
    /// Most tickets in spans of every day.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub quotas: Vec<QuotaRule>,
    /// Last-ticket cut-off of this service. Left out: that of `[rules]`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cut_off: Option<CutOffRule>,
    /// Whether a person may have one open ticket of it only.
    #[serde(default, skip_serializing_if = "OneOpenTicket::is_off")]
    pub one_open_ticket: OneOpenTicket,
    /// Whether its quotas count the persons of a ticket, and not the ticket.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub quotas_count_persons: bool,
    /// Most persons a visitor may take one ticket for, 1 to 99. Staff may give out a ticket for more.
    #[serde(default = "one_person", skip_serializing_if = "is_one_person")]
    #[schemars(range(min = 1, max = 99))]
    pub max_persons: u16,
    /// Ids of other services that its visitors go through in this order, at most 8: `["document-check", "photo",
    /// "collect"]`. It has no line of its own then. None of them has steps itself.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(with = "Vec<String>", length(max = 8))]
    pub steps: Vec<ServiceId>,
    /// Whether it is only a step of other services: no visitor chooses it, and it has no appointments.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub only_step: bool,
    /// Whether a visitor may have it on one ticket with other services that say so too.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub together: bool,
    /// Whether staff have to see who a ticket is for before it can be called.
    #[serde(default, skip_serializing_if = "core::ops::Not::not")]
    pub identity_check: bool,
    /// Id of the zone in which its visitors wait. Where there are zones, every service has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>")]
    pub zone: Option<ZoneId>,
    /// Its visits begin together at fixed times, in seats of their own. Left out: visitors are called one by one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sessions: Option<Sessions>,
    /// Papers to have ready, at most three.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(with = "Vec<TextsSchema>", length(max = 3))]
    pub documents: Vec<Names>,
}

fn one_person() -> u16 {
    1
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "as serde calls it")]
fn is_one_person(persons: &u16) -> bool {
    *persons == one_person()
}

/// A counter.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Counter {
    /// Id, as visitors read it: `3`.
    #[schemars(with = "String", extend("pattern" = "^[A-Za-z0-9_-]{1,32}$"))]
    pub id: CounterId,
    /// Ids of the services it may serve, at least one.
    #[schemars(with = "Vec<String>", length(min = 1))]
    pub skills: Vec<ServiceId>,
    /// Ids of services it helps out with, none of its own: when nobody waits for its own, when the first come of such a
    /// service has waited for `overflow_delay_s`, or when somebody there goes before all.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(with = "Vec<String>")]
    pub overflow_skills: Vec<ServiceId>,
    /// That delay, in seconds, 0 to 7200.
    #[serde(default = "five_minutes", skip_serializing_if = "is_five_minutes")]
    #[schemars(range(max = 7200))]
    pub overflow_delay_s: u32,
    /// Id of the zone in which it stands. Where there are zones, every counter has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>")]
    pub zone: Option<ZoneId>,
    /// Walking direction from the hall board. Left out: no arrow.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub direction: Option<Direction>,
    /// Whether a finished visitor is asked for a rating.
    #[serde(default = "yes")]
    pub asks_rating: bool,
    /// Whether it calls by itself when it is free. Staff may switch it on the console, for the day.
    #[serde(default)]
    pub auto_call: bool,
    /// How long it has to have been free then, in seconds, 0 to 600. More than `undo_window_s` leaves time to take a finish
    /// back.
    #[serde(default = "ten_seconds")]
    #[schemars(range(max = 600))]
    pub auto_after_s: u32,
}

/// A waiting area.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Zone {
    /// Id: `2f`.
    #[schemars(with = "String", extend("pattern" = "^[A-Za-z0-9_-]{1,32}$"))]
    pub id: ZoneId,
    /// Name, as visitors look for it: `2F zone B`.
    #[schemars(with = "TextsSchema")]
    pub name: Names,
    /// Who is called next there. Left out: the station's rule. A zone with a rule of its own stands by itself: its
    /// counters handle its services, and no others do.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub discipline: Option<Discipline>,
}

/// Where identities are checked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct IdentityDesk {
    /// Where visitors go for it: `information desk at the entrance`.
    #[schemars(with = "TextsSchema")]
    pub place: Names,
}

/// A set of services that staff switch counters to during the day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Profile {
    /// Id: `afternoon`.
    #[schemars(with = "String", extend("pattern" = "^[A-Za-z0-9_-]{1,32}$"))]
    pub id: ProfileId,
    /// Name, for staff.
    #[schemars(with = "TextsSchema")]
    pub name: Names,
    /// Ids of the services that are the counter's own then, at least one.
    #[schemars(with = "Vec<String>", length(min = 1))]
    pub skills: Vec<ServiceId>,
    /// Ids of services it helps out with then, after the counter's `overflow_delay_s`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(with = "Vec<String>")]
    pub overflow_skills: Vec<ServiceId>,
}

/// Walking direction from the hall board.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Direction {
    /// To the left.
    Left,
    /// To the right.
    Right,
    /// Straight ahead.
    Up,
}

/// Rules with a number in them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RuleSet {
    /// How long staff may take back their last action, in seconds, 0 to 60.
    #[serde(default = "undo_window_s")]
    #[schemars(range(max = 60))]
    pub undo_window_s: u32,
    /// What happens to a ticket whose visit would probably end after closing time.
    #[serde(default)]
    pub cut_off: CutOffRule,
    /// People wait for a service and no counter that may serve it is open: after so many seconds an alarm, 30 to 3600.
    #[serde(default = "alarm_after_s")]
    #[schemars(range(min = 30, max = 3600))]
    pub alarm_after_s: u32,
}

/// What happens to a ticket whose visit would probably end after closing time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum CutOffRule {
    /// Nothing.
    #[default]
    Off,
    /// Visitors are told when it would end.
    Warn,
    /// It is not given out.
    Refuse,
}

/// Whether a person may have one open ticket of a service only.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum OneOpenTicket {
    /// Any number.
    #[default]
    Off,
    /// One, where it is known whom the ticket is for.
    WhenKnown,
    /// One, and it has to be known: a kiosk without a card reader gives out none.
    Always,
}

impl OneOpenTicket {
    fn is_off(&self) -> bool {
        *self == Self::Off
    }
}

impl Default for RuleSet {
    fn default() -> Self {
        Self {
            undo_window_s: undo_window_s(),
            cut_off: CutOffRule::default(),
            alarm_after_s: alarm_after_s(),
        }
    }
}

/// Who is called next.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Discipline {
    /// The rule.
    pub rule: DisciplineRule,
    /// Under the rule `ratio`, 1 to 20: so many calls of the other classes than the default one,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1, max = 20))]
    pub priority: Option<u8>,
    /// then so many calls of the default class, 1 to 20. It is passed over while one of the others came earlier.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1, max = 20))]
    pub regular: Option<u8>,
}

/// A rule that chooses who is called next.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum DisciplineRule {
    /// A ticket counts as taken earlier by the `credit_min` of its class; the earliest is called.
    #[default]
    HeadStart,
    /// First come, first served, whatever the class.
    Fcfs,
    /// The class with the lowest `rank` first. The last class may have to wait all day.
    Strict,
    /// The ticket with the most points, gathered while waiting at the `rate` of its class.
    Accumulating,
    /// `priority` calls of the other classes, then `regular` calls of the default class.
    Ratio,
}

/// What becomes of a called visitor who does not come. The ticket and the visitor's page say it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct NoShow {
    /// Seconds from a call to the next recall, 10 to 600.
    #[schemars(range(min = 10, max = 600))]
    pub recall_after_s: u32,
    /// Recalls, 0 to 5.
    #[schemars(range(max = 5))]
    pub recalls: u32,
    /// Whether the station makes the recalls by itself.
    pub automatic_recalls: bool,
    /// How long a missed visitor may come back with the same number, minutes, 0 to 480.
    #[schemars(range(max = 480))]
    pub return_within_min: u32,
    /// How often, 0 to 9. 0: never; a new ticket is needed.
    #[schemars(range(max = 9))]
    pub returns: u8,
    /// Behind how many waiting visitors of the service a missed one then stands, 0 to 20.
    #[schemars(range(max = 20))]
    pub return_behind: u8,
}

impl Default for NoShow {
    fn default() -> Self {
        Self {
            recall_after_s: 30,
            recalls: 2,
            automatic_recalls: false,
            return_within_min: 30,
            returns: 2,
            return_behind: 3,
        }
    }
}

/// A member of staff.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Staff {
    /// Id, pseudonymous: it enters the log.
    #[schemars(with = "String", length(min = 1, max = 64))]
    pub id: StaffId,
    /// Name, shown to colleagues only.
    pub name: String,
    /// What the person may do: `counter`, `greeter`, `chief` or `administrator`.
    pub role: AccessRole,
    /// Hash of the PIN for enrolled devices, argon2id in PHC form (`$argon2id$v=19$...`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pin_hash: Option<String>,
    /// Hash of the password for other devices, argon2id in PHC form.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub password_hash: Option<String>,
}

/// An announcement.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Announcement {
    /// What it says.
    #[schemars(with = "TextsSchema")]
    pub text: Names,
}

/// A ticket kiosk.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Kiosk {
    /// Id: `K1`.
    #[schemars(length(min = 1, max = 32))]
    pub id: String,
    /// Its number, 1 to 99: it stands in the ticket numbers that the kiosk gives out by itself while the server is away,
    /// `A2-001`. Left out: the digits of its id, else its place among the kiosks.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1, max = 99))]
    pub number: Option<u8>,
    /// Address and port of the kiosk's own pages.
    #[serde(default = "kiosk_listen")]
    pub listen: SocketAddr,
    /// Its printer. Left out: numbers are shown on the screen only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<PrinterText>")]
    pub printer: Option<Printer>,
    /// A second printer, for when the first one cannot print: out of paper, open, without power.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<PrinterText>")]
    pub spare_printer: Option<Printer>,
    /// Its screen.
    pub screen: Screen,
}

/// A touch screen.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Screen {
    /// Pixels per millimetre, 1 to 40: touch targets and letters have sizes in millimetres.
    #[schemars(range(min = 1, max = 40))]
    pub px_per_mm: f64,
    /// Width in pixels, 320 to 8192.
    #[schemars(range(min = 320, max = 8192))]
    pub width_px: u32,
    /// Height in pixels, 320 to 8192.
    #[schemars(range(min = 320, max = 8192))]
    pub height_px: u32,
}

/// A display agent: a hall board and the lines of counter panels and keypads that hang on the same machine.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Display {
    /// Id: `D1`.
    #[schemars(length(min = 1, max = 32))]
    pub id: String,
    /// Address and port of the board's own pages.
    #[serde(default = "display_listen")]
    pub listen: SocketAddr,
    /// Id of the zone whose calls it shows and sounds. Left out: all zones.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>")]
    pub zone: Option<ZoneId>,
    /// Whether its hall board speaks, where the station has `[voice]`. Of several boards that hear each other one is enough.
    #[serde(default = "yes", skip_serializing_if = "is_yes")]
    pub voice: bool,
    /// Lines with devices.
    #[serde(rename = "line", default, skip_serializing_if = "Vec::is_empty")]
    pub lines: Vec<DisplayLine>,
    /// Keypads and rating pads without a protocol, each on a port of its own.
    #[serde(rename = "pad", default, skip_serializing_if = "Vec::is_empty")]
    pub key_pads: Vec<KeyPad>,
}

/// One line with the devices on it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DisplayLine {
    /// How it is reached.
    pub link: Link,
    /// Whether its two-wire adapter gives back what is sent. Left out: found out from each message, which is right unless a
    /// device answers with the very bytes it was sent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub echo: Option<bool>,
    /// LED panels on it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub panels: Vec<Panel>,
    /// Keypads and rating pads on it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub pads: Vec<Pad>,
}

/// An LED panel above a counter.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Panel {
    /// Its address on the line, 1 to 247.
    #[schemars(range(min = 1, max = 247))]
    pub address: u8,
    /// Id of the counter it belongs to.
    #[schemars(with = "String")]
    pub counter: CounterId,
    /// Name of its profile.
    #[serde(default = "panel_profile")]
    pub profile: String,
    /// How many characters it has, 1 to 20. Left out: 4. A number too long for it loses its letter, never a digit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1, max = 20))]
    pub digits: Option<u8>,
    /// What people call it: `"3號櫃台上方字幕機"`. It stands on staff's pages beside the id, which stays as it is.
    #[serde(
        default,
        deserialize_with = "one_or_many",
        skip_serializing_if = "Option::is_none"
    )]
    #[schemars(with = "Option<NameSchema>")]
    pub name: Option<Names>,
}

/// A keypad or rating pad of a counter.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Pad {
    /// Its address on the line, 1 to 254.
    #[schemars(range(min = 1, max = 254))]
    pub address: u8,
    /// Id of the counter it belongs to.
    #[schemars(with = "String")]
    pub counter: CounterId,
    /// What people call it: `"3號櫃台上方字幕機"`. It stands on staff's pages beside the id, which stays as it is.
    #[serde(
        default,
        deserialize_with = "one_or_many",
        skip_serializing_if = "Option::is_none"
    )]
    #[schemars(with = "Option<NameSchema>")]
    pub name: Option<Names>,
}

/// A keypad or rating pad without a protocol: a serial pad that sends bytes for each key, or a USB pad that is a keyboard to
/// the system.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct KeyPad {
    /// How it is reached: `serial` or `tcp` with a profile of bytes, `char_device` with one of key codes
    /// (`/dev/input/by-id/...-event-kbd`).
    pub link: Link,
    /// Id of the counter it belongs to.
    #[schemars(with = "String")]
    pub counter: CounterId,
    /// Name of its profile: `byte-keypad`, `byte-rating`, `usb-keypad`, `usb-rating`.
    pub profile: String,
    /// What the bytes of each key mean, instead of what the profile says: `{ "41" = "call-next", "1B 31" = "digit-1" }`.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub bytes: BTreeMap<ByteSequence, Meaning>,
    /// What key codes mean, instead of what the profile says: `{ KEY_KPENTER = "call-next", "183" = "recall" }`.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub codes: BTreeMap<KeyCode, Meaning>,
    /// A digit that comes again within so many milliseconds is the same press, 0 to 2000. Left out: as the profile says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(max = 2000))]
    pub debounce_ms: Option<u64>,
    /// What people call it: `"3號櫃台上方字幕機"`. It stands on staff's pages beside the id, which stays as it is.
    #[serde(
        default,
        deserialize_with = "one_or_many",
        skip_serializing_if = "Option::is_none"
    )]
    #[schemars(with = "Option<NameSchema>")]
    pub name: Option<Names>,
}

/// Who may come in without a staff account.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Access {
    /// Bearer tokens for machines.
    #[serde(rename = "token", default, skip_serializing_if = "Vec::is_empty")]
    pub tokens: Vec<AccessToken>,
}

/// A bearer token.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AccessToken {
    /// Name for the records: `lobby kiosk`.
    #[schemars(length(min = 1))]
    pub name: String,
    /// What its holder may do.
    pub role: AccessRole,
    /// Id of the only kiosk, display or counter it is good for. Left out: any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub device: Option<String>,
    /// SHA-256 of the token, 64 hexadecimal digits in lower case.
    #[schemars(extend("pattern" = "^[0-9a-f]{64}$"))]
    pub token_sha256: String,
}

/// What somebody may do.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum AccessRole {
    /// A ticket kiosk.
    Kiosk,
    /// A display agent.
    Display,
    /// A counter and who sits there.
    Counter,
    /// Staff at the entrance.
    Greeter,
    /// The chief of the station.
    Chief,
    /// Who keeps the system.
    Administrator,
}

fn local(port: u16) -> SocketAddr {
    (Ipv4Addr::LOCALHOST, port).into()
}

fn server_listen() -> SocketAddr {
    local(8080)
}

fn kiosk_listen() -> SocketAddr {
    local(8081)
}

fn display_listen() -> SocketAddr {
    local(8082)
}

fn five_minutes() -> u32 {
    300
}

fn is_five_minutes(delay_s: &u32) -> bool {
    *delay_s == five_minutes()
}

fn ten_seconds() -> u32 {
    10
}

fn yes() -> bool {
    true
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "as serde calls it")]
fn is_yes(answer: &bool) -> bool {
    *answer
}

fn undo_window_s() -> u32 {
    8
}

fn alarm_after_s() -> u32 {
    180
}

fn one_point() -> f64 {
    1.0
}

fn is_one_point(rate: &f64) -> bool {
    *rate == one_point()
}

fn panel_profile() -> String {
    "led-485".to_owned()
}
