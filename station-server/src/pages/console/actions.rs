//! The six fixed actions: what each is called now, by which keys, and why it is not available.

use std::borrow::Cow;
use std::collections::BTreeSet;

use maud::{Markup, html};
use protocol::CurrentVisitor;
use queue_core::{BoardCounter, CounterState, StationTime, TicketState};
use screens::{Icon, Texts, icon, t};

use super::render::Desk;

/// A no-show is offered after so many calls.
const NO_SHOW_CALLS: u32 = 2;
/// And so long after the last of them, milliseconds.
const NO_SHOW_AFTER_MS: i64 = 60_000;

/// Longest name of a room that can be typed, characters.
const ROOM_CHARS_MAX: usize = 20;

/// Why an action is not available.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Blocked {
    /// Not while the visitor is being served.
    Serving,
    /// After so many more calls.
    Calls(u32),
    /// From then on.
    Until(StationTime),
}

/// One of the six, in its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Slot {
    /// Action of the address the form posts to.
    pub(super) action: &'static str,
    /// Keys in words.
    hint: &'static str,
    /// Keys for the module: `KeyboardEvent.code` with modifiers before it.
    keys: &'static str,
    icon: Icon,
    /// Why not.
    pub(super) blocked: Option<Blocked>,
}

/// What can be done with a visitor, in the order of the slots; the places never change.
pub(super) fn slots(visitor: &CurrentVisitor, now: StationTime) -> [Slot; 6] {
    let serving = visitor.state == TicketState::Serving;
    let only_called = serving.then_some(Blocked::Serving);
    let slot = |action, hint, keys, icon, blocked| Slot {
        action,
        hint,
        keys,
        icon,
        blocked,
    };
    let main = if serving {
        slot(
            "finish-and-next",
            "F2",
            "F2 NumpadEnter",
            Icon::Megaphone,
            None,
        )
    } else {
        slot("start", "F2", "F2 NumpadEnter", Icon::Check, None)
    };
    [
        main,
        slot(
            "finish",
            "Shift+F2",
            "Shift+F2 NumpadAdd",
            Icon::Check,
            None,
        ),
        slot(
            "recall",
            "F4",
            "F4 NumpadDecimal",
            Icon::Repeat,
            only_called,
        ),
        slot("hold", "F8", "F8 NumpadDivide", Icon::Hold, None),
        slot("transfer", "F9", "F9 NumpadMultiply", Icon::Transfer, None),
        slot(
            "no-show",
            "Shift+F8",
            "Shift+F8 NumpadSubtract",
            Icon::NoShow,
            only_called.or_else(|| too_early(visitor, now)),
        ),
    ]
}

/// A visitor on the way is not yet a no-show.
fn too_early(visitor: &CurrentVisitor, now: StationTime) -> Option<Blocked> {
    if visitor.calls < NO_SHOW_CALLS {
        return Some(Blocked::Calls(NO_SHOW_CALLS - visitor.calls));
    }
    let from = visitor.called_at?.plus_ms(NO_SHOW_AFTER_MS);
    (from > now).then_some(Blocked::Until(from))
}

