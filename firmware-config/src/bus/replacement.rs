//! A new panel in the place of a broken one: it is looked for at the addresses that nobody on the line has, told the
//! broken one's, and looked for there. Everything else on the line goes before each of these steps.

use super::ReplacementOutcome;
use super::panel::Panel;
use crate::modbus::{Action, Address, Request};
use crate::panel::{Outgoing, PanelProtocol};

/// The last address of a Modbus line (Modbus over serial line 1.02, section 2.2).
const ADDRESS_MAX: u8 = 247;
/// How long a panel may take to answer while it is looked for, in milliseconds: there are more than two hundred places to
/// look at. Panels answer within a few milliseconds, and adapters keep bytes back for 16.
const LOOK_MS: u64 = 100;

/// How long a new panel is looked for, in milliseconds: somebody is on a ladder.
const PATIENCE_MS: u64 = 5 * 60_000;

/// A replacement under way.
#[derive(Clone, Debug)]
pub(super) struct Replacement {
    /// The broken panel's address, which the new one is to have.
    pub(super) address: u8,
    protocol: PanelProtocol,
    /// The register that holds the address.
    register: u16,
    reply_timeout_ms: u64,
    /// When it is given up, if nothing answers.
    until_ms: u64,
    step: Step,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Step {
    /// Nothing has answered below this address.
    Look(u8),
    /// It answers here, and is to be told the other address.
    Move(u8),
    /// It was told, and is to answer there.
    Check { from: u8 },
}

/// What is asked or told next.
pub(super) struct Question {
    pub(super) address: u8,
    pub(super) message: Outgoing,
    pub(super) reply_timeout_ms: u64,
}

impl Replacement {
    /// None where panels of this kind are not told their address by register.
    pub(super) fn new(panel: &Panel, now_ms: u64) -> Option<Self> {
        Some(Self {
            address: panel.address,
            protocol: panel.protocol.clone(),
            register: panel.address_register?,
            reply_timeout_ms: panel.reply_timeout_ms,
            until_ms: now_ms + PATIENCE_MS,
            step: Step::Look(1),
        })
    }

    /// What is to be sent now; `taken` says which addresses belong to panels of the line. None: there is no new panel.
    pub(super) fn question(&mut self, now_ms: u64, taken: impl Fn(u8) -> bool) -> Option<Question> {
        let (address, message, reply_timeout_ms) = match self.step {
            Step::Look(from) => {
                let free = |from| (from..=ADDRESS_MAX).find(|address| !taken(*address));
                let again = || free(1).filter(|_| now_ms < self.until_ms);
                let address = free(from).or_else(again)?;
                self.step = Step::Look(address);
                let timeout_ms = self.reply_timeout_ms.min(LOOK_MS);
                (address, self.protocol.blank(address).ok()?, timeout_ms)
            }
            Step::Move(from) => {
                let slave = Address::new(from)?;
                let request = Request {
                    address: slave,
                    action: Action::WriteOne {
                        register: self.register,
                        value: self.address.into(),
                    },
                };
                (from, Outgoing::write(request), self.reply_timeout_ms)
            }
            Step::Check { .. } => {
                let blank = self.protocol.blank(self.address).ok()?;
                (self.address, blank, self.reply_timeout_ms)
            }
        };
        Some(Question {
            address,
            message,
            reply_timeout_ms,
        })
    }

    /// Takes whether the last question was answered; the outcome, when there is one.
    pub(super) fn heard(&mut self, was_answered: bool) -> Option<ReplacementOutcome> {
        match (self.step, was_answered) {
            (Step::Look(at), true) => self.step = Step::Move(at),
            (Step::Look(at), false) => self.step = Step::Look(at.saturating_add(1)),
            // Some answer from the new address already, or not at all: what counts is where they are afterwards.
            (Step::Move(from), _) => self.step = Step::Check { from },
            (Step::Check { from }, true) => return Some(ReplacementOutcome::Moved { from }),
            (Step::Check { from }, false) => return Some(ReplacementOutcome::NotTaken { from }),
        }
        None
    }
}
