//! What is plugged into the machine of the agents, and what people call their devices.
//!
//! The agents are the real programs, on a made tree of `/sys` and `/dev`; the device that nobody configured is a simulator
//! that would tell of any byte it hears.

use std::ffi::{OsStr, OsString};
use std::os::unix::fs::symlink;
use std::path::Path;

use firmware_config::modbus::Address;
use firmware_config::port::Link;
use firmware_config::simulate::{PrinterConfig, VirtualLine, VirtualPrinter};
use serde_json::Value;
use station_tests::{DataDir, Program, StartOptions, Station, server_program, station_file, until};

/// A serial port of the board as the kernel shows it, whose device is elsewhere.
fn plug_in(machine: &Path, name: &str, device: &Path) {
    let tty = format!("sys/devices/{name}/tty/{name}");
    for directory in [tty.as_str(), "sys/class/tty", "dev"] {
        std::fs::create_dir_all(machine.join(directory)).expect("a directory");
    }
    let link = |to: &Path, at: String| symlink(to, machine.join(at)).expect("a link");
    link("../..".as_ref(), format!("{tty}/device"));
    link(
        format!("../../../{tty}").as_ref(),
        format!("sys/class/tty/{name}"),
    );
    link(device, format!("dev/{name}"));
}

/// A port of an agent, as the server tells it.
fn port<'a>(told: &'a Value, agent: &str, path: &str) -> Option<&'a Value> {
    let mut agents = told["ports"].as_array()?.iter();
    let agent = agents.find(|one| one["agent"] == agent)?;
    let mut ports = agent["ports"].as_array()?.iter();
    ports.find(|port| port["path"] == path)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_port_that_nobody_configured_is_told_and_left_alone() {
    let data = DataDir::new();
    let (machine, panels) = (data.beside("machine"), data.beside("panels"));
    let line = VirtualLine::new((1..=6).filter_map(Address::new), []);
    let _line = line.start(&panels).expect("a pseudo-terminal");
    let stranger = VirtualPrinter::new(PrinterConfig::default());
    let stranger = stranger
        .start(data.beside("stranger"))
        .expect("a pseudo-terminal");
    plug_in(&machine, "ttyS1", &panels);
    let random = machine.join("proc/sys/kernel/random");
    std::fs::create_dir_all(&random).expect("a directory");
    std::fs::write(random.join("boot_id"), "one machine\n").expect("a file");
    // The path in the station file, as that machine sees it.
    let below = machine.join(panels.strip_prefix("/").expect("an absolute path"));
    std::fs::create_dir_all(below.parent().expect("a directory")).expect("a directory");
    symlink(&panels, below).expect("a link");

    let text = station_file(|file| {
        let kiosk = file.kiosks.first_mut().expect("the demo has a kiosk");
        kiosk.printer = None;
        let display = file.displays.first_mut().expect("the demo has a display");
        display.lines.truncate(1);
        let line = display.lines.first_mut().expect("a line");
        line.link = Link::serial(panels.display().to_string(), 9_600);
        let panel = line.panels.get_mut(2).expect("a panel over counter 3");
        let name = [("zh-Hant-TW".to_owned(), "3號櫃台上方字幕機".to_owned())];
        panel.name = Some(protocol::Names(name.into()));
    });
    let config = data.beside("station.toml");
    std::fs::write(&config, text).expect("a file");
    let options = StartOptions {
        config: Some(config),
        agents: true,
        ..StartOptions::on(&data)
    };
    let mut root = OsString::from("STATION_MACHINE_ROOT=");
    root.push(&machine);
    let program = [root, server_program().into_os_string()].into_iter();
    let program = Program::start(OsStr::new("env"), program.chain(options.arguments()));
    let station = Station::start_program(program, data.clone()).await;
    let chief = station.chief();
    let told = async || chief.get("/api/v1/devices").await.expect(200);

    let used = until("the display to tell its port", async || {
        port(&told().await, "D1", "/dev/ttyS1").cloned()
    })
    .await;
    assert_eq!(used["used_by"][2], "LED 3", "{used}");
    plug_in(&machine, "ttyS2", &data.beside("stranger"));
    let free = until("both to tell what was plugged in", async || {
        let told = told().await;
        port(&told, "K1", "/dev/ttyS2")?;
        port(&told, "D1", "/dev/ttyS2").cloned()
    })
    .await;
    assert_eq!(free["used_by"], Value::Null, "{free}");

    let admin = station.client("demo-admin");
    let page = async |language: &str| {
        let page = admin.get(&format!("/admin/devices?lang={language}")).await;
        page.text
    };
    let en = page("en").await;
    assert_eq!(
        en.matches("<code>/dev/ttyS2").count(),
        1,
        "one machine: {en}"
    );
    assert!(!en.contains("<code>/dev/ttyS1"), "{en}");
    assert!(
        en.contains("link = { serial = &quot;/dev/ttyS2&quot;, baud_bps = 9600 }"),
        "{en}"
    );
    let zh = page("zh-Hant-TW").await;
    for said in ["D1、K1 的主機", "3號櫃台上方字幕機", "LED 面板 3"] {
        assert!(zh.contains(said), "{said}: {zh}");
    }
    let named = told().await;
    let devices = named["devices"].as_array().into_iter().flatten();
    let mut devices = devices
        .filter_map(|agent| agent["devices"].as_array())
        .flatten();
    let named = devices.find(|device| device["device"] == "LED 3");
    let named = named.expect("the panel over counter 3");
    assert_eq!(named["name"]["zh-Hant-TW"], "3號櫃台上方字幕機", "{named}");

    std::fs::remove_file(machine.join("dev/ttyS2")).expect("it is there");
    until("it to be pulled out", async || {
        (!page("en").await.contains("/dev/ttyS2")).then_some(())
    })
    .await;
    let view = stranger.view();
    let heard = (view.buffered_bytes, view.unknown_commands, view.uncut_dots);
    assert_eq!(heard, (0, 0, 0), "nobody asked it anything");
}
