//! How the devices of a line are, in the stable words that the station's pages say in every language.

use firmware_config::bus::{PanelHealth, Reception};
use firmware_config::port::Link;
use protocol::DeviceHealth;

/// What is known of a line as a whole.
#[derive(Debug)]
pub(crate) struct LineState {
    link: Link,
    /// None: not known yet. The reason why it is down, where it is.
    port: Option<Result<(), String>>,
    reception: Reception,
    /// The speed at which its panels answer, where it is not the line's, in bits per second.
    other_speed_bps: Option<u32>,
    /// The port at which its devices are, where it is another one.
    at_port: Option<Link>,
    /// One of its devices was understood since the port was opened.
    is_vouched: bool,
}

/// How far it is with a new panel for one that does not answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Replacement {
    /// It is looked for.
    Looking,
    /// None answers at an address of its own.
    NotFound,
    /// It was told its new address and does not answer there.
    NotTaken {
        /// The address it came with.
        from: u8,
    },
    /// It has to be given this address before it is hung up.
    ByHand {
        /// The address.
        address: u8,
    },
}

impl Replacement {
    fn finding(self) -> Finding {
        let (status, detail) = match self {
            Self::Looking => ("replacing", String::new()),
            Self::NotFound => ("no_replacement", String::new()),
            Self::NotTaken { from } => ("replacement_stuck", format!("answers at address {from}")),
            Self::ByHand { address } => ("replace_by_hand", format!("address {address}")),
        };
        (false, status, detail)
    }
}

/// A stable word, whether it works, and what a technician should read besides.
type Finding = (bool, &'static str, String);

impl LineState {
    pub(crate) fn new(link: Link) -> Self {
        Self {
            link,
            port: None,
            reception: Reception::Clear,
            other_speed_bps: None,
            at_port: None,
            is_vouched: false,
        }
    }

    pub(crate) fn link(&self) -> &Link {
        &self.link
    }

    /// The port is open, or why it is not. What was found out before may not be so any more.
    pub(crate) fn set_port(&mut self, port: Result<(), String>) {
        *self = Self {
            port: Some(port),
            ..Self::new(self.link.clone())
        };
    }

    pub(crate) fn is_up(&self) -> bool {
        self.port == Some(Ok(()))
    }

    pub(crate) fn set_reception(&mut self, reception: Reception) {
        self.reception = reception;
    }

    /// Its panels answer at another speed.
    pub(crate) fn set_other_speed(&mut self, baud_bps: u32) {
        self.other_speed_bps = Some(baud_bps);
    }

    /// Its devices are at another port.
    pub(crate) fn set_elsewhere(&mut self, port: Link) {
        self.at_port = Some(port);
        self.is_vouched = false;
    }

    /// One of its devices was understood here.
    pub(crate) fn is_right(&mut self) {
        self.other_speed_bps = None;
        self.at_port = None;
        self.is_vouched = true;
    }

    /// Whether other devices may be at its port: its own are known to be elsewhere, or not known to be here.
    pub(crate) fn may_have_others(&self, own_panels_are_silent: bool, has_panels: bool) -> bool {
        let is_free = own_panels_are_silent && (has_panels || !self.is_vouched);
        self.is_up() && (self.at_port.is_some() || is_free)
    }

    /// Whether one of its devices was understood here since it was last said to be elsewhere.
    pub(crate) fn is_vouched(&self) -> bool {
        self.is_vouched
    }

    /// How a panel is of which its line says this, and which a new one may be to replace.
    pub(crate) fn panel(
        &self,
        health: Option<PanelHealth>,
        replacement: Option<Replacement>,
    ) -> Finding {
        let plain = |status| (false, status, String::new());
        if let Some(finding) = self.closed() {
            return finding;
        }
        if replacement == Some(Replacement::Looking) {
            return Replacement::Looking.finding();
        }
        let missed = match health {
            Some(PanelHealth::Answers) => return self.well(),
            Some(PanelHealth::Contested) => return plain("same_address"),
            Some(PanelHealth::Garbled) => "garbled",
            Some(PanelHealth::Silent) if self.reception == Reception::Unreadable => "unreadable",
            Some(PanelHealth::Silent) => "silent",
            Some(PanelHealth::Unheard) => DeviceHealth::ONE_WAY,
            None => DeviceHealth::STARTING,
        };
        self.misplaced()
            .or_else(|| replacement.map(Replacement::finding))
            .unwrap_or_else(|| plain(missed))
    }

    /// How a pad is that has spoken, or has not. It says nothing of itself; its line is all that is known.
    pub(crate) fn pad(&self, has_spoken: bool) -> Finding {
        if let Some(finding) = self.closed().or_else(|| self.misplaced()) {
            return finding;
        }
        match self.reception {
            Reception::Unreadable => (false, "unreadable", String::new()),
            Reception::Clear if !has_spoken => (true, "unheard", String::new()),
            Reception::Clear | Reception::Noisy => self.well(),
        }
    }

    fn well(&self) -> Finding {
        let status = match self.reception {
            Reception::Noisy => "noisy",
            Reception::Clear | Reception::Unreadable => "ok",
        };
        (true, status, String::new())
    }

    fn closed(&self) -> Option<Finding> {
        match &self.port {
            None => Some((false, DeviceHealth::STARTING, String::new())),
            Some(Err(reason)) => Some((false, "port_missing", reason.clone())),
            Some(Ok(())) => None,
        }
    }

    fn misplaced(&self) -> Option<Finding> {
        if let Some(port) = &self.at_port {
            return Some((false, "wrong_port", format!("answers at {port}")));
        }
        let found_bps = self.other_speed_bps?;
        let detail = match &self.link {
            Link::Serial { baud_bps, .. } => {
                format!("answers at {found_bps} bit/s; the station file says {baud_bps}")
            }
            Link::Tcp { .. } | Link::CharDevice { .. } => format!("answers at {found_bps} bit/s"),
        };
        Some((false, "wrong_speed", detail))
    }
}
