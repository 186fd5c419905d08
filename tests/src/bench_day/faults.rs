//! Faults: each is done, must be reported by name, is taken back, and must be reported as over.

use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

use fastrand::Rng;
use firmware_config::simulate::{DisplayFault, Switch, swap_plugs};
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;

use super::hall::{Hall, PADS_LINE, Panel, is_well};
use super::now_ms;
use super::report::FaultTold;

/// Before a fault, and between its report and its end, in milliseconds; long enough for either to be written into the log.
const PAUSE_MS: std::ops::Range<u64> = 2_000..3_500;
/// States with a name that are no faults.
const NO_FAULTS: [&str; 1] = ["paper_near_end"];
/// Bytes of a disturbance, and the time to the next one, in milliseconds.
const NOISE_BYTES: std::ops::Range<usize> = 3..15;
const NOISE_EVERY: Duration = Duration::from_millis(400);

/// Something that goes wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Printer(Switch),
    PrinterUnplugged,
    KioskKilled,
    DisplayKilled,
    LineUnplugged(usize),
    LineNoisy(usize),
    /// Its panels were set to another speed.
    WrongSpeed(usize),
    /// The plugs of two lines were exchanged.
    Swapped(usize, usize),
    Panel(usize, DisplayFault),
    /// Another panel at the address of the first one.
    Twin,
}

/// One fault as it happened.
#[derive(Debug, Clone)]
pub(super) struct Fault {
    pub(super) told: FaultTold,
    /// From its beginning to the report that it is over, on the machine's clock.
    pub(super) from_ms: i64,
    pub(super) until_ms: i64,
    /// Lines it disturbs.
    pub(super) lines: Vec<usize>,
    /// Devices that the log must say have it, each with one of these words.
    pub(super) named: Vec<(String, Vec<&'static str>)>,
    /// Devices that the log may say have trouble from it, those among them.
    pub(super) disturbed: BTreeSet<String>,
}

pub(super) struct Faults;

impl Faults {
    /// Every fault so many times, in a random order: those of the printer, of the panels and of the pads side by side.
    pub(super) async fn run(hall: &Hall, rounds: usize, chance: &mut Rng) -> Vec<Fault> {
        let printer = [
            Kind::Printer(Switch::PaperOut),
            Kind::Printer(Switch::PaperNearEnd),
            Kind::Printer(Switch::CoverOpen),
            Kind::Printer(Switch::CutterError),
            Kind::Printer(Switch::Stuck),
            Kind::Printer(Switch::PowerOff),
            Kind::PrinterUnplugged,
            Kind::KioskKilled,
        ];
        let answering: Vec<usize> = (0..hall.panels.len())
            .filter(|index| hall.panels[*index].answers)
            .collect();
        // Over the rounds everybody has a turn.
        let panels = |round: usize| {
            let one =
                |fault, nth: usize| Kind::Panel(answering[(round + nth) % answering.len()], fault);
            [
                one(DisplayFault::NoPower, 0),
                one(DisplayFault::Mute, 1),
                one(DisplayFault::BadAnswer, 2),
                Kind::Twin,
                Kind::DisplayKilled,
                Kind::Swapped(0, PADS_LINE),
                Kind::Swapped(0, 2),
                Kind::WrongSpeed(0),
                Kind::LineNoisy(0),
                Kind::LineUnplugged(round % PADS_LINE),
            ]
        };
        let pads = [Kind::LineNoisy(PADS_LINE), Kind::LineUnplugged(PADS_LINE)];
        let panels: Vec<Kind> = (0..rounds).flat_map(panels).collect();
        let all = [printer.repeat(rounds), panels, pads.repeat(rounds)];
        let mut streams = all.map(|mut kinds| {
            chance.shuffle(&mut kinds);
            (kinds, chance.fork())
        });
        let [one, two, three] = &mut streams;
        let (one, two, three) =
            tokio::join!(stream(hall, one), stream(hall, two), stream(hall, three));
        [one, two, three].concat()
    }
}

async fn stream(hall: &Hall, (kinds, chance): &mut (Vec<Kind>, Rng)) -> Vec<Fault> {
    let mut faults = Vec::new();
    for kind in kinds {
        let disturbs_pads = *kind == Kind::DisplayKilled || kind.lines(hall).contains(&PADS_LINE);
        let _alone = match disturbs_pads {
            true => Some(hall.pads_line.lock().await),
            false => None,
        };
        tokio::time::sleep(Duration::from_millis(chance.u64(PAUSE_MS))).await;
        faults.push(kind.happen(hall, chance).await);
    }
    faults
}

impl Kind {
    async fn happen(self, hall: &Hall, chance: &mut Rng) -> Fault {
        let name = self.name(hall);
        let (from_ms, from) = (now_ms(), Instant::now());
        let noise = self.begin(hall, chance);
        let named = format!("{name} to be reported");
        match self {
            Self::KioskKilled | Self::DisplayKilled => {
                let agent = self.agent();
                hall.health
                    .until(&named, |now| now.agents.get(agent) == Some(&false))
                    .await;
            }
            _ => {
                let expected = self.expected(hall);
                hall.health
                    .until(&named, |now| {
                        let mut devices = expected.iter();
                        devices.all(|(device, words)| {
                            now.status(device).is_some_and(|s| words.contains(&s))
                        })
                    })
                    .await;
            }
        }
        let reported = from.elapsed();
        eprintln!("{name}: reported after {:.1} s", reported.as_secs_f64());
        tokio::time::sleep(Duration::from_millis(chance.u64(PAUSE_MS))).await;
        drop(noise);
        let ended = Instant::now();
        self.end(hall);
        let concerned = self.concerned(hall);
        hall.health
            .until(&format!("the end of {name} to be reported"), |now| {
                now.agents.values().all(|connected| *connected)
                    && concerned
                        .iter()
                        .all(|device| now.status(device).is_some_and(is_well))
            })
            .await;
        let over = ended.elapsed();
        eprintln!("{name}: over after {:.1} s", over.as_secs_f64());
        Fault {
            told: FaultTold {
                name,
                reported_after: reported,
                over_after: over,
            },
            from_ms,
            until_ms: now_ms(),
            lines: self.lines(hall),
            named: self.logged(hall),
            disturbed: self.disturbed(hall),
        }
    }

