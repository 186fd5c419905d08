//! What a layout has to fit: the papers of a station and what is certain to stand on them.

use firmware_config::profile::PrinterHead;
use qrcodegen::{QrCode, QrCodeEcc};

use super::letters::width_em;

/// An address behind the station's, as that of every visitor's page.
const TICKET_PATH: &str = "/t/0123456789abcdef0123456789abcdef";

/// The papers of a station, and the widest that is certain to stand on them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Papers {
    pub(crate) papers: Vec<Paper>,
    /// The widest number that may be given out.
    pub(crate) number: String,
    /// Modules across the code, without its light edge; none: not known.
    pub(crate) modules: Option<usize>,
}

/// The paper of a kiosk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Paper {
    pub(crate) kiosk: String,
    pub(crate) head: PrinterHead,
}

impl Paper {
    /// The papers of a kiosk's printers. Of two alike only one: what fits the one fits the other.
    pub(crate) fn of_kiosk(
        id: &str,
        first: Option<PrinterHead>,
        spare: Option<PrinterHead>,
    ) -> impl Iterator<Item = Self> + use<> {
        let spare = spare.filter(|head| first != Some(*head));
        let named = [(id.to_owned(), first), (format!("{id} spare"), spare)];
        let papers = named.into_iter();
        papers.filter_map(|(kiosk, head)| head.map(|head| Self { kiosk, head }))
    }
}

impl Papers {
    /// From the kiosks that print, the letters of the services, and the address with which the codes begin.
    pub(crate) fn new(
        papers: Vec<Paper>,
        letters: impl IntoIterator<Item = String>,
        public_url: Option<&str>,
    ) -> Self {
        let widest = letters
            .into_iter()
            .max_by(|a, b| width_em(a, true).total_cmp(&width_em(b, true)));
        let modules = public_url.and_then(|url| {
            let address = format!("{}{TICKET_PATH}", url.trim_end_matches('/'));
            let code = QrCode::encode_text(&address, QrCodeEcc::Medium).ok()?;
            usize::try_from(code.size()).ok()
        });
        Self {
            papers,
            // Numbers grow to four digits on busy days.
            number: format!("{}9999", widest.unwrap_or_default()),
            modules,
        }
    }

    /// The print heads, each with its kiosk.
    pub fn heads(&self) -> impl Iterator<Item = (&str, PrinterHead)> {
        let papers = self.papers.iter();
        papers.map(|paper| (paper.kiosk.as_str(), paper.head))
    }
}
