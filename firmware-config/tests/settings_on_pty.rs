//! Settings of simulated devices, read and changed over real pseudo-terminals.
#![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use std::fs::File;
use std::future::pending;
use std::io::{Read as _, Write as _};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use firmware_config::modbus::{Address, Exception, Request};
use firmware_config::plugged::Machine;
use firmware_config::port::{Link, Port};
use firmware_config::simulate::{
    LineFaults, LineHandle, PrinterConfig, PrinterHandle, PrinterMemory, Switch, VirtualCard,
    VirtualLine, VirtualPrinter,
};
use firmware_config::tool::device::Contact;
use firmware_config::tool::identify::Confidence;
use firmware_config::tool::journal::{Entry, Journal, Phase};
use firmware_config::tool::plan::{Comparison, Settings};
use firmware_config::tool::report::{DeviceReport, Outcome};
use firmware_config::tool::scan::{Scan, scan};
use firmware_config::tool::snapshot::Snapshot;
use firmware_config::tool::targets::Targets;
use firmware_config::tool::value::SettingValue;
use firmware_config::tool::workshop::{Options, Workshop};
use tempfile::TempDir;
use tokio::sync::watch;

fn at(address: u8) -> Address {
    Address::new(address).unwrap()
}

fn number(number: i64) -> SettingValue {
    SettingValue::Number(number)
}

fn settings<const N: usize>(pairs: [(&str, SettingValue); N]) -> Settings {
    pairs.map(|(name, value)| (name.to_owned(), value)).into()
}

/// A directory with a line in it and a targets file.
struct Hall {
    directory: TempDir,
}

impl Hall {
    fn new() -> Self {
        let directory = tempfile::tempdir().unwrap();
        Self { directory }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }

    fn line(&self) -> String {
        self.path("line").display().to_string()
    }

    fn panels(&self, addresses: &[u8], baud_bps: u32) -> LineHandle {
        let text: Vec<String> = addresses
            .iter()
            .map(|address| {
                let line = self.line();
                format!(
                    "[[target]]\nname = \"led-{address}\"\nprofile = \"led-485\"\n\
                     link = {{ serial = \"{line}\", baud_bps = {baud_bps} }}\naddress = {address}\n"
                )
            })
            .collect();
        std::fs::write(self.path("targets.toml"), text.concat()).unwrap();
        VirtualLine::new(addresses.iter().map(|address| at(*address)), [])
            .with_baud_bps(baud_bps)
            .start(self.path("line"))
            .unwrap()
    }

    fn printer(&self) -> PrinterHandle {
        let text = format!(
            "[[target]]\nname = \"kiosk\"\nprofile = \"escpos-80mm\"\n\
             link = {{ serial = \"{}\", baud_bps = 115200 }}\n",
            self.line()
        );
        std::fs::write(self.path("targets.toml"), text).unwrap();
        VirtualPrinter::new(PrinterConfig::default())
            .with_memory(PrinterMemory::default())
            .start(self.path("line"))
            .unwrap()
    }

    fn workshop(&self, writes: bool) -> Workshop {
        let options = Options {
            writes,
            most_writes: 10,
            restart_patience: Duration::from_secs(1),
        };
        let targets = Targets::load(&self.path("targets.toml")).unwrap();
        Workshop::new(targets, options).unwrap()
    }

    async fn apply<const N: usize>(
        &self,
        target: &str,
        pairs: [(&str, SettingValue); N],
    ) -> DeviceReport {
        self.workshop(true).apply(target, &settings(pairs)).await
    }

    fn journal(&self) -> String {
        std::fs::read_to_string(self.path("targets.journal.jsonl")).unwrap_or_default()
    }
}

fn results(report: &DeviceReport) -> Vec<(&str, Option<Phase>)> {
    let steps = report.steps.iter();
    steps.map(|s| (s.setting.as_str(), s.result)).collect()
}

