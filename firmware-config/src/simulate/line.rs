//! Simulated panels and pads together on one RS-485 line.

mod handles;

use std::collections::{BTreeMap, VecDeque};
use std::io;
use std::path::PathBuf;

use tokio::sync::watch;

pub use handles::{CardHandle, DisplayHandle, LineHandle, PadHandle, PanelHandle, swap_plugs};

use super::card::VirtualCard;
use super::display::{DisplayView, VirtualDisplay};
use super::frames::{FrameLog, Meaning};
use super::pad::{PadView, VirtualPad};
use super::panel::{PanelView, VirtualPanel};
use super::shell::{Running, WireDevice};
use crate::caller_pad::{Decoder, PadAction, PadEvent};
use crate::modbus::{self, Address, Reply, Request};

/// Texts of a panel that are kept to be looked at.
const SHOWN_KEPT: usize = 20_000;

/// A text that a panel began to show.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shown {
    /// When, in milliseconds since the line was started.
    pub at_ms: u64,
    /// The text; empty: it went dark.
    pub text: String,
}

/// What hangs on the line. Build it, then start it.
#[derive(Debug, Default)]
pub struct VirtualLine {
    panels: BTreeMap<Address, Watched<VirtualPanel, PanelView>>,
    pads: BTreeMap<u8, Watched<VirtualPad, PadView>>,
    cards: Vec<VirtualCard>,
    displays: Vec<Hung>,
    heard: Vec<u8>,
    decoder: Decoder,
    output: Vec<u8>,
    log: FrameLog,
    gives_echo: bool,
    baud_bps: Option<u32>,
    host_bps: Option<u32>,
    wire: Option<Wire>,
}

/// Two wires that carry one byte after the other.
#[derive(Debug)]
struct Wire {
    baud_bps: u32,
    free_from_ms: u64,
    /// What arrives when at the devices, and at the host.
    to_devices: VecDeque<(u64, Vec<u8>)>,
    to_host: VecDeque<(u64, Vec<u8>)>,
}

#[derive(Debug)]
struct Watched<D, V> {
    device: D,
    shown: watch::Sender<V>,
}

/// A panel of any kind, with what it showed so far.
#[derive(Debug)]
struct Hung {
    device: VirtualDisplay,
    watched: watch::Sender<DisplayView>,
    record: Vec<Shown>,
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

    /// Hangs a pad on the line, too.
    pub fn with_pad(mut self, device: VirtualPad) -> Self {
        let shown = watch::Sender::new(device.view().clone());
        let address = device.view().address;
        self.pads.insert(address, Watched { device, shown });
        self
    }

    /// Hangs a panel of any kind on the line, too. Several at one address speak at the same time, and nobody understands
    /// them.
    pub fn with_display(mut self, device: VirtualDisplay) -> Self {
        let watched = watch::Sender::new(device.view());
        self.displays.push(Hung {
            device,
            watched,
            record: Vec::new(),
        });
        self
    }

    /// Makes all panels and pads understand only a host that speaks at this speed, in bits per second. Left
    /// out, any speed will do.
    pub fn with_baud_bps(mut self, baud_bps: u32) -> Self {
        self.set_baud_bps(baud_bps);
        self
    }

    /// Makes bytes take their time on the wire at this speed, in bits per second; a pseudo-terminal carries them at once.
    pub fn with_wire_pace(self, baud_bps: u32) -> Self {
        let wire = Some(Wire {
            baud_bps,
            free_from_ms: 0,
            to_devices: VecDeque::new(),
            to_host: VecDeque::new(),
        });
        Self { wire, ..self }
    }

    /// Lets every device hear bytes that are through the wire.
    fn pass_on(&mut self, now_ms: u64, bytes: &[u8]) {
        if self.gives_echo {
            self.output.extend_from_slice(bytes);
        }
        if !self.panels.is_empty() || !self.cards.is_empty() {
            self.hear_panels(now_ms, bytes);
        }
        if !self.displays.is_empty() {
            self.hear_displays(now_ms, bytes);
        }
        if !self.pads.is_empty() {
            self.hear_pads(now_ms, bytes);
        }
    }

    /// Puts what devices said on the wire, where it takes its time.
    fn put_on_wire(&mut self, now_ms: u64) {
        if let Some(wire) = &mut self.wire
            && !self.output.is_empty()
        {
            let said = std::mem::take(&mut self.output);
            let arrives_ms = wire.carry(now_ms, said.len());
            wire.to_host.push_back((arrives_ms, said));
        }
    }

    fn set_baud_bps(&mut self, baud_bps: u32) {
        for panel in self.panels.values_mut() {
            panel.device.set_baud_bps(baud_bps);
        }
        for hung in &mut self.displays {
            hung.device.set_baud_bps(baud_bps);
        }
        self.baud_bps = Some(baud_bps);
    }

