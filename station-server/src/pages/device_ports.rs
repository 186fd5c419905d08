//! What is plugged into the agents' machines and used by none of their devices, with the lines that a station file needs for
//! it. Only the system was asked: no byte goes to a port that nobody configured.

use std::borrow::Cow;
use std::collections::BTreeMap;

use firmware_config::plugged::{self, link_toml};
use maud::{Markup, html};
use protocol::{PortKind, PortView, Role, UsbView};
use screens::{Texts, t};

use crate::hub::AgentPorts;

/// Speed of most panels and pads, in bits per second.
const LINE_BPS: u32 = 9_600;
/// Speed of most printers with a serial port, in bits per second.
const PRINTER_BPS: u32 = 115_200;
/// The profile of a printer that says nothing known of itself.
const PRINTER_PROFILE: &str = "escpos-80mm";

/// The free ports of all machines.
pub(super) struct FreePorts {
    machines: Vec<Machine>,
    /// A counter of the station, for the lines to be right.
    counter: String,
}

struct Machine {
    /// Connected agents, and what they are.
    agents: Vec<(String, Role)>,
    ports: Vec<PortView>,
}

/// Lines for the station file, and where in it they stand.
struct Lines {
    place: String,
    toml: String,
}

impl FreePorts {
    /// Agents of one machine see the same ports: what one of them uses is not free, also while its link is down.
    pub(super) fn of(told: Vec<AgentPorts>, counter: String) -> Self {
        let mut machines: BTreeMap<String, Vec<AgentPorts>> = BTreeMap::new();
        for agent in told {
            let alone = || format!("agent {}", agent.agent);
            let machine = agent.ports.machine.clone().unwrap_or_else(alone);
            machines.entry(machine).or_default().push(agent);
        }
        let machines = machines.into_values().filter_map(|told| {
            let of_all = told.iter().flat_map(|agent| &agent.ports.ports);
            let used: Vec<&str> = of_all
                .filter(|port| !port.used_by.is_empty())
                .map(|port| port.path.as_str())
                .collect();
            let there = || told.iter().filter(|agent| agent.connected);
            let ports = there().next()?.ports.ports.iter();
            let free = ports.filter(|port| !used.contains(&port.path.as_str()));
            let free: Vec<PortView> = free.cloned().collect();
            let agents = there().map(|agent| (agent.agent.clone(), agent.role));
            (!free.is_empty()).then(|| Machine {
                agents: agents.collect(),
                ports: free,
            })
        });
        let mut machines: Vec<Machine> = machines.collect();
        machines.sort_by(|a, b| a.agents.cmp(&b.agents));
        Self { machines, counter }
    }

    pub(super) fn list(&self, texts: &'static Texts) -> Markup {
        if self.machines.is_empty() {
            return html! { p class="hint" { (t!(texts, "admin-ports-none")) } };
        }
        html! {
            p class="hint" { (t!(texts, "admin-ports-hint")) }
            ul class="lg-agents" {
                @for machine in &self.machines {
                    @let agents: Vec<&str> = machine.agents.iter().map(|(agent, _)| agent.as_str()).collect();
                    li {
                        h3 { (t!(texts, "admin-ports-at", agents = agents.join(texts.language().comma()))) }
                        ul class="lg-ports" {
                            @for port in &machine.ports { li { (self.one(texts, machine, port)) } }
                        }
                    }
                }
            }
        }
    }

    fn one(&self, texts: &'static Texts, machine: &Machine, port: &PortView) -> Markup {
        let id = format!(
            "port-{}{}",
            machine.agents[0].0,
            port.path.replace('/', "-")
        );
        let lines = self.lines(texts, machine, port);
        html! {
            p {
                b { (kind(texts, port)) } " " code { (port.path) }
                @if let Some(usb) = &port.usb { small { (usb_in_words(texts, usb)) } }
                @if let Some(words) = how_stable(texts, port) { small { (words) } }
                @if let Some(model) = says(port) {
                    small { (t!(texts, "port-says", model = model)) }
                }
            }
            @if lines.is_empty() {
                p { small { (t!(texts, "port-no-kiosk")) } }
            } @else {
                details id=(id) {
                    summary { (t!(texts, "port-lines")) }
                    @for (index, lines) in lines.iter().enumerate() {
                        @let toml = format!("{id}-{index}");
                        p {
                            small { (lines.place) }
                            button id=(format!("copy-{toml}")) type="button" data-copy=(toml)
                                data-done=(t!(texts, "port-copied")) aria-live="polite" aria-describedby=(toml) {
                                (t!(texts, "port-copy"))
                            }
                        }
                        pre id=(toml) { (lines.toml) }
                    }
                }
            }
        }
    }