#[tokio::test]
async fn a_panel_gets_an_address_and_a_speed_and_is_found_there() {
    let hall = Hall::new();
    let line = hall.panels(&[1], 9_600);
    let panel = line.panel(at(1)).unwrap();
    let desired = [("address", number(7)), ("baud", number(19_200))];

    let planned = hall
        .workshop(false)
        .apply("led-1", &settings(desired.clone()))
        .await;
    assert_eq!(planned.outcome, Outcome::Planned);
    assert_eq!(results(&planned), [("address", None), ("baud", None)]);
    assert_eq!(
        (panel.settings_written(), hall.journal()),
        (0, String::new())
    );

    let done = hall.apply("led-1", desired.clone()).await;
    assert_eq!(done.outcome, Outcome::Done, "{done}");
    let confirmed = Some(Phase::Confirmed);
    assert_eq!(
        results(&done),
        [("address", confirmed), ("baud", confirmed)]
    );
    assert_eq!(panel.view().address, at(7));
    assert_eq!(panel.baud_bps(), Some(19_200));
    assert_eq!(panel.settings_written(), 2);

    // The targets file follows, so there is nothing left to do, and nothing is written again.
    let target = hall.workshop(false);
    let target = target.targets().get("led-1").unwrap();
    assert_eq!(target.link, Link::serial(hall.line(), 19_200));
    let again = hall.apply("led-1", desired).await;
    assert_eq!(again.outcome, Outcome::Same, "{again}");
    assert_eq!(panel.settings_written(), 2);

    // The backup takes it back.
    let snapshot = Snapshot::load(&done.backup.unwrap()).unwrap();
    let restored = hall.workshop(true).restore(&snapshot.device[0]).await;
    assert_eq!(restored.outcome, Outcome::Done, "{restored}");
    assert_eq!(
        (panel.view().address, panel.baud_bps()),
        (at(1), Some(9_600))
    );
}

#[tokio::test]
async fn an_address_that_answers_is_not_given_away() {
    let hall = Hall::new();
    let line = hall.panels(&[1, 2], 9_600);
    let report = hall.apply("led-1", [("address", number(2))]).await;
    assert_eq!(report.outcome, Outcome::Failed);
    assert!(
        report.to_string().contains("address 2 is taken"),
        "{report}"
    );
    assert_eq!(line.panel(at(1)).unwrap().settings_written(), 0);
    // A panel that answers no questions is noticed, too.
    line.panel(at(2)).unwrap().set_mute_to_reads(true);
    let report = hall.apply("led-1", [("address", number(2))]).await;
    assert!(
        report.to_string().contains("address 2 is taken"),
        "{report}"
    );
    assert_eq!(hall.journal(), "");
}

#[tokio::test]
async fn a_panel_that_answers_no_questions_can_be_changed_but_not_compared() {
    let hall = Hall::new();
    let line = hall.panels(&[1], 9_600);
    let panel = line.panel(at(1)).unwrap();
    panel.set_mute_to_reads(true);
    // An adapter that gives back what is sent does not pass for the panel.
    line.set_echo(true);
    let desired = settings([("address", number(9))]);
    let compared = hall.workshop(false).compare("led-1", &desired, None).await;
    assert_eq!(compared.outcome, Outcome::Unreadable, "{compared}");
    let done = hall.apply("led-1", [("address", number(9))]).await;
    assert_eq!(
        (done.outcome, done.contact),
        (Outcome::Done, Some(Contact::Write))
    );
    assert_eq!(panel.view().address, at(9));
}

#[tokio::test]
async fn writes_are_bounded_by_the_day() {
    let hall = Hall::new();
    let line = hall.panels(&[1], 9_600);
    let mut journal = Journal::beside(&hall.path("targets.toml")).unwrap();
    for phase in [Phase::Writing, Phase::Confirmed].repeat(9) {
        let entry = Entry {
            at: jiff::Timestamp::now(),
            target: "led-1".to_owned(),
            setting: "baud".to_owned(),
            from: None,
            to: number(9_600),
            phase,
        };
        journal.add(entry).unwrap();
    }
    let report = hall.apply("led-1", [("address", number(11))]).await;
    assert_eq!(report.outcome, Outcome::Done, "{report}");
    let report = hall.apply("led-1", [("address", number(12))]).await;
    assert_eq!(report.outcome, Outcome::Failed);
    assert!(report.to_string().contains("memory wears out"), "{report}");
    let panel = line.panel(at(1)).unwrap();
    assert_eq!(
        (panel.settings_written(), panel.view().address),
        (1, at(11))
    );
}

