//! What needs attention on the live page: devices, agents, people who did not come.

use maud::{Markup, html};
use queue_core::{Alarm, DeviceId, Raised, SessionView, StationTime};
use screens::format::short_day;
use screens::{Icon, icon, t};

use super::live_view::Live;
use crate::pages::device_words::{Audience, Trouble, troubles_of};

/// One thing in trouble.
struct Matter {
    symbol: Icon,
    what: String,
    /// Since when or why, in the words of staff.
    why: String,
    /// What a program said, for technicians.
    raw: String,
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
                    @for (index, matter) in matters.iter().enumerate() {
                        li {
                            (icon(matter.symbol))
                            div {
                                (matter.what)
                                @if !matter.why.is_empty() { br; small { (matter.why) } }
                                @if !matter.raw.is_empty() {
                                    details id={ "raw-" (index) } {
                                        summary { small { (t!(texts, "chief-device-raw")) } }
                                        small class="raw" lang="en" { (matter.raw) }
                                    }
                                }
                            }
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
                    li class="unknown" { (icon(Icon::NoNetwork)) span { (t!(texts, "console-devices-unknown")) } }
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
                why: String::new(),
                raw: fault.clone(),
            });
        }
        let sessions = self.view.board.sessions.iter().map(|one| &one.session);
        let late = sessions.filter(|session| session.is_late(self.view.board.at));
        matters.extend(late.map(|session| self.late(session)));
        matters.extend(self.view.alarms.iter().map(|raised| self.alarm(raised)));
        matters.extend(
            troubles_of(&self.view.devices, Audience::Chief)
                .iter()
                .map(|trouble| self.matter(trouble)),
        );
        matters
    }

    /// A session whose visitors are there and which nobody has called.
    fn late(&self, session: &SessionView) -> Matter {
        let service = self.info.service(&session.service);
        let service = service.map_or(session.service.as_str(), |info| {
            info.short_name.get(self.look.language.tag())
        });
        let what = t!(
            self.texts(),
            "chief-session-late",
            service = service,
            nth = session.nth,
            time = self.time(session.begins)
        );
        Matter {
            symbol: Icon::Clock,
            what: what.into_owned(),
            why: String::new(),
            raw: String::new(),
        }
    }

    /// An alarm about the lines.
    fn alarm(&self, raised: &Raised) -> Matter {
        let texts = self.texts();
        let service = self.info.service(raised.alarm.service());
        let service = service.map_or(raised.alarm.service().as_str(), |info| {
            info.short_name.get(self.look.language.tag())
        });
        let time = self.time(raised.since);
        let what = match &raised.alarm {
            Alarm::WaitOverStandard { .. } => t!(
                texts,
                "alarm-wait_over_standard",
                service = service,
                time = time
            ),
            Alarm::NobodyOpen { .. } => {
                t!(texts, "alarm-nobody_open", service = service, time = time)
            }
            Alarm::IdentityUnchecked { .. } => {
                t!(
                    texts,
                    "alarm-identity_unchecked",
                    service = service,
                    time = time
                )
            }
        };
        Matter {
            symbol: Icon::Clock,
            what: what.into_owned(),
            why: String::new(),
            raw: String::new(),
        }
    }

    /// When the first of these devices fell into trouble, where the log has it.
    fn trouble_since(&self, agent: &str, names: &[String]) -> Option<StationTime> {
        let ids = names
            .iter()
            .filter_map(|name| DeviceId::of(agent, Some(name)).ok());
        ids.filter_map(|id| Some(self.view.device_faults.get(&id)?.since))
            .min()
    }

    /// A moment, with its day where that is not today.
    fn when(&self, at: StationTime) -> String {
        let (day, today) = (self.civil(at).date(), self.civil(self.view.board.at).date());
        match day == today {
            true => self.time(at),
            false => format!("{} {}", short_day(self.texts(), day), self.time(at)),
        }
    }

    fn matter(&self, trouble: &Trouble) -> Matter {
        let texts = self.texts();
        let why = match trouble {
            Trouble::Lost(agent) => {
                let time = self.time(agent.last_seen);
                Some(t!(texts, "chief-agent-seen", time = time))
            }
            Trouble::Devices { agent, names, .. } => {
                let since = self.trouble_since(agent, names);
                let since = since.map(|at| t!(texts, "chief-device-since", time = self.when(at)));
                let said: Vec<_> = since.into_iter().chain(trouble.cause(texts)).collect();
                Some(said.join(" · ").into())
            }
        };
        Matter {
            symbol: trouble.symbol(),
            what: trouble.in_full(self.look.language),
            why: why.map_or_else(String::new, std::borrow::Cow::into_owned),
            raw: trouble.detail().unwrap_or_default().to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::past::Past;
    use super::super::samples::{chief_view, live};
    use protocol::DeviceHealth;
    use queue_core::{Alarm, DeviceId, FaultWord, OpenFault, Raised};

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
    fn a_device_in_trouble_says_since_when() {
        let mut view = chief_view();
        view.devices[0].devices[0].ok = false;
        view.devices[0].devices[0].status = "paper_out".into();
        let said = |minutes: i64| {
            let mut view = view.clone();
            let open = OpenFault {
                fault: FaultWord::new("paper_out").unwrap(),
                since: view.board.at.plus_ms(-minutes * 60_000),
            };
            let printer = DeviceId::of("K1", Some("K1 printer")).unwrap();
            view.device_faults.insert(printer, open);
            live(view, Past::default()).body().into_string()
        };
        let html = said(25);
        assert!(html.contains("從 11:35 起"), "{html}");
        let html = said(25 + 24 * 60);
        assert!(
            !html.contains("從 11:35 起") && html.contains("11:35 起"),
            "{html}"
        );
    }

    #[test]
    fn an_alarm_names_its_service_and_since_when() {
        let mut view = chief_view();
        let service = view.board.services[1].id.clone();
        let raised = |alarm| Raised {
            alarm,
            since: view.board.at,
            ticket: queue_core::TicketId(1),
        };
        view.alarms = vec![
            raised(Alarm::NobodyOpen {
                service: service.clone(),
            }),
            raised(Alarm::WaitOverStandard { service }),
        ];
        let html = live(view, Past::default()).body().into_string();
        for said in [
            "領件：有人等候，但沒有櫃台開放，從 12:00 起",
            "領件：等候超過標準，從 12:00 起",
        ] {
            assert!(html.contains(said), "{said} in {html}");
        }
    }

    #[test]
    fn devices_with_the_same_trouble_are_one_matter() {
        let mut view = chief_view();
        let lost = |name: &str| DeviceHealth {
            device: name.into(),
            ok: false,
            status: "port_missing".into(),
            detail: "cannot open /run/x: no such device; is it plugged in?".into(),
            ..DeviceHealth::default()
        };
        view.devices[0].devices = vec![lost("LED 1"), lost("LED 2")];
        let html = live(view, Past::default()).body().into_string();
        assert!(
            html.contains("LED 面板 1、LED 面板 2：找不到連接埠"),
            "{html}"
        );
        assert_eq!(html.matches("no such device").count(), 1);
        let (before, after) = html.split_once("<details id=\"raw-0\"").unwrap();
        assert!(before.contains("找不到這個設備"), "{before}");
        assert!(!before.contains("/run/x") && after.contains("/run/x"));
    }
}