    /// For each kind of agent on the machine what its section of the station file would say.
    fn lines(&self, texts: &'static Texts, machine: &Machine, port: &PortView) -> Vec<Lines> {
        let named = |role: Role| {
            let mut agents = machine.agents.iter();
            agents.find(|(_, one)| *one == role).map(|(id, _)| id)
        };
        let link = |baud_bps| match port.kind {
            PortKind::Serial => {
                link_toml(plugged::PortKind::Serial, &port.stable_path, Some(baud_bps))
            }
            PortKind::UsbPrinter => {
                link_toml(plugged::PortKind::UsbPrinter, &port.stable_path, None)
            }
        };
        let counter = toml_text(&self.counter);
        let mut lines = Vec::new();
        if let Some(display) = named(Role::Display).filter(|_| port.kind == PortKind::Serial) {
            let link = link(LINE_BPS);
            lines.push(Lines {
                place: t!(texts, "port-as-line", id = display.as_str()).into_owned(),
                toml: format!(
                    "[[display.line]]\nlink = {link}\npanels = [{{ address = 1, counter = {counter} }}]\n"
                ),
            });
            lines.push(Lines {
                place: t!(texts, "port-as-pad", id = display.as_str()).into_owned(),
                toml: format!(
                    "[[display.pad]]\nlink = {link}\ncounter = {counter}\nprofile = \"byte-keypad\"\n"
                ),
            });
        }
        if let Some(kiosk) = named(Role::Kiosk) {
            let profile = port
                .profiles
                .first()
                .map_or(PRINTER_PROFILE, String::as_str);
            lines.push(Lines {
                place: t!(texts, "port-as-printer", id = kiosk.as_str()).into_owned(),
                toml: format!(
                    "printer = {{ link = {}, profile = {} }}\n",
                    link(PRINTER_BPS),
                    toml_text(profile)
                ),
            });
        }
        lines
    }
}

fn toml_text(text: &str) -> String {
    toml::Value::from(text).to_string()
}

fn kind(texts: &'static Texts, port: &PortView) -> String {
    let words = match (port.kind, &port.usb) {
        (PortKind::Serial, Some(_)) => t!(texts, "port-adapter"),
        (PortKind::Serial, None) => t!(texts, "port-serial"),
        (PortKind::UsbPrinter, _) => t!(texts, "port-usb-printer"),
    };
    words.into_owned()
}

/// `FTDI FT232R USB UART · 0403:6001 · serial number A50285BI`.
fn usb_in_words(texts: &'static Texts, usb: &UsbView) -> String {
    let names = [&usb.maker, &usb.product].into_iter().flatten();
    let names: Vec<&str> = names.map(String::as_str).collect();
    let number = match &usb.serial {
        Some(serial) => t!(texts, "port-number", serial = serial.as_str()),
        None => t!(texts, "port-no-number"),
    };
    let ids = format!("{}:{}", usb.vendor_id, usb.product_id);
    let parts = [names.join(" "), ids, number.into_owned()];
    let parts: Vec<String> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    parts.join(" · ")
}

