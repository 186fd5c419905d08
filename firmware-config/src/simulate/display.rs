//! One simulated panel of any kind, to be hung on a line.

use serde::Serialize;

use super::alpha::VirtualAlpha;
use super::am03127::VirtualAm03127;
use super::cd5220::VirtualCd5220;
use super::dm36::VirtualDm36;
use super::panel::VirtualPanel;
use super::template::VirtualTemplate;
use crate::modbus::{self, Address, Request};
use crate::panel::PanelProtocol;

/// A panel that speaks the language of a [`PanelProtocol`].
#[derive(Clone, Debug)]
pub struct VirtualDisplay {
    protocol: PanelProtocol,
    address: u8,
    device: Device,
    /// The end of what was heard, where a request may be under way; Modbus slaves only.
    heard: Vec<u8>,
    fault: Option<DisplayFault>,
    baud_bps: Option<u32>,
    answered: u64,
    withheld: u64,
    /// What it goes on showing while it is stuck.
    stuck_at: Option<String>,
}

#[derive(Clone, Debug)]
enum Device {
    Led485(VirtualPanel),
    Dm36(VirtualDm36),
    Alpha(VirtualAlpha),
    Am03127(VirtualAm03127),
    Cd5220(VirtualCd5220),
    Template(VirtualTemplate),
}

/// What can be wrong with a panel.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum DisplayFault {
    /// No power: it hears nothing, and what it does not keep without power is forgotten.
    NoPower,
    /// It does what it is told and says nothing: the wire back is broken.
    Mute,
    /// It does what it is told, and the last byte of its answers is wrong.
    BadAnswer,
}

/// What can be seen of a panel.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DisplayView {
    /// Its address.
    pub address: u8,
    /// What it shows; of two lines the upper, then the lower after a line break.
    pub text: String,
    /// What is wrong with it.
    pub fault: Option<DisplayFault>,
    /// Answers it gave.
    pub answered: u64,
    /// Answers that its fault kept back or spoilt.
    pub withheld: u64,
}

impl VirtualDisplay {
    /// A dark panel, or `None` where no such panel has the address.
    pub fn new(protocol: &PanelProtocol, address: u8) -> Option<Self> {
        Some(Self {
            protocol: protocol.clone(),
            address,
            device: Device::new(protocol, address)?,
            heard: Vec::new(),
            fault: None,
            baud_bps: None,
            answered: 0,
            withheld: 0,
            stuck_at: None,
        })
    }

    /// What it shows; of two lines the upper, then the lower after a line break.
    pub fn shown(&self) -> String {
        if self.fault == Some(DisplayFault::NoPower) {
            return String::new();
        }
        if let Some(shown) = &self.stuck_at {
            return shown.clone();
        }
        match &self.device {
            Device::Led485(panel) => panel.view().text.clone(),
            Device::Dm36(panel) => panel.shown(),
            Device::Alpha(sign) => sign.shown(),
            Device::Am03127(board) => board.shown().to_owned(),
            Device::Cd5220(display) => {
                let lines = display.lines();
                lines.join("\n").trim_end().to_owned()
            }
            Device::Template(panel) => panel.shown().to_owned(),
        }
    }

    /// Its address, which a Modbus panel may have been told since.
    fn address(&self) -> u8 {
        match &self.device {
            Device::Led485(panel) => panel.view().address.get(),
            Device::Dm36(panel) => panel.address().get(),
            Device::Alpha(_) | Device::Am03127(_) | Device::Cd5220(_) | Device::Template(_) => {
                self.address
            }
        }
    }

    /// What can be seen of it.
    pub fn view(&self) -> DisplayView {
        DisplayView {
            address: self.address(),
            text: self.shown(),
            fault: self.fault,
            answered: self.answered,
            withheld: self.withheld,
        }
    }