    /// Hears bytes at a time in milliseconds and gives what its devices say.
    pub fn hear(&mut self, now_ms: u64, bytes: &[u8]) -> Vec<u8> {
        self.handle_bytes(now_ms, bytes);
        self.take_output()
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

    fn hear_displays(&mut self, now_ms: u64, bytes: &[u8]) {
        let host_bps = self.host_bps;
        let mut answers = Vec::new();
        for hung in &mut self.displays {
            let answer = match is_understood(hung.device.baud_bps(), host_bps) {
                true => hung.device.hear(bytes),
                false => Vec::new(),
            };
            hung.note(now_ms);
            answers.push(answer);
        }
        let said = at_the_same_time(&answers);
        if said.is_empty() {
            return;
        }
        // On two wires everybody hears everybody.
        self.output.extend(&said);
        let heard = self.displays.iter_mut().zip(&answers);
        for (hung, _) in heard.filter(|(_, own)| own.is_empty()) {
            if is_understood(hung.device.baud_bps(), host_bps) {
                let answer = hung.device.hear(&said);
                self.output.extend(answer);
                hung.note(now_ms);
            }
        }
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
        match &mut self.wire {
            None => self.pass_on(now_ms, bytes),
            Some(wire) => {
                let arrives_ms = wire.carry(now_ms, bytes.len());
                wire.to_devices.push_back((arrives_ms, bytes.to_vec()));
            }
        }
        self.handle_timeout(now_ms);
    }

    fn handle_timeout(&mut self, now_ms: u64) {
        let wire = self.wire.as_mut();
        let heard = wire.map_or_else(Vec::new, |wire| arrived(&mut wire.to_devices, now_ms));
        if !heard.is_empty() {
            self.pass_on(now_ms, &heard);
        }
        self.let_pads_speak(now_ms);
        self.put_on_wire(now_ms);
        if let Some(wire) = &mut self.wire {
            self.output.extend(arrived(&mut wire.to_host, now_ms));
        }
    }

    fn take_output(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.output)
    }

    fn deadline_ms(&self) -> Option<u64> {
        let pads = self
            .pads
            .values()
            .filter_map(|pad| pad.device.deadline_ms());
        let on_wire = self.wire.iter().flat_map(|wire| {
            let next = [wire.to_devices.front(), wire.to_host.front()];
            next.into_iter().flatten().map(|(at_ms, _)| *at_ms)
        });
        pads.chain(on_wire).min()
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
        let of_displays = self.displays.iter().map(|hung| hung.device.baud_bps());
        let mut speeds = of_pads.chain(of_panels).chain(of_cards).chain(of_displays);
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
        for hung in &self.displays {
            show(&hung.watched, &hung.device.view());
        }
    }
}

impl Wire {
    /// When so many bytes have arrived that are sent now, or when the wire is free, in milliseconds.
    fn carry(&mut self, now_ms: u64, bytes: usize) -> u64 {
        let takes_ms = (bytes as u64 * 10_000).div_ceil(u64::from(self.baud_bps.max(1)));
        self.free_from_ms = self.free_from_ms.max(now_ms) + takes_ms;
        self.free_from_ms
    }
}

/// What has arrived by now.
fn arrived(on_wire: &mut VecDeque<(u64, Vec<u8>)>, now_ms: u64) -> Vec<u8> {
    let due = on_wire.iter().take_while(|(at_ms, _)| *at_ms <= now_ms);
    let count = due.count();
    on_wire
        .drain(..count)
        .flat_map(|(_, bytes)| bytes)
        .collect()
}

impl Hung {
    /// Notes what it shows now, where that is new.
    fn note(&mut self, at_ms: u64) {
        let text = self.device.shown();
        let last = self.record.last().map_or("", |shown| &shown.text);
        if last != text && self.record.len() < SHOWN_KEPT {
            self.record.push(Shown { at_ms, text });
        }
    }
}

/// What is heard when several speak at once: nobody's words. One alone is heard as it speaks.
fn at_the_same_time(answers: &[Vec<u8>]) -> Vec<u8> {
    let longest = answers.iter().map(Vec::len).max().unwrap_or(0);
    let nth = |at: usize| answers.iter().filter_map(move |answer| answer.get(at));
    (0..longest).flat_map(nth).copied().collect()
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

    #[test]
    fn bytes_take_their_time_on_a_paced_wire() {
        let one = Address::new(1).unwrap();
        let mut line = VirtualLine::default()
            .with_display(display("led-485", 1))
            .with_wire_pace(9_600);
        let request = led485::show_text(one, "A012").unwrap();
        let bytes = request.encode();
        assert_eq!(bytes.len(), 15);
        line.handle_bytes(100, &bytes);
        assert_eq!(line.deadline_ms(), Some(116));
        line.handle_timeout(115);
        assert_eq!(line.displays[0].device.shown(), "");
        line.handle_timeout(116);
        assert_eq!(line.displays[0].device.shown(), "A012");
        assert!(line.take_output().is_empty());
        assert_eq!(line.deadline_ms(), Some(125));
        line.handle_timeout(125);
        assert!(request.find_reply(&line.take_output()).is_some());
        assert_eq!(line.deadline_ms(), None);
    }

    fn display(profile: &str, address: u8) -> VirtualDisplay {
        let profile = crate::profile::DeviceProfile::built_in(profile).unwrap();
        let kind = crate::panel::PanelProtocol::of_profile(&profile).unwrap();
        VirtualDisplay::new(&kind, address).unwrap()
    }

    #[test]
    fn what_several_say_at_once_is_understood_by_nobody() {
        let mut line = VirtualLine::default()
            .with_display(display("led-485", 3))
            .with_display(display("led-485", 3))
            .with_display(display("led-485", 4));
        let mut ask = |address: u8| {
            let request = led485::show_text(Address::new(address).unwrap(), "A012").unwrap();
            line.handle_bytes(0, &request.encode());
            request.find_reply(&line.take_output()).is_some()
        };
        assert_eq!([ask(3), ask(4)], [false, true]);
        let shown = line.displays.iter().map(|hung| hung.device.shown());
        assert_eq!(shown.collect::<Vec<_>>(), ["A012"; 3]);
    }
}
