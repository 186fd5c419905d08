//! What is heard on the line: answers, pads, and what is neither.

use super::{BusMachine, CONTESTED_TIMES, Ending, Output, RESEND_WINDOW_MS, Second};
use crate::bus::panel::CHECK_MS;
use crate::bus::{Event, PanelHealth};
use crate::caller_pad::{Frame, PadEvent, ack_for};
use crate::panel::Heard;

impl BusMachine {
    pub(super) fn hear(&mut self, bytes: &[u8]) {
        let frames = self.decoder.feed(bytes);
        let of_pads: usize = frames.iter().map(|frame| frame.encode().len()).sum();
        let heard = match &mut self.asking {
            // The rest may be the answer.
            Some(asking) if asking.to_send.is_empty() => {
                asking.stray = (asking.stray + bytes.len()).saturating_sub(of_pads);
                of_pads
            }
            _ => bytes.len(),
        };
        let held = self.decoder.held_bytes();
        self.ear.heard(self.now_ms, heard, of_pads, held);
        for frame in frames {
            self.handle_pad_frame(frame);
        }
        self.hear_answers(bytes);
        self.tell_reception();
    }

    pub(super) fn hear_answers(&mut self, bytes: &[u8]) {
        let Some(asking) = &mut self.asking else {
            return self.hear_second(bytes);
        };
        // What comes before the message has left is an answer to nothing.
        if !asking.to_send.is_empty() {
            return;
        }
        for (at, byte) in bytes.iter().enumerate() {
            let ending = match asking.listener.feed(&[*byte]) {
                Heard::Nothing | Heard::Noise => continue,
                Heard::Acknowledged => Ending::Acknowledged,
                Heard::Refused(refusal) => Ending::Refused(refusal),
            };
            self.finish(ending);
            return self.hear_second(&bytes[at + 1..]);
        }
    }

    /// Two devices at one address answer one after the other, where they do not speak at once.
    pub(super) fn hear_second(&mut self, bytes: &[u8]) {
        let Some(second) = &mut self.second else {
            return;
        };
        second.heard += bytes.len();
        let heard = second.listener.feed(bytes);
        if self.now_ms > second.until_ms || matches!(heard, Heard::Nothing | Heard::Noise) {
            return;
        }
        let (address, heard) = (second.address, second.heard);
        self.second = None;
        self.ear.frame(self.now_ms, heard);
        let Some(panel) = self.panels.get_mut(&address) else {
            return;
        };
        panel.doubles += 1;
        if panel.doubles >= CONTESTED_TIMES {
            self.set_health(address, PanelHealth::Contested);
        } else if panel.next_message().is_some() {
            panel.due_ms = panel.due_ms.min(self.now_ms + CHECK_MS);
        }
    }

    /// Nobody else has answered.
    pub(super) fn end_second(&mut self) {
        let Some(Second { address, .. }) = self.second.take() else {
            return;
        };
        let Some(panel) = self.panels.get_mut(&address) else {
            return;
        };
        if std::mem::take(&mut panel.doubles) >= CONTESTED_TIMES {
            self.set_health(address, PanelHealth::Answers);
        }
    }

    pub(super) fn tell_reception(&mut self) {
        let now = self.ear.reception();
        if std::mem::replace(&mut self.reception, now) != now {
            self.outputs.push_back(Output::Event(Event::Reception(now)));
        }
    }

    pub(super) fn handle_pad_frame(&mut self, frame: Frame) {
        self.pad_understood_ms = Some(self.now_ms);
        let address = frame.address;
        let Some(event) = PadEvent::from_frame(&frame) else {
            return;
        };
        if !self.config.pads.contains(&address) {
            if self.unknown_pads.insert(address) {
                self.outputs
                    .push_back(Output::Event(Event::UnknownPad { address }));
            }
            return;
        }
        let is_resent = self.delivered.get(&address).is_some_and(|(last, at_ms)| {
            *last == frame && self.now_ms.saturating_sub(*at_ms) < RESEND_WINDOW_MS
        });
        let counts = self.counts.pad(address);
        counts.heard += 1;
        counts.repeated += u64::from(is_resent);
        if !is_resent {
            self.delivered.insert(address, (frame.clone(), self.now_ms));
            self.outputs
                .push_back(Output::Event(Event::Pad { address, event }));
        }
        let ack = ack_for(&frame);
        if !self.acks.contains(&ack) {
            self.acks.push_back(ack);
        }
    }
}
