//! What needs attention on the live page: devices, agents, people who did not come.

use std::borrow::Cow;
use std::collections::BTreeMap;

use maud::{Markup, html};
use protocol::DeviceHealth;
use screens::{Icon, Language, icon, t};

use super::live_view::Live;

/// A device may work and still need somebody soon.
const PAPER_LOW: &str = "paper_near_end";

/// One thing in trouble.
struct Matter {
    symbol: Icon,
    what: String,
    detail: String,
}

impl Live {
    pub(super) fn attention(&self) -> Markup {
        let texts = self.texts();
        let matters = self.matters();
        let devices: usize = self
            .view
            .devices
            .iter()
            .map(|agent| agent.devices.len() + 1)
            .sum();
        html! {
            section class="cardd blk" id="attention" data-live="" {
                h2 { (t!(texts, "chief-attention")) }
                ul class="al" {
                    @for matter in &matters {
                        li {
                            (icon(matter.symbol))
                            span { (matter.what) @if !matter.detail.is_empty() { br; small { (matter.detail) } } }
                        }
                    }
                    @if self.view.today.no_show > 0 {
                        li { (icon(Icon::NoShow)) span { (t!(texts, "chief-no-shows", count = self.view.today.no_show)) } }
                    }
                    @if devices == 0 {
                        li { (icon(Icon::NoNetwork)) span { (t!(texts, "chief-no-agents")) } }
                    } @else if matters.is_empty() {
                        li class="ok" { (icon(Icon::Check)) span { (t!(texts, "chief-devices-fine", count = devices)) } }
                    }
                }
            }
        }
    }

    /// What is in trouble. Devices with the same trouble, such as all panels of a line that was pulled, are one matter.
    fn matters(&self) -> Vec<Matter> {
        let texts = self.texts();
        let mut matters = Vec::new();
        if let Some(fault) = &self.view.storage_fault {
            let what = t!(texts, "chief-storage-fault").into_owned();
            matters.push(Matter {
                symbol: Icon::Warning,
                what,
                detail: fault.clone(),
            });
        }
        for agent in &self.view.devices {
            if agent.connected {
                matters.extend(self.device_matters(&agent.devices));
            } else {
                let what = t!(texts, "chief-agent-lost", agent = agent.agent.as_str()).into_owned();
                let detail =
                    t!(texts, "chief-agent-seen", time = self.time(agent.last_seen)).into_owned();
                matters.push(Matter {
                    symbol: Icon::NoNetwork,
                    what,
                    detail,
                });
            }
        }
        matters
    }

    fn device_matters(&self, devices: &[DeviceHealth]) -> Vec<Matter> {
        let texts = self.texts();
        let separator = if self.look.language == Language::ZhHantTw {
            "、"
        } else {
            ", "
        };
        let mut names: BTreeMap<(&str, &str), Vec<&str>> = BTreeMap::new();
        for device in devices.iter().filter(|d| !d.ok || d.status == PAPER_LOW) {
            names
                .entry((&device.status, &device.detail))
                .or_default()
                .push(&device.device);
        }
        names
            .into_iter()
            .map(|((status, detail), names)| {
                let known = texts.find(&format!("device-{status}"), &[]);
                let words = known.unwrap_or(Cow::Borrowed(status));
                let symbol = if status.starts_with("paper") {
                    Icon::Printer
                } else {
                    Icon::Warning
                };
                let what = t!(
                    texts,
                    "chief-device-trouble",
                    devices = names.join(separator),
                    trouble = words
                )
                .into_owned();
                Matter {
                    symbol,
                    what,
                    detail: detail.to_owned(),
                }
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::super::past::Past;
    use super::super::samples::{chief_view, live};
    use super::*;

    #[test]
    fn a_device_in_trouble_is_named_in_words() {
        let mut view = chief_view();
        view.devices[0].devices[0].ok = false;
        view.devices[0].devices[0].status = "paper_out".into();
        view.today.no_show = 2;
        let html = live(view.clone(), Past::default()).body().into_string();
        assert!(html.contains("K1 printer：沒有紙"), "{html}");
        assert!(html.contains("今日未到 2 位"), "{html}");
        view.devices[0].connected = false;
        let html = live(view, Past::default()).body().into_string();
        assert!(
            html.contains("K1 沒有連線") && html.contains("最後連線 12:00"),
            "{html}"
        );
    }

    #[test]
    fn devices_with_the_same_trouble_are_one_matter() {
        let mut view = chief_view();
        let lost = |name: &str| DeviceHealth {
            device: name.into(),
            ok: false,
            status: "port_missing".into(),
            detail: "no such device".into(),
        };
        view.devices[0].devices = vec![lost("LED 1"), lost("LED 2")];
        let html = live(view, Past::default()).body().into_string();
        assert!(html.contains("LED 1、LED 2：找不到連接埠"), "{html}");
        assert_eq!(html.matches("no such device").count(), 1);
    }
}
