//! The demo station: the real server and agents, with simulated devices on pseudo-terminals.

mod bench;
mod cable;

use std::path::Path;

use anyhow::Context;
use rusqlite::{Connection, OpenFlags};
use station_config::DemoProfile;

use crate::journal::{FILE_NAME, JournalError};

pub use bench::{Bench, BenchCounter};
use station_config::{Hours, StationFile, TimeOfDay};

/// A bearer token the demo publishes.
#[derive(Debug, Clone, Copy)]
pub struct DemoToken {
    /// Role.
    pub role: crate::access::Role,
    /// The token.
    pub token: &'static str,
}

/// What exists only in the demo.
pub struct Demo {
    /// Which station it is.
    pub profile: DemoProfile,
    /// The simulated devices; none with `--no-agents`.
    pub bench: Option<Bench>,
    /// Simulated visitors and staff are at work, so many times as fast as in life.
    pub people_speed: Option<u32>,
}

impl Demo {
    /// How many times faster than in life its people are, where they are faster. The clock never is.
    #[must_use]
    pub fn hurry(&self) -> Option<u32> {
        self.people_speed.filter(|speed| *speed > 1)
    }
}

/// The demo is tried at any hour; where none of its appointments' hours are near, the next hours of today are added, so
/// that one can book a time and check in.
pub fn offer_hours_around_now(file: &mut StationFile) {
    let Ok(zone) = jiff::tz::TimeZone::get(&file.station.timezone) else {
        return;
    };
    let now = jiff::Timestamp::now().to_zoned(zone).time();
    let hour = |hour: i8| format!("{hour:02}:00").parse::<TimeOfDay>().ok();
    let until = match now.hour() {
        0..=19 => hour(now.hour() + 4),
        _ => "23:59".parse().ok(),
    };
    let (Some(open), Some(close)) = (hour(now.hour()), until) else {
        return;
    };
    let offered = file.appointments.iter_mut().flat_map(|a| &mut a.services);
    for slots in offered {
        let near = |h: &Hours| h.open <= close && open <= h.close;
        if !slots.hours.is_empty() && !slots.hours.iter().any(near) {
            slots.hours.push(Hours { open, close });
            slots.hours.sort_by_key(|h| h.open);
        }
    }
}

/// Who opens the demo's counters when its first day begins; stands in the log of every demo.
pub(crate) const ACTOR: &str = "system/demo";

/// What the demo finds in a data directory.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Found {
    /// Nothing that has happened.
    Nothing,
    /// An earlier demo, or what was only imported and is nobody's yet, with the time zone of its days.
    Ours { timezone: String },
    /// A station that has worked without being a demo.
    AStation,
}

/// Looks into a data directory without changing it.
///
/// # Errors
/// What is wrong with the database.
pub(crate) fn look_into(data_dir: &Path) -> Result<Found, JournalError> {
    let path = data_dir.join(FILE_NAME);
    if !path.exists() {
        return Ok(Found::Nothing);
    }
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let found = Connection::open_with_flags(&path, flags).and_then(|db| {
        let ask = |sql: &str| db.query_row(sql, [], |row| row.get::<_, bool>(0));
        let log = ask("SELECT count(*) > 0 FROM sqlite_schema WHERE name = 'event'")?;
        if !log || !ask("SELECT EXISTS (SELECT 1 FROM event)")? {
            return Ok(Found::Nothing);
        }
        // The demo's own entries are among the first; the whole log is read only where there are none.
        // A day that was opened and in which nobody did anything is what a first start leaves that found no room.
        let is_a_station = db.query_row(
            "SELECT EXISTS (SELECT 1 FROM event WHERE kind = 'day_opened')
                AND NOT EXISTS (SELECT 1 FROM event WHERE actor = ?1)
                AND EXISTS (SELECT 1 FROM event WHERE actor NOT LIKE 'system/%' AND kind <> 'ticket_imported')",
            [ACTOR],
            |row| row.get(0),
        )?;
        if is_a_station {
            return Ok(Found::AStation);
        }
        let timezone = db.query_row("SELECT timezone FROM meta", [], |row| row.get(0))?;
        Ok(Found::Ours { timezone })
    });
    found.map_err(|e| JournalError::from_sqlite(&path, &e))
}

/// Says in the data directory which demo station's data it holds.
const PROFILE_FILE: &str = "demo-profile";

/// Looks whether a data directory may be a profile's, without changing it.
///
/// # Errors
/// It holds the data of another profile.
pub(crate) fn may_hold(data_dir: &Path, profile: DemoProfile) -> anyhow::Result<()> {
    let path = data_dir.join(PROFILE_FILE);
    let holds = match std::fs::read_to_string(&path) {
        Ok(name) => Some(name.trim().to_owned()),
        // Data of the time when there was one profile only.
        Err(_) if data_dir.join(FILE_NAME).exists() => Some(DemoProfile::default().to_string()),
        Err(_) => None,
    };
    if let Some(holds) = holds.filter(|holds| holds != profile.name()) {
        anyhow::bail!(
            "{} holds the data of the demo profile `{holds}`, not of `{profile}`: choose another directory with --data",
            data_dir.display()
        );
    }
    Ok(())
}

/// Notes whose a data directory is, once it is this process's own.
///
/// # Errors
/// It cannot be written.
pub(crate) fn claim(data_dir: &Path, profile: DemoProfile) -> anyhow::Result<()> {
    let path = data_dir.join(PROFILE_FILE);
    std::fs::write(&path, profile.name())
        .with_context(|| format!("cannot write {}", path.display()))
}

/// The PIN of every member of the demo's staff.
pub const PIN: &str = "1234";

/// Its argon2id hash; fixed, because it is no secret and hashing takes memory at every start.
pub const PIN_HASH: &str = "$argon2id$v=19$m=19456,t=2,p=1$sK40Kcm/mz2BAJybojdupg$4Tte/w/xX34+dnxnD/uXiTNZdJCgMhU7HerRu42UHMI";

/// The demo's staff: id, name, role.
pub const STAFF: [(&str, &str, crate::access::Role); 9] = {
    use crate::access::Role;
    [
        ("lin", "林怡君", Role::Counter),
        ("wang", "王建宏", Role::Counter),
        ("zhang", "張雅婷", Role::Counter),
        ("li", "李冠宇", Role::Counter),
        ("huang", "黃詩涵", Role::Counter),
        ("wu", "吳柏翰", Role::Counter),
        ("chen", "陳志明", Role::Greeter),
        ("zhou", "周淑芬", Role::Chief),
        ("admin", "系統管理者", Role::Administrator),
    ]
};

/// The demo's credentials, published on its front page and in the README.
pub const TOKENS: [DemoToken; 6] = {
    use crate::access::Role;
    [
        DemoToken {
            role: Role::Kiosk,
            token: "demo-kiosk",
        },
        DemoToken {
            role: Role::Display,
            token: "demo-display",
        },
        DemoToken {
            role: Role::Counter,
            token: "demo-counter",
        },
        DemoToken {
            role: Role::Greeter,
            token: "demo-greeter",
        },
        DemoToken {
            role: Role::Chief,
            token: "demo-chief",
        },
        DemoToken {
            role: Role::Administrator,
            token: "demo-admin",
        },
    ]
};
