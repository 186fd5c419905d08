//! The list of agents and their devices on the administrator's page: how each is, once what is said of several alike, and
//! what may be done with each.

use std::borrow::Cow;

use maud::{Markup, html};
use protocol::{DeviceHealth, DeviceView, FrameCounts};
use screens::{Icon, Texts, icon, t};
use station_config::is_printer_device;

use super::device_words::{Tone, advice_of, name_of, status_of};
use super::devices::what_to_see;
use super::login::role_name;
use super::look::Look;
use crate::access::Role;

/// States of a panel that a new one may be hung up for.
const REPLACEABLE: [&str; 6] = [
    "unreadable",
    "silent",
    "garbled",
    "no_replacement",
    "replacement_stuck",
    "replace_by_hand",
];

/// The agents, each with the time of its last frame.
pub(super) struct DeviceList<'a> {
    pub(super) look: Look,
    pub(super) agents: &'a [(DeviceView, String)],
}

impl DeviceList<'_> {
    /// A press has the device show that it works.
    fn test_button(&self, agent: &str, device: &str, connected: bool) -> Markup {
        let texts = self.look.texts();
        html! {
            @if connected && what_to_see(texts, device).is_some() {
                form method="post" action=(self.look.href("/admin/devices/test")) {
                    input type="hidden" name="agent" value=(agent);
                    input type="hidden" name="device" value=(device);
                    button id=(button_id("test", agent, device)) type="submit"
                        aria-label=(t!(texts, "admin-test-of", device = name_of(texts, device))) {
                        (t!(texts, "admin-test"))
                    }
                }
            }
        }
    }

    /// A press has a new panel looked for in the place of one that does not answer.
    fn replace_button(&self, agent: &str, device: &DeviceHealth, connected: bool) -> Markup {
        let texts = self.look.texts();
        let is_missed = REPLACEABLE.contains(&device.status.as_str());
        html! {
            @if connected && is_missed && device.device.starts_with("LED ") {
                form method="post" action=(self.look.href("/admin/devices/replace")) {
                    input type="hidden" name="agent" value=(agent);
                    input type="hidden" name="device" value=(device.device);
                    button id=(button_id("replace", agent, &device.device)) type="submit"
                        aria-label=(t!(texts, "admin-replace-of", device = name_of(texts, &device.device))) {
                        (t!(texts, "admin-replace"))
                    }
                }
            }
        }
    }

    pub(super) fn markup(&self) -> Markup {
        let texts = self.look.texts();
        if self.agents.is_empty() {
            return html! { p class="hint" { (t!(texts, "admin-none")) } };
        }
        html! {
            ul class="lg-agents" {
                @for (agent, seen) in self.agents {
                    li {
                        h3 {
                            (agent.agent)
                            @if let Some(kind) = kind(agent.role) { small { (role_name(texts, kind)) } }
                            @if agent.connected {
                                span class="ok" { (icon(Icon::Check)) (t!(texts, "front-connected")) }
                            } @else {
                                span class="bad" { (icon(Icon::NoNetwork)) (t!(texts, "front-not-connected")) }
                                small { (t!(texts, "chief-agent-seen", time = seen.as_str())) }
                            }
                        }
                        ul class="lg-hung" {
                            @for alike in alike(agent) { (self.devices(agent, &alike)) }
                        }
                        (self.frames(agent))
                    }
                }
            }
        }
    }

    /// Devices in the same state: their names, and once what is said of them all.
    fn devices(&self, agent: &DeviceView, alike: &[&DeviceHealth]) -> Markup {
        let texts = self.look.texts();
        let Some(first) = alike.first() else {
            return html! {};
        };
        // What an agent said before its link broke is not what is now.
        let advice = advice_of(texts, first).filter(|_| agent.connected);
        let tone = Tone::of(first, advice.is_some());
        let state = html! {
            @if !agent.connected { "–" } @else {
                (icon(if tone == Tone::Well { Icon::Check } else { Icon::Warning }))
                (status_of(texts, &first.status))
                @if let Some(count) = first.tickets_left.filter(|_| first.ok) {
                    small { (t!(texts, "device-tickets-left", count = count)) }
                }
            }
        };
        html! {
            @if let Some(advice) = advice {
                li class="alike" {
                    ul class="lg-hung" { @for device in alike { li { (self.name_and_buttons(agent, device)) } } }
                    p class="state" { span class=[tone.class()] { (state) } }
                    p {
                        (advice)
                        @if !first.detail.is_empty() { small lang="en" { (first.detail) } }
                    }
                }
            } @else {
                @for device in alike {
                    li {
                        (self.name(device))
                        span class=[tone.class().filter(|_| agent.connected)] { (state) }
                        (self.buttons(agent, device))
                    }
                }
            }
        }
    }

    fn name_and_buttons(&self, agent: &DeviceView, device: &DeviceHealth) -> Markup {
        html! { (self.name(device)) (self.buttons(agent, device)) }
    }

    fn name(&self, device: &DeviceHealth) -> Markup {
        let own = name_of(self.look.texts(), &device.device);
        html! {
            @if let Some(name) = &device.name {
                span class="named" { (name.get(self.look.language.tag())) small { (own) } }
            } @else {
                span { (own) }
            }
        }
    }

    fn buttons(&self, agent: &DeviceView, device: &DeviceHealth) -> Markup {
        html! {
            (self.test_button(&agent.agent, &device.device, agent.connected))
            (self.replace_button(&agent.agent, device, agent.connected))
        }
    }

    /// What went over the agent's lines, device by device.
    fn frames(&self, agent: &DeviceView) -> Markup {
        let texts = self.look.texts();
        let counted = agent.devices.iter();
        let counted = counted.filter_map(|device| Some((&device.device, device.frames?)));
        let lines: Vec<Cow<'static, str>> = counted
            .map(|(device, frames)| frames_in_words(texts, device, frames))
            .collect();
        html! {
            @if !lines.is_empty() && agent.connected {
                details id=(format!("frames-{}", agent.agent)) {
                    summary { (t!(texts, "device-frames-title")) }
                    ul { @for line in &lines { li { small { (line) } } } }
                }
            }
        }
    }
}

