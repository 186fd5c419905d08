//! A simulated caller keypad with rating pad: the pad's side of [`crate::caller_pad`].

use std::collections::VecDeque;

use serde::Serialize;

use crate::caller_pad::{Frame, PadAction, PadEvent, ack_for};

/// A press is sent again after this many milliseconds without acknowledgement.
const RESEND_MS: u64 = 300;
/// How often a press is sent in all.
const SENDS: u32 = 3;
/// Most presses that wait; a person cannot be faster.
const QUEUE_MAX: usize = 16;

/// One keypad with its rating pad.
#[derive(Clone, Debug)]
pub struct VirtualPad {
    view: PadView,
    queue: VecDeque<Frame>,
    sending: Option<Sending>,
    hears_no_ack: bool,
    is_stuck: bool,
}

#[derive(Clone, Debug)]
struct Sending {
    frame: Frame,
    sends_left: u32,
    next_ms: u64,
}

/// What a pad shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PadView {
    /// Its address.
    pub address: u8,
    /// Ticket number on its display.
    pub ticket: Option<u16>,
    /// Number of people waiting on its display.
    pub waiting: Option<u16>,
    /// Stars of the service.
    pub stars: Option<u8>,
    /// Beeps so far.
    pub beeps: u64,
    /// It asks the visitor for a rating.
    pub asks_rating: bool,
    /// Presses that were acknowledged.
    pub acknowledged: u64,
    /// Presses that nobody acknowledged.
    pub lost: u64,
    /// A press waits for its acknowledgement.
    pub is_sending: bool,
}

impl VirtualPad {
    /// A pad that has just got power.
    pub fn new(address: u8) -> Self {
        let view = PadView {
            address,
            ticket: None,
            waiting: None,
            stars: None,
            beeps: 0,
            asks_rating: false,
            acknowledged: 0,
            lost: 0,
            is_sending: false,
        };
        Self {
            view,
            queue: VecDeque::new(),
            sending: None,
            hears_no_ack: false,
            is_stuck: false,
        }
    }

    /// Makes it miss every acknowledgement.
    pub fn set_hears_no_ack(&mut self, hears_no_ack: bool) {
        self.hears_no_ack = hears_no_ack;
    }

    /// Makes what it shows stand still.
    pub fn set_stuck(&mut self, is_stuck: bool) {
        self.is_stuck = is_stuck;
    }

    /// What it shows.
    pub fn view(&self) -> &PadView {
        &self.view
    }

    /// Somebody presses a key or a rating; sent in turn until acknowledged.
    pub fn press(&mut self, event: &PadEvent) {
        if matches!(event, PadEvent::Rating(_)) {
            self.view.asks_rating = false;
        }
        if self.queue.len() < QUEUE_MAX {
            self.queue.push_back(event.to_frame(self.view.address));
        }
        self.view.is_sending = true;
    }

    /// Hears a frame of the host.
    pub fn handle_frame(&mut self, frame: &Frame) {
        if frame.address != self.view.address {
            return;
        }
        if self
            .sending
            .as_ref()
            .is_some_and(|sending| ack_for(&sending.frame) == *frame)
        {
            if self.hears_no_ack {
                return;
            }
            self.sending = None;
            self.view.acknowledged += 1;
            self.view.is_sending = !self.queue.is_empty();
            return;
        }
        if self.is_stuck {
            return;
        }
        match PadAction::from_frame(frame) {
            Some(PadAction::ShowTicket(ticket)) => self.view.ticket = Some(ticket),
            Some(PadAction::ShowWaiting(waiting)) => self.view.waiting = Some(waiting),
            Some(PadAction::ShowStars(stars)) => self.view.stars = Some(stars),
            Some(PadAction::Beep) => self.view.beeps += 1,
            Some(PadAction::AskRating) => self.view.asks_rating = true,
            None => {}
        }
    }

    /// Gives the frame to send now, if any.
    pub fn poll_frame(&mut self, now_ms: u64) -> Option<Frame> {
        if let Some(sending) = &mut self.sending {
            if now_ms < sending.next_ms {
                return None;
            }
            if sending.sends_left > 0 {
                sending.sends_left -= 1;
                sending.next_ms = now_ms + RESEND_MS;
                return Some(sending.frame.clone());
            }
            self.sending = None;
            self.view.lost += 1;
        }
        let Some(frame) = self.queue.pop_front() else {
            self.view.is_sending = false;
            return None;
        };
        let (sends_left, next_ms) = (SENDS - 1, now_ms + RESEND_MS);
        self.sending = Some(Sending {
            frame: frame.clone(),
            sends_left,
            next_ms,
        });
        Some(frame)
    }

    /// When [`VirtualPad::poll_frame`] should be asked again; 0: now.
    pub fn deadline_ms(&self) -> Option<u64> {
        match &self.sending {
            Some(sending) => Some(sending.next_ms),
            None => (!self.queue.is_empty()).then_some(0),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::caller_pad::{Key, KeyFrame, Score};

    fn call() -> PadEvent {
        PadEvent::Key(KeyFrame {
            digits: vec![],
            key: Key::CallNext,
        })
    }

    #[test]
    fn a_press_is_sent_three_times_and_then_lost() {
        let mut pad = VirtualPad::new(1);
        pad.press(&call());
        assert_eq!(pad.deadline_ms(), Some(0));
        let sent: Vec<u64> = (0..2_000)
            .step_by(10)
            .filter(|ms| pad.poll_frame(*ms).is_some())
            .collect();
        assert_eq!(sent, [0, 300, 600]);
        assert_eq!((pad.view().lost, pad.view().is_sending), (1, false));
    }

    #[test]
    fn an_acknowledged_press_makes_room_for_the_next() {
        let mut pad = VirtualPad::new(1);
        pad.press(&call());
        pad.press(&PadEvent::Rating(Score::new(4).unwrap()));
        let first = pad.poll_frame(0).unwrap();
        pad.handle_frame(&ack_for(&first));
        let second = pad.poll_frame(1).unwrap();
        assert_ne!(first, second);
        pad.handle_frame(&second);
        assert!(
            pad.view().is_sending,
            "a rating is not acknowledged by its own frame"
        );
        pad.handle_frame(&ack_for(&second));
        assert_eq!((pad.view().acknowledged, pad.view().is_sending), (2, false));
    }

    #[test]
    fn the_host_s_frames_show() {
        let mut pad = VirtualPad::new(1);
        for action in [
            PadAction::ShowTicket(12),
            PadAction::ShowWaiting(5),
            PadAction::Beep,
            PadAction::ShowStars(3),
            PadAction::AskRating,
        ] {
            pad.handle_frame(&action.to_frame(1));
            pad.handle_frame(&action.to_frame(2));
        }
        let view = pad.view();
        assert_eq!(
            (view.ticket, view.waiting, view.stars),
            (Some(12), Some(5), Some(3))
        );
        assert_eq!((view.beeps, view.asks_rating), (1, true));
    }
}
