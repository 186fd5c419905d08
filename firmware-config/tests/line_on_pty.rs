//! The line master against simulated panels and a pad, over a real pseudo-terminal.
#![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use std::path::PathBuf;
use std::time::Duration;

use firmware_config::bus::{
    self, BusConfig, Command, Event, PanelCommand, PanelConfig, PanelHealth, Reception, Stranger,
};
use firmware_config::caller_pad::{Key, KeyFrame, PadAction, PadEvent, Score};
use firmware_config::modbus::Address;
use firmware_config::panel::PanelProtocol;
use firmware_config::port::Link;
use firmware_config::profile::DeviceProfile;
use firmware_config::simulate::{
    DisplayFault, LineHandle, PanelView, VirtualDisplay, VirtualLine, swap_plugs,
};
use tempfile::TempDir;
use tokio::sync::{mpsc, watch};
use tokio::time::timeout;

/// Far longer than anything here takes; only a failing test waits for it.
const PATIENCE: Duration = Duration::from_secs(30);

struct Rig {
    line: LineHandle,
    commands: mpsc::Sender<Command>,
    events: mpsc::Receiver<Event>,
    path: PathBuf,
    _directory: TempDir,
}

fn at(address: u8) -> Address {
    Address::new(address).unwrap()
}

fn led(address: u8) -> (u8, PanelConfig) {
    (address, PanelProtocol::Led485.into())
}

impl Rig {
    /// Panels 1 and 2 and pad 3 on one line, and the master running.
    async fn start() -> Self {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("line");
        let line = VirtualLine::new([at(1), at(2)], [3]).start(&path).unwrap();
        let (commands, command_queue) = mpsc::channel(16);
        let (event_queue, events) = mpsc::channel(64);
        let link = Link::serial(path.to_str().unwrap(), 115_200);
        let config = BusConfig::new([led(1), led(2)], [3]);
        tokio::spawn(bus::run(link, config, command_queue, event_queue));
        let mut rig = Self {
            line,
            commands,
            events,
            path,
            _directory: directory,
        };
        rig.expect(|event| *event == Event::LineUp).await;
        rig
    }

    async fn show(&self, address: u8, text: &str) {
        let command = PanelCommand {
            address,
            text: text.into(),
            urgent: true,
        };
        self.commands.send(command.into()).await.unwrap();
    }

    /// The next event for which `wanted` holds; others before it are passed over.
    async fn expect(&mut self, wanted: impl Fn(&Event) -> bool) -> Event {
        let find = async {
            loop {
                let event = self.events.recv().await.expect("the master runs");
                if wanted(&event) {
                    return event;
                }
            }
        };
        timeout(PATIENCE, find).await.expect("the event comes")
    }

    fn panel(&self, address: u8) -> watch::Receiver<PanelView> {
        self.line.panel(at(address)).unwrap().watch()
    }

    async fn expect_text(&self, address: u8, text: &str) {
        let mut panel = self.panel(address);
        let shown = timeout(PATIENCE, panel.wait_for(|view| view.text == text)).await;
        assert!(
            shown.is_ok(),
            "panel {address} shows {:?}",
            self.panel(address).borrow().text
        );
    }
}

#[tokio::test]
async fn two_panels_and_a_pad_share_a_line() {
    let mut rig = Rig::start().await;
    rig.show(1, "A012").await;
    rig.show(2, "B7").await;
    rig.expect_text(1, "A012").await;
    rig.expect_text(2, "B7").await;

    let pad = rig.line.pad(3).unwrap();
    pad.press(&[0, 1, 2], Key::CallNext);
    let event = rig.expect(|event| matches!(event, Event::Pad { .. })).await;
    let pressed = PadEvent::Key(KeyFrame {
        digits: vec![0, 1, 2],
        key: Key::CallNext,
    });
    assert_eq!(
        event,
        Event::Pad {
            address: 3,
            event: pressed
        }
    );
    pad.rate(Score::new(5).unwrap());
    let event = rig.expect(|event| matches!(event, Event::Pad { .. })).await;
    assert_eq!(
        event,
        Event::Pad {
            address: 3,
            event: PadEvent::Rating(Score::new(5).unwrap())
        }
    );
    let mut seen = pad.watch();
    timeout(PATIENCE, seen.wait_for(|view| view.acknowledged == 2))
        .await
        .unwrap()
        .unwrap();
    assert_eq!(pad.view().lost, 0);

    for action in [
        PadAction::ShowTicket(12),
        PadAction::ShowWaiting(5),
        PadAction::Beep,
    ] {
        rig.commands
            .send(Command::Pad { address: 3, action })
            .await
            .unwrap();
    }
    timeout(PATIENCE, seen.wait_for(|view| view.beeps == 1))
        .await
        .unwrap()
        .unwrap();
    assert_eq!((pad.view().ticket, pad.view().waiting), (Some(12), Some(5)));
}

