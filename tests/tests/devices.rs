//! Kiosk and display agents with their devices, over the very bytes on the line.
//!
//! The devices are simulators in the test process that know the wire protocols only; server and agents are the real
//! programs, started by `serve --with kiosk,display` on a station file that names the simulators' ports.

use std::net::SocketAddr;

use firmware_config::caller_pad::{Key, Score};
use firmware_config::modbus::Address;
use firmware_config::port::Link;
use firmware_config::simulate::{
    LineHandle, PadHandle, PanelHandle, Paper, PrinterConfig, PrinterHandle, Switch, VirtualLine,
    VirtualPrinter,
};
use reqwest::Method;
use serde_json::{Value, json};
use station_tests::{Client, DataDir, Database, StartOptions, Station, station_file, until};

/// A station with its devices.
struct Hall {
    station: Station,
    kiosk: Client,
    printer: PrinterHandle,
    panels: LineHandle,
    /// A new panel, as it came, that nobody has hung up yet.
    spare: PanelHandle,
    pads: LineHandle,
}

/// The address that a new panel came with.
const SPARE: u8 = 30;

/// Address of the panel and of the pad at a counter; in the demo they are as the counters.
fn address(counter: &str) -> u8 {
    counter.parse().expect("the demo's counters are numbers")
}

/// The kiosk's printer in the log.
const PRINTER: &str = "K1/K1 printer";

/// It works, and has been seen to: one that is still being looked for is not in trouble either.
fn is_well(device: &Value) -> bool {
    device["ok"] == true && (device["status"] == "ok" || device["status"] == "unheard")
}

const STATION_FILE: &str = "station.toml";

/// The station of that file, with its agents.
async fn start(data: &DataDir) -> Station {
    let options = StartOptions {
        config: Some(data.beside(STATION_FILE)),
        agents: true,
        ..StartOptions::on(data)
    };
    Station::start(options).await
}

impl Hall {
    async fn open() -> Self {
        let data = DataDir::new();
        let port = |name: &str| data.beside(name).display().to_string();
        let counters = 1..=6_u8;
        let printer = VirtualPrinter::new(PrinterConfig::default());
        let printer = printer
            .start(data.beside("printer"))
            .expect("a pseudo-terminal");
        let hung = counters.clone().chain([SPARE]);
        let panels = VirtualLine::new(hung.filter_map(Address::new), []);
        let panels = panels
            .start(data.beside("panels"))
            .expect("a pseudo-terminal");
        let spare = Address::new(SPARE).and_then(|address| panels.panel(address));
        let spare = spare.expect("it is on the line");
        spare.set_silent(true);
        let pads = VirtualLine::new([], counters);
        let pads = pads.start(data.beside("pads")).expect("a pseudo-terminal");

        let mut kiosk: Option<SocketAddr> = None;
        let text = station_file(|file| {
            kiosk = file.kiosks.first().map(|k| k.listen);
            let printers = file
                .kiosks
                .iter_mut()
                .filter_map(|k| k.printer.as_mut())
                .map(|p| &mut p.link);
            let lines = file
                .displays
                .iter_mut()
                .flat_map(|d| &mut d.lines)
                .map(|l| &mut l.link);
            for link in printers.chain(lines) {
                if let Link::Serial { path, .. } = link {
                    *path = port(
                        path.strip_prefix("demo:")
                            .expect("a placeholder of the demo"),
                    );
                }
            }
        });
        std::fs::write(data.beside(STATION_FILE), text).expect("a file");
        let station = start(&data).await;
        let kiosk = Client::new(&format!("http://{}", kiosk.expect("the demo has a kiosk")));
        let hall = Self {
            station,
            kiosk,
            printer,
            panels,
            spare,
            pads,
        };
        hall.until_device("every device to be well", |devices| {
            let count = devices.len();
            (count >= 4 && devices.iter().all(is_well)).then_some(())
        })
        .await;
        for counter in 1..=6 {
            hall.station
                .counter()
                .act(&counter.to_string(), "open", json!({}))
                .await
                .expect(200);
        }
        hall
    }

