//! One simulated panel of any kind, alone on its line.

use std::io;
use std::path::PathBuf;

use tokio::sync::watch;

use super::alpha::VirtualAlpha;
use super::am03127::VirtualAm03127;
use super::cd5220::VirtualCd5220;
use super::dm36::VirtualDm36;
use super::panel::VirtualPanel;
use super::shell::{Running, WireDevice};
use super::template::VirtualTemplate;
use crate::modbus::{self, Address, Request};
use crate::panel::PanelProtocol;

/// A panel that speaks the language of a [`PanelProtocol`].
#[derive(Debug)]
pub struct VirtualDisplay {
    device: Device,
    /// The end of what was heard, where a request may be under way; Modbus slaves only.
    heard: Vec<u8>,
    output: Vec<u8>,
    shown: watch::Sender<String>,
}

#[derive(Debug)]
enum Device {
    Led485(VirtualPanel),
    Dm36(VirtualDm36),
    Alpha(VirtualAlpha),
    Am03127(VirtualAm03127),
    Cd5220(VirtualCd5220),
    Template(VirtualTemplate),
}

impl VirtualDisplay {
    /// A dark panel, or `None` where no such panel has the address.
    pub fn new(protocol: &PanelProtocol, address: u8) -> Option<Self> {
        let device = match protocol {
            PanelProtocol::Led485 => Device::Led485(VirtualPanel::new(Address::new(address)?)),
            PanelProtocol::Dm36(digits) => {
                Device::Dm36(VirtualDm36::new(Address::new(address)?, *digits))
            }
            PanelProtocol::Alpha { .. } => Device::Alpha(VirtualAlpha::new(address)),
            PanelProtocol::Am03127 { .. } => Device::Am03127(VirtualAm03127::new(address)),
            PanelProtocol::Cd5220 => Device::Cd5220(VirtualCd5220::default()),
            PanelProtocol::Template(template) => {
                Device::Template(VirtualTemplate::new(template.clone(), address))
            }
        };
        Some(Self {
            device,
            heard: Vec::new(),
            output: Vec::new(),
            shown: watch::Sender::new(String::new()),
        })
    }

    /// What it shows; of two lines the upper, then the lower after a line break.
    pub fn shown(&self) -> String {
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

    /// Hears bytes on the line and gives its answers to those that are for it.
    pub fn hear(&mut self, bytes: &[u8]) -> Vec<u8> {
        match &mut self.device {
            Device::Alpha(sign) => return sign.hear(bytes),
            Device::Am03127(board) => return board.hear(bytes),
            Device::Cd5220(display) => display.hear(bytes),
            Device::Template(panel) => return panel.hear(bytes),
            Device::Led485(_) | Device::Dm36(_) => return self.hear_requests(bytes),
        }
        Vec::new()
    }

    fn hear_requests(&mut self, bytes: &[u8]) -> Vec<u8> {
        let mut answer = Vec::new();
        self.heard.extend_from_slice(bytes);
        while let Some((range, request)) = Request::find(&self.heard) {
            self.heard.drain(..range.end);
            let said = match &mut self.device {
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

    /// Starts the panel on a pseudo-terminal; `link` names the host's end. Needs a tokio runtime.
    ///
    /// # Errors
    /// No terminal can be had, or the link cannot be written.
    pub fn start(self, link: impl Into<PathBuf>) -> io::Result<DisplayHandle> {
        let shown = self.shown.subscribe();
        let running = Running::on_pty(self, link.into())?;
        Ok(DisplayHandle { running, shown })
    }
}

impl WireDevice for VirtualDisplay {
    fn handle_bytes(&mut self, _now_ms: u64, bytes: &[u8]) {
        let answer = self.hear(bytes);
        self.output.extend(answer);
    }

    fn handle_timeout(&mut self, _now_ms: u64) {}

    fn take_output(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.output)
    }

    fn deadline_ms(&self) -> Option<u64> {
        None
    }

    fn wants_input(&self) -> bool {
        true
    }

    fn baud_bps(&self) -> Option<u32> {
        None
    }

    fn publish(&self) {
        let now = self.shown();
        self.shown.send_if_modified(|shown| {
            let changed = *shown != now;
            *shown = now;
            changed
        });
    }
}

/// A panel in operation. It stops when the last handle is dropped.
#[derive(Clone)]
pub struct DisplayHandle {
    running: Running<VirtualDisplay>,
    shown: watch::Receiver<String>,
}

impl DisplayHandle {
    /// What it shows, as it changes.
    pub fn watch(&self) -> watch::Receiver<String> {
        self.shown.clone()
    }

    /// Pulls the adapter out of the PC, or puts it back under the same name.
    pub fn set_plugged(&self, plugged: bool) {
        self.running.set_plugged(plugged);
    }
}