/// The label of an action.
pub(super) fn label(texts: &'static Texts, action: &str) -> Cow<'static, str> {
    match action {
        "finish-and-next" => t!(texts, "action-finish-and-next"),
        "finish" => t!(texts, "action-finish"),
        "start" => t!(texts, "action-start"),
        "recall" => t!(texts, "action-recall"),
        "hold" => t!(texts, "action-hold"),
        "transfer" => t!(texts, "action-transfer"),
        "no-show" => t!(texts, "action-no-show"),
        "call-next" => t!(texts, "action-call-next"),
        _ => t!(texts, "action-call"),
    }
}

impl Desk<'_> {
    /// The row of six.
    pub(super) fn actions(&self, visitor: &CurrentVisitor) -> Markup {
        let slots = slots(visitor, self.view.at);
        html! {
            section class="acts" aria-label=(t!(self.texts(), "console-title", counter = self.view.counter.as_str())) {
                @for (index, slot) in slots.iter().enumerate() {
                    @match slot.action {
                        "transfer" => (self.transfer(slot, visitor)),
                        "hold" => (self.hold(slot, visitor)),
                        _ => (self.form(slot.action, "slot", html! {
                            input type="hidden" name="ticket" value=(visitor.ticket);
                            (self.button(slot, index == 0))
                        })),
                    }
                }
            }
        }
    }

    fn button(&self, slot: &Slot, main: bool) -> Markup {
        let opens = match slot.blocked {
            Some(Blocked::Until(at)) => Some(at.0),
            _ => None,
        };
        let label = self.label(slot.action);
        html! {
            button type="submit" id={ "do-" (slot.action) } class=(if main { "bt pri" } else { "bt" })
                disabled[slot.blocked.is_some()] data-keys=(slot.keys) data-opens-ms=[opens]
                data-why=[slot.blocked.map(|why| self.why_not(why))] {
                (icon(slot.icon)) span { (label) } (self.hint(slot, main))
            }
        }
    }

    /// What an action is called now: finishing goes on with the next matter where the visitor stays for it. The main button
    /// has the room to name it.
    fn label(&self, action: &str) -> Cow<'static, str> {
        let texts = self.texts();
        let visitor = self.view.current.as_ref().filter(|visitor| visitor.stays);
        match (action, visitor.and_then(|visitor| visitor.then.first())) {
            ("finish", Some(_)) => t!(texts, "action-next-matter-short"),
            ("finish-and-next", Some(next)) => {
                t!(
                    texts,
                    "action-next-matter",
                    service = self.short_name(next).to_string()
                )
            }
            _ => label(texts, action),
        }
    }

    fn hint(&self, slot: &Slot, main: bool) -> Markup {
        let texts = self.texts();
        html! {
            kbd {
                @match slot.blocked {
                    Some(why) => (self.reason(why)),
                    None => { (slot.hint) @if main { span class="pad" { (t!(texts, "console-key-numpad")) " Enter" } } }
                }
            }
        }
    }

    fn reason(&self, blocked: Blocked) -> Cow<'static, str> {
        let texts = self.texts();
        match blocked {
            Blocked::Serving => t!(texts, "reason-serving"),
            Blocked::Calls(count) => t!(texts, "reason-recall-more", count = count),
            Blocked::Until(at) => {
                let seconds = at.since_ms(self.view.at).div_euclid(1000) + 1;
                t!(texts, "reason-wait-seconds", seconds = seconds)
            }
        }
    }

    /// The same as a sentence, for whoever presses the key without looking at its button.
    fn why_not(&self, blocked: Blocked) -> Cow<'static, str> {
        match blocked {
            Blocked::Until(at) => {
                let seconds = at.since_ms(self.view.at).div_euclid(1000) + 1;
                t!(self.texts(), "reason-no-show-seconds", seconds = seconds)
            }
            Blocked::Serving | Blocked::Calls(_) => self.reason(blocked),
        }
    }

    /// Holding takes one press; a reason and a room can be given instead.
    fn hold(&self, slot: &Slot, visitor: &CurrentVisitor) -> Markup {
        let texts = self.texts();
        let reasons = [
            ("documents", t!(texts, "hold-documents")),
            ("form", t!(texts, "hold-form")),
            ("photo", t!(texts, "hold-photo")),
            ("payment", t!(texts, "hold-payment")),
            ("other", t!(texts, "hold-other")),
        ];
        self.form("hold", "slot split", html! {
            input type="hidden" name="ticket" value=(visitor.ticket);
            (self.button(slot, false))
            details id="hold-why" class="pop" {
                summary id="hold-why-open" aria-label=(t!(texts, "console-hold-why")) { (icon(Icon::ChevronDown)) }
                div class="panel wide" role="group" aria-label=(t!(texts, "console-hold-why")) {
                    (self.room(visitor))
                    p { (t!(texts, "console-hold-why")) }
                    @for (code, words) in reasons {
                        button type="submit" class="row" name="reason" value=(code) { (words) }
                    }
                }
            }
        })
    }

    /// Where the visitor is asked to wait; offered is where others do. What is typed belongs to this visitor alone.
    fn room(&self, visitor: &CurrentVisitor) -> Markup {
        let id = format!("hold-room-{}", visitor.ticket);
        let held = self.view.held.iter();
        let rooms: BTreeSet<&str> = held.filter_map(|item| item.room.as_deref()).collect();
        html! {
            label for=(id) { (t!(self.texts(), "console-hold-room")) }
            input id=(id) name="room" maxlength=(ROOM_CHARS_MAX) autocomplete="off" list="hold-rooms";
            datalist id="hold-rooms" { @for room in rooms { option value=(room) {} } }
        }
    }

    /// Where to: one press on a service; a counter beforehand, if it must be a certain one. What has the focus first is
    /// the counter, so that a key pressed twice chooses nothing.
    fn transfer(&self, slot: &Slot, visitor: &CurrentVisitor) -> Markup {
        let texts = self.texts();
        html! {
            details id="transfer" class="slot pop" {
                summary id="do-transfer" class="bt" data-keys=(slot.keys) {
                    (icon(slot.icon)) span { (label(texts, "transfer")) } (self.hint(slot, false))
                }
                div class="panel wide" {
                    (self.to_a_counter(visitor))
                    (self.form("transfer", "", html! {
                        input type="hidden" name="ticket" value=(visitor.ticket);
                        label for="transfer-counter" { (t!(texts, "console-transfer-counter")) }
                        select id="transfer-counter" name="counter" data-first {
                            option value="" { (t!(texts, "console-any-counter")) }
                            @for counter in self.info.counters.iter().filter(|c| c.id != self.view.counter) {
                                option value=(counter.id) {
                                    (t!(texts, "counter-number", counter = counter.id.as_str()))
                                    @for (index, skill) in counter.skills.iter().enumerate() {
                                        (if index == 0 { "　" } else { self.comma() }) (self.short_name(skill))
                                    }
                                }
                            }
                        }
                        p data-choose=(t!(texts, "error-transfer_nowhere")) { (t!(texts, "console-transfer-to")) }
                        // A session's seats are given out at the entrance alone.
                        @for service in self.info.services.iter().filter(|service| !service.sessions) {
                            button type="submit" class="row" name="service" value=(service.id) {
                                span { (service.short_name.get(self.tag())) }
                                @if service.id == visitor.service { small { (t!(texts, "console-same-service")) } }
                            }
                        }
                    }))
                }
            }
        }
    }

    /// Back to the counter the visitor came from, or over to one that is free now, without a call.
    fn to_a_counter(&self, visitor: &CurrentVisitor) -> Markup {
        let texts = self.texts();
        let takes = |counter: &&BoardCounter| {
            let info = self.info.counters.iter().find(|c| c.id == counter.id);
            counter.id != self.view.counter
                && counter.state == CounterState::Open
                && counter.number.is_none()
                && info.is_some_and(|info| info.skills.contains(&visitor.service))
        };
        let serving = visitor.state == TicketState::Serving;
        let free = self.board.counters.iter().filter(takes).filter(|_| serving);
        let this = || html! { input type="hidden" name="ticket" value=(visitor.ticket); };
        html! {
            @if let Some(from) = &visitor.sent_from {
                (self.form("send-back", "", html! {
                    (this())
                    button type="submit" class="row" id="send-back" { span { (t!(texts, "action-send-back", counter = from.as_str())) } }
                }))
            }
            div class="over" {
                @for counter in free {
                    (self.form("hand-over", "", html! {
                        (this())
                        input type="hidden" name="counter" value=(counter.id);
                        button type="submit" class="row" id={ "hand-over-" (counter.id) } {
                            span { (t!(texts, "action-hand-over", counter = counter.id.as_str())) }
                        }
                    }))
                }
            }
        }
    }
}
