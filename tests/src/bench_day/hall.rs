//! The station with its devices.

use std::collections::{BTreeMap, BTreeSet};
use std::net::SocketAddr;
use std::sync::Arc;

use firmware_config::bus::PanelConfig;
use firmware_config::panel::Expected;
use firmware_config::port::Link;
use firmware_config::profile::DeviceProfile;
use firmware_config::simulate::{
    DisplayFault, DisplayHandle, LineHandle, PadHandle, PrinterConfig, PrinterHandle, Shown,
    VirtualDisplay, VirtualLine, VirtualPrinter,
};
use serde_json::{Value, json};
use station_config::{Counter, DisplayLine, Pad, Panel as PanelText};
use tokio::sync::Mutex;

use super::health::Health;
use super::now_ms;
use super::report::Frames;
use super::visitors::Issued;
use crate::{Client, DataDir, Database, StartOptions, Station, station_file, until};

/// The lines of the bench, in the order of the station file: the panels on each by profile and address. Counters are
/// numbered through. A customer display has no address, so it is alone.
const PANEL_LINES: [&[(&str, u8)]; 3] = [
    &[
        ("led-485", 1),
        ("dm36", 2),
        ("dm56", 3),
        ("alpha", 4),
        ("am03127", 5),
    ],
    &[("cd5220", 1)],
    &[
        ("kanban", 31),
        ("ed400d", 32),
        ("parking-3a", 33),
        ("led-aa55", 34),
        ("led-card-fe", 35),
    ],
];
/// The line with the pads, and the counters that have one, at addresses of their own.
pub(super) const PADS_LINE: usize = PANEL_LINES.len();
pub(super) const KEYPAD_COUNTERS: u8 = 6;
const FIRST_PAD: u8 = 21;

/// A panel of the bench.
pub(super) struct Panel {
    pub(super) counter: String,
    pub(super) profile: &'static str,
    pub(super) line: usize,
    pub(super) handle: DisplayHandle,
    /// It can be known at any time whether it is there.
    pub(super) answers: bool,
}

/// What a panel showed, on the machine's clock.
pub(super) struct Told {
    pub(super) counter: String,
    pub(super) profile: &'static str,
    pub(super) line: usize,
    /// When and what, in order.
    pub(super) shown: Vec<(i64, String)>,
}

impl Panel {
    /// The name agents and pages give it.
    pub(super) fn name(&self) -> String {
        format!("LED {}", self.counter)
    }

    pub(super) fn told(&self) -> Told {
        let (shown, line_now_ms) = self.handle.record();
        let start_ms = now_ms() - i64::try_from(line_now_ms).unwrap_or(0);
        let at = |Shown { at_ms, text }| (start_ms + i64::try_from(at_ms).unwrap_or(0), text);
        Told {
            counter: self.counter.clone(),
            profile: self.profile,
            line: self.line,
            shown: shown.into_iter().map(at).collect(),
        }
    }
}

/// The station with its devices.
pub(super) struct Hall {
    pub(super) station: Station,
    pub(super) kiosk: Client,
    pub(super) printer: PrinterHandle,
    pub(super) lines: Vec<LineHandle>,
    /// Held by whoever disturbs the pads' line.
    pub(super) pads_line: Arc<Mutex<()>>,
    pub(super) panels: Vec<Panel>,
    /// Another panel at the address of the first one of the first line, without power.
    pub(super) twin: DisplayHandle,
    pub(super) pads: BTreeMap<String, PadHandle>,
    pub(super) counters: Vec<String>,
    pub(super) health: Health,
    pub(super) issued: Issued,
}

