//! Handles of a line in operation and of what hangs on it.

use tokio::sync::watch;

use super::{Shown, VirtualLine};
use crate::caller_pad::{Key, KeyFrame, PadEvent, Score};
use crate::modbus::Address;
use crate::simulate::card::VirtualCard;
use crate::simulate::display::{DisplayFault, DisplayView, VirtualDisplay};
use crate::simulate::faults::LineFaults;
use crate::simulate::frames::{LineFrame, Meaning};
use crate::simulate::pad::PadView;
use crate::simulate::panel::{PanelView, VirtualPanel};
use crate::simulate::shell::{Running, WireDevice};

/// A line in operation.
#[derive(Clone)]
pub struct LineHandle(pub(super) Running<VirtualLine>);

impl LineHandle {
    /// The panel at an address.
    pub fn panel(&self, address: Address) -> Option<PanelHandle> {
        let view = self
            .0
            .act(|line, _| Some(line.panels.get(&address)?.shown.subscribe()))?;
        Some(PanelHandle {
            line: self.0.clone(),
            address,
            view,
        })
    }

    /// The pad at an address.
    pub fn pad(&self, address: u8) -> Option<PadHandle> {
        let view = self
            .0
            .act(|line, _| Some(line.pads.get(&address)?.shown.subscribe()))?;
        Some(PadHandle {
            line: self.0.clone(),
            address,
            view,
        })
    }

    /// The card that was hung on the line as number `index`, from 0.
    pub fn card(&self, index: usize) -> Option<CardHandle> {
        self.0.act(|line, _| line.cards.get(index).map(|_| ()))?;
        Some(CardHandle {
            line: self.0.clone(),
            index,
        })
    }

    /// The panel that was hung on the line with [`VirtualLine::with_display`] as number `index`, from 0.
    pub fn display(&self, index: usize) -> Option<DisplayHandle> {
        let hung = |line: &mut VirtualLine, _| Some(line.displays.get(index)?.watched.subscribe());
        Some(DisplayHandle {
            line: self.0.clone(),
            index,
            view: self.0.act(hung)?,
        })
    }

    /// Makes all panels and pads understand only a host that speaks at this speed, in bits per second.
    pub fn set_baud_bps(&self, baud_bps: u32) {
        self.0.act(|line, _| line.set_baud_bps(baud_bps));
    }

    /// Pulls the adapter out of the PC: its name is gone.
    pub fn unplug(&self) {
        self.0.set_plugged(false);
    }

    /// Puts the adapter back under the same name.
    pub fn plug_in(&self) {
        self.0.set_plugged(true);
    }

    /// Whether the adapter is in the PC.
    pub fn is_plugged(&self) -> bool {
        self.0.is_plugged()
    }

    /// Bytes that no device meant to send.
    pub fn make_noise(&self, bytes: &[u8]) {
        self.0.act(|line, now_ms| {
            line.log.push(now_ms, bytes, Meaning::Noise);
            line.output.extend_from_slice(bytes);
        });
    }

    /// The last frames that went over it, oldest first, and the line's time now, in milliseconds since it was started.
    pub fn frames(&self) -> (Vec<LineFrame>, u64) {
        self.0.act(|line, now_ms| (line.log.frames(), now_ms))
    }

    /// How many frames ever went over it, as they go.
    pub fn watch_frames(&self) -> watch::Receiver<u64> {
        self.0.act(|line, _| line.log.watch())
    }

    /// Makes something wrong between all its devices and the host, or right again.
    pub fn set_faults(&self, faults: LineFaults) {
        self.0.set_faults(faults);
    }

    /// Makes the adapter give back what the host sends, as some two-wire adapters do.
    pub fn set_echo(&self, gives_echo: bool) {
        self.0.act(|line, _| line.gives_echo = gives_echo);
    }
}

/// Puts the adapters of two lines back under each other's names, and each under its own when that was done before.
pub fn swap_plugs(one: &LineHandle, other: &LineHandle) {
    one.0.swap_plugs(&other.0);
}

/// A panel of any kind in operation.
#[derive(Clone)]
pub struct DisplayHandle {
    line: Running<VirtualLine>,
    index: usize,
    view: watch::Receiver<DisplayView>,
}

impl DisplayHandle {
    /// What can be seen of it now.
    pub fn view(&self) -> DisplayView {
        self.view.borrow().clone()
    }

