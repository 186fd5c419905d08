//! What one kiosk needs to know, whatever file it came from.

use std::net::SocketAddr;

use queue_core::ClassId;
use screens::Language;

use crate::printer::PrinterSettings;

/// One kiosk.
#[derive(Clone, Debug)]
pub struct KioskSettings {
    /// Its name: `K1`. Also the device name on the link.
    pub id: String,
    /// Address and port of its own pages; port 0 takes a free one.
    pub listen: SocketAddr,
    /// The station server, `ws://host:port` or `http://host:port`.
    pub server: String,
    /// Bearer token for the server.
    pub token: String,
    /// Its printer; none: numbers are shown on the screen only.
    pub printer: Option<PrinterSettings>,
    /// Pixels per millimetre of its screen, from which touch targets get their least size.
    pub px_per_mm: f64,
    /// Languages offered, in this order. The first one greets.
    pub languages: Vec<Language>,
    /// The class that the button for priority gives; none: no such button.
    pub priority_class: Option<ClassId>,
}

impl KioskSettings {
    /// The language in which the kiosk greets.
    pub fn greeting(&self) -> Language {
        self.languages.first().copied().unwrap_or_default()
    }
}