/// What becomes of its name when plugs are pulled, where somebody should know.
fn how_stable(texts: &'static Texts, port: &PortView) -> Option<Cow<'static, str>> {
    if port.stable_path.contains("/by-path/") {
        Some(t!(texts, "port-by-socket"))
    } else if port.usb.is_some() && port.stable_path == port.path {
        Some(t!(texts, "port-may-change"))
    } else {
        None
    }
}

/// The model that a printer says it is.
fn says(port: &PortView) -> Option<String> {
    let id = port.printer.as_ref()?;
    let model = id.model.as_deref()?;
    let maker = id.maker.as_deref().unwrap_or_default();
    let again = model.starts_with(maker);
    Some(if again {
        model.to_owned()
    } else {
        format!("{maker} {model}")
    })
}

#[cfg(test)]
mod tests {
    use protocol::{MachinePorts, PrinterView};
    use screens::Language;
    use station_config::StationFile;

    use super::*;

    const BY_ID: &str = "/dev/serial/by-id/usb-FTDI_FT232R_USB_UART_A50285BI-if00-port0";

    fn adapter(used_by: &[&str]) -> PortView {
        PortView {
            path: "/dev/ttyUSB0".into(),
            stable_path: BY_ID.into(),
            kind: PortKind::Serial,
            usb: Some(UsbView {
                vendor_id: "0403".into(),
                product_id: "6001".into(),
                maker: Some("FTDI".into()),
                product: Some("FT232R USB UART".into()),
                serial: Some("A50285BI".into()),
            }),
            printer: None,
            profiles: vec![],
            used_by: used_by.iter().map(|name| (*name).to_owned()).collect(),
        }
    }

    fn printer() -> PortView {
        PortView {
            path: "/dev/usb/lp0".into(),
            stable_path: "/dev/usb/lp0".into(),
            kind: PortKind::UsbPrinter,
            usb: None,
            printer: Some(PrinterView {
                maker: Some("EPSON".into()),
                model: Some("TM-T88V<b>".into()),
                ..PrinterView::default()
            }),
            profiles: vec!["epson-tm-t88v".into()],
            used_by: vec![],
        }
    }

    fn agent(name: &str, role: Role, machine: Option<&str>, ports: Vec<PortView>) -> AgentPorts {
        AgentPorts {
            agent: name.into(),
            role,
            connected: true,
            ports: MachinePorts {
                machine: machine.map(str::to_owned),
                ports,
            },
        }
    }

    fn page(told: Vec<AgentPorts>, language: Language) -> String {
        FreePorts::of(told, "3".into())
            .list(Texts::of(language))
            .into_string()
    }

    #[test]
    fn a_port_that_any_agent_of_the_machine_uses_is_not_free() {
        let kiosk = || agent("K1", Role::Kiosk, Some("a"), vec![adapter(&[]), printer()]);
        let display = |used: &[&str]| {
            agent(
                "D1",
                Role::Display,
                Some("a"),
                vec![adapter(used), printer()],
            )
        };
        let html = page(vec![display(&["LED 3"]), kiosk()], Language::En);
        assert!(
            !html.contains("ttyUSB0") && html.contains("/dev/usb/lp0"),
            "{html}"
        );
        assert!(html.contains("TM-T88V&lt;b&gt;"), "{html}");
        let lost = AgentPorts {
            connected: false,
            ..display(&["LED 3"])
        };
        let html = page(vec![lost, kiosk()], Language::En);
        assert!(!html.contains("ttyUSB0"), "its agent comes back: {html}");
        let elsewhere = agent("D2", Role::Display, Some("b"), vec![adapter(&["LED 3"])]);
        let html = page(vec![elsewhere, kiosk()], Language::En);
        assert!(html.contains("ttyUSB0"), "another machine's: {html}");
        let unknown = |name, used| agent(name, Role::Display, None, vec![adapter(used)]);
        let html = page(
            vec![unknown("D1", &["LED 3"]), unknown("D2", &[])],
            Language::En,
        );
        assert_eq!(html.matches("<code>/dev/ttyUSB0").count(), 1, "{html}");
        let lost = AgentPorts {
            connected: false,
            ..kiosk()
        };
        for (language, said) in [
            (Language::En, "Nothing is plugged in"),
            (Language::ZhHantTw, "沒有"),
        ] {
            let html = page(vec![lost.clone()], language);
            assert!(html.contains(said), "{html}");
        }
    }

    #[test]
    fn what_is_plugged_in_is_said_in_both_languages() {
        let no_number = PortView {
            stable_path: "/dev/serial/by-path/pci-0-usb-0:2".into(),
            usb: Some(UsbView {
                vendor_id: "1a86".into(),
                product_id: "7523".into(),
                ..UsbView::default()
            }),
            ..adapter(&[])
        };
        let no_name = PortView {
            stable_path: "/dev/ttyUSB0".into(),
            ..no_number.clone()
        };
        let told = || {
            let ports = vec![adapter(&[]), printer(), no_number.clone(), no_name.clone()];
            vec![agent("D1", Role::Display, Some("a"), ports)]
        };
        let en = page(told(), Language::En);
        for said in [
            "USB serial adapter",
            "FTDI FT232R USB UART · 0403:6001 · serial number A50285BI",
            "No kiosk runs on this machine",
            "1a86:7523 · no serial number",
            "stands for the socket",
            "may be another one",
        ] {
            assert!(en.contains(said), "{said}: {en}");
        }
        let zh = page(told(), Language::ZhHantTw);
        assert!(zh.contains("序號 A50285BI") && zh.contains("複製"), "{zh}");
    }

    #[test]
    fn the_lines_are_understood_in_a_station_file() {
        let told = vec![
            agent(
                "D1",
                Role::Display,
                Some("a"),
                vec![adapter(&[]), printer()],
            ),
            agent("K1", Role::Kiosk, Some("a"), vec![adapter(&[]), printer()]),
        ];
        let ports = FreePorts::of(told, "3".into());
        let machine = &ports.machines[0];
        let texts = Texts::of(Language::En);
        let mut written = 0;
        for port in &machine.ports {
            for lines in ports.lines(texts, machine, port) {
                let demo = station_config::demo();
                let text = match lines.toml.strip_prefix("printer = ") {
                    Some(_) => {
                        let theirs = demo.lines().find(|line| line.starts_with("printer = "));
                        demo.replace(theirs.unwrap(), lines.toml.trim_end())
                    }
                    None => {
                        let display = "id = \"D1\"\nlisten = \"127.0.0.1:8082\"\n";
                        assert!(demo.contains(display));
                        demo.replace(display, &format!("{display}\n{}", lines.toml))
                    }
                };
                let read = StationFile::parse("station.toml", &text);
                assert!(read.is_ok(), "{}: {}", lines.toml, read.unwrap_err());
                written += 1;
            }
        }
        assert_eq!(written, 4);
    }
}
