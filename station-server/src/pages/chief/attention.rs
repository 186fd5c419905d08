//! What needs attention on the live page: devices, agents, people who did not come.

use maud::{Markup, html};
use screens::{Icon, icon, t};

use super::live_view::Live;
use crate::pages::device_words::{Audience, Trouble, troubles_of};

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
            section class="cardd blk" id="attention" data-part {
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

    /// What is in trouble.
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
        matters.extend(
            troubles_of(&self.view.devices, Audience::Chief)
                .iter()
                .map(|trouble| self.matter(trouble)),
        );
        matters
    }

    fn matter(&self, trouble: &Trouble) -> Matter {
        let detail = match trouble {
            Trouble::Lost(agent) => {
                let time = self.time(agent.last_seen);
                t!(self.texts(), "chief-agent-seen", time = time).into_owned()
            }
            Trouble::Devices { .. } => trouble.detail().unwrap_or_default().to_owned(),
        };
        Matter {
            symbol: trouble.symbol(),
            what: trouble.in_full(self.look.language),
            detail,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::past::Past;
    use super::super::samples::{chief_view, live};
    use protocol::DeviceHealth;

    #[test]
    fn a_device_in_trouble_is_named_in_words() {
        let mut view = chief_view();
        view.devices[0].devices[0].ok = false;
        view.devices[0].devices[0].status = "paper_out".into();
        view.today.no_show = 2;
        let html = live(view.clone(), Past::default()).body().into_string();
        assert!(html.contains("K1 印表機：沒有紙"), "{html}");
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
        assert!(
            html.contains("LED 面板 1、LED 面板 2：找不到連接埠"),
            "{html}"
        );
        assert_eq!(html.matches("no such device").count(), 1);
    }
}