/// The devices of an agent, those in the same state together, where the first of them stands.
fn alike(agent: &DeviceView) -> Vec<Vec<&DeviceHealth>> {
    let mut groups: Vec<Vec<&DeviceHealth>> = Vec::new();
    for device in &agent.devices {
        let state = |one: &DeviceHealth| {
            // Printers are told otherwise what to do.
            let kind = is_printer_device(&one.device);
            (
                one.ok,
                one.status.clone(),
                one.detail.clone(),
                one.tickets_left,
                kind,
            )
        };
        let is_alike = |group: &&mut Vec<&DeviceHealth>| {
            group
                .first()
                .is_some_and(|first| state(first) == state(device))
        };
        match groups.iter_mut().find(is_alike) {
            Some(group) => group.push(device),
            None => groups.push(vec![device]),
        }
    }
    groups
}

/// How many frames went to and from a device. A pad speaks by itself: it repeats what nobody acknowledged.
fn frames_in_words(texts: &'static Texts, device: &str, frames: FrameCounts) -> Cow<'static, str> {
    let name = name_of(texts, device);
    let FrameCounts {
        sent,
        repeated,
        heard,
        spoilt,
        unanswered,
    } = frames;
    if device.starts_with("pad ") {
        return t!(
            texts,
            "device-frames-pad",
            name = name,
            sent = sent,
            heard = heard,
            repeated = repeated
        );
    }
    t!(
        texts,
        "device-frames",
        name = name,
        sent = sent,
        repeated = repeated,
        heard = heard,
        spoilt = spoilt,
        unanswered = unanswered
    )
}

/// Names a button, so that it keeps the focus when the list comes anew.
fn button_id(what: &str, agent: &str, device: &str) -> String {
    format!("{what}-{agent}-{}", device.replace(' ', "-"))
}

/// What an agent is, in the terms of enrolment.
fn kind(role: protocol::Role) -> Option<Role> {
    match role {
        protocol::Role::Kiosk => Some(Role::Kiosk),
        protocol::Role::Display => Some(Role::Display),
        protocol::Role::Counter => Some(Role::Counter),
        protocol::Role::Ticket | protocol::Role::Admin => None,
    }
}