#[tokio::test]
async fn an_adapter_pulled_out_and_put_back_shows_the_newest_text() {
    let mut rig = Rig::start().await;
    rig.show(1, "A001").await;
    rig.expect_text(1, "A001").await;
    rig.line.unplug();
    let down = rig
        .expect(|event| matches!(event, Event::LineDown { .. }))
        .await;
    assert!(format!("{down:?}").contains("was lost"), "{down:?}");
    let down = rig
        .expect(|event| matches!(event, Event::LineDown { .. }))
        .await;
    assert!(format!("{down:?}").contains("no such device"), "{down:?}");
    assert!(!rig.path.exists());
    rig.show(1, "A002").await;
    rig.show(1, "A003").await;
    rig.line.plug_in();
    rig.expect(|event| *event == Event::LineUp).await;
    rig.expect_text(1, "A003").await;
}

#[tokio::test]
async fn noise_half_frames_and_echo_do_no_harm() {
    let mut rig = Rig::start().await;
    rig.line.set_echo(true);
    let pad = rig.line.pad(3).unwrap();
    for round in 0..10_u8 {
        rig.line.make_noise(&[0xff, 0x68, 0x08, 0x08, 0x68, round]);
        rig.show(1, &format!("A{round:03}")).await;
        rig.line
            .make_noise(&[0xff, 0x68, 0xff, 0x00, 0x01, 0x10, round]);
        pad.press(&[round], Key::CallNext);
        let event = PadEvent::Key(KeyFrame {
            digits: vec![round],
            key: Key::CallNext,
        });
        // That a resent press counts once within its window is proven without a clock; a stalled machine may resend later.
        let pressed = Event::Pad { address: 3, event };
        rig.expect(|event| *event == pressed).await;
    }
    rig.expect_text(1, "A009").await;
}

#[tokio::test]
async fn a_panel_that_lost_power_is_said_and_catches_up() {
    let mut rig = Rig::start().await;
    let panel = rig.line.panel(at(2)).unwrap();
    rig.expect(|event| {
        *event
            == Event::PanelHealth {
                address: 2,
                health: PanelHealth::Answers,
            }
    })
    .await;
    panel.set_silent(true);
    rig.show(2, "B001").await;
    rig.show(1, "A001").await;
    rig.expect_text(1, "A001").await;
    rig.expect(|event| {
        *event
            == Event::PanelHealth {
                address: 2,
                health: PanelHealth::Silent,
            }
    })
    .await;
    panel.set_silent(false);
    rig.expect(|event| {
        *event
            == Event::PanelHealth {
                address: 2,
                health: PanelHealth::Answers,
            }
    })
    .await;
    rig.expect_text(2, "B001").await;
}

#[tokio::test]
async fn a_master_that_dies_leaves_the_line_to_the_next() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("line");
    let line = VirtualLine::new([at(1)], []).start(&path).unwrap();
    let link = Link::serial(path.to_str().unwrap(), 9_600);
    for text in ["A001", "A002"] {
        let (commands, command_queue) = mpsc::channel(16);
        let (event_queue, mut events) = mpsc::channel(64);
        let config = BusConfig::new([led(1)], []);
        let master = tokio::spawn(bus::run(link.clone(), config, command_queue, event_queue));
        let drain = tokio::spawn(async move { while events.recv().await.is_some() {} });
        let command = PanelCommand {
            address: 1,
            text: text.into(),
            urgent: true,
        };
        commands.send(command.into()).await.unwrap();
        let mut panel = line.panel(at(1)).unwrap().watch();
        timeout(PATIENCE, panel.wait_for(|view| view.text == text))
            .await
            .unwrap()
            .unwrap();
        master.abort();
        let _ = master.await;
        drain.abort();
    }
}