    fn begin(self, hall: &Hall, chance: &mut Rng) -> Option<Noise> {
        match self {
            Self::Printer(switch) => hall.printer.set(switch, true),
            Self::PrinterUnplugged => hall.printer.unplug(),
            Self::KioskKilled => kill_agent(hall, "kiosk"),
            Self::DisplayKilled => kill_agent(hall, "display"),
            Self::LineUnplugged(line) => hall.lines[line].unplug(),
            Self::LineNoisy(line) => return Some(Noise::make(hall, line, chance.fork())),
            Self::WrongSpeed(line) => hall.lines[line].set_baud_bps(19_200),
            Self::Swapped(one, other) => swap_plugs(&hall.lines[one], &hall.lines[other]),
            Self::Panel(index, fault) => hall.panels[index].handle.set_fault(Some(fault)),
            Self::Twin => hall.twin.set_fault(None),
        }
        None
    }

    fn end(self, hall: &Hall) {
        match self {
            Self::Printer(switch) => hall.printer.set(switch, false),
            Self::PrinterUnplugged => hall.printer.plug_in(),
            // They are started again.
            Self::KioskKilled | Self::DisplayKilled | Self::LineNoisy(_) => {}
            Self::LineUnplugged(line) => hall.lines[line].plug_in(),
            Self::WrongSpeed(line) => hall.lines[line].set_baud_bps(9_600),
            Self::Swapped(one, other) => swap_plugs(&hall.lines[one], &hall.lines[other]),
            Self::Panel(index, _) => hall.panels[index].handle.set_fault(None),
            Self::Twin => hall.twin.set_fault(Some(DisplayFault::NoPower)),
        }
    }

    /// The words that name it, each of these devices with one of them.
    fn expected(self, hall: &Hall) -> Vec<(String, Vec<&'static str>)> {
        let of_line = |line: usize, word: &'static str| {
            let speaks = |panel: &&Panel| panel.line == line && panel.answers;
            let panels = hall.panels.iter().filter(speaks).map(Panel::name);
            let pads = hall.pads.keys().filter(|_| line == PADS_LINE);
            let names = panels.chain(pads.map(|counter| format!("pad {counter}")));
            names.map(|name| (name, vec![word])).collect::<Vec<_>>()
        };
        let printer = |word| vec![(PRINTER.to_owned(), vec![word])];
        match self {
            Self::Printer(Switch::PaperOut) => printer("paper_out"),
            Self::Printer(Switch::PaperNearEnd) => printer("paper_near_end"),
            Self::Printer(Switch::CoverOpen) => printer("cover_open"),
            Self::Printer(Switch::CutterError) => printer("cutter"),
            Self::Printer(Switch::PowerOff) => printer("silent"),
            Self::PrinterUnplugged => printer("port_missing"),
            Self::Printer(Switch::NotTaken) => printer("ticket_not_taken"),
            // It says that all is well, and only its papers tell.
            Self::Printer(Switch::Stuck) => printer("unconfirmed"),
            Self::KioskKilled | Self::DisplayKilled => vec![],
            Self::LineUnplugged(line) => {
                let here = hall.panels.iter().filter(|panel| panel.line == line);
                let mut all = of_line(line, "port_missing");
                all.extend(here.map(|panel| (panel.name(), vec!["port_missing"])));
                all
            }
            Self::LineNoisy(line) => of_line(line, "noisy"),
            Self::WrongSpeed(line) => of_line(line, "wrong_speed"),
            Self::Swapped(one, other) => {
                [of_line(one, "wrong_port"), of_line(other, "wrong_port")].concat()
            }
            Self::Panel(index, fault) => {
                let words = match fault {
                    DisplayFault::NoPower | DisplayFault::Mute => vec!["silent"],
                    DisplayFault::BadAnswer => vec!["garbled", "same_address"],
                };
                vec![(hall.panels[index].name(), words)]
            }
            Self::Twin => vec![(hall.panels[0].name(), vec!["same_address"])],
        }
    }