impl Hall {
    pub(super) async fn open() -> Self {
        let data = DataDir::new();
        let port = |name: &str| data.beside(name).display().to_string();
        let printer = VirtualPrinter::new(PrinterConfig::default())
            .start(data.beside("printer"))
            .expect("a pseudo-terminal");

        let mut lines = Vec::new();
        let mut settings = Vec::new();
        let mut panels = Vec::new();
        for (nth, hung) in PANEL_LINES.iter().enumerate() {
            let mut line = VirtualLine::default();
            let mut texts = Vec::new();
            let first = panels.len();
            for (profile, address) in *hung {
                let device = device(profile);
                line = line.with_display(display(&device, *address));
                let counter = (first + texts.len() + 1).to_string();
                texts.push(PanelText {
                    address: *address,
                    counter: counter.parse().expect("a counter's id"),
                    profile: (*profile).to_owned(),
                    digits: None,
                    name: None,
                });
            }
            if nth == 0 {
                line = line.with_display(display(&device(hung[0].0), hung[0].1));
            }
            let line = line.with_baud_bps(9_600);
            let handle = line
                .start(data.beside(&format!("panels-{nth}")))
                .expect("a pseudo-terminal");
            for (index, (profile, address)) in hung.iter().enumerate() {
                let kind = device(profile).protocol;
                let answer = kind.show(*address, "1").expect("it shows numbers").answer;
                let is_asked = kind.read_back(*address, "1").expect("a number").is_some();
                let is_told_again = answer != Expected::Nothing && !kind.remembers_text();
                panels.push(Panel {
                    counter: texts[index].counter.to_string(),
                    profile,
                    line: nth,
                    handle: handle.display(index).expect("it hangs there"),
                    answers: is_asked || is_told_again,
                });
            }
            lines.push(handle);
            settings.push(DisplayLine {
                link: Link::serial(port(&format!("panels-{nth}")), 9_600),
                echo: None,
                panels: texts,
                pads: vec![],
            });
        }
        let twin = lines[0].display(PANEL_LINES[0].len()).expect("it is there");
        twin.set_fault(Some(DisplayFault::NoPower));

        let addresses = FIRST_PAD..FIRST_PAD + KEYPAD_COUNTERS;
        let pads_line = VirtualLine::new([], addresses.clone())
            .with_baud_bps(9_600)
            .start(data.beside("pads"))
            .expect("a pseudo-terminal");
        let counter_of = |address: u8| (address - FIRST_PAD + 1).to_string();
        let pads = addresses.clone().map(|address| {
            let pad = pads_line.pad(address).expect("it is on the line");
            (counter_of(address), pad)
        });
        let pads = pads.collect();
        settings.push(DisplayLine {
            link: Link::serial(port("pads"), 9_600),
            echo: None,
            panels: vec![],
            pads: addresses
                .map(|address| Pad {
                    address,
                    counter: counter_of(address).parse().expect("a counter's id"),
                    name: None,
                })
                .collect(),
        });
        lines.push(pads_line);

        let mut kiosk: Option<SocketAddr> = None;
        let count = panels.len();
        let mut counters = Vec::new();
        let text = station_file(|file| {
            kiosk = file.kiosks.first().map(|k| k.listen);
            for settings in file.kiosks.iter_mut().filter_map(|k| k.printer.as_mut()) {
                settings.link = Link::serial(port("printer"), 115_200);
            }
            file.displays[0].lines = settings;
            file.no_show.recall_after_s = 10;
            // Every counter serves everybody, so that nobody waits for one that is slow.
            let all: Vec<_> = file.services.iter().map(|s| s.id.clone()).collect();
            let pattern = file.counters[0].clone();
            file.counters = (1..=count)
                .map(|nth| Counter {
                    id: nth.to_string().parse().expect("a counter's id"),
                    skills: all.clone(),
                    overflow_skills: vec![],
                    ..pattern.clone()
                })
                .collect();
            counters = file.counters.iter().map(|c| c.id.to_string()).collect();
        });
        let config = data.beside("station.toml");
        std::fs::write(&config, text).expect("a file");
        let options = StartOptions {
            config: Some(config),
            agents: true,
            ..StartOptions::on(&data)
        };
        let station = Station::start(options).await;
        for counter in &counters {
            let opened = station.counter().act(counter, "open", json!({})).await;
            opened.expect(200);
        }
        let hall = Self {
            kiosk: Client::new(&format!("http://{}", kiosk.expect("the demo has a kiosk"))),
            health: Health::watch(station.chief()),
            station,
            printer,
            lines,
            pads_line: Arc::default(),
            panels,
            twin,
            pads,
            counters,
            issued: Issued::default(),
        };
        let devices = hall.panels.len() + hall.pads.len() + 1;
        hall.health
            .until("every device to be well", |now| {
                let well = now.devices.values().filter(|(_, status)| is_well(status));
                well.count() == devices
            })
            .await;
        hall
    }