#[tokio::test]
async fn the_wrong_speed_is_noticed() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("line");
    let line = VirtualLine::new([at(1)], [3])
        .with_baud_bps(9_600)
        .start(&path)
        .unwrap();
    for (baud_bps, understood) in [(19_200, false), (9_600, true)] {
        let (_commands, command_queue) = mpsc::channel(16);
        let (event_queue, mut events) = mpsc::channel(64);
        let config = BusConfig::new([led(1)], [3]);
        let link = Link::serial(path.to_str().unwrap(), baud_bps);
        let master = tokio::spawn(bus::run(link, config, command_queue, event_queue));
        let health = Event::PanelHealth {
            address: 1,
            health: match understood {
                true => PanelHealth::Answers,
                false => PanelHealth::Silent,
            },
        };
        let mut wanted = vec![Event::LineUp, health];
        if !understood {
            wanted.push(Event::Reception(Reception::Unreadable));
        }
        let pad = line.pad(3).unwrap();
        let hear = async {
            while !wanted.is_empty() {
                let event = events.recv().await.expect("the master runs");
                if event == Event::LineUp {
                    pad.press(&[], Key::CallNext);
                }
                assert!(understood || !matches!(event, Event::Pad { .. }));
                wanted.retain(|wanted| *wanted != event);
            }
        };
        let heard = timeout(PATIENCE, hear).await;
        assert!(heard.is_ok(), "at {baud_bps}: still wanted {wanted:?}");
        master.abort();
        let _ = master.await;
    }
}

#[tokio::test]
async fn an_application_that_sends_before_it_listens_does_not_lock_up() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("line");
    let line = VirtualLine::new([at(1)], []).start(&path).unwrap();
    let (commands, command_queue) = mpsc::channel(1);
    let (event_queue, mut events) = mpsc::channel(1);
    let link = Link::serial(path.to_str().unwrap(), 9_600);
    tokio::spawn(bus::run(
        link,
        BusConfig::new([led(1)], []),
        command_queue,
        event_queue,
    ));
    let send = async {
        // Each wrong command makes an event that nobody takes yet.
        for address in 100..200 {
            let text = String::new();
            let command = PanelCommand {
                address,
                text,
                urgent: false,
            };
            commands.send(command.into()).await.unwrap();
        }
        let command = PanelCommand {
            address: 1,
            text: "A001".into(),
            urgent: true,
        };
        commands.send(command.into()).await.unwrap();
    };
    timeout(PATIENCE, send).await.expect("commands are taken");
    let drain = tokio::spawn(async move { while events.recv().await.is_some() {} });
    let mut panel = line.panel(at(1)).unwrap().watch();
    timeout(PATIENCE, panel.wait_for(|view| view.text == "A001"))
        .await
        .unwrap()
        .unwrap();
    drain.abort();
}

/// A panel of a built-in profile, for a line's master and for the line.
fn panel(profile: &str, address: u8) -> ((u8, PanelConfig), VirtualDisplay) {
    let profile = DeviceProfile::built_in(profile).unwrap();
    let config = PanelConfig::of_profile(&profile).unwrap();
    let display = VirtualDisplay::new(&config.protocol, address).unwrap();
    ((address, config), display)
}

/// A line with these panels, and its master.
struct Mixed {
    line: LineHandle,
    commands: mpsc::Sender<Command>,
    events: mpsc::Receiver<Event>,
}

impl Mixed {
    fn start(path: &std::path::Path, panels: &[(&str, u8)], baud_bps: u32) -> Self {
        let (mut configs, mut line) = (vec![], VirtualLine::default());
        for (profile, address) in panels {
            let (config, display) = panel(profile, *address);
            configs.push(config);
            line = line.with_display(display);
        }
        let line = line.with_baud_bps(baud_bps).start(path).unwrap();
        let (commands, command_queue) = mpsc::channel(64);
        let (event_queue, events) = mpsc::channel(64);
        let link = Link::serial(path.to_str().unwrap(), 9_600);
        let config = BusConfig::new(configs, []);
        tokio::spawn(bus::run(link, config, command_queue, event_queue));
        Self {
            line,
            commands,
            events,
        }
    }