    /// Waits for something about the devices that all agents report.
    async fn until_device<T>(&self, what: &str, found: impl Fn(&[Value]) -> Option<T>) -> T {
        let chief = self.station.chief();
        until(what, async || {
            let agents = chief.get("/api/v1/devices").await.expect(200);
            let agents = agents["devices"].as_array()?.clone();
            let up = agents.len() >= 2 && agents.iter().all(|a| a["connected"] == true);
            let devices: Vec<Value> = agents
                .iter()
                .filter_map(|a| a["devices"].as_array())
                .flatten()
                .cloned()
                .collect();
            if up { found(&devices) } else { None }
        })
        .await
    }

    /// The administrator has something done with a device; the page that says so.
    async fn order(&self, what: &str, agent: &str, device: &str) -> String {
        let form = format!("agent={agent}&device={device}");
        let headers = [("content-type", "application/x-www-form-urlencoded")];
        let page = self.station.client("demo-admin");
        let path = format!("/admin/devices/{what}");
        let answer = page.send(Method::POST, &path, &headers, Some(form)).await;
        assert_eq!(answer.status, 303, "{}", answer.text);
        let there = answer.header("location").expect("an address").to_owned();
        page.get(&there).await.text
    }

    /// What the log says of the faults of the printer and of both agents: the kind of event, whose and which fault.
    fn logged_faults(&self) -> Vec<[String; 3]> {
        let events = Database::at(&self.station.data().path()).events();
        let faults = events
            .iter()
            .filter(|e| e.kind.starts_with("device_fault_"));
        faults
            .map(|e| [&e.kind, e.text("device"), e.text("fault")].map(str::to_owned))
            .filter(|[_, device, _]| [PRINTER, "K1", "D1"].contains(&device.as_str()))
            .collect()
    }

    /// A visitor touches a service at the kiosk; the answer is the ticket's id.
    async fn touch(&self, service: &str) -> String {
        let key = uuid::Uuid::new_v4().simple();
        let headers = [("content-type", "application/x-www-form-urlencoded")];
        let form = format!("service={service}&key={key}");
        let answer = self
            .kiosk
            .send(Method::POST, "/ticket", &headers, Some(form))
            .await;
        let place = answer.header("location").map(str::to_owned);
        let place = place.unwrap_or_else(|| {
            panic!(
                "the kiosk gave no ticket: {} {}",
                answer.status, answer.text
            )
        });
        let id = place
            .strip_prefix("/ticket/")
            .unwrap_or_else(|| panic!("no ticket: {place}"));
        id.split('?').next().unwrap_or_default().to_owned()
    }

    async fn ticket(&self, id: &str) -> Value {
        self.station
            .anybody()
            .get(&format!("/api/v1/tickets/{id}"))
            .await
            .expect(200)
    }

    async fn until_ticket(&self, id: &str, what: &str, fits: impl Fn(&Value) -> bool) -> Value {
        until(what, async || {
            Some(self.ticket(id).await).filter(|t| fits(t))
        })
        .await
    }

    /// The processes that the server has started.
    fn agents(&self) -> Vec<u32> {
        let path = format!("/proc/{}/task", self.station.process_id());
        let tasks = std::fs::read_dir(path).into_iter().flatten();
        tasks
            .filter_map(Result::ok)
            .filter_map(|t| std::fs::read_to_string(t.path().join("children")).ok())
            .flat_map(|c| {
                c.split_whitespace()
                    .filter_map(|p| p.parse().ok())
                    .collect::<Vec<u32>>()
            })
            .collect()
    }

    fn panel(&self, counter: &str) -> PanelHandle {
        self.panels
            .panel(Address::new(address(counter)).expect("1 to 247"))
            .expect("every counter has a panel")
    }