#[tokio::test]
async fn a_change_whose_end_nobody_saw_is_looked_for() {
    let hall = Hall::new();
    let line = hall.panels(&[1], 9_600);
    let panel = line.panel(at(1)).unwrap();
    panel.set_power_cut_at_setting();
    let desired = [("address", number(5)), ("baud", number(19_200))];
    let report = hall.apply("led-1", desired.clone()).await;
    assert_eq!(report.outcome, Outcome::Unknown, "{report}");
    assert_eq!(
        results(&report),
        [("address", Some(Phase::Unknown)), ("baud", None)],
        "behind a doubt nothing more is written"
    );
    let workshop = hall.workshop(false);
    let target = workshop.targets().get("led-1").unwrap();
    assert_eq!(target.address, Some(at(1)), "nothing is assumed");

    panel.set_silent(false);
    let left = "no answer from address 1 on";
    let elsewhere =
        "an interrupted change may have left it at address 5: `apply` looks for it there";
    let looking = hall.workshop(false);
    let wanted = settings(desired.clone());
    let report = looking.compare("led-1", &wanted, None).await;
    let read = looking.read("led-1").await.unwrap_err();
    for said in [report.to_string(), read.to_string()] {
        assert!(said.contains(left) && said.contains(elsewhere), "{said}");
    }
    let report = hall.apply("led-1", desired.clone()).await;
    assert_eq!(report.outcome, Outcome::Done, "{report}");
    assert_eq!(report.interrupted, ["address"]);
    assert_eq!(results(&report), [("baud", Some(Phase::Confirmed))]);
    assert_eq!(panel.settings_written(), 2, "no write was repeated");
    let workshop = hall.workshop(false);
    let target = workshop.targets().get("led-1").unwrap();
    assert_eq!(
        (target.address, &target.link),
        (Some(at(5)), &Link::serial(hall.line(), 19_200))
    );
    let again = hall.apply("led-1", desired).await;
    assert_eq!((again.outcome, again.interrupted.len()), (Outcome::Same, 0));
}

#[tokio::test]
async fn a_printer_is_read_changed_and_restored() {
    let hall = Hall::new();
    let printer = hall.printer();
    let (snapshot, outcome) = hall.workshop(false).read("kiosk").await.unwrap();
    assert_eq!(outcome, Outcome::Same);
    let readings = snapshot.device[0].settings();
    assert_eq!(readings["density"], number(100));
    assert_eq!(readings["memory-switch-8"], SettingValue::word("00000000"));
    assert_eq!(readings["baud"], number(115_200));

    let desired = [
        ("density", number(85)),
        ("memory-switch-8", SettingValue::word("xxxx1xxx")),
        ("flow", SettingValue::word("xon-xoff")),
        ("baud", number(38_400)),
        ("speed", number(9)),
    ];
    let done = hall.apply("kiosk", desired.clone()).await;
    assert_eq!(done.outcome, Outcome::Done, "{done}");
    assert_eq!(done.steps.len(), 4, "what is right is not written: {done}");
    let memory = printer.view().memory;
    assert_eq!(memory.values[&5], 65_533);
    assert_eq!(memory.switches[&8], *b"00001000");
    assert_eq!(
        (memory.serial[&3].as_str(), memory.baud_bps()),
        ("1", Some(38_400))
    );
    // All ordinary settings at once, then each that changes the link.
    assert_eq!(memory.times_kept, 3);
    let compared = hall
        .workshop(false)
        .compare("kiosk", &settings(desired), None)
        .await;
    assert_eq!(compared.outcome, Outcome::Same, "{compared}");

    let restored = hall.workshop(true).restore(&snapshot.device[0]).await;
    assert_eq!(restored.outcome, Outcome::Done, "{restored}");
    let memory = printer.view().memory;
    assert_eq!(
        PrinterMemory {
            times_kept: 0,
            ..memory
        },
        PrinterMemory::default()
    );
}

#[tokio::test]
async fn a_power_cut_in_the_middle_is_not_taken_for_success() {
    let hall = Hall::new();
    let printer = hall.printer();
    printer.set_power_cut_after_settings(1);
    let report = hall.apply("kiosk", [("density", number(85))]).await;
    assert_eq!(report.outcome, Outcome::Unknown, "{report}");
    assert_eq!(results(&report), [("density", Some(Phase::Unknown))]);
    assert_eq!(printer.view().memory, PrinterMemory::default());

    printer.set(Switch::PowerOff, false);
    let report = hall.apply("kiosk", [("density", number(85))]).await;
    assert_eq!(report.interrupted, ["density"]);
    assert_eq!(
        report.steps[0].from,
        Some(number(100)),
        "read again: {report}"
    );
    assert_eq!(report.outcome, Outcome::Done, "{report}");
    assert_eq!(printer.view().memory.values[&5], 65_533);
}

