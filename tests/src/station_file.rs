//! A station file for tests: the demo's services and counters, with published tokens and devices of the test's own.

use std::collections::BTreeSet;
use std::net::SocketAddr;
use std::sync::{LazyLock, Mutex, PoisonError};

use sha2::{Digest, Sha256};
use station_config::{AccessRole, AccessToken, StationFile};

/// Tokens that [`station_file`] lets in, with their roles; the same as the demo's.
pub const TOKEN_NAMES: [(&str, AccessRole); 6] = [
    ("demo-kiosk", AccessRole::Kiosk),
    ("demo-display", AccessRole::Display),
    ("demo-counter", AccessRole::Counter),
    ("demo-greeter", AccessRole::Greeter),
    ("demo-chief", AccessRole::Chief),
    ("demo-admin", AccessRole::Administrator),
];

/// A token as it stands in a station file.
#[must_use]
pub fn token_hash(token: &str) -> String {
    Sha256::digest(token.as_bytes())
        .iter()
        .map(|b| format!("{b:02x}"))
        .collect()
}

/// Ports that the system lends to nobody's outgoing connections.
const PORTS: std::ops::Range<u16> = 20_000..32_000;

/// An address nobody listens on, another one each time.
///
/// # Panics
/// When no port is free.
#[must_use]
pub fn free_address() -> SocketAddr {
    static GIVEN: Mutex<BTreeSet<u16>> = Mutex::new(BTreeSet::new());
    let mut given = GIVEN.lock().unwrap_or_else(PoisonError::into_inner);
    let mut free = std::iter::repeat_with(|| fastrand::u16(PORTS)).take(1_000);
    let port = free.find(|port| {
        !given.contains(port) && std::net::TcpListener::bind(("127.0.0.1", *port)).is_ok()
    });
    let port = port.expect("a free port");
    given.insert(port);
    SocketAddr::from(([127, 0, 0, 1], port))
}

/// A time zone in which it is about noon when the tests begin: a station there has one business day for as long as they last, and the same after
/// a restart.
#[must_use]
pub fn zone_at_noon() -> String {
    static ZONE: LazyLock<String> = LazyLock::new(|| {
        let now = jiff::Timestamp::now().to_zoned(jiff::tz::TimeZone::UTC);
        match 12 - now.hour() {
            0 => "Etc/GMT".to_owned(),
            // The signs of these names are the other way round: `Etc/GMT-8` is east of Greenwich.
            east => format!("Etc/GMT{:+}", -east),
        }
    });
    ZONE.clone()
}

/// The demo's station as a file for `serve`, on free ports, without kiosk and display unless `edit` leaves them.
///
/// # Panics
/// When the demo's own file is wrong.
#[must_use]
pub fn station_file(edit: impl FnOnce(&mut StationFile)) -> String {
    let mut file =
        StationFile::parse("demo.toml", station_config::demo()).expect("the demo's file is right");
    let listen = free_address();
    file.station.listen = listen;
    file.station.public_url = format!("http://{listen}");
    for (token, role) in TOKEN_NAMES {
        file.access.tokens.push(AccessToken {
            name: token.to_owned(),
            role,
            device: None,
            token_sha256: token_hash(token),
        });
    }
    for kiosk in &mut file.kiosks {
        kiosk.listen = free_address();
    }
    for display in &mut file.displays {
        display.listen = free_address();
    }
    file.station.timezone = zone_at_noon();
    // Whether anything here can speak depends on the machine; what is heard has tests of its own.
    file.voice = None;
    edit(&mut file);
    file.to_toml().expect("a station file can be written")
}