    /// What of [`Kind::expected`] the log must have, by the devices' ids there.
    fn logged(self, hall: &Hall) -> Vec<(String, Vec<&'static str>)> {
        let named: BTreeMap<String, Vec<&'static str>> = self.expected(hall).into_iter().collect();
        let named = named.into_iter().map(|(device, mut words)| {
            words.retain(|word| !NO_FAULTS.contains(word));
            (logged_id(&device), words)
        });
        named.filter(|(_, words)| !words.is_empty()).collect()
    }

    /// Devices on its lines, those it names, and the agent that is killed: one that is back at once is not missed.
    fn disturbed(self, hall: &Hall) -> BTreeSet<String> {
        let lines = self.lines(hall);
        let panels = hall.panels.iter();
        let panels = panels.filter(|panel| lines.contains(&panel.line));
        let pads = hall.pads.keys().filter(|_| lines.contains(&PADS_LINE));
        let pads = pads.map(|counter| format!("pad {counter}"));
        let expected = self.expected(hall).into_iter().map(|(device, _)| device);
        let printer = (self == Self::KioskKilled).then(|| PRINTER.to_owned());
        let all = panels.map(Panel::name).chain(pads).chain(expected);
        let all = all.chain(printer).map(|device| logged_id(&device));
        let killed = matches!(self, Self::KioskKilled | Self::DisplayKilled);
        all.chain(killed.then(|| self.agent().to_owned())).collect()
    }

    /// Devices that must be well when it is over.
    fn concerned(self, hall: &Hall) -> Vec<String> {
        let expected = self.expected(hall).into_iter().map(|(device, _)| device);
        let all = expected.chain((self == Self::KioskKilled).then(|| PRINTER.to_owned()));
        let panels = hall.panels.iter().filter(|_| self == Self::DisplayKilled);
        all.chain(panels.map(Panel::name)).collect()
    }

    fn agent(self) -> &'static str {
        match self {
            Self::KioskKilled => "K1",
            _ => "D1",
        }
    }

    fn lines(self, hall: &Hall) -> Vec<usize> {
        match self {
            Self::Printer(_) | Self::PrinterUnplugged | Self::KioskKilled => vec![],
            Self::DisplayKilled => (0..=PADS_LINE).collect(),
            Self::LineUnplugged(line) | Self::LineNoisy(line) | Self::WrongSpeed(line) => {
                vec![line]
            }
            Self::Swapped(one, other) => vec![one, other],
            Self::Panel(index, _) => vec![hall.panels[index].line],
            Self::Twin => vec![0],
        }
    }

    fn name(self, hall: &Hall) -> String {
        match self {
            Self::Printer(switch) => format!("printer {switch:?}"),
            Self::PrinterUnplugged => "printer unplugged".to_owned(),
            Self::KioskKilled => "kiosk agent killed".to_owned(),
            Self::DisplayKilled => "display agent killed".to_owned(),
            Self::LineUnplugged(line) => format!("line {line} unplugged"),
            Self::LineNoisy(line) => format!("line {line} noisy"),
            Self::WrongSpeed(line) => format!("line {line} at another speed"),
            Self::Swapped(one, other) => format!("plugs of lines {one} and {other} exchanged"),
            Self::Panel(index, fault) => format!("{} {fault:?}", hall.panels[index].profile),
            Self::Twin => format!("two panels at one address ({})", hall.panels[0].profile),
        }
    }
}

const PRINTER: &str = "K1 printer";

/// A device's id in the log.
fn logged_id(device: &str) -> String {
    let agent = if device == PRINTER { "K1" } else { "D1" };
    format!("{agent}/{device}")
}

fn kill_agent(hall: &Hall, name: &str) {
    let process = hall.agent(name).expect("the agent runs");
    let process = Pid::from_raw(i32::try_from(process).expect("a process id"));
    kill(process, Signal::SIGKILL).expect("the agent is there");
}

/// A line that crackles until this is dropped.
struct Noise(tokio::task::JoinHandle<()>);

impl Noise {
    fn make(hall: &Hall, line: usize, mut chance: Rng) -> Self {
        let line = hall.lines[line].clone();
        Self(tokio::spawn(async move {
            loop {
                let bytes: Vec<u8> = (0..chance.usize(NOISE_BYTES))
                    .map(|_| chance.u8(..))
                    .collect();
                line.make_noise(&bytes);
                tokio::time::sleep(NOISE_EVERY).await;
            }
        }))
    }
}

impl Drop for Noise {
    fn drop(&mut self) {
        self.0.abort();
    }
}
