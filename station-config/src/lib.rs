//! The station file: services, counters, classes, texts, devices and access in one TOML model.
//!
//! [`StationFile`] is plain data. [`StationFile::parse`] reads it and tells every mistake with file, line, column and
//! what was expected; [`StationFile::plan`] is the part that the engine decides by, [`StationFile::info`] the part that
//! screens show. [`StationFile::schema`] is its JSON Schema, for editors.

mod appointments;
mod calendar;
mod check;
mod demo;
mod device_profiles;
mod devices;
mod errors;
mod guide;
mod load;
mod model;
mod places;
mod printer;
mod read;
mod required;
mod sessions;
mod station;
mod texts;
pub mod ticket;
mod time_of_day;
mod voice;

pub use appointments::{Appointments, Slots};
pub use calendar::{
    BadTimeSpan, Calendar, DateHours, DayName, QuotaRule, Schedule, TimeSpan, WeekHours,
};
pub use demo::{DemoProfile, PLACEHOLDER, UnknownDemo, demo};
pub use device_profiles::DeviceProfiles;
pub use devices::{is_printer_device, key_pad_device, pad_device, panel_device, printer_device};
pub use errors::ConfigErrors;
pub use firmware_config::profile::TomlError;
pub use guide::{Answer, Guide, Matter, Paper, Question};
pub use model::{
    Access, AccessRole, AccessToken, Announcement, Class, Counter, CutOffRule, Direction, Display,
    DisplayLine, Hours, IdentityDesk, KeyPad, Kiosk, OneOpenTicket, Pad, Panel, RuleSet, Screen,
    Service, Staff, Station, StationFile, Zone,
};
pub use printer::{BadPrinter, PaperSupply, Printer};
pub use sessions::{Room, SessionTimes, Sessions};
pub use texts::LANGUAGES;
pub use time_of_day::{BadTimeOfDay, TimeOfDay};
pub use voice::{QuietTime, VOICE_LANGUAGES, Voice};