    /// What can be seen of it, as it changes.
    pub fn watch(&self) -> watch::Receiver<DisplayView> {
        self.view.clone()
    }

    /// Every text it showed, in order, and the line's time now, in milliseconds since it was started.
    pub fn record(&self) -> (Vec<Shown>, u64) {
        self.line.act(|line, now_ms| {
            let hung = line.displays.get(self.index);
            let record = hung.map(|hung| hung.record.clone());
            (record.unwrap_or_default(), now_ms)
        })
    }

    /// Makes something wrong with it, or right again.
    pub fn set_fault(&self, fault: Option<DisplayFault>) {
        self.act(|panel| panel.set_fault(fault));
    }

    /// Makes it understand one speed only, in bits per second.
    pub fn set_baud_bps(&self, baud_bps: u32) {
        self.act(|panel| panel.set_baud_bps(baud_bps));
    }

    fn act(&self, action: impl FnOnce(&mut VirtualDisplay)) {
        self.line.act(|line, now_ms| {
            if let Some(hung) = line.displays.get_mut(self.index) {
                action(&mut hung.device);
                hung.note(now_ms);
            }
        });
    }
}

/// A panel in operation.
#[derive(Clone)]
pub struct PanelHandle {
    line: Running<VirtualLine>,
    address: Address,
    view: watch::Receiver<PanelView>,
}

impl PanelHandle {
    /// What it shows now.
    pub fn view(&self) -> PanelView {
        self.view.borrow().clone()
    }

    /// What it shows, as it changes.
    pub fn watch(&self) -> watch::Receiver<PanelView> {
        self.view.clone()
    }

    /// Takes its power away, or gives it back.
    pub fn set_silent(&self, silent: bool) {
        self.act(|panel| panel.set_silent(silent));
    }

    /// Makes it answer writes only.
    pub fn set_mute_to_reads(&self, is_mute: bool) {
        self.act(|panel| panel.set_mute_to_reads(is_mute));
    }

    /// Takes its power away when its address or speed is written next.
    pub fn set_power_cut_at_setting(&self) {
        self.act(VirtualPanel::set_power_cut_at_setting);
    }

    /// The only speed it understands, in bits per second; `None`: any.
    pub fn baud_bps(&self) -> Option<u32> {
        self.act(|panel| panel.baud_bps()).flatten()
    }

    /// How often its address or speed was written.
    pub fn settings_written(&self) -> u64 {
        self.act(|panel| panel.settings_written()).unwrap_or(0)
    }

    fn act<R>(&self, action: impl FnOnce(&mut VirtualPanel) -> R) -> Option<R> {
        self.line.act(|line, _| {
            let panel = line.panels.get_mut(&self.address)?;
            Some(action(&mut panel.device))
        })
    }
}

/// An LED control card in operation.
#[derive(Clone)]
pub struct CardHandle {
    line: Running<VirtualLine>,
    index: usize,
}

impl CardHandle {
    /// How it is now.
    pub fn view(&self) -> Option<VirtualCard> {
        self.line.act(|line, _| line.cards.get(self.index).cloned())
    }

    /// Takes its power away for a moment.
    pub fn switch_off_and_on(&self) {
        self.line.act(|line, _| {
            if let Some(card) = line.cards.get_mut(self.index) {
                card.switch_off_and_on();
            }
        });
    }
}

/// A pad in operation.
#[derive(Clone)]
pub struct PadHandle {
    line: Running<VirtualLine>,
    address: u8,
    view: watch::Receiver<PadView>,
}

impl PadHandle {
    /// What it shows now.
    pub fn view(&self) -> PadView {
        self.view.borrow().clone()
    }

    /// What it shows, as it changes.
    pub fn watch(&self) -> watch::Receiver<PadView> {
        self.view.clone()
    }

    /// Somebody types digits (0 to 9) and a key.
    pub fn press(&self, digits: &[u8], key: Key) {
        self.act(&PadEvent::Key(KeyFrame {
            digits: digits.to_vec(),
            key,
        }));
    }

    /// A visitor rates.
    pub fn rate(&self, score: Score) {
        self.act(&PadEvent::Rating(score));
    }

    fn act(&self, event: &PadEvent) {
        self.line.act(|line, now_ms| {
            if let Some(pad) = line.pads.get_mut(&self.address) {
                pad.device.press(event);
            }
            line.handle_timeout(now_ms);
        });
    }
}