#[tokio::test]
async fn a_port_in_use_is_told() {
    let hall = Hall::new();
    let _printer = hall.printer();
    let hold = Port::open(&Link::serial(hall.line(), 115_200))
        .await
        .unwrap();
    let desired = settings([("density", number(85))]);
    let report = hall.workshop(true).compare("kiosk", &desired, None).await;
    assert_eq!(report.outcome, Outcome::Failed);
    assert!(
        report.to_string().contains("in use by another program"),
        "{report}"
    );
    drop(hold);
}

#[tokio::test]
async fn a_snapshot_stands_in_for_the_device() {
    let hall = Hall::new();
    let printer = hall.printer();
    let (snapshot, _) = hall.workshop(false).read("kiosk").await.unwrap();
    printer.unplug();
    let workshop = hall.workshop(false);
    let desired = settings([("density", number(85)), ("speed", number(9))]);
    let report = workshop.compare("kiosk", &desired, Some(&snapshot)).await;
    assert_eq!(report.outcome, Outcome::Differs);
    let comparisons: Vec<Comparison> = report.settings.iter().map(|c| c.comparison).collect();
    assert_eq!(comparisons, [Comparison::Differs, Comparison::Same]);
}

#[tokio::test]
async fn a_printer_shows_what_it_is() {
    let hall = Hall::new();
    let printer = hall.printer();
    let identity = hall.workshop(false).identify("kiosk").await.unwrap();
    assert_eq!(identity.confidence, Confidence::High);
    assert_eq!(identity.claims["maker"], "SIMULATED");
    assert!(!identity.claims_fit, "a name alone is not believed");
    assert!(identity.profiles.is_empty(), "{:?}", identity.profiles);
    let view = printer.view();
    assert_eq!(
        (view.unknown_commands, view.papers.len(), view.uncut_dots),
        (0, 0, 0)
    );
    assert_eq!(view.memory.times_kept, 0);
}

#[tokio::test]
async fn a_printer_in_trouble_says_in_words_what_it_is() {
    let hall = Hall::new();
    let printer = hall.printer();
    let well = [
        "on line",
        "nothing keeps it off line",
        "no error",
        "paper is there",
    ];
    for (switch, expected) in [
        (None, well),
        (
            Some(Switch::PaperNearEnd),
            [well[0], well[1], well[2], "paper near its end"],
        ),
        (
            Some(Switch::CoverOpen),
            ["off line", "cover open", well[2], well[3]],
        ),
        (
            Some(Switch::CutterError),
            ["off line", "an error", "cutter error", well[3]],
        ),
        (
            Some(Switch::PaperOut),
            [
                "off line",
                "stopped because paper is out",
                well[2],
                "paper out",
            ],
        ),
    ] {
        if let Some(switch) = switch {
            printer.set(switch, true);
        }
        let identity = hall.workshop(false).identify("kiosk").await.unwrap();
        let said: Vec<String> = identity.status.iter().map(|s| s.means.join(", ")).collect();
        assert_eq!(said, expected, "{switch:?}");
        assert!(identity.status.iter().all(|said| said.answered.is_some()));
        if let Some(switch) = switch {
            printer.set(switch, false);
        }
    }
}

#[tokio::test]
async fn a_printer_on_usb_is_listed_and_asked() {
    let hall = Hall::new();
    let printer = VirtualPrinter::new(PrinterConfig::default())
        .start(hall.path("line"))
        .unwrap();
    // The tree of a machine on which the printer is /dev/usb/lp0.
    let interface = "sys/devices/usb1/1-1/1-1:1.0";
    for directory in [
        &format!("{interface}/usbmisc/lp0"),
        "sys/class/usbmisc",
        "dev/usb",
    ] {
        std::fs::create_dir_all(hall.path(directory)).unwrap();
    }
    for (link, to) in [
        (
            "sys/class/usbmisc/lp0",
            format!("../../../{interface}/usbmisc/lp0"),
        ),
        (
            &format!("{interface}/usbmisc/lp0/device"),
            "../..".to_owned(),
        ),
        ("dev/usb/lp0", hall.line()),
    ] {
        std::os::unix::fs::symlink(to, hall.path(link)).unwrap();
    }
    let id = "MFG:EPSON;MDL:TM-T88V;";
    std::fs::write(hall.path(&format!("{interface}/ieee1284_id")), id).unwrap();
    let mut request = Scan {
        machine: Machine::below(hall.path("")),
        ports: vec![],
        speeds_bps: vec![9_600],
        addresses: vec![at(1)],
        time_limit: Duration::from_secs(60),
    };
    let listed = scan(&request, |line| panic!("{line}"), pending()).await;
    assert_eq!(listed.ports.len(), 1, "{:?}", listed.ports);
    assert_eq!(listed.ports[0].path, "/dev/usb/lp0");
    assert_eq!(listed.ports[0].profiles, ["epson-tm-t88v"]);
    assert!(listed.found.is_empty() && listed.complete, "{listed:?}");

    request.ports = vec!["/dev/usb/lp0".to_owned()];
    let asked = scan(&request, |_| (), pending()).await;
    assert_eq!((asked.failed.as_slice(), asked.silent), (&[][..], 0));
    assert_eq!(
        (asked.found[0].protocol, asked.found[0].baud_bps),
        ("esc-pos", None)
    );
    assert_eq!(printer.view().uncut_dots, 0);
}

