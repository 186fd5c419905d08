//! Simulated panels and pads together on one RS-485 line.

mod handles;

use std::collections::BTreeMap;
use std::io;
use std::path::PathBuf;

use tokio::sync::watch;

pub use handles::{CardHandle, LineHandle, PadHandle, PanelHandle};

use super::card::VirtualCard;
use super::frames::{FrameLog, Meaning};
use super::pad::{PadView, VirtualPad};
use super::panel::{PanelView, VirtualPanel};
use super::shell::{Running, WireDevice};
use crate::caller_pad::{Decoder, PadAction, PadEvent};
use crate::modbus::{self, Address, Reply, Request};

/// What hangs on the line. Build it, then start it.
#[derive(Debug, Default)]
pub struct VirtualLine {
    panels: BTreeMap<Address, Watched<VirtualPanel, PanelView>>,
    pads: BTreeMap<u8, Watched<VirtualPad, PadView>>,
    cards: Vec<VirtualCard>,
    heard: Vec<u8>,
    decoder: Decoder,
    output: Vec<u8>,
    log: FrameLog,
    gives_echo: bool,
    baud_bps: Option<u32>,
    host_bps: Option<u32>,
}

#[derive(Debug)]
struct Watched<D, V> {
    device: D,
    shown: watch::Sender<V>,
}

impl VirtualLine {
    /// A line with a panel at each address and a pad at each address.
    pub fn new(
        panels: impl IntoIterator<Item = Address>,
        pads: impl IntoIterator<Item = u8>,
    ) -> Self {
        let panels = panels.into_iter().map(|address| {
            let device = VirtualPanel::new(address);
            let shown = watch::Sender::new(device.view().clone());
            (address, Watched { device, shown })
        });
        let pads = pads.into_iter().map(|address| {
            let device = VirtualPad::new(address);
            let shown = watch::Sender::new(device.view().clone());
            (address, Watched { device, shown })
        });
        Self {
            panels: panels.collect(),
            pads: pads.collect(),
            ..Self::default()
        }
    }

    /// Hangs an LED control card on the line, too.
    pub fn with_card(mut self, card: VirtualCard) -> Self {
        self.cards.push(card);
        self
    }

    /// Makes the panels and pads understand only a host that speaks at this speed, in bits per second. Left
    /// out, any speed will do.
    pub fn with_baud_bps(mut self, baud_bps: u32) -> Self {
        for panel in self.panels.values_mut() {
            panel.device.set_baud_bps(baud_bps);
        }
        Self {
            baud_bps: Some(baud_bps),
            ..self
        }
    }

    /// Starts the line on a pseudo-terminal; `link` names the host's end. Needs a tokio runtime.
    ///
    /// # Errors
    /// No terminal can be had, or the link cannot be written.
    pub fn start(self, link: impl Into<PathBuf>) -> io::Result<LineHandle> {
        Running::on_pty(self, link.into()).map(LineHandle)
    }

    fn hear_panels(&mut self, now_ms: u64, bytes: &[u8]) {
        self.heard.extend_from_slice(bytes);
        while let Some((range, request)) = Request::find(&self.heard) {
            let frame: Vec<u8> = self.heard.drain(..range.end).skip(range.start).collect();
            self.log
                .push(now_ms, &frame, Meaning::Asks(request.clone()));
            let host_bps = self.host_bps;
            let answers = self
                .panels
                .values_mut()
                .filter(|p| is_understood(p.device.baud_bps(), host_bps))
                .filter_map(|p| p.device.handle_request(&request));
            let cards = self
                .cards
                .iter_mut()
                .filter(|card| is_understood(Some(card.baud_bps()), host_bps))
                .filter_map(|card| card.handle_request(&request));
            for answer in answers.chain(cards) {
                let meaning = match request.find_reply(&answer) {
                    Some((_, Reply::Refused(why))) => Meaning::Refuses(request.address, why),
                    _ => Meaning::Done(request.address),
                };
                self.log.push(now_ms, &answer, meaning);
                self.output.extend(answer);
            }
        }
        let excess = self.heard.len().saturating_sub(modbus::FRAME_MAX);
        self.heard.drain(..excess);
    }

