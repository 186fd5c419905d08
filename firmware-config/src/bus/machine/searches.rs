//! Looking for panels that are not where they should be: at another speed, of another line, new ones.

use super::{BusMachine, Ending, Output, PAD_VOUCHES_MS, SEARCH_MS, Tries};
use crate::bus::panel::{Panel, Purpose, Sought, seek_message};
use crate::bus::replacement::{Question, Replacement};
use crate::bus::{Event, PanelHealth, ReplacementOutcome, Stranger};

impl BusMachine {
    pub(super) fn look_for(&mut self, stranger: Stranger) {
        let Stranger {
            address,
            panel,
            of_line,
        } = stranger;
        if let Some(message) = seek_message(&panel.protocol, address) {
            let purpose = Purpose::Seek(Sought::OfLine(of_line));
            self.begin(
                address,
                purpose,
                message,
                panel.reply_timeout_ms,
                Tries::default(),
            );
        }
    }

    /// Goes on looking for a new panel, which the broken one's answer ends.
    pub(super) fn replace(&mut self) {
        let Some(replacement) = &mut self.replacement else {
            return;
        };
        let address = replacement.address;
        let is_there = |panel: &Panel| panel.health == Some(PanelHealth::Answers);
        if self.panels.get(&address).is_some_and(is_there) {
            return self.end_replacement(ReplacementOutcome::InPlace);
        }
        match replacement.question(self.now_ms, |address| self.panels.contains_key(&address)) {
            Some(Question {
                address,
                message,
                reply_timeout_ms,
            }) => {
                let purpose = Purpose::Seek(Sought::New);
                self.begin(
                    address,
                    purpose,
                    message,
                    reply_timeout_ms,
                    Tries::default(),
                );
            }
            None => self.end_replacement(ReplacementOutcome::NotFound),
        }
    }

    pub(super) fn end_replacement(&mut self, outcome: ReplacementOutcome) {
        let Some(Replacement { address, .. }) = self.replacement.take() else {
            return;
        };
        if let Some(panel) = self.panels.get_mut(&address) {
            panel.prepare();
            panel.due_ms = self.now_ms;
        }
        self.outputs
            .push_back(Output::Event(Event::Replaced { address, outcome }));
    }

    /// Looks for a panel at another speed, and for the next one at the next speed the next time.
    pub(super) fn search(&mut self) {
        self.search_ms = self.now_ms + SEARCH_MS;
        let speeds = &self.config.other_speeds_bps;
        let (speed, nth) = (self.searches % speeds.len(), self.searches / speeds.len());
        let speed_bps = speeds[speed];
        self.searches += 1;
        let mut found = self.panels.values().filter_map(|panel| {
            let message = seek_message(&panel.protocol, panel.address)?;
            Some((panel.address, message, panel.reply_timeout_ms))
        });
        let count = found.clone().count().max(1);
        if let Some((address, message, timeout_ms)) = found.nth(nth % count) {
            drop(found);
            self.set_speed(speed_bps);
            let purpose = Purpose::Seek(Sought::AtSpeed(speed_bps));
            self.begin(address, purpose, message, timeout_ms, Tries::default());
        }
    }

    /// When panels are looked for at another speed: while none answers, and no pad was understood lately.
    pub(super) fn search_due_ms(&self) -> Option<u64> {
        let may = !self.config.other_speeds_bps.is_empty() && !self.other_speed_is_known;
        let is_mute = |health| match health {
            Some(PanelHealth::Silent | PanelHealth::Garbled) => Some(true),
            Some(PanelHealth::Unheard) => Some(false),
            Some(PanelHealth::Answers | PanelHealth::Contested) | None => None,
        };
        let healths = self.panels.values().map(|panel| is_mute(panel.health));
        let are_mute: Option<Vec<bool>> = healths.collect();
        let none_answers = are_mute.is_some_and(|mute| mute.contains(&true));
        let not_before_ms = self
            .pad_understood_ms
            .map_or(0, |at_ms| at_ms + PAD_VOUCHES_MS);
        (may && none_answers).then_some(self.search_ms.max(not_before_ms))
    }

    pub(super) fn end_search(&mut self, sought: Sought, ending: &Ending) {
        let was_found = matches!(ending, Ending::Acknowledged | Ending::Refused(_));
        let event = match sought {
            Sought::AtSpeed(baud_bps) => {
                self.set_speed(self.own_bps);
                self.other_speed_is_known |= was_found;
                Event::OtherSpeed { baud_bps }
            }
            Sought::OfLine(of_line) => Event::StrangerAnswers { of_line },
            Sought::New => {
                let replacement = self.replacement.as_mut();
                // A device that refuses to show nothing is no panel.
                let was_done = matches!(ending, Ending::Acknowledged);
                if let Some(outcome) = replacement.and_then(|one| one.heard(was_done)) {
                    self.end_replacement(outcome);
                }
                return;
            }
        };
        if was_found {
            self.outputs.push_back(Output::Event(event));
        }
    }
}
