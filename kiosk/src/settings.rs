//! What one kiosk needs to know, whatever file it came from.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use agent::command_line::Given;
use anyhow::{Context, bail};
use protocol::StationInfo;
use queue_core::ClassId;
use screens::Language;
use station_config::StationFile;
use station_config::ticket::TicketLayout;

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
    /// Directory for what must survive a power cut. It need not exist.
    pub data: PathBuf,
    /// Its printers, the first one first; none: numbers are shown on the screen only.
    pub printers: Vec<PrinterSettings>,
    /// What stands on its tickets.
    pub ticket: Arc<TicketLayout>,
    /// Pixels per millimetre of its screen, from which touch targets get their least size.
    pub px_per_mm: f64,
    /// Languages offered, in this order. The first one greets.
    pub languages: Vec<Language>,
    /// The station as its file says, until the server is heard.
    pub station: Arc<StationInfo>,
    /// The class of who has no other.
    pub default_class: Option<ClassId>,
    /// The class that the button for priority gives; none: no such button.
    pub priority_class: Option<ClassId>,
}

/// Id of the class that the button for priority gives, where the station has it.
const PRIORITY: &str = "priority";

impl KioskSettings {
    /// The settings of one kiosk of a station file; its id may be left out where it has only one.
    ///
    /// # Errors
    /// No such kiosk, or several where none was named.
    pub fn from_station(file: &StationFile, given: Given) -> anyhow::Result<Self> {
        let Given { id, token, data } = given;
        let known: Vec<&str> = file.kiosks.iter().map(|kiosk| kiosk.id.as_str()).collect();
        let known = known.join(", ");
        let kiosk = match (id.as_deref(), file.kiosks.as_slice()) {
            (Some(id), _) => file
                .kiosk(id)
                .with_context(|| format!("no kiosk `{id}`, expected one of: {known}"))?,
            (None, [only]) => only,
            (None, []) => bail!("the station file has no kiosk"),
            (None, _) => bail!("several kiosks, name one with --id: {known}"),
        };
        let printers = kiosk.printer.iter().chain(&kiosk.spare_printer);
        let printers = printers.map(|printer| PrinterSettings {
            link: printer.link.clone(),
            head: printer.head,
            cutter: printer.cutter,
            text_mode: printer.text_mode,
            one_way: printer.one_way,
            supply: printer.supply,
            place: printer.place.clone(),
            copies: printer.copies,
            not_taken_after: Duration::from_secs(printer.not_taken_after_s.into()),
        });
        let plan = file.plan();
        Ok(Self {
            id: kiosk.id.clone(),
            listen: kiosk.listen,
            server: file.server_url(),
            token,
            data,
            printers: printers.collect(),
            ticket: Arc::new(file.ticket.clone()),
            px_per_mm: kiosk.screen.px_per_mm,
            languages: Language::ALL.to_vec(),
            station: Arc::new(file.info()),
            default_class: plan.default_class.clone(),
            priority_class: plan
                .classes
                .keys()
                .find(|class| class.as_str() == PRIORITY)
                .cloned(),
        })
    }

    /// The language in which the kiosk greets.
    pub fn greeting(&self) -> Language {
        self.languages.first().copied().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_demo_station_has_one_kiosk_with_printer_and_priority() {
        let file = StationFile::parse("demo.toml", station_config::demo()).unwrap();
        let given = |id: Option<&str>| Given {
            id: id.map(str::to_owned),
            token: "token".to_owned(),
            data: "agent-data".into(),
        };
        let settings = KioskSettings::from_station(&file, given(None)).unwrap();
        assert_eq!(settings.id, "K1");
        assert_eq!(settings.printers[0].head.width_dots, 576);
        assert_eq!(settings.priority_class.unwrap().as_str(), "priority");
        let error = KioskSettings::from_station(&file, given(Some("K9"))).unwrap_err();
        assert_eq!(error.to_string(), "no kiosk `K9`, expected one of: K1");
    }
}