#[tokio::test]
async fn a_card_keeps_what_it_is_told_and_takes_its_speed_when_it_starts_again() {
    let hall = Hall::new();
    let text = format!(
        "[[target]]\nname = \"card\"\nprofile = \"led-card\"\naddress = 1\n\
         link = {{ serial = \"{}\" }}\n",
        hall.line()
    );
    std::fs::write(hall.path("targets.toml"), text).unwrap();
    let line = VirtualLine::default()
        .with_card(VirtualCard::new(at(1)))
        .start(hall.path("line"))
        .unwrap();
    let card = line.card(0).unwrap();
    let desired = [
        ("font", number(1)),
        ("address", number(6)),
        ("baud", number(19_200)),
    ];
    let report = hall.apply("card", desired.clone()).await;
    let confirmed = Some(Phase::Confirmed);
    assert_eq!(
        results(&report),
        [
            ("font", confirmed),
            ("address", confirmed),
            ("baud", Some(Phase::AwaitsRestart))
        ],
        "{report}"
    );
    assert_eq!(report.outcome, Outcome::Differs, "{report}");
    // Three settings, and the save after each of the three visits.
    let mut journal = Journal::beside(&hall.path("targets.toml")).unwrap();
    let now = jiff::Timestamp::now();
    assert_eq!(journal.writes_in_a_day("card", now), 6);
    for _ in 0..3 {
        let entry = Entry {
            at: now,
            target: "card".to_owned(),
            setting: "font".to_owned(),
            from: None,
            to: number(1),
            phase: Phase::Writing,
        };
        journal.add(entry).unwrap();
    }
    let report = hall.apply("card", [("font", number(0))]).await;
    assert_eq!(report.outcome, Outcome::Failed);
    let refused = "2 more writes after 9 in the last 24 hours";
    assert!(report.to_string().contains(refused), "{report}");

    card.switch_off_and_on();
    let card = card.view().unwrap();
    assert_eq!((card.register(35), card.register(41)), (Some(1), Some(6)));
    assert_eq!(card.baud_bps(), 19_200);
    let report = hall.apply("card", desired).await;
    assert_eq!(report.outcome, Outcome::Same, "{report}");
    let workshop = hall.workshop(false);
    let link = &workshop.targets().get("card").unwrap().link;
    assert_eq!(*link, Link::serial(hall.line(), 19_200));
}

#[tokio::test]
async fn a_scan_finds_what_answers_and_writes_nothing() {
    let hall = Hall::new();
    let line = hall.panels(&[2, 4, 5], 19_200);
    line.panel(at(5)).unwrap().set_mute_to_reads(true);
    let request = Scan {
        machine: Machine::default(),
        ports: vec![hall.line(), hall.path("nothing").display().to_string()],
        speeds_bps: vec![9_600, 19_200],
        addresses: (1..=5).map(at).collect(),
        time_limit: Duration::from_secs(60),
    };
    let mut lines = 0;
    let report = scan(&request, |_| lines += 1, pending()).await;
    assert!(report.complete && lines > 0);
    assert_eq!(report.failed.len(), 1);
    let found: Vec<_> = report
        .found
        .iter()
        .map(|found| (found.baud_bps, found.address, found.contact))
        .collect();
    let refused = Contact::Refusal(1);
    assert_eq!(
        found,
        [
            (Some(19_200), Some(at(2)), refused),
            (Some(19_200), Some(at(4)), refused)
        ],
        "a panel that answers writes only is silent"
    );
    for address in [2, 4, 5] {
        let panel = line.panel(at(address)).unwrap();
        assert_eq!(
            (panel.settings_written(), panel.view().text.as_str()),
            (0, "")
        );
    }
}