    fn pad(&self, counter: &str) -> PadHandle {
        self.pads
            .pad(address(counter))
            .expect("every counter has a pad")
    }

    /// Presses a key and waits until the line has taken it.
    async fn press(&self, counter: &str, digits: &[u8], key: Key) {
        let pad = self.pad(counter);
        let before = pad.view().acknowledged;
        pad.press(digits, key);
        until("the press to be acknowledged", async || {
            (pad.view().acknowledged > before).then_some(())
        })
        .await;
    }

    async fn until_panel(&self, counter: &str, text: &str) {
        let panel = self.panel(counter);
        until(
            &format!("`{text}` on the panel of counter {counter}"),
            async || (panel.view().text.trim() == text).then_some(()),
        )
        .await;
    }
}

fn kill(process: u32) {
    let process = nix::unistd::Pid::from_raw(i32::try_from(process).expect("a process id"));
    nix::sys::signal::kill(process, nix::sys::signal::Signal::SIGKILL).expect("the agent is there");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_touched_service_comes_out_as_paper() {
    let hall = Hall::open().await;
    let id = hall.touch("pick-up").await;
    let ticket = hall
        .until_ticket(&id, "the paper to be reported", |t| t["print"] == "printed")
        .await;
    assert_eq!(ticket["number"], "P001");
    let printed = hall.printer.view();
    assert_eq!(printed.papers.len(), 1, "one paper for one touch");
    let paper = &printed.papers[0];
    assert!(paper.complete, "the paper is cut");
    let dots: u32 = paper
        .rows
        .iter()
        .flatten()
        .map(|byte| byte.count_ones())
        .sum();
    assert!(dots > 5_000, "the paper is nearly blank: {dots} dots");
    // What a real printer would have stumbled over.
    assert_eq!(
        (printed.unknown_commands, printed.real_time_in_images),
        (0, 0)
    );

    hall.touch("enquiries").await;
    until("the second paper", async || {
        (hall.printer.view().papers.len() == 2).then_some(())
    })
    .await;
    let papers = hall.printer.view().papers;
    assert_ne!(papers[0].rows, papers[1].rows, "two tickets look the same");
}

#[tokio::test(flavor = "multi_thread")]
async fn without_paper_the_visitor_keeps_the_place() {
    let hall = Hall::open().await;
    hall.printer.set(Switch::PaperOut, true);
    hall.until_device("the printer to say that its paper is out", |devices| {
        devices
            .iter()
            .find(|d| d["ok"] == false && d["status"] == "paper_out")
            .map(|_| ())
    })
    .await;
    let id = hall.touch("pick-up").await;
    let ticket = hall
        .until_ticket(&id, "the failed paper to be reported", |t| {
            t["print"] == "failed"
        })
        .await;
    assert_eq!(ticket["state"], "waiting");
    assert_eq!(hall.printer.view().papers.len(), 0);

    // A new roll: the next visitor gets paper, and nobody's old ticket comes out.
    hall.printer.set(Switch::PaperOut, false);
    hall.until_device("the printer to be well again", |devices| {
        devices.iter().all(is_well).then_some(())
    })
    .await;
    let next = hall.touch("pick-up").await;
    hall.until_ticket(&next, "the next paper to be reported", |t| {
        t["print"] == "printed"
    })
    .await;
    assert_eq!(
        hall.printer.view().papers.len(),
        1,
        "a ghost ticket came out"
    );
    hall.press("5", &[], Key::CallNext).await;
    hall.until_ticket(&id, "the one without paper to be called first", |t| {
        t["state"] == "called"
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_printer_without_power_is_missed_and_comes_back() {
    let hall = Hall::open().await;
    hall.printer.unplug();
    hall.until_device("the printer to be missed", |devices| {
        devices.iter().find(|d| d["ok"] == false).map(|_| ())
    })
    .await;
    let id = hall.touch("pick-up").await;
    hall.until_ticket(&id, "a result for the ticket without printer", |t| {
        t["print"] != Value::Null
    })
    .await;
    assert_ne!(hall.ticket(&id).await["print"], "printed");
    hall.printer.plug_in();
    hall.until_device("the printer to be back", |devices| {
        devices.iter().all(is_well).then_some(())
    })
    .await;
    let next = hall.touch("pick-up").await;
    hall.until_ticket(&next, "paper again", |t| t["print"] == "printed")
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn sheets_for_staff_come_out_of_the_kiosk_and_the_page_says_what_became_of_each() {
    let hall = Hall::open().await;
    let print = async |token: &str, form: &str| {
        let form = format!("{form}&printer=K1+printer");
        let headers = [("content-type", "application/x-www-form-urlencoded")];
        let client = hall.station.client(token);
        let answer = client.send(Method::POST, "/sheets?lang=en", &headers, Some(form));
        let answer = answer.await;
        assert_eq!(answer.status, 303, "{}", answer.text);
        let there = answer.header("location").expect("an address").to_owned();
        client.get(&there).await.text
    };
    let until_said = async |words: &str| {
        let chief = hall.station.chief();
        until(words, async || {
            let page = chief.get("/sheets?lang=en").await.text;
            let (_, last) = page.split_once("id=\"last\"").expect("the last sheets");
            let (first, _) = last.split_once("</li>")?;
            first.contains(words).then_some(())
        })
        .await;
    };
    let papers = || hall.printer.view().papers.len();

    let list = "about=papers&service=resident-certificate&language=vi";
    let page = print("demo-greeter", list).await;
    assert!(!page.contains("role=\"alert\""), "{page}");
    until_said("Printed").await;
    assert_eq!(papers(), 1);

    let case = "about=papers&service=resident-certificate/card-lost&language=vi";
    print("demo-greeter", case).await;
    let until_papers = async |count: usize| {
        until("the paper", async || (papers() == count).then_some(())).await;
    };
    until_papers(2).await;
    // Only what somebody does not have; what was ticked for another case does not count.
    let some = format!(
        "{case}&missing=resident-certificate/card-lost%231&missing=pick-up/collect-self%230"
    );
    let page = print("demo-greeter", &some).await;
    assert!(!page.contains("role=\"alert\""), "{page}");
    until_papers(3).await;
    let rows = |nth: usize| hall.printer.view().papers[nth].rows.len();
    assert!(rows(2) < rows(1), "{} rows of one paper", rows(2));
    until_said("Printed").await;
    let wrong = "about=papers&service=pick-up/card-lost";
    let page = print("demo-greeter", wrong).await;
    assert!(page.contains("role=\"alert\""), "a case of another service");

    let page = print("demo-greeter", "about=day").await;
    assert!(page.contains("role=\"alert\""), "figures are the chief's");
    assert!(!page.contains("value=\"day\""));
    hall.printer.set(Switch::PaperOut, true);
    hall.until_device("the paper to be out", |devices| {
        devices
            .iter()
            .find(|d| d["status"] == "paper_out")
            .map(|_| ())
    })
    .await;
    let page = print("demo-chief", "about=day").await;
    assert!(page.contains("cannot print now"));
    until_said("Not printed: Out of paper").await;
    hall.printer.set(Switch::PaperOut, false);
    hall.until_device("paper", |devices| devices.iter().all(is_well).then_some(()))
        .await;
    print("demo-chief", "about=day").await;
    until_said("Printed").await;
    assert_eq!(papers(), 4);
    let page = print("demo-greeter", "about=papers&service=nothing").await;
    assert!(page.contains("role=\"alert\""));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_fault_outlives_the_station_and_is_written_once() {
    let mut hall = Hall::open().await;
    let began = [["device_fault_began", PRINTER, "port_missing"].map(str::to_owned)];
    let ended = ["device_fault_ended", PRINTER, "port_missing"].map(str::to_owned);
    hall.printer.unplug();
    until("the fault in the log", async || {
        (hall.logged_faults() == began).then_some(())
    })
    .await;
    let admin = hall.station.client("demo-admin");
    let page = admin.get("/admin/devices?lang=en").await.text;
    let (_, faults) = page.split_once("id=\"faults\"").expect("faults of today");
    assert!(
        faults.contains("Port is missing") && faults.contains("once, "),
        "{faults}"
    );

    let data = hall.station.data().clone();
    hall.station.stop().await;
    hall.station = start(&data).await;
    hall.until_device("the printer to be missed again", |devices| {
        devices
            .iter()
            .find(|d| d["status"] == "port_missing")
            .map(|_| ())
    })
    .await;
    hall.printer.plug_in();
    until("the end of the fault in the log", async || {
        (hall.logged_faults().len() > 1).then_some(())
    })
    .await;
    let [began] = began;
    assert_eq!(hall.logged_faults(), [began, ended]);

    let chief = hall.station.chief();
    let path = "/api/v1/stats/device-faults";
    let answer = chief.get(path).await.expect(200);
    let faults = answer["faults"].as_array().expect("faults").clone();
    let of_printer: Vec<_> = faults
        .iter()
        .filter(|fault| fault["device"] == "K1 printer")
        .collect();
    assert_eq!(of_printer.len(), 1, "{answer}");
    assert_eq!(of_printer[0]["fault"], "port_missing");
    assert!(of_printer[0]["to"].is_string() && of_printer[0]["lasted_s"].is_u64());
    let long_ago = format!("{path}?from=2020-01-01&to=2020-01-02");
    let before = chief.get(&long_ago).await.expect(200);
    assert_eq!(before["faults"], json!([]));
    chief.get(&format!("{path}?by=day")).await.expect(400);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_kiosk_that_dies_while_it_prints_says_so_afterwards_and_no_old_paper_comes_out() {
    let hall = Hall::open().await;
    hall.printer.set(Switch::Stuck, true);
    let id = hall.touch("pick-up").await;
    until("the printer to have taken the ticket", async || {
        (hall.printer.view().buffered_bytes > 10_000).then_some(())
    })
    .await;
    for agent in hall.agents() {
        kill(agent);
    }
    let ticket = hall
        .until_ticket(&id, "the truth about its paper", |t| {
            t["print"] != Value::Null
        })
        .await;
    assert_eq!(
        (&ticket["print"], &ticket["state"]),
        (&json!("unknown"), &json!("waiting"))
    );
    hall.until_device("the printer to be well", |devices| {
        devices.iter().all(is_well).then_some(())
    })
    .await;
    hall.printer.set(Switch::Stuck, false);
    let next = hall.touch("pick-up").await;
    hall.until_ticket(&next, "paper again", |t| t["print"] == "printed")
        .await;
    let papers = hall.printer.view().papers;
    let printed = papers.iter().filter(|paper| has_ink(paper)).count();
    assert_eq!(printed, 1, "the old ticket came out after all");
}

fn has_ink(paper: &Paper) -> bool {
    paper.rows.iter().flatten().any(|byte| *byte != 0)
}

#[tokio::test(flavor = "multi_thread")]
async fn an_administrator_sees_that_a_device_works() {
    let hall = Hall::open().await;
    let test = async |agent: &str, device: &str| hall.order("test", agent, device).await;
    let id = hall.touch("pick-up").await;
    hall.until_ticket(&id, "paper", |t| t["print"] == "printed")
        .await;
    hall.press("5", &[], Key::CallNext).await;
    hall.until_panel("5", "P001").await;

    assert!(test("D1", "LED+5").await.contains("全亮"));
    hall.until_panel("5", "8888").await;
    assert_eq!(hall.panel("4").view().text.trim(), "", "the wrong panel");
    hall.until_panel("5", "P001").await;

    let before = hall.pad("4").view().beeps;
    test("D1", "pad+4").await;
    until("the pad to beep", async || {
        (hall.pad("4").view().beeps > before).then_some(())
    })
    .await;

    test("K1", "K1+printer").await;
    until("the test page", async || {
        let papers = hall.printer.view().papers;
        papers
            .get(1)
            .is_some_and(|paper| paper.complete)
            .then_some(())
    })
    .await;
    assert!(
        test("K1", "LED+5").await.contains("無法測試"),
        "not one of its devices"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_broken_panel_is_replaced_by_a_new_one_as_it_came() {
    let hall = Hall::open().await;
    let id = hall.touch("pick-up").await;
    hall.until_ticket(&id, "paper", |t| t["print"] == "printed")
        .await;
    let broken = hall.panel("5");
    broken.set_silent(true);
    let is = |status: &'static str| {
        move |devices: &[Value]| {
            let mut devices = devices.iter();
            devices
                .any(|d| d["device"] == "LED 5" && d["status"] == status)
                .then_some(())
        }
    };
    hall.until_device("the panel to be missed", is("silent"))
        .await;
    let page = hall.order("replace", "D1", "LED+5").await;
    assert!(page.contains("正在尋找取代"), "{page}");
    hall.until_device("the search", is("replacing")).await;
    // It is looked for when it is hung up, and a call meanwhile waits for nothing.
    hall.press("5", &[], Key::CallNext).await;
    hall.spare.set_silent(false);
    until("the new panel to show the call", async || {
        (hall.spare.view().text.trim() == "P001").then_some(())
    })
    .await;
    assert_eq!(hall.spare.view().address.get(), 5);
    hall.until_device("the new panel to be well", is("ok"))
        .await;
    assert_eq!(hall.panel("4").view().address.get(), 4, "no other is moved");
    let log = Database::at(&hall.station.data().path());
    let outage = until("the end of the outage in the log", async || {
        let events = log.events().into_iter();
        let of_panel = events
            .filter(|e| e.kind.starts_with("device_fault_") && e.text("device") == "D1/LED 5");
        let told: Vec<_> = of_panel
            .map(|e| (e.kind.clone(), e.text("fault").to_owned()))
            .collect();
        let is_over = told
            .last()
            .is_some_and(|(kind, _)| kind == "device_fault_ended");
        is_over.then_some(told)
    })
    .await;
    let silent = |kind: &str| (kind.to_owned(), "silent".to_owned());
    let [began, ended] = ["device_fault_began", "device_fault_ended"].map(silent);
    assert_eq!(outage, [began, ended], "one outage is one fault");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_press_lights_the_panel_and_a_rating_counts() {
    let hall = Hall::open().await;
    let first = hall.touch("pick-up").await;
    let second = hall.touch("pick-up").await;
    hall.press("5", &[], Key::CallNext).await;
    hall.until_panel("5", "P001").await;
    assert_eq!(hall.ticket(&first).await["counter"], "5");
    assert_eq!(
        hall.panel("4").view().text.trim(),
        "",
        "another counter's panel is lit"
    );

    hall.press("5", &[], Key::Recall).await;
    hall.until_ticket(&first, "the second call", |t| t["calls"] == 2)
        .await;
    hall.station
        .counter()
        .act("5", "start", json!({}))
        .await
        .expect(200);
    hall.press("5", &[], Key::AskRating).await;
    until("the pad to ask", async || {
        hall.pad("5").view().asks_rating.then_some(())
    })
    .await;
    hall.pad("5").rate(Score::try_from(4).expect("a score"));
    hall.until_ticket(&first, "the rating to count", |t| t["rated"] == true)
        .await;

    // Finish and call the next with one key.
    hall.press("5", &[], Key::CallNext).await;
    hall.until_panel("5", "P002").await;
    assert_eq!(hall.ticket(&first).await["state"], "done");
    // 6 and Confirm: nobody came.
    hall.press("5", &[6], Key::Confirm).await;
    hall.until_ticket(&second, "the no-show", |t| t["state"] == "no_show")
        .await;
    // By its number he is called after all.
    hall.press("5", &[2], Key::CallNext).await;
    hall.until_ticket(&second, "the call by number", |t| t["state"] == "called")
        .await;

    let stats = hall.station.chief().get("/api/v1/stats").await.expect(200);
    assert_eq!(stats["rows"][0]["rating"]["counts"], json!([0, 0, 0, 1, 0]));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_display_says_what_it_announced() {
    let hall = Hall::open().await;
    hall.touch("pick-up").await;
    let mut console = hall
        .station
        .screen("counter", Some("5"), Some("demo-counter"))
        .await;
    hall.station
        .counter()
        .act("5", "call-next", json!({}))
        .await
        .expect(200);
    console
        .wait_for("the display's word that the call is shown", |f| {
            f.data["current"]["announced_by"]
                .as_array()
                .is_some_and(|by| !by.is_empty())
        })
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn panels_come_back_right_after_the_adapter_was_pulled() {
    let hall = Hall::open().await;
    hall.touch("pick-up").await;
    hall.touch("pick-up").await;
    hall.press("5", &[], Key::CallNext).await;
    hall.until_panel("5", "P001").await;

    hall.panels.unplug();
    hall.until_device("the panels to be missed", |devices| {
        devices.iter().find(|d| d["ok"] == false).map(|_| ())
    })
    .await;
    // The counters work on, and the panel shows the present number when it is back, not the old one.
    hall.station
        .counter()
        .act("5", "finish-and-next", json!({}))
        .await
        .expect(200);
    hall.panels.plug_in();
    hall.until_panel("5", "P002").await;
    hall.until_device("the panels to be well again", |devices| {
        devices.iter().all(is_well).then_some(())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn noise_on_the_line_neither_presses_keys_nor_stops_them() {
    let hall = Hall::open().await;
    let id = hall.touch("pick-up").await;
    let before = hall.station.fingerprint().await;
    for noise in [
        &[0xff_u8, 0x68][..],
        &[0x68, 0x05, 0x00, 0x0c],
        &[0x16; 40],
        &[0x00, 0xff, 0x55, 0xaa],
    ] {
        hall.pads.make_noise(noise);
        hall.panels.make_noise(noise);
    }
    // Half a frame and then a real press: the press counts, the noise did not.
    hall.press("5", &[], Key::CallNext).await;
    hall.until_ticket(&id, "the call", |t| t["state"] == "called")
        .await;
    hall.until_panel("5", "P001").await;
    assert_ne!(hall.station.fingerprint().await, before);
    assert_eq!(hall.ticket(&id).await["calls"], 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn agents_are_started_again_and_die_with_their_server() {
    let hall = Hall::open().await;
    let agents = hall.agents();
    assert_eq!(agents.len(), 2, "a kiosk and a display");
    agents.iter().copied().for_each(kill);
    until("both agents to be started again", async || {
        let now = hall.agents();
        (now.len() == 2 && now.iter().all(|c| !agents.contains(c))).then_some(())
    })
    .await;
    let kiosk = hall.kiosk.clone();
    until("the kiosk's pages to be back", async || {
        kiosk
            .try_send(Method::GET, "/healthz", &[], None)
            .await
            .ok()
            .filter(|a| a.status == 200)
    })
    .await;
    hall.until_device("the devices to be well again", |devices| {
        (devices.len() >= 4 && devices.iter().all(is_well)).then_some(())
    })
    .await;
    let id = hall.touch("pick-up").await;
    hall.until_ticket(&id, "paper", |t| t["print"] == "printed")
        .await;

    let agents = hall.agents();
    hall.station.kill();
    until("the agents to be gone", async || {
        let gone = |p: &u32| {
            let status = std::fs::read_to_string(format!("/proc/{p}/status"));
            // One that nobody has waited for yet is dead all the same.
            status.map_or(true, |s| s.contains("State:\tZ"))
        };
        agents.iter().all(gone).then_some(())
    })
    .await;
}
