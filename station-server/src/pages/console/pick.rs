//! A number called out of its turn. Others are passed over for it, so the console asks why before it calls; the answer is
//! kept with the call and told to staff alone. No reason asks for anybody's health or means.

use maud::{Markup, html};
use queue_core::{
    Command, Engine, NumberOrTicket, StationTime, TicketId, TicketNumber, TicketState,
};
use screens::{Icon, icon, t};

use super::render::Desk;
use crate::writer::housekeeping;

/// What can be said, in the order of its keys 1 to 5.
const REASONS: [&str; 5] = ["ours", "papers", "together", "language", "other"];

/// Whom somebody at the counter wants to call out of turn.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Picked {
    /// Ticket.
    pub(super) ticket: TicketId,
    /// Its number.
    pub(super) number: TicketNumber,
}

impl Picked {
    /// The visitor, as long as they wait.
    pub(super) fn waiting(engine: &Engine, ticket: &str) -> Option<Self> {
        let ticket = engine.ticket(ticket.parse().ok()?)?;
        (ticket.state == TicketState::Waiting).then(|| Self {
            ticket: ticket.id,
            number: ticket.number.clone(),
        })
    }
}

/// Whom `command` would call without a word although others are before them at this counter, whose turn is `next`'s. A
/// command that a rule forbids is not questioned but refused.
pub(super) fn unexplained(
    engine: &Engine,
    now: StationTime,
    next: Option<TicketId>,
    command: &Command,
) -> Option<TicketId> {
    let Command::CallTicket {
        target,
        reason: None,
        ..
    } = command
    else {
        return None;
    };
    let ticket = match target {
        NumberOrTicket::Ticket(id) => engine.ticket(*id),
        NumberOrTicket::Number(number) => engine.ticket_by_number(number),
    }?;
    let passes = ticket.state == TicketState::Waiting && next != Some(ticket.id);
    let allowed = engine.decide(now, &housekeeping(command.clone())).is_ok();
    (passes && allowed).then_some(ticket.id)
}

impl Desk<'_> {
    /// Why this one: one press on the answer calls.
    pub(super) fn why_picked(&self, picked: &Picked) -> Markup {
        let texts = self.texts();
        let counter = self.view.counter.as_str();
        let number = picked.number.to_string();
        html! {
            section class="card idle" aria-labelledby="pick-why" {
                div {
                    h2 class="rest" id="pick-why" tabindex="-1" { (t!(texts, "pick-why", number = number)) }
                    p { (t!(texts, "pick-why-sub")) }
                    (self.form("call", "why-picked", html! {
                        input type="hidden" name="ticket" value=(picked.ticket);
                        @for (code, nth) in REASONS.iter().zip(1_u8..) {
                            button type="submit" class="bt" id={ "pick-" (code) } name="reason" value=(code)
                                data-keys={ "Digit" (nth) " Numpad" (nth) } {
                                kbd { (nth) } span { (texts.get(&format!("pick-reason-{code}"), &[])) }
                            }
                        }
                        a class="bt" id="pick-cancel" data-swap data-keys="Escape" href=(self.look.without_pick().address(counter, None)) {
                            kbd { "Esc" } span { (icon(Icon::Cross)) (t!(texts, "pick-cancel")) }
                        }
                    }))
                }
            }
        }
    }
}