#[tokio::test]
async fn a_scan_finds_a_printer_and_does_not_make_it_print() {
    let hall = Hall::new();
    let printer = hall.printer();
    let request = Scan {
        machine: Machine::default(),
        ports: vec![hall.line()],
        speeds_bps: vec![115_200],
        addresses: vec![at(1)],
        time_limit: Duration::from_secs(60),
    };
    let report = scan(&request, |_| (), pending()).await;
    assert_eq!(report.found[0].protocol, "esc-pos");
    let view = printer.view();
    assert_eq!((view.buffered_bytes, view.uncut_dots), (0, 0));
}

/// A scan of one line at 9600 bit/s for these addresses.
fn scan_of(hall: &Hall, addresses: std::ops::RangeInclusive<u8>) -> Scan {
    Scan {
        machine: Machine::default(),
        ports: vec![hall.line()],
        speeds_bps: vec![9_600],
        addresses: addresses.map(at).collect(),
        time_limit: Duration::from_secs(60),
    }
}

#[tokio::test]
async fn a_panel_that_answers_late_is_found_and_its_neighbour_is_not() {
    let hall = Hall::new();
    let line = hall.panels(&[3], 9_600);
    line.set_faults(LineFaults {
        late_ms: 400,
        ..LineFaults::default()
    });
    let report = scan(&scan_of(&hall, 2..=5), |_| (), pending()).await;
    let found: Vec<_> = report.found.iter().map(|found| found.address).collect();
    assert_eq!(found, [Some(at(3))], "{report:?}");
    assert_eq!(report.silent, 1 + 3, "the printer and three addresses");
}

#[tokio::test]
async fn a_line_of_random_bytes_is_told_as_that_and_holds_no_device() {
    let hall = Hall::new();
    let line = VirtualLine::default().start(hall.line()).unwrap();
    line.set_faults(LineFaults {
        is_noisy: true,
        ..LineFaults::default()
    });
    let report = scan(&scan_of(&hall, 1..=4), |_| (), pending()).await;
    assert_eq!(report.found, []);
    let heard: Vec<_> = report
        .unintelligible
        .iter()
        .map(|heard| (heard.port.as_str(), heard.baud_bps))
        .collect();
    assert_eq!(heard, [(hall.line().as_str(), Some(9_600))]);
}

#[tokio::test]
async fn a_scan_that_is_ended_tells_what_it_has_found() {
    let hall = Hall::new();
    let _line = hall.panels(&[1], 9_600);
    let (asked, mut asks) = watch::channel(String::new());
    let progress = move |line: String| {
        asked.send_replace(line);
    };
    let end = async move {
        let asks_the_second = |line: &String| line.contains("address 2?");
        let asked = asks.wait_for(asks_the_second).await;
        assert!(asked.is_ok());
    };
    let report = scan(&scan_of(&hall, 1..=200), progress, end).await;
    assert!(report.interrupted && !report.complete);
    assert_eq!(report.found[0].address, Some(at(1)), "{report:?}");
}

#[tokio::test]
async fn a_device_that_answers_only_once_is_not_believed() {
    let hall = Hall::new();
    let openpty = nix::pty::openpty(None, None).unwrap();
    let path = nix::unistd::ttyname(&openpty.slave).unwrap();
    drop(openpty.slave);
    let over = Arc::new(AtomicBool::new(false));
    let is_over = Arc::clone(&over);
    let answering = std::thread::spawn(move || {
        let mut master = File::from(openpty.master);
        let (mut heard, mut buffer, mut answers) = (Vec::new(), [0; 64], 0);
        while !is_over.load(Ordering::Relaxed) {
            // An error: nobody has it open just now.
            let count = master.read(&mut buffer).unwrap_or(0);
            heard.extend_from_slice(&buffer[..count]);
            if let Some((_, request)) = Request::find(&heard)
                && answers == 0
            {
                let said = request.refuse(Exception::ILLEGAL_ADDRESS);
                answers += usize::from(master.write_all(&said).is_ok());
            }
            std::thread::yield_now();
        }
        answers
    });
    let request = Scan {
        ports: vec![path.display().to_string()],
        ..scan_of(&hall, 2..=3)
    };
    let report = scan(&request, |_| (), pending()).await;
    over.store(true, Ordering::Relaxed);
    assert_eq!(answering.join().unwrap(), 1);
    assert_eq!((report.found.len(), report.unintelligible.len()), (0, 1));
}