    /// Makes something wrong with it, or right again.
    pub fn set_fault(&mut self, fault: Option<DisplayFault>) {
        let had_power = self.fault != Some(DisplayFault::NoPower);
        self.fault = fault;
        if fault == Some(DisplayFault::NoPower) && had_power {
            self.heard.clear();
            if !self.protocol.remembers_text()
                && let Some(dark) = Device::new(&self.protocol, self.address())
            {
                let told = self.baud_bps();
                self.device = dark;
                // Its memory keeps the speed it was told.
                if let (Device::Led485(panel), Some(baud_bps)) = (&mut self.device, told) {
                    panel.set_baud_bps(baud_bps);
                }
            }
        }
    }

    /// Makes it say that all is well and do nothing, or work again.
    pub fn set_stuck(&mut self, is_stuck: bool) {
        let shown = is_stuck.then(|| self.shown());
        self.stuck_at = shown;
    }

    /// The only speed it understands, in bits per second, which a Modbus panel may have been told since; `None`: any.
    pub fn baud_bps(&self) -> Option<u32> {
        match &self.device {
            Device::Led485(panel) => panel.baud_bps().or(self.baud_bps),
            _ => self.baud_bps,
        }
    }

    /// Makes it understand one speed only.
    pub fn set_baud_bps(&mut self, baud_bps: u32) {
        self.baud_bps = Some(baud_bps);
        if let Device::Led485(panel) = &mut self.device {
            panel.set_baud_bps(baud_bps);
        }
    }

    /// Hears bytes on the line and gives its answers to those that are for it.
    pub fn hear(&mut self, bytes: &[u8]) -> Vec<u8> {
        if self.fault == Some(DisplayFault::NoPower) {
            return Vec::new();
        }
        let mut answer = match &mut self.device {
            Device::Alpha(sign) => sign.hear(bytes),
            Device::Am03127(board) => board.hear(bytes),
            Device::Cd5220(display) => {
                display.hear(bytes);
                Vec::new()
            }
            Device::Template(panel) => panel.hear(bytes),
            Device::Led485(_) | Device::Dm36(_) => self.hear_requests(bytes),
        };
        match (self.fault, answer.last_mut()) {
            (_, None) => {}
            (None | Some(DisplayFault::NoPower), Some(_)) => self.answered += 1,
            (Some(DisplayFault::Mute), Some(_)) => {
                self.withheld += 1;
                answer.clear();
            }
            (Some(DisplayFault::BadAnswer), Some(last)) => {
                self.withheld += 1;
                *last ^= 0x55;
            }
        }
        answer
    }

    fn hear_requests(&mut self, bytes: &[u8]) -> Vec<u8> {
        let mut answer = Vec::new();
        self.heard.extend_from_slice(bytes);
        while let Some((range, request)) = Request::find(&self.heard) {
            self.heard.drain(..range.end);
            let mut unchanged = self.stuck_at.is_some().then(|| self.device.clone());
            let said = match unchanged.as_mut().unwrap_or(&mut self.device) {
                Device::Led485(panel) => panel.handle_request(&request),
                Device::Dm36(panel) => panel.handle_request(&request),
                Device::Alpha(_) | Device::Am03127(_) | Device::Cd5220(_) | Device::Template(_) => {
                    None
                }
            };
            answer.extend(said.into_iter().flatten());
        }
        let excess = self.heard.len().saturating_sub(modbus::FRAME_MAX);
        self.heard.drain(..excess);
        answer
    }
}

impl Device {
    fn new(protocol: &PanelProtocol, address: u8) -> Option<Self> {
        Some(match protocol {
            PanelProtocol::Led485 => Self::Led485(VirtualPanel::new(Address::new(address)?)),
            PanelProtocol::Dm36(digits) => {
                Self::Dm36(VirtualDm36::new(Address::new(address)?, *digits))
            }
            PanelProtocol::Alpha { .. } => Self::Alpha(VirtualAlpha::new(address)),
            PanelProtocol::Am03127 { .. } => Self::Am03127(VirtualAm03127::new(address)),
            PanelProtocol::Cd5220 => Self::Cd5220(VirtualCd5220::default()),
            PanelProtocol::Template(template) => {
                Self::Template(VirtualTemplate::new(template.clone(), address))
            }
        })
    }
}