    fn hear_pads(&mut self, now_ms: u64, bytes: &[u8]) {
        for frame in self.decoder.feed(bytes) {
            let mut is_taken = false;
            for pad in self.pads.values_mut() {
                let acknowledged = pad.device.view().acknowledged;
                pad.device.handle_frame(&frame);
                is_taken |= pad.device.view().acknowledged > acknowledged;
            }
            let meaning = match PadAction::from_frame(&frame) {
                _ if is_taken => Meaning::Takes(frame.address),
                Some(action) => Meaning::Tells(frame.address, action),
                None => Meaning::Takes(frame.address),
            };
            self.log.push(now_ms, &frame.encode(), meaning);
        }
    }

    fn let_pads_speak(&mut self, now_ms: u64) {
        for pad in self.pads.values_mut() {
            while let Some(frame) = pad.device.poll_frame(now_ms) {
                let bytes = frame.encode();
                let meaning = PadEvent::from_frame(&frame).map_or(Meaning::Noise, |event| {
                    Meaning::Reports(frame.address, event)
                });
                self.log.push(now_ms, &bytes, meaning);
                self.output.extend(bytes);
            }
        }
    }
}

impl WireDevice for VirtualLine {
    fn handle_bytes(&mut self, now_ms: u64, bytes: &[u8]) {
        if self.gives_echo {
            self.output.extend_from_slice(bytes);
        }
        if !self.panels.is_empty() || !self.cards.is_empty() {
            self.hear_panels(now_ms, bytes);
        }
        if !self.pads.is_empty() {
            self.hear_pads(now_ms, bytes);
        }
        self.let_pads_speak(now_ms);
    }

    fn handle_timeout(&mut self, now_ms: u64) {
        self.let_pads_speak(now_ms);
    }

    fn take_output(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.output)
    }

    fn deadline_ms(&self) -> Option<u64> {
        self.pads
            .values()
            .filter_map(|pad| pad.device.deadline_ms())
            .min()
    }

    fn wants_input(&self) -> bool {
        true
    }

    /// Noise is what the host hears where all devices speak at another speed. Where they speak at
    /// several, each is simply deaf to the others'.
    fn baud_bps(&self) -> Option<u32> {
        let of_pads = self.pads.values().map(|_| self.baud_bps);
        let of_panels = self.panels.values().map(|panel| panel.device.baud_bps());
        let of_cards = self.cards.iter().map(|card| Some(card.baud_bps()));
        let mut speeds = of_pads.chain(of_panels).chain(of_cards);
        let first = speeds.next().flatten()?;
        speeds.all(|speed| speed == Some(first)).then_some(first)
    }

    fn host_speaks_at(&mut self, baud_bps: Option<u32>) {
        self.host_bps = baud_bps;
    }

    fn publish(&self) {
        for panel in self.panels.values() {
            show(&panel.shown, panel.device.view());
        }
        for pad in self.pads.values() {
            show(&pad.shown, pad.device.view());
        }
    }
}

fn is_understood(own_bps: Option<u32>, host_bps: Option<u32>) -> bool {
    own_bps.is_none() || host_bps.is_none() || own_bps == host_bps
}

fn show<V: Clone + PartialEq>(shown: &watch::Sender<V>, view: &V) {
    shown.send_if_modified(|old| {
        let changed = old != view;
        if changed {
            old.clone_from(view);
        }
        changed
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::caller_pad::{Score, ack_for};
    use crate::led485;

    #[test]
    fn what_goes_over_the_line_is_told_in_its_order() {
        let one = Address::new(1).unwrap();
        let mut line = VirtualLine::new([one], [7]);
        let request = led485::show_text(one, "A012").unwrap();
        // Noise before a frame belongs to no frame.
        let mut bytes = vec![0xee];
        bytes.extend(request.encode());
        line.handle_bytes(5, &bytes);
        let pressed = PadEvent::Rating(Score::new(4).unwrap());
        line.pads.get_mut(&7).unwrap().device.press(&pressed);
        line.handle_timeout(9);
        line.handle_bytes(11, &ack_for(&pressed.to_frame(7)).encode());
        line.handle_bytes(12, &PadAction::ShowTicket(12).to_frame(7).encode());
        let told: Vec<_> = line
            .log
            .frames()
            .into_iter()
            .map(|frame| (frame.at_ms, frame.meaning))
            .collect();
        assert_eq!(
            told,
            [
                (5, Meaning::Asks(request.clone())),
                (5, Meaning::Done(one)),
                (9, Meaning::Reports(7, pressed)),
                (11, Meaning::Takes(7)),
                (12, Meaning::Tells(7, PadAction::ShowTicket(12))),
            ]
        );
        assert_eq!(line.log.frames()[0].bytes, request.encode());
    }
}