    /// Everybody who took a ticket was called, or is gone.
    pub(super) async fn until_nobody_waits(&self, issued: &[String]) {
        for id in issued {
            self.until_ticket(id, "the day to end", |ticket| {
                let state = ticket["state"].as_str().unwrap_or_default();
                !["waiting", "called", "serving", "held"].contains(&state)
            })
            .await;
        }
    }

    /// What became of every paper is known, and every device is well.
    pub(super) async fn until_all_is_told(&self, issued: &[String]) {
        for id in issued {
            self.until_ticket(id, "a word about the paper", |ticket| {
                !ticket["print"].is_null()
            })
            .await;
        }
        self.health
            .until("every device to be well in the end", |now| {
                now.agents.values().all(|connected| *connected)
                    && now.devices.values().all(|(_, status)| is_well(status))
            })
            .await;
    }

    /// The end of every fault is in the log.
    pub(super) async fn until_no_fault_is_open(&self) {
        let log = Database::at(&self.station.data().path());
        until("the end of every fault in the log", async || {
            let mut open = BTreeSet::new();
            for event in log.events() {
                match event.kind.as_str() {
                    "device_fault_began" => drop(open.insert(event.text("device").to_owned())),
                    "device_fault_ended" => drop(open.remove(event.text("device"))),
                    _ => {}
                }
            }
            open.is_empty().then_some(())
        })
        .await;
    }

    async fn until_ticket(&self, id: &str, what: &str, fits: impl Fn(&Value) -> bool) {
        let path = format!("/api/v1/tickets/{id}");
        let anybody = self.station.anybody();
        until(&format!("{what} (ticket {id})"), async || {
            let ticket = anybody.get(&path).await.expect(200);
            fits(&ticket).then_some(())
        })
        .await;
    }

    /// Ends the station.
    pub(super) async fn close(self) -> (DataDir, Frames) {
        let mut frames = Frames::default();
        for panel in &self.panels {
            let view = panel.handle.view();
            frames.answered += view.answered;
            frames.withheld += view.withheld;
            frames.texts += panel.handle.record().0.len();
        }
        for pad in self.pads.values() {
            frames.pad_acknowledged += pad.view().acknowledged;
            frames.pad_lost += pad.view().lost;
        }
        let data = self.station.data().clone();
        self.health.end();
        self.station.stop().await;
        (data, frames)
    }

    /// The process of an agent: `kiosk` or `display`.
    pub(super) fn agent(&self, name: &str) -> Option<u32> {
        let path = format!("/proc/{}/task", self.station.process_id());
        let tasks = std::fs::read_dir(path).into_iter().flatten();
        let children = tasks
            .filter_map(Result::ok)
            .filter_map(|task| std::fs::read_to_string(task.path().join("children")).ok());
        let processes = children.flat_map(|c| {
            let numbers = c.split_whitespace().filter_map(|p| p.parse().ok());
            numbers.collect::<Vec<u32>>()
        });
        let is_it = |process: &u32| {
            let line = std::fs::read(format!("/proc/{process}/cmdline")).unwrap_or_default();
            String::from_utf8_lossy(&line).contains(&format!("agent-{name}"))
        };
        let mut found = processes.filter(is_it);
        found.next()
    }
}

/// Works, or says nothing of itself by its nature.
pub(super) fn is_well(status: &str) -> bool {
    ["ok", "one_way", "unheard"].contains(&status)
}

fn device(profile: &str) -> PanelConfig {
    let profile = DeviceProfile::built_in(profile).expect("a built-in profile");
    PanelConfig::of_profile(&profile).expect("a panel's profile")
}

fn display(device: &PanelConfig, address: u8) -> VirtualDisplay {
    VirtualDisplay::new(&device.protocol, address).expect("an address of the kind")
}
