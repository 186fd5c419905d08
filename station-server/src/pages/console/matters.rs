//! What is to come for the visitor at the counter: said on the card, and changed below it.

use maud::{Markup, html};
use protocol::CurrentVisitor;
use queue_core::ServiceId;
use screens::{Icon, icon, t};

use super::render::Desk;

/// The field `then` of a form: all services to come, in order.
fn list<'a>(services: impl Iterator<Item = &'a ServiceId>) -> String {
    let ids: Vec<&str> = services.map(ServiceId::as_str).collect();
    ids.join(",")
}

impl Desk<'_> {
    /// What follows the present service, and whether the visitor stays for it.
    pub(super) fn what_follows(&self, visitor: &CurrentVisitor) -> Markup {
        let texts = self.texts();
        let Some(next) = visitor.then.first() else {
            return html! {};
        };
        let service = self.short_name(next);
        html! {
            span id="then" class="tag" {
                (icon(Icon::Transfer))
                @if visitor.stays { (t!(texts, "console-then-here", service = service)) }
                @else { (t!(texts, "console-then-elsewhere", service = service)) }
            }
        }
    }

    /// The list of what is to come: each can be dropped or taken first, and another one be added.
    pub(super) fn matters(&self, visitor: &CurrentVisitor) -> Markup {
        let texts = self.texts();
        let then = &visitor.then;
        let without = |nth: usize| {
            let others = then
                .iter()
                .enumerate()
                .filter(move |(other, _)| *other != nth);
            others.map(|(_, service)| service)
        };
        let ticket = || html! { input type="hidden" name="ticket" value=(visitor.ticket); };
        html! {
            h2 id="matters" { (icon(Icon::Grid)) (t!(texts, "console-matters")) }
            @if !then.is_empty() {
                ol class="ck" {
                    @for (nth, service) in then.iter().enumerate() {
                        li {
                            span { (nth + 1) ". " (self.short_name(service)) }
                            (self.form("matters", "then", html! {
                                (ticket())
                                @if nth > 0 {
                                    button type="submit" class="go-one" name="then"
                                        value=(list(std::iter::once(service).chain(without(nth))))
                                        aria-label=(t!(texts, "console-matters-first", service = self.short_name(service))) { (icon(Icon::Up)) }
                                }
                                button type="submit" class="go-one" name="then" value=(list(without(nth)))
                                    aria-label=(t!(texts, "console-matters-drop", service = self.short_name(service))) { (icon(Icon::Cross)) }
                            }))
                        }
                    }
                }
            }
            @let more: Vec<_> = self.addable(visitor).collect();
            @if !more.is_empty() {
                (self.form("matters", "add", html! {
                    (ticket())
                    label for="matters-add" { (t!(texts, "console-matters-add")) }
                    select id="matters-add" name="then" {
                        @for service in more {
                            option value=(list(then.iter().chain([service]))) { (self.short_name(service)) }
                        }
                    }
                    button type="submit" class="bt" { (t!(texts, "console-matters-add-button")) }
                }))
            }
        }
    }

    /// What may be added: each matter of a visit comes once, and into a session nobody comes from a line.
    fn addable(&self, visitor: &CurrentVisitor) -> impl Iterator<Item = &ServiceId> {
        let services = self.info.services.iter();
        services
            .filter(|service| !service.sessions)
            .map(|service| &service.id)
            .filter(|id| **id != visitor.service && !visitor.then.contains(id))
    }
}