    async fn expect(&mut self, wanted: &Event) {
        let find = async { while self.events.recv().await.expect("the master runs") != *wanted {} };
        let found = timeout(PATIENCE, find).await;
        assert!(found.is_ok(), "no {wanted:?}");
    }

    async fn expect_text(&self, index: usize, text: &str) {
        let panel = self.line.display(index).unwrap();
        let mut seen = panel.watch();
        let shown = timeout(PATIENCE, seen.wait_for(|view| view.text.trim() == text)).await;
        assert!(shown.is_ok(), "panel {index} shows {:?}", panel.view());
    }
}

#[tokio::test]
async fn panels_of_many_kinds_share_a_line() {
    let directory = tempfile::tempdir().unwrap();
    let panels = [
        ("led-485", 1),
        ("dm36", 2),
        ("dm56", 3),
        ("alpha", 4),
        ("am03127", 5),
        ("led-card-fe", 6),
    ];
    let mixed = Mixed::start(&directory.path().join("line"), &panels, 9_600);
    for text in ["107", "12"] {
        for (_, address) in panels {
            let command = PanelCommand {
                address,
                text: text.to_owned(),
                urgent: true,
            };
            mixed.commands.send(command.into()).await.unwrap();
        }
        for index in 0..panels.len() {
            mixed.expect_text(index, text).await;
        }
    }
}

#[tokio::test]
async fn another_speed_is_found_and_named() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("line");
    let mut mixed = Mixed::start(&path, &[("led-485", 1), ("dm36", 2)], 38_400);
    mixed.expect(&Event::OtherSpeed { baud_bps: 38_400 }).await;
    mixed.line.set_baud_bps(9_600);
    let well = |address| Event::PanelHealth {
        address,
        health: PanelHealth::Answers,
    };
    mixed.expect(&well(1)).await;
}

#[tokio::test]
async fn two_devices_at_one_address_are_found_and_the_others_go_on() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("line");
    let panels = [("led-485", 1), ("led-485", 2), ("led-485", 2)];
    let mut mixed = Mixed::start(&path, &panels, 9_600);
    let twin = mixed.line.display(2).unwrap();
    twin.set_fault(Some(DisplayFault::NoPower));
    let answers = Event::PanelHealth {
        address: 2,
        health: PanelHealth::Answers,
    };
    // Which was asked first cannot be known; without the twin it answers.
    mixed.expect(&answers).await;
    twin.set_fault(None);
    let refresh = PanelCommand {
        address: 2,
        text: "B001".into(),
        urgent: true,
    };
    mixed.commands.send(refresh.into()).await.unwrap();
    let contested = Event::PanelHealth {
        address: 2,
        health: PanelHealth::Contested,
    };
    mixed.expect(&contested).await;
    let command = PanelCommand {
        address: 1,
        text: "A001".into(),
        urgent: true,
    };
    mixed.commands.send(command.into()).await.unwrap();
    mixed.expect_text(0, "A001").await;
    twin.set_fault(Some(DisplayFault::NoPower));
    mixed.expect(&answers).await;
    mixed.expect_text(1, "B001").await;
}

#[tokio::test]
async fn a_panel_is_found_on_the_line_it_was_plugged_into() {
    let directory = tempfile::tempdir().unwrap();
    let [one, two] = ["one", "two"].map(|name| directory.path().join(name));
    let mut here = Mixed::start(&one, &[("led-485", 1)], 9_600);
    let there = Mixed::start(&two, &[("led-485", 2)], 9_600);
    let answers = Event::PanelHealth {
        address: 1,
        health: PanelHealth::Answers,
    };
    here.expect(&answers).await;
    swap_plugs(&here.line, &there.line);
    here.expect(&Event::LineUp).await;
    let look = Command::LookFor(Box::new(Stranger {
        address: 2,
        panel: panel("led-485", 2).0.1,
        of_line: 7,
    }));
    here.commands.send(look).await.unwrap();
    here.expect(&Event::StrangerAnswers { of_line: 7 }).await;
    swap_plugs(&here.line, &there.line);
    here.expect(&answers).await;
}
